/* $(VAR): the legacy way of copying a field. */
#include "parsers/kustomize/build.h"

typedef struct replacer {
    as_kust *k;
    as_kust_var *vars;
    const as_ktree **values; /* one a variable; NULL when it holds no scalar */
    size_t n;
} replacer;

static const as_ktree *lookup(const replacer *r, as_str name)
{
    for (size_t i = 0; i < r->n; i++)
        if (as_str_eq(r->vars[i].name, name))
            return r->values[i];
    return NULL;
}

/* "$$" is a dollar; "$(NAME)" is replaced when NAME is known, else kept. `*whole` is the value when
 * the text is nothing but one reference. */
static as_str replace_text(const replacer *r, as_str text, const as_ktree **whole)
{
    as_buf buf;

    *whole = NULL;
    as_buf_init(&buf, r->k->arena, 0);
    for (size_t i = 0; i < text.n; i++) {
        as_str rest = as_str_from_index(text, i + 1);
        size_t close = as_str_find_char(rest, ')');
        if (text.p[i] != '$' || !rest.n) {
            as_buf_char(&buf, text.p[i]);
        } else if (rest.p[0] == '$') {
            as_buf_char(&buf, '$');
            i++;
        } else if (rest.p[0] == '(' && close != (size_t)-1) {
            const as_ktree *value = lookup(r, as_str_slice(rest, 1, close));
            if (value && i == 0 && close + 2 == text.n)
                *whole = value;
            as_buf_str(&buf, value ? value->text : as_str_slice(text, i, i + close + 2));
            i += close + 1;
        } else {
            as_buf_char(&buf, '$');
        }
    }
    return as_buf_view(&buf);
}

static void replace_scalar(const replacer *r, as_ktree *n)
{
    const as_ktree *whole;
    as_str text;

    if (!as_ktree_is(n, AS_KTREE_SCALAR) || n->type != AS_STRING)
        return;
    text = replace_text(r, n->text, &whole);
    if (as_str_eq(text, n->text))
        return;
    as_ktree_set_text(r->k->arena, n, text, whole ? whole->span : AS_SPAN_NONE, "var");
    if (whole)
        n->type = whole->type;
}

static bool replace_field(void *self, as_ktree *field)
{
    const replacer *r = self;

    if (as_ktree_is_null(field))
        return true;
    replace_scalar(r, field);
    for (size_t i = 0; i < field->fields.n; i++)
        replace_scalar(r, field->fields.items[i].value);
    for (size_t i = 0; i < field->items.n; i++) {
        if (!as_ktree_is(field->items.items[i], AS_KTREE_SCALAR) ||
                field->items.items[i]->type != AS_STRING)
            return as_kust_fail(r->k, "kustomize-var", field->items.items[i]->span,
                    "invalid value type expect a string");
        replace_scalar(r, field->items.items[i]);
    }
    return true;
}

/* "spec.containers[0].image" */
static const as_ktree *field_of(as_kust *k, const as_res *r, as_str path)
{
    as_texts parts = as_kust_path_smart(k->arena, path, '.');
    const as_ktree *n = r->node;

    for (size_t i = 0; n && i < parts.n; i++) {
        as_str part = parts.items[i];
        size_t open = as_str_find_char(part, '[');
        int64_t index;
        if (open == (size_t)-1 || !as_str_ends(part, "]")) {
            n = as_ktree_get(n, part);
            continue;
        }
        if (open)
            n = as_ktree_get(n, as_str_slice(part, 0, open));
        if (!as_str_to_int(as_str_slice(part, open + 1, part.n - 1), &index) || index < 0 ||
                !as_ktree_is(n, AS_KTREE_LIST) || (size_t)index >= n->items.n)
            return NULL;
        n = n->items.items[index];
    }
    return n;
}

static bool find_value(
        as_kust *k, const as_accumulator *a, const as_kust_var *v, const as_ktree **out)
{
    for (size_t i = 0; i < a->resources.list.n; i++) {
        const as_res *r = a->resources.list.items[i];
        for (size_t j = 0; j < r->var_names.n; j++) {
            if (!as_str_eq(r->var_names.items[j], v->name))
                continue;
            *out = field_of(k, r, v->field_path);
            if (!*out)
                return as_kust_fail(k, "kustomize-var", v->span,
                        "field specified in var '%.*s' not found in corresponding resource",
                        AS_STR_ARG(v->name));
            if (!as_ktree_is(*out, AS_KTREE_SCALAR))
                *out = NULL;
            return true;
        }
    }
    return as_kust_fail(k, "kustomize-var", v->span,
            "var '%.*s' cannot be mapped to a field in the set of known resources",
            AS_STR_ARG(v->name));
}

bool as_kust_resolve_vars(as_kust *k, as_accumulator *a)
{
    const as_field_specs *specs = &a->config.specs[AS_SPECS_VAR_REFERENCE];
    replacer r = {.k = k, .vars = a->vars.items, .n = a->vars.n};

    if (!a->vars.n)
        return true;
    r.values = AS_NEW_ARRAY(k->arena, const as_ktree *, r.n);
    for (size_t i = 0; i < r.n; i++) {
        if (!find_value(k, a, &a->vars.items[i], &r.values[i]))
            return false;
        if (r.values[i])
            r.values[i] = as_ktree_copy(k->arena, r.values[i]);
    }
    for (size_t f = 0; f < specs->n; f++)
        for (size_t i = 0; i < a->resources.list.n; i++)
            if (!as_spec_apply(k, a->resources.list.items[i], &specs->items[f], AS_CREATE_NOTHING,
                        AS_NULL, replace_field, &r))
                return false;
    return true;
}
