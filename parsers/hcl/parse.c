/* Bodies, attributes and blocks of native syntax, the tokens' reader with its recovery, and the
 * entry points. A bad item costs itself: recovery skips to where the next can begin
 * (hclsyntax/parser.go). */
#include "parsers/hcl/parser.h"

#include "engine/base/limits.h"
#include "engine/base/map.h"

#define CODE "hcl-syntax"

/* --- tokens ----------------------------------------------------------------------------------- */

/* The next token that counts, and the index behind it. A line comment stands for the line end in
 * it. */
static as_token skip_to_token(const as_parser *p, size_t *behind)
{
    for (size_t i = p->next; i < p->n_tokens; i++) {
        as_token token = p->tokens[i];
        bool skip = false;
        if (token.kind == AS_TOK_COMMENT) {
            skip = !p->newlines || p->text.p[token.end - 1] != '\n';
            token.kind = AS_TOK_NEWLINE;
        } else if (token.kind == AS_TOK_NEWLINE) {
            skip = !p->newlines;
        }
        if (skip)
            continue;
        *behind = i + 1;
        return token;
    }
    *behind = p->n_tokens;
    return p->tokens[p->n_tokens - 1];
}

static inline as_token next_token(const as_parser *p, size_t *behind)
{
    size_t at = p->next; /* which *behind may be */
    if (at >= p->n_tokens || p->tokens[at].kind == AS_TOK_COMMENT ||
            p->tokens[at].kind == AS_TOK_NEWLINE)
        return skip_to_token(p, behind);
    *behind = at + 1;
    return p->tokens[at];
}

as_token as_parser_peek(const as_parser *p)
{
    size_t behind = p->next;
    return next_token(p, &behind);
}

as_token as_parser_read(as_parser *p)
{
    return next_token(p, &p->next);
}

as_span as_parser_span(const as_parser *p, as_token token)
{
    return p->file ? (as_span){p->file, token.begin, token.end} : p->place;
}

as_str as_parser_text(const as_parser *p, as_token token)
{
    return (as_str){p->text.p + token.begin, token.end - token.begin};
}

as_span as_parser_previous(const as_parser *p)
{
    return as_parser_span(p, p->next == 0 ? as_parser_peek(p) : p->tokens[p->next - 1]);
}

bool as_parser_at_word(const as_parser *p, const char *word)
{
    as_token token = as_parser_peek(p);
    return token.kind == AS_TOK_IDENT && as_str_is(as_parser_text(p, token), word);
}

/* --- errors and recovery ---------------------------------------------------------------------- */

void as_parser_error(as_parser *p, as_span span, const char *summary, const char *detail, ...)
{
    as_diags_add(p->diags, AS_DIAG_ERROR, CODE, span, "%s", summary);
    va_list args;
    va_start(args, detail);
    as_buf text;
    as_buf_init(&text, p->scratch, 0);
    as_buf_vfmt(&text, detail, args);
    va_end(args);
    as_diags_detail(p->diags, "%s", as_buf_c(&text));
}

bool as_parser_failed(const as_parser *p, size_t errors)
{
    return p->recovery && p->diags->n_errors != errors;
}

bool as_parser_enter(as_parser *p)
{
    p->depth++;
    if (p->depth <= AS_MAX_DEPTH)
        return true;
    if (!p->too_deep) {
        p->too_deep = true;
        as_parser_error(p, as_parser_span(p, as_parser_peek(p)), "Nesting too deep",
                "At most %d levels are read; the rest of the file is not examined.", AS_MAX_DEPTH);
    }
    p->recovery = true;
    p->next = p->n_tokens - 1;
    return false;
}

void as_parser_leave(as_parser *p)
{
    p->depth--;
}

