/* Writing into files of Terraform, in the form that `terraform fmt` would give. */
#include "engine/fix/internal.h"

#include <assert.h>

#include "engine/base/limits.h"
#include "parsers/hcl/parse.h"

/* --- finding the node ----------------------------------------------------------------------------
 */

/* A body between braces, or an object expression. */
typedef struct node {
    const as_hcl_body *body; /* NULL: */
    const as_hcl_expr *object;
    size_t open, close; /* behind the opening brace, before the closing one */
} node;

typedef struct search {
    uint32_t begin;
    const as_hcl_expr *found;
} search;

static void visit(void *self, const as_hcl_expr *expr)
{
    search *s = self;
    if (s->found == NULL && expr->kind == AS_HCL_OBJECT && expr->span.begin == s->begin) {
        s->found = expr;
    }
}

/* Attributes and blocks stand in the order of the file: a file may hold a hundred thousand. */
static const as_hcl_attribute *attribute_around(const as_hcl_body *body, size_t at)
{
    size_t low = 0, high = body->n_attributes;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool before = body->attributes[middle].span.begin <= at;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    return low > 0 && at < body->attributes[low - 1].span.end ? &body->attributes[low - 1] : NULL;
}

const as_hcl_block *as_hcl_block_around(const as_hcl_body *body, size_t at)
{
    size_t low = 0, high = body->n_blocks;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool before = body->blocks[middle].span.begin <= at;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    return low > 0 && at < body->blocks[low - 1].span.end ? &body->blocks[low - 1] : NULL;
}

static bool find_node(const as_hcl_body *body, as_span span, node *out, int depth)
{
    search s = {.begin = span.begin};
    const as_hcl_attribute *a = attribute_around(body, span.begin);
    if (a != NULL) {
        as_hcl_expr_walk(a->expr, visit, &s);
        out->object = s.found;
        out->open = span.begin + 1;
        out->close = s.found == NULL ? 0 : s.found->span.end - 1;
        return s.found != NULL;
    }
    const as_hcl_block *b = as_hcl_block_around(body, span.begin);
    if (b == NULL || depth >= AS_MAX_DEPTH) {
        return false;
    }
    if (span.begin > b->span.begin) {
        return find_node(b->body, span, out, depth + 1);
    }
    bool dynamic = as_str_is(b->type, "dynamic") && b->body->n_blocks == 1;
    b = dynamic ? &b->body->blocks[0] : b;
    *out = (node){.body = b->body, .open = b->open.end, .close = b->close.begin};
    return true;
}

static bool has_dynamic(const as_hcl_body *body, as_str name)
{
    for (size_t i = 0; i < body->n_blocks; i++) {
        const as_hcl_block *b = &body->blocks[i];
        if (as_str_is(b->type, "dynamic") && b->n_labels == 1 &&
                as_str_eq(b->labels[0].text, name)) {
            return true;
        }
    }
    return false;
}

/* --- writing -------------------------------------------------------------------------------------
 */

/* JSON's texts are HCL's but for "${" and "%{", which begin templates there. */
as_str as_hcl_literal(as_arena *arena, as_str json)
{
    json = as_str_replace(arena, json, AS_STR("${"), AS_STR("$${"));
    return as_str_replace(arena, json, AS_STR("%{"), AS_STR("%%{"));
}

/* Arguments of providers that are maps, although they are written like blocks elsewhere. */
static bool is_map_argument(as_str name)
{
    static const char *const names[] = {"metadata", "tags", "labels", "annotations", "parameters",
            "attributes", "config", "variables", NULL};
    for (size_t i = 0; names[i] != NULL; i++) {
        if (as_str_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

static bool is_bare(as_str name)
{
    bool bare = name.n > 0 && !(name.p[0] >= '0' && name.p[0] <= '9');
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bare = bare && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               (c >= '0' && c <= '9') || c == '_' || c == '-');
    }
    return bare;
}

static void write_name(as_buf *out, as_str name)
{
    if (is_bare(name)) {
        as_buf_str(out, name);
    } else {
        as_buf_json_string(out, name);
    }
}

static bool is_attribute(const as_leaf *leaf, size_t depth)
{
    return leaf->n == depth + 1;
}

static void render_attributes(as_buf *out, const as_leaves *leaves, size_t depth, size_t indent)
{
    size_t width = 0;
    for (size_t i = 0; i < leaves->n; i++) {
        if (is_attribute(&leaves->items[i], depth) && leaves->items[i].names[depth].n > width) {
            width = leaves->items[i].names[depth].n;
        }
    }
    for (size_t i = 0; i < leaves->n; i++) {
        const as_leaf *leaf = &leaves->items[i];
        if (is_attribute(leaf, depth)) {
            as_buf_repeat(out, ' ', indent);
            write_name(out, leaf->names[depth]);
            as_buf_repeat(out, ' ', width - leaf->names[depth].n);
            as_buf_fmt(out, " = %.*s\n", AS_STR_ARG(as_hcl_literal(out->arena, leaf->json)));
        }
    }
}

static bool is_first_of_name(const as_leaves *leaves, size_t depth, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (!is_attribute(&leaves->items[k], depth) &&
                as_str_eq(leaves->items[k].names[depth], leaves->items[i].names[depth])) {
            return false;
        }
    }
    return true;
}

