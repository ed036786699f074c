#include "engine/value/value.h"

#include <math.h>

#include "engine/base/limits.h"
#include "engine/base/num.h"
#include "engine/base/vec.h"

/* --- making ---------------------------------------------------------------------------------- */

static as_value *new_value(as_arena *arena, as_kind kind, as_span span)
{
    as_value *v = AS_NEW(arena, as_value);
    v->kind = (uint8_t)kind;
    v->span = span;
    return v;
}

const as_value *as_value_null(as_arena *arena, as_span span)
{
    return new_value(arena, AS_NULL, span);
}

const as_value *as_value_bool(as_arena *arena, as_span span, bool b)
{
    as_value *v = new_value(arena, AS_BOOL, span);
    v->as.boolean = b;
    return v;
}

const as_value *as_value_int(as_arena *arena, as_span span, int64_t i)
{
    as_value *v = new_value(arena, AS_INT, span);
    v->as.integer = i;
    return v;
}

const as_value *as_value_float(as_arena *arena, as_span span, double d)
{
    as_value *v = new_value(arena, AS_FLOAT, span);
    v->as.number = d;
    return v;
}

static const as_value *text_value(as_arena *arena, as_kind kind, as_span span, as_str s)
{
    as_value *v = new_value(arena, kind, span);
    v->as.str = s.p == NULL ? AS_STR("") : s;
    return v;
}

const as_value *as_value_bignum(as_arena *arena, as_span span, as_str digits)
{
    return text_value(arena, AS_BIGNUM, span, digits);
}

const as_value *as_value_string(as_arena *arena, as_span span, as_str s)
{
    return text_value(arena, AS_STRING, span, s);
}

const as_value *as_value_list(as_arena *arena, as_span span, const as_value *const *items, size_t n)
{
    as_value *v = new_value(arena, AS_LIST, span);
    v->as.list.items = items;
    v->as.list.n = n;
    return v;
}

/* Objects up to this many members are searched in order; larger ones carry hash slots. */
enum { LINEAR = 12 };

static size_t find_index(const as_object *o, as_str key)
{
    if (o->index == NULL) {
        char first = key.n == 0 ? '\0' : key.p[0];
        for (size_t i = 0; i < o->n; i++) {
            as_str is = o->members[i].key;
            if (is.n == key.n && (key.n == 0 || (is.p[0] == first && as_str_eq(is, key)))) {
                return i;
            }
        }
        return o->n;
    }
    size_t mask = o->n_index - 1;
    for (size_t i = (size_t)as_str_hash(key) & mask;; i = (i + 1) & mask) {
        uint32_t slot = o->index[i];
        if (slot == 0) {
            return o->n;
        }
        if (as_str_eq(o->members[slot - 1].key, key)) {
            return slot - 1;
        }
    }
}

static void put_index(uint32_t *index, size_t n_index, as_str key, size_t at)
{
    size_t mask = n_index - 1;
    size_t i = (size_t)as_str_hash(key) & mask;
    while (index[i] != 0) {
        i = (i + 1) & mask;
    }
    index[i] = (uint32_t)(at + 1);
}

static bool has_repeats(const as_member *members, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            if (as_str_eq(members[i].key, members[j].key)) {
                return true;
            }
        }
    }
    return false;
}

/* Members without repeated keys, entered one by one; `o` is left ready for searching. The array is
 * only copied when a key is repeated. */
static void fill_object(as_arena *arena, as_object *o, const as_member *members, size_t n)
{
    as_member *unique = NULL;
    uint32_t *index = NULL;
    if (n > LINEAR) {
        o->n_index = 32;
        while (o->n_index < n * 2) {
            o->n_index *= 2;
        }
        index = AS_NEW_ARRAY(arena, uint32_t, o->n_index);
    }
    o->members = members;
    o->index = index;
    o->n = 0;
    for (size_t i = 0; i < n; i++) {
        size_t at = find_index(o, members[i].key);
        if (at < i && unique == NULL) {
            unique = AS_NEW_ARRAY(arena, as_member, n);
            memcpy(unique, members, i * sizeof *members);
            o->members = unique;
        }
        if (unique != NULL) {
            unique[at] = members[i];
        }
        if (at == o->n) {
            if (index != NULL) {
                put_index(index, o->n_index, members[i].key, at);
            }
            o->n++;
        }
    }
}

