#include "parsers/helm/chart.h"

#include "engine/base/limits.h"
#include "engine/base/map.h"
#include "parsers/helm/archive.h"
#include "parsers/helm/decode.h"
#include "parsers/helm/ignore.h"
#include "parsers/helm/metadata.h"
#include "parsers/yaml/yaml.h"

/* archive.MaxDecompressedFileSize */
#define MAX_CHART_FILE ((uint64_t)5 << 20)

static bool refuse(as_helm_loader *l, as_str dir, const char *code, const char *fmt, ...)
        AS_PRINTF(4, 5);

static bool refuse(as_helm_loader *l, as_str dir, const char *code, const char *fmt, ...)
{
    as_buf buf;
    va_list args;
    as_buf_init(&buf, l->arena, 0);
    va_start(args, fmt);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    as_diags_add_path(l->diags, AS_DIAG_ERROR, code, dir, "%.*s", AS_STR_ARG(as_buf_view(&buf)));
    return false;
}

bool as_helm_file_load(as_helm_loader *l, as_helm_file *file)
{
    if (file->source) {
        return true;
    }
    if (file->path.n && file->data.p) { /* a member of an archive; path is how it is shown */
        file->source = as_sources_add(l->sources, file->path, file->data, true);
        return file->source != NULL;
    }
    if (file->size > MAX_CHART_FILE) {
        return refuse(l, file->path, "helm-file-size",
                "chart file \"%.*s\" is larger than the maximum file size %llu",
                AS_STR_ARG(file->name), (unsigned long long)MAX_CHART_FILE);
    }
    as_fs_error error = as_fs_read(l->fs, file->path, &file->source);
    if (error != AS_FS_OK) {
        return refuse(l, file->path, "helm-file", "error reading %.*s: %s", AS_STR_ARG(file->name),
                as_fs_error_text(error));
    }
    file->data = file->source->text;
    if (as_str_starts(file->data, "\xEF\xBB\xBF")) {
        /* Helm takes the mark away before anybody parses the file. */
        file->data = as_str_from_index(file->data, 3);
        file->source = as_sources_add(l->sources, file->source->path, file->data, false);
    }
    return file->source != NULL;
}

/* --- a folder's files ------------------------------------------------------------------------- */

/* A link to a folder above itself would be walked for ever, and two of them take exponential time.
 */
enum { MAX_LINKS = 8 };

static bool walk(as_helm_loader *l, const as_helm_ignore *rules, as_str dir, as_str prefix,
        size_t depth, size_t n_links, as_helm_files *out)
{
    as_fs_entries entries;
    if (depth > AS_MAX_DEPTH || n_links > MAX_LINKS) {
        return refuse(l, dir, "helm-depth",
                n_links > MAX_LINKS ? "symbolic links lead in circles"
                                    : "folders are nested too deeply");
    }
    as_fs_error error = as_fs_list(l->fs, l->arena, dir, &entries);
    if (error != AS_FS_OK) {
        return refuse(l, dir, "helm-file", "cannot list the folder: %s", as_fs_error_text(error));
    }
    for (size_t i = 0; i < entries.n; i++) {
        const as_fs_entry *e = &entries.items[i];
        as_str name = prefix.n ? as_str_fmt(l->arena, "%.*s/%.*s", AS_STR_ARG(prefix),
                                         AS_STR_ARG(e->name))
                               : e->name;
        as_str path =
                dir.n ? as_str_fmt(l->arena, "%.*s/%.*s", AS_STR_ARG(dir), AS_STR_ARG(e->name))
                      : e->name;
        if (as_helm_ignored(rules, name, e->kind == AS_FS_DIR)) {
            continue;
        }
        if (e->kind == AS_FS_DIR) {
            if (!walk(l, rules, path, name, depth + 1, n_links + e->is_link, out)) {
                return false;
            }
            continue;
        }
        if (e->kind != AS_FS_FILE) {
            as_diags_add_path(l->diags, AS_DIAG_WARNING, "helm-file", path,
                    "not loaded: it is no regular file, or a link that leads outside");
            continue;
        }
        if (out->n >= AS_MAX_ARCHIVE_FILES) {
            return refuse(
                    l, dir, "helm-files", "the chart has more than %d files", AS_MAX_ARCHIVE_FILES);
        }
        AS_VEC_PUSH(l->arena, out, (as_helm_file){.name = name, .path = path, .size = e->size});
    }
    return true;
}

