/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of plugins in load order, how names become files, and the walks over the hooks. */
#include "plugin/host.h"

#include <errno.h>
#include <string.h>

#include "core/types.h"
#include "plugin/module.h"

struct Ol2tpPlugins {
  char *directory;
  char *start_directory;
  GPtrArray *modules; /* of Ol2tpModule, in load order */
};

Ol2tpPlugins *
ol2tp_plugins_new (const char *directory, const char *start_directory)
{
  Ol2tpPlugins *self = g_new0 (Ol2tpPlugins, 1);

  self->directory = g_strdup (directory);
  self->start_directory = g_strdup (start_directory);
  self->modules = g_ptr_array_new ();
  return self;
}

void
ol2tp_plugins_free (Ol2tpPlugins *self)
{
  for (guint i = self->modules->len; i > 0; i--)
    ol2tp_module_cleanup (g_ptr_array_index (self->modules, i - 1));
  /* Unloaded only when all are cleaned up: a plugin may still call into one that was loaded before it. */
  for (guint i = self->modules->len; i > 0; i--)
    ol2tp_module_free (g_ptr_array_index (self->modules, i - 1));
  g_ptr_array_unref (self->modules);
  g_free (self->directory);
  g_free (self->start_directory);
  g_free (self);
}

static Ol2tpModule *
open_path (Ol2tpPlugins *self, const char *path, GError **error)
{
  g_autofree char *full = NULL;

  if (g_path_is_absolute (path) || !self->start_directory)
    return ol2tp_module_open (path, error);

  full = g_build_filename (self->start_directory, path, NULL);
  return ol2tp_module_open (full, error);
}

/* NAME.so goes before NAME, so that a folder beside the plugins does not hide one. */
static Ol2tpModule *
open_bare_name (Ol2tpPlugins *self, const char *name, GError **error)
{
  g_autofree char *plain = g_build_filename (self->directory, name, NULL);
  g_autofree char *with_suffix = NULL;
  g_autoptr (GError) local = NULL;
  Ol2tpModule *module;

  if (g_str_has_suffix (name, ".so"))
    return ol2tp_module_open (plain, error);

  with_suffix = g_strconcat (plain, ".so", NULL);
  module = ol2tp_module_open (with_suffix, &local);
  if (!module && g_error_matches (local, OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND))
    {
      g_clear_error (&local);
      module = ol2tp_module_open (plain, &local);
      if (!module && g_error_matches (local, OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND))
        {
          g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND, "plugin %s: neither %s nor %s exists", name, with_suffix, plain);
          return NULL;
        }
    }
  if (!module)
    g_propagate_error (error, g_steal_pointer (&local));
  return module;
}

gboolean
ol2tp_plugins_load (Ol2tpPlugins *self, const char *name, GError **error)
{
  g_autoptr (Ol2tpModule) module = NULL;

  if (*name == '\0')
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_NOT_FOUND, "plugin with an empty name");
      return FALSE;
    }

  module = strchr (name, '/') ? open_path (self, name, error) : open_bare_name (self, name, error);
  if (!module)
    return FALSE;

  for (guint i = 0; i < self->modules->len; i++)
    if (ol2tp_module_is_same (module, g_ptr_array_index (self->modules, i)))
      return TRUE;

  if (!ol2tp_module_load (module, error))
    return FALSE;
  g_ptr_array_add (self->modules, g_steal_pointer (&module));
  return TRUE;
}

guint
ol2tp_plugins_get_n (const Ol2tpPlugins *self)
{
  return self->modules->len;
}

const char *
ol2tp_plugins_get_name (const Ol2tpPlugins *self, guint index)
{
  g_return_val_if_fail (index < self->modules->len, NULL);
  return ol2tp_module_get_name (g_ptr_array_index (self->modules, index));
}

const char *
ol2tp_plugins_get_version (const Ol2tpPlugins *self, guint index)
{
  g_return_val_if_fail (index < self->modules->len, NULL);
  return ol2tp_module_get_version (g_ptr_array_index (self->modules, index));
}

static const Ol2tpHooks *
get_hooks (const Ol2tpPlugins *self, guint index)
{
  return ol2tp_module_get_hooks (g_ptr_array_index (self->modules, index));
}

/* Calls one hook of every plugin that has it, in load order. */
#define CALL_ALL(self, hook, ...)                                                                                                  \
  for (guint i = 0; i < (self)->modules->len; i++)                                                                                 \
    if (get_hooks (self, i)->hook)                                                                                                 \
  get_hooks (self, i)->hook (__VA_ARGS__)

