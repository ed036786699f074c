/* Type constraints as they are written, and the defaults in them (hcl ext/typeexpr). */
#include "parsers/hcl/data.h"
#include "parsers/hcl/eval.h"
#include "parsers/hcl/parse.h"

#include "engine/base/limits.h"

typedef struct type_parser {
    as_arena *arena;
    as_diags *diags;
    bool quoted_names; /* attribute names may be strings, as types are printed */
    unsigned depth;
} type_parser;

static const as_type *parse_type(type_parser *t, const as_hcl_expr *expr);

static const as_type *invalid(type_parser *t, as_span span, const char *detail)
{
    as_diags_add(t->diags, AS_DIAG_ERROR, "hcl-type", span, "Invalid type specification");
    as_diags_detail(t->diags, "%s", detail);
    return &as_type_any;
}

static const as_type *invalid_word(type_parser *t, as_span span, as_str word)
{
    as_diags_add(t->diags, AS_DIAG_ERROR, "hcl-type", span, "Invalid type specification");
    as_diags_detail(t->diags, "There is no type \"%.*s\".", AS_STR_ARG(word));
    return &as_type_any;
}

static const struct type_word {
    const char *word;
    const as_type *type; /* NULL: a constructor */
    const char *wants;   /* its argument */
} type_words[] = {
        {"bool", &as_type_bool, NULL},
        {"string", &as_type_string, NULL},
        {"number", &as_type_number, NULL},
        {"any", &as_type_any, NULL},
        {"list", NULL, "One argument is required: the type of the elements."},
        {"set", NULL, "One argument is required: the type of the elements."},
        {"map", NULL, "One argument is required: the type of the elements."},
        {"object", NULL, "One argument is required: the attributes and their types in braces."},
        {"tuple", NULL, "One argument is required: the types of the elements in brackets."},
};

static const struct type_word *find_word(as_str word)
{
    for (size_t i = 0; i < sizeof type_words / sizeof *type_words; i++)
        if (as_str_is(word, type_words[i].word))
            return &type_words[i];
    return NULL;
}

/* The default of optional(type, default), which can refer to nothing. */
static const as_value *parse_default(type_parser *t, const as_hcl_expr *expr, const as_type *type)
{
    as_hcl_ctx ctx = {.arena = t->arena, .diags = t->diags, .no_functions = true};
    size_t errors = t->diags->n_errors;
    const as_value *v = as_hcl_eval(&ctx, expr);
    if (t->diags->n_errors != errors)
        return NULL;
    as_convert_error error;
    const as_value *converted = as_convert(t->arena, v, type, &error);
    if (!converted) {
        as_diags_add(t->diags, AS_DIAG_ERROR, "hcl-type", expr->span,
                "Invalid default value for optional attribute");
        as_diags_detail(t->diags, "The default is unsuitable for the attribute's type: %.*s.",
                AS_STR_ARG(error.message));
    }
    return converted;
}

static void parse_field(type_parser *t, const as_hcl_expr *expr, as_type_field *field)
{
    if (expr->kind != AS_HCL_CALL || !as_str_is(expr->as.call.name, "optional")) {
        field->type = parse_type(t, expr);
        return;
    }
    as_hcl_exprs args = expr->as.call.args;
    if (args.n < 1 || args.n > 2) {
        field->type = invalid(t, expr->span, "optional() takes a type and perhaps a default.");
        return;
    }
    field->optional = true;
    field->type = parse_type(t, args.items[0]);
    if (args.n == 2)
        field->fallback = parse_default(t, args.items[1], field->type);
}

static bool field_name(const type_parser *t, const as_hcl_object_item *item, as_str *name)
{
    *name = item->keyword;
    return name->n > 0 || (t->quoted_names && as_hcl_expr_string(item->key, name));
}

static const as_type *parse_object(type_parser *t, const as_hcl_expr *expr)
{
    if (expr->kind != AS_HCL_OBJECT)
        return invalid(t, expr->span, "The attributes of an object stand in braces.");
    as_type_field *fields = AS_NEW_ARRAY(t->arena, as_type_field, expr->as.object.n);
    size_t n = 0;
    for (size_t i = 0; i < expr->as.object.n; i++) {
        const as_hcl_object_item *item = &expr->as.object.items[i];
        as_type_field field = {0};
        if (!field_name(t, item, &field.name)) {
            invalid(t, item->key->span, "The keys of an object type are names.");
            continue;
        }
        bool repeated = false;
        for (size_t k = 0; k < n && !repeated; k++)
            repeated = as_str_eq(fields[k].name, field.name);
        if (repeated) {
            invalid(t, item->key->span, "The names in an object type are unique.");
            continue;
        }
        parse_field(t, item->value, &field);
        fields[n++] = field;
    }
    return as_type_object(t->arena, fields, n);
}

static const as_type *parse_tuple(type_parser *t, const as_hcl_expr *expr)
{
    as_hcl_exprs list;
    if (!as_hcl_expr_list(expr, &list))
        return invalid(t, expr->span, "The types of a tuple stand in brackets.");
    const as_type **items = AS_NEW_ARRAY(t->arena, const as_type *, list.n);
    for (size_t i = 0; i < list.n; i++)
        items[i] = parse_type(t, list.items[i]);
    return as_type_tuple(t->arena, items, list.n);
}

