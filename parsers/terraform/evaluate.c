/* One root from beginning to end: every instance of every module, and what comes out. */
#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "parsers/terraform/tree.h"

/* --- units of work ---------------------------------------------------------------------------- */

/* A resource, output or the like is evaluated under a guard of its own: what runs out of memory or
 * steps costs only itself. What was busy then is done, with an unknown value. */
typedef void unit_fn(as_tf_scope *scope, const void *what);

static void abandon(as_tf_eval *eval, as_span span, as_cause cause)
{
    as_str reason = as_str_fmt(eval->arena, "evaluation was stopped: %s", as_cause_text(cause));
    while (eval->busy.n) {
        as_tf_slot *slot = eval->busy.items[eval->busy.n - 1].slot;
        if (slot && !slot->value)
            slot->value = as_value_unknown(eval->arena, span, reason, NULL);
        as_tf_end(eval);
    }
    eval->depth = 0;
    eval->steps = AS_MAX_STEPS / 1000;
    as_diags_add(&eval->raw, AS_DIAG_ERROR, "terraform-limit", span, "Evaluation was stopped: %s",
            as_cause_text(cause));
}

static void run_unit(as_tf_scope *scope, unit_fn *fn, const void *what, as_span span)
{
    as_tf_eval *eval = scope->eval;
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, eval->arena)) {
        fn(scope, what);
        as_guard_leave(&guard);
    } else {
        abandon(eval, span, guard.cause);
    }
    as_tf_report(eval->loader, &eval->raw);
}

static as_str in_module(as_tf_scope *scope, as_str address)
{
    return scope->address.n ? as_str_fmt(scope->eval->arena, "%.*s.%.*s",
                                      AS_STR_ARG(scope->address), AS_STR_ARG(address))
                            : address;
}

/* --- resources -------------------------------------------------------------------------------- */

static const as_value *flag(as_arena *arena, const as_hcl_expr *expr)
{
    if (!expr)
        return NULL;
    as_diags ignored;
    as_diags_init(&ignored, arena);
    as_hcl_ctx ctx = {.arena = arena, .diags = &ignored, .no_functions = true};
    return as_hcl_eval(&ctx, expr);
}

static void add_provisioners(as_tf_instance *instance, as_tf_resource *r)
{
    as_tf_eval *eval = instance->scope->eval;
    const as_tf_resource_config *config = instance->config;
    as_tf_provisioner *out = AS_NEW_ARRAY(eval->arena, as_tf_provisioner, config->provisioners.n);
    as_tf_frame frame = {instance->scope, &instance->repeat, instance};
    for (size_t i = 0; i < config->provisioners.n; i++) {
        const as_tf_provisioner_config *p = &config->provisioners.items[i];
        as_hcl_ctx ctx = as_tf_context(&frame);
        out[i] = (as_tf_provisioner){.type = p->type,
                .span = p->span,
                .on_destroy = p->on_destroy,
                .values = as_tf_body_value(&ctx, p->config, false, p->span)};
    }
    r->provisioners = out;
    r->n_provisioners = config->provisioners.n;
}

static void check_conditions(as_tf_scope *scope, const as_tf_conditions *conditions,
        as_tf_frame *frame, as_str address, const char *summary, as_diag_severity severity)
{
    as_tf_eval *eval = scope->eval;
    for (size_t i = 0; i < conditions->n; i++) {
        const as_tf_condition *c = &conditions->items[i];
        if (!c->condition)
            continue;
        as_hcl_ctx ctx = as_tf_context(frame);
        const as_value *v = as_hcl_eval_as(&ctx, c->condition, &as_type_bool);
        AS_VEC_PUSH(eval->arena, &eval->checks, (as_tf_check){address, c->span, v});
        if (!c->message || v->kind != AS_BOOL || v->as.boolean)
            continue;
        const as_value *message = as_hcl_eval(&ctx, c->message);
        as_diags_add(&eval->raw, severity, "terraform-check", c->condition->span, "%s", summary);
        as_diags_detail(&eval->raw, "%.*s: %.*s", AS_STR_ARG(address),
                AS_STR_ARG(as_hcl_marks(message) & AS_SENSITIVE ? AS_STR("(sensitive)")
                                                                : as_value_str(message)));
    }
}

