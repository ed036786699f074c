/* Templates: quoted strings, heredocs and template files (hclsyntax/spec.md, "Templates").
 *
 * A template is read in three steps: its tokens become parts (literals, interpolations,
 * directives), the parts are trimmed (`~`, indentation of <<-), and directives are nested into
 * conditionals and loops. */
#include "parsers/hcl/parser.h"

#include "engine/base/normalize.h"
#include "engine/base/utf8.h"

typedef enum part_kind {
    PART_TEXT,
    PART_INTERP,
    PART_IF,
    PART_FOR,
    PART_ELSE,
    PART_ENDIF,
    PART_ENDFOR,
    PART_END,
} part_kind;

typedef struct as_template_part {
    part_kind kind;
    as_span span;
    as_str text;             /* PART_TEXT */
    const as_hcl_expr *expr; /* interpolated, condition, or collection */
    as_str key_name, value_name;
} part;

typedef struct template_parts {
    part *items;
    size_t n, cap;
    size_t at; /* of the nesting step */
} template_parts;

static const as_hcl_expr *bad_node(as_parser *p, as_span span)
{
    return as_parser_node(p, AS_HCL_BAD, span);
}

/* --- white space (Go's unicode.IsSpace) ------------------------------------------------------- */

static bool is_space(uint32_t rune)
{
    return (rune >= '\t' && rune <= '\r') || rune == ' ' || rune == 0x85 || rune == 0xa0 ||
           rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200a) || rune == 0x2028 ||
           rune == 0x2029 || rune == 0x202f || rune == 0x205f || rune == 0x3000;
}

/* Bytes of white space at the start of s, and how many characters these are (CRLF is one). */
static size_t leading_space(as_str s, size_t *n_characters)
{
    size_t at = 0, count = 0;
    while (at < s.n) {
        size_t next = at;
        uint32_t rune = as_utf8_next(s, &next);
        if (!is_space(rune))
            break;
        if (!(rune == '\n' && at > 0 && s.p[at - 1] == '\r'))
            count++;
        at = next;
    }
    if (n_characters)
        *n_characters = count;
    return at;
}

static as_str trim_left(as_str s)
{
    return as_str_from_index(s, leading_space(s, NULL));
}

static as_str trim_right(as_str s)
{
    while (s.n > 0) {
        size_t begin = s.n - 1;
        while (begin > 0 && ((unsigned char)s.p[begin] & 0xc0) == 0x80)
            begin--;
        size_t at = begin;
        if (!is_space(as_utf8_next(s, &at)))
            break;
        s.n = begin;
    }
    return s;
}

/* --- literals --------------------------------------------------------------------------------- */

/* The part of a token from `at` on that a problem is about. */
static as_span escape_span(const as_parser *p, as_token token, size_t at, size_t n)
{
    as_token piece = {
            .begin = (uint32_t)(token.begin + at), .end = (uint32_t)(token.begin + at + n)};
    return as_parser_span(p, piece);
}

static size_t hex_digits(as_str s, size_t from, size_t most, uint32_t *value)
{
    size_t n = 0;
    *value = 0;
    while (n < most && from + n < s.n) {
        char c = s.p[from + n], lower = (char)(c | 32);
        uint32_t digit;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if (lower >= 'a' && lower <= 'f')
            digit = (uint32_t)(lower - 'a' + 10);
        else
            break;
        *value = *value << 4 | digit;
        n++;
    }
    return n;
}

/* `\uXXXX` and `\UXXXXXXXX` at `at`; returns the length of the sequence. */
static size_t unicode_escape(as_parser *p, as_token token, as_str text, size_t at, as_buf *out)
{
    static const char summary[] = "Invalid escape sequence";
    size_t want = text.p[at + 1] == 'u' ? 4 : 8;
    uint32_t rune;
    size_t n = hex_digits(text, at + 2, want, &rune);
    as_span span = escape_span(p, token, at, n + 2);
    if (n != want) {
        as_parser_error(p, span, summary, "\\%c is followed by %zu hexadecimal digits.",
                text.p[at + 1], want);
        as_buf_add(out, text.p + at, n + 2);
    } else if (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) {
        as_parser_error(p, span, summary, "U+%04x is no character.", (unsigned)rune);
        as_buf_add(out, text.p + at, n + 2);
    } else {
        as_buf_rune(out, rune);
    }
    return n + 2;
}

