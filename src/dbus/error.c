/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "error.h"

#include "core/types.h"

#define PREFIX "org.openl2tp1.Error."

static const GDBusErrorEntry entries[] = {
  { OL2TP_ERROR_FAILED, PREFIX "Failed" },
  { OL2TP_ERROR_INVALID_ARGUMENTS, PREFIX "InvalidArguments" },
  { OL2TP_ERROR_NOT_FOUND, PREFIX "NotFound" },
  { OL2TP_ERROR_ALREADY_EXISTS, PREFIX "AlreadyExists" },
  { OL2TP_ERROR_WRONG_STATE, PREFIX "WrongState" },
  { OL2TP_ERROR_IN_PROGRESS, PREFIX "InProgress" },
  { OL2TP_ERROR_CANCELED, PREFIX "Canceled" },
  { OL2TP_ERROR_NOT_SUPPORTED, PREFIX "NotSupported" },
  { OL2TP_ERROR_LIMIT_EXCEEDED, PREFIX "LimitExceeded" },
  { OL2TP_ERROR_CONFIG_INVALID, PREFIX "ConfigInvalid" },
  { OL2TP_ERROR_KERNEL_UNSUPPORTED, PREFIX "KernelUnsupported" },
  { OL2TP_ERROR_KERNEL, PREFIX "Kernel" },
  { OL2TP_ERROR_RESOLVE_FAILED, PREFIX "ResolveFailed" },
  { OL2TP_ERROR_UNREACHABLE, PREFIX "Unreachable" },
  { OL2TP_ERROR_TIMEOUT, PREFIX "Timeout" },
  { OL2TP_ERROR_PEER_REJECTED, PREFIX "PeerRejected" },
  { OL2TP_ERROR_TRY_ANOTHER, PREFIX "TryAnother" },
  { OL2TP_ERROR_PROTOCOL, PREFIX "Protocol" },
  { OL2TP_ERROR_TUNNEL_AUTH_FAILED, PREFIX "TunnelAuthFailed" },
  { OL2TP_ERROR_PPP_AUTH_FAILED, PREFIX "PppAuthFailed" },
  { OL2TP_ERROR_NO_SECRETS, PREFIX "NoSecrets" },
  { OL2TP_ERROR_AGENT_CANCELED, PREFIX "AgentCanceled" },
  { OL2TP_ERROR_PPP_FAILED, PREFIX "PppFailed" },
};

void
ol2tp_dbus_error_register (void)
{
  static gsize done;

  g_dbus_error_register_error_domain ("ol2tp-error-quark", &done, entries, G_N_ELEMENTS (entries));
}
