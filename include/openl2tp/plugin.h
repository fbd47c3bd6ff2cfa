/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * openl2tp/plugin.h: the classic plugin interface.
 *
 * A plugin is a shared object with
 *
 *     const char l2tp_plugin_version[] = "1.0";     any text, logged; required
 *     int  l2tp_plugin_init (void);                 required; below 0: the plugin is not used
 *     void l2tp_plugin_cleanup (void);              optional; called at exit, last loaded first
 *
 * or the same three with the names openl2tp_plugin_version, _init and _cleanup.  In its init function it stores its functions in
 * the hook variables below.  Before each plugin's init the host sets every variable to NULL and afterwards keeps what the plugin
 * stored: each plugin's hook is called exactly once an event, in load order, whether or not plugins save and call "the old hook".
 * (A plugin that chains reads NULL and has nothing to call; that is what it is meant to see.)
 *
 * All hooks run on the main thread, one at a time, and must not block.  IDs are our own ("local") ones unless called peer's.
 * Pointers are valid until the hook returns.  For each ID:
 *
 *     created  ->  [ up  ->  down ]  ->  deleted         modified anywhere between created and deleted
 *
 * created comes before up, deleted after down, each at most once; down only if up was given, deleted only if created was.
 * A tunnel's up comes before its sessions' up, its sessions' down before its own down.
 *
 * Return values: 0 or more goes on.  Below 0 refuses where marked "may refuse"; plugins that were asked before then get deleted
 * (or down), those after are not called.  Elsewhere the value is ignored.
 */
#ifndef OPENL2TP_PLUGIN_H
#define OPENL2TP_PLUGIN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** l2tp_session: opaque. */
struct l2tp_session;

/** pppol2tp_ioc_stats: the kernel's statistics structure, from <linux/ppp-ioctl.h>. */
struct pppol2tp_ioc_stats;

/** A tunnel has its ID. Opened by a peer: may refuse (StopCCN), before anything was answered. Our own: the value is ignored. */
extern int (*l2tp_tunnel_created_hook) (uint16_t tunnel_id);
/** The last event of a tunnel ID. */
extern int (*l2tp_tunnel_deleted_hook) (uint16_t tunnel_id);
/** Settings were changed while the tunnel exists. */
extern int (*l2tp_tunnel_modified_hook) (uint16_t tunnel_id);
/** The control connection is established. */
extern int (*l2tp_tunnel_up_hook) (uint16_t tunnel_id, uint16_t peer_tunnel_id);
/** The control connection is over; its sessions' down hooks were called before. */
extern int (*l2tp_tunnel_down_hook) (uint16_t tunnel_id);

/** A session has its ID. May refuse (CDN); for a session we create ourselves -EEXIST is tolerated. */
extern int (*l2tp_session_created_hook) (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id);
/** The last event of a session ID. */
extern int (*l2tp_session_deleted_hook) (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id);
/** Settings were changed while the session exists. */
extern int (*l2tp_session_modified_hook) (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id);
/** The session is established and its data path exists: the place to start PPP. May refuse (CDN). */
extern int (*l2tp_session_up_hook) (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id,
                                    uint16_t peer_tunnel_id, uint16_t peer_session_id);
/** The session is over: the place to end PPP. */
extern int (*l2tp_session_down_hook) (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id);
/** Statistics are asked for: fill *@stats and return 0, or return anything else to leave it to the next plugin or the kernel. */
extern int (*l2tp_session_get_stats_hook) (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id,
                                           struct pppol2tp_ioc_stats *stats);

#ifdef __cplusplus
}
#endif
#endif
