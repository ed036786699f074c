/* Objects of Kubernetes in the form that Terraform's provider gives them (hashicorp/kubernetes:
 * kubernetes_deployment_v1, kubernetes_service, …), as the manifests that it makes of them.
 *
 * Attributes are written with underscores and blocks in the singular, each block a list:
 * `container` is `containers`, `security_context` the first of its list. Maps (labels, limits,
 * data) keep their keys. What only Terraform reads (`wait_for_rollout`, `timeouts`) is left out;
 * what the provider itself writes where nothing stands is put in. */
#ifndef AS_KUBERNETES_TERRAFORM_H
#define AS_KUBERNETES_TERRAFORM_H

#include "parsers/kubernetes/kubernetes.h"

/* The kind that a resource type makes whole; NULL for other types, and for those that write into
 * objects of others (kubernetes_labels, kubernetes_config_map_v1_data). */
const as_k8s_kind *as_k8s_terraform_kind(as_str type);
/* The manifest, without apiVersion and kind, in `arena`; places, unknowns and references are those
 * of `raw`. */
const as_value *as_k8s_terraform_manifest(
        as_arena *arena, const as_k8s_kind *kind, const as_value *raw);

#endif
