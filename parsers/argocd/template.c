/* The template of an ApplicationSet, filled with parameters: as Go templates, or the older
 * {{name}} form, where a name that no generator gave stays as it stands. */
#include "parsers/argocd/internal.h"

#include "engine/base/limits.h"

typedef struct filler {
    as_argocd *a;
    const as_argocd_params *params;
    as_gotmpl *go; /* NULL: the older form */
    as_go dot;
    as_gotmpl *strict; /* for `values` of a generator; else NULL */
    size_t n;          /* texts so far: each is a template of its own */
    bool failed;
} filler;

static as_str fill_simple(filler *f, as_str text)
{
    as_buf out;
    as_buf_init(&out, f->a->arena, 0);
    for (;;) {
        size_t open = as_str_find(text, AS_STR("{{"));
        as_str rest = as_str_from_index(text, open == (size_t)-1 ? text.n : open + 2);
        size_t close = as_str_find(rest, AS_STR("}}"));
        if (open == (size_t)-1 || close == (size_t)-1) {
            as_buf_str(&out, text);
            return as_buf_view(&out);
        }
        const as_value *v =
                as_value_get(f->params->value, as_str_trim(as_str_slice(rest, 0, close)));
        as_buf_str(&out, as_str_slice(text, 0, open));
        if (as_value_is(v, AS_STRING)) {
            as_buf_str(&out, v->as.str);
        } else if (v) {
            as_value_write_json(&out, v, (as_json_style){0});
        } else {
            as_buf_str(&out, as_str_slice(text, open, open + 2 + close + 2));
        }
        text = as_str_from_index(rest, close + 2);
    }
}

/* Runs the text as a template; false with *error. */
static bool run_go(
        filler *f, as_gotmpl *go, as_str text, as_str *out, const as_gotmpl_error **error)
{
    as_str name = as_str_fmt(f->a->arena, "text-%zu", f->n++);
    as_source source = {.id = 0, .path = name, .text = text};
    as_gotmpl_result result = {.error = NULL};
    bool good = as_gotmpl_parse(go, name, &source, error) &&
                as_gotmpl_execute(go, name, &f->dot, &result);
    *error = *error ? *error : result.error;
    *out = result.out.text;
    return good;
}

static as_str fill_go(filler *f, as_str text, as_span span)
{
    as_arena *arena = f->a->arena;
    const as_gotmpl_error *error = NULL;
    as_str out;
    if (!run_go(f, f->go, text, &out, &error)) {
        as_diags_add(f->a->diags, AS_DIAG_ERROR, "argocd-template", span, "%.*s",
                AS_STR_ARG(as_gotmpl_error_text(arena, error)));
        f->failed = true;
        return text;
    }
    /* What only the cluster knows is left out. */
    return f->params->assumed ? as_str_replace(arena, out, AS_STR("<no value>"), AS_STR("")) : out;
}

static as_str fill_text(filler *f, as_str text, as_span span)
{
    if (f->failed || !as_str_contains(text, "{{")) {
        return text;
    }
    return f->go ? fill_go(f, text, span) : fill_simple(f, text);
}

/* Texts that cannot be filled yet stay as they are (RenderGeneratorParams). */
static const as_value *fill_values(filler *f, const as_value *values)
{
    as_object_builder b;
    as_object_begin(&b, f->a->arena);
    for (size_t i = 0; i < values->as.object->n; i++) {
        const as_member *m = &values->as.object->members[i];
        const as_value *v = m->value;
        const as_gotmpl_error *error = NULL;
        as_str out;
        if (as_value_is(v, AS_STRING) && as_str_contains(v->as.str, "{{") &&
                run_go(f, f->strict, v->as.str, &out, &error)) {
            v = as_value_string(f->a->arena, v->span, out);
        }
        as_object_add(&b, m->key, m->key_span, v);
    }
    return as_object_end(&b, values->span);
}

static const as_value *fill(filler *f, const as_value *v, size_t depth)
{
    as_arena *arena = f->a->arena;
    if (depth > AS_MAX_DEPTH) {
        f->failed = true;
        return v;
    }
    if (as_value_is(v, AS_STRING)) {
        as_str text = fill_text(f, v->as.str, v->span);
        if (text.p == v->as.str.p) {
            return v;
        }
        as_value *out = as_value_copy(arena, v);
        out->as.str = text;
        return as_value_with_step(arena, out, v->span, AS_STR("ApplicationSet template"));
    }
    if (as_value_is(v, AS_LIST)) {
        as_list_builder b;
        as_list_begin(&b, arena);
        for (size_t i = 0; i < v->as.list.n; i++) {
            as_list_add(&b, fill(f, v->as.list.items[i], depth + 1));
        }
        return as_list_end(&b, v->span);
    }
    if (as_value_is(v, AS_OBJECT)) {
        as_object_builder b;
        as_object_begin(&b, arena);
        for (size_t i = 0; i < v->as.object->n; i++) {
            const as_member *m = &v->as.object->members[i];
            bool later =
                    f->strict && as_str_is(m->key, "values") && as_value_is(m->value, AS_OBJECT);
            as_object_add(&b, fill_text(f, m->key, m->key_span), m->key_span,
                    later ? fill_values(f, m->value) : fill(f, m->value, depth + 1));
        }
        return as_object_end(&b, v->span);
    }
    return v;
}

static const as_value *fill_tree(as_argocd *a, const as_value *tree, const as_argocd_params *params,
        const as_value *set, bool is_generator)
{
    filler f = {.a = a, .params = params};
    if (as_value_bool_or(as_value_path(set, "spec.goTemplate"), false)) {
        const as_value *options = as_value_path(set, "spec.goTemplateOptions");
        as_gotmpl_options go = {.seed = as_value_str(as_value_path(set, "metadata.name")),
                .more = as_argocd_functions};
        for (size_t i = 0; i < as_value_count(options); i++) {
            go.strict |= !params->assumed &&
                         as_str_is(as_value_str(as_value_index(options, i)), "missingkey=error");
        }
        f.go = as_gotmpl_new(a->arena, &go);
        f.dot = as_go_from(f.go, params->value);
        if (is_generator) {
            go.strict = true;
            f.strict = as_gotmpl_new(a->arena, &go);
        }
    }
    const as_value *out = fill(&f, tree, 0);
    return f.failed ? NULL : out;
}

const as_value *as_argocd_fill(
        as_argocd *a, const as_value *tree, const as_argocd_params *params, const as_value *set)
{
    return fill_tree(a, tree, params, set, false);
}

const as_value *as_argocd_fill_generator(as_argocd *a, const as_value *generator,
        const as_argocd_params *params, const as_value *set)
{
    return fill_tree(a, generator, params, set, true);
}
