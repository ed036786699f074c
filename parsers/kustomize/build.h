/* What the parts of the kustomize builder share. Private to parsers/kustomize. */
#ifndef AS_KUSTOMIZE_BUILD_H
#define AS_KUSTOMIZE_BUILD_H

#include "engine/base/map.h"
#include "parsers/kustomize/kustomize.h"
#include "parsers/kustomize/tree.h"

typedef AS_VEC(as_str) as_texts;

/* --- the build ---------------------------------------------------------------------------------
 */

typedef struct as_kust {
    as_arena *arena;
    as_fs *fs;
    as_sources *sources;
    as_kustomize_options options;
    as_diags *diags;
    const as_value *schema; /* custom OpenAPI document, or NULL */
    bool schema_is_set;
    bool track_origins; /* buildMetadata asks for origin or transformer annotations */
    as_texts open_dirs; /* being loaded: a cycle is refused */
    unsigned n_loads;
} as_kust;

/* Adds an error "kustomize-…" and returns false. */
bool as_kust_fail(as_kust *k, const char *code, as_span span, const char *fmt, ...) AS_PRINTF(4, 5);

/* --- identities --------------------------------------------------------------------------------
 */

typedef struct as_gvk {
    as_str group, version, kind; /* as a selector: empty matches anything */
} as_gvk;

typedef struct as_res_id {
    as_gvk gvk;
    as_str name, namespace;
    bool cluster_scoped; /* certainly */
} as_res_id;

bool as_gvk_selected(as_gvk gvk, as_gvk selector);
bool as_gvk_equal(as_gvk a, as_gvk b);
bool as_gvk_is_cluster_scoped(as_gvk gvk);
int as_gvk_compare(as_kust *k, as_gvk a, as_gvk b);   /* the default order of kinds */
as_str as_gvk_text(as_arena *arena, as_gvk gvk);      /* "Kind.v1.[noGrp]" */
as_str as_res_id_text(as_arena *arena, as_res_id id); /* "Service.v1.[noGrp]/web.[noNs]" */
as_str as_res_id_effective_namespace(as_res_id id);
bool as_res_id_selected(as_res_id id, as_res_id selector);

/* --- resources ---------------------------------------------------------------------------------
 */

typedef enum as_behavior {
    AS_BEHAVIOR_UNSPECIFIED,
    AS_BEHAVIOR_CREATE,
    AS_BEHAVIOR_REPLACE,
    AS_BEHAVIOR_MERGE,
} as_behavior;

typedef struct as_res {
    as_ktree *node;             /* the object; NULL once it is deleted */
    as_span span;               /* of its document */
    AS_VEC(as_res_id) previous; /* identities that it had, oldest first */
    as_texts prefixes, suffixes, var_names;
    as_behavior behavior;
    bool needs_hash, allow_name_change, allow_kind_change;
    bool has_notes;           /* kustomize would have put annotations of its own on it by now */
    as_str origin;            /* YAML: where from, when origins are tracked */
    as_texts transformations; /* YAML: by what it was changed since */
} as_res;

typedef struct as_res_list {
    AS_VEC(as_res *) list;
    as_map ids; /* of the first n_ids, kept by as_res_append */
    size_t n_ids;
} as_res_list;

as_res *as_res_new(as_kust *k, as_ktree *node, as_span span);
as_gvk as_res_gvk(const as_res *r);
as_str as_res_name(const as_res *r);
as_str as_res_namespace(const as_res *r);
as_str as_res_kind(const as_res *r);
as_res_id as_res_current(const as_res *r);
as_res_id as_res_original(const as_res *r);
void as_res_store_previous(as_kust *k, as_res *r);
void as_res_set_name(as_kust *k, as_res *r, as_str name, as_span from, const char *note);
as_ktree *as_res_annotations(const as_res *r); /* NULL when there are none */
as_ktree *as_res_labels(const as_res *r);

