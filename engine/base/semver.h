/* Semantic versions and constraints over them, as github.com/Masterminds/semver v3 reads them
 * (Helm, sprig): tolerant of a leading "v" and of missing parts, "~ ^ - || x *" in constraints. */
#ifndef AS_BASE_SEMVER_H
#define AS_BASE_SEMVER_H

#include "engine/base/arena.h"

typedef struct as_semver {
    uint64_t major, minor, patch;
    as_str pre;      /* without '-' */
    as_str metadata; /* without '+' */
    as_str original; /* as written */
} as_semver;

/* Texts of *out point into `text`. NULL when it is a version, else what is wrong (static text).
 * "1", "v1.2" and "01.2.3" are versions (NewVersion with coercion). */
const char *as_semver_parse(as_str text, as_semver *out) AS_MUST_CHECK;
/* -1, 0, 1 by precedence; metadata does not count. */
int as_semver_compare(const as_semver *a, const as_semver *b);
/* "1.2.3-pre+meta" */
as_str as_semver_text(as_arena *arena, const as_semver *v);

/* Does `v` satisfy `constraint`? False with *error set when the constraint cannot be read. */
bool as_semver_satisfies(as_arena *arena, as_str constraint, const as_semver *v, bool *satisfied,
        as_str *error) AS_MUST_CHECK;

#endif
