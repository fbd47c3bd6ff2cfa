/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Retransmission, sequence, window and HELLO, each test named after its row of the RFC checklist. */
#include "bench.h"

/* REL-V1, REL-08, REL-09, CC-17: nobody answers. */
static void
test_no_answer (void)
{
  static const gint64 times[] = { 0, 1, 3, 7, 15, 23 };
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpSessionConfig session_config = OL2TP_SESSION_CONFIG_DEFAULT;
  Ol2tpTunnelStats stats;
  gint64 start_us;
  Ol2tpEvent event;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  start_us = bench.now_us;
  bench_dial (&bench, &config);
  g_assert_true (ol2tp_engine_add_session (bench.engine, bench.tunnel_id, &session_config, &bench.session_id, NULL));
  g_assert_true (ol2tp_engine_connect_session (bench.engine, bench.session_id, bench.now_us, NULL));
  for (gsize i = 1; i < G_N_ELEMENTS (times); i++)
    {
      g_assert_cmpint (ol2tp_engine_get_deadline (bench.engine), ==, start_us + times[i] * SECOND);
      bench_advance_to (&bench, start_us + times[i] * SECOND - 1);
      bench_expect_silence (&bench);
      bench_advance_to (&bench, start_us + times[i] * SECOND);
      bench_expect (&bench, OL2TP_MESSAGE_SCCRQ, &reply);
      g_assert_cmpuint (reply.header.tunnel_id, ==, 0);
    }
  g_assert_true (ol2tp_engine_get_tunnel_stats (bench.engine, bench.tunnel_id, &stats));
  g_assert_cmpuint (stats.tx_packets, ==, 6);
  g_assert_cmpuint (stats.retransmits, ==, 5);
  bench_advance_to (&bench, start_us + 31 * SECOND - 1);
  bench_expect_no_event (&bench);
  bench_advance_to (&bench, start_us + 31 * SECOND);
  event = bench_expect_event (&bench, OL2TP_EVENT_SESSION_CLOSED);
  g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_TIMEOUT);
  event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_TIMEOUT);
  g_assert_cmpuint (event.cause.result_code, ==, 0);
  g_assert_cmpstr (event.cause.message, ==, "no answer from 192.0.2.1:1701 after 6 transmissions");
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE);
  bench_expect_no_event (&bench);
  bench_expect_silence (&bench);
  g_assert_cmpint (ol2tp_engine_get_deadline (bench.engine), ==, OL2TP_NEVER);
  bench_clear (&bench);
}

/* REL-23, REL-24 and suspend (REL-25): time jumps; one step of the schedule, not all of them at once. */
static void
test_time_jump (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  config.establish_timeout_sec = 0;
  bench_dial (&bench, &config);
  bench_advance_to (&bench, bench.now_us + 3600 * SECOND);
  bench_expect (&bench, OL2TP_MESSAGE_SCCRQ, &reply);
  bench_expect_silence (&bench);
  bench_expect_no_event (&bench);
  /* Time that goes back does no harm either. */
  bench_advance_to (&bench, bench.now_us - 1800 * SECOND);
  bench_expect_silence (&bench);
  bench_expect_no_event (&bench);
  bench_clear (&bench);
}

/* REL-03, REL-05, REL-14, REL-16, REL-21 through the engine */
static void
test_sequence (void)
{
  guint8 body[1400];
  Ol2tpMessage message;
  Ol2tpTunnelStats stats;
  Ol2tpSpan span;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_responder (&bench);
  ol2tp_message_init (&message, OL2TP_MESSAGE_HELLO);
  span = bench_body (&message, body);

  g_test_message ("REL-03");
  bench_receive_raw (&bench, bench.tunnel_id, 0, bench.ns, bench.nr, span);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_receive_raw (&bench, bench.tunnel_id, 0, bench.ns, bench.nr, span);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench.ns++;
  g_test_message ("REL-05");
  bench_receive_raw (&bench, bench.tunnel_id, 0, (guint16) (bench.ns + 1), bench.nr, span);
  bench_expect_silence (&bench);
  bench_receive_raw (&bench, bench.tunnel_id, 0, bench.ns++, bench.nr, span);
  bench_expect_no_event (&bench);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  g_assert_cmpuint (reply.header.nr, ==, ++bench.ns);
  bench_expect_silence (&bench);
  g_test_message ("REL-16");
  bench_receive_raw (&bench, bench.tunnel_id, 0, bench.ns, (guint16) (bench.nr + 5), span);
  bench_expect_silence (&bench);
  g_test_message ("REL-21");
  bench_receive_raw (&bench, bench.tunnel_id, 0, 0, 0, (Ol2tpSpan) { NULL, 0 });
  bench_expect_silence (&bench);
  g_test_message ("HDR-14");
  bench_receive_raw (&bench, bench.tunnel_id, 99, bench.ns++, bench.nr, span);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_expect_no_event (&bench);

  g_assert_true (ol2tp_engine_get_tunnel_stats (bench.engine, bench.tunnel_id, &stats));
  g_assert_cmpuint (stats.duplicates, ==, 1);
  g_assert_cmpuint (stats.out_of_order, ==, 2);
  g_assert_cmpuint (stats.hello_rx, ==, 4);
  g_assert_cmpuint (stats.zlb_tx, ==, 5); /* one for SCCCN */
  g_assert_cmpuint (stats.zlb_rx, ==, 1);
  g_assert_cmpint (bench_tunnel_state (&bench), ==, OL2TP_TUNNEL_STATE_ESTABLISHED);
  bench_clear (&bench);
}

