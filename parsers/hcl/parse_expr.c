/* Expressions of native syntax (hclsyntax/spec.md, "Expressions"; precedences of its operators).
 *
 * Where a construct is broken the parser skips to its closing bracket and answers with an
 * AS_HCL_BAD node or with what it has, so that the rest of the file is still read. */
#include "parsers/hcl/parser.h"

#include "parsers/hcl/number.h"

static const as_hcl_expr *parse_traversals(as_parser *p, const as_hcl_expr *from);
static const as_hcl_expr *parse_term(as_parser *p);

/* --- nodes ------------------------------------------------------------------------------------ */

as_hcl_expr *as_parser_node(as_parser *p, as_hcl_kind kind, as_span span)
{
    return as_hcl_expr_new(p->arena, kind, span);
}

static const as_hcl_expr *bad_node(as_parser *p, as_span span)
{
    return as_parser_node(p, AS_HCL_BAD, span);
}

static const as_hcl_expr *literal_node(as_parser *p, as_span span, const as_value *value)
{
    as_hcl_expr *expr = as_parser_node(p, AS_HCL_LITERAL, span);
    expr->as.literal = value;
    return expr;
}

as_hcl_exprs as_parser_exprs(as_parser *p, as_expr_list *list)
{
    const as_hcl_expr **items = AS_NEW_ARRAY(p->arena, const as_hcl_expr *, list->n);
    if (list->n > 0)
        memcpy(items, list->items, list->n * sizeof *items);
    AS_SPARE_GIVE(p, exprs, list);
    return (as_hcl_exprs){items, list->n};
}

/* --- operators -------------------------------------------------------------------------------- */

static const struct binary_operator {
    uint8_t precedence; /* 0: no binary operator */
    uint8_t op;
} binary_operators[AS_TOK_INVALID + 1] = {
        [AS_TOK_OR] = {1, AS_HCL_OR},
        [AS_TOK_AND] = {2, AS_HCL_AND},
        [AS_TOK_EQ] = {3, AS_HCL_EQ},
        [AS_TOK_NE] = {3, AS_HCL_NE},
        [AS_TOK_GT] = {4, AS_HCL_GT},
        [AS_TOK_GE] = {4, AS_HCL_GE},
        [AS_TOK_LT] = {4, AS_HCL_LT},
        [AS_TOK_LE] = {4, AS_HCL_LE},
        [AS_TOK_PLUS] = {5, AS_HCL_ADD},
        [AS_TOK_MINUS] = {5, AS_HCL_SUB},
        [AS_TOK_STAR] = {6, AS_HCL_MUL},
        [AS_TOK_SLASH] = {6, AS_HCL_DIV},
        [AS_TOK_PERCENT] = {6, AS_HCL_MOD},
};

static const as_hcl_expr *parse_operand(as_parser *p)
{
    return parse_traversals(p, parse_term(p));
}

/* Precedence climbing; every operator is left-associative. */
static const as_hcl_expr *parse_binary(as_parser *p, unsigned lowest)
{
    size_t errors = p->diags->n_errors;
    const as_hcl_expr *left = parse_operand(p);
    while (!as_parser_failed(p, errors)) {
        struct binary_operator next = binary_operators[as_parser_peek(p).kind];
        if (next.precedence == 0 || next.precedence < lowest)
            break;
        as_parser_read(p);
        const as_hcl_expr *right = parse_binary(p, next.precedence + 1u);
        if (as_parser_failed(p, errors))
            break;
        as_hcl_expr *expr = as_parser_node(p, AS_HCL_BINARY, as_span_join(left->span, right->span));
        expr->as.binary.op = (as_hcl_op)next.op;
        expr->as.binary.left = left;
        expr->as.binary.right = right;
        left = expr;
    }
    return left;
}

