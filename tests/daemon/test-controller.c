/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Life of tunnels and sessions as hooks, observers and callers see it: the exact order, and that all agree. */
#include "world.h"

#include <string.h>

typedef struct {
  World *world;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->world = world_new (NULL, data);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  world_free (f->world);
}

static void
test_up (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Grammar *grammar = w->client.grammar;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t");
  Ol2tpSessionEntry *session = world_add_session (w, tunnel, "s");
  g_autoptr (Outcome) up = NULL;

  grammar_assert_story (grammar, "hook tunnel created\nt added\nt created\nhook session created\nt/s added\nt/s created\n");
  grammar_check (grammar);
  up = world_connect_session (w, session, TRUE);
  world_wait (w, up);
  outcome_assert_success (up);
  grammar_assert_story (grammar, "t=wait-ctl-reply\n"
                                 "t/s=wait-tunnel\n"
                                 "hook tunnel up\n"
                                 "t=established\n"
                                 "t up\n"
                                 "t/s=wait-reply\n"
                                 "hook session up\n"
                                 "t/s=established\n"
                                 "t/s up\n"
                                 "call done\n");
  world_drain (w);
  grammar_check (grammar);
  /* The null data path needs no socket for a peer's tunnel: the listener has all of them. */
  g_assert_cmpint (
      ol2tp_endpoint_get_tunnel_fd (ol2tp_driver_get_endpoint (w->server.controller->driver), world_first_tunnel (&w->server)->id),
      ==, -1);
  grammar_assert_story (w->server.grammar, "hook tunnel created\n"
                                           "peer-1 added\n"
                                           "peer-1 created\n"
                                           "peer-1=wait-ctl-conn\n"
                                           "hook tunnel up\n"
                                           "peer-1=established\n"
                                           "peer-1 up\n"
                                           "hook session created\n"
                                           "peer-1/session-1 added\n"
                                           "peer-1/session-1 created\n"
                                           "peer-1/session-1=wait-connect\n"
                                           "hook session up\n"
                                           "peer-1/session-1=established\n"
                                           "peer-1/session-1 up\n");
  grammar_check (w->server.grammar);
}

static void
test_down (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Grammar *grammar = w->client.grammar;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t");
  Ol2tpSessionEntry *session = world_add_session (w, tunnel, "s");
  g_autoptr (Outcome) up = world_connect_session (w, session, TRUE), down = NULL, again = NULL, deleted = NULL;

  world_wait (w, up);
  world_drain (w);
  grammar_forget_story (grammar);
  grammar_forget_story (w->server.grammar);
  down = world_disconnect_tunnel (w, tunnel);
  outcome_assert_success (down);
  grammar_assert_story (grammar, "hook session down\n"
                                 "t/s=idle\n"
                                 "t/s down\n"
                                 "hook session deleted\n"
                                 "t/s deleted\n"
                                 "hook tunnel down\n"
                                 "t=idle\n"
                                 "t down\n"
                                 "hook tunnel deleted\n"
                                 "t deleted\n"
                                 "disconnect done\n");
  world_drain (w);
  grammar_assert_story (w->server.grammar, "hook session down\n"
                                           "peer-1/session-1=idle\n"
                                           "peer-1/session-1 down\n"
                                           "hook session deleted\n"
                                           "peer-1/session-1 deleted\n"
                                           "peer-1/session-1 removed\n"
                                           "hook tunnel down\n"
                                           "peer-1=idle\n"
                                           "peer-1 down\n"
                                           "hook tunnel deleted\n"
                                           "peer-1 deleted\n"
                                           "peer-1 removed\n");

  /* Dialled again: the objects stay, the IDs are new. */
  again = world_connect_session (w, session, TRUE);
  world_wait (w, again);
  outcome_assert_success (again);
  g_assert_true (
      g_str_has_prefix (grammar_get_story (grammar), "hook tunnel created\nt created\nhook session created\nt/s created\n"));
  grammar_forget_story (grammar);
  deleted = world_delete_tunnel (w, tunnel);
  outcome_assert_success (deleted);
  g_assert_true (g_str_has_suffix (grammar_get_story (grammar), "t deleted\nt/s removed\nt removed\ndelete done\n"));
  grammar_check (grammar);
  g_assert_cmpuint (ol2tp_model_get_n_tunnels (ol2tp_controller_get_model (w->client.controller)), ==, 0);
}

