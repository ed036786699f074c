/* Who has which role on what in Google Cloud: read from the graph once, for each unit.
 *
 * Google Cloud, "IAM overview", "Policy inheritance", "Deny policies": what a policy of a resource,
 * its project, folders or organization allows is allowed, unless a deny policy on the way denies
 * it. Texts that are not known have marks and holes (engine/iam/pattern.h): the project of a
 * configuration whose provider does not name it is a mark, equal to itself. */
#ifndef AS_GCPIAM_WORLD_H
#define AS_GCPIAM_WORLD_H

#include "engine/gcpiam/cel.h"
#include "engine/gcpiam/roles.h"
#include "engine/gcpiam/tables.h"

typedef struct as_gcp_member as_gcp_member;
typedef struct as_gcp_resource as_gcp_resource;
typedef AS_VEC(as_gcp_member *) as_gcp_members;

typedef struct as_gcp_grant {
    const as_gcp_role *role;
    as_gcp_member *member;
    as_gcp_resource *on;
    const as_value *condition; /* the expression; NULL: none */
    as_str doubt;              /* why it may not count: another policy may take it away */
    const as_entity *binding;
    as_span span;
} as_gcp_grant;

typedef AS_VEC(const as_gcp_grant *) as_gcp_grants;

/* A rule of a deny policy. */
typedef struct as_gcp_deny {
    as_strs members, except; /* of deny policies: "principal://goog/subject/…" */
    as_strs permissions, except_permissions;
    const as_value *condition;
    as_str doubt; /* a list is not known in full */
    as_str name;
    as_span span;
} as_gcp_deny;

struct as_gcp_resource {
    as_gcp_level level;
    as_str shown; /* "projects/shop", "google_storage_bucket.data" */
    as_str key;
    as_cel_resource cel;
    const as_entity *entity; /* that declares it; or NULL */
    as_gcp_resource *parent;
    as_gcp_grants grants;
    AS_VEC(as_gcp_deny) denies;
    uint32_t index; /* in its world */
};

struct as_gcp_member {
    as_str text;              /* "serviceAccount:ci@shop.iam.gserviceaccount.com" */
    as_str shown;             /* the address of the account that is declared, else the text */
    const as_entity *entity;  /* a service account that is declared; or NULL */
    as_gcp_resource *account; /* the service account as a resource; of other members NULL */
    as_span span;
    as_gcp_grants own, all; /* all: those of everyone, of its domain and its groups too */
    as_gcp_members groups;  /* that it is in, as far as the scan tells */
    bool told;              /* a group of which the scan tells the members */
    uint32_t index;         /* in its world */
    uint32_t set;           /* members of the same set have the same grants */
};

/* What runs as a service account. */
typedef struct as_gcp_running {
    const as_entity *entity;
    as_gcp_member *account;
    as_gcp_resource *project;
} as_gcp_running;

typedef struct as_gcp_world {
    const as_graph *graph;
    const as_unit *unit;
    as_gcp_roles *roles;
    AS_VEC(as_gcp_resource *) resources;
    AS_VEC(as_gcp_member *) members;
    AS_VEC(as_gcp_running) running;
    as_map by_key;    /* → as_gcp_resource */
    as_map by_text;   /* → as_gcp_member */
    as_map by_entity; /* address → as_gcp_resource */
    as_str gap; /* why there may be more bindings; empty: configuration, or all were asked for */
    uint32_t n_sets;
} as_gcp_world;

typedef struct as_gcp_worlds {
    as_gcp_roles *roles;
    AS_VEC(as_gcp_world *) list;
} as_gcp_worlds;

/* Of every unit that has bindings or service accounts. Lives in `arena`. */
const as_gcp_worlds *as_gcp_worlds_of(as_arena *arena, const as_graph *graph);
/* By "user:…", "serviceAccount:…", the address of its resource, or its e-mail address. */
const as_gcp_member *as_gcp_member_find(const as_gcp_world *world, as_str text);
/* Somebody whom nothing names: who has what everyone has, and everyone of the domain. */
const as_gcp_member *as_gcp_stranger(as_arena *arena, const as_gcp_world *world, as_str text);
/* By address, "projects/shop", or the name of a resource that has a policy. */
const as_gcp_resource *as_gcp_resource_find(const as_gcp_world *world, as_str text);

typedef struct as_gcp_verdict {
    as_truth truth;
    const as_gcp_grant *grant; /* that allows it, or may; NULL: none */
    const as_gcp_deny *deny;   /* that denies it, or may */
    as_str reason;             /* of maybe */
} as_gcp_verdict;

/* Whether the member has the permission on the resource; NULL: on any. */
as_gcp_verdict as_gcp_decide(as_arena *arena, const as_gcp_member *member, as_str permission,
        const as_gcp_resource *resource);
/* Maybe, where a group whose members are not told has the permission and the user may be in it. */
as_gcp_verdict as_gcp_doubt_of_groups(as_arena *arena, const as_gcp_world *world,
        const as_gcp_member *member, as_str permission, const as_gcp_resource *resource);
/* The Owner of a project, folder or organization, without a condition. */
bool as_gcp_is_owner(const as_gcp_member *member, const as_gcp_grant **by);

#endif
