#include "parsers/gotmpl/internal.h"

#include <assert.h>

#include "engine/base/base64.h"
#include "engine/base/limits.h"

const as_go_type as_go_any = {.kind = AS_GO_INTERFACE, .name = "interface {}"};
const as_go_type as_go_bool = {.kind = AS_GO_BOOL, .name = "bool"};
const as_go_type as_go_int = {.kind = AS_GO_INT, .name = "int"};
const as_go_type as_go_int32 = {.kind = AS_GO_INT32, .name = "int32"};
const as_go_type as_go_int64 = {.kind = AS_GO_INT64, .name = "int64"};
const as_go_type as_go_uint8 = {.kind = AS_GO_UINT8, .name = "uint8"};
const as_go_type as_go_uint32 = {.kind = AS_GO_UINT32, .name = "uint32"};
const as_go_type as_go_uint64 = {.kind = AS_GO_UINT64, .name = "uint64"};
const as_go_type as_go_float64 = {.kind = AS_GO_FLOAT64, .name = "float64"};
const as_go_type as_go_string = {.kind = AS_GO_STRING, .name = "string"};
const as_go_type as_go_bytes = {.kind = AS_GO_SLICE, .name = "[]uint8", .elem = &as_go_uint8};
const as_go_type as_go_strings = {.kind = AS_GO_SLICE, .name = "[]string", .elem = &as_go_string};
const as_go_type as_go_ints = {.kind = AS_GO_SLICE, .name = "[]int", .elem = &as_go_int};
const as_go_type as_go_slice = {.kind = AS_GO_SLICE, .name = "[]interface {}", .elem = &as_go_any};
const as_go_type as_go_dict = {
        .kind = AS_GO_MAP, .name = "map[string]interface {}", .elem = &as_go_any};
const as_go_type as_go_string_map = {
        .kind = AS_GO_MAP, .name = "map[string]string", .elem = &as_go_string};
const as_go_type as_go_values = {.kind = AS_GO_MAP,
        .name = "common.Values",
        .elem = &as_go_any,
        .methods = as_go_values_methods};

typedef struct entry {
    as_str key;
    uint64_t hash;
    as_span key_span;
    as_go value;
} entry;

/* Opened from `source` when first touched; small maps are searched in order. */
struct as_go_map {
    const as_value *source; /* not opened yet */
    const as_value *origin; /* what it was opened from */
    bool changed;
    entry *entries;
    size_t n, cap;
    uint32_t *slots; /* 1 + index; NULL for small maps */
    size_t n_slots;
    uint32_t *sorted; /* NULL: to be made */
};

struct as_go_list {
    const as_value *source;
    const as_value *origin;
    as_go *items;
    size_t n, cap;
};

enum { SMALL = 8 };

/* --- making -------------------------------------------------------------------------------------- */

static as_go from_origin(as_go v, const as_value *value)
{
    v.flags |= AS_GO_FROM_VALUE;
    v.origin.value = value;
    return v;
}

as_go as_go_from_bool(bool b)
{
    return (as_go){.type = &as_go_bool, .as.boolean = b};
}

as_go as_go_from_int(int64_t i)
{
    return (as_go){.type = &as_go_int, .as.i = i};
}

as_go as_go_from_int64(int64_t i)
{
    return (as_go){.type = &as_go_int64, .as.i = i};
}

as_go as_go_from_float(double f)
{
    return (as_go){.type = &as_go_float64, .as.f = f};
}

as_go as_go_from_str(as_str s)
{
    return (as_go){.type = &as_go_string, .as.s = s.p ? s.p : "", .n = (uint32_t)s.n};
}

as_go as_go_from_bytes(as_str s)
{
    return (as_go){.type = &as_go_bytes, .as.s = s.p ? s.p : "", .n = (uint32_t)s.n};
}

as_go as_go_typed(as_go v, const as_go_type *type)
{
    v.type = type;
    return v;
}

as_go as_go_map_value(const as_go_type *type, as_go_map *map)
{
    return (as_go){.type = type, .as.map = map};
}

as_go as_go_list_value(const as_go_type *type, as_go_list *list)
{
    return (as_go){.type = type, .as.list = list};
}

as_go as_go_zero(const as_go_type *type)
{
    if (!type || type->kind == AS_GO_INTERFACE)
        return AS_GO_NIL;
    as_go v = {.type = type};
    if (type->kind == AS_GO_STRING || type == &as_go_bytes)
        v.as.s = "";
    return v;
}

