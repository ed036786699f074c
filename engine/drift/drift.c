#include "engine/drift/drift.h"

#include "engine/schema/schema.h"
#include "engine/drift/internal.h"
#include "parsers/kubernetes/terraform.h"

const char *as_drift_kind_name(as_drift_kind kind)
{
    static const char *const names[] = {"changed", "unmanaged", "gone"};
    return names[kind];
}

/* --- one field -----------------------------------------------------------------------------------
 */

static bool has_place(const as_field *field, const as_entity *e)
{
    char buffer[256];
    as_str source = as_schema_source(e);
    as_str type = as_schema_short_type(e->type, buffer, sizeof buffer);
    for (size_t i = 0; i < field->n_sources; i++) {
        as_str key = field->sources[i].source;
        if (key.n == 0 || as_str_eq(key, source) || as_str_eq(key, type)) {
            return true;
        }
    }
    return false;
}

/* Names say which thing it is, not how it is. */
static bool is_name(as_str field)
{
    return as_str_is(field, "name") || as_str_is(field, "id") || as_str_is(field, "arn");
}

/* What another resource would set is left alone where there is none, whatever the default. */
static bool is_of_satellite(const as_field *field, const as_entity *e)
{
    as_str source = as_schema_source(e);
    for (size_t i = 0; i < field->n_sources; i++) {
        if (as_str_eq(field->sources[i].source, source)) {
            return field->sources[i].places[0].satellite.n > 0;
        }
    }
    return false;
}

static as_reading read_code(as_comparing *c, const as_field *field)
{
    as_reading first = {0};
    for (size_t i = 0; i < c->n_codes; i++) {
        as_reading r = {0};
        if (has_place(field, c->codes[i])) {
            r = as_field_read(c->graph, c->arena, c->codes[i], field);
        }
        if (r.defaulted && is_of_satellite(field, c->codes[i])) {
            continue;
        }
        if (r.value != NULL && !as_value_is_unknown(r.value)) {
            return r;
        }
        first = first.value == NULL ? r : first;
    }
    return first;
}

/* Whether what code refers to is made by code that made what the live value names. */
static as_truth refers_to_same(as_comparing *c, const as_value *code, const as_value *live)
{
    size_t n, n_live, n_edges;
    const as_entity *const *targets = as_graph_targets(c->graph, c->arena, c->code, code, &n);
    const as_entity *const *there = as_graph_targets(c->graph, c->arena, c->live, live, &n_live);
    for (size_t i = 0; i < n; i++) {
        const as_edge *const *edges = as_graph_edges_from(c->graph, targets[i]->id, &n_edges);
        for (size_t k = 0; k < n_edges; k++) {
            if (edges[k]->type != AS_EDGE_declares) {
                continue;
            }
            for (size_t m = 0; m < n_live; m++) {
                if (there[m]->id == edges[k]->to) {
                    return AS_YES;
                }
            }
            return n_live > 0 ? AS_NO : AS_MAYBE;
        }
    }
    return AS_MAYBE;
}

static void compare_field(as_comparing *c, const as_field *field)
{
    if (is_name(field->name) || !has_place(field, c->live)) {
        return;
    }
    as_reading code = read_code(c, field);
    if (as_value_is_null(code.value)) {
        return;
    }
    as_reading live = as_field_read(c->graph, c->arena, c->live, field);
    if (as_value_is_unknown(live.value)) {
        c->doubt = as_value_reason(live.value);
        return;
    }
    if (as_value_is_unknown(code.value)) {
        if (refers_to_same(c, code.value, live.value) == AS_NO) {
            as_drift_add(c, field->name, AS_STR("what it refers to"),
                    as_drift_text(c->arena, live.value), code.value->span, live.value->span);
        }
        return;
    }
    as_drift_compare_values(c, field->name, &code, &live);
}

/* --- tags ----------------------------------------------------------------------------------------
 */

/* "aws:…" and "goog-…" are written by services and by the provider. */
static bool is_own_tag(as_str key)
{
    return !as_str_starts(key, "aws:") && !as_str_starts(key, "goog-");
}

static void compare_tag(as_comparing *c, as_str key, const as_value *code, const as_value *live)
{
    if (as_value_is_unknown(code) || as_value_is_unknown(live) || !is_own_tag(key)) {
        return;
    }
    as_str in_code = as_drift_text(c->arena, code), there = as_drift_text(c->arena, live);
    if (!as_str_eq(in_code, there)) {
        as_drift_add(c, as_str_fmt(c->arena, "tags.%.*s", AS_STR_ARG(key)), in_code, there,
                code != NULL ? code->span : AS_SPAN_NONE, live != NULL ? live->span : AS_SPAN_NONE);
        c->changes.items[c->changes.n - 1].is_tag = true;
    }
}

