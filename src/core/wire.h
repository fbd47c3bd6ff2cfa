/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Octets in network order: a bounds-checked reader and writer. The only place that knows the byte order. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Ol2tpSpan:
 * @data: (nullable): first octet, borrowed
 * @len: number of octets
 *
 * A stretch of somebody else's octets: no terminator, not owned.
 */
typedef struct {
  const guint8 *data;
  gsize len;
} Ol2tpSpan;

/**
 * Ol2tpReader:
 * @at: the next octet
 * @left: octets not read yet
 * @bad: set by the first read that wanted more than was there; it stays set, and every later read gives 0
 *
 * Lets a decoder read a run of fields and look once at the end whether all of them were there.
 */
typedef struct {
  const guint8 *at;
  gsize left;
  gboolean bad;
} Ol2tpReader;

/**
 * ol2tp_reader_init:
 * @self: filled
 * @data: octets, borrowed for the life of the reader
 * @len: how many
 */
void ol2tp_reader_init (Ol2tpReader *self, const guint8 *data, gsize len);

/** ol2tp_reader_u16: the next 2 octets as a number, 0 if they are not there. */
guint16 ol2tp_reader_u16 (Ol2tpReader *self);

/** ol2tp_reader_number: the next @len octets, at most 8, as a number, 0 if they are not there. */
guint64 ol2tp_reader_number (Ol2tpReader *self, gsize len);

/** ol2tp_reader_span: the next @len octets, borrowed from the input; an empty span if they are not there. */
Ol2tpSpan ol2tp_reader_span (Ol2tpReader *self, gsize len);

/**
 * Ol2tpWriter:
 * @data: the caller's buffer
 * @size: its size
 * @len: octets written
 * @bad: set by the first write that did not fit; it stays set, and nothing is written any more
 */
typedef struct {
  guint8 *data;
  gsize size;
  gsize len;
  gboolean bad;
} Ol2tpWriter;

/**
 * ol2tp_writer_init:
 * @self: filled
 * @data: buffer, borrowed for the life of the writer
 * @size: its size
 */
void ol2tp_writer_init (Ol2tpWriter *self, guint8 *data, gsize size);

/** ol2tp_writer_u16: appends 2 octets. */
void ol2tp_writer_u16 (Ol2tpWriter *self, guint16 value);

/** ol2tp_writer_number: appends @value as @len octets, at most 8. */
void ol2tp_writer_number (Ol2tpWriter *self, guint64 value, gsize len);

/** ol2tp_writer_octets: appends @len octets; @data may be %NULL when @len is 0. */
void ol2tp_writer_octets (Ol2tpWriter *self, const guint8 *data, gsize len);

G_END_DECLS
