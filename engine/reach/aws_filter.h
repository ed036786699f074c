/* Judges connections within, into and out of the networks of AWS.
 *
 * A connection needs, on its way: a security group of the sender that lets it out and one of the
 * receiver that lets it in (they remember connections, so answers need nothing more); the network
 * ACLs of both subnets in both directions, which remember nothing, so that answers need their ports
 * too; and routes there and back. From the internet the receiver needs a public address besides. */
#ifndef AS_REACH_AWS_FILTER_H
#define AS_REACH_AWS_FILTER_H

#include "engine/reach/aws_network.h"

as_cloud as_aws_cloud(as_aws_network *network);

#endif
