/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Method handlers: look the object up, check the arguments, one verb of the controller, answer.  Who may call was asked before the
 * handler runs; since that took a while, the object is looked up only now.
 */
#include "methods.h"

#include "call.h"
#include "options.h"
#include "secret-reader.h"

static GVariant *
parameters (GDBusMethodInvocation *invocation)
{
  return g_dbus_method_invocation_get_parameters (invocation);
}

static void
return_unknown_object (GDBusMethodInvocation *invocation)
{
  g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT, "no object at %s",
                                         g_dbus_method_invocation_get_object_path (invocation));
}

static Ol2tpTunnelEntry *
get_tunnel (Ol2tpBus *bus, GDBusMethodInvocation *invocation)
{
  Ol2tpTunnelEntry *tunnel = ol2tp_bus_find_tunnel (bus, g_dbus_method_invocation_get_object_path (invocation));

  if (tunnel == NULL)
    return_unknown_object (invocation);
  return tunnel;
}

static Ol2tpSessionEntry *
get_session (Ol2tpBus *bus, GDBusMethodInvocation *invocation)
{
  Ol2tpSessionEntry *session = ol2tp_bus_find_session (bus, g_dbus_method_invocation_get_object_path (invocation));

  if (session == NULL)
    return_unknown_object (invocation);
  return session;
}

/* Manager. */

static void
create_tunnel (Ol2tpBus *bus, GDBusMethodInvocation *invocation, const Ol2tpOptions *options)
{
  Ol2tpController *controller = ol2tp_bus_get_controller (bus);
  g_autoptr (Ol2tpTunnelSettings) settings = ol2tp_tunnel_settings_new ();
  g_autoptr (GError) error = NULL;
  const char *name, *peer;
  Ol2tpTunnelEntry *tunnel = NULL;
  gboolean connect = FALSE;

  g_variant_get (parameters (invocation), "(&s&s@a{sv})", &name, &peer, NULL);
  if (ol2tp_options_apply_tunnel (options, settings, FALSE, &error))
    {
      connect = settings->connect;
      tunnel = ol2tp_controller_create_tunnel (controller, name, peer, OL2TP_ORIGIN_RUNTIME, options->uid, g_steal_pointer (&settings),
                                               &error);
    }
  if (tunnel == NULL)
    {
      g_dbus_method_invocation_return_gerror (invocation, error);
      return;
    }
  if (tunnel->settings->ends_with_caller)
    ol2tp_bus_bind_tunnel (bus, tunnel, g_dbus_method_invocation_get_sender (invocation));
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", tunnel->path));
  if (connect)
    ol2tp_controller_connect_tunnel (controller, tunnel, NULL, NULL);
}

static void
manager_create_tunnel (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  ol2tp_options_read (bus, invocation, uid, "secret-fd", create_tunnel);
}

static void
return_path_or_not_found (GDBusMethodInvocation *invocation, const char *path, const char *what)
{
  if (path != NULL)
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", path));
  else
    g_dbus_method_invocation_return_error (invocation, OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND, "no %s", what);
}

static void
manager_get_tunnel_by_name (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  const Ol2tpModel *model = ol2tp_controller_get_model (ol2tp_bus_get_controller (bus));
  g_autofree char *what = NULL;
  const Ol2tpTunnelEntry *tunnel;
  const char *name;

  g_variant_get (parameters (invocation), "(&s)", &name);
  tunnel = ol2tp_model_find_tunnel_by_name (model, name);
  what = g_strdup_printf ("tunnel named “%s”", name);
  return_path_or_not_found (invocation, tunnel != NULL ? tunnel->path : NULL, what);
}

static void
manager_get_tunnel_by_id (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  const Ol2tpModel *model = ol2tp_controller_get_model (ol2tp_bus_get_controller (bus));
  g_autofree char *what = NULL;
  const Ol2tpTunnelEntry *tunnel;
  guint32 id;

  g_variant_get (parameters (invocation), "(u)", &id);
  tunnel = ol2tp_model_find_tunnel (model, id);
  what = g_strdup_printf ("tunnel with ID %u", id);
  return_path_or_not_found (invocation, tunnel != NULL ? tunnel->path : NULL, what);
}

static void
manager_get_session_by_id (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  const Ol2tpModel *model = ol2tp_controller_get_model (ol2tp_bus_get_controller (bus));
  g_autofree char *what = NULL;
  const Ol2tpSessionEntry *session;
  guint32 tunnel_id, id;

  g_variant_get (parameters (invocation), "(uu)", &tunnel_id, &id);
  session = ol2tp_model_find_session (model, id);
  if (session != NULL && session->tunnel->id != tunnel_id)
    session = NULL;
  what = g_strdup_printf ("session with ID %u in a tunnel with ID %u", id, tunnel_id);
  return_path_or_not_found (invocation, session != NULL ? session->path : NULL, what);
}

