/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A binary heap of pointers to timers that live inside tunnels and sessions.  Each timer knows its place, so that setting, moving
 * and unsetting cost O(log n) at 30,000 timers, and the main loop only ever sees the root (design.md: a GSource per timer costs a
 * millisecond per iteration at that number).
 *
 * Implements: nothing of an RFC.
 */
#include "core/timers.h"
#include "core/types.h"

static Ol2tpTimer *
get_at (const Ol2tpTimers *self, guint index)
{
  return g_ptr_array_index (self->heap, index - 1);
}

static void
put_at (Ol2tpTimers *self, guint index, Ol2tpTimer *timer)
{
  g_ptr_array_index (self->heap, index - 1) = timer;
  timer->index = index;
}

static void
sift_up (Ol2tpTimers *self, Ol2tpTimer *timer)
{
  guint index = timer->index;

  while (index > 1 && get_at (self, index / 2)->deadline_us > timer->deadline_us)
    {
      put_at (self, index, get_at (self, index / 2));
      index /= 2;
    }
  put_at (self, index, timer);
}

static void
sift_down (Ol2tpTimers *self, Ol2tpTimer *timer)
{
  guint index = timer->index;

  for (;;)
    {
      guint child = index * 2;

      if (child > self->heap->len)
        break;
      if (child < self->heap->len && get_at (self, child + 1)->deadline_us < get_at (self, child)->deadline_us)
        child++;
      if (get_at (self, child)->deadline_us >= timer->deadline_us)
        break;
      put_at (self, index, get_at (self, child));
      index = child;
    }
  put_at (self, index, timer);
}

void
ol2tp_timers_init (Ol2tpTimers *self)
{
  self->heap = g_ptr_array_new ();
}

void
ol2tp_timers_clear (Ol2tpTimers *self)
{
  g_clear_pointer (&self->heap, g_ptr_array_unref);
}

void
ol2tp_timer_init (Ol2tpTimer *timer, Ol2tpTimerFunc func, gpointer owner)
{
  timer->deadline_us = OL2TP_NEVER;
  timer->index = 0;
  timer->func = func;
  timer->owner = owner;
}

void
ol2tp_timers_set (Ol2tpTimers *self, Ol2tpTimer *timer, gint64 deadline_us)
{
  if (deadline_us == OL2TP_NEVER)
    {
      ol2tp_timers_unset (self, timer);
      return;
    }
  if (timer->index == 0)
    {
      g_ptr_array_add (self->heap, timer);
      timer->index = self->heap->len;
    }
  timer->deadline_us = deadline_us;
  sift_up (self, timer);
  sift_down (self, timer);
}

void
ol2tp_timers_unset (Ol2tpTimers *self, Ol2tpTimer *timer)
{
  Ol2tpTimer *last;
  guint index = timer->index;

  if (index == 0)
    return;

  last = get_at (self, self->heap->len);
  g_ptr_array_set_size (self->heap, (int) self->heap->len - 1);
  timer->index = 0;
  timer->deadline_us = OL2TP_NEVER;
  if (last != timer)
    {
      put_at (self, index, last);
      sift_up (self, last);
      sift_down (self, last);
    }
}

gint64
ol2tp_timers_get_deadline (const Ol2tpTimers *self)
{
  return self->heap->len == 0 ? OL2TP_NEVER : get_at (self, 1)->deadline_us;
}

void
ol2tp_timers_run (Ol2tpTimers *self, gint64 now_us)
{
  while (ol2tp_timers_get_deadline (self) <= now_us)
    {
      Ol2tpTimer *timer = get_at (self, 1);

      ol2tp_timers_unset (self, timer);
      timer->func (timer->owner);
    }
}
