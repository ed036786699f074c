/* Bodies read through a schema, in both syntaxes (hcl structure.go, json/structure.go), and the
 * JSON syntax itself: a JSON value becomes the same expressions that native syntax gives. */
#include "parsers/hcl/data.h"
#include "parsers/hcl/parse.h"
#include "parsers/json/json.h"

#define CODE "hcl-content"

/* --- JSON expressions ------------------------------------------------------------------------- */

static as_hcl_expr *json_node(as_arena *arena, as_hcl_kind kind, as_span span)
{
    as_hcl_expr *expr = as_hcl_expr_new(arena, kind, span);
    expr->from_json = true;
    return expr;
}

static const as_hcl_expr *json_template(as_arena *arena, as_str text, as_span span, as_diags *diags)
{
    as_hcl_expr *expr =
            as_hcl_expr_copy(arena, as_hcl_parse_template_text(arena, text, span, diags));
    expr->from_json = true;
    expr->span = span;
    return expr;
}

const as_hcl_expr *as_hcl_json_expr(as_arena *arena, const as_value *json, as_diags *diags)
{
    if (json->kind == AS_STRING)
        return json_template(arena, json->as.str, json->span, diags);
    if (json->kind == AS_LIST) {
        as_hcl_expr *expr = json_node(arena, AS_HCL_TUPLE, json->span);
        const as_hcl_expr **items = AS_NEW_ARRAY(arena, const as_hcl_expr *, json->as.list.n);
        for (size_t i = 0; i < json->as.list.n; i++)
            items[i] = as_hcl_json_expr(arena, json->as.list.items[i], diags);
        expr->as.list = (as_hcl_exprs){items, json->as.list.n};
        return expr;
    }
    if (json->kind == AS_OBJECT) {
        size_t n = json->as.object->n;
        as_hcl_expr *expr = json_node(arena, AS_HCL_OBJECT, json->span);
        as_hcl_object_item *items = AS_NEW_ARRAY(arena, as_hcl_object_item, n);
        for (size_t i = 0; i < n; i++) {
            const as_member *member = &json->as.object->members[i];
            items[i].key = json_template(arena, member->key, member->key_span, diags);
            items[i].value = as_hcl_json_expr(arena, member->value, diags);
        }
        expr->as.object.items = items;
        expr->as.object.n = n;
        expr->as.object.open = json->span;
        return expr;
    }
    as_hcl_expr *expr = json_node(arena, AS_HCL_LITERAL, json->span);
    expr->as.literal = json;
    return expr;
}

const as_hcl_body *as_hcl_parse_json(as_arena *arena, const as_source *source, as_diags *diags)
{
    as_hcl_body *body = AS_NEW(arena, as_hcl_body);
    body->source = source;
    body->json = as_json_parse(arena, source, diags);
    if (!body->json)
        body->json = as_value_object(arena, (as_span){source->id, 0, 0}, NULL, 0);
    body->span = body->json->span;
    body->end = body->span;
    if (body->json->kind != AS_OBJECT && body->json->kind != AS_LIST) {
        as_diags_add(diags, AS_DIAG_ERROR, CODE, body->span, "Root value must be object");
        as_diags_detail(diags, "A file in JSON syntax is an object, or a list of objects.");
        body->json = as_value_object(arena, body->span, NULL, 0);
    }
    return body;
}

/* --- collecting ------------------------------------------------------------------------------- */

typedef struct collector {
    as_arena *arena;
    as_diags *diags;
    AS_VEC(as_hcl_attribute) attributes;
    AS_VEC(as_hcl_block) blocks;
} collector;

static as_hcl_content collected(const collector *c, as_span end)
{
    return (as_hcl_content){.attributes = c->attributes.items,
            .n_attributes = c->attributes.n,
            .blocks = c->blocks.items,
            .n_blocks = c->blocks.n,
            .end = end};
}

