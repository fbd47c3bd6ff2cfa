/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses for peers: edges of the range, our own address in it, the last one taken and given back. */
#include "daemon/pool.h"

#include <arpa/inet.h>

static const struct in_addr nothing = { 0 };

static guint32
host (const char *text)
{
  struct in_addr address;

  g_assert_cmpint (inet_pton (AF_INET, text, &address), ==, 1);
  return ntohl (address.s_addr);
}

static struct in_addr
net (const char *text)
{
  struct in_addr address = { htonl (host (text)) };

  return address;
}

static void
assert_take (Ol2tpPool *pool, const char *expected)
{
  char text[INET_ADDRSTRLEN];
  struct in_addr address;

  g_assert_true (ol2tp_pool_take (pool, &address));
  g_assert_cmpstr (inet_ntop (AF_INET, &address, text, sizeof text), ==, expected);
}

static void
assert_exhausted (Ol2tpPool *pool)
{
  struct in_addr address = { htonl (0x01020304) };

  g_assert_false (ol2tp_pool_take (pool, &address));
  g_assert_cmphex (ntohl (address.s_addr), ==, 0x01020304);
}

static void
test_range (void)
{
  g_autoptr (Ol2tpPool) pool = ol2tp_pool_new (host ("10.0.0.254"), host ("10.0.1.1"), nothing);

  g_assert_false (ol2tp_pool_is_empty (pool));
  assert_take (pool, "10.0.0.254");
  assert_take (pool, "10.0.0.255");
  assert_take (pool, "10.0.1.0");
  assert_take (pool, "10.0.1.1");
  assert_exhausted (pool);
  assert_exhausted (pool);
}

static void
test_one (void)
{
  g_autoptr (Ol2tpPool) pool = ol2tp_pool_new (host ("192.0.2.1"), host ("192.0.2.1"), nothing);

  assert_take (pool, "192.0.2.1");
  assert_exhausted (pool);
  ol2tp_pool_give_back (pool, net ("192.0.2.1"));
  assert_take (pool, "192.0.2.1");
}

static void
test_empty (void)
{
  g_autoptr (Ol2tpPool) pool = ol2tp_pool_new (0, 0, nothing);

  g_assert_true (ol2tp_pool_is_empty (pool));
  assert_exhausted (pool);
  ol2tp_pool_give_back (pool, net ("192.0.2.1"));
  ol2tp_pool_give_back (pool, nothing);
  assert_exhausted (pool);
}

static void
test_except (void)
{
  static const char *const own[] = { "10.0.0.1", "10.0.0.2", "10.0.0.3" };

  for (gsize i = 0; i < G_N_ELEMENTS (own); i++)
    {
      g_autoptr (Ol2tpPool) pool = ol2tp_pool_new (host ("10.0.0.1"), host ("10.0.0.3"), net (own[i]));
      struct in_addr address;

      for (int n = 0; n < 2; n++)
        {
          g_assert_true (ol2tp_pool_take (pool, &address));
          g_assert_cmphex (address.s_addr, !=, net (own[i]).s_addr);
        }
      assert_exhausted (pool);
      ol2tp_pool_give_back (pool, net (own[i])); /* was never given out */
      assert_exhausted (pool);
    }
}

/* Nothing but our own address: the pool is not empty, that is, configured, but has none to give. */
static void
test_only_except (void)
{
  g_autoptr (Ol2tpPool) pool = ol2tp_pool_new (host ("10.0.0.1"), host ("10.0.0.1"), net ("10.0.0.1"));

  g_assert_false (ol2tp_pool_is_empty (pool));
  assert_exhausted (pool);
}

/* The search goes round: an address just given back is not the next one given out. */
static void
test_round (void)
{
  g_autoptr (Ol2tpPool) pool = ol2tp_pool_new (host ("10.0.0.1"), host ("10.0.0.3"), nothing);

  assert_take (pool, "10.0.0.1");
  ol2tp_pool_give_back (pool, net ("10.0.0.1"));
  assert_take (pool, "10.0.0.2");
  assert_take (pool, "10.0.0.3");
  assert_take (pool, "10.0.0.1");
  ol2tp_pool_give_back (pool, net ("10.0.0.2"));
  ol2tp_pool_give_back (pool, net ("10.0.0.2"));
  ol2tp_pool_give_back (pool, net ("10.0.0.4"));
  ol2tp_pool_give_back (pool, nothing);
  assert_take (pool, "10.0.0.2");
  assert_exhausted (pool);
}

static void
test_last_address (void)
{
  g_autoptr (Ol2tpPool) pool = ol2tp_pool_new (G_MAXUINT32 - 1, G_MAXUINT32, nothing);

  assert_take (pool, "255.255.255.254");
  assert_take (pool, "255.255.255.255");
  assert_exhausted (pool);
  ol2tp_pool_give_back (pool, net ("255.255.255.255"));
  assert_take (pool, "255.255.255.255");
}

static void
test_huge (void)
{
  g_autoptr (Ol2tpPool) pool = ol2tp_pool_new (1, G_MAXUINT32, net ("0.0.0.3"));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  struct in_addr address;

  for (guint i = 0; i < 100000; i++)
    {
      g_assert_true (ol2tp_pool_take (pool, &address));
      g_assert_cmphex (ntohl (address.s_addr), !=, 3);
      g_assert_true (g_hash_table_add (seen, GUINT_TO_POINTER (address.s_addr)));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/daemon/pool/range", test_range);
  g_test_add_func ("/daemon/pool/one", test_one);
  g_test_add_func ("/daemon/pool/empty", test_empty);
  g_test_add_func ("/daemon/pool/except", test_except);
  g_test_add_func ("/daemon/pool/only-except", test_only_except);
  g_test_add_func ("/daemon/pool/round", test_round);
  g_test_add_func ("/daemon/pool/last-address", test_last_address);
  g_test_add_func ("/daemon/pool/huge", test_huge);
  return g_test_run ();
}
