/* Secrets in any bytes, as text of every syntax and as a value: what is found lies within the text,
 * in order and apart, and what is shown of it is short. */
#include <stdlib.h>

#include "engine/secrets/secrets.h"
#include "tests/fuzz/fuzz.h"

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

void fuzz_secrets(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_secret_finder *finder = as_secret_finder_new(arena);

    (void)sources;
    (void)detail;
    for (int syntax = AS_SECRET_CODE; syntax <= AS_SECRET_HASHES; syntax++) {
        as_secrets found = {0};
        as_secret_find(finder, arena, text, (as_secret_syntax)syntax, &found, NULL);
        check(arena, text, &found);
    }
    as_secrets found = {0};
    as_secret_find_value(finder, arena, AS_STR("password"), text, &found);
    check(arena, text, &found);
}
