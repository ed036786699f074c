#include "engine/secrets/scrub.h"

#include <stdlib.h>

#include "engine/base/map.h"
#include "engine/secrets/prefilter.h"
#include "engine/secrets/secrets.h"

enum {
    SHORTEST = 6,
    HEAD = 12,          /* of each secret this much is looked for; then all of it is compared */
    GROUP_BYTES = 16000 /* of heads in one prefilter */
};

typedef struct group {
    const as_prefilter *prefilter;
    as_prefilter_word *words;
    const as_str **secrets; /* by the number of the word */
    size_t n;
} group;

struct as_scrubber {
    as_arena *arena;
    AS_VEC(group) groups;
    AS_VEC(as_str) hits; /* of the text under way */
    const group *at;
    as_str text;
};

static void add_group(as_scrubber *s, const as_map *distinct, size_t *next)
{
    group g = {.words = AS_NEW_ARRAY(s->arena, as_prefilter_word, distinct->n - *next),
            .secrets = AS_NEW_ARRAY(s->arena, const as_str *, distinct->n - *next)};
    size_t n_bytes = 0;

    for (; *next < distinct->n && n_bytes < GROUP_BYTES; ++*next) {
        const as_str *secret = &distinct->entries[*next].key;
        as_str head = as_str_lower(
                s->arena, as_str_slice(*secret, 0, secret->n < HEAD ? secret->n : HEAD));
        g.words[g.n] = (as_prefilter_word){head, (uint16_t)g.n};
        g.secrets[g.n++] = secret;
        n_bytes += head.n;
    }
    g.prefilter = as_prefilter_new(s->arena, g.words, g.n);
    AS_VEC_PUSH(s->arena, &s->groups, g);
}

as_scrubber *as_scrubber_new(as_arena *arena, as_strs secrets)
{
    as_scrubber *s = AS_NEW(arena, as_scrubber);
    as_map *distinct = AS_NEW(arena, as_map);
    size_t next = 0;

    s->arena = arena;
    for (size_t i = 0; i < secrets.n; i++)
        if (secrets.items[i].n >= SHORTEST)
            as_map_put(arena, distinct, secrets.items[i], s);
    while (next < distinct->n)
        add_group(s, distinct, &next);
    return s;
}

static void on_hit(void *self, uint16_t id, size_t begin, size_t end)
{
    as_scrubber *s = self;
    as_str secret = *s->at->secrets[id];

    (void)end;
    if (s->text.n - begin >= secret.n && memcmp(s->text.p + begin, secret.p, secret.n) == 0)
        AS_VEC_PUSH(s->arena, &s->hits, secret);
}

static int longest_first(const void *a, const void *b)
{
    const as_str *x = a, *y = b;

    return (x->n < y->n) - (x->n > y->n);
}

as_str as_scrubber_run(as_scrubber *s, as_str text)
{
    s->text = text;
    s->hits.n = 0;
    for (size_t i = 0; i < s->groups.n; i++) {
        s->at = &s->groups.items[i];
        as_prefilter_run(s->at->prefilter, text, on_hit, s);
    }
    if (s->hits.n > 1) /* one may be the beginning of another */
        qsort(s->hits.items, s->hits.n, sizeof *s->hits.items, longest_first);
    for (size_t i = 0; i < s->hits.n; i++)
        text = as_str_replace(
                s->arena, text, s->hits.items[i], as_secret_shown(s->arena, s->hits.items[i]));
    return text;
}