static const as_hcl_attribute_schema *find_attribute(const as_hcl_schema *schema, as_str name)
{
    for (const as_hcl_attribute_schema *a = schema->attributes; a && a->name; a++)
        if (as_str_is(name, a->name))
            return a;
    return NULL;
}

static const as_hcl_block_schema *find_block(const as_hcl_schema *schema, as_str type)
{
    for (const as_hcl_block_schema *b = schema->blocks; b && b->type; b++)
        if (as_str_is(type, b->type))
            return b;
    return NULL;
}

static size_t n_labels(const as_hcl_block_schema *schema)
{
    size_t n = 0;
    while (n < sizeof schema->labels / sizeof *schema->labels && schema->labels[n])
        n++;
    return n;
}

const as_hcl_attribute *as_hcl_content_attribute(const as_hcl_content *content, const char *name)
{
    for (size_t i = 0; i < content->n_attributes; i++)
        if (as_str_is(content->attributes[i].name, name))
            return &content->attributes[i];
    return NULL;
}

/* --- messages --------------------------------------------------------------------------------- */

static bool is_near(as_str given, const char *name)
{
    enum { NEAR = 3 };
    return as_str_distance(given, as_str_from(name), NEAR) < NEAR;
}

static const char *near_attribute(const as_hcl_schema *schema, as_str name)
{
    for (const as_hcl_attribute_schema *a = schema->attributes; a && a->name; a++)
        if (is_near(name, a->name))
            return a->name;
    return NULL;
}

static const char *near_block(const as_hcl_schema *schema, as_str type)
{
    for (const as_hcl_block_schema *b = schema->blocks; b && b->type; b++)
        if (is_near(type, b->type))
            return b->type;
    return NULL;
}

static void unsupported(collector *c, as_span span, const char *what, as_str name, const char *near,
        const char *hint)
{
    as_diags_add(c->diags, AS_DIAG_ERROR, CODE, span, "Unsupported %s", what);
    as_diags_detail(c->diags, "No %s named \"%.*s\" is expected here.%s%s%s%s", what,
            AS_STR_ARG(name), near ? " Did you mean \"" : "", near ? near : "", near ? "\"?" : "",
            hint);
}

/* The place of the item that is missing in the body. */
static void check_required(collector *c, const as_hcl_schema *schema, as_span end)
{
    for (const as_hcl_attribute_schema *a = schema->attributes; a && a->name; a++) {
        bool found = !a->required;
        for (size_t i = 0; i < c->attributes.n && !found; i++)
            found = as_str_is(c->attributes.items[i].name, a->name);
        if (found)
            continue;
        as_diags_add(c->diags, AS_DIAG_ERROR, CODE, end, "Missing required argument");
        as_diags_detail(c->diags, "The argument \"%s\" is required here.", a->name);
    }
}

static as_str label_names(as_arena *arena, const as_hcl_block_schema *schema)
{
    as_buf out;
    as_buf_init(&out, arena, 0);
    for (size_t i = 0; i < n_labels(schema); i++)
        as_buf_fmt(&out, "%s%s", i > 0 ? ", " : "", schema->labels[i]);
    return as_buf_view(&out);
}

/* --- native syntax ---------------------------------------------------------------------------- */

static bool check_labels(collector *c, const as_hcl_block *block, const as_hcl_block_schema *schema)
{
    size_t want = n_labels(schema);
    if (block->n_labels == want)
        return true;
    if (block->n_labels > want)
        as_diags_add(c->diags, AS_DIAG_ERROR, CODE, block->labels[want].span,
                "Extraneous label for %s", schema->type);
    else
        as_diags_add(c->diags, AS_DIAG_ERROR, CODE, block->open, "Missing %s for %s",
                schema->labels[block->n_labels], schema->type);
    as_str names = label_names(c->arena, schema);
    as_diags_detail(c->diags, "A %s block has %zu labels%s%.*s%s.", schema->type, want,
            want ? " (" : "", AS_STR_ARG(names), want ? ")" : "");
    return false;
}

