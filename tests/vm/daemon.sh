# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# On top of lib.sh: two hosts that run openl2tpd.  Source it in place of lib.sh.
#
# The hosts are the network namespaces lac (10.9.0.1, a client) and lns (10.9.0.2, a server), each with a bus, a daemon and a
# log of its own: TEST_DIR/openl2tpd-lac.log and -lns.log; example.so's are TEST_DIR/hooks-lac and hooks-lns.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

NAME=org.openl2tp1
ROOT=/org/openl2tp1
# Used by the tests: PID_lac, PID_lns, BUS_lac, BUS_lns.

# bus_of HOST: its bus address.
bus_of() {
  local variable=BUS_$1
  echo "${!variable-}"
}

# bus HOST ARGS...: busctl at the host's bus.
bus() {
  local host=$1
  shift
  busctl --address="$(bus_of "$host")" "$@"
}

# call HOST PATH INTERFACE METHOD [SIGNATURE ARGS...]: a method call; INTERFACE is Manager, Tunnel or Session.
call() {
  local host=$1 path=$2 interface=$3
  shift 3
  bus "$host" --timeout=60 call "$NAME" "$path" "$NAME.$interface" "$@"
}

# property HOST PATH INTERFACE NAME: a property's value, as busctl writes it without its type.
property() {
  local text
  text=$(bus "$1" get-property "$NAME" "$2" "$NAME.$3" "$4") || return
  text=${text#* }
  text=${text#\"}
  echo "${text%\"}"
}

# is HOST PATH INTERFACE NAME VALUE: whether the property has the value.
is() {
  [ "$(property "$1" "$2" "$3" "$4")" = "$5" ]
}

# object COMMAND...: the object path in a method's answer.
object() {
  local text
  text=$("$@") || return
  text=${text#*\"}
  echo "${text%\"}"
}

# start_daemon HOST [ARGS...]: a bus and openl2tpd in the host's namespace, with /run/HOST.conf; ready when it returns.
start_daemon() {
  local host=$1
  shift
  [ -n "$(bus_of "$host")" ] || start_bus "$host"
  spawn "openl2tpd-$host" ip netns exec "$host" env OPENL2TP_EXAMPLE_LOG="$TEST_DIR/hooks-$host" \
    "$STAGE/sbin/openl2tpd" -f --bus="$(bus_of "$host")" -c "/run/$host.conf" -d control,ppp "$@"
  printf -v "PID_$host" %s "$SPAWNED"
  wait_for 20 bus "$host" get-property "$NAME" "$ROOT" "$NAME.Manager" Version ||
    fail "openl2tpd of $host did not start"
}

# lns_config [LINE...]: /run/lns.conf of a server that knows alice and bob; the lines are added to its [lns] group.
lns_config() {
  {
    printf '[lns]\nenabled=true\nlocal-ip=192.168.77.1\nip-range=192.168.77.10-192.168.77.250\ndns=192.168.77.53\n'
    printf '%s\n' "$@"
    printf '\n[user alice]\npassword=wonder land;%%"x\n\n[user bob]\npassword=builder\n'
  } >/run/lns.conf
  chmod 600 /run/lns.conf
}

# shellcheck disable=SC2034 # for the tests
ALICE='wonder land;%"x'

lac_config() {
  printf '[daemon]\ndatapath=kernel\n' >/run/lac.conf
}

# both_daemons [LNS LINE...]: the usual start of a test.
both_daemons() {
  netns_pair
  lns_config "$@"
  lac_config
  start_daemon lns -p ppp_unix -p example
  start_daemon lac -p ppp_unix -p example
}

# tunnel HOST NAME PEER [OPTIONS...]: creates one and sets TUNNEL; OPTIONS are busctl's, their count first.
tunnel() {
  local host=$1 name=$2 peer=$3
  shift 3
  [ $# -gt 0 ] || set -- 0
  TUNNEL=$(object call "$host" "$ROOT" Manager CreateTunnel 'ssa{sv}' "$name" "$peer" "$@") || fail "CreateTunnel $name"
}

# session HOST NAME [OPTIONS...]: creates one in TUNNEL and sets SESSION.
session() {
  local host=$1 name=$2
  shift 2
  SESSION=$(object call "$host" "$TUNNEL" Tunnel CreateSession 'sa{sv}' "$name" "$@") || fail "CreateSession $name"
}

# connect HOST PATH INTERFACE: Connect, without options.
connect() {
  call "$1" "$2" "$3" Connect 'a{sv}' 0
}

disconnect() {
  call "$1" "$2" "$3" Disconnect 'a{sv}' 0
}

# refused ERROR COMMAND...: succeeds if the call fails with that name of ours; busctl shows only the text, so gdbus is used.
# refused ERROR HOST PATH INTERFACE METHOD [GDBUS ARGS...]
refused() {
  local error=$1 host=$2 path=$3 interface=$4 method=$5 output
  shift 5
  output=$(gdbus call --address "$(bus_of "$host")" --timeout 60 --dest "$NAME" --object-path "$path" \
    --method "$NAME.$interface.$method" "$@" 2>&1) && { echo "it succeeded: $output" && return 1; }
  note "$output"
  [[ $output == *"$NAME.Error.$error"* ]] || { echo "$output" && return 1; }
}

# pppd processes, interfaces and kernel state of a host.
no_kernel_tunnel() { [ -z "$(ip -n "$1" l2tp show tunnel)" ]; }
no_kernel_session() { [ -z "$(ip -n "$1" l2tp show session)" ]; }
no_ppp_interface() { [ -z "$(ip -n "$1" -brief link show type ppp)" ]; }
no_pppd() { [ -z "$(pgrep -x pppd)" ]; }

# nothing_left SECONDS HOST...: within so many seconds no kernel tunnel, session, interface or pppd is there.
nothing_left() {
  local limit=$1 host
  shift
  for host in "$@"; do
    check "no kernel session at $host" wait_for "$limit" no_kernel_session "$host"
    check "no kernel tunnel at $host" wait_for "$limit" no_kernel_tunnel "$host"
    check "no ppp interface at $host" wait_for "$limit" no_ppp_interface "$host"
  done
  check "no pppd" wait_for "$limit" no_pppd
}

# descriptors PID: how many the process has open.
descriptors() {
  local list=("/proc/$1/fd/"*)
  echo "${#list[@]}"
}

# has_descriptors PID NUMBER
has_descriptors() {
  [ "$(descriptors "$1")" -eq "$2" ] || { ls -l "/proc/$1/fd" && return 1; }
}
