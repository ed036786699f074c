/* Members of Google Cloud and their ways to more permissions, as nodes and edges of engine/ways, by
 * the methods of rules/data/escalation_gcp.lua. */
#ifndef AS_GCPIAM_WAYS_H
#define AS_GCPIAM_WAYS_H

#include "engine/gcpiam/world.h"
#include "engine/ways/ways.h"

typedef struct as_gcp_nodes {
    const as_gcp_world *world;
    uint32_t *members;  /* by index of the member */
    uint32_t *clusters; /* by index of the resource: whoever is administrator of a project's
                           clusters */
    uint32_t *pods;     /* by index of the resource: whoever is any account of those clusters */
} as_gcp_nodes;

as_gcp_nodes as_gcp_ways_add(as_ways *ways, as_arena *arena, const as_gcp_world *world);

#endif
