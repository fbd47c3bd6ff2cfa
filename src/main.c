/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openl2tpd: options, signals, and what is started in which order. */
#include "config.h"
#include "daemon/controller.h"
#include "daemon/log.h"
#include "dbus/bus.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#define DEFAULT_PLUGIN "ppp_unix"

typedef struct {
  gboolean foreground;
  gboolean version;
  char **plugins;
  char *config_path;
  int port;
  char *debug;
  char *bus_address;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->plugins);
  g_free (options->config_path);
  g_free (options->debug);
  g_free (options->bus_address);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct {
  GMainLoop *loop;
  Ol2tpController *controller;
  GDBusConnection *connection;
  Ol2tpBus *bus;
  guint name_id;
  gboolean name_acquired;
  guint64 watchdog_us; /* 0: nobody watches */
  gboolean stopping;
  int exit_status;
} Daemon;

static gboolean
parse_options (int *argc, char ***argv, Options *options, guint *log_mask, GError **error)
{
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config_path, "Configuration file (default: " OL2TP_CONFDIR "/openl2tpd.conf)",
      "FILE" },
    { "plugin", 'p', 0, G_OPTION_ARG_FILENAME_ARRAY, &options->plugins,
      "Plugin to load, may be repeated: a name in " OL2TP_PLUGINDIR " or a path (default: " DEFAULT_PLUGIN ")", "PLUGIN" },
    { "port", 'u', 0, G_OPTION_ARG_INT, &options->port, "UDP port in place of 1701", "PORT" },
    { "debug", 'd', 0, G_OPTION_ARG_STRING, &options->debug, "Print debug messages: control, transport, ppp, all; separated by commas",
      "CATEGORIES" },
    { "bus", 0, 0, G_OPTION_ARG_STRING, &options->bus_address, "Serve the bus at this address in place of the system bus", "ADDRESS" },
    { "foreground", 'f', 0, G_OPTION_ARG_NONE, &options->foreground, "Accepted for compatibility: the daemon is always in the foreground",
      NULL },
    { "version", 'V', 0, G_OPTION_ARG_NONE, &options->version, "Print the version and exit", NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- L2TP daemon");

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (context, "The daemon is driven over D-Bus (org.openl2tp1); see openl2tpd(8).\n");
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "“%s”: no arguments are expected, only options", (*argv)[1]);
      return FALSE;
    }
  if (options->port < 0 || options->port > 65535)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "--port=%d: not a port (1 to 65535)", options->port);
      return FALSE;
    }
  return options->debug == NULL || ol2tp_log_parse_categories (options->debug, log_mask, error);
}

static gboolean
load_plugins (Ol2tpPlugins *plugins, char **chosen, const Ol2tpConfig *config, GError **error)
{
  static char *fallback[] = { (char *) DEFAULT_PLUGIN, NULL };
  char **names = fallback;

  if (chosen != NULL)
    names = chosen;
  else if (config->plugins != NULL)
    names = config->plugins;
  for (; *names != NULL; names++)
    if (!ol2tp_plugins_load (plugins, *names, error))
      return FALSE;
  for (guint i = 0; i < ol2tp_plugins_get_n (plugins); i++)
    g_message ("plugin %s, version %s", ol2tp_plugins_get_name (plugins, i), ol2tp_plugins_get_version (plugins, i));
  return TRUE;
}

static void
on_shut_down (const GError *error, gpointer data)
{
  Daemon *self = data;

  g_main_loop_quit (self->loop);
}

static gboolean
on_stop_signal (gpointer data)
{
  Daemon *self = data;

  if (self->stopping)
    {
      g_message ("asked to stop twice: stopping at once");
      g_main_loop_quit (self->loop);
      return G_SOURCE_CONTINUE;
    }
  self->stopping = TRUE;
  sd_notify (0, "STOPPING=1");
  g_message ("stopping");
  ol2tp_controller_shutdown (self->controller, on_shut_down, self);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_hangup (gpointer data)
{
  g_message ("this version does not reload its configuration while it runs; restart it");
  return G_SOURCE_CONTINUE;
}

/* From a timer of the loop that does all the work: a loop that is stuck says nothing. */
static void
on_watchdog (gpointer data)
{
  Daemon *self = data;

  sd_notify (0, "WATCHDOG=1");
  ol2tp_loop_add_timer (ol2tp_controller_get_loop (self->controller), g_get_monotonic_time () + (gint64) self->watchdog_us / 2,
                        on_watchdog, self);
}

static void
on_name_acquired (GDBusConnection *connection, const char *name, gpointer data)
{
  Daemon *self = data;

  if (self->name_acquired)
    return;
  self->name_acquired = TRUE;
  ol2tp_controller_start_tunnels (self->controller);
  g_message ("version %s ready", OL2TP_VERSION);
  sd_notify (0, "READY=1");
  if (sd_watchdog_enabled (0, &self->watchdog_us) > 0)
    on_watchdog (self);
}

static void
on_name_lost (GDBusConnection *connection, const char *name, gpointer data)
{
  Daemon *self = data;

  if (self->stopping)
    return;
  if (self->name_acquired)
    {
      g_warning ("the bus is gone: tunnels stay, but nobody can ask for more until the daemon is restarted");
      return;
    }
  g_printerr ("openl2tpd: cannot own the bus name %s: it is taken, or the bus policy forbids it\n", name);
  self->exit_status = 1;
  self->stopping = TRUE;
  ol2tp_controller_shutdown (self->controller, on_shut_down, self);
}

static GDBusConnection *
connect_to_bus (const char *address, GError **error)
{
  g_autofree char *system = NULL;
  GDBusConnection *connection;

  if (address == NULL)
    address = system = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, error);
  if (address == NULL)
    return NULL;
  connection = g_dbus_connection_new_for_address_sync (
    address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, error);
  if (connection == NULL)
    g_prefix_error (error, "cannot connect to the bus at %s: ", address);
  return connection;
}

