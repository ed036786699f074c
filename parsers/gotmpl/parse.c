/* The parser of text/template/parse/parse.go. A syntax error unwinds to as_tree_parse. */
#include "parsers/gotmpl/ast.h"

#include <setjmp.h>

#include "engine/base/limits.h"
#include "parsers/gotmpl/lex.h"
#include "parsers/gotmpl/strconv.h"

#define NO_ACTION UINT32_MAX

typedef struct parser {
    as_gotmpl *t;
    as_arena *arena;
    as_lexer *lexer;
    as_parse_result *out;
    jmp_buf *bail;
    as_tree *tree;      /* under construction */
    as_token tokens[3]; /* look-ahead; [0] was read last */
    int n_peeked;
    AS_VEC(as_str) vars; /* defined at the moment */
    uint32_t action;     /* where the one under way begins; or NO_ACTION */
    int range_depth, depth;
} parser;

static as_node *item_list(parser *p, as_node **end);
static as_node *pipeline(parser *p, const char *context, as_token_kind end);
static as_node *if_or_with(parser *p, as_node_kind kind, uint32_t pos);

AS_NORETURN static void fail(parser *p, const char *fmt, ...) AS_PRINTF(2, 3);

AS_NORETURN static void fail(parser *p, const char *fmt, ...)
{
    as_buf buf;
    as_buf_init(&buf, p->arena, 0);
    as_buf_str(&buf, p->tree->parse_name);
    as_buf_fmt(&buf, ":%u: ", as_lexer_line(p->lexer, p->tokens[0].pos));
    va_list args;
    va_start(args, fmt);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    p->out->message = as_buf_view(&buf);
    p->out->pos = p->tokens[0].pos;
    longjmp(*p->bail, 1);
}

/* --- tokens ------------------------------------------------------------------------------------
 */

static as_token next(parser *p)
{
    if (p->n_peeked > 0)
        p->n_peeked--;
    else
        p->tokens[0] = as_lexer_next(p->lexer);
    return p->tokens[p->n_peeked];
}

static void backup(parser *p)
{
    p->n_peeked++;
}

static void backup2(parser *p, as_token t1)
{
    p->tokens[1] = t1;
    p->n_peeked = 2;
}

static void backup3(parser *p, as_token t2, as_token t1)
{
    p->tokens[1] = t1;
    p->tokens[2] = t2;
    p->n_peeked = 3;
}

static as_token peek(parser *p)
{
    if (p->n_peeked > 0)
        return p->tokens[p->n_peeked - 1];
    p->n_peeked = 1;
    return p->tokens[0] = as_lexer_next(p->lexer);
}

static as_token next_non_space(parser *p)
{
    as_token token;
    do
        token = next(p);
    while (token.kind == AS_TOK_SPACE);
    return token;
}

static as_token peek_non_space(parser *p)
{
    as_token token = next_non_space(p);
    backup(p);
    return token;
}

static as_str token_text(parser *p, as_token token)
{
    if (token.kind == AS_TOK_EOF)
        return AS_STR("EOF");
    if (token.kind == AS_TOK_ERROR)
        return token.val;
    if (token.kind > AS_TOK_KEYWORD)
        return as_str_fmt(p->arena, "<%.*s>", AS_STR_ARG(token.val));
    as_buf buf;
    as_buf_init(&buf, p->arena, 0);
    if (token.val.n > 10) { /* %.10q... */
        as_go_quote(&buf, as_go_runes_prefix(token.val, 10), '"', false);
        as_buf_cstr(&buf, "...");
    } else {
        as_go_quote(&buf, token.val, '"', false);
    }
    return as_buf_view(&buf);
}

AS_NORETURN static void unexpected(parser *p, as_token token, const char *context)
{
    as_str text = token_text(p, token);
    if (token.kind != AS_TOK_ERROR)
        fail(p, "unexpected %.*s in %s", AS_STR_ARG(text), context);
    uint32_t line = p->action == NO_ACTION ? 0 : as_lexer_line(p->lexer, p->action);
    if (line == 0 || line == as_lexer_line(p->lexer, token.pos))
        fail(p, "%.*s", AS_STR_ARG(text));
    fail(p, "%.*s%s started at %.*s:%u", AS_STR_ARG(text),
            as_str_ends(token.val, " action") ? "" : " in action", AS_STR_ARG(p->tree->parse_name),
            line);
}

