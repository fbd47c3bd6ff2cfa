/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grammar.h"

#include <string.h>

/* An ID, from its created hook to its deleted signal. */
typedef struct {
  gboolean hooked, told; /* the last hook has its signal when both are the same */
  TestHook hook, signal;
} Life;

/* An object, from added to removed. */
typedef struct {
  guint64 serial;
  guint64 tunnel_serial; /* of a session */
  guint32 id;
  gboolean up;
  Ol2tpEntryState state; /* as announced */
  Ol2tpPppState ppp_state;
} Object;

struct Grammar {
  Ol2tpController *controller;
  GHashTable *tunnel_lives, *session_lives; /* ID -> Life */
  GHashTable *tunnels, *sessions;           /* serial -> Object */
  GString *story;
  gboolean with_hooks;
};

static const char *const names[] = { "created", "up", "down", "deleted", "modified" };

/* Story. */

void
grammar_tell (Grammar *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (self->story, format, args);
  va_end (args);
  g_string_append_c (self->story, '\n');
}

const char *
grammar_get_story (const Grammar *self)
{
  return self->story->str;
}

void
grammar_assert_story (Grammar *self, const char *expected)
{
  g_autofree char *actual = g_strdup (self->story->str);

  g_string_truncate (self->story, 0);
  g_assert_cmpstr (actual, ==, expected);
}

void
grammar_forget_story (Grammar *self)
{
  g_string_truncate (self->story, 0);
}

void
grammar_with_hooks (Grammar *self, gboolean with_hooks)
{
  self->with_hooks = with_hooks;
}

/* Lives. */

static gboolean
may_follow (TestHook next, gboolean first, TestHook last)
{
  switch (next)
    {
    case TEST_HOOK_CREATED:
      return first;
    case TEST_HOOK_UP:
      return !first && last == TEST_HOOK_CREATED;
    case TEST_HOOK_DOWN:
      return !first && last == TEST_HOOK_UP;
    case TEST_HOOK_DELETED:
      return !first && (last == TEST_HOOK_CREATED || last == TEST_HOOK_DOWN);
    case TEST_HOOK_MODIFIED:
      return !first && last != TEST_HOOK_DELETED;
    default:
      return FALSE;
    }
}

void
grammar_hook (Grammar *self, TestHook hook, const Ol2tpSessionEntry *session, guint32 tunnel_id, guint32 session_id,
              gboolean refused)
{
  GHashTable *lives = session != NULL ? self->session_lives : self->tunnel_lives;
  guint32 id = session != NULL ? session_id : tunnel_id;
  Life *life = g_hash_table_lookup (lives, GUINT_TO_POINTER (id));

  if (self->with_hooks)
    grammar_tell (self, "hook %s %s%s", session != NULL ? "session" : "tunnel", names[hook], refused ? " refused" : "");
  g_assert_cmpuint (id, !=, 0);
  if (refused)
    return;
  if (life == NULL)
    {
      life = g_new0 (Life, 1);
      g_hash_table_insert (lives, GUINT_TO_POINTER (id), life);
    }
  g_assert_true (may_follow (hook, !life->hooked, life->hook));
  if (life->hooked) /* the hook before this has had its signal */
    g_assert_true (life->told && life->hook == life->signal);
  if (hook != TEST_HOOK_MODIFIED)
    life->hook = hook;
  life->hooked = TRUE;
}

static void
signal_of (GHashTable *lives, guint32 id, TestHook signal)
{
  Life *life = g_hash_table_lookup (lives, GUINT_TO_POINTER (id));

  g_assert_nonnull (life);
  g_assert_true (life->hooked);
  if (signal == TEST_HOOK_MODIFIED)
    return;
  g_assert_cmpint (life->hook, ==, signal);
  g_assert_true (may_follow (signal, !life->told, life->signal));
  life->told = TRUE;
  life->signal = signal;
  if (signal == TEST_HOOK_DELETED)
    g_hash_table_remove (lives, GUINT_TO_POINTER (id));
}

/* Objects. */

