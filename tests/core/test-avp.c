/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/avp.h"

#include <string.h>

/* RFC 2661 section 4.4, typed once more from its text: type, M, may be hidden, shortest and longest value (-1: what fits). */
static const struct {
  guint16 type;
  gboolean mandatory;
  gboolean may_hide;
  int min_len;
  int max_len;
} rfc[] = {
  { 0, 1, 0, 2, 2 },    { 1, 1, 0, 2, -1 },   { 2, 1, 0, 2, 2 },    { 3, 1, 1, 4, 4 },    { 4, 1, 1, 4, 4 },    { 5, 0, 0, 8, 8 },
  { 6, 0, 1, 2, 2 },    { 7, 1, 0, 1, -1 },   { 8, 0, 1, 0, -1 },   { 9, 1, 1, 2, 2 },    { 10, 1, 0, 2, 2 },   { 11, 1, 1, 1, -1 },
  { 12, 1, 0, 3, -1 },  { 13, 1, 1, 16, -1 }, { 14, 1, 1, 2, 2 },   { 15, 1, 1, 4, 4 },   { 16, 1, 1, 4, 4 },   { 17, 1, 1, 4, 4 },
  { 18, 1, 1, 4, 4 },   { 19, 1, 1, 4, 4 },   { 21, 1, 1, 0, -1 },  { 22, 1, 1, 0, -1 },  { 23, 1, 1, 0, -1 },  { 24, 1, 1, 4, 4 },
  { 25, 0, 1, 4, 4 },   { 26, 0, 1, 0, -1 },  { 27, 0, 1, 0, -1 },  { 28, 0, 1, 0, -1 },  { 29, 0, 1, 2, 2 },   { 30, 0, 1, 0, -1 },
  { 31, 0, 1, 0, -1 },  { 32, 0, 1, 2, 2 },   { 33, 0, 1, 0, -1 },  { 34, 1, 1, 26, 26 }, { 35, 1, 1, 10, 10 }, { 36, 1, 0, 0, -1 },
  { 37, 0, 1, 0, -1 },  { 38, 0, 1, 4, 4 },   { 39, 1, 0, 0, 0 },   { 46, 0, 1, 5, -1 },
};

static void
test_table (void)
{
  gsize n_known = 0;

  for (guint type = 0; type < 65536; type++)
    n_known += ol2tp_avp_lookup (0, (guint16) type) != NULL ? 1 : 0;
  g_assert_cmpuint (n_known, ==, G_N_ELEMENTS (rfc));

  for (gsize i = 0; i < G_N_ELEMENTS (rfc); i++)
    {
      const Ol2tpAvpInfo *info = ol2tp_avp_lookup (0, rfc[i].type);

      g_assert_nonnull (info);
      g_assert_cmpuint (info->type, ==, rfc[i].type);
      g_assert_cmpint (info->mandatory, ==, rfc[i].mandatory);
      g_assert_cmpint (info->may_hide, ==, rfc[i].may_hide);
      g_assert_cmpint (info->min_len, ==, rfc[i].min_len);
      g_assert_cmpint (info->max_len, ==, rfc[i].max_len < 0 ? 1017 : rfc[i].max_len);
      g_assert_cmpint (info->not_zero, ==, rfc[i].type == 9 || rfc[i].type == 10 || rfc[i].type == 14);
    }
}

/* AVP-08 */
static void
test_vendor (void)
{
  for (guint type = 0; type < 256; type++)
    {
      g_assert_null (ol2tp_avp_lookup (3561, (guint16) type));
      g_assert_null (ol2tp_avp_lookup (9, (guint16) type));
    }
}

