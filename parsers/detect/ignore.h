/* Ignore files with the semantics of gitignore(5): .gitignore, .assayignore.
 *
 * A set holds the patterns of all ignore files that are in force, outermost first; the last pattern
 * that matches decides. Entering a folder adds its file's patterns, leaving it takes them away:
 *
 *     size_t mark = ignore.rules.n;
 *     as_ignore_add(&ignore, dir, text);
 *     ...
 *     ignore.rules.n = mark; */
#ifndef AS_DETECT_IGNORE_H
#define AS_DETECT_IGNORE_H

#include "engine/base/vec.h"

typedef struct as_ignore_rule {
    as_str dir;     /* of the ignore file: patterns see paths below it only */
    as_str pattern; /* without "!", and without "/" at its ends */
    bool negated, only_dirs, anchored, literal;
} as_ignore_rule;

typedef struct as_ignore {
    as_arena *arena;
    AS_VEC(as_ignore_rule) rules;
} as_ignore;

/* Adds the patterns of the ignore file `text` that lies in `dir` ("" is the root). Borrows both. */
void as_ignore_add(as_ignore *ignore, as_str dir, as_str text);
/* Whether `path` is ignored. That its parents are not is the caller's knowledge: git never looks
 * into an ignored folder. */
bool as_ignore_match(const as_ignore *ignore, as_str path, bool is_dir);
/* One glob against a whole path: "*" and "?" stop at "/", "**" between slashes does not, [a-z!]. */
bool as_ignore_glob(as_str pattern, as_str path);

#endif
