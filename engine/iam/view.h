/* The accounts of a graph with all ways to more rights, made once for a scan and indexed by entity.
 */
#ifndef AS_IAM_VIEW_H
#define AS_IAM_VIEW_H

#include "engine/iam/escalate.h"

typedef struct as_iam_entry {
    const as_iam_account *account;
    const as_iam_principal *principal;
    const as_iam_path *paths;
    size_t n_paths;
    bool admin;
    as_str doubt; /* why there may be more; empty: all policies are known */
} as_iam_entry;

/* NULL when the entity is no user, role or group, or memory ran out. Thread-safe. */
const as_iam_entry *as_iam_entry_of(const as_graph *graph, const as_entity *entity);
/* Of the whole graph; NULL when memory ran out. Thread-safe. */
const as_iam_accounts *as_iam_accounts_shared(const as_graph *graph);

#endif
