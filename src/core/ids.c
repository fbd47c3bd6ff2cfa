/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IDs are drawn at random, since a guessable one lets anybody who can forge an address talk to a tunnel, and a released one is
 * held back for as long as a peer may retransmit to it or send data.  All wait the same time, so the quarantine is a queue in
 * order of its deadlines and is emptied from the front, when the next ID is wanted.
 *
 * Implements: RFC 2661 section 3.1 and 4.4.3, 4.4.4 (0 is never assigned), 5.7 (state is kept after StopCCN), 9.1 (unpredictable).
 */
#include "core/ids.h"

#include <string.h>

#define N_IDS 65536
#define MAX_DRAWS 32

typedef struct {
  guint32 id;
  gint64 until_us;
} Quarantined;

void
ol2tp_ids_init (Ol2tpIds *self, Ol2tpRandomFunc random, gpointer user_data)
{
  memset (self, 0, sizeof *self);
  self->random = random;
  self->user_data = user_data;
  g_queue_init (&self->quarantine);
}

void
ol2tp_ids_clear (Ol2tpIds *self)
{
  g_queue_clear_full (&self->quarantine, g_free);
}

gboolean
ol2tp_ids_is_held (const Ol2tpIds *self, guint32 id)
{
  return id < N_IDS && (self->held[id / 8] >> id % 8 & 1) != 0;
}

static void
expire (Ol2tpIds *self, gint64 now_us)
{
  Quarantined *first;

  while ((first = g_queue_peek_head (&self->quarantine)) != NULL && first->until_us <= now_us)
    {
      self->held[first->id / 8] &= (guint8) ~(1u << first->id % 8);
      self->n_held--;
      g_free (g_queue_pop_head (&self->quarantine));
    }
}

guint32
ol2tp_ids_draw (Ol2tpIds *self, gint64 now_us)
{
  guint16 id = 0;

  expire (self, now_us);
  if (self->n_held == N_IDS - 1)
    return 0;

  for (guint i = 0; i < MAX_DRAWS; i++)
    {
      self->random (self->user_data, (guint8 *) &id, sizeof id);
      if (id != 0 && !ol2tp_ids_is_held (self, id))
        return id;
    }
  /* Nearly all are held: take the next free one after the last draw. */
  do
    id++;
  while (id == 0 || ol2tp_ids_is_held (self, id));
  return id;
}

guint32
ol2tp_ids_take (Ol2tpIds *self, gint64 now_us)
{
  guint32 id = ol2tp_ids_draw (self, now_us);

  if (id != 0)
    {
      self->held[id / 8] |= (guint8) (1u << id % 8);
      self->n_held++;
    }
  return id;
}

void
ol2tp_ids_release (Ol2tpIds *self, guint32 id, gint64 now_us)
{
  Quarantined *quarantined = g_new (Quarantined, 1);

  g_return_if_fail (ol2tp_ids_is_held (self, id));

  quarantined->id = id;
  quarantined->until_us = now_us + OL2TP_IDS_QUARANTINE_US;
  g_queue_push_tail (&self->quarantine, quarantined);
}
