/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands.  Each gets what remains of the command line, with the right number of arguments, all of them UTF-8. */
#ifndef CTL_COMMANDS_H
#define CTL_COMMANDS_H

#include "client.h"

typedef enum {
  CTL_OPTION_TIMEOUT = 1 << 0,
  CTL_OPTION_NO_WAIT_PPP = 1 << 1,
  CTL_OPTION_SECRET_STDIN = 1 << 2,
  CTL_OPTION_CLEAR = 1 << 3,
} CtlOptions;

typedef struct {
  const char *name;
  const char *arguments; /* "|" separates two forms */
  const char *summary;
  const char *details;
  guint options; /* CtlOptions */
  int min;       /* arguments */
  int max;       /* G_MAXINT for any number */
  gboolean (*run) (Ctl *ctl, char **arguments, GError **error);
} CtlCommand;

gboolean ctl_command_list (Ctl *ctl, char **arguments, GError **error);
gboolean ctl_command_show (Ctl *ctl, char **arguments, GError **error);
gboolean ctl_command_stats (Ctl *ctl, char **arguments, GError **error);
gboolean ctl_command_status (Ctl *ctl, char **arguments, GError **error);
gboolean ctl_command_monitor (Ctl *ctl, char **arguments, GError **error);
gboolean ctl_command_create (Ctl *ctl, char **arguments, GError **error);
gboolean ctl_command_connect (Ctl *ctl, char **arguments, GError **error);
gboolean ctl_command_disconnect (Ctl *ctl, char **arguments, GError **error);
gboolean ctl_command_delete (Ctl *ctl, char **arguments, GError **error);
gboolean ctl_command_modify (Ctl *ctl, char **arguments, GError **error);
gboolean ctl_command_reload (Ctl *ctl, char **arguments, GError **error);
gboolean ctl_command_set_secret (Ctl *ctl, char **arguments, GError **error);

/**
 * ctl_find_command:
 *
 * Returns: (transfer none) (nullable): the command of that name
 */
const CtlCommand *ctl_find_command (const char *name);

/**
 * ctl_option_entries:
 * @command: (nullable): whose options are wanted too, beside those that can be given always
 *
 * Returns: (transfer full): options for g_option_context_add_main_entries(), to be freed with g_free()
 */
GOptionEntry *ctl_option_entries (Ctl *ctl, const CtlCommand *command, gboolean *help, gboolean *version);

/**
 * ctl_help:
 * @command: (nullable): %NULL for an overview
 *
 * Returns: (transfer full): what --help prints
 */
char *ctl_help (const CtlCommand *command);

#endif
