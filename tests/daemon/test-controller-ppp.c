/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sessions with PPP on top: who waits for it, what it reports, and what its end means. */
#include "calls.h"

#include <string.h>

/* Waiting. */

static void
test_waits (Fixture *f, gconstpointer data)
{
  g_autoptr (Outcome) call = call_until_ppp (f), no_wait = world_connect_session (f->world, f->session, FALSE), third = NULL;

  outcome_assert_success (no_wait);
  side_set_state (client (f), only_claim (f), OL2TP_PPP_STATE_NETWORK);
  world_drain (f->world);
  outcome_assert_pending (call);
  side_set_state (client (f), only_claim (f), OL2TP_PPP_STATE_UP);
  world_drain (f->world);
  outcome_assert_success (call);
  third = world_connect_session (f->world, f->session, TRUE);
  outcome_assert_success (third);
}

static void
test_no_wait (Fixture *f, gconstpointer data)
{
  g_autoptr (Outcome) no_wait = world_connect_session (f->world, f->session, FALSE);
  g_autoptr (Outcome) wait = world_connect_session (f->world, f->session, TRUE), hang_up = NULL;

  world_drain (f->world);
  outcome_assert_success (no_wait);
  outcome_assert_pending (wait);
  client (f)->stop = STOP_AT_ONCE;
  hang_up = world_disconnect_session (f->world, f->session);
  world_drain (f->world);
  outcome_assert_success (hang_up);
  outcome_assert_error (wait, OL2TP_ERROR_CANCELED, "t/s");
}

static void
test_no_provider (Fixture *f, gconstpointer data)
{
  g_autoptr (Outcome) call = NULL;

  client (f)->provider = PROVIDER_NONE;
  call = world_connect_session (f->world, f->session, TRUE);
  world_wait (f->world, call);
  outcome_assert_success (call);
  g_assert_cmpint (f->session->ppp_state, ==, OL2TP_PPP_STATE_NONE);
}

/* PPP is up, or has ended, before the up hook returns. */
static void
test_up_in_hook (Fixture *f, gconstpointer data)
{
  g_autoptr (Outcome) call = NULL;

  client (f)->provider = PROVIDER_UP;
  call = world_connect_session (f->world, f->session, TRUE);
  world_drain (f->world);
  outcome_assert_success (call);
  g_assert_true (g_str_has_suffix (grammar_get_story (client (f)->grammar), "t/s up\ncall done\n"));
}

static void
test_end_in_hook (Fixture *f, gconstpointer data)
{
  g_autoptr (Outcome) call = NULL;

  client (f)->provider = PROVIDER_END;
  client (f)->end = OL2TP_PPP_END_NO_SECRET;
  call = world_connect_session (f->world, f->session, TRUE);
  world_drain (f->world);
  outcome_assert_error (call, OL2TP_ERROR_NO_SECRETS, "so it is");
  g_assert_cmpuint (f->session->id, ==, 0);
  g_assert_true (
      g_str_has_suffix (grammar_get_story (client (f)->grammar), "t/s up\nt/s=idle\nt/s down\nt/s deleted\ncall failed\n"));
}

/* News of PPP that come together with another property change. */
static void
test_modified_meanwhile (Fixture *f, gconstpointer data)
{
  g_autoptr (Outcome) call = call_until_ppp (f);

  side_set_state (client (f), only_claim (f), OL2TP_PPP_STATE_UP);
  ol2tp_controller_set_session_password (client (f)->controller, f->session, NULL);
  world_drain (f->world);
  outcome_assert_success (call);

  side_end (client (f), only_claim (f), OL2TP_PPP_END_NO_ANSWER, NULL);
  ol2tp_controller_set_session_password (client (f)->controller, f->session, NULL);
  world_drain (f->world);
  g_assert_cmpuint (f->session->id, ==, 0);
  g_assert_cmpuint (server_tunnel (f)->sessions->len, ==, 0);
}

