/* Which type can become which, and the one that several can become (cty/convert: conversion.go,
 * unify.go, compare_types.go). */
#include "parsers/hcl/typing.h"

#include <assert.h>

/* --- conversions that exist ------------------------------------------------------------------- */

static bool primitive_converts(as_type_kind from, as_type_kind to, bool unsafe)
{
    if (to == AS_TYPE_STRING)
        return true;
    return unsafe && from == AS_TYPE_STRING;
}

/* The element type that a structural type's parts get when `want` is any; NULL: none. */
const as_type *as_typing_element(
        as_arena *arena, const as_type *from, const as_type *want, bool unsafe)
{
    if (want->kind != AS_TYPE_ANY || from->n == 0)
        return want;
    const as_type **parts = AS_NEW_ARRAY(arena, const as_type *, from->n);
    bool all_any = true;
    for (size_t i = 0; i < from->n; i++) {
        parts[i] = from->kind == AS_TYPE_TUPLE ? from->as.items[i] : from->as.fields[i].type;
        all_any = all_any && parts[i]->kind == AS_TYPE_ANY;
    }
    const as_type *unified = as_type_unify(arena, parts, from->n, unsafe);
    if (unified && unified->kind == AS_TYPE_ANY && !all_any && from->kind == AS_TYPE_TUPLE)
        return NULL;
    return unified;
}

static bool parts_convert(as_arena *arena, const as_type *from, const as_type *element, bool unsafe)
{
    element = as_typing_element(arena, from, element, unsafe);
    if (!element)
        return false;
    const as_type *last = NULL; /* runs of one type are common */
    for (size_t i = 0; i < from->n; i++) {
        const as_type *part =
                from->kind == AS_TYPE_TUPLE ? from->as.items[i] : from->as.fields[i].type;
        if (part != last && !as_typing_converts(arena, part, element, unsafe))
            return false;
        last = part;
    }
    return true;
}

static bool object_converts(as_arena *arena, const as_type *from, const as_type *to, bool unsafe)
{
    for (size_t i = 0; i < to->n; i++) {
        const as_type_field *want = &to->as.fields[i];
        const as_type_field *have = as_type_field_get(from, want->name);
        if (!have && want->optional)
            continue;
        if (!have || !as_typing_converts(arena, have->type, want->type, unsafe))
            return false;
    }
    return true;
}

static bool map_to_object(as_arena *arena, const as_type *from, const as_type *to, bool unsafe)
{
    if (!unsafe)
        return false;
    for (size_t i = 0; i < to->n; i++)
        if (!to->as.fields[i].optional &&
                !as_typing_converts(arena, from->element, to->as.fields[i].type, unsafe))
            return false;
    return true;
}

bool as_typing_converts(as_arena *arena, const as_type *from, const as_type *to, bool unsafe)
{
    if (to->kind == AS_TYPE_ANY || as_type_equal(from, to))
        return true;
    if (from->kind == AS_TYPE_ANY)
        return unsafe;
    if (as_type_is_primitive(from) && as_type_is_primitive(to))
        return primitive_converts(from->kind, to->kind, unsafe);
    bool from_sequence = from->kind == AS_TYPE_LIST || from->kind == AS_TYPE_SET;
    switch (to->kind) {
    case AS_TYPE_OBJECT:
        if (from->kind == AS_TYPE_OBJECT)
            return object_converts(arena, from, to, unsafe);
        return from->kind == AS_TYPE_MAP && map_to_object(arena, from, to, unsafe);
    case AS_TYPE_TUPLE:
        if (from->kind != AS_TYPE_TUPLE || from->n != to->n)
            return false;
        for (size_t i = 0; i < to->n; i++)
            if (!as_typing_converts(arena, from->as.items[i], to->as.items[i], unsafe))
                return false;
        return true;
    case AS_TYPE_SET:
        if (from->kind == AS_TYPE_LIST && !unsafe)
            return false;
        /* fall through */
    case AS_TYPE_LIST:
        if (from_sequence)
            return as_typing_converts(arena, from->element, to->element, unsafe);
        return from->kind == AS_TYPE_TUPLE && parts_convert(arena, from, to->element, unsafe);
    case AS_TYPE_MAP:
        if (from->kind == AS_TYPE_MAP)
            return as_typing_converts(arena, from->element, to->element, unsafe);
        return from->kind == AS_TYPE_OBJECT && parts_convert(arena, from, to->element, unsafe);
    default:
        return false;
    }
}

/* --- preference ------------------------------------------------------------------------------- */

static int compare(const as_type *a, const as_type *b);

