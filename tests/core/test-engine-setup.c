/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Set-up of tunnels and calls, each test named after its row of the RFC checklist. */
#include "bench.h"

#include <string.h>

static void
test_establish (void)
{
  Bench bench;

  bench_init (&bench);
  bench_establish_as_initiator (&bench);
  bench_call (&bench);
  g_assert_cmpint (bench_tunnel_state (&bench), ==, OL2TP_TUNNEL_STATE_ESTABLISHED);
  g_assert_cmpint (bench_session_state (&bench), ==, OL2TP_SESSION_STATE_ESTABLISHED);
  bench_clear (&bench);

  bench_init (&bench);
  bench_establish_as_responder (&bench);
  bench_take_call (&bench);
  g_assert_cmpint (bench_tunnel_state (&bench), ==, OL2TP_TUNNEL_STATE_ESTABLISHED);
  g_assert_cmpint (bench_session_state (&bench), ==, OL2TP_SESSION_STATE_ESTABLISHED);
  bench_clear (&bench);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/engine/establish", test_establish);
  return g_test_run ();
}