static as_token_kind opposite(as_token_kind kind)
{
    switch (kind) {
    case AS_TOK_BRACE_OPEN:
        return AS_TOK_BRACE_CLOSE;
    case AS_TOK_BRACKET_OPEN:
        return AS_TOK_BRACKET_CLOSE;
    case AS_TOK_PAREN_OPEN:
        return AS_TOK_PAREN_CLOSE;
    case AS_TOK_QUOTE_OPEN:
        return AS_TOK_QUOTE_CLOSE;
    case AS_TOK_HEREDOC_OPEN:
        return AS_TOK_HEREDOC_CLOSE;
    case AS_TOK_INTERP:
    case AS_TOK_CONTROL:
        return AS_TOK_SEQ_END;
    case AS_TOK_BRACE_CLOSE:
        return AS_TOK_BRACE_OPEN;
    case AS_TOK_BRACKET_CLOSE:
        return AS_TOK_BRACKET_OPEN;
    case AS_TOK_PAREN_CLOSE:
        return AS_TOK_PAREN_OPEN;
    case AS_TOK_QUOTE_CLOSE:
        return AS_TOK_QUOTE_OPEN;
    case AS_TOK_HEREDOC_CLOSE:
        return AS_TOK_HEREDOC_OPEN;
    case AS_TOK_SEQ_END:
        return AS_TOK_INTERP;
    default:
        return AS_TOK_EOF;
    }
}

as_token as_parser_recover(as_parser *p, as_token_kind end)
{
    as_token_kind start = opposite(end);
    p->recovery = true;
    for (size_t nest = 0;;) {
        as_token token = as_parser_read(p);
        as_token_kind kind = (as_token_kind)token.kind;
        if (end == AS_TOK_SEQ_END && kind == AS_TOK_CONTROL)
            kind = AS_TOK_INTERP;
        if (kind == AS_TOK_EOF)
            return token;
        if (kind == end && nest-- == 0)
            return token;
        if (kind == start)
            nest++;
    }
}

void as_parser_recover_over(as_parser *p, as_token_kind start)
{
    as_token token;
    do
        token = as_parser_read(p);
    while (token.kind != start && token.kind != AS_TOK_EOF);
    as_parser_recover(p, opposite(start));
}

/* To behind the line end that is outside all brackets opened from here on. */
void as_parser_recover_item(as_parser *p)
{
    AS_VEC(uint8_t) open = {0};
    p->recovery = true;
    for (;;) {
        as_token token = as_parser_read(p);
        switch (token.kind) {
        case AS_TOK_EOF:
            return;
        case AS_TOK_NEWLINE:
            if (open.n == 0)
                return;
            break;
        case AS_TOK_BRACE_OPEN:
        case AS_TOK_BRACKET_OPEN:
        case AS_TOK_PAREN_OPEN:
        case AS_TOK_QUOTE_OPEN:
        case AS_TOK_HEREDOC_OPEN:
        case AS_TOK_INTERP:
        case AS_TOK_CONTROL:
            AS_VEC_PUSH(p->scratch, &open, token.kind);
            break;
        case AS_TOK_BRACE_CLOSE:
        case AS_TOK_BRACKET_CLOSE:
        case AS_TOK_PAREN_CLOSE:
        case AS_TOK_QUOTE_CLOSE:
        case AS_TOK_HEREDOC_CLOSE:
        case AS_TOK_SEQ_END:
            while (open.n > 0 && opposite((as_token_kind)open.items[open.n - 1]) != token.kind)
                open.n--;
            if (open.n > 0)
                open.n--;
            break;
        default:
            break;
        }
    }
}

/* --- bodies ----------------------------------------------------------------------------------- */

typedef struct body_builder {
    AS_VEC(as_hcl_attribute) attributes;
    AS_VEC(as_hcl_block) blocks;
    as_map names; /* of the attributes, once there are many */
} body_builder;

static body_builder begin_body(as_parser *p)
{
    body_builder b = {0};
    AS_SPARE_TAKE(p, attributes, &b.attributes);
    AS_SPARE_TAKE(p, blocks, &b.blocks);
    return b;
}

static const as_hcl_body *parse_body(as_parser *p, as_token_kind end);

static const as_hcl_attribute *find_attribute(const body_builder *b, as_str name)
{
    if (b->names.n > 0)
        return as_map_get(&b->names, name);
    for (size_t i = 0; i < b->attributes.n; i++)
        if (as_str_eq(b->attributes.items[i].name, name))
            return &b->attributes.items[i];
    return NULL;
}

