/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a tunnel sends: a message becomes octets when it is queued, since its values belong to others, and a datagram when it is
 * taken, since its acknowledgement is that of the moment.
 *
 * Implements: RFC 2661 section 3.1 (header of control messages), 4.3 and 4.4.1 (a Random Vector for each message with hidden AVPs).
 */
#include "core/tunnel.h"

#define RANDOM_VECTOR_LEN 16

gboolean
ol2tp_tunnel_pop_datagram (Ol2tpTunnel *self, Ol2tpDatagram *datagram)
{
  Ol2tpOutgoing outgoing;
  Ol2tpWriter writer;

  if (!ol2tp_channel_next (&self->channel, &outgoing, self->engine->now_us))
    return FALSE;

  /* RFC 2661 section 4.4.3: Tunnel ID is 0 until the peer's is known; a repeated SCCRQ stays what it was. */
  outgoing.header.tunnel_id = outgoing.type == OL2TP_MESSAGE_SCCRQ ? 0 : (guint16) self->peer_id;
  ol2tp_writer_init (&writer, datagram->data, sizeof datagram->data);
  ol2tp_header_encode (&outgoing.header, &writer);
  g_assert (!writer.bad);
  datagram->len = writer.len;
  datagram->tunnel_id = self->id;
  datagram->path = self->path;

  self->stats.tx_packets++;
  self->stats.retransmits += outgoing.again ? 1 : 0;
  self->stats.zlb_tx += outgoing.type == OL2TP_MESSAGE_ZLB ? 1 : 0;
  ol2tp_engine_queue_trace (self->engine, self->id, "tx", outgoing.type, &outgoing.header, &self->path.remote);
  ol2tp_tunnel_settle (self);
  return TRUE;
}

void
ol2tp_tunnel_send (Ol2tpTunnel *self, guint32 session_id, const Ol2tpMessage *message)
{
  guint8 buffer[OL2TP_DATAGRAM_MAX - OL2TP_HEADER_LEN];
  Ol2tpWriter writer;
  gboolean fits;

  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  /* Cisco does not understand hidden AVPs in SCCRQ. */
  if (self->config.hide_avps && message->type != OL2TP_MESSAGE_SCCRQ)
    {
      guint8 random_vector[RANDOM_VECTOR_LEN];

      self->engine->random (self->engine->user_data, random_vector, sizeof random_vector);
      fits = ol2tp_message_encode_hidden (message, self->config.secret, (Ol2tpSpan) { random_vector, sizeof random_vector },
                                          &writer);
    }
  else
    fits = ol2tp_message_encode (message, &writer);
  /* What a caller can make too long is refused when it sets it. */
  g_return_if_fail (fits);
  ol2tp_channel_send (&self->channel, message->type, session_id, (Ol2tpSpan) { writer.data, writer.len });
}
