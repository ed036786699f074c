/* Provider configurations: where a resource's provider is configured. Terraform:
 * internal/terraform/transform_provider.go. */
#include "engine/base/limits.h"
#include "parsers/terraform/tree.h"

as_str as_tf_implied_provider(as_str resource_type)
{
    size_t underscore = as_str_find_char(resource_type, '_');
    return underscore == (size_t)-1 ? resource_type : as_str_slice(resource_type, 0, underscore);
}

static const as_value *first_of(const as_value *list, as_str name)
{
    const as_value *block = list && list->kind == AS_LIST ? as_value_index(list, 0) : list;
    return block && block->kind == AS_UNKNOWN ? block : as_value_get(block, name);
}

static const as_tf_provider *evaluate(as_tf_scope *scope, const as_tf_provider_config *config)
{
    as_arena *arena = scope->eval->arena;
    as_tf_provider *p = AS_NEW(arena, as_tf_provider);
    *p = (as_tf_provider){.name = config->name,
            .alias = config->alias,
            .span = config->span,
            .source = as_tf_provider_source(arena, scope->module, config->name),
            .module = scope->address,
            .values = as_hcl_object(arena, config->span, NULL, 0)};
    scope->providers[config->index] = p; /* also what a cycle would find */
    as_tf_frame frame = {scope, NULL, NULL};
    as_hcl_ctx ctx = as_tf_context(&frame);
    p->values = as_tf_body_value(&ctx, config->config, false, config->span);
    const as_value *region = as_value_get(p->values, AS_STR("region"));
    p->region = as_value_is_null(region) ? NULL : region;
    const as_value *tags =
            first_of(as_value_get(p->values, AS_STR("default_tags")), AS_STR("tags"));
    if (as_value_is_null(tags))
        tags = as_value_get(p->values, AS_STR("default_labels"));
    p->default_tags = as_value_is_null(tags) ? NULL : tags;
    return p;
}

static const as_tf_provider *implied(as_tf_scope *scope, as_str name)
{
    as_arena *arena = scope->eval->arena;
    as_tf_provider *p = as_map_get(&scope->implied, name);
    if (p)
        return p;
    p = AS_NEW(arena, as_tf_provider);
    *p = (as_tf_provider){.name = name,
            .module = scope->address,
            .source = as_tf_provider_source(arena, scope->module, name),
            .values = as_hcl_object(arena, AS_SPAN_NONE, NULL, 0)};
    as_map_put(arena, &scope->implied, name, p);
    return p;
}

const as_tf_provider *as_tf_provider_find(
        as_tf_scope *scope, as_str name, as_str alias, unsigned depth)
{
    as_arena *arena = scope->eval->arena;
    if (depth > AS_MAX_CALL_DEPTH)
        return implied(scope, name);
    as_str key =
            alias.n ? as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(name), AS_STR_ARG(alias)) : name;
    const as_tf_provider_config *config = as_map_get(&scope->module->providers, key);
    if (config)
        return scope->providers[config->index] ? scope->providers[config->index]
                                               : evaluate(scope, config);
    if (!scope->parent)
        return implied(scope, name);
    for (size_t i = 0; i < scope->call->providers.n; i++) {
        const as_tf_passed_provider *p = &scope->call->providers.items[i];
        if (as_str_eq(p->child.name, name) && as_str_eq(p->child.alias, alias))
            return as_tf_provider_find(scope->parent, p->parent.name, p->parent.alias, depth + 1);
    }
    if (alias.n) /* configuration_aliases that nobody passed */
        return implied(scope, name);
    return as_tf_provider_find(scope->parent, name, alias, depth + 1);
}
