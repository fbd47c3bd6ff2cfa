/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What both kinds of session share: life, the step from event to row to action, and the way from a message to its session.  A
 * message finds its session by our ID in the header; CDN may also come with ID 0 and name the peer's.  What finds none is
 * answered here, without a session, so that a refused or unknown call costs no memory.  IDs are unique over all tunnels, but a
 * message reaches a session only through its own tunnel.
 *
 * Implements: RFC 2661 section 5.2 (set-up), 5.6 and 6.12 (CDN), 6.13 and 6.14 (WEN and SLI, which are only acknowledged),
 * 7.4 (states), 7.1 (errors end the session, not the tunnel).
 */
#include "core/session.h"

typedef struct {
  const Ol2tpMessage *message;
  const Ol2tpCause *cause;
} Input;

static void handle (Ol2tpSession *self, Ol2tpSessionEvent event, const Input *input);

/* --- life --- */

static void
setup_timer_func (gpointer owner)
{
  Ol2tpSession *self = owner;
  Ol2tpTunnel *tunnel = self->tunnel;
  Ol2tpCause cause;

  /* RFC 2661 section 4.4.2: CDN result 10 is the LAC's; an LNS has none for it. */
  ol2tp_cause_init (&cause, OL2TP_REASON_TIMEOUT, self->lns ? OL2TP_CDN_RESULT_ERROR : OL2TP_CDN_RESULT_LAC_TIMEOUT,
                    OL2TP_ERROR_CODE_NONE, "call not established within %u s", self->establish_timeout_sec);
  handle (self, OL2TP_SESSION_EVENT_SETUP_TIMEOUT, &(Input) { .cause = &cause });
  ol2tp_tunnel_settle (tunnel);
}

Ol2tpSession *
ol2tp_session_new (Ol2tpTunnel *tunnel, gboolean lns, const Ol2tpSessionConfig *config)
{
  Ol2tpEngine *engine = tunnel->engine;
  guint32 id = ol2tp_ids_take (&engine->session_ids, engine->now_us);
  Ol2tpSession *self;

  if (id == 0)
    return NULL;

  self = g_new0 (Ol2tpSession, 1);
  self->tunnel = tunnel;
  self->id = id;
  self->state = OL2TP_SESSION_STATE_IDLE;
  self->lns = lns;
  self->tunnel_link.data = self;
  self->establish_timeout_sec = config != NULL ? config->establish_timeout_sec : tunnel->config.establish_timeout_sec;
  if (config != NULL)
    {
      self->tx_speed = config->tx_speed;
      self->rx_speed = config->rx_speed;
      self->sequencing_required = config->sequencing_required;
      self->called_number = g_strdup (config->called_number);
      self->calling_number = g_strdup (config->calling_number);
      self->sub_address = g_strdup (config->sub_address);
    }
  ol2tp_timer_init (&self->setup_timer, setup_timer_func, self);
  g_queue_push_tail_link (&tunnel->sessions, &self->tunnel_link);
  g_hash_table_insert (engine->sessions, GUINT_TO_POINTER (id), self);
  return self;
}

void
ol2tp_session_free (Ol2tpSession *self)
{
  g_free (self->called_number);
  g_free (self->calling_number);
  g_free (self->sub_address);
  g_free (self);
}

static gint64
make_peer_key (const Ol2tpTunnel *tunnel, guint32 peer_id)
{
  return (gint64) tunnel->id << 32 | peer_id;
}

/* g_int64_hash() takes the low half alone, and very many tunnels can have a session 1 each: all of them would be in one bucket. */
guint
ol2tp_session_hash_peer_key (gconstpointer key)
{
  guint64 value = (guint64) * (const gint64 *) key;

  return (guint) (value >> 32) * 0x9e3779b1u + (guint) value * 0x85ebca6bu;
}

void
ol2tp_session_set_peer_id (Ol2tpSession *self, guint32 peer_id)
{
  self->peer_id = peer_id;
  self->peer_key = make_peer_key (self->tunnel, peer_id);
  self->has_peer_key = TRUE;
  g_hash_table_replace (self->tunnel->engine->peer_sessions, &self->peer_key, self);
}

