/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs.  A verb checks, gives the engine at most a few commands, notes who waits, and runs the driver; what comes of it
 * arrives in events.c.  A lookup carries the ID of its tunnel; a timer that points to an entry is removed with it.
 */
#include "controller-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <linux/ppp-ioctl.h>

#define SHUTDOWN_USEC (8 * G_USEC_PER_SEC)
#define PROBE_USEC (10 * G_USEC_PER_SEC)

static Ol2tpEngine *
engine (Ol2tpController *self)
{
  return ol2tp_driver_get_engine (self->driver);
}

static gint64
now (Ol2tpController *self)
{
  return ol2tp_driver_now (self->driver);
}

static gboolean settle (gpointer user_data);

Ol2tpController *
ol2tp_controller_new (Ol2tpConfig *config, Ol2tpPlugins *plugins, guint log_mask)
{
  Ol2tpController *self = g_new0 (Ol2tpController, 1);

  self->config = config;
  self->plugins = plugins;
  ol2tp_log_set_categories (log_mask);
  self->host_name = g_strdup (config->host_name != NULL ? config->host_name : g_get_host_name ());
  self->driver = ol2tp_driver_new (self->host_name, ol2tp_controller_handle_event, settle, self);
  self->model = ol2tp_model_new ();
  self->pool = ol2tp_pool_new (config->range_first, config->range_last, config->local_ip);
  self->claims = g_hash_table_new (NULL, NULL);
  self->dirty_tunnels = g_hash_table_new (NULL, NULL);
  self->dirty_sessions = g_hash_table_new (NULL, NULL);
  ol2tp_engine_set_trace (engine (self), (log_mask & OL2TP_LOG_CONTROL) != 0);
  ol2tp_plugins_set_services (&ol2tp_controller_services, self);
  return self;
}

void
ol2tp_controller_cancel_waiters (Ol2tpController *self)
{
  g_autoptr (GPtrArray) tunnels = ol2tp_model_list_tunnels (self->model);
  g_autoptr (GError) error = g_error_new_literal (OL2TP_ERROR, OL2TP_ERROR_CANCELED, "the daemon is stopping");

  for (guint i = 0; i < tunnels->len; i++)
    {
      Ol2tpTunnelEntry *tunnel = g_ptr_array_index (tunnels, i);

      for (guint j = 0; j < tunnel->sessions->len; j++)
        {
          Ol2tpSessionEntry *session = g_ptr_array_index (tunnel->sessions, j);

          ol2tp_waiters_complete (session->up_waiters, error);
          ol2tp_waiters_complete (session->down_waiters, error);
        }
      ol2tp_waiters_complete (tunnel->up_waiters, error);
      ol2tp_waiters_complete (tunnel->down_waiters, error);
    }
}

/* Without events: what is left here was told as gone by the shutdown, or the daemon gives up. */
static void
forget_entries (Ol2tpController *self)
{
  g_autoptr (GPtrArray) tunnels = ol2tp_model_list_tunnels (self->model);

  for (guint i = 0; i < tunnels->len; i++)
    {
      Ol2tpTunnelEntry *tunnel = g_ptr_array_index (tunnels, i);

      g_cancellable_cancel (tunnel->resolving);
      while (tunnel->sessions->len > 0)
        ol2tp_model_remove_session (self->model, g_ptr_array_index (tunnel->sessions, 0));
      ol2tp_model_remove_tunnel (self->model, tunnel);
    }
}

void
ol2tp_controller_free (Ol2tpController *self)
{
  GHashTableIter iter;
  gpointer claim;

  ol2tp_plugins_set_services (NULL, NULL);
  ol2tp_loop_remove_timer (ol2tp_driver_get_loop (self->driver), self->shutdown_timer);
  ol2tp_controller_cancel_waiters (self);
  forget_entries (self);
  g_hash_table_iter_init (&iter, self->claims);
  while (g_hash_table_iter_next (&iter, &claim, NULL))
    {
      ol2tp_session_settings_free (((Ol2tpPpp *) claim)->settings);
      g_free (claim);
    }
  g_hash_table_unref (self->claims);
  g_hash_table_unref (self->dirty_tunnels);
  g_hash_table_unref (self->dirty_sessions);
  g_clear_pointer (&self->datapath, ol2tp_datapath_free);
  ol2tp_driver_free (self->driver);
  ol2tp_model_free (self->model);
  ol2tp_pool_free (self->pool);
  ol2tp_config_free (self->config);
  g_free (self->host_name);
  g_free (self);
}

