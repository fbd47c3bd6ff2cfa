/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "secret-reader.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define READ_USEC (5 * G_USEC_PER_SEC)

static gboolean
check_kind (int fd, GError **error)
{
  struct stat st;

  if (fstat (fd, &st) == 0 && (S_ISREG (st.st_mode) || S_ISFIFO (st.st_mode) || S_ISSOCK (st.st_mode)))
    return TRUE;
  g_set_error_literal (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS,
                       "secret: the descriptor is none of memory file, regular file, pipe, socket");
  return FALSE;
}

/* The descriptor is the caller's too, who may have taken the data that poll() saw: never wait in here.  Regular and memory files
 * do not know RWF_NOWAIT everywhere, but do not wait either. */
static gssize
read_some (int fd, guint8 *buffer, gsize size)
{
  struct iovec iov = { buffer, size };
  gssize n = recv (fd, buffer, size, MSG_DONTWAIT);

  if (n < 0 && errno == ENOTSOCK)
    n = preadv2 (fd, &iov, 1, -1, RWF_NOWAIT);
  if (n < 0 && errno == EOPNOTSUPP)
    n = read (fd, buffer, size);
  return n;
}

/* Reads to end of file; @buffer has one octet more than is allowed, so that too much is noticed. */
static gssize
read_all (int fd, guint8 *buffer, gsize size, GError **error)
{
  gint64 end_us = g_get_monotonic_time () + READ_USEC;
  gsize len = 0;

  while (len < size)
    {
      struct pollfd pfd = { fd, POLLIN, 0 };
      gint64 left_us = end_us - g_get_monotonic_time ();
      gssize n;

      if (left_us <= 0 || poll (&pfd, 1, (int) (left_us / 1000) + 1) == 0)
        {
          g_set_error_literal (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "secret: no end of file within 5 seconds");
          return -1;
        }
      n = read_some (fd, buffer + len, size - len);
      if (n == 0)
        return (gssize) len;
      if (n > 0)
        len += (gsize) n;
      else if (errno != EINTR && errno != EAGAIN)
        {
          g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "secret: cannot read the descriptor: %s", g_strerror (errno));
          return -1;
        }
    }
  g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "secret: more than %d octets", OL2TP_SECRET_MAX);
  return -1;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  int fd = GPOINTER_TO_INT (task_data);
  guint8 buffer[OL2TP_SECRET_MAX + 1];
  GError *error = NULL;
  gssize len = check_kind (fd, &error) ? read_all (fd, buffer, sizeof buffer, &error) : -1;

  close (fd);
  if (len < 0)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, len > 0 ? ol2tp_secret_new (buffer, (gsize) len) : NULL, (GDestroyNotify) ol2tp_secret_unref);
  explicit_bzero (buffer, sizeof buffer);
}

void
ol2tp_secret_read_async (int fd, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_task_data (task, GINT_TO_POINTER (fd), NULL);
  g_task_run_in_thread (task, read_in_thread);
}

gboolean
ol2tp_secret_read_finish (GAsyncResult *result, Ol2tpSecret **secret, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *secret = g_task_propagate_pointer (G_TASK (result), &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
