/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "netlink.h"

#include <errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

/* behind the C library's headers, which it then does without */
#include <linux/l2tp.h>

#define ANSWER_TIMEOUT_SEC 1

/**
 * Ol2tpNetlink:
 * @socket: connected; %NULL while opening it again failed
 * @family: number of the family "l2tp"
 */
struct Ol2tpNetlink {
  struct nl_sock *socket;
  int family;
};

/**
 * Answer:
 * @done: the kernel acknowledged or refused the request
 * @error: 0 or a negative errno
 * @stats: (nullable): filled from a reply
 */
typedef struct {
  gboolean done;
  int error;
  Ol2tpDatapathStats *stats;
} Answer;

typedef struct nl_msg Message;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Message, nlmsg_free)
typedef struct nl_cb Callbacks;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Callbacks, nl_cb_put)

/* Returns: (nullable): a connected socket; %NULL with a negative libnl error in @result. */
static struct nl_sock *
open_socket (int *result)
{
  static const struct timeval timeout = { .tv_sec = ANSWER_TIMEOUT_SEC };
  struct nl_sock *socket = nl_socket_alloc ();

  *result = socket != NULL ? genl_connect (socket) : -NLE_NOMEM;
  if (*result >= 0 && setsockopt (nl_socket_get_fd (socket), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) < 0)
    *result = -nl_syserr2nlerr (errno);
  if (*result < 0)
    g_clear_pointer (&socket, nl_socket_free);
  return socket;
}

Ol2tpNetlink *
ol2tp_netlink_new (GError **error)
{
  g_autoptr (Ol2tpNetlink) self = g_new0 (Ol2tpNetlink, 1);
  int result;

  self->socket = open_socket (&result);
  if (self->socket == NULL)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_KERNEL_UNSUPPORTED, "generic netlink: %s", nl_geterror (result));
      return NULL;
    }

  /* asking for a family by name makes the kernel load the module that has it */
  self->family = genl_ctrl_resolve (self->socket, L2TP_GENL_NAME);
  if (self->family == -NLE_OBJ_NOTFOUND)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_KERNEL_UNSUPPORTED,
                   "kernel has no L2TP (generic netlink family \"" L2TP_GENL_NAME "\" not found): load or install l2tp_ppp and "
                   "l2tp_netlink; some distributions blacklist them in /etc/modprobe.d");
      return NULL;
    }
  if (self->family < 0)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_KERNEL_UNSUPPORTED, "generic netlink family \"" L2TP_GENL_NAME "\": %s",
                   nl_geterror (self->family));
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
ol2tp_netlink_free (Ol2tpNetlink *self)
{
  g_clear_pointer (&self->socket, nl_socket_free);
  g_free (self);
}

static void
read_stats (struct nlattr *nested, Ol2tpDatapathStats *stats)
{
  static const struct {
    int attribute;
    gsize offset;
  } counters[] = {
    { L2TP_ATTR_TX_PACKETS, G_STRUCT_OFFSET (Ol2tpDatapathStats, tx_packets) },
    { L2TP_ATTR_TX_BYTES, G_STRUCT_OFFSET (Ol2tpDatapathStats, tx_bytes) },
    { L2TP_ATTR_TX_ERRORS, G_STRUCT_OFFSET (Ol2tpDatapathStats, tx_errors) },
    { L2TP_ATTR_RX_PACKETS, G_STRUCT_OFFSET (Ol2tpDatapathStats, rx_packets) },
    { L2TP_ATTR_RX_BYTES, G_STRUCT_OFFSET (Ol2tpDatapathStats, rx_bytes) },
    { L2TP_ATTR_RX_ERRORS, G_STRUCT_OFFSET (Ol2tpDatapathStats, rx_errors) },
    { L2TP_ATTR_RX_SEQ_DISCARDS, G_STRUCT_OFFSET (Ol2tpDatapathStats, rx_seq_discards) },
    { L2TP_ATTR_RX_OOS_PACKETS, G_STRUCT_OFFSET (Ol2tpDatapathStats, rx_oos_packets) },
  };
  struct nlattr *attributes[L2TP_ATTR_STATS_MAX + 1];

  if (nla_parse_nested (attributes, L2TP_ATTR_STATS_MAX, nested, NULL) < 0)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (counters); i++)
    {
      struct nlattr *attribute = attributes[counters[i].attribute];

      if (attribute != NULL && nla_len (attribute) == sizeof (guint64))
        *(guint64 *) G_STRUCT_MEMBER_P (stats, counters[i].offset) = nla_get_u64 (attribute);
    }
}

