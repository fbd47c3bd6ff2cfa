# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For the tests of tests/vm/t-*.sh, which run in the guest and start with
#
#   #!/bin/bash
#   # What the test shows.
#   # Limit: 60 s
#   . "$(dirname "$0")/lib.sh"
#
# (scripts/test reads the limit).  A test ends at its first failed check.  The environment has STAGE, below which the
# project is installed, and TEST_DIR, a folder of the host's for what should outlive the test: logs, captures.
#
# A process takes some 50 ms to start in the guest, so that loops which start many are slow: poll with wait_for.
set -u

spawned=()
# Never ready to read: what a pause waits for, without a process of its own.
exec {never_ready}<> <(:)

# note TEXT...: a line in the test's log, with the seconds since the test began.
note() {
  printf '[%3d s] %s\n' "$SECONDS" "$*"
}

# fail TEXT...: ends the test, showing the last lines of every spawned program's log.
fail() {
  local log

  note "FAILED: $*"
  for log in "$TEST_DIR"/*.log; do
    [ -s "$log" ] && printf -- '--- %s\n' "${log##*/}" && tail -n 20 "$log"
  done
  exit 1
}

# skip TEXT...: ends the test, which could not be done here for the reason given.
skip() {
  echo "$*"
  exit 77
}

# check TEXT COMMAND...: TEXT is true if COMMAND succeeds; the test fails, with what COMMAND said, if it does not.
check() {
  local text=$1 output
  shift

  output=$("$@" 2>&1) || fail "$text
    command: $*
    $output"
  note "ok: $text"
}

# not COMMAND...: succeeds if COMMAND fails, for check and wait_for.
not() {
  ! "$@"
}

# contains TEXT COMMAND...: succeeds if COMMAND's output has TEXT in it; says what it was otherwise.
contains() {
  local text=$1 output
  shift

  output=$("$@" 2>&1)
  [[ $output == *"$text"* ]] || { printf 'no "%s" in:\n%s\n' "$text" "$output" && false; }
}

# wait_for SECONDS COMMAND...: tries COMMAND again and again until it succeeds.  Only the last try is heard.
wait_for() {
  local deadline=$((${EPOCHREALTIME/./} + $1 * 1000000))
  shift

  until "$@" >/dev/null 2>&1; do
    if [ "${EPOCHREALTIME/./}" -ge "$deadline" ]; then
      "$@"
      return
    fi
    read -rt 0.1 -u "$never_ready" || :
  done
}

# spawn LOG COMMAND...: starts COMMAND in the background, with its output in TEST_DIR/LOG.log.  SPAWNED is its process ID,
# also behind "ip netns exec".  It gets SIGTERM when the test ends, unless it was stopped.  Not in $(...) or a pipe.
spawn() {
  local log=$TEST_DIR/$1.log
  shift

  "$@" </dev/null >>"$log" 2>&1 &
  SPAWNED=$!
  spawned+=("$SPAWNED")
}

# stop PID [SIGNAL]: ends a spawned program and returns its exit status.  It has 10 s, then it is killed.
stop() {
  local pid=$1

  kill "-${2:-TERM}" "$pid" 2>/dev/null
  wait_for 10 not kill -0 "$pid" || { note "process $pid had to be killed" && kill -KILL "$pid"; }
  wait "$pid"
}

# netns_pair: two hosts, the network namespaces lac and lns, on one wire: eth0 in both, with 10.9.0.1 and fd09::1 at lac,
# 10.9.0.2 and fd09::2 at lns.
netns_pair() {
  local name number=0

  check "a pair of network namespaces" ip -batch - <<EOT
netns add lac
netns add lns
link add eth0 netns lac type veth peer name eth0 netns lns
EOT
  for name in lac lns; do
    number=$((number + 1))
    check "addresses of $name" ip -n "$name" -batch - <<EOT
address add 10.9.0.$number/24 dev eth0
address add fd09::$number/64 dev eth0 nodad
link set lo up
link set eth0 up
EOT
  done
}

# start_bus NAME: a message bus of its own for the host NAME (letters, digits, _).  Its address is in the variable BUS_NAME.
# One may own any name and call anything on it.
start_bus() {
  local name=$1 socket=/run/bus-$1

  cat >"$socket.conf" <<EOT
<busconfig>
  <type>session</type>
  <listen>unix:path=$socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
EOT
  spawn "bus-$name" dbus-daemon --nofork --nopidfile --config-file="$socket.conf"
  wait_for 10 test -S "$socket" || fail "the bus of $name did not start"
  printf -v "BUS_$name" 'unix:path=%s' "$socket"
}

# Orderly ends, last started first, so that programs say good-bye; the guest kills what is left.
cleanup() {
  local index

  for ((index = ${#spawned[@]} - 1; index >= 0; index--)); do
    ! kill -0 "${spawned[index]}" 2>/dev/null || stop "${spawned[index]}"
  done
}
trap cleanup EXIT
trap 'exit 143' INT TERM
