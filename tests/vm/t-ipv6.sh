#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# IPv6 outside and inside: a tunnel between fd09::1 and fd09::2, to a server that listens on that address alone and to one that
# listens everywhere, with a session that carries IPv4 and, between link-local addresses, IPv6.
# Limit: 120 s
. "$(dirname "$0")/daemon.sh"

# link_local OBJECT KEY: an address of a session's Ip6Config, "address" or "peer".
link_local() {
  local text
  text=$(property lac "$1" Session Ip6Config) || return
  # a{sv} of busctl: 2 "address" s "fe80::…" "peer" s "fe80::…"
  text=${text#*"\"$2\" s \""}
  text=${text%%\"*}
  [[ $text == fe80::* ]] || { echo "no link-local $2: $text" && return 1; }
  echo "$text"
}

# ping6 HOST INTERFACE ADDRESS
ping6() {
  contains " 0% packet loss" ip netns exec "$1" ping -6 -c 3 -i 0.2 -W 5 "$3%$2"
}

# peer_interface: the one ppp interface of the server.
peer_interface() {
  local text
  text=$(ip -n lns -brief link show type ppp)
  echo "${text%% *}"
}

# one_session NAME OPTIONS...: a tunnel of that name with busctl's options, a session in it, traffic, and its end.
one_session() {
  local name=$1 ifname ours theirs
  shift

  tunnel lac "$name" fd09::2 "$@"
  session lac "" 2 user s alice password s "$ALICE"
  check "$name: Connect" connect lac "$SESSION" Session
  ifname=$(property lac "$SESSION" Session InterfaceName)
  check "$name: the peer's address is IPv6" contains "fd09::2" property lac "$TUNNEL" Tunnel PeerEndpoint
  check "$name: and ours" contains "fd09::1" property lac "$TUNNEL" Tunnel LocalEndpoint
  check "$name: the kernel's tunnel at the client" contains "From fd09::1 to fd09::2" ip -n lac l2tp show tunnel
  check "$name: the kernel's tunnel at the server" contains "From fd09::2 to fd09::1" ip -n lns l2tp show tunnel
  check "$name: IPv4 inside" contains " 0% packet loss" ip netns exec lac ping -c 3 -i 0.2 -W 5 192.168.77.1
  check "$name: IPV6CP gave us an address" wait_for 10 link_local "$SESSION" address
  check "$name: and told the peer's" link_local "$SESSION" peer
  ours=$(link_local "$SESSION" address)
  theirs=$(link_local "$SESSION" peer)
  check "$name: two different addresses" test "$ours" != "$theirs"
  check "$name: the interface has ours" contains "$ours" ip -n lac -6 address show dev "$ifname"
  check "$name: IPv6 inside, to the server" wait_for 10 ping6 lac "$ifname" "$theirs"
  check "$name: IPv6 inside, to the client" wait_for 10 ping6 lns "$(peer_interface)" "$ours"
  check "$name: Disconnect" disconnect lac "$TUNNEL" Tunnel
  check "$name: Ip6Config is empty" is lac "$SESSION" Session Ip6Config 0
  nothing_left 10 lac lns
}

netns_pair
lac_config
start_daemon lac -p ppp_unix -p example

lns_config 'listen=[fd09::2]:1701' 'secret=tunnel;secret'
start_daemon lns -p ppp_unix -p example
# shellcheck disable=SC2154 # daemon.sh sets it
lns=$PID_lns
one_session address 1 secret s 'tunnel;secret'
tunnel lac v4 10.9.0.2 2 max-retries u 1 retry-timeout u 500
check "nobody listens on IPv4" not connect lac "$TUNNEL" Tunnel
stop "$lns" || fail "SIGTERM: exit status $?"

lns_config
start_daemon lns -p ppp_unix -p example
one_session everywhere
tunnel lac both 10.9.0.2
check "IPv4 to the same server" connect lac "$TUNNEL" Tunnel
check "and away" disconnect lac "$TUNNEL" Tunnel
nothing_left 10 lac lns
