/* What a request to a cluster says of who asks: bearer tokens (written down, in a file that is
 * renewed, handed out by an exec plug-in, made for EKS or GKE without one), basic authentication,
 * impersonation. */
#ifndef AS_LIVE_KUBE_AUTH_H
#define AS_LIVE_KUBE_AUTH_H

#include "parsers/live/kubernetes/kubeconfig.h"

typedef struct as_kube_auth as_kube_auth;

typedef struct as_kube_auth_options {
    bool no_exec; /* programs that the kubeconfig names are not run */
    as_sources *sources;
    const char *user_agent;
} as_kube_auth_options;

/* Lives in `arena`; `connection` is borrowed, and its client certificate may be replaced by one
 * that a plug-in hands out. */
as_kube_auth *as_kube_auth_new(
        as_arena *arena, as_kube_connection *connection, const as_kube_auth_options *options);

/* The headers, in `arena`. False with *problem when there are no credentials to be had. */
bool as_kube_auth_headers(
        as_kube_auth *auth, as_arena *arena, as_strs *headers, as_str *problem) AS_MUST_CHECK;

/* The cluster answered 401: what was handed out is not used again. False when there is no other to
 * be had, so that asking again is of no use. */
bool as_kube_auth_reject(as_kube_auth *auth);

/* The token for an EKS cluster: a presigned GetCallerIdentity
 * (https://docs.aws.amazon.com/eks/latest/userguide/cluster-auth.html). `date` as in signatures. */
struct as_aws_keys;
as_str as_kube_eks_token(as_arena *arena, as_str cluster, as_str region, as_str date,
        const struct as_aws_keys *keys);

#endif
