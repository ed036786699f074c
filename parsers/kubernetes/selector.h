/* Label selectors: the map of a Service, the LabelSelector of a workload or policy, and the text
 * form of kubectl and kustomize. Spec: apimachinery pkg/labels/selector.go and
 * apis/meta/v1/helpers.go. */
#ifndef AS_KUBERNETES_SELECTOR_H
#define AS_KUBERNETES_SELECTOR_H

#include "engine/base/truth.h"
#include "engine/base/vec.h"
#include "engine/value/value.h"

typedef enum as_selector_op {
    AS_SELECTOR_IN,
    AS_SELECTOR_NOT_IN, /* also without the label */
    AS_SELECTOR_EXISTS,
    AS_SELECTOR_NOT_EXISTS,
    AS_SELECTOR_GREATER, /* integers */
    AS_SELECTOR_LESS,
} as_selector_op;

typedef struct as_requirement {
    as_str key;
    as_selector_op op;
    const as_str *values;
    size_t n_values;
} as_requirement;

typedef struct as_selector {
    AS_VEC(as_requirement) requirements; /* all must hold; none: everything is selected */
    bool nothing;                        /* a null selector, or a malformed one */
    bool unknown;                        /* some of it is not known: then never a certain yes */
} as_selector;

/* A LabelSelector {matchLabels, matchExpressions}; NULL or null selects nothing, {} everything. */
as_selector as_selector_from_value(as_arena *arena, const as_value *selector);
/* A map of labels, as in a Service: NULL, null and {} select nothing. */
as_selector as_selector_from_map(as_arena *arena, const as_value *labels);
/* "app=web,tier in (a, b),!canary,size>3"; "" selects everything. False: malformed. */
bool as_selector_from_text(as_arena *arena, as_str text, as_selector *out) AS_MUST_CHECK;

/* Whether an object with these labels (an object value; NULL: none) is selected. */
as_truth as_selector_match(const as_selector *selector, const as_value *labels);

#endif
