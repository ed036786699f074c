/* The networks of AWS, as Terraform declares them (also in plans and states) or as the API answers:
 * VPCs, subnets, routes, network ACLs, security groups, transit gateways, and what stands in them.
 * aws_filter.h judges connections by it.
 *
 * Spec: the Amazon VPC user guide ("Control traffic to your AWS resources using security groups",
 * "Network ACLs", "Route tables", "Default VPCs"), the guides of transit gateways and of Elastic
 * Load Balancing, and the reference of the Terraform provider, which decides what an attribute that
 * is left out means. */
#ifndef AS_REACH_AWS_NETWORK_H
#define AS_REACH_AWS_NETWORK_H

#include "engine/base/map.h"
#include "engine/base/truth.h"
#include "engine/reach/cloud.h"
#include "engine/reach/cloud_read.h"

enum { AS_AWS_IN, AS_AWS_OUT, AS_AWS_N_WAYS };

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

/* The networks of a prefix list. */
typedef struct as_aws_prefixes {
    as_addresses addresses;
    as_str unsure;
} as_aws_prefixes;

/* Security groups that are attached together: what they let through to and from addresses, apart
 * from the rules that name groups. */
typedef struct as_aws_group_set {
    as_indexes groups;                                   /* sorted */
    as_packets sure[AS_AWS_N_WAYS], most[AS_AWS_N_WAYS]; /* by networks */
    AS_VEC(const as_aws_group_rule *) named[AS_AWS_N_WAYS];
} as_aws_group_set;

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
    const as_entity *entity;      /* NULL: one that lets everything through, as AWS makes it */
    AS_VEC(as_aws_entry) entries; /* by number */
    as_packets sure[AS_AWS_N_WAYS], most[AS_AWS_N_WAYS]; /* what gets through */
    as_str unsure;
} as_aws_acl;

typedef enum as_aws_gateway {
    AS_AWS_LOCAL,
    AS_AWS_INTERNET,
    AS_AWS_NAT,
    AS_AWS_EGRESS_ONLY,
    AS_AWS_PEERING,
    AS_AWS_TRANSIT,
    AS_AWS_VPN,
    AS_AWS_APPLIANCE, /* an interface or an endpoint of a firewall: what it does is not known */
    AS_AWS_BLACKHOLE,
    AS_AWS_UNKNOWN_GATEWAY,
} as_aws_gateway;

typedef struct as_aws_route {
    as_addresses addresses;
    int prefix; /* the longest wins */
    as_aws_gateway gateway;
    const as_entity *from;   /* whose attribute names the gateway */
    const as_value *id;      /* what it says */
    const as_entity *target; /* the gateway; may be NULL */
    bool learned;            /* told by a VPN gateway */
    as_span span;
} as_aws_route;

typedef struct as_aws_table {
    const as_entity *entity;     /* NULL: a main table that only AWS knows: local routes */
    AS_VEC(as_aws_route) routes; /* longest prefix first */
    as_str unsure;
    bool learns; /* routes of a VPN come by themselves */
} as_aws_table;

typedef struct as_aws_vpc {
    const as_entity *entity; /* NULL: the default VPC of a unit, as AWS makes it */
    as_addresses addresses;
    as_str unsure; /* its addresses are not known */
    const as_aws_table *main;
    const as_aws_acl *acl;
    uint32_t default_group; /* 1 + index; 0: not read or made yet */
} as_aws_vpc;

typedef struct as_aws_subnet {
    const as_entity *entity; /* NULL: of the default VPC of `unit` */
    const as_unit *unit;
    uint32_t vpc;   /* 1 + index; 0: not known */
    as_str vpc_key; /* then: what stands for it, to compare */
    as_addresses addresses;
    as_str unsure;
    as_str zone;
    as_truth public_ips, v6_ips; /* what is launched gets one */
    const as_aws_table *table;
    const as_aws_acl *acl;
} as_aws_subnet;

/* Interfaces with the same groups, in one of several subnets. */
typedef struct as_aws_interface {
    as_indexes subnets;
    uint32_t groups;              /* a set */
    bool no_filter;               /* a network load balancer without groups */
    bool no_link_filter;          /* nor do its groups judge what comes by endpoints */
    as_str no_subnets, no_groups; /* why these are not known; empty: they are */
    as_addresses addresses;       /* its own where known; else empty */
    as_truth is_public, has_v6;
    as_str public_reason;
} as_aws_interface;