static as_token expect(parser *p, as_token_kind kind, const char *context)
{
    as_token token = next_non_space(p);
    if (token.kind != kind)
        unexpected(p, token, context);
    return token;
}

/* --- nodes -------------------------------------------------------------------------------------
 */

static as_node *new_node(parser *p, as_node_kind kind, uint32_t pos, uint32_t end)
{
    as_node *node = AS_NEW(p->arena, as_node);
    node->kind = kind;
    node->pos = pos;
    node->end = end;
    node->tree = p->tree;
    return node;
}

static as_node *token_node(parser *p, as_node_kind kind, as_token token)
{
    return new_node(p, kind, token.pos, token.pos + (uint32_t)token.val.n);
}

static uint32_t token_end(as_token token)
{
    return token.pos + (uint32_t)token.val.n;
}

/* Most lists of a template are short: they grow from one. */
static void add_node(parser *p, as_nodes *list, as_node *node)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? 2 * list->cap : 1;
        list->items = as_arena_grow(
                p->arena, list->items, list->cap * sizeof *list->items, cap * sizeof *list->items);
        list->cap = cap;
    }
    list->items[list->n++] = node;
}

/* "a.b.c" as names. */
static void add_idents(parser *p, as_idents *idents, as_str dotted)
{
    as_str part;
    size_t n = idents->n + 1;
    for (size_t i = 0; i < dotted.n; i++)
        n += dotted.p[i] == '.';
    if (n > idents->cap) {
        idents->items = as_arena_grow(p->arena, idents->items, idents->cap * sizeof *idents->items,
                n * sizeof *idents->items);
        idents->cap = n;
    }
    while (as_str_split(&dotted, '.', &part))
        idents->items[idents->n++] = (as_ident){part, as_str_hash(part)};
}

static as_node *new_variable(parser *p, as_token token)
{
    as_node *node = token_node(p, AS_NODE_VARIABLE, token);
    add_idents(p, &node->as.idents, token.val);
    return node;
}

static as_str unquote(parser *p, as_token token)
{
    as_str text;
    if (!as_go_unquote(p->arena, token.val, &text))
        fail(p, "invalid syntax");
    return text;
}

static as_node *use_variable(parser *p, as_token token)
{
    as_node *node = new_variable(p, token);
    for (size_t i = 0; i < p->vars.n; i++)
        if (as_str_eq(p->vars.items[i], node->as.idents.items[0].name))
            return node;
    fail(p, "undefined variable \"%.*s\"", AS_STR_ARG(node->as.idents.items[0].name));
}

static bool fits_int(double f)
{
    return f >= -9223372036854775808.0 && f < 9223372036854775808.0 && f == (double)(int64_t)f;
}

/* parse/node.go newNumber. Complex numbers other than real ones are refused. */
static as_node *number(parser *p, as_token token)
{
    as_node *node = token_node(p, AS_NODE_NUMBER, token);
    as_str text = node->as.number.text = token.val;
    if (token.kind == AS_TOK_CHAR_CONSTANT) {
        uint32_t rune;
        if (text.n == 2)
            fail(p, "invalid syntax");
        if (!as_go_unquote_rune(p->arena, text, &rune))
            fail(p, "malformed character constant: %.*s", AS_STR_ARG(text));
        node->as.number.i = rune;
        node->as.number.u = rune;
        node->as.number.f = rune;
        node->as.number.is_int = node->as.number.is_uint = node->as.number.is_float = true;
        return node;
    }
    if (token.kind == AS_TOK_COMPLEX || text.p[text.n - 1] == 'i')
        fail(p, "complex numbers are not supported: \"%.*s\"", AS_STR_ARG(text));
    int64_t i;
    uint64_t u;
    double f;
    if (as_go_parse_uint(text, 0, 64, &u) == AS_GO_PARSED) {
        node->as.number.is_uint = node->as.number.is_float = true;
        node->as.number.u = u;
        node->as.number.f = (double)u;
    }
    if (as_go_parse_int(text, 0, 64, &i) == AS_GO_PARSED) {
        node->as.number.is_int = node->as.number.is_float = true;
        node->as.number.i = i;
        node->as.number.is_uint |= i == 0;
        node->as.number.f = (double)i;
    }
    if (node->as.number.is_float)
        return node;
    if (as_go_parse_float(text, &f) != AS_GO_PARSED)
        fail(p, "illegal number syntax: \"%.*s\"", AS_STR_ARG(text));
    bool marked = false;
    for (size_t k = 0; k < text.n; k++)
        marked |= as_char_in(text.p[k], ".eEpP");
    if (!marked)
        fail(p, "integer overflow: \"%.*s\"", AS_STR_ARG(text));
    node->as.number.is_float = true;
    node->as.number.f = f;
    if (fits_int(f)) {
        node->as.number.is_int = true;
        node->as.number.i = (int64_t)f;
        node->as.number.is_uint = f >= 0;
        node->as.number.u = (uint64_t)node->as.number.i;
    }
    return node;
}

