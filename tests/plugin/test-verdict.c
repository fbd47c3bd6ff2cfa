/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict.h"

#include <string.h>
#include <sys/wait.h>

/* How pppd 2.4.9 ends in each case was measured: exit status, and its status when the link died (-1: it did not get that far). */
static const struct {
  const char *what;
  int code;
  int exit_status;
  Ol2tpPppdFacts facts;
  Ol2tpPppEnd end;
  const char *words;
} cases[] = {
  { "wrong password, client", CLD_EXITED, 19, { .link_status = 19, .heard = TRUE }, OL2TP_PPP_END_AUTH_REFUSED, "refused our" },
  { "wrong password, hangup", CLD_EXITED, 16, { .link_status = 19, .heard = TRUE }, OL2TP_PPP_END_AUTH_REFUSED, "refused our" },
  { "no password, client",
    CLD_EXITED,
    19,
    { .link_status = 19, .heard = TRUE, .no_secret = TRUE },
    OL2TP_PPP_END_NO_SECRET,
    "there is none" },
  { "no password, peer closes",
    CLD_EXITED,
    16,
    { .link_status = 0, .heard = TRUE, .no_secret = TRUE },
    OL2TP_PPP_END_NO_SECRET,
    "there is none" },
  { "wrong password, server",
    CLD_EXITED,
    11,
    { .link_status = 11, .heard = TRUE, .peer_bad = TRUE },
    OL2TP_PPP_END_AUTH_PEER,
    "did not authenticate" },
  { "wrong password, peer closes first",
    CLD_EXITED,
    16,
    { .link_status = 0, .heard = TRUE, .peer_bad = TRUE },
    OL2TP_PPP_END_AUTH_PEER,
    "did not authenticate" },
  { "silence", CLD_EXITED, 16, { .link_status = 10 }, OL2TP_PPP_END_NO_ANSWER, "does not answer" },
  { "no LCP agreement",
    CLD_EXITED,
    16,
    { .link_status = 10, .heard = TRUE },
    OL2TP_PPP_END_NEGOTIATION,
    "no agreement with the peer" },
  { "our address refused",
    CLD_EXITED,
    10,
    { .link_status = 10, .heard = TRUE, .reached_network = TRUE },
    OL2TP_PPP_END_NEGOTIATION,
    "no agreement with the peer" },
  { "echo failed",
    CLD_EXITED,
    16,
    { .link_status = 15, .heard = TRUE, .reached_network = TRUE, .was_up = TRUE },
    OL2TP_PPP_END_NO_ANSWER,
    "stopped answering" },
  { "no IPCP agreement",
    CLD_EXITED,
    16,
    { .link_status = 0, .heard = TRUE, .reached_network = TRUE },
    OL2TP_PPP_END_NEGOTIATION,
    "network protocol" },
  { "peer closed",
    CLD_EXITED,
    16,
    { .link_status = 0, .heard = TRUE, .reached_network = TRUE, .was_up = TRUE },
    OL2TP_PPP_END_CLOSED,
    "closed by the peer" },
  { "peer closed early", CLD_EXITED, 16, { .link_status = 0, .heard = TRUE }, OL2TP_PPP_END_CLOSED, "closed by the peer" },
  { "stopped", CLD_EXITED, 5, { .link_status = 5, .was_up = TRUE, .stopped = TRUE }, OL2TP_PPP_END_CLOSED, "closed" },
  { "stopped in LCP", CLD_EXITED, 5, { .link_status = 5, .stopped = TRUE }, OL2TP_PPP_END_CLOSED, "closed" },
  { "stopped, not answered", CLD_EXITED, 16, { .link_status = 10, .stopped = TRUE }, OL2TP_PPP_END_CLOSED, "closed" },
  { "stopped before it began", CLD_KILLED, SIGTERM, { .link_status = -1, .stopped = TRUE }, OL2TP_PPP_END_CLOSED, "signal 15" },
  { "somebody's SIGTERM", CLD_EXITED, 5, { .link_status = 5, .was_up = TRUE }, OL2TP_PPP_END_CLOSED, "told to end" },
  { "our SIGKILL",
    CLD_KILLED,
    SIGKILL,
    { .link_status = -1, .stopped = TRUE, .killed = TRUE },
    OL2TP_PPP_END_CLOSED,
    "was killed" },
  { "crash", CLD_DUMPED, SIGSEGV, { .link_status = -1 }, OL2TP_PPP_END_FAILED, "signal 11" },
  { "bad option",
    CLD_EXITED,
    2,
    { .link_status = -1, .last_line = "unrecognized option 'x'" },
    OL2TP_PPP_END_FAILED,
    "does not accept its options: unrecognized option 'x'" },
  { "fatal",
    CLD_EXITED,
    1,
    { .link_status = -1, .last_line = "Couldn't rename interface" },
    OL2TP_PPP_END_FAILED,
    "status 1: Couldn't rename" },
  { "no kernel", CLD_EXITED, 4, { .link_status = -1 }, OL2TP_PPP_END_FAILED, "kernel has no PPP" },
  { "interface deleted", CLD_EXITED, 16, { .link_status = 16, .was_up = TRUE }, OL2TP_PPP_END_FAILED, "link went away" },
  { "nobody knows", 0, 0, { .link_status = -1 }, OL2TP_PPP_END_FAILED, "nobody knows" },
};

static void
test_ends (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Ol2tpPppdFacts facts = cases[i].facts;
      g_autofree char *message = NULL;

      facts.info.si_code = cases[i].code;
      facts.info.si_status = cases[i].exit_status;
      g_assert_cmpint (ol2tp_pppd_judge (&facts, &message), ==, cases[i].end);
      g_test_message ("%s: %s", cases[i].what, message);
      g_assert_nonnull (strstr (message, cases[i].words));
      g_assert_cmpint (ol2tp_pppd_exit_status (&facts), ==, cases[i].code == CLD_EXITED ? cases[i].exit_status : -1);
    }
}

static void
test_lines (void)
{
  g_assert_true (ol2tp_pppd_line_explains ("LCP: timeout sending Config-Requests"));
  g_assert_true (ol2tp_pppd_line_explains ("MS-CHAP authentication failed: E=691 Authentication failure"));
  g_assert_true (ol2tp_pppd_line_explains ("Plugin x.so is for pppd version 2.4.8, this is 2.4.9"));
  g_assert_false (ol2tp_pppd_line_explains ("Plugin pppol2tp.so loaded."));
  g_assert_false (ol2tp_pppd_line_explains ("CHAP authentication failed"));
  g_assert_false (ol2tp_pppd_line_explains ("Connection terminated."));
  g_assert_false (ol2tp_pppd_line_explains ("Modem hangup"));
  g_assert_false (ol2tp_pppd_line_explains (" "));
  g_assert_false (ol2tp_pppd_line_explains ("local  IP address 192.0.2.1"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plugin/verdict/ends", test_ends);
  g_test_add_func ("/plugin/verdict/lines", test_lines);
  return g_test_run ();
}
