/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may call on the system bus: which action is asked for with which details, what each answer does, who is not asked about, and that
 * an answer that takes its time delays nobody else: neither other callers nor the protocol.
 */
#include "polkit-world.h"

#include <arpa/inet.h>
#include <gio/gunixfdlist.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define ROOT OL2TP_ROOT_PATH
#define ACTION "org.openl2tp1."
#define SERVER_PORT 21711
#define LATE_USEC 100000
#define DELAY_MS 3500

static GVariant *
create_args (const char *name)
{
  return g_variant_new_parsed ("(%s, '192.0.2.1', {'local-port': <uint16 0>})", name);
}

static GVariant *
no_options (void)
{
  return g_variant_new_parsed ("(@a{sv} {},)");
}

static guint
n_tunnels (World *world)
{
  return ol2tp_model_get_n_tunnels (ol2tp_controller_get_model (world->controller));
}

/* Refused: what was asked, and nothing has changed. */
static void
test_no (World *world, gconstpointer data)
{
  const Ol2tpTunnelEntry *tunnel = world_create (world, "office", 9, NULL, NULL);
  guint32 id = tunnel->id;

  world->decision = ANSWER_NO;
  world_call (world, world->user, ROOT, "CreateTunnel", create_args ("mine"), "AccessDenied");
  world_assert_asked (world, ACTION "manage-tunnels ");
  g_assert_cmpstr (world->tunnel, ==, "mine");
  g_assert_cmpstr (world->peer, ==, "192.0.2.1");
  g_assert_cmpstr (world->subject, ==, g_dbus_connection_get_unique_name (world->user));
  g_assert_cmpuint (world->flags, ==, 0);

  world_call (world, world->user, tunnel->path, "CreateSession", g_variant_new_parsed ("('', @a{sv} {})"), "AccessDenied");
  g_assert_cmpstr (world->tunnel, ==, "office");
  g_assert_cmpstr (world->peer, ==, "127.0.0.1");
  world_call (world, world->user, tunnel->path, "Connect", no_options (), "AccessDenied");
  world_call (world, world->user, tunnel->path, "Disconnect", no_options (), "AccessDenied");
  world_call (world, world->user, tunnel->path, "Delete", NULL, "AccessDenied");
  g_assert_cmpuint (world->n_asked, ==, 5);
  g_assert_cmpuint (n_tunnels (world), ==, 1);
  g_assert_cmpuint (tunnel->id, ==, id);
  g_assert_cmpuint (tunnel->sessions->len, ==, 0);
  g_assert_cmpint (tunnel->state, ==, OL2TP_ENTRY_IDLE);

  /* Reading is everybody's, and nobody is asked. */
  world_call (world, world->user, ROOT, "GetTunnelByName", g_variant_new ("(s)", "office"), "");
  g_assert_cmpuint (world->n_asked, ==, 5);
}

static void
test_actions (World *world, gconstpointer data)
{
  const Ol2tpTunnelEntry *tunnel = world_create (world, "office", 9, NULL, NULL);

  world->decision = ANSWER_YES;
  world_call (world, world->user, tunnel->path, "Connect", g_variant_new_parsed ("({'timeout': <uint32 1>},)"), "Timeout");
  world_call (world, world->user, tunnel->path, "Disconnect", no_options (), "");
  world_assert_asked (world, ACTION "control " ACTION "control ");
  world_call (world, world->user, tunnel->path, "CreateSession", g_variant_new_parsed ("('', @a{sv} {})"), "");
  world_call (world, world->user, tunnel->path, "Delete", NULL, "");
  world_assert_asked (world, ACTION "manage-tunnels " ACTION "manage-tunnels ");
  world_call (world, world->user, ROOT, "SetLogLevel", g_variant_new ("(su)", "nonsense", 0), "NotSupported");
  world_assert_asked (world, ACTION "set-log-level ");
  world_call (world, world->user, ROOT, "RegisterAgent", g_variant_new_parsed ("(objectpath '/a', @a{sv} {})"), "NotSupported");
  world_assert_asked (world, ACTION "provide-secrets ");
}