static void collect_instance(as_tf_scope *scope, const void *what)
{
    union { /* units take const: only this one fills in what it is given */
        const void *in;
        as_tf_instance *out;
    } cast = {what};
    as_tf_instance *instance = cast.out;
    as_tf_eval *eval = scope->eval;
    as_arena *arena = eval->arena;
    const as_tf_resource_config *config = instance->config;
    (void)as_tf_instance_evaluate(instance, config->header_span);
    if (!instance->values || !instance->computed)
        return;
    as_tf_resource r = {.mode = config->mode,
            .address = instance->address,
            .module = scope->address,
            .type = config->type,
            .name = config->name,
            .key = instance->key,
            .representative = instance->representative,
            .values = instance->values,
            .computed = instance->computed,
            .span = config->span,
            .header_span = config->header_span};
    as_str provider =
            config->provider.name.n ? config->provider.name : as_tf_implied_provider(config->type);
    r.provider_source = as_tf_provider_source(arena, scope->module, provider);
    if (!as_str_is(provider, "terraform")) {
        r.provider = as_tf_provider_find(scope, provider, config->provider.alias, 0);
        r.provider_source = r.provider->source;
    }
    r.lifecycle = (as_tf_lifecycle){.span = config->lifecycle_span,
            .prevent_destroy = flag(arena, config->prevent_destroy),
            .create_before_destroy = flag(arena, config->create_before_destroy),
            .ignore_all = config->ignore_all,
            .ignore_changes = config->ignore_changes.items,
            .n_ignore_changes = config->ignore_changes.n};
    as_tf_dirs depends = {0};
    for (size_t i = 0; i < config->depends_on.n; i++)
        AS_VEC_PUSH(arena, &depends,
                in_module(scope,
                        as_hcl_traversal_text(arena, &config->depends_on.items[i].traversal)));
    add_provisioners(instance, &r);
    r.depends_on = depends.items;
    r.n_depends_on = depends.n;
    AS_VEC_PUSH(eval->loader->work, &eval->resources, r);
    as_tf_frame frame = {scope, &instance->repeat, instance};
    check_conditions(scope, &config->conditions, &frame, instance->address,
            "Resource precondition or postcondition failed", AS_DIAG_ERROR);
}

static void expand_resource(as_tf_scope *scope, const void *what)
{
    const as_tf_resource_config *config = what;
    as_tf_resource_expand(scope, config, config->header_span);
}

static int by_key(const void *a, const void *b)
{
    const as_tf_resource_config *x = *(const as_tf_resource_config *const *)a;
    const as_tf_resource_config *y = *(const as_tf_resource_config *const *)b;
    if (x->mode != y->mode)
        return (int)x->mode - (int)y->mode;
    int order = as_str_cmp(x->type, y->type);
    return order ? order : as_str_cmp(x->name, y->name);
}

