/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the groups and keys of configuration files mean.  Everything that can be set for tunnels and sessions goes through the
 * tables of settings.c; the rest has a row here.
 */
#include "configuration.h"

#include "config-file.h"
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_PORT 1701
#define USER_PREFIX "user "
#define TUNNEL_SUFFIX ".conf"
#define TUNNEL_NAME_MAX 64
#define TUNNEL_NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"

static gboolean
parse_number (const char *text, guint64 min, guint64 max, guint *number)
{
  guint64 wide;

  if (!g_ascii_string_to_unsigned (text, 10, min, max, &wide, NULL))
    return FALSE;
  *number = wide;
  return TRUE;
}

/* An address one host can have: not of 0/8 or 127/8, no multicast, none of the reserved and broadcast ones. */
static gboolean
parse_host_ip (const char *text, struct in_addr *ip)
{
  guint32 host;

  if (inet_pton (AF_INET, text, ip) != 1)
    return FALSE;
  host = ntohl (ip->s_addr);
  return host >> 24 != 0 && host >> 24 != 127 && host >> 24 < 224;
}

static gboolean
read_datapath (Ol2tpConfig *config, const char *key, const char *value, GError **error)
{
  if (strcmp (value, "auto") == 0)
    config->datapath = OL2TP_DATAPATH_AUTO;
  else if (strcmp (value, "kernel") == 0)
    config->datapath = OL2TP_DATAPATH_KERNEL;
  else if (strcmp (value, "null") == 0)
    config->datapath = OL2TP_DATAPATH_NULL;
  else
    return ol2tp_settings_refuse (key, value, "\"auto\", \"kernel\" or \"null\" in this version", error);
  return TRUE;
}

static gboolean
read_plugins (Ol2tpConfig *config, const char *key, const char *value, GError **error)
{
  config->plugins = ol2tp_list_split (value);
  if (g_strv_contains ((const char *const *) config->plugins, ""))
    return ol2tp_settings_refuse (key, value, "names and paths of plugins with \";\" between them, or nothing", error);
  return TRUE;
}

static gboolean
read_host_name (Ol2tpConfig *config, const char *key, const char *value, GError **error)
{
  g_autoptr (Ol2tpTunnelSettings) settings = ol2tp_tunnel_settings_new ();

  if (!ol2tp_tunnel_settings_set_string (settings, key, value, error))
    return FALSE;
  config->host_name = g_steal_pointer (&settings->host_name);
  return TRUE;
}

static gboolean
read_max_tunnels (Ol2tpConfig *config, const char *key, const char *value, GError **error)
{
  return parse_number (value, 0, G_MAXUINT16, &config->max_tunnels)
         || ol2tp_settings_refuse (key, value, "a number from 0 to 65535 (tunnels, 0 = no limit)", error);
}

static gboolean
read_max_sessions (Ol2tpConfig *config, const char *key, const char *value, GError **error)
{
  return parse_number (value, 0, G_MAXUINT16, &config->max_sessions)
         || ol2tp_settings_refuse (key, value, "a number from 0 to 65535 (sessions, 0 = no limit)", error);
}

static gboolean
read_enabled (Ol2tpConfig *config, const char *key, const char *value, GError **error)
{
  config->lns_enabled = strcmp (value, "true") == 0;
  return config->lns_enabled || strcmp (value, "false") == 0 || ol2tp_settings_refuse (key, value, "true or false", error);
}

/* "192.0.2.1", "192.0.2.1:1701", "2001:db8::1", "[2001:db8::1]" or "[2001:db8::1]:1701"; without a port it becomes 0. */
static gboolean
parse_endpoint (const char *text, Ol2tpAddress *endpoint)
{
  g_autofree char *address = g_strdup (text);
  char *colon = strrchr (address, ':');
  guint port = 0;

  if (colon != NULL && (strchr (address, ':') == colon || (*address == '[' && colon[-1] == ']')))
    {
      *colon = '\0';
      if (!parse_number (colon + 1, 1, G_MAXUINT16, &port))
        return FALSE;
    }
  if (!ol2tp_address_parse (address, endpoint))
    return FALSE;
  endpoint->port = port;
  return TRUE;
}

