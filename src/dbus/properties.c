/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "properties.h"

#include "config.h"

#include <arpa/inet.h>

/* Each getter is one line; the tables below join them to their names.  A test compares the tables with the interface's XML. */
#define MANAGER(Name, value)                                                                                                     \
  static GVariant *manager_##Name (const Ol2tpController *c)                                                                     \
  {                                                                                                                              \
    return value;                                                                                                                \
  }
#define TUNNEL(Name, value)                                                                                                      \
  static GVariant *tunnel_##Name (const Ol2tpTunnelEntry *t)                                                                     \
  {                                                                                                                              \
    return value;                                                                                                                \
  }
#define SESSION(Name, value)                                                                                                     \
  static GVariant *session_##Name (const Ol2tpSessionEntry *s)                                                                   \
  {                                                                                                                              \
    return value;                                                                                                                \
  }

#define STRING(x) g_variant_new_string (x)
#define U32(x) g_variant_new_uint32 (x)
#define U16(x) g_variant_new_uint16 ((guint16) (x))
#define U64(x) g_variant_new_uint64 ((guint64) (x))

static GVariant *
endpoint (const Ol2tpAddress *address)
{
  g_autofree char *text = ol2tp_address_to_string (address);

  return g_variant_new ("(sq)", text, address->port);
}

static GVariant *
listeners (const Ol2tpController *controller)
{
  const GArray *addresses = ol2tp_controller_get_listeners (controller);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sqs)"));
  for (guint i = 0; i < addresses->len; i++)
    {
      const Ol2tpAddress *address = &g_array_index (addresses, Ol2tpAddress, i);
      g_autofree char *text = ol2tp_address_to_string (address);

      g_variant_builder_add (&builder, "(sqs)", text, address->port, "udp");
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
features (const Ol2tpController *controller)
{
  g_autofree const char **words = ol2tp_controller_get_features (controller);

  return g_variant_new_strv (words, -1);
}

static GVariant *
session_paths (const Ol2tpTunnelEntry *tunnel)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_OBJECT_PATH_ARRAY);
  for (guint i = 0; i < tunnel->sessions->len; i++)
    g_variant_builder_add (&builder, "o", ((Ol2tpSessionEntry *) g_ptr_array_index (tunnel->sessions, i))->path);
  return g_variant_builder_end (&builder);
}

static const char *
origin_name (Ol2tpOrigin origin)
{
  static const char *const names[] = {
    [OL2TP_ORIGIN_CONFIG] = "config",
    [OL2TP_ORIGIN_RUNTIME] = "runtime",
    [OL2TP_ORIGIN_PEER] = "peer",
  };

  return names[origin];
}

static const char *
lifetime_name (const Ol2tpTunnelEntry *tunnel)
{
  if (tunnel->origin == OL2TP_ORIGIN_CONFIG)
    return "persistent";
  return tunnel->settings->ends_with_caller ? "caller" : "runtime";
}

static const char *
authenticated_name (Ol2tpAuthenticated authenticated)
{
  static const char *const names[] = {
    [OL2TP_AUTHENTICATED_NONE] = "none",
    [OL2TP_AUTHENTICATED_PEER] = "peer",
    [OL2TP_AUTHENTICATED_MUTUAL] = "mutual",
  };

  return names[authenticated];
}

static const char *
ppp_state_name (Ol2tpPppState state)
{
  static const char *const names[] = {
    [OL2TP_PPP_STATE_NONE] = "none",
    [OL2TP_PPP_STATE_STARTING] = "starting",
    [OL2TP_PPP_STATE_LCP] = "lcp",
    [OL2TP_PPP_STATE_AUTH] = "auth",
    [OL2TP_PPP_STATE_NETWORK] = "network",
    [OL2TP_PPP_STATE_UP] = "up",
    [OL2TP_PPP_STATE_TERMINATING] = "terminating",
    [OL2TP_PPP_STATE_FAILED] = "failed",
  };

  return (guint) state < G_N_ELEMENTS (names) ? names[state] : "unknown";
}

static void
add_ip4 (GVariantBuilder *builder, const char *key, struct in_addr address)
{
  char text[INET_ADDRSTRLEN];

  if (address.s_addr != 0)
    g_variant_builder_add (builder, "{sv}", key, STRING (inet_ntop (AF_INET, &address, text, sizeof text)));
}

