/* Kubernetes resource quantities: "100m", "1.5Gi", "2e3". Spec: apimachinery
 * pkg/api/resource/quantity.go, the grammar in the comment on Quantity. */
#ifndef AS_KUBERNETES_QUANTITY_H
#define AS_KUBERNETES_QUANTITY_H

#include "engine/value/value.h"

/* In units: cores, bytes. False when it is no quantity. */
bool as_quantity_parse(as_str text, double *out) AS_MUST_CHECK;
/* The same of a string or a number. */
bool as_quantity_of(const as_value *value, double *out) AS_MUST_CHECK;

#endif
