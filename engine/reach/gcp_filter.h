/* The networks of Google Cloud: VPC firewall rules, network and hierarchical firewall policies,
 * networks, routes, peerings, Cloud NAT, external addresses, load balancers, managed stores.
 *
 * Spec: the Cloud NGFW documentation, "VPC firewall rules" (components, priority, implied rules)
 * and "Firewall policies: rule evaluation order"; the VPC documentation, "Routes", "VPC Network
 * Peering". Rules of a list come by priority, at the same priority deny before allow; goto_next
 * hands on to the next list. At the end what comes in is denied and what goes out is allowed.
 * Firewalls remember connections. */
#ifndef AS_REACH_GCP_FILTER_H
#define AS_REACH_GCP_FILTER_H

#include "engine/reach/cloud.h"
#include "engine/reach/packets.h"

typedef struct as_gcp_network as_gcp_network;

/* In the arena. */
as_gcp_network *as_gcp_network_read(as_arena *arena, const as_graph *graph);
as_cloud as_gcp_cloud(as_gcp_network *network);

#endif
