#include "parsers/helm/facts.h"

#include "parsers/helm/decode.h"
#include "parsers/kubernetes/kubernetes.h"
#include "parsers/yaml/yaml.h"

typedef struct gathering {
    as_load *load;
    as_str dir;
    const as_helm_release *release;
    const as_helm_options *options;
    const as_helm_chart *chart;
    as_helm_usage *usage;
    bool unsure; /* dependencies are missing that may read values */
} gathering;

static void put(as_object_builder *b, const char *name, const as_value *v)
{
    if (!as_value_is_null(v))
        as_object_add(b, as_str_from(name), AS_SPAN_NONE, v);
}

static const as_value *text(const gathering *g, as_span span, as_str s)
{
    return s.n > 0 ? as_value_string(g->load->arena, span, s) : NULL;
}

static const as_value *read_yaml(const gathering *g, const char *name)
{
    const as_source *source;
    as_diags ignored;
    as_str path;

    if (!as_path_join(g->load->arena, g->dir, as_str_from(name), &path) ||
            as_fs_read(g->load->fs, path, &source) != AS_FS_OK)
        return NULL;
    as_diags_init(&ignored, g->load->arena);
    return as_yaml_parse_one(g->load->arena, source, (as_yaml_options){0}, &ignored);
}

/* --- the chart -------------------------------------------------------------------------------- */

/* Entries as they are written, with whether charts/ holds the dependency. */
static const as_value *dependencies(const gathering *g, const as_value *list)
{
    as_arena *arena = g->load->arena;
    as_list_builder out;

    as_list_begin(&out, arena);
    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *entry = as_value_index(list, i);
        as_str name = as_value_str(as_value_get(entry, AS_STR("name"))), file;
        as_object_builder b;
        if (!as_value_is(entry, AS_OBJECT))
            continue;
        as_object_begin(&b, arena);
        for (size_t m = 0; m < entry->as.object->n; m++)
            as_object_add(&b, entry->as.object->members[m].key,
                    entry->as.object->members[m].key_span, entry->as.object->members[m].value);
        bool vendored =
                as_path_join(arena, g->dir,
                        as_str_fmt(arena, "charts/%.*s/Chart.yaml", AS_STR_ARG(name)), &file) &&
                as_fs_stat(g->load->fs, file) == AS_FS_FILE;
        put(&b, "vendored", as_value_bool(arena, entry->span, vendored));
        as_list_add(&out, as_object_end(&b, entry->span));
    }
    return as_list_end(&out, list == NULL ? AS_SPAN_NONE : list->span);
}

/* What kept templates from being rendered. */
static const as_value *problems(const gathering *g, size_t from)
{
    as_list_builder out;

    as_list_begin(&out, g->load->arena);
    for (size_t i = from; i < g->load->diags->list.n; i++) {
        const as_diag *d = &g->load->diags->list.items[i];
        if (d->severity == AS_DIAG_ERROR && as_str_starts(as_str_from(d->code), "helm"))
            as_list_add(&out, as_value_string(g->load->arena, d->span, d->summary));
    }
    return as_list_end(&out, g->release->span);
}

/* Objects that a template puts into a namespace of its own choice: neither the release's nor one
 * that values name. */
