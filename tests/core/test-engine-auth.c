/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tunnel authentication and hidden AVPs in set-up, each test named after its row of the RFC checklist. */
#include "bench.h"
#include "core/auth.h"
#include "hide.h"

#include <string.h>

#define SECRET "l2tp-secret"

static void
dial_with_secret (Bench *bench, Ol2tpMessage *sccrp, const char *answer_secret, gboolean challenge, guint8 *response, guint8 *asked)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (SECRET, strlen (SECRET));
  Reply reply;

  bench_init (bench);
  config.secret = secret;
  g_assert_true (ol2tp_engine_add_tunnel (bench->engine, &config, &bench->tunnel_id, NULL));
  g_assert_true (ol2tp_engine_connect_tunnel (bench->engine, bench->tunnel_id, &bench->path, bench->now_us, NULL));
  bench_expect (bench, OL2TP_MESSAGE_SCCRQ, &reply);
  g_assert_cmpuint (ol2tp_message_get_octets (&reply.message, OL2TP_AVP_CHALLENGE).len, ==, 16); /* AUT-05 */
  memcpy (asked, ol2tp_message_get_octets (&reply.message, OL2TP_AVP_CHALLENGE).data, 16);

  bench_fill_sccrp (sccrp);
  if (answer_secret != NULL)
    {
      g_autoptr (Ol2tpSecret) other = ol2tp_secret_new (answer_secret, strlen (answer_secret));

      ol2tp_auth_respond (2, other, ol2tp_message_get_octets (&reply.message, OL2TP_AVP_CHALLENGE), response);
      ol2tp_message_set_octets (sccrp, OL2TP_AVP_CHALLENGE_RESPONSE, (Ol2tpSpan) { response, 22 }); /* AVP-17 */
    }
  if (challenge)
    ol2tp_message_set_string (sccrp, OL2TP_AVP_CHALLENGE, "?");
}

/* AUT-01, AUT-04, AUT-05 as initiator */
static void
test_authentication_as_initiator (void)
{
  for (int challenged = 0; challenged < 2; challenged++)
    {
      g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (SECRET, strlen (SECRET));
      guint8 response[22] = { 0 }, expected[16], asked[16];
      Ol2tpTunnelInfo info;
      Ol2tpMessage message;
      Bench bench;
      Reply reply;

      dial_with_secret (&bench, &message, SECRET, challenged, response, asked);
      bench_receive (&bench, 0, &message);
      bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_UP);
      bench_expect (&bench, OL2TP_MESSAGE_SCCCN, &reply);
      g_assert_cmpint (ol2tp_message_has (&reply.message, OL2TP_AVP_CHALLENGE_RESPONSE), ==, challenged);
      if (challenged)
        {
          ol2tp_auth_respond (3, secret, (Ol2tpSpan) { (const guint8 *) "?", 1 }, expected);
          g_assert_cmpmem (ol2tp_message_get_octets (&reply.message, OL2TP_AVP_CHALLENGE_RESPONSE).data, 16, expected, 16);
        }
      g_assert_true (ol2tp_engine_get_tunnel_info (bench.engine, bench.tunnel_id, &info));
      g_assert_cmpint (info.authenticated, ==, challenged ? OL2TP_AUTHENTICATED_MUTUAL : OL2TP_AUTHENTICATED_PEER);
      bench_clear (&bench);
    }
}

/* AUT-02, AUT-07 as initiator */
static void
test_authentication_fails_as_initiator (void)
{
  for (guint what = 0; what < 3; what++)
    {
      guint8 response[22] = { 0 }, asked[16];
      Ol2tpTunnelStats stats;
      Ol2tpMessage message;
      Ol2tpEvent event;
      Ol2tpCause cause;
      Bench bench;
      Reply reply;

      if (what < 2)
        dial_with_secret (&bench, &message, what == 0 ? "wrong" : NULL, TRUE, response, asked);
      else
        {
          /* Our own challenge comes back, with a right answer: somebody had it made elsewhere. */
          dial_with_secret (&bench, &message, SECRET, FALSE, response, asked);
          ol2tp_message_set_octets (&message, OL2TP_AVP_CHALLENGE, (Ol2tpSpan) { asked, 16 });
        }
      bench_receive (&bench, 0, &message);
      event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
      g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_AUTHENTICATION);
      g_assert_false (event.cause.from_peer);
      g_assert_false (event.was_up);
      g_assert_true (ol2tp_engine_get_tunnel_stats (bench.engine, bench.tunnel_id, &stats));
      g_assert_cmpuint (stats.auth_failures, ==, 1);
      bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
      g_assert_cmphex (reply.header.tunnel_id, ==, PEER_TUNNEL_ID);
      ol2tp_message_get_result (&reply.message, &cause);
      g_assert_cmpuint (cause.result_code, ==, 4);
      bench_expect_silence (&bench);
      bench_clear (&bench);
    }
}

/* AUT-03 */
static void
test_no_secret (void)
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
  ol2tp_message_set_string (&message, OL2TP_AVP_CHALLENGE, "challenge");
  bench_receive (&bench, 0, &message);
  event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);
  g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_NO_SECRET);
  bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
  ol2tp_message_get_result (&reply.message, &cause);
  g_assert_cmpuint (cause.result_code, ==, 4);
  bench_clear (&bench);
}

