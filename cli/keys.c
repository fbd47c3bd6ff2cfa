/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "keys.h"

#include "client.h"

#include <string.h>

#define T CTL_KEYS_TUNNEL
#define S CTL_KEYS_SESSION
#define NEW CTL_KEYS_CREATION_ONLY

typedef struct {
  const char *key;
  const char *type; /* as published in introspection/ */
  guint of;
} Key;

/* Not here, since they are no setting of the command line: "secret", "password" and what ends in "-fd". */
static const Key keys[] = {
  { "auth", "as", S },
  { "call", "s", S | NEW },
  { "called-number", "s", S | NEW },
  { "calling-number", "s", S | NEW },
  { "connect", "b", T | S | NEW },
  { "cookie-size", "y", S },
  { "data-sequencing", "s", S },
  { "default-route", "b", S },
  { "digest", "s", T },
  { "dns", "as", S },
  { "encapsulation", "s", T | NEW },
  { "establish-timeout", "u", T },
  { "hello-interval", "u", T },
  { "hide-avps", "b", T },
  { "host-name", "s", T },
  { "idle-timeout", "u", T },
  { "ignore-offset", "b", T },
  { "interface-name", "s", S },
  { "ip-range", "s", S },
  { "ipv6", "b", S },
  { "l2-specific-sublayer", "s", S },
  { "lcp-echo-failure", "u", S },
  { "lcp-echo-interval", "u", S },
  { "lifetime", "s", T | NEW },
  { "local-address", "s", T | NEW },
  { "local-ip", "s", S },
  { "local-port", "q", T | NEW },
  { "max-retries", "u", T },
  { "max-sessions", "u", T },
  { "mru", "q", S },
  { "mtu", "q", T | S },
  { "peer-ip", "s", S },
  { "peer-port", "q", T | NEW },
  { "persist", "b", T | S },
  { "persist-delay", "u", T },
  { "pppd-options", "as", S },
  { "pseudowire", "s", S | NEW },
  { "quirks", "as", T },
  { "receive-window", "q", T },
  { "remote-end-id", "ay", S | NEW },
  { "reorder-timeout", "u", S },
  { "require-authentication", "b", T },
  { "require-mppe", "b", S },
  { "require-sequencing", "b", S },
  { "retry-cap", "u", T },
  { "retry-timeout", "u", T },
  { "role", "s", T | NEW },
  { "rx-speed", "t", S },
  { "sub-address", "s", S | NEW },
  { "tx-speed", "t", S },
  { "udp-checksums", "b", T },
  { "use-peer-dns", "b", S },
  { "use-tiebreaker", "b", T },
  { "user", "s", S },
  { "version", "y", T | NEW },
  { "vlan-id", "q", S | NEW },
};

static const Key *
find_key (const char *name, CtlKeys of)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if ((keys[i].of & of) != 0 && g_str_equal (keys[i].key, name))
      return &keys[i];
  return NULL;
}

static gboolean
is_secret (const char *name)
{
  return g_str_equal (name, "secret") || g_str_equal (name, "password") || g_str_has_suffix (name, "-fd");
}

/* A comma separates; a backslash takes the next character as it is. */
static GVariant *
parse_list (const char *text)
{
  g_autoptr (GString) word = g_string_new (NULL);
  GVariantBuilder b;

  g_variant_builder_init (&b, G_VARIANT_TYPE ("as"));
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == ',')
        {
          g_variant_builder_add (&b, "s", word->str);
          g_string_truncate (word, 0);
          continue;
        }
      if (*p == '\\' && p[1] != '\0')
        p++;
      g_string_append_c (word, *p);
    }
  if (*text != '\0')
    g_variant_builder_add (&b, "s", word->str);
  return g_variant_builder_end (&b);
}

static GVariant *
parse_flag (const char *text)
{
  if (g_str_equal (text, "true") || g_str_equal (text, "yes"))
    return g_variant_new_boolean (TRUE);
  if (g_str_equal (text, "false") || g_str_equal (text, "no"))
    return g_variant_new_boolean (FALSE);
  return NULL;
}