void
ol2tp_controller_set_observer (Ol2tpController *self, const Ol2tpObserver *observer, gpointer user_data)
{
  self->observer = observer;
  self->observer_data = user_data;
}

/* The kernel is asked again each time while it has no data path: somebody may have loaded the module meanwhile.  Not that often for
 * peers: an SCCRQ costs its sender nothing. */
gboolean
ol2tp_controller_ensure_datapath (Ol2tpController *self, GError **error)
{
  static const char *const features[] = { "Features", NULL };

  if (self->datapath != NULL)
    return TRUE;

  self->next_probe_us = now (self) + PROBE_USEC;
  if (self->config->datapath == OL2TP_DATAPATH_NULL)
    self->datapath = ol2tp_datapath_null_new ();
  else
    self->datapath = ol2tp_datapath_kernel_new (error);
  if (self->datapath == NULL)
    return FALSE;
  g_message ("data path: %s", self->datapath->ops->name);
  if (self->observer != NULL && self->observer->manager_changed != NULL)
    self->observer->manager_changed (features, self->observer_data);
  return TRUE;
}

gboolean
ol2tp_controller_ensure_datapath_for_peer (Ol2tpController *self)
{
  if (self->datapath == NULL && now (self) < self->next_probe_us)
    return FALSE;
  return ol2tp_controller_ensure_datapath (self, NULL);
}

static Ol2tpTunnelConfig
engine_config (const Ol2tpTunnelSettings *settings)
{
  Ol2tpTunnelConfig config = {
    .host_name = settings->host_name,
    .secret = settings->secret,
    .receive_window = (guint16) settings->receive_window,
    .hello_interval_sec = settings->hello_interval_sec,
    .retry_timeout_ms = settings->retry_timeout_ms,
    .retry_cap_ms = settings->retry_cap_ms,
    .max_retries = settings->max_retries,
    .establish_timeout_sec = settings->establish_timeout_sec,
  };

  return config;
}

