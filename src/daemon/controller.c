/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The controller's life, the questions it answers, and what is put off until no event is left.  Verbs check, give the engine at most a
 * few commands, note who waits, and run the driver (dial.c, close.c); what comes of it arrives in events.c.
 */
#include "controller-private.h"

#include <string.h>

#include <linux/ppp-ioctl.h>

#define SHUTDOWN_USEC (8 * G_USEC_PER_SEC)
#define PROBE_USEC (10 * G_USEC_PER_SEC)

static gboolean settle (gpointer user_data);

Ol2tpTunnelConfig
ol2tp_tunnel_settings_to_engine (const Ol2tpTunnelSettings *settings)
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
  ol2tp_loop_remove_timer (loop (self), self->shutdown_timer);
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

static gboolean
start_listening (Ol2tpController *self, GError **error)
{
  Ol2tpTunnelConfig responder = ol2tp_tunnel_settings_to_engine (self->config->lns_tunnel);
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
  return loop (self);
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
  if (!ol2tp_plugins_session_get_stats (self->plugins, ol2tp_session_handle (session), (guint16) session->tunnel->id,
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

static void
check_shutdown (Ol2tpController *self)
{
  Ol2tpDoneFunc done = self->shutdown_done;

  if (done == NULL || ol2tp_model_get_n_tunnel_ids (self->model) > 0 || ol2tp_engine_get_n_unacknowledged (engine (self)) > 0
      || g_hash_table_size (self->claims) > 0)
    return;
  self->shutdown_done = NULL;
  done (NULL, self->shutdown_data);
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
  check_shutdown (self);
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
  ol2tp_answer (done, self->shutdown_data, NULL);
}

void
ol2tp_controller_shutdown (Ol2tpController *self, Ol2tpDoneFunc done, gpointer data)
{
  g_autoptr (GPtrArray) tunnels = ol2tp_model_list_tunnels (self->model);
  Ol2tpCause cause;

  if (self->shutting_down)
    {
      ol2tp_answer_error (done, data, OL2TP_ERROR_IN_PROGRESS, "the daemon is stopping");
      return;
    }
  self->shutting_down = TRUE;
  self->shutdown_done = done;
  self->shutdown_data = data;
  self->shutdown_timer = ol2tp_loop_add_timer (loop (self), now (self) + SHUTDOWN_USEC, on_shutdown_overdue, self);
  ol2tp_engine_set_responder (engine (self), NULL, 0);
  /* RFC 2661 section 4.4.2, StopCCN 6: requester is being shut down. */
  ol2tp_cause_init (&cause, OL2TP_REASON_SHUTDOWN, 6, 0, NULL);
  for (guint i = 0; i < tunnels->len; i++)
    {
      Ol2tpTunnelEntry *tunnel = g_ptr_array_index (tunnels, i);

      if (tunnel->id != 0)
        ol2tp_controller_begin_close_tunnel (self, tunnel, &cause);
    }
  ol2tp_driver_run (self->driver);
}
