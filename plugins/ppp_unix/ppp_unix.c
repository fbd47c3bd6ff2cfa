/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs pppd on each session: starts it in the session's up hook, passes on what it reports, and ends it.
 *
 * A link is a session we claimed and the pppd on it.  It lives until pppd is reaped, which may be after the session's down hook.
 * Nothing waits: pppd is asked to end, a timer kills it if it does not, and its pidfd says when it is gone.
 *
 * Two environment variables of the daemon, meant for tests, name other files than the usual ones; only absolute paths count, and
 * nothing counts if the daemon was given privileges it was not started with (secure_getenv(3)):
 *
 *   OPENL2TP_PPPD          instead of /usr/sbin/pppd
 *   OPENL2TP_PPPD_PLUGIN   instead of the installed openl2tpd-pppd.so
 */
#include "config.h"

#include <openl2tp/plugin.h>
#include <openl2tp/ppp.h>

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <syslog.h>
#include <unistd.h>

#include "arguments.h"
#include "child.h"
#include "ppp-link.h"
#include "report.h"
#include "verdict.h"

#define PPPD "/usr/sbin/pppd"
#define PPPD_PLUGIN OL2TP_PPPD_PLUGINDIR "/openl2tpd-pppd.so"

/* From SIGTERM to SIGKILL. pppd sends two Terminate-Requests a second apart; the daemon itself waits 5 seconds for stop(). */
#define STOP_TIMEOUT_MSEC 4000
#define DOWN_TIMEOUT_MSEC 3000
#define CLEANUP_TIMEOUT_MSEC 3000

extern const char l2tp_plugin_version[];
int l2tp_plugin_init (void);
void l2tp_plugin_cleanup (void);

const char l2tp_plugin_version[] = OL2TP_VERSION;

/* All links, and those whose session is up by the session's ID, which is unique in the daemon. */
static Ol2tpLink *links;
static Ol2tpLink *links_by_session[65536];

static Ol2tpLink *
link_new (guint16 tunnel_id, guint16 session_id)
{
  Ol2tpLink *self = g_new0 (Ol2tpLink, 1);

  self->tunnel_id = tunnel_id;
  self->session_id = session_id;
  self->facts.link_status = -1;
  ol2tp_child_init (&self->child);
  self->next = links;
  if (links)
    links->previous = self;
  links = self;
  return self;
}

static void
forget_fd (int fd)
{
  if (fd >= 0)
    ol2tp_watch_remove (fd);
}

static void
link_free (Ol2tpLink *self)
{
  if (links_by_session[self->session_id] == self)
    links_by_session[self->session_id] = NULL;
  if (self->previous)
    self->previous->next = self->next;
  else
    links = self->next;
  if (self->next)
    self->next->previous = self->previous;

  ol2tp_timer_remove (self->kill_timer);
  ol2tp_timer_remove (self->ip6_alone_timer);
  forget_fd (self->child.control_fd);
  forget_fd (self->child.output_fd);
  forget_fd (self->child.pidfd);
  ol2tp_child_clear (&self->child);
  g_free (self->last_line);
  g_free (self);
}

/* The link is gone before the daemon hears of it: what the daemon does then must not find it. */
static void
link_end (Ol2tpLink *self, Ol2tpPppEnd reason, int status, const char *message)
{
  Ol2tpPpp *ppp = self->ppp;

  link_free (self);
  ol2tp_ppp_end (ppp, reason, status, message);
}

/* Returns: whether there may be more. */
static gboolean
read_control (Ol2tpLink *self)
{
  Ol2tpReport report;
  int ret = ol2tp_report_receive (&report, self->child.control_fd);

  if (ret == 1)
    ol2tp_link_handle_report (self, &report);
  else if (ret == -EBADMSG)
    ol2tp_ppp_log (self->ppp, LOG_WARNING, "pppd sent a malformed message");
  else if (ret != -EAGAIN)
    {
      /* pppd is ending; the pidfd says when it has. */
      forget_fd (self->child.control_fd);
      close (self->child.control_fd);
      self->child.control_fd = -1;
    }
  ol2tp_report_clear (&report);
  return ret == 1 || ret == -EBADMSG;
}

static void
on_control (int fd, uint32_t events, void *data)
{
  read_control (data);
}

/* What pppd prints */

static void
end_line (Ol2tpLink *self)
{
  g_autofree char *text = g_utf8_make_valid (self->line, (gssize) self->line_len);

  self->line_len = 0;
  ol2tp_ppp_log (self->ppp, LOG_DEBUG, "pppd: %s", text);
  /* A start fails with one line, which the usage may follow; later failures are told last. */
  if (ol2tp_pppd_line_explains (text) && !(self->last_line && self->state == OL2TP_PPP_STATE_STARTING))
    {
      g_free (self->last_line);
      self->last_line = g_steal_pointer (&text);
    }
}

