#include "engine/reach/addresses.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/vec.h"

typedef AS_VEC(as_address_range) range_list;

static const as_address_range EVERYTHING = {0, AS_ADDRESS_MAX};
static const as_address_range ALL_V4 = {AS_ADDRESS_V4, AS_ADDRESS_V4_LAST};

as_addresses as_addresses_none(void)
{
    return (as_addresses){NULL, 0};
}

as_addresses as_addresses_all(void)
{
    return (as_addresses){&EVERYTHING, 1};
}

as_addresses as_addresses_all_v4(void)
{
    return (as_addresses){&ALL_V4, 1};
}

as_addresses as_addresses_all_v6(as_arena *arena)
{
    return as_addresses_subtract(arena, as_addresses_all(), as_addresses_all_v4());
}

as_addresses as_addresses_range(as_arena *arena, as_address first, as_address last)
{
    if (first > last) {
        return as_addresses_none();
    }
    as_address_range *range = AS_NEW(arena, as_address_range);
    *range = (as_address_range){first, last};
    return (as_addresses){range, 1};
}

static as_address address_of_bytes(const uint8_t *bytes, size_t n)
{
    as_address a = 0;
    for (size_t i = 0; i < n; i++) {
        a = a << 8 | bytes[i];
    }
    return a;
}

as_address as_address_of_cidr(const as_cidr *cidr)
{
    unsigned host = (unsigned)as_cidr_host_bits(cidr);
    as_address mask = host >= 128 ? AS_ADDRESS_MAX : ((as_address)1 << host) - 1;
    as_address base = address_of_bytes(cidr->bytes, cidr->v6 ? 16 : 4);
    return (base & ~mask) | (cidr->v6 ? 0 : AS_ADDRESS_V4);
}

as_addresses as_addresses_cidr(as_arena *arena, const as_cidr *cidr)
{
    unsigned host = (unsigned)as_cidr_host_bits(cidr);
    as_address mask = host >= 128 ? AS_ADDRESS_MAX : ((as_address)1 << host) - 1;
    as_address first = as_address_of_cidr(cidr);
    as_addresses all = as_addresses_range(arena, first, first | mask);
    if (cidr->v6 && first < AS_ADDRESS_V4 && (first | mask) > AS_ADDRESS_V4_LAST) {
        return as_addresses_subtract(arena, all, as_addresses_all_v4());
    }
    return all;
}

as_addresses as_addresses_internet(as_arena *arena)
{
    static const char *const special[] = {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
            "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
            "fc00::/7", "fe80::/10", "ff00::/8", "::1/128"};
    as_addresses all = as_addresses_all();
    for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
        as_cidr cidr;
        if (as_cidr_parse(as_str_from(special[i]), &cidr)) {
            all = as_addresses_subtract(arena, all, as_addresses_cidr(arena, &cidr));
        }
    }
    return all;
}

as_addresses as_addresses_internet_v4(as_arena *arena)
{
    return as_addresses_intersect(arena, as_addresses_internet(arena), as_addresses_all_v4());
}

static int compare_ranges(const void *a, const void *b)
{
    const as_address_range *x = a, *y = b;
    if (x->first != y->first) {
        return x->first < y->first ? -1 : 1;
    }
    return x->last < y->last ? -1 : x->last > y->last;
}

static void push(as_arena *arena, range_list *list, as_address first, as_address last)
{
    if (list->n >= AS_MAX_ADDRESS_RANGES) {
        as_arena_unwind(arena, AS_CAUSE_BUDGET);
    }
    AS_VEC_PUSH(arena, list, (as_address_range){first, last});
}

as_addresses as_addresses_of_ranges(as_arena *arena, as_address_range *ranges, size_t n)
{
    range_list out = {0};
    if (n > 1) {
        qsort(ranges, n, sizeof *ranges, compare_ranges);
    }
    for (size_t i = 0; i < n; i++) {
        as_address_range *last = out.n > 0 ? &out.items[out.n - 1] : NULL;
        if (last != NULL && (last->last == AS_ADDRESS_MAX || ranges[i].first <= last->last + 1)) {
            last->last = ranges[i].last > last->last ? ranges[i].last : last->last;
        } else if (ranges[i].first <= ranges[i].last) {
            push(arena, &out, ranges[i].first, ranges[i].last);
        }
    }
    return (as_addresses){out.items, out.n};
}

as_addresses as_addresses_union(as_arena *arena, as_addresses a, as_addresses b)
{
    if (a.n == 0 || b.n == 0) {
        return a.n == 0 ? b : a;
    }
    range_list out = {0};
    size_t i = 0, j = 0;
    while (i < a.n || j < b.n) {
        bool take_a = j == b.n || (i < a.n && a.ranges[i].first <= b.ranges[j].first);
        as_address_range next = take_a ? a.ranges[i++] : b.ranges[j++];
        as_address_range *last = out.n > 0 ? &out.items[out.n - 1] : NULL;
        if (last != NULL && (last->last == AS_ADDRESS_MAX || next.first <= last->last + 1)) {
            last->last = next.last > last->last ? next.last : last->last;
        } else {
            push(arena, &out, next.first, next.last);
        }
    }
    return (as_addresses){out.items, out.n};
}

