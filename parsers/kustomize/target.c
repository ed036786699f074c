/* A kustomization and what it is made of, from its file to the objects that are printed. */
#include "engine/base/limits.h"

#include <assert.h>
#include "parsers/kustomize/build.h"
#include "parsers/kustomize/edit.h"
#include "parsers/kustomize/fields.h"

enum { MAX_LOADS = 10000 };

static bool accumulate(as_kust *k, const as_kust_target *t, as_accumulator *a);

/* --- loading -----------------------------------------------------------------------------------
 */

static const char *const file_names[] = {
        "kustomization.yaml", "kustomization.yml", "Kustomization"};

static bool find_file(as_kust *k, as_str dir, as_span span, as_str *name, const as_source **out)
{
    size_t n = 0;

    for (size_t i = 0; i < 3; i++) {
        const as_source *source;
        as_str path;
        if (!as_path_join(k->arena, dir, as_str_from(file_names[i]), &path) ||
                as_fs_stat(k->fs, path) != AS_FS_FILE)
            continue;
        if (as_fs_read(k->fs, path, &source) != AS_FS_OK)
            continue;
        n++;
        *name = as_str_from(file_names[i]);
        *out = source;
    }
    if (n == 0)
        return as_kust_fail(k, "kustomize-missing", span,
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or "
                "'Kustomization' "
                "in directory '%.*s'",
                AS_STR_ARG(dir));
    return n == 1 || as_kust_fail(k, "kustomize-missing", span,
                             "Found multiple kustomization files under: %.*s", AS_STR_ARG(dir));
}

bool as_kustomize_is_dir(as_arena *arena, as_fs *fs, as_str dir)
{
    for (size_t i = 0; i < 3; i++) {
        as_str path;
        if (as_path_join(arena, dir, as_str_from(file_names[i]), &path) &&
                as_fs_stat(fs, path) == AS_FS_FILE)
            return true;
    }
    return false;
}

static bool check_type(as_kust *k, as_kust_target *t)
{
    as_str kind = as_value_str(as_kust_field(t, "kind"));
    as_str api_version = as_value_str(as_kust_field(t, "apiVersion"));
    bool is_component = as_str_is(kind, "Component");
    const char *wanted =
            is_component ? "kustomize.config.k8s.io/v1alpha1" : "kustomize.config.k8s.io/v1beta1";

    t->kind = kind.n ? kind : AS_STR("Kustomization");
    if (kind.n && !is_component && !as_str_is(kind, "Kustomization"))
        return as_kust_fail(
                k, "kustomize-field", t->value->span, "kind should be Kustomization or Component");
    return !api_version.n || as_str_is(api_version, wanted) ||
           as_kust_fail(k, "kustomize-field", t->value->span, "apiVersion for %.*s should be %s",
                   AS_STR_ARG(t->kind), wanted);
}

static bool is_empty(const as_value *v)
{
    for (size_t i = 0; as_value_is(v, AS_OBJECT) && i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        if (!as_value_is_null(m->value) && !as_str_is(m->key, "kind") &&
                !as_str_is(m->key, "apiVersion"))
            return false;
    }
    return true;
}

/* The document that `openapi: {path: …}` names; the first one counts for the whole build. */
static bool load_schema(as_kust *k, const as_kust_target *t)
{
    const as_value *path = as_value_get(as_kust_field(t, "openapi"), AS_STR("path"));
    const as_value *version = as_value_get(as_kust_field(t, "openapi"), AS_STR("version"));
    const as_source *source;

    if (k->schema_is_set || !as_kust_field(t, "openapi"))
        return true;
    if (path && version)
        return as_kust_fail(k, "kustomize-openapi", path->span,
                "builtin version and custom schema provided, cannot use both");
    k->schema_is_set = true;
    if (!path && version && !as_str_is(as_value_str(version), "v1.21.2"))
        return as_kust_fail(k, "kustomize-openapi", version->span,
                "the specified OpenAPI version is not built in");
    if (!path)
        return true;
    if (!as_kust_read(k, t, as_value_str(path), path->span, &source))
        return false;
    k->schema = as_kust_parse(k, source);
    return k->schema != NULL;
}

