/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the texts of settings may be made of, and how they are shown. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ol2tp_text_is_clean: UTF-8 that cannot confuse a log, a command line or a packet. */
gboolean ol2tp_text_is_clean (const char *text);
/** ol2tp_text_show: Returns: (transfer full): @text fit for a message: clean and not too long. */
char *ol2tp_text_show (const char *text);
/** ol2tp_text_is_host: a literal address, or what can be a name of a host. */
gboolean ol2tp_text_is_host (const char *text);
/** ol2tp_text_is_link_name: what the kernel takes for the name of a network interface, less what needs quoting. */
gboolean ol2tp_text_is_link_name (const char *text);

G_END_DECLS
