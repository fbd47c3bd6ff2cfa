/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plugin/host.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "core/types.h"

typedef struct {
  char *directory; /* private copies of the fixtures: their mode does not depend on the builder's umask */
  Ol2tpPlugins *plugins;
  int record_fds[2];
} Fixture;

static void
copy_file (const char *from, const char *to, int mode)
{
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  g_file_get_contents (from, &data, &len, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (to, data, (gssize) len, G_FILE_SET_CONTENTS_NONE, mode, &error);
  g_assert_no_error (error);
  g_assert_cmpint (chmod (to, mode), ==, 0);
}

static char *
get_path (Fixture *f, const char *file)
{
  return g_build_filename (f->directory, file, NULL);
}

/* Copies shared object @name from the build folder. */
static void
install (Fixture *f, const char *name, const char *as, int mode)
{
  g_autofree char *from = g_strconcat (FIXTURES, "/", name, ".so", NULL);
  g_autofree char *to = get_path (f, as);

  copy_file (from, to, mode);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "first", "second", "chaining", "bare" };
  g_autofree char *fd = NULL;
  g_autoptr (GError) error = NULL;

  f->directory = g_dir_make_tmp ("ol2tp-plugins-XXXXXX", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_strconcat (names[i], ".so", NULL);

      install (f, names[i], file, 0644);
    }

  g_assert_cmpint (pipe2 (f->record_fds, O_CLOEXEC | O_NONBLOCK), ==, 0);
  fd = g_strdup_printf ("%d", f->record_fds[1]);
  g_setenv ("OL2TP_TEST_FD", fd, TRUE);
  g_unsetenv ("OL2TP_TEST_REFUSE");
  f->plugins = ol2tp_plugins_new (f->directory, NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (f->directory, 0, NULL);
  const char *name;

  g_clear_pointer (&f->plugins, ol2tp_plugins_free);
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = get_path (f, name);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (f->directory), ==, 0);
  g_free (f->directory);
  close (f->record_fds[0]);
  close (f->record_fds[1]);
}

/* Compares all that fixtures recorded since the last call. */
static void
assert_recorded (Fixture *f, const char *expected)
{
  char buffer[4096];
  gssize len = read (f->record_fds[0], buffer, sizeof buffer - 1);

  buffer[MAX (len, 0)] = '\0';
  g_assert_cmpstr (buffer, ==, expected);
}