/* How PPP ends. */

static void
test_ends (Fixture *f, gconstpointer data)
{
  static const struct {
    Ol2tpPppEnd end;
    Ol2tpError code;
    Ol2tpPppState state;
    guint result, error; /* of the CDN */
  } cases[] = {
    { OL2TP_PPP_END_CLOSED, OL2TP_ERROR_PPP_FAILED, OL2TP_PPP_STATE_NONE, 1, 0 },
    { OL2TP_PPP_END_AUTH_REFUSED, OL2TP_ERROR_PPP_AUTH_FAILED, OL2TP_PPP_STATE_FAILED, 2, 6 },
    { OL2TP_PPP_END_AUTH_PEER, OL2TP_ERROR_PPP_AUTH_FAILED, OL2TP_PPP_STATE_FAILED, 2, 6 },
    { OL2TP_PPP_END_NO_SECRET, OL2TP_ERROR_NO_SECRETS, OL2TP_PPP_STATE_FAILED, 2, 6 },
    { OL2TP_PPP_END_NO_ANSWER, OL2TP_ERROR_PPP_FAILED, OL2TP_PPP_STATE_FAILED, 2, 6 },
    { OL2TP_PPP_END_NEGOTIATION, OL2TP_ERROR_PPP_FAILED, OL2TP_PPP_STATE_FAILED, 2, 6 },
    { OL2TP_PPP_END_FAILED, OL2TP_ERROR_PPP_FAILED, OL2TP_PPP_STATE_FAILED, 2, 6 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Outcome) call = call_until_ppp (f);

      side_end (client (f), only_claim (f), cases[i].end, "E=691 \x01\xff said the peer");
      outcome_assert_pending (call);
      world_drain (f->world);
      outcome_assert_error (call, cases[i].code, "said the peer");
      g_assert_cmpint (f->session->ppp_state, ==, cases[i].state);
      g_assert_cmpuint (f->session->cause.result_code, ==, cases[i].result);
      g_assert_cmpuint (f->session->cause.error_code, ==, cases[i].error);
      grammar_assert_story (client (f)->grammar, "t/s=idle\nt/s down\nt/s deleted\ncall failed\n");
      grammar_check (client (f)->grammar);
      g_assert_cmpuint (server_tunnel (f)->sessions->len, ==, 0);
    }
  g_assert_cmpint (f->tunnel->state, ==, OL2TP_ENTRY_ESTABLISHED);
}

/* A failure of the past does not colour the next attempt. */
static void
test_redial_after_failure (Fixture *f, gconstpointer data)
{
  g_autoptr (Outcome) call = call_until_ppp (f), second = NULL, hang_up = NULL;

  side_end (client (f), only_claim (f), OL2TP_PPP_END_AUTH_REFUSED, "no");
  world_drain (f->world);
  outcome_assert_error (call, OL2TP_ERROR_PPP_AUTH_FAILED, NULL);
  second = call_until_ppp (f);
  g_assert_cmpint (f->session->ppp_state, ==, OL2TP_PPP_STATE_STARTING);
  client (f)->stop = STOP_AT_ONCE;
  hang_up = world_disconnect_session (f->world, f->session);
  outcome_assert_error (second, OL2TP_ERROR_CANCELED, NULL);
}

static void
assert_refused (Fixture *f, Provider provider, Ol2tpError code, const char *text)
{
  g_autoptr (Outcome) call = NULL;

  client (f)->provider = provider;
  client (f)->end = OL2TP_PPP_END_AUTH_PEER;
  grammar_forget_story (client (f)->grammar);
  call = world_connect_session (f->world, f->session, FALSE);
  world_drain (f->world);
  if (client (f)->claims->len > 0) /* it refused, and so gets no down hook */
    side_end (client (f), only_claim (f), OL2TP_PPP_END_FAILED, NULL);
  world_drain (f->world);
  outcome_assert_error (call, code, text);
  g_assert_null (strstr (grammar_get_story (client (f)->grammar), "t/s up"));
  g_assert_null (strstr (grammar_get_story (client (f)->grammar), "t/s down"));
  g_assert_cmpuint (f->session->id, ==, 0);
  g_assert_cmpuint (server_tunnel (f)->sessions->len, ==, 0);
  grammar_check (client (f)->grammar);
}

