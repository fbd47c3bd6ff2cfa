/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system's /etc/ppp/options is read first and Debian's sets auth, lock and lcp-echo-*: whatever we depend on is said
 * explicitly, also where it is pppd's default.  "lock" itself must not appear after the pppol2tp plugin, which has no such option.
 */
#include "arguments.h"

#include <arpa/inet.h>

static void
add_words (GPtrArray *argv, const char *const *words)
{
  for (; *words; words++)
    g_ptr_array_add (argv, g_strdup (*words));
}

#define ADD(argv, ...) add_words (argv, (const char *const[]){ __VA_ARGS__, NULL })

static void
add_number (GPtrArray *argv, const char *option, guint value)
{
  g_ptr_array_add (argv, g_strdup (option));
  g_ptr_array_add (argv, g_strdup_printf ("%u", value));
}

static char *
dup_ip4 (struct in_addr address)
{
  char text[INET_ADDRSTRLEN];

  return g_strdup (inet_ntop (AF_INET, &address, text, sizeof text));
}

static const struct {
  guint mask;
  const char *require;
  const char *refuse;
} protocols[] = {
  { OL2TP_PPP_AUTH_MSCHAPV2, "require-mschap-v2", "refuse-mschap-v2" },
  { OL2TP_PPP_AUTH_CHAP, "require-chap", "refuse-chap" },
  { OL2TP_PPP_AUTH_MSCHAP, "require-mschap", "refuse-mschap" },
  { OL2TP_PPP_AUTH_PAP, "require-pap", "refuse-pap" },
};

/*
 * Several require-* mean any of them.  EAP is never demanded: pppd would look for its secrets in its own files.  We refuse to
 * prove ourselves to a client: it could choose our challenge and take the answer home.
 */
static void
add_server_auth (GPtrArray *argv, const Ol2tpPppConfig *config)
{
  ADD (argv, "auth");
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    if (config->auth == 0 || config->auth & protocols[i].mask)
      ADD (argv, protocols[i].require);
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    ADD (argv, protocols[i].refuse);
  ADD (argv, "refuse-eap");
  if (*config->user)
    ADD (argv, "name", config->user);
}

/* EAP only where it was asked for by name: some servers drop the link over it. */
static void
add_client_auth (GPtrArray *argv, const Ol2tpPppConfig *config)
{
  ADD (argv, "noauth");
  for (guint i = 0; config->auth != 0 && i < G_N_ELEMENTS (protocols); i++)
    if (!(config->auth & protocols[i].mask))
      ADD (argv, protocols[i].refuse);
  if (!(config->auth & OL2TP_PPP_AUTH_EAP))
    ADD (argv, "refuse-eap");
}

static void
add_server_addresses (GPtrArray *argv, const Ol2tpPppConfig *config)
{
  g_autofree char *local = dup_ip4 (config->local_ip);
  g_autofree char *peer = dup_ip4 (config->peer_ip);

  if (config->peer_ip.s_addr == INADDR_ANY)
    {
      ADD (argv, "noip");
      return;
    }
  g_ptr_array_add (argv, g_strdup_printf ("%s:%s", config->local_ip.s_addr == INADDR_ANY ? "" : local, peer));
  for (guint i = 0; i < MIN (config->n_dns, G_N_ELEMENTS (config->dns)); i++)
    {
      ADD (argv, "ms-dns");
      g_ptr_array_add (argv, dup_ip4 (config->dns[i]));
    }
}

static void
add_client_addresses (GPtrArray *argv, const Ol2tpPppConfig *config)
{
  g_autofree char *local = dup_ip4 (config->local_ip);

  ADD (argv, "noipdefault", "ipcp-accept-remote");
  if (config->local_ip.s_addr == INADDR_ANY)
    ADD (argv, "ipcp-accept-local");
  else
    g_ptr_array_add (argv, g_strconcat (local, ":", NULL));
  if (config->use_peer_dns)
    ADD (argv, "usepeerdns");
}

static void
add_link (GPtrArray *argv, const Ol2tpPppConfig *config)
{
  add_number (argv, "mtu", config->mtu);
  add_number (argv, "mru", config->mru);
  if (config->require_mppe)
    ADD (argv, "require-mppe-128", "nobsdcomp", "nodeflate");
  else
    ADD (argv, "noccp");
  add_number (argv, "lcp-restart", 1);
  add_number (argv, "lcp-echo-interval", config->lcp_echo_interval_sec);
  add_number (argv, "lcp-echo-failure", config->lcp_echo_failure);
  ADD (argv, config->ipv6 ? "+ipv6" : "noipv6");
  if (*config->interface_name)
    ADD (argv, "ifname", config->interface_name);
}

char **
ol2tp_pppd_arguments_new (const Ol2tpPppConfig *config, const char *pppd, const char *pppd_plugin)
{
  GPtrArray *argv = g_ptr_array_new ();

  ADD (argv, pppd, "plugin", "pppol2tp.so", "plugin", pppd_plugin);
  add_number (argv, "pppol2tp", OL2TP_PPPD_CHANNEL_FD);
  add_number (argv, "openl2tp_control", OL2TP_PPPD_CONTROL_FD);
  add_number (argv, "openl2tp_lifeline", OL2TP_PPPD_LIFELINE_FD);
  ADD (argv, "nodetach", "nopersist", "nodefaultroute");
  if (config->lns)
    {
      add_server_auth (argv, config);
      add_server_addresses (argv, config);
    }
  else
    {
      add_client_auth (argv, config);
      add_client_addresses (argv, config);
    }
  add_link (argv, config);
  if (config->pppd_options)
    add_words (argv, config->pppd_options);
  /* After what the administrator adds: "debug" is fine, but no password goes to a log. */
  ADD (argv, "hide-password");
  g_ptr_array_add (argv, NULL);
  return (char **) g_ptr_array_free (argv, FALSE);
}