static void collect_resources(as_tf_scope *scope)
{
    size_t n = scope->module->resources.n;
    const as_tf_resource_config **sorted =
            AS_NEW_ARRAY(scope->eval->loader->work, const as_tf_resource_config *, n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = scope->module->resources.entries[i].value;
    if (n)
        qsort(sorted, n, sizeof *sorted, by_key);
    for (size_t i = 0; i < n; i++) {
        run_unit(scope, expand_resource, sorted[i], sorted[i]->header_span);
        as_tf_resource_state *state = &scope->resources[sorted[i]->index];
        for (size_t k = 0; state->instances && k < state->keys.n; k++)
            run_unit(scope, collect_instance, &state->instances[k], sorted[i]->header_span);
    }
}

/* --- named values ----------------------------------------------------------------------------- */

static void collect_variable(as_tf_scope *scope, const void *what)
{
    const as_tf_variable_config *v = what;
    as_tf_eval *eval = scope->eval;
    as_tf_variable out = {.name = v->name,
            .module = scope->address,
            .span = v->span,
            .value = as_tf_variable_value(scope, v, v->span),
            .default_value = v->default_value,
            .type = v->type_span.file ? as_type_text(eval->arena, v->type) : AS_STR(""),
            .description = v->description,
            .sensitive = v->sensitive,
            .ephemeral = v->ephemeral,
            .nullable = v->nullable,
            .n_validations = v->validations.n};
    AS_VEC_PUSH(eval->arena, &eval->variables, out);
    as_tf_frame frame = {scope, NULL, NULL};
    check_conditions(scope, &v->validations, &frame,
            in_module(scope, as_str_fmt(eval->arena, "var.%.*s", AS_STR_ARG(v->name))),
            "Invalid value for variable", AS_DIAG_ERROR);
}

static void collect_local(as_tf_scope *scope, const void *what)
{
    const as_tf_local_config *l = what;
    AS_VEC_PUSH(scope->eval->arena, &scope->eval->locals,
            (as_tf_local){l->name, scope->address, l->span, as_tf_local_value(scope, l, l->span)});
}

static void collect_output(as_tf_scope *scope, const void *what)
{
    const as_tf_output_config *o = what;
    as_tf_eval *eval = scope->eval;
    const as_value *value = as_tf_output_value(scope, o, o->span);
    /* A scan leaves this to its rules. */
    if (eval->validate_only && !scope->parent && !o->sensitive &&
            (as_hcl_marks_deep(eval->arena, value) & AS_SENSITIVE))
        as_tf_error(&eval->raw, o->span, "Output refers to sensitive values",
                "An output of the root module that shows something sensitive must say "
                "\"sensitive = true\".");
    if (o->expr && (!o->ephemeral || !scope->parent) &&
            (as_hcl_marks_deep(eval->arena, value) & AS_EPHEMERAL))
        as_tf_error(&eval->raw, o->expr->span, "Ephemeral value not allowed", "%s",
                scope->parent ? "Say \"ephemeral = true\" to let it pass."
                              : "Outputs of the root module are kept, ephemeral values not.");
    AS_VEC_PUSH(eval->arena, &eval->outputs,
            (as_tf_output){.name = o->name,
                    .module = scope->address,
                    .span = o->span,
                    .value = value,
                    .sensitive = o->sensitive,
                    .ephemeral = o->ephemeral,
                    .description = o->description});
    as_tf_frame frame = {scope, NULL, NULL};
    check_conditions(scope, &o->conditions, &frame,
            in_module(scope, as_str_fmt(eval->arena, "output.%.*s", AS_STR_ARG(o->name))),
            "Module output value precondition failed", AS_DIAG_ERROR);
}

static void collect_check(as_tf_scope *scope, const void *what)
{
    const as_tf_check_config *c = what;
    as_tf_frame frame = {scope, NULL, NULL};
    check_conditions(scope, &c->asserts, &frame,
            in_module(scope, as_str_fmt(scope->eval->arena, "check.%.*s", AS_STR_ARG(c->name))),
            "Check block assertion failed", AS_DIAG_WARNING);
}

static void collect_provider(as_tf_scope *scope, const void *what)
{
    const as_tf_provider_config *c = what;
    AS_VEC_PUSH(scope->eval->arena, &scope->eval->providers,
            *as_tf_provider_find(scope, c->name, c->alias, 0));
}

static void collect_requirements(as_tf_scope *scope)
{
    as_tf_eval *eval = scope->eval;
    const as_tf_module *m = scope->module;
    as_map used = {0};
    for (size_t i = 0; i < m->required_providers.n; i++) {
        const as_tf_required_provider *p = m->required_providers.entries[i].value;
        as_map_put(eval->arena, &used, p->name, scope);
        AS_VEC_PUSH(eval->arena, &eval->requirements,
                (as_tf_requirement){p->name, as_tf_provider_source(eval->arena, m, p->name),
                        p->constraint, scope->address, p->span, true});
    }
    for (size_t i = 0; i < m->resources.n; i++) {
        const as_tf_resource_config *r = m->resources.entries[i].value;
        as_str name = r->provider.name.n ? r->provider.name : as_tf_implied_provider(r->type);
        if (as_str_is(name, "terraform") || as_map_put(eval->arena, &used, name, scope))
            continue;
        AS_VEC_PUSH(eval->arena, &eval->requirements,
                (as_tf_requirement){name, as_tf_provider_source(eval->arena, m, name), AS_STR(""),
                        scope->address, r->header_span, false});
    }
}

/* --- modules ---------------------------------------------------------------------------------- */

static void validate_module(as_tf_scope *scope, const void *what)
{
    (void)what;
    as_tf_validate_module(scope->eval, scope);
}

static void expand_call(as_tf_scope *scope, const void *what)
{
    const as_tf_call_config *call = what;
    as_tf_eval *eval = scope->eval;
    as_tf_call_state *state = as_tf_call_expand(scope, call, call->span);
    AS_VEC_PUSH(eval->arena, &eval->calls,
            (as_tf_call){.name = call->name,
                    .address = in_module(
                            scope, as_str_fmt(eval->arena, "module.%.*s", AS_STR_ARG(call->name))),
                    .module = scope->address,
                    .source = call->source,
                    .version = call->version,
                    .dir = state ? state->dir : AS_STR(""),
                    .span = call->span,
                    .source_span = call->source_expr ? call->source_expr->span : call->span,
                    .version_span = call->version_expr ? call->version_expr->span : AS_SPAN_NONE,
                    .found = state && state->found,
                    .n_instances = state ? state->keys.n : 0});
}

static void collect_moves(as_tf_scope *scope)
{
    const as_tf_module *m = scope->module;
    for (size_t i = 0; i < m->moves.n; i++)
        AS_VEC_PUSH(scope->eval->arena, &scope->eval->moves,
                (as_tf_move){m->moves.items[i]->kind, m->moves.items[i]->from,
                        m->moves.items[i]->to, scope->address, m->moves.items[i]->span});
}

static void each_named(as_tf_scope *scope, const as_map *map, unit_fn *fn, size_t span_offset)
{
    assert(map != NULL);
    for (size_t i = 0; i < map->n; i++) {
        as_span span;
        memcpy(&span, (const char *)map->entries[i].value + span_offset, sizeof span);
        run_unit(scope, fn, map->entries[i].value, span);
    }
}

static int by_name(const void *a, const void *b)
{
    return as_str_cmp((*(const as_tf_call_config *const *)a)->name,
            (*(const as_tf_call_config *const *)b)->name);
}

static void collect_scope(as_tf_scope *scope)
{
    as_tf_eval *eval = scope->eval;
    as_tf_module *m = as_map_get(&eval->loader->modules, scope->module->dir);
    assert(m != NULL); /* a scope is made of a module that was loaded */
    if (!m->validated) {
        m->validated = true;
        run_unit(scope, validate_module, NULL, m->span);
    }
    collect_requirements(scope);
    collect_moves(scope);
    each_named(scope, &m->variables, collect_variable, offsetof(as_tf_variable_config, span));
    each_named(scope, &m->providers, collect_provider, offsetof(as_tf_provider_config, span));
    each_named(scope, &m->locals, collect_local, offsetof(as_tf_local_config, span));
    collect_resources(scope);
    each_named(scope, &m->outputs, collect_output, offsetof(as_tf_output_config, span));
    for (size_t i = 0; i < m->checks.n; i++)
        run_unit(scope, collect_check, m->checks.items[i], m->checks.items[i]->span);
    const as_tf_call_config **calls =
            AS_NEW_ARRAY(eval->arena, const as_tf_call_config *, m->calls.n);
    for (size_t i = 0; i < m->calls.n; i++)
        calls[i] = m->calls.entries[i].value;
    if (m->calls.n)
        qsort(calls, m->calls.n, sizeof *calls, by_name);
    for (size_t i = 0; i < m->calls.n; i++) {
        run_unit(scope, expand_call, calls[i], calls[i]->span);
        as_tf_call_state *state = &scope->calls[calls[i]->index];
        for (size_t k = 0; state->scopes && k < state->keys.n; k++)
            collect_scope(state->scopes[k]);
    }
}

/* --- roots ------------------------------------------------------------------------------------ */

static void collect_settings(as_tf_scope *scope, const void *what)
{
    union {
        const void *in;
        as_tf_root *out;
    } cast = {what};
    as_tf_root *root = cast.out;
    as_arena *arena = scope->eval->arena;
    const as_tf_module *m = scope->module;
    const as_tf_backend_config *config = m->backend ? m->backend : m->cloud;
    if (config) {
        as_tf_frame frame = {scope, NULL, NULL};
        as_hcl_ctx ctx = as_tf_context(&frame);
        as_tf_backend *backend = AS_NEW(arena, as_tf_backend);
        *backend = (as_tf_backend){.type = config->type,
                .span = config->span,
                .values = as_tf_body_value(&ctx, config->config, false, config->span)};
        root->backend = backend;
    }
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < m->required_versions.n; i++) {
        if (i)
            as_buf_cstr(&buf, ", ");
        else
            root->required_version_span = m->required_versions.items[i].span;
        as_buf_str(&buf, m->required_versions.items[i].text);
    }
    root->required_version = as_buf_view(&buf);
}