static bool load(as_kust *k, as_str dir, as_str origin, as_span span, as_kust_target *t)
{
    const as_source *source = NULL;

    *t = (as_kust_target){.dir = dir, .origin = origin};
    if (k->n_loads++ > MAX_LOADS)
        return as_kust_fail(k, "kustomize-limit", span, "more than %d kustomizations", MAX_LOADS);
    if (!find_file(k, dir, span, &t->file, &source))
        return false;
    t->value = as_kust_parse(k, source);
    if (!t->value)
        return false;
    t->value = as_fields_check(k, t->value);
    if (!t->value)
        return false;
    assert(source != NULL);
    if (is_empty(t->value))
        return as_kust_fail(
                k, "kustomize-empty", (as_span){source->id, 0, 0}, "kustomization.yaml is empty");
    return check_type(k, t) && load_schema(k, t);
}

/* --- resources and components ------------------------------------------------------------------
 */

static bool is_remote(as_str path)
{
    return as_str_contains(path, "://") || as_str_starts(path, "git@") ||
           as_str_starts(path, "git::") || as_str_starts(path, "github.com/") ||
           as_str_starts(path, "gitlab.com/") || as_str_starts(path, "bitbucket.org/") ||
           as_str_contains(path, "?ref=") || as_str_contains(path, ".git//");
}

/* Where a remote base would lie below remote_dir: host/owner/repo@ref/path. */
static bool find_remote(as_kust *k, const as_value *entry, as_str *dir)
{
    as_str url = as_value_str(entry), ref = AS_STR(""), path = url, inner = AS_STR("");
    size_t query = as_str_find_char(path, '?'), at = as_str_find(path, AS_STR("ref="));

    if (at != (size_t)-1) {
        ref = as_str_from_index(path, at + 4);
        ref = as_str_slice(ref, 0, as_str_find_char(ref, '&'));
    }
    path = as_str_slice(path, 0, query);
    at = as_str_find(path, AS_STR("://"));
    path = as_str_from_index(path, at == (size_t)-1 ? 0 : at + 3);
    at = as_str_find(path, AS_STR("//"));
    if (at != (size_t)-1) {
        inner = as_str_from_index(path, at + 2);
        path = as_str_slice(path, 0, at);
    }
    if (as_str_ends(path, ".git"))
        path.n -= 4;
    for (size_t i = 0; i < k->options.remote_dirs.n; i++) {
        as_str base = as_str_fmt(k->arena, "%.*s/%.*s%s%.*s/%.*s",
                AS_STR_ARG(k->options.remote_dirs.items[i]), AS_STR_ARG(path), ref.n ? "@" : "",
                AS_STR_ARG(ref), AS_STR_ARG(inner));
        if (as_path_join(k->arena, AS_STR(""), base, dir) && as_fs_stat(k->fs, *dir) == AS_FS_DIR)
            return true;
    }
    return as_kust_fail(k, "kustomize-remote", entry->span,
            "%.*s is remote: nothing is fetched, and no copy of it was given", AS_STR_ARG(url));
}

static bool enter(as_kust *k, as_str dir, as_span span)
{
    for (size_t i = 0; i < k->open_dirs.n; i++)
        if (as_str_eq(k->open_dirs.items[i], dir))
            return as_kust_fail(k, "kustomize-cycle", span,
                    "cycle detected: candidate root '%.*s' contains visited root", AS_STR_ARG(dir));
    if (k->open_dirs.n > AS_MAX_CALL_DEPTH)
        return as_kust_fail(k, "kustomize-limit", span, "kustomizations are nested too deep");
    AS_VEC_PUSH(k->arena, &k->open_dirs, dir);
    return true;
}

