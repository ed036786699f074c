/* What can be said of a module without evaluating it: references to what is not declared, functions
 * that do not exist, names used where they have no meaning. Terraform: internal/addrs/parse_ref.go,
 * internal/terraform/evaluate_valid.go, validate_selfref.go. */
#include "parsers/hcl/func.h"
#include "parsers/terraform/tree.h"

/* Where an expression stands. */
typedef struct place {
    as_tf_eval *eval;
    as_tf_scope *scope;
    const as_tf_module *module;
    const as_tf_resource_config *resource; /* the one that the expression is part of */
    bool count, each, self;
    const as_hcl_frame *bound; /* iterators of dynamic blocks */
    const as_tf_check_config *check;
} place;

static as_diags *diags_of(const place *p)
{
    return &p->eval->raw;
}

/* The name in the map most like it, as hcl's nameSuggestion has it; empty when none is near. */
static as_str suggestion(const place *p, const as_map *map, as_str name)
{
    for (size_t i = 0; i < map->n; i++)
        if (as_str_distance(map->entries[i].key, name, 2) < 3)
            return as_str_fmt(
                    p->eval->arena, " Did you mean \"%.*s\"?", AS_STR_ARG(map->entries[i].key));
    return AS_STR("");
}

/* From the first to the nth step. */
static as_span steps_span(const as_hcl_traversal *t, size_t n)
{
    return as_span_join(t->steps[0].span, t->steps[n - 1].span);
}

/* --- references ------------------------------------------------------------------------------- */

static as_str module_name(const place *p)
{
    return p->scope->key.n ? as_str_fmt(p->eval->arena, "module.%.*s", AS_STR_ARG(p->scope->key))
                           : AS_STR("the root module");
}

static void check_variable(const place *p, const as_hcl_traversal *t)
{
    as_str name = t->steps[1].name;
    if (as_map_has(&p->module->variables, name))
        return;
    as_str hint = suggestion(p, &p->module->variables, name);
    if (!hint.n)
        hint = as_str_fmt(
                p->eval->arena, " A block variable \"%.*s\" {} declares it.", AS_STR_ARG(name));
    as_tf_error(diags_of(p), steps_span(t, 2), "Reference to undeclared input variable",
            "There is no variable \"%.*s\".%.*s", AS_STR_ARG(name), AS_STR_ARG(hint));
}

static void check_local(const place *p, const as_hcl_traversal *t)
{
    as_str name = t->steps[1].name;
    if (!as_map_has(&p->module->locals, name))
        as_tf_error(diags_of(p), steps_span(t, 2), "Reference to undeclared local value",
                "There is no local value \"%.*s\".%.*s", AS_STR_ARG(name),
                AS_STR_ARG(suggestion(p, &p->module->locals, name)));
}

static void check_count(const place *p, const as_hcl_traversal *t)
{
    as_str name = t->steps[1].name;
    if (!as_str_is(name, "index"))
        as_tf_error(diags_of(p), steps_span(t, 2), "Invalid \"count\" attribute",
                "There is no count.%.*s, only count.index.", AS_STR_ARG(name));
    else if (!p->count)
        as_tf_error(diags_of(p), steps_span(t, 2), "Reference to \"count\" in non-counted context",
                "Nothing is counted here: the block has no \"count\".");
}

static void check_each(const place *p, const as_hcl_traversal *t)
{
    as_str name = t->steps[1].name;
    if (!as_str_is(name, "key") && !as_str_is(name, "value"))
        as_tf_error(diags_of(p), steps_span(t, 2), "Invalid \"each\" attribute",
                "There is no each.%.*s, only each.key and each.value.", AS_STR_ARG(name));
    else if (!p->each)
        as_tf_error(diags_of(p), steps_span(t, 2),
                "Reference to \"each\" in context without for_each",
                "The block has no \"for_each\".");
}

