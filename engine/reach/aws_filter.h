/* Judges connections within and into the networks of AWS.
 *
 * A connection needs, on its way: a security group of the sender that lets it out and one of the
 * receiver that lets it in (they remember connections, so answers need nothing more); the network
 * ACLs of both subnets in both directions, which remember nothing, so that answers need their ports
 * too; and routes there and back. From the internet the receiver needs a public address besides. */
#ifndef AS_REACH_AWS_FILTER_H
#define AS_REACH_AWS_FILTER_H

#include "engine/reach/aws_network.h"
#include "engine/reach/connections.h"

/* What decided, for people. */
typedef struct as_aws_step {
    as_str text; /* "security group aws_security_group.db lets in TCP 5432" */
    as_span span;
    as_str unsure;
} as_aws_step;

typedef AS_VEC(as_aws_step) as_aws_steps;

typedef struct as_aws_answer {
    as_port_bounds ports;
    as_aws_steps steps; /* the rules that allow, or the first thing that blocks */
    as_str reason;      /* of what is open; empty when nothing is */
} as_aws_answer;

/* From some address of the internet (TCP, UDP, …; IPv4). `asked` NULL: every port. */
as_aws_answer as_aws_from_internet(as_aws_network *network, uint32_t to, const as_ports *asked);
/* Between two nodes. */
as_aws_answer as_aws_between(
        as_aws_network *network, uint32_t from, uint32_t to, const as_ports *asked);

/* Every pair within a unit, and "internet" as a sender. */
as_connections as_aws_connections(as_aws_network *network);

#endif
