/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hidden value is a length, the value and padding, XORed with a chain of MD5 digests.  The chain runs over the ciphertext, so
 * the blocks can be revealed front to back into a buffer of the caller; the packet itself is never changed.  The length that
 * comes out is the peer's word (or noise, if the secrets differ) and is checked against the octets that are there.
 *
 * Implements: RFC 2661 section 4.3, receiving side.  We do not hide AVPs that we send.
 */
#include "core/hidden.h"

#include <string.h>

#define BLOCK_LEN 16
#define ORIGINAL_LENGTH_LEN 2

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

gboolean
ol2tp_hidden_reveal (Ol2tpSpan hidden, guint16 type, const Ol2tpSecret *secret, Ol2tpSpan random_vector, guint8 *scratch,
                     Ol2tpSpan *value)
{
  const guint8 type_octets[2] = { (guint8) (type >> 8), (guint8) (type & 0xff) };
  guint8 pad[BLOCK_LEN];
  gsize original_len;

  if (hidden.len < ORIGINAL_LENGTH_LEN)
    return FALSE;

  /* RFC 2661 section 4.3: b1 = MD5 (type + secret + RV), bi = MD5 (secret + c(i-1)); the last block may be short. */
  for (gsize at = 0; at < hidden.len; at += BLOCK_LEN)
    {
      if (at == 0)
        digest (type_octets, sizeof type_octets, secret, random_vector, pad);
      else
        digest (NULL, 0, secret, (Ol2tpSpan) { hidden.data + at - BLOCK_LEN, BLOCK_LEN }, pad);
      for (gsize i = 0; i < BLOCK_LEN && at + i < hidden.len; i++)
        scratch[at + i] = hidden.data[at + i] ^ pad[i];
    }
  explicit_bzero (pad, sizeof pad);

  original_len = (gsize) scratch[0] << 8 | scratch[1];
  if (original_len > hidden.len - ORIGINAL_LENGTH_LEN)
    return FALSE;
  *value = (Ol2tpSpan) { scratch + ORIGINAL_LENGTH_LEN, original_len };
  return TRUE;
}
