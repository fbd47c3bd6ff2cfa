/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings among the arguments of a method, a{sv}, and the secret that may come with them as a descriptor. */
#pragma once

#include "bus.h"

G_BEGIN_DECLS

/**
 * Ol2tpOptions:
 * @uid: the caller's
 * @values: a{sv}
 * @has_secret: a descriptor came among them
 * @secret: (nullable): what it held; %NULL for nothing, which means "no secret"
 */
typedef struct {
  guint uid;
  GVariant *values;
  gboolean has_secret;
  Ol2tpSecret *secret;
} Ol2tpOptions;

/** Ol2tpOptionsFunc: takes over @invocation, as a method handler does; @options are valid during the call. */
typedef void (*Ol2tpOptionsFunc) (Ol2tpBus *bus, GDBusMethodInvocation *invocation, const Ol2tpOptions *options);

/**
 * ol2tp_options_read:
 * @invocation: (transfer full): of a method whose last argument is its options; answered if a descriptor cannot be read
 * @fd_key: "secret-fd" or "password-fd"
 * @func: called at once if there is no descriptor; else when it was read: objects may have gone meanwhile
 */
void ol2tp_options_read (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid, const char *fd_key, Ol2tpOptionsFunc func);

/** ol2tp_options_apply_tunnel: changes @settings; @exists: keys for creation only are refused. After an error, @settings are of no use. */
gboolean ol2tp_options_apply_tunnel (const Ol2tpOptions *options, Ol2tpTunnelSettings *settings, gboolean exists, GError **error);
gboolean ol2tp_options_apply_session (const Ol2tpOptions *options, Ol2tpSessionSettings *settings, gboolean exists, GError **error);

/** ol2tp_password_check: a PPP password has at most 255 octets, none of them 0. @secret: (nullable): */
gboolean ol2tp_password_check (Ol2tpSecret *secret, const char *key, GError **error);

/** ol2tp_get_fd: a descriptor of the message. Returns: (transfer full): it, or -1 */
int ol2tp_get_fd (GDBusMethodInvocation *invocation, gint32 index, const char *key, GError **error);

G_END_DECLS
