/* helmCharts: charts rendered into resources. */
#include "parsers/kustomize/build.h"

static as_str text_of(const as_value *v, const char *key)
{
    return as_value_str(as_value_get(v, as_str_from(key)));
}

static as_str either(const as_value *v, const char *key, const char *legacy)
{
    as_str text = text_of(v, key);

    return text.n ? text : text_of(v, legacy);
}

static as_str *texts_of(as_kust *k, const as_value *list, size_t *n)
{
    as_str *out;

    *n = as_value_count(list);
    out = AS_NEW_ARRAY(k->arena, as_str, *n);
    for (size_t i = 0; i < *n; i++)
        out[i] = as_value_str(as_value_index(list, i));
    return out;
}

/* Paths of values files are relative to the kustomization. */
static bool resolve_files(as_kust *k, const as_kust_target *t, as_kustomize_chart *c, as_str *more)
{
    if (c->values_file.n && !as_path_join(k->arena, t->dir, c->values_file, &c->values_file))
        return as_kust_fail(k, "kustomize-chart", c->span, "%.*s leads out of what is scanned",
                AS_STR_ARG(c->values_file));
    for (size_t i = 0; i < c->n_more_values_files; i++)
        if (!as_path_join(k->arena, t->dir, more[i], &more[i]))
            return as_kust_fail(k, "kustomize-chart", c->span, "%.*s leads out of what is scanned",
                    AS_STR_ARG(more[i]));
    return true;
}

static bool flag_of(const as_value *v, const char *key)
{
    return as_value_bool_or(as_value_get(v, as_str_from(key)), false);
}

bool as_kust_generate_chart(as_kust *k, const as_kust_target *t, const as_value *globals,
        const as_value *chart, as_res_list *out)
{
    as_str home = text_of(globals, "chartHome"), folder, merge = text_of(chart, "valuesMerge");
    as_str *more;
    as_yaml_docs docs = {0};
    as_kustomize_chart c = {
            .name = either(chart, "name", "chartName"),
            .version = either(chart, "version", "chartVersion"),
            .release_name = text_of(chart, "releaseName"),
            .name_template = text_of(chart, "nameTemplate"),
            .namespace = either(chart, "namespace", "releaseNamespace"),
            .kube_version = text_of(chart, "kubeVersion"),
            .values_file = either(chart, "valuesFile", "values"),
            .include_crds = flag_of(chart, "includeCRDs"),
            .skip_hooks = flag_of(chart, "skipHooks"),
            .skip_tests = flag_of(chart, "skipTests"),
            .span = chart->span,
    };

    home = home.n ? home : text_of(chart, "chartHome");
    c.inline_values = as_value_get(chart, AS_STR("valuesInline"));
    c.inline_values =
            c.inline_values ? c.inline_values : as_value_get(chart, AS_STR("valuesLocal"));
    c.inline_wins = !as_str_is(merge, "merge");
    c.inline_alone = as_str_is(merge, "replace");
    c.more_values_files = more = texts_of(
            k, as_value_get(chart, AS_STR("additionalValuesFiles")), &c.n_more_values_files);
    c.api_versions = texts_of(k, as_value_get(chart, AS_STR("apiVersions")), &c.n_api_versions);
    if (!c.name.n)
        return as_kust_fail(k, "kustomize-chart", c.span, "chart name cannot be empty");
    if (merge.n && !as_str_is(merge, "merge") && !as_str_is(merge, "override") &&
            !as_str_is(merge, "replace"))
        return as_kust_fail(k, "kustomize-chart", c.span,
                "valuesMerge must be one of [merge override replace]");
    folder = as_str_fmt(k->arena, "%.*s/%.*s", AS_STR_ARG(home.n ? home : AS_STR("charts")),
            AS_STR_ARG(c.name));
    if (!resolve_files(k, t, &c, more) || !as_path_join(k->arena, t->dir, folder, &c.dir))
        return as_kust_fail(k, "kustomize-chart", c.span, "the chart lies outside what is scanned");
    if (as_fs_stat(k->fs, c.dir) != AS_FS_DIR)
        return as_kust_fail(k, "kustomize-chart", c.span,
                "no chart at %.*s, and nothing is fetched", AS_STR_ARG(c.dir));
    if (!k->options.render_chart)
        return as_kust_fail(k, "kustomize-chart", c.span, "charts are not rendered here");
    if (!k->options.render_chart(k->options.render_self, k->arena, k->fs, &c, k->diags, &docs))
        return false;
    return as_res_from_docs(k, &docs, out);
}
