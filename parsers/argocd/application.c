/* An Application: its sources as requests. */
#include "parsers/argocd/internal.h"

#include "engine/base/map.h"
#include "parsers/yaml/yaml.h"

static as_str text_at(const as_value *v, const char *path)
{
    return as_value_str(as_value_path(v, path));
}

static void note(as_argocd *a, as_span span, const char *fmt, as_str what)
{
    as_diags_add(
            a->diags, AS_DIAG_NOTE, "argocd-elsewhere", span, "%s: %.*s", fmt, AS_STR_ARG(what));
}

/* Behind the port of "host:22/path"; in "host:path" nothing is one. */
static as_str without_port(as_arena *arena, as_str url)
{
    size_t colon = as_str_find_char(url, ':'), end = colon + 1;

    if (colon == (size_t)-1)
        return url;
    while (end < url.n && url.p[end] >= '0' && url.p[end] <= '9')
        end++;
    if (end == colon + 1 || end == url.n || url.p[end] != '/')
        return url;
    return as_str_join(arena, as_str_slice(url, 0, colon), as_str_from_index(url, end));
}

/* github.com/org/repo of https://github.com/org/repo.git, git@github.com:org/repo and so on. */
static as_str plain_url(as_arena *arena, as_str url)
{
    size_t scheme = as_str_find(url, AS_STR("://"));
    url = scheme == (size_t)-1 ? url : as_str_from_index(url, scheme + 3);
    size_t at = as_str_find_char(url, '@');
    url = at == (size_t)-1 ? url : as_str_from_index(url, at + 1);
    url = scheme == (size_t)-1 ? url : without_port(arena, url);
    while (as_str_ends(url, "/")) {
        url.n--;
    }
    if (as_str_ends(url, ".git")) {
        url.n -= 4;
    }
    return as_str_lower(arena, as_str_replace(arena, url, AS_STR(":"), AS_STR("/")));
}

bool as_argocd_is_here(const as_argocd *a, as_str url)
{
    as_str wanted = plain_url(a->arena, url);
    for (size_t i = 0; i < a->context->n_repos; i++) {
        if (as_str_eq(plain_url(a->arena, a->context->repos[i]), wanted)) {
            return true;
        }
    }
    return a->context->n_repos == 0 || url.n == 0;
}

/* --- Helm ------------------------------------------------------------------------------------- */

typedef struct app_source {
    const as_value *value;
    as_str path;
    const as_value *all; /* spec.sources, for $name/… in valueFiles; or NULL */
} app_source;

/* A values file: relative to the chart, from the root with '/', from another source with $ref. */
static bool values_path(as_argocd *a, const app_source *s, const as_value *file, as_str *out)
{
    as_str name = as_value_str(file);
    if (as_str_contains(name, "://")) {
        note(a, file->span, "a values file that is not fetched", name);
        return false;
    }
    if (as_str_starts(name, "$")) {
        as_str ref, rest = as_str_from_index(name, 1);
        (void)as_str_split(&rest, '/', &ref);
        for (size_t i = 0; i < as_value_count(s->all); i++) {
            const as_value *other = as_value_index(s->all, i);
            if (as_str_eq(text_at(other, "ref"), ref) &&
                    as_argocd_is_here(a, text_at(other, "repoURL"))) {
                return as_path_join(a->arena, AS_STR(""), rest, out);
            }
        }
        note(a, file->span, "a values file of another repository", name);
        return false;
    }
    bool from_root = as_str_starts(name, "/");
    return as_path_join(a->arena, from_root ? AS_STR("") : s->path,
            from_root ? as_str_from_index(name, 1) : name, out);
}

