/* The configuration of one module directory, decoded but not evaluated: blocks with their meaning,
 * expressions as syntax. Shared by all calls of the module. Terraform: internal/configs. */
#ifndef AS_TERRAFORM_CONFIG_H
#define AS_TERRAFORM_CONFIG_H

#include "engine/base/map.h"
#include "parsers/hcl/data.h"
#include "parsers/hcl/parse.h"
#include "parsers/terraform/terraform.h"

typedef struct as_tf_condition {            /* validation, precondition, postcondition, assert */
    const as_hcl_expr *condition, *message; /* either may be NULL after errors */
    as_span span;
} as_tf_condition;
typedef AS_VEC(as_tf_condition) as_tf_conditions;

typedef struct as_tf_variable_config {
    as_str name;
    as_span span;
    as_span type_span;
    const as_type *type; /* with optional() defaults; NULL in an override that does not set it */
    const as_value *default_value; /* converted; NULL: none */
    as_span default_span;
    const as_hcl_expr *default_expr;
    as_str description;
    bool sensitive, ephemeral, nullable;
    bool sensitive_set, ephemeral_set, nullable_set;
    as_tf_conditions validations;
    size_t index; /* in the module's table */
} as_tf_variable_config;

typedef struct as_tf_local_config {
    as_str name;
    as_span span; /* the attribute */
    const as_hcl_expr *expr;
    size_t index;
} as_tf_local_config;

typedef struct as_tf_depends {
    as_hcl_traversal traversal;
    as_span span;
} as_tf_depends;
typedef AS_VEC(as_tf_depends) as_tf_depends_list;

typedef struct as_tf_output_config {
    as_str name;
    as_span span;
    const as_hcl_expr *expr;
    const as_type *type; /* or NULL */
    as_str description;
    bool sensitive, ephemeral;
    bool sensitive_set, ephemeral_set;
    as_tf_depends_list depends_on;
    as_tf_conditions conditions;
    size_t index;
} as_tf_output_config;

typedef struct as_tf_provider_ref {
    as_str name, alias;
    as_span span; /* none: not given */
} as_tf_provider_ref;

typedef struct as_tf_provisioner_config {
    as_str type;
    as_span span;
    bool on_destroy;
    const as_hcl_body *config;
    const as_hcl_body *connection; /* or NULL */
} as_tf_provisioner_config;

typedef struct as_tf_resource_config {
    as_tf_mode mode;
    as_str type, name;
    as_str key; /* "aws_vpc.main", "data.aws_ami.x", "ephemeral.…": as in references */
    as_span span, header_span, type_span;
    const as_hcl_expr *count, *for_each, *enabled; /* the last: OpenTofu */
    as_tf_provider_ref provider;
    as_tf_depends_list depends_on;
    const as_hcl_body *config; /* without meta-arguments */
    bool from_json;            /* objects may be blocks: there is no telling without a schema */
    as_span lifecycle_span;
    const as_hcl_expr *prevent_destroy, *create_before_destroy, *replace_triggered_by;
    bool ignore_all;
    AS_VEC(as_str) ignore_changes;
    AS_VEC(as_span) ignore_spans;
    AS_VEC(as_tf_provisioner_config) provisioners;
    const as_hcl_body *connection;
    as_tf_conditions conditions;
    const struct as_tf_check_config *container; /* a check block's data source */
    size_t index;
} as_tf_resource_config;

typedef struct as_tf_passed_provider {
    as_tf_provider_ref child, parent;
} as_tf_passed_provider;

typedef struct as_tf_call_config {
    as_str name;
    as_span span;
    const as_hcl_expr *source_expr, *version_expr, *count, *for_each;
    const as_hcl_expr *enabled; /* OpenTofu */
    as_str source, version;     /* when they are plain strings */
    as_tf_depends_list depends_on;
    AS_VEC(as_tf_passed_provider) providers;
    const as_hcl_body *config;
    as_hcl_content arguments; /* of config, as attributes */
    size_t index;
} as_tf_call_config;

