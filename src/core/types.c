/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is left of types.h when addresses (address.c) and secrets (secret.c) are taken away: causes and the error domain.  A cause
 * is a plain value so that it can travel in events and commands without anybody owning it.
 *
 * Implements: nothing of an RFC; the codes a cause carries are those of RFC 2661 section 4.4.2.
 */
#include "core/types.h"

#include "core/text.h"

#include <stdarg.h>
#include <string.h>

G_DEFINE_QUARK (ol2tp-error-quark, ol2tp_error)

void
ol2tp_cause_init (Ol2tpCause *cause, Ol2tpReason reason, guint16 result_code, guint16 error_code, const char *format, ...)
{
  memset (cause, 0, sizeof *cause);
  cause->reason = reason;
  cause->result_code = result_code;
  cause->error_code = error_code;

  if (format != NULL)
    {
      char text[OL2TP_CAUSE_TEXT_MAX];
      va_list args;
      int len;

      va_start (args, format);
      len = g_vsnprintf (text, sizeof text, format, args);
      va_end (args);
      /* Callers' words too end up in logs and in what a peer shows. */
      ol2tp_text_clean (cause->message, sizeof cause->message, (Ol2tpSpan){ (const guint8 *) text, MIN ((gsize) MAX (len, 0), sizeof text - 1) });
    }
}
