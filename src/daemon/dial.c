/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making tunnels and sessions, and connecting them.  An object gets an ID when it is made and a new one each time it is dialled again.
 * A lookup of the peer's name carries the ID of its tunnel, never the entry.
 */
#include "controller-private.h"

#include <string.h>

/* Gives an object that has none an ID: at creation, and again before it is redialled. */
static gboolean
begin_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, gboolean added, GError **error)
{
  Ol2tpTunnelConfig config = ol2tp_tunnel_settings_to_engine (tunnel->settings);
  guint32 id;

  if (tunnel->id != 0)
    return TRUE;
  if (!ol2tp_engine_add_tunnel (engine (self), &config, &id, error))
    return FALSE;
  ol2tp_model_set_tunnel_id (self->model, tunnel, id);
  tunnel->close_sent = FALSE;
  g_clear_error (&tunnel->error);
  ol2tp_controller_touch_tunnel (self, tunnel, "TunnelId");
  ol2tp_controller_tunnel_created (self, tunnel, added);
  return TRUE;
}

Ol2tpSessionConfig
ol2tp_session_settings_to_engine (const Ol2tpSessionSettings *settings)
{
  Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;

  config.called_number = settings->called_number;
  config.calling_number = settings->calling_number;
  config.sub_address = settings->sub_address;
  config.tx_speed = (guint32) MIN (settings->tx_speed, G_MAXUINT32);
  config.rx_speed = (guint32) MIN (settings->rx_speed, G_MAXUINT32);
  config.sequencing_required = settings->require_sequencing;
  return config;
}

static gboolean
begin_session (Ol2tpController *self, Ol2tpSessionEntry *session, gboolean added, GError **error)
{
  Ol2tpSessionConfig config = ol2tp_session_settings_to_engine (session->settings);
  guint32 id;

  if (session->id != 0)
    return TRUE;
  if (!begin_tunnel (self, session->tunnel, FALSE, error))
    return FALSE;
  if (!ol2tp_engine_add_session (engine (self), session->tunnel->id, &config, &id, error))
    return FALSE;
  ol2tp_model_set_session_id (self->model, session, id);
  g_clear_error (&session->error);
  g_clear_pointer (&session->ppp_message, g_free);
  session->ppp_failed = FALSE;
  ol2tp_controller_touch_session (self, session, "SessionId");
  return ol2tp_controller_session_created (self, session, added, error);
}

/* Names end up in object properties, logs and file names. */
static gboolean
check_name (const char *name, GError **error)
{
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

  if (name == NULL || (strlen (name) <= 64 && strspn (name, allowed) == strlen (name)))
    return TRUE;
  return ol2tp_settings_refuse ("name", name, "at most 64 characters of A-Z a-z 0-9 _ . -", error);
}

Ol2tpTunnelEntry *
ol2tp_controller_create_tunnel (Ol2tpController *self, const char *name, const char *peer, Ol2tpOrigin origin, guint owner_uid,
                                Ol2tpTunnelSettings *settings, GError **error)
{
  g_autoptr (Ol2tpTunnelSettings) owned = settings;
  Ol2tpTunnelEntry *tunnel;

  if (!check_name (name, error) || !ol2tp_tunnel_settings_set_string (settings, "peer", peer, error))
    return NULL;
  if (self->shutting_down)
    {
      g_set_error_literal (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE, "the daemon is stopping");
      return NULL;
    }
  if (self->config->max_tunnels != 0 && ol2tp_model_get_n_tunnels (self->model) >= self->config->max_tunnels)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_LIMIT_EXCEEDED, "no more than %u tunnels are allowed (max-tunnels)",
                   self->config->max_tunnels);
      return NULL;
    }
  tunnel = ol2tp_model_add_tunnel (self->model, name, peer, origin, g_steal_pointer (&owned));
  if (tunnel == NULL)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_ALREADY_EXISTS, "a tunnel named “%s” exists", name);
      return NULL;
    }
  tunnel->owner_uid = owner_uid;
  if (!begin_tunnel (self, tunnel, TRUE, error))
    {
      ol2tp_model_remove_tunnel (self->model, tunnel);
      return NULL;
    }
  return tunnel;
}