/* The end: the ID leads nowhere any more. */
static void
remove_session (Ol2tpSession *self)
{
  Ol2tpEngine *engine = self->tunnel->engine;

  self->ended = TRUE;
  ol2tp_timers_unset (&engine->timers, &self->setup_timer);
  g_queue_unlink (&self->tunnel->sessions, &self->tunnel_link);
  if (self->has_peer_key && g_hash_table_lookup (engine->peer_sessions, &self->peer_key) == self)
    g_hash_table_remove (engine->peer_sessions, &self->peer_key);
  g_hash_table_steal (engine->sessions, GUINT_TO_POINTER (self->id));
  ol2tp_ids_release (&engine->session_ids, self->id, engine->now_us);
  ol2tp_engine_dispose (engine, self, (GDestroyNotify) ol2tp_session_free);
}

/* --- states and actions --- */

const char *
ol2tp_session_state_to_string (Ol2tpSessionState state)
{
  switch (state)
    {
    case OL2TP_SESSION_STATE_IDLE:
      return "idle";
    case OL2TP_SESSION_STATE_WAIT_TUNNEL:
      return "wait-tunnel";
    case OL2TP_SESSION_STATE_WAIT_ACCEPT:
      return "wait-accept";
    case OL2TP_SESSION_STATE_WAIT_REPLY:
      return "wait-reply";
    case OL2TP_SESSION_STATE_WAIT_CONNECT:
      return "wait-connect";
    case OL2TP_SESSION_STATE_WAIT_DATAPATH:
      return "wait-datapath";
    case OL2TP_SESSION_STATE_ESTABLISHED:
      return "established";
    default:
      g_assert_not_reached ();
    }
}

static void
queue_event (Ol2tpSession *self, Ol2tpEventType type, const Ol2tpCause *cause)
{
  Ol2tpEvent *event = ol2tp_engine_queue_event (self->tunnel->engine, type);

  event->tunnel_id = self->tunnel->id;
  event->peer_tunnel_id = self->tunnel->peer_id;
  event->session_id = self->id;
  event->peer_session_id = self->peer_id;
  event->was_up = self->was_up;
  if (cause != NULL)
    event->cause = *cause;
}

static void
start_setup_timer (Ol2tpSession *self)
{
  Ol2tpEngine *engine = self->tunnel->engine;

  if (self->establish_timeout_sec > 0)
    ol2tp_timers_set (&engine->timers, &self->setup_timer,
                      engine->now_us + (gint64) self->establish_timeout_sec * G_USEC_PER_SEC);
}

static void
set_state (Ol2tpSession *self, Ol2tpSessionState next)
{
  if (next == self->state)
    return;

  self->state = next;
  switch (next)
    {
    case OL2TP_SESSION_STATE_WAIT_ACCEPT:
      queue_event (self, OL2TP_EVENT_SESSION_INCOMING, NULL);
      break;
    case OL2TP_SESSION_STATE_WAIT_REPLY:
    case OL2TP_SESSION_STATE_WAIT_CONNECT:
      start_setup_timer (self);
      break;
    case OL2TP_SESSION_STATE_WAIT_DATAPATH:
      queue_event (self, OL2TP_EVENT_SESSION_DATAPATH, NULL);
      break;
    case OL2TP_SESSION_STATE_ESTABLISHED:
      ol2tp_timers_unset (&self->tunnel->engine->timers, &self->setup_timer);
      queue_event (self, OL2TP_EVENT_SESSION_UP, NULL);
      self->was_up = TRUE;
      break;
    case OL2TP_SESSION_STATE_IDLE:
    case OL2TP_SESSION_STATE_WAIT_TUNNEL:
    default:
      break;
    }
}

/* RFC 2661 section 7.4: "clean up" and back to idle, where there is no call. */
static void
end (Ol2tpSession *self, const Ol2tpCause *cause)
{
  set_state (self, OL2TP_SESSION_STATE_IDLE);
  queue_event (self, OL2TP_EVENT_SESSION_CLOSED, cause);
  remove_session (self);
}

/* RFC 2661 section 4.4.4: in CDN the Assigned Session ID MUST be the one first sent to the peer; the Session ID in the header is 0
 * if the peer's is not known. */
