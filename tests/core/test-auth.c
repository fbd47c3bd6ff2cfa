/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/auth.h"

#include <string.h>

static const guint8 octets[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
static const Ol2tpSpan challenge = { octets, sizeof octets };
static const guint8 in_sccrp[] = { 0x01, 0x3b, 0xc5, 0x76, 0x32, 0x53, 0x14, 0x1d, 0x16, 0xb1, 0x9f, 0x28, 0xb5, 0x5a, 0xfe, 0xbd };
static const guint8 in_scccn[] = { 0x00, 0x46, 0x17, 0xf4, 0x18, 0xe6, 0xf9, 0x43, 0xa0, 0x55, 0xa4, 0x9d, 0xf6, 0xe1, 0x9b, 0xb0 };

static void
test_vectors (void)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new ("l2tp-secret", 11);
  guint8 response[OL2TP_AUTH_RESPONSE_LEN];

  ol2tp_auth_respond (2, secret, challenge, response);
  g_assert_cmpmem (response, sizeof response, in_sccrp, sizeof in_sccrp);
  ol2tp_auth_respond (3, secret, challenge, response);
  g_assert_cmpmem (response, sizeof response, in_scccn, sizeof in_scccn);
}

static void
test_verify (void)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new ("l2tp-secret", 11);
  g_autoptr (Ol2tpSecret) other = ol2tp_secret_new ("l2tp-secrex", 11);
  guint8 longer[22] = { 0 };

  g_assert_true (ol2tp_auth_verify (2, secret, challenge, (Ol2tpSpan) { in_sccrp, 16 }));
  g_assert_false (ol2tp_auth_verify (3, secret, challenge, (Ol2tpSpan) { in_sccrp, 16 }));
  g_assert_false (ol2tp_auth_verify (2, other, challenge, (Ol2tpSpan) { in_sccrp, 16 }));
  for (gsize len = 0; len < 16; len++)
    {
      g_autofree guint8 *exact = g_memdup2 (in_sccrp, len);

      g_assert_false (ol2tp_auth_verify (2, secret, challenge, (Ol2tpSpan) { exact, len }));
    }
  for (guint bit = 0; bit < 128; bit++)
    {
      guint8 wrong[16];

      memcpy (wrong, in_sccrp, sizeof wrong);
      wrong[bit / 8] ^= (guint8) (1u << bit % 8);
      g_assert_false (ol2tp_auth_verify (2, secret, challenge, (Ol2tpSpan) { wrong, 16 }));
    }

  /* AVP-17: six more octets, as Cisco sends them */
  memcpy (longer, in_sccrp, sizeof in_sccrp);
  g_assert_true (ol2tp_auth_verify (2, secret, challenge, (Ol2tpSpan) { longer, sizeof longer }));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/auth/AUTH-V1", test_vectors);
  g_test_add_func ("/core/auth/verify", test_verify);
  return g_test_run ();
}
