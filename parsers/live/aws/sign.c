#include "parsers/live/aws/sign.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <strings.h>

#include "engine/base/buf.h"
#include "engine/base/vec.h"

enum { DIGEST = 32 };

static const char algorithm[] = "AWS4-HMAC-SHA256";

/* --- bytes ------------------------------------------------------------------------------------ */

static void hex(as_buf *out, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        as_buf_fmt(out, "%02x", bytes[i]);
}

static void hash(as_buf *out, as_str text)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    if (EVP_Digest(text.n > 0 ? text.p : "", text.n, sum, &n, EVP_sha256(), NULL) == 1)
        hex(out, sum, n);
}

static void hmac(const unsigned char *key, size_t n_key, as_str text, unsigned char out[DIGEST])
{
    unsigned n = DIGEST;

    HMAC(EVP_sha256(), key, (int)n_key, (const unsigned char *)text.p, text.n, out, &n);
}

as_str as_aws_encode(as_arena *arena, as_str text, bool slash)
{
    static const char kept[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    as_buf out;

    as_buf_init(&out, arena, 0);
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (as_char_in((char)c, kept) || (c == '/' && slash))
            as_buf_char(&out, (char)c);
        else
            as_buf_fmt(&out, "%%%02X", c);
    }
    return as_buf_view(&out);
}

/* --- the parts of a URL ----------------------------------------------------------------------- */

typedef struct url_parts {
    as_str host, path, query;
} url_parts;

static url_parts split(as_str url)
{
    size_t scheme = as_str_find(url, AS_STR("://"));
    as_str rest = scheme == (size_t)-1 ? url : as_str_from_index(url, scheme + 3);
    size_t question = as_str_find_char(rest, '?');
    as_str before = as_str_slice(rest, 0, question);
    size_t slash = as_str_find_char(before, '/');

    return (url_parts){
            .host = as_str_slice(before, 0, slash),
            .path = slash == (size_t)-1 ? AS_STR("/") : as_str_from_index(before, slash),
            .query = question == (size_t)-1 ? AS_STR("") : as_str_from_index(rest, question + 1),
    };
}

static int compare_strs(const void *a, const void *b)
{
    return as_str_cmp(*(const as_str *)a, *(const as_str *)b);
}

typedef AS_VEC(as_str) str_list;

/* "k=v" pairs sorted by name, then value. A name that is the beginning of another sorts first
 * although '=' is behind some characters: '\x01' stands for it meanwhile. */
static str_list query_pairs(as_arena *arena, as_str query)
{
    str_list pairs = {0};
    as_str pair;

    while (query.n > 0 && as_str_split(&query, '&', &pair)) {
        size_t equals = as_str_find_char(pair, '=');
        as_str name = as_str_slice(pair, 0, equals);
        as_str value = equals == (size_t)-1 ? AS_STR("") : as_str_from_index(pair, equals + 1);
        AS_VEC_PUSH(arena, &pairs,
                as_str_fmt(arena, "%.*s\001%.*s", AS_STR_ARG(name), AS_STR_ARG(value)));
    }
    if (pairs.n > 1)
        qsort(pairs.items, pairs.n, sizeof *pairs.items, compare_strs);
    return pairs;
}

static void write_query(as_buf *out, as_str query)
{
    str_list pairs = query_pairs(out->arena, query);

    for (size_t i = 0; i < pairs.n; i++) {
        as_str pair = pairs.items[i];
        as_buf_cstr(out, i > 0 ? "&" : "");
        for (size_t k = 0; k < pair.n; k++)
            as_buf_char(out, pair.p[k] == '\001' ? '=' : pair.p[k]);
    }
}

/* --- headers ---------------------------------------------------------------------------------- */

typedef AS_VEC(as_aws_header) header_list;

static as_str lower(as_arena *arena, as_str name)
{
    char *out = as_str_cstr(arena, name);

    for (size_t i = 0; i < name.n; i++)
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] - 'A' + 'a');
    return (as_str){out, name.n};
}

