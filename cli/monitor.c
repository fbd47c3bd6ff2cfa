/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor: the ten lifecycle signals, one line each.  They name objects by path; the names that go with the paths are kept here.
 * InterfacesAdded comes before the first signal of an object, and InterfacesRemoved after its last.
 */
#include "commands.h"
#include "format.h"
#include "json.h"
#include "objects.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  Ctl *ctl;
  GMainLoop *loop;
  GHashTable *names; /* path -> name */
  GError *error;
} Monitor;

/* Arguments of the signals, in order, as they are shown; "" for those that are paths. */
typedef struct {
  const char *signal;
  const char *arguments[8];
} Event;

static const Event events[] = {
  { "TunnelCreated", { "", "TunnelId" } },
  { "TunnelDeleted", { "", "TunnelId" } },
  { "TunnelModified", { "", "TunnelId" } },
  { "TunnelUp", { "", "TunnelId", "PeerTunnelId" } },
  { "TunnelDown", { "", "TunnelId", "Details" } },
  { "SessionCreated", { "", "", "TunnelId", "SessionId" } },
  { "SessionDeleted", { "", "", "TunnelId", "SessionId" } },
  { "SessionModified", { "", "", "TunnelId", "SessionId" } },
  { "SessionUp", { "", "", "TunnelId", "SessionId", "PeerTunnelId", "PeerSessionId" } },
  { "SessionDown", { "", "", "TunnelId", "SessionId", "Details" } },
};

static char *
now (gboolean json)
{
  g_autoptr (GDateTime) time = g_date_time_new_now_local ();
  g_autofree char *text = g_date_time_format (time, json ? "%Y-%m-%dT%H:%M:%S.%f%:z" : "%Y-%m-%d %H:%M:%S.%f");

  if (!json)
    text[strlen ("2000-01-01 00:00:00.000")] = '\0'; /* milliseconds will do */
  return g_steal_pointer (&text);
}

/* Everything is printed through here, and at once. */
static void
print_line (Monitor *self, const char *event, const char *text, const char *json)
{
  g_autofree char *time = now (self->ctl->json);

  if (self->ctl->json)
    printf ("{\"Time\":\"%s\",\"Event\":\"%s\"%s}\n", time, event, json);
  else if (*text != '\0')
    printf ("%s  %-15s  %s\n", time, event, text);
  else
    printf ("%s  %s\n", time, event);
  if (fflush (stdout) != 0)
    g_main_loop_quit (self->loop);
}

/* Free text in a line of words. */
static char *
quote (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\"", -1);
  g_autofree char *quoted = g_strjoinv ("\\\"", parts);

  return g_strdup_printf ("\"%s\"", quoted);
}

static void
append_details (GString *text, GVariant *details)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, details);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      g_autofree char *name = ctl_escape (key);
      g_autofree char *plain = ctl_format (key, value);
      gboolean free_text = g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) && strpbrk (plain, " \"=") != NULL;
      g_autofree char *shown = free_text ? quote (plain) : g_strdup (plain);

      g_string_append_printf (text, " %s=%s", name, shown);
      g_variant_unref (value);
    }
}

static const char *
name_of (Monitor *self, const char *path)
{
  const char *name = g_hash_table_lookup (self->names, path);

  return name != NULL ? name : path;
}

static void
print_event (Monitor *self, const Event *event, GVariant *parameters)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) json = g_string_new (",\"Path\":");
  const char *path;

  g_variant_get_child (parameters, 0, "&o", &path);
  g_string_append (text, name_of (self, path));
  ctl_json_append_string (json, path);
  ctl_json_append_member (json, "FullName", g_variant_new_string (name_of (self, path)));
  for (guint i = 0; i < G_N_ELEMENTS (event->arguments) && event->arguments[i] != NULL; i++)
    {
      g_autoptr (GVariant) value = g_variant_get_child_value (parameters, i);
      const char *name = event->arguments[i];

      if (*name == '\0')
        continue;
      ctl_json_append_member (json, name, value);
      if (g_str_equal (name, "Details"))
        append_details (text, value);
      else
        g_string_append_printf (text, " %s=%u", name, g_variant_get_uint32 (value));
    }
  print_line (self, event->signal, text->str, json->str);
}

static gboolean
has_arguments (const Event *event, GVariant *parameters)
{
  GString *type = g_string_new ("(");
  g_autofree char *expected = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (event->arguments) && event->arguments[i] != NULL; i++)
    {
      const char *name = event->arguments[i];

      g_string_append (type, *name == '\0' ? "o" : g_str_equal (name, "Details") ? "a{sv}" : "u");
    }
  expected = g_string_free (g_string_append_c (type, ')'), FALSE);
  return g_str_equal (g_variant_get_type_string (parameters), expected);
}

/* Names. */

