/* Charts in a scan: each rendered with its own values, once more for each environment's values file
 * beside it, or as the configuration says. */
#include "parsers/helm/parser.h"

#include "parsers/helm/facts.h"
#include "parsers/kubernetes/resource.h"

extern const as_parser as_parser_helm;

/* --- discovery -------------------------------------------------------------------------------- */

/* A chart in another chart's charts/ is rendered along with that one. */
static bool is_subchart(const as_discovery *d, as_str dir)
{
    as_str parent = as_path_dir(dir);
    if (!as_str_is(as_path_base(parent), "charts")) {
        return false;
    }
    as_str outer = as_path_dir(parent), path;
    return as_path_join(d->arena, outer, AS_STR("Chart.yaml"), &path) &&
           as_fs_stat(d->fs, path) == AS_FS_FILE;
}

/* values-prod.yaml, prod.values.yaml, values/prod.yaml of this chart; not values.yaml, and not
 * those of ci/, which chart-testing uses. */
static bool is_variant(as_str dir, const as_input *input)
{
    as_str path = input->path;
    if (input->kind != AS_FILE_VALUES || path.n <= dir.n || memcmp(path.p, dir.p, dir.n) != 0) {
        return false;
    }
    as_str name = as_str_from_index(path, dir.n ? dir.n + 1 : 0);
    as_str folder = as_path_dir(name);
    return (folder.n == 0 || as_str_is(folder, "values")) && !as_str_is(name, "values.yaml") &&
           !as_str_is(name, "values.yml");
}

static as_strs one_file(as_arena *arena, as_str path)
{
    as_str *items = AS_NEW_ARRAY(arena, as_str, 1);
    items[0] = path;
    return (as_strs){items, 1};
}

/* Targets that the configuration names for this chart; false when it names none. */
static bool add_configured(as_discovery *d, as_str dir)
{
    bool found = false;
    for (size_t i = 0; i < d->options->helm.n; i++) {
        const as_variant *v = &d->options->helm.items[i];
        if (!as_variant_covers(v, dir)) {
            continue;
        }
        as_target *target =
                as_discovery_add(d, &as_parser_helm, dir, v->name, AS_ORIGIN_HELM, NULL);
        target->files = as_variant_files(d, v, dir);
        target->set = v->set;
        target->release = v->release;
        target->namespace = v->namespace;
        found = true;
    }
    return found;
}

static void add_chart(as_discovery *d, as_str dir)
{
    if (add_configured(d, dir)) {
        return;
    }
    as_discovery_add(d, &as_parser_helm, dir, AS_STR(""), AS_ORIGIN_HELM, NULL);
    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (is_variant(dir, input)) {
            as_str name = as_str_from_index(input->path, dir.n ? dir.n + 1 : 0);
            as_target *target =
                    as_discovery_add(d, &as_parser_helm, dir, name, AS_ORIGIN_HELM, NULL);
            target->files = one_file(d->arena, input->path);
            input->taken = true;
        }
    }
}

/* A packed chart in the charts/ of another one. */
static bool is_dependency(const as_discovery *d, as_str path)
{
    as_str dir = as_path_dir(path), file;
    return as_str_is(as_path_base(dir), "charts") &&
           as_path_join(d->arena, as_path_dir(dir), AS_STR("Chart.yaml"), &file) &&
           as_discovery_input(d, file) != NULL;
}

static void discover(as_discovery *d)
{
    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (input->kind == AS_FILE_CHART_ARCHIVE && !input->taken &&
                !is_dependency(d, input->path)) {
            input->taken = true;
            add_chart(d, input->path);
        }
        if (input->kind != AS_FILE_CHART || input->taken) {
            continue;
        }
        as_str dir = as_path_dir(input->path);
        input->taken = true;
        if (!is_subchart(d, dir)) {
            add_chart(d, dir);
        }
    }
}

/* --- loading ---------------------------------------------------------------------------------- */

static void add_files(as_load *l, as_strs files, as_helm_options *options)
{
    for (size_t i = 0; i < files.n; i++) {
        AS_VEC_PUSH(l->arena, &options->values, (as_helm_values){.path = files.items[i]});
    }
}

static void add_sets(as_load *l, as_strs sets, as_helm_options *options)
{
    for (size_t i = 0; i < sets.n; i++) {
        AS_VEC_PUSH(l->arena, &options->sets,
                (as_helm_set){.kind = AS_HELM_SET, .text = sets.items[i]});
    }
}

void as_helm_load(as_load *l, as_str dir, const as_helm_options *options)
{
    size_t diags_before = l->diags->list.n;
    const as_helm_release *release = as_helm_render(l->arena, l->fs, dir, options, l->diags);
    as_call *call = AS_NEW(l->arena, as_call);
    call->name = as_str_join(l->arena, AS_STR("chart "), release->chart);
    call->span = release->span;
    as_k8s_objects objects = {0};
    for (size_t i = 0; i < release->manifests.n; i++) {
        const as_value *value = release->manifests.items[i].value;
        if (value) {
            as_k8s_add(l->arena, value, value->span, l->diags, &objects);
        }
    }
    for (size_t i = 0; i < objects.n; i++) {
        as_resource resource =
                as_k8s_resource(l->arena, &objects.items[i], AS_ORIGIN_HELM, options->namespace_);
        resource.calls = call;
        AS_VEC_PUSH(l->arena, &l->resources, resource);
    }
    if (as_fs_stat(l->fs, dir) == AS_FS_DIR) { /* what is packed is not edited any more */
        as_helm_add_facts(l, dir, release, options, diags_before);
    }
    l->n_files += release->n_files;
}

static void load(as_load *l)
{
    const as_target *target = l->target;
    as_helm_options options = as_helm_options_default();
    options.lenient = true;
    as_str release = target->release.n ? target->release : l->options->release;
    as_str space = target->namespace.n ? target->namespace : l->options->namespace;
    options.release_name = release.n ? release : options.release_name;
    options.namespace_ = space.n ? space : options.namespace_;
    options.cluster = l->options->cluster;
    add_files(l, target->files, &options);
    add_files(l, l->options->value_files, &options);
    add_sets(l, target->set, &options);
    add_sets(l, l->options->set_values, &options);
    as_helm_load(l, target->path, &options);
}

const as_parser as_parser_helm = {"helm", discover, load};
