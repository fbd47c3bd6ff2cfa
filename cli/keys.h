/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings: KEY=VALUE of the command line to what the interface publishes for that key. */
#ifndef CTL_KEYS_H
#define CTL_KEYS_H

#include <glib.h>

typedef enum {
  CTL_KEYS_TUNNEL = 1 << 0,
  CTL_KEYS_SESSION = 1 << 1,
  CTL_KEYS_CREATION_ONLY = 1 << 2,
} CtlKeys;

/**
 * ctl_keys_parse:
 * @words: KEY=VALUE each, up to %NULL
 * @of: %CTL_KEYS_TUNNEL or %CTL_KEYS_SESSION
 *
 * Keys that are not published are passed on with a guess of their type: the daemon may be newer than this program.  Secrets are
 * refused: the command line is for everybody to read.
 *
 * Returns: (transfer floating): the options, a{sv}
 */
GVariant *ctl_keys_parse (char **words, CtlKeys of, GError **error);

/**
 * ctl_keys_help:
 * @creation: whether keys of creation only are wanted too
 *
 * Returns: (transfer full): a paragraph that names the keys and what their values look like
 */
char *ctl_keys_help (CtlKeys of, gboolean creation);

#endif
