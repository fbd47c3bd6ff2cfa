/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "endpoint.h"

#include "log.h"
#include "sockaddr.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define DEFAULT_PORT 1701
#define BUFFER_LEN 4096
/* Datagrams read from one socket before others get their turn. */
#define BURST_MAX 64

typedef struct {
  Ol2tpEndpoint *endpoint;
  int fd;
  gboolean connected;
  Ol2tpPath path; /* a listener has only the local half */
} Socket;

struct Ol2tpEndpoint {
  Ol2tpLoop *loop;
  guint16 port;
  GPtrArray *listeners;   /* Socket */
  GArray *listen_addresses; /* Ol2tpAddress */
  GHashTable *tunnels;    /* tunnel ID -> Socket */
  Ol2tpReceiveFunc receive;
  gpointer user_data;
};

/* The receive function may close the socket that is being read: on_readable() has a reference. */
static void
socket_free (Socket *self)
{
  ol2tp_loop_unwatch (self->endpoint->loop, self->fd);
  close (self->fd);
  self->fd = -1;
  g_rc_box_release (self);
}

Ol2tpEndpoint *
ol2tp_endpoint_new (Ol2tpLoop *loop, Ol2tpReceiveFunc receive, gpointer user_data)
{
  Ol2tpEndpoint *self = g_new0 (Ol2tpEndpoint, 1);

  self->loop = loop;
  self->port = DEFAULT_PORT;
  self->receive = receive;
  self->user_data = user_data;
  self->listeners = g_ptr_array_new_with_free_func ((GDestroyNotify) socket_free);
  self->listen_addresses = g_array_new (FALSE, TRUE, sizeof (Ol2tpAddress));
  self->tunnels = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) socket_free);
  return self;
}

void
ol2tp_endpoint_free (Ol2tpEndpoint *self)
{
  g_hash_table_unref (self->tunnels);
  g_ptr_array_unref (self->listeners);
  g_array_unref (self->listen_addresses);
  g_free (self);
}

void
ol2tp_endpoint_set_port (Ol2tpEndpoint *self, guint16 port)
{
  self->port = port;
}

/* The address a datagram was sent to, from its control messages, so that the answer leaves from there. */
static void
read_destination (struct msghdr *msg, Ol2tpAddress *local)
{
  for (struct cmsghdr *cmsg = CMSG_FIRSTHDR (msg); cmsg != NULL; cmsg = CMSG_NXTHDR (msg, cmsg))
    {
      if (cmsg->cmsg_level == IPPROTO_IP && cmsg->cmsg_type == IP_PKTINFO)
        {
          struct in_pktinfo info;

          memcpy (&info, CMSG_DATA (cmsg), sizeof info);
          memcpy (local->bytes, &info.ipi_addr, 4);
        }
      else if (cmsg->cmsg_level == IPPROTO_IPV6 && cmsg->cmsg_type == IPV6_PKTINFO)
        {
          struct in6_pktinfo info;

          memcpy (&info, CMSG_DATA (cmsg), sizeof info);
          memcpy (local->bytes, &info.ipi6_addr, 16);
          if (IN6_IS_ADDR_LINKLOCAL (&info.ipi6_addr))
            local->scope_id = info.ipi6_ifindex;
        }
    }
}

static gboolean
receive_one (Socket *socket, guint8 *buffer, gsize size)
{
  struct sockaddr_storage from;
  union {
    char bytes[CMSG_SPACE (sizeof (struct in6_pktinfo)) + CMSG_SPACE (sizeof (struct in_pktinfo))];
    struct cmsghdr align;
  } control;
  struct iovec iov = { buffer, size };
  struct msghdr msg = { .msg_name = &from,
                        .msg_namelen = sizeof from,
                        .msg_iov = &iov,
                        .msg_iovlen = 1,
                        .msg_control = &control,
                        .msg_controllen = sizeof control };
  Ol2tpPath path = socket->path;
  gssize len = recvmsg (socket->fd, &msg, MSG_DONTWAIT);

  /* RFC 2661 section 5.8: an ICMP error read here is one lost datagram, which the channel sends again. */
  if (len < 0)
    return errno == ECONNREFUSED || errno == EHOSTUNREACH || errno == ENETUNREACH || errno == EINTR;

  /* Not the address a socket is connected to: before connect() it took datagrams that others sent to the listener. */
  if (!ol2tp_address_from_sockaddr (&path.remote, (struct sockaddr *) &from))
    return TRUE;
  if (!socket->connected)
    read_destination (&msg, &path.local);
  if ((msg.msg_flags & MSG_TRUNC) == 0)
    socket->endpoint->receive (&path, buffer, (gsize) len, socket->endpoint->user_data);
  return TRUE;
}