static void compare_tags(as_comparing *c)
{
    const as_value *code = as_tags_read(c->arena, c->code).value;
    const as_value *live = as_tags_read(c->arena, c->live).value;
    if (!as_value_is(code, AS_OBJECT) || as_value_is_unknown(live)) {
        return;
    }
    for (size_t i = 0; i < code->as.object->n; i++) {
        const as_member *m = &code->as.object->members[i];
        compare_tag(c, m->key, m->value, as_value_get(live, m->key));
    }
    for (size_t i = 0; as_value_is(live, AS_OBJECT) && i < live->as.object->n; i++) {
        const as_member *m = &live->as.object->members[i];
        if (as_value_get(code, m->key) == NULL) {
            compare_tag(c, m->key, NULL, m->value);
        }
    }
}

/* --- one resource --------------------------------------------------------------------------------
 */

/* What declares it: configuration and plans before states, which only remember, and all that says
 * what it is before releases of Helm. */
static size_t declarers(
        const as_graph *graph, as_arena *arena, const as_entity *live, const as_entity ***out)
{
    size_t n, found = 0;
    const as_edge *const *edges = as_graph_edges_to(graph, live->id, &n);
    const as_entity **codes = AS_NEW_ARRAY(arena, const as_entity *, n);
    for (int rank = 0; rank < 4; rank++) {
        for (size_t i = 0; i < n; i++) {
            const as_entity *code = as_graph_get(graph, edges[i]->from);
            int own =
                    (code->origin == AS_ORIGIN_STATE ? 1 : 0) + (as_drift_is_release(code) ? 2 : 0);
            if (edges[i]->type == AS_EDGE_declares && own == rank) {
                codes[found++] = code;
            }
        }
    }
    *out = codes;
    return found;
}

size_t as_drift_compare(const as_graph *graph, as_arena *arena, const as_entity *live,
        const as_drift_change **out, as_str *doubt)
{
    as_comparing c = {.graph = graph, .arena = arena, .live = live};
    c.n_codes = declarers(graph, arena, live, &c.codes);
    *out = NULL;
    *doubt = AS_STR("");
    if (c.n_codes == 0) {
        return 0;
    }
    c.code = c.codes[0];
    if (as_drift_is_release(c.code)) {
        as_drift_compare_release(&c);
        *out = c.changes.items;
        return c.changes.n;
    }
    if (as_drift_is_object(live)) {
        as_drift_compare_objects(&c);
        *out = c.changes.items;
        *doubt = c.doubt;
        return c.changes.n;
    }
    for (size_t i = 0; i < live->schema->n_fields; i++) {
        compare_field(&c, &live->schema->fields[i]);
    }
    as_drift_compare_groups(&c);
    as_drift_compare_attachments(&c);
    as_drift_compare_google(&c);
    compare_tags(&c);
    *out = c.changes.items;
    *doubt = c.doubt;
    return c.changes.n;
}

/* --- what is in one place only -------------------------------------------------------------------
 */

bool as_drift_is_object(const as_entity *e)
{
    return as_str_find_char(e->type, '/') != (size_t)-1;
}

/* Also in a form of Terraform's own. */
static bool is_object_of_code(const as_entity *code)
{
    return as_drift_is_object(code) ||
           (code->origin <= AS_ORIGIN_STATE && as_k8s_terraform_kind(code->type) != NULL);
}

static bool is_live(const as_entity *e)
{
    return e->schema != NULL && e->origin == AS_ORIGIN_LIVE;
}

static bool is_code(const as_entity *e)
{
    bool manifest = e->origin >= AS_ORIGIN_HELM && e->origin <= AS_ORIGIN_MANIFEST;
    return e->schema != NULL && (e->origin <= AS_ORIGIN_STATE ? !as_str_starts(e->type, "data.")
                                                              : manifest && as_drift_is_object(e));
}

static bool has_edge(const as_edge *const *edges, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (edges[i]->type == AS_EDGE_declares) {
            return true;
        }
    }
    return false;
}

static bool is_declared(const as_graph *graph, const as_entity *live)
{
    size_t n;
    const as_edge *const *edges = as_graph_edges_to(graph, live->id, &n);
    return has_edge(edges, n);
}

static bool is_joined(const as_graph *graph, const as_entity *code)
{
    size_t n;
    const as_edge *const *edges = as_graph_edges_from(graph, code->id, &n);
    return has_edge(edges, n);
}

/* Whether Terraform has resources of the kind at all. */
static bool can_be_code(const as_entity *live)
{
    for (size_t i = 0; i < live->schema->types.n; i++) {
        as_str type = live->schema->types.items[i];
        if (as_str_find_char(type, ':') == (size_t)-1 && !as_str_starts(type, "data.")) {
            return true;
        }
    }
    return false;
}