static void add_values(
        as_argocd *a, const app_source *s, const as_value *helm, as_argocd_request *request)
{
    const as_value *files = as_value_path(helm, "valueFiles");
    bool optional = as_value_bool_or(as_value_path(helm, "ignoreMissingValueFiles"), false);
    for (size_t i = 0; i < as_value_count(files); i++) {
        as_str path;
        const as_value *file = as_value_index(files, i);
        if (!as_value_is(file, AS_STRING) || !values_path(a, s, file, &path)) {
            request->assumed = true;
            continue;
        }
        if (!optional || as_fs_stat(a->context->fs, path) == AS_FS_FILE) {
            AS_VEC_PUSH(a->arena, &request->helm.values, (as_helm_values){.path = path});
        }
    }
    /* valuesObject takes the place of values, and both come after the files. */
    const as_value *tree = as_value_path(helm, "valuesObject");
    const as_value *text = as_value_path(helm, "values");
    if (as_value_is(tree, AS_OBJECT)) {
        AS_VEC_PUSH(a->arena, &request->helm.values, (as_helm_values){.value = tree});
    } else if (as_value_is(text, AS_STRING) && text->as.str.n) {
        const as_source *values = as_sources_add(as_fs_sources(a->context->fs),
                as_str_fmt(a->arena, "%.*s (values)", AS_STR_ARG(request->application)),
                text->as.str, true);
        AS_VEC_PUSH(a->arena, &request->helm.values, (as_helm_values){.source = values});
    }
}

/* A comma in a parameter is no separator: Argo CD escapes it before it calls Helm. */
static as_str escape_commas(as_arena *arena, as_str value)
{
    as_buf out;
    as_buf_init(&out, arena, 0);
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] == ',' && (i == 0 || value.p[i - 1] != '\\')) {
            as_buf_char(&out, '\\');
        }
        as_buf_char(&out, value.p[i]);
    }
    return as_buf_view(&out);
}

static void add_parameters(as_argocd *a, const as_value *helm, as_argocd_request *request)
{
    const as_value *all = as_value_path(helm, "parameters");
    for (size_t i = 0; i < as_value_count(all); i++) {
        const as_value *p = as_value_index(all, i);
        bool as_text = as_value_bool_or(as_value_path(p, "forceString"), false);
        as_helm_set set = {.kind = as_text ? AS_HELM_SET_STRING : AS_HELM_SET,
                .text = as_str_fmt(a->arena, "%.*s=%.*s", AS_STR_ARG(text_at(p, "name")),
                        AS_STR_ARG(escape_commas(a->arena, text_at(p, "value"))))};
        AS_VEC_PUSH(a->arena, &request->helm.sets, set);
    }
}

typedef struct file_reader {
    as_fs *fs;
    as_str dir;
} file_reader;

static bool read_file(void *context, as_arena *arena, as_str path, as_str *text, as_str *error)
{
    const file_reader *reader = context;
    const as_source *source;
    as_str full;
    if (!as_path_join(arena, reader->dir, path, &full) ||
            as_fs_read(reader->fs, full, &source) != AS_FS_OK) {
        *error = as_str_fmt(arena, "open %.*s: no such file", AS_STR_ARG(path));
        return false;
    }
    *text = source->text;
    return true;
}