bool as_helm_chart_files(as_helm_loader *l, as_str dir, as_helm_files *out)
{
    as_helm_ignore rules = {0};
    as_str path, error, text = AS_STR("");
    const as_source *source;
    if (!as_path_join(l->arena, dir, AS_STR(".helmignore"), &path)) {
        return false;
    }
    if (as_fs_stat(l->fs, path) == AS_FS_FILE && as_fs_read(l->fs, path, &source) == AS_FS_OK) {
        text = source->text;
    }
    if (!as_helm_ignore_parse(l->arena, text, &rules, &error)) {
        return refuse(l, path, "helm-ignore", "%.*s", AS_STR_ARG(error));
    }
    return walk(l, &rules, dir, AS_STR(""), 0, 0, out);
}

/* --- from files to a chart -------------------------------------------------------------------- */

static as_helm_chart *chart_from_files(
        as_helm_loader *l, as_str dir, as_helm_files *files, size_t depth);

static as_helm_file *find_file(as_helm_files *files, const char *name)
{
    for (size_t i = 0; i < files->n; i++) {
        if (as_str_is(files->items[i].name, name)) {
            return &files->items[i];
        }
    }
    return NULL;
}

/* Chart.yaml and, of old charts, requirements.yaml. */
static bool load_metadata(as_helm_loader *l, as_str dir, as_helm_files *files, as_helm_chart *chart)
{
    as_helm_file *file = find_file(files, "Chart.yaml");
    if (!file) {
        return refuse(l, dir, "helm-chart", "Chart.yaml file is missing");
    }
    if (!as_helm_file_load(l, file)) {
        return false;
    }
    as_yaml_options options = {.flavour = AS_YAML_GO_V2};
    chart->span = (as_span){file->source->id, 0, 0};
    chart->metadata = as_yaml_parse_one(l->arena, file->source, options, l->diags);
    const as_value *requirements = NULL;
    file = find_file(files, "requirements.yaml");
    if (file && as_helm_file_load(l, file)) {
        requirements = as_yaml_parse_one(l->arena, file->source, options, l->diags);
        if (!requirements) {
            return false;
        }
    }
    return chart->metadata && as_helm_metadata_read(l->arena, chart, requirements, l->diags);
}

/* Where each file of the chart belongs (loader.LoadFiles). */
static bool sort_file(as_helm_loader *l, as_helm_chart *chart, as_helm_file *file)
{
    static const char *const V1_ONLY[] = {"requirements.yaml", "requirements.lock"};
    as_str name = file->name;
    if (as_str_is(name, "Chart.yaml") || as_str_is(name, "Chart.lock")) {
        return true;
    }
    if (as_str_is(name, "values.yaml")) {
        if (!as_helm_file_load(l, file)) {
            return false;
        }
        chart->values = as_helm_values_parse(l->arena, file->source, l->diags);
        return chart->values != NULL;
    }
    if (as_str_is(name, "values.schema.json")) {
        chart->schema = *file;
        return true;
    }
    for (size_t i = 0; i < sizeof V1_ONLY / sizeof *V1_ONLY; i++) {
        if (as_str_is(name, V1_ONLY[i]) && !as_str_is(chart->api_version, "v1")) {
            return true;
        }
    }
    if (as_str_starts(name, "templates/")) {
        AS_VEC_PUSH(l->arena, &chart->templates, *file);
    } else if (!as_str_starts(name, "charts/") || as_str_is(as_path_ext(name), ".prov")) {
        AS_VEC_PUSH(l->arena, &chart->files, *file);
    }
    return true;
}

/* What lies in charts/ under one name: a folder's files, named from there, or an archive. */
typedef struct group {
    as_helm_files files;
    as_helm_file *entry; /* the first of them, as the parent names it */
} group;

static as_helm_chart *load_subchart(
        as_helm_loader *l, const as_helm_chart *parent, group *g, as_str name, size_t depth)
{
    if (depth > AS_MAX_CALL_DEPTH) {
        (void)refuse(l, parent->dir, "helm-depth", "subcharts are nested more than %d deep",
                AS_MAX_CALL_DEPTH);
        return NULL;
    }
    if (as_str_is(as_path_ext(name), ".tgz")) {
        as_helm_files members = {0};
        if (!as_helm_file_load(l, g->entry) ||
                !as_helm_archive_read(l, g->entry->source, &members)) {
            return NULL;
        }
        return chart_from_files(l, AS_STR(""), &members, depth);
    }
    as_str dir = as_str_fmt(l->arena, "%.*s%scharts/%.*s", AS_STR_ARG(parent->dir),
            parent->dir.n ? "/" : "", AS_STR_ARG(name));
    return chart_from_files(l, dir, &g->files, depth);
}

