#include "engine/secrets/prefilter.h"

/* Bytes fall into classes: one for each byte that some word has, and 0 for all others, so that the
 * table of steps stays small enough for a cache. */
struct as_prefilter {
    uint8_t class_of[256];
    size_t n_classes, n_states, n_words;
    uint16_t *next;           /* state × class → state */
    uint16_t *output;         /* state → 1 + index of the longest word that ends here; 0: none */
    uint16_t *shorter;        /* word → 1 + index of the next shorter word that ends with it */
    uint16_t *same;           /* word → 1 + index of a word of the same text */
    const as_prefilter_word *words;
};

enum { MAX_STATES = 60000 };

static uint8_t folded(unsigned char c)
{
    return (uint8_t)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static size_t assign_classes(as_prefilter *p)
{
    size_t n_bytes = 1;

    p->n_classes = 1;
    for (size_t w = 0; w < p->n_words; w++) {
        n_bytes += p->words[w].text.n;
        for (size_t i = 0; i < p->words[w].text.n; i++) {
            uint8_t c = (uint8_t)p->words[w].text.p[i];
            if (p->class_of[c] == 0)
                p->class_of[c] = (uint8_t)p->n_classes++;
        }
    }
    for (size_t c = 'A'; c <= 'Z'; c++)
        p->class_of[c] = p->class_of[folded((unsigned char)c)];
    return n_bytes;
}

static void add_word(as_prefilter *p, size_t w)
{
    size_t state = 0;

    for (size_t i = 0; i < p->words[w].text.n; i++) {
        uint16_t *step = &p->next[state * p->n_classes +
                p->class_of[(unsigned char)p->words[w].text.p[i]]];
        if (*step == 0)
            *step = (uint16_t)p->n_states++;
        state = *step;
    }
    p->same[w] = p->output[state]; /* several detectors may wait for one word */
    p->output[state] = (uint16_t)(w + 1);
}

/* Breadth first: a state's failure state is shorter, hence done. Steps that the trie lacks are filled
 * in, so that a run never goes back. */
static void complete(as_arena *arena, as_prefilter *p)
{
    uint16_t *queue = AS_NEW_ARRAY(arena, uint16_t, p->n_states);
    uint16_t *fail = AS_NEW_ARRAY(arena, uint16_t, p->n_states);
    size_t head = 0, tail = 0, n = p->n_classes;

    for (size_t c = 0; c < n; c++)
        if (p->next[c] != 0)
            queue[tail++] = p->next[c];
    while (head < tail) {
        uint16_t state = queue[head++], back = fail[state];
        if (p->output[state] == 0)
            p->output[state] = p->output[back];
        else if (p->output[back] != 0)
            p->shorter[p->output[state] - 1] = p->output[back];
        for (size_t c = 0; c < n; c++) {
            uint16_t *step = &p->next[(size_t)state * n + c];
            uint16_t elsewhere = p->next[(size_t)back * n + c];
            if (*step == 0) {
                *step = elsewhere;
            } else {
                fail[*step] = elsewhere;
                queue[tail++] = *step;
            }
        }
    }
}

const as_prefilter *as_prefilter_new(as_arena *arena, const as_prefilter_word *words, size_t n)
{
    as_prefilter *p = AS_NEW(arena, as_prefilter);

    p->words = words;
    p->n_words = n;
    size_t most = assign_classes(p);
    if (most > MAX_STATES)
        as_arena_unwind(arena, AS_CAUSE_BUDGET);
    p->next = AS_NEW_ARRAY(arena, uint16_t, most * p->n_classes);
    p->output = AS_NEW_ARRAY(arena, uint16_t, most);
    p->shorter = AS_NEW_ARRAY(arena, uint16_t, n);
    p->same = AS_NEW_ARRAY(arena, uint16_t, n);
    p->n_states = 1;
    for (size_t w = 0; w < n; w++)
        add_word(p, w);
    complete(arena, p);
    return p;
}

static void report(
        const as_prefilter *p, uint16_t output, size_t end, as_prefilter_hit *hit, void *self)
{
    while (output != 0) {
        uint16_t first = output;
        for (; output != 0; output = p->same[output - 1]) {
            const as_prefilter_word *word = &p->words[output - 1];
            hit(self, word->id, end - word->text.n, end);
        }
        output = p->shorter[first - 1];
    }
}

void as_prefilter_run(const as_prefilter *p, as_str text, as_prefilter_hit *hit, void *self)
{
    const uint8_t *class_of = p->class_of;
    const uint16_t *next = p->next, *output = p->output;
    size_t state = 0, n = p->n_classes;

    for (size_t i = 0; i < text.n; i++) {
        state = next[state * n + class_of[(unsigned char)text.p[i]]];
        if (output[state] != 0)
            report(p, output[state], i + 1, hit, self);
    }
}
