/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message is its type and a set of AVP values, by AVP type.  One table says which AVPs belong to which message; the decoder
 * refuses what lacks a required one, and the encoder walks the same rows, so that nothing is ever sent that the table does not
 * list.  Decoding touches no tunnel: the result is a value that the state machines judge.  It goes on behind a bad AVP as long as
 * the next one can be found, because the refusal must carry the ID that may stand further back.
 *
 * Implements: RFC 2661 section 3.2 (types), 4.2 (mandatory AVPs), 4.3 (Random Vector before what is hidden), 4.4.1 (Message Type
 * first), 4.4.2 (Result Code), section 6 (contents of the messages), 7.1 (malformed messages).
 */
#include "core/message.h"
#include "core/hidden.h"
#include "core/text.h"

#include <string.h>

#define MAX_ROWS 16

typedef struct {
  guint16 avp;
  Ol2tpNeed need;
} Row;

typedef struct {
  guint16 type;
  const char *name;
  gboolean session;
  Row rows[MAX_ROWS]; /* in the order we send them; ended by one that is OL2TP_NEED_NOT_LISTED */
} MessageInfo;

#define REQUIRED(avp) { OL2TP_AVP_##avp, OL2TP_NEED_REQUIRED }
#define EXPECTED(avp) { OL2TP_AVP_##avp, OL2TP_NEED_EXPECTED }
#define OPTIONAL(avp) { OL2TP_AVP_##avp, OL2TP_NEED_OPTIONAL }

/* RFC 2661 section 6.  Message Type is first in all of them and Random Vector optional in all of them, so neither is listed.
 * Cisco leaves Framing Type and Connect Speed out of ICCN, which harms nobody. */
/* clang-format off */
static const MessageInfo table[] = {
  { OL2TP_MESSAGE_SCCRQ, "SCCRQ", FALSE,
    { REQUIRED (PROTOCOL_VERSION), REQUIRED (FRAMING_CAPABILITIES), REQUIRED (HOST_NAME), REQUIRED (ASSIGNED_TUNNEL_ID),
      OPTIONAL (RECEIVE_WINDOW_SIZE), OPTIONAL (BEARER_CAPABILITIES), OPTIONAL (TIE_BREAKER), OPTIONAL (FIRMWARE_REVISION),
      OPTIONAL (VENDOR_NAME), OPTIONAL (CHALLENGE) } },
  { OL2TP_MESSAGE_SCCRP, "SCCRP", FALSE,
    { REQUIRED (PROTOCOL_VERSION), REQUIRED (FRAMING_CAPABILITIES), REQUIRED (HOST_NAME), REQUIRED (ASSIGNED_TUNNEL_ID),
      OPTIONAL (RECEIVE_WINDOW_SIZE), OPTIONAL (BEARER_CAPABILITIES), OPTIONAL (FIRMWARE_REVISION), OPTIONAL (VENDOR_NAME),
      OPTIONAL (CHALLENGE), OPTIONAL (CHALLENGE_RESPONSE) } },
  { OL2TP_MESSAGE_SCCCN, "SCCCN", FALSE,
    { OPTIONAL (CHALLENGE_RESPONSE) } },
  { OL2TP_MESSAGE_STOPCCN, "StopCCN", FALSE,
    { REQUIRED (ASSIGNED_TUNNEL_ID), REQUIRED (RESULT_CODE) } },
  { OL2TP_MESSAGE_HELLO, "HELLO", FALSE,
    { { 0, OL2TP_NEED_NOT_LISTED } } },
  { OL2TP_MESSAGE_OCRQ, "OCRQ", TRUE,
    { REQUIRED (ASSIGNED_SESSION_ID), REQUIRED (CALL_SERIAL_NUMBER), REQUIRED (MINIMUM_BPS), REQUIRED (MAXIMUM_BPS),
      REQUIRED (BEARER_TYPE), REQUIRED (FRAMING_TYPE), REQUIRED (CALLED_NUMBER), OPTIONAL (SUB_ADDRESS) } },
  { OL2TP_MESSAGE_OCRP, "OCRP", TRUE,
    { REQUIRED (ASSIGNED_SESSION_ID), OPTIONAL (PHYSICAL_CHANNEL_ID) } },
  { OL2TP_MESSAGE_OCCN, "OCCN", TRUE,
    { EXPECTED (TX_CONNECT_SPEED), EXPECTED (FRAMING_TYPE), OPTIONAL (RX_CONNECT_SPEED), OPTIONAL (SEQUENCING_REQUIRED) } },
  { OL2TP_MESSAGE_ICRQ, "ICRQ", TRUE,
    { REQUIRED (ASSIGNED_SESSION_ID), REQUIRED (CALL_SERIAL_NUMBER), OPTIONAL (BEARER_TYPE), OPTIONAL (PHYSICAL_CHANNEL_ID),
      OPTIONAL (CALLING_NUMBER), OPTIONAL (CALLED_NUMBER), OPTIONAL (SUB_ADDRESS) } },
  { OL2TP_MESSAGE_ICRP, "ICRP", TRUE,
    { REQUIRED (ASSIGNED_SESSION_ID) } },
  { OL2TP_MESSAGE_ICCN, "ICCN", TRUE,
    { EXPECTED (TX_CONNECT_SPEED), EXPECTED (FRAMING_TYPE), OPTIONAL (INITIAL_RECEIVED_LCP_CONFREQ),
      OPTIONAL (LAST_SENT_LCP_CONFREQ), OPTIONAL (LAST_RECEIVED_LCP_CONFREQ), OPTIONAL (PROXY_AUTHEN_TYPE),
      OPTIONAL (PROXY_AUTHEN_NAME), OPTIONAL (PROXY_AUTHEN_CHALLENGE), OPTIONAL (PROXY_AUTHEN_ID),
      OPTIONAL (PROXY_AUTHEN_RESPONSE), OPTIONAL (PRIVATE_GROUP_ID), OPTIONAL (RX_CONNECT_SPEED),
      OPTIONAL (SEQUENCING_REQUIRED) } },
  { OL2TP_MESSAGE_CDN, "CDN", TRUE,
    { REQUIRED (RESULT_CODE), REQUIRED (ASSIGNED_SESSION_ID), OPTIONAL (Q931_CAUSE_CODE),
      OPTIONAL (PPP_DISCONNECT_CAUSE_CODE) } },
  { OL2TP_MESSAGE_WEN, "WEN", TRUE,
    { REQUIRED (CALL_ERRORS) } },
  { OL2TP_MESSAGE_SLI, "SLI", TRUE,
    { REQUIRED (ACCM) } },
};
/* clang-format on */

