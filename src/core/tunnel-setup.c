/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages that open and close a control connection: what ours contain and whether the peer's will do.  A judgement changes
 * nothing but a counter; it ends in the verdict that the state machine in tunnel.c gets as its event.
 *
 * Implements: RFC 2661 section 5.1 and 5.1.1 (set-up, authentication), 6.1 to 6.4 (SCCRQ, SCCRP, SCCCN, StopCCN), 4.4.3 (their
 * AVPs).
 */
#include "core/tunnel.h"
#include "core/text.h"

#include "config.h"

#include <string.h>

#define VENDOR_NAME "OpenL2TP"
#define PROTOCOL_VERSION_MASK 0xff00

/* RFC 2661 section 4.4.3: another version is refused with the highest we support; the revision may differ (6.2). */
static gboolean
check_version (const Ol2tpMessage *message, Ol2tpCause *cause)
{
  guint version = (guint) ol2tp_message_get_number (message, OL2TP_AVP_PROTOCOL_VERSION);

  if ((version & PROTOCOL_VERSION_MASK) == OL2TP_PROTOCOL_VERSION)
    return TRUE;
  ol2tp_cause_init (cause, OL2TP_REASON_PROTOCOL, OL2TP_STOPCCN_RESULT_VERSION, OL2TP_PROTOCOL_VERSION,
                    "protocol version %u.%u is not supported", version >> 8, version & 0xff);
  return FALSE;
}

/* RFC 2661 section 5.1.1: a challenge has to be answered, and without a secret it cannot be. */
static gboolean
check_challenge (const Ol2tpMessage *message, const Ol2tpSecret *secret, Ol2tpCause *cause)
{
  if (secret != NULL || !ol2tp_message_has (message, OL2TP_AVP_CHALLENGE))
    return TRUE;
  ol2tp_cause_init (cause, OL2TP_REASON_NO_SECRET, OL2TP_STOPCCN_RESULT_NOT_AUTHORIZED, 0,
                    "tunnel authentication is asked for, but there is no secret");
  return FALSE;
}

/* RFC 2661 section 5.1.1: if the response is wrong or missing, the tunnel MUST NOT be established. */
static gboolean
check_response (Ol2tpTunnel *self, const Ol2tpMessage *message, Ol2tpCause *cause)
{
  Ol2tpSpan challenge = { self->challenge, sizeof self->challenge };

  if (self->config.secret == NULL)
    return TRUE;
  if (ol2tp_message_has (message, OL2TP_AVP_CHALLENGE_RESPONSE)
      && ol2tp_auth_verify ((guint8) message->type, self->config.secret, challenge,
                            ol2tp_message_get_octets (message, OL2TP_AVP_CHALLENGE_RESPONSE)))
    return TRUE;

  self->stats.auth_failures++;
  ol2tp_cause_init (cause, OL2TP_REASON_AUTHENTICATION, OL2TP_STOPCCN_RESULT_NOT_AUTHORIZED, 0, "tunnel authentication failed: %s",
                    ol2tp_message_has (message, OL2TP_AVP_CHALLENGE_RESPONSE) ? "wrong response" : "no response");
  return FALSE;
}

gboolean
ol2tp_tunnel_judge_sccrq (const Ol2tpMessage *message, const Ol2tpSecret *secret, Ol2tpCause *cause)
{
  return check_version (message, cause) && check_challenge (message, secret, cause);
}

gboolean
ol2tp_tunnel_judge_sccrp (Ol2tpTunnel *self, const Ol2tpMessage *message, Ol2tpCause *cause)
{
  Ol2tpSpan challenge = ol2tp_message_get_octets (message, OL2TP_AVP_CHALLENGE);

  if (!check_version (message, cause) || !check_response (self, message, cause)
      || !check_challenge (message, self->config.secret, cause))
    return FALSE;

  /* RFC 2661 section 9.1: our own challenge sent back would have us make the answer for somebody else's use. */
  if (self->config.secret != NULL && challenge.len == sizeof self->challenge
      && memcmp (challenge.data, self->challenge, challenge.len) == 0)
    {
      self->stats.auth_failures++;
      ol2tp_cause_init (cause, OL2TP_REASON_AUTHENTICATION, OL2TP_STOPCCN_RESULT_NOT_AUTHORIZED, 0,
                        "tunnel authentication failed: our challenge came back");
      return FALSE;
    }
  return TRUE;
}

gboolean
ol2tp_tunnel_judge_scccn (Ol2tpTunnel *self, const Ol2tpMessage *message, Ol2tpCause *cause)
{
  return check_response (self, message, cause);
}

void
ol2tp_tunnel_note_peer (Ol2tpTunnel *self, const Ol2tpMessage *message)
{
  guint16 window = OL2TP_CHANNEL_DEFAULT_WINDOW;

  self->peer_id = (guint32) ol2tp_message_get_number (message, OL2TP_AVP_ASSIGNED_TUNNEL_ID);
  g_free (self->peer_host_name);
  self->peer_host_name = ol2tp_text_dup_clean (ol2tp_message_get_octets (message, OL2TP_AVP_HOST_NAME));
  g_free (self->peer_vendor_name);
  self->peer_vendor_name = ol2tp_text_dup_clean (ol2tp_message_get_octets (message, OL2TP_AVP_VENDOR_NAME));
  self->peer_firmware_revision = (guint16) ol2tp_message_get_number (message, OL2TP_AVP_FIRMWARE_REVISION);
  self->peer_framing_capabilities = (guint32) ol2tp_message_get_number (message, OL2TP_AVP_FRAMING_CAPABILITIES);
  self->peer_bearer_capabilities = (guint32) ol2tp_message_get_number (message, OL2TP_AVP_BEARER_CAPABILITIES);

  /* RFC 2661 section 4.4.3: if Receive Window Size is not present, the peer MUST assume a value of 4. */
  if (ol2tp_message_has (message, OL2TP_AVP_RECEIVE_WINDOW_SIZE))
    window = (guint16) ol2tp_message_get_number (message, OL2TP_AVP_RECEIVE_WINDOW_SIZE);
  self->peer_receive_window = window;
  ol2tp_channel_set_window (&self->channel, window);

  if (ol2tp_message_has (message, OL2TP_AVP_CHALLENGE) && self->config.secret != NULL)
    {
      guint8 carrier = message->type == OL2TP_MESSAGE_SCCRQ ? OL2TP_MESSAGE_SCCRP : OL2TP_MESSAGE_SCCCN;

      ol2tp_auth_respond (carrier, self->config.secret, ol2tp_message_get_octets (message, OL2TP_AVP_CHALLENGE), self->response);
      self->has_response = TRUE;
    }
}

