/* Comments of a source, and what they stand at. No parse: a scan that knows strings, heredocs,
 * block scalars and template actions well enough not to take text inside one for a comment. */
#ifndef AS_RULES_COMMENTS_H
#define AS_RULES_COMMENTS_H

#include "engine/base/source.h"
#include "engine/base/vec.h"

typedef enum as_comment_syntax {
    AS_COMMENTS_NONE, /* JSON: no comments */
    AS_COMMENTS_HCL,  /* #, //, block comments */
    AS_COMMENTS_YAML, /* #, and template comments */
    AS_COMMENTS_LINE, /* all else: in lines that may hold a directive, what stands behind a comment
                         mark */
} as_comment_syntax;

as_comment_syntax as_comment_syntax_of(as_str path);

typedef struct as_comment {
    uint32_t begin, end; /* with its markers */
    bool own_line;       /* only white space before it in its line */
} as_comment;

typedef AS_VEC(as_comment) as_comments;

/* Appends the comments in order. */
void as_comments_find(as_arena *arena, as_str text, as_comment_syntax syntax, as_comments *out);

/* Bytes [begin, end) of a text. */
typedef struct as_extent {
    uint32_t begin, end;
} as_extent;

/* What a comment speaks of: the statement (attribute, block; key with all below it) that begins on
 * its line, or, alone on its line, on the next line that is no comment and not blank. */
as_extent as_comment_target(as_str text, as_comment_syntax syntax, const as_comment *comment);
/* The top-level blocks (HCL) or documents (YAML), in order. */
typedef AS_VEC(as_extent) as_extents;
void as_comment_blocks(as_arena *arena, as_str text, as_comment_syntax syntax, as_extents *out);
/* The first place from `offset` on that is neither blank nor comment nor "---" nor a template
 * directive alone on its line. */
uint32_t as_comment_content(as_str text, as_comment_syntax syntax, uint32_t offset);

#endif