static void check_path(const place *p, const as_hcl_traversal *t)
{
    as_str name = t->steps[1].name;
    if (!as_str_is(name, "module") && !as_str_is(name, "root") && !as_str_is(name, "cwd"))
        as_tf_error(diags_of(p), steps_span(t, 2), "Invalid \"path\" attribute",
                "There is no path.%.*s, only path.module, path.root and path.cwd.",
                AS_STR_ARG(name));
}

static void check_terraform(const place *p, const as_hcl_traversal *t)
{
    as_str name = t->steps[1].name;
    if (as_str_is(name, "env"))
        as_tf_error(diags_of(p), steps_span(t, 2), "Invalid \"terraform\" attribute",
                "Since Terraform 0.12 it is called terraform.workspace.");
    else if (!as_str_is(name, "workspace") && !as_str_is(name, "applying"))
        as_tf_error(diags_of(p), steps_span(t, 2), "Invalid \"terraform\" attribute",
                "There is no terraform.%.*s, only terraform.workspace.", AS_STR_ARG(name));
}

static void check_module(const place *p, const as_hcl_traversal *t)
{
    as_str name = t->steps[1].name;
    const as_tf_call_config *call = as_map_get(&p->module->calls, name);
    if (!call) {
        as_tf_error(diags_of(p), steps_span(t, 2), "Reference to undeclared module",
                "There is no call of a module \"%.*s\" in %.*s.%.*s", AS_STR_ARG(name),
                AS_STR_ARG(module_name(p)), AS_STR_ARG(suggestion(p, &p->module->calls, name)));
        return;
    }
    const as_tf_call_state *state = as_tf_call_locate(p->scope, call);
    bool repeated = call->count || call->for_each;
    size_t next = t->n > 2 && t->steps[2].is_index ? 3 : 2;
    if (!state->found || t->n <= next || t->steps[next].is_index || (repeated && next == 2))
        return;
    const as_tf_module *child = as_tf_load(p->eval->loader, state->dir);
    as_str output = t->steps[next].name;
    if (!as_map_has(&child->outputs, output))
        as_tf_error(diags_of(p), t->steps[next].span, "Unsupported attribute",
                "The module has no output \"%.*s\".%.*s", AS_STR_ARG(output),
                AS_STR_ARG(suggestion(p, &child->outputs, output)));
}

static void check_instance_key(
        const place *p, const as_tf_resource_config *r, const as_hcl_traversal *t, size_t used)
{
    if (t->n <= used)
        return;
    bool indexed = t->steps[used].is_index;
    if (indexed && !r->count && !r->for_each)
        as_tf_error(diags_of(p), steps_span(t, used + 1), "Unexpected resource instance key",
                "%.*s has neither \"count\" nor \"for_each\": there is one instance, without a "
                "key.",
                AS_STR_ARG(r->key));
    else if (!indexed && (r->count || r->for_each))
        as_tf_error(diags_of(p), steps_span(t, used), "Missing resource instance key",
                "%.*s has \"%s\": say which instance is meant, such as %.*s[%s].",
                AS_STR_ARG(r->key), r->count ? "count" : "for_each", AS_STR_ARG(r->key),
                r->count ? "count.index" : "each.key");
}

static bool is_one_of(const char *const *names, as_str name)
{
    for (; *names; names++)
        if (as_str_is(name, *names))
            return true;
    return false;
}

/* Of the few types whose attributes are known. */
static void check_attribute(
        const place *p, const as_tf_resource_config *r, const as_hcl_traversal *t, size_t used)
{
    const char *const *names = as_tf_type_arguments(r->mode, r->type);
    size_t i = used < t->n && t->steps[used].is_index ? used + 1 : used;
    if (names && i < t->n && !t->steps[i].is_index && !is_one_of(names, t->steps[i].name))
        as_tf_error(diags_of(p), t->steps[i].span, "Unsupported attribute",
                "The type has no attribute \"%.*s\".", AS_STR_ARG(t->steps[i].name));
}

