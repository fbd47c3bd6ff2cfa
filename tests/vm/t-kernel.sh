#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The guest can do what the other tests build upon: the kernel's L2TP carries packets, and its PPP is there.
# Limit: 60 s
. "$(dirname "$0")/lib.sh"

check "modules load" modprobe -a l2tp_ppp l2tp_netlink l2tp_eth l2tp_ip ppp_mppe nf_tables sch_netem
check "the kernel answers for L2TP" ip l2tp show tunnel
check "PPP has its device" test -c /dev/ppp
check "pppd is there" contains "pppd version" pppd --version
check "iperf3 is there" contains "iperf 3" iperf3 --version

netns_pair
check "ping over IPv4" ip netns exec lac ping -c 1 -W 5 10.9.0.2
check "ping over IPv6" ip netns exec lac ping -c 1 -W 5 fd09::2

# An L2TPv3 pseudowire set up by hand, no control protocol.
for host in "lac 1 2" "lns 2 1"; do
  read -r name local peer <<<"$host"
  check "pseudowire of $name" ip -n "$name" -batch - <<EOT
l2tp add tunnel tunnel_id $local peer_tunnel_id $peer encap udp local 10.9.0.$local remote 10.9.0.$peer udp_sport 1701 udp_dport 1701
l2tp add session name l2tpeth0 tunnel_id $local session_id 1$local peer_session_id 1$peer
address add 10.10.0.$local/24 dev l2tpeth0
link set l2tpeth0 up
EOT
done
check "ping through the pseudowire" ip netns exec lac ping -c 1 -W 5 10.10.0.2
