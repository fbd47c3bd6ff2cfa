/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench.h"
#include "hide.h"

#include <string.h>

/* RFC 2661 section 6, typed once more: message, required, optional; Message Type and Random Vector belong to all. */
static const struct {
  guint16 type;
  const char *name;
  gboolean session;
  guint8 required[9]; /* ended by 0 */
  guint8 optional[14];
} rfc[] = {
  { 1, "SCCRQ", FALSE, { 2, 3, 7, 9 }, { 4, 5, 6, 8, 10, 11 } },
  { 2, "SCCRP", FALSE, { 2, 3, 7, 9 }, { 4, 6, 8, 10, 11, 13 } },
  { 3, "SCCCN", FALSE, { 0 }, { 13 } },
  { 4, "StopCCN", FALSE, { 1, 9 }, { 0 } },
  { 6, "HELLO", FALSE, { 0 }, { 0 } },
  { 7, "OCRQ", TRUE, { 14, 15, 16, 17, 18, 19, 21 }, { 23 } },
  { 8, "OCRP", TRUE, { 14 }, { 25 } },
  { 9, "OCCN", TRUE, { 19, 24 }, { 38, 39 } },
  { 10, "ICRQ", TRUE, { 14, 15 }, { 18, 21, 22, 23, 25 } },
  { 11, "ICRP", TRUE, { 14 }, { 0 } },
  { 12, "ICCN", TRUE, { 19, 24 }, { 26, 27, 28, 29, 30, 31, 32, 33, 37, 38, 39 } },
  { 14, "CDN", TRUE, { 1, 14 }, { 12, 46 } },
  { 15, "WEN", TRUE, { 34 }, { 0 } },
  { 16, "SLI", TRUE, { 35 }, { 0 } },
};

static const guint8 filler[32] = "0123456789abcdefghijklmnopqrstu";

static gboolean
contains (const guint8 *list, gsize n, guint16 avp)
{
  for (gsize i = 0; i < n && list[i] != 0; i++)
    if (list[i] == avp)
      return TRUE;
  return FALSE;
}

static void
set_some_value (Ol2tpMessage *message, guint16 avp)
{
  const Ol2tpAvpInfo *info = ol2tp_avp_lookup (0, avp);

  if (info->kind == OL2TP_AVP_KIND_NUMBER)
    ol2tp_message_set_number (message, (Ol2tpAvpType) avp, avp == OL2TP_AVP_PROTOCOL_VERSION ? 0x0100 : 0x11u + avp);
  else
    ol2tp_message_set_octets (message, (Ol2tpAvpType) avp, (Ol2tpSpan) { filler, MIN (info->max_len, MAX (info->min_len, 5)) });
}

/* A message of row @i of the table, with all AVPs it may have. */
static void
fill (Ol2tpMessage *message, gsize i, gboolean with_optional)
{
  ol2tp_message_init (message, rfc[i].type);
  for (guint16 avp = 1; avp < OL2TP_N_AVP_TYPES; avp++)
    if (contains (rfc[i].required, sizeof rfc[i].required, avp)
        || (with_optional && contains (rfc[i].optional, sizeof rfc[i].optional, avp)))
      set_some_value (message, avp);
}

static void
assert_equal (const Ol2tpMessage *a, const Ol2tpMessage *b)
{
  g_assert_cmpuint (a->type, ==, b->type);
  g_assert_cmphex (a->present, ==, b->present);
  for (guint16 avp = 0; avp < OL2TP_N_AVP_TYPES; avp++)
    {
      const Ol2tpAvpInfo *info = ol2tp_avp_lookup (0, avp);

      if (!ol2tp_message_has (a, (Ol2tpAvpType) avp))
        continue;
      if (info->kind == OL2TP_AVP_KIND_NUMBER)
        g_assert_cmphex (a->values[avp].number, ==, b->values[avp].number);
      else
        g_assert_cmpmem (a->values[avp].octets.data, a->values[avp].octets.len, b->values[avp].octets.data,
                         b->values[avp].octets.len);
    }
}

