/* From RE2's syntax to PCRE2's (see regex.h): one pass over the pattern, in the order and with the
 * errors of Go's regexp/syntax parser. Literals come out escaped, so that nothing of the input can
 * mean more to PCRE2 than it does to RE2. */
#include "engine/base/limits.h"
#include "engine/base/regex.h"
#include "engine/base/utf8.h"
#include "engine/base/vec.h"

enum { FOLD = 1u << 0, MULTI_LINE = 1u << 1, DOT_NL = 1u << 2, UNGREEDY = 1u << 3 };
#define MAX_NESTING 1000 /* regexp/syntax maxHeight */
#define MAX_REPEAT 1000

typedef struct paren {
    unsigned flags; /* to return to at the closing one */
} paren;

typedef struct translator {
    as_str s;  /* the pattern */
    size_t at; /* in it */
    as_buf *out;
    as_regex_names *names;
    as_regex_error *error;
    unsigned flags;
    bool has_atom;      /* something stands here that can be repeated */
    size_t last_repeat; /* where the quantifier began that has just been read, or none */
    AS_VEC(paren) parens;
} translator;

static const size_t none = (size_t)-1;

static bool fail(translator *t, const char *code, size_t from, size_t to)
{
    *t->error = (as_regex_error){code, as_str_slice(t->s, from, to)};
    return false;
}

static int peek(const translator *t, size_t ahead)
{
    return t->at + ahead < t->s.n ? (unsigned char)t->s.p[t->at + ahead] : -1;
}

