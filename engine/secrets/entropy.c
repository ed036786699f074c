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
            "uid", "repokey", "repo_key", "role", "scope", "policy", "type", "module", "selector", "label", "title", "text",
            "message", NULL};

    for (size_t i = 0; words[i]; i++)
        if (as_secret_contains(key, words[i]))
            return true;
    /* "clientId", "ID"; the public members of a JSON Web Key (RFC 7518, 6.2.1 and 6.3.1). */
    return as_str_is(key, "n") || as_str_is(key, "x") || as_str_is(key, "y") || as_str_ends(key, "Id") || as_str_ends(key, "ID") || as_str_is(key, "id");
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

static bool is_random(as_str key, as_str t, as_secret *out)
{
    if (key.n == 0 || is_harmless_key(key) || as_secret_is_placeholder(t) ||
            as_secret_is_reference(t) || as_secret_is_sequence(t))
        return false;
    out->entropy = as_secret_entropy(t);
    out->hex = as_secret_is_hex(t);
    if (out->hex) /* most are digests: only where the name says otherwise */
        return t.n >= 32 && is_keyish(key) && out->entropy >= 2.5;
    return out->entropy >= 3.5 && is_scrambled(t);
}

void as_secret_find_random(as_arena *arena, as_str t, as_secret_syntax syntax, as_secrets *out)
{
    bool set[256];

    for (size_t c = 0; c < 256; c++)
        set[c] = is_base64((char)c);
    for (size_t i = 0; i < t.n;) {
        /* A run that is long enough and begins at or behind i holds the byte at `probe`. */
        size_t begin = i, probe = i + SHORTEST - 1;
        if (probe >= t.n)
            return;
        for (i = probe; i > begin && set[(unsigned char)t.p[i]]; i--)
            continue;
        if (!set[(unsigned char)t.p[i]]) {
            i++;
            if (i > probe)
                continue;
            begin = i;
        }
        for (i = probe + 1; i < t.n && set[(unsigned char)t.p[i]]; i++)
            continue;
        if (i - begin < SHORTEST || i - begin > LONGEST + MAX_KEY)
            continue;
        /* NAME=value is one run of such characters. */
        size_t equals = as_str_find_char(as_str_slice(t, begin, i), '=');
        if (equals != (size_t)-1 && begin + equals + SHORTEST < i)
            begin += equals + 1;
        char before = begin > 0 ? t.p[begin - 1] : '\n', behind = i < t.n ? t.p[i] : '\n';
        bool is_quoted = (before == '"' || before == '\'') && behind == before;
        bool is_bare = syntax == AS_SECRET_SETTINGS && (before == '=' || before == ' ') &&
                       as_char_in(behind, "\r\n");
        as_secret s = {.group = AS_SECRET_ENTROPY,
                .detector = "high-entropy-string",
                .what = "a string of high entropy",
                .begin = begin,
                .end = i};
        if ((!is_quoted && !is_bare) || i - begin < SHORTEST || i - begin > LONGEST)
            continue;
        s.key = as_secret_key_before(t, begin);
        if (out->n < AS_MAX_SECRETS && is_random(s.key, as_str_slice(t, begin, i), &s))
            AS_VEC_PUSH(arena, out, s);
    }
}
