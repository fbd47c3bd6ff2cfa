/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's generic netlink family "l2tp", as far as L2TPv2 over UDP needs it.  Calls wait for the kernel's answer, which it
 * gives from within the request; one that does not come within a second is an error and not a hang.
 */
#pragma once

#include "datapath.h"

G_BEGIN_DECLS

typedef struct Ol2tpNetlink Ol2tpNetlink;

/** ol2tp_netlink_new: Errors: %OL2TP_ERROR_KERNEL_UNSUPPORTED if the kernel has no such family and no module for it. */
Ol2tpNetlink *ol2tp_netlink_new (GError **error);
void ol2tp_netlink_free (Ol2tpNetlink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpNetlink, ol2tp_netlink_free)

/* Errors of all of these: %OL2TP_ERROR_KERNEL, naming tunnel and session. */

gboolean ol2tp_netlink_create_tunnel (Ol2tpNetlink *self, const Ol2tpDatapathTunnel *tunnel, GError **error);
gboolean ol2tp_netlink_create_session (Ol2tpNetlink *self, const Ol2tpDatapathSession *session, GError **error);

/** ol2tp_netlink_delete_tunnel: one that is not there counts as deleted. */
gboolean ol2tp_netlink_delete_tunnel (Ol2tpNetlink *self, guint32 tunnel_id, GError **error);
gboolean ol2tp_netlink_delete_session (Ol2tpNetlink *self, guint32 tunnel_id, guint32 session_id, GError **error);

/**
 * ol2tp_netlink_get_stats:
 * @session_id: 0 = the tunnel's own counters, over all its sessions
 */
gboolean ol2tp_netlink_get_stats (Ol2tpNetlink *self, guint32 tunnel_id, guint32 session_id, Ol2tpDatapathStats *stats,
                                  GError **error);

G_END_DECLS
