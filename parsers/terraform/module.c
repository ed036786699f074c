/* Files become a module: declarations are gathered, repeats refused, override files laid on top.
 * Terraform: internal/configs/module.go, module_merge.go. */
#include "parsers/terraform/config.h"

#include <stdarg.h>

static as_str place(as_tf_decoder *d, as_span span)
{
    return as_tf_place(d->arena, d->sources, span);
}

static void duplicate(as_tf_decoder *d, as_span span, as_str summary, const char *fmt, ...)
        AS_PRINTF(4, 5);
static void duplicate(as_tf_decoder *d, as_span span, as_str summary, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    as_buf buf;
    as_buf_init(&buf, d->arena, 0);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    as_tf_error(d->diags, span, as_str_cstr(d->arena, summary), "%s", as_buf_c(&buf));
}

/* --- primary files ---------------------------------------------------------------------------- */

static as_str provider_key(as_arena *arena, as_str name, as_str alias)
{
    return alias.n ? as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(name), AS_STR_ARG(alias)) : name;
}

static void append_settings(as_tf_decoder *d, as_tf_module *m, as_tf_file *file)
{
    for (size_t i = 0; i < file->required_versions.n; i++)
        AS_VEC_PUSH(d->arena, &m->required_versions, file->required_versions.items[i]);
    for (size_t i = 0; i < file->backends.n; i++) {
        as_tf_backend_config *b = file->backends.items[i];
        if (m->backend)
            duplicate(d, b->span, AS_STR("Duplicate 'backend' configuration block"),
                    "The first one is at %.*s.", AS_STR_ARG(place(d, m->backend->span)));
        else
            m->backend = b;
    }
    for (size_t i = 0; i < file->clouds.n; i++) {
        as_tf_backend_config *c = file->clouds.items[i];
        if (m->cloud)
            duplicate(d, c->span, AS_STR("Duplicate HCP Terraform configurations"),
                    "The first one is at %.*s.", AS_STR_ARG(place(d, m->cloud->span)));
        else
            m->cloud = c;
    }
    if (m->backend && m->cloud && (file->backends.n || file->clouds.n))
        duplicate(d, m->backend->span,
                AS_STR("Conflicting 'cloud' and 'backend' configuration blocks are present"),
                "State lies in one place: either \"cloud\" (%.*s) or \"backend\" (%.*s).",
                AS_STR_ARG(place(d, m->cloud->span)), AS_STR_ARG(place(d, m->backend->span)));
}

static void append_providers(as_tf_decoder *d, as_tf_module *m, as_tf_file *file)
{
    for (size_t i = 0; i < file->providers.n; i++) {
        as_tf_provider_config *p = file->providers.items[i];
        as_str key = provider_key(d->arena, p->name, p->alias);
        const as_tf_provider_config *old = as_map_get(&m->providers, key);
        if (!old) {
            p->index = m->providers.n;
            as_map_put(d->arena, &m->providers, key, p);
        } else if (!p->alias.n) {
            duplicate(d, p->span, AS_STR("Duplicate provider configuration"),
                    "The default configuration of \"%.*s\" is at %.*s; others need an \"alias\".",
                    AS_STR_ARG(p->name), AS_STR_ARG(place(d, old->span)));
        } else {
            duplicate(d, p->span, AS_STR("Duplicate provider configuration"),
                    "\"%.*s\" has the alias \"%.*s\" already, at %.*s.", AS_STR_ARG(p->name),
                    AS_STR_ARG(p->alias), AS_STR_ARG(place(d, old->span)));
        }
    }
}

