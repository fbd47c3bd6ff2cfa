/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Both sources of a value, a GVariant from the bus and a text from a file, are first made the same thing: a text, or for lists an
 * array of texts.  From there on there is one way: the row's kind checks it and stores it.  So both refuse alike, in the same
 * words.
 *
 * Rows of kind FIXED stand for keys and values of the published interface that this version cannot do: what it does anyway may be
 * asked for, the rest is answered with NOT_SUPPORTED and not with "unknown", so that a caller can tell the two apart.
 */
#include "settings.h"

#include "settings-text.h"

#include <string.h>

/**
 * Kind:
 * @TEXT: char *, @min to @max octets of UTF-8 without control characters
 * @HOST: the same, a literal address or a host name
 * @LINK: the same, a name the kernel takes for a network interface
 * @FLAG: gboolean
 * @NUMBER: guint
 * @BIG: guint64
 * @ADDRESS: Ol2tpAddress, port 0
 * @SECRET: Ol2tpSecret *, never shown
 * @AUTH: guint, mask of OL2TP_PPP_AUTH_*
 * @WORDS: char **, at most @max words
 * @SWITCH: gboolean, false for the first word of @fixed, true for the second
 * @FIXED: not stored; @fixed is the one value there is, NULL for none
 */
typedef enum { TEXT, HOST, LINK, FLAG, NUMBER, BIG, ADDRESS, SECRET, AUTH, WORDS, SWITCH, FIXED } Kind;

enum {
  OR_ZERO = 1,    /* 0 is allowed as well as @min to @max */
  FILES_ONLY = 2, /* not a key on the bus, where it is an argument of a method */
  FIXED_ONCE = 4,     /* given when the object is made, or never */
  FIRST_IN_FILES = 8, /* for SWITCH: in files the first word is the only one */
};

/**
 * Row:
 * @initial: default; every other kind than FLAG, NUMBER and BIG starts out empty
 * @unit: of @min and @max, for messages
 * @type: for FIXED, what a GVariant must be; "u" stands for an integer of any width
 * @fixed, @later: for SWITCH and FIXED, words separated by blanks: values there are, values known and not done here (%NULL = all)
 * @why: for FIXED, what is lacking
 */
typedef struct {
  const char *key;
  Kind kind;
  gsize offset;
  guint64 min, max, initial;
  const char *unit;
  guint flags;
  const char *type;
  const char *fixed;
  const char *later;
  const char *why;
} Row;

#define T(field) G_STRUCT_OFFSET (Ol2tpTunnelSettings, field)
#define S(field) G_STRUCT_OFFSET (Ol2tpSessionSettings, field)

/* clang-format off */
#define NOT_HERE(key, type_, value, later_, why_) { key, FIXED, 0, .type = type_, .fixed = value, .later = later_, .why = why_ }
#define NOT_LATER(key, type_, value, later_, why_) \
  { key, FIXED, 0, .type = type_, .fixed = value, .later = later_, .why = why_, .flags = FIXED_ONCE }

