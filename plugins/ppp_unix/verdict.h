/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why PPP ended, from all that is known when pppd is gone. */
#pragma once

#include <glib.h>
#include <signal.h>

#include <openl2tp/ppp.h>

/**
 * Ol2tpPppdFacts:
 * @info: how pppd ended; si_code 0 if that is unknown
 * @link_status: pppd's status when the link died, -1 if it did not get that far. The exit status is not it: with this kind of
 *   channel pppd ends with 16, "hangup", whatever happened before.
 * @heard: the peer sent something
 * @reached_network: authentication, if there was any, is done
 * @was_up: a network protocol was up
 * @no_secret: the peer wanted a password and there was none
 * @peer_bad: the peer did not prove who it is
 * @stopped: we asked for the end
 * @killed: it did not come, and SIGKILL was used
 * @last_line: (nullable): the last thing pppd printed that may explain it
 */
typedef struct {
  siginfo_t info;
  int link_status;
  gboolean heard;
  gboolean reached_network;
  gboolean was_up;
  gboolean no_secret;
  gboolean peer_bad;
  gboolean stopped;
  gboolean killed;
  const char *last_line;
} Ol2tpPppdFacts;

/**
 * ol2tp_pppd_judge:
 * @message: (out) (transfer full): for people
 */
Ol2tpPppEnd ol2tp_pppd_judge (const Ol2tpPppdFacts *facts, char **message);

/** ol2tp_pppd_exit_status: Returns: pppd's exit status, -1 if it did not exit by itself. */
int ol2tp_pppd_exit_status (const Ol2tpPppdFacts *facts);

/** ol2tp_pppd_line_explains: Returns: whether a line of pppd's output may say why it ended, rather than what it is doing. */
gboolean ol2tp_pppd_line_explains (const char *line);
