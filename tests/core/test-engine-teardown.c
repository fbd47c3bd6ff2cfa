/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of tunnels, each test named after its row of the RFC checklist. */
#include "bench.h"

#include <string.h>

static void
close_tunnel (Bench *bench, guint16 result_code)
{
  Ol2tpCause cause = bench_cause (OL2TP_REASON_ADMIN, result_code);

  g_assert_true (ol2tp_engine_close_tunnel (bench->engine, bench->tunnel_id, &cause, bench->now_us, NULL));
}

static void
expect_unknown (Bench *bench)
{
  Ol2tpTunnelInfo info;
  Ol2tpCause cause = bench_cause (OL2TP_REASON_ADMIN, 0);

  g_assert_false (ol2tp_engine_get_tunnel_info (bench->engine, bench->tunnel_id, &info));
  g_assert_false (ol2tp_engine_close_tunnel (bench->engine, bench->tunnel_id, &cause, bench->now_us, NULL));
  g_assert_cmpuint (ol2tp_engine_get_n_unacknowledged (bench->engine), ==, 0);
}

/* Nobody knows of it: idle, or its SCCRQ has not left yet. */
static void
test_before_contact (void)
{
  for (int connected = 0; connected < 2; connected++)
    {
      Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
      Ol2tpSessionConfig session_config = OL2TP_SESSION_CONFIG_DEFAULT;
      Ol2tpEvent event;
      Bench bench;

      bench_init (&bench);
      g_assert_true (ol2tp_engine_add_tunnel (bench.engine, &config, &bench.tunnel_id, NULL));
      g_assert_true (ol2tp_engine_add_session (bench.engine, bench.tunnel_id, &session_config, &bench.session_id, NULL));
      if (connected)
        g_assert_true (ol2tp_engine_connect_tunnel (bench.engine, bench.tunnel_id, &bench.path, bench.now_us, NULL));
      close_tunnel (&bench, 0);
      event = bench_expect_event (&bench, OL2TP_EVENT_SESSION_CLOSED);
      g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_ADMIN);
      event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
      g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_ADMIN);
      g_assert_false (event.was_up);
      bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE);
      bench_expect_no_event (&bench);
      bench_expect_silence (&bench);
      expect_unknown (&bench);
      g_assert_cmpint (ol2tp_engine_get_deadline (bench.engine), ==, OL2TP_NEVER);
      bench_clear (&bench);
    }
}

/* CC-14, RES-01: the peer acknowledges, and it is over. */
static void
test_close (void)
{
  Ol2tpEvent event;
  Ol2tpCause cause;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_responder (&bench);
  close_tunnel (&bench, 6);
  event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  g_assert_cmpuint (event.cause.result_code, ==, 6);
  g_assert_true (event.was_up);
  bench_expect_no_event (&bench);
  g_assert_cmpint (bench_tunnel_state (&bench), ==, OL2TP_TUNNEL_STATE_CLOSING);
  g_assert_cmpuint (ol2tp_engine_get_n_unacknowledged (bench.engine), ==, 1);
  bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
  g_assert_cmpuint (ol2tp_message_get_octets (&reply.message, OL2TP_AVP_RESULT_CODE).len, ==, 4);
  g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_TUNNEL_ID), ==, bench.tunnel_id);
  ol2tp_message_get_result (&reply.message, &cause);
  g_assert_cmpuint (cause.result_code, ==, 6);
  bench_receive_ack (&bench);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE);
  bench_expect_no_event (&bench);
  bench_expect_silence (&bench);
  expect_unknown (&bench);
  bench_clear (&bench);
}

/* TDN-05: 100 calls, not one CDN; all of them closed before the tunnel is. */
static void
test_sessions_first (void)
{
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_initiator (&bench);
  for (guint i = 0; i < 100; i++)
    {
      Ol2tpMessage message;

      bench_fill_icrq (&message);
      ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_SESSION_ID, 1 + i);
      bench_receive (&bench, 0, &message);
      bench_expect_event (&bench, OL2TP_EVENT_SESSION_INCOMING);
      bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
    }
  close_tunnel (&bench, 0);
  for (guint i = 0; i < 100; i++)
    {
      Ol2tpEvent event = bench_expect_event (&bench, OL2TP_EVENT_SESSION_CLOSED);

      g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_ADMIN);
    }
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
  bench_expect_silence (&bench);
  bench_clear (&bench);
}