static bool merge_accumulator(as_kust *k, as_accumulator *a, const as_accumulator *more)
{
    if (!as_res_append_all(k, &a->resources, &more->resources) ||
            !as_config_merge(k, &a->config, &more->config))
        return false;
    for (size_t i = 0; i < more->vars.n; i++) {
        for (size_t j = 0; j < a->vars.n; j++)
            if (as_str_eq(a->vars.items[j].name, more->vars.items[i].name))
                return as_kust_fail(k, "kustomize-var", more->vars.items[i].span,
                        "var '%.*s' already encountered", AS_STR_ARG(more->vars.items[i].name));
        AS_VEC_PUSH(k->arena, &a->vars, more->vars.items[i]);
    }
    return true;
}

/* A component works on what its user has gathered; a kustomization on its own. */
static bool add_dir(
        as_kust *k, as_str dir, as_str origin, as_span span, bool as_component, as_accumulator *a)
{
    as_accumulator own = {.resources = {.list = {0}}};
    as_kust_target t = {0};
    bool good;

    if (!enter(k, dir, span) || !load(k, dir, origin, span, &t))
        return false;
    if (as_component && !as_str_is(t.kind, "Component"))
        return as_kust_fail(k, "kustomize-component", span,
                "expected kind 'Component' for path '%.*s' but got '%.*s'", AS_STR_ARG(dir),
                AS_STR_ARG(t.kind));
    if (!as_component && as_str_is(t.kind, "Component"))
        return as_kust_fail(k, "kustomize-component", span,
                "expected kind != 'Component' for path '%.*s'", AS_STR_ARG(dir));
    good = as_component ? accumulate(k, &t, a)
                        : accumulate(k, &t, &own) && merge_accumulator(k, a, &own);
    k->open_dirs.n--;
    return good;
}

static bool add_file(as_kust *k, const as_kust_target *t, const as_value *entry, as_accumulator *a)
{
    as_res_list made = {.list = {0}};
    const as_source *source;

    if (!as_kust_read(k, t, as_value_str(entry), entry->span, &source) ||
            !as_res_parse(k, source, false, &made))
        return false;
    as_origin_loaded(k, t, as_value_str(entry), &made);
    return as_res_append_all(k, &a->resources, &made);
}

static bool add_entry(as_kust *k, const as_kust_target *t, const as_value *entry, as_accumulator *a)
{
    as_str path = as_value_str(entry), full = AS_STR_NONE;

    if (!as_path_join(k->arena, t->dir, path, &full) && !is_remote(path))
        return as_kust_fail(k, "kustomize-resource", entry->span,
                "accumulating resources from '%.*s': it lies outside what is scanned",
                AS_STR_ARG(path));
    if (!is_remote(path) || as_fs_stat(k->fs, full) != AS_FS_NONE) {
        as_fs_kind kind = as_fs_stat(k->fs, full);
        if (kind == AS_FS_DIR)
            return add_dir(k, full, as_origin_below(k, t, path), entry->span, false, a);
        if (kind == AS_FS_FILE)
            return add_file(k, t, entry, a);
        return as_kust_fail(k, "kustomize-resource", entry->span,
                "accumulating resources from '%.*s': no such file or directory", AS_STR_ARG(path));
    }
    return find_remote(k, entry, &full) &&
           add_dir(k, full, as_origin_below(k, t, path), entry->span, false, a);
}

static bool add_entries(
        as_kust *k, const as_kust_target *t, const as_value *list, as_accumulator *a)
{
    for (size_t i = 0; i < as_value_count(list); i++)
        if (!add_entry(k, t, as_value_index(list, i), a))
            return false;
    return true;
}

static bool add_components(as_kust *k, const as_kust_target *t, as_accumulator *a)
{
    const as_value *list = as_kust_field(t, "components");

    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *entry = as_value_index(list, i);
        as_str path = as_value_str(entry), full = AS_STR_NONE;
        if (is_remote(path)) {
            if (!find_remote(k, entry, &full))
                return false;
        } else if (!as_path_join(k->arena, t->dir, path, &full) ||
                   as_fs_stat(k->fs, full) != AS_FS_DIR) {
            return as_kust_fail(k, "kustomize-component", entry->span,
                    "accumulating components: '%.*s' is no directory", AS_STR_ARG(path));
        }
        if (!add_dir(k, full, as_origin_below(k, t, path), entry->span, true, a))
            return false;
    }
    return true;
}

