/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What observers are told, and the model it is told from.  Changed properties are collected by name and announced before the next
 * signal of their object, or when nothing else is left to do.
 */
#include "controller-private.h"

static void
touch (GPtrArray *changed, const char *property)
{
  if (!g_ptr_array_find_with_equal_func (changed, property, g_str_equal, NULL))
    g_ptr_array_add (changed, (gpointer) property);
}

void
ol2tp_controller_touch_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const char *property)
{
  touch (tunnel->changed, property);
  g_hash_table_add (self->dirty_tunnels, tunnel);
}

void
ol2tp_controller_touch_session (Ol2tpController *self, Ol2tpSessionEntry *session, const char *property)
{
  touch (session->changed, property);
  g_hash_table_add (self->dirty_sessions, session);
}

void
ol2tp_controller_flush_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel)
{
  g_hash_table_remove (self->dirty_tunnels, tunnel);
  if (tunnel->changed->len == 0)
    return;
  g_ptr_array_add (tunnel->changed, NULL);
  if (self->observer != NULL)
    self->observer->tunnel_changed (tunnel, (const char *const *) tunnel->changed->pdata, self->observer_data);
  g_ptr_array_set_size (tunnel->changed, 0);
}

/* The session stays in the dirty set: it may have PPP news as well, which are settle()'s. */
void
ol2tp_controller_flush_session (Ol2tpController *self, Ol2tpSessionEntry *session)
{
  if (session->changed->len == 0)
    return;
  g_ptr_array_add (session->changed, NULL);
  if (self->observer != NULL)
    self->observer->session_changed (session, (const char *const *) session->changed->pdata, self->observer_data);
  g_ptr_array_set_size (session->changed, 0);
}

void
ol2tp_controller_set_tunnel_state (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpEntryState state)
{
  if (tunnel->state == state)
    return;
  tunnel->state = state;
  ol2tp_controller_touch_tunnel (self, tunnel, "State");
  if (state == OL2TP_ENTRY_IDLE && tunnel->in_force != NULL)
    {
      g_clear_pointer (&tunnel->in_force, ol2tp_tunnel_settings_free);
      ol2tp_controller_touch_tunnel (self, tunnel, "PendingChanges");
    }
}

void
ol2tp_controller_set_session_state (Ol2tpController *self, Ol2tpSessionEntry *session, Ol2tpEntryState state)
{
  if (session->state == state)
    return;
  session->state = state;
  ol2tp_controller_touch_session (self, session, "State");
  if (state == OL2TP_ENTRY_IDLE && session->in_force != NULL)
    {
      g_clear_pointer (&session->in_force, ol2tp_session_settings_free);
      ol2tp_controller_touch_session (self, session, "Mtu");
      ol2tp_controller_touch_session (self, session, "UserName");
    }
}

void
ol2tp_controller_tell_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpLifecycle event)
{
  ol2tp_controller_flush_tunnel (self, tunnel);
  if (self->observer != NULL)
    self->observer->tunnel_event (tunnel, event, self->observer_data);
}

void
ol2tp_controller_tell_session (Ol2tpController *self, Ol2tpSessionEntry *session, Ol2tpLifecycle event)
{
  ol2tp_controller_flush_session (self, session);
  if (self->observer != NULL)
    self->observer->session_event (session, event, self->observer_data);
}

/* Takes over one value from the engine, announcing it if it is new. */
#define UPDATE(kind, entry, field, value, property)                                                                               \
  G_STMT_START                                                                                                                    \
  {                                                                                                                               \
    if ((entry)->field != (value))                                                                                                \
      {                                                                                                                           \
        (entry)->field = (value);                                                                                                 \
        ol2tp_controller_touch_##kind (self, entry, property);                                                                    \
      }                                                                                                                           \
  }                                                                                                                               \
  G_STMT_END

