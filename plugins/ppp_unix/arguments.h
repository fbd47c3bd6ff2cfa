/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of pppd. */
#pragma once

#include <glib.h>

#include <openl2tp/ppp.h>

/* The descriptors pppd gets besides 0, 1 and 2; the command line names them. */
enum { OL2TP_PPPD_CHANNEL_FD = 3, OL2TP_PPPD_CONTROL_FD, OL2TP_PPPD_LIFELINE_FD, OL2TP_PPPD_N_FDS };

/**
 * ol2tp_pppd_arguments_new:
 * @config: the session's settings
 * @pppd: path of the program
 * @pppd_plugin: path of the plugin it loads
 *
 * Returns: (transfer full): a %NULL-terminated vector. Nothing in it is secret: every user of the machine can read it.
 */
char **ol2tp_pppd_arguments_new (const Ol2tpPppConfig *config, const char *pppd, const char *pppd_plugin);
