/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many timers, one deadline. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Ol2tpTimerFunc: called with the timer's owner when it is due; may set, clear and free any timer. */
typedef void (*Ol2tpTimerFunc) (gpointer owner);

/**
 * Ol2tpTimer:
 * @deadline_us: when it is due
 * @index: place in the heap, counted from 1; 0 while it is not set
 * @func: called then
 * @owner: with this
 *
 * A part of the structure it serves; has to be cleared before that is freed.
 */
typedef struct {
  gint64 deadline_us;
  guint index;
  Ol2tpTimerFunc func;
  gpointer owner;
} Ol2tpTimer;

/**
 * Ol2tpTimers:
 * @heap: pointers to all timers that are set, a binary heap by deadline
 */
typedef struct {
  GPtrArray *heap;
} Ol2tpTimers;

/** ol2tp_timers_init: no timer is set. */
void ol2tp_timers_init (Ol2tpTimers *self);

/** ol2tp_timers_clear: releases the heap; the timers are their owners'. */
void ol2tp_timers_clear (Ol2tpTimers *self);

/** ol2tp_timer_init: a timer that is not set. */
void ol2tp_timer_init (Ol2tpTimer *timer, Ol2tpTimerFunc func, gpointer owner);

/** ol2tp_timers_set: sets or moves @timer; %OL2TP_NEVER unsets it. O(log n). */
void ol2tp_timers_set (Ol2tpTimers *self, Ol2tpTimer *timer, gint64 deadline_us);

/** ol2tp_timers_unset: the timer will not come. O(log n). */
void ol2tp_timers_unset (Ol2tpTimers *self, Ol2tpTimer *timer);

/** ol2tp_timers_get_deadline: the next deadline of all, %OL2TP_NEVER if no timer is set. O(1). */
gint64 ol2tp_timers_get_deadline (const Ol2tpTimers *self);

/** ol2tp_timers_run: unsets and calls, earliest first, every timer due at or before @now_us. */
void ol2tp_timers_run (Ol2tpTimers *self, gint64 now_us);

G_END_DECLS
