/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pppd's plugin interface of 2.4.9, and that of 2.5 under the same names. */
#pragma once

#define INET6 1 /* 2.4.9 hides IPv6 otherwise */

#include <pppd/pppd.h>

#include <pppd/fsm.h>

#include <pppd/eui64.h>
#include <pppd/ipcp.h>
#include <pppd/ipv6cp.h>

#if __has_include(<pppd/chap.h>)

#include <pppd/chap.h>
#include <pppd/options.h>
#include <pppd/upap.h>

typedef struct option CompatOption;

#define COMPAT_VERSION PPPD_VERSION
#define COMPAT_PHASE_CHANGE NF_PHASE_CHANGE
#define COMPAT_EXIT NF_EXIT
#define COMPAT_AUTH_UP NF_AUTH_UP
#define COMPAT_IP_UP NF_IP_UP
#define COMPAT_IP_DOWN NF_IP_DOWN
#define COMPAT_IPV6_UP NF_IPV6_UP
#define COMPAT_IPV6_DOWN NF_IPV6_DOWN
#define compat_add_notify(event, func) ppp_add_notify (event, func, NULL)
#define compat_add_options(options) ppp_add_options (options)
#define compat_int_option(text, value) ppp_int_option (text, value)
#define compat_option_error(...) ppp_option_error (__VA_ARGS__)
#define compat_status() ((int) ppp_status ())
#define compat_ifname() ppp_ifname ()
#define compat_peer_name(buffer, size) ((void) ppp_peer_authname (buffer, size))
#define compat_wins(options, i) ((options)->winsaddr[i])

/* Exported as before, but in no installed header any more. */
extern char user[MAXNAMELEN];

#else

#include <pppd/chap-new.h>
#include <pppd/patchlevel.h>

typedef option_t CompatOption;

#define COMPAT_VERSION VERSION
#define COMPAT_PHASE_CHANGE (&phasechange)
#define COMPAT_EXIT (&exitnotify)
#define COMPAT_AUTH_UP (&auth_up_notifier)
#define COMPAT_IP_UP (&ip_up_notifier)
#define COMPAT_IP_DOWN (&ip_down_notifier)
#define COMPAT_IPV6_UP (&ipv6_up_notifier)
#define COMPAT_IPV6_DOWN (&ipv6_down_notifier)
#define compat_add_notify(event, func) add_notifier (event, func, NULL)
#define compat_add_options(options) add_options (options)
#define compat_int_option(text, value) int_option (text, value)
#define compat_option_error(...) option_error (__VA_ARGS__)
#define compat_status() ((int) status)
#define compat_ifname() ifname
#define compat_peer_name(buffer, size) ((void) strlcpy (buffer, peer_authname, size))
#define compat_wins(options, i) 0 /* 2.4.9 asks for no WINS servers */

#endif
