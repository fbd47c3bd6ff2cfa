/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can go wrong on the way up: names, routes, kernel, limits, secrets, plugins that refuse; and stopping when nobody answers.
 */
#include "world.h"

#include <errno.h>
#include <string.h>

typedef struct {
  World *world;
} Fixture;

/* Data of a test: more configuration. */
typedef struct {
  const char *client, *server;
} Setup;

static GResolver *real_resolver; /* while a test uses another one */

static void
set_up (Fixture *f, gconstpointer data)
{
  const Setup *setup = data;

  f->world = setup != NULL ? world_new (setup->client, setup->server) : world_new (NULL, NULL);
  grammar_with_hooks (f->world->client.grammar, FALSE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  world_free (f->world);
  if (real_resolver != NULL)
    g_resolver_set_default (real_resolver);
  g_clear_object (&real_resolver);
}

static Ol2tpTunnelEntry *
add_tunnel_to (Fixture *f, const char *name, const char *peer, const char *key, const char *value)
{
  Ol2tpTunnelSettings *settings = world_tunnel_settings (f->world);
  g_autoptr (GError) error = NULL;
  Ol2tpTunnelEntry *tunnel;

  if (key != NULL)
    g_assert_true (ol2tp_tunnel_settings_set_string (settings, key, value, NULL));
  tunnel = ol2tp_controller_create_tunnel (f->world->client.controller, name, peer, OL2TP_ORIGIN_RUNTIME, 0, settings, &error);
  g_assert_no_error (error);
  return tunnel;
}

/* Connecting fails, with and without a session, and afterwards the objects are idle and can be deleted. */
static void
assert_fails (Fixture *f, Ol2tpTunnelEntry *tunnel, Ol2tpError code, const char *text)
{
  Ol2tpSessionEntry *session = world_add_session (f->world, tunnel, NULL);
  g_autoptr (Outcome) up = world_connect_tunnel (f->world, tunnel), call = NULL, deleted = NULL;

  world_wait (f->world, up);
  outcome_assert_error (up, code, text);
  g_assert_cmpuint (tunnel->id, ==, 0);
  g_assert_cmpint (tunnel->state, ==, OL2TP_ENTRY_IDLE);
  grammar_check (f->world->client.grammar);
  call = world_connect_session (f->world, session, TRUE);
  world_wait (f->world, call);
  outcome_assert_error (call, code, text);
  g_assert_cmpuint (session->id, ==, 0);
  grammar_check (f->world->client.grammar);
  deleted = world_delete_tunnel (f->world, tunnel);
  outcome_assert_success (deleted);
}

/* A resolver that answers when it is told to. */

#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

struct _TestResolver {
  GResolver parent;
  GPtrArray *tasks;
};

G_DEFINE_FINAL_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static void
lookup_async (GResolver *resolver, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_ptr_array_add (TEST_RESOLVER (resolver)->tasks, g_task_new (resolver, cancellable, callback, data));
}

static GList *
lookup_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_finalize (GObject *object)
{
  g_ptr_array_unref (TEST_RESOLVER (object)->tasks);
  G_OBJECT_CLASS (test_resolver_parent_class)->finalize (object);
}

static void
test_resolver_class_init (TestResolverClass *class)
{
  G_OBJECT_CLASS (class)->finalize = test_resolver_finalize;
  G_RESOLVER_CLASS (class)->lookup_by_name_async = lookup_async;
  G_RESOLVER_CLASS (class)->lookup_by_name_finish = lookup_finish;
}

static void
test_resolver_init (TestResolver *self)
{
  self->tasks = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
free_addresses (gpointer data)
{
  g_list_free_full (data, g_object_unref);
}

/* Answers the oldest question: @addresses separated by blanks, NULL = no such name. */
static void
resolver_answer (TestResolver *self, const char *addresses)
{
  g_autoptr (GTask) task = g_ptr_array_steal_index (self->tasks, 0);
  g_auto (GStrv) words = g_strsplit (addresses != NULL ? addresses : "", " ", -1);
  GList *list = NULL;

  if (addresses == NULL)
    {
      g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no such name");
      return;
    }
  for (char **word = words; *word != NULL; word++)
    list = g_list_append (list, g_inet_address_new_from_string (*word));
  g_task_return_pointer (task, list, free_addresses);
}

static TestResolver *
use_resolver (void)
{
  TestResolver *resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);

  real_resolver = g_resolver_get_default ();
  g_resolver_set_default (G_RESOLVER (resolver));
  return resolver;
}

static void
test_resolve (Fixture *f, gconstpointer data)
{
  g_autoptr (TestResolver) resolver = use_resolver ();
  Ol2tpTunnelEntry *tunnel = add_tunnel_to (f, "t", "lns.test", NULL, NULL);
  Ol2tpSessionEntry *session = world_add_session (f->world, tunnel, "s");
  g_autoptr (Outcome) up = world_connect_session (f->world, session, TRUE), failed = NULL, wrong_family = NULL, down = NULL;

  g_assert_cmpint (tunnel->state, ==, OL2TP_ENTRY_RESOLVING);
  g_assert_cmpint (session->state, ==, OL2TP_ENTRY_WAIT_TUNNEL);
  grammar_check (f->world->client.grammar);
  resolver_answer (resolver, "127.0.0.1 ::1");
  world_wait (f->world, up);
  outcome_assert_success (up);

  down = world_disconnect_tunnel (f->world, tunnel);
  failed = world_connect_tunnel (f->world, tunnel);
  resolver_answer (resolver, NULL);
  world_wait (f->world, failed);
  outcome_assert_error (failed, OL2TP_ERROR_RESOLVE_FAILED, "lns.test");

  g_assert_true (ol2tp_address_parse ("127.0.0.1", &tunnel->settings->local_address));
  wrong_family = world_connect_tunnel (f->world, tunnel);
  resolver_answer (resolver, "::1");
  world_wait (f->world, wrong_family);
  outcome_assert_error (wrong_family, OL2TP_ERROR_RESOLVE_FAILED, "family");
}

/* The answer comes when nobody wants it any more. */
static void
test_resolve_canceled (Fixture *f, gconstpointer data)
{
  g_autoptr (TestResolver) resolver = use_resolver ();
  Ol2tpTunnelEntry *tunnel = add_tunnel_to (f, "t", "lns.test", NULL, NULL);
  Ol2tpTunnelEntry *other = add_tunnel_to (f, "o", "lns.test", NULL, NULL);
  g_autoptr (Outcome) up = world_connect_tunnel (f->world, tunnel), other_up = world_connect_tunnel (f->world, other);
  g_autoptr (Outcome) down = world_disconnect_tunnel (f->world, tunnel), again = NULL, deleted = NULL;

  outcome_assert_error (up, OL2TP_ERROR_CANCELED, NULL);
  outcome_assert_success (down);
  deleted = world_delete_tunnel (f->world, other);
  outcome_assert_error (other_up, OL2TP_ERROR_CANCELED, NULL);
  outcome_assert_success (deleted);
  again = world_connect_tunnel (f->world, tunnel);
  resolver_answer (resolver, "127.0.0.1"); /* to the first */
  resolver_answer (resolver, NULL);        /* to the other */
  world_drain (f->world);
  outcome_assert_pending (again);
  resolver_answer (resolver, "127.0.0.1");
  world_wait (f->world, again);
  outcome_assert_success (again);
}

static void
test_resolve_real (Fixture *f, gconstpointer data)
{
  assert_fails (f, add_tunnel_to (f, "t", "no..name.invalid", NULL, NULL), OL2TP_ERROR_RESOLVE_FAILED, "no..name.invalid");
}

/* A controller that goes while a name is looked up, and while somebody waits. */
static void
test_free_without_shutdown (Fixture *f, gconstpointer data)
{
  g_autoptr (TestResolver) resolver = use_resolver ();
  Ol2tpTunnelEntry *tunnel = add_tunnel_to (f, "t", "lns.test", NULL, NULL), *up = world_add_tunnel (f->world, "up");
  Ol2tpSessionEntry *session = world_add_session (f->world, tunnel, NULL), *with_ppp = world_add_session (f->world, up, NULL);
  g_autoptr (Outcome) connecting = world_connect_tunnel (f->world, tunnel),
                      calling = world_connect_session (f->world, session, TRUE);
  g_autoptr (Outcome) negotiating = NULL, hanging_up = NULL;

  f->world->client.provider = PROVIDER_CLAIM;
  negotiating = world_connect_session (f->world, with_ppp, TRUE);
  world_drain (f->world);
  hanging_up = world_disconnect_session (f->world, with_ppp);
  outcome_assert_pending (negotiating);
  world_kill_side (&f->world->client);
  outcome_assert_error (connecting, OL2TP_ERROR_CANCELED, NULL);
  outcome_assert_error (calling, OL2TP_ERROR_CANCELED, NULL);
  outcome_assert_error (negotiating, OL2TP_ERROR_CANCELED, NULL);
  outcome_assert_error (hanging_up, OL2TP_ERROR_CANCELED, NULL);
  resolver_answer (resolver, "127.0.0.1");
  world_drain (f->world);
}

/* Routes and peers. */

static void
test_unreachable (Fixture *f, gconstpointer data)
{
  assert_fails (f, add_tunnel_to (f, "a", "255.255.255.255", NULL, NULL), OL2TP_ERROR_UNREACHABLE, "255.255.255.255");
  assert_fails (f, add_tunnel_to (f, "b", "127.0.0.1", "local-address", "203.0.113.1"), OL2TP_ERROR_UNREACHABLE, "203.0.113.1");
  assert_fails (f, add_tunnel_to (f, "c", "127.0.0.1", "local-address", "::1"), OL2TP_ERROR_INVALID_ARGUMENTS, "family");
}

static void
test_timeout (Fixture *f, gconstpointer data)
{
  Ol2tpTunnelEntry *tunnel = add_tunnel_to (f, "t", "127.0.0.1", "peer-port", "9");

  tunnel->settings->retry_timeout_ms = 100;
  tunnel->settings->max_retries = 1;
  assert_fails (f, tunnel, OL2TP_ERROR_TIMEOUT, "127.0.0.1:9");
}

static void
test_kernel (Fixture *f, gconstpointer data)
{
  if (f->world->client.controller->datapath != NULL)
    {
      g_test_skip ("this kernel has L2TP");
      return;
    }
  g_assert_nonnull (strstr (world_get_warnings (), "no data path"));
  assert_fails (f, world_add_tunnel (f->world, "t"), OL2TP_ERROR_KERNEL_UNSUPPORTED, "t");
}

/* Limits. */

static void
test_own_limits (Fixture *f, gconstpointer data)
{
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (f->world, "t");
  g_autoptr (GError) error = NULL;

  g_assert_null (ol2tp_controller_create_tunnel (f->world->client.controller, "x", "127.0.0.1", OL2TP_ORIGIN_RUNTIME, 0,
                                                 world_tunnel_settings (f->world), &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_LIMIT_EXCEEDED);
  g_clear_error (&error);
  tunnel->settings->max_sessions = 1;
  world_add_session (f->world, tunnel, "one");
  g_assert_null (
      ol2tp_controller_create_session (f->world->client.controller, tunnel, "two", ol2tp_session_settings_new (), &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_LIMIT_EXCEEDED);
  g_assert_nonnull (strstr (error->message, "max-sessions"));
}

/* The server takes one: the second is refused with CDN 4, and taken when the first is gone. */
static void
test_one_session (Fixture *f, gconstpointer data)
{
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (f->world, "t");
  Ol2tpSessionEntry *one = world_add_session (f->world, tunnel, "one"), *two = world_add_session (f->world, tunnel, "two");
  g_autoptr (Outcome) first = world_connect_session (f->world, one, TRUE), second = NULL, hang_up = NULL, third = NULL;

  world_wait (f->world, first);
  outcome_assert_success (first);
  second = world_connect_session (f->world, two, TRUE);
  world_wait (f->world, second);
  outcome_assert_error (second, OL2TP_ERROR_PEER_REJECTED, "result 4");
  g_assert_cmpint (tunnel->state, ==, OL2TP_ENTRY_ESTABLISHED);
  g_assert_cmpuint (world_first_tunnel (&f->world->server)->sessions->len, ==, 1);
  hang_up = world_disconnect_session (f->world, one);
  third = world_connect_session (f->world, two, TRUE);
  world_wait (f->world, third);
  outcome_assert_success (third);
}

static void
test_one_tunnel (Fixture *f, gconstpointer data)
{
  Ol2tpTunnelEntry *one = world_add_tunnel (f->world, "one"), *two = world_add_tunnel (f->world, "two");
  g_autoptr (Outcome) first = world_connect_tunnel (f->world, one), second = NULL;

  world_wait (f->world, first);
  outcome_assert_success (first);
  second = world_connect_tunnel (f->world, two);
  world_wait (f->world, second);
  outcome_assert_error (second, OL2TP_ERROR_PEER_REJECTED, "result 2 error 4");
}

/* An address belongs to PPP until that has ended, not only until its session is down. */
static void
test_pool_and_ppp (Fixture *f, gconstpointer data)
{
  Side *server = &f->world->server;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (f->world, "t");
  Ol2tpSessionEntry *session = world_add_session (f->world, tunnel, "s");
  g_autoptr (Outcome) first = NULL, hang_up = NULL, second = NULL, third = NULL;
  const Ol2tpPppConfig *config;
  char secret[8];

  server->provider = PROVIDER_CLAIM;
  server->end_on_down = FALSE;
  first = world_connect_session (f->world, session, TRUE);
  world_drain (f->world);
  outcome_assert_success (first);
  ol2tp_plugins_set_services (&ol2tp_controller_services, server->controller);
  config = ol2tp_ppp_get_config (side_get_claim (server, 0)->ppp);
  g_assert_cmpint (config->lns, ==, 1);
  g_assert_cmphex (ntohl (config->local_ip.s_addr), ==, 0x0a000001);
  g_assert_cmphex (ntohl (config->peer_ip.s_addr), ==, 0x0a000002);
  g_assert_cmpstr (config->user, ==, "server");
  g_assert_cmpuint (config->auth, !=, 0);
  g_assert_cmpint (ol2tp_ppp_get_secret (side_get_claim (server, 0)->ppp, "alice", secret, sizeof secret), ==, 3);
  g_assert_cmpstr (secret, ==, "abc");
  g_assert_cmpint (ol2tp_ppp_get_secret (side_get_claim (server, 0)->ppp, "DOM\\alice", secret, 4), ==, 3);
  g_assert_cmpint (ol2tp_ppp_get_secret (side_get_claim (server, 0)->ppp, "alice", secret, 3), ==, -1);
  g_assert_cmpint (ol2tp_ppp_get_secret (side_get_claim (server, 0)->ppp, "bob", secret, sizeof secret), ==, -1);

  hang_up = world_disconnect_session (f->world, session);
  world_drain (f->world);
  second = world_connect_session (f->world, session, TRUE);
  world_drain (f->world);
  outcome_assert_error (second, OL2TP_ERROR_PEER_REJECTED, "result 4");
  side_end (server, side_get_claim (server, 0), OL2TP_PPP_END_CLOSED, NULL);
  server->end_on_down = TRUE;
  third = world_connect_session (f->world, session, TRUE);
  world_drain (f->world);
  outcome_assert_success (third);
}

/* Secrets. */

static void
set_secret (Fixture *f, Ol2tpTunnelEntry *tunnel, const char *text)
{
  g_autoptr (Ol2tpSecret) secret = ol2tp_secret_new (text, strlen (text));

  ol2tp_controller_set_tunnel_secret (f->world->client.controller, tunnel, secret);
}

static void
test_secrets (Fixture *f, gconstpointer data)
{
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (f->world, "t");
  g_autoptr (Outcome) right = NULL;

  assert_fails (f, world_add_tunnel (f->world, "none"), OL2TP_ERROR_NO_SECRETS, "none");
  assert_fails (f, add_tunnel_to (f, "wrong", "127.0.0.1", "secret", "not it"), OL2TP_ERROR_TUNNEL_AUTH_FAILED, "wrong");
  set_secret (f, tunnel, WORLD_SECRET);
  right = world_connect_tunnel (f->world, tunnel);
  world_wait (f->world, right);
  outcome_assert_success (right);
  world_drain (f->world);
  g_assert_cmpint (tunnel->authenticated, ==, OL2TP_AUTHENTICATED_MUTUAL);
  g_assert_cmpstr (tunnel->peer_host_name, ==, "server");
  g_assert_cmpint (world_first_tunnel (&f->world->server)->authenticated, ==, OL2TP_AUTHENTICATED_MUTUAL);
  g_assert_null (strstr (world_get_warnings (), WORLD_SECRET));
}

static void
test_secret_unknown_to_server (Fixture *f, gconstpointer data)
{
  assert_fails (f, add_tunnel_to (f, "t", "127.0.0.1", "secret", WORLD_SECRET), OL2TP_ERROR_TUNNEL_AUTH_FAILED, "t");
}

/* Plugins that refuse. */

static void
test_server_refuses_tunnel (Fixture *f, gconstpointer data)
{
  Side *server = &f->world->server;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (f->world, "t");
  g_autoptr (Outcome) up = NULL;

  server->tunnel_created = -1;
  up = world_connect_tunnel (f->world, tunnel);
  world_wait (f->world, up);
  g_assert_nonnull (up->error);
  g_assert_cmpuint (tunnel->cause.result_code, ==, 4); /* RFC 2661 section 4.4.2: not authorized */
  g_assert_true (tunnel->cause.from_peer);
  world_drain (f->world);
  grammar_assert_story (server->grammar, "hook tunnel created refused\n");
  grammar_check (server->grammar);
  g_assert_null (world_first_tunnel (server));
}

static void
test_server_refuses_session (Fixture *f, gconstpointer data)
{
  Side *server = &f->world->server;
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (f->world, "t");
  Ol2tpSessionEntry *session = world_add_session (f->world, tunnel, "s");
  g_autoptr (Outcome) up = world_connect_tunnel (f->world, tunnel), call = NULL, call_again = NULL;

  world_wait (f->world, up);
  world_drain (f->world);
  grammar_forget_story (server->grammar);
  server->session_created = -EEXIST; /* tolerated only for what is created here */
  for (int i = 0; i < 2; i++)        /* two, so that an address not given back is noticed */
    {
      g_autoptr (Outcome) refused = world_connect_session (f->world, session, TRUE);

      world_wait (f->world, refused);
      outcome_assert_error (refused, OL2TP_ERROR_PEER_REJECTED, "result 2 error 6");
    }
  world_drain (f->world);
  grammar_assert_story (server->grammar, "hook session created refused\nhook session created refused\n");
  grammar_check (server->grammar);
  server->session_created = 0;
  server->provider = PROVIDER_REFUSE_UNCLAIMED;
  call = world_connect_session (f->world, session, TRUE);
  world_drain (f->world);
  g_assert_cmpuint (session->id, ==, 0); /* it was up for a moment: the server refuses in its up hook */
  server->provider = PROVIDER_NONE;
  call_again = world_connect_session (f->world, session, TRUE);
  world_wait (f->world, call_again);
  outcome_assert_success (call_again);
}

static void
test_client_refuses (Fixture *f, gconstpointer data)
{
  Side *client = &f->world->client;
  Ol2tpTunnelEntry *tunnel;
  Ol2tpSessionEntry *session;
  g_autoptr (GError) error = NULL;
  g_autoptr (Outcome) hang_up = NULL, refused = NULL, call = NULL;

  client->tunnel_created = -1; /* ignored */
  tunnel = world_add_tunnel (f->world, "t");
  client->session_created = -1;
  grammar_forget_story (client->grammar);
  g_assert_null (ol2tp_controller_create_session (client->controller, tunnel, "s", ol2tp_session_settings_new (), &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "hooks-client"));
  grammar_assert_story (client->grammar, "");
  grammar_check (client->grammar);

  client->session_created = -EEXIST;
  session = world_add_session (f->world, tunnel, "s");
  hang_up = world_disconnect_session (f->world, session);
  client->session_created = -1;
  refused = world_connect_session (f->world, session, TRUE);
  outcome_assert_error (refused, OL2TP_ERROR_FAILED, "hooks-client");
  g_assert_cmpuint (session->id, ==, 0);
  grammar_check (client->grammar);
  client->session_created = 0;
  call = world_connect_session (f->world, session, TRUE);
  world_wait (f->world, call);
  outcome_assert_success (call);
}

/* Stopping. */

static void
shut_down (Fixture *f, Outcome *stopped)
{
  ol2tp_controller_shutdown (f->world->client.controller, outcome_done, stopped);
  world_wait (f->world, stopped);
  outcome_assert_success (stopped);
}

/* The peer is dead: the shutdown ends after 8 seconds (of a hurried clock), and everything was told. */
static void
test_shutdown_unanswered (Fixture *f, gconstpointer data)
{
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (f->world, "t"), *connecting;
  g_autoptr (Outcome) up = world_connect_tunnel (f->world, tunnel), stopped = outcome_new (&f->world->client, "stop"),
                      attempt = NULL;
  gint64 begin_us = g_get_monotonic_time ();

  world_wait (f->world, up);
  world_drain (f->world);
  world_kill_side (&f->world->server);
  connecting = world_add_tunnel (f->world, "c");
  attempt = world_connect_tunnel (f->world, connecting);
  grammar_forget_story (f->world->client.grammar);
  shut_down (f, stopped);
  outcome_assert_error (attempt, OL2TP_ERROR_CANCELED, NULL);
  grammar_assert_story (f->world->client.grammar, "t=idle\nt down\nt deleted\nc=idle\nc deleted\nconnect failed\nstop done\n");
  g_assert_cmpint (g_get_monotonic_time () - begin_us, >=, 8 * G_USEC_PER_SEC / WORLD_HURRY);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 2 * G_USEC_PER_SEC);
}

/* PPP does not end: the same. */
static void
test_shutdown_ppp_hangs (Fixture *f, gconstpointer data)
{
  Ol2tpTunnelEntry *tunnel = world_add_tunnel (f->world, "t");
  Ol2tpSessionEntry *session = world_add_session (f->world, tunnel, "s");
  g_autoptr (Outcome) call = NULL, stopped = NULL, hang_up = NULL;

  f->world->client.provider = PROVIDER_CLAIM;
  f->world->client.end_on_down = FALSE;
  call = world_connect_session (f->world, session, FALSE);
  world_wait (f->world, call);
  stopped = outcome_new (&f->world->client, "stop");
  ol2tp_controller_shutdown (f->world->client.controller, outcome_done, stopped);
  hang_up = world_disconnect_session (f->world, session);
  world_wait (f->world, stopped);
  outcome_assert_success (stopped);
  outcome_assert_success (hang_up);
  g_assert_cmpuint (session->id, ==, 0);
  g_assert_cmpuint (tunnel->id, ==, 0);
  world_drain (f->world);
  g_assert_null (world_first_tunnel (&f->world->server));
}

int
main (int argc, char **argv)
{
  static const Setup with_secret = { NULL, "secret=" WORLD_SECRET "\n" };
  static const Setup with_pool = { NULL, "ip-range=10.0.0.1-10.0.0.2\nlocal-ip=10.0.0.1\n[user alice]\npassword=abc\n" };
  static const Setup kernel = { "datapath=kernel\n", NULL };
  static const Setup own_limits = { "max-tunnels=1\n", NULL };
  static const Setup one_session = { NULL, "max-sessions=1" };
  static const Setup one_tunnel = { NULL, "max-tunnels=1" };
  static const Setup one_a_tunnel = { NULL, "\nmax-sessions=1\n" };

  world_init (&argc, &argv);
#define ADD_WITH(name, func, setup) g_test_add ("/daemon/controller-failures/" name, Fixture, setup, set_up, func, tear_down)
#define ADD(name, func) ADD_WITH (name, func, NULL)
  ADD ("resolve", test_resolve);
  ADD ("resolve-canceled", test_resolve_canceled);
  ADD ("resolve-real", test_resolve_real);
  ADD ("free-without-shutdown", test_free_without_shutdown);
  ADD ("unreachable", test_unreachable);
  ADD ("timeout", test_timeout);
  ADD_WITH ("kernel", test_kernel, &kernel);
  ADD_WITH ("own-limits", test_own_limits, &own_limits);
  ADD_WITH ("one-session", test_one_session, &one_session);
  ADD_WITH ("one-session-a-tunnel", test_one_session, &one_a_tunnel);
  ADD_WITH ("one-address", test_one_session, &with_pool);
  ADD_WITH ("one-tunnel", test_one_tunnel, &one_tunnel);
  ADD_WITH ("pool-and-ppp", test_pool_and_ppp, &with_pool);
  ADD_WITH ("secrets", test_secrets, &with_secret);
  ADD ("secret-unknown-to-server", test_secret_unknown_to_server);
  ADD ("server-refuses-tunnel", test_server_refuses_tunnel);
  ADD_WITH ("server-refuses-session", test_server_refuses_session, &with_pool);
  ADD ("client-refuses", test_client_refuses);
  ADD ("shutdown-unanswered", test_shutdown_unanswered);
  ADD ("shutdown-ppp-hangs", test_shutdown_ppp_hangs);
  return g_test_run ();
}
