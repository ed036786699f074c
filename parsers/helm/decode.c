#include "parsers/helm/decode.h"

#include "parsers/helm/coalesce.h"
#include "parsers/json/json.h"
#include "parsers/yaml/resolve.h"

const as_value *as_helm_field(const as_value *object, const char *name)
{
    as_str key = as_str_from(name);
    const as_value *exact = as_value_get(object, key);
    if (exact || !as_value_is(object, AS_OBJECT)) {
        return exact;
    }
    for (size_t i = 0; i < object->as.object->n; i++) {
        if (as_str_ieq(object->as.object->members[i].key, key)) {
            return object->as.object->members[i].value;
        }
    }
    return NULL;
}

bool as_helm_field_text(as_arena *arena, const as_value *object, const char *name, as_str *out)
{
    const as_value *v = as_helm_field(object, name);
    *out = AS_STR("");
    if (as_value_is_null(v)) {
        return true;
    }
    switch ((as_kind)v->kind) {
    case AS_STRING:
    case AS_BIGNUM:
        *out = v->as.str;
        return true;
    case AS_BOOL:
        *out = v->as.boolean ? AS_STR("true") : AS_STR("false");
        return true;
    case AS_INT:
        *out = as_str_fmt(arena, "%lld", (long long)v->as.integer);
        return true;
    case AS_FLOAT:
        *out = as_yaml_float_text(arena, v->as.number);
        return true;
    default:
        return false;
    }
}

const char *as_helm_json_kind(const as_value *v)
{
    switch (v ? (as_kind)v->kind : AS_NULL) {
    case AS_NULL:
        return "null";
    case AS_BOOL:
        return "bool";
    case AS_STRING:
        return "string";
    case AS_LIST:
        return "array";
    case AS_OBJECT:
        return "object";
    default:
        return "number";
    }
}

const as_value *as_helm_values_parse(as_arena *arena, const as_source *source, as_diags *diags)
{
    as_yaml_docs docs = {0};
    as_yaml_options options = {.flavour = AS_YAML_GO_V2, .float_numbers = true};
    if (!as_yaml_parse(arena, source, options, diags, &docs)) {
        return NULL;
    }
    as_span start = {source->id, 0, 0};
    const as_value *out = as_value_object(arena, start, NULL, 0);
    for (size_t i = 0; i < docs.n; i++) {
        const as_value *v = docs.items[i].value;
        if (as_value_is_null(v)) {
            continue;
        }
        if (!as_value_is(v, AS_OBJECT)) {
            as_diags_add(diags, AS_DIAG_ERROR, "helm-values", v->span,
                    "cannot unmarshal yaml document: json: cannot unmarshal %s into Go value of "
                    "type map[string]interface {}",
                    as_helm_json_kind(v));
            as_diags_detail(diags, "A values file holds a mapping.");
            return NULL;
        }
        out = as_helm_merge_maps(arena, out, v);
    }
    return out;
}

/* encoding/json reads every number into a float64. */
static const as_value *with_doubles(as_arena *arena, const as_value *v)
{
    switch ((as_kind)v->kind) {
    case AS_INT:
    case AS_BIGNUM:
        return as_value_float(arena, v->span, as_value_to_double(v));
    case AS_LIST: {
        as_list_builder b;
        as_list_begin(&b, arena);
        for (size_t i = 0; i < v->as.list.n; i++) {
            as_list_add(&b, with_doubles(arena, v->as.list.items[i]));
        }
        return as_list_end(&b, v->span);
    }
    case AS_OBJECT: {
        as_object_builder b;
        as_object_begin(&b, arena);
        for (size_t i = 0; i < v->as.object->n; i++) {
            const as_member *m = &v->as.object->members[i];
            as_object_add(&b, m->key, m->key_span, with_doubles(arena, m->value));
        }
        return as_object_end(&b, v->span);
    }
    default:
        return v;
    }
}

const as_value *as_helm_json(as_arena *arena, as_str text, as_span span, as_str *error)
{
    as_diags diags;
    as_diags_init(&diags, arena);
    const as_value *v = as_json_parse_text(arena, text, span, &diags);
    if (!v) {
        *error = diags.list.n ? diags.list.items[0].summary : AS_STR("invalid JSON");
        return NULL;
    }
    return with_doubles(arena, v);
}
