/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/hidden.h"
#include "core/message.h"
#include "hide.h"

#include <string.h>

#define SECRET "l2tp-secret"

static const guint8 rv_octets[] = { 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f };
static const Ol2tpSpan rv = { rv_octets, sizeof rv_octets };

static gsize
unhex (const char *hex, guint8 *out)
{
  gsize n = strlen (hex) / 2;

  for (gsize i = 0; i < n; i++)
    out[i] = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
  return n;
}

static const guint8 padding[20] = { 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,
                                    0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa };

static const struct {
  const char *name;
  guint16 type;
  gboolean mandatory;
  gsize n_padding;
  const char *value;
  gsize value_len;
  const char *avp;
} vectors[] = {
  { "HID-V1", 9, TRUE, 0, "\x12\x34", 2, "c00a000000096f264a7e" },
  { "HID-V2", 9, TRUE, 12, "\x12\x34", 2, "c016000000096f264a7e8a5f696dd3eaf9d75db73285" },
  { "HID-V3", 33, FALSE, 0, "correct horse battery staple", 28,
    "4024000000218ee6547fe71c29e400ac47a17c96cb8f217ee32c0522b79d7b31dfb533a7" },
  { "HID-V4", 21, TRUE, 0, "012345678901234567890123456789", 30,
    "c02600000015a2fcfb72c61cd11fc87a6ad70d4fdf6dd84972f083d2f78b622b552416d189d8" },
};

static void
test_vectors (void)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (SECRET, strlen (SECRET));

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      guint8 avp[64], hidden[64], scratch[64];
      gsize len = unhex (vectors[i].avp, avp);
      Ol2tpWriter writer;
      Ol2tpSpan value;

      g_test_message ("%s", vectors[i].name);
      g_assert_true (ol2tp_hidden_reveal ((Ol2tpSpan) { avp + 6, len - 6 }, vectors[i].type, secret, rv, scratch, &value));
      /* HID-V4 does not say which 30 digits; the others are compared octet by octet, both ways. */
      g_assert_cmpuint (value.len, ==, vectors[i].value_len);
      if (vectors[i].type == 21)
        {
          for (gsize j = 0; j < value.len; j++)
            g_assert_true (g_ascii_isdigit (value.data[j]));
        }
      else
        g_assert_cmpmem (value.data, value.len, vectors[i].value, vectors[i].value_len);

      ol2tp_writer_init (&writer, hidden, sizeof hidden);
      hide_avp (&writer, vectors[i].mandatory, vectors[i].type, SECRET, rv, value, vectors[i].n_padding);
      g_assert_cmpmem (hidden, writer.len, avp, len);

      ol2tp_hidden_conceal (value, (Ol2tpSpan) { padding, vectors[i].n_padding }, vectors[i].type, secret, rv, hidden);
      g_assert_cmpmem (hidden, OL2TP_HIDDEN_OVERHEAD + value.len + vectors[i].n_padding, avp + 6, len - 6);
    }
}

/* Every length of value and padding, so every number of blocks and every short last block. */
static void
test_round_trip (void)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (SECRET, strlen (SECRET));
  guint8 plain[70];

  for (guint8 i = 0; i < sizeof plain; i++)
    plain[i] = i;
  for (gsize len = 0; len <= sizeof plain; len++)
    for (gsize n_padding = 0; n_padding < 20; n_padding++)
      {
        guint8 hidden[128];
        g_autofree guint8 *exact = NULL;
        g_autofree guint8 *concealed = g_malloc (OL2TP_HIDDEN_OVERHEAD + len + n_padding);
        g_autofree guint8 *scratch = NULL;
        Ol2tpWriter writer;
        Ol2tpSpan value;

        ol2tp_writer_init (&writer, hidden, sizeof hidden);
        hide_avp (&writer, TRUE, 30, SECRET, rv, (Ol2tpSpan) { plain, len }, n_padding);
        exact = g_memdup2 (hidden + 6, writer.len - 6);
        scratch = g_malloc (writer.len - 6);
        ol2tp_hidden_conceal ((Ol2tpSpan) { plain, len }, (Ol2tpSpan) { padding, n_padding }, 30, secret, rv, concealed);
        g_assert_cmpmem (concealed, OL2TP_HIDDEN_OVERHEAD + len + n_padding, exact, writer.len - 6);
        g_assert_true (ol2tp_hidden_reveal ((Ol2tpSpan) { exact, writer.len - 6 }, 30, secret, rv, scratch, &value));
        g_assert_cmpmem (value.data, value.len, plain, len);
        g_assert_cmpint (memcmp (exact, hidden + 6, writer.len - 6), ==, 0);
      }
}

/* HID-07: what comes out of noise, or of the wrong secret, is never longer than what went in. */
static void
test_wrong_secret (void)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new ("other", 5);
  guint n_refused = 0;

  for (guint i = 0; i < 1000; i++)
    {
      gsize len = (gsize) g_test_rand_int_range (0, 64);
      g_autofree guint8 *hidden = g_malloc (len);
      g_autofree guint8 *scratch = g_malloc (len);
      Ol2tpSpan value;

      for (gsize j = 0; j < len; j++)
        hidden[j] = (guint8) g_test_rand_int_range (0, 256);
      if (ol2tp_hidden_reveal ((Ol2tpSpan) { hidden, len }, 9, secret, rv, scratch, &value))
        g_assert_cmpuint (value.len + 2, <=, len);
      else
        n_refused++;
    }
  g_assert_cmpuint (n_refused, >, 900);
}

