#include "engine/lua/iam_worlds.h"

#include "engine/iam/names.h"
#include "engine/ways/worlds.h"

static void set_str(lua_State *L, const char *name, as_str text)
{
    as_lua_push_str(L, text);
    lua_setfield(L, -2, name);
}

static void set_bool(lua_State *L, const char *name, bool b)
{
    lua_pushboolean(L, b);
    lua_setfield(L, -2, name);
}

static bool is_account(const as_entity *e)
{
    return as_str_is(e->kind, "k8s.serviceaccount") ||
           as_str_is(e->kind, "gcp.iam.service_account");
}

bool as_lua_worlds_has(lua_State *L, int index)
{
    const as_entity *e = as_lua_entity_at(L, index);
    return e != NULL && is_account(e);
}

/* The node of the account at `index`; 0 when memory ran out. */
static uint32_t node_at(lua_State *L, as_lua *lua, int index, const as_found_ways **found)
{
    *found = as_worlds_shared(lua->graph);
    return *found == NULL ? 0 : as_worlds_node_of(lua->graph, as_lua_check_entity(L, index));
}

/* --- decisions -----------------------------------------------------------------------------------
 */

static as_truth decide_in_cluster(as_lua *lua, const as_found_ways *found, const as_entity *e,
        as_str action, as_str resource, as_str *why)
{
    const as_rbac_cluster *cluster;
    const as_rbac_subject *s = as_rbac_subject_of(found->worlds->clusters, e, &cluster);
    as_rbac_request request;
    bool unsure = true;
    *why = AS_STR("the action is not understood");
    if (s == NULL || !as_rbac_request_parse(action, &request, &unsure) || unsure) {
        return AS_MAYBE;
    }
    int where = resource.n == 0            ? AS_RBAC_ANYWHERE
                : as_str_is(resource, "*") ? AS_RBAC_EVERYWHERE
                : resource.p[0] == '/'     ? AS_RBAC_EVERYWHERE
                                           : AS_RBAC_IN;
    as_str name = resource, space = AS_STR("");
    as_str_split(&name, '/', &space);
    request.any_name = resource.n == 0;
    request.name = as_str_is(resource, "*") ? AS_STR("") : name;
    as_rbac_verdict v = as_rbac_decide(&s->all, &request, where, space);
    *why = v.truth == AS_MAYBE ? v.reason
           : v.grant != NULL   ? v.grant->shown
                               : AS_STR("no rule allows it");
    (void)lua;
    if (v.truth == AS_NO && cluster->gap.n > 0) {
        *why = cluster->gap;
        return AS_MAYBE;
    }
    return v.truth;
}

static as_truth decide_in_cloud(as_lua *lua, const as_found_ways *found, const as_entity *e,
        as_str action, as_str resource, as_str *why)
{
    const as_gcp_worlds *clouds = found->worlds->clouds;
    *why = AS_STR("the account or the resource is not known");
    for (size_t i = 0; i < clouds->list.n; i++) {
        const as_gcp_world *world = clouds->list.items[i];
        const as_gcp_member *m =
                world->unit == e->unit ? as_gcp_member_find(world, e->address) : NULL;
        const as_gcp_resource *on = resource.n == 0 ? NULL : as_gcp_resource_find(world, resource);
        if (m == NULL || (resource.n > 0 && on == NULL)) {
            continue;
        }
        as_gcp_verdict v = as_gcp_decide(lua->arena, m, action, on);
        if (v.truth == AS_NO && v.deny == NULL) {
            v = as_gcp_doubt_of_groups(lua->arena, world, m, action, on);
        }
        *why = v.truth == AS_MAYBE ? as_iam_shown(lua->arena, v.reason)
               : v.grant != NULL   ? v.grant->role->name
                                   : AS_STR("no role allows it");
        if (v.truth == AS_NO && v.deny == NULL && world->gap.n > 0) {
            *why = world->gap;
            return AS_MAYBE;
        }
        return v.truth;
    }
    return AS_MAYBE;
}

bool as_lua_worlds_decide(lua_State *L, as_truth *truth, as_str *why)
{
    as_lua *lua = as_lua_of(L);
    const as_found_ways *found;
    if (!as_lua_worlds_has(L, 1)) {
        return false;
    }
    (void)node_at(L, lua, 1, &found);
    luaL_checktype(L, 2, LUA_TSTRING);
    const as_entity *e = as_lua_check_entity(L, 1);
    const as_entity *on = as_lua_entity_at(L, 3);
    as_str action = as_str_dup(lua->arena, as_lua_str(L, 2));
    as_str resource = lua_isnoneornil(L, 3) ? AS_STR("")
                      : on != NULL          ? on->address
                                            : as_str_dup(lua->arena, as_lua_str(L, 3));
    *why = AS_STR("memory ran out");
    *truth = found == NULL ? AS_MAYBE
             : as_str_is(e->kind, "k8s.serviceaccount")
                     ? decide_in_cluster(lua, found, e, action, resource, why)
                     : decide_in_cloud(lua, found, e, action, resource, why);
    return true;
}

