/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench.h"

#include <string.h>

void
bench_random (gpointer user_data, guint8 *buf, gsize len)
{
  guint64 *state = user_data;

  for (gsize i = 0; i < len; i++)
    {
      *state ^= *state << 13;
      *state ^= *state >> 7;
      *state ^= *state << 17;
      buf[i] = (guint8) (*state >> 32);
    }
}

Ol2tpPath
bench_path (guint8 host, guint16 port)
{
  Ol2tpPath path = { 0 };
  char text[32];

  g_assert_true (ol2tp_address_parse ("198.51.100.1", &path.local));
  g_snprintf (text, sizeof text, "192.0.2.%u", host);
  g_assert_true (ol2tp_address_parse (text, &path.remote));
  path.local.port = 1701;
  path.remote.port = port;
  return path;
}

void
bench_init (Bench *self)
{
  memset (self, 0, sizeof *self);
  self->random_state = 0x9e3779b97f4a7c15;
  self->now_us = 1000 * SECOND;
  self->path = bench_path (1, 1701);
  self->engine = ol2tp_engine_new ("bench", bench_random, &self->random_state);
}

void
bench_clear (Bench *self)
{
  g_clear_pointer (&self->engine, ol2tp_engine_free);
}

void
bench_use_responder (Bench *self, const char *secret)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  g_autoptr (Ol2tpSecret) shared = secret != NULL ? ol2tp_secret_new (secret, strlen (secret)) : NULL;

  config.secret = shared;
  ol2tp_engine_set_responder (self->engine, &config, 0);
}

static void
fill_setup (Ol2tpMessage *message, guint16 type)
{
  ol2tp_message_init (message, type);
  ol2tp_message_set_number (message, OL2TP_AVP_PROTOCOL_VERSION, 0x0100);
  ol2tp_message_set_number (message, OL2TP_AVP_FRAMING_CAPABILITIES, 3);
  ol2tp_message_set_string (message, OL2TP_AVP_HOST_NAME, "lac");
  ol2tp_message_set_number (message, OL2TP_AVP_ASSIGNED_TUNNEL_ID, PEER_TUNNEL_ID);
  ol2tp_message_set_number (message, OL2TP_AVP_RECEIVE_WINDOW_SIZE, 8);
}

void
bench_fill_sccrq (Ol2tpMessage *message)
{
  fill_setup (message, OL2TP_MESSAGE_SCCRQ);
}

void
bench_fill_sccrp (Ol2tpMessage *message)
{
  fill_setup (message, OL2TP_MESSAGE_SCCRP);
}

void
bench_fill_icrq (Ol2tpMessage *message)
{
  ol2tp_message_init (message, OL2TP_MESSAGE_ICRQ);
  ol2tp_message_set_number (message, OL2TP_AVP_ASSIGNED_SESSION_ID, PEER_SESSION_ID);
  ol2tp_message_set_number (message, OL2TP_AVP_CALL_SERIAL_NUMBER, 77);
}

void
bench_fill_icrp (Ol2tpMessage *message)
{
  ol2tp_message_init (message, OL2TP_MESSAGE_ICRP);
  ol2tp_message_set_number (message, OL2TP_AVP_ASSIGNED_SESSION_ID, PEER_SESSION_ID);
}

void
bench_fill_iccn (Ol2tpMessage *message)
{
  ol2tp_message_init (message, OL2TP_MESSAGE_ICCN);
  ol2tp_message_set_number (message, OL2TP_AVP_TX_CONNECT_SPEED, 64000);
  ol2tp_message_set_number (message, OL2TP_AVP_FRAMING_TYPE, 1);
}

static void
fill_result (Ol2tpMessage *message, guint16 result_code, guint16 error_code, const char *text)
{
  Ol2tpCause cause;

  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, result_code, error_code, "%s", text);
  ol2tp_message_set_result (message, &cause);
}

void
bench_fill_stopccn (Ol2tpMessage *message, guint16 result_code, guint16 error_code, const char *text)
{
  ol2tp_message_init (message, OL2TP_MESSAGE_STOPCCN);
  ol2tp_message_set_number (message, OL2TP_AVP_ASSIGNED_TUNNEL_ID, PEER_TUNNEL_ID);
  fill_result (message, result_code, error_code, text);
}

