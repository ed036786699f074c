/* Drift: where what is live is not what code, plan or state say.
 *
 * Works on a graph that holds both; `declares` edges join them. Compared are the fields that the
 * schema knows on both sides, after normalisation: order and case do not count, an id equals its
 * ARN, policies are compared by what they say. What is not known on either side is not compared. */
#ifndef AS_DRIFT_DRIFT_H
#define AS_DRIFT_DRIFT_H

#include "engine/base/map.h"
#include "engine/graph/graph.h"

typedef enum as_drift_kind {
    AS_DRIFT_CHANGED,   /* a field differs */
    AS_DRIFT_UNMANAGED, /* live, and in no code */
    AS_DRIFT_GONE,      /* in code, and not live */
} as_drift_kind;

const char *as_drift_kind_name(as_drift_kind kind); /* "changed", "unmanaged", "gone" */

/* One field. Texts are for people; values that are sensitive show as such. */
typedef struct as_drift_change {
    as_str field; /* "encryption.enabled", "policy", "tags.owner", "ingress" */
    as_str code, live;
    bool is_tag;
    as_span code_span, live_span; /* no place: the attribute is not written */
} as_drift_change;

typedef struct as_drift {
    as_drift_kind kind;
    const as_entity *code, *live; /* NULL where there is none */
    const as_drift_change *changes;
    size_t n_changes;
} as_drift;

typedef struct as_drifts {
    const as_drift *items; /* in the order of live entities, then those that are gone */
    size_t n;
    size_t n_joined;    /* live things that code declares */
    size_t n_undecided; /* resources of code of which nothing tells what they are called in the
                           account */
} as_drifts;

/* The fields of one live entity that differ from what declares it; 0 when nothing declares it.
 * *doubt is why a field that code sets could not be compared with the account; empty: all could. */
size_t as_drift_compare(const as_graph *graph, as_arena *arena, const as_entity *live,
        const as_drift_change **out, as_str *doubt);
/* Whether it is in no code although code makes things of its kind. */
bool as_drift_is_unmanaged(const as_graph *graph, const as_entity *live);
/* `all`: what is unmanaged counts of every kind that Terraform knows, not only of those in code. */
as_drifts as_drift_find(const as_graph *graph, as_arena *arena, bool all);

#endif
