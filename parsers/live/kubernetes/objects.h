/* What a cluster holds, however it was told: the objects of snapshots and of kubectl's outputs. */
#ifndef AS_LIVE_KUBERNETES_OBJECTS_H
#define AS_LIVE_KUBERNETES_OBJECTS_H

#include "engine/base/map.h"
#include "parsers/kubernetes/resource.h"
#include "parsers/live/kubernetes/collect.h"

/* The objects of one cluster. */
typedef struct as_kube_reading {
    as_load *load;
    as_str cluster; /* its name; may be empty */
    as_map made;    /* the addresses of all objects */
    AS_VEC(as_resource) all;
} as_kube_reading;

/* `time` is when it was answered, empty when nobody knows; `bare`: Secrets were asked for without
 * what they hold. */
void as_kube_add(
        as_kube_reading *r, const as_k8s_objects *objects, as_str time, as_span span, bool bare);
/* Hands all over, without what workloads have made for themselves. */
void as_kube_finish(as_kube_reading *r);

#endif
