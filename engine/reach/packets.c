#include "engine/reach/packets.h"

#include "engine/base/limits.h"
#include "engine/base/vec.h"

typedef const as_ports *(*ports_operation)(
        as_port_space *space, const as_ports *a, const as_ports *b);

typedef AS_VEC(as_packet_segment) segment_list;

as_packet_space as_packet_space_new(as_arena *arena)
{
    return (as_packet_space){arena, as_port_space_new(arena)};
}

as_packets as_packets_none(void)
{
    return (as_packets){NULL, 0};
}

as_packets as_packets_all(const as_packet_space *space)
{
    return as_packets_of(space, as_addresses_all(), as_ports_all(space->ports));
}

as_packets as_packets_of(
        const as_packet_space *space, as_addresses addresses, const as_ports *ports)
{
    if (as_ports_is_empty(ports)) {
        return as_packets_none();
    }
    as_packet_segment *segments = AS_NEW_ARRAY(space->arena, as_packet_segment, addresses.n);
    for (size_t i = 0; i < addresses.n; i++) {
        segments[i] = (as_packet_segment){addresses.ranges[i], ports};
    }
    return (as_packets){segments, addresses.n};
}

/* Appends a step, joined to the last one where that is possible. */
static void push(const as_packet_space *space, segment_list *out, as_address_range addresses,
        const as_ports *ports)
{
    if (as_ports_is_empty(ports)) {
        return;
    }
    if (out->n > 0) {
        as_packet_segment *last = &out->items[out->n - 1];
        if (last->ports == ports && last->addresses.last + 1 == addresses.first) {
            last->addresses.last = addresses.last;
            return;
        }
    }
    if (out->n >= AS_MAX_ADDRESS_RANGES) {
        as_arena_unwind(space->arena, AS_CAUSE_BUDGET);
    }
    AS_VEC_PUSH(space->arena, out, (as_packet_segment){addresses, ports});
}

/* What a set holds from `at` on, and the last address for which that is so. *i moves past segments
 * that end before `at`. */
static const as_ports *step_at(
        const as_packet_space *space, as_packets a, size_t *i, as_address at, as_address *last)
{
    while (*i < a.n && a.segments[*i].addresses.last < at) {
        ++*i;
    }
    if (*i == a.n) {
        *last = AS_ADDRESS_MAX;
        return as_ports_none(space->ports);
    }
    if (a.segments[*i].addresses.first > at) {
        *last = a.segments[*i].addresses.first - 1;
        return as_ports_none(space->ports);
    }
    *last = a.segments[*i].addresses.last;
    return a.segments[*i].ports;
}

static as_packets combine(
        const as_packet_space *space, ports_operation operation, as_packets a, as_packets b)
{
    segment_list out = {0};
    as_address at = 0;
    size_t i = 0, j = 0;
    for (;;) {
        as_address last_a, last_b;
        const as_ports *in_a = step_at(space, a, &i, at, &last_a);
        const as_ports *in_b = step_at(space, b, &j, at, &last_b);
        as_address last = last_a < last_b ? last_a : last_b;
        push(space, &out, (as_address_range){at, last}, operation(space->ports, in_a, in_b));
        if (last == AS_ADDRESS_MAX) {
            return (as_packets){out.items, out.n};
        }
        at = last + 1;
    }
}

as_packets as_packets_union(const as_packet_space *space, as_packets a, as_packets b)
{
    return a.n == 0 ? b : b.n == 0 ? a : combine(space, as_ports_union, a, b);
}

as_packets as_packets_intersect(const as_packet_space *space, as_packets a, as_packets b)
{
    return a.n == 0 ? a : b.n == 0 ? b : combine(space, as_ports_intersect, a, b);
}

as_packets as_packets_subtract(const as_packet_space *space, as_packets a, as_packets b)
{
    return a.n == 0 || b.n == 0 ? a : combine(space, as_ports_subtract, a, b);
}

bool as_packets_equal(as_packets a, as_packets b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        const as_packet_segment *x = &a.segments[i], *y = &b.segments[i];
        if (x->ports != y->ports || x->addresses.first != y->addresses.first ||
                x->addresses.last != y->addresses.last) {
            return false;
        }
    }
    return true;
}

bool as_packets_subset(const as_packet_space *space, as_packets a, as_packets b)
{
    return as_packets_subtract(space, a, b).n == 0;
}