as_addresses as_addresses_intersect(as_arena *arena, as_addresses a, as_addresses b)
{
    range_list out = {0};
    for (size_t i = 0, j = 0; i < a.n && j < b.n;) {
        as_address first =
                a.ranges[i].first > b.ranges[j].first ? a.ranges[i].first : b.ranges[j].first;
        as_address last = a.ranges[i].last < b.ranges[j].last ? a.ranges[i].last : b.ranges[j].last;
        if (first <= last) {
            push(arena, &out, first, last);
        }
        if (a.ranges[i].last < b.ranges[j].last) {
            i++;
        } else {
            j++;
        }
    }
    return (as_addresses){out.items, out.n};
}

as_addresses as_addresses_subtract(as_arena *arena, as_addresses a, as_addresses b)
{
    range_list out = {0};
    size_t j = 0;
    for (size_t i = 0; i < a.n; i++) {
        as_address first = a.ranges[i].first, last = a.ranges[i].last;
        bool left = true;
        while (j < b.n && b.ranges[j].last < first) {
            j++;
        }
        for (size_t k = j; k < b.n && b.ranges[k].first <= last; k++) {
            if (b.ranges[k].first > first) {
                push(arena, &out, first, b.ranges[k].first - 1);
            }
            left = b.ranges[k].last < last;
            if (!left) {
                break;
            }
            first = b.ranges[k].last + 1;
        }
        if (left) {
            push(arena, &out, first, last);
        }
    }
    return (as_addresses){out.items, out.n};
}

bool as_addresses_equal(as_addresses a, as_addresses b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (a.ranges[i].first != b.ranges[i].first || a.ranges[i].last != b.ranges[i].last) {
            return false;
        }
    }
    return true;
}

bool as_addresses_subset(as_addresses a, as_addresses b)
{
    for (size_t i = 0, j = 0; i < a.n; i++) {
        while (j < b.n && b.ranges[j].last < a.ranges[i].last) {
            j++;
        }
        if (j == b.n || b.ranges[j].first > a.ranges[i].first) {
            return false;
        }
    }
    return true;
}

bool as_addresses_overlap(as_addresses a, as_addresses b)
{
    for (size_t i = 0, j = 0; i < a.n && j < b.n;) {
        if (a.ranges[i].last < b.ranges[j].first) {
            i++;
        } else if (b.ranges[j].last < a.ranges[i].first) {
            j++;
        } else {
            return true;
        }
    }
    return false;
}

bool as_addresses_contain(as_addresses a, as_address address)
{
    as_address_range one = {address, address};
    return as_addresses_overlap(a, (as_addresses){&one, 1});
}

bool as_address_is_v4(as_address address)
{
    return address >= AS_ADDRESS_V4 && address <= AS_ADDRESS_V4_LAST;
}

int as_address_range_prefix(as_address_range range)
{
    as_address size = range.last - range.first;
    int host = 0;
    while (host < 128 && (size >> host) != 0) {
        host++;
    }
    return (as_address_is_v4(range.first) ? 32 : 128) - host;
}

void as_address_write(as_buf *buf, as_address address)
{
    uint8_t bytes[16];
    char text[INET6_ADDRSTRLEN];
    bool v4 = as_address_is_v4(address);
    for (size_t i = 0; i < 16; i++) {
        bytes[15 - i] = (uint8_t)(address >> (8 * i) & 0xff);
    }
    if (inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? bytes + 12 : bytes, text, sizeof text) != NULL) {
        as_buf_cstr(buf, text);
    }
}

void as_address_range_write(as_buf *buf, as_address_range range)
{
    as_address_write(buf, range.first);
    as_buf_char(buf, '-');
    as_address_write(buf, range.last);
}

void as_address_range_write_cidrs(as_buf *buf, as_address_range range)
{
    unsigned width = as_address_is_v4(range.first) ? 32 : 128;
    as_address first = range.first;
    for (;;) {
        unsigned host = 0;
        while (host < width) { /* the largest aligned block that begins here and fits */
            as_address mask = host + 1 >= 128 ? AS_ADDRESS_MAX : ((as_address)1 << (host + 1)) - 1;
            if ((first & mask) != 0 || (first | mask) > range.last) {
                break;
            }
            host++;
        }
        as_address mask = host >= 128 ? AS_ADDRESS_MAX : ((as_address)1 << host) - 1;
        as_address_write(buf, first);
        as_buf_fmt(buf, "/%u", width - host);
        if ((first | mask) >= range.last) {
            return;
        }
        first = (first | mask) + 1;
        as_buf_char(buf, ',');
    }
}
