/* Results of scans, kept by what decides them: the program, its arguments and environment, and the
 * hash of everything that the run read (engine/base/witness.h). A run whose answers would all be
 * the same is not made again: what it wrote is written again.
 *
 * One file a command line and folder, below $ASSAY_CACHE_DIR, $XDG_CACHE_HOME/assay/results or
 * ~/.cache/assay/results: replaced as a whole, ended by its own hash, for its owner alone. The
 * oldest go when the folder exceeds AS_CACHE_BYTES. Whatever is wrong with the cache, the scan is
 * made as if it were not there. */
#ifndef AS_CLI_CACHE_H
#define AS_CLI_CACHE_H

#include "engine/base/witness.h"
#include "engine/cli/command.h"

enum { AS_CACHE_BYTES = 128 << 20, AS_CACHE_ENTRY_BYTES = 16 << 20 };

typedef struct as_cache as_cache;

/* The entry of this command line; `day` is the date on which results depend. NULL where there is no
 * place for it, or none that is the user's alone. */
as_cache *as_cache_open(as_cli *cli, as_str day);
/* Writes again what was written, when nothing has changed since; *code is the exit code. */
bool as_cache_replay(as_cache *cache, as_exit *code) AS_MUST_CHECK;
/* From here on what is read is noted and what is written is kept. */
as_witness *as_cache_watch(as_cache *cache);
void as_cache_store(as_cache *cache, as_exit code);

#endif
