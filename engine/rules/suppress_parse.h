/* What a comment or annotation says of suppressing: ours and that of other tools. */
#ifndef AS_RULES_SUPPRESS_PARSE_H
#define AS_RULES_SUPPRESS_PARSE_H

#include "engine/rules/finding.h"

typedef enum as_suppress_scope {
    AS_SCOPE_TARGET, /* what the comment speaks of: its line or the next statement */
    AS_SCOPE_BLOCK,  /* the block that it stands in */
    AS_SCOPE_FILE,
} as_suppress_scope;

typedef struct as_directive {
    as_str rule; /* id, alias or wildcard */
    as_suppress_scope scope;
    as_str address;      /* wildcard over addresses; empty: any */
    bool foreign;        /* meant for a scanner that sees more: unused is no finding */
    as_suppression what; /* span is the caller's */
} as_directive;

typedef AS_VEC(as_directive) as_directives;

/* Whether a text can hold a directive at all: quick. */
bool as_directives_possible(as_str text);
/* Appends one directive a rule named in the comment. */
void as_directives_parse(as_arena *arena, as_str comment, as_directives *out);
/* Appends what an annotation of a Kubernetes object says. */
void as_directives_annotation(as_arena *arena, as_str key, as_str value, as_directives *out);

#endif
