/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel data path against a real kernel: both ends of a tunnel over loopback in one process, frames through it, counters,
 * every way down, and nothing left behind.  Run as root in a network namespace of its own; skipped where the kernel has no L2TP.
 */
#include "datapath/datapath.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* behind the C library's headers, which they then do without */
#include <linux/l2tp.h>
#include <linux/ppp-ioctl.h>

#define WAIT_MS 5000

/* An LCP Configure-Request without options, as it goes into a channel. */
static const guint8 lcp_frame[] = { 0xc0, 0x21, 1, 1, 0, 4 };

/**
 * End:
 * @fd: connected UDP socket
 */
typedef struct {
  guint32 tunnel_id;
  guint32 session_id;
  Ol2tpPath path;
  int fd;
} End;

/**
 * Pair:
 * @ends: two that are each other's peer
 * @fds: open descriptors before anything was made
 */
typedef struct {
  Ol2tpDatapath *datapath;
  const Ol2tpDatapathOps *ops;
  End ends[2];
  guint fds;
} Pair;

static guint
count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static int
count_message (struct nl_msg *message, void *data)
{
  ++*(guint *) data;
  return NL_OK;
}

/* How many tunnels or sessions the kernel lists, asked without the code under test. */
static guint
count_kernel (int command)
{
  struct nl_sock *socket = nl_socket_alloc ();
  guint n = 0;

  g_assert_cmpint (genl_connect (socket), ==, 0);
  nl_socket_modify_cb (socket, NL_CB_VALID, NL_CB_CUSTOM, count_message, &n);
  g_assert_cmpint (genl_send_simple (socket, genl_ctrl_resolve (socket, L2TP_GENL_NAME), command, L2TP_GENL_VERSION, NLM_F_DUMP),
                   >=, 0);
  g_assert_cmpint (nl_recvmsgs_default (socket), ==, 0);
  nl_socket_free (socket);
  return n;
}

/* The kernel deletes in the background. */
static void
assert_kernel_has (guint tunnels, guint sessions)
{
  for (int i = 0; i < WAIT_MS / 10; i++)
    {
      if (count_kernel (L2TP_CMD_TUNNEL_GET) == tunnels && count_kernel (L2TP_CMD_SESSION_GET) == sessions)
        return;
      g_usleep (10000);
    }
  g_assert_cmpuint (count_kernel (L2TP_CMD_TUNNEL_GET), ==, tunnels);
  g_assert_cmpuint (count_kernel (L2TP_CMD_SESSION_GET), ==, sessions);
}

