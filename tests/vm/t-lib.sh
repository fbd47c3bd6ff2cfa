#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lib.sh does what its comments say.
# Limit: 60 s
. "$(dirname "$0")/lib.sh"

check "not turns a status round" not false
check "contains finds text" contains "b c" echo "a b c d"
check "contains misses text" not contains "x" echo "a b c d"

before=$SECONDS
check "wait_for gives up" not wait_for 2 false
[ $((SECONDS - before)) -ge 1 ] || fail "wait_for gave up too early"
# shellcheck disable=SC2016 # the inner shell's variable
spawn later bash -c 'read -rt 0.5 -u 9 9<> <(:); touch /run/later; echo "in $PWD"'
check "wait_for sees a change" wait_for 20 test -e /run/later
check "spawn keeps output" wait_for 20 grep -q "in /run/vm" "$TEST_DIR/later.log"

spawn trapper bash -c 'trap "exit 5" TERM; touch /run/trapping; while :; do sleep 0.1; done'
trapper=$SPAWNED
wait_for 20 test -e /run/trapping
stop "$trapper"
[ $? -eq 5 ] || fail "stop did not return the program's status"

start_bus lac
start_bus lns
# shellcheck disable=SC2154 # start_bus sets BUS_lac and BUS_lns
{
  check "buses have different addresses" test "$BUS_lac" != "$BUS_lns"
  for address in "$BUS_lac" "$BUS_lns"; do
    check "busctl speaks at $address" contains "s \"" busctl --address="$address" call \
      org.freedesktop.DBus / org.freedesktop.DBus GetId
    check "gdbus speaks at $address" gdbus call --address "$address" --dest org.freedesktop.DBus --object-path / \
      --method org.freedesktop.DBus.ListNames
  done
}
netns_pair
spawn server ip netns exec lns iperf3 --server --one-off
check "iperf3 across the pair" wait_for 20 ip netns exec lac iperf3 --client 10.9.0.2 --time 1
