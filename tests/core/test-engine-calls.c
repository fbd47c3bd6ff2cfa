/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls, each test named after its row of the RFC checklist. */
#include "bench.h"

#include <string.h>

static void
set_up (Bench *bench)
{
  bench_init (bench);
  bench_establish_as_initiator (bench);
}

/* Puts the bench's session, or a new one, into a state of the LAC or LNS. */
static void
reach (Bench *bench, gboolean lns, Ol2tpSessionState state)
{
  Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;
  Ol2tpMessage message;
  Reply reply;

  set_up (bench);
  if (lns)
    {
      bench_fill_icrq (&message);
      bench_receive (bench, 0, &message);
      bench_expect_event (bench, OL2TP_EVENT_SESSION_INCOMING);
      if (state == OL2TP_SESSION_STATE_WAIT_ACCEPT)
        {
          bench_expect (bench, OL2TP_MESSAGE_ZLB, &reply);
          return;
        }
      g_assert_true (ol2tp_engine_accept_session (bench->engine, bench->session_id, bench->now_us, NULL));
      bench_expect (bench, OL2TP_MESSAGE_ICRP, &reply);
      if (state == OL2TP_SESSION_STATE_WAIT_CONNECT)
        return;
      bench_fill_iccn (&message);
    }
  else
    {
      g_assert_true (ol2tp_engine_add_session (bench->engine, bench->tunnel_id, &config, &bench->session_id, NULL));
      g_assert_true (ol2tp_engine_connect_session (bench->engine, bench->session_id, bench->now_us, NULL));
      bench_expect (bench, OL2TP_MESSAGE_ICRQ, &reply);
      if (state == OL2TP_SESSION_STATE_WAIT_REPLY)
        return;
      bench_fill_icrp (&message);
    }
  bench_receive (bench, bench->session_id, &message);
  bench_expect_event (bench, OL2TP_EVENT_SESSION_DATAPATH);
  if (state == OL2TP_SESSION_STATE_WAIT_DATAPATH)
    {
      bench_expect (bench, OL2TP_MESSAGE_ZLB, &reply);
      return;
    }
  g_assert_true (ol2tp_engine_datapath_done (bench->engine, bench->session_id, bench->now_us, NULL));
  bench_expect_event (bench, OL2TP_EVENT_SESSION_UP);
  bench_expect (bench, lns ? OL2TP_MESSAGE_ZLB : OL2TP_MESSAGE_ICCN, &reply);
}

/* The states in which the peer may know of the session. */
static const struct {
  gboolean lns;
  Ol2tpSessionState state;
} reachable[] = {
  { FALSE, OL2TP_SESSION_STATE_WAIT_REPLY },  { FALSE, OL2TP_SESSION_STATE_WAIT_DATAPATH }, { FALSE, OL2TP_SESSION_STATE_ESTABLISHED },
  { TRUE, OL2TP_SESSION_STATE_WAIT_ACCEPT },  { TRUE, OL2TP_SESSION_STATE_WAIT_CONNECT },   { TRUE, OL2TP_SESSION_STATE_WAIT_DATAPATH },
  { TRUE, OL2TP_SESSION_STATE_ESTABLISHED },
};

