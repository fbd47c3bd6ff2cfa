/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arguments.h"

/* From <linux/wait.h>; glibc has had it in its own header only since 2.36. */
#define WAIT_ID_PIDFD ((idtype_t) 3)

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static gboolean
set_error (GError **error, int error_number, const char *what)
{
  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (error_number), "%s: %s", what, g_strerror (error_number));
  return FALSE;
}

void
ol2tp_child_init (Ol2tpChild *self)
{
  *self = (Ol2tpChild){ .pid = -1, .pidfd = -1, .control_fd = -1, .lifeline_fd = -1, .output_fd = -1 };
}

void
ol2tp_child_clear (Ol2tpChild *self)
{
  close_fd (&self->pidfd);
  close_fd (&self->control_fd);
  close_fd (&self->lifeline_fd);
  close_fd (&self->output_fd);
}

gboolean
ol2tp_child_open (Ol2tpChild *self, int ends[3], GError **error)
{
  int control[2], lifeline[2], output[2];

  ends[0] = ends[1] = ends[2] = -1;
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0)
    return set_error (error, errno, "control channel");
  self->control_fd = control[0];
  ends[0] = control[1];
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, lifeline) < 0)
    return set_error (error, errno, "lifeline");
  self->lifeline_fd = lifeline[0];
  ends[1] = lifeline[1];
  if (pipe2 (output, O_CLOEXEC) < 0)
    return set_error (error, errno, "output pipe");
  self->output_fd = output[0];
  ends[2] = output[1];
  /* Ours only: pppd may block on it, which it does not when we are gone. */
  if (fcntl (self->output_fd, F_SETFL, O_NONBLOCK) < 0)
    return set_error (error, errno, "output pipe");
  return TRUE;
}

/* Number of each descriptor in pppd, and where it comes from. */
typedef struct {
  int source;
  int target;
} Move;

/*
 * Duplicates the sources to numbers above all targets: no dup2() in the child then overwrites the source of a later one, and none
 * is onto its own number, which would leave it close-on-exec.
 */
static gboolean
lift (Move *moves, guint n, int *lifted, GError **error)
{
  for (guint i = 0; i < n; i++)
    lifted[i] = -1;
  for (guint i = 0; i < n; i++)
    {
      lifted[i] = fcntl (moves[i].source, F_DUPFD_CLOEXEC, OL2TP_PPPD_N_FDS);
      if (lifted[i] < 0)
        return set_error (error, errno, "descriptors for pppd");
      moves[i].source = lifted[i];
    }
  return TRUE;
}

static int
set_attributes (posix_spawnattr_t *attributes)
{
  sigset_t none, all;
  int ret;

  sigemptyset (&none);
  sigfillset (&all);
  ret = posix_spawnattr_setsigmask (attributes, &none);
  if (ret == 0)
    ret = posix_spawnattr_setsigdefault (attributes, &all);
  if (ret == 0)
    ret = posix_spawnattr_setflags (attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  return ret;
}

static int
set_actions (posix_spawn_file_actions_t *actions, const Move *moves, guint n)
{
  int ret = posix_spawn_file_actions_addopen (actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

  for (guint i = 0; ret == 0 && i < n; i++)
    ret = posix_spawn_file_actions_adddup2 (actions, moves[i].source, moves[i].target);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
  /* Everything is close-on-exec in the daemon, but plugins share the process: pppd must keep no tunnel alive by accident. */
  if (ret == 0)
    ret = posix_spawn_file_actions_addclosefrom_np (actions, OL2TP_PPPD_N_FDS);
#endif
  return ret;
}

static int
spawn (Ol2tpChild *self, char *const *argv, const Move *moves, guint n)
{
  static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  char *const environment[] = { path, NULL };
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int ret;

  ret = posix_spawn_file_actions_init (&actions);
  if (ret != 0)
    return ret;
  ret = posix_spawnattr_init (&attributes);
  if (ret == 0)
    {
      ret = set_attributes (&attributes);
      if (ret == 0)
        ret = set_actions (&actions, moves, n);
      if (ret == 0)
        ret = posix_spawn (&self->pid, argv[0], &actions, &attributes, argv, environment);
      posix_spawnattr_destroy (&attributes);
    }
  posix_spawn_file_actions_destroy (&actions);
  return ret;
}

gboolean
ol2tp_child_spawn (Ol2tpChild *self, char *const *argv, int channel_fd, const int ends[3], GError **error)
{
  Move moves[] = {
    { ends[2], STDOUT_FILENO },         { ends[2], STDERR_FILENO },          { channel_fd, OL2TP_PPPD_CHANNEL_FD },
    { ends[0], OL2TP_PPPD_CONTROL_FD }, { ends[1], OL2TP_PPPD_LIFELINE_FD },
  };
  int lifted[G_N_ELEMENTS (moves)];
  gboolean ok;
  int ret;

  ok = lift (moves, G_N_ELEMENTS (moves), lifted, error);
  if (ok)
    {
      ret = spawn (self, argv, moves, G_N_ELEMENTS (moves));
      ok = ret == 0 || set_error (error, ret, argv[0]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (lifted); i++)
    close_fd (&lifted[i]);
  if (!ok)
    return FALSE;

  /* The number is the child's until we reap it, so this is no race. */
  self->pidfd = (int) syscall (SYS_pidfd_open, self->pid, 0);
  if (self->pidfd < 0)
    {
      set_error (error, errno, "pidfd_open");
      kill (self->pid, SIGKILL);
      waitpid (self->pid, NULL, 0);
      return FALSE;
    }
  return TRUE;
}

void
ol2tp_child_kill (const Ol2tpChild *self, int signal_number)
{
  syscall (SYS_pidfd_send_signal, self->pidfd, signal_number, NULL, 0);
}

gboolean
ol2tp_child_reap (const Ol2tpChild *self, int options, siginfo_t *info)
{
  int ret;

  memset (info, 0, sizeof *info);
  do
    ret = waitid (WAIT_ID_PIDFD, (id_t) self->pidfd, info, WEXITED | options);
  while (ret < 0 && errno == EINTR);
  /* Somebody else reaped it: it has ended, nobody knows how. */
  if (ret < 0)
    {
      info->si_code = 0;
      return TRUE;
    }
  return info->si_pid != 0;
}