static Object *
find (GHashTable *objects, const guint64 *serial)
{
  Object *object = g_hash_table_lookup (objects, serial);

  g_assert_nonnull (object);
  return object;
}

static Object *
add (GHashTable *objects, guint64 serial, guint64 tunnel_serial)
{
  Object *object = g_new0 (Object, 1);

  g_assert_false (g_hash_table_contains (objects, &serial));
  object->serial = serial;
  object->tunnel_serial = tunnel_serial;
  g_hash_table_insert (objects, &object->serial, object);
  return object;
}

/* How many sessions of a tunnel exist, have an ID, are up. */
static void
count_sessions (const Grammar *self, guint64 tunnel_serial, guint *n_all, guint *n_with_id, guint *n_up)
{
  GHashTableIter iter;
  gpointer value;

  *n_all = *n_with_id = *n_up = 0;
  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Object *session = value;

      if (session->tunnel_serial != tunnel_serial)
        continue;
      *n_all += 1;
      *n_with_id += session->id != 0;
      *n_up += session->up;
    }
}

/* What holds for either kind; @state is the entry's now. */
static void
object_event (Object *object, TestHook event, guint32 id, Ol2tpEntryState state)
{
  g_assert_cmpuint (id, !=, 0);
  g_assert_cmpint (object->state, ==, state); /* announced before the signal */
  switch (event)
    {
    case TEST_HOOK_CREATED:
      g_assert_cmpuint (object->id, ==, 0);
      object->id = id;
      break;
    case TEST_HOOK_UP:
      g_assert_cmpint (object->state, ==, OL2TP_ENTRY_ESTABLISHED);
      object->up = TRUE;
      break;
    case TEST_HOOK_DOWN:
      g_assert_true (object->up);
      g_assert_cmpint (object->state, ==, OL2TP_ENTRY_IDLE);
      object->up = FALSE;
      break;
    case TEST_HOOK_DELETED:
      g_assert_false (object->up);
      g_assert_cmpint (object->state, ==, OL2TP_ENTRY_IDLE);
      break;
    case TEST_HOOK_MODIFIED:
    default:
      break;
    }
  g_assert_cmpuint (object->id, ==, id);
  if (event == TEST_HOOK_DELETED)
    object->id = 0;
}

/* The observer. */

static void
tunnel_added (const Ol2tpTunnelEntry *tunnel, gpointer user_data)
{
  Grammar *self = user_data;
  g_autofree char *path = g_strdup_printf ("/org/openl2tp1/Tunnel/%" G_GUINT64_FORMAT, tunnel->serial);

  g_assert_cmpstr (tunnel->path, ==, path);
  add (self->tunnels, tunnel->serial, 0)->state = tunnel->state;
  grammar_tell (self, "%s added", tunnel->name);
}

static void
tunnel_removed (const Ol2tpTunnelEntry *tunnel, gpointer user_data)
{
  Grammar *self = user_data;
  guint n_all, n_with_id, n_up;

  g_assert_cmpuint (find (self->tunnels, &tunnel->serial)->id, ==, 0);
  count_sessions (self, tunnel->serial, &n_all, &n_with_id, &n_up);
  g_assert_cmpuint (n_all, ==, 0);
  g_hash_table_remove (self->tunnels, &tunnel->serial);
  grammar_tell (self, "%s removed", tunnel->name);
}

static gboolean
check_properties (const char *const *properties, const char *name)
{
  gboolean found = FALSE;

  g_assert_nonnull (*properties);
  for (; *properties != NULL; properties++)
    {
      g_assert_true (g_ascii_isupper (**properties));
      found |= g_str_equal (*properties, name);
      for (const char *const *other = properties + 1; *other != NULL; other++)
        g_assert_cmpstr (*properties, !=, *other);
    }
  return found;
}

static void
tunnel_changed (const Ol2tpTunnelEntry *tunnel, const char *const *properties, gpointer user_data)
{
  Grammar *self = user_data;
  Object *object = find (self->tunnels, &tunnel->serial);

  if (!check_properties (properties, "State"))
    return;
  object->state = tunnel->state;
  grammar_tell (self, "%s=%s", tunnel->name, ol2tp_entry_state_to_string (tunnel->state));
}

