/* Lists of objects out of a snapshot: what manifests hold, as the cluster has it. What a workload
 * made of itself (the pods of a Deployment, the jobs of a CronJob) is left to the workload, which
 * is what people write. */
#include "parsers/live/kubernetes/objects.h"
#include "parsers/live/reader.h"

static const char list_op[] = "k8s:list ";

typedef as_kube_reading reading;

/* What the values of Secrets stand for, which nobody asks for. */
static const as_value *without_values(as_arena *arena, const as_value *secret)
{
    static const char why[] = "what Secrets hold is not collected";
    static const char *const held[] = {"data", "type", "immutable"};
    as_object_builder b;

    as_object_begin(&b, arena);
    for (size_t i = 0; i < secret->as.object->n; i++) {
        const as_member *m = &secret->as.object->members[i];
        as_object_add(&b, m->key, m->key_span, m->value);
    }
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        if (!as_value_get(secret, as_str_from(held[i])))
            as_object_add(&b, as_str_from(held[i]), secret->span,
                    as_value_unknown(arena, secret->span, as_str_from(why), NULL));
    return as_object_end(&b, secret->span);
}

static void add_list(reading *r, const as_value *list, as_str time)
{
    as_k8s_objects objects = {0};

    as_k8s_add(r->load->arena, list, list->span, r->load->diags, &objects);
    as_kube_add(r, &objects, time, list->span, true);
}

void as_kube_add(reading *r, const as_k8s_objects *objects, as_str time, as_span span, bool bare)
{
    as_load *l = r->load;
    as_object_builder around;

    as_object_begin(&around, l->arena);
    if (time.n > 0)
        as_object_add(&around, AS_STR("time"), span, as_value_string(l->arena, span, time));
    const as_value *extra = as_object_end(&around, span);
    for (size_t i = 0; i < objects->n; i++) {
        as_resource made =
                as_k8s_resource(l->arena, &objects->items[i], AS_ORIGIN_LIVE, AS_STR("default"));
        made.account = r->cluster;
        made.extra = extra;
        if (bare && as_str_is(made.type, "v1/Secret"))
            made.raw = without_values(l->arena, made.raw);
        as_map_put(l->arena, &r->made, made.address, r);
        AS_VEC_PUSH(l->arena, &r->all, made);
    }
}

/* What was refused: whoever asks for objects of the kind hears that it is not known which there
 * are. */
static void add_gap(as_load *l, const as_snapshot_part *part, as_str what, as_str error)
{
    size_t slash = as_str_rfind_char(what, '/');
    as_str group, version, resource = as_str_from_index(what, slash + 1);

    as_k8s_split_api_version(as_str_slice(what, 0, slash), &group, &version);
    as_str kind = as_kube_kind_of(l->arena, group, resource);
    as_str reason = as_str_fmt(
            l->arena, "%.*s could not be listed: %.*s", AS_STR_ARG(what), AS_STR_ARG(error));
    as_diags_add_path(l->diags, AS_DIAG_WARNING, "snapshot-missing", part->source->path, "%.*s",
            AS_STR_ARG(reason));
    if (kind.n > 0)
        AS_VEC_PUSH(l->arena, &l->gaps, ((as_load_gap){kind, reason}));
}

static void read_part(reading *r, const as_snapshot_part *part)
{
    as_load *l = r->load;
    const as_snapshot_answer *answers;
    size_t n;

    as_snapshot_answers(l->arena, part, l->diags, &answers, &n);
    for (size_t i = 0; i < n; i++) {
        const as_snapshot_answer *a = &answers[i];
        if (!as_str_starts(a->op, list_op))
            continue;
        if (a->error.n > 0)
            add_gap(l, part, as_str_from_index(a->op, strlen(list_op)), a->error);
        else if (as_value_is(as_value_get(a->body, AS_STR("items")), AS_LIST))
            add_list(r, a->body, a->time);
    }
}

/* By a workload that was collected too. Custom controllers write pods whose owners no rule judges:
 * these stay. */
static bool is_controlled(const reading *r, const as_resource *object)
{
    const as_value *owners = as_value_path(object->raw, "metadata.ownerReferences");

    for (size_t i = 0; i < as_value_count(owners); i++) {
        const as_value *owner = as_value_index(owners, i);
        as_str group, version, kind = as_value_str(as_value_get(owner, AS_STR("kind")));
        as_str name = as_value_str(as_value_get(owner, AS_STR("name")));
        as_k8s_split_api_version(
                as_value_str(as_value_get(owner, AS_STR("apiVersion"))), &group, &version);
        const as_k8s_kind *builtin = as_k8s_kind_find(group, kind);
        if (!as_value_bool_or(as_value_get(owner, AS_STR("controller")), false) || !builtin ||
                !builtin->pod_template)
            continue;
        as_str address = as_str_fmt(r->load->arena, "%.*s/%.*s/%.*s", AS_STR_ARG(kind),
                AS_STR_ARG(object->space), AS_STR_ARG(name));
        if (as_map_has(&r->made, address))
            return true;
    }
    return false;
}

void as_kube_finish(reading *r)
{
    for (size_t i = 0; i < r->all.n; i++)
        if (!is_controlled(r, &r->all.items[i]))
            AS_VEC_PUSH(r->load->arena, &r->load->resources, r->all.items[i]);
}

static void read_all(as_load *l, as_str cluster, const as_snapshot_parts *parts)
{
    reading r = {.load = l, .cluster = cluster};

    for (size_t i = 0; i < parts->n; i++)
        read_part(&r, &parts->items[i]);
    as_kube_finish(&r);
}

const as_snapshot_reader as_snapshot_reader_k8s = {.word = "k8s", .apart = true, .read = read_all};
