/* GitHub's expression language, `${{ … }}`: read far enough to say which contexts an expression
 * reads, and which of those its result may carry on as text. Nothing is evaluated.
 *
 * Grammar and limits: docs.github.com, "Evaluate expressions in workflows and actions"; the lexer
 * of actions/runner (src/Sdk/Expressions). */
#ifndef AS_WORKFLOWS_EXPRESSION_H
#define AS_WORKFLOWS_EXPRESSION_H

#include "engine/base/buf.h"
#include "engine/base/vec.h"

#define AS_EXPRESSION_MAX_DEPTH 50    /* as ExpressionConstants.MaxDepth */
#define AS_EXPRESSION_MAX_BYTES 21000 /* … and MaxLength */

/* One read of a context: "github.event.issue.title", in lower case, as names are compared. A number
 * as index, and a filter, is "*", as in "github.event.commits.*.message"; an index that is worked
 * out is "?". */
typedef struct as_expression_read {
    as_str path;
    size_t begin, end; /* in the expression's text */
    bool flows; /* its text may be (part of) the result: false below ==, contains(), !, … */
    bool whole; /* below toJSON(): everything under the path flows */
} as_expression_read;

typedef struct as_expression {
    AS_VEC(as_expression_read) reads; /* in the order of the text */
    AS_VEC(as_str) calls;             /* functions, in lower case */
    size_t error_at;                  /* where reading ended, and why; NULL after success */
    const char *error;
} as_expression;

/* Parses the text between "${{" and "}}", or that of an `if:`. False when it is no expression. */
bool as_expression_parse(as_arena *arena, as_str text, as_expression *out);

/* The end of the expression that begins at `from` (behind "${{"): the index of its "}}", which does
 * not count inside quotes. (size_t)-1 when there is none. */
size_t as_expression_end(as_str text, size_t from);

#endif
