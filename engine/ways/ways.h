/* Ways to more rights through several worlds: whoever can become somebody who is administrator, or
 * who leads to one, leads there too.
 *
 * Nodes are identities ("User/jane", "serviceAccount:ci@…", a role of AWS), goals (administrator of
 * a cluster, a project, an account) and hubs, which stand for "any account of namespace x" and the
 * like, so that the number of edges grows with what is granted and not with who could use it. An
 * edge with a method is a step; one without leads from a hub to what it stands for, or from an
 * identity to what it has in common with others.
 *
 * The search runs backwards from the goals, over certain steps first. */
#ifndef AS_WAYS_WAYS_H
#define AS_WAYS_WAYS_H

#include "engine/base/vec.h"
#include "engine/graph/graph.h"

typedef enum as_world { AS_WORLD_AWS, AS_WORLD_GCP, AS_WORLD_KUBERNETES, AS_N_WORLDS } as_world;

typedef enum as_way_kind {
    AS_WAY_IDENTITY, /* asked about, and a station of paths */
    AS_WAY_HELPER,   /* a station that nobody asks about: what every cluster has */
    AS_WAY_HUB,      /* not shown */
    AS_WAY_GOAL,
} as_way_kind;

typedef struct as_way_node {
    as_way_kind kind;
    as_world world;
    as_str name;             /* as people and programs see it */
    as_str id;               /* as its world calls it: "system:serviceaccount:a:b"; may be empty */
    const as_entity *entity; /* that declares it; NULL: it is only named */
    as_span span;            /* where it is declared or named */
    const void *self;        /* of the world; nodes with the same are the same to people */
} as_way_node;

typedef struct as_way_edge {
    uint32_t from, to;
    as_str method;             /* "create:pods"; empty: no step */
    as_str action;             /* what is done last */
    as_str resource;           /* on which */
    as_span span;              /* what grants it */
    const as_entity *workload; /* that is taken over; or NULL */
    bool certain;
    as_str caveat; /* what must be the case; may be empty */
} as_way_edge;

typedef struct as_way_step {
    const as_way_node *from, *to;
    as_str method, action, resource;
    as_span span;
    const as_entity *workload;
    bool certain;
    as_str caveat;
} as_way_step;

typedef struct as_way {
    const as_way_node *who;
    as_str method; /* of the first step */
    bool certain;
    const as_way_step *steps; /* the last leads to a goal */
    size_t n_steps;
} as_way;

/* Somebody whose rights are not all known. */
typedef struct as_way_doubt {
    uint32_t node;
    as_str what, reason;
    as_span span;
} as_way_doubt;

typedef struct as_ways as_ways;

as_ways *as_ways_new(as_arena *arena);
uint32_t as_ways_add(as_ways *ways, const as_way_node *node); /* its number: 1 … n */
/* A node that is only passed through. */
uint32_t as_ways_add_hub(as_ways *ways, as_world world);
const as_way_node *as_ways_node(const as_ways *ways, uint32_t number);
size_t as_ways_count(const as_ways *ways);
/* Borrowed texts; an edge to itself is left out. */
void as_ways_join(as_ways *ways, const as_way_edge *edge);
/* An edge that no method stands for. */
void as_ways_join_plain(as_ways *ways, uint32_t from, uint32_t to, bool certain, as_str caveat);
void as_ways_add_doubt(as_ways *ways, const as_way_doubt *doubt);
const as_way_doubt *as_ways_doubts(const as_ways *ways, size_t *n);

/* Once, when everything is joined. */
void as_ways_search(as_ways *ways);
/* Afterwards: whether the node is a goal, or one step without a method away from it, certainly. */
bool as_ways_is_goal(const as_ways *ways, uint32_t number);
/* Whether the node leads to a goal at all; *certain: over certain steps. */
bool as_ways_leads(const as_ways *ways, uint32_t number, bool *certain);
/* The first identity on the best way; the node itself when it is one. NULL: it leads nowhere. */
const as_way_node *as_ways_through(const as_ways *ways, uint32_t number);
/* The best way for each first method; none of one that is at the goal. Sorted by method. */
const as_way *as_ways_of(const as_ways *ways, as_arena *arena, uint32_t number, size_t *n_ways);
/* The same to goals of clouds alone: administrators of clusters are no end, but get on by what
 * leaves them. */
const as_way *as_ways_to_clouds(
        const as_ways *ways, as_arena *arena, uint32_t number, size_t *n_ways);

#endif
