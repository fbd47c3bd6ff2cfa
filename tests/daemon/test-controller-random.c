/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verbs, providers and peers in any order: 200 steps a seed. The grammars watch each event; here it is checked that every caller is
 * answered once, and that nothing is left.  A seed that fails is printed; RANDOM_SEED=n runs that one alone. */
#include "world.h"

#include <string.h>

#define N_STEPS 200
#define N_TUNNELS 4
#define N_SESSIONS 3

typedef struct {
  World *world;
  GRand *rand;
  GPtrArray *outcomes;
} Fixture;

static guint
below (Fixture *f, guint n)
{
  return (guint) g_rand_int_range (f->rand, 0, (gint32) n);
}

static Side *
any_side (Fixture *f)
{
  return below (f, 2) == 0 ? &f->world->client : &f->world->server;
}

static Ol2tpTunnelEntry *
any_tunnel (Fixture *f, Side *side)
{
  g_autoptr (GPtrArray) tunnels = ol2tp_model_list_tunnels (ol2tp_controller_get_model (side->controller));

  return tunnels->len > 0 ? g_ptr_array_index (tunnels, below (f, tunnels->len)) : NULL;
}

static Ol2tpSessionEntry *
any_session (Fixture *f, Side *side)
{
  Ol2tpTunnelEntry *tunnel = any_tunnel (f, side);

  return tunnel != NULL && tunnel->sessions->len > 0 ? g_ptr_array_index (tunnel->sessions, below (f, tunnel->sessions->len))
                                                     : NULL;
}

static Outcome *
expect (Fixture *f, Side *side, const char *name)
{
  g_autofree char *numbered = g_strdup_printf ("%s %u", name, f->outcomes->len);
  Outcome *outcome = outcome_new (side, numbered);

  grammar_tell (side->grammar, "%s?", numbered);
  g_ptr_array_add (f->outcomes, outcome);
  return outcome;
}

/* Steps. */

static void
create (Fixture *f)
{
  Ol2tpController *client = f->world->client.controller;
  Ol2tpTunnelEntry *tunnel = any_tunnel (f, &f->world->client);

  if (tunnel == NULL || ol2tp_model_get_n_tunnels (ol2tp_controller_get_model (client)) < N_TUNNELS)
    tunnel = world_add_tunnel (f->world, NULL);
  else if (tunnel->sessions->len < N_SESSIONS)
    ol2tp_controller_create_session (client, tunnel, NULL, ol2tp_session_settings_new (), NULL);
}

static void
verb_on_tunnel (Fixture *f)
{
  Side *side = any_side (f);
  Ol2tpTunnelEntry *tunnel = any_tunnel (f, side);
  Ol2tpCause cause;

  if (tunnel == NULL)
    return;
  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 1, 0, "step");
  switch (below (f, 8))
    {
    case 0:
      ol2tp_controller_delete_tunnel (side->controller, tunnel, outcome_done, expect (f, side, "delete"));
      break;
    case 1:
    case 2:
      ol2tp_controller_disconnect_tunnel (side->controller, tunnel, &cause, outcome_done, expect (f, side, "disconnect"));
      break;
    case 3:
      ol2tp_controller_set_tunnel_secret (side->controller, tunnel, NULL);
      break;
    default:
      if (tunnel->initiator)
        ol2tp_controller_connect_tunnel (side->controller, tunnel, outcome_done, expect (f, side, "connect"));
      break;
    }
}

static void
verb_on_session (Fixture *f)
{
  Side *side = any_side (f);
  Ol2tpSessionEntry *session = any_session (f, side);
  Ol2tpCause cause;

  if (session == NULL)
    return;
  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 3, 0, "step");
  switch (below (f, 10))
    {
    case 0:
      ol2tp_controller_delete_session (side->controller, session, outcome_done, expect (f, side, "delete call"));
      break;
    case 1:
    case 2:
      ol2tp_controller_disconnect_session (side->controller, session, &cause, outcome_done, expect (f, side, "hang up"));
      break;
    case 3:
      ol2tp_controller_set_session_password (side->controller, session, NULL);
      break;
    default:
      ol2tp_controller_connect_session (side->controller, session, below (f, 2) == 0, outcome_done, expect (f, side, "call"));
      break;
    }
}

