/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that only look. */
#include "commands.h"
#include "format.h"
#include "json.h"
#include "objects.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

/* list. */

static char *
number_or_dash (GVariant *properties, const char *name)
{
  guint64 number = ctl_get_number (properties, name);

  return number != 0 ? g_strdup_printf ("%" G_GUINT64_FORMAT, number) : g_strdup ("-");
}

static char *
text_or_dash (GVariant *properties, const char *name)
{
  const char *text = ctl_get_string (properties, name);

  return *text != '\0' ? ctl_escape (text) : g_strdup ("-");
}

static void
add_tunnel (CtlTable *table, const CtlObject *object)
{
  g_autoptr (GVariant) sessions = g_variant_lookup_value (object->properties, "Sessions", G_VARIANT_TYPE_OBJECT_PATH_ARRAY);
  g_autofree char *id = number_or_dash (object->properties, "TunnelId");
  g_autofree char *peer_id = number_or_dash (object->properties, "PeerTunnelId");
  g_autofree char *peer = text_or_dash (object->properties, "Peer");
  g_autofree char *state = text_or_dash (object->properties, "State");
  g_autofree char *n = g_strdup_printf ("%u", sessions != NULL ? (guint) g_variant_n_children (sessions) : 0);
  g_autofree char *since = ctl_format_since (ctl_get_number (object->properties, "UpTimestamp"));

  ctl_table_add (table, object->name, id, peer_id, peer, state, n, since, NULL);
}

static void
add_session (CtlTable *table, const CtlObject *object)
{
  g_autoptr (GVariant) ip4 = g_variant_lookup_value (object->properties, "Ip4Config", G_VARIANT_TYPE_VARDICT);
  g_autofree char *id = number_or_dash (object->properties, "SessionId");
  g_autofree char *peer_id = number_or_dash (object->properties, "PeerSessionId");
  g_autofree char *user = text_or_dash (object->properties, "UserName");
  g_autofree char *state = text_or_dash (object->properties, "State");
  g_autofree char *ppp = text_or_dash (object->properties, "PppState");
  g_autofree char *interface = text_or_dash (object->properties, "InterfaceName");
  g_autofree char *address = ip4 != NULL ? text_or_dash (ip4, "address") : g_strdup ("-");
  g_autofree char *since = ctl_format_since (ctl_get_number (object->properties, "UpTimestamp"));

  ctl_table_add (table, object->name, id, peer_id, user, state, ppp, interface, address, since, NULL);
}

static void
print_list (GPtrArray *objects, gboolean sessions)
{
  g_autoptr (CtlTable) table = ctl_table_new (sessions ? " rr" : " rr  r");

  if (sessions)
    ctl_table_add (table, "SESSION", "ID", "PEER-ID", "USER", "STATE", "PPP", "INTERFACE", "ADDRESS", "UP", NULL);
  else
    ctl_table_add (table, "TUNNEL", "ID", "PEER-ID", "PEER", "STATE", "SESSIONS", "UP", NULL);
  for (guint i = 0; i < objects->len; i++)
    {
      const CtlObject *object = g_ptr_array_index (objects, i);

      if (object->session == sessions)
        (sessions ? add_session : add_tunnel) (table, object);
    }
  ctl_table_print (table);
}

static void
append_json_list (GString *out, GPtrArray *objects, gboolean sessions)
{
  gboolean first = TRUE;

  g_string_append (out, sessions ? "\"sessions\":[" : "\"tunnels\":[");
  for (guint i = 0; i < objects->len; i++)
    {
      const CtlObject *object = g_ptr_array_index (objects, i);

      if (object->session != sessions)
        continue;
      g_string_append (out, first ? "{" : ",{");
      ctl_json_append_member (out, "Path", g_variant_new_string (object->path));
      ctl_json_append_member (out, "FullName", g_variant_new_string (object->name));
      ctl_json_append_members (out, object->properties);
      g_string_append_c (out, '}');
      first = FALSE;
    }
  g_string_append_c (out, ']');
}

