/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A session: one call in a tunnel, and the two state machines for incoming calls. */
#pragma once

#include "core/tunnel.h"

G_BEGIN_DECLS

/**
 * Ol2tpSessionEvent:
 * @OL2TP_SESSION_EVENT_OPEN: asked to connect
 * @OL2TP_SESSION_EVENT_TUNNEL_OPEN: the tunnel is established
 * @OL2TP_SESSION_EVENT_ACCEPT: asked to accept
 * @OL2TP_SESSION_EVENT_DATAPATH_DONE: the data path stands
 * @OL2TP_SESSION_EVENT_ICRQ: ICRQ received; one that is not acceptable reaches no new session
 * @OL2TP_SESSION_EVENT_ICRP_OK: ICRP received, acceptable
 * @OL2TP_SESSION_EVENT_ICRP_BAD: ICRP received, not acceptable
 * @OL2TP_SESSION_EVENT_ICCN_OK: ICCN received, acceptable
 * @OL2TP_SESSION_EVENT_ICCN_BAD: ICCN received, not acceptable
 * @OL2TP_SESSION_EVENT_CDN: CDN received
 * @OL2TP_SESSION_EVENT_INFO: WEN or SLI received
 * @OL2TP_SESSION_EVENT_OUTGOING: OCRQ, OCRP or OCCN received
 * @OL2TP_SESSION_EVENT_BAD: another message received that is malformed beyond recovery
 * @OL2TP_SESSION_EVENT_CLOSE: asked to close
 * @OL2TP_SESSION_EVENT_SETUP_TIMEOUT: not established in time
 * @OL2TP_SESSION_EVENT_TUNNEL_DOWN: the tunnel is no more
 *
 * What can happen to a session. The verdict is in the event, so that actions do not branch on state.
 */
typedef enum {
  OL2TP_SESSION_EVENT_OPEN,
  OL2TP_SESSION_EVENT_TUNNEL_OPEN,
  OL2TP_SESSION_EVENT_ACCEPT,
  OL2TP_SESSION_EVENT_DATAPATH_DONE,
  OL2TP_SESSION_EVENT_ICRQ,
  OL2TP_SESSION_EVENT_ICRP_OK,
  OL2TP_SESSION_EVENT_ICRP_BAD,
  OL2TP_SESSION_EVENT_ICCN_OK,
  OL2TP_SESSION_EVENT_ICCN_BAD,
  OL2TP_SESSION_EVENT_CDN,
  OL2TP_SESSION_EVENT_INFO,
  OL2TP_SESSION_EVENT_OUTGOING,
  OL2TP_SESSION_EVENT_BAD,
  OL2TP_SESSION_EVENT_CLOSE,
  OL2TP_SESSION_EVENT_SETUP_TIMEOUT,
  OL2TP_SESSION_EVENT_TUNNEL_DOWN,
} Ol2tpSessionEvent;

/** OL2TP_N_SESSION_EVENTS: how many there are. */
#define OL2TP_N_SESSION_EVENTS (OL2TP_SESSION_EVENT_TUNNEL_DOWN + 1)

/** OL2TP_N_SESSION_STATES: how many there are. */
#define OL2TP_N_SESSION_STATES (OL2TP_SESSION_STATE_ESTABLISHED + 1)

/**
 * Ol2tpSessionAction:
 * @OL2TP_SESSION_ACTION_NONE: nothing but the change of state
 * @OL2TP_SESSION_ACTION_SEND_ICRQ: send ICRQ
 * @OL2TP_SESSION_ACTION_NOTE_PEER: keep what ICRP says
 * @OL2TP_SESSION_ACTION_SEND_ICCN: send ICCN
 * @OL2TP_SESSION_ACTION_NOTE_CALL: keep what ICRQ says
 * @OL2TP_SESSION_ACTION_SEND_ICRP: send ICRP
 * @OL2TP_SESSION_ACTION_NOTE_CONNECT: keep what ICCN says
 * @OL2TP_SESSION_ACTION_SEND_CDN: send CDN, the session ends
 * @OL2TP_SESSION_ACTION_CLEAN_UP: the session ends, and nobody is told
 */
typedef enum {
  OL2TP_SESSION_ACTION_NONE,
  OL2TP_SESSION_ACTION_SEND_ICRQ,
  OL2TP_SESSION_ACTION_NOTE_PEER,
  OL2TP_SESSION_ACTION_SEND_ICCN,
  OL2TP_SESSION_ACTION_NOTE_CALL,
  OL2TP_SESSION_ACTION_SEND_ICRP,
  OL2TP_SESSION_ACTION_NOTE_CONNECT,
  OL2TP_SESSION_ACTION_SEND_CDN,
  OL2TP_SESSION_ACTION_CLEAN_UP,
} Ol2tpSessionAction;

/**
 * Ol2tpSessionTransition:
 * @state: in this state
 * @event: when this happens
 * @action: do this
 * @next: and go there; IDLE, the RFC's name for no call, is the end of the session
 */