void
bench_fill_cdn (Ol2tpMessage *message, guint16 result_code, guint16 error_code, const char *text)
{
  ol2tp_message_init (message, OL2TP_MESSAGE_CDN);
  ol2tp_message_set_number (message, OL2TP_AVP_ASSIGNED_SESSION_ID, PEER_SESSION_ID);
  fill_result (message, result_code, error_code, text);
}

Ol2tpSpan
bench_body (const Ol2tpMessage *message, guint8 *buffer)
{
  Ol2tpWriter writer;

  ol2tp_writer_init (&writer, buffer, 1400);
  g_assert_true (ol2tp_message_encode (message, &writer));
  return (Ol2tpSpan) { buffer, writer.len };
}

void
bench_receive_raw (Bench *self, guint32 tunnel_id, guint32 session_id, guint16 ns, guint16 nr, Ol2tpSpan body)
{
  Ol2tpHeader header = { (guint16) tunnel_id, (guint16) session_id, ns, nr, body };
  guint8 buffer[2048];
  g_autofree guint8 *exact = NULL;
  Ol2tpWriter writer;

  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  ol2tp_header_encode (&header, &writer);
  g_assert_false (writer.bad);
  exact = g_memdup2 (buffer, writer.len); /* so that the address sanitiser sees a read past the end */
  ol2tp_engine_receive (self->engine, &self->path, exact, writer.len, self->now_us);
}

void
bench_receive (Bench *self, guint32 session_id, const Ol2tpMessage *message)
{
  guint8 buffer[1400];
  guint32 tunnel_id = message->type == OL2TP_MESSAGE_SCCRQ ? 0 : self->tunnel_id;

  bench_receive_raw (self, tunnel_id, session_id, self->ns++, self->nr, bench_body (message, buffer));
}

void
bench_receive_type (Bench *self, guint16 type)
{
  Ol2tpMessage message;

  ol2tp_message_init (&message, type);
  bench_receive (self, 0, &message);
}

void
bench_receive_ack (Bench *self)
{
  bench_receive_raw (self, self->tunnel_id, 0, self->ns, self->nr, (Ol2tpSpan) { NULL, 0 });
}

void
bench_advance_to (Bench *self, gint64 now_us)
{
  self->now_us = now_us;
  ol2tp_engine_advance (self->engine, now_us);
}

Ol2tpEvent
bench_expect_event (Bench *self, Ol2tpEventType type)
{
  Ol2tpEvent event;

  g_assert_true (ol2tp_engine_pop_event (self->engine, &event));
  g_assert_cmpint (event.type, ==, type);
  if (type == OL2TP_EVENT_TUNNEL_INCOMING)
    self->tunnel_id = event.tunnel_id;
  if (type == OL2TP_EVENT_SESSION_INCOMING)
    self->session_id = event.session_id;
  return event;
}

void
bench_expect_no_event (Bench *self)
{
  Ol2tpEvent event;

  g_assert_false (ol2tp_engine_pop_event (self->engine, &event));
}

void
bench_expect (Bench *self, guint16 type, Reply *reply)
{
  Ol2tpFault fault;

  g_assert_true (ol2tp_engine_pop_datagram (self->engine, &reply->datagram, self->now_us));
  /* RFC 2661 section 3.1: flags and version of every control message we send, and its Length. */
  g_assert_cmphex (reply->datagram.data[0], ==, 0xc8);
  g_assert_cmphex (reply->datagram.data[1], ==, 0x02);
  g_assert_cmpuint ((guint) (reply->datagram.data[2] << 8 | reply->datagram.data[3]), ==, reply->datagram.len);
  g_assert_cmpint (ol2tp_header_decode (&reply->header, reply->datagram.data, reply->datagram.len), ==, OL2TP_HEADER_CONTROL);
  if (type == OL2TP_MESSAGE_ZLB)
    {
      g_assert_true (ol2tp_header_is_zlb (&reply->header));
      return;
    }
  g_assert_cmpint (ol2tp_message_decode (&reply->message, reply->header.body, NULL, &fault), ==, OL2TP_PARSE_OK);
  g_assert_cmpint (reply->message.type, ==, type);
  self->nr = (guint16) (reply->header.ns + 1);
}

void
bench_expect_silence (Bench *self)
{
  Ol2tpDatagram datagram;

  g_assert_false (ol2tp_engine_pop_datagram (self->engine, &datagram, self->now_us));
}