static void
on_readable (int fd, guint32 events, gpointer data)
{
  Socket *socket = g_rc_box_acquire (data);
  guint8 buffer[BUFFER_LEN];

  for (int i = 0; i < BURST_MAX && socket->fd >= 0 && receive_one (socket, buffer, sizeof buffer); i++)
    ;
  g_rc_box_release (socket);
}

static int
open_socket (Ol2tpFamily family, gboolean reuse, GError **error)
{
  int on = 1;
  int fd = socket (family == OL2TP_FAMILY_IPV6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_UDP);

  if (fd < 0)
    {
      g_set_error (error, OL2TP_ERROR, errno == EAFNOSUPPORT ? OL2TP_ERROR_UNREACHABLE : OL2TP_ERROR_FAILED,
                   "cannot open a UDP socket: %s", g_strerror (errno));
      return -1;
    }
  if (reuse)
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (family == OL2TP_FAMILY_IPV6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  return fd;
}

static int
bind_to (int fd, const Ol2tpAddress *address, guint16 port)
{
  struct sockaddr_storage storage;
  Ol2tpAddress with_port = *address;
  socklen_t len;

  with_port.port = port;
  len = ol2tp_address_to_sockaddr (&with_port, &storage);
  return bind (fd, (struct sockaddr *) &storage, len) < 0 ? -errno : 0;
}

static gboolean
tunnel_has_port (Ol2tpEndpoint *self, guint16 port)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->tunnels);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((const Socket *) value)->path.local.port == port)
      return TRUE;
  return FALSE;
}

