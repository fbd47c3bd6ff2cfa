/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bus policy in a bus of the system's kind: who may own the name, who may call whom.  Takes the policy file's path; needs root,
 * to be somebody else as well.
 */
#include <gio/gio.h>

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534
#define NAME "org.openl2tp1"

/* What Debian's system.conf says of strangers, without its folders. */
#define CONFIGURATION                                                                                                              \
  "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN\"\n"                                           \
  " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"                                                            \
  "<busconfig><type>system</type><listen>unix:path=%s/bus</listen><auth>EXTERNAL</auth>\n"                                         \
  "<policy context=\"default\"><allow user=\"*\"/><deny own=\"*\"/><deny send_type=\"method_call\"/>\n"                            \
  "<allow send_type=\"signal\"/><allow send_requested_reply=\"true\" send_type=\"method_return\"/>\n"                              \
  "<allow send_requested_reply=\"true\" send_type=\"error\"/><allow receive_type=\"method_call\"/>\n"                              \
  "<allow receive_type=\"method_return\"/><allow receive_type=\"error\"/><allow receive_type=\"signal\"/>\n"                       \
  "<allow send_destination=\"org.freedesktop.DBus\" send_interface=\"org.freedesktop.DBus\"/></policy>\n"                          \
  "<includedir>%s/system.d</includedir></busconfig>\n"

static const char *policy_file;

/**
 * Bus:
 * @root, @nobody: connections
 */
typedef struct {
  char *folder;
  GPid pid;
  GDBusConnection *root;
  GDBusConnection *nobody;
} Bus;

static GDBusConnection *
connect_as (Bus *bus, uid_t uid)
{
  g_autofree char *address = g_strdup_printf ("unix:path=%s/bus", bus->folder);
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = NULL;
  int tries;

  g_assert_no_errno (seteuid (uid));
  for (tries = 0; tries < 500 && connection == NULL; tries++)
    {
      g_clear_error (&error);
      connection = g_dbus_connection_new_for_address_sync (
          address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL,
          &error);
      if (connection == NULL)
        g_usleep (10000);
    }
  g_assert_no_errno (seteuid (0));
  g_assert_no_error (error);
  return connection;
}

static void
set_up (Bus *bus, gconstpointer with_policy)
{
  g_autofree char *configuration = NULL;
  g_autofree char *text = NULL;
  g_autofree char *policy = NULL;
  g_autofree char *included = NULL;
  g_autofree char *option = NULL;
  g_autoptr (GError) error = NULL;

  bus->folder = g_dir_make_tmp ("ol2tp-bus-XXXXXX", NULL);
  g_assert_no_errno (g_chmod (bus->folder, 0755));
  included = g_build_filename (bus->folder, "system.d", NULL);
  g_assert_no_errno (g_mkdir (included, 0755));
  if (with_policy != NULL)
    {
      g_assert_true (g_file_get_contents (policy_file, &policy, NULL, NULL));
      configuration = g_build_filename (included, NAME ".conf", NULL);
      g_assert_true (g_file_set_contents (configuration, policy, -1, NULL));
    }
  g_free (configuration);
  configuration = g_build_filename (bus->folder, "bus.conf", NULL);
  text = g_strdup_printf (CONFIGURATION, bus->folder, bus->folder);
  g_assert_true (g_file_set_contents (configuration, text, -1, NULL));

  option = g_strdup_printf ("--config-file=%s", configuration);
  g_spawn_async (NULL, (char *[]){ (char *) "dbus-daemon", option, (char *) "--nofork", (char *) "--nopidfile", NULL }, NULL,
                 G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &bus->pid, &error);
  g_assert_no_error (error);
  bus->root = connect_as (bus, 0);
  bus->nobody = connect_as (bus, NOBODY);
}

static void
tear_down (Bus *bus, gconstpointer with_policy)
{
  static const char *const files[] = { "system.d/" NAME ".conf", "system.d", "bus.conf", "bus", "" };

  g_clear_object (&bus->root);
  g_clear_object (&bus->nobody);
  kill (bus->pid, SIGTERM);
  waitpid (bus->pid, NULL, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (bus->folder, files[i], NULL);

      g_remove (path);
    }
  g_free (bus->folder);
}

/* Returns: what became of a call: "" for success, else the error's name. */
static char *
call (GDBusConnection *from, const char *to, const char *interface, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (from, to, "/org/openl2tp1", interface, method, arguments, NULL,
                                                            G_DBUS_CALL_FLAGS_NO_AUTO_START, 5000, NULL, &error);

  if (reply != NULL)
    return g_strdup ("");
  return g_dbus_error_is_remote_error (error) ? g_dbus_error_get_remote_error (error) : g_strdup (error->message);
}

static char *
request_name (GDBusConnection *connection)
{
  return call (connection, "org.freedesktop.DBus", "org.freedesktop.DBus", "RequestName", g_variant_new ("(su)", NAME, 4));
}

static void
assert_call (GDBusConnection *from, const char *to, const char *interface, const char *error)
{
  g_autofree char *result = call (from, to, interface, "NoSuchMethod", NULL);

  g_assert_cmpstr (result, ==, error);
}

#define DENIED "org.freedesktop.DBus.Error.AccessDenied"
/* it got through to the other side, where nothing is exported */
#define ARRIVED "org.freedesktop.DBus.Error.UnknownMethod"

static void
test_without (Bus *bus, gconstpointer with_policy)
{
  g_autofree char *root = request_name (bus->root);
  g_autofree char *nobody = request_name (bus->nobody);

  g_assert_cmpstr (root, ==, DENIED);
  g_assert_cmpstr (nobody, ==, DENIED);
}

static void
test_with (Bus *bus, gconstpointer with_policy)
{
  static const char *const served[] = { "org.freedesktop.DBus.Introspectable",
                                        "org.freedesktop.DBus.Properties",
                                        "org.freedesktop.DBus.ObjectManager",
                                        "org.openl2tp1.Manager",
                                        "org.openl2tp1.Tunnel",
                                        "org.openl2tp1.Session" };
  g_autofree char *nobody = request_name (bus->nobody);
  g_autofree char *root = request_name (bus->root);

  g_assert_cmpstr (nobody, ==, DENIED);
  g_assert_cmpstr (root, ==, "");
  for (gsize i = 0; i < G_N_ELEMENTS (served); i++)
    assert_call (bus->nobody, NAME, served[i], ARRIVED);
  assert_call (bus->nobody, NAME, "org.example.Other", DENIED);
  assert_call (bus->nobody, NAME, "org.openl2tp1.Agent", DENIED);
  assert_call (bus->root, g_dbus_connection_get_unique_name (bus->nobody), "org.openl2tp1.Agent", ARRIVED);
}

static void
skip (void)
{
  g_test_skip ("needs root, to be somebody else as well");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc != 2)
    {
      g_printerr ("usage: test-bus-policy POLICY\n");
      return 1;
    }
  policy_file = argv[1];
  if (geteuid () != 0)
    {
      g_test_add_func ("/data/bus-policy/all", skip);
      return g_test_run ();
    }
  g_test_add ("/data/bus-policy/without", Bus, NULL, set_up, test_without, tear_down);
  g_test_add ("/data/bus-policy/with", Bus, GINT_TO_POINTER (1), set_up, test_with, tear_down);
  return g_test_run ();
}
