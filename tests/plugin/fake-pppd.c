/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands in for pppd: writes down how it was started, then does what the words behind "--script" say:
 *
 *   record FILE        where to write, from now on
 *   dump               arguments, environment, descriptors, first message
 *   ask USER           asks for a password, writes the answer down
 *   report TEXT        sends TEXT, "kind key=value key=value ..."
 *   raw TEXT           sends TEXT as it is
 *   print TEXT         prints a line
 *   wait-term          waits for SIGTERM
 *   ignore-term        ignores SIGTERM and does nothing for ever
 *   wait-lifeline      waits for the lifeline's end
 *   exit NUMBER, kill NUMBER
 */
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arguments.h"
#include "report.h"

extern char **environ;

static FILE *record;
static Ol2tpReport message;

static void
receive (void)
{
  struct pollfd pfd = { OL2TP_PPPD_CONTROL_FD, POLLIN, 0 };

  if (poll (&pfd, 1, 10000) != 1 || ol2tp_report_receive (&message, OL2TP_PPPD_CONTROL_FD) != 1)
    exit (101);
}

static void
note_message (const char *what)
{
  fprintf (record, "%s:", what);
  for (unsigned i = 0; i < message.n_fields; i++)
    fprintf (record, " %s=%s", message.fields[i].key, message.fields[i].value);
  fprintf (record, "\n");
}

static void
dump (char **argv)
{
  DIR *dir = opendir ("/proc/self/fd");
  struct dirent *entry;
  int open_fds = 0;

  fprintf (record, "argv:");
  for (char **arg = argv + 1; *arg && strcmp (*arg, "--script"); arg++)
    fprintf (record, " %s", *arg);
  fprintf (record, "\nenviron:");
  for (char **variable = environ; *variable; variable++)
    fprintf (record, " %s", *variable);
  while ((entry = readdir (dir)))
    if (*entry->d_name != '.' && atoi (entry->d_name) != dirfd (dir) && atoi (entry->d_name) != fileno (record))
      open_fds |= 1 << (atoi (entry->d_name) < 31 ? atoi (entry->d_name) : 31);
  fprintf (record, "\nfds: %#x leader: %d\n", (unsigned) open_fds, getsid (0) == getpid ());
  closedir (dir);
  note_message ("hello");
}

static void
ask (char *user)
{
  ol2tp_report_init (&message, "ask");
  ol2tp_report_add_number (&message, "id", 17);
  ol2tp_report_add (&message, "user", user);
  ol2tp_report_send (&message, OL2TP_PPPD_CONTROL_FD);
  receive ();
  note_message ("answer");
}

static void
report (char *text)
{
  char *word = strtok (text, " ");

  ol2tp_report_init (&message, word);
  while ((word = strtok (NULL, " ")))
    {
      char *value = strchr (word, '=');

      *value = '\0';
      ol2tp_report_add (&message, word, value + 1);
    }
  ol2tp_report_send (&message, OL2TP_PPPD_CONTROL_FD);
}

static void
wait_term (void)
{
  sigset_t set;
  int number;

  sigemptyset (&set);
  sigaddset (&set, SIGTERM);
  sigprocmask (SIG_BLOCK, &set, NULL);
  sigwait (&set, &number);
  fprintf (record, "terminated\n");
}

static void
wait_lifeline (void)
{
  struct pollfd pfd = { OL2TP_PPPD_LIFELINE_FD, POLLIN, 0 };
  char c;

  poll (&pfd, 1, 30000);
  if (read (OL2TP_PPPD_LIFELINE_FD, &c, 1) == 0)
    fprintf (record, "lifeline ended\n");
}

/* Returns: the word behind those that were used. */
static char **
step (char **argv, char **word)
{
  char *name = *word++;

  if (!strcmp (name, "record"))
    {
      record = fopen (*word++, "ae");
      setlinebuf (record);
    }
  else if (!strcmp (name, "dump"))
    dump (argv);
  else if (!strcmp (name, "ask"))
    ask (*word++);
  else if (!strcmp (name, "report"))
    report (*word++);
  else if (!strcmp (name, "raw"))
    {
      if (send (OL2TP_PPPD_CONTROL_FD, *word, strlen (*word), 0) < 0)
        exit (102);
      word++;
    }
  else if (!strcmp (name, "print"))
    dprintf (STDOUT_FILENO, "%s\n", *word++);
  else if (!strcmp (name, "wait-term"))
    wait_term ();
  else if (!strcmp (name, "ignore-term"))
    for (signal (SIGTERM, SIG_IGN);;)
      pause ();
  else if (!strcmp (name, "wait-lifeline"))
    wait_lifeline ();
  else if (!strcmp (name, "exit"))
    exit (atoi (*word));
  else if (!strcmp (name, "kill"))
    raise (atoi (*word++));
  else
    exit (103);
  return word;
}

int
main (int argc, char **argv)
{
  char **word = argv;

  while (*word && strcmp (*word, "--script"))
    word++;
  receive ();
  for (word++; strcmp (*word, "hide-password"); word = step (argv, word))
    ;
  return 0;
}
