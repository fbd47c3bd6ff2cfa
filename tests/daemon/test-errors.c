/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why an attempt failed: which error its caller gets, and in which words. */
#include "daemon/controller-private.h"

#include <string.h>

typedef struct {
  Ol2tpModel *model;
  Ol2tpTunnelEntry *tunnel;
  Ol2tpSessionEntry *session;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->model = ol2tp_model_new ();
  f->tunnel = ol2tp_model_add_tunnel (f->model, "t", "x", OL2TP_ORIGIN_RUNTIME, ol2tp_tunnel_settings_new ());
  f->session = ol2tp_model_add_session (f->model, f->tunnel, "s", OL2TP_ORIGIN_RUNTIME, ol2tp_session_settings_new ());
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  ol2tp_model_free (f->model);
}

static void
assert_error (GError *error, Ol2tpError code, const char *text)
{
  g_assert_error (error, OL2TP_ERROR, (int) code);
  g_assert_cmpstr (error->message, ==, text);
  g_error_free (error);
}

static void
test_causes (Fixture *f, gconstpointer data)
{
  static const struct {
    Ol2tpCause cause;
    Ol2tpError code;
    const char *text;
  } cases[] = {
    { { OL2TP_REASON_NONE, FALSE, 0, 0, "" }, OL2TP_ERROR_FAILED, "closed" },
    { { OL2TP_REASON_ADMIN, FALSE, 1, 0, "" }, OL2TP_ERROR_CANCELED, "disconnected" },
    { { OL2TP_REASON_ADMIN, FALSE, 1, 0, "lunch" }, OL2TP_ERROR_CANCELED, "lunch" },
    { { OL2TP_REASON_SHUTDOWN, FALSE, 6, 0, "" }, OL2TP_ERROR_CANCELED, "closed" },
    { { OL2TP_REASON_PEER, TRUE, 4, 0, "" }, OL2TP_ERROR_PEER_REJECTED, "the peer closed it with result 4 error 0" },
    { { OL2TP_REASON_PEER, TRUE, 2, 4, "full" }, OL2TP_ERROR_PEER_REJECTED, "the peer closed it with result 2 error 4: full" },
    { { OL2TP_REASON_PEER, TRUE, 2, 7, "" }, OL2TP_ERROR_TRY_ANOTHER, "the peer closed it with result 2 error 7" },
    { { OL2TP_REASON_PEER, TRUE, 2, 9, "" }, OL2TP_ERROR_TRY_ANOTHER, "the peer closed it with result 2 error 9" },
    { { OL2TP_REASON_PEER, TRUE, 3, 7, "" }, OL2TP_ERROR_PEER_REJECTED, "the peer closed it with result 3 error 7" },
    { { OL2TP_REASON_TIMEOUT, FALSE, 0, 0, "no answer" }, OL2TP_ERROR_TIMEOUT, "no answer" },
    { { OL2TP_REASON_PROTOCOL, FALSE, 2, 3, "bad AVP" }, OL2TP_ERROR_PROTOCOL, "bad AVP" },
    { { OL2TP_REASON_AUTHENTICATION, FALSE, 4, 0, "no" }, OL2TP_ERROR_TUNNEL_AUTH_FAILED, "no" },
    { { OL2TP_REASON_AUTHENTICATION, TRUE, 4, 0, "" }, OL2TP_ERROR_TUNNEL_AUTH_FAILED, "the peer closed it with result 4 error 0" },
    { { OL2TP_REASON_NO_SECRET, FALSE, 4, 0, "none" }, OL2TP_ERROR_NO_SECRETS, "none" },
    { { OL2TP_REASON_NETWORK, FALSE, 2, 4, "no route" }, OL2TP_ERROR_UNREACHABLE, "no route" },
    { { OL2TP_REASON_REFUSED, FALSE, 2, 6, "plugin" }, OL2TP_ERROR_FAILED, "plugin" },
    { { OL2TP_REASON_PPP, FALSE, 1, 0, "PPP ended" }, OL2TP_ERROR_PPP_FAILED, "PPP ended" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *tunnel_text = g_strconcat ("tunnel t: ", cases[i].text, NULL);
      g_autofree char *session_text = g_strconcat ("session t/s: ", cases[i].text, NULL);

      f->tunnel->cause = f->session->cause = cases[i].cause;
      assert_error (ol2tp_tunnel_error (f->tunnel), cases[i].code, tunnel_text);
      assert_error (ol2tp_session_error (f->session), cases[i].code, session_text);
    }
}

/* The most telling first: PPP, our own failure, the tunnel's, the CDN. */
static void
test_precedence (Fixture *f, gconstpointer data)
{
  ol2tp_cause_init (&f->session->cause, OL2TP_REASON_NETWORK, 2, 4, "cause");
  f->tunnel->cause = f->session->cause;
  assert_error (ol2tp_session_error (f->session), OL2TP_ERROR_UNREACHABLE, "session t/s: cause");

  f->tunnel->error = g_error_new_literal (OL2TP_ERROR, OL2TP_ERROR_RESOLVE_FAILED, "who?");
  assert_error (ol2tp_session_error (f->session), OL2TP_ERROR_RESOLVE_FAILED, "session t/s: who?");
  assert_error (ol2tp_tunnel_error (f->tunnel), OL2TP_ERROR_RESOLVE_FAILED, "tunnel t: who?");

  f->session->error = g_error_new_literal (OL2TP_ERROR, OL2TP_ERROR_KERNEL, "no memory");
  assert_error (ol2tp_session_error (f->session), OL2TP_ERROR_KERNEL, "session t/s: no memory");

  f->session->ppp_failed = TRUE;
  f->session->ppp_end = OL2TP_PPP_END_AUTH_REFUSED;
  f->session->ppp_message = g_strdup ("Access denied");
  assert_error (ol2tp_session_error (f->session), OL2TP_ERROR_PPP_AUTH_FAILED,
                "session t/s: PPP authentication refused by the peer: Access denied");
}

static void
test_ppp_ends (Fixture *f, gconstpointer data)
{
  static const struct {
    Ol2tpPppEnd end;
    guint result, error;
    Ol2tpError code;
    const char *text;
  } cases[] = {
    { OL2TP_PPP_END_CLOSED, 1, 0, OL2TP_ERROR_PPP_FAILED, "PPP ended in order" },
    { OL2TP_PPP_END_AUTH_REFUSED, 2, 6, OL2TP_ERROR_PPP_AUTH_FAILED, "PPP authentication refused by the peer" },
    { OL2TP_PPP_END_AUTH_PEER, 2, 6, OL2TP_ERROR_PPP_AUTH_FAILED, "PPP authentication failed" },
    { OL2TP_PPP_END_NO_SECRET, 2, 6, OL2TP_ERROR_NO_SECRETS, "no PPP password" },
    { OL2TP_PPP_END_NO_ANSWER, 2, 6, OL2TP_ERROR_PPP_FAILED, "no PPP answer" },
    { OL2TP_PPP_END_NEGOTIATION, 2, 6, OL2TP_ERROR_PPP_FAILED, "PPP negotiation failed" },
    { OL2TP_PPP_END_FAILED, 2, 6, OL2TP_ERROR_PPP_FAILED, "PPP failed" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat ("session t/s: ", cases[i].text, NULL);
      Ol2tpCause cause;

      f->session->ppp_failed = TRUE;
      f->session->ppp_end = cases[i].end;
      ol2tp_ppp_end_to_cause (f->session, &cause);
      g_assert_cmpint (cause.reason, ==, OL2TP_REASON_PPP);
      g_assert_cmpuint (cause.result_code, ==, cases[i].result);
      g_assert_cmpuint (cause.error_code, ==, cases[i].error);
      g_assert_cmpstr (cause.message, ==, cases[i].text);
      assert_error (ol2tp_session_error (f->session), cases[i].code, text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/daemon/errors/causes", Fixture, NULL, set_up, test_causes, tear_down);
  g_test_add ("/daemon/errors/precedence", Fixture, NULL, set_up, test_precedence, tear_down);
  g_test_add ("/daemon/errors/ppp-ends", Fixture, NULL, set_up, test_ppp_ends, tear_down);
  return g_test_run ();
}