static const as_type *parse_call(type_parser *t, const as_hcl_expr *expr)
{
    as_str name = expr->as.call.name;
    as_hcl_exprs args = expr->as.call.args;
    as_span parentheses = as_span_join(expr->as.call.open, expr->as.call.close);
    const struct type_word *word = find_word(name);
    if (as_str_is(name, "optional"))
        return invalid(
                t, expr->as.call.name_span, "optional() is for the attributes of an object type.");
    if (!word)
        return invalid_word(t, expr->span, name);
    if (word->type)
        return invalid(t, parentheses, "This type takes no arguments.");
    if (args.n != 1)
        return invalid(t,
                args.n > 1 ? as_span_join(args.items[1]->span, args.items[args.n - 1]->span)
                           : parentheses,
                word->wants);
    switch (name.p[0]) {
    case 'o':
        return parse_object(t, args.items[0]);
    case 't':
        return parse_tuple(t, args.items[0]);
    case 'm':
        return as_type_map(t->arena, parse_type(t, args.items[0]));
    case 's':
        return as_type_set(t->arena, parse_type(t, args.items[0]));
    default:
        return as_type_list(t->arena, parse_type(t, args.items[0]));
    }
}

static const as_type *parse_type(type_parser *t, const as_hcl_expr *expr)
{
    if (expr->kind == AS_HCL_BAD)
        return &as_type_any; /* the parser has spoken */
    as_str word = as_hcl_expr_keyword(expr);
    if (word.n > 0) {
        const struct type_word *known = find_word(word);
        if (!known)
            return invalid_word(t, expr->span, word);
        return known->type ? known->type : invalid(t, expr->span, known->wants);
    }
    if (expr->kind != AS_HCL_CALL)
        return invalid(t, expr->span,
                "A type is a word such as string, or a constructor such as list(string).");
    if (t->depth >= AS_MAX_DEPTH)
        return invalid(t, expr->span, "The type is nested too deep.");
    t->depth++;
    const as_type *type = parse_call(t, expr);
    t->depth--;
    return type;
}

const as_type *as_type_parse(as_arena *arena, const as_hcl_expr *expr, as_diags *diags)
{
    type_parser t = {.arena = arena, .diags = diags};
    return parse_type(&t, as_hcl_expr_native(arena, expr));
}

const as_type *as_type_parse_text(as_arena *arena, as_str text)
{
    as_diags diags;
    as_diags_init(&diags, arena);
    type_parser t = {.arena = arena, .diags = &diags, .quoted_names = true};
    const as_type *type = parse_type(&t, as_hcl_parse_expr_text(arena, text, AS_SPAN_NONE, &diags));
    return diags.n_errors == 0 ? type : NULL;
}

/* --- defaults --------------------------------------------------------------------------------- */

static const as_value *apply_to_object(as_arena *arena, const as_type *type, const as_value *v)
{
    const as_object *object = v->as.object;
    as_member *members = AS_NEW_ARRAY(arena, as_member, object->n + type->n);
    size_t n = 0;
    for (size_t i = 0; i < object->n; i++) {
        const as_type_field *field = as_type_field_get(type, object->members[i].key);
        members[n] = object->members[i];
        if (field && field->fallback && members[n].value->kind == AS_NULL)
            continue;
        if (field)
            members[n].value = as_type_apply_defaults(arena, field->type, members[n].value);
        if (field && field->fallback && as_hcl_not_null(field->fallback))
            members[n].value = as_hcl_refine_not_null(arena, members[n].value);
        n++;
    }
    for (size_t i = 0; i < type->n; i++) {
        const as_type_field *field = &type->as.fields[i];
        const as_value *given = as_value_get(v, field->name);
        if (!field->fallback || (given && given->kind != AS_NULL))
            continue;
        const as_value *value = as_type_apply_defaults(arena, field->type, field->fallback);
        value = as_value_with_flags(arena, value, AS_DEFAULTED);
        members[n++] = (as_member){field->name, field->fallback->span, value};
    }
    const as_value *made = as_hcl_object(arena, v->span, members, n);
    as_value *copy = as_value_copy(arena, v);
    copy->type = NULL;
    copy->as.object = made->as.object;
    return copy;
}

static const as_value *apply_to_parts(as_arena *arena, const as_type *type, const as_value *v)
{
    size_t n = as_hcl_count(v);
    bool changed = false;
    const as_value **items = AS_NEW_ARRAY(arena, const as_value *, n);
    for (size_t i = 0; i < n; i++) {
        const as_type *part = type->kind != AS_TYPE_TUPLE ? type->element
                              : i < type->n               ? type->as.items[i]
                                                          : &as_type_any;
        items[i] = as_type_apply_defaults(arena, part, as_hcl_item_at(v, i));
        changed = changed || items[i] != as_hcl_item_at(v, i);
    }
    if (!changed)
        return v;
    as_value *copy = as_value_copy(arena, v);
    copy->type = NULL; /* the conversion that follows gives it a type again */
    if (v->kind == AS_LIST) {
        copy->as.list.items = items;
        return copy;
    }
    as_member *members = AS_NEW_ARRAY(arena, as_member, n);
    for (size_t i = 0; i < n; i++) {
        members[i] = v->as.object->members[i];
        members[i].value = items[i];
    }
    copy->as.object = as_hcl_object(arena, v->span, members, n)->as.object;
    return copy;
}

const as_value *as_type_apply_defaults(as_arena *arena, const as_type *type, const as_value *v)
{
    if (!type->has_optional || !as_hcl_can_iterate(v))
        return v;
    if (type->kind == AS_TYPE_OBJECT)
        return v->kind == AS_OBJECT ? apply_to_object(arena, type, v) : v;
    bool keyed = type->kind == AS_TYPE_MAP;
    return keyed == (v->kind == AS_OBJECT) ? apply_to_parts(arena, type, v) : v;
}