/* Whether code that is about this account makes things of the kind. */
static bool is_kind_in_code(const as_graph *graph, as_str kind)
{
    size_t n;
    const as_entity *const *list = as_graph_of_kind(graph, kind, &n);
    for (size_t i = 0; i < n; i++) {
        if (is_code(list[i])) {
            return true;
        }
    }
    return false;
}

bool as_drift_is_unmanaged(const as_graph *graph, const as_entity *live)
{
    return is_live(live) && !is_declared(graph, live) && can_be_code(live) &&
           !as_drift_is_made_by_service(live) && is_kind_in_code(graph, live->kind);
}

/* --- what is gone --------------------------------------------------------------------------------
 */

typedef struct finding_gone {
    const as_graph *graph;
    as_arena *arena;
    as_map names;     /* kind and name of what is live */
    as_map collected; /* live types that were asked for, and kinds that are there */
    as_map units;     /* of code with something that is live: they are about this account */
} finding_gone;

static as_str kind_key(as_arena *arena, as_str kind, as_str name)
{
    return as_str_fmt(arena, "%.*s\t%.*s", AS_STR_ARG(kind), AS_STR_ARG(name));
}

static void note_text(as_map *map, as_arena *arena, as_str key)
{
    as_map_put(arena, map, key, map);
}

/* Accounts and clusters of one configuration are told apart by what is joined, clusters of several
 * providers by these. */
static as_str unit_key(as_arena *arena, const as_entity *e)
{
    bool object = is_object_of_code(e) || as_drift_is_release(e);
    return as_str_fmt(arena, "%u %s %.*s", e->unit == NULL ? 0u : (unsigned)e->unit->id,
            object ? "cluster" : "", AS_STR_ARG(object ? e->provider : AS_STR("")));
}

static void note_live(finding_gone *g, const as_entity *e)
{
    note_text(&g->collected, g->arena, e->kind);
    note_text(&g->names, g->arena, kind_key(g->arena, e->kind, e->address));
    if (as_drift_is_object(e)) {
        return;
    }
    note_text(&g->names, g->arena, kind_key(g->arena, e->kind, e->name));
    note_text(&g->names, g->arena, kind_key(g->arena, e->kind, as_graph_account_id(e)));
    for (size_t i = 0; i < e->schema->ids.n; i++) {
        as_str name = as_value_str(as_place_walk(g->arena, e->raw, e->schema->ids.items[i]).value);
        note_text(&g->names, g->arena, kind_key(g->arena, e->kind, name));
    }
    const as_value *asked = as_value_get(e->raw, AS_STR("Collected"));
    for (size_t i = 0; i < as_value_count(asked); i++) {
        note_text(&g->collected, g->arena, as_value_str(as_value_index(asked, i)));
    }
}

static bool was_collected(finding_gone *g, const as_entity *code)
{
    bool asked = as_map_has(&g->collected, code->kind);
    for (size_t i = 0; i < code->schema->types.n && !asked; i++) {
        asked = as_map_has(&g->collected, code->schema->types.items[i]);
    }
    return asked;
}

/* Another release of the same provider is there, and no object says that it is of this one. */
static bool is_release_gone(finding_gone *g, const as_entity *code)
{
    return as_value_str(as_value_get(code->raw, AS_STR("name"))).n > 0 &&
           !as_value_is_unknown(as_value_get(code->raw, AS_STR("namespace"))) &&
           as_map_has(&g->units, unit_key(g->arena, code));
}

/* Its name is known, the account was asked for such things, and none has it. */
static bool is_gone(finding_gone *g, const as_entity *code)
{
    static const char *const sure[] = {"arn", "id"};
    bool named = false;
    if (as_drift_is_release(code)) {
        return is_release_gone(g, code);
    }
    if (is_object_of_code(code)) {
        /* Collectors list all objects that there are; what they were refused is a gap. */
        as_str address = as_graph_object_address(g->arena, code);
        return address.n > 0 && as_map_has(&g->units, unit_key(g->arena, code)) &&
               as_graph_gap(g->graph, NULL, code->kind).n == 0 &&
               !as_map_has(&g->names, kind_key(g->arena, code->kind, address));
    }
    if (!as_map_has(&g->units, unit_key(g->arena, code)) || !was_collected(g, code)) {
        return false;
    }
    for (size_t i = 0; i < 2 + code->schema->ids.n; i++) {
        as_str path = i < 2 ? as_str_from(sure[i]) : code->schema->ids.items[i - 2];
        as_str name = as_value_str(as_place_walk(g->arena, code->raw, path).value);
        named = named || name.n > 0;
        if (name.n > 0 && as_map_has(&g->names, kind_key(g->arena, code->kind, name))) {
            return false;
        }
    }
    return named;
}

