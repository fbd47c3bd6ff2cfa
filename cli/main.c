/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * l2tpctl: finds the command and its options, runs it, and turns what became of it into an exit status.  The locale is not asked:
 * what is printed is the same for everybody, in UTF-8.
 */
#include "commands.h"
#include "config.h"
#include "format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  Ctl ctl;
  gboolean help;
  gboolean version;
} Options;

/* With one of them closed the connection to the bus would take its place.  Like this, using it fails. */
static void
fill_standard_descriptors (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
      abort ();
}

static gboolean
check_utf8 (int argc, char **argv, GError **error)
{
  for (int i = 1; i < argc; i++)
    if (!g_utf8_validate (argv[i], -1, NULL))
      {
        g_set_error (error, CTL_ERROR, CTL_ERROR_USAGE, "“%s”: not UTF-8", argv[i]);
        return FALSE;
      }
  return TRUE;
}

/* Options before the command, and those behind it, which are the same and the command's own. */
static gboolean
parse_options (Options *options, const CtlCommand *command, int *argc, char ***argv, GError **error)
{
  g_autofree GOptionEntry *entries = ctl_option_entries (&options->ctl, command, &options->help, &options->version);
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_strict_posix (context, command == NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  /* GLib leaves the "--" in front of arguments that look like options. */
  for (int i = 1; command != NULL && i < *argc; i++)
    if (g_str_equal ((*argv)[i], "--"))
      {
        memmove (&(*argv)[i], &(*argv)[i + 1], sizeof (char *) * (size_t) (*argc - i));
        (*argc)--;
        break;
      }
  return TRUE;
}

static gboolean
check_arguments (const Options *options, const CtlCommand *command, int n, GError **error)
{
  if (options->ctl.timeout_sec < 0)
    g_set_error (error, CTL_ERROR, CTL_ERROR_USAGE, "--timeout=%d: not a number of seconds", options->ctl.timeout_sec);
  else if (n < command->min)
    g_set_error (error, CTL_ERROR, CTL_ERROR_USAGE, "%s: too few arguments: %s", command->name, command->arguments);
  else if (n > command->max)
    g_set_error (error, CTL_ERROR, CTL_ERROR_USAGE, "%s: too many arguments: %s", command->name,
                 *command->arguments != '\0' ? command->arguments : "there are none");
  else
    return TRUE;
  return FALSE;
}

static gboolean
print_help (const CtlCommand *command)
{
  g_autofree char *text = ctl_help (command);

  fputs (text, stdout);
  return TRUE;
}

static gboolean
run (Options *options, const CtlCommand **command, int argc, char **argv, GError **error)
{
  if (!check_utf8 (argc, argv, error) || !parse_options (options, NULL, &argc, &argv, error))
    return FALSE;
  if (options->version)
    return printf ("l2tpctl %s\n", OL2TP_VERSION) > 0;
  if (argc < 2 && options->help)
    return print_help (NULL);
  if (argc < 2)
    {
      g_set_error_literal (error, CTL_ERROR, CTL_ERROR_USAGE, "no command was given");
      return FALSE;
    }
  *command = ctl_find_command (argv[1]);
  if (*command == NULL)
    {
      g_set_error (error, CTL_ERROR, CTL_ERROR_USAGE, "“%s”: no such command", argv[1]);
      return FALSE;
    }
  argc--, argv++;
  if (!parse_options (options, *command, &argc, &argv, error))
    return FALSE;
  if (options->help)
    return print_help (*command);
  if (options->version)
    return printf ("l2tpctl %s\n", OL2TP_VERSION) > 0;
  if (!check_arguments (options, *command, argc - 1, error))
    return FALSE;
  return (*command)->run (&options->ctl, argv + 1, error);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) copy = g_strdupv (argv); /* GOption moves pointers around */
  g_autofree char **words = g_memdup2 (copy, sizeof (char *) * (gsize) (argc + 1));
  Options options = { .help = FALSE };
  const CtlCommand *command = NULL;
  g_autoptr (GError) error = NULL;
  CtlExit status = CTL_EXIT_OK;

  fill_standard_descriptors ();
  if (!run (&options, &command, argc, words, &error))
    {
      g_autofree char *text = ctl_error_text (error);

      status = ctl_exit_status (error);
      fflush (stdout);
      fprintf (stderr, "l2tpctl: %s\n", text);
      if (status == CTL_EXIT_USAGE)
        fprintf (stderr, "Try “l2tpctl%s%s --help”.\n", command != NULL ? " " : "", command != NULL ? command->name : "");
    }
  g_clear_object (&options.ctl.connection);
  g_free (options.ctl.address);
  if ((fflush (stdout) != 0 || ferror (stdout)) && status == CTL_EXIT_OK)
    {
      fprintf (stderr, "l2tpctl: cannot write: %s\n", g_strerror (errno));
      status = CTL_EXIT_FAILED;
    }
  return (int) status;
}