static bool is_alnum(int c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void put_rune(translator *t, uint32_t rune)
{
    if (rune < 0x80 && is_alnum((int)rune)) {
        as_buf_char(t->out, (char)rune);
    } else {
        as_buf_fmt(t->out, "\\x{%x}", (unsigned)rune);
    }
}

static void put_atom(translator *t, const char *text)
{
    as_buf_cstr(t->out, text);
    t->has_atom = true;
}

/* An assertion, which PCRE2 does not let be repeated, in a group, which it does. */
static void put_assertion(translator *t, const char *text)
{
    as_buf_cstr(t->out, "(?:");
    as_buf_cstr(t->out, text);
    as_buf_char(t->out, ')');
    t->has_atom = true;
}

/* --- escapes -------------------------------------------------------------------------------------- */

static int hex_digit(int c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* \x7F and \x{10FFFF}; t->at is behind the x. */
static bool hex_escape(translator *t, size_t begin, uint32_t *rune)
{
    uint32_t r = 0;
    if (peek(t, 0) == '{') {
        size_t digits = 0;
        t->at++;
        for (;; t->at++, digits++) {
            int c = peek(t, 0);
            if (c == '}' && digits > 0) {
                t->at++;
                *rune = r;
                return true;
            }
            int value = hex_digit(c);
            r = value < 0 ? r : r * 16 + (uint32_t)value;
            if (value < 0 || r > 0x10FFFF) {
                t->at += c >= 0;
                return fail(t, "invalid escape sequence", begin, t->at);
            }
        }
    }
    int high = hex_digit(peek(t, 0)), low = hex_digit(peek(t, 1));
    if (high < 0 || low < 0) {
        return fail(t, "invalid escape sequence", begin, begin + 4);
    }
    t->at += 2;
    *rune = (uint32_t)(high * 16 + low);
    return true;
}

/* One character written with a backslash; t->at is on the backslash. */
static bool escaped_rune(translator *t, uint32_t *rune)
{
    static const char names[] = "afnrtv", values[] = "\a\f\n\r\t\v";
    size_t begin = t->at++;
    if (t->at >= t->s.n) {
        return fail(t, "trailing backslash at end of expression", begin + 1, begin + 1);
    }
    uint32_t c = as_utf8_next(t->s, &t->at);
    const char *named = c < 0x80 && c != 0 ? strchr(names, (int)c) : NULL;
    if (named) {
        *rune = (uint32_t)values[named - names];
        return true;
    }
    if (c == 'x') {
        return hex_escape(t, begin, rune);
    }
    bool octal_follows = peek(t, 0) >= '0' && peek(t, 0) <= '7';
    if (c == '0' || (c >= '1' && c <= '7' && octal_follows)) {
        *rune = c - '0'; /* a lone \1 would be a backreference */
        for (int i = 1; i < 3 && peek(t, 0) >= '0' && peek(t, 0) <= '7'; i++, t->at++) {
            *rune = *rune * 8 + (uint32_t)(peek(t, 0) - '0');
        }
        return true;
    }
    if (c < 0x80 && !is_alnum((int)c)) {
        *rune = c;
        return true;
    }
    return fail(t, "invalid escape sequence", begin, t->at);
}

/* --- classes -------------------------------------------------------------------------------------- */

/* \d \s \w and their opposites: ASCII only, and \s without the vertical tab. `inside` a class,
 * opposites are spelled out. */
static bool perl_class(translator *t, bool inside)
{
    static const struct {
        char name;
        const char *alone, *inside;
    } classes[] = {
            {'d', "[0-9]", "0-9"},
            {'D', "[^0-9]", "\\x{0}-\\x{2f}\\x{3a}-\\x{10ffff}"},
            {'s', "[\\t\\n\\f\\r\\x20]", "\\t\\n\\f\\r\\x20"},
            {'S', "[^\\t\\n\\f\\r\\x20]", "\\x{0}-\\x{8}\\x{b}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}"},
            {'w', "[0-9A-Za-z_]", "0-9A-Za-z_"},
            {'W', "[^0-9A-Za-z_]",
                    "\\x{0}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-\\x{10ffff}"},
    };
    if (peek(t, 0) != '\\') {
        return false;
    }
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (peek(t, 1) == classes[i].name) {
            as_buf_cstr(t->out, inside ? classes[i].inside : classes[i].alone);
            t->at += 2;
            return true;
        }
    }
    return false;
}

/* Long names of general categories (Unicode PropertyValueAliases), without separators, in lower
 * case. */
static const struct {
    const char *name, *category;
} categories[] = {
        {"casedletter", "L&"},
        {"lc", "L&"},
        {"closepunctuation", "Pe"},
        {"connectorpunctuation", "Pc"},
        {"control", "Cc"},
        {"cntrl", "Cc"},
        {"currencysymbol", "Sc"},
        {"dashpunctuation", "Pd"},
        {"decimalnumber", "Nd"},
        {"digit", "Nd"},
        {"enclosingmark", "Me"},
        {"finalpunctuation", "Pf"},
        {"format", "Cf"},
        {"initialpunctuation", "Pi"},
        {"letter", "L"},
        {"letternumber", "Nl"},
        {"lineseparator", "Zl"},
        {"lowercaseletter", "Ll"},
        {"mark", "M"},
        {"combiningmark", "M"},
        {"mathsymbol", "Sm"},
        {"modifierletter", "Lm"},
        {"modifiersymbol", "Sk"},
        {"nonspacingmark", "Mn"},
        {"number", "N"},
        {"openpunctuation", "Ps"},
        {"other", "C"},
        {"otherletter", "Lo"},
        {"othernumber", "No"},
        {"otherpunctuation", "Po"},
        {"othersymbol", "So"},
        {"paragraphseparator", "Zp"},
        {"privateuse", "Co"},
        {"punctuation", "P"},
        {"punct", "P"},
        {"separator", "Z"},
        {"spaceseparator", "Zs"},
        {"spacingmark", "Mc"},
        {"surrogate", "Cs"},
        {"symbol", "S"},
        {"titlecaseletter", "Lt"},
        {"unassigned", "Cn"},
        {"uppercaseletter", "Lu"},
};

static void put_property(translator *t, bool negated, const char *name)
{
    as_buf_fmt(t->out, "\\%c{%s}", negated ? 'P' : 'p', name);
}

/* \pN, \p{Greek}, \P{^Lu}, …; t->at is on the backslash. False with the error set, or without one
 * when this is no Unicode class. */
static bool unicode_class(translator *t)
{
    if (peek(t, 0) != '\\' || (peek(t, 1) != 'p' && peek(t, 1) != 'P')) {
        return false;
    }
    size_t begin = t->at;
    bool negated = peek(t, 1) == 'P';
    t->at += 2;
    as_str name;
    if (peek(t, 0) == '{') {
        size_t close = as_str_find_char(as_str_from_index(t->s, t->at), '}');
        if (close == none) {
            return fail(t, "invalid character class range", begin, t->s.n);
        }
        name = as_str_slice(t->s, t->at + 1, t->at + close);
        t->at += close + 1;
    } else {
        size_t from = t->at;
        if (t->at < t->s.n) {
            as_utf8_next(t->s, &t->at);
        }
        name = as_str_slice(t->s, from, t->at);
    }
    if (as_str_starts(name, "^")) {
        negated = !negated;
        name = as_str_from_index(name, 1);
    }
    char key[40];
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c == '_' || c == '-' || c == ' ') {
            continue;
        }
        if (!is_alnum((unsigned char)c) || n + 1 >= sizeof key) {
            return fail(t, "invalid character class range", begin, t->at);
        }
        key[n++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    key[n] = 0;
    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++) {
        if (strcmp(key, categories[i].name) == 0) {
            put_property(t, negated, categories[i].category);
            return true;
        }
    }
    if (strcmp(key, "any") == 0) {
        put_property(t, negated, "Any");
    } else if (strcmp(key, "assigned") == 0) {
        put_property(t, !negated, "Cn");
    } else if (strcmp(key, "ascii") == 0) {
        as_buf_cstr(t->out, negated ? "\\x{80}-\\x{10ffff}" : "\\x{0}-\\x{7f}");
    } else if (n <= 2) {
        key[0] = (char)(n > 0 && key[0] >= 'a' && key[0] <= 'z' ? key[0] - 'a' + 'A' : key[0]);
        if (n == 0 || !as_char_in(key[0], "CLMNPSZ")) {
            return fail(t, "invalid character class range", begin, t->at);
        }
        put_property(t, negated, key);
    } else { /* the script itself, not its extensions, which are PCRE2's default */
        as_buf_fmt(t->out, "\\%c{sc:%s}", negated ? 'P' : 'p', key);
    }
    return true;
}