G_STATIC_ASSERT (OL2TP_N_AVP_TYPES <= 64);

static const MessageInfo *
find_info (guint16 type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].type == type)
      return &table[i];
  return NULL;
}

static Ol2tpNeed
get_need (const MessageInfo *info, guint16 avp)
{
  for (gsize i = 0; i < MAX_ROWS && info->rows[i].need != OL2TP_NEED_NOT_LISTED; i++)
    if (info->rows[i].avp == avp)
      return info->rows[i].need;
  return OL2TP_NEED_NOT_LISTED;
}

const char *
ol2tp_message_type_to_string (guint16 type)
{
  const MessageInfo *info = find_info (type);

  if (type == OL2TP_MESSAGE_ZLB)
    return "ZLB";
  return info != NULL ? info->name : NULL;
}

gboolean
ol2tp_message_type_is_session (guint16 type)
{
  const MessageInfo *info = find_info (type);

  return info != NULL && info->session;
}

Ol2tpNeed
ol2tp_message_type_get_need (guint16 type, guint16 avp)
{
  const MessageInfo *info = find_info (type);

  if (info == NULL)
    return OL2TP_NEED_NOT_LISTED;
  if (avp == OL2TP_AVP_MESSAGE_TYPE)
    return OL2TP_NEED_REQUIRED;
  return avp == OL2TP_AVP_RANDOM_VECTOR ? OL2TP_NEED_OPTIONAL : get_need (info, avp);
}

guint16
ol2tp_message_peek_type (Ol2tpSpan body)
{
  Ol2tpAvpIter iter;
  Ol2tpReader reader;
  Ol2tpAvp avp;

  ol2tp_avp_iter_init (&iter, body);
  if (ol2tp_avp_iter_next (&iter, &avp) != OL2TP_PARSE_OK || avp.vendor != 0 || avp.type != OL2TP_AVP_MESSAGE_TYPE)
    return OL2TP_MESSAGE_ZLB;
  ol2tp_reader_init (&reader, avp.value.data, avp.value.len);
  return ol2tp_reader_u16 (&reader);
}

static void
note_fault (Ol2tpFault *fault, Ol2tpParse parse, guint16 vendor, guint16 avp)
{
  if (fault->parse != OL2TP_PARSE_OK)
    return;
  fault->parse = parse;
  fault->vendor = vendor;
  fault->avp = avp;
}

