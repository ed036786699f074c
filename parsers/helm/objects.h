/* What a template sees as its dot: .Values .Chart .Release .Files .Capabilities .Template
 * .Subcharts (Helm pkg/engine/engine.go recAllTpls, files.go). */
#ifndef AS_HELM_OBJECTS_H
#define AS_HELM_OBJECTS_H

#include "parsers/gotmpl/gotmpl.h"
#include "parsers/helm/chart.h"
#include "parsers/helm/helm.h"

/* A template to be run. */
typedef struct as_helm_template {
    as_str name;      /* "chart/templates/service.yaml" */
    as_str base_path; /* "chart/templates" */
    const as_helm_chart *chart;
    as_helm_file *file;
    as_go dot; /* shared by the templates of a chart */
} as_helm_template;

typedef AS_VEC(as_helm_template) as_helm_templates;

typedef struct as_helm_scope {
    as_gotmpl *t;
    as_helm_loader *loader;
    as_go release, capabilities;
    bool with_files; /* some template looks at .Files: else it is left empty */
} as_helm_scope;

/* The templates of the chart and its subcharts, each with its dot. `values` are the chart's. */
as_go as_helm_objects(
        as_helm_scope *scope, as_helm_chart *chart, const as_value *values, as_helm_templates *out);

/* .Template of the next run. */
void as_helm_objects_begin(as_gotmpl *t, const as_helm_template *template_);

/* Deepest folders first, then names backwards: the order in which Helm parses and runs templates.
 */
void as_helm_templates_sort(as_helm_templates *templates);

#endif
