#include "engine/gcpiam/world.h"

#include <stdlib.h>

#include "engine/gcpiam/gather.h"
#include "engine/graph/units.h"
#include "engine/iam/names.h"
#include "engine/schema/schema.h"

enum { MAX_ANCESTORS = 64 }; /* Google allows ten levels of folders */

/* --- resources -----------------------------------------------------------------------------------
 */

const as_gcp_type *as_gcp_type_of(as_str terraform)
{
    for (size_t i = 0; i < as_gcp_n_types; i++) {
        if (as_str_eq(as_gcp_types[i].terraform, terraform)) {
            return &as_gcp_types[i];
        }
    }
    return NULL;
}

/* A declared resource's, also of a live one. */
static const as_gcp_type *type_of_entity(const as_entity *e)
{
    static const struct {
        const char *kind, *terraform;
    } kinds[] = {{"gcp.project", "google_project"}, {"gcp.folder", "google_folder"},
            {"gcp.organization", "google_organization"},
            {"gcp.iam.service_account", "google_service_account"},
            {"gcp.storage.bucket", "google_storage_bucket"}};
    const as_gcp_type *type = as_gcp_type_of(e->type);
    for (size_t i = 0;
            type == NULL && e->origin == AS_ORIGIN_LIVE && i < sizeof kinds / sizeof *kinds; i++) {
        type = as_str_is(e->kind, kinds[i].kind) ? as_gcp_type_of(as_str_from(kinds[i].terraform))
                                                 : NULL;
    }
    return type;
}

static as_gcp_level level_of(as_str terraform)
{
    return as_str_is(terraform, "google_project")        ? AS_GCP_PROJECT
           : as_str_is(terraform, "google_folder")       ? AS_GCP_FOLDER
           : as_str_is(terraform, "google_organization") ? AS_GCP_ORGANIZATION
                                                         : AS_GCP_RESOURCE;
}

static as_gcp_resource *resource_of(as_gcp_gathering *g, const as_gcp_type *type, as_str text)
{
    static const char *const prefixes[] = {"", "projects/", "folders/", "organizations/"};
    as_str key = as_str_fmt(g->arena, "%.*s|%.*s", AS_STR_ARG(type->terraform), AS_STR_ARG(text));
    as_gcp_resource *r = as_map_get(&g->world->by_key, key);
    if (r != NULL) {
        return r;
    }
    r = AS_NEW(g->arena, as_gcp_resource);
    as_str service = type->name;
    r->level = level_of(type->terraform);
    r->key = key;
    r->index = (uint32_t)g->world->resources.n;
    r->shown = as_iam_shown(g->arena,
            r->level == AS_GCP_RESOURCE
                    ? as_str_fmt(g->arena, "%.*s %.*s", AS_STR_ARG(as_gcp_last_part(type->name)),
                              AS_STR_ARG(text))
                    : as_str_fmt(g->arena, "%s%.*s", prefixes[r->level], AS_STR_ARG(text)));
    r->cel.type = type->name;
    as_str_split(&service, '/', &r->cel.service);
    if (as_str_is(type->terraform, "google_storage_bucket")) {
        r->cel.name = as_str_fmt(g->arena, "projects/_/buckets/%.*s", AS_STR_ARG(text));
    }
    as_map_put(g->arena, &g->world->by_key, key, r);
    AS_VEC_PUSH(g->arena, &g->world->resources, r);
    return r;
}

as_gcp_resource *as_gcp_gather_project(as_gcp_gathering *g, as_str project)
{
    return resource_of(g, as_gcp_type_of(AS_STR("google_project")), project);
}

