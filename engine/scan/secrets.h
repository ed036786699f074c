/* The search for secrets, as a step of the scan: in the text of every file, and in the values that
 * parsers made of them (assembled from locals, decoded from base64, unpacked user data, rendered).
 * Each candidate becomes an entity of kind "secret.GROUP", for rules/secrets to judge; what one
 * place holds is one candidate. */
#ifndef AS_SCAN_SECRETS_H
#define AS_SCAN_SECRETS_H

#include "engine/scan/load.h"

typedef struct as_secret_scan {
    const as_root *roots;
    as_inventory *inventories; /* skips are added for what was too large */
    const as_loading *loadings;
    size_t n_roots;
    const as_config *config; /* may be NULL */
    as_sources *sources;
    as_str today; /* YYYY-MM-DD: what the end of a token is compared with; may be empty */
    int jobs;
    /* results */
    as_coverage_row coverage;
    as_strs texts; /* the secrets themselves: never to be shown */
} as_secret_scan;

/* Adds the candidates to the graph, which is not linked yet, and hides their bytes in the sources.
 */
void as_secret_scan_run(as_arena *arena, as_secret_scan *scan, as_graph *graph, as_diags *diags);

#endif
