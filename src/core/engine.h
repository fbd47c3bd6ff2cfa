/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The protocol engine: all L2TP control state, sans-IO.  Give it datagrams, commands and the time, then take what it wants sent
 * and what it has to tell.  It never blocks, logs, looks at a clock or calls out.
 *
 * Every answer from outside is "event out, command in, by ID":
 *
 *   SCCRQ arrives          -> TUNNEL_INCOMING   -> ol2tp_engine_accept_tunnel()  / ol2tp_engine_close_tunnel()
 *   ICRQ arrives           -> SESSION_INCOMING  -> ol2tp_engine_accept_session() / ol2tp_engine_close_session()
 *   ICRP (LAC), ICCN (LNS) -> SESSION_DATAPATH  -> ol2tp_engine_datapath_done()  / ol2tp_engine_close_session()
 *
 * The caller drains after each input: events first (its commands may queue more of both), then datagrams, then arms one timer.
 * Events are of one message at a time, so that the answer to an event is always in time if it comes before the next is popped.
 * Datagrams are formed when popped, so an acknowledgement never leaves before the events of the message it acknowledges were
 * handled: the kernel session exists before ICCN leaves (LAC) or is acknowledged (LNS).
 */
#pragma once

#include "types.h"

G_BEGIN_DECLS

typedef struct Ol2tpEngine Ol2tpEngine;

/** Ol2tpRandomFunc: fills @buf with @len unpredictable octets. */
typedef void (*Ol2tpRandomFunc) (gpointer user_data, guint8 *buf, gsize len);

/** OL2TP_DATAGRAM_MAX: the largest control message the engine sends. */
#define OL2TP_DATAGRAM_MAX 1400

/**
 * Ol2tpTunnelConfig:
 * @host_name: (nullable): Host Name AVP, 1 octet or more; %NULL takes the engine's
 * @secret: (nullable): shared secret; when set we challenge the peer and answer its challenge
 * @receive_window: Receive Window Size we offer, 1 or more (default 10)
 * @hello_interval_sec: silence before a HELLO in seconds, less up to a tenth, drawn for each tunnel; 0 = off (default 60)
 * @retry_timeout_ms: first retransmission after so many milliseconds (default 1000)
 * @retry_cap_ms: interval stops doubling here, at least 8000 (default 8000; RFC 2661 section 5.8)
 * @max_retries: retransmissions before the peer is given up (default 5)
 * @establish_timeout_sec: for the whole of set-up, seconds, 0 = only the retransmissions limit it (default 60); as LNS also for
 *   each call, from ICRP to established
 * @hide_avps: hide every AVP that may be hidden (RFC 2661 section 4.3), in every message but SCCRQ, in which Cisco cannot read them,
 *   and the StopCCN that refuses one; needs @secret (default %FALSE). Hidden AVPs of the peer are read in any case
 *
 * Copied by every function that takes it; the secret is referenced.
 */
typedef struct {
  const char *host_name;
  Ol2tpSecret *secret;
  guint16 receive_window;
  guint hello_interval_sec;
  guint retry_timeout_ms;
  guint retry_cap_ms;
  guint max_retries;
  guint establish_timeout_sec;
  gboolean hide_avps;
} Ol2tpTunnelConfig;

/** OL2TP_TUNNEL_CONFIG_DEFAULT: initialiser with the defaults above. */
#define OL2TP_TUNNEL_CONFIG_DEFAULT                                                                                              \
  {                                                                                                                              \
    NULL, NULL, 10, 60, 1000, 8000, 5, 60, FALSE                                                                                 \
  }

/**
 * Ol2tpSessionConfig:
 * @called_number: (nullable): Called Number AVP of ICRQ
 * @calling_number: (nullable): Calling Number AVP of ICRQ
 * @sub_address: (nullable): Sub-Address AVP of ICRQ
 * @tx_speed: (Tx) Connect Speed AVP of ICCN, bits per second (default 1000000000)
 * @rx_speed: Rx Connect Speed AVP of ICCN, 0 = not sent (symmetric)
 * @sequencing_required: send the Sequencing Required AVP in ICCN
 * @establish_timeout_sec: from ICRQ to established, seconds, 0 = none (default 60)
 */
typedef struct {
  const char *called_number;
  const char *calling_number;
  const char *sub_address;
  guint32 tx_speed;
  guint32 rx_speed;
  gboolean sequencing_required;
  guint establish_timeout_sec;
} Ol2tpSessionConfig;