static as_tf_eval *eval_new(
        as_tf_loader *loader, as_str dir, const as_tf_options *options, bool validate_only)
{
    static const as_tf_options none;
    as_tf_eval *eval = AS_NEW(loader->arena, as_tf_eval);
    eval->loader = loader;
    eval->arena = loader->arena;
    eval->options = options ? options : &none;
    eval->root_dir = dir;
    eval->steps = AS_MAX_STEPS / 10; /* some seconds */
    eval->validate_only = validate_only;
    as_diags_init(&eval->raw, loader->arena);
    return eval;
}

#define GIVE(field) root->field.items = eval->field.items, root->field.n = eval->field.n

static void evaluate_root(as_tf_eval *eval, as_tf_root *root)
{
    as_tf_module *m = as_tf_load(eval->loader, eval->root_dir);
    root->span = m->span;
    as_tf_read_root_values(eval);
    eval->root = as_tf_scope_new(eval, m, NULL, NULL, (as_tf_repeat){0}, AS_STR(""));
    run_unit(eval->root, collect_settings, root, m->span);
    collect_scope(eval->root);
    as_tf_read_lock(eval, root);
}

static as_tf_root *run(as_tf_eval *eval)
{
    as_tf_root *root = AS_NEW(eval->arena, as_tf_root);
    root->origin = AS_TF_CONFIG;
    root->dir = eval->root_dir;
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, eval->arena)) {
        evaluate_root(eval, root);
        as_guard_leave(&guard);
    } else {
        as_diags_add_path(eval->loader->diags, AS_DIAG_ERROR, "terraform-limit", eval->root_dir,
                "Evaluation was stopped: %s", as_cause_text(guard.cause));
    }
    GIVE(resources), GIVE(outputs), GIVE(variables), GIVE(given), GIVE(locals), GIVE(calls);
    GIVE(providers), GIVE(requirements), GIVE(checks), GIVE(moves);
    return root;
}

const as_tf_root *as_tf_evaluate(as_tf_loader *loader, as_str dir, const as_tf_options *options)
{
    return run(eval_new(loader, as_str_dup(loader->arena, dir), options, false));
}

/* Parses all modules that can be reached by local paths. */
static void load_tree(as_tf_loader *loader, const as_tf_module *m, as_map *seen)
{
    if (as_map_put(loader->arena, seen, m->dir, loader))
        return;
    for (size_t i = 0; i < m->calls.n; i++) {
        const as_tf_call_config *call = m->calls.entries[i].value;
        as_str dir;
        if (seen->n < 1000 && as_tf_source_is_local(call->source) &&
                as_path_join(loader->arena, m->dir, call->source, &dir))
            load_tree(loader, as_tf_load(loader, dir), seen);
    }
}

void as_tf_validate(as_tf_loader *loader, as_str dir)
{
    size_t before = loader->diags->n_errors;
    as_map seen = {0};
    load_tree(loader, as_tf_load(loader, dir), &seen);
    if (loader->diags->n_errors == before) /* as Terraform: first the syntax, then the meaning */
        run(eval_new(loader, as_str_dup(loader->arena, dir), NULL, true));
}
