/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/types.h"

#include <string.h>

static void
test_cause (void)
{
  g_autofree char *longer = g_strnfill (400, 'x');
  g_autofree char *umlauts = NULL;
  GString *text = g_string_new ("x");
  Ol2tpCause cause;

  ol2tp_cause_init (&cause, OL2TP_REASON_PEER, 2, 8, "%s %d", "AVP", 7);
  g_assert_cmpint (cause.reason, ==, OL2TP_REASON_PEER);
  g_assert_false (cause.from_peer);
  g_assert_cmpuint (cause.result_code, ==, 2);
  g_assert_cmpuint (cause.error_code, ==, 8);
  g_assert_cmpstr (cause.message, ==, "AVP 7");

  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 0, 0, NULL);
  g_assert_cmpstr (cause.message, ==, "");

  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 0, 0, "%s", longer);
  g_assert_cmpuint (strlen (cause.message), ==, OL2TP_CAUSE_TEXT_MAX - 1);

  /* Cut on a character boundary: an odd offset and characters of two octets. */
  for (guint i = 0; i < 200; i++)
    g_string_append (text, "\xc3\xa4");
  umlauts = g_string_free (text, FALSE);
  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 0, 0, "x%s", umlauts);
  g_assert_true (g_utf8_validate (cause.message, -1, NULL));
  g_assert_cmpuint (strlen (cause.message), ==, OL2TP_CAUSE_TEXT_MAX - 2);
}

static void
test_secret (void)
{
  char buffer[] = "s\0cret";
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (buffer, 6);
  Ol2tpSecret *empty = ol2tp_secret_new (NULL, 0);
  const guint8 *data;
  gsize len;

  memset (buffer, 0, sizeof buffer);
  ol2tp_secret_unref (ol2tp_secret_ref (secret));
  data = ol2tp_secret_get_data (secret, &len);
  g_assert_cmpmem (data, len, "s\0cret", 6);
  ol2tp_secret_get_data (empty, &len);
  g_assert_cmpuint (len, ==, 0);
  ol2tp_secret_unref (empty);
  ol2tp_secret_unref (NULL);
}

static void
test_error (void)
{
  g_autoptr (GError) error = g_error_new (OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND, "x");

  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/types/cause", test_cause);
  g_test_add_func ("/core/types/secret", test_secret);
  g_test_add_func ("/core/types/error", test_error);
  return g_test_run ();
}
