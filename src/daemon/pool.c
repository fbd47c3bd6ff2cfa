/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pool.h"

/* Addresses in use are kept in a set, not a bitmap of the range: the range may be a /8, those in use are as many as sessions. */
struct Ol2tpPool {
  guint32 first;
  guint64 size;
  guint64 next;
  guint32 except;
  guint64 n_usable;
  GHashTable *taken;
};

Ol2tpPool *
ol2tp_pool_new (guint32 first, guint32 last, struct in_addr except)
{
  Ol2tpPool *self = g_new0 (Ol2tpPool, 1);

  self->first = first;
  self->size = first == 0 ? 0 : (guint64) last - first + 1;
  self->except = ntohl (except.s_addr);
  self->n_usable = self->size - (self->size > 0 && self->except >= first && self->except <= last);
  self->taken = g_hash_table_new (NULL, NULL);
  return self;
}

void
ol2tp_pool_free (Ol2tpPool *self)
{
  g_hash_table_unref (self->taken);
  g_free (self);
}

gboolean
ol2tp_pool_take (Ol2tpPool *self, struct in_addr *address)
{
  if (g_hash_table_size (self->taken) >= self->n_usable)
    return FALSE;

  for (guint64 i = 0; i < self->size; i++)
    {
      guint32 candidate = self->first + (guint32) self->next;

      self->next = (self->next + 1) % self->size;
      if (candidate == self->except || g_hash_table_contains (self->taken, GUINT_TO_POINTER (candidate)))
        continue;
      g_hash_table_add (self->taken, GUINT_TO_POINTER (candidate));
      address->s_addr = htonl (candidate);
      return TRUE;
    }
  return FALSE;
}

void
ol2tp_pool_give_back (Ol2tpPool *self, struct in_addr address)
{
  g_hash_table_remove (self->taken, GUINT_TO_POINTER (ntohl (address.s_addr)));
}

gboolean
ol2tp_pool_is_empty (const Ol2tpPool *self)
{
  return self->size == 0;
}
