#include <assert.h>

#include "engine/base/limits.h"
#include "engine/value/value.h"

typedef struct keeper {
    as_arena *arena;
    as_str source;
} keeper;

static as_str keep_text(const keeper *k, as_str s)
{
    uintptr_t begin = (uintptr_t)k->source.p, at = (uintptr_t)s.p;
    bool borrowed = s.n == 0 || (at >= begin && at - begin < k->source.n);
    return borrowed ? (as_str){s.n == 0 && s.p != NULL ? "" : s.p, s.n} : as_str_dup(k->arena, s);
}

static const as_ref *keep_refs(const keeper *k, const as_ref *refs)
{
    as_ref *first = NULL, *last = NULL;
    for (; refs != NULL; refs = refs->next) {
        as_ref *copy = AS_NEW(k->arena, as_ref);
        *copy = (as_ref){.address = keep_text(k, refs->address),
                .path = keep_text(k, refs->path),
                .span = refs->span};
        if (last == NULL) {
            first = copy;
        } else {
            last->next = copy;
        }
        last = copy;
    }
    return first;
}

static const as_value *keep(const keeper *k, const as_value *v, int depth);

static const as_meta *keep_meta(const keeper *k, const as_meta *meta, int depth)
{
    if (meta == NULL) {
        return NULL;
    }
    assert(meta->trail == NULL && meta->detail == NULL);
    as_meta *copy = AS_NEW(k->arena, as_meta);
    *copy = (as_meta){.refs = keep_refs(k, meta->refs),
            .reason = keep_text(k, meta->reason),
            .decoded = keep(k, meta->decoded, depth),
            .partial = keep_text(k, meta->partial),
            .pieces = keep(k, meta->pieces, depth)};
    return copy;
}

static void keep_list(const keeper *k, as_value *copy, const as_value *v, int depth)
{
    const as_value **items = AS_NEW_ARRAY(k->arena, const as_value *, v->as.list.n);
    for (size_t i = 0; i < v->as.list.n; i++) {
        items[i] = keep(k, v->as.list.items[i], depth + 1);
    }
    copy->as.list.items = items;
}

static void keep_object(const keeper *k, as_value *copy, const as_value *v, int depth)
{
    size_t n = v->as.object->n;
    as_member *members = AS_NEW_ARRAY(k->arena, as_member, n);
    for (size_t i = 0; i < n; i++) {
        const as_member *m = &v->as.object->members[i];
        members[i] = (as_member){keep_text(k, m->key), m->key_span, keep(k, m->value, depth + 1)};
    }
    copy->as.object = as_value_object(k->arena, v->span, members, n)->as.object;
}

static const as_value *keep(const keeper *k, const as_value *v, int depth)
{
    if (v == NULL) {
        return NULL;
    }
    assert(v->type == NULL);
    if (depth > 2 * AS_MAX_DEPTH) {
        return as_value_unknown(k->arena, v->span, AS_STR("the value nests too deep"), NULL);
    }
    as_value *copy = as_value_copy(k->arena, v);
    copy->meta = keep_meta(k, v->meta, depth + 1);
    if (v->kind == AS_LIST) {
        keep_list(k, copy, v, depth);
    } else if (v->kind == AS_OBJECT) {
        keep_object(k, copy, v, depth);
    } else if (v->kind == AS_STRING || v->kind == AS_BIGNUM) {
        copy->as.str = keep_text(k, v->as.str);
    }
    return copy;
}

const as_value *as_value_keep(as_arena *arena, as_str source, const as_value *v)
{
    keeper k = {arena, source};
    return keep(&k, v, 0);
}

as_str as_str_keep(as_arena *arena, as_str source, as_str s)
{
    keeper k = {arena, source};
    return keep_text(&k, s);
}
