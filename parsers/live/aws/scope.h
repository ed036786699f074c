/* Where answers of AWS come from. */
#ifndef AS_LIVE_AWS_SCOPE_H
#define AS_LIVE_AWS_SCOPE_H

#include "engine/base/str.h"

/* "aws", "aws-cn", …, by the region's name. */
as_str as_aws_partition_of(as_str region);
/* Whether the operation belongs to a service without regions. */
bool as_aws_is_global(as_str op);

#endif
