/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration files: what they mean, how they are refused, and that nothing in them can do harm. */
#include "daemon/configuration.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define USER "[user alice]\npassword=p\n"

typedef struct {
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *tunnels = NULL;

  f->folder = g_dir_make_tmp ("ol2tp-config-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "openl2tpd.conf", NULL);
  tunnels = g_build_filename (f->folder, "tunnels.d", NULL);
  g_assert_no_errno (g_mkdir (tunnels, 0700));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *tunnels = g_build_filename (f->folder, "tunnels.d", NULL);
  g_autoptr (GDir) dir = g_dir_open (tunnels, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (tunnels, name, NULL);

      g_unlink (path);
    }
  g_rmdir (tunnels);
  g_unlink (f->path);
  g_rmdir (f->folder);
  g_free (f->path);
  g_free (f->folder);
}

static void
put (const char *path, const char *text, gssize len, int mode)
{
  g_assert_true (g_file_set_contents_full (path, text, len, G_FILE_SET_CONTENTS_CONSISTENT, mode, NULL));
  g_assert_no_errno (g_chmod (path, mode));
}

static void
put_tunnel (Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (f->folder, "tunnels.d", name, NULL);

  put (path, text, -1, 0600);
}

static Ol2tpConfig *
load (Fixture *f, const char *text)
{
  g_autoptr (GError) error = NULL;
  Ol2tpConfig *config;

  put (f->path, text, -1, 0600);
  config = ol2tp_config_load (f->path, 0, &error);
  g_assert_no_error (error);
  return config;
}

static void
assert_secret (const Ol2tpSecret *secret, const char *text)
{
  gsize len;
  const guint8 *data;

  g_assert_nonnull (secret);
  data = ol2tp_secret_get_data (secret, &len);
  g_assert_cmpmem (data, len, text, strlen (text));
}

static void
assert_listen (const Ol2tpConfig *config, const char *endpoints)
{
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < config->listen->len; i++)
    {
      g_autofree char *text = ol2tp_address_to_endpoint_string (&g_array_index (config->listen, Ol2tpAddress, i));

      g_string_append_printf (found, "%s%s", i > 0 ? " " : "", text);
    }
  g_assert_cmpstr (found->str, ==, endpoints);
}

static void
assert_ip (struct in_addr ip, const char *text)
{
  g_assert_cmphex (ip.s_addr, ==, inet_addr (text));
}

static void
test_defaults (Fixture *f, gconstpointer data)
{
  g_autoptr (Ol2tpConfig) config = load (f, "");

  g_assert_cmpint (config->datapath, ==, OL2TP_DATAPATH_AUTO);
  g_assert_null (config->plugins);
  g_assert_null (config->host_name);
  g_assert_false (config->lns_enabled);
  assert_listen (config, "");
  g_assert_cmpuint (config->lns_session->auth, ==, OL2TP_PPP_AUTH_CHAP | OL2TP_PPP_AUTH_MSCHAPV2);
  g_assert_cmpuint (config->max_tunnels, ==, 0);
  g_assert_cmpuint (config->max_sessions, ==, 0);
  g_assert_cmpuint (config->local_ip.s_addr, ==, 0);
  g_assert_cmpuint (config->range_first, ==, 0);
  g_assert_cmpuint (config->range_last, ==, 0);
  g_assert_cmpuint (config->n_dns, ==, 0);
  g_assert_cmpuint (g_hash_table_size (config->users), ==, 0);
  g_assert_cmpuint (config->tunnels->len, ==, 0);
}

