/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Disconnecting and removing.  PPP ends in order first: a session with a claim waits for its provider, a tunnel for its sessions, both
 * for a bounded time.  A timer that points to a session is removed with it.
 */
#include "controller-private.h"

void
ol2tp_controller_close_tunnel_now (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpCause *cause)
{
  tunnel->close_sent = TRUE;
  ol2tp_engine_close_tunnel (engine (self), tunnel->id, cause, now (self), NULL);
}

void
ol2tp_controller_close_session_now (Ol2tpController *self, Ol2tpSessionEntry *session, const Ol2tpCause *cause)
{
  ol2tp_loop_remove_timer (loop (self), session->close_timer);
  session->close_timer = 0;
  ol2tp_engine_close_session (engine (self), session->id, cause, now (self), NULL);
}

static void
on_session_overdue (gpointer data)
{
  Ol2tpSessionEntry *session = data;
  Ol2tpController *self;

  session->close_timer = 0;
  if (session->ppp == NULL) /* it ended in this very turn: settle() goes on */
    return;
  self = session->ppp->controller;
  ol2tp_log_session (G_LOG_LEVEL_WARNING, session, "PPP did not end in time");
  ol2tp_ppp_detach (session->ppp);
  if (session->id != 0)
    ol2tp_controller_close_session_now (self, session, &session->close_cause);
  else
    ol2tp_controller_finish_session (self, session);
}

void
ol2tp_controller_await_ppp (Ol2tpController *self, Ol2tpSessionEntry *session)
{
  session->close_timer
    = ol2tp_loop_add_timer (loop (self), now (self) + OL2TP_PPP_STOP_USEC, on_session_overdue, session);
}

/* Begins to close a session: PPP first, in order. Returns FALSE if it could be closed at once. */
static gboolean
begin_close_session (Ol2tpController *self, Ol2tpSessionEntry *session, const Ol2tpCause *cause)
{
  if (session->closing)
    return TRUE;
  session->closing = TRUE;
  session->close_cause = *cause;
  if (session->ppp != NULL && ol2tp_ppp_request_stop (session->ppp))
    {
      ol2tp_controller_set_session_state (self, session, OL2TP_ENTRY_CLOSING);
      ol2tp_controller_await_ppp (self, session);
      return TRUE;
    }
  ol2tp_controller_close_session_now (self, session, cause);
  return FALSE;
}

void
ol2tp_controller_disconnect_session (Ol2tpController *self, Ol2tpSessionEntry *session, const Ol2tpCause *cause, Ol2tpDoneFunc done,
                                     gpointer data)
{
  if (ol2tp_session_is_down (session))
    {
      ol2tp_answer (done, data, NULL);
      return;
    }
  ol2tp_waiters_add (session->down_waiters, done, data, FALSE);
  if (session->id != 0)
    begin_close_session (self, session, cause);
  ol2tp_driver_run (self->driver);
}

/* Whether PPP of a session still has to end before the tunnel may be closed. */
static gboolean
has_closing_sessions (const Ol2tpTunnelEntry *tunnel)
{
  for (guint i = 0; i < tunnel->sessions->len; i++)
    {
      const Ol2tpSessionEntry *session = g_ptr_array_index (tunnel->sessions, i);

      if (session->id != 0 && session->close_timer != 0)
        return TRUE;
    }
  return FALSE;
}

void
ol2tp_controller_begin_close_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpCause *cause)
{
  Ol2tpCause session_cause = *cause;

  if (tunnel->closing)
    return;
  tunnel->closing = TRUE;
  tunnel->close_cause = *cause;
  g_cancellable_cancel (tunnel->resolving);
  g_clear_object (&tunnel->resolving);
  session_cause.result_code = 3; /* RFC 2661 section 4.4.2, CDN: administrative reasons */
  session_cause.error_code = 0;
  for (guint i = 0; i < tunnel->sessions->len; i++)
    {
      Ol2tpSessionEntry *session = g_ptr_array_index (tunnel->sessions, i);

      /* StopCCN clears sessions without PPP by itself (RFC 2661 section 6.4). */
      if (session->id != 0 && session->ppp != NULL)
        begin_close_session (self, session, &session_cause);
    }
  if (!has_closing_sessions (tunnel))
    {
      ol2tp_controller_close_tunnel_now (self, tunnel, &tunnel->close_cause);
      return;
    }
  ol2tp_controller_set_tunnel_state (self, tunnel, OL2TP_ENTRY_CLOSING);
  for (guint i = 0; i < tunnel->sessions->len; i++)
    {
      Ol2tpSessionEntry *session = g_ptr_array_index (tunnel->sessions, i);

      /* Nor do others come up, and begin PPP, while those are waited for. */
      if (session->id != 0)
        begin_close_session (self, session, &session_cause);
    }
}

