/* A chart in memory: its metadata, default values, templates, other files and subcharts, from a
 * folder or an archive (Helm pkg/chart/v2, pkg/chart/v2/loader). */
#ifndef AS_HELM_CHART_H
#define AS_HELM_CHART_H

#include "engine/base/diag.h"
#include "engine/base/fs.h"
#include "engine/value/value.h"

/* A file of a chart. `data` is filled by as_helm_file_load: most files are never looked at. */
typedef struct as_helm_file {
    as_str name; /* relative to its chart: "templates/service.yaml" */
    as_str path; /* within the as_fs; empty for a member of an archive */
    as_str data; /* without byte order mark */
    const as_source *source;
    uint64_t size;
} as_helm_file;

typedef AS_VEC(as_helm_file) as_helm_files;

typedef struct as_helm_import {
    as_str child, parent; /* dotted paths; "exports.NAME" and "." for the short form */
} as_helm_import;

typedef struct as_helm_dependency {
    as_str name; /* the alias, once dependencies are processed */
    as_str version, repository, condition, alias;
    AS_VEC(as_str) tags;
    AS_VEC(as_helm_import) imports;
    const as_value *raw; /* its entry in Chart.yaml or requirements.yaml */
    bool enabled;
} as_helm_dependency;

typedef AS_VEC(as_helm_dependency) as_helm_dependencies;

typedef struct as_helm_chart as_helm_chart;
typedef AS_VEC(as_helm_chart *) as_helm_charts;

struct as_helm_chart {
    as_str name; /* the alias, for a dependency that has one */
    as_str api_version, version, kube_version, type, app_version;
    bool deprecated;
    const as_value *metadata; /* Chart.yaml as read */
    as_span span;             /* of Chart.yaml */
    as_helm_dependencies dependencies;
    bool has_dependencies;    /* the key is there: Helm skips the processing otherwise */
    as_helm_files templates;  /* below templates/ */
    as_helm_files files;      /* what .Files offers */
    as_helm_file schema;      /* values.schema.json; size of name 0 when absent */
    const as_value *values;   /* numbers are doubles; never NULL */
    as_helm_charts subcharts; /* by name of folder or archive */
    as_helm_chart *parent;
    as_str dir; /* of its Chart.yaml in the as_fs; empty in archives */
};

typedef struct as_helm_loader {
    as_arena *arena;
    as_fs *fs;
    as_sources *sources;
    as_diags *diags;
    size_t n_files, n_bytes; /* of all archives so far */
    bool failed;             /* the reason is in diags */
} as_helm_loader;

/* Loads the chart in folder `dir`, or the packaged chart when `dir` names a file. NULL after an
 * error, which is in diags as Helm words it. */
as_helm_chart *as_helm_chart_load(as_helm_loader *loader, as_str dir);

/* The files of a chart's folder that .helmignore lets through. False after an error in diags. */
bool as_helm_chart_files(as_helm_loader *loader, as_str dir, as_helm_files *out) AS_MUST_CHECK;

/* Fills data and source. False when the file cannot be read (a diagnostic says so). */
bool as_helm_file_load(as_helm_loader *loader, as_helm_file *file) AS_MUST_CHECK;

/* "parent/charts/child", as in `# Source:` lines. */
as_str as_helm_chart_full_path(as_arena *arena, const as_helm_chart *chart);
bool as_helm_chart_is_library(const as_helm_chart *chart);

/* Names declared as dependencies that charts/ does not have, joined by ", "; empty when complete.
 */
as_str as_helm_chart_missing(as_arena *arena, const as_helm_chart *chart);

#endif
