/* What `kustomize build` prints, as values with their places. Behaviour follows kustomize 5
 * (sigs.k8s.io/kustomize/api v0.20): order, names, hashes and refusals are the real tool's. */
#ifndef AS_KUSTOMIZE_KUSTOMIZE_H
#define AS_KUSTOMIZE_KUSTOMIZE_H

#include "engine/base/fs.h"
#include "parsers/yaml/yaml.h"

/* A Helm chart in `helmCharts`, to be rendered by whoever can. */
typedef struct as_kustomize_chart {
    as_str dir; /* the chart's folder in the file system */
    as_str name, version, release_name, name_template, namespace, kube_version;
    as_str values_file;              /* in place of the chart's own values.yaml; may be empty */
    const as_str *more_values_files; /* after it */
    size_t n_more_values_files;
    const as_value *inline_values; /* NULL: none */
    bool inline_wins;              /* over the files; else the files win */
    bool inline_alone;             /* in place of all files, the chart's own included */
    const as_str *api_versions;
    size_t n_api_versions;
    bool include_crds, skip_hooks, skip_tests;
    as_span span; /* of the entry */
} as_kustomize_chart;

typedef struct as_kustomize_options {
    bool load_outside;   /* files outside a kustomization's own folder are read too */
    as_strs remote_dirs; /* where remote bases lie: DIR/github.com/owner/repo@ref/path; what is in
                            none of them is a diagnostic */
    /* Renders a chart; appends its documents. False: the reason is in diags. NULL: helmCharts is a
     * diagnostic. */
    bool (*render_chart)(void *self, as_arena *arena, as_fs *fs, const as_kustomize_chart *chart,
            as_diags *diags, as_yaml_docs *out);
    void *render_self;
    /* Called for each `target` of a patch that selects no object, which kustomize passes over in
     * silence. May be NULL. */
    void (*unmatched)(void *self, as_span target);
    void *unmatched_self;
    /* Changes to the first kustomization: spec.source.kustomize of an Argo CD Application; or NULL.
     */
    const as_value *edit;
} as_kustomize_options;

/* A render_chart that renders with parsers/helm, as `helm template` does; `self` is not used. */
bool as_kustomize_render_chart(void *self, as_arena *arena, as_fs *fs,
        const as_kustomize_chart *chart, as_diags *diags, as_yaml_docs *out);

/* Whether the folder holds a kustomization file. */
bool as_kustomize_is_dir(as_arena *arena, as_fs *fs, as_str dir);

/* Builds the kustomization in `dir` of `fs` and appends the resulting objects in the order in which
 * kustomize prints them. False when the real tool would refuse; the reason, an error with a code
 * "kustomize-…", is in diags, and nothing was appended. Values keep the spans of the files that
 * they come from; what a patch or another field of the kustomization set says so in its trail. */
bool as_kustomize_build(as_arena *arena, as_fs *fs, as_str dir, const as_kustomize_options *options,
        as_diags *diags, as_yaml_docs *out);

#endif
