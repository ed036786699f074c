/* Kubernetes objects as resources of the graph: shared by manifests, charts and kustomizations. */
#ifndef AS_KUBERNETES_RESOURCE_H
#define AS_KUBERNETES_RESOURCE_H

#include "parsers/kubernetes/kubernetes.h"
#include "parsers/parser.h"

/* Type "apps/v1/Deployment", address "Deployment/trading/api" (cluster-wide objects:
 * "ClusterRole/x"), space the namespace: `fallback_namespace` where none is written. */
as_resource as_k8s_resource(
        as_arena *arena, const as_k8s_object *object, as_origin origin, as_str fallback_namespace);

#endif
