/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A link: a session we claimed and the pppd on it. It lives until pppd is reaped, which may be after the session's down hook. */
#pragma once

#include <glib.h>

#include <openl2tp/ppp.h>

#include "child.h"
#include "report.h"
#include "verdict.h"

/** LINE_MAX_LEN: longer lines of pppd's are broken. */
#define LINE_MAX_LEN 512

typedef struct Ol2tpLink Ol2tpLink;

/**
 * Ol2tpLink:
 * @child: pppd
 * @state: as reported last
 * @facts: what will decide why it ended
 * @kill_timer: runs between SIGTERM and SIGKILL
 * @ip6_alone_timer: runs while IPv6 is up and IPv4 may still come
 * @last_line: what pppd printed that may explain its end: the first such line while it starts, later the last
 * @line, @line_len: the line it is printing
 */
struct Ol2tpLink {
  Ol2tpLink *next, *previous;
  Ol2tpPpp *ppp;
  guint16 tunnel_id;
  guint16 session_id;
  gboolean is_server;
  Ol2tpChild child;
  Ol2tpPppState state;
  gboolean ip4_up;
  gboolean ip6_up;
  Ol2tpPppdFacts facts;
  guint kill_timer;
  guint ip6_alone_timer;
  char *last_line;
  gsize line_len;
  char line[LINE_MAX_LEN];
};

/** ol2tp_link_set_state: tells the daemon, if it is news. */
void ol2tp_link_set_state (Ol2tpLink *self, Ol2tpPppState state);

/** ol2tp_link_handle_report: does what a message from pppd asks for. */
void ol2tp_link_handle_report (Ol2tpLink *self, const Ol2tpReport *report);
