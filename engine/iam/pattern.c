#include "engine/iam/pattern.h"

#include "engine/base/buf.h"

enum { HOLE_BYTES = 3, ACCOUNT_DIGITS = 12, ACCOUNT_PART = 4 };

/* One element of a pattern or text. */
typedef enum atom_type {
    ATOM_CHAR,
    ATOM_ANY,  /* '?' */
    ATOM_STAR, /* '*', or a piece that may be anything */
    ATOM_MARK, /* a piece that equals only itself */
    ATOM_VOID, /* matches nothing: a hole where certainty is asked for */
} atom_type;

typedef struct atom {
    atom_type type;
    as_str bytes; /* of the element */
} atom;

/* How unknown pieces are read. */
typedef enum reading {
    READ_CERTAIN,  /* marks equal themselves; holes of the pattern match nothing */
    READ_FILLED,   /* holes are the caller's to fill; marks equal themselves */
    READ_POSSIBLE, /* holes and marks may be anything */
} reading;

static bool is_three(as_str s, size_t i, const char *bytes)
{
    return s.n - i >= HOLE_BYTES && memcmp(s.p + i, bytes, HOLE_BYTES) == 0;
}

static size_t mark_length(as_str s, size_t i)
{
    for (size_t k = i + HOLE_BYTES; k < s.n; k++) {
        if (is_three(s, k, AS_IAM_MARK)) {
            return k + HOLE_BYTES - i;
        }
    }
    return s.n - i;
}

static size_t char_length(as_str s, size_t i)
{
    size_t n = 1;
    while (i + n < s.n && ((unsigned char)s.p[i + n] & 0xC0u) == 0x80u) {
        n++;
    }
    return n;
}

static atom read_atom(as_str s, size_t i, bool wildcards, reading how)
{
    char c = s.p[i];
    if (is_three(s, i, AS_HOLE)) {
        return (atom){how == READ_CERTAIN ? ATOM_VOID : ATOM_STAR, {s.p + i, HOLE_BYTES}};
    }
    if (is_three(s, i, AS_IAM_MARK)) {
        return (atom){how == READ_POSSIBLE ? ATOM_STAR : ATOM_MARK, {s.p + i, mark_length(s, i)}};
    }
    if (wildcards && c == '*') {
        return (atom){ATOM_STAR, {s.p + i, 1}};
    }
    if (wildcards && c == '?') {
        return (atom){ATOM_ANY, {s.p + i, 1}};
    }
    if (wildcards && c == AS_IAM_STAR) {
        return (atom){ATOM_CHAR, {"*", 1}};
    }
    if (wildcards && c == AS_IAM_QUESTION) {
        return (atom){ATOM_CHAR, {"?", 1}};
    }
    return (atom){ATOM_CHAR, {s.p + i, char_length(s, i)}};
}

/* Bytes that an atom takes up in its text (literal stars are one byte there too). */
static size_t width(atom a)
{
    return a.bytes.n;
}

static bool atoms_meet(atom p, atom t, bool ignore_case)
{
    if (p.type == ATOM_VOID || t.type == ATOM_VOID) {
        return false;
    }
    if (p.type == ATOM_MARK || t.type == ATOM_MARK) {
        return p.type == t.type && as_str_eq(p.bytes, t.bytes);
    }
    if (p.type == ATOM_ANY || t.type == ATOM_ANY) {
        return true;
    }
    return ignore_case ? as_str_ieq(p.bytes, t.bytes) : as_str_eq(p.bytes, t.bytes);
}

typedef struct matcher {
    as_str pattern, text;
    bool pattern_wild, text_wild, ignore_case;
    reading pattern_how, text_how;
} matcher;

