/* Helm's own functions (pkg/engine/engine.go): templates from templates, and refusals. */
#include "parsers/gotmpl/internal.h"

#include <assert.h>

#include "engine/base/limits.h"
#include "parsers/gotmpl/strconv.h"

/* A template may stand this many times on the stack of include calls. */
enum { RECURSION_MAX = AS_MAX_INCLUDE_DEPTH };

/* Go's error of fmt.Errorf("…: %w", cause). */
static bool wrap_failure(as_gotmpl *t, const char *what, as_str quoted)
{
    const as_gotmpl_error *cause = t->failure;
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    as_buf_cstr(&buf, what);
    as_go_quote(&buf, quoted, '"', false);
    as_buf_cstr(&buf, ": ");
    (void)as_go_fail(t, "%s", "");
    t->failure->head = as_buf_view(&buf);
    t->failure->cause = cause;
    t->failure->is_limit = cause->is_limit;
    return false;
}

/* What an include costs beside the nodes that it runs: two in each of many templates that call each
 * other double what the one before did. */
enum { INCLUDE_STEPS = 16, BYTES_A_STEP = 16 };

AS_GO_FUNC(f_include)
{
    (void)n;
    as_str name = as_go_str(&a[0]);
    size_t *calls = as_map_get(&t->included, name);
    if (!calls) {
        calls = AS_NEW(t->arena, size_t);
        as_map_put(t->arena, &t->included, name, calls);
    }
    if (*calls > RECURSION_MAX)
        return as_go_fail(t,
                "rendering template has a nested reference name: %.*s: unable to execute template",
                AS_STR_ARG(name));
    const as_tree *tree = as_gotmpl_lookup(t, name);
    if (!tree)
        return as_go_fail(t, "template: no template \"%.*s\" associated with template \"gotpl\"",
                AS_STR_ARG(name));
    as_text *text = as_text_borrow(t);
    ++*calls;
    bool good = as_exec_tree(t, tree, &a[1], text);
    --*calls;
    *out = as_text_end(text);
    as_text_return(text);
    return good && as_gotmpl_step(t, INCLUDE_STEPS + out->n / BYTES_A_STEP);
}

static const as_parse_result *parse_once(as_gotmpl *t, as_str text)
{
    as_parse_result *parsed = as_map_get(&t->tpl_texts, text);
    if (!parsed) {
        parsed = AS_NEW(t->arena, as_parse_result);
        as_str own = as_str_dup(t->arena, text);
        as_tree_parse(t, AS_STR("gotpl"), own, AS_SPAN_NONE, false, parsed);
        as_map_put(t->arena, &t->tpl_texts, own, parsed);
    }
    return parsed;
}

static bool is_main(const as_tree *tree)
{
    return as_str_is(tree->name, "gotpl");
}

/* Runs the text within a scope of its own, where its defines live. */
static bool run_tpl(as_gotmpl *t, const as_parse_result *parsed, const as_go *a, as_text *text)
{
    as_scope scope = {.outer = t->scope};
    const as_tree *main = NULL;
    for (size_t i = 0; i < parsed->n; i++) {
        as_tree *tree = parsed->trees[i];
        if (is_main(tree))
            main = tree;
        if (!is_main(tree) && (!as_tree_is_empty(tree->root) || !as_gotmpl_lookup(t, tree->name)))
            as_map_put(t->arena, &scope.trees, tree->name, tree);
    }
    as_go outer_string = t->tpl_string;
    const char *outer_text = t->tpl_text;
    as_span outer_span = t->tpl_span;
    const as_node *node = t->exec->node;
    if (node->tree->in_file)
        t->tpl_span = as_node_span(node);
    t->tpl_string = a[0];
    assert(main != NULL);
    t->tpl_text = main->text.p;
    if (scope.trees.n > 0)
        t->scope = &scope;
    bool good = as_exec_tree(t, main, &a[1], text);
    if (scope.trees.n > 0)
        t->scope = (as_scope *)(uintptr_t)scope.outer;
    t->tpl_string = outer_string;
    t->tpl_text = outer_text;
    t->tpl_span = outer_span;
    return good;
}

AS_GO_FUNC(f_tpl)
{
    (void)n;
    as_str source = as_go_str(&a[0]);
    if (!as_str_contains(source, "{{") && !as_str_contains(source, "<no value>")) {
        *out = a[0];
        return true;
    }
    const as_parse_result *parsed = parse_once(t, source);
    if (parsed->message.n > 0) {
        (void)as_go_fail(t, "template: %.*s", AS_STR_ARG(parsed->message));
        return wrap_failure(t, "cannot parse template ", source);
    }
    as_text *text = as_text_borrow(t);
    bool good = run_tpl(t, parsed, a, text);
    *out = as_text_end(text);
    as_text_return(text);
    if (!good)
        return wrap_failure(t, "error during tpl function execution for ", source);
    if (as_str_contains(as_go_str(out), "<no value>")) {
        as_gotmpl_text whole = {as_go_str(out), NULL, 0};
        if (out->flags & AS_GO_FROM_TEXT)
            whole = *out->origin.text;
        as_gotmpl_text *kept = AS_NEW(t->arena, as_gotmpl_text);
        *kept = as_gotmpl_drop(t, whole, AS_STR("<no value>"));
        *out = as_go_from_str(kept->text);
        out->flags |= AS_GO_FROM_TEXT;
        out->origin.text = kept;
    }
    return true;
}

