/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "calls.h"

void
set_up (Fixture *f, gconstpointer data)
{
  f->world = world_new (NULL, NULL);
  f->world->client.provider = PROVIDER_CLAIM;
  grammar_with_hooks (f->world->client.grammar, FALSE);
  f->tunnel = world_add_tunnel (f->world, "t");
  f->session = world_add_session (f->world, f->tunnel, "s");
}

void
tear_down (Fixture *f, gconstpointer data)
{
  world_free (f->world);
}

Side *
client (Fixture *f)
{
  return &f->world->client;
}

Claim *
only_claim (Fixture *f)
{
  g_assert_cmpuint (client (f)->claims->len, ==, 1);
  return side_get_claim (client (f), 0);
}

/* Connects up to the state in which PPP negotiates. */
Outcome *
call_until_ppp (Fixture *f)
{
  Outcome *call = world_connect_session (f->world, f->session, TRUE);

  world_drain (f->world);
  outcome_assert_pending (call);
  g_assert_true (f->session->up);
  g_assert_nonnull (f->session->ppp);
  grammar_check (client (f)->grammar);
  grammar_forget_story (client (f)->grammar);
  return call;
}

/* And until PPP is up. */
Claim *
call_until_up (Fixture *f)
{
  g_autoptr (Outcome) call = call_until_ppp (f);

  side_set_state (client (f), only_claim (f), OL2TP_PPP_STATE_UP);
  outcome_assert_pending (call);
  world_drain (f->world);
  outcome_assert_success (call);
  grammar_forget_story (client (f)->grammar);
  return only_claim (f);
}

Ol2tpTunnelEntry *
server_tunnel (Fixture *f)
{
  return world_first_tunnel (&f->world->server);
}

void
server_hangs_up (Fixture *f, const char *text)
{
  Ol2tpCause cause;

  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 3, 0, "%s", text);
  ol2tp_controller_disconnect_session (f->world->server.controller, g_ptr_array_index (server_tunnel (f)->sessions, 0), &cause,
                                       NULL, NULL);
}
