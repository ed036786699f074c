/* The template set: parsing files into it, running one, and errors as Helm words them. */
#include "parsers/gotmpl/gotmpl.h"

#include "engine/base/limits.h"
#include "parsers/gotmpl/internal.h"

static const as_go_func *const tables[] = {as_funcs_core, as_funcs_string, as_funcs_list,
        as_funcs_dict, as_funcs_math, as_funcs_convert, as_funcs_encode, as_funcs_regex,
        as_funcs_date, as_funcs_crypto, as_funcs_cert, as_funcs_path, as_funcs_semver,
        as_funcs_helm};

as_gotmpl *as_gotmpl_new(as_arena *arena, const as_gotmpl_options *options)
{
    as_gotmpl *t = AS_NEW(arena, as_gotmpl);
    t->arena = arena;
    t->options = *options;
    if (t->options.max_bytes == 0 || t->options.max_bytes > AS_MAX_TEXT_BYTES)
        t->options.max_bytes = AS_MAX_TEXT_BYTES;
    if (t->options.max_steps == 0)
        t->options.max_steps = AS_MAX_STEPS;
    t->scope = &t->root;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const as_go_func *f = tables[i]; f->name; f++)
            as_map_put(arena, &t->functions, as_str_from(f->name), (void *)(uintptr_t)f);
    for (const as_go_func *f = options->more; f != NULL && f->name; f++)
        as_map_put(arena, &t->functions, as_str_from(f->name), (void *)(uintptr_t)f);
    return t;
}

as_arena *as_gotmpl_arena(as_gotmpl *t)
{
    return t->arena;
}

const as_go_func *as_gotmpl_function(const as_gotmpl *t, as_str name)
{
    return as_map_get(&t->functions, name);
}

const as_tree *as_gotmpl_lookup(const as_gotmpl *t, as_str name)
{
    for (const as_scope *s = t->scope; s; s = s->outer) {
        const as_tree *tree = as_map_get(&s->trees, name);
        if (tree)
            return tree;
    }
    return NULL;
}

/* --- parsing -------------------------------------------------------------------------------------------- */

bool as_gotmpl_parse(
        as_gotmpl *t, as_str name, const as_source *source, const as_gotmpl_error **error)
{
    as_str text = source->text;
    as_parse_result parsed = {0};
    as_tree_parse(t, name, text, (as_span){source->id, 0, 0}, true, &parsed);
    if (parsed.message.n > 0) {
        as_gotmpl_error *e = AS_NEW(t->arena, as_gotmpl_error);
        e->head = as_str_join(t->arena, AS_STR("template: "), parsed.message);
        e->span = (as_span){source->id, parsed.pos, parsed.pos};
        *error = e;
        return false;
    }
    for (size_t i = 0; i < parsed.n; i++) {
        as_tree *tree = parsed.trees[i];
        if (!as_map_has(&t->root.trees, tree->name) || !as_tree_is_empty(tree->root))
            as_map_put(t->arena, &t->root.trees, tree->name, tree);
    }
    return true;
}

/* --- execution ------------------------------------------------------------------------------------------- */

static void forget_run(as_gotmpl *t)
{
    t->exec = NULL;
    t->scope = &t->root;
    t->vars.n = 0;
    t->depth = 0;
    t->tpl_text = NULL;
    memset(&t->included, 0, sizeof t->included);
}

static const as_gotmpl_error *ceiling_error(as_gotmpl *t, as_cause cause)
{
    as_gotmpl_error *e = AS_NEW(t->arena, as_gotmpl_error);
    as_buf head;
    if (t->at_node)
        head = as_exec_place(t, t->at_node, t->at_name);
    else
        as_buf_init(&head, t->arena, 0);
    as_buf_cstr(&head, as_cause_text(cause));
    *e = (as_gotmpl_error){.head = as_buf_view(&head), .is_exec = t->at_node, .is_limit = true};
    if (t->at_node)
        e->span = t->at_node->tree->in_file ? as_node_span(t->at_node) : t->tpl_span;
    return e;
}

bool as_gotmpl_execute(as_gotmpl *t, as_str name, const as_go *dot, as_gotmpl_result *out)
{
    *out = (as_gotmpl_result){0};
    t->failure = NULL;
    t->at_node = NULL;
    const as_tree *tree = as_gotmpl_lookup(t, name);
    if (!tree) {
        (void)as_go_fail(t, "template: no template \"%.*s\" associated with template \"gotpl\"",
                AS_STR_ARG(name));
        out->error = t->failure;
        return false;
    }
    as_text *text = as_text_borrow(t);
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, t->arena)) {
        bool good = as_exec_tree(t, tree, dot, text);
        out->out = as_text_result(text);
        as_text_return(text);
        out->error = good ? NULL : t->failure;
        as_guard_leave(&guard);
    } else {
        out->error = ceiling_error(t, guard.cause);
    }
    forget_run(t);
    return out->error == NULL;
}

