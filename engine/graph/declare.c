/* Code and the live thing that it made: `declares` edges from resources of Terraform
 * (configuration, plan, state) to what an account holds, and from objects of manifests, charts,
 * kustomizations and Terraform to what a cluster holds.
 *
 * Both sides are of one kind. Objects of Kubernetes are named by kind, namespace and name. An ARN
 * or an id decides; a name does where one thing alone has it, after region and account are compared
 * as far as both sides tell them. What configuration does not know, a state of the same scan
 * remembers under the same address. */
#include "engine/graph/internal.h"
#include "engine/schema/schema.h"
#include "parsers/kubernetes/terraform.h"

typedef struct declaring {
    as_graph *graph;
    as_map live;       /* kind and name → as_entity_list */
    as_map remembered; /* address → what a state joins it to */
} declaring;

static bool is_code(const as_entity *e)
{
    return e->schema != NULL && e->origin <= AS_ORIGIN_STATE;
}

static bool is_object(const as_entity *e)
{
    return e->schema != NULL && as_str_find_char(e->type, '/') != (size_t)-1;
}

/* Charts, manifests, Terraform's kubernetes_manifest, and its own forms of objects. */
static bool is_manifest(const as_entity *e)
{
    return (is_object(e) && e->origin <= AS_ORIGIN_MANIFEST) ||
           (is_code(e) && as_k8s_terraform_kind(e->type) != NULL);
}

static bool is_cloud_code(const as_entity *e)
{
    return is_code(e) && !is_manifest(e);
}

static bool is_in_cluster(const as_entity *e)
{
    return is_object(e) && e->origin == AS_ORIGIN_LIVE;
}

static bool is_cloud(const as_entity *e)
{
    return e->schema != NULL && e->origin == AS_ORIGIN_LIVE &&
           as_str_find_char(e->type, '/') == (size_t)-1;
}

static as_str key_of(const declaring *d, const as_entity *e, as_str name)
{
    return as_str_fmt(d->graph->arena, "%.*s\t%.*s", AS_STR_ARG(e->kind), AS_STR_ARG(name));
}

static as_str attribute(const declaring *d, const as_entity *e, as_str path)
{
    return as_value_str(as_place_walk(d->graph->arena, e->raw, path).value);
}

static void index_name(declaring *d, const as_entity *e, as_str name)
{
    if (name.n == 0) {
        return;
    }
    as_str key = key_of(d, e, name);
    const as_entity_list *known = as_map_get(&d->live, key);
    if (known == NULL || known->items[known->n - 1] != e) {
        as_graph_index_put(d->graph, &d->live, key, e);
    }
}

as_str as_graph_account_id(const as_entity *live)
{
    as_str email = as_str_is(live->kind, "gcp.iam.service_account")
                           ? as_value_str(as_value_get(live->raw, AS_STR("email")))
                           : AS_STR("");
    size_t at = as_str_find_char(email, '@');
    return at == (size_t)-1 ? AS_STR("") : as_str_slice(email, 0, at);
}

static void index_live(declaring *d, const as_entity *e)
{
    index_name(d, e, e->address);
    index_name(d, e, e->name);
    for (size_t i = 0; i < e->schema->ids.n; i++) {
        index_name(d, e, attribute(d, e, e->schema->ids.items[i]));
    }
    index_name(d, e, as_graph_account_id(e));
}

/* Where a resource of Google Cloud says that it is; the region of its provider is that of others
 * too. */
static as_str place_of(const as_entity *code)
{
    static const char *const names[] = {"region", "location", "zone"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        as_str place = as_value_str(as_value_get(code->raw, as_str_from(names[i])));
        if (place.n > 0) {
            return place;
        }
    }
    return AS_STR("");
}

/* A zone is in its region: "europe-west1-b". */
static bool same_google_place(const as_entity *code, const as_entity *live)
{
    as_str a = place_of(code), b = live->region;
    size_t n = a.n < b.n ? a.n : b.n;
    return n == 0 || as_str_is(b, "global") ||
           as_str_ieq(as_str_slice(a, 0, n), as_str_slice(b, 0, n));
}