/* The file of the issue that asked for it. */
static void
test_main_file (Fixture *f, gconstpointer data)
{
  g_autoptr (Ol2tpConfig) config = load (f, "[daemon]\n"
                                            "# auto, kernel or null; userspace comes later\n"
                                            "datapath=kernel\n"
                                            "plugins=ppp_unix;example\n"
                                            "host-name=here\n"
                                            "max-tunnels=5\n"
                                            "max-sessions=6\n"
                                            "[lns]\n"
                                            "enabled=true\n"
                                            "listen=192.0.2.1;[2001:db8::1]:1702; 2001:db8::2 ;[2001:db8::3];192.0.2.2:1703\n"
                                            "secret=s\n"
                                            "auth=pap\n"
                                            "mtu=1300\n"
                                            "hello-interval=7\n"
                                            "local-ip=192.168.77.1\n"
                                            "ip-range=192.168.77.10-192.168.77.250\n"
                                            "dns=192.168.77.53;192.168.77.54\n" USER "[user WORK\\bob]\n"
                                            "password = with blank \n");

  g_assert_cmpint (config->datapath, ==, OL2TP_DATAPATH_KERNEL);
  g_assert_cmpuint (g_strv_length (config->plugins), ==, 2);
  g_assert_cmpstr (config->plugins[1], ==, "example");
  g_assert_cmpstr (config->host_name, ==, "here");
  g_assert_cmpuint (config->max_tunnels, ==, 5);
  g_assert_cmpuint (config->max_sessions, ==, 6);
  g_assert_true (config->lns_enabled);
  assert_listen (config, "192.0.2.1:1701 [2001:db8::1]:1702 [2001:db8::2]:1701 [2001:db8::3]:1701 192.0.2.2:1703");
  assert_secret (config->lns_tunnel->secret, "s");
  g_assert_cmpuint (config->lns_tunnel->hello_interval_sec, ==, 7);
  g_assert_true (ol2tp_tunnel_settings_is_set (config->lns_tunnel, "hello-interval"));
  g_assert_cmpuint (config->lns_session->auth, ==, OL2TP_PPP_AUTH_PAP);
  g_assert_cmpuint (config->lns_session->mtu, ==, 1300);
  assert_ip (config->local_ip, "192.168.77.1");
  g_assert_cmphex (config->range_first, ==, 0xc0a84d0a);
  g_assert_cmphex (config->range_last, ==, 0xc0a84dfa);
  g_assert_cmpuint (config->n_dns, ==, 2);
  assert_ip (config->dns[1], "192.168.77.54");
  g_assert_cmpuint (g_hash_table_size (config->users), ==, 2);
  assert_secret (g_hash_table_lookup (config->users, "alice"), "p");
  assert_secret (g_hash_table_lookup (config->users, "WORK\\bob"), "with blank");
}

static void
test_listen (Fixture *f, gconstpointer data)
{
  g_autoptr (Ol2tpConfig) off = load (f, "[lns]\nlisten=192.0.2.1\n");
  g_autoptr (Ol2tpConfig) every = load (f, "[lns]\nenabled=true\n");
  g_autoptr (Ol2tpConfig) moved = NULL;

  assert_listen (off, "");
  assert_listen (every, "0.0.0.0:1701 [::]:1701");
  put (f->path, "[lns]\nenabled=true\nlisten=192.0.2.1;192.0.2.1:1701", -1, 0600);
  moved = ol2tp_config_load (f->path, 1705, NULL);
  assert_listen (moved, "192.0.2.1:1705 192.0.2.1:1701");
}

static void
test_range (Fixture *f, gconstpointer data)
{
  g_autoptr (Ol2tpConfig) one = load (f, "[lns]\nip-range=10.0.0.1\n");
  g_autoptr (Ol2tpConfig) blanks = load (f, "[lns]\nip-range = 10.0.0.1 - 10.0.1.1\n");

  g_assert_cmphex (one->range_first, ==, 0x0a000001);
  g_assert_cmphex (one->range_last, ==, 0x0a000001);
  g_assert_cmphex (blanks->range_first, ==, 0x0a000001);
  g_assert_cmphex (blanks->range_last, ==, 0x0a000101);
}

static void
test_escapes (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *written;
    const char *meant; /* NULL: refused */
  } cases[] = {
    { "a\\;b", "a;b" },
    { "a;b", "a;b" },
    { "a\\\\b", "a\\b" },
    { "\\sa\\s", " a " },
    { "  a b  ", "a b" },
    { "a#b # c", "a#b # c" },
    { "\"a\"", "\"a\"" },
    { "a=b[c]", "a=b[c]" },
    { "\\\\;\\;", "\\;;" },
    { "\\t\\n\\r", "\t\n\r" },
    { "a\r", "a" },
    { "\\\\s", "\\s" },
    { "p\xc3\xa4ss", "p\xc3\xa4ss" },
    { "\\x", NULL },
    { "a\\", NULL },
    { "a\\ ", NULL },
    { "", NULL },
    { "  ", NULL },
    { "\\#", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("[user u]\npassword=%s\n[daemon]\nhost-name=h\n", cases[i].written);
      g_autoptr (Ol2tpConfig) config = NULL;
      g_autoptr (GError) error = NULL;

      put (f->path, text, -1, 0600);
      config = ol2tp_config_load (f->path, 0, &error);
      if (cases[i].meant != NULL)
        {
          g_assert_no_error (error);
          assert_secret (g_hash_table_lookup (config->users, "u"), cases[i].meant);
          g_assert_cmpstr (config->host_name, ==, "h");
        }
      else
        {
          g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_CONFIG_INVALID);
          g_assert_nonnull (strstr (error->message, "openl2tpd.conf:2: [user u] password: "));
        }
    }
}