static void
test_iter (void)
{
  static const guint8 body[] = { 0x80, 0x08, 0, 0, 0, 0, 0, 6, 0x40, 0x07, 0x0d, 0xe9, 0x00, 0x02, 0xaa, 0x04, 0x06, 0, 0, 0, 39 };
  Ol2tpAvpIter iter;
  Ol2tpAvp avp;

  ol2tp_avp_iter_init (&iter, (Ol2tpSpan) { body, sizeof body });
  g_assert_cmpint (ol2tp_avp_iter_next (&iter, &avp), ==, OL2TP_PARSE_OK);
  g_assert_true (avp.mandatory && !avp.hidden && !avp.reserved && avp.vendor == 0 && avp.type == 0);
  g_assert_cmpmem (avp.value.data, avp.value.len, "\0\6", 2);
  g_assert_cmpint (ol2tp_avp_iter_next (&iter, &avp), ==, OL2TP_PARSE_OK);
  g_assert_true (!avp.mandatory && avp.hidden && !avp.reserved && avp.vendor == 3561 && avp.type == 2);
  g_assert_cmpmem (avp.value.data, avp.value.len, "\xaa", 1);
  g_assert_cmpint (ol2tp_avp_iter_next (&iter, &avp), ==, OL2TP_PARSE_OK);
  g_assert_true (!avp.mandatory && !avp.hidden && avp.reserved && avp.vendor == 0 && avp.type == 39 && avp.value.len == 0);
  g_assert_cmpint (ol2tp_avp_iter_next (&iter, &avp), ==, OL2TP_PARSE_END);
}

/* AVP-01, AVP-02 */
static void
test_bad_length (void)
{
  for (guint length = 0; length < 1024; length++)
    {
      guint8 body[10] = { (guint8) (0x80 | length >> 8), (guint8) (length & 0xff), 0, 0, 0, 7, 'a', 'b', 'c', 'd' };
      Ol2tpParse expected = length < 6 ? OL2TP_PARSE_BAD_AVP : length > sizeof body ? OL2TP_PARSE_OVERRUN : OL2TP_PARSE_OK;
      Ol2tpAvpIter iter;
      Ol2tpAvp avp;

      ol2tp_avp_iter_init (&iter, (Ol2tpSpan) { body, sizeof body });
      g_assert_cmpint (ol2tp_avp_iter_next (&iter, &avp), ==, expected);
    }
}

static void
test_truncation (void)
{
  static const guint8 body[] = { 0x80, 0x0a, 0, 0, 0, 7, 'a', 'b', 'c', 'd' };

  for (gsize len = 1; len < sizeof body; len++)
    {
      g_autofree guint8 *exact = g_memdup2 (body, len);
      Ol2tpAvpIter iter;
      Ol2tpAvp avp;

      ol2tp_avp_iter_init (&iter, (Ol2tpSpan) { exact, len });
      g_assert_cmpint (ol2tp_avp_iter_next (&iter, &avp), ==, OL2TP_PARSE_OVERRUN);
    }
}

/* AVP-03: 1017 octets of value and no more; never cut. */
static void
test_write (void)
{
  static const guint8 name[1018] = { 'x' };
  const Ol2tpAvpInfo *info = ol2tp_avp_lookup (0, OL2TP_AVP_HOST_NAME);
  guint8 buffer[2048];
  Ol2tpAvpIter iter;
  Ol2tpWriter writer;
  Ol2tpAvp avp;

  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  ol2tp_avp_write (&writer, info, (Ol2tpSpan) { name, 1017 });
  g_assert_false (writer.bad);
  g_assert_cmpuint (writer.len, ==, 1023);
  g_assert_cmphex (buffer[0], ==, 0x83);
  g_assert_cmphex (buffer[1], ==, 0xff);
  ol2tp_avp_iter_init (&iter, (Ol2tpSpan) { buffer, writer.len });
  g_assert_cmpint (ol2tp_avp_iter_next (&iter, &avp), ==, OL2TP_PARSE_OK);
  g_assert_cmpuint (avp.value.len, ==, 1017);

  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  ol2tp_avp_write (&writer, info, (Ol2tpSpan) { name, 1018 });
  g_assert_true (writer.bad);
  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  ol2tp_avp_write (&writer, info, (Ol2tpSpan) { NULL, 0 });
  g_assert_true (writer.bad);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/avp/table", test_table);
  g_test_add_func ("/core/avp/AVP-08", test_vendor);
  g_test_add_func ("/core/avp/iter", test_iter);
  g_test_add_func ("/core/avp/bad-length", test_bad_length);
  g_test_add_func ("/core/avp/truncation", test_truncation);
  g_test_add_func ("/core/avp/AVP-03", test_write);
  return g_test_run ();
}