static Ol2tpParse
reveal (Ol2tpMessage *self, const Ol2tpAvpInfo *info, const Ol2tpSecret *secret, const Ol2tpSpan *random_vector, Ol2tpSpan *value)
{
  /* RFC 2661 section 4.3: a Random Vector AVP MUST precede the first hidden AVP; 4.4: some AVPs are never hidden. */
  if (!info->may_hide || secret == NULL || random_vector->data == NULL || value->len > sizeof self->scratch - self->scratch_len)
    return OL2TP_PARSE_BAD_HIDDEN;
  if (!ol2tp_hidden_reveal (*value, info->type, secret, *random_vector, self->scratch + self->scratch_len, value))
    return OL2TP_PARSE_BAD_HIDDEN;
  self->scratch_len += value->len + 2;
  return OL2TP_PARSE_OK;
}

static Ol2tpParse
store (Ol2tpMessage *self, const Ol2tpAvpInfo *info, Ol2tpSpan value)
{
  Ol2tpReader reader;
  guint64 number;

  if (value.len < info->min_len || value.len > info->max_len)
    return OL2TP_PARSE_BAD_LENGTH;

  switch (info->kind)
    {
    case OL2TP_AVP_KIND_NUMBER:
      ol2tp_reader_init (&reader, value.data, value.len);
      number = ol2tp_reader_number (&reader, value.len);
      if (number == 0 && info->not_zero)
        return OL2TP_PARSE_BAD_VALUE;
      ol2tp_message_set_number (self, (Ol2tpAvpType) info->type, number);
      break;
    case OL2TP_AVP_KIND_OCTETS:
      ol2tp_message_set_octets (self, (Ol2tpAvpType) info->type, value);
      break;
    default:
      g_assert_not_reached ();
    }
  return OL2TP_PARSE_OK;
}

static void
take_avp (Ol2tpMessage *self, const MessageInfo *message, const Ol2tpAvp *avp, const Ol2tpSecret *secret, Ol2tpSpan *random_vector,
          Ol2tpFault *fault)
{
  /* RFC 2661 section 4.1: an AVP with a reserved bit set is treated as unrecognised. */
  const Ol2tpAvpInfo *info = avp->reserved ? NULL : ol2tp_avp_lookup (avp->vendor, avp->type);
  Ol2tpSpan value = avp->value;
  Ol2tpParse parse = OL2TP_PARSE_OK;

  if (info == NULL)
    {
      /* RFC 2661 section 4.2: unrecognised, the M bit decides. */
      if (avp->mandatory)
        note_fault (fault, OL2TP_PARSE_UNKNOWN_AVP, avp->vendor, avp->type);
      return;
    }
  if (info->type == OL2TP_AVP_RANDOM_VECTOR && !avp->hidden)
    {
      *random_vector = value;
      return;
    }
  /* Known, but of no meaning here; or the second of its kind, of which only the first counts. */
  if (info->type != OL2TP_AVP_RANDOM_VECTOR
      && (get_need (message, info->type) == OL2TP_NEED_NOT_LISTED || ol2tp_message_has (self, (Ol2tpAvpType) info->type)))
    return;

  if (avp->hidden)
    parse = reveal (self, info, secret, random_vector, &value);
  if (parse == OL2TP_PARSE_OK)
    parse = store (self, info, value);

  /* RFC 2661 section 7.1: a malformed AVP is treated like an unrecognised one: ignored without the M bit, else fatal. */
  if (parse != OL2TP_PARSE_OK && avp->mandatory)
    note_fault (fault, parse, avp->vendor, avp->type);
  else if (parse != OL2TP_PARSE_OK)
    fault->n_ignored++;
}

