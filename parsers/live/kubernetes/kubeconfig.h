/* Where a cluster is and who one is there: kubeconfig files as kubectl merges them, or the pod's
 * own service account
 * (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/). */
#ifndef AS_LIVE_KUBECONFIG_H
#define AS_LIVE_KUBECONFIG_H

#include "engine/base/diag.h"
#include "engine/value/value.h"
#include "parsers/live/http.h"

/* A program that hands out credentials (client.authentication.k8s.io). */
typedef struct as_kube_exec {
    as_str command;        /* empty: none; with a '/' relative to the file that names it */
    as_strs args, environ; /* environ: "NAME=value" */
    as_str api_version;
    as_str hint;       /* how to install it */
    bool cluster_info; /* it wants to know the cluster */
} as_kube_exec;

typedef struct as_kube_connection {
    as_str context, cluster; /* names; in a pod both are "in-cluster" */
    as_str server;           /* without a slash at its end */
    as_http_tls tls;
    as_str proxy;
    /* Of these the first that is set counts, but a client certificate stands beside any of them. */
    as_str token, token_file;
    as_str username, password;
    as_kube_exec exec;
    as_str as_user; /* impersonation */
    as_strs as_groups;
    const as_value *exec_config; /* extensions of the cluster for the exec plug-in; may be NULL */
} as_kube_connection;

typedef struct as_kube_choice {
    as_str kubeconfig; /* a file; empty: $KUBECONFIG, ~/.kube/config, the pod's service account */
    as_str context;    /* empty: the current one */
} as_kube_choice;

/* Reads files and environment. False after an error in diags; warnings go there too. What `out`
 * holds lies in `arena`. */
bool as_kube_connect(as_arena *arena, as_sources *sources, const as_kube_choice *choice,
        as_kube_connection *out, as_diags *diags) AS_MUST_CHECK;

#endif