/* IL-01, IL-04, IL-05, DAT-14: nothing leaves before it should. */
static void
test_lac (void)
{
  Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;
  Ol2tpTunnelConfig tunnel_config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpSessionInfo info;
  Ol2tpMessage message;
  Ol2tpEvent event;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  g_assert_true (ol2tp_engine_add_tunnel (bench.engine, &tunnel_config, &bench.tunnel_id, NULL));
  config.called_number = "100";
  config.calling_number = "200";
  config.sub_address = "1";
  config.rx_speed = 2000000;
  config.sequencing_required = TRUE;
  g_assert_true (ol2tp_engine_add_session (bench.engine, bench.tunnel_id, &config, &bench.session_id, NULL));
  g_assert_true (ol2tp_engine_connect_session (bench.engine, bench.session_id, bench.now_us, NULL));
  g_assert_cmpint (bench_session_state (&bench), ==, OL2TP_SESSION_STATE_WAIT_TUNNEL);
  bench_expect_silence (&bench);
  g_assert_true (ol2tp_engine_connect_tunnel (bench.engine, bench.tunnel_id, &bench.path, bench.now_us, NULL));
  bench_expect (&bench, OL2TP_MESSAGE_SCCRQ, &reply);
  bench_fill_sccrp (&message);
  bench_receive (&bench, 0, &message);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_UP);
  bench_expect (&bench, OL2TP_MESSAGE_SCCCN, &reply);

  bench_expect (&bench, OL2TP_MESSAGE_ICRQ, &reply);
  g_assert_cmpuint (reply.header.session_id, ==, 0);
  g_assert_cmphex (reply.message.present, ==, 1 << 14 | 1 << 15 | 1 << 21 | 1 << 22 | 1 << 23);
  g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_SESSION_ID), ==, bench.session_id);
  g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_CALL_SERIAL_NUMBER), ==, 1);

  bench_fill_icrp (&message);
  bench_receive (&bench, bench.session_id, &message);
  event = bench_expect_event (&bench, OL2TP_EVENT_SESSION_DATAPATH);
  g_assert_cmpuint (event.session_id, ==, bench.session_id);
  g_assert_cmpuint (event.tunnel_id, ==, bench.tunnel_id);
  g_assert_cmphex (event.peer_session_id, ==, PEER_SESSION_ID);
  g_assert_cmphex (event.peer_tunnel_id, ==, PEER_TUNNEL_ID);
  g_assert_true (ol2tp_engine_datapath_done (bench.engine, bench.session_id, bench.now_us, NULL));
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_UP);
  bench_expect (&bench, OL2TP_MESSAGE_ICCN, &reply);
  g_assert_cmphex (reply.header.session_id, ==, PEER_SESSION_ID);
  g_assert_cmphex (reply.message.present, ==, 1 << 19 | 1 << 24 | G_GUINT64_CONSTANT (1) << 38 | G_GUINT64_CONSTANT (1) << 39);
  g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_TX_CONNECT_SPEED), ==, 1000000000);
  g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_RX_CONNECT_SPEED), ==, 2000000);

  g_assert_true (ol2tp_engine_get_session_info (bench.engine, bench.session_id, &info));
  g_assert_true (!info.lns && info.was_up && info.sequencing_required);
  g_assert_cmpuint (info.tx_speed, ==, 1000000000);
  g_assert_cmpuint (info.rx_speed, ==, 2000000);
  g_assert_cmpuint (info.call_serial_number, ==, 1);
  g_assert_cmpstr (info.called_number, ==, "100");
  bench_clear (&bench);
}

/* IN-01, IN-05, DAT-14: the acknowledgement of ICCN comes behind the caller's answer. */
static void
test_lns (void)
{
  Ol2tpSessionInfo info;
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  set_up (&bench);
  bench_fill_icrq (&message);
  ol2tp_message_set_string (&message, OL2TP_AVP_CALLED_NUMBER, "100");
  ol2tp_message_set_string (&message, OL2TP_AVP_CALLING_NUMBER, "2\xff");
  bench_receive (&bench, 0, &message);
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_INCOMING);
  g_assert_true (ol2tp_engine_get_session_info (bench.engine, bench.session_id, &info));
  g_assert_true (info.lns && !info.was_up);
  g_assert_cmpuint (info.call_serial_number, ==, 77);
  g_assert_cmpstr (info.called_number, ==, "100");
  g_assert_cmpstr (info.calling_number, ==, "2\xef\xbf\xbd");
  g_assert_cmpstr (info.sub_address, ==, "");
  g_assert_cmpuint (info.tx_speed, ==, 0);
  g_assert_true (ol2tp_engine_accept_session (bench.engine, bench.session_id, bench.now_us, NULL));
  bench_expect (&bench, OL2TP_MESSAGE_ICRP, &reply);
  g_assert_cmphex (reply.header.session_id, ==, PEER_SESSION_ID);
  g_assert_cmphex (reply.message.present, ==, 1 << 14);

  bench_fill_iccn (&message);
  bench_receive (&bench, bench.session_id, &message);
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_DATAPATH);
  g_assert_true (ol2tp_engine_datapath_done (bench.engine, bench.session_id, bench.now_us, NULL));
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_UP);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  g_assert_true (ol2tp_engine_get_session_info (bench.engine, bench.session_id, &info));
  g_assert_cmpuint (info.tx_speed, ==, 64000);
  g_assert_cmpuint (info.rx_speed, ==, 64000);
  bench_clear (&bench);
}

