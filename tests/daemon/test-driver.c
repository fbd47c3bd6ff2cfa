/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only place that loops: events before datagrams, settling until nothing is left, one timer, no recursion. */
#include "daemon/driver.h"
#include "daemon/sockaddr.h"

#include <string.h>
#include <unistd.h>

typedef struct {
  Ol2tpDriver *driver;
  int peer;
  Ol2tpAddress peer_address;
  GString *story;
  guint n_settles;
  guint settle_again; /* so many times settling makes work */
  guint32 close_in_event, close_in_settle;
} Fixture;

static void
close_tunnel (Fixture *f, guint32 id)
{
  Ol2tpCause cause;

  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 1, 0, NULL);
  g_assert_true (ol2tp_engine_close_tunnel (ol2tp_driver_get_engine (f->driver), id, &cause, ol2tp_driver_now (f->driver), NULL));
}

static gboolean
has_datagram (Fixture *f)
{
  guint8 buffer[2000];

  return recv (f->peer, buffer, sizeof buffer, MSG_DONTWAIT) > 0;
}

static void
on_event (const Ol2tpEvent *event, gpointer user_data)
{
  static const char *const names[] = {
    [OL2TP_EVENT_TUNNEL_CLOSED] = "closed ",
    [OL2TP_EVENT_TUNNEL_GONE] = "gone ",
    [OL2TP_EVENT_TRACE] = "trace ",
  };
  Fixture *f = user_data;

  g_string_append (f->story, names[event->type]);
  ol2tp_driver_run (f->driver); /* returns at once */
  if (f->close_in_event != 0)
    close_tunnel (f, f->close_in_event);
  f->close_in_event = 0;
}

static gboolean
on_settle (gpointer user_data)
{
  Fixture *f = user_data;

  f->n_settles++;
  ol2tp_driver_run (f->driver);
  if (f->close_in_settle != 0)
    {
      g_string_append (f->story, "settle ");
      close_tunnel (f, f->close_in_settle);
      f->close_in_settle = 0;
      return TRUE;
    }
  return f->settle_again > 0 && f->settle_again-- > 0;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  Ol2tpAddress loopback = { .family = OL2TP_FAMILY_IPV4, .bytes = { 127, 0, 0, 1 } };
  struct sockaddr_storage storage;
  socklen_t len = ol2tp_address_to_sockaddr (&loopback, &storage);

  f->story = g_string_new ("");
  f->driver = ol2tp_driver_new ("test", on_event, on_settle, f);
  f->peer = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  g_assert_no_errno (bind (f->peer, (struct sockaddr *) &storage, len));
  g_assert_no_errno (getsockname (f->peer, (struct sockaddr *) &storage, &len));
  g_assert_true (ol2tp_address_from_sockaddr (&f->peer_address, (struct sockaddr *) &storage));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  ol2tp_driver_free (f->driver);
  close (f->peer);
  g_string_free (f->story, TRUE);
}

static guint32
add_tunnel (Fixture *f, gboolean connect)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Ol2tpEngine *engine = ol2tp_driver_get_engine (f->driver);
  Ol2tpAddress none = { 0 };
  Ol2tpPath path;
  guint32 id;

  config.retry_timeout_ms = 100;
  config.max_retries = 1;
  g_assert_true (ol2tp_engine_add_tunnel (engine, &config, &id, NULL));
  if (!connect)
    return id;
  g_assert_true (ol2tp_endpoint_open_tunnel (ol2tp_driver_get_endpoint (f->driver), id, &none, 0, &f->peer_address, &path, NULL));
  g_assert_true (ol2tp_engine_connect_tunnel (engine, id, &path, ol2tp_driver_now (f->driver), NULL));
  return id;
}

static void
test_sends (Fixture *f, gconstpointer data)
{
  ol2tp_engine_set_trace (ol2tp_driver_get_engine (f->driver), TRUE);
  add_tunnel (f, TRUE);
  g_assert_false (has_datagram (f)); /* nothing leaves before the driver runs */
  ol2tp_driver_run (f->driver);
  g_assert_true (has_datagram (f));
  g_assert_false (has_datagram (f));
  g_assert_cmpstr (f->story->str, ==, "trace "); /* of the datagram itself: events are looked for behind it, too */
}

static void
test_settles (Fixture *f, gconstpointer data)
{
  f->settle_again = 3;
  ol2tp_driver_run (f->driver);
  g_assert_cmpuint (f->n_settles, ==, 4);
  g_assert_cmpuint (f->settle_again, ==, 0);
}

/* A handler's command makes events that are handled in the same run; so does settling. */
static void
test_events_of_events (Fixture *f, gconstpointer data)
{
  guint32 first = add_tunnel (f, FALSE);

  f->close_in_event = add_tunnel (f, FALSE);
  f->close_in_settle = add_tunnel (f, FALSE);
  close_tunnel (f, first);
  ol2tp_driver_run (f->driver);
  g_assert_cmpstr (f->story->str, ==, "closed gone closed gone settle closed gone ");
}

static void
test_kick (Fixture *f, gconstpointer data)
{
  ol2tp_driver_kick (f->driver);
  g_assert_cmpuint (f->n_settles, ==, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (f->n_settles, ==, 1);
}

/* The engine's deadline is armed: a second SCCRQ, then the end, without anybody's doing. */
static void
test_deadline (Fixture *f, gconstpointer data)
{
  gint64 begin_us = ol2tp_driver_now (f->driver);

  add_tunnel (f, TRUE);
  ol2tp_driver_run (f->driver);
  g_assert_true (has_datagram (f));
  while (f->story->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (has_datagram (f));
  g_assert_true (g_str_has_prefix (f->story->str, "closed "));
  g_assert_cmpint (ol2tp_driver_now (f->driver), >=, begin_us + 100000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/daemon/driver/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("sends", test_sends);
  ADD ("settles", test_settles);
  ADD ("events-of-events", test_events_of_events);
  ADD ("kick", test_kick);
  ADD ("deadline", test_deadline);
  return g_test_run ();
}