static unsigned line_of(as_str text, uint32_t offset)
{
    unsigned line = 1;
    for (size_t i = 0; i < offset && i < text.n; i++)
        line += text.p[i] == '\n';
    return line;
}

#define MANY_NAMES 16

static void add_attribute(as_parser *p, body_builder *b, as_hcl_attribute attribute)
{
    const as_hcl_attribute *earlier = find_attribute(b, attribute.name);
    if (earlier) {
        unsigned line =
                p->diags->n_errors < AS_MAX_DIAGS ? line_of(p->text, earlier->name_span.begin) : 0;
        as_parser_error(p, attribute.name_span, "Attribute redefined",
                "The argument \"%.*s\" is set in line %u already; it can be set only once.",
                AS_STR_ARG(attribute.name), line);
        return;
    }
    AS_VEC_PUSH(p->scratch, &b->attributes, attribute);
    if (b->attributes.n <= MANY_NAMES)
        return;
    for (size_t i = b->names.n; i < b->attributes.n; i++) {
        as_hcl_attribute *copy = AS_NEW(p->scratch, as_hcl_attribute);
        *copy = b->attributes.items[i];
        as_map_put(p->scratch, &b->names, copy->name, copy);
    }
}

static const as_hcl_body *finish_body(as_parser *p, body_builder *b, as_span span, as_span end)
{
    as_hcl_body *body = AS_NEW(p->arena, as_hcl_body);
    as_hcl_attribute *attributes = AS_NEW_ARRAY(p->arena, as_hcl_attribute, b->attributes.n);
    as_hcl_block *blocks = AS_NEW_ARRAY(p->arena, as_hcl_block, b->blocks.n);
    if (b->attributes.n > 0)
        memcpy(attributes, b->attributes.items, b->attributes.n * sizeof *attributes);
    if (b->blocks.n > 0)
        memcpy(blocks, b->blocks.items, b->blocks.n * sizeof *blocks);
    AS_SPARE_GIVE(p, attributes, &b->attributes);
    AS_SPARE_GIVE(p, blocks, &b->blocks);
    *body = (as_hcl_body){.span = span,
            .end = end,
            .attributes = attributes,
            .n_attributes = b->attributes.n,
            .blocks = blocks,
            .n_blocks = b->blocks.n};
    return body;
}

#define ITEM_REQUIRED "Argument or block definition required"

/* `= expression`, up to the line's end. */
static as_hcl_attribute parse_attribute(as_parser *p, as_token name, bool single_line)
{
    as_parser_read(p); /* = */
    size_t errors = p->diags->n_errors;
    const as_hcl_expr *expr = as_parser_expr(p);
    as_span end = as_parser_previous(p);
    if (as_parser_failed(p, errors)) {
        as_parser_recover_item(p);
    } else if (!single_line) {
        as_token next = as_parser_peek(p);
        if (next.kind == AS_TOK_NEWLINE || next.kind == AS_TOK_EOF) {
            as_parser_read(p);
        } else {
            if (!p->recovery)
                as_parser_error(p, as_parser_span(p, next),
                        next.kind == AS_TOK_COMMA ? "Unexpected comma after argument"
                                                  : "Missing newline after argument",
                        "An argument ends with its line.");
            as_parser_recover_item(p);
        }
    }
    as_span name_span = as_parser_span(p, name);
    return (as_hcl_attribute){.name = as_parser_text(p, name),
            .span = as_span_join(name_span, end),
            .name_span = name_span,
            .expr = expr};
}

static void wrong_item(as_parser *p, as_span span, const char *summary, const char *detail)
{
    as_parser_error(p, span, summary, "%s", detail);
    as_parser_recover_item(p);
}