/* MSG-02 */
static void
test_bare_iccn (void)
{
  static const guint8 body[] = { 0x80, 0x08, 0, 0, 0, 0, 0, 12 };
  Bench bench;

  reach (&bench, TRUE, OL2TP_SESSION_STATE_WAIT_CONNECT);
  bench_receive_raw (&bench, bench.tunnel_id, bench.session_id, bench.ns++, bench.nr, (Ol2tpSpan) { body, sizeof body });
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_DATAPATH);
  bench_clear (&bench);
}

/* IN-02, HDR-10, AVP-06, AVP-15: ICRQs that never become a session */
static void
test_refused (void)
{
  static const guint8 unknown[] = { 0x80, 0x08, 0, 0, 0x03, 0xe7, 1, 2 };
  static const guint8 short_bearer[] = { 0x80, 0x08, 0, 0, 0, 18, 0, 0 };
  static const struct {
    const guint8 *extra;
    gsize extra_len;
    gboolean zero_id;
    guint16 error_code;
  } cases[] = { { unknown, sizeof unknown, FALSE, 8 }, { short_bearer, sizeof short_bearer, FALSE, 2 }, { unknown, 0, TRUE, 3 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 body[1400];
      Ol2tpMessage message;
      Ol2tpTunnelInfo info;
      Ol2tpCause cause;
      Ol2tpSpan span;
      Bench bench;
      Reply reply;

      set_up (&bench);
      bench_fill_icrq (&message);
      if (cases[i].zero_id)
        ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_SESSION_ID, 0);
      span = bench_body (&message, body);
      memcpy (body + span.len, cases[i].extra, cases[i].extra_len);
      span.len += cases[i].extra_len;
      bench_receive_raw (&bench, bench.tunnel_id, 0, bench.ns++, bench.nr, span);
      bench_expect_no_event (&bench);
      bench_expect (&bench, OL2TP_MESSAGE_CDN, &reply);
      g_assert_cmphex (reply.header.session_id, ==, cases[i].zero_id ? 0 : PEER_SESSION_ID);
      g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_SESSION_ID), !=, 0);
      ol2tp_message_get_result (&reply.message, &cause);
      g_assert_cmpuint (cause.result_code, ==, 2);
      g_assert_cmpuint (cause.error_code, ==, cases[i].error_code);
      g_assert_true (ol2tp_engine_get_tunnel_info (bench.engine, bench.tunnel_id, &info));
      g_assert_cmpint (info.state, ==, OL2TP_TUNNEL_STATE_ESTABLISHED);
      g_assert_cmpuint (info.n_sessions, ==, 0);
      bench_clear (&bench);
    }
}

/* A second call with the ID of a living one cannot be told from it. */
static void
test_peer_id_in_use (void)
{
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  reach (&bench, TRUE, OL2TP_SESSION_STATE_ESTABLISHED);
  bench_fill_icrq (&message);
  bench_receive (&bench, 0, &message);
  bench_expect_no_event (&bench);
  bench_expect (&bench, OL2TP_MESSAGE_CDN, &reply);
  g_assert_cmpint (bench_session_state (&bench), ==, OL2TP_SESSION_STATE_ESTABLISHED);
  g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_SESSION_ID), !=, bench.session_id);
  bench_clear (&bench);
}

