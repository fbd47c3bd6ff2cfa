/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One table says all there is to know about an AVP; decoder, encoder, error texts and tests read it, and nothing else in the tree
 * knows a length or an M bit.  The iterator only cuts a message into AVPs: it looks at no value, so that a message can be walked
 * to its end (and its Assigned IDs found, to address the refusal) even when an AVP in the middle is bad.
 *
 * Implements: RFC 2661 section 4.1 (format), 4.2 (mandatory AVPs), 4.4 (the AVPs), RFC 3145 section 2 (type 46, length only).
 */
#include "core/avp.h"

#define MANDATORY_BIT 0x8000
#define HIDDEN_BIT 0x4000
#define RESERVED_BITS 0x3c00
#define LENGTH_MASK 0x03ff

#define NUMBER OL2TP_AVP_KIND_NUMBER
#define OCTETS OL2TP_AVP_KIND_OCTETS
#define ANY OL2TP_AVP_VALUE_MAX

/* RFC 2661 section 4.4, in the order of the types.  A Result Code is 2 octets at least (the error code is optional); 17 and more
 * octets of Challenge Response are known from peers, which count for their first 16. */
/* clang-format off */
static const Ol2tpAvpInfo table[] = {
  /*                                           name                            kind    min  max  M      H      not 0 */
  { 0, OL2TP_AVP_MESSAGE_TYPE,                 "Message Type",                 NUMBER,  2,   2, TRUE,  FALSE, FALSE },
  { 0, OL2TP_AVP_RESULT_CODE,                  "Result Code",                  OCTETS,  2, ANY, TRUE,  FALSE, FALSE },
  { 0, OL2TP_AVP_PROTOCOL_VERSION,             "Protocol Version",             NUMBER,  2,   2, TRUE,  FALSE, FALSE },
  { 0, OL2TP_AVP_FRAMING_CAPABILITIES,         "Framing Capabilities",         NUMBER,  4,   4, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_BEARER_CAPABILITIES,          "Bearer Capabilities",          NUMBER,  4,   4, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_TIE_BREAKER,                  "Tie Breaker",                  NUMBER,  8,   8, FALSE, FALSE, FALSE },
  { 0, OL2TP_AVP_FIRMWARE_REVISION,            "Firmware Revision",            NUMBER,  2,   2, FALSE, TRUE,  FALSE },
  { 0, OL2TP_AVP_HOST_NAME,                    "Host Name",                    OCTETS,  1, ANY, TRUE,  FALSE, FALSE },
  { 0, OL2TP_AVP_VENDOR_NAME,                  "Vendor Name",                  OCTETS,  0, ANY, FALSE, TRUE,  FALSE },
  { 0, OL2TP_AVP_ASSIGNED_TUNNEL_ID,           "Assigned Tunnel ID",           NUMBER,  2,   2, TRUE,  TRUE,  TRUE  },
  { 0, OL2TP_AVP_RECEIVE_WINDOW_SIZE,          "Receive Window Size",          NUMBER,  2,   2, TRUE,  FALSE, TRUE  },
  { 0, OL2TP_AVP_CHALLENGE,                    "Challenge",                    OCTETS,  1, ANY, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_Q931_CAUSE_CODE,              "Q.931 Cause Code",             OCTETS,  3, ANY, TRUE,  FALSE, FALSE },
  { 0, OL2TP_AVP_CHALLENGE_RESPONSE,           "Challenge Response",           OCTETS, 16, ANY, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_ASSIGNED_SESSION_ID,          "Assigned Session ID",          NUMBER,  2,   2, TRUE,  TRUE,  TRUE  },
  { 0, OL2TP_AVP_CALL_SERIAL_NUMBER,           "Call Serial Number",           NUMBER,  4,   4, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_MINIMUM_BPS,                  "Minimum BPS",                  NUMBER,  4,   4, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_MAXIMUM_BPS,                  "Maximum BPS",                  NUMBER,  4,   4, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_BEARER_TYPE,                  "Bearer Type",                  NUMBER,  4,   4, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_FRAMING_TYPE,                 "Framing Type",                 NUMBER,  4,   4, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_CALLED_NUMBER,                "Called Number",                OCTETS,  0, ANY, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_CALLING_NUMBER,               "Calling Number",               OCTETS,  0, ANY, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_SUB_ADDRESS,                  "Sub-Address",                  OCTETS,  0, ANY, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_TX_CONNECT_SPEED,             "(Tx) Connect Speed",           NUMBER,  4,   4, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_PHYSICAL_CHANNEL_ID,          "Physical Channel ID",          NUMBER,  4,   4, FALSE, TRUE,  FALSE },
  { 0, OL2TP_AVP_INITIAL_RECEIVED_LCP_CONFREQ, "Initial Received LCP CONFREQ", OCTETS,  0, ANY, FALSE, TRUE,  FALSE },
  { 0, OL2TP_AVP_LAST_SENT_LCP_CONFREQ,        "Last Sent LCP CONFREQ",        OCTETS,  0, ANY, FALSE, TRUE,  FALSE },
  { 0, OL2TP_AVP_LAST_RECEIVED_LCP_CONFREQ,    "Last Received LCP CONFREQ",    OCTETS,  0, ANY, FALSE, TRUE,  FALSE },
  { 0, OL2TP_AVP_PROXY_AUTHEN_TYPE,            "Proxy Authen Type",            NUMBER,  2,   2, FALSE, TRUE,  FALSE },
  { 0, OL2TP_AVP_PROXY_AUTHEN_NAME,            "Proxy Authen Name",            OCTETS,  0, ANY, FALSE, TRUE,  FALSE },
  { 0, OL2TP_AVP_PROXY_AUTHEN_CHALLENGE,       "Proxy Authen Challenge",       OCTETS,  0, ANY, FALSE, TRUE,  FALSE },
  { 0, OL2TP_AVP_PROXY_AUTHEN_ID,              "Proxy Authen ID",              NUMBER,  2,   2, FALSE, TRUE,  FALSE },
  { 0, OL2TP_AVP_PROXY_AUTHEN_RESPONSE,        "Proxy Authen Response",        OCTETS,  0, ANY, FALSE, TRUE,  FALSE },
  { 0, OL2TP_AVP_CALL_ERRORS,                  "Call Errors",                  OCTETS, 26,  26, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_ACCM,                         "ACCM",                         OCTETS, 10,  10, TRUE,  TRUE,  FALSE },
  { 0, OL2TP_AVP_RANDOM_VECTOR,                "Random Vector",                OCTETS,  0, ANY, TRUE,  FALSE, FALSE },
  { 0, OL2TP_AVP_PRIVATE_GROUP_ID,             "Private Group ID",             OCTETS,  0, ANY, FALSE, TRUE,  FALSE },
  { 0, OL2TP_AVP_RX_CONNECT_SPEED,             "Rx Connect Speed",             NUMBER,  4,   4, FALSE, TRUE,  FALSE },
  { 0, OL2TP_AVP_SEQUENCING_REQUIRED,          "Sequencing Required",          OCTETS,  0,   0, TRUE,  FALSE, FALSE },
  { 0, OL2TP_AVP_PPP_DISCONNECT_CAUSE_CODE,    "PPP Disconnect Cause Code",    OCTETS,  5, ANY, FALSE, TRUE,  FALSE },
};
/* clang-format on */

