/* Helm charts, rendered as `helm template` of Helm 4 renders them, with the place in the templates
 * and values that each part of the result came from.
 *
 *     as_helm_options options = as_helm_options_default();
 *     const as_helm_release *r = as_helm_render(arena, fs, AS_STR("charts/api"), &options, &diags);
 *     for (size_t i = 0; i < r->manifests.n; i++) ... r->manifests.items[i].value
 *
 * Nothing is fetched, nothing is run: what a chart lacks is a diagnostic. All memory is the
 * arena's, which is also the unit of work: limits unwind to its guard. */
#ifndef AS_HELM_HELM_H
#define AS_HELM_HELM_H

#include "engine/base/diag.h"
#include "engine/base/fs.h"
#include "engine/value/value.h"
#include "parsers/helm/strvals.h"

typedef AS_VEC(as_str) as_helm_strs;
typedef AS_VEC(as_helm_set) as_helm_sets;

/* A values file: a path in the chart's as_fs, a source already read (a file elsewhere, stdin), or a
 * tree (valuesObject of an Argo CD application). */
typedef struct as_helm_values {
    as_str path;
    const as_source *source;
    const as_value *value;
} as_helm_values;

typedef AS_VEC(as_helm_values) as_helm_values_list;

typedef struct as_helm_options {
    as_str release_name;        /* "release-name" */
    as_str namespace_;          /* "default" */
    as_helm_values_list values; /* -f, in order */
    as_helm_sets sets; /* --set and its sisters, each kind in order; Helm's order of kinds holds */
    as_helm_read_file read_file; /* for --set-file; NULL: nothing can be read */
    void *read_context;
    as_str kube_version;       /* "v1.36.0" */
    as_helm_strs api_versions; /* beyond those that every cluster has */
    const as_value *cluster;   /* the objects that `lookup` finds, a list; NULL: none */
    bool is_upgrade, no_hooks, include_crds, skip_tests, skip_schema;
    int64_t now;    /* what `now` gives, in seconds since 1970 */
    bool text_only; /* manifests get no value: for printing */
    /* For a scan: missing dependencies, a failed schema and a wrong kubeVersion are diagnostics,
     * and the rest is rendered all the same; a template that fails costs that template only. */
    bool lenient;
} as_helm_options;

as_helm_options as_helm_options_default(void);

/* One document of the result. */
typedef struct as_helm_manifest {
    as_str source; /* "chart/templates/service.yaml", as in `# Source:` */
    as_str text;   /* as rendered, without separators */
    as_str kind, api_version, name;
    as_str hook;           /* the annotation helm.sh/hook; empty for what is no hook */
    bool is_test;          /* a hook that runs on `helm test` only */
    bool is_crd;           /* from crds/ */
    const as_value *value; /* parsed, with places in the template and trails to the values; NULL
                              when it could not be parsed (a diagnostic says so) */
} as_helm_manifest;

typedef AS_VEC(as_helm_manifest) as_helm_manifests;

typedef struct as_helm_release {
    as_str chart, version;       /* of the root chart; empty when it could not be loaded */
    as_span span;                /* its Chart.yaml */
    size_t n_files;              /* templates that were rendered */
    as_helm_manifests manifests; /* CRDs (include_crds), then Helm's order of kinds, then hooks */
    as_str notes;
    bool complete;                    /* nothing failed: what is here is what Helm would print */
    const struct as_helm_chart *tree; /* NULL when it could not be loaded */
} as_helm_release;

/* Renders the chart in the folder (or packaged file) `path` of `fs`. Never NULL. */
const as_helm_release *as_helm_render(
        as_arena *arena, as_fs *fs, as_str path, const as_helm_options *options, as_diags *diags);

/* The text that `helm template` prints for the release. */
void as_helm_release_write(as_buf *out, const as_helm_release *release);
/* The same for the templates that match `patterns` (--show-only). False: *error names the pattern
 * that nothing matched. */
bool as_helm_release_write_only(as_arena *arena, as_buf *out, const as_helm_release *release,
        const as_helm_strs *patterns, as_str *error) AS_MUST_CHECK;

#endif