/* IL-06 to IL-12, IN-06 to IN-10 and OCRQ, OCRP, OCCN: every message of a call in every state it is wrong in. */
static void
test_wrong_message (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reachable); i++)
    for (guint16 type = OL2TP_MESSAGE_OCRQ; type <= OL2TP_MESSAGE_ICCN; type++)
      {
        gboolean right = (type == OL2TP_MESSAGE_ICRP && reachable[i].state == OL2TP_SESSION_STATE_WAIT_REPLY)
                         || (type == OL2TP_MESSAGE_ICCN && reachable[i].state == OL2TP_SESSION_STATE_WAIT_CONNECT);
        gboolean silent = type == OL2TP_MESSAGE_ICCN && reachable[i].state == OL2TP_SESSION_STATE_WAIT_REPLY; /* IL-08 */
        Ol2tpMessage message;
        Ol2tpEvent event;
        Ol2tpCause cause;
        Bench bench;
        Reply reply;

        if (right)
          continue;
        g_test_message ("%s in row %zu", ol2tp_message_type_to_string (type), i);
        reach (&bench, reachable[i].lns, reachable[i].state);
        ol2tp_message_init (&message, type);
        for (guint16 avp = 1; avp < OL2TP_N_AVP_TYPES; avp++)
          if (ol2tp_message_type_get_need (type, avp) >= OL2TP_NEED_EXPECTED)
            {
              if (avp == OL2TP_AVP_CALLED_NUMBER)
                ol2tp_message_set_string (&message, OL2TP_AVP_CALLED_NUMBER, "1");
              else
                ol2tp_message_set_number (&message, (Ol2tpAvpType) avp, PEER_SESSION_ID);
            }
        bench_receive (&bench, bench.session_id, &message);
        event = bench_expect_event (&bench, OL2TP_EVENT_SESSION_CLOSED);
        g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_PROTOCOL);
        g_assert_cmpint (event.was_up, ==, reachable[i].state == OL2TP_SESSION_STATE_ESTABLISHED);
        bench_expect (&bench, silent ? OL2TP_MESSAGE_ZLB : OL2TP_MESSAGE_CDN, &reply);
        if (!silent)
          {
            ol2tp_message_get_result (&reply.message, &cause);
            g_assert_cmpuint (cause.result_code, ==, 2);
            g_assert_cmpuint (cause.error_code, ==, 6);
            g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_SESSION_ID), ==, bench.session_id);
          }
        bench_expect_silence (&bench);
        g_assert_cmpint (bench_tunnel_state (&bench), ==, OL2TP_TUNNEL_STATE_ESTABLISHED);
        bench_clear (&bench);
      }
}

/* MSG-08, MSG-09, IN-08, IL-10, TDN-10: CDN in every state, by our ID and by the peer's */
static void
test_cdn (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reachable); i++)
    for (int by_peer_id = 0; by_peer_id < 2; by_peer_id++)
      {
        Ol2tpSessionInfo info;
        Ol2tpMessage message;
        Ol2tpEvent event;
        Bench bench;
        Reply reply;

        /* The LAC does not know the peer's ID yet. */
        if (by_peer_id && reachable[i].state == OL2TP_SESSION_STATE_WAIT_REPLY)
          continue;
        reach (&bench, reachable[i].lns, reachable[i].state);
        bench_fill_cdn (&message, 0x0300, 0, "bye\n");
        bench_receive (&bench, by_peer_id ? 0 : bench.session_id, &message);
        event = bench_expect_event (&bench, OL2TP_EVENT_SESSION_CLOSED);
        g_assert_cmpuint (event.session_id, ==, bench.session_id);
        g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_PEER);
        g_assert_true (event.cause.from_peer);
        g_assert_cmpuint (event.cause.result_code, ==, 3);
        g_assert_cmpstr (event.cause.message, ==, "bye\xef\xbf\xbd");
        bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
        bench_expect_silence (&bench);
        g_assert_false (ol2tp_engine_get_session_info (bench.engine, bench.session_id, &info));
        bench_clear (&bench);
      }
}

/* CDN that names no call of ours: acknowledged, and that is all. Nor does ID 0 with another's ID find it. */
static void
test_cdn_for_nobody (void)
{
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  reach (&bench, TRUE, OL2TP_SESSION_STATE_ESTABLISHED);
  bench_fill_cdn (&message, 1, 0, "");
  ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_SESSION_ID, PEER_SESSION_ID + 1);
  bench_receive (&bench, 0, &message);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_receive (&bench, bench.session_id ^ 1, &message);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_expect_no_event (&bench);
  g_assert_cmpint (bench_session_state (&bench), ==, OL2TP_SESSION_STATE_ESTABLISHED);
  bench_clear (&bench);
}

/* A malformed CDN ends the call all the same, and is not answered with another. */
static void
test_malformed_cdn (void)
{
  static const guint8 body[] = { 0x80, 0x08, 0, 0, 0, 0, 0, 14, 0x80, 0x08, 0, 0, 0x03, 0xe7, 1, 2 };
  Bench bench;
  Reply reply;

  reach (&bench, TRUE, OL2TP_SESSION_STATE_ESTABLISHED);
  bench_receive_raw (&bench, bench.tunnel_id, bench.session_id, bench.ns++, bench.nr, (Ol2tpSpan) { body, sizeof body });
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_CLOSED);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_expect_silence (&bench);
  bench_clear (&bench);
}

