/* Kubernetes objects out of manifests: YAML, kubectl's JSON, rendered charts, kustomize builds.
 *
 * Lists are flattened; an object of a group that is not built in is kept as it is. What has no
 * apiVersion and kind is no manifest and is left to the caller, without a word. */
#ifndef AS_KUBERNETES_KUBERNETES_H
#define AS_KUBERNETES_KUBERNETES_H

#include "parsers/yaml/yaml.h"

/* A built-in kind. */
typedef struct as_k8s_kind {
    as_str group, versions; /* "v1,v1beta1": the stored one first */
    as_str kind, plural;
    bool namespaced;
    const char *pod_template; /* path to what has the pod's metadata and spec; NULL: none */
} as_k8s_kind;

typedef struct as_k8s_object {
    as_str group, version; /* as written: "extensions", "v1beta1"; the core group is "" */
    as_str kind;
    as_str namespace;           /* as written; empty when there is none */
    as_str name;                /* metadata.name, else metadata.generateName */
    const as_k8s_kind *builtin; /* by the present group ("apps"); NULL for custom resources */
    const as_value *value;
    as_span span; /* of the document or list item */
} as_k8s_object;

typedef AS_VEC(as_k8s_object) as_k8s_objects;

/* All objects of a YAML or JSON source. False when a document could not be read (it is in diags).
 */
bool as_k8s_parse(as_arena *arena, const as_source *source, as_diags *diags, as_k8s_objects *out);
/* The objects of one parsed document: several for a List, none when it is no manifest. A manifest
 * without a name is a diagnostic, and still an object. */
void as_k8s_add(as_arena *arena, const as_value *document, as_span span, as_diags *diags,
        as_k8s_objects *out);

/* "apps/v1" → "apps", "v1"; "v1" → "", "v1". */
void as_k8s_split_api_version(as_str api_version, as_str *group, as_str *version);
/* The built-in kind, former groups included ("extensions"); NULL for others. */
const as_k8s_kind *as_k8s_kind_find(as_str group, as_str kind);
/* By plural, as in RBAC rules and CRDs: ("apps", "deployments"). */
const as_k8s_kind *as_k8s_kind_by_plural(as_str group, as_str plural);
const as_k8s_kind *as_k8s_kinds(size_t *n); /* all, by group and kind */

/* The pod template of a workload (the object itself for a Pod): `metadata` and `spec`. NULL: none.
 */
const as_value *as_k8s_pod_template(const as_k8s_object *object);

#endif
