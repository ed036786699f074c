/* Nodes as messages show them (text/template/parse/node.go, String). */
#include "parsers/gotmpl/ast.h"

static void write_idents(as_buf *buf, const as_idents *idents, bool dot_first)
{
    for (size_t i = 0; i < idents->n; i++) {
        if (i > 0 || dot_first)
            as_buf_char(buf, '.');
        as_buf_str(buf, idents->items[i].name);
    }
}

static void write_pipe(as_buf *buf, const as_node *pipe)
{
    for (size_t i = 0; i < pipe->as.pipe.decls.n; i++) {
        if (i > 0)
            as_buf_cstr(buf, ", ");
        as_node_write(buf, pipe->as.pipe.decls.items[i]);
    }
    if (pipe->as.pipe.decls.n > 0)
        as_buf_cstr(buf, pipe->as.pipe.assigns ? " = " : " := ");
    for (size_t i = 0; i < pipe->as.pipe.commands.n; i++) {
        if (i > 0)
            as_buf_cstr(buf, " | ");
        as_node_write(buf, pipe->as.pipe.commands.items[i]);
    }
}

static void write_in_parens(as_buf *buf, const as_node *node)
{
    bool parens = node->kind == AS_NODE_PIPE;
    if (parens)
        as_buf_char(buf, '(');
    as_node_write(buf, node);
    if (parens)
        as_buf_char(buf, ')');
}

static void write_branch(as_buf *buf, const as_node *node)
{
    as_buf_fmt(buf, "{{%s ",
            node->kind == AS_NODE_IF     ? "if"
            : node->kind == AS_NODE_WITH ? "with"
                                         : "range");
    as_node_write(buf, node->as.act.pipe);
    as_buf_cstr(buf, "}}");
    as_node_write(buf, node->as.act.list);
    if (node->as.act.otherwise) {
        as_buf_cstr(buf, "{{else}}");
        as_node_write(buf, node->as.act.otherwise);
    }
    as_buf_cstr(buf, "{{end}}");
}

void as_node_write(as_buf *buf, const as_node *node)
{
    switch (node->kind) {
    case AS_NODE_TEXT:
        as_buf_str(buf, node->as.text);
        break;
    case AS_NODE_ACTION:
        as_buf_cstr(buf, "{{");
        as_node_write(buf, node->as.act.pipe);
        as_buf_cstr(buf, "}}");
        break;
    case AS_NODE_IF:
    case AS_NODE_WITH:
    case AS_NODE_RANGE:
        write_branch(buf, node);
        break;
    case AS_NODE_TEMPLATE:
        as_buf_cstr(buf, "{{template \"");
        as_buf_str(buf, node->as.act.name);
        as_buf_char(buf, '"');
        if (node->as.act.pipe) {
            as_buf_char(buf, ' ');
            as_node_write(buf, node->as.act.pipe);
        }
        as_buf_cstr(buf, "}}");
        break;
    case AS_NODE_BREAK:
        as_buf_cstr(buf, "{{break}}");
        break;
    case AS_NODE_CONTINUE:
        as_buf_cstr(buf, "{{continue}}");
        break;
    case AS_NODE_LIST:
        for (size_t i = 0; i < node->as.list.n; i++)
            as_node_write(buf, node->as.list.items[i]);
        break;
    case AS_NODE_PIPE:
        write_pipe(buf, node);
        break;
    case AS_NODE_COMMAND:
        for (size_t i = 0; i < node->as.list.n; i++) {
            if (i > 0)
                as_buf_char(buf, ' ');
            write_in_parens(buf, node->as.list.items[i]);
        }
        break;
    case AS_NODE_IDENT:
        as_buf_str(buf, node->as.ident.name);
        break;
    case AS_NODE_FIELD:
        write_idents(buf, &node->as.idents, true);
        break;
    case AS_NODE_VARIABLE:
        write_idents(buf, &node->as.idents, false);
        break;
    case AS_NODE_CHAIN:
        write_in_parens(buf, node->as.chain.node);
        write_idents(buf, &node->as.chain.fields, true);
        break;
    case AS_NODE_DOT:
        as_buf_char(buf, '.');
        break;
    case AS_NODE_NIL:
        as_buf_cstr(buf, "nil");
        break;
    case AS_NODE_BOOL:
        as_buf_cstr(buf, node->as.boolean ? "true" : "false");
        break;
    case AS_NODE_NUMBER:
        as_buf_str(buf, node->as.number.text);
        break;
    case AS_NODE_STRING:
        as_buf_str(buf, node->as.string.quoted);
        break;
    case AS_NODE_END:
        as_buf_cstr(buf, "{{end}}");
        break;
    case AS_NODE_ELSE:
        as_buf_cstr(buf, "{{else}}");
        break;
    }
}

as_span as_node_span(const as_node *node)
{
    const as_tree *tree = node->tree;
    if (!tree->in_file)
        return AS_SPAN_NONE;
    uint32_t end = node->end > node->pos ? node->end : node->pos;
    return (as_span){tree->at.file, tree->at.begin + node->pos, tree->at.begin + end};
}
