/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
test_round_trip (void)
{
  g_autofree char *longest = g_strnfill (OL2TP_PPPD_SECRET_MAX - 1, '\\');
  Ol2tpReport out, in;
  int number;

  ol2tp_report_init (&out, "answer");
  ol2tp_report_add (&out, "secret", "back\\slash\nnew line=\\n \xc3\xa9 \x7f\xff");
  ol2tp_report_add (&out, "empty", "");
  ol2tp_report_add (&out, "user", longest);
  ol2tp_report_add (&out, "other", longest);
  ol2tp_report_add_number (&out, "id", -2147483647L - 1);
  g_assert_false (out.bad);
  g_assert_cmpint (ol2tp_report_parse (&in, out.data, out.len), ==, 0);
  g_assert_cmpstr (ol2tp_report_get_kind (&in), ==, "answer");
  g_assert_cmpstr (ol2tp_report_get (&in, "secret"), ==, "back\\slash\nnew line=\\n \xc3\xa9 \x7f\xff");
  g_assert_cmpstr (ol2tp_report_get (&in, "empty"), ==, "");
  g_assert_cmpstr (ol2tp_report_get (&in, "user"), ==, longest);
  g_assert_null (ol2tp_report_get (&in, "absent"));
  g_assert_cmpint (ol2tp_report_get_number (&in, "id", &number), ==, 0);
  g_assert_cmpint (number, ==, G_MININT);

  ol2tp_report_clear (&in);
  g_assert_null (memchr (in.data, '\\', sizeof in.data));
  g_assert_cmpstr (ol2tp_report_get_kind (&in), ==, "");
}

/* A truncation is refused, except where it looks like a shorter message: then it holds only what was complete. */
static void
test_truncations (void)
{
  Ol2tpReport out, in;

  ol2tp_report_init (&out, "ip4_up");
  ol2tp_report_add (&out, "ifname", "ppp\\0");
  ol2tp_report_add (&out, "local", "192.0.2.1\n");
  for (gsize len = 0; len < out.len; len++)
    {
      g_autofree char *copy = g_memdup2 (out.data, MAX (len, 1));
      gboolean at_line_end = len > 0 && out.data[len - 1] == '\n';

      g_assert_cmpint (ol2tp_report_parse (&in, copy, len), ==, at_line_end ? 0 : -EBADMSG);
      if (at_line_end)
        g_assert_null (ol2tp_report_get (&in, "local"));
    }
}

static void
test_malformed (void)
{
  static const char *const bad[] = {
    "\n",
    "=\n",
    "kind\n",
    "=x\n",
    "user=alice\n",
    "kind=ask",
    "kind=a\nUser=x\n",
    "kind=a\nus er=x\n",
    "kind=a\n\n",
    "kind=a\nuser=\\x\n",
    "kind=a\nuser=\\\n",
    "kind=a\nuser=\\",
    "kind=a\nkind=b\n",
    "kind=a\nx=1\nx=2\n",
    "kind=a\na=\nb=\nc=\nd=\ne=\nf=\ng=\nh=\ni=\nj=\nk=\nl=\nm=\nn=\no=\np=\n",
  };
  static const char *const no_numbers[] = { "", " 1", "+1", "1x", "0x10", "2147483648", "99999999999999999999", "-" };
  Ol2tpReport in, out;
  int number;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("%u", i);
      g_assert_cmpint (ol2tp_report_parse (&in, bad[i], strlen (bad[i])), ==, -EBADMSG);
    }
  g_assert_cmpint (ol2tp_report_parse (&in, "kind=a\0b\n", 9), ==, -EBADMSG);
  for (guint i = 0; i < G_N_ELEMENTS (no_numbers); i++)
    {
      ol2tp_report_init (&out, "x");
      ol2tp_report_add (&out, "n", no_numbers[i]);
      g_assert_cmpint (ol2tp_report_parse (&in, out.data, out.len), ==, 0);
      g_assert_cmpint (ol2tp_report_get_number (&in, "n", &number), ==, -1);
    }
}

/* Every bit of a good message flipped: parsed or refused, and never read beyond its end (run under a sanitizer). */
static void
test_flipped_bits (void)
{
  Ol2tpReport out, in;

  ol2tp_report_init (&out, "answer");
  ol2tp_report_add (&out, "secret", "a\\b\nc");
  for (gsize bit = 0; bit < out.len * 8; bit++)
    {
      g_autofree char *copy = g_memdup2 (out.data, out.len);

      copy[bit / 8] ^= (char) (1 << bit % 8);
      ol2tp_report_parse (&in, copy, out.len);
    }
}

static void
test_sockets (void)
{
  g_autofree char *huge = g_strnfill (OL2TP_REPORT_MAX + 1, 'x');
  Ol2tpReport message;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_assert_cmpint (ol2tp_report_receive (&message, fds[0]), ==, -EAGAIN);

  ol2tp_report_init (&message, "first");
  g_assert_cmpint (ol2tp_report_send (&message, fds[1]), ==, 0);
  g_assert_cmpint (send (fds[1], huge, OL2TP_REPORT_MAX + 1, 0), ==, OL2TP_REPORT_MAX + 1);
  g_assert_cmpint (send (fds[1], "junk", 4, 0), ==, 4);
  ol2tp_report_init (&message, "last");
  g_assert_cmpint (ol2tp_report_send (&message, fds[1]), ==, 0);
  ol2tp_report_add (&message, "huge", huge);
  g_assert_cmpint (ol2tp_report_send (&message, fds[1]), ==, -EMSGSIZE);

  g_assert_cmpint (ol2tp_report_receive (&message, fds[0]), ==, 1);
  g_assert_cmpstr (ol2tp_report_get_kind (&message), ==, "first");
  g_assert_cmpint (ol2tp_report_receive (&message, fds[0]), ==, -EBADMSG);
  g_assert_cmpstr (ol2tp_report_get_kind (&message), ==, "");
  g_assert_cmpint (ol2tp_report_receive (&message, fds[0]), ==, -EBADMSG);
  g_assert_cmpint (ol2tp_report_receive (&message, fds[0]), ==, 1);
  g_assert_cmpstr (ol2tp_report_get_kind (&message), ==, "last");
  close (fds[1]);
  g_assert_cmpint (ol2tp_report_receive (&message, fds[0]), ==, 0);
  ol2tp_report_init (&message, "late");
  g_assert_cmpint (ol2tp_report_send (&message, fds[0]), ==, -EPIPE);
  close (fds[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plugin/report/round-trip", test_round_trip);
  g_test_add_func ("/plugin/report/truncations", test_truncations);
  g_test_add_func ("/plugin/report/malformed", test_malformed);
  g_test_add_func ("/plugin/report/flipped-bits", test_flipped_bits);
  g_test_add_func ("/plugin/report/sockets", test_sockets);
  return g_test_run ();
}