/* RFC 2661 section 4.4.1: the Message Type AVP MUST be the first AVP in a message. */
static const MessageInfo *
take_type (Ol2tpMessage *self, Ol2tpAvpIter *iter, Ol2tpFault *fault)
{
  const MessageInfo *info;
  Ol2tpReader reader;
  Ol2tpAvp avp;
  Ol2tpParse parse = ol2tp_avp_iter_next (iter, &avp);

  if (parse == OL2TP_PARSE_BAD_AVP || parse == OL2TP_PARSE_OVERRUN)
    {
      note_fault (fault, parse, 0, OL2TP_AVP_MESSAGE_TYPE);
      return NULL;
    }
  if (parse == OL2TP_PARSE_END || avp.vendor != 0 || avp.type != OL2TP_AVP_MESSAGE_TYPE || avp.hidden || avp.reserved
      || avp.value.len != 2)
    {
      note_fault (fault, OL2TP_PARSE_NO_TYPE, 0, OL2TP_AVP_MESSAGE_TYPE);
      return NULL;
    }

  ol2tp_reader_init (&reader, avp.value.data, avp.value.len);
  self->type = ol2tp_reader_u16 (&reader);
  fault->message_type = self->type;
  info = find_info (self->type);

  /* RFC 2661 section 4.4.1: with the M bit an unknown message type clears the tunnel, without it may be ignored. */
  if (info == NULL)
    note_fault (fault, avp.mandatory ? OL2TP_PARSE_UNKNOWN_TYPE : OL2TP_PARSE_IGNORED_TYPE, 0, OL2TP_AVP_MESSAGE_TYPE);
  return info;
}

Ol2tpParse
ol2tp_message_decode (Ol2tpMessage *self, Ol2tpSpan body, const Ol2tpSecret *secret, Ol2tpFault *fault)
{
  const MessageInfo *info;
  Ol2tpSpan random_vector = { NULL, 0 };
  Ol2tpAvpIter iter;
  Ol2tpAvp avp;
  Ol2tpParse parse;

  ol2tp_message_init (self, 0);
  *fault = (Ol2tpFault) { OL2TP_PARSE_OK };
  ol2tp_avp_iter_init (&iter, body);
  info = take_type (self, &iter, fault);
  if (info == NULL)
    return fault->parse;

  while ((parse = ol2tp_avp_iter_next (&iter, &avp)) == OL2TP_PARSE_OK)
    take_avp (self, info, &avp, secret, &random_vector, fault);
  if (parse != OL2TP_PARSE_END)
    {
      /* There is no trusting the rest, and no telling what is missing: this outweighs what was found before. */
      fault->parse = parse;
      fault->vendor = avp.vendor;
      fault->avp = avp.type;
      return parse;
    }

  for (gsize i = 0; i < MAX_ROWS && info->rows[i].need != OL2TP_NEED_NOT_LISTED; i++)
    if (info->rows[i].need == OL2TP_NEED_REQUIRED && !ol2tp_message_has (self, (Ol2tpAvpType) info->rows[i].avp))
      note_fault (fault, OL2TP_PARSE_MISSING_AVP, 0, info->rows[i].avp);
  return fault->parse;
}

gboolean
ol2tp_fault_is_for_tunnel (const Ol2tpFault *self)
{
  return self->parse == OL2TP_PARSE_BAD_AVP || self->parse == OL2TP_PARSE_NO_TYPE || self->parse == OL2TP_PARSE_UNKNOWN_TYPE
         || !ol2tp_message_type_is_session (self->message_type);
}

void
ol2tp_fault_to_cause (const Ol2tpFault *self, Ol2tpCause *cause)
{
  const Ol2tpAvpInfo *info = ol2tp_avp_lookup (self->vendor, self->avp);
  const char *name = info != NULL ? info->name : "of unknown type";
  guint16 error_code = OL2TP_ERROR_CODE_VALUE;

  switch (self->parse)
    {
    case OL2TP_PARSE_BAD_AVP:
    case OL2TP_PARSE_OVERRUN:
    case OL2TP_PARSE_BAD_LENGTH:
      error_code = OL2TP_ERROR_CODE_LENGTH;
      ol2tp_cause_init (cause, OL2TP_REASON_PROTOCOL, 0, 0, "AVP %s (vendor %u type %u): wrong length", name, self->vendor,
                        self->avp);
      break;
    case OL2TP_PARSE_BAD_VALUE:
      ol2tp_cause_init (cause, OL2TP_REASON_PROTOCOL, 0, 0, "AVP %s: value out of range", name);
      break;
    case OL2TP_PARSE_BAD_HIDDEN:
      ol2tp_cause_init (cause, OL2TP_REASON_PROTOCOL, 0, 0, "hidden AVP %s cannot be revealed: do the secrets differ?", name);
      break;
    case OL2TP_PARSE_UNKNOWN_AVP:
      /* RFC 2661 section 4.4.2: with error code 8 the text should name the AVP. */
      error_code = OL2TP_ERROR_CODE_UNKNOWN_AVP;
      ol2tp_cause_init (cause, OL2TP_REASON_PROTOCOL, 0, 0, "unknown mandatory AVP: vendor %u type %u", self->vendor, self->avp);
      break;
    case OL2TP_PARSE_MISSING_AVP:
      ol2tp_cause_init (cause, OL2TP_REASON_PROTOCOL, 0, 0, "AVP %s is missing", name);
      break;
    case OL2TP_PARSE_NO_TYPE:
      ol2tp_cause_init (cause, OL2TP_REASON_PROTOCOL, 0, 0, "the first AVP is not a valid Message Type");
      break;
    case OL2TP_PARSE_UNKNOWN_TYPE:
      error_code = OL2TP_ERROR_CODE_UNKNOWN_AVP;
      ol2tp_cause_init (cause, OL2TP_REASON_PROTOCOL, 0, 0, "unknown mandatory message type %u", self->message_type);
      break;
    case OL2TP_PARSE_OK:
    case OL2TP_PARSE_END:
    case OL2TP_PARSE_IGNORED_TYPE:
    default:
      g_assert_not_reached ();
    }
  cause->result_code = OL2TP_STOPCCN_RESULT_ERROR; /* and that of CDN, which has the same number */
  cause->error_code = error_code;
}

