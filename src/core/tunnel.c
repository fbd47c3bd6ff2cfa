/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tunnel takes messages from its channel, commands from the engine and timers from the heap, turns each into an event with a
 * verdict, and does what the row of the table in tunnel-table.c says.  State changes only in set_state(), which also tells the
 * caller.  After each input ol2tp_tunnel_settle() brings the outer world in line: the timer with the channel's deadline, the ready
 * queue with what the channel has to send, the early queue with what it kept and can deliver, and the end of a closing tunnel with
 * the acknowledgement of its StopCCN.
 *
 * What follows on a close differs in who says so.  If we send StopCCN, the tunnel stays until that is acknowledged or given up.
 * If the peer sends it, nothing of ours matters any more, and the tunnel stays for a cycle to acknowledge copies.
 *
 * Implements: RFC 2661 section 5.1 (set-up), 5.5 and 6.5 (HELLO), 5.7 and 6.4 (StopCCN), 7.2 (states); the messages are in
 * tunnel-setup.c.
 */
#include "core/tunnel.h"
#include "core/session.h"
#include "core/text.h"

#include <string.h>

typedef struct {
  const Ol2tpHeader *header;
  const Ol2tpMessage *message;
  const Ol2tpFault *fault;
  const Ol2tpCause *cause;
} Input;

static void handle (Ol2tpTunnel *self, Ol2tpTunnelEvent event, const Input *input);

/* --- life --- */

static void
transport_timer_func (gpointer owner)
{
  Ol2tpTunnel *self = owner;

  if (self->lingering)
    {
      handle (self, OL2TP_TUNNEL_EVENT_TRANSPORT_FAILED, &(Input) { NULL });
      return;
    }
  if (!ol2tp_channel_timeout (&self->channel))
    {
      g_autofree char *peer = ol2tp_address_to_endpoint_string (&self->path.remote);
      Ol2tpCause cause;

      /* RFC 2661 section 5.8: when the retries are used up, the tunnel and all its sessions MUST be cleared. */
      ol2tp_cause_init (&cause, OL2TP_REASON_TIMEOUT, 0, 0, "no answer from %s after %u transmissions", peer,
                        self->channel.n_transmissions);
      handle (self, OL2TP_TUNNEL_EVENT_TRANSPORT_FAILED, &(Input) { .cause = &cause });
    }
  ol2tp_tunnel_settle (self);
}

static void
setup_timer_func (gpointer owner)
{
  Ol2tpTunnel *self = owner;
  Ol2tpCause cause;

  ol2tp_cause_init (&cause, OL2TP_REASON_TIMEOUT, OL2TP_STOPCCN_RESULT_GENERAL, 0, "not established within %u s",
                    self->config.establish_timeout_sec);
  handle (self, OL2TP_TUNNEL_EVENT_SETUP_TIMEOUT, &(Input) { .cause = &cause });
  ol2tp_tunnel_settle (self);
}

/* RFC 3931 section 4.4: the interval differs from tunnel to tunnel, by up to a tenth, so that many which came up together do not ask
 * together for ever. Never longer than was configured. */
static void
start_hello (Ol2tpTunnel *self)
{
  gint64 interval = (gint64) self->config.hello_interval_sec * G_USEC_PER_SEC;
  guint16 jitter;

  if (interval == 0)
    return;
  self->engine->random (self->engine->user_data, (guint8 *) &jitter, sizeof jitter);
  self->hello_interval_us = interval - interval / 10 * jitter / G_MAXUINT16;
  ol2tp_timers_set (&self->engine->timers, &self->hello_timer, self->engine->now_us + self->hello_interval_us);
}

static void
hello_timer_func (gpointer owner)
{
  Ol2tpTunnel *self = owner;
  gint64 due = self->last_received_us + self->hello_interval_us;

  /* The timer is not moved with each message: it finds out itself that the peer spoke meanwhile. */
  if (due <= self->engine->now_us)
    {
      due = self->engine->now_us + self->hello_interval_us;
      /* RFC 2661 section 5.5: HELLO only asks for an acknowledgement; a message that waits for one asks as well. */
      if (ol2tp_channel_is_idle (&self->channel))
        {
          Ol2tpMessage message;

          ol2tp_message_init (&message, OL2TP_MESSAGE_HELLO);
          ol2tp_tunnel_send (self, 0, &message);
          self->stats.hello_tx++;
        }
    }
  ol2tp_timers_set (&self->engine->timers, &self->hello_timer, due);
  ol2tp_tunnel_settle (self);
}

