/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "world.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_USEC (20 * G_USEC_PER_SEC)

guint __wrap_ol2tp_loop_add_timer (Ol2tpLoop *loop, gint64 at_us, Ol2tpLoopTimerFunc func, gpointer data);
guint __real_ol2tp_loop_add_timer (Ol2tpLoop *loop, gint64 at_us, Ol2tpLoopTimerFunc func, gpointer data);

static World *world;
static GString *warnings;

guint
__wrap_ol2tp_loop_add_timer (Ol2tpLoop *loop, gint64 at_us, Ol2tpLoopTimerFunc func, gpointer data)
{
  gint64 now_us = g_get_monotonic_time ();

  return __real_ol2tp_loop_add_timer (loop, now_us + (at_us - now_us) / WORLD_HURRY, func, data);
}

/* Log. */

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const char *text = "";

  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      text = fields[i].value;
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) != 0)
    {
      g_printerr ("%s\n", text);
      abort ();
    }
  g_assert_null (strstr (text, WORLD_SECRET));
  g_assert_true (g_utf8_validate (text, -1, NULL));
  if (g_getenv ("WORLD_VERBOSE") != NULL)
    g_test_message ("%s", text);
  if ((level & G_LOG_LEVEL_WARNING) != 0)
    g_string_append_printf (warnings, "%s\n", text);
  return G_LOG_WRITER_HANDLED;
}

void
world_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  warnings = g_string_new ("");
  /* What GLib and libc keep open once they looked up a name is open before descriptors are counted. */
  g_resolver_lookup_by_name (g_resolver_get_default (), "no..name.invalid", NULL, NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
}

const char *
world_get_warnings (void)
{
  return warnings->str;
}

/* The provider. There is one host a process: before a call into it, it is made to serve the side the call is about. */

static void
serve (Side *side)
{
  ol2tp_plugins_set_services (&ol2tp_controller_services, side->controller);
}

static Side *
side_of (Ol2tpPpp *ppp)
{
  return ppp->controller == world->client.controller ? &world->client : &world->server;
}

Claim *
side_get_claim (Side *side, guint index)
{
  g_assert_cmpuint (index, <, side->claims->len);
  return g_ptr_array_index (side->claims, index);
}

void
side_set_state (Side *side, Claim *claim, Ol2tpPppState state)
{
  serve (side);
  ol2tp_ppp_set_state (claim->ppp, state);
}

void
side_end (Side *side, Claim *claim, Ol2tpPppEnd end, const char *message)
{
  serve (side);
  ol2tp_ppp_end (claim->ppp, end, -1, message);
  g_assert_true (g_ptr_array_remove (side->claims, claim));
}

static void
on_stop (Ol2tpPpp *ppp, void *data)
{
  Claim *claim = data;
  Side *side = side_of (ppp);

  g_assert_true (claim->ppp == ppp);
  g_assert_false (claim->asked_to_stop);
  g_assert_false (claim->down);
  claim->asked_to_stop = TRUE;
  if (side->stop == STOP_AT_ONCE)
    side_end (side, claim, side->end, NULL);
}

static int
provide (Side *side, guint32 tunnel_id, guint32 session_id)
{
  static const Ol2tpPppOps with_stop = { sizeof (Ol2tpPppOps), on_stop }, without_stop = { sizeof (Ol2tpPppOps), NULL };
  Claim *claim;

  if (side->provider == PROVIDER_NONE || side->provider == PROVIDER_REFUSE_UNCLAIMED)
    return side->provider == PROVIDER_NONE ? 0 : -1;
  serve (side);
  claim = g_new0 (Claim, 1);
  claim->session_id = session_id;
  claim->ppp = ol2tp_ppp_claim ((uint16_t) tunnel_id, (uint16_t) session_id,
                                side->stop == STOP_MISSING ? &without_stop : &with_stop, claim);
  g_assert_nonnull (claim->ppp);
  g_assert_null (ol2tp_ppp_claim ((uint16_t) tunnel_id, (uint16_t) session_id, &with_stop, NULL)); /* once only */
  g_ptr_array_add (side->claims, claim);
  side->n_claims_made++;
  ol2tp_ppp_set_state (claim->ppp, OL2TP_PPP_STATE_STARTING);
  if (side->provider == PROVIDER_UP)
    ol2tp_ppp_set_state (claim->ppp, OL2TP_PPP_STATE_UP);
  if (side->provider == PROVIDER_END || side->provider == PROVIDER_REFUSE_END)
    side_end (side, claim, side->end, "so it is");
  return side->provider == PROVIDER_REFUSE || side->provider == PROVIDER_REFUSE_END ? -1 : 0;
}

