/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A shared secret is copied once, counted while tunnels and settings hold it, and overwritten when the last of them lets go.  It
 * is never printed, and only auth.c and hidden.c look inside.
 *
 * Implements: the keeping of the secret that RFC 2661 section 5.1.1 and 4.3 use.
 */
#include "core/types.h"

#include <string.h>

struct Ol2tpSecret {
  int n_refs;
  gsize len;
  guint8 data[];
};

Ol2tpSecret *
ol2tp_secret_new (const void *data, gsize len)
{
  Ol2tpSecret *self = g_malloc (sizeof *self + len);

  self->n_refs = 1;
  self->len = len;
  if (len > 0)
    memcpy (self->data, data, len);
  return self;
}

Ol2tpSecret *
ol2tp_secret_ref (Ol2tpSecret *self)
{
  g_atomic_int_inc (&self->n_refs);
  return self;
}

void
ol2tp_secret_unref (Ol2tpSecret *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->n_refs))
    return;

  explicit_bzero (self->data, self->len);
  g_free (self);
}

const guint8 *
ol2tp_secret_get_data (const Ol2tpSecret *self, gsize *len)
{
  *len = self->len;
  return self->data;
}
