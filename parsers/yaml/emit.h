/* Values to YAML text, byte for byte as the Go programs print it: key order, indentation, quoting,
 * block scalars and folding are those of their library. */
#ifndef AS_YAML_EMIT_H
#define AS_YAML_EMIT_H

#include "parsers/yaml/yaml.h"

typedef enum as_yaml_key_order {
    AS_YAML_KEYS_AS_IS,
    AS_YAML_KEYS_GO_V2, /* natural order: "a2" before "a10" (sorter.go) */
    AS_YAML_KEYS_GO_V3, /* the same with v3's rule for a letter against a digit */
    AS_YAML_KEYS_BYTEWISE,
} as_yaml_key_order;

typedef enum as_yaml_sequences {
    AS_YAML_SEQUENCES_AT_PARENT, /* "- " at the column of the key; also kyaml's "compact" */
    AS_YAML_SEQUENCES_WIDE,      /* indented below the key */
} as_yaml_sequences;

typedef enum as_yaml_numbers {
    AS_YAML_NUMBERS_JSON,    /* whole doubles are integers, as a trip through JSON leaves them */
    AS_YAML_NUMBERS_GO,      /* doubles in Go's 'g' form: 1e+06 */
    AS_YAML_NUMBERS_DECIMAL, /* never an exponent */
} as_yaml_numbers;

typedef struct as_yaml_style {
    as_yaml_flavour flavour; /* which strings read back as something else: v2 or v3 */
    as_yaml_key_order key_order;
    as_yaml_sequences sequences;
    as_yaml_numbers numbers;
    unsigned indent;      /* 2 to 9 */
    unsigned width;       /* lines are folded at blanks past this column; 0: never */
    bool quote_strings;   /* keys and one-line strings always stand in double quotes */
    bool close_open_ends; /* "..." after a document that is one plain scalar */
} as_yaml_style;

extern const as_yaml_style
        as_yaml_style_kubernetes;                   /* sigs.k8s.io/yaml: Helm's toYaml, kustomize */
extern const as_yaml_style as_yaml_style_v3;        /* yaml.v3, indent 2: Helm's toYamlPretty */
extern const as_yaml_style as_yaml_style_terraform; /* yamlencode */

/* Writes one document, which ends with a line break. Unknowns are written as null. */
void as_yaml_write(as_buf *buf, const as_value *v, const as_yaml_style *style);

/* Told where each scalar that is not a key went: the bytes [begin, end) of the buffer, a blank
 * before it included. */
typedef struct as_yaml_marks {
    void (*scalar)(void *self, const as_value *v, size_t begin, size_t end);
    void *self;
} as_yaml_marks;
void as_yaml_write_marked(
        as_buf *buf, const as_value *v, const as_yaml_style *style, const as_yaml_marks *marks);

/* Base64 (RFC 4648 §4); from 70 digits on in lines of 70, as Go's YAML writes what is not UTF-8. */
as_str as_yaml_base64_lines(as_arena *arena, as_str s);

#endif
