/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hides AVPs, for tests: with padding, with the wrong secret, and as a second opinion. */
#pragma once

#include "core/types.h"
#include "core/wire.h"

/**
 * hide_avp:
 * @writer: gets a complete AVP with the H bit
 * @mandatory: its M bit
 * @type: its type
 * @secret: shared secret, a string
 * @random_vector: value of the preceding Random Vector AVP
 * @value: what to hide
 * @n_padding: octets of padding, 0xaa
 */
void hide_avp (Ol2tpWriter *writer, gboolean mandatory, guint16 type, const char *secret, Ol2tpSpan random_vector, Ol2tpSpan value,
               gsize n_padding);
