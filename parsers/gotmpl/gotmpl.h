/* Go templates (text/template of Go 1.26) with the functions that Helm 4 gives them (sprig 3 and
 * its own), and with provenance: for each run of the output, which place of a template wrote it,
 * and which value it shows.
 *
 *     as_gotmpl *t = as_gotmpl_new(arena, &options);
 *     if (!as_gotmpl_parse(t, name, source, &error)) ...          // each file once
 *     as_go dot = ... as_go_from(t, values) ...
 *     as_gotmpl_result r;
 *     if (!as_gotmpl_execute(t, name, &dot, &r)) ... r.error ...
 *
 * All memory is the arena's. A set belongs to one thread. Nothing is read but what is handed in: no
 * clock, environment, network, or randomness: what Go takes from there comes from the options, and
 * is marked AS_GENERATED where it is made up. */
#ifndef AS_GOTMPL_GOTMPL_H
#define AS_GOTMPL_GOTMPL_H

#include "engine/base/diag.h"
#include "parsers/gotmpl/govalue.h"

typedef struct as_gotmpl_options {
    int64_t now;             /* seconds since 1970, UTC: `now`, `ago`; certificates */
    as_str seed;             /* of everything random: same seed, same text */
    bool strict;             /* missing map keys are errors (helm template --strict …) */
    bool lint;               /* `required` and `fail` do not fail */
    const as_value *cluster; /* the objects that `lookup` finds, a list; NULL: none */
    const as_go_func *more;  /* functions beside Helm's, ended by name NULL; may be NULL */
    bool ints_are_floats; /* integers of as_value are float64, as after Helm's reading of values */
    size_t max_bytes;     /* of one output; 0: AS_MAX_TEXT_BYTES */
    uint64_t max_steps;   /* of all executions of the set; 0: AS_MAX_STEPS */
} as_gotmpl_options;

as_gotmpl *as_gotmpl_new(as_arena *arena, const as_gotmpl_options *options);
as_arena *as_gotmpl_arena(as_gotmpl *t);

/* One link of an error: Go's ExecError and what it wraps. */
typedef struct as_gotmpl_error {
    as_str head; /* `template: c/templates/x.yaml:3:5: executing "…" at <…>: …`; the text of the
                    cause follows it: as_gotmpl_error_text */
    as_span span;  /* where in the template */
    bool is_exec;  /* from execution, with a place; else a parse error or a plain error */
    bool is_limit; /* a ceiling of ours was met, which Go does not have */
    const struct as_gotmpl_error *cause; /* errors.Unwrap; NULL at the end */
} as_gotmpl_error;

/* Go's whole text. */
as_str as_gotmpl_error_text(as_arena *arena, const as_gotmpl_error *error);

/* Adds the file's templates to the set: one under `name`, and one for each define and block; later
 * definitions replace earlier ones, except by empty ones. False: *error says what is wrong. */
bool as_gotmpl_parse(as_gotmpl *t, as_str name, const as_source *source,
        const as_gotmpl_error **error) AS_MUST_CHECK;

/* A run of output bytes of one origin. */
typedef struct as_gotmpl_segment {
    uint32_t begin, end;   /* in the output */
    as_span span;          /* the text or action of the template that wrote it */
    const as_value *value; /* what it shows, when that is known; else NULL */
} as_gotmpl_segment;

typedef struct as_gotmpl_text {
    as_str text;
    const as_gotmpl_segment
            *segments; /* sorted, disjoint, covering the text where origin is known */
    size_t n;
} as_gotmpl_text;

typedef struct as_gotmpl_result {
    as_gotmpl_text out;           /* what was written, also before an error */
    const as_gotmpl_error *error; /* NULL after success */
} as_gotmpl_result;

/* Runs the template `name` with `dot`. "<no value>" is kept in the text: Helm drops it from a
 * file's output with as_gotmpl_drop. */
bool as_gotmpl_execute(as_gotmpl *t, as_str name, const as_go *dot, as_gotmpl_result *out);

/* The text without each occurrence of `what`, the segments shifted accordingly. */
as_gotmpl_text as_gotmpl_drop(as_gotmpl *t, as_gotmpl_text text, as_str what);

/* The segment that holds the byte at `offset`, or NULL. Logarithmic. */
const as_gotmpl_segment *as_gotmpl_segment_at(const as_gotmpl_text *text, uint32_t offset);
/* The first value shown within [begin, end), else NULL: for a scalar of the output. */
const as_value *as_gotmpl_value_in(const as_gotmpl_text *text, uint32_t begin, uint32_t end);

/* The message as `helm template` words it: locations on lines of their own; the bare text of
 * `required` and `fail`; "parse error at (…): …". */
as_str as_gotmpl_error_helm(as_arena *arena, as_str name, const as_gotmpl_error *error);

/* toYaml, toJson as the functions write them: for methods of host objects (.Files.AsConfig). */
bool as_go_to_yaml(as_gotmpl *t, const as_go *v, as_buf *out);

/* The function of that name, or NULL. */
const as_go_func *as_gotmpl_function(const as_gotmpl *t, as_str name);

#endif
