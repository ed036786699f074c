/* What opens a cluster to the outside: Ingress, OpenShift Route, Gateway API routes, Services of
 * type LoadBalancer and NodePort or with external addresses, and ports of the host. */
#ifndef AS_REACH_EXPOSURE_H
#define AS_REACH_EXPOSURE_H

#include "engine/reach/filter.h"
#include "engine/reach/service.h"

typedef enum as_exposure_kind {
    AS_EXPOSURE_INGRESS, /* through the ingress controller: Ingress, Route */
    AS_EXPOSURE_GATEWAY, /* through a gateway: HTTPRoute and its like */
    AS_EXPOSURE_LOAD_BALANCER,
    AS_EXPOSURE_NODE_PORT,
    AS_EXPOSURE_EXTERNAL_IP,
    AS_EXPOSURE_HOST_PORT,
} as_exposure_kind;

typedef struct as_exposure {
    as_exposure_kind kind;
    const as_entity *by; /* the Ingress, Route, HTTPRoute, Service or workload */
    uint32_t endpoint;
    as_port_bounds offered; /* ports of the endpoint that are offered */
    as_port_bounds open;    /* of these, what the policies let through */
    bool internal;          /* inside the provider's network only, as an annotation says */
    as_addresses sources;   /* who may come; everybody unless it is restricted */
    as_str unsure;          /* why `open` is not certain; empty: it is, or nothing is open */
} as_exposure;

typedef struct as_exposures {
    as_exposure *items;
    size_t n, cap;
    uint32_t *first,
            *next; /* by endpoint and by exposure: 1 + index of the first and next; 0: the end */
} as_exposures;

/* In the order of objects. */
as_exposures as_exposures_read(as_cluster *cluster, as_filter *filter);
/* "LoadBalancer", "Ingress": for people and programs. */
const char *as_exposure_kind_name(as_exposure_kind kind);

#endif
