/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/channel.h"
#include "core/message.h"
#include "core/types.h"

#include <string.h>

#define SECOND ((gint64) G_USEC_PER_SEC)

static const guint8 octets[] = { 0x80, 0x08, 0, 0, 0, 0, 0, 6 };
static const Ol2tpSpan body = { octets, sizeof octets };

static void
send_hello (Ol2tpChannel *channel)
{
  ol2tp_channel_send (channel, OL2TP_MESSAGE_HELLO, 0, body);
}

/* Past slow start, for tests of what the peer's window alone allows. */
static void
open_fully (Ol2tpChannel *channel)
{
  channel->congestion_window = channel->window;
}

static Ol2tpChannelVerdict
receive (Ol2tpChannel *channel, guint16 ns, guint16 nr, gboolean zlb, gint64 now_us)
{
  Ol2tpHeader header = { 0, 0, ns, nr, zlb ? (Ol2tpSpan) { NULL, 0 } : body };

  return ol2tp_channel_receive (channel, &header, now_us);
}

static void
assert_next (Ol2tpChannel *channel, guint16 type, guint16 ns, guint16 nr, gint64 now_us)
{
  Ol2tpOutgoing outgoing;

  g_assert_true (ol2tp_channel_has_output (channel));
  g_assert_true (ol2tp_channel_next (channel, &outgoing, now_us));
  g_assert_cmpuint (outgoing.type, ==, type);
  g_assert_cmpuint (outgoing.header.ns, ==, ns);
  g_assert_cmpuint (outgoing.header.nr, ==, nr);
  g_assert_cmpuint (outgoing.header.body.len, ==, type == OL2TP_MESSAGE_ZLB ? 0 : sizeof octets);
}

static void
assert_silent (Ol2tpChannel *channel)
{
  Ol2tpOutgoing outgoing;

  g_assert_false (ol2tp_channel_has_output (channel));
  g_assert_false (ol2tp_channel_next (channel, &outgoing, 0));
}

/* REL-01: RFC 2661 appendix B.1, from the responder's side and from the initiator's. */
static void
test_lock_step (void)
{
  Ol2tpChannel a, b;

  ol2tp_channel_init (&a, 1000, 8000, 5, 10);
  ol2tp_channel_init (&b, 1000, 8000, 5, 10);
  send_hello (&a);
  assert_next (&a, OL2TP_MESSAGE_HELLO, 0, 0, 0);
  g_assert_cmpint (receive (&b, 0, 0, FALSE, 0), ==, OL2TP_CHANNEL_DELIVER);
  send_hello (&b);
  assert_next (&b, OL2TP_MESSAGE_HELLO, 0, 1, 0); /* REL-15: the reply carries the acknowledgement */
  assert_silent (&b);
  g_assert_cmpint (receive (&a, 0, 1, FALSE, 0), ==, OL2TP_CHANNEL_DELIVER);
  send_hello (&a);
  assert_next (&a, OL2TP_MESSAGE_HELLO, 1, 1, 0);
  assert_silent (&a);
  g_assert_cmpint (receive (&b, 1, 1, FALSE, 0), ==, OL2TP_CHANNEL_DELIVER);
  assert_next (&b, OL2TP_MESSAGE_ZLB, 1, 2, 0);
  assert_silent (&b);
  g_assert_cmpint (receive (&a, 1, 2, TRUE, 0), ==, OL2TP_CHANNEL_ACK);
  g_assert_true (ol2tp_channel_is_idle (&a));
  assert_silent (&a);
  /* REL-02: the ZLB moved nothing. */
  g_assert_cmpuint (a.nr, ==, 1);
  ol2tp_channel_clear (&a);
  ol2tp_channel_clear (&b);
}

