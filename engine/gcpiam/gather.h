/* Reading resources, bindings and deny policies from the graph. Private to world.c. */
#ifndef AS_GCPIAM_GATHER_H
#define AS_GCPIAM_GATHER_H

#include "engine/gcpiam/names.h"

typedef struct as_gcp_gathering {
    as_arena *arena;
    as_gcp_world *world;
    as_gcp_names names;
    int depth;     /* of parents of parents */
    as_map custom; /* id of a custom role → its entity */
    as_map whole;  /* key of a resource → the entity that sets its whole policy */
    as_map groups; /* "group:…" that are declared */
    as_map all_of; /* key and role → the entity that sets all members of the role */
} as_gcp_gathering;

/* The resource of a type that a value of `from` names; made when it is new. */
as_gcp_resource *as_gcp_gather_resource(
        as_gcp_gathering *g, const as_gcp_type *type, const as_entity *from, const as_value *v);
as_gcp_resource *as_gcp_gather_declared(
        as_gcp_gathering *g, const as_gcp_type *type, const as_entity *entity);
as_gcp_resource *as_gcp_gather_project(as_gcp_gathering *g, as_str project);
as_gcp_member *as_gcp_gather_member(as_gcp_gathering *g, as_str text, as_span span);
const as_gcp_type *as_gcp_type_of(as_str terraform);

/* A *_iam_member, *_iam_binding or *_iam_policy; others are left alone. */
void as_gcp_gather_binding(as_gcp_gathering *g, const as_entity *entity);
/* Who is in which group; afterwards of each member also in which groups its groups are. */
void as_gcp_gather_groups(as_gcp_gathering *g);
void as_gcp_close_groups(as_gcp_gathering *g, as_gcp_member *member);
void as_gcp_gather_deny(as_gcp_gathering *g, const as_entity *entity);
/* Bindings that another resource takes away again get a doubt. */
void as_gcp_gather_conflicts(as_gcp_gathering *g);
bool as_gcp_is_binding(as_str type);
bool as_gcp_is_custom_role(as_str type);

#endif
