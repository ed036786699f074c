#include "engine/base/semver.h"

#include "engine/base/buf.h"
#include "engine/base/vec.h"

/* Ceilings of Masterminds/semver 3.5 (MaxVersionLen, MaxConstraintLen, MaxConstraintGroups). */
enum { MAX_VERSION = 256, MAX_CONSTRAINT = 512, MAX_GROUPS = 32 };

static const char *const INVALID = "invalid semantic version";
static const char *const BAD_SEGMENT = "error parsing version segment: value out of range";

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_identifier(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

/* The class [0-9|x|X|\*] of a constraint's version: '|' is in it. */
static bool is_wild(char c)
{
    return is_digit(c) || c == 'x' || c == 'X' || c == '*' || c == '|';
}

/* The pieces of "v1.2.3-pre+meta" as they stand in the text; empty when absent. */
typedef struct parts {
    as_str segment[3];
    as_str pre, metadata;
} parts;

/* Dot-separated identifiers after the mark at *i; *i moves only when there is one. */
static as_str scan_identifiers(as_str s, size_t *i, char mark)
{
    size_t from = *i + 1, at = from;
    if (*i >= s.n || s.p[*i] != mark || at >= s.n || !is_identifier(s.p[at]))
        return AS_STR_NONE;
    for (;;) {
        while (at < s.n && is_identifier(s.p[at]))
            at++;
        if (at + 1 >= s.n || s.p[at] != '.' || !is_identifier(s.p[at + 1]))
            break;
        at++;
    }
    *i = at;
    return as_str_slice(s, from, at);
}

/* Longest version at *i whose segments consist of `in_segment` characters; false when none is. */
static bool scan_parts(as_str s, size_t *i, bool (*in_segment)(char), parts *out)
{
    size_t at = *i;
    *out = (parts){0};
    if (at < s.n && s.p[at] == 'v')
        at++;
    for (int k = 0; k < 3; k++) {
        size_t from = at;
        if (k > 0) {
            if (at >= s.n || s.p[at] != '.')
                break;
            from++;
        }
        size_t to = from;
        while (to < s.n && in_segment(s.p[to]))
            to++;
        if (to == from) {
            if (k == 0)
                return false;
            break;
        }
        out->segment[k] = as_str_slice(s, from, to);
        at = to;
    }
    out->pre = scan_identifiers(s, &at, '-');
    out->metadata = scan_identifiers(s, &at, '+');
    *i = at;
    return true;
}

static bool parse_uint(as_str s, uint64_t *out)
{
    uint64_t v = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit(s.p[i]))
            return false;
        uint64_t d = (uint64_t)(s.p[i] - '0');
        if (v > (UINT64_MAX - d) / 10)
            return false;
        v = v * 10 + d;
    }
    *out = v;
    return true;
}

static bool all_digits(as_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return true;
}

const char *as_semver_parse(as_str text, as_semver *out)
{
    parts p;
    size_t i = 0;
    *out = (as_semver){.original = text};
    if (text.n > MAX_VERSION)
        return "version string is too long (max 256 bytes)";
    if (!scan_parts(text, &i, is_digit, &p) || i != text.n)
        return INVALID;
    if (!parse_uint(p.segment[0], &out->major) || !parse_uint(p.segment[1], &out->minor) ||
            !parse_uint(p.segment[2], &out->patch))
        return BAD_SEGMENT;
    as_str part, rest = p.pre;
    while (as_str_split(&rest, '.', &part))
        if (part.n > 1 && part.p[0] == '0' && all_digits(part))
            return "version segment starts with 0";
    out->pre = p.pre;
    out->metadata = p.metadata;
    return NULL;
}

static int compare_uint(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* One identifier of a prerelease; numbers come before words (semver.org §11). */
static int compare_identifier(as_str a, as_str b)
{
    if (as_str_eq(a, b))
        return 0;
    if (a.n == 0 || b.n == 0)
        return a.n == 0 ? -1 : 1;
    uint64_t x, y;
    bool a_number = parse_uint(a, &x), b_number = parse_uint(b, &y);
    if (a_number && b_number)
        return x > y ? 1 : -1;
    if (a_number || b_number)
        return a_number ? -1 : 1;
    return as_str_cmp(a, b) > 0 ? 1 : -1;
}

static int compare_prerelease(as_str a, as_str b)
{
    for (;;) {
        as_str x = AS_STR_NONE, y = AS_STR_NONE;
        bool more_a = as_str_split(&a, '.', &x), more_b = as_str_split(&b, '.', &y);
        if (!more_a && !more_b)
            return 0;
        int d = compare_identifier(x, y);
        if (d)
            return d;
    }
}

int as_semver_compare(const as_semver *a, const as_semver *b)
{
    int d = compare_uint(a->major, b->major);
    if (!d)
        d = compare_uint(a->minor, b->minor);
    if (!d)
        d = compare_uint(a->patch, b->patch);
    if (d)
        return d;
    if (a->pre.n == 0 || b->pre.n == 0)
        return (a->pre.n == 0) - (b->pre.n == 0);
    return compare_prerelease(a->pre, b->pre);
}

as_str as_semver_text(as_arena *arena, const as_semver *v)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    as_buf_fmt(&buf, "%llu.%llu.%llu", (unsigned long long)v->major, (unsigned long long)v->minor,
            (unsigned long long)v->patch);
    if (v->pre.n)
        as_buf_fmt(&buf, "-%.*s", AS_STR_ARG(v->pre));
    if (v->metadata.n)
        as_buf_fmt(&buf, "+%.*s", AS_STR_ARG(v->metadata));
    return as_buf_view(&buf);
}

