/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model.h"

#define ROOT_PATH "/org/openl2tp1"

struct Ol2tpModel {
  guint64 last_tunnel_serial;
  guint64 last_session_serial;
  GTree *tunnels;             /* serial -> Ol2tpTunnelEntry, in order of creation */
  GHashTable *tunnel_names;
  GHashTable *tunnel_ids;
  GHashTable *session_serials;
  GHashTable *session_ids;
};

const char *
ol2tp_entry_state_to_string (Ol2tpEntryState state)
{
  static const char *const names[] = {
    [OL2TP_ENTRY_IDLE] = "idle",
    [OL2TP_ENTRY_RESOLVING] = "resolving",
    [OL2TP_ENTRY_WAIT_CTL_REPLY] = "wait-ctl-reply",
    [OL2TP_ENTRY_WAIT_CTL_CONN] = "wait-ctl-conn",
    [OL2TP_ENTRY_WAIT_TUNNEL] = "wait-tunnel",
    [OL2TP_ENTRY_WAIT_REPLY] = "wait-reply",
    [OL2TP_ENTRY_WAIT_CONNECT] = "wait-connect",
    [OL2TP_ENTRY_ESTABLISHED] = "established",
    [OL2TP_ENTRY_CLOSING] = "closing",
  };

  return names[state];
}

static int
compare_serials (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const guint64 *x = a, *y = b;

  return *x < *y ? -1 : *x > *y;
}

static void
tunnel_entry_free (Ol2tpTunnelEntry *self)
{
  g_free (self->path);
  g_free (self->name);
  g_free (self->peer);
  ol2tp_tunnel_settings_free (self->settings);
  ol2tp_tunnel_settings_free (self->in_force);
  g_free (self->peer_host_name);
  g_free (self->peer_vendor_name);
  g_clear_object (&self->resolving);
  g_ptr_array_unref (self->sessions);
  g_array_unref (self->up_waiters);
  g_array_unref (self->down_waiters);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->changed);
  g_free (self);
}

static void
session_entry_free (Ol2tpSessionEntry *self)
{
  g_free (self->path);
  g_free (self->name);
  ol2tp_session_settings_free (self->settings);
  ol2tp_session_settings_free (self->in_force);
  g_free (self->called_number);
  g_free (self->calling_number);
  g_free (self->ppp_message);
  g_free (self->ppp_user);
  g_free (self->interface_name);
  g_array_unref (self->up_waiters);
  g_array_unref (self->down_waiters);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->changed);
  g_free (self);
}

Ol2tpModel *
ol2tp_model_new (void)
{
  Ol2tpModel *self = g_new0 (Ol2tpModel, 1);

  self->tunnels = g_tree_new_full (compare_serials, NULL, NULL, (GDestroyNotify) tunnel_entry_free);
  self->tunnel_names = g_hash_table_new (g_str_hash, g_str_equal);
  self->tunnel_ids = g_hash_table_new (NULL, NULL);
  self->session_serials = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) session_entry_free);
  self->session_ids = g_hash_table_new (NULL, NULL);
  return self;
}

void
ol2tp_model_free (Ol2tpModel *self)
{
  g_hash_table_unref (self->session_ids);
  g_hash_table_unref (self->session_serials);
  g_hash_table_unref (self->tunnel_ids);
  g_hash_table_unref (self->tunnel_names);
  g_tree_unref (self->tunnels);
  g_free (self);
}

Ol2tpTunnelEntry *
ol2tp_model_add_tunnel (Ol2tpModel *self, const char *name, const char *peer, Ol2tpOrigin origin, Ol2tpTunnelSettings *settings)
{
  g_autoptr (Ol2tpTunnelSettings) owned = settings;
  g_autofree char *made = NULL;
  Ol2tpTunnelEntry *entry;
  guint64 serial;

  if (name != NULL && *name != '\0')
    {
      if (g_hash_table_contains (self->tunnel_names, name))
        return NULL;
      serial = ++self->last_tunnel_serial;
    }
  else
    {
      /* A serial whose name somebody chose already is skipped. */
      do
        {
          serial = ++self->last_tunnel_serial;
          g_free (made);
          made = g_strdup_printf ("%s-%" G_GUINT64_FORMAT, origin == OL2TP_ORIGIN_PEER ? "peer" : "tunnel", serial);
        }
      while (g_hash_table_contains (self->tunnel_names, made));
      name = made;
    }

  entry = g_new0 (Ol2tpTunnelEntry, 1);
  entry->serial = serial;
  entry->path = g_strdup_printf (ROOT_PATH "/Tunnel/%" G_GUINT64_FORMAT, serial);
  entry->name = g_strdup (name);
  entry->peer = g_strdup (peer);
  entry->origin = origin;
  entry->initiator = origin != OL2TP_ORIGIN_PEER;
  entry->settings = g_steal_pointer (&owned);
  entry->peer_host_name = g_strdup ("");
  entry->peer_vendor_name = g_strdup ("");
  entry->sessions = g_ptr_array_new ();
  entry->up_waiters = g_array_new (FALSE, FALSE, sizeof (Ol2tpWaiter));
  entry->down_waiters = g_array_new (FALSE, FALSE, sizeof (Ol2tpWaiter));
  entry->changed = g_ptr_array_new ();
  g_tree_insert (self->tunnels, &entry->serial, entry);
  g_hash_table_insert (self->tunnel_names, entry->name, entry);
  return entry;
}

