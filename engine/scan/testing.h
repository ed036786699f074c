/* Running the examples of rules: `assay test`. */
#ifndef AS_SCAN_TESTING_H
#define AS_SCAN_TESTING_H

#include "engine/rules/ruleset.h"

typedef struct as_test_result {
    const as_loaded_rule *rule;
    size_t example; /* index into rule->examples */
    as_str problem; /* empty: as expected */
    as_strs said;   /* "fail on ADDRESS: message", one a finding */
} as_test_result;

typedef struct as_test_results {
    AS_VEC(as_test_result) list; /* in the order of the rules */
    size_t n_failed;
} as_test_results;

/* Each example is a project of one file in which only its rule runs:
 *   fail     something fails, and nothing that is named dont_fire; everything named fire does
 *   pass     something passes, nothing fails or stays unknown
 *   unknown  something stays unknown, nothing fails
 * Each fix of a rule must mend a failing example, as fix.h means it.
 * `lines` (may be NULL) learns which lines of the rules have run.
 * A rule without a failing and a passing example is itself a problem. */
void as_test_rules(
        as_arena *arena, const as_ruleset *set, as_lua_lines *lines, as_test_results *out);

#endif
