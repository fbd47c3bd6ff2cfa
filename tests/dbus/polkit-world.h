/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bus taken for the system bus, a polkitd of our own on it that answers as told, the daemon's bus part, and two callers: one that
 * polkit is asked about and, when the test runs as root, root.
 */
#pragma once

#include "dbus/bus.h"

#define NOBODY_UID 65534

typedef enum { ANSWER_NO, ANSWER_YES, ANSWER_CHALLENGE } Decision;

typedef struct {
  GSubprocess *bus_daemon;
  char *folder;
  Ol2tpPlugins *plugins;
  Ol2tpController *controller;
  GDBusConnection *daemon, *polkit, *user, *root;
  Ol2tpBus *bus;

  Decision decision;
  guint delay_ms;
  guint polkit_id; /* the object's registration */
  /* What polkit was asked. */
  guint n_asked;
  char *asked; /* actions, a blank behind each */
  char *subject, *tunnel, *peer;
  guint flags;
} World;

typedef struct {
  gboolean done;
  GVariant *value;
  char *error; /* name of the error, less everything up to its last dot */
} Answer;

void world_set_up (World *world, gconstpointer data);
void world_tear_down (World *world, gconstpointer data);
guint world_user_uid (void);
/** world_connect: Returns: (transfer full): a new connection to the bus, which takes it for that user's. */
GDBusConnection *world_connect (guint uid);

/** world_config: Returns: (transfer full): */
Ol2tpConfig *world_config (World *world, const char *text);
/** world_create: a tunnel that is root's, made without the bus. */
Ol2tpTunnelEntry *world_create (World *world, const char *name, guint port, const char *option, const char *value);

void world_start_call (World *world, GDBusConnection *caller, const char *path, const char *method, GVariant *args,
                       GDBusMessageFlags flags, Answer *answer);
void world_finish_call (Answer *answer);
/** world_call: @expected: the name of an error, or "" for a value. */
void world_call (World *world, GDBusConnection *caller, const char *path, const char *method, GVariant *args, const char *expected);
/** world_assert_asked: polkit was asked for exactly these actions since last time. */
void world_assert_asked (World *world, const char *actions);