const as_ports *as_packets_at(const as_packet_space *space, as_packets a, as_address address)
{
    size_t low = 0, high = a.n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (a.segments[middle].addresses.last < address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < a.n && a.segments[low].addresses.first <= address ? a.segments[low].ports
                                                                   : as_ports_none(space->ports);
}

static const as_ports *gather(const as_packet_space *space, as_packets a, as_addresses where,
        const as_ports *start, ports_operation operation)
{
    const as_ports *all = start;
    size_t i = 0;
    for (size_t w = 0; w < where.n; w++) {
        as_address at = where.ranges[w].first, last;
        for (;;) {
            all = operation(space->ports, all, step_at(space, a, &i, at, &last));
            if (last >= where.ranges[w].last) {
                break;
            }
            at = last + 1;
        }
    }
    return all;
}

const as_ports *as_packets_at_all(const as_packet_space *space, as_packets a, as_addresses where)
{
    return gather(space, a, where, as_ports_all(space->ports), as_ports_intersect);
}

const as_ports *as_packets_at_any(const as_packet_space *space, as_packets a, as_addresses where)
{
    return gather(space, a, where, as_ports_none(space->ports), as_ports_union);
}

/* --- many addresses --------------------------------------------------------------------------- */

enum { WIDE_V4_BITS = 24, WIDE_V6_BITS = 112, MAX_PARTS = 4096 };

/* Ports, and how many addresses they are held at. */
typedef struct part {
    const as_ports *ports;
    as_address v4, v6;
} part;

typedef AS_VEC(part) part_list;

static bool is_wide(as_address v4, as_address v6)
{
    return (v4 >> WIDE_V4_BITS) != 0 || (v6 >> WIDE_V6_BITS) != 0;
}

static void add_size(as_address_range r, as_address *to)
{
    as_address n = r.last - r.first;
    n += n != AS_ADDRESS_MAX; /* but for everything */
    *to = *to + n < *to ? AS_ADDRESS_MAX : *to + n;
}

/* IPv4 lies in the midst of the line. */
static void count(as_address_range r, as_address *v4, as_address *v6)
{
    const as_address_range cuts[] = {
            {0, AS_ADDRESS_V4 - 1},
            {AS_ADDRESS_V4, AS_ADDRESS_V4_LAST},
            {AS_ADDRESS_V4_LAST + 1, AS_ADDRESS_MAX},
    };
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        as_address_range cut = {r.first > cuts[i].first ? r.first : cuts[i].first,
                r.last < cuts[i].last ? r.last : cuts[i].last};
        if (cut.first <= cut.last) {
            add_size(cut, i == 1 ? v4 : v6);
        }
    }
}

bool as_addresses_are_wide(as_addresses a)
{
    as_address v4 = 0, v6 = 0;
    for (size_t i = 0; i < a.n; i++) {
        count(a.ranges[i], &v4, &v6);
    }
    return is_wide(v4, v6);
}

/* Splits the parts so that each is within the added ports or apart from them. */
static void add_part(const as_packet_space *space, part_list *all, part added)
{
    const as_ports *rest = added.ports;
    size_t n = all->n;
    for (size_t i = 0; i < n && !as_ports_is_empty(rest); i++) {
        part *p = &all->items[i];
        const as_ports *both = as_ports_intersect(space->ports, p->ports, added.ports);
        if (as_ports_is_empty(both)) {
            continue;
        }
        part alone = {as_ports_subtract(space->ports, p->ports, both), p->v4, p->v6};
        rest = as_ports_subtract(space->ports, rest, both);
        p->ports = both;
        p->v4 += added.v4;
        p->v6 = p->v6 + added.v6 < p->v6 ? AS_ADDRESS_MAX : p->v6 + added.v6;
        if (!as_ports_is_empty(alone.ports)) {
            AS_VEC_PUSH(space->arena, all, alone);
        }
    }
    if (!as_ports_is_empty(rest)) {
        AS_VEC_PUSH(space->arena, all, (part){rest, added.v4, added.v6});
    }
    if (all->n > MAX_PARTS) {
        as_arena_unwind(space->arena, AS_CAUSE_BUDGET);
    }
}

const as_ports *as_packets_at_wide(const as_packet_space *space, as_packets a, as_addresses where)
{
    part_list by_ports = {0}, parts = {0};
    as_packets there =
            as_packets_intersect(space, a, as_packets_of(space, where, as_ports_all(space->ports)));
    for (size_t i = 0; i < there.n; i++) {
        part one = {.ports = there.segments[i].ports};
        size_t k = 0;
        while (k < by_ports.n && by_ports.items[k].ports != one.ports) {
            k++;
        }
        if (k == by_ports.n) {
            AS_VEC_PUSH(space->arena, &by_ports, one);
        }
        count(there.segments[i].addresses, &by_ports.items[k].v4, &by_ports.items[k].v6);
    }
    for (size_t i = 0; i < by_ports.n; i++) {
        add_part(space, &parts, by_ports.items[i]);
    }
    const as_ports *wide = as_ports_none(space->ports);
    for (size_t i = 0; i < parts.n; i++) {
        if (is_wide(parts.items[i].v4, parts.items[i].v6)) {
            wide = as_ports_union(space->ports, wide, parts.items[i].ports);
        }
    }
    return wide;
}

as_addresses as_packets_addresses(const as_packet_space *space, as_packets a, const as_ports *ports)
{
    as_address_range *ranges = AS_NEW_ARRAY(space->arena, as_address_range, a.n);
    size_t n = 0;
    for (size_t i = 0; i < a.n; i++) {
        if (as_ports_is_empty(as_ports_intersect(space->ports, a.segments[i].ports, ports))) {
            continue;
        }
        if (n > 0 && ranges[n - 1].last + 1 == a.segments[i].addresses.first) {
            ranges[n - 1].last = a.segments[i].addresses.last;
        } else {
            ranges[n++] = a.segments[i].addresses;
        }
    }
    return (as_addresses){ranges, n};
}