typedef struct as_tf_provider_config {
    as_str name, alias;
    as_span span;
    const as_hcl_expr *for_each; /* OpenTofu */
    const as_hcl_body *config;
    size_t index;
} as_tf_provider_config;

typedef struct as_tf_required_provider {
    as_str name, source, constraint;
    as_span span;
} as_tf_required_provider;

typedef struct as_tf_check_config {
    as_str name;
    as_span span;
    as_tf_resource_config *data; /* or NULL */
    as_tf_conditions asserts;
} as_tf_check_config;

typedef struct as_tf_move_config {
    const char *kind; /* "moved", "removed", "import" */
    as_span span;
    as_str from, to; /* addresses as text, when static */
    const as_hcl_expr *id;
} as_tf_move_config;

typedef struct as_tf_backend_config {
    as_str type;
    as_span span;
    const as_hcl_body *config;
} as_tf_backend_config;

typedef struct as_tf_required_version {
    as_str text;
    as_span span;
} as_tf_required_version;

/* One file, in the order of its blocks. */
typedef struct as_tf_file {
    const as_source *source;
    AS_VEC(as_tf_required_version) required_versions;
    AS_VEC(as_tf_backend_config *) backends, clouds;
    AS_VEC(as_tf_required_provider) required_providers;
    as_span required_providers_span; /* the first block */
    AS_VEC(as_span) required_providers_blocks;
    AS_VEC(as_tf_provider_config *) providers;
    AS_VEC(as_tf_variable_config *) variables;
    AS_VEC(as_tf_local_config *) locals;
    AS_VEC(as_tf_output_config *) outputs;
    AS_VEC(as_tf_call_config *) calls;
    AS_VEC(as_tf_resource_config *) resources; /* all modes */
    AS_VEC(as_tf_check_config *) checks;
    AS_VEC(as_tf_move_config *) moves;
} as_tf_file;

typedef struct as_tf_module {
    as_str dir;
    bool exists; /* the directory has .tf files */
    bool validated;
    as_span span;     /* first file */
    as_map variables; /* name → as_tf_variable_config *, … ; order: files by name, then source */
    as_map locals;
    as_map outputs;
    as_map calls;
    as_map resources;          /* by key */
    as_map providers;          /* "aws", "aws.us" */
    as_map required_providers; /* local name → as_tf_required_provider * */
    AS_VEC(as_tf_check_config *) checks;
    AS_VEC(as_tf_move_config *) moves;
    AS_VEC(as_tf_required_version) required_versions;
    const as_tf_backend_config *backend;
    const as_tf_backend_config *cloud;
    as_span required_providers_span;
} as_tf_module;

/* What decoding needs everywhere. */
typedef struct as_tf_decoder {
    as_arena *arena;
    as_arena *kept; /* of values, types and texts that values may hold */
    as_sources *sources;
    as_diags *diags;
    bool override; /* in an override file: nothing is required */
} as_tf_decoder;

/* decode.c */
as_tf_file *as_tf_decode_file(as_tf_decoder *d, const as_hcl_body *body, const as_source *source);
/* decode_named.c */
as_tf_variable_config *as_tf_decode_variable(as_tf_decoder *d, const as_hcl_block *block);
as_tf_output_config *as_tf_decode_output(as_tf_decoder *d, const as_hcl_block *block);
void as_tf_decode_locals(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file);
/* decode_resource.c */
as_tf_resource_config *as_tf_decode_resource(
        as_tf_decoder *d, const as_hcl_block *block, as_tf_mode mode, bool nested);
bool as_tf_decode_provisioner(
        as_tf_decoder *d, const as_hcl_block *block, as_tf_provisioner_config *out);