/* A bit of Ol2tpTunnelSettings.set is an index into this table. */
static const Row tunnel_rows[] = {
  /* key                  kind     field                      min   max     initial */
  { "peer",               HOST,    T (peer),                  1,    255,    0,    "octets", FILES_ONLY },
  { "host-name",          TEXT,    T (host_name),             1,    255,    0,    "octets" },
  { "hello-interval",     NUMBER,  T (hello_interval_sec),    0,    86400,  60,   "seconds, 0 = off" },
  { "retry-timeout",      NUMBER,  T (retry_timeout_ms),      100,  60000,  1000, "milliseconds" },
  /* RFC 2661 section 5.8: the cap MUST NOT be less than 8 seconds */
  { "retry-cap",          NUMBER,  T (retry_cap_ms),          8000, 600000, 8000, "milliseconds" },
  { "max-retries",        NUMBER,  T (max_retries),           1,    100,    5,    "retransmissions" },
  /* RFC 2661 section 5.8: half of the sequence numbers are "less than or equal" */
  { "receive-window",     NUMBER,  T (receive_window),        1,    32767,  10,   "messages" },
  { "establish-timeout",  NUMBER,  T (establish_timeout_sec), 0,    3600,   60,   "seconds, 0 = no limit" },
  { "local-address",      ADDRESS, T (local_address), .flags = FIXED_ONCE },
  { "local-port",         NUMBER,  T (local_port),            0,    65535,  1701, "UDP port, 0 = ephemeral", FIXED_ONCE },
  { "peer-port",          NUMBER,  T (peer_port),             1,    65535,  1701, "UDP port", FIXED_ONCE },
  { "mtu",                NUMBER,  T (mtu),                   576,  65535,  0,    "octets, 0 = automatic", OR_ZERO },
  { "max-sessions",       NUMBER,  T (max_sessions),          0,    65535,  0,    "sessions, 0 = no limit" },
  { "connect",            FLAG,    T (connect), .flags = FIXED_ONCE },
  { "secret",             SECRET,  T (secret),                1,    1024,   0,    "octets" },
  /* nobody who could leave makes the tunnels of files */
  { "lifetime",           SWITCH,  T (ends_with_caller),      .flags = FIXED_ONCE | FIRST_IN_FILES, .fixed = "runtime caller",
    .later = "persistent", .why = "tunnels that are stored" },
  NOT_LATER ("version",                "u",  "2",         "3",                   "L2TPv3"),
  NOT_LATER ("encapsulation",          "s",  "udp",       "ip",                  "L2TP directly over IP"),
  NOT_LATER ("role",                   "s",  "initiator", "responder",           "tunnels that wait for a named peer"),
  NOT_HERE ("use-tiebreaker",         "b",  "false",     "true",                "tie breakers"),
  NOT_HERE ("hide-avps",              "b",  "false",     "true",                "hiding AVPs"),
  NOT_HERE ("udp-checksums",          "b",  "true",      "false",               "UDP without checksums"),
  NOT_HERE ("require-authentication", "b",  NULL,        NULL,
            "the tunnel secret alone decides: with one the peer must authenticate itself, without one it need not"),
  NOT_HERE ("digest",                 "s",  "none",      "hmac-md5 hmac-sha1",  "message digests of L2TPv3"),
  NOT_HERE ("persist",                "b",  "false",     "true",                "dialling again by itself"),
  NOT_HERE ("persist-delay",          "u",  "0",         NULL,                  "dialling again by itself"),
  NOT_HERE ("idle-timeout",           "u",  "0",         NULL,                  "closing idle tunnels"),
  NOT_HERE ("ignore-offset",          "b",  "false",     "true",                "ignoring the Offset field"),
  NOT_HERE ("quirks",                 "as", "",          NULL,                  "quirks"),
  NOT_HERE ("secret-fd",              "h",  NULL,        NULL,                  "a descriptor can only come in a call over the bus"),
};

