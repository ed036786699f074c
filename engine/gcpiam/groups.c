/* Google groups: who is in them, where the scan tells it (google_cloud_identity_group_membership).
 * A member has what its groups have, and the groups that they are in ("IAM overview", "Google
 * groups"). */
#include "engine/gcpiam/gather.h"

#include "engine/iam/names.h"
#include "engine/schema/schema.h"

enum { MAX_GROUPS_OF_ONE = 1000 };

static const as_value *key_of(as_gcp_gathering *g, const as_entity *e, const char *path)
{
    return as_place_walk(g->arena, e->raw, as_str_from(path)).value;
}

/* "group:devs@example.com"; empty: its key is not known. */
static as_str group_of(as_gcp_gathering *g, as_gcp_names *names, const as_entity *membership)
{
    const as_value *v = as_value_get(membership->raw, AS_STR("group"));
    size_t n;
    const as_entity *const *found = as_graph_targets(g->world->graph, g->arena, membership, v, &n);
    for (size_t i = 0; i < n; i++) {
        as_str id = as_gcp_text(names, key_of(g, found[i], "group_key.id"));
        if (as_str_is(found[i]->type, "google_cloud_identity_group") && id.n > 0) {
            return as_str_join(g->arena, AS_STR("group:"), id);
        }
    }
    return AS_STR("");
}

static as_str member_of(as_gcp_gathering *g, as_gcp_names *names, const as_entity *membership)
{
    const as_value *key = key_of(g, membership, "preferred_member_key.id");
    key = as_value_is_null(key) ? key_of(g, membership, "member_key.id") : key;
    as_str id = as_gcp_text(names, key);
    as_str group = as_str_join(g->arena, AS_STR("group:"), id);
    if (id.n == 0) {
        return AS_STR("");
    }
    if (as_str_contains(id, ".gserviceaccount.com")) {
        return as_str_join(g->arena, AS_STR("serviceAccount:"), id);
    }
    return as_map_has(&g->groups, group) ? group : as_str_join(g->arena, AS_STR("user:"), id);
}

/* Groups belong to an organisation: any root may declare who is in them. */
void as_gcp_gather_groups(as_gcp_gathering *g)
{
    size_t n;
    const as_entity *const *all =
            as_graph_of_type(g->world->graph, AS_STR("google_cloud_identity_group"), &n);
    for (size_t i = 0; i < n; i++) {
        as_gcp_names names;
        as_gcp_names_init(&names, g->arena, g->world->graph, all[i]->unit);
        as_str id = as_gcp_text(&names, key_of(g, all[i], "group_key.id"));
        as_map_put(g->arena, &g->groups, as_str_join(g->arena, AS_STR("group:"), id), g);
    }
    all = as_graph_of_type(g->world->graph, AS_STR("google_cloud_identity_group_membership"), &n);
    for (size_t i = 0; i < n; i++) {
        as_gcp_names names;
        as_gcp_names_init(&names, g->arena, g->world->graph, all[i]->unit);
        as_str group = group_of(g, &names, all[i]), member = member_of(g, &names, all[i]);
        if (group.n > 0 && member.n > 0) {
            as_gcp_member *in = as_gcp_gather_member(g, member, all[i]->head);
            as_gcp_member *to = as_gcp_gather_member(g, group, all[i]->head);
            AS_VEC_PUSH(g->arena, &in->groups, to);
            to->told = true;
        }
    }
}

static bool has(const as_gcp_members *list, const as_gcp_member *m)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i] == m) {
            return true;
        }
    }
    return false;
}

void as_gcp_close_groups(as_gcp_gathering *g, as_gcp_member *m)
{
    for (size_t i = 0; i < m->groups.n && m->groups.n < MAX_GROUPS_OF_ONE; i++) {
        const as_gcp_member *group = m->groups.items[i];
        for (size_t k = 0; k < group->groups.n; k++) {
            if (group->groups.items[k] != m && !has(&m->groups, group->groups.items[k])) {
                AS_VEC_PUSH(g->arena, &m->groups, group->groups.items[k]);
            }
        }
    }
}

as_gcp_verdict as_gcp_doubt_of_groups(as_arena *arena, const as_gcp_world *world,
        const as_gcp_member *member, as_str permission, const as_gcp_resource *resource)
{
    as_gcp_verdict none = {.truth = AS_NO};
    if (!as_str_starts(member->text, "user:")) {
        return none;
    }
    for (size_t i = 0; i < world->members.n; i++) {
        const as_gcp_member *group = world->members.items[i];
        if (!as_str_starts(group->text, "group:") || group->told || has(&member->groups, group)) {
            continue;
        }
        as_gcp_verdict v = as_gcp_decide(arena, world, group, permission, resource);
        if (v.truth != AS_NO) {
            v.truth = AS_MAYBE;
            v.reason = as_str_fmt(
                    arena, "%.*s is in %.*s", AS_STR_ARG(member->text), AS_STR_ARG(group->text));
            return v;
        }
    }
    return none;
}
