#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The main job: a tunnel and a PPP session between two of our daemons, with each kind of authentication; traffic; what the
# bus and the kernel show meanwhile; and nothing left afterwards.
# Limit: 180 s
. "$(dirname "$0")/daemon.sh"

both_daemons 'secret=tunnel;secret' 'auth=mschapv2;chap;pap'
# shellcheck disable=SC2154 # daemon.sh sets them
{
  lac_fds=$(descriptors "$PID_lac")
  lns_fds=$(descriptors "$PID_lns")
}

# one_session AUTH: up, traffic, down.
one_session() {
  local auth=$1 ifname peer_ip

  tunnel lac "office-$auth" 10.9.0.2 1 secret s 'tunnel;secret'
  session lac "" 3 user s alice password s "$ALICE" auth as 1 "$auth"
  check "$auth: Connect" connect lac "$SESSION" Session
  check "$auth: PppState is up" is lac "$SESSION" Session PppState up
  check "$auth: tunnel authentication was mutual" is lac "$TUNNEL" Tunnel Authenticated mutual
  ifname=$(property lac "$SESSION" Session InterfaceName)
  check "$auth: interface $ifname exists" ip -n lac link show "$ifname"
  check "$auth: its MTU is 1400" contains "mtu 1400" ip -n lac link show "$ifname"
  check "$auth: address from the range" contains '192.168.77.1' property lac "$SESSION" Session Ip4Config
  check "$auth: name server pushed" contains '192.168.77.53' property lac "$SESSION" Session Ip4Config
  check "$auth: the kernel shows our tunnel" contains "Tunnel $(property lac "$TUNNEL" Tunnel TunnelId)," ip -n lac l2tp show tunnel
  check "$auth: the kernel shows our session" contains "Session $(property lac "$SESSION" Session SessionId) in tunnel" \
    ip -n lac l2tp show session
  check "$auth: ping" contains " 0% packet loss" ip netns exec lac ping -c 3 -i 0.2 -W 5 192.168.77.1
  check "$auth: statistics" contains '"tx-packets"' call lac "$SESSION" Session GetStats
  peer_ip=$(ip -n lac -4 -o address show dev "$ifname")
  [[ $peer_ip == *"inet 192.168.77."* ]] || fail "no address on $ifname: $peer_ip"
  # Nothing secret where other users could see it.
  check "$auth: no secret in any command line" not grep -Ela 'wonder|tunnel;secret' $(pgrep 'pppd|openl2tpd' | sed 's,.*,/proc/&/cmdline,')
  check "$auth: no secret in pppd's environment" not grep -Ela 'wonder|tunnel;secret' $(pgrep -x pppd | sed 's,.*,/proc/&/environ,')
}

for auth in mschapv2 chap pap; do
  one_session "$auth"
  if [ "$auth" = mschapv2 ]; then
    check "the server lists the caller" contains alice bus lns call "$NAME" "$ROOT" org.freedesktop.DBus.ObjectManager GetManagedObjects
    spawn iperf3 ip netns exec lns iperf3 --server --one-off --bind 192.168.77.1
    check "iperf3 through the tunnel" wait_for 20 ip netns exec lac iperf3 --client 192.168.77.1 --time 2
    check "the kernel's tunnel while traffic flows" contains "encap UDP" ip -n lac l2tp show tunnel
  fi
  case $auth in
  chap) check "chap: Disconnect of the session" disconnect lac "$SESSION" Session ;;
  esac
  check "$auth: Disconnect of the tunnel" disconnect lac "$TUNNEL" Tunnel
  check "$auth: no ppp interface is left at lac at once" no_ppp_interface lac
  nothing_left 5 lac lns
  check "$auth: as many descriptors as before at lac" wait_for 5 has_descriptors "$PID_lac" "$lac_fds"
  check "$auth: as many descriptors as before at lns" wait_for 5 has_descriptors "$PID_lns" "$lns_fds"
done

# The object stays, and is dialled again with new IDs.
before=$(property lac "$TUNNEL" Tunnel TunnelId)
check "no ID while it is down" test "$before" = 0
check "the same session connects again" connect lac "$SESSION" Session
check "ping again" contains " 0% packet loss" ip netns exec lac ping -c 2 -i 0.2 -W 5 192.168.77.1
check "Delete of the tunnel" call lac "$TUNNEL" Tunnel Delete
check "the objects are gone" not bus lac get-property "$NAME" "$TUNNEL" "$NAME.Tunnel" State
nothing_left 5 lac lns

# An orderly end with a session up.
tunnel lac last 10.9.0.2 1 secret s 'tunnel;secret'
session lac "" 2 user s bob password s builder
check "one more session" connect lac "$SESSION" Session
stop "$PID_lac" || fail "SIGTERM: exit status $?"
note "ok: SIGTERM ends the daemon with status 0"
nothing_left 5 lac lns
stop "$PID_lns" || fail "SIGTERM: exit status $?"
check "no secret in any log" not grep -El 'wonder|tunnel;secret|builder' "$TEST_DIR"/openl2tpd-*.log "$TEST_DIR"/hooks-*
