/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tunnel authentication: CHAP-like, with MD5. */
#pragma once

#include "core/types.h"
#include "core/wire.h"

G_BEGIN_DECLS

/** OL2TP_AUTH_CHALLENGE_LEN: octets of the challenges we send. */
#define OL2TP_AUTH_CHALLENGE_LEN 16

/** OL2TP_AUTH_RESPONSE_LEN: octets of every response. */
#define OL2TP_AUTH_RESPONSE_LEN 16

/**
 * ol2tp_auth_respond:
 * @message_type: type of the message that carries the response: 2 (SCCRP) or 3 (SCCCN)
 * @secret: the shared secret
 * @challenge: what was asked
 * @response: (out): %OL2TP_AUTH_RESPONSE_LEN octets
 */
void ol2tp_auth_respond (guint8 message_type, const Ol2tpSecret *secret, Ol2tpSpan challenge, guint8 *response);

/**
 * ol2tp_auth_verify:
 * @message_type: type of the message that carried the response
 * @secret: the shared secret
 * @challenge: what we asked
 * @response: what the peer answered; octets beyond the first %OL2TP_AUTH_RESPONSE_LEN are ignored
 *
 * Returns: whether the peer knows the secret. Takes the same time for every wrong answer.
 */
gboolean ol2tp_auth_verify (guint8 message_type, const Ol2tpSecret *secret, Ol2tpSpan challenge, Ol2tpSpan response);

G_END_DECLS
