/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages that come ahead of sequence. */
#include "core/channel.h"
#include "core/engine.h"

#include <string.h>

static const guint8 octets[] = { 0x80, 0x08, 0, 0, 0, 0, 0, 6 };

static void
assert_silent (Ol2tpChannel *channel)
{
  Ol2tpOutgoing outgoing;

  g_assert_false (ol2tp_channel_has_output (channel));
  g_assert_false (ol2tp_channel_next (channel, &outgoing, 0));
}

/* One ZLB, and nothing more. */
static void
assert_acknowledges (Ol2tpChannel *channel, guint16 nr)
{
  Ol2tpOutgoing outgoing;

  g_assert_true (ol2tp_channel_next (channel, &outgoing, 0));
  g_assert_true (ol2tp_header_is_zlb (&outgoing.header));
  g_assert_cmpuint (outgoing.header.ns, ==, 0);
  g_assert_cmpuint (outgoing.header.nr, ==, nr);
  assert_silent (channel);
}

static void
assert_ahead (Ol2tpChannel *channel, guint16 ns)
{
  g_autofree Ol2tpHeader *header = ol2tp_channel_take_ahead (channel);

  g_assert_nonnull (header);
  g_assert_cmpuint (header->ns, ==, ns);
  g_assert_cmpuint (header->session_id, ==, (guint16) (ns + 100));
  g_assert_cmpmem (header->body.data, header->body.len, octets, sizeof octets);
}

static Ol2tpChannelVerdict
receive_marked (Ol2tpChannel *channel, guint16 ns)
{
  g_autofree guint8 *copy = g_memdup2 (octets, sizeof octets); /* so that nobody keeps a pointer into it */
  Ol2tpHeader header = { 0, (guint16) (ns + 100), ns, 0, { copy, sizeof octets } };

  return ol2tp_channel_receive (channel, &header, 0);
}

/* REL-05: what comes early waits, unacknowledged, until the gap is filled. */
static void
test_ahead (void)
{
  static const guint16 starts[] = { 0, 32766, 65533 };

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      guint16 ns = starts[i];
      Ol2tpChannel channel;

      ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
      channel.nr = ns;
      for (guint16 j = 5; j > 0; j--)
        if (j != 3)
          {
            g_assert_cmpint (receive_marked (&channel, (guint16) (ns + j)), ==, OL2TP_CHANNEL_AHEAD);
            g_assert_cmpint (receive_marked (&channel, (guint16) (ns + j)), ==, OL2TP_CHANNEL_AHEAD);
            assert_silent (&channel);
          }
      g_assert_null (ol2tp_channel_take_ahead (&channel));
      g_assert_cmpint (receive_marked (&channel, ns), ==, OL2TP_CHANNEL_DELIVER);
      assert_ahead (&channel, (guint16) (ns + 1));
      assert_ahead (&channel, (guint16) (ns + 2));
      g_assert_null (ol2tp_channel_take_ahead (&channel));
      assert_acknowledges (&channel, (guint16) (ns + 3));
      g_assert_cmpint (receive_marked (&channel, (guint16) (ns + 2)), ==, OL2TP_CHANNEL_DUPLICATE);
      assert_acknowledges (&channel, (guint16) (ns + 3));
      g_assert_cmpint (receive_marked (&channel, (guint16) (ns + 3)), ==, OL2TP_CHANNEL_DELIVER);
      assert_ahead (&channel, (guint16) (ns + 4));
      assert_ahead (&channel, (guint16) (ns + 5));
      g_assert_null (ol2tp_channel_take_ahead (&channel));
      g_assert_null (channel.ahead);
      assert_acknowledges (&channel, (guint16) (ns + 6));
      ol2tp_channel_clear (&channel);
    }
}

/* REL-06: nothing is kept beyond the window we offered, nor what is longer than we would send. */
static void
test_ahead_bounds (void)
{
  static const guint16 windows[] = { 1, 2, 4, 10, 32767, 65535 };

  for (gsize i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      guint n = MIN (windows[i], 32767u);
      Ol2tpChannel channel;

      ol2tp_channel_init (&channel, 1000, 8000, 5, windows[i]);
      for (guint j = 1; j < 32768; j++)
        g_assert_cmpint (receive_marked (&channel, (guint16) j), ==, OL2TP_CHANNEL_AHEAD);
      g_assert_cmpuint (channel.ahead != NULL ? g_hash_table_size (channel.ahead) : 0, ==, n - 1);
      assert_silent (&channel);
      g_assert_cmpint (receive_marked (&channel, 0), ==, OL2TP_CHANNEL_DELIVER);
      for (guint j = 1; j < n; j++)
        assert_ahead (&channel, (guint16) j);
      g_assert_null (ol2tp_channel_take_ahead (&channel));
      assert_acknowledges (&channel, (guint16) n);
      ol2tp_channel_clear (&channel);
    }

  {
    g_autofree guint8 *large = g_malloc0 (OL2TP_DATAGRAM_MAX + 1);
    Ol2tpHeader header = { 0, 0, 1, 0, { large, OL2TP_DATAGRAM_MAX + 1 } };
    Ol2tpChannel channel;

    ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
    g_assert_cmpint (ol2tp_channel_receive (&channel, &header, 0), ==, OL2TP_CHANNEL_AHEAD);
    g_assert_null (channel.ahead);
    header.body.len--;
    g_assert_cmpint (ol2tp_channel_receive (&channel, &header, 0), ==, OL2TP_CHANNEL_AHEAD);
    g_assert_nonnull (channel.ahead);
    ol2tp_channel_clear (&channel); /* and nothing leaks */
  }
}

/* REL-05: whatever the order, with copies: each message once, in sequence. */
static void
test_any_order (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      Ol2tpChannel channel;
      guint n_delivered = 0;

      ol2tp_channel_init (&channel, 1000, 8000, 5, 8);
      while (n_delivered < 60)
        {
          guint16 ns = (guint16) (MAX (n_delivered, 4) - 4 + (guint) g_test_rand_int_range (0, 16));
          Ol2tpChannelVerdict verdict = receive_marked (&channel, ns);
          Ol2tpHeader *header;

          g_assert_cmpint (verdict == OL2TP_CHANNEL_DELIVER, ==, ns == n_delivered);
          if (verdict != OL2TP_CHANNEL_DELIVER)
            continue;
          n_delivered++;
          while ((header = ol2tp_channel_take_ahead (&channel)) != NULL)
            {
              g_assert_cmpuint (header->ns, ==, n_delivered++);
              g_free (header);
            }
        }
      ol2tp_channel_clear (&channel);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/channel/REL-05", test_ahead);
  g_test_add_func ("/core/channel/REL-06", test_ahead_bounds);
  g_test_add_func ("/core/channel/any-order", test_any_order);
  return g_test_run ();
}
