/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench.h"
#include "core/ids.h"

#include <string.h>

/* HDR-10, CC-26, TDN-03 */
static void
test_unique (void)
{
  static Ol2tpIds ids;
  static gboolean seen[65536];
  guint64 state = 1;

  memset (seen, 0, sizeof seen);
  ol2tp_ids_init (&ids, bench_random, &state);
  for (guint i = 0; i < 65535; i++)
    {
      guint32 id = ol2tp_ids_take (&ids, 0);

      g_assert_cmpuint (id, >, 0);
      g_assert_cmpuint (id, <, 65536);
      g_assert_false (seen[id]);
      g_assert_true (ol2tp_ids_is_held (&ids, id));
      seen[id] = TRUE;
    }
  g_assert_cmpuint (ol2tp_ids_take (&ids, 0), ==, 0);
  g_assert_cmpuint (ol2tp_ids_draw (&ids, 0), ==, 0);
  ol2tp_ids_clear (&ids);
}

static void
test_quarantine (void)
{
  static Ol2tpIds ids;
  guint64 state = 1;

  ol2tp_ids_init (&ids, bench_random, &state);
  for (guint i = 0; i < 65535; i++)
    ol2tp_ids_take (&ids, 0);
  ol2tp_ids_release (&ids, 17, 100);
  ol2tp_ids_release (&ids, 18, 200);
  g_assert_cmpuint (ol2tp_ids_take (&ids, 99 + OL2TP_IDS_QUARANTINE_US), ==, 0);
  g_assert_true (ol2tp_ids_is_held (&ids, 17));
  g_assert_cmpuint (ol2tp_ids_take (&ids, 100 + OL2TP_IDS_QUARANTINE_US), ==, 17);
  g_assert_cmpuint (ol2tp_ids_draw (&ids, 200 + OL2TP_IDS_QUARANTINE_US), ==, 18);
  g_assert_false (ol2tp_ids_is_held (&ids, 18));
  g_assert_cmpuint (ol2tp_ids_take (&ids, 200 + OL2TP_IDS_QUARANTINE_US), ==, 18);
  ol2tp_ids_clear (&ids);
}

/* CC-26: a rough look at the distribution: 10000 IDs in 64 bins, chi-square with 63 degrees of freedom, far beyond the 0.1 % point. */
static void
test_spread (void)
{
  static Ol2tpIds ids;
  guint64 state = 0x1234567;
  double chi_square = 0;
  guint bins[64] = { 0 };

  ol2tp_ids_init (&ids, bench_random, &state);
  for (guint i = 0; i < 10000; i++)
    bins[ol2tp_ids_take (&ids, 0) / 1024]++;
  for (guint i = 0; i < 64; i++)
    chi_square += (bins[i] - 156.25) * (bins[i] - 156.25) / 156.25;
  g_assert_cmpfloat (chi_square, <, 110);
  ol2tp_ids_clear (&ids);
}

static void
no_random (gpointer user_data, guint8 *buf, gsize len)
{
  memset (buf, *(guint8 *) user_data, len);
}

/* A source of randomness that is stuck does not hang us. */
static void
test_stuck (void)
{
  static Ol2tpIds ids;
  guint8 value = 0;

  ol2tp_ids_init (&ids, no_random, &value);
  g_assert_cmpuint (ol2tp_ids_take (&ids, 0), ==, 1);
  value = 0xff;
  g_assert_cmpuint (ol2tp_ids_take (&ids, 0), ==, 65535);
  g_assert_cmpuint (ol2tp_ids_take (&ids, 0), ==, 2);
  ol2tp_ids_clear (&ids);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/ids/unique", test_unique);
  g_test_add_func ("/core/ids/quarantine", test_quarantine);
  g_test_add_func ("/core/ids/spread", test_spread);
  g_test_add_func ("/core/ids/stuck", test_stuck);
  return g_test_run ();
}
