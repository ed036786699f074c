/* The parsed template: a tree of nodes, each with its place. Mirrors text/template/parse. */
#ifndef AS_GOTMPL_AST_H
#define AS_GOTMPL_AST_H

#include "parsers/gotmpl/gotmpl.h"

typedef enum as_node_kind {
    AS_NODE_TEXT,
    AS_NODE_ACTION,
    AS_NODE_IF,
    AS_NODE_WITH,
    AS_NODE_RANGE,
    AS_NODE_TEMPLATE,
    AS_NODE_BREAK,
    AS_NODE_CONTINUE,
    AS_NODE_LIST,
    AS_NODE_PIPE,
    AS_NODE_COMMAND,
    AS_NODE_IDENT,
    AS_NODE_FIELD,
    AS_NODE_VARIABLE,
    AS_NODE_CHAIN,
    AS_NODE_DOT,
    AS_NODE_NIL,
    AS_NODE_BOOL,
    AS_NODE_NUMBER,
    AS_NODE_STRING,
    AS_NODE_END,  /* of the parser alone */
    AS_NODE_ELSE, /* the same */
} as_node_kind;

typedef struct as_node as_node;
typedef struct as_tree as_tree;

typedef struct as_nodes {
    as_node **items;
    size_t n, cap;
} as_nodes;

/* A name with its hash, for lookups in maps. */
typedef struct as_ident {
    as_str name;
    uint64_t hash;
} as_ident;

typedef struct as_idents {
    as_ident *items;
    size_t n, cap;
} as_idents;

struct as_node {
    as_node_kind kind;
    uint32_t pos, end; /* in the tree's text */
    const as_tree *tree;
    union {
        as_str text;       /* TEXT */
        struct {           /* ACTION, IF, WITH, RANGE; TEMPLATE has pipe and name */
            as_node *pipe; /* NULL: {{template "x"}} */
            as_node *list, *otherwise;
            as_str name;
        } act;
        as_nodes list; /* LIST, COMMAND (its words) */
        struct {
            as_nodes decls; /* VARIABLE nodes */
            as_nodes commands;
            bool assigns; /* = instead of := */
        } pipe;
        struct {
            as_str name;
            const as_go_func *func;
        } ident;
        as_idents idents; /* FIELD; VARIABLE: the first is "$name" */
        struct {
            as_node *node;
            as_idents fields;
        } chain;
        bool boolean;
        struct {
            bool is_int, is_uint, is_float, is_complex;
            int64_t i;
            uint64_t u;
            double f;
            as_str text;
        } number;
        struct {
            as_str quoted, text;
        } string;
    } as;
};

/* One template: a file, a define, a block, or a text given to tpl. */
struct as_tree {
    as_str name;
    as_str parse_name; /* of the file: in messages */
    as_str text;       /* of the whole file */
    as_span at;        /* file, and where its text begins there */
    bool in_file;      /* else a text given to tpl: its nodes have no place of their own */
    as_node *root;
};

as_span as_node_span(const as_node *node);
/* As the node is written in messages: `.Values.x | upper`. */
void as_node_write(as_buf *buf, const as_node *node);
bool as_tree_is_empty(const as_node *node);

/* What a text defines: of equal names the last, the template of the whole text among them. */
typedef struct as_parse_result {
    as_tree **trees;
    size_t n, cap;
    as_str message; /* "name:line: what"; empty after success */
    uint32_t pos;
} as_parse_result;

void as_tree_parse(
        as_gotmpl *t, as_str name, as_str text, as_span at, bool in_file, as_parse_result *out);

#endif
