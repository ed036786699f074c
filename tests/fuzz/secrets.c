/* Secrets in any bytes, as text of every syntax and as a value: what is found lies within the text, in
 * order and apart, and what is shown of it is short. */
#include <stdlib.h>

#include "engine/secrets/secrets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(as_arena *arena, as_str text, const as_secrets *found)
{
    size_t before = 0;

    for (size_t i = 0; i < found->n; i++) {
        const as_secret *s = &found->items[i];
        if (s->begin < before || s->end <= s->begin || s->end > text.n)
            abort();
        before = s->end;
        if (as_secret_shown(arena, as_str_slice(text, s->begin, s->end)).n > 16)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    as_arena *arena = as_arena_new(64 << 20);
    as_guard guard;

    if (AS_GUARD_ENTER(&guard, arena)) {
        as_str text = {(const char *)data, size};
        as_secret_finder *finder = as_secret_finder_new(arena);
        for (int syntax = AS_SECRET_CODE; syntax <= AS_SECRET_HASHES; syntax++) {
            as_secrets found = {0};
            as_secret_find(finder, arena, text, (as_secret_syntax)syntax, &found, NULL);
            check(arena, text, &found);
        }
        as_secrets found = {0};
        as_secret_find_value(finder, arena, AS_STR("password"), text, &found);
        check(arena, text, &found);
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
    return 0;
}
