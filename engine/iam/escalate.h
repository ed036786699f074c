/* Ways to more rights: how principals become administrators, by the methods of
 * rules/data/escalation.lua, chained to a fixed point.
 *
 * The search runs backwards from administrators: whoever can become a principal that is one, or
 * leads to one, leads there too. A path is certain when every step is allowed whatever is not
 * known, else possible: a condition, an unknown value, something besides that must be the case, or
 * (in configuration) a target that is not declared but may exist. */
#ifndef AS_IAM_ESCALATE_H
#define AS_IAM_ESCALATE_H

#include "engine/iam/account.h"
#include "engine/iam/methods.h"

typedef struct as_iam_step {
    const as_iam_principal *from;
    const as_iam_principal *to; /* NULL: administrator, or a target that is not declared */
    as_str to_name;             /* for people and programs */
    const as_iam_method *method;
    as_str resource;            /* on which the actions are done */
    const as_entity *workload;  /* that runs with the role; or NULL */
    const as_iam_statement *by; /* that allows it; NULL when only the target's own policy does */
    bool certain;
    as_str caveat; /* what must be the case; may be empty */
} as_iam_step;

typedef struct as_iam_path {
    const as_iam_account *account;
    const as_iam_principal *principal;
    const as_iam_method *method; /* of the first step */
    bool certain;
    const as_iam_step *steps;
    size_t n_steps;
} as_iam_path;

/* A principal whose policies are not all known: it may have more rights, and further paths. */
typedef struct as_iam_doubt {
    const as_iam_principal *principal;
    as_str policy, reason;
    as_span span;
} as_iam_doubt;

typedef struct as_iam_paths {
    const as_iam_path *items; /* by principal in order of the graph, then by method */
    size_t n;
    const as_iam_doubt *doubts;
    size_t n_doubts;
    const bool *admins; /* of the account's principals, by index: is it administrator already? */
} as_iam_paths;

/* One path, the shortest, for each principal and first method. */
as_iam_paths as_iam_escalations(as_arena *arena, const as_iam_account *account);
/* The same, where principals for which `also` is set (by index) are as good as administrators: they
 * lead on elsewhere. */
as_iam_paths as_iam_escalations_to(
        as_arena *arena, const as_iam_account *account, const bool *also);

#endif
