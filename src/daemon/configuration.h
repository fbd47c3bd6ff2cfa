/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration files, read whole into one immutable structure or refused whole. */
#pragma once

#include "settings.h"

G_BEGIN_DECLS

typedef enum {
  OL2TP_DATAPATH_AUTO,
  OL2TP_DATAPATH_KERNEL,
  OL2TP_DATAPATH_NULL,
} Ol2tpDatapathKind;

/** Ol2tpTunnelFile: one file of tunnels.d: a client tunnel and its session, connected at start unless "connect" says false. */
typedef struct {
  char *name; /* the file's, without ".conf": 1 to 64 of A-Z a-z 0-9 _ . - */
  Ol2tpTunnelSettings *tunnel;
  Ol2tpSessionSettings *session; /* NULL without a [session] group */
} Ol2tpTunnelFile;

/**
 * Ol2tpConfig:
 * @plugins: (nullable): NULL-terminated; %NULL = the key is absent (an empty list means none)
 * @listen: (element-type Ol2tpAddress): where to listen, with ports; any-address means every address of that family; empty if the
 * LNS side is off
 * @lns_tunnel: settings for tunnels peers open ("secret", "hello-interval", ... of [lns])
 * @lns_session: settings for their sessions ("auth", "mtu", "mru", "lcp-echo-...", "ipv6", "require-mppe" ... of [lns]); its auth
 * is never 0, by default MS-CHAPv2 and CHAP
 * @local_ip: our end of every session, 0.0.0.0 = not set
 * @range_first, @range_last: addresses for peers, host byte order, inclusive; 0 = none
 * @users: (element-type utf8 Ol2tpSecret)
 * @tunnels: (element-type Ol2tpTunnelFile)
 */
typedef struct {
  Ol2tpDatapathKind datapath;
  char **plugins;
  char *host_name; /* NULL = the system's */
  gboolean lns_enabled;
  GArray *listen;
  Ol2tpTunnelSettings *lns_tunnel;
  Ol2tpSessionSettings *lns_session;
  guint max_tunnels; /* 0 = no limit */
  guint max_sessions;
  struct in_addr local_ip;
  guint32 range_first;
  guint32 range_last;
  guint n_dns;
  struct in_addr dns[2];
  GHashTable *users;
  GPtrArray *tunnels;
} Ol2tpConfig;

/**
 * ol2tp_config_load:
 * @path: (nullable): main file; %NULL takes the compiled-in default, which may be absent (then: defaults, listening to nobody).
 *   A file that was named must exist
 * @port: UDP port that replaces 1701 wherever none is given, 0 = 1701
 *
 * Reads the main file and every "*.conf" of the folder "tunnels.d" beside it, in order of name.
 *
 * Errors: %OL2TP_ERROR_CONFIG_INVALID, "FILE:LINE: [group] key: what is wrong", also for unknown groups and keys, duplicates, and
 * a file with secrets that others than its owner can read (mode and owner named).
 */
Ol2tpConfig *ol2tp_config_load (const char *path, guint16 port, GError **error);
void ol2tp_config_free (Ol2tpConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpConfig, ol2tp_config_free)

G_END_DECLS
