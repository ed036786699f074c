/* The subjects of one cluster and what their roles let them do: read from the graph once.
 *
 * A unit of the graph (a chart, a folder of manifests, a Terraform root) is a cluster here; a
 * snapshot has one for each that was asked. Every cluster has the roles and bindings of tables.h as
 * well. Kubernetes allows what any rule of any role allows, and denies the rest; a role or subject
 * that is not known makes maybe. */
#ifndef AS_RBAC_CLUSTER_H
#define AS_RBAC_CLUSTER_H

#include "engine/base/vec.h"
#include "engine/graph/graph.h"
#include "engine/rbac/rule.h"

typedef struct as_rbac_role {
    as_str shown; /* "ClusterRole/edit", "Role/shop/reader" */
    const as_rbac_rule *rules;
    size_t n_rules;
    as_str doubt;            /* why not all rules are known; empty: all are */
    const as_entity *entity; /* NULL: it comes with Kubernetes, or nobody declares it */
} as_rbac_role;

typedef struct as_rbac_grant {
    const as_rbac_role *role;
    as_str space; /* the namespace where it counts; empty: everywhere */
    as_str shown; /* "RoleBinding/shop/read" */
    as_span span;
    const as_entity *binding; /* NULL: it comes with Kubernetes */
    bool system;              /* Kubernetes keeps it */
    as_str doubt;             /* why it may not count: the place is not known */
} as_rbac_grant;

typedef enum as_rbac_kind { AS_RBAC_USER, AS_RBAC_GROUP, AS_RBAC_ACCOUNT } as_rbac_kind;

typedef AS_VEC(const as_rbac_grant *) as_rbac_grants;

typedef struct as_rbac_subject {
    as_rbac_kind kind;
    uint32_t index;          /* in its cluster */
    as_str space, name;      /* the namespace of an account */
    as_str shown;            /* "ServiceAccount/shop/api", "User/jane", "Group/devs" */
    as_str user;             /* as the API server calls it: "system:serviceaccount:shop:api" */
    const as_entity *entity; /* that declares the account; or NULL */
    as_span span;            /* where it is declared or named */
    as_rbac_grants own, all; /* all: those of its groups too */
    uint32_t set;            /* subjects of the same set have the same grants */
    bool system;             /* it has nothing but what Kubernetes gives it */
} as_rbac_subject;

/* Something that makes pods. */
typedef struct as_rbac_pods {
    const as_entity *entity;
    as_str space;
    as_rbac_subject *account; /* NULL: not known */
    bool token;               /* its pods may hold the account's token */
    bool on_every_node;       /* a DaemonSet */
} as_rbac_pods;

typedef struct as_rbac_cluster {
    const as_graph *graph;
    const as_unit *unit;
    as_str account;                     /* the cluster's name in a snapshot */
    AS_VEC(as_rbac_subject *) subjects; /* accounts, then others in order of the bindings */
    AS_VEC(as_rbac_pods) pods;
    AS_VEC(as_str) spaces;
    AS_VEC(as_rbac_grant *) doubtful; /* bindings of which a subject is not known */
    as_map by_name;                   /* shown and user → as_rbac_subject */
    as_str gap; /* why there may be more bindings; empty: configuration, or all were asked for */
    uint32_t n_sets;
} as_rbac_cluster;

typedef struct as_rbac_clusters {
    AS_VEC(as_rbac_cluster *) list;
} as_rbac_clusters;

/* Of every unit that has objects of Kubernetes. Lives in `arena`. */
const as_rbac_clusters *as_rbac_clusters_of(as_arena *arena, const as_graph *graph);
/* The same, made once for a scan; NULL when memory ran out. Thread-safe. */
const as_rbac_clusters *as_rbac_clusters_shared(const as_graph *graph);

/* By "ServiceAccount/ns/name", "system:serviceaccount:ns:name", "User/x", "Group/x", or the name of
 * a user that a binding names. NULL: nobody. */
const as_rbac_subject *as_rbac_subject_find(const as_rbac_cluster *cluster, as_str text);
/* By exactly what `shown` or `user` says. */
const as_rbac_subject *as_rbac_subject_called(const as_rbac_cluster *cluster, as_str shown);
const as_rbac_subject *as_rbac_subject_of(
        const as_rbac_clusters *clusters, const as_entity *entity, const as_rbac_cluster **cluster);

typedef struct as_rbac_verdict {
    as_truth truth;
    const as_rbac_grant *grant; /* that allows it, or may */
    const as_rbac_rule *rule;   /* of it; NULL: the role is not known */
    as_str reason;              /* of maybe */
} as_rbac_verdict;

enum {
    AS_RBAC_ANYWHERE = 0, /* is there a namespace for which it is allowed? */
    AS_RBAC_EVERYWHERE,   /* in all of them, and for what has none */
    AS_RBAC_IN,           /* in the namespace that is given */
};

/* What the grants say of a request; `space` counts for AS_RBAC_IN. */
as_rbac_verdict as_rbac_decide(
        const as_rbac_grants *grants, const as_rbac_request *request, int where, as_str space);
/* Whether they allow everything in the whole cluster, by rules that are known. */
bool as_rbac_is_admin(const as_rbac_grants *grants, const as_rbac_grant **by);

#endif