static void
test_session_verbs (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t");
  Ol2tpSessionEntry *session = world_add_session (w, tunnel, "s");
  g_autoptr (Outcome) up = NULL, twice = NULL, down = NULL, down_twice = NULL, again = NULL, deleted = NULL;
  guint32 first_id;

  grammar_with_hooks (w->client.grammar, FALSE);
  up = world_connect_session (w, session, TRUE);
  twice = world_connect_session (w, session, FALSE);
  outcome_assert_pending (twice);
  world_wait (w, up);
  outcome_assert_success (twice);
  first_id = session->id;
  grammar_forget_story (w->client.grammar);

  down = world_disconnect_session (w, session);
  outcome_assert_success (down);
  grammar_assert_story (w->client.grammar, "t/s=idle\nt/s down\nt/s deleted\nhang up done\n");
  g_assert_cmpint (tunnel->state, ==, OL2TP_ENTRY_ESTABLISHED);
  g_assert_cmpuint (session->id, ==, 0);
  down_twice = world_disconnect_session (w, session);
  outcome_assert_success (down_twice);
  grammar_assert_story (w->client.grammar, "hang up done\n");
  world_drain (w);
  g_assert_cmpuint (world_first_tunnel (&w->server)->sessions->len, ==, 0);

  again = world_connect_session (w, session, TRUE);
  world_wait (w, again);
  outcome_assert_success (again);
  g_assert_cmpuint (session->id, !=, first_id);
  grammar_assert_story (w->client.grammar, "t/s created\nt/s=wait-reply\nt/s=established\nt/s up\ncall done\n");
  deleted = world_delete_session (w, session);
  outcome_assert_success (deleted);
  grammar_assert_story (w->client.grammar, "t/s=idle\nt/s down\nt/s deleted\nt/s removed\ndelete call done\n");
  g_assert_cmpuint (tunnel->sessions->len, ==, 0);
}

/* Deleting and disconnecting what was never connected. */
static void
test_idle (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t");
  Ol2tpSessionEntry *one = world_add_session (w, tunnel, "one"), *two = world_add_session (w, tunnel, "two");
  g_autoptr (Outcome) hung_up = NULL, deleted_call = NULL, down = NULL, down_twice = NULL, deleted = NULL;

  grammar_with_hooks (w->client.grammar, FALSE);
  grammar_forget_story (w->client.grammar);
  hung_up = world_disconnect_session (w, one);
  outcome_assert_success (hung_up);
  grammar_assert_story (w->client.grammar, "t/one deleted\nhang up done\n");
  deleted_call = world_delete_session (w, one);
  outcome_assert_success (deleted_call);
  grammar_assert_story (w->client.grammar, "t/one removed\ndelete call done\n");

  down = world_disconnect_tunnel (w, tunnel);
  outcome_assert_success (down);
  grammar_assert_story (w->client.grammar, "t/two deleted\nt deleted\ndisconnect done\n");
  down_twice = world_disconnect_tunnel (w, tunnel);
  outcome_assert_success (down_twice);
  grammar_assert_story (w->client.grammar, "disconnect done\n");
  g_assert_cmpuint (two->id, ==, 0);
  deleted = world_delete_tunnel (w, tunnel);
  outcome_assert_success (deleted);
  grammar_assert_story (w->client.grammar, "t/two removed\nt removed\ndelete done\n");
  grammar_check (w->client.grammar);
}

/* A new session in a tunnel that lost its ID gives the tunnel a new one. */
static void
test_session_revives_tunnel (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t");
  g_autoptr (Outcome) down = world_disconnect_tunnel (w, tunnel), up = NULL;
  Ol2tpSessionEntry *session;

  outcome_assert_success (down);
  g_assert_cmpuint (tunnel->id, ==, 0);
  grammar_with_hooks (w->client.grammar, FALSE);
  grammar_forget_story (w->client.grammar);
  session = world_add_session (w, tunnel, "s");
  grammar_assert_story (w->client.grammar, "t created\nt/s added\nt/s created\n");
  up = world_connect_session (w, session, TRUE);
  world_wait (w, up);
  outcome_assert_success (up);
}

static void
test_connect_twice (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t");
  g_autoptr (Outcome) first = world_connect_tunnel (w, tunnel), second = world_connect_tunnel (w, tunnel), third = NULL;

  outcome_assert_pending (first);
  outcome_assert_pending (second);
  world_wait (w, first);
  outcome_assert_success (first);
  outcome_assert_success (second);
  third = world_connect_tunnel (w, tunnel);
  outcome_assert_success (third);
  world_drain (w);
  g_assert_cmpuint (ol2tp_model_get_n_tunnels (ol2tp_controller_get_model (w->server.controller)), ==, 1);
}

