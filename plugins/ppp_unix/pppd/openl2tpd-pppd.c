/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ppp_unix's half inside pppd: asks ppp_unix for passwords and tells it what happens (report.h), and ends pppd when the daemon
 * dies.  pppd calls everything here from its main loop, none of it from a signal handler.
 *
 * Two options, both required, each a descriptor pppd inherited:
 *
 *   openl2tp_control N     the message channel
 *   openl2tp_lifeline N    a socket whose other end only the daemon has: its end of file is the daemon's end
 */
#include "pppd-compat.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../report.h"

/* How long pppd stands still for a password. Then it goes on without; the peer's own timer for authentication is longer. */
#define ANSWER_TIMEOUT_MSEC 5000

extern char pppd_version[];
void plugin_init (void);

char pppd_version[] = COMPAT_VERSION;

static int control_fd = -1;
static int is_server;
static uint32_t peer_address; /* server: what was chosen for the peer, network order; 0 = none */
static int heard_peer;

static void
send_report (Ol2tpReport *report)
{
  int ret = control_fd >= 0 ? ol2tp_report_send (report, control_fd) : 0;

  /* -EPIPE: the daemon is gone, and the lifeline says so too. */
  if (ret < 0 && ret != -EPIPE && ret != -ECONNRESET)
    warn ("openl2tp: cannot report to the daemon: %s", strerror (-ret));
  ol2tp_report_clear (report);
}

static void
send_simple (const char *kind, const char *key, const char *value)
{
  Ol2tpReport report;

  ol2tp_report_init (&report, kind);
  if (key)
    ol2tp_report_add (&report, key, value);
  send_report (&report);
}

static long
now_msec (void)
{
  struct timespec ts;

  clock_gettime (CLOCK_MONOTONIC, &ts);
  return ts.tv_sec * 1000L + ts.tv_nsec / 1000000L;
}

/* Waits for the answer with this id; late answers to earlier questions are dropped. Returns: 1 if it came. */
static int
wait_for_answer (int id, Ol2tpReport *report)
{
  long deadline = now_msec () + ANSWER_TIMEOUT_MSEC;

  for (;;)
    {
      struct pollfd pfd = { control_fd, POLLIN, 0 };
      long left = deadline - now_msec ();
      int ret, answer_id;

      if (left <= 0)
        {
          error ("openl2tp: the daemon does not answer");
          return 0;
        }
      if (poll (&pfd, 1, (int) left) <= 0)
        continue;
      ret = ol2tp_report_receive (report, control_fd);
      if (ret == 0 || (ret < 0 && ret != -EBADMSG && ret != -EAGAIN))
        {
          error ("openl2tp: lost the daemon");
          return 0;
        }
      if (ret == 1 && !strcmp (ol2tp_report_get_kind (report), "answer") && ol2tp_report_get_number (report, "id", &answer_id) == 0
          && answer_id == id)
        return 1;
    }
}

/* @secret has room for MAXSECRETLEN octets. Returns: its length, or -1 if there is none. */
static int
ask_secret (const char *name, char *secret)
{
  static int last_id;
  Ol2tpReport report;
  const char *value;
  int id = ++last_id, ret = -1;

  ol2tp_report_init (&report, "ask");
  ol2tp_report_add_number (&report, "id", id);
  ol2tp_report_add (&report, "user", name);
  if (ol2tp_report_send (&report, control_fd) == 0 && wait_for_answer (id, &report))
    {
      value = ol2tp_report_get (&report, "secret");
      if (value && strlen (value) < MAXSECRETLEN)
        {
          strcpy (secret, value);
          ret = (int) strlen (secret);
        }
    }
  ol2tp_report_clear (&report);
  return ret;
}

/* "Could you?" Without it pppd wants to find a secret in its own files before it starts. */
static int
on_check (void)
{
  return 1;
}

static int
give_our_secret (char *name, char *secret)
{
  if (ask_secret (name, secret) >= 0)
    return 1;
  send_simple ("no_secret", "user", name);
  return 0;
}

/* Also asked without @secret: whether there may be one. As server we never prove ourselves to the peer. */
static int
on_pap_passwd (char *name, char *secret)
{
  if (!secret)
    return !is_server;
  return is_server ? 0 : give_our_secret (name, secret);
}

static int
on_chap_passwd (char *name, char *secret)
{
  return !is_server && give_our_secret (name, secret) ? 1 : -1;
}

/* Takes the same time wherever the first difference is. */
static int
is_same_text (const char *a, const char *b)
{
  size_t a_len = strlen (a), b_len = strlen (b), i;
  int difference = a_len != b_len;

  for (i = 0; i < a_len && i < b_len; i++)
    difference |= a[i] ^ b[i];
  return difference == 0;
}

