/* Texts without the secrets that a scan has found: messages of other rules may name the value that
 * is one, diagnostics the text that they could not read. The time is linear in the texts, however
 * many secrets there are. */
#ifndef AS_SECRETS_SCRUB_H
#define AS_SECRETS_SCRUB_H

#include "engine/base/vec.h"

typedef struct as_scrubber as_scrubber;

/* Secrets of fewer than six characters are left out: they are parts of words. */
as_scrubber *as_scrubber_new(as_arena *arena, as_strs secrets);
/* The text itself, or a copy in the scrubber's arena in which each secret is what may be shown of
 * it. */
as_str as_scrubber_run(as_scrubber *scrubber, as_str text);

#endif
