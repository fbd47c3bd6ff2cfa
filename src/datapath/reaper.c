/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reaper.h"

#include <unistd.h>

/* session_id is 0 for a tunnel; both IDs are 0 for "end". */
typedef struct {
  guint32 tunnel_id;
  guint32 session_id;
  int channel;
} Job;

struct Ol2tpReaper {
  Ol2tpNetlink *netlink; /* the thread's */
  GThread *thread;
  GAsyncQueue *jobs;
  GMutex mutex;
  GCond idle;
  guint n_pending; /* under mutex */
};

/* What goes wrong on the way down is logged and not reported: nobody could do anything about it. */
static void
do_job (Ol2tpReaper *self, const Job *job)
{
  g_autoptr (GError) error = NULL;
  gboolean deleted;

  /* The descriptor first: closing its last copy deletes the session, which is then no news.  Yet another owner may have one. */
  if (job->channel >= 0)
    close (job->channel);
  if (job->session_id != 0)
    deleted = ol2tp_netlink_delete_session (self->netlink, job->tunnel_id, job->session_id, &error);
  else
    deleted = ol2tp_netlink_delete_tunnel (self->netlink, job->tunnel_id, &error);
  if (!deleted)
    g_warning ("%s", error->message);
}

static gpointer
reap (gpointer data)
{
  Ol2tpReaper *self = data;
  gboolean end = FALSE;

  while (!end)
    {
      g_autofree Job *job = g_async_queue_pop (self->jobs);

      end = job->tunnel_id == 0;
      if (!end)
        do_job (self, job);
      g_mutex_lock (&self->mutex);
      if (--self->n_pending == 0)
        g_cond_broadcast (&self->idle);
      g_mutex_unlock (&self->mutex);
    }
  return NULL;
}

static void
give (Ol2tpReaper *self, guint32 tunnel_id, guint32 session_id, int channel)
{
  Job *job = g_new0 (Job, 1);

  job->tunnel_id = tunnel_id;
  job->session_id = session_id;
  job->channel = channel;
  g_mutex_lock (&self->mutex);
  self->n_pending++;
  g_mutex_unlock (&self->mutex);
  g_async_queue_push (self->jobs, job);
}

Ol2tpReaper *
ol2tp_reaper_new (GError **error)
{
  Ol2tpNetlink *netlink = ol2tp_netlink_new (error);
  Ol2tpReaper *self;

  if (netlink == NULL)
    return NULL;
  self = g_new0 (Ol2tpReaper, 1);
  self->netlink = netlink;
  self->jobs = g_async_queue_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->idle);
  self->thread = g_thread_new ("l2tp-reaper", reap, self);
  return self;
}

void
ol2tp_reaper_free (Ol2tpReaper *self)
{
  give (self, 0, 0, -1);
  g_thread_join (self->thread);
  g_async_queue_unref (self->jobs);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->idle);
  ol2tp_netlink_free (self->netlink);
  g_free (self);
}

void
ol2tp_reaper_session (Ol2tpReaper *self, guint32 tunnel_id, guint32 session_id, int channel)
{
  give (self, tunnel_id, session_id, channel);
}

void
ol2tp_reaper_tunnel (Ol2tpReaper *self, guint32 tunnel_id)
{
  give (self, tunnel_id, 0, -1);
}

void
ol2tp_reaper_wait (Ol2tpReaper *self)
{
  g_mutex_lock (&self->mutex);
  while (self->n_pending > 0)
    g_cond_wait (&self->idle, &self->mutex);
  g_mutex_unlock (&self->mutex);
}