static void take_native(
        collector *c, const as_hcl_body *body, const as_hcl_schema *schema, bool partial)
{
    for (size_t i = 0; i < body->n_blocks; i++) {
        const as_hcl_block *block = &body->blocks[i];
        const as_hcl_block_schema *found = find_block(schema, block->type);
        if (found) {
            if (check_labels(c, block, found))
                AS_VEC_PUSH(c->arena, &c->blocks, *block);
        } else if (!partial) {
            bool is_argument = find_attribute(schema, block->type) != NULL;
            unsupported(c, block->type_span, "block type", block->type,
                    near_block(schema, block->type),
                    is_argument ? " An argument has that name: set it with \"=\"." : "");
        }
    }
    for (size_t i = 0; i < body->n_attributes; i++) {
        const as_hcl_attribute *attribute = &body->attributes[i];
        if (find_attribute(schema, attribute->name)) {
            AS_VEC_PUSH(c->arena, &c->attributes, *attribute);
        } else if (!partial) {
            bool is_block = find_block(schema, attribute->name) != NULL;
            unsupported(c, attribute->name_span, "argument", attribute->name,
                    near_attribute(schema, attribute->name),
                    is_block ? " A block has that name: write it without \"=\"." : "");
        }
    }
}

/* --- JSON syntax ------------------------------------------------------------------------------ */

static void wrong_json(collector *c, as_span span, const char *detail)
{
    as_diags_add(c->diags, AS_DIAG_ERROR, CODE, span, "Incorrect JSON value type");
    as_diags_detail(c->diags, "%s", detail);
}

typedef AS_VEC(as_member) member_list;

/* The properties of an object, or of all the objects in a list. */
static member_list properties(collector *c, const as_value *json)
{
    member_list all = {0};
    if (json->kind == AS_OBJECT) {
        for (size_t i = 0; i < json->as.object->n; i++)
            AS_VEC_PUSH(c->arena, &all, json->as.object->members[i]);
    } else if (json->kind == AS_LIST) {
        for (size_t i = 0; i < json->as.list.n; i++) {
            const as_value *item = json->as.list.items[i];
            if (item->kind != AS_OBJECT)
                wrong_json(c, item->span, "An object belongs here.");
            for (size_t k = 0; item->kind == AS_OBJECT && k < item->as.object->n; k++)
                AS_VEC_PUSH(c->arena, &all, item->as.object->members[k]);
        }
    } else if (json->kind != AS_NULL) {
        wrong_json(c, json->span, "An object or a list of objects belongs here.");
    }
    return all;
}

/* Labels that have been read on the way to a block's body. */
typedef struct label_path {
    as_hcl_label labels[3];
    size_t n, want;
} label_path;

static void add_json_block(
        collector *c, const as_member *property, const as_value *json, const label_path *path)
{
    as_hcl_body *body = AS_NEW(c->arena, as_hcl_body);
    body->json = json;
    body->span = body->end = json->span;
    as_hcl_label *labels = AS_NEW_ARRAY(c->arena, as_hcl_label, path->n);
    memcpy(labels, path->labels, path->n * sizeof *labels);
    as_span type = property->key_span;
    as_hcl_block block = {.type = property->key,
            .type_span = type,
            .labels = labels,
            .n_labels = path->n,
            .header_span = path->n > 0 ? labels[path->n - 1].span : type,
            .span = json->span,
            .open = json->span,
            .close = json->span,
            .body = body};
    AS_VEC_PUSH(c->arena, &c->blocks, block);
}

