/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "driver.h"

#include <errno.h>
#include <sys/random.h>

struct Ol2tpDriver {
  Ol2tpEngine *engine;
  Ol2tpEndpoint *endpoint;
  Ol2tpLoop *loop;
  gboolean running;
  Ol2tpEventFunc event;
  Ol2tpSettleFunc settle;
  gpointer user_data;
};

static void
fill_random (gpointer user_data, guint8 *buf, gsize len)
{
  while (len > 0)
    {
      gssize n = getrandom (buf, len, 0);

      if (n < 0 && errno != EINTR)
        g_error ("getrandom: %s", g_strerror (errno));
      if (n > 0)
        {
          buf += n;
          len -= (gsize) n;
        }
    }
}

static void
on_datagram (const Ol2tpPath *path, const guint8 *data, gsize len, gpointer user_data)
{
  Ol2tpDriver *self = user_data;

  ol2tp_engine_receive (self->engine, path, data, len, ol2tp_driver_now (self));
}

static void
on_turn (gpointer data)
{
  ol2tp_driver_run (data);
}

Ol2tpDriver *
ol2tp_driver_new (const char *host_name, Ol2tpEventFunc event, Ol2tpSettleFunc settle, gpointer user_data)
{
  Ol2tpDriver *self = g_new0 (Ol2tpDriver, 1);

  self->event = event;
  self->settle = settle;
  self->user_data = user_data;
  self->engine = ol2tp_engine_new (host_name, fill_random, NULL);
  self->loop = ol2tp_loop_new (on_turn, self);
  self->endpoint = ol2tp_endpoint_new (self->loop, on_datagram, self);
  return self;
}

void
ol2tp_driver_free (Ol2tpDriver *self)
{
  ol2tp_endpoint_free (self->endpoint);
  ol2tp_loop_free (self->loop);
  ol2tp_engine_free (self->engine);
  g_free (self);
}

Ol2tpEngine *
ol2tp_driver_get_engine (Ol2tpDriver *self)
{
  return self->engine;
}

Ol2tpEndpoint *
ol2tp_driver_get_endpoint (Ol2tpDriver *self)
{
  return self->endpoint;
}

Ol2tpLoop *
ol2tp_driver_get_loop (Ol2tpDriver *self)
{
  return self->loop;
}

gint64
ol2tp_driver_now (const Ol2tpDriver *self)
{
  return g_get_monotonic_time ();
}

static void
handle_events (Ol2tpDriver *self)
{
  Ol2tpEvent event;

  do
    while (ol2tp_engine_pop_event (self->engine, &event))
      self->event (&event, self->user_data);
  while (self->settle (self->user_data));
}

static gboolean
send_datagrams (Ol2tpDriver *self)
{
  Ol2tpDatagram datagram;
  gboolean sent = FALSE;

  while (ol2tp_engine_pop_datagram (self->engine, &datagram, ol2tp_driver_now (self)))
    {
      ol2tp_endpoint_send (self->endpoint, &datagram);
      sent = TRUE;
    }
  return sent;
}

void
ol2tp_driver_run (Ol2tpDriver *self)
{
  if (self->running)
    return;
  self->running = TRUE;
  ol2tp_engine_advance (self->engine, ol2tp_driver_now (self));
  do
    handle_events (self);
  while (send_datagrams (self));
  ol2tp_loop_set_deadline (self->loop, ol2tp_engine_get_deadline (self->engine));
  self->running = FALSE;
}

void
ol2tp_driver_kick (Ol2tpDriver *self)
{
  ol2tp_loop_kick (self->loop);
}