/* `{ name = value }` on one line. */
static const as_hcl_body *parse_single_line(as_parser *p, as_span open)
{
    body_builder b = begin_body(p);
    as_token name = as_parser_read(p);
    as_span span = as_parser_span(p, name);
    as_token next = as_parser_peek(p);
    if (name.kind != AS_TOK_IDENT) {
        wrong_item(p, span, ITEM_REQUIRED, "An argument or a block begins with a name.");
    } else if (next.kind == AS_TOK_ASSIGN) {
        as_hcl_attribute attribute = parse_attribute(p, name, true);
        span = attribute.span;
        add_attribute(p, &b, attribute);
    } else if (next.kind == AS_TOK_QUOTE_OPEN || next.kind == AS_TOK_BRACE_OPEN ||
               next.kind == AS_TOK_IDENT) {
        wrong_item(p, as_span_join(span, as_parser_span(p, next)), "Argument definition required",
                "A block on one line holds a single argument; put nested blocks on lines of "
                "their own.");
    } else {
        wrong_item(p, span, ITEM_REQUIRED, "An argument is set with \"=\".");
    }
    return finish_body(p, &b, as_span_join(open, span), open);
}

static void end_single_line(as_parser *p, as_token open)
{
    static const char summary[] = "Invalid single-argument block definition";
    as_token next = as_parser_peek(p);
    as_span span = as_parser_span(p, next);
    switch (next.kind) {
    case AS_TOK_BRACE_CLOSE:
        as_parser_read(p);
        return;
    case AS_TOK_COMMA:
        as_parser_error(p, span, summary,
                "A block on one line holds a single argument; give each a line of its own.");
        break;
    case AS_TOK_NEWLINE:
        as_parser_error(p, span, summary,
                "A block whose argument stands beside its brace is closed on the same line.");
        break;
    case AS_TOK_EOF:
        if (!p->recovery)
            as_parser_error(p, as_parser_span(p, open), "Unclosed configuration block",
                    "The file ends before this block is closed.");
        break;
    default:
        if (!p->recovery)
            as_parser_error(p, span, summary,
                    "Behind the single argument of a block on one line comes the closing brace.");
        break;
    }
    as_parser_recover(p, AS_TOK_BRACE_CLOSE);
}

static void bad_header(as_parser *p, as_token at)
{
    static const char summary[] = "Invalid block definition";
    as_span span = as_parser_span(p, at);
    if (at.kind == AS_TOK_ASSIGN)
        as_parser_error(p, span, summary, "\"=\" sets an argument; a block has none.");
    else if (at.kind == AS_TOK_NEWLINE)
        as_parser_error(p, span, summary, "The opening brace stands on the line of the header.");
    else if (!p->recovery)
        as_parser_error(p, span, summary, "A label in quotes or \"{\" comes here.");
    as_parser_recover_item(p);
}

/* Labels up to the opening brace; false after an error. */
static bool parse_header(as_parser *p, as_hcl_block *block, as_token *open)
{
    AS_VEC(as_hcl_label) labels;
    AS_SPARE_TAKE(p, labels, &labels);
    bool ok = true;
    for (;;) {
        as_token token = as_parser_peek(p);
        if (token.kind == AS_TOK_QUOTE_OPEN) {
            AS_VEC_PUSH(p->scratch, &labels, as_parser_quoted(p));
        } else if (token.kind == AS_TOK_IDENT) {
            as_hcl_label label = {as_parser_text(p, token), as_parser_span(p, token)};
            AS_VEC_PUSH(p->scratch, &labels, label);
            as_parser_read(p);
        } else if (token.kind == AS_TOK_BRACE_OPEN) {
            *open = as_parser_read(p);
            break;
        } else {
            bad_header(p, token);
            ok = false;
            break;
        }
    }
    as_hcl_label *copy = AS_NEW_ARRAY(p->arena, as_hcl_label, labels.n);
    if (labels.n > 0)
        memcpy(copy, labels.items, labels.n * sizeof *copy);
    AS_SPARE_GIVE(p, labels, &labels);
    block->labels = copy;
    block->n_labels = labels.n;
    block->header_span = labels.n > 0 ? as_span_join(block->type_span, copy[labels.n - 1].span)
                                      : block->type_span;
    return ok;
}

