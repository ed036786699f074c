/* The pipeline: files → values → entities → findings → report. The only place that knows the order.
 */
#ifndef AS_SCAN_SCAN_H
#define AS_SCAN_SCAN_H

#include "engine/base/fs_memory.h"
#include "engine/git/git.h"
#include "engine/rules/baseline.h"
#include "engine/rules/config.h"
#include "engine/scan/report.h"
#include "engine/shard/result.h"
#include "parsers/parser.h"

typedef struct as_scan_options {
    as_strs paths;                   /* files and folders as given; none: "." */
    const as_git_snapshot *snapshot; /* scanned in place of the disk; paths are then those in it */
    const as_memory_file *document;  /* scanned in place of the disk; NULL: none */
    const as_memory_file *overlay;   /* stand in place of files on disk; absolute, resolved paths */
    size_t n_overlay;
    bool only_changed;       /* of the snapshot only findings in `changed` are wanted */
    as_strs changed;         /* files of the snapshot */
    as_sources *sources;     /* the registry that config was read with; borrowed. NULL: a new one */
    const as_config *config; /* .assay.yaml, already read; may be NULL */
    const as_baseline *baseline;
    as_strs rule_dirs; /* --rules and those of the configuration */
    as_rule_folders rule_folders;
    as_strs only_rules;     /* --rule: ids, aliases or globs; none: all */
    as_strs exclude_rules;  /* --exclude-rule */
    as_strs frameworks;     /* --framework */
    as_parse_options parse; /* --var-file, --var, --values, --set … */
    int jobs;               /* threads; 0: as many as there are processors */
    bool show_passed;
    bool locate_fixes; /* fixes of findings get their places and texts, as far as they can be had */
    bool no_inline_suppressions;
    bool graph_only; /* no rules: the report has the graph, and what went wrong on the way to it */
    bool allow_outside; /* follow module sources and links out of the scanned folder */
    as_shard shard;     /* only this part of the whole: instead of a report there is a result for
                           as_scan_options.shards */
    const as_shard_head
            *shard_head;         /* what the result begins with; `tree` is filled in by the scan */
    as_str configuration_digest; /* of what `config` and `baseline` were read from */
    const as_shard_head
            *shards; /* results of all parts, in order, in place of the disk; none: NULL */
    size_t n_shards;
    as_str missing; /* why not all of the parts are there; empty: they are */
    as_str today;   /* YYYY-MM-DD: what `until=` is compared with */
} as_scan_options;

typedef struct as_scan as_scan;

/* Runs everything. Never NULL unless memory is gone at once. Problems are diagnostics of the
 * report. */
as_scan *as_scan_run(const as_scan_options *options);
const as_report *as_scan_report(const as_scan *scan);
/* The result of a shard; empty when there is none. */
as_str as_scan_shard_result(const as_scan *scan);
/* Which of the results cannot be read, as its place in the list + 1; 0: none. */
size_t as_scan_bad_shard(const as_scan *scan);
void as_scan_free(as_scan *scan);

/* A digest of the rules that such options stand for, of all kinds of entity. */
as_str as_shard_rules_digest(as_arena *arena, const as_scan_options *options);

#endif