/* REL-05: calls that overtake one another are announced in the order the peer made them; REL-06 */
static void
test_ahead (void)
{
  guint8 body[1400];
  Ol2tpMessage message;
  Ol2tpTunnelStats stats;
  Ol2tpSessionInfo info;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_responder (&bench);
  for (guint16 i = 5; i-- > 0;)
    {
      bench_fill_icrq (&message);
      ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_SESSION_ID, 500u + i);
      ol2tp_message_set_number (&message, OL2TP_AVP_CALL_SERIAL_NUMBER, i);
      bench_expect_no_event (&bench);
      bench_expect_silence (&bench);
      bench_receive_raw (&bench, bench.tunnel_id, 0, (guint16) (bench.ns + i), bench.nr, bench_body (&message, body));
    }
  for (guint i = 0; i < 5; i++)
    {
      bench_expect_event (&bench, OL2TP_EVENT_SESSION_INCOMING);
      g_assert_true (ol2tp_engine_get_session_info (bench.engine, bench.session_id, &info));
      g_assert_cmpuint (info.call_serial_number, ==, i);
    }
  bench.ns += 5;
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  g_assert_cmpuint (reply.header.nr, ==, bench.ns);

  g_test_message ("REL-06: the default window is 10, so that 10 ahead is outside");
  ol2tp_message_init (&message, OL2TP_MESSAGE_HELLO);
  bench_receive_raw (&bench, bench.tunnel_id, 0, (guint16) (bench.ns + 10), bench.nr, bench_body (&message, body));
  for (guint i = 0; i < 10; i++)
    bench_receive_type (&bench, OL2TP_MESSAGE_HELLO);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  g_assert_cmpuint (reply.header.nr, ==, bench.ns);
  g_assert_true (ol2tp_engine_get_tunnel_stats (bench.engine, bench.tunnel_id, &stats));
  g_assert_cmpuint (stats.out_of_order, ==, 5);
  g_assert_cmpuint (stats.hello_rx, ==, 10);
  bench_clear (&bench);
}

/* REL-05: a call and its end, at once: the first event can still be answered while it is the last that was popped. */
static void
test_ahead_in_turn (void)
{
  guint8 body[1400];
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_responder (&bench);
  bench_fill_cdn (&message, 3, 0, "gone again");
  bench_receive_raw (&bench, bench.tunnel_id, 0, (guint16) (bench.ns + 1), bench.nr, bench_body (&message, body));
  bench_fill_icrq (&message);
  bench_receive (&bench, 0, &message);
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_INCOMING);
  g_assert_true (ol2tp_engine_accept_session (bench.engine, bench.session_id, bench.now_us, NULL));
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_CLOSED);
  g_assert_false (ol2tp_engine_accept_session (bench.engine, bench.session_id, bench.now_us, NULL));
  bench_expect_no_event (&bench);
  bench_expect (&bench, OL2TP_MESSAGE_ICRP, &reply);
  g_assert_cmpuint (reply.header.nr, ==, bench.ns + 1);
  bench_expect_silence (&bench);
  bench_clear (&bench);
}

