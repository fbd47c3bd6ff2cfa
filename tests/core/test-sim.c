/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two engines over a bad network, many seeds.  OL2TP_SIM_SEED=n runs one seed alone, OL2TP_SIM_SEEDS=n that many.  A failed run
 * names its seed, and becomes a test.
 */
#include "bench.h"
#include "sim.h"

#include <stdio.h>
#include <string.h>

#define N_SEEDS 150

static guint64 running;

static guint64
get_env (const char *name, guint64 fallback)
{
  const char *text = g_getenv (name);

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : fallback;
}

static void
for_all_seeds (void (*run) (guint64 seed))
{
  guint64 first = get_env ("OL2TP_SIM_SEED", 0);
  guint64 n = g_getenv ("OL2TP_SIM_SEED") != NULL ? 1 : get_env ("OL2TP_SIM_SEEDS", N_SEEDS);

  for (running = first; running < first + n; running++)
    run (running);
}

/* A failed assertion prints and aborts; this adds what is needed to see it again. */
static void
print_seed (const char *text)
{
  fputs (text, stderr);
  if (strstr (text, "ERROR") != NULL)
    fprintf (stderr, "# failing seed: OL2TP_SIM_SEED=%" G_GUINT64_FORMAT "\n", running);
}

static SimNetwork
draw_network (guint64 seed)
{
  SimNetwork network = { (guint) (seed * 7 % 350), (guint) (seed * 13 % 200), 1000, 2000 + (gint64) (seed * 31 % 600) * 1000 };

  return network;
}

/* Any pattern of loss below 1: both ends come up, and every message is delivered in order and once. */
static void
run_delivery (guint64 seed)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new ("secret", 6);
  SimNetwork network = draw_network (seed);
  guint n_calls = 1 + (guint) (seed % 40);
  guint32 id;
  Sim sim;

  sim_init (&sim, seed, &network);
  config.secret = seed % 3 == 0 ? secret : NULL;
  config.hide_avps = seed % 6 == 0;
  config.receive_window = (guint16) (1 + seed % 9);
  config.max_retries = 40;
  config.establish_timeout_sec = 0;
  ol2tp_engine_set_responder (sim.hosts[1].engine, &config, 0);
  id = sim_add_tunnel (&sim, 0, &config);
  for (guint i = 0; i < n_calls; i++)
    sim_add_session (&sim, 0, id);
  for (guint minutes = 0; minutes < 60 && (sim.hosts[0].n_session_up < n_calls || sim.hosts[1].n_session_up < n_calls); minutes++)
    {
      sim_run_until (&sim, sim.now_us + 60 * SECOND);
      /* and calls the other way, in the same tunnel */
      if (minutes == 0 && sim.hosts[1].n_up == 1)
        {
          sim_add_session (&sim, 1, g_array_index (sim.hosts[1].tunnels, guint32, 0));
          n_calls++;
        }
    }
  g_assert_cmpuint (sim.hosts[0].n_up, ==, 1);
  g_assert_cmpuint (sim.hosts[1].n_up, ==, 1);
  g_assert_cmpuint (sim.hosts[0].n_session_up, ==, n_calls);
  g_assert_cmpuint (sim.hosts[1].n_session_up, ==, n_calls);
  for (guint i = 0; i < sim.hosts[1].serials->len; i++)
    g_assert_cmpuint (g_array_index (sim.hosts[1].serials, guint32, i), ==, i + 1);

  sim_close_tunnel (&sim, seed % 2, g_array_index (sim.hosts[seed % 2].tunnels, guint32, 0));
  sim_run_until (&sim, sim.now_us + 3600 * SECOND);
  g_assert_true (sim_is_quiet (&sim));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (grammar_get_n_tunnels (sim.hosts[i].grammar), ==, 0);
      g_assert_cmpuint (grammar_get_n_sessions (sim.hosts[i].grammar), ==, 0);
      g_assert_cmpuint (sim.hosts[i].n_timeouts, ==, 0);
    }
  sim_clear (&sim);
}