/* REL-V1 */
static void
test_retransmission_times (void)
{
  static const gint64 times[] = { 0, 1, 3, 7, 15, 23 };
  Ol2tpChannel channel;

  ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
  g_assert_cmpint (ol2tp_channel_get_cycle_us (&channel), ==, 31 * SECOND);
  send_hello (&channel);
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      if (i > 0)
        {
          g_assert_cmpint (channel.deadline_us, ==, times[i] * SECOND);
          g_assert_true (ol2tp_channel_timeout (&channel));
        }
      assert_next (&channel, OL2TP_MESSAGE_HELLO, 0, 0, times[i] * SECOND);
      assert_silent (&channel);
    }
  g_assert_cmpint (channel.deadline_us, ==, 31 * SECOND);
  g_assert_false (ol2tp_channel_timeout (&channel));
  g_assert_cmpuint (channel.n_transmissions, ==, 6);
  ol2tp_channel_clear (&channel);
}

/* REL-09, and the cap that RFC 2661 does not let us lower. */
static void
test_retries (void)
{
  static const guint counts[] = { 0, 1, 5, 100 };

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      Ol2tpChannel channel;
      gint64 now_us = 0;
      guint n = 0;

      ol2tp_channel_init (&channel, 1000, 1, counts[i], 10);
      send_hello (&channel);
      do
        {
          assert_next (&channel, OL2TP_MESSAGE_HELLO, 0, 0, now_us);
          g_assert_cmpint (channel.deadline_us - now_us, <=, 8 * SECOND);
          now_us = channel.deadline_us;
          n++;
        }
      while (ol2tp_channel_timeout (&channel));
      g_assert_cmpuint (n, ==, counts[i] + 1);
      g_assert_cmpint (now_us, ==, ol2tp_channel_get_cycle_us (&channel));
      ol2tp_channel_clear (&channel);
    }
}

/* REL-04: with 15 as the last, 0..15 and 32784..65535 are old, 16 is next, 17..32783 are ahead. */
static void
test_all_ns (void)
{
  for (guint ns = 0; ns < 65536; ns++)
    {
      Ol2tpChannel channel;
      Ol2tpChannelVerdict expected = OL2TP_CHANNEL_AHEAD;

      ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
      channel.nr = 16;
      if (ns <= 15 || ns >= 32784)
        expected = OL2TP_CHANNEL_DUPLICATE;
      if (ns == 16)
        expected = OL2TP_CHANNEL_DELIVER;
      g_assert_cmpint (receive (&channel, (guint16) ns, 0, FALSE, 0), ==, expected);
      /* REL-03, REL-06: an acknowledgement for what was delivered, now or before, and for nothing else. */
      g_assert_cmpint (ol2tp_channel_has_output (&channel), ==, expected != OL2TP_CHANNEL_AHEAD);
      g_assert_cmpuint (channel.nr, ==, ns == 16 ? 17 : 16);
      /* REL-21: a ZLB is acknowledged with no Ns whatever. */
      channel.ack_due = FALSE;
      g_assert_cmpint (receive (&channel, (guint16) ns, 0, TRUE, 0), ==, OL2TP_CHANNEL_ACK);
      assert_silent (&channel);
      ol2tp_channel_clear (&channel);
    }
}

/* REL-16: with Ns 0 to 3 sent, Nr 0 to 4 is good, more is invalid, older than 0 says nothing; for any Ns to start from. */
static void
test_all_nr (void)
{
  static const guint16 starts[] = { 0, 1, 32766, 65533, 65535 };

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    for (guint nr = 0; nr < 65536; nr += nr < 10 || nr > 65520 || (nr > 32700 && nr < 32800) ? 1 : 7)
      {
        Ol2tpChannel channel;
        guint16 distance = (guint16) (nr - starts[i]);

        ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
        channel.first_ns = starts[i];
        open_fully (&channel);
        for (guint j = 0; j < 4; j++)
          {
            send_hello (&channel);
            assert_next (&channel, OL2TP_MESSAGE_HELLO, (guint16) (starts[i] + j), 0, 0);
          }
        if (distance <= 4 || distance >= 32768)
          g_assert_cmpint (receive (&channel, 0, (guint16) nr, TRUE, 0), ==, OL2TP_CHANNEL_ACK);
        else
          g_assert_cmpint (receive (&channel, 0, (guint16) nr, TRUE, 0), ==, OL2TP_CHANNEL_INVALID);
        g_assert_cmpuint (channel.queue.length, ==, distance <= 4 ? 4u - distance : 4u);
        ol2tp_channel_clear (&channel);
      }
}

