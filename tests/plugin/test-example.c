/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two shipped plugins that run nothing. */
#include "plugin/host.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static void
log_line (Ol2tpPpp *ppp, int priority, const char *text, gpointer user_data)
{
  g_string_append_printf (user_data, "%s\n", text);
}

static Ol2tpPpp *
claim (guint16 tunnel_id, guint16 session_id, const Ol2tpPppOps *ops, void *data, gpointer user_data)
{
  g_assert_not_reached ();
}

static const Ol2tpPluginServices services = { .log = log_line, .claim = claim };

/* A private copy: its mode does not depend on the builder's umask. */
static void
load_copy (Ol2tpPlugins *plugins, const char *directory, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *copy = g_build_filename (directory, name, NULL);
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  g_file_get_contents (path, &data, &len, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (copy, data, (gssize) len, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
  ol2tp_plugins_load (plugins, name, &error);
  g_assert_no_error (error);
  g_remove (copy);
}

static void
run_all_hooks (Ol2tpPlugins *plugins)
{
  g_assert_true (ol2tp_plugins_tunnel_created (plugins, 7, FALSE, NULL));
  ol2tp_plugins_tunnel_up (plugins, 7, 65535);
  g_assert_true (ol2tp_plugins_session_created (plugins, NULL, 7, 21, FALSE, NULL));
  g_assert_true (ol2tp_plugins_session_up (plugins, NULL, 7, 21, 65535, 3, NULL));
  ol2tp_plugins_tunnel_modified (plugins, 7);
  ol2tp_plugins_session_modified (plugins, NULL, 7, 21);
  g_assert_false (ol2tp_plugins_session_get_stats (plugins, NULL, 7, 21, NULL));
  ol2tp_plugins_session_down (plugins, NULL, 7, 21);
  ol2tp_plugins_session_deleted (plugins, NULL, 7, 21);
  ol2tp_plugins_tunnel_down (plugins, 7);
  ol2tp_plugins_tunnel_deleted (plugins, 7);
}

static void
test_lines (void)
{
  static const char expected[] = "example: tunnel_created tid=7\n"
                                 "example: tunnel_up tid=7 peer_tid=65535\n"
                                 "example: session_created tid=7 sid=21\n"
                                 "example: session_up tid=7 sid=21 peer_tid=65535 peer_sid=3\n"
                                 "example: tunnel_modified tid=7\n"
                                 "example: session_modified tid=7 sid=21\n"
                                 "example: session_get_stats tid=7 sid=21\n"
                                 "example: session_down tid=7 sid=21\n"
                                 "example: session_deleted tid=7 sid=21\n"
                                 "example: tunnel_down tid=7\n"
                                 "example: tunnel_deleted tid=7\n";
  g_autoptr (GString) logged = g_string_new ("");
  g_autofree char *directory = g_dir_make_tmp ("ol2tp-example-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (directory, "log", NULL);
  g_autofree char *written = NULL;
  g_autoptr (Ol2tpPlugins) plugins = ol2tp_plugins_new (directory, NULL);
  struct stat st;

  g_setenv ("OPENL2TP_EXAMPLE_LOG", file, TRUE);
  ol2tp_plugins_set_services (&services, logged);
  load_copy (plugins, directory, EXAMPLE);
  load_copy (plugins, directory, PPP_NULL);
  g_assert_cmpuint (ol2tp_plugins_get_n (plugins), ==, 2);
  run_all_hooks (plugins);
  ol2tp_plugins_set_services (NULL, NULL);

  g_assert_cmpstr (logged->str, ==, expected);
  g_assert_true (g_file_get_contents (file, &written, NULL, NULL));
  g_assert_cmpstr (written, ==, expected);
  g_assert_cmpint (stat (file, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 07777, ==, 0600);
  g_remove (file);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plugin/example/lines", test_lines);
  return g_test_run ();
}
