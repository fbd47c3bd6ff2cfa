/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of settings against expectations typed from the published interface: what each key takes, refuses, and how. */
#include "daemon/settings.h"

#include <string.h>

#define OK -1
#define BAD OL2TP_ERROR_INVALID_ARGUMENTS
#define LATER OL2TP_ERROR_NOT_SUPPORTED

/* Value as g_variant_parse() takes it, and what comes of it: OK, BAD or LATER. */
typedef struct {
  const char *key;
  const char *value;
  int result;
} Case;

/* clang-format off */
static const Case tunnel_cases[] = {
  { "host-name", "'lac.example'", OK }, { "host-name", "''", BAD }, { "host-name", "'a\\nb'", BAD }, { "host-name", "true", BAD },
  { "hello-interval", "uint32 0", OK }, { "hello-interval", "uint32 86400", OK }, { "hello-interval", "uint32 86401", BAD },
  { "hello-interval", "-1", BAD }, { "hello-interval", "'60'", BAD }, { "hello-interval", "60.0", BAD },
  { "hello-interval", "byte 0x3c", OK }, { "hello-interval", "int16 60", OK }, { "hello-interval", "uint16 60", OK },
  { "hello-interval", "int64 60", OK }, { "hello-interval", "uint64 60", OK }, { "hello-interval", "uint64 18446744073709551615", BAD },
  { "hello-interval", "int64 4294967356", BAD }, { "hello-interval", "[uint32 60]", BAD }, { "hello-interval", "handle 0", BAD },
  { "retry-timeout", "uint32 99", BAD }, { "retry-timeout", "uint32 100", OK }, { "retry-timeout", "60000", OK }, { "retry-timeout", "60001", BAD },
  { "retry-cap", "uint32 7999", BAD }, { "retry-cap", "uint32 8000", OK }, { "retry-cap", "600000", OK }, { "retry-cap", "600001", BAD },
  { "max-retries", "uint32 0", BAD }, { "max-retries", "uint32 1", OK }, { "max-retries", "100", OK }, { "max-retries", "101", BAD },
  { "receive-window", "uint16 0", BAD }, { "receive-window", "uint16 1", OK }, { "receive-window", "32767", OK }, { "receive-window", "32768", BAD },
  { "establish-timeout", "0", OK }, { "establish-timeout", "3600", OK }, { "establish-timeout", "3601", BAD },
  { "local-address", "'192.0.2.1'", OK }, { "local-address", "'2001:db8::1'", OK }, { "local-address", "'lac.example'", BAD },
  { "local-address", "''", BAD },
  { "local-port", "uint16 0", OK }, { "local-port", "uint16 65535", OK }, { "local-port", "65536", BAD },
  { "peer-port", "uint16 0", BAD }, { "peer-port", "uint16 1", OK }, { "peer-port", "65535", OK }, { "peer-port", "65536", BAD },
  { "mtu", "uint16 0", OK }, { "mtu", "uint16 1", BAD }, { "mtu", "575", BAD }, { "mtu", "576", OK }, { "mtu", "65535", OK }, { "mtu", "65536", BAD },
  { "max-sessions", "uint32 0", OK }, { "max-sessions", "65535", OK }, { "max-sessions", "65536", BAD },
  { "connect", "true", OK }, { "connect", "false", OK }, { "connect", "'true'", BAD }, { "connect", "1", BAD },
  { "secret", "'s'", OK }, { "secret", "''", BAD }, { "secret", "b'abc'", BAD }, { "secret", "5", BAD },
  { "peer", "'lns.example'", BAD }, { "secret-fd", "handle 0", LATER }, { "secret-fd", "5", BAD }, { "Connect", "true", BAD }, { "", "true", BAD },
  { "user", "'alice'", BAD }, { "no\nkey", "true", BAD },
  { "version", "byte 2", OK }, { "version", "byte 3", LATER }, { "version", "byte 4", BAD }, { "version", "'2'", BAD },
  { "encapsulation", "'udp'", OK }, { "encapsulation", "'ip'", LATER }, { "encapsulation", "'tcp'", BAD }, { "encapsulation", "''", BAD },
  { "role", "'initiator'", OK }, { "role", "'responder'", LATER }, { "role", "'both'", BAD },
  { "lifetime", "'runtime'", OK }, { "lifetime", "'caller'", OK }, { "lifetime", "'persistent'", LATER }, { "lifetime", "'ever'", BAD },
  { "use-tiebreaker", "false", OK }, { "use-tiebreaker", "true", LATER }, { "use-tiebreaker", "'no'", BAD },
  { "hide-avps", "false", OK }, { "hide-avps", "true", LATER },
  { "udp-checksums", "true", OK }, { "udp-checksums", "false", LATER },
  { "require-authentication", "true", LATER }, { "require-authentication", "false", LATER }, { "require-authentication", "1", BAD },
  { "digest", "'none'", OK }, { "digest", "'hmac-md5'", LATER }, { "digest", "'hmac-sha1'", LATER }, { "digest", "'md5'", BAD },
  { "persist", "false", OK }, { "persist", "true", LATER },
  { "persist-delay", "uint32 0", OK }, { "persist-delay", "uint32 5", LATER }, { "persist-delay", "''", BAD },
  { "idle-timeout", "uint32 0", OK }, { "idle-timeout", "uint32 60", LATER },
  { "ignore-offset", "false", OK }, { "ignore-offset", "true", LATER },
  { "quirks", "@as []", OK }, { "quirks", "['cisco']", LATER }, { "quirks", "'cisco'", BAD },
};

