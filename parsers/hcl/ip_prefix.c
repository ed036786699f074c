#include "engine/base/buf.h"
#include "parsers/hcl/ip_prefix.h"

static unsigned n_bytes(const as_ip_prefix *c)
{
    return c->bits / 8;
}

/* Decimal digits at the front of *s: at most `max`. */
static bool decimal(as_str *s, unsigned max, unsigned *out)
{
    size_t i = 0;
    *out = 0;
    for (; i < s->n && s->p[i] >= '0' && s->p[i] <= '9'; i++) {
        *out = *out * 10 + (unsigned)(s->p[i] - '0');
        if (*out > max) {
            return false;
        }
    }
    *s = as_str_from_index(*s, i);
    return i > 0;
}

static bool parse_v4(as_str s, uint8_t out[4])
{
    for (int i = 0; i < 4; i++) {
        unsigned octet;
        if (i > 0) {
            if (!as_str_starts(s, ".")) {
                return false;
            }
            s = as_str_from_index(s, 1);
        }
        if (!decimal(&s, 255, &octet)) {
            return false;
        }
        out[i] = (uint8_t)octet;
    }
    return s.n == 0;
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* RFC 4291 §2.2, the dotted form of the last four bytes included. */
static bool parse_v6(as_str s, uint8_t out[16])
{
    int ellipsis = -1, n = 0;
    memset(out, 0, 16);
    if (as_str_starts(s, "::")) {
        ellipsis = 0;
        s = as_str_from_index(s, 2);
        if (s.n == 0) {
            return true;
        }
    }
    while (n < 16) {
        size_t digits = 0;
        unsigned group = 0;
        for (; digits < s.n && hex(s.p[digits]) >= 0; digits++) {
            group = group * 16 + (unsigned)hex(s.p[digits]);
            if (group > 0xFFFF) {
                return false;
            }
        }
        if (digits == 0) {
            return false;
        }
        if (digits < s.n && s.p[digits] == '.') {
            if ((ellipsis < 0 && n != 12) || n + 4 > 16 || !parse_v4(s, out + n)) {
                return false;
            }
            n += 4;
            s.n = 0;
            break;
        }
        out[n++] = (uint8_t)(group >> 8);
        out[n++] = (uint8_t)group;
        s = as_str_from_index(s, digits);
        if (s.n == 0) {
            break;
        }
        if (s.p[0] != ':' || s.n == 1) {
            return false;
        }
        s = as_str_from_index(s, 1);
        if (s.p[0] == ':') {
            if (ellipsis >= 0) {
                return false;
            }
            ellipsis = n;
            s = as_str_from_index(s, 1);
            if (s.n == 0) {
                break;
            }
        }
    }
    if (s.n > 0 || (n == 16 && ellipsis >= 0) || (n < 16 && ellipsis < 0)) {
        return false;
    }
    if (n < 16) {
        int tail = n - ellipsis;
        memmove(out + 16 - tail, out + ellipsis, (size_t)tail);
        memset(out + ellipsis, 0, (size_t)(16 - n));
    }
    return true;
}

bool as_ip_address_parse(as_str text, as_ip_prefix *out)
{
    size_t dot = as_str_find_char(text, '.'), colon = as_str_find_char(text, ':');
    memset(out, 0, sizeof *out);
    if (dot < colon) {
        out->bits = 32;
        out->prefix = 32;
        return parse_v4(text, out->address);
    }
    out->bits = 128;
    out->prefix = 128;
    return colon != (size_t)-1 && parse_v6(text, out->address);
}

bool as_ip_prefix_parse(as_str text, as_ip_prefix *out)
{
    size_t slash = as_str_find_char(text, '/');
    unsigned prefix;
    if (slash == (size_t)-1 || !as_ip_address_parse(as_str_slice(text, 0, slash), out)) {
        return false;
    }
    as_str rest = as_str_from_index(text, slash + 1);
    if (!decimal(&rest, out->bits, &prefix) || rest.n > 0) {
        return false;
    }
    out->prefix = (int)prefix;
    as_ip_prefix_mask(out);
    return true;
}

static as_str text_v6(as_arena *arena, const uint8_t a[16])
{
    int best = -1,
        best_n = 1; /* the longest run of at least two zero groups, the first of equals */
    for (int i = 0; i < 8; i++) {
        int n = 0;
        while (i + n < 8 && a[2 * (i + n)] == 0 && a[2 * (i + n) + 1] == 0) {
            n++;
        }
        if (n > best_n) {
            best = i;
            best_n = n;
        }
        i += n;
    }
    as_buf out;
    as_buf_init(&out, arena, 64);
    for (int i = 0; i < 8; i++) {
        if (i == best) {
            as_buf_cstr(&out, "::");
            i += best_n - 1;
            continue;
        }
        if (i > 0 && (best < 0 || i != best + best_n)) {
            as_buf_char(&out, ':');
        }
        as_buf_fmt(&out, "%x", (unsigned)(a[2 * i] << 8 | a[2 * i + 1]));
    }
    return as_buf_view(&out);
}

as_str as_ip_address_text(as_arena *arena, const as_ip_prefix *c)
{
    const uint8_t *a = c->address;
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (c->bits == 128 && memcmp(a, mapped, sizeof mapped) == 0) {
        a += sizeof mapped; /* net.IP prints ::ffff:a.b.c.d so */
    } else if (c->bits == 128) {
        return text_v6(arena, a);
    }
    return as_str_fmt(arena, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
}

as_str as_ip_prefix_text(as_arena *arena, const as_ip_prefix *c)
{
    return as_str_fmt(arena, "%.*s/%d", AS_STR_ARG(as_ip_address_text(arena, c)), c->prefix);
}

static bool get_bit(const uint8_t *bytes, unsigned i)
{
    return bytes[i / 8] >> (7 - i % 8) & 1;
}

static void set_bit(uint8_t *bytes, unsigned i, bool value)
{
    uint8_t bit = (uint8_t)(1u << (7 - i % 8));
    bytes[i / 8] = (uint8_t)(value ? bytes[i / 8] | bit : bytes[i / 8] & ~bit);
}

void as_ip_prefix_mask(as_ip_prefix *c)
{
    for (unsigned i = c->prefix > 0 ? (unsigned)c->prefix : 0; i < c->bits; i++) {
        set_bit(c->address, i, false);
    }
}

void as_ip_prefix_fill(as_ip_prefix *c)
{
    for (unsigned i = c->prefix > 0 ? (unsigned)c->prefix : 0; i < c->bits; i++) {
        set_bit(c->address, i, true);
    }
}

bool as_ip_prefix_step(as_ip_prefix *c, int direction)
{
    for (unsigned i = n_bytes(c); i-- > 0;) {
        c->address[i] = (uint8_t)(c->address[i] + direction);
        if (c->address[i] != (direction > 0 ? 0 : 0xFF)) {
            return true;
        }
    }
    return false;
}

bool as_ip_prefix_is_zero(const as_ip_prefix *c)
{
    for (unsigned i = 0; i < n_bytes(c); i++) {
        if (c->address[i] != 0) {
            return false;
        }
    }
    return true;
}

bool as_ip_prefix_contains(const as_ip_prefix *outer, const as_ip_prefix *inner)
{
    if (outer->bits != inner->bits) {
        return false;
    }
    for (unsigned i = 0; i < (unsigned)outer->prefix; i++) {
        if (get_bit(outer->address, i) != get_bit(inner->address, i)) {
            return false;
        }
    }
    return true;
}