/* REL-05: a StopCCN that came early ends the tunnel once its turn comes; what is behind it does no harm. */
static void
test_ahead_of_the_end (void)
{
  guint8 body[1400];
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_responder (&bench);
  ol2tp_message_init (&message, OL2TP_MESSAGE_HELLO);
  bench_receive_raw (&bench, bench.tunnel_id, 0, (guint16) (bench.ns + 2), bench.nr, bench_body (&message, body));
  bench_fill_stopccn (&message, 6, 0, "bye");
  bench_receive_raw (&bench, bench.tunnel_id, 0, (guint16) (bench.ns + 1), bench.nr, bench_body (&message, body));
  bench_expect_no_event (&bench);
  bench_receive_type (&bench, OL2TP_MESSAGE_HELLO);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  bench_expect_no_event (&bench);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  g_assert_cmpuint (reply.header.nr, ==, bench.ns + 2);
  bench_advance_to (&bench, bench.now_us + 31 * SECOND);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE);
  bench_clear (&bench);

  g_test_message ("our own StopCCN, acknowledged by what came early: nothing is delivered to a tunnel that is gone");
  bench_init (&bench);
  bench_establish_as_responder (&bench);
  bench_fill_icrq (&message);
  bench_receive_raw (&bench, bench.tunnel_id, 0, (guint16) (bench.ns + 1), bench.nr, bench_body (&message, body));
  g_assert_true (ol2tp_engine_close_tunnel (bench.engine, bench.tunnel_id, &(Ol2tpCause) { OL2TP_REASON_ADMIN }, bench.now_us, NULL));
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
  bench_receive_type (&bench, OL2TP_MESSAGE_HELLO);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_advance_to (&bench, bench.now_us);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE);
  bench_expect_no_event (&bench);
  bench_clear (&bench);
}

/* REL-11: no more in flight than the peer's window */
static void
test_window (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpSessionConfig session_config = OL2TP_SESSION_CONFIG_DEFAULT;
  Ol2tpMessage message;
  guint32 id;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_dial (&bench, &config);
  bench_fill_sccrp (&message);
  ol2tp_message_set_number (&message, OL2TP_AVP_RECEIVE_WINDOW_SIZE, 1);
  bench_receive (&bench, 0, &message);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_UP);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (ol2tp_engine_add_session (bench.engine, bench.tunnel_id, &session_config, &id, NULL));
      g_assert_true (ol2tp_engine_connect_session (bench.engine, id, bench.now_us, NULL));
    }
  bench_expect (&bench, OL2TP_MESSAGE_SCCCN, &reply);
  for (guint i = 0; i < 3; i++)
    {
      bench_expect_silence (&bench);
      bench_receive_ack (&bench);
      bench_expect (&bench, OL2TP_MESSAGE_ICRQ, &reply);
    }
  bench_clear (&bench);
}

static void
assert_sequence (const Reply *reply, guint16 nr, guint16 ns)
{
  g_assert_cmpuint (reply->header.nr, ==, nr);
  g_assert_cmpuint (reply->header.ns, ==, ns);
}

/* REL-20: RFC 2661 appendix B.2 from the LNS: its ICRP is lost, the LAC's timer fires first. Numbers are Nr, Ns as printed there. */
static void
test_lost_icrp_lns (void)
{
  guint8 body[1400];
  Ol2tpMessage message;
  Ol2tpSpan span;
  gint64 start_us;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_responder (&bench);
  start_us = bench.now_us;
  bench_fill_icrq (&message);
  span = bench_body (&message, body);
  bench_receive_raw (&bench, bench.tunnel_id, 0, 2, 1, span);
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_INCOMING);
  g_assert_true (ol2tp_engine_accept_session (bench.engine, bench.session_id, bench.now_us, NULL));
  bench_expect (&bench, OL2TP_MESSAGE_ICRP, &reply);
  assert_sequence (&reply, 3, 1);

  bench_advance_to (&bench, start_us + SECOND - 1);
  bench_receive_raw (&bench, bench.tunnel_id, 0, 2, 1, span);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  assert_sequence (&reply, 3, 2);
  bench_expect_silence (&bench);

  bench_advance_to (&bench, start_us + SECOND);
  bench_expect (&bench, OL2TP_MESSAGE_ICRP, &reply);
  assert_sequence (&reply, 3, 1);
  bench_expect_silence (&bench);

  bench_fill_iccn (&message);
  bench_receive_raw (&bench, bench.tunnel_id, bench.session_id, 3, 2, bench_body (&message, body));
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_DATAPATH);
  g_assert_true (ol2tp_engine_datapath_done (bench.engine, bench.session_id, bench.now_us, NULL));
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_UP);
  bench_expect_no_event (&bench);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  assert_sequence (&reply, 4, 2);
  bench_expect_silence (&bench);
  bench_clear (&bench);
}

