/* Secrets in answers, replaced before they reach the disk: a text that is one becomes
 * {"redacted":true,"sha256":"…","class":"aws"}, in a longer text its bytes become "[redacted aws
 * sha256:…]". */
#ifndef AS_LIVE_REDACT_H
#define AS_LIVE_REDACT_H

#include "engine/value/value.h"

typedef struct as_redactor as_redactor;

/* Lives in `arena`. */
as_redactor *as_redactor_new(as_arena *arena);

/* The value without secrets, in `arena`; the same node where there is none. A text's key is the
 * member that holds it, or the "name" or "key" beside a "value". */
const as_value *as_redactor_clean(as_redactor *redactor, as_arena *arena, const as_value *value);

/* What stands for a secret as a whole. */
const as_value *as_redacted(as_arena *arena, as_str secret, const char *class_name);

#endif
