/* Generators and transformers in files: the built-in kinds. Others would be programs to run, which
 * is never done. */
#include "parsers/kustomize/build.h"

static const as_value *config_of(as_kust *k, const as_res *r)
{
    return as_ktree_to_value(k->arena, r->node);
}

static bool unknown_plugin(as_kust *k, const as_res *r)
{
    return as_kust_fail(k, "kustomize-plugin", r->span,
            "external plugins disabled; unable to load external plugin '%.*s'",
            AS_STR_ARG(as_res_kind(r)));
}

static bool is_builtin(const as_res *r)
{
    return as_str_is(as_ktree_text(as_ktree_get(r->node, AS_STR("apiVersion"))), "builtin");
}

/* --- generators --------------------------------------------------------------------------------
 */

bool as_plugin_generate(as_kust *k, const as_kust_target *t, const as_res *config, as_res_list *out)
{
    as_str kind = as_res_kind(config);
    const as_value *v = config_of(k, config);

    if (!is_builtin(config))
        return unknown_plugin(k, config);
    if (as_str_is(kind, "ConfigMapGenerator") || as_str_is(kind, "SecretGenerator"))
        return as_kust_generate_one(k, t, v, NULL, as_str_is(kind, "SecretGenerator"), out);
    if (as_str_is(kind, "HelmChartInflationGenerator"))
        return as_kust_generate_chart(k, t, v, v, out);
    return unknown_plugin(k, config);
}

/* --- transformers ------------------------------------------------------------------------------
 */

typedef struct plugin_call {
    as_kust *k;
    const as_kust_target *t;
    const as_value *v;
    as_field_specs specs;
    as_res_list *rs;
} plugin_call;

static const as_value *part(const plugin_call *c, const char *key)
{
    return as_value_get(c->v, as_str_from(key));
}

static bool run_namespace(const plugin_call *c)
{
    return as_transform_namespace(c->k, as_value_get(part(c, "metadata"), AS_STR("namespace")),
            &c->specs, as_value_bool_or(part(c, "unsetOnly"), false),
            as_value_str(part(c, "setRoleBindingSubjects")), c->rs);
}

static bool run_prefix(const plugin_call *c)
{
    return as_transform_prefix(c->k, part(c, "prefix"), &c->specs, false, c->rs);
}

static bool run_suffix(const plugin_call *c)
{
    return as_transform_prefix(c->k, part(c, "suffix"), &c->specs, true, c->rs);
}

static bool run_prefix_suffix(const plugin_call *c)
{
    return run_prefix(c) && run_suffix(c);
}

static bool run_labels(const plugin_call *c)
{
    return as_transform_labels(c->k, part(c, "labels"), &c->specs, c->rs);
}

static bool run_annotations(const plugin_call *c)
{
    return as_transform_labels(c->k, part(c, "annotations"), &c->specs, c->rs);
}

static bool run_image(const plugin_call *c)
{
    const as_value *image = part(c, "imageTag");

    return as_transform_image(c->k, image ? image : c->v, &c->specs, c->rs);
}

static bool run_replicas(const plugin_call *c)
{
    const as_value *replica = part(c, "replica");

    return as_transform_replicas(c->k, replica ? replica : c->v, &c->specs, c->rs);
}

static bool run_replacements(const plugin_call *c)
{
    return as_transform_replacements(c->k, c->t, part(c, "replacements"), c->rs);
}

static bool run_patch(const plugin_call *c)
{
    return as_transform_patch(c->k, c->t, c->v, c->rs);
}

static bool run_patch_strategic(const plugin_call *c)
{
    return as_transform_patch_strategic(
            c->k, c->t, part(c, "paths"), as_value_str(part(c, "patches")), c->rs);
}

static bool run_patch_json(const plugin_call *c)
{
    return as_transform_patch_json(c->k, c->t, c->v, c->rs);
}

static bool run_hash(const plugin_call *c)
{
    return as_kust_add_hashes(c->k, c->rs);
}

static bool run_value_add(const plugin_call *c)
{
    return as_transform_value_add(c->k, c->t, c->v, c->rs);
}

static const struct {
    const char *kind;
    bool (*run)(const plugin_call *call);
} transformers[] = {
        {"AnnotationsTransformer", run_annotations},
        {"HashTransformer", run_hash},
        {"ImageTagTransformer", run_image},
        {"LabelTransformer", run_labels},
        {"NamespaceTransformer", run_namespace},
        {"PatchJson6902Transformer", run_patch_json},
        {"PatchStrategicMergeTransformer", run_patch_strategic},
        {"PatchTransformer", run_patch},
        {"PrefixSuffixTransformer", run_prefix_suffix},
        {"PrefixTransformer", run_prefix},
        {"ReplacementTransformer", run_replacements},
        {"ReplicaCountTransformer", run_replicas},
        {"SuffixTransformer", run_suffix},
        {"ValueAddTransformer", run_value_add},
};

bool as_plugin_transform(as_kust *k, const as_kust_target *t, const as_res *config, as_res_list *rs)
{
    plugin_call c = {.k = k, .t = t, .v = config_of(k, config), .rs = rs};

    c.specs = as_specs_of(k, part(&c, "fieldSpecs"));
    for (size_t i = 0; i < sizeof transformers / sizeof transformers[0] && is_builtin(config);
            i++) {
        if (!as_str_is(as_res_kind(config), transformers[i].kind))
            continue;
        if (!transformers[i].run(&c))
            return false;
        as_origin_transformed_by(k, config, rs);
        as_res_drop_deleted(rs);
        return true;
    }
    return unknown_plugin(k, config);
}
