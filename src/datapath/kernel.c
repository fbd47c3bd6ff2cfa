/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's L2TP: a tunnel hangs on the UDP socket the daemon gives, a session on a PPPoL2TP socket made here.
 *
 * A frame that comes after SESSION_CREATE and before the PPPoL2TP socket is connected is lost; one that comes before PPPIOCGCHAN is
 * stuck in the socket on newer kernels; either costs PPP a restart of 3 s.  So the three are done back to back, before the peer may
 * send (it waits for our ICCN, or for our acknowledgement of its own).
 *
 * The PPPoL2TP socket is the session's life: the kernel deletes the session when its last copy is closed, and keeps it as long as
 * there is one.  So it has one owner: this file until take_channel, whoever took it from then on.
 */
#include "datapath.h"

#include "netlink.h"
#include "reaper.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* behind the C library's headers, which they then do without */
#include <linux/if_pppox.h>
#include <linux/ppp-ioctl.h>

#define ID_MAX 65535 /* RFC 2661 section 3.1; the kernel does not check */

/**
 * Session:
 * @channel: its PPPoL2TP socket, -1 when it was taken
 */
typedef struct {
  guint32 tunnel_id;
  guint32 id;
  int channel;
} Session;

/**
 * Kernel:
 * @tunnels: (element-type guint32): set of IDs
 * @sessions: (element-type guint32 Session): by session ID, which is unique over all tunnels
 */
typedef struct {
  Ol2tpDatapath base;
  Ol2tpNetlink *netlink;
  Ol2tpReaper *reaper; /* takes down what was up, off the main loop */
  GHashTable *tunnels;
  GHashTable *sessions;
} Kernel;

static void
close_fd (int fd)
{
  if (fd >= 0)
    close (fd);
}

static gboolean
check_id (const char *what, guint32 id, GError **error)
{
  if (id >= 1 && id <= ID_MAX)
    return TRUE;
  g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_KERNEL, "%s %u: not in 1 to %d", what, id, ID_MAX);
  return FALSE;
}

static gboolean
tunnel_up (Ol2tpDatapath *base, const Ol2tpDatapathTunnel *tunnel, GError **error)
{
  Kernel *self = (Kernel *) base;
  struct sockaddr_storage peer;
  socklen_t peer_len = sizeof peer;

  if (!check_id ("tunnel ID", tunnel->id, error) || !check_id ("peer's tunnel ID", tunnel->peer_id, error))
    return FALSE;
  /* the kernel takes an unconnected socket without a word, and then sends nowhere */
  if (getpeername (tunnel->fd, (struct sockaddr *) &peer, &peer_len) < 0)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_KERNEL, "tunnel %u: its socket is not connected: %s", tunnel->id,
                   g_strerror (errno));
      return FALSE;
    }
  if (!ol2tp_netlink_create_tunnel (self->netlink, tunnel, error))
    return FALSE;
  g_hash_table_add (self->tunnels, GUINT_TO_POINTER (tunnel->id));
  return TRUE;
}

/* Connects a PPPoL2TP socket to a session; the length of the address tells the kernel which of the layouts it is. */
static int
connect_channel (int fd, const Ol2tpDatapathSession *session)
{
  struct sockaddr_pppol2tp ip4 = { .sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_OL2TP };
  struct sockaddr_pppol2tpin6 ip6 = { .sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_OL2TP };
  const Ol2tpAddress *remote = &session->path.remote;

  if (remote->family == OL2TP_FAMILY_IPV6)
    {
      ip6.pppol2tp.fd = -1;
      ip6.pppol2tp.s_tunnel = session->tunnel_id;
      ip6.pppol2tp.s_session = session->id;
      ip6.pppol2tp.d_tunnel = session->peer_tunnel_id;
      ip6.pppol2tp.d_session = session->peer_id;
      ip6.pppol2tp.addr.sin6_family = AF_INET6;
      ip6.pppol2tp.addr.sin6_port = htons (remote->port);
      ip6.pppol2tp.addr.sin6_scope_id = remote->scope_id;
      memcpy (&ip6.pppol2tp.addr.sin6_addr, remote->bytes, sizeof ip6.pppol2tp.addr.sin6_addr);
      return connect (fd, (const struct sockaddr *) &ip6, sizeof ip6);
    }
  ip4.pppol2tp.fd = -1;
  ip4.pppol2tp.s_tunnel = session->tunnel_id;
  ip4.pppol2tp.s_session = session->id;
  ip4.pppol2tp.d_tunnel = session->peer_tunnel_id;
  ip4.pppol2tp.d_session = session->peer_id;
  ip4.pppol2tp.addr.sin_family = AF_INET;
  ip4.pppol2tp.addr.sin_port = htons (remote->port);
  memcpy (&ip4.pppol2tp.addr.sin_addr, remote->bytes, sizeof ip4.pppol2tp.addr.sin_addr);
  return connect (fd, (const struct sockaddr *) &ip4, sizeof ip4);
}

