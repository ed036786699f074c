/* The documents of rendered templates: split, told apart, and put in the order of installation
 * (Helm pkg/release/v1/util: manifest.go, manifest_sorter.go, kind_sorter.go). */
#ifndef AS_HELM_MANIFEST_H
#define AS_HELM_MANIFEST_H

#include "parsers/helm/helm.h"

typedef struct as_helm_part {
    size_t begin, end; /* in the file's text */
} as_helm_part;

typedef AS_VEC(as_helm_part) as_helm_parts;

/* Cuts at lines that begin with "---", whatever follows there; empty documents go. */
void as_helm_manifest_split(as_arena *arena, as_str text, as_helm_parts *out);

/* What Helm has to know of a document. NULL, or what is wrong with it. */
const char *as_helm_manifest_head(as_arena *arena, const as_value *document, as_helm_manifest *out);

/* A hook that none of Helm's events runs is dropped. */
bool as_helm_hook_known(as_str events, bool *is_test);

/* By Helm's order of kinds (InstallOrder), unknown kinds last by name; else as they stand. */
void as_helm_manifests_sort(as_arena *arena, as_helm_manifests *manifests);

#endif
