/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bus.h"

#include "dispatch.h"
#include "error.h"
#include "interface-info.h"
#include "properties.h"

#include <string.h>

#define TUNNELS_PATH OL2TP_ROOT_PATH "/Tunnel"
#define MANAGER_INTERFACE OL2TP_BUS_NAME ".Manager"
#define TUNNEL_INTERFACE OL2TP_BUS_NAME ".Tunnel"
#define SESSION_INTERFACE OL2TP_BUS_NAME ".Session"
#define OBJECT_MANAGER_INTERFACE "org.freedesktop.DBus.ObjectManager"

struct Ol2tpBus {
  GDBusConnection *connection;
  Ol2tpController *controller;
  Ol2tpAuthority *authority;
  GDBusNodeInfo *object_manager;
  guint manager_id;
  guint object_manager_id;
  guint tunnels_id;
  GHashTable *session_ids; /* path of a tunnel -> registration of its Session subtree */
  GHashTable *callers;     /* path of a tunnel -> watch for the name of its caller */
};

static const char object_manager_xml[] =
  "<node><interface name='" OBJECT_MANAGER_INTERFACE "'>"
  "<method name='GetManagedObjects'><arg name='objects' type='a{oa{sa{sv}}}' direction='out'/></method>"
  "<signal name='InterfacesAdded'><arg name='object' type='o'/><arg name='interfaces' type='a{sa{sv}}'/></signal>"
  "<signal name='InterfacesRemoved'><arg name='object' type='o'/><arg name='interfaces' type='as'/></signal>"
  "</interface></node>";

Ol2tpController *
ol2tp_bus_get_controller (const Ol2tpBus *self)
{
  return self->controller;
}

Ol2tpAuthority *
ol2tp_bus_get_authority (const Ol2tpBus *self)
{
  return self->authority;
}

void
ol2tp_bus_use_polkit (Ol2tpBus *self)
{
  ol2tp_authority_use_polkit (self->authority);
}

/* Paths to entries. */

Ol2tpTunnelEntry *
ol2tp_bus_find_tunnel (const Ol2tpBus *self, const char *path)
{
  Ol2tpTunnelEntry *tunnel;
  guint64 serial;

  if (!g_str_has_prefix (path, TUNNELS_PATH "/")
      || !g_ascii_string_to_unsigned (path + strlen (TUNNELS_PATH "/"), 10, 1, G_MAXUINT64, &serial, NULL))
    return NULL;
  tunnel = ol2tp_model_find_tunnel_by_serial (ol2tp_controller_get_model (self->controller), serial);
  return tunnel != NULL && g_str_equal (tunnel->path, path) ? tunnel : NULL;
}

Ol2tpSessionEntry *
ol2tp_bus_find_session (const Ol2tpBus *self, const char *path)
{
  const char *last = strrchr (path, '/');
  Ol2tpSessionEntry *session;
  guint64 serial;

  if (last == NULL || !g_ascii_string_to_unsigned (last + 1, 10, 1, G_MAXUINT64, &serial, NULL))
    return NULL;
  session = ol2tp_model_find_session_by_serial (ol2tp_controller_get_model (self->controller), serial);
  return session != NULL && g_str_equal (session->path, path) ? session : NULL;
}

/* Tunnels that end with their caller. */

typedef struct {
  Ol2tpBus *bus;
  char *path;
} Bond;

static void
bond_free (gpointer data)
{
  Bond *bond = data;

  g_free (bond->path);
  g_free (bond);
}

static void
unwatch (gpointer id)
{
  g_bus_unwatch_name (GPOINTER_TO_UINT (id));
}

/* Also when our connection to the bus is lost: then nobody can tell any more whether the caller is there. */
static void
on_caller_left (GDBusConnection *connection, const char *name, gpointer user_data)
{
  const Bond *bond = user_data;
  Ol2tpTunnelEntry *tunnel = ol2tp_bus_find_tunnel (bond->bus, bond->path);

  if (tunnel != NULL)
    ol2tp_controller_abandon_tunnel (bond->bus->controller, tunnel);
}

