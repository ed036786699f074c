/* Many words looked for at once in one pass over a text, without regard to the
 * case of ASCII letters: which detectors are worth a closer look, and where. */
#ifndef AS_SECRETS_PREFILTER_H
#define AS_SECRETS_PREFILTER_H

#include "engine/base/vec.h"

typedef struct as_prefilter as_prefilter;

/* Each word with the number that is reported for it; words are in lower case and of three bytes at
 * least. */
typedef struct as_prefilter_word {
    as_str text;
    uint16_t id;
} as_prefilter_word;

/* Lives in `arena`; read-only afterwards, so threads may share it. */
const as_prefilter *as_prefilter_new(as_arena *arena, const as_prefilter_word *words, size_t n);

/* Calls fn for each occurrence, in order of its end, longer words first: the word begins at
 * `begin`. Linear in the text. Of more than 64 that overlap the order may differ. */
typedef void as_prefilter_hit(void *self, uint16_t id, size_t begin, size_t end);
void as_prefilter_run(const as_prefilter *p, as_str text, as_prefilter_hit *hit, void *self);

#endif
