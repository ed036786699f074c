/* Types: making, comparing, naming (cty/type.go and its kin). */
#include "parsers/hcl/type.h"

#include <stdlib.h>

#include "parsers/hcl/ident.h"

const as_type as_type_any = {.kind = AS_TYPE_ANY, .has_any = true};
const as_type as_type_bool = {.kind = AS_TYPE_BOOL};
const as_type as_type_number = {.kind = AS_TYPE_NUMBER};
const as_type as_type_string = {.kind = AS_TYPE_STRING};
const as_type as_type_list_any = {.kind = AS_TYPE_LIST, .has_any = true, .element = &as_type_any};
const as_type as_type_list_string = {.kind = AS_TYPE_LIST, .element = &as_type_string};
const as_type as_type_list_number = {.kind = AS_TYPE_LIST, .element = &as_type_number};
const as_type as_type_set_any = {.kind = AS_TYPE_SET, .has_any = true, .element = &as_type_any};
const as_type as_type_set_string = {.kind = AS_TYPE_SET, .element = &as_type_string};
const as_type as_type_map_any = {.kind = AS_TYPE_MAP, .has_any = true, .element = &as_type_any};
const as_type as_type_map_string = {.kind = AS_TYPE_MAP, .element = &as_type_string};
const as_type as_type_empty_object = {.kind = AS_TYPE_OBJECT};
const as_type as_type_empty_tuple = {.kind = AS_TYPE_TUPLE};

/* --- making ----------------------------------------------------------------------------------- */

static const as_type *collection(as_arena *arena, as_type_kind kind, const as_type *element)
{
    as_type *type = AS_NEW(arena, as_type);
    *type = (as_type){.kind = kind,
            .element = element,
            .has_any = element->has_any,
            .has_optional = element->has_optional};
    return type;
}

const as_type *as_type_list(as_arena *arena, const as_type *element)
{
    if (element == &as_type_string)
        return &as_type_list_string;
    return collection(arena, AS_TYPE_LIST, element);
}

const as_type *as_type_set(as_arena *arena, const as_type *element)
{
    if (element == &as_type_string)
        return &as_type_set_string;
    return collection(arena, AS_TYPE_SET, element);
}

const as_type *as_type_map(as_arena *arena, const as_type *element)
{
    if (element == &as_type_string)
        return &as_type_map_string;
    return collection(arena, AS_TYPE_MAP, element);
}

const as_type *as_type_tuple(as_arena *arena, const as_type *const *items, size_t n)
{
    if (n == 0)
        return &as_type_empty_tuple;
    as_type *type = AS_NEW(arena, as_type);
    *type = (as_type){.kind = AS_TYPE_TUPLE, .as.items = items, .n = n};
    for (size_t i = 0; i < n; i++) {
        type->has_any |= items[i]->has_any;
        type->has_optional |= items[i]->has_optional;
    }
    return type;
}

static int compare_fields(const void *a, const void *b)
{
    const as_type_field *x = a, *y = b;
    return as_str_cmp(x->name, y->name);
}

const as_type *as_type_object(as_arena *arena, as_type_field *fields, size_t n)
{
    if (n == 0)
        return &as_type_empty_object;
    qsort(fields, n, sizeof *fields, compare_fields);
    as_type *type = AS_NEW(arena, as_type);
    *type = (as_type){.kind = AS_TYPE_OBJECT, .as.fields = fields, .n = n};
    for (size_t i = 0; i < n; i++) {
        type->has_any |= fields[i].type->has_any;
        type->has_optional |= fields[i].optional || fields[i].type->has_optional;
    }
    return type;
}

static const as_type *tuple_of(as_arena *arena, const as_value *v)
{
    size_t n = v->as.list.n;
    const as_type **items = AS_NEW_ARRAY(arena, const as_type *, n);
    for (size_t i = 0; i < n; i++)
        items[i] = as_type_of(arena, v->as.list.items[i]);
    return as_type_tuple(arena, items, n);
}

static const as_type *object_of(as_arena *arena, const as_value *v)
{
    size_t n = v->as.object->n;
    as_type_field *fields = AS_NEW_ARRAY(arena, as_type_field, n);
    for (size_t i = 0; i < n; i++)
        fields[i] = (as_type_field){.name = v->as.object->members[i].key,
                .type = as_type_of(arena, v->as.object->members[i].value)};
    return as_type_object(arena, fields, n);
}

const as_type *as_type_of(as_arena *arena, const as_value *v)
{
    if (!v)
        return &as_type_any;
    if (v->type)
        return v->type;
    switch ((as_kind)v->kind) {
    case AS_NULL:
    case AS_UNKNOWN:
        return &as_type_any;
    case AS_BOOL:
        return &as_type_bool;
    case AS_INT:
    case AS_FLOAT:
    case AS_BIGNUM:
        return &as_type_number;
    case AS_STRING:
        return &as_type_string;
    case AS_LIST:
        return tuple_of(arena, v);
    case AS_OBJECT:
        return object_of(arena, v);
    }
    return &as_type_any;
}