void
ol2tp_message_init (Ol2tpMessage *self, guint16 type)
{
  self->type = type;
  self->present = 0;
  self->scratch_len = 0;
}

gboolean
ol2tp_message_has (const Ol2tpMessage *self, Ol2tpAvpType avp)
{
  return (self->present >> avp & 1) != 0;
}

guint64
ol2tp_message_get_number (const Ol2tpMessage *self, Ol2tpAvpType avp)
{
  return ol2tp_message_has (self, avp) ? self->values[avp].number : 0;
}

Ol2tpSpan
ol2tp_message_get_octets (const Ol2tpMessage *self, Ol2tpAvpType avp)
{
  return ol2tp_message_has (self, avp) ? self->values[avp].octets : (Ol2tpSpan) { NULL, 0 };
}

void
ol2tp_message_get_result (const Ol2tpMessage *self, Ol2tpCause *cause)
{
  Ol2tpSpan octets = ol2tp_message_get_octets (self, OL2TP_AVP_RESULT_CODE);
  Ol2tpReader reader;

  ol2tp_cause_init (cause, OL2TP_REASON_PEER, 0, 0, NULL);
  cause->from_peer = TRUE;
  ol2tp_reader_init (&reader, octets.data, octets.len);
  cause->result_code = ol2tp_reader_u16 (&reader);
  cause->error_code = ol2tp_reader_u16 (&reader); /* optional: 0 if it is not there */

  /* Apple's pppd sends both codes in the wrong byte order; all known codes are below 256. */
  if ((cause->result_code & 0xff) == 0 && cause->result_code != 0)
    {
      cause->result_code = GUINT16_SWAP_LE_BE (cause->result_code);
      cause->error_code = GUINT16_SWAP_LE_BE (cause->error_code);
    }
  if (!reader.bad)
    ol2tp_text_clean (cause->message, sizeof cause->message, ol2tp_reader_span (&reader, reader.left));
  if (self->type == OL2TP_MESSAGE_STOPCCN && cause->result_code == OL2TP_STOPCCN_RESULT_NOT_AUTHORIZED)
    cause->reason = OL2TP_REASON_AUTHENTICATION;
}

void
ol2tp_message_set_number (Ol2tpMessage *self, Ol2tpAvpType avp, guint64 number)
{
  self->present |= G_GUINT64_CONSTANT (1) << avp;
  self->values[avp].number = number;
}

void
ol2tp_message_set_octets (Ol2tpMessage *self, Ol2tpAvpType avp, Ol2tpSpan octets)
{
  self->present |= G_GUINT64_CONSTANT (1) << avp;
  self->values[avp].octets = octets;
}

void
ol2tp_message_set_string (Ol2tpMessage *self, Ol2tpAvpType avp, const char *text)
{
  if (text != NULL)
    ol2tp_message_set_octets (self, avp, (Ol2tpSpan) { (const guint8 *) text, strlen (text) });
}