static void
not_supported (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  g_dbus_method_invocation_return_error (invocation, OL2TP_ERROR, OL2TP_ERROR_NOT_SUPPORTED,
                                         "this version does not have %s yet", g_dbus_method_invocation_get_method_name (invocation));
}

/* Tunnel. */

static void
tunnel_connect (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  Ol2tpTunnelEntry *tunnel = get_tunnel (bus, invocation);
  guint64 timeout_sec;
  gboolean wait_ppp;
  Ol2tpCall *call;

  if (tunnel == NULL || !ol2tp_call_parse_connect (invocation, FALSE, &timeout_sec, &wait_ppp))
    return;
  call = ol2tp_call_new (bus, invocation);
  ol2tp_call_set_timeout (call, timeout_sec);
  ol2tp_controller_connect_tunnel (ol2tp_bus_get_controller (bus), tunnel, ol2tp_call_done, call);
}

static void
tunnel_disconnect (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  Ol2tpTunnelEntry *tunnel = get_tunnel (bus, invocation);
  Ol2tpCause cause;

  if (tunnel == NULL || !ol2tp_call_parse_disconnect (invocation, 1, &cause))
    return;
  ol2tp_controller_disconnect_tunnel (ol2tp_bus_get_controller (bus), tunnel, &cause, ol2tp_call_done, ol2tp_call_new (bus, invocation));
}

static void
tunnel_delete (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  Ol2tpTunnelEntry *tunnel = get_tunnel (bus, invocation);

  if (tunnel != NULL)
    ol2tp_controller_delete_tunnel (ol2tp_bus_get_controller (bus), tunnel, ol2tp_call_done, ol2tp_call_new (bus, invocation));
}

static void
modify_tunnel (Ol2tpBus *bus, GDBusMethodInvocation *invocation, const Ol2tpOptions *options)
{
  Ol2tpTunnelEntry *tunnel = get_tunnel (bus, invocation);
  g_autoptr (Ol2tpTunnelSettings) settings = NULL;
  GError *error = NULL;

  if (tunnel == NULL)
    return;
  settings = ol2tp_tunnel_settings_copy (tunnel->settings);
  if (!ol2tp_options_apply_tunnel (options, settings, TRUE, &error))
    {
      g_dbus_method_invocation_take_error (invocation, error);
      return;
    }
  ol2tp_controller_modify_tunnel (ol2tp_bus_get_controller (bus), tunnel, g_steal_pointer (&settings));
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
tunnel_modify (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  ol2tp_options_read (bus, invocation, uid, "secret-fd", modify_tunnel);
}

static void
create_session (Ol2tpBus *bus, GDBusMethodInvocation *invocation, const Ol2tpOptions *options)
{
  Ol2tpController *controller = ol2tp_bus_get_controller (bus);
  Ol2tpTunnelEntry *tunnel = get_tunnel (bus, invocation);
  g_autoptr (Ol2tpSessionSettings) settings = ol2tp_session_settings_new ();
  g_autoptr (GError) error = NULL;
  Ol2tpSessionEntry *session = NULL;
  const char *name;
  gboolean connect = FALSE;

  if (tunnel == NULL)
    return;
  g_variant_get (parameters (invocation), "(&s@a{sv})", &name, NULL);
  if (ol2tp_options_apply_session (options, settings, FALSE, &error))
    {
      connect = settings->connect;
      session = ol2tp_controller_create_session (controller, tunnel, name, g_steal_pointer (&settings), &error);
    }
  if (session == NULL)
    {
      g_dbus_method_invocation_return_gerror (invocation, error);
      return;
    }
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", session->path));
  if (connect)
    ol2tp_controller_connect_session (controller, session, TRUE, NULL, NULL);
}

static void
tunnel_create_session (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  ol2tp_options_read (bus, invocation, uid, "password-fd", create_session);
}

static void
tunnel_get_stats (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  const Ol2tpTunnelEntry *tunnel = get_tunnel (bus, invocation);
  Ol2tpTunnelStats control;
  Ol2tpDatapathStats data;
  GError *error = NULL;
  GVariantBuilder b;

  if (tunnel == NULL)
    return;
  if (!ol2tp_controller_get_tunnel_stats (ol2tp_bus_get_controller (bus), tunnel, &control, &data, &error))
    {
      g_dbus_method_invocation_take_error (invocation, error);
      return;
    }
  g_variant_builder_init (&b, G_VARIANT_TYPE ("a{st}"));
  g_variant_builder_add (&b, "{st}", "control-tx-packets", control.tx_packets);
  g_variant_builder_add (&b, "{st}", "control-rx-packets", control.rx_packets);
  g_variant_builder_add (&b, "{st}", "control-retransmits", control.retransmits);
  g_variant_builder_add (&b, "{st}", "control-zlb-tx", control.zlb_tx);
  g_variant_builder_add (&b, "{st}", "control-zlb-rx", control.zlb_rx);
  g_variant_builder_add (&b, "{st}", "control-duplicates", control.duplicates);
  g_variant_builder_add (&b, "{st}", "control-out-of-order", control.out_of_order);
  g_variant_builder_add (&b, "{st}", "control-bad-avp", control.bad_avp);
  g_variant_builder_add (&b, "{st}", "control-auth-failures", control.auth_failures);
  g_variant_builder_add (&b, "{st}", "hello-tx", control.hello_tx);
  g_variant_builder_add (&b, "{st}", "hello-rx", control.hello_rx);
  g_variant_builder_add (&b, "{st}", "data-tx-packets", data.tx_packets);
  g_variant_builder_add (&b, "{st}", "data-tx-bytes", data.tx_bytes);
  g_variant_builder_add (&b, "{st}", "data-tx-errors", data.tx_errors);
  g_variant_builder_add (&b, "{st}", "data-rx-packets", data.rx_packets);
  g_variant_builder_add (&b, "{st}", "data-rx-bytes", data.rx_bytes);
  g_variant_builder_add (&b, "{st}", "data-rx-errors", data.rx_errors);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@a{st})", g_variant_builder_end (&b)));
}

