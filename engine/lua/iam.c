/* iam.*: what principals may do and become, for rules. The engine is engine/iam. */
#include "engine/iam/effective.h"
#include "engine/iam/view.h"
#include "engine/lua/iam_worlds.h"

/* The entry of the principal at `index`; an error for other entities. */
static const as_iam_entry *check_principal(lua_State *L, as_lua *lua, int index)
{
    const as_entity *entity = as_lua_check_entity(L, index);
    const as_iam_entry *entry = as_iam_entry_of(lua->graph, entity);
    if (entry == NULL) {
        luaL_argerror(L, index, "a user, role, group or service account is expected");
    }
    return entry;
}

/* A resource: nil (is there any?), an ARN, or an entity. */
static as_str check_resource(lua_State *L, as_lua *lua, const as_iam_entry *entry, int index)
{
    if (lua_isnoneornil(L, index)) {
        return AS_STR("");
    }
    const as_entity *entity = as_lua_entity_at(L, index);
    if (entity == NULL) {
        return as_str_dup(lua->arena, as_lua_str(L, index));
    }
    const as_iam_entry *principal = as_iam_entry_of(lua->graph, entity);
    if (principal != NULL) {
        return principal->principal->arn;
    }
    const as_iam_resource *resource = as_iam_resource_find(entry->account, entity->address);
    return resource == NULL ? entity->address : resource->arn;
}

static as_iam_verdict decide(lua_State *L, as_lua *lua)
{
    const as_iam_entry *entry = check_principal(L, lua, 1);
    luaL_checktype(L, 2, LUA_TSTRING);
    as_str action = as_str_dup(lua->arena, as_lua_str(L, 2));
    as_str resource = check_resource(L, lua, entry, 3);
    return as_iam_can(lua->arena, entry->account, entry->principal, action, resource);
}

/* iam.can(principal, action, resource): true or false; what is not known ends the check. */
static int l_can(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_str why;
    as_truth t;
    if (as_lua_worlds_decide(L, &t, &why)) {
        if (t == AS_MAYBE) {
            return as_lua_raise_unknown(lua, NULL, why);
        }
        lua_pushboolean(L, t == AS_YES);
        return 1;
    }
    as_iam_verdict v = decide(L, lua);
    if (v.decision == AS_IAM_UNKNOWN) {
        return as_lua_raise_unknown(lua, NULL, as_iam_shown(lua->arena, v.reason));
    }
    lua_pushboolean(L, v.decision == AS_IAM_ALLOWED);
    return 1;
}

/* iam.decide(principal, action, resource): "allowed", "denied" or "unknown", and why. */
static int l_decide(lua_State *L)
{
    static const char *const names[] = {"allowed", "denied", "denied", "unknown"};
    as_lua *lua = as_lua_of(L);
    as_str why;
    as_truth t;
    if (as_lua_worlds_decide(L, &t, &why)) {
        lua_pushstring(L, t == AS_YES ? "allowed" : t == AS_NO ? "denied" : "unknown");
        as_lua_push_str(L, why);
        return 2;
    }
    as_iam_verdict v = decide(L, lua);
    lua_pushstring(L, names[v.decision]);
    as_lua_push_str(L, v.reason.n > 0 ? as_iam_shown(lua->arena, v.reason)
                                      : as_str_from(as_iam_layer_name(v.layer)));
    return 2;
}

/* iam.everywhere(principal, action): whether its policies certainly allow it on every resource. */
static int l_everywhere(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    const as_iam_entry *entry = check_principal(L, lua, 1);
    luaL_checktype(L, 2, LUA_TSTRING);
    as_str action = as_str_dup(lua->arena, as_lua_str(L, 2));
    lua_pushboolean(L, as_iam_can_everywhere(lua->arena, entry->principal, action));
    return 1;
}

static int l_is_admin(lua_State *L)
{
    if (as_lua_worlds_has(L, 1)) {
        return as_lua_worlds_is_admin(L);
    }
    lua_pushboolean(L, check_principal(L, as_lua_of(L), 1)->admin);
    return 1;
}

static void set_str(lua_State *L, const char *name, as_str text)
{
    as_lua_push_str(L, text);
    lua_setfield(L, -2, name);
}

