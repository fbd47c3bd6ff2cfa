/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "call.h"

Ol2tpCall *
ol2tp_call_new (Ol2tpBus *bus, GDBusMethodInvocation *invocation)
{
  Ol2tpCall *call = g_new0 (Ol2tpCall, 1);

  call->bus = bus;
  call->invocation = invocation;
  return call;
}

void
ol2tp_call_done (const GError *error, gpointer data)
{
  g_autofree Ol2tpCall *call = data;

  ol2tp_loop_remove_timer (ol2tp_controller_get_loop (ol2tp_bus_get_controller (call->bus)), call->timer);
  if (error != NULL)
    g_dbus_method_invocation_return_gerror (call->invocation, error);
  else
    g_dbus_method_invocation_return_value (call->invocation, NULL);
}

/* The caller's own time limit: the attempt is given up, which answers the call. */
static void
on_call_timeout (gpointer data)
{
  Ol2tpCall *call = data;
  Ol2tpController *controller = ol2tp_bus_get_controller (call->bus);
  const char *path = g_dbus_method_invocation_get_object_path (call->invocation);
  Ol2tpSessionEntry *session = ol2tp_bus_find_session (call->bus, path);
  Ol2tpTunnelEntry *tunnel = ol2tp_bus_find_tunnel (call->bus, path);
  Ol2tpCause cause;

  call->timer = 0;
  ol2tp_cause_init (&cause, OL2TP_REASON_TIMEOUT, 0, 0, "not up within the time the caller gave");
  if (session != NULL)
    ol2tp_controller_disconnect_session (controller, session, &cause, NULL, NULL);
  else if (tunnel != NULL)
    ol2tp_controller_disconnect_tunnel (controller, tunnel, &cause, NULL, NULL);
}

void
ol2tp_call_set_timeout (Ol2tpCall *call, guint64 timeout_sec)
{
  if (timeout_sec > 0)
    call->timer = ol2tp_loop_add_timer (ol2tp_controller_get_loop (ol2tp_bus_get_controller (call->bus)),
                                        g_get_monotonic_time () + (gint64) timeout_sec * G_USEC_PER_SEC, on_call_timeout, call);
}

/* Known keys were taken out of @dict; FALSE, and the call answered, if one is left: unknown, or with a value that cannot be. */
static gboolean
options_end (GVariantDict *dict, GDBusMethodInvocation *invocation)
{
  g_autoptr (GVariant) rest = g_variant_ref_sink (g_variant_dict_end (dict));
  GVariantIter iter;
  const char *key;

  g_variant_iter_init (&iter, rest);
  if (!g_variant_iter_next (&iter, "{&sv}", &key, NULL))
    return TRUE;
  g_dbus_method_invocation_return_error (invocation, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS,
                                         "%s: unknown option, or one with a value of the wrong type or out of range", key);
  return FALSE;
}

/* Integers of any width, as in settings: callers should not have to know. */
static void
take_unsigned (GVariantDict *dict, const char *key, guint64 max, guint64 *result)
{
  g_autoptr (GVariant) value = g_variant_dict_lookup_value (dict, key, NULL);
  g_autofree char *text = value != NULL ? ol2tp_settings_integer_to_text (value) : NULL;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, max, result, NULL))
    return;
  g_variant_dict_remove (dict, key);
}

gboolean
ol2tp_call_parse_connect (GDBusMethodInvocation *invocation, gboolean session, guint64 *timeout_sec, gboolean *wait_ppp)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (g_dbus_method_invocation_get_parameters (invocation), 0);
  GVariantDict dict;

  *timeout_sec = 0;
  *wait_ppp = TRUE;
  g_variant_dict_init (&dict, options);
  take_unsigned (&dict, "timeout", G_MAXUINT32, timeout_sec);
  if (session && g_variant_dict_lookup (&dict, "wait-ppp", "b", wait_ppp))
    g_variant_dict_remove (&dict, "wait-ppp");
  return options_end (&dict, invocation);
}

gboolean
ol2tp_call_parse_disconnect (GDBusMethodInvocation *invocation, guint64 result_code, Ol2tpCause *cause)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (g_dbus_method_invocation_get_parameters (invocation), 0);
  g_autofree char *message = NULL;
  GVariantDict dict;

  g_variant_dict_init (&dict, options);
  take_unsigned (&dict, "result-code", G_MAXUINT16, &result_code);
  if (g_variant_dict_lookup (&dict, "message", "s", &message))
    g_variant_dict_remove (&dict, "message");
  ol2tp_cause_init (cause, OL2TP_REASON_ADMIN, (guint16) result_code, 0, "%s", message != NULL ? message : "");
  return options_end (&dict, invocation);
}
