/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tunnels and sessions: all of them, or one by its name. */
#ifndef CTL_OBJECTS_H
#define CTL_OBJECTS_H

#include "client.h"

typedef struct {
  char *path;
  char *name;     /* as users write it: TUNNEL or TUNNEL/SESSION */
  gboolean session;
  guint64 serial[2]; /* of tunnel and session, from the path */
  GVariant *properties;
} CtlObject;

/**
 * ctl_load_objects:
 *
 * Returns: (transfer full) (element-type CtlObject): every tunnel, each followed by its sessions, in the order of creation
 */
GPtrArray *ctl_load_objects (Ctl *ctl, GError **error);

/**
 * ctl_find_tunnel:
 * @name: name or tunnel ID; a name that is a number precedes an ID
 *
 * Returns: (transfer full): path of the tunnel
 */
char *ctl_find_tunnel (Ctl *ctl, const char *name, GError **error);

/**
 * ctl_find:
 * @name: TUNNEL or TUNNEL/SESSION, each a name or an ID
 * @session: (out): whether it is a session
 *
 * Returns: (transfer full): path of the object
 */
char *ctl_find (Ctl *ctl, const char *name, gboolean *session, GError **error);

#endif
