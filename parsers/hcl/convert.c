/* Conversion of values (cty/convert). Whether a conversion exists is asked of the types first
 * (unify.c); here it is carried out, and single values may still refuse. */
#include "parsers/hcl/data.h"
#include "parsers/hcl/typing.h"

typedef struct place {
    const struct place *outer;
    as_str name; /* of an attribute or key */
    size_t index;
    bool is_index;
} place;

typedef struct converter {
    as_arena *arena;
    as_convert_error *error;
} converter;

static const as_value *convert(converter *c, const as_value *v, const as_type *to, const place *at);

/* --- failing ---------------------------------------------------------------------------------- */

static void write_place(as_buf *out, const place *at)
{
    if (!at)
        return;
    write_place(out, at->outer);
    if (at->is_index)
        as_buf_fmt(out, "[%zu]", at->index);
    else
        as_buf_fmt(out, ".%.*s", AS_STR_ARG(at->name));
}

static const as_value *fail(converter *c, const place *at, as_str message)
{
    if (c->error) {
        as_buf path;
        as_buf_init(&path, c->arena, 0);
        write_place(&path, at);
        c->error->message = message;
        c->error->path = as_buf_view(&path);
    }
    return NULL;
}

as_str as_convert_error_text(as_arena *arena, const as_convert_error *error)
{
    if (error->path.n == 0)
        return error->message;
    return as_str_fmt(arena, "%.*s: %.*s", AS_STR_ARG(error->path), AS_STR_ARG(error->message));
}

/* --- types of results ------------------------------------------------------------------------- */

/* Without optional attributes: what a value can have. */
static const as_type *plain(as_arena *arena, const as_type *type)
{
    if (!type->has_optional)
        return type;
    if (as_type_is_collection(type)) {
        const as_type *element = plain(arena, type->element);
        return type->kind == AS_TYPE_LIST  ? as_type_list(arena, element)
               : type->kind == AS_TYPE_SET ? as_type_set(arena, element)
                                           : as_type_map(arena, element);
    }
    if (type->kind == AS_TYPE_TUPLE) {
        const as_type **items = AS_NEW_ARRAY(arena, const as_type *, type->n);
        for (size_t i = 0; i < type->n; i++)
            items[i] = plain(arena, type->as.items[i]);
        return as_type_tuple(arena, items, type->n);
    }
    as_type_field *fields = AS_NEW_ARRAY(arena, as_type_field, type->n);
    for (size_t i = 0; i < type->n; i++)
        fields[i] = (as_type_field){
                .name = type->as.fields[i].name, .type = plain(arena, type->as.fields[i].type)};
    return as_type_object(arena, fields, type->n);
}

/* `to` with its anys replaced by what `from` has there (convert/conversion_dynamic.go). */
static const as_type *filled(as_arena *arena, const as_type *from, const as_type *to)
{
    if (!to->has_any || from->kind == AS_TYPE_ANY)
        return to;
    if (to->kind == AS_TYPE_ANY)
        return from;
    if (as_type_is_collection(to)) {
        const as_type *element = NULL;
        if (as_type_is_collection(from))
            element = from->element;
        else if (from->kind == AS_TYPE_OBJECT || from->kind == AS_TYPE_TUPLE)
            element = as_typing_element(arena, from, &as_type_any, true);
        if (!element)
            return to;
        element = filled(arena, element, to->element);
        return to->kind == AS_TYPE_LIST  ? as_type_list(arena, element)
               : to->kind == AS_TYPE_SET ? as_type_set(arena, element)
                                         : as_type_map(arena, element);
    }
    if (to->kind == AS_TYPE_TUPLE) {
        const as_type **items = AS_NEW_ARRAY(arena, const as_type *, to->n);
        for (size_t i = 0; i < to->n; i++)
            items[i] = from->kind == AS_TYPE_TUPLE && i < from->n
                               ? filled(arena, from->as.items[i], to->as.items[i])
                               : to->as.items[i];
        return as_type_tuple(arena, items, to->n);
    }
    as_type_field *fields = AS_NEW_ARRAY(arena, as_type_field, to->n);
    for (size_t i = 0; i < to->n; i++) {
        const as_type_field *want = &to->as.fields[i], *have = as_type_field_get(from, want->name);
        const as_type *part = have ? have->type : from->kind == AS_TYPE_MAP ? from->element : NULL;
        fields[i] = (as_type_field){
                .name = want->name, .type = part ? filled(arena, part, want->type) : want->type};
    }
    return as_type_object(arena, fields, to->n);
}