/* What either side does not tell does not tell them apart. */
static bool same_place(const as_entity *a, const as_entity *b)
{
    if (as_str_starts(b->type, "gcp:") && !same_google_place(a, b)) {
        return false;
    }
    bool region = as_str_starts(b->type, "gcp:") || a->region.n == 0 || b->region.n == 0 ||
                  as_str_eq(a->region, b->region);
    bool account = a->account.n == 0 || b->account.n == 0 || as_str_eq(a->account, b->account);
    return region && account;
}

/* The one live thing of that name, or NULL. */
static const as_entity *named(declaring *d, const as_entity *code, as_str name)
{
    const as_entity_list *list = name.n == 0 ? NULL : as_map_get(&d->live, key_of(d, code, name));
    const as_entity *found = NULL;
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        if (same_place(code, list->items[i])) {
            if (found != NULL) {
                return NULL;
            }
            found = list->items[i];
        }
    }
    return found;
}

typedef struct memory {
    const as_entity *live;
    bool several;
} memory;

static void remember(declaring *d, const as_entity *state, const as_entity *live)
{
    memory *known = as_map_get(&d->remembered, state->address);
    if (known == NULL) {
        known = AS_NEW(d->graph->arena, memory);
        *known = (memory){.live = live};
        as_map_put(d->graph->arena, &d->remembered, state->address, known);
    }
    known->several = known->several || known->live != live;
}

static const as_entity *recall(const declaring *d, const as_entity *code)
{
    const memory *known = as_map_get(&d->remembered, code->address);
    return known == NULL || known->several || code->origin == AS_ORIGIN_STATE ||
                           known->live->schema != code->schema
                   ? NULL
                   : known->live;
}

static void declare(declaring *d, const as_entity *code)
{
    static const char *const sure[] = {"arn", "id"};
    as_str path = AS_STR("");
    const as_entity *live = NULL;
    for (size_t i = 0; i < sizeof sure / sizeof *sure && live == NULL; i++) {
        path = as_str_from(sure[i]);
        live = named(d, code, attribute(d, code, path));
    }
    for (size_t i = 0; i < code->schema->ids.n && live == NULL; i++) {
        path = code->schema->ids.items[i];
        live = named(d, code, attribute(d, code, path));
    }
    if (live != NULL) {
        const as_value *by = as_place_walk(d->graph->arena, code->raw, path).value;
        as_graph_add_edge(d->graph, AS_EDGE_declares, code, live, by->span, path);
        if (code->origin == AS_ORIGIN_STATE) {
            remember(d, code, live);
        }
    } else if ((live = recall(d, code)) != NULL) {
        as_graph_add_edge(d->graph, AS_EDGE_declares, code, live, code->head, AS_STR(""));
    }
}

/* --- clusters ------------------------------------------------------------------------------------
 */

/* Behind an address no other name can stand: the parts of an address are never empty. */
static as_str any_space(const declaring *d, const as_entity *e)
{
    return as_str_fmt(d->graph->arena, "//%.*s", AS_STR_ARG(e->name));
}

/* Of clusters of several environments that is meant whose environment the code is for. */
static bool same_environment(const as_entity *code, const as_entity *live)
{
    as_str a = code->unit == NULL ? AS_STR("") : code->unit->environment;
    as_str b = live->unit == NULL ? AS_STR("") : live->unit->environment;
    return a.n == 0 || b.n == 0 || as_str_eq(a, b);
}

static const as_entity *object_named(declaring *d, const as_entity *code, as_str name)
{
    const as_entity_list *list = as_map_get(&d->live, key_of(d, code, name));
    const as_entity *found = NULL;
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        if (same_environment(code, list->items[i])) {
            if (found != NULL) {
                return NULL;
            }
            found = list->items[i];
        }
    }
    return found;
}

static as_str address_at(as_arena *arena, as_str kind, as_str space, as_str name)
{
    return space.n > 0 ? as_str_fmt(arena, "%.*s/%.*s/%.*s", AS_STR_ARG(kind), AS_STR_ARG(space),
                                 AS_STR_ARG(name))
                       : as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(kind), AS_STR_ARG(name));
}

