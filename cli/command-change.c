/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that change something. */
#include "commands.h"
#include "json.h"
#include "keys.h"
#include "objects.h"
#include "secret.h"

#include <stdio.h>
#include <string.h>

static const char *
interface_of (gboolean session)
{
  return session ? CTL_SESSION : CTL_TUNNEL;
}

/* One call to the object @name, without a result; @arguments may be floating and may be %NULL. */
static gboolean
change_object (Ctl *ctl, const char *name, const char *method, GVariant *arguments, GError **error)
{
  g_autoptr (GVariant) owned = arguments != NULL ? g_variant_ref_sink (arguments) : NULL;
  g_autoptr (GVariant) reply = NULL;
  gboolean session;
  g_autofree char *path = ctl_find (ctl, name, &session, error);

  if (path != NULL)
    reply = ctl_change (ctl, path, interface_of (session), method, owned, "()", NULL, error);
  return reply != NULL;
}

gboolean
ctl_command_connect (Ctl *ctl, char **arguments, GError **error)
{
  gboolean session = strchr (arguments[0], '/') != NULL;
  GVariantBuilder b;

  if (ctl->no_wait_ppp && !session)
    {
      g_set_error_literal (error, CTL_ERROR, CTL_ERROR_USAGE, "connect: --no-wait-ppp is for sessions: a tunnel has no PPP");
      return FALSE;
    }
  g_variant_builder_init (&b, G_VARIANT_TYPE_VARDICT);
  if (ctl->timeout_sec > 0)
    g_variant_builder_add (&b, "{sv}", "timeout", g_variant_new_uint32 ((guint32) ctl->timeout_sec));
  if (ctl->no_wait_ppp)
    g_variant_builder_add (&b, "{sv}", "wait-ppp", g_variant_new_boolean (FALSE));
  return change_object (ctl, arguments[0], "Connect", g_variant_new ("(a{sv})", &b), error);
}

gboolean
ctl_command_disconnect (Ctl *ctl, char **arguments, GError **error)
{
  return change_object (ctl, arguments[0], "Disconnect", g_variant_new ("(a{sv})", NULL), error);
}

gboolean
ctl_command_delete (Ctl *ctl, char **arguments, GError **error)
{
  return change_object (ctl, arguments[0], "Delete", NULL, error);
}

gboolean
ctl_command_modify (Ctl *ctl, char **arguments, GError **error)
{
  gboolean session = strchr (arguments[0], '/') != NULL;
  GVariant *options = ctl_keys_parse (arguments + 1, session ? CTL_KEYS_SESSION : CTL_KEYS_TUNNEL, error);

  return options != NULL && change_object (ctl, arguments[0], "Modify", g_variant_new ("(@a{sv})", options), error);
}

gboolean
ctl_command_reload (Ctl *ctl, char **arguments, GError **error)
{
  g_autoptr (GVariant) reply = ctl_change (ctl, CTL_ROOT_PATH, CTL_MANAGER, "Reload", NULL, "(ao)", NULL, error);
  g_autoptr (GVariant) paths = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
  g_autoptr (GString) json = g_string_new (NULL);

  if (reply == NULL)
    return FALSE;
  if (ctl->json)
    {
      ctl_json_append (json, paths);
      printf ("{\"changed\":%s}\n", json->str);
      return TRUE;
    }
  for (gsize i = 0; i < g_variant_n_children (paths); i++)
    {
      g_autoptr (GVariant) path = g_variant_get_child_value (paths, i);

      printf ("%s\n", g_variant_get_string (path, NULL));
    }
  return TRUE;
}

/* set-secret. */

static gboolean
set_secret (Ctl *ctl, const char *path, gboolean session, GUnixFDList *fds, GError **error)
{
  g_autoptr (GVariant) reply = ctl_change (ctl, path, interface_of (session), "SetSecret",
                                           g_variant_new ("(sh)", session ? "ppp" : "tunnel", 0), "()", fds, error);

  return reply != NULL;
}

static GUnixFDList *
ask_for_secret (const char *name, gboolean session, GError **error)
{
  g_autofree char *prompt = g_strdup_printf (session ? "PPP password of session %s" : "Secret of tunnel %s", name);

  return ctl_secret_read (prompt, error);
}

gboolean
ctl_command_set_secret (Ctl *ctl, char **arguments, GError **error)
{
  gboolean session;
  g_autofree char *path = ctl_find (ctl, arguments[0], &session, error);
  g_autoptr (GUnixFDList) fds = NULL;

  if (path != NULL)
    fds = ctl->clear ? ctl_secret_empty (error) : ask_for_secret (arguments[0], session, error);
  return fds != NULL && set_secret (ctl, path, session, fds, error);
}