void as_hcl_render(
        as_buf *out, const as_leaves *leaves, size_t depth, size_t indent, bool in_object)
{
    size_t before = out->n;
    render_attributes(out, leaves, depth, indent);
    for (size_t i = 0; i < leaves->n && depth < 32; i++) {
        const as_leaf *leaf = &leaves->items[i];
        if (is_attribute(leaf, depth) || !is_first_of_name(leaves, depth, i)) {
            continue;
        }
        as_leaves same = {0};
        for (size_t k = i; k < leaves->n; k++) {
            if (!is_attribute(&leaves->items[k], depth) &&
                    as_str_eq(leaves->items[k].names[depth], leaf->names[depth])) {
                AS_VEC_PUSH(out->arena, &same, leaves->items[k]);
            }
        }
        bool object = in_object || is_map_argument(leaf->names[depth]);
        if (out->n > before && !object) {
            as_buf_char(out, '\n');
        }
        as_buf_repeat(out, ' ', indent);
        write_name(out, leaf->names[depth]);
        as_buf_cstr(out, object ? " = {\n" : " {\n");
        as_hcl_render(out, &same, depth + 1, indent + 2, object);
        as_buf_repeat(out, ' ', indent);
        as_buf_cstr(out, "}\n");
    }
}

/* --- inserting -----------------------------------------------------------------------------------
 */

/* Where the "=" of the attribute's line stands, counted from its name; 0 when it is on another
 * line. */
static size_t equals_column(as_str text, const as_hcl_attribute *a)
{
    size_t at = a->name_span.end;
    while (at < text.n && text.p[at] == ' ') {
        at++;
    }
    return at < text.n && text.p[at] == '=' ? at - a->name_span.begin : 0;
}

/* "name = value" aligned with the line above it. */
static void write_aligned(as_buf *out, const as_leaf *leaf, size_t indent, size_t column)
{
    as_buf_repeat(out, ' ', indent);
    write_name(out, leaf->names[0]);
    size_t width = leaf->names[0].n + 1;
    as_buf_repeat(out, ' ', column > width ? column - leaf->names[0].n : 1);
    as_buf_fmt(out, "= %.*s\n", AS_STR_ARG(as_hcl_literal(out->arena, leaf->json)));
}

static void add_edit(as_planner *p, const as_source *source, size_t begin, size_t end, as_str text,
        as_edits *edits)
{
    AS_VEC_PUSH(p->arena, edits, (as_edit){{source->id, (uint32_t)begin, (uint32_t)end}, text});
}

/* Braces on one line: what is between them goes to lines of its own. */
static void open_up(as_planner *p, const as_source *source, const node *n, const as_leaves *leaves,
        as_edits *edits)
{
    as_str text = source->text;
    as_str inner = as_str_trim(as_str_slice(text, n->open, n->close));
    size_t indent = as_line_indent(text, n->open);
    as_buf out;
    as_buf_init(&out, p->arena, 0);
    as_buf_char(&out, '\n');
    if (inner.n > 0) {
        as_buf_repeat(&out, ' ', indent + 2);
        as_buf_str(&out, inner);
        as_buf_char(&out, '\n');
    }
    bool single = inner.n > 0 && n->body != NULL && n->body->n_attributes == 1 && leaves->n == 1 &&
                  leaves->items[0].n == 1;
    if (single) {
        write_aligned(
                &out, &leaves->items[0], indent + 2, equals_column(text, &n->body->attributes[0]));
    } else {
        as_hcl_render(&out, leaves, 0, indent + 2, n->body == NULL);
    }
    as_buf_repeat(&out, ' ', indent);
    add_edit(p, source, n->open, n->close, as_buf_view(&out), edits);
}