/* TDN-06, IL-09, IL-12, IN-09: closed by us in every state */
static void
test_close (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reachable); i++)
    {
      Ol2tpCause cause = bench_cause (OL2TP_REASON_ADMIN, 0);
      g_autoptr (GError) error = NULL;
      Ol2tpEvent event;
      Bench bench;
      Reply reply;

      reach (&bench, reachable[i].lns, reachable[i].state);
      g_assert_true (ol2tp_engine_close_session (bench.engine, bench.session_id, &cause, bench.now_us, NULL));
      event = bench_expect_event (&bench, OL2TP_EVENT_SESSION_CLOSED);
      g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_ADMIN);
      g_assert_cmpuint (event.cause.result_code, ==, 3);
      bench_expect (&bench, OL2TP_MESSAGE_CDN, &reply);
      g_assert_cmphex (reply.header.session_id, ==, reachable[i].state == OL2TP_SESSION_STATE_WAIT_REPLY ? 0 : PEER_SESSION_ID);
      g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_SESSION_ID), ==, bench.session_id);
      ol2tp_message_get_result (&reply.message, &cause);
      g_assert_cmpuint (cause.result_code, ==, 3);
      g_assert_cmpuint (cause.error_code, ==, 0);
      g_assert_cmpuint (ol2tp_message_get_octets (&reply.message, OL2TP_AVP_RESULT_CODE).len, ==, 4); /* RES-01 */
      g_assert_false (ol2tp_engine_close_session (bench.engine, bench.session_id, &cause, bench.now_us, &error));
      g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND);
      bench_clear (&bench);
    }
}

/* IL-03: closed before anybody heard of it */
static void
test_close_early (void)
{
  for (int connected = 0; connected < 2; connected++)
    {
      Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;
      Ol2tpTunnelConfig tunnel_config = OL2TP_TUNNEL_CONFIG_DEFAULT;
      Ol2tpCause cause = bench_cause (OL2TP_REASON_ADMIN, 0);
      Bench bench;

      bench_init (&bench);
      g_assert_true (ol2tp_engine_add_tunnel (bench.engine, &tunnel_config, &bench.tunnel_id, NULL));
      g_assert_true (ol2tp_engine_add_session (bench.engine, bench.tunnel_id, &config, &bench.session_id, NULL));
      if (connected)
        g_assert_true (ol2tp_engine_connect_session (bench.engine, bench.session_id, bench.now_us, NULL));
      g_assert_true (ol2tp_engine_close_session (bench.engine, bench.session_id, &cause, bench.now_us, NULL));
      bench_expect_event (&bench, OL2TP_EVENT_SESSION_CLOSED);
      bench_expect_no_event (&bench);
      bench_expect_silence (&bench);
      bench_clear (&bench);
    }
}

/* MSG-10 */
static void
test_unknown_session (void)
{
  static const struct {
    guint16 type;
    gboolean has_id;
  } cases[] = { { OL2TP_MESSAGE_ICRP, TRUE }, { OL2TP_MESSAGE_ICCN, FALSE }, { OL2TP_MESSAGE_OCRP, TRUE }, { OL2TP_MESSAGE_OCCN, FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Ol2tpMessage message;
      Ol2tpCause cause;
      Bench bench;
      Reply reply;

      set_up (&bench);
      ol2tp_message_init (&message, cases[i].type);
      if (cases[i].has_id)
        ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_SESSION_ID, PEER_SESSION_ID);
      else
        {
          ol2tp_message_set_number (&message, OL2TP_AVP_TX_CONNECT_SPEED, 1);
          ol2tp_message_set_number (&message, OL2TP_AVP_FRAMING_TYPE, 1);
        }
      bench_receive (&bench, 0x7777, &message);
      bench_expect (&bench, OL2TP_MESSAGE_CDN, &reply);
      g_assert_cmphex (reply.header.session_id, ==, cases[i].has_id ? PEER_SESSION_ID : 0);
      g_assert_cmphex (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_SESSION_ID), ==, 0x7777);
      ol2tp_message_get_result (&reply.message, &cause);
      g_assert_cmpuint (cause.result_code, ==, 2);
      g_assert_cmpuint (cause.error_code, ==, 5);
      bench_expect_no_event (&bench);
      bench_clear (&bench);
    }
}