#define OL2TP_SESSION_CONFIG_DEFAULT                                                                                             \
  {                                                                                                                              \
    NULL, NULL, NULL, 1000000000, 0, FALSE, 60                                                                                   \
  }

typedef enum {
  OL2TP_TUNNEL_STATE_IDLE,
  OL2TP_TUNNEL_STATE_WAIT_ACCEPT, /* SCCRQ seen, the caller has not decided yet */
  OL2TP_TUNNEL_STATE_WAIT_CTL_REPLY,
  OL2TP_TUNNEL_STATE_WAIT_CTL_CONN,
  OL2TP_TUNNEL_STATE_ESTABLISHED,
  OL2TP_TUNNEL_STATE_CLOSING, /* TUNNEL_CLOSED was given; only the transport lives on (RFC 2661 section 5.7) */
} Ol2tpTunnelState;

typedef enum {
  OL2TP_SESSION_STATE_IDLE,
  OL2TP_SESSION_STATE_WAIT_TUNNEL,
  OL2TP_SESSION_STATE_WAIT_ACCEPT, /* ICRQ seen, the caller has not decided yet */
  OL2TP_SESSION_STATE_WAIT_REPLY,
  OL2TP_SESSION_STATE_WAIT_CONNECT,
  OL2TP_SESSION_STATE_WAIT_DATAPATH, /* SESSION_DATAPATH was given */
  OL2TP_SESSION_STATE_ESTABLISHED,
} Ol2tpSessionState;

typedef enum {
  OL2TP_AUTHENTICATED_NONE,
  OL2TP_AUTHENTICATED_PEER,   /* the peer proved the secret to us */
  OL2TP_AUTHENTICATED_MUTUAL, /* and we to it */
} Ol2tpAuthenticated;

/**
 * Ol2tpTunnelInfo:
 *
 * A snapshot; strings are borrowed until the next call into the engine, valid UTF-8, never %NULL.
 */
typedef struct {
  guint32 id;
  guint32 peer_id; /* 0 while unknown */
  Ol2tpTunnelState state;
  gboolean initiator;
  gboolean was_up;
  Ol2tpPath path;
  Ol2tpAuthenticated authenticated;
  const char *peer_host_name;
  const char *peer_vendor_name;
  guint16 peer_firmware_revision;
  guint32 peer_framing_capabilities;
  guint32 peer_bearer_capabilities;
  guint16 peer_receive_window; /* 0 while unknown */
  guint n_sessions;
} Ol2tpTunnelInfo;

typedef struct {
  guint32 id;
  guint32 peer_id; /* 0 while unknown */
  guint32 tunnel_id;
  guint32 peer_tunnel_id;
  Ol2tpSessionState state;
  gboolean lns; /* we are the LNS of this call */
  gboolean was_up;
  guint32 call_serial_number;
  guint64 tx_speed; /* from ICCN, 0 before */
  guint64 rx_speed; /* equals tx_speed when not sent */
  gboolean sequencing_required;
  const char *called_number;
  const char *calling_number;
  const char *sub_address;
} Ol2tpSessionInfo;

/** Ol2tpTunnelStats: counters of one control connection since it was opened. */
typedef struct {
  guint64 tx_packets, rx_packets, retransmits, zlb_tx, zlb_rx, duplicates, out_of_order, bad_avp, auth_failures, hello_tx, hello_rx;
} Ol2tpTunnelStats;

/** Ol2tpEngineStats: counters of what belongs to no tunnel. */
typedef struct {
  guint64 bad_header;     /* HDR-03..07: dropped before a tunnel was looked for */
  guint64 unknown_tunnel; /* HDR-12 */
  guint64 wrong_source;   /* HDR-13 */
  guint64 data_packets;   /* T bit clear: not for us, dropped quietly (DAT-12) */
  guint64 refused;        /* SCCRQs refused or dropped: no responder, limits, malformed */
} Ol2tpEngineStats;

typedef enum {
  OL2TP_EVENT_TUNNEL_INCOMING,  /* accept or close */
  OL2TP_EVENT_TUNNEL_UP,        /* SCCCN was queued (initiator) or accepted (responder) */
  OL2TP_EVENT_TUNNEL_CLOSED,    /* at most once an ID; SESSION_CLOSED of all its sessions came before. ID stays held back */
  OL2TP_EVENT_TUNNEL_GONE,      /* transport finished: the socket may be closed; the ID is unknown to every call from here on */
  OL2TP_EVENT_SESSION_INCOMING, /* accept or close */
  OL2TP_EVENT_SESSION_DATAPATH, /* make the data path, then datapath_done */
  OL2TP_EVENT_SESSION_UP,
  OL2TP_EVENT_SESSION_CLOSED,   /* at most once an ID, which is unknown to every call from here on, but not reused for a while */
  OL2TP_EVENT_TRACE,            /* only with tracing on: one control message, in or out */
} Ol2tpEventType;