static as_node *parenthesised(parser *p, as_token token)
{
    if (++p->depth > AS_MAX_DEPTH)
        fail(p, "max expression depth exceeded");
    as_node *node = pipeline(p, "parenthesized pipeline", AS_TOK_RIGHT_PAREN);
    node->end = token_end(p->tokens[0]);
    (void)token;
    p->depth--;
    return node;
}

static as_node *term(parser *p)
{
    as_token token = next_non_space(p);
    as_node *node;
    switch (token.kind) {
    case AS_TOK_IDENT:
        node = token_node(p, AS_NODE_IDENT, token);
        node->as.ident.name = token.val;
        node->as.ident.func = as_gotmpl_function(p->t, token.val);
        if (!node->as.ident.func)
            fail(p, "function \"%.*s\" not defined", AS_STR_ARG(token.val));
        return node;
    case AS_TOK_DOT:
        return token_node(p, AS_NODE_DOT, token);
    case AS_TOK_NIL:
        return token_node(p, AS_NODE_NIL, token);
    case AS_TOK_VARIABLE:
        return use_variable(p, token);
    case AS_TOK_FIELD:
        node = token_node(p, AS_NODE_FIELD, token);
        add_idents(p, &node->as.idents, as_str_from_index(token.val, 1));
        return node;
    case AS_TOK_BOOL:
        node = token_node(p, AS_NODE_BOOL, token);
        node->as.boolean = as_str_is(token.val, "true");
        return node;
    case AS_TOK_CHAR_CONSTANT:
    case AS_TOK_COMPLEX:
    case AS_TOK_NUMBER:
        return number(p, token);
    case AS_TOK_LEFT_PAREN:
        return parenthesised(p, token);
    case AS_TOK_STRING:
    case AS_TOK_RAW_STRING:
        node = token_node(p, AS_NODE_STRING, token);
        node->as.string.quoted = token.val;
        node->as.string.text = unquote(p, token);
        return node;
    default:
        backup(p);
        return NULL;
    }
}

static as_node *operand(parser *p)
{
    as_node *node = term(p);
    if (!node || peek(p).kind != AS_TOK_FIELD)
        return node;
    uint32_t pos = peek(p).pos;
    as_idents fields = {0};
    while (peek(p).kind == AS_TOK_FIELD) {
        as_token token = next(p);
        add_idents(p, &fields, as_str_from_index(token.val, 1));
    }
    uint32_t end = token_end(p->tokens[p->n_peeked > 0 ? p->n_peeked - 1 : 0]);
    switch (node->kind) {
    case AS_NODE_FIELD:
    case AS_NODE_VARIABLE: /* more fields of the original, at the place of the last dot */
        for (size_t i = 0; i < fields.n; i++)
            AS_VEC_PUSH(p->arena, &node->as.idents, fields.items[i]);
        node->pos = pos;
        return node;
    case AS_NODE_BOOL:
    case AS_NODE_STRING:
    case AS_NODE_NUMBER:
    case AS_NODE_NIL:
    case AS_NODE_DOT: {
        as_buf buf, quoted;
        as_buf_init(&buf, p->arena, 0);
        as_buf_init(&quoted, p->arena, 0);
        as_node_write(&buf, node);
        as_go_quote(&quoted, as_buf_view(&buf), '"', false);
        fail(p, "unexpected . after term %s", as_buf_c(&quoted));
    }
    default:;
        as_node *chain = new_node(p, AS_NODE_CHAIN, pos, end);
        chain->as.chain.node = node;
        chain->as.chain.fields = fields;
        return chain;
    }
}

static as_node *command(parser *p)
{
    as_node *node = new_node(p, AS_NODE_COMMAND, peek_non_space(p).pos, 0);
    for (;;) {
        peek_non_space(p);
        as_node *word = operand(p);
        if (word)
            add_node(p, &node->as.list, word);
        as_token token = next(p);
        if (token.kind == AS_TOK_SPACE)
            continue;
        if (token.kind == AS_TOK_RIGHT_DELIM || token.kind == AS_TOK_RIGHT_PAREN)
            backup(p);
        else if (token.kind != AS_TOK_PIPE)
            unexpected(p, token, "operand");
        node->end = token.pos;
        break;
    }
    if (node->as.list.n == 0)
        fail(p, "empty command");
    return node;
}

