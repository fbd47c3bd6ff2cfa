/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of commands and options, from which --help is made too. */
#include "commands.h"
#include "keys.h"

#include <string.h>

#define OBJECT "TUNNEL[/SESSION]"

static const CtlCommand commands[] = {
  { "list", "[tunnels|sessions]", "List tunnels and sessions",
    "Prints a table of tunnels and one of sessions, or only the one asked for.\n", 0, 0, 1, ctl_command_list },
  { "show", OBJECT, "Show all there is to know about a tunnel or session",
    "Prints the properties of one object; org.openl2tp1(5) explains them.\n", 0, 1, 1, ctl_command_show },
  { "create", "NAME PEER [KEY=VALUE...] | TUNNEL/NAME [KEY=VALUE...]", "Create a tunnel, or a session in a tunnel",
    "Creates a tunnel to PEER, or a session in a tunnel, and prints its name. With\n"
    "\"\" for NAME the daemon makes one. Nothing is connected unless connect=true.\n",
    CTL_OPTION_SECRET_STDIN, 1, G_MAXINT, ctl_command_create },
  { "connect", OBJECT, "Connect a tunnel or session, wait until it is up",
    "A session opens its tunnel if need be, and is up when PPP is. An attempt goes\n"
    "on if this program is interrupted; \"l2tpctl disconnect\" ends it.\n",
    CTL_OPTION_TIMEOUT | CTL_OPTION_NO_WAIT_PPP, 1, 1, ctl_command_connect },
  { "disconnect", OBJECT, "Take a tunnel or session down, keep the object",
    "Ends PPP in order, tells the peer, and returns when the object is down.\n", 0, 1, 1, ctl_command_disconnect },
  { "delete", OBJECT, "Take a tunnel or session down and remove it",
    "A tunnel of a configuration file is there again when the daemon starts again.\n", 0, 1, 1, ctl_command_delete },
  { "modify", OBJECT " KEY=VALUE...", "Change settings", "Changes settings of an object that exists.\n", 0, 2, G_MAXINT,
    ctl_command_modify },
  { "set-secret", OBJECT, "Set a tunnel's secret, or a session's password",
    "Asks for the secret, or reads it from standard input if that is no terminal,\n"
    "where one newline at its end is not part of it. It goes to the daemon in a\n"
    "sealed memory file and is used from the next connection on.\n",
    CTL_OPTION_CLEAR, 1, 1, ctl_command_set_secret },
  { "stats", OBJECT, "Show counters of a tunnel or session", "Prints the counters of what is up.\n", 0, 1, 1, ctl_command_stats },
  { "monitor", "", "Print events as they happen",
    "Prints a line for each tunnel and session that is created, up, modified, down\n"
    "or deleted, until interrupted. With --json each line is an object.\n",
    0, 0, 0, ctl_command_monitor },
  { "reload", "", "Make the daemon read its configuration again",
    "Prints the paths of the tunnels that were created, changed or removed.\n", 0, 0, 0, ctl_command_reload },
  { "status", "", "Show the daemon's version, abilities and counts", "Does not start a daemon that does not run.\n", 0, 0, 0,
    ctl_command_status },
};

typedef struct {
  const char *option;
  const char *text;
  guint of;
} OptionHelp;

static const OptionHelp option_help[] = {
  { "--timeout=SEC", "Give up after this many seconds (default: the protocol's limit)", CTL_OPTION_TIMEOUT },
  { "--no-wait-ppp", "Return when the session is established, without PPP", CTL_OPTION_NO_WAIT_PPP },
  { "--secret-stdin", "Read the secret or password as set-secret does", CTL_OPTION_SECRET_STDIN },
  { "--clear", "Remove the secret instead of reading one", CTL_OPTION_CLEAR },
};

static const OptionHelp common_help[] = {
  { "--bus=ADDRESS", "D-Bus address of the bus the daemon is on (default: system bus)", 0 },
  { "--json", "Print JSON: list, show, stats, status, monitor, create, reload", 0 },
  { "-h, --help", "Print this", 0 },
  { "-V, --version", "Print the version", 0 },
};

const CtlCommand *
ctl_find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];
  return NULL;
}