/* --- configuration -----------------------------------------------------------------------------
 */

static bool read_config(as_kust *k, const as_kust_target *t, as_kust_config *config,
        const char *field, bool (*add)(as_kust *, as_kust_config *, const as_value *))
{
    const as_value *list = as_kust_field(t, field);

    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *path = as_value_index(list, i), *v;
        const as_source *source;
        if (!as_kust_read(k, t, as_value_str(path), path->span, &source))
            return false;
        v = as_kust_parse(k, source);
        if (!v || !add(k, config, v))
            return false;
    }
    return true;
}

/* --- generators and transformers of files ------------------------------------------------------
 */

/* Each entry is a file, a folder with a kustomization, or the text itself. */
static bool load_plugins(as_kust *k, const as_kust_target *t, const char *field, as_res_list *out)
{
    const as_value *list = as_kust_field(t, field);
    as_accumulator a = {.resources = {.list = {0}}};

    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *entry = as_value_index(list, i);
        as_res_list made = {.list = {0}};
        const as_source *source = as_kust_text(k, AS_STR("inline plugin"), as_value_str(entry));
        if (!source || !as_res_parse(k, source, true, &made))
            continue;
        as_origin_loaded(k, t, t->file, &made);
        if (!as_res_append_all(k, out, &made))
            return false;
    }
    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *entry = as_value_index(list, i);
        bool is_inline = as_str_find_char(as_value_str(entry), '\n') != (size_t)-1;
        if (!is_inline && !add_entry(k, t, entry, &a))
            return false;
    }
    return as_res_append_all(k, out, &a.resources);
}

static bool run_generators(as_kust *k, const as_kust_target *t, as_accumulator *a)
{
    as_res_list plugins = {.list = {0}};

    if (!as_kust_generate(k, t, a) || !load_plugins(k, t, "generators", &plugins))
        return false;
    for (size_t i = 0; i < plugins.list.n; i++) {
        as_res_list made = {.list = {0}};
        if (!as_plugin_generate(k, t, plugins.list.items[i], &made))
            return false;
        as_origin_generated_by(k, plugins.list.items[i], &made);
        if (!as_res_absorb_all(k, &a->resources, &made))
            return false;
    }
    return true;
}

static bool run_plugins(as_kust *k, const as_kust_target *t, const char *field, as_res_list *rs)
{
    as_res_list plugins = {.list = {0}};

    if (!load_plugins(k, t, field, &plugins))
        return false;
    for (size_t i = 0; i < plugins.list.n; i++)
        if (!as_plugin_transform(k, t, plugins.list.items[i], rs))
            return false;
    return true;
}

/* Validators work on a copy, and may not change it. */
static bool run_validators(as_kust *k, const as_kust_target *t, as_res_list *rs)
{
    as_res_list copies = {.list = {0}};

    if (!as_value_count(as_kust_field(t, "validators")))
        return true;
    for (size_t i = 0; i < rs->list.n; i++) {
        as_res *copy = AS_NEW(k->arena, as_res);
        *copy = *rs->list.items[i];
        copy->node = as_ktree_copy(k->arena, copy->node);
        AS_VEC_PUSH(k->arena, &copies.list, copy);
    }
    if (!run_plugins(k, t, "validators", &copies))
        return false;
    for (size_t i = 0; i < rs->list.n; i++)
        if (i >= copies.list.n ||
                !as_ktree_equal(copies.list.items[i]->node, rs->list.items[i]->node))
            return as_kust_fail(k, "kustomize-validator", as_kust_field(t, "validators")->span,
                    "validator shouldn't modify the resource map");
    return true;
}

