/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "secret.h"

#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

/* More than the daemon takes, which says itself what is too long. */
#define BUFFER_SIZE 4096

static volatile sig_atomic_t caught;

static void
on_signal (int number)
{
  caught = number;
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, CTL_ERROR, CTL_ERROR_FAILED, "%s: %s", what, g_strerror (errno));
  return FALSE;
}

static GUnixFDList *
put_in_memory_file (const guint8 *data, gsize len, GError **error)
{
  int fd = memfd_create ("l2tpctl-secret", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0 || write (fd, data, len) != (gssize) len || lseek (fd, 0, SEEK_SET) != 0
      || fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
    {
      fail (error, "cannot make a memory file for the secret");
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  return g_unix_fd_list_new_from_array (&fd, 1); /* which owns it now */
}

/* Until the end, or the first newline if @line; @len counts what was read, even if that failed. */
static gboolean
read_input (guint8 *buffer, gsize size, gboolean line, gsize *len, GError **error)
{
  gssize n;

  do
    {
      n = *len < size ? read (STDIN_FILENO, buffer + *len, size - *len) : 0;
      if (n > 0)
        *len += (gsize) n;
    }
  while ((n > 0 && !(line && buffer[*len - 1] == '\n')) || (n < 0 && errno == EINTR && !caught));
  if (n < 0 && !caught)
    return fail (error, "cannot read the secret from standard input");
  if (*len == size)
    {
      g_set_error_literal (error, CTL_ERROR, CTL_ERROR_FAILED, "the secret on standard input is too long");
      return FALSE;
    }
  return TRUE;
}

static void
set_handlers (const struct sigaction *action, struct sigaction *old)
{
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    sigaction (numbers[i], action != NULL ? action : &old[i], action != NULL ? &old[i] : NULL);
}

/* Whatever ends the wait, the terminal shows again what is typed. */
static gboolean
read_from_terminal (const char *prompt, guint8 *buffer, gsize size, gsize *len, GError **error)
{
  struct sigaction action = { .sa_handler = on_signal }, old[4];
  struct termios saved, quiet;
  gboolean good;

  if (tcgetattr (STDIN_FILENO, &saved) < 0)
    return fail (error, "cannot ask on this terminal");
  quiet = saved;
  quiet.c_lflag &= ~(tcflag_t) (ECHO | ECHONL);
  quiet.c_cc[VSUSP] = _POSIX_VDISABLE;
  set_handlers (&action, old);
  dprintf (STDERR_FILENO, "%s: ", prompt);
  good = tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet) == 0 || fail (error, "cannot hide what is typed on this terminal");
  good = good && read_input (buffer, size, TRUE, len, error);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &saved);
  dprintf (STDERR_FILENO, "\n");
  set_handlers (NULL, old);
  if (caught)
    raise (caught);
  return good;
}

GUnixFDList *
ctl_secret_read (const char *prompt, GError **error)
{
  GUnixFDList *list = NULL;
  guint8 buffer[BUFFER_SIZE];
  gsize len = 0;
  gboolean good;

  if (isatty (STDIN_FILENO))
    good = read_from_terminal (prompt, buffer, sizeof buffer, &len, error);
  else
    good = read_input (buffer, sizeof buffer, FALSE, &len, error);
  if (good && len > 0 && buffer[len - 1] == '\n')
    len--;
  if (good && len == 0)
    g_set_error_literal (error, CTL_ERROR, CTL_ERROR_FAILED, "the secret is empty; “l2tpctl set-secret --clear” removes one");
  else if (good)
    list = put_in_memory_file (buffer, len, error);
  explicit_bzero (buffer, sizeof buffer);
  return list;
}

GUnixFDList *
ctl_secret_empty (GError **error)
{
  return put_in_memory_file ((const guint8 *) "", 0, error);
}
