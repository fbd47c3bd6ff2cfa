/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One engine, and the input is a program: datagrams, as they are or with the header put right so that they get through, commands
 * with IDs that exist and that do not, and time.  The events have to keep the order engine.h promises, what is sent has to be
 * well-formed, and when everything is closed nothing may be left.
 *
 * Every step is an octet that says what, and its operands; an operand that is missing is 0.
 */
#include "core/engine.h"
#include "core/header.h"
#include "core/message.h"
#include "fuzz.h"
#include "grammar.h"

#include <string.h>

#define MAX_STEPS 200
#define MAX_IDS 8
#define SECOND ((gint64) G_USEC_PER_SEC)

typedef struct {
  Ol2tpReader program;
  Ol2tpEngine *engine;
  Grammar *grammar;
  guint64 random_state;
  gint64 now_us;
  Ol2tpSecret *secret;
  guint32 tunnels[MAX_IDS]; /* the last seen */
  guint32 sessions[MAX_IDS];
  guint n_tunnels, n_sessions;
  guint16 ns[MAX_IDS], nr[MAX_IDS]; /* where the peer is, by place in @tunnels */
  gboolean automatic;               /* incoming tunnels and calls are accepted at once */
} Fuzz;

static void
next_random (gpointer user_data, guint8 *buf, gsize len)
{
  guint64 *state = user_data;

  for (gsize i = 0; i < len; i++)
    {
      *state = *state * 6364136223846793005 + 1442695040888963407;
      buf[i] = (guint8) (*state >> 56);
    }
}

static Ol2tpPath
make_path (guint which)
{
  Ol2tpPath path = { 0 };

  path.local.family = path.remote.family = OL2TP_FAMILY_IPV4;
  memcpy (path.local.bytes, "\xc6\x33\x64\x01", 4);
  memcpy (path.remote.bytes, "\xc0\x00\x02\x01", 4);
  path.local.port = path.remote.port = 1701;
  path.remote.bytes[3] = (guint8) (1 + (which & 1));
  return path;
}

static void
note_tunnel (Fuzz *self, guint32 id, guint16 ns)
{
  guint slot = self->n_tunnels++ % MAX_IDS;

  self->tunnels[slot] = id;
  self->ns[slot] = ns;
  self->nr[slot] = 0;
}

static void
note_session (Fuzz *self, guint32 id)
{
  self->sessions[self->n_sessions++ % MAX_IDS] = id;
}

static void
handle_event (Fuzz *self, const Ol2tpEvent *event)
{
  grammar_check (self->grammar, event);
  if (event->type == OL2TP_EVENT_TUNNEL_INCOMING)
    {
      note_tunnel (self, event->tunnel_id, 1);
      if (self->automatic)
        g_assert_true (ol2tp_engine_accept_tunnel (self->engine, event->tunnel_id, self->now_us, NULL));
    }
  if (event->type == OL2TP_EVENT_SESSION_INCOMING)
    {
      note_session (self, event->session_id);
      if (self->automatic)
        g_assert_true (ol2tp_engine_accept_session (self->engine, event->session_id, self->now_us, NULL));
    }
  if (event->type == OL2TP_EVENT_SESSION_DATAPATH && self->automatic)
    g_assert_true (ol2tp_engine_datapath_done (self->engine, event->session_id, self->now_us, NULL));
}

static void
check_datagram (Fuzz *self, const Ol2tpDatagram *datagram)
{
  static Ol2tpMessage message;
  Ol2tpHeader header;
  Ol2tpFault fault;

  g_assert_cmpuint (datagram->len, <=, OL2TP_DATAGRAM_MAX);
  g_assert_cmpint (ol2tp_header_decode (&header, datagram->data, datagram->len), ==, OL2TP_HEADER_CONTROL);
  g_assert_cmpuint (header.body.len + OL2TP_HEADER_LEN, ==, datagram->len);
  if (ol2tp_header_is_zlb (&header))
    return;
  g_assert_cmpint (ol2tp_message_decode (&message, header.body, self->secret, &fault), ==, OL2TP_PARSE_OK);
  for (guint i = 0; i < MAX_IDS; i++)
    if (datagram->tunnel_id != 0 && self->tunnels[i] == datagram->tunnel_id)
      self->nr[i] = (guint16) (header.ns + 1);
}