static void
send_cdn (Ol2tpTunnel *tunnel, guint32 peer_id, guint32 id, const Ol2tpCause *cause)
{
  Ol2tpMessage message;

  ol2tp_message_init (&message, OL2TP_MESSAGE_CDN);
  ol2tp_message_set_result (&message, cause);
  ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_SESSION_ID, id);
  ol2tp_tunnel_send (tunnel, peer_id, &message);
}

/* An ICRP that is refused has assigned the peer's ID all the same. */
static guint32
find_peer_id (const Ol2tpSession *self, const Ol2tpMessage *message)
{
  if (self->peer_id == 0 && message != NULL && message->type == OL2TP_MESSAGE_ICRP)
    return (guint32) ol2tp_message_get_number (message, OL2TP_AVP_ASSIGNED_SESSION_ID);
  return self->peer_id;
}

static void
perform (Ol2tpSession *self, Ol2tpSessionAction action, const Input *input)
{
  switch (action)
    {
    case OL2TP_SESSION_ACTION_NONE:
      break;
    case OL2TP_SESSION_ACTION_SEND_ICRQ:
      ol2tp_session_lac_send_icrq (self);
      break;
    case OL2TP_SESSION_ACTION_NOTE_PEER:
      ol2tp_session_lac_note_peer (self, input->message);
      break;
    case OL2TP_SESSION_ACTION_SEND_ICCN:
      ol2tp_session_lac_send_iccn (self);
      break;
    case OL2TP_SESSION_ACTION_NOTE_CALL:
      ol2tp_session_lns_note_call (self, input->message);
      break;
    case OL2TP_SESSION_ACTION_SEND_ICRP:
      ol2tp_session_lns_send_icrp (self);
      break;
    case OL2TP_SESSION_ACTION_NOTE_CONNECT:
      ol2tp_session_lns_note_connect (self, input->message);
      break;
    case OL2TP_SESSION_ACTION_SEND_CDN:
      send_cdn (self->tunnel, find_peer_id (self, input->message), self->id, input->cause);
      end (self, input->cause);
      break;
    case OL2TP_SESSION_ACTION_CLEAN_UP:
      end (self, input->cause);
      break;
    default:
      g_assert_not_reached ();
    }
}

static const Ol2tpSessionTransition *
find_transition (const Ol2tpSession *self, Ol2tpSessionEvent event)
{
  return self->lns ? ol2tp_session_lns_find_transition (self->state, event)
                   : ol2tp_session_lac_find_transition (self->state, event);
}

static void
handle (Ol2tpSession *self, Ol2tpSessionEvent event, const Input *input)
{
  const Ol2tpSessionTransition *row = find_transition (self, event);
  Ol2tpSessionAction action = row != NULL ? row->action : OL2TP_SESSION_ACTION_SEND_CDN;
  Input complete = *input;
  Ol2tpCause cause;

  /* A message that ends the session, and nothing said why yet: it is the wrong one.  RFC 2661 section 4.4.2 has no code for that
   * in CDN; the generic error asks for a text. */
  if (input->cause == NULL && (action == OL2TP_SESSION_ACTION_SEND_CDN || action == OL2TP_SESSION_ACTION_CLEAN_UP))
    {
      const char *name = input->message != NULL ? ol2tp_message_type_to_string (input->message->type) : "event";

      ol2tp_cause_init (&cause, OL2TP_REASON_PROTOCOL, OL2TP_CDN_RESULT_ERROR, OL2TP_ERROR_CODE_GENERIC, "%s in state %s", name,
                        ol2tp_session_state_to_string (self->state));
      complete.cause = &cause;
    }
  perform (self, action, &complete);
  if (!self->ended)
    set_state (self, row->next);
}

/* --- commands --- */

gboolean
ol2tp_session_can (const Ol2tpSession *self, Ol2tpSessionEvent event)
{
  return find_transition (self, event) != NULL;
}

void
ol2tp_session_command (Ol2tpSession *self, Ol2tpSessionEvent event, const Ol2tpCause *cause)
{
  Ol2tpTunnel *tunnel = self->tunnel;
  Ol2tpCause own;

  if (cause != NULL)
    {
      own = *cause;
      if (own.result_code == 0)
        own.result_code = OL2TP_CDN_RESULT_ADMINISTRATIVE;
      cause = &own;
    }
  handle (self, event, &(Input) { .cause = cause });
  if (event == OL2TP_SESSION_EVENT_OPEN && tunnel->state == OL2TP_TUNNEL_STATE_ESTABLISHED)
    ol2tp_session_tunnel_open (self);
  ol2tp_tunnel_settle (tunnel);
}

