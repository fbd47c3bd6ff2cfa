/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values as JSON (RFC 8259), in one line. */
#ifndef CTL_JSON_H
#define CTL_JSON_H

#include <glib.h>

/**
 * ctl_json_append:
 *
 * Appends @value to @out: dictionaries are objects, tuples are arrays, variants are what is in them.
 */
void ctl_json_append (GString *out, GVariant *value);

/**
 * ctl_json_append_string:
 * @text: valid UTF-8
 *
 * Appends @text in quotes.
 */
void ctl_json_append_string (GString *out, const char *text);

/**
 * ctl_json_append_member:
 * @value: if it is floating, it is consumed
 *
 * Appends a member of an object, after a comma if need be.
 */
void ctl_json_append_member (GString *out, const char *name, GVariant *value);

/**
 * ctl_json_append_members:
 * @dict: a{sv}
 *
 * Appends the entries of @dict as members.
 */
void ctl_json_append_members (GString *out, GVariant *dict);

#endif
