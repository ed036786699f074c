#include "parsers/live/gcp/assets.h"

#include "parsers/live/aws/sign.h"

static const as_gcp_list lists[] = {
#define AS_GCP_LIST(operation, parent, url, items, type, policy)                                   \
    {AS_STR_INIT(operation), AS_STR_INIT(parent), AS_STR_INIT(url), AS_STR_INIT(items),            \
            AS_STR_INIT(type), AS_STR_INIT(policy)},
#include "parsers/live/gcp/lists.def"
};

static const as_gcp_policy policies[] = {
#define AS_GCP_POLICY(type, prefix, attribute, owner)                                              \
    {AS_STR_INIT(type), AS_STR_INIT(prefix), AS_STR_INIT(attribute), AS_GCP_OWNER_##owner},
#include "parsers/live/gcp/policies.def"
};

enum {
    N_LISTS = sizeof lists / sizeof *lists,
    N_POLICIES = sizeof policies / sizeof *policies,
};

const as_gcp_list *as_gcp_lists(size_t *n)
{
    *n = N_LISTS;
    return lists;
}

const as_gcp_list *as_gcp_list_find(as_str operation)
{
    for (size_t i = 0; i < N_LISTS; i++)
        if (as_str_eq(lists[i].operation, operation))
            return &lists[i];
    return NULL;
}

const as_gcp_policy *as_gcp_policies(size_t *n)
{
    *n = N_POLICIES;
    return policies;
}

const as_gcp_policy *as_gcp_policy_find(as_str asset_type)
{
    for (size_t i = 0; i < N_POLICIES; i++)
        if (as_str_eq(policies[i].type, asset_type))
            return &policies[i];
    return NULL;
}

as_str as_gcp_host_of(as_str asset_type)
{
    return as_str_slice(asset_type, 0, as_str_find_char(asset_type, '/'));
}

as_str as_gcp_live_type(as_arena *arena, as_str asset_type)
{
    as_str host = as_gcp_host_of(asset_type);
    as_str service = as_str_slice(host, 0, as_str_find(host, AS_STR(".googleapis.com")));
    as_str kind = as_str_from_index(asset_type, host.n + 1);

    return as_str_fmt(
            arena, "gcp:%.*s:%.*s", AS_STR_ARG(service), AS_STR_ARG(as_str_lower(arena, kind)));
}

static void gather(as_list_builder *out, const as_value *v, as_str rest)
{
    as_str step;

    if (!as_str_split(&rest, '.', &step)) {
        for (size_t i = 0; as_value_is(v, AS_LIST) && i < as_value_count(v); i++)
            as_list_add(out, as_value_index(v, i));
    } else if (as_str_is(step, "*")) {
        for (size_t i = 0; as_value_is(v, AS_OBJECT) && i < v->as.object->n; i++)
            gather(out, v->as.object->members[i].value, rest);
    } else {
        gather(out, as_value_get(v, step), rest);
    }
}

const as_value *as_gcp_items(as_arena *arena, const as_value *body, as_str items)
{
    as_list_builder all;

    as_list_begin(&all, arena);
    if (items.n > 0)
        gather(&all, body, items);
    else if (as_value_is(body, AS_OBJECT))
        as_list_add(&all, body);
    return as_list_end(&all, body ? body->span : AS_SPAN_NONE);
}

/* What lies behind "/v1/" and the like in an address of the resource's own. */
static as_str path_of(const as_value *item)
{
    as_str link = as_value_str(as_value_get(item, AS_STR("selfLink")));
    size_t at = as_str_find(link, AS_STR("/projects/"));

    return at == (size_t)-1 ? AS_STR("") : as_str_from_index(link, at + 1);
}

as_str as_gcp_full_name(
        as_arena *arena, const as_gcp_list *list, as_str project, const as_value *item)
{
    as_str name = as_value_str(as_value_get(item, AS_STR("name"))), path = path_of(item);
    as_str host = as_gcp_host_of(list->type);
    size_t dot = as_str_rfind_char(list->operation, '.');

    if (as_str_is(list->type, "storage.googleapis.com/Bucket"))
        path = name;
    else if (as_str_starts(name, "projects/") || as_str_starts(name, "folders/") ||
             as_str_starts(name, "organizations/") || as_str_starts(name, "groups/"))
        path = name;
    else if (path.n == 0)
        path = as_str_fmt(arena, "projects/%.*s/%.*s/%.*s", AS_STR_ARG(project),
                AS_STR_ARG(as_str_from_index(list->operation, dot + 1)), AS_STR_ARG(name));
    return as_str_fmt(arena, "//%.*s/%.*s", AS_STR_ARG(host), AS_STR_ARG(path));
}

as_str as_gcp_fill(as_arena *arena, as_str address, as_str project, const as_value *item)
{
    as_str name = as_value_str(as_value_get(item, AS_STR("name")));
    as_str filled = as_str_replace(
            arena, address, AS_STR("{project}"), as_aws_encode(arena, project, false));

    as_str customer = as_value_str(as_value_get(item, AS_STR("directoryCustomerId")));

    filled = as_str_replace(arena, filled, AS_STR("{name}"), as_aws_encode(arena, name, false));
    filled = as_str_replace(
            arena, filled, AS_STR("{customer}"), as_aws_encode(arena, customer, false));
    return as_str_replace(
            arena, filled, AS_STR("{path}"), as_aws_encode(arena, path_of(item), false));
}