Ol2tpTunnel *
ol2tp_tunnel_new (Ol2tpEngine *engine, const Ol2tpTunnelConfig *config)
{
  guint32 id = ol2tp_ids_take (&engine->tunnel_ids, engine->now_us);
  Ol2tpTunnel *self;

  if (id == 0)
    return NULL;

  self = g_new0 (Ol2tpTunnel, 1);
  self->engine = engine;
  self->id = id;
  self->state = OL2TP_TUNNEL_STATE_IDLE;
  self->ready_link.data = self;
  self->early_link.data = self;
  self->peer_host_name = g_strdup ("");
  self->peer_vendor_name = g_strdup ("");
  ol2tp_tunnel_config_copy (&self->config, config);
  ol2tp_channel_init (&self->channel, config->retry_timeout_ms, config->retry_cap_ms, config->max_retries,
                      config->receive_window);
  ol2tp_timer_init (&self->transport_timer, transport_timer_func, self);
  ol2tp_timer_init (&self->hello_timer, hello_timer_func, self);
  ol2tp_timer_init (&self->setup_timer, setup_timer_func, self);
  g_queue_init (&self->sessions);
  g_hash_table_insert (engine->tunnels, GUINT_TO_POINTER (id), self);
  return self;
}

void
ol2tp_tunnel_configure (Ol2tpTunnel *self, const Ol2tpTunnelConfig *config)
{
  Ol2tpTunnelConfig copy = { 0 };

  ol2tp_tunnel_config_copy (&copy, config); /* first: the new strings may be the old ones */
  ol2tp_tunnel_config_clear (&self->config);
  self->config = copy;
  ol2tp_channel_clear (&self->channel);
  ol2tp_channel_init (&self->channel, config->retry_timeout_ms, config->retry_cap_ms, config->max_retries,
                      config->receive_window);
}

void
ol2tp_tunnel_free (Ol2tpTunnel *self)
{
  ol2tp_channel_clear (&self->channel);
  ol2tp_tunnel_config_clear (&self->config);
  explicit_bzero (self->challenge, sizeof self->challenge);
  explicit_bzero (self->response, sizeof self->response);
  g_free (self->peer_host_name);
  g_free (self->peer_vendor_name);
  g_free (self);
}

static void
unset_timers (Ol2tpTunnel *self)
{
  ol2tp_timers_unset (&self->engine->timers, &self->transport_timer);
  ol2tp_timers_unset (&self->engine->timers, &self->hello_timer);
  ol2tp_timers_unset (&self->engine->timers, &self->setup_timer);
}

/* Keeps a tunnel in one of the engine's queues as long as it belongs there. */
static void
set_queued (GQueue *queue, GList *link, gboolean *is_queued, gboolean queued)
{
  if (queued == *is_queued)
    return;
  *is_queued = queued;
  if (queued)
    g_queue_push_tail_link (queue, link);
  else
    g_queue_unlink (queue, link);
}

static void
set_ready (Ol2tpTunnel *self, gboolean ready)
{
  set_queued (&self->engine->ready, &self->ready_link, &self->is_ready, ready);
}

static void
set_early (Ol2tpTunnel *self, gboolean early)
{
  set_queued (&self->engine->early, &self->early_link, &self->is_early, early);
}

static void
set_unacknowledged (Ol2tpTunnel *self, gboolean unacknowledged)
{
  if (unacknowledged && !self->unacknowledged)
    self->engine->n_unacknowledged++;
  if (!unacknowledged && self->unacknowledged)
    self->engine->n_unacknowledged--;
  self->unacknowledged = unacknowledged;
}