static gboolean
read_listen (Ol2tpConfig *config, const char *key, const char *value, GError **error)
{
  g_auto (GStrv) words = ol2tp_list_split (value);
  gsize i;

  for (i = 0; words[i] != NULL; i++)
    {
      Ol2tpAddress endpoint;

      if (!parse_endpoint (words[i], &endpoint))
        return ol2tp_settings_refuse (key, words[i], "addresses as in \"192.0.2.1;[2001:db8::1]:1701\"", error);
      g_array_append_val (config->listen, endpoint);
    }
  return i > 0 || ol2tp_settings_refuse (key, value, "addresses; leave the key out for every address", error);
}

static gboolean
read_local_ip (Ol2tpConfig *config, const char *key, const char *value, GError **error)
{
  return parse_host_ip (value, &config->local_ip) || ol2tp_settings_refuse (key, value, "the IPv4 address of a host", error);
}

static gboolean
read_ip_range (Ol2tpConfig *config, const char *key, const char *value, GError **error)
{
  g_auto (GStrv) ends = g_strsplit (value, "-", 2);
  const char *last = ends[0] != NULL && ends[1] != NULL ? ends[1] : ends[0];
  struct in_addr first_ip, last_ip;

  if (last == NULL || !parse_host_ip (g_strstrip (ends[0]), &first_ip) || !parse_host_ip (g_strstrip ((char *) last), &last_ip)
      || ntohl (first_ip.s_addr) > ntohl (last_ip.s_addr))
    return ol2tp_settings_refuse (key, value, "FIRST-LAST, two IPv4 addresses in ascending order, or one address", error);
  config->range_first = ntohl (first_ip.s_addr);
  config->range_last = ntohl (last_ip.s_addr);
  return TRUE;
}

static gboolean
read_dns (Ol2tpConfig *config, const char *key, const char *value, GError **error)
{
  g_auto (GStrv) words = ol2tp_list_split (value);

  for (config->n_dns = 0; words[config->n_dns] != NULL; config->n_dns++)
    {
      if (config->n_dns == G_N_ELEMENTS (config->dns) || !parse_host_ip (words[config->n_dns], &config->dns[config->n_dns]))
        return ol2tp_settings_refuse (key, value, "one or two IPv4 addresses of hosts with \";\" between them", error);
    }
  return config->n_dns > 0 || ol2tp_settings_refuse (key, value, "one or two IPv4 addresses", error);
}

static gboolean
read_lns_tunnel (Ol2tpConfig *config, const char *key, const char *value, GError **error)
{
  return ol2tp_tunnel_settings_set_string (config->lns_tunnel, key, value, error);
}

static gboolean
read_lns_session (Ol2tpConfig *config, const char *key, const char *value, GError **error)
{
  return ol2tp_session_settings_set_string (config->lns_session, key, value, error);
}

/* A server that demands nothing would let everybody in, and nobody here verifies EAP. */
static gboolean
read_lns_auth (Ol2tpConfig *config, const char *key, const char *value, GError **error)
{
  if (!read_lns_session (config, key, value, error))
    return FALSE;
  if (config->lns_session->auth == 0 || (config->lns_session->auth & OL2TP_PPP_AUTH_EAP) != 0)
    return ol2tp_settings_refuse (key, value, "\"pap\", \"chap\", \"mschap\" and \"mschapv2\" for a server, at least one", error);
  return TRUE;
}

typedef gboolean (*ReadFunc) (Ol2tpConfig *config, const char *key, const char *value, GError **error);