static const as_value *convert_absent(converter *c, const as_value *v, const as_type *to)
{
    const as_type *from = as_type_of(c->arena, v);
    const as_type *type = filled(c->arena, from, plain(c->arena, to));
    as_value *copy = as_value_copy(c->arena, v);
    copy->type = type->kind == AS_TYPE_ANY ? NULL : type;
    if (v->kind != AS_UNKNOWN)
        return copy;
    as_hcl_refinement refinement = {.not_null = as_hcl_not_null(v), .max_length = -1};
    if (as_type_is_collection(type) && as_type_is_collection(from)) {
        as_hcl_length_range(v, &refinement.min_length, &refinement.max_length);
        if (type->kind == AS_TYPE_SET && refinement.min_length > 1)
            refinement.min_length = 1;
    } else if (as_type_is_collection(type) &&
               (from->kind == AS_TYPE_TUPLE || from->kind == AS_TYPE_OBJECT)) {
        refinement.min_length = refinement.max_length = (int64_t)from->n;
        if (type->kind == AS_TYPE_SET && from->n > 1)
            refinement.min_length = 1;
    }
    as_meta *meta = AS_NEW(c->arena, as_meta);
    if (v->meta)
        *meta = *v->meta;
    meta->detail = NULL;
    copy->meta = meta;
    if (refinement.not_null || refinement.min_length > 0 || refinement.max_length >= 0)
        return as_hcl_refine(c->arena, copy, refinement);
    return copy;
}

/* --- primitives ------------------------------------------------------------------------------- */

static const as_value *to_bool(converter *c, const as_value *v, const place *at)
{
    as_str s = v->as.str;
    if (as_str_is(s, "true") || as_str_is(s, "1"))
        return as_value_bool(c->arena, v->span, true);
    if (as_str_is(s, "false") || as_str_is(s, "0"))
        return as_value_bool(c->arena, v->span, false);
    if (as_str_ieq(s, AS_STR("true")) || as_str_ieq(s, AS_STR("false")))
        return fail(c, at,
                as_str_fmt(c->arena,
                        "a bool is required; to convert from string, use lowercase \"%s\"",
                        s.n == 4 ? "true" : "false"));
    return fail(c, at, AS_STR("a bool is required"));
}

static const as_value *to_primitive(
        converter *c, const as_value *v, as_type_kind to, const place *at)
{
    if (to == AS_TYPE_STRING && v->kind == AS_BOOL)
        return as_value_string(c->arena, v->span, v->as.boolean ? AS_STR("true") : AS_STR("false"));
    if (to == AS_TYPE_STRING)
        return as_value_string(c->arena, v->span, as_num_text(c->arena, v));
    if (to == AS_TYPE_BOOL)
        return to_bool(c, v, at);
    const as_value *number = as_num_parse(c->arena, v->span, v->as.str);
    return number ? number : fail(c, at, AS_STR("a number is required"));
}

/* --- containers ------------------------------------------------------------------------------- */

/* What all the converted parts are: `element`, unless that leaves something open. */
static const as_type *element_type(
        converter *c, const as_value **items, size_t n, const as_type *element)
{
    if (!element->has_any || n == 0)
        return plain(c->arena, element);
    const as_type **types = AS_NEW_ARRAY(c->arena, const as_type *, n);
    for (size_t i = 0; i < n; i++)
        types[i] = as_type_of(c->arena, items[i]);
    return as_type_unify(c->arena, types, n, true);
}

