/* cidrhost, cidrnetmask, cidrsubnet, cidrsubnets: Terraform internal/lang/funcs/cidr.go on
 * go-cidr 1.1.0; cidrcontains: OpenTofu internal/lang/funcs/cidr.go. Odd corners (negative numbers,
 * a negative number of new bits) give what go-cidr makes of them. */
#include "parsers/hcl/ip_prefix.h"
#include "parsers/hcl/func.h"
#include "parsers/hcl/func_number.h"

static bool parse_prefix(as_hcl_call *call, as_ip_prefix *out)
{
    as_str text = as_fn_arg_str(call, 0);
    if (!as_ip_prefix_parse(text, out)) {
        as_fn_fail(call, "invalid CIDR expression: invalid CIDR address: %.*s", AS_STR_ARG(text));
        return false;
    }
    return true;
}

/* The argument as a big integer, which the caller clears. False, with nothing to clear, when it is
 * none. */
static bool big_argument(as_hcl_call *call, size_t i, mpz_t out)
{
    if (!as_num_is_whole(call->args[i])) {
        as_fn_fail(call, "value must be a whole number");
        return false;
    }
    as_num_scratch scratch;
    mpfr_ptr x = as_num_scratch_init(&scratch);
    as_num_get(call->args[i], x);
    if (mpfr_regular_p(x) && mpfr_get_exp(x) > AS_NUM_PRECISION * 2) {
        as_fn_fail_arg(call, i, "the number is too big");
        return false;
    }
    mpz_init(out);
    mpfr_get_z(out, x, MPFR_RNDZ);
    return true;
}

/* big.Int.Uint64: the low bits of the magnitude. */
static uint64_t low64(const mpz_t z)
{
    return mpz_size(z) > 0 ? (uint64_t)mpz_getlimbn(z, 0) : 0;
}

/* insertNumIntoIP: the number or-ed in where the first `length` bits end. False when the result is
 * longer than an address. */
static bool insert(as_ip_prefix *c, const mpz_t number, long length)
{
    size_t n_bytes = c->bits / 8, n;
    mpz_t address, shifted;
    mpz_init(address);
    mpz_init(shifted);
    mpz_import(address, n_bytes, 1, 1, 1, 0, c->address);
    mpz_mul_2exp(shifted, number, (mp_bitcnt_t)((long)c->bits - length));
    mpz_ior(address, address, shifted);
    bool fits = mpz_sizeinbase(address, 2) <= c->bits;
    if (fits) {
        uint8_t bytes[16] = {0};
        mpz_export(bytes, &n, 1, 1, 1, 0, address);
        memset(c->address, 0, sizeof c->address);
        memcpy(c->address + n_bytes - n, bytes, n);
    }
    mpz_clear(shifted);
    mpz_clear(address);
    return fits;
}

/* ::ffff:10.0.0.1: go-cidr counts its bits as an IPv4 address's, at the wrong end. */
static bool is_mapped(const as_ip_prefix *c)
{
    static const uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    return c->bits == 128 && memcmp(c->address, prefix, sizeof prefix) == 0;
}

static const as_value *number_too_big(as_hcl_call *call)
{
    return as_fn_fail(call, "panic in function implementation: runtime error: index out of range");
}