/* Whether the parts of a are all at least as general as those of b: -1; the reverse: 1; else 0. */
static int compare_parts(const as_type *a, const as_type *b)
{
    if (a->n != b->n)
        return 0;
    bool a_wider = false, b_wider = false;
    for (size_t i = 0; i < a->n; i++) {
        int order;
        if (a->kind == AS_TYPE_TUPLE) {
            order = compare(a->as.items[i], b->as.items[i]);
        } else {
            if (!as_str_eq(a->as.fields[i].name, b->as.fields[i].name))
                return 0;
            order = compare(a->as.fields[i].type, b->as.fields[i].type);
        }
        a_wider = a_wider || order < 0;
        b_wider = b_wider || order > 0;
    }
    return a_wider == b_wider ? 0 : a_wider ? -1 : 1;
}

/* -1 when a is the more general: the one to convert to. */
static int compare(const as_type *a, const as_type *b)
{
    if (a->kind == AS_TYPE_ANY || b->kind == AS_TYPE_ANY)
        return (a->kind == AS_TYPE_ANY) - (b->kind == AS_TYPE_ANY);
    if (as_type_is_primitive(a) && as_type_is_primitive(b))
        return (b->kind == AS_TYPE_STRING) == (a->kind == AS_TYPE_STRING) ? 0
               : a->kind == AS_TYPE_STRING                                ? -1
                                                                          : 1;
    if (a->kind == b->kind)
        return as_type_is_collection(a) ? compare(a->element, b->element) : compare_parts(a, b);
    static const uint8_t generality[] = {
            [AS_TYPE_LIST] = 3, [AS_TYPE_TUPLE] = 2, [AS_TYPE_SET] = 1};
    bool sequences =
            (a->kind == AS_TYPE_LIST || a->kind == AS_TYPE_TUPLE || a->kind == AS_TYPE_SET) &&
            (b->kind == AS_TYPE_LIST || b->kind == AS_TYPE_TUPLE || b->kind == AS_TYPE_SET);
    if (sequences)
        return generality[a->kind] > generality[b->kind] ? -1 : 1;
    if (a->kind == AS_TYPE_MAP && b->kind == AS_TYPE_OBJECT)
        return -1;
    if (a->kind == AS_TYPE_OBJECT && b->kind == AS_TYPE_MAP)
        return 1;
    return 0;
}

/* --- unification ------------------------------------------------------------------------------ */

typedef struct type_list {
    const as_type **items;
    size_t n, cap;
} type_list;

/* The different ones among them, in order of appearance. */
static type_list distinct(as_arena *arena, const as_type *const *types, size_t n)
{
    type_list list = {0};
    for (size_t i = 0; i < n; i++) {
        bool seen = false;
        for (size_t k = 0; k < list.n && !seen; k++)
            seen = as_type_equal(list.items[k], types[i]);
        if (!seen)
            AS_VEC_PUSH(arena, &list, types[i]);
    }
    return list;
}

/* A type that all can become, the more general tried first. */
static const as_type *best_of(as_arena *arena, const type_list *types, bool unsafe)
{
    size_t n = types->n;
    bool *tried = AS_NEW_ARRAY(arena, bool, n);
    for (size_t round = 0; round < n; round++) {
        size_t pick = n;
        for (size_t i = 0; i < n && pick == n; i++) {
            bool preceded = tried[i];
            for (size_t k = 0; k < n && !preceded; k++)
                preceded = !tried[k] && k != i && compare(types->items[k], types->items[i]) < 0;
            if (!preceded)
                pick = i;
        }
        if (pick == n)
            return NULL;
        tried[pick] = true;
        bool all = true;
        for (size_t k = 0; k < n && all; k++)
            all = as_typing_converts(arena, types->items[k], types->items[pick], unsafe);
        if (all)
            return types->items[pick];
    }
    return NULL;
}

static const as_type *all_convert(
        as_arena *arena, const type_list *types, const as_type *result, bool unsafe)
{
    for (size_t i = 0; i < types->n; i++)
        if (!as_typing_converts(arena, types->items[i], result, unsafe))
            return NULL;
    return result;
}

static const as_type *make_collection(as_arena *arena, as_type_kind kind, const as_type *element)
{
    return kind == AS_TYPE_MAP   ? as_type_map(arena, element)
           : kind == AS_TYPE_SET ? as_type_set(arena, element)
                                 : as_type_list(arena, element);
}

/* Tuples to a list, objects to a map, of everything in them. */
static const as_type *unify_flat(as_arena *arena, const type_list *types, bool unsafe)
{
    type_list parts = {0};
    assert(types->n > 0 && types->items != NULL);
    bool tuples = types->items[0]->kind == AS_TYPE_TUPLE;
    for (size_t i = 0; i < types->n; i++)
        for (size_t k = 0; k < types->items[i]->n; k++)
            AS_VEC_PUSH(arena, &parts,
                    tuples ? types->items[i]->as.items[k] : types->items[i]->as.fields[k].type);
    const as_type *element = as_type_unify(arena, parts.items, parts.n, unsafe);
    if (!element)
        return NULL;
    const as_type *result = make_collection(arena, tuples ? AS_TYPE_LIST : AS_TYPE_MAP, element);
    return all_convert(arena, types, result, unsafe);
}

