#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "parsers/hcl/doublestar.h"

enum { MAX_STEPS = 20000000 };
static const size_t none = (size_t)-1;

/* The first `c` that no backslash stands before. */
static size_t find_unescaped(as_str s, char c)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == c && (i == 0 || s.p[i - 1] != '\\')) {
            return i;
        }
    }
    return none;
}

/* --- one component ---------------------------------------------------------------------------- */

/* A character of a class, a backslash taken off. */
static bool class_rune(as_str class, size_t *i, uint32_t *out)
{
    if (*i >= class.n) {
        return false;
    }
    *out = as_utf8_next(class, i);
    if (*out == '-') {
        return false;
    }
    if (*out == '\\') {
        if (*i >= class.n) {
            return false;
        }
        *out = as_utf8_next(class, i);
    }
    return true;
}

/* 1: rune is in the class, 0: it is not, -1: malformed. */
static int match_class(as_str class, uint32_t rune)
{
    bool negated = as_str_starts(class, "^"), found = false;
    if (class.n == 0) {
        return -1;
    }
    for (size_t i = negated; i < class.n;) {
        uint32_t low, high;
        if (!class_rune(class, &i, &low)) {
            return -1;
        }
        high = low;
        if (i < class.n && class.p[i] == '-') {
            i++;
            if (!class_rune(class, &i, &high)) {
                return -1;
            }
        }
        found = found || (low <= rune && rune <= high);
    }
    return found != negated;
}

static int match_star(as_arena *arena, as_str rest, as_str name, size_t *steps)
{
    if (rest.n == 0) {
        return 1;
    }
    while (name.n > 0) {
        if (as_doublestar_match(arena, rest, name, steps) == 1) {
            return 1;
        }
        size_t i = 0;
        as_utf8_next(name, &i);
        name = as_str_from_index(name, i);
    }
    return 0;
}

static int match_braces(as_arena *arena, as_str options, as_str rest, as_str name, size_t *steps)
{
    for (bool more = true; more;) {
        size_t comma = find_unescaped(options, ',');
        more = comma != none;
        as_str option = as_str_slice(options, 0, more ? comma : options.n);
        options = more ? as_str_from_index(options, comma + 1) : AS_STR("");
        int m = as_doublestar_match(arena, as_str_join(arena, option, rest), name, steps);
        if (m != 0) {
            return m;
        }
    }
    return 0;
}

int as_doublestar_match(as_arena *arena, as_str pattern, as_str name, size_t *steps)
{
    size_t p = 0, n = 0;
    if (pattern.n == 0 || name.n == 0) {
        return (pattern.n == 0 && name.n == 0) || (pattern.n > 0 && as_str_is(pattern, "*"));
    }
    while (p < pattern.n && n < name.n) {
        if (*steps == 0) {
            return 0;
        }
        --*steps;
        size_t next = n, close;
        uint32_t want = as_utf8_next(pattern, &p), have = as_utf8_next(name, &next);
        as_str rest = as_str_from_index(pattern, p);
        switch (want) {
        case '\\':
            if (rest.n == 0) {
                return -1;
            }
            if (as_utf8_next(pattern, &p) != have) {
                return 0;
            }
            break;
        case '*':
            return match_star(arena, rest, as_str_from_index(name, n), steps);
        case '[':
            close = find_unescaped(rest, ']');
            int in = close == none ? -1 : match_class(as_str_slice(rest, 0, close), have);
            if (in != 1) {
                return in;
            }
            p += close + 1;
            break;
        case '{':
            close = find_unescaped(rest, '}');
            return close == none ? -1
                                 : match_braces(arena, as_str_slice(rest, 0, close),
                                           as_str_from_index(rest, close + 1),
                                           as_str_from_index(name, n), steps);
        default:
            if (want != '?' && want != have) {
                return 0;
            }
        }
        n = next;
    }
    as_str rest = as_str_from_index(pattern, p);
    return (rest.n == 0 && n >= name.n) || (n >= name.n && as_str_is(rest, "*")) ||
           as_str_is(rest, "**");
}

/* --- folders ---------------------------------------------------------------------------------- */

typedef struct glob {
    as_arena *arena;
    as_fs *fs;
    as_str root; /* the folder that results are relative to */
    as_doublestar_matches *out;
    size_t steps;
    bool malformed;
    unsigned depth;
} glob;

