/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control connection's state table, as data.  It is RFC 2661's, with these differences:
 *
 *  - WAIT_ACCEPT stands between the RFC's idle and wait-ctl-conn: SCCRQ was good, and our caller is asked whether it wants the
 *    tunnel.  The RFC decides in no time; a plugin may not.
 *  - The RFC's "idle" after a clean-up is CLOSING here, since section 5.7 has the transport live on for a cycle.
 *  - "SCCRQ not acceptable" in idle (StopCCN), SCCRP (StopCCN) and SCCCN (nothing) in idle are missing: a tunnel exists only after
 *    a good SCCRQ, and messages for none are answered, or not, in engine-input.c.
 *  - A lost tie is missing: we send no Tie Breaker, and two tunnels between two peers are allowed.
 *  - Events without a row in the RFC are ours: timers, a transport that gave up, messages of sessions.
 *
 * Implements: RFC 2661 section 7.2.1, 6.5 (HELLO), 5.7.
 */
#include "core/tunnel.h"

#define ROW(state, event, action, next)                                                                                          \
  {                                                                                                                              \
    OL2TP_TUNNEL_STATE_##state, OL2TP_TUNNEL_EVENT_##event, OL2TP_TUNNEL_ACTION_##action, OL2TP_TUNNEL_STATE_##next              \
  }

/* RFC 2661 section 7.2.1.  A pair that is not listed is an FSM error: StopCCN, result 7; a command is refused. */
/* clang-format off */
static const Ol2tpTunnelTransition table[] = {
  /*   state           event             action         next           */
  ROW (IDLE,           OPEN,             SEND_SCCRQ,    WAIT_CTL_REPLY),
  ROW (IDLE,           SCCRQ,            NOTE_PEER,     WAIT_ACCEPT),
  ROW (IDLE,           CLOSE,            CLEAN_UP,      CLOSING),

  ROW (WAIT_ACCEPT,    ACCEPT,           SEND_SCCRP,    WAIT_CTL_CONN),
  ROW (WAIT_ACCEPT,    STOPCCN,          LINGER,        CLOSING),
  ROW (WAIT_ACCEPT,    HELLO,            NONE,          WAIT_ACCEPT),
  ROW (WAIT_ACCEPT,    BAD,              SEND_STOPCCN,  CLOSING),
  ROW (WAIT_ACCEPT,    CLOSE,            SEND_STOPCCN,  CLOSING),
  ROW (WAIT_ACCEPT,    SETUP_TIMEOUT,    SEND_STOPCCN,  CLOSING),

  ROW (WAIT_CTL_REPLY, SCCRP_OK,         SEND_SCCCN,    ESTABLISHED),
  ROW (WAIT_CTL_REPLY, SCCRP_BAD,        SEND_STOPCCN,  CLOSING),
  ROW (WAIT_CTL_REPLY, STOPCCN,          LINGER,        CLOSING),
  ROW (WAIT_CTL_REPLY, HELLO,            NONE,          WAIT_CTL_REPLY),
  ROW (WAIT_CTL_REPLY, BAD,              SEND_STOPCCN,  CLOSING),
  ROW (WAIT_CTL_REPLY, CLOSE,            SEND_STOPCCN,  CLOSING),
  ROW (WAIT_CTL_REPLY, SETUP_TIMEOUT,    SEND_STOPCCN,  CLOSING),
  ROW (WAIT_CTL_REPLY, TRANSPORT_FAILED, CLEAN_UP,      CLOSING),

  ROW (WAIT_CTL_CONN,  SCCCN_OK,         OPEN_SESSIONS, ESTABLISHED),
  ROW (WAIT_CTL_CONN,  SCCCN_BAD,        SEND_STOPCCN,  CLOSING),
  ROW (WAIT_CTL_CONN,  STOPCCN,          LINGER,        CLOSING),
  ROW (WAIT_CTL_CONN,  HELLO,            NONE,          WAIT_CTL_CONN),
  ROW (WAIT_CTL_CONN,  BAD,              SEND_STOPCCN,  CLOSING),
  ROW (WAIT_CTL_CONN,  CLOSE,            SEND_STOPCCN,  CLOSING),
  ROW (WAIT_CTL_CONN,  SETUP_TIMEOUT,    SEND_STOPCCN,  CLOSING),
  ROW (WAIT_CTL_CONN,  TRANSPORT_FAILED, CLEAN_UP,      CLOSING),

  ROW (ESTABLISHED,    STOPCCN,          LINGER,        CLOSING),
  ROW (ESTABLISHED,    HELLO,            NONE,          ESTABLISHED),
  ROW (ESTABLISHED,    SESSION,          DISPATCH,      ESTABLISHED),
  ROW (ESTABLISHED,    BAD,              SEND_STOPCCN,  CLOSING),
  ROW (ESTABLISHED,    CLOSE,            SEND_STOPCCN,  CLOSING),
  ROW (ESTABLISHED,    TRANSPORT_FAILED, CLEAN_UP,      CLOSING),

  ROW (CLOSING,        SCCRQ,            NONE,          CLOSING),
  ROW (CLOSING,        SCCRP_OK,         LEARN_ID,      CLOSING),
  ROW (CLOSING,        SCCRP_BAD,        LEARN_ID,      CLOSING),
  ROW (CLOSING,        SCCCN_OK,         NONE,          CLOSING),
  ROW (CLOSING,        SCCCN_BAD,        NONE,          CLOSING),
  ROW (CLOSING,        STOPCCN,          LINGER,        CLOSING),
  ROW (CLOSING,        HELLO,            NONE,          CLOSING),
  ROW (CLOSING,        SESSION,          NONE,          CLOSING),
  ROW (CLOSING,        BAD,              NONE,          CLOSING),
  ROW (CLOSING,        TRANSPORT_FAILED, FINISH,        CLOSING),
};
/* clang-format on */

const Ol2tpTunnelTransition *
ol2tp_tunnel_find_transition (Ol2tpTunnelState state, Ol2tpTunnelEvent event)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].state == state && table[i].event == event)
      return &table[i];
  return NULL;
}

const char *
ol2tp_tunnel_state_to_string (Ol2tpTunnelState state)
{
  switch (state)
    {
    case OL2TP_TUNNEL_STATE_IDLE:
      return "idle";
    case OL2TP_TUNNEL_STATE_WAIT_ACCEPT:
      return "wait-accept";
    case OL2TP_TUNNEL_STATE_WAIT_CTL_REPLY:
      return "wait-ctl-reply";
    case OL2TP_TUNNEL_STATE_WAIT_CTL_CONN:
      return "wait-ctl-conn";
    case OL2TP_TUNNEL_STATE_ESTABLISHED:
      return "established";
    case OL2TP_TUNNEL_STATE_CLOSING:
      return "closing";
    default:
      g_assert_not_reached ();
    }
}