static const struct {
  const char *group;
  const char *key;
  ReadFunc read;
} main_keys[] = {
  { "daemon", "datapath", read_datapath },
  { "daemon", "plugins", read_plugins },
  { "daemon", "host-name", read_host_name },
  { "daemon", "max-tunnels", read_max_tunnels },
  { "daemon", "max-sessions", read_max_sessions },
  { "lns", "enabled", read_enabled },
  { "lns", "listen", read_listen },
  { "lns", "local-ip", read_local_ip },
  { "lns", "ip-range", read_ip_range },
  { "lns", "dns", read_dns },
  { "lns", "secret", read_lns_tunnel },
  { "lns", "host-name", read_lns_tunnel },
  { "lns", "hello-interval", read_lns_tunnel },
  { "lns", "retry-timeout", read_lns_tunnel },
  { "lns", "retry-cap", read_lns_tunnel },
  { "lns", "max-retries", read_lns_tunnel },
  { "lns", "receive-window", read_lns_tunnel },
  { "lns", "establish-timeout", read_lns_tunnel },
  { "lns", "max-sessions", read_lns_tunnel },
  { "lns", "auth", read_lns_auth },
  { "lns", "mtu", read_lns_session },
  { "lns", "mru", read_lns_session },
  { "lns", "lcp-echo-interval", read_lns_session },
  { "lns", "lcp-echo-failure", read_lns_session },
  { "lns", "ipv6", read_lns_session },
  { "lns", "require-mppe", read_lns_session },
  { "lns", "data-sequencing", read_lns_session },
  { "lns", "reorder-timeout", read_lns_session },
  { "lns", "pppd-options", read_lns_session },
};

static gboolean
add_user (Ol2tpConfig *config, const char *group, const char *password, GError **error)
{
  g_autoptr (Ol2tpSessionSettings) checked = ol2tp_session_settings_new ();
  const char *name = group + strlen (USER_PREFIX);

  /* as a client has them, so the same limits hold */
  if (!ol2tp_session_settings_set_string (checked, "user", name, error)
      || !ol2tp_session_settings_set_string (checked, "password", password, error))
    return FALSE;
  g_hash_table_insert (config->users, g_strdup (name), g_steal_pointer (&checked->password));
  return TRUE;
}

/* Errors of these functions name the key; read_file() puts file, line and group before them. */
static gboolean
read_main_key (gpointer target, const Ol2tpConfigEntry *entry, const char *value, GError **error)
{
  if (g_str_has_prefix (entry->group, USER_PREFIX) && strcmp (entry->key, "password") == 0)
    return add_user (target, entry->group, value, error);
  for (gsize i = 0; i < G_N_ELEMENTS (main_keys); i++)
    if (strcmp (main_keys[i].group, entry->group) == 0 && strcmp (main_keys[i].key, entry->key) == 0)
      return main_keys[i].read (target, entry->key, value, error);
  g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_CONFIG_INVALID, "%s: unknown key", entry->key);
  return FALSE;
}

static gboolean
begin_main_group (gpointer target, const char *group)
{
  if (g_str_has_prefix (group, USER_PREFIX))
    return g_ascii_isgraph (group[strlen (USER_PREFIX)]) || (group[strlen (USER_PREFIX)] & 0x80) != 0;
  return strcmp (group, "daemon") == 0 || strcmp (group, "lns") == 0;
}

static gboolean
read_tunnel_key (gpointer target, const Ol2tpConfigEntry *entry, const char *value, GError **error)
{
  Ol2tpTunnelFile *tunnel = target;

  if (strcmp (entry->group, "tunnel") == 0)
    return ol2tp_tunnel_settings_set_string (tunnel->tunnel, entry->key, value, error);
  return ol2tp_session_settings_set_string (tunnel->session, entry->key, value, error);
}

static gboolean
begin_tunnel_group (gpointer target, const char *group)
{
  Ol2tpTunnelFile *tunnel = target;

  if (strcmp (group, "session") == 0)
    {
      tunnel->session = ol2tp_session_settings_new ();
      tunnel->session->connect = TRUE;
      return TRUE;
    }
  return strcmp (group, "tunnel") == 0;
}

/**
 * Format:
 * @groups: that there are, for messages
 * @begin: told of each group, %FALSE for an unknown one
 * @read: told of each key
 */
