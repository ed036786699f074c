/* Tokens of HCL's native syntax.
 *
 * The lexer follows templates into their interpolations and back, so one flat list of tokens serves
 * the parser. Bytes that belong to no token still get one (invalid, bad UTF-8): nothing is lost,
 * and the problems are told once. Facts: hclsyntax/scan_tokens.rl, token.go. */
#ifndef AS_HCL_LEX_H
#define AS_HCL_LEX_H

#include "engine/base/diag.h"

typedef enum as_token_kind {
    AS_TOK_EOF,
    AS_TOK_NEWLINE,
    AS_TOK_COMMENT, /* with its line end, when it has one */
    AS_TOK_IDENT,
    AS_TOK_NUMBER,
    AS_TOK_QUOTE_OPEN,
    AS_TOK_QUOTE_CLOSE,
    AS_TOK_HEREDOC_OPEN,  /* "<<EOT\n" */
    AS_TOK_HEREDOC_CLOSE, /* the line of the marker, without its end */
    AS_TOK_QUOTED,        /* literal text that may hold backslash escapes */
    AS_TOK_TEXT,          /* literal text of a heredoc or bare template */
    AS_TOK_INTERP,        /* "${", "${~" */
    AS_TOK_CONTROL,       /* "%{", "%{~" */
    AS_TOK_SEQ_END,       /* "}", "~}" of those */
    AS_TOK_BRACE_OPEN,
    AS_TOK_BRACE_CLOSE,
    AS_TOK_BRACKET_OPEN,
    AS_TOK_BRACKET_CLOSE,
    AS_TOK_PAREN_OPEN,
    AS_TOK_PAREN_CLOSE,
    AS_TOK_STAR,
    AS_TOK_SLASH,
    AS_TOK_PLUS,
    AS_TOK_MINUS,
    AS_TOK_PERCENT,
    AS_TOK_ASSIGN,
    AS_TOK_EQ,
    AS_TOK_NE,
    AS_TOK_LT,
    AS_TOK_LE,
    AS_TOK_GT,
    AS_TOK_GE,
    AS_TOK_AND,
    AS_TOK_OR,
    AS_TOK_BANG,
    AS_TOK_DOT,
    AS_TOK_COMMA,
    AS_TOK_COLON,
    AS_TOK_COLONS, /* "::" */
    AS_TOK_QUESTION,
    AS_TOK_ELLIPSIS,
    AS_TOK_ARROW, /* "=>" */
    /* Not part of the language; known so that messages can be good. */
    AS_TOK_BITWISE,
    AS_TOK_APOSTROPHE,
    AS_TOK_BACKTICK,
    AS_TOK_SEMICOLON,
    AS_TOK_QUOTED_NEWLINE,
    AS_TOK_BAD_UTF8,
    AS_TOK_INVALID,
} as_token_kind;

typedef struct as_token {
    uint32_t begin, end;
    uint8_t kind; /* as_token_kind */
} as_token;

typedef AS_VEC(as_token) as_tokens;

/* Fills `out` with the tokens of text from `begin` on, the last of them AS_TOK_EOF; places count
 * from the start of the text. `template`: the text is a bare template. */
void as_lex(as_arena *arena, as_str text, size_t begin, bool template, as_tokens *out);

/* Says what should never appear in HCL, each kind of it at most a few times. `file` is 0 for texts
 * that are no file; then every diagnostic stands at `place`. */
void as_lex_check(
        as_str text, const as_tokens *tokens, uint32_t file, as_span place, as_diags *diags);

#endif