static const as_hcl_expr *parse_conditional(as_parser *p)
{
    size_t errors = p->diags->n_errors;
    const as_hcl_expr *condition = parse_binary(p, 1);
    if (as_parser_failed(p, errors) || as_parser_peek(p).kind != AS_TOK_QUESTION)
        return condition;
    as_parser_read(p);
    const as_hcl_expr *yes = as_parser_expr(p);
    if (as_parser_failed(p, errors))
        return condition;
    as_token colon = as_parser_peek(p);
    if (colon.kind != AS_TOK_COLON) {
        as_parser_error(p, as_parser_span(p, colon), "Missing false expression in conditional",
                "\"? … :\" wants a second result behind a colon.");
        return condition;
    }
    as_parser_read(p);
    const as_hcl_expr *no = as_parser_expr(p);
    if (as_parser_failed(p, errors))
        return condition;
    as_hcl_expr *expr =
            as_parser_node(p, AS_HCL_CONDITIONAL, as_span_join(condition->span, no->span));
    expr->as.conditional.condition = condition;
    expr->as.conditional.yes = yes;
    expr->as.conditional.no = no;
    return expr;
}

const as_hcl_expr *as_parser_expr(as_parser *p)
{
    const as_hcl_expr *expr;
    if (as_parser_enter(p))
        expr = parse_conditional(p);
    else
        expr = bad_node(p, as_parser_previous(p));
    as_parser_leave(p);
    return expr;
}

/* --- traversals ------------------------------------------------------------------------------- */

/* Steps that are not yet part of a node. */
typedef struct step_list {
    as_hcl_step *items;
    size_t n, cap;
} step_list;

/* `base` with the steps on it; the list is empty afterwards. */
static const as_hcl_expr *flush_steps(as_parser *p, const as_hcl_expr *base, step_list *steps)
{
    if (steps->n == 0)
        return base;
    bool absolute = base->kind == AS_HCL_TRAVERSAL;
    size_t n_root = absolute ? base->as.traversal.n : 0;
    as_hcl_step *copy = AS_NEW_ARRAY(p->arena, as_hcl_step, n_root + steps->n);
    if (absolute)
        memcpy(copy, base->as.traversal.steps, n_root * sizeof *copy);
    memcpy(copy + n_root, steps->items, steps->n * sizeof *copy);
    as_hcl_traversal traversal = {copy, n_root + steps->n};
    as_span span = as_span_join(base->span, steps->items[steps->n - 1].span);
    as_hcl_expr *expr = as_parser_node(p, absolute ? AS_HCL_TRAVERSAL : AS_HCL_RELATIVE, span);
    if (absolute) {
        expr->as.traversal = traversal;
    } else {
        expr->as.relative.source = base;
        expr->as.relative.steps = traversal;
    }
    steps->n = 0;
    return expr;
}

static const as_value *number_value(as_parser *p, as_token token)
{
    as_span span = as_parser_span(p, token);
    const as_value *value = as_num_parse(p->kept, span, as_parser_text(p, token));
    if (value)
        return value;
    as_parser_error(p, span, "Invalid number literal", "This is not a number.");
    return as_value_unknown(p->kept, span, AS_STR("invalid number"), NULL);
}

/* `.0`, the index syntax of old. complain_at: instead of its own place, where it has a file. */
static as_hcl_step legacy_index(as_parser *p, as_span dot, as_span complain_at)
{
    as_token token = as_parser_read(p);
    as_str text = as_parser_text(p, token);
    as_span span = as_parser_span(p, token);
    as_hcl_step step = {.is_index = true, .span = as_span_join(dot, span)};
    size_t point = as_str_find_char(text, '.');
    if (point != (size_t)-1) {
        as_parser_error(p, complain_at.file ? complain_at : span, "Invalid legacy index syntax",
                "Two indexes cannot be chained this way: write [%.*s][%.*s].", (int)point, text.p,
                AS_STR_ARG(as_str_from_index(text, point + 1)));
        step.key = as_value_unknown(p->kept, span, AS_STR("invalid index"), NULL);
    } else {
        step.key = number_value(p, token);
    }
    return step;
}

static as_hcl_step attribute_step(as_parser *p, as_span dot)
{
    as_token token = as_parser_read(p);
    return (as_hcl_step){
            .name = as_parser_text(p, token), .span = as_span_join(dot, as_parser_span(p, token))};
}

static const as_hcl_expr *splat_node(as_parser *p, const as_hcl_expr *source,
        const as_hcl_expr *each, as_span marker, as_span end)
{
    as_hcl_expr *expr = as_parser_node(p, AS_HCL_SPLAT, as_span_join(source->span, end));
    expr->as.splat.source = source;
    expr->as.splat.each = each;
    expr->as.splat.marker = marker;
    return expr;
}

