/* graph.paths: attack paths for rules. */
#include "engine/lua/internal.h"
#include "engine/paths/write.h"

/* Where somebody stands, or what is to be reached: an entity, or a text as `assay paths` takes it.
 */
static const uint32_t *nodes_at(lua_State *L, as_lua *lua, as_attack *attack, int index, size_t *n)
{
    const as_entity *entity = as_lua_entity_at(L, index);
    if (entity != NULL) {
        uint32_t *id = AS_NEW(lua->arena, uint32_t);
        *id = as_attack_node_of(attack, lua->arena, entity);
        *n = *id != 0;
        return id;
    }
    luaL_argcheck(L, lua_type(L, index) == LUA_TSTRING, index, "an entity or a text is expected");
    return as_attack_find(attack, lua->arena, as_str_dup(lua->arena, as_lua_str(L, index)), n);
}

static unsigned goals_at(lua_State *L, int index)
{
    static const struct {
        const char *name;
        unsigned goals;
    } names[] = {{"any", AS_GOAL_ANY}, {"data", AS_GOAL_DATA}, {"secrets", AS_GOAL_SECRET},
            {"admin", AS_GOAL_ADMIN}, {"environments", AS_GOAL_ENVIRONMENT}};
    if (lua_type(L, index) != LUA_TSTRING) {
        return 0;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (as_str_is(as_lua_str(L, index), names[i].name)) {
            return names[i].goals;
        }
    }
    return 0;
}

static void set_str(lua_State *L, const char *name, as_str text)
{
    as_lua_push_str(L, text);
    lua_setfield(L, -2, name);
}

static void set_entity(lua_State *L, as_lua *lua, const char *name, const as_entity *entity)
{
    if (entity != NULL) {
        as_lua_push_entity(lua, entity);
        lua_setfield(L, -2, name);
    }
}

/* A place that evidence may point at. */
static void set_place(lua_State *L, as_lua *lua, const char *name, as_span span)
{
    as_lua_push_value(lua, as_value_object(lua->arena, span, NULL, 0));
    lua_setfield(L, -2, name);
}

static void push_step(lua_State *L, as_lua *lua, const as_attack_step *step)
{
    lua_createtable(L, 0, 8);
    lua_pushstring(L, as_hop_name(step->link->hop));
    lua_setfield(L, -2, "step");
    set_entity(L, lua, "from", step->from->entity);
    set_entity(L, lua, "to", step->to->entity);
    set_str(L, "to_name", step->to->title);
    set_str(L, "kind", as_str_from(as_attack_kind_name(step->to->kind)));
    set_str(L, "note", step->link->note);
    set_place(L, lua, "at", step->link->span);
    set_entity(L, lua, "by", step->link->change == NULL ? NULL : step->link->change->entity);
    lua_pushboolean(L, step->link->certain);
    lua_setfield(L, -2, "certain");
}

/* { { at, "exposes Deployment/trading/web: …" }, … }, as fail takes it. */
static void push_evidence(lua_State *L, as_lua *lua, const as_attack_path *path)
{
    lua_createtable(L, (int)path->n_steps, 0);
    for (size_t i = 0; i < path->n_steps; i++) {
        const as_attack_step *step = &path->steps[i];
        as_str note = as_str_fmt(lua->arena, "%s %.*s%s%.*s", as_hop_name(step->link->hop),
                AS_STR_ARG(step->to->title), step->link->note.n > 0 ? ": " : "",
                AS_STR_ARG(step->link->note));
        lua_createtable(L, 2, 0);
        as_lua_push_value(lua, as_value_object(lua->arena, step->link->span, NULL, 0));
        lua_rawseti(L, -2, 1);
        as_lua_push_str(L, note);
        lua_rawseti(L, -2, 2);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void push_path(lua_State *L, as_lua *lua, const as_attack_path *path)
{
    lua_createtable(L, 0, 10);
    lua_pushboolean(L, path->certain);
    lua_setfield(L, -2, "certain");
    set_str(L, "reason", path->reason);
    set_str(L, "goal", as_str_from(as_attack_goal_name(path->goal)));
    set_str(L, "text", as_attack_path_text(lua->arena, path));
    set_str(L, "to_name", path->target->title);
    set_str(L, "classification", path->target->classification);
    set_entity(L, lua, "from", path->start->entity);
    set_entity(L, lua, "to", path->target->entity);
    lua_pushinteger(L, (lua_Integer)path->ways_in);
    lua_setfield(L, -2, "ways_in");
    lua_createtable(L, (int)path->n_steps, 0);
    for (size_t i = 0; i < path->n_steps; i++) {
        push_step(L, lua, &path->steps[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "steps");
    push_evidence(L, lua, path);
    lua_setfield(L, -2, "evidence");
}

/* graph.paths(from, to [, { direct = true }]): the paths, certain ones first; then what was not
 * examined, or nil. */
static int l_graph_paths(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_attack *attack = lua->host.attack;
    as_attack_question question = {.goals = goals_at(L, 2)};
    size_t n_targets = 1;
    if (attack == NULL) {
        return luaL_error(L, "graph.paths is there in checks only");
    }
    as_lua_need_all(lua);
    question.starts = nodes_at(L, lua, attack, 1, &question.n_starts);
    if (question.goals == 0) {
        const uint32_t *targets = nodes_at(L, lua, attack, 2, &n_targets);
        question.target = n_targets > 0 ? targets[0] : 0;
    }
    if (lua_istable(L, 3)) {
        lua_getfield(L, 3, "direct");
        question.direct = lua_toboolean(L, -1);
        lua_pop(L, 1);
    }
    as_attack_paths paths = {0};
    if (question.n_starts > 0 && n_targets > 0) {
        paths = as_attack_search(attack, lua->arena, &question);
    }
    if (paths.incomplete && (paths.n == 0 || !paths.items[0].certain)) {
        return as_lua_raise_unknown(lua, NULL, as_str_dup(lua->arena, paths.doubts.items[0]));
    }
    lua_createtable(L, (int)paths.n, 0);
    for (size_t i = 0; i < paths.n; i++) {
        push_path(L, lua, &paths.items[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    if (paths.doubts.n > 0) {
        as_lua_push_str(L, paths.doubts.items[0]);
    } else {
        lua_pushnil(L);
    }
    return 2;
}

void as_lua_open_paths(as_lua *lua)
{
    lua_getglobal(lua->L, "graph");
    lua_pushcfunction(lua->L, l_graph_paths);
    lua_setfield(lua->L, -2, "paths");
    lua_pop(lua->L, 1);
}