/* Refuses a second one with the same identity. */
bool as_res_append(as_kust *k, as_res_list *list, as_res *r);
bool as_res_append_all(as_kust *k, as_res_list *list, const as_res_list *more);
/* What generators make: new, merged into or in place of one that is there, by its behavior. */
bool as_res_absorb_all(as_kust *k, as_res_list *list, const as_res_list *more);
void as_res_drop_deleted(as_res_list *list);
/* The only one that has, or had, this identity; NULL and an error otherwise. */
as_res *as_res_find(as_kust *k, const as_res_list *list, as_res_id id, as_span span);
/* By the present identity or a former one (whose group and version are the present ones). */
bool as_res_has_id(const as_res *r, as_res_id id, bool any_namespace);
/* Resources of the list have changed: forgets what as_res_append knows about them. */
void as_res_list_changed(as_res_list *list);
/* How many resources have each identity. */
typedef struct as_res_census {
    as_kust *k;
    as_map counts;
} as_res_census;
void as_res_census_take(as_res_census *census, as_kust *k, const as_res_list *list);
size_t as_res_census_add(as_res_census *census, as_res_id id, int change); /* the new number */

/* The objects of a text in YAML or JSON; refuses what is no object with kind and name. `quiet`: no
 * diagnostics. */
bool as_res_parse(as_kust *k, const as_source *source, bool quiet, as_res_list *out);
bool as_res_from_docs(as_kust *k, const as_yaml_docs *docs, as_res_list *out);

/* --- selecting by pattern ----------------------------------------------------------------------
 */

/* A target of patches: anchored regular expressions, label and annotation selectors. */
bool as_res_select(as_kust *k, const as_res_list *list, const as_value *target, as_res_list *out);
/* Only the label and annotation selectors of a target. */
bool as_res_matches_labels(as_kust *k, const as_res *r, const as_value *target, bool *out);
as_res_id as_res_id_of_selector(const as_value *selector);

/* --- field specs -------------------------------------------------------------------------------
 */

typedef struct as_field_spec {
    as_gvk gvk;
    as_str path;
    bool create;
} as_field_spec;

typedef AS_VEC(as_field_spec) as_field_specs;

typedef struct as_name_reference {
    as_gvk gvk; /* of what is referred to */
    as_field_specs referrers;
} as_name_reference;

typedef AS_VEC(as_name_reference) as_name_references;

/* Where transformers act: built in, and extended by `configurations` and `crds`. */
typedef enum as_spec_list {
    AS_SPECS_NAME_PREFIX,
    AS_SPECS_NAME_SUFFIX,
    AS_SPECS_NAMESPACE,
    AS_SPECS_LABELS,
    AS_SPECS_COMMON_LABELS,
    AS_SPECS_TEMPLATE_LABELS,
    AS_SPECS_COMMON_ANNOTATIONS,
    AS_SPECS_IMAGES,
    AS_SPECS_REPLICAS,
    AS_SPECS_VAR_REFERENCE,
    AS_SPECS_N,
} as_spec_list;

typedef struct as_kust_config {
    as_field_specs specs[AS_SPECS_N];
    as_name_references names;
} as_kust_config;

bool as_config_add_builtin(as_kust *k, as_kust_config *config);
bool as_config_add_file(as_kust *k, as_kust_config *config, const as_value *file);
bool as_config_add_crds(as_kust *k, as_kust_config *config, const as_value *definitions);
bool as_config_merge(as_kust *k, as_kust_config *config, const as_kust_config *more);
bool as_specs_merge(as_kust *k, as_field_specs *specs, const as_field_specs *more);
bool as_specs_merge_one(as_kust *k, as_field_specs *specs, as_field_spec spec);
as_field_specs as_specs_of(as_kust *k, const as_value *list); /* [{path, kind, create, …}] */

/* Calls `set` on each node that the spec leads to; missing ones are made when the spec says so and
 * `create` is not AS_KIND_NONE. */
enum { AS_CREATE_NOTHING = -1 };
typedef bool (*as_field_setter)(void *self, as_ktree *field);
bool as_spec_apply(as_kust *k, as_res *r, const as_field_spec *spec, int create_kind,
        as_kind create_type, as_field_setter set, void *self);
as_texts as_kust_path(as_arena *arena, as_str path, char separator); /* "\/" escapes */
as_texts as_kust_path_smart(
        as_arena *arena, as_str path, char separator); /* [a.b] holds together */

/* --- one kustomization -------------------------------------------------------------------------
 */

typedef struct as_kust_var {
    as_str name, field_path;
    as_res_id target;
    as_span span;
} as_kust_var;

typedef struct as_accumulator {
    as_res_list resources;
    as_kust_config config;
    AS_VEC(as_kust_var) vars;
} as_accumulator;

/* A kustomization file, loaded. */
typedef struct as_kust_target {
    as_str dir, file; /* path of the folder, name of the file in it */
    const as_value *value;
    as_str kind;
    as_str origin; /* the way from the first kustomization's folder to this one's */
} as_kust_target;