static const Case session_cases[] = {
  { "user", "'alice'", OK }, { "user", "'WORK\\\\alice'", OK }, { "user", "'j\xc3\xb6rg'", OK }, { "user", "''", BAD }, { "user", "'a\\tb'", BAD },
  { "user", "'a\\u0085b'", BAD }, { "user", "1", BAD },
  { "password", "'p'", OK }, { "password", "''", BAD }, { "password", "true", BAD }, { "password-fd", "handle 0", LATER }, { "password-fd", "'x'", BAD },
  { "auth", "@as []", OK }, { "auth", "['pap', 'chap', 'mschap', 'mschapv2', 'eap']", OK }, { "auth", "['mschapv2', 'none']", BAD },
  { "auth", "['']", BAD }, { "auth", "'pap'", BAD }, { "auth", "['PAP']", BAD },
  { "mtu", "uint16 127", BAD }, { "mtu", "uint16 128", OK }, { "mtu", "uint16 16384", OK }, { "mtu", "uint16 16385", BAD }, { "mtu", "uint16 0", BAD },
  { "mru", "uint16 127", BAD }, { "mru", "uint16 128", OK }, { "mru", "uint16 16384", OK }, { "mru", "uint16 16385", BAD },
  { "interface-name", "'l2tp-work'", OK }, { "interface-name", "'123456789012345'", OK }, { "interface-name", "'1234567890123456'", BAD },
  { "interface-name", "''", BAD }, { "interface-name", "'a/b'", BAD }, { "interface-name", "'a b'", BAD }, { "interface-name", "'a:1'", BAD },
  { "interface-name", "'.'", BAD }, { "interface-name", "'..'", BAD }, { "interface-name", "'ppp%d'", BAD }, { "interface-name", "'\xc3\xb6'", BAD },
  { "lcp-echo-interval", "uint32 0", OK }, { "lcp-echo-interval", "3600", OK }, { "lcp-echo-interval", "3601", BAD },
  { "lcp-echo-failure", "uint32 0", OK }, { "lcp-echo-failure", "1000", OK }, { "lcp-echo-failure", "1001", BAD },
  { "use-peer-dns", "false", OK }, { "use-peer-dns", "0", BAD }, { "ipv6", "false", OK }, { "ipv6", "'false'", BAD },
  { "require-mppe", "true", OK }, { "require-mppe", "'true'", BAD },
  { "data-sequencing", "'none'", OK }, { "data-sequencing", "'all'", OK }, { "data-sequencing", "'non-ip'", LATER },
  { "data-sequencing", "'some'", BAD }, { "data-sequencing", "'none all'", BAD }, { "data-sequencing", "''", BAD }, { "data-sequencing", "true", BAD },
  { "require-sequencing", "true", OK }, { "require-sequencing", "1", BAD },
  { "reorder-timeout", "uint32 0", OK }, { "reorder-timeout", "10000", OK }, { "reorder-timeout", "10001", BAD },
  { "tx-speed", "uint64 0", BAD }, { "tx-speed", "uint64 1", OK }, { "tx-speed", "uint64 4294967295", OK }, { "tx-speed", "uint64 4294967296", BAD },
  { "rx-speed", "uint64 0", OK }, { "rx-speed", "uint64 4294967295", OK }, { "rx-speed", "uint64 4294967296", BAD },
  { "called-number", "'12345'", OK }, { "called-number", "''", BAD },
  { "calling-number", "'12345'", OK }, { "calling-number", "''", BAD }, { "sub-address", "'9'", OK }, { "sub-address", "''", BAD },
  { "pppd-options", "@as []", OK }, { "pppd-options", "['noccp', 'lcp-max-configure', '20']", OK }, { "pppd-options", "['']", BAD },
  { "pppd-options", "['a\\nb']", BAD }, { "pppd-options", "'noccp'", BAD },
  { "connect", "true", OK }, { "connect", "1", BAD }, { "host-name", "'a'", BAD }, { "establish-timeout", "5", BAD },
  { "pseudowire", "'ppp'", OK }, { "pseudowire", "'ethernet'", LATER }, { "pseudowire", "'ethernet-vlan'", LATER }, { "pseudowire", "'atm'", BAD },
  { "call", "'incoming'", OK }, { "call", "'outgoing'", LATER }, { "call", "'none'", BAD },
  { "persist", "false", OK }, { "persist", "true", LATER },
  { "default-route", "false", OK }, { "default-route", "true", LATER }, { "default-route", "'yes'", BAD },
  { "ip-range", "'192.0.2.1-192.0.2.9'", LATER }, { "ip-range", "5", BAD },
  { "local-ip", "'192.0.2.1'", LATER }, { "peer-ip", "'192.0.2.1'", LATER },
  { "dns", "@as []", OK }, { "dns", "['192.0.2.1']", LATER }, { "dns", "'192.0.2.1'", BAD },
  { "cookie-size", "byte 0", OK }, { "cookie-size", "byte 4", LATER }, { "cookie-size", "byte 8", LATER }, { "cookie-size", "byte 5", BAD },
  { "l2-specific-sublayer", "'none'", OK }, { "l2-specific-sublayer", "'default'", LATER }, { "l2-specific-sublayer", "'x'", BAD },
  { "remote-end-id", "b'abc'", LATER }, { "remote-end-id", "'abc'", BAD }, { "vlan-id", "uint16 7", LATER }, { "vlan-id", "'7'", BAD },
};
/* clang-format on */

