#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Signals and hooks tell the same story, in the order that is promised: gdbus monitor beside example.so's log.
# Limit: 90 s
. "$(dirname "$0")/daemon.sh"

netns_pair
lns_config
lac_config
start_daemon lns
start_bus lac
spawn monitor gdbus monitor --address "$BUS_lac" --dest "$NAME"
# A plugin named by a path, from a folder of its own, beside the one from the plugin directory.
mkdir -m 755 /run/elsewhere
cp "$STAGE/lib/openl2tp/example.so" /run/elsewhere/mine.so
start_daemon lac -p ppp_unix -p /run/elsewhere/mine.so

tunnel lac office 10.9.0.2
session lac "" 2 user s alice password s "$ALICE"
check "a session" connect lac "$SESSION" Session
check "is taken down" disconnect lac "$TUNNEL" Tunnel
check "and dialled again" connect lac "$SESSION" Session
check "and deleted" call lac "$TUNNEL" Tunnel Delete
wait_for 5 grep -q InterfacesRemoved "$TEST_DIR/monitor.log"

# "…Manager.TunnelUp (objectpath '…', uint32 7, …)" and "example: tunnel_up tid=7 …" both become "tunnel_up".
sed -n 's/.*Manager\.\(Tunnel\|Session\)\([A-Z][a-z]*\) (.*/\1_\2/p' "$TEST_DIR/monitor.log" |
  tr '[:upper:]' '[:lower:]' >"$TEST_DIR/signals"
sed -n 's/.*\(\(tunnel\|session\)_[a-z]*\).*/\1/p' "$TEST_DIR/hooks-lac" >"$TEST_DIR/hooks"

cat >"$TEST_DIR/expected" <<'EOT'
tunnel_created
session_created
tunnel_up
session_up
session_down
session_deleted
tunnel_down
tunnel_deleted
tunnel_created
session_created
tunnel_up
session_up
session_down
session_deleted
tunnel_down
tunnel_deleted
EOT
check "signals are in the promised order" diff "$TEST_DIR/expected" "$TEST_DIR/signals"
check "hooks are in the same order" diff "$TEST_DIR/expected" "$TEST_DIR/hooks"

# The standard signals have their places: the state before Up and Down, objects before Created and after Deleted.
story_of() {
  # shellcheck disable=SC2016 # no expansions in sed's words
  sed -n -e "s|.*InterfacesAdded (.*$2', .*|added|p" -e "s|.*InterfacesRemoved (.*$2', .*|removed|p" \
    -e "s|.*PropertiesChanged.*openl2tp1.$1', .*'State': <'established'>.*|state-up|p" \
    -e "s|.*PropertiesChanged.*openl2tp1.$1', .*'State': <'idle'>.*|state-down|p" \
    -e "s|.*Manager\.$1\([A-Z][a-z]*\) .*|\1|p" "$TEST_DIR/monitor.log" | tr '\n' ' '
}
life="Created state-up Up state-down Down Deleted"
for object in "Tunnel Tunnel/1" "Session Tunnel/1/Session/1"; do
  # shellcheck disable=SC2086 # two words
  story=$(story_of $object)
  [ "$story" = "added $life $life removed " ] || fail "the story of $object is: $story"
  note "ok: standard signals are in their places for $object"
done
