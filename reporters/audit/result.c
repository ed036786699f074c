#include "reporters/audit/result.h"

#include <stdlib.h>

#include "engine/base/map.h"
#include "engine/base/vec.h"

enum {
    MAX_LINE = 1000000,   /* a line beyond is none */
    MAX_LINES = 20000000, /* of all files together */
};

typedef struct result {
    as_arena *arena;
    as_sources *sources;
    as_map known, rules, entities, units;
    as_map lines; /* path → size_t *: the last line that is named */
    as_map files; /* path → uint32_t *: the source's id */
    AS_VEC(const as_rule *) used;
} result;

static as_str text_at(const as_value *object, const char *key)
{
    return as_value_str(as_value_get(object, as_str_from(key)));
}

static size_t size_at(const as_value *object, const char *key)
{
    int64_t n = as_value_int_or(as_value_get(object, as_str_from(key)), 0);

    return n > 0 ? (size_t)n : 0;
}

static as_strs texts_at(as_arena *arena, const as_value *object, const char *key)
{
    const as_value *list = as_value_get(object, as_str_from(key));
    size_t n = as_value_list_count(list);
    as_str *items = AS_NEW_ARRAY(arena, as_str, n);

    for (size_t i = 0; i < n; i++)
        items[i] = as_value_str(as_value_index(list, i));
    return (as_strs){items, n};
}

bool as_result_is(const as_value *root)
{
    return as_value_int_or(as_value_get(root, AS_STR("schema_version")), 0) == 1 &&
           as_value_is(as_value_get(root, AS_STR("findings")), AS_LIST) &&
           as_str_is(text_at(as_value_get(root, AS_STR("tool")), "name"), "assay");
}

/* --- files ---------------------------------------------------------------------------------------
 */

static void note_place(result *r, const as_value *place)
{
    as_str path = text_at(place, "path");
    size_t line = size_at(place, "line");

    if (path.n == 0 || line > MAX_LINE)
        return;
    size_t *last = as_map_get(&r->lines, path);
    if (!last) {
        last = AS_NEW(r->arena, size_t);
        as_map_put(r->arena, &r->lines, path, last);
    }
    *last = line > *last ? line : *last;
}

static void note_places(result *r, const as_value *finding)
{
    const as_value *evidence = as_value_get(finding, AS_STR("evidence"));

    note_place(r, as_value_get(finding, AS_STR("location")));
    note_place(r, as_value_get(finding, AS_STR("suppression")));
    for (size_t i = 0; i < as_value_list_count(evidence); i++)
        note_place(r, as_value_index(evidence, i));
}

/* All files share one text of line ends. */
static void add_files(result *r)
{
    size_t most = 0, sum = 0;

    for (size_t i = 0; i < r->lines.n; i++) {
        size_t last = *(const size_t *)r->lines.entries[i].value;
        most = last > most ? last : most;
    }
    char *ends = as_arena_alloc(r->arena, most + 1);
    memset(ends, '\n', most + 1);
    for (size_t i = 0; i < r->lines.n; i++) {
        size_t last = *(const size_t *)r->lines.entries[i].value;
        sum += last;
        if (sum > MAX_LINES)
            last = 1;
        const as_source *source =
                as_sources_add_absent(r->sources, r->lines.entries[i].key, (as_str){ends, last});
        as_map_put(r->arena, &r->files, r->lines.entries[i].key, AS_NEW(r->arena, uint32_t));
        *(uint32_t *)as_map_get(&r->files, r->lines.entries[i].key) = source ? source->id : 0;
    }
}

/* Line n begins behind n - 1 line ends. */
static as_span span_of(result *r, const as_value *place)
{
    const uint32_t *file = as_map_get(&r->files, text_at(place, "path"));
    const as_source *source = file ? as_sources_get(r->sources, *file) : NULL;
    size_t line = size_at(place, "line");

    if (!source)
        return AS_SPAN_NONE;
    uint32_t at = (uint32_t)(line == 0 || line > source->text.n ? 0 : line - 1);
    return (as_span){*file, at, at};
}

/* --- findings ------------------------------------------------------------------------------------
 */

static const as_rule *rule_of(result *r, const as_value *finding)
{
    as_str id = text_at(finding, "rule");
    const as_rule *rule = as_map_get(&r->rules, id), *known = as_map_get(&r->known, id);

    if (rule)
        return rule;
    as_rule *made = AS_NEW(r->arena, as_rule);
    if (known)
        *made = *known;
    made->id = id;
    made->title = text_at(finding, "title");
    made->category = text_at(finding, "category");
    made->frameworks = texts_at(r->arena, finding, "frameworks");
    if (!as_severity_parse(text_at(finding, "severity"), &made->severity))
        made->severity = AS_SEVERITY_NONE;
    as_map_put(r->arena, &r->rules, id, made);
    AS_VEC_PUSH(r->arena, &r->used, made);
    return made;
}

