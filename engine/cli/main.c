/* The process: one arena, one guard, one exit code. */
#include "engine/cli/command.h"

#include <gmp.h>
#include <stdio.h>
#include <stdlib.h>

/* --- memory of GMP ----------------------------------------------------------------------------
 * GMP neither takes NULL nor may be unwound (GMP manual, "Custom Allocation"): by itself it would
 * abort. */

static void *given(void *p)
{
    if (!p) {
        fputs("assay: out of memory\n", stderr);
        _Exit(AS_EXIT_ERROR);
    }
    return p;
}

static void *allocate(size_t n)
{
    return given(malloc(n));
}

static void *reallocate(void *old, size_t old_bytes, size_t n)
{
    (void)old_bytes;
    return given(realloc(old, n));
}

static void release(void *p, size_t n)
{
    (void)n;
    free(p);
}

int main(int argc, char **argv)
{
    as_arena *arena = as_arena_new(0);
    as_guard guard;
    as_exit result;

    mp_set_memory_functions(allocate, reallocate, release);
    if (!arena) {
        fputs("assay: out of memory\n", stderr);
        return AS_EXIT_ERROR;
    }
    if (AS_GUARD_ENTER(&guard, arena)) {
        result = as_cli_main(arena, argc, argv);
        as_guard_leave(&guard);
    } else {
        fprintf(stderr, "assay: %s\n", as_cause_text(guard.cause));
        result = AS_EXIT_ERROR;
    }
    as_arena_free(arena);
    return (int)result;
}
