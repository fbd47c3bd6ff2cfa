#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sudden ends: a daemon that is killed takes its pppd and its kernel state with it within 5 s; its peer notices; a pppd
# that is killed takes its session down.
# Limit: 120 s
. "$(dirname "$0")/daemon.sh"

both_daemons 'hello-interval=1' 'retry-timeout=1000' 'max-retries=1'

tunnel lac office 10.9.0.2 3 hello-interval u 1 retry-timeout u 1000 max-retries u 1
session lac "" 2 user s alice password s "$ALICE"
check "a session" connect lac "$SESSION" Session

# pppd dies: the session goes down, the tunnel stays.
lac_pppd=$(pgrep -P "$PID_lac" -x pppd)
check "pppd is killed" kill -KILL "$lac_pppd"
check "its session goes down" wait_for 5 is lac "$SESSION" Session State idle
check "its tunnel stays" is lac "$TUNNEL" Tunnel State established
check "no kernel session is left at lac" wait_for 5 no_kernel_session lac
check "the server's pppd ends too" wait_for 5 no_pppd
check "the session is dialled again" connect lac "$SESSION" Session
check "ping" contains " 0% packet loss" ip netns exec lac ping -c 2 -i 0.2 -W 5 192.168.77.1

# The server dies without a word.
lns_pppd=$(pgrep -P "$PID_lns" -x pppd)
check "the server is killed" kill -KILL "$PID_lns"
started=${EPOCHREALTIME/./}
check "no ppp interface at lns within 5 s" wait_for 5 no_ppp_interface lns
check "no kernel tunnel at lns" wait_for 5 no_kernel_tunnel lns
check "nor its pppd" wait_for 5 not kill -0 "$lns_pppd"
[ $((${EPOCHREALTIME/./} - started)) -lt 5000000 ] || fail "that took longer than 5 s"
note "after $(((${EPOCHREALTIME/./} - started) / 1000)) ms"
check "the client notices" wait_for 15 is lac "$TUNNEL" Tunnel State idle
nothing_left 5 lac lns

# The client dies without a word.
start_daemon lns -p ppp_unix -p example
check "a session with the new server" connect lac "$SESSION" Session
lac_pppd=$(pgrep -P "$PID_lac" -x pppd)
check "the client is killed" kill -KILL "$PID_lac"
started=${EPOCHREALTIME/./}
check "no ppp interface at lac within 5 s" wait_for 5 no_ppp_interface lac
check "no kernel tunnel at lac" wait_for 5 no_kernel_tunnel lac
check "nor its pppd" wait_for 5 not kill -0 "$lac_pppd"
[ $((${EPOCHREALTIME/./} - started)) -lt 5000000 ] || fail "that took longer than 5 s"
note "after $(((${EPOCHREALTIME/./} - started) / 1000)) ms"
nothing_left 15 lac lns
check "the server is alive" kill -0 "$PID_lns"
