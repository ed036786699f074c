/* Reading roles, bindings and pods from the graph. Private to cluster.c. */
#ifndef AS_RBAC_GATHER_H
#define AS_RBAC_GATHER_H

#include "engine/rbac/cluster.h"

typedef struct as_rbac_gathering {
    as_arena *arena;
    as_rbac_cluster *cluster;
    size_t n_aggregated; /* rules that roles have taken in */
    as_map roles;        /* shown → as_rbac_role */
    as_map grants;       /* subjects by what they are called → own grants, until all are known */
} as_rbac_gathering;

/* The namespace of an object; "default" where nothing says. */
as_str as_rbac_space_of(as_arena *arena, const as_entity *entity);
/* metadata.name, where it is known; else the last part of the address. */
as_str as_rbac_name_of(as_arena *arena, const as_entity *entity);
bool as_rbac_is_cluster_kind(const as_entity *entity);

/* Roles of the unit and those of every cluster, with what aggregation adds. */
void as_rbac_gather_roles(
        as_rbac_gathering *g, const as_entity *const *entities, size_t n_entities);
/* The role by its shown name; one that nobody declares has a doubt. */
const as_rbac_role *as_rbac_gather_role(as_rbac_gathering *g, as_str shown);

#endif
