/* What the networks of all clouds answer alike: nodes, which are entities with interfaces, and
 * questions about pairs of them, or about a node and addresses elsewhere. One implementation a
 * cloud (aws_filter.h, gcp_filter.h); what load balancers hand on is joined here. */
#ifndef AS_REACH_CLOUD_H
#define AS_REACH_CLOUD_H

#include "engine/base/truth.h"
#include "engine/graph/graph.h"
#include "engine/reach/addresses.h"
#include "engine/reach/connections.h"
#include "engine/reach/ports.h"

/* What decided, for people. */
typedef struct as_cloud_step {
    as_str text; /* "aws_security_group.db lets in TCP 5432" */
    as_span span;
    as_str unsure; /* why it counts only perhaps */
    bool denies;
} as_cloud_step;

typedef AS_VEC(as_cloud_step) as_cloud_steps;

typedef struct as_cloud_answer {
    as_port_bounds ports;
    as_cloud_steps steps; /* the rules that allow, or the first thing that blocks */
    as_str reason;        /* of what is open; empty when nothing is */
    const as_entity *by;  /* the load balancer through which it comes; NULL: none */
    bool named;  /* rules that name the sender (its group, tag, account) let all of it in */
    bool linked; /* it comes by an endpoint: the client's address is not seen */
} as_cloud_answer;

/* One end of a connection: a node, or addresses that are no node's. */
typedef struct as_cloud_side {
    bool is_node;
    uint32_t node;
    as_addresses where;
    bool any;         /* one of the addresses is enough: the internet */
    bool relayed;     /* a load balancer hands it on: no public address is needed, nor a route */
    bool linked;      /* it comes by an endpoint of another network: nothing of networks is asked */
    bool regrouped;   /* `groups` stand in for the security groups of the node */
    uint32_t groups;  /* a set that `group` of the cloud made */
    as_str no_groups; /* why these are not all known; empty: they are */
} as_cloud_side;

/* A load balancer hands on what comes to `front` of it to `back` of a node; an endpoint (`links`)
 * to the load balancer of the service that it is for, in another network. */
typedef struct as_cloud_forward {
    uint32_t balancer, node;
    const as_entity *by;
    const as_ports *front, *back;
    bool keeps_source; /* the node sees the client's address */
    bool links;
    as_str unsure; /* why only perhaps; empty: for certain */
} as_cloud_forward;

typedef struct as_cloud {
    const char *name; /* "AWS" */
    as_arena *arena;
    as_port_space *space;
    const as_ports *universe;
    void *network;
    const as_entity **nodes;    /* what has interfaces */
    const as_entity **networks; /* the VPC that each is in; NULL: not known, or of its own */
    const uint32_t *classes;    /* of each; members of one are answered alike */
    size_t n, n_classes;
    const uint32_t *node_of; /* 1 + node, by entity id */
    const as_cloud_forward *forwards;
    size_t n_forwards;
    as_addresses internet;
    size_t n_clusters;     /* that the provider manages */
    const uint32_t *hosts; /* the nodes that pods run on (as_pods_is_host), in order */
    size_t n_hosts;
    uint32_t *forwards_of, *next_forward; /* by node and by forward: 1 + forward; 0: the end */
    /* Directly; `asked` NULL: every port. Without `explains` there are no steps. */
    as_cloud_answer (*ask)(void *network, const as_cloud_side *from, const as_cloud_side *to,
            const as_ports *asked, bool explains);
    as_addresses (*addresses)(void *network, uint32_t node); /* that a node may have */
    /* A set of security groups by their names; NULL: this cloud has none. */
    uint32_t (*group)(void *network, const as_entity *from, const as_value *const *names, size_t n,
            as_str *missing);
    /* Where sets of addresses are made from now on; gives what it was. Ports stay where they are.
     */
    as_arena *(*use_arena)(void *network, as_arena *arena);
} as_cloud;

/* The clouds of a graph that have nodes, in a fixed order; all in `arena`. */
size_t as_clouds_read(as_arena *arena, const as_graph *graph, as_cloud *out);
enum { AS_N_CLOUDS = 2 };

uint32_t as_cloud_node_of(const as_cloud *cloud, const as_entity *entity); /* UINT32_MAX: none */

as_cloud_side as_cloud_side_node(uint32_t node);
as_cloud_side as_cloud_side_internet(const as_cloud *cloud);
/* "internet", or a network such as 10.0.0.0/8. */
bool as_cloud_side_parse(const as_cloud *cloud, as_str text, as_cloud_side *out) AS_MUST_CHECK;

/* Directly, or through load balancers and endpoints. At least one side is a node. */
as_cloud_answer as_cloud_ask(const as_cloud *cloud, const as_cloud_side *from,
        const as_cloud_side *to, const as_ports *asked);
void as_cloud_finish(as_cloud *cloud); /* at the end of making one */
/* Yes when the ports asked for are open (without any: some port), for certain. */
as_truth as_cloud_verdict(
        const as_cloud *cloud, const as_cloud_answer *answer, const as_ports *asked);

/* Every pair within a unit, directly, and "internet" as a sender; of `from` ("internet", or a
 * node's address) alone unless it is empty. */
as_connections as_cloud_connections(const as_cloud *cloud, as_str from);
/* The first connection that a node of one network may open to one of another; certain ones first.
 */
typedef struct as_cloud_join {
    bool asked; /* both have nodes */
    as_truth verdict;
    uint32_t from, to;
    as_cloud_answer answer;
} as_cloud_join;
as_cloud_join as_cloud_joined(
        const as_cloud *cloud, const as_entity *from_network, const as_entity *to_network);

/* What load balancers expose to the internet. */
typedef struct as_cloud_exposure {
    const as_cloud_forward *forward;
    as_port_bounds open; /* ports of the node */
} as_cloud_exposure;
typedef AS_VEC(as_cloud_exposure) as_cloud_exposures;
as_cloud_exposures as_cloud_exposures_list(const as_cloud *cloud);

#endif