/* `.*` takes the attributes and legacy indexes that follow. */
static const as_hcl_expr *attribute_splat(as_parser *p, const as_hcl_expr *source, as_span dot)
{
    as_token star = as_parser_read(p);
    as_span marker = as_span_join(dot, as_parser_span(p, star)), end = as_parser_span(p, star);
    const as_hcl_expr *item = as_parser_node(p, AS_HCL_SPLAT_ITEM, marker);
    step_list steps = {0};
    while (as_parser_peek(p).kind == AS_TOK_DOT) {
        as_span point = as_parser_span(p, as_parser_read(p));
        as_token next = as_parser_peek(p);
        if (next.kind != AS_TOK_NUMBER && next.kind != AS_TOK_IDENT) {
            if (!p->recovery && next.kind == AS_TOK_STAR)
                as_parser_error(p, as_parser_span(p, next), "Nested splat expression not allowed",
                        "Use [*] to go on from each element.");
            else if (!p->recovery)
                as_parser_error(p, as_parser_span(p, star), "Invalid attribute name",
                        "A name comes after a dot.");
            p->recovery = true;
            return source;
        }
        as_hcl_step step = next.kind == AS_TOK_NUMBER
                                   ? legacy_index(p, point, as_parser_span(p, star))
                                   : attribute_step(p, point);
        AS_VEC_PUSH(p->scratch, &steps, step);
        end = step.span;
    }
    return splat_node(p, source, flush_steps(p, item, &steps), marker, end);
}

/* `[*]`: everything that follows is done to each element. */
static const as_hcl_expr *full_splat(as_parser *p, const as_hcl_expr *source, as_span open)
{
    as_parser_read(p); /* * */
    as_token close = as_parser_read(p);
    if (close.kind != AS_TOK_BRACKET_CLOSE && !p->recovery) {
        close = as_parser_recover(p, AS_TOK_BRACKET_CLOSE); /* the place that Terraform tells */
        as_parser_error(p, as_parser_span(p, close), "Missing close bracket on splat index",
                "The bracket closes directly after the star.");
    }
    as_span marker = as_span_join(open, as_parser_span(p, close));
    const as_hcl_expr *each = as_parser_node(p, AS_HCL_SPLAT_ITEM, marker);
    if (as_parser_enter(p))
        each = parse_traversals(p, each);
    as_parser_leave(p);
    return splat_node(p, source, each, marker, each->span);
}

static bool constant_key(const as_hcl_expr *key, const as_value **out)
{
    if (key->kind == AS_HCL_LITERAL) {
        *out = key->as.literal;
        return true;
    }
    return false;
}

/* `[key]`; a constant key becomes a step. */
static const as_hcl_expr *parse_index(
        as_parser *p, const as_hcl_expr *from, as_span open, step_list *steps)
{
    bool newlines = p->newlines;
    p->newlines = false;
    size_t errors = p->diags->n_errors;
    const as_hcl_expr *key = as_parser_expr(p);
    as_token close;
    if (as_parser_failed(p, errors)) {
        close = as_parser_recover(p, AS_TOK_BRACKET_CLOSE);
    } else {
        close = as_parser_read(p);
        if (close.kind != AS_TOK_BRACKET_CLOSE && !p->recovery) {
            close = as_parser_recover(p, AS_TOK_BRACKET_CLOSE);
            as_parser_error(p, as_parser_span(p, close), "Missing close bracket on index",
                    "An index ends with \"]\".");
        }
    }
    p->newlines = newlines;
    as_hcl_step step = {.is_index = true, .span = as_span_join(open, as_parser_span(p, close))};
    if (constant_key(key, &step.key)) {
        AS_VEC_PUSH(p->scratch, steps, step);
        return from;
    }
    const as_hcl_expr *collection = flush_steps(p, from, steps);
    as_hcl_expr *expr = as_parser_node(p, AS_HCL_INDEX, as_span_join(collection->span, step.span));
    expr->as.index.collection = collection;
    expr->as.index.key = key;
    expr->as.index.open = open;
    expr->as.index.brackets = step.span;
    return expr;
}

