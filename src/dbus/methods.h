/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The methods of the three interfaces: who may call them, and what they do. */
#pragma once

#include "bus.h"

G_BEGIN_DECLS

/**
 * Ol2tpMethod:
 * @action: polkit's, less "org.openl2tp1."; %NULL for what only reads and is everybody's
 * @handler: answers @invocation, now or later; @uid is the caller's where there is an action
 */
typedef struct {
  const char *name;
  const char *action;
  void (*handler) (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid);
} Ol2tpMethod;

/* Each ends with a row without a name. */
extern const Ol2tpMethod ol2tp_manager_methods[];
extern const Ol2tpMethod ol2tp_tunnel_methods[];
extern const Ol2tpMethod ol2tp_session_methods[];

G_END_DECLS
