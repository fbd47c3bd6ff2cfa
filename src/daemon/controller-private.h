/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the files that make up the controller: controller.c (life, questions, what was put off), dial.c (making and connecting),
 * close.c (disconnecting and removing), modify.c (settings), events.c (the event function), announce.c (what observers are told), ppp.c (services for PPP
 * providers), errors.c and waiters.c.
 */
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

/* Small things that all of them need. */

static inline Ol2tpEngine *
engine (const Ol2tpController *self)
{
  return ol2tp_driver_get_engine (self->driver);
}

static inline gint64
now (const Ol2tpController *self)
{
  return ol2tp_driver_now (self->driver);
}

static inline Ol2tpLoop *
loop (const Ol2tpController *self)
{
  return ol2tp_driver_get_loop (self->driver);
}

/** What plugins see of a session: a pointer that means nothing to them. */
static inline const struct l2tp_session *
ol2tp_session_handle (const Ol2tpSessionEntry *session)
{
  return (const struct l2tp_session *) session;
}

/** Whether a session has no ID and nothing of PPP that somebody may wait for: its end may be reported but not dealt with yet. */
static inline gboolean
ol2tp_session_is_down (const Ol2tpSessionEntry *session)
{
  return session->id == 0 && session->ppp == NULL && !session->ppp_ended;
}

/** What the engine has to know of a tunnel's settings; borrows from them. */
Ol2tpTunnelConfig ol2tp_tunnel_settings_to_engine (const Ol2tpTunnelSettings *settings);

/** The same of a session's. */
Ol2tpSessionConfig ol2tp_session_settings_to_engine (const Ol2tpSessionSettings *settings);

/* waiters.c */
/** Adds a waiter, if there is a function to call. */
void ol2tp_waiters_add (GArray *waiters, Ol2tpDoneFunc done, gpointer data, gboolean wait_ppp);
/** Completes all of @waiters, which is emptied first; the second function only those that do not wait for PPP. */
void ol2tp_waiters_complete (GArray *waiters, const GError *error);
void ol2tp_waiters_complete_established (GArray *waiters);
/** Answers who need not wait: like a waiter, at once. @done may be %NULL. */
void ol2tp_answer (Ol2tpDoneFunc done, gpointer data, const GError *error);
void ol2tp_answer_error (Ol2tpDoneFunc done, gpointer data, Ol2tpError code, const char *format, ...) G_GNUC_PRINTF (4, 5);

/* controller.c */
gboolean ol2tp_controller_ensure_datapath (Ol2tpController *self, GError **error);
gboolean ol2tp_controller_ensure_datapath_for_peer (Ol2tpController *self);
/* close.c */
/** Tells the engine, without waiting for any PPP. */
void ol2tp_controller_close_tunnel_now (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpCause *cause);
void ol2tp_controller_close_session_now (Ol2tpController *self, Ol2tpSessionEntry *session, const Ol2tpCause *cause);
/** Ends PPP of a tunnel's sessions in order, then the tunnel. */
void ol2tp_controller_begin_close_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpCause *cause);
/** Gives PPP of a session that is closing, or down with somebody waiting, OL2TP_PPP_STOP_USEC to report its end. */
void ol2tp_controller_await_ppp (Ol2tpController *self, Ol2tpSessionEntry *session);
void ol2tp_controller_finish_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel);
void ol2tp_controller_finish_session (Ol2tpController *self, Ol2tpSessionEntry *session);
/** The object goes, with its session objects; it must be down. */
void ol2tp_controller_remove_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel);

/* events.c */
void ol2tp_controller_handle_event (const Ol2tpEvent *event, gpointer user_data);

/* announce.c */
void ol2tp_controller_touch_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const char *property);
void ol2tp_controller_touch_session (Ol2tpController *self, Ol2tpSessionEntry *session, const char *property);
void ol2tp_controller_flush_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel);
void ol2tp_controller_flush_session (Ol2tpController *self, Ol2tpSessionEntry *session);
void ol2tp_controller_set_tunnel_state (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpEntryState state);
void ol2tp_controller_set_session_state (Ol2tpController *self, Ol2tpSessionEntry *session, Ol2tpEntryState state);
/** The property changes of an object so far, then the signal. */
void ol2tp_controller_tell_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpLifecycle event);
void ol2tp_controller_tell_session (Ol2tpController *self, Ol2tpSessionEntry *session, Ol2tpLifecycle event);
/** The tunnel has an ID: hooks, signal. @added: the object is new. */
void ol2tp_controller_tunnel_created (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, gboolean added);
/** The session has an ID: hooks, which may refuse (then nothing was observed), signal. */
gboolean ol2tp_controller_session_created (Ol2tpController *self, Ol2tpSessionEntry *session, gboolean added, GError **error);
/** Settings changed: hooks and signal, if there is an ID that they could be about. */
void ol2tp_controller_tunnel_modified (Ol2tpController *self, Ol2tpTunnelEntry *tunnel);
void ol2tp_controller_session_modified (Ol2tpController *self, Ol2tpSessionEntry *session);
/** Take over what the engine knows. Returns: FALSE if it has closed the object already: the event of its end is on the way. */
gboolean ol2tp_controller_refresh_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel);
gboolean ol2tp_controller_refresh_session (Ol2tpController *self, Ol2tpSessionEntry *session);

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