static void push_step(lua_State *L, as_lua *lua, const as_iam_step *step)
{
    lua_createtable(L, 0, 8);
    as_lua_push_entity(lua, step->from->entity);
    lua_setfield(L, -2, "from");
    if (step->to != NULL) {
        as_lua_push_entity(lua, step->to->entity);
        lua_setfield(L, -2, "to");
    }
    if (step->workload != NULL) {
        as_lua_push_entity(lua, step->workload);
        lua_setfield(L, -2, "workload");
    }
    set_str(L, "from_name", as_iam_principal_name(step->from));
    set_str(L, "to_name", step->to_name);
    set_str(L, "method", step->method->id);
    set_str(L, "resource", as_iam_shown(lua->arena, step->resource));
    if (step->caveat.n > 0) {
        set_str(L, "caveat", as_iam_shown(lua->arena, step->caveat));
    }
    lua_pushboolean(L, step->certain);
    lua_setfield(L, -2, "certain");
}

static void push_path(lua_State *L, as_lua *lua, const as_iam_path *path)
{
    lua_createtable(L, 0, 3);
    set_str(L, "method", path->method->id);
    lua_pushboolean(L, path->certain);
    lua_setfield(L, -2, "certain");
    lua_createtable(L, (int)path->n_steps, 0);
    for (size_t i = 0; i < path->n_steps; i++) {
        push_step(L, lua, &path->steps[i]);
        lua_seti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "steps");
}

/* iam.escalations(principal): list of paths, and the reason when not all policies are known. */
static int l_escalations(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    if (as_lua_worlds_has(L, 1)) {
        return as_lua_worlds_escalations(L);
    }
    const as_iam_entry *entry = check_principal(L, lua, 1);
    lua_createtable(L, (int)entry->n_paths, 0);
    for (size_t i = 0; i < entry->n_paths; i++) {
        push_path(L, lua, &entry->paths[i]);
        lua_seti(L, -2, (lua_Integer)i + 1);
    }
    if (entry->doubt.n == 0) {
        return 1;
    }
    as_lua_push_str(L, entry->doubt);
    return 2;
}

static void push_level(lua_State *L, as_str service, char level, const as_iam_level_grants *grants)
{
    lua_createtable(L, 0, 6);
    set_str(L, "service", service);
    set_str(L, "level", as_str_from(as_iam_level_name(level)));
    lua_pushinteger(L, (lua_Integer)grants->n);
    lua_setfield(L, -2, "granted");
    lua_pushinteger(L, (lua_Integer)grants->of);
    lua_setfield(L, -2, "of");
    lua_pushboolean(L, grants->everywhere);
    lua_setfield(L, -2, "everywhere");
    lua_createtable(L, (int)grants->n, 0);
    for (size_t i = 0; i < grants->n; i++) {
        as_lua_push_str(L, grants->names.items[i]);
        lua_seti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "actions");
}

/* iam.effective(principal): list of what is granted, by service and access level. */
static int l_effective(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    const as_iam_entry *entry = check_principal(L, lua, 1);
    as_iam_effective e = as_iam_effective_of(lua->arena, entry->account, entry->principal);
    lua_Integer n = 0;
    lua_newtable(L);
    for (size_t i = 0; i < e.n_services; i++) {
        for (size_t k = 0; k < AS_IAM_N_LEVELS; k++) {
            if (e.services[i].levels[k].n > 0) {
                push_level(L, e.services[i].service, as_iam_levels[k], &e.services[i].levels[k]);
                lua_seti(L, -2, ++n);
            }
        }
    }
    if (e.unknown.n == 0) {
        return 1;
    }
    as_lua_push_str(L, as_iam_shown(lua->arena, e.unknown.items[0]));
    return 2;
}

void as_lua_open_iam(as_lua *lua)
{
    static const luaL_Reg functions[] = {{"can", l_can}, {"decide", l_decide},
            {"is_admin", l_is_admin}, {"everywhere", l_everywhere}, {"escalations", l_escalations},
            {"effective", l_effective}, {"granted", as_lua_worlds_granted},
            {"node", as_lua_worlds_node}, {NULL, NULL}};
    as_lua_new_wide_library(lua, functions);
    lua_setglobal(lua->L, "iam");
}
