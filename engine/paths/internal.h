/* The graph of an attack from within: who makes nodes and links, and how a search sees them. */
#ifndef AS_PATHS_INTERNAL_H
#define AS_PATHS_INTERNAL_H

#include <pthread.h>

#include "engine/graph/derived.h"
#include "engine/iam/view.h"
#include "engine/paths/attack.h"
#include "engine/reach/cloud.h"
#include "engine/reach/exposure.h"
#include "engine/reach/pods.h"

#define IN_EVERY_CLUSTER UINT32_MAX

enum {
    MAX_PAIRS = 1000000,       /* questions about pairs in clouds, and of identities */
    MAX_CUT_VISITS = 50000000, /* links that are looked at for cuts */
};

typedef struct attack_vertex attack_vertex;
/* Works out the links that leave a node. */
typedef void (*attack_expand)(as_attack *attack, attack_vertex *vertex);

struct attack_vertex {
    as_attack_node node; /* first: a vertex is its node */
    AS_VEC(const as_attack_link *) out;
    AS_VEC(attack_expand) pending;
    /* What expanders need. */
    size_t place; /* cluster or cloud */
    uint32_t at;  /* class or node there */
    const as_iam_account *account;
    const as_iam_principal *principal;
    const as_entity *declared; /* the identity of engine/ways, or */
    as_str subject;            /* what Kubernetes calls it */
};

typedef struct attack_cluster {
    as_cluster *cluster;
    as_filter *filter;
    as_exposures exposures;
    uint32_t *out, *in;     /* transit nodes by class; 0: not made yet */
    uint32_t *any_of_class; /* 1 + an endpoint of the class */
} attack_cluster;

/* A cloud's nodes by class: members are answered alike. */
typedef struct attack_classes {
    uint32_t *one, *other; /* 1 + a member, and another one; 0: there is none */
    uint32_t *in;          /* the transit node to what listens */
} attack_classes;

typedef struct attack_role {
    const as_iam_account *account;
    const as_iam_principal *principal;
    struct attack_role *next; /* of the same name */
} attack_role;

typedef struct attack_trust {
    const attack_role *role;
    struct attack_trust *next;
} attack_trust;

/* A service account of Kubernetes that is declared. */
typedef struct attack_account {
    const as_entity *entity;
    struct attack_account *next; /* of the same name and namespace */
} attack_account;

/* Nodes of a name, among those that there were when it was asked for last. */
typedef struct attack_named {
    AS_VEC(uint32_t) ids;
    size_t n_seen;
} attack_named;

/* A store or secret of AWS, and its policy. */
typedef struct attack_store {
    uint32_t node;
    const as_iam_account *account;
    const as_iam_resource *resource;
    const struct attack_use *use;
} attack_store;

struct as_attack {
    pthread_mutex_t lock;
    as_arena *arena;
    as_guard guard; /* of the arena, while a question is answered */
    const as_graph *graph;
    const as_config *config;
    bool made, ready;
    AS_VEC(attack_vertex *) nodes; /* by id less one */
    uint32_t *by_entity;           /* node by entity id */
    as_map by_key;                 /* nodes of what is not declared */
    as_map changes;
    uint32_t n_changes;
    const as_entity **by_place; /* sorted by the begin of their blocks */
    size_t n_by_place;
    uint32_t internet;
    struct attack_outside *outside[2]; /* of direct questions the second */
    struct attack_board *boards[2];    /* for searches, one after the other */
    as_map by_text;                    /* what as_attack_find has looked for → attack_named */
    AS_VEC(as_str) doubts;
    size_t n_pairs;
    bool cut_short; /* not all pairs were asked about */
    as_diags diags;
    AS_VEC(attack_cluster) clusters;
    uint32_t *cluster_of; /* 1 + index of the cluster, by entity id; see attack_in_cluster */
    as_cloud clouds[AS_N_CLOUDS];
    size_t n_clouds;
    attack_classes *cloud_classes; /* by cloud */
    const as_iam_accounts *accounts;
    as_map service_accounts; /* of Kubernetes, by namespace and name → attack_account */
    as_map roles;            /* by name → attack_role */
    as_map trusting;         /* roles by the ARN of whom they trust → attack_trust */
    AS_VEC(attack_role *)
    trusting_account; /* those that leave it to identity policies, or to what
                         is not known */
    AS_VEC(attack_store) stores;
};

attack_vertex *attack_vertex_of(as_attack *attack, uint32_t id);
/* The node of an entity, made when it is new. */
attack_vertex *attack_add(as_attack *attack, as_attack_kind kind, const as_entity *entity);
/* A node without an entity, by key. */
attack_vertex *attack_add_named(
        as_attack *attack, as_attack_kind kind, as_str key, as_str title, as_str environment);
as_str attack_title(as_attack *attack, const char *what, as_str name); /* "what (name)" */
void attack_expand_with(as_attack *attack, attack_vertex *vertex, attack_expand expand);
/* Copies the link; from and to are ids. A change is made of its span unless `fixed`. */
void attack_link(as_attack *attack, as_attack_link link, bool fixed);
void attack_doubt(as_attack *attack, const char *fmt, ...) AS_PRINTF(2, 3);
/* Counts one question about a pair; false when there were too many. */
bool attack_may_ask(as_attack *attack, const char *what);
/* Everything that leaves a node, worked out. */
void attack_open(as_attack *attack, attack_vertex *vertex);
/* "prod", "staging", "dev", "test" for the words that stand for them; else empty. */
as_str attack_environment(as_str word);
bool attack_is_production(const as_attack_node *node);
bool attack_is_lower(const as_attack_node *node); /* known, and not production */

/* Sources of nodes and links, in the order in which they are asked. */
void attack_read_aws(as_attack *attack);
void attack_read_clusters(as_attack *attack);
/* Whether the object belongs to the cluster of that number (from 1); some belong to all. */
bool attack_in_cluster(const as_attack *attack, const as_entity *entity, size_t cluster);
void attack_read_clouds(as_attack *attack);
void attack_read_entries(as_attack *attack);
void attack_read_pods(as_attack *attack);
void attack_read_pipelines(as_attack *attack);
void attack_read_gcp(as_attack *attack);

/* The node that stands for administration of a cluster, by its number. */
uint32_t attack_cluster_admin(as_attack *attack, size_t cluster, as_str environment);
/* What a service account of a cluster may do there: of the vertex of its token. */
void attack_expand_token(as_attack *attack, attack_vertex *vertex);
/* What it may do in Google Cloud, and as whom it may act there: of the vertex of its object. */
void attack_expand_gke(as_attack *attack, attack_vertex *vertex);
/* The ways of engine/ways from the identity that `declared` declares, else of the subject. */
void attack_add_ways(
        as_attack *attack, attack_vertex *vertex, const as_entity *declared, as_str subject);

#endif