void
ol2tp_bus_bind_tunnel (Ol2tpBus *self, const Ol2tpTunnelEntry *tunnel, const char *caller)
{
  Bond *bond = g_new0 (Bond, 1);
  guint id;

  bond->bus = self;
  bond->path = g_strdup (tunnel->path);
  id = g_bus_watch_name_on_connection (self->connection, caller, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, on_caller_left, bond, bond_free);
  g_hash_table_insert (self->callers, g_strdup (tunnel->path), GUINT_TO_POINTER (id));
}

/* ObjectManager. */

static GVariant *
tunnel_interfaces (const Ol2tpTunnelEntry *tunnel)
{
  return g_variant_new_parsed ("{%s: %@a{sv}}", TUNNEL_INTERFACE, ol2tp_tunnel_get_all_properties (tunnel));
}

static GVariant *
session_interfaces (const Ol2tpSessionEntry *session)
{
  return g_variant_new_parsed ("{%s: %@a{sv}}", SESSION_INTERFACE, ol2tp_session_get_all_properties (session));
}

static void
on_object_manager_call (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *method,
                        GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Ol2tpBus *self = user_data;
  g_autoptr (GPtrArray) tunnels = ol2tp_model_list_tunnels (ol2tp_controller_get_model (self->controller));
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{oa{sa{sv}}}"));
  for (guint i = 0; i < tunnels->len; i++)
    {
      const Ol2tpTunnelEntry *tunnel = g_ptr_array_index (tunnels, i);

      g_variant_builder_add (&builder, "{o@a{sa{sv}}}", tunnel->path, tunnel_interfaces (tunnel));
      for (guint j = 0; j < tunnel->sessions->len; j++)
        {
          const Ol2tpSessionEntry *session = g_ptr_array_index (tunnel->sessions, j);

          g_variant_builder_add (&builder, "{o@a{sa{sv}}}", session->path, session_interfaces (session));
        }
    }
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@a{oa{sa{sv}}})", g_variant_builder_end (&builder)));
}

static const GDBusInterfaceVTable object_manager_vtable = { .method_call = on_object_manager_call };

static void
emit (Ol2tpBus *self, const char *path, const char *interface, const char *signal, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;

  if (!g_dbus_connection_emit_signal (self->connection, NULL, path, interface, signal, parameters, &error))
    g_debug ("%s was not emitted: %s", signal, error->message);
}

/* Subtrees. */

static char **
strings_free_to_strv (GPtrArray *strings)
{
  g_ptr_array_add (strings, NULL);
  return (char **) g_ptr_array_free (strings, FALSE);
}

static char **
enumerate_tunnels (GDBusConnection *connection, const char *sender, const char *path, gpointer user_data)
{
  Ol2tpBus *self = user_data;
  g_autoptr (GPtrArray) tunnels = ol2tp_model_list_tunnels (ol2tp_controller_get_model (self->controller));
  GPtrArray *nodes = g_ptr_array_new ();

  for (guint i = 0; i < tunnels->len; i++)
    g_ptr_array_add (nodes, g_strdup_printf ("%" G_GUINT64_FORMAT, ((Ol2tpTunnelEntry *) g_ptr_array_index (tunnels, i))->serial));
  return strings_free_to_strv (nodes);
}

/* @path is a tunnel's with "/Session" behind it. */
static Ol2tpTunnelEntry *
find_parent (const Ol2tpBus *self, const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);

  return ol2tp_bus_find_tunnel (self, parent);
}

static char **
enumerate_sessions (GDBusConnection *connection, const char *sender, const char *path, gpointer user_data)
{
  const Ol2tpTunnelEntry *tunnel = find_parent (user_data, path);
  GPtrArray *nodes = g_ptr_array_new ();

  for (guint i = 0; tunnel != NULL && i < tunnel->sessions->len; i++)
    g_ptr_array_add (nodes, g_strdup_printf ("%" G_GUINT64_FORMAT,
                                             ((Ol2tpSessionEntry *) g_ptr_array_index (tunnel->sessions, i))->serial));
  return strings_free_to_strv (nodes);
}