static void add_helm(as_argocd *a, const app_source *s, as_argocd_request *request)
{
    const as_value *helm = as_value_path(s->value, "helm");
    as_helm_options *o = &request->helm;
    *o = as_helm_options_default();
    o->lenient = true;
    o->include_crds = !as_value_bool_or(as_value_path(helm, "skipCrds"), false);
    o->skip_tests = as_value_bool_or(as_value_path(helm, "skipTests"), false);
    o->skip_schema = as_value_bool_or(as_value_path(helm, "skipSchemaValidation"), false);
    as_str name = text_at(helm, "releaseName"), version = text_at(helm, "kubeVersion");
    as_str space = text_at(helm, "namespace");
    o->release_name = name.n ? name : request->application;
    o->namespace_ = space.n ? space : request->namespace_.n ? request->namespace_ : o->namespace_;
    o->kube_version = version.n ? version : o->kube_version;
    const as_value *apis = as_value_path(helm, "apiVersions");
    for (size_t i = 0; i < as_value_count(apis); i++) {
        AS_VEC_PUSH(a->arena, &o->api_versions, as_value_str(as_value_index(apis, i)));
    }
    add_values(a, s, helm, request);
    add_parameters(a, helm, request);
    const as_value *files = as_value_path(helm, "fileParameters");
    for (size_t i = 0; i < as_value_count(files); i++) {
        const as_value *p = as_value_index(files, i);
        as_helm_set set = {.kind = AS_HELM_SET_FILE,
                .text = as_str_fmt(a->arena, "%.*s=%.*s", AS_STR_ARG(text_at(p, "name")),
                        AS_STR_ARG(text_at(p, "path")))};
        AS_VEC_PUSH(a->arena, &o->sets, set);
    }
    file_reader *reader = AS_NEW(a->arena, file_reader);
    *reader = (file_reader){a->context->fs, s->path};
    o->read_file = read_file;
    o->read_context = reader;
}

/* --- sources ---------------------------------------------------------------------------------- */

static bool has_file(as_argocd *a, as_str dir, const char *name)
{
    as_str path;
    return as_path_join(a->arena, dir, as_str_from(name), &path) &&
           as_fs_stat(a->context->fs, path) == AS_FS_FILE;
}

/* What is said explicitly, else what the folder holds. */
static as_argocd_kind kind_of(as_argocd *a, const app_source *s)
{
    if (as_value_path(s->value, "helm")) {
        return AS_ARGOCD_HELM;
    }
    if (as_value_path(s->value, "kustomize")) {
        return AS_ARGOCD_KUSTOMIZE;
    }
    if (as_value_path(s->value, "directory")) {
        return AS_ARGOCD_DIRECTORY;
    }
    if (has_file(a, s->path, "Chart.yaml")) {
        return AS_ARGOCD_HELM;
    }
    return has_file(a, s->path, "kustomization.yaml") ||
                           has_file(a, s->path, "kustomization.yml") ||
                           has_file(a, s->path, "Kustomization")
                   ? AS_ARGOCD_KUSTOMIZE
                   : AS_ARGOCD_DIRECTORY;
}

static void add_source(
        as_argocd *a, const as_value *application, const app_source *in, bool assumed)
{
    app_source s = *in;
    const as_value *path = as_value_path(s.value, "path");
    as_str url = text_at(s.value, "repoURL"), chart = text_at(s.value, "chart");
    if (chart.n) {
        note(a, s.value->span, "a chart that is not in this repository", chart);
        return;
    }
    if (!as_value_is(path, AS_STRING)) {
        return; /* a source that is only referred to: `ref` */
    }
    if (!as_argocd_is_here(a, url)) {
        note(a, s.value->span, "deployed from another repository", url);
        return;
    }
    if (!as_path_join(a->arena, AS_STR(""), path->as.str, &s.path) ||
            as_fs_stat(a->context->fs, s.path) != AS_FS_DIR) {
        note(a, path->span, "no such folder in this repository", path->as.str);
        return;
    }
    const as_value *cluster = as_value_path(application, "spec.destination.name");
    as_argocd_request request = {.kind = kind_of(a, &s),
            .application = text_at(application, "metadata.name"),
            .project = text_at(application, "spec.project"),
            .path = s.path,
            .namespace_ = text_at(application, "spec.destination.namespace"),
            .cluster = cluster ? as_value_str(cluster)
                               : text_at(application, "spec.destination.server"),
            .kustomize = as_value_path(s.value, "kustomize"),
            .recurse = as_value_bool_or(as_value_path(s.value, "directory.recurse"), false),
            .include = text_at(s.value, "directory.include"),
            .exclude = text_at(s.value, "directory.exclude"),
            .document = application,
            .span = path->span,
            .assumed = assumed};
    if (request.kind == AS_ARGOCD_HELM) {
        add_helm(a, &s, &request);
    }
    AS_VEC_PUSH(a->arena, a->out, request);
}