const as_value *as_value_object(as_arena *arena, as_span span, const as_member *members, size_t n)
{
    as_value *v = new_value(arena, AS_OBJECT, span);
    as_object *o = AS_NEW(arena, as_object);
    if (n <= LINEAR && !has_repeats(members, n)) {
        o->members = members;
        o->n = n;
    } else {
        fill_object(arena, o, members, n);
    }
    v->as.object = o;
    return v;
}

const as_value *as_value_unknown(as_arena *arena, as_span span, as_str reason, const as_ref *refs)
{
    as_value *v = new_value(arena, AS_UNKNOWN, span);
    as_meta *meta = AS_NEW(arena, as_meta);
    meta->refs = refs;
    meta->reason = reason;
    v->meta = meta;
    return v;
}

bool as_value_number(as_arena *arena, as_span span, as_str text, const as_value **out)
{
    double d;
    if (!as_double_parse(text, &d)) {
        return false;
    }
    int64_t i;
    if (as_str_to_int(text, &i)) {
        *out = as_value_int(arena, span, i);
        return true;
    }
    bool integral = true;
    for (size_t at = 0; at < text.n; at++) {
        integral = integral && text.p[at] != '.' && text.p[at] != 'e' && text.p[at] != 'E';
    }
    *out = integral ? as_value_bignum(arena, span, text) : as_value_float(arena, span, d);
    return true;
}

as_value *as_value_copy(as_arena *arena, const as_value *v)
{
    as_value *copy = AS_NEW(arena, as_value);
    *copy = *v;
    return copy;
}

const as_value *as_value_at(as_arena *arena, const as_value *v, as_span span)
{
    as_value *copy = as_value_copy(arena, v);
    copy->span = span;
    return copy;
}

const as_value *as_value_with_flags(as_arena *arena, const as_value *v, unsigned flags)
{
    if ((v->flags | flags) == v->flags) {
        return v;
    }
    as_value *copy = as_value_copy(arena, v);
    copy->flags = (uint8_t)(copy->flags | flags);
    return copy;
}

static as_meta *own_meta(as_arena *arena, as_value *v)
{
    as_meta *meta = AS_NEW(arena, as_meta);
    if (v->meta != NULL) {
        *meta = *v->meta;
    }
    v->meta = meta;
    return meta;
}

const as_value *as_value_with_refs(as_arena *arena, const as_value *v, const as_ref *refs)
{
    if (refs == NULL) {
        return v;
    }
    as_value *copy = as_value_copy(arena, v);
    as_meta *meta = own_meta(arena, copy);
    meta->refs = as_refs_union(arena, meta->refs, refs);
    return copy;
}

const as_value *as_value_with_decoded(as_arena *arena, const as_value *v, const as_value *tree)
{
    as_value *copy = as_value_copy(arena, v);
    own_meta(arena, copy)->decoded = tree;
    return copy;
}

const as_value *as_value_with_pieces(as_arena *arena, const as_value *v, const as_value *pieces)
{
    as_value *copy = as_value_copy(arena, v);
    as_meta *meta = own_meta(arena, copy);
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < as_value_count(pieces); i++) {
        const as_value *piece = as_value_index(pieces, i);
        if (piece->kind == AS_STRING) {
            as_buf_str(&buf, piece->as.str);
        } else if (piece->meta != NULL && piece->meta->partial.n > 0) {
            as_buf_str(&buf, piece->meta->partial);
        } else {
            as_buf_cstr(&buf, AS_HOLE);
        }
    }
    meta->pieces = pieces;
    meta->partial = as_buf_view(&buf);
    return copy;
}

const as_value *as_value_with_step(as_arena *arena, const as_value *v, as_span span, as_str note)
{
    as_value *copy = as_value_copy(arena, v);
    as_meta *meta = own_meta(arena, copy);
    as_trail *step = AS_NEW(arena, as_trail);
    *step = (as_trail){span, note, meta->trail};
    meta->trail = step;
    return copy;
}

static bool has_ref(const as_ref *list, const as_ref *ref)
{
    for (; list != NULL; list = list->next) {
        if (as_str_eq(list->address, ref->address) && as_str_eq(list->path, ref->path)) {
            return true;
        }
    }
    return false;
}

const as_ref *as_refs_union(as_arena *arena, const as_ref *a, const as_ref *b)
{
    if (b == NULL || a == b) {
        return a;
    }
    const as_ref *all = a;
    for (; b != NULL; b = b->next) {
        if (!has_ref(all, b)) {
            as_ref *copy = AS_NEW(arena, as_ref);
            *copy = *b;
            copy->next = all;
            all = copy;
        }
    }
    return all;
}

