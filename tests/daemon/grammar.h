/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watches one controller through its hooks and its observer, and fails the test at the first thing out of order.  What is checked:
 *
 *   per ID       created [modified...] ( up [modified...] down )? deleted, by hooks and by signals, each hook just before its
 * signal per object   added, then one ID after another, then removed, with no ID tunnel up before its sessions up, sessions down
 * before tunnel down, sessions deleted before tunnel deleted, removed before removed State is announced as established before up,
 * as idle before down at rest      whatever the model holds was announced
 *
 * It also keeps a story, a line an event, for tests that want the exact order.
 */
#pragma once

#include "daemon/controller.h"
#include "fixtures/hooks.h"

G_BEGIN_DECLS

typedef struct Grammar Grammar;

/** grammar_new: becomes the observer of @controller, which must be freed first, or get another one. */
Grammar *grammar_new (Ol2tpController *controller);
void grammar_free (Grammar *self);

/** grammar_hook: a hook was called. @refused: and the test refuses, so it does not count. */
void grammar_hook (Grammar *self, TestHook hook, const Ol2tpSessionEntry *session, guint32 tunnel_id, guint32 session_id,
                   gboolean refused);

/** grammar_check: nothing is in progress: the model and what was told of it are the same. */
void grammar_check (Grammar *self);

/** grammar_tell: appends a line to the story. */
void grammar_tell (Grammar *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** grammar_assert_story: the lines since the last call. */
void grammar_assert_story (Grammar *self, const char *expected);
void grammar_forget_story (Grammar *self);
const char *grammar_get_story (const Grammar *self);
/** grammar_with_hooks: whether hooks are in the story; on from the start. */
void grammar_with_hooks (Grammar *self, gboolean with_hooks);

G_END_DECLS