/* --- constraints ------------------------------------------------------------------------------ */

typedef struct comparison comparison;
typedef bool (*relation)(const as_semver *v, const comparison *c);

struct comparison {
    relation holds;
    as_semver version;
    bool dirty;       /* some part is x, * or missing */
    bool minor_dirty; /* from the minor on */
    bool patch_dirty; /* the patch alone */
};

static bool not_equal(const as_semver *v, const comparison *c)
{
    if (c->dirty) {
        if (c->version.major != v->major)
            return true;
        if (c->version.minor != v->minor && !c->minor_dirty)
            return true;
        if (c->minor_dirty)
            return false;
        if (c->version.patch != v->patch && !c->patch_dirty)
            return true;
        if (c->patch_dirty)
            return (v->pre.n || c->version.pre.n) &&
                   compare_prerelease(v->pre, c->version.pre) != 0;
    }
    return as_semver_compare(v, &c->version) != 0;
}

static bool greater(const as_semver *v, const comparison *c)
{
    if (!c->dirty)
        return as_semver_compare(v, &c->version) > 0;
    if (v->major != c->version.major)
        return v->major > c->version.major;
    if (c->minor_dirty)
        return false; /* 11.1.0 is not > 11 */
    if (c->patch_dirty)
        return v->minor > c->version.minor;
    return as_semver_compare(v, &c->version) > 0;
}

static bool less(const as_semver *v, const comparison *c)
{
    return as_semver_compare(v, &c->version) < 0;
}

static bool greater_equal(const as_semver *v, const comparison *c)
{
    return as_semver_compare(v, &c->version) >= 0;
}

static bool less_equal(const as_semver *v, const comparison *c)
{
    if (!c->dirty)
        return as_semver_compare(v, &c->version) <= 0;
    if (v->major > c->version.major)
        return false;
    return !(v->major == c->version.major && v->minor > c->version.minor && !c->minor_dirty);
}

/* ~1.2.3 is >=1.2.3 <1.3.0; ~1 is >=1 <2; ~0.0.0 anything from there on. */
static bool tilde(const as_semver *v, const comparison *c)
{
    if (as_semver_compare(v, &c->version) < 0)
        return false;
    if (c->version.major == 0 && c->version.minor == 0 && c->version.patch == 0 &&
            !c->minor_dirty && !c->patch_dirty)
        return true;
    return v->major == c->version.major && (v->minor == c->version.minor || c->minor_dirty);
}

static bool tilde_or_equal(const as_semver *v, const comparison *c)
{
    return c->dirty ? tilde(v, c) : as_semver_compare(v, &c->version) == 0;
}

/* ^1.2.3 is >=1.2.3 <2; ^0.2.3 is >=0.2.3 <0.3; ^0.0.3 is 0.0.3. */
static bool caret(const as_semver *v, const comparison *c)
{
    if (as_semver_compare(v, &c->version) < 0)
        return false;
    if (c->version.major > 0 || c->minor_dirty)
        return v->major == c->version.major;
    if (v->major > 0)
        return false;
    if (c->version.minor > 0 || c->patch_dirty)
        return v->minor == c->version.minor;
    return v->minor == 0 && v->patch == c->version.patch;
}

/* Longest first. */
static const struct operator
{
    const char *text;
    relation holds;
}
OPERATORS[] = {
        {"!=", not_equal},
        {">=", greater_equal},
        {"=>", greater_equal},
        {"<=", less_equal},
        {"=<", less_equal},
        {"~>", tilde},
        {"=", tilde_or_equal},
        {">", greater},
        {"<", less},
        {"~", tilde},
        {"^", caret},
        {"", tilde_or_equal},
};

static bool is_x(as_str s)
{
    return s.n == 0 || (s.n == 1 && !is_digit(s.p[0]) && s.p[0] != '|');
}