static void
test_tunnel_files (Fixture *f, gconstpointer data)
{
  g_autoptr (Ol2tpConfig) config = NULL;
  const Ol2tpTunnelFile *tunnel;

  put_tunnel (f, "b.conf", "[tunnel]\npeer=192.0.2.1\nconnect=false\n");
  put_tunnel (f, "a-1.conf", "[tunnel]\npeer=lns.example.net\nsecret=s\n[session]\nuser=alice\npassword=x\nmtu=1280\n");
  put_tunnel (f, "c.conf", "[session]\n[tunnel]\npeer=2001:db8::1\n");
  put_tunnel (f, "README", "no configuration");
  put_tunnel (f, ".hidden.conf", "no configuration");
  put_tunnel (f, "b.conf~", "no configuration");
  config = load (f, "");

  g_assert_cmpuint (config->tunnels->len, ==, 3);
  tunnel = g_ptr_array_index (config->tunnels, 0);
  g_assert_cmpstr (tunnel->name, ==, "a-1");
  g_assert_cmpstr (tunnel->tunnel->peer, ==, "lns.example.net");
  g_assert_true (tunnel->tunnel->connect);
  assert_secret (tunnel->tunnel->secret, "s");
  g_assert_cmpstr (tunnel->session->user, ==, "alice");
  assert_secret (tunnel->session->password, "x");
  g_assert_cmpuint (tunnel->session->mtu, ==, 1280);
  g_assert_true (tunnel->session->connect);
  tunnel = g_ptr_array_index (config->tunnels, 1);
  g_assert_cmpstr (tunnel->name, ==, "b");
  g_assert_false (tunnel->tunnel->connect);
  g_assert_null (tunnel->session);
  tunnel = g_ptr_array_index (config->tunnels, 2);
  g_assert_nonnull (tunnel->session);
}