/* What a declared resource is called by those that name it in plain text. */
static as_str declared_name(as_gcp_gathering *g, const as_gcp_type *type, const as_entity *e)
{
    static const char *const names[] = {"project_id", "projectId", "name", "secret_id",
            "dataset_id", "repository_id", "table_id", NULL};
    if (as_str_is(type->terraform, "google_service_account")) {
        return as_gcp_email_of(&g->names, e);
    }
    bool folder = level_of(type->terraform) == AS_GCP_FOLDER && e->origin != AS_ORIGIN_LIVE;
    for (size_t i = 0; names[i] != NULL && !folder; i++) {
        const as_value *v = as_value_get(e->raw, as_str_from(names[i]));
        if (!as_value_is_null(v)) {
            return as_gcp_last_part(as_gcp_text(&g->names, v));
        }
    }
    return e->address; /* its number is given when it is made */
}

/* The folder or organization above a project or folder. */
static as_gcp_resource *parent_of(as_gcp_gathering *g, const as_entity *e)
{
    static const struct {
        const char *attribute, *type;
    } places[] = {{"folder_id", "google_folder"}, {"org_id", "google_organization"}};
    for (size_t i = 0; i < 2; i++) {
        const as_value *v = as_value_get(e->raw, as_str_from(places[i].attribute));
        if (!as_value_is_null(v) && as_str_is(e->type, "google_project")) {
            return as_gcp_gather_resource(g, as_gcp_type_of(as_str_from(places[i].type)), e, v);
        }
    }
    const as_value *v = as_value_get(e->raw, AS_STR("parent"));
    if (as_value_is_null(v)) {
        return NULL;
    }
    if (v->kind == AS_OBJECT) { /* {type, id}: the first version of the API */
        as_str kind = as_value_str(as_value_get(v, AS_STR("type")));
        const as_value *id = as_value_get(v, AS_STR("id"));
        bool folder = as_str_is(kind, "folder");
        return as_gcp_gather_resource(g,
                as_gcp_type_of(folder ? AS_STR("google_folder") : AS_STR("google_organization")), e,
                id);
    }
    bool organization = as_str_starts(as_gcp_text(&g->names, v), "organizations/");
    return as_gcp_gather_resource(g,
            as_gcp_type_of(organization ? AS_STR("google_organization") : AS_STR("google_folder")),
            e, v);
}

static as_gcp_resource *above(as_gcp_gathering *g, const as_gcp_resource *r, const as_entity *e)
{
    g->depth++;
    as_gcp_resource *parent = r->level == AS_GCP_RESOURCE
                                      ? as_gcp_gather_project(g, as_gcp_project_of(&g->names, e))
                                      : parent_of(g, e);
    g->depth--;
    /* Parents that go round in a circle have none. */
    int n = 0;
    for (const as_gcp_resource *a = parent; a != NULL && n <= MAX_ANCESTORS; a = a->parent) {
        n = a == r ? MAX_ANCESTORS + 1 : n + 1;
    }
    return n > MAX_ANCESTORS ? NULL : parent;
}

as_gcp_resource *as_gcp_gather_declared(
        as_gcp_gathering *g, const as_gcp_type *type, const as_entity *e)
{
    as_gcp_resource *r = as_map_get(&g->world->by_entity, e->address);
    if (r != NULL) {
        return r;
    }
    r = resource_of(g, type, declared_name(g, type, e));
    as_map_put(g->arena, &g->world->by_entity, e->address, r);
    if (r->entity == NULL) {
        r->entity = e;
        r->shown = r->level == AS_GCP_RESOURCE || r->level == AS_GCP_FOLDER ? e->address : r->shown;
        r->parent = g->depth >= MAX_ANCESTORS ? NULL : above(g, r, e);
    }
    return r;
}

/* "ci@shop.iam.gserviceaccount.com" tells its project. */
static as_gcp_resource *project_of_email(as_gcp_gathering *g, as_str email)
{
    static const char domain[] = ".iam.gserviceaccount.com";
    size_t at = as_str_find_char(email, '@');
    if (at == (size_t)-1 || !as_str_ends(email, domain)) {
        return NULL;
    }
    return as_gcp_gather_project(g, as_str_slice(email, at + 1, email.n - (sizeof domain - 1)));
}

