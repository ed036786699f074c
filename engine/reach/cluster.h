/* A Kubernetes cluster as the network sees it: namespaces, endpoints (what runs pods), and the
 * policies between them, all in one form. The readers of each kind of policy fill it
 * (network_policy.c, admin_policy.c, calico.c, istio.c); filter.h judges connections by it.
 *
 * Policies lie in tiers and tiers in layers. A connection must pass every layer (network policies,
 * the mesh) in both directions. Within a layer the tiers come in order, and a tier's rules come in
 * the order of its policies: the first rule that matches decides. What no rule of a tier matches
 * goes on to the next tier, or is denied when the tier isolates and one of its policies selects the
 * endpoint. What comes out of the last tier is allowed. */
#ifndef AS_REACH_CLUSTER_H
#define AS_REACH_CLUSTER_H

#include "engine/base/diag.h"
#include "engine/graph/graph.h"
#include "engine/reach/packets.h"
#include "engine/reach/pod_set.h"

typedef enum as_direction { AS_INGRESS, AS_EGRESS } as_direction;
enum { AS_N_DIRECTIONS = 2 };

typedef enum as_layer { AS_LAYER_POLICY, AS_LAYER_MESH } as_layer;
enum { AS_N_LAYERS = 2 };

typedef struct as_namespace {
    as_str name;
    const as_value *labels;  /* kubernetes.io/metadata.name included */
    const as_entity *entity; /* NULL: only mentioned */
    bool complete;           /* there are no other labels */
    as_str network;          /* its primary network where that is not the pod network (udn.h) */
    bool network_is_own;     /* of this namespace alone */
    bool network_unsure;     /* perhaps it is the pod network after all */
    AS_VEC(uint32_t) endpoints;
} as_namespace;

typedef struct as_endpoint {
    as_str name, space, kind; /* "api", "trading", "Deployment" */
    as_str title;             /* "trading/api[Deployment]" */
    const as_entity *entity;  /* NULL: stands for something outside the scan */
    const as_value *labels;   /* of its pods; may be NULL */
    const as_value *pod;      /* the pod's spec; may be NULL */
    as_addresses addresses;   /* of a pod that runs; else empty */
    as_str account;
    uint32_t index, in_namespace;
    bool host_network;
    bool is_virtual; /* the ingress controller and its like: no line of its own in a listing */
} as_endpoint;

/* A further pod of an endpoint: one of several with the same owner and labels. */
typedef struct as_replica {
    const as_entity *entity;
    uint32_t endpoint;
} as_replica;

typedef enum as_rule_action { AS_RULE_ALLOW, AS_RULE_DENY, AS_RULE_PASS } as_rule_action;

/* A port by the name that the destination's containers give it. protocol -1: any. */
typedef struct as_named_port {
    as_str name;
    int protocol;
} as_named_port;

typedef struct as_port_match {
    const as_ports *fixed;   /* matched for certain */
    const as_ports *perhaps; /* matched perhaps; may be NULL */
    AS_VEC(as_named_port) named;
} as_port_match;

typedef struct as_policy as_policy;

typedef struct as_policy_rule {
    as_rule_action action;
    const as_pod_set *pods; /* peers in the cluster; NULL: none */
    const as_pod_set *self; /* further restriction of the subject; NULL: none */
    as_addresses outside;   /* peers outside */
    as_addresses outside_perhaps;
    as_port_match ports;
    as_str unsure; /* why the rule matches only perhaps; empty: it is certain */
    as_str note;   /* a restriction above ports: "GET only"; may be empty */
    as_str name;   /* as its author calls it; may be empty */
    as_span span;
} as_policy_rule;

typedef AS_VEC(as_policy_rule) as_policy_rules;

struct as_policy {
    const as_entity *entity;
    as_str title; /* "NetworkPolicy trading/api" */
    double order; /* within its tier; ties by name */
    const as_pod_set *subject;
    bool governs[AS_N_DIRECTIONS];
    as_policy_rules rules[AS_N_DIRECTIONS];
};

typedef struct as_tier {
    as_str name;
    as_layer layer;
    double order;
    bool isolates; /* what is selected and not matched is denied */
    AS_VEC(as_policy *) policies;
} as_tier;

typedef struct as_label_index as_label_index; /* labels.c */

