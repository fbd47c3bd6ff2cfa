/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ppp_unix and the plugin inside pppd say to each other over a SOCK_SEQPACKET pair: one message a datagram, "key=value" lines,
 * each ended by a newline.  A key is made of a-z, 0-9 and '_'; in a value backslash and newline are written "\\" and "\n", and
 * there is no NUL.  The first key says what the message is:
 *
 *   to pppd    hello     role=client|server  user= (client)  peer_ip= (server, may be missing)    first message, waits in the
 * socket answer    id=  secret= (missing: there is none) from pppd  ask       id=  user=                              a password;
 * pppd waits for the answer phase     phase=NAME  status=NUMBER  heard=0|1    its phase and status; whether the peer said anything
 * at all.  NAME: establish, authenticate, network, running, terminate, dead ip4_up    ifname=  local=  peer=  dns1=  dns2=  wins1=
 * wins2=      addresses that are not known are missing ip4_down ip6_up    ifname=  local=  peer= ip6_down auth_up   user= server:
 * the peer proved that it is this user auth_bad  user=       server: the peer did not no_secret user=       client: the peer wants
 * a password and there is none exit      status=NUMBER
 *
 * Used on both sides, so: plain C.
 */
#pragma once

#include <stddef.h>

/** OL2TP_REPORT_MAX: octets of a message. A user name and a secret of 255 octets, escaped, fit. */
#define OL2TP_REPORT_MAX 2048
/** OL2TP_REPORT_FIELDS_MAX: lines of a message. */
#define OL2TP_REPORT_FIELDS_MAX 16

/** OL2TP_PPPD_SECRET_MAX: octets of a name or password in pppd, terminator included. */
#define OL2TP_PPPD_SECRET_MAX 256

/**
 * Ol2tpReport:
 *
 * A message, on the caller's stack. It may hold a secret: ol2tp_report_clear() after use.
 */
typedef struct {
  size_t len;
  int bad; /* what was added did not fit */
  unsigned n_fields;
  struct {
    const char *key;
    const char *value;
  } fields[OL2TP_REPORT_FIELDS_MAX];
  char data[OL2TP_REPORT_MAX + 1];
} Ol2tpReport;

/** ol2tp_report_init: begins a message of the kind @kind. */
void ol2tp_report_init (Ol2tpReport *self, const char *kind);
/** ol2tp_report_add: adds a line; if it does not fit, ol2tp_report_send() will fail. */
void ol2tp_report_add (Ol2tpReport *self, const char *key, const char *value);
/** ol2tp_report_add_number: the same with a decimal number. */
void ol2tp_report_add_number (Ol2tpReport *self, const char *key, long value);
/** ol2tp_report_clear: overwrites the message. */
void ol2tp_report_clear (Ol2tpReport *self);

/** ol2tp_report_send: without blocking. Returns: 0, or a negative errno: -EMSGSIZE if something did not fit. */
int ol2tp_report_send (const Ol2tpReport *self, int fd);

/**
 * ol2tp_report_receive:
 *
 * Takes one datagram, without blocking, and parses it.
 *
 * Returns: 1; 0 at the end of the stream; a negative errno, -EBADMSG for a datagram that is no message.
 */
int ol2tp_report_receive (Ol2tpReport *self, int fd);

/** ol2tp_report_parse: takes @len octets as a message. Returns: 0 or -EBADMSG. */
int ol2tp_report_parse (Ol2tpReport *self, const void *data, size_t len);

/** ol2tp_report_get_kind: what a received message is. */
const char *ol2tp_report_get_kind (const Ol2tpReport *self);
/** ol2tp_report_get: the value of @key in a received message, or NULL. */
const char *ol2tp_report_get (const Ol2tpReport *self, const char *key);
/** ol2tp_report_get_number: the value as a decimal number of type int. Returns: 0, or -1 if it is missing or none. */
int ol2tp_report_get_number (const Ol2tpReport *self, const char *key, int *value);
