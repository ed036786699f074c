#include "engine/reach/ports.h"

#include <stdio.h>

#include "engine/base/limits.h"
#include "engine/base/vec.h"

enum { KEY_END = AS_N_PROTOCOLS << 16, KEYS = 1 << 16 };

typedef enum operation { UNION, INTERSECT, SUBTRACT } operation;

/* One result that is known: ids of the operands and the set. */
typedef struct memo {
    uint64_t key; /* 1 + (operation, a, b); 0: free */
    const as_ports *result;
} memo;

struct as_port_space {
    as_arena *arena;
    AS_VEC(const as_ports *) sets; /* by id */
    uint32_t *slots;               /* 1 + id, by hash of the ranges */
    size_t n_slots;
    memo *memos;
    size_t n_memos, cap_memos;
    AS_VEC(as_port_range) scratch;
    const as_ports *none, *all;
};

/* --- interning ------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t h)
{
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdULL;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53ULL;
    return h ^ (h >> 33);
}

static uint64_t hash_ranges(const as_port_range *ranges, size_t n)
{
    uint64_t h = n;
    for (size_t i = 0; i < n; i++) {
        h = mix(h ^ ((uint64_t)ranges[i].first << 32 | ranges[i].last));
    }
    return h;
}

static bool same_ranges(const as_ports *a, const as_port_range *ranges, size_t n)
{
    return a->n == n && (n == 0 || memcmp(a->ranges, ranges, n * sizeof *ranges) == 0);
}

static void grow_slots(as_port_space *space)
{
    size_t n = space->n_slots == 0 ? 64 : space->n_slots * 2;
    space->slots = AS_NEW_ARRAY(space->arena, uint32_t, n);
    space->n_slots = n;
    for (size_t i = 0; i < space->sets.n; i++) {
        const as_ports *set = space->sets.items[i];
        size_t at = (size_t)hash_ranges(set->ranges, set->n) & (n - 1);
        while (space->slots[at] != 0) {
            at = (at + 1) & (n - 1);
        }
        space->slots[at] = (uint32_t)i + 1;
    }
}

/* The set of these canonical ranges, which are copied when it is new. */
static const as_ports *intern(as_port_space *space, const as_port_range *ranges, size_t n)
{
    if (space->sets.n * 2 >= space->n_slots) {
        grow_slots(space);
    }
    size_t at = (size_t)hash_ranges(ranges, n) & (space->n_slots - 1);
    for (; space->slots[at] != 0; at = (at + 1) & (space->n_slots - 1)) {
        const as_ports *set = space->sets.items[space->slots[at] - 1];
        if (same_ranges(set, ranges, n)) {
            return set;
        }
    }
    if (space->sets.n >= AS_MAX_PORT_SETS) {
        as_arena_unwind(space->arena, AS_CAUSE_BUDGET);
    }
    as_ports *made = AS_NEW(space->arena, as_ports);
    as_port_range *copy = AS_NEW_ARRAY(space->arena, as_port_range, n);
    if (n > 0) {
        memcpy(copy, ranges, n * sizeof *ranges);
    }
    *made = (as_ports){copy, n, (uint32_t)space->sets.n};
    AS_VEC_PUSH(space->arena, &space->sets, made);
    space->slots[at] = (uint32_t)space->sets.n;
    return made;
}

as_port_space *as_port_space_new(as_arena *arena)
{
    as_port_space *space = AS_NEW(arena, as_port_space);
    space->arena = arena;
    space->none = intern(space, NULL, 0);
    space->all = intern(space, &(as_port_range){0, KEY_END - 1}, 1);
    return space;
}

const as_ports *as_ports_none(as_port_space *space)
{
    return space->none;
}

const as_ports *as_ports_all(as_port_space *space)
{
    return space->all;
}

static bool has_details(unsigned protocol)
{
    return protocol == AS_PROTOCOL_TCP || protocol == AS_PROTOCOL_UDP ||
           protocol == AS_PROTOCOL_SCTP || protocol == AS_PROTOCOL_ICMP ||
           protocol == AS_PROTOCOL_ICMPV6 || protocol == AS_PROTOCOL_UDPLITE;
}

const as_ports *as_ports_range(
        as_port_space *space, unsigned protocol, uint32_t first, uint32_t last)
{
    if (protocol >= AS_N_PROTOCOLS || first > last || first >= KEYS) {
        return space->none;
    }
    last = last >= KEYS ? KEYS - 1 : last;
    uint32_t base = (uint32_t)protocol << 16;
    as_port_range range = {base | first, base | last};
    if (!has_details(protocol)) {
        range = (as_port_range){base, base | (KEYS - 1)};
    }
    return intern(space, &range, 1);
}

const as_ports *as_ports_protocol(as_port_space *space, unsigned protocol)
{
    return as_ports_range(space, protocol, 0, KEYS - 1);
}