void
ol2tp_session_tunnel_open (Ol2tpSession *self)
{
  handle (self, OL2TP_SESSION_EVENT_TUNNEL_OPEN, &(Input) { NULL });
}

void
ol2tp_session_tunnel_down (Ol2tpSession *self, const Ol2tpCause *cause)
{
  handle (self, OL2TP_SESSION_EVENT_TUNNEL_DOWN, &(Input) { .cause = cause });
}

/* --- messages --- */

/* What a message is to the state machine of its session; @cause is filled for CDN and for what is malformed. */
static Ol2tpSessionEvent
classify (const Ol2tpMessage *message, const Ol2tpFault *fault, Ol2tpCause *cause)
{
  gboolean good = fault->parse == OL2TP_PARSE_OK;

  if (!good)
    ol2tp_fault_to_cause (fault, cause);

  switch ((Ol2tpMessageType) message->type)
    {
    case OL2TP_MESSAGE_ICRQ:
      return good ? OL2TP_SESSION_EVENT_ICRQ : OL2TP_SESSION_EVENT_BAD;
    case OL2TP_MESSAGE_ICRP:
      return good ? OL2TP_SESSION_EVENT_ICRP_OK : OL2TP_SESSION_EVENT_ICRP_BAD;
    case OL2TP_MESSAGE_ICCN:
      return good ? OL2TP_SESSION_EVENT_ICCN_OK : OL2TP_SESSION_EVENT_ICCN_BAD;
    case OL2TP_MESSAGE_CDN:
      /* However malformed, it says that the call is over. */
      ol2tp_message_get_result (message, cause);
      return OL2TP_SESSION_EVENT_CDN;
    case OL2TP_MESSAGE_WEN:
    case OL2TP_MESSAGE_SLI:
      return good ? OL2TP_SESSION_EVENT_INFO : OL2TP_SESSION_EVENT_BAD;
    case OL2TP_MESSAGE_OCRQ:
    case OL2TP_MESSAGE_OCRP:
    case OL2TP_MESSAGE_OCCN:
      return good ? OL2TP_SESSION_EVENT_OUTGOING : OL2TP_SESSION_EVENT_BAD;
    case OL2TP_MESSAGE_SCCRQ:
    case OL2TP_MESSAGE_SCCRP:
    case OL2TP_MESSAGE_SCCCN:
    case OL2TP_MESSAGE_STOPCCN:
    case OL2TP_MESSAGE_HELLO:
    default:
      g_assert_not_reached ();
    }
}

static Ol2tpSession *
find_session (Ol2tpTunnel *tunnel, const Ol2tpHeader *header, const Ol2tpMessage *message)
{
  Ol2tpSession *session = NULL;

  if (header->session_id != 0)
    session = g_hash_table_lookup (tunnel->engine->sessions, GUINT_TO_POINTER (header->session_id));
  else if (message->type == OL2TP_MESSAGE_CDN)
    {
      /* RFC 2661 section 6.12: a peer that does not know our ID names the call by its own. */
      gint64 key = make_peer_key (tunnel, (guint32) ol2tp_message_get_number (message, OL2TP_AVP_ASSIGNED_SESSION_ID));

      session = g_hash_table_lookup (tunnel->engine->peer_sessions, &key);
    }
  return session != NULL && session->tunnel == tunnel ? session : NULL;
}

/* Answers with CDN what has no session: by the peer's ID if it gave one, and with the ID it used for ours, or one nobody has. */
static void
refuse (Ol2tpTunnel *tunnel, const Ol2tpHeader *header, const Ol2tpMessage *message, const Ol2tpCause *cause)
{
  guint32 peer_id = (guint32) ol2tp_message_get_number (message, OL2TP_AVP_ASSIGNED_SESSION_ID);
  guint32 id = header->session_id;

  if (id == 0)
    id = ol2tp_ids_draw (&tunnel->engine->session_ids, tunnel->engine->now_us);
  /* With all IDs taken, any will do that is not 0: the peer knows the call by its own. */
  send_cdn (tunnel, peer_id, id != 0 ? id : G_MAXUINT16, cause);
}

