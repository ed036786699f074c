/* A hand-written scanner with a stack of modes: normal code, quoted template, heredoc, bare
 * template. */
#include "parsers/hcl/lex.h"

#include "parsers/hcl/ident.h"

typedef enum mode_kind { MODE_CODE, MODE_QUOTED, MODE_HEREDOC, MODE_BARE } mode_kind;

typedef struct mode {
    mode_kind kind;
    size_t braces;      /* MODE_CODE: open braces since the mode began */
    as_str marker;      /* MODE_HEREDOC */
    bool start_of_line; /* MODE_HEREDOC: the marker may come now */
} mode;

typedef struct lexer {
    as_arena *arena;
    as_str text;
    size_t at;
    as_tokens *out;
    AS_VEC(mode) modes;
    bool no_comment_end; /* no block comment ends after this point: do not look again */
} lexer;

static mode *top(lexer *lx)
{
    return &lx->modes.items[lx->modes.n - 1];
}

static int peek(const lexer *lx, size_t ahead)
{
    return lx->at + ahead < lx->text.n ? (unsigned char)lx->text.p[lx->at + ahead] : -1;
}

static void emit(lexer *lx, as_token_kind kind, size_t length)
{
    as_token token = {(uint32_t)lx->at, (uint32_t)(lx->at + length), (uint8_t)kind};
    AS_VEC_PUSH(lx->arena, lx->out, token);
    lx->at += length;
}

static void push_mode(lexer *lx, mode_kind kind)
{
    mode fresh = {.kind = kind, .start_of_line = true};
    AS_VEC_PUSH(lx->arena, &lx->modes, fresh);
}

/* A character that no rule knows: one code point, or one byte of broken UTF-8. */
static void emit_invalid(lexer *lx)
{
    size_t width = as_utf8_width(lx->text, lx->at);
    emit(lx, width ? AS_TOK_INVALID : AS_TOK_BAD_UTF8, width ? width : 1);
}

/* --- templates -------------------------------------------------------------------------------- */

/* "${", "%{" and what looks like them. True when something was emitted. */
static bool lex_marker(lexer *lx, as_token_kind literal)
{
    int c = peek(lx, 0);
    if (c != '$' && c != '%')
        return false;
    if (peek(lx, 1) == '{') {
        if (top(lx)->kind == MODE_HEREDOC)
            top(lx)->start_of_line = false;
        emit(lx, c == '$' ? AS_TOK_INTERP : AS_TOK_CONTROL, peek(lx, 2) == '~' ? 3 : 2);
        push_mode(lx, MODE_CODE);
        return true;
    }
    bool escape = peek(lx, 1) == c && peek(lx, 2) == '{';
    size_t length = escape ? (peek(lx, 3) == '~' ? 4 : 3) : 1;
    /* The grammar wants to see a character after the sign; at the very end there is none. */
    if (lx->at + 1 == lx->text.n && literal == AS_TOK_QUOTED)
        emit(lx, AS_TOK_INVALID, 1);
    else
        emit(lx, literal, length);
    if (top(lx)->kind == MODE_HEREDOC)
        top(lx)->start_of_line = false;
    return true;
}

static void lex_quoted(lexer *lx)
{
    int c = peek(lx, 0);
    if (c == '"') {
        lx->modes.n--;
        emit(lx, AS_TOK_QUOTE_CLOSE, 1);
        return;
    }
    if (lex_marker(lx, AS_TOK_QUOTED))
        return;
    if (c == '\n' || c == '\r') {
        size_t n = 1;
        while (peek(lx, n) == '\n' || peek(lx, n) == '\r')
            n++;
        emit(lx, AS_TOK_QUOTED_NEWLINE, n);
        return;
    }
    size_t end = lx->at;
    while (end < lx->text.n) {
        unsigned char b = (unsigned char)lx->text.p[end];
        if (b == '"' || b == '$' || b == '%' || b == '\n' || b == '\r')
            break;
        size_t skip = b == '\\' ? 1 : 0;
        size_t width = end + skip >= lx->text.n ? 0 : as_utf8_width(lx->text, end + skip);
        if (width == 0 || (skip && (lx->text.p[end + 1] == '\n' || lx->text.p[end + 1] == '\r')))
            break;
        end += skip + width;
    }
    if (end > lx->at)
        emit(lx, AS_TOK_QUOTED, end - lx->at);
    else
        emit_invalid(lx);
}

