/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plugin to copy from: it has all eleven hooks and writes a line for each call.
 *
 * Build it anywhere:
 *
 *     cc -shared -fPIC -o example.so example.c
 *     openl2tpd -p ./example.so
 *
 * The lines go to the daemon's log and, if the environment variable OPENL2TP_EXAMPLE_LOG names a file, to its end as well.  They
 * look like this, with "tid" and "sid" our own IDs and "peer_tid" and "peer_sid" the peer's:
 *
 *     example: session_up tid=7 sid=21 peer_tid=40 peer_sid=3
 */
#include <openl2tp/plugin.h>
#include <openl2tp/ppp.h> /* only for ol2tp_ppp_log(): a plugin that does not log needs plugin.h alone */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

/* What the daemon looks for in every plugin. The version is any text. Everything else is best static. */
extern const char l2tp_plugin_version[];
int l2tp_plugin_init (void);
void l2tp_plugin_cleanup (void);

const char l2tp_plugin_version[] = "1.0";

static int log_fd = -1;

/* Hooks run in the daemon's main loop: whatever is done here must not block. A line to a local file is about the limit. */
static void note (const char *format, ...) __attribute__ ((format (printf, 1, 2)));

static void
note (const char *format, ...)
{
  char line[160] = "example: ";
  size_t used = strlen (line);
  va_list args;
  int len;

  va_start (args, format);
  len = vsnprintf (line + used, sizeof line - used, format, args);
  va_end (args);
  if (len < 0 || (size_t) len >= sizeof line - used)
    return;

  ol2tp_ppp_log (NULL, LOG_NOTICE, "%s", line);

  /* One write() a line, so that lines of several processes do not mix: O_APPEND moves and writes in one step. */
  if (log_fd >= 0)
    {
      used += (size_t) len;
      line[used++] = '\n';
      if (write (log_fd, line, used) < 0)
        ol2tp_ppp_log (NULL, LOG_WARNING, "example: cannot write the log file: %s", strerror (errno));
    }
}

/* For a tunnel a peer opened, a value below 0 refuses it. The same goes for session_created and session_up below. */
static int
tunnel_created (uint16_t tunnel_id)
{
  note ("tunnel_created tid=%u", tunnel_id);
  return 0;
}

static int
tunnel_deleted (uint16_t tunnel_id)
{
  note ("tunnel_deleted tid=%u", tunnel_id);
  return 0;
}

static int
tunnel_modified (uint16_t tunnel_id)
{
  note ("tunnel_modified tid=%u", tunnel_id);
  return 0;
}

static int
tunnel_up (uint16_t tunnel_id, uint16_t peer_tunnel_id)
{
  note ("tunnel_up tid=%u peer_tid=%u", tunnel_id, peer_tunnel_id);
  return 0;
}

static int
tunnel_down (uint16_t tunnel_id)
{
  note ("tunnel_down tid=%u", tunnel_id);
  return 0;
}

/* The session pointer is opaque; it identifies the session and must not be kept beyond the hook. IDs may be kept until deleted. */
static int
session_created (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id)
{
  note ("session_created tid=%u sid=%u", tunnel_id, session_id);
  return 0;
}

static int
session_deleted (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id)
{
  note ("session_deleted tid=%u sid=%u", tunnel_id, session_id);
  return 0;
}

static int
session_modified (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id)
{
  note ("session_modified tid=%u sid=%u", tunnel_id, session_id);
  return 0;
}

static int
session_up (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id, uint16_t peer_tunnel_id,
            uint16_t peer_session_id)
{
  note ("session_up tid=%u sid=%u peer_tid=%u peer_sid=%u", tunnel_id, session_id, peer_tunnel_id, peer_session_id);
  return 0;
}

static int
session_down (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id)
{
  note ("session_down tid=%u sid=%u", tunnel_id, session_id);
  return 0;
}

/* A question rather than an event. Anything but 0 leaves the answer to the next plugin or to the kernel. */
static int
session_get_stats (struct l2tp_session const *session, uint16_t tunnel_id, uint16_t session_id, struct pppol2tp_ioc_stats *stats)
{
  note ("session_get_stats tid=%u sid=%u", tunnel_id, session_id);
  return -1;
}

/* Called once, before there is any tunnel. Below 0 means that the plugin cannot work; it is then unloaded again. */
int
l2tp_plugin_init (void)
{
  const char *path = getenv ("OPENL2TP_EXAMPLE_LOG");

  if (path)
    {
      /* O_CLOEXEC on all descriptors: the daemon runs other programs. O_NOFOLLOW: as root, write to no file somebody else chose. */
      log_fd = open (path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
      if (log_fd < 0)
        {
          ol2tp_ppp_log (NULL, LOG_WARNING, "example: %s: %s", path, strerror (errno));
          return -errno;
        }
    }

  /* Set only what is needed. There is no old hook to save: the daemon calls every plugin's hooks itself. */
  l2tp_tunnel_created_hook = tunnel_created;
  l2tp_tunnel_deleted_hook = tunnel_deleted;
  l2tp_tunnel_modified_hook = tunnel_modified;
  l2tp_tunnel_up_hook = tunnel_up;
  l2tp_tunnel_down_hook = tunnel_down;
  l2tp_session_created_hook = session_created;
  l2tp_session_deleted_hook = session_deleted;
  l2tp_session_modified_hook = session_modified;
  l2tp_session_up_hook = session_up;
  l2tp_session_down_hook = session_down;
  l2tp_session_get_stats_hook = session_get_stats;
  return 0;
}

/* Called at the daemon's end, the plugin loaded last first. */
void
l2tp_plugin_cleanup (void)
{
  if (log_fd >= 0)
    close (log_fd);
  log_fd = -1;
}