/* The end: the transport is finished, and the ID leads nowhere any more. */
static void
finish (Ol2tpTunnel *self)
{
  Ol2tpEngine *engine = self->engine;
  Ol2tpEvent *event = ol2tp_engine_queue_event (engine, OL2TP_EVENT_TUNNEL_GONE);

  event->tunnel_id = self->id;
  event->peer_tunnel_id = self->peer_id;
  self->finished = TRUE;
  unset_timers (self);
  set_ready (self, FALSE);
  set_early (self, FALSE);
  set_unacknowledged (self, FALSE);
  if (self->has_peer_key && g_hash_table_lookup (engine->peers, &self->peer_key) == self)
    g_hash_table_remove (engine->peers, &self->peer_key);
  g_hash_table_steal (engine->tunnels, GUINT_TO_POINTER (self->id));
  ol2tp_ids_release (&engine->tunnel_ids, self->id, engine->now_us);
  ol2tp_engine_dispose (engine, self, (GDestroyNotify) ol2tp_tunnel_free);
}

/* --- states and actions --- */

static void
set_state (Ol2tpTunnel *self, Ol2tpTunnelState next, const Ol2tpCause *cause)
{
  static const Ol2tpEventType types[OL2TP_N_TUNNEL_STATES] = {
    [OL2TP_TUNNEL_STATE_WAIT_ACCEPT] = OL2TP_EVENT_TUNNEL_INCOMING,
    [OL2TP_TUNNEL_STATE_ESTABLISHED] = OL2TP_EVENT_TUNNEL_UP,
    [OL2TP_TUNNEL_STATE_CLOSING] = OL2TP_EVENT_TUNNEL_CLOSED,
  };
  Ol2tpTimers *timers = &self->engine->timers;
  gboolean told = next == OL2TP_TUNNEL_STATE_WAIT_ACCEPT || next == OL2TP_TUNNEL_STATE_ESTABLISHED
                  || next == OL2TP_TUNNEL_STATE_CLOSING;

  if (next == self->state)
    return;

  if (self->state == OL2TP_TUNNEL_STATE_IDLE && self->config.establish_timeout_sec > 0)
    ol2tp_timers_set (timers, &self->setup_timer,
                      self->engine->now_us + (gint64) self->config.establish_timeout_sec * G_USEC_PER_SEC);
  if (next == OL2TP_TUNNEL_STATE_ESTABLISHED || next == OL2TP_TUNNEL_STATE_CLOSING)
    ol2tp_timers_unset (timers, &self->setup_timer);
  if (next == OL2TP_TUNNEL_STATE_ESTABLISHED)
    start_hello (self);
  if (next == OL2TP_TUNNEL_STATE_CLOSING)
    ol2tp_timers_unset (timers, &self->hello_timer);

  self->state = next;
  if (told)
    {
      Ol2tpEvent *event = ol2tp_engine_queue_event (self->engine, types[next]);

      event->tunnel_id = self->id;
      event->peer_tunnel_id = self->peer_id;
      event->was_up = self->was_up;
      if (next == OL2TP_TUNNEL_STATE_CLOSING && cause != NULL)
        event->cause = *cause;
    }
  if (next == OL2TP_TUNNEL_STATE_ESTABLISHED)
    self->was_up = TRUE;
}

static void
open_sessions (Ol2tpTunnel *self)
{
  for (GList *l = self->sessions.head, *next; l != NULL; l = next)
    {
      next = l->next;
      ol2tp_session_tunnel_open (l->data);
    }
}

/* RFC 2661 section 6.4: StopCCN ends all sessions, without a CDN for each. */
static void
end_sessions (Ol2tpTunnel *self, const Ol2tpCause *cause)
{
  while (self->sessions.head != NULL)
    ol2tp_session_tunnel_down (self->sessions.head->data, cause);
}

/* RFC 2661 section 4.4.3: StopCCN has an Assigned Tunnel ID so that it can be answered where there was no SCCRP. */
static void
learn_id (Ol2tpTunnel *self, const Ol2tpMessage *message)
{
  if (self->peer_id == 0 && message != NULL
      && (message->type == OL2TP_MESSAGE_SCCRP || message->type == OL2TP_MESSAGE_STOPCCN))
    self->peer_id = (guint32) ol2tp_message_get_number (message, OL2TP_AVP_ASSIGNED_TUNNEL_ID);
}