/* A message with an invalid Nr is dropped whole. */
static void
test_invalid_nr_delivers_nothing (void)
{
  Ol2tpChannel channel;

  ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
  g_assert_cmpint (receive (&channel, 0, 5, FALSE, 0), ==, OL2TP_CHANNEL_INVALID);
  g_assert_cmpuint (channel.nr, ==, 0);
  assert_silent (&channel);
}

/* REL-11, REL-13 */
static void
test_window (void)
{
  static const guint16 windows[] = { 1, 2, 4, 16, 65535 };

  for (gsize i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      guint n = MIN (windows[i], 100);
      Ol2tpChannel channel;

      ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
      ol2tp_channel_set_window (&channel, windows[i]);
      open_fully (&channel);
      for (guint j = 0; j < 101; j++)
        send_hello (&channel);
      for (guint j = 0; j < n; j++)
        assert_next (&channel, OL2TP_MESSAGE_HELLO, (guint16) j, 0, 0);
      if (windows[i] < 101)
        assert_silent (&channel);
      g_assert_cmpint (receive (&channel, 0, 1, TRUE, 0), ==, OL2TP_CHANNEL_ACK);
      assert_next (&channel, OL2TP_MESSAGE_HELLO, (guint16) n, 0, 0);
      ol2tp_channel_clear (&channel);
    }
}

/* REL-07, and the way out of a timeout: the head alone, then, as the peer answers, the others. */
static void
test_recovery (void)
{
  Ol2tpChannel channel;
  Ol2tpOutgoing outgoing;

  ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
  open_fully (&channel);
  for (guint16 i = 0; i < 4; i++)
    {
      send_hello (&channel);
      assert_next (&channel, OL2TP_MESSAGE_HELLO, i, 0, 0);
    }
  g_assert_cmpint (receive (&channel, 0, 0, FALSE, 0), ==, OL2TP_CHANNEL_DELIVER);
  assert_next (&channel, OL2TP_MESSAGE_ZLB, 4, 1, 0);

  g_assert_true (ol2tp_channel_timeout (&channel));
  g_assert_true (ol2tp_channel_next (&channel, &outgoing, SECOND));
  g_assert_true (outgoing.again);
  g_assert_cmpuint (outgoing.header.ns, ==, 0);
  g_assert_cmpuint (outgoing.header.nr, ==, 1); /* the current Nr, not that of the first time */
  assert_silent (&channel);

  g_assert_cmpint (receive (&channel, 1, 1, TRUE, SECOND), ==, OL2TP_CHANNEL_ACK);
  for (guint16 i = 1; i < 3; i++)
    assert_next (&channel, OL2TP_MESSAGE_HELLO, i, 1, SECOND);
  assert_silent (&channel);
  g_assert_cmpint (receive (&channel, 1, 2, TRUE, SECOND), ==, OL2TP_CHANNEL_ACK);
  assert_next (&channel, OL2TP_MESSAGE_HELLO, 3, 1, SECOND);
  assert_silent (&channel);
  /* The peer had queued them all. */
  g_assert_cmpint (receive (&channel, 1, 4, TRUE, SECOND), ==, OL2TP_CHANNEL_ACK);
  g_assert_true (ol2tp_channel_is_idle (&channel));
  g_assert_cmpint (channel.deadline_us, ==, OL2TP_NEVER);
  ol2tp_channel_clear (&channel);
}

/* Sends all that may be sent. */
static guint
send_burst (Ol2tpChannel *channel, gint64 now_us)
{
  Ol2tpOutgoing outgoing;
  guint n = 0;

  while (ol2tp_channel_next (channel, &outgoing, now_us))
    n++;
  return n;
}