/* --- errors as Helm words them (engine.go, reformatExecErrorMsg) ------------------------------------------- */

as_str as_gotmpl_error_text(as_arena *arena, const as_gotmpl_error *error)
{
    if (error && !error->cause)
        return error->head;
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (; error; error = error->cause)
        as_buf_str(&buf, error->head);
    return as_buf_view(&buf);
}

/* Cuts s at the first `sep`; false when there is none. */
static bool cut(as_str s, const char *sep, as_str *before, as_str *after)
{
    size_t at = as_str_find(s, as_str_from(sep));
    if (at == (size_t)-1)
        return false;
    *before = as_str_slice(s, 0, at);
    *after = as_str_from_index(s, at + strlen(sep));
    return true;
}

typedef struct located {
    as_str location, executed, message;
} located;

static as_str without_chain(as_str message)
{
    as_str before, after;
    return cut(message, " template:", &before, &after) ? before : message;
}

static bool locate(as_arena *arena, as_str text, located *out)
{
    *out = (located){0};
    if (!as_str_starts(text, "template: "))
        return false;
    as_str rest = as_str_from_index(text, 10), name, after;
    if (as_str_starts(rest, "no template ")) {
        out->message = text;
        return true;
    }
    if (cut(rest, ": executing ", &name, &after) && after.n > 0 && after.p[0] == '"') {
        size_t quote = as_str_find_char(as_str_from_index(after, 1), '"');
        as_str at, message;
        if (quote == (size_t)-1)
            return false;
        as_str function = as_str_slice(after, 1, quote + 1);
        after = as_str_from_index(after, quote + 2);
        if (!as_str_starts(after, " at <") ||
                !cut(as_str_from_index(after, 5), ">: ", &at, &message))
            return false;
        out->location = name;
        out->message = without_chain(message);
        out->executed = as_str_fmt(
                arena, "executing \"%.*s\" at <%.*s>:", AS_STR_ARG(function), AS_STR_ARG(at));
        return true;
    }
    for (size_t i = rest.n; i >= 2; i--) {
        if (rest.p[i - 2] == ':' && rest.p[i - 1] == ' ') {
            out->location = as_str_slice(rest, 0, i - 2);
            out->message = without_chain(as_str_from_index(rest, i));
            return true;
        }
    }
    return false;
}

static bool same_place(const located *a, const located *b)
{
    return as_str_eq(a->location, b->location) && as_str_eq(a->executed, b->executed) &&
           as_str_eq(a->message, b->message);
}

static as_str parse_error(as_arena *arena, as_str text)
{
    as_str rest = text, location = AS_STR_NONE, last = text, part, after;
    for (size_t i = 0; cut(rest, ": ", &part, &after); i++) {
        if (i == 1)
            location = part;
        rest = last = after;
        if (i == 0 && !cut(rest, ": ", &part, &after))
            location = rest;
    }
    return as_str_fmt(arena, "parse error at (%.*s): %.*s", AS_STR_ARG(location), AS_STR_ARG(last));
}

as_str as_gotmpl_error_helm(as_arena *arena, as_str name, const as_gotmpl_error *error)
{
    as_str text = as_gotmpl_error_text(arena, error), first, location, rest, wrapped, end;
    (void)name;
    if (!error->is_exec) {
        bool parsed = as_str_starts(text, "template: ") && !as_str_starts(text, "template: no ");
        return parsed ? parse_error(arena, text) : text;
    }
    if (!cut(text, ": ", &first, &rest) || !cut(rest, ": ", &location, &rest))
        return text;
    if (cut(rest, "HELM_ERR_START", &first, &wrapped)) {
        for (end = AS_STR_NONE, first = wrapped; cut(first, "HELM_ERR_END", &rest, &first);)
            end = as_str_slice(wrapped, 0, (size_t)(rest.p + rest.n - wrapped.p));
        return as_str_fmt(
                arena, "execution error at (%.*s): %.*s", AS_STR_ARG(location), AS_STR_ARG(end));
    }
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    located last = {0}, now;
    for (const as_gotmpl_error *e = error; e; e = e->cause) {
        if (!locate(arena, as_gotmpl_error_text(arena, e), &now))
            return text;
        if (e != error && same_place(&last, &now))
            continue;
        last = now;
        if (now.location.n > 0)
            as_buf_fmt(&buf, "%.*s\n  ", AS_STR_ARG(now.location));
        if (now.executed.n > 0)
            as_buf_fmt(&buf, "%.*s\n    ", AS_STR_ARG(now.executed));
        if (now.message.n > 0)
            as_buf_fmt(&buf, "%.*s\n", AS_STR_ARG(now.message));
    }
    return as_str_trim(as_buf_view(&buf));
}
