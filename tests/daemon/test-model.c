/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects: names, paths, serials that are never used twice, and the indexes by ID. */
#include "daemon/model.h"

static Ol2tpTunnelEntry *
add_tunnel (Ol2tpModel *model, const char *name, Ol2tpOrigin origin)
{
  return ol2tp_model_add_tunnel (model, name, "192.0.2.1", origin, ol2tp_tunnel_settings_new ());
}

static Ol2tpSessionEntry *
add_session (Ol2tpModel *model, Ol2tpTunnelEntry *tunnel, const char *name)
{
  return ol2tp_model_add_session (model, tunnel, name, OL2TP_ORIGIN_RUNTIME, ol2tp_session_settings_new ());
}

static void
test_states (void)
{
  static const char *const names[] = { "idle",       "resolving",    "wait-ctl-reply", "wait-ctl-conn", "wait-tunnel",
                                       "wait-reply", "wait-connect", "established",    "closing" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (ol2tp_entry_state_to_string ((Ol2tpEntryState) i), ==, names[i]);
  g_assert_cmpuint (OL2TP_ENTRY_CLOSING, ==, G_N_ELEMENTS (names) - 1);
}

static void
test_tunnel_names (void)
{
  g_autoptr (Ol2tpModel) model = ol2tp_model_new ();
  Ol2tpTunnelEntry *office = add_tunnel (model, "office", OL2TP_ORIGIN_RUNTIME);
  Ol2tpTunnelEntry *chosen = add_tunnel (model, "tunnel-3", OL2TP_ORIGIN_RUNTIME);

  g_assert_cmpstr (office->path, ==, "/org/openl2tp1/Tunnel/1");
  g_assert_null (add_tunnel (model, "office", OL2TP_ORIGIN_RUNTIME));
  g_assert_cmpstr (chosen->path, ==, "/org/openl2tp1/Tunnel/2");

  /* The name made next would be the one chosen above: it is skipped, with its serial. */
  g_assert_cmpstr (add_tunnel (model, NULL, OL2TP_ORIGIN_RUNTIME)->name, ==, "tunnel-4");
  g_assert_cmpstr (add_tunnel (model, "", OL2TP_ORIGIN_CONFIG)->name, ==, "tunnel-5");
  g_assert_cmpstr (add_tunnel (model, NULL, OL2TP_ORIGIN_PEER)->name, ==, "peer-6");

  g_assert_true (ol2tp_model_find_tunnel_by_name (model, "office") == office);
  g_assert_null (ol2tp_model_find_tunnel_by_name (model, "Office"));
  ol2tp_model_remove_tunnel (model, office);
  g_assert_null (ol2tp_model_find_tunnel_by_name (model, "office"));
  g_assert_cmpuint (add_tunnel (model, "office", OL2TP_ORIGIN_RUNTIME)->serial, ==, 7);
}

static void
test_defaults (void)
{
  g_autoptr (Ol2tpModel) model = ol2tp_model_new ();
  Ol2tpTunnelEntry *ours = add_tunnel (model, "ours", OL2TP_ORIGIN_RUNTIME);
  Ol2tpTunnelEntry *theirs = add_tunnel (model, "theirs", OL2TP_ORIGIN_PEER);
  Ol2tpSessionEntry *session = add_session (model, ours, NULL);
  Ol2tpSessionEntry *call = ol2tp_model_add_session (model, theirs, NULL, OL2TP_ORIGIN_PEER, ol2tp_session_settings_new ());

  g_assert_true (ours->initiator);
  g_assert_false (theirs->initiator);
  g_assert_false (session->lns);
  g_assert_true (call->lns);
  g_assert_cmpstr (ours->peer, ==, "192.0.2.1");
  g_assert_cmpstr (ours->peer_host_name, ==, "");
  g_assert_cmpstr (ours->peer_vendor_name, ==, "");
  g_assert_cmpstr (session->ppp_user, ==, "");
  g_assert_cmpstr (session->interface_name, ==, "");
  g_assert_cmpstr (session->called_number, ==, "");
  g_assert_cmpstr (session->calling_number, ==, "");
  g_assert_cmpint (ours->state, ==, OL2TP_ENTRY_IDLE);
  g_assert_cmpint (session->state, ==, OL2TP_ENTRY_IDLE);
  g_assert_cmpuint (ours->id, ==, 0);
  g_assert_true (session->tunnel == ours);
}

static void
test_session_names (void)
{
  g_autoptr (Ol2tpModel) model = ol2tp_model_new ();
  Ol2tpTunnelEntry *a = add_tunnel (model, "a", OL2TP_ORIGIN_RUNTIME);
  Ol2tpTunnelEntry *b = add_tunnel (model, "b", OL2TP_ORIGIN_RUNTIME);
  Ol2tpSessionEntry *one = add_session (model, a, "one");

  g_assert_cmpstr (one->path, ==, "/org/openl2tp1/Tunnel/1/Session/1");
  g_assert_null (add_session (model, a, "one"));
  g_assert_cmpstr (add_session (model, b, "one")->path, ==, "/org/openl2tp1/Tunnel/2/Session/2"); /* unique within a tunnel only */
  g_assert_nonnull (add_session (model, a, "session-4"));
  g_assert_cmpstr (add_session (model, a, NULL)->name, ==, "session-5");
  g_assert_cmpstr (add_session (model, b, "")->name, ==, "session-6");
  g_assert_cmpuint (a->sessions->len, ==, 3);
  g_assert_cmpuint (ol2tp_model_get_n_sessions (model), ==, 5);

  ol2tp_model_remove_session (model, one);
  g_assert_cmpuint (a->sessions->len, ==, 2);
  g_assert_null (ol2tp_model_find_session_by_serial (model, 1));
  g_assert_cmpuint (add_session (model, a, "one")->serial, ==, 7);
}

static void
test_ids (void)
{
  g_autoptr (Ol2tpModel) model = ol2tp_model_new ();
  Ol2tpTunnelEntry *tunnel = add_tunnel (model, "a", OL2TP_ORIGIN_RUNTIME);
  Ol2tpSessionEntry *session = add_session (model, tunnel, NULL);

  g_assert_null (ol2tp_model_find_tunnel (model, 0));
  g_assert_null (ol2tp_model_find_session (model, 0));
  ol2tp_model_set_tunnel_id (model, tunnel, 65535);
  ol2tp_model_set_session_id (model, session, 65535);
  g_assert_true (ol2tp_model_find_tunnel (model, 65535) == tunnel);
  g_assert_true (ol2tp_model_find_session (model, 65535) == session);

  ol2tp_model_set_tunnel_id (model, tunnel, 3);
  g_assert_null (ol2tp_model_find_tunnel (model, 65535));
  g_assert_true (ol2tp_model_find_tunnel (model, 3) == tunnel);
  ol2tp_model_set_tunnel_id (model, tunnel, 0);
  ol2tp_model_set_tunnel_id (model, tunnel, 0);
  g_assert_null (ol2tp_model_find_tunnel (model, 3));
  g_assert_null (ol2tp_model_find_tunnel (model, 0));

  /* Removing an object takes its ID out. */
  ol2tp_model_set_tunnel_id (model, tunnel, 4);
  ol2tp_model_remove_session (model, session);
  g_assert_null (ol2tp_model_find_session (model, 65535));
  ol2tp_model_remove_tunnel (model, tunnel);
  g_assert_null (ol2tp_model_find_tunnel (model, 4));
  g_assert_cmpuint (ol2tp_model_get_n_tunnels (model), ==, 0);
  g_assert_cmpuint (ol2tp_model_get_n_sessions (model), ==, 0);
}

static void
test_list (void)
{
  g_autoptr (Ol2tpModel) model = ol2tp_model_new ();
  g_autoptr (GPtrArray) empty = ol2tp_model_list_tunnels (model);
  g_autoptr (GPtrArray) list = NULL;
  guint64 last = 0;

  g_assert_cmpuint (empty->len, ==, 0);
  for (guint i = 0; i < 1000; i++)
    add_tunnel (model, NULL, OL2TP_ORIGIN_RUNTIME);
  for (guint64 serial = 1; serial <= 1000; serial += 2)
    ol2tp_model_remove_tunnel (model, ol2tp_model_find_tunnel_by_serial (model, serial));

  list = ol2tp_model_list_tunnels (model);
  g_assert_cmpuint (list->len, ==, 500);
  g_assert_cmpuint (ol2tp_model_get_n_tunnels (model), ==, 500);
  for (guint i = 0; i < list->len; i++)
    {
      const Ol2tpTunnelEntry *tunnel = g_ptr_array_index (list, i);

      g_assert_cmpuint (tunnel->serial, >, last);
      g_assert_true (ol2tp_model_find_tunnel_by_serial (model, tunnel->serial) == tunnel);
      last = tunnel->serial;
    }
  g_assert_null (ol2tp_model_find_tunnel_by_serial (model, 1));
  g_assert_null (ol2tp_model_find_tunnel_by_serial (model, G_MAXUINT64));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/daemon/model/states", test_states);
  g_test_add_func ("/daemon/model/tunnel-names", test_tunnel_names);
  g_test_add_func ("/daemon/model/defaults", test_defaults);
  g_test_add_func ("/daemon/model/session-names", test_session_names);
  g_test_add_func ("/daemon/model/ids", test_ids);
  g_test_add_func ("/daemon/model/list", test_list);
  return g_test_run ();
}
