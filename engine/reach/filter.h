/* Judges connections by the policies of a cluster.
 *
 * Every verdict is a pair of bounds: the ports that are allowed for certain, and those that may be.
 * They differ where a selector, an address or a port is not known, and where the platform leaves it
 * open: "NetworkPolicy behaviour for hostNetwork pods is undefined" (the documentation of
 * NetworkPolicy, "the two way traffic rules"), so that both ways are judged and only what they
 * agree on is certain. */
#ifndef AS_REACH_FILTER_H
#define AS_REACH_FILTER_H

#include "engine/reach/cluster.h"

/* One thing that decided ports of a connection, for people. */
typedef struct as_step {
    as_direction direction;
    const as_policy *policy;
    const as_policy_rule *rule; /* NULL: the policy selects the endpoint and no rule matches */
    as_rule_action action;
    as_port_bounds ports; /* that it decided */
    as_str unsure;        /* why it counts only perhaps; empty: for certain */
} as_step;

typedef AS_VEC(as_step) as_steps;

typedef struct as_filter as_filter;

/* Of a cluster that is complete. In the cluster's arena. */
as_filter *as_filter_new(const as_cluster *cluster);
/* The same, taking policies to hold for pods with hostNetwork. `filter` itself when there are none.
 */
as_filter *as_filter_for_lists(as_filter *filter);

/* Endpoints that no policy tells apart have the same class, 0 … n - 1. */
size_t as_filter_n_classes(const as_filter *filter);
uint32_t as_filter_class(const as_filter *filter, uint32_t endpoint);

/* What the policies on `subject` allow in a direction, from or to `peer`. Steps are appended when
 * `steps` is not NULL. */
as_port_bounds as_filter_pair(as_filter *filter, as_direction direction, uint32_t subject,
        uint32_t peer, as_steps *steps);
/* The same for an address outside the cluster. */
as_port_bounds as_filter_outside(as_filter *filter, as_direction direction, uint32_t subject,
        as_address address, as_steps *steps);
/* Both ways between two endpoints: what `from` may send and `to` may receive. Remembered by class
 * when `steps` is NULL. */
as_port_bounds as_filter_connection(as_filter *filter, uint32_t from, uint32_t to, as_steps *steps);

/* Where the verdict on outside addresses may change for one subject: the first addresses of ranges,
 * in order, beginning with the lowest. */
typedef struct as_address_list {
    const as_address *items;
    size_t n;
} as_address_list;
as_address_list as_filter_borders(as_filter *filter, as_direction direction, uint32_t subject);

#endif
