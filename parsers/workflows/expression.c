#include "parsers/workflows/expression.h"

typedef struct parser {
    as_arena *arena;
    as_str text;
    size_t at;
    unsigned depth;
    as_expression *out;
} parser;

static bool parse_or(parser *p);

static bool refuse(parser *p, const char *why)
{
    if (p->out->error == NULL) {
        p->out->error = why;
        p->out->error_at = p->at;
    }
    return false;
}

/* --- lexing -------------------------------------------------------------------------------------
 */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char peek(const parser *p)
{
    return p->at < p->text.n ? p->text.p[p->at] : '\0';
}

static void skip_blanks(parser *p)
{
    while (p->at < p->text.n && as_char_in(p->text.p[p->at], " \t\r\n")) {
        p->at++;
    }
}

static bool take(parser *p, const char *token)
{
    skip_blanks(p);
    if (!as_str_starts(as_str_from_index(p->text, p->at), token)) {
        return false;
    }
    p->at += strlen(token);
    return true;
}

static as_str take_name(parser *p)
{
    size_t begin = p->at;
    if (is_letter(peek(p))) {
        while (is_letter(peek(p)) || is_digit(peek(p)) || peek(p) == '-') {
            p->at++;
        }
    }
    return as_str_slice(p->text, begin, p->at);
}

/* 'it''s': the text between the quotes, with pairs left as they are. */
static bool take_string(parser *p, as_str *out)
{
    size_t begin = ++p->at;
    while (p->at < p->text.n) {
        if (p->text.p[p->at] != '\'') {
            p->at++;
        } else if (p->at + 1 < p->text.n && p->text.p[p->at + 1] == '\'') {
            p->at += 2;
        } else {
            *out = as_str_slice(p->text, begin, p->at++);
            return true;
        }
    }
    return refuse(p, "a text has no closing quote");
}

static bool take_number(parser *p)
{
    p->at += peek(p) == '-' || peek(p) == '+';
    if (!is_digit(peek(p)) && peek(p) != '.') {
        return refuse(p, "a number is expected here");
    }
    while (is_letter(peek(p)) || is_digit(peek(p)) || peek(p) == '.' ||
            ((peek(p) == '-' || peek(p) == '+') && as_char_in(p->text.p[p->at - 1], "eE"))) {
        p->at++;
    }
    return true;
}

size_t as_expression_end(as_str text, size_t from)
{
    bool quoted = false;
    for (size_t i = from; i + 1 < text.n; i++) {
        if (text.p[i] == '\'') {
            quoted = !quoted;
        } else if (!quoted && text.p[i] == '}' && text.p[i + 1] == '}') {
            return i;
        }
    }
    return (size_t)-1;
}

/* --- what flows ---------------------------------------------------------------------------------
 */

static void stop_flow(parser *p, size_t from)
{
    for (size_t i = from; i < p->out->reads.n; i++) {
        p->out->reads.items[i].flows = false;
    }
}

static void note_call(parser *p, as_str name, size_t from)
{
    /* Their results are booleans, numbers or hashes, whatever they are given. */
    static const char *const closed[] = {"contains", "startswith", "endswith", "hashfiles",
            "always", "success", "failure", "cancelled"};
    as_str lower = as_str_lower(p->arena, name);
    AS_VEC_PUSH(p->arena, &p->out->calls, lower);
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        if (as_str_is(lower, closed[i])) {
            stop_flow(p, from);
        }
    }
    for (size_t i = from; as_str_is(lower, "tojson") && i < p->out->reads.n; i++) {
        p->out->reads.items[i].whole = true;
    }
}

/* --- grammar ------------------------------------------------------------------------------------
 */

static bool parse_arguments(parser *p, as_str name, size_t from)
{
    if (!take(p, ")")) {
        do {
            if (!parse_or(p)) {
                return false;
            }
        } while (take(p, ","));
        if (!take(p, ")")) {
            return refuse(p, "a ')' is expected here");
        }
    }
    note_call(p, name, from);
    return true;
}