/* The parts of v as `element`; *type is their common type. NULL after an error. */
static const as_value **convert_parts(converter *c, const as_value *v, const as_type *element,
        const as_type **type, const place *at)
{
    size_t n = as_hcl_count(v);
    const as_value **items = AS_NEW_ARRAY(c->arena, const as_value *, n);
    for (size_t i = 0; i < n; i++) {
        place inner = {.outer = at, .index = i, .is_index = v->kind == AS_LIST};
        if (v->kind == AS_OBJECT)
            inner.name = v->as.object->members[i].key;
        items[i] = convert(c, as_hcl_item_at(v, i), element, &inner);
        if (!items[i])
            return NULL;
    }
    *type = element_type(c, items, n, element);
    if (!*type) {
        fail(c, at, AS_STR("cannot find a common base type for all elements"));
        return NULL;
    }
    if (!element->has_any)
        return items;
    for (size_t i = 0; i < n; i++) {
        items[i] = convert(c, items[i], *type, at);
        if (!items[i])
            return NULL;
    }
    return items;
}

/* A set's unknown elements may turn out to be the same, so that its list has no elements yet. */
static const as_value *list_of_unknown_length(
        converter *c, const as_value *set, const as_type *type, int64_t min, int64_t max)
{
    as_str reason = AS_STR_NONE;
    for (size_t i = 0; i < as_hcl_count(set) && reason.n == 0; i++)
        reason = as_value_reason(as_hcl_item_at(set, i));
    return as_hcl_refine(c->arena, as_hcl_unknown(c->arena, set->span, type, reason),
            (as_hcl_refinement){.not_null = true, .min_length = min, .max_length = max});
}

static const as_value *to_collection(
        converter *c, const as_value *v, const as_type *to, const place *at)
{
    const as_type *element = to->element, *from = NULL;
    size_t n = as_hcl_count(v);
    if (element->kind == AS_TYPE_ANY && n > 0 && !v->type) {
        from = as_type_of(c->arena, v);
        element = as_typing_element(c->arena, from, element, true);
    } else if (element->kind == AS_TYPE_ANY && v->type) {
        element = v->type->element;
    }
    const as_type *type;
    const as_value **items = element ? convert_parts(c, v, element, &type, at) : NULL;
    if (!items)
        return NULL;
    if (to->kind == AS_TYPE_LIST && as_type_kind_of(v) == AS_TYPE_SET) {
        int64_t min, max;
        as_hcl_length_range(v, &min, &max);
        if (min != max)
            return list_of_unknown_length(c, v, as_type_list(c->arena, type), min, max);
    }
    if (to->kind == AS_TYPE_LIST)
        return as_hcl_list(c->arena, v->span, type, items, n);
    if (to->kind == AS_TYPE_SET)
        return as_hcl_set(c->arena, v->span, type, items, n);
    as_member *members = AS_NEW_ARRAY(c->arena, as_member, n);
    for (size_t i = 0; i < n; i++) {
        members[i] = v->as.object->members[i];
        members[i].value = items[i];
    }
    return as_hcl_map(c->arena, v->span, type, members, n);
}

static const as_value *to_tuple(converter *c, const as_value *v, const as_type *to, const place *at)
{
    const as_value **items = AS_NEW_ARRAY(c->arena, const as_value *, to->n);
    for (size_t i = 0; i < to->n; i++) {
        place inner = {.outer = at, .index = i, .is_index = true};
        items[i] = convert(c, v->as.list.items[i], to->as.items[i], &inner);
        if (!items[i])
            return NULL;
    }
    return as_hcl_tuple(c->arena, v->span, items, to->n);
}

