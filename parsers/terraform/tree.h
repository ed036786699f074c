/* The tree of module instances under evaluation. Everything in it is worked out when first asked
 * for, once: a slot is to do, busy (asking again is a cycle) or done.
 *
 *     as_tf_eval   one root and all below
 *     as_tf_scope  one instance of a module: its variables, locals, resources, calls, outputs
 *     as_tf_instance  one instance of a resource */
#ifndef AS_TERRAFORM_TREE_H
#define AS_TERRAFORM_TREE_H

#include "parsers/hcl/eval.h"
#include "parsers/terraform/loader.h"

typedef enum as_tf_state { AS_TF_TODO, AS_TF_BUSY, AS_TF_DONE } as_tf_state;

typedef struct as_tf_slot {
    as_tf_state state;
    const as_value *value;
} as_tf_slot;

/* What count.index, each.key and each.value are; NULL where there is none. */
typedef struct as_tf_repeat {
    const as_value *index, *key, *value;
} as_tf_repeat;

/* count or for_each, evaluated. */
typedef struct as_tf_keys {
    enum { AS_TF_SINGLE, AS_TF_COUNT, AS_TF_EACH } kind;
    bool unknown;  /* the one item stands for an unknown number of them */
    bool disabled; /* there is none, and who refers to it gets null */
    as_tf_repeat *items;
    size_t n;
} as_tf_keys;

typedef struct as_tf_scope as_tf_scope;

typedef struct as_tf_instance {
    const as_tf_resource_config *config;
    as_tf_scope *scope;
    as_tf_repeat repeat;
    const as_value *key; /* of the address; NULL for single ones */
    as_str address;
    bool representative;
    as_tf_slot object;                 /* what references see */
    const as_value *values, *computed; /* once `object` is done */
} as_tf_instance;

typedef struct as_tf_resource_state {
    as_tf_state state; /* of keys and instances */
    as_tf_keys keys;
    as_tf_instance *instances;
    as_tf_slot whole;
} as_tf_resource_state;

typedef struct as_tf_call_state {
    as_tf_state state; /* of keys and scopes */
    as_tf_keys keys;
    as_tf_scope **scopes;
    bool located, found;
    as_str dir;
    as_tf_slot whole;
} as_tf_call_state;

struct as_tf_scope {
    struct as_tf_eval *eval;
    const as_tf_module *module;
    as_tf_scope *parent; /* NULL: the root */
    const as_tf_call_config *call;
    as_tf_repeat repeat; /* of the call */
    as_str address;      /* "module.a[0].module.b", empty for the root */
    as_str key;          /* "a.b": names of the calls */
    as_str path;         /* path.module */
    size_t depth;
    as_tf_slot *variables, *locals, *outputs;
    as_tf_resource_state *resources;
    as_tf_call_state *calls;
    const as_tf_provider **providers; /* evaluated provider blocks, by index */
    as_map implied;                   /* local name → as_tf_provider * without a block */
};

typedef struct as_tf_busy {
    as_tf_slot *slot;   /* or */
    as_tf_state *state; /* of an expansion */
    as_str name;
} as_tf_busy;

/* A value that the outside gives to a variable of the root. */
typedef struct as_tf_root_value {
    const as_hcl_expr *expr; /* of a file of values; or */
    as_str text;             /* of --var and the environment */
    as_span span;
    as_str origin; /* "prod.tfvars", "--var", "TF_VAR_x" */
    bool literal_text;
} as_tf_root_value;

typedef struct as_tf_eval {
    as_tf_loader *loader;
    as_arena *arena;
    const as_tf_options *options;
    as_str root_dir;
    as_diags raw; /* of the unit of work under way; see as_tf_report */
    uint64_t steps;
    uint64_t nodes; /* of values, shared parts counted each time; see as_tf_admit_value */
    unsigned depth; /* nesting of evaluations over all contexts */
    AS_VEC(as_tf_busy) busy;
    size_t n_instances;
    bool too_many_reported;
    bool validate_only; /* variables of the root have no values */
    as_map root_values; /* name → as_tf_root_value * */
    as_tf_scope *root;
    AS_VEC(as_tf_given) given;
    AS_VEC(as_tf_resource) resources;
    AS_VEC(as_tf_output) outputs;
    AS_VEC(as_tf_variable) variables;
    AS_VEC(as_tf_local) locals;
    AS_VEC(as_tf_call) calls;
    AS_VEC(as_tf_provider) providers;
    AS_VEC(as_tf_requirement) requirements;
    AS_VEC(as_tf_check) checks;
    AS_VEC(as_tf_move) moves;
} as_tf_eval;