static const as_hcl_expr *parse_dot(as_parser *p, const as_hcl_expr *from, step_list *steps)
{
    as_span dot = as_parser_span(p, as_parser_read(p));
    as_token next = as_parser_peek(p);
    if (next.kind == AS_TOK_STAR)
        return attribute_splat(p, flush_steps(p, from, steps), dot);
    if (next.kind == AS_TOK_IDENT || next.kind == AS_TOK_NUMBER) {
        as_hcl_step step = next.kind == AS_TOK_IDENT ? attribute_step(p, dot)
                                                     : legacy_index(p, dot, AS_SPAN_NONE);
        AS_VEC_PUSH(p->scratch, steps, step);
        return from;
    }
    as_parser_error(
            p, as_parser_span(p, next), "Invalid attribute name", "A name comes after a dot.");
    p->recovery = true;
    steps->n = 0;
    return bad_node(p, as_span_join(from->span, dot));
}

static const as_hcl_expr *parse_traversals(as_parser *p, const as_hcl_expr *from)
{
    step_list steps = {0};
    for (;;) {
        as_token_kind next = (as_token_kind)as_parser_peek(p).kind;
        if (next == AS_TOK_DOT) {
            from = parse_dot(p, from, &steps);
        } else if (next == AS_TOK_BRACKET_OPEN) {
            as_span open = as_parser_span(p, as_parser_read(p));
            if (as_parser_peek(p).kind == AS_TOK_STAR)
                from = full_splat(p, flush_steps(p, from, &steps), open);
            else
                from = parse_index(p, from, open, &steps);
        } else {
            return flush_steps(p, from, &steps);
        }
    }
}

/* --- function calls --------------------------------------------------------------------------- */

static const as_hcl_expr *bad_call(
        as_parser *p, as_span name, as_token at, const char *summary, const char *detail)
{
    as_span span = as_parser_span(p, at);
    as_parser_error(p, span, summary, "%s", detail);
    as_parser_recover_over(p, AS_TOK_PAREN_OPEN);
    return bad_node(p, as_span_join(name, span));
}

/* What comes behind an argument. True when the list is over, with *close set. */
static bool end_argument(as_parser *p, as_hcl_expr *call, as_token *close)
{
    as_token token = as_parser_read(p);
    as_span span = as_parser_span(p, token);
    switch (token.kind) {
    case AS_TOK_PAREN_CLOSE:
        *close = token;
        return true;
    case AS_TOK_COMMA:
        return false;
    case AS_TOK_ELLIPSIS:
        call->as.call.expand = true;
        if (as_parser_peek(p).kind == AS_TOK_PAREN_CLOSE) {
            *close = as_parser_read(p);
            return true;
        }
        if (!p->recovery)
            as_parser_error(p, span, "Missing closing parenthesis",
                    "Only the last argument can be expanded with \"...\".");
        break;
    case AS_TOK_EOF:
        as_parser_error(p, as_span_join(call->as.call.name_span, call->as.call.open),
                "Unterminated function call", "The file ends before this call is closed.");
        break;
    default:
        as_parser_error(
                p, span, "Missing argument separator", "Arguments are separated by commas.");
        break;
    }
    *close = as_parser_recover(p, AS_TOK_PAREN_CLOSE);
    return true;
}

static void parse_arguments(as_parser *p, as_hcl_expr *call)
{
    as_expr_list args;
    AS_SPARE_TAKE(p, exprs, &args);
    bool newlines = p->newlines;
    p->newlines = false;
    as_token close;
    for (;;) {
        if (as_parser_peek(p).kind == AS_TOK_PAREN_CLOSE) {
            close = as_parser_read(p);
            break;
        }
        size_t errors = p->diags->n_errors;
        const as_hcl_expr *arg = as_parser_expr(p);
        AS_VEC_PUSH(p->scratch, &args, arg);
        if (as_parser_failed(p, errors)) {
            close = as_parser_recover(p, AS_TOK_PAREN_CLOSE);
            break;
        }
        if (end_argument(p, call, &close))
            break;
    }
    p->newlines = newlines;
    call->as.call.args = as_parser_exprs(p, &args);
    call->as.call.close = as_parser_span(p, close);
    call->span = as_span_join(call->as.call.name_span, call->as.call.close);
}

