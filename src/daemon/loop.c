/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "loop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_MAX 64

/* A watch is found again by descriptor and generation, so that an event fetched before an unwatch() cannot reach a new owner of the
 * same descriptor number. */
typedef struct {
  int fd;
  guint32 generation;
  Ol2tpLoopWatchFunc func;
  gpointer data;
} Watch;

typedef struct {
  gint64 at_us;
  guint id;
  Ol2tpLoopTimerFunc func;
  gpointer data;
} Timer;

typedef struct {
  GSource source;
  Ol2tpLoop *loop;
} LoopSource;

struct Ol2tpLoop {
  GSource *source;
  int epoll_fd;
  gpointer epoll_tag;
  guint32 generation;
  guint last_timer_id;
  GHashTable *watches; /* fd -> Watch */
  GTree *timers;       /* Timer by (at_us, id) */
  GHashTable *timer_ids;
  gint64 deadline_us;
  gboolean kicked;
  Ol2tpLoopTimerFunc turn;
  gpointer turn_data;
};

static int
compare_timers (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Timer *x = a, *y = b;

  if (x->at_us != y->at_us)
    return x->at_us < y->at_us ? -1 : 1;
  return x->id < y->id ? -1 : x->id > y->id;
}

static Timer *
first_timer (Ol2tpLoop *self)
{
  GTreeNode *node = g_tree_node_first (self->timers);

  return node != NULL ? g_tree_node_key (node) : NULL;
}

static void
arm (Ol2tpLoop *self)
{
  const Timer *timer = first_timer (self);
  gint64 at_us = self->deadline_us;

  if (timer != NULL)
    at_us = MIN (at_us, timer->at_us);
  if (self->kicked)
    at_us = 0;
  g_source_set_ready_time (self->source, at_us == G_MAXINT64 ? -1 : at_us);
}

static void
dispatch_watches (Ol2tpLoop *self)
{
  struct epoll_event events[EVENTS_MAX];
  int n = epoll_wait (self->epoll_fd, events, EVENTS_MAX, 0);

  for (int i = 0; i < n; i++)
    {
      int fd = (int) (events[i].data.u64 & 0xffffffff);
      const Watch *watch = g_hash_table_lookup (self->watches, GINT_TO_POINTER (fd));

      if (watch != NULL && watch->generation == events[i].data.u64 >> 32)
        watch->func (fd, events[i].events, watch->data);
    }
}

static void
dispatch_timers (Ol2tpLoop *self, gint64 now_us)
{
  for (Timer *timer = first_timer (self); timer != NULL && timer->at_us <= now_us; timer = first_timer (self))
    {
      Ol2tpLoopTimerFunc func = timer->func;
      gpointer data = timer->data;

      ol2tp_loop_remove_timer (self, timer->id);
      func (data);
    }
}

static gboolean
loop_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  Ol2tpLoop *self = ((LoopSource *) source)->loop;

  self->kicked = FALSE;
  dispatch_watches (self);
  dispatch_timers (self, g_source_get_time (source));
  if (self->turn != NULL)
    self->turn (self->turn_data);
  arm (self);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs loop_funcs = { .dispatch = loop_dispatch };

Ol2tpLoop *
ol2tp_loop_new (Ol2tpLoopTimerFunc turn, gpointer data)
{
  Ol2tpLoop *self = g_new0 (Ol2tpLoop, 1);

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll_fd < 0)
    g_error ("epoll_create1: %s", g_strerror (errno));
  self->deadline_us = G_MAXINT64;
  self->turn = turn;
  self->turn_data = data;
  self->watches = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->timers = g_tree_new_full (compare_timers, NULL, g_free, NULL);
  self->timer_ids = g_hash_table_new (NULL, NULL);
  self->source = g_source_new (&loop_funcs, sizeof (LoopSource));
  ((LoopSource *) self->source)->loop = self;
  g_source_set_static_name (self->source, "openl2tp");
  self->epoll_tag = g_source_add_unix_fd (self->source, self->epoll_fd, G_IO_IN);
  g_source_attach (self->source, NULL);
  return self;
}

void
ol2tp_loop_free (Ol2tpLoop *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  close (self->epoll_fd);
  g_hash_table_unref (self->watches);
  g_hash_table_unref (self->timer_ids);
  g_tree_unref (self->timers);
  g_free (self);
}

int
ol2tp_loop_watch (Ol2tpLoop *self, int fd, guint32 epoll_events, Ol2tpLoopWatchFunc func, gpointer data)
{
  struct epoll_event event = { .events = epoll_events };
  Watch *watch;

  event.data.u64 = (guint64) ++self->generation << 32 | (guint32) fd;
  if (epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
    return -errno;

  watch = g_new0 (Watch, 1);
  watch->fd = fd;
  watch->generation = self->generation;
  watch->func = func;
  watch->data = data;
  g_hash_table_replace (self->watches, GINT_TO_POINTER (fd), watch);
  return 0;
}

void
ol2tp_loop_unwatch (Ol2tpLoop *self, int fd)
{
  if (g_hash_table_remove (self->watches, GINT_TO_POINTER (fd)))
    epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
}

guint
ol2tp_loop_add_timer (Ol2tpLoop *self, gint64 at_us, Ol2tpLoopTimerFunc func, gpointer data)
{
  Timer *timer = g_new0 (Timer, 1);

  do
    timer->id = ++self->last_timer_id;
  while (timer->id == 0 || g_hash_table_contains (self->timer_ids, GUINT_TO_POINTER (timer->id)));
  timer->at_us = at_us;
  timer->func = func;
  timer->data = data;
  g_tree_insert (self->timers, timer, NULL);
  g_hash_table_insert (self->timer_ids, GUINT_TO_POINTER (timer->id), timer);
  arm (self);
  return timer->id;
}

void
ol2tp_loop_remove_timer (Ol2tpLoop *self, guint id)
{
  Timer *timer = g_hash_table_lookup (self->timer_ids, GUINT_TO_POINTER (id));

  if (timer == NULL)
    return;
  g_hash_table_remove (self->timer_ids, GUINT_TO_POINTER (id));
  g_tree_remove (self->timers, timer);
  arm (self);
}

void
ol2tp_loop_set_deadline (Ol2tpLoop *self, gint64 at_us)
{
  self->deadline_us = at_us;
  arm (self);
}

void
ol2tp_loop_kick (Ol2tpLoop *self)
{
  self->kicked = TRUE;
  arm (self);
}