/* IN-04, TDN-07: a message that crosses our CDN is for a session that was; one CDN is enough. */
static void
test_crossing (void)
{
  Ol2tpCause cause = bench_cause (OL2TP_REASON_ADMIN, 0);
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  reach (&bench, TRUE, OL2TP_SESSION_STATE_WAIT_CONNECT);
  g_assert_true (ol2tp_engine_close_session (bench.engine, bench.session_id, &cause, bench.now_us, NULL));
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_CLOSED);
  bench_expect (&bench, OL2TP_MESSAGE_CDN, &reply);
  bench_fill_iccn (&message);
  bench_receive (&bench, bench.session_id, &message);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_fill_cdn (&message, 1, 0, "");
  bench_receive (&bench, bench.session_id, &message);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_expect_no_event (&bench);
  bench_clear (&bench);
}

/* A session is reached through its own tunnel only. */
static void
test_wrong_tunnel (void)
{
  guint32 session_id;
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  reach (&bench, TRUE, OL2TP_SESSION_STATE_ESTABLISHED);
  bench_receive_ack (&bench);
  session_id = bench.session_id;
  bench.path = bench_path (2, 1701);
  bench.ns = bench.nr = 0;
  bench_establish_as_responder (&bench);
  bench_fill_cdn (&message, 1, 0, "");
  bench_receive (&bench, session_id, &message);
  bench_receive (&bench, 0, &message);
  bench_expect_no_event (&bench);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench.session_id = session_id;
  g_assert_cmpint (bench_session_state (&bench), ==, OL2TP_SESSION_STATE_ESTABLISHED);
  bench_clear (&bench);
}

/* MSG-06, MSG-07 */
static void
test_wen_sli (void)
{
  static const guint8 zeros[26];

  for (gsize i = 0; i < G_N_ELEMENTS (reachable); i++)
    {
      Ol2tpMessage message;
      Bench bench;
      Reply reply;

      reach (&bench, reachable[i].lns, reachable[i].state);
      ol2tp_message_init (&message, OL2TP_MESSAGE_WEN);
      ol2tp_message_set_octets (&message, OL2TP_AVP_CALL_ERRORS, (Ol2tpSpan) { zeros, 26 });
      bench_receive (&bench, bench.session_id, &message);
      bench_receive (&bench, 0x7777, &message);
      ol2tp_message_init (&message, OL2TP_MESSAGE_SLI);
      ol2tp_message_set_octets (&message, OL2TP_AVP_ACCM, (Ol2tpSpan) { zeros, 10 });
      bench_receive (&bench, bench.session_id, &message);
      bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
      g_assert_cmpuint (reply.header.nr, ==, bench.ns);
      bench_expect_no_event (&bench);
      g_assert_cmpint (bench_session_state (&bench), ==, reachable[i].state);
      bench_clear (&bench);
    }
}

/* OL-02: no outgoing calls: CDN 5 */
static void
test_ocrq (void)
{
  Ol2tpMessage message;
  Ol2tpCause cause;
  Bench bench;
  Reply reply;

  set_up (&bench);
  ol2tp_message_init (&message, OL2TP_MESSAGE_OCRQ);
  for (guint16 avp = OL2TP_AVP_ASSIGNED_SESSION_ID; avp <= OL2TP_AVP_FRAMING_TYPE; avp++)
    ol2tp_message_set_number (&message, (Ol2tpAvpType) avp, PEER_SESSION_ID);
  ol2tp_message_set_string (&message, OL2TP_AVP_CALLED_NUMBER, "5551234");
  bench_receive (&bench, 0, &message);
  bench_expect_no_event (&bench);
  bench_expect (&bench, OL2TP_MESSAGE_CDN, &reply);
  g_assert_cmphex (reply.header.session_id, ==, PEER_SESSION_ID);
  ol2tp_message_get_result (&reply.message, &cause);
  g_assert_cmpuint (cause.result_code, ==, 5);
  bench_clear (&bench);
}