#define UPDATE_STRING(kind, entry, field, value, property)                                                                        \
  G_STMT_START                                                                                                                    \
  {                                                                                                                               \
    if (!g_str_equal ((entry)->field, value))                                                                                     \
      {                                                                                                                           \
        g_free ((entry)->field);                                                                                                  \
        (entry)->field = g_strdup (value);                                                                                        \
        ol2tp_controller_touch_##kind (self, entry, property);                                                                    \
      }                                                                                                                           \
  }                                                                                                                               \
  G_STMT_END

static void
update_endpoints (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpPath *path)
{
  if (!ol2tp_address_equal (&tunnel->endpoints.local, &path->local))
    ol2tp_controller_touch_tunnel (self, tunnel, "LocalEndpoint");
  if (!ol2tp_address_equal (&tunnel->endpoints.remote, &path->remote))
    ol2tp_controller_touch_tunnel (self, tunnel, "PeerEndpoint");
  tunnel->endpoints = *path;
}

gboolean
ol2tp_controller_refresh_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel)
{
  static const Ol2tpEntryState states[] = {
    [OL2TP_TUNNEL_STATE_IDLE] = OL2TP_ENTRY_IDLE,
    [OL2TP_TUNNEL_STATE_WAIT_ACCEPT] = OL2TP_ENTRY_IDLE,
    [OL2TP_TUNNEL_STATE_WAIT_CTL_REPLY] = OL2TP_ENTRY_WAIT_CTL_REPLY,
    [OL2TP_TUNNEL_STATE_WAIT_CTL_CONN] = OL2TP_ENTRY_WAIT_CTL_CONN,
    [OL2TP_TUNNEL_STATE_ESTABLISHED] = OL2TP_ENTRY_ESTABLISHED,
    [OL2TP_TUNNEL_STATE_CLOSING] = OL2TP_ENTRY_IDLE,
  };
  Ol2tpTunnelInfo info;

  if (!ol2tp_engine_get_tunnel_info (engine (self), tunnel->id, &info) || info.state == OL2TP_TUNNEL_STATE_CLOSING)
    return FALSE;
  update_endpoints (self, tunnel, &info.path);
  UPDATE (tunnel, tunnel, peer_id, info.peer_id, "PeerTunnelId");
  UPDATE (tunnel, tunnel, authenticated, info.authenticated, "Authenticated");
  UPDATE_STRING (tunnel, tunnel, peer_host_name, info.peer_host_name, "PeerHostName");
  UPDATE_STRING (tunnel, tunnel, peer_vendor_name, info.peer_vendor_name, "PeerVendorName");
  UPDATE (tunnel, tunnel, peer_firmware_revision, info.peer_firmware_revision, "PeerFirmwareRevision");
  UPDATE (tunnel, tunnel, peer_framing_capabilities, info.peer_framing_capabilities, "PeerFramingCapabilities");
  UPDATE (tunnel, tunnel, peer_bearer_capabilities, info.peer_bearer_capabilities, "PeerBearerCapabilities");
  UPDATE (tunnel, tunnel, peer_receive_window, info.peer_receive_window, "PeerReceiveWindow");
  ol2tp_controller_set_tunnel_state (self, tunnel, states[info.state]);
  return TRUE;
}

