#include "parsers/gotmpl/lex.h"

#include "engine/base/unicode.h"
#include "engine/base/utf8.h"

#define END_OF_TEXT UINT32_MAX

static const struct {
    as_str word;
    as_token_kind kind;
} keywords[] = {
        {AS_STR_INIT("block"), AS_TOK_BLOCK},
        {AS_STR_INIT("break"), AS_TOK_BREAK},
        {AS_STR_INIT("continue"), AS_TOK_CONTINUE},
        {AS_STR_INIT("define"), AS_TOK_DEFINE},
        {AS_STR_INIT("else"), AS_TOK_ELSE},
        {AS_STR_INIT("end"), AS_TOK_END},
        {AS_STR_INIT("if"), AS_TOK_IF},
        {AS_STR_INIT("nil"), AS_TOK_NIL},
        {AS_STR_INIT("range"), AS_TOK_RANGE},
        {AS_STR_INIT("template"), AS_TOK_TEMPLATE},
        {AS_STR_INIT("with"), AS_TOK_WITH},
        {AS_STR_INIT("true"), AS_TOK_BOOL},
        {AS_STR_INIT("false"), AS_TOK_BOOL},
};

void as_lexer_init(as_lexer *l, as_arena *arena, as_str text)
{
    *l = (as_lexer){.arena = arena, .text = text};
}

static char at(const as_lexer *l, size_t i)
{
    return i < l->text.n ? l->text.p[i] : '\0';
}

static bool has(const as_lexer *l, size_t i, char c1, char c2)
{
    return at(l, i) == c1 && at(l, i + 1) == c2;
}

static uint32_t peek(const as_lexer *l, size_t *width)
{
    *width = 0;
    if (l->pos >= l->text.n)
        return END_OF_TEXT;
    if ((unsigned char)l->text.p[l->pos] < 0x80) {
        *width = 1;
        return (unsigned char)l->text.p[l->pos];
    }
    size_t next = l->pos;
    uint32_t rune = as_utf8_next(l->text, &next);
    *width = next - l->pos;
    return rune;
}

static uint32_t next(as_lexer *l)
{
    size_t width;
    uint32_t rune = peek(l, &width);
    l->pos += width;
    return rune;
}

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_alnum(uint32_t c)
{
    static const uint64_t ascii[2] = {
            UINT64_C(0x03ff000000000000), UINT64_C(0x07fffffe87fffffe)}; /* 0-9; A-Z, _, a-z */
    if (c < 0x80)
        return (ascii[c / 64] >> c % 64 & 1) != 0;
    return c != END_OF_TEXT && (as_rune_is_letter(c) || as_rune_is_digit(c));
}

uint32_t as_lexer_line(const as_lexer *l, uint32_t pos)
{
    uint32_t line = 1;
    for (size_t i = 0; i < pos && i < l->text.n; i++)
        line += l->text.p[i] == '\n';
    return line;
}

static as_token emit(as_lexer *l, as_token_kind kind)
{
    as_token token = {kind, (uint32_t)l->start, as_str_slice(l->text, l->start, l->pos)};
    l->start = l->pos;
    return token;
}

static as_token fail(as_lexer *l, as_str message)
{
    as_token token = {AS_TOK_ERROR, (uint32_t)l->start, message};
    l->failed = true;
    return token;
}

/* %#U of package fmt. */
static as_str rune_text(as_lexer *l, uint32_t rune)
{
    if (rune == END_OF_TEXT)
        return AS_STR("U+FFFFFFFFFFFFFFFF");
    as_buf buf;
    as_buf_init(&buf, l->arena, 0);
    as_buf_fmt(&buf, "U+%04X", rune);
    if (as_rune_is_print(rune)) {
        as_buf_cstr(&buf, " '");
        as_buf_rune(&buf, rune);
        as_buf_char(&buf, '\'');
    }
    return as_buf_view(&buf);
}

static as_token bad_char(as_lexer *l, const char *what, uint32_t rune)
{
    as_str text = rune_text(l, rune);
    return fail(l, as_str_fmt(l->arena, "%s %.*s", what, AS_STR_ARG(text)));
}

static bool at_right_delim(const as_lexer *l, bool *trims)
{
    char c = at(l, l->pos);
    *trims = is_space((unsigned char)c) && at(l, l->pos + 1) == '-' && has(l, l->pos + 2, '}', '}');
    return *trims || (c == '}' && at(l, l->pos + 1) == '}');
}

static void skip_space(as_lexer *l)
{
    while (l->pos < l->text.n && is_space((unsigned char)l->text.p[l->pos]))
        l->pos++;
}

