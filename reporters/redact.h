/* Finds what must not be shown of a line of source: values of attributes that are named like
 * credentials, and tokens that are credentials by their form. A report is copied to many places
 * that the source is not. */
#ifndef AS_REPORTERS_REDACT_H
#define AS_REPORTERS_REDACT_H

#include "engine/base/source.h"

typedef struct as_redaction {
    size_t from, to; /* bytes of the line */
} as_redaction;

/* Writes at most `cap` ranges, in order and apart from each other; returns how many. */
size_t as_redact_find(as_str line, as_redaction *out, size_t cap);
/* The same for a stretch of a source's text, with what the scan found to be secret there; those are
 * not in order, and may overlap. */
size_t as_redact_source(
        const as_sources *sources, uint32_t file, as_str line, as_redaction *out, size_t cap);
/* Of a secret that is underlined, the value: its key may be seen. Offsets are in the line. */
as_redaction as_redact_value(as_str line, size_t begin_at, size_t end_at);
bool as_redact_hides(const as_redaction *list, size_t n, size_t at);

#endif
