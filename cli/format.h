/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values as text for people. */
#ifndef CTL_FORMAT_H
#define CTL_FORMAT_H

#include <glib.h>

/**
 * ctl_escape:
 * @text: any octets
 *
 * Much of what is shown was written by peers.
 *
 * Returns: (transfer full): valid UTF-8 in which nothing moves the cursor or turns the text around: such characters are shown as
 *   \n, \t, \x1b, \u{202e}
 */
char *ctl_escape (const char *text);

/**
 * ctl_format:
 * @name: the property or key, some of which have a form of their own
 *
 * Returns: (transfer full): @value in one line, "-" for what is empty
 */
char *ctl_format (const char *name, GVariant *value);

/**
 * ctl_format_since:
 * @timestamp_us: microseconds since the epoch, 0 for never
 *
 * Returns: (transfer full): how long ago that is, as in "1d 02:03:04", or "-"
 */
char *ctl_format_since (guint64 timestamp_us);

/**
 * ctl_get_string:
 * @dict: properties, a{sv}
 *
 * Returns: (transfer none): the string of that name, "" if there is none
 */
const char *ctl_get_string (GVariant *dict, const char *name);

/**
 * ctl_get_number:
 * @dict: properties, a{sv}
 *
 * Returns: the number of that name, of whatever width, 0 if there is none
 */
guint64 ctl_get_number (GVariant *dict, const char *name);

/**
 * ctl_variant_to_unsigned:
 *
 * Returns: whether @value is an integer, not negative; it is then in @result
 */
gboolean ctl_variant_to_unsigned (GVariant *value, guint64 *result);

#endif
