#include "engine/gcpiam/cel.h"

#include "engine/iam/pattern.h"

enum { MAX_NESTING = 64 };

/* What a term is: a text, a truth, or something that is not known. */
typedef struct term {
    enum { UNKNOWN, TEXT, TRUTH } kind;
    as_str text;
    as_truth truth;
} term;

typedef struct reader {
    as_arena *arena;
    as_str rest;
    const as_cel_resource *resource;
    int depth;
    bool failed;
} reader;

static as_truth read_or(reader *r);

static void skip_space(reader *r)
{
    while (r->rest.n > 0 && (r->rest.p[0] == ' ' || r->rest.p[0] == '\t' || r->rest.p[0] == '\n' ||
                                    r->rest.p[0] == '\r')) {
        r->rest = as_str_from_index(r->rest, 1);
    }
}

static bool accept(reader *r, const char *token)
{
    skip_space(r);
    if (!as_str_starts(r->rest, token)) {
        return false;
    }
    r->rest = as_str_from_index(r->rest, strlen(token));
    return true;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
}

static as_str read_name(reader *r)
{
    size_t n = 0;
    skip_space(r);
    while (n < r->rest.n && is_name_byte(r->rest.p[n])) {
        n++;
    }
    as_str name = as_str_slice(r->rest, 0, n);
    r->rest = as_str_from_index(r->rest, n);
    return name;
}

/* A string without escapes; one with them is not known. */
static bool read_string(reader *r, as_str *text, bool *plain)
{
    skip_space(r);
    if (r->rest.n == 0 || (r->rest.p[0] != '"' && r->rest.p[0] != '\'')) {
        return false;
    }
    char quote = r->rest.p[0];
    size_t n = 1;
    *plain = true;
    while (n < r->rest.n && r->rest.p[n] != quote) {
        *plain = *plain && r->rest.p[n] != '\\';
        n += r->rest.p[n] == '\\' ? 2 : 1;
    }
    if (n >= r->rest.n) {
        r->failed = true;
        return false;
    }
    *text = as_str_slice(r->rest, 1, n);
    r->rest = as_str_from_index(r->rest, n + 1);
    return true;
}

/* Behind "(": to the matching ")". */
static void skip_arguments(reader *r)
{
    int open = 1;
    while (open > 0 && r->rest.n > 0) {
        as_str text;
        bool plain;
        if (read_string(r, &text, &plain)) {
            continue;
        }
        if (r->failed || r->rest.n == 0) {
            return;
        }
        open += (r->rest.p[0] == '(') - (r->rest.p[0] == ')');
        r->rest = as_str_from_index(r->rest, 1);
    }
    r->failed = r->failed || open > 0;
}

static term text_or_unknown(as_str text)
{
    return (term){.kind = text.n > 0 ? TEXT : UNKNOWN, .text = text, .truth = AS_MAYBE};
}

static term variable(reader *r, as_str name)
{
    if (as_str_is(name, "resource.name")) {
        return text_or_unknown(r->resource->name);
    }
    if (as_str_is(name, "resource.type")) {
        return text_or_unknown(r->resource->type);
    }
    if (as_str_is(name, "resource.service")) {
        return text_or_unknown(r->resource->service);
    }
    for (size_t i = 0; i < r->resource->n_variables; i++) {
        if (as_str_eq(r->resource->variables[i].name, name)) {
            return text_or_unknown(r->resource->variables[i].text);
        }
    }
    if (as_str_is(name, "true") || as_str_is(name, "false")) {
        return (term){.kind = TRUTH, .truth = as_truth_of(name.n == 4)};
    }
    return (term){.kind = UNKNOWN, .truth = AS_MAYBE};
}

static as_truth affix(reader *r, as_str subject, as_str part, bool at_end)
{
    if (subject.n == 0) {
        return AS_MAYBE;
    }
    as_str pattern = at_end ? as_str_join(r->arena, AS_STR("*"), part)
                            : as_str_join(r->arena, part, AS_STR("*"));
    return as_str_find_char(part, '*') != (size_t)-1 || as_str_find_char(part, '?') != (size_t)-1
                   ? AS_MAYBE
                   : as_iam_match(pattern, subject, false);
}

