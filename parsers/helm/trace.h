/* From rendered YAML back to where it was written: each node gets the place in a template that
 * wrote it and, where it shows a value, a step to the values file. */
#ifndef AS_HELM_TRACE_H
#define AS_HELM_TRACE_H

#include "parsers/gotmpl/gotmpl.h"

typedef struct as_helm_trace as_helm_trace;

/* `values` are those of the root chart, as handed to the templates; `default_files` the ids of the
 * charts' own values.yaml. */
as_helm_trace *as_helm_trace_new(as_arena *arena, const as_value *values,
        const uint32_t *default_files, size_t n_default_files);

/* The text that positions refer to from now on; `fallback` is the place of what has none. */
void as_helm_trace_begin(as_helm_trace *trace, const as_gotmpl_text *text, as_span fallback);
/* The place of bytes of the text. */
as_span as_helm_trace_span(as_helm_trace *trace, uint32_t begin, uint32_t end);
/* A copy of a tree parsed from the text, which needs nothing of what `scratch` holds: the tree may
 * lie there. */
const as_value *as_helm_trace_value(as_helm_trace *trace, const as_value *v, as_arena *scratch);
/* The same for a text of the tree. */
as_str as_helm_trace_str(as_helm_trace *trace, as_str s);

#endif
