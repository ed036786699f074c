/* gitignore(5) and wildmatch. */
#include "parsers/detect/ignore.h"

/* --- globs ------------------------------------------------------------------------------------ */

static bool class_is(as_str name, unsigned char c)
{
    static const struct {
        const char *name;
        const char *ranges; /* pairs of bounds */
    } classes[] = {
            {"alnum", "09AZaz"},
            {"alpha", "AZaz"},
            {"blank", "  \t\t"},
            {"cntrl", "\001\037\177\177"},
            {"digit", "09"},
            {"graph", "!~"},
            {"lower", "az"},
            {"print", " ~"},
            {"punct", "!/:@[`{~"},
            {"space", "\t\r  "},
            {"upper", "AZ"},
            {"xdigit", "09AFaf"},
    };

    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (as_str_is(name, classes[i].name))
            for (const char *r = classes[i].ranges; *r; r += 2)
                if (c >= (unsigned char)r[0] && c <= (unsigned char)r[1])
                    return true;
    return false;
}

/* One byte of a bracket expression, a backslash undone. */
static unsigned char bracket_byte(as_str p, size_t *at)
{
    if (p.p[*at] == '\\' && *at + 1 < p.n)
        (*at)++;
    return (unsigned char)p.p[(*at)++];
}

/* p.p[*at] is behind "[". False also when there is no closing bracket; then *valid is false. */
static bool match_bracket(as_str p, size_t *at, unsigned char c, bool *valid)
{
    bool negated = *at < p.n && (p.p[*at] == '!' || p.p[*at] == '^'), found = false, first = true;

    *at += negated;
    for (; *at < p.n && (first || p.p[*at] != ']'); first = false) {
        as_str rest = as_str_from_index(p, *at);
        size_t close = as_str_starts(rest, "[:") ? as_str_find(rest, AS_STR(":]")) : (size_t)-1;
        if (close != (size_t)-1) {
            found = found || class_is(as_str_slice(rest, 2, close), c);
            *at += close + 2;
            continue;
        }
        unsigned char low = bracket_byte(p, at), high = low;
        if (*at + 1 < p.n && p.p[*at] == '-' && p.p[*at + 1] != ']') {
            (*at)++;
            high = bracket_byte(p, at);
        }
        found = found || (c >= low && c <= high);
    }
    *valid = *at < p.n;
    (*at)++;
    return *valid && found != negated && c != '/';
}

/* Whether the single-character item at p.p[*at] matches c; *at moves behind it. */
static bool match_one(as_str p, size_t *at, char c)
{
    bool valid;

    switch (p.p[*at]) {
    case '?':
        (*at)++;
        return c != '/';
    case '[':
        (*at)++;
        return match_bracket(p, at, (unsigned char)c, &valid);
    case '\\':
        if (*at + 1 < p.n)
            (*at)++;
        break;
    default:
        break;
    }
    return p.p[(*at)++] == c;
}

/* "**" with a slash or the end on each side, at p.p[at]. */
static bool is_globstar(as_str p, size_t at)
{
    return at + 1 < p.n && p.p[at] == '*' && p.p[at + 1] == '*' &&
           (at == 0 || p.p[at - 1] == '/') && (at + 2 == p.n || p.p[at + 2] == '/');
}

/* Two places to come back to: the latest star within a segment, and the latest globstar. Earlier
 * ones need no second try, so this takes time in the product of the lengths at worst squared. */
bool as_ignore_glob(as_str pattern, as_str path)
{
    size_t p = 0, t = 0, none = (size_t)-1;
    size_t star_p = none, star_t = 0, deep_p = none, deep_t = 0;

    for (;;) {
        if (is_globstar(pattern, p)) {
            if (p + 2 == pattern.n) /* a trailing one wants something below */
                return t < path.n;
            p += 3;
            deep_p = p;
            deep_t = t;
            star_p = none;
            continue;
        }
        if (p < pattern.n && pattern.p[p] == '*') {
            while (p < pattern.n && pattern.p[p] == '*')
                p++;
            star_p = p;
            star_t = t;
            continue;
        }
        if (p == pattern.n && t == path.n)
            return true;
        size_t next = p;
        if (p < pattern.n && t < path.n && match_one(pattern, &next, path.p[t])) {
            p = next;
            t++;
            continue;
        }
        if (star_p != none && star_t < path.n && path.p[star_t] != '/') {
            t = ++star_t;
            p = star_p;
            continue;
        }
        if (deep_p == none)
            return false;
        while (deep_t < path.n && path.p[deep_t] != '/')
            deep_t++;
        if (deep_t == path.n)
            return false;
        t = ++deep_t;
        p = deep_p;
        star_p = none;
    }
}

/* --- ignore files ----------------------------------------------------------------------------- */

/* Trailing blanks do not count unless a backslash stands before them. */
static as_str without_trailing_blanks(as_str line)
{
    while (line.n && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t')) {
        if (line.n > 1 && line.p[line.n - 2] == '\\')
            break;
        line.n--;
    }
    return line;
}

static void add_line(as_ignore *ignore, as_str dir, as_str line)
{
    as_ignore_rule rule = {.dir = dir};

    if (as_str_ends(line, "\r"))
        line.n--;
    line = without_trailing_blanks(line);
    if (!line.n || line.p[0] == '#')
        return;
    rule.negated = line.p[0] == '!';
    line = as_str_from_index(line, rule.negated);
    rule.only_dirs = line.n && line.p[line.n - 1] == '/';
    line.n -= rule.only_dirs;
    if (!line.n)
        return;
    rule.anchored = as_str_find_char(line, '/') != (size_t)-1;
    rule.pattern = as_str_from_index(line, line.p[0] == '/');
    rule.literal = true;
    for (size_t i = 0; i < rule.pattern.n; i++)
        if (as_char_in(rule.pattern.p[i], "*?[\\"))
            rule.literal = false;
    AS_VEC_PUSH(ignore->arena, &ignore->rules, rule);
}

void as_ignore_add(as_ignore *ignore, as_str dir, as_str text)
{
    as_str line;

    if (as_str_starts(text, "\xEF\xBB\xBF"))
        text = as_str_from_index(text, 3);
    while (as_str_split(&text, '\n', &line))
        add_line(ignore, dir, line);
}

static bool rule_matches(const as_ignore_rule *rule, as_str path, bool is_dir)
{
    as_str subject = path;

    if (rule->only_dirs && !is_dir)
        return false;
    if (rule->dir.n) {
        if (path.n <= rule->dir.n || path.p[rule->dir.n] != '/' ||
                memcmp(path.p, rule->dir.p, rule->dir.n) != 0)
            return false;
        subject = as_str_from_index(path, rule->dir.n + 1);
    }
    if (!rule->anchored) {
        size_t slash = as_str_rfind_char(subject, '/');
        subject = slash == (size_t)-1 ? subject : as_str_from_index(subject, slash + 1);
    }
    return rule->literal ? as_str_eq(rule->pattern, subject)
                         : as_ignore_glob(rule->pattern, subject);
}

bool as_ignore_match(const as_ignore *ignore, as_str path, bool is_dir)
{
    for (size_t i = ignore->rules.n; i-- > 0;)
        if (rule_matches(&ignore->rules.items[i], path, is_dir))
            return !ignore->rules.items[i].negated;
    return false;
}
