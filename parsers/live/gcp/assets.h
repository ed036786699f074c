/* The assets of Google Cloud: what is asked for, and how an answer names its things. */
#ifndef AS_LIVE_GCP_ASSETS_H
#define AS_LIVE_GCP_ASSETS_H

#include "engine/value/value.h"

/* A row of lists.def. */
typedef struct as_gcp_list {
    as_str operation, parent, url, items, type, policy;
} as_gcp_list;

const as_gcp_list *as_gcp_lists(size_t *n);
const as_gcp_list *as_gcp_list_find(as_str operation); /* NULL: none */

typedef enum as_gcp_owner {
    AS_GCP_OWNER_PROJECT,
    AS_GCP_OWNER_LAST,
    AS_GCP_OWNER_NAME,
    AS_GCP_OWNER_OWN,
} as_gcp_owner;

/* A row of policies.def. */
typedef struct as_gcp_policy {
    as_str type, prefix, attribute;
    as_gcp_owner owner;
} as_gcp_policy;

const as_gcp_policy *as_gcp_policies(size_t *n);
const as_gcp_policy *as_gcp_policy_find(as_str asset_type); /* NULL: none */

/* "gcp:compute:instance" of "compute.googleapis.com/Instance", as schemas call it. */
as_str as_gcp_live_type(as_arena *arena, as_str asset_type);
/* Each element that lies in the member `items` of an answer ("items.*.instances"; "": the answer
 * itself). */
const as_value *as_gcp_items(as_arena *arena, const as_value *body, as_str items);
/* The full name of a resource that a service answered: "//compute.googleapis.com/projects/…". */
as_str as_gcp_full_name(
        as_arena *arena, const as_gcp_list *list, as_str project, const as_value *item);
/* Addresses with {project}, {name} and {path} filled in. */
as_str as_gcp_fill(as_arena *arena, as_str address, as_str project, const as_value *item);
/* "compute.googleapis.com" of "compute.googleapis.com/Instance". */
as_str as_gcp_host_of(as_str asset_type);

#endif
