/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mutate PORT FOLDER SEED: sends damaged copies of the datagrams in FOLDER (tests/fuzz/corpus/message) to an LNS on
 * 127.0.0.1:PORT.  Each line "send N" on standard input is answered with "sent N alive A tunnels T" when the LNS has read them all:
 * every 64 datagrams an SCCRQ that has to be refused asks whether it is still there, A times, and is the only one waited for.
 *
 * Some copies stay as they are, so that tunnels come to be; T is how many the LNS has given.  Half of the others go to such a
 * tunnel, with Ns and Nr that may fit, or nothing would get past the first checks.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_SEEDS 256
#define MAX_LEN 2048
#define N_SOCKETS 32 /* ports of ours */
#define BURST 64
#define ANSWER_MS 20000

/* Starts with a Message Type AVP of SCCRQ and has nothing else: refused with StopCCN. */
static const uint8_t probe[] = { 0xc8, 2, 0, 28, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 8, 0, 0, 0, 0, 0, 1, 0x80, 8, 0, 0, 0, 9, 0xff, 0xfe };

typedef struct {
  uint8_t data[MAX_LEN];
  size_t len;
} Datagram;

/* What the last tunnel that was opened from a socket looks like. */
typedef struct {
  int fd;
  uint16_t tunnel;
  uint16_t session;
  uint16_t nr; /* the next message we expect */
  uint16_t ns; /* the next one it expects */
} Peer;

static Datagram seeds[MAX_SEEDS];
static unsigned n_seeds, n_alive, n_tunnels;
static Peer peers[N_SOCKETS];
static int probe_fd;
static uint64_t random_state;

/* xorshift64* */
static uint32_t
draw (uint32_t below)
{
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return (uint32_t) ((random_state * 2685821657736338717u) >> 33) % below;
}

static void
die (const char *what)
{
  fprintf (stderr, "mutate: %s: %s\n", what, strerror (errno));
  exit (1);
}

