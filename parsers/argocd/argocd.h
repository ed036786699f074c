/* Argo CD: which folders of a repository its Applications deploy, and how they are rendered.
 *
 * What will be deployed is what is to be scanned: an Application that points into the repository is
 * turned into a request to render a chart, a kustomization or a folder of manifests with the
 * options that Argo CD would use; an ApplicationSet into one for each Application that it makes.
 * API: https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml,
 *      https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/ */
#ifndef AS_ARGOCD_ARGOCD_H
#define AS_ARGOCD_ARGOCD_H

#include "engine/base/diag.h"
#include "engine/base/fs.h"
#include "engine/value/value.h"
#include "parsers/helm/helm.h"

typedef enum as_argocd_kind {
    AS_ARGOCD_HELM,
    AS_ARGOCD_KUSTOMIZE,
    AS_ARGOCD_DIRECTORY, /* plain manifests */
} as_argocd_kind;

typedef struct as_argocd_request {
    as_argocd_kind kind;
    as_str application; /* metadata.name */
    as_str project;
    as_str path;               /* folder in the as_fs */
    as_str namespace_;         /* spec.destination.namespace; may be empty */
    as_str cluster;            /* destination.name or .server; may be empty */
    as_helm_options helm;      /* for AS_ARGOCD_HELM */
    const as_value *kustomize; /* spec.source.kustomize: namePrefix, images, patches, …; or NULL */
    bool recurse;              /* of AS_ARGOCD_DIRECTORY, as are: */
    as_str include, exclude;   /* glob patterns */
    const as_value *document;  /* the Application, made whole */
    as_span span;              /* what names the path: for edges and diagnostics */
    bool assumed;              /* something of it stands for what only the cluster knows */
} as_argocd_request;

typedef AS_VEC(as_argocd_request) as_argocd_requests;

typedef struct as_argocd_context {
    as_fs *fs;
    as_str dir;          /* of the file in which the document stands: for diagnostics only */
    const as_str *repos; /* URLs of this repository, if they are known */
    size_t n_repos;
} as_argocd_context;

/* Is it an Application or ApplicationSet of argoproj.io? */
bool as_argocd_is(const as_value *document);

/* Appends a request for each source of the document that lies in this repository. What lies
 * elsewhere, and generators whose input only the cluster has, are notes in diags. */
void as_argocd_follow(as_arena *arena, const as_argocd_context *context, const as_value *document,
        as_argocd_requests *out, as_diags *diags);

#endif
