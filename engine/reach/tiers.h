/* The order of tiers. That of Calico's documentation ("Tier", "Tiered policy"), which has a place
 * for each kind; without Calico the same order follows from the specifications of the other kinds.
 */
#ifndef AS_REACH_TIERS_H
#define AS_REACH_TIERS_H

#define AS_TIER_ORDER_ADMIN 1000.0        /* AdminNetworkPolicy, ClusterNetworkPolicy (Admin) */
#define AS_TIER_ORDER_DEFAULT 1000000.0   /* NetworkPolicy, Calico policies without a tier */
#define AS_TIER_ORDER_BASELINE 10000000.0 /* BaselineAdminNetworkPolicy */
#define AS_NETWORK_POLICY_ORDER 1000.0    /* of every NetworkPolicy within its tier */

#endif
