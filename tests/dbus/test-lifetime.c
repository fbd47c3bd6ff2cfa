/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tunnels that end with their caller: with whatever is in them, told as such, and no others. */
#include "polkit-world.h"

#include <string.h>
#include <unistd.h>

#define SERVER_PORT 21721

static void
on_done (const GError *error, gpointer data)
{
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
wait_for (const gboolean *done)
{
  while (!*done)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_tunnels (World *world, guint n)
{
  while (ol2tp_model_get_n_tunnels (ol2tp_controller_get_model (world->controller)) != n)
    g_main_context_iteration (NULL, TRUE);
}

static GVariant *
create_args (const char *name, const char *lifetime)
{
  return g_variant_new_parsed ("(%s, '127.0.0.1', {'local-port': <uint16 0>, 'peer-port': <uint16 %q>, 'lifetime': <%s>})", name,
                               (guint16) SERVER_PORT, lifetime);
}

static void
on_signal (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *name, GVariant *args,
           gpointer user_data)
{
  GString *story = user_data;
  g_autoptr (GVariant) details = g_variant_get_child_value (args, g_variant_n_children (args) - 1);
  const char *reason = "";

  if (g_variant_is_of_type (details, G_VARIANT_TYPE_VARDICT))
    g_variant_lookup (details, "reason", "&s", &reason);
  g_string_append_printf (story, "%s(%s) ", name, reason);
}

static void
test_leave (World *world, gconstpointer data)
{
  static const char text[] = "[daemon]\ndatapath=null\n[lns]\nenabled=true\nlisten=127.0.0.1:" G_STRINGIFY (SERVER_PORT)
                             "\n[user a]\npassword=x\n";
  Ol2tpPlugins *plugins = ol2tp_plugins_new (world->folder, NULL);
  Ol2tpController *server = ol2tp_controller_new (world_config (world, text), plugins, 0);
  GDBusConnection *caller = world_connect (geteuid ());
  const Ol2tpModel *model = ol2tp_controller_get_model (world->controller);
  g_autoptr (GString) story = g_string_new (NULL);
  gboolean stopped = FALSE;
  guint subscription;

  g_assert_true (ol2tp_controller_start (server, 0, NULL));
  world->decision = ANSWER_YES;
  world_call (world, caller, OL2TP_ROOT_PATH, "CreateTunnel", create_args ("mine", "caller"), "");
  world_call (world, caller, OL2TP_ROOT_PATH, "CreateTunnel", create_args ("stays", "runtime"), "");
  world_call (world, caller, OL2TP_ROOT_PATH, "CreateTunnel", create_args ("stored", "persistent"), "NotSupported");
  world_call (world, caller, OL2TP_ROOT_PATH "/Tunnel/1", "CreateSession", g_variant_new_parsed ("('', @a{sv} {})"), "");
  world_call (world, caller, OL2TP_ROOT_PATH "/Tunnel/1/Session/1", "Connect", g_variant_new_parsed ("(@a{sv} {},)"), "");
  world_call (world, caller, OL2TP_ROOT_PATH "/Tunnel/1", "Modify", g_variant_new_parsed ("({'lifetime': <'runtime'>},)"),
              "InvalidArguments");
  g_assert_true (ol2tp_model_find_tunnel_by_name (model, "mine")->settings->ends_with_caller);

  subscription = g_dbus_connection_signal_subscribe (world->polkit, NULL, "org.openl2tp1.Manager", NULL, NULL, NULL,
                                                     G_DBUS_SIGNAL_FLAGS_NONE, on_signal, story, NULL);
  g_dbus_connection_close_sync (caller, NULL, NULL);
  g_object_unref (caller);
  wait_for_tunnels (world, 1);
  g_assert_nonnull (ol2tp_model_find_tunnel_by_name (model, "stays"));
  while (strstr (story->str, "TunnelDeleted") == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (story->str, ==, "SessionDown(caller-left) SessionDeleted() TunnelDown(caller-left) TunnelDeleted() ");

  g_dbus_connection_signal_unsubscribe (world->polkit, subscription);
  ol2tp_controller_shutdown (server, on_done, &stopped);
  wait_for (&stopped);
  ol2tp_plugins_free (plugins);
  ol2tp_controller_free (server);
}

/* The caller has left before there is anything to watch: while polkit decides. */
static void
test_gone (World *world, gconstpointer data)
{
  GDBusConnection *caller = world_connect (geteuid () == 0 ? world_user_uid () : geteuid ());
  g_autoptr (GDBusMessage) message = g_dbus_message_new_method_call (g_dbus_connection_get_unique_name (world->daemon), OL2TP_ROOT_PATH,
                                                                     OL2TP_BUS_NAME ".Manager", "CreateTunnel");

  world->decision = ANSWER_YES;
  world->delay_ms = 200;
  g_dbus_message_set_body (message, create_args ("mine", "caller"));
  g_dbus_message_set_flags (message, G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED);
  g_dbus_connection_send_message (caller, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
  while (world->n_asked == 0)
    g_main_context_iteration (NULL, TRUE);
  g_dbus_connection_close_sync (caller, NULL, NULL);
  g_object_unref (caller);
  wait_for_tunnels (world, 1);
  wait_for_tunnels (world, 0);
}

/* Deleted while its caller is there: the watch goes with it. */
static void
test_deleted (World *world, gconstpointer data)
{
  GDBusConnection *caller = world_connect (geteuid ());

  world->decision = ANSWER_YES;
  world_call (world, caller, OL2TP_ROOT_PATH, "CreateTunnel", create_args ("mine", "caller"), "");
  world_call (world, caller, OL2TP_ROOT_PATH "/Tunnel/1", "Delete", NULL, "");
  world_call (world, caller, OL2TP_ROOT_PATH, "CreateTunnel", create_args ("mine", "runtime"), "");
  g_dbus_connection_close_sync (caller, NULL, NULL);
  g_object_unref (caller);
  world_call (world, world->user, OL2TP_ROOT_PATH, "GetTunnelByName", g_variant_new ("(s)", "mine"), "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/dbus/lifetime/leave", World, NULL, world_set_up, test_leave, world_tear_down);
  g_test_add ("/dbus/lifetime/gone", World, NULL, world_set_up, test_gone, world_tear_down);
  g_test_add ("/dbus/lifetime/deleted", World, NULL, world_set_up, test_deleted, world_tear_down);
  return g_test_run ();
}