static void
drive_provider (Fixture *f)
{
  static const Ol2tpPppState states[]
      = { OL2TP_PPP_STATE_LCP, OL2TP_PPP_STATE_UP, OL2TP_PPP_STATE_UP, OL2TP_PPP_STATE_TERMINATING };
  Side *side = any_side (f);
  Claim *claim;

  if (side->claims->len == 0)
    return;
  claim = side_get_claim (side, below (f, side->claims->len));
  if (below (f, 3) == 0)
    side_end (side, claim, (Ol2tpPppEnd) below (f, OL2TP_PPP_END_FAILED + 1), "step");
  else
    side_set_state (side, claim, states[below (f, G_N_ELEMENTS (states))]);
}

/* What hooks and providers do from here on. */
static void
change_script (Fixture *f)
{
  Side *side = any_side (f);

  side->provider = below (f, 3) == 0 ? (Provider) below (f, PROVIDER_REFUSE_UNCLAIMED + 1) : (Provider) below (f, PROVIDER_UP + 1);
  side->stop = (StopAnswer) below (f, STOP_MISSING + 1);
  side->end_on_down = below (f, 3) != 0;
  side->end = (Ol2tpPppEnd) below (f, OL2TP_PPP_END_FAILED + 1);
  side->tunnel_created = below (f, 12) == 0 ? -1 : 0;
  side->session_created = below (f, 12) == 0 ? -1 : 0;
}

static void
step (Fixture *f)
{
  guint choice = below (f, 20);

  if (choice < 3)
    create (f);
  else if (choice < 7)
    verb_on_tunnel (f);
  else if (choice < 13)
    verb_on_session (f);
  else if (choice < 17)
    drive_provider (f);
  else if (choice < 18)
    change_script (f);
  else if (choice < 19)
    g_main_context_iteration (NULL, FALSE);
  else
    world_drain (f->world);
}

/* Everybody is answered once peers and providers do what they should. */
static void
finish (Fixture *f)
{
  Side *sides[] = { &f->world->client, &f->world->server };

  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      sides[i]->provider = PROVIDER_UP;
      sides[i]->stop = STOP_AT_ONCE;
      sides[i]->end_on_down = TRUE;
      sides[i]->tunnel_created = sides[i]->session_created = 0;
    }
  world_drain (f->world);
  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    while (sides[i]->claims->len > 0)
      side_end (sides[i], side_get_claim (sides[i], 0), OL2TP_PPP_END_CLOSED, NULL);
  world_drain (f->world);
  for (guint i = 0; i < f->outcomes->len; i++)
    {
      const Outcome *outcome = g_ptr_array_index (f->outcomes, i);

      if (outcome->n_calls == 0)
        g_test_message ("waiting for %s", outcome->name);
      world_wait (f->world, outcome);
    }
  grammar_check (f->world->client.grammar);
  grammar_check (f->world->server.grammar);
}

static void
run_seed (guint32 seed)
{
  Fixture f = { world_new (NULL, "ip-range=10.0.0.1-10.0.0.4\n"), g_rand_new_with_seed (seed), NULL };

  g_test_message ("seed %u", seed);
  f.outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) outcome_free);
  for (int i = 0; i < N_STEPS; i++)
    {
      step (&f);
      if (i % 10 == 9)
        {
          world_drain (f.world);
          grammar_check (f.world->client.grammar);
          grammar_check (f.world->server.grammar);
        }
    }
  finish (&f);
  g_ptr_array_unref (f.outcomes);
  world_free (f.world);
  g_rand_free (f.rand);
}

static void
test_seeds (void)
{
  const char *only = g_getenv ("RANDOM_SEED");
  guint32 n = g_test_slow () ? 2000 : 30;

  if (only != NULL)
    run_seed ((guint32) g_ascii_strtoull (only, NULL, 10));
  else
    for (guint32 seed = 1; seed <= n; seed++)
      run_seed (seed);
}

int
main (int argc, char **argv)
{
  world_init (&argc, &argv);
  g_test_add_func ("/daemon/controller-random/seeds", test_seeds);
  return g_test_run ();
}