static GDBusInterfaceInfo **
one_interface (const GDBusInterfaceInfo *info)
{
  GDBusInterfaceInfo **list = g_new0 (GDBusInterfaceInfo *, 2);

  list[0] = g_dbus_interface_info_ref ((GDBusInterfaceInfo *) info);
  return list;
}

/* GLib passes the object's own path for a method call, but the subtree's for introspection. */
static char *
node_path (const char *path, const char *node)
{
  const char *last = strrchr (path, '/');

  if (node == NULL)
    return NULL;
  return g_str_equal (last + 1, node) ? g_strdup (path) : g_strdup_printf ("%s/%s", path, node);
}

static GDBusInterfaceInfo **
introspect_tunnel (GDBusConnection *connection, const char *sender, const char *path, const char *node, gpointer user_data)
{
  g_autofree char *full = node_path (path, node);

  if (full == NULL || ol2tp_bus_find_tunnel (user_data, full) == NULL)
    return NULL;
  return one_interface (&org_openl2tp1_tunnel_interface);
}

static GDBusInterfaceInfo **
introspect_session (GDBusConnection *connection, const char *sender, const char *path, const char *node, gpointer user_data)
{
  g_autofree char *full = node_path (path, node);

  if (full == NULL || ol2tp_bus_find_session (user_data, full) == NULL)
    return NULL;
  return one_interface (&org_openl2tp1_session_interface);
}

static const GDBusInterfaceVTable *
dispatch_tunnel (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *node,
                 gpointer *out_user_data, gpointer user_data)
{
  *out_user_data = user_data;
  return g_strcmp0 (interface, TUNNEL_INTERFACE) == 0 ? &ol2tp_tunnel_vtable : NULL;
}

static const GDBusInterfaceVTable *
dispatch_session (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *node,
                  gpointer *out_user_data, gpointer user_data)
{
  *out_user_data = user_data;
  return g_strcmp0 (interface, SESSION_INTERFACE) == 0 ? &ol2tp_session_vtable : NULL;
}

static const GDBusSubtreeVTable tunnels_vtable = { enumerate_tunnels, introspect_tunnel, dispatch_tunnel, { 0 } };
static const GDBusSubtreeVTable sessions_vtable = { enumerate_sessions, introspect_session, dispatch_session, { 0 } };

/* GLib looks for a subtree one level above the object only: sessions need one for each tunnel that has any. */
static void
ensure_session_subtree (Ol2tpBus *self, const Ol2tpTunnelEntry *tunnel)
{
  g_autofree char *path = g_strconcat (tunnel->path, "/Session", NULL);
  g_autoptr (GError) error = NULL;
  guint id;

  if (g_hash_table_contains (self->session_ids, tunnel->path))
    return;
  id = g_dbus_connection_register_subtree (self->connection, path, &sessions_vtable, G_DBUS_SUBTREE_FLAGS_DISPATCH_TO_UNENUMERATED_NODES,
                                           self, NULL, &error);
  if (id == 0)
    g_warning ("%s: %s", path, error->message);
  else
    g_hash_table_insert (self->session_ids, g_strdup (tunnel->path), GUINT_TO_POINTER (id));
}

/* The observer. */

static void
on_tunnel_added (const Ol2tpTunnelEntry *tunnel, gpointer user_data)
{
  emit (user_data, OL2TP_ROOT_PATH, OBJECT_MANAGER_INTERFACE, "InterfacesAdded",
        g_variant_new ("(o@a{sa{sv}})", tunnel->path, tunnel_interfaces (tunnel)));
}

static void
on_tunnel_removed (const Ol2tpTunnelEntry *tunnel, gpointer user_data)
{
  Ol2tpBus *self = user_data;
  guint id = GPOINTER_TO_UINT (g_hash_table_lookup (self->session_ids, tunnel->path));

  if (id != 0)
    g_dbus_connection_unregister_subtree (self->connection, id);
  g_hash_table_remove (self->session_ids, tunnel->path);
  g_hash_table_remove (self->callers, tunnel->path);
  emit (self, OL2TP_ROOT_PATH, OBJECT_MANAGER_INTERFACE, "InterfacesRemoved",
        g_variant_new_parsed ("(%o, [%s])", tunnel->path, TUNNEL_INTERFACE));
}

