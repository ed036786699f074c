#include "reporters/html/internal.h"

#include "engine/cli/version.h"
#include "engine/base/vec.h"
#include "reporters/audit/excerpt.h"
#include "reporters/audit/picture.h"
#include "reporters/common.h"
#include "reporters/json_out.h"

/* What columns refer to, in the order of first use. References count from 1; 0: none. */
typedef struct tables {
    const as_audit *audit;
    as_arena *arena;
    as_json_out out;
    as_map path_index, entity_index, place_index, answers;
    AS_VEC(const as_source *) paths;
    AS_VEC(const as_entity *) entities;
    AS_VEC(const as_finding *) places; /* one finding for each place that is shown */
    AS_VEC(uint32_t) shown;            /* findings that are listed */
} tables;

static void *next_number(tables *t, size_t n)
{
    size_t *number = AS_NEW(t->arena, size_t);

    *number = n;
    return number;
}

static size_t path_of(tables *t, uint32_t file)
{
    const as_source *source = as_sources_get(t->audit->report->sources, file);

    if (!source)
        return 0;
    const size_t *known = as_map_get(&t->path_index, source->path);
    if (known)
        return *known;
    AS_VEC_PUSH(t->arena, &t->paths, source);
    as_map_put(t->arena, &t->path_index, source->path, next_number(t, t->paths.n));
    return t->paths.n;
}

static size_t entity_of(tables *t, const as_entity *entity)
{
    if (!entity)
        return 0;
    as_str key = {(const char *)&entity, sizeof entity};
    const size_t *known = as_map_get(&t->entity_index, key);
    if (known)
        return *known;
    AS_VEC_PUSH(t->arena, &t->entities, entity);
    as_map_put(
            t->arena, &t->entity_index, as_str_dup(t->arena, key), next_number(t, t->entities.n));
    return t->entities.n;
}

static bool is_secret(const as_finding *f)
{
    return as_str_is(f->rule->category, "secrets");
}

/* Findings at one place share its excerpt. Passed checks need none: nobody looks for what is right.
 */
static size_t place_of(tables *t, const as_finding *f)
{
    as_span span = as_finding_span(f);

    if (f->status == AS_PASS || span.file == 0)
        return 0;
    as_str key = as_str_fmt(t->arena, "%u:%u:%u:%d", span.file, span.begin, span.end, is_secret(f));
    const size_t *known = as_map_get(&t->place_index, key);
    if (known)
        return *known;
    AS_VEC_PUSH(t->arena, &t->places, f);
    as_map_put(t->arena, &t->place_index, key, next_number(t, t->places.n));
    return t->places.n;
}

/* --- findings ----------------------------------------------------------------------------------
 */

typedef size_t (*column)(tables *t, uint32_t i);

static const as_finding *finding(tables *t, uint32_t i)
{
    return &t->audit->report->findings[i];
}

static size_t col_rule(tables *t, uint32_t i)
{
    return t->audit->rule_of[i];
}

static size_t col_status(tables *t, uint32_t i)
{
    return finding(t, i)->status;
}

static size_t col_severity(tables *t, uint32_t i)
{
    return finding(t, i)->severity;
}

static size_t col_environment(tables *t, uint32_t i)
{
    return t->audit->environment_of[i];
}

static size_t col_entity(tables *t, uint32_t i)
{
    return entity_of(t, finding(t, i)->entity);
}

static size_t col_path(tables *t, uint32_t i)
{
    return path_of(t, as_finding_span(finding(t, i)).file);
}

static size_t col_line(tables *t, uint32_t i)
{
    return as_finding_place(t->audit->report, finding(t, i)).begin.line;
}

static size_t col_place(tables *t, uint32_t i)
{
    return place_of(t, finding(t, i));
}

