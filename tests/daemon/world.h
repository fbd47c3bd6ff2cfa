/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two controllers in one process, a client and a server on loopback with the null data path, each with a copy of the fixture
 * plugin, which is a scripted PPP provider, and each watched by a grammar.
 *
 * Timers the controllers make (not those of the protocol, which have settings) run WORLD_HURRY times faster: the linker wraps
 * ol2tp_loop_add_timer().
 */
#pragma once

#include "daemon/controller-private.h"
#include "grammar.h"

G_BEGIN_DECLS

#define WORLD_HURRY 50
#define WORLD_SECRET "s3cret-0123456789"

/** Provider: what the session up hook does. */
typedef enum {
  PROVIDER_NONE,       /* nothing, returns 0 */
  PROVIDER_CLAIM,      /* claims; the test goes on */
  PROVIDER_UP,         /* claims, and PPP is up before the hook returns */
  PROVIDER_END,        /* claims, and PPP has ended before the hook returns 0 */
  PROVIDER_REFUSE,     /* claims, refuses, and the claim is ended by the test */
  PROVIDER_REFUSE_END, /* claims, ends, refuses */
  PROVIDER_REFUSE_UNCLAIMED,
} Provider;

/** StopAnswer: what ops->stop() does. */
typedef enum {
  STOP_LATER, /* nothing; the test goes on */
  STOP_AT_ONCE,
  STOP_MISSING, /* there is no such function */
} StopAnswer;

typedef struct {
  Ol2tpPpp *ppp;
  guint32 session_id;
  gboolean asked_to_stop;
  gboolean down; /* the down hook came */
} Claim;

typedef struct World World;

typedef struct {
  World *world;
  const char *name;
  Ol2tpPlugins *plugins;
  Ol2tpController *controller;
  Grammar *grammar;
  /* The script. */
  Provider provider;
  StopAnswer stop;
  gboolean end_on_down;                /* the down hook ends PPP at once */
  Ol2tpPppEnd end;                     /* with this reason */
  int tunnel_created, session_created; /* what these hooks return */
  GPtrArray *claims;                   /* of Claim, in order of making */
  guint n_claims_made;
} Side;

struct World {
  char *folder;
  guint16 port;
  guint heartbeat;
  Side client, server;
  guint n_descriptors;
};

/** Outcome: what a done function was called with. */
typedef struct {
  guint n_calls;
  GError *error;
  Grammar *grammar; /* gets a line */
  char name[32];
} Outcome;

/** world_init: g_test_init(), logging. */
void world_init (int *argc, char ***argv);
/** world_get_warnings: the log's warnings since the last call of world_new(), a line each. */
const char *world_get_warnings (void);

/** world_new: starts both. @client, @server: (nullable): more configuration, behind [daemon] and [lns]. */
World *world_new (const char *client, const char *server);
/** world_free: shuts both down in order, and checks that nothing is left. */
void world_free (World *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

/** world_kill_side: frees the controller without a shutdown: the peer is told nothing. */
void world_kill_side (Side *side);

/** world_drain: until nothing more happens at once. Loopback delivers within sendto(), so this is all but timers. */
void world_drain (World *self);
void world_wait (World *self, const Outcome *outcome);
/** world_wait_for: until *@value is not 0. */
void world_wait_for (World *self, const guint *value);

Ol2tpTunnelSettings *world_tunnel_settings (World *self);
Ol2tpTunnelEntry *world_add_tunnel (World *self, const char *name);
Ol2tpSessionEntry *world_add_session (World *self, Ol2tpTunnelEntry *tunnel, const char *name);
/** world_first_tunnel: of @side, %NULL if there is none. */
Ol2tpTunnelEntry *world_first_tunnel (Side *side);

/** outcome_new: made with @name, for the story; pass it with outcome_done. */
Outcome *outcome_new (Side *side, const char *name);
void outcome_free (Outcome *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Outcome, outcome_free)
void outcome_done (const GError *error, gpointer data);
void outcome_assert_pending (const Outcome *self);
void outcome_assert_success (const Outcome *self);
void outcome_assert_error (const Outcome *self, Ol2tpError code, const char *text);

/* The verbs, on the client. */
Outcome *world_connect_tunnel (World *self, Ol2tpTunnelEntry *tunnel);
Outcome *world_connect_session (World *self, Ol2tpSessionEntry *session, gboolean wait_ppp);
Outcome *world_disconnect_tunnel (World *self, Ol2tpTunnelEntry *tunnel);
Outcome *world_disconnect_session (World *self, Ol2tpSessionEntry *session);
Outcome *world_delete_tunnel (World *self, Ol2tpTunnelEntry *tunnel);
Outcome *world_delete_session (World *self, Ol2tpSessionEntry *session);

/* The provider, driven by tests. */
Claim *side_get_claim (Side *side, guint index);
void side_set_state (Side *side, Claim *claim, Ol2tpPppState state);
/** side_end: the claim is gone after it. */
void side_end (Side *side, Claim *claim, Ol2tpPppEnd end, const char *message);

G_END_DECLS