/* Attributes on lines of their own, one below the other, have their signs in one column (terraform
 * fmt). Those of the group that ends with `last` are moved to `column`, provided that they stand in
 * one now. */
static bool realign(as_planner *p, const as_source *source, const as_hcl_body *body,
        const as_hcl_attribute *last, size_t column, as_edits *edits)
{
    as_str text = source->text;
    size_t begin = as_line_begin(text, last->span.begin), now = equals_column(text, last),
           i = body->n_attributes;
    as_edits moved = {0};
    while (i > 0 && &body->attributes[i - 1] != last) {
        i--;
    }
    for (; i > 0; i--) {
        const as_hcl_attribute *a = &body->attributes[i - 1];
        size_t line = as_line_begin(text, a->span.begin);
        bool whole = line == as_line_begin(text, a->span.end);
        if (line != begin || !whole) {
            break;
        }
        if (equals_column(text, a) != now) {
            return false;
        }
        size_t name = a->name_span.end - a->name_span.begin;
        as_buf blanks;
        as_buf_init(&blanks, p->arena, 0);
        as_buf_repeat(&blanks, ' ', column - name);
        add_edit(p, source, a->name_span.end, a->name_span.begin + now, as_buf_view(&blanks),
                &moved);
        if (begin == 0) {
            break;
        }
        begin = as_line_begin(text, begin - 1);
    }
    for (size_t k = 0; k < moved.n; k++) {
        AS_VEC_PUSH(p->arena, edits, moved.items[k]);
    }
    return true;
}

static size_t widest(const as_leaves *leaves)
{
    size_t width = 0;
    for (size_t i = 0; i < leaves->n; i++) {
        width = leaves->items[i].names[0].n > width ? leaves->items[i].names[0].n : width;
    }
    return width + 1;
}

/* Behind the last attribute of the body, or its opening brace. */
static void insert_attribute(as_planner *p, const as_source *source, const node *n,
        const as_leaves *leaves, as_edits *edits)
{
    as_str text = source->text;
    const as_hcl_attribute *last = NULL;
    for (size_t i = 0; i < n->body->n_attributes; i++) {
        const as_hcl_attribute *a = &n->body->attributes[i];
        /* Meta-arguments at the end keep their place. */
        last = as_str_is(a->name, "depends_on") || as_str_is(a->name, "provider") ? last : a;
    }
    size_t at = as_next_line(text, last == NULL ? n->open : last->span.end);
    size_t indent = last == NULL ? as_line_indent(text, n->open) + 2
                                 : as_line_indent(text, last->span.begin);
    size_t column = last == NULL || as_line_begin(text, last->span.begin) !=
                                            as_line_begin(text, last->span.end)
                            ? 0
                            : equals_column(text, last);
    size_t wanted = widest(leaves);
    if (last == NULL ||
            (column > 0 && column < wanted && realign(p, source, n->body, last, wanted, edits))) {
        column = wanted;
    }
    as_buf out;
    as_buf_init(&out, p->arena, 0);
    for (size_t i = 0; i < leaves->n; i++) {
        write_aligned(&out, &leaves->items[i], indent, column);
    }
    bool before_block = last == NULL && n->body->n_blocks > 0 && as_line_end(text, at) > at;
    if (before_block) {
        as_buf_char(&out, '\n');
    }
    add_edit(p, source, at, at, as_buf_view(&out), edits);
}

/* Before the closing brace, with a blank line before it when something stands there. */
static void insert_blocks(as_planner *p, const as_source *source, const node *n,
        const as_leaves *leaves, as_edits *edits)
{
    as_str text = source->text;
    size_t at = as_line_begin(text, n->close), indent = as_line_indent(text, n->close) + 2;
    as_buf out;
    as_buf_init(&out, p->arena, 0);
    if (n->body != NULL && n->body->n_attributes + n->body->n_blocks > 0) {
        as_buf_char(&out, '\n');
    }
    as_hcl_render(&out, leaves, 0, indent, n->body == NULL);
    add_edit(p, source, at, at, as_buf_view(&out), edits);
}