static as_hcl_block parse_block(as_parser *p, as_token type)
{
    as_span at = as_parser_span(p, type);
    as_hcl_block block = {.type = as_parser_text(p, type), .type_span = at};
    as_token open = {0};
    if (!parse_header(p, &block, &open)) {
        body_builder none = {0};
        block.body = finish_body(p, &none, at, at);
        block.span = block.open = block.close = at;
        return block;
    }
    block.open = as_parser_span(p, open);
    as_token next = as_parser_peek(p);
    if (next.kind == AS_TOK_NEWLINE || next.kind == AS_TOK_EOF || next.kind == AS_TOK_BRACE_CLOSE) {
        block.body = parse_body(p, AS_TOK_BRACE_CLOSE);
    } else {
        block.body = parse_single_line(p, block.open);
        end_single_line(p, open);
    }
    block.close = as_parser_previous(p);
    block.span = as_span_join(at, block.close);
    next = as_parser_peek(p);
    if (next.kind == AS_TOK_NEWLINE || next.kind == AS_TOK_EOF) {
        as_parser_read(p);
        return block;
    }
    if (!p->recovery)
        as_parser_error(p, as_parser_span(p, next), "Missing newline after block definition",
                "A block ends with its line.");
    as_parser_recover_item(p);
    return block;
}

static void parse_item(as_parser *p, body_builder *b)
{
    as_token name = as_parser_read(p);
    switch (as_parser_peek(p).kind) {
    case AS_TOK_ASSIGN:
        add_attribute(p, b, parse_attribute(p, name, false));
        break;
    case AS_TOK_QUOTE_OPEN:
    case AS_TOK_BRACE_OPEN:
    case AS_TOK_IDENT:
        AS_VEC_PUSH(p->scratch, &b->blocks, parse_block(p, name));
        break;
    default:
        wrong_item(p, as_parser_span(p, name), ITEM_REQUIRED, "An argument is set with \"=\".");
        break;
    }
}

static void bad_item(as_parser *p, as_token bad, as_span open)
{
    as_span span = as_parser_span(p, bad);
    if (bad.kind == AS_TOK_QUOTE_OPEN)
        as_parser_error(
                p, span, "Invalid argument name", "Names of arguments stand without quotes.");
    else if (bad.kind == AS_TOK_EOF)
        as_parser_error(p, open, "Unclosed configuration block",
                "The file ends before this block is closed.");
    else
        as_parser_error(p, span, ITEM_REQUIRED, "An argument or a block begins with a name.");
}

static const as_hcl_body *parse_body(as_parser *p, as_token_kind end)
{
    body_builder b = begin_body(p);
    as_span open = as_parser_previous(p), close = open;
    if (as_parser_enter(p)) {
        for (;;) {
            as_token next = as_parser_peek(p);
            if (next.kind == end) {
                close = as_parser_span(p, as_parser_read(p));
                break;
            }
            if (next.kind == AS_TOK_NEWLINE) {
                as_parser_read(p);
            } else if (next.kind == AS_TOK_IDENT) {
                parse_item(p, &b);
            } else {
                as_parser_read(p);
                if (!p->recovery)
                    bad_item(p, next, open);
                close = as_parser_previous(p);
                as_parser_recover(p, end);
                break;
            }
        }
    }
    as_parser_leave(p);
    return finish_body(p, &b, as_span_join(open, close), open);
}

/* --- entry points ----------------------------------------------------------------------------- */

typedef enum unit { UNIT_BODY, UNIT_EXPR, UNIT_TEMPLATE } unit;

typedef struct parsed {
    const as_hcl_body *body;
    const as_hcl_expr *expr;
} parsed;

