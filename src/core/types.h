/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types every part of the core and its users share: addresses, secrets, causes, errors. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** OL2TP_NEVER: a deadline that does not come. */
#define OL2TP_NEVER G_MAXINT64

/**
 * Ol2tpFamily:
 * @OL2TP_FAMILY_NONE: no address
 * @OL2TP_FAMILY_IPV4: 4 octets of @bytes are used
 * @OL2TP_FAMILY_IPV6: 16 octets of @bytes are used
 */
typedef enum {
  OL2TP_FAMILY_NONE,
  OL2TP_FAMILY_IPV4,
  OL2TP_FAMILY_IPV6,
} Ol2tpFamily;

/**
 * Ol2tpAddress:
 * @family: which kind of address
 * @port: UDP port, host byte order
 * @scope_id: interface index of a link-local IPv6 address, else 0
 * @bytes: the address in network order; unused octets are 0, so that two addresses compare with memcmp() after a memset()
 *
 * A transport address without any socket type, so that the core needs no socket header.
 */
typedef struct {
  Ol2tpFamily family;
  guint16 port;
  guint32 scope_id;
  guint8 bytes[16];
} Ol2tpAddress;

/**
 * Ol2tpPath:
 * @local: our end
 * @remote: the peer's end
 */
typedef struct {
  Ol2tpAddress local;
  Ol2tpAddress remote;
} Ol2tpPath;

/** ol2tp_address_is_any: "0.0.0.0" or "::", whatever the port. */
gboolean ol2tp_address_is_any (const Ol2tpAddress *address);

gboolean ol2tp_address_equal (const Ol2tpAddress *a, const Ol2tpAddress *b);

/**
 * ol2tp_address_to_string:
 * @address: an address
 *
 * Returns: (transfer full): the address without the port, IPv6 without brackets, "" for none.
 */
char *ol2tp_address_to_string (const Ol2tpAddress *address);

/**
 * ol2tp_address_to_endpoint_string:
 * @address: an address
 *
 * Returns: (transfer full): "192.0.2.1:1701" or "[2001:db8::1]:1701", for logs.
 */
char *ol2tp_address_to_endpoint_string (const Ol2tpAddress *address);

/**
 * ol2tp_address_parse:
 * @text: a literal IPv4 or IPv6 address, IPv6 with or without brackets, with "%1" style numeric scope allowed
 * @address: (out): filled on success, port 0
 *
 * Returns: %FALSE if @text is no literal address.
 */
gboolean ol2tp_address_parse (const char *text, Ol2tpAddress *address);

/**
 * Ol2tpSecret:
 *
 * Octets that must not outlive their use: immutable, counted, overwritten before they are freed.
 */
typedef struct Ol2tpSecret Ol2tpSecret;

Ol2tpSecret *ol2tp_secret_new (const void *data, gsize len);
Ol2tpSecret *ol2tp_secret_ref (Ol2tpSecret *self);
void ol2tp_secret_unref (Ol2tpSecret *self);
const guint8 *ol2tp_secret_get_data (const Ol2tpSecret *self, gsize *len);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpSecret, ol2tp_secret_unref)

/**
 * Ol2tpReason:
 * @OL2TP_REASON_NONE: not down
 * @OL2TP_REASON_ADMIN: we were asked to
 * @OL2TP_REASON_PEER: the peer closed it (StopCCN, CDN)
 * @OL2TP_REASON_TIMEOUT: no answer: retransmissions exhausted or establishment took too long
 * @OL2TP_REASON_PROTOCOL: the peer broke the protocol
 * @OL2TP_REASON_AUTHENTICATION: tunnel authentication failed, ours or the peer's (StopCCN 4); of a session: PPP's
 * @OL2TP_REASON_NO_SECRET: the peer challenges us and we have no secret
 * @OL2TP_REASON_NETWORK: sockets, routes, the kernel data path
 * @OL2TP_REASON_SHUTDOWN: the daemon stops
 * @OL2TP_REASON_REFUSED: a plugin's hook refused
 * @OL2TP_REASON_PPP: PPP on top ended or failed
 * @OL2TP_REASON_CALLER_LEFT: who made it for as long as they are there has left the bus
 *
 * Why a tunnel or session went down, as seen from here.
 */