/* A UDP socket on loopback, and its address in both forms. */
static int
bind_loopback (int family, struct sockaddr_storage *name, socklen_t *name_len, Ol2tpAddress *address)
{
  int fd = socket (family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in *ip4 = (struct sockaddr_in *) name;
  struct sockaddr_in6 *ip6 = (struct sockaddr_in6 *) name;

  memset (name, 0, sizeof *name);
  memset (address, 0, sizeof *address);
  name->ss_family = family;
  if (family == AF_INET)
    ip4->sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  else
    ip6->sin6_addr = in6addr_loopback;
  *name_len = family == AF_INET ? sizeof *ip4 : sizeof *ip6;
  g_assert_no_errno (bind (fd, (struct sockaddr *) name, *name_len));
  g_assert_no_errno (getsockname (fd, (struct sockaddr *) name, name_len));
  if (family == AF_INET)
    {
      address->family = OL2TP_FAMILY_IPV4;
      address->port = ntohs (ip4->sin_port);
      memcpy (address->bytes, &ip4->sin_addr, 4);
    }
  else
    {
      address->family = OL2TP_FAMILY_IPV6;
      address->port = ntohs (ip6->sin6_port);
      memcpy (address->bytes, &ip6->sin6_addr, 16);
    }
  return fd;
}

static void
set_up (Pair *pair, gconstpointer family)
{
  struct sockaddr_storage names[2];
  socklen_t lens[2];
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (count_kernel (L2TP_CMD_TUNNEL_GET), ==, 0);
  pair->fds = count_fds ();
  pair->datapath = ol2tp_datapath_kernel_new (&error);
  g_assert_no_error (error);
  pair->ops = pair->datapath->ops;
  for (int i = 0; i < 2; i++)
    {
      pair->ends[i].tunnel_id = i == 0 ? 1 : 65535;
      pair->ends[i].session_id = i == 0 ? 4711 : 65535;
      pair->ends[i].fd = bind_loopback (GPOINTER_TO_INT (family), &names[i], &lens[i], &pair->ends[i].path.local);
    }
  for (int i = 0; i < 2; i++)
    {
      pair->ends[i].path.remote = pair->ends[!i].path.local;
      g_assert_no_errno (connect (pair->ends[i].fd, (struct sockaddr *) &names[!i], lens[!i]));
    }
}

static void
tear_down (Pair *pair, gconstpointer family)
{
  g_clear_pointer (&pair->datapath, ol2tp_datapath_free);
  for (int i = 0; i < 2; i++)
    if (pair->ends[i].fd >= 0)
      close (pair->ends[i].fd);
  assert_kernel_has (0, 0);
  g_assert_cmpuint (count_fds (), ==, pair->fds);
}

static Ol2tpDatapathTunnel
tunnel_of (const Pair *pair, int i)
{
  return (Ol2tpDatapathTunnel){
    .id = pair->ends[i].tunnel_id, .peer_id = pair->ends[!i].tunnel_id, .path = pair->ends[i].path, .fd = pair->ends[i].fd
  };
}

static Ol2tpDatapathSession
session_of (const Pair *pair, int i)
{
  return (Ol2tpDatapathSession){ .tunnel_id = pair->ends[i].tunnel_id,
                                 .peer_tunnel_id = pair->ends[!i].tunnel_id,
                                 .id = pair->ends[i].session_id,
                                 .peer_id = pair->ends[!i].session_id,
                                 .path = pair->ends[i].path,
                                 .lns = i == 1 };
}

static void
tunnel_up (Pair *pair, int i)
{
  Ol2tpDatapathTunnel tunnel = tunnel_of (pair, i);
  g_autoptr (GError) error = NULL;

  g_assert_true (pair->ops->tunnel_up (pair->datapath, &tunnel, &error));
  g_assert_no_error (error);
}

static void
session_up (Pair *pair, int i)
{
  Ol2tpDatapathSession session = session_of (pair, i);
  g_autoptr (GError) error = NULL;

  g_assert_true (pair->ops->session_up (pair->datapath, &session, &error));
  g_assert_no_error (error);
}

static int
take_channel (Pair *pair, int i)
{
  int fd = pair->ops->take_channel (pair->datapath, pair->ends[i].tunnel_id, pair->ends[i].session_id);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

/* What PPP does with a channel. Returns: the descriptor frames are read from and written to. */
static int
attach (int channel_fd)
{
  int fd = open ("/dev/ppp", O_RDWR | O_CLOEXEC);
  int channel;

  g_assert_cmpint (fd, >=, 0);
  g_assert_no_errno (ioctl (channel_fd, PPPIOCGCHAN, &channel));
  g_assert_no_errno (ioctl (fd, PPPIOCATTCHAN, &channel));
  return fd;
}

static void
assert_frame (int fd)
{
  struct pollfd wait = { .fd = fd, .events = POLLIN };
  guint8 frame[64];

  g_assert_cmpint (poll (&wait, 1, WAIT_MS), ==, 1);
  g_assert_cmpmem (frame, read (fd, frame, sizeof frame), lcp_frame, sizeof lcp_frame);
}

static Ol2tpDatapathStats
session_stats (Pair *pair, int i)
{
  Ol2tpDatapathStats stats;
  g_autoptr (GError) error = NULL;

  g_assert_true (pair->ops->get_session_stats (pair->datapath, pair->ends[i].tunnel_id, pair->ends[i].session_id, &stats, &error));
  g_assert_no_error (error);
  return stats;
}

static void
assert_all_close_on_exec (void)
{
  int fd;

  for (fd = 3; fd < 64; fd++)
    g_assert_true (fcntl (fd, F_GETFD) < 0 || (fcntl (fd, F_GETFD) & FD_CLOEXEC) != 0);
}

/* Frames both ways, the first one sent before the other side attached its channel. */
static void
test_traffic (Pair *pair, gconstpointer family)
{
  int channels[2], ppp[2], i;
  Ol2tpDatapathStats stats;

  tunnel_up (pair, 0);
  tunnel_up (pair, 1);
  session_up (pair, 0);
  session_up (pair, 1);
  assert_all_close_on_exec ();
  assert_kernel_has (2, 2);
  for (i = 0; i < 2; i++)
    {
      channels[i] = take_channel (pair, i);
      g_assert_cmpint (pair->ops->take_channel (pair->datapath, pair->ends[i].tunnel_id, pair->ends[i].session_id), ==, -1);
    }

  ppp[0] = attach (channels[0]);
  g_assert_cmpint (write (ppp[0], lcp_frame, sizeof lcp_frame), ==, sizeof lcp_frame);
  g_usleep (100000);
  ppp[1] = attach (channels[1]);
  assert_frame (ppp[1]);
  g_assert_cmpint (write (ppp[1], lcp_frame, sizeof lcp_frame), ==, sizeof lcp_frame);
  g_assert_cmpint (write (ppp[1], lcp_frame, sizeof lcp_frame), ==, sizeof lcp_frame);
  assert_frame (ppp[0]);
  assert_frame (ppp[0]);

  stats = session_stats (pair, 0);
  g_assert_cmpuint (stats.tx_packets, ==, 1);
  g_assert_cmpuint (stats.rx_packets, ==, 2);
  g_assert_cmpuint (stats.tx_bytes, >=, sizeof lcp_frame);
  g_assert_cmpuint (stats.rx_bytes, >=, 2 * sizeof lcp_frame);
  g_assert_cmpuint (stats.tx_errors + stats.rx_errors + stats.rx_seq_discards + stats.rx_oos_packets, ==, 0);
  g_assert_true (pair->ops->get_tunnel_stats (pair->datapath, pair->ends[1].tunnel_id, &stats, NULL));
  g_assert_cmpuint (stats.tx_packets, ==, 2);
  g_assert_cmpuint (stats.rx_packets, ==, 1);

  /* down while the channels' owner still holds them, then again */
  for (i = 0; i < 2; i++)
    {
      pair->ops->session_down (pair->datapath, pair->ends[i].tunnel_id, pair->ends[i].session_id);
      pair->ops->session_down (pair->datapath, pair->ends[i].tunnel_id, pair->ends[i].session_id);
    }
  assert_kernel_has (2, 0);
  g_assert_false (pair->ops->get_session_stats (pair->datapath, pair->ends[0].tunnel_id, pair->ends[0].session_id, &stats, NULL));
  for (i = 0; i < 2; i++)
    {
      close (ppp[i]);
      close (channels[i]);
      pair->ops->tunnel_down (pair->datapath, pair->ends[i].tunnel_id);
      pair->ops->tunnel_down (pair->datapath, pair->ends[i].tunnel_id);
    }
  assert_kernel_has (0, 0);
}

/* The channel's owner ends first, as a killed pppd does: no copy is left here, so the kernel session goes with it. */
static void
test_owner_ends (Pair *pair, gconstpointer family)
{
  tunnel_up (pair, 0);
  session_up (pair, 0);
  close (take_channel (pair, 0));
  assert_kernel_has (1, 0);
  pair->ops->session_down (pair->datapath, pair->ends[0].tunnel_id, pair->ends[0].session_id);
  /* and its IDs are free as soon as that is done */
  pair->ops->settle (pair->datapath);
  session_up (pair, 0);
  assert_kernel_has (1, 1);
  pair->ops->session_down (pair->datapath, pair->ends[0].tunnel_id, pair->ends[0].session_id);
  assert_kernel_has (1, 0);
}

/* The tunnel's socket is closed first, as when the daemon dies: the kernel ends all, and taking down what is gone is no error. */
static void
test_socket_closed (Pair *pair, gconstpointer family)
{
  tunnel_up (pair, 0);
  session_up (pair, 0);
  close (g_steal_fd (&pair->ends[0].fd));
  assert_kernel_has (0, 0);
  pair->ops->session_down (pair->datapath, pair->ends[0].tunnel_id, pair->ends[0].session_id);
  pair->ops->tunnel_down (pair->datapath, pair->ends[0].tunnel_id);
}

/* Everything up: freeing the data path takes it down, channels here or taken. */
static void
test_free (Pair *pair, gconstpointer family)
{
  int channel;

  tunnel_up (pair, 0);
  tunnel_up (pair, 1);
  session_up (pair, 0);
  session_up (pair, 1);
  channel = take_channel (pair, 1);
  g_clear_pointer (&pair->datapath, ol2tp_datapath_free);
  assert_kernel_has (0, 0);
  close (channel);
}

static void
assert_no_tunnel (Pair *pair, const Ol2tpDatapathTunnel *tunnel, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (pair->ops->tunnel_up (pair->datapath, tunnel, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_KERNEL);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

static void
assert_no_session (Pair *pair, const Ol2tpDatapathSession *session, const char *words)
{
  g_autoptr (GError) error = NULL;
  guint fds = count_fds ();

  g_assert_false (pair->ops->session_up (pair->datapath, session, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_KERNEL);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_cmpuint (count_fds (), ==, fds);
}

static void
test_refused_tunnels (Pair *pair, gconstpointer family)
{
  Ol2tpDatapathTunnel tunnel = tunnel_of (pair, 0);
  struct sockaddr_storage name;
  socklen_t name_len;
  Ol2tpAddress address;
  int unconnected = bind_loopback (GPOINTER_TO_INT (family), &name, &name_len, &address);

  tunnel.id = 0;
  assert_no_tunnel (pair, &tunnel, "tunnel ID 0");
  tunnel.id = 65536;
  assert_no_tunnel (pair, &tunnel, "tunnel ID 65536");
  tunnel = tunnel_of (pair, 0);
  tunnel.peer_id = 70000;
  assert_no_tunnel (pair, &tunnel, "peer's tunnel ID 70000");
  tunnel = tunnel_of (pair, 0);
  tunnel.fd = unconnected;
  assert_no_tunnel (pair, &tunnel, "not connected");
  tunnel.fd = -1;
  assert_no_tunnel (pair, &tunnel, "Bad file descriptor");
  assert_kernel_has (0, 0);

  tunnel_up (pair, 0);
  tunnel = tunnel_of (pair, 1);
  tunnel.id = pair->ends[0].tunnel_id;
  assert_no_tunnel (pair, &tunnel, "File exists");
  tunnel = tunnel_of (pair, 0);
  tunnel.id = 99;
  assert_no_tunnel (pair, &tunnel, "busy");
  assert_kernel_has (1, 0);
  close (unconnected);
}

static void
test_refused_sessions (Pair *pair, gconstpointer family)
{
  Ol2tpDatapathSession session = session_of (pair, 0);
  struct rlimit limit, none;

  assert_no_session (pair, &session, "tunnel 1 session 4711: kernel cannot create it");
  tunnel_up (pair, 0);
  session.id = 0;
  assert_no_session (pair, &session, "session ID 0");
  session.id = 65536;
  assert_no_session (pair, &session, "session ID 65536");
  session = session_of (pair, 0);
  session.peer_id = 65536;
  assert_no_session (pair, &session, "peer's session ID 65536");
  assert_kernel_has (1, 0);

  /* no descriptor left for the channel: the session that was made already is taken back */
  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &limit));
  none = limit;
  none.rlim_cur = 3;
  session = session_of (pair, 0);
  {
    g_autoptr (GError) error = NULL;

    g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &none));
    g_assert_false (pair->ops->session_up (pair->datapath, &session, &error));
    g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &limit));
    g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_KERNEL);
    g_assert_nonnull (strstr (error->message, "Too many open files"));
  }
  assert_kernel_has (1, 0);

  /* one that is there already stays */
  session_up (pair, 0);
  assert_no_session (pair, &session, "File exists");
  assert_kernel_has (1, 1);
  g_assert_cmpint (pair->ops->take_channel (pair->datapath, 99, session.id), ==, -1);
  close (take_channel (pair, 0));
}

