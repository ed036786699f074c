/* Scalars of AWS's answers as the AWS CLI prints them, and JSON answers by shape. */
#ifndef AS_LIVE_AWS_SCALAR_H
#define AS_LIVE_AWS_SCALAR_H

#include "parsers/live/aws/tables.h"

/* Text of an XML element, by kind of as_aws_type. What does not look like its kind stays text. */
const as_value *as_aws_scalar(as_arena *arena, char kind, as_str text);

/* A JSON answer with the API's names in place of those on the wire, and times in ISO 8601. */
const as_value *as_aws_json_answer(
        as_arena *arena, const as_aws_operation *operation, const as_value *body);

#endif