gboolean
ol2tp_controller_refresh_session (Ol2tpController *self, Ol2tpSessionEntry *session)
{
  static const Ol2tpEntryState states[] = {
    [OL2TP_SESSION_STATE_IDLE] = OL2TP_ENTRY_IDLE,
    [OL2TP_SESSION_STATE_WAIT_TUNNEL] = OL2TP_ENTRY_WAIT_TUNNEL,
    [OL2TP_SESSION_STATE_WAIT_ACCEPT] = OL2TP_ENTRY_IDLE,
    [OL2TP_SESSION_STATE_WAIT_REPLY] = OL2TP_ENTRY_WAIT_REPLY,
    [OL2TP_SESSION_STATE_WAIT_CONNECT] = OL2TP_ENTRY_WAIT_CONNECT,
    [OL2TP_SESSION_STATE_WAIT_DATAPATH] = OL2TP_ENTRY_WAIT_CONNECT,
    [OL2TP_SESSION_STATE_ESTABLISHED] = OL2TP_ENTRY_ESTABLISHED,
  };
  Ol2tpSessionInfo info;

  if (!ol2tp_engine_get_session_info (engine (self), session->id, &info))
    return FALSE;
  UPDATE (session, session, peer_id, info.peer_id, "PeerSessionId");
  UPDATE (session, session, call_serial_number, info.call_serial_number, "CallSerialNumber");
  UPDATE (session, session, tx_speed, info.tx_speed, "TxSpeed");
  UPDATE (session, session, rx_speed, info.rx_speed, "RxSpeed");
  UPDATE (session, session, sequencing_required, info.sequencing_required, "SequencingRequired");
  UPDATE_STRING (session, session, called_number, info.called_number, "CalledNumber");
  UPDATE_STRING (session, session, calling_number, info.calling_number, "CallingNumber");
  ol2tp_controller_set_session_state (self, session, states[info.state]);
  return TRUE;
}

void
ol2tp_controller_tunnel_created (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, gboolean added)
{
  const char *refused_by;

  /* As in OpenL2TP the value is ignored for tunnels we open ourselves; about those of peers, plugins were asked before. */
  if (tunnel->initiator)
    ol2tp_plugins_tunnel_created (self->plugins, (guint16) tunnel->id, TRUE, &refused_by);
  if (added)
    g_ptr_array_set_size (tunnel->changed, 0);
  if (added && self->observer != NULL)
    self->observer->tunnel_added (tunnel, self->observer_data);
  ol2tp_controller_tell_tunnel (self, tunnel, OL2TP_LIFECYCLE_TUNNEL_CREATED);
}

gboolean
ol2tp_controller_session_created (Ol2tpController *self, Ol2tpSessionEntry *session, gboolean added, GError **error)
{
  Ol2tpCause cause;
  const char *refused_by = NULL;
  guint32 id = session->id;

  if (!ol2tp_plugins_session_created (self->plugins, ol2tp_session_handle (session), (guint16) session->tunnel->id, (guint16) id,
                                      session->origin != OL2TP_ORIGIN_PEER, &refused_by))
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_FAILED, "plugin %s refuses the session", refused_by);
      ol2tp_cause_init (&cause, OL2TP_REASON_REFUSED, 2, 6, "refused by plugin %s", refused_by);
      ol2tp_model_set_session_id (self->model, session, 0);
      ol2tp_engine_close_session (engine (self), id, &cause, now (self), NULL);
      return FALSE;
    }
  if (added)
    g_ptr_array_set_size (session->changed, 0);
  if (added && self->observer != NULL)
    self->observer->session_added (session, self->observer_data);
  ol2tp_controller_tell_session (self, session, OL2TP_LIFECYCLE_SESSION_CREATED);
  return TRUE;
}

void
ol2tp_controller_tunnel_modified (Ol2tpController *self, Ol2tpTunnelEntry *tunnel)
{
  if (tunnel->id == 0)
    {
      ol2tp_controller_flush_tunnel (self, tunnel);
      return;
    }
  ol2tp_plugins_tunnel_modified (self->plugins, (guint16) tunnel->id);
  ol2tp_controller_tell_tunnel (self, tunnel, OL2TP_LIFECYCLE_TUNNEL_MODIFIED);
}

void
ol2tp_controller_session_modified (Ol2tpController *self, Ol2tpSessionEntry *session)
{
  if (session->id == 0)
    {
      ol2tp_controller_flush_session (self, session);
      return;
    }
  ol2tp_plugins_session_modified (self->plugins, ol2tp_session_handle (session), (guint16) session->tunnel->id, (guint16) session->id);
  ol2tp_controller_tell_session (self, session, OL2TP_LIFECYCLE_SESSION_MODIFIED);
}
