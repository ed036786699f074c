/* Fuzz targets: what each reads of hostile bytes, in a guard of its own. One line of targets.def
 * makes a target. */
#ifndef AS_TESTS_FUZZ_H
#define AS_TESTS_FUZZ_H

#include "engine/base/source.h"

/* `detail` is what the line of the table says: the name of the file, the flavour. Whatever lives in
 * `arena` and `sources` is freed afterwards. What must hold and does not is an abort(). */
typedef void as_fuzz_function(
        as_arena *arena, as_sources *sources, const char *detail, as_str text);

#define AS_FUZZ(name, function, detail, seeds) as_fuzz_function function;
#include "tests/fuzz/targets.def"

typedef struct as_fuzz_target {
    const char *name;
    as_fuzz_function *run;
    const char *detail;
    const char *seeds; /* for seeds.py */
} as_fuzz_target;

extern const as_fuzz_target as_fuzz_targets[]; /* ends with a NULL name */

/* The target's function over the bytes. */
void as_fuzz_run(const as_fuzz_target *target, const uint8_t *data, size_t size);
const as_fuzz_target *as_fuzz_find(const char *name); /* NULL: there is none */
/* Names and seeds of all, a line each. */
void as_fuzz_list(void);

/* The n-th of what chooses between forms: taken from the end of the input, so that a seed is read
 * as it stands. */
unsigned as_fuzz_choice(as_str text, size_t n);

#endif
