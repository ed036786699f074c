/* Metrics in the text format of Prometheus
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). */
#ifndef AS_REPORTERS_PROMETHEUS_H
#define AS_REPORTERS_PROMETHEUS_H

#include "engine/base/buf.h"

typedef struct as_metric_label {
    const char *name;
    as_str value;
} as_metric_label;

/* The lines before the samples of a metric; the name begins with "assay_". */
void as_metric_begin(as_buf *out, const char *name, const char *type, const char *help);
void as_metric_sample(as_buf *out, const char *name, const as_metric_label *labels, size_t n_labels,
        double value);

#endif