static gboolean
start (Daemon *self, const Options *options, Ol2tpPlugins *plugins, guint log_mask, GError **error)
{
  g_autoptr (Ol2tpConfig) config = ol2tp_config_load (options->config_path, (guint16) options->port, error);

  if (config == NULL)
    return FALSE;
  self->controller = ol2tp_controller_new (g_steal_pointer (&config), plugins, log_mask);
  if (!load_plugins (plugins, options->plugins, ol2tp_controller_get_config (self->controller), error))
    return FALSE;
  self->connection = connect_to_bus (options->bus_address, error);
  if (self->connection == NULL)
    return FALSE;
  self->bus = ol2tp_bus_new (self->controller, self->connection, error);
  if (self->bus == NULL || !ol2tp_controller_start (self->controller, (guint16) options->port, error))
    return FALSE;
  if (options->bus_address == NULL) /* polkit would take unique names of another bus for those of its own */
    ol2tp_bus_use_polkit (self->bus);
  self->name_id = g_bus_own_name_on_connection (self->connection, OL2TP_BUS_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE, on_name_acquired,
                                                on_name_lost, self, NULL);
  return TRUE;
}

static void
stop (Daemon *self)
{
  if (self->controller != NULL)
    ol2tp_controller_cancel_waiters (self->controller);
  /* Everything told so far must be out before the name, whose loss says "stopped", is given up. */
  if (self->connection != NULL)
    g_dbus_connection_flush_sync (self->connection, NULL, NULL);
  if (self->name_id != 0)
    g_bus_unown_name (self->name_id);
  g_clear_pointer (&self->bus, ol2tp_bus_free);
}

static int
run (const Options *options, guint log_mask)
{
  g_autofree char *directory = g_get_current_dir ();
  g_autoptr (Ol2tpPlugins) plugins = ol2tp_plugins_new (OL2TP_PLUGINDIR, directory);
  g_autoptr (GError) error = NULL;
  Daemon self = { .loop = g_main_loop_new (NULL, FALSE) };
  guint sources[] = {
    g_unix_signal_add (SIGTERM, on_stop_signal, &self),
    g_unix_signal_add (SIGINT, on_stop_signal, &self),
    g_unix_signal_add (SIGHUP, on_hangup, &self),
  };

  if (start (&self, options, plugins, log_mask, &error))
    g_main_loop_run (self.loop);
  else
    {
      g_printerr ("openl2tpd: %s\n", error->message);
      self.exit_status = 1;
    }
  self.stopping = TRUE;
  stop (&self);
  /* Plugins are cleaned up while the services they call still work. */
  g_clear_pointer (&plugins, ol2tp_plugins_free);
  g_clear_pointer (&self.controller, ol2tp_controller_free);
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  g_clear_object (&self.connection);
  g_main_loop_unref (self.loop);
  return self.exit_status;
}

int
main (int argc, char **argv)
{
  /* Not 0: a core handed to a program (core_pattern "|...") has no limit but this one.  A core would hold passwords. */
  const struct rlimit no_core = { 1, 1 };
  struct rlimit files;
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  guint log_mask = 0;

  umask (022); /* pppd inherits it, and its resolv.conf is for everybody */
  signal (SIGPIPE, SIG_IGN);
  setrlimit (RLIMIT_CORE, &no_core);
  if (getrlimit (RLIMIT_NOFILE, &files) == 0) /* a descriptor a tunnel, some more a session */
    {
      files.rlim_cur = files.rlim_max;
      setrlimit (RLIMIT_NOFILE, &files);
    }
  g_log_writer_default_set_use_stderr (TRUE);

  if (!parse_options (&argc, &argv, &options, &log_mask, &error))
    {
      g_printerr ("openl2tpd: %s\n", error->message);
      return 2;
    }
  if (options.version)
    {
      g_print ("openl2tpd %s\n", OL2TP_VERSION);
      return 0;
    }
  if (log_mask != 0)
    g_setenv ("G_MESSAGES_DEBUG", G_LOG_DOMAIN, TRUE);

  return run (&options, log_mask);
}
