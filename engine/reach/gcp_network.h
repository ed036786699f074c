/* The parts of a network of Google Cloud, as Terraform declares them or as Cloud Asset Inventory
 * tells; gcp_filter.c judges by them. */
#ifndef AS_REACH_GCP_NETWORK_H
#define AS_REACH_GCP_NETWORK_H

#include "engine/base/map.h"
#include "engine/reach/cloud_read.h"
#include "engine/reach/gcp_filter.h"

typedef enum as_gcp_action { AS_GCP_ALLOW, AS_GCP_DENY, AS_GCP_NEXT } as_gcp_action;

/* Tags and service accounts: texts, or "@" and an address where an attribute of a resource that is
 * not known yet stands for the text. */
typedef AS_VEC(as_str) as_gcp_names;

typedef struct as_gcp_rule {
    const as_entity *entity; /* NULL: of the default network, as Google makes it */
    as_str name;
    as_span span;
    int64_t priority;
    as_gcp_action action;
    bool egress;
    as_addresses addresses;                    /* of the other side */
    as_gcp_names tags, accounts;               /* of the other side, ingress only */
    as_gcp_names target_tags, target_accounts; /* both empty: every instance */
    bool secure; /* the tags are secure ones, of policies, not those of VPC firewall rules */
    const as_ports *ports;
    as_str unsure;
} as_gcp_rule;

/* Rules that are evaluated together, by priority. */
typedef struct as_gcp_list {
    as_str name;
    AS_VEC(as_gcp_rule) rules;
} as_gcp_list;

typedef struct as_gcp_route {
    as_addresses addresses;
    int prefix;
    int64_t priority;
    bool internet; /* the default internet gateway; else something that is not judged */
    as_gcp_names tags;
    as_span span;
} as_gcp_route;

typedef struct as_gcp_nat {
    const as_entity *entity;
    bool all;           /* every subnetwork of its region */
    as_str region;      /* empty: not known */
    as_gcp_names names; /* else these subnetworks */
} as_gcp_nat;

typedef struct as_gcp_vpc {
    const as_entity *entity; /* NULL: it is named, but not in the scan */
    as_str key;
    const as_unit *unit;
    AS_VEC(as_gcp_list *) lists; /* in the order of evaluation */
    AS_VEC(as_gcp_route) routes;
    bool has_default_route; /* as Google makes it, priority 1000 */
    as_indexes peers;       /* other VPCs, by complete peerings */
    AS_VEC(as_gcp_nat) nats;
} as_gcp_vpc;

typedef struct as_gcp_interface {
    uint32_t vpc; /* 1 + index; 0: not known */
    as_str no_vpc;
    as_addresses addresses;
    as_str no_addresses, region;
    const as_entity *subnet;
    as_truth is_public, has_v6;
} as_gcp_interface;

typedef enum as_gcp_node_kind {
    AS_GCP_MACHINE,  /* firewall rules are for it */
    AS_GCP_SERVICE,  /* managed: it stands in Google's network, joined to one of ours */
    AS_GCP_BALANCER, /* a forwarding rule; no firewall rule is for it */
} as_gcp_node_kind;

/* The rules of one direction that are, or may be, for a node: of each list of the network. */
typedef struct as_gcp_rules {
    AS_VEC(const as_gcp_rule *) rules;
} as_gcp_rules;

typedef struct as_gcp_node {
    const as_entity *entity;
    as_gcp_node_kind kind;
    AS_VEC(as_gcp_interface) interfaces;
    as_gcp_names tags, accounts;
    as_str unsure; /* tags or accounts are not all known */
    as_gcp_names secure_tags;
    as_str no_secure_tags; /* why these are not known; empty: they are */
    const as_ports *listens;
    bool has_allowed; /* a public endpoint with a list of networks */
    as_addresses allowed;
    as_str allowed_unsure;
    bool passes; /* a balancer that leaves addresses as they are */
    uint32_t class;
    as_gcp_rules *const *rules[2]; /* ingress, egress: by interface and list; shared by the class */
} as_gcp_node;

struct as_gcp_network {
    as_cloud_reader r;
    AS_VEC(as_gcp_vpc) vpcs;
    AS_VEC(as_gcp_node) nodes;
    AS_VEC(as_cloud_forward) forwards;
    as_map by_key, classes; /* of VPCs */
    uint32_t *node_of;
    uint32_t n_classes;
    as_addresses internet, front_ends; /* of Google's proxies and health checks */
};

/* The VPC that a value names, made when it is not in the scan; 0: there is no name. */
uint32_t as_gcp_vpc_of(as_gcp_network *network, const as_entity *from, const as_value *v);
void as_gcp_add_names(
        as_gcp_network *network, const as_value *v, as_gcp_names *out, as_str *unsure);
bool as_gcp_share(const as_gcp_names *a, const as_gcp_names *b);
/* The tags of a node that a rule speaks of, and why they are not all known. */
const as_gcp_names *as_gcp_tags(const as_gcp_rule *rule, const as_gcp_node *node);
as_str as_gcp_unsure(const as_gcp_rule *rule, const as_gcp_node *node);
as_truth as_gcp_targets(const as_gcp_rule *rule, const as_gcp_node *node); /* is it for the node? */
const as_ports *as_gcp_ports(
        as_gcp_network *network, const as_value *protocol, const as_value *ports, as_str *unsure);

/* --- readers of the parts, in order of need ------------------------------------------------------
 */

void as_gcp_read_rules(as_gcp_network *network);
void as_gcp_read_nodes(as_gcp_network *network);
void as_gcp_read_secure_tags(as_gcp_network *network);
void as_gcp_read_balancers(as_gcp_network *network);
void as_gcp_add_node(as_gcp_network *network, as_gcp_node node);

#endif
