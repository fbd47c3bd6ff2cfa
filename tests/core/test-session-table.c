/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The session's state tables against RFC 2661 section 7.4.1 and 7.4.2, typed here a second time as matrices, states by events. */
#include "core/session.h"

#include <string.h>

/*
 * A cell is "action>state", or "" where the RFC has no row: the wrong message, CDN. Actions: Q P C send ICRQ, ICRP, ICCN; p note
 * ICRP; q note ICRQ; c note ICCN; x send CDN; u clean up; - nothing. States: I idle, T wait-tunnel, A wait-accept, R wait-reply,
 * W wait-connect, D wait-datapath, E established.
 */
typedef const char *const Matrix[OL2TP_N_SESSION_EVENTS][OL2TP_N_SESSION_STATES];

/* clang-format off */
static Matrix lac = {
  /* event                               idle   wait-tunnel wait-accept wait-reply wait-connect wait-datapath established */
  [OL2TP_SESSION_EVENT_OPEN]          = { "->T", "",    "", "",    "", "",    "" },
  [OL2TP_SESSION_EVENT_TUNNEL_OPEN]   = { "->I", "Q>R", "", "",    "", "",    "" },
  [OL2TP_SESSION_EVENT_ACCEPT]        = { "",    "",    "", "",    "", "",    "" },
  [OL2TP_SESSION_EVENT_DATAPATH_DONE] = { "",    "",    "", "",    "", "C>E", "" },
  [OL2TP_SESSION_EVENT_ICRQ]          = { "u>I", "",    "", "x>I", "", "",    "x>I" },
  [OL2TP_SESSION_EVENT_ICRP_OK]       = { "u>I", "",    "", "p>D", "", "",    "x>I" },
  [OL2TP_SESSION_EVENT_ICRP_BAD]      = { "u>I", "",    "", "x>I", "", "",    "x>I" },
  [OL2TP_SESSION_EVENT_ICCN_OK]       = { "u>I", "",    "", "u>I", "", "",    "x>I" },
  [OL2TP_SESSION_EVENT_ICCN_BAD]      = { "u>I", "",    "", "u>I", "", "",    "x>I" },
  [OL2TP_SESSION_EVENT_CDN]           = { "u>I", "",    "", "u>I", "", "u>I", "u>I" },
  [OL2TP_SESSION_EVENT_INFO]          = { "->I", "",    "", "->R", "", "->D", "->E" },
  [OL2TP_SESSION_EVENT_OUTGOING]      = { "u>I", "",    "", "",    "", "",    "" },
  [OL2TP_SESSION_EVENT_BAD]           = { "u>I", "",    "", "x>I", "", "x>I", "x>I" },
  [OL2TP_SESSION_EVENT_CLOSE]         = { "u>I", "u>I", "", "x>I", "", "x>I", "x>I" },
  [OL2TP_SESSION_EVENT_SETUP_TIMEOUT] = { "",    "",    "", "x>I", "", "x>I", "" },
  [OL2TP_SESSION_EVENT_TUNNEL_DOWN]   = { "u>I", "u>I", "", "u>I", "", "u>I", "u>I" },
};

static Matrix lns = {
  /* event                               idle   wait-tunnel wait-accept wait-reply wait-connect wait-datapath established */
  [OL2TP_SESSION_EVENT_OPEN]          = { "",    "", "",    "", "",    "",    "" },
  [OL2TP_SESSION_EVENT_TUNNEL_OPEN]   = { "",    "", "",    "", "",    "",    "" },
  [OL2TP_SESSION_EVENT_ACCEPT]        = { "",    "", "P>W", "", "",    "",    "" },
  [OL2TP_SESSION_EVENT_DATAPATH_DONE] = { "",    "", "",    "", "",    "->E", "" },
  [OL2TP_SESSION_EVENT_ICRQ]          = { "q>A", "", "",    "", "x>I", "",    "x>I" },
  [OL2TP_SESSION_EVENT_ICRP_OK]       = { "",    "", "",    "", "x>I", "",    "x>I" },
  [OL2TP_SESSION_EVENT_ICRP_BAD]      = { "",    "", "",    "", "x>I", "",    "x>I" },
  [OL2TP_SESSION_EVENT_ICCN_OK]       = { "u>I", "", "",    "", "c>D", "",    "x>I" },
  [OL2TP_SESSION_EVENT_ICCN_BAD]      = { "u>I", "", "",    "", "x>I", "",    "x>I" },
  [OL2TP_SESSION_EVENT_CDN]           = { "u>I", "", "u>I", "", "u>I", "u>I", "u>I" },
  [OL2TP_SESSION_EVENT_INFO]          = { "",    "", "->A", "", "->W", "->D", "->E" },
  [OL2TP_SESSION_EVENT_OUTGOING]      = { "",    "", "",    "", "",    "",    "" },
  [OL2TP_SESSION_EVENT_BAD]           = { "",    "", "x>I", "", "x>I", "x>I", "x>I" },
  [OL2TP_SESSION_EVENT_CLOSE]         = { "",    "", "x>I", "", "x>I", "x>I", "x>I" },
  [OL2TP_SESSION_EVENT_SETUP_TIMEOUT] = { "",    "", "",    "", "x>I", "x>I", "" },
  [OL2TP_SESSION_EVENT_TUNNEL_DOWN]   = { "u>I", "", "u>I", "", "u>I", "u>I", "u>I" },
};

