/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * openl2tp/ppp.h: for plugins that provide PPP.
 *
 * A provider is an ordinary plugin (openl2tp/plugin.h).  In its session up hook it claims the session, reads the settings, takes
 * the session's channel, runs PPP on it and reports what happens; the daemon shows that on its bus.  Everything here is called on,
 * and calls back on, the daemon's main thread, from a hook or from a callback registered here; nothing blocks.
 *
 * Life of a claim:
 *
 *   session up hook         ol2tp_ppp_claim(), ol2tp_ppp_take_channel(), start PPP, return 0 (below 0 refuses the session: CDN)
 *   while PPP runs          ol2tp_ppp_set_state(), _set_interface(), _set_ip4(), _set_ip6(), _set_peer_name()
 *   daemon wants it ended   ops->stop(): begin an orderly end (LCP Terminate-Request), answer with ol2tp_ppp_end() when done
 *   session down hook       the L2TP session is gone: end PPP as fast as is clean, then ol2tp_ppp_end()
 *   PPP ended by itself     ol2tp_ppp_end() with the reason: the daemon closes the session
 *
 * A claim lives until ol2tp_ppp_end(), which the provider calls exactly once for each claim, also after the session went down.
 * Reports made after the session went down are accepted and have no effect.
 *
 * Strings are UTF-8.  Addresses are in network byte order.  Structures carry their size first, so that they can grow at the end.
 */
#ifndef OPENL2TP_PPP_H
#define OPENL2TP_PPP_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Ol2tpPpp: one claimed session; opaque. */
typedef struct Ol2tpPpp Ol2tpPpp;

/** Ol2tpPppState: phase of PPP, as the bus property PppState names it. */
typedef enum {
  OL2TP_PPP_STATE_NONE,        /* "none": nobody runs PPP here */
  OL2TP_PPP_STATE_STARTING,    /* "starting" */
  OL2TP_PPP_STATE_LCP,         /* "lcp" */
  OL2TP_PPP_STATE_AUTH,        /* "auth" */
  OL2TP_PPP_STATE_NETWORK,     /* "network": network protocols negotiate */
  OL2TP_PPP_STATE_UP,          /* "up": the interface exists, has its addresses and passes traffic */
  OL2TP_PPP_STATE_TERMINATING, /* "terminating" */
  OL2TP_PPP_STATE_FAILED       /* "failed" */
} Ol2tpPppState;

/** Ol2tpPppEnd: why PPP ended. */
typedef enum {
  OL2TP_PPP_END_CLOSED,         /* as asked, by us or by the peer */
  OL2TP_PPP_END_AUTH_REFUSED,   /* the peer refused our user name or password */
  OL2TP_PPP_END_AUTH_PEER,      /* the peer did not prove who it is */
  OL2TP_PPP_END_NO_SECRET,      /* the peer wants a password and there is none */
  OL2TP_PPP_END_NO_ANSWER,      /* no answer to LCP or to echo requests */
  OL2TP_PPP_END_NEGOTIATION,    /* no agreement on an option or a network protocol */
  OL2TP_PPP_END_FAILED          /* anything else: no pppd, no /dev/ppp, a crash */
} Ol2tpPppEnd;

/** Authentication protocols, a mask. */
enum {
  OL2TP_PPP_AUTH_PAP = 1,
  OL2TP_PPP_AUTH_CHAP = 2,
  OL2TP_PPP_AUTH_MSCHAP = 4,
  OL2TP_PPP_AUTH_MSCHAPV2 = 8,
  OL2TP_PPP_AUTH_EAP = 16
};

/**
 * Ol2tpPppOps:
 * @size: sizeof (Ol2tpPppOps)
 * @stop: called at most once a claim: end PPP in order and then call ol2tp_ppp_end(). The daemon waits 5 seconds, then closes
 *   the session all the same. May be NULL.
 */
typedef struct {
  size_t size;
  void (*stop) (Ol2tpPpp *ppp, void *data);
} Ol2tpPppOps;

/**
 * Ol2tpPppConfig:
 * @size: octets of this structure that are filled
 * @tunnel_id, @session_id: ours, host byte order
 * @lns: 1: we authenticate the peer and give it an address (server); 0: we are the client
 * @auth: as server: protocols that may be demanded, strongest first is up to the provider; as client: those we answer; 0 = any but EAP
 * @user: client: our user name, or "" for none; server: our name, sent in CHAP challenges
 * @mtu, @mru: octets
 * @local_ip: our address; 0.0.0.0 = the peer says (client)
 * @peer_ip: server: the address for the peer, already taken from the pool for this session; 0.0.0.0 = none to give
 * @n_dns, @dns: server: name servers for the peer
 * @use_peer_dns: client: ask the peer for name servers
 * @ipv6: negotiate IPV6CP too
 * @default_route: client: not done by the provider, told for completeness
 * @lcp_echo_interval_sec, @lcp_echo_failure: keepalive; 0 = off
 * @interface_name: name wanted, 1 to 15 octets, or "" for any
 * @require_mppe: refuse to run without MPPE
 * @pppd_options: NULL-terminated words passed to pppd as they are, by administrators only; may be NULL
 */
