/* IAM policy documents: parsed from the trees that Terraform, JSON text and the APIs give.
 *
 * Grammar: IAM User Guide, "Grammar of the IAM JSON policy language". What cannot be understood or
 * is not known is kept as a problem of the statement or the policy: it may then allow and it may
 * deny, so nothing is allowed by accident and nothing is taken for denied. Names of elements are
 * matched exactly, actions and condition keys without regard to case. */
#ifndef AS_IAM_POLICY_H
#define AS_IAM_POLICY_H

#include "engine/iam/pattern.h"

/* What the text of a value says, with holes and marks for unknown pieces. NULL: only what the value
 * itself knows. `self` and the unit are the resolver's. */
typedef struct as_iam_resolver {
    /* The text of an attribute of another resource (its ARN, name …), or "" when it is not known.
     */
    as_str (*refer)(const void *self, as_arena *arena, const as_ref *ref);
    const void *self;
} as_iam_resolver;

/* The text of a scalar; AS_HOLE for what is wholly unknown. */
as_str as_iam_text(as_arena *arena, const as_value *v, const as_iam_resolver *resolver);

typedef enum as_iam_principal_type {
    AS_IAM_PRINCIPAL_ANY, /* "*" */
    AS_IAM_PRINCIPAL_AWS,
    AS_IAM_PRINCIPAL_SERVICE,
    AS_IAM_PRINCIPAL_FEDERATED,
    AS_IAM_PRINCIPAL_CANONICAL,
    AS_IAM_PRINCIPAL_OTHER, /* a type never heard of */
} as_iam_principal_type;

typedef struct as_iam_principal_item {
    as_iam_principal_type type;
    as_str text; /* ARN, account, service name */
} as_iam_principal_item;

typedef enum as_iam_operator {
#define AS_IAM_OPERATOR(name, negated, kind) AS_IAM_OP_##name,
#include "engine/iam/operators.def"
    AS_IAM_N_OPERATORS
} as_iam_operator;

typedef enum as_iam_quantifier {
    AS_IAM_SINGLE,
    AS_IAM_ANY_VALUE,
    AS_IAM_ALL_VALUES
} as_iam_quantifier;

typedef struct as_iam_condition {
    as_iam_operator op;
    as_iam_quantifier quantifier;
    bool if_exists;
    bool known;     /* false: an operator never heard of */
    bool open;      /* the list of values is not known in full */
    as_str written; /* "ForAnyValue:StringLike" */
    as_str key;     /* in lower case */
    as_strs values;
} as_iam_condition;

typedef struct as_iam_policy as_iam_policy;

typedef struct as_iam_statement {
    const as_iam_policy *policy;
    as_str sid;
    as_span span;
    bool allow;  /* else deny */
    bool either; /* Effect is not known */
    bool not_action, not_resource, not_principal;
    bool has_resource, has_principal;
    bool open_actions, open_resources, open_principals; /* the list is not known in full */
    bool variables; /* it has policy variables, and they are replaced (version 2012-10-17) */
    as_strs actions, resources;
    const as_iam_principal_item *principals;
    size_t n_principals;
    const as_iam_condition *conditions;
    size_t n_conditions;
    as_str problem; /* why the statement cannot be judged; empty: it can */
} as_iam_statement;

struct as_iam_policy {
    as_str name; /* for people: "policy deploy", "arn:aws:iam::aws:policy/ReadOnlyAccess" */
    as_str arn;  /* of a managed policy; else empty */
    as_span span;
    bool variables;
    const as_iam_statement *statements;
    size_t n_statements;
    as_str problem; /* why the policy is not known; empty: it is */
};

/* The document behind a value: a tree, JSON text, URL-encoded JSON text (as the API answers), or
 * text of which pieces are unknown. Never NULL; the result lives in `arena` and borrows from the
 * value. */
const as_iam_policy *as_iam_policy_parse(
        as_arena *arena, const as_value *document, as_str name, const as_iam_resolver *resolver);
/* A policy that is attached but whose text is not known. */
const as_iam_policy *as_iam_policy_unknown(as_arena *arena, as_str name, as_span span, as_str why);

#endif
