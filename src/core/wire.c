/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A decoder that checks the length before each field is a decoder that forgets one.  Here every read goes through take(), which
 * either hands out octets that exist or sets a flag that never clears, so that a caller may read a whole structure and test the
 * flag once.  The writer works the same way round.  Nothing is cast onto the packet and nothing in it is changed.
 *
 * Implements: network byte order as used throughout RFC 2661 section 3.1 and 4.1.
 */
#include "core/wire.h"

#include <string.h>

void
ol2tp_reader_init (Ol2tpReader *self, const guint8 *data, gsize len)
{
  self->at = data;
  self->left = len;
  self->bad = FALSE;
}

static const guint8 *
take (Ol2tpReader *self, gsize len)
{
  const guint8 *at = self->at;

  if (self->bad || len > self->left)
    {
      self->bad = TRUE;
      return NULL;
    }
  if (len == 0)
    return at;

  self->at += len;
  self->left -= len;
  return at;
}

guint64
ol2tp_reader_number (Ol2tpReader *self, gsize len)
{
  const guint8 *at = take (self, len);
  guint64 value = 0;

  for (gsize i = 0; at != NULL && i < len; i++)
    value = value << 8 | at[i];
  return value;
}

guint16
ol2tp_reader_u16 (Ol2tpReader *self)
{
  return (guint16) ol2tp_reader_number (self, 2);
}

Ol2tpSpan
ol2tp_reader_span (Ol2tpReader *self, gsize len)
{
  Ol2tpSpan span = { take (self, len), len };

  if (self->bad)
    span = (Ol2tpSpan) { NULL, 0 };
  return span;
}

void
ol2tp_writer_init (Ol2tpWriter *self, guint8 *data, gsize size)
{
  self->data = data;
  self->size = size;
  self->len = 0;
  self->bad = FALSE;
}

static guint8 *
make_room (Ol2tpWriter *self, gsize len)
{
  guint8 *at;

  if (self->bad || len > self->size - self->len)
    {
      self->bad = TRUE;
      return NULL;
    }
  at = self->data + self->len;
  self->len += len;
  return at;
}

void
ol2tp_writer_number (Ol2tpWriter *self, guint64 value, gsize len)
{
  guint8 *at = make_room (self, len);

  for (gsize i = len; at != NULL && i > 0; i--, value >>= 8)
    at[i - 1] = (guint8) (value & 0xff);
}

void
ol2tp_writer_u16 (Ol2tpWriter *self, guint16 value)
{
  ol2tp_writer_number (self, value, 2);
}

void
ol2tp_writer_octets (Ol2tpWriter *self, const guint8 *data, gsize len)
{
  guint8 *at;

  if (len == 0)
    return;
  at = make_room (self, len);
  if (at != NULL)
    memcpy (at, data, len);
}
