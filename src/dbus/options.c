/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "options.h"

#include "secret-reader.h"

#include <gio/gunixfdlist.h>
#include <string.h>

#define PASSWORD_MAX 255

typedef struct {
  Ol2tpBus *bus;
  GCancellable *gone;
  GDBusMethodInvocation *invocation;
  Ol2tpOptionsFunc func;
  Ol2tpOptions options;
} Reading;

static GVariant *
get_values (GDBusMethodInvocation *invocation)
{
  GVariant *arguments = g_dbus_method_invocation_get_parameters (invocation);

  return g_variant_get_child_value (arguments, g_variant_n_children (arguments) - 1);
}

gboolean
ol2tp_password_check (Ol2tpSecret *secret, const char *key, GError **error)
{
  const guint8 *data;
  gsize len;

  if (secret == NULL)
    return TRUE;
  data = ol2tp_secret_get_data (secret, &len);
  if (len <= PASSWORD_MAX && memchr (data, '\0', len) == NULL)
    return TRUE;
  g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "%s: a PPP password has at most %d octets, none of them 0", key,
               PASSWORD_MAX);
  return FALSE;
}

int
ol2tp_get_fd (GDBusMethodInvocation *invocation, gint32 index, const char *key, GError **error)
{
  GUnixFDList *fds = g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation));
  g_autoptr (GError) local_error = NULL;
  int fd = -1;

  if (fds != NULL && index >= 0 && index < g_unix_fd_list_get_length (fds))
    fd = g_unix_fd_list_get (fds, index, &local_error);
  if (fd < 0)
    g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "%s: %s", key,
                 local_error != NULL ? local_error->message : "no descriptor came with the call");
  return fd;
}

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->gone);
  g_variant_unref (reading->options.values);
  g_clear_pointer (&reading->options.secret, ol2tp_secret_unref);
  g_free (reading);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;
  GError *error = NULL;

  if (ol2tp_secret_read_finish (result, &reading->options.secret, &error) && g_cancellable_is_cancelled (reading->gone))
    g_set_error_literal (&error, OL2TP_ERROR, OL2TP_ERROR_CANCELED, "the daemon is stopping");
  if (error != NULL)
    g_dbus_method_invocation_take_error (reading->invocation, error);
  else
    {
      reading->options.has_secret = TRUE;
      reading->func (reading->bus, reading->invocation, &reading->options);
    }
  reading_free (reading);
}

/* Returns: -1 and no error if there is none. */
static int
find_fd (GDBusMethodInvocation *invocation, GVariant *values, const char *fd_key, GError **error)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (values, fd_key, NULL);
  g_autofree char *text_key = g_strndup (fd_key, strlen (fd_key) - strlen ("-fd"));
  g_autoptr (GVariant) text = g_variant_lookup_value (values, text_key, NULL);

  if (value == NULL)
    return -1;
  if (text != NULL)
    g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "%s: not together with %s", fd_key, text_key);
  else if (!g_variant_is_of_type (value, G_VARIANT_TYPE_HANDLE))
    g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "%s: a value of type \"%s\" is not allowed, only h", fd_key,
                 g_variant_get_type_string (value));
  else
    return ol2tp_get_fd (invocation, g_variant_get_handle (value), fd_key, error);
  return -1;
}

void
ol2tp_options_read (Ol2tpBus *bus, GDBusMethodInvocation *invocation, guint uid, const char *fd_key, Ol2tpOptionsFunc func)
{
  g_autoptr (GVariant) values = get_values (invocation);
  Ol2tpOptions options = { .uid = uid, .values = values };
  GError *error = NULL;
  int fd = find_fd (invocation, values, fd_key, &error);
  Reading *reading;

  if (error != NULL)
    {
      g_dbus_method_invocation_take_error (invocation, error);
      return;
    }
  if (fd < 0)
    {
      func (bus, invocation, &options);
      return;
    }
  reading = g_new0 (Reading, 1);
  reading->bus = bus;
  reading->gone = g_object_ref (ol2tp_authority_get_gone (ol2tp_bus_get_authority (bus)));
  reading->invocation = invocation;
  reading->func = func;
  reading->options.uid = uid;
  reading->options.values = g_steal_pointer (&values);
  ol2tp_secret_read_async (fd, on_read, reading);
}

static void
set_secret (Ol2tpSecret **field, Ol2tpSecret *secret)
{
  g_clear_pointer (field, ol2tp_secret_unref);
  *field = secret != NULL ? ol2tp_secret_ref (secret) : NULL;
}

gboolean
ol2tp_options_apply_tunnel (const Ol2tpOptions *options, Ol2tpTunnelSettings *settings, gboolean exists, GError **error)
{
  GVariantIter iter;
  const char *key;
  GVariant *boxed;

  g_variant_iter_init (&iter, options->values);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &boxed))
    {
      g_autoptr (GVariant) value = boxed;

      if (options->has_secret && g_str_equal (key, "secret-fd"))
        continue;
      if (exists ? !ol2tp_tunnel_settings_modify_variant (settings, key, value, error)
                 : !ol2tp_tunnel_settings_set_variant (settings, key, value, error))
        return FALSE;
    }
  if (options->has_secret)
    set_secret (&settings->secret, options->secret);
  return TRUE;
}

gboolean
ol2tp_options_apply_session (const Ol2tpOptions *options, Ol2tpSessionSettings *settings, gboolean exists, GError **error)
{
  GVariantIter iter;
  const char *key;
  GVariant *boxed;

  g_variant_iter_init (&iter, options->values);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &boxed))
    {
      g_autoptr (GVariant) value = boxed;

      if (options->has_secret && g_str_equal (key, "password-fd"))
        continue;
      if (exists ? !ol2tp_session_settings_modify_variant (settings, key, value, error)
                 : !ol2tp_session_settings_set_variant (settings, key, value, error))
        return FALSE;
    }
  if (!options->has_secret)
    return TRUE;
  if (!ol2tp_password_check (options->secret, "password-fd", error))
    return FALSE;
  set_secret (&settings->password, options->secret);
  return TRUE;
}