static void
clean_up (Ol2tpTunnel *self, const Ol2tpCause *cause)
{
  end_sessions (self, cause);
  ol2tp_channel_flush (&self->channel);
  self->done = TRUE;
}

static void
stop (Ol2tpTunnel *self, const Input *input)
{
  /* An SCCRQ that never left our hands needs no StopCCN: nobody knows of the tunnel. */
  if (self->initiator && !ol2tp_channel_was_used (&self->channel))
    {
      clean_up (self, input->cause);
      return;
    }
  end_sessions (self, input->cause);
  learn_id (self, input->message);
  ol2tp_channel_close (&self->channel);
  ol2tp_tunnel_send_stopccn (self, input->cause);
  set_unacknowledged (self, TRUE);
}

/* RFC 2661 section 5.7: the recipient of StopCCN keeps its state for a full retransmission cycle, to acknowledge copies. */
static void
linger (Ol2tpTunnel *self, const Ol2tpCause *cause)
{
  end_sessions (self, cause);
  ol2tp_channel_flush (&self->channel);
  set_unacknowledged (self, FALSE);
  if (self->peer_stopped)
    return;
  self->peer_stopped = TRUE;
  self->lingering = TRUE;
  ol2tp_timers_set (&self->engine->timers, &self->transport_timer,
                    self->engine->now_us + ol2tp_channel_get_cycle_us (&self->channel));
}

/* The caller's proof of the peer is complete once SCCRP or SCCCN was judged good. */
static void
note_authenticated (Ol2tpTunnel *self)
{
  if (self->config.secret != NULL)
    self->authenticated = self->has_response ? OL2TP_AUTHENTICATED_MUTUAL : OL2TP_AUTHENTICATED_PEER;
}