/* Session. */

static void
session_connect (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  Ol2tpSessionEntry *session = get_session (bus, invocation);
  guint64 timeout_sec;
  gboolean wait_ppp;
  Ol2tpCall *call;

  if (session == NULL || !ol2tp_call_parse_connect (invocation, TRUE, &timeout_sec, &wait_ppp))
    return;
  call = ol2tp_call_new (bus, invocation);
  ol2tp_call_set_timeout (call, timeout_sec);
  ol2tp_controller_connect_session (ol2tp_bus_get_controller (bus), session, wait_ppp, ol2tp_call_done, call);
}

static void
session_disconnect (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  Ol2tpSessionEntry *session = get_session (bus, invocation);
  Ol2tpCause cause;

  if (session == NULL || !ol2tp_call_parse_disconnect (invocation, 3, &cause))
    return;
  ol2tp_controller_disconnect_session (ol2tp_bus_get_controller (bus), session, &cause, ol2tp_call_done, ol2tp_call_new (bus, invocation));
}

static void
session_delete (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  Ol2tpSessionEntry *session = get_session (bus, invocation);

  if (session != NULL)
    ol2tp_controller_delete_session (ol2tp_bus_get_controller (bus), session, ol2tp_call_done, ol2tp_call_new (bus, invocation));
}

static void
modify_session (Ol2tpBus *bus, GDBusMethodInvocation *invocation, const Ol2tpOptions *options)
{
  Ol2tpSessionEntry *session = get_session (bus, invocation);
  g_autoptr (Ol2tpSessionSettings) settings = NULL;
  GError *error = NULL;

  if (session == NULL)
    return;
  settings = ol2tp_session_settings_copy (session->settings);
  if (!ol2tp_options_apply_session (options, settings, TRUE, &error))
    {
      g_dbus_method_invocation_take_error (invocation, error);
      return;
    }
  ol2tp_controller_modify_session (ol2tp_bus_get_controller (bus), session, g_steal_pointer (&settings));
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
session_modify (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  ol2tp_options_read (bus, invocation, uid, "password-fd", modify_session);
}

static void
session_get_stats (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  const Ol2tpSessionEntry *session = get_session (bus, invocation);
  Ol2tpDatapathStats stats;
  GError *error = NULL;
  GVariantBuilder b;

  if (session == NULL)
    return;
  if (!ol2tp_controller_get_session_stats (ol2tp_bus_get_controller (bus), session, &stats, &error))
    {
      g_dbus_method_invocation_take_error (invocation, error);
      return;
    }
  g_variant_builder_init (&b, G_VARIANT_TYPE ("a{st}"));
  g_variant_builder_add (&b, "{st}", "tx-packets", stats.tx_packets);
  g_variant_builder_add (&b, "{st}", "tx-bytes", stats.tx_bytes);
  g_variant_builder_add (&b, "{st}", "tx-errors", stats.tx_errors);
  g_variant_builder_add (&b, "{st}", "rx-packets", stats.rx_packets);
  g_variant_builder_add (&b, "{st}", "rx-bytes", stats.rx_bytes);
  g_variant_builder_add (&b, "{st}", "rx-errors", stats.rx_errors);
  g_variant_builder_add (&b, "{st}", "rx-seq-discards", stats.rx_seq_discards);
  g_variant_builder_add (&b, "{st}", "rx-oos-packets", stats.rx_oos_packets);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@a{st})", g_variant_builder_end (&b)));
}

