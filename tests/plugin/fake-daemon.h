/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon as a PPP provider sees it: one session, and a main loop that writes down what it is told. */
#pragma once

#include "plugin/host.h"

/**
 * FakeDaemon:
 * @directory, @record, @plugins: the test's own
 * @script: pppd_options of the settings, %NULL-terminated
 * @refuse_claim, @no_channel: what to refuse
 * @ops, @ops_data: of the claim
 * @events: what was reported, each ended by ';'
 * @ended, @end, @status, @message: how it ended
 */
typedef struct {
  char *directory;
  char *record;
  Ol2tpPlugins *plugins;
  Ol2tpPppConfig config;
  GPtrArray *script; /* pppd_options */
  gboolean claimed;
  gboolean refuse_claim;
  gboolean no_channel;
  const Ol2tpPppOps *ops;
  void *ops_data;
  GArray *watches;
  GArray *timers;
  guint last_timer;
  GString *events;
  gboolean ended;
  Ol2tpPppEnd end;
  int status;
  char *message;
} FakeDaemon;

/** fake_daemon_services: with a FakeDaemon as user data. Timers run faster than they should. */
extern const Ol2tpPluginServices fake_daemon_services;

void fake_daemon_init (FakeDaemon *self);
void fake_daemon_clear (FakeDaemon *self);

/** fake_daemon_turn: one turn of the main loop. */
void fake_daemon_turn (FakeDaemon *self);
