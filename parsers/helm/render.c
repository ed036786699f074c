#include "parsers/helm/helm.h"

#include <stdlib.h>

#include "engine/base/path_glob.h"
#include "engine/base/limits.h"
#include "engine/base/semver.h"
#include "parsers/gotmpl/gotmpl.h"
#include "parsers/helm/capabilities.h"
#include "parsers/helm/chart.h"
#include "parsers/helm/coalesce.h"
#include "parsers/helm/dependencies.h"
#include "parsers/helm/manifest.h"
#include "parsers/helm/objects.h"
#include "parsers/helm/schema.h"
#include "parsers/helm/trace.h"
#include "parsers/helm/values.h"
#include "parsers/yaml/yaml.h"

/* One template's output, or a file without actions. */
typedef struct output {
    as_str name;
    as_gotmpl_text text;
    as_span fallback; /* the file */
} output;

typedef AS_VEC(output) outputs;

typedef struct renderer {
    as_arena *arena;
    as_helm_loader loader;
    const as_helm_options *options;
    as_diags *diags;
    as_helm_release *release;
    as_helm_chart *chart;
    as_helm_kube_version kube_version;
    const as_value *values; /* of the root chart, coalesced */
    as_helm_trace *trace;
    as_helm_manifests hooks;
} renderer;

as_helm_options as_helm_options_default(void)
{
    return (as_helm_options){.release_name = AS_STR("release-name"),
            .namespace_ = AS_STR("default"),
            .kube_version = AS_STR("v1.36.0")};
}

static bool lenient(const renderer *r)
{
    return r->options->lenient;
}

/* What Helm refuses: an error, and in a scan a warning that does not end the rendering. */
static bool object(renderer *r, const char *code, as_span span, const char *fmt, ...)
        AS_PRINTF(4, 5);

static bool object(renderer *r, const char *code, as_span span, const char *fmt, ...)
{
    as_buf buf;
    va_list args;
    as_buf_init(&buf, r->arena, 0);
    va_start(args, fmt);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    as_diags_add(r->diags, lenient(r) ? AS_DIAG_WARNING : AS_DIAG_ERROR, code, span, "%.*s",
            AS_STR_ARG(as_buf_view(&buf)));
    r->release->complete = false;
    return lenient(r);
}

/* --- before the templates ----------------------------------------------------------------------
 */

/* Lower-case DNS labels joined by dots, at most 53 bytes (chartutil.ValidateReleaseName). */
static bool release_name_allowed(as_str name)
{
    char last = '.';
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!word && (last == '.' || last == '-') && (c == '.' || last == '.')) {
            return false;
        }
        if (!word && c != '-' && c != '.') {
            return false;
        }
        if (c == '.' && last == '-') {
            return false;
        }
        last = c;
    }
    return name.n > 0 && name.n <= 53 && last != '.' && last != '-';
}

static bool check_chart(renderer *r)
{
    as_helm_chart *c = r->chart;
    if (c->type.n && !as_str_is(c->type, "application")) {
        as_diags_add(r->diags, lenient(r) ? AS_DIAG_NOTE : AS_DIAG_ERROR, "helm-library", c->span,
                "%.*s charts are not installable", AS_STR_ARG(c->type));
        return false;
    }
    as_str missing = as_helm_chart_missing(r->arena, c);
    if (missing.n && !object(r, "helm-missing-dependency", c->span,
                             "found in Chart.yaml, but missing in charts/ directory: %.*s",
                             AS_STR_ARG(missing))) {
        as_diags_detail(r->diags, "Run 'helm dependency build' to fetch missing dependencies.");
        return false;
    }
    if (!release_name_allowed(r->options->release_name)) {
        as_diags_add(r->diags, AS_DIAG_ERROR, "helm-release-name", AS_SPAN_NONE,
                "release name \"%.*s\": invalid release name, must match regex "
                "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length "
                "must not be longer than 53",
                AS_STR_ARG(r->options->release_name));
        return false;
    }
    return true;
}

static bool check_kube_version(renderer *r)
{
    as_semver version;
    bool satisfied = false;
    as_str error, range = r->chart->kube_version;
    if (range.n == 0) {
        return true;
    }
    if (as_semver_parse(r->kube_version.normal, &version) == NULL &&
            as_semver_satisfies(r->arena, range, &version, &satisfied, &error) && satisfied) {
        return true;
    }
    return object(r, "helm-kube-version", r->chart->span,
            "chart requires kubeVersion: %.*s which is incompatible with Kubernetes %.*s",
            AS_STR_ARG(range), AS_STR_ARG(r->kube_version.text));
}