typedef struct {
  size_t size;
  uint16_t tunnel_id;
  uint16_t session_id;
  int lns;
  unsigned auth;
  const char *user;
  uint16_t mtu;
  uint16_t mru;
  struct in_addr local_ip;
  struct in_addr peer_ip;
  unsigned n_dns;
  struct in_addr dns[2];
  int use_peer_dns;
  int ipv6;
  int default_route;
  unsigned lcp_echo_interval_sec;
  unsigned lcp_echo_failure;
  const char *interface_name;
  int require_mppe;
  const char *const *pppd_options;
} Ol2tpPppConfig;

/** Ol2tpPppIp4: what IPCP agreed on. */
typedef struct {
  size_t size;
  struct in_addr local;
  struct in_addr peer;
  unsigned n_dns;
  struct in_addr dns[2];
  unsigned n_wins;
  struct in_addr wins[2];
} Ol2tpPppIp4;

/** Ol2tpPppIp6: what IPV6CP agreed on: link-local addresses. */
typedef struct {
  size_t size;
  struct in6_addr local;
  struct in6_addr peer;
} Ol2tpPppIp6;

/**
 * ol2tp_ppp_claim:
 *
 * Claims the session with local ID @session_id for this provider; only from within that session's up hook. @ops is not copied and
 * must stay valid; @data is passed to its functions.
 *
 * Returns: the claim, or NULL if the session is unknown, another provider has claimed it, or it is none for PPP.
 */
Ol2tpPpp *ol2tp_ppp_claim (uint16_t tunnel_id, uint16_t session_id, const Ol2tpPppOps *ops, void *data);

/** ol2tp_ppp_get_config: the settings; valid until ol2tp_ppp_end(). */
const Ol2tpPppConfig *ol2tp_ppp_get_config (Ol2tpPpp *ppp);

/**
 * ol2tp_ppp_take_channel:
 *
 * Returns: the session's connected PPPoL2TP socket, close-on-exec, now owned by the provider and kept nowhere else (a second copy
 * would keep the kernel session alive after pppd's end); -1 if the data path has none (null), or it was taken before.
 */
int ol2tp_ppp_take_channel (Ol2tpPpp *ppp);

/**
 * ol2tp_ppp_get_secret:
 * @user: the name as PPP gave it
 * @secret: filled with the password, NUL-terminated; overwrite it after use
 * @size: room in @secret
 *
 * Server: the password of the daemon's user @user. Client: our password, if @user is our user name.
 *
 * Returns: its length, or -1 if there is no such user or no password.
 */
int ol2tp_ppp_get_secret (Ol2tpPpp *ppp, const char *user, char *secret, size_t size);

void ol2tp_ppp_set_state (Ol2tpPpp *ppp, Ol2tpPppState state);
void ol2tp_ppp_set_interface (Ol2tpPpp *ppp, const char *name);       /* "" when it is gone */
void ol2tp_ppp_set_ip4 (Ol2tpPpp *ppp, const Ol2tpPppIp4 *ip4);       /* NULL when IPCP is down */
void ol2tp_ppp_set_ip6 (Ol2tpPpp *ppp, const Ol2tpPppIp6 *ip6);       /* NULL when IPV6CP is down */
void ol2tp_ppp_set_peer_name (Ol2tpPpp *ppp, const char *name);       /* server: who was authenticated */

/**
 * ol2tp_ppp_end:
 * @reason: why
 * @status: exit status of the process that ran PPP, or -1
 * @message: for people; NULL for none. What a peer said is passed as it is; the daemon makes it printable.
 *
 * PPP is over; @ppp is gone when this returns.
 */
void ol2tp_ppp_end (Ol2tpPpp *ppp, Ol2tpPppEnd reason, int status, const char *message);

/**
 * ol2tp_ppp_log:
 * @ppp: whose line it is, or NULL
 * @priority: as for syslog(3): LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG
 *
 * Writes a line to the daemon's log. Never pass a secret.
 */
void ol2tp_ppp_log (Ol2tpPpp *ppp, int priority, const char *format, ...) __attribute__ ((format (printf, 3, 4)));

/* The daemon's one epoll set and one timer, so that a provider with thousands of descriptors costs the main loop nothing. */

/** Ol2tpWatchFunc: @events are EPOLLIN, EPOLLHUP ... that occurred on @fd. */
typedef void (*Ol2tpWatchFunc) (int fd, uint32_t events, void *data);
/** Ol2tpTimerFunc: the timer ran out and is gone. */
typedef void (*Ol2tpTimerFunc) (void *data);

/** ol2tp_watch_add: one watch a descriptor. Returns: 0, or a negative errno. */
int ol2tp_watch_add (int fd, uint32_t epoll_events, Ol2tpWatchFunc func, void *data);
/** ol2tp_watch_remove: before the descriptor is closed; safe from within its own callback. */
void ol2tp_watch_remove (int fd);
/** ol2tp_timer_add: calls @func once after @msec milliseconds. Returns: an id, never 0. */
unsigned ol2tp_timer_add (unsigned msec, Ol2tpTimerFunc func, void *data);
/** ol2tp_timer_remove: 0 and ids that ran out are ignored. */
void ol2tp_timer_remove (unsigned id);

#ifdef __cplusplus
}
#endif
#endif
