/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may call.  On the system bus root may, and whom polkit lets; on another bus root and the daemon's own uid.  All of it is asked
 * asynchronously, since a blocked main loop loses tunnels, and an answer of polkit may take as long as somebody types a password.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** OL2TP_NOBODY: no uid. */
#define OL2TP_NOBODY G_MAXUINT

typedef struct Ol2tpAuthority Ol2tpAuthority;

/**
 * Ol2tpPermission:
 * @action: what is asked for, less "org.openl2tp1."; static
 * @also: (nullable): another one needed besides, of everybody but root; static
 * @owner_uid: who need not be asked about for @action, or %OL2TP_NOBODY
 * @tunnel, @peer: (nullable): what it is about, for who decides
 */
typedef struct {
  const char *action;
  const char *also;
  guint owner_uid;
  const char *tunnel;
  const char *peer;
} Ol2tpPermission;

Ol2tpAuthority *ol2tp_authority_new (void);
/** ol2tp_authority_free: calls that still wait for a decision are answered with an error, later. */
void ol2tp_authority_free (Ol2tpAuthority *self);
void ol2tp_authority_use_polkit (Ol2tpAuthority *self);
/** ol2tp_authority_get_gone: cancelled when the authority, and with it the bus, is freed; for who waits for something else. */
GCancellable *ol2tp_authority_get_gone (const Ol2tpAuthority *self);

/** Ol2tpAuthorizedFunc: the caller may; takes over @invocation, as a method handler does. */
typedef void (*Ol2tpAuthorizedFunc) (GDBusMethodInvocation *invocation, guint uid, gpointer user_data);

/**
 * ol2tp_authorize:
 * @invocation: (transfer full): answered with AccessDenied or InteractiveAuthorizationRequired if its sender may not
 * @permission: needed during this call only
 * @func: called, later, if it may; objects may have gone meanwhile. Not called once @self is freed.
 */
void ol2tp_authorize (Ol2tpAuthority *self, GDBusMethodInvocation *invocation, const Ol2tpPermission *permission, Ol2tpAuthorizedFunc func,
                      gpointer user_data);

G_END_DECLS
