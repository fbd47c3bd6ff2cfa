/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* The kind is a line like the others, always the first. */
#define KIND "kind"

static void
add_char (Ol2tpReport *self, char c)
{
  if (self->len < OL2TP_REPORT_MAX)
    self->data[self->len++] = c;
  else
    self->bad = 1;
}

void
ol2tp_report_init (Ol2tpReport *self, const char *kind)
{
  memset (self, 0, sizeof *self);
  ol2tp_report_add (self, KIND, kind);
}

void
ol2tp_report_add (Ol2tpReport *self, const char *key, const char *value)
{
  for (; *key; key++)
    add_char (self, *key);
  add_char (self, '=');
  for (; *value; value++)
    {
      if (*value == '\\' || *value == '\n')
        add_char (self, '\\');
      add_char (self, *value == '\n' ? 'n' : *value);
    }
  add_char (self, '\n');
}

void
ol2tp_report_add_number (Ol2tpReport *self, const char *key, long value)
{
  char text[24];

  snprintf (text, sizeof text, "%ld", value);
  ol2tp_report_add (self, key, text);
}

void
ol2tp_report_clear (Ol2tpReport *self)
{
  explicit_bzero (self, sizeof *self);
}

int
ol2tp_report_send (const Ol2tpReport *self, int fd)
{
  ssize_t sent;

  if (self->bad)
    return -EMSGSIZE;
  do
    sent = send (fd, self->data, self->len, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : 0;
}

/* Ends the value that starts at @value and undoes its escapes, in our own copy. Returns: what follows its newline, or NULL. */
static char *
unescape (char *value, const char *end)
{
  char *in, *out = value;

  for (in = value; in < end && *in != '\n'; in++)
    {
      if (*in == '\\')
        {
          in++;
          if (in == end || (*in != '\\' && *in != 'n'))
            return NULL;
          *out++ = *in == 'n' ? '\n' : '\\';
        }
      else
        *out++ = *in;
    }
  if (in == end)
    return NULL;
  *out = '\0';
  return in + 1;
}

static int
is_key_char (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Takes the line at @line. Returns: the next one, or NULL. */
static char *
parse_line (Ol2tpReport *self, char *line, const char *end)
{
  char *p = line;

  while (p < end && is_key_char (*p))
    p++;
  if (p == line || p == end || *p != '=' || self->n_fields == OL2TP_REPORT_FIELDS_MAX)
    return NULL;

  *p++ = '\0';
  if (ol2tp_report_get (self, line))
    return NULL;
  self->fields[self->n_fields].key = line;
  self->fields[self->n_fields].value = p;
  self->n_fields++;
  return unescape (p, end);
}

/* Parses what is in @data. */
static int
parse (Ol2tpReport *self)
{
  char *line = self->data;
  const char *end = self->data + self->len;

  self->n_fields = 0;
  if (self->len == 0 || memchr (self->data, '\0', self->len))
    return -EBADMSG;
  while (line < end)
    {
      line = parse_line (self, line, end);
      if (!line)
        return -EBADMSG;
    }
  return strcmp (self->fields[0].key, KIND) ? -EBADMSG : 0;
}

int
ol2tp_report_parse (Ol2tpReport *self, const void *data, size_t len)
{
  self->n_fields = 0;
  self->bad = 0;
  if (len > OL2TP_REPORT_MAX)
    return -EBADMSG;
  memcpy (self->data, data, len);
  self->len = len;
  return parse (self);
}

int
ol2tp_report_receive (Ol2tpReport *self, int fd)
{
  ssize_t len;

  self->n_fields = 0;
  self->bad = 0;
  do
    len = recv (fd, self->data, OL2TP_REPORT_MAX, MSG_DONTWAIT | MSG_TRUNC);
  while (len < 0 && errno == EINTR);
  if (len <= 0)
    return len < 0 ? -errno : 0;
  if (len > OL2TP_REPORT_MAX)
    return -EBADMSG;
  self->len = (size_t) len;
  return parse (self) < 0 ? -EBADMSG : 1;
}

const char *
ol2tp_report_get_kind (const Ol2tpReport *self)
{
  return self->n_fields > 0 ? self->fields[0].value : "";
}

const char *
ol2tp_report_get (const Ol2tpReport *self, const char *key)
{
  unsigned i;

  for (i = 0; i < self->n_fields; i++)
    if (!strcmp (self->fields[i].key, key))
      return self->fields[i].value;
  return NULL;
}

int
ol2tp_report_get_number (const Ol2tpReport *self, const char *key, int *value)
{
  const char *text = ol2tp_report_get (self, key);
  char *end;
  long number;

  if (!text || (*text != '-' && (*text < '0' || *text > '9')))
    return -1;
  errno = 0;
  number = strtol (text, &end, 10);
  if (errno || *end || end == text || number < INT_MIN || number > INT_MAX)
    return -1;
  *value = (int) number;
  return 0;
}