static void
assert_refused (Fixture *f, const char *where, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *start = g_strdup_printf ("%s/%s", f->folder, where);

  g_assert_null (ol2tp_config_load (f->path, 0, &error));
  g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_CONFIG_INVALID);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, start));
  g_assert_nonnull (strstr (error->message + strlen (start), what));
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *text;
    const char *where;
    const char *what;
  } cases[] = {
    { "[daemon]\ndatapath=userspace\n", "openl2tpd.conf:2: [daemon] datapath: ", "\"userspace\"" },
    { "\n[daemon]\n\nplugins=a;;b\n", "openl2tpd.conf:4: [daemon] plugins: ", "with \";\" between" },
    { "[daemon]\nhost-name=\n", "openl2tpd.conf:2: [daemon] host-name: ", "1 to 255 octets" },
    { "[daemon]\nhost-name=a\\nb\n", "openl2tpd.conf:2: [daemon] host-name: ", "\"a\\nb\"" },
    { "[daemon]\nmax-tunnels=65536\n", "openl2tpd.conf:2: [daemon] max-tunnels: ", "0 to 65535" },
    { "[daemon]\nmax-sessions=-1\n", "openl2tpd.conf:2: [daemon] max-sessions: ", "0 to 65535" },
    { "[daemon]\ncolour=red\n", "openl2tpd.conf:2: [daemon] colour: ", "unknown key" },
    { "[daemon]\nenabled=true\n", "openl2tpd.conf:2: [daemon] enabled: ", "unknown key" },
    { "[lns]\nenabled=yes\n", "openl2tpd.conf:2: [lns] enabled: ", "true or false" },
    { "[lns]\nenabled=true # no\n", "openl2tpd.conf:2: [lns] enabled: ", "a comment needs a line of its own" },
    { "[lns]\nlisten=lns.example.net\n", "openl2tpd.conf:2: [lns] listen: ", "\"lns.example.net\"" },
    { "[lns]\nlisten=192.0.2.1:0\n", "openl2tpd.conf:2: [lns] listen: ", "\"192.0.2.1:0\"" },
    { "[lns]\nlisten=:1701\n", "openl2tpd.conf:2: [lns] listen: ", "\":1701\"" },
    { "[lns]\nlisten=[::1]:x\n", "openl2tpd.conf:2: [lns] listen: ", "\"[::1]:x\"" },
    { "[lns]\nlisten=\n", "openl2tpd.conf:2: [lns] listen: ", "leave the key out" },
    { "[lns]\nenabled=true\nlisten=192.0.2.1;192.0.2.1:1701\n",
      "openl2tpd.conf:3: [lns] listen: ", "\"192.0.2.1:1701\" is there twice" },
    { "[lns]\nauth=eap\n", "openl2tpd.conf:2: [lns] auth: ", "for a server" },
    { "[lns]\nauth=\n", "openl2tpd.conf:2: [lns] auth: ", "at least one" },
    { "[lns]\nauth=none\n", "openl2tpd.conf:2: [lns] auth: ", "\"none\"" },
    { "[lns]\nlocal-ip=0.0.0.0\n", "openl2tpd.conf:2: [lns] local-ip: ", "\"0.0.0.0\"" },
    { "[lns]\nlocal-ip=224.0.0.1\n", "openl2tpd.conf:2: [lns] local-ip: ", "\"224.0.0.1\"" },
    { "[lns]\nlocal-ip=::1\n", "openl2tpd.conf:2: [lns] local-ip: ", "IPv4" },
    { "[lns]\nip-range=10.0.0.2-10.0.0.1\n", "openl2tpd.conf:2: [lns] ip-range: ", "ascending" },
    { "[lns]\nip-range=10.0.0.0/24\n", "openl2tpd.conf:2: [lns] ip-range: ", "FIRST-LAST" },
    { "[lns]\nip-range=\n", "openl2tpd.conf:2: [lns] ip-range: ", "FIRST-LAST" },
    { "[lns]\nip-range=10.0.0.1-127.0.0.1\n", "openl2tpd.conf:2: [lns] ip-range: ", "FIRST-LAST" },
    { "[lns]\ndns=1.1.1.1;2.2.2.2;3.3.3.3\n", "openl2tpd.conf:2: [lns] dns: ", "one or two" },
    { "[lns]\ndns=\n", "openl2tpd.conf:2: [lns] dns: ", "one or two" },
    { "[lns]\nmtu=100\n", "openl2tpd.conf:2: [lns] mtu: ", "128 to 16384 (octets)" },
    { "[lns]\npeer=a\n", "openl2tpd.conf:2: [lns] peer: ", "unknown key" },
    { "[lns]\nretry-cap=7999\n", "openl2tpd.conf:2: [lns] retry-cap: ", "8000 to 600000 (milliseconds)" },
    { "[user]\npassword=a\n", "openl2tpd.conf:1: [user] ", "unknown group" },
    { "[user ]\npassword=a\n", "openl2tpd.conf:1: [user ] ", "unknown group" },
    { "[user alice]\n", "openl2tpd.conf:1: [user alice] password: ", "missing" },
    { "[user alice]\nuid=5\n", "openl2tpd.conf:2: [user alice] uid: ", "unknown key" },
    { "[tunnel]\n", "openl2tpd.conf:1: [tunnel] ", "there are [daemon], [lns] and [user NAME]" },
    { "[daemon]\n[lns]\n[daemon]\n", "openl2tpd.conf:3: [daemon] ", "the group is in line 1 already" },
    { "[lns]\nmtu=1400\nmtu=1400\n", "openl2tpd.conf:3: [lns] mtu: ", "the key is in line 2 already" },
    { USER "[user bob]\n" USER, "openl2tpd.conf:4: [user alice] ", "line 1 already" },
    { "datapath=auto\n", "openl2tpd.conf:1: datapath: ", "before the first [group]" },
    { "[daemon]\ndatapath\n", "openl2tpd.conf:2: [daemon] ", "neither" },
    { "[daemon]\n=auto\n", "openl2tpd.conf:2: [daemon] ", "not the name of a key" },
    { "[daemon]\nEncoding=latin1\n", "openl2tpd.conf:2: [daemon] ", "small letters" },
    { "[daemon]\na b=c\n", "openl2tpd.conf:2: [daemon] ", "not the name of a key" },
    { "[daemon]\n; old style\n", "openl2tpd.conf:2: [daemon] ", "comments begin with \"#\"" },
    { "[daemon] # x\n", "openl2tpd.conf:1: ", "neither" },
    { "[]\n", "openl2tpd.conf:1: ", "not the name of a group" },
    { "[a]b]\n", "openl2tpd.conf:1: ", "not the name of a group" },
    { "[daemon]\ndatapath[de]=auto\n", "openl2tpd.conf:2: [daemon] ", "not the name of a key" },
    { "[user \001]\n", "openl2tpd.conf:1: ", "not the name of a group" },
    { "[daemon]\n# \xff\n", "openl2tpd.conf:2: ", "UTF-8" },
    { "[daemon]\nhost-name=a\\qb\n", "openl2tpd.conf:2: [daemon] host-name: ", "write \"\\\\\" for itself" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      put (f->path, cases[i].text, -1, 0600);
      assert_refused (f, cases[i].where, cases[i].what);
    }
}