/* Pattern with stars against text without: the usual backtracking to the latest star. */
static bool match_plain(const matcher *m)
{
    size_t p = 0, t = 0, star = (size_t)-1, resume = 0;
    while (t < m->text.n) {
        atom ta = read_atom(m->text, t, false, m->text_how);
        if (p < m->pattern.n) {
            atom pa = read_atom(m->pattern, p, m->pattern_wild, m->pattern_how);
            if (pa.type == ATOM_STAR) {
                star = p += width(pa);
                resume = t;
                continue;
            }
            if (atoms_meet(pa, ta, m->ignore_case)) {
                p += width(pa);
                t += width(ta);
                continue;
            }
        }
        if (star == (size_t)-1) {
            return false;
        }
        p = star;
        resume += width(read_atom(m->text, resume, false, m->text_how));
        t = resume;
    }
    while (p < m->pattern.n) {
        atom pa = read_atom(m->pattern, p, m->pattern_wild, m->pattern_how);
        if (pa.type != ATOM_STAR) {
            return false;
        }
        p += width(pa);
    }
    return true;
}

/* The same for what most texts are: ASCII without unknown pieces. Maybe: it is not such a text. */
static as_truth match_ascii(as_str p, as_str t, bool wildcards, bool ignore_case)
{
    size_t i = 0, k = 0, star = (size_t)-1, resume = 0;
    while (k < t.n) {
        unsigned char have = (unsigned char)t.p[k], want = i < p.n ? (unsigned char)p.p[i] : 0;
        if (have >= 0x80 || want >= 0x80 || (i < p.n && want <= AS_IAM_QUESTION)) {
            return AS_MAYBE;
        }
        if (ignore_case) {
            have = have >= 'A' && have <= 'Z' ? (unsigned char)(have + 32) : have;
            want = want >= 'A' && want <= 'Z' ? (unsigned char)(want + 32) : want;
        }
        if (i < p.n && wildcards && want == '*') {
            star = ++i;
            resume = k;
        } else if (i < p.n && ((wildcards && want == '?') || want == have)) {
            i++;
            k++;
        } else if (star == (size_t)-1) {
            break;
        } else {
            i = star;
            k = ++resume;
        }
    }
    /* What is left must be looked at too: an unknown piece makes a difference to be reckoned with.
     */
    for (size_t rest = k; rest < t.n; rest++) {
        if ((unsigned char)t.p[rest] >= 0x80) {
            return AS_MAYBE;
        }
    }
    bool matches = k == t.n;
    for (; i < p.n; i++) {
        if ((unsigned char)p.p[i] >= 0x80 || (unsigned char)p.p[i] <= AS_IAM_QUESTION) {
            return AS_MAYBE;
        }
        matches = matches && wildcards && p.p[i] == '*';
    }
    return as_truth_of(matches);
}

enum { MAX_CELLS = 4096, MAX_WORK = 1 << 20 }; /* ARNs have at most 2,048 characters */

/* Stars on both sides: do the two languages share a text? A row of reachable text positions for
 * each position of the pattern. Texts too long for the row are taken to meet. */
static bool match_both(const matcher *m)
{
    bool row[MAX_CELLS] = {false}, next[MAX_CELLS];
    size_t n = m->text.n;
    if (n + 1 > MAX_CELLS || m->pattern.n * n > MAX_WORK) {
        return true;
    }
    row[0] = true;
    for (size_t t = 0; t < n;) { /* stars of the text may be empty */
        atom ta = read_atom(m->text, t, m->text_wild, m->text_how);
        if (row[t] && ta.type == ATOM_STAR) {
            row[t + width(ta)] = true;
        }
        t += width(ta);
    }
    for (size_t p = 0; p < m->pattern.n;) {
        atom pa = read_atom(m->pattern, p, m->pattern_wild, m->pattern_how);
        memset(next, 0, (n + 1) * sizeof *next);
        for (size_t t = 0; t <= n;) {
            atom ta = t < n ? read_atom(m->text, t, m->text_wild, m->text_how)
                            : (atom){ATOM_VOID, {"", 1}};
            if (pa.type == ATOM_STAR) {
                next[t] = next[t] || row[t];
                if (t < n && next[t]) {
                    next[t + width(ta)] = true;
                }
            } else if (t < n && ta.type == ATOM_STAR) {
                next[t] = next[t] || row[t];
            } else if (t < n && row[t] && atoms_meet(pa, ta, m->ignore_case)) {
                next[t + width(ta)] = true;
            }
            if (t < n && ta.type == ATOM_STAR && next[t]) {
                next[t + width(ta)] = true;
            }
            t += width(ta);
        }
        memcpy(row, next, (n + 1) * sizeof *row);
        p += width(pa);
    }
    return row[n];
}