/* [:alpha:] inside a class. As unicode_class. */
static bool posix_class(translator *t)
{
    static const struct {
        const char *name, *ranges, *opposite;
    } classes[] = {
            {"alnum", "0-9A-Za-z",
                    "\\x{0}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{60}\\x{7b}-\\x{10ffff}"},
            {"alpha", "A-Za-z", "\\x{0}-\\x{40}\\x{5b}-\\x{60}\\x{7b}-\\x{10ffff}"},
            {"ascii", "\\x{0}-\\x{7f}", "\\x{80}-\\x{10ffff}"},
            {"blank", "\\x{9}\\x{20}", "\\x{0}-\\x{8}\\x{a}-\\x{1f}\\x{21}-\\x{10ffff}"},
            {"cntrl", "\\x{0}-\\x{1f}\\x{7f}", "\\x{20}-\\x{7e}\\x{80}-\\x{10ffff}"},
            {"digit", "0-9", "\\x{0}-\\x{2f}\\x{3a}-\\x{10ffff}"},
            {"graph", "\\x{21}-\\x{7e}", "\\x{0}-\\x{20}\\x{7f}-\\x{10ffff}"},
            {"lower", "a-z", "\\x{0}-\\x{60}\\x{7b}-\\x{10ffff}"},
            {"print", "\\x{20}-\\x{7e}", "\\x{0}-\\x{1f}\\x{7f}-\\x{10ffff}"},
            {"punct", "\\x{21}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{60}\\x{7b}-\\x{7e}",
                    "\\x{0}-\\x{20}0-9A-Za-z\\x{7f}-\\x{10ffff}"},
            {"space", "\\x{9}-\\x{d}\\x{20}", "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}"},
            {"upper", "A-Z", "\\x{0}-\\x{40}\\x{5b}-\\x{10ffff}"},
            {"word", "0-9A-Za-z_",
                    "\\x{0}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-\\x{10ffff}"},
            {"xdigit", "0-9A-Fa-f", "\\x{0}-\\x{2f}\\x{3a}-\\x{40}G-\\x{60}g-\\x{10ffff}"},
    };
    if (peek(t, 0) != '[' || peek(t, 1) != ':') {
        return false;
    }
    as_str rest = as_str_from_index(t->s, t->at + 2);
    size_t close = as_str_find(rest, AS_STR(":]"));
    if (close == none) {
        return false; /* an ordinary '[' */
    }
    as_str name = as_str_slice(rest, 0, close);
    bool negated = as_str_starts(name, "^");
    name = as_str_from_index(name, negated);
    size_t begin = t->at;
    t->at += close + 4;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (as_str_is(name, classes[i].name)) {
            as_buf_cstr(t->out, negated ? classes[i].opposite : classes[i].ranges);
            return true;
        }
    }
    return fail(t, "invalid character class range", begin, t->at);
}

