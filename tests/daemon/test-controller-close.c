/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closing sessions and tunnels with PPP on top: it ends first, in order, but is not waited for for ever. */
#include "calls.h"

#include <string.h>

/* Sessions. */

static void
test_hang_up (Fixture *f, gconstpointer data)
{
  Claim *claim = call_until_up (f);
  g_autoptr (Outcome) hang_up = world_disconnect_session (f->world, f->session), twice = NULL, again = NULL;

  g_assert_true (claim->asked_to_stop);
  grammar_assert_story (client (f)->grammar, "t/s=closing\n");
  world_drain (f->world);
  g_assert_cmpuint (server_tunnel (f)->sessions->len, ==, 1); /* no CDN yet */
  again = world_connect_session (f->world, f->session, TRUE);
  outcome_assert_error (again, OL2TP_ERROR_IN_PROGRESS, "t/s");
  twice = world_disconnect_session (f->world, f->session);
  outcome_assert_pending (hang_up);
  outcome_assert_pending (twice);
  grammar_forget_story (client (f)->grammar);
  side_end (client (f), claim, OL2TP_PPP_END_CLOSED, NULL);
  world_drain (f->world);
  outcome_assert_success (hang_up);
  outcome_assert_success (twice);
  grammar_assert_story (client (f)->grammar, "t/s=idle\nt/s down\nt/s deleted\nhang up done\nhang up done\n");
  g_assert_cmpuint (server_tunnel (f)->sessions->len, ==, 0);
  g_assert_cmpuint (f->session->cause.result_code, ==, 3);
  g_assert_cmpint (f->session->ppp_state, ==, OL2TP_PPP_STATE_NONE);
}

/* PPP ends by itself while it is being stopped: that is no failure, whatever pppd's exit status. */
static void
test_end_while_closing (Fixture *f, gconstpointer data)
{
  Claim *claim = call_until_up (f);
  g_autoptr (Outcome) hang_up = world_disconnect_session (f->world, f->session);

  side_end (client (f), claim, OL2TP_PPP_END_FAILED, "killed");
  world_drain (f->world);
  outcome_assert_success (hang_up);
  g_assert_cmpint (f->session->ppp_state, ==, OL2TP_PPP_STATE_NONE);
}

static void
test_hang_up_variants (Fixture *f, gconstpointer data)
{
  static const StopAnswer answers[] = { STOP_AT_ONCE, STOP_MISSING };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (Outcome) hang_up = NULL;

      client (f)->stop = answers[i];
      call_until_up (f);
      hang_up = world_disconnect_session (f->world, f->session);
      world_drain (f->world);
      outcome_assert_success (hang_up);
      g_assert_cmpuint (client (f)->claims->len, ==, 0);
      grammar_check (client (f)->grammar);
    }
}

/* Neither stop() nor the down hook is answered: closed after OL2TP_PPP_STOP_USEC, and who waits is not left waiting. */
static void
test_never_stops (Fixture *f, gconstpointer data)
{
  Claim *claim = call_until_up (f);
  g_autoptr (Outcome) hang_up = NULL, again = NULL;
  gint64 begin_us = g_get_monotonic_time ();

  client (f)->end_on_down = FALSE;
  hang_up = world_disconnect_session (f->world, f->session);
  world_drain (f->world);
  outcome_assert_pending (hang_up);
  g_assert_cmpint (f->session->state, ==, OL2TP_ENTRY_CLOSING);
  world_wait (f->world, hang_up);
  outcome_assert_success (hang_up);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, >=, OL2TP_PPP_STOP_USEC / WORLD_HURRY);
  g_assert_nonnull (strstr (world_get_warnings (), "PPP did not end in time"));
  g_assert_true (claim->down);

  /* The session can be used again, while the old claim lingers on without it. */
  again = world_connect_session (f->world, f->session, FALSE);
  world_wait (f->world, again);
  outcome_assert_success (again);
  g_assert_cmpuint (client (f)->claims->len, ==, 2);
  side_set_state (client (f), claim, OL2TP_PPP_STATE_FAILED);
  side_end (client (f), claim, OL2TP_PPP_END_FAILED, "at last");
  world_drain (f->world);
  g_assert_true (f->session->up);
  g_assert_cmpint (f->session->ppp_state, ==, OL2TP_PPP_STATE_STARTING);
}

