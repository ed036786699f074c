/* Assets of Google Cloud as resources: one form for what the inventory, the services and gcloud
 * answer. */
#ifndef AS_LIVE_GCP_RESOURCES_H
#define AS_LIVE_GCP_RESOURCES_H

#include "engine/base/map.h"
#include "parsers/live/gcp/assets.h"
#include "parsers/parser.h"

typedef struct as_gcp_pending {
    as_str type, name;      /* asset type and full name */
    const as_value *policy; /* IAM policy */
    as_str time;
} as_gcp_pending;

typedef struct as_gcp_resources {
    as_load *load;
    as_map bodies; /* full name → body, an as_value */
    AS_VEC(as_gcp_pending) policies;
} as_gcp_resources;

/* A resource with the body that its API answers. */
void as_gcp_add_resource(as_gcp_resources *to, as_str asset_type, as_str full_name, as_str region,
        as_str time, const as_value *body);
/* An asset as Cloud Asset Inventory tells it: {name, assetType, resource, iamPolicy, …}. */
void as_gcp_add_asset(as_gcp_resources *to, const as_value *asset, as_str time);
/* Its constraints and service controls, where it has them. */
void as_gcp_add_asset_policies(as_gcp_resources *to, const as_value *asset, as_str time);
void as_gcp_add_policy(as_gcp_resources *to, const as_gcp_pending *policy);
/* Entities of the asset's type, or bindings of it, could not be asked for. */
void as_gcp_add_gap(as_gcp_resources *to, as_str asset_type, bool policy, as_str reason);
/* Turns the policies into bindings, now that all resources are known. */
void as_gcp_finish(as_gcp_resources *resources);

#endif
