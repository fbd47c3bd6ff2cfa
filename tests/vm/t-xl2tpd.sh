#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# xl2tpd as the peer, once as server and once as client: each kind of PPP authentication, with and without a tunnel secret,
# traffic both ways, and ends that come from our side and from the other.
# Limit: 400 s
. "$(dirname "$0")/daemon.sh"

command -v xl2tpd >/dev/null || fail "xl2tpd is not installed"
SECRET='tunnel secret'

# pppd_pids HOST: the processes of pppd in that namespace, of which ours are some and xl2tpd's others.
pppd_pids() {
  local pid name
  for pid in $(ip netns pids "$1"); do
    read -r name 2>/dev/null <"/proc/$pid/comm" && [ "$name" = pppd ] && echo "$pid"
  done
}
no_pppd_at() { [ -z "$(pppd_pids "$1")" ]; }

# clean HOST TEXT: nothing of a session is left on our side.
clean() {
  local host=$1 text=$2
  check "$text: no kernel session is left" wait_for 15 no_kernel_session "$host"
  check "$text: no kernel tunnel is left" wait_for 15 no_kernel_tunnel "$host"
  check "$text: no ppp interface is left" wait_for 15 no_ppp_interface "$host"
  check "$text: no pppd is left" wait_for 15 no_pppd_at "$host"
}

# start_xl2tpd HOST SECRET LINE...: xl2tpd in that namespace, with the lines as its sections.  Its "auth file" knows the secret
# in any case; "challenge" in the sections says whether it is used.
start_xl2tpd() {
  local host=$1 folder=/run/xl2tpd-$1
  shift

  mkdir -p "$folder"
  rm -f "$folder/control"
  printf '* * %s\n' "$SECRET" >"$folder/secrets"
  {
    printf '[global]\nport = 1701\naccess control = no\nauth file = %s\n' "$folder/secrets"
    printf '%s\n' "$@"
  } >"$folder/conf"
  spawn "xl2tpd-$host" ip netns exec "$host" xl2tpd -D -c "$folder/conf" -s "$folder/secrets" -p "$folder/pid" -C "$folder/control"
  PID_xl2tpd=$SPAWNED
  check "xl2tpd at $host" wait_for 10 test -p "$folder/control"
}

# The options of xl2tpd's pppd for an authentication, in a file whose name is printed.
ppp_options() {
  local file=/run/ppp-$1-$2
  shift
  { printf '%s\n' noccp nodefaultroute mtu 1400 mru 1400 lcp-echo-interval 0 "${@:2}"; } >"$file"
  echo "$file"
}

yes_no() {
  if [ "$1" = secret ]; then echo yes; else echo no; fi
}

# --- ours calls, xl2tpd answers ---

printf '"alice" "xl2tpd" "wonderland" *\n' >/etc/ppp/chap-secrets
cp /etc/ppp/chap-secrets /etc/ppp/pap-secrets
chmod 600 /etc/ppp/*-secrets

# to_xl2tpd AUTH SECRET END: a session of ours to xl2tpd, ended by "ours" or "theirs".
to_xl2tpd() {
  local auth=$1 secret=$2 end=$3 text="to xl2tpd, $1, $2, $3 ends" ifname ours
  local options=(0)

  [ "$secret" != secret ] || options=(1 secret s "$SECRET")
  case $auth in
    pap) ppp_options lns x name xl2tpd auth require-pap ;;
    chap) ppp_options lns x name xl2tpd auth require-chap ;;
    mschapv2) ppp_options lns x name xl2tpd auth require-mschap-v2 ;;
  esac >/dev/null
  tunnel lac "$auth-$secret" 10.9.0.2 "${options[@]}"
  session lac "" 2 user s alice password s wonderland
  check "$text: Connect" connect lac "$SESSION" Session
  [ "$secret" != secret ] || check "$text: both have proved themselves" is lac "$TUNNEL" Tunnel Authenticated mutual
  ifname=$(property lac "$SESSION" Session InterfaceName)
  ours=$(ip -n lac -4 -o address show dev "$ifname")
  ours=${ours#*inet }
  ours=${ours%% *}
  check "$text: ping" contains " 0% packet loss" ip netns exec lac ping -c 2 -i 0.2 -W 5 192.168.78.1
  check "$text: ping from xl2tpd" contains " 0% packet loss" ip netns exec lns ping -c 2 -i 0.2 -W 5 "${ours%/*}"
  case $end in
    ours) check "$text: Disconnect" disconnect lac "$TUNNEL" Tunnel ;;
    theirs)
      # shellcheck disable=SC2046 # one word each
      kill -TERM $(pppd_pids lns)
      check "$text: the session goes down" wait_for 20 is lac "$SESSION" Session State idle
      check "$text: Disconnect of the tunnel" disconnect lac "$TUNNEL" Tunnel
      ;;
  esac
  clean lac "$text"
  wait_for 15 no_pppd_at lns || note "xl2tpd's pppd is still there"
}

netns_pair
lac_config
start_daemon lac -p ppp_unix -p example
# shellcheck disable=SC2154 # daemon.sh sets it
lac_fds=$(descriptors "$PID_lac")
for secret in open secret; do
  start_xl2tpd lns '[lns default]' 'ip range = 192.168.78.10-192.168.78.99' 'local ip = 192.168.78.1' 'length bit = yes' \
    'name = xl2tpd' "challenge = $(yes_no "$secret")" 'pppoptfile = /run/ppp-lns-x'
  end=ours
  for auth in mschapv2 chap pap; do
    [ "$auth-$secret" != mschapv2-secret ] || end=theirs
    to_xl2tpd "$auth" "$secret" "$end"
    if [ "$end" = ours ]; then end=theirs; else end=ours; fi
  done

  # The other daemon says good-bye.
  tunnel lac "bye-$secret" 10.9.0.2 1 secret s "$SECRET"
  session lac "" 2 user s alice password s wonderland
  check "one more session to xl2tpd" connect lac "$SESSION" Session
  kill -TERM "$PID_xl2tpd"
  check "xl2tpd's end ends the tunnel" wait_for 20 is lac "$TUNNEL" Tunnel State idle
  clean lac "xl2tpd ended"
  wait_for 10 not kill -0 "$PID_xl2tpd" || kill -KILL "$PID_xl2tpd"
  check "xl2tpd has ended" wait_for 5 not kill -0 "$PID_xl2tpd"
  wait_for 15 no_pppd_at lns || note "xl2tpd's pppd is still there"
done

start_xl2tpd lns '[lns default]' 'ip range = 192.168.78.10-192.168.78.99' 'local ip = 192.168.78.1' 'name = xl2tpd' \
  'challenge = yes' 'pppoptfile = /run/ppp-lns-x'
tunnel lac wrong 10.9.0.2 1 secret s 'another secret'
check "a wrong secret" refused TunnelAuthFailed lac "$TUNNEL" Tunnel Connect '{}'
tunnel lac none 10.9.0.2
check "no secret where xl2tpd wants one" not connect lac "$TUNNEL" Tunnel
clean lac "refused"
stop "$PID_xl2tpd"
# RFC 2661 section 5.7: a tunnel that the peer has stopped keeps its transport for a full cycle of retransmissions, 31 s.
check "as many descriptors as at the start" wait_for 45 has_descriptors "$PID_lac" "$lac_fds"
stop "$PID_lac" || fail "SIGTERM: exit status $?"

# --- xl2tpd calls, ours answers ---

# server_session: the path of the one session of ours, once there is one.
server_session() {
  local text
  text=$(bus lns tree --list "$NAME" | grep -o "$ROOT/Tunnel/[0-9]*/Session/[0-9]*\$") || return
  echo "$text"
}

