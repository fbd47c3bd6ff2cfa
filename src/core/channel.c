/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One queue holds every message the peer has not acknowledged.  Its front part was sent (n_sent), and of that a front part was sent
 * since the last timeout (n_out); a message's Ns is its place in the queue plus that of the head, so that nothing has to be
 * renumbered.  Only the head is timed.  When its time is up the part that is out shrinks to nothing and goes out again from the
 * head on, as far as the congestion window, back to one, lets it.
 *
 * Datagrams are formed when the caller takes them, with the Nr of that moment: a reply queued while a message is handled carries
 * its acknowledgement, and only if there is none is a ZLB made.
 *
 * Messages ahead of sequence wait in a table for the one that is missing, as far as the window we offered reaches; the peer does
 * not hear of them before that.  Nothing waits that is longer than what we would send ourselves, so that a tunnel's table has a
 * bound that no peer can move.
 *
 * Implements: RFC 2661 section 5.8 and appendix A.
 */
#include "core/channel.h"
#include "core/engine.h"
#include "core/message.h"
#include "core/types.h"

#include <string.h>

#define OLD_NS_RANGE 0x8000
#define MIN_RETRY_CAP_MS 8000
#define MAX_RETRIES 100000

typedef struct {
  guint16 type;
  guint16 session_id;
  guint16 len;
  guint8 body[];
} Message;

void
ol2tp_channel_init (Ol2tpChannel *self, guint retry_timeout_ms, guint retry_cap_ms, guint max_retries, guint16 receive_window)
{
  memset (self, 0, sizeof *self);
  self->retry_timeout_us = (gint64) MAX (retry_timeout_ms, 1) * 1000;
  /* RFC 2661 section 5.8: if the interval is capped, the cap MUST be no less than 8 seconds. */
  self->retry_cap_us = (gint64) MAX (retry_cap_ms, MIN_RETRY_CAP_MS) * 1000;
  self->max_retries = MIN (max_retries, MAX_RETRIES);
  self->window = OL2TP_CHANNEL_DEFAULT_WINDOW;
  /* RFC 2661 appendix A: CWND starts at one packet, SSTHRESH at the peer's window. */
  self->congestion_window = 1;
  self->slow_start_limit = self->window;
  self->receive_window = MIN (receive_window, OLD_NS_RANGE - 1);
  self->deadline_us = OL2TP_NEVER;
  g_queue_init (&self->queue);
}

void
ol2tp_channel_clear (Ol2tpChannel *self)
{
  g_queue_clear_full (&self->queue, g_free);
  self->next = NULL;
  g_clear_pointer (&self->ahead, g_hash_table_unref);
}

void
ol2tp_channel_set_window (Ol2tpChannel *self, guint16 window)
{
  g_return_if_fail (window > 0);

  self->window = MIN (window, OLD_NS_RANGE - 1);
  self->slow_start_limit = self->window;
  self->congestion_window = MIN (self->congestion_window, self->window);
}

/* How long to wait after the head was sent @n_transmissions times. */
static gint64
get_interval (const Ol2tpChannel *self, guint n_transmissions)
{
  gint64 interval = self->retry_timeout_us;

  /* RFC 2661 section 5.8: each subsequent retransmission MUST employ an exponential backoff interval. */
  while (n_transmissions-- > 1 && interval < self->retry_cap_us)
    interval *= 2;
  return MIN (interval, self->retry_cap_us);
}

/* RFC 2661 section 5.8: no more messages unacknowledged than the peer's Receive Window Size; appendix A: and no more than CWND.
 * What is left of a closing channel is little, and the last message matters most: it goes out each time. */
static guint
get_limit (const Ol2tpChannel *self)
{
  return self->closing ? self->window : self->congestion_window;
}

/* RFC 2661 appendix A: slow start up to SSTHRESH, then congestion avoidance, 1/CWND with each acknowledgement. */
static void
open_window (Ol2tpChannel *self)
{
  if (self->congestion_window >= self->slow_start_limit && ++self->n_acks < self->congestion_window)
    return;
  self->n_acks = 0;
  self->congestion_window = MIN (self->congestion_window + 1, self->window);
}

