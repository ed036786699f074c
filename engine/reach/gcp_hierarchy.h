/* Where a network lies in the hierarchy of resources: project, folders, organisation. */
#ifndef AS_REACH_GCP_HIERARCHY_H
#define AS_REACH_GCP_HIERARCHY_H

#include "engine/reach/gcp_network.h"

enum { AS_GCP_MAX_ANCESTORS = 16 }; /* "at most ten levels of folders" */

typedef struct as_gcp_below {
    as_truth truth;
    int height; /* of the folder or organisation: 1 is the project's parent; of no answer above all
                 */
} as_gcp_below;

/* Whether the network lies below what a value names ("folders/12", an organisation, a folder that
 * is declared). Maybe, where the way up is not known as far as that. */
as_gcp_below as_gcp_lies_below(
        as_gcp_network *n, const as_gcp_vpc *vpc, const as_entity *from, const as_value *target);

#endif
