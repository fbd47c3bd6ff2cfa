/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log lines about an object carry its IDs and its peer as journal fields, so that `journalctl OL2TP_TUNNEL_ID=7` finds them.
 * Levels: warning = an operator must act; message = lifecycle; info = what was negotiated; debug = everything, when asked for.
 * No secret is ever passed in.
 */
#pragma once

#include "model.h"

G_BEGIN_DECLS

/** OL2TP_LOG_*: categories of debug output, for -d. */
enum {
  OL2TP_LOG_CONTROL = 1 << 0,   /* every control message */
  OL2TP_LOG_TRANSPORT = 1 << 4, /* sockets, the kernel */
  OL2TP_LOG_PPP = 1 << 6,       /* what PPP providers say */
  OL2TP_LOG_ALL = OL2TP_LOG_CONTROL | OL2TP_LOG_TRANSPORT | OL2TP_LOG_PPP,
};

/**
 * ol2tp_log_parse_categories:
 * @text: names separated by commas ("control,ppp", "all"), or a number
 *
 * Errors: %OL2TP_ERROR_INVALID_ARGUMENTS, naming the word and those that exist.
 */
gboolean ol2tp_log_parse_categories (const char *text, guint *mask, GError **error);

void ol2tp_log_tunnel (GLogLevelFlags level, const Ol2tpTunnelEntry *tunnel, const char *format, ...) G_GNUC_PRINTF (3, 4);
void ol2tp_log_session (GLogLevelFlags level, const Ol2tpSessionEntry *session, const char *format, ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