/* Ol2tpLifecycle has the five events of tunnels, then those of sessions, in an order of its own. */
static TestHook
to_hook (Ol2tpLifecycle event)
{
  static const TestHook hooks[] = {
    [OL2TP_LIFECYCLE_TUNNEL_CREATED] = TEST_HOOK_CREATED,
    [OL2TP_LIFECYCLE_TUNNEL_DELETED] = TEST_HOOK_DELETED,
    [OL2TP_LIFECYCLE_TUNNEL_MODIFIED] = TEST_HOOK_MODIFIED,
    [OL2TP_LIFECYCLE_TUNNEL_UP] = TEST_HOOK_UP,
    [OL2TP_LIFECYCLE_TUNNEL_DOWN] = TEST_HOOK_DOWN,
    [OL2TP_LIFECYCLE_SESSION_CREATED] = TEST_HOOK_CREATED,
    [OL2TP_LIFECYCLE_SESSION_DELETED] = TEST_HOOK_DELETED,
    [OL2TP_LIFECYCLE_SESSION_MODIFIED] = TEST_HOOK_MODIFIED,
    [OL2TP_LIFECYCLE_SESSION_UP] = TEST_HOOK_UP,
    [OL2TP_LIFECYCLE_SESSION_DOWN] = TEST_HOOK_DOWN,
  };

  return hooks[event];
}

static void
tunnel_event (const Ol2tpTunnelEntry *tunnel, Ol2tpLifecycle event, gpointer user_data)
{
  Grammar *self = user_data;
  TestHook hook = to_hook (event);
  guint n_all, n_with_id, n_up;

  g_assert_cmpint (event, <, OL2TP_LIFECYCLE_SESSION_CREATED);
  object_event (find (self->tunnels, &tunnel->serial), hook, tunnel->id, tunnel->state);
  signal_of (self->tunnel_lives, tunnel->id, hook);
  count_sessions (self, tunnel->serial, &n_all, &n_with_id, &n_up);
  if (hook == TEST_HOOK_UP)
    g_assert_cmpuint (tunnel->peer_id, !=, 0);
  if (hook != TEST_HOOK_MODIFIED)
    g_assert_true (n_up == 0);
  if (hook == TEST_HOOK_CREATED || hook == TEST_HOOK_DELETED)
    g_assert_cmpuint (n_with_id, ==, 0);
  grammar_tell (self, "%s %s", tunnel->name, names[hook]);
}

static void
session_added (const Ol2tpSessionEntry *session, gpointer user_data)
{
  Grammar *self = user_data;
  g_autofree char *path = g_strdup_printf ("%s/Session/%" G_GUINT64_FORMAT, session->tunnel->path, session->serial);
  Object *object;

  g_assert_cmpstr (session->path, ==, path);
  find (self->tunnels, &session->tunnel->serial);
  object = add (self->sessions, session->serial, session->tunnel->serial);
  object->state = session->state;
  object->ppp_state = session->ppp_state;
  grammar_tell (self, "%s/%s added", session->tunnel->name, session->name);
}

static void
session_removed (const Ol2tpSessionEntry *session, gpointer user_data)
{
  Grammar *self = user_data;

  g_assert_cmpuint (find (self->sessions, &session->serial)->id, ==, 0);
  g_hash_table_remove (self->sessions, &session->serial);
  grammar_tell (self, "%s/%s removed", session->tunnel->name, session->name);
}

static void
session_changed (const Ol2tpSessionEntry *session, const char *const *properties, gpointer user_data)
{
  Grammar *self = user_data;
  Object *object = find (self->sessions, &session->serial);

  if (check_properties (properties, "PppState"))
    object->ppp_state = session->ppp_state;
  if (!check_properties (properties, "State"))
    return;
  object->state = session->state;
  grammar_tell (self, "%s/%s=%s", session->tunnel->name, session->name, ol2tp_entry_state_to_string (session->state));
}

