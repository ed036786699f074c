/* Reading the small YAML and JSON files of a chart as encoding/json fills Go structs from them:
 * names match without regard to case, numbers and booleans become text where text is wanted. */
#ifndef AS_HELM_DECODE_H
#define AS_HELM_DECODE_H

#include "engine/base/diag.h"
#include "engine/value/value.h"

/* The member as encoding/json finds it: exactly, else case-insensitively. */
const as_value *as_helm_field(const as_value *object, const char *name);
/* A field of type string; absent and null give "". False when it is a list or an object. */
bool as_helm_field_text(
        as_arena *arena, const as_value *object, const char *name, as_str *out) AS_MUST_CHECK;
/* "string", "number", "array", … as encoding/json names them in its messages. */
const char *as_helm_json_kind(const as_value *v);

/* A values file: one or more YAML documents, merged, each a mapping or empty; numbers are doubles.
 * NULL after an error in diags. */
const as_value *as_helm_values_parse(as_arena *arena, const as_source *source, as_diags *diags);

/* JSON text to a value; NULL with *error set when it is not JSON. */
const as_value *as_helm_json(as_arena *arena, as_str text, as_span span, as_str *error);

#endif