static void append_named(as_tf_decoder *d, as_tf_module *m, as_tf_file *file)
{
    for (size_t i = 0; i < file->variables.n; i++) {
        as_tf_variable_config *v = file->variables.items[i];
        const as_tf_variable_config *old = as_map_get(&m->variables, v->name);
        if (old)
            duplicate(d, v->span, AS_STR("Duplicate variable declaration"),
                    "\"%.*s\" is declared at %.*s already.", AS_STR_ARG(v->name),
                    AS_STR_ARG(place(d, old->span)));
        v->index = old ? old->index : m->variables.n;
        as_map_put(d->arena, &m->variables, v->name, v);
    }
    for (size_t i = 0; i < file->locals.n; i++) {
        as_tf_local_config *l = file->locals.items[i];
        const as_tf_local_config *old = as_map_get(&m->locals, l->name);
        if (old)
            duplicate(d, l->span, AS_STR("Duplicate local value definition"),
                    "\"%.*s\" is defined at %.*s already.", AS_STR_ARG(l->name),
                    AS_STR_ARG(place(d, old->span)));
        l->index = old ? old->index : m->locals.n;
        as_map_put(d->arena, &m->locals, l->name, l);
    }
    for (size_t i = 0; i < file->outputs.n; i++) {
        as_tf_output_config *o = file->outputs.items[i];
        const as_tf_output_config *old = as_map_get(&m->outputs, o->name);
        if (old)
            duplicate(d, o->span, AS_STR("Duplicate output definition"),
                    "\"%.*s\" is defined at %.*s already.", AS_STR_ARG(o->name),
                    AS_STR_ARG(place(d, old->span)));
        o->index = old ? old->index : m->outputs.n;
        as_map_put(d->arena, &m->outputs, o->name, o);
    }
    for (size_t i = 0; i < file->calls.n; i++) {
        as_tf_call_config *c = file->calls.items[i];
        const as_tf_call_config *old = as_map_get(&m->calls, c->name);
        if (old)
            duplicate(d, c->span, AS_STR("Duplicate module call"),
                    "\"%.*s\" is called at %.*s already.", AS_STR_ARG(c->name),
                    AS_STR_ARG(place(d, old->span)));
        c->index = old ? old->index : m->calls.n;
        as_map_put(d->arena, &m->calls, c->name, c);
    }
}

static void append_resource(as_tf_decoder *d, as_tf_module *m, as_tf_resource_config *r)
{
    static const char *const words[] = {
            [AS_TF_MANAGED] = "resource", [AS_TF_DATA] = "data", [AS_TF_EPHEMERAL] = "ephemeral"};
    static const char *const nouns[] = {[AS_TF_MANAGED] = "resource",
            [AS_TF_DATA] = "data resource",
            [AS_TF_EPHEMERAL] = "ephemeral resource"};
    const as_tf_resource_config *old = as_map_get(&m->resources, r->key);
    if (!old) {
        r->index = m->resources.n;
        as_map_put(d->arena, &m->resources, r->key, r);
        return;
    }
    duplicate(d, r->header_span,
            as_str_fmt(d->arena, "Duplicate %s \"%.*s\" configuration", words[r->mode],
                    AS_STR_ARG(r->type)),
            "The %.*s %s \"%.*s\" is declared at %.*s already%s.", AS_STR_ARG(r->type),
            nouns[r->mode], AS_STR_ARG(r->name), AS_STR_ARG(place(d, old->header_span)),
            r->container ? ", including within check blocks" : "");
}

static void append_file(as_tf_decoder *d, as_tf_module *m, as_tf_file *file)
{
    append_settings(d, m, file);
    append_providers(d, m, file);
    append_named(d, m, file);
    for (int mode = AS_TF_MANAGED; mode <= AS_TF_EPHEMERAL; mode++)
        for (size_t i = 0; i < file->resources.n; i++)
            if ((int)file->resources.items[i]->mode == mode)
                append_resource(d, m, file->resources.items[i]);
    for (size_t i = 0; i < file->checks.n; i++) {
        as_tf_check_config *c = file->checks.items[i];
        if (c->data)
            append_resource(d, m, c->data);
        for (size_t k = 0; k < m->checks.n; k++)
            if (as_str_eq(m->checks.items[k]->name, c->name)) {
                duplicate(d, c->span,
                        as_str_fmt(d->arena, "Duplicate check \"%.*s\" configuration",
                                AS_STR_ARG(c->name)),
                        "\"%.*s\" is declared at %.*s already.", AS_STR_ARG(c->name),
                        AS_STR_ARG(place(d, m->checks.items[k]->span)));
                break;
            }
        AS_VEC_PUSH(d->arena, &m->checks, c);
    }
    for (size_t i = 0; i < file->moves.n; i++)
        AS_VEC_PUSH(d->arena, &m->moves, file->moves.items[i]);
}

