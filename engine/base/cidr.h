/* Addresses and networks of IPv4 (RFC 4632) and IPv6 (RFC 4291). Both are kept as 16 bytes; IPv4
 * sits in the first four. */
#ifndef AS_BASE_CIDR_H
#define AS_BASE_CIDR_H

#include "engine/base/str.h"

typedef struct as_cidr {
    uint8_t bytes[16];
    uint8_t prefix; /* bits of the network: at most 32 or 128 */
    bool v6;
} as_cidr;

/* "10.0.0.0/8", "::/0", or a bare address (a network of one). Host bits are kept. */
bool as_cidr_parse(as_str text, as_cidr *out) AS_MUST_CHECK;
bool as_cidr_contains(const as_cidr *outer, const as_cidr *inner);
bool as_cidr_is_any(const as_cidr *c); /* 0.0.0.0/0 or ::/0 */
/* Wholly inside space that is not routed on the internet: RFC 1918, 6598, 4193, loopback,
 * link-local. */
bool as_cidr_is_private(const as_cidr *c);
/* log2 of the number of addresses. */
int as_cidr_host_bits(const as_cidr *c);

#endif