static void check_resource(const place *p, const as_hcl_traversal *t, size_t first, as_tf_mode mode)
{
    static const struct {
        const char *prefix, *article, *noun;
    } words[] = {[AS_TF_MANAGED] = {"", "A managed", ""},
            [AS_TF_DATA] = {"data.", "A data", ""},
            [AS_TF_EPHEMERAL] = {"ephemeral.", "An ephemeral", ""}};
    as_arena *arena = p->eval->arena;
    as_str type = t->steps[first].name, name = t->steps[first + 1].name;
    as_str key = as_str_fmt(
            arena, "%s%.*s.%.*s", words[mode].prefix, AS_STR_ARG(type), AS_STR_ARG(name));
    const as_tf_resource_config *r = as_map_get(&p->module->resources, key);
    if (!r) {
        as_str data = as_str_fmt(arena, "data.%.*s", AS_STR_ARG(key));
        bool hint = mode == AS_TF_MANAGED && as_map_has(&p->module->resources, data);
        as_tf_error(diags_of(p), steps_span(t, first + 2), "Reference to undeclared resource",
                "%s resource \"%.*s\" \"%.*s\" is not declared in %.*s.%s%.*s%s",
                words[mode].article, AS_STR_ARG(type), AS_STR_ARG(name), AS_STR_ARG(module_name(p)),
                hint ? " Did you mean " : "", AS_STR_ARG(hint ? data : AS_STR("")),
                hint ? "?" : "");
        return;
    }
    if (r == p->resource && !p->self && !p->eval->validate_only)
        as_tf_error(diags_of(p), steps_span(t, first + 2), "Self-referential block",
                "%.*s refers to itself.", AS_STR_ARG(key));
    if (r->container && r->container != p->check)
        as_tf_error(diags_of(p), steps_span(t, first + 2), "Reference to scoped resource",
                "\"%.*s\" \"%.*s\" is known only within its check block.", AS_STR_ARG(type),
                AS_STR_ARG(name));
    check_instance_key(p, r, t, first + 2);
    check_attribute(p, r, t, first + 2);
}

static void check_self(const place *p, const as_hcl_traversal *t)
{
    if (!p->self)
        as_tf_error(diags_of(p), t->steps[0].span, "Invalid \"self\" reference",
                "Only provisioners, connections and postconditions have a self.");
}

static const struct {
    const char *name;
    void (*check)(const place *, const as_hcl_traversal *);
} single_roots[] = {
        {"var", check_variable},
        {"local", check_local},
        {"count", check_count},
        {"each", check_each},
        {"path", check_path},
        {"terraform", check_terraform},
        {"module", check_module},
};

static const struct {
    const char *name, *message;
    as_tf_mode mode;
} resource_roots[] = {
        {"data", "A data source is named data.TYPE.NAME.", AS_TF_DATA},
        {"resource", "A resource is named resource.TYPE.NAME.", AS_TF_MANAGED},
        {"ephemeral", "An ephemeral resource is named ephemeral.TYPE.NAME.", AS_TF_EPHEMERAL},
};

static bool is_bound(const place *p, as_str name)
{
    for (const as_hcl_frame *f = p->bound; f; f = f->outer)
        if (as_str_eq(f->name, name))
            return true;
    return false;
}

