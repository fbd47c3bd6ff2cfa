/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by controller.c (verbs), events.c (the event function) and ppp.c (services for PPP providers). */
#pragma once

#include "controller.h"
#include "driver.h"
#include "log.h"
#include "pool.h"

G_BEGIN_DECLS

/** OL2TP_PPP_STOP_USEC: how long PPP may take to end in order before its session is closed all the same. */
#define OL2TP_PPP_STOP_USEC (5 * G_USEC_PER_SEC)

struct Ol2tpController {
  Ol2tpConfig *config;
  char *host_name;
  Ol2tpPlugins *plugins;
  Ol2tpDriver *driver;
  Ol2tpDatapath *datapath; /* NULL while the kernel has none */
  Ol2tpModel *model;
  Ol2tpPool *pool;
  gint64 next_probe_us;   /* peers cannot make us ask the kernel for one before this */
  GHashTable *claims;         /* set of Ol2tpPpp */
  GHashTable *dirty_tunnels;  /* set of Ol2tpTunnelEntry with unannounced changes */
  GHashTable *dirty_sessions; /* set of Ol2tpSessionEntry with unannounced changes or PPP news */
  const Ol2tpObserver *observer;
  gpointer observer_data;

  gboolean shutting_down;
  Ol2tpDoneFunc shutdown_done;
  gpointer shutdown_data;
  guint shutdown_timer;
};

/**
 * Ol2tpPpp:
 * @session: %NULL once the session is down and nobody waits for it any more
 *
 * A PPP provider's claim; lives from ol2tp_ppp_claim() to ol2tp_ppp_end().
 */
struct Ol2tpPpp {
  Ol2tpController *controller;
  Ol2tpSessionEntry *session;
  guint32 tunnel_id;
  guint32 session_id;
  const Ol2tpPppOps *ops;
  void *data;
  gboolean stopping;
  struct in_addr pool_ip;
  Ol2tpPppConfig config;
  Ol2tpSessionSettings *settings;
};

/* controller.c */
gboolean ol2tp_controller_ensure_datapath (Ol2tpController *self, GError **error);
gboolean ol2tp_controller_ensure_datapath_for_peer (Ol2tpController *self);
void ol2tp_controller_close_tunnel_now (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpCause *cause);
void ol2tp_controller_close_session_now (Ol2tpController *self, Ol2tpSessionEntry *session, const Ol2tpCause *cause);
/** Gives PPP of a session that is closing, or down with somebody waiting, OL2TP_PPP_STOP_USEC to report its end. */
void ol2tp_controller_await_ppp (Ol2tpController *self, Ol2tpSessionEntry *session);
void ol2tp_controller_finish_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel);
void ol2tp_controller_finish_session (Ol2tpController *self, Ol2tpSessionEntry *session);
/** The object goes, with its session objects; it must be down. */
void ol2tp_controller_remove_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel);
void ol2tp_controller_check_shutdown (Ol2tpController *self);

/* events.c */
void ol2tp_controller_handle_event (const Ol2tpEvent *event, gpointer user_data);
void ol2tp_controller_touch_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const char *property);
void ol2tp_controller_touch_session (Ol2tpController *self, Ol2tpSessionEntry *session, const char *property);
void ol2tp_controller_flush_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel);
void ol2tp_controller_flush_session (Ol2tpController *self, Ol2tpSessionEntry *session);
void ol2tp_controller_set_tunnel_state (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpEntryState state);
void ol2tp_controller_set_session_state (Ol2tpController *self, Ol2tpSessionEntry *session, Ol2tpEntryState state);
/** The tunnel has an ID: hooks, signal. @added: the object is new. */
void ol2tp_controller_tunnel_created (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, gboolean added);
/** The session has an ID: hooks, which may refuse (then nothing was observed), signal. */
gboolean ol2tp_controller_session_created (Ol2tpController *self, Ol2tpSessionEntry *session, gboolean added, GError **error);
/** Settings changed: hooks and signal, if there is an ID that they could be about. */
void ol2tp_controller_tunnel_modified (Ol2tpController *self, Ol2tpTunnelEntry *tunnel);
void ol2tp_controller_session_modified (Ol2tpController *self, Ol2tpSessionEntry *session);
/** Takes over what the engine knows. Returns: FALSE if it knows no such session any more: the event of its end is on the way. */
gboolean ol2tp_controller_refresh_session (Ol2tpController *self, Ol2tpSessionEntry *session);
/** Completes all of @waiters, which is emptied first; the second function only those that do not wait for PPP. */
void ol2tp_waiters_complete (GArray *waiters, const GError *error);
void ol2tp_waiters_complete_established (GArray *waiters);

/* errors.c */
GError *ol2tp_tunnel_error (const Ol2tpTunnelEntry *tunnel);
GError *ol2tp_session_error (const Ol2tpSessionEntry *session);

/* ppp.c */
extern const Ol2tpPluginServices ol2tp_controller_services;
/** Asks the provider to end PPP in order. Returns: whether there is one and it will report. */
gboolean ol2tp_ppp_request_stop (Ol2tpPpp *ppp);
/** The session is down: the claim goes on without it. */
void ol2tp_ppp_detach (Ol2tpPpp *ppp);
/** PPP of @session ended by itself: why, in the terms of a CDN. */
void ol2tp_ppp_end_to_cause (const Ol2tpSessionEntry *session, Ol2tpCause *cause);

G_END_DECLS