/* Fills what is wild or missing with 0 and remembers from where on. */
static bool comparison_from(as_arena *arena, const parts *p, as_str text, comparison *out)
{
    *out = (comparison){0};
    as_str full = text;
    const char *dash = p->pre.n ? "-" : "";
    if (is_x(p->segment[0])) {
        full = as_str_fmt(arena, "0.0.0%s%.*s", dash, AS_STR_ARG(p->pre));
        out->dirty = true;
    } else if (is_x(p->segment[1])) {
        full = as_str_fmt(
                arena, "%.*s.0.0%s%.*s", AS_STR_ARG(p->segment[0]), dash, AS_STR_ARG(p->pre));
        out->dirty = out->minor_dirty = true;
    } else if (is_x(p->segment[2])) {
        full = as_str_fmt(arena, "%.*s.%.*s.0%s%.*s", AS_STR_ARG(p->segment[0]),
                AS_STR_ARG(p->segment[1]), dash, AS_STR_ARG(p->pre));
        out->dirty = out->patch_dirty = true;
    }
    return as_semver_parse(full, &out->version) == NULL;
}

static void skip_space(as_str s, size_t *i)
{
    while (*i < s.n && is_space(s.p[*i]))
        (*i)++;
}

typedef AS_VEC(comparison) group; /* all must hold */

/* One OR branch: comparisons separated by blanks or a comma. NULL or what is wrong. */
static const char *parse_group(as_arena *arena, as_str s, group *out)
{
    size_t i = 0;
    out->n = 0;
    for (;;) {
        skip_space(s, &i);
        as_str rest = as_str_from_index(s, i);
        const struct operator* op = OPERATORS;
        while (!as_str_starts(rest, op->text))
            op++;
        i += strlen(op->text);
        skip_space(s, &i);
        parts p;
        comparison c;
        size_t from = i;
        if (!scan_parts(s, &i, is_wild, &p))
            return "improper constraint";
        if (!comparison_from(arena, &p, as_str_slice(s, from, i), &c))
            return "constraint parser error";
        c.holds = op->holds;
        AS_VEC_PUSH(arena, out, c);
        size_t end = i;
        skip_space(s, &i);
        if (i == s.n)
            return NULL;
        if (s.p[i] == ',')
            i++;
        else if (i == end)
            return "improper constraint";
    }
}

/* "1.2 - 1.4.5" becomes ">= 1.2, <= 1.4.5 ". */
static as_str rewrite_ranges(as_arena *arena, as_str s)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < s.n;) {
        size_t at = i;
        parts p;
        skip_space(s, &at);
        size_t low = at;
        if (scan_parts(s, &at, is_wild, &p) && at < s.n && is_space(s.p[at])) {
            size_t low_end = at;
            skip_space(s, &at);
            if (at + 1 < s.n && s.p[at] == '-' && is_space(s.p[at + 1])) {
                at++;
                skip_space(s, &at);
                size_t high = at;
                if (scan_parts(s, &at, is_wild, &p)) {
                    as_str high_text = as_str_slice(s, high, at);
                    skip_space(s, &at);
                    as_buf_fmt(&buf, ">= %.*s, <= %.*s ", (int)(low_end - low), s.p + low,
                            AS_STR_ARG(high_text));
                    i = at;
                    continue;
                }
            }
        }
        as_buf_char(&buf, s.p[i++]);
    }
    return as_buf_view(&buf);
}

static bool group_holds(const group *g, const as_semver *v)
{
    bool with_pre = false;
    for (size_t i = 0; i < g->n; i++)
        with_pre |= g->items[i].version.pre.n > 0;
    /* A prerelease is in a range only when the range speaks of one. */
    if (v->pre.n && !with_pre)
        return false;
    for (size_t i = 0; i < g->n; i++)
        if (!g->items[i].holds(v, &g->items[i]))
            return false;
    return true;
}

bool as_semver_satisfies(
        as_arena *arena, as_str constraint, const as_semver *v, bool *satisfied, as_str *error)
{
    *satisfied = false;
    if (constraint.n > MAX_CONSTRAINT) {
        *error = AS_STR("constraint string is too long (max 512 bytes)");
        return false;
    }
    as_str rest = rewrite_ranges(arena, constraint);
    group g = {0};
    for (size_t n = 1;; n++) {
        if (n > MAX_GROUPS) {
            *error = AS_STR("too many constraint groups (max 32)");
            return false;
        }
        size_t bar = as_str_find(rest, AS_STR("||"));
        as_str part = as_str_slice(rest, 0, bar);
        const char *problem = parse_group(arena, part, &g);
        if (problem) {
            *error = as_str_is(as_str_from(problem), "improper constraint")
                             ? as_str_fmt(arena, "improper constraint: \"%.*s\"", AS_STR_ARG(part))
                             : as_str_from(problem);
            return false;
        }
        *satisfied |= group_holds(&g, v);
        if (bar == (size_t)-1)
            return true;
        rest = as_str_from_index(rest, bar + 2);
    }
}