void as_argocd_application(as_argocd *a, const as_value *application, bool assumed)
{
    const as_value *all = as_value_path(application, "spec.sources");
    const as_value *one = as_value_path(application, "spec.source");
    if (as_value_count(all) == 0 && one) {
        add_source(a, application, &(app_source){.value = one}, assumed);
    }
    for (size_t i = 0; i < as_value_count(all); i++) {
        add_source(a, application, &(app_source){.value = as_value_index(all, i), .all = all},
                assumed);
    }
}

/* --- documents -------------------------------------------------------------------------------- */

/* The Application with the set's templatePatch, whose project stays as it is (renderTemplatePatch).
 */
static const as_value *patched(as_argocd *a, const as_value *application,
        const as_argocd_params *params, const as_value *set)
{
    const as_value *text = as_value_path(set, "spec.templatePatch");
    if (as_value_str(text).n == 0) {
        return application;
    }
    const as_value *filled = as_argocd_fill(a, text, params, set);
    const as_source *source = filled == NULL
                                      ? NULL
                                      : as_sources_add(as_fs_sources(a->context->fs),
                                                AS_STR("templatePatch"), filled->as.str, true);
    const as_value *change =
            source == NULL ? NULL
                           : as_yaml_parse_one(a->arena, source, (as_yaml_options){0}, a->diags);
    if (!as_value_is(change, AS_OBJECT)) {
        as_diags_add(a->diags, AS_DIAG_ERROR, "argocd-template-patch", text->span,
                "templatePatch gives no object");
        return NULL;
    }
    const as_value *project = as_value_path(application, "spec.project");
    application = as_argocd_patch(a->arena, application, change);
    if (project) {
        as_object_builder spec, outer;
        as_object_begin(&spec, a->arena);
        as_object_begin(&outer, a->arena);
        as_object_add(&spec, AS_STR("project"), project->span, project);
        as_object_add(&outer, AS_STR("spec"), project->span, as_object_end(&spec, project->span));
        application = as_argocd_patch(a->arena, application, as_object_end(&outer, project->span));
    }
    return application;
}

static void follow_set(as_argocd *a, const as_value *set)
{
    const as_value *generators = as_value_path(set, "spec.generators");
    const as_value *common = as_value_path(set, "spec.template");
    for (size_t g = 0; common && g < as_value_count(generators); g++) {
        const as_value *generator = as_value_index(generators, g);
        const as_value *own = as_argocd_own_template(generator);
        const as_value *template_ = own ? as_argocd_overlay(a->arena, common, own) : common;
        as_argocd_params_list all = as_argocd_generate(a, generator, set, 0);
        for (size_t i = 0; i < all.n; i++) {
            const as_value *application = as_argocd_fill(a, template_, &all.items[i], set);
            application = application ? patched(a, application, &all.items[i], set) : NULL;
            if (application) {
                as_argocd_application(a, application, all.items[i].assumed);
            }
        }
    }
}

static bool is_kind(const as_value *document, const char *kind)
{
    return as_str_starts(
                   as_value_str(as_value_get(document, AS_STR("apiVersion"))), "argoproj.io/") &&
           as_str_is(as_value_str(as_value_get(document, AS_STR("kind"))), kind);
}

bool as_argocd_is(const as_value *document)
{
    return is_kind(document, "Application") || is_kind(document, "ApplicationSet");
}

void as_argocd_follow(as_arena *arena, const as_argocd_context *context, const as_value *document,
        as_argocd_requests *out, as_diags *diags)
{
    as_argocd a = {arena, context, out, diags};
    if (is_kind(document, "Application")) {
        as_argocd_application(&a, document, false);
    } else if (is_kind(document, "ApplicationSet")) {
        follow_set(&a, document);
    }
}
