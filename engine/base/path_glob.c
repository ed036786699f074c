#include "engine/base/path_glob.h"

#include "engine/base/utf8.h"

/* One character of a class, quotes undone; false when the class ends too early. */
static bool class_char(as_str pattern, size_t *at, uint32_t *out)
{
    if (*at >= pattern.n || pattern.p[*at] == '-' || pattern.p[*at] == ']') {
        return false;
    }
    if (pattern.p[*at] == '\\' && ++*at >= pattern.n) {
        return false;
    }
    *out = as_utf8_next(pattern, at);
    return *at < pattern.n; /* the bracket is still to come */
}

/* The class after '[' at *at, which moves behind its ']'. False when it is malformed. */
static bool match_class(as_str pattern, size_t *at, uint32_t rune, bool *matches)
{
    bool negated = *at < pattern.n && pattern.p[*at] == '^', found = false;
    *at += negated;
    for (size_t n = 0;; n++) {
        uint32_t low, high;
        if (n > 0 && *at < pattern.n && pattern.p[*at] == ']') {
            ++*at;
            *matches = found != negated;
            return true;
        }
        if (!class_char(pattern, at, &low)) {
            return false;
        }
        high = low;
        if (pattern.p[*at] == '-') {
            ++*at;
            if (!class_char(pattern, at, &high)) {
                return false;
            }
        }
        found |= low <= rune && rune <= high;
    }
}

/* One element of the pattern that is no '*', against one character of the path. */
static bool match_one(as_str pattern, size_t *at, uint32_t rune)
{
    bool matches;
    switch (pattern.p[*at]) {
    case '[':
        ++*at;
        /* A class may match '/', as in Go: only what is written '*' or '?' stops there. */
        return match_class(pattern, at, rune, &matches) && matches;
    case '?':
        ++*at;
        return rune != '/';
    case '\\':
        if (++*at >= pattern.n) {
            return false;
        }
        break;
    default:
        break;
    }
    return as_utf8_next(pattern, at) == rune;
}

bool as_path_glob_match(as_str pattern, as_str path)
{
    size_t p = 0, s = 0;
    /* Where to go on when the latest star has to take one character more. */
    size_t star_p = 0, star_s = 0;
    bool star = false;
    while (s < path.n || p < pattern.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = true;
            star_p = ++p;
            star_s = s;
            continue;
        }
        if (s < path.n && p < pattern.n) {
            size_t next_p = p, next_s = s;
            uint32_t rune = as_utf8_next(path, &next_s);
            if (match_one(pattern, &next_p, rune)) {
                p = next_p;
                s = next_s;
                continue;
            }
        }
        if (!star || star_s >= path.n || path.p[star_s] == '/') {
            return false;
        }
        (void)as_utf8_next(path, &star_s);
        s = star_s;
        p = star_p;
    }
    return true;
}

bool as_path_glob_valid(as_str pattern)
{
    bool matches;
    for (size_t at = 0; at < pattern.n;) {
        char c = pattern.p[at++];
        if (c == '[' && !match_class(pattern, &at, 0, &matches)) {
            return false;
        }
        if (c == '\\' && at++ >= pattern.n) {
            return false;
        }
    }
    return true;
}
