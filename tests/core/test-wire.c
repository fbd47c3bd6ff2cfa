/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/wire.h"

#include <string.h>

static void
test_round_trip (void)
{
  guint8 buffer[21];
  Ol2tpWriter writer;
  Ol2tpReader reader;
  Ol2tpSpan span;

  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  ol2tp_writer_u16 (&writer, 0x0102);
  ol2tp_writer_number (&writer, 0x03040506, 4);
  ol2tp_writer_number (&writer, 0x0708090a0b0c0d0e, 8);
  ol2tp_writer_octets (&writer, (const guint8 *) "hello", 5);
  ol2tp_writer_octets (&writer, NULL, 0);
  g_assert_false (writer.bad);
  g_assert_cmpuint (writer.len, ==, 19);
  for (guint8 i = 0; i < 14; i++)
    g_assert_cmpuint (buffer[i], ==, i + 1);

  ol2tp_reader_init (&reader, buffer, writer.len);
  g_assert_cmphex (ol2tp_reader_u16 (&reader), ==, 0x0102);
  g_assert_cmphex (ol2tp_reader_number (&reader, 4), ==, 0x03040506);
  g_assert_cmphex (ol2tp_reader_number (&reader, 8), ==, 0x0708090a0b0c0d0e);
  span = ol2tp_reader_span (&reader, 5);
  g_assert_cmpmem (span.data, span.len, "hello", 5);
  g_assert_cmpuint (reader.left, ==, 0);
  g_assert_false (reader.bad);
}

static void
test_sticky (void)
{
  static const guint8 octets[] = { 1, 2, 3 };
  guint8 buffer[3] = { 0 };
  Ol2tpReader reader;
  Ol2tpWriter writer;

  ol2tp_reader_init (&reader, octets, sizeof octets);
  g_assert_cmpuint (ol2tp_reader_number (&reader, 4), ==, 0);
  g_assert_true (reader.bad);
  g_assert_cmpuint (ol2tp_reader_u16 (&reader), ==, 0);
  g_assert_null (ol2tp_reader_span (&reader, 1).data);
  g_assert_true (reader.bad);

  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  ol2tp_writer_number (&writer, 1, 4);
  g_assert_true (writer.bad);
  ol2tp_writer_u16 (&writer, 0xffff);
  g_assert_true (writer.bad);
  g_assert_cmpuint (writer.len, ==, 0);
  g_assert_cmpuint (buffer[0], ==, 0);
}

static void
test_empty (void)
{
  Ol2tpReader reader;

  ol2tp_reader_init (&reader, NULL, 0);
  g_assert_cmpuint (ol2tp_reader_span (&reader, 0).len, ==, 0);
  g_assert_false (reader.bad);
  ol2tp_reader_u16 (&reader);
  g_assert_true (reader.bad);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/wire/round-trip", test_round_trip);
  g_test_add_func ("/core/wire/sticky", test_sticky);
  g_test_add_func ("/core/wire/empty", test_empty);
  return g_test_run ();
}