/* Somebody connects, somebody else gives up: Canceled, and the object can be used again. */
static void
test_cancel (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t");
  Ol2tpSessionEntry *session = world_add_session (w, tunnel, "s");
  g_autoptr (Outcome) up = world_connect_tunnel (w, tunnel), call = world_connect_session (w, session, TRUE);
  g_autoptr (Outcome) down = world_disconnect_tunnel (w, tunnel), again = NULL, hang_up = NULL;

  outcome_assert_error (up, OL2TP_ERROR_CANCELED, "tunnel t");
  outcome_assert_error (call, OL2TP_ERROR_CANCELED, "session t/s");
  outcome_assert_success (down);
  world_drain (w);
  g_assert_null (world_first_tunnel (&w->server));

  again = world_connect_session (w, session, TRUE);
  hang_up = world_disconnect_session (w, session);
  outcome_assert_error (again, OL2TP_ERROR_CANCELED, "session t/s");
  outcome_assert_success (hang_up);
  world_drain (w);
  g_assert_cmpint (tunnel->state, ==, OL2TP_ENTRY_ESTABLISHED);
  g_assert_cmpuint (world_first_tunnel (&w->server)->sessions->len, ==, 0);
}

static void
test_delete_while_connecting (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t");
  Ol2tpSessionEntry *session = world_add_session (w, tunnel, "s");
  g_autoptr (Outcome) up = world_connect_tunnel (w, tunnel), call = world_connect_session (w, session, TRUE);
  g_autoptr (Outcome) deleted = world_delete_tunnel (w, tunnel);

  outcome_assert_error (up, OL2TP_ERROR_CANCELED, NULL);
  outcome_assert_error (call, OL2TP_ERROR_CANCELED, NULL);
  outcome_assert_success (deleted);
  g_assert_null (world_first_tunnel (&w->client));
  world_drain (w);
  g_assert_null (world_first_tunnel (&w->server));
}

/* The server ends what the client has: the client's objects stay. */
static void
test_peer_closes (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t"), *theirs;
  Ol2tpSessionEntry *session = world_add_session (w, tunnel, "s");
  g_autoptr (Outcome) up = world_connect_session (w, session, TRUE);
  Ol2tpCause cause;

  world_wait (w, up);
  world_drain (w);
  grammar_with_hooks (w->client.grammar, FALSE);
  grammar_forget_story (w->client.grammar);
  theirs = world_first_tunnel (&w->server);
  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 3, 0, "enough\x01 \xff talk");
  ol2tp_controller_disconnect_session (w->server.controller, g_ptr_array_index (theirs->sessions, 0), &cause, NULL, NULL);
  world_drain (w);
  grammar_assert_story (w->client.grammar, "t/s=idle\nt/s down\nt/s deleted\n");
  g_assert_cmpuint (session->cause.result_code, ==, 3);
  g_assert_true (session->cause.from_peer);
  g_assert_true (g_utf8_validate (session->cause.message, -1, NULL));
  g_assert_nonnull (strstr (session->cause.message, "enough"));

  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 1, 0, "bye");
  ol2tp_controller_disconnect_tunnel (w->server.controller, theirs, &cause, NULL, NULL);
  world_drain (w);
  grammar_assert_story (w->client.grammar, "t=idle\nt down\nt deleted\n");
  g_assert_cmpstr (tunnel->cause.message, ==, "bye");
  g_assert_null (world_first_tunnel (&w->server));
}

/* The peer reads our last messages in one go: what is over already is not told as up. */
static void
test_short_tunnel (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t");
  g_autoptr (Outcome) up = world_connect_tunnel (w, tunnel), down = NULL;

  world_wait (w, up);
  down = world_disconnect_tunnel (w, tunnel); /* StopCCN right behind SCCCN */
  world_drain (w);
  grammar_assert_story (w->server.grammar, "hook tunnel created\n"
                                           "peer-1 added\n"
                                           "peer-1 created\n"
                                           "peer-1=wait-ctl-conn\n"
                                           "peer-1=idle\n"
                                           "hook tunnel deleted\n"
                                           "peer-1 deleted\n"
                                           "peer-1 removed\n");
}