/* g_variant_parse() drops the octet that ends a bytestring's string; the type is what counts here. */
static GVariant *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = g_variant_parse (NULL, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return value;
}

static void
check_result (const Case *c, gboolean ok, const GError *error)
{
  g_autofree char *prefix = g_strdup_printf ("%s: ", strchr (c->key, '\n') == NULL ? c->key : "no\\nkey");

  g_test_message ("%s %s: %s", c->key, c->value, error != NULL ? error->message : "taken");
  if (c->result == OK)
    {
      g_assert_no_error (error);
      g_assert_true (ok);
      return;
    }
  g_assert_false (ok);
  g_assert_error (error, OL2TP_ERROR, c->result);
  g_assert_true (g_str_has_prefix (error->message, prefix));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), <, 400);
  if (c->result == LATER)
    g_assert_nonnull (strstr (error->message, "not supported in this version"));
}

static void
test_tunnel_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tunnel_cases); i++)
    {
      const Case *c = &tunnel_cases[i];
      g_autoptr (Ol2tpTunnelSettings) settings = ol2tp_tunnel_settings_new ();
      g_autoptr (Ol2tpTunnelSettings) fresh = ol2tp_tunnel_settings_new ();
      g_autoptr (GVariant) value = parse (c->value);
      g_autoptr (GError) error = NULL;
      gboolean ok = ol2tp_tunnel_settings_set_variant (settings, c->key, value, &error);

      check_result (c, ok, error);
      g_assert_cmpint (ol2tp_tunnel_settings_is_set (settings, c->key), ==, c->result == OK);
      if (c->result != OK)
        g_assert_cmpmem (settings, sizeof *settings, fresh, sizeof *fresh);
    }
}

