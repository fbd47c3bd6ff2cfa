/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The installed headers stand alone in strict C99 and in C++: built both ways, as all plugin authors may. */
#include <openl2tp/plugin.h>
#include <openl2tp/ppp.h>

#ifdef __cplusplus
extern "C"
#endif
    int
    ol2tp_test_headers (Ol2tpPpp *ppp);

int
ol2tp_test_headers (Ol2tpPpp *ppp)
{
  ol2tp_ppp_set_state (ppp, OL2TP_PPP_STATE_UP);
  return l2tp_tunnel_created_hook ? l2tp_tunnel_created_hook (1) : 0;
}