static bool refuse(as_gotmpl *t, as_str message)
{
    return as_go_fail(t, "HELM_ERR_START%.*sHELM_ERR_END", AS_STR_ARG(message));
}

AS_GO_FUNC(f_required)
{
    (void)n;
    *out = a[1];
    if (a[1].type && !(a[1].type == &as_go_string && a[1].n == 0))
        return true;
    if (!t->options.lint)
        return refuse(t, as_go_str(&a[0]));
    *out = as_go_from_str(AS_STR(""));
    return true;
}

AS_GO_FUNC(f_fail)
{
    (void)n;
    *out = as_go_from_str(AS_STR(""));
    return t->options.lint || refuse(t, as_go_str(&a[0]));
}

static bool is_at(const as_value *object, const char *path, as_str wanted)
{
    return as_str_eq(as_value_str(as_value_path(object, path)), wanted);
}

/* One object, or with an empty name a list of all of the kind; an empty map when there is none, and
 * where there is no cluster to look into, as `helm template` answers (pkg/engine/lookup_func.go).
 */
AS_GO_FUNC(f_lookup)
{
    const as_value *cluster = t->options.cluster;
    as_str version = as_go_str(&a[0]), kind = as_go_str(&a[1]), namespace = as_go_str(&a[2]),
           name = as_go_str(&a[3]);
    as_object_builder found;
    as_list_builder items;
    (void)n;
    as_list_begin(&items, t->arena);
    for (size_t i = 0; i < as_value_count(cluster); i++) {
        const as_value *object = as_value_index(cluster, i);
        if (!is_at(object, "apiVersion", version) || !is_at(object, "kind", kind) ||
                (namespace.n > 0 && as_value_path(object, "metadata.namespace") &&
                        !is_at(object, "metadata.namespace", namespace))) {
            continue;
        }
        if (name.n == 0) {
            as_list_add(&items, object);
        } else if (is_at(object, "metadata.name", name)) {
            *out = as_go_from(t, object);
            return true;
        }
    }
    if (cluster == NULL || name.n > 0) {
        *out = as_go_map_value(&as_go_dict, as_go_map_new(t, 0));
        return true;
    }
    as_object_begin(&found, t->arena);
    as_object_add(&found, AS_STR("apiVersion"), AS_SPAN_NONE,
            as_value_string(t->arena, AS_SPAN_NONE, version));
    as_object_add(&found, AS_STR("kind"), AS_SPAN_NONE,
            as_value_string(
                    t->arena, AS_SPAN_NONE, as_str_fmt(t->arena, "%.*sList", AS_STR_ARG(kind))));
    as_object_add(&found, AS_STR("items"), AS_SPAN_NONE, as_list_end(&items, AS_SPAN_NONE));
    *out = as_go_from(t, as_object_end(&found, AS_SPAN_NONE));
    return true;
}

AS_GO_FUNC(f_get_host_by_name)
{
    (void)t;
    (void)a;
    (void)n;
    *out = as_go_from_str(AS_STR(""));
    return true;
}

/* --- methods of common.Values (pkg/chart/common/values.go) ------------------------------------------------ */

AS_GO_FUNC(m_as_map)
{
    (void)n;
    *out = as_go_map_value(&as_go_dict, a[0].as.map ? a[0].as.map : as_go_map_new(t, 0));
    return true;
}

AS_GO_FUNC(m_yaml)
{
    (void)n;
    as_buf buf;
    as_buf_init(&buf, t->arena, t->options.max_bytes);
    as_go_to_yaml(t, &a[0], &buf);
    as_buf_char(&buf, '\n');
    *out = as_go_from_str(as_buf_view(&buf));
    return true;
}

/* "a.b": the table there. */
AS_GO_FUNC(m_table)
{
    (void)n;
    as_go at = as_go_typed(a[0], &as_go_values);
    as_str rest = as_go_str(&a[1]), part;
    while (as_str_split(&rest, '.', &part)) {
        const as_go *member = as_go_map_get(t, at.as.map, part);
        if (!member || !as_go_is_map(member))
            return as_go_fail(t, "\"%.*s\" is not a table", AS_STR_ARG(part));
        at = as_go_typed(*member, &as_go_values);
    }
    *out = at;
    return true;
}

const as_go_func as_go_values_methods[] = {
        {"AsMap", "", m_as_map, 0},
        {"YAML", "", m_yaml, 0},
        {"Table", "s", m_table, 0},
        {0},
};

const as_go_func as_funcs_helm[] = {
        {"include", "sa", f_include, AS_FUNC_NEW},
        {"tpl", "sa", f_tpl, AS_FUNC_NEW},
        {"required", "sa", f_required, AS_FUNC_NEW},
        {"fail", "s", f_fail, 0},
        {"lookup", "ssss", f_lookup, AS_FUNC_NEW},
        {"getHostByName", "s", f_get_host_by_name, 0},
        {0},
};