/* decode_call.c */
as_tf_call_config *as_tf_decode_call(as_tf_decoder *d, const as_hcl_block *block);
extern const as_hcl_schema as_tf_call_schema; /* its names are reserved for variables */
/* decode_settings.c: what stands in `terraform`, and providers */
void as_tf_decode_terraform(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file);
void as_tf_decode_required_version(as_tf_decoder *d, const as_hcl_block *block, as_tf_file *file);
as_tf_provider_config *as_tf_decode_provider(as_tf_decoder *d, const as_hcl_block *block);
/* decode_move.c */
as_tf_move_config *as_tf_decode_moved(as_tf_decoder *d, const as_hcl_block *block);
as_tf_move_config *as_tf_decode_removed(as_tf_decoder *d, const as_hcl_block *block);
as_tf_move_config *as_tf_decode_import(as_tf_decoder *d, const as_hcl_block *block);

/* decode_common.c: pieces that several blocks share */
as_hcl_content as_tf_content(
        as_tf_decoder *d, const as_hcl_body *body, const as_hcl_schema *schema, bool partial);
as_tf_condition as_tf_decode_condition(as_tf_decoder *d, const as_hcl_block *block);
/* An expression that is only a reference; Terraform 0.11's quotes around it get a warning. */
bool as_tf_decode_reference(as_tf_decoder *d, const as_hcl_expr *expr, as_hcl_traversal *out);
/* The same for a keyword: empty when it is something else. */
as_str as_tf_decode_keyword(as_tf_decoder *d, const as_hcl_expr *expr);
void as_tf_decode_depends_on(
        as_tf_decoder *d, const as_hcl_attribute *attribute, as_tf_depends_list *out);
bool as_tf_decode_provider_ref(
        as_tf_decoder *d, const as_hcl_expr *expr, const char *argument, as_tf_provider_ref *out);
/* The value of an argument that may refer to nothing, converted; NULL when absent or bad. */
const as_value *as_tf_decode_static(
        as_tf_decoder *d, const as_hcl_attribute *attribute, const as_type *want);
as_str as_tf_decode_text(as_tf_decoder *d, const as_hcl_attribute *attribute);
bool as_tf_decode_bool(
        as_tf_decoder *d, const as_hcl_attribute *attribute, bool fallback, bool *set);
/* count and for_each exclude one another. */
void as_tf_decode_repetition(as_tf_decoder *d, const as_hcl_content *content,
        const as_hcl_expr **count, const as_hcl_expr **for_each);
/* OpenTofu's `enabled`: excludes both. */
const as_hcl_expr *as_tf_decode_enabled(
        as_tf_decoder *d, const as_hcl_attribute *attribute, bool repeated);
bool as_tf_is_identifier(as_str name);
void as_tf_check_identifier(as_tf_decoder *d, as_str name, as_span span, const char *summary);
bool as_tf_check_provider_name(as_tf_decoder *d, as_str name, as_span span);
void as_tf_check_version(as_tf_decoder *d, as_str text, as_span span);
/* What the schema does not name, as a body of its own. */
const as_hcl_body *as_tf_body_rest(
        as_tf_decoder *d, const as_hcl_body *body, const as_hcl_schema *schema);
/* base with what override has on top: attributes by name, blocks by type (module_merge_body.go). */
const as_hcl_body *as_tf_body_override(
        as_arena *arena, const as_hcl_body *base, const as_hcl_body *override);
/* Both together ("_" blocks). */
const as_hcl_body *as_tf_body_join(as_arena *arena, const as_hcl_body *a, const as_hcl_body *b);
/* "main.tf:2,3-8" */
as_str as_tf_place(as_arena *arena, as_sources *sources, as_span span);
/* An error with a summary and a detail. */
void as_tf_error(as_diags *diags, as_span span, const char *summary, const char *detail_fmt, ...)
        AS_PRINTF(4, 5);

/* module.c */
as_tf_module *as_tf_module_build(as_tf_decoder *d, as_str dir, as_tf_file *const *primary,
        size_t n_primary, as_tf_file *const *overrides, size_t n_overrides);

#endif