static gboolean
start_listening (Ol2tpController *self, GError **error)
{
  Ol2tpTunnelConfig responder = engine_config (self->config->lns_tunnel);
  Ol2tpEndpoint *endpoint = ol2tp_driver_get_endpoint (self->driver);

  for (guint i = 0; i < self->config->listen->len; i++)
    {
      const Ol2tpAddress *address = &g_array_index (self->config->listen, Ol2tpAddress, i);
      g_autoptr (GError) local_error = NULL;

      if (ol2tp_endpoint_listen (endpoint, address, &local_error))
        continue;
      /* "[::]" is a default as "0.0.0.0" is: a machine without IPv6 must still start. */
      if (address->family == OL2TP_FAMILY_IPV6 && ol2tp_address_is_any (address) && i > 0
          && g_error_matches (local_error, OL2TP_ERROR, OL2TP_ERROR_UNREACHABLE))
        {
          g_message ("%s", local_error->message);
          continue;
        }
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  ol2tp_engine_set_responder (engine (self), &responder, self->config->max_tunnels);
  if (g_hash_table_size (self->config->users) == 0)
    g_warning ("the LNS side is enabled, but no [user ...] is configured: every PPP authentication will fail");
  return TRUE;
}

static void
start_configured_tunnel (Ol2tpController *self, const Ol2tpTunnelFile *file)
{
  g_autoptr (GError) error = NULL;
  Ol2tpSessionEntry *session = NULL;
  Ol2tpTunnelEntry *tunnel = ol2tp_controller_create_tunnel (self, file->name, file->tunnel->peer, OL2TP_ORIGIN_CONFIG, 0,
                                                             ol2tp_tunnel_settings_copy (file->tunnel), &error);

  if (tunnel != NULL && file->session != NULL)
    session = ol2tp_controller_create_session (self, tunnel, NULL, ol2tp_session_settings_copy (file->session), &error);
  if (error != NULL)
    g_warning ("tunnels.d/%s.conf: %s", file->name, error->message);
  else if (session != NULL && session->settings->connect)
    ol2tp_controller_connect_session (self, session, TRUE, NULL, NULL);
  else if (tunnel->settings->connect)
    ol2tp_controller_connect_tunnel (self, tunnel, NULL, NULL);
}

gboolean
ol2tp_controller_start (Ol2tpController *self, guint16 port, GError **error)
{
  g_autoptr (GError) datapath_error = NULL;

  if (port != 0)
    ol2tp_endpoint_set_port (ol2tp_driver_get_endpoint (self->driver), port);
  if (!ol2tp_controller_ensure_datapath (self, &datapath_error))
    g_warning ("no data path: %s; tunnels are refused until there is one", datapath_error->message);
  return !self->config->lns_enabled || start_listening (self, error);
}

void
ol2tp_controller_start_tunnels (Ol2tpController *self)
{
  for (guint i = 0; i < self->config->tunnels->len; i++)
    start_configured_tunnel (self, g_ptr_array_index (self->config->tunnels, i));
}

Ol2tpLoop *
ol2tp_controller_get_loop (const Ol2tpController *self)
{
  return ol2tp_driver_get_loop (self->driver);
}

const Ol2tpModel *
ol2tp_controller_get_model (const Ol2tpController *self)
{
  return self->model;
}

const Ol2tpConfig *
ol2tp_controller_get_config (const Ol2tpController *self)
{
  return self->config;
}

const char *
ol2tp_controller_get_host_name (const Ol2tpController *self)
{
  return self->host_name;
}

const GArray *
ol2tp_controller_get_listeners (const Ol2tpController *self)
{
  return ol2tp_endpoint_get_listeners (ol2tp_driver_get_endpoint (self->driver));
}

const char **
ol2tp_controller_get_features (const Ol2tpController *self)
{
  GPtrArray *words = g_ptr_array_new ();

  g_ptr_array_add (words, (gpointer) "l2tpv2");
  g_ptr_array_add (words, (gpointer) "lac");
  g_ptr_array_add (words, (gpointer) "lns");
  g_ptr_array_add (words, (gpointer) "udp");
  g_ptr_array_add (words, (gpointer) "ipv6");
  if (self->datapath != NULL && *self->datapath->ops->feature != '\0')
    {
      g_ptr_array_add (words, (gpointer) "ppp");
      g_ptr_array_add (words, (gpointer) self->datapath->ops->feature);
    }
  g_ptr_array_add (words, NULL);
  return (const char **) g_ptr_array_free (words, FALSE);
}

/* Gives an object that has none an ID: at creation, and again before it is redialled. */
static gboolean
begin_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, gboolean added, GError **error)
{
  Ol2tpTunnelConfig config = engine_config (tunnel->settings);
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

static gboolean
begin_session (Ol2tpController *self, Ol2tpSessionEntry *session, gboolean added, GError **error)
{
  const Ol2tpSessionSettings *settings = session->settings;
  Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;
  guint32 id;

  if (session->id != 0)
    return TRUE;
  if (!begin_tunnel (self, session->tunnel, FALSE, error))
    return FALSE;

  config.called_number = settings->called_number;
  config.calling_number = settings->calling_number;
  config.sub_address = settings->sub_address;
  config.tx_speed = (guint32) MIN (settings->tx_speed, G_MAXUINT32);
  config.rx_speed = (guint32) MIN (settings->rx_speed, G_MAXUINT32);
  config.sequencing_required = settings->require_sequencing;
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
  Ol2tpTunnelConfig config = engine_config (settings);
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

static void
add_waiter (GArray *waiters, Ol2tpDoneFunc done, gpointer data, gboolean wait_ppp)
{
  Ol2tpWaiter waiter = { done, data, wait_ppp };

  if (done != NULL)
    g_array_append_val (waiters, waiter);
}

static void
answer (Ol2tpDoneFunc done, gpointer data, const GError *error)
{
  if (done != NULL)
    done (error, data);
}

static void
answer_error (Ol2tpDoneFunc done, gpointer data, Ol2tpError code, const char *format, ...) G_GNUC_PRINTF (4, 5);

static void
answer_error (Ol2tpDoneFunc done, gpointer data, Ol2tpError code, const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  va_list args;

  va_start (args, format);
  error = g_error_new_valist (OL2TP_ERROR, code, format, args);
  va_end (args);
  answer (done, data, error);
}

void
ol2tp_controller_connect_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpDoneFunc done, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (self->shutting_down)
    {
      answer_error (done, data, OL2TP_ERROR_WRONG_STATE, "the daemon is stopping");
      return;
    }
  if (tunnel->closing)
    {
      answer_error (done, data, OL2TP_ERROR_IN_PROGRESS, "tunnel %s is being taken down", tunnel->name);
      return;
    }
  if (tunnel->state == OL2TP_ENTRY_ESTABLISHED)
    {
      answer (done, data, NULL);
      return;
    }
  if (!begin_tunnel (self, tunnel, FALSE, &error))
    {
      answer (done, data, error);
      return;
    }
  add_waiter (tunnel->up_waiters, done, data, FALSE);
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
      answer_error (done, data, OL2TP_ERROR_WRONG_STATE, "the daemon is stopping");
      return;
    }
  if (session->closing || tunnel->closing || (session->id == 0 && session->ppp != NULL))
    {
      answer_error (done, data, OL2TP_ERROR_IN_PROGRESS, "session %s/%s is being taken down", tunnel->name, session->name);
      return;
    }
  if (session->state == OL2TP_ENTRY_ESTABLISHED
      && (!wait_ppp || session->ppp == NULL || session->ppp_state == OL2TP_PPP_STATE_UP))
    {
      answer (done, data, NULL);
      return;
    }
  if (session->state == OL2TP_ENTRY_IDLE)
    {
      if (!begin_session (self, session, FALSE, &error)
          || !ol2tp_engine_connect_session (engine (self), session->id, now (self), &error))
        {
          answer (done, data, error);
          ol2tp_driver_run (self->driver);
          return;
        }
      ol2tp_controller_refresh_session (self, session);
    }
  add_waiter (session->up_waiters, done, data, wait_ppp);
  if (tunnel->state == OL2TP_ENTRY_IDLE)
    dial (self, tunnel);
  ol2tp_driver_run (self->driver);
}

