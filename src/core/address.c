/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses as plain octets.  The core may not include a socket header, and inet_ntop() lives in one, so the text forms are made
 * and read here: dotted decimal without leading zeros, and IPv6 as RFC 5952 writes it (lower case, the longest run of zero groups
 * shortened, the last 32 bits dotted for IPv4-mapped addresses).
 *
 * Implements: RFC 5952 section 4 and 5 (text out), RFC 4291 section 2.2 (text in).
 */
#include "core/types.h"

#include <string.h>

#define N_GROUPS 8

gboolean
ol2tp_address_is_any (const Ol2tpAddress *address)
{
  static const guint8 any[sizeof address->bytes];

  return address->family != OL2TP_FAMILY_NONE && memcmp (address->bytes, any, sizeof any) == 0;
}

gboolean
ol2tp_address_equal (const Ol2tpAddress *a, const Ol2tpAddress *b)
{
  return a->family == b->family && a->port == b->port && a->scope_id == b->scope_id
         && memcmp (a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static void
append_ipv4 (GString *out, const guint8 *bytes)
{
  g_string_append_printf (out, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
}

/* RFC 5952 section 4.2: the first of the longest runs of two or more zero groups becomes "::". */
static void
find_zero_run (const guint16 *groups, guint n_groups, guint *start, guint *len)
{
  *start = n_groups;
  *len = 0;
  for (guint i = 0; i < n_groups; i++)
    {
      guint end = i;

      while (end < n_groups && groups[end] == 0)
        end++;
      if (end - i >= 2 && end - i > *len)
        {
          *start = i;
          *len = end - i;
        }
      if (end > i)
        i = end - 1;
    }
}

static void
append_ipv6 (GString *out, const guint8 *bytes)
{
  static const guint8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
  gboolean dotted = memcmp (bytes, mapped, sizeof mapped) == 0;
  guint n_groups = dotted ? N_GROUPS - 2 : N_GROUPS;
  guint16 groups[N_GROUPS];
  guint run_start, run_len;

  for (guint i = 0; i < N_GROUPS; i++)
    groups[i] = (guint16) (bytes[2 * i] << 8 | bytes[2 * i + 1]);
  find_zero_run (groups, n_groups, &run_start, &run_len);

  for (guint i = 0; i < n_groups; i++)
    {
      if (i == run_start)
        {
          g_string_append (out, "::");
          i += run_len - 1;
          continue;
        }
      if (i > 0 && i != run_start + run_len)
        g_string_append_c (out, ':');
      g_string_append_printf (out, "%x", groups[i]);
    }
  if (dotted)
    {
      g_string_append_c (out, ':');
      append_ipv4 (out, bytes + sizeof mapped);
    }
}

char *
ol2tp_address_to_string (const Ol2tpAddress *address)
{
  GString *out = g_string_new (NULL);

  switch (address->family)
    {
    case OL2TP_FAMILY_IPV4:
      append_ipv4 (out, address->bytes);
      break;
    case OL2TP_FAMILY_IPV6:
      append_ipv6 (out, address->bytes);
      if (address->scope_id != 0)
        g_string_append_printf (out, "%%%u", address->scope_id);
      break;
    case OL2TP_FAMILY_NONE:
    default:
      break;
    }
  return g_string_free (out, FALSE);
}

char *
ol2tp_address_to_endpoint_string (const Ol2tpAddress *address)
{
  g_autofree char *text = ol2tp_address_to_string (address);

  if (address->family == OL2TP_FAMILY_IPV6)
    return g_strdup_printf ("[%s]:%u", text, address->port);
  return g_strdup_printf ("%s:%u", text, address->port);
}

/* Reads a decimal number of at most @max without sign or leading zero; moves @at behind it. */
static gboolean
parse_decimal (const char **at, guint32 max, guint32 *value)
{
  const char *start = *at;
  guint64 number = 0;

  while (g_ascii_isdigit (**at) && number <= max)
    number = number * 10 + (guint64) g_ascii_digit_value (*(*at)++);
  if (*at == start || number > max || (*start == '0' && *at - start > 1))
    return FALSE;
  *value = (guint32) number;
  return TRUE;
}

/* Reads all of the text up to @end as dotted decimal. */
static gboolean
parse_ipv4 (const char *at, const char *end, guint8 *bytes)
{
  for (guint i = 0; i < 4; i++)
    {
      guint32 number;

      if (i > 0 && *at++ != '.')
        return FALSE;
      if (!parse_decimal (&at, 255, &number))
        return FALSE;
      bytes[i] = (guint8) number;
    }
  return at == end;
}

static gboolean
parse_group (const char **at, guint16 *group)
{
  guint n_digits = 0;

  *group = 0;
  for (; g_ascii_isxdigit (**at) && n_digits < 5; n_digits++, (*at)++)
    *group = (guint16) (*group << 4 | g_ascii_xdigit_value (**at));
  return n_digits >= 1 && n_digits <= 4;
}

/* Reads groups from @at to @end into @bytes; @gap is where "::" stood, N_GROUPS + 1 for nowhere.  Returns the number of groups,
 * 0 if they are bad. */
static guint
parse_groups (const char *at, const char *end, guint8 *bytes, guint *gap)
{
  guint n = 0;

  *gap = N_GROUPS + 1;
  if (at[0] == ':' && at[1] != ':')
    return 0;
  while (at < end)
    {
      const char *start = at;
      guint16 group;

      if (at[0] == ':' && at[1] == ':')
        {
          if (*gap <= N_GROUPS)
            return 0;
          *gap = n;
          at += 2;
          continue;
        }
      if (n > 0 && n != *gap && *at++ != ':')
        return 0;
      start = at;
      if (n == N_GROUPS || !parse_group (&at, &group))
        return 0;
      if (*at == '.')
        return n <= N_GROUPS - 2 && parse_ipv4 (start, end, bytes + 2 * n) ? n + 2 : 0;
      bytes[2 * n] = (guint8) (group >> 8);
      bytes[2 * n + 1] = (guint8) (group & 0xff);
      n++;
    }
  return n == 0 && *gap == 0 ? N_GROUPS + 1 : n;
}

static gboolean
parse_ipv6 (const char *at, const char *end, guint8 *bytes)
{
  guint gap;
  guint n = parse_groups (at, end, bytes, &gap);
  guint n_missing;

  if (n == N_GROUPS + 1) /* "::" alone */
    return TRUE;
  if (n == 0 || (gap > N_GROUPS && n != N_GROUPS) || (gap <= N_GROUPS && n == N_GROUPS))
    return FALSE;

  if (gap <= N_GROUPS)
    {
      n_missing = N_GROUPS - n;
      memmove (bytes + 2 * (gap + n_missing), bytes + 2 * gap, 2 * (n - gap));
      memset (bytes + 2 * gap, 0, 2 * n_missing);
    }
  return TRUE;
}

gboolean
ol2tp_address_parse (const char *text, Ol2tpAddress *address)
{
  Ol2tpAddress parsed = { 0 };
  const char *at = text;
  const char *end = text + strlen (text);

  if (at[0] == '[' && end > at && end[-1] == ']')
    {
      at++;
      end--;
    }
  else if (parse_ipv4 (at, end, parsed.bytes))
    {
      parsed.family = OL2TP_FAMILY_IPV4;
      *address = parsed;
      return TRUE;
    }

  if (end > at)
    {
      const char *percent = memchr (at, '%', (gsize) (end - at));

      if (percent != NULL)
        {
          const char *scope = percent + 1;

          if (!parse_decimal (&scope, G_MAXUINT32, &parsed.scope_id) || scope != end)
            return FALSE;
          end = percent;
        }
    }
  memset (parsed.bytes, 0, sizeof parsed.bytes);
  parsed.family = OL2TP_FAMILY_IPV6;
  if (end - at < 2 || !parse_ipv6 (at, end, parsed.bytes))
    return FALSE;
  *address = parsed;
  return TRUE;
}
