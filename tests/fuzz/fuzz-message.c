/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One datagram through the codec: header, AVPs, message, with and without a secret.  What decodes without a fault is encoded and
 * decoded again, and has to be the same.
 */
#include "core/header.h"
#include "core/message.h"
#include "fuzz.h"

#include <string.h>

static void
assert_equal (const Ol2tpMessage *a, const Ol2tpMessage *b)
{
  g_assert_cmphex (a->present, ==, b->present);
  for (guint16 avp = 0; avp < OL2TP_N_AVP_TYPES; avp++)
    {
      if (!ol2tp_message_has (a, (Ol2tpAvpType) avp))
        continue;
      if (ol2tp_avp_lookup (0, avp)->kind == OL2TP_AVP_KIND_NUMBER)
        g_assert_cmphex (a->values[avp].number, ==, b->values[avp].number);
      else
        g_assert_cmpmem (a->values[avp].octets.data, a->values[avp].octets.len, b->values[avp].octets.data, b->values[avp].octets.len);
    }
}

static void
check_good (const Ol2tpMessage *message)
{
  static guint8 buffer[65536];
  static Ol2tpMessage again;
  Ol2tpWriter writer;
  Ol2tpFault fault;
  Ol2tpCause cause;

  if (message->type == OL2TP_MESSAGE_ICCN || message->type == OL2TP_MESSAGE_OCCN)
    if (!ol2tp_message_has (message, OL2TP_AVP_TX_CONNECT_SPEED) || !ol2tp_message_has (message, OL2TP_AVP_FRAMING_TYPE))
      return; /* forgiven on receipt, never sent */

  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  g_assert_true (ol2tp_message_encode (message, &writer));
  g_assert_cmpint (ol2tp_message_decode (&again, (Ol2tpSpan) { buffer, writer.len }, NULL, &fault), ==, OL2TP_PARSE_OK);
  assert_equal (message, &again);
  if (ol2tp_message_has (message, OL2TP_AVP_RESULT_CODE))
    {
      ol2tp_message_get_result (message, &cause);
      g_assert_true (g_utf8_validate (cause.message, -1, NULL));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static Ol2tpMessage message;
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new ("l2tp-secret", 11);
  Ol2tpHeader header;

  if (ol2tp_header_decode (&header, data, size) != OL2TP_HEADER_CONTROL)
    return 0;
  ol2tp_message_peek_type (header.body);
  for (guint i = 0; i < 2; i++)
    {
      Ol2tpFault fault;
      Ol2tpCause cause;
      Ol2tpParse parse = ol2tp_message_decode (&message, header.body, i == 0 ? NULL : secret, &fault);

      if (parse == OL2TP_PARSE_OK)
        check_good (&message);
      else if (parse != OL2TP_PARSE_IGNORED_TYPE)
        {
          ol2tp_fault_to_cause (&fault, &cause);
          g_assert_true (g_utf8_validate (cause.message, -1, NULL));
        }
    }
  return 0;
}
