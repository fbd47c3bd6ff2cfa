/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event function.  Everything that happens to a tunnel or a session passes through here once, and is told in this order:
 * plugin hooks, model, property changes, signal, and last those who wait for it.  So hooks and signals can never disagree.
 */
#include "controller-private.h"

#include <string.h>

/* Tunnel events. */

static void
refuse_tunnel (Ol2tpController *self, guint32 id, Ol2tpReason reason, guint16 result, guint16 code, const char *text)
{
  Ol2tpCause cause;

  /* No socket of its own: the listener says no. */
  ol2tp_endpoint_close_tunnel (ol2tp_driver_get_endpoint (self->driver), id);
  if (ol2tp_log_allow_peer ())
    g_message ("a peer's tunnel is refused: %s", text);
  ol2tp_cause_init (&cause, reason, result, code, "%s", reason == OL2TP_REASON_NETWORK ? "" : text);
  ol2tp_engine_close_tunnel (engine (self), id, &cause, now (self), NULL);
}

static void
on_tunnel_incoming (Ol2tpController *self, const Ol2tpEvent *event)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *peer = NULL;
  Ol2tpEndpoint *endpoint = ol2tp_driver_get_endpoint (self->driver);
  Ol2tpTunnelSettings *settings;
  Ol2tpTunnelEntry *tunnel;
  Ol2tpTunnelInfo info;
  Ol2tpPath path;
  const char *refused_by = NULL;

  if (!ol2tp_engine_get_tunnel_info (engine (self), event->tunnel_id, &info))
    return;
  if (!ol2tp_controller_ensure_datapath_for_peer (self))
    {
      refuse_tunnel (self, event->tunnel_id, OL2TP_REASON_NETWORK, 2, 4, "there is no data path");
      return;
    }
  /* Every socket on the listeners' port makes the kernel's search for the next one longer: none without need. */
  if (self->datapath->ops->needs_socket
      && !ol2tp_endpoint_open_tunnel (endpoint, event->tunnel_id, &info.path.local, info.path.local.port, &info.path.remote, &path, &error))
    {
      refuse_tunnel (self, event->tunnel_id, OL2TP_REASON_NETWORK, 2, 4, error->message);
      return;
    }
  if (!ol2tp_plugins_tunnel_created (self->plugins, (guint16) event->tunnel_id, FALSE, &refused_by))
    {
      g_autofree char *text = g_strdup_printf ("refused by plugin %s", refused_by);

      refuse_tunnel (self, event->tunnel_id, OL2TP_REASON_REFUSED, 4, 0, text);
      return;
    }

  peer = ol2tp_address_to_string (&info.path.remote);
  settings = ol2tp_tunnel_settings_copy (self->config->lns_tunnel);
  tunnel = ol2tp_model_add_tunnel (self->model, NULL, peer, OL2TP_ORIGIN_PEER, settings);
  ol2tp_model_set_tunnel_id (self->model, tunnel, event->tunnel_id);
  ol2tp_controller_refresh_tunnel (self, tunnel);
  ol2tp_controller_tunnel_created (self, tunnel, TRUE);
  ol2tp_engine_accept_tunnel (engine (self), tunnel->id, now (self), NULL);
  ol2tp_controller_refresh_tunnel (self, tunnel);
  ol2tp_controller_flush_tunnel (self, tunnel);
}

