/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tunnel: one control connection and its state machine. */
#pragma once

#include "core/auth.h"
#include "core/channel.h"
#include "core/engine-private.h"

G_BEGIN_DECLS

/**
 * Ol2tpTunnelEvent:
 * @OL2TP_TUNNEL_EVENT_OPEN: asked to connect
 * @OL2TP_TUNNEL_EVENT_ACCEPT: asked to accept
 * @OL2TP_TUNNEL_EVENT_SCCRQ: SCCRQ received; one that is not acceptable reaches no tunnel
 * @OL2TP_TUNNEL_EVENT_SCCRP_OK: SCCRP received, acceptable
 * @OL2TP_TUNNEL_EVENT_SCCRP_BAD: SCCRP received, not acceptable
 * @OL2TP_TUNNEL_EVENT_SCCCN_OK: SCCCN received, acceptable
 * @OL2TP_TUNNEL_EVENT_SCCCN_BAD: SCCCN received, not acceptable
 * @OL2TP_TUNNEL_EVENT_STOPCCN: StopCCN received
 * @OL2TP_TUNNEL_EVENT_HELLO: HELLO received
 * @OL2TP_TUNNEL_EVENT_SESSION: a session's message received
 * @OL2TP_TUNNEL_EVENT_BAD: a message received that is malformed beyond recovery
 * @OL2TP_TUNNEL_EVENT_CLOSE: asked to close
 * @OL2TP_TUNNEL_EVENT_SETUP_TIMEOUT: not established in time
 * @OL2TP_TUNNEL_EVENT_TRANSPORT_FAILED: the peer does not answer
 *
 * What can happen to a tunnel. The verdict is in the event, so that actions do not branch on state.
 */
typedef enum {
  OL2TP_TUNNEL_EVENT_OPEN,
  OL2TP_TUNNEL_EVENT_ACCEPT,
  OL2TP_TUNNEL_EVENT_SCCRQ,
  OL2TP_TUNNEL_EVENT_SCCRP_OK,
  OL2TP_TUNNEL_EVENT_SCCRP_BAD,
  OL2TP_TUNNEL_EVENT_SCCCN_OK,
  OL2TP_TUNNEL_EVENT_SCCCN_BAD,
  OL2TP_TUNNEL_EVENT_STOPCCN,
  OL2TP_TUNNEL_EVENT_HELLO,
  OL2TP_TUNNEL_EVENT_SESSION,
  OL2TP_TUNNEL_EVENT_BAD,
  OL2TP_TUNNEL_EVENT_CLOSE,
  OL2TP_TUNNEL_EVENT_SETUP_TIMEOUT,
  OL2TP_TUNNEL_EVENT_TRANSPORT_FAILED,
} Ol2tpTunnelEvent;

/** OL2TP_N_TUNNEL_EVENTS: how many there are. */
#define OL2TP_N_TUNNEL_EVENTS (OL2TP_TUNNEL_EVENT_TRANSPORT_FAILED + 1)

/** OL2TP_N_TUNNEL_STATES: how many there are. */
#define OL2TP_N_TUNNEL_STATES (OL2TP_TUNNEL_STATE_CLOSING + 1)

/**
 * Ol2tpTunnelAction:
 * @OL2TP_TUNNEL_ACTION_NONE: the acknowledgement is all there is to it
 * @OL2TP_TUNNEL_ACTION_SEND_SCCRQ: send SCCRQ
 * @OL2TP_TUNNEL_ACTION_NOTE_PEER: keep what SCCRQ says of the peer
 * @OL2TP_TUNNEL_ACTION_SEND_SCCRP: send SCCRP
 * @OL2TP_TUNNEL_ACTION_SEND_SCCCN: send SCCCN, give the open event to waiting sessions
 * @OL2TP_TUNNEL_ACTION_OPEN_SESSIONS: give the open event to waiting sessions
 * @OL2TP_TUNNEL_ACTION_DISPATCH: the message is for a session
 * @OL2TP_TUNNEL_ACTION_CLEAN_UP: end all sessions, and the transport too: there is nobody to tell
 * @OL2TP_TUNNEL_ACTION_SEND_STOPCCN: end all sessions, send StopCCN, stay until it is acknowledged
 * @OL2TP_TUNNEL_ACTION_LINGER: end all sessions, stay for a cycle to acknowledge copies of the peer's StopCCN
 * @OL2TP_TUNNEL_ACTION_LEARN_ID: take the peer's tunnel ID from SCCRP, so that what is still to be sent arrives
 * @OL2TP_TUNNEL_ACTION_FINISH: end the transport
 */
