/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The L2TPv2 control message header. */
#pragma once

#include "core/wire.h"

G_BEGIN_DECLS

/** OL2TP_HEADER_LEN: octets of a control message header, which is also the length of a ZLB. */
#define OL2TP_HEADER_LEN 12

/**
 * Ol2tpHeader:
 * @tunnel_id: the receiver's tunnel ID, 0 while the sender does not know it
 * @session_id: the receiver's session ID, 0 for tunnel messages
 * @ns: sequence number of this message; of a ZLB, of the next message
 * @nr: sequence number expected next
 * @body: the AVPs, borrowed; empty in a ZLB
 */
typedef struct {
  guint16 tunnel_id;
  guint16 session_id;
  guint16 ns;
  guint16 nr;
  Ol2tpSpan body;
} Ol2tpHeader;

/**
 * Ol2tpHeaderKind:
 * @OL2TP_HEADER_BAD: drop it
 * @OL2TP_HEADER_DATA: a data message; nothing else was looked at
 * @OL2TP_HEADER_CONTROL: a control message of version 2
 */
typedef enum {
  OL2TP_HEADER_BAD,
  OL2TP_HEADER_DATA,
  OL2TP_HEADER_CONTROL,
} Ol2tpHeaderKind;

/**
 * ol2tp_header_decode:
 * @self: filled for %OL2TP_HEADER_CONTROL
 * @data: a datagram
 * @len: its length
 *
 * Octets of the datagram beyond the header's Length field are ignored.
 */
Ol2tpHeaderKind ol2tp_header_decode (Ol2tpHeader *self, const guint8 *data, gsize len);

/** ol2tp_header_is_zlb: whether this is a Zero-Length Body acknowledgement. */
gboolean ol2tp_header_is_zlb (const Ol2tpHeader *self);

/** ol2tp_header_encode: writes header and body as one datagram. */
void ol2tp_header_encode (const Ol2tpHeader *self, Ol2tpWriter *writer);

G_END_DECLS