/* TDN-04, and what happens when the SCCRP arrives after all. */
static void
test_close_in_wait_ctl_reply (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_dial (&bench, &config);
  close_tunnel (&bench, 0);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
  g_assert_cmpuint (reply.header.tunnel_id, ==, 0);
  g_assert_cmpuint (reply.header.ns, ==, 1);
  g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_TUNNEL_ID), ==, bench.tunnel_id);
  bench_expect_silence (&bench);

  bench_fill_sccrp (&message);
  bench.nr = 1;
  bench_receive (&bench, 0, &message);
  bench_expect_no_event (&bench);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  g_assert_cmphex (reply.header.tunnel_id, ==, PEER_TUNNEL_ID);
  bench_advance_to (&bench, ol2tp_engine_get_deadline (bench.engine));
  bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
  g_assert_cmphex (reply.header.tunnel_id, ==, PEER_TUNNEL_ID);
  g_assert_cmpuint (reply.header.nr, ==, 1);
  bench_receive_ack (&bench);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE);
  bench_clear (&bench);
}

/* The other side of it: StopCCN with tunnel ID 0 finds its tunnel by address, port and Assigned Tunnel ID. HDR-11, CC-28 */
static void
test_stopccn_without_id (void)
{
  for (guint what = 0; what < 3; what++)
    {
      guint8 body[1400];
      Ol2tpMessage message;
      Ol2tpEvent event;
      Bench bench;
      Reply reply;

      bench_init (&bench);
      bench_use_responder (&bench, NULL);
      bench_fill_sccrq (&message);
      bench_receive (&bench, 0, &message);
      bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
      g_assert_true (ol2tp_engine_accept_tunnel (bench.engine, bench.tunnel_id, bench.now_us, NULL));
      bench_expect (&bench, OL2TP_MESSAGE_SCCRP, &reply);

      bench_fill_stopccn (&message, 1, 0, "");
      /* with the peer's ID as it should be; with ours instead, and a header of 0; with a header of nonsense */
      if (what == 1)
        ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_TUNNEL_ID, bench.tunnel_id);
      bench_receive_raw (&bench, what == 2 ? bench.tunnel_id ^ 1 : 0, 0, 1, 0, bench_body (&message, body));
      event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
      g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_PEER);
      bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
      g_assert_cmpuint (reply.header.nr, ==, 2);
      bench_expect_silence (&bench);
      /* and so does its copy */
      bench_receive_raw (&bench, what == 2 ? bench.tunnel_id ^ 1 : 0, 0, 1, 0, bench_body (&message, body));
      bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
      bench_expect_no_event (&bench);
      bench_clear (&bench);
    }
}

/* A refusal: StopCCN in place of SCCRP is acknowledged to the ID it carries, or its sender could not tell whose answer that is. */
static void
test_refused (void)
{
  const Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_dial (&bench, &config);
  bench_fill_stopccn (&message, 4, 0, "no");
  bench_receive (&bench, 0, &message);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  g_assert_cmpuint (reply.header.tunnel_id, ==, PEER_TUNNEL_ID);
  bench_clear (&bench);
}

/* TDN-02: the peer is dead: six times, and gone at 31 s. */
static void
test_close_dead_peer (void)
{
  static const gint64 times[] = { 0, 1, 3, 7, 15, 23 };
  gint64 start_us;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_initiator (&bench);
  start_us = bench.now_us;
  close_tunnel (&bench, 0);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      if (i > 0)
        {
          g_assert_cmpint (ol2tp_engine_get_deadline (bench.engine), ==, start_us + times[i] * SECOND);
          bench_advance_to (&bench, start_us + times[i] * SECOND);
        }
      bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
      bench_expect_silence (&bench);
      g_assert_cmpuint (ol2tp_engine_get_n_unacknowledged (bench.engine), ==, 1);
    }
  bench_advance_to (&bench, start_us + 31 * SECOND - 1);
  bench_expect_no_event (&bench);
  bench_advance_to (&bench, start_us + 31 * SECOND);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE);
  bench_expect_no_event (&bench);
  bench_expect_silence (&bench);
  expect_unknown (&bench);
  bench_clear (&bench);
}

