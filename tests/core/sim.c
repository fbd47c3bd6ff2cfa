/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim.h"
#include "bench.h"

#include <string.h>

#define MAX_DATAGRAMS 200000 /* more is an acknowledgement storm */

typedef struct {
  gint64 at_us;
  guint to;
  Ol2tpPath path;
  gsize len;
  guint8 data[];
} Packet;

static int
compare_packets (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Packet *packet_a = a, *packet_b = b;

  return packet_a->at_us < packet_b->at_us ? -1 : packet_a->at_us > packet_b->at_us;
}

guint
sim_random (Sim *self, guint n)
{
  guint64 value;

  bench_random (&self->random_state, (guint8 *) &value, sizeof value);
  return (guint) (value % n);
}

void
sim_init (Sim *self, guint64 seed, const SimNetwork *network)
{
  memset (self, 0, sizeof *self);
  self->seed = seed;
  self->random_state = (seed + 1) * 0x9e3779b97f4a7c15;
  self->network = *network;
  self->now_us = SECOND;
  self->in_flight = g_sequence_new (g_free);
  for (guint i = 0; i < 2; i++)
    {
      SimHost *host = &self->hosts[i];

      host->engine = ol2tp_engine_new (i == 0 ? "zero" : "one", bench_random, &self->random_state);
      host->grammar = grammar_new ();
      host->tunnels = g_array_new (FALSE, FALSE, sizeof (guint32));
      host->sessions = g_array_new (FALSE, FALSE, sizeof (guint32));
      host->serials = g_array_new (FALSE, FALSE, sizeof (guint32));
      g_assert_true (ol2tp_address_parse (i == 0 ? "2001:db8::1" : "2001:db8::2", &host->path.local));
      g_assert_true (ol2tp_address_parse (i == 0 ? "2001:db8::2" : "2001:db8::1", &host->path.remote));
      host->path.local.port = host->path.remote.port = 1701;
    }
}

void
sim_clear (Sim *self)
{
  for (guint i = 0; i < 2; i++)
    {
      ol2tp_engine_free (self->hosts[i].engine);
      grammar_free (self->hosts[i].grammar);
      g_array_unref (self->hosts[i].tunnels);
      g_array_unref (self->hosts[i].sessions);
      g_array_unref (self->hosts[i].serials);
    }
  g_sequence_free (self->in_flight);
}

static void
send_packet (Sim *self, guint from, const Ol2tpDatagram *datagram)
{
  guint n_copies = 1 + (sim_random (self, 1000) < self->network.duplicate_permille ? 1 : 0);

  g_assert_true (ol2tp_address_equal (&datagram->path.remote, &self->hosts[from].path.remote));
  g_assert_cmpuint (++self->n_datagrams, <, MAX_DATAGRAMS);
  for (guint i = 0; i < n_copies; i++)
    {
      Packet *packet;

      if (sim_random (self, 1000) < self->network.loss_permille)
        continue;
      packet = g_malloc (sizeof *packet + datagram->len);
      packet->to = 1 - from;
      packet->path = self->hosts[1 - from].path;
      packet->len = datagram->len;
      memcpy (packet->data, datagram->data, datagram->len);
      packet->at_us = self->now_us + self->network.min_delay_us
                      + sim_random (self, (guint) (self->network.max_delay_us - self->network.min_delay_us + 1));
      g_sequence_insert_sorted (self->in_flight, packet, compare_packets, NULL);
    }
}

static void
forget (GArray *ids, guint32 id)
{
  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, guint32, i) == id)
      {
        g_array_remove_index_fast (ids, i);
        return;
      }
}

static void
refuse (Sim *self, SimHost *host, const Ol2tpEvent *event)
{
  Ol2tpCause cause = bench_cause (OL2TP_REASON_REFUSED, 0);

  if (event->type == OL2TP_EVENT_TUNNEL_INCOMING)
    g_assert_true (ol2tp_engine_close_tunnel (host->engine, event->tunnel_id, &cause, self->now_us, NULL));
  else
    g_assert_true (ol2tp_engine_close_session (host->engine, event->session_id, &cause, self->now_us, NULL));
}

