/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the daemon can do, in verbs, and the one function that turns protocol events into hooks, model, property changes and
 * signals, in that order.  The bus layer calls the verbs and observes; it holds no state.
 *
 * Verbs that take a done function call it exactly once, possibly before they return, always after the events it waits for were
 * observed.
 */
#pragma once

#include "configuration.h"
#include "datapath/datapath.h"
#include "loop.h"
#include "model.h"
#include "plugin/host.h"

G_BEGIN_DECLS

typedef struct Ol2tpController Ol2tpController;

typedef enum {
  OL2TP_LIFECYCLE_TUNNEL_CREATED,
  OL2TP_LIFECYCLE_TUNNEL_DELETED,
  OL2TP_LIFECYCLE_TUNNEL_MODIFIED,
  OL2TP_LIFECYCLE_TUNNEL_UP,
  OL2TP_LIFECYCLE_TUNNEL_DOWN,
  OL2TP_LIFECYCLE_SESSION_CREATED,
  OL2TP_LIFECYCLE_SESSION_DELETED,
  OL2TP_LIFECYCLE_SESSION_MODIFIED,
  OL2TP_LIFECYCLE_SESSION_UP,
  OL2TP_LIFECYCLE_SESSION_DOWN,
} Ol2tpLifecycle;

/**
 * Ol2tpObserver:
 * @tunnel_added, @session_added: the object exists: InterfacesAdded
 * @tunnel_removed, @session_removed: it is about to go: InterfacesRemoved
 * @tunnel_changed, @session_changed: @properties, NULL-terminated, have new values: PropertiesChanged
 * @tunnel_event, @session_event: a lifecycle signal; IDs and cause are in the entry
 * @manager_changed: properties of the daemon as a whole have new values; may be %NULL
 */
typedef struct {
  void (*tunnel_added) (const Ol2tpTunnelEntry *tunnel, gpointer user_data);
  void (*tunnel_removed) (const Ol2tpTunnelEntry *tunnel, gpointer user_data);
  void (*tunnel_changed) (const Ol2tpTunnelEntry *tunnel, const char *const *properties, gpointer user_data);
  void (*tunnel_event) (const Ol2tpTunnelEntry *tunnel, Ol2tpLifecycle event, gpointer user_data);
  void (*session_added) (const Ol2tpSessionEntry *session, gpointer user_data);
  void (*session_removed) (const Ol2tpSessionEntry *session, gpointer user_data);
  void (*session_changed) (const Ol2tpSessionEntry *session, const char *const *properties, gpointer user_data);
  void (*session_event) (const Ol2tpSessionEntry *session, Ol2tpLifecycle event, gpointer user_data);
  void (*manager_changed) (const char *const *properties, gpointer user_data);
} Ol2tpObserver;

/**
 * ol2tp_controller_new:
 * @config: (transfer full):
 * @plugins: (transfer none): outlives the controller; may be empty
 * @log_mask: OL2TP_LOG_* categories to print at debug level
 *
 * Becomes the services of the plugin host; load plugins after this.
 */
Ol2tpController *ol2tp_controller_new (Ol2tpConfig *config, Ol2tpPlugins *plugins, guint log_mask);
/** ol2tp_controller_free: after ol2tp_controller_shutdown(), or without: then peers are not told. */
void ol2tp_controller_free (Ol2tpController *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpController, ol2tp_controller_free)

/** ol2tp_controller_set_observer: @observer stays valid until replaced; %NULL for none. */
void ol2tp_controller_set_observer (Ol2tpController *self, const Ol2tpObserver *observer, gpointer user_data);

/**
 * ol2tp_controller_start:
 * @port: replaces 1701, as in ol2tp_config_load(); 0 = 1701
 *
 * Probes the data path, and opens the listeners if the LNS side is enabled. Errors: a listener cannot be opened.
 */
gboolean ol2tp_controller_start (Ol2tpController *self, guint16 port, GError **error);

/** ol2tp_controller_start_tunnels: makes the tunnels of configuration files and connects them; once, when the bus name is ours. */
void ol2tp_controller_start_tunnels (Ol2tpController *self);

/** ol2tp_controller_cancel_waiters: answers everybody who still waits: the daemon goes. */
void ol2tp_controller_cancel_waiters (Ol2tpController *self);

/** ol2tp_controller_shutdown: ends everything in order; @done when all peers have acknowledged, or after 8 seconds. */
void ol2tp_controller_shutdown (Ol2tpController *self, Ol2tpDoneFunc done, gpointer data);

