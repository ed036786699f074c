#include "parsers/kubernetes/resource.h"

/* What stands for the object as a whole: its name, else its kind. */
static as_span head_of(const as_k8s_object *object)
{
    const as_member *name =
            as_value_member(as_value_get(object->value, AS_STR("metadata")), AS_STR("name"));
    if (name == NULL) {
        name = as_value_member(object->value, AS_STR("kind"));
    }
    return name == NULL ? object->span : as_span_join(name->key_span, name->value->span);
}

as_resource as_k8s_resource(
        as_arena *arena, const as_k8s_object *object, as_origin origin, as_str fallback_namespace)
{
    bool namespaced =
            object->builtin == NULL ? object->namespace.n > 0 : object->builtin->namespaced;
    as_str space = object->namespace.n > 0 ? object->namespace : fallback_namespace;
    as_resource r = {.origin = origin,
            .name = object->name,
            .span = object->span,
            .head = head_of(object),
            .raw = object->value};
    /* Former groups (extensions/v1beta1) are the same kind of thing. */
    as_str group = object->builtin != NULL ? object->builtin->group : object->group;
    r.type = group.n > 0 ? as_str_fmt(arena, "%.*s/%.*s/%.*s", AS_STR_ARG(group),
                                   AS_STR_ARG(object->version), AS_STR_ARG(object->kind))
                         : as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(object->version),
                                   AS_STR_ARG(object->kind));
    if (namespaced) {
        r.space = space;
        r.address = as_str_fmt(arena, "%.*s/%.*s/%.*s", AS_STR_ARG(object->kind), AS_STR_ARG(space),
                AS_STR_ARG(object->name));
    } else {
        r.address =
                as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(object->kind), AS_STR_ARG(object->name));
    }
    return r;
}

/* --- manifests on their own ---------------------------------------------------------------------- */

extern const as_parser as_parser_kubernetes;

/* All manifests of a root are applied to one cluster, as far as anybody can tell. */
static void discover(as_discovery *d)
{
    as_unit *unit = NULL;
    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (input->kind != AS_FILE_KUBERNETES || input->taken) {
            continue;
        }
        if (unit == NULL) {
            unit = as_discovery_unit(d, AS_STR("manifests"), AS_STR(""), AS_ORIGIN_MANIFEST);
        }
        as_discovery_add(
                d, &as_parser_kubernetes, input->path, AS_STR(""), AS_ORIGIN_MANIFEST, unit);
        input->taken = true;
    }
}

static void load(as_load *l)
{
    const as_source *source;
    as_fs_error error = as_fs_read(l->fs, l->target->path, &source);
    if (error != AS_FS_OK) {
        as_diags_add_path(l->diags, AS_DIAG_ERROR, "file-read", l->target->path,
                "cannot be read: %s", as_fs_error_text(error));
        return;
    }
    as_k8s_objects objects = {0};
    l->n_files += as_k8s_parse(l->arena, source, l->diags, &objects);
    for (size_t i = 0; i < objects.n; i++) {
        AS_VEC_PUSH(l->arena, &l->resources,
                as_k8s_resource(
                        l->arena, &objects.items[i], AS_ORIGIN_MANIFEST, AS_STR("default")));
    }
}

const as_parser as_parser_kubernetes = {"kubernetes", discover, load};