/* Everything up to the values that templates see. */
static bool prepare(renderer *r)
{
    as_str error;
    const as_value *user = as_helm_values_merge(r->arena, r->loader.fs, r->options, r->diags);
    if (!user || !check_chart(r) ||
            !as_helm_dependencies_process(r->arena, r->chart, user, r->diags)) {
        return false;
    }
    if (!as_helm_kube_version_parse(r->arena, r->options->kube_version, &r->kube_version, &error)) {
        as_diags_add(r->diags, AS_DIAG_ERROR, "helm-kube-version", AS_SPAN_NONE,
                "invalid kube version '%.*s': %.*s", AS_STR_ARG(r->options->kube_version),
                AS_STR_ARG(error));
        return false;
    }
    as_helm_table *table = as_helm_table_from(r->arena, user);
    if (!as_helm_coalesce(r->arena, r->chart, table, false, &error)) {
        as_diags_add(
                r->diags, AS_DIAG_ERROR, "helm-values", r->chart->span, "%.*s", AS_STR_ARG(error));
        return false;
    }
    r->values = as_helm_table_freeze(r->arena, table);
    if (!r->options->skip_schema && !as_helm_schema_check(&r->loader, r->chart, r->values,
                                            lenient(r) ? AS_DIAG_WARNING : AS_DIAG_ERROR)) {
        r->release->complete = false;
        if (!lenient(r)) {
            return false;
        }
    }
    return check_kube_version(r);
}

/* --- templates ----------------------------------------------------------------------------------
 */

static bool fail_template(renderer *r, as_str name, const as_gotmpl_error *error)
{
    as_diags_add(r->diags, AS_DIAG_ERROR, error->is_limit ? "helm-limit" : "helm-template",
            error->span, "%.*s", AS_STR_ARG(as_gotmpl_error_helm(r->arena, name, error)));
    r->release->complete = false;
    return lenient(r);
}

static bool mentions_files(as_str text)
{
    return as_str_contains(text, "Files");
}

/* Does any text that may be run speak of .Files? Else nobody reads those files. */
static bool uses_files(renderer *r, as_helm_chart *chart)
{
    bool found = false;
    const as_source *values = as_sources_get(r->loader.sources, chart->values->span.file);
    if (values && mentions_files(values->text)) {
        return true;
    }
    for (size_t i = 0; i < chart->templates.n && !found; i++) {
        found = as_helm_file_load(&r->loader, &chart->templates.items[i]) &&
                mentions_files(chart->templates.items[i].data);
    }
    for (size_t i = 0; i < chart->subcharts.n && !found; i++) {
        found = uses_files(r, chart->subcharts.items[i]);
    }
    return found;
}

/* Values from elsewhere may hold templates for `tpl` as well. */
static bool options_use_files(const renderer *r)
{
    for (size_t i = 0; i < r->options->values.n; i++) {
        const as_helm_values *v = &r->options->values.items[i];
        if (!v->source || mentions_files(v->source->text)) {
            return true;
        }
    }
    for (size_t i = 0; i < r->options->sets.n; i++) {
        if (r->options->sets.items[i].kind == AS_HELM_SET_FILE ||
                mentions_files(r->options->sets.items[i].text)) {
            return true;
        }
    }
    return false;
}

static as_go release_object(as_gotmpl *t, const as_helm_options *options)
{
    as_go_map *map = as_go_map_new(t, 6);
    as_go_map_set(t, map, AS_STR("Name"), as_go_from_str(options->release_name));
    as_go_map_set(t, map, AS_STR("Namespace"), as_go_from_str(options->namespace_));
    as_go_map_set(t, map, AS_STR("IsUpgrade"), as_go_from_bool(options->is_upgrade));
    as_go_map_set(t, map, AS_STR("IsInstall"), as_go_from_bool(!options->is_upgrade));
    as_go_map_set(t, map, AS_STR("Revision"), as_go_from_int(1));
    as_go_map_set(t, map, AS_STR("Service"), as_go_from_str(AS_STR("Helm")));
    return as_go_map_value(&as_go_dict, map);
}

