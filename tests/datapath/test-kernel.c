/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the kernel cannot do L2TP, the kernel data path says so in words that help, and leaves nothing open. */
#include "datapath/datapath.h"

#include <string.h>

static guint
count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_unsupported (void)
{
  guint before = count_fds ();
  g_autoptr (GError) error = NULL;
  g_autoptr (Ol2tpDatapath) datapath = ol2tp_datapath_kernel_new (&error);

  if (datapath != NULL)
    {
      g_test_skip ("this kernel has L2TP");
      return;
    }
  g_test_message ("%s", error->message);
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_KERNEL_UNSUPPORTED);
  /* whichever is lacking first: the module to load is named, or the device */
  g_assert_true (strstr (error->message, "l2tp_ppp") != NULL || strstr (error->message, "/dev/ppp") != NULL);
  if (strstr (error->message, "generic netlink") != NULL)
    g_assert_cmpstr (
        error->message, ==,
        "kernel has no L2TP (generic netlink family \"l2tp\" not found): load or install l2tp_ppp and l2tp_netlink; some "
        "distributions blacklist them in /etc/modprobe.d");
  g_assert_cmpuint (count_fds (), ==, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/datapath/kernel/unsupported", test_unsupported);
  return g_test_run ();
}