typedef struct {
  Ol2tpSessionState state;
  Ol2tpSessionEvent event;
  Ol2tpSessionAction action;
  Ol2tpSessionState next;
} Ol2tpSessionTransition;

/** ol2tp_session_lac_find_transition: (nullable): row of the LAC's table, %NULL where the event is an error. */
const Ol2tpSessionTransition *ol2tp_session_lac_find_transition (Ol2tpSessionState state, Ol2tpSessionEvent event);

/** ol2tp_session_lns_find_transition: (nullable): row of the LNS's table, %NULL where the event is an error. */
const Ol2tpSessionTransition *ol2tp_session_lns_find_transition (Ol2tpSessionState state, Ol2tpSessionEvent event);

/** ol2tp_session_state_to_string: the RFC's name: "wait-reply". */
const char *ol2tp_session_state_to_string (Ol2tpSessionState state);

/**
 * Ol2tpSession:
 *
 * One call. Only session.c and the two files of its machines write its fields.
 */
struct Ol2tpSession {
  Ol2tpTunnel *tunnel;
  guint32 id;
  guint32 peer_id;
  gint64 peer_key; /* tunnel's ID and peer_id: key in engine->peer_sessions */
  gboolean has_peer_key;
  Ol2tpSessionState state;
  gboolean lns;
  gboolean was_up;
  gboolean ended; /* SESSION_CLOSED was given */
  GList tunnel_link;
  Ol2tpTimer setup_timer;
  guint establish_timeout_sec;

  guint32 call_serial_number;
  guint32 tx_speed;
  guint32 rx_speed; /* 0: as tx_speed */
  gboolean sequencing_required;
  gboolean connected; /* the speeds are known to both ends */
  char *called_number;
  char *calling_number;
  char *sub_address;
};

/**
 * ol2tp_session_new:
 * @tunnel: where it belongs
 * @lns: whether we are the LNS of the call
 * @config: (nullable): settings of a LAC, copied; an LNS has those of its tunnel
 *
 * Returns: (nullable): an idle session with an ID, owned by the engine; %NULL if all IDs are taken.
 */
Ol2tpSession *ol2tp_session_new (Ol2tpTunnel *tunnel, gboolean lns, const Ol2tpSessionConfig *config);

/** ol2tp_session_free: frees it, without a word to anybody. */
void ol2tp_session_free (Ol2tpSession *self);

/** ol2tp_session_command: one of the caller's commands as an event; @cause goes with a close. */
void ol2tp_session_command (Ol2tpSession *self, Ol2tpSessionEvent event, const Ol2tpCause *cause);

/** ol2tp_session_can: whether the table has a row for @event in the present state. */
gboolean ol2tp_session_can (const Ol2tpSession *self, Ol2tpSessionEvent event);

/** ol2tp_session_tunnel_open: the tunnel is established: a session that waits for it sends its ICRQ. */
void ol2tp_session_tunnel_open (Ol2tpSession *self);

/** ol2tp_session_tunnel_down: the tunnel is no more, for the reason @cause. */
void ol2tp_session_tunnel_down (Ol2tpSession *self, const Ol2tpCause *cause);

/**
 * ol2tp_session_dispatch:
 * @tunnel: an established tunnel
 * @header: header of a message for one of its sessions, or for a new one
 * @message: the message
 * @fault: what is wrong with it, if anything
 */
void ol2tp_session_dispatch (Ol2tpTunnel *tunnel, const Ol2tpHeader *header, const Ol2tpMessage *message, const Ol2tpFault *fault);

/** ol2tp_session_hash_peer_key: of a session's peer_key, for the table of them. */
guint ol2tp_session_hash_peer_key (gconstpointer key);

/** ol2tp_session_set_peer_id: the peer assigned this ID. */
void ol2tp_session_set_peer_id (Ol2tpSession *self, guint32 peer_id);

/** ol2tp_session_config_is_sendable: whether an ICRQ with these settings fits into a datagram, hidden too. */
gboolean ol2tp_session_config_is_sendable (const Ol2tpSessionConfig *config);

/* session-lac.c */

/** ol2tp_session_lac_send_icrq: queues an ICRQ. */
void ol2tp_session_lac_send_icrq (Ol2tpSession *self);

/** ol2tp_session_lac_note_peer: keeps what ICRP says. */
void ol2tp_session_lac_note_peer (Ol2tpSession *self, const Ol2tpMessage *message);

/** ol2tp_session_lac_send_iccn: queues an ICCN. */
void ol2tp_session_lac_send_iccn (Ol2tpSession *self);

/* session-lns.c */

/** ol2tp_session_lns_note_call: keeps what ICRQ says. */
void ol2tp_session_lns_note_call (Ol2tpSession *self, const Ol2tpMessage *message);

/** ol2tp_session_lns_send_icrp: queues an ICRP. */
void ol2tp_session_lns_send_icrp (Ol2tpSession *self);

/** ol2tp_session_lns_note_connect: keeps what ICCN says. */
void ol2tp_session_lns_note_connect (Ol2tpSession *self, const Ol2tpMessage *message);

G_END_DECLS