static void write_columns(tables *t)
{
    static const struct {
        const char *name;
        column of;
    } columns[] = {{"rule", col_rule}, {"status", col_status}, {"severity", col_severity},
            {"environment", col_environment}, {"entity", col_entity}, {"path", col_path},
            {"line", col_line}, {"place", col_place}};

    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        as_json_open(&t->out, columns[c].name, '[');
        for (size_t i = 0; i < t->shown.n; i++)
            as_json_size(&t->out, NULL, columns[c].of(t, t->shown.items[i]));
        as_json_close(&t->out, ']');
    }
    as_json_open(&t->out, "message", '[');
    for (size_t i = 0; i < t->shown.n; i++)
        as_json_str(&t->out, NULL, finding(t, t->shown.items[i])->message);
    as_json_close(&t->out, ']');
    as_json_open(&t->out, "fingerprint", '[');
    for (size_t i = 0; i < t->shown.n; i++)
        as_json_str(&t->out, NULL,
                as_str_slice(as_str_from(finding(t, t->shown.items[i])->fingerprint), 0, 12));
    as_json_close(&t->out, ']');
}

static void write_more(tables *t, const as_finding *f)
{
    as_json_open(&t->out, "evidence", '[');
    for (size_t i = 0; i < f->n_evidence; i++) {
        as_span span = f->evidence[i].span;
        as_json_open(&t->out, NULL, '[');
        as_json_str(&t->out, NULL, f->evidence[i].note);
        as_json_size(&t->out, NULL, path_of(t, span.file));
        as_json_size(&t->out, NULL, as_place_of(t->audit->report, span).begin.line);
        as_json_close(&t->out, ']');
    }
    as_json_close(&t->out, ']');
    if (f->n_trail < f->n_evidence)
        as_json_size(&t->out, "trail", f->n_trail);
    as_json_open(&t->out, "fixes", '[');
    for (size_t i = 0; i < f->n_fixes; i++) {
        const as_fix *fix = &f->fixes[i];
        as_json_str(&t->out, NULL,
                fix->title.n > 0 ? fix->title
                                 : as_str_fmt(t->arena, "set %.*s to %.*s", AS_STR_ARG(fix->field),
                                           AS_STR_ARG(fix->value)));
    }
    as_json_close(&t->out, ']');
    as_json_strs(&t->out, "aliases", f->aliases.items, f->aliases.n);
    if (f->suppression) {
        as_json_open(&t->out, "suppression", '{');
        as_json_str(&t->out, "source", f->suppression->source);
        as_json_str(&t->out, "reason", f->suppression->reason);
        as_json_str(&t->out, "owner", f->suppression->owner);
        as_json_str(&t->out, "until", f->suppression->until);
        as_json_close(&t->out, '}');
    }
}

/* What few findings have, by their place in the columns. */
static void write_findings(tables *t)
{
    as_json_open(&t->out, "findings", '{');
    write_columns(t);
    as_json_open(&t->out, "more", '{');
    for (size_t i = 0; i < t->shown.n; i++) {
        const as_finding *f = finding(t, t->shown.items[i]);
        if (f->status == AS_PASS ||
                f->n_evidence + f->n_fixes + f->aliases.n + (f->suppression != NULL) == 0)
            continue;
        as_json_open(&t->out, as_str_fmt(t->arena, "%zu", i).p, '{');
        write_more(t, f);
        as_json_close(&t->out, '}');
    }
    as_json_close(&t->out, '}');
    as_json_close(&t->out, '}');
}

/* --- what findings refer to --------------------------------------------------------------------
 */

static void write_entity(tables *t, const as_entity *e)
{
    as_json_open(&t->out, NULL, '[');
    as_json_str(&t->out, NULL, e->address);
    as_json_str(&t->out, NULL, e->kind);
    as_json_cstr(&t->out, NULL, as_origin_name(e->origin));
    as_json_str(&t->out, NULL, e->unit ? e->unit->name : AS_STR(""));
    as_json_str(&t->out, NULL, e->account);
    as_json_str(&t->out, NULL, e->region);
    as_json_close(&t->out, ']');
}