/* Parses all templates, so that each sees what the others define. False: nothing can be run. */
static bool parse_templates(renderer *r, as_gotmpl *t, as_helm_templates *templates)
{
    for (size_t i = 0; i < templates->n; i++) {
        as_helm_template *one = &templates->items[i];
        const as_gotmpl_error *error;
        if (!as_helm_file_load(&r->loader, one->file)) {
            r->release->complete = false;
            if (!lenient(r)) {
                return false;
            }
            one->file = NULL;
        } else if (!as_gotmpl_parse(t, one->name, one->file->source, &error)) {
            one->file = NULL; /* not to be run */
            if (!fail_template(r, one->name, error)) {
                return false;
            }
        }
    }
    return true;
}

static bool run_template(renderer *r, as_gotmpl *t, const as_helm_template *one, outputs *out)
{
    as_gotmpl_result result;
    as_helm_objects_begin(t, one);
    if (!as_gotmpl_execute(t, one->name, &one->dot, &result)) {
        return fail_template(r, one->name, result.error);
    }
    output o = {.name = one->name,
            .text = as_gotmpl_drop(t, result.out, AS_STR("<no value>")),
            .fallback = {one->file->source->id, 0, 0}};
    AS_VEC_PUSH(r->arena, out, o);
    r->release->n_files++;
    return true;
}

static bool run_templates(renderer *r, outputs *out)
{
    /* A large chart takes some 100 000 steps. */
    as_gotmpl_options options = {.now = r->options->now,
            .max_steps = AS_MAX_STEPS / 10,
            .cluster = r->options->cluster,
            .seed = as_str_fmt(r->arena, "%.*s/%.*s", AS_STR_ARG(r->options->namespace_),
                    AS_STR_ARG(r->options->release_name))};
    as_gotmpl *t = as_gotmpl_new(r->arena, &options);
    as_helm_scope scope = {.t = t,
            .loader = &r->loader,
            .release = release_object(t, r->options),
            .capabilities = as_helm_capabilities(t, &r->kube_version, &r->options->api_versions),
            .with_files = options_use_files(r) || uses_files(r, r->chart)};
    as_helm_templates templates = {0};
    (void)as_helm_objects(&scope, r->chart, r->values, &templates);
    as_helm_templates_sort(&templates);
    if (!parse_templates(r, t, &templates)) {
        return false;
    }
    for (size_t i = 0; i < templates.n; i++) {
        const as_helm_template *one = &templates.items[i];
        bool repeated = i + 1 < templates.n && as_str_eq(one->name, templates.items[i + 1].name);
        if (!one->file || repeated || as_str_starts(as_path_base(one->name), "_")) {
            continue;
        }
        if (!run_template(r, t, one, out)) {
            return false;
        }
    }
    return true;
}

/* --- documents ----------------------------------------------------------------------------------
 */

/* Reports what is wrong with a document at the place in the template that wrote it. */
static bool fail_document(renderer *r, const output *o, as_span at, as_str why)
{
    as_diags_add(r->diags, AS_DIAG_ERROR, "helm-yaml",
            as_helm_trace_span(r->trace, at.begin, at.end), "YAML parse error on %.*s: %.*s",
            AS_STR_ARG(o->name), AS_STR_ARG(why));
    r->release->complete = false;
    return lenient(r);
}

/* Spans of rendered text refer to no file that anybody has: this number stands for it until they
 * are traced back. */
#define RENDERED UINT32_MAX

/* A document of an output that is read, and whether to go on. */
typedef struct reading {
    renderer *r;
    const output *o;
    as_helm_part part;
    bool ok;
} reading;

static bool read_document(reading *d, as_arena *scratch)
{
    renderer *r = d->r;
    const output *o = d->o;
    as_source source = {.id = RENDERED, .path = o->name, .text = o->text.text};
    as_yaml_docs docs = {0};
    as_diags diags;
    as_diags_init(&diags, scratch);
    as_helm_manifest m = {
            .source = o->name, .text = as_str_slice(source.text, d->part.begin, d->part.end)};
    as_yaml_options options = {.flavour = AS_YAML_GO_V2};
    as_span whole = {RENDERED, (uint32_t)d->part.begin, (uint32_t)d->part.end};
    if (!as_yaml_parse_range(
                scratch, &source, d->part.begin, d->part.end, options, &diags, &docs) &&
            docs.n == 0) {
        const as_diag *first = diags.list.n ? &diags.list.items[0] : NULL;
        return fail_document(r, o, first ? first->span : whole,
                first ? first->summary : AS_STR("it cannot be read"));
    }
    const as_value *value = docs.n ? docs.items[0].value : NULL;
    const char *problem = as_helm_manifest_head(scratch, value, &m);
    if (problem) {
        return fail_document(r, o, whole, as_str_from(problem));
    }
    if (m.hook.n && !as_helm_hook_known(m.hook, &m.is_test)) {
        return true;
    }
    m.api_version = as_helm_trace_str(r->trace, m.api_version);
    m.kind = as_helm_trace_str(r->trace, m.kind);
    m.name = as_helm_trace_str(r->trace, m.name);
    m.hook = as_helm_trace_str(r->trace, m.hook);
    if (value && !r->options->text_only) {
        m.value = as_helm_trace_value(r->trace, value, scratch);
    }
    AS_VEC_PUSH(r->arena, m.hook.n ? &r->hooks : &r->release->manifests, m);
    return true;
}