/* Returns: the session's PPPoL2TP socket, ready to queue frames; -1 on failure. */
static int
open_channel (const Ol2tpDatapathSession *session, GError **error)
{
  int fd = socket (AF_PPPOX, SOCK_DGRAM | SOCK_CLOEXEC, PX_PROTO_OL2TP);
  int channel;

  if (fd >= 0 && connect_channel (fd, session) == 0 && ioctl (fd, PPPIOCGCHAN, &channel) == 0)
    return fd;
  g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_KERNEL, "tunnel %u session %u: no PPPoL2TP socket: %s", session->tunnel_id,
               session->id, g_strerror (errno));
  close_fd (fd);
  return -1;
}

static gboolean
session_up (Ol2tpDatapath *base, const Ol2tpDatapathSession *config, GError **error)
{
  Kernel *self = (Kernel *) base;
  Session *session;
  int channel;

  if (!check_id ("tunnel ID", config->tunnel_id, error) || !check_id ("peer's tunnel ID", config->peer_tunnel_id, error)
      || !check_id ("session ID", config->id, error) || !check_id ("peer's session ID", config->peer_id, error))
    return FALSE;
  if (!ol2tp_netlink_create_session (self->netlink, config, error))
    return FALSE;
  channel = open_channel (config, error);
  if (channel < 0)
    {
      ol2tp_netlink_delete_session (self->netlink, config->tunnel_id, config->id, NULL);
      return FALSE;
    }

  session = g_new0 (Session, 1);
  session->tunnel_id = config->tunnel_id;
  session->id = config->id;
  session->channel = channel;
  g_hash_table_insert (self->sessions, GUINT_TO_POINTER (config->id), session);
  return TRUE;
}

static Session *
find_session (Kernel *self, guint32 tunnel_id, guint32 session_id)
{
  Session *session = g_hash_table_lookup (self->sessions, GUINT_TO_POINTER (session_id));

  return session != NULL && session->tunnel_id == tunnel_id ? session : NULL;
}

static int
take_channel (Ol2tpDatapath *base, guint32 tunnel_id, guint32 session_id)
{
  Session *session = find_session ((Kernel *) base, tunnel_id, session_id);
  int channel = -1;

  if (session != NULL)
    channel = g_steal_fd (&session->channel);
  return channel;
}

static void
session_down (Ol2tpDatapath *base, guint32 tunnel_id, guint32 session_id)
{
  Kernel *self = (Kernel *) base;
  const Session *session = find_session (self, tunnel_id, session_id);

  if (session == NULL)
    return;
  ol2tp_reaper_session (self->reaper, tunnel_id, session_id, session->channel);
  g_hash_table_remove (self->sessions, GUINT_TO_POINTER (session_id));
}

static void
tunnel_down (Ol2tpDatapath *base, guint32 tunnel_id)
{
  Kernel *self = (Kernel *) base;

  if (g_hash_table_remove (self->tunnels, GUINT_TO_POINTER (tunnel_id)))
    ol2tp_reaper_tunnel (self->reaper, tunnel_id);
}

static void
settle (Ol2tpDatapath *base)
{
  ol2tp_reaper_wait (((Kernel *) base)->reaper);
}

