/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file that is checked must be the file that is loaded: whoever may rename files in its directory could otherwise put another
 * one in its place between the two, and its constructors run inside dlopen().  So the file is opened once (O_PATH: no side effects
 * on devices and pipes), checked by fstat(), and loaded by the name /proc/self/fd/N, which leads to that very file.
 *
 * What follows from that name:
 * - glibc looks for a loaded object of the same name before it looks at the file.  The descriptor stays open as long as the
 *   object is loaded, so that N is not given out again; an object that dlclose() does not unload keeps its descriptor for good.
 * - The same inode cannot be given to another file meanwhile, so device and inode identify a loaded file reliably.
 * - $ORIGIN means /proc/self/fd to the plugin: libraries of its own need an absolute RUNPATH.
 */
#include "plugin/module.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/types.h"

struct Ol2tpModule {
  char *path;
  char *name;
  int fd;
  struct stat st;
  void *handle;
  const char *version;
  void (*cleanup) (void);
  Ol2tpHooks hooks;
};

/* In the order of preference: the names of OpenL2TP 0.14 and later, then those before. */
static const char *const families[] = { "openl2tp_plugin_", "l2tp_plugin_" };

static char *
dup_proc_path (const Ol2tpModule *self)
{
  return g_strdup_printf ("/proc/self/fd/%d", self->fd);
}

Ol2tpModule *
ol2tp_module_open (const char *path, GError **error)
{
  g_autoptr (Ol2tpModule) self = g_new0 (Ol2tpModule, 1);
  int saved_errno;

  self->path = g_strdup (path);
  self->name = g_path_get_basename (path);
  if (g_str_has_suffix (self->name, ".so"))
    self->name[strlen (self->name) - strlen (".so")] = '\0';

  self->fd = open (path, O_PATH | O_CLOEXEC);
  if (self->fd < 0 || fstat (self->fd, &self->st) < 0)
    {
      saved_errno = errno;
      g_set_error (error, OL2TP_ERROR, saved_errno == ENOENT || saved_errno == ENOTDIR ? OL2TP_ERROR_NOT_FOUND : OL2TP_ERROR_FAILED,
                   "plugin %s: %s", path, g_strerror (saved_errno));
      return NULL;
    }
  return g_steal_pointer (&self);
}

static gboolean
check_file (const Ol2tpModule *self, GError **error)
{
  if (!S_ISREG (self->st.st_mode))
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_FAILED, "plugin %s: not a regular file", self->path);
      return FALSE;
    }
  if (self->st.st_uid != 0 && self->st.st_uid != geteuid ())
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_FAILED, "plugin %s: owned by user %lu; must be owned by root%s", self->path,
                   (gulong) self->st.st_uid, geteuid () == 0 ? "" : " or by the daemon's own user");
      return FALSE;
    }
  if (self->st.st_mode & (S_IWGRP | S_IWOTH))
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_FAILED,
                   "plugin %s: mode %04o lets %s write it; must be writable by its owner only", self->path,
                   (guint) self->st.st_mode & 07777, self->st.st_mode & S_IWOTH ? "everybody" : "its group");
      return FALSE;
    }
  return TRUE;
}

static gboolean
open_object (Ol2tpModule *self, GError **error)
{
  g_autofree char *proc_path = dup_proc_path (self);
  const char *reason;

  self->handle = dlopen (proc_path, RTLD_NOW | RTLD_LOCAL);
  if (self->handle)
    return TRUE;

  reason = dlerror ();
  if (reason && g_str_has_prefix (reason, proc_path))
    reason += strlen (proc_path) + (reason[strlen (proc_path)] == ':' ? strlen (": ") : 0);
  g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_FAILED, "plugin %s: %s", self->path, reason ? reason : "cannot be loaded");
  return FALSE;
}

static void *
find_symbol (const Ol2tpModule *self, const char *family, const char *suffix)
{
  g_autofree char *symbol = g_strconcat (family, suffix, NULL);

  return dlsym (self->handle, symbol);
}

/* The first complete family wins; without one, says what is missing of the one that was begun. */
static gboolean
find_entry_points (Ol2tpModule *self, int (**init) (void), GError **error)
{
  const char *begun = NULL, *missing = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      self->version = find_symbol (self, families[i], "version");
      *init = (int (*) (void)) find_symbol (self, families[i], "init");
      self->cleanup = (void (*) (void)) find_symbol (self, families[i], "cleanup");
      if (self->version && *init)
        return TRUE;
      if ((self->version || *init) && !begun)
        {
          begun = families[i];
          missing = *init ? "version" : "init";
        }
    }

  if (begun)
    g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_FAILED, "plugin %s: does not define %s%s", self->path, begun, missing);
  else
    g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_FAILED,
                 "plugin %s: is no OpenL2TP plugin: defines neither l2tp_plugin_init nor openl2tp_plugin_init", self->path);
  return FALSE;
}

gboolean
ol2tp_module_load (Ol2tpModule *self, GError **error)
{
  int (*init) (void);
  Ol2tpHooks dropped;
  int ret;

  g_return_val_if_fail (self->handle == NULL, FALSE);

  if (!check_file (self, error) || !open_object (self, error) || !find_entry_points (self, &init, error))
    return FALSE;

  ol2tp_hooks_steal (&dropped);
  ret = init ();
  ol2tp_hooks_steal (&self->hooks);
  if (ret < 0)
    {
      memset (&self->hooks, 0, sizeof self->hooks);
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_FAILED, "plugin %s: its init function failed: %d", self->path, ret);
      return FALSE;
    }
  return TRUE;
}

void
ol2tp_module_cleanup (Ol2tpModule *self)
{
  Ol2tpHooks dropped;

  if (self->cleanup)
    self->cleanup ();
  ol2tp_hooks_steal (&dropped);
  memset (&self->hooks, 0, sizeof self->hooks);
}

static gboolean
is_still_loaded (const Ol2tpModule *self)
{
  g_autofree char *proc_path = dup_proc_path (self);
  void *handle = dlopen (proc_path, RTLD_LAZY | RTLD_NOLOAD);

  if (!handle)
    return FALSE;
  dlclose (handle);
  return TRUE;
}

void
ol2tp_module_free (Ol2tpModule *self)
{
  gboolean keep_fd = FALSE;

  if (self->handle)
    {
      dlclose (self->handle);
      keep_fd = is_still_loaded (self);
    }
  if (self->fd >= 0 && !keep_fd)
    close (self->fd);
  g_free (self->path);
  g_free (self->name);
  g_free (self);
}

gboolean
ol2tp_module_is_same (const Ol2tpModule *self, const Ol2tpModule *other)
{
  return self->st.st_dev == other->st.st_dev && self->st.st_ino == other->st.st_ino;
}

const char *
ol2tp_module_get_name (const Ol2tpModule *self)
{
  return self->name;
}

const char *
ol2tp_module_get_version (const Ol2tpModule *self)
{
  return self->version;
}

const Ol2tpHooks *
ol2tp_module_get_hooks (const Ol2tpModule *self)
{
  return &self->hooks;
}