void
ol2tp_message_set_result (Ol2tpMessage *self, const Ol2tpCause *cause)
{
  Ol2tpWriter writer;

  /* The error code is optional, but xl2tpd before 1.3.14 insists on it; it is always sent. */
  ol2tp_writer_init (&writer, self->scratch + self->scratch_len, sizeof self->scratch - self->scratch_len);
  ol2tp_writer_u16 (&writer, cause->result_code);
  ol2tp_writer_u16 (&writer, cause->error_code);
  ol2tp_writer_octets (&writer, (const guint8 *) cause->message, strlen (cause->message));
  g_assert (!writer.bad);
  ol2tp_message_set_octets (self, OL2TP_AVP_RESULT_CODE, (Ol2tpSpan) { writer.data, writer.len });
  self->scratch_len += writer.len;
}

/* How to hide; @secret is NULL for a message in the clear. */
typedef struct {
  const Ol2tpSecret *secret;
  Ol2tpSpan random_vector;
  gboolean announced; /* the Random Vector was written */
} Hiding;

static void
write_hidden (const Ol2tpAvpInfo *info, Ol2tpSpan value, Hiding *hiding, Ol2tpWriter *writer)
{
  guint8 hidden[OL2TP_AVP_VALUE_MAX];

  if (value.len < info->min_len || value.len > info->max_len || value.len > sizeof hidden - OL2TP_HIDDEN_OVERHEAD)
    {
      writer->bad = TRUE;
      return;
    }
  /* RFC 2661 section 4.3: a Random Vector AVP MUST precede the first AVP with the H bit. */
  if (!hiding->announced)
    ol2tp_avp_write (writer, ol2tp_avp_lookup (0, OL2TP_AVP_RANDOM_VECTOR), hiding->random_vector);
  hiding->announced = TRUE;
  /* Padding is optional, and not every peer can take it. */
  ol2tp_hidden_conceal (value, (Ol2tpSpan) { NULL, 0 }, info->type, hiding->secret, hiding->random_vector, hidden);
  ol2tp_avp_write_hidden (writer, info, (Ol2tpSpan) { hidden, OL2TP_HIDDEN_OVERHEAD + value.len });
}

static void
write_value (const Ol2tpMessage *self, guint16 type, Hiding *hiding, Ol2tpWriter *writer)
{
  const Ol2tpAvpInfo *info = ol2tp_avp_lookup (0, type);
  Ol2tpSpan value = self->values[type].octets;
  guint8 octets[8];
  Ol2tpWriter number;

  if (info->kind == OL2TP_AVP_KIND_NUMBER)
    {
      ol2tp_writer_init (&number, octets, sizeof octets);
      ol2tp_writer_number (&number, self->values[type].number, info->min_len);
      value = (Ol2tpSpan) { number.data, number.len };
    }
  if (hiding->secret != NULL && info->may_hide)
    write_hidden (info, value, hiding, writer);
  else
    ol2tp_avp_write (writer, info, value);
}

static gboolean
encode (const Ol2tpMessage *self, Hiding *hiding, Ol2tpWriter *writer)
{
  const MessageInfo *info = find_info (self->type);
  const guint8 type[2] = { (guint8) (self->type >> 8), (guint8) (self->type & 0xff) };
  guint64 left = self->present;

  g_return_val_if_fail (info != NULL, FALSE);

  ol2tp_avp_write (writer, ol2tp_avp_lookup (0, OL2TP_AVP_MESSAGE_TYPE), (Ol2tpSpan) { type, sizeof type });
  for (gsize i = 0; i < MAX_ROWS && info->rows[i].need != OL2TP_NEED_NOT_LISTED; i++)
    {
      guint16 avp = info->rows[i].avp;

      /* RFC 2661 section 6: what MUST be present in the message. */
      g_return_val_if_fail (info->rows[i].need == OL2TP_NEED_OPTIONAL || ol2tp_message_has (self, (Ol2tpAvpType) avp), FALSE);
      if (ol2tp_message_has (self, (Ol2tpAvpType) avp))
        write_value (self, avp, hiding, writer);
      left &= ~(G_GUINT64_CONSTANT (1) << avp);
    }
  g_return_val_if_fail (left == 0, FALSE);
  return !writer->bad;
}

gboolean
ol2tp_message_encode (const Ol2tpMessage *self, Ol2tpWriter *writer)
{
  Hiding hiding = { NULL };

  return encode (self, &hiding, writer);
}

gboolean
ol2tp_message_encode_hidden (const Ol2tpMessage *self, const Ol2tpSecret *secret, Ol2tpSpan random_vector, Ol2tpWriter *writer)
{
  Hiding hiding = { secret, random_vector, FALSE };

  g_return_val_if_fail (secret != NULL, FALSE);

  return encode (self, &hiding, writer);
}