static const as_unit *unit_of(result *r, const as_value *resource)
{
    as_str key = as_str_fmt(r->arena, "%.*s\n%.*s\n%.*s", AS_STR_ARG(text_at(resource, "unit")),
            AS_STR_ARG(text_at(resource, "variant")), AS_STR_ARG(text_at(resource, "environment")));
    as_unit *unit = as_map_get(&r->units, key);

    if (unit)
        return unit;
    unit = AS_NEW(r->arena, as_unit);
    unit->name = text_at(resource, "unit");
    unit->variant = text_at(resource, "variant");
    unit->environment = text_at(resource, "environment");
    as_map_put(r->arena, &r->units, key, unit);
    return unit;
}

static as_origin origin_of(as_str name)
{
    for (int origin = 0; origin < AS_N_ORIGINS; origin++)
        if (as_str_is(name, as_origin_name((as_origin)origin)))
            return (as_origin)origin;
    return AS_ORIGIN_FILE;
}

static const as_entity *entity_of(result *r, const as_value *finding)
{
    const as_value *resource = as_value_get(finding, AS_STR("resource"));
    as_str address = text_at(resource, "address");
    const as_unit *unit = unit_of(r, resource);
    as_str key = as_str_fmt(r->arena, "%.*s\n%p", AS_STR_ARG(address), (const void *)unit);
    as_entity *entity = as_map_get(&r->entities, key);

    if (address.n == 0 || entity)
        return entity;
    entity = AS_NEW(r->arena, as_entity);
    entity->address = address;
    entity->name = address;
    entity->kind = text_at(resource, "kind");
    entity->type = text_at(resource, "type");
    entity->origin = origin_of(text_at(resource, "origin"));
    entity->unit = unit;
    as_map_put(r->arena, &r->entities, key, entity);
    return entity;
}

static const as_suppression *suppression_of(result *r, const as_value *value)
{
    as_suppression *suppression = AS_NEW(r->arena, as_suppression);

    if (!as_value_is(value, AS_OBJECT))
        return NULL;
    *suppression = (as_suppression){.source = text_at(value, "source"),
            .reason = text_at(value, "reason"),
            .owner = text_at(value, "owner"),
            .until = text_at(value, "until"),
            .span = span_of(r, value)};
    return suppression;
}

static void read_evidence(result *r, const as_value *list, as_finding *finding)
{
    size_t n = as_value_list_count(list);
    as_evidence *evidence = AS_NEW_ARRAY(r->arena, as_evidence, n);

    for (size_t i = 0; i < n; i++)
        evidence[i] = (as_evidence){
                span_of(r, as_value_index(list, i)), text_at(as_value_index(list, i), "note")};
    finding->evidence = evidence;
    finding->n_evidence = (uint32_t)n;
    finding->n_trail = (uint32_t)n;
}

static void read_fixes(result *r, const as_value *list, as_finding *finding)
{
    size_t n = as_value_list_count(list);
    as_fix *fixes = AS_NEW_ARRAY(r->arena, as_fix, n);

    for (size_t i = 0; i < n; i++)
        fixes[i] = (as_fix){.title = text_at(as_value_index(list, i), "title"),
                .field = text_at(as_value_index(list, i), "field"),
                .value = text_at(as_value_index(list, i), "value")};
    finding->fixes = fixes;
    finding->n_fixes = (uint32_t)n;
}

static bool status_of(as_str name, as_status *out)
{
    for (int status = AS_FAIL; status <= AS_SUPPRESSED; status++) {
        if (!as_str_is(name, as_status_name((as_status)status)))
            continue;
        *out = (as_status)status;
        return true;
    }
    return false;
}

/* False for what is no finding. */
static bool read_finding(result *r, const as_value *value, as_finding *out)
{
    as_str fingerprint = text_at(value, "fingerprint");

    *out = (as_finding){0};
    if (text_at(value, "rule").n == 0 || !status_of(text_at(value, "status"), &out->status) ||
            !as_severity_parse(text_at(value, "severity"), &out->severity) ||
            fingerprint.n >= sizeof out->fingerprint)
        return false;
    memcpy(out->fingerprint, fingerprint.p ? fingerprint.p : "", fingerprint.n);
    out->rule = rule_of(r, value);
    out->fail_case = text_at(value, "case");
    out->aliases = texts_at(r->arena, value, "aliases");
    out->entity = entity_of(r, value);
    out->span = span_of(r, as_value_get(value, AS_STR("location")));
    out->message = text_at(value, "message");
    out->suppression = suppression_of(r, as_value_get(value, AS_STR("suppression")));
    if (out->status == AS_SUPPRESSED && !out->suppression)
        return false;
    read_evidence(r, as_value_get(value, AS_STR("evidence")), out);
    read_fixes(r, as_value_get(value, AS_STR("fixes")), out);
    return true;
}

