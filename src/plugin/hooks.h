/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The eleven hook variables of openl2tp/plugin.h as one table: what a single plugin stored in them. */
#pragma once

#include <openl2tp/plugin.h>

/** Ol2tpHooks: one plugin's hooks, %NULL where it has none. */
typedef struct {
  __typeof__ (l2tp_tunnel_created_hook) tunnel_created;
  __typeof__ (l2tp_tunnel_deleted_hook) tunnel_deleted;
  __typeof__ (l2tp_tunnel_modified_hook) tunnel_modified;
  __typeof__ (l2tp_tunnel_up_hook) tunnel_up;
  __typeof__ (l2tp_tunnel_down_hook) tunnel_down;
  __typeof__ (l2tp_session_created_hook) session_created;
  __typeof__ (l2tp_session_deleted_hook) session_deleted;
  __typeof__ (l2tp_session_modified_hook) session_modified;
  __typeof__ (l2tp_session_up_hook) session_up;
  __typeof__ (l2tp_session_down_hook) session_down;
  __typeof__ (l2tp_session_get_stats_hook) session_get_stats;
} Ol2tpHooks;

/**
 * ol2tp_hooks_steal:
 * @hooks: (out): what the hook variables hold
 *
 * Moves the hook variables into @hooks; they are %NULL afterwards, so that nothing points into a plugin that gets unloaded and
 * the next plugin finds no "old hook" to chain to.
 */
void ol2tp_hooks_steal (Ol2tpHooks *hooks);