static void read_in_scratch(void *self, as_arena *scratch)
{
    reading *d = self;
    d->ok = read_document(d, scratch);
}

/* The tree is copied on the way back to its places; what it was parsed into is given back. */
static bool add_document(renderer *r, const output *o, as_helm_part part)
{
    reading d = {r, o, part, false};
    as_arena_with_scratch(r->arena, read_in_scratch, &d);
    return d.ok;
}

static int compare_outputs(const void *a, const void *b)
{
    return as_str_cmp(((const output *)a)->name, ((const output *)b)->name);
}

static bool add_output(renderer *r, const output *o)
{
    as_helm_parts parts = {0};
    as_helm_trace_begin(r->trace, &o->text, o->fallback);
    as_helm_manifest_split(r->arena, o->text.text, &parts);
    for (size_t i = 0; i < parts.n; i++) {
        if (!add_document(r, o, parts.items[i])) {
            return false;
        }
    }
    return true;
}

static bool add_outputs(renderer *r, outputs *all)
{
    as_str notes = as_str_fmt(r->arena, "%.*s/templates/NOTES.txt", AS_STR_ARG(r->chart->name));
    if (all->n > 1) {
        qsort(all->items, all->n, sizeof *all->items, compare_outputs);
    }
    for (size_t i = 0; i < all->n; i++) {
        const output *o = &all->items[i];
        if (as_str_ends(o->name, "NOTES.txt")) {
            if (as_str_eq(o->name, notes)) {
                r->release->notes = o->text.text;
            }
            continue;
        }
        if (!add_output(r, o)) {
            return false;
        }
    }
    return true;
}

/* A file as if it had been rendered: all of it is its own text. */
static output verbatim(renderer *r, const as_helm_file *file, as_str name)
{
    as_gotmpl_segment *segment = AS_NEW(r->arena, as_gotmpl_segment);
    segment->end = (uint32_t)file->data.n;
    segment->span = (as_span){file->source->id, 0, segment->end};
    return (output){.name = name,
            .text = {.text = file->data, .segments = segment, .n = file->data.n ? 1 : 0},
            .fallback = {file->source->id, 0, 0}};
}

static bool has_manifest_extension(as_str name)
{
    as_str ext = as_path_ext(name);
    return as_str_ieq(ext, AS_STR(".yaml")) || as_str_ieq(ext, AS_STR(".yml")) ||
           as_str_ieq(ext, AS_STR(".json"));
}

/* Files of crds/ are printed as they are, not in Helm's order; in a scan, by document. */
static void add_crds(renderer *r, as_helm_chart *chart)
{
    for (size_t i = 0; i < chart->files.n; i++) {
        as_helm_file *file = &chart->files.items[i];
        if (!as_str_starts(file->name, "crds/") || !has_manifest_extension(file->name) ||
                !as_helm_file_load(&r->loader, file)) {
            continue;
        }
        as_str name = as_str_fmt(r->arena, "%.*s/%.*s",
                AS_STR_ARG(as_helm_chart_full_path(r->arena, chart)), AS_STR_ARG(file->name));
        if (r->options->text_only) {
            AS_VEC_PUSH(r->arena, &r->release->manifests,
                    (as_helm_manifest){.source = name, .text = file->data, .is_crd = true});
            continue;
        }
        output o = verbatim(r, file, name);
        size_t before = r->release->manifests.n;
        (void)add_output(r, &o);
        for (size_t k = before; k < r->release->manifests.n; k++) {
            r->release->manifests.items[k].is_crd = true;
        }
    }
    for (size_t i = 0; i < chart->subcharts.n; i++) {
        add_crds(r, chart->subcharts.items[i]);
    }
}