/* A bit of Ol2tpSessionSettings.set is an index into this table. */
static const Row session_rows[] = {
  /* key                  kind     field                      min   max          initial */
  { "user",               TEXT,    S (user),                  1,    255,         0,    "octets" },
  { "password",           SECRET,  S (password),              1,    255,         0,    "octets" },
  { "auth",               AUTH,    S (auth) },
  { "mtu",                NUMBER,  S (mtu),                   128,  16384,       1400, "octets" },
  { "mru",                NUMBER,  S (mru),                   128,  16384,       1400, "octets" },
  { "interface-name",     LINK,    S (interface_name),        1,    15,          0,    "octets" },
  { "lcp-echo-interval",  NUMBER,  S (lcp_echo_interval_sec), 0,    3600,        30,   "seconds, 0 = off" },
  { "lcp-echo-failure",   NUMBER,  S (lcp_echo_failure),      0,    1000,        4,    "echo requests, 0 = off" },
  { "use-peer-dns",       FLAG,    S (use_peer_dns),          0,    1,           TRUE },
  { "ipv6",               FLAG,    S (ipv6),                  0,    1,           TRUE },
  { "require-mppe",       FLAG,    S (require_mppe) },
  { "data-sequencing",    SWITCH,  S (data_sequencing),       .fixed = "none all", .later = "non-ip", .why = "numbering all but IP" },
  { "require-sequencing", FLAG,    S (require_sequencing) },
  { "reorder-timeout",    NUMBER,  S (reorder_timeout_ms),    0,    10000,       0,    "milliseconds, 0 = off" },
  /* RFC 2661 section 4.4.4: four octets in the AVPs of both */
  { "tx-speed",           BIG,     S (tx_speed),              1,    G_MAXUINT32, 1000000000, "bits per second" },
  { "rx-speed",           BIG,     S (rx_speed),              0,    G_MAXUINT32, 0,    "bits per second, 0 = as tx-speed" },
  { "called-number",      TEXT,    S (called_number),         1,    64,          0,    "octets", FIXED_ONCE },
  { "calling-number",     TEXT,    S (calling_number),        1,    64,          0,    "octets", FIXED_ONCE },
  { "sub-address",        TEXT,    S (sub_address),           1,    64,          0,    "octets", FIXED_ONCE },
  { "pppd-options",       WORDS,   S (pppd_options),          0,    64,          0,    "words" },
  { "connect",            FLAG,    S (connect), .flags = FIXED_ONCE },
  NOT_LATER ("pseudowire",            "s",  "ppp",      "ethernet ethernet-vlan", "other pseudowires than PPP"),
  NOT_LATER ("call",                  "s",  "incoming", "outgoing",               "outgoing calls"),
  NOT_HERE ("persist",               "b",  "false",    "true",                   "dialling again by itself"),
  NOT_HERE ("default-route",         "b",  "false",    "true",                   "setting a default route"),
  NOT_HERE ("ip-range",              "s",  NULL,       NULL,                     "addresses of a single session"),
  NOT_HERE ("local-ip",              "s",  NULL,       NULL,                     "addresses of a single session"),
  NOT_HERE ("peer-ip",               "s",  NULL,       NULL,                     "addresses of a single session"),
  NOT_HERE ("dns",                   "as", "",         NULL,                     "name servers of a single session"),
  NOT_HERE ("cookie-size",           "u",  "0",        "4 8",                    "cookies of L2TPv3"),
  NOT_HERE ("l2-specific-sublayer",  "s",  "none",     "default",                "sublayers of L2TPv3"),
  NOT_HERE ("password-fd",           "h",  NULL,       NULL,                     "a descriptor can only come in a call over the bus"),
  NOT_LATER ("remote-end-id",         "ay", NULL,       NULL,                     "L2TPv3"),
  NOT_LATER ("vlan-id",               "u",  NULL,       NULL,                     "other pseudowires than PPP"),
};
/* clang-format on */
G_STATIC_ASSERT (G_N_ELEMENTS (tunnel_rows) <= 64 && G_N_ELEMENTS (session_rows) <= 64);

#define WORD_MAX 1023 /* octets */

/* In the order of the bits of OL2TP_PPP_AUTH_*. */
static const char *const auth_names[] = { "pap", "chap", "mschap", "mschapv2", "eap" };

guint
ol2tp_auth_parse (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (auth_names); i++)
    if (strcmp (name, auth_names[i]) == 0)
      return 1u << i;
  return 0;
}
G_STATIC_ASSERT (OL2TP_PPP_AUTH_PAP == 1 << 0 && OL2TP_PPP_AUTH_CHAP == 1 << 1 && OL2TP_PPP_AUTH_MSCHAP == 1 << 2
                 && OL2TP_PPP_AUTH_MSCHAPV2 == 1 << 3 && OL2TP_PPP_AUTH_EAP == 1 << 4);

