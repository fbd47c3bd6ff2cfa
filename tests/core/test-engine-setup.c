/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Set-up of tunnels, each test named after its row of the RFC checklist. */
#include "bench.h"

#include <string.h>

#define SECRET "l2tp-secret"

static void
test_establish (void)
{
  Ol2tpTunnelInfo info;
  Bench bench;

  g_test_message ("CC-01, CC-06");
  bench_init (&bench);
  bench_establish_as_initiator (&bench);
  g_assert_true (ol2tp_engine_get_tunnel_info (bench.engine, bench.tunnel_id, &info));
  g_assert_cmpint (info.state, ==, OL2TP_TUNNEL_STATE_ESTABLISHED);
  g_assert_true (info.initiator && info.was_up);
  g_assert_cmphex (info.peer_id, ==, PEER_TUNNEL_ID);
  g_assert_cmpstr (info.peer_host_name, ==, "lac");
  g_assert_cmpstr (info.peer_vendor_name, ==, "");
  g_assert_cmpuint (info.peer_receive_window, ==, 8);
  g_assert_cmpint (info.authenticated, ==, OL2TP_AUTHENTICATED_NONE);
  bench_clear (&bench);

  g_test_message ("CC-02, CC-10");
  bench_init (&bench);
  bench_establish_as_responder (&bench);
  g_assert_true (ol2tp_engine_get_tunnel_info (bench.engine, bench.tunnel_id, &info));
  g_assert_cmpint (info.state, ==, OL2TP_TUNNEL_STATE_ESTABLISHED);
  g_assert_true (!info.initiator && info.was_up);
  g_assert_cmphex (info.peer_id, ==, PEER_TUNNEL_ID);
  g_assert_true (ol2tp_address_equal (&info.path.remote, &bench.path.remote));
  bench_clear (&bench);
}

/* HDR-08, HDR-09, MSG-01, REL-01, REL-15: what is in the three messages, and in the headers. */
static void
test_contents (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  g_assert_true (ol2tp_engine_add_tunnel (bench.engine, &config, &bench.tunnel_id, NULL));
  g_assert_true (ol2tp_engine_connect_tunnel (bench.engine, bench.tunnel_id, &bench.path, bench.now_us, NULL));
  bench_expect (&bench, OL2TP_MESSAGE_SCCRQ, &reply);
  g_assert_cmpuint (reply.header.tunnel_id, ==, 0);
  g_assert_cmpuint (reply.header.session_id, ==, 0);
  g_assert_cmpuint (reply.header.ns, ==, 0);
  g_assert_cmpuint (reply.header.nr, ==, 0);
  g_assert_cmphex (reply.message.present, ==, 1 << 2 | 1 << 3 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10);
  g_assert_cmphex (ol2tp_message_get_number (&reply.message, OL2TP_AVP_PROTOCOL_VERSION), ==, 0x0100);
  g_assert_cmphex (ol2tp_message_get_number (&reply.message, OL2TP_AVP_FRAMING_CAPABILITIES), ==, 3);
  g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_TUNNEL_ID), ==, bench.tunnel_id);
  g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_RECEIVE_WINDOW_SIZE), ==, 10);
  g_assert_cmpmem (ol2tp_message_get_octets (&reply.message, OL2TP_AVP_HOST_NAME).data,
                   ol2tp_message_get_octets (&reply.message, OL2TP_AVP_HOST_NAME).len, "bench", 5);
  g_assert_cmpmem (ol2tp_message_get_octets (&reply.message, OL2TP_AVP_VENDOR_NAME).data,
                   ol2tp_message_get_octets (&reply.message, OL2TP_AVP_VENDOR_NAME).len, "OpenL2TP", 8);

  bench_fill_sccrp (&message);
  bench_receive (&bench, 0, &message);
  bench_expect (&bench, OL2TP_MESSAGE_SCCCN, &reply);
  g_assert_cmphex (reply.header.tunnel_id, ==, PEER_TUNNEL_ID);
  g_assert_cmpuint (reply.header.ns, ==, 1);
  g_assert_cmpuint (reply.header.nr, ==, 1);
  g_assert_cmphex (reply.message.present, ==, 0);
  bench_expect_silence (&bench);
  bench_clear (&bench);

  bench_init (&bench);
  bench_use_responder (&bench, NULL);
  bench_fill_sccrq (&message);
  bench_receive (&bench, 0, &message);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
  g_assert_true (ol2tp_engine_accept_tunnel (bench.engine, bench.tunnel_id, bench.now_us, NULL));
  bench_expect (&bench, OL2TP_MESSAGE_SCCRP, &reply);
  g_assert_cmphex (reply.header.tunnel_id, ==, PEER_TUNNEL_ID);
  g_assert_cmpuint (reply.header.ns, ==, 0);
  g_assert_cmpuint (reply.header.nr, ==, 1);
  g_assert_cmphex (reply.message.present, ==, 1 << 2 | 1 << 3 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10);
  bench_expect_silence (&bench);
  bench_clear (&bench);
}