/* CC-16, TDN-01, TDN-03: the peer's StopCCN in each state; its copies are acknowledged for a cycle, and then no more. */
static void
test_peer_closes (void)
{
  static const gint64 times[] = { 1, 3, 7, 15, 23 };

  for (guint state = 0; state < 4; state++)
    {
      Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
      guint8 body[1400];
      gint64 start_us;
      guint16 ns;
      Ol2tpMessage message;
      Ol2tpEngineStats stats;
      Ol2tpEvent event;
      Ol2tpSpan span;
      Bench bench;
      Reply reply;

      bench_init (&bench);
      if (state == 0)
        bench_dial (&bench, &config);
      else if (state == 3)
        bench_establish_as_initiator (&bench);
      else
        {
          bench_use_responder (&bench, NULL);
          bench_fill_sccrq (&message);
          bench_receive (&bench, 0, &message);
          bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
          if (state == 2)
            {
              g_assert_true (ol2tp_engine_accept_tunnel (bench.engine, bench.tunnel_id, bench.now_us, NULL));
              bench_expect (&bench, OL2TP_MESSAGE_SCCRP, &reply);
            }
        }
      start_us = bench.now_us;
      bench_fill_stopccn (&message, 0x0600, 0, "shutting\x1b down");
      span = bench_body (&message, body);
      ns = bench.ns++;
      bench_receive_raw (&bench, bench.tunnel_id, 0, ns, bench.nr, span);
      event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
      g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_PEER);
      g_assert_true (event.cause.from_peer);
      g_assert_cmpuint (event.cause.result_code, ==, 6);
      g_assert_cmpstr (event.cause.message, ==, "shutting\xef\xbf\xbd down");
      bench_expect_no_event (&bench);
      g_assert_cmpuint (ol2tp_engine_get_n_unacknowledged (bench.engine), ==, 0);
      bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
      g_assert_cmpuint (reply.header.nr, ==, (guint16) (ns + 1));
      bench_expect_silence (&bench);
      for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
        {
          bench_advance_to (&bench, start_us + times[i] * SECOND);
          bench_expect_silence (&bench);
          bench_receive_raw (&bench, bench.tunnel_id, 0, ns, bench.nr, span);
          bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
          bench_expect_no_event (&bench);
        }
      g_assert_cmpint (ol2tp_engine_get_deadline (bench.engine), ==, start_us + 31 * SECOND);
      bench_advance_to (&bench, start_us + 31 * SECOND);
      bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE);
      bench_advance_to (&bench, start_us + 32 * SECOND);
      bench_receive_raw (&bench, bench.tunnel_id, 0, ns, bench.nr, span);
      bench_expect_silence (&bench);
      bench_expect_no_event (&bench);
      ol2tp_engine_get_stats (bench.engine, &stats);
      g_assert_cmpuint (stats.unknown_tunnel, ==, 1);
      expect_unknown (&bench);
      bench_clear (&bench);
    }
}

