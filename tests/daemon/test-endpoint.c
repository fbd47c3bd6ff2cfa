/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets on loopback: from which address answers leave, which port a tunnel gets, and that all sockets feed one function. */
#include "daemon/endpoint.h"
#include "daemon/sockaddr.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/** __wrap_connect: the linker puts it before connect(), so that a datagram can arrive between bind() and connect(). */
int __wrap_connect (int fd, const struct sockaddr *address, socklen_t len);
int __real_connect (int fd, const struct sockaddr *address, socklen_t len);

typedef struct {
  Ol2tpLoop *loop;
  Ol2tpEndpoint *endpoint;
  GPtrArray *received; /* "text local remote" */
  guint close_tunnel;  /* in the receive function */
  gboolean close_listeners;
  guint n_descriptors;
} Fixture;

static void (*before_connect) (int fd);

int
__wrap_connect (int fd, const struct sockaddr *address, socklen_t len)
{
  if (before_connect != NULL)
    before_connect (fd);
  return __real_connect (fd, address, len);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
on_receive (const Ol2tpPath *path, const guint8 *data, gsize len, gpointer user_data)
{
  Fixture *f = user_data;
  g_autofree char *local = ol2tp_address_to_endpoint_string (&path->local);
  g_autofree char *remote = ol2tp_address_to_endpoint_string (&path->remote);

  g_ptr_array_add (f->received, g_strdup_printf ("%.*s %s %s", (int) len, (const char *) data, local, remote));
  if (f->close_tunnel != 0)
    ol2tp_endpoint_close_tunnel (f->endpoint, f->close_tunnel);
  if (f->close_listeners)
    ol2tp_endpoint_close_listeners (f->endpoint);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_main_context_iteration (NULL, FALSE); /* whatever GLib opens for itself is open */
  f->n_descriptors = count_descriptors ();
  f->loop = ol2tp_loop_new (NULL, NULL);
  f->endpoint = ol2tp_endpoint_new (f->loop, on_receive, f);
  f->received = g_ptr_array_new_with_free_func (g_free);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  before_connect = NULL;
  ol2tp_endpoint_free (f->endpoint);
  ol2tp_loop_free (f->loop);
  g_ptr_array_unref (f->received);
  g_assert_cmpuint (count_descriptors (), ==, f->n_descriptors);
}

static Ol2tpAddress
address_of (const char *text, guint16 port)
{
  Ol2tpAddress address;

  g_assert_true (ol2tp_address_parse (text, &address));
  address.port = port;
  return address;
}

static Ol2tpAddress
name_of (int fd)
{
  struct sockaddr_storage storage;
  socklen_t len = sizeof storage;
  Ol2tpAddress address;

  g_assert_no_errno (getsockname (fd, (struct sockaddr *) &storage, &len));
  g_assert_true (ol2tp_address_from_sockaddr (&address, (struct sockaddr *) &storage));
  return address;
}

/* A plain socket, as a peer or a stranger has it. */
static int
open_peer (const char *text, Ol2tpAddress *address)
{
  struct sockaddr_storage storage;
  Ol2tpAddress wanted = address_of (text, 0);
  socklen_t len = ol2tp_address_to_sockaddr (&wanted, &storage);
  int fd = socket (wanted.family == OL2TP_FAMILY_IPV6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_assert_cmpint (fd, >=, 0);
  g_assert_no_errno (bind (fd, (struct sockaddr *) &storage, len));
  *address = name_of (fd);
  return fd;
}

/* A port that is free now. */
static guint16
find_port (const char *text)
{
  Ol2tpAddress address;

  close (open_peer (text, &address));
  return address.port;
}

static void
send_to (int fd, const Ol2tpAddress *to, const char *text)
{
  struct sockaddr_storage storage;
  socklen_t len = ol2tp_address_to_sockaddr (to, &storage);

  g_assert_cmpint (sendto (fd, text, strlen (text), 0, (struct sockaddr *) &storage, len), ==, (int) strlen (text));
}

/* What @fd received, and where it came from. */
static void
assert_got (int fd, const char *text, const Ol2tpAddress *from)
{
  struct sockaddr_storage storage;
  socklen_t len = sizeof storage;
  Ol2tpAddress address;
  char buffer[100] = "";

  g_assert_cmpint (recvfrom (fd, buffer, sizeof buffer - 1, 0, (struct sockaddr *) &storage, &len), ==, (int) strlen (text));
  g_assert_cmpstr (buffer, ==, text);
  g_assert_true (ol2tp_address_from_sockaddr (&address, (struct sockaddr *) &storage));
  g_assert_true (ol2tp_address_equal (&address, from));
}

static void
send_from (Fixture *f, guint32 tunnel_id, const Ol2tpAddress *local, const Ol2tpAddress *remote, const char *text)
{
  Ol2tpDatagram datagram = { .tunnel_id = tunnel_id, .path = { *local, *remote }, .len = strlen (text) };

  memcpy (datagram.data, text, datagram.len);
  ol2tp_endpoint_send (f->endpoint, &datagram);
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_received (Fixture *f, guint index, const char *text, const Ol2tpAddress *local, const Ol2tpAddress *remote)
{
  g_autofree char *at = ol2tp_address_to_endpoint_string (local);
  g_autofree char *from = ol2tp_address_to_endpoint_string (remote);
  g_autofree char *expected = g_strdup_printf ("%s %s %s", text, at, from);

  drain ();
  g_assert_cmpuint (f->received->len, >, index);
  g_assert_cmpstr (g_ptr_array_index (f->received, index), ==, expected);
}

static void
listen_on (Fixture *f, const Ol2tpAddress *address)
{
  g_autoptr (GError) error = NULL;

  ol2tp_endpoint_listen (f->endpoint, address, &error);
  g_assert_no_error (error);
}

static Ol2tpPath
open_tunnel (Fixture *f, guint32 id, const Ol2tpAddress *local, guint local_port, const Ol2tpAddress *remote)
{
  g_autoptr (GError) error = NULL;
  Ol2tpAddress none = { 0 };
  Ol2tpPath path;

  ol2tp_endpoint_open_tunnel (f->endpoint, id, local != NULL ? local : &none, local_port, remote, &path, &error);
  g_assert_no_error (error);
  return path;
}

/* Listeners. */

static void
assert_answers (Fixture *f, int peer, const Ol2tpAddress *from, const Ol2tpAddress *asked, guint index)
{
  send_to (peer, asked, "ask");
  assert_received (f, index, "ask", asked, from);
  send_from (f, 0, asked, from, "answer");
  assert_got (peer, "answer", asked);
}

/* One wildcard listener; the answer leaves from the address that was asked, not from the first of the machine. */
static void
test_listener (Fixture *f, gconstpointer data)
{
  Ol2tpAddress from;
  int peer = open_peer ("127.0.0.3", &from); /* before a port is chosen, lest it be the same */
  Ol2tpAddress any = address_of ("0.0.0.0", find_port ("127.0.0.1"));
  Ol2tpAddress first = address_of ("127.0.0.1", any.port), second = address_of ("127.0.0.2", any.port);
  const GArray *listeners = ol2tp_endpoint_get_listeners (f->endpoint);

  listen_on (f, &any);
  g_assert_cmpuint (listeners->len, ==, 1);
  g_assert_true (ol2tp_address_equal (&g_array_index (listeners, Ol2tpAddress, 0), &any));
  assert_answers (f, peer, &from, &second, 0);
  assert_answers (f, peer, &from, &first, 1);
  assert_answers (f, peer, &from, &second, 2);
  close (peer);
}

static void
test_listener_ipv6 (Fixture *f, gconstpointer data)
{
  Ol2tpAddress from, from4;
  int peer = open_peer ("::1", &from);
  int peer4 = open_peer ("127.0.0.1", &from4); /* before a port is chosen, lest it be the same */
  Ol2tpAddress any = address_of ("::", find_port ("::1")), loopback = address_of ("::1", any.port);
  Ol2tpAddress any4 = address_of ("0.0.0.0", any.port), loopback4 = address_of ("127.0.0.1", any.port);

  listen_on (f, &any); /* takes IPv6 only, so that the next one can be had as well */
  listen_on (f, &any4);
  assert_answers (f, peer, &from, &loopback, 0);
  assert_answers (f, peer4, &from4, &loopback4, 1);
  close (peer);
  close (peer4);
}

static void
test_listener_choice (Fixture *f, gconstpointer data)
{
  Ol2tpAddress from, first = address_of ("127.0.0.1", find_port ("127.0.0.1")), second = address_of ("127.0.0.2", first.port);
  Ol2tpAddress other_port = address_of ("127.0.0.1", (guint16) (first.port ^ 1));
  Ol2tpPath path = { second, second };
  int peer = open_peer ("127.0.0.1", &from);
  char octet;

  listen_on (f, &first);
  listen_on (f, &second);
  send_from (f, 0, &second, &from, "x");
  assert_got (peer, "x", &second);
  send_from (f, 99, &first, &from, "y"); /* a tunnel without a socket */
  assert_got (peer, "y", &first);

  g_assert_true (ol2tp_endpoint_has_listener (f->endpoint, &path));
  path.local = other_port;
  g_assert_false (ol2tp_endpoint_has_listener (f->endpoint, &path));
  send_from (f, 0, &other_port, &from, "z"); /* nobody can send it: lost */
  g_assert_cmpint (recv (peer, &octet, 1, 0), ==, -1);

  ol2tp_endpoint_close_listeners (f->endpoint);
  path.local = first;
  g_assert_false (ol2tp_endpoint_has_listener (f->endpoint, &path));
  g_assert_cmpuint (ol2tp_endpoint_get_listeners (f->endpoint)->len, ==, 0);
  listen_on (f, &first); /* free again */
  close (peer);
}

static void
test_listener_taken (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  Ol2tpAddress taken, elsewhere = address_of ("203.0.113.1", 1701);
  int peer = open_peer ("127.0.0.1", &taken);

  g_assert_false (ol2tp_endpoint_listen (f->endpoint, &taken, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_FAILED);
  name = ol2tp_address_to_endpoint_string (&taken);
  g_assert_nonnull (strstr (error->message, name));
  g_clear_error (&error);
  g_assert_false (ol2tp_endpoint_listen (f->endpoint, &elsewhere, &error));
  g_assert_nonnull (strstr (error->message, "203.0.113.1:1701"));
  g_assert_cmpuint (ol2tp_endpoint_get_listeners (f->endpoint)->len, ==, 0);
  close (peer);

  /* Also by another one like us, which sets SO_REUSEADDR. */
  listen_on (f, &taken);
  g_clear_error (&error);
  g_assert_false (ol2tp_endpoint_listen (f->endpoint, &taken, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_FAILED);
}

/* Ports of tunnels. */

static void
test_port_auto (Fixture *f, gconstpointer data)
{
  Ol2tpAddress peer_address, loopback = address_of ("127.0.0.1", 0), any;
  int peer = open_peer ("127.0.0.1", &peer_address);
  guint16 port = find_port ("127.0.0.1");
  Ol2tpPath path;

  ol2tp_endpoint_set_port (f->endpoint, port);
  path = open_tunnel (f, 1, NULL, OL2TP_PORT_AUTO, &peer_address);
  g_assert_cmpuint (path.local.port, ==, port); /* free: that port */
  g_assert_true (ol2tp_address_equal (&path.remote, &peer_address));
  path = open_tunnel (f, 2, &loopback, OL2TP_PORT_AUTO, &peer_address);
  g_assert_cmpuint (path.local.port, !=, port); /* taken by our first tunnel */
  g_assert_cmpuint (path.local.port, !=, 0);

  /* A listener opened later shares the port with the first tunnel. */
  any = address_of ("0.0.0.0", port);
  listen_on (f, &any);
  ol2tp_endpoint_close_tunnel (f->endpoint, 1);
  path = open_tunnel (f, 1, NULL, OL2TP_PORT_AUTO, &peer_address);
  g_assert_cmpuint (path.local.port, !=, port); /* taken by our listener */

  ol2tp_endpoint_set_port (f->endpoint, peer_address.port);
  path = open_tunnel (f, 3, NULL, OL2TP_PORT_AUTO, &peer_address);
  g_assert_cmpuint (path.local.port, !=, peer_address.port); /* taken by a stranger */
  close (peer);
}

static void
assert_cannot_open (Fixture *f, const char *local_text, guint port, const char *remote_text, guint16 remote_port, Ol2tpError code,
                    const char *text)
{
  g_autoptr (GError) error = NULL;
  Ol2tpAddress local = { 0 }, remote = address_of (remote_text, remote_port);
  guint n = count_descriptors ();
  Ol2tpPath path;

  if (local_text != NULL)
    local = address_of (local_text, 0);
  g_assert_false (ol2tp_endpoint_open_tunnel (f->endpoint, 1, &local, port, &remote, &path, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, OL2TP_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_cmpint (ol2tp_endpoint_get_tunnel_fd (f->endpoint, 1), ==, -1);
  g_assert_cmpuint (count_descriptors (), ==, n);
}

static void
test_refusals (Fixture *f, gconstpointer data)
{
  Ol2tpAddress taken;
  int stranger = open_peer ("127.0.0.1", &taken);
  g_autofree char *name = ol2tp_address_to_endpoint_string (&taken);

  assert_cannot_open (f, "127.0.0.1", taken.port, "127.0.0.1", 9, OL2TP_ERROR_FAILED, name);
  assert_cannot_open (f, "::1", 0, "127.0.0.1", 9, OL2TP_ERROR_INVALID_ARGUMENTS, "family");
  assert_cannot_open (f, "127.0.0.1", 0, "::1", 9, OL2TP_ERROR_INVALID_ARGUMENTS, "family");
  assert_cannot_open (f, "203.0.113.1", 0, "127.0.0.1", 9, OL2TP_ERROR_UNREACHABLE, "203.0.113.1");
  assert_cannot_open (f, "203.0.113.1", OL2TP_PORT_AUTO, "127.0.0.1", 9, OL2TP_ERROR_UNREACHABLE, "203.0.113.1:1701");
  assert_cannot_open (f, NULL, 0, "255.255.255.255", 9, OL2TP_ERROR_UNREACHABLE, "255.255.255.255:9");
  assert_cannot_open (f, "127.0.0.1", 0, "192.0.2.77", 9, OL2TP_ERROR_UNREACHABLE, "192.0.2.77:9");
  close (stranger);
}

static void
test_port_fixed (Fixture *f, gconstpointer data)
{
  Ol2tpAddress peer_address, second_address;
  int peer = open_peer ("127.0.0.1", &peer_address), second = open_peer ("127.0.0.1", &second_address);
  guint16 port = find_port ("127.0.0.1");
  Ol2tpPath path = open_tunnel (f, 1, NULL, port, &peer_address);

  g_assert_cmpuint (path.local.port, ==, port);
  path = open_tunnel (f, 2, NULL, port, &second_address); /* our own may share it: connected elsewhere */
  g_assert_cmpuint (path.local.port, ==, port);
  send_to (peer, &path.local, "one");
  send_to (second, &path.local, "two");
  drain ();
  assert_received (f, 0, "one", &path.local, &peer_address);
  assert_received (f, 1, "two", &path.local, &second_address);
  close (peer);
  close (second);
}

/* Tunnels. */

static void
test_tunnel (Fixture *f, gconstpointer data)
{
  const char *text = data;
  Ol2tpAddress peer_address, stranger_address;
  int peer = open_peer (text, &peer_address), stranger = open_peer (text, &stranger_address), fd;
  Ol2tpPath path = open_tunnel (f, 7, NULL, 0, &peer_address);
  int reuse = -1;
  socklen_t reuse_len = sizeof reuse;
  char octet;

  /* With SO_REUSEADDR the kernel would give out a port that a socket of somebody else has. */
  fd = ol2tp_endpoint_get_tunnel_fd (f->endpoint, 7);
  g_assert_no_errno (getsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &reuse, &reuse_len));
  g_assert_cmpint (reuse, ==, 0);
  g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
  g_assert_cmpint (fcntl (fd, F_GETFL) & O_NONBLOCK, ==, O_NONBLOCK);
  g_assert_cmpint (ol2tp_endpoint_get_tunnel_fd (f->endpoint, 8), ==, -1);

  send_from (f, 7, &path.local, &path.remote, "out");
  assert_got (peer, "out", &path.local);
  send_to (stranger, &path.local, "no");
  send_to (peer, &path.local, "in");
  assert_received (f, 0, "in", &path.local, &peer_address);
  g_assert_cmpuint (f->received->len, ==, 1);

  ol2tp_endpoint_close_tunnel (f->endpoint, 7);
  ol2tp_endpoint_close_tunnel (f->endpoint, 7);
  send_from (f, 7, &path.local, &path.remote, "late");
  g_assert_cmpint (recv (peer, &octet, 1, 0), ==, -1);
  close (peer);
  close (stranger);
}

/* RFC 2661: peers know port 1701 only. A responder's socket shares address and port with the listener; whichever gets a datagram,
 * it arrives here with its whole path. */
static void
test_shared_port (Fixture *f, gconstpointer data)
{
  Ol2tpAddress peer_address, other_address, local = address_of ("127.0.0.1", find_port ("127.0.0.1"));
  Ol2tpAddress any = address_of ("0.0.0.0", local.port), second = address_of ("127.0.0.2", local.port);
  int peer = open_peer ("127.0.0.1", &peer_address), other = open_peer ("127.0.0.1", &other_address);
  Ol2tpPath path;

  listen_on (f, &any);
  send_to (peer, &local, "first");
  assert_received (f, 0, "first", &local, &peer_address);
  path = open_tunnel (f, 1, &local, local.port, &peer_address);
  g_assert_true (ol2tp_address_equal (&path.local, &local));

  send_to (peer, &local, "mine");
  assert_received (f, 1, "mine", &local, &peer_address);
  send_to (other, &local, "other");
  assert_received (f, 2, "other", &local, &other_address);
  send_to (peer, &second, "astray");
  assert_received (f, 3, "astray", &second, &peer_address);
  ol2tp_endpoint_close_tunnel (f->endpoint, 1);
  send_to (peer, &local, "last");
  assert_received (f, 4, "last", &local, &peer_address);
  send_from (f, 1, &local, &peer_address, "answer");
  assert_got (peer, "answer", &local);
  close (peer);
  close (other);
}

static int racer;

static void
send_to_unconnected (int fd)
{
  Ol2tpAddress to = name_of (fd);

  send_to (racer, &to, "race");
}

/* Until it is connected, a tunnel's socket takes datagrams that others send to the listener: they keep their sender's name. */
static void
test_bind_race (Fixture *f, gconstpointer data)
{
  Ol2tpAddress peer_address, racer_address, local = address_of ("127.0.0.1", find_port ("127.0.0.1"));
  int peer = open_peer ("127.0.0.1", &peer_address);

  racer = open_peer ("127.0.0.1", &racer_address);
  listen_on (f, &local);
  before_connect = send_to_unconnected;
  open_tunnel (f, 1, &local, local.port, &peer_address);
  before_connect = NULL;
  assert_received (f, 0, "race", &local, &racer_address);
  close (peer);
  close (racer);
}

/* An ICMP error is one lost datagram: it ends neither receiving nor sending. */
static void
test_refused (Fixture *f, gconstpointer data)
{
  Ol2tpAddress peer_address, again;
  int peer = open_peer ("127.0.0.1", &peer_address);
  struct sockaddr_storage storage;
  socklen_t len = ol2tp_address_to_sockaddr (&peer_address, &storage);
  Ol2tpPath path = open_tunnel (f, 1, NULL, 0, &peer_address);

  close (peer);
  for (int i = 0; i < 3; i++)
    {
      send_from (f, 1, &path.local, &path.remote, "anybody?");
      drain ();
    }
  send_from (f, 1, &path.local, &path.remote, "lost");
  peer = open_peer ("127.0.0.1", &again);
  close (peer);
  peer = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  g_assert_no_errno (bind (peer, (struct sockaddr *) &storage, len));

  send_from (f, 1, &path.local, &path.remote, "back"); /* the error of "lost" is read on the way */
  assert_got (peer, "back", &path.local);
  send_to (peer, &path.local, "hello");
  assert_received (f, 0, "hello", &path.local, &peer_address);
  close (peer);
}

/* Receiving. */

static void
test_sizes (Fixture *f, gconstpointer data)
{
  Ol2tpAddress peer_address;
  int peer = open_peer ("127.0.0.1", &peer_address);
  Ol2tpPath path = open_tunnel (f, 1, NULL, 0, &peer_address);
  g_autofree char *fits = g_strnfill (4096, 'f'), *too_long = g_strnfill (4097, 't');
  g_autofree char *huge = g_strnfill (60000, 'h');

  send_to (peer, &path.local, "");
  send_to (peer, &path.local, too_long);
  send_to (peer, &path.local, huge);
  send_to (peer, &path.local, fits);
  drain ();
  g_assert_cmpuint (f->received->len, ==, 2);
  assert_received (f, 0, "", &path.local, &peer_address);
  assert_received (f, 1, fits, &path.local, &peer_address);
  close (peer);
}

/* More than a burst on one socket: all arrive, in order, and another socket is not starved meanwhile. */
static void
test_burst (Fixture *f, gconstpointer data)
{
  Ol2tpAddress peer_address;
  int peer = open_peer ("127.0.0.1", &peer_address);
  Ol2tpPath busy = open_tunnel (f, 1, NULL, 0, &peer_address), quiet = open_tunnel (f, 2, NULL, 0, &peer_address);
  guint quiet_at = G_MAXUINT;

  for (int i = 0; i < 150; i++)
    send_to (peer, &busy.local, "b");
  send_to (peer, &quiet.local, "q");
  drain ();
  g_assert_cmpuint (f->received->len, ==, 151);
  for (guint i = 0; i < f->received->len; i++)
    if (*(const char *) g_ptr_array_index (f->received, i) == 'q')
      quiet_at = i;
  g_assert_cmpuint (quiet_at, <=, 64);
  close (peer);
}

/* Whoever is told of a datagram may close the socket it came by, though more wait in it. */
static void
test_close_inside (Fixture *f, gconstpointer data)
{
  Ol2tpAddress peer_address, local = address_of ("127.0.0.1", find_port ("127.0.0.1"));
  int peer = open_peer ("127.0.0.1", &peer_address);
  Ol2tpPath path = open_tunnel (f, 1, NULL, 0, &peer_address);

  listen_on (f, &local);
  f->close_tunnel = 1;
  f->close_listeners = TRUE;
  send_to (peer, &path.local, "a");
  send_to (peer, &path.local, "b");
  drain ();
  g_assert_cmpuint (f->received->len, ==, 1);

  listen_on (f, &local);
  send_to (peer, &local, "c");
  send_to (peer, &local, "d");
  drain ();
  g_assert_cmpuint (f->received->len, ==, 2);
  close (peer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, func) g_test_add ("/daemon/endpoint/" name, Fixture, data, set_up, func, tear_down)
  ADD ("listener", NULL, test_listener);
  ADD ("listener-ipv6", NULL, test_listener_ipv6);
  ADD ("listener-choice", NULL, test_listener_choice);
  ADD ("listener-taken", NULL, test_listener_taken);
  ADD ("port-auto", NULL, test_port_auto);
  ADD ("port-fixed", NULL, test_port_fixed);
  ADD ("refusals", NULL, test_refusals);
  ADD ("tunnel", "127.0.0.1", test_tunnel);
  ADD ("tunnel-ipv6", "::1", test_tunnel);
  ADD ("shared-port", NULL, test_shared_port);
  ADD ("bind-race", NULL, test_bind_race);
  ADD ("refused", NULL, test_refused);
  ADD ("sizes", NULL, test_sizes);
  ADD ("burst", NULL, test_burst);
  ADD ("close-inside", NULL, test_close_inside);
  return g_test_run ();
}
