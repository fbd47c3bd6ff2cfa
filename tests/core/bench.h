/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A test bench: one engine, a clock that stands until it is told, and a scripted peer that says what the test wants it to say, right
 * or wrong.
 */
#pragma once

#include "core/channel.h"
#include "core/engine.h"
#include "core/message.h"

/** SECOND: in the engine's unit of time. */
#define SECOND ((gint64) G_USEC_PER_SEC)

/** PEER_TUNNEL_ID, PEER_SESSION_ID: what the scripted peer assigns. */
#define PEER_TUNNEL_ID 0x1234
#define PEER_SESSION_ID 0x4321

/**
 * Bench:
 * @engine: the engine under test
 * @now_us: the time
 * @random_state: of its source of randomness
 * @path: where the scripted peer's datagrams come from
 * @tunnel_id: the engine's tunnel, once known
 * @session_id: the engine's session, once known
 * @ns: Ns of the peer's next message
 * @nr: Nr the peer sends
 */
typedef struct {
  Ol2tpEngine *engine;
  gint64 now_us;
  guint64 random_state;
  Ol2tpPath path;
  guint32 tunnel_id;
  guint32 session_id;
  guint16 ns;
  guint16 nr;
} Bench;

/**
 * Reply:
 * @datagram: what the engine sent
 * @header: its header
 * @message: its message; empty for a ZLB
 */
typedef struct {
  Ol2tpDatagram datagram;
  Ol2tpHeader header;
  Ol2tpMessage message;
} Reply;

/** bench_random: a repeatable source of randomness; @user_data is a guint64. */
void bench_random (gpointer user_data, guint8 *buf, gsize len);

/** bench_path: a path with the documentation address 192.0.2.@host as the peer. */
Ol2tpPath bench_path (guint8 host, guint16 port);

void bench_init (Bench *self);
void bench_clear (Bench *self);

/** bench_use_responder: the engine accepts tunnels, with @secret if not %NULL. */
void bench_use_responder (Bench *self, const char *secret);

/** bench_fill_sccrq, ...: messages as a well-behaved peer sends them; the test may change them. */
void bench_fill_sccrq (Ol2tpMessage *message);
void bench_fill_sccrp (Ol2tpMessage *message);
void bench_fill_icrq (Ol2tpMessage *message);
void bench_fill_icrp (Ol2tpMessage *message);
void bench_fill_iccn (Ol2tpMessage *message);
void bench_fill_stopccn (Ol2tpMessage *message, guint16 result_code, guint16 error_code, const char *text);
void bench_fill_cdn (Ol2tpMessage *message, guint16 result_code, guint16 error_code, const char *text);

/** bench_body: the encoded message, in @buffer of 1400 octets. */
Ol2tpSpan bench_body (const Ol2tpMessage *message, guint8 *buffer);

/** bench_receive_raw: the engine gets a control datagram with these fields. */
void bench_receive_raw (Bench *self, guint32 tunnel_id, guint32 session_id, guint16 ns, guint16 nr, Ol2tpSpan body);

/** bench_receive: the peer's next message in sequence for the bench's tunnel. */
void bench_receive (Bench *self, guint32 session_id, const Ol2tpMessage *message);

/** bench_receive_type: the same, for a message without further AVPs. */
void bench_receive_type (Bench *self, guint16 type);

/** bench_receive_ack: a ZLB with the bench's Nr. */
void bench_receive_ack (Bench *self);

/** bench_advance_to: time passes, and timers come. */
void bench_advance_to (Bench *self, gint64 now_us);

/** bench_expect_event: the next event is of this type. */
Ol2tpEvent bench_expect_event (Bench *self, Ol2tpEventType type);
void bench_expect_no_event (Bench *self);

/** bench_expect: the next datagram is this message (0 for a ZLB); the peer's Nr is moved behind it. */
void bench_expect (Bench *self, guint16 type, Reply *reply);
void bench_expect_silence (Bench *self);

/** bench_dial: the engine opens a tunnel, up to its SCCRQ. */
void bench_dial (Bench *self, const Ol2tpTunnelConfig *config);

/** bench_establish_as_initiator, bench_establish_as_responder: up to TUNNEL_UP, with everything acknowledged. */
void bench_establish_as_initiator (Bench *self);
void bench_establish_as_responder (Bench *self);

/** bench_call: the engine places a call, up to SESSION_UP, with everything acknowledged. */
void bench_call (Bench *self);

/** bench_take_call: the engine takes a call, up to SESSION_UP, with everything acknowledged. */
void bench_take_call (Bench *self);

/** bench_tunnel_state, bench_session_state: of the bench's tunnel and session, which have to exist. */
Ol2tpTunnelState bench_tunnel_state (Bench *self);
Ol2tpSessionState bench_session_state (Bench *self);

/** bench_cause: what a caller gives with a close. */
Ol2tpCause bench_cause (Ol2tpReason reason, guint16 result_code);
