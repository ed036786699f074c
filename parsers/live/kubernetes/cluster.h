/* A cluster as `lookup` in charts sees it. */
#ifndef AS_LIVE_KUBERNETES_CLUSTER_H
#define AS_LIVE_KUBERNETES_CLUSTER_H

#include "engine/base/diag.h"
#include "engine/value/value.h"

/* The objects in `path`, a list: of the clusters in a snapshot's folder, or of a file of manifests
 * (what `kubectl get -o yaml` prints). Secrets of a snapshot are left out, since their values were
 * not collected. `key_pem` opens what is sealed. NULL when it cannot be read; the reason is in
 * diags. */
const as_value *as_cluster_read(
        as_arena *arena, as_sources *sources, const char *path, as_str key_pem, as_diags *diags);

#endif