typedef struct {
  const char *groups;
  gboolean (*begin) (gpointer target, const char *group);
  gboolean (*read) (gpointer target, const Ol2tpConfigEntry *entry, const char *value, GError **error);
} Format;

static const Format main_format = { "[daemon], [lns] and [user NAME]", begin_main_group, read_main_key };
static const Format tunnel_format = { "[tunnel] and [session]", begin_tunnel_group, read_tunnel_key };

/* Goes through a file in its order, so that the first fault is the one reported. */
static Ol2tpConfigFile *
read_file (const char *path, const Format *format, gpointer target, GError **error)
{
  g_autoptr (Ol2tpConfigFile) file = ol2tp_config_file_read (path, error);
  const Ol2tpConfigEntry *entry;

  if (file == NULL)
    return NULL;

  for (guint i = 0; (entry = ol2tp_config_file_get_entry (file, i)) != NULL; i++)
    {
      g_autoptr (Ol2tpSecretText) value = NULL;
      g_autoptr (GError) inner = NULL;

      if (entry->key == NULL)
        {
          if (format->begin (target, entry->group))
            continue;
          ol2tp_config_file_fail (file, entry->line, entry->group, error, "unknown group, there are %s", format->groups);
          return NULL;
        }
      value = ol2tp_config_file_dup_value (file, entry, error);
      if (value == NULL)
        return NULL;
      if (!format->read (target, entry, value, &inner))
        {
          ol2tp_config_file_fail (file, entry->line, entry->group, error, "%s%s", inner->message,
                                  strstr (value, " #") != NULL ? "; a comment needs a line of its own" : "");
          return NULL;
        }
    }
  return g_steal_pointer (&file);
}

/* Fills in ports and the default, every address; refuses an address that is there twice. */
static gboolean
finish_listen (Ol2tpConfig *config, const Ol2tpConfigFile *file, guint16 port, GError **error)
{
  static const Ol2tpAddress every[] = { { .family = OL2TP_FAMILY_IPV4 }, { .family = OL2TP_FAMILY_IPV6 } };
  guint i, k;

  if (!config->lns_enabled)
    g_array_set_size (config->listen, 0);
  else if (config->listen->len == 0)
    g_array_append_vals (config->listen, every, G_N_ELEMENTS (every));

  for (i = 0; i < config->listen->len; i++)
    {
      Ol2tpAddress *address = &g_array_index (config->listen, Ol2tpAddress, i);

      if (address->port == 0)
        address->port = port;
      for (k = 0; k < i; k++)
        {
          if (ol2tp_address_equal (address, &g_array_index (config->listen, Ol2tpAddress, k)))
            {
              g_autofree char *text = ol2tp_address_to_endpoint_string (address);

              return ol2tp_config_file_fail (file, ol2tp_config_file_find (file, "lns", "listen")->line, "lns", error,
                                             "listen: \"%s\" is there twice", text);
            }
        }
    }
  return TRUE;
}

static gboolean
load_main (Ol2tpConfig *config, const char *path, guint16 port, GError **error)
{
  g_autoptr (Ol2tpConfigFile) file = read_file (path, &main_format, config, error);
  const Ol2tpConfigEntry *entry;

  if (file == NULL)
    return FALSE;
  for (guint i = 0; (entry = ol2tp_config_file_get_entry (file, i)) != NULL; i++)
    if (g_str_has_prefix (entry->group, USER_PREFIX) && ol2tp_config_file_find (file, entry->group, "password") == NULL)
      return ol2tp_config_file_fail (file, entry->line, entry->group, error, "password: the key is missing");
  return finish_listen (config, file, port, error);
}

static void
tunnel_file_free (Ol2tpTunnelFile *self)
{
  g_free (self->name);
  ol2tp_tunnel_settings_free (self->tunnel);
  ol2tp_session_settings_free (self->session);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ol2tpTunnelFile, tunnel_file_free)

