/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One configuration file as text: groups, keys and values with their lines, knowing nothing of what they mean. */
#pragma once

#include "core/types.h"

G_BEGIN_DECLS

typedef struct Ol2tpConfigFile Ol2tpConfigFile;

/**
 * Ol2tpConfigEntry:
 * @group: the group's name
 * @key: (nullable): %NULL for the line that begins the group
 * @line: counted from 1
 */
typedef struct {
  char *group;
  char *key;
  guint line;
} Ol2tpConfigEntry;

/**
 * ol2tp_config_file_read:
 *
 * Reads a file in GKeyFile's format. Refused with %OL2TP_ERROR_CONFIG_INVALID: what is no such file, a group or a key that is there
 * twice, and a file with a key "secret" or "password" that is not its owner's alone, or whose owner is neither root nor us.
 */
Ol2tpConfigFile *ol2tp_config_file_read (const char *path, GError **error);
void ol2tp_config_file_free (Ol2tpConfigFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpConfigFile, ol2tp_config_file_free)

/** ol2tp_config_file_get_entry: Returns: (nullable): the entry number @i in the order of the file, %NULL behind the last. */
const Ol2tpConfigEntry *ol2tp_config_file_get_entry (const Ol2tpConfigFile *self, guint i);

/** ol2tp_config_file_find: Returns: (nullable): a key's entry, or with @key %NULL the group's. */
const Ol2tpConfigEntry *ol2tp_config_file_find (const Ol2tpConfigFile *self, const char *group, const char *key);

/** Ol2tpSecretText: a char * that g_autoptr() overwrites before it frees it. */
typedef char Ol2tpSecretText;
void ol2tp_secret_text_free (Ol2tpSecretText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpSecretText, ol2tp_secret_text_free)

/**
 * ol2tp_config_file_dup_value:
 * @entry: of a key
 *
 * Returns: (transfer full): the value, blanks around it dropped, then "\s", "\t", "\n", "\r", "\\" and "\;" undone.
 */
Ol2tpSecretText *ol2tp_config_file_dup_value (const Ol2tpConfigFile *self, const Ol2tpConfigEntry *entry, GError **error);

/**
 * ol2tp_config_file_fail:
 * @line: 0 = none in particular
 * @group: (nullable): group to name
 *
 * Sets %OL2TP_ERROR_CONFIG_INVALID, "FILE:LINE: [group] text".
 *
 * Returns: %FALSE
 */
gboolean ol2tp_config_file_fail (const Ol2tpConfigFile *self, guint line, const char *group, GError **error, const char *format,
                                 ...) G_GNUC_PRINTF (5, 6);

G_END_DECLS
