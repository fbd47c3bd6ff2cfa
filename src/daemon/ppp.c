/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands behind openl2tp/ppp.h: claims of PPP providers.  These functions are called from within plugins, so they only write
 * down what happened and kick the driver; hooks and signals come of it in the next turn.
 */
#include "controller-private.h"

#include "core/text.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <syslog.h>

static Ol2tpPppConfig
make_config (Ol2tpController *self, Ol2tpPpp *ppp, const Ol2tpSessionEntry *session)
{
  const Ol2tpSessionSettings *settings = ppp->settings;
  const Ol2tpConfig *daemon = self->config;
  Ol2tpPppConfig config = {
    .size = sizeof config,
    .tunnel_id = (uint16_t) ppp->tunnel_id,
    .session_id = (uint16_t) ppp->session_id,
    .lns = session->lns,
    .auth = settings->auth,
    .user = settings->user != NULL ? settings->user : "",
    .mtu = (uint16_t) settings->mtu,
    .mru = (uint16_t) settings->mru,
    .use_peer_dns = settings->use_peer_dns,
    .ipv6 = settings->ipv6,
    .lcp_echo_interval_sec = settings->lcp_echo_interval_sec,
    .lcp_echo_failure = settings->lcp_echo_failure,
    .interface_name = settings->interface_name != NULL ? settings->interface_name : "",
    .require_mppe = settings->require_mppe,
    .pppd_options = (const char *const *) settings->pppd_options,
  };

  if (session->lns)
    {
      config.user = self->host_name;
      config.local_ip = daemon->local_ip;
      config.peer_ip = ppp->pool_ip;
      config.n_dns = daemon->n_dns;
      memcpy (config.dns, daemon->dns, sizeof config.dns);
    }
  return config;
}

static Ol2tpPpp *
claim (guint16 tunnel_id, guint16 session_id, const Ol2tpPppOps *ops, void *data, gpointer user_data)
{
  Ol2tpController *self = user_data;
  Ol2tpSessionEntry *session = ol2tp_model_find_session (self->model, session_id);
  Ol2tpPpp *ppp;

  if (session == NULL || session->tunnel->id != tunnel_id || session->ppp != NULL || !session->kernel_up)
    return NULL;

  ppp = g_new0 (Ol2tpPpp, 1);
  ppp->controller = self;
  ppp->session = session;
  ppp->tunnel_id = tunnel_id;
  ppp->session_id = session_id;
  ppp->ops = ops;
  ppp->data = data;
  ppp->pool_ip = session->pool_ip;
  session->pool_ip.s_addr = 0;
  ppp->settings = ol2tp_session_settings_copy (session->in_force != NULL ? session->in_force : session->settings);
  ppp->config = make_config (self, ppp, session);
  g_hash_table_add (self->claims, ppp);
  session->ppp = ppp;
  return ppp;
}

static const Ol2tpPppConfig *
get_config (Ol2tpPpp *ppp, gpointer user_data)
{
  return &ppp->config;
}

static int
take_channel (Ol2tpPpp *ppp, gpointer user_data)
{
  Ol2tpController *self = user_data;

  if (ppp->session == NULL || !ppp->session->kernel_up)
    return -1;
  return self->datapath->ops->take_channel (self->datapath, ppp->tunnel_id, ppp->session_id);
}

/* Windows sends DOMAIN\user: a user with exactly that name is preferred, then the part behind the backslash. */
static const Ol2tpSecret *
find_password (Ol2tpController *self, const Ol2tpPpp *ppp, const char *user)
{
  const Ol2tpSecret *secret;
  const char *backslash = strrchr (user, '\\');

  if (!ppp->config.lns)
    return g_str_equal (user, ppp->config.user) ? ppp->settings->password : NULL;
  secret = g_hash_table_lookup (self->config->users, user);
  if (secret == NULL && backslash != NULL)
    secret = g_hash_table_lookup (self->config->users, backslash + 1);
  return secret;
}

static int
get_secret (Ol2tpPpp *ppp, const char *user, char *secret, gsize size, gpointer user_data)
{
  const Ol2tpSecret *password = find_password (user_data, ppp, user);
  const guint8 *data;
  gsize len;

  if (password == NULL)
    return -1;
  data = ol2tp_secret_get_data (password, &len);
  if (len + 1 > size)
    return -1;
  memcpy (secret, data, len);
  secret[len] = '\0';
  return (int) len;
}

