/* Functions on maps and objects, and length: go-cty cty/function/stdlib/collection.go, Terraform
 * internal/lang/funcs/collection.go. */
#include <stdlib.h>

#include "engine/base/grapheme.h"
#include "engine/base/map.h"
#include "parsers/hcl/func.h"
#include "parsers/hcl/func_json.h"

static size_t n_members(const as_value *v)
{
    return v->kind == AS_OBJECT ? v->as.object->n : 0;
}

static const as_member *member(const as_value *v, size_t i)
{
    return &v->as.object->members[i];
}

/* --- keys, values --------------------------------------------------------------------------------- */

static const as_type *type_keys(as_hcl_call *call)
{
    const as_type *type = as_type_of(call->arena, call->args[0]);
    if (type->kind == AS_TYPE_MAP) {
        return &as_type_list_string;
    }
    if (type->kind != AS_TYPE_OBJECT) {
        return as_fn_fail_arg(call, 0, "must have map or object type");
    }
    const as_type **items = AS_NEW_ARRAY(call->arena, const as_type *, type->n);
    for (size_t i = 0; i < type->n; i++) {
        items[i] = &as_type_string;
    }
    return as_type_tuple(call->arena, items, type->n);
}

/* An object's keys are in its type: its value need not be known. */
static const as_value *fn_keys(as_hcl_call *call)
{
    const as_value *v = call->args[0];
    const as_type *type = as_type_of(call->arena, v);
    const as_value *keys;
    if (type->kind == AS_TYPE_OBJECT) {
        const as_value **items = AS_NEW_ARRAY(call->arena, const as_value *, type->n);
        for (size_t i = 0; i < type->n; i++) {
            items[i] = as_fn_string(call, type->as.fields[i].name);
        }
        keys = as_hcl_tuple(call->arena, call->span, items, type->n);
    } else if (!as_hcl_is_known(v)) {
        keys = as_fn_unknown(call, call->type);
    } else {
        as_str *names = AS_NEW_ARRAY(call->arena, as_str, n_members(v));
        for (size_t i = 0; i < n_members(v); i++) {
            names[i] = member(v, i)->key;
        }
        keys = as_fn_strings(call, names, n_members(v));
    }
    return as_hcl_with_marks(call->arena, keys, as_hcl_marks(v));
}

static const as_type *type_values(as_hcl_call *call)
{
    const as_type *type = as_type_of(call->arena, call->args[0]);
    if (type->kind == AS_TYPE_MAP) {
        return as_type_list(call->arena, type->element);
    }
    if (type->kind != AS_TYPE_OBJECT) {
        return as_fn_fail(call, "values() requires a map as the first argument");
    }
    const as_type **items = AS_NEW_ARRAY(call->arena, const as_type *, type->n);
    for (size_t i = 0; i < type->n; i++) {
        items[i] = type->as.fields[i].type;
    }
    return as_type_tuple(call->arena, items, type->n);
}

static const as_value *fn_values(as_hcl_call *call)
{
    const as_value *v = call->args[0];
    size_t n = n_members(v);
    const as_value **items = AS_NEW_ARRAY(call->arena, const as_value *, n);
    for (size_t i = 0; i < n; i++) {
        items[i] = member(v, i)->value;
    }
    const as_value *values =
            call->type->kind == AS_TYPE_TUPLE
                    ? as_hcl_tuple(call->arena, call->span, items, n)
                    : as_hcl_list(call->arena, call->span, call->type->element, items, n);
    return as_hcl_with_marks(call->arena, values, as_hcl_marks(v));
}

/* --- length --------------------------------------------------------------------------------------- */

static const as_type *type_length(as_hcl_call *call)
{
    as_type_kind kind = as_type_kind_of(call->args[0]);
    if (kind == AS_TYPE_BOOL || kind == AS_TYPE_NUMBER) {
        return as_fn_fail(
                call, "argument must be a string, a collection type, or a structural type");
    }
    return &as_type_number;
}

static const as_value *unknown_length(as_hcl_call *call, int64_t min, int64_t max)
{
    as_hcl_refinement known = {.not_null = true, .max_length = -1};
    known.min = as_fn_int(call, min);
    known.max = max >= 0 ? as_fn_int(call, max) : NULL;
    return as_hcl_refine(call->arena, as_fn_unknown(call, &as_type_number), known);
}