/* HID-01, HID-02: the vector stands before the first hidden AVP, and what may be hidden is; HELLO has nothing to hide. */
static void
test_encode_hidden (void)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new ("secret", 6);
  guint8 buffer[1400];
  Ol2tpMessage message, decoded;
  Ol2tpAvpIter iter;
  Ol2tpFault fault;
  Ol2tpWriter writer;
  Ol2tpAvp avp;
  guint n_hidden = 0;

  ol2tp_message_init (&message, OL2TP_MESSAGE_SCCRP);
  ol2tp_message_set_number (&message, OL2TP_AVP_PROTOCOL_VERSION, 0x0100);
  ol2tp_message_set_number (&message, OL2TP_AVP_FRAMING_CAPABILITIES, 3);
  ol2tp_message_set_string (&message, OL2TP_AVP_HOST_NAME, "lns");
  ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_TUNNEL_ID, 0x5678);
  ol2tp_message_set_string (&message, OL2TP_AVP_VENDOR_NAME, "");
  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  g_assert_true (ol2tp_message_encode_hidden (&message, secret, rv, &writer));

  ol2tp_avp_iter_init (&iter, (Ol2tpSpan) { buffer, writer.len });
  for (guint n_vectors = 0; ol2tp_avp_iter_next (&iter, &avp) == OL2TP_PARSE_OK;)
    {
      if (avp.type == OL2TP_AVP_RANDOM_VECTOR)
        {
          g_assert_cmpuint (n_vectors++ + n_hidden, ==, 0);
          g_assert_true (avp.mandatory);
          g_assert_cmpmem (avp.value.data, avp.value.len, rv.data, rv.len);
          continue;
        }
      g_assert_cmpint (avp.hidden, ==, ol2tp_avp_lookup (0, avp.type)->may_hide);
      g_assert_cmpint (avp.mandatory, ==, ol2tp_avp_lookup (0, avp.type)->mandatory);
      g_assert_cmpuint (n_vectors, >=, avp.hidden ? 1 : 0);
      n_hidden += avp.hidden ? 1 : 0;
    }
  g_assert_cmpuint (n_hidden, ==, 3);
  g_assert_cmpint (ol2tp_message_decode (&decoded, (Ol2tpSpan) { buffer, writer.len }, secret, &fault), ==, OL2TP_PARSE_OK);
  g_assert_cmpuint (fault.n_ignored, ==, 0);
  g_assert_cmphex (ol2tp_message_get_number (&decoded, OL2TP_AVP_ASSIGNED_TUNNEL_ID), ==, 0x5678);
  g_assert_cmphex (ol2tp_message_get_number (&decoded, OL2TP_AVP_FRAMING_CAPABILITIES), ==, 3);
  g_assert_true (ol2tp_message_has (&decoded, OL2TP_AVP_VENDOR_NAME));
  g_assert_cmpint (ol2tp_message_decode (&decoded, (Ol2tpSpan) { buffer, writer.len }, NULL, &fault), ==, OL2TP_PARSE_BAD_HIDDEN);

  g_test_message ("nothing to hide, no vector");
  ol2tp_message_init (&message, OL2TP_MESSAGE_HELLO);
  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  g_assert_true (ol2tp_message_encode_hidden (&message, secret, rv, &writer));
  g_assert_cmpuint (writer.len, ==, 8);
}

/* AVP-03: 1015 octets are the most that can be hidden. */
static void
test_longest (void)
{
  static const guint8 zeros[16];
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (SECRET, strlen (SECRET));
  g_autofree char *number = g_strnfill (1016, '7');
  guint8 buffer[1400];
  Ol2tpMessage message, decoded;
  Ol2tpFault fault;
  Ol2tpWriter writer;

  for (gsize len = 1016; len >= 1015; len--)
    {
      number[len] = '\0';
      ol2tp_message_init (&message, OL2TP_MESSAGE_ICRQ);
      ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_SESSION_ID, 1);
      ol2tp_message_set_number (&message, OL2TP_AVP_CALL_SERIAL_NUMBER, 1);
      ol2tp_message_set_string (&message, OL2TP_AVP_CALLED_NUMBER, number);
      ol2tp_writer_init (&writer, buffer, sizeof buffer);
      g_assert_cmpint (ol2tp_message_encode_hidden (&message, secret, (Ol2tpSpan) { zeros, sizeof zeros }, &writer), ==, len == 1015);
    }
  g_assert_cmpint (ol2tp_message_decode (&decoded, (Ol2tpSpan) { buffer, writer.len }, secret, &fault), ==, OL2TP_PARSE_OK);
  g_assert_cmpuint (ol2tp_message_get_octets (&decoded, OL2TP_AVP_CALLED_NUMBER).len, ==, 1015);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/hidden/HID-V1-V4", test_vectors);
  g_test_add_func ("/core/hidden/round-trip", test_round_trip);
  g_test_add_func ("/core/hidden/HID-07", test_wrong_secret);
  g_test_add_func ("/core/hidden/HID-01-HID-02", test_encode_hidden);
  g_test_add_func ("/core/hidden/AVP-03", test_longest);
  return g_test_run ();
}