static void
test_delivery (void)
{
  for_all_seeds (run_delivery);
}

static void
act (Sim *sim, guint i, const Ol2tpTunnelConfig *config)
{
  SimHost *host = &sim->hosts[i];

  switch (sim_random (sim, 10))
    {
    case 0:
      sim_add_tunnel (sim, i, config);
      break;
    case 1:
      if (host->tunnels->len > 0)
        sim_close_tunnel (sim, i, g_array_index (host->tunnels, guint32, sim_random (sim, host->tunnels->len)));
      break;
    case 2:
    case 3:
      if (host->sessions->len > 0)
        sim_close_session (sim, i, g_array_index (host->sessions, guint32, sim_random (sim, host->sessions->len)));
      break;
    default:
      if (host->tunnels->len > 0)
        sim_add_session (sim, i, g_array_index (host->tunnels, guint32, sim_random (sim, host->tunnels->len)));
      break;
    }
}

/* Everybody opens, closes and refuses at random; then the network goes away; in the end nothing is left. */
static void
run_chaos (guint64 seed)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new ("secret", 6);
  g_autoptr (Ol2tpSecret) other = ol2tp_secret_new ("other", 5);
  Ol2tpTunnelConfig configs[2] = { OL2TP_TUNNEL_CONFIG_DEFAULT, OL2TP_TUNNEL_CONFIG_DEFAULT };
  SimNetwork network = draw_network (seed);
  Sim sim;

  sim_init (&sim, seed, &network);
  for (guint i = 0; i < 2; i++)
    {
      configs[i].secret = seed % 4 == 1 ? secret : NULL;
      configs[i].hide_avps = seed % 8 == 1;
      configs[i].receive_window = (guint16) (1 + sim_random (&sim, 8));
      configs[i].hello_interval_sec = 1 + sim_random (&sim, 20);
      configs[i].max_retries = sim_random (&sim, 7);
      sim.hosts[i].refuse_permille = sim_random (&sim, 200);
    }
  if (seed % 16 == 3)
    configs[1].secret = other;
  for (guint i = 0; i < 2; i++)
    ol2tp_engine_set_responder (sim.hosts[i].engine, &configs[i], 0);

  for (guint step = 0; step < 120; step++)
    {
      act (&sim, sim_random (&sim, 2), &configs[sim_random (&sim, 2)]);
      sim_run_until (&sim, sim.now_us + sim_random (&sim, 3000000));
    }
  for (guint i = 0; i < 2; i++)
    while (sim.hosts[i].tunnels->len > 0)
      sim_close_tunnel (&sim, i, g_array_index (sim.hosts[i].tunnels, guint32, 0));
  if (seed % 2 == 0)
    sim.network.loss_permille = 1000;
  sim_run_until (&sim, sim.now_us + 600 * SECOND);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (ol2tp_engine_get_n_unacknowledged (sim.hosts[i].engine), ==, 0);
      /* A late SCCRQ may have opened one more; with nobody behind it, it has to have ended by itself. */
      g_assert_cmpuint (grammar_get_n_tunnels (sim.hosts[i].grammar), ==, 0);
      g_assert_cmpuint (grammar_get_n_sessions (sim.hosts[i].grammar), ==, 0);
    }
  g_assert_true (sim_is_quiet (&sim));
  sim_clear (&sim);
}

static void
test_chaos (void)
{
  for_all_seeds (run_chaos);
}

