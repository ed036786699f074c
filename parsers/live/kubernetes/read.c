/* Lists of objects out of a snapshot: what manifests hold, as the cluster has it. */
#include "parsers/kubernetes/resource.h"
#include "parsers/live/reader.h"

/* The members that Kubernetes keeps for itself; the rest is what a manifest says. */
static void add_list(as_load *l, as_str cluster, const as_value *list, as_str time)
{
    as_k8s_objects objects = {0};
    as_object_builder around;

    as_k8s_add(l->arena, list, list->span, l->diags, &objects);
    as_object_begin(&around, l->arena);
    if (time.n > 0)
        as_object_add(
                &around, AS_STR("time"), list->span, as_value_string(l->arena, list->span, time));
    const as_value *extra = as_object_end(&around, list->span);
    for (size_t i = 0; i < objects.n; i++) {
        as_resource r =
                as_k8s_resource(l->arena, &objects.items[i], AS_ORIGIN_LIVE, AS_STR("default"));
        r.account = cluster;
        r.extra = extra;
        AS_VEC_PUSH(l->arena, &l->resources, r);
    }
}

static void read_part(as_load *l, as_str cluster, const as_snapshot_part *part)
{
    const as_snapshot_answer *answers;
    size_t n;

    as_snapshot_answers(l->arena, part, l->diags, &answers, &n);
    for (size_t i = 0; i < n; i++) {
        const as_snapshot_answer *a = &answers[i];
        if (a->error.n > 0 && as_str_starts(a->op, "k8s:list "))
            as_diags_add_path(l->diags, AS_DIAG_WARNING, "snapshot-missing", part->source->path,
                    "%.*s could not be asked for: %.*s",
                    AS_STR_ARG(as_str_from_index(a->op, strlen("k8s:list "))),
                    AS_STR_ARG(a->error));
        else if (as_value_is(as_value_get(a->body, AS_STR("items")), AS_LIST))
            add_list(l, cluster, a->body, a->time);
    }
}

static void read_all(as_load *l, as_str cluster, const as_snapshot_parts *parts)
{
    for (size_t i = 0; i < parts->n; i++)
        read_part(l, cluster, &parts->items[i]);
}

const as_snapshot_reader as_snapshot_reader_k8s = {.word = "k8s", .apart = true, .read = read_all};