/* --- the rest ------------------------------------------------------------------------------------
 */

static void read_coverage(as_arena *arena, const as_value *value, as_coverage *out)
{
    const as_value *rows = as_value_get(value, AS_STR("parsers")),
                   *skips = as_value_get(value, AS_STR("skipped"));
    const as_value *missing = as_value_get(value, AS_STR("missing_inputs"));
    size_t n_rows = as_value_list_count(rows), n_skips = as_value_list_count(skips),
           n_missing = as_value_list_count(missing);
    as_coverage_row *row = AS_NEW_ARRAY(arena, as_coverage_row, n_rows);
    as_skip *skip = AS_NEW_ARRAY(arena, as_skip, n_skips);
    as_missing_input *reasons = AS_NEW_ARRAY(arena, as_missing_input, n_missing);

    for (size_t i = 0; i < n_rows; i++) {
        const as_value *v = as_value_index(rows, i);
        row[i] = (as_coverage_row){text_at(v, "parser"), size_at(v, "found"), size_at(v, "parsed"),
                size_at(v, "skipped"), size_at(v, "units"), size_at(v, "entities")};
    }
    for (size_t i = 0; i < n_skips; i++)
        skip[i] = (as_skip){text_at(as_value_index(skips, i), "path"),
                text_at(as_value_index(skips, i), "why")};
    for (size_t i = 0; i < n_missing; i++)
        reasons[i] = (as_missing_input){text_at(as_value_index(missing, i), "reason"),
                size_at(as_value_index(missing, i), "checks")};
    *out = (as_coverage){.rows = row,
            .n_rows = n_rows,
            .skips = skip,
            .n_skips = n_skips,
            .missing = reasons,
            .n_missing = n_missing,
            .n_files = size_at(value, "files"),
            .n_entities = size_at(value, "entities"),
            .n_edges = size_at(value, "edges"),
            .n_rules_loaded = size_at(value, "rules"),
            .n_checks = size_at(value, "checks")};
}

static const as_diags *read_diags(as_arena *arena, const as_value *list)
{
    as_diags *diags = AS_NEW(arena, as_diags);

    as_diags_init(diags, arena);
    for (size_t i = 0; i < as_value_list_count(list); i++) {
        const as_value *v = as_value_index(list, i);
        as_str severity = text_at(v, "severity"), message = text_at(v, "message");
        as_diags_add_path(diags,
                as_str_is(severity, "error")     ? AS_DIAG_ERROR
                : as_str_is(severity, "warning") ? AS_DIAG_WARNING
                                                 : AS_DIAG_NOTE,
                as_str_cstr(arena, text_at(v, "code")), text_at(v, "path"), "line %zu: %.*s",
                size_at(v, "line"), AS_STR_ARG(message));
    }
    return diags;
}

static int by_id(const void *a, const void *b)
{
    return as_str_cmp((*(const as_rule *const *)a)->id, (*(const as_rule *const *)b)->id);
}

static void summarise(as_report *report)
{
    for (size_t i = 0; i < report->n_findings; i++) {
        report->summary.by_status[report->findings[i].status]++;
        if (report->findings[i].status == AS_FAIL)
            report->summary.failed_by_severity[report->findings[i].severity]++;
        report->show_passed |= report->findings[i].status == AS_PASS;
    }
}

const as_report *as_result_read(as_arena *arena, as_sources *sources, const as_value *root,
        const as_rule *const *known, size_t n_known)
{
    const as_value *list = as_value_get(root, AS_STR("findings"));
    size_t n = as_value_list_count(list), n_read = 0;
    as_finding *findings = AS_NEW_ARRAY(arena, as_finding, n);
    as_report *report = AS_NEW(arena, as_report);
    result r = {.arena = arena, .sources = sources};

    for (size_t i = 0; i < n_known; i++)
        if (!as_map_has(&r.known, known[i]->id)) {
            as_rule *copy = AS_NEW(arena, as_rule);
            *copy = *known[i];
            as_map_put(arena, &r.known, copy->id, copy);
        }
    for (size_t i = 0; i < n; i++)
        note_places(&r, as_value_index(list, i));
    add_files(&r);
    for (size_t i = 0; i < n; i++)
        n_read += read_finding(&r, as_value_index(list, i), &findings[n_read]);
    if (r.used.n > 1)
        qsort(r.used.items, r.used.n, sizeof *r.used.items, by_id);
    *report = (as_report){.sources = sources,
            .findings = findings,
            .n_findings = n_read,
            .rules = r.used.items,
            .n_rules = r.used.n,
            .diags = read_diags(arena, as_value_get(root, AS_STR("diagnostics")))};
    read_coverage(arena, as_value_get(root, AS_STR("coverage")), &report->coverage);
    summarise(report);
    return report;
}