static void
test_session_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (session_cases); i++)
    {
      const Case *c = &session_cases[i];
      g_autoptr (Ol2tpSessionSettings) settings = ol2tp_session_settings_new ();
      g_autoptr (Ol2tpSessionSettings) fresh = ol2tp_session_settings_new ();
      g_autoptr (GVariant) value = parse (c->value);
      g_autoptr (GError) error = NULL;
      gboolean ok = ol2tp_session_settings_set_variant (settings, c->key, value, &error);

      check_result (c, ok, error);
      g_assert_cmpint (ol2tp_session_settings_is_set (settings, c->key), ==, c->result == OK);
      if (c->result != OK)
        g_assert_cmpmem (settings, sizeof *settings, fresh, sizeof *fresh);
    }
}

static gboolean
has_case (const Case *cases, gsize n, const char *key)
{
  for (gsize i = 0; i < n; i++)
    if (strcmp (cases[i].key, key) == 0)
      return TRUE;
  return FALSE;
}

/* Every key the interface documents is known: none may be answered with "unknown key" but those of a method or of the other table.
 */
static void
test_published_keys (void)
{
  static const char *const tunnel_keys[]
      = { "version",       "encapsulation",  "role",           "local-address",    "local-port",    "peer-port",
          "lifetime",      "connect",        "host-name",      "hello-interval",   "retry-timeout", "max-retries",
          "retry-cap",     "receive-window", "use-tiebreaker", "hide-avps",        "udp-checksums", "require-authentication",
          "digest",        "persist",        "persist-delay",  "idle-timeout",     "mtu",           "max-sessions",
          "ignore-offset", "quirks",         "secret",         "establish-timeout" };
  static const char *const session_keys[] = { "data-sequencing",
                                              "require-sequencing",
                                              "reorder-timeout",
                                              "tx-speed",
                                              "rx-speed",
                                              "interface-name",
                                              "mtu",
                                              "mru",
                                              "cookie-size",
                                              "l2-specific-sublayer",
                                              "persist",
                                              "user",
                                              "auth",
                                              "require-mppe",
                                              "ip-range",
                                              "local-ip",
                                              "peer-ip",
                                              "dns",
                                              "lcp-echo-interval",
                                              "lcp-echo-failure",
                                              "use-peer-dns",
                                              "default-route",
                                              "pppd-options",
                                              "password",
                                              "pseudowire",
                                              "call",
                                              "called-number",
                                              "calling-number",
                                              "sub-address",
                                              "remote-end-id",
                                              "vlan-id",
                                              "connect",
                                              "ipv6" };

  for (gsize i = 0; i < G_N_ELEMENTS (tunnel_keys); i++)
    g_assert_true (has_case (tunnel_cases, G_N_ELEMENTS (tunnel_cases), tunnel_keys[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (session_keys); i++)
    g_assert_true (has_case (session_cases, G_N_ELEMENTS (session_cases), session_keys[i]));
}

static void
test_defaults (void)
{
  g_autoptr (Ol2tpTunnelSettings) tunnel = ol2tp_tunnel_settings_new ();
  g_autoptr (Ol2tpSessionSettings) session = ol2tp_session_settings_new ();

  g_assert_cmpuint (tunnel->set, ==, 0);
  g_assert_null (tunnel->peer);
  g_assert_null (tunnel->host_name);
  g_assert_cmpuint (tunnel->hello_interval_sec, ==, 60);
  g_assert_cmpuint (tunnel->retry_timeout_ms, ==, 1000);
  g_assert_cmpuint (tunnel->retry_cap_ms, ==, 8000);
  g_assert_cmpuint (tunnel->max_retries, ==, 5);
  g_assert_cmpuint (tunnel->receive_window, ==, 10);
  g_assert_cmpuint (tunnel->establish_timeout_sec, ==, 60);
  g_assert_cmpint (tunnel->local_address.family, ==, OL2TP_FAMILY_NONE);
  g_assert_cmpuint (tunnel->local_port, ==, 1701);
  g_assert_cmpuint (tunnel->peer_port, ==, 1701);
  g_assert_cmpuint (tunnel->mtu, ==, 0);
  g_assert_cmpuint (tunnel->max_sessions, ==, 0);
  g_assert_false (tunnel->connect);
  g_assert_null (tunnel->secret);

  g_assert_cmpuint (session->set, ==, 0);
  g_assert_null (session->user);
  g_assert_null (session->password);
  g_assert_cmpuint (session->auth, ==, 0);
  g_assert_cmpuint (session->mtu, ==, 1400);
  g_assert_cmpuint (session->mru, ==, 1400);
  g_assert_null (session->interface_name);
  g_assert_cmpuint (session->lcp_echo_interval_sec, ==, 30);
  g_assert_cmpuint (session->lcp_echo_failure, ==, 4);
  g_assert_true (session->use_peer_dns);
  g_assert_true (session->ipv6);
  g_assert_false (session->require_mppe);
  g_assert_false (session->data_sequencing);
  g_assert_false (session->require_sequencing);
  g_assert_cmpuint (session->reorder_timeout_ms, ==, 0);
  g_assert_cmpuint (session->tx_speed, ==, 1000000000);
  g_assert_cmpuint (session->rx_speed, ==, 0);
  g_assert_null (session->pppd_options);
  g_assert_false (session->connect);
}

static void
assert_secret (const Ol2tpSecret *secret, const char *text)
{
  gsize len;
  const guint8 *data = ol2tp_secret_get_data (secret, &len);

  g_assert_cmpmem (data, len, text, strlen (text));
}

/* Each key reaches its own field, and a copy has everything and shares no memory but the secret. */
static void
test_tunnel_fields (void)
{
  static const char *const given[][2] = {
    { "peer", "lns.example" },  { "host-name", "lac" }, { "hello-interval", "11" }, { "retry-timeout", "1200" },
    { "retry-cap", "9000" },    { "max-retries", "7" }, { "receive-window", "12" }, { "establish-timeout", "13" },
    { "local-address", "::1" }, { "local-port", "0" },  { "peer-port", "1702" },    { "mtu", "1450" },
    { "max-sessions", "14" },   { "connect", "true" },  { "secret", "old" },        { "secret", "se;cret" },
  };
  Ol2tpTunnelSettings *settings = ol2tp_tunnel_settings_new ();
  g_autoptr (Ol2tpTunnelSettings) copy = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (given); i++)
    g_assert_true (ol2tp_tunnel_settings_set_string (settings, given[i][0], given[i][1], NULL));
  copy = ol2tp_tunnel_settings_copy (settings);
  g_assert_true (copy->peer != settings->peer && copy->host_name != settings->host_name);
  ol2tp_tunnel_settings_free (settings);

  g_assert_cmpstr (copy->peer, ==, "lns.example");
  g_assert_cmpstr (copy->host_name, ==, "lac");
  g_assert_cmpuint (copy->hello_interval_sec, ==, 11);
  g_assert_cmpuint (copy->retry_timeout_ms, ==, 1200);
  g_assert_cmpuint (copy->retry_cap_ms, ==, 9000);
  g_assert_cmpuint (copy->max_retries, ==, 7);
  g_assert_cmpuint (copy->receive_window, ==, 12);
  g_assert_cmpuint (copy->establish_timeout_sec, ==, 13);
  g_assert_cmpint (copy->local_address.family, ==, OL2TP_FAMILY_IPV6);
  g_assert_cmpuint (copy->local_port, ==, 0);
  g_assert_cmpuint (copy->peer_port, ==, 1702);
  g_assert_cmpuint (copy->mtu, ==, 1450);
  g_assert_cmpuint (copy->max_sessions, ==, 14);
  g_assert_true (copy->connect);
  assert_secret (copy->secret, "se;cret");
  for (gsize i = 0; i < G_N_ELEMENTS (given); i++)
    g_assert_true (ol2tp_tunnel_settings_is_set (copy, given[i][0]));
  g_assert_false (ol2tp_tunnel_settings_is_set (copy, "version"));
  g_assert_false (ol2tp_tunnel_settings_is_set (copy, "no-such-key"));
}

static void
test_session_fields (void)
{
  static const char *const given[][2] = {
    { "user", "alice" },
    { "password", "pa\\ss" },
    { "auth", "chap; mschapv2;" },
    { "mtu", "1300" },
    { "mru", "1310" },
    { "interface-name", "l2tp0" },
    { "lcp-echo-interval", "5" },
    { "lcp-echo-failure", "2" },
    { "use-peer-dns", "false" },
    { "ipv6", "false" },
    { "require-mppe", "true" },
    { "data-sequencing", "all" },
    { "require-sequencing", "true" },
    { "reorder-timeout", "50" },
    { "tx-speed", "64000" },
    { "rx-speed", "128000" },
    { "called-number", "111" },
    { "calling-number", "222" },
    { "sub-address", "333" },
    { "pppd-options", "noccp;mtu 1" },
    { "connect", "true" },
  };
  Ol2tpSessionSettings *settings = ol2tp_session_settings_new ();
  g_autoptr (Ol2tpSessionSettings) copy = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (given); i++)
    g_assert_true (ol2tp_session_settings_set_string (settings, given[i][0], given[i][1], NULL));
  copy = ol2tp_session_settings_copy (settings);
  ol2tp_session_settings_free (settings);

  g_assert_cmpstr (copy->user, ==, "alice");
  assert_secret (copy->password, "pa\\ss");
  g_assert_cmpuint (copy->auth, ==, OL2TP_PPP_AUTH_CHAP | OL2TP_PPP_AUTH_MSCHAPV2);
  g_assert_cmpuint (copy->mtu, ==, 1300);
  g_assert_cmpuint (copy->mru, ==, 1310);
  g_assert_cmpstr (copy->interface_name, ==, "l2tp0");
  g_assert_cmpuint (copy->lcp_echo_interval_sec, ==, 5);
  g_assert_cmpuint (copy->lcp_echo_failure, ==, 2);
  g_assert_false (copy->use_peer_dns);
  g_assert_false (copy->ipv6);
  g_assert_true (copy->require_mppe);
  g_assert_true (copy->data_sequencing);
  g_assert_true (copy->require_sequencing);
  g_assert_cmpuint (copy->reorder_timeout_ms, ==, 50);
  g_assert_cmpuint (copy->tx_speed, ==, 64000);
  g_assert_cmpuint (copy->rx_speed, ==, 128000);
  g_assert_cmpstr (copy->called_number, ==, "111");
  g_assert_cmpstr (copy->calling_number, ==, "222");
  g_assert_cmpstr (copy->sub_address, ==, "333");
  g_assert_cmpuint (g_strv_length (copy->pppd_options), ==, 2);
  g_assert_cmpstr (copy->pppd_options[1], ==, "mtu 1");
  g_assert_true (copy->connect);
  for (gsize i = 0; i < G_N_ELEMENTS (given); i++)
    g_assert_true (ol2tp_session_settings_is_set (copy, given[i][0]));
  g_assert_true (ol2tp_session_settings_set_string (copy, "data-sequencing", "none", NULL));
  g_assert_false (copy->data_sequencing);
}