/* What the peer's StopCCN means, TDN-11, TDN-12, AUT-02 seen from the other side; and one that is no more than its type. */
static void
test_reasons (void)
{
  static const guint8 bare[] = { 0x80, 0x08, 0, 0, 0, 0, 0, 4, 0x80, 0x06, 0, 0, 0x03, 0xe7 };
  static const struct {
    guint8 result[6];
    gsize len;
    Ol2tpReason reason;
    guint16 result_code;
    guint16 error_code;
  } cases[] = {
    { { 0, 1 }, 2, OL2TP_REASON_PEER, 1, 0 },
    { { 0, 4 }, 2, OL2TP_REASON_AUTHENTICATION, 4, 0 },
    { { 4, 0, 0, 0 }, 4, OL2TP_REASON_AUTHENTICATION, 4, 0 },
    { { 0, 2, 0, 7, 'x' }, 5, OL2TP_REASON_PEER, 2, 7 },
    { { 0x03, 0xe7, 0, 0 }, 4, OL2TP_REASON_PEER, 999, 0 },
  };
  Ol2tpEvent event;
  Bench bench;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Ol2tpMessage message;

      bench_init (&bench);
      bench_establish_as_initiator (&bench);
      bench_fill_stopccn (&message, 1, 0, "");
      ol2tp_message_set_octets (&message, OL2TP_AVP_RESULT_CODE, (Ol2tpSpan) { cases[i].result, cases[i].len });
      bench_receive (&bench, 0, &message);
      event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
      g_assert_cmpint (event.cause.reason, ==, cases[i].reason);
      g_assert_true (event.cause.from_peer);
      g_assert_cmpuint (event.cause.result_code, ==, cases[i].result_code);
      g_assert_cmpuint (event.cause.error_code, ==, cases[i].error_code);
      bench_clear (&bench);
    }

  bench_init (&bench);
  bench_establish_as_initiator (&bench);
  bench_receive_raw (&bench, bench.tunnel_id, 0, bench.ns++, bench.nr, (Ol2tpSpan) { bare, sizeof bare });
  event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_PEER);
  g_assert_cmpuint (event.cause.result_code, ==, 0);
  bench_clear (&bench);
}

/* Both say StopCCN at once: each acknowledges the other's, and it is over. */
static void
test_crossing (void)
{
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_initiator (&bench);
  close_tunnel (&bench, 0);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
  bench.nr--;
  bench_fill_stopccn (&message, 1, 0, "");
  bench_receive (&bench, 0, &message);
  bench_expect_no_event (&bench);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_expect_silence (&bench);
  g_assert_cmpuint (ol2tp_engine_get_n_unacknowledged (bench.engine), ==, 0);
  bench.nr++;
  bench_receive_ack (&bench);
  bench_advance_to (&bench, bench.now_us + 31 * SECOND);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE);
  bench_expect_no_event (&bench);
  bench_expect_silence (&bench);
  bench_clear (&bench);
}

/* Our StopCCN is acknowledged by a message that wants an acknowledgement: it gets one, then it is over. */
static void
test_acknowledged_by_message (void)
{
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_initiator (&bench);
  close_tunnel (&bench, 0);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
  bench_receive_type (&bench, OL2TP_MESSAGE_HELLO);
  bench_expect_no_event (&bench);
  g_assert_cmpuint (ol2tp_engine_get_n_unacknowledged (bench.engine), ==, 0);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  g_assert_cmpint (ol2tp_engine_get_deadline (bench.engine), ==, bench.now_us);
  bench_advance_to (&bench, bench.now_us);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE);
  bench_clear (&bench);
}

