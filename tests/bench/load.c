/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load PORT WINDOW: a LAC of very many tunnels, for measuring an LNS on 127.0.0.1:PORT.  One UDP socket is all it has: the tunnels
 * are told apart by their IDs.  At most WINDOW of them are being set up at a time.  What to do comes on standard input, a line at
 * a time, and each line is answered by one when it is done:
 *
 *   open N     N more tunnels with one session each; "opened N rt R" with the datagrams that had to be sent again
 *   ids        "ids T S duplicate D": different tunnel IDs and session IDs that the LNS has given, and those it gave twice
 *
 * Meant for loopback: whatever gets lost is sent again after half a second, a hundred times.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_TUNNELS 60000
#define RETRY_NS 500000000ll
#define MAX_TRIES 100
#define SESSION_ID 1

/* RFC 2661 section 3.2 and 4.4. */
enum { SCCRQ = 1, SCCRP = 2, SCCCN = 3, STOPCCN = 4, HELLO = 6, ICRQ = 10, ICRP = 11, ICCN = 12, CDN = 14 };
enum {
  RESULT = 1,
  VERSION = 2,
  FRAMING_CAPABILITIES = 3,
  HOST_NAME = 7,
  ASSIGNED_TUNNEL = 9,
  ASSIGNED_SESSION = 14,
  SERIAL = 15,
  FRAMING_TYPE = 19,
  TX_SPEED = 24
};

typedef enum { UNUSED, SENT_SCCRQ, SENT_ICRQ, SENT_ICCN, UP } State;

typedef struct {
  uint8_t data[256];
  size_t len;
} Datagram;

typedef struct {
  State state;
  uint16_t peer_tunnel;
  uint16_t peer_session;
  uint16_t ns, nr;      /* the next to send, the next to come */
  uint16_t want_ack;    /* all below it are acknowledged when the state is over */
  Datagram last[2];     /* what is sent again */
  int n_last;
  int64_t sent_ns;
  int tries;
} Tunnel;

static int sock;
static Tunnel *tunnels; /* by our ID, which begins at 1 */
static unsigned n_started, n_target, n_up, n_failed, window, oldest = 1;
static unsigned long n_retransmitted;

static int64_t
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static void
put_u16 (Datagram *to, unsigned value)
{
  to->data[to->len++] = (uint8_t) (value >> 8);
  to->data[to->len++] = (uint8_t) value;
}

static void
put_avp (Datagram *to, unsigned type, const void *value, unsigned len)
{
  put_u16 (to, 0x8000 | (6 + len));
  put_u16 (to, 0);
  put_u16 (to, type);
  memcpy (to->data + to->len, value, len);
  to->len += len;
}

static void
put_avp_u16 (Datagram *to, unsigned type, unsigned value)
{
  uint8_t bytes[2] = { (uint8_t) (value >> 8), (uint8_t) value };

  put_avp (to, type, bytes, 2);
}

static void
put_avp_u32 (Datagram *to, unsigned type, uint32_t value)
{
  uint32_t bytes = htonl (value);

  put_avp (to, type, &bytes, 4);
}

static void
begin (Datagram *to, const Tunnel *tunnel, unsigned session, unsigned ns)
{
  to->len = 0;
  put_u16 (to, 0xc802);
  put_u16 (to, 0);
  put_u16 (to, tunnel->peer_tunnel);
  put_u16 (to, session);
  put_u16 (to, ns);
  put_u16 (to, tunnel->nr);
}

static void
transmit (Datagram *datagram)
{
  datagram->data[2] = (uint8_t) (datagram->len >> 8);
  datagram->data[3] = (uint8_t) datagram->len;
  /* A full buffer, or an answer that nobody listens: the next try comes later. */
  if (send (sock, datagram->data, datagram->len, 0) < 0 && errno != ECONNREFUSED && errno != ENOBUFS && errno != EAGAIN)
    {
      perror ("send");
      exit (1);
    }
}

static void
send_ack (const Tunnel *tunnel)
{
  Datagram ack;

  begin (&ack, tunnel, 0, tunnel->ns);
  transmit (&ack);
}

