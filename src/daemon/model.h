/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the bus shows: tunnel and session objects.  They outlive the protocol's tunnels and sessions: an object that is dialled again
 * keeps its path and gets a new ID.  Plain structs, written by the controller alone, read by everybody.
 */
#pragma once

#include "core/engine.h"
#include "settings.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct Ol2tpTunnelEntry Ol2tpTunnelEntry;
typedef struct Ol2tpSessionEntry Ol2tpSessionEntry;
typedef struct Ol2tpModel Ol2tpModel;

/** Ol2tpDoneFunc: @error is %NULL when the request succeeded. */
typedef void (*Ol2tpDoneFunc) (const GError *error, gpointer data);

/** Ol2tpWaiter: somebody waits for an object to come up or go down. */
typedef struct {
  Ol2tpDoneFunc func;
  gpointer data;
  gboolean wait_ppp; /* sessions: not up before PPP is */
} Ol2tpWaiter;

typedef enum {
  OL2TP_ORIGIN_CONFIG,
  OL2TP_ORIGIN_RUNTIME,
  OL2TP_ORIGIN_PEER,
} Ol2tpOrigin;

/** Ol2tpEntryState: state of either kind of object, as the bus names it; see ol2tp_entry_state_to_string(). */
typedef enum {
  OL2TP_ENTRY_IDLE,
  OL2TP_ENTRY_RESOLVING,      /* tunnels: the peer's name is being looked up */
  OL2TP_ENTRY_WAIT_CTL_REPLY, /* tunnels */
  OL2TP_ENTRY_WAIT_CTL_CONN,  /* tunnels */
  OL2TP_ENTRY_WAIT_TUNNEL,    /* sessions */
  OL2TP_ENTRY_WAIT_REPLY,     /* sessions */
  OL2TP_ENTRY_WAIT_CONNECT,   /* sessions */
  OL2TP_ENTRY_ESTABLISHED,
  OL2TP_ENTRY_CLOSING, /* PPP is being ended in order, before CDN or StopCCN */
} Ol2tpEntryState;

const char *ol2tp_entry_state_to_string (Ol2tpEntryState state);

/**
 * Ol2tpTunnelEntry:
 * @serial: number in the object path, never reused
 * @id: local tunnel ID, 0 while there is none; between hooks created and deleted
 * @up: the up hook was given
 * @cause: why it last went down
 * @error: set when a local failure (name lookup, route, kernel) ended the attempt: what callers of Connect are told
 * @in_force: while it is not idle and @settings were changed: those it was connected with; else %NULL
 * @close_cause: with @closing: what the StopCCN will say
 */
struct Ol2tpTunnelEntry {
  guint64 serial;
  char *path;
  char *name;
  char *peer;
  Ol2tpOrigin origin;
  guint owner_uid;
  gboolean initiator;
  Ol2tpTunnelSettings *settings;
  Ol2tpTunnelSettings *in_force;
  Ol2tpEntryState state;
  guint32 id;
  guint32 peer_id;
  gboolean up;
  gint64 up_timestamp_us; /* since the epoch */
  Ol2tpPath endpoints;
  Ol2tpAuthenticated authenticated;
  char *peer_host_name;
  char *peer_vendor_name;
  guint16 peer_firmware_revision;
  guint32 peer_framing_capabilities;
  guint32 peer_bearer_capabilities;
  guint16 peer_receive_window;
  Ol2tpCause cause;
  GError *error;
  gboolean closing;
  Ol2tpCause close_cause;
  gboolean close_sent; /* the engine was told: PPP of no session is waited for any more */
  gboolean delete_when_down;
  gboolean kernel_up;
  GCancellable *resolving;
  GPtrArray *sessions; /* (element-type Ol2tpSessionEntry), owned by the model */
  GArray *up_waiters;   /* (element-type Ol2tpWaiter) */
  GArray *down_waiters; /* (element-type Ol2tpWaiter) */
  GPtrArray *changed;   /* (element-type utf8) static property names not yet announced */
};

/**
 * Ol2tpSessionEntry:
 * @in_force: as for tunnels
 * @ppp: claim of a PPP provider, %NULL for none; outlasts the ID while somebody waits to hear how PPP ended
 * @ppp_failed: @ppp_end and @ppp_message say why PPP ended, other than as asked
 */