static int
on_reply (struct nl_msg *message, void *data)
{
  Answer *answer = data;
  struct nlattr *attributes[L2TP_ATTR_MAX + 1];

  if (answer->stats != NULL && genlmsg_parse (nlmsg_hdr (message), 0, attributes, L2TP_ATTR_MAX, NULL) >= 0
      && attributes[L2TP_ATTR_STATS] != NULL)
    read_stats (attributes[L2TP_ATTR_STATS], answer->stats);
  return NL_OK;
}

static int
on_ack (struct nl_msg *message, void *data)
{
  Answer *answer = data;

  answer->done = TRUE;
  return NL_STOP;
}

static int
on_refusal (struct sockaddr_nl *address, struct nlmsgerr *refusal, void *data)
{
  Answer *answer = data;

  answer->done = TRUE;
  answer->error = refusal->error;
  return NL_STOP;
}

/* Sends a request and waits for its acknowledgement. Returns: 0 or a negative errno. */
static int
transact (Ol2tpNetlink *self, struct nl_msg *message, Ol2tpDatapathStats *stats)
{
  g_autoptr (Callbacks) callbacks = nl_cb_alloc (NL_CB_DEFAULT);
  Answer answer = { .stats = stats };
  int result = 0;

  if (self->socket == NULL)
    self->socket = open_socket (&result);
  if (self->socket == NULL || callbacks == NULL)
    return -ENOMEM;

  nl_cb_set (callbacks, NL_CB_VALID, NL_CB_CUSTOM, on_reply, &answer);
  nl_cb_set (callbacks, NL_CB_ACK, NL_CB_CUSTOM, on_ack, &answer);
  nl_cb_err (callbacks, NL_CB_CUSTOM, on_refusal, &answer);
  result = nl_send_auto (self->socket, message);
  while (result >= 0 && !answer.done)
    result = nl_recvmsgs (self->socket, callbacks);
  if (answer.done)
    return answer.error;

  /* an answer that comes late must not be taken for that of the next request */
  g_clear_pointer (&self->socket, nl_socket_free);
  return result == -NLE_AGAIN ? -ETIMEDOUT : -EIO;
}

/* Returns: (transfer full): a request; %NULL without memory. */
static struct nl_msg *
new_request (Ol2tpNetlink *self, int command, guint32 tunnel_id, guint32 session_id)
{
  g_autoptr (Message) message = nlmsg_alloc ();

  if (message == NULL
      || genlmsg_put (message, NL_AUTO_PORT, NL_AUTO_SEQ, self->family, 0, NLM_F_REQUEST | NLM_F_ACK, command, L2TP_GENL_VERSION)
             == NULL
      || nla_put_u32 (message, L2TP_ATTR_CONN_ID, tunnel_id) < 0
      || (session_id != 0 && nla_put_u32 (message, L2TP_ATTR_SESSION_ID, session_id) < 0))
    return NULL;
  return g_steal_pointer (&message);
}

/* Turns an errno into words. */
static gboolean
check (int result, guint32 tunnel_id, guint32 session_id, const char *what, GError **error)
{
  g_autofree char *session = session_id != 0 ? g_strdup_printf (" session %u", session_id) : g_strdup ("");

  if (result == 0)
    return TRUE;
  g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_KERNEL, "tunnel %u%s: kernel cannot %s: %s", tunnel_id, session, what,
               g_strerror (-result));
  return FALSE;
}