static int
compare (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* In order of name: the same seed makes the same run. */
static void
read_seeds (const char *folder)
{
  DIR *dir = opendir (folder);
  char *names[MAX_SEEDS], path[4096];
  unsigned n = 0;
  struct dirent *entry;

  if (dir == NULL)
    die (folder);
  while ((entry = readdir (dir)) != NULL && n < MAX_SEEDS)
    if (entry->d_name[0] != '.')
      names[n++] = strdup (entry->d_name);
  closedir (dir);
  qsort (names, n, sizeof *names, compare);
  for (unsigned i = 0; i < n; i++)
    {
      FILE *file;

      snprintf (path, sizeof path, "%s/%s", folder, names[i]);
      file = fopen (path, "rb");
      if (file == NULL)
        die (path);
      seeds[n_seeds].len = fread (seeds[n_seeds].data, 1, MAX_LEN / 2, file);
      n_seeds++;
      fclose (file);
      free (names[i]);
    }
  if (n_seeds == 0)
    {
      fprintf (stderr, "mutate: %s: no files\n", folder);
      exit (1);
    }
}

static unsigned
get_u16 (const uint8_t *data)
{
  return (unsigned) data[0] << 8 | data[1];
}

static void
set_u16 (uint8_t *data, unsigned value)
{
  data[0] = (uint8_t) (value >> 8);
  data[1] = (uint8_t) value;
}

static unsigned
find_avp (const Datagram *datagram, unsigned type)
{
  for (size_t at = 12; at + 8 <= datagram->len;)
    {
      size_t len = get_u16 (datagram->data + at) & 0x3ff;

      if (len < 6)
        break;
      if (get_u16 (datagram->data + at + 4) == type)
        return get_u16 (datagram->data + at + 6);
      at += len;
    }
  return 0;
}

static void
mutate_once (Datagram *datagram)
{
  static const uint8_t interesting[] = { 0, 1, 2, 6, 8, 0x3f, 0x7f, 0x80, 0xc0, 0xc8, 0xff };
  size_t at = datagram->len > 0 ? draw ((uint32_t) datagram->len) : 0;
  size_t n;

  if (datagram->len == 0)
    return;
  switch (draw (7))
    {
    case 0:
      datagram->data[at] ^= (uint8_t) (1u << draw (8));
      break;
    case 1:
      datagram->data[at] = (uint8_t) draw (256);
      break;
    case 2:
      datagram->data[at] = interesting[draw (sizeof interesting)];
      break;
    case 3: /* cut off */
      datagram->len = at;
      break;
    case 4: /* take some out */
      n = draw ((uint32_t) (datagram->len - at)) + 1;
      memmove (datagram->data + at, datagram->data + at + n, datagram->len - at - n);
      datagram->len -= n;
      break;
    case 5: /* double some */
      n = draw ((uint32_t) (datagram->len - at)) + 1;
      if (datagram->len + n <= MAX_LEN)
        {
          memmove (datagram->data + at + n, datagram->data + at, datagram->len - at);
          datagram->len += n;
        }
      break;
    default: /* a piece of another behind it */
      {
        const Datagram *other = &seeds[draw (n_seeds)];
        size_t from = other->len > 12 ? 12 + draw ((uint32_t) other->len - 12) : 0;

        n = other->len - from;
        if (datagram->len + n <= MAX_LEN)
          {
            memcpy (datagram->data + datagram->len, other->data + from, n);
            datagram->len += n;
          }
      }
    }
}

/* A header that leads to a tunnel we were given. */
static void
aim (Datagram *datagram, Peer *peer)
{
  if (datagram->len < 12)
    return;
  set_u16 (datagram->data + 4, peer->tunnel);
  if (draw (2) == 0)
    set_u16 (datagram->data + 6, peer->session);
  set_u16 (datagram->data + 8, draw (8) != 0 ? peer->ns : peer->ns + draw (20));
  set_u16 (datagram->data + 10, draw (8) != 0 ? peer->nr : draw (65536));
}

static void
send_one (void)
{
  Peer *peer = &peers[draw (N_SOCKETS)];
  Datagram datagram = seeds[draw (n_seeds)];

  if (draw (8) != 0)
    for (uint32_t n = draw (4) + 1; n > 0; n--)
      mutate_once (&datagram);
  if (peer->tunnel != 0 && draw (2) == 0)
    aim (&datagram, peer);
  /* The length in the header put right, mostly, or all else would go unread. */
  if (datagram.len >= 4 && draw (4) != 0)
    set_u16 (datagram.data + 2, (unsigned) datagram.len);
  if (send (peer->fd, datagram.data, datagram.len, 0) < 0 && errno != ECONNREFUSED)
    die ("send");
}

static void
read_answers (Peer *peer)
{
  Datagram datagram;
  ssize_t len;

  while ((len = recv (peer->fd, datagram.data, MAX_LEN, MSG_DONTWAIT)) >= 0)
    {
      unsigned type, id;

      datagram.len = (size_t) len;
      if (len < 12)
        continue;
      type = find_avp (&datagram, 0);
      peer->ns = (uint16_t) get_u16 (datagram.data + 10);
      if (type != 0)
        peer->nr = (uint16_t) (get_u16 (datagram.data + 8) + 1);
      id = type == 2 ? find_avp (&datagram, 9) : 0;
      if (id != 0 && id != peer->tunnel)
        {
          peer->tunnel = (uint16_t) id;
          n_tunnels++;
        }
      id = find_avp (&datagram, 14);
      if (id != 0)
        peer->session = (uint16_t) id;
    }
}

static void
ask_alive (void)
{
  struct pollfd fd = { .fd = probe_fd, .events = POLLIN };
  uint8_t answer[MAX_LEN];

  if (send (probe_fd, probe, sizeof probe, 0) < 0)
    die ("the LNS is gone");
  if (poll (&fd, 1, ANSWER_MS) != 1)
    {
      fprintf (stderr, "mutate: no answer\n");
      exit (1);
    }
  if (recv (probe_fd, answer, sizeof answer, 0) < 0)
    die ("the LNS is gone");
  n_alive++;
}

static int
open_socket (unsigned port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port) };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) < 0)
    die ("socket");
  return fd;
}

static void
send_many (unsigned long n)
{
  n_alive = n_tunnels = 0;
  for (unsigned long i = 1; i <= n; i++)
    {
      send_one ();
      if (i % BURST != 0 && i != n)
        continue;
      ask_alive ();
      for (int j = 0; j < N_SOCKETS; j++)
        read_answers (&peers[j]);
    }
  printf ("sent %lu alive %u tunnels %u\n", n, n_alive, n_tunnels);
}

int
main (int argc, char **argv)
{
  char line[100];
  unsigned long n;
  unsigned port;

  if (argc != 4)
    {
      fprintf (stderr, "usage: mutate PORT FOLDER SEED\n");
      return 2;
    }
  port = (unsigned) strtoul (argv[1], NULL, 10);
  read_seeds (argv[2]);
  random_state = strtoull (argv[3], NULL, 10) * 2 + 0x9e3779b97f4a7c15u;
  for (int i = 0; i < N_SOCKETS; i++)
    peers[i].fd = open_socket (port);
  probe_fd = open_socket (port);
  setvbuf (stdout, NULL, _IOLBF, 0);
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      if (sscanf (line, "send %lu", &n) != 1)
        return 2;
      send_many (n);
    }
  return 0;
}