static void
test_strings (void)
{
  static const Case cases[] = {
    { "peer", "192.0.2.1", OK },
    { "peer", "2001:db8::1", OK },
    { "peer", "lns-1.example.net", OK },
    { "peer", "", BAD },
    { "peer", "a b", BAD },
    { "peer", "-v", BAD },
    { "peer", "http://x", BAD },
    { "mtu", " 1400", BAD },
    { "mtu", "+1400", BAD },
    { "mtu", "0x578", BAD },
    { "mtu", "1400 ", BAD },
    { "mtu", "", BAD },
    { "connect", "yes", BAD },
    { "connect", "TRUE", BAD },
    { "connect", "false", OK },
    { "connect", "", BAD },
    { "quirks", "", OK },
    { "quirks", "cisco", LATER },
    { "version", "2", OK },
    { "version", "3", LATER },
    { "local-address", "[::1]", OK },
    { "local-address", "1.2.3", BAD },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Ol2tpTunnelSettings) settings = ol2tp_tunnel_settings_new ();
      g_autoptr (GError) error = NULL;
      gboolean ok = ol2tp_tunnel_settings_set_string (settings, cases[i].key, cases[i].value, &error);

      check_result (&cases[i], ok, error);
    }
}

static void
test_lengths (void)
{
  static const struct {
    const char *key;
    gsize max;
  } tunnel[] = { { "host-name", 255 }, { "peer", 255 }, { "secret", 1024 } },
    session[] = { { "user", 255 },          { "password", 255 },   { "called-number", 64 },
                  { "calling-number", 64 }, { "sub-address", 64 }, { "pppd-options", 1023 } };
  g_autoptr (Ol2tpTunnelSettings) t = ol2tp_tunnel_settings_new ();
  g_autoptr (Ol2tpSessionSettings) s = ol2tp_session_settings_new ();
  g_autofree char *text = g_strnfill (1100, 'x');
  g_autofree char *many = NULL;
  g_auto (GStrv) words = g_new0 (char *, 66);

  for (gsize i = 0; i < G_N_ELEMENTS (tunnel); i++)
    {
      text[tunnel[i].max] = '\0';
      g_assert_true (ol2tp_tunnel_settings_set_string (t, tunnel[i].key, text, NULL));
      text[tunnel[i].max] = 'x';
      g_assert_false (ol2tp_tunnel_settings_set_string (t, tunnel[i].key, text, NULL));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (session); i++)
    {
      text[session[i].max] = '\0';
      g_assert_true (ol2tp_session_settings_set_string (s, session[i].key, text, NULL));
      text[session[i].max] = 'x';
      g_assert_false (ol2tp_session_settings_set_string (s, session[i].key, text, NULL));
    }
  for (gsize i = 0; i < 65; i++)
    words[i] = g_strdup ("w");
  many = g_strjoinv (";", words);
  g_assert_false (ol2tp_session_settings_set_string (s, "pppd-options", many, NULL));
  g_assert_true (ol2tp_session_settings_set_string (s, "pppd-options", many + 2, NULL));
}

