/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objects.h"

#include "format.h"

#include <string.h>

#define NOT_FOUND CTL_BUS_NAME ".Error.NotFound"

static void
object_free (gpointer data)
{
  CtlObject *self = data;

  g_free (self->path);
  g_free (self->name);
  g_variant_unref (self->properties);
  g_free (self);
}

/* /org/openl2tp1/Tunnel/N or /org/openl2tp1/Tunnel/N/Session/M. */
static void
parse_path (CtlObject *self)
{
  g_auto (GStrv) words = g_strsplit (self->path, "/", -1);
  guint n = g_strv_length (words);

  if (n > 4)
    self->serial[0] = g_ascii_strtoull (words[4], NULL, 10);
  if (n > 6)
    self->serial[1] = g_ascii_strtoull (words[6], NULL, 10);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const CtlObject *one = *(CtlObject *const *) a, *two = *(CtlObject *const *) b;

  for (int i = 0; i < 2; i++)
    if (one->serial[i] != two->serial[i])
      return one->serial[i] < two->serial[i] ? -1 : 1;
  return 0;
}

/* Tunnels come before their sessions here. */
static void
name_objects (GPtrArray *objects)
{
  g_autoptr (GHashTable) tunnels = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < objects->len; i++)
    {
      CtlObject *object = g_ptr_array_index (objects, i);
      g_autofree char *own = ctl_escape (ctl_get_string (object->properties, "Name"));
      const char *tunnel = NULL, *path = "";

      if (object->session)
        {
          g_variant_lookup (object->properties, "Tunnel", "&o", &path);
          tunnel = g_hash_table_lookup (tunnels, path);
          object->name = g_strdup_printf ("%s/%s", tunnel != NULL ? tunnel : "?", own);
          continue;
        }
      object->name = g_steal_pointer (&own);
      g_hash_table_insert (tunnels, object->path, object->name);
    }
}

GPtrArray *
ctl_load_objects (Ctl *ctl, GError **error)
{
  g_autoptr (GVariant) reply
    = ctl_read (ctl, CTL_ROOT_PATH, CTL_OBJECT_MANAGER, "GetManagedObjects", NULL, "(a{oa{sa{sv}}})", error);
  g_autoptr (GVariantIter) iter = NULL;
  GPtrArray *objects;
  GVariant *interfaces;
  const char *path;

  if (reply == NULL)
    return NULL;
  objects = g_ptr_array_new_with_free_func (object_free);
  g_variant_get (reply, "(a{oa{sa{sv}}})", &iter);
  while (g_variant_iter_next (iter, "{&o@a{sa{sv}}}", &path, &interfaces))
    {
      GVariant *tunnel = g_variant_lookup_value (interfaces, CTL_TUNNEL, G_VARIANT_TYPE_VARDICT);
      GVariant *session = tunnel == NULL ? g_variant_lookup_value (interfaces, CTL_SESSION, G_VARIANT_TYPE_VARDICT) : NULL;

      g_variant_unref (interfaces);
      if (tunnel != NULL || session != NULL)
        {
          CtlObject *object = g_new0 (CtlObject, 1);

          object->path = g_strdup (path);
          object->session = session != NULL;
          object->properties = session != NULL ? session : tunnel;
          parse_path (object);
          g_ptr_array_add (objects, object);
        }
    }
  g_ptr_array_sort (objects, compare);
  name_objects (objects);
  return objects;
}

/* One by its name. */

static char *
path_of (GVariant *reply)
{
  const char *path;

  g_variant_get (reply, "(&o)", &path);
  return g_strdup (path);
}

char *
ctl_find_tunnel (Ctl *ctl, const char *name, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GVariant) reply
    = ctl_read (ctl, CTL_ROOT_PATH, CTL_MANAGER, "GetTunnelByName", g_variant_new ("(s)", name), "(o)", &local_error);
  g_autofree char *error_name = NULL;
  guint64 id;

  if (reply != NULL)
    return path_of (reply);
  error_name = g_dbus_error_get_remote_error (local_error);
  if (g_strcmp0 (error_name, NOT_FOUND) == 0 && g_ascii_string_to_unsigned (name, 10, 1, G_MAXUINT32, &id, NULL))
    reply = ctl_read (ctl, CTL_ROOT_PATH, CTL_MANAGER, "GetTunnelById", g_variant_new ("(u)", (guint32) id), "(o)", NULL);
  if (reply != NULL)
    return path_of (reply);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static char *
find_session (Ctl *ctl, const char *tunnel, const char *name, GError **error)
{
  g_autoptr (GPtrArray) objects = ctl_load_objects (ctl, error);
  const CtlObject *by_id = NULL;
  guint64 id;

  if (objects == NULL)
    return NULL;
  if (!g_ascii_string_to_unsigned (name, 10, 1, G_MAXUINT32, &id, NULL))
    id = 0;
  for (guint i = 0; i < objects->len; i++)
    {
      const CtlObject *object = g_ptr_array_index (objects, i);
      const char *of = "";

      if (!object->session || !g_variant_lookup (object->properties, "Tunnel", "&o", &of) || !g_str_equal (of, tunnel))
        continue;
      if (g_str_equal (ctl_get_string (object->properties, "Name"), name))
        return g_strdup (object->path);
      if (id != 0 && ctl_get_number (object->properties, "SessionId") == id)
        by_id = object;
    }
  if (by_id != NULL)
    return g_strdup (by_id->path);
  g_propagate_error (error, g_dbus_error_new_for_dbus_error (NOT_FOUND, "no session of that name or ID in this tunnel"));
  return NULL;
}

char *
ctl_find (Ctl *ctl, const char *name, gboolean *session, GError **error)
{
  const char *slash = strchr (name, '/');
  g_autofree char *tunnel_name = slash != NULL ? g_strndup (name, (gsize) (slash - name)) : g_strdup (name);
  g_autofree char *tunnel = NULL;

  if (*tunnel_name == '\0' || (slash != NULL && (slash[1] == '\0' || strchr (slash + 1, '/') != NULL)))
    {
      g_set_error (error, CTL_ERROR, CTL_ERROR_USAGE, "“%s”: neither TUNNEL nor TUNNEL/SESSION", name);
      return NULL;
    }
  tunnel = ctl_find_tunnel (ctl, tunnel_name, error);
  *session = slash != NULL;
  if (tunnel == NULL || slash == NULL)
    return g_steal_pointer (&tunnel);
  return find_session (ctl, tunnel, slash + 1, error);
}