static void
on_session_added (const Ol2tpSessionEntry *session, gpointer user_data)
{
  ensure_session_subtree (user_data, session->tunnel);
  emit (user_data, OL2TP_ROOT_PATH, OBJECT_MANAGER_INTERFACE, "InterfacesAdded",
        g_variant_new ("(o@a{sa{sv}})", session->path, session_interfaces (session)));
}

static void
on_session_removed (const Ol2tpSessionEntry *session, gpointer user_data)
{
  emit (user_data, OL2TP_ROOT_PATH, OBJECT_MANAGER_INTERFACE, "InterfacesRemoved",
        g_variant_new_parsed ("(%o, [%s])", session->path, SESSION_INTERFACE));
}

static void
emit_properties_changed (Ol2tpBus *self, const char *path, const char *interface, GVariantBuilder *changed)
{
  emit (self, path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
        g_variant_new ("(sa{sv}@as)", interface, changed, g_variant_new_strv (NULL, 0)));
}

static void
on_tunnel_changed (const Ol2tpTunnelEntry *tunnel, const char *const *properties, gpointer user_data)
{
  GVariantBuilder changed;

  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  for (; *properties != NULL; properties++)
    g_variant_builder_add (&changed, "{sv}", *properties, ol2tp_tunnel_get_property (tunnel, *properties));
  emit_properties_changed (user_data, tunnel->path, TUNNEL_INTERFACE, &changed);
}

static void
on_session_changed (const Ol2tpSessionEntry *session, const char *const *properties, gpointer user_data)
{
  GVariantBuilder changed;

  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  for (; *properties != NULL; properties++)
    g_variant_builder_add (&changed, "{sv}", *properties, ol2tp_session_get_property (session, *properties));
  emit_properties_changed (user_data, session->path, SESSION_INTERFACE, &changed);
}

static void
on_manager_changed (const char *const *properties, gpointer user_data)
{
  Ol2tpBus *self = user_data;
  GVariantBuilder changed;

  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  for (; *properties != NULL; properties++)
    g_variant_builder_add (&changed, "{sv}", *properties, ol2tp_manager_get_property (self->controller, *properties));
  emit_properties_changed (self, OL2TP_ROOT_PATH, MANAGER_INTERFACE, &changed);
}

static const char *
signal_name (Ol2tpLifecycle event)
{
  static const char *const names[] = {
    [OL2TP_LIFECYCLE_TUNNEL_CREATED] = "TunnelCreated",
    [OL2TP_LIFECYCLE_TUNNEL_DELETED] = "TunnelDeleted",
    [OL2TP_LIFECYCLE_TUNNEL_MODIFIED] = "TunnelModified",
    [OL2TP_LIFECYCLE_TUNNEL_UP] = "TunnelUp",
    [OL2TP_LIFECYCLE_TUNNEL_DOWN] = "TunnelDown",
    [OL2TP_LIFECYCLE_SESSION_CREATED] = "SessionCreated",
    [OL2TP_LIFECYCLE_SESSION_DELETED] = "SessionDeleted",
    [OL2TP_LIFECYCLE_SESSION_MODIFIED] = "SessionModified",
    [OL2TP_LIFECYCLE_SESSION_UP] = "SessionUp",
    [OL2TP_LIFECYCLE_SESSION_DOWN] = "SessionDown",
  };

  return names[event];
}

static void
on_tunnel_event (const Ol2tpTunnelEntry *tunnel, Ol2tpLifecycle event, gpointer user_data)
{
  GVariant *parameters;

  if (event == OL2TP_LIFECYCLE_TUNNEL_UP)
    parameters = g_variant_new ("(ouu)", tunnel->path, tunnel->id, tunnel->peer_id);
  else if (event == OL2TP_LIFECYCLE_TUNNEL_DOWN)
    parameters = g_variant_new ("(ou@a{sv})", tunnel->path, tunnel->id, ol2tp_cause_to_details (&tunnel->cause, NULL));
  else
    parameters = g_variant_new ("(ou)", tunnel->path, tunnel->id);
  emit (user_data, OL2TP_ROOT_PATH, MANAGER_INTERFACE, signal_name (event), parameters);
}

