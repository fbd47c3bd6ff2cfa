/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine owns everything: tunnels and sessions by ID in hash tables, timers in one heap, events and datagrams in queues.  This
 * file is its outside: commands by ID, questions, and what the caller takes out.  Datagrams from the network come in through
 * engine-input.c.
 *
 * No function here looks at more than the one tunnel it is about: what is due is at the root of the heap, what has something to
 * send is in the ready queue.  A tunnel or session that ends leaves all tables at once, but its memory goes with the next input,
 * so that no function up the stack, and no borrowed string of a snapshot, is left with a dangling pointer.
 *
 * Implements: RFC 2661 section 4.4.3 and 4.4.4 (what our own IDs and settings may be); the protocol is in tunnel.c and session.c.
 */
#include "core/engine-private.h"
#include "core/session.h"
#include "core/tunnel.h"

#include <string.h>

#define ALL_TUNNELS 65535

typedef struct {
  gpointer memory;
  GDestroyNotify free_func;
} Garbage;

/* --- settings --- */

void
ol2tp_tunnel_config_copy (Ol2tpTunnelConfig *dest, const Ol2tpTunnelConfig *src)
{
  *dest = *src;
  dest->host_name = g_strdup (src->host_name);
  if (src->secret != NULL)
    dest->secret = ol2tp_secret_ref (src->secret);
}

void
ol2tp_tunnel_config_clear (Ol2tpTunnelConfig *config)
{
  g_free ((char *) config->host_name);
  ol2tp_secret_unref (config->secret);
  memset (config, 0, sizeof *config);
}

static gboolean
check_tunnel_config (const Ol2tpTunnelConfig *config, GError **error)
{
  /* RFC 2661 section 4.4.3: Host Name is 1 octet or more, Receive Window Size is not 0. */
  if (config->host_name != NULL && *config->host_name == '\0')
    g_set_error_literal (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "the host name is empty");
  else if (config->receive_window == 0)
    g_set_error_literal (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "a receive window of 0 lets nothing in");
  else if (config->retry_timeout_ms == 0)
    g_set_error_literal (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "the retry timeout is 0");
  else if (config->hide_avps && config->secret == NULL)
    g_set_error_literal (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "AVPs cannot be hidden without a secret");
  else if (!ol2tp_tunnel_config_is_sendable (config))
    g_set_error_literal (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "the host name does not fit into a control message");
  else
    return TRUE;
  return FALSE;
}

/* --- engine --- */

static guint
hash_peer_key (gconstpointer key)
{
  return ((const Ol2tpPeerKey *) key)->hash;
}

static gboolean
equal_peer_keys (gconstpointer a, gconstpointer b)
{
  const Ol2tpPeerKey *key_a = a;
  const Ol2tpPeerKey *key_b = b;

  return key_a->tunnel_id == key_b->tunnel_id && ol2tp_address_equal (&key_a->address, &key_b->address);
}

/* One round of a multiply-and-fold hash; the key makes it different in each engine. */
static guint64
mix (const Ol2tpEngine *self, guint64 hash, guint64 value)
{
  hash = (hash ^ value ^ self->hash_key[0]) * (self->hash_key[1] | 1);
  return hash ^ hash >> 29;
}

void
ol2tp_engine_make_peer_key (const Ol2tpEngine *self, const Ol2tpAddress *address, guint32 tunnel_id, Ol2tpPeerKey *key)
{
  guint64 words[2];
  guint64 hash = 0;

  memset (key, 0, sizeof *key);
  key->address = *address;
  key->tunnel_id = tunnel_id;
  memcpy (words, address->bytes, sizeof words);
  hash = mix (self, hash, words[0]);
  hash = mix (self, hash, words[1]);
  hash = mix (self, hash, (guint64) address->scope_id << 32 | address->port);
  hash = mix (self, hash, (guint64) address->family << 32 | tunnel_id);
  key->hash = (guint) (hash ^ hash >> 32);
}

