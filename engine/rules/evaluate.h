/* Every rule over every entity that it is for. */
#ifndef AS_RULES_EVALUATE_H
#define AS_RULES_EVALUATE_H

#include "engine/base/progress.h"
#include "engine/rules/config.h"
#include "engine/rules/ruleset.h"

/* Which check something is about: the rule by its place in the set, the entity by its id, the
 * failure by its place in the verdict (UINT32_MAX: the cases that passed). */
typedef struct as_check_key {
    uint32_t rule, entity, nth;
} as_check_key;

/* What shards have judged already. */
typedef struct as_settled {
    const as_check_key *keys; /* one a finding */
    const as_finding *findings;
    size_t n;
    const as_check_key *deferred; /* sorted by rule and entity; nth does not count */
    size_t n_deferred;
    uint32_t n_entities; /* entities from 1 to this one were with a shard */
    size_t n_checks, by_status[4];
} as_settled;

typedef struct as_evaluate_options {
    const as_config *config; /* severities, exclusions and parameters; may be NULL */
    int jobs;                /* threads, at least 1 */
    bool keep_passes;
    as_progress *progress; /* NULL: nobody looks */
    bool narrow;           /* the graph is a shard: checks that look beyond it are deferred … */
    as_str missing;        /* … or, where this says why the rest is not there, unknown */
    const as_settled *settled; /* checks that are not made again; NULL: none */
    as_lua_lines *lines; /* records which lines of rules run, with one thread; NULL: not wanted */
} as_evaluate_options;

typedef struct as_evaluation {
    as_arena *arena; /* where findings are */
    AS_VEC(as_finding) findings;
    const as_check_key *keys;      /* one a finding */
    AS_VEC(as_check_key) deferred; /* sorted by rule and entity */
    size_t n_checks;
    size_t by_status[4];
} as_evaluation;

/* Findings have their fingerprints, but for those that are settled, and come in a fixed order,
 * whatever the number of threads. Rules that err are diagnostics.
 * Each thread's arena is freed with `arena`. */
void as_rules_evaluate(const as_ruleset *set, const as_graph *graph, as_sources *sources,
        const as_evaluate_options *options, as_arena *arena, as_diags *diags, as_evaluation *out);

#endif
