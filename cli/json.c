/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "json.h"

#include <math.h>
#include <string.h>

void
ctl_json_append_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '"' || c == '\\')
        g_string_append_printf (out, "\\%c", (char) c);
      else if (c == '\n')
        g_string_append (out, "\\n");
      /* DEL and C1 need not be escaped, but terminals obey them. */
      else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
        g_string_append_printf (out, "\\u%04x", c);
      else
        g_string_append_unichar (out, c);
    }
  g_string_append_c (out, '"');
}

static void
append_comma (GString *out)
{
  if (out->len > 0 && strchr ("[{", out->str[out->len - 1]) == NULL)
    g_string_append_c (out, ',');
}

void
ctl_json_append_member (GString *out, const char *name, GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);

  append_comma (out);
  ctl_json_append_string (out, name);
  g_string_append_c (out, ':');
  ctl_json_append (out, owned);
}

void
ctl_json_append_members (GString *out, GVariant *dict)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, dict);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      ctl_json_append_member (out, key, value);
      g_variant_unref (value);
    }
}

static void
append_object (GString *out, GVariant *dict)
{
  g_string_append_c (out, '{');
  for (gsize i = 0; i < g_variant_n_children (dict); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (dict, i);
      g_autoptr (GVariant) key = g_variant_get_child_value (entry, 0);
      g_autoptr (GVariant) value = g_variant_get_child_value (entry, 1);

      ctl_json_append_member (out, g_variant_get_string (key, NULL), value);
    }
  g_string_append_c (out, '}');
}

static void
append_items (GString *out, GVariant *value)
{
  g_string_append_c (out, '[');
  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) item = g_variant_get_child_value (value, i);

      append_comma (out);
      ctl_json_append (out, item);
    }
  g_string_append_c (out, ']');
}

static gboolean
has_string_keys (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE ("a{s*}")) || g_variant_is_of_type (value, G_VARIANT_TYPE ("a{o*}"));
}

void
ctl_json_append (GString *out, GVariant *value)
{
  g_autoptr (GVariant) inner = NULL;
  g_autofree char *number = NULL;

  switch ((int) g_variant_classify (value))
    {
    case G_VARIANT_CLASS_VARIANT:
      inner = g_variant_get_variant (value);
      ctl_json_append (out, inner);
      break;
    case G_VARIANT_CLASS_BOOLEAN:
      g_string_append (out, g_variant_get_boolean (value) ? "true" : "false");
      break;
    case G_VARIANT_CLASS_BYTE:
      g_string_append_printf (out, "%u", g_variant_get_byte (value));
      break;
    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      ctl_json_append_string (out, g_variant_get_string (value, NULL));
      break;
    case G_VARIANT_CLASS_ARRAY:
      if (has_string_keys (value))
        {
          append_object (out, value);
          break;
        }
      G_GNUC_FALLTHROUGH;
    case G_VARIANT_CLASS_TUPLE:
    case G_VARIANT_CLASS_DICT_ENTRY:
      append_items (out, value);
      break;
    case G_VARIANT_CLASS_HANDLE:
      g_string_append (out, "null");
      break;
    case G_VARIANT_CLASS_DOUBLE:
      if (!isfinite (g_variant_get_double (value)))
        {
          g_string_append (out, "null");
          break;
        }
      G_GNUC_FALLTHROUGH;
    default: /* integers */
      number = g_variant_print (value, FALSE);
      g_string_append (out, number);
    }
}
