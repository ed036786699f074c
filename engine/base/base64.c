#include "engine/base/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

as_str as_base64_encode(as_arena *arena, as_str bytes)
{
    size_t n = 0, i = 0;
    char *out = as_arena_array(arena, bytes.n / 3 + 1, 4);
    const unsigned char *p = (const unsigned char *)bytes.p;
    for (; i + 2 < bytes.n; i += 3) {
        uint32_t v = (uint32_t)p[i] << 16 | (uint32_t)p[i + 1] << 8 | p[i + 2];
        for (int shift = 18; shift >= 0; shift -= 6) {
            out[n++] = alphabet[v >> shift & 63];
        }
    }
    if (i < bytes.n) {
        bool two = i + 1 < bytes.n;
        uint32_t v = (uint32_t)p[i] << 16 | (two ? (uint32_t)p[i + 1] << 8 : 0);
        out[n++] = alphabet[v >> 18 & 63];
        out[n++] = alphabet[v >> 12 & 63];
        out[n++] = two ? alphabet[v >> 6 & 63] : '=';
        out[n++] = '=';
    }
    return (as_str){out, n};
}

static int value_of(char c)
{
    const char *found = c ? strchr(alphabet, c) : NULL;
    return found ? (int)(found - alphabet) : -1;
}

static size_t skip_line_ends(as_str text, size_t i)
{
    while (i < text.n && (text.p[i] == '\n' || text.p[i] == '\r')) {
        i++;
    }
    return i;
}

bool as_base64_decode(as_arena *arena, as_str text, as_str *bytes, size_t *at)
{
    char *out = as_arena_array(arena, text.n / 4 + 1, 3);
    size_t n = 0, ignored = 0;
    at = at ? at : &ignored;
    for (size_t i = skip_line_ends(text, 0); i < text.n; i = skip_line_ends(text, i)) {
        uint32_t v = 0;
        int digits = 0;
        for (; digits < 4 && i < text.n; i = skip_line_ends(text, i + 1)) {
            *at = i;
            int digit = value_of(text.p[i]);
            if (digit < 0) {
                break;
            }
            v = v << 6 | (uint32_t)digit;
            digits++;
        }
        if (digits < 4) {
            int padding = 0;
            for (; i < text.n && text.p[i] == '='; i = skip_line_ends(text, i + 1)) {
                padding++;
                *at = i;
            }
            if (digits < 2 || digits + padding != 4 || i < text.n) {
                *at = i < text.n ? i : text.n;
                if (padding == 0 && i >= text.n) /* cut off: the start of what was left over */
                    *at -= (size_t)digits;
                return false;
            }
            v <<= 6 * (4 - digits);
        }
        for (int k = 0; k < digits - 1; k++) {
            out[n++] = (char)(v >> (16 - 8 * k) & 0xFF);
        }
    }
    *bytes = (as_str){out, n};
    return true;
}
