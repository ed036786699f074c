/* Primary networks that divide a cluster (OVN-Kubernetes). */
#ifndef AS_REACH_UDN_H
#define AS_REACH_UDN_H

#include "engine/reach/cluster.h"

/* Assigns namespaces to their primary networks; all namespaces of the scan are known by then. */
void as_udn_read(as_cluster *cluster);
#define AS_UDN_DOUBT "whether their primary networks are different is not known"
/* Whether two endpoints have a network in common. */
as_truth as_udn_joins(const as_cluster *cluster, const as_endpoint *a, const as_endpoint *b);

#endif