static const as_value *to_object(
        converter *c, const as_value *v, const as_type *to, const place *at)
{
    as_member *members = AS_NEW_ARRAY(c->arena, as_member, to->n);
    for (size_t i = 0; i < to->n; i++) {
        const as_type_field *field = &to->as.fields[i];
        const as_member *have = as_value_member(v, field->name);
        members[i] = (as_member){.key = field->name, .key_span = have ? have->key_span : v->span};
        if (!have && !field->optional)
            return fail(c, at,
                    as_str_fmt(c->arena, "map has no element for required attribute \"%.*s\"",
                            AS_STR_ARG(field->name)));
        place inner = {.outer = at, .name = field->name};
        members[i].value = have ? convert(c, have->value, field->type, &inner)
                                : as_hcl_null(c->arena, v->span, plain(c->arena, field->type));
        if (!members[i].value)
            return NULL;
    }
    return as_hcl_object(c->arena, v->span, members, to->n);
}

/* The content of `made` with everything else that v carries. */
static const as_value *keep_nature(converter *c, const as_value *v, const as_value *made)
{
    if (made == v || (!v->meta && v->flags == made->flags))
        return made;
    as_value *copy = as_value_copy(c->arena, made);
    copy->flags |= v->flags;
    copy->meta = v->meta;
    return copy;
}

static const as_value *convert(converter *c, const as_value *v, const as_type *to, const place *at)
{
    as_type_kind from = as_type_kind_of(v);
    if (to->kind == AS_TYPE_ANY)
        return v;
    if (v->kind == AS_UNKNOWN || v->kind == AS_NULL) {
        if (v->type && as_type_equal(v->type, to))
            return v;
        if (!as_typing_converts(c->arena, as_type_of(c->arena, v), to, true))
            return fail(c, at, as_type_mismatch(c->arena, as_type_of(c->arena, v), to));
        return convert_absent(c, v, to);
    }
    if (from == to->kind && from <= AS_TYPE_STRING)
        return v;
    if (v->type && as_type_equal(v->type, to))
        return v;
    const as_value *made;
    switch (to->kind) {
    case AS_TYPE_LIST:
    case AS_TYPE_SET:
    case AS_TYPE_MAP:
        made = to_collection(c, v, to, at);
        break;
    case AS_TYPE_TUPLE:
        made = to_tuple(c, v, to, at);
        break;
    case AS_TYPE_OBJECT:
        made = to_object(c, v, to, at);
        break;
    default:
        made = to_primitive(c, v, to->kind, at);
        break;
    }
    return made ? keep_nature(c, v, made) : NULL;
}

const as_value *as_convert(
        as_arena *arena, const as_value *v, const as_type *want, as_convert_error *error)
{
    converter c = {arena, error};
    as_type_kind from = as_type_kind_of(v);
    if (want->kind == AS_TYPE_ANY || (from == want->kind && from <= AS_TYPE_STRING))
        return v;
    if (v->type && as_type_equal(v->type, want))
        return v;
    const as_type *type = as_type_of(arena, v);
    if (!as_typing_converts(arena, type, want, true))
        return fail(&c, NULL, as_type_mismatch(arena, type, want));
    return convert(&c, v, want, NULL);
}

/* --- why not (convert/mismatch_msg.go) -------------------------------------------------------- */

static as_str required(as_arena *arena, const as_type *want)
{
    return as_str_fmt(arena, "%.*s required", AS_STR_ARG(as_type_friendly_constraint(arena, want)));
}

static as_str mismatch_missing(as_arena *arena, const as_type *got, const as_type *want)
{
    as_buf names;
    as_buf_init(&names, arena, 0);
    size_t n = 0, missing = 0;
    for (size_t i = 0; i < want->n; i++)
        missing += !want->as.fields[i].optional && !as_type_field_get(got, want->as.fields[i].name);
    for (size_t i = 0; i < want->n && missing > 0; i++) {
        const as_type_field *field = &want->as.fields[i];
        if (field->optional || as_type_field_get(got, field->name))
            continue;
        n++;
        const char *separator = n == 1         ? ""
                                : missing == 2 ? " and "
                                : n == missing ? ", and "
                                               : ", ";
        as_buf_fmt(&names, "%s\"%.*s\"", separator, AS_STR_ARG(field->name));
    }
    if (missing == 0)
        return AS_STR_NONE;
    return as_str_fmt(arena,
            missing == 1 ? "attribute %.*s is required" : "attributes %.*s are required",
            AS_STR_ARG(as_buf_view(&names)));
}