static gboolean
set_text (const Row *row, char **field, const char *text, GError **error)
{
  gsize len = strlen (text);
  g_autofree char *allowed = NULL;

  if (!ol2tp_text_is_clean (text))
    return ol2tp_settings_refuse (row->key, text, "UTF-8 text without control characters", error);
  if (len < row->min || len > row->max)
    {
      allowed = g_strdup_printf ("%" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " %s", row->min, row->max, row->unit);
      return ol2tp_settings_refuse (row->key, text, allowed, error);
    }
  if (row->kind == HOST && !ol2tp_text_is_host (text))
    return ol2tp_settings_refuse (row->key, text, "a host name or a literal address", error);
  if (row->kind == LINK && !ol2tp_text_is_link_name (text))
    return ol2tp_settings_refuse (row->key, text, "a name for a network interface, without \"/\", \":\", \"%\", quotes and blanks",
                                  error);

  g_free (*field);
  *field = g_strdup (text);
  return TRUE;
}

/* Never repeats the value. */
static gboolean
set_secret (const Row *row, Ol2tpSecret **field, const char *text, GError **error)
{
  gsize len = strlen (text);

  if (len < row->min || len > row->max)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS,
                   "%s: a value of %" G_GSIZE_FORMAT " octets is not allowed, only %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                   " %s",
                   row->key, len, row->min, row->max, row->unit);
      return FALSE;
    }
  g_clear_pointer (field, ol2tp_secret_unref);
  *field = ol2tp_secret_new (text, len);
  return TRUE;
}

static gboolean
parse_number (const Row *row, const char *text, guint64 *number, GError **error)
{
  g_autofree char *allowed = NULL;

  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, number, NULL)
      && ((*number >= row->min && *number <= row->max) || (*number == 0 && (row->flags & OR_ZERO) != 0)))
    return TRUE;

  allowed = g_strdup_printf ("a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " (%s)", row->min, row->max, row->unit);
  return ol2tp_settings_refuse (row->key, text, allowed, error);
}

static gboolean
set_auth (const Row *row, guint *field, const char *const *words, GError **error)
{
  guint mask = 0;

  for (; *words != NULL; words++)
    {
      guint bit = ol2tp_auth_parse (*words);

      if (bit == 0)
        return ol2tp_settings_refuse (row->key, *words, "\"pap\", \"chap\", \"mschap\", \"mschapv2\" and \"eap\"", error);
      mask |= bit;
    }
  *field = mask;
  return TRUE;
}

static gboolean
set_words (const Row *row, char ***field, const char *const *words, GError **error)
{
  gsize i;

  for (i = 0; words[i] != NULL; i++)
    if (words[i][0] == '\0' || strlen (words[i]) > WORD_MAX || !ol2tp_text_is_clean (words[i]))
      return ol2tp_settings_refuse (row->key, words[i],
                                    "words of 1 to " G_STRINGIFY (WORD_MAX) " octets without control characters", error);
  if (i > row->max)
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS,
                   "%s: %" G_GSIZE_FORMAT " words are not allowed, only up to %" G_GUINT64_FORMAT, row->key, i, row->max);
      return FALSE;
    }
  g_strfreev (*field);
  *field = g_strdupv ((char **) words);
  return TRUE;
}

static gboolean
has_word (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit (list != NULL ? list : "", " ", -1);

  return g_strv_contains ((const char *const *) words, word);
}

/* Returns: (transfer full): as a sentence has it: "a" or "b". */
static char *
quote_words (const char *list)
{
  g_auto (GStrv) words = g_strsplit (list, " ", -1);
  g_autofree char *joined = g_strjoinv ("\" or \"", words);

  return g_strdup_printf ("\"%s\"", joined);
}

/* Whether @text is one of the row's values; the error tells "not here" from "nowhere". */
static gboolean
check_fixed (const Row *row, const char *text, GError **error)
{
  g_autofree char *allowed = NULL, *shown = ol2tp_text_show (text);

  if (row->kind == SWITCH ? has_word (row->fixed, text) : g_strcmp0 (row->fixed, text) == 0)
    return TRUE;

  if (row->fixed == NULL)
    allowed = g_strdup ("leaving it out");
  else
    allowed = *row->fixed != '\0' ? quote_words (row->fixed) : g_strdup ("an empty list");
  if (row->later != NULL && !has_word (row->later, text))
    return ol2tp_settings_refuse (row->key, text, allowed, error);
  g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_NOT_SUPPORTED, "%s: \"%s\" is not supported in this version, only %s (%s)", row->key,
               shown, allowed, row->why);
  return FALSE;
}

