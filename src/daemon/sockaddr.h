/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ol2tpAddress to and from the socket interface's form; inline, since core, datapath and daemon must not depend on each other here. */
#pragma once

#include "core/types.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

G_BEGIN_DECLS

/** ol2tp_address_to_sockaddr: Returns: octets used of @storage. */
static inline socklen_t
ol2tp_address_to_sockaddr (const Ol2tpAddress *address, struct sockaddr_storage *storage)
{
  memset (storage, 0, sizeof *storage);
  if (address->family == OL2TP_FAMILY_IPV6)
    {
      struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *) storage;

      sin6->sin6_family = AF_INET6;
      sin6->sin6_port = htons (address->port);
      sin6->sin6_scope_id = address->scope_id;
      memcpy (&sin6->sin6_addr, address->bytes, 16);
      return sizeof *sin6;
    }
  else
    {
      struct sockaddr_in *sin = (struct sockaddr_in *) storage;

      sin->sin_family = AF_INET;
      sin->sin_port = htons (address->port);
      memcpy (&sin->sin_addr, address->bytes, 4);
      return sizeof *sin;
    }
}

/** ol2tp_address_from_sockaddr: Returns: %FALSE if @sockaddr is neither IPv4 nor IPv6. */
static inline gboolean
ol2tp_address_from_sockaddr (Ol2tpAddress *address, const struct sockaddr *sockaddr)
{
  memset (address, 0, sizeof *address);
  if (sockaddr->sa_family == AF_INET6)
    {
      const struct sockaddr_in6 *sin6 = (const struct sockaddr_in6 *) (const void *) sockaddr;

      address->family = OL2TP_FAMILY_IPV6;
      address->port = ntohs (sin6->sin6_port);
      memcpy (address->bytes, &sin6->sin6_addr, 16);
      if (IN6_IS_ADDR_LINKLOCAL (&sin6->sin6_addr))
        address->scope_id = sin6->sin6_scope_id;
      return TRUE;
    }
  if (sockaddr->sa_family == AF_INET)
    {
      const struct sockaddr_in *sin = (const struct sockaddr_in *) (const void *) sockaddr;

      address->family = OL2TP_FAMILY_IPV4;
      address->port = ntohs (sin->sin_port);
      memcpy (address->bytes, &sin->sin_addr, 4);
      return TRUE;
    }
  return FALSE;
}

G_END_DECLS