void
bench_dial (Bench *self, const Ol2tpTunnelConfig *config)
{
  g_autoptr (GError) error = NULL;
  Reply reply;

  g_assert_true (ol2tp_engine_add_tunnel (self->engine, config, &self->tunnel_id, &error));
  g_assert_no_error (error);
  g_assert_true (ol2tp_engine_connect_tunnel (self->engine, self->tunnel_id, &self->path, self->now_us, &error));
  g_assert_no_error (error);
  bench_expect (self, OL2TP_MESSAGE_SCCRQ, &reply);
  g_assert_cmpuint (reply.datagram.tunnel_id, ==, self->tunnel_id);
  bench_expect_silence (self);
}

void
bench_establish_as_initiator (Bench *self)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpMessage message;
  Reply reply;

  bench_dial (self, &config);
  bench_fill_sccrp (&message);
  bench_receive (self, 0, &message);
  bench_expect_event (self, OL2TP_EVENT_TUNNEL_UP);
  bench_expect (self, OL2TP_MESSAGE_SCCCN, &reply);
  bench_receive_ack (self);
  bench_expect_silence (self);
  bench_expect_no_event (self);
}

void
bench_establish_as_responder (Bench *self)
{
  Ol2tpMessage message;
  Reply reply;

  bench_use_responder (self, NULL);
  bench_fill_sccrq (&message);
  bench_receive (self, 0, &message);
  bench_expect_event (self, OL2TP_EVENT_TUNNEL_INCOMING);
  g_assert_true (ol2tp_engine_accept_tunnel (self->engine, self->tunnel_id, self->now_us, NULL));
  bench_expect (self, OL2TP_MESSAGE_SCCRP, &reply);
  bench_receive_type (self, OL2TP_MESSAGE_SCCCN);
  bench_expect_event (self, OL2TP_EVENT_TUNNEL_UP);
  bench_expect (self, OL2TP_MESSAGE_ZLB, &reply);
  bench_expect_silence (self);
  bench_expect_no_event (self);
}

void
bench_call (Bench *self)
{
  Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;
  Ol2tpMessage message;
  Reply reply;

  g_assert_true (ol2tp_engine_add_session (self->engine, self->tunnel_id, &config, &self->session_id, NULL));
  g_assert_true (ol2tp_engine_connect_session (self->engine, self->session_id, self->now_us, NULL));
  bench_expect (self, OL2TP_MESSAGE_ICRQ, &reply);
  bench_fill_icrp (&message);
  bench_receive (self, self->session_id, &message);
  bench_expect_event (self, OL2TP_EVENT_SESSION_DATAPATH);
  g_assert_true (ol2tp_engine_datapath_done (self->engine, self->session_id, self->now_us, NULL));
  bench_expect_event (self, OL2TP_EVENT_SESSION_UP);
  bench_expect (self, OL2TP_MESSAGE_ICCN, &reply);
  bench_receive_ack (self);
  bench_expect_silence (self);
}

void
bench_take_call (Bench *self)
{
  Ol2tpMessage message;
  Reply reply;

  bench_fill_icrq (&message);
  bench_receive (self, 0, &message);
  bench_expect_event (self, OL2TP_EVENT_SESSION_INCOMING);
  g_assert_true (ol2tp_engine_accept_session (self->engine, self->session_id, self->now_us, NULL));
  bench_expect (self, OL2TP_MESSAGE_ICRP, &reply);
  bench_fill_iccn (&message);
  bench_receive (self, self->session_id, &message);
  bench_expect_event (self, OL2TP_EVENT_SESSION_DATAPATH);
  g_assert_true (ol2tp_engine_datapath_done (self->engine, self->session_id, self->now_us, NULL));
  bench_expect_event (self, OL2TP_EVENT_SESSION_UP);
  bench_expect (self, OL2TP_MESSAGE_ZLB, &reply);
  bench_expect_silence (self);
}

Ol2tpTunnelState
bench_tunnel_state (Bench *self)
{
  Ol2tpTunnelInfo info;

  g_assert_true (ol2tp_engine_get_tunnel_info (self->engine, self->tunnel_id, &info));
  return info.state;
}

Ol2tpSessionState
bench_session_state (Bench *self)
{
  Ol2tpSessionInfo info;

  g_assert_true (ol2tp_engine_get_session_info (self->engine, self->session_id, &info));
  return info.state;
}

Ol2tpCause
bench_cause (Ol2tpReason reason, guint16 result_code)
{
  Ol2tpCause cause;

  ol2tp_cause_init (&cause, reason, result_code, 0, NULL);
  return cause;
}
