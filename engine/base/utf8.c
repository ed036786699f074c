#include "engine/base/utf8.h"

static bool is_tail(as_str s, size_t at)
{
    return at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80;
}

size_t as_utf8_width(as_str s, size_t at)
{
    unsigned char c = (unsigned char)s.p[at];
    if (c < 0x80) {
        return 1;
    }
    if (c < 0xc2 || c > 0xf4 || !is_tail(s, at + 1)) {
        return 0;
    }
    if (c < 0xe0) {
        return 2;
    }
    unsigned char second = (unsigned char)s.p[at + 1];
    if (!is_tail(s, at + 2) || (c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f)) {
        return 0;
    }
    if (c < 0xf0) {
        return 3;
    }
    if (!is_tail(s, at + 3) || (c == 0xf0 && second < 0x90) || (c == 0xf4 && second > 0x8f)) {
        return 0;
    }
    return 4;
}

uint32_t as_utf8_next(as_str s, size_t *at)
{
    static const unsigned char first_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    size_t width = as_utf8_width(s, *at);
    if (width == 0) {
        (*at)++;
        return 0xfffd;
    }
    uint32_t rune = (unsigned char)s.p[*at] & first_mask[width];
    for (size_t i = 1; i < width; i++) {
        rune = (rune << 6) | ((unsigned char)s.p[*at + i] & 0x3f);
    }
    *at += width;
    return rune;
}

bool as_utf8_valid(as_str s)
{
    for (size_t i = 0; i < s.n;) {
        size_t width = as_utf8_width(s, i);
        if (width == 0) {
            return false;
        }
        i += width;
    }
    return true;
}

size_t as_utf8_count(as_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; n++) {
        (void)as_utf8_next(s, &i);
    }
    return n;
}
