/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes kernel state down in a thread of its own: the kernel makes whoever closes a PPPoL2TP socket or deletes a session wait for
 * 2 to 21 ms, and a main loop with HELLOs to send has no time for that.  What is given to it is done in the order it was given.
 */
#pragma once

#include "netlink.h"

G_BEGIN_DECLS

typedef struct Ol2tpReaper Ol2tpReaper;

/** ol2tp_reaper_new: Errors: as ol2tp_netlink_new(): the thread has a netlink socket of its own. */
Ol2tpReaper *ol2tp_reaper_new (GError **error);

/** ol2tp_reaper_free: waits until all is done. */
void ol2tp_reaper_free (Ol2tpReaper *self);

/** ol2tp_reaper_session: deletes a session. @channel: (transfer full): its PPPoL2TP socket, or -1 */
void ol2tp_reaper_session (Ol2tpReaper *self, guint32 tunnel_id, guint32 session_id, int channel);

/** ol2tp_reaper_tunnel: deletes a tunnel. */
void ol2tp_reaper_tunnel (Ol2tpReaper *self, guint32 tunnel_id);

/** ol2tp_reaper_wait: returns when all that was given so far is done; for tests, and for an ID that is wanted again. */
void ol2tp_reaper_wait (Ol2tpReaper *self);

G_END_DECLS