gboolean
ctl_command_list (Ctl *ctl, char **arguments, GError **error)
{
  gboolean tunnels = arguments[0] == NULL || g_str_equal (arguments[0], "tunnels");
  gboolean sessions = arguments[0] == NULL || g_str_equal (arguments[0], "sessions");
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GString) json = g_string_new ("{");

  if (!tunnels && !sessions)
    {
      g_set_error (error, CTL_ERROR, CTL_ERROR_USAGE, "list: “%s”: neither tunnels nor sessions", arguments[0]);
      return FALSE;
    }
  objects = ctl_load_objects (ctl, error);
  if (objects == NULL)
    return FALSE;
  if (ctl->json)
    {
      if (tunnels)
        append_json_list (json, objects, FALSE);
      if (sessions)
        append_json_list (g_string_append (json, tunnels ? "," : ""), objects, TRUE);
      printf ("%s}\n", json->str);
      return TRUE;
    }
  if (tunnels)
    print_list (objects, FALSE);
  if (tunnels && sessions)
    printf ("\n");
  if (sessions)
    print_list (objects, TRUE);
  return TRUE;
}

/* show, stats, status: names and values. */

static void
print_json (const char *path, GVariant *dict)
{
  g_autoptr (GString) json = g_string_new ("{");

  if (path != NULL)
    ctl_json_append_member (json, "Path", g_variant_new_string (path));
  ctl_json_append_members (json, dict);
  printf ("%s}\n", json->str);
}

static void
print_properties (const char *path, GVariant *dict)
{
  g_autoptr (CtlTable) table = ctl_table_new (NULL);
  GVariantIter iter;
  const char *key;
  GVariant *value;

  if (path != NULL)
    ctl_table_add (table, "Path", path, NULL);
  g_variant_iter_init (&iter, dict);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      g_autofree char *name = ctl_escape (key);
      g_autofree char *text = ctl_format (key, value);

      ctl_table_add (table, name, text, NULL);
      g_variant_unref (value);
    }
  ctl_table_print (table);
}

static gboolean
show (Ctl *ctl, const char *path, const char *interface, gboolean with_path, GError **error)
{
  g_autoptr (GVariant) properties = ctl_get_all (ctl, path, interface, error);

  if (properties == NULL)
    return FALSE;
  (ctl->json ? print_json : print_properties) (with_path ? path : NULL, properties);
  return TRUE;
}

gboolean
ctl_command_show (Ctl *ctl, char **arguments, GError **error)
{
  gboolean session;
  g_autofree char *path = ctl_find (ctl, arguments[0], &session, error);

  return path != NULL && show (ctl, path, session ? CTL_SESSION : CTL_TUNNEL, TRUE, error);
}

gboolean
ctl_command_status (Ctl *ctl, char **arguments, GError **error)
{
  ctl->read_flags = G_DBUS_CALL_FLAGS_NO_AUTO_START;
  return show (ctl, CTL_ROOT_PATH, CTL_MANAGER, FALSE, error);
}

gboolean
ctl_command_stats (Ctl *ctl, char **arguments, GError **error)
{
  gboolean session;
  g_autofree char *path = ctl_find (ctl, arguments[0], &session, error);
  g_autoptr (CtlTable) table = ctl_table_new (" r");
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) stats = NULL;
  GVariantIter iter;
  const char *key;
  guint64 value;

  if (path == NULL)
    return FALSE;
  reply = ctl_read (ctl, path, session ? CTL_SESSION : CTL_TUNNEL, "GetStats", NULL, "(a{st})", error);
  if (reply == NULL)
    return FALSE;
  stats = g_variant_get_child_value (reply, 0);
  if (ctl->json)
    {
      g_autoptr (GString) json = g_string_new (NULL);

      ctl_json_append (json, stats);
      printf ("%s\n", json->str);
      return TRUE;
    }
  g_variant_iter_init (&iter, stats);
  while (g_variant_iter_next (&iter, "{&st}", &key, &value))
    {
      g_autofree char *name = ctl_escape (key);
      g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, value);

      ctl_table_add (table, name, text, NULL);
    }
  ctl_table_print (table);
  return TRUE;
}
