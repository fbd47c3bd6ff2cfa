/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The LNS of an incoming call: the peer sends ICRQ, we ICRP, the peer ICCN.  The table is the RFC's with two more states:
 * WAIT_ACCEPT, in which our caller is asked whether it wants the call, stands between the RFC's idle and wait-connect; and
 * WAIT_DATAPATH, in which the kernel session is made before ICCN is acknowledged, is a part of its established.  An ICRQ that is
 * not acceptable never becomes a session: session.c answers it with CDN.
 *
 * Implements: RFC 2661 section 5.2.1, 7.4.2, 6.7 (ICRP).
 */
#include "core/session.h"
#include "core/text.h"

#define ROW(state, event, action, next)                                                                                          \
  {                                                                                                                              \
    OL2TP_SESSION_STATE_##state, OL2TP_SESSION_EVENT_##event, OL2TP_SESSION_ACTION_##action, OL2TP_SESSION_STATE_##next          \
  }

/* RFC 2661 section 7.4.2.  A pair that is not listed is the wrong message: CDN, and the session ends; a command is refused. */
/* clang-format off */
static const Ol2tpSessionTransition table[] = {
  /*   state          event          action        next           */
  ROW (IDLE,          ICRQ,          NOTE_CALL,    WAIT_ACCEPT),
  ROW (IDLE,          ICCN_OK,       CLEAN_UP,     IDLE),
  ROW (IDLE,          ICCN_BAD,      CLEAN_UP,     IDLE),
  ROW (IDLE,          CDN,           CLEAN_UP,     IDLE),
  ROW (IDLE,          TUNNEL_DOWN,   CLEAN_UP,     IDLE),

  ROW (WAIT_ACCEPT,   ACCEPT,        SEND_ICRP,    WAIT_CONNECT),
  ROW (WAIT_ACCEPT,   CDN,           CLEAN_UP,     IDLE),
  ROW (WAIT_ACCEPT,   INFO,          NONE,         WAIT_ACCEPT),
  ROW (WAIT_ACCEPT,   BAD,           SEND_CDN,     IDLE),
  ROW (WAIT_ACCEPT,   CLOSE,         SEND_CDN,     IDLE),
  ROW (WAIT_ACCEPT,   TUNNEL_DOWN,   CLEAN_UP,     IDLE),

  ROW (WAIT_CONNECT,  ICCN_OK,       NOTE_CONNECT, WAIT_DATAPATH),
  ROW (WAIT_CONNECT,  ICCN_BAD,      SEND_CDN,     IDLE),
  ROW (WAIT_CONNECT,  ICRQ,          SEND_CDN,     IDLE),
  ROW (WAIT_CONNECT,  ICRP_OK,       SEND_CDN,     IDLE),
  ROW (WAIT_CONNECT,  ICRP_BAD,      SEND_CDN,     IDLE),
  ROW (WAIT_CONNECT,  CDN,           CLEAN_UP,     IDLE),
  ROW (WAIT_CONNECT,  INFO,          NONE,         WAIT_CONNECT),
  ROW (WAIT_CONNECT,  BAD,           SEND_CDN,     IDLE),
  ROW (WAIT_CONNECT,  CLOSE,         SEND_CDN,     IDLE),
  ROW (WAIT_CONNECT,  SETUP_TIMEOUT, SEND_CDN,     IDLE),
  ROW (WAIT_CONNECT,  TUNNEL_DOWN,   CLEAN_UP,     IDLE),

  ROW (WAIT_DATAPATH, DATAPATH_DONE, NONE,         ESTABLISHED),
  ROW (WAIT_DATAPATH, CDN,           CLEAN_UP,     IDLE),
  ROW (WAIT_DATAPATH, INFO,          NONE,         WAIT_DATAPATH),
  ROW (WAIT_DATAPATH, BAD,           SEND_CDN,     IDLE),
  ROW (WAIT_DATAPATH, CLOSE,         SEND_CDN,     IDLE),
  ROW (WAIT_DATAPATH, SETUP_TIMEOUT, SEND_CDN,     IDLE),
  ROW (WAIT_DATAPATH, TUNNEL_DOWN,   CLEAN_UP,     IDLE),

  ROW (ESTABLISHED,   CDN,           CLEAN_UP,     IDLE),
  ROW (ESTABLISHED,   ICRQ,          SEND_CDN,     IDLE),
  ROW (ESTABLISHED,   ICRP_OK,       SEND_CDN,     IDLE),
  ROW (ESTABLISHED,   ICRP_BAD,      SEND_CDN,     IDLE),
  ROW (ESTABLISHED,   ICCN_OK,       SEND_CDN,     IDLE),
  ROW (ESTABLISHED,   ICCN_BAD,      SEND_CDN,     IDLE),
  ROW (ESTABLISHED,   INFO,          NONE,         ESTABLISHED),
  ROW (ESTABLISHED,   BAD,           SEND_CDN,     IDLE),
  ROW (ESTABLISHED,   CLOSE,         SEND_CDN,     IDLE),
  ROW (ESTABLISHED,   TUNNEL_DOWN,   CLEAN_UP,     IDLE),
};
/* clang-format on */

const Ol2tpSessionTransition *
ol2tp_session_lns_find_transition (Ol2tpSessionState state, Ol2tpSessionEvent event)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].state == state && table[i].event == event)
      return &table[i];
  return NULL;
}

void
ol2tp_session_lns_note_call (Ol2tpSession *self, const Ol2tpMessage *message)
{
  self->call_serial_number = (guint32) ol2tp_message_get_number (message, OL2TP_AVP_CALL_SERIAL_NUMBER);
  self->called_number = ol2tp_text_dup_clean (ol2tp_message_get_octets (message, OL2TP_AVP_CALLED_NUMBER));
  self->calling_number = ol2tp_text_dup_clean (ol2tp_message_get_octets (message, OL2TP_AVP_CALLING_NUMBER));
  self->sub_address = ol2tp_text_dup_clean (ol2tp_message_get_octets (message, OL2TP_AVP_SUB_ADDRESS));
  ol2tp_session_set_peer_id (self, (guint32) ol2tp_message_get_number (message, OL2TP_AVP_ASSIGNED_SESSION_ID));
}

void
ol2tp_session_lns_send_icrp (Ol2tpSession *self)
{
  Ol2tpMessage message;

  ol2tp_message_init (&message, OL2TP_MESSAGE_ICRP);
  ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_SESSION_ID, self->id);
  ol2tp_tunnel_send (self->tunnel, self->peer_id, &message);
}

void
ol2tp_session_lns_note_connect (Ol2tpSession *self, const Ol2tpMessage *message)
{
  /* RFC 2661 section 4.4.4: without Rx Connect Speed the speed is the same both ways. */
  self->tx_speed = (guint32) ol2tp_message_get_number (message, OL2TP_AVP_TX_CONNECT_SPEED);
  self->rx_speed = (guint32) ol2tp_message_get_number (message, OL2TP_AVP_RX_CONNECT_SPEED);
  self->sequencing_required = ol2tp_message_has (message, OL2TP_AVP_SEQUENCING_REQUIRED);
  self->connected = TRUE;
}
