/* The principals of one account and what they may do: read from the graph once, then asked many
 * times.
 *
 * A unit of the graph (a Terraform root, a snapshot of an account) is an account here.
 * Configuration is open: what it does not declare may exist beside it; a live account is closed.
 * Everything is read-only after as_iam_accounts_of. */
#ifndef AS_IAM_ACCOUNT_H
#define AS_IAM_ACCOUNT_H

#include "engine/base/vec.h"
#include "engine/iam/data.h"
#include "engine/iam/evaluate.h"
#include "engine/iam/names.h"

typedef enum as_iam_kind { AS_IAM_KIND_USER, AS_IAM_KIND_ROLE, AS_IAM_KIND_GROUP } as_iam_kind;

/* A policy that a principal or group has, and what says so. */
typedef struct as_iam_grant {
    const as_iam_policy *policy;
    as_str arn;    /* of a managed policy */
    bool customer; /* it can be changed in this account */
    as_span span;
} as_iam_grant;
typedef AS_VEC(as_iam_grant) as_iam_grants;

typedef struct as_iam_principal as_iam_principal;
typedef AS_VEC(as_iam_principal *) as_iam_principals;

struct as_iam_principal {
    as_iam_kind kind;
    uint32_t index; /* in its account */
    const as_entity *entity;
    as_str arn, name;
    as_iam_grants grants;     /* its own */
    as_iam_principals groups; /* of a user; members of a group */
    as_iam_policies policies; /* identity policies, those of its groups included */
    const as_iam_policy *boundary, *trust;
    bool reserved;  /* AWS keeps it: nobody else changes it, passes it or says who assumes it */
    bool has_login; /* a password for the console */
    as_iam_identity identity;
    as_iam_context context; /* condition keys that are known of every request */
    uint32_t set;           /* principals of the same set may do the same */
};

/* Something that runs with a role: a function, an instance … */
typedef struct as_iam_running {
    int workload; /* index into as_iam_workloads */
    const as_entity *entity;
    as_str arn;
    as_iam_principal *role; /* NULL: not known, or none */
} as_iam_running;

/* A resource with a policy of its own. */
typedef struct as_iam_resource {
    const as_entity *entity;
    as_str arn;
    const as_iam_policy *policy; /* NULL: none */
    as_iam_resource_kind kind;
} as_iam_resource;

typedef struct as_iam_account {
    const as_unit *unit;
    as_iam_names names;
    bool open;                    /* there may be more than what is known */
    as_iam_principals principals; /* users, roles, groups, in order of the graph */
    AS_VEC(as_iam_running) running;
    AS_VEC(as_iam_resource) resources;
    /* Service control policies that reach the account, by level; none: not known, or none. */
    const as_iam_policies *scp;
    size_t n_scp;
    as_iam_policies rcp; /* resource control policies that reach its resources */
    as_map by_arn;       /* → as_iam_principal */
    as_map policies;     /* ARN of a managed policy → as_iam_policy */
    as_map versions; /* ARN of a managed policy → as_iam_policies: its other versions, where they
                        are known */
    uint32_t n_sets;
} as_iam_account;

typedef struct as_iam_accounts {
    as_arena *arena;
    const as_graph *graph;
    as_iam_managed managed;
    AS_VEC(as_iam_account *) list;
} as_iam_accounts;

/* Of every unit that has principals, or resources that may be granted. Lives in `arena`. */
const as_iam_accounts *as_iam_accounts_of(as_arena *arena, const as_graph *graph);
/* By address, ARN, name, or "user/name"; the first. `account` may be NULL. */
const as_iam_principal *as_iam_principal_find(
        const as_iam_accounts *accounts, as_str text, const as_iam_account **account);
const as_iam_principal *as_iam_principal_of(
        const as_iam_accounts *accounts, const as_entity *entity, const as_iam_account **account);
/* The address where the source has one, else the ARN. */
as_str as_iam_principal_name(const as_iam_principal *principal);

/* What the principal asks: `resource` may be "" (is there any?), an address or an ARN. */
as_iam_verdict as_iam_can(as_arena *arena, const as_iam_account *account,
        const as_iam_principal *principal, as_str action, as_str resource);
/* What a request for a resource is about: its ARN, its own policy. */
typedef struct as_iam_target_policy {
    as_str resource;
    bool choose;                 /* the holes of the ARN are the caller's to fill */
    const as_iam_policy *policy; /* NULL: none that is declared */
    as_iam_resource_kind kind;
} as_iam_target_policy;

as_iam_target_policy as_iam_target_of(
        as_arena *arena, const as_iam_account *account, as_str action, as_str resource);
/* Whether its own policies certainly allow the action on every resource. */
bool as_iam_can_everywhere(as_arena *arena, const as_iam_principal *principal, as_str action);
/* The resource behind an address, ARN or name; NULL when the account does not declare it. */
const as_iam_resource *as_iam_resource_find(const as_iam_account *account, as_str text);

#endif