/* --- override files --------------------------------------------------------------------------- */

static void missing_base(as_tf_decoder *d, as_span span, const char *summary, const char *fmt, ...)
        AS_PRINTF(4, 5);
static void missing_base(as_tf_decoder *d, as_span span, const char *summary, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    as_buf buf;
    as_buf_init(&buf, d->arena, 0);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    as_tf_error(d->diags, span, summary, "%s", as_buf_c(&buf));
}

static void no_depends_on(as_tf_decoder *d, const as_tf_depends_list *list)
{
    if (list->n)
        as_tf_error(d->diags, list->items[0].span, "Unsupported override",
                "depends_on cannot be overridden.");
}

static void merge_variable(
        as_tf_decoder *d, as_tf_variable_config *v, const as_tf_variable_config *o)
{
    if (o->description.n)
        v->description = o->description;
    if (o->sensitive_set)
        v->sensitive = o->sensitive;
    if (o->ephemeral_set)
        v->ephemeral = o->ephemeral;
    if (o->nullable_set)
        v->nullable = o->nullable;
    if (o->default_value) {
        v->default_value = o->default_value;
        v->default_expr = o->default_expr;
        v->default_span = o->default_span;
    }
    if (o->type) {
        v->type = o->type;
        v->type_span = o->type_span;
    }
    if (!v->default_value)
        return;
    as_convert_error error;
    const as_value *value = v->default_value;
    if (!as_value_is_null(value))
        value = as_type_apply_defaults(d->kept, v->type, value);
    value = as_convert(d->kept, value, v->type, &error);
    if (value) {
        v->default_value = as_value_with_flags(d->kept, value, AS_DEFAULTED);
    } else {
        const char *why = o->type && !o->default_value
                                  ? "The default does not fit the type that overrides the first"
                          : !o->type && o->default_value
                                  ? "The default that overrides the first does not fit the type"
                                  : "The default does not fit the type";
        as_tf_error(d->diags, o->span, "Invalid default value for variable", "%s: %.*s.", why,
                AS_STR_ARG(as_convert_error_text(d->arena, &error)));
    }
    if (!v->nullable && as_value_is_null(v->default_value))
        as_tf_error(d->diags, o->span, "Invalid default value for variable",
                "It is null, and nullable = false.");
}

static void merge_named(as_tf_decoder *d, as_tf_module *m, as_tf_file *file)
{
    for (size_t i = 0; i < file->variables.n; i++) {
        const as_tf_variable_config *o = file->variables.items[i];
        as_tf_variable_config *v = as_map_get(&m->variables, o->name);
        if (v)
            merge_variable(d, v, o);
        else
            missing_base(d, o->span, "Missing base variable declaration to override",
                    "No ordinary file declares the variable \"%.*s\".", AS_STR_ARG(o->name));
    }
    for (size_t i = 0; i < file->locals.n; i++) {
        const as_tf_local_config *o = file->locals.items[i];
        as_tf_local_config *l = as_map_get(&m->locals, o->name);
        if (l) {
            l->expr = o->expr;
            l->span = o->span;
        } else {
            missing_base(d, o->span, "Missing base local value definition to override",
                    "No ordinary file defines the local value \"%.*s\".", AS_STR_ARG(o->name));
        }
    }
    for (size_t i = 0; i < file->outputs.n; i++) {
        const as_tf_output_config *o = file->outputs.items[i];
        as_tf_output_config *base = as_map_get(&m->outputs, o->name);
        if (!base) {
            missing_base(d, o->span, "Missing base output definition to override",
                    "No ordinary file defines the output \"%.*s\".", AS_STR_ARG(o->name));
            continue;
        }
        if (o->description.n)
            base->description = o->description;
        if (o->expr)
            base->expr = o->expr;
        if (o->sensitive_set)
            base->sensitive = o->sensitive;
        if (o->ephemeral_set)
            base->ephemeral = o->ephemeral;
        if (o->type)
            base->type = o->type;
        no_depends_on(d, &o->depends_on);
    }
}