/* Reads "$x :=", "$x =", "$i, $x :=" (of range) if that is what follows. */
static void declarations(parser *p, as_node *pipe, const char *context)
{
    for (;;) {
        as_token v = peek_non_space(p);
        if (v.kind != AS_TOK_VARIABLE)
            return;
        next(p);
        as_token after = peek(p);
        as_token what = peek_non_space(p);
        bool comma = what.kind == AS_TOK_CHAR && as_str_is(what.val, ",");
        if (what.kind == AS_TOK_ASSIGN || what.kind == AS_TOK_DECLARE || comma) {
            next_non_space(p);
            add_node(p, &pipe->as.pipe.decls, new_variable(p, v));
            AS_VEC_PUSH(p->arena, &p->vars, v.val);
            if (!comma) {
                pipe->as.pipe.assigns = what.kind == AS_TOK_ASSIGN;
                return;
            }
            if (strcmp(context, "range") != 0 || pipe->as.pipe.decls.n >= 2)
                fail(p, "too many declarations in %s", context);
            as_token_kind kind = peek_non_space(p).kind;
            if (kind != AS_TOK_VARIABLE && kind != AS_TOK_RIGHT_DELIM && kind != AS_TOK_RIGHT_PAREN)
                fail(p, "range can only initialize variables");
            continue;
        }
        if (after.kind == AS_TOK_SPACE)
            backup3(p, v, after);
        else
            backup2(p, v);
        return;
    }
}

static void check_pipeline(parser *p, const as_node *pipe, const char *context)
{
    if (pipe->as.pipe.commands.n == 0)
        fail(p, "missing value for %s", context);
    for (size_t i = 1; i < pipe->as.pipe.commands.n; i++) {
        as_node_kind kind = pipe->as.pipe.commands.items[i]->as.list.items[0]->kind;
        if (kind == AS_NODE_BOOL || kind == AS_NODE_DOT || kind == AS_NODE_NIL ||
                kind == AS_NODE_NUMBER || kind == AS_NODE_STRING)
            fail(p, "non executable command in pipeline stage %zu", i + 1);
    }
}

static as_node *pipeline(parser *p, const char *context, as_token_kind end)
{
    as_node *pipe = new_node(p, AS_NODE_PIPE, peek_non_space(p).pos, 0);
    declarations(p, pipe, context);
    for (;;) {
        as_token token = next_non_space(p);
        if (token.kind == end) {
            check_pipeline(p, pipe, context);
            pipe->end = token.pos;
            return pipe;
        }
        switch (token.kind) {
        case AS_TOK_BOOL:
        case AS_TOK_CHAR_CONSTANT:
        case AS_TOK_COMPLEX:
        case AS_TOK_DOT:
        case AS_TOK_FIELD:
        case AS_TOK_IDENT:
        case AS_TOK_NUMBER:
        case AS_TOK_NIL:
        case AS_TOK_RAW_STRING:
        case AS_TOK_STRING:
        case AS_TOK_VARIABLE:
        case AS_TOK_LEFT_PAREN:
            backup(p);
            add_node(p, &pipe->as.pipe.commands, command(p));
            break;
        default:
            unexpected(p, token, context);
        }
    }
}

/* --- actions -----------------------------------------------------------------------------------
 */

static void add_tree(parser *p, as_tree *tree)
{
    for (size_t i = 0; i < p->out->n; i++) {
        as_tree *old = p->out->trees[i];
        if (!as_str_eq(old->name, tree->name))
            continue;
        if (as_tree_is_empty(old->root))
            p->out->trees[i] = tree;
        else if (!as_tree_is_empty(tree->root))
            fail(p, "template: multiple definition of template \"%.*s\"", AS_STR_ARG(tree->name));
        return;
    }
    if (p->out->n == p->out->cap)
        p->out->trees = as_vec_grow(p->arena, p->out->trees, &p->out->cap, sizeof *p->out->trees);
    p->out->trees[p->out->n++] = tree;
}