static void
drain (Fuzz *self)
{
  static Ol2tpDatagram datagram;
  Ol2tpEvent event;
  guint n = 0;

  while (ol2tp_engine_pop_event (self->engine, &event))
    handle_event (self, &event);
  while (ol2tp_engine_pop_datagram (self->engine, &datagram, self->now_us))
    {
      check_datagram (self, &datagram);
      g_assert_cmpuint (++n, <, 10000);
    }
  while (ol2tp_engine_pop_event (self->engine, &event))
    handle_event (self, &event);
}

static guint
read_octet (Fuzz *self)
{
  return self->program.left > 0 ? (guint) ol2tp_reader_number (&self->program, 1) : 0;
}

static guint
read_word (Fuzz *self)
{
  guint high = read_octet (self);

  return high << 8 | read_octet (self);
}

static Ol2tpSpan
read_span (Fuzz *self)
{
  return ol2tp_reader_span (&self->program, MIN (read_word (self), self->program.left));
}

static void
receive (Fuzz *self, const Ol2tpPath *path, const guint8 *data, gsize len)
{
  g_autofree guint8 *exact = g_memdup2 (data, len);

  ol2tp_engine_receive (self->engine, path, exact, len, self->now_us);
}

/* A message for a tunnel that exists, next in sequence, acknowledging all it should; only the body is the input's. */
static void
receive_in_order (Fuzz *self)
{
  static guint8 buffer[70000];
  guint which = read_octet (self), session = read_octet (self);
  guint slot = which % MAX_IDS;
  Ol2tpSpan body = read_span (self);
  Ol2tpHeader header = { (guint16) self->tunnels[slot], 0, self->ns[slot], self->nr[slot], body };
  Ol2tpPath path = make_path (which >> 4);
  Ol2tpTunnelInfo info;
  Ol2tpWriter writer;

  if (body.len > 4096)
    return;
  if (session != 0)
    header.session_id = (guint16) self->sessions[session % MAX_IDS];
  if (ol2tp_engine_get_tunnel_info (self->engine, self->tunnels[slot], &info))
    path.remote = info.path.remote;
  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  ol2tp_header_encode (&header, &writer);
  if (body.len > 0)
    self->ns[slot]++;
  receive (self, &path, buffer, writer.len);
}

static void
add_tunnel (Fuzz *self)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  guint flags = read_octet (self);
  Ol2tpPath path = make_path (flags >> 7);
  guint32 id;

  config.secret = (flags & 1) != 0 ? self->secret : NULL;
  config.hide_avps = (flags & 0x21) == 0x21;
  config.receive_window = (guint16) (1 + (flags >> 1 & 3));
  config.max_retries = flags >> 3 & 7;
  config.hello_interval_sec = flags >> 4 & 3;
  g_assert_true (ol2tp_engine_add_tunnel (self->engine, &config, &id, NULL));
  grammar_add_tunnel (self->grammar, id);
  note_tunnel (self, id, 0);
  if ((flags & 0x40) == 0)
    g_assert_true (ol2tp_engine_connect_tunnel (self->engine, id, &path, self->now_us, NULL));
}

static void
add_session (Fuzz *self)
{
  Ol2tpSessionConfig config = OL2TP_SESSION_CONFIG_DEFAULT;
  guint flags = read_octet (self);
  guint32 id;

  config.called_number = (flags & 0x10) != 0 ? "100" : NULL;
  config.rx_speed = (flags & 0x20) != 0 ? 1 : 0;
  config.sequencing_required = (flags & 0x40) != 0;
  if (!ol2tp_engine_add_session (self->engine, self->tunnels[flags % MAX_IDS], &config, &id, NULL))
    return;
  grammar_add_session (self->grammar, self->tunnels[flags % MAX_IDS], id);
  note_session (self, id);
  if ((flags & 0x80) == 0)
    g_assert_true (ol2tp_engine_connect_session (self->engine, id, self->now_us, NULL));
}

