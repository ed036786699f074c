/* The kinds that a rule names in for_each. Beside a name ("aws.s3.bucket") it may say
 *     "gcp.*"           every kind of the schema that matches
 *     "tagged aws.*"    those of them that carry tags or labels */
#ifndef AS_RULES_KINDS_H
#define AS_RULES_KINDS_H

#include "engine/base/arena.h"

/* Names alone, each once; the list itself where it holds no pattern. */
as_strs as_kinds_expand(as_arena *arena, as_strs kinds);

#endif