struct Ol2tpSessionEntry {
  guint64 serial;
  char *path;
  char *name;
  Ol2tpTunnelEntry *tunnel;
  Ol2tpOrigin origin;
  gboolean lns;
  Ol2tpSessionSettings *settings;
  Ol2tpSessionSettings *in_force;
  Ol2tpEntryState state;
  guint32 id;
  guint32 peer_id;
  gboolean up;
  gint64 up_timestamp_us;
  guint32 call_serial_number;
  guint64 tx_speed;
  guint64 rx_speed;
  gboolean sequencing_required;
  char *called_number;
  char *calling_number;
  Ol2tpCause cause;
  GError *error;
  gboolean closing;
  Ol2tpCause close_cause;
  guint close_timer; /* PPP was asked to end, or its session went down under it */
  gboolean delete_when_down;
  gboolean kernel_up;

  Ol2tpPpp *ppp;
  Ol2tpPppState ppp_state;
  gboolean ppp_ended; /* its end was reported and is not dealt with yet */
  gboolean ppp_failed;
  Ol2tpPppEnd ppp_end;
  int ppp_status;
  char *ppp_message;
  char *ppp_user; /* whom PPP authenticated, as server */
  char *interface_name;
  int interface_index;
  Ol2tpPppIp4 ip4;
  gboolean has_ip4;
  Ol2tpPppIp6 ip6;
  gboolean has_ip6;
  struct in_addr pool_ip; /* taken from the pool, 0.0.0.0 = none; a claim takes it over */

  GArray *up_waiters;
  GArray *down_waiters;
  GPtrArray *changed;
};

Ol2tpModel *ol2tp_model_new (void);
void ol2tp_model_free (Ol2tpModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpModel, ol2tp_model_free)

/**
 * ol2tp_model_add_tunnel:
 * @name: unique; "" or %NULL to have one made
 * @settings: (transfer full):
 *
 * Returns: (transfer none): the entry, or %NULL if the name is taken.
 */
Ol2tpTunnelEntry *ol2tp_model_add_tunnel (Ol2tpModel *self, const char *name, const char *peer, Ol2tpOrigin origin,
                                          Ol2tpTunnelSettings *settings);
/** ol2tp_model_remove_tunnel: frees the entry; its sessions must be gone. */
void ol2tp_model_remove_tunnel (Ol2tpModel *self, Ol2tpTunnelEntry *tunnel);

/** ol2tp_model_add_session: as for tunnels; @name is unique within the tunnel. */
Ol2tpSessionEntry *ol2tp_model_add_session (Ol2tpModel *self, Ol2tpTunnelEntry *tunnel, const char *name, Ol2tpOrigin origin,
                                            Ol2tpSessionSettings *settings);
void ol2tp_model_remove_session (Ol2tpModel *self, Ol2tpSessionEntry *session);

/* An ID is entered when the object gets it and taken out when it loses it. */
void ol2tp_model_set_tunnel_id (Ol2tpModel *self, Ol2tpTunnelEntry *tunnel, guint32 id);
void ol2tp_model_set_session_id (Ol2tpModel *self, Ol2tpSessionEntry *session, guint32 id);

Ol2tpTunnelEntry *ol2tp_model_find_tunnel (const Ol2tpModel *self, guint32 id);
Ol2tpTunnelEntry *ol2tp_model_find_tunnel_by_serial (const Ol2tpModel *self, guint64 serial);
Ol2tpTunnelEntry *ol2tp_model_find_tunnel_by_name (const Ol2tpModel *self, const char *name);
Ol2tpSessionEntry *ol2tp_model_find_session (const Ol2tpModel *self, guint32 id);
Ol2tpSessionEntry *ol2tp_model_find_session_by_serial (const Ol2tpModel *self, guint64 serial);

/** ol2tp_model_list_tunnels: Returns: (transfer container) (element-type Ol2tpTunnelEntry): in order of creation. */
GPtrArray *ol2tp_model_list_tunnels (const Ol2tpModel *self);
guint ol2tp_model_get_n_tunnels (const Ol2tpModel *self);
guint ol2tp_model_get_n_sessions (const Ol2tpModel *self);
/** ol2tp_model_get_n_tunnel_ids: tunnels that have an ID. */
guint ol2tp_model_get_n_tunnel_ids (const Ol2tpModel *self);

G_END_DECLS