Ol2tpSessionEntry *
ol2tp_controller_create_session (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const char *name, Ol2tpSessionSettings *settings,
                                 GError **error)
{
  g_autoptr (Ol2tpSessionSettings) owned = settings;
  Ol2tpSessionEntry *session;

  if (!check_name (name, error))
    return NULL;
  if (tunnel->closing || self->shutting_down)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE, "tunnel %s is being taken down", tunnel->name);
      return NULL;
    }
  if ((self->config->max_sessions != 0 && ol2tp_model_get_n_sessions (self->model) >= self->config->max_sessions)
      || (tunnel->settings->max_sessions != 0 && tunnel->sessions->len >= tunnel->settings->max_sessions))
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_LIMIT_EXCEEDED, "tunnel %s: the limit of sessions (max-sessions) is reached",
                   tunnel->name);
      return NULL;
    }
  session = ol2tp_model_add_session (self->model, tunnel, name, OL2TP_ORIGIN_RUNTIME, g_steal_pointer (&owned));
  if (session == NULL)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_ALREADY_EXISTS, "tunnel %s: a session named “%s” exists", tunnel->name, name);
      return NULL;
    }
  if (begin_session (self, session, TRUE, error))
    return session;
  g_hash_table_remove (self->dirty_sessions, session);
  ol2tp_model_remove_session (self->model, session);
  ol2tp_driver_run (self->driver);
  return NULL;
}

/* Ends an attempt for a reason of our own; @error becomes what callers of Connect are told. */
static void
fail_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, GError *error)
{
  Ol2tpCause cause;

  ol2tp_cause_init (&cause, OL2TP_REASON_NETWORK, 2, 4, NULL); /* the peer need not know how we are made */
  ol2tp_log_tunnel (G_LOG_LEVEL_WARNING, tunnel, "%s", error->message);
  g_clear_error (&tunnel->error);
  tunnel->error = error;
  ol2tp_engine_close_tunnel (engine (self), tunnel->id, &cause, now (self), NULL);
}

static void
connect_to (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpAddress *remote)
{
  const Ol2tpTunnelSettings *settings = tunnel->settings;
  Ol2tpTunnelConfig config = ol2tp_tunnel_settings_to_engine (settings);
  guint local_port = ol2tp_tunnel_settings_is_set (settings, "local-port") ? settings->local_port : OL2TP_PORT_AUTO;
  GError *error = NULL;
  Ol2tpPath path;

  remote->port = (guint16) settings->peer_port;
  if (!ol2tp_engine_configure_tunnel (engine (self), tunnel->id, &config, &error)
      || !ol2tp_endpoint_open_tunnel (ol2tp_driver_get_endpoint (self->driver), tunnel->id, &settings->local_address,
                                   local_port, remote, &path, &error)
      || !ol2tp_engine_connect_tunnel (engine (self), tunnel->id, &path, now (self), &error))
    {
      fail_tunnel (self, tunnel, error);
      return;
    }
  tunnel->endpoints = path;
  ol2tp_log_debug (OL2TP_LOG_TRANSPORT, "tunnel %s: sending from port %u", tunnel->name, path.local.port);
  ol2tp_controller_touch_tunnel (self, tunnel, "LocalEndpoint");
  ol2tp_controller_touch_tunnel (self, tunnel, "PeerEndpoint");
  ol2tp_controller_set_tunnel_state (self, tunnel, OL2TP_ENTRY_WAIT_CTL_REPLY);
}

typedef struct {
  Ol2tpController *controller;
  guint32 tunnel_id;
} Lookup;

static gboolean
choose_address (GList *addresses, Ol2tpFamily local_family, Ol2tpAddress *remote)
{
  for (GList *l = addresses; l != NULL; l = l->next)
    {
      g_autofree char *text = g_inet_address_to_string (l->data);

      if (ol2tp_address_parse (text, remote) && (local_family == OL2TP_FAMILY_NONE || local_family == remote->family))
        return TRUE;
    }
  return FALSE;
}