typedef enum {
  OL2TP_TUNNEL_ACTION_NONE,
  OL2TP_TUNNEL_ACTION_SEND_SCCRQ,
  OL2TP_TUNNEL_ACTION_NOTE_PEER,
  OL2TP_TUNNEL_ACTION_SEND_SCCRP,
  OL2TP_TUNNEL_ACTION_SEND_SCCCN,
  OL2TP_TUNNEL_ACTION_OPEN_SESSIONS,
  OL2TP_TUNNEL_ACTION_DISPATCH,
  OL2TP_TUNNEL_ACTION_CLEAN_UP,
  OL2TP_TUNNEL_ACTION_SEND_STOPCCN,
  OL2TP_TUNNEL_ACTION_LINGER,
  OL2TP_TUNNEL_ACTION_LEARN_ID,
  OL2TP_TUNNEL_ACTION_FINISH,
} Ol2tpTunnelAction;

/**
 * Ol2tpTunnelTransition:
 * @state: in this state
 * @event: when this happens
 * @action: do this
 * @next: and go there
 */
typedef struct {
  Ol2tpTunnelState state;
  Ol2tpTunnelEvent event;
  Ol2tpTunnelAction action;
  Ol2tpTunnelState next;
} Ol2tpTunnelTransition;

/** ol2tp_tunnel_find_transition: (nullable): the table's row, %NULL where the event is an error. */
const Ol2tpTunnelTransition *ol2tp_tunnel_find_transition (Ol2tpTunnelState state, Ol2tpTunnelEvent event);

/** ol2tp_tunnel_state_to_string: the RFC's name: "wait-ctl-reply". */
const char *ol2tp_tunnel_state_to_string (Ol2tpTunnelState state);

/**
 * Ol2tpTunnel:
 *
 * One control connection. Only tunnel.c, tunnel-setup.c and tunnel-output.c write its fields, and session.c its list of sessions.
 */
struct Ol2tpTunnel {
  Ol2tpEngine *engine;
  guint32 id;
  guint32 peer_id;
  Ol2tpTunnelState state;
  gboolean initiator;
  gboolean was_up;
  gboolean done;           /* the transport has nothing left to do */
  gboolean finished;       /* TUNNEL_GONE was given */
  gboolean peer_stopped;   /* the peer sent StopCCN */
  gboolean lingering;      /* only the timer ends it now */
  gboolean unacknowledged; /* our StopCCN is not acknowledged yet */
  Ol2tpPath path;
  Ol2tpTunnelConfig config;
  Ol2tpChannel channel;
  Ol2tpTimer transport_timer; /* the channel's deadline; while lingering, the end of that */
  Ol2tpTimer hello_timer;
  Ol2tpTimer setup_timer;
  gint64 hello_interval_us;
  gint64 last_received_us;
  GList ready_link; /* in engine->ready */
  gboolean is_ready;
  GList early_link; /* in engine->early */
  gboolean is_early;
  gboolean has_peer_key;
  Ol2tpPeerKey peer_key;
  GQueue sessions; /* Ol2tpSession, by their tunnel_link */

  guint8 challenge[OL2TP_AUTH_CHALLENGE_LEN];
  guint8 response[OL2TP_AUTH_RESPONSE_LEN];
  gboolean has_response; /* the peer challenged us, this is the answer */
  Ol2tpAuthenticated authenticated;

  char *peer_host_name;
  char *peer_vendor_name;
  guint16 peer_firmware_revision;
  guint32 peer_framing_capabilities;
  guint32 peer_bearer_capabilities;
  guint16 peer_receive_window;
  Ol2tpTunnelStats stats;
};

/**
 * ol2tp_tunnel_new:
 * @engine: where it belongs; takes ownership
 * @config: copied
 *
 * Returns: (nullable): an idle tunnel with an ID, known to the engine; %NULL if all IDs are taken.
 */
Ol2tpTunnel *ol2tp_tunnel_new (Ol2tpEngine *engine, const Ol2tpTunnelConfig *config);

