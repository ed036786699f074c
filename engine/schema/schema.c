#include "engine/schema/schema.h"

#include <stdlib.h>

#include "engine/schema/tables.h"

const as_entity_schema *as_schema_all(size_t *n)
{
    *n = as_schema_kinds_n;
    return as_schema_kinds;
}

static int compare_type(const void *key, const void *row)
{
    return as_str_cmp(*(const as_str *)key, ((const as_schema_type *)row)->type);
}

static int compare_kind(const void *key, const void *row)
{
    return as_str_cmp(*(const as_str *)key, ((const as_entity_schema *)row)->kind);
}

static int compare_field(const void *key, const void *row)
{
    return as_str_cmp(*(const as_str *)key, ((const as_field *)row)->name);
}

static const as_schema_type *find_type(as_str type)
{
    return bsearch(
            &type, as_schema_types, as_schema_types_n, sizeof *as_schema_types, compare_type);
}

as_str as_schema_short_type(as_str type, char *out, size_t cap)
{
    size_t last = as_str_rfind_char(type, '/');
    if (last == (size_t)-1 || type.n >= cap) {
        return type;
    }
    as_str before = as_str_slice(type, 0, last);
    size_t version = as_str_rfind_char(before, '/');
    size_t n = version == (size_t)-1 ? 0 : version + 1;
    memcpy(out, type.p, n);
    memcpy(out + n, type.p + last + 1, type.n - last - 1);
    return (as_str){out, n + type.n - last - 1};
}

const as_entity_schema *as_schema_of_type(as_str type)
{
    char buffer[256];
    const as_schema_type *row = find_type(as_schema_short_type(type, buffer, sizeof buffer));
    return row == NULL ? NULL : &as_schema_kinds[row->kind];
}

const as_entity_schema *as_schema_of_kind(as_str kind)
{
    return bsearch(
            &kind, as_schema_kinds, as_schema_kinds_n, sizeof *as_schema_kinds, compare_kind);
}

const as_field *as_schema_field(const as_entity_schema *schema, as_str name)
{
    return schema == NULL || schema->n_fields == 0
                   ? NULL
                   : bsearch(&name, schema->fields, schema->n_fields, sizeof *schema->fields,
                             compare_field);
}

bool as_schema_has_prefix(const as_entity_schema *schema, as_str prefix)
{
    for (size_t i = 0; schema != NULL && i < schema->n_fields; i++) {
        as_str name = schema->fields[i].name;
        if (name.n > prefix.n && name.p[prefix.n] == '.' &&
                as_str_eq(as_str_slice(name, 0, prefix.n), prefix)) {
            return true;
        }
    }
    return false;
}

as_str as_schema_source(const as_entity *entity)
{
    static const as_str names[AS_N_ORIGINS] = {
            [AS_ORIGIN_TERRAFORM] = AS_STR_INIT("tf"),
            [AS_ORIGIN_PLAN] = AS_STR_INIT("tf"),
            [AS_ORIGIN_STATE] = AS_STR_INIT("tf"),
            [AS_ORIGIN_HELM] = AS_STR_INIT("k8s"),
            [AS_ORIGIN_KUSTOMIZE] = AS_STR_INIT("k8s"),
            [AS_ORIGIN_MANIFEST] = AS_STR_INIT("k8s"),
            [AS_ORIGIN_LIVE] = AS_STR_INIT("live"),
            [AS_ORIGIN_WORKFLOW] = AS_STR_INIT("file"),
            [AS_ORIGIN_FILE] = AS_STR_INIT("file"),
    };
    /* A live cluster answers in the shape of its manifests, and Terraform's kubernetes_manifest
     * holds one. */
    if (entity->origin <= AS_ORIGIN_LIVE && as_str_find_char(entity->type, '/') != (size_t)-1) {
        return AS_STR("k8s");
    }
    return names[entity->origin];
}