static void
on_down (Side *side, guint32 session_id)
{
  for (guint i = 0; i < side->claims->len; i++)
    {
      Claim *claim = g_ptr_array_index (side->claims, i);

      if (claim->session_id != session_id || claim->down)
        continue;
      claim->down = TRUE;
      if (side->end_on_down)
        side_end (side, claim, side->end, NULL);
      return;
    }
}

int
test_hook (const char *name, TestHook hook, const struct l2tp_session *session, uint16_t tunnel_id, uint16_t session_id)
{
  Side *side = g_str_equal (name, "client") ? &world->client : &world->server;
  const Ol2tpSessionEntry *entry = (const Ol2tpSessionEntry *) session;
  int result = 0, tolerated = 0;

  /* Of what we open ourselves, a tunnel's created hook cannot refuse, and -EEXIST is no refusal. */
  if (hook == TEST_HOOK_CREATED && side == &world->client)
    tolerated = session != NULL ? -EEXIST : side->tunnel_created;
  if (hook == TEST_HOOK_CREATED)
    result = session != NULL ? side->session_created : side->tunnel_created;
  if (hook == TEST_HOOK_UP && session != NULL)
    result = provide (side, tunnel_id, session_id);
  grammar_hook (side->grammar, hook, entry, tunnel_id, session_id, result < 0 && result != tolerated);
  if (hook == TEST_HOOK_DOWN && session != NULL)
    on_down (side, session_id);
  return result;
}

/* The world. */

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static guint16
find_port (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t len = sizeof address;
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_no_errno (bind (fd, (struct sockaddr *) &address, len));
  g_assert_no_errno (getsockname (fd, (struct sockaddr *) &address, &len));
  close (fd);
  return ntohs (address.sin_port);
}

static Ol2tpConfig *
make_config (World *self, const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, "test.conf", NULL);
  g_autoptr (GError) error = NULL;
  Ol2tpConfig *config;

  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  config = ol2tp_config_load (path, 0, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return config;
}

static void
start_side (World *self, Side *side, const char *name, const char *plugin, const char *config)
{
  g_autoptr (GError) error = NULL;

  side->world = self;
  side->name = name;
  side->end_on_down = TRUE;
  side->claims = g_ptr_array_new_with_free_func (g_free);
  side->plugins = ol2tp_plugins_new (self->folder, NULL);
  side->controller = ol2tp_controller_new (make_config (self, config), side->plugins, OL2TP_LOG_ALL);
  side->grammar = grammar_new (side->controller);
  ol2tp_plugins_load (side->plugins, plugin, &error);
  g_assert_no_error (error);
  ol2tp_controller_start (side->controller, 0, &error);
  g_assert_no_error (error);
}