static as_go from_number(as_gotmpl *t, const as_value *v)
{
    if (v->kind == AS_INT && !t->options.ints_are_floats)
        return as_go_from_int64(v->as.integer);
    return as_go_from_float(as_value_to_double(v));
}

as_go as_go_from(as_gotmpl *t, const as_value *v)
{
    as_go out = AS_GO_NIL;
    switch (v ? (as_kind)v->kind : AS_NULL) {
    case AS_NULL:
    case AS_UNKNOWN:
        break;
    case AS_BOOL:
        out = as_go_from_bool(v->as.boolean);
        break;
    case AS_INT:
    case AS_FLOAT:
    case AS_BIGNUM:
        out = from_number(t, v);
        break;
    case AS_STRING:
        out = as_go_from_str(v->as.str);
        break;
    case AS_LIST: {
        as_go_list *list = AS_NEW(t->arena, as_go_list);
        list->source = list->origin = v;
        out = as_go_list_value(&as_go_slice, list);
        break;
    }
    case AS_OBJECT: {
        as_go_map *map = AS_NEW(t->arena, as_go_map);
        map->source = map->origin = v;
        out = as_go_map_value(&as_go_dict, map);
        break;
    }
    }
    return v ? from_origin(out, v) : out;
}

/* --- maps ---------------------------------------------------------------------------------------- */

as_go_map *as_go_map_new(as_gotmpl *t, size_t expected)
{
    as_go_map *map = AS_NEW(t->arena, as_go_map);
    if (expected > 0) {
        map->entries = AS_NEW_ARRAY(t->arena, entry, expected);
        map->cap = expected;
    }
    return map;
}

static void index_entries(as_gotmpl *t, as_go_map *map)
{
    if (map->n <= SMALL) {
        map->slots = NULL;
        return;
    }
    size_t n_slots = 32;
    while (n_slots < map->n * 2)
        n_slots *= 2;
    map->slots = AS_NEW_ARRAY(t->arena, uint32_t, n_slots);
    map->n_slots = n_slots;
    for (size_t i = 0; i < map->n; i++) {
        size_t slot = map->entries[i].hash & (n_slots - 1);
        while (map->slots[slot])
            slot = (slot + 1) & (n_slots - 1);
        map->slots[slot] = (uint32_t)i + 1;
    }
}

static void open_map(as_gotmpl *t, as_go_map *map)
{
    const as_object *object = map->source->as.object;
    map->source = NULL;
    map->n = map->cap = object->n;
    map->entries = AS_NEW_ARRAY(t->arena, entry, object->n);
    for (size_t i = 0; i < object->n; i++) {
        const as_member *m = &object->members[i];
        map->entries[i] =
                (entry){m->key, as_str_hash(m->key), m->key_span, as_go_from(t, m->value)};
    }
    index_entries(t, map);
}

static inline bool ready(as_gotmpl *t, as_go_map *map)
{
    if (map && map->source)
        open_map(t, map);
    return map != NULL;
}

static entry *find(as_go_map *map, as_str key, uint64_t hash)
{
    if (!map->slots) {
        for (size_t i = 0; i < map->n; i++)
            if (map->entries[i].hash == hash && as_str_eq(map->entries[i].key, key))
                return &map->entries[i];
        return NULL;
    }
    for (size_t slot = hash & (map->n_slots - 1); map->slots[slot];
            slot = (slot + 1) & (map->n_slots - 1)) {
        entry *e = &map->entries[map->slots[slot] - 1];
        if (e->hash == hash && as_str_eq(e->key, key))
            return e;
    }
    return NULL;
}

const as_go *as_go_map_find(as_gotmpl *t, as_go_map *map, as_str key, uint64_t hash)
{
    if (!ready(t, map))
        return NULL;
    entry *e = find(map, key, hash);
    return e ? &e->value : NULL;
}

const as_go *as_go_map_get(as_gotmpl *t, as_go_map *map, as_str key)
{
    return as_go_map_find(t, map, key, as_str_hash(key));
}

void as_go_map_set(as_gotmpl *t, as_go_map *map, as_str key, as_go v)
{
    ready(t, map);
    v.flags &= ~(uint32_t)AS_GO_IN_INTERFACE;
    map->changed = true;
    uint64_t hash = as_str_hash(key);
    entry *e = find(map, key, hash);
    if (e) {
        e->value = v;
        return;
    }
    if (map->n == map->cap)
        map->entries = as_vec_grow(t->arena, map->entries, &map->cap, sizeof *map->entries);
    map->entries[map->n++] = (entry){key, hash, AS_SPAN_NONE, v};
    map->sorted = NULL;
    if (!map->slots || map->n * 2 > map->n_slots) {
        index_entries(t, map);
        return;
    }
    size_t slot = hash & (map->n_slots - 1);
    while (map->slots[slot])
        slot = (slot + 1) & (map->n_slots - 1);
    map->slots[slot] = (uint32_t)map->n;
}

