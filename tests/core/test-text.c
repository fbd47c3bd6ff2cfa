/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/text.h"

#include <string.h>

#define R "\xef\xbf\xbd" /* U+FFFD */

/* AVP-21, RES-02 */
static void
test_clean (void)
{
  static const struct {
    const char *in;
    gsize len;
    const char *out;
  } cases[] = {
    { "", 0, "" },
    { "plain", 5, "plain" },
    { "gr\xc3\xbc\xc3\x9f", 6, "gr\xc3\xbc\xc3\x9f" },
    { "\xff\x00\x1b[2J", 6, R R R "[2J" },
    { "Stra\xdf""e", 6, "Stra" R "e" },           /* Latin-1 */
    { "a\xc3", 2, "a" R },                        /* cut in a character */
    { "\xed\xa0\x80", 3, R R R },                 /* surrogate */
    { "\xc0\x80", 2, R R },                       /* overlong */
    { "\xf4\x90\x80\x80", 4, R R R R },           /* beyond U+10FFFF */
    { "a\x7f""b\xc2\x85""c", 6, "a" R "b" R "c" },  /* DEL, NEL */
    { "a\xe2\x80\xae""b", 5, "a" R "b" },         /* right-to-left override */
    { "a\xe2\x80\xa8""b", 5, "a" R "b" },         /* line separator */
    { "a\nb\tc\r", 6, "a" R "b" R "c" R },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree guint8 *exact = g_memdup2 (cases[i].in, cases[i].len);
      g_autofree char *out = ol2tp_text_dup_clean ((Ol2tpSpan) { exact, cases[i].len });

      g_assert_cmpstr (out, ==, cases[i].out);
      g_assert_true (g_utf8_validate (out, -1, NULL));
    }
}

static void
test_cut (void)
{
  static const Ol2tpSpan text = { (const guint8 *) "ab\xc3\xbc""c", 5 };

  for (gsize size = 1; size <= 8; size++)
    {
      g_autofree char *dest = g_malloc (size);

      ol2tp_text_clean (dest, size, text);
      g_assert_true (g_utf8_validate (dest, -1, NULL));
      g_assert_cmpuint (strlen (dest), <, size);
      g_assert_cmpint (memcmp (dest, text.data, strlen (dest)), ==, 0);
      if (size > 5)
        g_assert_cmpstr (dest, ==, "ab\xc3\xbc""c");
    }
}

static void
test_random (void)
{
  for (guint i = 0; i < 2000; i++)
    {
      gsize len = (gsize) g_test_rand_int_range (0, 40);
      g_autofree guint8 *octets = g_malloc (len);
      g_autofree char *out = NULL;

      for (gsize j = 0; j < len; j++)
        octets[j] = (guint8) g_test_rand_int_range (0, 256);
      out = ol2tp_text_dup_clean ((Ol2tpSpan) { octets, len });
      g_assert_true (g_utf8_validate (out, -1, NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/text/clean", test_clean);
  g_test_add_func ("/core/text/cut", test_cut);
  g_test_add_func ("/core/text/random", test_random);
  return g_test_run ();
}
