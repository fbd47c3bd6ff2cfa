/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/hidden.h"
#include "hide.h"

#include <string.h>

#define SECRET "l2tp-secret"

static const guint8 rv_octets[] = { 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f };
static const Ol2tpSpan rv = { rv_octets, sizeof rv_octets };

static gsize
unhex (const char *hex, guint8 *out)
{
  gsize n = strlen (hex) / 2;

  for (gsize i = 0; i < n; i++)
    out[i] = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
  return n;
}

static const guint8 padding[20] = { 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,
                                    0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa };

static const struct {
  const char *name;
  guint16 type;
  gboolean mandatory;
  gsize n_padding;
  const char *value;
  gsize value_len;
  const char *avp;
} vectors[] = {
  { "HID-V1", 9, TRUE, 0, "\x12\x34", 2, "c00a000000096f264a7e" },
  { "HID-V2", 9, TRUE, 12, "\x12\x34", 2, "c016000000096f264a7e8a5f696dd3eaf9d75db73285" },
  { "HID-V3", 33, FALSE, 0, "correct horse battery staple", 28,
    "4024000000218ee6547fe71c29e400ac47a17c96cb8f217ee32c0522b79d7b31dfb533a7" },
  { "HID-V4", 21, TRUE, 0, "012345678901234567890123456789", 30,
    "c02600000015a2fcfb72c61cd11fc87a6ad70d4fdf6dd84972f083d2f78b622b552416d189d8" },
};

static void
test_vectors (void)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (SECRET, strlen (SECRET));

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      guint8 avp[64], hidden[64], scratch[64];
      gsize len = unhex (vectors[i].avp, avp);
      Ol2tpWriter writer;
      Ol2tpSpan value;

      g_test_message ("%s", vectors[i].name);
      g_assert_true (ol2tp_hidden_reveal ((Ol2tpSpan) { avp + 6, len - 6 }, vectors[i].type, secret, rv, scratch, &value));
      /* HID-V4 does not say which 30 digits; the others are compared octet by octet, both ways. */
      g_assert_cmpuint (value.len, ==, vectors[i].value_len);
      if (vectors[i].type == 21)
        {
          for (gsize j = 0; j < value.len; j++)
            g_assert_true (g_ascii_isdigit (value.data[j]));
        }
      else
        g_assert_cmpmem (value.data, value.len, vectors[i].value, vectors[i].value_len);

      ol2tp_writer_init (&writer, hidden, sizeof hidden);
      hide_avp (&writer, vectors[i].mandatory, vectors[i].type, SECRET, rv, value, vectors[i].n_padding);
      g_assert_cmpmem (hidden, writer.len, avp, len);

      ol2tp_hidden_conceal (value, (Ol2tpSpan) { padding, vectors[i].n_padding }, vectors[i].type, secret, rv, hidden);
      g_assert_cmpmem (hidden, OL2TP_HIDDEN_OVERHEAD + value.len + vectors[i].n_padding, avp + 6, len - 6);
    }
}

/* Every length of value and padding, so every number of blocks and every short last block. */
static void
test_round_trip (void)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (SECRET, strlen (SECRET));
  guint8 plain[70];

  for (guint8 i = 0; i < sizeof plain; i++)
    plain[i] = i;
  for (gsize len = 0; len <= sizeof plain; len++)
    for (gsize n_padding = 0; n_padding < 20; n_padding++)
      {
        guint8 hidden[128];
        g_autofree guint8 *exact = NULL;
        g_autofree guint8 *concealed = g_malloc (OL2TP_HIDDEN_OVERHEAD + len + n_padding);
        g_autofree guint8 *scratch = NULL;
        Ol2tpWriter writer;
        Ol2tpSpan value;

        ol2tp_writer_init (&writer, hidden, sizeof hidden);
        hide_avp (&writer, TRUE, 30, SECRET, rv, (Ol2tpSpan) { plain, len }, n_padding);
        exact = g_memdup2 (hidden + 6, writer.len - 6);
        scratch = g_malloc (writer.len - 6);
        ol2tp_hidden_conceal ((Ol2tpSpan) { plain, len }, (Ol2tpSpan) { padding, n_padding }, 30, secret, rv, concealed);
        g_assert_cmpmem (concealed, OL2TP_HIDDEN_OVERHEAD + len + n_padding, exact, writer.len - 6);
        g_assert_true (ol2tp_hidden_reveal ((Ol2tpSpan) { exact, writer.len - 6 }, 30, secret, rv, scratch, &value));
        g_assert_cmpmem (value.data, value.len, plain, len);
        g_assert_cmpint (memcmp (exact, hidden + 6, writer.len - 6), ==, 0);
      }
}

/* HID-07: what comes out of noise, or of the wrong secret, is never longer than what went in. */
static void
test_wrong_secret (void)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new ("other", 5);
  guint n_refused = 0;

  for (guint i = 0; i < 1000; i++)
    {
      gsize len = (gsize) g_test_rand_int_range (0, 64);
      g_autofree guint8 *hidden = g_malloc (len);
      g_autofree guint8 *scratch = g_malloc (len);
      Ol2tpSpan value;

      for (gsize j = 0; j < len; j++)
        hidden[j] = (guint8) g_test_rand_int_range (0, 256);
      if (ol2tp_hidden_reveal ((Ol2tpSpan) { hidden, len }, 9, secret, rv, scratch, &value))
        g_assert_cmpuint (value.len + 2, <=, len);
      else
        n_refused++;
    }
  g_assert_cmpuint (n_refused, >, 900);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/hidden/HID-V1-V4", test_vectors);
  g_test_add_func ("/core/hidden/round-trip", test_round_trip);
  g_test_add_func ("/core/hidden/HID-07", test_wrong_secret);
  return g_test_run ();
}
