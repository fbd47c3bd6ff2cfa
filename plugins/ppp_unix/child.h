/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts pppd with exactly the descriptors it is to have, and signals and reaps it by pidfd. */
#pragma once

#include <glib.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>

/**
 * Ol2tpChild:
 * @pid: for logs only; signals go through @pidfd, so that they never hit another process with a number used again
 * @pidfd: readable when pppd has ended
 * @control_fd: our end of the message channel (report.h)
 * @lifeline_fd: our end of the lifeline; held, never written
 * @output_fd: what pppd prints, non-blocking
 */
typedef struct {
  pid_t pid;
  int pidfd;
  int control_fd;
  int lifeline_fd;
  int output_fd;
} Ol2tpChild;

/** ol2tp_child_init: all descriptors -1. */
void ol2tp_child_init (Ol2tpChild *self);

/** ol2tp_child_clear: closes the descriptors. */
void ol2tp_child_clear (Ol2tpChild *self);

/**
 * ol2tp_child_open:
 * @ends: (out): the ends for pppd: control, lifeline, output; -1 where there is none, also after a failure; the caller closes them
 *
 * Makes the channels to pppd. What is sent on @control_fd waits in it until pppd reads it.
 */
gboolean ol2tp_child_open (Ol2tpChild *self, int ends[3], GError **error);

/**
 * ol2tp_child_spawn:
 * @argv: program and arguments
 * @channel_fd: the session's PPPoL2TP socket
 * @ends: from ol2tp_child_open()
 *
 * Starts pppd: descriptors 0 to 5 and no others, an environment of PATH alone, default signals, a session of its own so that
 * Ctrl-C on the daemon's terminal leaves its end to the daemon. @channel_fd and @ends stay the caller's.
 */
gboolean ol2tp_child_spawn (Ol2tpChild *self, char *const *argv, int channel_fd, const int ends[3], GError **error);

/** ol2tp_child_kill: sends a signal; a child that has ended is no error. */
void ol2tp_child_kill (const Ol2tpChild *self, int signal_number);

/** ol2tp_child_reap: Returns: whether it has ended (and @info says how); with @options 0 waits for that, with %WNOHANG not. */
gboolean ol2tp_child_reap (const Ol2tpChild *self, int options, siginfo_t *info);
