/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hidden value is a length, the value and padding, XORed with a chain of MD5 digests.  The chain runs over the ciphertext, so
 * the blocks can be revealed front to back into a buffer of the caller; the packet itself is never changed.  The length that
 * comes out is the peer's word (or noise, if the secrets differ) and is checked against the octets that are there.
 *
 * Implements: RFC 2661 section 4.3.
 */
#include "core/hidden.h"

#include <string.h>

#define BLOCK_LEN 16

static void
digest (const guint8 *prefix, gsize prefix_len, const Ol2tpSecret *secret, Ol2tpSpan last, guint8 *out)
{
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  gsize secret_len, len = BLOCK_LEN;
  const guint8 *secret_data = ol2tp_secret_get_data (secret, &secret_len);

  g_checksum_update (md5, prefix, (gssize) prefix_len);
  g_checksum_update (md5, secret_data, (gssize) secret_len);
  g_checksum_update (md5, last.data, (gssize) last.len);
  g_checksum_get_digest (md5, out, &len);
}

/* RFC 2661 section 4.3: b1 = MD5 (type + secret + RV), bi = MD5 (secret + c(i-1)); the last block may be short. */
static void
make_pad (const guint8 *cipher, gsize at, guint16 type, const Ol2tpSecret *secret, Ol2tpSpan random_vector, guint8 *pad)
{
  const guint8 type_octets[2] = { (guint8) (type >> 8), (guint8) (type & 0xff) };

  if (at == 0)
    digest (type_octets, sizeof type_octets, secret, random_vector, pad);
  else
    digest (NULL, 0, secret, (Ol2tpSpan) { cipher + at - BLOCK_LEN, BLOCK_LEN }, pad);
}

void
ol2tp_hidden_conceal (Ol2tpSpan value, Ol2tpSpan padding, guint16 type, const Ol2tpSecret *secret, Ol2tpSpan random_vector,
                      guint8 *hidden)
{
  Ol2tpWriter plain;
  guint8 pad[BLOCK_LEN];

  ol2tp_writer_init (&plain, hidden, OL2TP_HIDDEN_OVERHEAD + value.len + padding.len);
  ol2tp_writer_u16 (&plain, (guint16) value.len);
  ol2tp_writer_octets (&plain, value.data, value.len);
  ol2tp_writer_octets (&plain, padding.data, padding.len);
  for (gsize at = 0; at < plain.len; at += BLOCK_LEN)
    {
      make_pad (hidden, at, type, secret, random_vector, pad);
      for (gsize i = 0; i < BLOCK_LEN && at + i < plain.len; i++)
        hidden[at + i] ^= pad[i];
    }
  explicit_bzero (pad, sizeof pad);
}

gboolean
ol2tp_hidden_reveal (Ol2tpSpan hidden, guint16 type, const Ol2tpSecret *secret, Ol2tpSpan random_vector, guint8 *scratch,
                     Ol2tpSpan *value)
{
  guint8 pad[BLOCK_LEN];
  gsize original_len;

  if (hidden.len < OL2TP_HIDDEN_OVERHEAD)
    return FALSE;

  for (gsize at = 0; at < hidden.len; at += BLOCK_LEN)
    {
      make_pad (hidden.data, at, type, secret, random_vector, pad);
      for (gsize i = 0; i < BLOCK_LEN && at + i < hidden.len; i++)
        scratch[at + i] = hidden.data[at + i] ^ pad[i];
    }
  explicit_bzero (pad, sizeof pad);

  original_len = (gsize) scratch[0] << 8 | scratch[1];
  if (original_len > hidden.len - OL2TP_HIDDEN_OVERHEAD)
    return FALSE;
  *value = (Ol2tpSpan) { scratch + OL2TP_HIDDEN_OVERHEAD, original_len };
  return TRUE;
}
