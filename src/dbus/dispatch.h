/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Methods and property reads of the three interfaces; their user data is the #Ol2tpBus. */
#pragma once

#include "bus.h"

G_BEGIN_DECLS

extern const GDBusInterfaceVTable ol2tp_manager_vtable;
extern const GDBusInterfaceVTable ol2tp_tunnel_vtable;
extern const GDBusInterfaceVTable ol2tp_session_vtable;

G_END_DECLS