/* The body of a define or block, which knows no variables but $. */
static void definition(parser *p, as_str name, const char *context)
{
    as_tree *tree = AS_NEW(p->arena, as_tree);
    *tree = *p->tree;
    tree->name = name;
    parser inner = *p;
    inner.tree = tree;
    memset(&inner.vars, 0, sizeof inner.vars);
    AS_VEC_PUSH(p->arena, &inner.vars, AS_STR("$"));
    inner.action = NO_ACTION;
    inner.range_depth = 0;
    if (++inner.depth > AS_MAX_DEPTH)
        fail(p, "templates are nested too deeply");
    as_node *end;
    tree->root = item_list(&inner, &end);
    if (end->kind != AS_NODE_END)
        fail(&inner, "unexpected {{else}} in %s", context);
    add_tree(&inner, tree);
    memcpy(p->tokens, inner.tokens, sizeof p->tokens);
    p->n_peeked = inner.n_peeked;
}

static as_str template_name(parser *p, as_token token, const char *context)
{
    if (token.kind != AS_TOK_STRING && token.kind != AS_TOK_RAW_STRING)
        unexpected(p, token, context);
    return unquote(p, token);
}

static as_node *template_node(parser *p, as_token token, as_str name, as_node *pipe)
{
    as_node *node = token_node(p, AS_NODE_TEMPLATE, token);
    node->as.act.name = name;
    node->as.act.pipe = pipe;
    return node;
}

static as_node *block_control(parser *p)
{
    const char *context = "block clause";
    as_token token = next_non_space(p);
    as_str name = template_name(p, token, context);
    as_node *pipe = pipeline(p, context, AS_TOK_RIGHT_DELIM);
    definition(p, name, context);
    return template_node(p, token, name, pipe);
}

static as_node *template_control(parser *p)
{
    const char *context = "template clause";
    as_token token = next_non_space(p);
    as_str name = template_name(p, token, context);
    as_node *pipe = NULL;
    if (next_non_space(p).kind != AS_TOK_RIGHT_DELIM) {
        backup(p);
        pipe = pipeline(p, context, AS_TOK_RIGHT_DELIM);
    }
    return template_node(p, token, name, pipe);
}

static as_node *jump_control(parser *p, as_token token, as_node_kind kind, const char *context)
{
    as_token end = next_non_space(p);
    if (end.kind != AS_TOK_RIGHT_DELIM)
        unexpected(p, end, context);
    if (p->range_depth == 0)
        fail(p, "%s outside {{range}}", context);
    return token_node(p, kind, token);
}

static as_node *else_control(parser *p)
{
    as_token token = peek_non_space(p);
    if (token.kind != AS_TOK_IF && token.kind != AS_TOK_WITH)
        token = expect(p, AS_TOK_RIGHT_DELIM, "else");
    return token_node(p, AS_NODE_ELSE, token);
}

/* {{if}}, {{with}} and {{range}} up to their {{end}}; "else if" is an if within the else. */
static as_node *if_or_with(parser *p, as_node_kind kind, uint32_t pos)
{
    const char *context = kind == AS_NODE_IF ? "if" : kind == AS_NODE_WITH ? "with" : "range";
    if (++p->depth > AS_MAX_DEPTH)
        fail(p, "actions are nested too deeply");
    size_t n_vars = p->vars.n;
    as_node *node = new_node(p, kind, pos, 0);
    node->as.act.pipe = pipeline(p, context, AS_TOK_RIGHT_DELIM);
    node->pos = node->as.act.pipe->pos;
    node->end = node->as.act.pipe->end;
    p->range_depth += kind == AS_NODE_RANGE;
    as_node *end;
    node->as.act.list = item_list(p, &end);
    p->range_depth -= kind == AS_NODE_RANGE;
    if (end->kind == AS_NODE_ELSE) {
        as_token_kind again = kind == AS_NODE_IF     ? AS_TOK_IF
                              : kind == AS_NODE_WITH ? AS_TOK_WITH
                                                     : AS_TOK_EOF;
        if (kind != AS_NODE_RANGE && peek(p).kind == again) {
            next(p);
            node->as.act.otherwise = new_node(p, AS_NODE_LIST, end->pos, end->pos);
            as_node *inner = if_or_with(p, kind, end->pos);
            add_node(p, &node->as.act.otherwise->as.list, inner);
        } else {
            node->as.act.otherwise = item_list(p, &end);
            if (end->kind != AS_NODE_END)
                fail(p, "expected end; found {{else}}");
        }
    }
    p->vars.n = n_vars;
    p->depth--;
    return node;
}