static const as_value *outside(const gathering *g)
{
    as_arena *arena = g->load->arena;
    as_list_builder out;

    as_list_begin(&out, arena);
    for (size_t i = 0; i < g->release->manifests.n; i++) {
        const as_value *v = g->release->manifests.items[i].value;
        const as_value *namespace = as_value_path(v, "metadata.namespace");
        as_str name = as_value_str(namespace);
        if (name.n == 0 || as_str_eq(name, g->options->namespace_) ||
                as_value_trail(namespace) != NULL || as_str_is(name, "kube-system"))
            continue;
        const as_source *source = as_sources_get(as_fs_sources(g->load->fs), namespace->span.file);
        as_str written = source == NULL ? AS_STR("")
                                        : as_str_slice(source->text, namespace->span.begin,
                                                  namespace->span.end);
        if (!as_str_contains(written, name.n < 64 ? as_str_cstr(arena, name) : "\n"))
            continue; /* worked out */
        as_object_builder b;
        as_object_begin(&b, arena);
        put(&b, "namespace", as_value_string(arena, namespace->span, name));
        put(&b, "object",
                text(g, namespace->span,
                        as_str_fmt(arena, "%.*s %.*s",
                                AS_STR_ARG(g->release->manifests.items[i].kind),
                                AS_STR_ARG(g->release->manifests.items[i].name))));
        as_list_add(&out, as_object_end(&b, namespace->span));
    }
    return as_list_end(&out, g->release->span);
}

static void add_chart(gathering *g, size_t diags_before)
{
    as_arena *arena = g->load->arena;
    const as_value *metadata = g->chart == NULL ? NULL : g->chart->metadata;
    const as_value *lock = read_yaml(g, "Chart.lock"), *requirements = NULL;
    as_str name = g->release->chart.n > 0 ? g->release->chart : as_path_base(g->dir);
    as_object_builder b;

    if (lock == NULL)
        lock = read_yaml(g, "requirements.lock");
    const as_value *list = as_value_get(metadata, AS_STR("dependencies"));
    if (list == NULL) {
        requirements = read_yaml(g, "requirements.yaml");
        list = as_value_get(requirements, AS_STR("dependencies"));
    }
    as_object_begin(&b, arena);
    put(&b, "dir", text(g, g->release->span, g->dir));
    put(&b, "version", text(g, g->release->span, g->release->version));
    put(&b, "dependencies", dependencies(g, list));
    put(&b, "lock", lock);
    put(&b, "complete", as_value_bool(arena, g->release->span, g->release->complete));
    put(&b, "problems", problems(g, diags_before));
    if (g->chart != NULL)
        put(&b, "missing", text(g, g->release->span, as_helm_chart_missing(arena, g->chart)));
    put(&b, "outside", outside(g));
    put(&b, "variant", text(g, g->release->span, g->load->target->variant));
    AS_VEC_PUSH(arena, &g->load->resources,
            (as_resource){.origin = AS_ORIGIN_HELM,
                    .kind = AS_STR("helm.chart"),
                    .type = AS_STR("helm:chart"),
                    .address = as_str_fmt(arena, "chart/%.*s", AS_STR_ARG(name)),
                    .name = name,
                    .span = g->release->span,
                    .head = g->release->span,
                    .raw = as_object_end(&b, g->release->span)});
}

/* --- values files ----------------------------------------------------------------------------- */

/* A subchart's own keys, globals, tags and what the defaults have are nobody's mistake. */
static bool is_expected(const gathering *g, as_str top)
{
    const as_value *list =
            g->chart == NULL ? NULL : as_value_get(g->chart->metadata, AS_STR("dependencies"));

    if (as_str_is(top, "global") || as_str_is(top, "tags"))
        return true;
    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *entry = as_value_index(list, i);
        if (as_str_eq(as_value_str(as_value_get(entry, AS_STR("name"))), top) ||
                as_str_eq(as_value_str(as_value_get(entry, AS_STR("alias"))), top))
            return true;
    }
    for (size_t i = 0; g->chart != NULL && i < g->chart->subcharts.n; i++)
        if (as_str_eq(g->chart->subcharts.items[i]->name, top))
            return true;
    return false;
}

typedef struct unread_keys {
    as_list_builder list;
    bool unsure;
} unread_keys;