static gboolean
load_tunnel (Ol2tpConfig *config, const char *folder, const char *file_name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, file_name, NULL);
  g_autoptr (Ol2tpTunnelFile) tunnel = g_new0 (Ol2tpTunnelFile, 1);
  g_autoptr (Ol2tpConfigFile) file = NULL;
  const Ol2tpConfigEntry *entry;

  tunnel->name = g_strndup (file_name, strlen (file_name) - strlen (TUNNEL_SUFFIX));
  tunnel->tunnel = ol2tp_tunnel_settings_new ();
  tunnel->tunnel->connect = TRUE;
  file = read_file (path, &tunnel_format, tunnel, error);
  if (file == NULL)
    return FALSE;

  if (strlen (tunnel->name) > TUNNEL_NAME_MAX || strspn (tunnel->name, TUNNEL_NAME_CHARS) != strlen (tunnel->name))
    return ol2tp_config_file_fail (file, 0, NULL, error,
                                   "the file's name, which is the tunnel's, may have up to %d of the characters A-Z a-z 0-9 _ . - "
                                   "before \"" TUNNEL_SUFFIX "\"",
                                   TUNNEL_NAME_MAX);
  if (tunnel->tunnel->peer == NULL)
    {
      entry = ol2tp_config_file_find (file, "tunnel", NULL);
      return ol2tp_config_file_fail (file, entry != NULL ? entry->line : 0, "tunnel", error, "peer: the key is missing");
    }
  entry = ol2tp_config_file_find (file, "session", "password");
  if (entry != NULL && tunnel->session->user == NULL)
    return ol2tp_config_file_fail (file, entry->line, "session", error, "password: it needs a user");
  g_ptr_array_add (config->tunnels, g_steal_pointer (&tunnel));
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
load_tunnels (Ol2tpConfig *config, const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) inner = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &inner);
  const char *name;

  if (dir == NULL && g_error_matches (inner, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return TRUE;
  if (dir == NULL)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_CONFIG_INVALID, "%s: %s", folder, inner->message);
      return FALSE;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    if (name[0] != '.' && g_str_has_suffix (name, TUNNEL_SUFFIX))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    if (!load_tunnel (config, folder, g_ptr_array_index (names, i), error))
      return FALSE;
  return TRUE;
}

static Ol2tpConfig *
config_new (void)
{
  Ol2tpConfig *self = g_new0 (Ol2tpConfig, 1);

  self->listen = g_array_new (FALSE, TRUE, sizeof (Ol2tpAddress));
  self->lns_tunnel = ol2tp_tunnel_settings_new ();
  self->lns_session = ol2tp_session_settings_new ();
  self->lns_session->auth = OL2TP_PPP_AUTH_MSCHAPV2 | OL2TP_PPP_AUTH_CHAP;
  self->users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ol2tp_secret_unref);
  self->tunnels = g_ptr_array_new_with_free_func ((GDestroyNotify) tunnel_file_free);
  return self;
}

Ol2tpConfig *
ol2tp_config_load (const char *path, guint16 port, GError **error)
{
  const char *main_path = path != NULL ? path : OL2TP_CONFDIR "/openl2tpd.conf";
  g_autofree char *folder = g_path_get_dirname (main_path);
  g_autofree char *tunnel_folder = g_build_filename (folder, "tunnels.d", NULL);
  g_autoptr (Ol2tpConfig) self = config_new ();
  gboolean absent = path == NULL && access (main_path, F_OK) < 0 && errno == ENOENT;

  if (!absent && !load_main (self, main_path, port != 0 ? port : DEFAULT_PORT, error))
    return NULL;
  if (!load_tunnels (self, tunnel_folder, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
ol2tp_config_free (Ol2tpConfig *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->plugins);
  g_free (self->host_name);
  g_array_unref (self->listen);
  ol2tp_tunnel_settings_free (self->lns_tunnel);
  ol2tp_session_settings_free (self->lns_session);
  g_hash_table_unref (self->users);
  g_ptr_array_unref (self->tunnels);
  g_free (self);
}
