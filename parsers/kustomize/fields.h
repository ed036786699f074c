/* Checks a kustomization file against the fields that kustomize knows. Private to
 * parsers/kustomize. */
#ifndef AS_KUSTOMIZE_FIELDS_H
#define AS_KUSTOMIZE_FIELDS_H

#include "parsers/kustomize/build.h"

/* The same value with field names spelled as documented (Go reads them without regard to case).
 * NULL after an unknown field or a value of the wrong type, which is in diags in the real tool's
 * words. */
const as_value *as_fields_check(as_kust *k, const as_value *kustomization);

#endif