/* name.startsWith("…"), name.endsWith("…"); any other function is not known. */
static term call(reader *r, as_str name)
{
    static const char *const functions[] = {".startsWith", ".endsWith"};
    for (int i = 0; i < 2; i++) {
        as_str text;
        bool plain;
        if (!as_str_ends(name, functions[i]) || !read_string(r, &text, &plain)) {
            continue;
        }
        as_str of = as_str_slice(name, 0, name.n - strlen(functions[i]));
        term subject = variable(r, of);
        as_truth t =
                subject.kind == TEXT && plain ? affix(r, subject.text, text, i == 1) : AS_MAYBE;
        if (!accept(r, ")")) {
            r->failed = true;
        }
        return (term){.kind = TRUTH, .truth = t};
    }
    skip_arguments(r);
    while (accept(r, ".")) { /* api.getAttribute(…).hasOnly(…) */
        (void)read_name(r);
        if (accept(r, "(")) {
            skip_arguments(r);
        }
    }
    return (term){.kind = UNKNOWN, .truth = AS_MAYBE};
}

static term read_operand(reader *r)
{
    as_str text;
    bool plain;
    if (accept(r, "(")) {
        as_truth t = r->depth++ < MAX_NESTING ? read_or(r) : AS_MAYBE;
        r->failed = r->failed || r->depth > MAX_NESTING || !accept(r, ")");
        r->depth--;
        return (term){.kind = TRUTH, .truth = t};
    }
    if (read_string(r, &text, &plain)) {
        return (term){.kind = plain ? TEXT : UNKNOWN, .text = text, .truth = AS_MAYBE};
    }
    as_str name = read_name(r);
    if (name.n == 0) {
        r->failed = true;
        return (term){.kind = UNKNOWN, .truth = AS_MAYBE};
    }
    return accept(r, "(") ? call(r, name) : variable(r, name);
}

static as_truth equal(term a, term b)
{
    if (a.kind == TEXT && b.kind == TEXT) {
        return as_iam_equal(b.text, a.text, false);
    }
    return AS_MAYBE;
}

static as_truth read_list(reader *r, term subject)
{
    as_truth any = AS_NO;
    while (!r->failed && !accept(r, "]")) {
        any = as_truth_or(any, equal(subject, read_operand(r)));
        (void)accept(r, ",");
    }
    return any;
}

static as_truth read_comparison(reader *r)
{
    static const char *const others[] = {"<=", ">=", "<", ">", "+", "-", "*", "/", "%", "?", NULL};
    if (accept(r, "!") && !as_str_starts(r->rest, "=")) {
        return r->depth++ < MAX_NESTING ? as_truth_not(read_comparison(r)) : AS_MAYBE;
    }
    term a = read_operand(r);
    if (accept(r, "==")) {
        return equal(a, read_operand(r));
    }
    if (accept(r, "!=")) {
        return as_truth_not(equal(a, read_operand(r)));
    }
    skip_space(r);
    if (as_str_starts(r->rest, "in ") || as_str_starts(r->rest, "in[")) {
        r->rest = as_str_from_index(r->rest, 2);
        if (accept(r, "[")) {
            return read_list(r, a);
        }
    }
    for (size_t i = 0; others[i] != NULL; i++) {
        if (accept(r, others[i])) {
            (void)read_operand(r);
            return AS_MAYBE;
        }
    }
    return a.kind == TRUTH ? a.truth : AS_MAYBE;
}

static as_truth read_and(reader *r)
{
    as_truth t = read_comparison(r);
    while (!r->failed && accept(r, "&&")) {
        t = as_truth_and(t, read_comparison(r));
    }
    return t;
}

static as_truth read_or(reader *r)
{
    as_truth t = read_and(r);
    while (!r->failed && accept(r, "||")) {
        t = as_truth_or(t, read_and(r));
    }
    return t;
}

as_truth as_cel_decide(as_arena *arena, as_str expression, const as_cel_resource *resource)
{
    reader r = {.arena = arena, .rest = expression, .resource = resource};
    as_truth t = read_or(&r);
    skip_space(&r);
    return r.failed || r.rest.n > 0 ? AS_MAYBE : t;
}
