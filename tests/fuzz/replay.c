/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a fuzz target over a folder of inputs, each one a test, and over every prefix of each. Built by any compiler. */
#include "fuzz.h"

#include <string.h>

static void
replay (gconstpointer user_data)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  g_file_get_contents (user_data, &contents, &len, &error);
  g_assert_no_error (error);
  for (gsize part = len; part > 0; part -= MIN (part, 1 + part / 16))
    {
      g_autofree guint8 *exact = g_memdup2 (contents, part);

      LLVMFuzzerTestOneInput (exact, part);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GDir) dir = NULL;
  g_autofree char *target = NULL;
  const char *name;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  target = g_path_get_basename (argv[1]);
  dir = g_dir_open (argv[1], 0, NULL);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_strdup_printf ("/fuzz/%s/%s", target, name);

      g_test_add_data_func_full (path, g_build_filename (argv[1], name, NULL), replay, g_free);
    }
  return g_test_run ();
}
