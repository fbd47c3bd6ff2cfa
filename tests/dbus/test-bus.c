/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon on a private bus, two of them in this process with the null data path: a client whose bus is watched, and a server on
 * loopback.  What a caller sees: objects, replies, errors by name, and signals in the promised order, agreeing with the hooks.
 */
#include "dbus/bus.h"
#include "dbus/properties.h"
#include "interface-info.h"

#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SECRET "s3cret-0123456789"

typedef struct {
  GTestDBus *dbus;
  guint16 server_port;
  char *folder;
  Ol2tpPlugins *server_plugins, *plugins;
  Ol2tpController *server, *controller;
  GDBusConnection *daemon, *client;
  Ol2tpBus *bus;
  GPtrArray *story; /* what the client heard, in order */
  guint subscription;
} Fixture;

static char *
short_path (const char *path)
{
  return g_strdup (g_str_has_prefix (path, OL2TP_ROOT_PATH) ? path + strlen (OL2TP_ROOT_PATH) : path);
}

static void
on_signal (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *name, GVariant *args,
           gpointer user_data)
{
  Fixture *f = user_data;

  if (g_str_equal (name, "PropertiesChanged"))
    {
      g_autoptr (GVariant) changed = g_variant_get_child_value (args, 1);
      g_autofree char *at = short_path (path);
      g_autoptr (GVariant) pending = g_variant_lookup_value (changed, "PendingChanges", NULL);
      const char *state;
      guint32 hello;

      if (g_variant_lookup (changed, "State", "&s", &state))
        g_ptr_array_add (f->story, g_strdup_printf ("%s=%s", at, state));
      if (g_variant_lookup (changed, "HelloInterval", "u", &hello))
        g_ptr_array_add (f->story, g_strdup_printf ("%s hello %u", at, hello));
      if (pending != NULL)
        g_ptr_array_add (f->story, g_strdup_printf ("%s pending %" G_GSIZE_FORMAT, at, g_variant_n_children (pending)));
    }
  else
    {
      g_autoptr (GVariant) object = g_variant_get_child_value (args, 0);
      g_autofree char *at = short_path (g_variant_get_string (object, NULL));

      g_ptr_array_add (f->story, g_strdup_printf ("%s %s", name, at));
    }
}

static Ol2tpConfig *
write_config (Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  Ol2tpConfig *config;

  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error));
  config = ol2tp_config_load (path, 0, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return config;
}