/**
 * Ol2tpEvent:
 * @type: what happened
 * @tunnel_id: our tunnel ID; 0 in a TRACE of no tunnel
 * @session_id: our session ID, 0 for tunnel events
 * @peer_tunnel_id: peer's tunnel ID, 0 if unknown
 * @peer_session_id: peer's session ID, 0 if unknown
 * @was_up: with a CLOSED event: whether UP was given before
 * @cause: with a CLOSED event
 * @text: with TRACE: one line with names, "rx SCCRP Ns=0 Nr=1 tid=7 sid=0 from 192.0.2.1:1701"; no secret, challenge or response
 *
 * A plain value.
 */
typedef struct {
  Ol2tpEventType type;
  guint32 tunnel_id;
  guint32 session_id;
  guint32 peer_tunnel_id;
  guint32 peer_session_id;
  gboolean was_up;
  Ol2tpCause cause;
  char text[192];
} Ol2tpEvent;

/**
 * Ol2tpDatagram:
 * @tunnel_id: the tunnel it belongs to, whose connected socket should send it; 0 = none: send from a listener
 * @path: from where, to where
 * @len: octets used of @data
 */
typedef struct {
  guint32 tunnel_id;
  Ol2tpPath path;
  gsize len;
  guint8 data[OL2TP_DATAGRAM_MAX];
} Ol2tpDatagram;

/**
 * ol2tp_engine_new:
 * @host_name: our default Host Name AVP
 * @random: source of randomness (IDs, challenges, jitter)
 * @user_data: passed to @random
 *
 * Vendor Name is "OpenL2TP", Firmware Revision from the project version.
 */
Ol2tpEngine *ol2tp_engine_new (const char *host_name, Ol2tpRandomFunc random, gpointer user_data);
void ol2tp_engine_free (Ol2tpEngine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpEngine, ol2tp_engine_free)

/**
 * ol2tp_engine_set_responder:
 * @config: (nullable): settings for tunnels that peers open; %NULL (the start) ignores every SCCRQ
 * @max_tunnels: SCCRQs beyond so many tunnels are refused with StopCCN 2/4, 0 = 65535
 */
void ol2tp_engine_set_responder (Ol2tpEngine *self, const Ol2tpTunnelConfig *config, guint max_tunnels);

/**
 * ol2tp_engine_set_trace: with %TRUE every control message sent or received also makes an %OL2TP_EVENT_TRACE; that of a sent one is
 * queued when its datagram is popped, so drain the events once more behind the datagrams.
 */
void ol2tp_engine_set_trace (Ol2tpEngine *self, gboolean trace);

/* Input and output. */
void ol2tp_engine_receive (Ol2tpEngine *self, const Ol2tpPath *path, const guint8 *data, gsize len, gint64 now_us);
void ol2tp_engine_advance (Ol2tpEngine *self, gint64 now_us);
gint64 ol2tp_engine_get_deadline (const Ol2tpEngine *self);
gboolean ol2tp_engine_pop_event (Ol2tpEngine *self, Ol2tpEvent *event);
gboolean ol2tp_engine_pop_datagram (Ol2tpEngine *self, Ol2tpDatagram *datagram, gint64 now_us);

/**
 * ol2tp_engine_add_tunnel:
 * @config: settings
 * @id: (out): a new local tunnel ID, 1 to 65535, unpredictable, unique, not one in use or lingering
 *
 * Makes an idle tunnel that we initiate. Nothing is sent. Errors: %OL2TP_ERROR_LIMIT_EXCEEDED, %OL2TP_ERROR_INVALID_ARGUMENTS.
 */
gboolean ol2tp_engine_add_tunnel (Ol2tpEngine *self, const Ol2tpTunnelConfig *config, guint32 *id, GError **error);

/**
 * ol2tp_engine_configure_tunnel:
 * @id: an idle tunnel
 * @config: replaces the settings it was added with
 *
 * Errors: %OL2TP_ERROR_NOT_FOUND, %OL2TP_ERROR_WRONG_STATE, %OL2TP_ERROR_INVALID_ARGUMENTS.
 */