/* SetSecret, of both. */

static void
on_secret_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Ol2tpCall *call = data;
  GDBusMethodInvocation *invocation = call->invocation;
  Ol2tpController *controller = ol2tp_bus_get_controller (call->bus);
  const char *path = g_dbus_method_invocation_get_object_path (invocation);
  Ol2tpSessionEntry *session = ol2tp_bus_find_session (call->bus, path);
  Ol2tpTunnelEntry *tunnel = ol2tp_bus_find_tunnel (call->bus, path);
  g_autoptr (Ol2tpSecret) secret = NULL;
  GError *error = NULL;

  if (!ol2tp_secret_read_finish (result, &secret, &error))
    {
      g_dbus_method_invocation_take_error (invocation, error);
      return;
    }
  if (session != NULL && !ol2tp_password_check (secret, "secret", &error))
    g_dbus_method_invocation_take_error (invocation, error);
  else if (session != NULL)
    {
      ol2tp_controller_set_session_password (controller, session, secret);
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
  else if (tunnel != NULL)
    {
      ol2tp_controller_set_tunnel_secret (controller, tunnel, secret);
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
  else
    return_unknown_object (invocation);
}

static void
set_secret (Ol2tpBus *bus, GDBusMethodInvocation *invocation, const char *wanted_kind)
{
  GError *error = NULL;
  const char *kind;
  gint32 index;
  int fd;

  g_variant_get (parameters (invocation), "(&sh)", &kind, &index);
  if (!g_str_equal (kind, wanted_kind))
    {
      g_dbus_method_invocation_return_error (invocation, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS,
                                             "kind: “%s”: only “%s” is possible here", kind, wanted_kind);
      return;
    }
  fd = ol2tp_get_fd (invocation, index, "secret", &error);
  if (fd < 0)
    {
      g_dbus_method_invocation_take_error (invocation, error);
      return;
    }
  ol2tp_secret_read_async (fd, on_secret_read, ol2tp_call_new (bus, invocation));
}

static void
tunnel_set_secret (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  if (get_tunnel (bus, invocation) != NULL)
    set_secret (bus, invocation, "tunnel");
}

static void
session_set_secret (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid)
{
  if (get_session (bus, invocation) != NULL)
    set_secret (bus, invocation, "ppp");
}

const Ol2tpMethod ol2tp_manager_methods[] = {
  { "CreateTunnel", "manage-tunnels", manager_create_tunnel },
  { "GetTunnelByName", NULL, manager_get_tunnel_by_name },
  { "GetTunnelById", NULL, manager_get_tunnel_by_id },
  { "GetSessionById", NULL, manager_get_session_by_id },
  { "Reload", "modify-configuration", not_supported },
  { "RegisterAgent", "provide-secrets", not_supported },
  { "UnregisterAgent", "provide-secrets", not_supported },
  { "SetLogLevel", "set-log-level", not_supported },
  { NULL, NULL, NULL },
};

const Ol2tpMethod ol2tp_tunnel_methods[] = {
  { "Connect", "control", tunnel_connect },
  { "Disconnect", "control", tunnel_disconnect },
  { "Delete", "manage-tunnels", tunnel_delete },
  { "Modify", "manage-tunnels", tunnel_modify },
  { "SetSecret", "manage-tunnels", tunnel_set_secret },
  { "CreateSession", "manage-tunnels", tunnel_create_session },
  { "GetStats", NULL, tunnel_get_stats },
  { NULL, NULL, NULL },
};

const Ol2tpMethod ol2tp_session_methods[] = {
  { "Connect", "control", session_connect },
  { "Disconnect", "control", session_disconnect },
  { "Delete", "manage-tunnels", session_delete },
  { "Modify", "manage-tunnels", session_modify },
  { "SetSecret", "manage-tunnels", session_set_secret },
  { "GetStats", NULL, session_get_stats },
  { NULL, NULL, NULL },
};
