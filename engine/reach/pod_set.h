/* Sets of the endpoints of a cluster, with three values: in, out, perhaps. One bit an endpoint,
 * from the first that was ever added to the last: policies select in their own namespace, whose
 * pods stand together, and a set of each policy over the whole cluster would grow with the square
 * of it. */
#ifndef AS_REACH_POD_SET_H
#define AS_REACH_POD_SET_H

#include "engine/base/arena.h"
#include "parsers/kubernetes/selector.h"

typedef struct as_pod_set {
    uint64_t *yes, *maybe; /* disjoint */
    size_t first, n_words; /* of the words that there are */
    size_t n;              /* endpoints of the cluster */
    as_arena *arena;
    as_str reason; /* why some are perhaps in it; the first one found */
} as_pod_set;

as_pod_set *as_pod_set_new(as_arena *arena, size_t n); /* empty */
as_pod_set *as_pod_set_all(as_arena *arena, size_t n);
/* A yes is kept, a perhaps gives way to a yes. */
void as_pod_set_add(as_pod_set *set, size_t i, as_truth truth);
as_truth as_pod_set_get(const as_pod_set *set, size_t i);
/* The first from `i` on that is in it, perhaps at least; n: there is none. */
size_t as_pod_set_next(const as_pod_set *set, size_t i);
void as_pod_set_add_all(as_pod_set *set, const as_pod_set *other); /* union */
void as_pod_set_keep(as_pod_set *set, const as_pod_set *other);    /* intersection */
void as_pod_set_remove(as_pod_set *set, const as_pod_set *other);  /* difference */
/* Every member is only perhaps in it. */
void as_pod_set_doubt(as_pod_set *set, as_str reason);
bool as_pod_set_is_empty(const as_pod_set *set); /* not even perhaps */

#endif
