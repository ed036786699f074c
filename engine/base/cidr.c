#include "engine/base/cidr.h"

#include <arpa/inet.h>

#include "engine/base/num.h"

bool as_cidr_parse(as_str text, as_cidr *out)
{
    char address[INET6_ADDRSTRLEN + 1];
    size_t slash = as_str_find_char(text, '/');
    as_str host = as_str_slice(text, 0, slash);
    if (host.n == 0 || host.n >= sizeof address) {
        return false;
    }
    memcpy(address, host.p, host.n);
    address[host.n] = '\0';
    *out = (as_cidr){.v6 = as_str_find_char(host, ':') != (size_t)-1};
    if (inet_pton(out->v6 ? AF_INET6 : AF_INET, address, out->bytes) != 1) {
        return false;
    }
    int64_t bits = out->v6 ? 128 : 32;
    int64_t prefix = bits;
    if (slash != (size_t)-1 && (!as_str_to_int(as_str_from_index(text, slash + 1), &prefix) ||
                                       prefix < 0 || prefix > bits)) {
        return false;
    }
    out->prefix = (uint8_t)prefix;
    return true;
}

bool as_cidr_contains(const as_cidr *outer, const as_cidr *inner)
{
    if (outer->v6 != inner->v6 || outer->prefix > inner->prefix) {
        return false;
    }
    size_t whole = outer->prefix / 8;
    unsigned rest = outer->prefix % 8;
    unsigned mask = 0xffu << (8 - rest) & 0xffu;
    return memcmp(outer->bytes, inner->bytes, whole) == 0 &&
           (rest == 0 || ((outer->bytes[whole] ^ inner->bytes[whole]) & mask) == 0);
}

bool as_cidr_is_any(const as_cidr *c)
{
    return c->prefix == 0;
}

bool as_cidr_is_private(const as_cidr *c)
{
    static const as_str spaces[] = {AS_STR_INIT("10.0.0.0/8"), AS_STR_INIT("172.16.0.0/12"),
            AS_STR_INIT("192.168.0.0/16"), AS_STR_INIT("100.64.0.0/10"), AS_STR_INIT("127.0.0.0/8"),
            AS_STR_INIT("169.254.0.0/16"), AS_STR_INIT("fc00::/7"), AS_STR_INIT("fe80::/10"),
            AS_STR_INIT("::1/128")};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        as_cidr space;
        if (as_cidr_parse(spaces[i], &space) && as_cidr_contains(&space, c)) {
            return true;
        }
    }
    return false;
}

int as_cidr_host_bits(const as_cidr *c)
{
    return (c->v6 ? 128 : 32) - c->prefix;
}
