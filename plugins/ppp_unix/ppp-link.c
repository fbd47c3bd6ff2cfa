/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What pppd reports: checked, kept for the verdict, passed on to the daemon. */
#include "ppp-link.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>
#include <syslog.h>

/* How long IPv4 may still come up after IPv6 did, before the link counts as up with IPv6 alone. */
#define IP6_ALONE_TIMEOUT_MSEC 3000

void
ol2tp_link_set_state (Ol2tpLink *self, Ol2tpPppState state)
{
  if (self->state == state)
    return;
  self->state = state;
  ol2tp_ppp_set_state (self->ppp, state);
}

static void
set_up (Ol2tpLink *self)
{
  ol2tp_timer_remove (self->ip6_alone_timer);
  self->ip6_alone_timer = 0;
  self->facts.was_up = TRUE;
  if (self->state != OL2TP_PPP_STATE_TERMINATING)
    ol2tp_link_set_state (self, OL2TP_PPP_STATE_UP);
}

static void
on_ip6_alone (void *data)
{
  Ol2tpLink *self = data;

  self->ip6_alone_timer = 0;
  if (self->ip6_up)
    set_up (self);
}

static void
handle_ask (Ol2tpLink *self, const Ol2tpReport *question)
{
  const char *user = ol2tp_report_get (question, "user");
  const char *id = ol2tp_report_get (question, "id");
  const char *account;
  char secret[OL2TP_PPPD_SECRET_MAX];
  Ol2tpReport answer;
  int len, ret;

  if (!user || !id)
    {
      ol2tp_ppp_log (self->ppp, LOG_WARNING, "pppd asks for a password without saying whose");
      return;
    }

  len = ol2tp_ppp_get_secret (self->ppp, user, secret, sizeof secret);
  /* Windows puts its domain first: DOMAIN\user. */
  account = strrchr (user, '\\');
  if (len < 0 && self->is_server && account)
    len = ol2tp_ppp_get_secret (self->ppp, account + 1, secret, sizeof secret);

  ol2tp_report_init (&answer, "answer");
  ol2tp_report_add (&answer, "id", id);
  if (len >= 0)
    ol2tp_report_add (&answer, "secret", secret);
  ret = ol2tp_report_send (&answer, self->child.control_fd);
  ol2tp_report_clear (&answer);
  explicit_bzero (secret, sizeof secret);
  if (ret < 0)
    ol2tp_ppp_log (self->ppp, LOG_WARNING, "cannot answer pppd: %s", g_strerror (-ret));
}

static void
handle_phase (Ol2tpLink *self, const Ol2tpReport *report)
{
  const char *phase = ol2tp_report_get (report, "phase");
  int number;

  if (ol2tp_report_get_number (report, "heard", &number) == 0)
    self->facts.heard = number != 0;
  if (!g_strcmp0 (phase, "dead") && ol2tp_report_get_number (report, "status", &number) == 0)
    self->facts.link_status = number;

  /* On its way down pppd passes "establish" once more. */
  if (!g_strcmp0 (phase, "terminate"))
    ol2tp_link_set_state (self, OL2TP_PPP_STATE_TERMINATING);
  else if (self->state == OL2TP_PPP_STATE_TERMINATING)
    return;
  else if (!g_strcmp0 (phase, "establish"))
    ol2tp_link_set_state (self, OL2TP_PPP_STATE_LCP);
  else if (!g_strcmp0 (phase, "authenticate"))
    ol2tp_link_set_state (self, OL2TP_PPP_STATE_AUTH);
  else if (!g_strcmp0 (phase, "network"))
    {
      self->facts.reached_network = TRUE;
      ol2tp_link_set_state (self, OL2TP_PPP_STATE_NETWORK);
    }
}

static gboolean
get_ip4 (const Ol2tpReport *report, const char *key, struct in_addr *address)
{
  const char *text = ol2tp_report_get (report, key);

  return text && inet_pton (AF_INET, text, address) == 1;
}

static gboolean
get_ip6 (const Ol2tpReport *report, const char *key, struct in6_addr *address)
{
  const char *text = ol2tp_report_get (report, key);

  return text && inet_pton (AF_INET6, text, address) == 1;
}