/** ol2tp_controller_get_loop: for timers of the layers above. */
Ol2tpLoop *ol2tp_controller_get_loop (const Ol2tpController *self);
const Ol2tpModel *ol2tp_controller_get_model (const Ol2tpController *self);
const Ol2tpConfig *ol2tp_controller_get_config (const Ol2tpController *self);
const char *ol2tp_controller_get_host_name (const Ol2tpController *self);
/** ol2tp_controller_get_listeners: Returns: (element-type Ol2tpAddress): */
const GArray *ol2tp_controller_get_listeners (const Ol2tpController *self);
/** ol2tp_controller_get_features: Returns: (transfer container): static words, NULL-terminated. */
const char **ol2tp_controller_get_features (const Ol2tpController *self);

/**
 * ol2tp_controller_create_tunnel:
 * @settings: (transfer full):
 *
 * Makes the object and its first ID. Errors: %OL2TP_ERROR_ALREADY_EXISTS, %OL2TP_ERROR_INVALID_ARGUMENTS,
 * %OL2TP_ERROR_LIMIT_EXCEEDED.
 */
Ol2tpTunnelEntry *ol2tp_controller_create_tunnel (Ol2tpController *self, const char *name, const char *peer, Ol2tpOrigin origin,
                                                  guint owner_uid, Ol2tpTunnelSettings *settings, GError **error);
/**
 * ol2tp_controller_create_session:
 * @settings: (transfer full):
 *
 * Errors: as for tunnels, and %OL2TP_ERROR_WRONG_STATE in a tunnel that is being taken down.
 */
Ol2tpSessionEntry *ol2tp_controller_create_session (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const char *name,
                                                    Ol2tpSessionSettings *settings, GError **error);

void ol2tp_controller_connect_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpDoneFunc done, gpointer data);
void ol2tp_controller_connect_session (Ol2tpController *self, Ol2tpSessionEntry *session, gboolean wait_ppp, Ol2tpDoneFunc done,
                                       gpointer data);
/** ol2tp_controller_disconnect_tunnel: @cause says what StopCCN carries. PPP of its sessions ends in order first. */
void ol2tp_controller_disconnect_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpCause *cause, Ol2tpDoneFunc done,
                                         gpointer data);
void ol2tp_controller_disconnect_session (Ol2tpController *self, Ol2tpSessionEntry *session, const Ol2tpCause *cause,
                                          Ol2tpDoneFunc done, gpointer data);
/** ol2tp_controller_delete_tunnel: disconnects if need be, then removes the object; it is gone when @done is called. */
void ol2tp_controller_delete_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpDoneFunc done, gpointer data);
/** ol2tp_controller_abandon_tunnel: deletes a tunnel whose maker has left. */
void ol2tp_controller_abandon_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel);
void ol2tp_controller_delete_session (Ol2tpController *self, Ol2tpSessionEntry *session, Ol2tpDoneFunc done, gpointer data);

/**
 * ol2tp_controller_modify_tunnel:
 * @settings: (transfer full): a copy of the tunnel's, changed
 *
 * Limits hold at once, all else for the next connection; a tunnel that is idle or still looks its peer up has all of it at once.
 */
void ol2tp_controller_modify_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpTunnelSettings *settings);
/** ol2tp_controller_modify_session: the same; all of it holds for the next connection. */
void ol2tp_controller_modify_session (Ol2tpController *self, Ol2tpSessionEntry *session, Ol2tpSessionSettings *settings);
/** ol2tp_controller_list_pending: Returns: (transfer container): static keys of settings that wait for a reconnect, NULL-terminated. */
const char **ol2tp_controller_list_pending (const Ol2tpTunnelEntry *tunnel);

/** ol2tp_controller_set_tunnel_secret: takes effect with the next connection. @secret: (nullable): */
void ol2tp_controller_set_tunnel_secret (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpSecret *secret);
void ol2tp_controller_set_session_password (Ol2tpController *self, Ol2tpSessionEntry *session, Ol2tpSecret *secret);

/** ol2tp_controller_get_tunnel_stats: control and data counters. Errors: %OL2TP_ERROR_WRONG_STATE without an ID. */
gboolean ol2tp_controller_get_tunnel_stats (Ol2tpController *self, const Ol2tpTunnelEntry *tunnel, Ol2tpTunnelStats *control,
                                            Ol2tpDatapathStats *data, GError **error);
/** ol2tp_controller_get_session_stats: hook get_stats first, then the data path. Errors: %OL2TP_ERROR_WRONG_STATE while down. */
gboolean ol2tp_controller_get_session_stats (Ol2tpController *self, const Ol2tpSessionEntry *session, Ol2tpDatapathStats *stats,
                                             GError **error);

G_END_DECLS
