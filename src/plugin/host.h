/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads classic plugins, runs their hooks, and exports to them the functions of openl2tp/ppp.h.
 *
 * What those functions do lives higher up: the daemon passes it in as a table.  The exported functions have no context argument,
 * so there is one host a process.
 */
#pragma once

#include <glib.h>
#include <stdarg.h>

#include <openl2tp/plugin.h>
#include <openl2tp/ppp.h>

G_BEGIN_DECLS

typedef struct Ol2tpPlugins Ol2tpPlugins;

/**
 * Ol2tpPluginServices:
 *
 * What stands behind openl2tp/ppp.h; see there for each. @user_data is that of ol2tp_plugins_set_services().
 */
typedef struct {
  Ol2tpPpp *(*claim) (guint16 tunnel_id, guint16 session_id, const Ol2tpPppOps *ops, void *data, gpointer user_data);
  const Ol2tpPppConfig *(*get_config) (Ol2tpPpp *ppp, gpointer user_data);
  int (*take_channel) (Ol2tpPpp *ppp, gpointer user_data);
  int (*get_secret) (Ol2tpPpp *ppp, const char *user, char *secret, gsize size, gpointer user_data);
  void (*set_state) (Ol2tpPpp *ppp, Ol2tpPppState state, gpointer user_data);
  void (*set_interface) (Ol2tpPpp *ppp, const char *name, gpointer user_data);
  void (*set_ip4) (Ol2tpPpp *ppp, const Ol2tpPppIp4 *ip4, gpointer user_data);
  void (*set_ip6) (Ol2tpPpp *ppp, const Ol2tpPppIp6 *ip6, gpointer user_data);
  void (*set_peer_name) (Ol2tpPpp *ppp, const char *name, gpointer user_data);
  void (*end) (Ol2tpPpp *ppp, Ol2tpPppEnd reason, int status, const char *message, gpointer user_data);
  void (*log) (Ol2tpPpp *ppp, int priority, const char *text, gpointer user_data);
  int (*watch_add) (int fd, guint32 epoll_events, Ol2tpWatchFunc func, void *data, gpointer user_data);
  void (*watch_remove) (int fd, gpointer user_data);
  guint (*timer_add) (guint msec, Ol2tpTimerFunc func, void *data, gpointer user_data);
  void (*timer_remove) (guint id, gpointer user_data);
} Ol2tpPluginServices;

/** ol2tp_plugins_set_services: @services stays valid until it is replaced by %NULL, after which exported functions fail softly. */
void ol2tp_plugins_set_services (const Ol2tpPluginServices *services, gpointer user_data);

/**
 * ol2tp_plugins_new:
 * @directory: where bare names are looked for
 * @start_directory: (nullable): what relative paths (with a '/') start from; %NULL = the current one
 */
Ol2tpPlugins *ol2tp_plugins_new (const char *directory, const char *start_directory);

/** ol2tp_plugins_free: cleanup functions in reverse order of loading, then dlclose. */
void ol2tp_plugins_free (Ol2tpPlugins *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpPlugins, ol2tp_plugins_free)

/**
 * ol2tp_plugins_load:
 * @name: bare name in the plugin directory, with or without ".so", or a path (anything with a '/')
 *
 * Loads one plugin (RTLD_NOW | RTLD_LOCAL) and runs its init. The file must be a regular file owned by root or by our own user
 * and writable by nobody else. A file that is loaded already (by device and inode of the real path) is left alone: success. After
 * a failure nothing of the plugin stays: hooks it stored are dropped.
 *
 * Errors: %OL2TP_ERROR_NOT_FOUND, %OL2TP_ERROR_FAILED; the message names the file, what is wrong, and what was looked for.
 */
gboolean ol2tp_plugins_load (Ol2tpPlugins *self, const char *name, GError **error);

/** ol2tp_plugins_get_n: how many are loaded. */
guint ol2tp_plugins_get_n (const Ol2tpPlugins *self);
/** ol2tp_plugins_get_name: file name of number @index, without directory and ".so". */
const char *ol2tp_plugins_get_name (const Ol2tpPlugins *self, guint index);
/** ol2tp_plugins_get_version: text of its version symbol. */
const char *ol2tp_plugins_get_version (const Ol2tpPlugins *self, guint index);

/*
 * The hooks, in load order.  Those that may refuse return FALSE after a refusal, with *refused_by set to the plugin's name; the
 * walk has then stopped and plugins asked before got the opposite hook (deleted, down), last asked first.
 * @tolerate: the classic rule for what we create ourselves: tunnel_created's value is ignored, session_created's -EEXIST is no
 * refusal.
 */
gboolean ol2tp_plugins_tunnel_created (Ol2tpPlugins *self, guint16 tunnel_id, gboolean tolerate, const char **refused_by);
void ol2tp_plugins_tunnel_deleted (Ol2tpPlugins *self, guint16 tunnel_id);
void ol2tp_plugins_tunnel_modified (Ol2tpPlugins *self, guint16 tunnel_id);
void ol2tp_plugins_tunnel_up (Ol2tpPlugins *self, guint16 tunnel_id, guint16 peer_tunnel_id);
void ol2tp_plugins_tunnel_down (Ol2tpPlugins *self, guint16 tunnel_id);
gboolean ol2tp_plugins_session_created (Ol2tpPlugins *self, struct l2tp_session const *session, guint16 tunnel_id,
                                        guint16 session_id, gboolean tolerate, const char **refused_by);
void ol2tp_plugins_session_deleted (Ol2tpPlugins *self, struct l2tp_session const *session, guint16 tunnel_id, guint16 session_id);
void ol2tp_plugins_session_modified (Ol2tpPlugins *self, struct l2tp_session const *session, guint16 tunnel_id, guint16 session_id);
gboolean ol2tp_plugins_session_up (Ol2tpPlugins *self, struct l2tp_session const *session, guint16 tunnel_id, guint16 session_id,
                                   guint16 peer_tunnel_id, guint16 peer_session_id, const char **refused_by);
void ol2tp_plugins_session_down (Ol2tpPlugins *self, struct l2tp_session const *session, guint16 tunnel_id, guint16 session_id);
/** ol2tp_plugins_session_get_stats: Returns: whether a plugin filled @stats (its hook returned 0; the first wins). */
gboolean ol2tp_plugins_session_get_stats (Ol2tpPlugins *self, struct l2tp_session const *session, guint16 tunnel_id,
                                          guint16 session_id, struct pppol2tp_ioc_stats *stats);

G_END_DECLS
