/* The process: one arena, one guard, one exit code. */
#include "engine/cli/command.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    as_arena *arena = as_arena_new(0);
    as_guard guard;
    as_exit result;

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
