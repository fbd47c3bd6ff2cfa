/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "settings-text.h"

#include "settings.h"

#include <string.h>

#define SHOWN_MAX 64 /* characters */

char **
ol2tp_list_split (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, ";", -1);
  gsize n = g_strv_length (words);

  for (gsize i = 0; i < n; i++)
    g_strstrip (words[i]);
  /* as GKeyFile writes lists: every word with a ";" behind it */
  if (n > 0 && words[n - 1][0] == '\0')
    g_clear_pointer (&words[n - 1], g_free);
  return g_steal_pointer (&words);
}

gboolean
ol2tp_text_is_clean (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

char *
ol2tp_text_show (const char *text)
{
  g_autofree char *clean = ol2tp_text_is_clean (text) ? g_strdup (text) : g_strescape (text, NULL);

  return g_utf8_strlen (clean, -1) <= SHOWN_MAX ? g_steal_pointer (&clean) : g_utf8_substring (clean, 0, SHOWN_MAX);
}

gboolean
ol2tp_settings_refuse (const char *key, const char *value, const char *allowed, GError **error)
{
  g_autofree char *shown = ol2tp_text_show (value);

  g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "%s: \"%s\" is not allowed, only %s", key, shown, allowed);
  return FALSE;
}

gboolean
ol2tp_text_is_host (const char *text)
{
  Ol2tpAddress address;

  if (ol2tp_address_parse (text, &address))
    return TRUE;
  return g_ascii_isalnum (text[0])
         && strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == strlen (text);
}

/* What the kernel takes (dev_valid_name), less "%", which it would replace by a number, and anything that needs quoting. */
gboolean
ol2tp_text_is_link_name (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p) || strchr ("/:%\"'\\", *p) != NULL)
      return FALSE;
  return strcmp (text, ".") != 0 && strcmp (text, "..") != 0;
}

char *
ol2tp_settings_integer_to_text (GVariant *value)
{
  switch (*g_variant_get_type_string (value))
    {
    case 'y':
      return g_strdup_printf ("%u", g_variant_get_byte (value));
    case 'n':
      return g_strdup_printf ("%d", g_variant_get_int16 (value));
    case 'q':
      return g_strdup_printf ("%u", g_variant_get_uint16 (value));
    case 'i':
      return g_strdup_printf ("%d", g_variant_get_int32 (value));
    case 'u':
      return g_strdup_printf ("%u", g_variant_get_uint32 (value));
    case 'x':
      return g_strdup_printf ("%" G_GINT64_FORMAT, g_variant_get_int64 (value));
    case 't':
      return g_strdup_printf ("%" G_GUINT64_FORMAT, g_variant_get_uint64 (value));
    default:
      return NULL;
    }
}
