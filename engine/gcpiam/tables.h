/* Methods, resources and workloads of Google Cloud: compiled by compile.lua from
 * rules/data/escalation_gcp.lua. */
#ifndef AS_GCPIAM_TABLES_H
#define AS_GCPIAM_TABLES_H

#include "engine/base/str.h"

typedef enum as_gcp_level {
    AS_GCP_RESOURCE, /* below a project */
    AS_GCP_PROJECT,
    AS_GCP_FOLDER,
    AS_GCP_ORGANIZATION,
} as_gcp_level;

typedef enum as_gcp_gives {
    AS_GCP_GIVES_ACCOUNT,
    AS_GCP_GIVES_RUNNING,
    AS_GCP_GIVES_ADMIN,
    AS_GCP_GIVES_DEFAULT,
    AS_GCP_GIVES_ROLE,
    AS_GCP_GIVES_CLUSTER,
    AS_GCP_GIVES_PODS,
} as_gcp_gives;

typedef struct as_gcp_need {
    as_str permission;
    bool on_account; /* else on the project */
} as_gcp_need;

typedef struct as_gcp_method {
    as_str id;
    const as_gcp_need *needs;
    size_t n_needs;
    as_gcp_gives gives;
    as_gcp_level level; /* of what it makes one administrator */
    as_str assumes;
} as_gcp_method;

/* A resource that has a policy: "google_storage_bucket", "bucket", "storage.googleapis.com/Bucket".
 */
typedef struct as_gcp_type {
    as_str terraform, attribute, name;
} as_gcp_type;

typedef struct as_gcp_workload {
    as_str terraform, path;
} as_gcp_workload;

extern const as_gcp_method as_gcp_methods[];
extern const size_t as_gcp_n_methods;
extern const as_gcp_type as_gcp_types[];
extern const size_t as_gcp_n_types;
extern const as_gcp_workload as_gcp_workloads[];
extern const size_t as_gcp_n_workloads;

#endif