/* The name has been read; `::` or `(` comes. */
static const as_hcl_expr *parse_call(as_parser *p, as_token first)
{
    as_span name_span = as_parser_span(p, first);
    as_str name = as_parser_text(p, first);
    as_token open = as_parser_read(p);
    while (open.kind == AS_TOK_COLONS) {
        as_token next = as_parser_read(p);
        if (next.kind != AS_TOK_IDENT)
            return bad_call(
                    p, name_span, next, "Missing function name", "A name comes after \"::\".");
        name = as_str_fmt(
                p->scratch, "%.*s::%.*s", AS_STR_ARG(name), AS_STR_ARG(as_parser_text(p, next)));
        name_span = as_span_join(name_span, as_parser_span(p, next));
        open = as_parser_read(p);
    }
    if (open.kind != AS_TOK_PAREN_OPEN)
        return bad_call(p, name_span, open, "Missing open parenthesis",
                "The name of a function is followed by \"(\".");
    as_hcl_expr *call = as_parser_node(p, AS_HCL_CALL, name_span);
    call->as.call.name = name.p == p->text.p + first.begin ? name : as_str_dup(p->kept, name);
    call->as.call.name_span = name_span;
    call->as.call.open = as_parser_span(p, open);
    parse_arguments(p, call);
    return call;
}

/* --- for -------------------------------------------------------------------------------------- */

/* False after an error; the caller recovers. */
static bool for_error(as_parser *p, as_span span, const char *detail)
{
    if (!p->recovery)
        as_parser_error(p, span, "Invalid 'for' expression", "%s", detail);
    return false;
}

static bool read_name(as_parser *p, as_str *name, const char *detail)
{
    as_token token = as_parser_peek(p);
    if (token.kind != AS_TOK_IDENT)
        return for_error(p, as_parser_span(p, token), detail);
    *name = as_parser_text(p, as_parser_read(p));
    return true;
}

/* `for k, v in collection :` */
static bool parse_for_head(as_parser *p, as_hcl_for *loop)
{
    as_parser_read(p); /* for */
    if (!read_name(p, &loop->value_name, "A name comes after \"for\"."))
        return false;
    if (as_parser_peek(p).kind == AS_TOK_COMMA) {
        as_parser_read(p);
        loop->key_name = loop->value_name;
        if (!read_name(p, &loop->value_name, "A second name comes after the comma."))
            return false;
    }
    if (!as_parser_at_word(p, "in"))
        return for_error(p, as_parser_span(p, as_parser_peek(p)), "\"in\" comes after the names.");
    as_parser_read(p);
    size_t errors = p->diags->n_errors;
    loop->collection = as_parser_expr(p);
    if (as_parser_failed(p, errors))
        return false;
    if (as_parser_peek(p).kind != AS_TOK_COLON)
        return for_error(
                p, as_parser_span(p, as_parser_peek(p)), "A colon comes after the collection.");
    as_parser_read(p);
    return true;
}

/* `key => value... if condition`; *ellipsis is where the grouping stands. */
static bool parse_for_result(as_parser *p, as_hcl_for *loop, as_span *ellipsis)
{
    size_t errors = p->diags->n_errors;
    loop->value = as_parser_expr(p);
    if (as_parser_peek(p).kind == AS_TOK_ARROW) {
        as_parser_read(p);
        loop->key = loop->value;
        loop->value = as_parser_expr(p);
    }
    if (as_parser_failed(p, errors))
        return false;
    if (as_parser_peek(p).kind == AS_TOK_ELLIPSIS) {
        *ellipsis = as_parser_span(p, as_parser_read(p));
        loop->group = true;
    }
    if (as_parser_at_word(p, "if")) {
        as_parser_read(p);
        loop->condition = as_parser_expr(p);
    }
    return !as_parser_failed(p, errors);
}

static void check_for(as_parser *p, const as_hcl_for *loop, bool object, as_span ellipsis)
{
    static const char summary[] = "Invalid 'for' expression";
    if (object && !loop->key)
        as_parser_error(p, loop->value->span, summary, "An object needs \"key => value\".");
    if (!object && loop->key)
        as_parser_error(p, loop->key->span, summary, "A tuple has no keys.");
    if (!object && loop->group)
        as_parser_error(p, ellipsis, summary, "Only an object can group with \"...\".");
}

