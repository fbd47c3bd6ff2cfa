/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Control messages: the table of what is in which, decoder, encoder. */
#pragma once

#include "core/avp.h"
#include "core/types.h"

G_BEGIN_DECLS

/** Ol2tpMessageType: RFC 2661 section 3.2. */
typedef enum {
  OL2TP_MESSAGE_SCCRQ = 1,
  OL2TP_MESSAGE_SCCRP = 2,
  OL2TP_MESSAGE_SCCCN = 3,
  OL2TP_MESSAGE_STOPCCN = 4,
  OL2TP_MESSAGE_HELLO = 6,
  OL2TP_MESSAGE_OCRQ = 7,
  OL2TP_MESSAGE_OCRP = 8,
  OL2TP_MESSAGE_OCCN = 9,
  OL2TP_MESSAGE_ICRQ = 10,
  OL2TP_MESSAGE_ICRP = 11,
  OL2TP_MESSAGE_ICCN = 12,
  OL2TP_MESSAGE_CDN = 14,
  OL2TP_MESSAGE_WEN = 15,
  OL2TP_MESSAGE_SLI = 16,
} Ol2tpMessageType;

/** OL2TP_MESSAGE_ZLB: stands for the type of a message without body; 0 is reserved by the RFC. */
#define OL2TP_MESSAGE_ZLB 0

/* Result Codes and Error Codes of RFC 2661 section 4.4.2. */
#define OL2TP_STOPCCN_RESULT_GENERAL 1
#define OL2TP_STOPCCN_RESULT_ERROR 2
#define OL2TP_STOPCCN_RESULT_NOT_AUTHORIZED 4
#define OL2TP_STOPCCN_RESULT_VERSION 5
#define OL2TP_STOPCCN_RESULT_FSM 7
#define OL2TP_CDN_RESULT_ERROR 2
#define OL2TP_CDN_RESULT_ADMINISTRATIVE 3
#define OL2TP_CDN_RESULT_TEMPORARY 4
#define OL2TP_CDN_RESULT_PERMANENT 5
#define OL2TP_CDN_RESULT_LAC_TIMEOUT 10
#define OL2TP_ERROR_CODE_NONE 0
#define OL2TP_ERROR_CODE_LENGTH 2
#define OL2TP_ERROR_CODE_VALUE 3
#define OL2TP_ERROR_CODE_RESOURCES 4
#define OL2TP_ERROR_CODE_SESSION_ID 5
#define OL2TP_ERROR_CODE_GENERIC 6
#define OL2TP_ERROR_CODE_UNKNOWN_AVP 8

/** OL2TP_PROTOCOL_VERSION: version 1, revision 0 (RFC 2661 section 4.4.3). */
#define OL2TP_PROTOCOL_VERSION 0x0100

/** OL2TP_FRAMING_SYNC_ASYNC: Framing Capabilities with both bits. */
#define OL2TP_FRAMING_SYNC_ASYNC 3

/** OL2TP_FRAMING_SYNC: Framing Type of our calls. */
#define OL2TP_FRAMING_SYNC 1

/** OL2TP_MESSAGE_SCRATCH: room for revealed AVPs of one message. */
#define OL2TP_MESSAGE_SCRATCH 2048

/**
 * Ol2tpNeed:
 * @OL2TP_NEED_NOT_LISTED: not part of the message: ignored on receipt, never sent
 * @OL2TP_NEED_OPTIONAL: may be there
 * @OL2TP_NEED_EXPECTED: always sent, but a peer that leaves it out is forgiven
 * @OL2TP_NEED_REQUIRED: always sent, and the message is malformed without it
 */
typedef enum {
  OL2TP_NEED_NOT_LISTED,
  OL2TP_NEED_OPTIONAL,
  OL2TP_NEED_EXPECTED,
  OL2TP_NEED_REQUIRED,
} Ol2tpNeed;

/**
 * Ol2tpMessage:
 * @type: #Ol2tpMessageType
 * @present: a bit for each #Ol2tpAvpType that is there
 * @values: number or octets by #Ol2tpAvpType; octets are borrowed from the packet, the caller or @scratch
 * @scratch: octets that are in neither
 * @scratch_len: how many
 *
 * A decoded message, or one that is put together to be encoded. Not to be copied, as values may point into @scratch.
 */
typedef struct {
  guint16 type;
  guint64 present;
  union {
    guint64 number;
    Ol2tpSpan octets;
  } values[OL2TP_N_AVP_TYPES];
  guint8 scratch[OL2TP_MESSAGE_SCRATCH];
  gsize scratch_len;
} Ol2tpMessage;

/**
 * Ol2tpFault:
 * @parse: what is wrong, %OL2TP_PARSE_OK for nothing
 * @message_type: the message, 0 if unknown
 * @vendor: vendor of the AVP in question
 * @avp: its type
 * @n_ignored: malformed AVPs without M bit, which were skipped
 */
