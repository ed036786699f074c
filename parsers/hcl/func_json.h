/* JSON as Terraform writes and reads it. Private to func_*.c. */
#ifndef AS_HCL_FUNC_JSON_H
#define AS_HCL_FUNC_JSON_H

#include "parsers/hcl/func.h"

/* Appends a wholly known value (cty/json.Marshal): members sorted, numbers in full, <>& escaped.
 * False with *error for what JSON has no words for: infinity. */
bool as_hcl_json_write(as_buf *buf, const as_value *v, const char **error);

#endif