static bool class_rune(translator *t, size_t begin, uint32_t *rune)
{
    if (t->at >= t->s.n) {
        return fail(t, "missing closing ]", begin, t->s.n);
    }
    if (peek(t, 0) == '\\') {
        return escaped_rune(t, rune);
    }
    *rune = as_utf8_next(t->s, &t->at);
    return true;
}

static bool bracket_class(translator *t)
{
    size_t begin = t->at++;
    as_buf_char(t->out, '[');
    if (peek(t, 0) == '^') {
        as_buf_char(t->out, '^');
        t->at++;
    }
    for (bool first = true; first || peek(t, 0) != ']'; first = false) {
        if (posix_class(t) || (!t->error->code && unicode_class(t)) ||
                (!t->error->code && perl_class(t, true))) {
            continue;
        }
        if (t->error->code) {
            return false;
        }
        size_t from = t->at;
        uint32_t low, high;
        if (!class_rune(t, begin, &low)) {
            return false;
        }
        put_rune(t, low);
        if (peek(t, 0) == '-' && peek(t, 1) >= 0 && peek(t, 1) != ']') {
            t->at++;
            if (!class_rune(t, begin, &high)) {
                return false;
            }
            if (high < low) {
                return fail(t, "invalid character class range", from, t->at);
            }
            as_buf_char(t->out, '-');
            put_rune(t, high);
        }
    }
    t->at++;
    put_atom(t, "]");
    return true;
}

/* --- repetition ------------------------------------------------------------------------------------- */

/* Decimal digits without a leading zero; -1 when too big. */
static bool repeat_number(const translator *t, size_t *at, int *out)
{
    size_t i = *at;
    if (i >= t->s.n || t->s.p[i] < '0' || t->s.p[i] > '9') {
        return false;
    }
    if (t->s.p[i] == '0' && i + 1 < t->s.n && t->s.p[i + 1] >= '0' && t->s.p[i + 1] <= '9') {
        return false;
    }
    *out = 0;
    for (; i < t->s.n && t->s.p[i] >= '0' && t->s.p[i] <= '9'; i++) {
        *out = *out < 0 || *out > MAX_REPEAT ? -1 : *out * 10 + (t->s.p[i] - '0');
    }
    *at = i;
    return true;
}

/* {2}, {2,} or {2,5} at t->at: the offset behind it, or none when the brace is a literal. */
static size_t braces(const translator *t, int *min, int *max)
{
    size_t at = t->at + 1;
    if (!repeat_number(t, &at, min)) {
        return none;
    }
    *max = *min;
    if (at < t->s.n && t->s.p[at] == ',') {
        at++;
        *max = MAX_REPEAT;
        if ((at >= t->s.n || t->s.p[at] != '}') && !repeat_number(t, &at, max)) {
            return none;
        }
    }
    return at < t->s.n && t->s.p[at] == '}' ? at + 1 : none;
}