static as_str child(glob *g, as_str dir, as_str name)
{
    return dir.n == 0 ? name : as_str_fmt(g->arena, "%.*s/%.*s", AS_STR_ARG(dir), AS_STR_ARG(name));
}

static bool is_below(as_str dir, as_str path)
{
    return dir.n == 0 ||
           (path.n > dir.n && path.p[dir.n] == '/' && as_str_eq(as_str_slice(path, 0, dir.n), dir));
}

/* filepath.Rel: a pattern may climb out of the folder. */
static void found(glob *g, as_str path)
{
    as_str dir = g->root, up = AS_STR("");
    if (as_fs_stat(g->fs, path) != AS_FS_FILE || as_str_eq(path, dir)) {
        return;
    }
    while (!is_below(dir, path)) {
        dir = as_path_dir(dir);
        up = as_str_join(g->arena, up, AS_STR("../"));
    }
    as_str rest = as_str_from_index(path, dir.n + (dir.n > 0));
    AS_VEC_PUSH(g->arena, g->out, up.n ? as_str_join(g->arena, up, rest) : rest);
}

static bool is_literal(as_str component)
{
    for (size_t i = 0; i < component.n; i++) {
        if (as_char_in(component.p[i], "*?[{\\")) {
            return false;
        }
    }
    return true;
}

/* doGlob: literal components are walked, the first pattern is matched against the folder's entries.
 */
static void walk(glob *g, as_str dir, const as_str *components, size_t n)
{
    if (g->steps == 0 || g->depth >= AS_MAX_DEPTH) {
        return;
    }
    size_t i = 0;
    for (; i < n && is_literal(components[i]); i++) {
        if (components[i].n > 0 && !as_path_join(g->arena, dir, components[i], &dir)) {
            return;
        }
    }
    if (i == n) {
        found(g, dir);
        return;
    }
    as_fs_entries entries = {0};
    if (as_fs_list(g->fs, g->arena, dir, &entries) != AS_FS_OK) {
        return;
    }
    bool last = i + 1 >= n;
    g->depth++;
    g->steps -= g->steps < entries.n ? g->steps : entries.n;
    if (as_str_is(components[i], "**")) {
        for (size_t k = 0; k < entries.n; k++) {
            as_str path = child(g, dir, entries.items[k].name);
            if (entries.items[k].kind == AS_FS_DIR) {
                walk(g, path, components + i, n - i);
            } else if (last) {
                found(g, path);
            }
        }
        if (last) {
            g->depth--;
            return;
        }
        i++;
        last = i + 1 >= n;
    }
    for (size_t k = 0; k < entries.n && !g->malformed; k++) {
        int m = as_doublestar_match(g->arena, components[i], entries.items[k].name, &g->steps);
        as_str path = m == 1 ? child(g, dir, entries.items[k].name) : AS_STR_NONE;
        if (m < 0) {
            g->malformed = true;
        } else if (m == 1 && last) {
            found(g, path);
        } else if (m == 1) {
            walk(g, path, components + i + 1, n - i - 1);
        }
    }
    g->depth--;
}

bool as_doublestar_glob(as_arena *arena, as_fs *fs, as_str dir, as_str pattern,
        as_doublestar_matches *out, const char **error)
{
    glob g = {.arena = arena, .fs = fs, .root = dir, .out = out, .steps = MAX_STEPS};
    as_doublestar_matches components = {0};
    for (bool more = true; more;) { /* filepath.Join cleans the pattern too */
        size_t slash = find_unescaped(pattern, '/');
        more = slash != none;
        as_str part = as_str_slice(pattern, 0, more ? slash : pattern.n);
        pattern = more ? as_str_from_index(pattern, slash + 1) : AS_STR("");
        if (as_str_is(part, "..") && components.n > 0) {
            components.n--;
        } else if (part.n > 0 && !as_str_is(part, ".")) {
            AS_VEC_PUSH(arena, &components, part);
        }
    }
    walk(&g, dir, components.items, components.n);
    if (g.malformed || g.steps == 0) {
        *error = g.malformed ? "syntax error in pattern" : "the pattern takes too many steps";
        return false;
    }
    return true;
}