/* A port that was free a moment ago. */
static guint16
find_port (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t len = sizeof address;
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_no_errno (bind (fd, (struct sockaddr *) &address, len));
  g_assert_no_errno (getsockname (fd, (struct sockaddr *) &address, &len));
  close (fd);
  return ntohs (address.sin_port);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *server_text = NULL;
  g_autoptr (GError) error = NULL;
  const char *address;

  f->server_port = find_port ();
  server_text = g_strdup_printf ("[daemon]\ndatapath=null\n[lns]\nenabled=true\nlisten=127.0.0.1:%u\nsecret=" SECRET
                                 "\n[user alice]\npassword=x\n",
                                 f->server_port);
  f->dbus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->dbus);
  address = g_test_dbus_get_bus_address (f->dbus);
  f->folder = g_dir_make_tmp ("openl2tp-test-XXXXXX", NULL);
  f->story = g_ptr_array_new_with_free_func (g_free);

  f->server_plugins = ol2tp_plugins_new (f->folder, NULL);
  f->server = ol2tp_controller_new (write_config (f, "server.conf", server_text), f->server_plugins, 0);
  g_assert_true (ol2tp_controller_start (f->server, 0, &error));
  g_assert_no_error (error);

  f->plugins = ol2tp_plugins_new (f->folder, NULL);
  f->controller = ol2tp_controller_new (write_config (f, "client.conf", "[daemon]\ndatapath=null\n"), f->plugins, 0);
  f->daemon = g_dbus_connection_new_for_address_sync (
    address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  g_assert_no_error (error);
  f->bus = ol2tp_bus_new (f->controller, f->daemon, &error);
  g_assert_no_error (error);
  g_assert_true (ol2tp_controller_start (f->controller, 0, &error));

  f->client = g_dbus_connection_new_for_address_sync (
    address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  g_assert_no_error (error);
  f->subscription = g_dbus_connection_signal_subscribe (f->client, g_dbus_connection_get_unique_name (f->daemon), NULL, NULL, NULL, NULL,
                                                        G_DBUS_SIGNAL_FLAGS_NONE, on_signal, f, NULL);
}

static void
on_stopped (const GError *error, gpointer data)
{
  *(gboolean *) data = TRUE;
}

static void
stop_controller (Ol2tpController *controller)
{
  gboolean stopped = FALSE;

  ol2tp_controller_shutdown (controller, on_stopped, &stopped);
  while (!stopped)
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  stop_controller (f->controller);
  stop_controller (f->server);
  g_dbus_connection_signal_unsubscribe (f->client, f->subscription);
  ol2tp_bus_free (f->bus);
  ol2tp_plugins_free (f->plugins);
  ol2tp_controller_free (f->controller);
  ol2tp_plugins_free (f->server_plugins);
  ol2tp_controller_free (f->server);
  g_dbus_connection_close_sync (f->daemon, NULL, NULL);
  g_dbus_connection_close_sync (f->client, NULL, NULL);
  g_object_unref (f->daemon);
  g_object_unref (f->client);
  g_test_dbus_down (f->dbus);
  g_object_unref (f->dbus);
  g_ptr_array_unref (f->story);
  g_rmdir (f->folder);
  g_free (f->folder);
}

/* Calls. */

typedef struct {
  gboolean done;
  GVariant *value;
  GError *error;
} Answer;

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->value = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), NULL, result, &answer->error);
  answer->done = TRUE;
}

static GVariant *
call_full (Fixture *f, const char *path, const char *interface, const char *method, GVariant *args, GUnixFDList *fds, GError **error)
{
  g_autofree char *full = g_strconcat (OL2TP_ROOT_PATH, path, NULL);
  Answer answer = { 0 };

  g_dbus_connection_call_with_unix_fd_list (f->client, g_dbus_connection_get_unique_name (f->daemon), full, interface, method, args, NULL,
                                            G_DBUS_CALL_FLAGS_NONE, 60000, fds, NULL, on_answer, &answer);
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);
  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  g_ptr_array_add (f->story, g_strdup_printf ("reply %s", method));
  return answer.value;
}

static GVariant *
call (Fixture *f, const char *path, const char *interface, const char *method, GVariant *args)
{
  g_autofree char *full = g_strconcat ("org.openl2tp1.", interface, NULL);
  g_autoptr (GError) error = NULL;
  GVariant *value = call_full (f, path, full, method, args, NULL, &error);

  g_assert_no_error (error);
  return value;
}

static char *
call_for_path (Fixture *f, const char *path, const char *interface, const char *method, GVariant *args)
{
  g_autoptr (GVariant) value = call (f, path, interface, method, args);
  const char *object;

  g_variant_get (value, "(&o)", &object);
  return short_path (object);
}

static void
call_void (Fixture *f, const char *path, const char *interface, const char *method, GVariant *args)
{
  g_variant_unref (call (f, path, interface, method, args));
}

static void
assert_error (Fixture *f, const char *name, const char *text, const char *path, const char *interface, const char *method, GVariant *args)
{
  g_autofree char *full = g_strconcat ("org.openl2tp1.", interface, NULL);
  g_autofree char *expected = g_str_has_prefix (name, "org.") ? g_strdup (name) : g_strconcat ("org.openl2tp1.Error.", name, NULL);
  g_autofree char *actual = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = call_full (f, path, full, method, args, NULL, &error);

  g_assert_null (value);
  actual = g_dbus_error_get_remote_error (error);
  g_test_message ("%s: %s", actual, error->message);
  g_assert_cmpstr (actual, ==, expected);
  g_assert_nonnull (strstr (error->message, text));
}