static void
handle_event (Sim *self, SimHost *host, const Ol2tpEvent *event)
{
  gboolean refused = sim_random (self, 1000) < host->refuse_permille;
  Ol2tpSessionInfo info;

  grammar_check (host->grammar, event);
  switch (event->type)
    {
    case OL2TP_EVENT_TUNNEL_INCOMING:
      g_array_append_val (host->tunnels, event->tunnel_id);
      if (refused)
        refuse (self, host, event);
      else
        g_assert_true (ol2tp_engine_accept_tunnel (host->engine, event->tunnel_id, self->now_us, NULL));
      break;
    case OL2TP_EVENT_TUNNEL_UP:
      host->n_up++;
      break;
    case OL2TP_EVENT_TUNNEL_CLOSED:
      forget (host->tunnels, event->tunnel_id);
      host->last_cause = event->cause;
      host->n_timeouts += event->cause.reason == OL2TP_REASON_TIMEOUT ? 1 : 0;
      break;
    case OL2TP_EVENT_SESSION_INCOMING:
      g_array_append_val (host->sessions, event->session_id);
      if (ol2tp_engine_get_session_info (host->engine, event->session_id, &info))
        g_array_append_val (host->serials, info.call_serial_number);
      if (refused)
        refuse (self, host, event);
      else
        g_assert_true (ol2tp_engine_accept_session (host->engine, event->session_id, self->now_us, NULL));
      break;
    case OL2TP_EVENT_SESSION_DATAPATH:
      if (refused)
        refuse (self, host, event);
      else
        g_assert_true (ol2tp_engine_datapath_done (host->engine, event->session_id, self->now_us, NULL));
      break;
    case OL2TP_EVENT_SESSION_UP:
      host->n_session_up++;
      break;
    case OL2TP_EVENT_SESSION_CLOSED:
      forget (host->sessions, event->session_id);
      break;
    case OL2TP_EVENT_TUNNEL_GONE:
    case OL2TP_EVENT_TRACE:
    default:
      break;
    }
}

/* As the daemon does it: events first, whose answers make more of both, then datagrams. */
static void
drain (Sim *self, guint i)
{
  SimHost *host = &self->hosts[i];
  Ol2tpDatagram datagram;
  Ol2tpEvent event;

  while (ol2tp_engine_pop_event (host->engine, &event))
    handle_event (self, host, &event);
  while (ol2tp_engine_pop_datagram (host->engine, &datagram, self->now_us))
    send_packet (self, i, &datagram);
}

guint32
sim_add_tunnel (Sim *self, guint i, const Ol2tpTunnelConfig *config)
{
  SimHost *host = &self->hosts[i];
  guint32 id;

  g_assert_true (ol2tp_engine_add_tunnel (host->engine, config, &id, NULL));
  grammar_add_tunnel (host->grammar, id);
  g_array_append_val (host->tunnels, id);
  g_assert_true (ol2tp_engine_connect_tunnel (host->engine, id, &host->path, self->now_us, NULL));
  drain (self, i);
  return id;
}

guint32
sim_add_session (Sim *self, guint i, guint32 tunnel_id)
{
  Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;
  SimHost *host = &self->hosts[i];
  guint32 id;

  config.establish_timeout_sec = 0;
  g_assert_true (ol2tp_engine_add_session (host->engine, tunnel_id, &config, &id, NULL));
  grammar_add_session (host->grammar, tunnel_id, id);
  g_array_append_val (host->sessions, id);
  g_assert_true (ol2tp_engine_connect_session (host->engine, id, self->now_us, NULL));
  drain (self, i);
  return id;
}

void
sim_close_tunnel (Sim *self, guint i, guint32 id)
{
  Ol2tpCause cause = bench_cause (OL2TP_REASON_ADMIN, 0);

  g_assert_true (ol2tp_engine_close_tunnel (self->hosts[i].engine, id, &cause, self->now_us, NULL));
  drain (self, i);
}

void
sim_close_session (Sim *self, guint i, guint32 id)
{
  Ol2tpCause cause = bench_cause (OL2TP_REASON_ADMIN, 0);

  g_assert_true (ol2tp_engine_close_session (self->hosts[i].engine, id, &cause, self->now_us, NULL));
  drain (self, i);
}

void
sim_run_until (Sim *self, gint64 until_us)
{
  for (;;)
    {
      GSequenceIter *first = g_sequence_get_begin_iter (self->in_flight);
      Packet *packet = g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
      gint64 next_us = packet != NULL ? packet->at_us : OL2TP_NEVER;
      guint who = 2;

      for (guint i = 0; i < 2; i++)
        if (ol2tp_engine_get_deadline (self->hosts[i].engine) < next_us)
          {
            next_us = ol2tp_engine_get_deadline (self->hosts[i].engine);
            who = i;
          }
      if (next_us > until_us)
        break;

      self->now_us = MAX (self->now_us, next_us);
      if (who < 2)
        ol2tp_engine_advance (self->hosts[who].engine, self->now_us);
      else
        {
          who = packet->to;
          ol2tp_engine_receive (self->hosts[who].engine, &packet->path, packet->data, packet->len, self->now_us);
          g_sequence_remove (first);
        }
      drain (self, who);
    }
  self->now_us = MAX (self->now_us, until_us);
}

gboolean
sim_is_quiet (const Sim *self)
{
  return g_sequence_is_empty (self->in_flight) && ol2tp_engine_get_deadline (self->hosts[0].engine) == OL2TP_NEVER
         && ol2tp_engine_get_deadline (self->hosts[1].engine) == OL2TP_NEVER;
}
