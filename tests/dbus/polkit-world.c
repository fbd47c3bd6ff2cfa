/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "polkit-world.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define POLKIT_NAME "org.freedesktop.PolicyKit1"

static const char bus_config[]
  = "<busconfig><type>system</type><listen>unix:path=%s/bus</listen><auth>EXTERNAL</auth>"
    "<policy context='default'><allow user='*'/><allow own='*'/><allow send_destination='*'/><allow receive_type='method_call'/>"
    "<allow receive_type='method_return'/><allow receive_type='error'/><allow receive_type='signal'/></policy></busconfig>";

static const char polkit_xml[] = "<node><interface name='" POLKIT_NAME ".Authority'><method name='CheckAuthorization'>"
                                 "<arg type='(sa{sv})' direction='in'/><arg type='s' direction='in'/><arg type='a{ss}' direction='in'/>"
                                 "<arg type='u' direction='in'/><arg type='s' direction='in'/><arg type='(bba{ss})' direction='out'/>"
                                 "</method></interface></node>";

guint
world_user_uid (void)
{
  return geteuid () == 0 ? NOBODY_UID : geteuid ();
}

static void
on_child_setup (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static void
start_bus (World *world)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *text = g_strdup_printf (bus_config, world->folder);
  g_autofree char *config = g_build_filename (world->folder, "bus.conf", NULL);
  g_autofree char *socket = g_build_filename (world->folder, "bus", NULL);
  g_autofree char *address = g_strconcat ("unix:path=", socket, NULL);
  g_autofree char *option = g_strconcat ("--config-file=", config, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (config, text, -1, &error));
  g_subprocess_launcher_set_child_setup (launcher, on_child_setup, NULL, NULL);
  world->bus_daemon = g_subprocess_launcher_spawn (launcher, &error, "dbus-daemon", "--nofork", "--nopidfile", option, NULL);
  g_assert_no_error (error);
  for (guint i = 0; i < 1000 && !g_file_test (socket, G_FILE_TEST_EXISTS); i++)
    g_usleep (10000);
  g_chmod (socket, 0777);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", address, TRUE);
}

/* The bus sees the uid that connects. */
GDBusConnection *
world_connect (guint uid)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  guint own_uid = geteuid ();
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = NULL;

  g_assert_cmpint (uid == own_uid ? 0 : seteuid (uid), ==, 0);
  for (guint i = 0; i < 100 && connection == NULL; i++) /* the socket is there before it is listened to */
    {
      g_clear_error (&error);
      connection = g_dbus_connection_new_for_address_sync (
        address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
      if (connection == NULL)
        g_usleep (10000);
    }
  g_assert_cmpint (seteuid (own_uid), ==, 0);
  g_assert_no_error (error);
  return connection;
}

typedef struct {
  GDBusMethodInvocation *invocation;
  Decision decision;
} Pending;

static gboolean
on_decided (gpointer data)
{
  g_autofree Pending *pending = data;

  g_dbus_method_invocation_return_value (pending->invocation,
                                         g_variant_new_parsed ("((%b, %b, @a{ss} {}),)", pending->decision == ANSWER_YES,
                                                               pending->decision == ANSWER_CHALLENGE));
  return G_SOURCE_REMOVE;
}

static void
on_check (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *name, GVariant *args,
          GDBusMethodInvocation *invocation, gpointer user_data)
{
  World *world = user_data;
  g_autoptr (GVariant) subject = NULL, details = NULL;
  Pending *pending = g_new0 (Pending, 1);
  const char *kind, *action;
  char *asked;

  g_variant_get (args, "((&s@a{sv})&s@a{ss}us)", &kind, &subject, &action, &details, &world->flags, NULL);
  g_assert_cmpstr (kind, ==, "system-bus-name");
  world->n_asked++;
  asked = g_strconcat (world->asked, action, " ", NULL);
  g_free (world->asked);
  world->asked = asked;
  g_clear_pointer (&world->subject, g_free);
  g_clear_pointer (&world->tunnel, g_free);
  g_clear_pointer (&world->peer, g_free);
  g_variant_lookup (subject, "name", "s", &world->subject);
  g_variant_lookup (details, "tunnel", "s", &world->tunnel);
  g_variant_lookup (details, "peer", "s", &world->peer);

  pending->invocation = invocation;
  pending->decision = world->decision;
  g_timeout_add (world->delay_ms, on_decided, pending);
}

static void
start_polkit (World *world)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_check };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (polkit_xml, NULL);
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  world->asked = g_strdup ("");
  world->polkit = world_connect (geteuid ());
  world->polkit_id = g_dbus_connection_register_object (world->polkit, "/org/freedesktop/PolicyKit1/Authority", info->interfaces[0],
                                                        &vtable, world, NULL, &error);
  reply = g_dbus_connection_call_sync (world->polkit, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", POLKIT_NAME, 4), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                                       &error);
  g_assert_no_error (error);
}

Ol2tpConfig *
world_config (World *world, const char *text)
{
  g_autofree char *path = g_build_filename (world->folder, "openl2tpd.conf", NULL);
  g_autoptr (GError) error = NULL;
  Ol2tpConfig *config;

  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error));
  config = ol2tp_config_load (path, 0, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return config;
}

