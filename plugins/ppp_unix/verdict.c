/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict.h"

#include <string.h>
#include <sys/wait.h>

/* pppd's exit statuses (pppd(8)); no installed header we could use here has them. */
enum {
  STATUS_OK,
  STATUS_FATAL_ERROR,
  STATUS_OPTION_ERROR,
  STATUS_NOT_ROOT,
  STATUS_NO_KERNEL_SUPPORT,
  STATUS_USER_REQUEST,
  STATUS_NEGOTIATION_FAILED = 10,
  STATUS_PEER_AUTH_FAILED,
  STATUS_IDLE_TIMEOUT,
  STATUS_CONNECT_TIME,
  STATUS_PEER_DEAD = 15,
  STATUS_HANGUP,
  STATUS_LOOPBACK,
  STATUS_AUTH_TO_PEER_FAILED = 19,
};

int
ol2tp_pppd_exit_status (const Ol2tpPppdFacts *facts)
{
  return facts->info.si_code == CLD_EXITED ? facts->info.si_status : -1;
}

/* Ends that pppd calls orderly; they are not if the link never carried a network protocol. */
static Ol2tpPppEnd
judge_orderly (const Ol2tpPppdFacts *facts, const char *orderly, const char **words)
{
  if (facts->stopped || facts->was_up)
    {
      *words = facts->stopped ? "closed" : orderly;
      return OL2TP_PPP_END_CLOSED;
    }
  if (facts->no_secret)
    {
      *words = "the peer wants a password and there is none";
      return OL2TP_PPP_END_NO_SECRET;
    }
  if (facts->reached_network)
    {
      *words = "no agreement on a network protocol";
      return OL2TP_PPP_END_NEGOTIATION;
    }
  *words = orderly;
  return OL2TP_PPP_END_CLOSED;
}

static Ol2tpPppEnd
judge_status (const Ol2tpPppdFacts *facts, int status, const char **words)
{
  switch (status)
    {
    case STATUS_AUTH_TO_PEER_FAILED:
      *words = facts->no_secret ? "the peer wants a password and there is none" : "the peer refused our user name or password";
      return facts->no_secret ? OL2TP_PPP_END_NO_SECRET : OL2TP_PPP_END_AUTH_REFUSED;
    case STATUS_PEER_AUTH_FAILED:
      *words = "the peer did not authenticate itself";
      return OL2TP_PPP_END_AUTH_PEER;
    case STATUS_NEGOTIATION_FAILED:
      if (facts->stopped)
        return judge_orderly (facts, "closed", words);
      *words = facts->heard ? "no agreement with the peer" : "the peer does not answer";
      return facts->heard ? OL2TP_PPP_END_NEGOTIATION : OL2TP_PPP_END_NO_ANSWER;
    case STATUS_PEER_DEAD:
      *words = "the peer stopped answering";
      return OL2TP_PPP_END_NO_ANSWER;
    case STATUS_OK:
      return judge_orderly (facts, "closed by the peer", words);
    case STATUS_USER_REQUEST:
      return judge_orderly (facts, "pppd was told to end", words);
    case STATUS_IDLE_TIMEOUT:
      return judge_orderly (facts, "idle for too long", words);
    case STATUS_CONNECT_TIME:
      return judge_orderly (facts, "connected for too long", words);
    case STATUS_HANGUP:
      if (facts->stopped)
        return judge_orderly (facts, "closed", words);
      *words = "the link went away";
      return OL2TP_PPP_END_FAILED;
    case STATUS_OPTION_ERROR:
      *words = "pppd does not accept its options";
      return OL2TP_PPP_END_FAILED;
    case STATUS_NOT_ROOT:
      *words = "pppd is not allowed to run";
      return OL2TP_PPP_END_FAILED;
    case STATUS_NO_KERNEL_SUPPORT:
      *words = "the kernel has no PPP";
      return OL2TP_PPP_END_FAILED;
    case STATUS_LOOPBACK:
      *words = "the link is looped back";
      return OL2TP_PPP_END_FAILED;
    case STATUS_FATAL_ERROR:
    default:
      *words = NULL;
      return OL2TP_PPP_END_FAILED;
    }
}

static Ol2tpPppEnd
judge_unusual_end (const Ol2tpPppdFacts *facts, char **message)
{
  if (facts->killed)
    {
      *message = g_strdup ("pppd did not end in time and was killed");
      return OL2TP_PPP_END_CLOSED;
    }
  if (facts->info.si_code == 0)
    *message = g_strdup ("pppd ended, nobody knows how");
  else
    *message = g_strdup_printf ("pppd was ended by signal %d (%s)", facts->info.si_status, strsignal (facts->info.si_status));
  /* A SIGTERM that comes before pppd handles it ends it as well. */
  return facts->stopped ? OL2TP_PPP_END_CLOSED : OL2TP_PPP_END_FAILED;
}

Ol2tpPppEnd
ol2tp_pppd_judge (const Ol2tpPppdFacts *facts, char **message)
{
  int exit_status = ol2tp_pppd_exit_status (facts);
  int status = facts->link_status >= 0 ? facts->link_status : exit_status;
  g_autofree char *number = NULL;
  const char *words = NULL;
  Ol2tpPppEnd end;

  if (status < 0)
    return judge_unusual_end (facts, message);

  end = judge_status (facts, status, &words);
  if (end == OL2TP_PPP_END_CLOSED && facts->peer_bad && !facts->was_up && !facts->stopped)
    {
      end = OL2TP_PPP_END_AUTH_PEER;
      words = "the peer did not authenticate itself";
    }
  if (!words)
    words = number = g_strdup_printf ("pppd failed with status %d", status);

  /* Where all went as asked, what pppd said last explains nothing. */
  if (facts->last_line && end != OL2TP_PPP_END_CLOSED)
    *message = g_strdup_printf ("%s: %s", words, facts->last_line);
  else
    *message = g_strdup (words);
  return end;
}

gboolean
ol2tp_pppd_line_explains (const char *line)
{
  static const char *const progress[] = {
    "Using interface ",
    "Connect: ",
    "Connect time ",
    "Connection terminated",
    "Renamed interface ",
    "Sent ",
    "Exit.",
    "Modem hangup",
    "Terminating on signal ",
    "Script ",
    "Overriding m",
    "local ",
    "remote ",
    "primary ",
    "secondary ",
    "Connect script",
    "rcvd [",
    "sent [",
    "using channel ",
    "Starting negotiation",
    "MPPE ",
  };
  g_autofree char *copy = g_strstrip (g_strdup (line));

  /* The bare "CHAP authentication failed" follows the line with the peer's own words. */
  if (*copy == '\0' || g_str_has_suffix (copy, " loaded.") || !strcmp (copy, "CHAP authentication failed"))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (progress); i++)
    if (g_str_has_prefix (copy, progress[i]))
      return FALSE;
  return TRUE;
}
