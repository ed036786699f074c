/* The schema itself: keywords must be of their kinds (what the metaschemas say), and the names that
 * references use are collected. */
#include "parsers/jsonschema/internal.h"

#include "engine/base/limits.h"

typedef enum shape {
    SCHEMA,     /* a schema */
    SCHEMAS,    /* a non-empty list of schemas */
    SCHEMA_MAP, /* an object of schemas */
    SCHEMA_OR_LIST,
    DEPENDENCIES, /* an object of schemas or lists of names */
    NAMES,        /* a list of texts */
    COUNT,        /* a number that is whole and not negative */
    NUMBER,
    POSITIVE,
    LIMIT, /* a number; in draft 4 a boolean */
    TEXT,
    FLAG,
    LIST,
    TYPE,
} shape;

static const struct {
    const char *name;
    shape shape;
} KEYWORDS[] = {
        {"additionalItems", SCHEMA},
        {"additionalProperties", SCHEMA},
        {"allOf", SCHEMAS},
        {"anyOf", SCHEMAS},
        {"contains", SCHEMA},
        {"$defs", SCHEMA_MAP},
        {"definitions", SCHEMA_MAP},
        {"dependencies", DEPENDENCIES},
        {"dependentRequired", DEPENDENCIES},
        {"dependentSchemas", SCHEMA_MAP},
        {"else", SCHEMA},
        {"enum", LIST},
        {"exclusiveMaximum", LIMIT},
        {"exclusiveMinimum", LIMIT},
        {"if", SCHEMA},
        {"items", SCHEMA_OR_LIST},
        {"maxItems", COUNT},
        {"maxLength", COUNT},
        {"maxProperties", COUNT},
        {"maximum", NUMBER},
        {"minItems", COUNT},
        {"minLength", COUNT},
        {"minProperties", COUNT},
        {"minimum", NUMBER},
        {"multipleOf", POSITIVE},
        {"not", SCHEMA},
        {"oneOf", SCHEMAS},
        {"pattern", TEXT},
        {"patternProperties", SCHEMA_MAP},
        {"prefixItems", SCHEMAS},
        {"properties", SCHEMA_MAP},
        {"propertyNames", SCHEMA},
        {"$ref", TEXT},
        {"required", NAMES},
        {"then", SCHEMA},
        {"type", TYPE},
        {"unevaluatedItems", SCHEMA},
        {"unevaluatedProperties", SCHEMA},
        {"uniqueItems", FLAG},
};

static bool check_schema(
        as_validator *v, const as_value *schema, const as_resource *resource, size_t depth);

static bool bad(as_validator *v, const char *keyword, const char *wanted)
{
    return as_schema_problem(v, "the schema is not valid: '%s' must be %s", keyword, wanted);
}

static bool is_type_name(as_str s)
{
    static const char *const TYPES[] = {
            "array", "boolean", "integer", "null", "number", "object", "string"};
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        if (as_str_is(s, TYPES[i])) {
            return true;
        }
    }
    return false;
}

static bool all_texts(const as_value *list, bool types)
{
    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *item = as_value_index(list, i);
        if (!as_value_is(item, AS_STRING) || (types && !is_type_name(item->as.str))) {
            return false;
        }
    }
    return as_value_is(list, AS_LIST);
}

static bool check_schemas(as_validator *v, const char *keyword, const as_value *all,
        const as_resource *resource, size_t depth)
{
    bool good = as_value_count(all) > 0 || bad(v, keyword, "a list of schemas that is not empty");
    for (size_t i = 0; good && as_value_is(all, AS_LIST) && i < as_value_count(all); i++) {
        good = check_schema(v, as_value_index(all, i), resource, depth);
    }
    return good && (as_value_is(all, AS_LIST) || bad(v, keyword, "a list of schemas"));
}

static bool check_map(as_validator *v, const char *keyword, const as_value *map, bool lists,
        const as_resource *resource, size_t depth)
{
    if (!as_value_is(map, AS_OBJECT)) {
        return bad(v, keyword, "an object of schemas");
    }
    for (size_t i = 0; i < as_value_count(map); i++) {
        const as_value *one = map->as.object->members[i].value;
        if (lists && all_texts(one, false)) {
            continue;
        }
        if (!check_schema(v, one, resource, depth)) {
            return false;
        }
    }
    return true;
}