static bool has_left_trim(const as_lexer *l, size_t i)
{
    return at(l, i) == '-' && i + 1 < l->text.n && is_space((unsigned char)at(l, i + 1));
}

static as_token right_delim(as_lexer *l)
{
    bool trims;
    at_right_delim(l, &trims);
    if (trims)
        l->start = l->pos += 2;
    l->pos += 2;
    as_token token = emit(l, AS_TOK_RIGHT_DELIM);
    if (trims)
        skip_space(l);
    l->start = l->pos;
    l->in_action = false;
    return token;
}

/* After "{{" of a comment. False: *error is the token to return. */
static bool comment(as_lexer *l, as_token *error)
{
    size_t end = as_str_find(as_str_from_index(l->text, l->pos + 2), AS_STR("*/"));
    if (end == (size_t)-1) {
        *error = fail(l, AS_STR("unclosed comment"));
        return false;
    }
    l->pos += 2 + end + 2;
    bool trims;
    if (!at_right_delim(l, &trims)) {
        *error = fail(l, AS_STR("comment ends before closing delimiter"));
        return false;
    }
    l->pos += trims ? 4 : 2;
    if (trims)
        skip_space(l);
    l->start = l->pos;
    return true;
}

static as_token text(as_lexer *l)
{
    for (;;) {
        size_t found = as_str_find(as_str_from_index(l->text, l->pos), AS_STR("{{"));
        if (found == (size_t)-1) {
            l->pos = l->text.n;
            return emit(l, l->pos > l->start ? AS_TOK_TEXT : AS_TOK_EOF);
        }
        size_t delim = l->pos + found;
        bool trims = has_left_trim(l, delim + 2);
        if (found > 0) {
            l->pos = delim;
            while (trims && l->pos > l->start && is_space((unsigned char)at(l, l->pos - 1)))
                l->pos--;
            as_token token = emit(l, AS_TOK_TEXT);
            l->start = l->pos = delim;
            if (token.val.n > 0)
                return token;
        }
        size_t after = delim + 2 + (trims ? 2 : 0);
        if (!has(l, after, '/', '*')) {
            l->pos = delim + 2;
            as_token token = emit(l, AS_TOK_LEFT_DELIM);
            l->start = l->pos = after;
            l->in_action = true;
            l->parens = 0;
            return token;
        }
        l->start = l->pos = after;
        as_token error;
        if (!comment(l, &error))
            return error;
    }
}

static bool at_terminator(const as_lexer *l)
{
    if (l->pos >= l->text.n)
        return true;
    char c = l->text.p[l->pos];
    return is_space((unsigned char)c) || c == '.' || c == ',' || c == '|' || c == ':' || c == ')' ||
           c == '(' || (c == '}' && at(l, l->pos + 1) == '}');
}

static as_token word(as_lexer *l, as_token_kind kind)
{
    size_t width;
    for (;;) {
        while (l->pos < l->text.n && (unsigned char)l->text.p[l->pos] < 0x80 &&
                is_alnum((unsigned char)l->text.p[l->pos]))
            l->pos++;
        if (!is_alnum(peek(l, &width)))
            break;
        l->pos += width;
    }
    if (!at_terminator(l))
        return bad_char(l, "bad character", peek(l, &width));
    return emit(l, kind);
}

static as_token identifier(as_lexer *l)
{
    as_token token = word(l, AS_TOK_IDENT);
    if (token.kind != AS_TOK_IDENT)
        return token;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (keywords[i].word.n == token.val.n && as_str_eq(token.val, keywords[i].word))
            token.kind = keywords[i].kind;
    return token;
}

static as_token field_or_variable(as_lexer *l, as_token_kind kind)
{
    if (at_terminator(l))
        return emit(l, kind == AS_TOK_VARIABLE ? kind : AS_TOK_DOT);
    return word(l, kind);
}

static as_token quoted(as_lexer *l, char quote, as_token_kind kind, const char *message)
{
    for (;;) {
        uint32_t rune = next(l);
        if (rune == '\\') {
            rune = next(l);
            if (rune != END_OF_TEXT && rune != '\n')
                continue;
        }
        if (rune == END_OF_TEXT || rune == '\n')
            return fail(l, as_str_from(message));
        if (rune == (unsigned char)quote)
            return emit(l, kind);
    }
}

static as_token raw_quoted(as_lexer *l)
{
    size_t end = as_str_find_char(as_str_from_index(l->text, l->pos), '`');
    if (end == (size_t)-1)
        return fail(l, AS_STR("unterminated raw quoted string"));
    l->pos += end + 1;
    return emit(l, AS_TOK_RAW_STRING);
}