static int
on_pap_auth (char *name, char *secret, char **message, struct wordlist **addresses, struct wordlist **options)
{
  static char accepted[] = "Login ok", refused[] = "Login incorrect";
  char known[MAXSECRETLEN], visible[MAXSECRETLEN];
  int len, ok;

  *addresses = NULL;
  *options = NULL;
  len = ask_secret (name, known);
  if (len >= 0)
    /* pppd gives us what the peer sent with unprintable octets made visible, so ours has to look the same. */
    slprintf (visible, sizeof visible, "%.*v", len, known);
  ok = len >= 0 && is_same_text (secret, visible);
  explicit_bzero (known, sizeof known);
  explicit_bzero (visible, sizeof visible);
  if (!ok)
    send_simple ("auth_bad", "user", name);
  *message = ok ? accepted : refused;
  return ok;
}

static int
on_chap_verify (char *name, char *own_name, int id, struct chap_digest_type *digest, unsigned char *challenge,
                unsigned char *response, char *message, int message_space)
{
  char secret[MAXSECRETLEN];
  int len = ask_secret (name, secret);
  int known = len >= 0, ok;

  /* An unknown user gets the same answer as a wrong password, from the same code: checked against a random one. */
  if (!known)
    {
      len = 32;
      if (getrandom (secret, (size_t) len, 0) != len)
        return 0;
    }
  ok = digest->verify_response (id, name, (unsigned char *) secret, len, challenge, response, message, message_space);
  explicit_bzero (secret, sizeof secret);
  ok = ok && known;
  if (!ok)
    send_simple ("auth_bad", "user", name);
  return ok;
}

/* As server the peer gets its address and no other; as client pppd's own rules hold. */
static int
on_allowed_address (uint32_t address)
{
  if (!is_server)
    return -1;
  return peer_address != 0 && address == peer_address;
}

static const char *
phase_name (int number)
{
  switch (number)
    {
    case PHASE_ESTABLISH:
      return "establish";
    case PHASE_AUTHENTICATE:
      return "authenticate";
    case PHASE_NETWORK:
      return "network";
    case PHASE_RUNNING:
      return "running";
    case PHASE_TERMINATE:
      return "terminate";
    case PHASE_DEAD:
      return "dead";
    default:
      return NULL;
    }
}

static void
send_phase (const char *name)
{
  Ol2tpReport report;

  ol2tp_report_init (&report, "phase");
  ol2tp_report_add (&report, "phase", name);
  ol2tp_report_add_number (&report, "status", compat_status ());
  ol2tp_report_add_number (&report, "heard", heard_peer);
  send_report (&report);
}

static void
on_phase (void *data, int number)
{
  const char *name = phase_name (number);

  if (name)
    send_phase (name);
}

/* A received frame, from its address field on. pppd has no phase for an end the peer asks for: it goes back to "establish". */
static void
on_packet (unsigned char *packet, int len)
{
  static const unsigned char lcp_terminate_request[] = { 0xff, 0x03, 0xc0, 0x21, 5 };

  heard_peer = 1;
  if (len >= (int) sizeof lcp_terminate_request && !memcmp (packet, lcp_terminate_request, sizeof lcp_terminate_request))
    send_phase ("terminate");
}

static void
on_exit_notify (void *data, int number)
{
  Ol2tpReport report;

  ol2tp_report_init (&report, "exit");
  ol2tp_report_add_number (&report, "status", compat_status ());
  send_report (&report);
}

static void
on_auth_up (void *data, int number)
{
  char name[MAXNAMELEN];

  compat_peer_name (name, sizeof name);
  if (is_server)
    send_simple ("auth_up", "user", name);
}

static void
add_ip4 (Ol2tpReport *report, const char *key, uint32_t address)
{
  struct in_addr in = { address };
  char text[INET_ADDRSTRLEN];

  if (address && inet_ntop (AF_INET, &in, text, sizeof text))
    ol2tp_report_add (report, key, text);
}

static void
on_ip_up (void *data, int number)
{
  const ipcp_options *ours = &ipcp_gotoptions[0];
  Ol2tpReport report;

  ol2tp_report_init (&report, "ip4_up");
  ol2tp_report_add (&report, "ifname", compat_ifname ());
  add_ip4 (&report, "local", ours->ouraddr);
  add_ip4 (&report, "peer", ipcp_hisoptions[0].hisaddr);
  add_ip4 (&report, "dns1", ours->dnsaddr[0]);
  /* A peer that gives one server gives it twice. */
  if (ours->dnsaddr[1] != ours->dnsaddr[0])
    add_ip4 (&report, "dns2", ours->dnsaddr[1]);
  add_ip4 (&report, "wins1", compat_wins (ours, 0));
  if (compat_wins (ours, 1) != compat_wins (ours, 0))
    add_ip4 (&report, "wins2", compat_wins (ours, 1));
  send_report (&report);
}

