/* Literals that are too random to be words. */
#include "engine/secrets/internal.h"

enum { SHORTEST = 20, LONGEST = 200, MAX_KEY = 80 };

static bool is_base64(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=' || c == '-' || c == '_';
}

static bool is_name(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

as_str as_secret_key_before(as_str t, size_t at)
{
    while (at > 0 && as_char_in(t.p[at - 1], "\"'` \t"))
        at--;
    if (at == 0 || (t.p[at - 1] != '=' && t.p[at - 1] != ':' && t.p[at - 1] != '>'))
        return AS_STR("");
    while (at > 0 && as_char_in(t.p[at - 1], "=:> \t\"'`]"))
        at--;
    size_t end = at;
    while (at > 0 && end - at < MAX_KEY && is_name(t.p[at - 1]))
        at--;
    return as_str_slice(t, at, end);
}

/* Names of what is random and no secret. */
static bool is_harmless_key(as_str key)
{
    static const char *const words[] = {"sha", "hash", "digest", "checksum", "integrity", "sum",
            "etag", "commit", "rev", "ref", "fingerprint", "thumbprint", "uuid", "guid", "md5",
            "version", "public", "pub", "cert", "ca_", "ca-", "cabundle", "ca_bundle", "image",
            "tag", "url", "uri", "path", "file", "name", "arn", "src", "source", "resolved",
            "nonce", "signature", "sig", "data_", "logo", "icon", "host", "_id", "-id", "zone",
            "ami", "subnet", "vpc", "account", "content", "description", "pattern", "regex",
            "format", "class", "href", "value_hash", "chars", "alphabet", "action", "permission",
            "uid", "repokey", "repo_key", "role", "scope", "policy", "type", "module", "selector",
            "label", "title", "text", "message", NULL};

    for (size_t i = 0; words[i]; i++)
        if (as_secret_contains(key, words[i]))
            return true;
    /* "clientId", "ID"; the public members of a JSON Web Key (RFC 7518, 6.2.1 and 6.3.1). */
    return as_str_is(key, "n") || as_str_is(key, "x") || as_str_is(key, "y") ||
           as_str_ends(key, "Id") || as_str_ends(key, "ID") || as_str_is(key, "id");
}

static bool is_keyish(as_str key)
{
    static const char *const words[] = {"key", "auth", "secret", "token", "salt", "seed", "hmac",
            "cred", "pass", "crypt", "sign", NULL};

    for (size_t i = 0; words[i]; i++)
        if (as_secret_contains(key, words[i]))
            return true;
    return false;
}

/* A random text changes between capitals, small letters and digits often; names in camel case,
 * paths and kebab words do so at their borders only. */
static bool is_scrambled(as_str t)
{
    size_t changes = 0, kinds[4] = {0};
    int last = -1;

    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        int kind = c >= 'A' && c <= 'Z'   ? 0
                   : c >= 'a' && c <= 'z' ? 1
                   : c >= '0' && c <= '9' ? 2
                                          : 3;
        changes += last >= 0 && kind != last;
        kinds[kind]++;
        last = kind;
    }
    return kinds[0] > 0 && kinds[1] > 0 && kinds[2] > 0 && kinds[3] <= 2 + t.n / 8 &&
           changes * 3 >= t.n;
}

/* What costs least and refuses most comes first. */
static bool is_random(as_str key, as_str t, as_secret *out)
{
    out->hex = as_secret_is_hex(t);
    /* Most of hex are digests: only where the name says otherwise. */
    if (out->hex ? t.n < 32 || !is_keyish(key) : !is_scrambled(t))
        return false;
    out->entropy = as_secret_entropy(t);
    if (out->entropy < (out->hex ? 2.5 : 3.5))
        return false;
    return key.n > 0 && !is_harmless_key(key) && !as_secret_is_placeholder(t) &&
           !as_secret_is_reference(t) && !as_secret_is_sequence(t);
}

typedef struct search {
    as_arena *arena;
    as_str t;
    as_secrets *out;
    bool set[256];
} search;

/* The run of such characters [begin, end), as long as it goes: quoted, or else the last of its
 * line. */
static void take(search *s, size_t begin, size_t end, bool quoted)
{
    if (end - begin < SHORTEST || end - begin > LONGEST + MAX_KEY)
        return;
    /* NAME=value is one run of such characters. */
    size_t equals = as_str_find_char(as_str_slice(s->t, begin, end), '=');
    if (equals != (size_t)-1 && begin + equals + SHORTEST < end) {
        begin += equals + 1;
        if (quoted)
            return;
    }
    if (!quoted && (begin == 0 || (s->t.p[begin - 1] != '=' && s->t.p[begin - 1] != ' ')))
        return;
    if (end - begin > LONGEST || s->out->n >= AS_MAX_SECRETS)
        return;
    as_secret found = {.group = AS_SECRET_ENTROPY,
            .detector = "high-entropy-string",
            .what = "a string of high entropy",
            .key = as_secret_key_before(s->t, begin),
            .begin = begin,
            .end = end};
    if (is_random(found.key, as_str_slice(s->t, begin, end), &found))
        AS_VEC_PUSH(s->arena, s->out, found);
}

static bool in_set(const search *s, size_t at)
{
    return at < s->t.n && s->set[(unsigned char)s->t.p[at]];
}

static void find_quoted(search *s, char quote)
{
    as_str t = s->t;

    for (size_t at = 0; at < t.n;) {
        const char *found = memchr(t.p + at, quote, t.n - at);
        if (found == NULL)
            return;
        size_t begin = (size_t)(found - t.p) + 1;
        at = begin;
        if (!in_set(s, begin + SHORTEST - 1)) /* nearly always: too short */
            continue;
        while (in_set(s, at))
            at++;
        if (at < t.n && t.p[at] == quote)
            take(s, begin, at, true);
    }
}

static void find_bare(search *s)
{
    as_str t = s->t;

    for (size_t at = 0; at < t.n;) {
        const char *newline = memchr(t.p + at, '\n', t.n - at);
        size_t line = at, end = newline == NULL ? t.n : (size_t)(newline - t.p);
        at = end + 1;
        if (end > line && t.p[end - 1] == '\r')
            end--;
        if (end - line < SHORTEST)
            continue;
        size_t begin = end;
        while (begin > line && end - begin <= LONGEST + MAX_KEY && in_set(s, begin - 1))
            begin--;
        take(s, begin, end, false);
    }
}

void as_secret_find_random(as_arena *arena, as_str t, as_secret_syntax syntax, as_secrets *out)
{
    search s = {.arena = arena, .t = t, .out = out};

    for (size_t c = 0; c < 256; c++)
        s.set[c] = is_base64((char)c);
    find_quoted(&s, '"');
    find_quoted(&s, '\'');
    if (syntax == AS_SECRET_SETTINGS)
        find_bare(&s);
}