/* The peer's CDN comes first; PPP, which ends behind it, knows best why. */
static void
test_cdn_before_end (Fixture *f, gconstpointer data)
{
  g_autoptr (Outcome) call = call_until_ppp (f), hang_up = NULL, again = NULL;
  Claim *claim = only_claim (f);

  client (f)->end_on_down = FALSE;
  server_hangs_up (f, "go away");
  world_drain (f->world);
  g_assert_true (claim->down);
  g_assert_cmpuint (f->session->id, ==, 0);
  outcome_assert_pending (call);
  again = world_connect_session (f->world, f->session, TRUE);
  outcome_assert_error (again, OL2TP_ERROR_IN_PROGRESS, NULL);
  hang_up = world_disconnect_session (f->world, f->session);
  outcome_assert_pending (hang_up);
  side_end (client (f), claim, OL2TP_PPP_END_AUTH_REFUSED, "Access denied");
  world_drain (f->world);
  outcome_assert_error (call, OL2TP_ERROR_PPP_AUTH_FAILED, "Access denied");
  outcome_assert_success (hang_up);
  grammar_check (client (f)->grammar);
}

/* The same, where PPP has nothing to say, so that the peer's words count. */
static void
test_cdn_then_failed (Fixture *f, gconstpointer data)
{
  g_autoptr (Outcome) call = call_until_ppp (f);

  client (f)->end = OL2TP_PPP_END_FAILED;
  server_hangs_up (f, "go away");
  world_drain (f->world);
  outcome_assert_error (call, OL2TP_ERROR_PEER_REJECTED, "go away");
}

static void
test_cdn_and_no_end (Fixture *f, gconstpointer data)
{
  g_autoptr (Outcome) call = call_until_ppp (f), again = NULL;

  client (f)->end_on_down = FALSE;
  server_hangs_up (f, "go away");
  world_wait (f->world, call);
  outcome_assert_error (call, OL2TP_ERROR_PEER_REJECTED, "go away");
  again = world_connect_session (f->world, f->session, FALSE);
  world_wait (f->world, again);
  outcome_assert_success (again);
}

/* Nobody waits: the session is done with at once, the claim goes on alone. */
static void
test_cdn_nobody_waits (Fixture *f, gconstpointer data)
{
  Claim *claim = call_until_up (f);

  client (f)->end_on_down = FALSE;
  server_hangs_up (f, "");
  world_drain (f->world);
  g_assert_null (f->session->ppp);
  grammar_check (client (f)->grammar);
  side_set_state (client (f), claim, OL2TP_PPP_STATE_TERMINATING);
  side_end (client (f), claim, OL2TP_PPP_END_CLOSED, NULL);
  world_drain (f->world);
  grammar_check (client (f)->grammar);
}

static void
test_delete_while_down (Fixture *f, gconstpointer data)
{
  g_autoptr (Outcome) call = call_until_ppp (f), deleted = NULL;

  client (f)->end_on_down = FALSE;
  server_hangs_up (f, "");
  world_drain (f->world);
  deleted = world_delete_session (f->world, f->session);
  outcome_assert_pending (deleted);
  side_end (client (f), only_claim (f), OL2TP_PPP_END_CLOSED, NULL);
  world_drain (f->world);
  outcome_assert_success (deleted);
  outcome_assert_error (call, OL2TP_ERROR_PEER_REJECTED, NULL);
  g_assert_cmpuint (f->tunnel->sessions->len, ==, 0);
}

/* PPP of a session that is down has ended, and before that is dealt with the session is deleted, or dialled again. */
static void
test_end_then_verb (Fixture *f, gconstpointer data)
{
  g_autoptr (Outcome) call = call_until_ppp (f), again = NULL, hang_up = NULL, deleted = NULL;

  client (f)->end_on_down = FALSE;
  server_hangs_up (f, "");
  world_drain (f->world);
  side_end (client (f), only_claim (f), OL2TP_PPP_END_NO_SECRET, NULL);
  again = world_connect_session (f->world, f->session, TRUE);
  outcome_assert_error (again, OL2TP_ERROR_IN_PROGRESS, NULL);
  hang_up = world_disconnect_session (f->world, f->session);
  deleted = world_delete_session (f->world, f->session);
  world_drain (f->world);
  outcome_assert_error (call, OL2TP_ERROR_NO_SECRETS, NULL);
  outcome_assert_success (hang_up);
  outcome_assert_success (deleted);
  g_assert_cmpuint (f->tunnel->sessions->len, ==, 0);
}

/* Tunnels with two sessions. */

typedef struct {
  Ol2tpSessionEntry *session;
  Claim *a, *b;
} Two;

static Two
call_two (Fixture *f)
{
  Two two = { world_add_session (f->world, f->tunnel, "s2"), call_until_up (f), NULL };
  g_autoptr (Outcome) call = world_connect_session (f->world, two.session, FALSE);

  world_wait (f->world, call);
  outcome_assert_success (call);
  two.b = side_get_claim (client (f), 1);
  grammar_forget_story (client (f)->grammar);
  return two;
}

