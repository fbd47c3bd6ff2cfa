/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of errors on the bus: org.openl2tp1.Error.<Name>. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** ol2tp_dbus_error_register: joins %OL2TP_ERROR to its bus names, so that g_dbus_method_invocation_return_gerror() uses them. */
void ol2tp_dbus_error_register (void);

G_END_DECLS
