/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/types.h"

#include <string.h>

static void
test_round_trip (void)
{
  /* Read, and written as RFC 5952 wants it. */
  static const char *const pairs[][2] = {
    { "192.0.2.1", "192.0.2.1" },
    { "0.0.0.0", "0.0.0.0" },
    { "255.255.255.255", "255.255.255.255" },
    { "::", "::" },
    { "::1", "::1" },
    { "1::", "1::" },
    { "[2001:DB8::1]", "2001:db8::1" },
    { "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
    { "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
    { "0:0:1:2:3:4:5:6", "::1:2:3:4:5:6" },
    { "1:2:3:4:5:6:0:0", "1:2:3:4:5:6::" },
    { "1:0:0:2:0:0:0:3", "1:0:0:2::3" },
    { "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
    { "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
    { "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
    { "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
    { "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
    { "fe80::1%7", "fe80::1%7" },
    { "[fe80::1%7]", "fe80::1%7" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      Ol2tpAddress address, again;
      g_autofree char *text = NULL;

      g_test_message ("%s", pairs[i][0]);
      g_assert_true (ol2tp_address_parse (pairs[i][0], &address));
      g_assert_cmpuint (address.port, ==, 0);
      text = ol2tp_address_to_string (&address);
      g_assert_cmpstr (text, ==, pairs[i][1]);
      g_assert_true (ol2tp_address_parse (text, &again));
      g_assert_true (ol2tp_address_equal (&address, &again));
    }
}

static void
test_bad (void)
{
  static const char *const texts[] = {
    "", "1", "1.2.3", "1.2.3.", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "+1.2.3.4", "1..3.4", "[1.2.3.4]",
    "1.2.3.4%1", "4294967297.2.3.4", ":", ":::", ":1", "1:", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8", "12345::", "g::", "::1.2.3", "::1.2.3.4.5", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:1", "[::1", "::1]", "[]",
    "[", "fe80::1%", "fe80::1%eth0", "fe80::1%4294967296", "fe80::1%1%2", "%1", "::1/64", "localhost", "::ffff:1.2.3.400",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      Ol2tpAddress address;

      g_test_message ("\"%s\"", texts[i]);
      g_assert_false (ol2tp_address_parse (texts[i], &address));
    }
}

static void
test_endpoint (void)
{
  Ol2tpAddress address = { 0 };
  g_autofree char *none = ol2tp_address_to_endpoint_string (&address);
  g_autofree char *ipv4 = NULL;
  g_autofree char *ipv6 = NULL;

  g_assert_cmpstr (none, ==, ":0");
  g_assert_true (ol2tp_address_parse ("192.0.2.1", &address));
  address.port = 1701;
  ipv4 = ol2tp_address_to_endpoint_string (&address);
  g_assert_cmpstr (ipv4, ==, "192.0.2.1:1701");
  g_assert_true (ol2tp_address_parse ("2001:db8::1", &address));
  address.port = 1701;
  ipv6 = ol2tp_address_to_endpoint_string (&address);
  g_assert_cmpstr (ipv6, ==, "[2001:db8::1]:1701");
}

static void
test_equal (void)
{
  Ol2tpAddress a, b;

  g_assert_true (ol2tp_address_parse ("fe80::1%7", &a));
  b = a;
  g_assert_true (ol2tp_address_equal (&a, &b));
  b.port = 1;
  g_assert_false (ol2tp_address_equal (&a, &b));
  b = a;
  b.scope_id = 8;
  g_assert_false (ol2tp_address_equal (&a, &b));
  b = a;
  b.bytes[15] = 2;
  g_assert_false (ol2tp_address_equal (&a, &b));
  b = a;
  b.family = OL2TP_FAMILY_IPV4;
  g_assert_false (ol2tp_address_equal (&a, &b));
}

/* Whatever the octets, the text reads back as the same address. */
static void
test_random (void)
{
  for (guint i = 0; i < 5000; i++)
    {
      Ol2tpAddress address = { .family = i % 2 == 0 ? OL2TP_FAMILY_IPV6 : OL2TP_FAMILY_IPV4 }, again;
      g_autofree char *text = NULL;

      for (guint j = 0; j < (i % 2 == 0 ? 16 : 4); j++)
        address.bytes[j] = (guint8) (g_test_rand_int_range (0, 3) == 0 ? g_test_rand_int_range (0, 256) : 0);
      text = ol2tp_address_to_string (&address);
      g_assert_true (ol2tp_address_parse (text, &again));
      g_assert_true (ol2tp_address_equal (&address, &again));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/address/round-trip", test_round_trip);
  g_test_add_func ("/core/address/bad", test_bad);
  g_test_add_func ("/core/address/endpoint", test_endpoint);
  g_test_add_func ("/core/address/equal", test_equal);
  g_test_add_func ("/core/address/random", test_random);
  return g_test_run ();
}