/* CC-03: each reason an SCCRQ is refused for; nothing is left of it. */
static void
test_refused (void)
{
  static const guint8 unknown[] = { 0x80, 0x08, 0, 0, 0x03, 0xe7, 1, 2 };
  static const guint8 zero_window[] = { 0x80, 0x08, 0, 0, 0, 10, 0, 0 };
  static const guint8 overrun[] = { 0x80, 0x20, 0, 0, 0, 8 };
  static const struct {
    const char *name;
    const guint8 *extra;
    gsize extra_len;
    guint16 version;
    gboolean zero_id;
    gboolean challenge;
    guint16 result_code;
    guint16 error_code;
  } cases[] = {
    { "AVP-07", unknown, sizeof unknown, 0x0100, FALSE, FALSE, 2, 8 },
    { "REL-12", zero_window, sizeof zero_window, 0x0100, FALSE, FALSE, 2, 3 },
    { "AVP-02", overrun, sizeof overrun, 0x0100, FALSE, FALSE, 2, 2 },
    { "CC-23", NULL, 0, 0x0200, FALSE, FALSE, 5, 0x0100 },
    { "version 0", NULL, 0, 0x0001, FALSE, FALSE, 5, 0x0100 },
    { "HDR-10", NULL, 0, 0x0100, TRUE, FALSE, 2, 3 },
    { "AUT-03", NULL, 0, 0x0100, FALSE, TRUE, 4, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 body[1400];
      Ol2tpMessage message;
      Ol2tpEngineStats stats;
      Ol2tpCause cause;
      Ol2tpSpan span;
      Bench bench;
      Reply reply;

      g_test_message ("%s", cases[i].name);
      bench_init (&bench);
      bench_use_responder (&bench, NULL);
      bench_fill_sccrq (&message);
      message.present &= ~(G_GUINT64_CONSTANT (1) << OL2TP_AVP_RECEIVE_WINDOW_SIZE);
      ol2tp_message_set_number (&message, OL2TP_AVP_PROTOCOL_VERSION, cases[i].version);
      if (cases[i].zero_id)
        ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_TUNNEL_ID, 0);
      if (cases[i].challenge)
        ol2tp_message_set_string (&message, OL2TP_AVP_CHALLENGE, "x");
      span = bench_body (&message, body);
      memcpy (body + span.len, cases[i].extra != NULL ? cases[i].extra : unknown, cases[i].extra_len);
      span.len += cases[i].extra_len;

      /* Each copy gets the same answer. */
      for (guint copy = 0; copy < 2; copy++)
        {
          bench_receive_raw (&bench, 0, 0, 0, 0, span);
          bench_expect_no_event (&bench);
          bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
          g_assert_cmpuint (reply.datagram.tunnel_id, ==, 0);
          g_assert_true (ol2tp_address_equal (&reply.datagram.path.remote, &bench.path.remote));
          g_assert_cmpuint (reply.header.tunnel_id, ==, cases[i].zero_id ? 0 : PEER_TUNNEL_ID);
          g_assert_cmpuint (reply.header.ns, ==, 0);
          g_assert_cmpuint (reply.header.nr, ==, 1);
          g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_TUNNEL_ID), !=, 0);
          ol2tp_message_get_result (&reply.message, &cause);
          g_assert_cmpuint (cause.result_code, ==, cases[i].result_code);
          g_assert_cmphex (cause.error_code, ==, cases[i].error_code);
          bench_expect_silence (&bench);
        }
      g_assert_cmpint (ol2tp_engine_get_deadline (bench.engine), ==, OL2TP_NEVER);
      ol2tp_engine_get_stats (bench.engine, &stats);
      g_assert_cmpuint (stats.refused, ==, 2);
      bench_clear (&bench);
    }
}