static gboolean
load_names (Monitor *self, GError **error)
{
  g_autoptr (GPtrArray) objects = ctl_load_objects (self->ctl, error);

  if (objects == NULL)
    return FALSE;
  for (guint i = 0; i < objects->len; i++)
    {
      const CtlObject *object = g_ptr_array_index (objects, i);

      g_hash_table_insert (self->names, g_strdup (object->path), g_strdup (object->name));
    }
  return TRUE;
}

static void
on_added (Monitor *self, GVariant *parameters)
{
  g_autoptr (GVariant) interfaces = g_variant_get_child_value (parameters, 1);
  g_autoptr (GVariant) tunnel = g_variant_lookup_value (interfaces, CTL_TUNNEL, G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) session = g_variant_lookup_value (interfaces, CTL_SESSION, G_VARIANT_TYPE_VARDICT);
  g_autofree char *name = NULL;
  const char *path, *of = "";

  g_variant_get_child (parameters, 0, "&o", &path);
  if (tunnel == NULL && session == NULL)
    return;
  name = ctl_escape (ctl_get_string (tunnel != NULL ? tunnel : session, "Name"));
  if (session != NULL && g_variant_lookup (session, "Tunnel", "&o", &of))
    g_hash_table_insert (self->names, g_strdup (path), g_strdup_printf ("%s/%s", name_of (self, of), name));
  else
    g_hash_table_insert (self->names, g_strdup (path), g_steal_pointer (&name));
}

static void
on_signal (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *name,
           GVariant *parameters, gpointer data)
{
  Monitor *self = data;
  const char *object;

  if (g_str_equal (name, "InterfacesAdded") && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(oa{sa{sv}})")))
    on_added (self, parameters);
  if (g_str_equal (name, "InterfacesRemoved") && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(oas)")))
    {
      g_variant_get_child (parameters, 0, "&o", &object);
      g_hash_table_remove (self->names, object);
    }
  for (guint i = 0; g_str_equal (interface, CTL_MANAGER) && i < G_N_ELEMENTS (events); i++)
    if (g_str_equal (events[i].signal, name) && has_arguments (&events[i], parameters))
      print_event (self, &events[i], parameters);
}

/* The daemon comes and goes; this program stays. */

static void
on_owner_changed (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *name,
                  GVariant *parameters, gpointer data)
{
  Monitor *self = data;
  const char *owner;

  g_variant_get (parameters, "(&s&s&s)", NULL, NULL, &owner);
  g_hash_table_remove_all (self->names);
  print_line (self, *owner != '\0' ? "DaemonStarted" : "DaemonStopped", "", "");
  if (*owner != '\0')
    load_names (self, NULL);
}

static void
on_closed (GDBusConnection *connection, gboolean vanished, GError *error, gpointer data)
{
  Monitor *self = data;

  g_set_error (&self->error, CTL_ERROR, CTL_ERROR_UNREACHABLE, "the bus is gone%s%s", error != NULL ? ": " : "",
               error != NULL ? error->message : "");
  g_main_loop_quit (self->loop);
}

static gboolean
on_interrupt (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

gboolean
ctl_command_monitor (Ctl *ctl, char **arguments, GError **error)
{
  Monitor self = { .ctl = ctl };
  GDBusConnection *connection;
  guint ids[2], sources[2];
  gulong closed;

  if (!ctl_open (ctl, error))
    return FALSE;
  connection = ctl->connection;
  self.loop = g_main_loop_new (NULL, FALSE);
  self.names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sources[0] = g_unix_signal_add (SIGINT, on_interrupt, self.loop);
  sources[1] = g_unix_signal_add (SIGTERM, on_interrupt, self.loop);
  closed = g_signal_connect (connection, "closed", G_CALLBACK (on_closed), &self);
  ids[0] = g_dbus_connection_signal_subscribe (connection, CTL_BUS_NAME, NULL, NULL, CTL_ROOT_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                               on_signal, &self, NULL);
  ids[1] = g_dbus_connection_signal_subscribe (connection, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged",
                                               "/org/freedesktop/DBus", CTL_BUS_NAME, G_DBUS_SIGNAL_FLAGS_NONE, on_owner_changed,
                                               &self, NULL);
  ctl->read_flags = G_DBUS_CALL_FLAGS_NO_AUTO_START;
  if (load_names (&self, &self.error))
    g_main_loop_run (self.loop);
  g_dbus_connection_signal_unsubscribe (connection, ids[0]);
  g_dbus_connection_signal_unsubscribe (connection, ids[1]);
  g_signal_handler_disconnect (connection, closed);
  g_source_remove (sources[0]);
  g_source_remove (sources[1]);
  g_hash_table_unref (self.names);
  g_main_loop_unref (self.loop);
  if (self.error == NULL)
    return TRUE;
  g_propagate_error (error, self.error);
  return FALSE;
}