gboolean
ol2tp_netlink_create_tunnel (Ol2tpNetlink *self, const Ol2tpDatapathTunnel *tunnel, GError **error)
{
  g_autoptr (Message) message = new_request (self, L2TP_CMD_TUNNEL_CREATE, tunnel->id, 0);
  int result = -ENOMEM;

  if (message != NULL && nla_put_u32 (message, L2TP_ATTR_PEER_CONN_ID, tunnel->peer_id) >= 0
      && nla_put_u8 (message, L2TP_ATTR_PROTO_VERSION, 2) >= 0
      && nla_put_u16 (message, L2TP_ATTR_ENCAP_TYPE, L2TP_ENCAPTYPE_UDP) >= 0
      && nla_put_u32 (message, L2TP_ATTR_FD, tunnel->fd) >= 0)
    result = transact (self, message, NULL);
  return check (result, tunnel->id, 0, "create it", error);
}

gboolean
ol2tp_netlink_create_session (Ol2tpNetlink *self, const Ol2tpDatapathSession *session, GError **error)
{
  g_autoptr (Message) message = new_request (self, L2TP_CMD_SESSION_CREATE, session->tunnel_id, session->id);
  int result = -ENOMEM;

  if (message != NULL && nla_put_u32 (message, L2TP_ATTR_PEER_SESSION_ID, session->peer_id) >= 0
      && nla_put_u16 (message, L2TP_ATTR_PW_TYPE, L2TP_PWTYPE_PPP) >= 0
      && nla_put_u8 (message, L2TP_ATTR_LNS_MODE, session->lns != FALSE) >= 0
      && nla_put_u8 (message, L2TP_ATTR_SEND_SEQ, session->send_seq != FALSE) >= 0
      && nla_put_u8 (message, L2TP_ATTR_RECV_SEQ, session->recv_seq != FALSE) >= 0
      && (session->reorder_timeout_ms == 0 || nla_put_msecs (message, L2TP_ATTR_RECV_TIMEOUT, session->reorder_timeout_ms) >= 0))
    result = transact (self, message, NULL);
  return check (result, session->tunnel_id, session->id, "create it", error);
}

static int delete (Ol2tpNetlink *self, int command, guint32 tunnel_id, guint32 session_id)
{
  g_autoptr (Message) message = new_request (self, command, tunnel_id, session_id);
  int result = message != NULL ? transact (self, message, NULL) : -ENOMEM;

  return result == -ENODEV || result == -ENOENT ? 0 : result;
}

gboolean
ol2tp_netlink_delete_tunnel (Ol2tpNetlink *self, guint32 tunnel_id, GError **error)
{
  return check (delete (self, L2TP_CMD_TUNNEL_DELETE, tunnel_id, 0), tunnel_id, 0, "delete it", error);
}

gboolean
ol2tp_netlink_delete_session (Ol2tpNetlink *self, guint32 tunnel_id, guint32 session_id, GError **error)
{
  return check (delete (self, L2TP_CMD_SESSION_DELETE, tunnel_id, session_id), tunnel_id, session_id, "delete it", error);
}

gboolean
ol2tp_netlink_get_stats (Ol2tpNetlink *self, guint32 tunnel_id, guint32 session_id, Ol2tpDatapathStats *stats, GError **error)
{
  g_autoptr (Message) message
      = new_request (self, session_id != 0 ? L2TP_CMD_SESSION_GET : L2TP_CMD_TUNNEL_GET, tunnel_id, session_id);

  *stats = (Ol2tpDatapathStats){ 0 };
  return check (message != NULL ? transact (self, message, stats) : -ENOMEM, tunnel_id, session_id, "tell its counters", error);
}
