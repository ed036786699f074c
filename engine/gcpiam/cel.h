/* Conditions of bindings and deny rules: the part of CEL that can be decided from what is written.
 *
 * Google Cloud, "Attribute reference for IAM Conditions": resource.name, .type and .service, "==",
 * "!=", startsWith, endsWith, "in", "&&", "||", "!". What hangs on the time, the tags or the
 * request is maybe, and so is everything that is not understood. Conditions of workload identity
 * providers have claims instead of a resource ("Define an attribute condition"). */
#ifndef AS_GCPIAM_CEL_H
#define AS_GCPIAM_CEL_H

#include "engine/base/arena.h"
#include "engine/base/truth.h"

typedef struct as_cel_variable {
    as_str name, text; /* "assertion.repository", "acme/shop" */
} as_cel_variable;

typedef struct as_cel_resource {
    as_str name, type, service;       /* empty: not known */
    const as_cel_variable *variables; /* of conditions of providers of identities */
    size_t n_variables;
} as_cel_resource;

as_truth as_cel_decide(as_arena *arena, as_str expression, const as_cel_resource *resource);

#endif
