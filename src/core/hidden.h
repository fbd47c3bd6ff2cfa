/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hidden AVPs. */
#pragma once

#include "core/types.h"
#include "core/wire.h"

G_BEGIN_DECLS

/** OL2TP_HIDDEN_OVERHEAD: octets by which a hidden value is longer, padding apart: those of its length. */
#define OL2TP_HIDDEN_OVERHEAD 2

/**
 * ol2tp_hidden_conceal:
 * @value: the value in the clear
 * @padding: octets behind it, which mask its length; may be empty
 * @type: attribute type
 * @secret: the shared secret
 * @random_vector: value of the Random Vector AVP that most closely precedes it
 * @hidden: buffer for %OL2TP_HIDDEN_OVERHEAD octets and those of @value and @padding; gets the value of an AVP with the H bit
 */
void ol2tp_hidden_conceal (Ol2tpSpan value, Ol2tpSpan padding, guint16 type, const Ol2tpSecret *secret, Ol2tpSpan random_vector,
                           guint8 *hidden);

/**
 * ol2tp_hidden_reveal:
 * @hidden: the value of an AVP with the H bit
 * @type: its attribute type
 * @secret: the shared secret
 * @random_vector: value of the Random Vector AVP that most closely precedes it
 * @scratch: buffer of at least @hidden.len octets
 * @value: (out): the value in the clear, a part of @scratch
 *
 * Returns: %FALSE if what came out cannot be right, most often because the secrets differ.
 */
gboolean ol2tp_hidden_reveal (Ol2tpSpan hidden, guint16 type, const Ol2tpSecret *secret, Ol2tpSpan random_vector, guint8 *scratch,
                              Ol2tpSpan *value);

G_END_DECLS
