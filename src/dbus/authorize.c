/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Polkit is spoken to in plain calls: one method of it is needed, which does not make up for a library.  Its name is resolved by the bus
 * with each call, so polkitd may come, go and be started by the bus at any time.
 */
#include "authorize.h"

#include <unistd.h>

#define PREFIX "org.openl2tp1."
#define ERROR_PREFIX "org.freedesktop.DBus.Error."
#define POLKIT_NAME "org.freedesktop.PolicyKit1"
#define POLKIT_ALLOW_INTERACTION 1

struct Ol2tpAuthority {
  gboolean polkit;
  GCancellable *gone; /* cancelled when the authority is freed, which its requests outlive */
};

typedef struct {
  GDBusMethodInvocation *invocation;
  gboolean polkit;
  GCancellable *gone;
  guint uid;
  guint owner_uid;
  const char *actions[3]; /* left to ask for, NULL at the end */
  guint n_asked;
  char *tunnel;
  char *peer;
  Ol2tpAuthorizedFunc func;
  gpointer user_data;
} Request;

static void ask_next (Request *request);

Ol2tpAuthority *
ol2tp_authority_new (void)
{
  Ol2tpAuthority *self = g_new0 (Ol2tpAuthority, 1);

  self->gone = g_cancellable_new ();
  return self;
}

void
ol2tp_authority_free (Ol2tpAuthority *self)
{
  g_cancellable_cancel (self->gone);
  g_object_unref (self->gone);
  g_free (self);
}

void
ol2tp_authority_use_polkit (Ol2tpAuthority *self)
{
  self->polkit = TRUE;
}

GCancellable *
ol2tp_authority_get_gone (const Ol2tpAuthority *self)
{
  return self->gone;
}

static void
request_free (Request *request)
{
  g_object_unref (request->gone);
  g_free (request->tunnel);
  g_free (request->peer);
  g_free (request);
}

static void
refuse (Request *request, const char *error, const char *text)
{
  const char *method = g_dbus_method_invocation_get_method_name (request->invocation);
  g_autofree char *name = g_strconcat (ERROR_PREFIX, error, NULL);
  g_autofree char *message = g_strdup_printf ("%s: %s", method, text);

  g_dbus_method_invocation_return_dbus_error (request->invocation, name, message);
  request_free (request);
}

static void
grant (Request *request)
{
  request->func (request->invocation, request->uid, request->user_data);
  request_free (request);
}

/* No interaction, then no answer either: the caller did not offer to wait for a password. */
static gboolean
may_interact (const Request *request)
{
  GDBusMessage *message = g_dbus_method_invocation_get_message (request->invocation);

  return (g_dbus_message_get_flags (message) & G_DBUS_MESSAGE_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION) != 0;
}

static gboolean
is_absent (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER);
}

static void
on_decision (GObject *source, GAsyncResult *result, gpointer data)
{
  Request *request = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  gboolean authorized, challenge;

  if (g_cancellable_is_cancelled (request->gone))
    {
      refuse (request, "Failed", "the daemon is stopping");
      return;
    }
  if (reply == NULL)
    {
      if (!is_absent (error))
        g_warning ("polkit cannot be asked: %s", error->message);
      refuse (request, "AccessDenied", "without polkit only root may call it");
      return;
    }
  g_variant_get (reply, "((bba{ss}))", &authorized, &challenge, NULL);
  if (authorized)
    ask_next (request);
  else if (challenge && !may_interact (request))
    refuse (request, "InteractiveAuthorizationRequired", "the user has to be asked, and the caller does not allow that");
  else
    refuse (request, "AccessDenied", "polkit does not allow it");
}

static void
ask_polkit (Request *request, const char *action)
{
  g_autofree char *id = g_strconcat (PREFIX, action, NULL);
  GVariantBuilder subject, details;

  g_variant_builder_init (&subject, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&subject, "{sv}", "name", g_variant_new_string (g_dbus_method_invocation_get_sender (request->invocation)));
  g_variant_builder_init (&details, G_VARIANT_TYPE ("a{ss}"));
  if (request->tunnel != NULL)
    g_variant_builder_add (&details, "{ss}", "tunnel", request->tunnel);
  if (request->peer != NULL)
    g_variant_builder_add (&details, "{ss}", "peer", request->peer);
  g_dbus_connection_call (g_dbus_method_invocation_get_connection (request->invocation), POLKIT_NAME,
                          "/org/freedesktop/PolicyKit1/Authority", POLKIT_NAME ".Authority", "CheckAuthorization",
                          g_variant_new ("((sa{sv})sa{ss}us)", "system-bus-name", &subject, id, &details,
                                         may_interact (request) ? POLKIT_ALLOW_INTERACTION : 0, ""),
                          G_VARIANT_TYPE ("((bba{ss}))"), G_DBUS_CALL_FLAGS_NONE, G_MAXINT, request->gone, on_decision, request);
}

/* The owner rule is about the action itself only: what is needed besides has reasons of its own. */
static void
ask_next (Request *request)
{
  const char *action = request->actions[request->n_asked++];

  if (action == NULL)
    grant (request);
  else if (request->n_asked == 1 && request->uid == request->owner_uid)
    ask_next (request);
  else
    ask_polkit (request, action);
}

/* The bus answers from what the kernel told it about the caller's socket; nothing the caller says is believed. */
static void
on_uid (GObject *source, GAsyncResult *result, gpointer data)
{
  Request *request = data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (reply != NULL)
    g_variant_get (reply, "(u)", &request->uid);
  if (g_cancellable_is_cancelled (request->gone))
    refuse (request, "Failed", "the daemon is stopping");
  else if (reply == NULL)
    refuse (request, "AccessDenied", "the bus does not know the caller");
  else if (request->uid == 0 || (!request->polkit && request->uid == geteuid ()))
    grant (request);
  else if (!request->polkit)
    refuse (request, "AccessDenied", "on this bus only root and the daemon's own user may call it");
  else
    ask_next (request);
}

void
ol2tp_authorize (Ol2tpAuthority *self, GDBusMethodInvocation *invocation, const Ol2tpPermission *permission, Ol2tpAuthorizedFunc func,
                 gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  request->invocation = invocation;
  request->polkit = self->polkit;
  request->gone = g_object_ref (self->gone);
  request->uid = OL2TP_NOBODY;
  request->owner_uid = permission->owner_uid;
  request->actions[0] = permission->action;
  request->actions[1] = permission->also;
  request->tunnel = g_strdup (permission->tunnel);
  request->peer = g_strdup (permission->peer);
  request->func = func;
  request->user_data = user_data;
  g_dbus_connection_call (g_dbus_method_invocation_get_connection (invocation), "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "GetConnectionUnixUser",
                          g_variant_new ("(s)", g_dbus_method_invocation_get_sender (invocation)), G_VARIANT_TYPE ("(u)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, request->gone, on_uid, request);
}