/* What plugins pass on may be what a peer said: one line of valid UTF-8, and not a long one. */
static char *
printable (const char *text)
{
  char clean[512];
  gsize len = text != NULL ? strnlen (text, sizeof clean) : 0;

  ol2tp_text_clean (clean, sizeof clean, (Ol2tpSpan){ (const guint8 *) text, len });
  return g_strdup (clean);
}

/* The session of a claim whose reports still count: one that is not down. */
static Ol2tpSessionEntry *
reporting_session (const Ol2tpPpp *ppp)
{
  return ppp->session != NULL && ppp->session->id != 0 ? ppp->session : NULL;
}

static void
report (Ol2tpPpp *ppp, const char *property)
{
  ol2tp_controller_touch_session (ppp->controller, ppp->session, property);
  ol2tp_driver_kick (ppp->controller->driver);
}

static void
set_state (Ol2tpPpp *ppp, Ol2tpPppState state, gpointer user_data)
{
  Ol2tpSessionEntry *session = reporting_session (ppp);

  if (session == NULL || session->ppp_state == state)
    return;
  session->ppp_state = state;
  report (ppp, "PppState");
}

static void
set_interface (Ol2tpPpp *ppp, const char *name, gpointer user_data)
{
  Ol2tpSessionEntry *session = reporting_session (ppp);

  if (session == NULL || g_str_equal (session->interface_name, name))
    return;
  g_free (session->interface_name);
  session->interface_name = printable (name);
  session->interface_index = (int) if_nametoindex (name);
  report (ppp, "InterfaceName");
  report (ppp, "InterfaceIndex");
  report (ppp, "Mtu");
}

static void
set_ip4 (Ol2tpPpp *ppp, const Ol2tpPppIp4 *ip4, gpointer user_data)
{
  Ol2tpSessionEntry *session = reporting_session (ppp);

  if (session == NULL)
    return;
  memset (&session->ip4, 0, sizeof session->ip4);
  session->has_ip4 = ip4 != NULL;
  if (ip4 != NULL)
    memcpy (&session->ip4, ip4, MIN (ip4->size, sizeof session->ip4));
  session->ip4.n_dns = MIN (session->ip4.n_dns, G_N_ELEMENTS (session->ip4.dns));
  session->ip4.n_wins = MIN (session->ip4.n_wins, G_N_ELEMENTS (session->ip4.wins));
  report (ppp, "Ip4Config");
}

static void
set_ip6 (Ol2tpPpp *ppp, const Ol2tpPppIp6 *ip6, gpointer user_data)
{
  Ol2tpSessionEntry *session = reporting_session (ppp);

  if (session == NULL)
    return;
  memset (&session->ip6, 0, sizeof session->ip6);
  session->has_ip6 = ip6 != NULL;
  if (ip6 != NULL)
    memcpy (&session->ip6, ip6, MIN (ip6->size, sizeof session->ip6));
  report (ppp, "Ip6Config");
}

static void
set_peer_name (Ol2tpPpp *ppp, const char *name, gpointer user_data)
{
  Ol2tpSessionEntry *session = reporting_session (ppp);

  if (session == NULL)
    return;
  g_free (session->ppp_user);
  session->ppp_user = printable (name);
  report (ppp, "UserName");
}

static void
free_claim (Ol2tpController *self, Ol2tpPpp *ppp)
{
  g_hash_table_remove (self->claims, ppp);
  ol2tp_pool_give_back (self->pool, ppp->pool_ip);
  ol2tp_session_settings_free (ppp->settings);
  g_free (ppp);
}

static void
end (Ol2tpPpp *ppp, Ol2tpPppEnd reason, int status, const char *message, gpointer user_data)
{
  Ol2tpController *self = user_data;
  Ol2tpSessionEntry *session = ppp->session;

  if (session != NULL)
    {
      gboolean asked = ppp->stopping || session->id == 0;

      session->ppp = NULL;
      session->ppp_ended = TRUE;
      session->ppp_end = reason;
      session->ppp_status = status;
      session->ppp_failed = reason != OL2TP_PPP_END_CLOSED && !(asked && reason == OL2TP_PPP_END_FAILED);
      g_free (session->ppp_message);
      session->ppp_message = printable (message);
      session->ppp_state = session->ppp_failed ? OL2TP_PPP_STATE_FAILED : OL2TP_PPP_STATE_NONE;
      ol2tp_controller_touch_session (self, session, "PppState");
    }
  free_claim (self, ppp);
  ol2tp_driver_kick (self->driver);
}

