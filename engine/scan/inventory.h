/* The files of a root that somebody may judge, each with what it is. */
#ifndef AS_SCAN_INVENTORY_H
#define AS_SCAN_INVENTORY_H

#include "engine/rules/config.h"
#include "engine/scan/report.h"
#include "engine/scan/roots.h"
#include "parsers/parser.h"

typedef struct as_inventory {
    AS_VEC(as_input) inputs; /* sorted by path */
    AS_VEC(as_str) files;    /* the paths of all that were seen, whatever they are */
    AS_VEC(uint64_t) sizes;  /* of those; 0 where they were named one by one */
    AS_VEC(as_skip) skips;
    size_t n_files; /* all that were seen */
} as_inventory;

/* Without what the configuration (may be NULL) ignores. */
void as_inventory_take(as_arena *arena, const as_root *root, const as_config *config,
        as_diags *diags, as_inventory *out);

#endif
