#include "parsers/live/redact.h"

#include "engine/base/limits.h"
#include "engine/secrets/secrets.h"
#include "engine/base/sha256.h"
#include "parsers/live/seal.h"

struct as_redactor {
    as_secret_finder *finder;
};

as_redactor *as_redactor_new(as_arena *arena)
{
    as_redactor *r = AS_NEW(arena, as_redactor);

    r->finder = as_secret_finder_new(arena);
    return r;
}

const as_value *as_redacted(as_arena *arena, as_str secret, const char *class_name)
{
    as_object_builder b;

    as_object_begin(&b, arena);
    as_object_add(&b, AS_STR("redacted"), AS_SPAN_NONE, as_value_bool(arena, AS_SPAN_NONE, true));
    as_object_add(&b, AS_STR("sha256"), AS_SPAN_NONE,
            as_value_string(arena, AS_SPAN_NONE, as_sha256_hex(arena, secret)));
    as_object_add(&b, AS_STR("class"), AS_SPAN_NONE,
            as_value_string(arena, AS_SPAN_NONE, as_str_from(class_name)));
    return as_object_end(&b, AS_SPAN_NONE);
}

static const as_value *without(as_arena *arena, const as_value *v, const as_secrets *found)
{
    as_buf out;
    size_t done = 0;

    as_buf_init(&out, arena, 0);
    for (size_t i = 0; i < found->n; i++) {
        const as_secret *s = &found->items[i];
        as_str sum = as_sha256_hex(arena, as_str_slice(v->as.str, s->begin, s->end));
        as_buf_str(&out, as_str_slice(v->as.str, done, s->begin));
        as_buf_fmt(
                &out, "[redacted %s sha256:%.*s]", as_secret_group_name(s->group), AS_STR_ARG(sum));
        done = s->end;
    }
    as_buf_str(&out, as_str_from_index(v->as.str, done));
    return as_value_string(arena, v->span, as_buf_view(&out));
}

/* Of files in a ConfigMap the name tells; a start-up script or a document has none. */
static as_secret_syntax syntax_of(as_str key)
{
    return as_str_find_char(key, '.') == (size_t)-1 ? AS_SECRET_SETTINGS : as_secret_syntax_of(key);
}

static const as_value *clean_text(as_redactor *r, as_arena *arena, as_str key, const as_value *v)
{
    as_secrets found = {0};
    bool full = false;

    if (v->as.str.n < 4)
        return v;
    if (as_str_find_char(v->as.str, '\n') == (size_t)-1)
        as_secret_find_value(r->finder, arena, key, v->as.str, &found);
    else
        as_secret_find(r->finder, arena, v->as.str, syntax_of(key), &found, &full);
    if (full || (found.n == 1 && found.items[0].begin == 0 && found.items[0].end == v->as.str.n))
        return as_redacted(arena, v->as.str, as_secret_group_name(found.items[0].group));
    return found.n > 0 ? without(arena, v, &found) : v;
}

static const as_value *clean(
        as_redactor *r, as_arena *arena, as_str key, const as_value *v, int depth);

static const as_value *clean_object(as_redactor *r, as_arena *arena, const as_value *v, int depth)
{
    const as_object *o = v->as.object;
    as_str name = as_value_str(as_value_get(v, AS_STR("name")));
    name = name.n > 0 ? name : as_value_str(as_value_get(v, AS_STR("key")));
    as_member *members = AS_NEW_ARRAY(arena, as_member, o->n);
    bool changed = false;

    for (size_t i = 0; i < o->n; i++) {
        as_str key = name.n > 0 && as_str_is(o->members[i].key, "value") ? name : o->members[i].key;
        members[i] = o->members[i];
        members[i].value = clean(r, arena, key, o->members[i].value, depth + 1);
        changed |= members[i].value != o->members[i].value;
    }
    return changed ? as_value_object(arena, v->span, members, o->n) : v;
}

static const as_value *clean_list(
        as_redactor *r, as_arena *arena, as_str key, const as_value *v, int depth)
{
    size_t n = v->as.list.n;
    const as_value **items = AS_NEW_ARRAY(arena, const as_value *, n);
    bool changed = false;

    for (size_t i = 0; i < n; i++) {
        items[i] = clean(r, arena, key, v->as.list.items[i], depth + 1);
        changed |= items[i] != v->as.list.items[i];
    }
    return changed ? as_value_list(arena, v->span, items, n) : v;
}

static const as_value *clean(
        as_redactor *r, as_arena *arena, as_str key, const as_value *v, int depth)
{
    if (depth > AS_MAX_DEPTH)
        return v; /* deeper than any parser goes */
    if (as_value_is(v, AS_STRING))
        return clean_text(r, arena, key, v);
    if (as_value_is(v, AS_OBJECT))
        return clean_object(r, arena, v, depth);
    if (as_value_is(v, AS_LIST))
        return clean_list(r, arena, key, v, depth);
    return v;
}

const as_value *as_redactor_clean(as_redactor *r, as_arena *arena, const as_value *value)
{
    return clean(r, arena, AS_STR(""), value, 0);
}
