/* Chart.yaml: read and checked as Helm does (pkg/chart/v2/metadata.go, dependency.go). */
#ifndef AS_HELM_METADATA_H
#define AS_HELM_METADATA_H

#include "parsers/helm/chart.h"

/* Fills the chart from its `metadata` and the dependencies of `requirements` (or NULL). False after
 * an error in diags. */
bool as_helm_metadata_read(as_arena *arena, as_helm_chart *chart, const as_value *requirements,
        as_diags *diags) AS_MUST_CHECK;

/* What .Chart shows: the fields of Go's chart.Metadata under their Go names. */
const as_value *as_helm_metadata_value(as_arena *arena, const as_helm_chart *chart);

#endif