static const as_value *fn_cidrhost(as_hcl_call *call)
{
    as_ip_prefix network;
    mpz_t number, limit, magnitude;
    if (!big_argument(call, 1, number)) {
        return NULL;
    }
    if (!parse_prefix(call, &network)) {
        mpz_clear(number);
        return NULL;
    }
    unsigned host_bits = network.bits - (unsigned)network.prefix;
    mpz_init_set_ui(limit, 1);
    mpz_init(magnitude);
    mpz_mul_2exp(limit, limit, host_bits);
    mpz_sub_ui(limit, limit, 1);
    if (mpz_sgn(number) < 0) { /* counted from the end */
        mpz_neg(magnitude, number);
        mpz_sub_ui(magnitude, magnitude, 1);
        mpz_sub(number, limit, magnitude);
    } else { /* only what fits an int64 is checked */
        mpz_set_si(magnitude, (long)(int64_t)low64(number));
    }
    bool fits = mpz_cmp(magnitude, limit) <= 0;
    bool done = fits && insert(&network, number, is_mapped(&network) ? 32 : (long)network.bits);
    mpz_clear(limit);
    mpz_clear(magnitude);
    mpz_clear(number);
    if (!fits) {
        return as_fn_fail(call, "prefix of %d does not accommodate a host numbered %.*s",
                network.prefix, AS_STR_ARG(as_num_text(call->arena, call->args[1])));
    }
    return done ? as_fn_string(call, as_ip_address_text(call->arena, &network))
                : number_too_big(call);
}

static const as_value *fn_cidrnetmask(as_hcl_call *call)
{
    as_ip_prefix network, mask = {.bits = 32};
    if (!parse_prefix(call, &network)) {
        return NULL;
    }
    if (network.bits != 32) {
        return as_fn_fail(call, "IPv6 addresses cannot have a netmask: %.*s",
                AS_STR_ARG(as_fn_arg_str(call, 0)));
    }
    as_ip_prefix_fill(&mask);
    mask.prefix = network.prefix;
    as_ip_prefix_mask(&mask);
    return as_fn_string(call, as_ip_address_text(call->arena, &mask));
}

static const as_value *fn_cidrsubnet(as_hcl_call *call)
{
    as_ip_prefix network;
    int64_t new_bits;
    mpz_t number;
    if (!as_fn_int_of(call, 1, &new_bits) || !big_argument(call, 2, number)) {
        return NULL;
    }
    if (!parse_prefix(call, &network)) {
        mpz_clear(number);
        return NULL;
    }
    if (new_bits > (int64_t)network.bits - network.prefix) {
        mpz_clear(number);
        return as_fn_fail(call, "insufficient address space to extend prefix of %d by %lld",
                network.prefix, (long long)new_bits);
    }
    if (new_bits + network.prefix < 0) {
        mpz_clear(number);
        return as_fn_string(call, AS_STR("<nil>"));
    }
    uint64_t max = new_bits >= 0 && new_bits < 64 ? (UINT64_C(1) << new_bits) - 1 : UINT64_MAX;
    int length = network.prefix + (int)new_bits;
    bool fits = low64(number) <= max, done = fits && insert(&network, number, length);
    mpz_clear(number);
    if (!fits) {
        return as_fn_fail(call,
                "prefix extension of %lld does not accommodate a subnet numbered %.*s",
                (long long)new_bits, AS_STR_ARG(as_num_text(call->arena, call->args[2])));
    }
    network.prefix = length;
    return done ? as_fn_string(call, as_ip_prefix_text(call->arena, &network))
                : number_too_big(call);
}

/* --- cidrsubnets ---------------------------------------------------------------------------------- */

/* The subnet of `length` bits that follows `current`; false when addresses wrap around. */
static bool next_subnet(as_ip_prefix *current, int length)
{
    as_ip_prefix_fill(current);
    current->prefix = length;
    as_ip_prefix_fill(current);
    as_ip_prefix_step(current, 1);
    as_ip_prefix_mask(current);
    return !as_ip_prefix_is_zero(current);
}

static bool new_length(as_hcl_call *call, size_t i, const as_ip_prefix *network, int *length)
{
    int64_t n;
    if (!as_fn_arg_int(call, i, &n)) {
        return false;
    }
    if (n < 1) {
        as_fn_fail_arg(call, i, "must extend prefix by at least one bit");
        return false;
    }
    if (n > 32) {
        as_fn_fail_arg(call, i, "may not extend prefix by more than 32 bits");
        return false;
    }
    *length = network->prefix + (int)n;
    if (*length > (int)network->bits) {
        as_fn_fail_arg(call, i,
                "would extend prefix to %d bits, which is too long for an %s address", *length,
                network->bits == 32 ? "IPv4" : "IPv6");
        return false;
    }
    return true;
}