/* A refused secret is in no message, whatever is wrong with it. */
static void
test_secrets_stay_secret (void)
{
  g_autoptr (Ol2tpSessionSettings) settings = ol2tp_session_settings_new ();
  g_autofree char *filling = g_strnfill (256, 'h');
  g_autofree char *text = g_strconcat ("hunter2", filling, NULL);
  g_autoptr (GVariant) list = g_variant_ref_sink (g_variant_new_strv ((const char *[]){ "hunter2" }, 1));
  g_autoptr (GError) error = NULL;

  g_assert_true (ol2tp_session_settings_set_string (settings, "password", "kept", NULL));
  g_assert_false (ol2tp_session_settings_set_string (settings, "password", text, &error));
  g_assert_null (strstr (error->message, "hunter2"));
  g_assert_nonnull (strstr (error->message, "password: "));
  g_assert_nonnull (strstr (error->message, "1 to 255 octets"));
  g_clear_error (&error);
  g_assert_false (ol2tp_session_settings_set_variant (settings, "password", list, &error));
  g_assert_null (strstr (error->message, "hunter2"));
  assert_secret (settings->password, "kept");
}

static void
test_messages (void)
{
  g_autoptr (Ol2tpTunnelSettings) settings = ol2tp_tunnel_settings_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (ol2tp_tunnel_settings_set_string (settings, "hello-interval", "90000", &error));
  g_assert_cmpstr (error->message, ==,
                   "hello-interval: \"90000\" is not allowed, only a number from 0 to 86400 (seconds, 0 = off)");
  g_clear_error (&error);
  g_assert_false (ol2tp_tunnel_settings_set_string (settings, "lifetime", "caller", &error));
  g_assert_cmpstr (error->message, ==,
                   "lifetime: other values are not supported in files");
  g_clear_error (&error);
  g_assert_false (ol2tp_tunnel_settings_set_string (settings, "mtuu", "1400", &error));
  g_assert_cmpstr (error->message, ==, "mtuu: unknown key");
}