static void
on_tunnel_up (Ol2tpController *self, Ol2tpTunnelEntry *tunnel)
{
  g_autofree char *peer = NULL;
  Ol2tpDatapathTunnel kernel;
  Ol2tpCause cause;
  GError *error = NULL;

  if (!ol2tp_controller_refresh_tunnel (self, tunnel))
    return;
  kernel = (Ol2tpDatapathTunnel){ tunnel->id, tunnel->peer_id, tunnel->endpoints,
                                  ol2tp_endpoint_get_tunnel_fd (ol2tp_driver_get_endpoint (self->driver), tunnel->id) };
  if (!self->datapath->ops->tunnel_up (self->datapath, &kernel, &error))
    {
      ol2tp_log_tunnel (G_LOG_LEVEL_WARNING, tunnel, "%s", error->message);
      ol2tp_cause_init (&cause, OL2TP_REASON_NETWORK, 2, 4, NULL);
      g_clear_error (&tunnel->error);
      tunnel->error = error;
      ol2tp_engine_close_tunnel (engine (self), tunnel->id, &cause, now (self), NULL);
      return;
    }
  tunnel->kernel_up = TRUE;

  ol2tp_plugins_tunnel_up (self->plugins, (guint16) tunnel->id, (guint16) tunnel->peer_id);
  tunnel->up = TRUE;
  tunnel->up_timestamp_us = g_get_real_time ();
  ol2tp_controller_touch_tunnel (self, tunnel, "UpTimestamp");
  ol2tp_controller_tell_tunnel (self, tunnel, OL2TP_LIFECYCLE_TUNNEL_UP);
  peer = ol2tp_address_to_endpoint_string (&tunnel->endpoints.remote);
  ol2tp_log_tunnel_event (OL2TP_MESSAGE_TUNNEL_UP, tunnel, "up, id %u, peer %s (%s) id %u", tunnel->id, peer, tunnel->peer_host_name,
                    tunnel->peer_id);
  for (guint i = 0; i < tunnel->sessions->len; i++)
    {
      Ol2tpSessionEntry *session = g_ptr_array_index (tunnel->sessions, i);

      ol2tp_controller_refresh_session (self, session);
      ol2tp_controller_flush_session (self, session);
    }
  ol2tp_waiters_complete (tunnel->up_waiters, NULL);
}

/* "by the peer: too many sessions" */
static char *
describe (const Ol2tpCause *cause)
{
  static const char *const texts[] = {
    [OL2TP_REASON_NONE] = "",
    [OL2TP_REASON_ADMIN] = "as asked",
    [OL2TP_REASON_PEER] = "by the peer",
    [OL2TP_REASON_TIMEOUT] = "timeout",
    [OL2TP_REASON_PROTOCOL] = "protocol error",
    [OL2TP_REASON_AUTHENTICATION] = "tunnel authentication failed",
    [OL2TP_REASON_NO_SECRET] = "the peer wants a secret and none is set",
    [OL2TP_REASON_NETWORK] = "network or kernel",
    [OL2TP_REASON_SHUTDOWN] = "the daemon stops",
    [OL2TP_REASON_REFUSED] = "refused by a plugin",
    [OL2TP_REASON_PPP] = "PPP",
    [OL2TP_REASON_CALLER_LEFT] = "its maker has left the bus",
  };

  return g_strdup_printf ("%s%s%s", texts[cause->reason], *cause->message != '\0' ? ": " : "", cause->message);
}

/* The peer was told no local details, the caller is. */
static void
copy_cause (Ol2tpCause *dest, const Ol2tpCause *cause, const GError *local_error)
{
  *dest = *cause;
  if (cause->reason == OL2TP_REASON_NETWORK && local_error != NULL)
    ol2tp_cause_init (dest, cause->reason, cause->result_code, cause->error_code, "%s", local_error->message);
}

static void
remember_tunnel_cause (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpCause *cause)
{
  copy_cause (&tunnel->cause, cause, tunnel->error);
  ol2tp_controller_touch_tunnel (self, tunnel, "LastResultCode");
  ol2tp_controller_touch_tunnel (self, tunnel, "LastErrorCode");
  ol2tp_controller_touch_tunnel (self, tunnel, "LastErrorMessage");
}