as_gcp_resource *as_gcp_gather_resource(
        as_gcp_gathering *g, const as_gcp_type *type, const as_entity *from, const as_value *v)
{
    size_t n = 0;
    if (as_value_is_null(v)) {
        return as_gcp_gather_project(g, as_gcp_project_of(&g->names, from));
    }
    const as_entity *const *targets = as_graph_targets(g->world->graph, g->arena, from, v, &n);
    for (size_t i = 0; i < n; i++) {
        if (type_of_entity(targets[i]) == type) {
            return as_gcp_gather_declared(g, type, targets[i]);
        }
    }
    as_str text = as_gcp_last_part(as_gcp_text(&g->names, v));
    as_gcp_resource *r = resource_of(g, type, text);
    if (r->level == AS_GCP_RESOURCE && r->parent == NULL) {
        const as_value *project = as_value_get(from->raw, AS_STR("project"));
        r->parent = as_str_is(type->terraform, "google_service_account") ? project_of_email(g, text)
                    : as_value_is_null(project)
                            ? NULL
                            : as_gcp_gather_project(g, as_gcp_project_of(&g->names, from));
    }
    return r;
}

/* --- members -------------------------------------------------------------------------------------
 */

as_gcp_member *as_gcp_gather_member(as_gcp_gathering *g, as_str text, as_span span)
{
    as_gcp_member *m = as_map_get(&g->world->by_text, text);
    if (m != NULL) {
        return m;
    }
    m = AS_NEW(g->arena, as_gcp_member);
    *m = (as_gcp_member){.text = text,
            .shown = as_iam_shown(g->arena, text),
            .span = span,
            .index = (uint32_t)g->world->members.n};
    as_map_put(g->arena, &g->world->by_text, text, m);
    AS_VEC_PUSH(g->arena, &g->world->members, m);
    as_str email = text, kind;
    if (as_str_split(&email, ':', &kind) && as_str_is(kind, "serviceAccount") &&
            as_str_find_char(email, '[') == (size_t)-1 && !as_iam_has_hole(email)) {
        m->account = resource_of(g, as_gcp_type_of(AS_STR("google_service_account")), email);
        m->account->parent =
                m->account->parent != NULL ? m->account->parent : project_of_email(g, email);
    }
    return m;
}

static void declare_account(as_gcp_gathering *g, const as_entity *e)
{
    as_gcp_resource *account =
            as_gcp_gather_declared(g, as_gcp_type_of(AS_STR("google_service_account")), e);
    as_str email = as_gcp_email_of(&g->names, e);
    as_gcp_member *m = as_gcp_gather_member(
            g, as_str_join(g->arena, AS_STR("serviceAccount:"), email), e->head);
    m->account = account;
    m->entity = m->entity == NULL ? e : m->entity;
    m->shown = m->entity->address;
    m->span = e->head;
}

static void add_all(as_arena *arena, const as_gcp_world *world, as_gcp_member *m, as_str text)
{
    const as_gcp_member *of = as_map_get(&world->by_text, text);
    for (size_t i = 0; of != NULL && of != m && i < of->own.n; i++) {
        AS_VEC_PUSH(arena, &m->all, of->own.items[i]);
    }
}

/* Everyone, everyone with an account, and a domain lend what they have. */
static void add_common(as_arena *arena, const as_gcp_world *world, as_gcp_member *m)
{
    add_all(arena, world, m, AS_STR("allUsers"));
    /* Identities of other issuers are none with a Google account. */
    if (!as_str_is(m->text, "allUsers") && !as_str_starts(m->text, "principal")) {
        add_all(arena, world, m, AS_STR("allAuthenticatedUsers"));
    }
    size_t at = as_str_rfind_char(m->text, '@');
    if (as_str_starts(m->text, "user:") && at != (size_t)-1) {
        add_all(arena, world, m,
                as_str_join(arena, AS_STR("domain:"), as_str_from_index(m->text, at + 1)));
    }
}