typedef struct as_cluster {
    as_arena *arena;
    as_packet_space space;
    const as_graph *graph;
    as_diags *diags;
    as_str name; /* the environment or unit; empty when there is one cluster only */
    AS_VEC(const as_entity *) objects;
    AS_VEC(as_namespace) namespaces;
    as_map namespace_index; /* name → as_namespace number + 1 */
    AS_VEC(as_endpoint) endpoints;
    as_label_index *labels; /* of the endpoints; made when first asked for */
    AS_VEC(as_replica) replicas;
    AS_VEC(as_tier *) tiers;  /* by layer and order once closed */
    const as_ports *universe; /* the protocols that are told apart */
    const as_pod_set *everyone;
    as_addresses anywhere;
    /* Every block of addresses that a rule names: where a listing of the outside is cut. */
    AS_VEC(as_address_range) blocks[AS_N_DIRECTIONS];
    /* Endpoints that stand for what forwards traffic from outside. */
    uint32_t ingress_controller, gateway;
} as_cluster;

/* The clusters that the Kubernetes objects of a graph make up. Units whose objects do not clash are
 * one cluster; where the same object comes from several units (overlays, values files), each
 * environment is a cluster of its own, together with what is common. Policies are read and in
 * order. Problems with them go to `diags`. */
typedef struct as_clusters {
    as_cluster **items;
    size_t n;
} as_clusters;
as_clusters as_clusters_read(as_arena *arena, const as_graph *graph, as_diags *diags);

/* --- for the readers of policies ---------------------------------------------------------------
 */

/* "NetworkPolicy", "AdminNetworkPolicy": of an entity's type, and its group. */
as_str as_k8s_entity_kind(const as_entity *entity);
as_str as_k8s_entity_group(const as_entity *entity);
/* The namespace of a namespaced object; "default" where its manifest names none. */
as_str as_k8s_entity_space(const as_entity *entity);
as_str as_endpoint_title(as_arena *arena, as_str space, as_str name, as_str kind);

/* The tier of that name, made when it is new. */
as_tier *as_cluster_tier(
        as_cluster *cluster, as_layer layer, const char *name, double order, bool isolates);
as_policy *as_cluster_policy(as_cluster *cluster, as_tier *tier, const as_entity *entity);
as_namespace *as_cluster_namespace(as_cluster *cluster, as_str name); /* made when it is new */

/* Whether a selector matches a namespace; perhaps where its labels are not all known. */
#define AS_NAMESPACE_DOUBT "the labels of namespace "
as_str as_namespace_doubt(as_arena *arena, const as_namespace *ns);
as_truth as_namespace_match(const as_namespace *ns, const as_selector *selector);
/* Endpoints by LabelSelector values: a NULL namespace selector means `own` namespace, a NULL pod
 * selector all pods. */
as_pod_set *as_cluster_select(as_cluster *cluster, as_str own, const as_value *namespace_selector,
        const as_value *pod_selector);
/* Endpoints of one namespace whose labels match. */
void as_cluster_select_in(as_cluster *cluster, const as_namespace *ns, const as_selector *selector,
        as_truth outer, as_pod_set *out);
/* The ports that a match has at a destination (NULL: outside the cluster). */
as_port_bounds as_port_match_at(
        const as_cluster *cluster, const as_port_match *match, const as_endpoint *destination);
/* The ports of containers under a name; protocol -1: any. */
as_port_bounds as_endpoint_named_port(
        const as_cluster *cluster, const as_endpoint *endpoint, as_str name, int protocol);

/* Reads "10.0.0.0/8" into *out; false when it is no network. */
bool as_cluster_read_cidr(as_cluster *cluster, const as_value *text, as_addresses *out);
/* Notes that a rule of the direction names these addresses. */
void as_cluster_note_block(as_cluster *cluster, as_direction direction, as_addresses block);
/* The reason of the first unknown inside a value; empty when all is known. */
as_str as_value_doubt(const as_value *v);
/* Marks a policy whose content cannot be right or is not known: it counts only perhaps. */
void as_policy_doubt(as_cluster *cluster, as_policy *policy, as_str reason);
/* A warning about a policy, at a value of it (NULL: at its head). */
void as_cluster_problem(as_cluster *cluster, const as_entity *entity, const as_value *at,
        const char *fmt, ...) AS_PRINTF(4, 5);

/* One reader a kind of policy; readers.def lists them. */
typedef struct as_policy_reader {
    const char *group, *kind; /* group "*": any */
    void (*read)(as_cluster *cluster, const as_entity *entity);
} as_policy_reader;

void as_read_network_policy(as_cluster *cluster, const as_entity *entity);
void as_read_admin_policy(as_cluster *cluster, const as_entity *entity);
void as_read_unjudged(as_cluster *cluster, const as_entity *entity);

#endif