/* RFC 2661 section 4.1: another Vendor ID is another number space; its types are never taken for the IETF's.  We know none. */
const Ol2tpAvpInfo *
ol2tp_avp_lookup (guint16 vendor, guint16 type)
{
  gsize low = 0, high = G_N_ELEMENTS (table);

  while (vendor == 0 && low < high)
    {
      gsize middle = (low + high) / 2;

      if (table[middle].type == type)
        return &table[middle];
      if (table[middle].type < type)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

void
ol2tp_avp_iter_init (Ol2tpAvpIter *self, Ol2tpSpan body)
{
  ol2tp_reader_init (&self->reader, body.data, body.len);
}

Ol2tpParse
ol2tp_avp_iter_next (Ol2tpAvpIter *self, Ol2tpAvp *avp)
{
  guint16 word;
  gsize len;

  if (self->reader.left == 0)
    return OL2TP_PARSE_END;

  word = ol2tp_reader_u16 (&self->reader);
  avp->vendor = ol2tp_reader_u16 (&self->reader);
  avp->type = ol2tp_reader_u16 (&self->reader);
  if (self->reader.bad)
    return OL2TP_PARSE_OVERRUN;

  /* RFC 2661 section 4.1: the minimum Length is 6. With less there is no next AVP to find. */
  len = word & LENGTH_MASK;
  if (len < OL2TP_AVP_HEADER_LEN)
    return OL2TP_PARSE_BAD_AVP;

  avp->value = ol2tp_reader_span (&self->reader, len - OL2TP_AVP_HEADER_LEN);
  if (self->reader.bad)
    return OL2TP_PARSE_OVERRUN;

  avp->mandatory = (word & MANDATORY_BIT) != 0;
  avp->hidden = (word & HIDDEN_BIT) != 0;
  avp->reserved = (word & RESERVED_BITS) != 0;
  return OL2TP_PARSE_OK;
}

static void
write_avp (Ol2tpWriter *writer, const Ol2tpAvpInfo *info, guint16 bits, Ol2tpSpan value)
{
  ol2tp_writer_u16 (writer, (guint16) ((info->mandatory ? MANDATORY_BIT : 0) | bits | (OL2TP_AVP_HEADER_LEN + value.len)));
  ol2tp_writer_u16 (writer, info->vendor);
  ol2tp_writer_u16 (writer, info->type);
  ol2tp_writer_octets (writer, value.data, value.len);
}

void
ol2tp_avp_write (Ol2tpWriter *writer, const Ol2tpAvpInfo *info, Ol2tpSpan value)
{
  if (value.len >= info->min_len && value.len <= info->max_len)
    write_avp (writer, info, 0, value);
  else
    writer->bad = TRUE;
}

void
ol2tp_avp_write_hidden (Ol2tpWriter *writer, const Ol2tpAvpInfo *info, Ol2tpSpan hidden)
{
  if (info->may_hide && hidden.len <= OL2TP_AVP_VALUE_MAX)
    write_avp (writer, info, HIDDEN_BIT, hidden);
  else
    writer->bad = TRUE;
}