/* Secrets that differ: the initiator learns it from the peer's answer, the responder from StopCCN. */
static void
run_wrong_secret (guint64 seed)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new ("secret", 6);
  g_autoptr (Ol2tpSecret) other = ol2tp_secret_new ("other", 5);
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  SimNetwork network = draw_network (seed);
  Sim sim;

  sim_init (&sim, seed, &network);
  config.max_retries = 40;
  config.establish_timeout_sec = 0;
  config.secret = seed % 3 == 2 ? NULL : secret;
  ol2tp_engine_set_responder (sim.hosts[1].engine, &config, 0);
  config.secret = seed % 3 == 1 ? NULL : other;
  sim_add_tunnel (&sim, 0, &config);
  sim_run_until (&sim, sim.now_us + 3600 * SECOND);
  g_assert_cmpuint (sim.hosts[0].n_up + sim.hosts[1].n_up, ==, 0);
  if (seed % 3 == 1)
    g_assert_cmpint (sim.hosts[0].last_cause.reason, ==, OL2TP_REASON_NO_SECRET);
  else
    g_assert_cmpint (sim.hosts[0].last_cause.reason, ==, OL2TP_REASON_AUTHENTICATION);
  g_assert_true (sim_is_quiet (&sim));
  sim_clear (&sim);
}

static void
test_wrong_secret (void)
{
  for_all_seeds (run_wrong_secret);
}

/* HID-01: both sides hide, nothing is lost: as many datagrams as in the clear, and every value arrives. */
static void
test_hiding (void)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new ("secret", 6);

  for (guint hiders = 0; hiders < 4; hiders++)
    {
      Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
      SimNetwork network = { 0, 0, 1000, 1000 };
      Ol2tpSessionInfo ours, theirs;
      Ol2tpTunnelInfo info;
      guint32 id, session;
      Sim sim;

      sim_init (&sim, hiders, &network);
      config.secret = secret;
      config.hide_avps = (hiders & 1) != 0;
      ol2tp_engine_set_responder (sim.hosts[1].engine, &config, 0);
      config.hide_avps = (hiders & 2) != 0;
      id = sim_add_tunnel (&sim, 0, &config);
      sim_run_until (&sim, sim.now_us + SECOND);
      g_assert_cmpuint (sim.n_datagrams, ==, 4);
      g_assert_true (ol2tp_engine_get_tunnel_info (sim.hosts[0].engine, id, &info));
      g_assert_cmpint (info.authenticated, ==, OL2TP_AUTHENTICATED_MUTUAL);
      g_assert_cmpuint (info.peer_id, ==, g_array_index (sim.hosts[1].tunnels, guint32, 0));
      g_assert_cmpstr (info.peer_vendor_name, ==, "OpenL2TP");

      session = sim_add_session (&sim, 0, id);
      sim_run_until (&sim, sim.now_us + SECOND);
      g_assert_cmpuint (sim.n_datagrams, ==, 8);
      g_assert_true (ol2tp_engine_get_session_info (sim.hosts[0].engine, session, &ours));
      g_assert_true (ol2tp_engine_get_session_info (sim.hosts[1].engine, ours.peer_id, &theirs));
      g_assert_cmpuint (theirs.peer_id, ==, session);
      g_assert_cmpuint (theirs.tx_speed, ==, 1000000000);
      sim_clear (&sim);
    }
}

/* 10,000 tunnels: the cost of one datagram does not grow with their number. Counted in work, not in time. */
static void
test_scale (void)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  SimNetwork network = { 0, 0, 1000, 2000 };
  Sim sim;

  sim_init (&sim, 1, &network);
  config.establish_timeout_sec = 0;
  ol2tp_engine_set_responder (sim.hosts[1].engine, &config, 0);
  for (guint i = 0; i < 10000; i++)
    sim_add_tunnel (&sim, 0, &config);
  sim_run_until (&sim, sim.now_us + SECOND);
  g_assert_cmpuint (sim.hosts[0].n_up, ==, 10000);
  g_assert_cmpuint (sim.hosts[1].n_up, ==, 10000);
  g_assert_cmpuint (sim.n_datagrams, ==, 40000);
  sim_clear (&sim);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_set_printerr_handler (print_seed);
  g_test_add_func ("/core/sim/delivery", test_delivery);
  g_test_add_func ("/core/sim/chaos", test_chaos);
  g_test_add_func ("/core/sim/wrong-secret", test_wrong_secret);
  g_test_add_func ("/core/sim/hiding", test_hiding);
  g_test_add_func ("/core/sim/scale", test_scale);
  return g_test_run ();
}