static void check_reference(const place *p, const as_hcl_traversal *t)
{
    static const char *const reserved[] = {"template", "lazy", "arg"};
    as_str root = t->steps[0].name;
    if (as_str_is(root, "self")) {
        check_self(p, t);
        return;
    }
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (as_str_is(root, reserved[i])) {
            as_tf_error(diags_of(p), t->steps[0].span, "Reserved symbol name",
                    "Terraform keeps the name \"%s\" for itself; a resource of such a type is "
                    "written resource.TYPE.NAME.",
                    reserved[i]);
            return;
        }
    for (size_t i = 0; i < sizeof single_roots / sizeof *single_roots; i++) {
        if (!as_str_is(root, single_roots[i].name))
            continue;
        if (t->n < 2)
            as_tf_error(diags_of(p), t->steps[0].span, "Invalid reference",
                    "A name has to follow \"%.*s\".", AS_STR_ARG(root));
        else if (t->steps[1].is_index)
            as_tf_error(diags_of(p), t->steps[1].span, "Invalid reference",
                    "A name has to follow \"%.*s\", not a key.", AS_STR_ARG(root));
        else
            single_roots[i].check(p, t);
        return;
    }
    for (size_t i = 0; i < sizeof resource_roots / sizeof *resource_roots; i++) {
        if (!as_str_is(root, resource_roots[i].name))
            continue;
        if (t->n < 3)
            as_tf_error(diags_of(p), steps_span(t, t->n), "Invalid reference", "%s",
                    resource_roots[i].message);
        else if (t->steps[1].is_index || t->steps[2].is_index)
            as_tf_error(diags_of(p), t->steps[t->steps[1].is_index ? 1 : 2].span,
                    "Invalid reference", "A name has to follow \"%.*s\", not a key.",
                    AS_STR_ARG(root));
        else
            check_resource(p, t, 1, resource_roots[i].mode);
        return;
    }
    if (t->n < 2)
        as_tf_error(diags_of(p), t->steps[0].span, "Invalid reference",
                "A resource is named TYPE.NAME.");
    else if (t->steps[1].is_index)
        as_tf_error(diags_of(p), t->steps[1].span, "Invalid reference",
                "A resource is named TYPE.NAME.");
    else
        check_resource(p, t, 0, AS_TF_MANAGED);
}

static void check_traversal(void *self, const as_hcl_traversal *t, as_span span)
{
    const place *p = self;
    size_t before = diags_of(p)->n_errors;
    if (!is_bound(p, t->steps[0].name))
        check_reference(p, t);
    if (diags_of(p)->n_errors != before)
        AS_VEC_PUSH(p->eval->arena, &p->eval->loader->blamed, span);
}

/* --- functions -------------------------------------------------------------------------------- */