/* The opening bracket has been read; `for` comes. */
static const as_hcl_expr *parse_for(as_parser *p, as_token open)
{
    bool object = open.kind == AS_TOK_BRACE_OPEN;
    as_token_kind closing = object ? AS_TOK_BRACE_CLOSE : AS_TOK_BRACKET_CLOSE;
    as_hcl_for *loop = AS_NEW(p->arena, as_hcl_for);
    as_span ellipsis = AS_SPAN_NONE;
    bool newlines = p->newlines;
    p->newlines = false;
    bool ok = parse_for_head(p, loop) && parse_for_result(p, loop, &ellipsis);
    as_token close;
    if (ok && as_parser_peek(p).kind == closing) {
        close = as_parser_read(p);
    } else {
        if (ok)
            for_error(p, as_parser_span(p, as_parser_peek(p)), "The expression ends before this.");
        close = as_parser_recover(p, closing);
    }
    p->newlines = newlines;
    loop->open = as_parser_span(p, open);
    loop->close = as_parser_span(p, close);
    as_span span = as_span_join(loop->open, loop->close);
    if (ok)
        check_for(p, loop, object, ellipsis);
    if (!ok || (object && !loop->key))
        return bad_node(p, span);
    as_hcl_expr *expr = as_parser_node(p, AS_HCL_FOR, span);
    expr->as.loop = loop;
    return expr;
}

/* --- tuples and objects ----------------------------------------------------------------------- */

static const as_hcl_expr *parse_tuple(as_parser *p, as_token open)
{
    as_expr_list items;
    AS_SPARE_TAKE(p, exprs, &items);
    as_token close;
    for (;;) {
        if (as_parser_peek(p).kind == AS_TOK_BRACKET_CLOSE) {
            close = as_parser_read(p);
            break;
        }
        size_t errors = p->diags->n_errors;
        const as_hcl_expr *item = as_parser_expr(p);
        AS_VEC_PUSH(p->scratch, &items, item);
        as_token next = as_parser_peek(p);
        if (as_parser_failed(p, errors)) {
            close = as_parser_recover(p, AS_TOK_BRACKET_CLOSE);
            break;
        }
        if (next.kind == AS_TOK_COMMA) {
            as_parser_read(p);
        } else if (next.kind != AS_TOK_BRACKET_CLOSE) {
            if (!p->recovery && next.kind == AS_TOK_EOF)
                as_parser_error(p, as_parser_span(p, open),
                        "Unterminated tuple constructor expression",
                        "The file ends before this bracket is closed.");
            else if (!p->recovery)
                as_parser_error(p, as_parser_span(p, next), "Missing item separator",
                        "Items are separated by commas.");
            close = as_parser_recover(p, AS_TOK_BRACKET_CLOSE);
            break;
        }
    }
    as_hcl_expr *expr = as_parser_node(
            p, AS_HCL_TUPLE, as_span_join(as_parser_span(p, open), as_parser_span(p, close)));
    expr->as.list = as_parser_exprs(p, &items);
    return expr;
}

/* The bare word that a key is: a name, or one of the literal keywords. */
static as_str key_word(const as_hcl_expr *key)
{
    if (key->kind == AS_HCL_TRAVERSAL && key->as.traversal.n == 1)
        return key->as.traversal.steps[0].name;
    if (key->kind != AS_HCL_LITERAL)
        return AS_STR_NONE;
    if (key->as.literal->kind == AS_NULL)
        return AS_STR("null");
    if (key->as.literal->kind == AS_BOOL)
        return key->as.literal->as.boolean ? AS_STR("true") : AS_STR("false");
    return AS_STR_NONE;
}

static void missing_value(as_parser *p, as_token open, as_token next)
{
    as_span span = as_parser_span(p, next);
    if (p->recovery)
        return;
    if (next.kind == AS_TOK_NEWLINE || next.kind == AS_TOK_COMMA)
        as_parser_error(
                p, span, "Missing attribute value", "\"=\" and a value come after the key.");
    else if (next.kind == AS_TOK_EOF)
        as_parser_error(p, as_parser_span(p, open), "Unterminated object constructor expression",
                "The file ends before this brace is closed.");
    else
        as_parser_error(p, span, "Missing key/value separator",
                "\"=\" comes after the key; a key with periods or blanks stands in quotes.");
}