/* --- built-in transformers, in kustomize's order ------------------------------------------------
 */

typedef struct step {
    as_kust *k;
    const as_kust_target *t;
    as_accumulator *a;
} step;

static as_res_list *resources_of(const step *s)
{
    return &s->a->resources;
}

static bool done(const step *s, const char *kind)
{
    as_origin_transformed(s->k, s->t, kind, resources_of(s));
    as_res_drop_deleted(resources_of(s));
    return true;
}

static bool step_patches_strategic(const step *s)
{
    const as_value *paths = as_kust_field(s->t, "patchesStrategicMerge");

    return !as_value_count(paths) ||
           (as_transform_patch_strategic(s->k, s->t, paths, AS_STR_NONE, resources_of(s)) &&
                   done(s, "PatchStrategicMergeTransformer"));
}

static bool step_patches(const step *s)
{
    const as_value *list = as_kust_field(s->t, "patches");

    for (size_t i = 0; i < as_value_count(list); i++)
        if (!as_transform_patch(s->k, s->t, as_value_index(list, i), resources_of(s)) ||
                !done(s, "PatchTransformer"))
            return false;
    return true;
}

static bool step_namespace(const step *s)
{
    const as_value *namespace = as_kust_field(s->t, "namespace");

    return !as_value_str(namespace).n ||
           (as_transform_namespace(s->k, namespace, &s->a->config.specs[AS_SPECS_NAMESPACE], false,
                    AS_STR(""), resources_of(s)) &&
                   done(s, "NamespaceTransformer"));
}

static bool affix(
        const step *s, const char *field, as_spec_list list, bool is_suffix, const char *kind)
{
    const as_value *text = as_kust_field(s->t, field);

    return !as_value_str(text).n || (as_transform_prefix(s->k, text, &s->a->config.specs[list],
                                             is_suffix, resources_of(s)) &&
                                            done(s, kind));
}

static bool step_prefix(const step *s)
{
    return affix(s, "namePrefix", AS_SPECS_NAME_PREFIX, false, "PrefixTransformer");
}

static bool step_suffix(const step *s)
{
    return affix(s, "nameSuffix", AS_SPECS_NAME_SUFFIX, true, "SuffixTransformer");
}

/* Labels go into metadata; into templates and selectors when the entry says so. */
static bool label_specs(const step *s, const as_value *label, as_field_specs *out)
{
    static const as_field_spec metadata = {{{0}, {0}, {0}}, AS_STR_INIT("metadata/labels"), true};
    as_field_specs fields = as_specs_of(s->k, as_value_get(label, AS_STR("fields")));
    as_field_specs *specs = s->a->config.specs;
    bool selectors = as_value_bool_or(as_value_get(label, AS_STR("includeSelectors")), false);
    bool templates = as_value_bool_or(as_value_get(label, AS_STR("includeTemplates")), false);

    *out = fields;
    if (!as_specs_merge(s->k, out, &specs[AS_SPECS_LABELS]))
        return false;
    if (selectors)
        return as_specs_merge(s->k, out, &specs[AS_SPECS_COMMON_LABELS]);
    return (!templates || as_specs_merge(s->k, out, &specs[AS_SPECS_TEMPLATE_LABELS])) &&
           as_specs_merge_one(s->k, out, metadata);
}

static bool step_labels(const step *s)
{
    const as_value *list = as_kust_field(s->t, "labels");
    const as_value *common = as_kust_field(s->t, "commonLabels");

    if (!as_value_count(list) && !as_value_count(common))
        return true;
    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *label = as_value_index(list, i);
        as_field_specs specs;
        if (!label_specs(s, label, &specs) ||
                !as_transform_labels(
                        s->k, as_value_get(label, AS_STR("pairs")), &specs, resources_of(s)) ||
                !done(s, "LabelTransformer"))
            return false;
    }
    return as_transform_labels(
                   s->k, common, &s->a->config.specs[AS_SPECS_COMMON_LABELS], resources_of(s)) &&
           done(s, "LabelTransformer");
}