void
ol2tp_controller_close_tunnel_now (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpCause *cause)
{
  tunnel->close_sent = TRUE;
  ol2tp_engine_close_tunnel (engine (self), tunnel->id, cause, now (self), NULL);
}

void
ol2tp_controller_close_session_now (Ol2tpController *self, Ol2tpSessionEntry *session, const Ol2tpCause *cause)
{
  ol2tp_loop_remove_timer (ol2tp_driver_get_loop (self->driver), session->close_timer);
  session->close_timer = 0;
  ol2tp_engine_close_session (engine (self), session->id, cause, now (self), NULL);
}

static void
on_session_overdue (gpointer data)
{
  Ol2tpSessionEntry *session = data;
  Ol2tpController *self;

  session->close_timer = 0;
  if (session->ppp == NULL) /* it ended in this very turn: settle() goes on */
    return;
  self = session->ppp->controller;
  ol2tp_log_session (G_LOG_LEVEL_WARNING, session, "PPP did not end in time");
  ol2tp_ppp_detach (session->ppp);
  if (session->id != 0)
    ol2tp_controller_close_session_now (self, session, &session->close_cause);
  else
    ol2tp_controller_finish_session (self, session);
}

void
ol2tp_controller_await_ppp (Ol2tpController *self, Ol2tpSessionEntry *session)
{
  session->close_timer
    = ol2tp_loop_add_timer (ol2tp_driver_get_loop (self->driver), now (self) + OL2TP_PPP_STOP_USEC, on_session_overdue, session);
}

/* Begins to close a session: PPP first, in order. Returns FALSE if it could be closed at once. */
static gboolean
begin_close_session (Ol2tpController *self, Ol2tpSessionEntry *session, const Ol2tpCause *cause)
{
  if (session->closing)
    return TRUE;
  session->closing = TRUE;
  session->close_cause = *cause;
  if (session->ppp != NULL && ol2tp_ppp_request_stop (session->ppp))
    {
      ol2tp_controller_set_session_state (self, session, OL2TP_ENTRY_CLOSING);
      ol2tp_controller_await_ppp (self, session);
      return TRUE;
    }
  ol2tp_controller_close_session_now (self, session, cause);
  return FALSE;
}

