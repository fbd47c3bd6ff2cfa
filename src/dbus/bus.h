/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon on the bus: objects, signals, property changes.  Objects are served from the model by three object-path subtrees; no
 * skeleton is made for each, which would cost 240 us and several KB a tunnel and would delay property changes past the signals they
 * must precede.
 */
#pragma once

#include "authorize.h"
#include "daemon/controller.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define OL2TP_BUS_NAME "org.openl2tp1"
#define OL2TP_ROOT_PATH "/org/openl2tp1"

typedef struct Ol2tpBus Ol2tpBus;

/**
 * ol2tp_bus_new:
 * @controller: outlives the bus
 * @connection: to a message bus
 *
 * Exports all objects and becomes the controller's observer. The name is taken by the caller, afterwards, so that nobody sees a
 * half-made tree.
 */
Ol2tpBus *ol2tp_bus_new (Ol2tpController *controller, GDBusConnection *connection, GError **error);
void ol2tp_bus_free (Ol2tpBus *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpBus, ol2tp_bus_free)

/** ol2tp_bus_use_polkit: on the system bus; without it root and the daemon's own uid may call. */
void ol2tp_bus_use_polkit (Ol2tpBus *self);

Ol2tpController *ol2tp_bus_get_controller (const Ol2tpBus *self);
Ol2tpAuthority *ol2tp_bus_get_authority (const Ol2tpBus *self);

/** ol2tp_bus_bind_tunnel: ends and removes @tunnel when @caller, a unique name, leaves the bus; at once if it has left already. */
void ol2tp_bus_bind_tunnel (Ol2tpBus *self, const Ol2tpTunnelEntry *tunnel, const char *caller);

/** ol2tp_bus_find_tunnel: the entry at an object path, or %NULL. */
Ol2tpTunnelEntry *ol2tp_bus_find_tunnel (const Ol2tpBus *self, const char *path);
Ol2tpSessionEntry *ol2tp_bus_find_session (const Ol2tpBus *self, const char *path);

G_END_DECLS
