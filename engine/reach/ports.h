/* Sets of protocols and ports: the lower half of the packet algebra (packets.h).
 *
 * A protocol number (IANA, 0 … 255) and a 16-bit detail make one key of 24 bits, and a set is a
 * sorted list of disjoint, non-adjacent ranges of keys. The detail is the destination port of TCP,
 * UDP and SCTP, type × 256 + code of ICMP and ICMPv6; of other protocols it says nothing and sets
 * hold all of it or none.
 *
 * Sets are interned in a space: two sets are equal exactly when their pointers are, and each
 * operation on a pair is done once. A space belongs to one thread. */
#ifndef AS_REACH_PORTS_H
#define AS_REACH_PORTS_H

#include "engine/base/buf.h"

#include <assert.h>

enum {
    AS_PROTOCOL_ICMP = 1,
    AS_PROTOCOL_TCP = 6,
    AS_PROTOCOL_UDP = 17,
    AS_PROTOCOL_ESP = 50,
    AS_PROTOCOL_AH = 51,
    AS_PROTOCOL_ICMPV6 = 58,
    AS_PROTOCOL_SCTP = 132,
    AS_PROTOCOL_UDPLITE = 136,
    AS_N_PROTOCOLS = 256,
};

typedef struct as_port_range {
    uint32_t first, last; /* keys: protocol << 16 | detail */
} as_port_range;

typedef struct as_ports {
    const as_port_range *ranges;
    size_t n;    /* 0: the empty set */
    uint32_t id; /* from 0, in order of making */
} as_ports;

/* A verdict that may be open: what holds for certain, and what may hold. */
typedef struct as_port_bounds {
    const as_ports *sure, *most; /* sure is within most */
} as_port_bounds;

typedef struct as_port_space as_port_space;

/* In `arena`; dies with it. Past AS_MAX_PORT_SETS sets the arena unwinds with AS_CAUSE_BUDGET. */
as_port_space *as_port_space_new(as_arena *arena);

const as_ports *as_ports_none(as_port_space *space);
const as_ports *as_ports_all(as_port_space *space); /* every protocol */
const as_ports *as_ports_protocol(as_port_space *space, unsigned protocol);
/* Details first … last of a protocol; empty when first > last. Of a protocol without ports, all. */
const as_ports *as_ports_range(
        as_port_space *space, unsigned protocol, uint32_t first, uint32_t last);
/* code -1: every code of the type. v6: ICMPv6. */
const as_ports *as_ports_icmp(as_port_space *space, bool v6, unsigned type, int code);

const as_ports *as_ports_union(as_port_space *space, const as_ports *a, const as_ports *b);
const as_ports *as_ports_intersect(as_port_space *space, const as_ports *a, const as_ports *b);
const as_ports *as_ports_subtract(as_port_space *space, const as_ports *a, const as_ports *b);

static inline bool as_ports_is_empty(const as_ports *a)
{
    assert(a != NULL);
    return a->n == 0;
}

bool as_ports_subset(as_port_space *space, const as_ports *a, const as_ports *b); /* a within b */
bool as_ports_contains(const as_ports *a, unsigned protocol, uint32_t detail);

/* "TCP", "tcp", "6": false when it is no protocol. */
bool as_protocol_parse(as_str text, unsigned *protocol) AS_MUST_CHECK;
/* "TCP"; of one without a name "protocol 47", built in `out`. */
as_str as_protocol_name(unsigned protocol, char out[16]);
/* "SCTP 9003,TCP 80-90,443,UDP 53": protocols by name, ranges in order. All of a protocol is
 * "TCP 1-65535" where it has ports, else its name alone. "All Connections" when the set holds all
 * of `universe`, "No Connections" when it is empty. */
void as_ports_write(as_buf *buf, const as_ports *a, const as_ports *universe);

#endif