/* Who made a tunnel need not be asked about for it again, except for what makes root run something. */
static void
test_owner (World *world, gconstpointer data)
{
  const Ol2tpModel *model = ol2tp_controller_get_model (world->controller);
  const Ol2tpTunnelEntry *tunnel;
  const Ol2tpSessionEntry *session;

  world->decision = ANSWER_YES;
  world_call (world, world->user, ROOT, "CreateTunnel", create_args ("mine"), "");
  world_assert_asked (world, ACTION "manage-tunnels ");
  tunnel = ol2tp_model_find_tunnel_by_name (model, "mine");
  g_assert_cmpuint (tunnel->owner_uid, ==, world_user_uid ());

  world->decision = ANSWER_NO;
  world_call (world, world->user, tunnel->path, "CreateSession", g_variant_new_parsed ("('', {'pppd-options': <['debug']>})"),
              "AccessDenied");
  world_assert_asked (world, ACTION "pppd-options ");
  world_call (world, world->user, tunnel->path, "CreateSession", g_variant_new_parsed ("('', @a{sv} {})"), "");
  session = g_ptr_array_index (tunnel->sessions, 0);
  world_call (world, world->user, session->path, "Disconnect", no_options (), "");
  world_call (world, world->user, session->path, "Delete", NULL, "");
  world_call (world, world->user, tunnel->path, "Delete", NULL, "");
  world_assert_asked (world, "");

  /* Another one's: both are asked for. */
  world->decision = ANSWER_YES;
  world_create (world, "other", 9, NULL, NULL);
  tunnel = ol2tp_model_find_tunnel_by_name (model, "other");
  world_call (world, world->user, tunnel->path, "CreateSession", g_variant_new_parsed ("('', {'pppd-options': <['debug']>})"), "");
  world_assert_asked (world, ACTION "manage-tunnels " ACTION "pppd-options ");
}

static void
test_interaction (World *world, gconstpointer data)
{
  Answer answer;

  world->decision = ANSWER_CHALLENGE;
  world_call (world, world->user, ROOT, "CreateTunnel", create_args ("mine"), "InteractiveAuthorizationRequired");
  g_assert_cmpuint (world->flags, ==, 0);
  world_start_call (world, world->user, ROOT, "CreateTunnel", create_args ("mine"), G_DBUS_MESSAGE_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION,
                    &answer);
  world_finish_call (&answer);
  g_assert_cmpstr (answer.error, ==, "AccessDenied");
  g_assert_cmpuint (world->flags, ==, 1);
  g_free (answer.error);
  g_assert_cmpuint (n_tunnels (world), ==, 0);
}

static void
test_root (World *world, gconstpointer data)
{
  if (world->root == NULL)
    {
      g_test_skip ("root is needed");
      return;
    }
  world->decision = ANSWER_NO;
  world_call (world, world->root, ROOT, "CreateTunnel", create_args ("office"), "");
  world_call (world, world->root, ROOT "/Tunnel/1", "CreateSession", g_variant_new_parsed ("('', {'pppd-options': <['debug']>})"), "");
  world_assert_asked (world, "");
}

static void
test_absent (World *world, gconstpointer data)
{
  g_dbus_connection_close_sync (world->polkit, NULL, NULL);
  world->decision = ANSWER_YES;
  world_call (world, world->user, ROOT, "CreateTunnel", create_args ("mine"), "AccessDenied");
  g_assert_cmpuint (n_tunnels (world), ==, 0);
  if (world->root != NULL)
    world_call (world, world->root, ROOT, "CreateTunnel", create_args ("office"), "");
}

