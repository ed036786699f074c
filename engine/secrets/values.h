/* Secrets in what parsers evaluated: the strings of a resource, with what they encode. */
#ifndef AS_SECRETS_VALUES_H
#define AS_SECRETS_VALUES_H

#include "engine/graph/graph.h"
#include "engine/secrets/secrets.h"

typedef struct as_value_secret {
    as_secret secret; /* begin and end count in `text` */
    as_str text;      /* the value, or what it encodes */
    as_span span; /* the literal that it came from: its bytes where they stand there, else all of it
                   */
    const as_value *value; /* with its trail */
    const as_resource *resource;
} as_value_secret;

typedef AS_VEC(as_value_secret) as_value_secrets;

typedef struct as_value_search as_value_search;

as_value_search *as_value_search_new(as_arena *arena, as_sources *sources);
/* Appends what `resource` holds. Literals that stand in a source as they are were seen there
 * already: of them only those count whose key here is named like a secret. */
void as_value_search_run(
        as_value_search *search, const as_resource *resource, as_value_secrets *out);

#endif
