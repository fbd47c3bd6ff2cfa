/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Debug categories as -d takes them, and the journal fields of lines about objects. */
#include "daemon/log.h"

#include <string.h>

static void
test_categories (void)
{
  static const struct {
    const char *text;
    guint mask;
  } cases[] = {
    { "control", OL2TP_LOG_CONTROL },
    { "transport", OL2TP_LOG_TRANSPORT },
    { "ppp", OL2TP_LOG_PPP },
    { "all", OL2TP_LOG_ALL },
    { "control,ppp", OL2TP_LOG_CONTROL | OL2TP_LOG_PPP },
    { "ppp, transport", OL2TP_LOG_PPP | OL2TP_LOG_TRANSPORT },
    { " control ", OL2TP_LOG_CONTROL },
    { "ppp,ppp", OL2TP_LOG_PPP },
    { "all,ppp", OL2TP_LOG_ALL },
    { "0", 0 },
    { "1", OL2TP_LOG_CONTROL },
    { "65", OL2TP_LOG_CONTROL | OL2TP_LOG_PPP },
    { "4294967295", G_MAXUINT32 },
    { "", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint mask = 12345;

      g_test_message ("“%s”", cases[i].text);
      g_assert_true (ol2tp_log_parse_categories (cases[i].text, &mask, &error));
      g_assert_no_error (error);
      g_assert_cmphex (mask, ==, cases[i].mask);
    }
}

static void
test_bad_categories (void)
{
  static const struct {
    const char *text;
    const char *word;
  } cases[] = {
    { "avp", "“avp”" },   { "control,avp", "“avp”" }, { "Control", "“Control”" },       { "control;ppp", "“control;ppp”" },
    { "ppp,", "“”" },     { ",ppp", "“”" },           { "4294967296", "“4294967296”" }, { "-1", "“-1”" },
    { "0x10", "“0x10”" }, { "1,2", "“1”" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint mask;

      g_assert_false (ol2tp_log_parse_categories (cases[i].text, &mask, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS);
      g_assert_nonnull (strstr (error->message, cases[i].word));
      g_assert_nonnull (strstr (error->message, "control, transport, ppp, all"));
    }
}

/* Lines. */

static GString *written;

static GLogWriterOutput
write_fields (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const char *message = "";

  /* GLib has the message where it likes: last, here. */
  g_string_append_printf (written, "level=%d", (int) level);
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      message = fields[i].value;
    else if (g_str_has_prefix (fields[i].key, "OL2TP_") || g_str_equal (fields[i].key, "MESSAGE_ID"))
      g_string_append_printf (written, " %s=%s", fields[i].key, (const char *) fields[i].value);
  g_string_append_printf (written, " MESSAGE=%s\n", message);
  return G_LOG_WRITER_HANDLED;
}

static void
test_lines (void)
{
  g_autoptr (Ol2tpModel) model = ol2tp_model_new ();
  Ol2tpTunnelEntry *tunnel = ol2tp_model_add_tunnel (model, "office", "x", OL2TP_ORIGIN_RUNTIME, ol2tp_tunnel_settings_new ());
  Ol2tpSessionEntry *session = ol2tp_model_add_session (model, tunnel, "one", OL2TP_ORIGIN_RUNTIME, ol2tp_session_settings_new ());
  g_autofree char *expected = NULL;

  written = g_string_new ("");
  g_log_set_writer_func (write_fields, NULL, NULL);
  ol2tp_log_tunnel (G_LOG_LEVEL_MESSAGE, tunnel, "100%% %s", "%s%n");
  ol2tp_model_set_tunnel_id (model, tunnel, 7);
  ol2tp_model_set_session_id (model, session, 9);
  g_assert_true (ol2tp_address_parse ("2001:db8::1", &tunnel->endpoints.remote));
  ol2tp_log_session (G_LOG_LEVEL_WARNING, session, "down: %d", -1);
  ol2tp_log_tunnel_event (OL2TP_MESSAGE_TUNNEL_UP, tunnel, "up");

  expected = g_strdup_printf (
      "level=%d OL2TP_TUNNEL_ID=0 OL2TP_SESSION_ID=0 OL2TP_PEER= MESSAGE=tunnel office: 100%% %%s%%n\n"
      "level=%d OL2TP_TUNNEL_ID=7 OL2TP_SESSION_ID=9 OL2TP_PEER=2001:db8::1 MESSAGE=session office/one: down: -1\n"
      "level=%d OL2TP_TUNNEL_ID=7 OL2TP_SESSION_ID=0 OL2TP_PEER=2001:db8::1 MESSAGE_ID=" OL2TP_MESSAGE_TUNNEL_UP " MESSAGE=tunnel office: up\n",
      G_LOG_LEVEL_MESSAGE, G_LOG_LEVEL_WARNING, G_LOG_LEVEL_MESSAGE);
  g_assert_cmpstr (written->str, ==, expected);
  g_string_free (written, TRUE);
}

static void
test_allow_peer (void)
{
  for (guint i = 0; i < 10; i++)
    g_assert_true (ol2tp_log_allow_peer ());
  for (guint i = 0; i < 1000; i++)
    g_assert_false (ol2tp_log_allow_peer ());
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/daemon/log/categories", test_categories);
  g_test_add_func ("/daemon/log/bad-categories", test_bad_categories);
  g_test_add_func ("/daemon/log/lines", test_lines);
  g_test_add_func ("/daemon/log/allow-peer", test_allow_peer);
  return g_test_run ();
}
