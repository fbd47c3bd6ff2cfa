/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs no PPP.  Loading it keeps the default, ppp_unix, from being loaded; since nobody claims a session, sessions are up at
 * L2TP level only and their PppState stays "none".
 */
#include <openl2tp/plugin.h>

extern const char l2tp_plugin_version[];
int l2tp_plugin_init (void);

const char l2tp_plugin_version[] = "2.0";

int
l2tp_plugin_init (void)
{
  return 0;
}
