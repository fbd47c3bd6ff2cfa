/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Joins the engine to sockets, clock and main loop.  The only place that loops: every input (a datagram, a timer, a bus call, a
 * child's end) is one command to the engine and then ol2tp_driver_run().
 */
#pragma once

#include "endpoint.h"

G_BEGIN_DECLS

typedef struct Ol2tpDriver Ol2tpDriver;

/** Ol2tpEventFunc: one engine event; may issue engine commands. */
typedef void (*Ol2tpEventFunc) (const Ol2tpEvent *event, gpointer user_data);
/** Ol2tpSettleFunc: no event is left: do what was put off. Returns: whether that may have made new events. */
typedef gboolean (*Ol2tpSettleFunc) (gpointer user_data);

Ol2tpDriver *ol2tp_driver_new (const char *host_name, Ol2tpEventFunc event, Ol2tpSettleFunc settle, gpointer user_data);
void ol2tp_driver_free (Ol2tpDriver *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpDriver, ol2tp_driver_free)

Ol2tpEngine *ol2tp_driver_get_engine (Ol2tpDriver *self);
Ol2tpEndpoint *ol2tp_driver_get_endpoint (Ol2tpDriver *self);
Ol2tpLoop *ol2tp_driver_get_loop (Ol2tpDriver *self);

/** ol2tp_driver_now: the monotonic clock, microseconds. */
gint64 ol2tp_driver_now (const Ol2tpDriver *self);

/**
 * ol2tp_driver_run:
 *
 * Handles all events, sends all datagrams, arms the timer. Called from within itself (by a handler) it returns at once and the
 * outer call goes on. Plugin callbacks use ol2tp_driver_kick() instead, so that hooks never run inside a plugin's own call.
 */
void ol2tp_driver_run (Ol2tpDriver *self);

/** ol2tp_driver_kick: run in the next turn of the main loop. */
void ol2tp_driver_kick (Ol2tpDriver *self);

G_END_DECLS
