/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of cells, printed in columns. */
#ifndef CTL_TABLE_H
#define CTL_TABLE_H

#include <glib.h>

typedef struct CtlTable CtlTable;

/**
 * ctl_table_new:
 * @right: (nullable): for each column 'r' to align it on the right; others, and those beyond its end, are aligned on the left
 *
 * Returns: (transfer full): an empty table
 */
CtlTable *ctl_table_new (const char *right);

/**
 * ctl_table_add:
 *
 * Appends a row of @cell and those that follow, up to %NULL, valid UTF-8 in a line each.
 */
void ctl_table_add (CtlTable *self, const char *cell, ...) G_GNUC_NULL_TERMINATED;

/**
 * ctl_table_print:
 *
 * Prints the table to standard output, columns as wide as their widest cell on a terminal.
 */
void ctl_table_print (const CtlTable *self);

void ctl_table_free (CtlTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlTable, ctl_table_free)

#endif