void
world_set_up (World *world, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  world->folder = g_dir_make_tmp ("openl2tp-test-XXXXXX", NULL);
  g_chmod (world->folder, 0755);
  start_bus (world);
  world->plugins = ol2tp_plugins_new (world->folder, NULL);
  world->controller = ol2tp_controller_new (world_config (world, "[daemon]\ndatapath=null\n"), world->plugins, 0);
  world->daemon = world_connect (geteuid ());
  world->bus = ol2tp_bus_new (world->controller, world->daemon, &error);
  g_assert_no_error (error);
  ol2tp_bus_use_polkit (world->bus);
  g_assert_true (ol2tp_controller_start (world->controller, 0, &error));
  start_polkit (world);
  world->user = world_connect (world_user_uid ());
  world->root = geteuid () == 0 ? world_connect (0) : NULL;
}

static void
on_stopped (const GError *error, gpointer data)
{
  *(gboolean *) data = TRUE;
}

static void
close_connection (GDBusConnection *connection)
{
  if (connection == NULL)
    return;
  g_dbus_connection_close_sync (connection, NULL, NULL);
  g_object_unref (connection);
}

void
world_tear_down (World *world, gconstpointer data)
{
  g_autofree char *config = g_build_filename (world->folder, "bus.conf", NULL);
  g_autofree char *socket = g_build_filename (world->folder, "bus", NULL);
  gboolean stopped = FALSE;

  ol2tp_controller_shutdown (world->controller, on_stopped, &stopped);
  while (!stopped)
    g_main_context_iteration (NULL, TRUE);
  if (world->bus != NULL)
    ol2tp_bus_free (world->bus);
  ol2tp_plugins_free (world->plugins);
  ol2tp_controller_free (world->controller);
  g_dbus_connection_unregister_object (world->polkit, world->polkit_id);
  close_connection (world->daemon);
  close_connection (world->polkit);
  close_connection (world->user);
  close_connection (world->root);
  g_subprocess_send_signal (world->bus_daemon, SIGTERM);
  g_subprocess_wait (world->bus_daemon, NULL, NULL);
  g_object_unref (world->bus_daemon);
  g_unlink (config);
  g_unlink (socket);
  g_assert_cmpint (g_rmdir (world->folder), ==, 0);
  g_free (world->folder);
  g_free (world->asked);
  g_free (world->subject);
  g_free (world->tunnel);
  g_free (world->peer);
}

Ol2tpTunnelEntry *
world_create (World *world, const char *name, guint port, const char *option, const char *value)
{
  g_autoptr (Ol2tpTunnelSettings) settings = ol2tp_tunnel_settings_new ();
  g_autofree char *text = g_strdup_printf ("%u", port);
  g_autoptr (GError) error = NULL;
  Ol2tpTunnelEntry *tunnel;

  g_assert_true (ol2tp_tunnel_settings_set_string (settings, "peer-port", text, &error));
  g_assert_true (ol2tp_tunnel_settings_set_string (settings, "local-port", "0", &error));
  if (option != NULL)
    g_assert_true (ol2tp_tunnel_settings_set_string (settings, option, value, &error));
  tunnel = ol2tp_controller_create_tunnel (world->controller, name, "127.0.0.1", OL2TP_ORIGIN_RUNTIME, 0, g_steal_pointer (&settings),
                                           &error);
  g_assert_no_error (error);
  return tunnel;
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusMessage) reply = g_dbus_connection_send_message_with_reply_finish (G_DBUS_CONNECTION (source), result, &error);

  answer->done = TRUE;
  g_assert_no_error (error);
  if (g_dbus_message_get_error_name (reply) != NULL)
    answer->error = g_strdup (strrchr (g_dbus_message_get_error_name (reply), '.') + 1);
  else
    answer->value = g_dbus_message_get_body (reply) != NULL ? g_variant_ref (g_dbus_message_get_body (reply)) : NULL;
}

void
world_start_call (World *world, GDBusConnection *caller, const char *path, const char *method, GVariant *args, GDBusMessageFlags flags,
                  Answer *answer)
{
  const char *kind = strstr (path, "/Session/") != NULL ? ".Session" : (strstr (path, "/Tunnel/") != NULL ? ".Tunnel" : ".Manager");
  g_autofree char *interface = g_strconcat (OL2TP_BUS_NAME, kind, NULL);
  g_autoptr (GDBusMessage) message
    = g_dbus_message_new_method_call (g_dbus_connection_get_unique_name (world->daemon), path, interface, method);

  memset (answer, 0, sizeof *answer);
  if (args != NULL)
    g_dbus_message_set_body (message, args);
  g_dbus_message_set_flags (message, flags);
  g_dbus_connection_send_message_with_reply (caller, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE, 60000, NULL, NULL, on_answer, answer);
}

void
world_finish_call (Answer *answer)
{
  while (!answer->done)
    g_main_context_iteration (NULL, TRUE);
}

void
world_call (World *world, GDBusConnection *caller, const char *path, const char *method, GVariant *args, const char *expected)
{
  Answer answer;

  world_start_call (world, caller, path, method, args, G_DBUS_MESSAGE_FLAGS_NONE, &answer);
  world_finish_call (&answer);
  g_test_message ("%s: %s", method, answer.error != NULL ? answer.error : "a value");
  g_assert_cmpstr (answer.error != NULL ? answer.error : "", ==, expected);
  g_free (answer.error);
  g_clear_pointer (&answer.value, g_variant_unref);
}

void
world_assert_asked (World *world, const char *actions)
{
  g_assert_cmpstr (world->asked, ==, actions);
  g_free (world->asked);
  world->asked = g_strdup ("");
}