bool as_go_map_unset(as_gotmpl *t, as_go_map *map, as_str key)
{
    if (!ready(t, map))
        return false;
    entry *e = find(map, key, as_str_hash(key));
    if (!e)
        return false;
    size_t i = (size_t)(e - map->entries);
    memmove(e, e + 1, (map->n - i - 1) * sizeof *e);
    map->n--;
    map->changed = true;
    map->sorted = NULL;
    index_entries(t, map);
    return true;
}

size_t as_go_map_count(as_gotmpl *t, as_go_map *map)
{
    return ready(t, map) ? map->n : 0;
}

as_str as_go_map_key_at(as_gotmpl *t, as_go_map *map, size_t i)
{
    ready(t, map);
    return map->entries[i].key;
}

const as_go *as_go_map_at(as_gotmpl *t, as_go_map *map, size_t i)
{
    ready(t, map);
    return &map->entries[i].value;
}

/* Bottom-up merge sort of the indexes: stable, bounded, without shared state. */
const uint32_t *as_go_map_sorted(as_gotmpl *t, as_go_map *map)
{
    if (!ready(t, map))
        return NULL;
    if (map->sorted)
        return map->sorted;
    size_t n = map->n;
    uint32_t *from = AS_NEW_ARRAY(t->arena, uint32_t, 2 * n), *to = from + n;
    for (size_t i = 0; i < n; i++)
        from[i] = (uint32_t)i;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t lo = 0; lo < n; lo += 2 * width) {
            size_t mid = lo + width < n ? lo + width : n;
            size_t hi = lo + 2 * width < n ? lo + 2 * width : n;
            size_t a = lo, b = mid;
            for (size_t k = lo; k < hi; k++) {
                bool left = a < mid && (b >= hi || as_str_cmp(map->entries[from[a]].key,
                                                           map->entries[from[b]].key) <= 0);
                to[k] = from[left ? a++ : b++];
            }
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    return map->sorted = from;
}

/* --- lists --------------------------------------------------------------------------------------- */

as_go_list *as_go_list_new(as_gotmpl *t, size_t expected)
{
    as_go_list *list = AS_NEW(t->arena, as_go_list);
    if (expected > 0) {
        list->items = AS_NEW_ARRAY(t->arena, as_go, expected);
        list->cap = expected;
    }
    return list;
}

static bool list_ready(as_gotmpl *t, as_go_list *list)
{
    if (list && list->source) {
        const as_value *source = list->source;
        list->source = NULL;
        list->n = list->cap = source->as.list.n;
        list->items = AS_NEW_ARRAY(t->arena, as_go, list->n);
        for (size_t i = 0; i < list->n; i++)
            list->items[i] = as_go_from(t, source->as.list.items[i]);
    }
    return list != NULL;
}

void as_go_list_add(as_gotmpl *t, as_go_list *list, as_go v)
{
    list_ready(t, list);
    v.flags &= ~(uint32_t)AS_GO_IN_INTERFACE;
    list->origin = NULL;
    AS_VEC_PUSH(t->arena, list, v);
}

size_t as_go_list_count(as_gotmpl *t, as_go_list *list)
{
    return list_ready(t, list) ? list->n : 0;
}

const as_go *as_go_list_at(as_gotmpl *t, as_go_list *list, size_t i)
{
    list_ready(t, list);
    return &list->items[i];
}

/* --- reading -------------------------------------------------------------------------------------- */

const char *as_go_kind_text(as_go_kind kind)
{
    static const char *const names[] = {[AS_GO_INVALID] = "invalid",
            [AS_GO_BOOL] = "bool",
            [AS_GO_INT] = "int",
            [AS_GO_INT8] = "int8",
            [AS_GO_INT16] = "int16",
            [AS_GO_INT32] = "int32",
            [AS_GO_INT64] = "int64",
            [AS_GO_UINT] = "uint",
            [AS_GO_UINT8] = "uint8",
            [AS_GO_UINT16] = "uint16",
            [AS_GO_UINT32] = "uint32",
            [AS_GO_UINT64] = "uint64",
            [AS_GO_FLOAT32] = "float32",
            [AS_GO_FLOAT64] = "float64",
            [AS_GO_FUNC] = "func",
            [AS_GO_INTERFACE] = "interface",
            [AS_GO_MAP] = "map",
            [AS_GO_PTR] = "ptr",
            [AS_GO_SLICE] = "slice",
            [AS_GO_STRING] = "string",
            [AS_GO_STRUCT] = "struct"};
    return names[kind];
}

