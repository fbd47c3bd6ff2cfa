/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where data packets go, behind one vtable: the kernel, or nowhere (null); a userspace path comes later.
 *
 * Calls are made on the main thread, in this order: tunnel_up, session_up, [take_channel], session_down, tunnel_down.  IDs are
 * unique: tunnel IDs among tunnels, session IDs over all tunnels.  A call that fails leaves nothing behind.
 */
#pragma once

#include "core/types.h"

G_BEGIN_DECLS

typedef struct Ol2tpDatapath Ol2tpDatapath;

/**
 * Ol2tpDatapathTunnel:
 * @fd: the tunnel's UDP socket, bound and connected; borrowed; -1 is possible unless the data path needs one
 */
typedef struct {
  guint32 id;
  guint32 peer_id;
  Ol2tpPath path;
  int fd;
} Ol2tpDatapathTunnel;

/**
 * Ol2tpDatapathSession:
 * @lns: we are the LNS (LNS_MODE: we control sequencing)
 * @send_seq: put sequence numbers on packets we send
 * @recv_seq: drop packets without them
 * @reorder_timeout_ms: wait so long for a missing packet, 0 = do not
 */
typedef struct {
  guint32 tunnel_id;
  guint32 peer_tunnel_id;
  guint32 id;
  guint32 peer_id;
  Ol2tpPath path;
  gboolean lns;
  gboolean send_seq;
  gboolean recv_seq;
  guint reorder_timeout_ms;
} Ol2tpDatapathSession;

/** Ol2tpDatapathStats: counters since the session or tunnel was made. */
typedef struct {
  guint64 tx_packets, tx_bytes, tx_errors;
  guint64 rx_packets, rx_bytes, rx_errors;
  guint64 rx_seq_discards, rx_oos_packets;
} Ol2tpDatapathStats;

/**
 * Ol2tpDatapathOps:
 * @name: "kernel", "null"
 * @feature: word for the bus property Features, "" for none
 * @needs_socket: a peer's tunnel must have a UDP socket of its own; otherwise the listener's does for its control messages
 * @settle: session_down and tunnel_down may return before the kernel is done; this returns when it is
 */
typedef struct {
  const char *name;
  const char *feature;
  gboolean needs_socket;
  gboolean (*tunnel_up) (Ol2tpDatapath *self, const Ol2tpDatapathTunnel *tunnel, GError **error);
  void (*tunnel_down) (Ol2tpDatapath *self, guint32 tunnel_id);
  gboolean (*session_up) (Ol2tpDatapath *self, const Ol2tpDatapathSession *session, GError **error);
  int (*take_channel) (Ol2tpDatapath *self, guint32 tunnel_id, guint32 session_id);
  void (*session_down) (Ol2tpDatapath *self, guint32 tunnel_id, guint32 session_id);
  gboolean (*get_session_stats) (Ol2tpDatapath *self, guint32 tunnel_id, guint32 session_id, Ol2tpDatapathStats *stats,
                                 GError **error);
  gboolean (*get_tunnel_stats) (Ol2tpDatapath *self, guint32 tunnel_id, Ol2tpDatapathStats *stats, GError **error);
  void (*settle) (Ol2tpDatapath *self);
  void (*free) (Ol2tpDatapath *self);
} Ol2tpDatapathOps;

/** Ol2tpDatapath: backends embed this as their first member. */
struct Ol2tpDatapath {
  const Ol2tpDatapathOps *ops;
};

/**
 * ol2tp_datapath_kernel_new:
 *
 * Opens generic netlink and resolves the family "l2tp", asking the kernel to load its module; checks that PPPoL2TP sockets and
 * /dev/ppp exist. Errors: %OL2TP_ERROR_KERNEL_UNSUPPORTED with the cause in words (which module, blocked or absent, what to do).
 */
Ol2tpDatapath *ol2tp_datapath_kernel_new (GError **error);

/** ol2tp_datapath_null_new: carries nothing, refuses nothing. */
Ol2tpDatapath *ol2tp_datapath_null_new (void);

/** ol2tp_datapath_free: also takes down everything that is up. */
void ol2tp_datapath_free (Ol2tpDatapath *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpDatapath, ol2tp_datapath_free)

G_END_DECLS