as_type_kind as_type_kind_of(const as_value *v)
{
    if (!v)
        return AS_TYPE_ANY;
    if (v->type)
        return v->type->kind;
    switch ((as_kind)v->kind) {
    case AS_BOOL:
        return AS_TYPE_BOOL;
    case AS_INT:
    case AS_FLOAT:
    case AS_BIGNUM:
        return AS_TYPE_NUMBER;
    case AS_STRING:
        return AS_TYPE_STRING;
    case AS_LIST:
        return AS_TYPE_TUPLE;
    case AS_OBJECT:
        return AS_TYPE_OBJECT;
    default:
        return AS_TYPE_ANY;
    }
}

/* --- asking ----------------------------------------------------------------------------------- */

const as_type_field *as_type_field_get(const as_type *type, as_str name)
{
    size_t low = 0, high = type->kind == AS_TYPE_OBJECT ? type->n : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = as_str_cmp(type->as.fields[middle].name, name);
        if (order == 0)
            return &type->as.fields[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool as_type_equal(const as_type *a, const as_type *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->n != b->n)
        return false;
    if (as_type_is_collection(a))
        return as_type_equal(a->element, b->element);
    for (size_t i = 0; i < a->n; i++) {
        if (a->kind == AS_TYPE_TUPLE) {
            if (!as_type_equal(a->as.items[i], b->as.items[i]))
                return false;
        } else if (!as_str_eq(a->as.fields[i].name, b->as.fields[i].name) ||
                   !as_type_equal(a->as.fields[i].type, b->as.fields[i].type)) {
            return false;
        }
    }
    return true;
}

/* --- text ------------------------------------------------------------------------------------- */

static const char *kind_name(as_type_kind kind)
{
    static const char *const names[] = {
            [AS_TYPE_ANY] = "any",
            [AS_TYPE_BOOL] = "bool",
            [AS_TYPE_NUMBER] = "number",
            [AS_TYPE_STRING] = "string",
            [AS_TYPE_LIST] = "list",
            [AS_TYPE_SET] = "set",
            [AS_TYPE_MAP] = "map",
            [AS_TYPE_TUPLE] = "tuple",
            [AS_TYPE_OBJECT] = "object",
    };
    return names[kind];
}

static void write_fields(as_buf *buf, const as_type *type);

void as_type_write(as_buf *buf, const as_type *type)
{
    as_buf_cstr(buf, kind_name(type->kind));
    if (as_type_is_collection(type)) {
        as_buf_char(buf, '(');
        as_type_write(buf, type->element);
        as_buf_char(buf, ')');
    } else if (type->kind == AS_TYPE_TUPLE) {
        as_buf_cstr(buf, "([");
        for (size_t i = 0; i < type->n; i++) {
            if (i > 0)
                as_buf_char(buf, ',');
            as_type_write(buf, type->as.items[i]);
        }
        as_buf_cstr(buf, "])");
    } else if (type->kind == AS_TYPE_OBJECT) {
        write_fields(buf, type);
    }
}

static void write_fields(as_buf *buf, const as_type *type)
{
    as_buf_cstr(buf, "({");
    for (size_t i = 0; i < type->n; i++) {
        const as_type_field *field = &type->as.fields[i];
        if (i > 0)
            as_buf_char(buf, ',');
        if (as_ident_valid(field->name))
            as_buf_str(buf, field->name);
        else
            as_buf_json_string(buf, field->name);
        as_buf_char(buf, '=');
        as_type_write(buf, field->type);
    }
    as_buf_cstr(buf, "})");
}

as_str as_type_text(as_arena *arena, const as_type *type)
{
    as_buf out;
    as_buf_init(&out, arena, 0);
    as_type_write(&out, type);
    return as_buf_view(&out);
}

static as_str friendly(as_arena *arena, const as_type *type, const char *any)
{
    as_buf out;
    as_buf_init(&out, arena, 0);
    while (as_type_is_collection(type)) {
        as_buf_fmt(&out, "%s of ", kind_name(type->kind));
        type = type->element;
        any = any[0] == 'a' ? "any single type" : any;
    }
    as_buf_cstr(&out, type->kind == AS_TYPE_ANY ? any : kind_name(type->kind));
    return as_buf_view(&out);
}

as_str as_type_friendly_name(as_arena *arena, const as_type *type)
{
    return friendly(arena, type, "dynamic");
}

as_str as_type_friendly_constraint(as_arena *arena, const as_type *type)
{
    return friendly(arena, type, "any type");
}
