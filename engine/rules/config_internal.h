/* Shared by the files that read the configuration. */
#ifndef AS_RULES_CONFIG_INTERNAL_H
#define AS_RULES_CONFIG_INTERNAL_H

#include "engine/rules/config.h"

typedef struct as_config_reader {
    as_arena *arena;
    as_sources *sources;
    as_diags *diags;
    as_config *config;
    as_fs *fs;        /* in which the file lies; NULL: on disk */
    int depth;        /* in a chain of `extends` */
    as_str shown_dir; /* its folder as people are shown it; "": where the scan stands */
    as_str within; /* on disk: the folder, absolute and without links, that what the file names has
                      to lie in; "": any */
} as_config_reader;

/* Puts what the configuration extends under it, the last first, so that later ones win. */
void as_config_extend_all(const as_config_reader *r);
/* A configuration that `r` extends, as `by` says. NULL when it is not there (in the diagnostics).
 */
const as_config *as_config_read_in(const as_config_reader *r, as_fs *fs, as_str dir, as_span by);
const as_config *as_config_read_deeper(const as_config_reader *r, const char *file, as_str shown);

#endif