static void check_call(void *self, const as_hcl_expr *expr)
{
    const place *p = self;
    if (expr->kind != AS_HCL_CALL)
        return;
    as_str name = expr->as.call.name;
    if (as_hcl_function_find(name) || as_str_starts(name, "provider::"))
        return;
    const char *near = as_hcl_function_suggest(name);
    as_tf_error(diags_of(p), expr->as.call.name_span, "Call to unknown function",
            "There is no function \"%.*s\".%s%s%s", AS_STR_ARG(name),
            near ? " Did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static void check_expr(place *p, const as_hcl_expr *expr)
{
    if (!expr)
        return;
    as_hcl_expr_references(expr, check_traversal, p);
    as_hcl_expr_walk(expr, check_call, p);
}

/* --- blocks ----------------------------------------------------------------------------------- */

static void check_body(place *p, const as_hcl_body *body);

static void check_dynamic(place *p, const as_hcl_block *block)
{
    as_str iterator = block->labels[0].text;
    const as_hcl_attribute *a = as_hcl_body_attribute(block->body, AS_STR("iterator"));
    if (a)
        iterator = as_hcl_expr_keyword(a->expr);
    a = as_hcl_body_attribute(block->body, AS_STR("for_each"));
    if (a)
        check_expr(p, a->expr);
    as_hcl_frame frame = {p->bound, iterator, NULL};
    p->bound = &frame;
    a = as_hcl_body_attribute(block->body, AS_STR("labels"));
    if (a)
        check_expr(p, a->expr);
    for (size_t i = 0; i < block->body->n_blocks; i++)
        if (as_str_is(block->body->blocks[i].type, "content"))
            check_body(p, block->body->blocks[i].body);
    p->bound = frame.outer;
}

static void check_body(place *p, const as_hcl_body *body)
{
    if (body->json)
        return; /* only the content of dynamic blocks in JSON syntax comes here */
    for (size_t i = 0; i < body->n_attributes; i++)
        check_expr(p, body->attributes[i].expr);
    for (size_t i = 0; i < body->n_blocks; i++) {
        const as_hcl_block *b = &body->blocks[i];
        if (as_str_is(b->type, "dynamic") && b->n_labels == 1)
            check_dynamic(p, b);
        else
            check_body(p, b->body);
    }
}

static void check_conditions(place *p, const as_tf_conditions *conditions)
{
    for (size_t i = 0; i < conditions->n; i++) {
        check_expr(p, conditions->items[i].condition);
        check_expr(p, conditions->items[i].message);
    }
}

static void check_depends(place *p, const as_tf_depends_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const as_hcl_traversal *t = &list->items[i].traversal;
        if (t->n > 1)
            check_traversal(p, t, list->items[i].span);
    }
}

/* dynamic blocks of types that have none. */
static void refuse_dynamic(place *p, const as_hcl_body *body)
{
    for (size_t i = 0; i < body->n_blocks; i++) {
        const as_hcl_block *b = &body->blocks[i];
        if (!as_str_is(b->type, "dynamic") || !b->n_labels)
            continue;
        as_tf_error(diags_of(p), b->labels[0].span, "Unsupported block type",
                "There is no block \"%.*s\" here.", AS_STR_ARG(b->labels[0].text));
        AS_VEC_PUSH(p->eval->arena, &p->eval->loader->blamed, b->span);
    }
}

/* The few types whose schema is part of Terraform. */
static void check_arguments(place *p, const as_tf_resource_config *r)
{
    static const as_hcl_block_schema dynamic[] = {{"dynamic", {"type"}}, {0}};
    const char *const *names = as_tf_type_arguments(r->mode, r->type);
    if (!names)
        return;
    size_t n = 0;
    while (names[n])
        n++;
    as_hcl_attribute_schema *attributes =
            AS_NEW_ARRAY(p->eval->arena, as_hcl_attribute_schema, n + 1);
    for (size_t i = 0; i < n; i++)
        attributes[i] = (as_hcl_attribute_schema){names[i], as_tf_type_requires(r->type, names[i])};
    as_hcl_schema schema = {attributes, dynamic};
    as_hcl_body_content(p->eval->arena, r->config, &schema, false, diags_of(p));
    refuse_dynamic(p, r->config);
    const char *const *computed = as_tf_type_computed(r->mode, r->type);
    for (size_t i = 0; i < r->config->n_attributes; i++) {
        const as_hcl_attribute *a = &r->config->attributes[i];
        if (is_one_of(names, a->name) && is_one_of(computed, a->name))
            as_tf_error(diags_of(p), a->name_span,
                    as_str_cstr(p->eval->arena,
                            as_str_fmt(p->eval->arena, "\"%.*s\" attribute is read-only",
                                    AS_STR_ARG(a->name))),
                    "Terraform decides about it.");
    }
    for (size_t i = 0; i < r->ignore_changes.n; i++) {
        as_str text = r->ignore_changes.items[i], rest = text, first = text;
        as_str_split(&rest, '.', &first);
        if (!is_one_of(names, first) && as_str_find_char(first, '[') == (size_t)-1)
            as_tf_error(diags_of(p), r->ignore_spans.items[i], "Unsupported attribute",
                    "The type has no attribute \"%.*s\".", AS_STR_ARG(first));
    }
}

/* A provider that the root module does not configure under that name. */
static void check_provider(place *p, const as_tf_resource_config *r)
{
    const as_tf_provider_ref *ref = &r->provider;
    if (!p->eval->validate_only || p->scope->parent || !ref->alias.n)
        return;
    as_str key =
            as_str_fmt(p->eval->arena, "%.*s.%.*s", AS_STR_ARG(ref->name), AS_STR_ARG(ref->alias));
    if (!as_map_has(&p->module->providers, key))
        as_tf_error(diags_of(p), ref->span, "Provider configuration not present",
                "No provider block configures %.*s.", AS_STR_ARG(key));
}

static void check_resource_block(place p, const as_tf_resource_config *r)
{
    check_expr(&p, r->count);
    check_expr(&p, r->for_each);
    check_expr(&p, r->enabled);
    p.resource = r;
    p.count = r->count != NULL;
    p.each = r->for_each != NULL;
    p.check = r->container;
    check_arguments(&p, r);
    check_provider(&p, r);
    check_body(&p, r->config);
    check_depends(&p, &r->depends_on);
    p.self = true;
    check_conditions(&p, &r->conditions);
    check_expr(&p, r->replace_triggered_by);
    for (size_t i = 0; i < r->provisioners.n; i++) {
        check_body(&p, r->provisioners.items[i].config);
        if (r->provisioners.items[i].connection)
            check_body(&p, r->provisioners.items[i].connection);
    }
    if (r->connection)
        check_body(&p, r->connection);
}

static void check_call_arguments(place *p, const as_tf_call_config *call)
{
    const as_tf_call_state *state = as_tf_call_locate(p->scope, call);
    if (!state->found)
        return;
    const as_tf_module *child = as_tf_load(p->eval->loader, state->dir);
    as_map given = {0};
    for (size_t i = 0; i < call->arguments.n_attributes; i++) {
        const as_hcl_attribute *a = &call->arguments.attributes[i];
        as_map_put(p->eval->arena, &given, a->name, p);
        if (!as_map_has(&child->variables, a->name))
            as_tf_error(diags_of(p), a->name_span, "Unsupported argument",
                    "The module has no variable \"%.*s\".%.*s", AS_STR_ARG(a->name),
                    AS_STR_ARG(suggestion(p, &child->variables, a->name)));
    }
    for (size_t i = 0; i < child->variables.n; i++) {
        const as_tf_variable_config *v = child->variables.entries[i].value;
        if (!v->default_value && !as_map_has(&given, v->name))
            as_tf_error(diags_of(p), call->config->end, "Missing required argument",
                    "The module needs \"%.*s\".", AS_STR_ARG(v->name));
    }
}

static void check_call_block(place p, const as_tf_call_config *call)
{
    check_expr(&p, call->count);
    check_expr(&p, call->for_each);
    check_expr(&p, call->enabled);
    p.count = call->count != NULL;
    p.each = call->for_each != NULL;
    check_body(&p, call->config);
    check_depends(&p, &call->depends_on);
    check_call_arguments(&p, call);
}

void as_tf_validate_module(as_tf_eval *eval, as_tf_scope *scope)
{
    const as_tf_module *m = scope->module;
    const place p = {.eval = eval, .scope = scope, .module = m};
    place q = p;
    for (size_t i = 0; i < m->variables.n; i++) {
        const as_tf_variable_config *v = m->variables.entries[i].value;
        check_conditions(&q, &v->validations);
    }
    for (size_t i = 0; i < m->locals.n; i++) {
        const as_tf_local_config *l = m->locals.entries[i].value;
        check_expr(&q, l->expr);
    }
    for (size_t i = 0; i < m->providers.n; i++) {
        const as_tf_provider_config *c = m->providers.entries[i].value;
        check_expr(&q, c->for_each);
        q.each = c->for_each != NULL;
        check_body(&q, c->config);
        q.each = false;
    }
    for (size_t i = 0; i < m->resources.n; i++)
        check_resource_block(p, m->resources.entries[i].value);
    for (size_t i = 0; i < m->calls.n; i++)
        check_call_block(p, m->calls.entries[i].value);
    for (size_t i = 0; i < m->checks.n; i++) {
        q.check = m->checks.items[i];
        check_conditions(&q, &m->checks.items[i]->asserts);
    }
    q.check = NULL;
    for (size_t i = 0; i < m->outputs.n; i++) {
        const as_tf_output_config *o = m->outputs.entries[i].value;
        check_expr(&q, o->expr);
        check_depends(&q, &o->depends_on);
        check_conditions(&q, &o->conditions);
    }
}
