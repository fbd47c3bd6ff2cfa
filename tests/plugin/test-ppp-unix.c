/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ppp_unix.so, loaded by the real host, with services of our own and fake-pppd instead of pppd. */
#include "fake-daemon.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TUNNEL 7
#define SESSION 21

typedef FakeDaemon Fixture;

static void
run_until_ended (FakeDaemon *f)
{
  gint64 deadline_us = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (!f->ended)
    {
      fake_daemon_turn (f);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
    }
  g_assert_cmpuint (f->watches->len, ==, 0);
  g_assert_cmpuint (f->timers->len, ==, 0);
  g_test_message ("%s | end %d, status %d: %s", f->events->str, f->end, f->status, f->message);
}

static void
run_until_event (FakeDaemon *f, const char *words)
{
  gint64 deadline_us = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (!strstr (f->events->str, words))
    {
      fake_daemon_turn (f);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
    }
}

/* The fixture */

static void
add_script (Fixture *f, const char *const *words)
{
  g_ptr_array_remove_index (f->script, f->script->len - 1);
  for (; *words; words++)
    g_ptr_array_add (f->script, g_strdup (*words));
  g_ptr_array_add (f->script, NULL);
}

#define SCRIPT(f, ...) add_script (f, (const char *const[]){ __VA_ARGS__, NULL })