static void merge_calls(as_tf_decoder *d, as_tf_module *m, as_tf_file *file)
{
    for (size_t i = 0; i < file->calls.n; i++) {
        const as_tf_call_config *o = file->calls.items[i];
        as_tf_call_config *c = as_map_get(&m->calls, o->name);
        if (!c) {
            missing_base(d, o->span, "Missing module call to override",
                    "No ordinary file calls a module \"%.*s\".", AS_STR_ARG(o->name));
            continue;
        }
        if (o->source_expr) {
            c->source_expr = o->source_expr;
            c->source = o->source;
        }
        if (o->version_expr) {
            c->version_expr = o->version_expr;
            c->version = o->version;
        }
        if (o->count)
            c->count = o->count;
        if (o->for_each)
            c->for_each = o->for_each;
        if (o->enabled)
            c->enabled = o->enabled;
        if (o->providers.n)
            c->providers = o->providers;
        c->config = as_tf_body_override(d->arena, c->config, o->config);
        no_depends_on(d, &o->depends_on);
    }
}

static void merge_resource(
        as_tf_decoder *d, as_tf_resource_config *r, const as_tf_resource_config *o)
{
    if (o->count)
        r->count = o->count;
    if (o->for_each)
        r->for_each = o->for_each;
    if (o->enabled)
        r->enabled = o->enabled;
    if (o->provider.name.n)
        r->provider = o->provider;
    if (o->connection)
        r->connection = o->connection;
    if (o->create_before_destroy)
        r->create_before_destroy = o->create_before_destroy;
    if (o->prevent_destroy)
        r->prevent_destroy = o->prevent_destroy;
    if (o->ignore_changes.n)
        r->ignore_changes = o->ignore_changes, r->ignore_spans = o->ignore_spans;
    if (o->ignore_all)
        r->ignore_all = true;
    if (o->lifecycle_span.file)
        r->lifecycle_span = o->lifecycle_span;
    if (o->provisioners.n)
        r->provisioners = o->provisioners;
    r->config = as_tf_body_override(d->arena, r->config, o->config);
    no_depends_on(d, &o->depends_on);
}

static void merge_resources(as_tf_decoder *d, as_tf_module *m, as_tf_file *file)
{
    static const struct {
        const char *summary, *noun, *block;
    } words[] = {
            [AS_TF_MANAGED] = {"Missing resource to override", "resource", "a resource"},
            [AS_TF_DATA] = {"Missing data resource to override", "data resource", "a data"},
            [AS_TF_EPHEMERAL] = {"Missing ephemeral resource to override", "ephemeral resource",
                    "an ephemeral"},
    };
    for (size_t i = 0; i < file->resources.n; i++) {
        const as_tf_resource_config *o = file->resources.items[i];
        as_tf_resource_config *r = as_map_get(&m->resources, o->key);
        if (r)
            merge_resource(d, r, o);
        else
            missing_base(d, o->header_span, words[o->mode].summary,
                    "No ordinary file has the %.*s %s \"%.*s\"; %s block can only be overridden "
                    "where there is one.",
                    AS_STR_ARG(o->type), words[o->mode].noun, AS_STR_ARG(o->name),
                    words[o->mode].block);
    }
}

