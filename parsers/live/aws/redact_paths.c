#include "parsers/live/aws/redact_paths.h"

#include "engine/base/base64.h"
#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "parsers/live/redact.h"

typedef struct redacting {
    as_arena *arena;
    as_secret_finder *finder;
    as_str key; /* of the value at hand */
} redacting;

static bool is_text(as_str bytes)
{
    for (size_t i = 0; i < bytes.n; i++)
        if ((unsigned char)bytes.p[i] < 9)
            return false;
    return bytes.n > 0 && as_utf8_valid(bytes);
}

static const char *class_of(redacting *r, as_str text)
{
    as_secrets found = {0};
    as_str decoded;

    /* Base64 looks random, whatever is behind it. */
    bool encoded = as_base64_decode(r->arena, text, &decoded, NULL) && is_text(decoded);
    if (encoded)
        as_secret_find(r->finder, r->arena, decoded, AS_SECRET_SETTINGS, &found, NULL);
    if (!encoded && as_str_find_char(text, '\n') == (size_t)-1)
        as_secret_find_value(r->finder, r->arena, r->key, text, &found);
    if (!encoded && found.n == 0)
        as_secret_find(r->finder, r->arena, text, AS_SECRET_SETTINGS, &found, NULL);
    return found.n > 0 ? as_secret_group_name(found.items[0].group) : "none";
}

static const as_value *replacement(redacting *r, const as_value *v)
{
    if (!as_value_is(v, AS_STRING) || v->as.str.n == 0)
        return v;
    return as_redacted(r->arena, v->as.str, class_of(r, v->as.str));
}

static const as_value *walk(redacting *r, const as_value *v, as_str path, int depth);

static const as_value *walk_list(redacting *r, const as_value *v, as_str path, int depth)
{
    as_list_builder b;

    if (!as_value_is(v, AS_LIST))
        return v;
    as_list_begin(&b, r->arena);
    for (size_t i = 0; i < as_value_count(v); i++)
        as_list_add(&b, walk(r, as_value_index(v, i), path, depth + 1));
    return as_list_end(&b, v->span);
}

static const as_value *walk_object(
        redacting *r, const as_value *v, as_str name, as_str path, int depth)
{
    bool each = as_str_is(name, "*");
    as_object_builder b;

    if (!as_value_is(v, AS_OBJECT) || (!each && !as_value_get(v, name)))
        return v;
    as_object_begin(&b, r->arena);
    for (size_t i = 0; i < as_value_count(v); i++) {
        const as_member *m = &v->as.object->members[i];
        const as_value *value = m->value;
        if (each || as_str_eq(m->key, name)) {
            r->key = m->key;
            value = walk(r, value, path, depth + 1);
        }
        as_object_add(&b, m->key, m->key_span, value);
    }
    return as_object_end(&b, v->span);
}

static const as_value *walk(redacting *r, const as_value *v, as_str path, int depth)
{
    size_t end = 0;

    if (depth > AS_MAX_CALL_DEPTH)
        return as_value_null(r->arena, v->span);
    if (path.n == 0)
        return replacement(r, v);
    if (as_str_starts(path, "[]"))
        return walk_list(r, v, as_str_from_index(path, 2), depth);
    if (as_str_starts(path, "."))
        path = as_str_from_index(path, 1);
    while (end < path.n && path.p[end] != '.' && path.p[end] != '[')
        end++;
    return walk_object(r, v, as_str_slice(path, 0, end), as_str_from_index(path, end), depth);
}

const as_value *as_aws_redact_paths(
        as_arena *arena, as_secret_finder *finder, const as_value *body, as_str paths)
{
    redacting r = {arena, finder, AS_STR("")};
    as_str path;

    while (body && paths.n > 0 && as_str_split(&paths, ' ', &path))
        if (path.n > 0)
            body = walk(&r, body, path, 0);
    return body;
}
