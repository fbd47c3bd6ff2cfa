/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/timers.h"
#include "core/types.h"

typedef struct {
  Ol2tpTimers timers;
  Ol2tpTimer timer[500];
  gint64 last_us;
  guint n_fired;
} Fixture;

static Fixture fixture;

static void
note (gpointer owner)
{
  Ol2tpTimer *timer = owner;

  g_assert_cmpuint (timer->index, ==, 0);
  fixture.n_fired++;
}

static void
set_up (void)
{
  fixture = (Fixture) { .last_us = G_MININT64 };
  ol2tp_timers_init (&fixture.timers);
  for (gsize i = 0; i < G_N_ELEMENTS (fixture.timer); i++)
    ol2tp_timer_init (&fixture.timer[i], note, &fixture.timer[i]);
}

static gint64
earliest (const gint64 *deadlines)
{
  gint64 min = OL2TP_NEVER;

  for (gsize i = 0; i < G_N_ELEMENTS (fixture.timer); i++)
    min = MIN (min, deadlines[i]);
  return min;
}

/* Random operations against a plain array. */
static void
test_random (void)
{
  static gint64 deadlines[G_N_ELEMENTS (fixture.timer)];

  set_up ();
  for (gsize i = 0; i < G_N_ELEMENTS (deadlines); i++)
    deadlines[i] = OL2TP_NEVER;
  for (guint step = 0; step < 20000; step++)
    {
      gsize i = (gsize) g_test_rand_int_range (0, G_N_ELEMENTS (deadlines));
      int what = g_test_rand_int_range (0, 10);

      if (what < 6)
        deadlines[i] = g_test_rand_int_range (0, 1000);
      else if (what < 9)
        deadlines[i] = OL2TP_NEVER;
      if (what < 9)
        ol2tp_timers_set (&fixture.timers, &fixture.timer[i], deadlines[i]);
      else
        {
          gint64 now_us = earliest (deadlines);
          guint n_due = 0;

          fixture.n_fired = 0;
          if (now_us == OL2TP_NEVER)
            continue;
          ol2tp_timers_run (&fixture.timers, now_us);
          for (gsize j = 0; j < G_N_ELEMENTS (deadlines); j++)
            if (deadlines[j] <= now_us)
              {
                deadlines[j] = OL2TP_NEVER;
                n_due++;
              }
          g_assert_cmpuint (fixture.n_fired, ==, n_due);
        }
      g_assert_cmpint (ol2tp_timers_get_deadline (&fixture.timers), ==, earliest (deadlines));
    }
  ol2tp_timers_clear (&fixture.timers);
}

static void
chain (gpointer owner)
{
  Ol2tpTimer *timer = owner;
  gsize i = (gsize) (timer - fixture.timer);

  fixture.n_fired++;
  /* The first one moves itself, sets another and unsets a third. */
  if (i == 0 && fixture.n_fired < 5)
    ol2tp_timers_set (&fixture.timers, timer, fixture.n_fired * 10);
  ol2tp_timers_unset (&fixture.timers, &fixture.timer[1]);
  if (i == 0)
    ol2tp_timers_set (&fixture.timers, &fixture.timer[2], 1000);
}

static void
test_change_while_running (void)
{
  set_up ();
  for (gsize i = 0; i < 3; i++)
    ol2tp_timer_init (&fixture.timer[i], chain, &fixture.timer[i]);
  ol2tp_timers_set (&fixture.timers, &fixture.timer[0], 0);
  ol2tp_timers_set (&fixture.timers, &fixture.timer[1], 0);
  ol2tp_timers_set (&fixture.timers, &fixture.timer[1], 1);
  ol2tp_timers_run (&fixture.timers, 100);
  g_assert_cmpuint (fixture.n_fired, ==, 5);
  g_assert_cmpint (ol2tp_timers_get_deadline (&fixture.timers), ==, 1000);
  ol2tp_timers_unset (&fixture.timers, &fixture.timer[2]);
  g_assert_cmpint (ol2tp_timers_get_deadline (&fixture.timers), ==, OL2TP_NEVER);
  ol2tp_timers_run (&fixture.timers, G_MAXINT64 - 1);
  ol2tp_timers_clear (&fixture.timers);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/timers/random", test_random);
  g_test_add_func ("/core/timers/change-while-running", test_change_while_running);
  return g_test_run ();
}