static void
test_short_session (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t"), *theirs;
  Ol2tpSessionEntry *session = world_add_session (w, tunnel, "s");
  g_autoptr (Outcome) up = world_connect_tunnel (w, tunnel), call = NULL, hang_up = NULL, second = NULL;
  Ol2tpCause cause;

  world_wait (w, up);
  world_drain (w);
  call = world_connect_session (w, session, TRUE);
  world_wait (w, call);
  hang_up = world_disconnect_session (w, session); /* CDN right behind ICCN */
  world_drain (w);
  grammar_check (w->server.grammar);
  theirs = world_first_tunnel (&w->server);
  g_assert_cmpuint (theirs->sessions->len, ==, 0);

  second = world_connect_session (w, session, TRUE);
  while (theirs->sessions->len == 0)
    g_main_context_iteration (NULL, TRUE);
  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 4, 0, "changed my mind");
  ol2tp_controller_disconnect_session (w->server.controller, g_ptr_array_index (theirs->sessions, 0), &cause, NULL, NULL);
  world_drain (w); /* CDN right behind ICRP */
  outcome_assert_error (second, OL2TP_ERROR_PEER_REJECTED, "changed my mind");
  grammar_check (w->client.grammar);
}

/* Both ends close at once: each is told once. */
static void
test_crossing (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t");
  Ol2tpSessionEntry *session = world_add_session (w, tunnel, "s");
  g_autoptr (Outcome) up = world_connect_session (w, session, TRUE), down = NULL, hang_up = NULL;
  Ol2tpTunnelEntry *theirs;
  Ol2tpCause cause;

  world_wait (w, up);
  world_drain (w);
  theirs = world_first_tunnel (&w->server);
  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 1, 0, NULL);
  ol2tp_controller_disconnect_session (w->server.controller, g_ptr_array_index (theirs->sessions, 0), &cause, NULL, NULL);
  hang_up = world_disconnect_session (w, session);
  outcome_assert_success (hang_up);
  ol2tp_controller_disconnect_tunnel (w->server.controller, theirs, &cause, NULL, NULL);
  down = world_disconnect_tunnel (w, tunnel);
  outcome_assert_success (down);
  world_drain (w);
  grammar_check (w->client.grammar);
  grammar_check (w->server.grammar);
  g_assert_null (world_first_tunnel (&w->server));
}