static void write_place(tables *t, const as_finding *f)
{
    as_excerpt excerpt;
    as_live_answer answer;

    as_excerpt_of(t->arena, t->audit->report, as_finding_span(f), is_secret(f), &excerpt);
    as_json_open(&t->out, NULL, '{');
    as_json_open(&t->out, "lines", '[');
    for (size_t i = 0; i < excerpt.n; i++) {
        as_json_open(&t->out, NULL, '[');
        as_json_size(&t->out, NULL, excerpt.lines[i].number);
        as_json_size(&t->out, NULL, excerpt.lines[i].marked);
        as_json_str(&t->out, NULL, excerpt.lines[i].text);
        as_json_close(&t->out, ']');
    }
    as_json_close(&t->out, ']');
    if (as_excerpt_answer(t->arena, &t->answers, t->audit->report, f, &answer)) {
        as_json_str(&t->out, "op", answer.op);
        as_json_str(&t->out, "time", answer.time);
        as_json_str(&t->out, "sha256", answer.sha256);
    }
    as_json_close(&t->out, '}');
}

static void write_tables(tables *t)
{
    as_json_open(&t->out, "entities", '[');
    for (size_t i = 0; i < t->entities.n; i++)
        write_entity(t, t->entities.items[i]);
    as_json_close(&t->out, ']');
    as_json_open(&t->out, "paths", '[');
    for (size_t i = 0; i < t->paths.n; i++) {
        as_json_open(&t->out, NULL, '[');
        as_json_str(&t->out, NULL, t->paths.items[i]->path);
        as_json_str(&t->out, NULL, as_excerpt_sha256(t->arena, t->paths.items[i]));
        as_json_close(&t->out, ']');
    }
    as_json_close(&t->out, ']');
    as_json_open(&t->out, "places", '[');
    for (size_t i = 0; i < t->places.n; i++)
        write_place(t, t->places.items[i]);
    as_json_close(&t->out, ']');
}