static const as_value *fn_length(as_hcl_call *call)
{
    const as_value *v = call->args[0], *length;
    as_type_kind kind = as_type_kind_of(v);
    if (kind == AS_TYPE_STRING && as_hcl_is_known(v)) {
        length = as_fn_int(call, (int64_t)as_grapheme_count(as_value_str(v)));
    } else if (kind == AS_TYPE_STRING) {
        const as_hcl_refinement *known = as_hcl_refinement_of(v);
        as_str prefix = known ? known->prefix : AS_STR_NONE;
        length = unknown_length(call, (int64_t)as_grapheme_count(prefix), -1);
    } else if (kind == AS_TYPE_TUPLE || kind == AS_TYPE_OBJECT) {
        length = as_fn_int(call, (int64_t)as_type_of(call->arena, v)->n);
    } else if (kind == AS_TYPE_ANY) {
        length = as_fn_unknown(call, &as_type_number);
    } else {
        int64_t min, max;
        as_hcl_length_range(v, &min, &max);
        length = min == max ? as_fn_int(call, min) : unknown_length(call, min, max);
    }
    return as_hcl_with_marks(call->arena, length, as_hcl_marks(v));
}

/* --- lookup ----------------------------------------------------------------------------------------- */

static const as_type *type_lookup(as_hcl_call *call)
{
    const as_type *type = as_type_of(call->arena, call->args[0]);
    if (call->n > 3) {
        return as_fn_fail(call, "lookup() takes two or three arguments, got %zu", call->n);
    }
    if (type->kind == AS_TYPE_OBJECT) {
        if (!as_hcl_is_known(call->args[1])) {
            return &as_type_any;
        }
        const as_type_field *field = as_type_field_get(type, as_fn_arg_str(call, 1));
        if (field) {
            return field->type;
        }
        if (call->n == 3) {
            return as_type_of(call->arena, call->args[2]);
        }
        return as_fn_fail_arg(call, 0, "the given object has no attribute \"%.*s\"",
                AS_STR_ARG(as_fn_arg_str(call, 1)));
    }
    if (type->kind != AS_TYPE_MAP) {
        return as_fn_fail_arg(call, 0, "lookup() requires a map as the first argument");
    }
    if (call->n == 3 && !as_convert(call->arena, call->args[2], type->element, NULL)) {
        return as_fn_fail_arg(
                call, 2, "the default value must have the same type as the map elements");
    }
    return type->element;
}

static const as_value *fn_lookup(as_hcl_call *call)
{
    const as_value *map = call->args[0], *key = call->args[1], *found;
    unsigned marks = as_hcl_marks(map) | as_hcl_marks(key);
    if (!as_hcl_is_known(map) || !as_hcl_is_known(key)) {
        found = as_fn_unknown(call, call->type);
    } else {
        found = as_value_get(map, as_value_str(key));
    }
    if (!found && call->n == 3) {
        found = as_fn_convert(call, 2, call->args[2], call->type);
        if (!found) {
            return NULL;
        }
    }
    if (!found) {
        return marks & AS_SENSITIVE
                       ? as_fn_fail(call, "lookup failed to find key (sensitive value)")
                       : as_fn_fail(call, "lookup failed to find key \"%.*s\"",
                                 AS_STR_ARG(as_value_str(key)));
    }
    return as_hcl_with_marks(call->arena, found, marks);
}

/* --- merge ---------------------------------------------------------------------------------------- */

static int compare_fields(const void *a, const void *b)
{
    return as_str_cmp(((const as_type_field *)a)->name, ((const as_type_field *)b)->name);
}

/* The object type of the gathered attributes, of which the last of a name counts. */
static const as_type *object_of(as_hcl_call *call, const as_type_field *fields, size_t n)
{
    as_map last = {0};
    for (size_t i = 0; i < n; i++) {
        as_type_field *copy = AS_NEW(call->arena, as_type_field);
        *copy = (as_type_field){.name = fields[i].name, .type = fields[i].type};
        as_map_put(call->arena, &last, copy->name, copy);
    }
    as_type_field *unique = AS_NEW_ARRAY(call->arena, as_type_field, last.n);
    for (size_t i = 0; i < last.n; i++) {
        unique[i] = *(as_type_field *)last.entries[i].value;
    }
    if (last.n > 0) {
        qsort(unique, last.n, sizeof *unique, compare_fields);
    }
    return as_type_object(call->arena, unique, last.n);
}