static const char actions[] = {
  [OL2TP_SESSION_ACTION_NONE] = '-',      [OL2TP_SESSION_ACTION_SEND_ICRQ] = 'Q', [OL2TP_SESSION_ACTION_NOTE_PEER] = 'p',
  [OL2TP_SESSION_ACTION_SEND_ICCN] = 'C', [OL2TP_SESSION_ACTION_NOTE_CALL] = 'q', [OL2TP_SESSION_ACTION_SEND_ICRP] = 'P',
  [OL2TP_SESSION_ACTION_NOTE_CONNECT] = 'c', [OL2TP_SESSION_ACTION_SEND_CDN] = 'x', [OL2TP_SESSION_ACTION_CLEAN_UP] = 'u',
};

static const char states[] = {
  [OL2TP_SESSION_STATE_IDLE] = 'I',          [OL2TP_SESSION_STATE_WAIT_TUNNEL] = 'T',  [OL2TP_SESSION_STATE_WAIT_ACCEPT] = 'A',
  [OL2TP_SESSION_STATE_WAIT_REPLY] = 'R',    [OL2TP_SESSION_STATE_WAIT_CONNECT] = 'W', [OL2TP_SESSION_STATE_WAIT_DATAPATH] = 'D',
  [OL2TP_SESSION_STATE_ESTABLISHED] = 'E',
};
/* clang-format on */

typedef const Ol2tpSessionTransition *(*Find) (Ol2tpSessionState state, Ol2tpSessionEvent event);

static void
check (Find find, Matrix matrix)
{
  for (guint event = 0; event < OL2TP_N_SESSION_EVENTS; event++)
    for (guint state = 0; state < OL2TP_N_SESSION_STATES; state++)
      {
        const Ol2tpSessionTransition *row = find ((Ol2tpSessionState) state, (Ol2tpSessionEvent) event);
        g_autofree char *cell = g_strdup ("");

        if (row != NULL)
          {
            g_free (cell);
            cell = g_strdup_printf ("%c>%c", actions[row->action], states[row->next]);
            g_assert_cmpint (row->state, ==, state);
            g_assert_cmpint (row->event, ==, event);
            /* Idle is the end: only what cleans up leads there, and it leads nowhere else. */
            if (strchr ("xu", actions[row->action]) != NULL)
              g_assert_cmpint (row->next, ==, OL2TP_SESSION_STATE_IDLE);
            else if (state != OL2TP_SESSION_STATE_IDLE)
              g_assert_cmpint (row->next, !=, OL2TP_SESSION_STATE_IDLE);
          }
        g_test_message ("event %u in state %u", event, state);
        g_assert_cmpstr (cell, ==, matrix[event][state]);
      }
}

static void
test_lac (void)
{
  check (ol2tp_session_lac_find_transition, lac);
}

static void
test_lns (void)
{
  check (ol2tp_session_lns_find_transition, lns);
}

static void
test_names (void)
{
  for (guint state = 0; state < OL2TP_N_SESSION_STATES; state++)
    g_assert_cmpstr (ol2tp_session_state_to_string ((Ol2tpSessionState) state), !=, "");
}

#define N_BUCKETS 16381

/* @tunnel and @session: what is added for the next key. */
static void
assert_spread (gint64 tunnel, gint64 session)
{
  static guint8 buckets[N_BUCKETS];
  guint fullest = 0;

  memset (buckets, 0, sizeof buckets);
  for (gint64 i = 1; i <= 10000; i++)
    {
      gint64 key = (1 + i * tunnel) << 32 | (1 + i * session);
      guint8 *bucket = &buckets[ol2tp_session_hash_peer_key (&key) % N_BUCKETS];

      ++*bucket;
      g_assert_cmpuint (*bucket, <, G_MAXUINT8);
      fullest = MAX (fullest, *bucket);
    }
  g_assert_cmpuint (fullest, <=, 16);
}

/* Many tunnels whose peers begin to count at 1, a tunnel with many sessions, and both. */
static void
test_peer_keys (void)
{
  assert_spread (1, 0);
  assert_spread (0, 1);
  assert_spread (1, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/session-table/lac", test_lac);
  g_test_add_func ("/core/session-table/lns", test_lns);
  g_test_add_func ("/core/session-table/names", test_names);
  g_test_add_func ("/core/session-table/peer-keys", test_peer_keys);
  return g_test_run ();
}