/* CC-24, HDR-07 */
static void
test_tolerated (void)
{
  guint8 body[1400] = { 0 };
  Ol2tpHeader header = { 0 };
  guint8 datagram[1500] = { 0 };
  Ol2tpMessage message;
  Ol2tpWriter writer;
  Bench bench;

  bench_init (&bench);
  bench_use_responder (&bench, NULL);
  bench_fill_sccrq (&message);
  ol2tp_message_set_number (&message, OL2TP_AVP_PROTOCOL_VERSION, 0x0101);
  header.body = bench_body (&message, body);
  ol2tp_writer_init (&writer, datagram, sizeof datagram);
  ol2tp_header_encode (&header, &writer);
  ol2tp_engine_receive (bench.engine, &bench.path, datagram, writer.len + 4, bench.now_us);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
  bench_clear (&bench);
}

static void
test_no_responder (void)
{
  Ol2tpEngineStats stats;
  Ol2tpMessage message;
  Bench bench;

  bench_init (&bench);
  bench_fill_sccrq (&message);
  bench_receive (&bench, 0, &message);
  bench_expect_no_event (&bench);
  bench_expect_silence (&bench);
  ol2tp_engine_get_stats (bench.engine, &stats);
  g_assert_cmpuint (stats.refused, ==, 1);
  bench_use_responder (&bench, NULL);
  ol2tp_engine_set_responder (bench.engine, NULL, 0);
  bench_receive_raw (&bench, 0, 0, 0, 0, bench_body (&message, (guint8[1400]) { 0 }));
  bench_expect_no_event (&bench);
  bench_expect_silence (&bench);
  bench_clear (&bench);
}

static void
test_max_tunnels (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpMessage message;
  Ol2tpCause cause;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  ol2tp_engine_set_responder (bench.engine, &config, 3);
  for (guint i = 0; i < 4; i++)
    {
      bench_fill_sccrq (&message);
      ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_TUNNEL_ID, 1 + i);
      bench.ns = bench.nr = 0;
      bench_receive (&bench, 0, &message);
      if (i < 3)
        bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
    }
  bench_expect_no_event (&bench);
  for (guint i = 0; i < 4; i++)
    {
      /* The refusal has no tunnel and comes first; the others are plain acknowledgements, for nobody has decided yet. */
      bench_expect (&bench, i == 0 ? OL2TP_MESSAGE_STOPCCN : OL2TP_MESSAGE_ZLB, &reply);
      if (i > 0)
        continue;
      ol2tp_message_get_result (&reply.message, &cause);
      g_assert_cmpuint (cause.result_code, ==, 2);
      g_assert_cmpuint (cause.error_code, ==, 4);
    }
  bench_clear (&bench);
}

/* CC-21, REL-22: SCCRQ five times, every SCCRP lost: one tunnel, and the SCCRP comes again. */
static void
test_repeated_sccrq (void)
{
  guint8 body[1400];
  Ol2tpMessage message;
  Ol2tpSpan span;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_use_responder (&bench, NULL);
  bench_fill_sccrq (&message);
  span = bench_body (&message, body);
  bench_receive_raw (&bench, 0, 0, 0, 0, span);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
  g_assert_true (ol2tp_engine_accept_tunnel (bench.engine, bench.tunnel_id, bench.now_us, NULL));
  bench_expect (&bench, OL2TP_MESSAGE_SCCRP, &reply);
  for (guint i = 0; i < 4; i++)
    {
      bench_advance_to (&bench, bench.now_us + SECOND / 10);
      bench_receive_raw (&bench, 0, 0, 0, 0, span);
      bench_expect_no_event (&bench);
      bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
      g_assert_cmphex (reply.header.tunnel_id, ==, PEER_TUNNEL_ID);
      bench_expect_silence (&bench);
    }
  bench_advance_to (&bench, bench.now_us + SECOND);
  bench_expect (&bench, OL2TP_MESSAGE_SCCRP, &reply);
  g_assert_cmphex (reply.header.tunnel_id, ==, PEER_TUNNEL_ID);
  bench.ns = 1;
  bench_receive_type (&bench, OL2TP_MESSAGE_SCCCN);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_UP);
  bench_clear (&bench);
}