static void
test_table (void)
{
  for (guint type = 0; type < 256; type++)
    {
      gsize row = 0;

      while (row < G_N_ELEMENTS (rfc) && rfc[row].type != type)
        row++;
      if (row == G_N_ELEMENTS (rfc))
        {
          g_assert_cmpstr (ol2tp_message_type_to_string ((guint16) type), ==, type == 0 ? "ZLB" : NULL);
          g_assert_cmpint (ol2tp_message_type_get_need ((guint16) type, 0), ==, OL2TP_NEED_NOT_LISTED);
          continue;
        }
      g_assert_cmpstr (ol2tp_message_type_to_string ((guint16) type), ==, rfc[row].name);
      g_assert_cmpint (ol2tp_message_type_is_session ((guint16) type), ==, rfc[row].session);
      for (guint16 avp = 1; avp < 300; avp++)
        {
          gboolean forgiven = (type == 9 || type == 12) && (avp == 19 || avp == 24); /* MSG-02 */
          Ol2tpNeed expected = OL2TP_NEED_NOT_LISTED;

          if (contains (rfc[row].required, sizeof rfc[row].required, avp))
            expected = forgiven ? OL2TP_NEED_EXPECTED : OL2TP_NEED_REQUIRED;
          else if (contains (rfc[row].optional, sizeof rfc[row].optional, avp) || avp == OL2TP_AVP_RANDOM_VECTOR)
            expected = OL2TP_NEED_OPTIONAL;
          g_assert_cmpint (ol2tp_message_type_get_need ((guint16) type, avp), ==, expected);
        }
    }
}

/* MSG-V1 */
static void
test_golden (void)
{
  static const guint8 expected[]
      = { 0xc8, 0x02, 0x00, 0x3f, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x80,
          0x08, 0x00, 0x00, 0x00, 0x02, 0x01, 0x00, 0x80, 0x0a, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x03, 0x80, 0x09, 0x00, 0x00,
          0x00, 0x07, 0x6c, 0x61, 0x63, 0x80, 0x08, 0x00, 0x00, 0x00, 0x09, 0x12, 0x34, 0x80, 0x08, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x04 };
  Ol2tpHeader header = { 0 };
  Ol2tpMessage message;
  guint8 body[128], datagram[128];
  Ol2tpWriter writer;

  ol2tp_message_init (&message, OL2TP_MESSAGE_SCCRQ);
  ol2tp_message_set_number (&message, OL2TP_AVP_PROTOCOL_VERSION, 0x0100);
  ol2tp_message_set_number (&message, OL2TP_AVP_FRAMING_CAPABILITIES, 3);
  ol2tp_message_set_string (&message, OL2TP_AVP_HOST_NAME, "lac");
  ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_TUNNEL_ID, 0x1234);
  ol2tp_message_set_number (&message, OL2TP_AVP_RECEIVE_WINDOW_SIZE, 4);
  ol2tp_writer_init (&writer, body, sizeof body);
  g_assert_true (ol2tp_message_encode (&message, &writer));
  header.body = (Ol2tpSpan) { body, writer.len };
  ol2tp_writer_init (&writer, datagram, sizeof datagram);
  ol2tp_header_encode (&header, &writer);
  g_assert_cmpmem (datagram, writer.len, expected, sizeof expected);
}

static void
test_round_trip (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rfc); i++)
    for (int with_optional = 0; with_optional < 2; with_optional++)
      {
        Ol2tpMessage message, again;
        Ol2tpFault fault;
        guint8 body[1400];

        fill (&message, i, with_optional);
        g_assert_cmpint (ol2tp_message_decode (&again, bench_body (&message, body), NULL, &fault), ==, OL2TP_PARSE_OK);
        g_assert_cmpuint (fault.n_ignored, ==, 0);
        assert_equal (&message, &again);
        g_assert_cmpuint (ol2tp_message_peek_type (bench_body (&message, body)), ==, rfc[i].type);
      }
}