/* One that does not fit the published type is passed on all the same: the daemon knows the range and says so. */
static GVariant *
parse_number (const char *text, char type)
{
  guint64 number;
  gint64 negative;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &number, NULL))
    return g_ascii_string_to_signed (text, 10, G_MININT64, -1, &negative, NULL) ? g_variant_new_int64 (negative) : NULL;
  if (type == 'y' && number <= G_MAXUINT8)
    return g_variant_new_byte ((guint8) number);
  if (type == 'q' && number <= G_MAXUINT16)
    return g_variant_new_uint16 ((guint16) number);
  if (type == 'u' && number <= G_MAXUINT32)
    return g_variant_new_uint32 ((guint32) number);
  return g_variant_new_uint64 (number);
}

static GVariant *
guess (const char *text)
{
  GVariant *value = parse_flag (text);

  if (value == NULL)
    value = parse_number (text, 't');
  return value != NULL ? value : g_variant_new_string (text);
}

static GVariant *
parse_value (const Key *key, const char *text, GError **error)
{
  gboolean flag = g_str_equal (key->type, "b");
  GVariant *value;

  if (g_str_equal (key->type, "s"))
    return g_variant_new_string (text);
  if (g_str_equal (key->type, "as"))
    return parse_list (text);
  if (g_str_equal (key->type, "ay"))
    return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text, strlen (text), 1);
  value = flag ? parse_flag (text) : parse_number (text, *key->type);
  if (value == NULL)
    g_set_error (error, CTL_ERROR, CTL_ERROR_USAGE, flag ? "%s: “%s” is neither true nor false" : "%s: “%s” is not a whole number",
                 key->key, text);
  return value;
}

static GVariant *
parse_word (const char *name, const char *text, CtlKeys of, GError **error)
{
  const Key *key = find_key (name, of);

  if (is_secret (name))
    {
      g_set_error (error, CTL_ERROR, CTL_ERROR_USAGE,
                   "%s: secrets are not taken from the command line, which everybody can read; use “l2tpctl set-secret”, or "
                   "“create” with --secret-stdin",
                   name);
      return NULL;
    }
  return key != NULL ? parse_value (key, text, error) : guess (text);
}

GVariant *
ctl_keys_parse (char **words, CtlKeys of, GError **error)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  for (; *words != NULL; words++)
    {
      const char *equals = strchr (*words, '=');
      g_autofree char *name = equals != NULL ? g_strndup (*words, (gsize) (equals - *words)) : NULL;
      GVariant *value;

      if (name == NULL || *name == '\0')
        {
          g_set_error (error, CTL_ERROR, CTL_ERROR_USAGE, "“%s”: not KEY=VALUE", *words);
          return NULL;
        }
      if (g_variant_dict_contains (&dict, name))
        {
          g_set_error (error, CTL_ERROR, CTL_ERROR_USAGE, "%s: given twice", name);
          return NULL;
        }
      value = parse_word (name, equals + 1, of, error);
      if (value == NULL)
        return NULL;
      g_variant_dict_insert_value (&dict, name, value);
    }
  return g_variant_dict_end (&dict);
}

char *
ctl_keys_help (CtlKeys of, gboolean creation)
{
  static const struct {
    const char *types;
    const char *title;
  } kinds[] = { { "y q u t", "numbers" }, { "b", "true or false" }, { "s ay", "text" }, { "as", "lists, with commas" } };
  GString *out = g_string_new (NULL);

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_auto (GStrv) types = g_strsplit (kinds[kind].types, " ", -1);
      gsize line = out->len;

      g_string_append_printf (out, "  %s:", kinds[kind].title);
      for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
        {
          if ((keys[i].of & of) == 0 || (!creation && (keys[i].of & NEW) != 0)
              || !g_strv_contains ((const char *const *) types, keys[i].type))
            continue;
          if (out->len - line + strlen (keys[i].key) > 76)
            {
              g_string_append (out, "\n   ");
              line = out->len - 4;
            }
          g_string_append_printf (out, " %s", keys[i].key);
        }
      g_string_append_c (out, '\n');
    }
  return g_string_free (out, FALSE);
}
