#include "engine/base/glob.h"

bool as_glob_match(as_str pattern, as_str text)
{
    /* Backing up to the latest star only is enough: an earlier one could not match more. */
    size_t t = 0, p = 0, star = (size_t)-1, mark = 0;
    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            mark = t;
            if (p == pattern.n) {
                return true;
            }
        } else if (p < pattern.n && (pattern.p[p] == '?' || pattern.p[p] == text.p[t])) {
            p++;
            t++;
        } else if (star != (size_t)-1) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*') {
        p++;
    }
    return p == pattern.n;
}
