/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changing settings of what exists.  The engine takes them when it is told to connect; those a connection was made with are kept while
 * it lasts, if they are others now.
 */
#include "controller-private.h"

/**
 * Effect:
 * @property: what shows it, %NULL for none
 * @at_once: the engine has no part in it
 */
typedef struct {
  const char *key;
  const char *property;
  gboolean at_once;
} Effect;

static const Effect tunnel_effects[] = {
  { "hello-interval", "HelloInterval", FALSE }, { "retry-timeout", "RetryTimeout", FALSE }, { "max-retries", "MaxRetries", FALSE },
  { "receive-window", "ReceiveWindow", FALSE }, { "secret", "SecretFlags", FALSE },         { "mtu", "Mtu", TRUE },
  { "max-sessions", NULL, TRUE },
};

static const Effect session_effects[] = {
  { "user", "UserName", FALSE },
  { "mtu", "Mtu", FALSE },
  { "password", "SecretFlags", FALSE },
};

static const Effect *
find_effect (const Effect *effects, gsize n, const char *key)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (effects[i].key, key))
      return &effects[i];
  return NULL;
}

const char **
ol2tp_controller_list_pending (const Ol2tpTunnelEntry *tunnel)
{
  const Ol2tpTunnelSettings *in_force = tunnel->in_force != NULL ? tunnel->in_force : tunnel->settings;
  const char **keys = ol2tp_tunnel_settings_list_changes (in_force, tunnel->settings);
  gsize n = 0;

  for (gsize i = 0; keys[i] != NULL; i++)
    {
      const Effect *effect = find_effect (tunnel_effects, G_N_ELEMENTS (tunnel_effects), keys[i]);

      if (effect == NULL || !effect->at_once)
        keys[n++] = keys[i];
    }
  keys[n] = NULL;
  return keys;
}

void
ol2tp_controller_modify_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpTunnelSettings *settings)
{
  g_autoptr (Ol2tpTunnelSettings) old = tunnel->settings;
  g_autofree const char **keys = ol2tp_tunnel_settings_list_changes (old, settings);

  tunnel->settings = settings;
  if (keys[0] == NULL)
    return;
  for (gsize i = 0; keys[i] != NULL; i++)
    {
      const Effect *effect = find_effect (tunnel_effects, G_N_ELEMENTS (tunnel_effects), keys[i]);

      if (effect != NULL && effect->property != NULL)
        ol2tp_controller_touch_tunnel (self, tunnel, effect->property);
    }
  if (tunnel->state != OL2TP_ENTRY_IDLE && tunnel->state != OL2TP_ENTRY_RESOLVING)
    {
      if (tunnel->in_force == NULL)
        tunnel->in_force = g_steal_pointer (&old);
      ol2tp_controller_touch_tunnel (self, tunnel, "PendingChanges");
    }
  ol2tp_controller_tunnel_modified (self, tunnel);
  ol2tp_driver_run (self->driver);
}

void
ol2tp_controller_modify_session (Ol2tpController *self, Ol2tpSessionEntry *session, Ol2tpSessionSettings *settings)
{
  g_autoptr (Ol2tpSessionSettings) old = session->settings;
  g_autofree const char **keys = ol2tp_session_settings_list_changes (old, settings);
  Ol2tpSessionConfig config = ol2tp_session_settings_to_engine (settings);

  session->settings = settings;
  if (keys[0] == NULL)
    return;
  for (gsize i = 0; keys[i] != NULL; i++)
    {
      const Effect *effect = find_effect (session_effects, G_N_ELEMENTS (session_effects), keys[i]);

      if (effect != NULL)
        ol2tp_controller_touch_session (self, session, effect->property);
    }
  if (session->state != OL2TP_ENTRY_IDLE)
    {
      if (session->in_force == NULL)
        session->in_force = g_steal_pointer (&old);
    }
  else if (session->id != 0 && ol2tp_engine_configure_session (engine (self), session->id, &config, NULL))
    ol2tp_controller_refresh_session (self, session);
  ol2tp_controller_session_modified (self, session);
  ol2tp_driver_run (self->driver);
}

void
ol2tp_controller_set_tunnel_secret (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpSecret *secret)
{
  Ol2tpTunnelSettings *settings = ol2tp_tunnel_settings_copy (tunnel->settings);

  g_clear_pointer (&settings->secret, ol2tp_secret_unref);
  settings->secret = secret != NULL ? ol2tp_secret_ref (secret) : NULL;
  ol2tp_controller_modify_tunnel (self, tunnel, settings);
}

void
ol2tp_controller_set_session_password (Ol2tpController *self, Ol2tpSessionEntry *session, Ol2tpSecret *secret)
{
  Ol2tpSessionSettings *settings = ol2tp_session_settings_copy (session->settings);

  g_clear_pointer (&settings->password, ol2tp_secret_unref);
  settings->password = secret != NULL ? ol2tp_secret_ref (secret) : NULL;
  ol2tp_controller_modify_session (self, session, settings);
}