static void
wait_until_asked (World *world)
{
  while (world->n_asked == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* What the call is about is gone when the answer comes. */
static void
test_gone (World *world, gconstpointer data)
{
  Ol2tpTunnelEntry *tunnel = world_create (world, "office", 9, NULL, NULL);
  Answer answer;

  world->decision = ANSWER_YES;
  world->delay_ms = 200;
  world_start_call (world, world->user, tunnel->path, "Disconnect", no_options (), G_DBUS_MESSAGE_FLAGS_NONE, &answer);
  wait_until_asked (world);
  ol2tp_controller_delete_tunnel (world->controller, tunnel, NULL, NULL);
  world_finish_call (&answer);
  g_assert_cmpstr (answer.error, ==, "UnknownObject");
  g_free (answer.error);
}

/* The daemon ends before the answer comes. */
static void
test_end (World *world, gconstpointer data)
{
  Answer answer;

  world->decision = ANSWER_YES;
  world->delay_ms = 300;
  world_start_call (world, world->user, ROOT, "CreateTunnel", create_args ("mine"), G_DBUS_MESSAGE_FLAGS_NONE, &answer);
  wait_until_asked (world);
  g_clear_pointer (&world->bus, ol2tp_bus_free);
  world_finish_call (&answer);
  g_assert_cmpstr (answer.error, ==, "Failed");
  g_assert_cmpuint (n_tunnels (world), ==, 0);
  g_free (answer.error);
}

/* A relay between the daemon and a server, in a thread of its own: what it notes is when datagrams came, whatever the main loop does. */
typedef struct {
  GThread *thread;
  int front, back;
  guint16 port;
  gboolean silent; /* forwards nothing */
  gint stop;
  guint16 wanted; /* message type of interest */
  gint n_seen;
  gint64 seen_us[32];
} Relay;

static void
note (Relay *relay, const guint8 *data, gssize len)
{
  gint n = g_atomic_int_get (&relay->n_seen);

  if (len < 20 || (data[18] << 8 | data[19]) != relay->wanted || n == G_N_ELEMENTS (relay->seen_us))
    return;
  relay->seen_us[n] = g_get_monotonic_time ();
  g_atomic_int_set (&relay->n_seen, n + 1);
}

static gpointer
run_relay (gpointer data)
{
  Relay *relay = data;
  struct pollfd fds[] = { { relay->front, POLLIN, 0 }, { relay->back, POLLIN, 0 } };
  struct sockaddr_in client = { 0 };
  socklen_t client_len = sizeof client;
  guint8 buffer[2048];
  gssize len;

  while (!g_atomic_int_get (&relay->stop))
    {
      poll (fds, 2, 20);
      len = recvfrom (relay->front, buffer, sizeof buffer, MSG_DONTWAIT, (struct sockaddr *) &client, &client_len);
      if (len > 0)
        note (relay, buffer, len);
      if (len > 0 && !relay->silent)
        send (relay->back, buffer, (gsize) len, 0);
      len = recv (relay->back, buffer, sizeof buffer, MSG_DONTWAIT);
      if (len > 0)
        sendto (relay->front, buffer, (gsize) len, 0, (struct sockaddr *) &client, client_len);
    }
  return NULL;
}

static void
relay_start (Relay *relay, guint16 wanted, gboolean silent)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t len = sizeof address;

  memset (relay, 0, sizeof *relay);
  relay->wanted = wanted;
  relay->silent = silent;
  relay->front = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  relay->back = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (relay->front, (struct sockaddr *) &address, len), ==, 0);
  g_assert_cmpint (getsockname (relay->front, (struct sockaddr *) &address, &len), ==, 0);
  relay->port = ntohs (address.sin_port);
  address.sin_port = htons (SERVER_PORT);
  g_assert_cmpint (connect (relay->back, (struct sockaddr *) &address, len), ==, 0);
  relay->thread = g_thread_new ("relay", run_relay, relay);
}

static void
relay_stop (Relay *relay)
{
  g_atomic_int_set (&relay->stop, 1);
  g_thread_join (relay->thread);
  close (relay->front);
  close (relay->back);
}

/* How far the worst gap between datagrams is from what it should be. */
static gint64
worst_us (const Relay *relay, const guint *gaps_ms, guint n_gaps)
{
  gint64 worst = 0;

  g_assert_cmpint (relay->n_seen, >, (gint) n_gaps);
  for (guint i = 0; i < n_gaps; i++)
    {
      gint64 gap = relay->seen_us[i + 1] - relay->seen_us[i];

      g_test_message ("gap of %" G_GINT64_FORMAT " ms, %u expected", gap / 1000, gaps_ms[i]);
      worst = MAX (worst, ABS (gap - gaps_ms[i] * 1000));
    }
  return worst;
}

/* A call waits for polkit meanwhile, and is refused in the end. */
static void
wait_for_refusal (World *world)
{
  guint before = n_tunnels (world);
  gint64 start_us = g_get_monotonic_time ();
  Answer slow, quick;

  world->decision = ANSWER_NO;
  world->delay_ms = DELAY_MS;
  world_start_call (world, world->user, ROOT, "CreateTunnel", create_args ("mine"), G_DBUS_MESSAGE_FLAGS_NONE, &slow);
  world_start_call (world, world->user, ROOT, "GetTunnelByName", g_variant_new ("(s)", "office"), G_DBUS_MESSAGE_FLAGS_NONE, &quick);
  world_finish_call (&quick);
  g_assert_false (slow.done);
  world_finish_call (&slow);
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, DELAY_MS * 1000);
  g_assert_cmpstr (slow.error, ==, "AccessDenied");
  g_assert_cmpuint (n_tunnels (world), ==, before);
  g_free (slow.error);
  g_variant_unref (quick.value);
}