static void
on_session_event (const Ol2tpSessionEntry *session, Ol2tpLifecycle event, gpointer user_data)
{
  const Ol2tpTunnelEntry *tunnel = session->tunnel;
  GVariant *parameters;

  if (event == OL2TP_LIFECYCLE_SESSION_UP)
    parameters = g_variant_new ("(oouuuu)", session->path, tunnel->path, tunnel->id, session->id, tunnel->peer_id, session->peer_id);
  else if (event == OL2TP_LIFECYCLE_SESSION_DOWN)
    parameters = g_variant_new ("(oouu@a{sv})", session->path, tunnel->path, tunnel->id, session->id,
                                ol2tp_cause_to_details (&session->cause, session));
  else
    parameters = g_variant_new ("(oouu)", session->path, tunnel->path, tunnel->id, session->id);
  emit (user_data, OL2TP_ROOT_PATH, MANAGER_INTERFACE, signal_name (event), parameters);
}

static const Ol2tpObserver observer = {
  .manager_changed = on_manager_changed,
  .tunnel_added = on_tunnel_added,
  .tunnel_removed = on_tunnel_removed,
  .tunnel_changed = on_tunnel_changed,
  .tunnel_event = on_tunnel_event,
  .session_added = on_session_added,
  .session_removed = on_session_removed,
  .session_changed = on_session_changed,
  .session_event = on_session_event,
};

static gboolean
register_objects (Ol2tpBus *self, GError **error)
{
  self->object_manager_id
    = g_dbus_connection_register_object (self->connection, OL2TP_ROOT_PATH, self->object_manager->interfaces[0], &object_manager_vtable,
                                         self, NULL, error);
  if (self->object_manager_id == 0)
    return FALSE;
  self->manager_id = g_dbus_connection_register_object (self->connection, OL2TP_ROOT_PATH,
                                                        (GDBusInterfaceInfo *) &org_openl2tp1_manager_interface, &ol2tp_manager_vtable,
                                                        self, NULL, error);
  if (self->manager_id == 0)
    return FALSE;
  self->tunnels_id
    = g_dbus_connection_register_subtree (self->connection, TUNNELS_PATH, &tunnels_vtable,
                                          G_DBUS_SUBTREE_FLAGS_DISPATCH_TO_UNENUMERATED_NODES, self, NULL, error);
  return self->tunnels_id != 0;
}

Ol2tpBus *
ol2tp_bus_new (Ol2tpController *controller, GDBusConnection *connection, GError **error)
{
  g_autoptr (Ol2tpBus) self = g_new0 (Ol2tpBus, 1);

  ol2tp_dbus_error_register ();
  self->controller = controller;
  self->connection = g_object_ref (connection);
  self->authority = ol2tp_authority_new ();
  self->session_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->callers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unwatch);
  self->object_manager = g_dbus_node_info_new_for_xml (object_manager_xml, error);
  if (self->object_manager == NULL || !register_objects (self, error))
    return NULL;
  ol2tp_controller_set_observer (controller, &observer, self);
  return g_steal_pointer (&self);
}

void
ol2tp_bus_free (Ol2tpBus *self)
{
  GHashTableIter iter;
  gpointer id;

  ol2tp_controller_set_observer (self->controller, NULL, NULL);
  g_hash_table_iter_init (&iter, self->session_ids);
  while (g_hash_table_iter_next (&iter, NULL, &id))
    g_dbus_connection_unregister_subtree (self->connection, GPOINTER_TO_UINT (id));
  if (self->tunnels_id != 0)
    g_dbus_connection_unregister_subtree (self->connection, self->tunnels_id);
  if (self->manager_id != 0)
    g_dbus_connection_unregister_object (self->connection, self->manager_id);
  if (self->object_manager_id != 0)
    g_dbus_connection_unregister_object (self->connection, self->object_manager_id);
  ol2tp_authority_free (self->authority);
  g_hash_table_unref (self->session_ids);
  g_hash_table_unref (self->callers);
  g_clear_pointer (&self->object_manager, g_dbus_node_info_unref);
  g_object_unref (self->connection);
  g_free (self);
}
