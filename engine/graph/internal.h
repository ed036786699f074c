/* What graph.c and link.c share. */
#ifndef AS_GRAPH_INTERNAL_H
#define AS_GRAPH_INTERNAL_H

#include "engine/base/vec.h"
#include "engine/graph/graph.h"

typedef AS_VEC(const as_entity *) as_entity_list;

/* A satellite bound to its owner. */
typedef struct as_binding {
    uint32_t owner;
    uint32_t satellite; /* index into the owner's schema */
    const as_entity *entity;
} as_binding;

/* What could not be asked for. */
typedef struct as_graph_hole {
    const as_unit *unit;
    as_str kind, reason;
} as_graph_hole;

struct as_derivations; /* derived.c */
struct as_derivations *as_derivations_new(as_arena *arena);

struct as_graph {
    as_arena *arena;
    struct as_derivations *derivations;
    AS_VEC(as_entity *) entities;      /* id - 1 */
    as_map by_kind, by_type, by_place; /* → as_entity_list; by_place: kind, space, name */
    as_map by_address;                 /* unit and address → as_entity_list */
    as_map by_name;                    /* unit and id, ARN or name → as_entity_list */
    as_map unsure;                     /* unit and satellite type bound to something unknown */
    AS_VEC(as_edge) edges;
    AS_VEC(as_graph_hole) holes;
    bool is_cut;                /* there would have been more edges by label */
    const as_edge **from, **to; /* grouped by entity */
    uint32_t *from_start, *to_start;
    AS_VEC(as_binding) bindings; /* sorted by owner, satellite, entity */
    const as_entity **bound;     /* the entities of `bindings`, in that order */
};

/* Keys of the maps that need a unit: stable bytes in the arena. */
as_str as_graph_key(as_arena *arena, const as_unit *unit, as_str a, as_str b);
void as_graph_index_put(as_graph *graph, as_map *map, as_str key, const as_entity *entity);
/* Edges from jobs of workflows to cloud identities and environments (pipelines.c). */
void as_graph_link_pipelines(as_graph *graph);
/* Edges from code to the live things that it made (declare.c). */
void as_graph_link_declarations(as_graph *graph);
void as_graph_link_releases(as_graph *graph); /* declares edges from helm_release */
/* The same for bindings of Google Cloud, once what they are about is joined (declare_grants.c). */
void as_graph_link_grants(as_graph *graph);
/* "aws_subnet.a[0]" → "aws_subnet.a". */
as_str as_graph_base_address(as_str address);

#endif