Ol2tpEngine *
ol2tp_engine_new (const char *host_name, Ol2tpRandomFunc random, gpointer user_data)
{
  Ol2tpEngine *self;

  g_return_val_if_fail (host_name != NULL && *host_name != '\0', NULL);
  g_return_val_if_fail (random != NULL, NULL);

  self = g_new0 (Ol2tpEngine, 1);
  self->host_name = g_strndup (host_name, 255);
  self->random = random;
  self->user_data = user_data;
  self->max_tunnels = ALL_TUNNELS;
  ol2tp_ids_init (&self->tunnel_ids, random, user_data);
  ol2tp_ids_init (&self->session_ids, random, user_data);
  self->tunnels = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) ol2tp_tunnel_free);
  self->sessions = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) ol2tp_session_free);
  self->peers = g_hash_table_new (hash_peer_key, equal_peer_keys);
  self->peer_sessions = g_hash_table_new (ol2tp_session_hash_peer_key, g_int64_equal);
  random (user_data, (guint8 *) self->hash_key, sizeof self->hash_key);
  ol2tp_timers_init (&self->timers);
  g_queue_init (&self->events);
  g_queue_init (&self->ready);
  g_queue_init (&self->early);
  g_queue_init (&self->loose);
  return self;
}

static void
collect_garbage (Ol2tpEngine *self)
{
  while (self->garbage != NULL)
    {
      Garbage *garbage = self->garbage->data;

      garbage->free_func (garbage->memory);
      g_free (garbage);
      self->garbage = g_slist_delete_link (self->garbage, self->garbage);
    }
}

void
ol2tp_engine_free (Ol2tpEngine *self)
{
  if (self == NULL)
    return;

  collect_garbage (self);
  g_hash_table_unref (self->peers);
  g_hash_table_unref (self->peer_sessions);
  g_hash_table_unref (self->sessions);
  g_hash_table_unref (self->tunnels);
  ol2tp_timers_clear (&self->timers);
  ol2tp_ids_clear (&self->tunnel_ids);
  ol2tp_ids_clear (&self->session_ids);
  g_queue_clear_full (&self->events, g_free);
  g_queue_clear_full (&self->loose, g_free);
  ol2tp_tunnel_config_clear (&self->responder);
  g_free (self->host_name);
  g_free (self);
}

void
ol2tp_engine_dispose (Ol2tpEngine *self, gpointer memory, GDestroyNotify free_func)
{
  Garbage *garbage = g_new (Garbage, 1);

  garbage->memory = memory;
  garbage->free_func = free_func;
  self->garbage = g_slist_prepend (self->garbage, garbage);
}

void
ol2tp_engine_enter (Ol2tpEngine *self, gint64 now_us)
{
  self->now_us = MAX (self->now_us, now_us);
  collect_garbage (self);
}

void
ol2tp_engine_set_responder (Ol2tpEngine *self, const Ol2tpTunnelConfig *config, guint max_tunnels)
{
  Ol2tpTunnelConfig copy = { 0 };

  if (config != NULL)
    {
      g_return_if_fail (check_tunnel_config (config, NULL));
      ol2tp_tunnel_config_copy (&copy, config);
    }
  ol2tp_tunnel_config_clear (&self->responder);
  self->responder = copy;
  self->has_responder = config != NULL;
  self->max_tunnels = max_tunnels == 0 ? ALL_TUNNELS : max_tunnels;
}

void
ol2tp_engine_set_trace (Ol2tpEngine *self, gboolean trace)
{
  self->trace = trace;
}

/* --- events and time --- */

Ol2tpEvent *
ol2tp_engine_queue_event (Ol2tpEngine *self, Ol2tpEventType type)
{
  Ol2tpEvent *event = g_new0 (Ol2tpEvent, 1);

  event->type = type;
  g_queue_push_tail (&self->events, event);
  return event;
}

