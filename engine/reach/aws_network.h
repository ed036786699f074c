/* The networks of AWS as Terraform declares them: VPCs, subnets, routes, network ACLs, security
 * groups, and what stands in them. aws_filter.h judges connections by it.
 *
 * Spec: the Amazon VPC user guide, "Control traffic to your AWS resources using security groups",
 * "Network ACLs", "Route tables", and the reference of the Terraform provider, which decides what
 * an attribute that is left out means. */
#ifndef AS_REACH_AWS_NETWORK_H
#define AS_REACH_AWS_NETWORK_H

#include "engine/graph/graph.h"
#include "engine/reach/packets.h"
#include "parsers/kubernetes/selector.h"

enum { AS_AWS_IN, AS_AWS_OUT, AS_AWS_N_WAYS };

typedef AS_VEC(uint32_t) as_indexes;

/* A rule of a security group; everything in it allows. */
typedef struct as_aws_group_rule {
    const as_entity *entity;
    as_span span;
    as_addresses addresses;
    as_indexes groups; /* whose members are meant */
    const as_ports *ports;
    as_str unsure; /* a part of it is not known; empty: all is */
} as_aws_group_rule;

typedef struct as_aws_group {
    const as_entity *entity; /* NULL: the default group of a VPC, as AWS makes it */
    AS_VEC(as_aws_group_rule) rules[AS_AWS_N_WAYS];
} as_aws_group;

/* An entry of a network ACL. */
typedef struct as_aws_entry {
    int64_t number;
    bool allows, egress;
    as_addresses addresses;
    const as_ports *ports;
    as_span span;
    as_str unsure;
} as_aws_entry;

typedef struct as_aws_acl {
    const as_entity *entity;      /* NULL: the default one, which lets everything through */
    AS_VEC(as_aws_entry) entries; /* by number */
    as_packets sure[AS_AWS_N_WAYS], most[AS_AWS_N_WAYS]; /* what gets through */
} as_aws_acl;

typedef enum as_aws_gateway {
    AS_AWS_LOCAL,
    AS_AWS_INTERNET,
    AS_AWS_NAT,
    AS_AWS_EGRESS_ONLY,
    AS_AWS_PEERING,
    AS_AWS_TRANSIT,
    AS_AWS_VPN,
    AS_AWS_ENDPOINT,
    AS_AWS_INTERFACE,
    AS_AWS_UNKNOWN_GATEWAY,
} as_aws_gateway;

typedef struct as_aws_route {
    as_addresses addresses;
    int prefix; /* the longest wins */
    as_aws_gateway gateway;
    const as_entity *target; /* the gateway; may be NULL */
    as_span span;
} as_aws_route;

typedef struct as_aws_table {
    const as_entity *entity;     /* NULL: a main table that only AWS knows: local routes */
    AS_VEC(as_aws_route) routes; /* longest prefix first */
    as_str unsure;
} as_aws_table;

typedef struct as_aws_vpc {
    const as_entity *entity;
    as_addresses addresses;
    as_str unsure; /* its addresses are not known */
} as_aws_vpc;

typedef struct as_aws_subnet {
    const as_entity *entity;
    uint32_t vpc; /* 1 + index; 0: not known */
    as_addresses addresses;
    as_str unsure;
    as_truth public_ips; /* what is launched gets one */
    const as_aws_table *table;
    const as_aws_acl *acl;
} as_aws_subnet;

/* A load balancer that leads to a node, and the ports of the node that it leads to. */
typedef struct as_aws_forward {
    uint32_t balancer;
    const as_ports *ports;
    as_span span;
} as_aws_forward;

/* Something with interfaces in subnets. */
typedef struct as_aws_node {
    const as_entity *entity;
    as_str title; /* the address */
    as_indexes subnets, groups;
    as_str no_subnets, no_groups; /* why these are not known; empty: they are */
    as_addresses addresses;       /* its own where known; else empty */
    as_truth is_public;
    as_str public_reason;
    const as_ports *listens; /* what it answers on; everything unless that is known */
    bool forwards;           /* a load balancer */
    AS_VEC(as_aws_forward) forwards_from;
} as_aws_node;

typedef struct as_aws_network {
    as_arena *arena;
    as_packet_space space;
    const as_graph *graph;
    const as_ports *universe; /* TCP, UDP, ICMP … all that rules can speak of */
    AS_VEC(as_aws_vpc) vpcs;
    AS_VEC(as_aws_subnet) subnets;
    AS_VEC(as_aws_group) groups;
    AS_VEC(as_aws_node) nodes;
    uint32_t *by_entity; /* 1 + index of a VPC, subnet, group or node, by entity id */
} as_aws_network;

/* In the arena. Without VPCs and nodes it is empty. */
as_aws_network *as_aws_network_read(as_arena *arena, const as_graph *graph);

/* The node of an entity; UINT32_MAX when there is none. */
uint32_t as_aws_node_of(const as_aws_network *network, const as_entity *entity);

/* Readers of the parts; in order of need. */
void as_aws_read_groups(as_aws_network *network);
void as_aws_read_subnets(as_aws_network *network);
void as_aws_read_nodes(as_aws_network *network);
void as_aws_read_forwards(as_aws_network *network);

/* --- helpers of the readers ------------------------------------------------------------------ */

bool as_aws_is(const as_entity *entity, const char *type);
const as_value *as_aws_get(const as_entity *entity, const char *path);
/* The first entity of a type that a value stands for; NULL: none. */
const as_entity *as_aws_target(
        const as_aws_network *network, const as_entity *from, const as_value *v, const char *type);
/* Adds networks of a list (or one text); what is not known sets *unsure. */
void as_aws_add_cidrs(
        const as_aws_network *network, const as_value *v, as_addresses *out, as_str *unsure);
/* Protocol and ports as both kinds of rule spell them: "-1", "tcp", 6; from and to. */
const as_ports *as_aws_ports(const as_aws_network *network, const as_value *protocol,
        const as_value *from, const as_value *to, as_str *unsure);
as_str as_aws_doubt(const as_value *v, const char *otherwise);

#endif
