/* Finds what must not be shown of a line of source: values of attributes that are named like
 * credentials, and tokens that are credentials by their form. A report is copied to many places
 * that the source is not. */
#ifndef AS_REPORTERS_REDACT_H
#define AS_REPORTERS_REDACT_H

#include "engine/base/str.h"

typedef struct as_redaction {
    size_t from, to; /* bytes of the line */
} as_redaction;

/* Writes at most `cap` ranges, in order and apart from each other; returns how many. */
size_t as_redact_find(as_str line, as_redaction *out, size_t cap);

#endif
