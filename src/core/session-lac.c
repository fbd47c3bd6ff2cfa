/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The LAC of an incoming call: we send ICRQ, the peer ICRP, we ICCN.  The table is the RFC's with one more state: WAIT_DATAPATH
 * stands between ICRP and ICCN, because the kernel session has to exist before ICCN leaves, or the peer's first PPP frames are
 * lost.  To the peer it is the RFC's wait-reply, but a second ICRP in it is as wrong as in established.
 *
 * Implements: RFC 2661 section 5.2.1, 7.4.1, 6.6 (ICRQ), 6.8 (ICCN).
 */
#include "core/session.h"

#include <string.h>

#define ROW(state, event, action, next)                                                                                          \
  {                                                                                                                              \
    OL2TP_SESSION_STATE_##state, OL2TP_SESSION_EVENT_##event, OL2TP_SESSION_ACTION_##action, OL2TP_SESSION_STATE_##next          \
  }

/* RFC 2661 section 7.4.1.  A pair that is not listed is the wrong message: CDN, and the session ends; a command is refused. */
/* clang-format off */
static const Ol2tpSessionTransition table[] = {
  /*   state          event          action     next           */
  ROW (IDLE,          OPEN,          NONE,      WAIT_TUNNEL),
  ROW (IDLE,          ICRQ,          CLEAN_UP,  IDLE),
  ROW (IDLE,          ICRP_OK,       CLEAN_UP,  IDLE),
  ROW (IDLE,          ICRP_BAD,      CLEAN_UP,  IDLE),
  ROW (IDLE,          ICCN_OK,       CLEAN_UP,  IDLE),
  ROW (IDLE,          ICCN_BAD,      CLEAN_UP,  IDLE),
  ROW (IDLE,          CDN,           CLEAN_UP,  IDLE),
  ROW (IDLE,          INFO,          NONE,      IDLE),
  ROW (IDLE,          OUTGOING,      CLEAN_UP,  IDLE),
  ROW (IDLE,          BAD,           CLEAN_UP,  IDLE),
  ROW (IDLE,          CLOSE,         CLEAN_UP,  IDLE),
  ROW (IDLE,          TUNNEL_OPEN,   NONE,      IDLE),
  ROW (IDLE,          TUNNEL_DOWN,   CLEAN_UP,  IDLE),

  ROW (WAIT_TUNNEL,   TUNNEL_OPEN,   SEND_ICRQ, WAIT_REPLY),
  ROW (WAIT_TUNNEL,   CLOSE,         CLEAN_UP,  IDLE),
  ROW (WAIT_TUNNEL,   TUNNEL_DOWN,   CLEAN_UP,  IDLE),

  ROW (WAIT_REPLY,    ICRP_OK,       NOTE_PEER, WAIT_DATAPATH),
  ROW (WAIT_REPLY,    ICRP_BAD,      SEND_CDN,  IDLE),
  ROW (WAIT_REPLY,    ICRQ,          SEND_CDN,  IDLE),
  ROW (WAIT_REPLY,    CDN,           CLEAN_UP,  IDLE),
  ROW (WAIT_REPLY,    ICCN_OK,       CLEAN_UP,  IDLE),
  ROW (WAIT_REPLY,    ICCN_BAD,      CLEAN_UP,  IDLE),
  ROW (WAIT_REPLY,    INFO,          NONE,      WAIT_REPLY),
  ROW (WAIT_REPLY,    BAD,           SEND_CDN,  IDLE),
  ROW (WAIT_REPLY,    CLOSE,         SEND_CDN,  IDLE),
  ROW (WAIT_REPLY,    SETUP_TIMEOUT, SEND_CDN,  IDLE),
  ROW (WAIT_REPLY,    TUNNEL_DOWN,   CLEAN_UP,  IDLE),

  ROW (WAIT_DATAPATH, DATAPATH_DONE, SEND_ICCN, ESTABLISHED),
  ROW (WAIT_DATAPATH, CDN,           CLEAN_UP,  IDLE),
  ROW (WAIT_DATAPATH, INFO,          NONE,      WAIT_DATAPATH),
  ROW (WAIT_DATAPATH, BAD,           SEND_CDN,  IDLE),
  ROW (WAIT_DATAPATH, CLOSE,         SEND_CDN,  IDLE),
  ROW (WAIT_DATAPATH, SETUP_TIMEOUT, SEND_CDN,  IDLE),
  ROW (WAIT_DATAPATH, TUNNEL_DOWN,   CLEAN_UP,  IDLE),

  ROW (ESTABLISHED,   CDN,           CLEAN_UP,  IDLE),
  ROW (ESTABLISHED,   ICRQ,          SEND_CDN,  IDLE),
  ROW (ESTABLISHED,   ICRP_OK,       SEND_CDN,  IDLE),
  ROW (ESTABLISHED,   ICRP_BAD,      SEND_CDN,  IDLE),
  ROW (ESTABLISHED,   ICCN_OK,       SEND_CDN,  IDLE),
  ROW (ESTABLISHED,   ICCN_BAD,      SEND_CDN,  IDLE),
  ROW (ESTABLISHED,   INFO,          NONE,      ESTABLISHED),
  ROW (ESTABLISHED,   BAD,           SEND_CDN,  IDLE),
  ROW (ESTABLISHED,   CLOSE,         SEND_CDN,  IDLE),
  ROW (ESTABLISHED,   TUNNEL_DOWN,   CLEAN_UP,  IDLE),
};
/* clang-format on */

