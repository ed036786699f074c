/* What is known of AWS's APIs, from rules/data: operations (aws_operations.tsv), how they look on
 * the wire (aws_shapes.tsv), and what a collection asks, in which order (aws_plan.tsv). The files
 * say what their columns mean. */
#ifndef AS_LIVE_AWS_TABLES_H
#define AS_LIVE_AWS_TABLES_H

#include "engine/base/map.h"
#include "engine/base/vec.h"
#include "engine/value/value.h"

typedef enum as_aws_protocol {
    AS_AWS_QUERY,
    AS_AWS_EC2,
    AS_AWS_JSON_1_0,
    AS_AWS_JSON_1_1,
    AS_AWS_REST_XML,
    AS_AWS_REST_JSON,
} as_aws_protocol;

typedef struct as_aws_shape as_aws_shape;

/* 's' text, 'i' integer, 'f' number, 'b' boolean, 't' time, 'x' base64, 'p' URL-encoded JSON, '@' a
 * shape. */
typedef struct as_aws_type {
    char kind;
    bool flat;                 /* each element of the list is a member of its own */
    const as_aws_shape *shape; /* of '@' */
} as_aws_type;

typedef struct as_aws_member {
    as_str name, wire;
    bool attribute; /* of XML */
    as_aws_type type;
} as_aws_member;

struct as_aws_shape {
    char kind;              /* 's' structure, 'l' list, 'm' map */
    as_aws_member *members; /* of a list one (wire: the elements' name); of a map one (name: of
                               keys, wire: of values) */
    size_t n;
};

/* A parameter: u path, q query, h header, b body. */
typedef struct as_aws_input {
    as_str name, wire, type;
    char place;
} as_aws_input;

enum { AS_AWS_MAX_TOKENS = 3 };

typedef struct as_aws_operation {
    as_str id; /* "s3:GetBucketPolicy" */
    as_str service, name, signing, version, target, http, action;
    as_aws_protocol protocol;
    as_str token_in[AS_AWS_MAX_TOKENS], token_out[AS_AWS_MAX_TOKENS];
    size_t n_tokens;
    as_str limit;       /* the parameter for the size of a page */
    as_str host_prefix; /* "s3", "api.ecr" */
    as_str regions;     /* where the service was when the table was made: ",us-east-1,…," */
    as_aws_input *inputs;
    size_t n_inputs;
    /* Of answers; no shape: JSON as it comes. */
    as_str wrapper, payload;
    as_aws_type output;
} as_aws_operation;

typedef enum as_aws_scope { AS_AWS_ACCOUNT, AS_AWS_REGION, AS_AWS_INHERITED } as_aws_scope;

typedef struct as_aws_step {
    as_aws_scope scope;
    const as_aws_operation *operation;
    as_str after; /* operation id; empty: asked from the beginning */
    as_str items;
    const as_value *params;
    as_str when, absent, redact;
} as_aws_step;

typedef struct as_aws_tables {
    as_map operations; /* id → as_aws_operation */
    as_map shapes;     /* "service shape" → as_aws_shape */
    as_aws_step *steps;
    size_t n_steps;
} as_aws_tables;

/* In `arena`; a table that is damaged is a mistake of the build and asserts. */
AS_NEVER_NULL const as_aws_tables *as_aws_tables_load(as_arena *arena);
const as_aws_operation *as_aws_operation_find(const as_aws_tables *tables, as_str id);

#endif