void
ol2tp_controller_disconnect_session (Ol2tpController *self, Ol2tpSessionEntry *session, const Ol2tpCause *cause, Ol2tpDoneFunc done,
                                     gpointer data)
{
  if (session->id == 0 && session->ppp == NULL)
    {
      answer (done, data, NULL);
      return;
    }
  add_waiter (session->down_waiters, done, data, FALSE);
  if (session->id != 0)
    begin_close_session (self, session, cause);
  ol2tp_driver_run (self->driver);
}

/* Whether PPP of a session still has to end before the tunnel may be closed. */
static gboolean
has_closing_sessions (const Ol2tpTunnelEntry *tunnel)
{
  for (guint i = 0; i < tunnel->sessions->len; i++)
    {
      const Ol2tpSessionEntry *session = g_ptr_array_index (tunnel->sessions, i);

      if (session->id != 0 && session->close_timer != 0)
        return TRUE;
    }
  return FALSE;
}

static void
begin_close_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpCause *cause)
{
  Ol2tpCause session_cause = *cause;

  if (tunnel->closing)
    return;
  tunnel->closing = TRUE;
  tunnel->close_cause = *cause;
  g_cancellable_cancel (tunnel->resolving);
  g_clear_object (&tunnel->resolving);
  session_cause.result_code = 3; /* RFC 2661 section 4.4.2, CDN: administrative reasons */
  session_cause.error_code = 0;
  for (guint i = 0; i < tunnel->sessions->len; i++)
    {
      Ol2tpSessionEntry *session = g_ptr_array_index (tunnel->sessions, i);

      /* StopCCN clears sessions without PPP by itself (RFC 2661 section 6.4). */
      if (session->id != 0 && session->ppp != NULL)
        begin_close_session (self, session, &session_cause);
    }
  if (has_closing_sessions (tunnel))
    ol2tp_controller_set_tunnel_state (self, tunnel, OL2TP_ENTRY_CLOSING);
  else
    ol2tp_controller_close_tunnel_now (self, tunnel, &tunnel->close_cause);
}

/* The sessions a closing tunnel waited for have ended. */
void
ol2tp_controller_finish_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel)
{
  if (tunnel->closing && !tunnel->close_sent && tunnel->id != 0 && !has_closing_sessions (tunnel))
    ol2tp_controller_close_tunnel_now (self, tunnel, &tunnel->close_cause);
}

void
ol2tp_controller_disconnect_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpCause *cause, Ol2tpDoneFunc done,
                                    gpointer data)
{
  if (tunnel->id == 0)
    {
      answer (done, data, NULL);
      return;
    }
  add_waiter (tunnel->down_waiters, done, data, FALSE);
  begin_close_tunnel (self, tunnel, cause);
  ol2tp_driver_run (self->driver);
}

static void
remove_session (Ol2tpController *self, Ol2tpSessionEntry *session)
{
  ol2tp_loop_remove_timer (ol2tp_driver_get_loop (self->driver), session->close_timer);
  if (session->ppp != NULL)
    ol2tp_ppp_detach (session->ppp);
  if (self->observer != NULL)
    self->observer->session_removed (session, self->observer_data);
  g_hash_table_remove (self->dirty_sessions, session);
  ol2tp_model_remove_session (self->model, session);
}

void
ol2tp_controller_remove_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel)
{
  while (tunnel->sessions->len > 0)
    {
      Ol2tpSessionEntry *session = g_ptr_array_index (tunnel->sessions, 0);

      session->delete_when_down = TRUE;
      ol2tp_controller_finish_session (self, session);
    }
  if (self->observer != NULL)
    self->observer->tunnel_removed (tunnel, self->observer_data);
  g_hash_table_remove (self->dirty_tunnels, tunnel);
  ol2tp_model_remove_tunnel (self->model, tunnel);
}