static gboolean
read_output (Ol2tpLink *self)
{
  char buffer[1024];
  gssize len = read (self->child.output_fd, buffer, sizeof buffer);

  for (gssize i = 0; i < len; i++)
    {
      if (buffer[i] == '\n' || self->line_len == sizeof self->line)
        end_line (self);
      if (buffer[i] != '\n' && buffer[i] != '\0')
        self->line[self->line_len++] = buffer[i];
    }
  if (len == 0)
    {
      forget_fd (self->child.output_fd);
      close (self->child.output_fd);
      self->child.output_fd = -1;
    }
  return len > 0;
}

static void
on_output (int fd, uint32_t events, void *data)
{
  read_output (data);
}

/* The end */

/* Everything pppd said before it ended counts; a bound, since a script it left behind may go on printing. */
static void
drain (Ol2tpLink *self)
{
  for (guint i = 0; i < 64 && self->child.control_fd >= 0 && read_control (self); i++)
    ;
  for (guint i = 0; i < 64 && self->child.output_fd >= 0 && read_output (self); i++)
    ;
  if (self->line_len > 0)
    end_line (self);
}

static void
finish (Ol2tpLink *self)
{
  g_autofree char *message = NULL;
  Ol2tpPppEnd reason;

  drain (self);
  self->facts.last_line = self->last_line;
  reason = ol2tp_pppd_judge (&self->facts, &message);
  link_end (self, reason, ol2tp_pppd_exit_status (&self->facts), message);
}

static void
on_exit_of_child (int fd, uint32_t events, void *data)
{
  Ol2tpLink *self = data;

  if (ol2tp_child_reap (&self->child, WNOHANG, &self->facts.info))
    finish (self);
}

static void
on_kill_timer (void *data)
{
  Ol2tpLink *self = data;

  self->kill_timer = 0;
  self->facts.killed = TRUE;
  ol2tp_ppp_log (self->ppp, LOG_WARNING, "pppd (pid %ld) does not end: killed", (long) self->child.pid);
  ol2tp_child_kill (&self->child, SIGKILL);
}

static void
terminate (Ol2tpLink *self, guint timeout_msec)
{
  ol2tp_link_set_state (self, OL2TP_PPP_STATE_TERMINATING);
  if (!self->facts.stopped)
    ol2tp_child_kill (&self->child, SIGTERM);
  self->facts.stopped = TRUE;
  if (self->kill_timer == 0 && !self->facts.killed)
    self->kill_timer = ol2tp_timer_add (timeout_msec, on_kill_timer, self);
}

static void
on_stop (Ol2tpPpp *ppp, void *data)
{
  terminate (data, STOP_TIMEOUT_MSEC);
}

static const Ol2tpPppOps ops = { sizeof ops, on_stop };

/* The start */

static const char *
choose_file (const char *variable, const char *usual)
{
  const char *path = secure_getenv (variable);

  return path && *path == '/' ? path : usual;
}

static gboolean
send_hello (Ol2tpLink *self, const Ol2tpPppConfig *config)
{
  char text[INET_ADDRSTRLEN];
  Ol2tpReport hello;

  ol2tp_report_init (&hello, "hello");
  ol2tp_report_add (&hello, "role", config->lns ? "server" : "client");
  if (!config->lns)
    ol2tp_report_add (&hello, "user", config->user);
  else if (config->peer_ip.s_addr != INADDR_ANY)
    ol2tp_report_add (&hello, "peer_ip", inet_ntop (AF_INET, &config->peer_ip, text, sizeof text));
  return ol2tp_report_send (&hello, self->child.control_fd) == 0;
}

static gboolean
start_pppd (Ol2tpLink *self, const Ol2tpPppConfig *config, const char *pppd, const char *plugin, GError **error)
{
  g_auto (GStrv) argv = ol2tp_pppd_arguments_new (config, pppd, plugin);
  int ends[3], channel_fd;
  gboolean ok;

  channel_fd = ol2tp_ppp_take_channel (self->ppp);
  if (channel_fd < 0)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NODEV, "no kernel channel: pppd needs the kernel data path");
      return FALSE;
    }
  ok = ol2tp_child_open (&self->child, ends, error);
  if (ok && !send_hello (self, config))
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot pass the settings to pppd: the user name is too long");
      ok = FALSE;
    }
  ok = ok && ol2tp_child_spawn (&self->child, argv, channel_fd, ends, error);
  close (channel_fd);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (ends[i] >= 0)
      close (ends[i]);
  return ok;
}