bool as_iam_has_hole(as_str text)
{
    for (size_t i = 0; i + HOLE_BYTES <= text.n; i++) {
        if ((unsigned char)text.p[i] == 0xefu &&
                (is_three(text, i, AS_HOLE) || is_three(text, i, AS_IAM_MARK))) {
            return true;
        }
    }
    return false;
}

static as_truth match(as_str pattern, as_str text, bool wildcards, bool ignore_case)
{
    as_truth quick = match_ascii(pattern, text, wildcards, ignore_case);
    if (quick != AS_MAYBE) {
        return quick;
    }
    matcher m = {.pattern = pattern,
            .text = text,
            .pattern_wild = wildcards,
            .ignore_case = ignore_case};
    if (match_plain(&m)) {
        return AS_YES;
    }
    if (!as_iam_has_hole(pattern) && !as_iam_has_hole(text)) {
        return AS_NO;
    }
    m.pattern_how = m.text_how = READ_POSSIBLE;
    return match_both(&m) ? AS_MAYBE : AS_NO;
}

as_truth as_iam_match(as_str pattern, as_str text, bool ignore_case)
{
    return match(pattern, text, true, ignore_case);
}

as_truth as_iam_equal(as_str a, as_str b, bool ignore_case)
{
    return match(a, b, false, ignore_case);
}

/* Splits at the first five colons; false when there are fewer. Marks and holes hold no colon. */
static bool split_arn(as_str arn, as_str parts[AS_IAM_ARN_PARTS], int *n)
{
    size_t begin = 0;
    *n = 0;
    for (size_t i = 0; i < arn.n && *n < AS_IAM_ARN_PARTS - 1; i++) {
        if (arn.p[i] == ':') {
            parts[(*n)++] = as_str_slice(arn, begin, i);
            begin = i + 1;
        }
    }
    parts[(*n)++] = as_str_from_index(arn, begin);
    return *n == AS_IAM_ARN_PARTS;
}

as_str as_iam_arn_part(as_str arn, int part)
{
    as_str parts[AS_IAM_ARN_PARTS];
    int n;
    return split_arn(arn, parts, &n) ? parts[part] : AS_STR("");
}

bool as_iam_is_arn(as_str text)
{
    return as_str_is(as_iam_arn_part(text, 0), "arn");
}

/* An account that is not known is twelve digits all the same: it is not "aws", nor empty. */
static bool cannot_be_account(as_str pattern, as_str text)
{
    bool mark = as_str_starts(text, AS_IAM_MARK) && mark_length(text, 0) == text.n;
    if (!mark || as_iam_has_hole(pattern)) {
        return false;
    }
    for (size_t i = 0; i < pattern.n; i++) {
        if (pattern.p[i] == '*' || pattern.p[i] == '?') {
            return false;
        }
        if (pattern.p[i] < '0' || pattern.p[i] > '9') {
            return true;
        }
    }
    return pattern.n != ACCOUNT_DIGITS;
}

static as_truth match_parts(as_str pattern, as_str text, bool complete)
{
    as_str p[AS_IAM_ARN_PARTS], t[AS_IAM_ARN_PARTS];
    int n_p, n_t;
    bool six = split_arn(pattern, p, &n_p);
    bool text_six = split_arn(text, t, &n_t);
    if ((!six && !complete && !as_iam_has_hole(pattern)) || (!text_six && !as_iam_has_hole(text))) {
        return AS_NO;
    }
    if ((!six && as_iam_has_hole(pattern)) || !text_six) {
        return match(pattern, text, true, false); /* a hole may hold any number of segments */
    }
    if (n_p > ACCOUNT_PART && cannot_be_account(p[ACCOUNT_PART], t[ACCOUNT_PART])) {
        return AS_NO;
    }
    as_truth all = AS_YES;
    for (int i = 0; i < n_p && all != AS_NO; i++) {
        all = as_truth_and(all, match(p[i], t[i], true, false));
    }
    return all;
}