/* The session is down and nothing of PPP is left that somebody waits for. */
void
ol2tp_controller_finish_session (Ol2tpController *self, Ol2tpSessionEntry *session)
{
  g_autoptr (GArray) down_waiters = g_array_ref (session->down_waiters);
  g_autoptr (GError) error = session->up_waiters->len > 0 ? ol2tp_session_error (session) : NULL;

  ol2tp_loop_remove_timer (ol2tp_driver_get_loop (self->driver), session->close_timer);
  session->close_timer = 0;
  ol2tp_waiters_complete (session->up_waiters, error);
  if (session->delete_when_down || session->origin == OL2TP_ORIGIN_PEER)
    remove_session (self, session);
  ol2tp_waiters_complete (down_waiters, NULL);
}

void
ol2tp_controller_delete_session (Ol2tpController *self, Ol2tpSessionEntry *session, Ol2tpDoneFunc done, gpointer data)
{
  Ol2tpCause cause;

  session->delete_when_down = TRUE;
  if (session->id == 0 && session->ppp == NULL)
    {
      remove_session (self, session);
      answer (done, data, NULL);
      return;
    }
  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 3, 0, NULL);
  ol2tp_controller_disconnect_session (self, session, &cause, done, data);
}

void
ol2tp_controller_delete_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpDoneFunc done, gpointer data)
{
  Ol2tpCause cause;

  tunnel->delete_when_down = TRUE;
  if (tunnel->id == 0)
    {
      ol2tp_controller_remove_tunnel (self, tunnel);
      answer (done, data, NULL);
      return;
    }
  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 1, 0, NULL);
  ol2tp_controller_disconnect_tunnel (self, tunnel, &cause, done, data);
}

void
ol2tp_controller_set_tunnel_secret (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpSecret *secret)
{
  g_clear_pointer (&tunnel->settings->secret, ol2tp_secret_unref);
  tunnel->settings->secret = secret != NULL ? ol2tp_secret_ref (secret) : NULL;
  ol2tp_controller_touch_tunnel (self, tunnel, "SecretFlags");
  ol2tp_controller_tunnel_modified (self, tunnel);
}

void
ol2tp_controller_set_session_password (Ol2tpController *self, Ol2tpSessionEntry *session, Ol2tpSecret *secret)
{
  g_clear_pointer (&session->settings->password, ol2tp_secret_unref);
  session->settings->password = secret != NULL ? ol2tp_secret_ref (secret) : NULL;
  ol2tp_controller_touch_session (self, session, "SecretFlags");
  ol2tp_controller_session_modified (self, session);
}

gboolean
ol2tp_controller_get_tunnel_stats (Ol2tpController *self, const Ol2tpTunnelEntry *tunnel, Ol2tpTunnelStats *control,
                                   Ol2tpDatapathStats *data, GError **error)
{
  memset (data, 0, sizeof *data);
  if (tunnel->id == 0 || !ol2tp_engine_get_tunnel_stats (engine (self), tunnel->id, control))
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE, "tunnel %s has no counters: it is not connected", tunnel->name);
      return FALSE;
    }
  return !tunnel->kernel_up || self->datapath->ops->get_tunnel_stats (self->datapath, tunnel->id, data, error);
}

gboolean
ol2tp_controller_get_session_stats (Ol2tpController *self, const Ol2tpSessionEntry *session, Ol2tpDatapathStats *stats, GError **error)
{
  struct pppol2tp_ioc_stats ioc = { 0 };

  if (!session->up)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE, "session %s/%s has no counters: it is not up", session->tunnel->name,
                   session->name);
      return FALSE;
    }
  if (!ol2tp_plugins_session_get_stats (self->plugins, (const struct l2tp_session *) session, (guint16) session->tunnel->id,
                                        (guint16) session->id, &ioc))
    return self->datapath->ops->get_session_stats (self->datapath, session->tunnel->id, session->id, stats, error);

  memset (stats, 0, sizeof *stats);
  stats->tx_packets = ioc.tx_packets;
  stats->tx_bytes = ioc.tx_bytes;
  stats->tx_errors = ioc.tx_errors;
  stats->rx_packets = ioc.rx_packets;
  stats->rx_bytes = ioc.rx_bytes;
  stats->rx_errors = ioc.rx_errors;
  stats->rx_seq_discards = ioc.rx_seq_discards;
  stats->rx_oos_packets = ioc.rx_oos_packets;
  return TRUE;
}