/* The sessions a closing tunnel waited for have ended. */
void
ol2tp_controller_finish_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel)
{
  if (tunnel->closing && !tunnel->close_sent && tunnel->id != 0 && !has_closing_sessions (tunnel))
    ol2tp_controller_close_tunnel_now (self, tunnel, &tunnel->close_cause);
}

void
ol2tp_controller_disconnect_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, const Ol2tpCause *cause, Ol2tpDoneFunc done,
                                    gpointer data)
{
  if (tunnel->id == 0)
    {
      ol2tp_answer (done, data, NULL);
      return;
    }
  ol2tp_waiters_add (tunnel->down_waiters, done, data, FALSE);
  ol2tp_controller_begin_close_tunnel (self, tunnel, cause);
  ol2tp_driver_run (self->driver);
}

static void
remove_session (Ol2tpController *self, Ol2tpSessionEntry *session)
{
  ol2tp_loop_remove_timer (loop (self), session->close_timer);
  if (session->ppp != NULL)
    ol2tp_ppp_detach (session->ppp);
  if (self->observer != NULL)
    self->observer->session_removed (session, self->observer_data);
  g_hash_table_remove (self->dirty_sessions, session);
  ol2tp_model_remove_session (self->model, session);
}

void
ol2tp_controller_remove_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel)
{
  while (tunnel->sessions->len > 0)
    {
      Ol2tpSessionEntry *session = g_ptr_array_index (tunnel->sessions, 0);

      session->delete_when_down = TRUE;
      ol2tp_controller_finish_session (self, session);
    }
  if (self->observer != NULL)
    self->observer->tunnel_removed (tunnel, self->observer_data);
  g_hash_table_remove (self->dirty_tunnels, tunnel);
  ol2tp_model_remove_tunnel (self->model, tunnel);
}

/* The session is down and nothing of PPP is left that somebody waits for. */
void
ol2tp_controller_finish_session (Ol2tpController *self, Ol2tpSessionEntry *session)
{
  g_autoptr (GArray) down_waiters = g_array_ref (session->down_waiters);
  g_autoptr (GError) error = session->up_waiters->len > 0 ? ol2tp_session_error (session) : NULL;

  ol2tp_loop_remove_timer (loop (self), session->close_timer);
  session->close_timer = 0;
  ol2tp_waiters_complete (session->up_waiters, error);
  if (session->delete_when_down || session->origin == OL2TP_ORIGIN_PEER)
    remove_session (self, session);
  ol2tp_waiters_complete (down_waiters, NULL);
}

void
ol2tp_controller_delete_session (Ol2tpController *self, Ol2tpSessionEntry *session, Ol2tpDoneFunc done, gpointer data)
{
  Ol2tpCause cause;

  session->delete_when_down = TRUE;
  if (ol2tp_session_is_down (session))
    {
      remove_session (self, session);
      ol2tp_answer (done, data, NULL);
      return;
    }
  ol2tp_cause_init (&cause, OL2TP_REASON_ADMIN, 3, 0, NULL);
  ol2tp_controller_disconnect_session (self, session, &cause, done, data);
}

static void
delete_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpReason reason, Ol2tpDoneFunc done, gpointer data)
{
  Ol2tpCause cause;

  tunnel->delete_when_down = TRUE;
  if (tunnel->id == 0)
    {
      ol2tp_controller_remove_tunnel (self, tunnel);
      ol2tp_answer (done, data, NULL);
      return;
    }
  ol2tp_cause_init (&cause, reason, 1, 0, NULL);
  ol2tp_controller_disconnect_tunnel (self, tunnel, &cause, done, data);
}

void
ol2tp_controller_delete_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel, Ol2tpDoneFunc done, gpointer data)
{
  delete_tunnel (self, tunnel, OL2TP_REASON_ADMIN, done, data);
}

void
ol2tp_controller_abandon_tunnel (Ol2tpController *self, Ol2tpTunnelEntry *tunnel)
{
  delete_tunnel (self, tunnel, OL2TP_REASON_CALLER_LEFT, NULL, NULL);
}