/* A backslash at `at`; returns the length of the sequence. */
static size_t backslash(as_parser *p, as_token token, as_str text, size_t at, as_buf *out)
{
    static const char selectors[] = "nrt\"\\", meanings[] = "\n\r\t\"\\";
    char c = at + 1 < text.n ? text.p[at + 1] : 0;
    const char *found = c ? strchr(selectors, c) : NULL;
    if (found) {
        as_buf_char(out, meanings[found - selectors]);
        return 2;
    }
    if (c == 'u' || c == 'U')
        return unicode_escape(p, token, text, at, out);
    size_t width = at + 1 < text.n ? as_utf8_width(text, at + 1) : 0;
    as_parser_error(p, escape_span(p, token, at, 1 + width), "Invalid escape sequence",
            "\"\\%.*s\" means nothing; write \"\\\\\" for a backslash.", (int)width,
            text.p + at + 1);
    as_buf_add(out, text.p + at + 1, width);
    return 1 + width;
}

static bool is_doubled_marker(as_str text, size_t at)
{
    char c = text.p[at];
    return (c == '$' || c == '%') && at + 2 < text.n && text.p[at + 1] == c &&
           text.p[at + 2] == '{';
}

as_str as_parser_literal(as_parser *p, as_token token)
{
    as_str text = as_parser_text(p, token);
    bool quoted = token.kind == AS_TOK_QUOTED;
    size_t plain = 0;
    while (plain < text.n && !(quoted && text.p[plain] == '\\') && !is_doubled_marker(text, plain))
        plain++;
    if (plain == text.n)
        return text;
    as_buf out;
    as_buf_init(&out, p->kept, 0);
    as_buf_add(&out, text.p, plain);
    for (size_t at = plain; at < text.n;) {
        if (quoted && text.p[at] == '\\') {
            at += backslash(p, token, text, at, &out);
        } else if (is_doubled_marker(text, at)) {
            as_buf_add(&out, text.p + at + 1, 2);
            at += 3;
        } else {
            as_buf_char(&out, text.p[at++]);
        }
    }
    return as_buf_view(&out);
}

as_hcl_label as_parser_quoted(as_parser *p)
{
    static const char summary[] = "Invalid string literal";
    as_span open = as_parser_span(p, as_parser_read(p));
    as_buf text;
    as_buf_init(&text, p->scratch, 0);
    as_token first = as_parser_peek(p);
    if (first.kind == AS_TOK_QUOTED) {
        (void)as_parser_read(p);
        as_str literal = as_parser_literal(p, first);
        if (as_parser_peek(p).kind == AS_TOK_QUOTE_CLOSE) { /* as nearly all are */
            as_span close = as_parser_span(p, as_parser_read(p));
            return (as_hcl_label){literal, as_span_join(open, close)};
        }
        as_buf_str(&text, literal);
    }
    for (;;) {
        as_token token = as_parser_read(p);
        as_span span = as_parser_span(p, token);
        if (token.kind == AS_TOK_QUOTED) {
            as_buf_str(&text, as_parser_literal(p, token));
            continue;
        }
        if (token.kind == AS_TOK_INTERP || token.kind == AS_TOK_CONTROL) {
            char sign = p->text.p[token.begin];
            as_parser_error(p, span, summary,
                    "A label is plain text. Double the sign, \"%c%c{\", for a literal \"%c{\".",
                    sign, sign, sign);
            as_buf_fmt(&text, "%c{ ... }", sign);
            as_parser_recover(p, AS_TOK_SEQ_END);
            continue;
        }
        if (token.kind == AS_TOK_EOF) {
            as_parser_error(p, span, "Unterminated string literal",
                    "The file ends before the closing quote.");
        } else if (token.kind != AS_TOK_QUOTE_CLOSE) {
            as_parser_error(p, span, summary, "This cannot stand in a string.");
            as_parser_recover(p, AS_TOK_QUOTE_CLOSE);
        }
        return (as_hcl_label){as_str_dup(p->kept, as_buf_view(&text)), as_span_join(open, span)};
    }
}

/* --- reading parts ---------------------------------------------------------------------------- */

typedef struct reader {
    as_parser *p;
    template_parts *parts;
    as_token_kind end;
    as_span open;
    bool trim_next;     /* the sequence before ended in ~} */
    bool can_trim_back; /* the part before is literal text */
} reader;