static bool quantifier(translator *t, size_t end)
{
    size_t begin = t->at, previous = t->last_repeat;
    t->at = end;
    if (peek(t, 0) == '?') {
        t->at++;
    }
    if (previous != none) {
        return fail(t, "invalid nested repetition operator", previous, t->at);
    }
    if (!t->has_atom) {
        return fail(t, "missing argument to repetition operator", begin, t->at);
    }
    as_buf_str(t->out, as_str_slice(t->s, begin, t->at));
    t->last_repeat = begin;
    return true;
}

static bool repeat(translator *t)
{
    if (peek(t, 0) != '{') {
        return quantifier(t, t->at + 1);
    }
    int min, max;
    size_t end = braces(t, &min, &max);
    if (end == none) {
        as_buf_cstr(t->out, "\\{");
        t->has_atom = true;
        t->at++;
        return true;
    }
    if (min < 0 || min > MAX_REPEAT || max < 0 || max > MAX_REPEAT || min > max) {
        return fail(t, "invalid repeat count", t->at, end);
    }
    return quantifier(t, end);
}

/* --- groups --------------------------------------------------------------------------------------- */

static bool open_group(translator *t, const char *text)
{
    if (t->parens.n >= MAX_NESTING) {
        return fail(t, "expression nests too deeply", 0, t->s.n);
    }
    AS_VEC_PUSH(t->out->arena, &t->parens, (paren){t->flags});
    as_buf_cstr(t->out, text);
    t->has_atom = false;
    return true;
}

static bool capture(translator *t, as_str name)
{
    AS_VEC_PUSH(t->names->arena, t->names, name);
    return open_group(t, "(");
}

static bool named_group(translator *t, size_t name_at)
{
    size_t close = as_str_find_char(as_str_from_index(t->s, name_at), '>');
    if (close == none) {
        return fail(t, "invalid named capture", t->at, t->s.n);
    }
    as_str name = as_str_slice(t->s, name_at, name_at + close);
    bool valid = name.n > 0;
    for (size_t i = 0; i < name.n; i++) {
        valid = valid && (is_alnum((unsigned char)name.p[i]) || name.p[i] == '_');
    }
    if (!valid) {
        return fail(t, "invalid named capture", t->at, name_at + close + 1);
    }
    t->at = name_at + close + 1;
    return capture(t, name);
}

/* (?flags) and (?flags:; t->at is on the parenthesis. */
static bool perl_group(translator *t)
{
    static const char letters[] = "imsU";
    static const unsigned bits[] = {FOLD, MULTI_LINE, DOT_NL, UNGREEDY};
    if (peek(t, 2) == '<' && peek(t, 3) >= 0) {
        return named_group(t, t->at + 3);
    }
    if (peek(t, 2) == 'P' && peek(t, 3) == '<' && peek(t, 4) >= 0) {
        return named_group(t, t->at + 4);
    }
    size_t begin = t->at;
    unsigned flags = t->flags;
    bool negative = false, saw_flag = false;
    for (t->at += 2; t->at < t->s.n;) {
        uint32_t c = as_utf8_next(t->s, &t->at);
        const char *letter = c < 0x80 && c != 0 ? strchr(letters, (int)c) : NULL;
        if (letter) {
            unsigned bit = bits[letter - letters];
            flags = negative ? flags & ~bit : flags | bit;
            saw_flag = true;
        } else if (c == '-' && !negative) {
            negative = true;
            saw_flag = false;
        } else if ((c == ':' || c == ')') && (!negative || saw_flag)) {
            if (c == ':' && !open_group(t, "(?:")) {
                return false;
            }
            bool had_atom = t->has_atom;
            as_buf_fmt(t->out, "(?%s%s-", flags & FOLD ? "i" : "", flags & UNGREEDY ? "U" : "");
            as_buf_fmt(t->out, "%s%s)", flags & FOLD ? "" : "i", flags & UNGREEDY ? "" : "U");
            t->has_atom = had_atom;
            t->flags = flags;
            return true;
        } else {
            break;
        }
    }
    return fail(t, "invalid or unsupported Perl syntax", begin, t->at);
}