static gboolean
check_file (const char *what, const char *path, int mode, GError **error)
{
  if (access (path, mode) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno), "%s %s: %s", what, path, g_strerror (errno));
  return FALSE;
}

static gboolean
start (Ol2tpLink *self, GError **error)
{
  const Ol2tpPppConfig *config = ol2tp_ppp_get_config (self->ppp);
  const char *pppd = choose_file ("OPENL2TP_PPPD", PPPD);
  const char *plugin = choose_file ("OPENL2TP_PPPD_PLUGIN", PPPD_PLUGIN);

  if (!config || config->size < sizeof *config)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "no settings for PPP");
      return FALSE;
    }
  self->is_server = config->lns;
  /* pppd would cut a longer name and then miss the interface. */
  if (strlen (config->interface_name) >= IF_NAMESIZE)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "interface name \"%s\" is longer than 15 octets",
                   config->interface_name);
      return FALSE;
    }
  if (config->lns && config->peer_ip.s_addr == INADDR_ANY && !config->ipv6)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "no address to give to the peer");
      return FALSE;
    }
  return check_file ("pppd", pppd, X_OK, error) && check_file ("pppd plugin", plugin, R_OK, error)
         && start_pppd (self, config, pppd, plugin, error);
}

static gboolean
watch (Ol2tpLink *self, GError **error)
{
  int ret = ol2tp_watch_add (self->child.control_fd, EPOLLIN, on_control, self);

  if (ret == 0)
    ret = ol2tp_watch_add (self->child.output_fd, EPOLLIN, on_output, self);
  if (ret == 0)
    ret = ol2tp_watch_add (self->child.pidfd, EPOLLIN, on_exit_of_child, self);
  if (ret == 0)
    return TRUE;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (-ret), "cannot watch pppd: %s", g_strerror (-ret));
  ol2tp_child_kill (&self->child, SIGKILL);
  ol2tp_child_reap (&self->child, 0, &self->facts.info);
  return FALSE;
}

static int
session_up (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id, uint16_t peer_tunnel_id,
            uint16_t peer_session_id)
{
  Ol2tpLink *self = link_new (tunnel_id, session_id);
  g_autoptr (GError) error = NULL;

  self->ppp = ol2tp_ppp_claim (tunnel_id, session_id, &ops, self);
  if (!self->ppp)
    {
      link_free (self);
      return 0;
    }
  if (!start (self, &error) || !watch (self, &error))
    {
      link_end (self, OL2TP_PPP_END_FAILED, -1, error->message);
      return -EIO;
    }

  links_by_session[session_id] = self;
  ol2tp_ppp_log (self->ppp, LOG_INFO, "started pppd, pid %ld", (long) self->child.pid);
  ol2tp_link_set_state (self, OL2TP_PPP_STATE_STARTING);
  return 0;
}

/* The kernel session is gone: nothing pppd sends arrives any more, and it would not notice by itself. */
static int
session_down (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id)
{
  Ol2tpLink *self = links_by_session[session_id];

  if (!self || self->tunnel_id != tunnel_id)
    return 0;
  links_by_session[session_id] = NULL;
  terminate (self, DOWN_TIMEOUT_MSEC);
  return 0;
}

int
l2tp_plugin_init (void)
{
  l2tp_session_up_hook = session_up;
  l2tp_session_down_hook = session_down;
  return 0;
}

static void
wait_for_children (void)
{
  gint64 deadline_us = g_get_monotonic_time () + CLEANUP_TIMEOUT_MSEC * 1000;
  Ol2tpLink *next;

  for (Ol2tpLink *link = links; link; link = next)
    {
      struct pollfd pfd = { link->child.pidfd, POLLIN, 0 };
      int ret;

      next = link->next;
      do
        ret = poll (&pfd, 1, (int) (MAX (deadline_us - g_get_monotonic_time (), 0) / 1000));
      while (ret < 0 && errno == EINTR);
      if (ret == 1 && ol2tp_child_reap (&link->child, WNOHANG, &link->facts.info))
        finish (link);
    }
}

/* The daemon's end, which waits for us: all pppds at once, and not for long. */
void
l2tp_plugin_cleanup (void)
{
  for (Ol2tpLink *link = links; link; link = link->next)
    {
      if (!link->facts.stopped)
        ol2tp_child_kill (&link->child, SIGTERM);
      link->facts.stopped = TRUE;
    }
  wait_for_children ();
  for (Ol2tpLink *link = links; link; link = link->next)
    {
      link->facts.killed = TRUE;
      ol2tp_child_kill (&link->child, SIGKILL);
    }
  while (links)
    {
      ol2tp_child_reap (&links->child, 0, &links->facts.info);
      finish (links);
    }
}
