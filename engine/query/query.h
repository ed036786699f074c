/* A small language over the fact graph:
 *
 *     aws.s3.bucket                                        entities of a kind; kinds may have
 * wildcards aws.s3.bucket[not e.versioning.enabled]              those for which an expression of
 * rules holds k8s.service -selects-> k8s.workload                  pairs along an edge
 *     * -mounts-> k8s.secret <-mounts- k8s.workload[e.space == "shop"]
 *
 * What stands in brackets is Lua as rules have it (rules/README.md), over `e`. An entity for which
 * it cannot be decided is no match, and is told apart. */
#ifndef AS_QUERY_QUERY_H
#define AS_QUERY_QUERY_H

#include "engine/graph/graph.h"

enum { AS_QUERY_MAX_STEPS = 8, AS_QUERY_MAX_MATCHES = 100000 };

typedef struct as_query as_query;

/* NULL with *problem, which says where in `text` it is. */
as_query *as_query_parse(as_arena *arena, as_str text, as_str *problem);
size_t as_query_steps(const as_query *query);

typedef struct as_query_match {
    const as_entity *const *chain; /* one entity a step */
} as_query_match;

typedef struct as_query_undecided {
    const as_entity *entity;
    as_str reason;
} as_query_undecided;

typedef struct as_query_result {
    AS_VEC(as_query_match) matches; /* in the order of the entities */
    AS_VEC(as_query_undecided) undecided;
    bool cut; /* there are more than AS_QUERY_MAX_MATCHES */
} as_query_result;

/* Expressions that err are diagnostics. */
void as_query_run(const as_query *query, const as_graph *graph, as_sources *sources,
        as_arena *arena, as_diags *diags, as_query_result *out);

#endif
