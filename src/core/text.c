/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strings in AVPs are octets without terminator or promise (RFC 2661 section 4.4): Host Name may hold Latin-1, terminal escapes
 * or a bidirectional override.  They are cleaned once, on their way out of the core, so that nobody above has to remember.
 *
 * Implements: RFC 2661 section 4.4.2 (error messages are UTF-8) and 4.4.3 (Host Name, Vendor Name).
 */
#include "core/text.h"

#include <string.h>

#define REPLACEMENT 0xfffd
#define MAX_OCTETS_PER_OCTET 3 /* U+FFFD for each octet of rubbish */

static gboolean
is_harmless (gunichar c)
{
  switch ((int) g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
      return FALSE;
    default:
      return TRUE;
    }
}

void
ol2tp_text_clean (char *dest, gsize size, Ol2tpSpan octets)
{
  const char *at = (const char *) octets.data;
  gsize left = octets.len;
  gsize len = 0;

  while (left > 0)
    {
      gunichar c = *at == '\0' ? REPLACEMENT : g_utf8_get_char_validated (at, (gssize) left);
      gboolean valid = *at != '\0' && c != (gunichar) -1 && c != (gunichar) -2;
      gsize step = valid ? (gsize) g_unichar_to_utf8 (c, NULL) : 1;
      gunichar out = valid && is_harmless (c) ? c : REPLACEMENT;
      gsize out_len = (gsize) g_unichar_to_utf8 (out, NULL);

      if (len + out_len >= size)
        break;
      g_unichar_to_utf8 (out, dest + len);
      len += out_len;
      at += step;
      left -= step;
    }
  dest[len] = '\0';
}

char *
ol2tp_text_dup_clean (Ol2tpSpan octets)
{
  gsize size = octets.len * MAX_OCTETS_PER_OCTET + 1;
  g_autofree char *buffer = g_malloc (size);

  ol2tp_text_clean (buffer, size, octets);
  return g_strdup (buffer);
}