/* HDR-15: every truncation of every message; the octets behind the end belong to the address sanitiser. */
static void
test_truncation (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rfc); i++)
    {
      Ol2tpMessage message, again;
      Ol2tpFault fault;
      guint8 body[1400];
      Ol2tpSpan whole;

      fill (&message, i, TRUE);
      whole = bench_body (&message, body);
      for (gsize len = 0; len < whole.len; len++)
        {
          g_autofree guint8 *exact = g_memdup2 (whole.data, len);
          Ol2tpParse parse = ol2tp_message_decode (&again, (Ol2tpSpan) { exact, len }, NULL, &fault);

          g_assert_cmpint (parse, ==, fault.parse);
          g_assert_cmpint (parse, !=, OL2TP_PARSE_END);
          /* Cut between two AVPs a message may still be good, if all it has to have is there. */
          if (parse == OL2TP_PARSE_OK)
            g_assert_cmphex (again.present & ~message.present, ==, 0);
        }
    }
}

/* Every bit of every message flipped: a verdict, no read past the end, and no value that breaks its row of the table. */
static void
test_bit_flips (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rfc); i++)
    {
      Ol2tpMessage message, again;
      Ol2tpFault fault;
      guint8 body[1400];
      Ol2tpSpan whole;

      fill (&message, i, TRUE);
      whole = bench_body (&message, body);
      for (gsize bit = 0; bit < whole.len * 8; bit++)
        {
          g_autofree guint8 *flipped = g_memdup2 (whole.data, whole.len);

          flipped[bit / 8] ^= (guint8) (1u << bit % 8);
          ol2tp_message_decode (&again, (Ol2tpSpan) { flipped, whole.len }, NULL, &fault);
          for (guint16 avp = 0; avp < OL2TP_N_AVP_TYPES; avp++)
            {
              const Ol2tpAvpInfo *info = ol2tp_avp_lookup (0, avp);

              if (!ol2tp_message_has (&again, (Ol2tpAvpType) avp))
                continue;
              g_assert_nonnull (info);
              if (info->kind == OL2TP_AVP_KIND_OCTETS)
                {
                  g_assert_cmpuint (again.values[avp].octets.len, >=, info->min_len);
                  g_assert_cmpuint (again.values[avp].octets.len, <=, info->max_len);
                }
              else if (info->not_zero)
                g_assert_cmphex (again.values[avp].number, !=, 0);
            }
          if (fault.parse != OL2TP_PARSE_OK && fault.parse != OL2TP_PARSE_IGNORED_TYPE)
            {
              Ol2tpCause cause;

              ol2tp_fault_to_cause (&fault, &cause);
              g_assert_cmpint (cause.reason, ==, OL2TP_REASON_PROTOCOL);
              g_assert_cmpuint (cause.result_code, ==, 2);
              g_assert_true (cause.error_code == 2 || cause.error_code == 3 || cause.error_code == 8);
              g_assert_cmpstr (cause.message, !=, "");
            }
        }
    }
}

/* AVP-13: the M bit of an AVP we know means nothing, whichever way it is wrong. */
static void
test_mandatory_bit (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rfc); i++)
    {
      Ol2tpMessage message, again;
      Ol2tpFault fault;
      guint8 body[1400];
      Ol2tpSpan whole;

      fill (&message, i, TRUE);
      whole = bench_body (&message, body);
      for (gsize at = 0; at < whole.len; at += (gsize) (body[at] & 0x03) << 8 | body[at + 1])
        {
          body[at] ^= 0x80;
          g_assert_cmpint (ol2tp_message_decode (&again, whole, NULL, &fault), ==, OL2TP_PARSE_OK);
          assert_equal (&message, &again);
          body[at] ^= 0x80;
        }
    }
}