void as_list_begin(as_list_builder *b, as_arena *arena)
{
    b->arena = arena;
    b->held = NULL;
    b->n = 0;
    b->cap = AS_FEW_ITEMS;
}

void as_list_add(as_list_builder *b, const as_value *v)
{
    if (b->held == NULL && b->n < AS_FEW_ITEMS) {
        b->few[b->n++] = v;
        return;
    }
    if (b->held == NULL) {
        b->cap = 2 * AS_FEW_ITEMS;
        b->held = AS_NEW_ARRAY(b->arena, const as_value *, b->cap);
        memcpy(b->held, b->few, sizeof b->few);
    } else if (b->n == b->cap) {
        b->held = as_vec_grow(b->arena, b->held, &b->cap, sizeof *b->held);
    }
    b->held[b->n++] = v;
}

const as_value *const *as_list_items(as_list_builder *b)
{
    if (b->held == NULL && b->n > 0) {
        b->held = AS_NEW_ARRAY(b->arena, const as_value *, b->n);
        memcpy(b->held, b->few, b->n * sizeof *b->held);
    }
    return b->held;
}

const as_value *as_list_end(as_list_builder *b, as_span span)
{
    return as_value_list(b->arena, span, as_list_items(b), b->n);
}

void as_object_begin(as_object_builder *b, as_arena *arena)
{
    b->arena = arena;
    b->held = NULL;
    b->n = 0;
    b->cap = AS_FEW_MEMBERS;
}

void as_object_add(as_object_builder *b, as_str key, as_span key_span, const as_value *v)
{
    if (b->held == NULL && b->n < AS_FEW_MEMBERS) {
        b->few[b->n++] = (as_member){key, key_span, v};
        return;
    }
    if (b->held == NULL) {
        b->cap = 2 * AS_FEW_MEMBERS;
        b->held = AS_NEW_ARRAY(b->arena, as_member, b->cap);
        memcpy(b->held, b->few, sizeof b->few);
    } else if (b->n == b->cap) {
        b->held = as_vec_grow(b->arena, b->held, &b->cap, sizeof *b->held);
    }
    b->held[b->n++] = (as_member){key, key_span, v};
}

const as_member *as_object_members(as_object_builder *b)
{
    if (b->held == NULL && b->n > 0) {
        b->held = AS_NEW_ARRAY(b->arena, as_member, b->n);
        memcpy(b->held, b->few, b->n * sizeof *b->held);
    }
    return b->held;
}

