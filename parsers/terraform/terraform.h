/* Terraform and OpenTofu configurations, evaluated as `terraform plan` would before any provider is
 * asked; and the plans and states that `terraform show -json` prints, in the same shape.
 *
 *     as_tf_loader *loader = as_tf_loader_new(arena, fs, &diags);
 *     as_tf_root *root = as_tf_evaluate(loader, AS_STR("envs/prod"), &options);
 *
 * What providers decide (ids, ARNs, defaults) is unknown, with a reference to the resource that
 * will have it. What the input lacks (variables without value, modules that are not at hand) is
 * unknown, with the reason. One bad resource never spoils the others.
 *
 * All results live in the loader's arena. A loader and its results belong to one thread. */
#ifndef AS_TERRAFORM_TERRAFORM_H
#define AS_TERRAFORM_TERRAFORM_H

#include "engine/base/fs.h"
#include "engine/value/value.h"

typedef struct as_tf_loader as_tf_loader;

/* Module directories are parsed once a loader, however often and from wherever they are called.
 * Diagnostics of parsing and of evaluation go to `diags`, each only once. */
as_tf_loader *as_tf_loader_new(as_arena *arena, as_fs *fs, as_diags *diags);

/* Where syntax, configurations and the arrays of a root lie from now on; values and their texts lie
 * in the loader's arena all the same, so that they may be kept when this is freed, and with it the
 * JSON of a plan. Neither the
 * loader nor a root is used afterwards. */
void as_tf_loader_work_in(as_tf_loader *loader, as_arena *work);

/* --- options ---------------------------------------------------------------------------------- */

typedef struct as_tf_assignment { /* --var name=text, or TF_VAR_name=text */
    as_str name, text;
} as_tf_assignment;

typedef struct as_tf_options {
    /* Terraform's precedence, lowest first: environment; terraform.tfvars; terraform.tfvars.json;
     * *.auto.tfvars(.json) by name; var_files and vars in the order given (files first here). */
    const as_tf_assignment *environment;
    size_t n_environment;
    const as_str *var_files; /* paths in the loader's fs */
    size_t n_var_files;
    const as_tf_assignment *vars;
    size_t n_vars;
    bool no_auto_vars; /* terraform.tfvars and *.auto.tfvars are left alone */
    as_str workspace;  /* empty: "default" */
    /* Where modules that are neither local nor in .terraform/modules may lie, as paths in the fs. A
     * module "terraform-aws-modules/vpc/aws" is looked for, in each of them, as
     *     terraform-aws-modules/vpc/aws/VERSION (the highest that the constraint allows),
     *     terraform-aws-modules/vpc/aws, terraform-aws-vpc and vpc
     * and a git or archive module by the last part of its path, with and without ".git". */
    const as_str *module_dirs;
    size_t n_module_dirs;
} as_tf_options;

/* --- results ---------------------------------------------------------------------------------- */

typedef enum as_tf_mode { AS_TF_MANAGED, AS_TF_DATA, AS_TF_EPHEMERAL } as_tf_mode;

typedef struct as_tf_provider {   /* one provider block, or the implied empty one */
    as_str name;                  /* local name: "aws" */
    as_str alias;                 /* or empty */
    as_str source;                /* "registry.terraform.io/hashicorp/aws" */
    as_str module;                /* "" or "module.net": where it is declared */
    as_span span;                 /* block header; none when implied */
    const as_value *values;       /* arguments as for resources; an empty object when implied */
    const as_value *region;       /* NULL when not configured */
    const as_value *default_tags; /* aws default_tags.tags, google default_labels; or NULL */
} as_tf_provider;

typedef struct as_tf_provisioner {
    as_str type; /* "local-exec" */
    as_span span;
    bool on_destroy;
    const as_value *values;
} as_tf_provisioner;

typedef struct as_tf_lifecycle {
    as_span span; /* of the block; none when there is none */
    const as_value *prevent_destroy, *create_before_destroy; /* NULL when not set */
    bool ignore_all;
    const as_str *ignore_changes; /* "tags", "tags.Name", "ingress[0]" */
    size_t n_ignore_changes;
} as_tf_lifecycle;

typedef struct as_tf_resource {
    as_tf_mode mode;
    as_str address; /* module.net["a"].aws_subnet.this[0] */
    as_str module;  /* module.net["a"], or empty */
    as_str type, name;
    const as_value
            *key; /* int, string; NULL without count and for_each; unknown when representative */
    bool representative; /* stands for instances whose number or keys nobody knows */
    as_str provider_source;
    const as_tf_provider *provider; /* NULL in plans and states, and for builtin types */

    /* What the configuration says, nested blocks always as lists of objects. An object. */
    const as_value *values;
    /* What follows from it without a provider, or is known after apply only: id, arn, tags_all,
     * json of a policy document, … An object. `values` wins where both have a name. */
    const as_value *computed;

    as_span span;        /* the whole block */
    as_span header_span; /* resource "type" "name" */
    as_tf_lifecycle lifecycle;
    const as_str *depends_on; /* addresses, module path included, as far as they are static */
    size_t n_depends_on;
    const as_tf_provisioner *provisioners;
    size_t n_provisioners;

    /* Plans only. */
    const as_str *actions; /* "create", "update", "delete", "read", "no-op" */
    size_t n_actions;
    const as_value *before; /* or NULL */
} as_tf_resource;

