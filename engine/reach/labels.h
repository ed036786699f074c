/* The endpoints of a cluster by their labels: what a selector that names a label and its value
 * takes is found without asking every pod of the namespace. */
#ifndef AS_REACH_LABELS_H
#define AS_REACH_LABELS_H

#include "engine/reach/cluster.h"

/* An endpoint that is selected, perhaps. */
typedef struct as_selected {
    uint32_t endpoint;
    as_truth truth; /* never AS_NO */
} as_selected;

typedef AS_VEC(as_selected) as_selection;

/* The endpoints of a namespace whose labels match, in the order of their numbers. Only once all
 * endpoints of the cluster are read. */
as_selection as_labels_select(
        as_cluster *cluster, const as_namespace *ns, const as_selector *selector);

#endif