const char *as_go_type_text(const as_go *v)
{
    return v->type ? v->type->name : "<nil>";
}

bool as_go_is_string(const as_go *v)
{
    return as_go_kind_of(v) == AS_GO_STRING;
}

bool as_go_is_list(const as_go *v)
{
    return as_go_kind_of(v) == AS_GO_SLICE;
}

bool as_go_is_map(const as_go *v)
{
    return as_go_kind_of(v) == AS_GO_MAP;
}

bool as_go_length(as_gotmpl *t, const as_go *v, size_t *n)
{
    switch (as_go_kind_of(v)) {
    case AS_GO_STRING:
        *n = v->n;
        return true;
    case AS_GO_SLICE:
        *n = v->type->elem == &as_go_uint8 ? v->n : as_go_list_count(t, v->as.list);
        return true;
    case AS_GO_MAP:
        *n = as_go_map_count(t, v->as.map);
        return true;
    default:
        return false;
    }
}

as_go as_go_element(as_gotmpl *t, const as_go *v, size_t i)
{
    if (v->type->kind == AS_GO_STRING || v->type->elem == &as_go_uint8)
        return (as_go){.type = &as_go_uint8, .as.u = (unsigned char)v->as.s[i]};
    as_go item = *as_go_list_at(t, v->as.list, i);
    if (v->type->elem == &as_go_any)
        item.flags |= AS_GO_IN_INTERFACE;
    return item;
}

bool as_go_truth(as_gotmpl *t, const as_go *v)
{
    size_t n;
    if (as_go_length(t, v, &n))
        return n > 0;
    switch (as_go_kind_of(v)) {
    case AS_GO_INVALID:
        return false;
    case AS_GO_BOOL:
        return v->as.boolean;
    case AS_GO_FLOAT32:
    case AS_GO_FLOAT64:
        return v->as.f != 0;
    case AS_GO_STRUCT:
        return true;
    case AS_GO_PTR:
    case AS_GO_FUNC:
        return v->as.p != NULL;
    default:
        return v->as.u != 0;
    }
}

static bool equal_maps(as_gotmpl *t, const as_go *a, const as_go *b, int depth)
{
    if (a->as.map == b->as.map)
        return true;
    size_t n = as_go_map_count(t, a->as.map);
    if (n != as_go_map_count(t, b->as.map) || !a->as.map != !b->as.map)
        return false;
    for (size_t i = 0; i < n; i++) {
        entry *e = &a->as.map->entries[i];
        const as_go *other = as_go_map_find(t, b->as.map, e->key, e->hash);
        if (!other || !as_go_deep_equal(t, &e->value, other, depth + 1))
            return false;
    }
    return true;
}

bool as_go_deep_equal(as_gotmpl *t, const as_go *a, const as_go *b, int depth)
{
    /* Nodes that are shared may be met very often: the budget ends that, and its error follows. */
    if (a->type != b->type || depth > AS_MAX_DEPTH || ++t->steps > t->options.max_steps)
        return false;
    switch (as_go_kind_of(a)) {
    case AS_GO_INVALID:
        return true;
    case AS_GO_BOOL:
        return a->as.boolean == b->as.boolean;
    case AS_GO_FLOAT32:
    case AS_GO_FLOAT64:
        return a->as.f == b->as.f;
    case AS_GO_STRING:
        return as_str_eq(as_go_str(a), as_go_str(b));
    case AS_GO_MAP:
        return equal_maps(t, a, b, depth);
    case AS_GO_STRUCT:
    case AS_GO_PTR:
        assert(a->type != NULL);
        return a->type->has_members ? equal_maps(t, a, b, depth) : a->as.p == b->as.p;
    case AS_GO_SLICE: {
        assert(a->type != NULL);
        if (a->type->elem == &as_go_uint8)
            return as_str_eq(as_go_str(a), as_go_str(b));
        size_t n = as_go_list_count(t, a->as.list);
        if (n != as_go_list_count(t, b->as.list) || !a->as.list != !b->as.list)
            return false;
        for (size_t i = 0; i < n; i++)
            if (!as_go_deep_equal(t, &a->as.list->items[i], &b->as.list->items[i], depth + 1))
                return false;
        return true;
    }
    default:
        return a->as.u == b->as.u;
    }
}