/* REL-20: the same from the LAC */
static void
test_lost_icrp_lac (void)
{
  Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;
  guint8 body[1400];
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_initiator (&bench);
  g_assert_true (ol2tp_engine_add_session (bench.engine, bench.tunnel_id, &config, &bench.session_id, NULL));
  g_assert_true (ol2tp_engine_connect_session (bench.engine, bench.session_id, bench.now_us, NULL));
  bench_expect (&bench, OL2TP_MESSAGE_ICRQ, &reply);
  assert_sequence (&reply, 1, 2);
  bench_advance_to (&bench, bench.now_us + SECOND);
  bench_expect (&bench, OL2TP_MESSAGE_ICRQ, &reply);
  assert_sequence (&reply, 1, 2);

  bench_receive_raw (&bench, bench.tunnel_id, 0, 2, 3, (Ol2tpSpan) { NULL, 0 });
  bench_expect_no_event (&bench);
  bench_expect_silence (&bench);

  bench_fill_icrp (&message);
  bench_receive_raw (&bench, bench.tunnel_id, bench.session_id, 1, 3, bench_body (&message, body));
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_DATAPATH);
  g_assert_true (ol2tp_engine_datapath_done (bench.engine, bench.session_id, bench.now_us, NULL));
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_UP);
  bench_expect (&bench, OL2TP_MESSAGE_ICCN, &reply);
  assert_sequence (&reply, 2, 3);
  bench_expect_silence (&bench);

  bench_receive_raw (&bench, bench.tunnel_id, 0, 2, 4, (Ol2tpSpan) { NULL, 0 });
  bench_expect_silence (&bench);
  bench_clear (&bench);
}

/* REL-17: calls behind set-up leave in bursts that grow by one with each acknowledgement. */
static void
test_slow_start (void)
{
  Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;
  guint left = 30, burst = 3; /* SCCRQ and SCCCN were acknowledged */
  guint32 id;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_initiator (&bench);
  for (guint i = 0; i < left; i++)
    {
      g_assert_true (ol2tp_engine_add_session (bench.engine, bench.tunnel_id, &config, &id, NULL));
      g_assert_true (ol2tp_engine_connect_session (bench.engine, id, bench.now_us, NULL));
    }
  while (left > 0)
    {
      for (guint i = 0; i < MIN (burst, left); i++)
        bench_expect (&bench, OL2TP_MESSAGE_ICRQ, &reply);
      bench_expect_silence (&bench);
      bench_receive_ack (&bench);
      left -= MIN (burst, left);
      burst = MIN (burst + 1, 8); /* the bench's window */
    }
  bench_expect_silence (&bench);
  bench_clear (&bench);
}

/* HEL-01, HEL-03 */
static void
test_hello (void)
{
  Ol2tpTunnelStats stats;
  gint64 start_us, interval_us;
  Ol2tpEvent event;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_initiator (&bench);
  start_us = bench.now_us;
  interval_us = ol2tp_engine_get_deadline (bench.engine) - start_us;
  g_assert_cmpint (interval_us, >=, 54 * SECOND);
  g_assert_cmpint (interval_us, <=, 60 * SECOND);
  bench_advance_to (&bench, start_us + interval_us - 1);
  bench_expect_silence (&bench);
  bench_advance_to (&bench, start_us + interval_us);
  bench_expect (&bench, OL2TP_MESSAGE_HELLO, &reply);
  g_assert_cmpuint (reply.header.session_id, ==, 0);
  bench_expect_silence (&bench);
  bench_advance_to (&bench, start_us + interval_us + 500000);
  bench_receive_ack (&bench);
  g_test_message ("any message puts it off, even a ZLB");
  bench_advance_to (&bench, start_us + 100 * SECOND);
  bench_receive_ack (&bench);
  bench_advance_to (&bench, start_us + 100 * SECOND + interval_us - 1);
  bench_expect_silence (&bench);
  bench_advance_to (&bench, start_us + 100 * SECOND + interval_us);
  bench_expect (&bench, OL2TP_MESSAGE_HELLO, &reply);
  g_test_message ("unanswered, it ends the tunnel, without a second HELLO in between");
  for (guint i = 0; i < 5; i++)
    {
      bench_advance_to (&bench, ol2tp_engine_get_deadline (bench.engine));
      bench_expect (&bench, OL2TP_MESSAGE_HELLO, &reply);
      bench_expect_silence (&bench);
    }
  g_assert_true (ol2tp_engine_get_tunnel_stats (bench.engine, bench.tunnel_id, &stats));
  g_assert_cmpuint (stats.hello_tx, ==, 2);
  bench_advance_to (&bench, start_us + 131 * SECOND + interval_us);
  event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_TIMEOUT);
  g_assert_true (event.was_up);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE);
  bench_clear (&bench);
}