static char *
create_tunnel (Fixture *f, const char *name, const char *options)
{
  g_autofree char *text = g_strdup_printf ("('%s', '127.0.0.1', @a{sv} {'peer-port': <uint16 %u>, 'local-port': <uint16 0>%s})", name,
                                           f->server_port, options);
  g_autoptr (GVariant) args = g_variant_parse (NULL, text, NULL, NULL, NULL); /* unlike others of its kind not floating */

  g_assert_nonnull (args);
  return call_for_path (f, "", "Manager", "CreateTunnel", args);
}

static GVariant *
no_options (void)
{
  return g_variant_new_parsed ("(@a{sv} {},)");
}

static void
assert_story (Fixture *f, const char *const *expected)
{
  g_autofree char *actual_text = NULL;
  g_autofree char *expected_text = g_strjoinv ("\n", (char **) expected);

  g_ptr_array_add (f->story, NULL);
  actual_text = g_strjoinv ("\n", (char **) f->story->pdata);
  g_ptr_array_remove_index (f->story, f->story->len - 1);
  g_assert_cmpstr (actual_text, ==, expected_text);
}

static void
test_life (Fixture *f, gconstpointer data)
{
  g_autofree char *tunnel = create_tunnel (f, "office", ", 'secret': <'" SECRET "'>");
  g_autofree char *session = call_for_path (f, tunnel, "Tunnel", "CreateSession", g_variant_new_parsed ("('', {'user': <'alice'>})"));
  const char *const expected[] = {
    "InterfacesAdded /Tunnel/1",
    "TunnelCreated /Tunnel/1",
    "reply CreateTunnel",
    "InterfacesAdded /Tunnel/1/Session/1",
    "SessionCreated /Tunnel/1/Session/1",
    "reply CreateSession",
    "/Tunnel/1=wait-ctl-reply",
    "/Tunnel/1/Session/1=wait-tunnel",
    "/Tunnel/1=established",
    "TunnelUp /Tunnel/1",
    "/Tunnel/1/Session/1=wait-reply",
    "/Tunnel/1/Session/1=established",
    "SessionUp /Tunnel/1/Session/1",
    "reply Connect",
    "reply Connect",
    "reply GetStats",
    "reply GetStats",
    "/Tunnel/1/Session/1=idle",
    "SessionDown /Tunnel/1/Session/1",
    "SessionDeleted /Tunnel/1/Session/1",
    "/Tunnel/1=idle",
    "TunnelDown /Tunnel/1",
    "TunnelDeleted /Tunnel/1",
    "reply Disconnect",
    "reply Disconnect",
    "TunnelCreated /Tunnel/1",
    "/Tunnel/1=wait-ctl-reply",
    "/Tunnel/1=established",
    "TunnelUp /Tunnel/1",
    "reply Connect",
    "/Tunnel/1=idle",
    "TunnelDown /Tunnel/1",
    "TunnelDeleted /Tunnel/1",
    "InterfacesRemoved /Tunnel/1/Session/1",
    "InterfacesRemoved /Tunnel/1",
    "reply Delete",
    NULL,
  };

  call_void (f, session, "Session", "Connect", no_options ());
  call_void (f, tunnel, "Tunnel", "Connect", no_options ());
  call_void (f, tunnel, "Tunnel", "GetStats", NULL);
  call_void (f, session, "Session", "GetStats", NULL);
  call_void (f, tunnel, "Tunnel", "Disconnect", no_options ());
  call_void (f, tunnel, "Tunnel", "Disconnect", no_options ());
  call_void (f, tunnel, "Tunnel", "Connect", no_options ());
  call_void (f, tunnel, "Tunnel", "Delete", NULL);
  assert_story (f, expected);
  assert_error (f, "org.freedesktop.DBus.Error.UnknownMethod", "", tunnel, "Tunnel", "Delete", NULL);
}

