/* Where a subnet's routes lead; for aws_filter.c. */
#ifndef AS_REACH_AWS_WAYS_H
#define AS_REACH_AWS_WAYS_H

#include "engine/reach/aws_network.h"

/* Of some addresses: those that a way certainly serves, and those that it may serve. */
typedef struct as_aws_way {
    as_addresses sure, maybe;
    as_str unsure;          /* why only maybe */
    const as_aws_route *by; /* the first route that serves some */
    bool shares_groups;     /* rules may name the other side's groups */
} as_aws_way;

bool as_aws_same_vpc(const as_aws_subnet *a, const as_aws_subnet *b);
/* To addresses in another VPC. */
as_aws_way as_aws_way_to_vpc(const as_aws_network *network, const as_aws_subnet *from,
        const as_aws_subnet *to, as_addresses where);
/* Within a VPC: what goes straight, and what a more specific route sends elsewhere first. */
as_aws_way as_aws_way_local(
        const as_aws_network *network, const as_aws_subnet *from, as_addresses where);
/* Whence (`out` false: connections that come in, whose answers take the routes) or whither. */
as_aws_way as_aws_way_outside(const as_aws_network *network, const as_aws_subnet *subnet,
        const as_aws_interface *own, as_addresses where, bool out);

#endif