/* AVP-16: each required AVP taken away in turn. */
static void
test_missing (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rfc); i++)
    for (gsize j = 0; j < sizeof rfc[i].required && rfc[i].required[j] != 0; j++)
      {
        guint16 avp = rfc[i].required[j];
        gboolean forgiven = ol2tp_message_type_get_need (rfc[i].type, avp) == OL2TP_NEED_EXPECTED;
        Ol2tpMessage message, again;
        Ol2tpFault fault;
        guint8 body[1400];
        Ol2tpSpan whole;
        gsize at = 0;

        fill (&message, i, FALSE);
        whole = bench_body (&message, body);
        while (body[at + 5] != avp || body[at + 4] != 0)
          at += (gsize) (body[at] & 0x03) << 8 | body[at + 1];
        body[at] &= 0x7f;
        body[at + 4] = 0x7f; /* now it is unknown, and not mandatory */
        g_assert_cmpint (ol2tp_message_decode (&again, whole, NULL, &fault), ==, forgiven ? OL2TP_PARSE_OK : OL2TP_PARSE_MISSING_AVP);
        if (!forgiven)
          g_assert_cmpuint (fault.avp, ==, avp);
      }
}

static Ol2tpParse
decode_with (const guint8 *extra, gsize len, guint16 type, Ol2tpMessage *message, Ol2tpFault *fault)
{
  static guint8 body[1400];
  Ol2tpMessage base;
  Ol2tpSpan whole;

  if (type == OL2TP_MESSAGE_SCCRQ)
    bench_fill_sccrq (&base);
  else if (type == OL2TP_MESSAGE_ICRQ)
    bench_fill_icrq (&base);
  else if (type == OL2TP_MESSAGE_ICCN)
    bench_fill_iccn (&base);
  else
    ol2tp_message_init (&base, type);
  whole = bench_body (&base, body);
  memcpy (body + whole.len, extra, len);
  return ol2tp_message_decode (message, (Ol2tpSpan) { body, whole.len + len }, NULL, fault);
}