void
ol2tp_model_remove_tunnel (Ol2tpModel *self, Ol2tpTunnelEntry *tunnel)
{
  g_assert (tunnel->sessions->len == 0);

  ol2tp_model_set_tunnel_id (self, tunnel, 0);
  g_hash_table_remove (self->tunnel_names, tunnel->name);
  g_tree_remove (self->tunnels, &tunnel->serial);
}

static gboolean
session_name_taken (const Ol2tpTunnelEntry *tunnel, const char *name)
{
  for (guint i = 0; i < tunnel->sessions->len; i++)
    {
      const Ol2tpSessionEntry *session = g_ptr_array_index (tunnel->sessions, i);

      if (g_str_equal (session->name, name))
        return TRUE;
    }
  return FALSE;
}

Ol2tpSessionEntry *
ol2tp_model_add_session (Ol2tpModel *self, Ol2tpTunnelEntry *tunnel, const char *name, Ol2tpOrigin origin,
                         Ol2tpSessionSettings *settings)
{
  g_autoptr (Ol2tpSessionSettings) owned = settings;
  g_autofree char *made = NULL;
  Ol2tpSessionEntry *entry;
  guint64 serial;

  if (name != NULL && *name != '\0')
    {
      if (session_name_taken (tunnel, name))
        return NULL;
      serial = ++self->last_session_serial;
    }
  else
    {
      do
        {
          serial = ++self->last_session_serial;
          g_free (made);
          made = g_strdup_printf ("session-%" G_GUINT64_FORMAT, serial);
        }
      while (session_name_taken (tunnel, made));
      name = made;
    }

  entry = g_new0 (Ol2tpSessionEntry, 1);
  entry->serial = serial;
  entry->path = g_strdup_printf ("%s/Session/%" G_GUINT64_FORMAT, tunnel->path, entry->serial);
  entry->name = g_strdup (name);
  entry->tunnel = tunnel;
  entry->origin = origin;
  entry->lns = origin == OL2TP_ORIGIN_PEER;
  entry->settings = g_steal_pointer (&owned);
  entry->called_number = g_strdup ("");
  entry->calling_number = g_strdup ("");
  entry->ppp_user = g_strdup ("");
  entry->interface_name = g_strdup ("");
  entry->up_waiters = g_array_new (FALSE, FALSE, sizeof (Ol2tpWaiter));
  entry->down_waiters = g_array_new (FALSE, FALSE, sizeof (Ol2tpWaiter));
  entry->changed = g_ptr_array_new ();
  g_ptr_array_add (tunnel->sessions, entry);
  g_hash_table_insert (self->session_serials, &entry->serial, entry);
  return entry;
}

void
ol2tp_model_remove_session (Ol2tpModel *self, Ol2tpSessionEntry *session)
{
  ol2tp_model_set_session_id (self, session, 0);
  g_ptr_array_remove (session->tunnel->sessions, session);
  g_hash_table_remove (self->session_serials, &session->serial);
}

void
ol2tp_model_set_tunnel_id (Ol2tpModel *self, Ol2tpTunnelEntry *tunnel, guint32 id)
{
  if (tunnel->id != 0)
    g_hash_table_remove (self->tunnel_ids, GUINT_TO_POINTER (tunnel->id));
  tunnel->id = id;
  if (id != 0)
    g_hash_table_insert (self->tunnel_ids, GUINT_TO_POINTER (id), tunnel);
}

void
ol2tp_model_set_session_id (Ol2tpModel *self, Ol2tpSessionEntry *session, guint32 id)
{
  if (session->id != 0)
    g_hash_table_remove (self->session_ids, GUINT_TO_POINTER (session->id));
  session->id = id;
  if (id != 0)
    g_hash_table_insert (self->session_ids, GUINT_TO_POINTER (id), session);
}

Ol2tpTunnelEntry *
ol2tp_model_find_tunnel (const Ol2tpModel *self, guint32 id)
{
  return g_hash_table_lookup (self->tunnel_ids, GUINT_TO_POINTER (id));
}

Ol2tpTunnelEntry *
ol2tp_model_find_tunnel_by_serial (const Ol2tpModel *self, guint64 serial)
{
  return g_tree_lookup (self->tunnels, &serial);
}

Ol2tpTunnelEntry *
ol2tp_model_find_tunnel_by_name (const Ol2tpModel *self, const char *name)
{
  return g_hash_table_lookup (self->tunnel_names, name);
}

Ol2tpSessionEntry *
ol2tp_model_find_session (const Ol2tpModel *self, guint32 id)
{
  return g_hash_table_lookup (self->session_ids, GUINT_TO_POINTER (id));
}

Ol2tpSessionEntry *
ol2tp_model_find_session_by_serial (const Ol2tpModel *self, guint64 serial)
{
  return g_hash_table_lookup (self->session_serials, &serial);
}

GPtrArray *
ol2tp_model_list_tunnels (const Ol2tpModel *self)
{
  GPtrArray *list = g_ptr_array_new ();

  for (GTreeNode *node = g_tree_node_first (self->tunnels); node != NULL; node = g_tree_node_next (node))
    g_ptr_array_add (list, g_tree_node_value (node));
  return list;
}

guint
ol2tp_model_get_n_tunnels (const Ol2tpModel *self)
{
  return (guint) g_tree_nnodes (self->tunnels);
}

guint
ol2tp_model_get_n_sessions (const Ol2tpModel *self)
{
  return g_hash_table_size (self->session_serials);
}

guint
ol2tp_model_get_n_tunnel_ids (const Ol2tpModel *self)
{
  return g_hash_table_size (self->tunnel_ids);
}