static gboolean
get_session_stats (Ol2tpDatapath *base, guint32 tunnel_id, guint32 session_id, Ol2tpDatapathStats *stats, GError **error)
{
  return ol2tp_netlink_get_stats (((Kernel *) base)->netlink, tunnel_id, session_id, stats, error);
}

static gboolean
get_tunnel_stats (Ol2tpDatapath *base, guint32 tunnel_id, Ol2tpDatapathStats *stats, GError **error)
{
  return ol2tp_netlink_get_stats (((Kernel *) base)->netlink, tunnel_id, 0, stats, error);
}

static void
kernel_free (Ol2tpDatapath *base)
{
  Kernel *self = (Kernel *) base;
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, &key, &value))
    ol2tp_reaper_session (self->reaper, ((Session *) value)->tunnel_id, GPOINTER_TO_UINT (key), ((Session *) value)->channel);
  g_hash_table_iter_init (&iter, self->tunnels);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    ol2tp_reaper_tunnel (self->reaper, GPOINTER_TO_UINT (key));
  ol2tp_reaper_free (self->reaper);
  g_hash_table_unref (self->sessions);
  g_hash_table_unref (self->tunnels);
  ol2tp_netlink_free (self->netlink);
  g_free (self);
}

static const Ol2tpDatapathOps kernel_ops = {
  .name = "kernel",
  .feature = "datapath-kernel",
  .needs_socket = TRUE,
  .tunnel_up = tunnel_up,
  .tunnel_down = tunnel_down,
  .session_up = session_up,
  .take_channel = take_channel,
  .session_down = session_down,
  .get_session_stats = get_session_stats,
  .get_tunnel_stats = get_tunnel_stats,
  .settle = settle,
  .free = kernel_free,
};

/* Opening such a socket makes the kernel load its module. */
static gboolean
check_pppol2tp (GError **error)
{
  int fd = socket (AF_PPPOX, SOCK_DGRAM | SOCK_CLOEXEC, PX_PROTO_OL2TP);

  if (fd >= 0)
    {
      close (fd);
      return TRUE;
    }
  g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_KERNEL_UNSUPPORTED,
               "kernel makes no PPPoL2TP sockets (%s): load or install l2tp_ppp and pppox; some distributions blacklist them in "
               "/etc/modprobe.d",
               g_strerror (errno));
  return FALSE;
}

static gboolean
check_dev_ppp (GError **error)
{
  int fd = open ("/dev/ppp", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  int reason = errno;
  const char *words;

  if (fd >= 0)
    {
      close (fd);
      return TRUE;
    }
  switch (reason)
    {
    case ENOENT:
      words = "there is no such device: load or install ppp_generic; in a container, pass the device in";
      break;
    case ENODEV:
    case ENXIO:
      words = "kernel has no PPP: load or install ppp_generic";
      break;
    case EACCES:
      words = "its permissions or the service's device policy forbid it";
      break;
    case EPERM:
      words = "it takes CAP_NET_ADMIN, and a container or device policy may forbid it as well";
      break;
    default:
      words = "unexpected";
      break;
    }
  g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_KERNEL_UNSUPPORTED, "/dev/ppp cannot be opened (%s): %s", g_strerror (reason),
               words);
  return FALSE;
}

Ol2tpDatapath *
ol2tp_datapath_kernel_new (GError **error)
{
  g_autoptr (Ol2tpNetlink) netlink = ol2tp_netlink_new (error);
  Ol2tpReaper *reaper;
  Kernel *self;

  if (netlink == NULL || !check_pppol2tp (error) || !check_dev_ppp (error))
    return NULL;
  reaper = ol2tp_reaper_new (error);
  if (reaper == NULL)
    return NULL;
  self = g_new0 (Kernel, 1);
  self->reaper = reaper;
  self->base.ops = &kernel_ops;
  self->netlink = g_steal_pointer (&netlink);
  self->tunnels = g_hash_table_new (NULL, NULL);
  self->sessions = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return &self->base;
}
