/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may call: root and, on a private bus, the daemon's own uid.  Asked asynchronously: a blocked main loop loses tunnels. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** Ol2tpAuthorizedFunc: the caller may; takes over @invocation, as a method handler does. */
typedef void (*Ol2tpAuthorizedFunc) (GDBusMethodInvocation *invocation, guint uid, gpointer user_data);

/**
 * ol2tp_authorize:
 * @invocation: (transfer full): answered with AccessDenied if its sender may not
 * @func: called, later, if it may
 */
void ol2tp_authorize (GDBusMethodInvocation *invocation, Ol2tpAuthorizedFunc func, gpointer user_data);

G_END_DECLS
