/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attribute Value Pairs: the table of those we know, an iterator over received ones, a writer for ours. */
#pragma once

#include "core/wire.h"

G_BEGIN_DECLS

/** Ol2tpAvpType: Attribute Types of vendor 0 that RFC 2661 defines, and 46 of RFC 3145. */
typedef enum {
  OL2TP_AVP_MESSAGE_TYPE = 0,
  OL2TP_AVP_RESULT_CODE = 1,
  OL2TP_AVP_PROTOCOL_VERSION = 2,
  OL2TP_AVP_FRAMING_CAPABILITIES = 3,
  OL2TP_AVP_BEARER_CAPABILITIES = 4,
  OL2TP_AVP_TIE_BREAKER = 5,
  OL2TP_AVP_FIRMWARE_REVISION = 6,
  OL2TP_AVP_HOST_NAME = 7,
  OL2TP_AVP_VENDOR_NAME = 8,
  OL2TP_AVP_ASSIGNED_TUNNEL_ID = 9,
  OL2TP_AVP_RECEIVE_WINDOW_SIZE = 10,
  OL2TP_AVP_CHALLENGE = 11,
  OL2TP_AVP_Q931_CAUSE_CODE = 12,
  OL2TP_AVP_CHALLENGE_RESPONSE = 13,
  OL2TP_AVP_ASSIGNED_SESSION_ID = 14,
  OL2TP_AVP_CALL_SERIAL_NUMBER = 15,
  OL2TP_AVP_MINIMUM_BPS = 16,
  OL2TP_AVP_MAXIMUM_BPS = 17,
  OL2TP_AVP_BEARER_TYPE = 18,
  OL2TP_AVP_FRAMING_TYPE = 19,
  OL2TP_AVP_CALLED_NUMBER = 21,
  OL2TP_AVP_CALLING_NUMBER = 22,
  OL2TP_AVP_SUB_ADDRESS = 23,
  OL2TP_AVP_TX_CONNECT_SPEED = 24,
  OL2TP_AVP_PHYSICAL_CHANNEL_ID = 25,
  OL2TP_AVP_INITIAL_RECEIVED_LCP_CONFREQ = 26,
  OL2TP_AVP_LAST_SENT_LCP_CONFREQ = 27,
  OL2TP_AVP_LAST_RECEIVED_LCP_CONFREQ = 28,
  OL2TP_AVP_PROXY_AUTHEN_TYPE = 29,
  OL2TP_AVP_PROXY_AUTHEN_NAME = 30,
  OL2TP_AVP_PROXY_AUTHEN_CHALLENGE = 31,
  OL2TP_AVP_PROXY_AUTHEN_ID = 32,
  OL2TP_AVP_PROXY_AUTHEN_RESPONSE = 33,
  OL2TP_AVP_CALL_ERRORS = 34,
  OL2TP_AVP_ACCM = 35,
  OL2TP_AVP_RANDOM_VECTOR = 36,
  OL2TP_AVP_PRIVATE_GROUP_ID = 37,
  OL2TP_AVP_RX_CONNECT_SPEED = 38,
  OL2TP_AVP_SEQUENCING_REQUIRED = 39,
  OL2TP_AVP_PPP_DISCONNECT_CAUSE_CODE = 46,
} Ol2tpAvpType;

/** OL2TP_N_AVP_TYPES: one more than the largest #Ol2tpAvpType. */
#define OL2TP_N_AVP_TYPES 47

/** OL2TP_AVP_HEADER_LEN: octets before the value. */
#define OL2TP_AVP_HEADER_LEN 6

/** OL2TP_AVP_VALUE_MAX: the largest value; the 10 bits of Length count the header too (RFC 2661 section 4.1). */
#define OL2TP_AVP_VALUE_MAX (1023 - OL2TP_AVP_HEADER_LEN)

/**
 * Ol2tpAvpKind:
 * @OL2TP_AVP_KIND_NUMBER: an unsigned number of @min_len octets
 * @OL2TP_AVP_KIND_OCTETS: octets, perhaps with a structure of their own; also AVPs without value
 */
typedef enum {
  OL2TP_AVP_KIND_NUMBER,
  OL2TP_AVP_KIND_OCTETS,
} Ol2tpAvpKind;

/**
 * Ol2tpAvpInfo:
 * @vendor: SMI enterprise number, 0 for the IETF
 * @type: attribute type
 * @name: as in the RFC
 * @kind: what the value is
 * @min_len: fewest octets of the value, before hiding
 * @max_len: most octets of the value
 * @mandatory: the M bit we send; that of a received AVP we know is not validated
 * @may_hide: whether the H bit is allowed
 * @not_zero: whether the number 0 is out of range
 */
