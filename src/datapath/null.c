/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A data path for tests and benchmarks of the control plane: it says yes to everything and carries nothing. */
#include "datapath.h"

static gboolean
tunnel_up (Ol2tpDatapath *self, const Ol2tpDatapathTunnel *tunnel, GError **error)
{
  return TRUE;
}

static void
tunnel_down (Ol2tpDatapath *self, guint32 tunnel_id)
{
}

static gboolean
session_up (Ol2tpDatapath *self, const Ol2tpDatapathSession *session, GError **error)
{
  return TRUE;
}

static int
take_channel (Ol2tpDatapath *self, guint32 tunnel_id, guint32 session_id)
{
  return -1;
}

static void
session_down (Ol2tpDatapath *self, guint32 tunnel_id, guint32 session_id)
{
}

static gboolean
get_session_stats (Ol2tpDatapath *self, guint32 tunnel_id, guint32 session_id, Ol2tpDatapathStats *stats, GError **error)
{
  *stats = (Ol2tpDatapathStats){ 0 };
  return TRUE;
}

static gboolean
get_tunnel_stats (Ol2tpDatapath *self, guint32 tunnel_id, Ol2tpDatapathStats *stats, GError **error)
{
  *stats = (Ol2tpDatapathStats){ 0 };
  return TRUE;
}

static void
settle (Ol2tpDatapath *self)
{
}

static void
null_free (Ol2tpDatapath *self)
{
  g_free (self);
}

static const Ol2tpDatapathOps null_ops = {
  .name = "null",
  .feature = "",
  .tunnel_up = tunnel_up,
  .tunnel_down = tunnel_down,
  .session_up = session_up,
  .take_channel = take_channel,
  .session_down = session_down,
  .get_session_stats = get_session_stats,
  .get_tunnel_stats = get_tunnel_stats,
  .settle = settle,
  .free = null_free,
};

Ol2tpDatapath *
ol2tp_datapath_null_new (void)
{
  Ol2tpDatapath *self = g_new0 (Ol2tpDatapath, 1);

  self->ops = &null_ops;
  return self;
}
