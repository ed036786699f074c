#include "engine/base/unicode.h"

typedef struct as_rune_range {
    uint32_t first, last;
} as_rune_range;

/* stride 1: the deltas hold for each code point; 0: upper and lower case alternate. */
typedef struct as_rune_case {
    uint32_t first, last;
    uint8_t stride;
    int32_t upper, lower, title;
} as_rune_case;

#include "engine/base/unicode.inc"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static bool in_ranges(const as_rune_range *ranges, size_t n, uint32_t rune)
{
    size_t lo = 0;
    while (lo < n) {
        size_t mid = lo + (n - lo) / 2;
        if (rune < ranges[mid].first)
            n = mid;
        else if (rune > ranges[mid].last)
            lo = mid + 1;
        else
            return true;
    }
    return false;
}

static const as_rune_case *find_case(uint32_t rune)
{
    size_t lo = 0, n = COUNT(cases);
    while (lo < n) {
        size_t mid = lo + (n - lo) / 2;
        if (rune < cases[mid].first)
            n = mid;
        else if (rune > cases[mid].last)
            lo = mid + 1;
        else
            return &cases[mid];
    }
    return NULL;
}

static uint32_t shift(uint32_t rune, int32_t delta)
{
    return (uint32_t)((int64_t)rune + delta);
}

uint32_t as_rune_upper(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= 'a' && rune <= 'z' ? rune - 32 : rune;
    const as_rune_case *c = find_case(rune);
    if (!c)
        return rune;
    return c->stride ? shift(rune, c->upper) : rune - ((rune - c->first) & 1);
}

uint32_t as_rune_lower(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= 'A' && rune <= 'Z' ? rune + 32 : rune;
    const as_rune_case *c = find_case(rune);
    if (!c)
        return rune;
    return c->stride ? shift(rune, c->lower) : c->first + ((rune - c->first) | 1);
}

uint32_t as_rune_title(uint32_t rune)
{
    if (rune < 0x80)
        return as_rune_upper(rune);
    const as_rune_case *c = find_case(rune);
    if (!c)
        return rune;
    return c->stride ? shift(rune, c->title) : as_rune_upper(rune);
}

bool as_rune_is_upper(uint32_t rune)
{
    return as_rune_lower(rune) != rune;
}

bool as_rune_is_lower(uint32_t rune)
{
    return as_rune_upper(rune) != rune || rune == 0xdf;
}

bool as_rune_is_letter(uint32_t rune)
{
    if (rune < 0x80)
        return (rune | 32) >= 'a' && (rune | 32) <= 'z';
    return in_ranges(letters, COUNT(letters), rune);
}

bool as_rune_is_digit(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= '0' && rune <= '9';
    return in_ranges(digits, COUNT(digits), rune);
}

bool as_rune_is_space(uint32_t rune)
{
    if (rune < 0x80)
        return rune == ' ' || (rune >= '\t' && rune <= '\r');
    return rune == 0x85 || rune == 0xa0 || rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200a) ||
           rune == 0x2028 || rune == 0x2029 || rune == 0x202f || rune == 0x205f || rune == 0x3000;
}

bool as_rune_is_print(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= 0x20 && rune < 0x7f;
    return in_ranges(prints, COUNT(prints), rune);
}
