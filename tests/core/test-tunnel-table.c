/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tunnel's state table against RFC 2661 section 7.2.1, typed here a second time as one matrix, states by events. */
#include "core/tunnel.h"

#include <string.h>

/*
 * A cell is "action>state", or "" where the RFC has no row and the event is an FSM error. Actions: Q P C send SCCRQ, SCCRP, SCCCN;
 * n note the peer; o open sessions; d dispatch; x send StopCCN; u clean up; l linger; i learn the ID; f finish; - nothing.
 * States: I idle, A wait-accept, R wait-ctl-reply, W wait-ctl-conn, E established, Z closing.
 */
/* clang-format off */
static const char *const matrix[OL2TP_N_TUNNEL_EVENTS][OL2TP_N_TUNNEL_STATES] = {
  /* event                               idle   wait-accept  wait-ctl-reply  wait-ctl-conn  established  closing */
  [OL2TP_TUNNEL_EVENT_OPEN]             = { "Q>R", "",        "",             "",            "",          "" },
  [OL2TP_TUNNEL_EVENT_ACCEPT]           = { "",    "P>W",     "",             "",            "",          "" },
  [OL2TP_TUNNEL_EVENT_SCCRQ]            = { "n>A", "",        "",             "",            "",          "->Z" },
  [OL2TP_TUNNEL_EVENT_SCCRP_OK]         = { "",    "",        "C>E",          "",            "",          "i>Z" },
  [OL2TP_TUNNEL_EVENT_SCCRP_BAD]        = { "",    "",        "x>Z",          "",            "",          "i>Z" },
  [OL2TP_TUNNEL_EVENT_SCCCN_OK]         = { "",    "",        "",             "o>E",         "",          "->Z" },
  [OL2TP_TUNNEL_EVENT_SCCCN_BAD]        = { "",    "",        "",             "x>Z",         "",          "->Z" },
  [OL2TP_TUNNEL_EVENT_STOPCCN]          = { "",    "l>Z",     "l>Z",          "l>Z",         "l>Z",       "l>Z" },
  [OL2TP_TUNNEL_EVENT_HELLO]            = { "",    "->A",     "->R",          "->W",         "->E",       "->Z" },
  [OL2TP_TUNNEL_EVENT_SESSION]          = { "",    "",        "",             "",            "d>E",       "->Z" },
  [OL2TP_TUNNEL_EVENT_BAD]              = { "",    "x>Z",     "x>Z",          "x>Z",         "x>Z",       "->Z" },
  [OL2TP_TUNNEL_EVENT_CLOSE]            = { "u>Z", "x>Z",     "x>Z",          "x>Z",         "x>Z",       "" },
  [OL2TP_TUNNEL_EVENT_SETUP_TIMEOUT]    = { "",    "x>Z",     "x>Z",          "x>Z",         "",          "" },
  [OL2TP_TUNNEL_EVENT_TRANSPORT_FAILED] = { "",    "",        "u>Z",          "u>Z",         "u>Z",       "f>Z" },
};

static const char actions[] = {
  [OL2TP_TUNNEL_ACTION_NONE] = '-',          [OL2TP_TUNNEL_ACTION_SEND_SCCRQ] = 'Q',   [OL2TP_TUNNEL_ACTION_NOTE_PEER] = 'n',
  [OL2TP_TUNNEL_ACTION_SEND_SCCRP] = 'P',    [OL2TP_TUNNEL_ACTION_SEND_SCCCN] = 'C',   [OL2TP_TUNNEL_ACTION_OPEN_SESSIONS] = 'o',
  [OL2TP_TUNNEL_ACTION_DISPATCH] = 'd',      [OL2TP_TUNNEL_ACTION_CLEAN_UP] = 'u',     [OL2TP_TUNNEL_ACTION_SEND_STOPCCN] = 'x',
  [OL2TP_TUNNEL_ACTION_LINGER] = 'l',        [OL2TP_TUNNEL_ACTION_LEARN_ID] = 'i',     [OL2TP_TUNNEL_ACTION_FINISH] = 'f',
};

static const char states[] = {
  [OL2TP_TUNNEL_STATE_IDLE] = 'I',          [OL2TP_TUNNEL_STATE_WAIT_ACCEPT] = 'A', [OL2TP_TUNNEL_STATE_WAIT_CTL_REPLY] = 'R',
  [OL2TP_TUNNEL_STATE_WAIT_CTL_CONN] = 'W', [OL2TP_TUNNEL_STATE_ESTABLISHED] = 'E', [OL2TP_TUNNEL_STATE_CLOSING] = 'Z',
};
/* clang-format on */

static void
test_matrix (void)
{
  for (guint event = 0; event < OL2TP_N_TUNNEL_EVENTS; event++)
    for (guint state = 0; state < OL2TP_N_TUNNEL_STATES; state++)
      {
        const Ol2tpTunnelTransition *row
            = ol2tp_tunnel_find_transition ((Ol2tpTunnelState) state, (Ol2tpTunnelEvent) event);
        g_autofree char *cell = g_strdup ("");

        if (row != NULL)
          {
            g_free (cell);
            cell = g_strdup_printf ("%c>%c", actions[row->action], states[row->next]);
            g_assert_cmpint (row->state, ==, state);
            g_assert_cmpint (row->event, ==, event);
          }
        g_test_message ("event %u in state %u", event, state);
        g_assert_cmpstr (cell, ==, matrix[event][state]);
      }
}

/* Whatever happens, closing is never left, and no state but closing is reached by an action that ends the tunnel. */
static void
test_closing_is_final (void)
{
  for (guint event = 0; event < OL2TP_N_TUNNEL_EVENTS; event++)
    for (guint state = 0; state < OL2TP_N_TUNNEL_STATES; state++)
      {
        const Ol2tpTunnelTransition *row
            = ol2tp_tunnel_find_transition ((Ol2tpTunnelState) state, (Ol2tpTunnelEvent) event);

        if (row == NULL)
          continue;
        if (state == OL2TP_TUNNEL_STATE_CLOSING || strchr ("uxlf", actions[row->action]) != NULL)
          g_assert_cmpint (row->next, ==, OL2TP_TUNNEL_STATE_CLOSING);
      }
}

static void
test_names (void)
{
  for (guint state = 0; state < OL2TP_N_TUNNEL_STATES; state++)
    g_assert_cmpstr (ol2tp_tunnel_state_to_string ((Ol2tpTunnelState) state), !=, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/tunnel-table/matrix", test_matrix);
  g_test_add_func ("/core/tunnel-table/closing-is-final", test_closing_is_final);
  g_test_add_func ("/core/tunnel-table/names", test_names);
  return g_test_run ();
}
