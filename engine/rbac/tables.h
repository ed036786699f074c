/* What every cluster has, and how rights lead to more rights: compiled by compile.lua from
 * rules/data/kubernetes_roles.lua and escalation_kubernetes.lua. */
#ifndef AS_RBAC_TABLES_H
#define AS_RBAC_TABLES_H

#include "engine/rbac/rule.h"

typedef struct as_rbac_builtin {
    as_str name;
    const as_rbac_rule *rules;
    size_t n_rules;
    as_strs labels;    /* behind "rbac.authorization.k8s.io/" */
    as_str aggregates; /* the label whose roles it takes in; empty: none */
} as_rbac_builtin;

typedef struct as_rbac_builtin_binding {
    as_str role, kind, subject; /* a service account as "namespace/name" */
} as_rbac_builtin_binding;

typedef struct as_rbac_resource {
    as_str name, group;
} as_rbac_resource;

typedef enum as_rbac_gives {
    AS_RBAC_GIVES_ADMIN,
    AS_RBAC_GIVES_ACCOUNT,
    AS_RBAC_GIVES_RUNNING,
    AS_RBAC_GIVES_NODE,
    AS_RBAC_GIVES_ANYONE,
    AS_RBAC_GIVES_USER,
} as_rbac_gives;

typedef struct as_rbac_need {
    as_strs verbs; /* any one */
    as_str group, resource, subresource;
    as_str name, space; /* of the object; empty: any */
    as_str action;      /* "create:pods" */
} as_rbac_need;

typedef struct as_rbac_method {
    as_str id;
    const as_rbac_need *needs;
    size_t n_needs;
    as_rbac_gives gives;
    bool cluster;
    bool api; /* no token that a cloud would take */
    as_str assumes;
} as_rbac_method;

extern const as_rbac_builtin as_rbac_builtins[]; /* sorted by name */
extern const size_t as_rbac_n_builtins;
extern const as_rbac_builtin_binding as_rbac_builtin_bindings[];
extern const size_t as_rbac_n_builtin_bindings;
extern const as_rbac_resource as_rbac_resources[]; /* sorted by name */
extern const size_t as_rbac_n_resources;
extern const as_rbac_method as_rbac_methods[];
extern const size_t as_rbac_n_methods;

#endif
