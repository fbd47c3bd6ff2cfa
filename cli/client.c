/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "client.h"

#include "format.h"

#include <signal.h>
#include <string.h>

G_DEFINE_QUARK (ctl-error-quark, ctl_error)

gboolean
ctl_open (Ctl *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *system = NULL;
  const char *address = self->address;

  if (self->connection != NULL)
    return TRUE;
  if (address == NULL)
    address = system = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, &local_error);
  if (address != NULL)
    self->connection = g_dbus_connection_new_for_address_sync (
        address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL,
        &local_error);
  if (self->connection == NULL)
    {
      g_set_error_literal (error, CTL_ERROR, CTL_ERROR_UNREACHABLE, local_error->message);
      return FALSE;
    }
  signal (SIGPIPE, SIG_DFL); /* GIO ignored it: but "l2tpctl monitor | head" shall end */
  return TRUE;
}

static GVariant *
call (Ctl *self, const char *path, const char *interface, const char *method, GVariant *arguments, const char *reply,
      GDBusCallFlags flags, int timeout_ms, GUnixFDList *fds, GError **error)
{
  g_autoptr (GVariant) owned = arguments != NULL ? g_variant_ref_sink (arguments) : NULL;

  if (!ctl_open (self, error))
    return NULL;
  return g_dbus_connection_call_with_unix_fd_list_sync (self->connection, CTL_BUS_NAME, path, interface, method, owned,
                                                        G_VARIANT_TYPE (reply), flags, timeout_ms, fds, NULL, NULL, error);
}

GVariant *
ctl_read (Ctl *self, const char *path, const char *interface, const char *method, GVariant *arguments, const char *reply,
          GError **error)
{
  return call (self, path, interface, method, arguments, reply, self->read_flags, -1, NULL, error);
}

GVariant *
ctl_change (Ctl *self, const char *path, const char *interface, const char *method, GVariant *arguments, const char *reply,
            GUnixFDList *fds, GError **error)
{
  return call (self, path, interface, method, arguments, reply, G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, G_MAXINT, fds,
               error);
}

GVariant *
ctl_get_all (Ctl *self, const char *path, const char *interface, GError **error)
{
  g_autoptr (GVariant) reply
    = ctl_read (self, path, CTL_PROPERTIES, "GetAll", g_variant_new ("(s)", interface), "(a{sv})", error);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

/* Answers that the bus gives when there is no daemon to give one. */
static gboolean
is_unreachable (const char *name)
{
  static const char *const names[] = {
    "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner", "org.freedesktop.DBus.Error.NoReply",
    "org.freedesktop.DBus.Error.Disconnected",   "org.freedesktop.DBus.Error.TimedOut",       "org.freedesktop.DBus.Error.Timeout",
    "org.freedesktop.DBus.Error.NoServer",       NULL,
  };

  return g_strv_contains (names, name) || g_str_has_prefix (name, "org.freedesktop.DBus.Error.Spawn.")
         || g_str_has_prefix (name, "org.freedesktop.systemd1.");
}

CtlExit
ctl_exit_status (const GError *error)
{
  g_autofree char *name = NULL;

  if (error->domain == CTL_ERROR)
    return (CtlExit) error->code;
  if (error->domain == G_OPTION_ERROR)
    return CTL_EXIT_USAGE;
  name = g_dbus_error_get_remote_error (error);
  /* An error without a name was not sent by anybody: the connection broke, or nothing came in time. */
  return name == NULL || is_unreachable (name) ? CTL_EXIT_UNREACHABLE : CTL_EXIT_FAILED;
}

char *
ctl_error_text (const GError *error)
{
  g_autoptr (GError) copy = g_error_copy (error);
  g_autofree char *name = g_dbus_error_get_remote_error (error);
  g_autofree char *text = NULL;

  g_dbus_error_strip_remote_error (copy);
  text = ctl_escape (copy->message);
  if (ctl_exit_status (error) == CTL_EXIT_UNREACHABLE)
    return g_strdup_printf ("cannot reach the daemon: %s", text);
  if (name == NULL)
    return g_steal_pointer (&text);
  return g_strdup_printf ("%s: %s", strrchr (name, '.') != NULL ? strrchr (name, '.') + 1 : name, text);
}