static void unpack_blocks(
        collector *c, const as_member *property, const as_value *json, label_path *path)
{
    if (path->n < path->want) {
        member_list labelled = properties(c, json);
        if (labelled.n == 0 && json->kind != AS_NULL) {
            as_diags_add(c->diags, AS_DIAG_ERROR, CODE, json->span, "Missing block label");
            as_diags_detail(c->diags,
                    "An object whose keys are the labels of the %.*s block "
                    "belongs here.",
                    AS_STR_ARG(property->key));
        }
        for (size_t i = 0; i < labelled.n; i++) {
            path->labels[path->n++] =
                    (as_hcl_label){labelled.items[i].key, labelled.items[i].key_span};
            unpack_blocks(c, property, labelled.items[i].value, path);
            path->n--;
        }
        return;
    }
    if (json->kind == AS_OBJECT) {
        add_json_block(c, property, json, path);
    } else if (json->kind == AS_LIST) {
        for (size_t i = 0; i < json->as.list.n; i++)
            add_json_block(c, property, json->as.list.items[i], path);
    } else if (json->kind != AS_NULL) {
        wrong_json(c, json->span, "The content of a block is an object or a list of objects.");
    }
}

static void add_json_attribute(collector *c, const as_member *property)
{
    for (size_t i = 0; i < c->attributes.n; i++) {
        if (as_str_eq(c->attributes.items[i].name, property->key)) {
            as_diags_add(c->diags, AS_DIAG_ERROR, CODE, property->key_span, "Duplicate argument");
            as_diags_detail(
                    c->diags, "The argument \"%.*s\" is set already.", AS_STR_ARG(property->key));
            return;
        }
    }
    as_hcl_attribute attribute = {.name = property->key,
            .name_span = property->key_span,
            .span = as_span_join(property->key_span, property->value->span),
            .expr = as_hcl_json_expr(c->arena, property->value, c->diags)};
    AS_VEC_PUSH(c->arena, &c->attributes, attribute);
}

static bool is_comment(const as_member *property)
{
    return as_str_is(property->key, "//");
}

static void take_json(
        collector *c, const as_hcl_body *body, const as_hcl_schema *schema, bool partial)
{
    member_list all = properties(c, body->json);
    for (size_t i = 0; i < all.n; i++) {
        const as_member *property = &all.items[i];
        const as_hcl_block_schema *block = find_block(schema, property->key);
        if (is_comment(property))
            continue;
        if (find_attribute(schema, property->key)) {
            add_json_attribute(c, property);
        } else if (block) {
            label_path path = {.want = n_labels(block)};
            unpack_blocks(c, property, property->value, &path);
        } else if (!partial) {
            const char *near = near_attribute(schema, property->key);
            unsupported(c, property->key_span, "argument", property->key,
                    near ? near : near_block(schema, property->key), "");
        }
    }
}

/* --- both ------------------------------------------------------------------------------------- */

as_hcl_content as_hcl_body_content(as_arena *arena, const as_hcl_body *body,
        const as_hcl_schema *schema, bool partial, as_diags *diags)
{
    collector c = {.arena = arena, .diags = diags};
    if (body->json)
        take_json(&c, body, schema, partial);
    else
        take_native(&c, body, schema, partial);
    check_required(&c, schema, body->end);
    return collected(&c, body->end);
}

as_hcl_content as_hcl_body_attributes(as_arena *arena, const as_hcl_body *body, as_diags *diags)
{
    collector c = {.arena = arena, .diags = diags};
    if (body->json) {
        member_list all = properties(&c, body->json);
        for (size_t i = 0; i < all.n; i++)
            if (!is_comment(&all.items[i]))
                add_json_attribute(&c, &all.items[i]);
        return collected(&c, body->end);
    }
    for (size_t i = 0; i < body->n_blocks; i++) {
        as_diags_add(diags, AS_DIAG_ERROR, CODE, body->blocks[i].type_span,
                "Unexpected \"%.*s\" block", AS_STR_ARG(body->blocks[i].type));
        as_diags_detail(diags, "Blocks are not allowed here.");
    }
    return (as_hcl_content){
            .attributes = body->attributes, .n_attributes = body->n_attributes, .end = body->end};
}
