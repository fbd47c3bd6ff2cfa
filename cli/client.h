/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon as seen from here: a connection, calls, and what became of them. */
#ifndef CTL_CLIENT_H
#define CTL_CLIENT_H

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

#define CTL_BUS_NAME "org.openl2tp1"
#define CTL_ROOT_PATH "/org/openl2tp1"
#define CTL_MANAGER CTL_BUS_NAME ".Manager"
#define CTL_TUNNEL CTL_BUS_NAME ".Tunnel"
#define CTL_SESSION CTL_BUS_NAME ".Session"
#define CTL_OBJECT_MANAGER "org.freedesktop.DBus.ObjectManager"
#define CTL_PROPERTIES "org.freedesktop.DBus.Properties"

/* Exit statuses. */
typedef enum {
  CTL_EXIT_OK = 0,
  CTL_EXIT_FAILED = 1,
  CTL_EXIT_USAGE = 2,
  CTL_EXIT_UNREACHABLE = 3,
} CtlExit;

#define CTL_ERROR (ctl_error_quark ())
GQuark ctl_error_quark (void);

/* Errors of our own: their codes are exit statuses. */
typedef enum {
  CTL_ERROR_FAILED = CTL_EXIT_FAILED,
  CTL_ERROR_USAGE = CTL_EXIT_USAGE,
  CTL_ERROR_UNREACHABLE = CTL_EXIT_UNREACHABLE,
} CtlError;

typedef struct {
  char *address;               /* of the bus, NULL for the system bus */
  GDBusConnection *connection; /* NULL until ctl_open() */
  GDBusCallFlags read_flags; /* of calls that change nothing */
  gboolean json;
  /* Options of single commands. */
  gboolean no_wait_ppp;
  gint timeout_sec;
  gboolean secret_stdin;
  gboolean clear;
} Ctl;

/**
 * ctl_open:
 *
 * Connects to the bus, unless that was done already.  The calls below do it by themselves, so that what is wrong in a command line
 * is said first.  Errors: %CTL_ERROR_UNREACHABLE.
 */
gboolean ctl_open (Ctl *self, GError **error);

/**
 * ctl_read:
 * @reply: type of the answer, a tuple
 *
 * Calls a method that changes nothing, with the usual time limit.
 *
 * Returns: (transfer full): the answer
 */
GVariant *ctl_read (Ctl *self, const char *path, const char *interface, const char *method, GVariant *arguments, const char *reply,
                    GError **error);

/**
 * ctl_change:
 * @fds: (nullable): descriptors that go with the call
 *
 * Calls a method that changes something.  The daemon may ask the user for authorization first, and the change itself may take as
 * long as the peer does: there is no time limit here.
 *
 * Returns: (transfer full): the answer
 */
GVariant *ctl_change (Ctl *self, const char *path, const char *interface, const char *method, GVariant *arguments,
                      const char *reply, GUnixFDList *fds, GError **error);

/**
 * ctl_get_all:
 *
 * Returns: (transfer full): the properties of an object, a{sv}
 */
GVariant *ctl_get_all (Ctl *self, const char *path, const char *interface, GError **error);

/**
 * ctl_exit_status:
 *
 * Returns: which exit status tells of @error
 */
CtlExit ctl_exit_status (const GError *error);

/**
 * ctl_error_text:
 *
 * Returns: (transfer full): @error for people: the short name of a D-Bus error, and its text, without control characters
 */
char *ctl_error_text (const GError *error);

#endif
