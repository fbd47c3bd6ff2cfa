/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reliable delivery of control messages: sequence numbers, acknowledgement, retransmission, window. */
#pragma once

#include "core/header.h"

G_BEGIN_DECLS

/** OL2TP_CHANNEL_DEFAULT_WINDOW: the peer's Receive Window Size if it did not say (RFC 2661 section 4.4.3). */
#define OL2TP_CHANNEL_DEFAULT_WINDOW 4

/**
 * Ol2tpChannel:
 * @retry_timeout_us: first retransmission after so long
 * @retry_cap_us: the interval stops doubling here
 * @max_retries: retransmissions before the channel gives up
 * @window: Receive Window Size of the peer
 * @congestion_window: messages that may be unacknowledged now, @window at most
 * @slow_start_limit: below it the congestion window grows with each acknowledgement, from there on with each full window of them
 * @n_acks: acknowledgements since it last grew, in the slower phase
 * @receive_window: Receive Window Size we offered
 * @first_ns: Ns of the head of @queue
 * @nr: Ns of the next message expected from the peer
 * @ahead: (nullable): messages that came before one that is missing, by Ns; %NULL if there are none
 * @queue: messages not acknowledged, oldest first; the node at @n_out is @next
 * @next: (nullable): the message to be sent next
 * @n_sent: messages from the head on that were sent at least once
 * @n_out: messages from the head on that were sent since the last timeout
 * @n_transmissions: how often the head was sent
 * @deadline_us: when @ol2tp_channel_timeout has to be called
 * @closing: ol2tp_channel_close() was called
 * @ack_due: the peer waits for an acknowledgement
 *
 * Read its fields where that helps; only the functions below write them.
 */
typedef struct {
  gint64 retry_timeout_us;
  gint64 retry_cap_us;
  guint max_retries;
  guint window;
  guint congestion_window;
  guint slow_start_limit;
  guint n_acks;
  guint receive_window;
  guint16 first_ns;
  guint16 nr;
  GHashTable *ahead;
  GQueue queue;
  GList *next;
  guint n_sent;
  guint n_out;
  guint n_transmissions;
  gint64 deadline_us;
  gboolean closing;
  gboolean ack_due;
} Ol2tpChannel;

/**
 * Ol2tpChannelVerdict:
 * @OL2TP_CHANNEL_DELIVER: the next message in sequence: handle it; some that came early may follow
 * @OL2TP_CHANNEL_DUPLICATE: had that; it will be acknowledged again; drop it
 * @OL2TP_CHANNEL_AHEAD: one before it is missing: drop it; the channel keeps a copy if there is room, else the peer sends it again
 * @OL2TP_CHANNEL_ACK: a ZLB, there is nothing in it
 * @OL2TP_CHANNEL_INVALID: it acknowledges what was never sent; drop it
 */
typedef enum {
  OL2TP_CHANNEL_DELIVER,
  OL2TP_CHANNEL_DUPLICATE,
  OL2TP_CHANNEL_AHEAD,
  OL2TP_CHANNEL_ACK,
  OL2TP_CHANNEL_INVALID,
} Ol2tpChannelVerdict;

/**
 * Ol2tpOutgoing:
 * @type: message type, 0 for a ZLB
 * @again: whether it was sent before
 * @header: header with body; the tunnel ID is for the caller to fill in. The body is borrowed until the next call into the channel
 */
typedef struct {
  guint16 type;
  gboolean again;
  Ol2tpHeader header;
} Ol2tpOutgoing;

/**
 * ol2tp_channel_init:
 * @self: filled
 * @retry_timeout_ms: first retransmission after so many milliseconds, 1 or more
 * @retry_cap_ms: interval stops doubling here; raised to 8 seconds, below which no cap may be
 * @max_retries: retransmissions before the peer is given up
 * @congestion_window: messages that may be unacknowledged now, @window at most
 * @slow_start_limit: below it the congestion window grows with each acknowledgement, from there on with each full window of them
 * @n_acks: acknowledgements since it last grew, in the slower phase
 * @receive_window: Receive Window Size we offer
 */
void ol2tp_channel_init (Ol2tpChannel *self, guint retry_timeout_ms, guint retry_cap_ms, guint max_retries, guint16 receive_window);

/** ol2tp_channel_clear: drops all messages. */
void ol2tp_channel_clear (Ol2tpChannel *self);

/** ol2tp_channel_set_window: the peer's Receive Window Size, 1 or more. */
void ol2tp_channel_set_window (Ol2tpChannel *self, guint16 window);

/** ol2tp_channel_send: queues a message; @body is copied. */
void ol2tp_channel_send (Ol2tpChannel *self, guint16 type, guint32 session_id, Ol2tpSpan body);

/**
 * ol2tp_channel_receive:
 * @self: a reliable control channel
 * @header: the decoded header of a message from the peer
 * @now_us: current time
 *
 * Applies the Ns/Nr rules of RFC 2661 section 5.8 to one received message: releases what the peer acknowledged, and says whether
 * the message is the next in sequence.
 */
Ol2tpChannelVerdict ol2tp_channel_receive (Ol2tpChannel *self, const Ol2tpHeader *header, gint64 now_us);

/** ol2tp_channel_has_ahead: whether the next message in sequence came early: ol2tp_channel_take_ahead() has it. */
gboolean ol2tp_channel_has_ahead (const Ol2tpChannel *self);

/**
 * ol2tp_channel_take_ahead:
 * @self: a reliable control channel
 *
 * Returns: (transfer full) (nullable): the next message in sequence, if it came early; its body is part of the allocation.
 */
Ol2tpHeader *ol2tp_channel_take_ahead (Ol2tpChannel *self);

/** ol2tp_channel_has_output: whether ol2tp_channel_next() has something. */
gboolean ol2tp_channel_has_output (const Ol2tpChannel *self);

/**
 * ol2tp_channel_next:
 * @self: a reliable control channel
 * @outgoing: (out): what to send now
 * @now_us: current time
 *
 * Messages within the window first, each with the current Nr; a ZLB only if an acknowledgement is due and no message carries it.
 *
 * Returns: %FALSE if there is nothing to send now.
 */
gboolean ol2tp_channel_next (Ol2tpChannel *self, Ol2tpOutgoing *outgoing, gint64 now_us);

/**
 * ol2tp_channel_timeout:
 * @self: a reliable control channel whose deadline has come
 *
 * Returns: %FALSE if the message at the head was sent as often as allowed: the peer is gone.
 */
gboolean ol2tp_channel_timeout (Ol2tpChannel *self);

/** ol2tp_channel_close: drops what was never sent, so that the last message, queued next, goes out as soon as the window allows. */
void ol2tp_channel_close (Ol2tpChannel *self);

/** ol2tp_channel_flush: drops all messages; from here on the channel only acknowledges. */
void ol2tp_channel_flush (Ol2tpChannel *self);

/** ol2tp_channel_is_idle: whether all messages are acknowledged. */
gboolean ol2tp_channel_is_idle (const Ol2tpChannel *self);

/** ol2tp_channel_was_used: whether any message was handed out for sending. */
gboolean ol2tp_channel_was_used (const Ol2tpChannel *self);

/** ol2tp_channel_get_cycle_us: how long a message is retransmitted before the channel gives up: 31 s with the defaults. */
gint64 ol2tp_channel_get_cycle_us (const Ol2tpChannel *self);

G_END_DECLS
