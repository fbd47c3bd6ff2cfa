/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that came from a peer, made fit for logs, terminals and D-Bus. */
#pragma once

#include "core/wire.h"

G_BEGIN_DECLS

/**
 * ol2tp_text_clean:
 * @dest: buffer
 * @size: its size, 1 or more
 * @octets: what the peer sent
 *
 * Writes @octets as terminated, valid UTF-8: whatever is not UTF-8, and every control, formatting and line separator character,
 * becomes U+FFFD. The text is cut at a character boundary if it does not fit.
 */
void ol2tp_text_clean (char *dest, gsize size, Ol2tpSpan octets);

/** ol2tp_text_dup_clean: (transfer full): the same, as a new string. */
char *ol2tp_text_dup_clean (Ol2tpSpan octets);

G_END_DECLS
