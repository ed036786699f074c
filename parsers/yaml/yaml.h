/* YAML to values: several documents a stream, exact byte spans, scalars resolved as the program
 * that will really read the file resolves them.
 *
 * libyaml scans and parses; this part composes its events: anchors and aliases, merge keys, tags,
 * scalar types. What one document breaks costs only that document: it is a diagnostic, and reading
 * goes on at the next line that starts with "---". Comments are not kept. */
#ifndef AS_YAML_YAML_H
#define AS_YAML_YAML_H

#include "engine/base/diag.h"
#include "engine/value/value.h"

/* Whose rules decide what `yes`, `0o17`, `1_000` or a repeated key mean. */
typedef enum as_yaml_flavour {
    AS_YAML_GO_V2, /* sigs.k8s.io/yaml (kubectl, Helm): go.yaml.in/yaml/v2, then JSON */
    AS_YAML_GO_V3, /* kyaml (kustomize): go.yaml.in/yaml/v3, then JSON */
    AS_YAML_CORE,  /* YAML 1.2 core schema (§10.3), with merge keys: workflows, Ansible */
} as_yaml_flavour;

typedef enum as_yaml_duplicates {
    AS_YAML_DUPLICATES_BY_FLAVOUR, /* v2 ignores, v3 refuses, core warns */
    AS_YAML_DUPLICATES_IGNORE,     /* in each case the last value wins */
    AS_YAML_DUPLICATES_WARN,
    AS_YAML_DUPLICATES_ERROR,
} as_yaml_duplicates;

typedef struct as_yaml_options {
    as_yaml_flavour flavour;
    as_yaml_duplicates duplicates;
    bool float_numbers; /* every number is a double, as Helm's values are */
    bool keep_tags;     /* as_yaml_tag answers; only for values that stay in the caller's hands */
} as_yaml_options;      /* zero-initialised: as kubectl reads */

typedef struct as_yaml_doc {
    const as_value *value; /* AS_NULL for an empty document */
    as_span span;          /* from its "---" (or content) to the end of its content */
} as_yaml_doc;

typedef AS_VEC(as_yaml_doc) as_yaml_docs;

/* Parses the whole source; appends each good document to *out. False when a document was lost (the
 * reason is in diags, an error). Strings may point into the source's text. */
bool as_yaml_parse(as_arena *arena, const as_source *source, as_yaml_options options,
        as_diags *diags, as_yaml_docs *out);
/* The same for the bytes [begin, end) of the source. */
bool as_yaml_parse_range(as_arena *arena, const as_source *source, size_t begin, size_t end,
        as_yaml_options options, as_diags *diags, as_yaml_docs *out);
/* The first document only; NULL when it is lost, AS_NULL when there is none. */
const as_value *as_yaml_parse_one(
        as_arena *arena, const as_source *source, as_yaml_options options, as_diags *diags);

/* The application tag ("!Ref", "!vault", "!reference") of a value parsed with keep_tags, or empty.
 * Tags of YAML's own namespace act and are not kept. */
as_str as_yaml_tag(const as_value *value);

#endif