static void
test_refused_tunnels (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *name;
    const char *text;
    const char *where;
    const char *what;
  } cases[] = {
    { "a.conf", "", "tunnels.d/a.conf: [tunnel] peer: ", "missing" },
    { "a.conf", "\n[tunnel]\nsecret=s\n", "tunnels.d/a.conf:2: [tunnel] peer: ", "missing" },
    { "a.conf", "[tunnel]\npeer=a b\n", "tunnels.d/a.conf:2: [tunnel] peer: ", "host name" },
    { "a.conf", "[tunnel]\npeer=a\nlifetime=caller\n", "tunnels.d/a.conf:3: [tunnel] lifetime: ", "not supported" },
    { "a.conf", "[tunnel]\npeer=a\n[session]\npassword=x\n", "tunnels.d/a.conf:4: [session] password: ", "user" },
    { "a.conf", "[tunnel]\npeer=a\n[session]\nuser=x\nmru=9\n", "tunnels.d/a.conf:5: [session] mru: ", "octets" },
    { "a.conf", "[tunnel]\npeer=a\n[lns]\n", "tunnels.d/a.conf:3: [lns] ", "there are [tunnel] and [session]" },
    { "a.conf", "[tunnel]\npeer=a\npeer=b\n", "tunnels.d/a.conf:3: [tunnel] peer: ", "line 2" },
    { "a b.conf", "[tunnel]\npeer=a\n", "tunnels.d/a b.conf: ", "name" },
    { ".conf", "[tunnel]\npeer=a\n", NULL, NULL },
  };

  put (f->path, "", 0, 0644);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (f->folder, "tunnels.d", cases[i].name, NULL);

      put (path, cases[i].text, -1, 0600);
      if (cases[i].where != NULL)
        assert_refused (f, cases[i].where, cases[i].what);
      g_unlink (path);
    }
}

static void
test_absent (Fixture *f, gconstpointer data)
{
  assert_refused (f, "openl2tpd.conf: ", "");
  g_free (f->path);
  f->path = g_build_filename (f->folder, "tunnels.d", NULL);
  assert_refused (f, "tunnels.d: ", "regular file");
}

/* Only files with secrets have to be hidden, and the message names key, mode and owner. */
static void
test_permissions (Fixture *f, gconstpointer data)
{
  g_autoptr (Ol2tpConfig) open_file = NULL;
  g_autoptr (GError) error = NULL;

  put (f->path, "[lns]\nenabled=true\n", -1, 0644);
  open_file = ol2tp_config_load (f->path, 0, &error);
  g_assert_no_error (error);

  put (f->path, "[lns]\nsecret=hush\n", -1, 0640);
  assert_refused (f, "openl2tpd.conf:2: [lns] secret: ", "mode 0640");
  put (f->path, USER, -1, 0604);
  assert_refused (f, "openl2tpd.conf:2: [user alice] password: ", "mode 0604");

  if (geteuid () == 0)
    {
      put (f->path, USER, -1, 0600);
      g_assert_no_errno (chown (f->path, 12345, 0));
      assert_refused (f, "openl2tpd.conf:2: [user alice] password: ", "owner uid 12345");
    }
}

/* Whatever is wrong around a secret, no message repeats it. */
static void
test_secrets_stay_secret (Fixture *f, gconstpointer data)
{
  static const char *const texts[] = {
    "[lns]\nsecret=hunter2\\x\n",
    "[lns]\nsecret hunter2\n",
    "[lns]\nsecret=hunter2\n=x\n",
    "[lns]\nsecret=hunter2\nsecret=hunter2\n",
    "secret=hunter2\n",
    "[daemon]\nsecret=hunter2\n",
    "[user a]\npassword=hunter2\nx=hunter\n",
    "[user a]\nPassword hunter2\n",
    "[user a\npassword=hunter2\n",
    "[lns]\nsecret=hunter2 \xff\n",
    "[x]\npassword=hunter2\n",
    "[user a]\nhunter2 x=password\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      put (f->path, texts[i], -1, 0600);
      g_assert_null (ol2tp_config_load (f->path, 0, &error));
      g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_CONFIG_INVALID);
      g_test_message ("%s", error->message);
      g_assert_null (strstr (error->message, "hunter2"));
    }
}

