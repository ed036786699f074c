/* Private to the parser of native syntax: its state, and what parse.c, parse_expr.c and
 * parse_template.c call in each other. */
#ifndef AS_HCL_PARSER_H
#define AS_HCL_PARSER_H

#include "parsers/hcl/lex.h"
#include "parsers/hcl/parse.h"

typedef AS_VEC(const as_hcl_expr *) as_expr_list;

/* Room of finished lists, for the next that needs some: one taken by a nested construct is back
 * before its neighbour asks. */
typedef struct as_parser_spare {
    as_expr_list exprs;
    AS_VEC(as_hcl_attribute) attributes;
    AS_VEC(as_hcl_block) blocks;
    AS_VEC(as_hcl_label) labels;
    AS_VEC(struct as_template_part) parts;
} as_parser_spare;

/* Takes the spare list of that name; gives it back, emptied. */
#define AS_SPARE_TAKE(p, name, list)                                                               \
    ((list)->items = (p)->spare.name.items, (list)->cap = (p)->spare.name.cap, (list)->n = 0,      \
            (p)->spare.name.items = NULL, (p)->spare.name.cap = 0)
#define AS_SPARE_GIVE(p, name, list)                                                               \
    ((list)->cap > (p)->spare.name.cap ? (void)((p)->spare.name.items = (list)->items,             \
                                                 (p)->spare.name.cap = (list)->cap)                \
                                       : (void)0)

typedef struct as_parser {
    as_arena *arena;   /* of the tree */
    as_arena *kept;    /* of the values and texts in it, which outlive it */
    as_arena *scratch; /* of tokens and unfinished lists */
    as_str text;
    size_t begin; /* where reading it begins */
    uint32_t file;
    as_span place; /* every span when file is 0 */
    const as_token *tokens;
    size_t n_tokens, next;
    bool newlines; /* line ends are tokens; saved and restored by who changes it */
    bool recovery; /* something went wrong and the position is a guess: fewer complaints */
    unsigned depth;
    bool too_deep;
    as_diags *diags;
    as_parser_spare spare;
} as_parser;

/* --- tokens ----------------------------------------------------------------------------------- */

as_token as_parser_peek(const as_parser *p);
as_token as_parser_read(as_parser *p);
as_span as_parser_previous(const as_parser *p); /* span of the token read last */
as_span as_parser_span(const as_parser *p, as_token token);
as_str as_parser_text(const as_parser *p, as_token token);
bool as_parser_at_word(const as_parser *p, const char *word);

/* Skips to behind the next `end` that closes what is open here, and returns it (or the end of
 * file). */
as_token as_parser_recover(as_parser *p, as_token_kind end);
/* Skips to behind the next bracketed part that begins with `start`. */
void as_parser_recover_over(as_parser *p, as_token_kind start);
void as_parser_recover_item(as_parser *p);

void as_parser_error(as_parser *p, as_span span, const char *summary, const char *detail, ...)
        AS_PRINTF(4, 5);
/* In recovery and with an error since `errors` (n_errors from before): give up the construct. */
bool as_parser_failed(const as_parser *p, size_t errors);
/* One level deeper; false, with the rest of the file given up, past AS_MAX_DEPTH. Leave in both
 * cases. */
bool as_parser_enter(as_parser *p);
void as_parser_leave(as_parser *p);

/* --- expressions ------------------------------------------------------------------------------ */

const as_hcl_expr *as_parser_expr(as_parser *p);
as_hcl_expr *as_parser_node(as_parser *p, as_hcl_kind kind, as_span span);
/* A copy in the tree; gives the list's room back. */
as_hcl_exprs as_parser_exprs(as_parser *p, as_expr_list *list);

/* --- templates -------------------------------------------------------------------------------- */

/* The opening marker has been read; reads up to and including `end`. */
const as_hcl_expr *as_parser_template(
        as_parser *p, as_token_kind end, bool flush, as_span open, bool bare);
/* A literal token's text with its escapes resolved. */
as_str as_parser_literal(as_parser *p, as_token token);
/* A label: a quoted string without interpolations. */
as_hcl_label as_parser_quoted(as_parser *p);

#endif
