#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/secrets/internal.h"
#include "engine/secrets/prefilter.h"

static const as_secret_detector detectors[] = {
#define AS_DETECTOR(name, group, what, words, reach, check, pattern)                               \
    {name, AS_SECRET_##group, what, words, AS_REACH_##reach, AS_CHECK_##check, pattern},
#include "engine/secrets/detectors.def"
};

enum {
    N_DETECTORS = sizeof detectors / sizeof *detectors,
    NAMED = N_DETECTORS, /* the number of the words of named.c */
    MAX_WORDS = 400,
    BACK = 400,   /* how far in front of a word a pattern may begin, within its line */
    AHEAD = 1200, /* … and behind it */
    TOKEN_AHEAD = 9000,
    BLOCK_BACK = 400,
    BLOCK_AHEAD = 16000,
    USES_BEFORE_JIT = 16,
};

typedef struct machine {
    pcre2_code *code;
    pcre2_match_data *data;
    size_t n_used;
    size_t done; /* of the text under way: bytes before this were looked at */
} machine;

struct as_secret_finder {
    as_arena *arena;
    const as_prefilter *prefilter;
    pcre2_match_context *limits;
    machine machines[N_DETECTORS];
    /* the text under way */
    as_arena *out_arena;
    as_str text;
    as_secret_syntax syntax;
    as_secrets found;
    size_t named_done;
    bool full;
};

const char *as_secret_group_name(as_secret_group group)
{
    static const char *const names[] = {
#define AS_SECRET_GROUP(id, name) name,
#include "engine/secrets/groups.def"
    };

    return names[group];
}

static void release(void *object)
{
    as_secret_finder *f = object;

    for (size_t i = 0; i < N_DETECTORS; i++) {
        pcre2_code_free(f->machines[i].code);
        pcre2_match_data_free(f->machines[i].data);
    }
    pcre2_match_context_free(f->limits);
}

static size_t add_words(as_prefilter_word *words, size_t n, const char *list, uint16_t id)
{
    as_str rest = as_str_from(list), word;

    while (as_str_split(&rest, '|', &word) && n < MAX_WORDS)
        words[n++] = (as_prefilter_word){word, id};
    return n;
}

as_secret_finder *as_secret_finder_new(as_arena *arena)
{
    as_secret_finder *f = AS_NEW(arena, as_secret_finder);
    as_prefilter_word *words = AS_NEW_ARRAY(arena, as_prefilter_word, MAX_WORDS);
    size_t n = 0;

    f->arena = arena;
    for (size_t i = 0; i < N_DETECTORS; i++)
        n = add_words(words, n, detectors[i].words, (uint16_t)i);
    n = add_words(words, n, as_secret_named_words, NAMED);
    f->prefilter = as_prefilter_new(arena, words, n);
    f->limits = pcre2_match_context_create(NULL);
    as_arena_defer(arena, release, f);
    if (f->limits == NULL)
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    pcre2_set_match_limit(f->limits, AS_PCRE2_MATCH_LIMIT);
    pcre2_set_heap_limit(f->limits, AS_PCRE2_HEAP_KIB);
    return f;
}

/* --- patterns --------------------------------------------------------------------------------- */

static machine *machine_of(as_secret_finder *f, uint16_t id)
{
    machine *m = &f->machines[id];
    int error;
    PCRE2_SIZE at;

    if (m->code == NULL) {
        m->code = pcre2_compile(
                (PCRE2_SPTR)detectors[id].pattern, PCRE2_ZERO_TERMINATED, 0, &error, &at, NULL);
        m->data = m->code == NULL ? NULL : pcre2_match_data_create_from_pattern(m->code, NULL);
        if (m->data == NULL)
            as_arena_unwind(f->arena, AS_CAUSE_MEMORY);
    }
    if (++m->n_used == USES_BEFORE_JIT)
        (void)pcre2_jit_compile(m->code, PCRE2_JIT_COMPLETE);
    return m;
}

/* `anchor`: where the literal begins that holds the secret. */
static void keep(as_secret_finder *f, as_secret s, size_t anchor)
{
    if (f->found.n >= AS_MAX_SECRETS) {
        f->full = true;
        return;
    }
    s.entropy = as_secret_entropy(as_str_slice(f->text, s.begin, s.end));
    if (s.key.n == 0)
        s.key = as_secret_key_before(f->text, anchor);
    s.key = as_str_dup(f->out_arena, s.key);
    AS_VEC_PUSH(f->out_arena, &f->found, s);
}

/* All matches within [from, to). */
static void match_within(as_secret_finder *f, uint16_t id, size_t from, size_t to)
{
    const as_secret_detector *d = &detectors[id];
    machine *m = machine_of(f, id);
    size_t at = 0;

    while (at <= to - from && !f->full) {
        int n = pcre2_match(
                m->code, (PCRE2_SPTR)(f->text.p + from), to - from, at, 0, m->data, f->limits);
        if (n <= 0)
            return;
        const PCRE2_SIZE *v = pcre2_get_ovector_pointer(m->data);
        size_t group = n > 1 ? 1 : 0;
        for (size_t g = 1; g < (size_t)n; g++)
            if (v[2 * g] != PCRE2_UNSET)
                group = g;
        as_secret s = {.group = d->group,
                .detector = d->name,
                .what = d->what,
                .begin = from + v[2 * group],
                .end = from + v[2 * group + 1]};
        s.publishable = strcmp(d->name, "stripe-publishable-token") == 0;
        if (s.end > s.begin &&
                as_secret_passes(f->out_arena, d->check, f->text, from + v[0], from + v[1], &s))
            keep(f, s, d->group == AS_SECRET_CONNECTION ? from + v[0] : s.begin);
        at = v[1] > v[0] ? v[1] : v[1] + 1;
    }
}

static size_t line_end(as_str t, size_t at, size_t limit)
{
    size_t most = t.n - at < limit ? t.n : at + limit;
    const char *newline = memchr(t.p + at, '\n', most - at);

    return newline == NULL ? most : (size_t)(newline - t.p);
}

static void on_word(void *self, uint16_t id, size_t begin, size_t end)
{
    as_secret_finder *f = self;
    size_t from = begin, to;

    if (f->full)
        return;
    if (id == NAMED) {
        as_secret s = {.group = AS_SECRET_NAMED, .detector = "named-secret", .what = "a secret"};
        if (f->syntax != AS_SECRET_PROSE && f->syntax != AS_SECRET_HASHES &&
                begin >= f->named_done && as_secret_named(f->text, begin, end, f->syntax, &s)) {
            f->named_done = s.begin;
            keep(f, s, s.begin);
        }
        return;
    }
    if (begin < f->machines[id].done)
        return;
    if (detectors[id].reach == AS_REACH_BLOCK) {
        from = begin > BLOCK_BACK ? begin - BLOCK_BACK : 0;
        to = f->text.n - end < BLOCK_AHEAD ? f->text.n : end + BLOCK_AHEAD;
        match_within(f, id, from, to);
        f->machines[id].done = to > end + 2000 ? to - 2000 : end;
        return;
    }
    while (from > 0 && begin - from < BACK && f->text.p[from - 1] != '\n')
        from--;
    size_t ahead =
            detectors[id].group == AS_SECRET_JWT || detectors[id].group == AS_SECRET_KUBERNETES
                    ? TOKEN_AHEAD
                    : AHEAD;
    to = line_end(f->text, end, ahead);
    match_within(f, id, from, to);
    /* Where a long line was cut, what straddles the cut is looked at again. */
    bool cut = to < f->text.n && f->text.p[to] != '\n';
    f->machines[id].done = cut && to - end > ahead / 2 ? to - ahead / 2 : to;
}

/* --- a text ----------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const as_secret *x = a, *y = b;

    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return x->end > y->end ? -1 : x->end < y->end;
}

static int compare_places(const void *a, const void *b)
{
    const as_secret *x = a, *y = b;

    return (x->begin > y->begin) - (x->begin < y->begin);
}

/* First whose group comes first: the others that share bytes with it say less of the same thing.
 * The chosen ones stay sorted by place, so that a search finds the neighbours. */
static void without_overlaps(as_secrets *s, as_secret *chosen)
{
    size_t n = 0;

    if (s->n > 1)
        qsort(s->items, s->n, sizeof *s->items, compare);
    for (size_t i = 0; i < s->n; i++) {
        size_t low = 0, high = n;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (chosen[middle].begin < s->items[i].end)
                low = middle + 1;
            else
                high = middle;
        }
        if (low > 0 && chosen[low - 1].end > s->items[i].begin)
            continue;
        memmove(&chosen[low + 1], &chosen[low], (n - low) * sizeof *chosen);
        chosen[low] = s->items[i];
        n++;
    }
    if (n > 0)
        memcpy(s->items, chosen, n * sizeof *chosen);
    s->n = n;
    if (n > 1)
        qsort(s->items, n, sizeof *s->items, compare_places);
}