static void
assert_loads (Fixture *f, const char *name)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = ol2tp_plugins_load (f->plugins, name, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

static void
assert_fails (Fixture *f, const char *name, Ol2tpError code, const char *words)
{
  g_autoptr (GError) error = NULL;
  guint n = ol2tp_plugins_get_n (f->plugins);

  g_assert_false (ol2tp_plugins_load (f->plugins, name, &error));
  g_assert_error (error, OL2TP_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_nonnull (strstr (error->message, name));
  g_assert_cmpuint (ol2tp_plugins_get_n (f->plugins), ==, n);
}

static void
test_names (Fixture *f, gconstpointer data)
{
  g_autofree char *path = get_path (f, "first.so");
  g_autofree char *link = get_path (f, "link");
  g_autofree char *hard_link = get_path (f, "hard-link.so");
  g_autofree char *indirect = g_strconcat (f->directory, "/../", strrchr (f->directory, '/') + 1, "/first.so", NULL);

  g_assert_cmpint (symlink (path, link), ==, 0);
  g_assert_cmpint (linkat (AT_FDCWD, path, AT_FDCWD, hard_link, 0), ==, 0);

  assert_loads (f, "first");
  assert_recorded (f, "first init\n");
  assert_loads (f, "first");
  assert_loads (f, "first.so");
  assert_loads (f, path);
  assert_loads (f, "link");
  assert_loads (f, link);
  assert_loads (f, "hard-link");
  assert_loads (f, indirect);
  assert_recorded (f, "");
  g_assert_cmpuint (ol2tp_plugins_get_n (f->plugins), ==, 1);
  g_assert_cmpstr (ol2tp_plugins_get_name (f->plugins, 0), ==, "first");
  g_assert_cmpstr (ol2tp_plugins_get_version (f->plugins, 0), ==, "version of first");

  ol2tp_plugins_tunnel_modified (f->plugins, 7);
  assert_recorded (f, "first tunnel_modified 7\n");
}

static void
test_relative_path (Fixture *f, gconstpointer data)
{
  g_autofree char *parent = g_path_get_dirname (f->directory);
  g_autofree char *path = g_strconcat (strrchr (f->directory, '/') + 1, "/second.so", NULL);

  ol2tp_plugins_free (f->plugins);
  f->plugins = ol2tp_plugins_new ("/nonexistent", parent);
  assert_loads (f, path);
  g_assert_cmpstr (ol2tp_plugins_get_name (f->plugins, 0), ==, "second");
  assert_fails (f, "./second.so", OL2TP_ERROR_NOT_FOUND, "No such file");
}

static void
test_not_found (Fixture *f, gconstpointer data)
{
  assert_fails (f, "absent", OL2TP_ERROR_NOT_FOUND, "absent.so nor ");
  assert_fails (f, "absent.so", OL2TP_ERROR_NOT_FOUND, f->directory);
  assert_fails (f, "/nonexistent/first.so", OL2TP_ERROR_NOT_FOUND, "No such file");
  assert_fails (f, "", OL2TP_ERROR_NOT_FOUND, "empty name");
}

static void
test_entry_points (Fixture *f, gconstpointer data)
{
  g_autofree char *garbage = get_path (f, "garbage.so");
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (garbage, "not an object", -1, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
  install (f, "no-symbols", "no-symbols.so", 0644);
  install (f, "no-init", "no-init.so", 0644);
  install (f, "no-version", "no-version.so", 0644);
  install (f, "mixed-families", "mixed-families.so", 0644);
  install (f, "undefined", "undefined.so", 0644);
  install (f, "both-families", "both-families", 0644);

  assert_fails (f, "garbage", OL2TP_ERROR_FAILED, "garbage.so: ");
  assert_fails (f, "no-symbols", OL2TP_ERROR_FAILED, "is no OpenL2TP plugin");
  assert_fails (f, "no-init", OL2TP_ERROR_FAILED, "does not define l2tp_plugin_init");
  assert_fails (f, "no-version", OL2TP_ERROR_FAILED, "does not define l2tp_plugin_version");
  assert_fails (f, "mixed-families", OL2TP_ERROR_FAILED, "does not define openl2tp_plugin_version");
  assert_fails (f, "undefined", OL2TP_ERROR_FAILED, "undefined.so: undefined symbol: ol2tp_plugins_free");
  assert_recorded (f, "");

  assert_loads (f, "both-families");
  g_assert_cmpstr (ol2tp_plugins_get_version (f->plugins, 0), ==, "new names");
  g_clear_pointer (&f->plugins, ol2tp_plugins_free);
  assert_recorded (f, "new init\nnew cleanup\n");
  f->plugins = ol2tp_plugins_new (f->directory, NULL);
}

static void
test_failing_init (Fixture *f, gconstpointer data)
{
  g_setenv ("OL2TP_TEST_REFUSE", "second.init=-5", TRUE);
  assert_loads (f, "first");
  assert_fails (f, "second", OL2TP_ERROR_FAILED, "init function failed: -5");
  assert_recorded (f, "first init\nsecond init\n");

  ol2tp_plugins_tunnel_modified (f->plugins, 7);
  assert_recorded (f, "first tunnel_modified 7\n");
  g_assert_null (l2tp_tunnel_modified_hook);
}

/*
 * glibc takes a name it has seen for the object it has loaded.  Descriptors, and with them the names plugins are loaded by, are
 * used again: also then the right file must be loaded, even after one that refuses to go.
 */
static void
test_descriptor_reuse (Fixture *f, gconstpointer data)
{
  install (f, "stays-loaded", "stays-loaded.so", 0644);
  g_setenv ("OL2TP_TEST_REFUSE", "stays-loaded.init=-1", TRUE);
  assert_fails (f, "stays-loaded", OL2TP_ERROR_FAILED, "init function failed");
  assert_loads (f, "first");
  g_assert_cmpstr (ol2tp_plugins_get_version (f->plugins, 0), ==, "version of first");

  g_setenv ("OL2TP_TEST_REFUSE", "second.init=-1", TRUE);
  assert_fails (f, "second", OL2TP_ERROR_FAILED, "init function failed");
  assert_loads (f, "chaining");
  g_assert_cmpstr (ol2tp_plugins_get_version (f->plugins, 1), ==, "version of chaining");
  assert_loads (f, "stays-loaded");
  g_assert_cmpstr (ol2tp_plugins_get_version (f->plugins, 2), ==, "version of stays-loaded");
  assert_recorded (f, "stays-loaded init\nfirst init\nsecond init\nchaining init\nstays-loaded init\n");
}

static void
test_unsafe_files (Fixture *f, gconstpointer data)
{
  g_autofree char *fifo = get_path (f, "fifo.so");
  g_autofree char *foreign = get_path (f, "foreign.so");

  install (f, "first", "everybody.so", 0646);
  install (f, "first", "group.so", 0664);
  install (f, "first", "foreign.so", 0644);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);

  assert_fails (f, "everybody", OL2TP_ERROR_FAILED, "mode 0646 lets everybody write it");
  assert_fails (f, "group", OL2TP_ERROR_FAILED, "mode 0664 lets its group write it");
  assert_fails (f, "fifo", OL2TP_ERROR_FAILED, "not a regular file");
  assert_fails (f, f->directory, OL2TP_ERROR_FAILED, "not a regular file");
  if (geteuid () == 0)
    {
      g_assert_cmpint (chown (foreign, 65534, (gid_t) -1), ==, 0);
      assert_fails (f, "foreign", OL2TP_ERROR_FAILED, "owned by user 65534");
    }
  assert_recorded (f, "");
}

static void
test_order (Fixture *f, gconstpointer data)
{
  struct l2tp_session const *session = (struct l2tp_session const *) f;

  assert_loads (f, "first");
  assert_loads (f, "second");
  assert_recorded (f, "first init\nsecond init\n");

  g_assert_true (ol2tp_plugins_tunnel_created (f->plugins, 1, FALSE, NULL));
  assert_recorded (f, "first tunnel_created 1\nsecond tunnel_created 1\n");
  ol2tp_plugins_tunnel_up (f->plugins, 1, 65535);
  assert_recorded (f, "first tunnel_up 1 65535\nsecond tunnel_up 1 65535\n");
  g_assert_true (ol2tp_plugins_session_created (f->plugins, session, 1, 2, FALSE, NULL));
  assert_recorded (f, "first session_created 1/2\nsecond session_created 1/2\n");
  g_assert_true (ol2tp_plugins_session_up (f->plugins, session, 1, 2, 3, 4, NULL));
  assert_recorded (f, "first session_up 1/2 3/4\nsecond session_up 1/2 3/4\n");
  ol2tp_plugins_session_modified (f->plugins, session, 1, 2);
  assert_recorded (f, "first session_modified 1/2\nsecond session_modified 1/2\n");
  ol2tp_plugins_tunnel_modified (f->plugins, 1);
  assert_recorded (f, "first tunnel_modified 1\nsecond tunnel_modified 1\n");
  ol2tp_plugins_session_down (f->plugins, session, 1, 2);
  assert_recorded (f, "first session_down 1/2\nsecond session_down 1/2\n");
  ol2tp_plugins_session_deleted (f->plugins, session, 1, 2);
  assert_recorded (f, "first session_deleted 1/2\nsecond session_deleted 1/2\n");
  ol2tp_plugins_tunnel_down (f->plugins, 1);
  assert_recorded (f, "first tunnel_down 1\nsecond tunnel_down 1\n");
  ol2tp_plugins_tunnel_deleted (f->plugins, 1);
  assert_recorded (f, "first tunnel_deleted 1\nsecond tunnel_deleted 1\n");

  g_clear_pointer (&f->plugins, ol2tp_plugins_free);
  assert_recorded (f, "second cleanup\nfirst cleanup\n");
  g_assert_null (l2tp_tunnel_created_hook);
  f->plugins = ol2tp_plugins_new (f->directory, NULL);
}

/* Plugins before and after one that chains are called once all the same, as is the one that does not chain. */
static void
test_chaining (Fixture *f, gconstpointer data)
{
  assert_loads (f, "first");
  assert_loads (f, "chaining");
  assert_loads (f, "second");
  assert_recorded (f, "first init\nchaining init\nsecond init\n");

  g_assert_true (ol2tp_plugins_tunnel_created (f->plugins, 1, FALSE, NULL));
  assert_recorded (f, "first tunnel_created 1\n"
                      "chaining old hook is NULL\n"
                      "chaining tunnel_created 1\n"
                      "second tunnel_created 1\n");
}

static void
test_bare (Fixture *f, gconstpointer data)
{
  g_autofree char *path = get_path (f, "bare.so");

  ol2tp_plugins_free (f->plugins);
  f->plugins = ol2tp_plugins_new ("/nonexistent", NULL);
  assert_loads (f, path);
  g_assert_cmpstr (ol2tp_plugins_get_version (f->plugins, 0), ==, "bare");
  g_assert_true (ol2tp_plugins_tunnel_created (f->plugins, 1, FALSE, NULL));
  ol2tp_plugins_tunnel_up (f->plugins, 1, 2);
  g_assert_true (ol2tp_plugins_session_created (f->plugins, NULL, 1, 3, FALSE, NULL));
  g_assert_true (ol2tp_plugins_session_up (f->plugins, NULL, 1, 3, 2, 4, NULL));
  assert_recorded (f, "bare tunnel 1\nbare tunnel_up 1 2\nbare session 1/3\nbare session_up 1/3 2/4\n");
}

static void
load_three (Fixture *f)
{
  assert_loads (f, "first");
  assert_loads (f, "second");
  assert_loads (f, "chaining");
  assert_recorded (f, "first init\nsecond init\nchaining init\n");
}

static void
test_refuse_created (Fixture *f, gconstpointer data)
{
  const char *refused_by = NULL;

  load_three (f);
  g_setenv ("OL2TP_TEST_REFUSE", "second.tunnel_created=-1", TRUE);
  g_assert_false (ol2tp_plugins_tunnel_created (f->plugins, 1, FALSE, &refused_by));
  g_assert_cmpstr (refused_by, ==, "second");
  assert_recorded (f, "first tunnel_created 1\nsecond tunnel_created 1\nfirst tunnel_deleted 1\n");
  g_assert_true (ol2tp_plugins_tunnel_created (f->plugins, 1, TRUE, NULL));
  assert_recorded (f, "first tunnel_created 1\nsecond tunnel_created 1\nchaining old hook is NULL\nchaining tunnel_created 1\n");

  g_setenv ("OL2TP_TEST_REFUSE", "chaining.session_created=-1", TRUE);
  g_assert_false (ol2tp_plugins_session_created (f->plugins, NULL, 1, 2, FALSE, &refused_by));
  g_assert_cmpstr (refused_by, ==, "chaining");
  assert_recorded (f, "first session_created 1/2\nsecond session_created 1/2\nchaining session_created 1/2\n"
                      "second session_deleted 1/2\nfirst session_deleted 1/2\n");
  g_assert_false (ol2tp_plugins_session_created (f->plugins, NULL, 1, 2, TRUE, NULL));
  assert_recorded (f, "first session_created 1/2\nsecond session_created 1/2\nchaining session_created 1/2\n"
                      "second session_deleted 1/2\nfirst session_deleted 1/2\n");
}

static void
test_tolerate (Fixture *f, gconstpointer data)
{
  g_autofree char *refuse = g_strdup_printf ("first.session_created=%d", -EEXIST);

  assert_loads (f, "first");
  assert_recorded (f, "first init\n");
  g_setenv ("OL2TP_TEST_REFUSE", refuse, TRUE);
  g_assert_true (ol2tp_plugins_session_created (f->plugins, NULL, 1, 2, TRUE, NULL));
  g_assert_false (ol2tp_plugins_session_created (f->plugins, NULL, 1, 2, FALSE, NULL));
  assert_recorded (f, "first session_created 1/2\nfirst session_created 1/2\n");
}

static void
test_refuse_up (Fixture *f, gconstpointer data)
{
  const char *refused_by = NULL;

  load_three (f);
  g_setenv ("OL2TP_TEST_REFUSE", "second.session_up=-7", TRUE);
  g_assert_false (ol2tp_plugins_session_up (f->plugins, NULL, 1, 2, 3, 4, &refused_by));
  g_assert_cmpstr (refused_by, ==, "second");
  assert_recorded (f, "first session_up 1/2 3/4\nsecond session_up 1/2 3/4\nfirst session_down 1/2\n");

  g_setenv ("OL2TP_TEST_REFUSE", "second.session_up=1", TRUE);
  g_assert_true (ol2tp_plugins_session_up (f->plugins, NULL, 1, 2, 3, 4, &refused_by));
}

static void
test_stats (Fixture *f, gconstpointer data)
{
  load_three (f);
  g_assert_true (ol2tp_plugins_session_get_stats (f->plugins, NULL, 1, 2, NULL));
  assert_recorded (f, "first session_get_stats 1/2\n");
  g_setenv ("OL2TP_TEST_REFUSE", "first.session_get_stats=1", TRUE);
  g_assert_true (ol2tp_plugins_session_get_stats (f->plugins, NULL, 1, 2, NULL));
  assert_recorded (f, "first session_get_stats 1/2\nsecond session_get_stats 1/2\n");
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (ol2tp_plugins_get_n (f->plugins), ==, 0);
  g_assert_true (ol2tp_plugins_session_up (f->plugins, NULL, 1, 2, 3, 4, NULL));
  g_assert_false (ol2tp_plugins_session_get_stats (f->plugins, NULL, 1, 2, NULL));
}

static void
log_line (Ol2tpPpp *ppp, int priority, const char *text, gpointer user_data)
{
  g_string_append_printf (user_data, "%d %s;", priority, text);
}

static int
get_secret (Ol2tpPpp *ppp, const char *user, char *secret, gsize size, gpointer user_data)
{
  g_string_append_printf (user_data, "secret of %s;", user);
  return (int) g_strlcpy (secret, "xyzzy", size);
}

static void
test_services (void)
{
  static const Ol2tpPppOps ops = { sizeof ops };
  Ol2tpPluginServices services = { .log = log_line, .get_secret = get_secret };
  g_autoptr (GString) calls = g_string_new ("");
  Ol2tpPpp *ppp = (Ol2tpPpp *) calls;
  char secret[16];

  ol2tp_plugins_set_services (&services, calls);
  ol2tp_ppp_log (NULL, LOG_INFO, "%d octets", 3);
  g_assert_cmpint (ol2tp_ppp_get_secret (ppp, "alice", secret, sizeof secret), ==, 5);
  g_assert_cmpint (ol2tp_ppp_get_secret (ppp, "alice", secret, 0), ==, -1);
  g_assert_cmpstr (calls->str, ==, "6 3 octets;secret of alice;");
  ol2tp_ppp_set_state (NULL, OL2TP_PPP_STATE_UP);

  ol2tp_plugins_set_services (NULL, NULL);
  g_assert_null (ol2tp_ppp_claim (1, 2, &ops, NULL));
  g_assert_null (ol2tp_ppp_get_config (ppp));
  g_assert_cmpint (ol2tp_ppp_take_channel (ppp), ==, -1);
  g_assert_cmpint (ol2tp_ppp_get_secret (ppp, "alice", secret, sizeof secret), ==, -1);
  g_assert_cmpint (ol2tp_watch_add (0, 0, NULL, NULL), <, 0);
  g_assert_cmpuint (ol2tp_timer_add (0, NULL, NULL), ==, 0);
  ol2tp_watch_remove (0);
  ol2tp_timer_remove (1);
  ol2tp_ppp_set_interface (ppp, "ppp0");
  ol2tp_ppp_end (ppp, OL2TP_PPP_END_CLOSED, 0, NULL);
}

#define ADD(path, func) g_test_add ("/plugin/host/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("names", test_names);
  ADD ("relative-path", test_relative_path);
  ADD ("not-found", test_not_found);
  ADD ("entry-points", test_entry_points);
  ADD ("failing-init", test_failing_init);
  ADD ("descriptor-reuse", test_descriptor_reuse);
  ADD ("unsafe-files", test_unsafe_files);
  ADD ("order", test_order);
  ADD ("chaining", test_chaining);
  ADD ("bare", test_bare);
  ADD ("refuse-created", test_refuse_created);
  ADD ("tolerate", test_tolerate);
  ADD ("refuse-up", test_refuse_up);
  ADD ("stats", test_stats);
  ADD ("empty", test_empty);
  g_test_add_func ("/plugin/host/services", test_services);
  return g_test_run ();
}