/* --- back to values -------------------------------------------------------------------------------- */

static const as_value *to_value(as_gotmpl *t, const as_go *v, int depth);

static const as_value *map_to_value(as_gotmpl *t, const as_go *v, int depth)
{
    as_go_map *map = v->as.map;
    if (map && map->source)
        return map->source;
    as_object_builder b;
    as_object_begin(&b, t->arena);
    bool same = map && map->origin && !map->changed;
    for (size_t i = 0; map && i < map->n; i++) {
        const as_value *value = to_value(t, &map->entries[i].value, depth);
        same = same && value == map->origin->as.object->members[i].value;
        as_object_add(&b, map->entries[i].key, map->entries[i].key_span, value);
    }
    if (same)
        return map->origin;
    return as_object_end(&b, map && map->origin ? map->origin->span : AS_SPAN_NONE);
}

static const as_value *list_to_value(as_gotmpl *t, const as_go *v, int depth)
{
    as_go_list *list = v->as.list;
    if (list && list->source)
        return list->source;
    as_list_builder b;
    as_list_begin(&b, t->arena);
    bool same = list && list->origin && list->origin->as.list.n == list->n;
    for (size_t i = 0; list && i < list->n; i++) {
        const as_value *value = to_value(t, &list->items[i], depth);
        same = same && value == list->origin->as.list.items[i];
        as_list_add(&b, value);
    }
    return same ? list->origin : as_list_end(&b, AS_SPAN_NONE);
}

/* The value that a scalar came from, when it still says the same. */
static const as_value *unchanged(as_gotmpl *t, const as_go *v)
{
    if (!(v->flags & AS_GO_FROM_VALUE))
        return NULL;
    as_go before = as_go_from(t, v->origin.value);
    if (before.type == &as_go_float64 && v->origin.value->kind == AS_INT)
        return NULL; /* as doubles print, beyond 2^53 too */
    return as_go_deep_equal(t, &before, v, 0) ? v->origin.value : NULL;
}

static const as_value *plain_scalar(as_gotmpl *t, const as_go *v, as_span span)
{
    switch (as_go_kind_of(v)) {
    case AS_GO_INVALID:
        return as_value_null(t->arena, span);
    case AS_GO_BOOL:
        return as_value_bool(t->arena, span, v->as.boolean);
    case AS_GO_FLOAT32:
    case AS_GO_FLOAT64:
        return as_value_float(t->arena, span, v->as.f);
    case AS_GO_STRING:
        return as_value_string(t->arena, span, as_go_str(v));
    case AS_GO_UINT:
    case AS_GO_UINT64:
        if (v->as.u > INT64_MAX)
            return as_value_float(t->arena, span, (double)v->as.u);
        return as_value_int(t->arena, span, (int64_t)v->as.u);
    case AS_GO_SLICE: /* []uint8, as JSON has it */
        return as_value_string(t->arena, span, as_base64_encode(t->arena, as_go_str(v)));
    case AS_GO_FUNC:
    case AS_GO_PTR:
    case AS_GO_STRUCT:
        return as_value_string(t->arena, span, as_go_text(t, v));
    default:
        return as_value_int(t->arena, span, v->as.i);
    }
}

static const as_value *scalar(as_gotmpl *t, const as_go *v)
{
    const as_value *origin = as_go_origin(v);
    const as_value *value = plain_scalar(t, v, origin ? origin->span : AS_SPAN_NONE);
    if (!origin || !origin->meta)
        return value;
    as_value *copy = as_value_copy(t->arena, value);
    copy->meta = origin->meta;
    return copy;
}

static const as_value *to_value(as_gotmpl *t, const as_go *v, int depth)
{
    if (depth > AS_MAX_DEPTH)
        return as_value_null(t->arena, AS_SPAN_NONE);
    if (v->type && v->type->plain) {
        as_go plain = v->type->plain(t, v);
        return to_value(t, &plain, depth + 1);
    }
    if (as_go_is_map(v) || (v->type && v->type->has_members))
        return map_to_value(t, v, depth + 1);
    if (as_go_is_list(v) && v->type && v->type->elem != &as_go_uint8)
        return list_to_value(t, v, depth + 1);
    const as_value *same = unchanged(t, v);
    if (same)
        return same;
    const as_value *value = scalar(t, v);
    return v->flags & AS_GO_GENERATED ? as_value_with_flags(t->arena, value, AS_GENERATED) : value;
}

const as_value *as_go_to_value(as_gotmpl *t, const as_go *v)
{
    return to_value(t, v, 0);
}