static const as_type *type_merge(as_hcl_call *call)
{
    const as_type *first = NULL;
    bool matching = true, attributes_known = true;
    AS_VEC(as_type_field) fields = {0};
    for (size_t i = 0; i < call->n; i++) {
        const as_value *arg = call->args[i];
        const as_type *type = as_type_of(call->arena, arg);
        if (type->kind == AS_TYPE_ANY) {
            return &as_type_any;
        }
        if (type->kind != AS_TYPE_MAP && type->kind != AS_TYPE_OBJECT) {
            return as_fn_fail(call, "arguments must be maps or objects, got \"%.*s\"",
                    AS_STR_ARG(as_type_friendly_name(call->arena, type)));
        }
        if (type->kind == AS_TYPE_OBJECT && arg->kind == AS_NULL) {
            type = &as_type_empty_object; /* a null has no attributes */
        }
        for (size_t j = 0; type->kind == AS_TYPE_OBJECT && j < type->n; j++) {
            AS_VEC_PUSH(call->arena, &fields, type->as.fields[j]);
        }
        for (size_t j = 0; type->kind == AS_TYPE_MAP && j < n_members(arg); j++) {
            AS_VEC_PUSH(call->arena, &fields,
                    (as_type_field){.name = member(arg, j)->key, .type = type->element});
        }
        attributes_known =
                attributes_known && !(type->kind == AS_TYPE_MAP && !as_hcl_is_known(arg));
        matching = matching && (!first || as_type_equal(type, first));
        first = first ? first : type;
    }
    if (!first) {
        return &as_type_empty_object;
    }
    if (matching) {
        return first;
    }
    return attributes_known ? object_of(call, fields.items, fields.n) : &as_type_any;
}

static const as_value *fn_merge(as_hcl_call *call)
{
    unsigned marks = 0;
    AS_VEC(as_member) members = {0};
    for (size_t i = 0; i < call->n; i++) {
        const as_value *arg = call->args[i];
        if (arg->kind == AS_NULL) {
            continue;
        }
        marks |= as_hcl_marks(arg);
        for (size_t j = 0; j < n_members(arg); j++) {
            AS_VEC_PUSH(call->arena, &members, *member(arg, j));
        }
    }
    const as_value *merged =
            call->type->kind == AS_TYPE_MAP
                    ? as_hcl_map(call->arena, call->span, call->type->element, members.items,
                              members.n)
                    : as_hcl_object(call->arena, call->span, members.items, members.n);
    return as_hcl_with_marks(call->arena, merged, marks);
}

/* --- zipmap, transpose ------------------------------------------------------------------------------ */

static const as_type *type_zipmap(as_hcl_call *call)
{
    const as_value *keys = call->args[0];
    const as_type *values = as_type_of(call->arena, call->args[1]);
    if (values->kind == AS_TYPE_LIST) {
        return as_type_map(call->arena, values->element);
    }
    if (values->kind != AS_TYPE_TUPLE) {
        return as_fn_fail(call, "values argument must be a list or tuple value");
    }
    if (!as_hcl_is_wholly_known(call->arena, keys)) {
        return &as_type_any;
    }
    size_t n = keys->as.list.n;
    if (n != values->n) {
        return as_fn_fail(
                call, "number of keys (%zu) does not match number of values (%zu)", n, values->n);
    }
    as_type_field *fields = AS_NEW_ARRAY(call->arena, as_type_field, n);
    for (size_t i = 0; i < n; i++) {
        if (keys->as.list.items[i]->kind == AS_NULL) {
            return as_fn_fail(call, "keys list has null value at index %zu", i);
        }
        fields[i] = (as_type_field){
                .name = as_value_str(keys->as.list.items[i]), .type = values->as.items[i]};
    }
    return object_of(call, fields, n);
}