const as_value *as_object_end(as_object_builder *b, as_span span)
{
    return as_value_object(b->arena, span, as_object_members(b), b->n);
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool has_unknown(const as_value *v, int depth)
{
    if (v == NULL || depth > AS_MAX_DEPTH) {
        return false;
    }
    switch ((as_kind)v->kind) {
    case AS_UNKNOWN:
        return true;
    case AS_LIST:
        for (size_t i = 0; i < v->as.list.n; i++) {
            if (has_unknown(v->as.list.items[i], depth + 1)) {
                return true;
            }
        }
        return false;
    case AS_OBJECT:
        for (size_t i = 0; i < v->as.object->n; i++) {
            if (has_unknown(v->as.object->members[i].value, depth + 1)) {
                return true;
            }
        }
        return false;
    default:
        return false;
    }
}

bool as_value_has_unknown(const as_value *v)
{
    return has_unknown(v, 0);
}

const as_member *as_value_member(const as_value *v, as_str key)
{
    if (v == NULL || v->kind != AS_OBJECT) {
        return NULL;
    }
    size_t at = find_index(v->as.object, key);
    return at == v->as.object->n ? NULL : &v->as.object->members[at];
}

const as_value *as_value_get(const as_value *v, as_str key)
{
    const as_member *member = as_value_member(v, key);
    return member == NULL ? NULL : member->value;
}

const as_value *as_value_index(const as_value *v, size_t i)
{
    return v != NULL && v->kind == AS_LIST && i < v->as.list.n ? v->as.list.items[i] : NULL;
}

size_t as_value_count(const as_value *v)
{
    if (v == NULL) {
        return 0;
    }
    return v->kind == AS_LIST ? v->as.list.n : v->kind == AS_OBJECT ? v->as.object->n : 0;
}

const as_value *as_value_path(const as_value *v, const char *path)
{
    while (v != NULL && *path != '\0') {
        if (*path == '[') {
            size_t i = 0;
            for (path++; *path >= '0' && *path <= '9' && i < SIZE_MAX / 20; path++) {
                i = i * 10 + (size_t)(*path - '0');
            }
            path += *path == ']';
            v = as_value_index(v, i);
        } else {
            path += *path == '.';
            size_t n = strcspn(path, ".[");
            v = as_value_get(v, (as_str){path, n});
            path += n;
        }
    }
    return v;
}

as_str as_value_str(const as_value *v)
{
    return v != NULL && v->kind == AS_STRING ? v->as.str : AS_STR_NONE;
}

bool as_value_bool_or(const as_value *v, bool fallback)
{
    return v != NULL && v->kind == AS_BOOL ? v->as.boolean : fallback;
}

int64_t as_value_int_or(const as_value *v, int64_t fallback)
{
    if (v != NULL && v->kind == AS_INT) {
        return v->as.integer;
    }
    if (v != NULL && v->kind == AS_FLOAT && v->as.number == floor(v->as.number) &&
            fabs(v->as.number) < 9007199254740992.0) { /* 2^53: beyond it integers have gaps */
        return (int64_t)v->as.number;
    }
    return fallback;
}

double as_value_to_double(const as_value *v)
{
    double d = 0;
    if (v == NULL) {
        return 0;
    }
    switch ((as_kind)v->kind) {
    case AS_INT:
        return (double)v->as.integer;
    case AS_FLOAT:
        return v->as.number;
    case AS_BIGNUM:
        return as_double_parse(v->as.str, &d) ? d : 0;
    default:
        return 0;
    }
}

const as_ref *as_value_refs(const as_value *v)
{
    return v == NULL || v->meta == NULL ? NULL : v->meta->refs;
}

const as_trail *as_value_trail(const as_value *v)
{
    return v == NULL || v->meta == NULL ? NULL : v->meta->trail;
}

as_str as_value_reason(const as_value *v)
{
    return v == NULL || v->meta == NULL ? AS_STR_NONE : v->meta->reason;
}

const char *as_kind_name(as_kind kind)
{
    static const char *const names[] = {
            [AS_NULL] = "null",
            [AS_BOOL] = "bool",
            [AS_INT] = "number",
            [AS_FLOAT] = "number",
            [AS_BIGNUM] = "number",
            [AS_STRING] = "string",
            [AS_LIST] = "list",
            [AS_OBJECT] = "object",
            [AS_UNKNOWN] = "unknown",
    };
    return names[kind];
}

/* --- equality --------------------------------------------------------------------------------- */

static bool equal(const as_value *a, const as_value *b, int depth);

static bool equal_numbers(const as_value *a, const as_value *b)
{
    if (a->kind == AS_BIGNUM && b->kind == AS_BIGNUM) {
        return as_str_eq(a->as.str, b->as.str);
    }
    return as_value_to_double(a) == as_value_to_double(b);
}

static bool equal_objects(const as_object *a, const as_value *b, int depth)
{
    if (a->n != b->as.object->n) {
        return false;
    }
    for (size_t i = 0; i < a->n; i++) {
        const as_member *other = as_value_member(b, a->members[i].key);
        if (other == NULL || !equal(a->members[i].value, other->value, depth + 1)) {
            return false;
        }
    }
    return true;
}

static bool equal(const as_value *a, const as_value *b, int depth)
{
    if (as_value_is_null(a) || as_value_is_null(b)) {
        return as_value_is_null(a) && as_value_is_null(b);
    }
    if (depth > AS_MAX_DEPTH) {
        return false;
    }
    if (as_value_is_number(a) && as_value_is_number(b)) {
        return a->kind == AS_INT && b->kind == AS_INT ? a->as.integer == b->as.integer
                                                      : equal_numbers(a, b);
    }
    if (a->kind != b->kind) {
        return false;
    }
    switch ((as_kind)a->kind) {
    case AS_BOOL:
        return a->as.boolean == b->as.boolean;
    case AS_STRING:
        return as_str_eq(a->as.str, b->as.str);
    case AS_LIST:
        if (a->as.list.n != b->as.list.n) {
            return false;
        }
        for (size_t i = 0; i < a->as.list.n; i++) {
            if (!equal(a->as.list.items[i], b->as.list.items[i], depth + 1)) {
                return false;
            }
        }
        return true;
    case AS_OBJECT:
        return equal_objects(a->as.object, b, depth);
    default:
        return false;
    }
}

bool as_value_equal(const as_value *a, const as_value *b)
{
    return equal(a, b, 0);
}