const Ol2tpSessionTransition *
ol2tp_session_lac_find_transition (Ol2tpSessionState state, Ol2tpSessionEvent event)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].state == state && table[i].event == event)
      return &table[i];
  return NULL;
}

static void
fill_icrq (Ol2tpMessage *message, guint32 id, guint32 serial_number, const char *called_number, const char *calling_number,
           const char *sub_address)
{
  ol2tp_message_init (message, OL2TP_MESSAGE_ICRQ);
  ol2tp_message_set_number (message, OL2TP_AVP_ASSIGNED_SESSION_ID, id);
  ol2tp_message_set_number (message, OL2TP_AVP_CALL_SERIAL_NUMBER, serial_number);
  ol2tp_message_set_string (message, OL2TP_AVP_CALLED_NUMBER, called_number);
  ol2tp_message_set_string (message, OL2TP_AVP_CALLING_NUMBER, calling_number);
  ol2tp_message_set_string (message, OL2TP_AVP_SUB_ADDRESS, sub_address);
}

void
ol2tp_session_lac_send_icrq (Ol2tpSession *self)
{
  Ol2tpMessage message;

  /* RFC 2661 section 4.4.4: Call Serial Number is unique to both ends: the number of our calls. */
  self->call_serial_number = ++self->tunnel->engine->call_serial_number;
  fill_icrq (&message, self->id, self->call_serial_number, self->called_number, self->calling_number, self->sub_address);
  /* RFC 2661 section 3.1: the peer's Session ID is not known yet. */
  ol2tp_tunnel_send (self->tunnel, 0, &message);
}

void
ol2tp_session_lac_note_peer (Ol2tpSession *self, const Ol2tpMessage *message)
{
  ol2tp_session_set_peer_id (self, (guint32) ol2tp_message_get_number (message, OL2TP_AVP_ASSIGNED_SESSION_ID));
}

void
ol2tp_session_lac_send_iccn (Ol2tpSession *self)
{
  Ol2tpMessage message;

  ol2tp_message_init (&message, OL2TP_MESSAGE_ICCN);
  ol2tp_message_set_number (&message, OL2TP_AVP_TX_CONNECT_SPEED, self->tx_speed);
  ol2tp_message_set_number (&message, OL2TP_AVP_FRAMING_TYPE, OL2TP_FRAMING_SYNC);
  if (self->rx_speed != 0)
    ol2tp_message_set_number (&message, OL2TP_AVP_RX_CONNECT_SPEED, self->rx_speed);
  if (self->sequencing_required)
    ol2tp_message_set_octets (&message, OL2TP_AVP_SEQUENCING_REQUIRED, (Ol2tpSpan) { NULL, 0 });
  ol2tp_tunnel_send (self->tunnel, self->peer_id, &message);
  self->connected = TRUE;
}

gboolean
ol2tp_session_config_is_sendable (const Ol2tpSessionConfig *config)
{
  static const guint8 zeros[16];
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (zeros, sizeof zeros);
  guint8 buffer[OL2TP_DATAGRAM_MAX - OL2TP_HEADER_LEN];
  Ol2tpMessage message;
  Ol2tpWriter writer;

  /* Hidden it is longest, and its tunnel may still be told to hide. */
  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  fill_icrq (&message, 1, 1, config->called_number, config->calling_number, config->sub_address);
  return ol2tp_message_encode_hidden (&message, secret, (Ol2tpSpan) { zeros, sizeof zeros }, &writer);
}
