/* A rendered chart as resources of a scan: for charts found by themselves and for those that Argo
 * CD deploys. */
#ifndef AS_HELM_PARSER_H
#define AS_HELM_PARSER_H

#include "parsers/helm/helm.h"
#include "parsers/parser.h"

/* Renders the chart in `dir` and adds its objects to load->resources. */
void as_helm_load(as_load *load, as_str dir, const as_helm_options *options);

#endif
