/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A world with one tunnel and one session, whose PPP is the test's. */
#pragma once

#include "world.h"

G_BEGIN_DECLS

typedef struct {
  World *world;
  Ol2tpTunnelEntry *tunnel;
  Ol2tpSessionEntry *session;
} Fixture;

void set_up (Fixture *f, gconstpointer data);
void tear_down (Fixture *f, gconstpointer data);

Side *client (Fixture *f);
/** only_claim: the client's. */
Claim *only_claim (Fixture *f);

/** call_until_ppp: connects up to the state in which PPP negotiates. Returns: (transfer full): of Connect, which waits for PPP. */
Outcome *call_until_ppp (Fixture *f);
/** call_until_up: until PPP is up. */
Claim *call_until_up (Fixture *f);

/** server_tunnel: Returns: (nullable): the first one of the server. */
Ol2tpTunnelEntry *server_tunnel (Fixture *f);
/** server_hangs_up: the first session of that, with @text in the CDN. */
void server_hangs_up (Fixture *f, const char *text);

G_END_DECLS
