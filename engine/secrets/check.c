/* Whether what a pattern has found is what it looks like. */
#include <time.h>

#include "engine/base/base64.h"
#include "engine/secrets/internal.h"
#include "parsers/json/json.h"

static as_str secret_of(as_str text, const as_secret *s)
{
    return as_str_slice(text, s->begin, s->end);
}

static bool is_random(as_str t)
{
    return !as_secret_is_placeholder(t) && !as_secret_is_sequence(t) && as_secret_entropy(t) >= 2.6;
}

static bool is_literal(as_str t)
{
    return !as_secret_is_placeholder(t) && !as_secret_is_reference(t);
}

/* --- AWS -------------------------------------------------------------------------------------- */

/* Forty characters may be a SHA-1, a path, an identifier: a key has letters of both cases and
 * digits. */
static bool is_aws_secret(as_str t)
{
    bool up = false, low = false, digit = false;

    for (size_t i = 0; i < t.n; i++) {
        up = up || (t.p[i] >= 'A' && t.p[i] <= 'Z');
        low = low || (t.p[i] >= 'a' && t.p[i] <= 'z');
        digit = digit || (t.p[i] >= '0' && t.p[i] <= '9');
    }
    return up && low && digit && !as_secret_is_hex(t) && !as_secret_contains(t, "example") &&
           !as_secret_is_sequence(t) && as_secret_entropy(t) >= 4.0;
}

/* "secret_key" alone is anybody's: AWS must be spoken of nearby. */
static bool is_about_aws(as_str text, size_t from, size_t to)
{
    enum { NEAR = 400 };
    size_t begin = from > NEAR ? from - NEAR : 0, end = text.n - to < NEAR ? text.n : to + NEAR;
    as_str around = as_str_slice(text, begin, end), match = as_str_slice(text, from, to);

    return as_secret_contains(match, "aws") || as_secret_contains(match, "access") ||
           as_secret_contains(around, "aws") || as_str_contains(around, "AKIA") ||
           as_str_contains(around, "ASIA");
}

/* --- keys ------------------------------------------------------------------------------------- */

/* A body of base64, not "..." between the lines of a manual. */
static bool is_pem(as_str t, as_secret *s)
{
    size_t body = 0, longest = 0;
    size_t from = as_str_find(t, AS_STR("KEY"));

    if (from == (size_t)-1 || as_str_contains(t, "PUBLIC"))
        return false;
    for (size_t i = from; i < t.n; i++) {
        char c = t.p[i];
        bool base64 = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '+' || c == '/' || c == '=';
        body = base64 ? body + 1 : 0;
        longest = body > longest ? body : longest;
    }
    s->encrypted = as_str_contains(t, "ENCRYPTED");
    return longest >= 40 && !as_str_contains(t, "...") && !as_secret_contains(t, "xxxxxxxx") &&
           !as_secret_contains(t, "redacted") && !as_secret_contains(t, "example");
}

/* --- JSON Web Tokens (RFC 7519) --------------------------------------------------------------- */

static const as_value *part_of(as_arena *arena, as_str part)
{
    as_buf text;
    as_str bytes;
    as_diags ignored;

    as_buf_init(&text, arena, 0);
    for (size_t i = 0; i < part.n; i++)
        as_buf_char(&text, part.p[i] == '-' ? '+' : part.p[i] == '_' ? '/' : part.p[i]);
    as_buf_repeat(&text, '=', (4 - part.n % 4) % 4);
    if (!as_base64_decode(arena, as_buf_view(&text), &bytes, NULL))
        return NULL;
    as_diags_init(&ignored, arena);
    return as_json_parse_text(arena, bytes, AS_SPAN_NONE, &ignored);
}