/* The end of literal text that starts here: before a sign, a broken byte, or after a line end. */
static size_t text_end(const lexer *lx, bool *line_end)
{
    size_t end = lx->at;
    *line_end = false;
    while (end < lx->text.n) {
        unsigned char b = (unsigned char)lx->text.p[end];
        if (b == '$' || b == '%')
            break;
        if (b == '\n') {
            *line_end = true;
            return end + 1;
        }
        size_t width = b < 0x80 ? 1 : as_utf8_width(lx->text, end);
        if (width == 0)
            break;
        end += width;
    }
    return end;
}

/* True when the line was the closing marker. */
static bool lex_heredoc_close(lexer *lx, size_t end)
{
    as_str line = as_str_slice(lx->text, lx->at, end);
    if (!top(lx)->start_of_line || !as_str_eq(as_str_trim(line), top(lx)->marker))
        return false;
    size_t ending = line.n >= 2 && line.p[line.n - 2] == '\r' ? 2 : 1;
    lx->modes.n--;
    emit(lx, AS_TOK_HEREDOC_CLOSE, line.n - ending);
    emit(lx, AS_TOK_NEWLINE, ending);
    return true;
}

static void lex_text(lexer *lx)
{
    if (lex_marker(lx, AS_TOK_TEXT))
        return;
    bool line_end;
    size_t end = text_end(lx, &line_end);
    if (end == lx->at) {
        emit_invalid(lx);
        return;
    }
    if (top(lx)->kind == MODE_HEREDOC) {
        if (line_end && lex_heredoc_close(lx, end))
            return;
        top(lx)->start_of_line = line_end;
    }
    emit(lx, AS_TOK_TEXT, end - lx->at);
}

/* --- code ------------------------------------------------------------------------------------- */

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static void lex_number(lexer *lx)
{
    size_t n = 1, valid = 1;
    for (;;) {
        int c = peek(lx, n);
        if (is_digit(c)) {
            valid = ++n;
        } else if (c == '.') {
            n++; /* only part of the number when something follows */
        } else if (c == 'e' || c == 'E') {
            size_t sign = peek(lx, n + 1) == '+' || peek(lx, n + 1) == '-' ? 1 : 0;
            if (!is_digit(peek(lx, n + 1 + sign)))
                break;
            valid = n += 2 + sign;
        } else {
            break;
        }
    }
    emit(lx, AS_TOK_NUMBER, valid);
}

static size_t line_comment_length(const lexer *lx)
{
    const char *from = lx->text.p + lx->at;
    size_t rest = lx->text.n - lx->at;
    const char *end = memchr(from, '\n', rest);
    return end ? (size_t)(end - from) + 1 : rest;
}

static bool lex_comment(lexer *lx)
{
    int c = peek(lx, 0), next = peek(lx, 1);
    if (c == '#' || (c == '/' && next == '/')) {
        emit(lx, AS_TOK_COMMENT, line_comment_length(lx));
        return true;
    }
    if (c != '/' || next != '*' || lx->no_comment_end)
        return false;
    size_t end = as_str_find(as_str_from_index(lx->text, lx->at + 2), AS_STR("*/"));
    if (end == (size_t)-1) {
        lx->no_comment_end = true;
        return false;
    }
    emit(lx, AS_TOK_COMMENT, end + 4);
    return true;
}

static bool lex_heredoc_open(lexer *lx)
{
    if (peek(lx, 1) != '<')
        return false;
    size_t begin = lx->at + 2 + (peek(lx, 2) == '-' ? 1 : 0);
    size_t end = as_ident_scan(lx->text, begin);
    if (end == begin)
        return false;
    size_t line = end < lx->text.n && lx->text.p[end] == '\r' ? end + 1 : end;
    if (line >= lx->text.n || lx->text.p[line] != '\n')
        return false;
    emit(lx, AS_TOK_HEREDOC_OPEN, line + 1 - lx->at);
    push_mode(lx, MODE_HEREDOC);
    top(lx)->marker = as_str_slice(lx->text, begin, end);
    return true;
}