static void
log_text (Ol2tpPpp *ppp, int priority, const char *text, gpointer user_data)
{
  g_autofree char *line = printable (text);
  GLogLevelFlags level = G_LOG_LEVEL_DEBUG;

  if (priority <= LOG_WARNING)
    level = G_LOG_LEVEL_WARNING;
  else if (priority == LOG_NOTICE)
    level = G_LOG_LEVEL_MESSAGE;
  else if (priority == LOG_INFO)
    level = G_LOG_LEVEL_INFO;
  else if (!ol2tp_log_is_enabled (OL2TP_LOG_PPP))
    return;

  if (ppp != NULL && ppp->session != NULL)
    ol2tp_log_session (level, ppp->session, "%s", line);
  else
    g_log (G_LOG_DOMAIN, level, "%s", line);
}

static int
watch_add (int fd, guint32 epoll_events, Ol2tpWatchFunc func, void *data, gpointer user_data)
{
  Ol2tpController *self = user_data;

  return ol2tp_loop_watch (ol2tp_driver_get_loop (self->driver), fd, epoll_events, func, data);
}

static void
watch_remove (int fd, gpointer user_data)
{
  Ol2tpController *self = user_data;

  ol2tp_loop_unwatch (ol2tp_driver_get_loop (self->driver), fd);
}

static guint
timer_add (guint msec, Ol2tpTimerFunc func, void *data, gpointer user_data)
{
  Ol2tpController *self = user_data;

  return ol2tp_loop_add_timer (ol2tp_driver_get_loop (self->driver), ol2tp_driver_now (self->driver) + (gint64) msec * 1000, func, data);
}

static void
timer_remove (guint id, gpointer user_data)
{
  Ol2tpController *self = user_data;

  ol2tp_loop_remove_timer (ol2tp_driver_get_loop (self->driver), id);
}

const Ol2tpPluginServices ol2tp_controller_services = {
  .claim = claim,
  .get_config = get_config,
  .take_channel = take_channel,
  .get_secret = get_secret,
  .set_state = set_state,
  .set_interface = set_interface,
  .set_ip4 = set_ip4,
  .set_ip6 = set_ip6,
  .set_peer_name = set_peer_name,
  .end = end,
  .log = log_text,
  .watch_add = watch_add,
  .watch_remove = watch_remove,
  .timer_add = timer_add,
  .timer_remove = timer_remove,
};

gboolean
ol2tp_ppp_request_stop (Ol2tpPpp *ppp)
{
  if (ppp->ops == NULL || ppp->ops->size < sizeof *ppp->ops || ppp->ops->stop == NULL)
    return FALSE;
  if (!ppp->stopping)
    {
      ppp->stopping = TRUE;
      ppp->ops->stop (ppp, ppp->data);
    }
  return TRUE;
}

void
ol2tp_ppp_detach (Ol2tpPpp *ppp)
{
  ppp->session->ppp = NULL;
  ppp->session = NULL;
}

/* RFC 2661 section 4.4.2: CDN 1, loss of carrier, where PPP ended in order; else 2 with error 6, a generic vendor-specific error,
 * which wants a text. */
void
ol2tp_ppp_end_to_cause (const Ol2tpSessionEntry *session, Ol2tpCause *cause)
{
  static const char *const texts[] = {
    [OL2TP_PPP_END_CLOSED] = "PPP ended in order",
    [OL2TP_PPP_END_AUTH_REFUSED] = "PPP authentication refused by the peer",
    [OL2TP_PPP_END_AUTH_PEER] = "PPP authentication failed",
    [OL2TP_PPP_END_NO_SECRET] = "no PPP password",
    [OL2TP_PPP_END_NO_ANSWER] = "no PPP answer",
    [OL2TP_PPP_END_NEGOTIATION] = "PPP negotiation failed",
    [OL2TP_PPP_END_FAILED] = "PPP failed",
  };
  gboolean in_order = session->ppp_end == OL2TP_PPP_END_CLOSED;
  const char *detail = session->ppp_message != NULL ? session->ppp_message : "";

  ol2tp_cause_init (cause, OL2TP_REASON_PPP, in_order ? 1 : 2, in_order ? 0 : 6, "%s%s%s", texts[session->ppp_end],
                    *detail != '\0' ? ": " : "", detail);
}