static void
test_shutdown (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t"), *idle = world_add_tunnel (w, "idle");
  Ol2tpSessionEntry *session = world_add_session (w, tunnel, "s");
  g_autoptr (Outcome) up = world_connect_session (w, session, TRUE), stopped = NULL, late = NULL, late_call = NULL, twice = NULL;
  g_autoptr (GError) error = NULL;

  world_wait (w, up);
  world_drain (w);
  grammar_forget_story (w->client.grammar);
  grammar_with_hooks (w->client.grammar, FALSE);
  stopped = outcome_new (&w->client, "stop");
  ol2tp_controller_shutdown (w->client.controller, outcome_done, stopped);
  outcome_assert_pending (stopped); /* the peer has not acknowledged yet */
  grammar_assert_story (w->client.grammar, "t/s=idle\nt/s down\nt/s deleted\nt=idle\nt down\nt deleted\nidle deleted\n");
  g_assert_cmpuint (idle->id, ==, 0);

  /* Nothing begins any more. */
  late = world_connect_tunnel (w, tunnel);
  outcome_assert_error (late, OL2TP_ERROR_WRONG_STATE, "stopping");
  late_call = world_connect_session (w, session, TRUE);
  outcome_assert_error (late_call, OL2TP_ERROR_WRONG_STATE, "stopping");
  g_assert_null (ol2tp_controller_create_tunnel (w->client.controller, "x", "127.0.0.1", OL2TP_ORIGIN_RUNTIME, 0,
                                                 world_tunnel_settings (w), &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE);
  world_wait (w, stopped);
  outcome_assert_success (stopped);
  twice = outcome_new (&w->client, "stop");
  ol2tp_controller_shutdown (w->client.controller, outcome_done, twice);
  outcome_assert_error (twice, OL2TP_ERROR_IN_PROGRESS, "stopping");
  world_drain (w);
  g_assert_null (world_first_tunnel (&w->server));
}

/* Modified: signal and hook while there is an ID, only the property otherwise. */
static void
test_modified (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t");
  Ol2tpSessionEntry *session = world_add_session (w, tunnel, "s");
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (WORLD_SECRET, strlen (WORLD_SECRET));
  g_autoptr (Outcome) down = NULL;

  grammar_forget_story (w->client.grammar);
  ol2tp_controller_set_tunnel_secret (w->client.controller, tunnel, secret);
  ol2tp_controller_set_session_password (w->client.controller, session, secret);
  grammar_assert_story (w->client.grammar, "hook tunnel modified\nt modified\nhook session modified\nt/s modified\n");
  down = world_disconnect_tunnel (w, tunnel);
  grammar_forget_story (w->client.grammar);
  ol2tp_controller_set_tunnel_secret (w->client.controller, tunnel, NULL);
  ol2tp_controller_set_session_password (w->client.controller, session, NULL);
  grammar_assert_story (w->client.grammar, "");
  grammar_check (w->client.grammar);
}

static void
test_stats (Fixture *f, gconstpointer data)
{
  World *w = f->world;
  Ol2tpController *c = w->client.controller;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (w, "t");
  Ol2tpSessionEntry *session = world_add_session (w, tunnel, "s");
  g_autoptr (Outcome) up = NULL, down = NULL;
  g_autoptr (GError) error = NULL;
  Ol2tpTunnelStats control;
  Ol2tpDatapathStats octets;

  g_assert_false (ol2tp_controller_get_session_stats (c, session, &octets, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE);
  g_clear_error (&error);
  up = world_connect_session (w, session, TRUE);
  world_wait (w, up);
  g_assert_true (ol2tp_controller_get_session_stats (c, session, &octets, &error));
  g_assert_true (ol2tp_controller_get_tunnel_stats (c, tunnel, &control, &octets, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (control.tx_packets, >=, 4);
  g_assert_cmpuint (control.retransmits, ==, 0);
  down = world_disconnect_tunnel (w, tunnel);
  g_assert_false (ol2tp_controller_get_tunnel_stats (c, tunnel, &control, &octets, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE);
}

static void
test_names (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *name, *peer;
    Ol2tpError code;
  } cases[] = {
    { "t", "127.0.0.1", OL2TP_ERROR_ALREADY_EXISTS }, { "a b", "x", OL2TP_ERROR_INVALID_ARGUMENTS },
    { "a/b", "x", OL2TP_ERROR_INVALID_ARGUMENTS },    { "ä", "x", OL2TP_ERROR_INVALID_ARGUMENTS },
    { "a", "", OL2TP_ERROR_INVALID_ARGUMENTS },       { "a", "x%", OL2TP_ERROR_INVALID_ARGUMENTS },
    { "a", "x y", OL2TP_ERROR_INVALID_ARGUMENTS },    { "a", "x\n", OL2TP_ERROR_INVALID_ARGUMENTS },
  };
  Ol2tpController *c = f->world->client.controller;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (f->world, "t");
  g_autofree char *longest = g_strnfill (64, 'n'), *too_long = g_strnfill (65, 'n'), *long_peer = g_strnfill (257, 'p');
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_null (ol2tp_controller_create_tunnel (c, cases[i].name, cases[i].peer, OL2TP_ORIGIN_RUNTIME, 0,
                                                     ol2tp_tunnel_settings_new (), &error));
      g_assert_error (error, OL2TP_ERROR, (int) cases[i].code);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_clear_error (&error);
    }
  g_assert_null (ol2tp_controller_create_tunnel (c, too_long, "x", OL2TP_ORIGIN_RUNTIME, 0, ol2tp_tunnel_settings_new (), NULL));
  g_assert_null (ol2tp_controller_create_tunnel (c, "a", long_peer, OL2TP_ORIGIN_RUNTIME, 0, ol2tp_tunnel_settings_new (), NULL));
  g_assert_null (ol2tp_controller_create_session (c, tunnel, "a b", ol2tp_session_settings_new (), NULL));
  g_assert_nonnull (ol2tp_controller_create_session (c, tunnel, longest, ol2tp_session_settings_new (), NULL));
  g_assert_null (ol2tp_controller_create_session (c, tunnel, longest, ol2tp_session_settings_new (), &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_ALREADY_EXISTS);
  grammar_check (f->world->client.grammar);
}

int
main (int argc, char **argv)
{
  world_init (&argc, &argv);
#define ADD(name, func) g_test_add ("/daemon/controller/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("up", test_up);
  ADD ("down", test_down);
  ADD ("session-verbs", test_session_verbs);
  ADD ("idle", test_idle);
  ADD ("session-revives-tunnel", test_session_revives_tunnel);
  ADD ("connect-twice", test_connect_twice);
  ADD ("cancel", test_cancel);
  ADD ("delete-while-connecting", test_delete_while_connecting);
  ADD ("peer-closes", test_peer_closes);
  ADD ("short-tunnel", test_short_tunnel);
  ADD ("short-session", test_short_session);
  ADD ("crossing", test_crossing);
  ADD ("shutdown", test_shutdown);
  ADD ("modified", test_modified);
  ADD ("stats", test_stats);
  ADD ("names", test_names);
  return g_test_run ();
}