/* CC-27 and its kin: what differs in address, port or ID is another tunnel. */
static void
test_same_id_from_others (void)
{
  static const struct {
    guint8 host;
    guint16 port;
    guint16 id;
  } peers[] = { { 1, 1701, 1 }, { 2, 1701, 1 }, { 1, 1702, 1 }, { 1, 1701, 2 } };
  guint32 ids[G_N_ELEMENTS (peers)];
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_use_responder (&bench, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (peers); i++)
    {
      Ol2tpMessage message;

      bench.path = bench_path (peers[i].host, peers[i].port);
      bench.ns = bench.nr = 0;
      bench_fill_sccrq (&message);
      ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_TUNNEL_ID, peers[i].id);
      bench_receive (&bench, 0, &message);
      bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
      ids[i] = bench.tunnel_id;
      g_assert_true (ol2tp_engine_accept_tunnel (bench.engine, ids[i], bench.now_us, NULL));
      bench_expect (&bench, OL2TP_MESSAGE_SCCRP, &reply);
      g_assert_true (ol2tp_address_equal (&reply.datagram.path.remote, &bench.path.remote));
      for (gsize j = 0; j < i; j++)
        g_assert_cmpuint (ids[i], !=, ids[j]);
    }
  bench_clear (&bench);
}

/* HDR-11, HDR-12, HDR-13, HDR-03 and so on: what is dropped without a word. */
static void
test_dropped (void)
{
  static const guint8 data_packet[] = { 0x00, 0x02, 0x00, 0x01, 0x00, 0x01, 0xff, 0x03, 0xc0, 0x21 };
  static const guint8 l2f[] = { 0xc8, 0x01, 0x00, 0x0c, 0, 0, 0, 0, 0, 0, 0, 0 };
  Ol2tpEngineStats stats;
  Ol2tpTunnelStats before, after;
  Ol2tpMessage message;
  guint8 body[1400];
  Bench bench;

  bench_init (&bench);
  bench_establish_as_responder (&bench);
  g_assert_true (ol2tp_engine_get_tunnel_stats (bench.engine, bench.tunnel_id, &before));

  ol2tp_engine_receive (bench.engine, &bench.path, data_packet, sizeof data_packet, bench.now_us);
  ol2tp_engine_receive (bench.engine, &bench.path, l2f, sizeof l2f, bench.now_us);
  ol2tp_engine_receive (bench.engine, &bench.path, l2f, 0, bench.now_us);
  ol2tp_engine_receive (bench.engine, &bench.path, l2f, 1, bench.now_us);
  ol2tp_message_init (&message, OL2TP_MESSAGE_HELLO);
  bench_receive_raw (&bench, 0, 0, 0, 0, bench_body (&message, body)); /* HDR-11 */
  bench_receive_raw (&bench, 0, 0, 0, 0, (Ol2tpSpan) { NULL, 0 });
  bench_fill_sccrp (&message);
  bench_receive_raw (&bench, 0, 0, 0, 0, bench_body (&message, body));
  bench_fill_icrq (&message);
  bench_receive_raw (&bench, 0, 0, 0, 0, bench_body (&message, body));
  bench_fill_stopccn (&message, 1, 0, "");
  ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_TUNNEL_ID, 77);
  bench_receive_raw (&bench, 0, 0, 0, 0, bench_body (&message, body));
  ol2tp_message_init (&message, OL2TP_MESSAGE_HELLO);
  bench_receive_raw (&bench, bench.tunnel_id ^ 1, 0, bench.ns, bench.nr, bench_body (&message, body)); /* HDR-12 */
  bench_receive_raw (&bench, bench.tunnel_id ^ 1, 0, bench.ns, bench.nr, (Ol2tpSpan) { NULL, 0 });
  /* HDR-13, CC-22, UDP-04: another port, another address; HELLO and StopCCN */
  bench.path.remote.port = 1702;
  bench_receive_raw (&bench, bench.tunnel_id, 0, bench.ns, bench.nr, bench_body (&message, body));
  bench.path = bench_path (9, 1701);
  bench_fill_stopccn (&message, 1, 0, "");
  bench_receive_raw (&bench, bench.tunnel_id, 0, bench.ns, bench.nr, bench_body (&message, body));
  bench_receive_raw (&bench, 0, 0, bench.ns, bench.nr, bench_body (&message, body));

  bench_expect_no_event (&bench);
  bench_expect_silence (&bench);
  ol2tp_engine_get_stats (bench.engine, &stats);
  g_assert_cmpuint (stats.data_packets, ==, 1);
  g_assert_cmpuint (stats.bad_header, ==, 3);
  g_assert_cmpuint (stats.unknown_tunnel, ==, 8);
  g_assert_cmpuint (stats.wrong_source, ==, 2);
  g_assert_true (ol2tp_engine_get_tunnel_stats (bench.engine, bench.tunnel_id, &after));
  g_assert_cmpmem (&before, sizeof before, &after, sizeof after);
  bench_clear (&bench);
}