static as_str mismatch_objects(as_arena *arena, const as_type *got, const as_type *want)
{
    as_str missing = mismatch_missing(arena, got, want);
    if (missing.n > 0)
        return missing;
    for (size_t i = 0; i < want->n; i++) {
        const as_type_field *field = &want->as.fields[i];
        const as_type_field *have = as_type_field_get(got, field->name);
        if (have && !as_typing_converts(arena, have->type, field->type, true))
            return as_str_fmt(arena, "attribute \"%.*s\": %.*s", AS_STR_ARG(field->name),
                    AS_STR_ARG(as_type_mismatch(arena, have->type, field->type)));
    }
    return AS_STR("incorrect object attributes");
}

static as_str mismatch_parts(as_arena *arena, const as_type *got, const as_type *want)
{
    bool tuple = got->kind == AS_TYPE_TUPLE;
    if (tuple == (want->kind == AS_TYPE_MAP))
        return required(arena, want);
    for (size_t i = 0; i < got->n; i++) {
        const as_type *part = tuple ? got->as.items[i] : got->as.fields[i].type;
        if (as_typing_converts(arena, part, want->element, true))
            continue;
        as_str why = as_type_mismatch(arena, part, want->element);
        if (tuple)
            return as_str_fmt(arena, "element %zu: %.*s", i, AS_STR_ARG(why));
        return as_str_fmt(arena, "element \"%.*s\": %.*s", AS_STR_ARG(got->as.fields[i].name),
                AS_STR_ARG(why));
    }
    return as_str_fmt(arena, "all elements must be %.*s",
            AS_STR_ARG(as_type_friendly_constraint(arena, want->element)));
}

/* Kinds so alike that naming what is there would only confuse. */
static bool alike(const as_type *got, const as_type *want)
{
    if (as_type_is_primitive(got) != as_type_is_primitive(want) || want->kind == AS_TYPE_STRING)
        return false;
    if ((want->kind == AS_TYPE_BOOL && got->kind == AS_TYPE_NUMBER) ||
            (want->kind == AS_TYPE_NUMBER && got->kind == AS_TYPE_BOOL))
        return false;
    return !(got->kind == AS_TYPE_TUPLE && want->kind == AS_TYPE_OBJECT);
}

as_str as_type_mismatch(as_arena *arena, const as_type *got, const as_type *want)
{
    bool structure = got->kind == AS_TYPE_TUPLE || got->kind == AS_TYPE_OBJECT;
    if (got->kind == AS_TYPE_OBJECT && want->kind == AS_TYPE_OBJECT)
        return mismatch_objects(arena, got, want);
    if (structure && as_type_is_collection(want) && want->element->kind == AS_TYPE_ANY &&
            (got->kind == AS_TYPE_OBJECT) == (want->kind == AS_TYPE_MAP))
        return as_str_fmt(arena, "all %s elements must have the same type",
                want->kind == AS_TYPE_MAP   ? "map"
                : want->kind == AS_TYPE_SET ? "set"
                                            : "list");
    if (structure && as_type_is_collection(want))
        return mismatch_parts(arena, got, want);
    if (as_type_is_collection(got) && as_type_is_collection(want)) {
        if ((got->kind == AS_TYPE_MAP) != (want->kind == AS_TYPE_MAP))
            return required(arena, want);
        return as_str_fmt(arena, "incorrect %s element type: %.*s",
                want->kind == AS_TYPE_MAP   ? "map"
                : want->kind == AS_TYPE_SET ? "set"
                                            : "list",
                AS_STR_ARG(as_type_mismatch(arena, got->element, want->element)));
    }
    if (alike(got, want))
        return required(arena, want);
    return as_str_fmt(arena, "%.*s required, but have %.*s",
            AS_STR_ARG(as_type_friendly_name(arena, want)),
            AS_STR_ARG(as_type_friendly_name(arena, got)));
}
