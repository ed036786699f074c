/* From files to the graph: targets, loading on threads, entities. */
#ifndef AS_SCAN_LOAD_H
#define AS_SCAN_LOAD_H

#include "engine/rules/config.h"
#include "engine/scan/inventory.h"

typedef struct as_loading {
    as_discovery discovery;
    as_load *loads; /* one a target */
} as_loading;

/* Finds the targets of all parsers among the inputs, and loads them on `jobs` threads. Arenas of
 * the targets are freed with `arena`; their diagnostics are in the loads, or appended in the order
 * of the targets. */
void as_load_discover(as_arena *arena, const as_root *root, as_inventory *inventory,
        const as_parse_options *options, const as_config *config, uint32_t first_unit,
        as_diags *diags, as_loading *out);
/* Loads the targets that are marked in `wanted` (NULL: all); the others hold nothing. */
void as_load_targets(as_arena *arena, as_loading *loading, const bool *wanted, int jobs);
/* Appends the diagnostics of the targets, in their order. */
void as_load_tell(const as_loading *loading, as_diags *diags);
/* All three. */
void as_load_run(as_arena *arena, const as_root *root, as_inventory *inventory,
        const as_parse_options *options, const as_config *config, uint32_t first_unit, int jobs,
        as_diags *diags, as_loading *out);
/* Adds what was loaded to the graph. */
void as_load_add(const as_loading *loading, as_graph *graph);

/* The environment that the configuration (may be NULL) gives the path, else the one that a word of
 * the variant or of the path names; may be empty. */
as_str as_environment_of(const as_config *config, as_str path, as_str variant);

#endif