/* What may be changed later, and what differs then. */
static void
test_modify (void)
{
  g_autoptr (Ol2tpTunnelSettings) settings = ol2tp_tunnel_settings_new ();
  g_autoptr (Ol2tpTunnelSettings) copy = NULL;
  g_autoptr (Ol2tpSessionSettings) session = ol2tp_session_settings_new ();
  g_autoptr (Ol2tpSessionSettings) other = NULL;
  static const char *const once[] = { "version", "encapsulation", "role", "lifetime", "local-port", "peer-port", "connect" };
  g_autofree const char **changes = NULL, **session_changes = NULL;
  g_autofree char *text = NULL, *session_text = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (once); i++)
    {
      g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_uint32 (1));

      g_assert_false (ol2tp_tunnel_settings_modify_variant (settings, once[i], value, &error));
      g_assert_nonnull (strstr (error->message, "cannot be changed later"));
      g_clear_error (&error);
    }
  g_assert_true (ol2tp_tunnel_settings_set_string (settings, "secret", "x", NULL));
  g_assert_true (ol2tp_tunnel_settings_set_string (settings, "host-name", "a", NULL));
  copy = ol2tp_tunnel_settings_copy (settings);
  g_assert_true (ol2tp_tunnel_settings_set_string (copy, "secret", "x", NULL)); /* whether it is another one is not told */
  g_assert_true (ol2tp_tunnel_settings_set_string (copy, "host-name", "a", NULL));
  g_assert_true (ol2tp_tunnel_settings_set_string (copy, "local-address", "::1", NULL));
  changes = ol2tp_tunnel_settings_list_changes (settings, copy);
  text = g_strjoinv (" ", (char **) changes);
  g_assert_cmpstr (text, ==, "local-address secret");

  other = ol2tp_session_settings_copy (session);
  g_assert_true (ol2tp_session_settings_set_string (other, "user", "a", NULL));
  g_assert_true (ol2tp_session_settings_set_string (other, "auth", "pap", NULL));
  g_assert_true (ol2tp_session_settings_set_string (other, "tx-speed", "5", NULL));
  g_assert_true (ol2tp_session_settings_set_string (other, "pppd-options", "debug", NULL));
  session_changes = ol2tp_session_settings_list_changes (session, other);
  session_text = g_strjoinv (" ", (char **) session_changes);
  g_assert_cmpstr (session_text, ==, "user auth tx-speed pppd-options");
}