/* Without blanks at the ends, and one for each run of them. */
static as_str squeeze(as_arena *arena, as_str value)
{
    as_buf out;

    value = as_str_trim(value);
    as_buf_init(&out, arena, 0);
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] != ' ' || (i > 0 && value.p[i - 1] != ' '))
            as_buf_char(&out, value.p[i]);
    return as_buf_view(&out);
}

static int compare_headers(const void *a, const void *b)
{
    return as_str_cmp(((const as_aws_header *)a)->name, ((const as_aws_header *)b)->name);
}

static void add_header(as_arena *arena, header_list *list, as_str name, as_str value)
{
    AS_VEC_PUSH(arena, list, (as_aws_header){lower(arena, name), squeeze(arena, value)});
}

static as_str names_of(as_arena *arena, const header_list *headers)
{
    as_buf out;

    as_buf_init(&out, arena, 0);
    for (size_t i = 0; i < headers->n; i++)
        as_buf_fmt(&out, "%s%.*s", i > 0 ? ";" : "", AS_STR_ARG(headers->items[i].name));
    return as_buf_view(&out);
}

/* --- signing ---------------------------------------------------------------------------------- */

static as_str canonical(as_arena *arena, const as_aws_signing *request, as_str query,
        const header_list *headers, as_str body_hash)
{
    url_parts url = split(request->url);
    as_buf out;

    as_buf_init(&out, arena, 0);
    as_buf_fmt(&out, "%s\n", request->method);
    as_buf_str(&out, request->is_s3 ? url.path : as_aws_encode(arena, url.path, true));
    as_buf_char(&out, '\n');
    write_query(&out, query);
    as_buf_char(&out, '\n');
    for (size_t i = 0; i < headers->n; i++)
        as_buf_fmt(&out, "%.*s:%.*s\n", AS_STR_ARG(headers->items[i].name),
                AS_STR_ARG(headers->items[i].value));
    as_str names = names_of(arena, headers);
    as_buf_fmt(&out, "\n%.*s\n%.*s", AS_STR_ARG(names), AS_STR_ARG(body_hash));
    return as_buf_view(&out);
}

static as_str scope_of(as_arena *arena, const as_aws_signing *request)
{
    return as_str_fmt(arena, "%.8s/%.*s/%.*s/aws4_request", request->date.p,
            AS_STR_ARG(request->region), AS_STR_ARG(request->service));
}

static as_str to_sign(as_arena *arena, const as_aws_signing *request, as_str canonical_request)
{
    as_str scope = scope_of(arena, request);
    as_buf out;

    as_buf_init(&out, arena, 0);
    as_buf_fmt(&out, "%s\n%.*s\n%.*s\n", algorithm, AS_STR_ARG(request->date), AS_STR_ARG(scope));
    hash(&out, canonical_request);
    return as_buf_view(&out);
}

static as_str signature(
        as_arena *arena, const as_aws_signing *request, const as_aws_keys *keys, as_str text)
{
    as_str first = as_str_join(arena, AS_STR("AWS4"), keys->secret_key);
    unsigned char key[DIGEST], next[DIGEST];
    as_buf out;

    hmac((const unsigned char *)first.p, first.n, as_str_slice(request->date, 0, 8), key);
    hmac(key, sizeof key, request->region, next);
    hmac(next, sizeof next, request->service, key);
    hmac(key, sizeof key, AS_STR("aws4_request"), next);
    hmac(next, sizeof next, text, key);
    as_buf_init(&out, arena, 0);
    hex(&out, key, sizeof key);
    return as_buf_view(&out);
}