static bool check_keyword(as_validator *v, const char *name, shape kind, const as_value *k,
        const as_resource *resource, size_t depth)
{
    double number = as_value_to_double(k);
    bool is_number = as_value_is_number(k);
    switch (kind) {
    case SCHEMA:
        return check_schema(v, k, resource, depth);
    case SCHEMAS:
        return check_schemas(v, name, k, resource, depth);
    case SCHEMA_MAP:
    case DEPENDENCIES:
        return check_map(v, name, k, kind == DEPENDENCIES, resource, depth);
    case SCHEMA_OR_LIST:
        return as_value_is(k, AS_LIST) && v->draft < DRAFT_2020
                       ? as_value_count(k) == 0 || check_schemas(v, name, k, resource, depth)
                       : check_schema(v, k, resource, depth);
    case NAMES:
        return all_texts(k, false) || bad(v, name, "a list of strings");
    case COUNT:
        return (is_number && number >= 0) || bad(v, name, "a number that is not negative");
    case NUMBER:
        return is_number || bad(v, name, "a number");
    case POSITIVE:
        return (is_number && number > 0) || bad(v, name, "a number above 0");
    case LIMIT:
        return (v->draft == DRAFT_4 ? as_value_is(k, AS_BOOL) : is_number) ||
               bad(v, name, v->draft == DRAFT_4 ? "a boolean" : "a number");
    case TEXT:
        return as_value_is(k, AS_STRING) || bad(v, name, "a string");
    case FLAG:
        return as_value_is(k, AS_BOOL) || bad(v, name, "a boolean");
    case LIST:
        return as_value_is(k, AS_LIST) || bad(v, name, "a list");
    case TYPE:
    default:
        return (as_value_is(k, AS_STRING) && is_type_name(k->as.str)) ||
               (as_value_count(k) > 0 && all_texts(k, true)) || bad(v, name, "the name of a type");
    }
}

/* Remembers a schema under its $id and anchors; gives the resource that its inside belongs to. */
static const as_resource *name_schema(
        as_validator *v, const as_value *schema, const as_resource *resource)
{
    static const char *const ANCHORS[] = {"$anchor", "$dynamicAnchor"};
    union {
        const as_value *in;
        void *out;
    } kept = {.in = schema};
    as_str id =
            as_value_str(as_value_get(schema, v->draft == DRAFT_4 ? AS_STR("id") : AS_STR("$id")));
    if (v->draft <= DRAFT_7 && as_value_get(schema, AS_STR("$ref"))) {
        return resource; /* beside $ref nothing counts */
    }
    if (id.n && id.p[0] == '#') { /* up to draft 7 an anchor */
        as_map_put(v->arena, &v->anchors, as_str_join(v->arena, resource->uri, id), kept.out);
    } else if (id.n) {
        as_resource *own = AS_NEW(v->arena, as_resource);
        *own = (as_resource){schema, as_schema_uri(v->arena, resource->uri, id)};
        as_map_put(v->arena, &v->resources, own->uri, own);
        resource = own;
    }
    for (size_t i = 0; i < sizeof ANCHORS / sizeof *ANCHORS; i++) {
        as_str anchor = as_value_str(as_value_get(schema, as_str_from(ANCHORS[i])));
        if (anchor.n) {
            as_map_put(v->arena, &v->anchors,
                    as_str_fmt(
                            v->arena, "%.*s#%.*s", AS_STR_ARG(resource->uri), AS_STR_ARG(anchor)),
                    kept.out);
        }
    }
    return resource;
}

static bool check_schema(
        as_validator *v, const as_value *schema, const as_resource *resource, size_t depth)
{
    if (as_value_is(schema, AS_BOOL)) {
        return true;
    }
    if (!as_value_is(schema, AS_OBJECT)) {
        return as_schema_problem(v, "the schema is not valid: a schema is an object or a boolean");
    }
    if (depth > AS_MAX_DEPTH) {
        return as_schema_problem(v, "the schema is nested too deeply");
    }
    resource = name_schema(v, schema, resource);
    if (as_value_get(schema, AS_STR("$ref")) && v->draft <= DRAFT_7) {
        return check_keyword(
                v, "$ref", TEXT, as_value_get(schema, AS_STR("$ref")), resource, depth);
    }
    for (size_t i = 0; i < sizeof KEYWORDS / sizeof *KEYWORDS; i++) {
        const as_value *k = as_value_get(schema, as_str_from(KEYWORDS[i].name));
        if (k && !check_keyword(v, KEYWORDS[i].name, KEYWORDS[i].shape, k, resource, depth + 1)) {
            return false;
        }
    }
    v->tracks |= as_value_get(schema, AS_STR("unevaluatedItems")) != NULL ||
                 as_value_get(schema, AS_STR("unevaluatedProperties")) != NULL;
    return true;
}

const as_resource *as_schema_prepare(as_validator *v, const as_value *root)
{
    as_resource *unnamed = AS_NEW(v->arena, as_resource);
    *unnamed = (as_resource){root, AS_STR("")};
    as_map_put(v->arena, &v->resources, unnamed->uri, unnamed);
    if (!check_schema(v, root, unnamed, 0)) {
        return NULL;
    }
    return as_value_is(root, AS_OBJECT) ? name_schema(v, root, unnamed) : unnamed;
}
