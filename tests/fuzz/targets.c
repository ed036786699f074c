/* The table, and how a target is run. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>

const as_fuzz_target as_fuzz_targets[] = {
#define AS_FUZZ(name, function, detail, seeds) {#name, function, detail, seeds},
#include "tests/fuzz/targets.def"
        {NULL, NULL, NULL, NULL},
};

enum { MAX_BYTES = 256 << 20 };

void as_fuzz_run(const as_fuzz_target *target, const uint8_t *data, size_t size)
{
    as_arena *arena = as_arena_new(MAX_BYTES);
    as_sources *sources = as_sources_new();
    as_guard guard;

    if (AS_GUARD_ENTER(&guard, arena)) {
        as_str text = {(const char *)data, size};
        target->run(arena, sources, target->detail, text);
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
    as_sources_free(sources);
}

const as_fuzz_target *as_fuzz_find(const char *name)
{
    for (const as_fuzz_target *t = as_fuzz_targets; t->name; t++)
        if (name && strcmp(t->name, name) == 0)
            return t;
    return NULL;
}

void as_fuzz_list(void)
{
    for (const as_fuzz_target *t = as_fuzz_targets; t->name; t++)
        printf("%s\t%s\n", t->name, t->seeds);
}

unsigned as_fuzz_choice(as_str text, size_t n)
{
    return n < text.n ? (unsigned char)text.p[text.n - 1 - n] : 0;
}