/* AVP-01, AVP-09, AVP-10, AVP-11 in an established tunnel with a call in it */
static void
test_tunnel_errors (void)
{
  static const guint8 unskippable[] = { 0x80, 0x08, 0, 0, 0, 0, 0, 10, 0x80, 0x05, 0, 0, 0, 14 };
  static const guint8 no_type[] = { 0x80, 0x08, 0, 0, 0, 9, 0, 10 };
  static const guint8 unknown_type_m[] = { 0x80, 0x08, 0, 0, 0, 0, 0, 99 };
  static const guint8 hello_unknown_m[] = { 0x80, 0x08, 0, 0, 0, 0, 0, 6, 0x80, 0x06, 0, 0, 0x03, 0xe7 };
  static const struct {
    Ol2tpSpan body;
    guint16 error_code;
  } cases[] = { { { unskippable, sizeof unskippable }, 2 },
                { { no_type, sizeof no_type }, 3 },
                { { unknown_type_m, sizeof unknown_type_m }, 8 },
                { { hello_unknown_m, sizeof hello_unknown_m }, 8 } };
  static const guint8 unknown_type[] = { 0x00, 0x08, 0, 0, 0, 0, 0, 99 };
  Bench bench;
  Reply reply;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Ol2tpTunnelStats stats;
      Ol2tpEvent event;
      Ol2tpCause cause;

      reach (&bench, TRUE, OL2TP_SESSION_STATE_ESTABLISHED);
      bench_receive_raw (&bench, bench.tunnel_id, 0, bench.ns++, bench.nr, cases[i].body);
      event = bench_expect_event (&bench, OL2TP_EVENT_SESSION_CLOSED);
      g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_PROTOCOL);
      bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
      bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
      ol2tp_message_get_result (&reply.message, &cause);
      g_assert_cmpuint (cause.result_code, ==, 2);
      g_assert_cmpuint (cause.error_code, ==, cases[i].error_code);
      g_assert_true (ol2tp_engine_get_tunnel_stats (bench.engine, bench.tunnel_id, &stats));
      g_assert_cmpuint (stats.bad_avp, ==, 1);
      bench_clear (&bench);
    }

  g_test_message ("AVP-11");
  reach (&bench, TRUE, OL2TP_SESSION_STATE_ESTABLISHED);
  bench_receive_raw (&bench, bench.tunnel_id, 0, bench.ns++, bench.nr, (Ol2tpSpan) { unknown_type, sizeof unknown_type });
  bench_expect_no_event (&bench);
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  g_assert_cmpuint (reply.header.nr, ==, bench.ns);
  bench_clear (&bench);
}

/* AVP-06: an error in a session's message ends the session, not the tunnel. */
static void
test_session_errors (void)
{
  static const guint8 extra[] = { 0x80, 0x06, 0, 0, 0x03, 0xe7 };
  static const guint16 types[] = { OL2TP_MESSAGE_ICRP, OL2TP_MESSAGE_ICCN, OL2TP_MESSAGE_SLI };
  static const guint8 zeros[10];

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      guint8 body[1400];
      Ol2tpMessage message;
      Ol2tpCause cause;
      Ol2tpSpan span;
      Bench bench;
      Reply reply;

      if (types[i] == OL2TP_MESSAGE_ICRP)
        {
          reach (&bench, FALSE, OL2TP_SESSION_STATE_WAIT_REPLY);
          bench_fill_icrp (&message);
        }
      else if (types[i] == OL2TP_MESSAGE_ICCN)
        {
          reach (&bench, TRUE, OL2TP_SESSION_STATE_WAIT_CONNECT);
          bench_fill_iccn (&message);
        }
      else
        {
          reach (&bench, FALSE, OL2TP_SESSION_STATE_ESTABLISHED);
          ol2tp_message_init (&message, OL2TP_MESSAGE_SLI);
          ol2tp_message_set_octets (&message, OL2TP_AVP_ACCM, (Ol2tpSpan) { zeros, 10 });
        }
      span = bench_body (&message, body);
      memcpy (body + span.len, extra, sizeof extra);
      span.len += sizeof extra;
      bench_receive_raw (&bench, bench.tunnel_id, bench.session_id, bench.ns++, bench.nr, span);
      bench_expect_event (&bench, OL2TP_EVENT_SESSION_CLOSED);
      bench_expect (&bench, OL2TP_MESSAGE_CDN, &reply);
      g_assert_cmphex (reply.header.session_id, ==, PEER_SESSION_ID);
      ol2tp_message_get_result (&reply.message, &cause);
      g_assert_cmpuint (cause.error_code, ==, 8);
      g_assert_nonnull (strstr (cause.message, "type 999"));
      g_assert_cmpint (bench_tunnel_state (&bench), ==, OL2TP_TUNNEL_STATE_ESTABLISHED);
      bench_clear (&bench);
    }
}

