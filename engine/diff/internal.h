/* One side of a comparison from within. */
#ifndef AS_DIFF_INTERNAL_H
#define AS_DIFF_INTERNAL_H

#include "engine/diff/diff.h"
#include "engine/reach/connections.h"

/* The connections of one cluster or cloud: millions of lines, so that only what differs becomes
 * facts. */
typedef struct diff_network {
    as_str name;
    as_connections list; /* sorted by from and to */
    const as_ports *universe;
    as_str *ports; /* texts by id of a set, made when they are needed */
    size_t n_ports;
} diff_network;

typedef struct diff_taking {
    as_arena *arena;
    const as_report *report;
    as_facts facts;
    as_map signatures; /* of principals: who may do what by which statements */
    AS_VEC(diff_network) networks;
} diff_taking;

/* With the path and line of the span. */
void diff_add(diff_taking *t, as_fact fact, as_span span);

/* Signatures and networks, which are compared before facts are made of them. */
void diff_read_principals(diff_taking *t);
void diff_read_networks(diff_taking *t);
/* Facts of principals that the other side does not have in the same form. */
void diff_take_permissions(diff_taking *t, const as_map *others);
/* Facts of connections that one side has alone. */
void diff_take_connections(diff_taking *before, diff_taking *after);

#endif
