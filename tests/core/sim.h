/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two engines, a network between them that loses, repeats, delays and so reorders, and one clock that jumps from one thing to do to
 * the next. All randomness comes from a seed, so that a run that fails can be run again.
 */
#pragma once

#include "core/engine.h"
#include "grammar.h"

/**
 * SimNetwork:
 * @loss_permille: datagrams lost
 * @duplicate_permille: datagrams that arrive twice
 * @min_delay_us, @max_delay_us: each takes a random time between the two
 */
typedef struct {
  guint loss_permille;
  guint duplicate_permille;
  gint64 min_delay_us;
  gint64 max_delay_us;
} SimNetwork;

/**
 * SimHost:
 * @engine: its engine
 * @grammar: watches its events
 * @path: from this host to the other
 * @tunnels: IDs of its tunnels that are not closed
 * @sessions: IDs of its sessions that are not closed
 * @refuse_permille: incoming tunnels and calls that are refused
 * @n_up, @n_session_up: UP events so far
 * @serials: Call Serial Number of each incoming call, in order of arrival
 * @last_cause: of the last TUNNEL_CLOSED
 */
typedef struct {
  Ol2tpEngine *engine;
  Grammar *grammar;
  Ol2tpPath path;
  GArray *tunnels;
  GArray *sessions;
  GArray *serials;
  guint refuse_permille;
  guint n_up;
  guint n_session_up;
  guint n_timeouts;
  Ol2tpCause last_cause;
} SimHost;

/**
 * Sim:
 * @seed: what the run is named by
 * @random_state: of all random choices
 * @network: may be changed at any time
 * @hosts: the two
 * @now_us: the clock
 * @n_datagrams: handed to the network so far
 */
typedef struct {
  guint64 seed;
  guint64 random_state;
  SimNetwork network;
  SimHost hosts[2];
  gint64 now_us;
  guint n_datagrams;
  GSequence *in_flight;
} Sim;

void sim_init (Sim *self, guint64 seed, const SimNetwork *network);
void sim_clear (Sim *self);

/** sim_random: a random number below @n. */
guint sim_random (Sim *self, guint n);

/** sim_add_tunnel: host @i gets a tunnel to the other, and connects it. */
guint32 sim_add_tunnel (Sim *self, guint i, const Ol2tpTunnelConfig *config);

/** sim_add_session: host @i places a call in one of its tunnels. */
guint32 sim_add_session (Sim *self, guint i, guint32 tunnel_id);

/** sim_close_tunnel, sim_close_session: host @i closes. */
void sim_close_tunnel (Sim *self, guint i, guint32 id);
void sim_close_session (Sim *self, guint i, guint32 id);

/** sim_run_until: lets everything happen that happens up to @until_us. */
void sim_run_until (Sim *self, gint64 until_us);

/** sim_is_quiet: nothing is in flight, and no engine waits for anything. */
gboolean sim_is_quiet (const Sim *self);
