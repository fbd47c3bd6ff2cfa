/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Secrets, on their way from the user to the daemon: never an argument, never in a message. */
#ifndef CTL_SECRET_H
#define CTL_SECRET_H

#include <gio/gunixfdlist.h>

/**
 * ctl_secret_read:
 * @prompt: what to ask for, if standard input is a terminal
 *
 * Reads a secret: from a terminal one line, which it does not show; from anything else all there is, less one newline at its end.
 *
 * Returns: (transfer full): descriptors of which the first, and only one, is a sealed memory file that holds the secret
 */
GUnixFDList *ctl_secret_read (const char *prompt, GError **error);

/**
 * ctl_secret_empty:
 *
 * Returns: (transfer full): the same without anything in it
 */
GUnixFDList *ctl_secret_empty (GError **error);

#endif