/* What plugins reported since the last run: announce it, and close sessions whose PPP ended. */
static gboolean
settle (gpointer user_data)
{
  Ol2tpController *self = user_data;
  g_autoptr (GList) sessions = g_hash_table_get_keys (self->dirty_sessions);
  g_autoptr (GList) tunnels = g_hash_table_get_keys (self->dirty_tunnels);
  gboolean again = FALSE;

  for (GList *l = tunnels; l != NULL; l = l->next)
    ol2tp_controller_flush_tunnel (self, l->data);
  for (GList *l = sessions; l != NULL; l = l->next)
    {
      Ol2tpSessionEntry *session = l->data;
      Ol2tpTunnelEntry *tunnel;
      Ol2tpCause cause;

      if (!g_hash_table_contains (self->dirty_sessions, session)) /* removed by who waited for another one */
        continue;
      tunnel = session->tunnel;
      ol2tp_controller_flush_session (self, session);
      g_hash_table_remove (self->dirty_sessions, session);
      if (session->up && session->ppp_state == OL2TP_PPP_STATE_UP && session->up_waiters->len > 0)
        {
          ol2tp_waiters_complete (session->up_waiters, NULL);
          again = TRUE;
        }
      if (session->ppp != NULL || !session->ppp_ended)
        continue;

      session->ppp_ended = FALSE;
      again = TRUE;
      if (session->id == 0)
        {
          ol2tp_controller_finish_session (self, session);
          continue;
        }
      if (session->closing)
        ol2tp_controller_close_session_now (self, session, &session->close_cause);
      else
        {
          ol2tp_ppp_end_to_cause (session, &cause);
          ol2tp_controller_close_session_now (self, session, &cause);
        }
      ol2tp_controller_finish_tunnel (self, tunnel);
    }
  ol2tp_controller_check_shutdown (self);
  return again;
}

static void
on_shutdown_overdue (gpointer data)
{
  Ol2tpController *self = data;
  Ol2tpDoneFunc done = self->shutdown_done;

  self->shutdown_timer = 0;
  self->shutdown_done = NULL;
  g_message ("not everything has ended in time");
  answer (done, self->shutdown_data, NULL);
}

void
ol2tp_controller_check_shutdown (Ol2tpController *self)
{
  g_autoptr (GPtrArray) tunnels = NULL;
  Ol2tpDoneFunc done = self->shutdown_done;

  if (done == NULL || ol2tp_engine_get_n_unacknowledged (engine (self)) > 0 || g_hash_table_size (self->claims) > 0)
    return;
  tunnels = ol2tp_model_list_tunnels (self->model);
  for (guint i = 0; i < tunnels->len; i++)
    if (((Ol2tpTunnelEntry *) g_ptr_array_index (tunnels, i))->id != 0)
      return;
  self->shutdown_done = NULL;
  done (NULL, self->shutdown_data);
}

void
ol2tp_controller_shutdown (Ol2tpController *self, Ol2tpDoneFunc done, gpointer data)
{
  g_autoptr (GPtrArray) tunnels = ol2tp_model_list_tunnels (self->model);
  Ol2tpCause cause;

  if (self->shutting_down)
    {
      answer_error (done, data, OL2TP_ERROR_IN_PROGRESS, "the daemon is stopping");
      return;
    }
  self->shutting_down = TRUE;
  self->shutdown_done = done;
  self->shutdown_data = data;
  self->shutdown_timer = ol2tp_loop_add_timer (ol2tp_driver_get_loop (self->driver), now (self) + SHUTDOWN_USEC, on_shutdown_overdue, self);
  ol2tp_engine_set_responder (engine (self), NULL, 0);
  /* RFC 2661 section 4.4.2, StopCCN 6: requester is being shut down. */
  ol2tp_cause_init (&cause, OL2TP_REASON_SHUTDOWN, 6, 0, NULL);
  for (guint i = 0; i < tunnels->len; i++)
    {
      Ol2tpTunnelEntry *tunnel = g_ptr_array_index (tunnels, i);

      if (tunnel->id != 0)
        begin_close_tunnel (self, tunnel, &cause);
    }
  ol2tp_driver_run (self->driver);
}