static void
test_list_split (void)
{
  static const struct {
    const char *text;
    const char *joined;
  } cases[] = { { "", "" },         { "a", "a" }, { "a;", "a" }, { " a ; b ", "a|b" },
                { "a;;b", "a||b" }, { ";", "" },  { ";;", "|" }, { " ", "" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) words = ol2tp_list_split (cases[i].text);
      g_autofree char *joined = g_strjoinv ("|", words);

      g_assert_cmpstr (joined, ==, cases[i].joined);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/daemon/settings/tunnel-table", test_tunnel_table);
  g_test_add_func ("/daemon/settings/session-table", test_session_table);
  g_test_add_func ("/daemon/settings/published-keys", test_published_keys);
  g_test_add_func ("/daemon/settings/defaults", test_defaults);
  g_test_add_func ("/daemon/settings/tunnel-fields", test_tunnel_fields);
  g_test_add_func ("/daemon/settings/session-fields", test_session_fields);
  g_test_add_func ("/daemon/settings/strings", test_strings);
  g_test_add_func ("/daemon/settings/lengths", test_lengths);
  g_test_add_func ("/daemon/settings/secrets-stay-secret", test_secrets_stay_secret);
  g_test_add_func ("/daemon/settings/messages", test_messages);
  g_test_add_func ("/daemon/settings/modify", test_modify);
  g_test_add_func ("/daemon/settings/list-split", test_list_split);
  return g_test_run ();
}
