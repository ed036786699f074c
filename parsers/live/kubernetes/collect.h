/* Collecting a cluster: discovery, then the list of each kind, page by page. */
#ifndef AS_LIVE_KUBE_COLLECT_H
#define AS_LIVE_KUBE_COLLECT_H

#include "parsers/live/collect.h"
#include "parsers/live/kubernetes/auth.h"

typedef struct as_kube_collection {
    as_collect *collect;
    as_kube_connection *connection;
    as_kube_auth *auth;
    as_str name;     /* of the cluster, in the snapshot */
    bool all_groups; /* every group that the cluster serves, not only those that are judged */
    bool secrets;    /* names and labels of Secrets too (never what they hold) */
    as_str problem;  /* result: why nothing could be collected; empty when something was */
} as_kube_collection;

/* Submits and runs all calls. */
void as_kube_collect(as_kube_collection *collection);

/* The groups whose objects are judged, sorted; the core group is "". */
as_strs as_kube_groups(as_arena *arena);
/* Whether objects of this resource are never collected: too many, too short-lived, of no use. */
bool as_kube_is_skipped(as_str group, as_str resource);

/* The kind of entity that objects of a resource are ("k8s.networkpolicy"); empty: no schema knows
 * it. */
as_str as_kube_kind_of(as_arena *arena, as_str group, as_str resource);

/* The ClusterRole that collecting needs, as YAML (the role alone grants nothing: it is bound by
 * whoever applies it). */
as_str as_kube_role(as_arena *arena, bool secrets);

/* Without what the cluster keeps for itself and what repeats the rest (managedFields, the
 * annotation of kubectl apply), and with secrets hidden. */
const as_value *as_kube_clean(as_arena *arena, const as_value *list);

#endif