as_truth as_iam_match_resource(as_str pattern, as_str text)
{
    if (as_str_is(pattern, "*")) {
        return AS_YES;
    }
    if (!as_str_starts(text, "arn:")) {
        return match(pattern, text, true, false);
    }
    return match_parts(pattern, text, true);
}

as_truth as_iam_match_arn(as_str pattern, as_str text)
{
    return match_parts(pattern, text, false);
}

static bool overlaps(as_str pattern, as_str template, reading pattern_how, reading template_how)
{
    as_str p[AS_IAM_ARN_PARTS], t[AS_IAM_ARN_PARTS];
    int n_p, n_t;
    bool pattern_six = split_arn(pattern, p, &n_p);
    if (!split_arn(template, t, &n_t) || (!pattern_six && as_iam_has_hole(pattern)) ||
            as_str_is(pattern, "*")) {
        matcher m = {.pattern = pattern,
                .text = template,
                .pattern_wild = true,
                .pattern_how = pattern_how,
                .text_how = template_how};
        return match_both(&m);
    }
    if (n_p > ACCOUNT_PART && cannot_be_account(p[ACCOUNT_PART], t[ACCOUNT_PART])) {
        return false;
    }
    for (int i = 0; i < n_p; i++) {
        matcher m = {.pattern = p[i],
                .text = t[i],
                .pattern_wild = true,
                .pattern_how = pattern_how,
                .text_how = template_how};
        if (!match_both(&m)) {
            return false;
        }
    }
    return true;
}

as_truth as_iam_overlaps(as_str pattern, as_str template)
{
    if (!overlaps(pattern, template, READ_POSSIBLE, READ_POSSIBLE)) {
        return AS_NO;
    }
    return overlaps(pattern, template, READ_CERTAIN, READ_FILLED) ? AS_YES : AS_MAYBE;
}

bool as_iam_covers(as_str pattern, as_str template)
{
    return as_iam_match_resource(pattern, template) == AS_YES;
}

static void add_template(as_buf *buf, as_str pattern)
{
    for (size_t i = 0; i < pattern.n; i++) {
        if (pattern.p[i] == '*' || pattern.p[i] == '?') {
            as_buf_cstr(buf, AS_HOLE);
        } else {
            as_buf_char(buf, pattern.p[i]);
        }
    }
}

as_str as_iam_narrow(as_arena *arena, as_str pattern, as_str template)
{
    as_str p[AS_IAM_ARN_PARTS], t[AS_IAM_ARN_PARTS];
    int n_p, n_t;
    as_buf buf;
    if (as_str_is(pattern, "*")) {
        return template;
    }
    as_buf_init(&buf, arena, 0);
    bool six = split_arn(pattern, p, &n_p);
    if (!split_arn(template, t, &n_t) || !six) {
        if (as_str_is(template, AS_HOLE)) {
            add_template(&buf, pattern);
        }
        return buf.n > 0 ? as_buf_view(&buf) : template;
    }
    for (int i = 0; i < AS_IAM_ARN_PARTS; i++) {
        if (i > 0) {
            as_buf_char(&buf, ':');
        }
        /* With its holes as stars the segment of the template is a pattern too. */
        as_str star = AS_STR("*");
        as_str wide = as_str_replace(arena, t[i], AS_STR(AS_HOLE), star);
        if (match(wide, p[i], true, false) == AS_YES) {
            add_template(&buf, p[i]);
        } else {
            as_buf_str(&buf, t[i]);
        }
    }
    return as_buf_view(&buf);
}