/** ol2tp_tunnel_configure: @config is copied, and replaces that of a tunnel which has not sent anything yet. */
void ol2tp_tunnel_configure (Ol2tpTunnel *self, const Ol2tpTunnelConfig *config);

/** ol2tp_tunnel_free: frees it, without a word to anybody. */
void ol2tp_tunnel_free (Ol2tpTunnel *self);

/** ol2tp_tunnel_open: connects to @path.remote: the SCCRQ is queued. */
void ol2tp_tunnel_open (Ol2tpTunnel *self, const Ol2tpPath *path);

/** ol2tp_tunnel_take_sccrq: an acceptable SCCRQ with its header opened this new tunnel. */
void ol2tp_tunnel_take_sccrq (Ol2tpTunnel *self, const Ol2tpPath *path, const Ol2tpHeader *header, const Ol2tpMessage *message);

/** ol2tp_tunnel_accept: the caller accepts: the SCCRP is queued. */
void ol2tp_tunnel_accept (Ol2tpTunnel *self);

/** ol2tp_tunnel_close: the caller closes it, in any state but closing. */
void ol2tp_tunnel_close (Ol2tpTunnel *self, const Ol2tpCause *cause);

/** ol2tp_tunnel_receive: a control message for this tunnel, from its peer. */
void ol2tp_tunnel_receive (Ol2tpTunnel *self, const Ol2tpHeader *header);

/** ol2tp_tunnel_deliver_ahead: handles one message that came early and is the next in sequence now. */
void ol2tp_tunnel_deliver_ahead (Ol2tpTunnel *self);

/** ol2tp_tunnel_pop_datagram: forms the next datagram; %FALSE if there is nothing to send. */
gboolean ol2tp_tunnel_pop_datagram (Ol2tpTunnel *self, Ol2tpDatagram *datagram);

/** ol2tp_tunnel_send: queues @message; @session_id is the peer's, 0 for a tunnel's message. */
void ol2tp_tunnel_send (Ol2tpTunnel *self, guint32 session_id, const Ol2tpMessage *message);

/** ol2tp_tunnel_settle: brings timer and ready queue in line after a session has used ol2tp_tunnel_send(). */
void ol2tp_tunnel_settle (Ol2tpTunnel *self);

/* tunnel-setup.c: what the three messages of set-up contain, and whether the peer's will do. */

/**
 * ol2tp_tunnel_judge_sccrq:
 * @message: a decoded SCCRQ
 * @secret: (nullable): ours
 * @cause: (out): why not
 *
 * Returns: whether it is acceptable.
 */
gboolean ol2tp_tunnel_judge_sccrq (const Ol2tpMessage *message, const Ol2tpSecret *secret, Ol2tpCause *cause);

/** ol2tp_tunnel_judge_sccrp: whether an SCCRP is acceptable; if not, @cause says why. */
gboolean ol2tp_tunnel_judge_sccrp (Ol2tpTunnel *self, const Ol2tpMessage *message, Ol2tpCause *cause);

/** ol2tp_tunnel_judge_scccn: whether an SCCCN is acceptable; if not, @cause says why. */
gboolean ol2tp_tunnel_judge_scccn (Ol2tpTunnel *self, const Ol2tpMessage *message, Ol2tpCause *cause);

/** ol2tp_tunnel_note_peer: keeps what SCCRQ or SCCRP says about the peer, and makes the answer to its challenge. */
void ol2tp_tunnel_note_peer (Ol2tpTunnel *self, const Ol2tpMessage *message);

/** ol2tp_tunnel_send_sccrq: queues an SCCRQ. */
void ol2tp_tunnel_send_sccrq (Ol2tpTunnel *self);

/** ol2tp_tunnel_send_sccrp: queues an SCCRP. */
void ol2tp_tunnel_send_sccrp (Ol2tpTunnel *self);

/** ol2tp_tunnel_send_scccn: queues an SCCCN. */
void ol2tp_tunnel_send_scccn (Ol2tpTunnel *self);

/** ol2tp_tunnel_send_stopccn: queues a StopCCN with the codes and text of @cause. */
void ol2tp_tunnel_send_stopccn (Ol2tpTunnel *self, const Ol2tpCause *cause);

/** ol2tp_tunnel_config_is_sendable: whether the messages of set-up fit into a datagram with these settings. */
gboolean ol2tp_tunnel_config_is_sendable (const Ol2tpTunnelConfig *config);

G_END_DECLS