static bool same_shape(const as_type *a, const as_type *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; a->kind == AS_TYPE_OBJECT && i < a->n; i++)
        if (!as_str_eq(a->as.fields[i].name, b->as.fields[i].name))
            return false;
    return true;
}

static const as_type *unify_structures(as_arena *arena, const type_list *types, bool unsafe)
{
    const as_type *first = types->items[0];
    for (size_t i = 1; i < types->n; i++)
        if (!same_shape(first, types->items[i]))
            return unify_flat(arena, types, unsafe);
    bool tuples = first->kind == AS_TYPE_TUPLE;
    const as_type **across = AS_NEW_ARRAY(arena, const as_type *, types->n);
    const as_type **items = AS_NEW_ARRAY(arena, const as_type *, first->n);
    as_type_field *fields = AS_NEW_ARRAY(arena, as_type_field, first->n);
    for (size_t k = 0; k < first->n; k++) {
        for (size_t i = 0; i < types->n; i++)
            across[i] = tuples ? types->items[i]->as.items[k] : types->items[i]->as.fields[k].type;
        items[k] = as_type_unify(arena, across, types->n, unsafe);
        if (!items[k])
            return NULL;
        if (!tuples)
            fields[k] = (as_type_field){.name = first->as.fields[k].name, .type = items[k]};
    }
    const as_type *result = tuples ? as_type_tuple(arena, items, first->n)
                                   : as_type_object(arena, fields, first->n);
    if (all_convert(arena, types, result, unsafe))
        return result;
    return unify_flat(arena, types, unsafe);
}

static const as_type *unify_collections(as_arena *arena, const type_list *types, bool unsafe)
{
    const as_type **elements = AS_NEW_ARRAY(arena, const as_type *, types->n);
    for (size_t i = 0; i < types->n; i++)
        elements[i] = types->items[i]->element;
    const as_type *element = as_type_unify(arena, elements, types->n, unsafe);
    if (!element)
        return NULL;
    return all_convert(
            arena, types, make_collection(arena, types->items[0]->kind, element), unsafe);
}

/* Collections beside structures: the structures become a collection first. NULL: no luck. */
static const as_type *unify_mixed(
        as_arena *arena, const type_list *types, as_type_kind structure, bool unsafe)
{
    type_list structures = {0}, all = {0};
    for (size_t i = 0; i < types->n; i++)
        if (types->items[i]->kind == structure)
            AS_VEC_PUSH(arena, &structures, types->items[i]);
    const as_type *flat = unify_flat(arena, &structures, unsafe);
    if (!flat)
        return NULL;
    for (size_t i = 0; i < types->n; i++)
        AS_VEC_PUSH(arena, &all, types->items[i]->kind == structure ? flat : types->items[i]);
    const as_type *result = as_type_unify(arena, all.items, all.n, unsafe);
    return result && result->kind == flat->kind ? result : NULL;
}

const as_type *as_type_unify(as_arena *arena, const as_type *const *types, size_t n, bool unsafe)
{
    if (n == 0)
        return NULL;
    type_list list = distinct(arena, types, n);
    if (list.n == 1)
        return list.items[0];
    size_t counts[AS_TYPE_OBJECT + 1] = {0};
    for (size_t i = 0; i < list.n; i++)
        counts[list.items[i]->kind]++;
    size_t any = counts[AS_TYPE_ANY], typed = list.n - any;
    static const as_type_kind kinds[] = {
            AS_TYPE_MAP, AS_TYPE_LIST, AS_TYPE_SET, AS_TYPE_OBJECT, AS_TYPE_TUPLE};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (typed == 0 || counts[kinds[i]] != typed)
            continue;
        if (any > 0)
            return &as_type_any;
        return kinds[i] < AS_TYPE_TUPLE ? unify_collections(arena, &list, unsafe)
                                        : unify_structures(arena, &list, unsafe);
    }
    const as_type *mixed = NULL;
    if (counts[AS_TYPE_MAP] > 0 && counts[AS_TYPE_MAP] + counts[AS_TYPE_OBJECT] == typed)
        mixed = unify_mixed(arena, &list, AS_TYPE_OBJECT, unsafe);
    else if (counts[AS_TYPE_LIST] > 0 && counts[AS_TYPE_LIST] + counts[AS_TYPE_TUPLE] == typed)
        mixed = unify_mixed(arena, &list, AS_TYPE_TUPLE, unsafe);
    else if (counts[AS_TYPE_OBJECT] > 0 && counts[AS_TYPE_TUPLE] > 0)
        return NULL;
    return mixed ? mixed : best_of(arena, &list, unsafe);
}
