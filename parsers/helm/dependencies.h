/* Which subcharts take part, under which names, and what their parents import from them (Helm
 * pkg/chart/v2/util/dependencies.go). */
#ifndef AS_HELM_DEPENDENCIES_H
#define AS_HELM_DEPENDENCIES_H

#include "parsers/helm/chart.h"

/* Changes the chart's tree: aliases become charts of their own, what conditions and tags switch off
 * goes, imported values are laid beneath the parents'. `values` are the user's. False after an
 * error in diags. */
bool as_helm_dependencies_process(as_arena *arena, as_helm_chart *chart, const as_value *values,
        as_diags *diags) AS_MUST_CHECK;

#endif
