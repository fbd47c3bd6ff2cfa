/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The null data path says yes, carries nothing and has no channel. */
#include "datapath/datapath.h"

static void
test_null (void)
{
  g_autoptr (Ol2tpDatapath) datapath = ol2tp_datapath_null_new ();
  const Ol2tpDatapathOps *ops = datapath->ops;
  const Ol2tpDatapathTunnel tunnel = { .id = 1, .peer_id = 2, .fd = -1 };
  const Ol2tpDatapathSession session = { .tunnel_id = 1, .peer_tunnel_id = 2, .id = 3, .peer_id = 4 };
  Ol2tpDatapathStats stats = { .tx_packets = 1, .rx_oos_packets = 1 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (ops->name, ==, "null");
  g_assert_cmpstr (ops->feature, ==, "");
  g_assert_true (ops->tunnel_up (datapath, &tunnel, &error));
  g_assert_no_error (error);
  g_assert_true (ops->session_up (datapath, &session, &error));
  g_assert_no_error (error);
  g_assert_cmpint (ops->take_channel (datapath, 1, 3), ==, -1);
  g_assert_true (ops->get_session_stats (datapath, 1, 3, &stats, &error));
  g_assert_cmpuint (stats.tx_packets, ==, 0);
  g_assert_cmpuint (stats.rx_oos_packets, ==, 0);
  stats.rx_bytes = 1;
  g_assert_true (ops->get_tunnel_stats (datapath, 1, &stats, &error));
  g_assert_cmpuint (stats.rx_bytes, ==, 0);
  ops->session_down (datapath, 1, 3);
  ops->session_down (datapath, 1, 3);
  ops->tunnel_down (datapath, 1);
}

static void
test_free (void)
{
  Ol2tpDatapath *datapath = ol2tp_datapath_null_new ();
  const Ol2tpDatapathTunnel tunnel = { .id = 1, .peer_id = 2, .fd = -1 };

  g_assert_true (datapath->ops->tunnel_up (datapath, &tunnel, NULL));
  ol2tp_datapath_free (datapath);
  ol2tp_datapath_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/datapath/null/says-yes", test_null);
  g_test_add_func ("/datapath/null/free", test_free);
  return g_test_run ();
}