static void
on_ip_down (void *data, int number)
{
  send_simple ("ip4_down", NULL, NULL);
}

/* A link-local address is fe80::/64 and the interface identifier. */
static void
add_ip6 (Ol2tpReport *report, const char *key, const eui64_t *id)
{
  struct in6_addr in = { { { 0xfe, 0x80 } } };
  char text[INET6_ADDRSTRLEN];

  memcpy (&in.s6_addr[8], id, 8);
  if (inet_ntop (AF_INET6, &in, text, sizeof text))
    ol2tp_report_add (report, key, text);
}

static void
on_ipv6_up (void *data, int number)
{
  Ol2tpReport report;

  ol2tp_report_init (&report, "ip6_up");
  ol2tp_report_add (&report, "ifname", compat_ifname ());
  add_ip6 (&report, "local", &ipv6cp_gotoptions[0].ourid);
  add_ip6 (&report, "peer", &ipv6cp_hisoptions[0].hisid);
  send_report (&report);
}

static void
on_ipv6_down (void *data, int number)
{
  send_simple ("ip6_down", NULL, NULL);
}

/* Takes a descriptor from the command line; it must not leak into the scripts pppd runs. */
static int
take_fd (char *text, int *fd)
{
  if (!compat_int_option (text, fd))
    return 0;
  if (*fd < 0 || fcntl (*fd, F_SETFD, FD_CLOEXEC) < 0)
    {
      compat_option_error ("openl2tp: descriptor %s: %s", text, strerror (errno));
      return 0;
    }
  return 1;
}

/* The first message waits in the socket since before pppd was started. */
static int
set_control (char **argv)
{
  Ol2tpReport report;
  const char *text, *role;
  struct in_addr address;
  int ok;

  if (!take_fd (*argv, &control_fd))
    return 0;
  ok = ol2tp_report_receive (&report, control_fd) == 1 && !strcmp (ol2tp_report_get_kind (&report), "hello");
  role = ok ? ol2tp_report_get (&report, "role") : NULL;
  if (!role)
    {
      compat_option_error ("openl2tp: no settings from the daemon");
      return 0;
    }

  is_server = !strcmp (role, "server");
  text = ol2tp_report_get (&report, "user");
  if (text && strlen (text) < MAXNAMELEN)
    strcpy (user, text);
  text = ol2tp_report_get (&report, "peer_ip");
  if (text && inet_pton (AF_INET, text, &address) == 1)
    peer_address = address.s_addr;
  return 1;
}

/* Data signals too, so nobody ever writes to it. The read is for an end that came before we listened. */
static int
set_lifeline (char **argv)
{
  int fd;
  char c;

  if (!take_fd (*argv, &fd))
    return 0;
  if (fcntl (fd, F_SETOWN, getpid ()) < 0 || fcntl (fd, F_SETSIG, SIGTERM) < 0 || fcntl (fd, F_SETFL, O_ASYNC | O_NONBLOCK) < 0)
    {
      compat_option_error ("openl2tp: lifeline: %s", strerror (errno));
      return 0;
    }
  if (recv (fd, &c, 1, MSG_DONTWAIT) == 0)
    {
      compat_option_error ("openl2tp: the daemon is gone");
      return 0;
    }
  return 1;
}

static CompatOption options[]
    = { { "openl2tp_control", o_special, (void *) set_control, "Descriptor of the message channel to openl2tpd", OPT_PRIV },
        { "openl2tp_lifeline", o_special, (void *) set_lifeline, "Descriptor that ends with openl2tpd", OPT_PRIV },
        { NULL } };

void
plugin_init (void)
{
  compat_add_options (options);

  pap_check_hook = on_check;
  pap_passwd_hook = on_pap_passwd;
  pap_auth_hook = on_pap_auth;
  chap_check_hook = on_check;
  chap_passwd_hook = on_chap_passwd;
  chap_verify_hook = on_chap_verify;
  allowed_address_hook = on_allowed_address;
  snoop_recv_hook = on_packet;

  compat_add_notify (COMPAT_PHASE_CHANGE, on_phase);
  compat_add_notify (COMPAT_EXIT, on_exit_notify);
  compat_add_notify (COMPAT_AUTH_UP, on_auth_up);
  compat_add_notify (COMPAT_IP_UP, on_ip_up);
  compat_add_notify (COMPAT_IP_DOWN, on_ip_down);
  compat_add_notify (COMPAT_IPV6_UP, on_ipv6_up);
  compat_add_notify (COMPAT_IPV6_DOWN, on_ipv6_down);
}
