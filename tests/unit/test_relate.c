/* Typed edges between Kubernetes objects, as the schemas declare them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <stdlib.h>

#include "engine/graph/graph.h"
#include "parsers/kubernetes/resource.h"
#include "tests/unit/table.h"

/* Every edge as "from type to"; each line of the file must be among them, and as many. */
static void test_relate__edges(void **state)
{
    (void)state;
    as_arena *arena = as_arena_new(0);
    as_sources *sources = as_sources_new();
    as_diags diags;
    as_diags_init(&diags, arena);
    as_str text = table_read(arena, "tests/tables/relate/objects.yaml");
    const as_source *source = as_sources_add(sources, AS_STR("objects.yaml"), text, false);
    as_k8s_objects objects = {0};
    assert_true(as_k8s_parse(arena, source, &diags, &objects));

    as_graph *graph = as_graph_new(arena);
    as_unit unit = {.name = AS_STR("test"), .origin = AS_ORIGIN_MANIFEST, .id = 1};
    for (size_t i = 0; i < objects.n; i++) {
        as_resource r =
                as_k8s_resource(arena, &objects.items[i], AS_ORIGIN_MANIFEST, AS_STR("default"));
        r.unit = &unit;
        as_graph_add(graph, &r);
    }
    as_graph_link(graph);

    as_map seen = {0};
    size_t n_edges = 0, n_expected = 0;
    for (uint32_t id = 1; id <= as_graph_count(graph); id++) {
        size_t n;
        const as_edge *const *edges = as_graph_edges_from(graph, id, &n);
        for (size_t i = 0; i < n; i++) {
            as_str line = as_str_fmt(arena, "%.*s %s %.*s",
                    AS_STR_ARG(as_graph_get(graph, edges[i]->from)->address),
                    as_edge_name(edges[i]->type),
                    AS_STR_ARG(as_graph_get(graph, edges[i]->to)->address));
            as_map_put(arena, &seen, line, arena);
            n_edges++;
        }
    }
    as_str rest = table_read(arena, "tests/tables/relate/edges.txt"), line;
    while (as_str_split(&rest, '\n', &line)) {
        if (line.n > 0) {
            n_expected++;
            if (as_map_get(&seen, line) == NULL) {
                fail_msg("there is no edge %.*s", AS_STR_ARG(line));
            }
        }
    }
    assert_int_equal(n_edges, n_expected);
    as_sources_free(sources);
    as_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_relate__edges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