/* The AVPs that SCCRQ and SCCRP share. */
static void
fill_setup (Ol2tpMessage *message, guint16 type, guint32 id, const Ol2tpTunnelConfig *config, const char *host_name,
            const guint8 *challenge)
{
  ol2tp_message_init (message, type);
  ol2tp_message_set_number (message, OL2TP_AVP_PROTOCOL_VERSION, OL2TP_PROTOCOL_VERSION);
  ol2tp_message_set_number (message, OL2TP_AVP_FRAMING_CAPABILITIES, OL2TP_FRAMING_SYNC_ASYNC);
  ol2tp_message_set_string (message, OL2TP_AVP_HOST_NAME, host_name);
  ol2tp_message_set_number (message, OL2TP_AVP_ASSIGNED_TUNNEL_ID, id);
  ol2tp_message_set_number (message, OL2TP_AVP_RECEIVE_WINDOW_SIZE, config->receive_window);
  ol2tp_message_set_number (message, OL2TP_AVP_FIRMWARE_REVISION, OL2TP_FIRMWARE_REVISION);
  ol2tp_message_set_string (message, OL2TP_AVP_VENDOR_NAME, VENDOR_NAME);
  if (config->secret != NULL)
    ol2tp_message_set_octets (message, OL2TP_AVP_CHALLENGE, (Ol2tpSpan) { challenge, OL2TP_AUTH_CHALLENGE_LEN });
}

static const char *
get_host_name (const Ol2tpTunnel *self)
{
  return self->config.host_name != NULL ? self->config.host_name : self->engine->host_name;
}

/* RFC 2661 section 4.4.3: a challenge is one or more octets of random data. */
static void
make_challenge (Ol2tpTunnel *self)
{
  if (self->config.secret != NULL)
    self->engine->random (self->engine->user_data, self->challenge, sizeof self->challenge);
}

static void
set_response (const Ol2tpTunnel *self, Ol2tpMessage *message)
{
  if (self->has_response)
    ol2tp_message_set_octets (message, OL2TP_AVP_CHALLENGE_RESPONSE, (Ol2tpSpan) { self->response, sizeof self->response });
}

void
ol2tp_tunnel_send_sccrq (Ol2tpTunnel *self)
{
  Ol2tpMessage message;

  make_challenge (self);
  fill_setup (&message, OL2TP_MESSAGE_SCCRQ, self->id, &self->config, get_host_name (self), self->challenge);
  ol2tp_tunnel_send (self, 0, &message);
}

void
ol2tp_tunnel_send_sccrp (Ol2tpTunnel *self)
{
  Ol2tpMessage message;

  make_challenge (self);
  fill_setup (&message, OL2TP_MESSAGE_SCCRP, self->id, &self->config, get_host_name (self), self->challenge);
  set_response (self, &message);
  ol2tp_tunnel_send (self, 0, &message);
}

void
ol2tp_tunnel_send_scccn (Ol2tpTunnel *self)
{
  Ol2tpMessage message;

  ol2tp_message_init (&message, OL2TP_MESSAGE_SCCCN);
  set_response (self, &message);
  ol2tp_tunnel_send (self, 0, &message);
}

void
ol2tp_tunnel_send_stopccn (Ol2tpTunnel *self, const Ol2tpCause *cause)
{
  Ol2tpMessage message;

  ol2tp_message_init (&message, OL2TP_MESSAGE_STOPCCN);
  /* RFC 2661 section 4.4.3: in StopCCN the Assigned Tunnel ID MUST be the one first sent to the peer. */
  ol2tp_message_set_number (&message, OL2TP_AVP_ASSIGNED_TUNNEL_ID, self->id);
  ol2tp_message_set_result (&message, cause);
  ol2tp_tunnel_send (self, 0, &message);
}

gboolean
ol2tp_tunnel_config_is_sendable (const Ol2tpTunnelConfig *config)
{
  static const guint8 zeros[OL2TP_AUTH_CHALLENGE_LEN];
  guint8 buffer[OL2TP_DATAGRAM_MAX - OL2TP_HEADER_LEN];
  Ol2tpMessage message;
  Ol2tpWriter writer;

  ol2tp_writer_init (&writer, buffer, sizeof buffer);
  fill_setup (&message, OL2TP_MESSAGE_SCCRP, 1, config, config->host_name != NULL ? config->host_name : "-", zeros);
  ol2tp_message_set_octets (&message, OL2TP_AVP_CHALLENGE_RESPONSE, (Ol2tpSpan) { zeros, sizeof zeros });
  if (config->hide_avps)
    return ol2tp_message_encode_hidden (&message, config->secret, (Ol2tpSpan) { zeros, sizeof zeros }, &writer);
  return ol2tp_message_encode (&message, &writer);
}