/* The one way into a structure.  @words is for AUTH and WORDS, @text for all others; nothing changes on failure. */
static gboolean
set_row (const Row *row, gpointer self, const char *text, const char *const *words, GError **error)
{
  gpointer field = G_STRUCT_MEMBER_P (self, row->offset);
  guint64 number;
  Ol2tpAddress address;

  switch (row->kind)
    {
    case TEXT:
    case HOST:
    case LINK:
      return set_text (row, field, text, error);
    case FLAG:
      if (strcmp (text, "true") != 0 && strcmp (text, "false") != 0)
        return ol2tp_settings_refuse (row->key, text, "true or false", error);
      *(gboolean *) field = *text == 't';
      return TRUE;
    case NUMBER:
    case BIG:
      if (!parse_number (row, text, &number, error))
        return FALSE;
      if (row->kind == NUMBER)
        *(guint *) field = number;
      else
        *(guint64 *) field = number;
      return TRUE;
    case ADDRESS:
      if (!ol2tp_address_parse (text, &address))
        return ol2tp_settings_refuse (row->key, text, "a literal IPv4 or IPv6 address", error);
      *(Ol2tpAddress *) field = address;
      return TRUE;
    case SECRET:
      return set_secret (row, field, text, error);
    case AUTH:
      return set_auth (row, field, words, error);
    case WORDS:
      return set_words (row, field, words, error);
    case SWITCH:
      if (!check_fixed (row, text, error))
        return FALSE;
      *(gboolean *) field = g_str_has_suffix (row->fixed, text);
      return TRUE;
    case FIXED:
      return check_fixed (row, text, error);
    default:
      g_assert_not_reached ();
    }
}

/* What a GVariant must be; FIXED rows have their own. */
static const char *const kind_types[] = {
  [TEXT] = "s",    [HOST] = "s",   [LINK] = "s",  [FLAG] = "b",   [NUMBER] = "u", [BIG] = "u",
  [ADDRESS] = "s", [SECRET] = "s", [AUTH] = "as", [WORDS] = "as", [SWITCH] = "s", [FIXED] = NULL,
};

static gboolean
set_variant (const Row *row, gpointer self, GVariant *value, GError **error)
{
  const char *type = row->kind == FIXED ? row->type : kind_types[row->kind];
  gboolean is_integer = strcmp (type, "u") == 0;
  g_autofree char *owned = NULL;
  g_autofree const char **words = NULL;

  if (is_integer)
    owned = ol2tp_settings_integer_to_text (value);
  if (is_integer ? owned == NULL : !g_variant_is_of_type (value, G_VARIANT_TYPE (type)))
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "%s: a value of type \"%s\" is not allowed, only %s",
                   row->key, g_variant_get_type_string (value),
                   is_integer ? "an integer" : (*type == 'b' ? "a boolean (b)" : (*type == 's' ? "a string (s)" : type)));
      return FALSE;
    }

  if (is_integer)
    return set_row (row, self, owned, NULL, error);
  if (*type == 'b')
    return set_row (row, self, g_variant_get_boolean (value) ? "true" : "false", NULL, error);
  if (*type == 's')
    return set_row (row, self, g_variant_get_string (value, NULL), NULL, error);
  if (strcmp (type, "as") != 0)
    return set_row (row, self, "(value)", NULL, error);

  words = g_variant_get_strv (value, NULL);
  if (row->kind == FIXED)
    owned = g_strjoinv (";", (char **) words);
  return set_row (row, self, owned, words, error);
}

