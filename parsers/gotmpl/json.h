/* encoding/json on Go values: what Marshal writes, what Unmarshal reads and how it complains. */
#ifndef AS_GOTMPL_JSON_H
#define AS_GOTMPL_JSON_H

#include "parsers/gotmpl/internal.h"

typedef struct as_go_json_style {
    bool indent;      /* MarshalIndent with two blanks */
    bool escape_html; /* <, > and & as \u003c … */
} as_go_json_style;

/* False with t->failure for what JSON cannot say (NaN). */
bool as_go_json_write(as_gotmpl *t, as_buf *buf, const as_go *v, as_go_json_style style);
/* One value; numbers are float64. False with t->failure: Go's message. */
bool as_go_json_read(as_gotmpl *t, as_str text, as_go *out);
/* "array", "object", "string", "number", "bool", as messages call the kind of v. */
const char *as_go_json_kind(const as_go *v);

/* toml.c: github.com/BurntSushi/toml. False with t->failure. */
bool as_go_toml_write(as_gotmpl *t, as_buf *buf, const as_go *v);
bool as_go_toml_read(as_gotmpl *t, as_str text, as_go *out);

#endif
