#include "engine/scan/coverage.h"

#include <assert.h>
#include <stdlib.h>

#include "engine/base/map.h"
#include "engine/schema/schema.h"

typedef AS_VEC(as_coverage_row) row_list;

static as_coverage_row *row_of(as_arena *arena, row_list *rows, as_str name)
{
    for (size_t i = 0; i < rows->n; i++) {
        if (as_str_eq(rows->items[i].parser, name)) {
            return &rows->items[i];
        }
    }
    AS_VEC_PUSH(arena, rows, (as_coverage_row){.parser = name});
    return &rows->items[rows->n - 1];
}

/* Paths that an error was said about. */
static as_map paths_with_errors(as_arena *arena, const as_report *report)
{
    as_map paths = {0};
    for (size_t i = 0; i < report->diags->list.n; i++) {
        as_diag *diag = &report->diags->list.items[i];
        const as_source *source = as_sources_get(report->sources, diag->span.file);
        if (diag->severity == AS_DIAG_ERROR) {
            as_map_put(arena, &paths, source == NULL ? diag->path : source->path, diag);
        }
    }
    return paths;
}

static void count_inputs(
        as_arena *arena, const as_inventory *inventory, const as_map *bad_paths, row_list *rows)
{
    for (size_t i = 0; i < inventory->inputs.n; i++) {
        const as_input *input = &inventory->inputs.items[i];
        as_file_support support = as_file_kind_support(input->kind);
        if (support == AS_FILE_IGNORED) {
            continue;
        }
        as_coverage_row *row = row_of(arena, rows, as_str_from(as_file_kind_name(input->kind)));
        bool unread = support == AS_FILE_UNSUPPORTED;
        row->found++;
        row->skipped += unread;
        row->parsed += !unread && !as_map_has(bad_paths, input->path);
    }
}

static void count_units(as_arena *arena, const as_loading *loading, row_list *rows)
{
    const as_unit *last = NULL;
    for (size_t i = 0; i < loading->discovery.targets.n; i++) {
        const as_target *target = &loading->discovery.targets.items[i];
        /* A parser of several kinds of file has a row for each. */
        const as_input *input = as_discovery_input(&loading->discovery, target->path);
        const char *name = input == NULL ? target->parser->name : as_file_kind_name(input->kind);
        as_coverage_row *row = row_of(arena, rows, as_str_from(name));
        row->units += target->unit != last;
        row->entities += loading->loads[i].resources.n;
        last = target->unit;
    }
}

static int compare_rows(const void *a, const void *b)
{
    return as_str_cmp(((const as_coverage_row *)a)->parser, ((const as_coverage_row *)b)->parser);
}

/* Most frequent first; then by text. */
static int compare_missing(const void *a, const void *b)
{
    const as_missing_input *x = a, *y = b;
    if (x->n != y->n) {
        return x->n > y->n ? -1 : 1;
    }
    return as_str_cmp(x->reason, y->reason);
}

static void count_missing(as_arena *arena, as_report *report)
{
    AS_VEC(as_missing_input) list = {0};
    as_map at = {0}; /* reason → index + 1, as a size_t */
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        if (f->status != AS_UNSURE) {
            continue;
        }
        size_t *index = as_map_get(&at, f->message);
        if (index == NULL) {
            index = AS_NEW(arena, size_t);
            *index = list.n;
            as_map_put(arena, &at, f->message, index);
            AS_VEC_PUSH(arena, &list, (as_missing_input){.reason = f->message});
        }
        assert(list.items != NULL);
        list.items[*index].n++;
    }
    if (list.n > 1) {
        qsort(list.items, list.n, sizeof *list.items, compare_missing);
    }
    report->coverage.missing = list.items;
    report->coverage.n_missing = list.n;
}

/* A type that some schema joins to its entities is judged with them. */
static void leave_out_satellites(as_arena *arena, as_map *seen)
{
    size_t n;
    const as_entity_schema *kinds = as_schema_all(&n);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < kinds[i].n_satellites; k++) {
            as_strs types = kinds[i].satellites[k].types;
            for (size_t t = 0; t < types.n; t++) {
                if (as_map_has(seen, types.items[t])) {
                    as_map_put(arena, seen, types.items[t], NULL);
                }
            }
        }
    }
}

/* Types that no schema knows, so that nobody takes silence for a pass. */
static void count_types(as_arena *arena, as_report *report)
{
    as_map seen = {0};
    for (uint32_t id = 1; id <= as_graph_count(report->graph); id++) {
        const as_entity *entity = as_graph_get(report->graph, id);
        /* "terraform:variable", "helm:chart" and the like are the parser's own, not types that
         * anybody uses. */
        bool own = as_str_starts(entity->type, "terraform:") ||
                   as_str_starts(entity->type, "helm:") ||
                   as_str_starts(entity->type, "kustomize:");
        if (entity->schema == NULL && !own) {
            as_map_put(arena, &seen, entity->type, report);
        }
    }
    leave_out_satellites(arena, &seen);
    as_str *types = AS_NEW_ARRAY(arena, as_str, seen.n);
    size_t n = 0;
    for (size_t i = 0; i < seen.n; i++) {
        if (seen.entries[i].value != NULL) {
            types[n++] = seen.entries[i].key;
        }
    }
    if (n > 1) {
        qsort(types, n, sizeof *types, as_str_compare_qsort);
    }
    report->coverage.types_without_rules = (as_strs){types, n};
}

void as_coverage_take(as_arena *arena, const as_inventory *inventories, const as_loading *loadings,
        size_t n_roots, const as_coverage_row *secrets, as_report *report)
{
    row_list rows = {0};
    AS_VEC(as_skip) skips = {0};
    as_coverage *coverage = &report->coverage;
    as_map bad_paths = paths_with_errors(arena, report);
    for (size_t i = 0; i < n_roots; i++) {
        count_inputs(arena, &inventories[i], &bad_paths, &rows);
        count_units(arena, &loadings[i], &rows);
        coverage->n_files += inventories[i].n_files;
        for (size_t s = 0; s < inventories[i].skips.n; s++) {
            AS_VEC_PUSH(arena, &skips, inventories[i].skips.items[s]);
        }
    }
    if (secrets->found > 0) {
        AS_VEC_PUSH(arena, &rows, *secrets);
    }
    if (rows.n > 1) {
        qsort(rows.items, rows.n, sizeof *rows.items, compare_rows);
    }
    coverage->rows = rows.items;
    coverage->n_rows = rows.n;
    coverage->skips = skips.items;
    coverage->n_skips = skips.n;
    coverage->n_entities = as_graph_count(report->graph);
    coverage->n_edges = as_graph_n_edges(report->graph);
    count_missing(arena, report);
    count_types(arena, report);
}