static bool close_group(translator *t)
{
    if (t->parens.n == 0) {
        return fail(t, "unexpected )", 0, t->s.n);
    }
    t->flags = t->parens.items[--t->parens.n].flags;
    t->at++;
    put_atom(t, ")");
    return true;
}

/* --- the whole -------------------------------------------------------------------------------------- */

static bool backslash(translator *t)
{
    switch (peek(t, 1)) {
    case 'A':
    case 'b':
    case 'B':
    case 'z':
        put_assertion(t, (char[]){'\\', (char)peek(t, 1), 0});
        t->at += 2;
        return true;
    case 'C':
        return fail(t, "invalid escape sequence", t->at, t->at + 2);
    case 'Q': {
        as_str rest = as_str_from_index(t->s, t->at + 2);
        size_t end = as_str_find(rest, AS_STR("\\E"));
        as_str literal = end == none ? rest : as_str_slice(rest, 0, end);
        for (size_t i = 0; i < literal.n;) {
            put_rune(t, as_utf8_next(literal, &i));
            t->has_atom = true;
        }
        t->at += 2 + literal.n + (end == none ? 0 : 2);
        return true;
    }
    default:
        break;
    }
    size_t begin = t->out->n;
    as_buf_char(t->out, '[');
    if (unicode_class(t)) {
        put_atom(t, "]");
        return true;
    }
    if (t->error->code) {
        return false;
    }
    t->out->n = begin;
    if (perl_class(t, false)) {
        t->has_atom = true;
        return true;
    }
    uint32_t rune;
    if (!escaped_rune(t, &rune)) {
        return false;
    }
    put_rune(t, rune);
    t->has_atom = true;
    return true;
}

static bool one(translator *t)
{
    size_t repeat_before = t->last_repeat;
    t->last_repeat = none;
    switch (peek(t, 0)) {
    case '(':
        if (peek(t, 1) == '?') {
            return perl_group(t);
        }
        t->at++;
        return capture(t, AS_STR(""));
    case ')':
        return close_group(t);
    case '|':
        as_buf_char(t->out, '|');
        t->has_atom = false;
        t->at++;
        return true;
    case '^':
        put_assertion(t, t->flags & MULTI_LINE ? "(?<=\\n)|\\A" : "\\A");
        t->at++;
        return true;
    case '$':
        put_assertion(t, t->flags & MULTI_LINE ? "(?=\\n)|\\z" : "\\z");
        t->at++;
        return true;
    case '.':
        put_atom(t, t->flags & DOT_NL ? "[\\x{0}-\\x{10ffff}]" : "[^\\n]");
        t->at++;
        return true;
    case '[':
        return bracket_class(t);
    case '*':
    case '+':
    case '?':
    case '{':
        t->last_repeat = repeat_before;
        size_t had = t->at;
        bool ok = repeat(t);
        if (ok && t->last_repeat == repeat_before && t->last_repeat != had) {
            t->last_repeat = none; /* the brace was a literal */
        }
        return ok;
    case '\\':
        return backslash(t);
    default:
        put_rune(t, as_utf8_next(t->s, &t->at));
        t->has_atom = true;
        return true;
    }
}

bool as_regex_translate(as_str pattern, as_buf *out, as_regex_names *names, as_regex_error *error)
{
    translator t = {.s = pattern, .out = out, .names = names, .error = error, .last_repeat = none};
    *error = (as_regex_error){0};
    if (!as_utf8_valid(pattern)) {
        return fail(&t, "invalid UTF-8", 0, pattern.n);
    }
    AS_VEC_PUSH(names->arena, names, AS_STR_NONE);
    while (t.at < pattern.n) {
        if (!one(&t)) {
            return false;
        }
    }
    return t.parens.n == 0 || fail(&t, "missing closing )", 0, pattern.n);
}
