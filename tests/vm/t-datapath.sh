#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel data path alone: tests/datapath/vm-kernel, which scripts/test builds and puts beside this file.
# Limit: 90 s
set -u
exec unshare --net bash -c 'ip link set lo up && exec "$1"' - "$(dirname "$0")/vm-kernel"