static Datagram *
message (Tunnel *tunnel, unsigned type, unsigned session)
{
  Datagram *datagram = &tunnel->last[tunnel->n_last++];

  begin (datagram, tunnel, session, tunnel->ns++);
  put_avp_u16 (datagram, 0, type);
  return datagram;
}

static void
send_state (Tunnel *tunnel, State state)
{
  for (int i = 0; i < tunnel->n_last; i++)
    transmit (&tunnel->last[i]);
  tunnel->state = state;
  tunnel->want_ack = tunnel->ns;
  tunnel->sent_ns = now_ns ();
  tunnel->tries = 0;
}

static void
open_tunnel (void)
{
  unsigned id = ++n_started;
  Tunnel *tunnel = &tunnels[id];
  Datagram *sccrq = message (tunnel, SCCRQ, 0);

  put_avp_u16 (sccrq, VERSION, 0x100);
  put_avp (sccrq, HOST_NAME, "load", 4);
  put_avp_u32 (sccrq, FRAMING_CAPABILITIES, 3);
  put_avp_u16 (sccrq, ASSIGNED_TUNNEL, id);
  send_state (tunnel, SENT_SCCRQ);
}

static void
on_sccrp (Tunnel *tunnel, unsigned id)
{
  Datagram *icrq;

  tunnel->n_last = 0;
  message (tunnel, SCCCN, 0);
  icrq = message (tunnel, ICRQ, 0);
  put_avp_u16 (icrq, ASSIGNED_SESSION, SESSION_ID);
  put_avp_u32 (icrq, SERIAL, id);
  send_state (tunnel, SENT_ICRQ);
}

static void
on_icrp (Tunnel *tunnel)
{
  Datagram *iccn;

  tunnel->n_last = 0;
  iccn = message (tunnel, ICCN, tunnel->peer_session);
  put_avp_u32 (iccn, TX_SPEED, 1000000000);
  put_avp_u32 (iccn, FRAMING_TYPE, 1);
  send_state (tunnel, SENT_ICCN);
}

static unsigned
get_u16 (const uint8_t *data)
{
  return (unsigned) data[0] << 8 | data[1];
}

/* The value of an AVP of two octets, 0 if it is not there. */
static unsigned
find_avp (const uint8_t *data, size_t len, unsigned type)
{
  size_t at = 12;

  while (at + 8 <= len)
    {
      size_t avp_len = get_u16 (data + at) & 0x3ff;

      if (avp_len < 6)
        break;
      if (get_u16 (data + at + 4) == type)
        return get_u16 (data + at + 6);
      at += avp_len;
    }
  return 0;
}

static void
on_datagram (const uint8_t *data, size_t len)
{
  unsigned id, type, nr;
  Tunnel *tunnel;

  if (len < 12 || get_u16 (data) != 0xc802)
    return;
  id = get_u16 (data + 4);
  if (id == 0 || id > n_started)
    return;
  tunnel = &tunnels[id];
  nr = get_u16 (data + 10);
  type = len > 12 ? find_avp (data, len, 0) : 0;

  if (type == STOPCCN || type == CDN)
    {
      fprintf (stderr, "load: tunnel %u: refused, result %u\n", id, find_avp (data, len, RESULT));
      n_failed++;
      tunnel->state = UP;
      n_up++;
      return;
    }
  if (type != 0 && get_u16 (data + 8) != tunnel->nr)
    {
      send_ack (tunnel); /* a copy */
      return;
    }
  if (type != 0)
    tunnel->nr++;
  if (tunnel->state == SENT_SCCRQ && type == SCCRP)
    {
      tunnel->peer_tunnel = (uint16_t) find_avp (data, len, ASSIGNED_TUNNEL);
      on_sccrp (tunnel, id);
    }
  else if (tunnel->state == SENT_ICRQ && type == ICRP)
    {
      tunnel->peer_session = (uint16_t) find_avp (data, len, ASSIGNED_SESSION);
      on_icrp (tunnel);
    }
  else if (type != 0)
    send_ack (tunnel);
  if (tunnel->state == SENT_ICCN && nr == tunnel->want_ack)
    {
      tunnel->state = UP;
      n_up++;
    }
}