static const as_value *fn_cidrsubnets(as_hcl_call *call)
{
    as_ip_prefix network, current;
    as_str text = as_fn_arg_str(call, 0);
    as_str *subnets = AS_NEW_ARRAY(call->arena, as_str, call->n);
    int length;
    if (!as_ip_prefix_parse(text, &network)) {
        return as_fn_fail_arg(
                call, 0, "invalid CIDR expression: invalid CIDR address: %.*s", AS_STR_ARG(text));
    }
    for (size_t i = 1; i < call->n; i++) {
        if (!new_length(call, i, &network, &length)) {
            return NULL;
        }
        if (i == 1) { /* the one before the first */
            current = network;
            current.prefix = length;
            as_ip_prefix_step(&current, -1);
            as_ip_prefix_mask(&current);
        }
        as_ip_prefix before = current;
        if (!next_subnet(&current, length) || !as_ip_prefix_contains(&network, &current)) {
            return as_fn_fail_arg(call, i,
                    "not enough remaining address space for a subnet with a prefix of %d bits "
                    "after %.*s",
                    length, AS_STR_ARG(as_ip_prefix_text(call->arena, &before)));
        }
        subnets[i - 1] = as_ip_prefix_text(call->arena, &current);
    }
    return as_fn_strings(call, subnets, call->n - 1);
}

static const as_value *fn_cidrcontains(as_hcl_call *call)
{
    as_ip_prefix outer, inner;
    as_str prefix = as_fn_arg_str(call, 0), address = as_fn_arg_str(call, 1);
    if (!as_ip_prefix_parse(prefix, &outer)) {
        return as_fn_fail(call, "invalid CIDR address: %.*s", AS_STR_ARG(prefix));
    }
    if (!as_ip_address_parse(address, &inner) && !as_ip_prefix_parse(address, &inner)) {
        return as_fn_fail(call, "invalid IP address or prefix: %.*s", AS_STR_ARG(address));
    }
    if (outer.bits != inner.bits) {
        return as_fn_fail(call, "address family mismatch: %.*s vs. %.*s", AS_STR_ARG(prefix),
                AS_STR_ARG(address));
    }
    bool contains = as_ip_prefix_contains(&outer, &inner);
    as_ip_prefix_fill(&inner);
    return as_fn_bool(call, contains && as_ip_prefix_contains(&outer, &inner));
}

#define STRING &as_type_string
#define NUMBER &as_type_number

static const as_hcl_function functions[] = {
        {.name = "cidrcontains",
                .impl = fn_cidrcontains,
                .result = &as_type_bool,
                .params = {{"containing_prefix", STRING, 0},
                        {"contained_ip_or_prefix", STRING, 0}}},
        {.name = "cidrhost",
                .impl = fn_cidrhost,
                .result = STRING,
                .not_null = true,
                .params = {{"prefix", STRING, 0}, {"hostnum", NUMBER, 0}}},
        {.name = "cidrnetmask",
                .impl = fn_cidrnetmask,
                .result = STRING,
                .not_null = true,
                .params = {{"prefix", STRING, 0}}},
        {.name = "cidrsubnet",
                .impl = fn_cidrsubnet,
                .result = STRING,
                .not_null = true,
                .params = {{"prefix", STRING, 0}, {"newbits", NUMBER, 0}, {"netnum", NUMBER, 0}}},
        {.name = "cidrsubnets",
                .impl = fn_cidrsubnets,
                .result = &as_type_list_string,
                .not_null = true,
                .params = {{"prefix", STRING, 0}},
                .rest = {"newbits", NUMBER, 0}},
        {0},
};
const as_hcl_family as_hcl_family_network = {"network", functions};