/* Takes back, last first, a hook from the plugins before number @end, but only from those that were asked. */
#define CALL_BACK(self, end, asked, hook, ...)                                                                                     \
  for (guint i = (end); i > 0; i--)                                                                                                \
    if (get_hooks (self, i - 1)->asked && get_hooks (self, i - 1)->hook)                                                           \
  get_hooks (self, i - 1)->hook (__VA_ARGS__)

static void
set_refused_by (const Ol2tpPlugins *self, guint index, const char **refused_by)
{
  if (refused_by)
    *refused_by = ol2tp_plugins_get_name (self, index);
}

gboolean
ol2tp_plugins_tunnel_created (Ol2tpPlugins *self, guint16 tunnel_id, gboolean tolerate, const char **refused_by)
{
  for (guint n = 0; n < self->modules->len; n++)
    {
      const Ol2tpHooks *hooks = get_hooks (self, n);

      if (!hooks->tunnel_created || hooks->tunnel_created (tunnel_id) >= 0 || tolerate)
        continue;
      CALL_BACK (self, n, tunnel_created, tunnel_deleted, tunnel_id);
      set_refused_by (self, n, refused_by);
      return FALSE;
    }
  return TRUE;
}

void
ol2tp_plugins_tunnel_deleted (Ol2tpPlugins *self, guint16 tunnel_id)
{
  CALL_ALL (self, tunnel_deleted, tunnel_id);
}

void
ol2tp_plugins_tunnel_modified (Ol2tpPlugins *self, guint16 tunnel_id)
{
  CALL_ALL (self, tunnel_modified, tunnel_id);
}

void
ol2tp_plugins_tunnel_up (Ol2tpPlugins *self, guint16 tunnel_id, guint16 peer_tunnel_id)
{
  CALL_ALL (self, tunnel_up, tunnel_id, peer_tunnel_id);
}

void
ol2tp_plugins_tunnel_down (Ol2tpPlugins *self, guint16 tunnel_id)
{
  CALL_ALL (self, tunnel_down, tunnel_id);
}

gboolean
ol2tp_plugins_session_created (Ol2tpPlugins *self, struct l2tp_session const *session, guint16 tunnel_id, guint16 session_id,
                               gboolean tolerate, const char **refused_by)
{
  for (guint n = 0; n < self->modules->len; n++)
    {
      const Ol2tpHooks *hooks = get_hooks (self, n);
      int ret = hooks->session_created ? hooks->session_created (session, tunnel_id, session_id) : 0;

      if (ret >= 0 || (tolerate && ret == -EEXIST))
        continue;
      CALL_BACK (self, n, session_created, session_deleted, session, tunnel_id, session_id);
      set_refused_by (self, n, refused_by);
      return FALSE;
    }
  return TRUE;
}

void
ol2tp_plugins_session_deleted (Ol2tpPlugins *self, struct l2tp_session const *session, guint16 tunnel_id, guint16 session_id)
{
  CALL_ALL (self, session_deleted, session, tunnel_id, session_id);
}

void
ol2tp_plugins_session_modified (Ol2tpPlugins *self, struct l2tp_session const *session, guint16 tunnel_id, guint16 session_id)
{
  CALL_ALL (self, session_modified, session, tunnel_id, session_id);
}

gboolean
ol2tp_plugins_session_up (Ol2tpPlugins *self, struct l2tp_session const *session, guint16 tunnel_id, guint16 session_id,
                          guint16 peer_tunnel_id, guint16 peer_session_id, const char **refused_by)
{
  for (guint n = 0; n < self->modules->len; n++)
    {
      const Ol2tpHooks *hooks = get_hooks (self, n);

      if (!hooks->session_up || hooks->session_up (session, tunnel_id, session_id, peer_tunnel_id, peer_session_id) >= 0)
        continue;
      CALL_BACK (self, n, session_up, session_down, session, tunnel_id, session_id);
      set_refused_by (self, n, refused_by);
      return FALSE;
    }
  return TRUE;
}

void
ol2tp_plugins_session_down (Ol2tpPlugins *self, struct l2tp_session const *session, guint16 tunnel_id, guint16 session_id)
{
  CALL_ALL (self, session_down, session, tunnel_id, session_id);
}

gboolean
ol2tp_plugins_session_get_stats (Ol2tpPlugins *self, struct l2tp_session const *session, guint16 tunnel_id, guint16 session_id,
                                 struct pppol2tp_ioc_stats *stats)
{
  for (guint n = 0; n < self->modules->len; n++)
    {
      const Ol2tpHooks *hooks = get_hooks (self, n);

      if (hooks->session_get_stats && hooks->session_get_stats (session, tunnel_id, session_id, stats) == 0)
        return TRUE;
    }
  return FALSE;
}