static void
test_setup_timeout (void)
{
  for (int lns = 0; lns < 2; lns++)
    {
      Ol2tpEvent event;
      Ol2tpCause cause;
      Bench bench;
      Reply reply;

      reach (&bench, lns, lns ? OL2TP_SESSION_STATE_WAIT_CONNECT : OL2TP_SESSION_STATE_WAIT_REPLY);
      /* The peer is there, so that no HELLO is due when the call's time is up. */
      bench_advance_to (&bench, bench.now_us + SECOND / 2);
      bench_receive_ack (&bench);
      bench_advance_to (&bench, bench.now_us + 49 * SECOND + SECOND / 2);
      bench_receive_ack (&bench);
      bench_advance_to (&bench, bench.now_us + 10 * SECOND - 1);
      bench_expect_no_event (&bench);
      bench_advance_to (&bench, bench.now_us + 1);
      event = bench_expect_event (&bench, OL2TP_EVENT_SESSION_CLOSED);
      g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_TIMEOUT);
      bench_expect (&bench, OL2TP_MESSAGE_CDN, &reply);
      ol2tp_message_get_result (&reply.message, &cause);
      g_assert_cmpuint (cause.result_code, ==, lns ? 2 : 10);
      g_assert_cmpuint (cause.error_code, ==, 0);
      bench_clear (&bench);
    }
}

/* Session IDs are unique over all tunnels, and not reused while data may be on the way. */
static void
test_unique_ids (void)
{
  Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;
  Ol2tpTunnelConfig tunnel_config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  g_autofree gboolean *seen = g_new0 (gboolean, 65536);
  Ol2tpCause cause = bench_cause (OL2TP_REASON_ADMIN, 0);
  g_autoptr (GError) error = NULL;
  guint32 tunnels[2], id = 0, last = 0;
  Bench bench;

  bench_init (&bench);
  g_assert_true (ol2tp_engine_add_tunnel (bench.engine, &tunnel_config, &tunnels[0], NULL));
  g_assert_true (ol2tp_engine_add_tunnel (bench.engine, &tunnel_config, &tunnels[1], NULL));
  for (guint i = 0; i < 65535; i++)
    {
      g_assert_true (ol2tp_engine_add_session (bench.engine, tunnels[i % 2], &config, &id, NULL));
      g_assert_false (seen[id]);
      seen[id] = TRUE;
      last = id;
    }
  g_assert_false (ol2tp_engine_add_session (bench.engine, tunnels[0], &config, &id, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_LIMIT_EXCEEDED);
  g_assert_true (ol2tp_engine_close_session (bench.engine, last, &cause, bench.now_us, NULL));
  g_assert_false (ol2tp_engine_add_session (bench.engine, tunnels[0], &config, &id, NULL));
  bench_advance_to (&bench, bench.now_us + 31 * SECOND);
  g_assert_true (ol2tp_engine_add_session (bench.engine, tunnels[0], &config, &id, NULL));
  g_assert_cmpuint (id, ==, last);
  bench_clear (&bench);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/engine/IL-01-IL-05", test_lac);
  g_test_add_func ("/core/engine/IN-01-IN-05", test_lns);
  g_test_add_func ("/core/engine/MSG-02", test_bare_iccn);
  g_test_add_func ("/core/engine/IN-02", test_refused);
  g_test_add_func ("/core/engine/peer-id-in-use", test_peer_id_in_use);
  g_test_add_func ("/core/engine/IL-06-IN-10", test_wrong_message);
  g_test_add_func ("/core/engine/MSG-08-MSG-09", test_cdn);
  g_test_add_func ("/core/engine/cdn-for-nobody", test_cdn_for_nobody);
  g_test_add_func ("/core/engine/malformed-cdn", test_malformed_cdn);
  g_test_add_func ("/core/engine/TDN-06", test_close);
  g_test_add_func ("/core/engine/IL-03", test_close_early);
  g_test_add_func ("/core/engine/MSG-10", test_unknown_session);
  g_test_add_func ("/core/engine/IN-04", test_crossing);
  g_test_add_func ("/core/engine/wrong-tunnel", test_wrong_tunnel);
  g_test_add_func ("/core/engine/MSG-06-MSG-07", test_wen_sli);
  g_test_add_func ("/core/engine/OL-02", test_ocrq);
  g_test_add_func ("/core/engine/AVP-01-AVP-11", test_tunnel_errors);
  g_test_add_func ("/core/engine/AVP-06", test_session_errors);
  g_test_add_func ("/core/engine/session-timeout", test_setup_timeout);
  g_test_add_func ("/core/engine/TDN-07", test_unique_ids);
  return g_test_run ();
}