static void complete(as_gcp_gathering *g, as_gcp_member *m)
{
    for (size_t i = 0; i < m->own.n; i++) {
        AS_VEC_PUSH(g->arena, &m->all, m->own.items[i]);
    }
    add_common(g->arena, g->world, m);
    as_gcp_close_groups(g, m);
    for (size_t i = 0; i < m->groups.n; i++) {
        add_all(g->arena, g->world, m, m->groups.items[i]->text);
    }
}

const as_gcp_member *as_gcp_stranger(as_arena *arena, const as_gcp_world *world, as_str text)
{
    as_gcp_member *m = AS_NEW(arena, as_gcp_member);
    *m = (as_gcp_member){
            .text = text, .shown = text, .index = (uint32_t)world->members.n, .set = world->n_sets};
    add_common(arena, world, m);
    return m;
}

static int compare_grants(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t) * (const as_gcp_grant *const *)a;
    uintptr_t y = (uintptr_t) * (const as_gcp_grant *const *)b;
    return x == y ? 0 : x < y ? -1 : 1;
}

/* Members with the same roles in the same places: deny policies name members, so that a world with
 * some has a set for each. */
static void number_sets(as_gcp_gathering *g)
{
    as_map sets = {0};
    bool denies = false;
    for (size_t i = 0; i < g->world->resources.n; i++) {
        denies = denies || g->world->resources.items[i]->denies.n > 0;
    }
    for (size_t i = 0; i < g->world->members.n; i++) {
        as_gcp_member *m = g->world->members.items[i];
        as_buf key;
        as_buf_init(&key, g->arena, 0);
        const as_gcp_grant **sorted = AS_NEW_ARRAY(g->arena, const as_gcp_grant *, m->all.n);
        if (m->all.n > 0) {
            memcpy(sorted, m->all.items, m->all.n * sizeof *sorted);
            qsort(sorted, m->all.n, sizeof *sorted, compare_grants);
        }
        for (size_t k = 0; k < m->all.n; k++) {
            const as_gcp_grant *grant = m->all.items[k];
            const void *parts[] = {grant->role, grant->on, grant->condition, grant->doubt.p};
            as_buf_add(&key, parts, sizeof parts);
        }
        if (denies) {
            as_buf_str(&key, m->text);
        }
        as_gcp_member *first = as_map_get(&sets, as_buf_view(&key));
        m->set = first != NULL ? first->set : g->world->n_sets++;
        if (first == NULL) {
            as_map_put(g->arena, &sets, as_buf_view(&key), m);
        }
    }
}

/* --- workloads -----------------------------------------------------------------------------------
 */

static void read_running(as_gcp_gathering *g, const as_entity *e)
{
    for (size_t i = 0; i < as_gcp_n_workloads; i++) {
        if (!as_str_eq(as_gcp_workloads[i].terraform, e->type)) {
            continue;
        }
        const as_value *v = as_place_walk(g->arena, e->raw, as_gcp_workloads[i].path).value;
        as_str email = as_value_is_null(v) ? AS_STR("") : as_gcp_text(&g->names, v);
        email = as_gcp_last_part(email);
        if (email.n == 0 || as_str_is(email, AS_HOLE)) {
            continue;
        }
        as_gcp_running r = {.entity = e};
        r.account = as_gcp_gather_member(
                g, as_str_join(g->arena, AS_STR("serviceAccount:"), email), e->head);
        r.project = as_gcp_gather_project(g, as_gcp_project_of(&g->names, e));
        AS_VEC_PUSH(g->arena, &g->world->running, r);
    }
}

/* --- the world -----------------------------------------------------------------------------------
 */