/* --- ways ----------------------------------------------------------------------------------------
 */

int as_lua_worlds_is_admin(lua_State *L)
{
    const as_found_ways *found;
    uint32_t number = node_at(L, as_lua_of(L), 1, &found);
    lua_pushboolean(L, number != 0 && as_ways_is_goal(found->ways, number));
    return 1;
}

static void push_step(lua_State *L, as_lua *lua, const as_way_step *step)
{
    const struct {
        const char *name;
        const as_entity *entity;
    } entities[] = {
            {"from", step->from->entity}, {"to", step->to->entity}, {"workload", step->workload}};
    lua_createtable(L, 0, 9);
    for (size_t i = 0; i < 3; i++) {
        if (entities[i].entity != NULL) {
            as_lua_push_entity(lua, entities[i].entity);
            lua_setfield(L, -2, entities[i].name);
        }
    }
    set_str(L, "from_name", step->from->name);
    set_str(L, "to_name", step->to->name);
    set_str(L, "method", step->method);
    set_str(L, "resource", step->resource);
    if (step->caveat.n > 0) {
        set_str(L, "caveat", step->caveat);
    }
    set_bool(L, "certain", step->certain);
}

static void push_ways(lua_State *L, as_lua *lua, const as_found_ways *found, uint32_t number)
{
    size_t n;
    const as_way *ways = as_ways_of(found->ways, lua->arena, number, &n);
    lua_createtable(L, (int)n, 0);
    for (size_t i = 0; i < n; i++) {
        lua_createtable(L, 0, 4);
        set_str(L, "method", ways[i].method);
        set_bool(L, "certain", ways[i].certain);
        lua_createtable(L, (int)ways[i].n_steps, 0);
        for (size_t k = 0; k < ways[i].n_steps; k++) {
            push_step(L, lua, &ways[i].steps[k]);
            lua_seti(L, -2, (lua_Integer)k + 1);
        }
        lua_setfield(L, -2, "steps");
        lua_seti(L, -2, (lua_Integer)i + 1);
    }
}

static as_str doubt_of(const as_found_ways *found, uint32_t number)
{
    size_t n;
    const as_way_doubt *doubts = as_ways_doubts(found->ways, &n);
    for (size_t i = 0; i < n; i++) {
        if (doubts[i].node == number) {
            return doubts[i].reason;
        }
    }
    return AS_STR("");
}

int as_lua_worlds_escalations(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    const as_found_ways *found;
    uint32_t number = node_at(L, lua, 1, &found);
    if (number == 0) {
        lua_newtable(L);
        return 1;
    }
    push_ways(L, lua, found, number);
    as_str doubt = doubt_of(found, number);
    if (doubt.n == 0) {
        return 1;
    }
    as_lua_push_str(L, as_iam_shown(lua->arena, doubt));
    return 2;
}

/* List of { name, entity, admin, paths, doubt } of those whom a binding names. */
int as_lua_worlds_granted(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    const as_entity *binding = as_lua_check_entity(L, 1);
    const as_found_ways *found = as_worlds_shared(lua->graph);
    size_t n;
    const uint32_t *numbers = as_worlds_granted_by(lua->graph, binding, &n);
    lua_createtable(L, (int)n, 0);
    for (size_t i = 0; found != NULL && i < n; i++) {
        const as_way_node *node = as_ways_node(found->ways, numbers[i]);
        as_str doubt = doubt_of(found, numbers[i]);
        lua_createtable(L, 0, 5);
        set_str(L, "name", node->name);
        set_bool(L, "admin", as_ways_is_goal(found->ways, numbers[i]));
        if (node->entity != NULL) {
            as_lua_push_entity(lua, node->entity);
            lua_setfield(L, -2, "entity");
        }
        if (doubt.n > 0) {
            set_str(L, "doubt", as_iam_shown(lua->arena, doubt));
        }
        push_ways(L, lua, found, numbers[i]);
        lua_setfield(L, -2, "paths");
        lua_seti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* "certain" or "possible", and through whom; nothing when it leads nowhere. */
int as_lua_worlds_node(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    const as_entity *e = as_lua_check_entity(L, 1);
    const as_found_ways *found = as_worlds_shared(lua->graph);
    for (size_t i = 0; found != NULL && i < found->worlds->clusters->list.n; i++) {
        bool certain;
        uint32_t node = found->clusters[i].node;
        const as_rbac_cluster *cluster = found->clusters[i].cluster;
        bool other = e->origin == AS_ORIGIN_LIVE && !as_str_eq(cluster->account, e->account);
        if (cluster->unit != e->unit || other || !as_ways_leads(found->ways, node, &certain)) {
            continue;
        }
        const as_way_node *through = as_ways_through(found->ways, node);
        lua_pushstring(L, certain ? "certain" : "possible");
        as_lua_push_str(L, through == NULL ? AS_STR("") : through->name);
        return 2;
    }
    return 0;
}