void
ol2tp_engine_queue_trace (Ol2tpEngine *self, guint32 tunnel_id, const char *direction, guint16 type, const Ol2tpHeader *header,
                          const Ol2tpAddress *peer)
{
  g_autofree char *text = NULL;
  g_autofree char *number = NULL;
  const char *name = ol2tp_message_type_to_string (type);
  Ol2tpEvent *event;

  if (!self->trace)
    return;

  text = ol2tp_address_to_endpoint_string (peer);
  number = g_strdup_printf ("message %u", type);
  event = ol2tp_engine_queue_event (self, OL2TP_EVENT_TRACE);
  event->tunnel_id = tunnel_id;
  g_snprintf (event->text, sizeof event->text, "%s %s Ns=%u Nr=%u tid=%u sid=%u %s %s", direction, name != NULL ? name : number,
              header->ns, header->nr, header->tunnel_id, header->session_id, *direction == 't' ? "to" : "from", text);
}

void
ol2tp_engine_advance (Ol2tpEngine *self, gint64 now_us)
{
  ol2tp_engine_enter (self, now_us);
  ol2tp_timers_run (&self->timers, self->now_us);
}

gint64
ol2tp_engine_get_deadline (const Ol2tpEngine *self)
{
  return ol2tp_timers_get_deadline (&self->timers);
}

gboolean
ol2tp_engine_pop_event (Ol2tpEngine *self, Ol2tpEvent *event)
{
  g_autofree Ol2tpEvent *first = NULL;

  /* One message at a time, and only when the caller had the events of those before: what it wants to do about them must still be
   * possible. */
  while (g_queue_is_empty (&self->events) && !g_queue_is_empty (&self->early))
    ol2tp_tunnel_deliver_ahead (g_queue_peek_head (&self->early));

  first = g_queue_pop_head (&self->events);
  if (first == NULL)
    return FALSE;
  *event = *first;
  return TRUE;
}

gboolean
ol2tp_engine_pop_datagram (Ol2tpEngine *self, Ol2tpDatagram *datagram, gint64 now_us)
{
  g_autofree Ol2tpDatagram *loose = g_queue_pop_head (&self->loose);
  Ol2tpTunnel *tunnel;

  ol2tp_engine_enter (self, now_us);
  if (loose != NULL)
    {
      *datagram = *loose;
      return TRUE;
    }
  tunnel = g_queue_peek_head (&self->ready);
  return tunnel != NULL && ol2tp_tunnel_pop_datagram (tunnel, datagram);
}

/* --- commands --- */

static Ol2tpTunnel *
find_tunnel (const Ol2tpEngine *self, guint32 id, GError **error)
{
  Ol2tpTunnel *tunnel = g_hash_table_lookup (self->tunnels, GUINT_TO_POINTER (id));

  if (tunnel == NULL)
    g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND, "tunnel %u: there is none", id);
  return tunnel;
}

static Ol2tpSession *
find_session (const Ol2tpEngine *self, guint32 id, GError **error)
{
  Ol2tpSession *session = g_hash_table_lookup (self->sessions, GUINT_TO_POINTER (id));

  if (session == NULL)
    g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND, "session %u: there is none", id);
  return session;
}

/* Finds a tunnel for a command, which its state has to allow. */
static Ol2tpTunnel *
find_tunnel_for (const Ol2tpEngine *self, guint32 id, Ol2tpTunnelEvent event, GError **error)
{
  Ol2tpTunnel *tunnel = find_tunnel (self, id, error);

  if (tunnel != NULL && ol2tp_tunnel_find_transition (tunnel->state, event) == NULL)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE, "tunnel %u: not possible in state %s", id,
                   ol2tp_tunnel_state_to_string (tunnel->state));
      return NULL;
    }
  return tunnel;
}

gboolean
ol2tp_engine_add_tunnel (Ol2tpEngine *self, const Ol2tpTunnelConfig *config, guint32 *id, GError **error)
{
  Ol2tpTunnel *tunnel;

  if (!check_tunnel_config (config, error))
    return FALSE;

  tunnel = ol2tp_tunnel_new (self, config);
  if (tunnel == NULL)
    {
      g_set_error_literal (error, OL2TP_ERROR, OL2TP_ERROR_LIMIT_EXCEEDED, "no tunnel ID is free");
      return FALSE;
    }
  tunnel->initiator = TRUE;
  *id = tunnel->id;
  return TRUE;
}

