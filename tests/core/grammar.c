/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grammar.h"

typedef struct {
  gboolean up;
  gboolean closed;
  guint n_sessions;
} Tunnel;

typedef struct {
  guint32 tunnel_id;
  gboolean datapath;
  gboolean up;
} Session;

struct Grammar {
  GHashTable *tunnels;
  GHashTable *sessions;
};

Grammar *
grammar_new (void)
{
  Grammar *self = g_new0 (Grammar, 1);

  self->tunnels = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->sessions = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return self;
}

void
grammar_free (Grammar *self)
{
  g_hash_table_unref (self->tunnels);
  g_hash_table_unref (self->sessions);
  g_free (self);
}

static Tunnel *
get_tunnel (const Grammar *self, guint32 id)
{
  Tunnel *tunnel = g_hash_table_lookup (self->tunnels, GUINT_TO_POINTER (id));

  g_assert_nonnull (tunnel);
  return tunnel;
}

static Session *
get_session (const Grammar *self, guint32 id)
{
  Session *session = g_hash_table_lookup (self->sessions, GUINT_TO_POINTER (id));

  g_assert_nonnull (session);
  return session;
}

void
grammar_add_tunnel (Grammar *self, guint32 tunnel_id)
{
  g_assert_true (tunnel_id > 0 && tunnel_id < 65536);
  g_assert_true (g_hash_table_insert (self->tunnels, GUINT_TO_POINTER (tunnel_id), g_new0 (Tunnel, 1)));
}

void
grammar_add_session (Grammar *self, guint32 tunnel_id, guint32 session_id)
{
  Session *session = g_new0 (Session, 1);
  Tunnel *tunnel = get_tunnel (self, tunnel_id);

  g_assert_true (session_id > 0 && session_id < 65536);
  g_assert_false (tunnel->closed);
  tunnel->n_sessions++;
  session->tunnel_id = tunnel_id;
  g_assert_true (g_hash_table_insert (self->sessions, GUINT_TO_POINTER (session_id), session));
}

static void
check_tunnel (Grammar *self, const Ol2tpEvent *event)
{
  Tunnel *tunnel = event->type == OL2TP_EVENT_TUNNEL_INCOMING ? NULL : get_tunnel (self, event->tunnel_id);

  g_assert_cmpuint (event->session_id, ==, 0);
  if (event->type == OL2TP_EVENT_TUNNEL_INCOMING)
    grammar_add_tunnel (self, event->tunnel_id);
  else if (event->type == OL2TP_EVENT_TUNNEL_UP)
    {
      g_assert_false (tunnel->up);
      g_assert_false (tunnel->closed);
      g_assert_cmpuint (event->peer_tunnel_id, !=, 0);
      tunnel->up = TRUE;
    }
  else if (event->type == OL2TP_EVENT_TUNNEL_CLOSED)
    {
      g_assert_false (tunnel->closed);
      g_assert_cmpuint (tunnel->n_sessions, ==, 0);
      g_assert_cmpint (event->was_up, ==, tunnel->up);
      g_assert_cmpint (event->cause.reason, !=, OL2TP_REASON_NONE);
      tunnel->closed = TRUE;
    }
  else
    {
      g_assert_true (tunnel->closed);
      g_hash_table_remove (self->tunnels, GUINT_TO_POINTER (event->tunnel_id));
    }
}

static void
check_session (Grammar *self, const Ol2tpEvent *event)
{
  Session *session = NULL;

  if (event->type == OL2TP_EVENT_SESSION_INCOMING)
    {
      g_assert_true (get_tunnel (self, event->tunnel_id)->up);
      grammar_add_session (self, event->tunnel_id, event->session_id);
      return;
    }
  session = get_session (self, event->session_id);
  g_assert_cmpuint (session->tunnel_id, ==, event->tunnel_id);
  if (event->type == OL2TP_EVENT_SESSION_DATAPATH)
    {
      g_assert_false (session->datapath);
      g_assert_true (get_tunnel (self, event->tunnel_id)->up);
      g_assert_cmpuint (event->peer_session_id, !=, 0);
      g_assert_cmpuint (event->peer_tunnel_id, !=, 0);
      session->datapath = TRUE;
    }
  else if (event->type == OL2TP_EVENT_SESSION_UP)
    {
      g_assert_true (session->datapath);
      g_assert_false (session->up);
      session->up = TRUE;
    }
  else
    {
      Tunnel *tunnel = get_tunnel (self, event->tunnel_id);

      g_assert_false (tunnel->closed);
      g_assert_cmpint (event->was_up, ==, session->up);
      g_assert_cmpint (event->cause.reason, !=, OL2TP_REASON_NONE);
      tunnel->n_sessions--;
      g_hash_table_remove (self->sessions, GUINT_TO_POINTER (event->session_id));
    }
}

void
grammar_check (Grammar *self, const Ol2tpEvent *event)
{
  switch (event->type)
    {
    case OL2TP_EVENT_TUNNEL_INCOMING:
    case OL2TP_EVENT_TUNNEL_UP:
    case OL2TP_EVENT_TUNNEL_CLOSED:
    case OL2TP_EVENT_TUNNEL_GONE:
      check_tunnel (self, event);
      break;
    case OL2TP_EVENT_SESSION_INCOMING:
    case OL2TP_EVENT_SESSION_DATAPATH:
    case OL2TP_EVENT_SESSION_UP:
    case OL2TP_EVENT_SESSION_CLOSED:
      check_session (self, event);
      break;
    case OL2TP_EVENT_TRACE:
      g_assert_true (g_utf8_validate (event->text, -1, NULL));
      break;
    default:
      g_assert_not_reached ();
    }
  g_assert_true (g_utf8_validate (event->cause.message, -1, NULL));
}

guint
grammar_get_n_tunnels (const Grammar *self)
{
  return g_hash_table_size (self->tunnels);
}

guint
grammar_get_n_sessions (const Grammar *self)
{
  return g_hash_table_size (self->sessions);
}