static parsed parse_unit(as_parser *p, unit what)
{
    as_tokens tokens = {0};
    as_lex(p->scratch, p->text, p->begin, what == UNIT_TEMPLATE, &tokens);
    as_lex_check(p->text, &tokens, p->file, p->place, p->diags);
    p->tokens = tokens.items;
    p->n_tokens = tokens.n;
    parsed result = {0};
    if (what == UNIT_BODY) {
        p->newlines = true;
        result.body = parse_body(p, AS_TOK_EOF);
    } else if (what == UNIT_TEMPLATE) {
        p->newlines = true;
        result.expr = as_parser_template(
                p, AS_TOK_EOF, false, as_parser_span(p, as_parser_peek(p)), true);
    } else {
        result.expr = as_parser_expr(p);
        as_token next = as_parser_peek(p);
        if (next.kind != AS_TOK_EOF && !p->recovery)
            as_parser_error(p, as_parser_span(p, next), "Extra characters after expression",
                    "The expression ends before this.");
    }
    return result;
}

/* Tokens and unfinished lists live in an arena of their own, freed at once. */
static parsed parse_from(const as_parser *from, unit what)
{
    as_parser p = *from;
    as_arena *scratch = p.scratch = as_arena_new(0);
    if (!scratch)
        as_arena_unwind(from->arena, AS_CAUSE_MEMORY);
    as_guard tree, kept = {.arena = from->kept}, own;
    if (!AS_GUARD_ENTER(&tree, from->arena)) { /* nothing is allocated until all are entered */
        as_guard_leave(&kept);
        as_arena_free(scratch);
        as_arena_unwind(from->arena, tree.cause);
    }
    if (!AS_GUARD_ENTER(&kept, from->kept)) {
        as_guard_leave(&tree);
        as_arena_free(scratch);
        as_arena_unwind(from->kept, kept.cause);
    }
    if (!AS_GUARD_ENTER(&own, scratch)) {
        as_guard_leave(&kept);
        as_guard_leave(&tree);
        as_arena_free(scratch);
        as_arena_unwind(from->arena, own.cause);
    }
    parsed result = parse_unit(&p, what);
    as_guard_leave(&own);
    as_guard_leave(&kept);
    as_guard_leave(&tree);
    as_arena_free(scratch);
    return result;
}

static parsed parse(
        as_arena *arena, as_str text, uint32_t file, as_span place, unit what, as_diags *diags)
{
    as_parser p = {.arena = arena,
            .kept = arena,
            .text = text,
            .file = file,
            .place = place,
            .diags = diags};
    return parse_from(&p, what);
}

const as_hcl_body *as_hcl_parse(as_arena *arena, const as_source *source, as_diags *diags)
{
    parsed result = parse(arena, source->text, source->id, AS_SPAN_NONE, UNIT_BODY, diags);
    return result.body;
}

const as_hcl_body *as_hcl_parse_apart(
        as_arena *tree, as_arena *kept, const as_source *source, as_diags *diags)
{
    as_parser p = {
            .arena = tree, .kept = kept, .text = source->text, .file = source->id, .diags = diags};
    return parse_from(&p, UNIT_BODY).body;
}

const as_hcl_body *as_hcl_parse_part(
        as_arena *arena, const as_source *source, as_span part, as_diags *diags)
{
    as_str text = as_str_slice(source->text, 0, part.end);
    size_t begin = part.begin < text.n ? part.begin : text.n;
    as_parser p = {.arena = arena,
            .kept = arena,
            .text = text,
            .begin = begin,
            .file = source->id,
            .diags = diags};
    return parse_from(&p, UNIT_BODY).body;
}

const as_hcl_expr *as_hcl_parse_expr(as_arena *arena, const as_source *source, as_diags *diags)
{
    return parse(arena, source->text, source->id, AS_SPAN_NONE, UNIT_EXPR, diags).expr;
}

const as_hcl_expr *as_hcl_parse_template(as_arena *arena, const as_source *source, as_diags *diags)
{
    return parse(arena, source->text, source->id, AS_SPAN_NONE, UNIT_TEMPLATE, diags).expr;
}

const as_hcl_expr *as_hcl_parse_expr_text(
        as_arena *arena, as_str text, as_span place, as_diags *diags)
{
    return parse(arena, text, 0, place, UNIT_EXPR, diags).expr;
}

const as_hcl_expr *as_hcl_parse_template_text(
        as_arena *arena, as_str text, as_span place, as_diags *diags)
{
    return parse(arena, text, 0, place, UNIT_TEMPLATE, diags).expr;
}
