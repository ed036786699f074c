/* The methods of rules/data/escalation.lua as tables, compiled by compile_methods.lua. */
#ifndef AS_IAM_METHODS_H
#define AS_IAM_METHODS_H

#include "engine/base/str.h"

typedef enum as_iam_target {
    AS_IAM_TARGET_NONE,
    AS_IAM_TARGET_USER,
    AS_IAM_TARGET_ROLE,
    AS_IAM_TARGET_GROUP,
    AS_IAM_TARGET_POLICY,
    AS_IAM_TARGET_PASSED,
    AS_IAM_TARGET_WORKLOAD,
    AS_IAM_TARGET_BOUNDARY,
} as_iam_target;

typedef enum as_iam_place {
    AS_IAM_PLACE_TARGET,
    AS_IAM_PLACE_ANY,      /* the action takes no resource: "*" */
    AS_IAM_PLACE_TEMPLATE, /* an ARN of the caller's choice */
} as_iam_place;

typedef struct as_iam_need {
    as_str action;
    as_iam_place place;
    as_str template; /* '?' is the caller's to choose, '@' the account */
} as_iam_need;

typedef enum as_iam_login {
    AS_IAM_LOGIN_EITHER,
    AS_IAM_LOGIN_ABSENT,
    AS_IAM_LOGIN_PRESENT
} as_iam_login;

typedef struct as_iam_method {
    as_str id; /* the actions joined by "+"; of a passed role with iam:PassRole in front */
    as_iam_target target;
    bool boost;    /* the target becomes administrator; else the caller becomes the target */
    bool trust;    /* the role must trust the caller */
    bool of_role;  /* of a boundary: of a role, not of a user */
    bool versions; /* the policy must have another version that gives everything */
    as_iam_login login;
    as_str service;        /* to which a role is passed */
    int workload;          /* index into as_iam_workloads, or -1 */
    as_str assumes;        /* what must be the case besides; may be empty */
    as_str key, key_value; /* a condition key that the caller fills in; may be empty */
    const as_iam_need *needs;
    size_t n_needs;
} as_iam_method;

/* Something that runs with a role. Attributes are alternatives: "role_arn|RoleArn". */
typedef struct as_iam_workload {
    as_str name;
    as_strs types;
    as_str arn;  /* '$attribute' stands for its value */
    as_str role; /* attribute that names the role or its instance profile */
} as_iam_workload;

extern const as_iam_method as_iam_methods[];
extern const size_t as_iam_n_methods;
extern const as_iam_workload as_iam_workloads[];
extern const size_t as_iam_n_workloads;

#endif