/* Something with interfaces in subnets. */
typedef struct as_aws_node {
    const as_entity *entity;
    AS_VEC(as_aws_interface) interfaces;
    const as_ports *listens; /* what it answers on; everything unless that is known */
    as_addresses allowed;    /* of a public endpoint with a list of its own */
    bool has_allowed;
    as_str allowed_unsure;
    bool forwards; /* a load balancer: it has interfaces in all of its subnets */
    uint32_t class;
} as_aws_node;

typedef struct as_aws_transit as_aws_transit;

typedef struct as_aws_network {
    as_cloud_reader r;
    AS_VEC(as_aws_vpc) vpcs;
    AS_VEC(as_aws_subnet) subnets;
    AS_VEC(as_aws_group) groups;
    AS_VEC(as_aws_group_set) sets;
    AS_VEC(as_aws_node) nodes;
    AS_VEC(as_cloud_forward) forwards;
    as_aws_transit *transit;
    as_map sets_by_key, classes, prefix_lists; /* address → as_aws_prefixes */
    uint32_t *by_entity; /* 1 + index of a VPC, subnet or group, by entity id */
    uint32_t *node_of;   /* 1 + index of a node, by entity id */
    uint32_t n_classes;
    as_addresses internet; /* what is routed there */
} as_aws_network;

/* In the arena. Without VPCs and nodes it is empty. */
as_aws_network *as_aws_network_read(as_arena *arena, const as_graph *graph);

/* --- readers of the parts, in order of need ------------------------------------------------------
 */

void as_aws_read_groups(as_aws_network *network);
void as_aws_read_subnets(as_aws_network *network); /* and VPCs, tables, ACLs */
void as_aws_read_transit(as_aws_network *network);
void as_aws_read_nodes(as_aws_network *network);
void as_aws_read_balancers(as_aws_network *network);
void as_aws_read_links(as_aws_network *network); /* endpoints of services behind balancers */
void as_aws_class_nodes(as_aws_network *network);

const as_aws_acl *as_aws_acl_new(as_aws_network *network, const as_entity *entity,
        const as_entity *const *rules, size_t n_rules);
as_aws_acl *as_aws_acl_open(as_aws_network *network); /* lets everything through */
as_aws_table *as_aws_table_new(as_aws_network *network, const as_entity *entity,
        const as_entity *const *routes, size_t n_routes);
/* Adds what a VPN gateway tells a table, as far as that is written down. */
void as_aws_table_learn(as_aws_network *network, as_aws_table *table, const as_entity *from,
        const as_value *gateway);

/* Index of what `v` names among VPCs, subnets, groups or nodes; UINT32_MAX: none. */
uint32_t as_aws_index(
        const as_aws_network *network, const as_entity *from, const as_value *v, const char *kind);
/* A subnet of the VPC that AWS makes by itself; made when first asked for. */
uint32_t as_aws_default_subnet(as_aws_network *network, const as_unit *unit);
uint32_t as_aws_default_group(as_aws_network *network, uint32_t vpc);
/* The set of some groups, sorted in place. */
uint32_t as_aws_group_set_of(as_aws_network *network, as_indexes groups);
/* Adds the networks of prefix lists that are named. */
void as_aws_add_prefixes(const as_aws_network *network, const as_entity *from, const as_value *v,
        as_addresses *out, as_str *unsure);
/* Protocol and ports as both kinds of rule spell them: "-1", "tcp", 6; from and to. */
const as_ports *as_aws_ports(const as_cloud_reader *r, const as_value *protocol,
        const as_value *from, const as_value *to, as_str *unsure);

/* Of addresses, those to which a transit gateway certainly carries packets, and perhaps. */
typedef struct as_aws_carried {
    as_addresses sure, maybe;
    as_str unsure; /* why only perhaps */
} as_aws_carried;
/* From one VPC to another one, also over peerings of gateways; UINT32_MAX: to what is in none of
 * the scan's VPCs on this way: other sites, and networks of VPCs by their addresses. */
as_aws_carried as_aws_transit_carries(const as_aws_network *network, const as_aws_route *route,
        uint32_t from_vpc, uint32_t to_vpc, as_addresses where);
/* Whether its attachments may use each other's security groups. */
bool as_aws_transit_shares_groups(const as_aws_network *network, const as_aws_route *route);

#endif
