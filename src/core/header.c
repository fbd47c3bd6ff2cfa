/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first word decides everything: data packets of sessions that the kernel does not know arrive on our sockets too, so the T
 * bit comes first, then the version, and only then is the rest taken for a control header.
 *
 * Implements: RFC 2661 section 3.1 (header), 7.1 (malformed headers are discarded), 8.1 (L2F is discarded silently).
 */
#include "core/header.h"

#define FLAG_TYPE 0x8000
#define FLAG_LENGTH 0x4000
#define FLAG_SEQUENCE 0x0800
#define FLAG_OFFSET 0x0200
#define VERSION_MASK 0x000f
#define VERSION 2

#define CONTROL_WORD (FLAG_TYPE | FLAG_LENGTH | FLAG_SEQUENCE | VERSION)

Ol2tpHeaderKind
ol2tp_header_decode (Ol2tpHeader *self, const guint8 *data, gsize len)
{
  Ol2tpReader reader;
  guint16 word, message_len;

  ol2tp_reader_init (&reader, data, len);
  word = ol2tp_reader_u16 (&reader);
  if (reader.bad)
    return OL2TP_HEADER_BAD;
  if ((word & FLAG_TYPE) == 0)
    return OL2TP_HEADER_DATA;

  /* RFC 2661 section 3.1: packets received with an unknown Ver field MUST be discarded; version 1 is L2F. */
  if ((word & VERSION_MASK) != VERSION)
    return OL2TP_HEADER_BAD;

  /* RFC 2661 section 3.1: L and S MUST be 1 and O MUST be 0 in control messages; reserved bits are ignored on receipt.  P MUST
   * be 0 as well, but says nothing that could be misread, so it is tolerated. */
  if ((word & FLAG_LENGTH) == 0 || (word & FLAG_SEQUENCE) == 0 || (word & FLAG_OFFSET) != 0)
    return OL2TP_HEADER_BAD;

  message_len = ol2tp_reader_u16 (&reader);
  self->tunnel_id = ol2tp_reader_u16 (&reader);
  self->session_id = ol2tp_reader_u16 (&reader);
  self->ns = ol2tp_reader_u16 (&reader);
  self->nr = ol2tp_reader_u16 (&reader);
  if (reader.bad || message_len < OL2TP_HEADER_LEN || message_len > len)
    return OL2TP_HEADER_BAD;

  self->body = ol2tp_reader_span (&reader, (gsize) message_len - OL2TP_HEADER_LEN);
  return OL2TP_HEADER_CONTROL;
}

gboolean
ol2tp_header_is_zlb (const Ol2tpHeader *self)
{
  return self->body.len == 0;
}

void
ol2tp_header_encode (const Ol2tpHeader *self, Ol2tpWriter *writer)
{
  g_return_if_fail (self->body.len <= G_MAXUINT16 - OL2TP_HEADER_LEN);

  ol2tp_writer_u16 (writer, CONTROL_WORD);
  ol2tp_writer_u16 (writer, (guint16) (OL2TP_HEADER_LEN + self->body.len));
  ol2tp_writer_u16 (writer, self->tunnel_id);
  ol2tp_writer_u16 (writer, self->session_id);
  ol2tp_writer_u16 (writer, self->ns);
  ol2tp_writer_u16 (writer, self->nr);
  ol2tp_writer_octets (writer, self->body.data, self->body.len);
}
