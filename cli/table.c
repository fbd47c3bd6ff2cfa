/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS_MAX 10

struct CtlTable {
  GPtrArray *rows; /* char ** */
  const char *right;
};

CtlTable *
ctl_table_new (const char *right)
{
  CtlTable *self = g_new0 (CtlTable, 1);

  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->right = right != NULL ? right : "";
  return self;
}

void
ctl_table_free (CtlTable *self)
{
  g_ptr_array_unref (self->rows);
  g_free (self);
}

void
ctl_table_add (CtlTable *self, const char *cell, ...)
{
  char **row = g_new0 (char *, COLUMNS_MAX + 1);
  va_list arguments;

  va_start (arguments, cell);
  for (guint i = 0; cell != NULL && i < COLUMNS_MAX; i++)
    {
      row[i] = g_strdup (cell);
      cell = va_arg (arguments, const char *);
    }
  va_end (arguments);
  g_ptr_array_add (self->rows, row);
}

/* Cells of a terminal, not octets and not characters. */
static int
width_of (const char *text)
{
  int width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

void
ctl_table_print (const CtlTable *self)
{
  int widths[COLUMNS_MAX] = { 0 };

  for (guint i = 0; i < self->rows->len; i++)
    {
      char **row = g_ptr_array_index (self->rows, i);

      for (guint column = 0; row[column] != NULL; column++)
        widths[column] = MAX (widths[column], width_of (row[column]));
    }
  for (guint i = 0; i < self->rows->len; i++)
    {
      char **row = g_ptr_array_index (self->rows, i);

      for (guint column = 0; row[column] != NULL; column++)
        {
          int padding = widths[column] - width_of (row[column]);
          gboolean right = column < strlen (self->right) && self->right[column] == 'r';
          gboolean last = row[column + 1] == NULL;

          printf ("%*s%s%*s%s", right ? padding : 0, "", row[column], right || last ? 0 : padding, "", last ? "\n" : "  ");
        }
    }
}