typedef struct {
  guint16 vendor;
  guint16 type;
  const char *name;
  Ol2tpAvpKind kind;
  guint16 min_len;
  guint16 max_len;
  gboolean mandatory;
  gboolean may_hide;
  gboolean not_zero;
} Ol2tpAvpInfo;

/** ol2tp_avp_lookup: (nullable): the table's row for an AVP, %NULL if we do not know it. */
const Ol2tpAvpInfo *ol2tp_avp_lookup (guint16 vendor, guint16 type);

/**
 * Ol2tpParse:
 * @OL2TP_PARSE_OK: understood
 * @OL2TP_PARSE_END: there is no further AVP
 * @OL2TP_PARSE_BAD_AVP: an AVP Length below 6, which cannot be skipped
 * @OL2TP_PARSE_OVERRUN: an AVP runs past the end of the message
 * @OL2TP_PARSE_BAD_LENGTH: the value has not the length its type asks for
 * @OL2TP_PARSE_BAD_VALUE: the value is out of range
 * @OL2TP_PARSE_BAD_HIDDEN: hidden, but it may not be, or cannot be revealed
 * @OL2TP_PARSE_UNKNOWN_AVP: unrecognised, with the M bit
 * @OL2TP_PARSE_MISSING_AVP: a required AVP is missing
 * @OL2TP_PARSE_NO_TYPE: the first AVP is not a good Message Type
 * @OL2TP_PARSE_UNKNOWN_TYPE: unrecognised Message Type, with the M bit
 * @OL2TP_PARSE_IGNORED_TYPE: unrecognised Message Type, without the M bit
 *
 * What is wrong with a peer's octets.
 */
typedef enum {
  OL2TP_PARSE_OK,
  OL2TP_PARSE_END,
  OL2TP_PARSE_BAD_AVP,
  OL2TP_PARSE_OVERRUN,
  OL2TP_PARSE_BAD_LENGTH,
  OL2TP_PARSE_BAD_VALUE,
  OL2TP_PARSE_BAD_HIDDEN,
  OL2TP_PARSE_UNKNOWN_AVP,
  OL2TP_PARSE_MISSING_AVP,
  OL2TP_PARSE_NO_TYPE,
  OL2TP_PARSE_UNKNOWN_TYPE,
  OL2TP_PARSE_IGNORED_TYPE,
} Ol2tpParse;

/**
 * Ol2tpAvp:
 * @mandatory: M bit
 * @hidden: H bit
 * @reserved: whether a reserved bit is set
 * @vendor: SMI enterprise number
 * @type: attribute type
 * @value: the value, borrowed; still hidden if @hidden
 */
typedef struct {
  gboolean mandatory;
  gboolean hidden;
  gboolean reserved;
  guint16 vendor;
  guint16 type;
  Ol2tpSpan value;
} Ol2tpAvp;

/**
 * Ol2tpAvpIter:
 * @reader: what is left of the message
 */
typedef struct {
  Ol2tpReader reader;
} Ol2tpAvpIter;

/** ol2tp_avp_iter_init: starts at the first AVP of @body, which is borrowed for the life of the iterator. */
void ol2tp_avp_iter_init (Ol2tpAvpIter *self, Ol2tpSpan body);

/**
 * ol2tp_avp_iter_next:
 * @self: an iterator
 * @avp: (out): the next AVP
 *
 * Returns: %OL2TP_PARSE_OK, %OL2TP_PARSE_END, or %OL2TP_PARSE_BAD_AVP or %OL2TP_PARSE_OVERRUN, after which there is no going on.
 */
Ol2tpParse ol2tp_avp_iter_next (Ol2tpAvpIter *self, Ol2tpAvp *avp);

/**
 * ol2tp_avp_write:
 * @writer: where to
 * @info: a row of the table
 * @value: the value; its length is checked against the row
 *
 * Writes one AVP that is not hidden. A value too long for an AVP makes the writer bad; it is never cut.
 */
void ol2tp_avp_write (Ol2tpWriter *writer, const Ol2tpAvpInfo *info, Ol2tpSpan value);

/**
 * ol2tp_avp_write_hidden:
 * @writer: where to
 * @info: a row of the table, of an AVP that may be hidden
 * @hidden: what ol2tp_hidden_conceal() made of a value whose length is right
 *
 * Writes one AVP with the H bit.
 */
void ol2tp_avp_write_hidden (Ol2tpWriter *writer, const Ol2tpAvpInfo *info, Ol2tpSpan hidden);

G_END_DECLS