/* An idle tunnel has no peer: nothing from the network reaches it. */
static void
test_idle_tunnel (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpMessage message;
  guint8 body[1400];
  Bench bench;

  bench_init (&bench);
  g_assert_true (ol2tp_engine_add_tunnel (bench.engine, &config, &bench.tunnel_id, NULL));
  bench_fill_sccrp (&message);
  bench_receive_raw (&bench, bench.tunnel_id, 0, 0, 0, bench_body (&message, body)); /* CC-04 */
  ol2tp_message_init (&message, OL2TP_MESSAGE_SCCCN);
  bench_receive_raw (&bench, bench.tunnel_id, 0, 0, 0, bench_body (&message, body)); /* CC-05 */
  bench_fill_stopccn (&message, 1, 0, "");
  ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_TUNNEL_ID, bench.tunnel_id);
  bench_receive_raw (&bench, 0, 0, 0, 0, bench_body (&message, body));
  bench.path = (Ol2tpPath) { 0 };
  bench_receive_raw (&bench, bench.tunnel_id, 0, 0, 0, (Ol2tpSpan) { NULL, 0 });
  bench_expect_silence (&bench);
  bench_expect_no_event (&bench);
  g_assert_cmpint (bench_tunnel_state (&bench), ==, OL2TP_TUNNEL_STATE_IDLE);
  bench_clear (&bench);
}

/* CC-09, CC-12, CC-15, CC-19: the wrong message in each state. */
static void
test_wrong_message (void)
{
  static const guint16 wrong[][4] = {
    { OL2TP_MESSAGE_SCCCN, OL2TP_MESSAGE_SCCRQ, OL2TP_MESSAGE_ICRQ, 0 }, /* wait-ctl-reply */
    { OL2TP_MESSAGE_SCCRP, OL2TP_MESSAGE_SCCRQ, OL2TP_MESSAGE_ICRQ, 0 }, /* wait-ctl-conn */
    { OL2TP_MESSAGE_SCCRP, OL2TP_MESSAGE_SCCRQ, OL2TP_MESSAGE_SCCCN, 0 }, /* established */
    { OL2TP_MESSAGE_SCCRP, OL2TP_MESSAGE_SCCCN, OL2TP_MESSAGE_ICRQ, 0 }, /* wait-accept */
  };

  for (gsize state = 0; state < G_N_ELEMENTS (wrong); state++)
    for (gsize i = 0; wrong[state][i] != 0; i++)
      {
        Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
        guint8 body[1400];
        Ol2tpMessage message;
        Ol2tpEvent event;
        Ol2tpCause cause;
        Bench bench;
        Reply reply;

        g_test_message ("message %u in state %zu", wrong[state][i], state);
        bench_init (&bench);
        if (state == 0)
          bench_dial (&bench, &config);
        else if (state == 2)
          bench_establish_as_initiator (&bench);
        else
          {
            bench_use_responder (&bench, NULL);
            bench_fill_sccrq (&message);
            bench_receive (&bench, 0, &message);
            bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
            if (state == 1)
              {
                g_assert_true (ol2tp_engine_accept_tunnel (bench.engine, bench.tunnel_id, bench.now_us, NULL));
                bench_expect (&bench, OL2TP_MESSAGE_SCCRP, &reply);
              }
          }

        if (wrong[state][i] == OL2TP_MESSAGE_SCCRQ)
          bench_fill_sccrq (&message);
        else if (wrong[state][i] == OL2TP_MESSAGE_SCCRP)
          bench_fill_sccrp (&message);
        else if (wrong[state][i] == OL2TP_MESSAGE_ICRQ)
          bench_fill_icrq (&message);
        else
          ol2tp_message_init (&message, wrong[state][i]);
        bench_receive_raw (&bench, bench.tunnel_id, 0, bench.ns++, bench.nr, bench_body (&message, body));
        event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
        g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_PROTOCOL);
        g_assert_cmpuint (event.cause.result_code, ==, 7);
        g_assert_cmpint (event.was_up, ==, state == 2);
        bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
        ol2tp_message_get_result (&reply.message, &cause);
        g_assert_cmpuint (cause.result_code, ==, 7);
        g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_TUNNEL_ID), ==, bench.tunnel_id);
        bench_receive_ack (&bench);
        bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_GONE);
        bench_expect_silence (&bench);
        bench_clear (&bench);
      }
}

