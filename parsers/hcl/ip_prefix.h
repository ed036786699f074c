/* Arithmetic on IP address prefixes as Terraform does it: apparentlymart/go-cidr 1.1.0 on Go's net
 * package, in which IPv4 octets may have leading zeros. */
#ifndef AS_HCL_IP_PREFIX_H
#define AS_HCL_IP_PREFIX_H

#include "engine/base/str.h"

typedef struct as_ip_prefix {
    uint8_t address[16]; /* the first 4 or all 16 bytes, in network order; host bits are zero */
    unsigned bits;       /* 32 or 128 */
    int prefix;          /* 0 … bits */
} as_ip_prefix;

/* "10.0.0.0/8", "fd00::/48". False when it is anything else. */
bool as_ip_prefix_parse(as_str text, as_ip_prefix *out) AS_MUST_CHECK;
/* An address without a prefix: prefix is set to bits. */
bool as_ip_address_parse(as_str text, as_ip_prefix *out) AS_MUST_CHECK;
/* The address, or with "/prefix"; IPv6 as RFC 5952 §4 asks. */
as_str as_ip_address_text(as_arena *arena, const as_ip_prefix *c);
as_str as_ip_prefix_text(as_arena *arena, const as_ip_prefix *c);

void as_ip_prefix_mask(as_ip_prefix *c); /* host bits become zero */
void as_ip_prefix_fill(as_ip_prefix *c); /* host bits become one */
/* One up or down; false when it rolled over. */
bool as_ip_prefix_step(as_ip_prefix *c, int direction);
bool as_ip_prefix_is_zero(const as_ip_prefix *c);
/* Whether the address of `inner` lies in `outer` (of the same family). */
bool as_ip_prefix_contains(const as_ip_prefix *outer, const as_ip_prefix *inner);

#endif