/* RFC 2661 appendix A: on a retransmission one half of CWND is saved in SSTHRESH, and CWND is set to one. */
static void
shut_window (Ol2tpChannel *self)
{
  self->slow_start_limit = MAX (self->congestion_window / 2, 1);
  self->congestion_window = 1;
  self->n_acks = 0;
}

void
ol2tp_channel_send (Ol2tpChannel *self, guint16 type, guint32 session_id, Ol2tpSpan body)
{
  Message *message = g_malloc (sizeof *message + body.len);

  message->type = type;
  message->session_id = (guint16) session_id;
  message->len = (guint16) body.len;
  memcpy (message->body, body.data, body.len);
  g_queue_push_tail (&self->queue, message);
  if (self->next == NULL)
    self->next = g_queue_peek_tail_link (&self->queue);
}

/* Drops the @n oldest messages, which the peer has. */
static void
release (Ol2tpChannel *self, guint n, gint64 now_us)
{
  for (guint i = 0; i < n; i++)
    g_free (g_queue_pop_head (&self->queue));
  self->first_ns = (guint16) (self->first_ns + n);
  self->n_sent -= n;
  self->n_out = self->n_out > n ? self->n_out - n : 0;
  if (self->n_out == 0)
    self->next = g_queue_peek_head_link (&self->queue);

  /* Progress: the message that is the head now starts its own count of retries. */
  open_window (self);
  self->n_transmissions = self->n_out > 0 ? 1 : 0;
  self->deadline_us = self->n_out > 0 ? now_us + get_interval (self, 1) : OL2TP_NEVER;
}

/* Whether @nr is no more than what was sent; anything older says nothing new, and is no fault. */
static gboolean
take_nr (Ol2tpChannel *self, guint16 nr, gint64 now_us)
{
  guint16 n = (guint16) (nr - self->first_ns);

  if (n > self->n_sent)
    return n >= OLD_NS_RANGE;
  if (n > 0)
    release (self, n, now_us);
  return TRUE;
}

/* RFC 2661 section 5.8: a message ahead of sequence MAY be queued. Of two with the same Ns the first one counts. */
static void
keep (Ol2tpChannel *self, const Ol2tpHeader *header)
{
  gpointer key = GUINT_TO_POINTER (header->ns);
  Ol2tpHeader *kept;
  guint8 *body;

  if ((guint16) (header->ns - self->nr) >= self->receive_window || header->body.len > OL2TP_DATAGRAM_MAX)
    return;
  if (self->ahead == NULL)
    self->ahead = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  if (g_hash_table_contains (self->ahead, key))
    return;

  kept = g_malloc (sizeof *kept + header->body.len);
  body = (guint8 *) (kept + 1);
  memcpy (body, header->body.data, header->body.len);
  *kept = *header;
  kept->body.data = body;
  g_hash_table_insert (self->ahead, key, kept);
}

Ol2tpChannelVerdict
ol2tp_channel_receive (Ol2tpChannel *self, const Ol2tpHeader *header, gint64 now_us)
{
  guint16 distance = (guint16) (header->ns - self->nr);

  if (!take_nr (self, header->nr, now_us))
    return OL2TP_CHANNEL_INVALID;

  /* RFC 2661 section 5.8: a ZLB takes no sequence number, so it is never a duplicate, and never acknowledged. */
  if (ol2tp_header_is_zlb (header))
    return OL2TP_CHANNEL_ACK;

  /* RFC 2661 section 5.8: Ns of the last message received and the 32767 values before it are duplicates, which MUST be
   * acknowledged, since the acknowledgement may have been lost. */
  if (distance >= OLD_NS_RANGE)
    {
      self->ack_due = TRUE;
      return OL2TP_CHANNEL_DUPLICATE;
    }
  if (distance > 0)
    {
      keep (self, header);
      return OL2TP_CHANNEL_AHEAD;
    }

  self->nr++;
  self->ack_due = TRUE;
  return OL2TP_CHANNEL_DELIVER;
}

