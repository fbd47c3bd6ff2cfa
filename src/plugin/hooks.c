/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plugin/hooks.h"

#include <stddef.h>

int (*l2tp_tunnel_created_hook) (uint16_t tunnel_id);
int (*l2tp_tunnel_deleted_hook) (uint16_t tunnel_id);
int (*l2tp_tunnel_modified_hook) (uint16_t tunnel_id);
int (*l2tp_tunnel_up_hook) (uint16_t tunnel_id, uint16_t peer_tunnel_id);
int (*l2tp_tunnel_down_hook) (uint16_t tunnel_id);
int (*l2tp_session_created_hook) (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id);
int (*l2tp_session_deleted_hook) (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id);
int (*l2tp_session_modified_hook) (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id);
int (*l2tp_session_up_hook) (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id, uint16_t peer_tunnel_id,
                             uint16_t peer_session_id);
int (*l2tp_session_down_hook) (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id);
int (*l2tp_session_get_stats_hook) (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id,
                                    struct pppol2tp_ioc_stats *stats);

#define STEAL(name) (hooks->name = l2tp_##name##_hook, l2tp_##name##_hook = NULL)

void
ol2tp_hooks_steal (Ol2tpHooks *hooks)
{
  STEAL (tunnel_created);
  STEAL (tunnel_deleted);
  STEAL (tunnel_modified);
  STEAL (tunnel_up);
  STEAL (tunnel_down);
  STEAL (session_created);
  STEAL (session_deleted);
  STEAL (session_modified);
  STEAL (session_up);
  STEAL (session_down);
  STEAL (session_get_stats);
}