/* A kind of which nothing live is known is configured elsewhere: satellites are fields of their
 * owners. */
static bool has_live_form(const as_entity *code)
{
    if (is_object_of_code(code) || as_drift_is_release(code)) {
        return true;
    }
    for (size_t i = 0; i < code->schema->types.n; i++) {
        if (as_str_find_char(code->schema->types.items[i], ':') != (size_t)-1) {
            return true;
        }
    }
    return false;
}

/* A state that remembers what configuration in the same scan declares says nothing new. */
static bool is_repeated(const as_graph *graph, as_arena *arena, const as_entity *code)
{
    size_t n;
    if (code->origin != AS_ORIGIN_STATE) {
        return false;
    }
    const as_entity *const *list = as_graph_of_type(graph, code->type, &n);
    (void)arena;
    for (size_t i = 0; i < n; i++) {
        if (list[i]->origin < AS_ORIGIN_STATE && as_str_eq(list[i]->address, code->address)) {
            return true;
        }
    }
    return false;
}

typedef AS_VEC(as_drift) drift_list;

static void find_gone(const as_graph *graph, as_arena *arena, drift_list *out, as_drifts *totals)
{
    finding_gone g = {.graph = graph, .arena = arena};
    size_t n = as_graph_count(graph);
    for (uint32_t id = 1; id <= n; id++) {
        const as_entity *e = as_graph_get(graph, id);
        if (is_live(e)) {
            note_live(&g, e);
        } else if (is_code(e) && is_joined(graph, e)) {
            note_text(&g.units, arena, unit_key(arena, e));
        }
    }
    for (uint32_t id = 1; id <= n; id++) {
        const as_entity *e = as_graph_get(graph, id);
        if (!is_code(e) || !has_live_form(e) || is_joined(graph, e) ||
                is_repeated(graph, arena, e)) {
            continue;
        }
        if (is_gone(&g, e)) {
            AS_VEC_PUSH(arena, out, (as_drift){.kind = AS_DRIFT_GONE, .code = e});
        } else {
            totals->n_undecided++;
        }
    }
}

/* --- all -----------------------------------------------------------------------------------------
 */

static as_str space_key(as_arena *arena, const as_entity *live)
{
    return as_str_fmt(arena, "%u %.*s", live->unit == NULL ? 0u : (unsigned)live->unit->id,
            AS_STR_ARG(live->space));
}

/* The namespaces of clusters in which code makes something. Others are other people's. */
static as_map spaces_in_code(const as_graph *graph, as_arena *arena)
{
    as_map spaces = {0};
    size_t n = as_graph_count(graph);
    for (uint32_t id = 1; id <= n; id++) {
        const as_entity *e = as_graph_get(graph, id);
        if (is_live(e) && as_drift_is_object(e) && is_declared(graph, e)) {
            as_map_put(arena, &spaces, space_key(arena, e), &spaces);
        }
    }
    return spaces;
}

static bool is_ours(as_arena *arena, const as_map *spaces, const as_entity *live)
{
    return !as_drift_is_object(live) || as_map_has(spaces, space_key(arena, live));
}

as_drifts as_drift_find(const as_graph *graph, as_arena *arena, bool all)
{
    as_drifts totals = {0};
    drift_list found = {0};
    as_map spaces = spaces_in_code(graph, arena);
    size_t n = as_graph_count(graph);
    for (uint32_t id = 1; id <= n; id++) {
        const as_entity *e = as_graph_get(graph, id);
        as_drift drift = {.kind = AS_DRIFT_CHANGED, .live = e};
        if (!is_live(e)) {
            continue;
        }
        if (is_declared(graph, e)) {
            const as_entity **codes;
            as_str doubt;
            totals.n_joined++;
            (void)declarers(graph, arena, e, &codes);
            drift.code = codes[0];
            drift.n_changes = as_drift_compare(graph, arena, e, &drift.changes, &doubt);
            if (drift.n_changes > 0) {
                AS_VEC_PUSH(arena, &found, drift);
            }
        } else if ((as_drift_is_unmanaged(graph, e) && is_ours(arena, &spaces, e)) ||
                   (all && can_be_code(e) && !as_drift_is_made_by_service(e))) {
            drift.kind = AS_DRIFT_UNMANAGED;
            AS_VEC_PUSH(arena, &found, drift);
        }
    }
    find_gone(graph, arena, &found, &totals);
    totals.items = found.items;
    totals.n = found.n;
    return totals;
}
