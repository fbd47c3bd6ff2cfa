/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake-daemon.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

/* Timers of the plugin run this many times faster. */
#define HURRY 10

typedef struct {
  int fd;
  Ol2tpWatchFunc func;
  void *data;
} Watch;

typedef struct {
  guint id;
  gint64 due_us;
  Ol2tpTimerFunc func;
  void *data;
} Timer;

/* The services */

static Ol2tpPpp *
claim (guint16 tunnel_id, guint16 session_id, const Ol2tpPppOps *ops, void *data, gpointer user_data)
{
  FakeDaemon *f = user_data;

  if (f->refuse_claim)
    return NULL;
  g_assert_false (f->claimed);
  g_assert_cmpuint (ops->size, ==, sizeof *ops);
  f->claimed = TRUE;
  f->ops = ops;
  f->ops_data = data;
  return (Ol2tpPpp *) f;
}

static const Ol2tpPppConfig *
get_config (Ol2tpPpp *ppp, gpointer user_data)
{
  FakeDaemon *f = user_data;

  f->config.pppd_options = (const char *const *) f->script->pdata;
  return &f->config;
}

static int
take_channel (Ol2tpPpp *ppp, gpointer user_data)
{
  FakeDaemon *f = user_data;

  return f->no_channel ? -1 : socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int
get_secret (Ol2tpPpp *ppp, const char *user, char *secret, gsize size, gpointer user_data)
{
  return strcmp (user, "alice") ? -1 : (int) g_strlcpy (secret, "top\\se\ncret", size);
}

static void
set_state (Ol2tpPpp *ppp, Ol2tpPppState state, gpointer user_data)
{
  static const char *const names[] = { "none", "starting", "lcp", "auth", "network", "up", "terminating", "failed" };

  g_string_append_printf (((FakeDaemon *) user_data)->events, "%s;", names[state]);
}

static void
set_interface (Ol2tpPpp *ppp, const char *name, gpointer user_data)
{
  g_string_append_printf (((FakeDaemon *) user_data)->events, "if %s;", name);
}

static void
append_ip4 (GString *events, struct in_addr address)
{
  char text[INET_ADDRSTRLEN];

  g_string_append_printf (events, " %s", inet_ntop (AF_INET, &address, text, sizeof text));
}

static void
set_ip4 (Ol2tpPpp *ppp, const Ol2tpPppIp4 *ip4, gpointer user_data)
{
  GString *events = ((FakeDaemon *) user_data)->events;

  g_string_append (events, ip4 ? "ip4" : "no ip4");
  if (ip4)
    {
      append_ip4 (events, ip4->local);
      append_ip4 (events, ip4->peer);
      for (guint i = 0; i < ip4->n_dns; i++)
        append_ip4 (events, ip4->dns[i]);
      g_string_append_printf (events, " wins %u", ip4->n_wins);
    }
  g_string_append_c (events, ';');
}

static void
set_ip6 (Ol2tpPpp *ppp, const Ol2tpPppIp6 *ip6, gpointer user_data)
{
  char text[INET6_ADDRSTRLEN];

  g_string_append_printf (((FakeDaemon *) user_data)->events, "%s;",
                          ip6 ? inet_ntop (AF_INET6, &ip6->local, text, sizeof text) : "no ip6");
}

static void
set_peer_name (Ol2tpPpp *ppp, const char *name, gpointer user_data)
{
  g_string_append_printf (((FakeDaemon *) user_data)->events, "peer %s;", name);
}

static void
end (Ol2tpPpp *ppp, Ol2tpPppEnd reason, int status, const char *message, gpointer user_data)
{
  FakeDaemon *f = user_data;

  g_assert_true (f->claimed);
  g_assert_false (f->ended);
  f->ended = TRUE;
  f->end = reason;
  f->status = status;
  f->message = g_strdup (message);
}

static void
log_text (Ol2tpPpp *ppp, int priority, const char *text, gpointer user_data)
{
  g_test_message ("log %d: %s", priority, text);
  g_assert_null (strstr (text, "cret"));
}

static int
watch_add (int fd, guint32 epoll_events, Ol2tpWatchFunc func, void *data, gpointer user_data)
{
  Watch watch = { fd, func, data };

  g_assert_cmpint (epoll_events, ==, EPOLLIN);
  g_array_append_val (((FakeDaemon *) user_data)->watches, watch);
  return 0;
}

static void
watch_remove (int fd, gpointer user_data)
{
  FakeDaemon *f = user_data;

  for (guint i = 0; i < f->watches->len; i++)
    if (g_array_index (f->watches, Watch, i).fd == fd)
      {
        g_array_remove_index (f->watches, i);
        return;
      }
}

static guint
timer_add (guint msec, Ol2tpTimerFunc func, void *data, gpointer user_data)
{
  FakeDaemon *f = user_data;
  Timer timer = { ++f->last_timer, g_get_monotonic_time () + msec * 1000 / HURRY, func, data };

  g_array_append_val (f->timers, timer);
  return timer.id;
}

static void
timer_remove (guint id, gpointer user_data)
{
  FakeDaemon *f = user_data;

  for (guint i = 0; i < f->timers->len; i++)
    if (g_array_index (f->timers, Timer, i).id == id)
      {
        g_array_remove_index (f->timers, i);
        return;
      }
}

const Ol2tpPluginServices fake_daemon_services = {
  claim,         get_config, take_channel, get_secret, set_state,    set_interface, set_ip4,      set_ip6,
  set_peer_name, end,        log_text,     watch_add,  watch_remove, timer_add,     timer_remove,
};

/* The main loop */

static void
run_timers (FakeDaemon *f)
{
  for (guint i = 0; i < f->timers->len; i++)
    {
      Timer timer = g_array_index (f->timers, Timer, i);

      if (timer.due_us > g_get_monotonic_time ())
        continue;
      g_array_remove_index (f->timers, i);
      timer.func (timer.data);
      return;
    }
}

/* One callback a turn, since it may change the list. */
static void
run_watches (FakeDaemon *f)
{
  for (guint i = 0; i < f->watches->len; i++)
    {
      Watch watch = g_array_index (f->watches, Watch, i);
      struct pollfd pfd = { watch.fd, POLLIN, 0 };

      if (poll (&pfd, 1, 0) != 1)
        continue;
      watch.func (watch.fd, EPOLLIN, watch.data);
      return;
    }
}

void
fake_daemon_turn (FakeDaemon *f)
{
  run_watches (f);
  run_timers (f);
  g_usleep (200);
}

void
fake_daemon_init (FakeDaemon *f)
{
  f->watches = g_array_new (FALSE, FALSE, sizeof (Watch));
  f->timers = g_array_new (FALSE, FALSE, sizeof (Timer));
  f->events = g_string_new ("");
  f->script = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (f->script, NULL);
}

void
fake_daemon_clear (FakeDaemon *f)
{
  g_free (f->message);
  g_array_unref (f->watches);
  g_array_unref (f->timers);
  g_string_free (f->events, TRUE);
  g_ptr_array_unref (f->script);
}