void as_secret_find(as_secret_finder *f, as_arena *arena, as_str text, as_secret_syntax syntax,
        as_secrets *out, bool *full)
{
    f->out_arena = arena;
    f->text = text;
    f->syntax = syntax;
    f->found = (as_secrets){0};
    f->named_done = 0;
    f->full = false;
    for (size_t i = 0; i < N_DETECTORS; i++)
        f->machines[i].done = 0;
    as_prefilter_run(f->prefilter, text, on_word, f);
    if (syntax == AS_SECRET_CODE || syntax == AS_SECRET_SETTINGS) {
        size_t before = f->found.n;
        as_secret_find_random(arena, text, syntax, &f->found);
        for (size_t i = before; i < f->found.n; i++)
            f->found.items[i].key = as_str_dup(arena, f->found.items[i].key);
    }
    if (f->found.n > 0) {
        without_overlaps(&f->found, AS_NEW_ARRAY(arena, as_secret, f->found.n + 1));
        for (size_t i = 0; i < f->found.n; i++)
            AS_VEC_PUSH(arena, out, f->found.items[i]);
    }
    if (full != NULL)
        *full = f->full;
}

void as_secret_find_value(
        as_secret_finder *f, as_arena *arena, as_str key, as_str value, as_secrets *out)
{
    as_secrets found = {0};
    as_buf line;

    /* One line of several is a text of its own, whatever its key is called. */
    bool is_text = value.n > 400 || as_str_find_char(value, '\n') != (size_t)-1;
    if (is_text) {
        as_secret_find(f, arena, value, AS_SECRET_SETTINGS, out, NULL);
        return;
    }
    as_buf_init(&line, arena, 0);
    as_buf_str(&line, key);
    as_buf_cstr(&line, "=\"");
    size_t from = line.n;
    as_buf_str(&line, value);
    as_buf_char(&line, '"');
    as_secret_find(f, arena, as_buf_view(&line), AS_SECRET_CODE, &found, NULL);
    for (size_t i = 0; i < found.n; i++) {
        as_secret s = found.items[i];
        if (s.begin < from || s.end > from + value.n)
            continue;
        s.begin -= from;
        s.end -= from;
        s.key = key;
        AS_VEC_PUSH(arena, out, s);
    }
}

as_str as_secret_shown(as_arena *arena, as_str secret)
{
    if (as_str_starts(secret, "-----BEGIN"))
        return AS_STR("-----BEGIN…");
    for (size_t i = 0; i < secret.n; i++)
        if ((unsigned char)secret.p[i] < 0x20 || (unsigned char)secret.p[i] > 0x7e)
            return AS_STR("…");
    if (secret.n >= 20)
        return as_str_fmt(arena, "%.4s…%.2s", secret.p, secret.p + secret.n - 2);
    return secret.n >= 12 ? as_str_fmt(arena, "%.1s…%.1s", secret.p, secret.p + secret.n - 1)
                          : AS_STR("…");
}