static void write_rules(tables *t)
{
    as_json_open(&t->out, "rules", '[');
    for (size_t i = 0; i < t->audit->n_rules; i++) {
        const as_rule *rule = t->audit->rules[i];
        as_json_open(&t->out, NULL, '{');
        as_json_str(&t->out, "id", rule->id);
        as_json_str(&t->out, "title", rule->title);
        as_json_str(&t->out, "category", rule->category);
        as_json_str(&t->out, "description", rule->description);
        as_json_str(&t->out, "remediation", rule->remediation);
        as_json_strs(&t->out, "references", rule->references.items, rule->references.n);
        as_json_strs(&t->out, "frameworks", rule->frameworks.items, rule->frameworks.n);
        as_json_close(&t->out, '}');
    }
    as_json_close(&t->out, ']');
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static void write_counts(as_json_out *out, const char *key, const as_audit_counts *counts)
{
    as_json_open(out, key, '[');
    for (size_t s = 0; s < 4; s++)
        as_json_size(out, NULL, counts->n[s]);
    as_json_close(out, ']');
}

static void write_control(as_json_out *out, const as_audit_control *control)
{
    as_json_open(out, NULL, '{');
    as_json_str(out, "id", control->control->id);
    as_json_str(out, "title", control->control->title);
    as_json_str(out, "section", control->control->section);
    as_json_str_if(out, "manual", control->control->manual);
    as_json_cstr(out, "state", as_control_state_name(control->state));
    write_counts(out, "counts", &control->counts);
    as_json_open(out, "rules", '[');
    for (size_t i = 0; i < control->n_rules; i++)
        as_json_size(out, NULL, control->rules[i]);
    as_json_close(out, ']');
    as_json_close(out, '}');
}

static void write_frameworks(as_json_out *out, const as_audit *audit)
{
    as_json_open(out, "frameworks", '[');
    for (size_t i = 0; i < audit->n_frameworks; i++) {
        const as_audit_framework *judged = &audit->frameworks[i];
        as_json_open(out, NULL, '{');
        as_json_str(out, "id", judged->framework->id);
        as_json_str(out, "name", judged->framework->name);
        as_json_str(out, "version", judged->framework->version);
        as_json_str(out, "reference", judged->framework->reference);
        int score = as_audit_control_score(judged);
        if (score >= 0)
            as_json_size(out, "score", (size_t)score);
        write_counts(out, "counts", &judged->total);
        as_json_open(out, "environments", '[');
        for (size_t e = 0; e < audit->environments.n; e++)
            write_counts(out, NULL, &judged->by_environment[e]);
        as_json_close(out, ']');
        as_json_open(out, "controls", '[');
        for (size_t c = 0; c < judged->framework->n_controls; c++)
            write_control(out, &judged->controls[c]);
        as_json_close(out, ']');
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
}

static void write_about(as_json_out *out, const as_audit *audit)
{
    const as_report *report = audit->report;

    as_json_open(out, "about", '{');
    as_json_str(out, "title", audit->title);
    as_json_str_if(out, "generated", audit->generated);
    as_json_cstr(out, "version", AS_VERSION);
    as_json_size(out, "files", report->coverage.n_files);
    as_json_size(out, "resources", report->coverage.n_entities);
    as_json_size(out, "rules", report->coverage.n_rules_loaded);
    as_json_size(out, "checks", report->coverage.n_checks);
    as_json_bool(out, "passes", report->show_passed);
    write_counts(out, "counts", &audit->total);
    as_json_open(out, "severities", '[');
    for (int s = 0; s <= AS_SEVERITY_CRITICAL; s++)
        as_json_size(out, NULL, report->summary.failed_by_severity[s]);
    as_json_close(out, ']');
    as_json_strs(out, "environments", audit->environments.items, audit->environments.n);
    as_json_open(out, "by_environment", '[');
    for (size_t e = 0; e < audit->environments.n; e++)
        write_counts(out, NULL, &audit->by_environment[e]);
    as_json_close(out, ']');
    as_json_close(out, '}');
}

static void write_runs(as_json_out *out, const as_audit *audit)
{
    as_json_open(out, "runs", '[');
    for (size_t i = 0; i < audit->n_runs; i++) {
        const as_history_run *run = &audit->runs[i];
        as_json_open(out, NULL, '{');
        as_json_str(out, "time", run->started);
        as_json_open(out, "severities", '[');
        for (int s = 0; s <= AS_SEVERITY_CRITICAL; s++)
            as_json_size(out, NULL, (size_t)run->by_severity[s]);
        as_json_close(out, ']');
        as_json_size(out, "fail", (size_t)run->by_status[AS_FAIL]);
        as_json_size(out, "unknown", (size_t)run->by_status[AS_UNSURE]);
        as_json_size(out, "new", (size_t)(run->n_new + run->n_reopened));
        as_json_size(out, "fixed", (size_t)run->n_fixed);
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
}

static void write_gaps(as_json_out *out, const as_report *report)
{
    as_json_open(out, "missing", '[');
    for (size_t i = 0; i < report->coverage.n_missing; i++) {
        as_json_open(out, NULL, '[');
        as_json_str(out, NULL, report->coverage.missing[i].reason);
        as_json_size(out, NULL, report->coverage.missing[i].n);
        as_json_close(out, ']');
    }
    as_json_close(out, ']');
    as_json_open(out, "diagnostics", '[');
    for (size_t i = 0; i < report->diags->list.n; i++) {
        const as_diag *diag = &report->diags->list.items[i];
        as_place place = as_diag_place(report, diag);
        as_json_open(out, NULL, '[');
        as_json_cstr(out, NULL, as_diag_severity_name(diag->severity));
        as_json_str(out, NULL, place.path);
        as_json_size(out, NULL, place.begin.line);
        as_json_str(out, NULL, diag->summary);
        as_json_cstr(out, NULL, diag->code);
        as_json_close(out, ']');
    }
    as_json_close(out, ']');
    as_json_open(out, "skipped", '[');
    for (size_t i = 0; i < report->coverage.n_skips; i++) {
        as_json_open(out, NULL, '[');
        as_json_str(out, NULL, report->coverage.skips[i].path);
        as_json_str(out, NULL, report->coverage.skips[i].why);
        as_json_close(out, ']');
    }
    as_json_close(out, ']');
    as_json_open(out, "parsers", '[');
    for (size_t i = 0; i < report->coverage.n_rows; i++) {
        const as_coverage_row *row = &report->coverage.rows[i];
        as_json_open(out, NULL, '[');
        as_json_str(out, NULL, row->parser);
        as_json_size(out, NULL, row->found);
        as_json_size(out, NULL, row->parsed);
        as_json_size(out, NULL, row->skipped);
        as_json_size(out, NULL, row->entities);
        as_json_close(out, ']');
    }
    as_json_close(out, ']');
}

static void write_picture(tables *t)
{
    as_picture picture = as_picture_of(t->arena, t->audit->report);

    as_json_open(&t->out, "picture", '{');
    as_json_size(&t->out, "left_out", picture.n_left_out);
    as_json_open(&t->out, "types", '[');
    for (int type = 0; type < AS_N_EDGE_TYPES; type++)
        as_json_cstr(&t->out, NULL, as_edge_name((as_edge_type)type));
    as_json_close(&t->out, ']');
    as_json_open(&t->out, "nodes", '[');
    for (size_t i = 0; i < picture.n_nodes; i++) {
        as_json_open(&t->out, NULL, '[');
        as_json_size(&t->out, NULL, entity_of(t, picture.nodes[i].entity));
        as_json_size(&t->out, NULL, picture.nodes[i].worst);
        as_json_size(&t->out, NULL, picture.nodes[i].n_failed);
        as_json_close(&t->out, ']');
    }
    as_json_close(&t->out, ']');
    as_json_open(&t->out, "links", '[');
    for (size_t i = 0; i < picture.n_links; i++) {
        as_json_open(&t->out, NULL, '[');
        as_json_size(&t->out, NULL, picture.links[i].from);
        as_json_size(&t->out, NULL, picture.links[i].to);
        as_json_size(&t->out, NULL, picture.links[i].type);
        as_json_str(&t->out, NULL, picture.links[i].label);
        as_json_close(&t->out, ']');
    }
    as_json_close(&t->out, ']');
    as_json_close(&t->out, '}');
}

static void write_stop(tables *t, const char *key, const as_attack_node *node)
{
    as_json_open(&t->out, key, '{');
    as_json_str(&t->out, "title", node->entity ? node->entity->address : node->title);
    as_json_cstr(&t->out, "kind", as_attack_kind_name(node->kind));
    as_json_close(&t->out, '}');
}

static void write_attack_path(tables *t, const as_attack_path *path)
{
    as_json_open(&t->out, NULL, '{');
    as_json_bool(&t->out, "certain", path->certain);
    as_json_str(&t->out, "reason", path->reason);
    write_stop(t, "start", path->start);
    as_json_open(&t->out, "steps", '[');
    for (size_t i = 0; i < path->n_steps; i++) {
        const as_attack_link *link = path->steps[i].link;
        as_json_open(&t->out, NULL, '{');
        write_stop(t, "to", path->steps[i].to);
        as_json_cstr(&t->out, "hop", as_hop_name(link->hop));
        as_json_str(&t->out, "note", link->note);
        as_json_bool(&t->out, "certain", link->certain);
        as_json_str(&t->out, "reason", link->reason);
        as_json_size(&t->out, "path", path_of(t, link->span.file));
        as_json_size(&t->out, "line", as_place_of(t->audit->report, link->span).begin.line);
        as_json_close(&t->out, '}');
    }
    as_json_close(&t->out, ']');
    as_json_close(&t->out, '}');
}

static void write_attack_paths(tables *t)
{
    const as_attack_paths *paths = t->audit->attack_paths;

    as_json_open(&t->out, "attack_paths", '[');
    for (size_t i = 0; paths && i < paths->n; i++)
        if (paths->items[i].n_steps > 0)
            write_attack_path(t, &paths->items[i]);
    as_json_close(&t->out, ']');
}

void as_html_data(as_buf *buf, const as_audit *audit)
{
    tables t = {.audit = audit, .arena = buf->arena, .out = {.buf = buf}};
    const as_report *report = audit->report;

    for (size_t i = 0; i < report->n_findings; i++)
        if (report->findings[i].status != AS_PASS || report->show_passed)
            AS_VEC_PUSH(t.arena, &t.shown, (uint32_t)i);
    as_json_open(&t.out, NULL, '{');
    write_about(&t.out, audit);
    write_runs(&t.out, audit);
    write_frameworks(&t.out, audit);
    write_rules(&t);
    write_findings(&t);
    write_picture(&t);
    write_attack_paths(&t);
    write_tables(&t); /* last: what came before refers to it */
    write_gaps(&t.out, report);
    as_json_close(&t.out, '}');
}