static void
perform (Ol2tpTunnel *self, Ol2tpTunnelAction action, const Input *input)
{
  switch (action)
    {
    case OL2TP_TUNNEL_ACTION_NONE:
      break;
    case OL2TP_TUNNEL_ACTION_SEND_SCCRQ:
      ol2tp_tunnel_send_sccrq (self);
      break;
    case OL2TP_TUNNEL_ACTION_NOTE_PEER:
      ol2tp_tunnel_note_peer (self, input->message);
      break;
    case OL2TP_TUNNEL_ACTION_SEND_SCCRP:
      ol2tp_tunnel_send_sccrp (self);
      break;
    case OL2TP_TUNNEL_ACTION_SEND_SCCCN:
      ol2tp_tunnel_note_peer (self, input->message);
      note_authenticated (self);
      ol2tp_tunnel_send_scccn (self);
      open_sessions (self);
      break;
    case OL2TP_TUNNEL_ACTION_OPEN_SESSIONS:
      note_authenticated (self);
      open_sessions (self);
      break;
    case OL2TP_TUNNEL_ACTION_DISPATCH:
      ol2tp_session_dispatch (self, input->header, input->message, input->fault);
      break;
    case OL2TP_TUNNEL_ACTION_CLEAN_UP:
      clean_up (self, input->cause);
      break;
    case OL2TP_TUNNEL_ACTION_SEND_STOPCCN:
      stop (self, input);
      break;
    case OL2TP_TUNNEL_ACTION_LINGER:
      learn_id (self, input->message);
      linger (self, input->cause);
      break;
    case OL2TP_TUNNEL_ACTION_LEARN_ID:
      learn_id (self, input->message);
      break;
    case OL2TP_TUNNEL_ACTION_FINISH:
      self->done = TRUE;
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
handle (Ol2tpTunnel *self, Ol2tpTunnelEvent event, const Input *input)
{
  const Ol2tpTunnelTransition *row = ol2tp_tunnel_find_transition (self->state, event);

  if (row != NULL)
    {
      perform (self, row->action, input);
      set_state (self, row->next, input->cause);
    }
  else
    {
      const char *name = input->message != NULL ? ol2tp_message_type_to_string (input->message->type) : "event";
      Ol2tpCause cause;
      Input error = *input;

      ol2tp_cause_init (&cause, OL2TP_REASON_PROTOCOL, OL2TP_STOPCCN_RESULT_FSM, 0, "%s in state %s", name,
                        ol2tp_tunnel_state_to_string (self->state));
      error.cause = &cause;
      perform (self, OL2TP_TUNNEL_ACTION_SEND_STOPCCN, &error);
      set_state (self, OL2TP_TUNNEL_STATE_CLOSING, &cause);
    }
  if (self->done && !self->finished)
    finish (self);
}

void
ol2tp_tunnel_settle (Ol2tpTunnel *self)
{
  if (self->finished)
    return;

  if (self->state == OL2TP_TUNNEL_STATE_CLOSING && !self->lingering && ol2tp_channel_is_idle (&self->channel))
    {
      set_unacknowledged (self, FALSE);
      if (!self->channel.ack_due)
        {
          finish (self);
          return;
        }
      /* The StopCCN is acknowledged, by a message that wants to be acknowledged itself: the end comes behind that. */
      self->lingering = TRUE;
      ol2tp_timers_set (&self->engine->timers, &self->transport_timer, self->engine->now_us);
    }
  if (!self->lingering)
    ol2tp_timers_set (&self->engine->timers, &self->transport_timer, self->channel.deadline_us);
  set_ready (self, ol2tp_channel_has_output (&self->channel));
  set_early (self, ol2tp_channel_has_ahead (&self->channel));
}

/* --- commands --- */

void
ol2tp_tunnel_open (Ol2tpTunnel *self, const Ol2tpPath *path)
{
  self->initiator = TRUE;
  self->path = *path;
  handle (self, OL2TP_TUNNEL_EVENT_OPEN, &(Input) { NULL });
  ol2tp_tunnel_settle (self);
}

void
ol2tp_tunnel_take_sccrq (Ol2tpTunnel *self, const Ol2tpPath *path, const Ol2tpHeader *header, const Ol2tpMessage *message)
{
  Ol2tpEngine *engine = self->engine;

  self->path = *path;
  ol2tp_engine_make_peer_key (engine, &path->remote, (guint32) ol2tp_message_get_number (message, OL2TP_AVP_ASSIGNED_TUNNEL_ID),
                              &self->peer_key);
  self->has_peer_key = TRUE;
  g_hash_table_replace (engine->peers, &self->peer_key, self);

  ol2tp_channel_receive (&self->channel, header, engine->now_us);
  self->last_received_us = engine->now_us;
  self->stats.rx_packets++;
  handle (self, OL2TP_TUNNEL_EVENT_SCCRQ, &(Input) { .header = header, .message = message });
  ol2tp_tunnel_settle (self);
}

void
ol2tp_tunnel_accept (Ol2tpTunnel *self)
{
  handle (self, OL2TP_TUNNEL_EVENT_ACCEPT, &(Input) { NULL });
  ol2tp_tunnel_settle (self);
}

void
ol2tp_tunnel_close (Ol2tpTunnel *self, const Ol2tpCause *cause)
{
  Ol2tpCause own = *cause;

  if (own.result_code == 0)
    own.result_code = OL2TP_STOPCCN_RESULT_GENERAL;
  handle (self, OL2TP_TUNNEL_EVENT_CLOSE, &(Input) { .cause = &own });
  ol2tp_tunnel_settle (self);
}

/* --- messages --- */

/* What a decoded message is to the state machine; @cause is filled where there is one. */
static Ol2tpTunnelEvent
classify (Ol2tpTunnel *self, const Ol2tpMessage *message, const Ol2tpFault *fault, Ol2tpCause *cause)
{
  gboolean good = fault->parse == OL2TP_PARSE_OK;

  if (!good)
    ol2tp_fault_to_cause (fault, cause);
  if (!good && fault->parse == OL2TP_PARSE_UNKNOWN_TYPE)
    return OL2TP_TUNNEL_EVENT_BAD;

  switch ((Ol2tpMessageType) message->type)
    {
    case OL2TP_MESSAGE_SCCRQ:
      return good ? OL2TP_TUNNEL_EVENT_SCCRQ : OL2TP_TUNNEL_EVENT_BAD;
    case OL2TP_MESSAGE_SCCRP:
      good = good && ol2tp_tunnel_judge_sccrp (self, message, cause);
      return good ? OL2TP_TUNNEL_EVENT_SCCRP_OK : OL2TP_TUNNEL_EVENT_SCCRP_BAD;
    case OL2TP_MESSAGE_SCCCN:
      good = good && ol2tp_tunnel_judge_scccn (self, message, cause);
      return good ? OL2TP_TUNNEL_EVENT_SCCCN_OK : OL2TP_TUNNEL_EVENT_SCCCN_BAD;
    case OL2TP_MESSAGE_STOPCCN:
      /* However malformed, it says that the peer is leaving. */
      ol2tp_message_get_result (message, cause);
      return OL2TP_TUNNEL_EVENT_STOPCCN;
    case OL2TP_MESSAGE_HELLO:
      self->stats.hello_rx++;
      return good ? OL2TP_TUNNEL_EVENT_HELLO : OL2TP_TUNNEL_EVENT_BAD;
    case OL2TP_MESSAGE_OCRQ:
    case OL2TP_MESSAGE_OCRP:
    case OL2TP_MESSAGE_OCCN:
    case OL2TP_MESSAGE_ICRQ:
    case OL2TP_MESSAGE_ICRP:
    case OL2TP_MESSAGE_ICCN:
    case OL2TP_MESSAGE_CDN:
    case OL2TP_MESSAGE_WEN:
    case OL2TP_MESSAGE_SLI:
      return good || !ol2tp_fault_is_for_tunnel (fault) ? OL2TP_TUNNEL_EVENT_SESSION : OL2TP_TUNNEL_EVENT_BAD;
    default: /* no Message Type at all */
      return OL2TP_TUNNEL_EVENT_BAD;
    }
}

static void
deliver (Ol2tpTunnel *self, const Ol2tpHeader *header)
{
  Ol2tpMessage message;
  Ol2tpFault fault;
  Ol2tpCause cause;
  Ol2tpTunnelEvent event;

  ol2tp_message_decode (&message, header->body, self->config.secret, &fault);
  self->stats.bad_avp += fault.n_ignored;
  /* RFC 2661 section 4.4.1: an unknown message without the M bit may be ignored. It is acknowledged like any other. */
  if (fault.parse == OL2TP_PARSE_IGNORED_TYPE)
    return;
  if (fault.parse != OL2TP_PARSE_OK)
    self->stats.bad_avp++;

  ol2tp_cause_init (&cause, OL2TP_REASON_NONE, 0, 0, NULL);
  event = classify (self, &message, &fault, &cause);
  handle (self, event, &(Input) { header, &message, &fault, &cause });
}

void
ol2tp_tunnel_receive (Ol2tpTunnel *self, const Ol2tpHeader *header)
{
  Ol2tpChannelVerdict verdict = ol2tp_channel_receive (&self->channel, header, self->engine->now_us);

  self->stats.rx_packets++;
  if (verdict != OL2TP_CHANNEL_INVALID)
    self->last_received_us = self->engine->now_us;
  switch (verdict)
    {
    case OL2TP_CHANNEL_DELIVER:
      deliver (self, header);
      break;
    case OL2TP_CHANNEL_DUPLICATE:
      self->stats.duplicates++;
      break;
    case OL2TP_CHANNEL_AHEAD:
    case OL2TP_CHANNEL_INVALID:
      self->stats.out_of_order++;
      break;
    case OL2TP_CHANNEL_ACK:
      self->stats.zlb_rx++;
      break;
    default:
      g_assert_not_reached ();
    }
  ol2tp_tunnel_settle (self);
}

void
ol2tp_tunnel_deliver_ahead (Ol2tpTunnel *self)
{
  g_autofree Ol2tpHeader *header = ol2tp_channel_take_ahead (&self->channel);

  if (header != NULL)
    deliver (self, header);
  ol2tp_tunnel_settle (self);
}
