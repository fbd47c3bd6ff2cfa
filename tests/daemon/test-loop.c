/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's one event source: what a callback may do to it, and in which order timers run. */
#include "daemon/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

typedef struct {
  Ol2tpLoop *loop;
  guint turns;
  GString *story;
  int a[2], b[2]; /* pipes: read end, write end */
  guint id, other_id;
} Fixture;

static void
on_turn (gpointer data)
{
  ((Fixture *) data)->turns++;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->loop = ol2tp_loop_new (on_turn, f);
  f->story = g_string_new ("");
  g_assert_no_errno (pipe2 (f->a, O_CLOEXEC | O_NONBLOCK));
  g_assert_no_errno (pipe2 (f->b, O_CLOEXEC | O_NONBLOCK));
}

static void
close_pipe (int *ends)
{
  close (ends[0]);
  close (ends[1]);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  ol2tp_loop_free (f->loop);
  close_pipe (f->a);
  close_pipe (f->b);
  g_string_free (f->story, TRUE);
}

static void
write_to (int *ends)
{
  g_assert_cmpint (write (ends[1], "x", 1), ==, 1);
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
run_until (const guint *count, guint wanted)
{
  while (*count < wanted)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_readable (int fd, guint32 events, gpointer data)
{
  Fixture *f = data;
  char octet;

  g_assert_cmpuint (events & EPOLLIN, !=, 0);
  g_assert_cmpint (read (fd, &octet, 1), ==, 1);
  g_string_append_c (f->story, fd == f->a[0] ? 'a' : 'b');
}

static void
test_watch (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (ol2tp_loop_watch (f->loop, f->a[0], EPOLLIN, on_readable, f), ==, 0);
  g_assert_cmpint (ol2tp_loop_watch (f->loop, f->a[0], EPOLLIN, on_readable, f), ==, -EEXIST);
  g_assert_cmpint (ol2tp_loop_watch (f->loop, f->b[0], EPOLLIN, on_readable, f), ==, 0);
  g_assert_cmpint (ol2tp_loop_watch (f->loop, -1, EPOLLIN, on_readable, f), ==, -EBADF);
  drain ();
  g_assert_cmpstr (f->story->str, ==, "");

  write_to (f->a);
  write_to (f->a);
  drain ();
  g_assert_cmpstr (f->story->str, ==, "aa");

  ol2tp_loop_unwatch (f->loop, f->a[0]);
  ol2tp_loop_unwatch (f->loop, f->a[0]);
  ol2tp_loop_unwatch (f->loop, 999);
  write_to (f->a);
  write_to (f->b);
  drain ();
  g_assert_cmpstr (f->story->str, ==, "aab");
  g_assert_cmpint (ol2tp_loop_watch (f->loop, f->a[0], EPOLLIN, on_readable, f), ==, 0);
  drain ();
  g_assert_cmpstr (f->story->str, ==, "aaba");
}

static void
on_readable_unwatch_all (int fd, guint32 events, gpointer data)
{
  Fixture *f = data;

  g_string_append_c (f->story, fd == f->a[0] ? 'a' : 'b');
  ol2tp_loop_unwatch (f->loop, f->a[0]);
  ol2tp_loop_unwatch (f->loop, f->b[0]);
}

/* Both are ready in one turn; whichever is called first takes both away. */
static void
test_unwatch_inside (Fixture *f, gconstpointer data)
{
  ol2tp_loop_watch (f->loop, f->a[0], EPOLLIN, on_readable_unwatch_all, f);
  ol2tp_loop_watch (f->loop, f->b[0], EPOLLIN, on_readable_unwatch_all, f);
  write_to (f->a);
  write_to (f->b);
  drain ();
  g_assert_cmpuint (f->story->len, ==, 1);
}

static void
on_stranger (int fd, guint32 events, gpointer data)
{
  g_assert_not_reached ();
}

/* Gives the other descriptor's number to a new file while an event for the old one is already fetched. */
static void
on_readable_replace (int fd, guint32 events, gpointer data)
{
  Fixture *f = data;
  int *other = fd == f->a[0] ? f->b : f->a;
  int fresh[2];

  g_string_append_c (f->story, 'x');
  ol2tp_loop_unwatch (f->loop, fd);
  ol2tp_loop_unwatch (f->loop, other[0]);
  g_assert_no_errno (pipe2 (fresh, O_CLOEXEC | O_NONBLOCK));
  g_assert_cmpint (dup3 (fresh[0], other[0], O_CLOEXEC), ==, other[0]);
  close (fresh[0]);
  close (other[1]);
  other[1] = fresh[1];
  g_assert_cmpint (ol2tp_loop_watch (f->loop, other[0], EPOLLIN, on_stranger, f), ==, 0);
}

static void
test_stale_event (Fixture *f, gconstpointer data)
{
  ol2tp_loop_watch (f->loop, f->a[0], EPOLLIN, on_readable_replace, f);
  ol2tp_loop_watch (f->loop, f->b[0], EPOLLIN, on_readable_replace, f);
  write_to (f->a);
  write_to (f->b);
  drain ();
  g_assert_cmpstr (f->story->str, ==, "x");
}

static void
on_readable_watch (int fd, guint32 events, gpointer data)
{
  Fixture *f = data;

  on_readable (fd, events, data);
  g_assert_cmpint (ol2tp_loop_watch (f->loop, f->b[0], EPOLLIN, on_readable, f), ==, 0);
}

static void
test_watch_inside (Fixture *f, gconstpointer data)
{
  ol2tp_loop_watch (f->loop, f->a[0], EPOLLIN, on_readable_watch, f);
  write_to (f->a);
  write_to (f->b);
  drain ();
  g_assert_cmpstr (f->story->str, ==, "ab");
}

static void
on_hangup (int fd, guint32 events, gpointer data)
{
  Fixture *f = data;

  g_assert_cmpuint (events & EPOLLHUP, !=, 0);
  g_string_append_c (f->story, 'h');
  ol2tp_loop_unwatch (f->loop, fd);
}

static void
test_hangup (Fixture *f, gconstpointer data)
{
  ol2tp_loop_watch (f->loop, f->a[0], EPOLLIN, on_hangup, f);
  close (f->a[1]);
  f->a[1] = -1;
  drain ();
  g_assert_cmpstr (f->story->str, ==, "h");
}

/* More ready descriptors than one fetch takes: each is served, none twice for one octet. */
static void
test_many_watches (Fixture *f, gconstpointer data)
{
  int pipes[150][2];

  for (gsize i = 0; i < G_N_ELEMENTS (pipes); i++)
    {
      g_assert_no_errno (pipe2 (pipes[i], O_CLOEXEC | O_NONBLOCK));
      g_assert_cmpint (ol2tp_loop_watch (f->loop, pipes[i][0], EPOLLIN, on_readable, f), ==, 0);
      write_to (pipes[i]);
    }
  drain ();
  g_assert_cmpuint (f->story->len, ==, G_N_ELEMENTS (pipes));
  for (gsize i = 0; i < G_N_ELEMENTS (pipes); i++)
    {
      ol2tp_loop_unwatch (f->loop, pipes[i][0]);
      close_pipe (pipes[i]);
    }
}

/* Timers. */

typedef struct {
  Fixture *f;
  char letter;
} Tick;

static void
on_tick (gpointer data)
{
  Tick *tick = data;

  g_string_append_c (tick->f->story, tick->letter);
}

static void
test_timer_order (Fixture *f, gconstpointer data)
{
  Tick a = { f, 'a' }, b = { f, 'b' }, c = { f, 'c' }, d = { f, 'd' }, never = { f, '!' };
  gint64 now = g_get_monotonic_time ();

  ol2tp_loop_add_timer (f->loop, now + 3000, on_tick, &d);
  ol2tp_loop_add_timer (f->loop, now - 1000, on_tick, &b);
  ol2tp_loop_add_timer (f->loop, now - 1000, on_tick, &c); /* same time: in order of making */
  ol2tp_loop_add_timer (f->loop, 0, on_tick, &a);
  ol2tp_loop_add_timer (f->loop, now + G_TIME_SPAN_HOUR, on_tick, &never);
  g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (f->story->str, ==, "abc");
  while (f->story->len < 4)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (f->story->str, ==, "abcd");
  g_assert_cmpint (g_get_monotonic_time (), >=, now + 3000);
  g_assert_cmpint (g_get_monotonic_time (), <, now + 5 * G_USEC_PER_SEC);
}

static void
on_tick_remove_other (gpointer data)
{
  Fixture *f = data;

  g_string_append_c (f->story, 'r');
  ol2tp_loop_remove_timer (f->loop, f->id); /* itself: ran out already */
  ol2tp_loop_remove_timer (f->loop, f->other_id);
}

static void
test_timer_remove (Fixture *f, gconstpointer data)
{
  Tick never = { f, '!' };
  guint id = ol2tp_loop_add_timer (f->loop, 0, on_tick, &never);

  g_assert_cmpuint (id, !=, 0);
  ol2tp_loop_remove_timer (f->loop, id);
  ol2tp_loop_remove_timer (f->loop, id);
  ol2tp_loop_remove_timer (f->loop, 0);
  ol2tp_loop_remove_timer (f->loop, 4711);

  f->id = ol2tp_loop_add_timer (f->loop, 1, on_tick_remove_other, f);
  f->other_id = ol2tp_loop_add_timer (f->loop, 2, on_tick, &never); /* due in the same turn */
  g_assert_cmpuint (f->id, !=, f->other_id);
  drain ();
  g_assert_cmpstr (f->story->str, ==, "r");
}

static void
on_tick_again (gpointer data)
{
  Fixture *f = data;

  g_string_append_c (f->story, 'g');
  if (f->story->len < 5)
    ol2tp_loop_add_timer (f->loop, 0, on_tick_again, f);
}

static void
test_timer_add_inside (Fixture *f, gconstpointer data)
{
  ol2tp_loop_add_timer (f->loop, 0, on_tick_again, f);
  drain ();
  g_assert_cmpstr (f->story->str, ==, "ggggg");
}

/* A timer of the past must not starve descriptors, nor the other way round. */
static void
test_timer_and_watch (Fixture *f, gconstpointer data)
{
  Tick tick = { f, 't' };

  ol2tp_loop_watch (f->loop, f->a[0], EPOLLIN, on_readable, f);
  ol2tp_loop_add_timer (f->loop, 0, on_tick, &tick);
  write_to (f->a);
  g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (f->story->str, ==, "at");
  g_assert_cmpuint (f->turns, ==, 1);
}

typedef struct {
  gint64 last_us;
  guint n;
  gint64 at_us[10000];
  guint ids[10000];
} Crowd;

typedef struct {
  Crowd *crowd;
  guint index;
} Member;

static void
on_member (gpointer data)
{
  Member *member = data;
  Crowd *crowd = member->crowd;

  g_assert_cmpint (crowd->at_us[member->index], >=, crowd->last_us);
  crowd->last_us = crowd->at_us[member->index];
  crowd->n++;
  g_assert_cmpuint (crowd->ids[member->index], !=, 0); /* not removed, not called twice */
  crowd->ids[member->index] = 0;
}

static void
test_many_timers (Fixture *f, gconstpointer data)
{
  g_autofree Crowd *crowd = g_new0 (Crowd, 1);
  g_autofree Member *members = g_new0 (Member, 10000);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1701);
  gint64 now = g_get_monotonic_time ();
  guint removed = 0;

  for (guint i = 0; i < 10000; i++)
    {
      members[i] = (Member){ crowd, i };
      crowd->at_us[i] = now + g_rand_int_range (rand, 0, 50000);
      crowd->ids[i] = ol2tp_loop_add_timer (f->loop, crowd->at_us[i], on_member, &members[i]);
    }
  for (guint i = 0; i < 10000; i += 3, removed++)
    {
      ol2tp_loop_remove_timer (f->loop, crowd->ids[i]);
      crowd->ids[i] = 0;
    }
  run_until (&crowd->n, 10000 - removed);
  drain ();
  g_assert_cmpuint (crowd->n, ==, 10000 - removed);
}

/* Turns. */

static void
test_kick (Fixture *f, gconstpointer data)
{
  drain ();
  g_assert_cmpuint (f->turns, ==, 0);
  ol2tp_loop_kick (f->loop);
  ol2tp_loop_kick (f->loop);
  g_assert_cmpuint (f->turns, ==, 0);
  drain ();
  g_assert_cmpuint (f->turns, ==, 1);
}

static void
test_deadline (Fixture *f, gconstpointer data)
{
  gint64 now = g_get_monotonic_time ();

  ol2tp_loop_set_deadline (f->loop, now + G_TIME_SPAN_HOUR);
  drain ();
  g_assert_cmpuint (f->turns, ==, 0);
  ol2tp_loop_set_deadline (f->loop, now + 2000);
  run_until (&f->turns, 1);
  g_assert_cmpint (g_get_monotonic_time (), >=, now + 2000);
  ol2tp_loop_set_deadline (f->loop, 0);
  ol2tp_loop_set_deadline (f->loop, G_MAXINT64);
  f->turns = 0;
  drain ();
  g_assert_cmpuint (f->turns, ==, 0);
}

static void
on_tick_kick (gpointer data)
{
  ol2tp_loop_kick (((Fixture *) data)->loop);
}

/* A kick from within a turn makes another one. */
static void
test_kick_inside (Fixture *f, gconstpointer data)
{
  ol2tp_loop_add_timer (f->loop, 0, on_tick_kick, f);
  drain ();
  g_assert_cmpuint (f->turns, ==, 2);
}

static void
test_without_turn (void)
{
  g_autoptr (Ol2tpLoop) loop = ol2tp_loop_new (NULL, NULL);
  guint count = 0;

  ol2tp_loop_kick (loop);
  while (g_main_context_iteration (NULL, FALSE))
    g_assert_cmpuint (++count, <, 10);
  ol2tp_loop_add_timer (loop, G_MAXINT64 - 1, on_tick, NULL); /* freed with the loop */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/daemon/loop/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("watch", test_watch);
  ADD ("unwatch-inside", test_unwatch_inside);
  ADD ("stale-event", test_stale_event);
  ADD ("watch-inside", test_watch_inside);
  ADD ("hangup", test_hangup);
  ADD ("many-watches", test_many_watches);
  ADD ("timer-order", test_timer_order);
  ADD ("timer-remove", test_timer_remove);
  ADD ("timer-add-inside", test_timer_add_inside);
  ADD ("timer-and-watch", test_timer_and_watch);
  ADD ("many-timers", test_many_timers);
  ADD ("kick", test_kick);
  ADD ("deadline", test_deadline);
  ADD ("kick-inside", test_kick_inside);
  g_test_add_func ("/daemon/loop/without-turn", test_without_turn);
  return g_test_run ();
}