static void missing_separator(as_parser *p, as_token open, as_token next)
{
    if (p->recovery)
        return;
    if (next.kind == AS_TOK_EOF)
        as_parser_error(p, as_parser_span(p, open), "Unterminated object constructor expression",
                "The file ends before this brace is closed.");
    else
        as_parser_error(p, as_parser_span(p, next), "Missing attribute separator",
                "Attributes are separated by commas or line ends.");
}

typedef AS_VEC(as_hcl_object_item) object_items;

/* One `key = value` and what separates it from the next. False when the object cannot go on. */
static bool parse_object_item(as_parser *p, as_token open, object_items *items)
{
    size_t errors = p->diags->n_errors;
    bool parenthesised = as_parser_peek(p).kind == AS_TOK_PAREN_OPEN;
    as_hcl_object_item item = {.key = as_parser_expr(p)};
    if (as_parser_failed(p, errors))
        return false;
    if (!parenthesised)
        item.keyword = key_word(item.key);
    as_token next = as_parser_peek(p);
    if (next.kind != AS_TOK_ASSIGN && next.kind != AS_TOK_COLON) {
        missing_value(p, open, next);
        return false;
    }
    as_parser_read(p);
    item.value = as_parser_expr(p);
    if (as_parser_failed(p, errors))
        return false;
    AS_VEC_PUSH(p->scratch, items, item);
    next = as_parser_peek(p);
    if (next.kind == AS_TOK_BRACE_CLOSE)
        return true;
    if (next.kind != AS_TOK_COMMA && next.kind != AS_TOK_NEWLINE) {
        missing_separator(p, open, next);
        return false;
    }
    as_parser_read(p);
    return true;
}

static const as_hcl_expr *parse_object(as_parser *p, as_token open)
{
    object_items items = {0};
    as_token close;
    for (;;) {
        as_token next = as_parser_peek(p);
        if (next.kind == AS_TOK_BRACE_CLOSE) {
            close = as_parser_read(p);
            break;
        }
        if (next.kind == AS_TOK_NEWLINE) {
            as_parser_read(p);
        } else if (!parse_object_item(p, open, &items)) {
            close = as_parser_recover(p, AS_TOK_BRACE_CLOSE);
            break;
        }
    }
    as_hcl_expr *expr = as_parser_node(
            p, AS_HCL_OBJECT, as_span_join(as_parser_span(p, open), as_parser_span(p, close)));
    as_hcl_object_item *copy = AS_NEW_ARRAY(p->arena, as_hcl_object_item, items.n);
    if (items.n > 0)
        memcpy(copy, items.items, items.n * sizeof *copy);
    expr->as.object.items = copy;
    expr->as.object.n = items.n;
    expr->as.object.open = as_parser_span(p, open);
    return expr;
}

static const as_hcl_expr *parse_bracketed(as_parser *p)
{
    as_token open = as_parser_read(p);
    bool newlines = p->newlines;
    p->newlines = false; /* `for` may come on the next line */
    const as_hcl_expr *expr;
    if (as_parser_at_word(p, "for")) {
        expr = parse_for(p, open);
    } else if (open.kind == AS_TOK_BRACE_OPEN) {
        p->newlines = true;
        expr = parse_object(p, open);
    } else {
        expr = parse_tuple(p, open);
    }
    p->newlines = newlines;
    return expr;
}

/* --- terms ------------------------------------------------------------------------------------ */

static const as_hcl_expr *parse_parenthesised(as_parser *p)
{
    as_span open = as_parser_span(p, as_parser_read(p));
    bool newlines = p->newlines;
    p->newlines = false;
    size_t errors = p->diags->n_errors;
    const as_hcl_expr *inner = as_parser_expr(p);
    if (p->diags->n_errors != errors) {
        as_parser_recover(p, AS_TOK_PAREN_CLOSE);
        p->newlines = newlines;
        return inner;
    }
    as_token close = as_parser_peek(p);
    if (close.kind != AS_TOK_PAREN_CLOSE) {
        as_parser_error(p, as_parser_span(p, close), "Unbalanced parentheses",
                "A closing parenthesis belongs here.");
        p->recovery = true;
    }
    as_parser_read(p);
    p->newlines = newlines;
    as_hcl_expr *expr =
            as_parser_node(p, AS_HCL_PAREN, as_span_join(open, as_parser_span(p, close)));
    expr->as.inner = inner;
    return expr;
}