static bool step_annotations(const step *s)
{
    const as_value *pairs = as_kust_field(s->t, "commonAnnotations");

    return !as_value_count(pairs) ||
           (as_transform_labels(s->k, pairs, &s->a->config.specs[AS_SPECS_COMMON_ANNOTATIONS],
                    resources_of(s)) &&
                   done(s, "AnnotationsTransformer"));
}

static bool step_patches_json(const step *s)
{
    const as_value *list = as_kust_field(s->t, "patchesJson6902");

    for (size_t i = 0; i < as_value_count(list); i++)
        if (!as_transform_patch_json(s->k, s->t, as_value_index(list, i), resources_of(s)) ||
                !done(s, "PatchJson6902Transformer"))
            return false;
    return true;
}

static bool step_replicas(const step *s)
{
    const as_value *list = as_kust_field(s->t, "replicas");

    for (size_t i = 0; i < as_value_count(list); i++)
        if (!as_transform_replicas(s->k, as_value_index(list, i),
                    &s->a->config.specs[AS_SPECS_REPLICAS], resources_of(s)) ||
                !done(s, "ReplicaCountTransformer"))
            return false;
    return true;
}

static bool images(const step *s, const char *field)
{
    const as_value *list = as_kust_field(s->t, field);

    for (size_t i = 0; i < as_value_count(list); i++)
        if (!as_transform_image(s->k, as_value_index(list, i), &s->a->config.specs[AS_SPECS_IMAGES],
                    resources_of(s)) ||
                !done(s, "ImageTagTransformer"))
            return false;
    return true;
}

static bool step_images(const step *s)
{
    return images(s, "images") && images(s, "imageTags");
}

static bool step_replacements(const step *s)
{
    const as_value *list = as_kust_field(s->t, "replacements");

    return !as_value_count(list) || (as_transform_replacements(s->k, s->t, list, resources_of(s)) &&
                                            done(s, "ReplacementTransformer"));
}

static bool (*const steps[])(const step *) = {step_patches_strategic, step_patches, step_namespace,
        step_prefix, step_suffix, step_labels, step_annotations, step_patches_json, step_replicas,
        step_images, step_replacements};

/* --- vars --------------------------------------------------------------------------------------
 */

/* The target by any of its identities; without a namespace it may be in any. */
static bool bind_var(as_kust *k, as_accumulator *a, const as_kust_var *v)
{
    bool exact = v->target.namespace.n || v->target.cluster_scoped;
    as_res *found = NULL;

    for (size_t i = 0; i < a->resources.list.n; i++) {
        as_res *r = a->resources.list.items[i];
        if (!as_res_has_id(r, v->target, !exact))
            continue;
        if (found)
            return as_kust_fail(k, "kustomize-var", v->span,
                    "found several resId matches for var %.*s (unable to disambiguate)",
                    AS_STR_ARG(v->name));
        found = r;
    }
    if (found)
        AS_VEC_PUSH(k->arena, &found->var_names, v->name);
    return true;
}

static bool add_vars(as_kust *k, const as_kust_target *t, as_accumulator *a)
{
    const as_value *list = as_kust_field(t, "vars");

    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *v = as_value_index(list, i);
        as_str path = as_value_str(as_value_path(v, "fieldref.fieldPath"));
        as_accumulator one = {.resources = {.list = {0}}};
        as_kust_var var = {as_value_str(as_value_get(v, AS_STR("name"))),
                path.n ? path : AS_STR("metadata.name"),
                as_res_id_of_selector(as_value_get(v, AS_STR("objref"))), v->span};
        var.target.cluster_scoped = as_gvk_is_cluster_scoped(var.target.gvk);
        AS_VEC_PUSH(k->arena, &one.vars, var);
        if (!bind_var(k, a, &var) || !merge_accumulator(k, a, &one))
            return false;
    }
    return true;
}