/* The files of charts/ by subchart; names that start with '_' or '.' are none. */
static as_map group_subcharts(as_helm_loader *l, as_helm_files *files)
{
    as_map groups = {0};
    for (size_t i = 0; i < files->n; i++) {
        as_helm_file file = files->items[i];
        as_str name, rest = as_str_from_index(file.name, strlen("charts/"));
        if (!as_str_starts(file.name, "charts/") || as_str_is(as_path_ext(file.name), ".prov") ||
                !as_str_split(&rest, '/', &name) || name.n == 0 || name.p[0] == '_' ||
                name.p[0] == '.') {
            continue;
        }
        group *g = as_map_get(&groups, name);
        if (!g) {
            g = AS_NEW(l->arena, group);
            g->entry = &files->items[i];
            as_map_put(l->arena, &groups, name, g);
        }
        if (rest.n) {
            file.name = rest;
            AS_VEC_PUSH(l->arena, &g->files, file);
        }
    }
    return groups;
}

static bool load_subcharts(
        as_helm_loader *l, as_helm_chart *chart, as_helm_files *files, size_t depth)
{
    as_map groups = group_subcharts(l, files);
    for (size_t i = 0; i < groups.n; i++) {
        as_str name = groups.entries[i].key;
        as_helm_chart *sub = load_subchart(l, chart, groups.entries[i].value, name, depth + 1);
        if (!sub) {
            if (!l->failed) { /* charts around this one have nothing to add */
                l->failed = true;
                as_diags_detail(l->diags, "error unpacking subchart %.*s in %.*s", AS_STR_ARG(name),
                        AS_STR_ARG(chart->name));
            }
            return false;
        }
        sub->parent = chart;
        AS_VEC_PUSH(l->arena, &chart->subcharts, sub);
    }
    return true;
}

static as_helm_chart *chart_from_files(
        as_helm_loader *l, as_str dir, as_helm_files *files, size_t depth)
{
    as_helm_chart *chart = AS_NEW(l->arena, as_helm_chart);
    chart->dir = dir;
    if (!load_metadata(l, dir, files, chart)) {
        return NULL;
    }
    for (size_t i = 0; i < files->n; i++) {
        if (!sort_file(l, chart, &files->items[i])) {
            return NULL;
        }
    }
    if (!chart->values) {
        chart->values = as_value_object(l->arena, AS_SPAN_NONE, NULL, 0);
    }
    return load_subcharts(l, chart, files, depth) ? chart : NULL;
}

as_helm_chart *as_helm_chart_load(as_helm_loader *l, as_str dir)
{
    as_helm_files files = {0};
    switch (as_fs_stat(l->fs, dir)) {
    case AS_FS_DIR:
        return as_helm_chart_files(l, dir, &files) ? chart_from_files(l, dir, &files, 0) : NULL;
    case AS_FS_FILE: {
        as_helm_file archive = {.name = as_path_base(dir), .path = dir};
        if (!as_helm_file_load(l, &archive) || !as_helm_archive_read(l, archive.source, &files)) {
            return NULL;
        }
        return chart_from_files(l, AS_STR(""), &files, 0);
    }
    default:
        (void)refuse(l, dir, "helm-chart", "path \"%.*s\" not found", AS_STR_ARG(dir));
        return NULL;
    }
}

/* --- reading ---------------------------------------------------------------------------------- */

as_str as_helm_chart_full_path(as_arena *arena, const as_helm_chart *chart)
{
    if (!chart->parent) {
        return chart->name;
    }
    as_str parent = as_helm_chart_full_path(arena, chart->parent); /* AS_STR_ARG reads it twice */
    return as_str_fmt(arena, "%.*s/charts/%.*s", AS_STR_ARG(parent), AS_STR_ARG(chart->name));
}

bool as_helm_chart_is_library(const as_helm_chart *chart)
{
    return as_str_ieq(chart->type, AS_STR("library"));
}

as_str as_helm_chart_missing(as_arena *arena, const as_helm_chart *chart)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < chart->dependencies.n; i++) {
        bool found = false;
        for (size_t k = 0; k < chart->subcharts.n && !found; k++) {
            found = as_str_eq(chart->subcharts.items[k]->name, chart->dependencies.items[i].name);
        }
        if (!found) {
            as_buf_fmt(&buf, "%s%.*s", buf.n ? ", " : "",
                    AS_STR_ARG(chart->dependencies.items[i].name));
        }
    }
    return as_buf_view(&buf);
}
