# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What scripts/demo and scripts/test share.  Source it from bash; it sets OL2TP_ROOT to the top of the checkout.

OL2TP_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Whatever the caller's habits: nobody but the owner may write what is built (the plugin loader insists on it), messages
# are the ones that tests look for, and Python leaves nothing in the checkout.
umask 022
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1

# say TEXT...: progress, with the seconds since the script started.
say() {
  printf '[%4d s] %s\n' "$SECONDS" "$*"
}

# die TEXT...: the reason on standard error, and the end of the script.
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# ol2tp_install_packages: makes sure that the packages of scripts/packages.txt are there.  Calls apt-get only if one is not.
ol2tp_install_packages() {
  local installed package missing=()

  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n') || die "dpkg-query failed: is this a Debian system?"
  while read -r package; do
    case $package in '' | '#'*) continue ;; esac
    grep -qxF "$package installed" <<<"$installed" || missing+=("$package")
  done <"$OL2TP_ROOT/scripts/packages.txt"
  [ ${#missing[@]} -gt 0 ] || return 0

  [ "$(id -u)" -eq 0 ] || die "these packages are missing, and only root can install them: ${missing[*]}"
  say "installing ${missing[*]}"
  ol2tp_apt_get -qq update || die "apt-get update failed"
  ol2tp_apt_get -qq install --no-install-recommends "${missing[@]}" >/dev/null || die "apt-get could not install ${missing[*]}"
}

# ol2tp_apt_get ARGS...: apt-get which asks nothing and waits for its turn.
ol2tp_apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=300 "$@"
}

# ol2tp_build BUILDDIR PREFIX [MESON OPTION...]: builds the checkout and installs it below PREFIX, or below DESTDIR/PREFIX
# where the environment has a DESTDIR.  A BUILDDIR that is already set up is brought up to date, its options kept.
ol2tp_build() {
  local builddir=$1 prefix=$2
  shift 2

  if [ ! -e "$builddir/build.ninja" ]; then
    meson setup "$builddir" "$OL2TP_ROOT" --prefix="$prefix" "$@" || return
  fi
  meson compile -C "$builddir" && meson install -C "$builddir" --no-rebuild --quiet
}
