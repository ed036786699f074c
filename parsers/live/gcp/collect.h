/* Collecting projects of Google Cloud: Cloud Asset Inventory where it can be asked, else the
 * services themselves. */
#ifndef AS_LIVE_GCP_COLLECT_H
#define AS_LIVE_GCP_COLLECT_H

#include "parsers/live/collect.h"
#include "parsers/live/gcp/credentials.h"

typedef struct as_gcp_collection {
    as_collect *collect;
    as_gcp_credentials *credentials;
    const as_http_tls *tls; /* may be NULL */
    as_str endpoint;   /* in front of "/HOST/PATH", in place of "https:/"; empty: Google's own */
    as_strs scopes;    /* "projects/ID", "folders/1", "organizations/1" */
    bool no_inventory; /* the services are asked at once */
    as_str problem;    /* result: why nothing could be collected */
} as_gcp_collection;

void as_gcp_collect(as_gcp_collection *collection);

/* The rights that collecting needs: the definition of a custom role, as YAML for `gcloud iam roles
 * create`. */
as_str as_gcp_role(as_arena *arena);

#endif
