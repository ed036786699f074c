/* What a plain scalar is: shared by the reader and by the writer (which quotes a string that would
 * read back as something else). Private to parsers/yaml. */
#ifndef AS_YAML_RESOLVE_H
#define AS_YAML_RESOLVE_H

#include "parsers/yaml/yaml.h"

typedef enum as_yaml_scalar_kind {
    AS_YAML_STRING,
    AS_YAML_NULL,
    AS_YAML_BOOL,
    AS_YAML_INT,  /* fits int64: integer */
    AS_YAML_UINT, /* only fits uint64: natural */
    AS_YAML_FLOAT,
    AS_YAML_TIMESTAMP, /* normal holds RFC 3339 form */
    AS_YAML_MERGE,
} as_yaml_scalar_kind;

typedef struct as_yaml_scalar {
    as_yaml_scalar_kind kind;
    bool boolean;
    int64_t integer;
    uint64_t natural;
    double number;
} as_yaml_scalar;

as_yaml_scalar as_yaml_resolve(as_arena *arena, as_str text, as_yaml_flavour flavour);
/* A timestamp (as resolved) as Go's time.Time marshals it to JSON: RFC 3339 with nanoseconds. */
as_str as_yaml_timestamp_text(as_arena *arena, as_str text);
/* strconv.FormatFloat(d, 'g', -1, 64), with .inf, -.inf and .nan. */
as_str as_yaml_float_text(as_arena *arena, double d);
/* The same number without an exponent. */
as_str as_yaml_decimal_text(as_arena *arena, double d);

#endif
