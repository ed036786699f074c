/* Sets of packets: (address of the other side) × protocol × port. Which side the address is, source
 * or destination, is the business of the caller: a rule for arriving traffic speaks of sources, one
 * for leaving traffic of destinations.
 *
 * A set is a step function: disjoint ranges of addresses in order, each with the ports that the set
 * holds there; ranges without ports are left out, and neighbours with the same ports are one range.
 * So the form is canonical, and every operation is one pass over both operands. Ports are interned
 * in a space (ports.h), addresses are one line of 128 bits (addresses.h).
 *
 *     a packet filter        remaining = as_packets_all(space)
 *     rule by rule           hit = as_packets_intersect(space, remaining, rule)
 *                            allowed = as_packets_union(space, allowed, hit)      -- an allow rule
 *                            remaining = as_packets_subtract(space, remaining, rule)
 */
#ifndef AS_REACH_PACKETS_H
#define AS_REACH_PACKETS_H

#include "engine/reach/addresses.h"
#include "engine/reach/ports.h"

/* What the sets of one analysis share: where they live and how ports are interned. One thread. */
typedef struct as_packet_space {
    as_arena *arena;
    as_port_space *ports;
} as_packet_space;

typedef struct as_packet_segment {
    as_address_range addresses;
    const as_ports *ports; /* never empty */
} as_packet_segment;

typedef struct as_packets {
    const as_packet_segment *segments;
    size_t n;
} as_packets;

as_packet_space as_packet_space_new(as_arena *arena);

as_packets as_packets_none(void);
as_packets as_packets_all(const as_packet_space *space);
as_packets as_packets_of(
        const as_packet_space *space, as_addresses addresses, const as_ports *ports);

/* No result has more than AS_MAX_ADDRESS_RANGES segments: past that the arena unwinds with
 * AS_CAUSE_BUDGET. */
as_packets as_packets_union(const as_packet_space *space, as_packets a, as_packets b);
as_packets as_packets_intersect(const as_packet_space *space, as_packets a, as_packets b);
as_packets as_packets_subtract(const as_packet_space *space, as_packets a, as_packets b);

static inline bool as_packets_is_empty(as_packets a)
{
    return a.n == 0;
}

bool as_packets_equal(as_packets a, as_packets b);
bool as_packets_subset(const as_packet_space *space, as_packets a, as_packets b); /* a within b */
/* The ports that the set holds at an address. */
const as_ports *as_packets_at(const as_packet_space *space, as_packets a, as_address address);
/* The ports that it holds at every address of a non-empty set, and at any of them. */
const as_ports *as_packets_at_all(const as_packet_space *space, as_packets a, as_addresses where);
const as_ports *as_packets_at_any(const as_packet_space *space, as_packets a, as_addresses where);
/* The ports that it holds at so many addresses of a set that anybody may have one: 2^24 of IPv4 (a
 * /8, in one piece or in many), or 2^112 of IPv6 (a /16). An office's networks are less. */
const as_ports *as_packets_at_wide(const as_packet_space *space, as_packets a, as_addresses where);
bool as_addresses_are_wide(as_addresses a);
/* The addresses at which the set holds some of the ports. */
as_addresses as_packets_addresses(
        const as_packet_space *space, as_packets a, const as_ports *ports);

#endif
