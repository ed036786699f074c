/* Reading files from function bodies. Private to func_*.c. */
#ifndef AS_HCL_FUNC_FILE_H
#define AS_HCL_FUNC_FILE_H

#include "parsers/hcl/func.h"

/* The bytes of the file that argument i names, as a string value: not normalised, perhaps not
 * UTF-8. Unknown, with the reason, when the file lies outside what is scanned; NULL after a
 * failure. */
const as_value *as_fn_file_bytes(as_hcl_call *call, size_t i);
/* The same as a source, for templates. *unknown as above. */
const as_source *as_fn_file_source(as_hcl_call *call, size_t i, const as_value **unknown);

#endif
