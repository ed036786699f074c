#include "tests/fuzz/mutate.h"

uint32_t as_random_next(as_random *random, uint32_t below)
{
    /* splitmix64 */
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return below == 0 ? 0 : (uint32_t)((z ^ z >> 31) >> 16) % below;
}

static size_t at_most(as_random *random, size_t n)
{
    return as_random_next(random, (uint32_t)n + 1);
}

/* Puts `piece` in place of `gone` bytes at `at`. */
static size_t splice(char *data, size_t size, size_t max, size_t at, size_t gone, as_str piece)
{
    if (size - gone + piece.n > max)
        return size;
    memmove(data + at + piece.n, data + at + gone, size - at - gone);
    if (piece.n > 0)
        memmove(data + at, piece.p, piece.n);
    return size - gone + piece.n;
}

/* A run of whole lines somewhere in the text. */
static as_str some_lines(as_random *random, as_str text)
{
    size_t from = at_most(random, text.n), to;
    while (from > 0 && text.p[from - 1] != '\n')
        from--;
    to = from;
    for (uint32_t n = 1 + as_random_next(random, 4); n > 0 && to < text.n; n--) {
        while (to < text.n && text.p[to] != '\n')
            to++;
        to += to < text.n;
    }
    return as_str_slice(text, from, to);
}

static as_str token(as_random *random)
{
    static const char *const tokens[] = {"0", "-1", "9223372036854775808", "1e999", "\"", "'", "{",
            "}", "[", "]", "(", ")", "${", "%{", "}}", "{{", "\n", "\r\n", "\t", " ", ":", "=", "*",
            "&a ", "*a", "<<: *a", "---\n", "null", "~", "true", "\\u0000", "\\ud800", "\xff\xfe",
            "\xef\xbf\xbf", "\xef\xbb\xbf", "../", "/", "|", "!!binary ", "!!set ", "? ", "- ", ",",
            "#", "//", "/*", "*/", "<<EOF\n", "EOF\n", "[*]", "...", "for", "if"};
    return as_str_from(tokens[as_random_next(random, sizeof tokens / sizeof *tokens)]);
}

static size_t once(as_random *random, char *data, size_t size, size_t max, as_str other)
{
    char piece[4096];
    size_t at = at_most(random, size), rest = size - at;

    switch (as_random_next(random, 8)) {
    case 0:
        if (rest > 0)
            data[at] = (char)(data[at] ^ 1 << as_random_next(random, 8));
        return size;
    case 1:
        if (rest > 0)
            data[at] = (char)as_random_next(random, 256);
        return size;
    case 2: /* something goes */
        return splice(data, size, max, at, at_most(random, rest > 64 ? 64 : rest), AS_STR(""));
    case 3:
        return splice(data, size, max, at, 0, token(random));
    case 4: /* a token in place of what is there */
        return splice(data, size, max, at, at_most(random, rest > 8 ? 8 : rest), token(random));
    case 5: /* the end is missing */
        return as_random_next(random, 4) == 0 ? at : size;
    default: { /* lines of this or of another input */
        as_str lines = some_lines(random, as_random_next(random, 2) ? other : (as_str){data, size});
        lines.n = lines.n > sizeof piece ? sizeof piece : lines.n;
        if (lines.n > 0)
            memcpy(piece, lines.p, lines.n);
        while (at > 0 && data[at - 1] != '\n' && as_random_next(random, 8))
            at--;
        return splice(data, size, max, at, 0, (as_str){piece, lines.n});
    }
    }
}

size_t as_mutate(as_random *random, char *data, size_t size, size_t max, as_str other)
{
    for (uint32_t n = 1 + as_random_next(random, 4); n > 0; n--)
        size = once(random, data, size, max, other);
    return size;
}