static gboolean
set_string (const Row *row, gpointer self, const char *text, GError **error)
{
  g_auto (GStrv) words = NULL;

  if ((row->flags & FIRST_IN_FILES) != 0 && (!g_str_has_prefix (row->fixed, text) || row->fixed[strlen (text)] != ' '))
    {
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_NOT_SUPPORTED, "%s: other values are not supported in files", row->key);
      return FALSE;
    }
  if (row->kind != AUTH && row->kind != WORDS)
    return set_row (row, self, text, NULL, error);

  words = ol2tp_list_split (text);
  return set_row (row, self, NULL, (const char *const *) words, error);
}

static const Row *
find_row (const Row *rows, gsize n_rows, const char *key, guint hidden_flags, GError **error)
{
  g_autofree char *shown = NULL;

  for (gsize i = 0; i < n_rows; i++)
    if ((rows[i].flags & hidden_flags) == 0 && strcmp (rows[i].key, key) == 0)
      return &rows[i];
  shown = ol2tp_text_show (key);
  g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "%s: unknown key", shown);
  return NULL;
}

static void
init_rows (const Row *rows, gsize n_rows, gpointer self)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      gpointer field = G_STRUCT_MEMBER_P (self, rows[i].offset);

      if (rows[i].kind == FLAG)
        *(gboolean *) field = rows[i].initial != 0;
      else if (rows[i].kind == NUMBER)
        *(guint *) field = rows[i].initial;
      else if (rows[i].kind == BIG)
        *(guint64 *) field = rows[i].initial;
    }
}

/* Makes the pointers of a structure that was copied by assignment its own. */
static void
own_rows (const Row *rows, gsize n_rows, gpointer self)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      gpointer *field = G_STRUCT_MEMBER_P (self, rows[i].offset);

      if (rows[i].kind == TEXT || rows[i].kind == HOST || rows[i].kind == LINK)
        *field = g_strdup (*field);
      else if (rows[i].kind == SECRET && *field != NULL)
        *field = ol2tp_secret_ref (*field);
      else if (rows[i].kind == WORDS)
        *field = g_strdupv (*field);
    }
}

static void
clear_rows (const Row *rows, gsize n_rows, gpointer self)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      gpointer *field = G_STRUCT_MEMBER_P (self, rows[i].offset);

      if (rows[i].kind == TEXT || rows[i].kind == HOST || rows[i].kind == LINK)
        g_clear_pointer (field, g_free);
      else if (rows[i].kind == SECRET && *field != NULL)
        ol2tp_secret_unref (g_steal_pointer (field));
      else if (rows[i].kind == WORDS)
        g_strfreev (g_steal_pointer (field));
    }
}

static gboolean
row_is_equal (const Row *row, gconstpointer a, gconstpointer b)
{
  gconstpointer *x = G_STRUCT_MEMBER_P (a, row->offset), *y = G_STRUCT_MEMBER_P (b, row->offset);

  switch (row->kind)
    {
    case TEXT:
    case HOST:
    case LINK:
      return g_strcmp0 (*x, *y) == 0;
    case FLAG:
    case NUMBER:
    case AUTH:
    case SWITCH:
      return *(const guint *) (gconstpointer) x == *(const guint *) (gconstpointer) y;
    case BIG:
      return *(const guint64 *) (gconstpointer) x == *(const guint64 *) (gconstpointer) y;
    case ADDRESS:
      return ol2tp_address_equal ((gconstpointer) x, (gconstpointer) y);
    case SECRET: /* whether it is the same is nobody's business: set again is changed */
      return *x == *y;
    case WORDS:
      return *x == *y || (*x != NULL && *y != NULL && g_strv_equal (*x, *y));
    case FIXED:
      return TRUE;
    default:
      g_assert_not_reached ();
    }
}

static const char **
list_changes (const Row *rows, gsize n_rows, gconstpointer a, gconstpointer b)
{
  GPtrArray *keys = g_ptr_array_new ();

  for (gsize i = 0; i < n_rows; i++)
    if (!row_is_equal (&rows[i], a, b))
      g_ptr_array_add (keys, (gpointer) rows[i].key);
  g_ptr_array_add (keys, NULL);
  return (const char **) g_ptr_array_free (keys, FALSE);
}

