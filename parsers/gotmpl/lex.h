/* Tokens of a template, as text/template/parse/lex.go cuts them. */
#ifndef AS_GOTMPL_LEX_H
#define AS_GOTMPL_LEX_H

#include "engine/base/buf.h"

typedef enum as_token_kind {
    AS_TOK_ERROR, /* val is the message */
    AS_TOK_BOOL,
    AS_TOK_CHAR, /* a printable ASCII character of its own, such as ',' */
    AS_TOK_CHAR_CONSTANT,
    AS_TOK_COMPLEX,
    AS_TOK_ASSIGN,
    AS_TOK_DECLARE,
    AS_TOK_EOF,
    AS_TOK_FIELD,
    AS_TOK_IDENT,
    AS_TOK_LEFT_DELIM,
    AS_TOK_LEFT_PAREN,
    AS_TOK_NUMBER,
    AS_TOK_PIPE,
    AS_TOK_RAW_STRING,
    AS_TOK_RIGHT_DELIM,
    AS_TOK_RIGHT_PAREN,
    AS_TOK_SPACE,
    AS_TOK_STRING,
    AS_TOK_TEXT,
    AS_TOK_VARIABLE,
    AS_TOK_KEYWORD, /* keywords follow */
    AS_TOK_BLOCK,
    AS_TOK_BREAK,
    AS_TOK_CONTINUE,
    AS_TOK_DOT,
    AS_TOK_DEFINE,
    AS_TOK_ELSE,
    AS_TOK_END,
    AS_TOK_IF,
    AS_TOK_NIL,
    AS_TOK_RANGE,
    AS_TOK_TEMPLATE,
    AS_TOK_WITH,
} as_token_kind;

typedef struct as_token {
    as_token_kind kind;
    uint32_t pos;
    as_str val;
} as_token;

typedef struct as_lexer {
    as_arena *arena;
    as_str text;
    size_t start, pos;
    int parens;
    bool in_action, failed;
} as_lexer;

void as_lexer_init(as_lexer *lexer, as_arena *arena, as_str text);
as_token as_lexer_next(as_lexer *lexer);

/* The line, from 1, in which a token begins: counted anew, as only messages say it. */
uint32_t as_lexer_line(const as_lexer *lexer, uint32_t pos);

#endif
