/* values.schema.json of a chart and its subcharts (Helm pkg/chart/common/util/jsonschema.go). */
#ifndef AS_HELM_SCHEMA_H
#define AS_HELM_SCHEMA_H

#include "parsers/helm/chart.h"

/* Checks the values that the chart and each subchart get. False after errors in the loader's diags;
 * `severity` is theirs. */
bool as_helm_schema_check(as_helm_loader *loader, as_helm_chart *chart, const as_value *values,
        as_diag_severity severity);

#endif
