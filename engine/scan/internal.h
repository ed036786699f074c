/* What scan.c and shards.c share. */
#ifndef AS_SCAN_INTERNAL_H
#define AS_SCAN_INTERNAL_H

#include "engine/scan/scan.h"
#include "engine/secrets/scrub.h"

struct as_scan {
    as_arena *arena;
    as_sources *sources;
    bool owns_sources;
    as_diags diags;
    as_report report;
    as_str shard_result;
    size_t bad_shard;
};

typedef struct as_running {
    as_scan *scan;
    const as_scan_options *options;
    uint32_t first_source; /* ids up to it are not of the scan */
    as_roots roots;
    as_inventory *inventories; /* one a root */
    as_loading *loadings;
    as_graph *graph;
    as_secret_scan secrets;
    as_secret_file *secret_files;
    size_t n_secret_files;
    as_ruleset *rules;
    as_evaluation evaluation;
    bool narrowed; /* to files that were named one by one: */
    as_map wanted; /* their display paths */
    size_t n_passed;
    int jobs;
    as_shard_scan *shards; /* results of shards in place of roots; NULL: none */
} as_running;

/* How the files of a root are parsed. */
const as_parse_options *as_running_parse_options(as_running *r, const as_root *root);
as_ruleset_options as_running_rules(const as_running *r);
void as_running_name_wanted(as_running *r);

/* Plans, reads, judges, and makes the result of the part of options->shard. */
void as_running_shard(as_running *r);
/* Puts what the shards have read in the place of what this process would; false when a result
 * cannot be read. */
bool as_running_take_shards(as_running *r) AS_MUST_CHECK;
/* The files that shards have looked through for secrets, in the order in which one process would.
 */
as_secret_file *as_running_shard_files(as_running *r, size_t *n);
/* After the graph is made: what the shards have judged, for the rules in r->rules. */
const as_settled *as_running_settled(as_running *r);

#endif
