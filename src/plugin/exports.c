/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of openl2tp/ppp.h: each passes its call on to the table the daemon gave. */
#include "plugin/host.h"

#include <errno.h>
#include <syslog.h>

static const Ol2tpPluginServices *services;
static gpointer services_data;

void
ol2tp_plugins_set_services (const Ol2tpPluginServices *table, gpointer user_data)
{
  services = table;
  services_data = user_data;
}

Ol2tpPpp *
ol2tp_ppp_claim (uint16_t tunnel_id, uint16_t session_id, const Ol2tpPppOps *ops, void *data)
{
  return services && ops ? services->claim (tunnel_id, session_id, ops, data, services_data) : NULL;
}

const Ol2tpPppConfig *
ol2tp_ppp_get_config (Ol2tpPpp *ppp)
{
  return services && ppp ? services->get_config (ppp, services_data) : NULL;
}

int
ol2tp_ppp_take_channel (Ol2tpPpp *ppp)
{
  return services && ppp ? services->take_channel (ppp, services_data) : -1;
}

int
ol2tp_ppp_get_secret (Ol2tpPpp *ppp, const char *user, char *secret, size_t size)
{
  return services && ppp && user && secret && size > 0 ? services->get_secret (ppp, user, secret, size, services_data) : -1;
}

void
ol2tp_ppp_set_state (Ol2tpPpp *ppp, Ol2tpPppState state)
{
  if (services && ppp)
    services->set_state (ppp, state, services_data);
}

void
ol2tp_ppp_set_interface (Ol2tpPpp *ppp, const char *name)
{
  if (services && ppp)
    services->set_interface (ppp, name ? name : "", services_data);
}

void
ol2tp_ppp_set_ip4 (Ol2tpPpp *ppp, const Ol2tpPppIp4 *ip4)
{
  if (services && ppp)
    services->set_ip4 (ppp, ip4, services_data);
}

void
ol2tp_ppp_set_ip6 (Ol2tpPpp *ppp, const Ol2tpPppIp6 *ip6)
{
  if (services && ppp)
    services->set_ip6 (ppp, ip6, services_data);
}

void
ol2tp_ppp_set_peer_name (Ol2tpPpp *ppp, const char *name)
{
  if (services && ppp)
    services->set_peer_name (ppp, name ? name : "", services_data);
}

void
ol2tp_ppp_end (Ol2tpPpp *ppp, Ol2tpPppEnd reason, int status, const char *message)
{
  if (services && ppp)
    services->end (ppp, reason, status, message, services_data);
}

/* Where a line goes while no services are set: before the daemon is ready, and after it took them away. */
static GLogLevelFlags
level_of_priority (int priority)
{
  if (priority <= LOG_WARNING)
    return G_LOG_LEVEL_WARNING;
  if (priority == LOG_NOTICE)
    return G_LOG_LEVEL_MESSAGE;
  return priority == LOG_INFO ? G_LOG_LEVEL_INFO : G_LOG_LEVEL_DEBUG;
}

void
ol2tp_ppp_log (Ol2tpPpp *ppp, int priority, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  if (services)
    services->log (ppp, priority, text, services_data);
  else
    g_log (G_LOG_DOMAIN, level_of_priority (priority), "%s", text);
}

int
ol2tp_watch_add (int fd, uint32_t epoll_events, Ol2tpWatchFunc func, void *data)
{
  return services ? services->watch_add (fd, epoll_events, func, data, services_data) : -ENOTCONN;
}

void
ol2tp_watch_remove (int fd)
{
  if (services)
    services->watch_remove (fd, services_data);
}

unsigned
ol2tp_timer_add (unsigned msec, Ol2tpTimerFunc func, void *data)
{
  return services ? services->timer_add (msec, func, data, services_data) : 0;
}

void
ol2tp_timer_remove (unsigned id)
{
  if (services && id != 0)
    services->timer_remove (id, services_data);
}