/* In closing, what the peer still says is acknowledged and means nothing; also commands are over. */
static void
test_deaf_while_closing (void)
{
  Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;
  Ol2tpCause cause = bench_cause (OL2TP_REASON_ADMIN, 0);
  g_autoptr (GError) error = NULL;
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_initiator (&bench);
  close_tunnel (&bench, 0);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
  bench.nr--;
  bench_fill_icrq (&message);
  bench_receive (&bench, 0, &message);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_fill_sccrp (&message);
  bench_receive (&bench, 0, &message);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_expect_no_event (&bench);
  g_assert_false (ol2tp_engine_close_tunnel (bench.engine, bench.tunnel_id, &cause, bench.now_us, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_false (ol2tp_engine_add_session (bench.engine, bench.tunnel_id, &config, &bench.session_id, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE);
  bench_clear (&bench);
}

/* The caller refuses in wait-accept: StopCCN with its codes and text, repeated SCCRQs get no second tunnel. */
static void
test_refuse (void)
{
  guint8 body[1400];
  Ol2tpMessage message;
  Ol2tpCause cause;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_use_responder (&bench, NULL);
  bench_fill_sccrq (&message);
  bench_receive (&bench, 0, &message);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
  ol2tp_cause_init (&cause, OL2TP_REASON_REFUSED, 2, 6, "%s", "not today");
  g_assert_true (ol2tp_engine_close_tunnel (bench.engine, bench.tunnel_id, &cause, bench.now_us, NULL));
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
  g_assert_cmpuint (reply.header.nr, ==, 1);
  ol2tp_message_get_result (&reply.message, &cause);
  g_assert_cmpuint (cause.result_code, ==, 2);
  g_assert_cmpuint (cause.error_code, ==, 6);
  g_assert_cmpstr (cause.message, ==, "not today");
  bench_receive_raw (&bench, 0, 0, 0, 0, bench_body (&message, body));
  bench_expect_no_event (&bench);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_receive_ack (&bench);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE);
  bench_clear (&bench);
}

/* Windows counts its IDs from 1 and dials from the same port: once it has closed the old tunnel, the same ID is a new one. */
static void
test_dial_again_with_same_id (void)
{
  guint32 old_id;
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_establish_as_responder (&bench);
  old_id = bench.tunnel_id;
  bench_fill_stopccn (&message, 1, 0, "");
  bench_receive (&bench, 0, &message);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench.ns = bench.nr = 0;
  bench_fill_sccrq (&message);
  bench_receive (&bench, 0, &message);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
  g_assert_cmpuint (bench.tunnel_id, !=, old_id);
  g_assert_true (ol2tp_engine_accept_tunnel (bench.engine, bench.tunnel_id, bench.now_us, NULL));
  bench_expect (&bench, OL2TP_MESSAGE_SCCRP, &reply);
  bench_receive_type (&bench, OL2TP_MESSAGE_SCCCN);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_UP);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  /* The end of the old one takes nothing from the new one. */
  bench_advance_to (&bench, bench.now_us + 31 * SECOND);
  g_assert_cmpuint (bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE).tunnel_id, ==, old_id);
  bench_fill_sccrq (&message);
  bench_receive_raw (&bench, 0, 0, 0, 0, bench_body (&message, (guint8[1400]) { 0 }));
  bench_expect_no_event (&bench);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_clear (&bench);
}

/* Freed in the middle of everything. */
static void
test_free (void)
{
  Bench bench;
  Ol2tpMessage message;

  bench_init (&bench);
  bench_establish_as_initiator (&bench);
  bench_call (&bench);
  bench_fill_icrq (&message);
  ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_SESSION_ID, 5);
  bench_receive (&bench, 0, &message);
  close_tunnel (&bench, 0);
  bench_clear (&bench);
  ol2tp_engine_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/engine/close-before-contact", test_before_contact);
  g_test_add_func ("/core/engine/CC-14", test_close);
  g_test_add_func ("/core/engine/TDN-05", test_sessions_first);
  g_test_add_func ("/core/engine/TDN-04", test_close_in_wait_ctl_reply);
  g_test_add_func ("/core/engine/HDR-11-CC-28", test_stopccn_without_id);
  g_test_add_func ("/core/engine/refused", test_refused);
  g_test_add_func ("/core/engine/TDN-02", test_close_dead_peer);
  g_test_add_func ("/core/engine/CC-16-TDN-01", test_peer_closes);
  g_test_add_func ("/core/engine/TDN-10-TDN-12", test_reasons);
  g_test_add_func ("/core/engine/stopccn-crossing", test_crossing);
  g_test_add_func ("/core/engine/stopccn-acknowledged-by-message", test_acknowledged_by_message);
  g_test_add_func ("/core/engine/deaf-while-closing", test_deaf_while_closing);
  g_test_add_func ("/core/engine/refuse", test_refuse);
  g_test_add_func ("/core/engine/dial-again-with-same-id", test_dial_again_with_same_id);
  g_test_add_func ("/core/engine/free", test_free);
  return g_test_run ();
}