# client_address: what xl2tpd's client got.
client_address() {
  local text
  text=$(ip -n lac -4 -o address show scope global)
  text=${text#*inet 192.168.77.}
  echo "192.168.77.${text%% *}"
}
client_up() { [[ $(ip -n lac -4 -o address show) == *"inet 192.168.77."* ]]; }
server_up() { is lns "$(server_session)" Session PppState up; }
no_server_session() { ! server_session; }

# from_xl2tpd AUTH SECRET END
from_xl2tpd() {
  local auth=$1 secret=$2 end=$3 text="from xl2tpd, $1, $2, $3 ends" tunnel session

  echo "c $auth" >/run/xl2tpd-lac/control
  check "$text: a session" wait_for 30 server_up
  check "$text: an address" wait_for 30 client_up
  session=$(server_session)
  tunnel=${session%/Session/*}
  check "$text: the user's name" is lns "$session" Session UserName alice
  [ "$secret" != secret ] || check "$text: both have proved themselves" is lns "$tunnel" Tunnel Authenticated mutual
  check "$text: ping" contains " 0% packet loss" ip netns exec lac ping -c 2 -i 0.2 -W 5 192.168.77.1
  check "$text: ping from ours" contains " 0% packet loss" ip netns exec lns ping -c 2 -i 0.2 -W 5 "$(client_address)"
  case $end in
    ours) check "$text: Disconnect" disconnect lns "$tunnel" Tunnel ;;
    theirs) echo "d $auth" >/run/xl2tpd-lac/control ;;
  esac
  check "$text: the objects go" wait_for 20 no_server_session
  clean lns "$text"
  check "$text: xl2tpd's pppd ends" wait_for 20 no_pppd_at lac
}

sections=()
for auth in mschapv2 chap pap; do
  sections+=("[lac $auth]" 'lns = 10.9.0.2' 'length bit = yes' "pppoptfile = /run/ppp-lac-$auth")
done
ppp_options lac mschapv2 name alice password wonderland noauth refuse-eap >/dev/null
ppp_options lac chap name alice password wonderland noauth refuse-eap refuse-mschap-v2 refuse-mschap >/dev/null
ppp_options lac pap name alice password wonderland noauth refuse-eap refuse-mschap-v2 refuse-mschap refuse-chap >/dev/null

for secret in open secret; do
  if [ "$secret" = secret ]; then lns_config "secret=$SECRET" 'auth=mschapv2;chap;pap'; else lns_config 'auth=mschapv2;chap;pap'; fi
  sed -i 's/^password=wonder land.*/password=wonderland/' /run/lns.conf
  start_daemon lns -p ppp_unix -p example
  # shellcheck disable=SC2154 # daemon.sh sets it
  lns_fds=$(descriptors "$PID_lns")
  start_xl2tpd lac "${sections[@]/#pppoptfile/challenge = $(yes_no "$secret")$'\n'pppoptfile}"
  end=theirs
  for auth in mschapv2 chap pap; do
    [ "$auth-$secret" != mschapv2-secret ] || end=ours
    from_xl2tpd "$auth" "$secret" "$end"
    if [ "$end" = ours ]; then end=theirs; else end=ours; fi
  done
  stop "$PID_xl2tpd"
  clean lns "xl2tpd ended"
  check "as many descriptors as at the start" wait_for 10 has_descriptors "$PID_lns" "$lns_fds"
  stop "$PID_lns" || fail "SIGTERM: exit status $?"
done