static void
log_tunnel_closed (const Ol2tpTunnelEntry *tunnel, const char *why)
{
  gboolean authentication = tunnel->cause.reason == OL2TP_REASON_AUTHENTICATION || tunnel->cause.reason == OL2TP_REASON_NO_SECRET;

  if (tunnel->up)
    ol2tp_log_tunnel_event (OL2TP_MESSAGE_TUNNEL_DOWN, tunnel, "down: %s", why);
  else if (tunnel->origin != OL2TP_ORIGIN_PEER || ol2tp_log_allow_peer ())
    ol2tp_log_tunnel_event (authentication ? OL2TP_MESSAGE_AUTHENTICATION_FAILED : OL2TP_MESSAGE_TUNNEL_DOWN, tunnel, "failed: %s", why);
}

static void
log_session_closed (const Ol2tpSessionEntry *session, const char *why)
{
  gboolean authentication
    = session->ppp_failed && (session->ppp_end == OL2TP_PPP_END_AUTH_REFUSED || session->ppp_end == OL2TP_PPP_END_AUTH_PEER);

  if (session->up)
    ol2tp_log_session_event (authentication ? OL2TP_MESSAGE_AUTHENTICATION_FAILED : OL2TP_MESSAGE_SESSION_DOWN, session, "down: %s", why);
  else
    ol2tp_log_session (G_LOG_LEVEL_INFO, session, "closed: %s", why);
}

/* The socket of a tunnel that a listener can stand in for is closed at once; the rest of the transport's life needs none. */
static void
drop_socket (Ol2tpController *self, const Ol2tpTunnelEntry *tunnel)
{
  Ol2tpEndpoint *endpoint = ol2tp_driver_get_endpoint (self->driver);

  if (!tunnel->initiator && ol2tp_endpoint_has_listener (endpoint, &tunnel->endpoints))
    ol2tp_endpoint_close_tunnel (endpoint, tunnel->id);
}

static void
on_tunnel_closed (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpCause *cause)
{
  g_autofree char *why = NULL;
  g_autoptr (GError) error = NULL;
  gboolean remove = tunnel->delete_when_down || tunnel->origin == OL2TP_ORIGIN_PEER;
  g_autoptr (GArray) down_waiters = g_array_ref (tunnel->down_waiters);

  g_cancellable_cancel (tunnel->resolving);
  g_clear_object (&tunnel->resolving);
  remember_tunnel_cause (self, tunnel, cause);
  why = describe (&tunnel->cause);
  if (tunnel->up)
    ol2tp_plugins_tunnel_down (self->plugins, (guint16) tunnel->id);
  if (tunnel->kernel_up)
    self->datapath->ops->tunnel_down (self->datapath, tunnel->id);
  tunnel->kernel_up = FALSE;
  drop_socket (self, tunnel);
  log_tunnel_closed (tunnel, why);

  ol2tp_controller_set_tunnel_state (self, tunnel, OL2TP_ENTRY_IDLE);
  tunnel->up_timestamp_us = 0;
  ol2tp_controller_touch_tunnel (self, tunnel, "UpTimestamp");
  if (tunnel->up)
    ol2tp_controller_tell_tunnel (self, tunnel, OL2TP_LIFECYCLE_TUNNEL_DOWN);
  else
    ol2tp_controller_flush_tunnel (self, tunnel);
  tunnel->up = FALSE;

  ol2tp_plugins_tunnel_deleted (self->plugins, (guint16) tunnel->id);
  ol2tp_controller_tell_tunnel (self, tunnel, OL2TP_LIFECYCLE_TUNNEL_DELETED);
  if (tunnel->up_waiters->len > 0)
    error = ol2tp_tunnel_error (tunnel);
  ol2tp_model_set_tunnel_id (self->model, tunnel, 0);
  tunnel->peer_id = 0;
  tunnel->closing = FALSE;
  ol2tp_controller_touch_tunnel (self, tunnel, "TunnelId");
  ol2tp_controller_touch_tunnel (self, tunnel, "PeerTunnelId");
  ol2tp_controller_flush_tunnel (self, tunnel);
  ol2tp_waiters_complete (tunnel->up_waiters, error);
  if (remove)
    ol2tp_controller_remove_tunnel (self, tunnel);
  ol2tp_waiters_complete (down_waiters, NULL);
}