gboolean
ol2tp_channel_has_ahead (const Ol2tpChannel *self)
{
  return self->ahead != NULL && g_hash_table_contains (self->ahead, GUINT_TO_POINTER (self->nr));
}

Ol2tpHeader *
ol2tp_channel_take_ahead (Ol2tpChannel *self)
{
  gpointer kept;

  if (self->ahead == NULL || !g_hash_table_steal_extended (self->ahead, GUINT_TO_POINTER (self->nr), NULL, &kept))
    return NULL;

  if (g_hash_table_size (self->ahead) == 0)
    g_clear_pointer (&self->ahead, g_hash_table_unref);
  self->nr++;
  self->ack_due = TRUE;
  return kept;
}

static gboolean
may_send (const Ol2tpChannel *self)
{
  return self->next != NULL && self->n_out < get_limit (self);
}

gboolean
ol2tp_channel_has_output (const Ol2tpChannel *self)
{
  return may_send (self) || self->ack_due;
}

gboolean
ol2tp_channel_next (Ol2tpChannel *self, Ol2tpOutgoing *outgoing, gint64 now_us)
{
  if (!ol2tp_channel_has_output (self))
    return FALSE;

  memset (outgoing, 0, sizeof *outgoing);
  outgoing->header.nr = self->nr;
  self->ack_due = FALSE;
  if (!may_send (self))
    {
      /* RFC 2661 section 5.8: a ZLB carries the Ns of the next message, without using it up. */
      outgoing->type = OL2TP_MESSAGE_ZLB;
      outgoing->header.ns = (guint16) (self->first_ns + self->n_sent);
      return TRUE;
    }

  {
    const Message *message = self->next->data;

    outgoing->type = message->type;
    outgoing->again = self->n_out < self->n_sent;
    outgoing->header.session_id = message->session_id;
    outgoing->header.ns = (guint16) (self->first_ns + self->n_out);
    outgoing->header.body = (Ol2tpSpan) { message->body, message->len };
  }
  self->next = self->next->next;
  self->n_out++;
  self->n_sent = MAX (self->n_sent, self->n_out);
  if (self->n_out == 1)
    {
      self->n_transmissions++;
      self->deadline_us = now_us + get_interval (self, self->n_transmissions);
    }
  return TRUE;
}

gboolean
ol2tp_channel_timeout (Ol2tpChannel *self)
{
  self->deadline_us = OL2TP_NEVER;
  if (self->n_transmissions > self->max_retries)
    return FALSE;

  self->n_out = 0;
  self->next = g_queue_peek_head_link (&self->queue);
  shut_window (self);
  return TRUE;
}

void
ol2tp_channel_close (Ol2tpChannel *self)
{
  while (self->queue.length > self->n_sent)
    g_free (g_queue_pop_tail (&self->queue));
  /* A head that timed out and waits to be sent again must get its timer back; else all that was sent counts as out. */
  self->n_out = self->deadline_us == OL2TP_NEVER ? 0 : self->n_sent;
  self->next = self->n_out == 0 ? g_queue_peek_head_link (&self->queue) : NULL;
  self->closing = TRUE;
}

void
ol2tp_channel_flush (Ol2tpChannel *self)
{
  self->first_ns = (guint16) (self->first_ns + self->n_sent);
  g_queue_clear_full (&self->queue, g_free);
  self->next = NULL;
  self->n_sent = self->n_out = self->n_transmissions = 0;
  self->deadline_us = OL2TP_NEVER;
}

gboolean
ol2tp_channel_is_idle (const Ol2tpChannel *self)
{
  return self->queue.length == 0;
}

gboolean
ol2tp_channel_was_used (const Ol2tpChannel *self)
{
  return self->n_sent > 0 || self->first_ns > 0;
}

gint64
ol2tp_channel_get_cycle_us (const Ol2tpChannel *self)
{
  gint64 cycle = 0;
  guint n = self->max_retries + 1;

  for (guint i = 1; i <= n; i++)
    {
      gint64 interval = get_interval (self, i);

      if (interval == self->retry_cap_us)
        return cycle + interval * (gint64) (n - i + 1);
      cycle += interval;
    }
  return cycle;
}