/* Sequence numbers on the wire: one end is the kernel's, the other looks at datagrams. */
static void
test_sequencing (Pair *pair, gconstpointer family)
{
  Ol2tpDatapathSession session = session_of (pair, 0);
  g_autoptr (GError) error = NULL;
  const guint8 unnumbered[] = { 0x00, 0x02, 0, 1, 4711 >> 8, 4711 & 0xff, 0xff, 0x03, 0xc0, 0x21, 1, 1, 0, 4 };
  struct pollfd wait = { .fd = pair->ends[1].fd, .events = POLLIN };
  guint8 packet[64];
  int channel, ppp, i;

  tunnel_up (pair, 0);
  session.lns = TRUE;
  session.send_seq = TRUE;
  session.recv_seq = TRUE;
  session.reorder_timeout_ms = 50;
  g_assert_true (pair->ops->session_up (pair->datapath, &session, &error));
  g_assert_no_error (error);
  channel = take_channel (pair, 0);
  ppp = attach (channel);

  /* T and L clear, S set, version 2; peer's IDs; Ns 0 and 1 */
  for (i = 0; i < 2; i++)
    {
      g_assert_cmpint (write (ppp, lcp_frame, sizeof lcp_frame), ==, sizeof lcp_frame);
      g_assert_cmpint (poll (&wait, 1, WAIT_MS), ==, 1);
      g_assert_cmpint (read (wait.fd, packet, sizeof packet), >=, 10);
      g_assert_cmphex (packet[0], ==, 0x08);
      g_assert_cmphex (packet[1] & 0x0f, ==, 0x02);
      g_assert_cmpuint (packet[2] << 8 | packet[3], ==, pair->ends[1].tunnel_id);
      g_assert_cmpuint (packet[4] << 8 | packet[5], ==, pair->ends[1].session_id);
      g_assert_cmpuint (packet[6] << 8 | packet[7], ==, i);
    }

  g_assert_cmpint (write (wait.fd, unnumbered, sizeof unnumbered), ==, sizeof unnumbered);
  for (i = 0; i < WAIT_MS / 10 && session_stats (pair, 0).rx_seq_discards == 0; i++)
    g_usleep (10000);
  g_assert_cmpuint (session_stats (pair, 0).rx_seq_discards, ==, 1);
  g_assert_cmpuint (session_stats (pair, 0).rx_packets, ==, 0);
  close (ppp);
  close (channel);
}