/* HEL-02, HEL-05: off, and 24 hours of silence */
static void
test_no_hello (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  config.hello_interval_sec = 0;
  bench_dial (&bench, &config);
  bench_fill_sccrp (&message);
  bench_receive (&bench, 0, &message);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_UP);
  bench_expect (&bench, OL2TP_MESSAGE_SCCCN, &reply);
  bench_receive_ack (&bench);
  g_assert_cmpint (ol2tp_engine_get_deadline (bench.engine), ==, OL2TP_NEVER);
  bench_advance_to (&bench, bench.now_us + 24 * 3600 * SECOND);
  bench_expect_silence (&bench);
  bench_expect_no_event (&bench);
  g_assert_cmpint (bench_tunnel_state (&bench), ==, OL2TP_TUNNEL_STATE_ESTABLISHED);
  bench_clear (&bench);
}

/* HEL-04: 100 tunnels that come up in one moment spread their HELLOs over a tenth of the interval, without a large gap. */
static void
test_hello_jitter (void)
{
  gint64 times[100];
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_use_responder (&bench, NULL);
  for (guint32 i = 0; i < G_N_ELEMENTS (times); i++)
    {
      bench.ns = bench.nr = 0;
      bench_fill_sccrq (&message);
      ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_TUNNEL_ID, 1 + i);
      bench_receive (&bench, 0, &message);
      bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
      g_assert_true (ol2tp_engine_accept_tunnel (bench.engine, bench.tunnel_id, bench.now_us, NULL));
      bench_expect (&bench, OL2TP_MESSAGE_SCCRP, &reply);
      bench_receive_type (&bench, OL2TP_MESSAGE_SCCCN);
      bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_UP);
      bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
    }
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      bench_advance_to (&bench, ol2tp_engine_get_deadline (bench.engine));
      g_assert_cmpint (bench.now_us, <=, 1060 * SECOND);
      bench_expect (&bench, OL2TP_MESSAGE_HELLO, &reply);
      times[i] = bench.now_us;
      bench.tunnel_id = reply.datagram.tunnel_id;
      bench_receive_ack (&bench);
    }
  g_assert_cmpint (times[0], >=, 1054 * SECOND);
  g_assert_cmpint (times[G_N_ELEMENTS (times) - 1] - times[0], >, 5 * SECOND);
  for (guint i = 1; i < G_N_ELEMENTS (times); i++)
    g_assert_cmpint (times[i] - times[i - 1], <, SECOND);
  bench_clear (&bench);
}

/* CC-20: a HELLO in any state is acknowledged. */
static void
test_hello_received (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_dial (&bench, &config);
  bench_receive_type (&bench, OL2TP_MESSAGE_HELLO);
  bench_expect_no_event (&bench);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  g_assert_cmpint (bench_tunnel_state (&bench), ==, OL2TP_TUNNEL_STATE_WAIT_CTL_REPLY);
  bench_clear (&bench);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/engine/REL-V1", test_no_answer);
  g_test_add_func ("/core/engine/time-jump", test_time_jump);
  g_test_add_func ("/core/engine/REL-03-REL-21", test_sequence);
  g_test_add_func ("/core/engine/REL-05", test_ahead);
  g_test_add_func ("/core/engine/REL-05-turn", test_ahead_in_turn);
  g_test_add_func ("/core/engine/REL-05-end", test_ahead_of_the_end);
  g_test_add_func ("/core/engine/REL-11", test_window);
  g_test_add_func ("/core/engine/REL-20-LNS", test_lost_icrp_lns);
  g_test_add_func ("/core/engine/REL-20-LAC", test_lost_icrp_lac);
  g_test_add_func ("/core/engine/REL-17", test_slow_start);
  g_test_add_func ("/core/engine/HEL-01", test_hello);
  g_test_add_func ("/core/engine/HEL-05", test_no_hello);
  g_test_add_func ("/core/engine/HEL-04", test_hello_jitter);
  g_test_add_func ("/core/engine/CC-20", test_hello_received);
  return g_test_run ();
}