/* Where an expression stands: what its names mean. */
typedef struct as_tf_frame {
    as_tf_scope *scope;
    const as_tf_repeat *repeat; /* or NULL */
    as_tf_instance *self;       /* or NULL */
} as_tf_frame;

/* scope.c: names to values */
as_hcl_ctx as_tf_context(as_tf_frame *frame);
/* The value, or an unknown (with a diagnostic) when it is too large to be walked: ten lists of ten
 * lists of … share their parts in memory, but not where they are looked at. */
const as_value *as_tf_admit_value(as_tf_eval *eval, const as_value *v, as_span span);
as_tf_scope *as_tf_scope_new(as_tf_eval *eval, const as_tf_module *module, as_tf_scope *parent,
        const as_tf_call_config *call, as_tf_repeat repeat, as_str address);
/* An evaluation that may not be entered twice; false (with a diagnostic) when it is busy or nests
 * too deep. as_tf_end marks it done. */
bool as_tf_begin(as_tf_eval *eval, as_tf_slot *slot, as_tf_state *state, as_str name, as_span from);
void as_tf_end(as_tf_eval *eval);
const as_value *as_tf_local_value(
        as_tf_scope *scope, const as_tf_local_config *local, as_span from);
const as_value *as_tf_output_value(
        as_tf_scope *scope, const as_tf_output_config *output, as_span from);
as_tf_call_state *as_tf_call_expand(
        as_tf_scope *scope, const as_tf_call_config *call, as_span from);
/* The module of a call and where it is; ->found is false when it is not at hand. */
as_tf_call_state *as_tf_call_locate(as_tf_scope *scope, const as_tf_call_config *call);
as_tf_resource_state *as_tf_resource_expand(
        as_tf_scope *scope, const as_tf_resource_config *config, as_span from);

/* variable.c */
const as_value *as_tf_variable_value(
        as_tf_scope *scope, const as_tf_variable_config *variable, as_span from);
void as_tf_read_root_values(as_tf_eval *eval);

/* expand.c */
as_tf_keys as_tf_expand(as_tf_frame *frame, const as_hcl_expr *count, const as_hcl_expr *for_each,
        const as_hcl_expr *enabled);
/* "[0]", "[\"a\"]", "[*]" or nothing. */
as_str as_tf_key_text(as_arena *arena, const as_tf_keys *keys, const as_tf_repeat *item);
const as_value *as_tf_key_value(const as_tf_keys *keys, const as_tf_repeat *item);

/* body.c */
/* Arguments and nested blocks, as an object. */
const as_value *as_tf_body_value(
        as_hcl_ctx *ctx, const as_hcl_body *body, bool json_blocks, as_span span);
/* Its values and what is computed of it; false when it depends on itself. */
bool as_tf_instance_evaluate(as_tf_instance *instance, as_span from);
/* What references see; made for the first one: most resources have none. */
const as_value *as_tf_instance_object(as_tf_instance *instance, as_span from);

/* resource_facts.c */
typedef struct as_tf_ref_set { /* each reference once, in order of appearance */
    as_arena *arena;
    as_map seen;
    as_ref *first, *last;
} as_tf_ref_set;
void as_tf_collect_refs(as_tf_ref_set *set, const as_value *v);

/* provider.c */
const as_tf_provider *as_tf_provider_find(
        as_tf_scope *scope, as_str name, as_str alias, unsigned depth);
as_str as_tf_implied_provider(as_str resource_type);

/* data.c: adds what a data source gives without asking anybody */
void as_tf_data_compute(as_tf_instance *instance, as_object_builder *out);

/* types.c */
/* Attributes that the provider decides, as a list ending in NULL. */
const char *const *as_tf_type_computed(as_tf_mode mode, as_str type);
/* Arguments of the few types whose whole schema we know, ending in NULL; NULL for all others. */
const char *const *as_tf_type_arguments(as_tf_mode mode, as_str type);
bool as_tf_type_requires(as_str type, const char *argument);
/* Whether a member with an object value is a nested block: for JSON syntax. */
bool as_tf_type_is_block(as_str name);
/* Nested blocks that the type's schema has at `path` ("" or "rule"), ending in NULL; or NULL. */
const char *const *as_tf_type_blocks(as_str type, as_str path);

/* lock.c: what the lock file beside the root says */
void as_tf_read_lock(as_tf_eval *eval, as_tf_root *root);

/* validate.c: once a module */
void as_tf_validate_module(as_tf_eval *eval, as_tf_scope *scope);

#endif
