/* The parts of a network of Google Cloud; for gcp_network.c, which reads them, and gcp_filter.c. */
#ifndef AS_REACH_GCP_NETWORK_H
#define AS_REACH_GCP_NETWORK_H

#include "engine/reach/gcp_filter.h"

typedef enum as_gcp_action { AS_GCP_ALLOW, AS_GCP_DENY, AS_GCP_NEXT } as_gcp_action;

/* Tags and service accounts: texts, or "@" and an address where an attribute of a resource that is
 * not known yet stands for the text. */
typedef AS_VEC(as_str) as_gcp_names;

typedef struct as_gcp_rule {
    const as_entity *entity;
    as_span span;
    int64_t priority;
    as_gcp_action action;
    bool egress;
    as_addresses addresses;                    /* of the other side */
    as_gcp_names tags, accounts;               /* of the other side, ingress only */
    as_gcp_names target_tags, target_accounts; /* both empty: every instance */
    const as_ports *ports;
    as_str unsure;
} as_gcp_rule;

/* Rules that are evaluated together, by priority. */
typedef struct as_gcp_list {
    as_str name;
    AS_VEC(as_gcp_rule) rules;
} as_gcp_list;

typedef struct as_gcp_vpc {
    const as_entity *entity;
    AS_VEC(as_gcp_list *) lists; /* in the order of evaluation */
    bool has_default_route;
    bool has_nat;           /* instances without an external address get out by Cloud NAT */
    AS_VEC(uint32_t) peers; /* other VPCs, by complete peerings */
} as_gcp_vpc;

typedef struct as_gcp_node {
    const as_entity *entity;
    uint32_t vpc; /* 1 + index; 0: not known */
    as_str no_vpc;
    as_addresses addresses;
    as_str no_addresses;
    as_gcp_names tags, accounts;
    as_str unsure; /* tags or accounts are not all known */
    as_truth is_public;
} as_gcp_node;

struct as_gcp_network {
    as_arena *arena;
    as_packet_space space;
    const as_graph *graph;
    const as_ports *universe;
    AS_VEC(as_gcp_vpc) vpcs;
    AS_VEC(as_gcp_node) nodes;
};

#endif