const as_value *as_kust_field(const as_kust_target *t, const char *key);
/* A file that the kustomization names: inside its folder, unless the options allow more. */
bool as_kust_read(
        as_kust *k, const as_kust_target *t, as_str path, as_span span, const as_source **out);
/* Parses as kustomize parses its own files (sigs.k8s.io/yaml). */
const as_value *as_kust_parse(as_kust *k, const as_source *source);
const as_source *as_kust_text(as_kust *k, as_str name, as_str text); /* text that is no file */

/* --- generators and transformers ---------------------------------------------------------------
 */

bool as_kust_generate(as_kust *k, const as_kust_target *t, as_accumulator *a);
/* One ConfigMap or Secret out of its arguments. */
bool as_kust_generate_one(as_kust *k, const as_kust_target *t, const as_value *args,
        const as_value *global_options, bool is_secret, as_res_list *out);
bool as_kust_generate_chart(as_kust *k, const as_kust_target *t, const as_value *globals,
        const as_value *chart, as_res_list *out);
/* The way to what lies at `path` from this kustomization, for notes of origin. */
as_str as_origin_below(as_kust *k, const as_kust_target *t, as_str path);
/* Notes where resources come from, and what transformed them, when buildMetadata asks for it. */
void as_origin_loaded(as_kust *k, const as_kust_target *t, as_str path, as_res_list *made);
void as_origin_generated(
        as_kust *k, const as_kust_target *t, const char *builtin, as_res_list *made);
void as_origin_transformed(
        as_kust *k, const as_kust_target *t, const char *builtin, as_res_list *rs);
/* The same where a file configures the plugin. */
void as_origin_generated_by(as_kust *k, const as_res *config, as_res_list *made);
void as_origin_transformed_by(as_kust *k, const as_res *config, as_res_list *rs);
void as_origin_annotate(as_kust *k, const as_value *build_metadata, as_res_list *rs);
bool as_kust_add_hashes(as_kust *k, as_res_list *resources);

/* A transformer's arguments, as in the kustomization or in a file of kind XTransformer. */
bool as_transform_patch(as_kust *k, const as_kust_target *t, const as_value *args, as_res_list *rs);
bool as_transform_patch_strategic(
        as_kust *k, const as_kust_target *t, const as_value *paths, as_str text, as_res_list *rs);
bool as_transform_patch_json(
        as_kust *k, const as_kust_target *t, const as_value *args, as_res_list *rs);
bool as_transform_namespace(as_kust *k, const as_value *namespace, const as_field_specs *specs,
        bool unset_only, as_str subjects, as_res_list *rs);
bool as_transform_prefix(as_kust *k, const as_value *text, const as_field_specs *specs,
        bool is_suffix, as_res_list *rs);
bool as_transform_labels(
        as_kust *k, const as_value *pairs, const as_field_specs *specs, as_res_list *rs);
bool as_transform_replicas(
        as_kust *k, const as_value *replica, const as_field_specs *specs, as_res_list *rs);
typedef struct as_kust_image {
    as_str name, tag, digest;
} as_kust_image;
/* The registry's port is no tag: the search begins at the first slash. */
as_kust_image as_kust_split_image(as_str text);
bool as_transform_image(
        as_kust *k, const as_value *image, const as_field_specs *specs, as_res_list *rs);
bool as_transform_replacements(
        as_kust *k, const as_kust_target *t, const as_value *replacements, as_res_list *rs);
bool as_transform_sort(as_kust *k, const as_value *options, as_res_list *rs);
bool as_transform_value_add(
        as_kust *k, const as_kust_target *t, const as_value *args, as_res_list *rs);
/* Applies RFC 6902 operations to a node; *root may become another node. */
bool as_json_patch_apply(as_kust *k, const as_value *operations, as_ktree **root);

/* Files of kind *Generator and *Transformer. */
bool as_plugin_generate(
        as_kust *k, const as_kust_target *t, const as_res *config, as_res_list *out);
bool as_plugin_transform(
        as_kust *k, const as_kust_target *t, const as_res *config, as_res_list *rs);

/* --- at the end --------------------------------------------------------------------------------
 */

bool as_kust_fix_names(as_kust *k, as_accumulator *a);
bool as_kust_resolve_vars(as_kust *k, as_accumulator *a);

#endif
