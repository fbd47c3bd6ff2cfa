/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A range of IPv4 addresses to give to peers. */
#pragma once

#include <glib.h>
#include <netinet/in.h>

G_BEGIN_DECLS

typedef struct Ol2tpPool Ol2tpPool;

/**
 * ol2tp_pool_new:
 * @first, @last: inclusive, host byte order; both 0 for an empty pool
 * @except: an address never given out (our own), network byte order
 */
Ol2tpPool *ol2tp_pool_new (guint32 first, guint32 last, struct in_addr except);
void ol2tp_pool_free (Ol2tpPool *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpPool, ol2tp_pool_free)

/** ol2tp_pool_take: the free address that was free longest, roughly: the search goes round. Returns: %FALSE if all are taken. */
gboolean ol2tp_pool_take (Ol2tpPool *self, struct in_addr *address);

/** ol2tp_pool_give_back: addresses that are not from the pool are ignored. */
void ol2tp_pool_give_back (Ol2tpPool *self, struct in_addr address);

/** ol2tp_pool_is_empty: the range holds no address at all. */
gboolean ol2tp_pool_is_empty (const Ol2tpPool *self);

G_END_DECLS