/* Many sessions in one tunnel: each call finds its own. */
static void
test_many (Pair *pair, gconstpointer family)
{
  Ol2tpDatapathSession session = session_of (pair, 0);

  tunnel_up (pair, 0);
  for (guint i = 0; i < 100; i++)
    {
      session.id = session.peer_id = 1000 + i;
      g_assert_true (pair->ops->session_up (pair->datapath, &session, NULL));
    }
  assert_kernel_has (1, 100);
  for (guint i = 0; i < 100; i += 2)
    pair->ops->session_down (pair->datapath, session.tunnel_id, 1000 + i);
  assert_kernel_has (1, 50);
  pair->ops->tunnel_down (pair->datapath, session.tunnel_id);
  assert_kernel_has (0, 0);
}

/* 200 sessions: their end must not hold up the caller, which has HELLOs to send. */
static void
test_teardown (Pair *pair, gconstpointer family)
{
  Ol2tpDatapathSession session = session_of (pair, 0);
  gint64 started_us, longest_us = 0, calls_us;

  tunnel_up (pair, 0);
  for (guint i = 0; i < 200; i++)
    {
      session.id = session.peer_id = 1000 + i;
      g_assert_true (pair->ops->session_up (pair->datapath, &session, NULL));
    }
  assert_kernel_has (1, 200);

  started_us = g_get_monotonic_time ();
  for (guint i = 0; i < 200; i++)
    {
      gint64 call_us = g_get_monotonic_time ();

      pair->ops->session_down (pair->datapath, session.tunnel_id, 1000 + i);
      longest_us = MAX (longest_us, g_get_monotonic_time () - call_us);
    }
  pair->ops->tunnel_down (pair->datapath, session.tunnel_id);
  calls_us = g_get_monotonic_time () - started_us;
  pair->ops->settle (pair->datapath);
  g_test_message ("200 sessions: all calls %.1f ms, the longest %.2f ms, all gone after %.1f ms", (double) calls_us / 1000,
                  (double) longest_us / 1000, (double) (g_get_monotonic_time () - started_us) / 1000);
  assert_kernel_has (0, 0);
  g_assert_cmpint (longest_us, <, 20000);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    int family;
  } families[] = { { "ipv4", AF_INET }, { "ipv6", AF_INET6 } };
  static const struct {
    const char *name;
    void (*func) (Pair *pair, gconstpointer family);
  } tests[] = {
    { "traffic", test_traffic },
    { "owner-ends", test_owner_ends },
    { "socket-closed", test_socket_closed },
    { "free", test_free },
    { "refused-tunnels", test_refused_tunnels },
    { "refused-sessions", test_refused_sessions },
    { "sequencing", test_sequencing },
    { "many", test_many },
    { "teardown", test_teardown },
  };
  g_autoptr (Ol2tpDatapath) probe = NULL;
  g_autoptr (GError) error = NULL;
  gsize f, t;

  g_test_init (&argc, &argv, NULL);
  probe = ol2tp_datapath_kernel_new (&error);
  if (probe == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 77;
    }
  g_clear_pointer (&probe, ol2tp_datapath_free);
  for (f = 0; f < G_N_ELEMENTS (families); f++)
    {
      for (t = 0; t < G_N_ELEMENTS (tests); t++)
        {
          g_autofree char *path = g_strdup_printf ("/datapath/kernel/%s/%s", families[f].name, tests[t].name);

          g_test_add (path, Pair, GINT_TO_POINTER (families[f].family), set_up, tests[t].func, tear_down);
        }
    }
  return g_test_run ();
}