/* { a = 1 } → { a = 1, b = 2 } */
static as_str insert_in_line(as_planner *p, const as_source *source, const node *n,
        const as_leaves *leaves, as_edits *edits)
{
    size_t at = n->close;
    while (at > n->open && source->text.p[at - 1] == ' ') {
        at--;
    }
    as_buf out;
    as_buf_init(&out, p->arena, 0);
    for (size_t i = 0; i < leaves->n; i++) {
        if (leaves->items[i].n > 1) {
            return AS_STR("the object is written on one line");
        }
        as_buf_cstr(&out, ", ");
        write_name(&out, leaves->items[i].names[0]);
        as_buf_fmt(&out, " = %.*s", AS_STR_ARG(as_hcl_literal(p->arena, leaves->items[i].json)));
    }
    add_edit(p, source, at, at, as_buf_view(&out), edits);
    return AS_STR("");
}

/* An attribute that is there, but null. */
static as_str replace_null(as_planner *p, const as_source *source, const as_hcl_attribute *a,
        const as_leaf *leaf, as_edits *edits)
{
    if (leaf->n > 1 || a->expr->kind != AS_HCL_LITERAL) {
        return as_str_fmt(
                p->arena, "%.*s is there, but nothing that can be edited", AS_STR_ARG(a->name));
    }
    add_edit(p, source, a->expr->span.begin, a->expr->span.end,
            as_hcl_literal(p->arena, leaf->json), edits);
    return AS_STR("");
}

as_str as_hcl_insert(
        as_planner *p, const as_source *source, const as_target *target, as_edits *edits)
{
    node n = {0};
    const as_hcl_body *body = as_planner_body(p, source, target->span, target->around);
    if (!find_node(body, target->span, &n, 0)) {
        return AS_STR("the block is made by something else than a block of this file");
    }
    as_leaves attributes = {0}, blocks = {0};
    for (size_t i = 0; i < target->leaves.n; i++) {
        const as_leaf *leaf = &target->leaves.items[i];
        const as_hcl_attribute *a =
                n.body == NULL ? NULL : as_hcl_body_attribute(n.body, leaf->names[0]);
        if (n.body != NULL && has_dynamic(n.body, leaf->names[0])) {
            return as_str_fmt(p->arena, "dynamic blocks make %.*s", AS_STR_ARG(leaf->names[0]));
        }
        if (a != NULL) {
            as_str problem = replace_null(p, source, a, leaf, edits);
            if (problem.n > 0) {
                return problem;
            }
        } else if (leaf->n == 1) {
            AS_VEC_PUSH(p->arena, &attributes, *leaf);
        } else {
            AS_VEC_PUSH(p->arena, &blocks, *leaf);
        }
    }
    bool one_line = as_line_begin(source->text, n.open) == as_line_begin(source->text, n.close);
    if (one_line && n.body == NULL &&
            as_str_trim(as_str_slice(source->text, n.open, n.close)).n > 0) {
        return insert_in_line(p, source, &n, &target->leaves, edits);
    }
    if (one_line && attributes.n + blocks.n > 0) {
        as_leaves both = attributes;
        for (size_t i = 0; i < blocks.n; i++) {
            AS_VEC_PUSH(p->arena, &both, blocks.items[i]);
        }
        open_up(p, source, &n, &both, edits);
        return AS_STR("");
    }
    if (attributes.n > 0 && n.body != NULL) {
        insert_attribute(p, source, &n, &attributes, edits);
    } else if (attributes.n > 0) {
        insert_blocks(p, source, &n, &attributes, edits);
    }
    if (blocks.n > 0) {
        insert_blocks(p, source, &n, &blocks, edits);
    }
    return AS_STR("");
}

/* --- replacing -----------------------------------------------------------------------------------
 */

typedef struct purity {
    bool computed;
} purity;

static void look(void *self, const as_hcl_expr *expr)
{
    purity *p = self;
    switch ((as_hcl_kind)expr->kind) {
    case AS_HCL_LITERAL:
    case AS_HCL_TUPLE:
    case AS_HCL_OBJECT:
    case AS_HCL_PAREN:
    case AS_HCL_TEMPLATE:
    case AS_HCL_UNARY:
        break;
    default:
        p->computed = true;
    }
}