typedef struct as_tf_output {
    as_str name, module;
    as_span span; /* block header */
    const as_value *value;
    bool sensitive, ephemeral; /* as declared */
    as_str description;
} as_tf_output;

typedef struct as_tf_variable {
    as_str name, module;
    as_span span;                  /* block header */
    const as_value *value;         /* as the module sees it; unknown when nobody gives one */
    const as_value *default_value; /* NULL: required */
    as_str type;                   /* "list(string)" */
    as_str description;
    bool sensitive, ephemeral, nullable;
    size_t n_validations;
} as_tf_variable;

/* What a file of values assigns: for secrets in tfvars. */
typedef struct as_tf_given {
    as_str name;
    as_span span; /* the assignment; none for --var and the environment */
    const as_value *value;
} as_tf_given;

typedef struct as_tf_call {
    as_str name, address; /* "net", "module.net" (without instance keys of its own) */
    as_str module;        /* the calling module */
    as_str source;
    as_str version;      /* constraint, or empty */
    as_str dir;          /* where it was found, when it was */
    as_span span;        /* block header */
    as_span source_span; /* of the source's expression */
    as_span version_span;
    bool found;
    size_t n_instances;
} as_tf_call;

typedef struct as_tf_requirement { /* an entry of required_providers, or a use without one */
    as_str name, source, constraint, module;
    as_span span;
    bool declared; /* false: used without an entry */
} as_tf_requirement;

typedef struct as_tf_backend {
    as_str type; /* "s3", "cloud", … */
    as_span span;
    const as_value *values;
} as_tf_backend;

typedef struct as_tf_local {
    as_str name, module;
    as_span span;
    const as_value *value;
} as_tf_local;

typedef struct as_tf_check { /* a check block, or a condition of a resource, output or variable */
    as_str address;
    as_span span;
    const as_value *condition; /* true, false or unknown */
} as_tf_check;

typedef struct as_tf_move { /* moved, removed and import blocks */
    const char *kind;
    as_str from, to, module;
    as_span span;
} as_tf_move;

#define AS_TF_ARRAY(T)                                                                             \
    struct {                                                                                       \
        const T *items;                                                                            \
        size_t n;                                                                                  \
    }

typedef enum as_tf_origin { AS_TF_CONFIG, AS_TF_PLAN, AS_TF_STATE } as_tf_origin;

typedef struct as_tf_root {
    as_tf_origin origin;
    as_str dir;
    AS_TF_ARRAY(as_tf_resource) resources; /* by address: module path, then mode, type, name, key */
    AS_TF_ARRAY(as_tf_output) outputs;     /* of all modules, the root's first */
    AS_TF_ARRAY(as_tf_variable) variables;
    AS_TF_ARRAY(as_tf_given) given;
    AS_TF_ARRAY(as_tf_local) locals;
    AS_TF_ARRAY(as_tf_call) calls;
    AS_TF_ARRAY(as_tf_provider) providers;
    AS_TF_ARRAY(as_tf_requirement) requirements;
    AS_TF_ARRAY(as_tf_check) checks;
    AS_TF_ARRAY(as_tf_move) moves;
    const as_tf_backend *backend; /* NULL: local state */
    as_str required_version;      /* constraints joined by ", "; empty when there are none */
    as_span required_version_span;
    as_span span;               /* the first file, for findings about the whole */
    bool has_lock;              /* .terraform.lock.hcl is there */
    AS_TF_ARRAY(as_str) locked; /* sources of the providers that it pins by checksums */
} as_tf_root;

/* Evaluates the module in `dir` as a root. Never NULL. */
const as_tf_root *as_tf_evaluate(as_tf_loader *loader, as_str dir, const as_tf_options *options);
/* Parses the module and checks it as `terraform validate` does without provider schemas: blocks,
 * arguments, names, references, functions, cycles. */
void as_tf_validate(as_tf_loader *loader, as_str dir);

/* The resource's values as Terraform shows them: nested blocks that are left out, of the types that
 * we know, are empty lists. */
const as_value *as_tf_resource_shown(as_arena *arena, const as_tf_resource *resource);

/* Paths in the resource's `values` and `computed` that are not known, sorted. */
const as_str *as_tf_resource_unknown(as_arena *arena, const as_tf_resource *resource, size_t *n);

/* A plan (`terraform show -json`), the state in that form, or a raw state file (version 4). NULL
 * with a diagnostic when `json` is none of them. When the configuration of `dir` is at hand,
 * resources get its spans. */
const as_tf_root *as_tf_read_json(as_tf_loader *loader, const as_source *source,
        const as_value *json, as_str dir, const as_tf_options *options);
/* What kind of Terraform JSON it is; false when none. */
bool as_tf_json_origin(const as_value *json, as_tf_origin *out);

/* Which of the directories (with .tf files) are roots: those that no other one calls. Nothing is
 * parsed for it: whatever looks like a module's local source counts as a call. `dirs` is sorted;
 * the result keeps the order. */
typedef AS_VEC(as_str) as_tf_dirs;
void as_tf_find_roots(as_arena *arena, as_fs *fs, const as_str *dirs, size_t n, as_tf_dirs *roots);

/* Files that were parsed without an error of reading. */
size_t as_tf_loader_n_files(const as_tf_loader *loader);

#endif
