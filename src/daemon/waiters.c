/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who waits for something to come up or go down. */
#include "controller-private.h"

void
ol2tp_waiters_add (GArray *waiters, Ol2tpDoneFunc done, gpointer data, gboolean wait_ppp)
{
  Ol2tpWaiter waiter = { done, data, wait_ppp };

  if (done != NULL)
    g_array_append_val (waiters, waiter);
}

void
ol2tp_answer (Ol2tpDoneFunc done, gpointer data, const GError *error)
{
  if (done != NULL)
    done (error, data);
}

/* A waiter may be anything; the array is emptied first, so that each is called once whatever it does. */
void
ol2tp_answer_error (Ol2tpDoneFunc done, gpointer data, Ol2tpError code, const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  va_list args;

  va_start (args, format);
  error = g_error_new_valist (OL2TP_ERROR, code, format, args);
  va_end (args);
  ol2tp_answer (done, data, error);
}

void
ol2tp_waiters_complete (GArray *waiters, const GError *error)
{
  g_autofree Ol2tpWaiter *list = NULL;
  gsize n = 0;

  if (waiters->len == 0)
    return;
  list = g_array_steal (waiters, &n);
  for (gsize i = 0; i < n; i++)
    list[i].func (error, list[i].data);
}

void
ol2tp_waiters_complete_established (GArray *waiters)
{
  for (guint i = 0; i < waiters->len;)
    {
      Ol2tpWaiter waiter = g_array_index (waiters, Ol2tpWaiter, i);

      if (waiter.wait_ppp)
        {
          i++;
          continue;
        }
      g_array_remove_index (waiters, i);
      waiter.func (NULL, waiter.data);
    }
}
