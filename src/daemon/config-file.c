/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GKeyFile says neither in which line a key stands nor that it stands there twice, undoes no "\;", and leaves copies of secrets in
 * memory it gave back.  So a file is gone through twice: a scan notes every group and key with its line, refuses what GKeyFile
 * would merge, and takes the secrets out; GKeyFile reads what is left.
 */
#include "config-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_SIZE_MAX (16 * 1024 * 1024)
#define KEY_CHARS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define BLANKS " \t\r\v\f" /* what g_ascii_isspace() takes for one, within a line */

/**
 * Entry:
 * @secret: value of a "secret" or "password" as written, escapes not undone; %NULL for other keys
 */
typedef struct {
  Ol2tpConfigEntry public;
  Ol2tpSecretText *secret;
} Entry;

/**
 * Ol2tpConfigFile:
 * @entries: (element-type Entry): in the order of the file
 * @index: (element-type utf8 Entry): by "group" and "group\nkey"; borrowed
 * @values: of all keys but the secret ones
 */
struct Ol2tpConfigFile {
  char *path;
  struct stat status;
  GPtrArray *entries;
  GHashTable *index;
  GKeyFile *values;
};

void
ol2tp_secret_text_free (Ol2tpSecretText *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

static void
entry_free (Entry *entry)
{
  g_free (entry->public.group);
  g_free (entry->public.key);
  ol2tp_secret_text_free (entry->secret);
  g_free (entry);
}

void
ol2tp_config_file_free (Ol2tpConfigFile *self)
{
  g_free (self->path);
  g_hash_table_unref (self->index);
  g_ptr_array_unref (self->entries);
  g_key_file_unref (self->values);
  g_free (self);
}

gboolean
ol2tp_config_file_fail (const Ol2tpConfigFile *self, guint line, const char *group, GError **error, const char *format, ...)
{
  g_autofree char *number = line != 0 ? g_strdup_printf ("%u:", line) : g_strdup ("");
  g_autofree char *where = group != NULL ? g_strdup_printf ("[%s] ", group) : g_strdup ("");
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_CONFIG_INVALID, "%s:%s %s%s", self->path, number, where, text);
  return FALSE;
}

/* Returns: (transfer full): the name of a group or key in the index. */
static char *
index_name (const char *group, const char *key)
{
  return key != NULL ? g_strconcat (group, "\n", key, NULL) : g_strdup (group);
}

const Ol2tpConfigEntry *
ol2tp_config_file_find (const Ol2tpConfigFile *self, const char *group, const char *key)
{
  g_autofree char *name = index_name (group, key);

  return g_hash_table_lookup (self->index, name);
}

const Ol2tpConfigEntry *
ol2tp_config_file_get_entry (const Ol2tpConfigFile *self, guint i)
{
  return i < self->entries->len ? g_ptr_array_index (self->entries, i) : NULL;
}

/* Returns: (transfer full): the text, NUL-terminated; to be overwritten. */
static char *
read_text (Ol2tpConfigFile *self, gsize *len, GError **error)
{
  int fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  g_autofree char *text = NULL;
  gssize n = 0;

  if (fd < 0 || fstat (fd, &self->status) < 0)
    {
      ol2tp_config_file_fail (self, 0, NULL, error, "%s", g_strerror (errno));
      goto out;
    }
  if (!S_ISREG (self->status.st_mode) || self->status.st_size > FILE_SIZE_MAX)
    {
      ol2tp_config_file_fail (self, 0, NULL, error, "not a regular file of at most %d octets", FILE_SIZE_MAX);
      goto out;
    }

  text = g_malloc0 (self->status.st_size + 1);
  for (*len = 0; *len < (gsize) self->status.st_size; *len += n)
    {
      n = TEMP_FAILURE_RETRY (read (fd, text + *len, self->status.st_size - *len));
      if (n <= 0)
        break;
    }
  if (n < 0)
    {
      ol2tp_config_file_fail (self, 0, NULL, error, "%s", g_strerror (errno));
      explicit_bzero (text, *len);
      g_clear_pointer (&text, g_free);
    }

out:
  if (fd >= 0)
    close (fd);
  return g_steal_pointer (&text);
}

/* Notes a group (@key NULL) or a key. Returns: (nullable): the entry; %NULL if it is there already, which GKeyFile would merge. */
static Entry *
add_entry (Ol2tpConfigFile *self, const char *group, const char *key, guint line, GError **error)
{
  const Ol2tpConfigEntry *before = ol2tp_config_file_find (self, group, key);
  Entry *entry;

  if (before != NULL)
    {
      ol2tp_config_file_fail (self, line, group, error, "%s%sis in line %u already", key != NULL ? key : "the group",
                              key != NULL ? ": the key " : " ", before->line);
      return NULL;
    }
  entry = g_new0 (Entry, 1);
  entry->public.group = g_strdup (group);
  entry->public.key = g_strdup (key);
  entry->public.line = line;
  g_ptr_array_add (self->entries, entry);
  g_hash_table_insert (self->index, index_name (group, key), entry);
  return entry;
}

static gboolean
group_name_is_valid (const char *name)
{
  const char *p;

  for (p = name; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) || *p == '[' || *p == ']')
      return FALSE;
  return p != name;
}