static void
test_disconnect_tunnel (Fixture *f, gconstpointer data)
{
  gboolean reverse = GPOINTER_TO_INT (data);
  Two two = call_two (f);
  g_autoptr (Outcome) down = world_disconnect_tunnel (f->world, f->tunnel), again = NULL;
  g_autoptr (GError) error = NULL;

  world_drain (f->world);
  g_assert_true (two.a->asked_to_stop && two.b->asked_to_stop);
  g_assert_cmpint (f->tunnel->state, ==, OL2TP_ENTRY_CLOSING);
  again = world_connect_tunnel (f->world, f->tunnel);
  outcome_assert_error (again, OL2TP_ERROR_IN_PROGRESS, "tunnel t");
  g_assert_null (ol2tp_controller_create_session (client (f)->controller, f->tunnel, "x", ol2tp_session_settings_new (), &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE);
  grammar_forget_story (client (f)->grammar);

  side_end (client (f), reverse ? two.b : two.a, OL2TP_PPP_END_CLOSED, NULL);
  world_drain (f->world);
  outcome_assert_pending (down);
  grammar_assert_story (client (f)->grammar,
                        reverse ? "t/s2=idle\nt/s2 down\nt/s2 deleted\n" : "t/s=idle\nt/s down\nt/s deleted\n");
  g_assert_cmpuint (server_tunnel (f)->sessions->len, ==, 1);
  side_end (client (f), reverse ? two.a : two.b, OL2TP_PPP_END_CLOSED, NULL);
  world_drain (f->world);
  outcome_assert_success (down);
  g_assert_true (
      g_str_has_suffix (grammar_get_story (client (f)->grammar), "deleted\nt=idle\nt down\nt deleted\ndisconnect done\n"));
  g_assert_null (server_tunnel (f));
}

/* One is hung up before, and ends last; the other's end is overtaken by the peer's CDN. */
static void
test_disconnect_tunnel_mixed (Fixture *f, gconstpointer data)
{
  Two two = call_two (f);
  g_autoptr (Outcome) wait = world_connect_session (f->world, two.session, TRUE);
  g_autoptr (Outcome) hang_up = world_disconnect_session (f->world, f->session);
  g_autoptr (Outcome) down = world_disconnect_tunnel (f->world, f->tunnel);
  Ol2tpCause cause;

  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 3, 0, NULL);
  client (f)->end_on_down = FALSE;
  ol2tp_controller_disconnect_session (f->world->server.controller, g_ptr_array_index (server_tunnel (f)->sessions, 1), &cause,
                                       NULL, NULL);
  world_drain (f->world);
  g_assert_true (two.b->down);
  outcome_assert_pending (down);
  outcome_assert_pending (hang_up);
  side_end (client (f), two.a, OL2TP_PPP_END_CLOSED, NULL);
  world_drain (f->world);
  outcome_assert_success (hang_up);
  outcome_assert_success (down); /* without waiting for the claim whose session is gone */
  outcome_assert_pending (wait); /* but this does */
  side_end (client (f), two.b, OL2TP_PPP_END_AUTH_REFUSED, NULL);
  world_drain (f->world);
  outcome_assert_error (wait, OL2TP_ERROR_PPP_AUTH_FAILED, NULL);
}

/* Both sessions end in one turn, and with them the tunnel goes. */
static void
test_delete_tunnel (Fixture *f, gconstpointer data)
{
  Two two = call_two (f);
  g_autoptr (Outcome) deleted = world_delete_tunnel (f->world, f->tunnel);

  world_drain (f->world);
  side_end (client (f), two.b, OL2TP_PPP_END_CLOSED, NULL);
  side_end (client (f), two.a, OL2TP_PPP_END_FAILED, NULL);
  world_drain (f->world);
  outcome_assert_success (deleted);
  g_assert_null (world_first_tunnel (client (f)));
  g_assert_null (server_tunnel (f));
}

static void
test_tunnel_never_stops (Fixture *f, gconstpointer data)
{
  g_autoptr (Outcome) deleted = NULL;

  call_two (f);
  client (f)->end_on_down = FALSE;
  deleted = world_delete_tunnel (f->world, f->tunnel);
  world_wait (f->world, deleted);
  outcome_assert_success (deleted);
  g_assert_null (world_first_tunnel (client (f)));
  g_assert_cmpuint (client (f)->claims->len, ==, 2);
}

/* A session that is still connecting does not come up in a tunnel that closes. */
static void
test_connecting_in_closing_tunnel (Fixture *f, gconstpointer data)
{
  Ol2tpSessionEntry *second = world_add_session (f->world, f->tunnel, "s2");
  Claim *claim = call_until_up (f);
  g_autoptr (Outcome) call = world_connect_session (f->world, second, FALSE);
  g_autoptr (Outcome) down = world_disconnect_tunnel (f->world, f->tunnel);

  world_drain (f->world);
  outcome_assert_error (call, OL2TP_ERROR_CANCELED, "t/s2");
  g_assert_cmpuint (client (f)->n_claims_made, ==, 1);
  outcome_assert_pending (down);
  side_end (client (f), claim, OL2TP_PPP_END_CLOSED, NULL);
  world_drain (f->world);
  outcome_assert_success (down);
}

