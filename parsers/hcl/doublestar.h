/* File name patterns as fileset() reads them: bmatcuk/doublestar 1.x, of which Terraform
 * uses 1.1.5. `*` and `?` within a name, `**` across folders, [a-z], [^a-z], {a,b}, and a backslash
 * before what is meant literally. */
#ifndef AS_HCL_DOUBLESTAR_H
#define AS_HCL_DOUBLESTAR_H

#include "engine/base/fs.h"

typedef AS_VEC(as_str) as_doublestar_matches;

/* Regular files below `dir` that match, relative to it, in the order of the folders' listings and
 * with repeats. False with *error when the pattern is malformed or too many steps are taken. */
bool as_doublestar_glob(as_arena *arena, as_fs *fs, as_str dir, as_str pattern,
        as_doublestar_matches *out, const char **error) AS_MUST_CHECK;
/* One component against one name: 1, 0, or -1 when malformed. *steps counts down; at 0 the answer
 * is 0. */
int as_doublestar_match(as_arena *arena, as_str pattern, as_str name, size_t *steps);

#endif
