/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A method call that waits for something to come up or go down, and the options such calls take. */
#pragma once

#include "bus.h"

G_BEGIN_DECLS

typedef struct {
  Ol2tpBus *bus;
  GDBusMethodInvocation *invocation;
  guint timer;
} Ol2tpCall;

/** ol2tp_call_new: @invocation: (transfer full): answered by ol2tp_call_done(). */
Ol2tpCall *ol2tp_call_new (Ol2tpBus *bus, GDBusMethodInvocation *invocation);

/** ol2tp_call_done: an #Ol2tpDoneFunc: answers the call and frees it. @data: (transfer full): the call */
void ol2tp_call_done (const GError *error, gpointer data);

/** ol2tp_call_set_timeout: gives the attempt up after @timeout_sec seconds, 0 = never: that answers the call. */
void ol2tp_call_set_timeout (Ol2tpCall *call, guint64 timeout_sec);

/* Options of Connect and Disconnect, the first argument; FALSE, and the call answered, if one is unknown or cannot be. */
gboolean ol2tp_call_parse_connect (GDBusMethodInvocation *invocation, gboolean session, guint64 *timeout_sec, gboolean *wait_ppp);
/** @result_code: where the caller gives none */
gboolean ol2tp_call_parse_disconnect (GDBusMethodInvocation *invocation, guint64 result_code, Ol2tpCause *cause);

G_END_DECLS
