/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a secret from a descriptor a caller passed, without the main loop ever waiting for the caller. */
#pragma once

#include "core/types.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** OL2TP_SECRET_MAX: octets a secret may have. */
#define OL2TP_SECRET_MAX 1024

/**
 * ol2tp_secret_read_async:
 * @fd: (transfer full): a memory file, a pipe, a socket or a regular file; read from where it stands to its end
 *
 * Takes at most 5 seconds. Octets are taken as they are, no newline is removed. No octet at all means "no secret".
 */
void ol2tp_secret_read_async (int fd, GAsyncReadyCallback callback, gpointer user_data);

/**
 * ol2tp_secret_read_finish:
 * @secret: (out) (nullable) (transfer full):
 *
 * Errors: %OL2TP_ERROR_INVALID_ARGUMENTS: too long, too slow, unreadable, a terminal, a directory.
 */
gboolean ol2tp_secret_read_finish (GAsyncResult *result, Ol2tpSecret **secret, GError **error);

G_END_DECLS
