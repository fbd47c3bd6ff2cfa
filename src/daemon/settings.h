/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be set for a tunnel and for a session, and the two tables that say so: name, type, range, unit.  Configuration files and
 * the bus go through the same tables, so they take the same keys and refuse the same values with the same words.
 *
 * Which parameters were set (by a user, rather than defaulted) is remembered in a bit mask: it decides inheritance, what is saved,
 * and what pppd is told.
 */
#pragma once

#include "core/types.h"

#include <openl2tp/ppp.h>

G_BEGIN_DECLS

/**
 * Ol2tpTunnelSettings:
 * @set: bit per row of the tunnel table: the parameter was given
 *
 * Keys (file and bus): "host-name", "hello-interval" (s), "retry-timeout" (ms), "retry-cap" (ms, at least 8000), "max-retries",
 * "receive-window", "establish-timeout" (s), "local-address", "local-port" (0 = ephemeral; unset = 1701, else ephemeral),
 * "peer-port", "mtu" (octets, 0 = automatic), "max-sessions" (0 = no limit), "version" (2), "encapsulation" ("udp"), "role"
 * ("initiator"), "lifetime" ("runtime", and on the bus "caller"), "connect", "secret", and in files also "peer".
 */
typedef struct {
  guint64 set;
  char *peer; /* files only */
  char *host_name;
  guint hello_interval_sec;
  guint retry_timeout_ms;
  guint retry_cap_ms;
  guint max_retries;
  guint receive_window;
  guint establish_timeout_sec;
  Ol2tpAddress local_address;
  guint local_port;
  guint peer_port;
  guint mtu;
  guint max_sessions;
  gboolean connect;
  Ol2tpSecret *secret;
  gboolean ends_with_caller;
} Ol2tpTunnelSettings;

/**
 * Ol2tpSessionSettings:
 *
 * Keys: "user", "password", "auth" (list of "pap", "chap", "mschap", "mschapv2", "eap"), "mtu", "mru" (octets, 128 to 16384,
 * default 1400), "interface-name" (1 to 15 octets, a valid name), "lcp-echo-interval" (s, default 30), "lcp-echo-failure" (default
 * 4), "use-peer-dns" (default true), "ipv6" (default true), "require-mppe", "data-sequencing" ("none", "all"),
 * "require-sequencing", "reorder-timeout" (ms), "tx-speed", "rx-speed" (bits per second), "called-number", "calling-number",
 * "sub-address", "pppd-options" (list), "pseudowire" ("ppp"), "call" ("incoming"), "connect".
 */
typedef struct {
  guint64 set;
  char *user;
  Ol2tpSecret *password;
  guint auth; /* OL2TP_PPP_AUTH_* mask, 0 = any */
  guint mtu;
  guint mru;
  char *interface_name;
  guint lcp_echo_interval_sec;
  guint lcp_echo_failure;
  gboolean use_peer_dns;
  gboolean ipv6;
  gboolean require_mppe;
  gboolean data_sequencing;
  gboolean require_sequencing;
  guint reorder_timeout_ms;
  guint64 tx_speed;
  guint64 rx_speed;
  char *called_number;
  char *calling_number;
  char *sub_address;
  char **pppd_options;
  gboolean connect;
} Ol2tpSessionSettings;

/** ol2tp_tunnel_settings_new: everything at its default, nothing set. */
Ol2tpTunnelSettings *ol2tp_tunnel_settings_new (void);
Ol2tpTunnelSettings *ol2tp_tunnel_settings_copy (const Ol2tpTunnelSettings *self);
void ol2tp_tunnel_settings_free (Ol2tpTunnelSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpTunnelSettings, ol2tp_tunnel_settings_free)

Ol2tpSessionSettings *ol2tp_session_settings_new (void);
Ol2tpSessionSettings *ol2tp_session_settings_copy (const Ol2tpSessionSettings *self);
void ol2tp_session_settings_free (Ol2tpSessionSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpSessionSettings, ol2tp_session_settings_free)

/**
 * ol2tp_tunnel_settings_set_variant:
 * @key: as on the bus
 * @value: not boxed
 *
 * Integer values of any width are taken if they fit the range (gdbus and busctl users should not have to know). Errors:
 * %OL2TP_ERROR_INVALID_ARGUMENTS: unknown key, wrong type, out of range; the message names the key, the value and what is allowed.
 * %OL2TP_ERROR_NOT_SUPPORTED: a key or value of the published interface this version cannot do (version 3, role "responder",
 * lifetime "persistent", hide-avps true, persist true, default-route true ...); the message says so.
 * After an error nothing of @self changed.
 */
gboolean ol2tp_tunnel_settings_set_variant (Ol2tpTunnelSettings *self, const char *key, GVariant *value, GError **error);
gboolean ol2tp_session_settings_set_variant (Ol2tpSessionSettings *self, const char *key, GVariant *value, GError **error);

/** ol2tp_tunnel_settings_modify_variant: the same for an object that exists: keys for creation only are INVALID_ARGUMENTS. */
gboolean ol2tp_tunnel_settings_modify_variant (Ol2tpTunnelSettings *self, const char *key, GVariant *value, GError **error);
gboolean ol2tp_session_settings_modify_variant (Ol2tpSessionSettings *self, const char *key, GVariant *value, GError **error);

/**
 * ol2tp_tunnel_settings_list_changes:
 *
 * Returns: (transfer container): static keys whose values differ, NULL-terminated. Secrets differ if they were set separately.
 */
const char **ol2tp_tunnel_settings_list_changes (const Ol2tpTunnelSettings *self, const Ol2tpTunnelSettings *other);
const char **ol2tp_session_settings_list_changes (const Ol2tpSessionSettings *self, const Ol2tpSessionSettings *other);

/**
 * ol2tp_tunnel_settings_set_string:
 *
 * The same from a text, as configuration files have it: escapes already undone, lists as ol2tp_list_split() takes them, "true" and
 * "false". Takes "peer" as well, so CreateTunnel checks its argument with it.
 */
gboolean ol2tp_tunnel_settings_set_string (Ol2tpTunnelSettings *self, const char *key, const char *value, GError **error);
gboolean ol2tp_session_settings_set_string (Ol2tpSessionSettings *self, const char *key, const char *value, GError **error);

/** ol2tp_tunnel_settings_is_set: whether the parameter was given; %FALSE for unknown keys. */
gboolean ol2tp_tunnel_settings_is_set (const Ol2tpTunnelSettings *self, const char *key);
gboolean ol2tp_session_settings_is_set (const Ol2tpSessionSettings *self, const char *key);

/**
 * ol2tp_list_split:
 *
 * Returns: (transfer full): the words of a list with ";" between or behind them, blanks around each dropped; none for "". A word
 * cannot hold a ";".
 */
char **ol2tp_list_split (const char *text);

/**
 * ol2tp_settings_refuse:
 * @value: a bad value, never a secret
 * @allowed: behind "only"
 *
 * Sets %OL2TP_ERROR_INVALID_ARGUMENTS in the words every bad value is refused with, @value made printable and cut.
 *
 * Returns: %FALSE
 */
gboolean ol2tp_settings_refuse (const char *key, const char *value, const char *allowed, GError **error);

/** ol2tp_settings_integer_to_text: Returns: (transfer full) (nullable): decimal text of an integer of any width; %NULL if it is none. */
char *ol2tp_settings_integer_to_text (GVariant *value);

/** ol2tp_auth_parse: Returns: the OL2TP_PPP_AUTH_* bit of a name, or 0. */
guint ol2tp_auth_parse (const char *name);

G_END_DECLS