/* Reads one line, NUL-terminated, of a group; overwrites a secret in it, so that GKeyFile does not get to see it. */
static gboolean
scan_line (Ol2tpConfigFile *self, char *line, guint number, const char **group, GError **error)
{
  char *start = line + strspn (line, BLANKS);
  g_autoptr (Ol2tpSecretText) text = g_strchomp (g_strdup (start));
  char *equals = strchr (text, '=');
  gsize len = strlen (text);
  g_autofree char *key = NULL;
  Entry *entry;

  if (len == 0 || *text == '#')
    return TRUE;

  if (*text == '[' && text[len - 1] == ']')
    {
      text[len - 1] = '\0';
      if (!group_name_is_valid (text + 1))
        return ol2tp_config_file_fail (self, number, NULL, error, "not the name of a group");
      entry = add_entry (self, text + 1, NULL, number, error);
      *group = entry != NULL ? entry->public.group : NULL;
      return entry != NULL;
    }

  /* the line is not shown: it may be a secret that went wrong */
  if (equals == NULL)
    return ol2tp_config_file_fail (self, number, *group, error, "neither a [group] nor key=value; comments begin with \"#\"");
  key = g_strchomp (g_strndup (text, equals - text));
  if (*key == '\0' || strspn (key, KEY_CHARS) != strlen (key))
    return ol2tp_config_file_fail (self, number, *group, error, "not the name of a key, which has small letters, digits and \"-\"");
  if (*group == NULL)
    return ol2tp_config_file_fail (self, number, NULL, error, "%s: the key stands before the first [group]", key);
  entry = add_entry (self, *group, key, number, error);
  if (entry != NULL && (strcmp (key, "secret") == 0 || strcmp (key, "password") == 0))
    {
      entry->secret = g_strdup (equals + 1 + strspn (equals + 1, BLANKS));
      memset (start + (equals + 1 - text), '*', strlen (equals + 1));
    }
  return entry != NULL;
}

/* Fills the entries; overwrites secrets in @text. */
static gboolean
scan_text (Ol2tpConfigFile *self, char *text, gsize len, GError **error)
{
  const char *group = NULL;
  const char *bad = NULL;
  char *line, *end;
  guint number = 1;

  if (!g_utf8_validate (text, len, &bad))
    {
      for (line = text; line < bad; line++)
        number += *line == '\n';
      return ol2tp_config_file_fail (self, number, NULL, error, "not UTF-8 text");
    }

  for (line = text; line != NULL; line = end, number++)
    {
      end = strchr (line, '\n');
      if (end != NULL)
        *end = '\0';
      if (!scan_line (self, line, number, &group, error))
        return FALSE;
      if (end != NULL)
        *end++ = '\n';
    }
  return TRUE;
}

/* A file with secrets must be its owner's alone, and the owner root or us. */
static gboolean
check_secrecy (const Ol2tpConfigFile *self, GError **error)
{
  guint mode = self->status.st_mode & 07777;
  uid_t owner = self->status.st_uid;

  if ((mode & 077) == 0 && (owner == 0 || owner == geteuid ()))
    return TRUE;

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      if (entry->secret != NULL)
        return ol2tp_config_file_fail (self, entry->public.line, entry->public.group, error,
                                       "%s: the file has mode %04o and owner uid %u, and a secret in it needs mode 0600 and owner "
                                       "root or uid %u",
                                       entry->public.key, mode, (guint) owner, (guint) geteuid ());
    }
  return TRUE;
}

Ol2tpConfigFile *
ol2tp_config_file_read (const char *path, GError **error)
{
  g_autoptr (Ol2tpConfigFile) self = g_new0 (Ol2tpConfigFile, 1);
  g_autoptr (GError) inner = NULL;
  char *text;
  gsize len = 0;
  gboolean ok;

  self->path = g_strdup (path);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  self->index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->values = g_key_file_new ();

  text = read_text (self, &len, error);
  if (text == NULL)
    return NULL;
  ok = scan_text (self, text, len, error) && check_secrecy (self, error);
  if (ok && len > 0 && !g_key_file_load_from_data (self->values, text, len, G_KEY_FILE_NONE, &inner))
    ok = ol2tp_config_file_fail (self, 0, NULL, error, "%s", inner->message);
  explicit_bzero (text, len);
  g_free (text);
  return ok ? g_steal_pointer (&self) : NULL;
}

/* What "\x" in a value stands for, 0 for nothing. */
static char
unescape_char (char c)
{
  static const char escapes[][2] = { { 's', ' ' }, { 't', '\t' }, { 'n', '\n' }, { 'r', '\r' }, { '\\', '\\' }, { ';', ';' } };

  for (gsize i = 0; i < G_N_ELEMENTS (escapes); i++)
    if (escapes[i][0] == c)
      return escapes[i][1];
  return '\0';
}

Ol2tpSecretText *
ol2tp_config_file_dup_value (const Ol2tpConfigFile *self, const Ol2tpConfigEntry *entry, GError **error)
{
  const char *secret = ((const Entry *) entry)->secret;
  g_autoptr (Ol2tpSecretText) value = NULL;
  char *from, *to;

  if (secret != NULL)
    value = g_strdup (secret);
  else
    value = g_key_file_get_value (self->values, entry->group, entry->key, NULL);
  if (value == NULL)
    {
      ol2tp_config_file_fail (self, entry->line, entry->group, error, "%s: cannot be read", entry->key);
      return NULL;
    }

  g_strchomp (value);
  for (from = to = value; *from != '\0'; from++, to++)
    {
      *to = *from;
      if (*from != '\\')
        continue;
      *to = unescape_char (*++from);
      if (*to == '\0')
        {
          ol2tp_config_file_fail (
              self, entry->line, entry->group, error,
              "%s: \"\\\" stands before \"\\\", \";\", \"s\", \"t\", \"n\" or \"r\" only; write \"\\\\\" for itself", entry->key);
          return NULL;
        }
    }
  /* what shifted to the front is still behind the new end */
  explicit_bzero (to, from - to);
  return g_steal_pointer (&value);
}
