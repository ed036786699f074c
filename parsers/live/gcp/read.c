/* What projects answered, out of a snapshot. */
#include "parsers/live/gcp/resources.h"
#include "parsers/live/reader.h"

typedef struct reading {
    as_gcp_resources out;
    as_str project;            /* of the part */
    bool inventory_refused[2]; /* resources, policies */
    bool services_asked;
} reading;

static const char service_op[] = "gcp:", policy_suffix[] = ":policy";

static as_str text_at(const as_value *v, const char *key)
{
    return as_value_str(as_value_get(v, as_str_from(key)));
}

static void warn(as_load *l, const as_snapshot_part *part, as_str reason)
{
    as_diags_add_path(l->diags, AS_DIAG_WARNING, "snapshot-missing", part->source->path, "%.*s",
            AS_STR_ARG(reason));
}

static void read_assets(reading *r, const as_snapshot_part *part, const as_snapshot_answer *a)
{
    const as_value *assets = as_value_get(a->body, AS_STR("assets"));
    bool policies = as_str_is(text_at(a->params, "contentType"), "IAM_POLICY");

    if (!a->body)
        r->inventory_refused[policies] = true;
    else if (as_value_get(a->params, AS_STR("assetTypes")))
        r->inventory_refused[policies] = false; /* the filter was refused, not the rest */
    if (a->error.n > 0)
        warn(r->out.load, part,
                as_str_fmt(
                        r->out.load->arena, "Cloud Asset Inventory: %.*s", AS_STR_ARG(a->error)));
    for (size_t i = 0; i < as_value_count(assets); i++)
        as_gcp_add_asset(&r->out, as_value_index(assets, i), a->time);
}

/* Zones or regions that did not answer: what is there may be more. */
static void read_unreachable(
        reading *r, const as_gcp_list *list, const as_snapshot_part *part, const as_value *body)
{
    const as_value *places = as_value_get(body, AS_STR("unreachable"));
    as_arena *arena = r->out.load->arena;

    if (as_value_count(places) == 0)
        return;
    as_str reason = as_str_fmt(arena, "%.*s could not be asked in %.*s",
            AS_STR_ARG(list->operation), AS_STR_ARG(as_value_str(as_value_index(places, 0))));
    warn(r->out.load, part, reason);
    as_gcp_add_gap(&r->out, list->type, false, reason);
}

static void read_service(reading *r, const as_snapshot_part *part, const as_snapshot_answer *a)
{
    as_arena *arena = r->out.load->arena;
    as_str op = as_str_from_index(a->op, strlen(service_op));
    bool policy = as_str_ends(op, policy_suffix);
    const as_gcp_list *list =
            as_gcp_list_find(policy ? as_str_slice(op, 0, op.n - strlen(policy_suffix)) : op);

    if (!list || list->type.n == 0)
        return;
    r->services_asked = true;
    if (a->error.n > 0) {
        as_str reason = as_str_fmt(
                arena, "%.*s could not be asked: %.*s", AS_STR_ARG(op), AS_STR_ARG(a->error));
        warn(r->out.load, part, reason);
        as_gcp_add_gap(&r->out, list->type, policy, reason);
        return;
    }
    if (policy) {
        as_gcp_pending pending = {list->type, text_at(a->params, "asset"), a->body, a->time};
        if (a->body)
            as_gcp_add_policy(&r->out, &pending);
        return;
    }
    const as_value *items = as_gcp_items(arena, a->body, list->items);
    for (size_t i = 0; i < as_value_count(items); i++) {
        const as_value *item = as_value_index(items, i);
        if (as_value_is(item, AS_OBJECT))
            as_gcp_add_resource(&r->out, list->type,
                    as_gcp_full_name(arena, list, r->project, item), AS_STR(""), a->time, item);
    }
    read_unreachable(r, list, part, a->body);
}

static void read_part(reading *r, const as_snapshot_part *part)
{
    const as_snapshot_answer *answers;
    size_t n;

    as_snapshot_answers(r->out.load->arena, part, r->out.load->diags, &answers, &n);
    for (size_t i = 0; i < n; i++) {
        if (as_str_is(answers[i].op, "cloudasset:assets"))
            read_assets(r, part, &answers[i]);
        else if (as_str_starts(answers[i].op, service_op))
            read_service(r, part, &answers[i]);
    }
}

/* Nobody told of policies: whoever looks for bindings must not take their absence for a fact. */
static void add_policy_gaps(reading *r)
{
    size_t n;
    const as_gcp_policy *all = as_gcp_policies(&n);

    for (size_t i = 0; i < n; i++)
        as_gcp_add_gap(&r->out, all[i].type, true,
                AS_STR("IAM policies could not be asked for in Cloud Asset Inventory"));
}

static void read_all(as_load *l, as_str account, const as_snapshot_parts *parts)
{
    reading r = {.out = {.load = l}, .project = account};

    for (size_t i = 0; i < parts->n; i++)
        read_part(&r, &parts->items[i]);
    if (r.inventory_refused[1] && !r.services_asked)
        add_policy_gaps(&r);
    as_gcp_finish(&r.out);
}

const as_snapshot_reader as_snapshot_reader_gcp = {.word = "gcp", .read = read_all};
