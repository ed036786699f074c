/* Charts of a kustomization, rendered by parsers/helm. */
#include "parsers/helm/helm.h"
#include "parsers/helm/name_template.h"
#include "parsers/kustomize/kustomize.h"

static void add_file(as_arena *arena, as_helm_options *options, as_str path)
{
    AS_VEC_PUSH(arena, &options->values, (as_helm_values){.path = path});
}

static void add_inline(as_arena *arena, as_helm_options *options, const as_kustomize_chart *c)
{
    if (c->inline_values)
        AS_VEC_PUSH(arena, &options->values, (as_helm_values){.value = c->inline_values});
}

/* The file and the inline values in the order that lets the right one win; then the other files. */
static void add_values(as_arena *arena, as_helm_options *options, const as_kustomize_chart *c)
{
    as_str file = c->values_file;

    if (!file.n && !c->inline_wins && !as_path_join(arena, c->dir, AS_STR("values.yaml"), &file))
        file = AS_STR_NONE;
    if (c->inline_alone)
        file = AS_STR_NONE;
    if (!c->inline_wins)
        add_inline(arena, options, c);
    if (file.n)
        add_file(arena, options, file);
    if (c->inline_wins)
        add_inline(arena, options, c);
    for (size_t i = 0; i < c->n_more_values_files; i++)
        add_file(arena, options, c->more_values_files[i]);
}

bool as_kustomize_render_chart(void *self, as_arena *arena, as_fs *fs, const as_kustomize_chart *c,
        as_diags *diags, as_yaml_docs *out)
{
    as_helm_options options = as_helm_options_default();
    const as_helm_release *release;
    as_str error;

    (void)self;
    add_values(arena, &options, c);
    if (c->release_name.n)
        options.release_name = c->release_name;
    if (c->namespace.n)
        options.namespace_ = c->namespace;
    if (c->kube_version.n)
        options.kube_version = c->kube_version;
    for (size_t i = 0; i < c->n_api_versions; i++)
        AS_VEC_PUSH(arena, &options.api_versions, c->api_versions[i]);
    options.include_crds = c->include_crds;
    options.no_hooks = c->skip_hooks;
    options.skip_tests = c->skip_tests;
    if (c->name_template.n &&
            !as_helm_name_template(arena, c->name_template, &options.release_name, &error)) {
        as_diags_add(diags, AS_DIAG_ERROR, "kustomize-chart", c->span, "%.*s", AS_STR_ARG(error));
        return false;
    }
    release = as_helm_render(arena, fs, c->dir, &options, diags);
    for (size_t i = 0; i < release->manifests.n; i++) {
        const as_value *v = release->manifests.items[i].value;
        as_yaml_doc doc = {v, v ? v->span : c->span};
        if (v)
            AS_VEC_PUSH(arena, out, doc);
    }
    return release->complete;
}