const as_ports *as_ports_icmp(as_port_space *space, bool v6, unsigned type, int code)
{
    if (type > 255 || code > 255) {
        return space->none;
    }
    uint32_t base = (uint32_t)type << 8;
    return as_ports_range(space, v6 ? AS_PROTOCOL_ICMPV6 : AS_PROTOCOL_ICMP,
            code < 0 ? base : base | (uint32_t)code, code < 0 ? base | 255 : base | (uint32_t)code);
}

/* --- operations ------------------------------------------------------------------------------ */

/* The slot of a key: where its result is, or where it goes. */
static memo *memo_at(memo *memos, size_t cap, uint64_t key)
{
    size_t at = (size_t)mix(key) & (cap - 1);
    while (memos[at].key != 0 && memos[at].key != key) {
        at = (at + 1) & (cap - 1);
    }
    return &memos[at];
}

static void grow_memos(as_port_space *space)
{
    size_t cap = space->cap_memos == 0 ? 256 : space->cap_memos * 2;
    memo *bigger = AS_NEW_ARRAY(space->arena, memo, cap);
    for (size_t i = 0; i < space->cap_memos; i++) {
        if (space->memos[i].key != 0) {
            *memo_at(bigger, cap, space->memos[i].key) = space->memos[i];
        }
    }
    space->memos = bigger;
    space->cap_memos = cap;
}

static bool holds(operation op, bool a, bool b)
{
    return op == UNION ? a || b : op == INTERSECT ? a && b : a && !b;
}

/* One pass over the borders of both; a border is where a range begins, or one past its end. */
static const as_ports *combine(
        as_port_space *space, operation op, const as_ports *a, const as_ports *b)
{
    size_t i = 0, j = 0;
    bool in_a = false, in_b = false, in_result = false;
    uint32_t begin = 0;
    space->scratch.n = 0;
    while (i < a->n || j < b->n) {
        uint32_t next_a = i == a->n ? UINT32_MAX
                          : in_a    ? a->ranges[i].last + 1
                                    : a->ranges[i].first;
        uint32_t next_b = j == b->n ? UINT32_MAX
                          : in_b    ? b->ranges[j].last + 1
                                    : b->ranges[j].first;
        uint32_t at = next_a < next_b ? next_a : next_b;
        if (next_a == at) {
            i += in_a;
            in_a = !in_a;
        }
        if (next_b == at) {
            j += in_b;
            in_b = !in_b;
        }
        bool now = holds(op, in_a, in_b);
        if (now && !in_result) {
            begin = at;
        } else if (!now && in_result) {
            AS_VEC_PUSH(space->arena, &space->scratch, (as_port_range){begin, at - 1});
        }
        in_result = now;
    }
    return intern(space, space->scratch.items, space->scratch.n);
}

static const as_ports *operate(
        as_port_space *space, operation op, const as_ports *a, const as_ports *b)
{
    if (op != SUBTRACT && a->id > b->id) { /* both commute: one memo for both orders */
        const as_ports *swap = a;
        a = b;
        b = swap;
    }
    if (space->n_memos * 2 >= space->cap_memos) {
        grow_memos(space);
    }
    uint64_t key = 1 + ((uint64_t)op << 60 | (uint64_t)a->id << 30 | b->id);
    memo *known = memo_at(space->memos, space->cap_memos, key);
    if (known->key == 0) {
        const as_ports *result = combine(space, op, a, b);
        *known = (memo){key, result};
        space->n_memos++;
    }
    return known->result;
}

const as_ports *as_ports_union(as_port_space *space, const as_ports *a, const as_ports *b)
{
    return a == b || b->n == 0 ? a : a->n == 0 ? b : operate(space, UNION, a, b);
}

const as_ports *as_ports_intersect(as_port_space *space, const as_ports *a, const as_ports *b)
{
    if (a == b || b == space->all) {
        return a;
    }
    if (a == space->all || b->n == 0) {
        return b;
    }
    return a->n == 0 ? a : operate(space, INTERSECT, a, b);
}

const as_ports *as_ports_subtract(as_port_space *space, const as_ports *a, const as_ports *b)
{
    if (a == b || b == space->all) {
        return space->none;
    }
    return a->n == 0 || b->n == 0 ? a : operate(space, SUBTRACT, a, b);
}

bool as_ports_subset(as_port_space *space, const as_ports *a, const as_ports *b)
{
    return as_ports_subtract(space, a, b)->n == 0;
}

