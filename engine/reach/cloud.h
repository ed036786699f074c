/* What the networks of all clouds answer alike: nodes with addresses of Terraform, and questions
 * about pairs of them. One implementation a cloud (aws_filter.h, gcp_filter.h). */
#ifndef AS_REACH_CLOUD_H
#define AS_REACH_CLOUD_H

#include "engine/graph/graph.h"
#include "engine/reach/connections.h"
#include "engine/reach/ports.h"

/* What decided, for people. */
typedef struct as_cloud_step {
    as_str text; /* "aws_security_group.db lets in TCP 5432" */
    as_span span;
    as_str unsure; /* why it counts only perhaps */
} as_cloud_step;

typedef AS_VEC(as_cloud_step) as_cloud_steps;

typedef struct as_cloud_answer {
    as_port_bounds ports;
    as_cloud_steps steps; /* the rules that allow, or the first thing that blocks */
    as_str reason;        /* of what is open; empty when nothing is */
} as_cloud_answer;

typedef struct as_cloud {
    const char *name; /* "AWS" */
    as_arena *arena;
    as_port_space *space;
    const as_ports *universe;
    void *network;
    const as_entity **nodes; /* what has interfaces */
    size_t n;
    /* From some address of the internet, IPv4. `asked` NULL: every port. */
    as_cloud_answer (*from_internet)(void *network, uint32_t to, const as_ports *asked);
    as_cloud_answer (*to_internet)(void *network, uint32_t from, const as_ports *asked);
    as_cloud_answer (*between)(void *network, uint32_t from, uint32_t to, const as_ports *asked);
} as_cloud;

/* The clouds of a graph that have nodes, in a fixed order; all in `arena`. */
size_t as_clouds_read(as_arena *arena, const as_graph *graph, as_cloud *out);
enum { AS_N_CLOUDS = 2 };

uint32_t as_cloud_node_of(const as_cloud *cloud, const as_entity *entity); /* UINT32_MAX: none */
/* Every pair within a unit, and "internet" as a sender and a receiver. */
as_connections as_cloud_connections(const as_cloud *cloud);
/* Yes when the ports asked for are open (without any: some port), for certain. */
as_truth as_cloud_verdict(
        const as_cloud *cloud, const as_cloud_answer *answer, const as_ports *asked);

#endif