/* Of Terraform's own form; empty while its name or namespace is not known. */
static as_str terraform_address(as_arena *arena, const as_entity *code, const as_k8s_kind *kind)
{
    const as_value *name = as_place_walk(arena, code->raw, AS_STR("metadata.name")).value;
    const as_value *space = as_place_walk(arena, code->raw, AS_STR("metadata.namespace")).value;
    as_str text = as_value_str(name), in = as_value_str(space);
    if (as_value_is_null(name) && as_str_starts(code->type, "kubernetes_default_service_account")) {
        text = AS_STR("default");
    }
    if (text.n == 0 || (kind->namespaced && as_value_is_unknown(space))) {
        return AS_STR("");
    }
    if (!kind->namespaced) {
        in = AS_STR("");
    } else if (in.n == 0) {
        in = AS_STR("default");
    }
    return address_at(arena, kind->kind, in, text);
}

as_str as_graph_object_address(as_arena *arena, const as_entity *code)
{
    const as_k8s_kind *kind = as_k8s_terraform_kind(code->type);
    if (code->origin > AS_ORIGIN_STATE) {
        return is_object(code) ? code->address : AS_STR("");
    }
    if (kind != NULL) {
        return terraform_address(arena, code, kind);
    }
    if (!is_object(code) || as_value_str(as_value_path(code->raw, "metadata.name")).n == 0 ||
            as_value_is_unknown(as_value_path(code->raw, "metadata.namespace"))) {
        return AS_STR("");
    }
    size_t slash = as_str_rfind_char(code->type, '/');
    return address_at(arena, as_str_from_index(code->type, slash + 1), code->space, code->name);
}

/* Where no namespace is written, `kubectl apply -n` or a release tells it: the one object of that
 * name is meant. Terraform has "default" in mind. */
static void declare_object(declaring *d, const as_entity *code)
{
    as_str address = as_graph_object_address(d->graph->arena, code);
    const as_entity *live = address.n == 0 ? NULL : object_named(d, code, address);
    bool open =
            code->origin > AS_ORIGIN_STATE &&
            as_value_is_null(
                    as_place_walk(d->graph->arena, code->raw, AS_STR("metadata.namespace")).value);
    if (live == NULL && open && code->space.n > 0) {
        live = object_named(d, code, any_space(d, code));
    }
    live = live == NULL ? recall(d, code) : live;
    if (live == NULL) {
        return;
    }
    as_graph_add_edge(d->graph, AS_EDGE_declares, code, live, code->head, AS_STR("metadata.name"));
    if (code->origin == AS_ORIGIN_STATE) {
        remember(d, code, live);
    }
}

static void declare_objects(declaring *d)
{
    size_t n = d->graph->entities.n, n_live = 0, n_code = 0;
    for (size_t i = 0; i < n; i++) {
        n_live += is_in_cluster(d->graph->entities.items[i]);
        n_code += is_manifest(d->graph->entities.items[i]);
    }
    if (n_live == 0 || n_code == 0) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const as_entity *e = d->graph->entities.items[i];
        if (is_in_cluster(e)) {
            index_name(d, e, e->address);
            index_name(d, e, any_space(d, e));
        }
    }
    for (int states = 1; states >= 0; states--) {
        for (size_t i = 0; i < n; i++) {
            const as_entity *e = d->graph->entities.items[i];
            if (is_manifest(e) && (e->origin == AS_ORIGIN_STATE) == (states == 1)) {
                declare_object(d, e);
            }
        }
    }
}

/* --- all -----------------------------------------------------------------------------------------
 */

void as_graph_link_declarations(as_graph *graph)
{
    declaring d = {.graph = graph};
    size_t n = graph->entities.n, n_live = 0, n_code = 0;
    declare_objects(&d);
    as_graph_link_releases(graph);
    for (size_t i = 0; i < n; i++) {
        n_live += is_cloud(graph->entities.items[i]);
        n_code += is_cloud_code(graph->entities.items[i]);
    }
    if (n_live == 0 || n_code == 0) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (is_cloud(graph->entities.items[i])) {
            index_live(&d, graph->entities.items[i]);
        }
    }
    for (int states = 1; states >= 0; states--) {
        for (size_t i = 0; i < n; i++) {
            const as_entity *e = graph->entities.items[i];
            if (is_cloud_code(e) && (e->origin == AS_ORIGIN_STATE) == (states == 1)) {
                declare(&d, e);
            }
        }
    }
    as_graph_link_grants(graph);
}