/* `a.b.c` at one go, as most references are; whatever else follows is added by parse_traversals.
 * The root has been read. */
static const as_hcl_expr *parse_names(as_parser *p, as_token root)
{
    const as_token *next = p->tokens + p->next;
    size_t n = 1;
    while (next[2 * (n - 1)].kind == AS_TOK_DOT && next[2 * n - 1].kind == AS_TOK_IDENT)
        n++;
    as_hcl_step *steps = AS_NEW_ARRAY(p->arena, as_hcl_step, n);
    steps[0] = (as_hcl_step){.name = as_parser_text(p, root), .span = as_parser_span(p, root)};
    for (size_t i = 1; i < n; i++) {
        as_token dot = next[2 * i - 2], name = next[2 * i - 1];
        steps[i].name = as_parser_text(p, name);
        steps[i].span = as_span_join(as_parser_span(p, dot), as_parser_span(p, name));
    }
    p->next += 2 * (n - 1);
    as_hcl_expr *expr =
            as_parser_node(p, AS_HCL_TRAVERSAL, as_span_join(steps[0].span, steps[n - 1].span));
    expr->as.traversal = (as_hcl_traversal){steps, n};
    return expr;
}

static const as_hcl_expr *parse_word(as_parser *p)
{
    as_token token = as_parser_read(p);
    as_token_kind next = (as_token_kind)as_parser_peek(p).kind;
    if (next == AS_TOK_PAREN_OPEN || next == AS_TOK_COLONS)
        return parse_call(p, token);
    as_span span = as_parser_span(p, token);
    as_str name = as_parser_text(p, token);
    if (as_str_is(name, "true") || as_str_is(name, "false"))
        return literal_node(p, span, as_value_bool(p->kept, span, name.p[0] == 't'));
    if (as_str_is(name, "null"))
        return literal_node(p, span, as_value_null(p->kept, span));
    return parse_names(p, token);
}

/* The operand of a sign binds tighter than any binary operator: -46 + 5 is (-46) + 5. */
static const as_hcl_expr *parse_unary(as_parser *p)
{
    as_token token = as_parser_read(p);
    as_span span = as_parser_span(p, token);
    const as_hcl_expr *operand;
    if (as_parser_enter(p))
        operand = parse_operand(p);
    else
        operand = bad_node(p, span);
    as_parser_leave(p);
    as_hcl_expr *expr = as_parser_node(p, AS_HCL_UNARY, as_span_join(span, operand->span));
    expr->as.unary.op = token.kind == AS_TOK_BANG ? AS_HCL_NOT : AS_HCL_NEG;
    expr->as.unary.op_span = span;
    expr->as.unary.operand = operand;
    return expr;
}

static const as_hcl_expr *parse_term(as_parser *p)
{
    as_token start = as_parser_peek(p);
    as_span span = as_parser_span(p, start);
    switch (start.kind) {
    case AS_TOK_PAREN_OPEN:
        return parse_parenthesised(p);
    case AS_TOK_NUMBER:
        as_parser_read(p);
        return literal_node(p, span, number_value(p, start));
    case AS_TOK_IDENT:
        return parse_word(p);
    case AS_TOK_QUOTE_OPEN:
        as_parser_read(p);
        return as_parser_template(p, AS_TOK_QUOTE_CLOSE, false, span, false);
    case AS_TOK_HEREDOC_OPEN:
        as_parser_read(p);
        return as_parser_template(
                p, AS_TOK_HEREDOC_CLOSE, p->text.p[start.begin + 2] == '-', span, false);
    case AS_TOK_MINUS:
    case AS_TOK_BANG:
        return parse_unary(p);
    case AS_TOK_BRACKET_OPEN:
    case AS_TOK_BRACE_OPEN:
        return parse_bracketed(p);
    case AS_TOK_EOF:
        if (!p->recovery)
            as_parser_error(p, span, "Missing expression", "The file ends before the expression.");
        break;
    default:
        if (!p->recovery)
            as_parser_error(p, span, "Invalid expression", "No expression begins like this.");
        break;
    }
    p->recovery = true;
    return bad_node(p, span);
}