static as_node *action(parser *p)
{
    as_token token = next_non_space(p);
    switch (token.kind) {
    case AS_TOK_BLOCK:
        return block_control(p);
    case AS_TOK_BREAK:
        return jump_control(p, token, AS_NODE_BREAK, "{{break}}");
    case AS_TOK_CONTINUE:
        return jump_control(p, token, AS_NODE_CONTINUE, "{{continue}}");
    case AS_TOK_ELSE:
        return else_control(p);
    case AS_TOK_END:
        return token_node(p, AS_NODE_END, expect(p, AS_TOK_RIGHT_DELIM, "end"));
    case AS_TOK_IF:
        return if_or_with(p, AS_NODE_IF, token.pos);
    case AS_TOK_WITH:
        return if_or_with(p, AS_NODE_WITH, token.pos);
    case AS_TOK_RANGE:
        return if_or_with(p, AS_NODE_RANGE, token.pos);
    case AS_TOK_TEMPLATE:
        return template_control(p);
    default:
        break;
    }
    backup(p);
    as_node *node = new_node(p, AS_NODE_ACTION, peek(p).pos, 0);
    node->as.act.pipe = pipeline(p, "command", AS_TOK_RIGHT_DELIM);
    node->end = node->as.act.pipe->end;
    return node;
}

static as_node *text_or_action(parser *p)
{
    as_token token = next_non_space(p);
    if (token.kind == AS_TOK_TEXT) {
        as_node *node = token_node(p, AS_NODE_TEXT, token);
        node->as.text = token.val;
        return node;
    }
    if (token.kind != AS_TOK_LEFT_DELIM)
        unexpected(p, token, "input");
    p->action = token.pos;
    as_node *node = action(p);
    p->action = NO_ACTION;
    return node;
}

static as_node *item_list(parser *p, as_node **end)
{
    as_node *list = new_node(p, AS_NODE_LIST, peek_non_space(p).pos, 0);
    while (peek_non_space(p).kind != AS_TOK_EOF) {
        as_node *node = text_or_action(p);
        if (node->kind == AS_NODE_END || node->kind == AS_NODE_ELSE) {
            *end = node;
            return list;
        }
        add_node(p, &list->as.list, node);
    }
    fail(p, "unexpected EOF");
}

static void whole(parser *p)
{
    as_tree *tree = p->tree;
    tree->root = new_node(p, AS_NODE_LIST, peek(p).pos, 0);
    while (peek(p).kind != AS_TOK_EOF) {
        if (peek(p).kind == AS_TOK_LEFT_DELIM) {
            as_token delim = next(p);
            if (next_non_space(p).kind == AS_TOK_DEFINE) {
                const char *context = "define clause";
                as_token name = next_non_space(p);
                as_str text = template_name(p, name, context);
                expect(p, AS_TOK_RIGHT_DELIM, context);
                definition(p, text, context);
                continue;
            }
            backup2(p, delim);
        }
        as_node *node = text_or_action(p);
        if (node->kind == AS_NODE_END || node->kind == AS_NODE_ELSE)
            fail(p, "unexpected %s", node->kind == AS_NODE_END ? "{{end}}" : "{{else}}");
        add_node(p, &tree->root->as.list, node);
    }
    add_tree(p, tree);
}

void as_tree_parse(
        as_gotmpl *t, as_str name, as_str text, as_span at, bool in_file, as_parse_result *out)
{
    as_arena *arena = as_gotmpl_arena(t);
    as_lexer lexer;
    as_lexer_init(&lexer, arena, text);
    as_tree *tree = AS_NEW(arena, as_tree);
    *tree = (as_tree){name, name, text, at, in_file, NULL};
    jmp_buf bail;
    parser p = {.t = t,
            .arena = arena,
            .lexer = &lexer,
            .out = out,
            .bail = &bail,
            .tree = tree,
            .action = NO_ACTION};
    AS_VEC_PUSH(arena, &p.vars, AS_STR("$"));
    if (setjmp(bail) == 0)
        whole(&p);
}

bool as_tree_is_empty(const as_node *node)
{
    if (!node)
        return true;
    if (node->kind == AS_NODE_TEXT)
        return as_str_trim(node->as.text).n == 0;
    if (node->kind != AS_NODE_LIST)
        return false;
    for (size_t i = 0; i < node->as.list.n; i++)
        if (!as_tree_is_empty(node->as.list.items[i]))
            return false;
    return true;
}
