/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's one event source: an epoll set for every descriptor and one ready time for every timer.
 *
 * GLib polls all its descriptors and scans all its sources in each turn, which costs 2 ms an event at 10,000 descriptors; behind one
 * epoll descriptor the same costs 2 us, flat.  So there is one GSource, here, and nothing else makes one a tunnel or a timer.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct Ol2tpLoop Ol2tpLoop;

/** Ol2tpLoopWatchFunc: @events are EPOLLIN ... that occurred on @fd. */
typedef void (*Ol2tpLoopWatchFunc) (int fd, guint32 events, gpointer data);
typedef void (*Ol2tpLoopTimerFunc) (gpointer data);

/**
 * ol2tp_loop_new:
 * @turn: (nullable): called at the end of each turn in which something was dispatched, or which was kicked
 * @data: passed to @turn
 *
 * Attaches itself to the default main context. Aborts if the kernel has no epoll descriptor left, which at start is fatal anyway.
 */
Ol2tpLoop *ol2tp_loop_new (Ol2tpLoopTimerFunc turn, gpointer data);
void ol2tp_loop_free (Ol2tpLoop *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpLoop, ol2tp_loop_free)

/** ol2tp_loop_watch: one watch a descriptor. Returns: 0, or a negative errno (-EEXIST: watched already). */
int ol2tp_loop_watch (Ol2tpLoop *self, int fd, guint32 epoll_events, Ol2tpLoopWatchFunc func, gpointer data);
/** ol2tp_loop_unwatch: call it before closing the descriptor; safe from any callback, unknown descriptors are ignored. */
void ol2tp_loop_unwatch (Ol2tpLoop *self, int fd);

/** ol2tp_loop_add_timer: calls @func once, at or after @at_us (monotonic). Returns: an id, never 0. */
guint ol2tp_loop_add_timer (Ol2tpLoop *self, gint64 at_us, Ol2tpLoopTimerFunc func, gpointer data);
/** ol2tp_loop_remove_timer: 0 and ids that ran out are ignored. */
void ol2tp_loop_remove_timer (Ol2tpLoop *self, guint id);

/** ol2tp_loop_set_deadline: a turn is made at @at_us at the latest; G_MAXINT64 for none. Replaces the one before. */
void ol2tp_loop_set_deadline (Ol2tpLoop *self, gint64 at_us);
/** ol2tp_loop_kick: a turn is made as soon as the main loop is reached again. */
void ol2tp_loop_kick (Ol2tpLoop *self);

G_END_DECLS
