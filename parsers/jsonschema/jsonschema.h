/* JSON Schema: drafts 4, 6, 7, 2019-09 and 2020-12 (the default), for values of any parser.
 *
 * As github.com/santhosh-tekuri/jsonschema v6, which Helm uses, understands them: `format` is
 * checked up to draft 7 and is an annotation after it; beside `$ref` other keywords count from
 * 2019-09 on. Nothing is fetched: a reference to a document elsewhere admits everything and is
 * listed. Specifications: https://json-schema.org/specification */
#ifndef AS_JSONSCHEMA_JSONSCHEMA_H
#define AS_JSONSCHEMA_JSONSCHEMA_H

#include "engine/base/vec.h"
#include "engine/value/value.h"

typedef struct as_jsonschema_error {
    as_str pointer; /* to the instance's part (RFC 6901) */
    as_str message; /* "got string, want integer" */
    size_t depth;   /* causes of a failed anyOf or oneOf stand one deeper, after it */
    const as_value *instance;
    const as_value *schema;
} as_jsonschema_error;

typedef struct as_jsonschema_result {
    AS_VEC(as_jsonschema_error) errors; /* empty: the instance is valid */
    AS_VEC(as_str) elsewhere;           /* references that were not followed */
    as_str problem;                     /* the schema itself cannot be used; else empty */
} as_jsonschema_result;

/* True when the instance is valid. Unknown values are valid everywhere. Time is bounded by
 * AS_MAX_STEPS, nesting by AS_MAX_DEPTH: passing them is a problem of the schema. */
bool as_jsonschema_validate(as_arena *arena, const as_value *schema, const as_value *instance,
        as_jsonschema_result *out);

/* One line an error: "- at '/port': got string, want integer". */
as_str as_jsonschema_text(as_arena *arena, const as_jsonschema_result *result);

#endif