static void find_unread(gathering *g, const as_value *v, const as_value *defaults, as_str path,
        unread_keys *out, unsigned depth)
{
    as_arena *arena = g->load->arena;

    for (size_t i = 0; as_value_is(v, AS_OBJECT) && depth < 32 && i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        as_str own = path.n == 0
                             ? m->key
                             : as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(path), AS_STR_ARG(m->key));
        if (depth == 0 && is_expected(g, m->key))
            continue;
        const as_member *known =
                as_value_is(defaults, AS_OBJECT) ? as_value_member(defaults, m->key) : NULL;
        as_helm_use use = as_helm_usage_of(g->usage, own);
        if (known != NULL || (use == AS_HELM_READ && as_value_is(m->value, AS_OBJECT))) {
            /* Below an empty map of the defaults anything goes. */
            bool open = known != NULL && as_value_count(known->value) == 0;
            if (!open)
                find_unread(g, m->value, known == NULL ? NULL : known->value, own, out, depth + 1);
            continue;
        }
        out->unsure = out->unsure || use == AS_HELM_UNSURE;
        if (use == AS_HELM_UNREAD)
            as_list_add(&out->list, as_value_string(arena, m->key_span, own));
    }
}

static void add_values(gathering *g, as_str path, const as_value *values, bool is_override)
{
    as_arena *arena = g->load->arena;
    const as_source *source = as_sources_get(as_fs_sources(g->load->fs), values->span.file);
    as_object_builder b;
    unread_keys unread = {.unsure = g->unsure};

    as_object_begin(&b, arena);
    put(&b, "path", text(g, values->span, path));
    put(&b, "override", as_value_bool(arena, values->span, is_override));
    put(&b, "values", values);
    if (is_override && g->chart != NULL) {
        as_list_begin(&unread.list, arena);
        find_unread(g, values, g->chart->values, AS_STR(""), &unread, 0);
        put(&b, "unread", as_list_end(&unread.list, values->span));
        put(&b, "unsure",
                as_value_bool(arena, values->span, unread.unsure || g->chart->schema.name.n > 0));
    }
    as_span head = {values->span.file, values->span.begin, values->span.begin};
    AS_VEC_PUSH(arena, &g->load->resources,
            (as_resource){.origin = AS_ORIGIN_HELM,
                    .kind = AS_STR("helm.values"),
                    .type = AS_STR("helm:values"),
                    .address = as_str_fmt(
                            arena, "values/%.*s", AS_STR_ARG(source == NULL ? path : source->path)),
                    .name = as_path_base(path),
                    .span = values->span,
                    .head = head,
                    .raw = as_object_end(&b, values->span)});
}

static void add_all_values(gathering *g)
{
    as_diags ignored; /* the rendering has said it */

    as_diags_init(&ignored, g->load->arena);
    if (g->chart != NULL && g->chart->values->span.file != 0)
        add_values(g, AS_STR("values.yaml"), g->chart->values, false);
    for (size_t i = 0; i < g->options->values.n; i++) {
        const as_helm_values *v = &g->options->values.items[i];
        const as_source *source;
        const as_value *tree = v->value;
        if (tree == NULL && v->path.n > 0 && as_fs_read(g->load->fs, v->path, &source) == AS_FS_OK)
            tree = as_helm_values_parse(g->load->arena, source, &ignored);
        if (tree != NULL && tree->span.file != 0)
            add_values(g, v->path, tree, true);
    }
}

void as_helm_add_facts(as_load *load, as_str dir, const as_helm_release *release,
        const as_helm_options *options, size_t diags_before)
{
    gathering g = {.load = load,
            .dir = dir,
            .release = release,
            .options = options,
            .chart = release->tree};

    if (g.chart != NULL && options->values.n > 0) {
        as_diags ignored;
        as_diags_init(&ignored, load->arena);
        as_helm_loader loader = {.arena = load->arena,
                .fs = load->fs,
                .sources = as_fs_sources(load->fs),
                .diags = &ignored};
        g.usage = as_helm_usage_take(&loader, g.chart);
        g.unsure = as_helm_chart_missing(load->arena, g.chart).n > 0;
    }
    add_chart(&g, diags_before);
    add_all_values(&g);
}
