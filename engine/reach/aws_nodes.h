/* Shared by the readers of what stands in subnets. */
#ifndef AS_REACH_AWS_NODES_H
#define AS_REACH_AWS_NODES_H

#include "engine/reach/aws_network.h"

/* Adds what a list names; what is not in the scan gives a reason. */
void as_aws_add_named(as_aws_network *network, const as_entity *from, const as_value *v,
        const char *kind, as_indexes *out, as_str *missing);
/* Groups by name; none: the default group of the VPC that the interface is in. */
void as_aws_set_groups(as_aws_network *network, const as_entity *from, const as_value *v,
        as_aws_interface *interface);
/* Without subnets it is in the default VPC (or, of live answers, in one that was not shown). */
void as_aws_settle_subnets(
        as_aws_network *network, const as_entity *entity, as_aws_interface *interface);
void as_aws_add_node(as_aws_network *network, as_aws_node node);

void as_aws_read_instances(as_aws_network *network);

#endif
