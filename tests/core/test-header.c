/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/header.h"

#include <string.h>

static const guint8 hello[] = { 0xc8, 0x02, 0x00, 0x14, 0x12, 0x34, 0x00, 0x05, 0x00, 0x01, 0x00, 0x02,
                                0x80, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x06 };

static Ol2tpHeaderKind
decode_word (guint16 word, Ol2tpHeader *header)
{
  guint8 octets[sizeof hello];

  memcpy (octets, hello, sizeof octets);
  octets[0] = (guint8) (word >> 8);
  octets[1] = (guint8) (word & 0xff);
  return ol2tp_header_decode (header, octets, sizeof octets);
}

static void
test_round_trip (void)
{
  guint8 buffer[64];
  Ol2tpHeader header;
  Ol2tpWriter writer;

  g_assert_cmpint (ol2tp_header_decode (&header, hello, sizeof hello), ==, OL2TP_HEADER_CONTROL);
  g_assert_cmphex (header.tunnel_id, ==, 0x1234);
  g_assert_cmpuint (header.session_id, ==, 5);
  g_assert_cmpuint (header.ns, ==, 1);
  g_assert_cmpuint (header.nr, ==, 2);
  g_assert_cmpuint (header.body.len, ==, 8);
  g_assert_false (ol2tp_header_is_zlb (&header));

  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  ol2tp_header_encode (&header, &writer);
  g_assert_cmpmem (buffer, writer.len, hello, sizeof hello);
}

static void
test_msg_v2 (void)
{
  static const guint8 expected[] = { 0xc8, 0x02, 0x00, 0x0c, 0x12, 0x34, 0x00, 0x00, 0x00, 0x01, 0x00, 0x02 };
  Ol2tpHeader header = { 0x1234, 0, 1, 2, { NULL, 0 } };
  guint8 buffer[12];
  Ol2tpWriter writer;

  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  ol2tp_header_encode (&header, &writer);
  g_assert_cmpmem (buffer, writer.len, expected, sizeof expected);
  g_assert_cmpint (ol2tp_header_decode (&header, expected, sizeof expected), ==, OL2TP_HEADER_CONTROL);
  g_assert_true (ol2tp_header_is_zlb (&header));
}

/* HDR-02 to HDR-04, and DAT-12: all 65536 first words against the rule, written down a second time. */
static void
test_first_word (void)
{
  for (guint word = 0; word < 65536; word++)
    {
      Ol2tpHeader header;
      gboolean control = (word & 0x000f) == 2 && (word & 0x4000) != 0 && (word & 0x0800) != 0 && (word & 0x0200) == 0;
      Ol2tpHeaderKind expected = control ? OL2TP_HEADER_CONTROL : OL2TP_HEADER_BAD;

      if (word < 0x8000)
        expected = OL2TP_HEADER_DATA;
      g_assert_cmpint (decode_word ((guint16) word, &header), ==, expected);
    }
}

/* HDR-06, HDR-07 */
static void
test_length (void)
{
  for (guint length = 0; length < 64; length++)
    {
      guint8 octets[sizeof hello + 4] = { 0 };
      Ol2tpHeader header;
      Ol2tpHeaderKind kind;

      memcpy (octets, hello, sizeof hello);
      octets[3] = (guint8) length;
      kind = ol2tp_header_decode (&header, octets, sizeof octets);
      if (length < 12 || length > sizeof octets)
        g_assert_cmpint (kind, ==, OL2TP_HEADER_BAD);
      else
        {
          g_assert_cmpint (kind, ==, OL2TP_HEADER_CONTROL);
          g_assert_cmpuint (header.body.len, ==, length - 12);
        }
    }
}

/* HDR-15 */
static void
test_truncation (void)
{
  for (gsize len = 0; len < sizeof hello; len++)
    {
      g_autofree guint8 *exact = g_memdup2 (hello, len);
      Ol2tpHeader header;

      g_assert_cmpint (ol2tp_header_decode (&header, exact, len), ==, OL2TP_HEADER_BAD);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/header/round-trip", test_round_trip);
  g_test_add_func ("/core/header/MSG-V2", test_msg_v2);
  g_test_add_func ("/core/header/first-word", test_first_word);
  g_test_add_func ("/core/header/length", test_length);
  g_test_add_func ("/core/header/truncation", test_truncation);
  return g_test_run ();
}