as_aws_signed as_aws_sign(as_arena *arena, const as_aws_signing *request, const as_aws_keys *keys)
{
    header_list sent = {0}, headers = {0};
    url_parts url = split(request->url);
    as_aws_signed out = {0};
    as_buf body_hash;

    as_buf_init(&body_hash, arena, 0);
    hash(&body_hash, request->body);
    AS_VEC_PUSH(arena, &sent, (as_aws_header){AS_STR("X-Amz-Date"), request->date});
    if (keys->session_token.n > 0)
        AS_VEC_PUSH(
                arena, &sent, (as_aws_header){AS_STR("X-Amz-Security-Token"), keys->session_token});
    if (request->is_s3)
        AS_VEC_PUSH(arena, &sent,
                (as_aws_header){AS_STR("X-Amz-Content-SHA256"), as_buf_view(&body_hash)});
    add_header(arena, &headers, AS_STR("host"), url.host);
    for (size_t i = 0; i < request->n_headers; i++)
        add_header(arena, &headers, request->headers[i].name, request->headers[i].value);
    for (size_t i = 0; i < sent.n; i++)
        add_header(arena, &headers, sent.items[i].name, sent.items[i].value);
    qsort(headers.items, headers.n, sizeof *headers.items, compare_headers);

    out.canonical_request = canonical(arena, request, url.query, &headers, as_buf_view(&body_hash));
    out.string_to_sign = to_sign(arena, request, out.canonical_request);
    as_str scope = scope_of(arena, request), names = names_of(arena, &headers);
    as_str sum = signature(arena, request, keys, out.string_to_sign);
    out.authorization = as_str_fmt(arena,
            "%s Credential=%.*s/%.*s, SignedHeaders=%.*s, Signature=%.*s", algorithm,
            AS_STR_ARG(keys->access_key), AS_STR_ARG(scope), AS_STR_ARG(names), AS_STR_ARG(sum));
    AS_VEC_PUSH(arena, &sent, (as_aws_header){AS_STR("Authorization"), out.authorization});
    out.headers = sent.items;
    out.n_headers = sent.n;
    return out;
}

as_str as_aws_presign(
        as_arena *arena, const as_aws_signing *request, const as_aws_keys *keys, unsigned seconds)
{
    header_list headers = {0};
    url_parts url = split(request->url);
    as_buf query, body_hash;

    add_header(arena, &headers, AS_STR("host"), url.host);
    for (size_t i = 0; i < request->n_headers; i++)
        add_header(arena, &headers, request->headers[i].name, request->headers[i].value);
    qsort(headers.items, headers.n, sizeof *headers.items, compare_headers);
    as_str scope = scope_of(arena, request);
    as_str credential = as_aws_encode(arena,
            as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(keys->access_key), AS_STR_ARG(scope)), false);
    as_str names = as_aws_encode(arena, names_of(arena, &headers), false);
    as_buf_init(&query, arena, 0);
    as_buf_fmt(&query,
            "%.*s%sX-Amz-Algorithm=%s&X-Amz-Credential=%.*s&X-Amz-Date=%.*s"
            "&X-Amz-Expires=%u&X-Amz-SignedHeaders=%.*s",
            AS_STR_ARG(url.query), url.query.n > 0 ? "&" : "", algorithm, AS_STR_ARG(credential),
            AS_STR_ARG(request->date), seconds, AS_STR_ARG(names));
    if (keys->session_token.n > 0) {
        as_str token = as_aws_encode(arena, keys->session_token, false);
        as_buf_fmt(&query, "&X-Amz-Security-Token=%.*s", AS_STR_ARG(token));
    }
    as_buf_init(&body_hash, arena, 0);
    hash(&body_hash, request->body);
    as_str text = canonical(arena, request, as_buf_view(&query), &headers, as_buf_view(&body_hash));
    as_str sum = signature(arena, request, keys, to_sign(arena, request, text));
    size_t question = as_str_find_char(request->url, '?');
    as_str base = as_str_slice(request->url, 0, question), all = as_buf_view(&query);
    return as_str_fmt(arena, "%.*s?%.*s&X-Amz-Signature=%.*s", AS_STR_ARG(base), AS_STR_ARG(all),
            AS_STR_ARG(sum));
}