/* Symbols, the longer before their beginnings. */
static const struct symbol {
    char text[4];
    uint8_t length, kind;
} symbols[] = {
        {"==", 2, AS_TOK_EQ},
        {"=>", 2, AS_TOK_ARROW},
        {"=", 1, AS_TOK_ASSIGN},
        {"!=", 2, AS_TOK_NE},
        {"!", 1, AS_TOK_BANG},
        {">=", 2, AS_TOK_GE},
        {">", 1, AS_TOK_GT},
        {"<=", 2, AS_TOK_LE},
        {"<", 1, AS_TOK_LT},
        {"&&", 2, AS_TOK_AND},
        {"&", 1, AS_TOK_BITWISE},
        {"||", 2, AS_TOK_OR},
        {"|", 1, AS_TOK_BITWISE},
        {"^", 1, AS_TOK_BITWISE},
        {"~", 1, AS_TOK_BITWISE},
        {"::", 2, AS_TOK_COLONS},
        {":", 1, AS_TOK_COLON},
        {"...", 3, AS_TOK_ELLIPSIS},
        {".", 1, AS_TOK_DOT},
        {",", 1, AS_TOK_COMMA},
        {"(", 1, AS_TOK_PAREN_OPEN},
        {")", 1, AS_TOK_PAREN_CLOSE},
        {"[", 1, AS_TOK_BRACKET_OPEN},
        {"]", 1, AS_TOK_BRACKET_CLOSE},
        {"*", 1, AS_TOK_STAR},
        {"/", 1, AS_TOK_SLASH},
        {"+", 1, AS_TOK_PLUS},
        {"-", 1, AS_TOK_MINUS},
        {"%", 1, AS_TOK_PERCENT},
        {"?", 1, AS_TOK_QUESTION},
        {";", 1, AS_TOK_SEMICOLON},
        {"'", 1, AS_TOK_APOSTROPHE},
        {"`", 1, AS_TOK_BACKTICK},
};

static bool lex_symbol(lexer *lx)
{
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        const struct symbol *s = &symbols[i];
        if (peek(lx, 0) == s->text[0] && (s->length < 2 || peek(lx, 1) == s->text[1]) &&
                (s->length < 3 || peek(lx, 2) == s->text[2])) {
            emit(lx, s->kind, s->length);
            return true;
        }
    }
    return false;
}

/* Braces: the one that closes an interpolation goes back to its template. */
static bool lex_brace(lexer *lx)
{
    int c = peek(lx, 0);
    mode *m = top(lx);
    if (c == '{') {
        m->braces++;
        emit(lx, AS_TOK_BRACE_OPEN, 1);
        return true;
    }
    bool trim = c == '~' && peek(lx, 1) == '}';
    if (c != '}' && !trim)
        return false;
    bool ends_sequence = m->braces == 0 && lx->modes.n > 1;
    if (ends_sequence)
        lx->modes.n--;
    else if (m->braces > 0)
        m->braces--;
    emit(lx, ends_sequence || trim ? AS_TOK_SEQ_END : AS_TOK_BRACE_CLOSE, trim ? 2 : 1);
    return true;
}

static void lex_code(lexer *lx)
{
    int c = peek(lx, 0);
    if (c == ' ' || c == '\t') {
        lx->at++;
        return;
    }
    if ((c | 32) >= 'a' && (c | 32) <= 'z') {
        emit(lx, AS_TOK_IDENT, as_ident_scan(lx->text, lx->at) - lx->at);
        return;
    }
    if (is_digit(c)) {
        lex_number(lx);
        return;
    }
    switch (c) {
    case '\n':
        emit(lx, AS_TOK_NEWLINE, 1);
        return;
    case '\r':
        if (peek(lx, 1) == '\n')
            emit(lx, AS_TOK_NEWLINE, 2);
        else
            emit_invalid(lx);
        return;
    case '"':
        emit(lx, AS_TOK_QUOTE_OPEN, 1);
        push_mode(lx, MODE_QUOTED);
        return;
    case '#':
    case '/':
        if (lex_comment(lx))
            return;
        break;
    case '<':
        if (lex_heredoc_open(lx))
            return;
        break;
    default:
        break;
    }
    if (lex_brace(lx) || lex_symbol(lx))
        return;
    size_t end = as_ident_scan(lx->text, lx->at);
    if (end > lx->at)
        emit(lx, AS_TOK_IDENT, end - lx->at);
    else
        emit_invalid(lx);
}