/* Session events. */

static void
refuse_session (Ol2tpController *self, guint32 id, guint16 result, guint16 code, const char *text)
{
  Ol2tpCause cause;

  if (ol2tp_log_allow_peer ())
    g_message ("a peer's session is refused: %s", text);
  ol2tp_cause_init (&cause, OL2TP_REASON_REFUSED, result, code, "%s", text);
  ol2tp_engine_close_session (engine (self), id, &cause, now (self), NULL);
}

static void
on_session_incoming (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpEvent *event)
{
  g_autoptr (GError) error = NULL;
  struct in_addr pool_ip = { 0 };
  Ol2tpSessionEntry *session;

  /* RFC 2661 section 4.4.2, CDN 4: lack of facilities, temporary condition. */
  if ((self->config->max_sessions != 0 && ol2tp_model_get_n_sessions (self->model) >= self->config->max_sessions)
      || (tunnel->settings->max_sessions != 0 && tunnel->sessions->len >= tunnel->settings->max_sessions))
    {
      refuse_session (self, event->session_id, 4, 0, "too many sessions (max-sessions)");
      return;
    }
  if (tunnel->closing)
    {
      refuse_session (self, event->session_id, 4, 0, "the tunnel is being taken down");
      return;
    }
  if (!ol2tp_pool_is_empty (self->pool) && !ol2tp_pool_take (self->pool, &pool_ip))
    {
      refuse_session (self, event->session_id, 4, 0, "no free address (ip-range)");
      return;
    }
  session = ol2tp_model_add_session (self->model, tunnel, NULL, OL2TP_ORIGIN_PEER,
                                     ol2tp_session_settings_copy (self->config->lns_session));
  session->pool_ip = pool_ip;
  ol2tp_model_set_session_id (self->model, session, event->session_id);
  ol2tp_controller_refresh_session (self, session);
  if (!ol2tp_controller_session_created (self, session, TRUE, &error))
    {
      ol2tp_log_session (G_LOG_LEVEL_MESSAGE, session, "%s", error->message);
      ol2tp_pool_give_back (self->pool, session->pool_ip);
      g_hash_table_remove (self->dirty_sessions, session);
      ol2tp_model_remove_session (self->model, session);
      return;
    }
  ol2tp_engine_accept_session (engine (self), session->id, now (self), NULL);
  ol2tp_controller_refresh_session (self, session);
  ol2tp_controller_flush_session (self, session);
}

static void
fail_session (Ol2tpController *self, Ol2tpSessionEntry *session, GError *error)
{
  Ol2tpCause cause;

  ol2tp_log_session (G_LOG_LEVEL_WARNING, session, "%s", error->message);
  ol2tp_cause_init (&cause, OL2TP_REASON_NETWORK, 2, 4, NULL);
  g_clear_error (&session->error);
  session->error = error;
  ol2tp_engine_close_session (engine (self), session->id, &cause, now (self), NULL);
}

static void
on_session_datapath (Ol2tpController *self, Ol2tpSessionEntry *session)
{
  Ol2tpTunnelEntry *tunnel = session->tunnel;
  const Ol2tpSessionSettings *settings = session->in_force != NULL ? session->in_force : session->settings;
  Ol2tpDatapathSession kernel = { 0 };
  GError *error = NULL;

  if (!ol2tp_controller_refresh_session (self, session))
    return;
  kernel.tunnel_id = tunnel->id;
  kernel.peer_tunnel_id = tunnel->peer_id;
  kernel.id = session->id;
  kernel.peer_id = session->peer_id;
  kernel.path = tunnel->endpoints;
  kernel.lns = session->lns;
  kernel.send_seq = session->sequencing_required || settings->data_sequencing;
  kernel.recv_seq = session->sequencing_required;
  kernel.reorder_timeout_ms = settings->reorder_timeout_ms;
  if (!self->datapath->ops->session_up (self->datapath, &kernel, &error))
    {
      fail_session (self, session, error);
      return;
    }
  session->kernel_up = TRUE;
  ol2tp_engine_datapath_done (engine (self), session->id, now (self), NULL);
}

