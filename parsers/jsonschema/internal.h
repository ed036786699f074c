/* What the files of this folder share. */
#ifndef AS_JSONSCHEMA_INTERNAL_H
#define AS_JSONSCHEMA_INTERNAL_H

#include "engine/base/map.h"
#include "parsers/jsonschema/jsonschema.h"

typedef enum as_draft {
    DRAFT_4 = 4,
    DRAFT_6 = 6,
    DRAFT_7 = 7,
    DRAFT_2019 = 2019,
    DRAFT_2020 = 2020
} as_draft;

/* The way into the instance, innermost first. */
typedef struct as_at {
    const struct as_at *outer;
    as_str key; /* of a member; p is NULL for an item */
    size_t index;
} as_at;

/* Which members or items some subschema has looked at (unevaluatedProperties, unevaluatedItems). */
typedef struct as_seen {
    bool *parts;
    size_t n;
} as_seen;

/* A schema document or part of one with its own $id: what '#' refers to. */
typedef struct as_resource {
    const as_value *root;
    as_str uri;
} as_resource;

typedef struct as_validator {
    as_arena *arena;
    as_jsonschema_result *out;
    as_draft draft;
    bool tracks;      /* the schema speaks of unevaluated parts */
    as_map resources; /* absolute URI → as_resource * */
    as_map anchors;   /* URI#anchor → as_value * */
    as_map patterns;  /* text → as_regex * */
    as_map elsewhere;
    uint64_t steps;
    size_t depth;  /* of evaluation */
    size_t indent; /* of errors */
} as_validator;

typedef struct as_subject {
    const as_value *schema, *instance;
    const as_resource *resource;
    const as_at *at;
    as_seen *seen; /* may be NULL */
} as_subject;

/* Adds an error about the subject; returns false. */
bool as_schema_fail(as_validator *v, const as_subject *s, const char *fmt, ...) AS_PRINTF(3, 4);
/* Adds an error before those from `first` on, which are its causes; returns false. */
bool as_schema_fail_over(as_validator *v, const as_subject *s, size_t first, as_str message);
/* The schema cannot be used; returns false. */
bool as_schema_problem(as_validator *v, const char *fmt, ...) AS_PRINTF(2, 3);
/* Evaluates a subschema at a place. */
bool as_schema_eval(as_validator *v, as_subject s);

/* assert.c: keywords that look at the value itself. */
bool as_schema_assert(as_validator *v, const as_subject *s);
/* False with a problem when the pattern cannot be compiled. */
bool as_schema_matches(as_validator *v, as_str pattern, as_str text, bool *matches);

/* array.c, object.c: keywords for items and members. */
bool as_schema_array(as_validator *v, const as_subject *s);
bool as_schema_object(as_validator *v, const as_subject *s);

/* format.c: NULL when the text has the format or the format is not known, else what is wrong. */
const char *as_schema_format(as_str format, as_str text);

/* check.c: are the keywords of the schema of the kinds that they must be? Also finds $id, $anchor.
 * The resource that the root is; NULL with a problem. */
const as_resource *as_schema_prepare(as_validator *v, const as_value *root);
/* ref.c: the schema that a reference names; NULL with *elsewhere when it lies in another document,
 * NULL with a problem when it is nowhere. */
const as_value *as_schema_resolve(as_validator *v, const as_resource *base, as_str ref,
        const as_resource **resource, bool *elsewhere);
/* An absolute URI from a reference. */
as_str as_schema_uri(as_arena *arena, as_str base, as_str ref);

#endif