/* CC-07 */
static void
test_bad_sccrp (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpMessage message;
  Ol2tpEvent event;
  Ol2tpCause cause;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_dial (&bench, &config);
  bench_fill_sccrp (&message);
  ol2tp_message_set_number (&message, OL2TP_AVP_PROTOCOL_VERSION, 0x0200);
  bench_receive (&bench, 0, &message);
  event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_PROTOCOL);
  bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
  ol2tp_message_get_result (&reply.message, &cause);
  g_assert_cmpuint (cause.result_code, ==, 5);
  g_assert_cmphex (cause.error_code, ==, 0x0100);
  g_assert_cmphex (reply.header.tunnel_id, ==, PEER_TUNNEL_ID);
  bench_clear (&bench);
}

/* CC-18, and that it does not come before the retransmissions are through. */
static void
test_setup_timeout (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpMessage message;
  Ol2tpEvent event;
  Ol2tpCause cause;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  config.establish_timeout_sec = 5;
  bench_dial (&bench, &config);
  bench_receive_ack (&bench); /* the peer is there, and says nothing */
  bench.nr = 1;
  bench_receive_raw (&bench, bench.tunnel_id, 0, 0, 1, (Ol2tpSpan) { NULL, 0 });
  bench_advance_to (&bench, bench.now_us + 5 * SECOND - 1);
  bench_expect_no_event (&bench);
  bench_advance_to (&bench, bench.now_us + 1);
  event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_TIMEOUT);
  bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
  ol2tp_message_get_result (&reply.message, &cause);
  g_assert_cmpuint (cause.result_code, ==, 1);
  bench_clear (&bench);

  g_test_message ("as responder, while the caller has not decided");
  bench_init (&bench);
  bench_use_responder (&bench, NULL);
  bench_fill_sccrq (&message);
  bench_receive (&bench, 0, &message);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_advance_to (&bench, bench.now_us + 60 * SECOND);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
  bench_clear (&bench);
}