/* The functions of the header for one of the two structures. */
#define DEFINE_SETTINGS(Type, prefix, rows)                                                                                        \
  Type *prefix##_new (void)                                                                                                        \
  {                                                                                                                                \
    Type *self = g_new0 (Type, 1);                                                                                                 \
                                                                                                                                   \
    init_rows (rows, G_N_ELEMENTS (rows), self);                                                                                   \
    return self;                                                                                                                   \
  }                                                                                                                                \
                                                                                                                                   \
  Type *prefix##_copy (const Type *self)                                                                                           \
  {                                                                                                                                \
    Type *copy = g_new (Type, 1);                                                                                                  \
                                                                                                                                   \
    *copy = *self;                                                                                                                 \
    own_rows (rows, G_N_ELEMENTS (rows), copy);                                                                                    \
    return copy;                                                                                                                   \
  }                                                                                                                                \
                                                                                                                                   \
  void prefix##_free (Type *self)                                                                                                  \
  {                                                                                                                                \
    if (self == NULL)                                                                                                              \
      return;                                                                                                                      \
    clear_rows (rows, G_N_ELEMENTS (rows), self);                                                                                  \
    g_free (self);                                                                                                                 \
  }                                                                                                                                \
                                                                                                                                   \
  gboolean prefix##_set_variant (Type *self, const char *key, GVariant *value, GError **error)                                     \
  {                                                                                                                                \
    const Row *row = find_row (rows, G_N_ELEMENTS (rows), key, FILES_ONLY, error);                                                 \
                                                                                                                                   \
    if (row == NULL || !set_variant (row, self, value, error))                                                                     \
      return FALSE;                                                                                                                \
    self->set |= G_GUINT64_CONSTANT (1) << (row - rows);                                                                           \
    return TRUE;                                                                                                                   \
  }                                                                                                                                \
                                                                                                                                   \
  gboolean prefix##_set_string (Type *self, const char *key, const char *value, GError **error)                                    \
  {                                                                                                                                \
    const Row *row = find_row (rows, G_N_ELEMENTS (rows), key, 0, error);                                                          \
                                                                                                                                   \
    if (row == NULL || !set_string (row, self, value, error))                                                                      \
      return FALSE;                                                                                                                \
    self->set |= G_GUINT64_CONSTANT (1) << (row - rows);                                                                           \
    return TRUE;                                                                                                                   \
  }                                                                                                                                \
                                                                                                                                   \
  gboolean prefix##_modify_variant (Type *self, const char *key, GVariant *value, GError **error)                                  \
  {                                                                                                                                \
    const Row *row = find_row (rows, G_N_ELEMENTS (rows), key, FILES_ONLY, error);                                                 \
                                                                                                                                   \
    if (row != NULL && (row->flags & FIXED_ONCE) != 0)                                                                             \
      g_set_error (error, OL2TP_ERROR, OL2TP_ERROR_INVALID_ARGUMENTS, "%s: cannot be changed later", key);                         \
    return row != NULL && (row->flags & FIXED_ONCE) == 0 && prefix##_set_variant (self, key, value, error);                        \
  }                                                                                                                                \
                                                                                                                                   \
  const char **prefix##_list_changes (const Type *self, const Type *other)                                                         \
  {                                                                                                                                \
    return list_changes (rows, G_N_ELEMENTS (rows), self, other);                                                                  \
  }                                                                                                                                \
                                                                                                                                   \
  gboolean prefix##_is_set (const Type *self, const char *key)                                                                     \
  {                                                                                                                                \
    const Row *row = find_row (rows, G_N_ELEMENTS (rows), key, 0, NULL);                                                           \
                                                                                                                                   \
    return row != NULL && (self->set >> (row - rows) & 1) != 0;                                                                    \
  }

DEFINE_SETTINGS (Ol2tpTunnelSettings, ol2tp_tunnel_settings, tunnel_rows)
DEFINE_SETTINGS (Ol2tpSessionSettings, ol2tp_session_settings, session_rows)