static void add_part(reader *r, part fresh)
{
    AS_VEC_PUSH(r->p->scratch, r->parts, fresh);
}

static void trim_back(reader *r, as_token opener)
{
    if (r->can_trim_back && opener.end - opener.begin == 3 && r->parts->n > 0) {
        part *last = &r->parts->items[r->parts->n - 1];
        if (last->kind == PART_TEXT)
            last->text = trim_right(last->text);
    }
}

static void close_sequence(reader *r, as_token close)
{
    as_parser_read(r->p);
    r->trim_next = close.end - close.begin == 2;
}

static void unclosed_interpolation(reader *r, as_token close)
{
    as_parser *p = r->p;
    bool quote = (close.kind == AS_TOK_QUOTE_CLOSE || close.kind == AS_TOK_QUOTE_OPEN) &&
                 r->end == AS_TOK_QUOTE_CLOSE;
    if (close.kind == AS_TOK_EOF || quote)
        as_parser_error(p, r->open, "Unclosed template interpolation sequence",
                "\"${\" is not closed by \"}\".");
    else
        as_parser_error(p, as_parser_span(p, close),
                "Extra characters after interpolation expression",
                "\"}\" comes after the expression. If \"${\" belongs to another language, write "
                "\"$${\".");
}

static void read_interpolation(reader *r, as_token opener)
{
    as_parser *p = r->p;
    trim_back(r, opener);
    bool newlines = p->newlines;
    p->newlines = false;
    const as_hcl_expr *expr = as_parser_expr(p);
    as_token close = as_parser_peek(p);
    if (close.kind == AS_TOK_SEQ_END) {
        close_sequence(r, close);
    } else {
        if (!p->recovery)
            unclosed_interpolation(r, close);
        as_parser_recover(p, AS_TOK_SEQ_END);
    }
    p->newlines = newlines;
    add_part(r, (part){.kind = PART_INTERP,
                        .expr = expr,
                        .span = as_span_join(as_parser_span(p, opener), as_parser_span(p, close))});
}

/* Complains unless recovering already; always false. */
static bool directive_error(as_parser *p, as_token at, const char *summary, const char *detail)
{
    if (!p->recovery)
        as_parser_error(p, as_parser_span(p, at), summary, "%s", detail);
    return false;
}

static bool read_name(as_parser *p, as_str *name)
{
    as_token token = as_parser_peek(p);
    if (token.kind != AS_TOK_IDENT)
        return directive_error(p, token, "Invalid 'for' directive", "A name belongs here.");
    *name = as_parser_text(p, as_parser_read(p));
    return true;
}

static bool read_for(as_parser *p, part *out)
{
    if (!read_name(p, &out->value_name))
        return false;
    if (as_parser_peek(p).kind == AS_TOK_COMMA) {
        as_parser_read(p);
        out->key_name = out->value_name;
        if (!read_name(p, &out->value_name))
            return false;
    }
    if (!as_parser_at_word(p, "in"))
        return directive_error(
                p, as_parser_peek(p), "Invalid 'for' directive", "\"in\" comes after the names.");
    as_parser_read(p);
    out->expr = as_parser_expr(p);
    return true;
}

static const struct directive {
    const char *word;
    part_kind kind;
} directives[] = {
        {"if", PART_IF},
        {"for", PART_FOR},
        {"else", PART_ELSE},
        {"endif", PART_ENDIF},
        {"endfor", PART_ENDFOR},
};
#define N_DIRECTIVES (sizeof directives / sizeof *directives)

static const char *directive_word(part_kind kind)
{
    for (size_t i = 0; i < N_DIRECTIVES; i++)
        if (directives[i].kind == kind)
            return directives[i].word;
    return "";
}

static bool unknown_directive(as_parser *p, as_token word)
{
    as_str given = as_parser_text(p, word);
    if (p->recovery)
        return false;
    as_parser_error(p, as_parser_span(p, word), "Invalid template control keyword",
            "There is no directive \"%.*s\".", AS_STR_ARG(given));
    for (size_t i = 0; i < N_DIRECTIVES; i++) {
        if (as_str_distance(given, as_str_from(directives[i].word), 2) <= 2) {
            as_diags_detail(p->diags, "There is no directive \"%.*s\". Did you mean \"%s\"?",
                    AS_STR_ARG(given), directives[i].word);
            break;
        }
    }
    return false;
}

