/* Shell patterns over paths as Go's path.Match defines them: '*' and '?' stop at '/', [a-z] and
 * [^a-z] are classes, '\' quotes. */
#ifndef AS_BASE_PATH_GLOB_H
#define AS_BASE_PATH_GLOB_H

#include "engine/base/str.h"

/* The whole path must match. A malformed pattern matches nothing. Time is at most pattern × path.
 */
bool as_path_glob_match(as_str pattern, as_str path);
/* False when a class or a quote is left open, or a class is empty. */
bool as_path_glob_valid(as_str pattern);

#endif