static void
test_refusals (Fixture *f, gconstpointer data)
{
  assert_refused (f, PROVIDER_REFUSE_UNCLAIMED, OL2TP_ERROR_FAILED, "hooks-client");
  assert_refused (f, PROVIDER_REFUSE, OL2TP_ERROR_FAILED, "hooks-client");
  assert_refused (f, PROVIDER_REFUSE_END, OL2TP_ERROR_PPP_AUTH_FAILED, "so it is");
  assert_refused (f, PROVIDER_REFUSE_UNCLAIMED, OL2TP_ERROR_FAILED, "hooks-client");
}

/* What the provider is told, and what it tells. */
static void
test_reports (Fixture *f, gconstpointer data)
{
  Claim *claim = call_until_up (f);
  const Ol2tpPppConfig *config = ol2tp_ppp_get_config (claim->ppp);
  Ol2tpPppIp4 ip4 = { .size = sizeof ip4, .n_dns = 99, .n_wins = 99 };
  Ol2tpPppIp6 ip6 = { .size = sizeof ip6 };
  g_autoptr (Outcome) hang_up = NULL;
  char secret[8];

  g_assert_cmpuint (config->session_id, ==, f->session->id);
  g_assert_cmpuint (config->tunnel_id, ==, f->tunnel->id);
  g_assert_cmpint (config->lns, ==, 0);
  g_assert_cmpstr (config->user, ==, "");
  g_assert_cmpint (ol2tp_ppp_take_channel (claim->ppp), ==, -1);
  g_assert_cmpint (ol2tp_ppp_get_secret (claim->ppp, "", secret, sizeof secret), ==, -1);
  g_assert_null (ol2tp_ppp_claim (1, (uint16_t) f->session->id, NULL, NULL));

  ol2tp_ppp_set_interface (claim->ppp, "lo");
  ol2tp_ppp_set_ip4 (claim->ppp, &ip4);
  ol2tp_ppp_set_ip6 (claim->ppp, &ip6);
  ol2tp_ppp_set_peer_name (claim->ppp, "al\xffice");
  world_drain (f->world);
  grammar_check (client (f)->grammar);
  g_assert_cmpstr (f->session->interface_name, ==, "lo");
  g_assert_cmpint (f->session->interface_index, ==, 1);
  g_assert_true (f->session->has_ip4 && f->session->has_ip6);
  g_assert_cmpuint (f->session->ip4.n_dns, ==, 2);
  g_assert_cmpuint (f->session->ip4.n_wins, ==, 2);
  g_assert_true (g_utf8_validate (f->session->ppp_user, -1, NULL));

  client (f)->stop = STOP_AT_ONCE;
  hang_up = world_disconnect_session (f->world, f->session);
  world_drain (f->world);
  g_assert_false (f->session->has_ip4 || f->session->has_ip6);
  g_assert_cmpstr (f->session->interface_name, ==, "");
}

int
main (int argc, char **argv)
{
  world_init (&argc, &argv);
#define ADD(name, func) g_test_add ("/daemon/controller-ppp/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("waits", test_waits);
  ADD ("no-wait", test_no_wait);
  ADD ("no-provider", test_no_provider);
  ADD ("up-in-hook", test_up_in_hook);
  ADD ("end-in-hook", test_end_in_hook);
  ADD ("modified-meanwhile", test_modified_meanwhile);
  ADD ("ends", test_ends);
  ADD ("redial-after-failure", test_redial_after_failure);
  ADD ("refusals", test_refusals);
  ADD ("reports", test_reports);
  return g_test_run ();
}
