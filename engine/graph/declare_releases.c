/* Terraform's helm_release and the objects that its release made: Helm writes the name and
 * namespace of the release into annotations of each (pkg/action/validate.go of Helm 3). */
#include "engine/graph/internal.h"
#include "engine/schema/schema.h"

static bool is_release(const as_entity *e)
{
    return e->origin <= AS_ORIGIN_STATE && as_str_is(e->type, "helm_release");
}

static as_str release_key(as_arena *arena, as_str space, as_str name)
{
    return as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(space), AS_STR_ARG(name));
}

/* Empty while name or namespace are not known. */
static as_str key_of_code(as_arena *arena, const as_entity *code)
{
    const as_value *space = as_value_get(code->raw, AS_STR("namespace"));
    as_str name = as_value_str(as_value_get(code->raw, AS_STR("name")));
    as_str in = as_value_str(space);
    if (name.n == 0 || as_value_is_unknown(space)) {
        return AS_STR("");
    }
    return release_key(arena, in.n > 0 ? in : AS_STR("default"), name);
}

static as_str key_of_live(as_arena *arena, const as_entity *live)
{
    const as_value *notes = as_value_path(live->raw, "metadata.annotations");
    as_str name = as_value_str(as_value_get(notes, AS_STR("meta.helm.sh/release-name")));
    as_str in = as_value_str(as_value_get(notes, AS_STR("meta.helm.sh/release-namespace")));
    return name.n == 0 ? AS_STR("") : release_key(arena, in, name);
}

typedef struct made {
    as_entity_list objects;
    const as_unit *cluster;
    bool several; /* clusters have a release of that name: which is meant is not known */
} made;

static void note_made(as_graph *graph, as_map *releases, as_str key, const as_entity *live)
{
    made *m = as_map_get(releases, key);
    if (m == NULL) {
        m = AS_NEW(graph->arena, made);
        m->cluster = live->unit;
        as_map_put(graph->arena, releases, key, m);
    }
    m->several = m->several || m->cluster != live->unit;
    AS_VEC_PUSH(graph->arena, &m->objects, live);
}

void as_graph_link_releases(as_graph *graph)
{
    as_map releases = {0};
    size_t n = graph->entities.n, n_code = 0;
    for (size_t i = 0; i < n; i++) {
        n_code += is_release(graph->entities.items[i]);
    }
    for (size_t i = 0; i < n && n_code > 0; i++) {
        const as_entity *e = graph->entities.items[i];
        as_str key = e->origin == AS_ORIGIN_LIVE && as_str_find_char(e->type, '/') != (size_t)-1
                             ? key_of_live(graph->arena, e)
                             : AS_STR("");
        if (key.n > 0) {
            note_made(graph, &releases, key, e);
        }
    }
    for (size_t i = 0; i < n && releases.n > 0; i++) {
        const as_entity *code = graph->entities.items[i];
        as_str key = is_release(code) ? key_of_code(graph->arena, code) : AS_STR("");
        const made *m = key.n > 0 ? as_map_get(&releases, key) : NULL;
        for (size_t k = 0; m != NULL && !m->several && k < m->objects.n; k++) {
            as_graph_add_edge(
                    graph, AS_EDGE_declares, code, m->objects.items[k], code->head, AS_STR("name"));
        }
    }
}
