/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AVPs that the engine hides, each test named after its row of the RFC checklist. */
#include "bench.h"
#include "core/auth.h"

#include <string.h>

#define SECRET "l2tp-secret"

/* Counts what is hidden in the engine's next message, and decodes it as a peer with the secret does. */
static guint
expect_hidden (Bench *bench, guint16 type, Reply *reply, Ol2tpSpan *random_vector)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (SECRET, strlen (SECRET));
  Ol2tpAvpIter iter;
  Ol2tpFault fault;
  Ol2tpAvp avp;
  guint n = 0;

  *random_vector = (Ol2tpSpan) { NULL, 0 };
  g_assert_true (ol2tp_engine_pop_datagram (bench->engine, &reply->datagram, bench->now_us));
  g_assert_cmpint (ol2tp_header_decode (&reply->header, reply->datagram.data, reply->datagram.len), ==, OL2TP_HEADER_CONTROL);
  g_assert_cmpint (ol2tp_message_decode (&reply->message, reply->header.body, secret, &fault), ==, OL2TP_PARSE_OK);
  g_assert_cmpuint (fault.n_ignored, ==, 0);
  g_assert_cmpuint (reply->message.type, ==, type);
  bench->nr = (guint16) (reply->header.ns + 1);
  ol2tp_avp_iter_init (&iter, reply->header.body);
  while (ol2tp_avp_iter_next (&iter, &avp) == OL2TP_PARSE_OK)
    {
      const Ol2tpAvpInfo *info = ol2tp_avp_lookup (0, avp.type);

      if (info->type == OL2TP_AVP_RANDOM_VECTOR)
        *random_vector = avp.value;
      else if (type != OL2TP_MESSAGE_SCCRQ)
        g_assert_cmpint (avp.hidden, ==, info->may_hide);
      n += avp.hidden ? 1 : 0;
    }
  if (n > 0)
    g_assert_cmpuint (random_vector->len, >=, 16); /* HID-09 */
  else
    g_assert_cmpuint (random_vector->len, ==, 0);
  return n;
}

static void
dial (Bench *bench)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (SECRET, strlen (SECRET));
  guint8 response[16];
  Ol2tpMessage message;
  Ol2tpSpan random_vector;
  Reply reply;

  bench_init (bench);
  config.secret = secret;
  config.hide_avps = TRUE;
  g_assert_true (ol2tp_engine_add_tunnel (bench->engine, &config, &bench->tunnel_id, NULL));
  g_assert_true (ol2tp_engine_connect_tunnel (bench->engine, bench->tunnel_id, &bench->path, bench->now_us, NULL));
  /* HID-10: a Cisco cannot read hidden AVPs in SCCRQ. */
  g_assert_cmpuint (expect_hidden (bench, OL2TP_MESSAGE_SCCRQ, &reply, &random_vector), ==, 0);

  bench_fill_sccrp (&message);
  ol2tp_auth_respond (2, secret, ol2tp_message_get_octets (&reply.message, OL2TP_AVP_CHALLENGE), response);
  ol2tp_message_set_octets (&message, OL2TP_AVP_CHALLENGE_RESPONSE, (Ol2tpSpan) { response, sizeof response });
  ol2tp_message_set_string (&message, OL2TP_AVP_CHALLENGE, "?");
  bench_receive (bench, 0, &message);
  bench_expect_event (bench, OL2TP_EVENT_TUNNEL_UP);
  g_assert_cmpuint (expect_hidden (bench, OL2TP_MESSAGE_SCCCN, &reply, &random_vector), ==, 1);
  bench_receive_ack (bench);
}

/* HID-01, HID-10 as initiator: every message of ours but the first. */
static void
test_initiator (void)
{
  Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;
  Ol2tpCause cause = bench_cause (OL2TP_REASON_ADMIN, 0);
  Ol2tpSpan random_vector;
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  dial (&bench);
  bench_advance_to (&bench, bench.now_us + 60 * SECOND);
  g_assert_cmpuint (expect_hidden (&bench, OL2TP_MESSAGE_HELLO, &reply, &random_vector), ==, 0);
  bench_receive_ack (&bench);

  config.called_number = "0123456789";
  config.rx_speed = 1;
  config.sequencing_required = TRUE;
  g_assert_true (ol2tp_engine_add_session (bench.engine, bench.tunnel_id, &config, &bench.session_id, NULL));
  g_assert_true (ol2tp_engine_connect_session (bench.engine, bench.session_id, bench.now_us, NULL));
  g_assert_cmpuint (expect_hidden (&bench, OL2TP_MESSAGE_ICRQ, &reply, &random_vector), >=, 3);
  g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_SESSION_ID), ==, bench.session_id);
  g_assert_cmpmem (ol2tp_message_get_octets (&reply.message, OL2TP_AVP_CALLED_NUMBER).data, 10, "0123456789", 10);
  bench_fill_icrp (&message);
  bench_receive (&bench, bench.session_id, &message);
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_DATAPATH);
  g_assert_true (ol2tp_engine_datapath_done (bench.engine, bench.session_id, bench.now_us, NULL));
  bench_expect_event (&bench, OL2TP_EVENT_SESSION_UP);
  g_assert_cmpuint (expect_hidden (&bench, OL2TP_MESSAGE_ICCN, &reply, &random_vector), ==, 3);
  g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_TX_CONNECT_SPEED), ==, 1000000000);
  bench_receive_ack (&bench);

  g_assert_true (ol2tp_engine_close_session (bench.engine, bench.session_id, &cause, bench.now_us, NULL));
  g_assert_cmpuint (expect_hidden (&bench, OL2TP_MESSAGE_CDN, &reply, &random_vector), ==, 1);
  g_assert_true (ol2tp_engine_close_tunnel (bench.engine, bench.tunnel_id, &cause, bench.now_us, NULL));
  g_assert_cmpuint (expect_hidden (&bench, OL2TP_MESSAGE_STOPCCN, &reply, &random_vector), ==, 1);
  g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_TUNNEL_ID), ==, bench.tunnel_id);
  bench_clear (&bench);
}

