/* Permissions of roles: those that Google defines (rules/data/gcp_roles.tsv), and custom ones. */
#ifndef AS_GCPIAM_ROLES_H
#define AS_GCPIAM_ROLES_H

#include "engine/base/map.h"
#include "engine/base/truth.h"
#include "engine/graph/graph.h"

typedef struct as_gcp_range {
    uint32_t first, last;
} as_gcp_range;

typedef struct as_gcp_role {
    as_str name;                /* "roles/editor"; the address of a custom role */
    const as_gcp_range *ranges; /* numbers of permissions, sorted */
    size_t n_ranges;
    as_strs others; /* of a custom role: by name */
    size_t n_permissions;
    as_str doubt;            /* why not all permissions are known; empty: all are */
    const as_entity *custom; /* that declares it */
} as_gcp_role;

typedef struct as_gcp_roles {
    as_arena *arena;
    as_map read; /* "roles/editor" → as_gcp_role */
} as_gcp_roles;

as_gcp_roles *as_gcp_roles_new(as_arena *arena);
/* "roles/editor"; one that is not known has a doubt. */
const as_gcp_role *as_gcp_roles_find(as_gcp_roles *roles, as_str name);
as_truth as_gcp_role_has(const as_gcp_role *role, as_str permission);
/* Whether Google knows the permission. */
bool as_gcp_is_permission(as_str name);

#endif