static void
open_call (Ol2tpTunnel *tunnel, const Ol2tpHeader *header, const Ol2tpMessage *message, const Ol2tpFault *fault)
{
  gint64 key = make_peer_key (tunnel, (guint32) ol2tp_message_get_number (message, OL2TP_AVP_ASSIGNED_SESSION_ID));
  Ol2tpSession *session = NULL;
  Ol2tpCause cause;

  /* RFC 2661 section 7.4.2: idle, receive ICRQ, not acceptable: send CDN, clean up. */
  if (fault->parse != OL2TP_PARSE_OK)
    ol2tp_fault_to_cause (fault, &cause);
  else if (g_hash_table_contains (tunnel->engine->peer_sessions, &key))
    ol2tp_cause_init (&cause, OL2TP_REASON_PROTOCOL, OL2TP_CDN_RESULT_ERROR, OL2TP_ERROR_CODE_VALUE,
                      "Assigned Session ID is in use");
  else
    {
      session = ol2tp_session_new (tunnel, TRUE, NULL);
      ol2tp_cause_init (&cause, OL2TP_REASON_PROTOCOL, OL2TP_CDN_RESULT_TEMPORARY, OL2TP_ERROR_CODE_NONE, "no session ID is free");
    }

  if (session != NULL)
    handle (session, OL2TP_SESSION_EVENT_ICRQ, &(Input) { .message = message });
  else
    refuse (tunnel, header, message, &cause);
}

static void
dispatch_unknown (Ol2tpTunnel *tunnel, const Ol2tpHeader *header, const Ol2tpMessage *message, const Ol2tpFault *fault)
{
  Ol2tpCause cause;

  switch ((Ol2tpMessageType) message->type)
    {
    case OL2TP_MESSAGE_ICRQ:
      open_call (tunnel, header, message, fault);
      break;
    case OL2TP_MESSAGE_OCRQ:
      /* RFC 2661 section 4.4.2: CDN result 5, "lack of appropriate facilities (permanent condition)": we place no calls. */
      ol2tp_cause_init (&cause, OL2TP_REASON_PROTOCOL, OL2TP_CDN_RESULT_PERMANENT, OL2TP_ERROR_CODE_NONE,
                        "outgoing calls are not supported");
      refuse (tunnel, header, message, &cause);
      break;
    case OL2TP_MESSAGE_ICRP:
    case OL2TP_MESSAGE_ICCN:
    case OL2TP_MESSAGE_OCRP:
    case OL2TP_MESSAGE_OCCN:
      /* Crossed a CDN of ours: the peer will learn of the end from that. */
      if (header->session_id == 0 || ol2tp_ids_is_held (&tunnel->engine->session_ids, header->session_id))
        break;
      ol2tp_cause_init (&cause, OL2TP_REASON_PROTOCOL, OL2TP_CDN_RESULT_ERROR, OL2TP_ERROR_CODE_SESSION_ID,
                        "%s for an unknown session", ol2tp_message_type_to_string (message->type));
      refuse (tunnel, header, message, &cause);
      break;
    case OL2TP_MESSAGE_CDN:
    case OL2TP_MESSAGE_WEN:
    case OL2TP_MESSAGE_SLI:
      break;
    case OL2TP_MESSAGE_SCCRQ:
    case OL2TP_MESSAGE_SCCRP:
    case OL2TP_MESSAGE_SCCCN:
    case OL2TP_MESSAGE_STOPCCN:
    case OL2TP_MESSAGE_HELLO:
    default:
      g_assert_not_reached ();
    }
}

void
ol2tp_session_dispatch (Ol2tpTunnel *tunnel, const Ol2tpHeader *header, const Ol2tpMessage *message, const Ol2tpFault *fault)
{
  Ol2tpSession *session = find_session (tunnel, header, message);
  Ol2tpSessionEvent event;
  Ol2tpCause cause;

  if (session == NULL)
    {
      dispatch_unknown (tunnel, header, message, fault);
      return;
    }
  ol2tp_cause_init (&cause, OL2TP_REASON_NONE, 0, 0, NULL);
  event = classify (message, fault, &cause);
  handle (session, event, &(Input) { message, cause.reason != OL2TP_REASON_NONE ? &cause : NULL });
}