static void
test_incoming_in_closing_tunnel (Fixture *f, gconstpointer data)
{
  Ol2tpSessionEntry *second = world_add_session (f->world, f->tunnel, "s2");
  Side *server = &f->world->server;
  g_autoptr (Outcome) call = NULL, call_second = NULL;
  Ol2tpCause cause;

  client (f)->provider = PROVIDER_NONE;
  server->provider = PROVIDER_CLAIM;
  call = world_connect_session (f->world, f->session, FALSE);
  world_drain (f->world);
  outcome_assert_success (call);
  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 1, 0, NULL);
  ol2tp_controller_disconnect_tunnel (server->controller, server_tunnel (f), &cause, NULL, NULL);
  call_second = world_connect_session (f->world, second, FALSE);
  world_drain (f->world);
  outcome_assert_error (call_second, OL2TP_ERROR_PEER_REJECTED, "result 4");
  g_assert_cmpuint (server->n_claims_made, ==, 1);
  side_end (server, side_get_claim (server, 0), OL2TP_PPP_END_CLOSED, NULL);
  world_drain (f->world);
  g_assert_null (server_tunnel (f));
  g_assert_cmpuint (f->tunnel->id, ==, 0);
}

/* The server's StopCCN clears sessions whose PPP runs. */
static void
test_peer_closes_tunnel (Fixture *f, gconstpointer data)
{
  Ol2tpCause cause;

  call_two (f);
  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 1, 0, NULL);
  ol2tp_controller_disconnect_tunnel (f->world->server.controller, server_tunnel (f), &cause, NULL, NULL);
  world_drain (f->world);
  grammar_assert_story (client (f)->grammar, "t/s=idle\nt/s down\nt/s deleted\nt/s2=idle\nt/s2 down\nt/s2 deleted\n"
                                             "t=idle\nt down\nt deleted\n");
  g_assert_cmpuint (client (f)->claims->len, ==, 0);
}

static void
test_shutdown (Fixture *f, gconstpointer data)
{
  Two two = call_two (f);
  g_autoptr (Outcome) stopped = outcome_new (client (f), "stop");

  ol2tp_controller_shutdown (client (f)->controller, outcome_done, stopped);
  world_drain (f->world);
  outcome_assert_pending (stopped);
  side_end (client (f), two.a, OL2TP_PPP_END_CLOSED, NULL);
  world_drain (f->world);
  outcome_assert_pending (stopped);
  side_end (client (f), two.b, OL2TP_PPP_END_CLOSED, NULL);
  world_drain (f->world);
  outcome_assert_success (stopped);
  g_assert_null (server_tunnel (f));
}

int
main (int argc, char **argv)
{
  world_init (&argc, &argv);
#define ADD_WITH(name, func, data) g_test_add ("/daemon/controller-close/" name, Fixture, data, set_up, func, tear_down)
#define ADD(name, func) ADD_WITH (name, func, NULL)
  ADD ("hang-up", test_hang_up);
  ADD ("end-while-closing", test_end_while_closing);
  ADD ("hang-up-variants", test_hang_up_variants);
  ADD ("never-stops", test_never_stops);
  ADD ("cdn-before-end", test_cdn_before_end);
  ADD ("cdn-then-failed", test_cdn_then_failed);
  ADD ("cdn-and-no-end", test_cdn_and_no_end);
  ADD ("cdn-nobody-waits", test_cdn_nobody_waits);
  ADD ("delete-while-down", test_delete_while_down);
  ADD ("end-then-verb", test_end_then_verb);
  ADD_WITH ("disconnect-tunnel", test_disconnect_tunnel, GINT_TO_POINTER (FALSE));
  ADD_WITH ("disconnect-tunnel-reverse", test_disconnect_tunnel, GINT_TO_POINTER (TRUE));
  ADD ("disconnect-tunnel-mixed", test_disconnect_tunnel_mixed);
  ADD ("delete-tunnel", test_delete_tunnel);
  ADD ("tunnel-never-stops", test_tunnel_never_stops);
  ADD ("connecting-in-closing-tunnel", test_connecting_in_closing_tunnel);
  ADD ("incoming-in-closing-tunnel", test_incoming_in_closing_tunnel);
  ADD ("peer-closes-tunnel", test_peer_closes_tunnel);
  ADD ("shutdown", test_shutdown);
  return g_test_run ();
}