static void
session_event (const Ol2tpSessionEntry *session, Ol2tpLifecycle event, gpointer user_data)
{
  Grammar *self = user_data;
  const Object *tunnel = find (self->tunnels, &session->tunnel->serial);
  TestHook hook = to_hook (event);

  g_assert_cmpint (event, >=, OL2TP_LIFECYCLE_SESSION_CREATED);
  object_event (find (self->sessions, &session->serial), hook, session->id, session->state);
  signal_of (self->session_lives, session->id, hook);
  g_assert_cmpuint (tunnel->id, !=, 0);
  if (hook == TEST_HOOK_UP || hook == TEST_HOOK_DOWN)
    g_assert_true (tunnel->up);
  if (hook == TEST_HOOK_UP)
    g_assert_cmpuint (session->peer_id, !=, 0);
  grammar_tell (self, "%s/%s %s", session->tunnel->name, session->name, names[hook]);
}

static const Ol2tpObserver observer = {
  .tunnel_added = tunnel_added,
  .tunnel_removed = tunnel_removed,
  .tunnel_changed = tunnel_changed,
  .tunnel_event = tunnel_event,
  .session_added = session_added,
  .session_removed = session_removed,
  .session_changed = session_changed,
  .session_event = session_event,
};

Grammar *
grammar_new (Ol2tpController *controller)
{
  Grammar *self = g_new0 (Grammar, 1);

  self->controller = controller;
  self->tunnel_lives = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->session_lives = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->tunnels = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->sessions = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->story = g_string_new ("");
  self->with_hooks = TRUE;
  ol2tp_controller_set_observer (controller, &observer, self);
  return self;
}

void
grammar_free (Grammar *self)
{
  g_hash_table_unref (self->tunnel_lives);
  g_hash_table_unref (self->session_lives);
  g_hash_table_unref (self->tunnels);
  g_hash_table_unref (self->sessions);
  g_string_free (self->story, TRUE);
  g_free (self);
}

static void
check_session (Grammar *self, const Ol2tpSessionEntry *session)
{
  const Object *object = find (self->sessions, &session->serial);

  g_assert_cmpuint (object->id, ==, session->id);
  g_assert_cmpint (object->up, ==, session->up);
  g_assert_cmpint (object->state, ==, session->state);
  g_assert_cmpint (object->ppp_state, ==, session->ppp_state);
  g_assert_cmpuint (session->changed->len, ==, 0);
  g_assert_true (session->id != 0 || session->state == OL2TP_ENTRY_IDLE);
  if (session->id != 0)
    g_assert_true (ol2tp_model_find_session (ol2tp_controller_get_model (self->controller), session->id) == session);
}

void
grammar_check (Grammar *self)
{
  const Ol2tpModel *model = ol2tp_controller_get_model (self->controller);
  g_autoptr (GPtrArray) tunnels = ol2tp_model_list_tunnels (model);
  guint n_lives = 0, n_session_lives = 0;

  g_assert_cmpuint (g_hash_table_size (self->tunnels), ==, tunnels->len);
  g_assert_cmpuint (g_hash_table_size (self->sessions), ==, ol2tp_model_get_n_sessions (model));
  for (guint i = 0; i < tunnels->len; i++)
    {
      const Ol2tpTunnelEntry *tunnel = g_ptr_array_index (tunnels, i);
      const Object *object = find (self->tunnels, &tunnel->serial);

      g_assert_cmpuint (object->id, ==, tunnel->id);
      g_assert_cmpint (object->up, ==, tunnel->up);
      g_assert_cmpint (object->state, ==, tunnel->state);
      g_assert_cmpuint (tunnel->changed->len, ==, 0);
      g_assert_true (tunnel->id != 0 || tunnel->state == OL2TP_ENTRY_IDLE);
      n_lives += tunnel->id != 0;
      for (guint s = 0; s < tunnel->sessions->len; s++)
        {
          const Ol2tpSessionEntry *session = g_ptr_array_index (tunnel->sessions, s);

          check_session (self, session);
          n_session_lives += session->id != 0;
        }
    }
  g_assert_cmpuint (g_hash_table_size (self->tunnel_lives), ==, n_lives);
  g_assert_cmpuint (g_hash_table_size (self->session_lives), ==, n_session_lives);
}
