#include "engine/rules/baseline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/file.h"
#include "parsers/json/json.h"

static void add(as_arena *arena, as_map *counts, as_str fingerprint, size_t n)
{
    size_t *count = as_map_get(counts, fingerprint);

    if (!count) {
        count = AS_NEW(arena, size_t);
        as_map_put(arena, counts, fingerprint, count);
    }
    *count += n;
}

static void add_unit(as_arena *arena, as_baseline *baseline, as_str unit)
{
    if (unit.n > 0 && !as_map_has(&baseline->units, unit))
        as_map_put(arena, &baseline->units, unit, baseline);
}

static as_str unit_of(const as_finding *finding)
{
    return finding->entity && finding->entity->unit ? finding->entity->unit->name : AS_STR("");
}

const as_baseline *as_baseline_read(
        as_arena *arena, as_sources *sources, const char *file, as_diags *diags)
{
    const as_source *source = as_file_read(arena, sources, file, AS_STR(""), diags);

    return source ? as_baseline_parse(arena, source, diags) : NULL;
}

const as_baseline *as_baseline_parse(as_arena *arena, const as_source *source, as_diags *diags)
{
    const as_value *root = as_json_parse(arena, source, diags);
    if (!root)
        return NULL;

    const as_value *findings = as_value_get(root, AS_STR("findings"));
    if (as_value_int_or(as_value_get(root, AS_STR("baseline_version")), 0) != 1 ||
            !as_value_is(findings, AS_LIST)) {
        as_diags_add(
                diags, AS_DIAG_ERROR, "baseline-form", root->span, "this is no baseline of assay");
        as_diags_detail(diags, "write one with: assay baseline PATH");
        return NULL;
    }
    as_baseline *baseline = AS_NEW(arena, as_baseline);
    baseline->file = source->path;
    for (size_t i = 0; i < as_value_count(findings); i++) {
        const as_value *entry = as_value_index(findings, i);
        as_str fingerprint = as_value_str(as_value_get(entry, AS_STR("fingerprint")));
        int64_t count = as_value_int_or(as_value_get(entry, AS_STR("count")), 1);
        if (fingerprint.n > 0 && count > 0)
            add(arena, &baseline->counts, fingerprint, (size_t)count);
        add_unit(arena, baseline, as_value_str(as_value_get(entry, AS_STR("unit"))));
    }
    return baseline;
}

const as_baseline *as_baseline_of(
        as_arena *arena, as_str name, const as_finding *findings, size_t n)
{
    as_baseline *baseline = AS_NEW(arena, as_baseline);

    baseline->file = name;
    for (size_t i = 0; i < n; i++) {
        if (findings[i].status != AS_FAIL)
            continue;
        add(arena, &baseline->counts, as_str_from(findings[i].fingerprint), 1);
        add_unit(arena, baseline, unit_of(&findings[i]));
    }
    return baseline;
}

static int by_fingerprint(const void *a, const void *b)
{
    const as_finding *const *x = a, *const *y = b;

    return strcmp((*x)->fingerprint, (*y)->fingerprint);
}

static void write_entry(as_buf *out, const as_finding *finding, size_t count)
{
    as_buf_cstr(out, "\n    {\"fingerprint\": ");
    as_buf_json_string(out, as_str_from(finding->fingerprint));
    as_buf_cstr(out, ", \"rule\": ");
    as_buf_json_string(out, finding->rule->id);
    as_buf_cstr(out, ", \"resource\": ");
    as_buf_json_string(out, finding->entity ? finding->entity->address : AS_STR(""));
    if (unit_of(finding).n > 0) {
        as_buf_cstr(out, ", \"unit\": ");
        as_buf_json_string(out, unit_of(finding));
    }
    if (count > 1)
        as_buf_fmt(out, ", \"count\": %zu", count);
    as_buf_char(out, '}');
}

void as_baseline_write(as_buf *out, const as_finding *findings, size_t n)
{
    const as_finding **failed = AS_NEW_ARRAY(out->arena, const as_finding *, n);
    size_t n_failed = 0;

    for (size_t i = 0; i < n; i++)
        if (findings[i].status == AS_FAIL)
            failed[n_failed++] = &findings[i];
    qsort(failed, n_failed, sizeof *failed, by_fingerprint);

    /* One finding a line, so that a change of the file reads well. */
    as_buf_cstr(out, "{\n  \"baseline_version\": 1,\n  \"findings\": [");
    for (size_t i = 0; i < n_failed;) {
        size_t count = 1;
        while (i + count < n_failed && by_fingerprint(&failed[i], &failed[i + count]) == 0)
            count++;
        if (i > 0)
            as_buf_char(out, ',');
        write_entry(out, failed[i], count);
        i += count;
    }
    as_buf_cstr(out, n_failed > 0 ? "\n  ]\n}\n" : "]\n}\n");
}