/* The inside of %{ }, without the closing brace. */
static bool read_directive_body(as_parser *p, part *out)
{
    as_token word = as_parser_peek(p);
    if (word.kind != AS_TOK_IDENT)
        return directive_error(p, word, "Invalid template directive",
                "A keyword such as \"if\" or \"for\" comes after \"%{\".");
    as_parser_read(p);
    for (size_t i = 0; i < N_DIRECTIVES; i++) {
        if (!as_str_is(as_parser_text(p, word), directives[i].word))
            continue;
        out->kind = directives[i].kind;
        if (out->kind == PART_IF)
            out->expr = as_parser_expr(p);
        return out->kind != PART_FOR || read_for(p, out);
    }
    return unknown_directive(p, word);
}

static void read_directive(reader *r, as_token opener)
{
    as_parser *p = r->p;
    trim_back(r, opener);
    bool newlines = p->newlines;
    p->newlines = false;
    part fresh = {.span = as_parser_span(p, opener)};
    if (read_directive_body(p, &fresh)) {
        as_token close = as_parser_peek(p);
        fresh.span = as_span_join(fresh.span, as_parser_span(p, close));
        add_part(r, fresh);
        if (close.kind == AS_TOK_SEQ_END) {
            close_sequence(r, close);
        } else {
            as_str summary = as_str_fmt(
                    p->scratch, "Extra characters in %s marker", directive_word(fresh.kind));
            directive_error(p, close, as_str_cstr(p->scratch, summary), "\"}\" comes here.");
            as_parser_recover(p, AS_TOK_SEQ_END);
        }
    } else {
        as_parser_recover(p, AS_TOK_SEQ_END);
    }
    p->newlines = newlines;
}

static void read_text(reader *r, as_token token, bool trim)
{
    as_str text = as_parser_literal(r->p, token);
    add_part(r, (part){.kind = PART_TEXT,
                        .text = trim ? trim_left(text) : text,
                        .span = as_parser_span(r->p, token)});
    r->can_trim_back = true;
}

static void read_parts(reader *r)
{
    as_parser *p = r->p;
    as_span last;
    for (;;) {
        as_token token = as_parser_read(p);
        last = as_parser_span(p, token);
        if (token.kind == r->end)
            break;
        bool trim = r->trim_next;
        r->trim_next = false;
        if (token.kind == AS_TOK_TEXT || token.kind == AS_TOK_QUOTED) {
            read_text(r, token, trim);
            continue;
        }
        if (token.kind == AS_TOK_INTERP) {
            read_interpolation(r, token);
        } else if (token.kind == AS_TOK_CONTROL) {
            read_directive(r, token);
        } else {
            if (!p->recovery)
                as_parser_error(p, last, "Unterminated template string",
                        "The text ends before its closing marker.");
            last = as_parser_span(p, as_parser_recover(p, r->end));
            break;
        }
        r->can_trim_back = false;
    }
    if (r->parts->n == 0) {
        as_span inside = {r->open.file, r->open.end, r->open.end};
        add_part(r, (part){.kind = PART_TEXT, .span = r->open.file ? inside : r->open});
    }
    add_part(r, (part){.kind = PART_END, .span = last});
}

/* --- indentation and joining ------------------------------------------------------------------ */

/* Whether part i begins a line of the heredoc. */
static bool begins_line(const template_parts *parts, size_t i)
{
    if (i == 0)
        return true;
    const part *before = &parts->items[i - 1];
    return before->kind == PART_TEXT && as_str_ends(before->text, "\n");
}

static bool is_blank_line(as_str text)
{
    return leading_space(text, NULL) == text.n && as_str_ends(text, "\n");
}

static as_str drop_characters(as_str text, size_t n)
{
    size_t at = 0;
    while (n > 0 && at < text.n) {
        bool crlf = text.p[at] == '\r' && at + 1 < text.n && text.p[at + 1] == '\n';
        if (crlf)
            at++;
        as_utf8_next(text, &at);
        n--;
    }
    return as_str_from_index(text, at);
}

/* <<-: the least indentation of any line that is not blank is taken off all of them. */
static void remove_indentation(template_parts *parts)
{
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < parts->n; i++) {
        const part *line = &parts->items[i];
        if (!begins_line(parts, i) || line->kind == PART_END)
            continue;
        size_t spaces = 0;
        if (line->kind == PART_TEXT) {
            if (is_blank_line(line->text))
                continue;
            leading_space(line->text, &spaces);
        }
        if (spaces < least)
            least = spaces;
    }
    if (least == 0 || least == SIZE_MAX)
        return;
    /* From the end: dropping white space may empty a part, but never its line end. */
    for (size_t i = parts->n; i-- > 0;) {
        part *line = &parts->items[i];
        if (begins_line(parts, i) && line->kind == PART_TEXT && !is_blank_line(line->text))
            line->text = drop_characters(line->text, least);
    }
}

