/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "log.h"

static const struct {
  const char *name;
  guint bit;
} categories[] = {
  { "control", OL2TP_LOG_CONTROL },
  { "transport", OL2TP_LOG_TRANSPORT },
  { "ppp", OL2TP_LOG_PPP },
  { "all", OL2TP_LOG_ALL },
};

static guint
find_category (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (categories); i++)
    if (g_str_equal (categories[i].name, name))
      return categories[i].bit;
  return 0;
}

gboolean
ol2tp_log_parse_categories (const char *text, guint *mask, GError **error)
{
  g_auto (GStrv) words = NULL;
  guint64 number;

  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &number, NULL))
    {
      *mask = (guint) number;
      return TRUE;
    }
  words = g_strsplit (text, ",", -1);
  *mask = 0;
  for (char **word = words; *word != NULL; word++)
    {
      guint bit = find_category (g_strstrip (*word));

      if (bit == 0)
        {
          g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS,
                       "“%s” is no debug category: control, transport, ppp, all", *word);
          return FALSE;
        }
      *mask |= bit;
    }
  return TRUE;
}

static guint enabled;

void
ol2tp_log_set_categories (guint mask)
{
  enabled = mask;
}

gboolean
ol2tp_log_is_enabled (guint category)
{
  return (enabled & category) != 0;
}

gboolean
ol2tp_log_allow_peer (void)
{
  static gint64 window_us;
  static guint n_lines, n_suppressed;
  gint64 now_us = g_get_monotonic_time ();

  if (n_lines == 0 || now_us - window_us > 10 * G_USEC_PER_SEC)
    {
      window_us = now_us;
      n_lines = 0;
      if (n_suppressed > 0)
        g_message ("%u more lines about peers were not logged", n_suppressed);
      n_suppressed = 0;
    }
  if (n_lines < 10)
    {
      n_lines++;
      return TRUE;
    }
  n_suppressed++;
  return FALSE;
}

/* @message_id is NULL for most lines. */
G_GNUC_PRINTF (6, 0)
static void
log_line (GLogLevelFlags level, const char *message_id, const Ol2tpTunnelEntry *tunnel, guint32 session_id, const char *subject,
          const char *format, va_list args)
{
  g_autofree char *peer = ol2tp_address_to_string (&tunnel->endpoints.remote);
  g_autofree char *tunnel_id = g_strdup_printf ("%u", tunnel->id);
  g_autofree char *session_id_text = g_strdup_printf ("%u", session_id);
  g_autofree char *text = g_strdup_vprintf (format, args);

  if (message_id != NULL)
    g_log_structured (G_LOG_DOMAIN, level, "OL2TP_TUNNEL_ID", tunnel_id, "OL2TP_SESSION_ID", session_id_text, "OL2TP_PEER", peer,
                      "MESSAGE_ID", message_id, "MESSAGE", "%s: %s", subject, text);
  else
    g_log_structured (G_LOG_DOMAIN, level, "OL2TP_TUNNEL_ID", tunnel_id, "OL2TP_SESSION_ID", session_id_text, "OL2TP_PEER", peer,
                      "MESSAGE", "%s: %s", subject, text);
}

G_GNUC_PRINTF (4, 0)
static void
log_tunnel (GLogLevelFlags level, const char *message_id, const Ol2tpTunnelEntry *tunnel, const char *format, va_list args)
{
  g_autofree char *subject = g_strdup_printf ("tunnel %s", tunnel->name);

  log_line (level, message_id, tunnel, 0, subject, format, args);
}

G_GNUC_PRINTF (4, 0)
static void
log_session (GLogLevelFlags level, const char *message_id, const Ol2tpSessionEntry *session, const char *format, va_list args)
{
  g_autofree char *subject = g_strdup_printf ("session %s/%s", session->tunnel->name, session->name);

  log_line (level, message_id, session->tunnel, session->id, subject, format, args);
}

void
ol2tp_log_tunnel (GLogLevelFlags level, const Ol2tpTunnelEntry *tunnel, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  log_tunnel (level, NULL, tunnel, format, args);
  va_end (args);
}

void
ol2tp_log_session (GLogLevelFlags level, const Ol2tpSessionEntry *session, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  log_session (level, NULL, session, format, args);
  va_end (args);
}

void
ol2tp_log_tunnel_event (const char *message_id, const Ol2tpTunnelEntry *tunnel, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  log_tunnel (G_LOG_LEVEL_MESSAGE, message_id, tunnel, format, args);
  va_end (args);
}

void
ol2tp_log_session_event (const char *message_id, const Ol2tpSessionEntry *session, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  log_session (G_LOG_LEVEL_MESSAGE, message_id, session, format, args);
  va_end (args);
}
