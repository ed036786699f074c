/* What a chart is told about the cluster: .Capabilities (Helm pkg/chart/common/capabilities.go). */
#ifndef AS_HELM_CAPABILITIES_H
#define AS_HELM_CAPABILITIES_H

#include "parsers/gotmpl/gotmpl.h"
#include "parsers/helm/helm.h"

typedef struct as_helm_kube_version {
    as_str text;   /* "v1.33.4-gke.1245000" */
    as_str normal; /* "v1.33.4": what constraints are checked against */
    as_str major, minor;
} as_helm_kube_version;

/* "1.33", "v1.33.4-gke.1". False with *error set when it is no version. */
bool as_helm_kube_version_parse(
        as_arena *arena, as_str text, as_helm_kube_version *out, as_str *error) AS_MUST_CHECK;

/* The *common.Capabilities of the templates. */
as_go as_helm_capabilities(
        as_gotmpl *t, const as_helm_kube_version *version, const as_helm_strs *extra_apis);

#endif
