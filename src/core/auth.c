/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Both ends may challenge, each in its first message, and answer in their next.  The identifier in the digest is the type of the
 * message that carries the response, so an answer in SCCRP is no answer for SCCCN.  Which message has to carry what is decided in
 * tunnel.c; here is only the arithmetic.
 *
 * Implements: RFC 2661 section 5.1.1 and 4.4.3 (Challenge Response).
 */
#include "core/auth.h"

#include <string.h>

void
ol2tp_auth_respond (guint8 message_type, const Ol2tpSecret *secret, Ol2tpSpan challenge, guint8 *response)
{
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  gsize secret_len, len = OL2TP_AUTH_RESPONSE_LEN;
  const guint8 *secret_data = ol2tp_secret_get_data (secret, &secret_len);

  /* RFC 2661 section 4.4.3: as in CHAP (RFC 1994), MD5 over identifier, secret, challenge. */
  g_checksum_update (md5, &message_type, 1);
  g_checksum_update (md5, secret_data, (gssize) secret_len);
  g_checksum_update (md5, challenge.data, (gssize) challenge.len);
  g_checksum_get_digest (md5, response, &len);
}

gboolean
ol2tp_auth_verify (guint8 message_type, const Ol2tpSecret *secret, Ol2tpSpan challenge, Ol2tpSpan response)
{
  guint8 expected[OL2TP_AUTH_RESPONSE_LEN];
  guint8 difference = 0;

  if (response.len < sizeof expected)
    return FALSE;

  ol2tp_auth_respond (message_type, secret, challenge, expected);
  for (gsize i = 0; i < sizeof expected; i++)
    difference |= (guint8) (expected[i] ^ response.data[i]);
  explicit_bzero (expected, sizeof expected);
  return difference == 0;
}