static void
test_commands (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpSessionConfig session_config = OL2TP_SESSION_CONFIG_DEFAULT;
  Ol2tpCause cause = bench_cause (OL2TP_REASON_ADMIN, 0);
  g_autofree char *longer = g_strnfill (1018, 'x');
  g_autoptr (GError) error = NULL;
  Ol2tpPath nowhere = { 0 };
  guint32 id;
  Bench bench;

  bench_init (&bench);
  g_assert_false (ol2tp_engine_accept_tunnel (bench.engine, 99, 0, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (ol2tp_engine_close_tunnel (bench.engine, 0, &cause, 0, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (ol2tp_engine_connect_session (bench.engine, 99, 0, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (ol2tp_engine_add_session (bench.engine, 99, &session_config, &id, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND);
  g_clear_error (&error);

  config.host_name = longer; /* AVP-03 */
  g_assert_false (ol2tp_engine_add_tunnel (bench.engine, &config, &id, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  longer[1017] = '\0';
  g_assert_true (ol2tp_engine_add_tunnel (bench.engine, &config, &id, NULL));
  config.host_name = "";
  g_assert_false (ol2tp_engine_add_tunnel (bench.engine, &config, &id, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  config.host_name = NULL;
  config.receive_window = 0;
  g_assert_false (ol2tp_engine_add_tunnel (bench.engine, &config, &id, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  config.receive_window = 1;

  g_assert_true (ol2tp_engine_add_tunnel (bench.engine, &config, &id, NULL));
  g_assert_false (ol2tp_engine_connect_tunnel (bench.engine, id, &nowhere, 0, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  g_assert_false (ol2tp_engine_accept_tunnel (bench.engine, id, 0, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_true (ol2tp_engine_connect_tunnel (bench.engine, id, &bench.path, 0, NULL));
  g_assert_false (ol2tp_engine_connect_tunnel (bench.engine, id, &bench.path, 0, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE);
  g_clear_error (&error);

  g_test_message ("hidden, a number is two octets longer, and whether it will be is not known yet");
  session_config.called_number = longer;
  longer[1016] = '\0';
  g_assert_false (ol2tp_engine_add_session (bench.engine, id, &session_config, &bench.session_id, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  longer[1015] = '\0';
  g_assert_true (ol2tp_engine_add_session (bench.engine, id, &session_config, &bench.session_id, NULL));
  session_config.calling_number = longer;
  g_assert_false (ol2tp_engine_add_session (bench.engine, id, &session_config, &bench.session_id, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  g_assert_false (ol2tp_engine_datapath_done (bench.engine, bench.session_id, 0, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE);
  bench_clear (&bench);
}

/* All 65535 IDs, and one more. */
static void
test_all_ids (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  g_autoptr (GError) error = NULL;
  guint32 id;
  Bench bench;

  bench_init (&bench);
  for (guint i = 0; i < 65535; i++)
    g_assert_true (ol2tp_engine_add_tunnel (bench.engine, &config, &id, NULL));
  g_assert_false (ol2tp_engine_add_tunnel (bench.engine, &config, &id, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_LIMIT_EXCEEDED);
  bench_clear (&bench);
}

static void
test_trace (void)
{
  Ol2tpMessage message;
  Ol2tpEvent event;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  ol2tp_engine_set_trace (bench.engine, TRUE);
  bench_use_responder (&bench, SECRET);
  bench_fill_sccrq (&message);
  bench_receive (&bench, 0, &message);
  event = bench_expect_event (&bench, OL2TP_EVENT_TRACE);
  g_assert_cmpstr (event.text, ==, "rx SCCRQ Ns=0 Nr=0 tid=0 sid=0 from 192.0.2.1:1701");
  g_assert_cmpuint (event.tunnel_id, ==, 0);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
  g_assert_true (ol2tp_engine_accept_tunnel (bench.engine, bench.tunnel_id, bench.now_us, NULL));
  bench_expect (&bench, OL2TP_MESSAGE_SCCRP, &reply);
  event = bench_expect_event (&bench, OL2TP_EVENT_TRACE);
  g_assert_cmpstr (event.text, ==, "tx SCCRP Ns=0 Nr=1 tid=4660 sid=0 to 192.0.2.1:1701");
  g_assert_cmpuint (event.tunnel_id, ==, bench.tunnel_id);
  bench_receive_ack (&bench);
  event = bench_expect_event (&bench, OL2TP_EVENT_TRACE);
  g_assert_true (g_str_has_prefix (event.text, "rx ZLB Ns=1 Nr=1 tid="));
  bench_clear (&bench);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/engine/CC-01-CC-10", test_establish);
  g_test_add_func ("/core/engine/MSG-01", test_contents);
  g_test_add_func ("/core/engine/CC-03", test_refused);
  g_test_add_func ("/core/engine/CC-24", test_tolerated);
  g_test_add_func ("/core/engine/no-responder", test_no_responder);
  g_test_add_func ("/core/engine/CC-25-max-tunnels", test_max_tunnels);
  g_test_add_func ("/core/engine/CC-21", test_repeated_sccrq);
  g_test_add_func ("/core/engine/CC-27", test_same_id_from_others);
  g_test_add_func ("/core/engine/HDR-11-HDR-13", test_dropped);
  g_test_add_func ("/core/engine/CC-04-CC-05", test_idle_tunnel);
  g_test_add_func ("/core/engine/CC-09-CC-12-CC-15-CC-19", test_wrong_message);
  g_test_add_func ("/core/engine/CC-07", test_bad_sccrp);
  g_test_add_func ("/core/engine/CC-18", test_setup_timeout);
  g_test_add_func ("/core/engine/commands", test_commands);
  g_test_add_func ("/core/engine/all-ids", test_all_ids);
  g_test_add_func ("/core/engine/trace", test_trace);
  return g_test_run ();
}
