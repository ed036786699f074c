/* The differences that `assay drift` lists: each with the rules that what is live breaks and the
 * code keeps. */
#ifndef AS_CLI_DRIFT_LISTING_H
#define AS_CLI_DRIFT_LISTING_H

#include "engine/cli/scanning.h"
#include "engine/drift/drift.h"

typedef struct as_drift_entry {
    const as_drift *drift;
    as_severity severity; /* of the worst of: */
    const as_finding **rules;
    size_t n_rules;
} as_drift_entry;

typedef struct as_drift_listing {
    as_cli *cli;
    const as_report *report; /* with what passes */
    as_map findings;         /* entity → its findings */
    as_drifts drifts;
    AS_VEC(as_drift_entry) entries; /* what breaks a rule first, the worst of it first */
} as_drift_listing;

/* Sets all but `cli` and `report`. `all`: as in as_drift_find. */
void as_drift_listing_gather(as_drift_listing *l, bool all, bool no_tags);
size_t as_drift_listing_count(const as_drift_listing *l, as_drift_kind kind);
bool as_drift_is_of_tags(const as_drift *drift); /* nothing but tags differs */
/* Whether e->rules[i] is another case of a rule before it. */
bool as_drift_is_rule_repeated(const as_drift_entry *e, size_t i);
as_str as_drift_address(const as_drift *drift); /* in code; of what is in none, live */
/* Without the secrets that the scan has found; "nothing" for what is not there. */
as_str as_drift_shown(const as_drift_listing *l, as_str text);

/* The forms of its own, into `out`: "text", "json" and "markdown"; false for another one. */
bool as_drift_write_form(void *listing, const char *format, as_buf *out);
/* The same as findings of the rules DRIFT-001 to DRIFT-003, for all other forms. In the arena of
 * `l->cli`. */
const as_report *as_drift_report(const as_drift_listing *l);

#endif