/* create. */

/* Takes "connect" out of @options: what has its secret still to come is not to be connected before. */
static GVariant *
take_connect (GVariant *options, gboolean *connect)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (options);

  *connect = FALSE;
  g_variant_dict_lookup (&dict, "connect", "b", connect);
  g_variant_dict_remove (&dict, "connect");
  g_variant_unref (options);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/* As with the option "connect" of CreateTunnel nobody waits. */
static gboolean
start_connecting (Ctl *ctl, const char *path, gboolean session, GError **error)
{
  g_dbus_connection_call (ctl->connection, CTL_BUS_NAME, path, interface_of (session), "Connect", g_variant_new ("(a{sv})", NULL),
                          NULL, G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, G_MAXINT, NULL, NULL, NULL);
  return g_dbus_connection_flush_sync (ctl->connection, NULL, error);
}

/* An object without the secret it was to have is not left behind. */
static gboolean
finish_creation (Ctl *ctl, const char *path, gboolean session, GUnixFDList *fds, gboolean connect, GError **error)
{
  if (!set_secret (ctl, path, session, fds, error))
    {
      GVariant *reply = ctl_change (ctl, path, interface_of (session), "Delete", NULL, "()", NULL, NULL);

      g_clear_pointer (&reply, g_variant_unref);
      return FALSE;
    }
  return !connect || start_connecting (ctl, path, session, error);
}

static gboolean
print_created (Ctl *ctl, const char *path, gboolean session, const char *tunnel, GError **error)
{
  g_autoptr (GVariant) properties = ctl_get_all (ctl, path, interface_of (session), error);
  g_autoptr (GString) json = g_string_new ("{");
  g_autofree char *name = NULL;
  const char *own = "";

  if (properties == NULL)
    return FALSE;
  g_variant_lookup (properties, "Name", "&s", &own);
  name = session ? g_strdup_printf ("%s/%s", tunnel, own) : g_strdup (own);
  ctl_json_append_member (json, "Path", g_variant_new_string (path));
  ctl_json_append_member (json, "FullName", g_variant_new_string (name));
  printf (ctl->json ? "%s}\n" : "%s\n", ctl->json ? json->str : name);
  return TRUE;
}

static GVariant *
create (Ctl *ctl, const char *tunnel, const char *name, const char *peer, GVariant *options, GError **error)
{
  g_autofree char *path = NULL;

  if (tunnel == NULL)
    return ctl_change (ctl, CTL_ROOT_PATH, CTL_MANAGER, "CreateTunnel", g_variant_new ("(ss@a{sv})", name, peer, options), "(o)",
                       NULL, error);
  path = ctl_find_tunnel (ctl, tunnel, error);
  if (path == NULL)
    return NULL;
  return ctl_change (ctl, path, CTL_TUNNEL, "CreateSession", g_variant_new ("(s@a{sv})", name, options), "(o)", NULL, error);
}

/* NAME PEER KEY=VALUE..., or TUNNEL/NAME KEY=VALUE...: a name has no slash. */
gboolean
ctl_command_create (Ctl *ctl, char **arguments, GError **error)
{
  const char *slash = strchr (arguments[0], '/');
  gboolean session = slash != NULL, connect = FALSE;
  g_autofree char *tunnel = session ? g_strndup (arguments[0], (gsize) (slash - arguments[0])) : NULL;
  g_autoptr (GVariant) options = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  const char *path;

  if (slash == arguments[0])
    {
      g_set_error (error, CTL_ERROR, CTL_ERROR_USAGE, "create: “%s”: a session is TUNNEL/NAME", slash);
      return FALSE;
    }
  if (!session && (arguments[1] == NULL || strchr (arguments[1], '=') != NULL))
    {
      g_set_error_literal (error, CTL_ERROR, CTL_ERROR_USAGE, "create: a tunnel needs a PEER (a session is TUNNEL/NAME)");
      return FALSE;
    }
  options = ctl_keys_parse (arguments + (session ? 1 : 2), session ? CTL_KEYS_SESSION : CTL_KEYS_TUNNEL, error);
  if (options == NULL)
    return FALSE;
  g_variant_ref_sink (options);
  if (ctl->secret_stdin)
    {
      options = take_connect (g_steal_pointer (&options), &connect);
      fds = ctl_open (ctl, error) ? ask_for_secret (arguments[0], session, error) : NULL;
      if (fds == NULL)
        return FALSE;
    }
  reply = create (ctl, tunnel, session ? slash + 1 : arguments[0], arguments[1], options, error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(&o)", &path);
  return (fds == NULL || finish_creation (ctl, path, session, fds, connect, error))
         && print_created (ctl, path, session, tunnel, error);
}