/* GLib must not convert strings from the locale's charset: they are file names to it. */
GOptionEntry *
ctl_option_entries (Ctl *ctl, const CtlCommand *command, gboolean *help, gboolean *version)
{
  const GOptionEntry common[] = {
    { "bus", 0, 0, G_OPTION_ARG_FILENAME, &ctl->address, NULL, NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &ctl->json, NULL, NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, help, NULL, NULL },
    { "version", 'V', 0, G_OPTION_ARG_NONE, version, NULL, NULL },
  };
  const struct {
    guint of;
    GOptionEntry entry;
  } special[] = {
    { CTL_OPTION_TIMEOUT, { "timeout", 0, 0, G_OPTION_ARG_INT, &ctl->timeout_sec, NULL, NULL } },
    { CTL_OPTION_NO_WAIT_PPP, { "no-wait-ppp", 0, 0, G_OPTION_ARG_NONE, &ctl->no_wait_ppp, NULL, NULL } },
    { CTL_OPTION_SECRET_STDIN, { "secret-stdin", 0, 0, G_OPTION_ARG_NONE, &ctl->secret_stdin, NULL, NULL } },
    { CTL_OPTION_CLEAR, { "clear", 0, 0, G_OPTION_ARG_NONE, &ctl->clear, NULL, NULL } },
  };
  GOptionEntry *entries = g_new0 (GOptionEntry, G_N_ELEMENTS (common) + G_N_ELEMENTS (special) + 1);
  guint n = G_N_ELEMENTS (common);

  memcpy (entries, common, sizeof common);
  for (guint i = 0; command != NULL && i < G_N_ELEMENTS (special); i++)
    if ((command->options & special[i].of) != 0)
      entries[n++] = special[i].entry;
  return entries;
}

static void
append_option (GString *out, const OptionHelp *help)
{
  g_string_append_printf (out, "  %-16s %s\n", help->option, help->text);
}

static void
append_keys (GString *out, const CtlCommand *command)
{
  gboolean creation = g_str_equal (command->name, "create");
  g_autofree char *tunnel = ctl_keys_help (CTL_KEYS_TUNNEL, creation);
  g_autofree char *session = ctl_keys_help (CTL_KEYS_SESSION, creation);

  g_string_append_printf (out,
                          "\nKeys of tunnels:\n%s\nKeys of sessions:\n%s\n"
                          "org.openl2tp1(5) explains them and says which of them the daemon has. Secrets are\n"
                          "not taken from the command line: see \"l2tpctl set-secret --help\".\n",
                          tunnel, session);
}

static char *
help_of_all (void)
{
  GString *out
      = g_string_new ("Usage: l2tpctl [OPTION...] COMMAND [ARGUMENT...]\n\nControls the L2TP daemon openl2tpd.\n\nCommands:\n");

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (out, "  %-16s %s\n", commands[i].name, commands[i].summary);
  g_string_append (out, "\nOptions:\n");
  for (guint i = 0; i < G_N_ELEMENTS (common_help); i++)
    append_option (out, &common_help[i]);
  g_string_append (out, "\nTUNNEL and SESSION are names or numeric IDs. \"l2tpctl COMMAND --help\" tells more\n"
                        "about a command. Exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 the\n"
                        "daemon cannot be reached. See l2tpctl(1).\n");
  return g_string_free (out, FALSE);
}

char *
ctl_help (const CtlCommand *command)
{
  g_auto (GStrv) forms = NULL;
  GString *out;

  if (command == NULL)
    return help_of_all ();
  out = g_string_new (NULL);
  forms = g_strsplit (strstr (command->arguments, " | ") != NULL ? command->arguments : "", " | ", -1);
  if (*forms == NULL)
    g_string_append_printf (out, "Usage: l2tpctl [OPTION...] %s%s%s\n", command->name, *command->arguments != '\0' ? " " : "",
                            command->arguments);
  for (guint i = 0; forms[i] != NULL; i++)
    g_string_append_printf (out, "%s l2tpctl [OPTION...] %s %s\n", i == 0 ? "Usage:" : "      ", command->name, forms[i]);
  g_string_append_printf (out, "\n%s.\n\n%s\nOptions:\n", command->summary, command->details);
  for (guint i = 0; i < G_N_ELEMENTS (option_help); i++)
    if ((command->options & option_help[i].of) != 0)
      append_option (out, &option_help[i]);
  for (guint i = 0; i < G_N_ELEMENTS (common_help); i++)
    append_option (out, &common_help[i]);
  if (strstr (command->arguments, "KEY=VALUE") != NULL)
    append_keys (out, command);
  return g_string_free (out, FALSE);
}
