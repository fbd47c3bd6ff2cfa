/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a message to its handler, with the question in between who may; and property reads, which are everybody's. */
#include "dispatch.h"

#include "authorize.h"
#include "methods.h"
#include "properties.h"

#include <string.h>

static const Ol2tpMethod *
find_method (const Ol2tpMethod *methods, const char *name)
{
  for (; methods->name != NULL; methods++)
    if (g_str_equal (methods->name, name))
      return methods;
  return NULL;
}

static const Ol2tpMethod *
method_of (GDBusMethodInvocation *invocation)
{
  const char *interface = g_dbus_method_invocation_get_interface_name (invocation);
  const char *name = g_dbus_method_invocation_get_method_name (invocation);

  if (g_str_has_suffix (interface, ".Manager"))
    return find_method (ol2tp_manager_methods, name);
  if (g_str_has_suffix (interface, ".Tunnel"))
    return find_method (ol2tp_tunnel_methods, name);
  return find_method (ol2tp_session_methods, name);
}

/* The options a{sv} are the last argument, if there are any. */
static gboolean
has_option (GVariant *arguments, const char *key)
{
  gsize n = g_variant_n_children (arguments);
  g_autoptr (GVariant) options = n > 0 ? g_variant_get_child_value (arguments, n - 1) : NULL;
  g_autoptr (GVariant) value = NULL;

  if (options != NULL && g_variant_is_of_type (options, G_VARIANT_TYPE_VARDICT))
    value = g_variant_lookup_value (options, key, NULL);
  return value != NULL;
}

/* What to ask for, from what is known before anything is looked at closely; the arguments are of the right types, no more. */
static void
fill_permission (Ol2tpPermission *permission, Ol2tpBus *bus, const char *path, const char *method, GVariant *arguments)
{
  const Ol2tpSessionEntry *session = ol2tp_bus_find_session (bus, path);
  const Ol2tpTunnelEntry *tunnel = session != NULL ? session->tunnel : ol2tp_bus_find_tunnel (bus, path);

  if (tunnel != NULL)
    {
      permission->tunnel = tunnel->name;
      permission->peer = tunnel->peer;
      if (tunnel->origin == OL2TP_ORIGIN_RUNTIME)
        permission->owner_uid = tunnel->owner_uid;
    }
  else if (g_str_equal (method, "CreateTunnel"))
    g_variant_get (arguments, "(&s&s@a{sv})", &permission->tunnel, &permission->peer, NULL);
  /* Root code in all but name, so being an owner is not enough. */
  if (has_option (arguments, "pppd-options"))
    permission->also = "pppd-options";
}

static void
on_authorized (GDBusMethodInvocation *invocation, guint uid, gpointer user_data)
{
  method_of (invocation)->handler (user_data, invocation, uid);
}

static void
on_method_call (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *name,
                GVariant *arguments, GDBusMethodInvocation *invocation, gpointer user_data)
{
  const Ol2tpMethod *method = method_of (invocation);
  Ol2tpPermission permission = { .owner_uid = OL2TP_NOBODY };

  if (method == NULL)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD, "%s has no method %s", interface, name);
  else if (method->action == NULL)
    method->handler (user_data, invocation, OL2TP_NOBODY);
  else
    {
      permission.action = method->action;
      fill_permission (&permission, user_data, path, name, arguments);
      ol2tp_authorize (ol2tp_bus_get_authority (user_data), invocation, &permission, on_authorized, user_data);
    }
}

static GVariant *
property_or_error (GVariant *value, const char *path, const char *name, GError **error)
{
  if (value == NULL)
    g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_PROPERTY, "%s has no property %s", path, name);
  return value;
}

static GVariant *
get_manager_property (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *name,
                      GError **error, gpointer user_data)
{
  return property_or_error (ol2tp_manager_get_property (ol2tp_bus_get_controller (user_data), name), path, name, error);
}

static GVariant *
get_tunnel_property (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *name,
                     GError **error, gpointer user_data)
{
  const Ol2tpTunnelEntry *tunnel = ol2tp_bus_find_tunnel (user_data, path);

  return property_or_error (tunnel != NULL ? ol2tp_tunnel_get_property (tunnel, name) : NULL, path, name, error);
}

static GVariant *
get_session_property (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *name,
                      GError **error, gpointer user_data)
{
  const Ol2tpSessionEntry *session = ol2tp_bus_find_session (user_data, path);

  return property_or_error (session != NULL ? ol2tp_session_get_property (session, name) : NULL, path, name, error);
}

const GDBusInterfaceVTable ol2tp_manager_vtable = { on_method_call, get_manager_property, NULL, { 0 } };
const GDBusInterfaceVTable ol2tp_tunnel_vtable = { on_method_call, get_tunnel_property, NULL, { 0 } };
const GDBusInterfaceVTable ol2tp_session_vtable = { on_method_call, get_session_property, NULL, { 0 } };