/* Neighbouring literals become one; without copying where they are neighbours in the source too. */
static void join_literals(as_parser *p, template_parts *parts)
{
    size_t n = 0;
    for (size_t i = 0; i < parts->n;) {
        part joined = parts->items[i++];
        size_t first = i;
        bool contiguous = true;
        while (joined.kind == PART_TEXT && i < parts->n && parts->items[i].kind == PART_TEXT) {
            const as_str *before = &parts->items[i - 1].text, *next = &parts->items[i].text;
            contiguous = contiguous && before->p && before->p + before->n == next->p;
            i++;
        }
        if (i > first && contiguous) {
            const as_str *last = &parts->items[i - 1].text;
            joined.text.n = (size_t)(last->p + last->n - joined.text.p);
        } else if (i > first) {
            as_buf text;
            as_buf_init(&text, p->kept, 0);
            for (size_t k = first - 1; k < i; k++)
                as_buf_str(&text, parts->items[k].text);
            joined.text = as_buf_view(&text);
        }
        if (i > first)
            joined.span = as_span_join(joined.span, parts->items[i - 1].span);
        parts->items[n++] = joined;
    }
    parts->n = n;
}

/* --- nesting ---------------------------------------------------------------------------------- */

static const as_hcl_expr *nest_part(as_parser *p, template_parts *parts);

static const as_hcl_expr *text_node(as_parser *p, as_span span, as_str text)
{
    as_hcl_expr *expr = as_parser_node(p, AS_HCL_LITERAL, span);
    expr->as.literal = as_value_string(p->kept, span, as_str_nfc(p->kept, text));
    return expr;
}

/* A clause's parts as one template; empty ones are the empty string at `place`. */
static const as_hcl_expr *clause_node(as_parser *p, as_expr_list *list, as_span place)
{
    if (list->n == 0)
        AS_VEC_PUSH(p->scratch, list, text_node(p, place, AS_STR("")));
    as_span span = as_span_join(list->items[0]->span, list->items[list->n - 1]->span);
    as_hcl_expr *expr = as_parser_node(p, AS_HCL_TEMPLATE, span);
    expr->as.list = as_parser_exprs(p, list);
    return expr;
}

static const as_hcl_expr *unbalanced(as_parser *p, const part *at, const part *open)
{
    as_buf summary;
    as_buf_init(&summary, p->scratch, 0);
    if (at->kind == PART_END)
        as_buf_cstr(&summary, "Unexpected end of template");
    else
        as_buf_fmt(&summary, "Unexpected %s directive", directive_word(at->kind));
    if (open)
        as_parser_error(p, at->span, as_buf_c(&summary), "A %s directive is still open here.",
                directive_word(open->kind));
    else
        as_parser_error(p, at->span, as_buf_c(&summary), "No directive is open here.");
    return bad_node(p, at->span);
}

static const as_hcl_expr *nest_if(as_parser *p, template_parts *parts, const part *open)
{
    as_expr_list clauses[2] = {{0}, {0}};
    size_t current = 0;
    for (;;) {
        const part *next = &parts->items[parts->at];
        if (next->kind == PART_TEXT || next->kind == PART_INTERP || next->kind == PART_IF ||
                next->kind == PART_FOR) {
            const as_hcl_expr *expr = nest_part(p, parts);
            AS_VEC_PUSH(p->scratch, &clauses[current], expr);
            continue;
        }
        if (next->kind != PART_END)
            parts->at++;
        if (next->kind == PART_ELSE && current == 0) {
            current = 1;
            continue;
        }
        if (next->kind != PART_ENDIF)
            return unbalanced(p, next, open);
        as_hcl_expr *expr =
                as_parser_node(p, AS_HCL_CONDITIONAL, as_span_join(open->span, next->span));
        expr->as.conditional.condition = open->expr;
        expr->as.conditional.yes = clause_node(p, &clauses[0], open->span);
        expr->as.conditional.no = clause_node(p, &clauses[1], next->span);
        return expr;
    }
}