static void
test_errors (Fixture *f, gconstpointer data)
{
  g_autofree char *tunnel = create_tunnel (f, "office", "");
  g_autofree char *session = call_for_path (f, tunnel, "Tunnel", "CreateSession", g_variant_new_parsed ("('one', @a{sv} {})"));

  assert_error (f, "AlreadyExists", "office", "", "Manager", "CreateTunnel", g_variant_new_parsed ("('office', 'x', @a{sv} {})"));
  assert_error (f, "InvalidArguments", "peer", "", "Manager", "CreateTunnel", g_variant_new_parsed ("('a', '', @a{sv} {})"));
  assert_error (f, "InvalidArguments", "name", "", "Manager", "CreateTunnel", g_variant_new_parsed ("('a b', 'x', @a{sv} {})"));
  assert_error (f, "InvalidArguments", "colour", "", "Manager", "CreateTunnel",
                g_variant_new_parsed ("('a', 'x', {'colour': <'red'>})"));
  assert_error (f, "InvalidArguments", "hello-interval", "", "Manager", "CreateTunnel",
                g_variant_new_parsed ("('a', 'x', {'hello-interval': <'soon'>})"));
  assert_error (f, "NotSupported", "version", "", "Manager", "CreateTunnel",
                g_variant_new_parsed ("('a', 'x', {'version': <byte 3>})"));
  assert_error (f, "NotFound", "home", "", "Manager", "GetTunnelByName", g_variant_new ("(s)", "home"));
  assert_error (f, "NotFound", "0", "", "Manager", "GetTunnelById", g_variant_new ("(u)", 0));
  assert_error (f, "NotFound", "1", "", "Manager", "GetSessionById", g_variant_new ("(uu)", 1, 1));
  assert_error (f, "NotSupported", "Reload", "", "Manager", "Reload", NULL);
  assert_error (f, "AlreadyExists", "one", tunnel, "Tunnel", "CreateSession", g_variant_new_parsed ("('one', @a{sv} {})"));
  assert_error (f, "InvalidArguments", "interface-name", tunnel, "Tunnel", "CreateSession",
                g_variant_new_parsed ("('', {'interface-name': <'sixteencharacter'>})"));
  assert_error (f, "InvalidArguments", "wait", tunnel, "Tunnel", "Connect", g_variant_new_parsed ("({'wait': <true>},)"));
  assert_error (f, "InvalidArguments", "timeout", session, "Session", "Connect", g_variant_new_parsed ("({'timeout': <'x'>},)"));
  assert_error (f, "WrongState", "one", session, "Session", "GetStats", NULL);
  assert_error (f, "InvalidArguments", "called-number", session, "Session", "Modify",
                g_variant_new_parsed ("({'called-number': <'5551'>},)"));
  assert_error (f, "InvalidArguments", "descriptor", tunnel, "Tunnel", "SetSecret", g_variant_new ("(sh)", "tunnel", 0));
  assert_error (f, "org.freedesktop.DBus.Error.InvalidArgs", "", "", "Manager", "GetTunnelById", g_variant_new ("(s)", "1"));
  assert_error (f, "org.freedesktop.DBus.Error.UnknownMethod", "", "/Tunnel/99", "Tunnel", "Delete", NULL);
}