typedef enum {
  OL2TP_REASON_NONE,
  OL2TP_REASON_ADMIN,
  OL2TP_REASON_PEER,
  OL2TP_REASON_TIMEOUT,
  OL2TP_REASON_PROTOCOL,
  OL2TP_REASON_AUTHENTICATION,
  OL2TP_REASON_NO_SECRET,
  OL2TP_REASON_NETWORK,
  OL2TP_REASON_SHUTDOWN,
  OL2TP_REASON_REFUSED,
  OL2TP_REASON_PPP,
  OL2TP_REASON_CALLER_LEFT,
} Ol2tpReason;

/** OL2TP_CAUSE_TEXT_MAX: octets of text in an #Ol2tpCause, terminator included. */
#define OL2TP_CAUSE_TEXT_MAX 256

/**
 * Ol2tpCause:
 * @reason: our view
 * @from_peer: whether the codes came from the peer
 * @result_code: Result Code of the StopCCN or CDN sent or received, 0 for none
 * @error_code: Error Code of the same, 0 for none
 * @message: text for people: the peer's error message (made valid UTF-8, control characters replaced) or ours; "" for none
 *
 * Why something closed. A plain value: copied by assignment.
 */
typedef struct {
  Ol2tpReason reason;
  gboolean from_peer;
  guint16 result_code;
  guint16 error_code;
  char message[OL2TP_CAUSE_TEXT_MAX];
} Ol2tpCause;

/**
 * ol2tp_cause_init:
 * @cause: filled
 * @reason: why
 * @result_code: Result Code (RFC 2661 section 4.4.2)
 * @error_code: Error Code
 * @format: (nullable): printf text, made printable UTF-8 and cut at OL2TP_CAUSE_TEXT_MAX - 1 octets on a character boundary
 */
void ol2tp_cause_init (Ol2tpCause *cause, Ol2tpReason reason, guint16 result_code, guint16 error_code, const char *format, ...) G_GNUC_PRINTF (5, 6);

/**
 * Ol2tpError:
 *
 * What a local request can fail with. The names on the bus are org.openl2tp1.Error.<Name>, in the table of src/dbus/error.c.
 */
typedef enum {
  OL2TP_ERROR_FAILED,
  OL2TP_ERROR_INVALID_ARGUMENTS,
  OL2TP_ERROR_NOT_FOUND,
  OL2TP_ERROR_ALREADY_EXISTS,
  OL2TP_ERROR_WRONG_STATE,
  OL2TP_ERROR_IN_PROGRESS,
  OL2TP_ERROR_CANCELED,
  OL2TP_ERROR_NOT_SUPPORTED,
  OL2TP_ERROR_LIMIT_EXCEEDED,
  OL2TP_ERROR_CONFIG_INVALID,
  OL2TP_ERROR_KERNEL_UNSUPPORTED,
  OL2TP_ERROR_KERNEL,
  OL2TP_ERROR_RESOLVE_FAILED,
  OL2TP_ERROR_UNREACHABLE,
  OL2TP_ERROR_TIMEOUT,
  OL2TP_ERROR_PEER_REJECTED,
  OL2TP_ERROR_TRY_ANOTHER,
  OL2TP_ERROR_PROTOCOL,
  OL2TP_ERROR_TUNNEL_AUTH_FAILED,
  OL2TP_ERROR_PPP_AUTH_FAILED,
  OL2TP_ERROR_NO_SECRETS,
  OL2TP_ERROR_AGENT_CANCELED,
  OL2TP_ERROR_PPP_FAILED,
} Ol2tpError;

#define OL2TP_ERROR (ol2tp_error_quark ())
GQuark ol2tp_error_quark (void);

G_END_DECLS
