/* The lines of a source around a place, as a report may show them: what looks like a credential,
 * and what the scan found to be a secret, is starred out; control characters and what reorders text
 * are made visible. */
#ifndef AS_REPORTERS_AUDIT_EXCERPT_H
#define AS_REPORTERS_AUDIT_EXCERPT_H

#include "engine/base/map.h"
#include "engine/scan/report.h"

enum { AS_EXCERPT_LINES = 12 };

typedef struct as_excerpt_line {
    uint32_t number; /* from 1 */
    bool marked;     /* the place covers (a part of) it */
    as_str text;
} as_excerpt_line;

typedef struct as_excerpt {
    as_excerpt_line lines[AS_EXCERPT_LINES];
    size_t n; /* 0: no place */
} as_excerpt;

/* `secret`: the place itself is one (a finding of the category "secrets"). Texts live in `arena`.
 */
void as_excerpt_of(
        as_arena *arena, const as_report *report, as_span span, bool secret, as_excerpt *out);

/* An answer of a live service, where the span lies in one: "ec2:DescribeVpcs" and when it was
 * given. False for every other source. */
typedef struct as_live_answer {
    as_str op, time, sha256; /* of the whole answer, as it is in the snapshot */
} as_live_answer;

/* `seen` starts empty and belongs to one run over the findings: an answer is read once. */
bool as_excerpt_answer(as_arena *arena, as_map *seen, const as_report *report,
        const as_finding *finding, as_live_answer *out);

/* Of the file's text; empty where that is not there. */
as_str as_excerpt_sha256(as_arena *arena, const as_source *source);

#endif
