#include "parsers/live/aws/xml.h"

#include <libxml/parser.h>
#include <pthread.h>

#include "engine/base/library.h"
#include "engine/base/limits.h"
#include "parsers/live/aws/scalar.h"

#define AS_XML_FUNCTIONS(F)                                                                        \
    F(xmlInitParser)                                                                               \
    F(xmlReadMemory)                                                                               \
    F(xmlDocGetRootElement)                                                                        \
    F(xmlFreeDoc)

typedef struct xml_library {
    AS_XML_FUNCTIONS(AS_LIBRARY_MEMBER)
} xml_library;

static xml_library table;
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#define SLOT(name) {#name, &table.name},
static const as_library_slot slots[] = {AS_XML_FUNCTIONS(SLOT)};
#undef SLOT

static void load(void)
{
    loaded = as_library_load("libxml2.so.2", slots, sizeof slots / sizeof *slots);
    if (loaded)
        table.xmlInitParser();
}

struct as_xml {
    xmlDoc *document;
    const xmlNode *root;
};

static void free_document(void *object)
{
    table.xmlFreeDoc(((as_xml *)object)->document);
}

as_xml *as_xml_parse(as_arena *arena, as_str text, as_str *problem)
{
    as_xml *xml = AS_NEW(arena, as_xml);

    pthread_once(&once, load);
    *problem = AS_STR("libxml2 is not installed");
    if (!loaded)
        return NULL;
    *problem = AS_STR("the answer is no XML");
    if (text.n == 0 || text.n > (size_t)INT32_MAX)
        return NULL;
    xml->document = table.xmlReadMemory(text.p, (int)text.n, "answer", NULL,
            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
    if (!xml->document)
        return NULL;
    as_arena_defer(arena, free_document, xml);
    xml->root = table.xmlDocGetRootElement(xml->document);
    return xml->root && !xml->document->intSubset ? xml : NULL;
}

/* --- elements --------------------------------------------------------------------------------- */

static bool is_element(const xmlNode *node, as_str name)
{
    return node->type == XML_ELEMENT_NODE && as_str_is(name, (const char *)node->name);
}

static const xmlNode *find_child(const xmlNode *parent, as_str name)
{
    for (const xmlNode *c = parent->children; c; c = c->next)
        if (is_element(c, name))
            return c;
    return NULL;
}

static as_str text_of(as_arena *arena, const xmlNode *element)
{
    as_str only = AS_STR("");
    as_buf all;
    size_t n = 0;

    for (const xmlNode *c = element->children; c; c = c->next) {
        if (c->type != XML_TEXT_NODE && c->type != XML_CDATA_SECTION_NODE)
            continue;
        as_str piece = as_str_from((const char *)c->content);
        if (n++ == 0) {
            only = piece;
            continue;
        }
        if (n == 2) {
            as_buf_init(&all, arena, 0);
            as_buf_str(&all, only);
        }
        as_buf_str(&all, piece);
    }
    return n > 1 ? as_buf_view(&all) : as_str_dup(arena, only);
}

static const xmlNode *search(const xmlNode *node, as_str name, int depth)
{
    for (; node && depth < AS_MAX_DEPTH; node = node->next) {
        if (is_element(node, name))
            return node;
        const xmlNode *found =
                node->type == XML_ELEMENT_NODE ? search(node->children, name, depth + 1) : NULL;
        if (found)
            return found;
    }
    return NULL;
}

as_str as_xml_text(as_arena *arena, const as_xml *xml, const char *name)
{
    const xmlNode *found = search(xml->root, as_str_from(name), 0);

    return found ? text_of(arena, found) : AS_STR("");
}

/* --- by shape --------------------------------------------------------------------------------- */

static const as_value *convert(
        as_arena *arena, const xmlNode *element, const as_aws_type *type, int depth);

static const as_value *attribute(as_arena *arena, const xmlNode *element, as_str name)
{
    for (const xmlAttr *a = element->properties; a; a = a->next)
        if (as_str_is(name, (const char *)a->name) && a->children && a->children->content)
            return as_value_string(arena, AS_SPAN_NONE,
                    as_str_dup(arena, as_str_from((const char *)a->children->content)));
    return NULL;
}

/* Elements that stand in `parent` themselves, one a member of the list or map. */
static const as_value *convert_elements(
        as_arena *arena, const xmlNode *parent, as_str wire, const as_aws_shape *shape, int depth)
{
    as_list_builder list;
    as_object_builder map;

    as_list_begin(&list, arena);
    as_object_begin(&map, arena);
    for (const xmlNode *c = parent->children; c; c = c->next) {
        if (!is_element(c, wire))
            continue;
        if (shape->kind == 'l') {
            as_list_add(&list, convert(arena, c, &shape->members[0].type, depth + 1));
            continue;
        }
        const xmlNode *key = find_child(c, shape->members[0].name);
        const xmlNode *value = find_child(c, shape->members[0].wire);
        if (key && value)
            as_object_add(&map, text_of(arena, key), AS_SPAN_NONE,
                    convert(arena, value, &shape->members[0].type, depth + 1));
    }
    return shape->kind == 'l' ? as_list_end(&list, AS_SPAN_NONE)
                              : as_object_end(&map, AS_SPAN_NONE);
}

static const as_value *convert_member(
        as_arena *arena, const xmlNode *element, const as_aws_member *m, int depth)
{
    if (m->attribute)
        return attribute(arena, element, m->wire);
    const xmlNode *child = find_child(element, m->wire);
    if (!child)
        return NULL;
    return m->type.flat ? convert_elements(arena, element, m->wire, m->type.shape, depth)
                        : convert(arena, child, &m->type, depth + 1);
}

static const as_value *convert_structure(
        as_arena *arena, const xmlNode *element, const as_aws_shape *shape, int depth)
{
    as_object_builder b;

    as_object_begin(&b, arena);
    for (size_t i = 0; i < shape->n; i++) {
        const as_value *v = convert_member(arena, element, &shape->members[i], depth);
        if (v)
            as_object_add(&b, shape->members[i].name, AS_SPAN_NONE, v);
    }
    return as_object_end(&b, AS_SPAN_NONE);
}

static const as_value *convert(
        as_arena *arena, const xmlNode *element, const as_aws_type *type, int depth)
{
    if (depth > AS_MAX_DEPTH)
        return as_value_null(arena, AS_SPAN_NONE);
    if (type->kind != '@')
        return as_aws_scalar(arena, type->kind, text_of(arena, element));
    if (type->shape->kind == 's')
        return convert_structure(arena, element, type->shape, depth);
    return convert_elements(arena, element,
            type->shape->kind == 'l' ? type->shape->members[0].wire : AS_STR("entry"), type->shape,
            depth);
}

const as_value *as_xml_answer(as_arena *arena, const as_xml *xml, const as_aws_operation *op)
{
    const xmlNode *root = xml->root;
    as_object_builder b;

    if (op->wrapper.n > 0 && !is_element(root, op->wrapper)) {
        const xmlNode *inner = find_child(root, op->wrapper);
        root = inner ? inner : root;
    }
    if (op->payload.n > 0) {
        as_object_begin(&b, arena);
        as_object_add(&b, op->payload, AS_SPAN_NONE, convert(arena, root, &op->output, 0));
        return as_object_end(&b, AS_SPAN_NONE);
    }
    if (op->output.kind != '@') {
        as_object_begin(&b, arena);
        return as_object_end(&b, AS_SPAN_NONE);
    }
    /* GetBucketLocation is the one answer whose member is the root itself; it is empty in
     * us-east-1. */
    const as_aws_shape *shape = op->output.shape;
    if (shape->n == 1 && is_element(root, shape->members[0].wire)) {
        const as_value *v = convert(arena, root, &shape->members[0].type, 0);
        as_object_begin(&b, arena);
        as_object_add(&b, shape->members[0].name, AS_SPAN_NONE,
                as_value_str(v).n > 0 ? v : as_value_null(arena, AS_SPAN_NONE));
        return as_object_end(&b, AS_SPAN_NONE);
    }
    return convert(arena, root, &op->output, 0);
}
