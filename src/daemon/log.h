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

/** ol2tp_log_set_categories: what ol2tp_log_is_enabled() says yes to; nothing at first. */
void ol2tp_log_set_categories (guint mask);
gboolean ol2tp_log_is_enabled (guint category);

/** ol2tp_log_debug: a debug line, if its category is wanted. */
#define ol2tp_log_debug(category, ...)                                                                                            \
  G_STMT_START                                                                                                                    \
  {                                                                                                                               \
    if (ol2tp_log_is_enabled (category))                                                                                          \
      g_debug (__VA_ARGS__);                                                                                                      \
  }                                                                                                                               \
  G_STMT_END

/**
 * ol2tp_log_allow_peer:
 *
 * Asked before a line that any stranger's datagram can cause. Ten such lines in ten seconds are allowed; what came too many is
 * counted, and the number logged with the next line that is allowed.
 */
gboolean ol2tp_log_allow_peer (void);

/* MESSAGE_ID fields of the journal: `journalctl MESSAGE_ID=...` finds every line of the kind. */
#define OL2TP_MESSAGE_TUNNEL_UP "3b5d9fa0c1a84e6db6f0a5b1c6de4d01"
#define OL2TP_MESSAGE_TUNNEL_DOWN "3b5d9fa0c1a84e6db6f0a5b1c6de4d02"
#define OL2TP_MESSAGE_SESSION_UP "3b5d9fa0c1a84e6db6f0a5b1c6de4d03"
#define OL2TP_MESSAGE_SESSION_DOWN "3b5d9fa0c1a84e6db6f0a5b1c6de4d04"
#define OL2TP_MESSAGE_AUTHENTICATION_FAILED "3b5d9fa0c1a84e6db6f0a5b1c6de4d05"

/* The same with one of these IDs, at level message. */
void ol2tp_log_tunnel_event (const char *message_id, const Ol2tpTunnelEntry *tunnel, const char *format, ...) G_GNUC_PRINTF (3, 4);
void ol2tp_log_session_event (const char *message_id, const Ol2tpSessionEntry *session, const char *format, ...) G_GNUC_PRINTF (3, 4);

void ol2tp_log_tunnel (GLogLevelFlags level, const Ol2tpTunnelEntry *tunnel, const char *format, ...) G_GNUC_PRINTF (3, 4);
void ol2tp_log_session (GLogLevelFlags level, const Ol2tpSessionEntry *session, const char *format, ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