static void
test_lookups (Fixture *f, gconstpointer data)
{
  g_autofree char *tunnel = create_tunnel (f, "office", "");
  g_autofree char *session = call_for_path (f, tunnel, "Tunnel", "CreateSession", g_variant_new_parsed ("('', @a{sv} {})"));
  const Ol2tpModel *model = ol2tp_controller_get_model (f->controller);
  const Ol2tpTunnelEntry *entry = ol2tp_model_find_tunnel_by_name (model, "office");
  const Ol2tpSessionEntry *session_entry = g_ptr_array_index (entry->sessions, 0);
  g_autofree char *by_name = call_for_path (f, "", "Manager", "GetTunnelByName", g_variant_new ("(s)", "office"));
  g_autofree char *by_id = call_for_path (f, "", "Manager", "GetTunnelById", g_variant_new ("(u)", entry->id));
  g_autofree char *session_by_id
    = call_for_path (f, "", "Manager", "GetSessionById", g_variant_new ("(uu)", entry->id, session_entry->id));

  g_assert_cmpstr (by_name, ==, tunnel);
  g_assert_cmpstr (by_id, ==, tunnel);
  g_assert_cmpstr (session_by_id, ==, session);
}

static void
assert_properties (const GDBusInterfaceInfo *info, GVariant *all)
{
  guint n = 0;

  g_variant_ref_sink (all);
  for (GDBusPropertyInfo **property = info->properties; *property != NULL; property++, n++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (all, (*property)->name, NULL);

      g_test_message ("%s.%s", info->name, (*property)->name);
      g_assert_nonnull (value);
      g_assert_cmpstr (g_variant_get_type_string (value), ==, (*property)->signature);
    }
  g_assert_cmpuint (g_variant_n_children (all), ==, n);
  g_variant_unref (all);
}

static void
test_properties (Fixture *f, gconstpointer data)
{
  g_autofree char *tunnel = create_tunnel (f, "office", ", 'secret': <'" SECRET "'>");
  g_autofree char *session
    = call_for_path (f, tunnel, "Tunnel", "CreateSession", g_variant_new_parsed ("('', {'password': <'" SECRET "'>})"));
  const Ol2tpTunnelEntry *entry = ol2tp_model_find_tunnel_by_name (ol2tp_controller_get_model (f->controller), "office");
  g_autoptr (GVariant) objects = NULL;
  g_autofree char *text = NULL;

  call_void (f, session, "Session", "Connect", no_options ());
  assert_properties (&org_openl2tp1_manager_interface, ol2tp_manager_get_all_properties (f->controller));
  assert_properties (&org_openl2tp1_tunnel_interface, ol2tp_tunnel_get_all_properties (entry));
  assert_properties (&org_openl2tp1_session_interface, ol2tp_session_get_all_properties (g_ptr_array_index (entry->sessions, 0)));

  /* Everything a reader can get holds both objects and no secret. */
  objects = call_full (f, "", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", NULL, NULL, NULL);
  text = g_variant_print (objects, FALSE);
  g_assert_nonnull (strstr (text, "'/org/openl2tp1/Tunnel/1/Session/1'"));
  g_assert_nonnull (strstr (text, "'Authenticated': <'mutual'>"));
  g_assert_null (strstr (text, SECRET));
}

static GUnixFDList *
memory_file (const char *text)
{
  GUnixFDList *fds = g_unix_fd_list_new ();
  int fd = memfd_create ("secret", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, text, strlen (text)), ==, (int) strlen (text));
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);
  g_unix_fd_list_append (fds, fd, NULL);
  close (fd);
  return fds;
}

