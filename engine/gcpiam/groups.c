/* Google groups: who is in them, where the scan tells it (google_cloud_identity_group_membership,
 * or what Cloud Identity answered).
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

#define LIVE_GROUP "gcp:cloudidentity:group"
#define LIVE_MEMBERSHIP "gcp:cloudidentity:membership"

static as_str text_at(const as_entity *e, const char *path)
{
    return as_value_str(as_value_path(e->raw, path));
}

/* "groups/a/memberships/b" → "groups/a" */
static as_str group_name_of(as_str membership)
{
    size_t at = as_str_find(membership, AS_STR("/memberships/"));
    return at == (size_t)-1 ? AS_STR("") : as_str_slice(membership, 0, at);
}

/* Where not all memberships could be asked for, a group may have other members. */
static void add_membership(as_gcp_gathering *g, as_str member, as_str group, const as_entity *by)
{
    if (group.n > 0 && member.n > 0) {
        as_gcp_member *in = as_gcp_gather_member(g, member, by->head);
        as_gcp_member *to = as_gcp_gather_member(g, group, by->head);
        AS_VEC_PUSH(g->arena, &in->groups, to);
        to->told = as_graph_gap(g->world->graph, by->unit, by->kind).n == 0;
    }
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

/* "user:…", "group:…" or "serviceAccount:…" of what a membership names. */
static as_str member_named(as_gcp_gathering *g, as_str id)
{
    as_str group = as_str_join(g->arena, AS_STR("group:"), id);
    if (id.n == 0) {
        return AS_STR("");
    }
    if (as_str_contains(id, ".gserviceaccount.com")) {
        return as_str_join(g->arena, AS_STR("serviceAccount:"), id);
    }
    return as_map_has(&g->groups, group) ? group : as_str_join(g->arena, AS_STR("user:"), id);
}

static as_str member_of(as_gcp_gathering *g, as_gcp_names *names, const as_entity *membership)
{
    const as_value *key = key_of(g, membership, "preferred_member_key.id");
    key = as_value_is_null(key) ? key_of(g, membership, "member_key.id") : key;
    return member_named(g, as_gcp_text(names, key));
}

/* What Cloud Identity answered: memberships lie below the names of groups, which are numbers.
 * Private directories of others are in none of it. */
static void gather_live(as_gcp_gathering *g, const as_map *by_name)
{
    size_t n;
    const as_entity *const *all = as_graph_of_type(g->world->graph, AS_STR(LIVE_MEMBERSHIP), &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *group = as_map_get(by_name, group_name_of(text_at(all[i], "name")));
        as_str id = group == NULL ? AS_STR("") : text_at(group, "groupKey.id");
        add_membership(g, member_named(g, text_at(all[i], "preferredMemberKey.id")),
                id.n == 0 ? id : as_str_join(g->arena, AS_STR("group:"), id), all[i]);
    }
}

/* Groups belong to an organisation: any root may declare who is in them. */
void as_gcp_gather_groups(as_gcp_gathering *g)
{
    size_t n;
    as_map by_name = {0};
    const as_entity *const *all =
            as_graph_of_type(g->world->graph, AS_STR("google_cloud_identity_group"), &n);
    for (size_t i = 0; i < n; i++) {
        as_gcp_names names;
        as_gcp_names_init(&names, g->arena, g->world->graph, all[i]->unit);
        as_str id = as_gcp_text(&names, key_of(g, all[i], "group_key.id"));
        as_map_put(g->arena, &g->groups, as_str_join(g->arena, AS_STR("group:"), id), g);
    }
    all = as_graph_of_type(g->world->graph, AS_STR(LIVE_GROUP), &n);
    for (size_t i = 0; i < n; i++) {
        as_str id = as_str_join(g->arena, AS_STR("group:"), text_at(all[i], "groupKey.id"));
        as_map_put(g->arena, &g->groups, id, g);
        as_map_put(g->arena, &by_name, text_at(all[i], "name"), (void *)(uintptr_t)all[i]);
    }
    all = as_graph_of_type(g->world->graph, AS_STR("google_cloud_identity_group_membership"), &n);
    for (size_t i = 0; i < n; i++) {
        as_gcp_names names;
        as_gcp_names_init(&names, g->arena, g->world->graph, all[i]->unit);
        add_membership(g, member_of(g, &names, all[i]), group_of(g, &names, all[i]), all[i]);
    }
    gather_live(g, &by_name);
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
        as_gcp_verdict v = as_gcp_decide(arena, group, permission, resource);
        if (v.truth != AS_NO) {
            v.truth = AS_MAYBE;
            v.reason = as_str_fmt(
                    arena, "%.*s is in %.*s", AS_STR_ARG(member->text), AS_STR_ARG(group->text));
            return v;
        }
    }
    return none;
}