bool as_ports_contains(const as_ports *a, unsigned protocol, uint32_t detail)
{
    uint32_t key = (uint32_t)protocol << 16 | detail;
    size_t low = 0, high = a->n;
    while (low < high) { /* the first range that ends at or after the key */
        size_t middle = (low + high) / 2;
        if (a->ranges[middle].last < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < a->n && a->ranges[low].first <= key && detail < KEYS;
}

/* --- names and text --------------------------------------------------------------------------- */

typedef struct name {
    const char *text;
    unsigned protocol;
} name;

/* Sorted by text: the order of writing. */
static const name NAMES[] = {{"AH", AS_PROTOCOL_AH}, {"ESP", AS_PROTOCOL_ESP}, {"GRE", 47},
        {"ICMP", AS_PROTOCOL_ICMP}, {"ICMPv6", AS_PROTOCOL_ICMPV6}, {"IPIP", 4},
        {"SCTP", AS_PROTOCOL_SCTP}, {"TCP", AS_PROTOCOL_TCP}, {"UDP", AS_PROTOCOL_UDP},
        {"UDPLite", AS_PROTOCOL_UDPLITE}};

enum { N_NAMES = sizeof NAMES / sizeof *NAMES };

bool as_protocol_parse(as_str text, unsigned *protocol)
{
    for (size_t i = 0; i < N_NAMES; i++) {
        if (as_str_ieq(text, as_str_from(NAMES[i].text))) {
            *protocol = NAMES[i].protocol;
            return true;
        }
    }
    int64_t number;
    if (!as_str_to_int(text, &number) || number < 0 || number >= AS_N_PROTOCOLS) {
        return false;
    }
    *protocol = (unsigned)number;
    return true;
}

as_str as_protocol_name(unsigned protocol, char out[16])
{
    for (size_t i = 0; i < N_NAMES; i++) {
        if (NAMES[i].protocol == protocol) {
            return as_str_from(NAMES[i].text);
        }
    }
    int n = snprintf(out, 16, "protocol %u", protocol % AS_N_PROTOCOLS);
    return (as_str){out, (size_t)n};
}

static void write_detail(as_buf *buf, unsigned protocol, uint32_t detail)
{
    if (protocol == AS_PROTOCOL_ICMP || protocol == AS_PROTOCOL_ICMPV6) {
        as_buf_fmt(buf, "%u/%u", detail >> 8, detail & 255);
    } else {
        as_buf_fmt(buf, "%u", detail);
    }
}

/* The part of a range that lies within the protocol; false: none. Port 0 is no port (RFC 6335 §6),
 * so a full range is written from 1. */
static bool clip(const as_port_range *range, unsigned protocol, uint32_t *first, uint32_t *last)
{
    uint32_t low = (uint32_t)protocol << 16, high = low | (KEYS - 1);
    if (range->last < low || range->first > high) {
        return false;
    }
    *first = range->first < low ? 0 : range->first - low;
    *last = range->last > high ? KEYS - 1 : range->last - low;
    bool icmp = protocol == AS_PROTOCOL_ICMP || protocol == AS_PROTOCOL_ICMPV6;
    if (!icmp && *first == 0 && *last > 0) {
        *first = 1;
    }
    return true;
}

static void write_protocol(as_buf *buf, const as_ports *a, unsigned protocol, size_t start)
{
    bool any = false;
    for (size_t i = 0; i < a->n; i++) {
        uint32_t first, last;
        if (!clip(&a->ranges[i], protocol, &first, &last)) {
            continue;
        }
        if (!any) {
            char out[16];
            as_buf_cstr(buf, buf->n == start ? "" : ",");
            as_buf_str(buf, as_protocol_name(protocol, out));
        }
        bool icmp = protocol == AS_PROTOCOL_ICMP || protocol == AS_PROTOCOL_ICMPV6;
        if (has_details(protocol) && !(icmp && first == 0 && last == KEYS - 1)) {
            as_buf_char(buf, any ? ',' : ' ');
            write_detail(buf, protocol, first);
            if (last > first) {
                as_buf_char(buf, '-');
                write_detail(buf, protocol, last);
            }
        }
        any = true;
    }
}

static bool covers(const as_ports *a, const as_ports *universe)
{
    size_t i = 0;
    for (size_t j = 0; j < universe->n; j++) {
        while (i < a->n && a->ranges[i].last < universe->ranges[j].last) {
            i++;
        }
        if (i == a->n || a->ranges[i].first > universe->ranges[j].first) {
            return false;
        }
    }
    return true;
}

void as_ports_write(as_buf *buf, const as_ports *a, const as_ports *universe)
{
    if (a->n == 0) {
        as_buf_cstr(buf, "No Connections");
        return;
    }
    if (covers(a, universe)) {
        as_buf_cstr(buf, "All Connections");
        return;
    }
    bool named[AS_N_PROTOCOLS] = {false};
    size_t start = buf->n;
    for (size_t i = 0; i < N_NAMES; i++) {
        named[NAMES[i].protocol] = true;
        write_protocol(buf, a, NAMES[i].protocol, start);
    }
    unsigned next = 0; /* the others, of which mostly few occur */
    for (size_t i = 0; i < a->n; i++) {
        unsigned last = a->ranges[i].last >> 16;
        for (next = next < a->ranges[i].first >> 16 ? a->ranges[i].first >> 16 : next; next <= last;
                next++) {
            if (!named[next]) {
                write_protocol(buf, a, next, start);
            }
        }
    }
}