void as_lex(as_arena *arena, as_str text, size_t begin, bool template, as_tokens *out)
{
    lexer lx = {.arena = arena, .text = text, .at = begin, .out = out};
    /* Room that is never touched costs nothing; moving the list does. */
    out->cap = (text.n - begin) / 3 + 16;
    out->items = AS_NEW_ARRAY(arena, as_token, out->cap);
    push_mode(&lx, template ? MODE_BARE : MODE_CODE);
    if (begin == 0 && as_str_starts(text, "\xef\xbb\xbf"))
        lx.at = 3;
    while (lx.at < text.n) {
        switch (top(&lx)->kind) {
        case MODE_CODE:
            lex_code(&lx);
            break;
        case MODE_QUOTED:
            lex_quoted(&lx);
            break;
        case MODE_HEREDOC:
        case MODE_BARE:
            lex_text(&lx);
            break;
        }
    }
    emit(&lx, AS_TOK_EOF, 0);
}

/* --- what should never appear ----------------------------------------------------------------- */

typedef struct complaint {
    as_token_kind kind;
    unsigned limit; /* at most so many; 0: all */
    bool alternate; /* only every other one: the openers of pairs */
    const char *summary, *detail;
} complaint;

static const complaint complaints[] = {
        {AS_TOK_BITWISE, 4, false, "Unsupported operator", "There are no bitwise operators."},
        {AS_TOK_BACKTICK, 0, true, "Invalid character",
                "Backticks quote nothing here. For text of several lines write a heredoc: "
                "\"<<EOT\"."},
        {AS_TOK_APOSTROPHE, 0, true, "Invalid character",
                "Strings stand in double quotes (\"), not in single ones."},
        {AS_TOK_SEMICOLON, 1, false, "Invalid character",
                "Nothing is separated by \";\": arguments and blocks end with their line, items of "
                "collections are separated by commas."},
        {AS_TOK_BAD_UTF8, 1, false, "Invalid character encoding",
                "The file is not UTF-8 here. Save it in that encoding."},
        {AS_TOK_QUOTED_NEWLINE, 0, false, "Invalid multi-line string",
                "A quoted string ends on its line. Write \\n for a line end, or a heredoc for text "
                "of "
                "several lines."},
        {AS_TOK_INVALID, 0, false, "Invalid character",
                "The language has no use for this character."},
};
#define N_COMPLAINTS (sizeof complaints / sizeof *complaints)

static const char *bitwise_hint(char c)
{
    switch (c) {
    case '&':
        return " Did you mean boolean AND (\"&&\")?";
    case '|':
        return " Did you mean boolean OR (\"||\")?";
    case '~':
        return " Did you mean boolean NOT (\"!\")?";
    default:
        return "";
    }
}

static void complain(const complaint *c, as_str text, as_span span, as_diags *diags)
{
    as_diags_add(diags, AS_DIAG_ERROR, "hcl-syntax", span, "%s", c->summary);
    if (c->kind == AS_TOK_BITWISE)
        as_diags_detail(diags, "%s%s", c->detail, bitwise_hint(text.p[0]));
    else if (c->kind == AS_TOK_INVALID &&
             (as_str_is(text, "\xe2\x80\x9c") || as_str_is(text, "\xe2\x80\x9d")))
        as_diags_detail(diags,
                "A curly quote, perhaps from a word processor: replace it by a straight one (\").");
    else
        as_diags_detail(diags, "%s", c->detail);
}

void as_lex_check(
        as_str text, const as_tokens *tokens, uint32_t file, as_span place, as_diags *diags)
{
    unsigned seen[N_COMPLAINTS] = {0};
    for (size_t t = 0; t < tokens->n; t++) {
        const as_token *token = &tokens->items[t];
        if (token->kind < AS_TOK_BITWISE)
            continue;
        for (size_t i = 0; i < N_COMPLAINTS; i++) {
            const complaint *c = &complaints[i];
            if (c->kind != token->kind)
                continue;
            unsigned count = seen[i]++;
            if ((c->limit && count >= c->limit) || (c->alternate && count % 2 != 0))
                continue;
            as_span span = file ? (as_span){file, token->begin, token->end} : place;
            complain(c, as_str_slice(text, token->begin, token->end), span, diags);
        }
    }
}
