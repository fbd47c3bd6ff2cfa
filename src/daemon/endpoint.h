/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets: the listeners, and one connected socket a tunnel (the kernel wants a descriptor a tunnel).
 *
 * Datagrams of one peer race between its connected socket and the listener (RFC 2661 knows only port 1701), and on kernels before
 * 6.10 reach whichever connected socket is newest.  So all sockets feed the same receive function, which tells tunnels apart by the
 * ID in the header, never by socket.
 */
#pragma once

#include "core/engine.h"
#include "loop.h"

G_BEGIN_DECLS

typedef struct Ol2tpEndpoint Ol2tpEndpoint;

typedef void (*Ol2tpReceiveFunc) (const Ol2tpPath *path, const guint8 *data, gsize len, gpointer user_data);

/** OL2TP_PORT_AUTO: 1701 (or the daemon's port) if it is free, else ephemeral. */
#define OL2TP_PORT_AUTO G_MAXUINT

Ol2tpEndpoint *ol2tp_endpoint_new (Ol2tpLoop *loop, Ol2tpReceiveFunc receive, gpointer user_data);
void ol2tp_endpoint_free (Ol2tpEndpoint *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpEndpoint, ol2tp_endpoint_free)

/** ol2tp_endpoint_set_port: the port that %OL2TP_PORT_AUTO tries first; 1701 unless set. */
void ol2tp_endpoint_set_port (Ol2tpEndpoint *self, guint16 port);

/**
 * ol2tp_endpoint_listen: opens a listener; IPv6 ones take IPv6 only.
 *
 * Errors, with address and cause: %OL2TP_ERROR_UNREACHABLE if the machine has no such address or family, else %OL2TP_ERROR_FAILED
 * (somebody else has the port).
 */
gboolean ol2tp_endpoint_listen (Ol2tpEndpoint *self, const Ol2tpAddress *address, GError **error);

/** ol2tp_endpoint_close_listeners: for tests and reload. */
void ol2tp_endpoint_close_listeners (Ol2tpEndpoint *self);

/** ol2tp_endpoint_get_listeners: Returns: (transfer none) (element-type Ol2tpAddress): bound addresses. */
const GArray *ol2tp_endpoint_get_listeners (const Ol2tpEndpoint *self);

/**
 * ol2tp_endpoint_open_tunnel:
 * @tunnel_id: a tunnel without a socket
 * @local: address to bind, family NONE for any; its port is not looked at
 * @local_port: a port, 0 for an ephemeral one, or %OL2TP_PORT_AUTO
 * @remote: the peer, with port
 * @path: (out): the resulting addresses
 *
 * Opens, binds and connects the tunnel's socket. Errors: %OL2TP_ERROR_UNREACHABLE (no route, address not ours),
 * %OL2TP_ERROR_FAILED.
 */
gboolean ol2tp_endpoint_open_tunnel (Ol2tpEndpoint *self, guint32 tunnel_id, const Ol2tpAddress *local, guint local_port,
                                     const Ol2tpAddress *remote, Ol2tpPath *path, GError **error);

/** ol2tp_endpoint_get_tunnel_fd: Returns: the tunnel's socket, borrowed, or -1. */
int ol2tp_endpoint_get_tunnel_fd (const Ol2tpEndpoint *self, guint32 tunnel_id);

/** ol2tp_endpoint_close_tunnel: closes the socket if there is one. */
void ol2tp_endpoint_close_tunnel (Ol2tpEndpoint *self, guint32 tunnel_id);

/** ol2tp_endpoint_has_listener: whether datagrams of @path would reach, and can be sent from, a listener. */
gboolean ol2tp_endpoint_has_listener (const Ol2tpEndpoint *self, const Ol2tpPath *path);

/**
 * ol2tp_endpoint_send:
 *
 * From the tunnel's socket if it has one, else from the listener that has the local address. A datagram that cannot be sent is
 * lost, as any may be on the way: the reliable channel sends it again.
 */
void ol2tp_endpoint_send (Ol2tpEndpoint *self, const Ol2tpDatagram *datagram);

G_END_DECLS
