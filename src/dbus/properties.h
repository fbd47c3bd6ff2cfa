/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Properties of the three interfaces, read from the model at the time of asking: there is no second copy. */
#pragma once

#include "daemon/controller.h"

G_BEGIN_DECLS

/* One property, or %NULL if the interface has none of that name; floating. */
GVariant *ol2tp_manager_get_property (const Ol2tpController *controller, const char *name);
GVariant *ol2tp_tunnel_get_property (const Ol2tpTunnelEntry *tunnel, const char *name);
GVariant *ol2tp_session_get_property (const Ol2tpSessionEntry *session, const char *name);

/* All properties of an object as a{sv}; floating. */
GVariant *ol2tp_manager_get_all_properties (const Ol2tpController *controller);
GVariant *ol2tp_tunnel_get_all_properties (const Ol2tpTunnelEntry *tunnel);
GVariant *ol2tp_session_get_all_properties (const Ol2tpSessionEntry *session);

/** ol2tp_cause_to_details: the a{sv} of TunnelDown and SessionDown; @session is %NULL for a tunnel; floating. */
GVariant *ol2tp_cause_to_details (const Ol2tpCause *cause, const Ol2tpSessionEntry *session);

G_END_DECLS
