/* The machine form of the whole report: schema_version 1. Members are added, never changed or taken
 * away, within a schema version. */
#include "reporters/reporter.h"

#include "engine/cli/version.h"
#include "reporters/common.h"
#include "reporters/json_parts.h"

static void write_tool(as_json_out *out)
{
    as_json_cstr(out, "name", "assay");
    as_json_cstr(out, "version", AS_VERSION);
}

static void write_summary(as_json_out *out, const as_report *report)
{
    for (as_status status = AS_FAIL; status <= AS_SUPPRESSED; status++)
        as_json_size(out, as_status_name(status), report->summary.by_status[status]);
    as_json_open(out, "by_severity", '{');
    for (int s = AS_SEVERITY_CRITICAL; s >= AS_SEVERITY_INFO; s--)
        as_json_size(out, as_severity_name((as_severity)s), report->summary.failed_by_severity[s]);
    as_json_close(out, '}');
    as_json_size(out, "errors", report->diags->n_errors);
    as_json_size(out, "warnings", report->diags->n_warnings);
}

static void write_coverage(as_json_out *out, const as_report *report)
{
    const as_coverage *coverage = &report->coverage;

    as_json_size(out, "files", coverage->n_files);
    as_json_size(out, "entities", coverage->n_entities);
    as_json_size(out, "edges", coverage->n_edges);
    as_json_size(out, "rules", coverage->n_rules_loaded);
    as_json_size(out, "checks", coverage->n_checks);
    as_json_open(out, "parsers", '[');
    for (size_t i = 0; i < coverage->n_rows; i++) {
        const as_coverage_row *row = &coverage->rows[i];
        as_json_open(out, NULL, '{');
        as_json_str(out, "parser", row->parser);
        as_json_size(out, "found", row->found);
        as_json_size(out, "parsed", row->parsed);
        as_json_size(out, "skipped", row->skipped);
        as_json_size(out, "units", row->units);
        as_json_size(out, "entities", row->entities);
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
    as_json_open(out, "skipped", '[');
    for (size_t i = 0; i < coverage->n_skips; i++) {
        as_json_open(out, NULL, '{');
        as_json_str(out, "path", coverage->skips[i].path);
        as_json_str(out, "why", coverage->skips[i].why);
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
    as_json_open(out, "missing_inputs", '[');
    for (size_t i = 0; i < coverage->n_missing; i++) {
        as_json_open(out, NULL, '{');
        as_json_str(out, "reason", coverage->missing[i].reason);
        as_json_size(out, "checks", coverage->missing[i].n);
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
    as_json_strs(out, "types_without_rules", coverage->types_without_rules.items,
            coverage->types_without_rules.n);
}

void as_json_head(as_json_out *out, const as_report *report)
{
    as_json_size(out, "schema_version", 1);
    as_json_open(out, "tool", '{');
    write_tool(out);
    as_json_close(out, '}');
    as_json_open(out, "summary", '{');
    write_summary(out, report);
    as_json_close(out, '}');
    as_json_open(out, "coverage", '{');
    write_coverage(out, report);
    as_json_close(out, '}');
}

void as_json_diag(as_json_out *out, const as_report *report, const as_diag *diag)
{
    as_place place = as_diag_place(report, diag);

    as_json_cstr(out, "severity", as_diag_severity_name(diag->severity));
    as_json_str(out, "path", place.path);
    as_json_size(out, "line", place.begin.line);
    as_json_size(out, "column", place.begin.column);
    as_json_cstr(out, "code", diag->code);
    as_json_str(out, "message", diag->summary);
    as_json_str_if(out, "detail", diag->detail);
}

static void write_evidence(as_json_out *out, const as_report *report, const as_finding *finding)
{
    as_json_open(out, "evidence", '[');
    for (size_t i = 0; i < finding->n_evidence; i++) {
        as_place place = as_place_of(report, finding->evidence[i].span);
        as_json_open(out, NULL, '{');
        as_json_str(out, "path", place.path);
        as_json_size(out, "line", place.begin.line);
        as_json_str(out, "note", finding->evidence[i].note);
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
}

static void write_fixes(as_json_out *out, const as_report *report, const as_finding *finding)
{
    as_json_open(out, "fixes", '[');
    for (size_t i = 0; i < finding->n_fixes; i++) {
        const as_fix *fix = &finding->fixes[i];
        as_place place = as_place_of(report, fix->span);
        as_json_open(out, NULL, '{');
        as_json_str(out, "title", fix->title);
        as_json_str(out, "field", fix->field);
        as_json_str(out, "value", fix->value);
        if (place.path.n > 0) {
            as_json_str(out, "path", place.path);
            as_json_size(out, "line", place.begin.line);
            as_json_size(out, "column", place.begin.column);
            as_json_size(out, "end_line", place.end.line);
            as_json_size(out, "end_column", place.end.column);
            as_json_str(out, "insert", fix->insert);
            if (fix->joined)
                as_json_bool(out, "joined", true);
        }
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
}

static void write_suppression(as_json_out *out, const as_report *report, const as_finding *finding)
{
    const as_suppression *suppression = finding->suppression;

    if (!suppression) {
        as_json_null(out, "suppression");
        return;
    }
    as_place place = as_place_of(report, suppression->span);
    as_json_open(out, "suppression", '{');
    as_json_str(out, "source", suppression->source);
    as_json_str(out, "reason", suppression->reason);
    as_json_str(out, "owner", suppression->owner);
    as_json_str(out, "until", suppression->until);
    as_json_str(out, "path", place.path);
    as_json_size(out, "line", place.begin.line);
    as_json_close(out, '}');
}

/* --- findings ------------------------------------------------------------------------------------
 */

/* Of a case of a rule: the members before the resource, and the frameworks. */
typedef struct shared_case {
    const as_rule *rule; /* NULL: the slot is free */
    as_strs aliases;
    as_severity severity;
    as_status status;
    as_str fail_case;
    as_str head, frameworks; /* as written */
} shared_case;

enum { N_SHARED = 1024 };

struct as_json_shared {
    as_arena *arena;
    shared_case cases[N_SHARED]; /* by hash; who finds another one's is written out */
    const as_entity *entity;     /* the latest one, and what was written of it */
    as_buf resource;
};

as_json_shared *as_json_shared_new(as_arena *arena)
{
    as_json_shared *shared = AS_NEW(arena, as_json_shared);
    shared->arena = arena;
    as_buf_init(&shared->resource, arena, 0);
    return shared;
}

static void write_case(as_json_out *out, const as_finding *finding)
{
    const as_rule *rule = finding->rule;

    as_json_str(out, "rule", rule->id);
    if (rule->version > 1)
        as_json_size(out, "rule_version", (size_t)rule->version);
    as_json_strs(out, "aliases", finding->aliases.items, finding->aliases.n);
    as_json_str(out, "title", rule->title);
    as_json_cstr(out, "severity", as_severity_name(finding->severity));
    as_json_str(out, "category", rule->category);
    as_json_cstr(out, "status", as_status_name(finding->status));
    as_json_str_if(out, "case", finding->fail_case);
}

static void write_resource(as_json_out *out, const as_finding *finding)
{
    const as_entity *entity = finding->entity;

    as_json_open(out, "resource", '{');
    as_json_str(out, "address", as_finding_address(finding));
    as_json_str(out, "kind", entity ? entity->kind : AS_STR(""));
    as_json_str(out, "type", entity ? entity->type : AS_STR(""));
    as_json_cstr(out, "origin", entity ? as_origin_name(entity->origin) : "");
    if (entity && entity->unit) {
        as_json_str(out, "unit", entity->unit->name);
        as_json_str_if(out, "variant", entity->unit->variant);
        as_json_str_if(out, "environment", entity->unit->environment);
    }
    as_json_close(out, '}');
}

static void write_frameworks(as_json_out *out, const as_finding *finding)
{
    as_json_strs(out, "frameworks", finding->rule->frameworks.items, finding->rule->frameworks.n);
}

/* What fn writes there, as text. */
static void capture(const as_json_out *out, as_buf *buf,
        void (*fn)(as_json_out *out, const as_finding *finding), const as_finding *finding)
{
    as_json_out own = *out;
    own.buf = buf;
    buf->n = 0;
    fn(&own, finding);
}

static as_str captured(const as_json_out *out, as_arena *arena,
        void (*fn)(as_json_out *out, const as_finding *finding), const as_finding *finding)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    capture(out, &buf, fn, finding);
    return as_buf_view(&buf);
}

/* The slot of the finding's case; NULL where another case has it. */
static const shared_case *case_of(
        as_json_shared *shared, const as_json_out *out, const as_finding *f)
{
    uint64_t hash = (uint64_t)(uintptr_t)f->rule ^ (uint64_t)(uintptr_t)f->aliases.items << 7 ^
                    (uint64_t)f->severity << 3 ^ (uint64_t)f->status;
    shared_case *c = &shared->cases[(hash * 0x9e3779b97f4a7c15u >> 40) % N_SHARED];
    if (c->rule == NULL) {
        as_json_out behind = *out;
        *c = (shared_case){f->rule, f->aliases, f->severity, f->status, f->fail_case,
                captured(out, shared->arena, write_case, f), AS_STR("")};
        behind.comma = true;
        c->frameworks = captured(&behind, shared->arena, write_frameworks, f);
    }
    bool same = c->rule == f->rule && c->aliases.items == f->aliases.items &&
                c->aliases.n == f->aliases.n && c->severity == f->severity &&
                c->status == f->status && as_str_eq(c->fail_case, f->fail_case);
    return same ? c : NULL;
}

static void add_written(as_json_out *out, as_str text)
{
    as_buf_str(out->buf, text);
    out->comma = true;
}

static void write_shared_resource(
        as_json_shared *shared, as_json_out *out, const as_finding *finding)
{
    if (finding->entity == NULL) {
        write_resource(out, finding);
        return;
    }
    if (shared->entity != finding->entity) {
        capture(out, &shared->resource, write_resource, finding);
        shared->entity = finding->entity;
    }
    add_written(out, as_buf_view(&shared->resource));
}

void as_json_finding(as_json_out *out, const as_report *report, const as_finding *finding)
{
    as_json_finding_with(out, report, finding, NULL);
}

void as_json_finding_with(as_json_out *out, const as_report *report, const as_finding *finding,
        as_json_shared *shared)
{
    as_place place = as_finding_place(report, finding);
    const shared_case *c = shared == NULL ? NULL : case_of(shared, out, finding);

    if (c != NULL)
        add_written(out, c->head);
    else
        write_case(out, finding);
    if (shared != NULL)
        write_shared_resource(shared, out, finding);
    else
        write_resource(out, finding);
    as_json_open(out, "location", '{');
    as_json_str(out, "path", place.path);
    as_json_size(out, "line", place.begin.line);
    as_json_size(out, "column", place.begin.column);
    as_json_size(out, "end_line", place.end.line);
    as_json_size(out, "end_column", place.end.column);
    as_json_close(out, '}');
    as_json_str(out, "message", finding->message);
    write_evidence(out, report, finding);
    if (c != NULL)
        add_written(out, c->frameworks);
    else
        write_frameworks(out, finding);
    as_json_cstr(out, "fingerprint", finding->fingerprint);
    write_fixes(out, report, finding);
    write_suppression(out, report, finding);
}

static void write(const as_report *report, const as_reporter_style *style, as_buf *buf)
{
    as_json_out out = {.buf = buf, .indent = 2};
    as_json_shared *shared = as_json_shared_new(buf->arena);

    (void)style;
    as_json_open(&out, NULL, '{');
    as_json_head(&out, report);
    as_json_open(&out, "diagnostics", '[');
    for (size_t i = 0; i < report->diags->list.n; i++) {
        as_json_open(&out, NULL, '{');
        as_json_diag(&out, report, &report->diags->list.items[i]);
        as_json_close(&out, '}');
    }
    as_json_close(&out, ']');
    as_json_open(&out, "findings", '[');
    for (size_t i = 0; i < report->n_findings; i++) {
        if (report->findings[i].status == AS_PASS && !report->show_passed)
            continue;
        as_json_open(&out, NULL, '{');
        as_json_finding_with(&out, report, &report->findings[i], shared);
        as_json_close(&out, '}');
    }
    as_json_close(&out, ']');
    as_json_close(&out, '}');
    as_buf_char(buf, '\n');
}

const as_reporter as_reporter_json = {
        .name = "json",
        .summary = "everything, for programs (schema_version 1)",
        .extension = "json",
        .write = write,
};
