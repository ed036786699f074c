#include "parsers/kustomize/fields.h"

typedef enum field_type {
    TEXT,
    TEXTS,
    TEXT_MAP,
    BOOL,
    BOOL_MAP,
    INT,
    STRUCT,
    STRUCTS,
    ANY
} field_type;

enum {
    STRUCT_none,
#define AS_KUST_STRUCT(name) STRUCT_##name,
#define AS_KUST_FIELD(name, type, child)
#include "parsers/kustomize/fields.def"
#undef AS_KUST_STRUCT
#undef AS_KUST_FIELD
};

typedef struct field_row {
    const char *structure; /* opens a structure; NULL for a field of the one opened last */
    const char *name;
    field_type type;
    int child;
} field_row;

static const field_row rows[] = {
#define AS_KUST_STRUCT(name) {#name, NULL, ANY, STRUCT_##name},
#define AS_KUST_FIELD(name, type, child) {NULL, name, type, STRUCT_##child},
#include "parsers/kustomize/fields.def"
#undef AS_KUST_STRUCT
#undef AS_KUST_FIELD
};

enum { N_ROWS = sizeof rows / sizeof rows[0] };

static const as_value *check_struct(as_kust *k, const as_value *v, int structure);

static const field_row *structure_row(int structure)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (rows[i].structure && rows[i].child == structure)
            return &rows[i];
    return NULL;
}

/* By its exact name, else without regard to case. */
static const field_row *find_field(int structure, as_str name)
{
    const field_row *first = structure_row(structure) + 1, *end = rows + N_ROWS;

    for (const field_row *r = first; r < end && !r->structure; r++)
        if (as_str_is(name, r->name))
            return r;
    for (const field_row *r = first; r < end && !r->structure; r++)
        if (as_str_ieq(name, as_str_from(r->name)))
            return r;
    return NULL;
}

static const as_value *wrong_type(
        as_kust *k, const as_value *v, const char *where, const char *type)
{
    as_kust_fail(k, "kustomize-field", v->span,
            "invalid Kustomization: json: cannot unmarshal %s into Go struct field %s of type %s",
            as_kind_name((as_kind)v->kind), where, type);
    return NULL;
}

static bool all_are(const as_value *v, as_kind kind)
{
    if (v->kind == AS_LIST) {
        for (size_t i = 0; i < v->as.list.n; i++)
            if (v->as.list.items[i]->kind != kind && v->as.list.items[i]->kind != AS_NULL)
                return false;
        return true;
    }
    for (size_t i = 0; i < v->as.object->n; i++)
        if (v->as.object->members[i].value->kind != kind &&
                v->as.object->members[i].value->kind != AS_NULL)
            return false;
    return true;
}

static const as_value *check_structs(as_kust *k, const as_value *v, int structure)
{
    as_list_builder b;

    as_list_begin(&b, k->arena);
    for (size_t i = 0; i < v->as.list.n; i++) {
        const as_value *item = check_struct(k, v->as.list.items[i], structure);
        if (!item)
            return NULL;
        as_list_add(&b, item);
    }
    return as_list_end(&b, v->span);
}

static const as_value *check_field(as_kust *k, const as_value *v, const field_row *row)
{
    if (v->kind == AS_NULL || row->type == ANY)
        return v;
    switch (row->type) {
    case TEXT:
        return v->kind == AS_STRING ? v : wrong_type(k, v, row->name, "string");
    case BOOL:
        return v->kind == AS_BOOL ? v : wrong_type(k, v, row->name, "bool");
    case INT:
        return v->kind == AS_INT ? v : wrong_type(k, v, row->name, "int");
    case TEXTS:
        return v->kind == AS_LIST && all_are(v, AS_STRING)
                       ? v
                       : wrong_type(k, v, row->name, "[]string");
    case TEXT_MAP:
        return v->kind == AS_OBJECT && all_are(v, AS_STRING)
                       ? v
                       : wrong_type(k, v, row->name, "map[string]string");
    case BOOL_MAP:
        return v->kind == AS_OBJECT && all_are(v, AS_BOOL)
                       ? v
                       : wrong_type(k, v, row->name, "map[string]bool");
    case STRUCT:
        return check_struct(k, v, row->child);
    default:
        return v->kind == AS_LIST ? check_structs(k, v, row->child)
                                  : wrong_type(k, v, row->name, "a list");
    }
}

static const as_value *check_struct(as_kust *k, const as_value *v, int structure)
{
    as_object_builder b;

    if (v->kind == AS_NULL)
        return v;
    if (v->kind != AS_OBJECT)
        return wrong_type(k, v, structure_row(structure)->structure, "struct");
    as_object_begin(&b, k->arena);
    for (size_t i = 0; i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        const field_row *row = find_field(structure, m->key);
        const as_value *checked;
        if (!row) {
            as_kust_fail(k, "kustomize-field", m->key_span,
                    "invalid Kustomization: json: unknown field \"%.*s\"", AS_STR_ARG(m->key));
            return NULL;
        }
        checked = check_field(k, m->value, row);
        if (!checked)
            return NULL;
        as_object_add(&b, as_str_from(row->name), m->key_span, checked);
    }
    return as_object_end(&b, v->span);
}

const as_value *as_fields_check(as_kust *k, const as_value *kustomization)
{
    return check_struct(k, kustomization, STRUCT_Kustomization);
}
