/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Written from RFC 2661 section 4.3 alone, a digest at a time, so that it shares no mistake with hidden.c. */
#include "hide.h"

#include <string.h>

void
hide_avp (Ol2tpWriter *writer, gboolean mandatory, guint16 type, const char *secret, Ol2tpSpan random_vector, Ol2tpSpan value,
          gsize n_padding)
{
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  g_autoptr (GByteArray) seed = g_byte_array_new ();
  const guint8 length[2] = { (guint8) (value.len >> 8), (guint8) value.len };
  const guint8 type_octets[2] = { (guint8) (type >> 8), (guint8) type };

  g_byte_array_append (plain, length, 2);
  g_byte_array_append (plain, value.data, (guint) value.len);
  for (gsize i = 0; i < n_padding; i++)
    g_byte_array_append (plain, (const guint8 *) "\xaa", 1);

  g_byte_array_append (seed, type_octets, 2);
  g_byte_array_append (seed, (const guint8 *) secret, (guint) strlen (secret));
  g_byte_array_append (seed, random_vector.data, (guint) random_vector.len);
  for (guint at = 0; at < plain->len; at += 16)
    {
      g_autofree char *hex = g_compute_checksum_for_data (G_CHECKSUM_MD5, seed->data, seed->len);
      guint n = MIN (16, plain->len - at);

      for (guint i = 0; i < n; i++)
        plain->data[at + i] ^= (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
      g_byte_array_set_size (seed, 0);
      g_byte_array_append (seed, (const guint8 *) secret, (guint) strlen (secret));
      g_byte_array_append (seed, plain->data + at, n);
    }

  ol2tp_writer_u16 (writer, (guint16) ((mandatory ? 0xc000 : 0x4000) | (6 + plain->len)));
  ol2tp_writer_u16 (writer, 0);
  ol2tp_writer_u16 (writer, type);
  ol2tp_writer_octets (writer, plain->data, plain->len);
}