static as_gcp_world *read_world(
        as_arena *arena, const as_graph *graph, as_gcp_roles *roles, const as_unit_entities *of)
{
    as_gcp_gathering *g = AS_NEW(arena, as_gcp_gathering);
    g->arena = arena;
    g->world = AS_NEW(arena, as_gcp_world);
    *g->world = (as_gcp_world){.graph = graph, .unit = of->unit, .roles = roles};
    g->world->gap = as_graph_gap(graph, of->unit, AS_STR("gcp.iam.binding"));
    as_gcp_names_init(&g->names, arena, graph, g->world->unit);
    for (size_t i = 0; i < of->entities.n; i++) {
        const as_entity *e = of->entities.items[i];
        const as_gcp_type *type = type_of_entity(e);
        if (as_str_is(e->kind, "gcp.iam.service_account")) {
            declare_account(g, e);
        } else if (type != NULL && level_of(type->terraform) != AS_GCP_RESOURCE) {
            (void)as_gcp_gather_declared(g, type, e);
        } else if (as_gcp_is_custom_role(e->type)) {
            union {
                const as_entity *in;
                void *out;
            } u = {.in = e};
            bool live = e->origin == AS_ORIGIN_LIVE;
            as_str id = as_gcp_last_part(as_gcp_text(
                    &g->names, as_value_get(e->raw, live ? AS_STR("name") : AS_STR("role_id"))));
            as_map_put(arena, &g->custom, id, u.out);
        }
    }
    for (size_t i = 0; i < of->entities.n; i++) {
        as_gcp_gather_binding(g, of->entities.items[i]);
        if (as_str_is(of->entities.items[i]->type, "google_iam_deny_policy")) {
            as_gcp_gather_deny(g, of->entities.items[i]);
        }
        read_running(g, of->entities.items[i]);
    }
    as_gcp_gather_groups(g);
    as_gcp_gather_conflicts(g);
    for (size_t i = 0; i < g->world->members.n; i++) {
        complete(g, g->world->members.items[i]);
    }
    number_sets(g);
    return g->world;
}

/* Whether the unit is worth a world. */
static bool matters(const as_unit_entities *of)
{
    for (size_t i = 0; i < of->entities.n; i++) {
        if (as_gcp_is_binding(of->entities.items[i]->type) ||
                as_str_is(of->entities.items[i]->kind, "gcp.iam.service_account")) {
            return true;
        }
    }
    return false;
}

const as_gcp_worlds *as_gcp_worlds_of(as_arena *arena, const as_graph *graph)
{
    as_gcp_worlds *worlds = AS_NEW(arena, as_gcp_worlds);
    as_units units = {0};
    size_t n = as_graph_count(graph);
    for (uint32_t i = 1; i <= n; i++) {
        const as_entity *e = as_graph_get(graph, i);
        if (as_str_starts(e->type, "google_") || as_str_starts(e->type, "gcp:")) {
            as_units_add(arena, &units, e);
        }
    }
    as_units_sort(&units);
    for (size_t u = 0; u < units.list.n; u++) {
        const as_unit_entities *of = units.list.items[u];
        if (matters(of)) {
            worlds->roles = worlds->roles != NULL ? worlds->roles : as_gcp_roles_new(arena);
            AS_VEC_PUSH(arena, &worlds->list, read_world(arena, graph, worlds->roles, of));
        }
    }
    return worlds;
}

const as_gcp_member *as_gcp_member_find(const as_gcp_world *world, as_str text)
{
    const as_gcp_member *found = as_map_get(&world->by_text, text);
    for (size_t i = 0; found == NULL && i < world->members.n; i++) {
        const as_gcp_member *m = world->members.items[i];
        size_t colon = as_str_find_char(m->text, ':');
        bool email = colon != (size_t)-1 && as_str_eq(as_str_from_index(m->text, colon + 1), text);
        found = email || as_str_eq(m->shown, text) ? m : NULL;
    }
    return found;
}

const as_gcp_resource *as_gcp_resource_find(const as_gcp_world *world, as_str text)
{
    const as_gcp_resource *found = as_map_get(&world->by_entity, text);
    for (size_t i = 0; found == NULL && i < world->resources.n; i++) {
        const as_gcp_resource *r = world->resources.items[i];
        as_str key = r->key, type;
        as_str_split(&key, '|', &type);
        bool named = as_str_eq(r->shown, text) || as_str_eq(key, as_gcp_last_part(text));
        found = named ? r : NULL;
    }
    return found;
}