/* From the oldest tunnel that is not up: those before it never come back. */
static void
retransmit (int64_t now)
{
  while (oldest <= n_started && tunnels[oldest].state == UP)
    oldest++;
  for (unsigned id = oldest; id <= n_started; id++)
    {
      Tunnel *tunnel = &tunnels[id];

      if (tunnel->state == UP || now - tunnel->sent_ns < RETRY_NS)
        continue;
      if (++tunnel->tries > MAX_TRIES)
        {
          fprintf (stderr, "load: tunnel %u: no answer\n", id);
          exit (1);
        }
      for (int i = 0; i < tunnel->n_last; i++)
        {
          tunnel->last[i].data[10] = (uint8_t) (tunnel->nr >> 8);
          tunnel->last[i].data[11] = (uint8_t) tunnel->nr;
          transmit (&tunnel->last[i]);
        }
      tunnel->sent_ns = now;
      n_retransmitted++;
    }
}

/* Waits for datagrams, or for a line on standard input too. */
static int
wait_input (int timeout_ms, int with_commands)
{
  struct pollfd fds[2] = { { .fd = sock, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
  uint8_t data[2048];
  ssize_t len;

  poll (fds, with_commands ? 2 : 1, timeout_ms);
  while ((len = recv (sock, data, sizeof data, MSG_DONTWAIT)) >= 0)
    on_datagram (data, (size_t) len);
  return with_commands && fds[1].revents != 0;
}

static void
open_more (unsigned n)
{
  int64_t checked = now_ns ();
  unsigned failed = n_failed;

  if (n > MAX_TUNNELS - n_started)
    {
      fprintf (stderr, "load: at most %d tunnels\n", MAX_TUNNELS);
      exit (1);
    }
  n_target += n;
  n_retransmitted = 0;
  while (n_up < n_target)
    {
      while (n_started < n_target && n_started - n_up < window)
        open_tunnel ();
      wait_input (100, 0);
      if (now_ns () - checked > RETRY_NS / 5)
        {
          checked = now_ns ();
          retransmit (checked);
        }
    }
  printf ("opened %u rt %lu\n", n - (n_failed - failed), n_retransmitted);
}

static void
print_ids (void)
{
  static uint8_t seen[2][65536];
  unsigned different[2] = { 0, 0 }, duplicate = 0;

  memset (seen, 0, sizeof seen);
  for (unsigned id = 1; id <= n_started; id++)
    {
      unsigned given[2] = { tunnels[id].peer_tunnel, tunnels[id].peer_session };

      for (int i = 0; i < 2; i++)
        if (given[i] != 0 && seen[i][given[i]]++ != 0)
          duplicate++;
        else if (given[i] != 0)
          different[i]++;
    }
  printf ("ids %u %u duplicate %u\n", different[0], different[1], duplicate);
}

static void
open_socket (unsigned port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port) };
  int size = 4 << 20;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  sock = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (sock < 0 || connect (sock, (struct sockaddr *) &address, sizeof address) < 0)
    {
      perror ("load: socket");
      exit (1);
    }
  setsockopt (sock, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

int
main (int argc, char **argv)
{
  char line[100];
  unsigned n;

  if (argc != 3 || (window = (unsigned) strtoul (argv[2], NULL, 10)) == 0)
    {
      fprintf (stderr, "usage: load PORT WINDOW\n");
      return 2;
    }
  tunnels = calloc (MAX_TUNNELS + 1, sizeof *tunnels);
  open_socket ((unsigned) strtoul (argv[1], NULL, 10));
  setvbuf (stdin, NULL, _IONBF, 0);
  setvbuf (stdout, NULL, _IOLBF, 0);
  for (;;)
    {
      while (!wait_input (1000, 1))
        ;
      if (fgets (line, sizeof line, stdin) == NULL)
        break;
      if (sscanf (line, "open %u", &n) == 1)
        open_more (n);
      else if (strcmp (line, "ids\n") == 0)
        print_ids ();
      else
        return 2;
    }
  free (tunnels);
  return 0;
}
