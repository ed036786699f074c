/* Version constraints as modules, providers and `required_version` carry them: ">= 1.4, < 2.0".
 * Syntax: github.com/hashicorp/go-version, constraint.go and version.go. */
#ifndef AS_TERRAFORM_VERSION_H
#define AS_TERRAFORM_VERSION_H

#include "engine/base/vec.h"

typedef enum as_tf_version_op {
    AS_TF_EQ,
    AS_TF_NE,
    AS_TF_GT,
    AS_TF_LT,
    AS_TF_GE,
    AS_TF_LE,
    AS_TF_PESSIMISTIC, /* ~> */
} as_tf_version_op;

typedef struct as_tf_constraint {
    as_tf_version_op op;
    as_str version; /* without the leading "v" */
} as_tf_constraint;

typedef AS_VEC(as_tf_constraint) as_tf_constraints;

/* False when `text` is no constraint. An empty text is none either. */
bool as_tf_constraints_parse(as_arena *arena, as_str text, as_tf_constraints *out) AS_MUST_CHECK;
/* Whether a version ("1.2.3") satisfies them all; a version that cannot be read does not. */
bool as_tf_constraints_allow(const as_tf_constraints *constraints, as_str version);

#endif
