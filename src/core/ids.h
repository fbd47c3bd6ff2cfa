/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocation of tunnel and session IDs. */
#pragma once

#include "core/engine.h"

G_BEGIN_DECLS

/** OL2TP_IDS_QUARANTINE_US: how long a released ID is held back: a full retransmission cycle of the peer with its defaults. */
#define OL2TP_IDS_QUARANTINE_US (31 * G_USEC_PER_SEC)

/**
 * Ol2tpIds:
 * @random: source of randomness
 * @user_data: for @random
 * @held: a bit for each ID that is in use or in quarantine
 * @n_held: how many bits are set
 * @quarantine: released IDs, the oldest first
 */
typedef struct {
  Ol2tpRandomFunc random;
  gpointer user_data;
  guint8 held[65536 / 8];
  guint n_held;
  GQueue quarantine;
} Ol2tpIds;

/** ol2tp_ids_init: all IDs are free. */
void ol2tp_ids_init (Ol2tpIds *self, Ol2tpRandomFunc random, gpointer user_data);

/** ol2tp_ids_clear: releases memory. */
void ol2tp_ids_clear (Ol2tpIds *self);

/** ol2tp_ids_draw: an unpredictable ID from 1 to 65535 that nobody holds, 0 if there is none. It is *not* taken. */
guint32 ol2tp_ids_draw (Ol2tpIds *self, gint64 now_us);

/** ol2tp_ids_take: the same, and takes it. */
guint32 ol2tp_ids_take (Ol2tpIds *self, gint64 now_us);

/** ol2tp_ids_release: puts a taken ID into quarantine. */
void ol2tp_ids_release (Ol2tpIds *self, guint32 id, gint64 now_us);

/** ol2tp_ids_is_held: whether @id is in use or in quarantine. */
gboolean ol2tp_ids_is_held (const Ol2tpIds *self, guint32 id);

G_END_DECLS