static void append(
        as_arena *arena, as_helm_manifests *to, const as_helm_manifests *from, bool skip_tests)
{
    for (size_t i = 0; i < from->n; i++) {
        if (!skip_tests || !from->items[i].is_test) {
            AS_VEC_PUSH(arena, to, from->items[i]);
        }
    }
}

/* CRDs, then manifests by kind, then hooks by kind. */
static void put_in_order(renderer *r)
{
    as_helm_manifests sorted = r->release->manifests;
    r->release->manifests = (as_helm_manifests){0};
    as_helm_manifests_sort(r->arena, &sorted);
    as_helm_manifests_sort(r->arena, &r->hooks);
    if (r->options->include_crds) {
        add_crds(r, r->chart);
    }
    if (r->release->manifests.n == 0) {
        r->release->manifests = sorted;
    } else {
        append(r->arena, &r->release->manifests, &sorted, false);
    }
    if (!r->options->no_hooks) {
        append(r->arena, &r->release->manifests, &r->hooks, r->options->skip_tests);
    }
}

/* --- the whole -----------------------------------------------------------------------------------
 */

static void default_files(as_arena *arena, const as_helm_chart *chart, as_buf *ids)
{
    if (chart->values->span.file) {
        as_buf_add(ids, &chart->values->span.file, sizeof(uint32_t));
    }
    for (size_t i = 0; i < chart->subcharts.n; i++) {
        default_files(arena, chart->subcharts.items[i], ids);
    }
}

static void begin_trace(renderer *r)
{
    as_buf ids;
    as_buf_init(&ids, r->arena, 0);
    if (r->chart) {
        default_files(r->arena, r->chart, &ids);
    }
    uint32_t *copy = AS_NEW_ARRAY(r->arena, uint32_t, ids.n / sizeof(uint32_t));
    if (ids.n) {
        memcpy(copy, ids.p, ids.n);
    }
    const as_value *values =
            r->values ? r->values : as_value_object(r->arena, AS_SPAN_NONE, NULL, 0);
    r->trace = as_helm_trace_new(r->arena, values, copy, ids.n / sizeof(uint32_t));
}

/* What a scan still has of a chart that cannot be rendered: templates without actions. */
static void add_static(renderer *r, as_str dir)
{
    as_helm_files files = {0};
    as_str name = r->chart ? r->chart->name : as_path_base(dir);
    if (as_fs_stat(r->loader.fs, dir) != AS_FS_DIR ||
            !as_helm_chart_files(&r->loader, dir, &files)) {
        return;
    }
    begin_trace(r);
    for (size_t i = 0; i < files.n; i++) {
        as_helm_file *file = &files.items[i];
        if (!as_str_starts(file->name, "templates/") || !has_manifest_extension(file->name) ||
                !as_helm_file_load(&r->loader, file) || as_str_contains(file->data, "{{")) {
            continue;
        }
        output o = verbatim(r, file,
                as_str_fmt(r->arena, "%.*s/%.*s", AS_STR_ARG(name), AS_STR_ARG(file->name)));
        (void)add_output(r, &o);
    }
}

static bool render(renderer *r, as_str path)
{
    outputs all = {0};
    r->chart = as_helm_chart_load(&r->loader, path);
    if (!r->chart) {
        return false;
    }
    r->release->tree = r->chart;
    r->release->chart = r->chart->name;
    r->release->version = r->chart->version;
    r->release->span = r->chart->span;
    if (!prepare(r) || !run_templates(r, &all)) {
        return false;
    }
    begin_trace(r);
    if (!add_outputs(r, &all)) {
        return false;
    }
    put_in_order(r);
    return true;
}

const as_helm_release *as_helm_render(
        as_arena *arena, as_fs *fs, as_str path, const as_helm_options *options, as_diags *diags)
{
    renderer *r = AS_NEW(arena, renderer);
    *r = (renderer){.arena = arena,
            .loader = {.arena = arena, .fs = fs, .sources = as_fs_sources(fs), .diags = diags},
            .options = options,
            .diags = diags};
    r->release = AS_NEW(arena, as_helm_release);
    r->release->complete = true;
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, arena)) {
        if (!render(r, path)) {
            r->release->complete = false;
            r->release->manifests = (as_helm_manifests){0};
            if (lenient(r)) {
                add_static(r, path);
            }
        }
        as_guard_leave(&guard);
    } else {
        r->release->complete = false;
        as_diags_add_path(diags, AS_DIAG_ERROR, "helm-limit", path, "the chart is not rendered: %s",
                as_cause_text(guard.cause));
    }
    return r->release;
}