/* REL-17, REL-13: one, two, three, four, and no more than the peer's window; an acknowledgement of several counts once. */
static void
test_slow_start (void)
{
  Ol2tpChannel channel;

  ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
  ol2tp_channel_set_window (&channel, 4);
  g_assert_cmpuint (channel.slow_start_limit, ==, 4);
  for (guint i = 0; i < 100; i++)
    send_hello (&channel);
  for (guint16 i = 1; i <= 10; i++)
    {
      g_assert_cmpuint (channel.congestion_window, ==, MIN (i, 4));
      send_burst (&channel, 0);
      g_assert_cmpuint (channel.n_out, ==, MIN (i, 4));
      g_assert_cmpint (receive (&channel, 0, i, TRUE, 0), ==, OL2TP_CHANNEL_ACK);
      g_test_message ("the same acknowledgement again opens nothing");
      g_assert_cmpint (receive (&channel, 0, i, TRUE, 0), ==, OL2TP_CHANNEL_ACK);
    }
  ol2tp_channel_clear (&channel);

  ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
  ol2tp_channel_set_window (&channel, 100);
  for (guint i = 0; i < 100; i++)
    send_hello (&channel);
  for (guint16 i = 1; i <= 5; i++)
    {
      g_assert_cmpuint (send_burst (&channel, 0), ==, i);
      g_assert_cmpint (receive (&channel, 0, (guint16) (channel.first_ns + i), TRUE, 0), ==, OL2TP_CHANNEL_ACK);
    }
  ol2tp_channel_clear (&channel);
}

/* REL-18: window 16, threshold 4: five after four more acknowledgements, six after five more, and so on up to 16. */
static void
test_congestion_avoidance (void)
{
  Ol2tpChannel channel;
  guint16 nr = 0;

  ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
  ol2tp_channel_set_window (&channel, 16);
  channel.slow_start_limit = 4;
  for (guint i = 0; i < 400; i++)
    send_hello (&channel);
  for (guint expected = 1; expected <= 16; expected++)
    for (guint i = 0; i < (expected < 4 ? 1 : expected); i++)
      {
        g_assert_cmpuint (channel.congestion_window, ==, expected);
        send_burst (&channel, 0);
        g_assert_cmpuint (channel.n_out, ==, expected);
        g_assert_cmpint (receive (&channel, 0, ++nr, TRUE, 0), ==, OL2TP_CHANNEL_ACK);
      }
  g_assert_cmpuint (channel.congestion_window, ==, 16);
  ol2tp_channel_clear (&channel);
}