/* One ".name", ".*" or "[…]" behind a value; `path` grows when the value is a context. */
static bool parse_step(parser *p, as_buf *path)
{
    as_str name = AS_STR("*");
    if (take(p, ".")) {
        skip_blanks(p);
        if (!take(p, "*")) {
            name = take_name(p);
        }
        if (name.n == 0) {
            return refuse(p, "a name is expected behind '.'");
        }
    } else {
        p->at++;
        skip_blanks(p);
        size_t from = p->out->reads.n, begin = p->at;
        as_str literal;
        bool is_text = peek(p) == '\'' && take_string(p, &literal) && take(p, "]");
        if (is_text) {
            name = literal;
        } else {
            p->at = begin;
            bool is_open = !is_digit(peek(p)) && peek(p) != '*';
            if (!take(p, "*") && !parse_or(p)) {
                return false;
            }
            name = is_open ? AS_STR("?") : name;
            stop_flow(p, from);
            if (!take(p, "]")) {
                return refuse(p, "a ']' is expected here");
            }
        }
    }
    if (path != NULL) {
        as_buf_char(path, '.');
        as_buf_str(path, name);
    }
    return true;
}

static bool parse_steps(parser *p, as_buf *path)
{
    for (;;) {
        size_t before = p->at;
        skip_blanks(p);
        if (peek(p) != '.' && peek(p) != '[') {
            p->at = before;
            return true;
        }
        if (!parse_step(p, path)) {
            return false;
        }
    }
}

static bool parse_named(parser *p)
{
    static const char *const words[] = {"true", "false", "null", "NaN", "Infinity"};
    size_t begin = p->at, from = p->out->reads.n;
    as_str name = take_name(p);
    size_t end = p->at;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (as_str_is(name, words[i])) {
            return true;
        }
    }
    if (take(p, "(")) {
        return parse_arguments(p, name, from) && parse_steps(p, NULL);
    }
    p->at = end;
    as_buf path;
    as_buf_init(&path, p->arena, 0);
    as_buf_str(&path, name);
    AS_VEC_PUSH(p->arena, &p->out->reads, (as_expression_read){.begin = begin, .flows = true});
    if (!parse_steps(p, &path)) {
        return false;
    }
    as_expression_read *read = &p->out->reads.items[from];
    read->path = as_str_lower(p->arena, as_buf_view(&path));
    read->end = p->at;
    return true;
}

static bool parse_primary(parser *p)
{
    as_str literal;
    skip_blanks(p);
    char c = peek(p);
    if (p->at >= p->text.n) {
        return refuse(p, "the expression ends too early");
    }
    if (c == '(') {
        p->at++;
        return parse_or(p) && (take(p, ")") || refuse(p, "a ')' is expected here")) &&
               parse_steps(p, NULL);
    }
    if (c == '\'') {
        return take_string(p, &literal);
    }
    if (is_letter(c)) {
        return parse_named(p);
    }
    if (is_digit(c) || c == '-' || c == '+' || c == '.') {
        return take_number(p);
    }
    return refuse(
            p, c == '"' ? "texts stand in single quotes here" : "this is no part of an expression");
}

static bool parse_not(parser *p)
{
    size_t from = p->out->reads.n;
    bool negated = false;
    skip_blanks(p);
    while (peek(p) == '!' && !as_str_starts(as_str_from_index(p->text, p->at), "!=")) {
        p->at++;
        negated = true;
        skip_blanks(p);
    }
    bool good = parse_primary(p);
    if (negated) {
        stop_flow(p, from);
    }
    return good;
}

static bool parse_comparison(parser *p)
{
    static const char *const operators[] = {"==", "!=", "<=", ">=", "<", ">"};
    size_t from = p->out->reads.n;
    if (!parse_not(p)) {
        return false;
    }
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (take(p, operators[i])) {
            if (!parse_not(p)) {
                return false;
            }
            stop_flow(p, from);
            i = (size_t)-1; /* and again from the first */
        }
    }
    return true;
}

/* The left side is the result only when it is false, zero or empty: nothing that could do harm. */
static bool parse_and(parser *p)
{
    size_t from = p->out->reads.n;
    if (!parse_comparison(p)) {
        return false;
    }
    while (take(p, "&&")) {
        stop_flow(p, from);
        if (!parse_comparison(p)) {
            return false;
        }
    }
    return true;
}

static bool parse_or(parser *p)
{
    if (++p->depth > AS_EXPRESSION_MAX_DEPTH) {
        return refuse(p, "the expression is nested too deep");
    }
    bool good = parse_and(p);
    while (good && take(p, "||")) {
        good = parse_and(p);
    }
    p->depth--;
    return good;
}

bool as_expression_parse(as_arena *arena, as_str text, as_expression *out)
{
    *out = (as_expression){0};
    parser p = {.arena = arena, .text = text, .out = out};
    if (text.n > AS_EXPRESSION_MAX_BYTES) {
        return refuse(&p, "the expression is longer than GitHub takes");
    }
    if (!parse_or(&p)) {
        return false;
    }
    skip_blanks(&p);
    return p.at == text.n || refuse(&p, "this is no part of an expression");
}
