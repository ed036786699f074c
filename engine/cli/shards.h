/* What `scan --shard` and `merge` know of each other: the command line that a result was made with.
 */
#ifndef AS_CLI_SHARDS_H
#define AS_CLI_SHARDS_H

#include "engine/cli/scanning.h"

/* Scans the part of `shard` and writes its result to `file` ("" or "-": stdout). */
as_exit as_shards_scan(as_cli *cli, const as_scanning *settings, as_str shard, as_str file);

/* Reads results, of which all have to be there unless `partial`, and makes the report of the whole.
 * What `settings` leaves open (configuration, rules, baseline) is taken from the command line of
 * the shards. NULL, after saying why on stderr. Freed with the arena of `cli`. */
const as_report *as_shards_merge(
        as_cli *cli, as_scanning *settings, bool partial, const as_config **config);

#endif