static void
command (Fuzz *self, guint what)
{
  guint operand = read_octet (self);
  guint32 tunnel = self->tunnels[operand % MAX_IDS], session = self->sessions[operand % MAX_IDS];
  Ol2tpPath path = make_path (operand >> 4);
  Ol2tpCause cause;

  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, (guint16) (operand >> 4), (guint16) (operand >> 5), "text");
  switch (what)
    {
    case 0:
      ol2tp_engine_accept_tunnel (self->engine, tunnel, self->now_us, NULL);
      break;
    case 1:
      ol2tp_engine_close_tunnel (self->engine, tunnel, &cause, self->now_us, NULL);
      break;
    case 2:
      ol2tp_engine_accept_session (self->engine, session, self->now_us, NULL);
      break;
    case 3:
      ol2tp_engine_datapath_done (self->engine, session, self->now_us, NULL);
      break;
    case 4:
      ol2tp_engine_close_session (self->engine, session, &cause, self->now_us, NULL);
      break;
    case 5:
      ol2tp_engine_connect_tunnel (self->engine, tunnel, &path, self->now_us, NULL);
      break;
    default:
      ol2tp_engine_connect_session (self->engine, session, self->now_us, NULL);
      break;
    }
}

static void
step (Fuzz *self)
{
  guint what = read_octet (self);
  Ol2tpSpan span;
  Ol2tpPath path;

  switch (what % 16)
    {
    case 0:
      path = make_path (what >> 4);
      span = read_span (self);
      receive (self, &path, span.data, span.len);
      break;
    case 1:
    case 2:
      receive_in_order (self);
      break;
    case 3:
      self->now_us += (gint64) read_word (self) * 10000;
      ol2tp_engine_advance (self->engine, self->now_us);
      break;
    case 4:
      if (ol2tp_engine_get_deadline (self->engine) != OL2TP_NEVER)
        self->now_us = MAX (self->now_us, ol2tp_engine_get_deadline (self->engine));
      ol2tp_engine_advance (self->engine, self->now_us);
      break;
    case 5:
      add_tunnel (self);
      break;
    case 6:
      add_session (self);
      break;
    case 7:
      self->automatic = !self->automatic;
      break;
    case 8:
      return; /* another step before the driver looks */
    default:
      command (self, what % 16 - 9);
      break;
    }
  if ((what & 0x80) == 0)
    drain (self);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Ol2tpTunnelConfig config = OL2TP_TUNNEL_CONFIG_DEFAULT;
  Fuzz self = { .random_state = 1, .now_us = SECOND };
  guint flags;

  ol2tp_reader_init (&self.program, data, size);
  flags = read_octet (&self);
  self.automatic = (flags & 1) != 0;
  self.secret = ol2tp_secret_new ("l2tp-secret", 11);
  self.grammar = grammar_new ();
  self.engine = ol2tp_engine_new ("fuzz", next_random, &self.random_state);
  config.secret = (flags & 2) != 0 ? self.secret : NULL;
  config.hide_avps = (flags & 0x12) == 0x12;
  config.max_retries = 2;
  ol2tp_engine_set_responder (self.engine, (flags & 4) == 0 ? &config : NULL, 8);
  ol2tp_engine_set_trace (self.engine, (flags & 8) != 0);

  for (guint i = 0; i < MAX_STEPS && self.program.left > 0; i++)
    step (&self);
  drain (&self);

  /* The peer falls silent, the caller closes what is left: in the end there is nothing. */
  for (guint i = 0; i < 65536 && grammar_get_n_tunnels (self.grammar) > 0; i++)
    {
      Ol2tpCause cause;

      ol2tp_cause_init (&cause, OL2TP_REASON_SHUTDOWN, 6, 0, NULL);
      for (guint j = 0; j < MAX_IDS; j++)
        ol2tp_engine_close_tunnel (self.engine, self.tunnels[j], &cause, self.now_us, NULL);
      drain (&self);
      if (ol2tp_engine_get_deadline (self.engine) == OL2TP_NEVER)
        break;
      self.now_us = MAX (self.now_us, ol2tp_engine_get_deadline (self.engine));
      ol2tp_engine_advance (self.engine, self.now_us);
      drain (&self);
      if (i > 2000) /* an idle or established tunnel that is no longer among the last seen */
        break;
    }
  if (self.n_tunnels <= MAX_IDS)
    {
      g_assert_cmpuint (grammar_get_n_tunnels (self.grammar), ==, 0);
      g_assert_cmpuint (grammar_get_n_sessions (self.grammar), ==, 0);
      g_assert_cmpuint (ol2tp_engine_get_n_unacknowledged (self.engine), ==, 0);
      g_assert_cmpint (ol2tp_engine_get_deadline (self.engine), ==, OL2TP_NEVER);
    }
  ol2tp_engine_free (self.engine);
  grammar_free (self.grammar);
  ol2tp_secret_unref (self.secret);
  return 0;
}