/* AUT-01, AUT-02 as responder: right, wrong, missing, and right for SCCRP but not for SCCCN */
static void
test_authentication_as_responder (void)
{
  for (guint what = 0; what < 4; what++)
    {
      g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (SECRET, strlen (SECRET));
      g_autoptr (Ol2tpSecret) wrong = ol2tp_secret_new ("wrong", 5);
      guint8 response[16], expected[16];
      Ol2tpTunnelInfo info;
      Ol2tpMessage message;
      Ol2tpSpan challenge;
      Ol2tpCause cause;
      Bench bench;
      Reply reply;

      bench_init (&bench);
      bench_use_responder (&bench, SECRET);
      bench_fill_sccrq (&message);
      ol2tp_message_set_string (&message, OL2TP_AVP_CHALLENGE, "0123456789");
      bench_receive (&bench, 0, &message);
      bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
      g_assert_true (ol2tp_engine_accept_tunnel (bench.engine, bench.tunnel_id, bench.now_us, NULL));
      bench_expect (&bench, OL2TP_MESSAGE_SCCRP, &reply);
      ol2tp_auth_respond (2, secret, (Ol2tpSpan) { (const guint8 *) "0123456789", 10 }, expected);
      g_assert_cmpmem (ol2tp_message_get_octets (&reply.message, OL2TP_AVP_CHALLENGE_RESPONSE).data, 16, expected, 16);
      challenge = ol2tp_message_get_octets (&reply.message, OL2TP_AVP_CHALLENGE);
      g_assert_cmpuint (challenge.len, ==, 16);

      ol2tp_message_init (&message, OL2TP_MESSAGE_SCCCN);
      ol2tp_auth_respond (what == 3 ? 2 : 3, what == 1 ? wrong : secret, challenge, response);
      if (what != 2)
        ol2tp_message_set_octets (&message, OL2TP_AVP_CHALLENGE_RESPONSE, (Ol2tpSpan) { response, 16 });
      bench_receive (&bench, 0, &message);
      if (what == 0)
        {
          bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_UP);
          g_assert_true (ol2tp_engine_get_tunnel_info (bench.engine, bench.tunnel_id, &info));
          g_assert_cmpint (info.authenticated, ==, OL2TP_AUTHENTICATED_MUTUAL);
        }
      else
        {
          Ol2tpEvent event = bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_CLOSED);

          g_assert_cmpint (event.cause.reason, ==, OL2TP_REASON_AUTHENTICATION);
          bench_expect (&bench, OL2TP_MESSAGE_STOPCCN, &reply);
          ol2tp_message_get_result (&reply.message, &cause);
          g_assert_cmpuint (cause.result_code, ==, 4);
        }
      bench_clear (&bench);
    }
}

/* HID-11: Assigned Tunnel ID hidden in SCCRQ */
static void
test_hidden_id (void)
{
  static const guint8 rv_octets[16] = "random vector..";
  const Ol2tpSpan rv = { rv_octets, sizeof rv_octets };
  guint8 body[1400];
  Ol2tpMessage message;
  Ol2tpWriter writer;
  Ol2tpSpan span;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  bench_use_responder (&bench, SECRET);
  bench_fill_sccrq (&message);
  span = bench_body (&message, body);
  /* Turns the plain Assigned Tunnel ID, the fifth AVP, into something unknown, and appends the hidden one. */
  body[8 + 8 + 10 + 9] = 0x00;
  body[8 + 8 + 10 + 9 + 4] = 0x7f;
  ol2tp_writer_init (&writer, body, sizeof body);
  writer.len = span.len;
  ol2tp_avp_write (&writer, ol2tp_avp_lookup (0, OL2TP_AVP_RANDOM_VECTOR), rv);
  hide_avp (&writer, TRUE, 9, SECRET, rv, (Ol2tpSpan) { (const guint8 *) "\x56\x78", 2 }, 5);
  bench_receive_raw (&bench, 0, 0, 0, 0, (Ol2tpSpan) { body, writer.len });
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
  g_assert_true (ol2tp_engine_accept_tunnel (bench.engine, bench.tunnel_id, bench.now_us, NULL));
  bench_expect (&bench, OL2TP_MESSAGE_SCCRP, &reply);
  g_assert_cmphex (reply.header.tunnel_id, ==, 0x5678);
  bench_receive_raw (&bench, 0, 0, 0, 0, (Ol2tpSpan) { body, writer.len });
  bench_expect (&bench, OL2TP_MESSAGE_ZLB, &reply);
  bench_expect_no_event (&bench);
  bench_clear (&bench);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/engine/AUT-01-initiator", test_authentication_as_initiator);
  g_test_add_func ("/core/engine/AUT-02-initiator", test_authentication_fails_as_initiator);
  g_test_add_func ("/core/engine/AUT-03", test_no_secret);
  g_test_add_func ("/core/engine/AUT-01-AUT-02-responder", test_authentication_as_responder);
  g_test_add_func ("/core/engine/HID-11", test_hidden_id);
  return g_test_run ();
}
