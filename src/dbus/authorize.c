/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "authorize.h"

#include <unistd.h>

typedef struct {
  GDBusMethodInvocation *invocation;
  Ol2tpAuthorizedFunc func;
  gpointer user_data;
} Request;

/* The bus answers from what the kernel told it about the caller's socket; nothing the caller says is believed. */
static void
on_uid (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Request *request = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  guint uid = G_MAXUINT;

  if (reply != NULL)
    g_variant_get (reply, "(u)", &uid);
  if (reply == NULL || (uid != 0 && uid != geteuid ()))
    g_dbus_method_invocation_return_error (request->invocation, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED,
                                           "%s may be called by root only",
                                           g_dbus_method_invocation_get_method_name (request->invocation));
  else
    request->func (request->invocation, uid, request->user_data);
}

void
ol2tp_authorize (GDBusMethodInvocation *invocation, Ol2tpAuthorizedFunc func, gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  request->invocation = invocation;
  request->func = func;
  request->user_data = user_data;
  g_dbus_connection_call (g_dbus_method_invocation_get_connection (invocation), "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "GetConnectionUnixUser",
                          g_variant_new ("(s)", g_dbus_method_invocation_get_sender (invocation)), G_VARIANT_TYPE ("(u)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_uid, request);
}
