#include "parsers/kustomize/schema.h"

/* --- the built-in kinds ------------------------------------------------------------------------
 */

enum {
#define AS_SCHEMA_TYPE(type) TYPE_##type,
#define AS_SCHEMA_ROOT(api_version, kind, type)
#define AS_SCHEMA_FIELD(type, field, child, keys)
#include "parsers/kustomize/schema.def"
#undef AS_SCHEMA_TYPE
#undef AS_SCHEMA_ROOT
#undef AS_SCHEMA_FIELD
};

static const struct {
    const char *api_version, *kind;
    int type;
} roots[] = {
#define AS_SCHEMA_TYPE(type)
#define AS_SCHEMA_ROOT(api_version, kind, type) {api_version, kind, TYPE_##type},
#define AS_SCHEMA_FIELD(type, field, child, keys)
#include "parsers/kustomize/schema.def"
#undef AS_SCHEMA_ROOT
#undef AS_SCHEMA_FIELD
};

static const struct {
    int type;
    const char *field;
    int child;
    const char *keys;
} fields[] = {
#define AS_SCHEMA_ROOT(api_version, kind, type)
#define AS_SCHEMA_FIELD(type, field, child, keys) {TYPE_##type, field, TYPE_##child, keys},
#include "parsers/kustomize/schema.def"
#undef AS_SCHEMA_TYPE
#undef AS_SCHEMA_ROOT
#undef AS_SCHEMA_FIELD
};

/* --- custom documents --------------------------------------------------------------------------
 */

/* Follows "$ref": "#/definitions/NAME". */
static const as_value *resolve(const as_value *document, const as_value *schema)
{
    static const char prefix[] = "#/definitions/";

    for (int hops = 0; hops < 32; hops++) {
        as_str ref = as_value_str(as_value_get(schema, AS_STR("$ref")));
        if (!as_str_starts(ref, prefix))
            return schema;
        schema = as_value_get(as_value_get(document, AS_STR("definitions")),
                as_str_from_index(ref, sizeof prefix - 1));
    }
    return NULL;
}

static bool has_gvk(const as_value *schema, as_str api_version, as_str kind)
{
    const as_value *gvks = as_value_get(schema, AS_STR("x-kubernetes-group-version-kind"));

    for (size_t i = 0; i < as_value_count(gvks); i++) {
        const as_value *g = as_value_index(gvks, i);
        as_str group = as_value_str(as_value_get(g, AS_STR("group")));
        as_str version = as_value_str(as_value_get(g, AS_STR("version")));
        size_t slash = as_str_find_char(api_version, '/');
        as_str own_group = slash == (size_t)-1 ? AS_STR("") : as_str_slice(api_version, 0, slash);
        as_str own_version =
                slash == (size_t)-1 ? api_version : as_str_from_index(api_version, slash + 1);
        if (as_str_eq(group, own_group) && as_str_eq(version, own_version) &&
                as_str_eq(as_value_str(as_value_get(g, AS_STR("kind"))), kind))
            return true;
    }
    return false;
}

static as_kust_schema open_root(const as_value *document, as_str api_version, as_str kind)
{
    const as_value *definitions = as_value_get(document, AS_STR("definitions"));

    for (size_t i = 0; as_value_is(definitions, AS_OBJECT) && i < definitions->as.object->n; i++) {
        const as_value *schema = definitions->as.object->members[i].value;
        if (has_gvk(schema, api_version, kind))
            return (as_kust_schema){0, NULL, schema};
    }
    return AS_KUST_SCHEMA_UNKNOWN;
}

static as_kust_schema open_field(const as_value *document, as_kust_schema object, as_str field)
{
    const as_value *s = as_value_get(as_value_get(object.open, AS_STR("properties")), field);

    if (!s)
        s = as_value_get(object.open, AS_STR("additionalProperties"));
    return (as_kust_schema){0, NULL, as_value_is(s, AS_OBJECT) ? resolve(document, s) : NULL};
}

static bool open_merges(as_kust_schema schema, as_str keys[AS_KUST_SCHEMA_MAX_KEYS], size_t *n_keys)
{
    as_str strategies =
            as_value_str(as_value_get(schema.open, AS_STR("x-kubernetes-patch-strategy")));
    const as_value *list = as_value_get(schema.open, AS_STR("x-kubernetes-list-map-keys"));
    const as_value *key = as_value_get(schema.open, AS_STR("x-kubernetes-patch-merge-key"));
    as_str strategy;
    bool merges = false;

    while (as_str_split(&strategies, ',', &strategy))
        merges = merges || as_str_is(strategy, "merge");
    *n_keys = 0;
    for (size_t i = 0; i < as_value_count(list) && i < AS_KUST_SCHEMA_MAX_KEYS; i++)
        keys[(*n_keys)++] = as_value_str(as_value_index(list, i));
    if (!list && key)
        keys[(*n_keys)++] = as_value_str(key);
    return merges;
}

/* --- both --------------------------------------------------------------------------------------
 */

as_kust_schema as_kust_schema_root(const as_value *document, as_str api_version, as_str kind)
{
    if (document)
        return open_root(document, api_version, kind);
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
        if (as_str_is(api_version, roots[i].api_version) && as_str_is(kind, roots[i].kind))
            return (as_kust_schema){roots[i].type, NULL, NULL};
    return AS_KUST_SCHEMA_UNKNOWN;
}

as_kust_schema as_kust_schema_field(const as_value *document, as_kust_schema object, as_str field)
{
    if (object.open)
        return open_field(document, object, field);
    for (size_t i = 0; object.type && i < sizeof fields / sizeof fields[0]; i++)
        if (fields[i].type == object.type && as_str_is(field, fields[i].field))
            return (as_kust_schema){fields[i].child, fields[i].keys, NULL};
    return AS_KUST_SCHEMA_UNKNOWN;
}

as_kust_schema as_kust_schema_items(const as_value *document, as_kust_schema list)
{
    if (list.open) {
        const as_value *items = as_value_get(list.open, AS_STR("items"));
        return (as_kust_schema){0, NULL, items ? resolve(document, items) : NULL};
    }
    return (as_kust_schema){list.type, NULL, NULL};
}

bool as_kust_schema_is_known(as_kust_schema schema)
{
    return schema.type || schema.keys || schema.open;
}

bool as_kust_schema_merges(
        as_kust_schema schema, as_str keys[AS_KUST_SCHEMA_MAX_KEYS], size_t *n_keys)
{
    as_str rest = as_str_from(schema.keys), key;

    *n_keys = 0;
    if (schema.open)
        return open_merges(schema, keys, n_keys);
    while (as_str_split(&rest, ',', &key) && *n_keys < AS_KUST_SCHEMA_MAX_KEYS)
        if (key.n)
            keys[(*n_keys)++] = key;
    return schema.keys != NULL;
}