static void
test_secrets (Fixture *f, gconstpointer data)
{
  g_autofree char *without = create_tunnel (f, "without", "");
  g_autofree char *tunnel = create_tunnel (f, "office", "");
  g_autoptr (GUnixFDList) wrong = memory_file ("not it");
  g_autoptr (GUnixFDList) right = memory_file (SECRET);
  g_autoptr (GUnixFDList) again = memory_file (SECRET);
  g_autoptr (GVariant) first = NULL, second = NULL, third = NULL;
  g_autoptr (GError) error = NULL;

  first = call_full (f, tunnel, "org.openl2tp1.Tunnel", "SetSecret", g_variant_new ("(sh)", "tunnel", 0), wrong, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (f->story->pdata[f->story->len - 2], ==, "TunnelModified /Tunnel/2");
  assert_error (f, "NoSecrets", "", without, "Tunnel", "Connect", no_options ());
  assert_error (f, "TunnelAuthFailed", "", tunnel, "Tunnel", "Connect", no_options ());
  second = call_full (f, tunnel, "org.openl2tp1.Tunnel", "SetSecret", g_variant_new ("(sh)", "tunnel", 0), right, &error);
  g_assert_no_error (error);
  call_void (f, tunnel, "Tunnel", "Connect", no_options ());
  third = call_full (f, tunnel, "org.openl2tp1.Tunnel", "SetSecret", g_variant_new ("(sh)", "ppp", 0), again, &error);
  g_assert_nonnull (error);
}

static void
assert_property (Fixture *f, const char *path, const char *interface, const char *name, const char *expected)
{
  g_autofree char *full = g_strconcat (OL2TP_BUS_NAME ".", interface, NULL);
  g_autoptr (GVariant) value
    = call_full (f, path, "org.freedesktop.DBus.Properties", "Get", g_variant_new ("(ss)", full, name), NULL, NULL);
  g_autofree char *text = g_variant_print (value, FALSE);

  g_ptr_array_remove_index (f->story, f->story->len - 1);
  g_assert_cmpstr (text, ==, expected);
}

static void
modify (Fixture *f, const char *path, const char *interface, const char *options)
{
  g_autoptr (GVariant) parsed = g_variant_parse (G_VARIANT_TYPE_VARDICT, options, NULL, NULL, NULL);

  call_void (f, path, interface, "Modify", g_variant_new ("(@a{sv})", parsed));
}

/* All or nothing; at once where nothing is connected, else listed until it is down. */
static void
test_modify_tunnel (Fixture *f, gconstpointer data)
{
  g_autofree char *tunnel = create_tunnel (f, "office", ", 'secret': <'" SECRET "'>");
  const Ol2tpTunnelEntry *entry = ol2tp_model_find_tunnel_by_name (ol2tp_controller_get_model (f->controller), "office");
  const char *const expected[] = {
    "/Tunnel/1 hello 30", "TunnelModified /Tunnel/1", "reply Modify", "reply Modify", "reply Modify", "reply Modify", "/Tunnel/1=wait-ctl-reply",
    "/Tunnel/1=established", "TunnelUp /Tunnel/1", "reply Connect", "/Tunnel/1 hello 40", "/Tunnel/1 pending 2", "TunnelModified /Tunnel/1",
    "reply Modify", "/Tunnel/1 hello 30", "/Tunnel/1 pending 1", "TunnelModified /Tunnel/1", "reply Modify", "/Tunnel/1=idle",
    "/Tunnel/1 pending 0", "TunnelDown /Tunnel/1", "TunnelDeleted /Tunnel/1", "reply Disconnect", "/Tunnel/1 hello 50", "reply Modify", NULL,
  };

  g_ptr_array_set_size (f->story, 0);
  modify (f, tunnel, "Tunnel", "{'hello-interval': <byte 30>, 'max-retries': <uint32 7>}");
  assert_error (f, "InvalidArguments", "retry-timeout", tunnel, "Tunnel", "Modify",
                g_variant_new_parsed ("({'hello-interval': <uint32 20>, 'retry-timeout': <uint32 1>},)"));
  assert_error (f, "InvalidArguments", "peer-port", tunnel, "Tunnel", "Modify", g_variant_new_parsed ("({'peer-port': <uint16 1>},)"));
  modify (f, tunnel, "Tunnel", "{}");
  g_assert_cmpuint (entry->settings->hello_interval_sec, ==, 30);
  assert_property (f, tunnel, "Tunnel", "MaxRetries", "(<uint32 7>,)");
  call_void (f, tunnel, "Tunnel", "Connect", no_options ());
  modify (f, tunnel, "Tunnel", "{'hello-interval': <40>, 'retry-timeout': <uint32 500>, 'max-sessions': <uint32 3>}");
  assert_property (f, tunnel, "Tunnel", "PendingChanges", "(<['hello-interval', 'retry-timeout']>,)");
  modify (f, tunnel, "Tunnel", "{'hello-interval': <30>}"); /* as it was: nothing waits */
  assert_property (f, tunnel, "Tunnel", "PendingChanges", "(<['retry-timeout']>,)");
  call_void (f, tunnel, "Tunnel", "Disconnect", no_options ());
  modify (f, tunnel, "Tunnel", "{'hello-interval': <50>}"); /* no ID that a signal could be about */
  assert_story (f, expected);
}

static void
test_modify_session (Fixture *f, gconstpointer data)
{
  g_autofree char *tunnel = create_tunnel (f, "office", ", 'secret': <'" SECRET "'>");
  g_autofree char *session = call_for_path (f, tunnel, "Tunnel", "CreateSession", g_variant_new_parsed ("('', {'user': <'alice'>})"));
  g_autoptr (GPtrArray) tunnels = NULL;
  const Ol2tpTunnelEntry *peer;

  modify (f, session, "Session", "{'tx-speed': <uint64 20000>, 'mtu': <uint16 1300>}");
  g_assert_cmpstr (f->story->pdata[f->story->len - 2], ==, "SessionModified /Tunnel/1/Session/1");
  call_void (f, session, "Session", "Connect", no_options ());
  tunnels = ol2tp_model_list_tunnels (ol2tp_controller_get_model (f->server));
  peer = g_ptr_array_index (tunnels, 0);
  g_assert_cmpuint (((Ol2tpSessionEntry *) g_ptr_array_index (peer->sessions, 0))->tx_speed, ==, 20000);

  modify (f, session, "Session", "{'user': <'bob'>, 'mtu': <uint16 1200>}");
  assert_property (f, session, "Session", "Mtu", "(<uint32 1300>,)");
  assert_property (f, session, "Session", "UserName", "(<'alice'>,)");
  call_void (f, session, "Session", "Disconnect", no_options ());
  assert_property (f, session, "Session", "Mtu", "(<uint32 1200>,)");
  assert_property (f, session, "Session", "UserName", "(<'bob'>,)");
}

/* A call that has a descriptor among its options. */
static char *
call_with_secret (Fixture *f, const char *path, const char *interface, const char *method, const char *args, const char *secret)
{
  g_autoptr (GUnixFDList) fds = memory_file (secret);
  g_autofree char *full = g_strconcat (OL2TP_BUS_NAME ".", interface, NULL);
  g_autofree char *port = g_strdup_printf ("uint16 %u", f->server_port);
  g_auto (GStrv) parts = g_strsplit (args, "PORT", -1);
  g_autofree char *text = g_strjoinv (port, parts);
  g_autoptr (GVariant) parsed = g_variant_parse (NULL, text, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = call_full (f, path, full, method, parsed, fds, &error);

  if (error == NULL)
    return g_variant_print (value, FALSE);
  return g_dbus_error_get_remote_error (error);
}

static void
test_descriptors (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *path, *interface, *method, *args, *secret, *answer;
  } calls[] = {
    { "", "Manager", "CreateTunnel",
      "('office', '127.0.0.1', {'peer-port': <PORT>, 'local-port': <0>, 'secret-fd': <handle 0>})", "wrong",
      "('/org/openl2tp1/Tunnel/1',)" },
    { "/Tunnel/1", "Tunnel", "CreateSession", "('', {'user': <'alice'>, 'password-fd': <handle 0>})", "x",
      "('/org/openl2tp1/Tunnel/1/Session/1',)" },
    { "/Tunnel/1", "Tunnel", "Connect", "(@a{sv} {},)", "", "org.openl2tp1.Error.TunnelAuthFailed" },
    { "/Tunnel/1", "Tunnel", "Modify", "({'secret-fd': <handle 0>, 'hello-interval': <10>},)", SECRET, "()" },
    { "/Tunnel/1/Session/1", "Session", "Connect", "(@a{sv} {},)", "", "()" },
    { "/Tunnel/1/Session/1", "Session", "Modify", "({'password-fd': <handle 0>},)", "", "()" },
    { "/Tunnel/1", "Tunnel", "Modify", "({'secret-fd': <handle 0>, 'secret': <'x'>},)", "x", "org.openl2tp1.Error.InvalidArguments" },
    { "/Tunnel/1", "Tunnel", "Modify", "({'secret-fd': <handle 7>},)", "x", "org.openl2tp1.Error.InvalidArguments" },
    { "/Tunnel/1", "Tunnel", "Modify", "({'secret-fd': <5>},)", "x", "org.openl2tp1.Error.InvalidArguments" },
  };
  const Ol2tpTunnelEntry *tunnel;
  const Ol2tpSessionEntry *session;

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autofree char *answer
        = call_with_secret (f, calls[i].path, calls[i].interface, calls[i].method, calls[i].args, calls[i].secret);

      g_test_message ("%s %s: %s", calls[i].method, calls[i].args, answer);
      g_assert_cmpstr (answer, ==, calls[i].answer);
    }
  tunnel = ol2tp_model_find_tunnel_by_name (ol2tp_controller_get_model (f->controller), "office");
  session = g_ptr_array_index (tunnel->sessions, 0);
  g_assert_cmpuint (tunnel->settings->hello_interval_sec, ==, 10);
  g_assert_null (session->settings->password); /* no octet: none */
}

