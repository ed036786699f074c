/* Sets of addresses, IPv4 and IPv6 in one line of 128-bit numbers.
 *
 * IPv4 lies at ::ffff:0:0/96 (RFC 4291 §2.5.5.2), a block that no IPv6 packet on the wire has as
 * its address; so ::/0 stands for everything but that block. A set is a sorted list of disjoint,
 * non-adjacent ranges, which makes it canonical. Sets are immutable and live in the arena of the
 * call that made them. */
#ifndef AS_REACH_ADDRESSES_H
#define AS_REACH_ADDRESSES_H

#include "engine/base/buf.h"
#include "engine/base/cidr.h"

__extension__ typedef unsigned __int128 as_address;

typedef struct as_address_range {
    as_address first, last;
} as_address_range;

typedef struct as_addresses {
    const as_address_range *ranges;
    size_t n;
} as_addresses;

#define AS_ADDRESS_MAX (~(as_address)0)
#define AS_ADDRESS_V4 ((as_address)0xffff << 32) /* ::ffff:0:0, i.e. 0.0.0.0 */
#define AS_ADDRESS_V4_LAST (AS_ADDRESS_V4 | 0xffffffffu)

as_addresses as_addresses_none(void);
as_addresses as_addresses_all(void);
as_addresses as_addresses_all_v4(void);
as_addresses as_addresses_all_v6(as_arena *arena);
/* What is routed on the internet: everything without the special-purpose blocks of IANA. */
as_addresses as_addresses_internet(as_arena *arena);
as_addresses as_addresses_internet_v4(as_arena *arena);
/* Host bits of the network are ignored. */
as_addresses as_addresses_cidr(as_arena *arena, const as_cidr *cidr);
as_addresses as_addresses_range(as_arena *arena, as_address first, as_address last);
/* The union of ranges in any order, which may overlap: n log n. The array is sorted in place. At
 * most AS_MAX_ADDRESS_RANGES, like every result here; past that the arena unwinds with
 * AS_CAUSE_BUDGET. */
as_addresses as_addresses_of_ranges(as_arena *arena, as_address_range *ranges, size_t n);

as_addresses as_addresses_union(as_arena *arena, as_addresses a, as_addresses b);
as_addresses as_addresses_intersect(as_arena *arena, as_addresses a, as_addresses b);
as_addresses as_addresses_subtract(as_arena *arena, as_addresses a, as_addresses b);

bool as_addresses_equal(as_addresses a, as_addresses b);
bool as_addresses_subset(as_addresses a, as_addresses b); /* a within b */
bool as_addresses_overlap(as_addresses a, as_addresses b);
bool as_addresses_contain(as_addresses a, as_address address);

/* The first address of a network, or the address itself. */
as_address as_address_of_cidr(const as_cidr *cidr);
bool as_address_is_v4(as_address address);
/* The prefix length of the smallest network that a range could be: routes are ordered by it. */
int as_address_range_prefix(as_address_range range);
/* "10.0.0.1", "2001:db8::1" */
void as_address_write(as_buf *buf, as_address address);
/* "10.0.0.0-10.255.255.255"; a range of one is written in the same form. A range over the border of
 * IPv4 and IPv6 is none of a network: split sets with as_addresses_all_v4 first. */
void as_address_range_write(as_buf *buf, as_address_range range);
/* The fewest networks that make up a range: "10.0.0.0/8", separated by commas. */
void as_address_range_write_cidrs(as_buf *buf, as_address_range range);

#endif