static void
test_unknown_avp (void)
{
  static const guint8 optional[] = { 0x00, 0x08, 0, 0, 0x03, 0xe7, 1, 2 };
  static const guint8 mandatory[] = { 0x80, 0x08, 0, 0, 0x03, 0xe7, 1, 2 };
  static const guint8 vendor[] = { 0x00, 0x16, 0x0d, 0xe9, 0x00, 0x02, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
  static const guint8 reserved_optional[] = { 0x04, 0x08, 0, 0, 0, 10, 0, 2 };
  static const guint8 reserved_mandatory[] = { 0xa0, 0x08, 0, 0, 0, 10, 0, 2 };
  Ol2tpMessage message;
  Ol2tpFault fault;
  Ol2tpCause cause;

  g_test_message ("AVP-05");
  g_assert_cmpint (decode_with (optional, sizeof optional, OL2TP_MESSAGE_SCCRQ, &message, &fault), ==, OL2TP_PARSE_OK);
  g_test_message ("AVP-06, AVP-07, RES-03");
  g_assert_cmpint (decode_with (mandatory, sizeof mandatory, OL2TP_MESSAGE_SCCRQ, &message, &fault), ==, OL2TP_PARSE_UNKNOWN_AVP);
  g_assert_true (ol2tp_fault_is_for_tunnel (&fault));
  ol2tp_fault_to_cause (&fault, &cause);
  g_assert_cmpuint (cause.error_code, ==, 8);
  g_assert_nonnull (strstr (cause.message, "vendor 0 type 999"));
  g_assert_cmpint (decode_with (mandatory, sizeof mandatory, OL2TP_MESSAGE_ICRQ, &message, &fault), ==, OL2TP_PARSE_UNKNOWN_AVP);
  g_assert_false (ol2tp_fault_is_for_tunnel (&fault));
  g_test_message ("AVP-08");
  g_assert_cmpint (decode_with (vendor, sizeof vendor, OL2TP_MESSAGE_ICRQ, &message, &fault), ==, OL2TP_PARSE_OK);
  g_test_message ("AVP-04");
  g_assert_cmpint (decode_with (reserved_optional, sizeof reserved_optional, OL2TP_MESSAGE_SCCRQ, &message, &fault), ==,
                   OL2TP_PARSE_OK);
  g_assert_cmpint (decode_with (reserved_mandatory, sizeof reserved_mandatory, OL2TP_MESSAGE_SCCRQ, &message, &fault), ==,
                   OL2TP_PARSE_UNKNOWN_AVP);
}

static void
test_message_type (void)
{
  static const guint8 not_first[] = { 0x80, 0x07, 0, 0, 0, 7, 'x', 0x80, 0x08, 0, 0, 0, 0, 0, 6 };
  static const guint8 unknown_m[] = { 0x80, 0x08, 0, 0, 0, 0, 0, 99 };
  static const guint8 unknown[] = { 0x00, 0x08, 0, 0, 0, 0, 0, 99 };
  static const guint8 hidden[] = { 0xc0, 0x08, 0, 0, 0, 0, 0, 6 };
  static const guint8 longer[] = { 0x80, 0x09, 0, 0, 0, 0, 0, 6, 0 };
  static const guint8 reserved[] = { 0x84, 0x08, 0, 0, 0, 0, 0, 6 };
  static const guint8 zero[] = { 0x80, 0x05, 0, 0, 0, 0 };
  static const struct {
    Ol2tpSpan body;
    Ol2tpParse parse;
  } cases[] = {
    { { not_first, sizeof not_first }, OL2TP_PARSE_NO_TYPE },      /* AVP-09 */
    { { unknown_m, sizeof unknown_m }, OL2TP_PARSE_UNKNOWN_TYPE }, /* AVP-10 */
    { { unknown, sizeof unknown }, OL2TP_PARSE_IGNORED_TYPE },     /* AVP-11 */
    { { hidden, sizeof hidden }, OL2TP_PARSE_NO_TYPE },            /* AVP-12 */
    { { longer, sizeof longer }, OL2TP_PARSE_NO_TYPE },
    { { reserved, sizeof reserved }, OL2TP_PARSE_NO_TYPE },
    { { zero, sizeof zero }, OL2TP_PARSE_BAD_AVP }, /* AVP-01 */
    { { NULL, 0 }, OL2TP_PARSE_NO_TYPE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Ol2tpMessage message;
      Ol2tpFault fault;

      g_assert_cmpint (ol2tp_message_decode (&message, cases[i].body, NULL, &fault), ==, cases[i].parse);
      g_assert_true (ol2tp_fault_is_for_tunnel (&fault));
    }
}

static void
test_malformed (void)
{
  static const guint8 bad_length_m[] = { 0x80, 0x0b, 0, 0, 0, 18, 0, 0, 0, 0, 1 }; /* Bearer Type */
  static const guint8 bad_length[] = { 0x00, 0x08, 0, 0, 0, 38, 0, 0 };           /* Rx Connect Speed */
  static const guint8 second_id[] = { 0x80, 0x08, 0, 0, 0, 9, 0x99, 0x99 };
  static const guint8 not_here[] = { 0x80, 0x07, 0, 0, 0, 10, 1 };
  static const guint8 empty_names[] = { 0x80, 0x06, 0, 0, 0, 21, 0x80, 0x06, 0, 0, 0, 22 };
  static const guint8 zero_length[] = { 0x80, 0x00, 0, 0, 0, 21 };
  static const guint8 overrun[] = { 0x80, 0x20, 0, 0, 0, 21 };
  static const guint8 window_zero[] = { 0x80, 0x08, 0, 0, 0, 10, 0, 0 };
  Ol2tpMessage message;
  Ol2tpFault fault;

  g_test_message ("AVP-14");
  g_assert_cmpint (decode_with (bad_length, sizeof bad_length, OL2TP_MESSAGE_ICCN, &message, &fault), ==, OL2TP_PARSE_OK);
  g_assert_cmpuint (fault.n_ignored, ==, 1);
  g_assert_false (ol2tp_message_has (&message, OL2TP_AVP_RX_CONNECT_SPEED));
  g_test_message ("AVP-15");
  g_assert_cmpint (decode_with (bad_length_m, sizeof bad_length_m, OL2TP_MESSAGE_ICRQ, &message, &fault), ==, OL2TP_PARSE_BAD_LENGTH);
  g_assert_cmpuint (ol2tp_message_get_number (&message, OL2TP_AVP_ASSIGNED_SESSION_ID), ==, PEER_SESSION_ID);
  g_test_message ("AVP-18");
  g_assert_cmpint (decode_with (second_id, sizeof second_id, OL2TP_MESSAGE_SCCRQ, &message, &fault), ==, OL2TP_PARSE_OK);
  g_assert_cmpuint (ol2tp_message_get_number (&message, OL2TP_AVP_ASSIGNED_TUNNEL_ID), ==, PEER_TUNNEL_ID);
  g_test_message ("AVP-19: known, not listed here, malformed and mandatory: all the same");
  g_assert_cmpint (decode_with (not_here, sizeof not_here, OL2TP_MESSAGE_HELLO, &message, &fault), ==, OL2TP_PARSE_OK);
  g_test_message ("AVP-22");
  g_assert_cmpint (decode_with (empty_names, sizeof empty_names, OL2TP_MESSAGE_ICRQ, &message, &fault), ==, OL2TP_PARSE_OK);
  g_assert_true (ol2tp_message_has (&message, OL2TP_AVP_CALLING_NUMBER));
  g_test_message ("AVP-01: the tunnel has to go, even for a session's message");
  g_assert_cmpint (decode_with (zero_length, sizeof zero_length, OL2TP_MESSAGE_ICRQ, &message, &fault), ==, OL2TP_PARSE_BAD_AVP);
  g_assert_true (ol2tp_fault_is_for_tunnel (&fault));
  g_test_message ("AVP-02");
  g_assert_cmpint (decode_with (overrun, sizeof overrun, OL2TP_MESSAGE_ICRQ, &message, &fault), ==, OL2TP_PARSE_OVERRUN);
  g_assert_false (ol2tp_fault_is_for_tunnel (&fault));
  g_test_message ("REL-12, on a message that has no such AVP yet");
  bench_fill_sccrp (&message);
  {
    guint8 body[64] = { 0x80, 0x08, 0, 0, 0, 0, 0, 2 };

    memcpy (body + 8, window_zero, sizeof window_zero);
    g_assert_cmpint (ol2tp_message_decode (&message, (Ol2tpSpan) { body, 16 }, NULL, &fault), ==, OL2TP_PARSE_BAD_VALUE);
    g_assert_cmpuint (fault.avp, ==, OL2TP_AVP_RECEIVE_WINDOW_SIZE);
  }
}

/* RES-01, TDN-10, TDN-11, TDN-12 */
static void
test_result (void)
{
  static const struct {
    guint8 octets[8];
    gsize len;
    guint16 result_code;
    guint16 error_code;
    const char *text;
  } cases[] = {
    { { 0, 1 }, 2, 1, 0, "" },
    { { 0, 2, 0, 8 }, 4, 2, 8, "" },
    { { 0, 2, 0, 8, 'n', 'o' }, 6, 2, 8, "no" },
    { { 0, 2, 0 }, 3, 2, 0, "" },
    { { 3, 0 }, 2, 3, 0, "" },             /* Apple */
    { { 2, 0, 6, 0 }, 4, 2, 6, "" },       /* Apple */
    { { 0, 5, 1, 0 }, 4, 5, 0x100, "" },   /* highest version: no Apple */
    { { 0x03, 0xe7 }, 2, 999, 0, "" },     /* unknown */
    { { 0, 1, 0, 0, 0x1b, 0xe4 }, 6, 1, 0, "\xef\xbf\xbd\xef\xbf\xbd" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Ol2tpMessage message;
      Ol2tpCause cause;

      ol2tp_message_init (&message, OL2TP_MESSAGE_CDN);
      ol2tp_message_set_octets (&message, OL2TP_AVP_RESULT_CODE, (Ol2tpSpan) { cases[i].octets, cases[i].len });
      ol2tp_message_get_result (&message, &cause);
      g_assert_true (cause.from_peer);
      g_assert_cmpint (cause.reason, ==, OL2TP_REASON_PEER);
      g_assert_cmpuint (cause.result_code, ==, cases[i].result_code);
      g_assert_cmpuint (cause.error_code, ==, cases[i].error_code);
      g_assert_cmpstr (cause.message, ==, cases[i].text);
    }
}

static Ol2tpParse
decode_hidden (const char *secret_text, const Ol2tpWriter *avps, Ol2tpMessage *message, Ol2tpFault *fault)
{
  static guint8 body[2048];
  static const guint8 type[] = { 0x80, 0x08, 0, 0, 0, 0, 0, 11 }; /* ICRP: only Assigned Session ID is required */
  g_autoptr (Ol2tpSecret) secret = secret_text != NULL ? ol2tp_secret_new (secret_text, strlen (secret_text)) : NULL;

  memcpy (body, type, sizeof type);
  memcpy (body + sizeof type, avps->data, avps->len);
  return ol2tp_message_decode (message, (Ol2tpSpan) { body, sizeof type + avps->len }, secret, fault);
}

static void
write_random_vector (Ol2tpWriter *writer, Ol2tpSpan value)
{
  ol2tp_avp_write (writer, ol2tp_avp_lookup (0, OL2TP_AVP_RANDOM_VECTOR), value);
}

static void
test_hidden (void)
{
  const Ol2tpSpan rv1 = { filler, 16 }, rv2 = { filler + 8, 20 };
  const Ol2tpSpan id = { (const guint8 *) "\x12\x34", 2 };
  guint8 buffer[1024];
  Ol2tpMessage message;
  Ol2tpFault fault;
  Ol2tpWriter writer;

  g_test_message ("HID-03, HID-08: the nearest vector before it counts, one behind it does not");
  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  write_random_vector (&writer, rv1);
  write_random_vector (&writer, rv2);
  hide_avp (&writer, TRUE, 14, "secret", rv2, id, 9);
  write_random_vector (&writer, rv1);
  g_assert_cmpint (decode_hidden ("secret", &writer, &message, &fault), ==, OL2TP_PARSE_OK);
  g_assert_cmphex (ol2tp_message_get_number (&message, OL2TP_AVP_ASSIGNED_SESSION_ID), ==, 0x1234);

  g_test_message ("HID-07: the wrong secret");
  g_assert_cmpint (decode_hidden ("secrex", &writer, &message, &fault), !=, OL2TP_PARSE_OK);
  g_test_message ("no secret at all");
  g_assert_cmpint (decode_hidden (NULL, &writer, &message, &fault), ==, OL2TP_PARSE_BAD_HIDDEN);

  g_test_message ("HID-02");
  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  hide_avp (&writer, TRUE, 14, "secret", rv1, id, 0);
  write_random_vector (&writer, rv1);
  g_assert_cmpint (decode_hidden ("secret", &writer, &message, &fault), ==, OL2TP_PARSE_BAD_HIDDEN);

  g_test_message ("HID-02 without the M bit: ignored, and so it is missing");
  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  hide_avp (&writer, FALSE, 14, "secret", rv1, id, 0);
  g_assert_cmpint (decode_hidden ("secret", &writer, &message, &fault), ==, OL2TP_PARSE_MISSING_AVP);
  g_assert_cmpuint (fault.n_ignored, ==, 1);

  g_test_message ("HID-08: length of the value checked after it is revealed");
  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  write_random_vector (&writer, rv1);
  hide_avp (&writer, TRUE, 14, "secret", rv1, (Ol2tpSpan) { filler, 3 }, 0);
  g_assert_cmpint (decode_hidden ("secret", &writer, &message, &fault), ==, OL2TP_PARSE_BAD_LENGTH);

  g_test_message ("AVP-12: a vector that is hidden itself");
  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  write_random_vector (&writer, rv1);
  hide_avp (&writer, TRUE, 36, "secret", rv1, id, 0);
  g_assert_cmpint (decode_hidden ("secret", &writer, &message, &fault), ==, OL2TP_PARSE_BAD_HIDDEN);
}

/* AVP-12: the AVPs that are never hidden, each of them hidden. */
static void
test_never_hidden (void)
{
  static const guint16 never[] = { 1, 2, 5, 7, 10, 12, 39 };
  const Ol2tpSpan rv = { filler, 16 };

  for (gsize i = 0; i < G_N_ELEMENTS (never); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (rfc); j++)
      {
        g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new ("secret", 6);
        const Ol2tpAvpInfo *info = ol2tp_avp_lookup (0, never[i]);
        const guint8 type[] = { 0x80, 0x08, 0, 0, 0, 0, 0, (guint8) rfc[j].type };
        guint8 buffer[256];
        Ol2tpMessage message;
        Ol2tpFault fault;
        Ol2tpWriter writer;

        if (ol2tp_message_type_get_need (rfc[j].type, never[i]) == OL2TP_NEED_NOT_LISTED)
          continue;
        ol2tp_writer_init (&writer, buffer, sizeof buffer);
        ol2tp_writer_octets (&writer, type, sizeof type);
        write_random_vector (&writer, rv);
        hide_avp (&writer, TRUE, never[i], "secret", rv, (Ol2tpSpan) { filler, MAX (info->min_len, 1) }, 0);
        ol2tp_message_decode (&message, (Ol2tpSpan) { buffer, writer.len }, secret, &fault);
        g_assert_cmpint (fault.parse, ==, OL2TP_PARSE_BAD_HIDDEN);
        g_assert_cmpuint (fault.avp, ==, never[i]);
      }
}

/* More hidden AVPs than there is room for end in a verdict, not in memory. */
static void
test_hidden_overflow (void)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new ("secret", 6);
  const Ol2tpSpan rv = { filler, 16 };
  static const guint8 type[] = { 0x80, 0x08, 0, 0, 0, 0, 0, 12 };
  guint8 value[900] = { 0 };
  guint8 buffer[8192];
  Ol2tpMessage message;
  Ol2tpFault fault;
  Ol2tpWriter writer;

  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  ol2tp_writer_octets (&writer, type, sizeof type);
  write_random_vector (&writer, rv);
  for (guint16 avp = 26; avp <= 28; avp++)
    hide_avp (&writer, FALSE, avp, "secret", rv, (Ol2tpSpan) { value, sizeof value }, 0);
  g_assert_cmpint (ol2tp_message_decode (&message, (Ol2tpSpan) { buffer, writer.len }, secret, &fault), ==, OL2TP_PARSE_OK);
  g_assert_cmpuint (fault.n_ignored, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/message/table", test_table);
  g_test_add_func ("/core/message/MSG-V1", test_golden);
  g_test_add_func ("/core/message/round-trip", test_round_trip);
  g_test_add_func ("/core/message/truncation", test_truncation);
  g_test_add_func ("/core/message/bit-flips", test_bit_flips);
  g_test_add_func ("/core/message/AVP-13", test_mandatory_bit);
  g_test_add_func ("/core/message/AVP-16", test_missing);
  g_test_add_func ("/core/message/unknown-avp", test_unknown_avp);
  g_test_add_func ("/core/message/message-type", test_message_type);
  g_test_add_func ("/core/message/malformed", test_malformed);
  g_test_add_func ("/core/message/result", test_result);
  g_test_add_func ("/core/message/hidden", test_hidden);
  g_test_add_func ("/core/message/AVP-12", test_never_hidden);
  g_test_add_func ("/core/message/hidden-overflow", test_hidden_overflow);
  return g_test_run ();
}