gboolean
ol2tp_engine_configure_tunnel (Ol2tpEngine *self, guint32 id, const Ol2tpTunnelConfig *config, GError **error)
{
  Ol2tpTunnel *tunnel;

  if (!check_tunnel_config (config, error))
    return FALSE;
  tunnel = find_tunnel_for (self, id, OL2TP_TUNNEL_EVENT_OPEN, error);
  if (tunnel == NULL)
    return FALSE;
  ol2tp_tunnel_configure (tunnel, config);
  return TRUE;
}

gboolean
ol2tp_engine_connect_tunnel (Ol2tpEngine *self, guint32 id, const Ol2tpPath *path, gint64 now_us, GError **error)
{
  Ol2tpTunnel *tunnel;

  ol2tp_engine_enter (self, now_us);
  tunnel = find_tunnel_for (self, id, OL2TP_TUNNEL_EVENT_OPEN, error);
  if (tunnel == NULL)
    return FALSE;
  if (path->remote.family == OL2TP_FAMILY_NONE || path->remote.port == 0)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "tunnel %u: the peer's address is not known", id);
      return FALSE;
    }
  ol2tp_tunnel_open (tunnel, path);
  return TRUE;
}

gboolean
ol2tp_engine_accept_tunnel (Ol2tpEngine *self, guint32 id, gint64 now_us, GError **error)
{
  Ol2tpTunnel *tunnel;

  ol2tp_engine_enter (self, now_us);
  tunnel = find_tunnel_for (self, id, OL2TP_TUNNEL_EVENT_ACCEPT, error);
  if (tunnel == NULL)
    return FALSE;
  ol2tp_tunnel_accept (tunnel);
  return TRUE;
}

gboolean
ol2tp_engine_close_tunnel (Ol2tpEngine *self, guint32 id, const Ol2tpCause *cause, gint64 now_us, GError **error)
{
  Ol2tpTunnel *tunnel;

  ol2tp_engine_enter (self, now_us);
  tunnel = find_tunnel_for (self, id, OL2TP_TUNNEL_EVENT_CLOSE, error);
  if (tunnel == NULL)
    return FALSE;
  ol2tp_tunnel_close (tunnel, cause);
  return TRUE;
}

gboolean
ol2tp_engine_add_session (Ol2tpEngine *self, guint32 tunnel_id, const Ol2tpSessionConfig *config, guint32 *session_id,
                          GError **error)
{
  Ol2tpTunnel *tunnel = find_tunnel_for (self, tunnel_id, OL2TP_TUNNEL_EVENT_CLOSE, error);
  Ol2tpSession *session;

  if (tunnel == NULL)
    return FALSE;
  if (!ol2tp_session_config_is_sendable (config))
    {
      g_set_error_literal (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "the numbers do not fit into a control message");
      return FALSE;
    }
  session = ol2tp_session_new (tunnel, FALSE, config);
  if (session == NULL)
    {
      g_set_error_literal (error, OL2TP_ERROR, OL2TP_ERROR_LIMIT_EXCEEDED, "no session ID is free");
      return FALSE;
    }
  *session_id = session->id;
  return TRUE;
}

gboolean
ol2tp_engine_configure_session (Ol2tpEngine *self, guint32 session_id, const Ol2tpSessionConfig *config, GError **error)
{
  Ol2tpSession *session = find_session (self, session_id, error);

  if (session == NULL)
    return FALSE;
  if (session->lns || session->state != OL2TP_SESSION_STATE_IDLE)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE, "session %u is not idle", session_id);
      return FALSE;
    }
  session->tx_speed = config->tx_speed;
  session->rx_speed = config->rx_speed;
  session->sequencing_required = config->sequencing_required;
  return TRUE;
}

static gboolean
command_session (Ol2tpEngine *self, guint32 id, Ol2tpSessionEvent event, const Ol2tpCause *cause, gint64 now_us, GError **error)
{
  Ol2tpSession *session;

  ol2tp_engine_enter (self, now_us);
  session = find_session (self, id, error);
  if (session == NULL)
    return FALSE;
  if (!ol2tp_session_can (session, event))
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_WRONG_STATE, "session %u: not possible in state %s", id,
                   ol2tp_session_state_to_string (session->state));
      return FALSE;
    }
  ol2tp_session_command (session, event, cause);
  return TRUE;
}