static void
on_session_up (Ol2tpController *self, Ol2tpSessionEntry *session)
{
  Ol2tpTunnelEntry *tunnel = session->tunnel;
  const char *refused_by = NULL;
  Ol2tpCause cause;

  if (!ol2tp_controller_refresh_session (self, session))
    return;
  if (!ol2tp_plugins_session_up (self->plugins, ol2tp_session_handle (session), (guint16) tunnel->id, (guint16) session->id,
                                 (guint16) tunnel->peer_id, (guint16) session->peer_id, &refused_by))
    {
      if (session->ppp_failed)
        ol2tp_ppp_end_to_cause (session, &cause);
      else
        ol2tp_cause_init (&cause, OL2TP_REASON_REFUSED, 2, 6, "refused by plugin %s", refused_by);
      ol2tp_log_session (G_LOG_LEVEL_WARNING, session, "%s", cause.message);
      ol2tp_engine_close_session (engine (self), session->id, &cause, now (self), NULL);
      return;
    }
  session->up = TRUE;
  session->up_timestamp_us = g_get_real_time ();
  ol2tp_controller_touch_session (self, session, "UpTimestamp");
  ol2tp_controller_tell_session (self, session, OL2TP_LIFECYCLE_SESSION_UP);
  ol2tp_log_session_event (OL2TP_MESSAGE_SESSION_UP, session, "up, id %u, peer's id %u", session->id, session->peer_id);
  if (session->ppp == NULL && !session->ppp_ended)
    ol2tp_waiters_complete (session->up_waiters, NULL);
  else
    ol2tp_waiters_complete_established (session->up_waiters);
}

static void
clear_ppp (Ol2tpController *self, Ol2tpSessionEntry *session)
{
  static const char *const properties[] = { "InterfaceName", "InterfaceIndex", "Ip4Config", "Ip6Config", "Mtu" };

  g_free (session->interface_name);
  session->interface_name = g_strdup ("");
  session->interface_index = 0;
  session->has_ip4 = session->has_ip6 = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    ol2tp_controller_touch_session (self, session, properties[i]);
  if (session->ppp_state != OL2TP_PPP_STATE_NONE && session->ppp_state != OL2TP_PPP_STATE_FAILED)
    {
      session->ppp_state = session->ppp_failed ? OL2TP_PPP_STATE_FAILED : OL2TP_PPP_STATE_NONE;
      ol2tp_controller_touch_session (self, session, "PppState");
    }
}