static const as_value *fn_zipmap(as_hcl_call *call)
{
    const as_value *keys = call->args[0], *values = call->args[1];
    unsigned marks = as_hcl_marks(keys) | as_hcl_marks(values);
    if (!as_hcl_is_wholly_known(call->arena, keys)) {
        return as_hcl_with_marks(call->arena, as_fn_unknown(call, call->type), marks);
    }
    size_t n = keys->as.list.n;
    if (n != values->as.list.n) {
        return as_fn_fail(call, "number of keys (%zu) does not match number of values (%zu)", n,
                values->as.list.n);
    }
    as_member *members = AS_NEW_ARRAY(call->arena, as_member, n);
    for (size_t i = 0; i < n; i++) {
        const as_value *key = keys->as.list.items[i];
        if (key->kind == AS_NULL) {
            return as_fn_fail(call, "keys list has null value at index %zu", i);
        }
        marks |= as_hcl_marks(key);
        members[i] = (as_member){
                .key = as_value_str(key), .key_span = key->span, .value = values->as.list.items[i]};
    }
    const as_value *zipped =
            call->type->kind == AS_TYPE_MAP
                    ? as_hcl_map(call->arena, call->span, call->type->element, members, n)
                    : as_hcl_object(call->arena, call->span, members, n);
    return as_hcl_with_marks(call->arena, zipped, marks);
}

typedef AS_VEC(as_str) names;

static const as_value *fn_transpose(as_hcl_call *call)
{
    const as_value *map = call->args[0];
    as_map out = {0};
    if (!as_hcl_is_wholly_known(call->arena, map)) {
        return as_fn_unknown(call, call->type);
    }
    for (size_t i = 0; i < n_members(map); i++) {
        const as_value *list = member(map, i)->value;
        if (list->kind == AS_NULL) {
            return as_fn_fail(call, "input must not contain null list");
        }
        for (size_t j = 0; j < list->as.list.n; j++) {
            const as_value *item = list->as.list.items[j];
            if (item->kind == AS_NULL) {
                return as_fn_fail(call, "input list must not contain null string");
            }
            names *found = as_map_get(&out, as_value_str(item));
            if (!found) {
                found = AS_NEW(call->arena, names);
                as_map_put(call->arena, &out, as_value_str(item), found);
            }
            AS_VEC_PUSH(call->arena, found, member(map, i)->key); /* keys come sorted */
        }
    }
    as_member *members = AS_NEW_ARRAY(call->arena, as_member, out.n);
    for (size_t i = 0; i < out.n; i++) {
        const names *list = out.entries[i].value;
        members[i] = (as_member){
                .key = out.entries[i].key, .value = as_fn_strings(call, list->items, list->n)};
    }
    return as_hcl_map(call->arena, call->span, &as_type_list_string, members, out.n);
}

#define ANY &as_type_any

static const as_type map_list_string = {.kind = AS_TYPE_MAP, .element = &as_type_list_string};

static const as_hcl_function functions[] = {
        {.name = "keys",
                .impl = fn_keys,
                .type = type_keys,
                .not_null = true,
                .params = {{"inputMap", ANY, AS_PARAM_UNKNOWN | AS_PARAM_MARKED}}},
        {.name = "length",
                .impl = fn_length,
                .type = type_length,
                .not_null = true,
                .params = {{"value", ANY, AS_PARAM_UNKNOWN | AS_PARAM_DYNAMIC | AS_PARAM_MARKED}}},
        {.name = "lookup",
                .impl = fn_lookup,
                .type = type_lookup,
                .params = {{"inputMap", ANY, AS_PARAM_UNKNOWN | AS_PARAM_MARKED},
                        {"key", &as_type_string, AS_PARAM_UNKNOWN | AS_PARAM_MARKED}},
                .rest = {"default", ANY,
                        AS_PARAM_NULL | AS_PARAM_UNKNOWN | AS_PARAM_DYNAMIC | AS_PARAM_MARKED}},
        {.name = "merge",
                .impl = fn_merge,
                .type = type_merge,
                .not_null = true,
                .rest = {"maps", ANY, AS_PARAM_NULL | AS_PARAM_DYNAMIC | AS_PARAM_MARKED}},
        {.name = "transpose",
                .impl = fn_transpose,
                .result = &map_list_string,
                .not_null = true,
                .params = {{"values", &map_list_string, 0}}},
        {.name = "values",
                .impl = fn_values,
                .type = type_values,
                .not_null = true,
                .params = {{"mapping", ANY, AS_PARAM_MARKED}}},
        {.name = "zipmap",
                .impl = fn_zipmap,
                .type = type_zipmap,
                .not_null = true,
                .params = {{"keys", &as_type_list_string, AS_PARAM_MARKED},
                        {"values", ANY, AS_PARAM_MARKED}}},
        {0},
};
const as_hcl_family as_hcl_family_map = {"map", functions};
