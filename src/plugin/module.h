/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One classic plugin: its file, its entry points, its hooks. */
#pragma once

#include <glib.h>

#include "plugin/hooks.h"

G_BEGIN_DECLS

typedef struct Ol2tpModule Ol2tpModule;

/**
 * ol2tp_module_open:
 * @path: a file
 *
 * Opens the file without reading it or loading anything.
 *
 * Returns: (transfer full): the file, to be loaded; %NULL with %OL2TP_ERROR_NOT_FOUND if there is none, else %OL2TP_ERROR_FAILED
 */
Ol2tpModule *ol2tp_module_open (const char *path, GError **error);

/**
 * ol2tp_module_load:
 * @self: a file that was opened and not loaded yet
 *
 * Checks owner and mode, loads the file, looks for its entry points and calls its init function. After a failure @self can only
 * be freed.
 *
 * Errors: %OL2TP_ERROR_FAILED
 */
gboolean ol2tp_module_load (Ol2tpModule *self, GError **error);

/** ol2tp_module_cleanup: calls the cleanup function, if there is one. The hooks are gone afterwards. */
void ol2tp_module_cleanup (Ol2tpModule *self);

/** ol2tp_module_free: unloads the file; does not call its cleanup function. */
void ol2tp_module_free (Ol2tpModule *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpModule, ol2tp_module_free)

/** ol2tp_module_is_same: Returns: whether both are the same file, by whatever path they were reached. */
gboolean ol2tp_module_is_same (const Ol2tpModule *self, const Ol2tpModule *other);

/** ol2tp_module_get_name: file name without directory and ".so". */
const char *ol2tp_module_get_name (const Ol2tpModule *self);
/** ol2tp_module_get_version: text of the version symbol; %NULL before it is loaded. */
const char *ol2tp_module_get_version (const Ol2tpModule *self);
/** ol2tp_module_get_hooks: what the plugin stored in its init function. */
const Ol2tpHooks *ol2tp_module_get_hooks (const Ol2tpModule *self);

G_END_DECLS