static gboolean
on_heartbeat (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

World *
world_new (const char *client, const char *server)
{
  World *self = g_new0 (World, 1);
  g_autofree char *client_text = NULL, *server_text = NULL;

  g_main_context_iteration (NULL, FALSE); /* what GLib opens for itself is open */
  g_string_truncate (warnings, 0);
  world = self;
  self->n_descriptors = count_descriptors ();
  self->heartbeat = g_timeout_add (200, on_heartbeat, NULL); /* so that waiting notices its end */
  self->folder = g_dir_make_tmp ("ol2tp-world-XXXXXX", NULL);
  self->port = find_port ();
  client_text = g_strdup_printf ("[daemon]\n%s\n%s", client != NULL && strstr (client, "datapath=") ? "" : "datapath=null",
                                 client != NULL ? client : "");
  server_text = g_strdup_printf ("[daemon]\ndatapath=null\nhost-name=server\n%s\n[lns]\nenabled=true\nlisten=127.0.0.1:%u\n%s",
                                 server != NULL && g_str_has_prefix (server, "max") ? server : "", self->port,
                                 server != NULL && !g_str_has_prefix (server, "max") ? server : "");
  start_side (self, &self->server, "server", SERVER_PLUGIN, server_text);
  start_side (self, &self->client, "client", CLIENT_PLUGIN, client_text);
  return self;
}

/* For a test that fails: what the model holds. */
static void
print_side (Side *side)
{
  g_autoptr (GPtrArray) tunnels = NULL;

  if (side->controller == NULL)
    return;
  g_test_message ("%s", grammar_get_story (side->grammar));
  tunnels = ol2tp_model_list_tunnels (ol2tp_controller_get_model (side->controller));
  for (guint i = 0; i < tunnels->len; i++)
    {
      const Ol2tpTunnelEntry *tunnel = g_ptr_array_index (tunnels, i);

      g_test_message ("%s: %s id %u %s%s, waiters %u %u", side->name, tunnel->name, tunnel->id,
                      ol2tp_entry_state_to_string (tunnel->state), tunnel->closing ? " closing" : "", tunnel->up_waiters->len,
                      tunnel->down_waiters->len);
      for (guint j = 0; j < tunnel->sessions->len; j++)
        {
          const Ol2tpSessionEntry *session = g_ptr_array_index (tunnel->sessions, j);

          g_test_message ("%s: %s/%s id %u %s%s ppp %d%s%s, waiters %u %u", side->name, tunnel->name, session->name, session->id,
                          ol2tp_entry_state_to_string (session->state), session->closing ? " closing" : "", session->ppp_state,
                          session->ppp != NULL ? " claimed" : "", session->ppp_ended ? " ended" : "", session->up_waiters->len,
                          session->down_waiters->len);
        }
    }
}

static void
assert_in_time (World *self, gint64 since_us)
{
  if (g_get_monotonic_time () - since_us < PATIENCE_USEC)
    return;
  print_side (&self->client);
  print_side (&self->server);
  g_error ("nothing happens any more");
}

void
world_drain (World *self)
{
  gint64 since_us = g_get_monotonic_time ();

  while (g_main_context_iteration (NULL, FALSE))
    assert_in_time (self, since_us);
}

void
world_wait_for (World *self, const guint *value)
{
  gint64 since_us = g_get_monotonic_time ();

  while (*value == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      assert_in_time (self, since_us);
    }
}

void
world_wait (World *self, const Outcome *outcome)
{
  world_wait_for (self, &outcome->n_calls);
}

static void
free_side (Side *side)
{
  serve (side); /* while plugins are cleaned up */
  ol2tp_plugins_free (g_steal_pointer (&side->plugins));
  ol2tp_controller_free (g_steal_pointer (&side->controller));
  grammar_free (g_steal_pointer (&side->grammar));
  g_ptr_array_unref (side->claims);
}

/* Everything ends in order; then there is nothing with an ID, no claim, no address taken. */
static void
stop_side (Side *side)
{
  g_autoptr (Outcome) stopped = NULL;
  const Ol2tpModel *model;
  g_autoptr (GPtrArray) tunnels = NULL;

  if (side->controller == NULL)
    return;
  while (side->claims->len > 0 && side_get_claim (side, 0)->down)
    side_end (side, side_get_claim (side, 0), OL2TP_PPP_END_CLOSED, NULL);
  side->stop = STOP_AT_ONCE;
  side->end_on_down = TRUE;
  for (guint i = 0; i < side->claims->len; i++)
    g_assert_false (side_get_claim (side, i)->asked_to_stop);
  if (!side->controller->shutting_down)
    {
      stopped = outcome_new (side, "stop");
      ol2tp_controller_shutdown (side->controller, outcome_done, stopped);
      world_wait (side->world, stopped);
    }
  world_drain (side->world);

  model = ol2tp_controller_get_model (side->controller);
  tunnels = ol2tp_model_list_tunnels (model);
  for (guint i = 0; i < tunnels->len; i++)
    g_assert_cmpuint (((Ol2tpTunnelEntry *) g_ptr_array_index (tunnels, i))->id, ==, 0);
  g_assert_cmpuint (g_hash_table_size (side->controller->claims), ==, 0);
  g_assert_cmpuint (side->claims->len, ==, 0);
  grammar_check (side->grammar);
  free_side (side);
}

void
world_kill_side (Side *side)
{
  free_side (side);
}

void
world_free (World *self)
{
  stop_side (&self->client);
  world_drain (self);
  stop_side (&self->server);
  g_source_remove (self->heartbeat);
  g_assert_no_errno (g_rmdir (self->folder));
  g_assert_cmpuint (count_descriptors (), ==, self->n_descriptors);
  g_free (self->folder);
  g_free (self);
  world = NULL;
}

/* Objects. */

Ol2tpTunnelSettings *
world_tunnel_settings (World *self)
{
  Ol2tpTunnelSettings *settings = ol2tp_tunnel_settings_new ();
  g_autofree char *port = g_strdup_printf ("%u", self->port);

  g_assert_true (ol2tp_tunnel_settings_set_string (settings, "local-port", "0", NULL));
  g_assert_true (ol2tp_tunnel_settings_set_string (settings, "peer-port", port, NULL));
  return settings;
}

Ol2tpTunnelEntry *
world_add_tunnel (World *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  Ol2tpTunnelEntry *tunnel = ol2tp_controller_create_tunnel (self->client.controller, name, "127.0.0.1", OL2TP_ORIGIN_RUNTIME, 0,
                                                             world_tunnel_settings (self), &error);

  g_assert_no_error (error);
  return tunnel;
}

Ol2tpSessionEntry *
world_add_session (World *self, Ol2tpTunnelEntry *tunnel, const char *name)
{
  g_autoptr (GError) error = NULL;
  Ol2tpSessionEntry *session
      = ol2tp_controller_create_session (self->client.controller, tunnel, name, ol2tp_session_settings_new (), &error);

  g_assert_no_error (error);
  return session;
}

Ol2tpTunnelEntry *
world_first_tunnel (Side *side)
{
  g_autoptr (GPtrArray) tunnels = ol2tp_model_list_tunnels (ol2tp_controller_get_model (side->controller));

  return tunnels->len > 0 ? g_ptr_array_index (tunnels, 0) : NULL;
}

/* Outcomes. */

Outcome *
outcome_new (Side *side, const char *name)
{
  Outcome *self = g_new0 (Outcome, 1);

  self->grammar = side->grammar;
  g_strlcpy (self->name, name, sizeof self->name);
  return self;
}

void
outcome_free (Outcome *self)
{
  g_assert_cmpuint (self->n_calls, ==, 1);
  g_clear_error (&self->error);
  g_free (self);
}

void
outcome_done (const GError *error, gpointer data)
{
  Outcome *self = data;

  g_assert_cmpuint (self->n_calls++, ==, 0);
  if (error == NULL)
    {
      grammar_tell (self->grammar, "%s done", self->name);
      return;
    }
  g_assert_true (error->domain == OL2TP_ERROR);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  self->error = g_error_copy (error);
  grammar_tell (self->grammar, "%s failed", self->name);
}

void
outcome_assert_pending (const Outcome *self)
{
  g_assert_no_error (self->error);
  g_assert_cmpuint (self->n_calls, ==, 0);
}

void
outcome_assert_success (const Outcome *self)
{
  g_assert_no_error (self->error);
  g_assert_cmpuint (self->n_calls, ==, 1);
}

void
outcome_assert_error (const Outcome *self, Ol2tpError code, const char *text)
{
  g_assert_cmpuint (self->n_calls, ==, 1);
  g_assert_error (self->error, OL2TP_ERROR, (int) code);
  g_test_message ("%s", self->error->message);
  if (text != NULL && strstr (self->error->message, text) == NULL)
    g_error ("“%s” is not in “%s”", text, self->error->message);
}

/* Verbs. */

Outcome *
world_connect_tunnel (World *self, Ol2tpTunnelEntry *tunnel)
{
  Outcome *outcome = outcome_new (&self->client, "connect");

  ol2tp_controller_connect_tunnel (self->client.controller, tunnel, outcome_done, outcome);
  return outcome;
}

Outcome *
world_connect_session (World *self, Ol2tpSessionEntry *session, gboolean wait_ppp)
{
  Outcome *outcome = outcome_new (&self->client, "call");

  ol2tp_controller_connect_session (self->client.controller, session, wait_ppp, outcome_done, outcome);
  return outcome;
}

Outcome *
world_disconnect_tunnel (World *self, Ol2tpTunnelEntry *tunnel)
{
  Outcome *outcome = outcome_new (&self->client, "disconnect");
  Ol2tpCause cause;

  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 1, 0, NULL);
  ol2tp_controller_disconnect_tunnel (self->client.controller, tunnel, &cause, outcome_done, outcome);
  return outcome;
}

Outcome *
world_disconnect_session (World *self, Ol2tpSessionEntry *session)
{
  Outcome *outcome = outcome_new (&self->client, "hang up");
  Ol2tpCause cause;

  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 3, 0, NULL);
  ol2tp_controller_disconnect_session (self->client.controller, session, &cause, outcome_done, outcome);
  return outcome;
}

Outcome *
world_delete_tunnel (World *self, Ol2tpTunnelEntry *tunnel)
{
  Outcome *outcome = outcome_new (&self->client, "delete");

  ol2tp_controller_delete_tunnel (self->client.controller, tunnel, outcome_done, outcome);
  return outcome;
}

Outcome *
world_delete_session (World *self, Ol2tpSessionEntry *session)
{
  Outcome *outcome = outcome_new (&self->client, "delete call");

  ol2tp_controller_delete_session (self->client.controller, session, outcome_done, outcome);
  return outcome;
}
