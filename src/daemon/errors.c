/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why an attempt failed, as the error its caller gets: one table from cause to code. */
#include "controller-private.h"

static Ol2tpError
code_of_cause (const Ol2tpCause *cause)
{
  switch (cause->reason)
    {
    case OL2TP_REASON_ADMIN:
    case OL2TP_REASON_SHUTDOWN:
    case OL2TP_REASON_CALLER_LEFT:
      return OL2TP_ERROR_CANCELED;
    case OL2TP_REASON_PEER:
      /* RFC 2661 section 4.4.2: error 7, try another; IANA: 9, try another directed. */
      if (cause->result_code == 2 && (cause->error_code == 7 || cause->error_code == 9))
        return OL2TP_ERROR_TRY_ANOTHER;
      return OL2TP_ERROR_PEER_REJECTED;
    case OL2TP_REASON_TIMEOUT:
      return OL2TP_ERROR_TIMEOUT;
    case OL2TP_REASON_PROTOCOL:
      return OL2TP_ERROR_PROTOCOL;
    case OL2TP_REASON_AUTHENTICATION:
      return OL2TP_ERROR_TUNNEL_AUTH_FAILED;
    case OL2TP_REASON_NO_SECRET:
      return OL2TP_ERROR_NO_SECRETS;
    case OL2TP_REASON_NETWORK:
      return OL2TP_ERROR_UNREACHABLE;
    case OL2TP_REASON_PPP:
      return OL2TP_ERROR_PPP_FAILED;
    case OL2TP_REASON_NONE:
    case OL2TP_REASON_REFUSED:
    default:
      return OL2TP_ERROR_FAILED;
    }
}

static GError *
from_cause (const char *subject, const Ol2tpCause *cause)
{
  g_autofree char *codes = g_strdup ("");

  if (cause->from_peer)
    {
      g_free (codes);
      codes = g_strdup_printf ("the peer closed it with result %u error %u%s", cause->result_code, cause->error_code,
                               *cause->message != '\0' ? ": " : "");
    }
  else if (*cause->message == '\0')
    {
      g_free (codes);
      codes = g_strdup (cause->reason == OL2TP_REASON_ADMIN ? "disconnected" : "closed");
    }
  return g_error_new (OL2TP_ERROR, code_of_cause (cause), "%s: %s%s", subject, codes, cause->message);
}

GError *
ol2tp_tunnel_error (const Ol2tpTunnelEntry *tunnel)
{
  g_autofree char *subject = g_strdup_printf ("tunnel %s", tunnel->name);

  if (tunnel->error != NULL)
    return g_error_new (OL2TP_ERROR, tunnel->error->code, "%s: %s", subject, tunnel->error->message);
  return from_cause (subject, &tunnel->cause);
}

static Ol2tpError
code_of_ppp_end (Ol2tpPppEnd ppp_end)
{
  switch (ppp_end)
    {
    case OL2TP_PPP_END_AUTH_REFUSED:
    case OL2TP_PPP_END_AUTH_PEER:
      return OL2TP_ERROR_PPP_AUTH_FAILED;
    case OL2TP_PPP_END_NO_SECRET:
      return OL2TP_ERROR_NO_SECRETS;
    case OL2TP_PPP_END_CLOSED:
    case OL2TP_PPP_END_NO_ANSWER:
    case OL2TP_PPP_END_NEGOTIATION:
    case OL2TP_PPP_END_FAILED:
    default:
      return OL2TP_ERROR_PPP_FAILED;
    }
}

/* Of all that went wrong the most telling: what PPP said, then our own failure, then the tunnel's, then the CDN. */
GError *
ol2tp_session_error (const Ol2tpSessionEntry *session)
{
  g_autofree char *subject = g_strdup_printf ("session %s/%s", session->tunnel->name, session->name);

  if (session->ppp_failed)
    {
      Ol2tpCause cause;

      ol2tp_ppp_end_to_cause (session, &cause);
      return g_error_new (OL2TP_ERROR, code_of_ppp_end (session->ppp_end), "%s: %s", subject, cause.message);
    }
  if (session->error != NULL)
    return g_error_new (OL2TP_ERROR, session->error->code, "%s: %s", subject, session->error->message);
  if (session->tunnel->error != NULL)
    return g_error_new (OL2TP_ERROR, session->tunnel->error->code, "%s: %s", subject, session->tunnel->error->message);
  return from_cause (subject, &session->cause);
}
