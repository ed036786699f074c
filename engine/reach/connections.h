/* Every connection of a cluster, one a pair of peers: what `assay reach --all` lists.
 *
 * The form is that of the connection lists of netpol-analyzer, which programs read already:
 * "trading/api[Deployment]" for what runs pods, "10.0.0.0-10.255.255.255[External]" for addresses,
 * "{ingress-controller}" for what forwards for an Ingress or Route. The outside is cut wherever a
 * rule of that direction names a block of addresses. Those lists have no IPv6: its ranges are
 * marked, to be kept apart, and are there only where a rule names a block of it.
 *
 * Those lists also take policies to hold for pods with hostNetwork. So does `sure` here; what a
 * plugin that ignores such pods would allow besides is in `most`. */
#ifndef AS_REACH_CONNECTIONS_H
#define AS_REACH_CONNECTIONS_H

#include "engine/reach/exposure.h"

typedef struct as_connection {
    as_str from, to;
    as_port_bounds ports; /* never both empty */
    as_str reason;        /* why they differ; empty when they do not */
    bool v6;              /* one side is a range of IPv6 */
} as_connection;

typedef struct as_connections {
    as_connection *items; /* sorted by from and to */
    size_t n;
} as_connections;

as_connections as_connections_list(
        const as_cluster *cluster, as_filter *filter, const as_exposures *exposures);
/* By sender and receiver. */
void as_connections_sort(as_connection *items, size_t n);

#endif
