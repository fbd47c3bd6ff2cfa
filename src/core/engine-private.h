/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the engine share: the engine itself, and how a tunnel or session reaches it. */
#pragma once

#include "core/engine.h"
#include "core/header.h"
#include "core/ids.h"
#include "core/message.h"
#include "core/timers.h"

G_BEGIN_DECLS

typedef struct Ol2tpTunnel Ol2tpTunnel;
typedef struct Ol2tpSession Ol2tpSession;

/**
 * Ol2tpPeerKey:
 * @address: the peer's address and port
 * @tunnel_id: the ID it assigned
 * @hash: of the two, keyed, so that nobody can choose addresses that collide
 *
 * Names a tunnel that a peer opened, before it knows our ID.
 */
typedef struct {
  Ol2tpAddress address;
  guint32 tunnel_id;
  guint hash;
} Ol2tpPeerKey;

struct Ol2tpEngine {
  char *host_name;
  Ol2tpRandomFunc random;
  gpointer user_data;
  gint64 now_us; /* of the latest input: time is an argument, and does not go back */

  gboolean has_responder;
  Ol2tpTunnelConfig responder;
  guint max_tunnels;
  gboolean trace;

  Ol2tpIds tunnel_ids;
  Ol2tpIds session_ids;
  GHashTable *tunnels;       /* ID -> Ol2tpTunnel, owned */
  GHashTable *sessions;      /* ID -> Ol2tpSession, owned */
  GHashTable *peers;         /* Ol2tpPeerKey of the tunnel -> Ol2tpTunnel */
  GHashTable *peer_sessions; /* tunnel ID and peer's session ID -> Ol2tpSession */
  guint64 hash_key[2];
  guint32 call_serial_number;
  guint n_unacknowledged;

  Ol2tpTimers timers;
  GQueue events;   /* Ol2tpEvent */
  GQueue ready;    /* Ol2tpTunnel, those with something to send */
  GQueue early;    /* Ol2tpTunnel, those with messages that came early and are in sequence now */
  GQueue loose;    /* Ol2tpDatagram of no tunnel */
  GSList *garbage; /* removed, freed with the next input: whoever removed them may still be up the stack */
  Ol2tpEngineStats stats;
};

/** ol2tp_engine_enter: every input begins with it: takes the time, frees what the last input removed. */
void ol2tp_engine_enter (Ol2tpEngine *self, gint64 now_us);

/** ol2tp_engine_queue_event: a new event at the end of the queue, with only the type set; borrowed. */
Ol2tpEvent *ol2tp_engine_queue_event (Ol2tpEngine *self, Ol2tpEventType type);

/** ol2tp_engine_queue_trace: with tracing on, tells about one message received or sent. */
void ol2tp_engine_queue_trace (Ol2tpEngine *self, guint32 tunnel_id, const char *direction, guint16 type, const Ol2tpHeader *header,
                               const Ol2tpAddress *peer);

/** ol2tp_engine_make_peer_key: fills @key, hash included. */
void ol2tp_engine_make_peer_key (const Ol2tpEngine *self, const Ol2tpAddress *address, guint32 tunnel_id, Ol2tpPeerKey *key);

/** ol2tp_engine_dispose: frees @memory with @free_func when the next input comes. */
void ol2tp_engine_dispose (Ol2tpEngine *self, gpointer memory, GDestroyNotify free_func);

/** ol2tp_tunnel_config_copy: (out): a copy that ol2tp_tunnel_config_clear() releases. */
void ol2tp_tunnel_config_copy (Ol2tpTunnelConfig *dest, const Ol2tpTunnelConfig *src);

/** ol2tp_tunnel_config_clear: releases what a copy holds. */
void ol2tp_tunnel_config_clear (Ol2tpTunnelConfig *config);

G_END_DECLS
