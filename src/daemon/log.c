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

static void
log_line (GLogLevelFlags level, const Ol2tpTunnelEntry *tunnel, guint32 session_id, const char *subject, const char *text)
{
  g_autofree char *peer = ol2tp_address_to_string (&tunnel->endpoints.remote);
  g_autofree char *tunnel_id = g_strdup_printf ("%u", tunnel->id);
  g_autofree char *session_id_text = g_strdup_printf ("%u", session_id);

  g_log_structured (G_LOG_DOMAIN, level, "OL2TP_TUNNEL_ID", tunnel_id, "OL2TP_SESSION_ID", session_id_text, "OL2TP_PEER", peer,
                    "MESSAGE", "%s: %s", subject, text);
}

void
ol2tp_log_tunnel (GLogLevelFlags level, const Ol2tpTunnelEntry *tunnel, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *subject = g_strdup_printf ("tunnel %s", tunnel->name);
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  log_line (level, tunnel, 0, subject, text);
}

void
ol2tp_log_session (GLogLevelFlags level, const Ol2tpSessionEntry *session, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *subject = g_strdup_printf ("session %s/%s", session->tunnel->name, session->name);
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  log_line (level, session->tunnel, session->id, subject, text);
}