gboolean ol2tp_engine_configure_tunnel (Ol2tpEngine *self, guint32 id, const Ol2tpTunnelConfig *config, GError **error);

/**
 * ol2tp_engine_connect_tunnel:
 * @id: an idle tunnel
 * @path: addresses and ports, all known
 *
 * Queues the SCCRQ. Errors: %OL2TP_ERROR_NOT_FOUND, %OL2TP_ERROR_WRONG_STATE.
 */
gboolean ol2tp_engine_connect_tunnel (Ol2tpEngine *self, guint32 id, const Ol2tpPath *path, gint64 now_us, GError **error);

/** ol2tp_engine_accept_tunnel: answers TUNNEL_INCOMING: queues the SCCRP. */
gboolean ol2tp_engine_accept_tunnel (Ol2tpEngine *self, guint32 id, gint64 now_us, GError **error);

/**
 * ol2tp_engine_close_tunnel:
 * @id: a tunnel
 * @cause: what the StopCCN says (result_code 0 = 1, "general request to clear") and what the CLOSED events carry
 *
 * Gives SESSION_CLOSED for every session (no CDN is sent, RFC 2661 section 6.4), TUNNEL_CLOSED, and later TUNNEL_GONE; sends a
 * StopCCN if the peer knows of the tunnel. TUNNEL_GONE comes as soon as the StopCCN is acknowledged, or when its cycle ends; when
 * the *peer* sent StopCCN it comes after a full retransmission cycle (31 s by default), in which copies are acknowledged.
 */
gboolean ol2tp_engine_close_tunnel (Ol2tpEngine *self, guint32 id, const Ol2tpCause *cause, gint64 now_us, GError **error);

/**
 * ol2tp_engine_add_session:
 * @tunnel_id: its tunnel, in any state but closing
 * @session_id: (out): a new local session ID, 1 to 65535, unique over *all* tunnels (kernel 6.1 needs that)
 *
 * Makes an idle session in which we are the LAC of an incoming call (we send ICRQ).
 */
gboolean ol2tp_engine_add_session (Ol2tpEngine *self, guint32 tunnel_id, const Ol2tpSessionConfig *config, guint32 *session_id, GError **error);

/**
 * ol2tp_engine_configure_session:
 * @session_id: an idle session that we initiate
 *
 * Speeds and sequencing of @config replace those it was added with; numbers stay. Errors: %OL2TP_ERROR_NOT_FOUND,
 * %OL2TP_ERROR_WRONG_STATE.
 */
gboolean ol2tp_engine_configure_session (Ol2tpEngine *self, guint32 session_id, const Ol2tpSessionConfig *config, GError **error);

/** ol2tp_engine_connect_session: sends ICRQ now, or as soon as the tunnel is established. */
gboolean ol2tp_engine_connect_session (Ol2tpEngine *self, guint32 session_id, gint64 now_us, GError **error);

/** ol2tp_engine_accept_session: answers SESSION_INCOMING: queues the ICRP. */
gboolean ol2tp_engine_accept_session (Ol2tpEngine *self, guint32 session_id, gint64 now_us, GError **error);

/** ol2tp_engine_datapath_done: answers SESSION_DATAPATH: queues the ICCN (LAC); SESSION_UP follows. */
gboolean ol2tp_engine_datapath_done (Ol2tpEngine *self, guint32 session_id, gint64 now_us, GError **error);

/** ol2tp_engine_close_session: sends CDN if the peer knows of the call (result_code 0 = 3, administrative); SESSION_CLOSED follows. */
gboolean ol2tp_engine_close_session (Ol2tpEngine *self, guint32 session_id, const Ol2tpCause *cause, gint64 now_us, GError **error);

/* Questions; %FALSE if there is no such ID. */
gboolean ol2tp_engine_get_tunnel_info (const Ol2tpEngine *self, guint32 id, Ol2tpTunnelInfo *info);
gboolean ol2tp_engine_get_tunnel_stats (const Ol2tpEngine *self, guint32 id, Ol2tpTunnelStats *stats);
gboolean ol2tp_engine_get_session_info (const Ol2tpEngine *self, guint32 id, Ol2tpSessionInfo *info);
void ol2tp_engine_get_stats (const Ol2tpEngine *self, Ol2tpEngineStats *stats);

/** ol2tp_engine_get_n_unacknowledged: tunnels between TUNNEL_CLOSED and TUNNEL_GONE whose StopCCN is not acknowledged yet. */
guint ol2tp_engine_get_n_unacknowledged (const Ol2tpEngine *self);

G_END_DECLS
