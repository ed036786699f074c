/* Where services are: hosts by partition and region. */
#ifndef AS_LIVE_AWS_ENDPOINT_H
#define AS_LIVE_AWS_ENDPOINT_H

#include "parsers/live/aws/tables.h"

/* "aws", "aws-cn" or "aws-us-gov", by the region's name. */
as_str as_aws_partition(as_str region);
/* The region in which a service that exists once is asked and signed for; `region` itself for the
 * others. */
as_str as_aws_home_region(const as_aws_operation *operation, as_str region);

/* "https://…" without a slash at the end. `override` (may be empty) stands in for the host of every
 * service; `host` (may be empty) is a host that an answer led to. `account` goes in front of
 * s3control's host. */
as_str as_aws_endpoint(as_arena *arena, const as_aws_operation *operation, as_str region,
        as_str override, as_str host, as_str account);

#endif