static void
on_session_closed (Ol2tpController *self, Ol2tpSessionEntry *session, const Ol2tpCause *cause)
{
  g_autofree char *why = NULL;
  Ol2tpTunnelEntry *tunnel = session->tunnel;

  ol2tp_loop_remove_timer (loop (self), session->close_timer);
  session->close_timer = 0;
  copy_cause (&session->cause, cause, session->error);
  why = describe (&session->cause);
  ol2tp_controller_touch_session (self, session, "LastResultCode");
  ol2tp_controller_touch_session (self, session, "LastErrorCode");
  ol2tp_controller_touch_session (self, session, "LastErrorMessage");
  if (session->ppp != NULL)
    session->ppp->stopping = TRUE; /* the down hook asks it to end, as stop() would */
  if (session->up)
    ol2tp_plugins_session_down (self->plugins, ol2tp_session_handle (session), (guint16) tunnel->id, (guint16) session->id);
  if (session->kernel_up)
    self->datapath->ops->session_down (self->datapath, tunnel->id, session->id);
  session->kernel_up = FALSE;
  log_session_closed (session, why);

  ol2tp_controller_set_session_state (self, session, OL2TP_ENTRY_IDLE);
  session->up_timestamp_us = 0;
  ol2tp_controller_touch_session (self, session, "UpTimestamp");
  clear_ppp (self, session);
  if (session->up)
    ol2tp_controller_tell_session (self, session, OL2TP_LIFECYCLE_SESSION_DOWN);
  else
    ol2tp_controller_flush_session (self, session);
  session->up = FALSE;

  ol2tp_plugins_session_deleted (self->plugins, ol2tp_session_handle (session), (guint16) tunnel->id, (guint16) session->id);
  ol2tp_controller_tell_session (self, session, OL2TP_LIFECYCLE_SESSION_DELETED);
  ol2tp_model_set_session_id (self->model, session, 0);
  session->peer_id = 0;
  session->closing = FALSE;
  ol2tp_controller_touch_session (self, session, "SessionId");
  ol2tp_controller_touch_session (self, session, "PeerSessionId");
  ol2tp_controller_flush_session (self, session);
  ol2tp_pool_give_back (self->pool, session->pool_ip);
  session->pool_ip.s_addr = 0;

  /* PPP knows best why a call failed: who waits is told when it has ended, which takes it seconds at most. */
  if (session->ppp == NULL || session->up_waiters->len + session->down_waiters->len == 0)
    {
      if (session->ppp != NULL)
        ol2tp_ppp_detach (session->ppp);
      session->ppp_ended = FALSE;
      ol2tp_controller_finish_session (self, session);
    }
  else
    ol2tp_controller_await_ppp (self, session);
  /* The peer's CDN may overtake the end of our PPP that a closing tunnel waits for. */
  ol2tp_controller_finish_tunnel (self, tunnel);
}

static void
handle_session_event (Ol2tpController *self, const Ol2tpEvent *event)
{
  Ol2tpSessionEntry *session = ol2tp_model_find_session (self->model, event->session_id);

  if (session == NULL) /* refused by a plugin before it had an entry */
    return;
  if (event->type == OL2TP_EVENT_SESSION_DATAPATH)
    on_session_datapath (self, session);
  else if (event->type == OL2TP_EVENT_SESSION_UP)
    on_session_up (self, session);
  else
    on_session_closed (self, session, &event->cause);
}

void
ol2tp_controller_handle_event (const Ol2tpEvent *event, gpointer user_data)
{
  Ol2tpController *self = user_data;
  Ol2tpTunnelEntry *tunnel = ol2tp_model_find_tunnel (self->model, event->tunnel_id); /* NULL once it was refused */

  switch (event->type)
    {
    case OL2TP_EVENT_TUNNEL_INCOMING:
      on_tunnel_incoming (self, event);
      break;
    case OL2TP_EVENT_TUNNEL_UP:
      if (tunnel != NULL)
        on_tunnel_up (self, tunnel);
      break;
    case OL2TP_EVENT_TUNNEL_CLOSED:
      if (tunnel != NULL)
        on_tunnel_closed (self, tunnel, &event->cause);
      break;
    case OL2TP_EVENT_TUNNEL_GONE:
      ol2tp_endpoint_close_tunnel (ol2tp_driver_get_endpoint (self->driver), event->tunnel_id);
      break;
    case OL2TP_EVENT_SESSION_INCOMING:
      if (tunnel != NULL)
        on_session_incoming (self, tunnel, event);
      break;
    case OL2TP_EVENT_SESSION_DATAPATH:
    case OL2TP_EVENT_SESSION_UP:
    case OL2TP_EVENT_SESSION_CLOSED:
      handle_session_event (self, event);
      break;
    case OL2TP_EVENT_TRACE:
      g_debug ("%s", event->text);
      break;
    default:
      g_assert_not_reached ();
    }
}