static void
on_resolved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Lookup *lookup = data;
  GError *error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);
  Ol2tpController *self = lookup->controller;
  Ol2tpTunnelEntry *tunnel;
  Ol2tpAddress remote;

  /* Cancelled: the attempt, perhaps the controller itself, is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      return;
    }
  tunnel = ol2tp_model_find_tunnel (self->model, lookup->tunnel_id);
  g_assert (tunnel != NULL);
  g_clear_object (&tunnel->resolving);
  if (error == NULL && choose_address (addresses, tunnel->settings->local_address.family, &remote))
    connect_to (self, tunnel, &remote);
  else
    fail_tunnel (self, tunnel,
                 g_error_new (OL2TP_ERROR, OL2TP_ERROR_RESOLVE_FAILED, "cannot look up “%s”: %s", tunnel->peer,
                              error != NULL ? error->message : "no address of the family wanted"));
  g_clear_error (&error);
  g_list_free_full (addresses, g_object_unref);
  ol2tp_driver_run (self->driver);
}

/* An idle tunnel with an ID sets out. */
static void
dial (Ol2tpController *self, Ol2tpTunnelEntry *tunnel)
{
  g_autoptr (GResolver) resolver = NULL;
  GError *error = NULL;
  Ol2tpAddress remote;
  Lookup *lookup;

  if (!ol2tp_controller_ensure_datapath (self, &error))
    {
      fail_tunnel (self, tunnel, error);
      return;
    }
  if (ol2tp_address_parse (tunnel->peer, &remote))
    {
      connect_to (self, tunnel, &remote);
      return;
    }
  ol2tp_controller_set_tunnel_state (self, tunnel, OL2TP_ENTRY_RESOLVING);
  tunnel->resolving = g_cancellable_new ();
  lookup = g_new0 (Lookup, 1);
  lookup->controller = self;
  lookup->tunnel_id = tunnel->id;
  resolver = g_resolver_get_default ();
  g_resolver_lookup_by_name_async (resolver, tunnel->peer, tunnel->resolving, on_resolved, lookup);
}

void
ol2tp_controller_connect_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpDoneFunc done, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (self->shutting_down)
    {
      ol2tp_answer_error (done, data, OL2TP_ERROR_WRONG_STATE, "the daemon is stopping");
      return;
    }
  if (tunnel->closing)
    {
      ol2tp_answer_error (done, data, OL2TP_ERROR_IN_PROGRESS, "tunnel %s is being taken down", tunnel->name);
      return;
    }
  if (tunnel->state == OL2TP_ENTRY_ESTABLISHED)
    {
      ol2tp_answer (done, data, NULL);
      return;
    }
  if (!begin_tunnel (self, tunnel, FALSE, &error))
    {
      ol2tp_answer (done, data, error);
      return;
    }
  ol2tp_waiters_add (tunnel->up_waiters, done, data, FALSE);
  if (tunnel->state == OL2TP_ENTRY_IDLE)
    dial (self, tunnel);
  ol2tp_driver_run (self->driver);
}

void
ol2tp_controller_connect_session (Ol2tpController *self, Ol2tpSessionEntry *session, gboolean wait_ppp, Ol2tpDoneFunc done,
                                  gpointer data)
{
  g_autoptr (GError) error = NULL;
  Ol2tpTunnelEntry *tunnel = session->tunnel;

  if (self->shutting_down)
    {
      ol2tp_answer_error (done, data, OL2TP_ERROR_WRONG_STATE, "the daemon is stopping");
      return;
    }
  if (session->closing || tunnel->closing || (session->id == 0 && !ol2tp_session_is_down (session)))
    {
      ol2tp_answer_error (done, data, OL2TP_ERROR_IN_PROGRESS, "session %s/%s is being taken down", tunnel->name, session->name);
      return;
    }
  if (session->state == OL2TP_ENTRY_ESTABLISHED
      && (!wait_ppp || session->ppp == NULL || session->ppp_state == OL2TP_PPP_STATE_UP))
    {
      ol2tp_answer (done, data, NULL);
      return;
    }
  if (session->state == OL2TP_ENTRY_IDLE)
    {
      if (!begin_session (self, session, FALSE, &error)
          || !ol2tp_engine_connect_session (engine (self), session->id, now (self), &error))
        {
          ol2tp_answer (done, data, error);
          ol2tp_driver_run (self->driver);
          return;
        }
      ol2tp_controller_refresh_session (self, session);
    }
  ol2tp_waiters_add (session->up_waiters, done, data, wait_ppp);
  if (tunnel->state == OL2TP_ENTRY_IDLE)
    dial (self, tunnel);
  ol2tp_driver_run (self->driver);
}
