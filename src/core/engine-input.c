/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way of a datagram to its tunnel.  The tunnel ID in the header decides; 0 is for a peer that does not know our ID yet, which
 * can only mean SCCRQ, or StopCCN behind it.  An SCCRQ is decoded and judged before anything is allocated, so a flood of bad ones
 * costs nothing, and its refusal is a datagram that leaves no trace here.  A copy of an SCCRQ we have, known by address, port and
 * Assigned Tunnel ID, goes to its tunnel, where the channel sees that it is old.
 *
 * Nothing is ever said to an unknown tunnel ID: we would be an amplifier for whoever forges addresses.
 *
 * Implements: RFC 2661 section 3.1 (tunnel IDs are the receiver's), 5.8 (copies), 7.2.1 (idle: SCCRQ, SCCRP, SCCCN), 8.1.
 */
#include "core/engine-private.h"
#include "core/session.h"
#include "core/tunnel.h"

#include <string.h>

#define MAX_LOOSE 256

static Ol2tpTunnel *
find_by_peer_key (Ol2tpEngine *self, const Ol2tpAddress *address, guint32 tunnel_id)
{
  Ol2tpPeerKey key;

  ol2tp_engine_make_peer_key (self, address, tunnel_id, &key);
  return g_hash_table_lookup (self->peers, &key);
}

/* RFC 2661 section 7.2.1: idle, receive SCCRQ, not acceptable: send StopCCN.  There is no tunnel to keep it for retransmission;
 * the peer's next copy of SCCRQ brings the next. */
static void
refuse (Ol2tpEngine *self, const Ol2tpPath *path, const Ol2tpHeader *request, const Ol2tpMessage *message, const Ol2tpCause *cause)
{
  Ol2tpHeader header = { 0 };
  Ol2tpDatagram *datagram;
  Ol2tpMessage stopccn;
  guint8 body[512];
  guint32 id = ol2tp_ids_draw (&self->tunnel_ids, self->now_us);
  Ol2tpWriter writer;
  gboolean fits;

  self->stats.refused++;
  if (self->loose.length >= MAX_LOOSE)
    return;

  /* RFC 2661 section 4.4.3: Assigned Tunnel ID is never 0, though this one leads nowhere, so that nothing here is worth hiding from
   * the peer, who may be refused because it does not have the secret. */
  ol2tp_message_init (&stopccn, OL2TP_MESSAGE_STOPCCN);
  ol2tp_message_set_number (&stopccn, OL2TP_AVP_ASSIGNED_TUNNEL_ID, id != 0 ? id : G_MAXUINT16);
  ol2tp_message_set_result (&stopccn, cause);
  ol2tp_writer_init (&writer, body, sizeof body);
  fits = ol2tp_message_encode (&stopccn, &writer);
  g_return_if_fail (fits);

  header.tunnel_id = (guint16) ol2tp_message_get_number (message, OL2TP_AVP_ASSIGNED_TUNNEL_ID);
  header.nr = (guint16) (request->ns + 1);
  header.body = (Ol2tpSpan) { writer.data, writer.len };

  datagram = g_new0 (Ol2tpDatagram, 1);
  datagram->path = *path;
  ol2tp_writer_init (&writer, datagram->data, sizeof datagram->data);
  ol2tp_header_encode (&header, &writer);
  datagram->len = writer.len;
  g_queue_push_tail (&self->loose, datagram);
  ol2tp_engine_queue_trace (self, 0, "tx", OL2TP_MESSAGE_STOPCCN, &header, &path->remote);
}

static void
open_tunnel (Ol2tpEngine *self, const Ol2tpPath *path, const Ol2tpHeader *header, const Ol2tpMessage *message,
             const Ol2tpFault *fault)
{
  Ol2tpTunnel *tunnel = NULL;
  Ol2tpCause cause;

  if (fault->parse != OL2TP_PARSE_OK)
    ol2tp_fault_to_cause (fault, &cause);
  else if (ol2tp_tunnel_judge_sccrq (message, self->responder.secret, &cause))
    {
      if (g_hash_table_size (self->tunnels) < self->max_tunnels)
        tunnel = ol2tp_tunnel_new (self, &self->responder);
      if (tunnel == NULL)
        ol2tp_cause_init (&cause, OL2TP_REASON_REFUSED, OL2TP_STOPCCN_RESULT_ERROR, OL2TP_ERROR_CODE_RESOURCES, "too many tunnels");
    }

  if (tunnel != NULL)
    ol2tp_tunnel_take_sccrq (tunnel, path, header, message);
  else
    refuse (self, path, header, message, &cause);
}

static void
receive_sccrq (Ol2tpEngine *self, const Ol2tpPath *path, const Ol2tpHeader *header)
{
  Ol2tpMessage message;
  Ol2tpFault fault;
  Ol2tpTunnel *tunnel;

  ol2tp_message_decode (&message, header->body, self->responder.secret, &fault);
  tunnel = find_by_peer_key (self, &path->remote, (guint32) ol2tp_message_get_number (&message, OL2TP_AVP_ASSIGNED_TUNNEL_ID));

  /* RFC 2661 section 5.8: a copy is answered by the tunnel that exists.  If the peer itself has stopped that, it is no copy: the
   * peer counts its IDs from the start again. */
  if (tunnel != NULL && !tunnel->peer_stopped)
    {
      ol2tp_engine_queue_trace (self, tunnel->id, "rx", message.type, header, &path->remote);
      ol2tp_tunnel_receive (tunnel, header);
      return;
    }
  ol2tp_engine_queue_trace (self, 0, "rx", message.type, header, &path->remote);
  if (!self->has_responder || header->ns != 0 || header->nr != 0)
    {
      self->stats.refused++;
      return;
    }
  open_tunnel (self, path, header, &message, &fault);
}

/* A StopCCN that the header does not lead to its tunnel: a peer that never learned our ID sends 0, and some peers put our ID where
 * theirs belongs. The source has to be right in any case. */
static gboolean
receive_stray_stopccn (Ol2tpEngine *self, const Ol2tpPath *path, const Ol2tpHeader *header)
{
  Ol2tpTunnel *tunnel;
  Ol2tpMessage message;
  Ol2tpFault fault;
  guint32 id;

  ol2tp_message_decode (&message, header->body, self->responder.secret, &fault);
  id = (guint32) ol2tp_message_get_number (&message, OL2TP_AVP_ASSIGNED_TUNNEL_ID);
  tunnel = find_by_peer_key (self, &path->remote, id);
  if (tunnel == NULL)
    tunnel = g_hash_table_lookup (self->tunnels, GUINT_TO_POINTER (id));
  if (tunnel == NULL || !ol2tp_address_equal (&tunnel->path.remote, &path->remote))
    return FALSE;

  ol2tp_engine_queue_trace (self, tunnel->id, "rx", message.type, header, &path->remote);
  ol2tp_tunnel_receive (tunnel, header);
  return TRUE;
}

static void
receive_control (Ol2tpEngine *self, const Ol2tpPath *path, const Ol2tpHeader *header)
{
  guint16 type = ol2tp_header_is_zlb (header) ? OL2TP_MESSAGE_ZLB : ol2tp_message_peek_type (header->body);
  Ol2tpTunnel *tunnel = g_hash_table_lookup (self->tunnels, GUINT_TO_POINTER (header->tunnel_id));

  if (header->tunnel_id == 0 && type == OL2TP_MESSAGE_SCCRQ)
    {
      receive_sccrq (self, path, header);
      return;
    }
  if (tunnel == NULL)
    {
      if (type != OL2TP_MESSAGE_STOPCCN || !receive_stray_stopccn (self, path, header))
        self->stats.unknown_tunnel++;
      return;
    }
  /* RFC 2661 section 8.1: addresses and ports of a tunnel do not change; a tunnel that was not opened yet has none. */
  if (!ol2tp_address_equal (&tunnel->path.remote, &path->remote))
    {
      self->stats.wrong_source++;
      return;
    }
  ol2tp_engine_queue_trace (self, tunnel->id, "rx", type, header, &path->remote);
  ol2tp_tunnel_receive (tunnel, header);
}

void
ol2tp_engine_receive (Ol2tpEngine *self, const Ol2tpPath *path, const guint8 *data, gsize len, gint64 now_us)
{
  Ol2tpHeader header;

  ol2tp_engine_enter (self, now_us);
  switch (ol2tp_header_decode (&header, data, len))
    {
    case OL2TP_HEADER_BAD:
      self->stats.bad_header++;
      break;
    case OL2TP_HEADER_DATA:
      self->stats.data_packets++;
      break;
    case OL2TP_HEADER_CONTROL:
      receive_control (self, path, &header);
      break;
    default:
      g_assert_not_reached ();
    }
}