static void
add_ip4_list (GVariantBuilder *builder, const char *key, const struct in_addr *addresses, guint n)
{
  GVariantBuilder list;
  char text[INET_ADDRSTRLEN];

  if (n == 0)
    return;
  g_variant_builder_init (&list, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < n; i++)
    g_variant_builder_add (&list, "s", inet_ntop (AF_INET, &addresses[i], text, sizeof text));
  g_variant_builder_add (builder, "{sv}", key, g_variant_builder_end (&list));
}

static GVariant *
ip4_config (const Ol2tpSessionEntry *session)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  if (session->has_ip4)
    {
      add_ip4 (&builder, "address", session->ip4.local);
      g_variant_builder_add (&builder, "{sv}", "prefix", U32 (32));
      add_ip4 (&builder, "peer", session->ip4.peer);
      add_ip4_list (&builder, "dns", session->ip4.dns, session->ip4.n_dns);
      add_ip4_list (&builder, "wins", session->ip4.wins, session->ip4.n_wins);
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
ip6_config (const Ol2tpSessionEntry *session)
{
  GVariantBuilder builder;
  char text[INET6_ADDRSTRLEN];

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  if (session->has_ip6)
    {
      g_variant_builder_add (&builder, "{sv}", "address", STRING (inet_ntop (AF_INET6, &session->ip6.local, text, sizeof text)));
      g_variant_builder_add (&builder, "{sv}", "peer", STRING (inet_ntop (AF_INET6, &session->ip6.peer, text, sizeof text)));
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
pending_changes (const Ol2tpTunnelEntry *tunnel)
{
  g_autofree const char **keys = ol2tp_controller_list_pending (tunnel);

  return g_variant_new_strv (keys, -1);
}

static const Ol2tpSessionSettings *
settings_in_force (const Ol2tpSessionEntry *session)
{
  return session->in_force != NULL ? session->in_force : session->settings;
}

static const char *
session_user (const Ol2tpSessionEntry *session)
{
  const char *user = settings_in_force (session)->user;

  if (session->lns)
    return session->ppp_user;
  return user != NULL ? user : "";
}

MANAGER (Version, STRING (OL2TP_VERSION))
MANAGER (Features, features (c))
MANAGER (HostName, STRING (ol2tp_controller_get_host_name (c)))
MANAGER (Listeners, listeners (c))
MANAGER (TunnelCount, U32 (ol2tp_model_get_n_tunnels (ol2tp_controller_get_model (c))))
MANAGER (SessionCount, U32 (ol2tp_model_get_n_sessions (ol2tp_controller_get_model (c))))
MANAGER (MaxTunnels, U32 (ol2tp_controller_get_config (c)->max_tunnels))
MANAGER (MaxSessions, U32 (ol2tp_controller_get_config (c)->max_sessions))

TUNNEL (Name, STRING (t->name))
TUNNEL (State, STRING (ol2tp_entry_state_to_string (t->state)))
TUNNEL (Role, STRING (t->initiator ? "initiator" : "responder"))
TUNNEL (Origin, STRING (origin_name (t->origin)))
TUNNEL (Lifetime, STRING (lifetime_name (t)))
TUNNEL (OwnerUid, U32 (t->owner_uid))
TUNNEL (ProtocolVersion, g_variant_new_byte (2))
TUNNEL (Encapsulation, STRING ("udp"))
TUNNEL (TunnelId, U32 (t->id))
TUNNEL (PeerTunnelId, U32 (t->peer_id))
TUNNEL (LocalEndpoint, endpoint (&t->endpoints.local))
TUNNEL (PeerEndpoint, endpoint (&t->endpoints.remote))
TUNNEL (Peer, STRING (t->peer))
TUNNEL (PeerHostName, STRING (t->peer_host_name))
TUNNEL (PeerVendorName, STRING (t->peer_vendor_name))
TUNNEL (PeerFirmwareRevision, U16 (t->peer_firmware_revision))
TUNNEL (PeerFramingCapabilities, U32 (t->peer_framing_capabilities))
TUNNEL (PeerBearerCapabilities, U32 (t->peer_bearer_capabilities))
TUNNEL (PeerReceiveWindow, U16 (t->peer_receive_window))
TUNNEL (HelloInterval, U32 (t->settings->hello_interval_sec))
TUNNEL (RetryTimeout, U32 (t->settings->retry_timeout_ms))
TUNNEL (MaxRetries, U32 (t->settings->max_retries))
TUNNEL (ReceiveWindow, U16 (t->settings->receive_window))
TUNNEL (Authenticated, STRING (authenticated_name (t->authenticated)))
TUNNEL (SecretFlags, U32 (t->settings->secret != NULL ? 1 : 0))
TUNNEL (UsingIpsec, STRING ("unknown"))
TUNNEL (Mtu, U32 (t->settings->mtu))
TUNNEL (PendingChanges, pending_changes (t))
TUNNEL (Sessions, session_paths (t))
TUNNEL (LastResultCode, U16 (t->cause.result_code))
TUNNEL (LastErrorCode, U16 (t->cause.error_code))
TUNNEL (LastErrorMessage, STRING (t->cause.message))
TUNNEL (UpTimestamp, U64 (t->up_timestamp_us))

SESSION (Name, STRING (s->name))
SESSION (Tunnel, g_variant_new_object_path (s->tunnel->path))
SESSION (State, STRING (ol2tp_entry_state_to_string (s->state)))
SESSION (CallType, STRING ("incoming"))
SESSION (Role, STRING (s->lns ? "lns" : "lac"))
SESSION (Pseudowire, STRING ("ppp"))
SESSION (SessionId, U32 (s->id))
SESSION (PeerSessionId, U32 (s->peer_id))
SESSION (CallSerialNumber, U32 (s->call_serial_number))
SESSION (InterfaceName, STRING (s->interface_name))
SESSION (InterfaceIndex, g_variant_new_int32 (s->interface_index))
SESSION (Mtu, U32 (settings_in_force (s)->mtu))
SESSION (TxSpeed, U64 (s->tx_speed))
SESSION (RxSpeed, U64 (s->rx_speed))
SESSION (SequencingRequired, g_variant_new_boolean (s->sequencing_required))
SESSION (PppState, STRING (ppp_state_name (s->ppp_state)))
SESSION (UserName, STRING (session_user (s)))
SESSION (Ip4Config, ip4_config (s))
SESSION (Ip6Config, ip6_config (s))
SESSION (CallingNumber, STRING (s->calling_number))
SESSION (CalledNumber, STRING (s->called_number))
SESSION (SecretFlags, U32 (s->settings->password != NULL ? 1 : 0))
SESSION (LastResultCode, U16 (s->cause.result_code))
SESSION (LastErrorCode, U16 (s->cause.error_code))
SESSION (LastErrorMessage, STRING (s->cause.message))
SESSION (UpTimestamp, U64 (s->up_timestamp_us))

#define ROW(Kind, Name)                                                                                                          \
  {                                                                                                                              \
    #Name, Kind##_##Name                                                                                                         \
  }

static const struct {
  const char *name;
  GVariant *(*get) (const Ol2tpController *);
} manager_properties[] = {
  ROW (manager, Version),      ROW (manager, Features),   ROW (manager, HostName),    ROW (manager, Listeners), ROW (manager, TunnelCount),
  ROW (manager, SessionCount), ROW (manager, MaxTunnels), ROW (manager, MaxSessions),
};

static const struct {
  const char *name;
  GVariant *(*get) (const Ol2tpTunnelEntry *);
} tunnel_properties[] = {
  ROW (tunnel, Name), ROW (tunnel, State), ROW (tunnel, Role), ROW (tunnel, Origin), ROW (tunnel, Lifetime), ROW (tunnel, OwnerUid),
  ROW (tunnel, ProtocolVersion), ROW (tunnel, Encapsulation), ROW (tunnel, TunnelId), ROW (tunnel, PeerTunnelId),
  ROW (tunnel, LocalEndpoint), ROW (tunnel, PeerEndpoint), ROW (tunnel, Peer), ROW (tunnel, PeerHostName), ROW (tunnel, PeerVendorName),
  ROW (tunnel, PeerFirmwareRevision), ROW (tunnel, PeerFramingCapabilities), ROW (tunnel, PeerBearerCapabilities),
  ROW (tunnel, PeerReceiveWindow), ROW (tunnel, HelloInterval), ROW (tunnel, RetryTimeout), ROW (tunnel, MaxRetries),
  ROW (tunnel, ReceiveWindow), ROW (tunnel, Authenticated), ROW (tunnel, SecretFlags), ROW (tunnel, UsingIpsec), ROW (tunnel, Mtu),
  ROW (tunnel, PendingChanges), ROW (tunnel, Sessions), ROW (tunnel, LastResultCode), ROW (tunnel, LastErrorCode),
  ROW (tunnel, LastErrorMessage), ROW (tunnel, UpTimestamp),
};

static const struct {
  const char *name;
  GVariant *(*get) (const Ol2tpSessionEntry *);
} session_properties[] = {
  ROW (session, Name), ROW (session, Tunnel), ROW (session, State), ROW (session, CallType), ROW (session, Role),
  ROW (session, Pseudowire), ROW (session, SessionId), ROW (session, PeerSessionId), ROW (session, CallSerialNumber),
  ROW (session, InterfaceName), ROW (session, InterfaceIndex), ROW (session, Mtu), ROW (session, TxSpeed), ROW (session, RxSpeed),
  ROW (session, SequencingRequired), ROW (session, PppState), ROW (session, UserName), ROW (session, Ip4Config),
  ROW (session, Ip6Config), ROW (session, CallingNumber), ROW (session, CalledNumber), ROW (session, SecretFlags),
  ROW (session, LastResultCode), ROW (session, LastErrorCode), ROW (session, LastErrorMessage), ROW (session, UpTimestamp),
};

/* The three tables differ only in the type their getters take. */
#define LOOK_UP(table, object, name)                                                                                             \
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)                                                                               \
    if (g_str_equal (table[i].name, name))                                                                                       \
      return table[i].get (object);                                                                                              \
  return NULL

#define ALL(table, object)                                                                                                       \
  GVariantBuilder builder;                                                                                                       \
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);                                                                     \
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)                                                                               \
    g_variant_builder_add (&builder, "{sv}", table[i].name, table[i].get (object));                                              \
  return g_variant_builder_end (&builder)