gboolean
ol2tp_endpoint_listen (Ol2tpEndpoint *self, const Ol2tpAddress *address, GError **error)
{
  g_autofree char *name = ol2tp_address_to_endpoint_string (address);
  Socket *socket;
  int on = 1, result;
  int fd = open_socket (address->family, tunnel_has_port (self, address->port), error);

  if (fd < 0)
    return FALSE;
  if (address->family == OL2TP_FAMILY_IPV6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
  else
    setsockopt (fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);

  socket = g_rc_box_new0 (Socket);
  socket->endpoint = self;
  socket->fd = fd;
  socket->path.local = *address;
  /* SO_REUSEADDR, which tunnels' sockets on the same port need, only afterwards: so another server on it is noticed (but if a tunnel
   * of ours has the port already, there is no other way). */
  result = bind_to (fd, address, address->port);
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (result == 0)
    result = ol2tp_loop_watch (self->loop, fd, EPOLLIN, on_readable, socket);
  if (result < 0)
    {
      g_set_error (error, OL2TP_ERROR, result == -EADDRNOTAVAIL ? OL2TP_ERROR_UNREACHABLE : OL2TP_ERROR_FAILED,
                   "cannot listen on %s: %s", name, g_strerror (-result));
      socket_free (socket);
      return FALSE;
    }

  g_ptr_array_add (self->listeners, socket);
  g_array_append_val (self->listen_addresses, *address);
  return TRUE;
}

void
ol2tp_endpoint_close_listeners (Ol2tpEndpoint *self)
{
  g_ptr_array_set_size (self->listeners, 0);
  g_array_set_size (self->listen_addresses, 0);
}

const GArray *
ol2tp_endpoint_get_listeners (const Ol2tpEndpoint *self)
{
  return self->listen_addresses;
}

/* With no SO_REUSEADDR on our side, bind() itself tells whether anybody else, a listener of ours included, has the port. It is set
 * afterwards, so that a listener opened later may share the port. */
static int
bind_auto (int fd, const Ol2tpAddress *address, guint16 port)
{
  int on = 1;
  int result = bind_to (fd, address, port);

  if (result == -EADDRINUSE)
    return bind_to (fd, address, 0);
  if (result == 0)
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return result;
}

static gboolean
connect_tunnel (Ol2tpEndpoint *self, int fd, const Ol2tpAddress *local, guint local_port, const Ol2tpAddress *remote, Ol2tpPath *path,
                GError **error)
{
  g_autofree char *peer = ol2tp_address_to_endpoint_string (remote);
  Ol2tpAddress any = { .family = remote->family };
  const Ol2tpAddress *from = local->family == OL2TP_FAMILY_NONE ? &any : local;
  struct sockaddr_storage storage;
  socklen_t len = sizeof storage;
  int result;

  if (local_port == OL2TP_PORT_AUTO)
    result = bind_auto (fd, from, self->port);
  else
    result = bind_to (fd, from, (guint16) local_port);
  if (result < 0)
    {
      Ol2tpAddress wanted = *from;
      g_autofree char *name = NULL;

      wanted.port = local_port == OL2TP_PORT_AUTO ? self->port : (guint16) local_port;
      name = ol2tp_address_to_endpoint_string (&wanted);
      g_set_error (error, OL2TP_ERROR, result == -EADDRNOTAVAIL ? OL2TP_ERROR_UNREACHABLE : OL2TP_ERROR_FAILED,
                   "cannot use local address %s: %s", name, g_strerror (-result));
      return FALSE;
    }

  len = ol2tp_address_to_sockaddr (remote, &storage);
  if (connect (fd, (struct sockaddr *) &storage, len) < 0)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_UNREACHABLE, "cannot reach %s: %s", peer, g_strerror (errno));
      return FALSE;
    }
  len = sizeof storage;
  getsockname (fd, (struct sockaddr *) &storage, &len);
  path->remote = *remote;
  return ol2tp_address_from_sockaddr (&path->local, (struct sockaddr *) &storage);
}

gboolean
ol2tp_endpoint_open_tunnel (Ol2tpEndpoint *self, guint32 tunnel_id, const Ol2tpAddress *local, guint local_port,
                            const Ol2tpAddress *remote, Ol2tpPath *path, GError **error)
{
  Socket *socket;
  int fd, result;

  g_return_val_if_fail (!g_hash_table_contains (self->tunnels, GUINT_TO_POINTER (tunnel_id)), FALSE);

  if (local->family != OL2TP_FAMILY_NONE && local->family != remote->family)
    {
      g_set_error_literal (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS,
                           "the local address and the peer's are not of one family (IPv4, IPv6)");
      return FALSE;
    }
  /* SO_REUSEADDR shares a port that was asked for; without one asked for, the kernel would choose among those taken, too. */
  fd = open_socket (remote->family, local_port != OL2TP_PORT_AUTO && local_port != 0, error);
  if (fd < 0)
    return FALSE;

  socket = g_rc_box_new0 (Socket);
  socket->endpoint = self;
  socket->fd = fd;
  socket->connected = TRUE;
  if (!connect_tunnel (self, fd, local, local_port, remote, &socket->path, error))
    {
      socket_free (socket);
      return FALSE;
    }
  result = ol2tp_loop_watch (self->loop, fd, EPOLLIN, on_readable, socket);
  if (result < 0)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_FAILED, "cannot watch a tunnel's socket: %s", g_strerror (-result));
      socket_free (socket);
      return FALSE;
    }
  *path = socket->path;
  g_hash_table_insert (self->tunnels, GUINT_TO_POINTER (tunnel_id), socket);
  return TRUE;
}

int
ol2tp_endpoint_get_tunnel_fd (const Ol2tpEndpoint *self, guint32 tunnel_id)
{
  const Socket *socket = g_hash_table_lookup (self->tunnels, GUINT_TO_POINTER (tunnel_id));

  return socket != NULL ? socket->fd : -1;
}