/* The machine may be busy for once; a main loop that waits for polkit is late each time. */
#define TRIES 3

static void
test_retransmissions (World *world, gconstpointer data)
{
  static const guint gaps_ms[] = { 200, 400, 800, 1600 };
  gint64 worst = G_MAXINT64;

  for (guint i = 0; i < TRIES && worst > LATE_USEC; i++)
    {
      Ol2tpTunnelEntry *tunnel;
      Relay relay;

      relay_start (&relay, 1 /* SCCRQ */, TRUE);
      tunnel = world_create (world, "office", relay.port, "retry-timeout", "200");
      ol2tp_controller_connect_tunnel (world->controller, tunnel, NULL, NULL);
      wait_for_refusal (world);
      relay_stop (&relay);
      ol2tp_controller_delete_tunnel (world->controller, tunnel, NULL, NULL);
      worst = worst_us (&relay, gaps_ms, G_N_ELEMENTS (gaps_ms));
    }
  g_assert_cmpint (worst, <=, LATE_USEC);
}

static void
on_up (const GError *error, gpointer data)
{
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
on_stopped (const GError *error, gpointer data)
{
  *(gboolean *) data = TRUE;
}

static gboolean
on_time (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_time, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_hellos (World *world, gconstpointer data)
{
  static const guint gaps_ms[] = { 1000, 1000 };
  g_autofree char *text = g_strdup_printf ("[daemon]\ndatapath=null\n[lns]\nenabled=true\nlisten=127.0.0.1:%d\n[user a]\npassword=x\n",
                                           SERVER_PORT);
  Ol2tpPlugins *plugins = ol2tp_plugins_new (world->folder, NULL);
  Ol2tpController *server = ol2tp_controller_new (world_config (world, text), plugins, 0);
  gint64 worst = G_MAXINT64;
  gboolean stopped = FALSE;

  g_assert_true (ol2tp_controller_start (server, 0, NULL));
  for (guint i = 0; i < TRIES && worst > LATE_USEC; i++)
    {
      Ol2tpTunnelEntry *tunnel;
      gboolean up = FALSE;
      Relay relay;

      relay_start (&relay, 6 /* HELLO */, FALSE);
      tunnel = world_create (world, "office", relay.port, "hello-interval", "1");
      ol2tp_controller_connect_tunnel (world->controller, tunnel, on_up, &up);
      while (!up)
        g_main_context_iteration (NULL, TRUE);
      wait_for_refusal (world);
      ol2tp_controller_delete_tunnel (world->controller, tunnel, NULL, NULL);
      run_for (100); /* for the StopCCN and its acknowledgement */
      relay_stop (&relay);
      worst = worst_us (&relay, gaps_ms, G_N_ELEMENTS (gaps_ms));
    }
  ol2tp_controller_shutdown (server, on_stopped, &stopped);
  while (!stopped)
    g_main_context_iteration (NULL, TRUE);
  ol2tp_plugins_free (plugins);
  ol2tp_controller_free (server);
  g_assert_cmpint (worst, <=, LATE_USEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/dbus/polkit/no", World, NULL, world_set_up, test_no, world_tear_down);
  g_test_add ("/dbus/polkit/actions", World, NULL, world_set_up, test_actions, world_tear_down);
  g_test_add ("/dbus/polkit/owner", World, NULL, world_set_up, test_owner, world_tear_down);
  g_test_add ("/dbus/polkit/interaction", World, NULL, world_set_up, test_interaction, world_tear_down);
  g_test_add ("/dbus/polkit/root", World, NULL, world_set_up, test_root, world_tear_down);
  g_test_add ("/dbus/polkit/absent", World, NULL, world_set_up, test_absent, world_tear_down);
  g_test_add ("/dbus/polkit/gone", World, NULL, world_set_up, test_gone, world_tear_down);
  g_test_add ("/dbus/polkit/end", World, NULL, world_set_up, test_end, world_tear_down);
  g_test_add ("/dbus/polkit/retransmissions", World, NULL, world_set_up, test_retransmissions, world_tear_down);
  g_test_add ("/dbus/polkit/hellos", World, NULL, world_set_up, test_hellos, world_tear_down);
  return g_test_run ();
}