gboolean
ol2tp_engine_connect_session (Ol2tpEngine *self, guint32 session_id, gint64 now_us, GError **error)
{
  return command_session (self, session_id, OL2TP_SESSION_EVENT_OPEN, NULL, now_us, error);
}

gboolean
ol2tp_engine_accept_session (Ol2tpEngine *self, guint32 session_id, gint64 now_us, GError **error)
{
  return command_session (self, session_id, OL2TP_SESSION_EVENT_ACCEPT, NULL, now_us, error);
}

gboolean
ol2tp_engine_datapath_done (Ol2tpEngine *self, guint32 session_id, gint64 now_us, GError **error)
{
  return command_session (self, session_id, OL2TP_SESSION_EVENT_DATAPATH_DONE, NULL, now_us, error);
}

gboolean
ol2tp_engine_close_session (Ol2tpEngine *self, guint32 session_id, const Ol2tpCause *cause, gint64 now_us, GError **error)
{
  return command_session (self, session_id, OL2TP_SESSION_EVENT_CLOSE, cause, now_us, error);
}

/* --- questions --- */

gboolean
ol2tp_engine_get_tunnel_info (const Ol2tpEngine *self, guint32 id, Ol2tpTunnelInfo *info)
{
  const Ol2tpTunnel *tunnel = find_tunnel (self, id, NULL);

  if (tunnel == NULL)
    return FALSE;

  *info = (Ol2tpTunnelInfo) {
    .id = tunnel->id,
    .peer_id = tunnel->peer_id,
    .state = tunnel->state,
    .initiator = tunnel->initiator,
    .was_up = tunnel->was_up,
    .path = tunnel->path,
    .authenticated = tunnel->authenticated,
    .peer_host_name = tunnel->peer_host_name,
    .peer_vendor_name = tunnel->peer_vendor_name,
    .peer_firmware_revision = tunnel->peer_firmware_revision,
    .peer_framing_capabilities = tunnel->peer_framing_capabilities,
    .peer_bearer_capabilities = tunnel->peer_bearer_capabilities,
    .peer_receive_window = tunnel->peer_receive_window,
    .n_sessions = tunnel->sessions.length,
  };
  return TRUE;
}

gboolean
ol2tp_engine_get_tunnel_stats (const Ol2tpEngine *self, guint32 id, Ol2tpTunnelStats *stats)
{
  const Ol2tpTunnel *tunnel = find_tunnel (self, id, NULL);

  if (tunnel == NULL)
    return FALSE;
  *stats = tunnel->stats;
  return TRUE;
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

gboolean
ol2tp_engine_get_session_info (const Ol2tpEngine *self, guint32 id, Ol2tpSessionInfo *info)
{
  const Ol2tpSession *session = find_session (self, id, NULL);

  if (session == NULL)
    return FALSE;

  *info = (Ol2tpSessionInfo) {
    .id = session->id,
    .peer_id = session->peer_id,
    .tunnel_id = session->tunnel->id,
    .peer_tunnel_id = session->tunnel->peer_id,
    .state = session->state,
    .lns = session->lns,
    .was_up = session->was_up,
    .call_serial_number = session->call_serial_number,
    .tx_speed = session->connected ? session->tx_speed : 0,
    .sequencing_required = session->sequencing_required,
    .called_number = or_empty (session->called_number),
    .calling_number = or_empty (session->calling_number),
    .sub_address = or_empty (session->sub_address),
  };
  if (session->connected)
    info->rx_speed = session->rx_speed != 0 ? session->rx_speed : session->tx_speed;
  return TRUE;
}

void
ol2tp_engine_get_stats (const Ol2tpEngine *self, Ol2tpEngineStats *stats)
{
  *stats = self->stats;
}

guint
ol2tp_engine_get_n_unacknowledged (const Ol2tpEngine *self)
{
  return self->n_unacknowledged;
}