static bool accept(as_lexer *l, const char *chars)
{
    char c = at(l, l->pos);
    if (!as_char_in(c, chars))
        return false;
    l->pos++;
    return true;
}

static void accept_run(as_lexer *l, const char *chars)
{
    while (accept(l, chars))
        ;
}

static bool scan_number(as_lexer *l)
{
    const char *digits = "0123456789_";
    accept(l, "+-");
    if (accept(l, "0")) {
        if (accept(l, "xX"))
            digits = "0123456789abcdefABCDEF_";
        else if (accept(l, "oO"))
            digits = "01234567_";
        else if (accept(l, "bB"))
            digits = "01_";
    }
    size_t kinds = strlen(digits);
    accept_run(l, digits);
    if (accept(l, "."))
        accept_run(l, digits);
    if ((kinds == 11 && accept(l, "eE")) || (kinds == 23 && accept(l, "pP"))) {
        accept(l, "+-");
        accept_run(l, "0123456789_");
    }
    accept(l, "i");
    size_t width;
    if (!is_alnum(peek(l, &width)))
        return true;
    l->pos += width;
    return false;
}

static as_token number(as_lexer *l)
{
    as_token_kind kind = AS_TOK_NUMBER;
    bool good = scan_number(l);
    if (good && (at(l, l->pos) == '+' || at(l, l->pos) == '-')) {
        kind = AS_TOK_COMPLEX;
        good = scan_number(l) && at(l, l->pos - 1) == 'i';
    }
    if (good)
        return emit(l, kind);
    as_str bad = as_str_slice(l->text, l->start, l->pos);
    return fail(l, as_str_fmt(l->arena, "bad number syntax: \"%.*s\"", AS_STR_ARG(bad)));
}

static as_token space(as_lexer *l)
{
    size_t first = l->pos;
    skip_space(l);
    /* A trim marker belongs to the delimiter: the last blank is left to it. */
    if (at(l, l->pos) == '-' && has(l, l->pos + 1, '}', '}')) {
        l->pos--;
        if (l->pos == first)
            return right_delim(l);
    }
    return emit(l, AS_TOK_SPACE);
}

static as_token inside_action(as_lexer *l)
{
    bool trims;
    if (at_right_delim(l, &trims))
        return l->parens == 0 ? right_delim(l) : fail(l, AS_STR("unclosed left paren"));
    size_t width;
    uint32_t rune = peek(l, &width);
    if (rune == END_OF_TEXT)
        return fail(l, AS_STR("unclosed action"));
    if (is_space(rune))
        return space(l);
    bool digit_follows = at(l, l->pos + 1) >= '0' && at(l, l->pos + 1) <= '9';
    if (rune == '+' || rune == '-' || (rune >= '0' && rune <= '9') ||
            (rune == '.' && (digit_follows || l->pos + 1 >= l->text.n)))
        return number(l);
    if (is_alnum(rune))
        return identifier(l);
    l->pos += width;
    switch (rune) {
    case '=':
        return emit(l, AS_TOK_ASSIGN);
    case ':':
        return next(l) == '=' ? emit(l, AS_TOK_DECLARE) : fail(l, AS_STR("expected :="));
    case '|':
        return emit(l, AS_TOK_PIPE);
    case '"':
        return quoted(l, '"', AS_TOK_STRING, "unterminated quoted string");
    case '\'':
        return quoted(l, '\'', AS_TOK_CHAR_CONSTANT, "unterminated character constant");
    case '`':
        return raw_quoted(l);
    case '$':
        return field_or_variable(l, AS_TOK_VARIABLE);
    case '.':
        return field_or_variable(l, AS_TOK_FIELD);
    case '(':
        l->parens++;
        return emit(l, AS_TOK_LEFT_PAREN);
    case ')':
        if (--l->parens < 0)
            return fail(l, AS_STR("unexpected right paren"));
        return emit(l, AS_TOK_RIGHT_PAREN);
    default:
        if (rune > 0x20 && rune < 0x7f)
            return emit(l, AS_TOK_CHAR);
        return bad_char(l, "unrecognized character in action:", rune);
    }
}

as_token as_lexer_next(as_lexer *l)
{
    if (l->failed) /* as after an error there: nothing follows */
        return (as_token){AS_TOK_EOF, (uint32_t)l->start, AS_STR("EOF")};
    return l->in_action ? inside_action(l) : text(l);
}
