/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/** LLVMFuzzerTestOneInput: what libFuzzer and replay.c call; the name is libFuzzer's. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