static void
install_plugin (Fixture *f)
{
  g_autofree char *path = g_build_filename (f->directory, "ppp_unix.so", NULL);
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  g_file_get_contents (PPP_UNIX, &data, &len, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (path, data, (gssize) len, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
  ol2tp_plugins_load (f->plugins, "ppp_unix", &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->directory = g_dir_make_tmp ("ol2tp-ppp-XXXXXX", NULL);
  g_assert_nonnull (f->directory);
  f->record = g_build_filename (f->directory, "record", NULL);
  fake_daemon_init (f);
  SCRIPT (f, "--script", "record", f->record);
  f->config = (Ol2tpPppConfig){ .size = sizeof f->config, .user = "alice", .mtu = 1400, .mru = 1410, .interface_name = "" };
  g_setenv ("OPENL2TP_PPPD", FAKE_PPPD, TRUE);
  g_setenv ("OPENL2TP_PPPD_PLUGIN", "/dev/null", TRUE);

  ol2tp_plugins_set_services (&fake_daemon_services, f);
  f->plugins = ol2tp_plugins_new (f->directory, NULL);
  install_plugin (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *plugin = g_build_filename (f->directory, "ppp_unix.so", NULL);

  g_clear_pointer (&f->plugins, ol2tp_plugins_free);
  ol2tp_plugins_set_services (NULL, NULL);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
  g_remove (plugin);
  g_remove (f->record);
  g_assert_cmpint (g_rmdir (f->directory), ==, 0);
  g_free (f->directory);
  g_free (f->record);
  fake_daemon_clear (f);
}

static gboolean
session_up (Fixture *f)
{
  return ol2tp_plugins_session_up (f->plugins, NULL, TUNNEL, SESSION, 40, 3, NULL);
}

static char *
read_record (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (f->record, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
wait_for_record (Fixture *f, const char *words)
{
  gint64 deadline_us = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  for (;;)
    {
      g_autofree char *text = NULL;

      if (g_file_get_contents (f->record, &text, NULL, NULL) && strstr (text, words))
        return;
      fake_daemon_turn (f);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
    }
}

/* The tests */

#define COMMON_START                                                                                                               \
  "argv: plugin pppol2tp.so plugin /dev/null pppol2tp 3 openl2tp_control 4 openl2tp_lifeline 5 "                                   \
  "nodetach nopersist nodefaultroute "
#define ENVIRONMENT "\nenviron: PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nfds: 0x3f leader: 1\n"

static void
assert_dump (Fixture *f, const char *expected)
{
  g_autofree char *record = NULL;
  int leaked = open ("/dev/null", O_RDONLY); /* not close-on-exec: some other plugin's mistake */

  SCRIPT (f, "dump", "exit", "0");
  g_assert_true (session_up (f));
  run_until_ended (f);
  record = read_record (f);
  g_assert_cmpstr (record, ==, expected);
  close (leaked);
}

static void
test_client (Fixture *f, gconstpointer data)
{
  f->config.use_peer_dns = TRUE;
  assert_dump (f, COMMON_START "noauth refuse-eap noipdefault ipcp-accept-remote ipcp-accept-local usepeerdns mtu 1400 mru 1410 "
                               "noccp lcp-restart 1 lcp-echo-interval 0 lcp-echo-failure 0 noipv6" ENVIRONMENT
                               "hello: kind=hello role=client user=alice\n");
}

static void
test_client_options (Fixture *f, gconstpointer data)
{
  f->config.auth = OL2TP_PPP_AUTH_MSCHAPV2 | OL2TP_PPP_AUTH_EAP;
  f->config.ipv6 = TRUE;
  f->config.require_mppe = TRUE;
  f->config.lcp_echo_interval_sec = 30;
  f->config.lcp_echo_failure = 4;
  f->config.interface_name = "l2tp-work";
  f->config.local_ip.s_addr = htonl (0xc0000201);
  assert_dump (f,
               COMMON_START "noauth refuse-chap refuse-mschap refuse-pap noipdefault ipcp-accept-remote 192.0.2.1: "
                            "mtu 1400 mru 1410 require-mppe-128 nobsdcomp nodeflate lcp-restart 1 lcp-echo-interval 30 "
                            "lcp-echo-failure 4 +ipv6 ifname l2tp-work" ENVIRONMENT "hello: kind=hello role=client user=alice\n");
}

static void
test_server (Fixture *f, gconstpointer data)
{
  f->config.lns = TRUE;
  f->config.user = "lns.example";
  f->config.auth = OL2TP_PPP_AUTH_MSCHAPV2 | OL2TP_PPP_AUTH_CHAP;
  f->config.local_ip.s_addr = htonl (0xc0a84d01);
  f->config.peer_ip.s_addr = htonl (0xc0a84d0a);
  f->config.n_dns = 2;
  f->config.dns[0].s_addr = htonl (0xc0a84d35);
  f->config.dns[1].s_addr = htonl (0xc0a84d36);
  assert_dump (f, COMMON_START "auth require-mschap-v2 require-chap refuse-mschap-v2 refuse-chap refuse-mschap refuse-pap "
                               "refuse-eap name lns.example 192.168.77.1:192.168.77.10 ms-dns 192.168.77.53 "
                               "ms-dns 192.168.77.54 mtu 1400 mru 1410 noccp lcp-restart 1 lcp-echo-interval 0 "
                               "lcp-echo-failure 0 noipv6" ENVIRONMENT "hello: kind=hello role=server peer_ip=192.168.77.10\n");
}

static void
test_server_ip6_only (Fixture *f, gconstpointer data)
{
  f->config.lns = TRUE;
  f->config.user = "";
  f->config.auth = OL2TP_PPP_AUTH_PAP;
  f->config.ipv6 = TRUE;
  assert_dump (f, COMMON_START "auth require-pap refuse-mschap-v2 refuse-chap refuse-mschap refuse-pap refuse-eap noip "
                               "mtu 1400 mru 1410 noccp lcp-restart 1 lcp-echo-interval 0 lcp-echo-failure 0 +ipv6" ENVIRONMENT
                               "hello: kind=hello role=server\n");
}

static void
test_ask (Fixture *f, gconstpointer data)
{
  g_autofree char *record = NULL;

  f->config.lns = TRUE;
  f->config.peer_ip.s_addr = htonl (0xc0a84d0a);
  SCRIPT (f, "ask", "alice", "ask", "bob", "ask", "WORK\\alice", "ask", "WORK\\bob", "exit", "0");
  g_assert_true (session_up (f));
  run_until_ended (f);
  record = read_record (f);
  g_assert_cmpstr (record, ==,
                   "answer: kind=answer id=17 secret=top\\se\ncret\n"
                   "answer: kind=answer id=17\n"
                   "answer: kind=answer id=17 secret=top\\se\ncret\n"
                   "answer: kind=answer id=17\n");
}

static void
test_reports (Fixture *f, gconstpointer data)
{
  SCRIPT (f, "report", "phase phase=establish status=10 heard=0", "report", "phase phase=authenticate status=10 heard=1", "report",
          "phase phase=network status=10 heard=1", "report", "auth_up user=bob\\\xff", "report",
          "ip6_up ifname=ppp3 local=fe80::1 peer=fe80::2", "report",
          "ip4_up ifname=ppp3 local=192.0.2.1 peer=192.0.2.2 dns1=192.0.2.3 dns2=192.0.2.4", "report",
          "phase phase=running status=0 heard=1", "report", "ip6_down", "report", "ip4_down", "report",
          "phase phase=terminate status=0 heard=1", "report", "phase phase=establish status=0 heard=1", "report",
          "phase phase=dead status=15 heard=1", "print", "No response to 4 echo-requests", "print", "Modem hangup", "report",
          "exit status=16", "exit", "16");
  g_assert_true (session_up (f));
  run_until_ended (f);
  g_assert_cmpstr (f->events->str, ==,
                   "starting;lcp;auth;network;peer bob\\\xef\xbf\xbd;if ppp3;fe80::1;if ppp3;ip4 192.0.2.1 192.0.2.2 192.0.2.3 "
                   "192.0.2.4 wins 0;up;no ip6;network;no ip4;terminating;");
  g_assert_cmpint (f->end, ==, OL2TP_PPP_END_NO_ANSWER);
  g_assert_cmpint (f->status, ==, 16);
  g_assert_cmpstr (f->message, ==, "the peer stopped answering: No response to 4 echo-requests");
}

static void
test_ip6_alone (Fixture *f, gconstpointer data)
{
  SCRIPT (f, "report", "ip6_up ifname=ppp3 local=fe80::1 peer=fe80::2", "wait-term", "exit", "5");
  g_assert_true (session_up (f));
  run_until_event (f, "up;");
  g_assert_cmpstr (f->events->str, ==, "starting;if ppp3;fe80::1;up;");
  ol2tp_plugins_session_down (f->plugins, NULL, TUNNEL, SESSION);
  run_until_ended (f);
  g_assert_cmpint (f->end, ==, OL2TP_PPP_END_CLOSED);
}

static void
test_malformed (Fixture *f, gconstpointer data)
{
  SCRIPT (f, "raw", "junk", "raw", "kind=\n", "raw", "kind=ask\n", "raw", "kind=ip4_up\n", "raw", "kind=ip4_up\nifname=ppp0\n",
          "raw", "kind=ip4_up\nifname=0123456789abcdef\nlocal=192.0.2.1\n", "raw", "kind=ip6_up\nifname=ppp0\nlocal=192.0.2.1\n",
          "raw", "kind=phase\n", "raw", "kind=phase\nphase=dead\nstatus=many\n", "raw", "kind=auth_up\n", "exit", "3");
  g_assert_true (session_up (f));
  run_until_ended (f);
  g_assert_cmpstr (f->events->str, ==, "starting;if ppp0;if ppp0;peer ;");
  g_assert_cmpint (f->end, ==, OL2TP_PPP_END_FAILED);
  g_assert_cmpint (f->status, ==, 3);
}

static void
assert_end (Fixture *f, Ol2tpPppEnd expected, const char *words)
{
  g_assert_true (session_up (f));
  run_until_ended (f);
  g_assert_cmpint (f->end, ==, expected);
  g_assert_nonnull (strstr (f->message, words));
}

static void
test_end_before_plugin (Fixture *f, gconstpointer data)
{
  SCRIPT (f, "print", "Plugin pppol2tp.so loaded.", "print", "x.so: Plugin is for another version", "print",
          "See pppd(8) for more options.", "exit", "2");
  assert_end (f, OL2TP_PPP_END_FAILED, "x.so: Plugin is for another version");
  g_assert_cmpint (f->status, ==, 2);
}

static void
test_end_auth (Fixture *f, gconstpointer data)
{
  SCRIPT (f, "report", "phase phase=dead status=19 heard=1", "exit", "16");
  assert_end (f, OL2TP_PPP_END_AUTH_REFUSED, "refused our user name or password");
}

static void
test_end_auth_peer (Fixture *f, gconstpointer data)
{
  SCRIPT (f, "report", "auth_bad user=mallory", "report", "phase phase=dead status=11 heard=1", "exit", "11");
  assert_end (f, OL2TP_PPP_END_AUTH_PEER, "did not authenticate");
}

static void
test_end_no_secret (Fixture *f, gconstpointer data)
{
  SCRIPT (f, "report", "no_secret user=alice", "report", "phase phase=dead status=19 heard=1", "exit", "19");
  assert_end (f, OL2TP_PPP_END_NO_SECRET, "there is none");
}

static void
test_end_crash (Fixture *f, gconstpointer data)
{
  SCRIPT (f, "kill", "9");
  assert_end (f, OL2TP_PPP_END_FAILED, "signal 9");
  g_assert_cmpint (f->status, ==, -1);
}

static void
test_stop (Fixture *f, gconstpointer data)
{
  SCRIPT (f, "dump", "wait-term", "report", "phase phase=terminate status=5 heard=1", "report", "phase phase=dead status=5 heard=1",
          "exit", "5");
  g_assert_true (session_up (f));
  wait_for_record (f, "hello:");
  f->ops->stop ((Ol2tpPpp *) f, f->ops_data);
  run_until_ended (f);
  g_assert_cmpint (f->end, ==, OL2TP_PPP_END_CLOSED);
  g_assert_cmpint (f->status, ==, 5);
  g_assert_cmpstr (f->events->str, ==, "starting;terminating;");
  /* The daemon's answer to the end. */
  ol2tp_plugins_session_down (f->plugins, NULL, TUNNEL, SESSION);
}

static void
test_down_ignored (Fixture *f, gconstpointer data)
{
  SCRIPT (f, "dump", "ignore-term");
  g_assert_true (session_up (f));
  wait_for_record (f, "hello:");
  g_usleep (100000);
  ol2tp_plugins_session_down (f->plugins, NULL, TUNNEL, SESSION + 1);
  ol2tp_plugins_session_down (f->plugins, NULL, TUNNEL, SESSION);
  ol2tp_plugins_session_down (f->plugins, NULL, TUNNEL, SESSION);
  run_until_ended (f);
  g_assert_cmpint (f->end, ==, OL2TP_PPP_END_CLOSED);
  g_assert_cmpint (f->status, ==, -1);
  g_assert_nonnull (strstr (f->message, "killed"));
}

static void
test_cleanup (Fixture *f, gconstpointer data)
{
  SCRIPT (f, "dump", "wait-term", "exit", "5");
  g_assert_true (session_up (f));
  wait_for_record (f, "hello:");
  g_clear_pointer (&f->plugins, ol2tp_plugins_free);
  g_assert_true (f->ended);
  g_assert_cmpint (f->end, ==, OL2TP_PPP_END_CLOSED);
  f->plugins = ol2tp_plugins_new (f->directory, NULL);
}

static void
test_cleanup_ignored (Fixture *f, gconstpointer data)
{
  gint64 start_us;

  SCRIPT (f, "dump", "ignore-term");
  g_assert_true (session_up (f));
  wait_for_record (f, "hello:");
  g_usleep (100000);
  start_us = g_get_monotonic_time ();
  g_clear_pointer (&f->plugins, ol2tp_plugins_free);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 6 * G_USEC_PER_SEC);
  g_assert_true (f->ended);
  g_assert_nonnull (strstr (f->message, "killed"));
  f->plugins = ol2tp_plugins_new (f->directory, NULL);
}

/* A daemon that dies without a word, here a child of this test. */
static void
test_lifeline (Fixture *f, gconstpointer data)
{
  pid_t pid;
  int status;

  SCRIPT (f, "dump", "wait-lifeline", "exit", "0");
  pid = fork ();
  if (pid == 0)
    {
      if (session_up (f))
        wait_for_record (f, "hello:");
      _exit (0);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  wait_for_record (f, "lifeline ended");
}

static void
assert_refused (Fixture *f, const char *words)
{
  const char *refused_by = NULL;

  g_assert_false (ol2tp_plugins_session_up (f->plugins, NULL, TUNNEL, SESSION, 40, 3, &refused_by));
  g_assert_cmpstr (refused_by, ==, "ppp_unix");
  g_assert_true (f->ended);
  g_assert_cmpint (f->end, ==, OL2TP_PPP_END_FAILED);
  g_test_message ("%s", f->message);
  g_assert_nonnull (strstr (f->message, words));
  g_assert_cmpuint (f->watches->len, ==, 0);
}

static void
test_refusals (Fixture *f, gconstpointer data)
{
  const char *kind = data;

  if (!strcmp (kind, "pppd"))
    g_setenv ("OPENL2TP_PPPD", "/nonexistent/pppd", TRUE);
  else if (!strcmp (kind, "no program"))
    g_setenv ("OPENL2TP_PPPD", f->directory, TRUE);
  else if (!strcmp (kind, "plugin"))
    g_setenv ("OPENL2TP_PPPD_PLUGIN", "/nonexistent/plugin.so", TRUE);
  else if (!strcmp (kind, "channel"))
    f->no_channel = TRUE;
  else if (!strcmp (kind, "name"))
    f->config.interface_name = "0123456789abcdef";
  else
    f->config.lns = TRUE;

  assert_refused (f, !strcmp (kind, "pppd")         ? "/nonexistent/pppd: No such file"
                     : !strcmp (kind, "no program") ? f->directory
                     : !strcmp (kind, "plugin")     ? "/nonexistent/plugin.so: No such file"
                     : !strcmp (kind, "channel")    ? "no kernel channel"
                     : !strcmp (kind, "name")       ? "longer than 15"
                                                    : "no address to give");
}

static void
test_not_ours (Fixture *f, gconstpointer data)
{
  f->refuse_claim = TRUE;
  g_assert_true (session_up (f));
  g_assert_cmpuint (f->watches->len, ==, 0);
  ol2tp_plugins_session_down (f->plugins, NULL, TUNNEL, SESSION);
  g_assert_false (f->ended);
}

#define ADD(path, func) g_test_add ("/plugin/ppp-unix/" path, Fixture, NULL, set_up, func, tear_down)
#define ADD_DATA(path, func, data) g_test_add ("/plugin/ppp-unix/" path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("arguments/client", test_client);
  ADD ("arguments/client-options", test_client_options);
  ADD ("arguments/server", test_server);
  ADD ("arguments/server-ip6-only", test_server_ip6_only);
  ADD ("ask", test_ask);
  ADD ("reports", test_reports);
  ADD ("ip6-alone", test_ip6_alone);
  ADD ("malformed", test_malformed);
  ADD ("end/before-plugin", test_end_before_plugin);
  ADD ("end/auth", test_end_auth);
  ADD ("end/auth-peer", test_end_auth_peer);
  ADD ("end/no-secret", test_end_no_secret);
  ADD ("end/crash", test_end_crash);
  ADD ("stop", test_stop);
  ADD ("down-ignored", test_down_ignored);
  ADD ("cleanup", test_cleanup);
  ADD ("cleanup-ignored", test_cleanup_ignored);
  ADD ("lifeline", test_lifeline);
  ADD_DATA ("refusals/pppd", test_refusals, "pppd");
  ADD_DATA ("refusals/no-program", test_refusals, "no program");
  ADD_DATA ("refusals/plugin", test_refusals, "plugin");
  ADD_DATA ("refusals/channel", test_refusals, "channel");
  ADD_DATA ("refusals/interface-name", test_refusals, "name");
  ADD_DATA ("refusals/no-address", test_refusals, "address");
  ADD ("not-ours", test_not_ours);
  return g_test_run ();
}
