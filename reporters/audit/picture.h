/* The part of the fact graph that a report draws: what has findings, what it is joined to, and the
 * ways in between. */
#ifndef AS_REPORTERS_AUDIT_PICTURE_H
#define AS_REPORTERS_AUDIT_PICTURE_H

#include "engine/scan/report.h"

enum { AS_PICTURE_NODES = 4000, AS_PICTURE_LINKS = 20000 };

typedef struct as_picture_node {
    const as_entity *entity;
    as_severity worst; /* of what fails on it; AS_SEVERITY_NONE: nothing does */
    size_t n_failed;
} as_picture_node;

typedef struct as_picture_link {
    uint32_t from, to; /* indexes of nodes */
    as_edge_type type;
    as_str label;
} as_picture_link;

typedef struct as_picture {
    const as_picture_node *nodes; /* in the order of the graph */
    size_t n_nodes;
    const as_picture_link *links;
    size_t n_links;
    size_t n_left_out; /* entities beyond the limit; what fails, and its neighbours, go first */
} as_picture;

as_picture as_picture_of(as_arena *arena, const as_report *report);

#endif
