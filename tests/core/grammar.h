/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watches the events of one engine and aborts at the first that breaks the order engine.h promises: every event at most once an ID,
 * nothing for an unknown ID, UP only behind what leads to it, sessions closed before their tunnel, was_up that tells the truth.
 */
#pragma once

#include "core/engine.h"

typedef struct Grammar Grammar;

Grammar *grammar_new (void);
void grammar_free (Grammar *self);

/** grammar_add_tunnel, grammar_add_session: made by a command, not announced by an event. */
void grammar_add_tunnel (Grammar *self, guint32 tunnel_id);
void grammar_add_session (Grammar *self, guint32 tunnel_id, guint32 session_id);

/** grammar_check: the next event. */
void grammar_check (Grammar *self, const Ol2tpEvent *event);

/** grammar_get_n_tunnels, grammar_get_n_sessions: how many are not gone, not closed. */
guint grammar_get_n_tunnels (const Grammar *self);
guint grammar_get_n_sessions (const Grammar *self);