void
ol2tp_endpoint_close_tunnel (Ol2tpEndpoint *self, guint32 tunnel_id)
{
  g_hash_table_remove (self->tunnels, GUINT_TO_POINTER (tunnel_id));
}

static gboolean
listens_for (const Ol2tpAddress *listener, const Ol2tpAddress *local)
{
  return listener->family == local->family && listener->port == local->port
         && (ol2tp_address_is_any (listener) || memcmp (listener->bytes, local->bytes, sizeof local->bytes) == 0);
}

static const Socket *
find_listener (const Ol2tpEndpoint *self, const Ol2tpAddress *local)
{
  for (guint i = 0; i < self->listeners->len; i++)
    {
      const Socket *socket = g_ptr_array_index (self->listeners, i);

      if (listens_for (&socket->path.local, local))
        return socket;
    }
  return NULL;
}

gboolean
ol2tp_endpoint_has_listener (const Ol2tpEndpoint *self, const Ol2tpPath *path)
{
  return find_listener (self, &path->local) != NULL;
}

static void
send_from_listener (int fd, const Ol2tpDatagram *datagram)
{
  struct sockaddr_storage to;
  union {
    char bytes[CMSG_SPACE (sizeof (struct in6_pktinfo))];
    struct cmsghdr align;
  } control = { 0 };
  struct iovec iov = { (void *) datagram->data, datagram->len };
  struct msghdr msg = { .msg_name = &to, .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control };
  struct cmsghdr *cmsg = &control.align;
  const Ol2tpAddress *local = &datagram->path.local;

  msg.msg_namelen = ol2tp_address_to_sockaddr (&datagram->path.remote, &to);
  if (local->family == OL2TP_FAMILY_IPV6)
    {
      struct in6_pktinfo info = { .ipi6_ifindex = local->scope_id };

      memcpy (&info.ipi6_addr, local->bytes, 16);
      cmsg->cmsg_level = IPPROTO_IPV6;
      cmsg->cmsg_type = IPV6_PKTINFO;
      cmsg->cmsg_len = CMSG_LEN (sizeof info);
      msg.msg_controllen = CMSG_SPACE (sizeof info);
      memcpy (CMSG_DATA (cmsg), &info, sizeof info);
    }
  else
    {
      struct in_pktinfo info = { 0 };

      memcpy (&info.ipi_spec_dst, local->bytes, 4);
      cmsg->cmsg_level = IPPROTO_IP;
      cmsg->cmsg_type = IP_PKTINFO;
      cmsg->cmsg_len = CMSG_LEN (sizeof info);
      msg.msg_controllen = CMSG_SPACE (sizeof info);
      memcpy (CMSG_DATA (cmsg), &info, sizeof info);
    }
  if (sendmsg (fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
    ol2tp_log_debug (OL2TP_LOG_TRANSPORT, "a datagram was not sent: %s", g_strerror (errno));
}

void
ol2tp_endpoint_send (Ol2tpEndpoint *self, const Ol2tpDatagram *datagram)
{
  const Socket *socket = g_hash_table_lookup (self->tunnels, GUINT_TO_POINTER (datagram->tunnel_id));

  if (socket != NULL)
    {
      gssize sent = send (socket->fd, datagram->data, datagram->len, MSG_DONTWAIT | MSG_NOSIGNAL);

      /* An ICMP error for an earlier datagram is reported, and cleared, by the next call: this one was not sent. */
      if (sent < 0 && (errno == ECONNREFUSED || errno == EHOSTUNREACH))
        sent = send (socket->fd, datagram->data, datagram->len, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0)
        ol2tp_log_debug (OL2TP_LOG_TRANSPORT, "tunnel %u: a datagram was not sent: %s", datagram->tunnel_id, g_strerror (errno));
      return;
    }
  socket = find_listener (self, &datagram->path.local);
  if (socket != NULL)
    send_from_listener (socket->fd, datagram);
}
