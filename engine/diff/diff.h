/* What a change opens and closes: two scans, as sets of facts.
 *
 * A fact is something that holds in one state: a rule fails, a principal may do an action, a
 * connection is open, something is exposed, a path leads to data. Facts have keys that do not hang
 * on places, so that moved code changes nothing; what has its key on one side only was opened or
 * closed. */
#ifndef AS_DIFF_DIFF_H
#define AS_DIFF_DIFF_H

#include "engine/base/vec.h"
#include "engine/paths/attack.h"
#include "engine/scan/report.h"

typedef enum as_diff_section {
    AS_DIFF_FINDINGS,
    AS_DIFF_PERMISSIONS,
    AS_DIFF_CONNECTIONS,
    AS_DIFF_EXPOSURES,
    AS_DIFF_PATHS,
    AS_N_DIFF_SECTIONS
} as_diff_section;

const char *as_diff_section_name(as_diff_section section); /* "findings", … */

typedef struct as_fact {
    as_diff_section section;
    as_str key;
    as_str subject;       /* who or what: the principal, the sender; of findings the rule */
    as_str text;          /* the rest of the sentence */
    as_severity severity; /* of findings */
    as_str path;          /* may be empty */
    uint32_t line;
    bool unsure; /* it holds perhaps */
} as_fact;

typedef AS_VEC(as_fact) as_facts;

typedef struct as_diff {
    as_str from, to;         /* the names of both sides */
    as_facts opened, closed; /* sorted by section and key */
} as_diff;

/* One state. `attack` is of the graph of the report. */
typedef struct as_diff_side {
    as_str name; /* "HEAD~1", "the work tree" */
    const as_report *report;
    as_attack *attack;
} as_diff_side;

as_diff as_diff_of(as_arena *arena, const as_diff_side *before, const as_diff_side *after);

/* Of two sets that are sorted by section and key. A fact that was unsure and is certain now is
 * opened, and the other way round closed. */
as_diff as_diff_compare(as_arena *arena, const as_facts *before, const as_facts *after);

typedef void (*as_diff_format)(as_buf *out, const as_diff *diff);
void as_diff_write_text(as_buf *out, const as_diff *diff);
void as_diff_write_markdown(as_buf *out, const as_diff *diff); /* for a pull request */
/* {"from","to","findings":{"opened":[{"subject","text","severity","path","line","unsure"}],"closed":
 * […]},"permissions":…,"connections":…,"exposures":…,"paths":…} */
void as_diff_write_json(as_buf *out, const as_diff *diff);

#endif