/* An attempt that cannot succeed, and its caller gives up: Canceled for who waits, and the object is as before. */
static void
test_cancel (Fixture *f, gconstpointer data)
{
  GVariant *args = g_variant_new_parsed ("('nobody', '127.0.0.1', {'peer-port': <uint16 9>, 'local-port': <uint16 0>})");
  g_autofree char *tunnel = call_for_path (f, "", "Manager", "CreateTunnel", args);
  g_autofree char *full = g_strconcat (OL2TP_ROOT_PATH, tunnel, NULL);
  g_autofree char *name = NULL;
  Answer answer = { 0 };

  g_dbus_connection_call_with_unix_fd_list (f->client, g_dbus_connection_get_unique_name (f->daemon), full, "org.openl2tp1.Tunnel",
                                            "Connect", no_options (), NULL, G_DBUS_CALL_FLAGS_NONE, 60000, NULL, NULL, on_answer, &answer);
  call_void (f, tunnel, "Tunnel", "Disconnect", no_options ());
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);
  name = g_dbus_error_get_remote_error (answer.error);
  g_assert_cmpstr (name, ==, "org.openl2tp1.Error.Canceled");
  g_error_free (answer.error);

  assert_error (f, "Timeout", "time", tunnel, "Tunnel", "Connect", g_variant_new_parsed ("({'timeout': <uint32 1>},)"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/dbus/bus/life", Fixture, NULL, set_up, test_life, tear_down);
  g_test_add ("/dbus/bus/errors", Fixture, NULL, set_up, test_errors, tear_down);
  g_test_add ("/dbus/bus/lookups", Fixture, NULL, set_up, test_lookups, tear_down);
  g_test_add ("/dbus/bus/properties", Fixture, NULL, set_up, test_properties, tear_down);
  g_test_add ("/dbus/bus/secrets", Fixture, NULL, set_up, test_secrets, tear_down);
  g_test_add ("/dbus/bus/modify-tunnel", Fixture, NULL, set_up, test_modify_tunnel, tear_down);
  g_test_add ("/dbus/bus/modify-session", Fixture, NULL, set_up, test_modify_session, tear_down);
  g_test_add ("/dbus/bus/descriptors", Fixture, NULL, set_up, test_descriptors, tear_down);
  g_test_add ("/dbus/bus/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  return g_test_run ();
}