static gboolean
take_interface (Ol2tpLink *self, const Ol2tpReport *report)
{
  const char *name = ol2tp_report_get (report, "ifname");

  if (!name || *name == '\0' || strlen (name) >= IF_NAMESIZE)
    {
      ol2tp_ppp_log (self->ppp, LOG_WARNING, "pppd reports addresses without an interface");
      return FALSE;
    }
  ol2tp_ppp_set_interface (self->ppp, name);
  return TRUE;
}

static void
handle_ip4_up (Ol2tpLink *self, const Ol2tpReport *report)
{
  Ol2tpPppIp4 ip4 = { .size = sizeof ip4 };

  if (!take_interface (self, report))
    return;
  if (!get_ip4 (report, "local", &ip4.local))
    {
      ol2tp_ppp_log (self->ppp, LOG_WARNING, "pppd reports an IPv4 link without an address");
      return;
    }
  get_ip4 (report, "peer", &ip4.peer);
  ip4.n_dns += get_ip4 (report, "dns1", &ip4.dns[ip4.n_dns]);
  ip4.n_dns += get_ip4 (report, "dns2", &ip4.dns[ip4.n_dns]);
  ip4.n_wins += get_ip4 (report, "wins1", &ip4.wins[ip4.n_wins]);
  ip4.n_wins += get_ip4 (report, "wins2", &ip4.wins[ip4.n_wins]);
  self->ip4_up = TRUE;
  ol2tp_ppp_set_ip4 (self->ppp, &ip4);
  set_up (self);
}

static void
handle_ip6_up (Ol2tpLink *self, const Ol2tpReport *report)
{
  Ol2tpPppIp6 ip6 = { .size = sizeof ip6 };

  if (!take_interface (self, report))
    return;
  if (!get_ip6 (report, "local", &ip6.local))
    {
      ol2tp_ppp_log (self->ppp, LOG_WARNING, "pppd reports an IPv6 link without an address");
      return;
    }
  get_ip6 (report, "peer", &ip6.peer);
  self->ip6_up = TRUE;
  ol2tp_ppp_set_ip6 (self->ppp, &ip6);
  if (!self->ip4_up && self->ip6_alone_timer == 0)
    self->ip6_alone_timer = ol2tp_timer_add (IP6_ALONE_TIMEOUT_MSEC, on_ip6_alone, self);
}

static void
handle_down (Ol2tpLink *self, gboolean *family_up)
{
  *family_up = FALSE;
  if (!self->ip4_up && !self->ip6_up && self->state == OL2TP_PPP_STATE_UP)
    ol2tp_link_set_state (self, OL2TP_PPP_STATE_NETWORK);
  if (family_up == &self->ip4_up)
    ol2tp_ppp_set_ip4 (self->ppp, NULL);
  else
    ol2tp_ppp_set_ip6 (self->ppp, NULL);
}

static char *
dup_user (const Ol2tpReport *report)
{
  const char *user = ol2tp_report_get (report, "user");

  return g_utf8_make_valid (user ? user : "", -1);
}

void
ol2tp_link_handle_report (Ol2tpLink *self, const Ol2tpReport *report)
{
  const char *kind = ol2tp_report_get_kind (report);
  g_autofree char *user = dup_user (report);

  if (!strcmp (kind, "ask"))
    handle_ask (self, report);
  else if (!strcmp (kind, "phase"))
    handle_phase (self, report);
  else if (!strcmp (kind, "ip4_up"))
    handle_ip4_up (self, report);
  else if (!strcmp (kind, "ip4_down"))
    handle_down (self, &self->ip4_up);
  else if (!strcmp (kind, "ip6_up"))
    handle_ip6_up (self, report);
  else if (!strcmp (kind, "ip6_down"))
    handle_down (self, &self->ip6_up);
  else if (!strcmp (kind, "auth_up"))
    ol2tp_ppp_set_peer_name (self->ppp, user);
  else if (!strcmp (kind, "auth_bad"))
    {
      self->facts.peer_bad = TRUE;
      ol2tp_ppp_log (self->ppp, LOG_NOTICE, "user \"%s\": unknown or wrong password", user);
    }
  else if (!strcmp (kind, "no_secret"))
    {
      self->facts.no_secret = TRUE;
      ol2tp_ppp_log (self->ppp, LOG_NOTICE, "the peer wants a password for user \"%s\", and there is none", user);
    }
  else if (strcmp (kind, "exit"))
    ol2tp_ppp_log (self->ppp, LOG_WARNING, "pppd sent a message of unknown kind");
}
