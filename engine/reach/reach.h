/* Questions about the network of a graph, for rules: answered from one analysis that is made when
 * the first question comes, and shared by threads. */
#ifndef AS_REACH_REACH_H
#define AS_REACH_REACH_H

#include "engine/graph/graph.h"
#include "parsers/kubernetes/selector.h"

typedef struct as_reach as_reach;

/* NULL when memory is gone. The graph must outlive it. */
as_reach *as_reach_new(const as_graph *graph);
void as_reach_free(as_reach *reach);

/* One side: an entity, or a text as `assay reach` takes it ("internet", "10.0.0.0/8", "ns/name").
 */
typedef struct as_reach_side {
    const as_entity *entity; /* NULL: the text */
    as_str text;
} as_reach_side;

/* A rule that allows, or what leads there. */
typedef struct as_reach_step {
    as_str text;
    as_span span;
} as_reach_step;

typedef struct as_reach_answer {
    as_truth verdict;
    const as_reach_step *steps; /* in clouds, of a yes; in the asker's arena */
    size_t n_steps;
    as_str reason;              /* of a maybe, in the asker's arena */
    as_str ports;               /* "TCP 8080": what is open; of `exposed` */
    const as_entity *by;        /* of `exposed`: what exposes it; else NULL */
    bool named;                 /* rules name the sender, or pods that it is among: it is meant */
    const as_entity *from, *to; /* of as_reach_joined */
} as_reach_answer;

/* Whether `from` may open connections to `to`; port as `assay reach` takes it, empty: on some port.
 * What is no part of a network that is judged gives a maybe. Any thread. */
as_reach_answer as_reach_ask(
        as_reach *reach, as_arena *arena, as_reach_side from, as_reach_side to, as_str port);

/* Whether something in one network of a cloud (a VPC) may open connections to something in another;
 * maybe also when nothing stands in them. Any thread. */
as_reach_answer as_reach_joined(as_reach *reach, as_arena *arena, const as_entity *from_network,
        const as_entity *to_network);

#endif
