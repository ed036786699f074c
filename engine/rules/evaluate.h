/* Every rule over every entity that it is for. */
#ifndef AS_RULES_EVALUATE_H
#define AS_RULES_EVALUATE_H

#include "engine/base/progress.h"
#include "engine/rules/config.h"
#include "engine/rules/ruleset.h"

typedef struct as_evaluate_options {
    const as_config *config; /* severities, exclusions and parameters; may be NULL */
    int jobs;                /* threads, at least 1 */
    bool keep_passes;
    as_progress *progress;   /* NULL: nobody looks */
    as_lua_lines *lines;     /* records which lines of rules run, with one thread; NULL: not wanted */
} as_evaluate_options;

typedef struct as_evaluation {
    as_arena *arena; /* where findings are */
    AS_VEC(as_finding) findings;
    size_t n_checks;
    size_t by_status[4];
} as_evaluation;

/* Findings come in a fixed order, whatever the number of threads. Rules that err are diagnostics.
 * Each thread's arena is freed with `arena`. */
void as_rules_evaluate(const as_ruleset *set, const as_graph *graph, as_sources *sources,
        const as_evaluate_options *options, as_arena *arena, as_diags *diags, as_evaluation *out);

#endif
