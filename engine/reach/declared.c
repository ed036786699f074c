#include "engine/reach/declared.h"

#include "parsers/kubernetes/terraform.h"

static const as_value *metadata_of(const as_entity *entity)
{
    const as_value *meta = as_value_get(entity->raw, AS_STR("metadata"));
    return as_value_is(meta, AS_LIST) ? as_value_index(meta, 0) : meta;
}

bool as_k8s_is_declared(const as_entity *entity)
{
    return as_str_starts(entity->type, "kubernetes_");
}

as_str as_k8s_declared_space(const as_entity *entity)
{
    return as_value_str(as_value_get(metadata_of(entity), AS_STR("namespace")));
}

/* "apps/v1/Deployment", of the core group "v1/Pod". */
static as_str type_of(as_arena *arena, const as_k8s_kind *kind)
{
    as_str versions = kind->versions, version;
    as_str_split(&versions, ',', &version);
    return kind->group.n == 0
                   ? as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(version), AS_STR_ARG(kind->kind))
                   : as_str_fmt(arena, "%.*s/%.*s/%.*s", AS_STR_ARG(kind->group),
                             AS_STR_ARG(version), AS_STR_ARG(kind->kind));
}

const as_entity *as_k8s_declared(as_arena *arena, const as_entity *entity)
{
    const as_k8s_kind *kind =
            as_k8s_is_declared(entity) ? as_k8s_terraform_kind(entity->type) : NULL;
    if (kind == NULL) {
        return NULL;
    }
    as_str name = as_value_str(as_value_get(metadata_of(entity), AS_STR("name")));
    as_entity *object = AS_NEW(arena, as_entity);
    *object = *entity;
    object->schema = NULL;
    object->type = type_of(arena, kind);
    object->name = name.n > 0 ? name : entity->address;
    object->space = as_k8s_declared_space(entity);
    object->raw = as_k8s_terraform_manifest(arena, kind, entity->raw);
    return object;
}