static as_str day_of(as_arena *arena, int64_t seconds)
{
    struct tm tm;
    time_t t = (time_t)seconds;

    if (seconds <= 0 || seconds > INT64_C(253402300799) || !gmtime_r(&t, &tm))
        return AS_STR("");
    return as_str_fmt(arena, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

static bool is_jwt(as_arena *arena, as_str t, as_secret *s)
{
    as_str rest = t, first = AS_STR_NONE, second = AS_STR_NONE;

    (void)as_str_split(&rest, '.', &first);
    (void)as_str_split(&rest, '.', &second);
    const as_value *header = part_of(arena, first), *claims = part_of(arena, second);
    if (!as_value_is(as_value_get(header, AS_STR("alg")), AS_STRING) ||
            !as_value_is(claims, AS_OBJECT))
        return false;
    as_str issuer = as_value_str(as_value_get(claims, AS_STR("iss")));
    as_str name = as_value_str(as_value_get(claims, AS_STR("name")));
    /* The token of jwt.io, which half of all manuals show. */
    if (as_str_is(name, "John Doe") || as_secret_contains(issuer, "example") ||
            as_str_is(issuer, "supabase-demo"))
        return false;
    if (as_str_is(issuer, "argocd")) {
        s->group = AS_SECRET_SOURCE;
        s->detector = "argocd-token";
        s->what = "an Argo CD token";
    } else if (as_str_contains(issuer, "kubernetes") ||
               as_value_get(claims, AS_STR("kubernetes.io")) != NULL) {
        s->group = AS_SECRET_KUBERNETES;
        s->detector = "service-account-token";
        s->what = "a service account's token";
    }
    s->expires = day_of(arena, as_value_int_or(as_value_get(claims, AS_STR("exp")), 0));
    return true;
}

/* "user:password" of a registry, in the form of ~/.docker/config.json. */
static bool is_docker_auth(as_arena *arena, as_str t)
{
    as_str bytes;

    if (as_secret_is_placeholder(t) || !as_base64_decode(arena, t, &bytes, NULL))
        return false;
    size_t colon = as_str_find_char(bytes, ':');
    if (colon == (size_t)-1 || colon == 0)
        return false;
    for (size_t i = 0; i < bytes.n; i++)
        if ((unsigned char)bytes.p[i] < 0x20 || (unsigned char)bytes.p[i] > 0x7e)
            return false;
    return is_literal(as_str_from_index(bytes, colon + 1));
}

/* --- addresses -------------------------------------------------------------------------------- */

static bool is_upper_name(as_str t)
{
    for (size_t i = 0; i < t.n; i++)
        if (!(t.p[i] >= 'A' && t.p[i] <= 'Z') && t.p[i] != '_')
            return false;
    return t.n > 0;
}

/* The user between "://" and the colon; a manual's "user:pass@host" is no credential, and neither
 * is "http://[::1]:80/a@b" or a proxy's "$USER:$PASS". */
static bool is_url_password(as_str text, size_t from, const as_secret *s)
{
    as_str head = as_str_slice(text, from, s->begin - 1), password = secret_of(text, s);
    size_t slashes = as_str_find(head, AS_STR("://"));
    as_str user = as_str_from_index(head, slashes + 3);
    as_str scheme = as_str_slice(head, 0, slashes);
    as_str host = as_str_slice(text, s->end + 1, s->end + 80);

    if (as_secret_is_placeholder(password) || is_upper_name(password) || password.p[0] == '$' ||
            password.p[0] == '%' || password.p[0] == '*' || as_str_is(password, "x-oauth-basic"))
        return false;
    if (as_str_is(user, "user") &&
            (as_secret_contains(password, "pass") || as_secret_contains(password, "pwd")))
        return false;
    /* "host:port/…@" of an authority without user: the port is a number. */
    bool number = true;
    for (size_t i = 0; i < password.n; i++)
        number = number && password.p[i] >= '0' && password.p[i] <= '9';
    if (number && as_str_contains(user, "."))
        return false;
    bool local = as_str_starts(host, "localhost") || as_str_starts(host, "127.0.0.1");
    if (local && as_str_eq(user, password))
        return false;
    return scheme.n > 0 && password.n >= 3 && !as_secret_contains(host, "example.");
}

bool as_secret_passes(
        as_arena *arena, as_secret_check check, as_str text, size_t from, size_t to, as_secret *s)
{
    as_str t = secret_of(text, s);

    switch (check) {
    case AS_CHECK_NONE:
        return true;
    case AS_CHECK_RANDOM:
        return is_random(t);
    case AS_CHECK_LITERAL:
        return is_literal(t);
    case AS_CHECK_PASSWORD:
        return is_literal(t) && !is_upper_name(t);
    case AS_CHECK_URL_PASSWORD:
        return is_url_password(text, from, s);
    case AS_CHECK_AWS_ID:
        return !as_secret_contains(t, "example") &&
               !as_secret_is_sequence(as_str_from_index(t, 4)) && !as_secret_contains(t, "xxxx") &&
               as_secret_entropy(t) >= 2.6;
    case AS_CHECK_AWS_SECRET:
        return is_aws_secret(t) && is_about_aws(text, from, to);
    case AS_CHECK_GCP_ACCOUNT: {
        size_t begin = s->begin > 6000 ? s->begin - 6000 : 0;
        return as_str_contains(
                       as_str_slice(text, begin, s->end + 6000 > text.n ? text.n : s->end + 6000),
                       "service_account") &&
               is_pem(t, s);
    }
    case AS_CHECK_PEM:
        return is_pem(t, s);
    case AS_CHECK_JWT:
        return is_jwt(arena, t, s);
    case AS_CHECK_DOCKER_AUTH:
        return is_docker_auth(arena, t);
    }
    return false;
}