/* --- all together ------------------------------------------------------------------------------
 */

static bool accumulate(as_kust *k, const as_kust_target *t, as_accumulator *a)
{
    as_kust_config own = {.names = {0}};
    step s = {k, t, a};

    if (!add_entries(k, t, as_kust_field(t, "resources"), a) ||
            !add_entries(k, t, as_kust_field(t, "bases"), a))
        return false;
    if (!as_config_add_builtin(k, &own) ||
            !read_config(k, t, &own, "configurations", as_config_add_file) ||
            !as_config_merge(k, &a->config, &own) ||
            !read_config(k, t, &a->config, "crds", as_config_add_crds))
        return false;
    if (!run_generators(k, t, a) || !add_components(k, t, a))
        return false;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (!steps[i](&s))
            return false;
    as_res_list_changed(&a->resources);
    return run_plugins(k, t, "transformers", &a->resources) &&
           run_validators(k, t, &a->resources) && add_vars(k, t, a);
}

/* What is marked as local configuration is not printed. */
static void drop_local(as_res_list *rs)
{
    static const as_str key = AS_STR_INIT("config.kubernetes.io/local-config");
    size_t kept = 0;

    for (size_t i = 0; i < rs->list.n; i++) {
        const as_ktree *local = as_ktree_get(as_res_annotations(rs->list.items[i]), key);
        if (!local || as_str_is(as_ktree_text(local), "false"))
            rs->list.items[kept++] = rs->list.items[i];
    }
    rs->list.n = kept;
}

/* Annotations leave a build as text, and without an entry they do not leave it. */
static void tidy_annotations(as_res_list *rs)
{
    for (size_t i = 0; i < rs->list.n; i++) {
        as_ktree *map = as_res_annotations(rs->list.items[i]);
        for (size_t j = 0; map && j < map->fields.n; j++)
            if (map->fields.items[j].value->kind == AS_KTREE_SCALAR)
                map->fields.items[j].value->type = AS_STRING;
        if (map && as_ktree_is_empty(map))
            as_ktree_remove(as_ktree_get(rs->list.items[i]->node, AS_STR("metadata")),
                    AS_STR("annotations"));
    }
}

static bool build(as_kust *k, as_str dir, as_yaml_docs *out)
{
    as_accumulator a = {.resources = {.list = {0}}};
    as_kust_target t;

    if (!enter(k, dir, AS_SPAN_NONE) || !load(k, dir, AS_STR(""), AS_SPAN_NONE, &t))
        return false;
    if (k->options.edit != NULL) {
        t.value = as_kust_edit(k, &t, k->options.edit);
        t.value = t.value == NULL ? NULL : as_fields_check(k, t.value);
        if (t.value == NULL)
            return false;
    }
    k->track_origins = as_value_count(as_kust_field(&t, "buildMetadata")) > 0;
    if (!accumulate(k, &t, &a) || !as_kust_add_hashes(k, &a.resources) ||
            !as_kust_fix_names(k, &a) || !as_kust_resolve_vars(k, &a))
        return false;
    drop_local(&a.resources);
    if (!as_transform_sort(k, as_kust_field(&t, "sortOptions"), &a.resources))
        return false;
    tidy_annotations(&a.resources);
    as_origin_annotate(k, as_kust_field(&t, "buildMetadata"), &a.resources);
    for (size_t i = 0; i < a.resources.list.n; i++) {
        as_res *r = a.resources.list.items[i];
        as_yaml_doc doc = {as_ktree_to_value(k->arena, r->node), r->span};
        AS_VEC_PUSH(k->arena, out, doc);
    }
    return true;
}

bool as_kustomize_build(as_arena *arena, as_fs *fs, as_str dir, const as_kustomize_options *options,
        as_diags *diags, as_yaml_docs *out)
{
    as_kust k = {.arena = arena, .fs = fs, .sources = as_fs_sources(fs), .diags = diags};

    if (options)
        k.options = *options;
    return build(&k, dir, out);
}