static const as_hcl_expr *expression_of(const node *n, as_str name)
{
    if (n->body != NULL) {
        const as_hcl_attribute *a = as_hcl_body_attribute(n->body, name);
        return a == NULL ? NULL : a->expr;
    }
    assert(n->object != NULL);
    for (size_t i = 0; i < n->object->as.object.n; i++) {
        const as_hcl_object_item *item = &n->object->as.object.items[i];
        as_str key = item->keyword;
        if (key.n == 0 && !as_hcl_expr_string(item->key, &key)) {
            continue;
        }
        if (as_str_eq(key, name)) {
            return item->value;
        }
    }
    return NULL;
}

as_str as_hcl_replace(as_planner *p, const as_source *source, const as_target *target, as_str name,
        const as_value *value, as_str json, as_edits *edits)
{
    node n = {0};
    const as_hcl_body *body = as_planner_body(p, source, target->span, target->around);
    if (!find_node(body, target->span, &n, 0)) {
        return AS_STR("the block is made by something else than a block of this file");
    }
    const as_hcl_expr *expr = expression_of(&n, name);
    if (expr == NULL) {
        return as_str_fmt(p->arena, "%.*s is not written as an attribute", AS_STR_ARG(name));
    }
    purity look_at = {0};
    as_hcl_expr_walk(expr, look, &look_at);
    if (look_at.computed) {
        return as_origin_replace(p, value, json, edits);
    }
    as_str literal = as_hcl_literal(p->arena, json);
    if (!as_str_eq(as_str_slice(source->text, expr->span.begin, expr->span.end), literal)) {
        add_edit(p, source, expr->span.begin, expr->span.end, literal, edits);
    }
    return AS_STR("");
}

/* Whether the source's text there is the value as a literal. */
static bool is_literal_of(as_arena *arena, as_str text, const as_value *value)
{
    as_buf json;
    as_buf_init(&json, arena, 0);
    as_value_write_json(&json, value, (as_json_style){.show_sensitive = true});
    text = as_str_trim(text);
    if (as_str_eq(as_buf_view(&json), text)) {
        return true;
    }
    as_str bare = text;
    bool quoted = text.n >= 2 && (text.p[0] == '"' || text.p[0] == '\'') &&
                  text.p[text.n - 1] == text.p[0];
    if (quoted) {
        bare = as_str_slice(text, 1, text.n - 1);
    }
    return (value->kind == AS_STRING && as_str_eq(value->as.str, bare)) ||
           (value->kind == AS_LIST && text.n > 0 && text.p[0] == '[' && text.p[text.n - 1] == ']');
}

/* The place of a variable's value is its assignment, "default = true": what is behind the sign. */
static as_span after_equals(const as_source *source, as_span span)
{
    as_str text = as_str_slice(source->text, span.begin, span.end);
    size_t at = 0;
    while (at < text.n && (is_bare((as_str){text.p + at, 1}) ||
                                  (text.p[at] >= '0' && text.p[at] <= '9' && at > 0))) {
        at++;
    }
    while (at > 0 && at < text.n && text.p[at] == ' ') {
        at++;
    }
    bool assigned = at > 0 && at + 1 < text.n && text.p[at] == '=' && text.p[at + 1] != '=';
    for (at += assigned; assigned && at < text.n && text.p[at] == ' ';) {
        at++;
    }
    return assigned ? (as_span){span.file, span.begin + (uint32_t)at, span.end} : span;
}

as_str as_origin_replace(as_planner *p, const as_value *value, as_str json, as_edits *edits)
{
    const as_trail *origin = as_value_trail(value);
    while (origin != NULL && origin->next != NULL) {
        origin = origin->next;
    }
    const as_source *source = origin == NULL ? NULL : as_sources_get(p->sources, origin->span.file);
    if (source == NULL || as_str_find_char(source->path, '!') != (size_t)-1) {
        return AS_STR("its value is computed");
    }
    as_span at = as_is_hcl(source) ? after_equals(source, origin->span) : origin->span;
    as_str there = as_str_slice(source->text, at.begin, at.end);
    if (!is_literal_of(p->arena, there, value)) {
        return as_str_fmt(p->arena, "its value is computed from %.*s", AS_STR_ARG(origin->note));
    }
    as_str literal = as_is_hcl(source) ? as_hcl_literal(p->arena, json)
                                       : as_yaml_literal(p->arena, json, there);
    add_edit(p, source, at.begin, at.end, literal, edits);
    return AS_STR("");
}