GVariant *
ol2tp_manager_get_property (const Ol2tpController *controller, const char *name)
{
  LOOK_UP (manager_properties, controller, name);
}

GVariant *
ol2tp_tunnel_get_property (const Ol2tpTunnelEntry *tunnel, const char *name)
{
  LOOK_UP (tunnel_properties, tunnel, name);
}

GVariant *
ol2tp_session_get_property (const Ol2tpSessionEntry *session, const char *name)
{
  LOOK_UP (session_properties, session, name);
}

GVariant *
ol2tp_manager_get_all_properties (const Ol2tpController *controller)
{
  ALL (manager_properties, controller);
}

GVariant *
ol2tp_tunnel_get_all_properties (const Ol2tpTunnelEntry *tunnel)
{
  ALL (tunnel_properties, tunnel);
}

GVariant *
ol2tp_session_get_all_properties (const Ol2tpSessionEntry *session)
{
  ALL (session_properties, session);
}

static const char *
reason_name (Ol2tpReason reason)
{
  static const char *const names[] = {
    [OL2TP_REASON_NONE] = "unknown",
    [OL2TP_REASON_ADMIN] = "admin",
    [OL2TP_REASON_PEER] = "peer",
    [OL2TP_REASON_TIMEOUT] = "timeout",
    [OL2TP_REASON_PROTOCOL] = "protocol",
    [OL2TP_REASON_AUTHENTICATION] = "authentication",
    [OL2TP_REASON_NO_SECRET] = "authentication",
    [OL2TP_REASON_NETWORK] = "network",
    [OL2TP_REASON_SHUTDOWN] = "shutdown",
    [OL2TP_REASON_REFUSED] = "refused",
    [OL2TP_REASON_PPP] = "ppp",
    [OL2TP_REASON_CALLER_LEFT] = "caller-left",
  };

  return names[reason];
}

GVariant *
ol2tp_cause_to_details (const Ol2tpCause *cause, const Ol2tpSessionEntry *session)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "reason", STRING (reason_name (cause->reason)));
  if (cause->result_code != 0)
    {
      g_variant_builder_add (&builder, "{sv}", "result-code", U16 (cause->result_code));
      g_variant_builder_add (&builder, "{sv}", "error-code", U16 (cause->error_code));
      g_variant_builder_add (&builder, "{sv}", "from-peer", g_variant_new_boolean (cause->from_peer));
    }
  if (*cause->message != '\0')
    g_variant_builder_add (&builder, "{sv}", "message", STRING (cause->message));
  if (session != NULL && session->ppp_status >= 0 && cause->reason == OL2TP_REASON_PPP)
    g_variant_builder_add (&builder, "{sv}", "ppp-exit-status", g_variant_new_int32 (session->ppp_status));
  return g_variant_builder_end (&builder);
}
