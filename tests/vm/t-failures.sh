#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What goes wrong has its name: wrong password, wrong tunnel secret, no secret, silent peer, no pppd.  The daemons stay up
# and nothing is left.
# Limit: 180 s
. "$(dirname "$0")/daemon.sh"

both_daemons 'secret=right' 'auth=mschapv2;chap;pap'

# The slow one first, in the background: a peer whose datagrams are dropped.  10.9.0.3 exists, so that nothing says so.
check "a silent peer" ip -n lns address add 10.9.0.3/24 dev eth0
check "which hears nothing" ip netns exec lns nft -f - <<'EOT'
table inet silent {
  chain input {
    type filter hook input priority 0
    ip daddr 10.9.0.3 udp dport 1701 drop
  }
}
EOT
tunnel lac silent 10.9.0.3
silent_started=${EPOCHREALTIME/./}
spawn silent gdbus call --address "$BUS_lac" --timeout 60 --dest "$NAME" --object-path "$TUNNEL" --method "$NAME.Tunnel.Connect" '{}'
silent=$SPAWNED
silent_tunnel=$TUNNEL

# wrong_password AUTH
wrong_password() {
  local started=${EPOCHREALTIME/./} took

  tunnel lac "wrong-$1" 10.9.0.2 1 secret s right
  session lac "" 3 user s alice password s 'no such' auth as 1 "$1"
  check "$1: a wrong password is PppAuthFailed" refused PppAuthFailed lac "$SESSION" Session Connect '{}'
  took=$((${EPOCHREALTIME/./} - started))
  note "after $((took / 1000)) ms"
  [ "$took" -lt 5000000 ] || fail "$1: that took $((took / 1000)) ms, not 5 s at most"
  check "$1: Delete" call lac "$TUNNEL" Tunnel Delete
}
wrong_password mschapv2
wrong_password chap
wrong_password pap

tunnel lac stranger 10.9.0.2 1 secret s right
session lac "" 2 user s mallory password s whatever
check "an unknown user is PppAuthFailed" refused PppAuthFailed lac "$SESSION" Session Connect '{}'
check "Delete" call lac "$TUNNEL" Tunnel Delete

tunnel lac wrong-secret 10.9.0.2 1 secret s wrong
check "a wrong tunnel secret is TunnelAuthFailed" refused TunnelAuthFailed lac "$TUNNEL" Tunnel Connect '{}'
session lac "" 2 user s alice password s "$ALICE"
check "and so it is for a session" refused TunnelAuthFailed lac "$SESSION" Session Connect '{}'
tunnel lac no-secret 10.9.0.2
check "no secret where one is wanted is NoSecrets" refused NoSecrets lac "$TUNNEL" Tunnel Connect '{}'

tunnel lac nobody no-such-host.invalid
check "a name that does not exist is ResolveFailed" refused ResolveFailed lac "$TUNNEL" Tunnel Connect '{}'
tunnel lac far 192.0.2.1
check "an address without a route is Unreachable" refused Unreachable lac "$TUNNEL" Tunnel Connect '{}'

mv /usr/sbin/pppd /usr/sbin/pppd.away
tunnel lac no-pppd 10.9.0.2 1 secret s right
session lac "" 2 user s alice password s "$ALICE"
check "no pppd is PppFailed" refused PppFailed lac "$SESSION" Session Connect '{}'
mv /usr/sbin/pppd.away /usr/sbin/pppd
check "the same session, once pppd is there" connect lac "$SESSION" Session
check "ping" contains " 0% packet loss" ip netns exec lac ping -c 2 -i 0.2 -W 5 192.168.77.1
check "Delete" call lac "$TUNNEL" Tunnel Delete

check "the silent peer's call has ended" wait_for 40 not kill -0 "$silent"
took=$((${EPOCHREALTIME/./} - silent_started))
check "a silent peer is Timeout" grep -q "$NAME.Error.Timeout" "$TEST_DIR/silent.log"
note "after $((took / 1000)) ms: $(cat "$TEST_DIR/silent.log")"
[ "$took" -ge 30900000 ] || fail "that was before 31 s"
[ "$took" -lt 34000000 ] || fail "that was long after 31 s"
check "the reason is kept" contains "no answer" property lac "$silent_tunnel" Tunnel LastErrorMessage

check "both daemons are alive" kill -0 "$PID_lac" "$PID_lns"
nothing_left 5 lac lns