static char *
read_example (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "..", "data", "examples", name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
test_examples (Fixture *f, gconstpointer data)
{
  g_autofree char *main_text = read_example ("openl2tpd.conf");
  g_autofree char *tunnel_text = read_example ("tunnels.d/office.conf");
  g_autoptr (Ol2tpConfig) config = NULL;
  const Ol2tpTunnelFile *tunnel;

  put_tunnel (f, "office.conf", tunnel_text);
  config = load (f, main_text);
  g_assert_true (config->lns_enabled);
  assert_secret (g_hash_table_lookup (config->users, "alice"), "wonder;land\\7");
  tunnel = g_ptr_array_index (config->tunnels, 0);
  g_assert_cmpstr (tunnel->name, ==, "office");
  assert_secret (tunnel->session->password, "wonder;land\\7");
}

/* The examples show every setting as a comment: they too must be right. */
static void
test_example_comments (Fixture *f, gconstpointer data)
{
  g_autofree char *main_text = read_example ("openl2tpd.conf");
  g_autofree char *tunnel_text = read_example ("tunnels.d/office.conf");
  g_autoptr (GRegex) regex = g_regex_new ("^#([a-z0-9-]+=)", G_REGEX_MULTILINE, 0, NULL);
  g_autofree char *main_all = g_regex_replace (regex, main_text, -1, 0, "\\1", 0, NULL);
  g_autofree char *tunnel_all = g_regex_replace (regex, tunnel_text, -1, 0, "\\1", 0, NULL);
  g_autoptr (Ol2tpConfig) config = NULL;

  put_tunnel (f, "office.conf", tunnel_all);
  config = load (f, main_all);
  assert_listen (config, "192.0.2.1:1701 [2001:db8::1]:1701");
  g_assert_nonnull (config->lns_tunnel->secret);
  g_assert_true (ol2tp_session_settings_is_set (config->lns_session, "pppd-options"));
  g_assert_cmpstr (((const Ol2tpTunnelFile *) g_ptr_array_index (config->tunnels, 0))->session->interface_name, ==, "l2tp-office");
}

/* Random octets, and random octets put into a good file: an answer or an error, never a crash (run under ASan too). */
static void
test_random (Fixture *f, gconstpointer data)
{
  static const char alphabet[] = "[]=#;\\ \n\r\tasx0\xc3\xa4\xff";
  g_autofree char *example = read_example ("openl2tpd.conf");
  gsize example_len = strlen (example);
  guint round, i;

  for (round = 0; round < 3000; round++)
    {
      gsize len = round % 2 == 0 ? g_test_rand_int_range (0, 200) : (gint) example_len;
      g_autofree char *text = g_malloc (len + 1);
      g_autoptr (Ol2tpConfig) config = NULL;
      g_autoptr (GError) error = NULL;

      if (round % 2 == 0)
        {
          for (i = 0; i < len; i++)
            text[i] = round % 4 == 0 ? g_test_rand_int_range (0, 256) : alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];
        }
      else
        {
          memcpy (text, example, len);
          for (i = g_test_rand_int_range (1, 4); i > 0; i--)
            text[g_test_rand_int_range (0, len)] = alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];
        }
      put (f->path, text, len, 0600);
      config = ol2tp_config_load (f->path, 0, &error);
      if (config == NULL)
        g_assert_error (error, OL2TP_ERROR, OL2TP_ERROR_CONFIG_INVALID);
      else
        g_assert_no_error (error);
      if (error != NULL)
        g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/daemon/configuration/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("defaults", test_defaults);
  ADD ("main-file", test_main_file);
  ADD ("listen", test_listen);
  ADD ("range", test_range);
  ADD ("escapes", test_escapes);
  ADD ("tunnel-files", test_tunnel_files);
  ADD ("refused", test_refused);
  ADD ("refused-tunnels", test_refused_tunnels);
  ADD ("absent", test_absent);
  ADD ("permissions", test_permissions);
  ADD ("secrets-stay-secret", test_secrets_stay_secret);
  ADD ("examples", test_examples);
  ADD ("example-comments", test_example_comments);
  ADD ("random", test_random);
  return g_test_run ();
}