static void merge_file(as_tf_decoder *d, as_tf_module *m, as_tf_file *file)
{
    if (file->required_versions.n) {
        m->required_versions.n = 0;
        for (size_t i = 0; i < file->required_versions.n; i++)
            AS_VEC_PUSH(d->arena, &m->required_versions, file->required_versions.items[i]);
    }
    if (file->backends.n > 1)
        duplicate(d, file->backends.items[1]->span, AS_STR("Duplicate backend configuration"),
                "The first one is at %.*s.", AS_STR_ARG(place(d, file->backends.items[0]->span)));
    else if (file->backends.n) {
        m->backend = file->backends.items[0];
        m->cloud = NULL;
    }
    if (file->clouds.n > 1)
        duplicate(d, file->clouds.items[1]->span, AS_STR("Duplicate HCP Terraform configurations"),
                "The first one is at %.*s.", AS_STR_ARG(place(d, file->clouds.items[0]->span)));
    else if (file->clouds.n) {
        m->cloud = file->clouds.items[0];
        m->backend = NULL;
    }
    for (size_t i = 0; i < file->providers.n; i++) {
        as_tf_provider_config *o = file->providers.items[i];
        as_str key = provider_key(d->arena, o->name, o->alias);
        as_tf_provider_config *p = as_map_get(&m->providers, key);
        if (p)
            p->config = as_tf_body_override(d->arena, p->config, o->config);
        else if (o->alias.n)
            missing_base(d, o->span, "Missing base provider configuration for override",
                    "No ordinary file configures %.*s with the alias \"%.*s\".",
                    AS_STR_ARG(o->name), AS_STR_ARG(o->alias));
        else {
            o->index = m->providers.n;
            as_map_put(d->arena, &m->providers, key, o);
        }
    }
    merge_named(d, m, file);
    merge_calls(d, m, file);
    merge_resources(d, m, file);
    for (size_t i = 0; i < file->moves.n; i++) {
        const as_tf_move_config *move = file->moves.items[i];
        as_tf_error(d->diags, move->span,
                as_str_cstr(
                        d->arena, as_str_fmt(d->arena, "Cannot override '%s' blocks", move->kind)),
                "%s blocks belong into ordinary files.", move->kind);
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static void gather_requirements(
        as_tf_decoder *d, as_tf_module *m, as_tf_file *const *files, size_t n, bool override)
{
    for (size_t i = 0; i < n; i++) {
        as_tf_file *file = files[i];
        for (size_t k = 0; !override && k < file->required_providers_blocks.n; k++) {
            as_span span = file->required_providers_blocks.items[k];
            if (m->required_providers_span.file)
                duplicate(d, span, AS_STR("Duplicate required providers configuration"),
                        "The first one is at %.*s.",
                        AS_STR_ARG(place(d, m->required_providers_span)));
            else
                m->required_providers_span = span;
        }
        for (size_t k = 0; k < file->required_providers.n; k++) {
            as_tf_required_provider *p = &file->required_providers.items[k];
            if (override || !as_map_has(&m->required_providers, p->name))
                as_map_put(d->arena, &m->required_providers, p->name, p);
        }
    }
}

as_tf_module *as_tf_module_build(as_tf_decoder *d, as_str dir, as_tf_file *const *primary,
        size_t n_primary, as_tf_file *const *overrides, size_t n_overrides)
{
    as_tf_module *m = AS_NEW(d->arena, as_tf_module);
    m->dir = dir;
    m->exists = n_primary + n_overrides > 0;
    if (n_primary)
        m->span = (as_span){primary[0]->source->id, 0, 0};
    gather_requirements(d, m, primary, n_primary, false);
    gather_requirements(d, m, overrides, n_overrides, true);
    for (size_t i = 0; i < n_primary; i++)
        append_file(d, m, primary[i]);
    for (size_t i = 0; i < n_overrides; i++)
        merge_file(d, m, overrides[i]);
    /* Arguments of calls are read only now: overrides have had their say. */
    for (size_t i = 0; i < m->calls.n; i++) {
        as_tf_call_config *c = m->calls.entries[i].value;
        c->arguments = as_hcl_body_attributes(d->arena, c->config, d->diags);
    }
    return m;
}
