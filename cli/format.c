/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "format.h"

#include <gio/gio.h>
#include <string.h>

static gboolean
is_harmless (gunichar c)
{
  switch ((int) g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return TRUE;
    }
}

char *
ctl_escape (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_harmless (c))
        g_string_append_unichar (out, c);
      else if (c == '\n' || c == '\t' || c == '\r')
        g_string_append (out, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r");
      else
        g_string_append_printf (out, c < 0x100 ? "\\x%02x" : "\\u{%x}", c);
    }
  return g_string_free (out, FALSE);
}

gboolean
ctl_variant_to_unsigned (GVariant *value, guint64 *result)
{
  g_autofree char *text = NULL;

  if (strchr ("ynqiuxt", *g_variant_get_type_string (value)) == NULL)
    return FALSE;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTE)) /* is printed in hexadecimal */
    {
      *result = g_variant_get_byte (value);
      return TRUE;
    }
  text = g_variant_print (value, FALSE);
  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, result, NULL);
}

const char *
ctl_get_string (GVariant *dict, const char *name)
{
  const char *text = "";

  g_variant_lookup (dict, name, "&s", &text);
  return text;
}

guint64
ctl_get_number (GVariant *dict, const char *name)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (dict, name, NULL);
  guint64 number = 0;

  if (value != NULL && ctl_variant_to_unsigned (value, &number))
    return number;
  return 0;
}

char *
ctl_format_since (guint64 timestamp_us)
{
  gint64 sec;

  if (timestamp_us == 0)
    return g_strdup ("-");
  sec = MAX ((g_get_real_time () - (gint64) timestamp_us) / G_USEC_PER_SEC, 0);
  if (sec >= 86400)
    return g_strdup_printf ("%dd %02d:%02d:%02d", (int) (sec / 86400), (int) (sec / 3600 % 24), (int) (sec / 60 % 60),
                            (int) (sec % 60));
  return g_strdup_printf ("%02d:%02d:%02d", (int) (sec / 3600), (int) (sec / 60 % 60), (int) (sec % 60));
}

static char *
format_timestamp (guint64 timestamp_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local ((gint64) (timestamp_us / G_USEC_PER_SEC));
  g_autofree char *since = ctl_format_since (timestamp_us);
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S %z") : NULL;

  if (timestamp_us == 0 || text == NULL)
    return g_strdup ("-");
  return g_strdup_printf ("%s (for %s)", text, since);
}

/* (address, port) and (address, port, protocol). */
static char *
format_endpoint (GVariant *value)
{
  g_autofree char *address = NULL;
  const char *text, *protocol = "";
  guint16 port;

  g_variant_get_child (value, 0, "&s", &text);
  g_variant_get_child (value, 1, "q", &port);
  if (g_variant_n_children (value) == 3)
    g_variant_get_child (value, 2, "&s", &protocol);
  if (*text == '\0')
    return g_strdup ("-");
  address = ctl_escape (text);
  return g_strdup_printf (strchr (address, ':') != NULL ? "[%s]:%u%s%s" : "%s:%u%s%s", address, port, *protocol != '\0' ? "/" : "",
                          protocol);
}

static char *
format_dict (GVariant *value)
{
  GString *out = g_string_new (NULL);
  GVariantIter iter;
  GVariant *entry;
  const char *key;

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &entry))
    {
      g_autofree char *name = ctl_escape (key);
      g_autofree char *text = ctl_format (key, entry);

      g_string_append_printf (out, "%s%s=%s", out->len > 0 ? " " : "", name, text);
      g_variant_unref (entry);
    }
  return g_string_free (out, FALSE);
}

static char *
format_array (const char *name, GVariant *value)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) item = g_variant_get_child_value (value, i);
      g_autofree char *text = ctl_format (name, item);

      g_string_append_printf (out, "%s%s", i > 0 ? ", " : "", text);
    }
  return g_string_free (out, FALSE);
}

static char *
format_number (const char *name, guint64 number)
{
  if (g_str_equal (name, "UpTimestamp"))
    return format_timestamp (number);
  if (g_str_equal (name, "SecretFlags"))
    return g_strdup (number & 1 ? "a secret is set" : number & 2 ? "an agent is asked" : "none is set");
  return g_strdup_printf ("%" G_GUINT64_FORMAT, number);
}

static char *
format_any (const char *name, GVariant *value)
{
  g_autofree char *printed = NULL;
  guint64 number;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) || g_variant_is_of_type (value, G_VARIANT_TYPE_OBJECT_PATH))
    return ctl_escape (g_variant_get_string (value, NULL));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return g_strdup (g_variant_get_boolean (value) ? "yes" : "no");
  if (ctl_variant_to_unsigned (value, &number))
    return format_number (name, number);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("(sq)")) || g_variant_is_of_type (value, G_VARIANT_TYPE ("(sqs)")))
    return format_endpoint (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    return format_dict (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_ARRAY) && !g_variant_is_of_type (value, G_VARIANT_TYPE_DICTIONARY))
    return format_array (name, value);
  printed = g_variant_print (value, FALSE);
  return ctl_escape (printed);
}

char *
ctl_format (const char *name, GVariant *value)
{
  g_autofree char *text = format_any (name, value);

  return *text != '\0' ? g_steal_pointer (&text) : g_strdup ("-");
}