/* REL-19: each retransmission halves the threshold, down to one, and shuts the window. */
static void
test_congestion (void)
{
  static const guint windows[][2] = { { 16, 8 }, { 9, 4 }, { 3, 1 }, { 2, 1 }, { 1, 1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      Ol2tpChannel channel;

      ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
      ol2tp_channel_set_window (&channel, 16);
      channel.congestion_window = windows[i][0];
      for (guint j = 0; j < 100; j++)
        send_hello (&channel);
      g_assert_cmpuint (send_burst (&channel, 0), ==, windows[i][0]);
      g_assert_true (ol2tp_channel_timeout (&channel));
      g_assert_cmpuint (channel.slow_start_limit, ==, windows[i][1]);
      g_assert_cmpuint (send_burst (&channel, SECOND), ==, 1);
      g_assert_true (ol2tp_channel_timeout (&channel));
      g_assert_cmpuint (channel.slow_start_limit, ==, 1);
      g_assert_cmpuint (send_burst (&channel, 3 * SECOND), ==, 1);
      g_assert_cmpint (receive (&channel, 0, 1, TRUE, 4 * SECOND), ==, OL2TP_CHANNEL_ACK);
      g_assert_cmpuint (send_burst (&channel, 4 * SECOND), ==, 2);
      ol2tp_channel_clear (&channel);
    }

  {
    Ol2tpChannel channel;

    g_test_message ("the peer's window, once known, is where the threshold starts, and the most that the congestion window may be");
    ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
    send_hello (&channel);
    g_assert_cmpuint (send_burst (&channel, 0), ==, 1);
    g_assert_true (ol2tp_channel_timeout (&channel));
    g_assert_cmpuint (send_burst (&channel, SECOND), ==, 1);
    g_assert_cmpint (receive (&channel, 0, 1, FALSE, SECOND), ==, OL2TP_CHANNEL_DELIVER);
    g_assert_cmpuint (channel.congestion_window, ==, 2);
    ol2tp_channel_set_window (&channel, 10);
    g_assert_cmpuint (channel.slow_start_limit, ==, 10);
    g_assert_cmpuint (channel.congestion_window, ==, 2);
    ol2tp_channel_set_window (&channel, 1);
    g_assert_cmpuint (channel.congestion_window, ==, 1);
    ol2tp_channel_clear (&channel);
  }
}

/* While the head is sent again, the acknowledgement of all the others comes. */
static void
test_late_ack (void)
{
  Ol2tpChannel channel;

  ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
  open_fully (&channel);
  for (guint16 i = 0; i < 3; i++)
    {
      send_hello (&channel);
      assert_next (&channel, OL2TP_MESSAGE_HELLO, i, 0, 0);
    }
  g_assert_true (ol2tp_channel_timeout (&channel));
  g_assert_cmpint (receive (&channel, 0, 2, TRUE, SECOND), ==, OL2TP_CHANNEL_ACK);
  assert_next (&channel, OL2TP_MESSAGE_HELLO, 2, 0, SECOND);
  g_assert_cmpint (channel.deadline_us, ==, 2 * SECOND);
  g_assert_cmpint (receive (&channel, 0, 3, TRUE, SECOND), ==, OL2TP_CHANNEL_ACK);
  g_assert_true (ol2tp_channel_is_idle (&channel));
  ol2tp_channel_clear (&channel);
}

/* REL-10: each of 1000 messages is lost once; the retries are counted for each alone. */
static void
test_retries_are_per_message (void)
{
  Ol2tpChannel channel;
  gint64 now_us = 0;

  ol2tp_channel_init (&channel, 1000, 8000, 1, 10);
  for (guint i = 0; i < 1000; i++)
    send_hello (&channel);
  for (guint16 i = 0; i < 1000; i++)
    {
      Ol2tpOutgoing outgoing;

      while (ol2tp_channel_next (&channel, &outgoing, now_us))
        ;
      now_us = channel.deadline_us;
      g_assert_true (ol2tp_channel_timeout (&channel));
      assert_next (&channel, OL2TP_MESSAGE_HELLO, i, 0, now_us);
      g_assert_cmpint (receive (&channel, 0, (guint16) (i + 1), TRUE, now_us), ==, OL2TP_CHANNEL_ACK);
    }
  g_assert_true (ol2tp_channel_is_idle (&channel));
  ol2tp_channel_clear (&channel);
}

static void
test_close (void)
{
  Ol2tpChannel channel;

  g_test_message ("what was never sent is dropped, the last message goes behind what was");
  ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
  ol2tp_channel_set_window (&channel, 2);
  for (guint i = 0; i < 5; i++)
    send_hello (&channel);
  assert_next (&channel, OL2TP_MESSAGE_HELLO, 0, 0, 0);
  ol2tp_channel_close (&channel);
  ol2tp_channel_send (&channel, OL2TP_MESSAGE_STOPCCN, 0, body);
  assert_next (&channel, OL2TP_MESSAGE_STOPCCN, 1, 0, 0);
  assert_silent (&channel);
  g_test_message ("and is repeated with it");
  g_assert_true (ol2tp_channel_timeout (&channel));
  assert_next (&channel, OL2TP_MESSAGE_HELLO, 0, 0, SECOND);
  assert_next (&channel, OL2TP_MESSAGE_STOPCCN, 1, 0, SECOND);
  g_assert_cmpint (receive (&channel, 0, 2, TRUE, SECOND), ==, OL2TP_CHANNEL_ACK);
  g_assert_true (ol2tp_channel_is_idle (&channel));
  ol2tp_channel_clear (&channel);

  g_test_message ("between a timeout and the datagram that follows it");
  ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
  send_hello (&channel);
  assert_next (&channel, OL2TP_MESSAGE_HELLO, 0, 0, 0);
  g_assert_true (ol2tp_channel_timeout (&channel));
  ol2tp_channel_close (&channel);
  ol2tp_channel_send (&channel, OL2TP_MESSAGE_STOPCCN, 0, body);
  assert_next (&channel, OL2TP_MESSAGE_HELLO, 0, 0, SECOND);
  assert_next (&channel, OL2TP_MESSAGE_STOPCCN, 1, 0, SECOND);
  g_assert_cmpint (channel.deadline_us, ==, 3 * SECOND);
  ol2tp_channel_clear (&channel);

  g_test_message ("flushed: only acknowledgements from here on");
  ol2tp_channel_init (&channel, 1000, 8000, 5, 10);
  send_hello (&channel);
  send_hello (&channel);
  assert_next (&channel, OL2TP_MESSAGE_HELLO, 0, 0, 0);
  ol2tp_channel_flush (&channel);
  assert_silent (&channel);
  g_assert_cmpint (channel.deadline_us, ==, OL2TP_NEVER);
  g_assert_cmpint (receive (&channel, 0, 1, FALSE, 0), ==, OL2TP_CHANNEL_DELIVER);
  assert_next (&channel, OL2TP_MESSAGE_ZLB, 1, 1, 0);
  ol2tp_channel_clear (&channel);
}

/* Ns and Nr wrap. */
static void
test_wrap (void)
{
  Ol2tpChannel a, b;

  ol2tp_channel_init (&a, 1000, 8000, 5, 10);
  ol2tp_channel_init (&b, 1000, 8000, 5, 10);
  for (guint i = 0; i < 70000; i++)
    {
      Ol2tpOutgoing outgoing;

      send_hello (&a);
      g_assert_true (ol2tp_channel_next (&a, &outgoing, 0));
      g_assert_cmpuint (outgoing.header.ns, ==, i & 0xffff);
      g_assert_cmpint (ol2tp_channel_receive (&b, &outgoing.header, 0), ==, OL2TP_CHANNEL_DELIVER);
      g_assert_true (ol2tp_channel_next (&b, &outgoing, 0));
      g_assert_cmpint (ol2tp_channel_receive (&a, &outgoing.header, 0), ==, OL2TP_CHANNEL_ACK);
      g_assert_true (ol2tp_channel_is_idle (&a));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/channel/REL-01", test_lock_step);
  g_test_add_func ("/core/channel/REL-V1", test_retransmission_times);
  g_test_add_func ("/core/channel/REL-09", test_retries);
  g_test_add_func ("/core/channel/REL-04", test_all_ns);
  g_test_add_func ("/core/channel/REL-16", test_all_nr);
  g_test_add_func ("/core/channel/invalid-nr", test_invalid_nr_delivers_nothing);
  g_test_add_func ("/core/channel/REL-11", test_window);
  g_test_add_func ("/core/channel/REL-07", test_recovery);
  g_test_add_func ("/core/channel/REL-17", test_slow_start);
  g_test_add_func ("/core/channel/REL-18", test_congestion_avoidance);
  g_test_add_func ("/core/channel/REL-19", test_congestion);
  g_test_add_func ("/core/channel/late-ack", test_late_ack);
  g_test_add_func ("/core/channel/REL-10", test_retries_are_per_message);
  g_test_add_func ("/core/channel/close", test_close);
  g_test_add_func ("/core/channel/wrap", test_wrap);
  return g_test_run ();
}
