/* The policy that a collector of AWS needs: the reads of the plan, and a Deny for data that it
 * never asks for. */
#ifndef AS_LIVE_AWS_POLICY_H
#define AS_LIVE_AWS_POLICY_H

#include "engine/base/buf.h"
#include "parsers/live/aws/tables.h"

/* A managed policy may hold that many characters that are no white space
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
enum { AS_AWS_POLICY_CHARACTERS = 6144 };

/* JSON documents, one after the other with an empty line between, each below the limit. `services`
 * narrows the reads; none: all. */
void as_aws_policy_write(as_buf *out, const as_aws_tables *tables, as_strs services);

#endif
