/* The values that a chart and its subcharts see: the user's over the parent's over the chart's own
 * (Helm pkg/chart/common/util/coalesce.go). */
#ifndef AS_HELM_COALESCE_H
#define AS_HELM_COALESCE_H

#include "engine/base/diag.h"
#include "parsers/helm/chart.h"
#include "parsers/helm/table.h"

/* Lays the default values of `chart` and, each under its name, of its subcharts beneath `values`,
 * which is changed. With keep_nulls (Helm: MergeValues) nulls stay; else a null deletes the default
 * of that name. False: *error says which name is both a subchart and no table. */
bool as_helm_coalesce(as_arena *arena, const as_helm_chart *chart, as_helm_table *values,
        bool keep_nulls, as_str *error) AS_MUST_CHECK;

/* Adds to dst what src has and dst has not, tables within tables. As in the original, dst takes
 * over tables of src rather than copies, and what is null in dst becomes null in src. */
void as_helm_coalesce_tables(
        as_arena *arena, as_helm_table *dst, as_helm_table *src, bool keep_nulls);

/* Later files over earlier ones: what b has replaces, tables are merged (loader.MergeMaps). */
const as_value *as_helm_merge_maps(as_arena *arena, const as_value *a, const as_value *b);

/* The node at a dotted path, or NULL. */
as_helm_node *as_helm_table_path(as_arena *arena, as_helm_table *table, as_str path);

#endif
