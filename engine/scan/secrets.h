/* The search for secrets, as a step of the scan: in the text of every file, and in the values that
 * parsers made of them (assembled from locals, decoded from base64, unpacked user data, rendered).
 * Each candidate becomes an entity of kind "secret.GROUP", for rules/secrets to judge; what one
 * place holds is one candidate. */
#ifndef AS_SCAN_SECRETS_H
#define AS_SCAN_SECRETS_H

#include "engine/scan/load.h"
#include "engine/secrets/secrets.h"

typedef enum as_secret_fate {
    AS_SECRETS_SCANNED,
    AS_SECRETS_BINARY,
    AS_SECRETS_TOO_LARGE,
    AS_SECRETS_UNREADABLE,
    AS_SECRETS_N_FATES
} as_secret_fate;

/* A file that is looked through. */
typedef struct as_secret_file {
    as_fs *fs; /* NULL: another process looks through it */
    as_str path;
    as_inventory *inventory;
    as_secret_fate fate;
    bool full;               /* there are more than were kept */
    const as_source *source; /* NULL: nothing found */
    as_secrets found;
} as_secret_file;

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

/* The files of all inventories, when it is known which are parts of snapshots (as_load_discover).
 */
as_secret_file *as_secret_files_list(as_arena *arena, const as_secret_scan *scan, size_t *n);

/* Looks through each file that has a file system. With more than one job this goes on beside what
 * the caller does until the end is asked for, or the arena is freed. */
typedef struct as_secret_search as_secret_search;
as_secret_search *as_secret_search_begin(
        as_arena *arena, const as_secret_scan *scan, as_secret_file *files, size_t n);
void as_secret_search_end(as_secret_search *search, as_diags *diags);

/* What becomes of what was found in files, and in values. Adds the candidates to the graph, which
 * is not linked yet, and hides their bytes in the sources. */
void as_secret_scan_join(as_arena *arena, as_secret_scan *scan, as_secret_file *files, size_t n,
        as_graph *graph, as_diags *diags);

/* The secrets that messages must not show. A word that names things too ("cassandra" as the
 * password of cassandra) stays: names are printed anyway, and hiding it would only make them
 * unreadable. */
as_strs as_secrets_to_hide(as_arena *arena, const as_graph *graph, as_strs texts);

/* All of it, one after the other. */
void as_secret_scan_run(as_arena *arena, as_secret_scan *scan, as_graph *graph, as_diags *diags);

#endif