/* HID-01 as responder */
static void
test_responder (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (SECRET, strlen (SECRET));
  Ol2tpSpan random_vector;
  Ol2tpMessage message;
  Bench bench;
  Reply reply;

  bench_init (&bench);
  config.secret = secret;
  config.hide_avps = TRUE;
  ol2tp_engine_set_responder (bench.engine, &config, 0);
  bench_fill_sccrq (&message);
  bench_receive (&bench, 0, &message);
  bench_expect_event (&bench, OL2TP_EVENT_TUNNEL_INCOMING);
  g_assert_true (ol2tp_engine_accept_tunnel (bench.engine, bench.tunnel_id, bench.now_us, NULL));
  g_assert_cmpuint (expect_hidden (&bench, OL2TP_MESSAGE_SCCRP, &reply, &random_vector), ==, 5);
  g_assert_cmpuint (ol2tp_message_get_number (&reply.message, OL2TP_AVP_ASSIGNED_TUNNEL_ID), ==, bench.tunnel_id);
  bench_clear (&bench);
}

static gint
compare_octets (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, 16);
}

/* HID-09: a vector for each message, none of them twice, no bit that stands still; but a copy is the same octets. */
static void
test_random_vector (void)
{
  const guint n = 1000;
  Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;
  g_autofree guint8 *vectors = g_malloc (16 * n);
  guint n_ones[128] = { 0 };
  Ol2tpSpan random_vector;
  guint8 last[16];
  guint32 id;
  Bench bench;
  Reply reply;

  dial (&bench);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (ol2tp_engine_add_session (bench.engine, bench.tunnel_id, &config, &id, NULL));
      g_assert_true (ol2tp_engine_connect_session (bench.engine, id, bench.now_us, NULL));
      expect_hidden (&bench, OL2TP_MESSAGE_ICRQ, &reply, &random_vector);
      g_assert_cmpuint (random_vector.len, ==, 16);
      memcpy (vectors + 16 * i, random_vector.data, 16);
      for (guint bit = 0; bit < 128; bit++)
        n_ones[bit] += random_vector.data[bit / 8] >> bit % 8 & 1;
      if (i < n - 1)
        bench_receive_ack (&bench);
    }
  memcpy (last, random_vector.data, 16);
  bench_advance_to (&bench, bench.now_us + SECOND);
  expect_hidden (&bench, OL2TP_MESSAGE_ICRQ, &reply, &random_vector);
  g_assert_cmpmem (random_vector.data, random_vector.len, last, 16);

  qsort (vectors, n, 16, compare_octets);
  for (guint i = 1; i < n; i++)
    g_assert_cmpint (memcmp (vectors + 16 * (i - 1), vectors + 16 * i, 16), !=, 0);
  for (guint bit = 0; bit < 128; bit++)
    {
      g_assert_cmpuint (n_ones[bit], >, n / 2 - n / 10);
      g_assert_cmpuint (n_ones[bit], <, n / 2 + n / 10);
    }
  bench_clear (&bench);
}

/* HID-01: nothing is hidden without a secret, and who asks for it is told. */
static void
test_no_secret (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (SECRET, strlen (SECRET));
  g_autoptr (GError) error = NULL;
  guint32 id;
  Bench bench;

  bench_init (&bench);
  g_assert_false (config.hide_avps);
  g_assert_true (ol2tp_engine_add_tunnel (bench.engine, &config, &id, NULL));
  config.hide_avps = TRUE;
  g_assert_false (ol2tp_engine_configure_tunnel (bench.engine, id, &config, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS);
  g_assert_cmpstr (error->message, ==, "AVPs cannot be hidden without a secret");
  g_clear_error (&error);
  g_assert_false (ol2tp_engine_add_tunnel (bench.engine, &config, &id, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS);
  config.secret = secret;
  g_assert_true (ol2tp_engine_configure_tunnel (bench.engine, id, &config, NULL));
  bench_clear (&bench);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/engine/HID-01-HID-10-initiator", test_initiator);
  g_test_add_func ("/core/engine/HID-01-responder", test_responder);
  g_test_add_func ("/core/engine/HID-09", test_random_vector);
  g_test_add_func ("/core/engine/HID-01-no-secret", test_no_secret);
  return g_test_run ();
}