typedef struct {
  Ol2tpParse parse;
  guint16 message_type;
  guint16 vendor;
  guint16 avp;
  guint n_ignored;
} Ol2tpFault;

/** ol2tp_message_type_to_string: "SCCRQ"; "ZLB" for 0, %NULL for types we do not know. */
const char *ol2tp_message_type_to_string (guint16 type);

/** ol2tp_message_type_is_session: whether a message of this type belongs to a session. */
gboolean ol2tp_message_type_is_session (guint16 type);

/** ol2tp_message_type_get_need: what the table says about one AVP in one message. */
Ol2tpNeed ol2tp_message_type_get_need (guint16 type, guint16 avp);

/** ol2tp_message_peek_type: the Message Type of a body, %OL2TP_MESSAGE_ZLB if there is none. */
guint16 ol2tp_message_peek_type (Ol2tpSpan body);

/**
 * ol2tp_message_decode:
 * @self: filled as far as the body could be understood, so that a refusal can be addressed
 * @body: the AVPs, borrowed for the life of the message
 * @secret: (nullable): reveals hidden AVPs
 * @fault: (out): the first thing that is wrong
 *
 * Returns: @fault->parse: %OL2TP_PARSE_OK, or anything but %OL2TP_PARSE_END.
 */
Ol2tpParse ol2tp_message_decode (Ol2tpMessage *self, Ol2tpSpan body, const Ol2tpSecret *secret, Ol2tpFault *fault);

/** ol2tp_fault_is_for_tunnel: whether the tunnel has to go, not only the session the message is for. */
gboolean ol2tp_fault_is_for_tunnel (const Ol2tpFault *self);

/** ol2tp_fault_to_cause: result and error code for StopCCN or CDN, with a text that names the AVP. */
void ol2tp_fault_to_cause (const Ol2tpFault *self, Ol2tpCause *cause);

/** ol2tp_message_init: an empty message of @type. */
void ol2tp_message_init (Ol2tpMessage *self, guint16 type);

/** ol2tp_message_has: whether the AVP is there. */
gboolean ol2tp_message_has (const Ol2tpMessage *self, Ol2tpAvpType avp);

/** ol2tp_message_get_number: value of a number AVP, 0 if it is not there. */
guint64 ol2tp_message_get_number (const Ol2tpMessage *self, Ol2tpAvpType avp);

/** ol2tp_message_get_octets: value of an octets AVP, empty if it is not there; borrowed. */
Ol2tpSpan ol2tp_message_get_octets (const Ol2tpMessage *self, Ol2tpAvpType avp);

/**
 * ol2tp_message_get_result:
 * @self: a StopCCN or CDN
 * @cause: (out): codes and text, marked as the peer's; the reason is %OL2TP_REASON_AUTHENTICATION for a StopCCN that says so
 */
void ol2tp_message_get_result (const Ol2tpMessage *self, Ol2tpCause *cause);

/** ol2tp_message_set_number: adds a number AVP. */
void ol2tp_message_set_number (Ol2tpMessage *self, Ol2tpAvpType avp, guint64 number);

/** ol2tp_message_set_octets: adds an octets AVP; @octets are borrowed until the message is encoded. */
void ol2tp_message_set_octets (Ol2tpMessage *self, Ol2tpAvpType avp, Ol2tpSpan octets);

/** ol2tp_message_set_string: adds an octets AVP with the octets of @text; nothing is added for %NULL. */
void ol2tp_message_set_string (Ol2tpMessage *self, Ol2tpAvpType avp, const char *text);

/** ol2tp_message_set_result: adds a Result Code AVP with result code, error code and message of @cause. */
void ol2tp_message_set_result (Ol2tpMessage *self, const Ol2tpCause *cause);

/**
 * ol2tp_message_encode:
 * @self: a message with all AVPs its type requires and none it does not list
 * @writer: gets the AVPs
 *
 * Returns: %FALSE if an AVP or the message is too long.
 */
gboolean ol2tp_message_encode (const Ol2tpMessage *self, Ol2tpWriter *writer);

/**
 * ol2tp_message_encode_hidden:
 * @self: as for ol2tp_message_encode()
 * @secret: the shared secret
 * @random_vector: 16 octets or more, unpredictable, not used before
 * @writer: gets the AVPs
 *
 * The same with every AVP hidden that may be, behind a Random Vector; that is left out if there is nothing to hide.
 *
 * Returns: %FALSE if an AVP or the message is too long.
 */
gboolean ol2tp_message_encode_hidden (const Ol2tpMessage *self, const Ol2tpSecret *secret, Ol2tpSpan random_vector,
                                      Ol2tpWriter *writer);

G_END_DECLS
