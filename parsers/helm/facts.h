/* What hygiene rules ask about a chart: its metadata, dependencies and lock, whether it renders,
 * its values files and which of their keys no template reads. */
#ifndef AS_HELM_FACTS_H
#define AS_HELM_FACTS_H

#include "parsers/helm/chart.h"
#include "parsers/helm/helm.h"
#include "parsers/parser.h"

/* Adds the entities "helm.chart" and, one for each values file, "helm.values". `diags_before`:
 * errors that the load had before the chart was rendered. */
void as_helm_add_facts(as_load *load, as_str dir, const as_helm_release *release,
        const as_helm_options *options, size_t diags_before);

/* usage.c */
typedef struct as_helm_usage as_helm_usage;

/* The value paths that the texts of a chart and its subcharts speak of. */
as_helm_usage *as_helm_usage_take(as_helm_loader *loader, const as_helm_chart *chart);
typedef enum as_helm_use { AS_HELM_READ, AS_HELM_UNREAD, AS_HELM_UNSURE } as_helm_use;
/* Whether something reads the value at the dotted path. Unsure when a template hands on all values,
 * or asks for names that it works out. */
as_helm_use as_helm_usage_of(const as_helm_usage *usage, as_str path);

#endif