static const as_hcl_expr *nest_for(as_parser *p, template_parts *parts, const part *open)
{
    as_expr_list content = {0};
    for (;;) {
        const part *next = &parts->items[parts->at];
        if (next->kind == PART_TEXT || next->kind == PART_INTERP || next->kind == PART_IF ||
                next->kind == PART_FOR) {
            const as_hcl_expr *expr = nest_part(p, parts);
            AS_VEC_PUSH(p->scratch, &content, expr);
            continue;
        }
        if (next->kind != PART_END)
            parts->at++;
        if (next->kind != PART_ENDFOR)
            return unbalanced(p, next, open);
        as_span span = as_span_join(open->span, next->span);
        as_hcl_for *loop = AS_NEW(p->arena, as_hcl_for);
        *loop = (as_hcl_for){.key_name = open->key_name,
                .value_name = open->value_name,
                .collection = open->expr,
                .value = clause_node(p, &content, open->span),
                .open = open->span,
                .close = next->span};
        as_hcl_expr *tuple = as_parser_node(p, AS_HCL_FOR, span);
        tuple->as.loop = loop;
        as_hcl_expr *join = as_parser_node(p, AS_HCL_TEMPLATE_JOIN, span);
        join->as.inner = tuple;
        return join;
    }
}

static const as_hcl_expr *nest_directive(as_parser *p, template_parts *parts)
{
    const part *open = &parts->items[parts->at++];
    const as_hcl_expr *expr;
    if (as_parser_enter(p)) {
        expr = open->kind == PART_IF ? nest_if(p, parts, open) : nest_for(p, parts, open);
    } else {
        parts->at = parts->n - 1;
        expr = bad_node(p, open->span);
    }
    as_parser_leave(p);
    return expr;
}

static const as_hcl_expr *nest_part(as_parser *p, template_parts *parts)
{
    const part *next = &parts->items[parts->at];
    switch (next->kind) {
    case PART_TEXT:
        parts->at++;
        return text_node(p, next->span, next->text);
    case PART_INTERP:
        parts->at++;
        return next->expr;
    case PART_IF:
    case PART_FOR:
        return nest_directive(p, parts);
    default:
        parts->at++;
        return unbalanced(p, next, NULL);
    }
}

/* `"text"` and nothing else, as most strings are. NULL when it is not that simple. */
static const as_hcl_expr *plain_string(as_parser *p, as_token_kind end, as_span open)
{
    const as_token *next = p->tokens + p->next;
    if (end != AS_TOK_QUOTE_CLOSE || next[0].kind != AS_TOK_QUOTED ||
            next[1].kind != AS_TOK_QUOTE_CLOSE)
        return NULL;
    as_str text = as_parser_literal(p, next[0]);
    p->next += 2;
    return text_node(p, as_span_join(open, as_parser_span(p, next[1])), text);
}

const as_hcl_expr *as_parser_template(
        as_parser *p, as_token_kind end, bool flush, as_span open, bool bare)
{
    const as_hcl_expr *plain = plain_string(p, end, open);
    if (plain)
        return plain;
    template_parts parts = {0};
    AS_SPARE_TAKE(p, parts, &parts);
    reader r = {.p = p, .parts = &parts, .end = end, .open = open};
    if (!bare)
        r.open = as_parser_span(p, as_parser_peek(p));
    read_parts(&r);
    if (flush)
        remove_indentation(&parts);
    join_literals(p, &parts);
    as_expr_list list;
    AS_SPARE_TAKE(p, exprs, &list);
    bool wrap = parts.n == 2 && parts.items[0].kind == PART_INTERP;
    while (parts.items[parts.at].kind != PART_END) {
        const as_hcl_expr *expr = nest_part(p, &parts);
        AS_VEC_PUSH(p->scratch, &list, expr);
    }
    AS_SPARE_GIVE(p, parts, &parts);
    as_span span = as_span_join(open, as_parser_previous(p));
    as_str text;
    if (list.n == 1 && as_hcl_expr_string(list.items[0], &text) && !wrap)
        return text_node(p, span, text);
    as_hcl_expr *expr = as_parser_node(p, wrap ? AS_HCL_TEMPLATE_WRAP : AS_HCL_TEMPLATE, span);
    if (wrap)
        expr->as.inner = list.items[0];
    else
        expr->as.list = as_parser_exprs(p, &list);
    return expr;
}
