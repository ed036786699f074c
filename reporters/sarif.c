/* SARIF 2.1.0 (OASIS), with what GitHub code scanning reads of it: rules with help as Markdown,
 * security-severity and tags, stable fingerprints, related locations, suppressions.
 *
 * What could not be decided is no result (an upload would show it as an alert) but a notification,
 * grouped by the missing input; with --show-passed each is a result of kind "open".
 *
 * Code scanning shows 5,000 results of a run, takes 25,000, and 20 runs of a file; more results
 * than it shows go into several runs, each a category of its own ("assay/infra/",
 * "assay/infra/2/"), since it refuses two runs of one category
 * (https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit).
 */
#include "reporters/reporter.h"

#include "engine/cli/version.h"
#include "reporters/common.h"
#include "reporters/json_out.h"

enum {
    MAX_TAGS = 20,      /* of a rule; GitHub takes no more */
    RUN_RESULTS = 5000, /* of a run, as long as they fit into: */
    MAX_RUNS = 20,
    MAX_FLOW_STEPS = 1000, /* of the ways of one result */
    MAX_LOCATIONS = 1000,  /* related ones of a result */
};

/* The findings of one run. */
typedef struct run_part {
    size_t from, to;
    size_t number; /* from 1 */
} run_part;

static const struct {
    const char *level;
    const char *security; /* CVSS-like; GitHub: over 9.0 critical, 7.0 high, 4.0 medium, 0.1 low */
} levels[] = {
        [AS_SEVERITY_NONE] = {"note", NULL},
        [AS_SEVERITY_INFO] = {"note", NULL},
        [AS_SEVERITY_LOW] = {"note", "2.0"},
        [AS_SEVERITY_MEDIUM] = {"warning", "5.5"},
        [AS_SEVERITY_HIGH] = {"error", "8.0"},
        [AS_SEVERITY_CRITICAL] = {"error", "9.5"},
};

/* A relative reference (RFC 3986 §4.2). */
static as_str uri_of(as_arena *arena, as_str path)
{
    as_buf buf;

    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     as_char_in((char)c, "-._~/!$&'()*+,;=@");
        if (plain)
            as_buf_char(&buf, (char)c);
        else
            as_buf_fmt(&buf, "%%%02X", c);
    }
    return as_buf_view(&buf);
}

/* Plain message text: brackets would start an embedded link (§3.11.6). */
static void write_message(as_json_out *out, const char *key, as_str text)
{
    as_buf buf;

    as_buf_init(&buf, out->buf->arena, 0);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\' || text.p[i] == '[' || text.p[i] == ']')
            as_buf_char(&buf, '\\');
        as_buf_char(&buf, text.p[i]);
    }
    as_json_open(out, key, '{');
    as_json_str(out, "text", as_buf_view(&buf));
    as_json_close(out, '}');
}

static void write_region(as_json_out *out, const char *key, as_place place)
{
    if (place.begin.line == 0)
        return;
    as_json_open(out, key, '{');
    as_json_size(out, "startLine", place.begin.line);
    as_json_size(out, "startColumn", place.begin.column);
    as_json_size(out, "endLine", place.end.line);
    as_json_size(out, "endColumn", place.end.column);
    as_json_close(out, '}');
}

static void write_artifact(as_json_out *out, as_str path)
{
    as_json_open(out, "artifactLocation", '{');
    as_json_str(out, "uri", uri_of(out->buf->arena, path));
    as_json_cstr(out, "uriBaseId", "%SRCROOT%");
    as_json_close(out, '}');
}

static void write_physical(as_json_out *out, as_place place)
{
    as_json_open(out, "physicalLocation", '{');
    write_artifact(out, place.path);
    write_region(out, "region", place);
    as_json_close(out, '}');
}

static void write_logical(as_json_out *out, const as_entity *entity)
{
    as_json_open(out, "logicalLocations", '[');
    as_json_open(out, NULL, '{');
    as_json_str(out, "name", entity->name);
    as_json_str(out, "fullyQualifiedName", entity->address);
    as_json_cstr(out, "kind", "resource");
    as_json_close(out, '}');
    as_json_close(out, ']');
}

/* --- rules --------------------------------------------------------------------------------------
 */

static void add_paragraph(as_buf *buf, const char *heading, as_str text)
{
    if (text.n == 0)
        return;
    if (buf->n > 0)
        as_buf_cstr(buf, "\n\n");
    as_buf_cstr(buf, heading);
    as_buf_str(buf, as_str_trim(text));
}

static as_str help_of(as_arena *arena, const as_rule *rule, bool markdown)
{
    as_buf buf;

    as_buf_init(&buf, arena, 0);
    add_paragraph(&buf, "", rule->description);
    add_paragraph(&buf, markdown ? "## What to do\n\n" : "What to do: ", rule->remediation);
    for (size_t i = 0; i < rule->references.n; i++)
        add_paragraph(&buf, markdown ? "- " : "See ", rule->references.items[i]);
    if (buf.n == 0)
        as_buf_str(&buf, rule->title);
    return as_buf_view(&buf);
}

static void write_rule(as_json_out *out, const as_rule *rule)
{
    as_arena *arena = out->buf->arena;

    as_json_open(out, NULL, '{');
    as_json_str(out, "id", rule->id);
    as_json_open(out, "shortDescription", '{');
    as_json_str(out, "text", rule->title);
    as_json_close(out, '}');
    as_json_open(out, "fullDescription", '{');
    as_json_str(out, "text", rule->description.n > 0 ? rule->description : rule->title);
    as_json_close(out, '}');
    as_json_open(out, "help", '{');
    as_json_str(out, "text", help_of(arena, rule, false));
    as_json_str(out, "markdown", help_of(arena, rule, true));
    as_json_close(out, '}');
    if (rule->references.n > 0)
        as_json_str(out, "helpUri", rule->references.items[0]);
    as_json_open(out, "defaultConfiguration", '{');
    as_json_cstr(out, "level", levels[rule->severity].level);
    as_json_close(out, '}');
    as_json_open(out, "properties", '{');
    as_json_cstr(out, "precision", "high");
    if (levels[rule->severity].security)
        as_json_cstr(out, "security-severity", levels[rule->severity].security);
    as_json_open(out, "tags", '[');
    as_json_cstr(out, NULL, "security");
    if (rule->category.n > 0 && !as_str_is(rule->category, "security"))
        as_json_str(out, NULL, rule->category);
    for (size_t i = 0; i < rule->frameworks.n && i + 2 < MAX_TAGS; i++)
        as_json_str(out, NULL, rule->frameworks.items[i]);
    as_json_close(out, ']');
    as_json_close(out, '}');
    as_json_close(out, '}');
}

/* --- results ------------------------------------------------------------------------------------
 */

static bool is_result(const as_report *report, const as_finding *finding)
{
    return finding->status == AS_FAIL || finding->status == AS_SUPPRESSED || report->show_passed;
}

static void write_suppression(as_json_out *out, const as_report *report, const as_finding *finding)
{
    const as_suppression *suppression = finding->suppression;
    if (!suppression)
        return;
    as_place place = as_place_of(report, suppression->span);
    bool external =
            as_str_is(suppression->source, "config") || as_str_is(suppression->source, "baseline");

    as_json_open(out, "suppressions", '[');
    as_json_open(out, NULL, '{');
    as_json_cstr(out, "kind", external ? "external" : "inSource");
    as_json_cstr(out, "status", "accepted");
    as_json_str_if(out, "justification", suppression->reason);
    if (place.path.n > 0) {
        as_json_open(out, "location", '{');
        write_physical(out, place);
        as_json_close(out, '}');
    }
    as_json_open(out, "properties", '{');
    as_json_str(out, "source", suppression->source);
    as_json_str_if(out, "owner", suppression->owner);
    as_json_str_if(out, "until", suppression->until);
    as_json_close(out, '}');
    as_json_close(out, '}');
    as_json_close(out, ']');
}

static void write_related(as_json_out *out, const as_report *report, const as_finding *finding)
{
    size_t id = 0;

    for (size_t i = 0; i < finding->n_evidence && id < MAX_LOCATIONS; i++) {
        as_place place = as_place_of(report, finding->evidence[i].span);
        if (place.path.n == 0)
            continue;
        if (id == 0)
            as_json_open(out, "relatedLocations", '[');
        as_json_open(out, NULL, '{');
        as_json_size(out, "id", ++id);
        write_physical(out, place);
        write_message(out, "message", finding->evidence[i].note);
        as_json_close(out, '}');
    }
    if (id > 0)
        as_json_close(out, ']');
}

static void write_step(as_json_out *out, as_place place, as_str text, size_t *n)
{
    if (place.path.n == 0 || *n >= MAX_FLOW_STEPS)
        return;
    if ((*n)++ == 0) {
        as_json_open(out, NULL, '{');
        as_json_open(out, "threadFlows", '[');
        as_json_open(out, NULL, '{');
        as_json_open(out, "locations", '[');
    }
    as_json_open(out, NULL, '{');
    as_json_open(out, "location", '{');
    write_physical(out, place);
    write_message(out, "message", text);
    as_json_close(out, '}');
    as_json_close(out, '}');
}

static void end_flow(as_json_out *out, size_t n)
{
    if (n == 0)
        return;
    as_json_close(out, ']');
    as_json_close(out, '}');
    as_json_close(out, ']');
    as_json_close(out, '}');
}

static size_t n_placed(const as_finding *finding, size_t from, size_t to)
{
    size_t n = 0;

    for (size_t i = from; i < to; i++)
        n += finding->evidence[i].span.file != 0;
    return n;
}

/* The way that the value took to where the finding is, first step first; and what the rule says led
 * there, in its order (the steps of an attack path). */
static void write_flows(
        as_json_out *out, const as_report *report, const as_finding *finding, as_str message)
{
    bool way = n_placed(finding, 0, finding->n_trail) > 0;
    bool steps = n_placed(finding, finding->n_trail, finding->n_evidence) > 1;
    size_t n = 0;

    if (!way && !steps)
        return;
    as_json_open(out, "codeFlows", '[');
    if (way) {
        for (size_t i = finding->n_trail; i > 0; i--)
            write_step(out, as_place_of(report, finding->evidence[i - 1].span),
                    finding->evidence[i - 1].note, &n);
        write_step(out, as_finding_place(report, finding), message, &n);
        end_flow(out, n);
        n = 0;
    }
    if (steps) {
        for (size_t i = finding->n_trail; i < finding->n_evidence; i++)
            write_step(out, as_place_of(report, finding->evidence[i].span),
                    finding->evidence[i].note, &n);
        end_flow(out, n);
    }
    as_json_close(out, ']');
}

static void write_replacement(as_json_out *out, const as_fix *fix, as_place place)
{
    as_json_open(out, NULL, '{');
    write_region(out, "deletedRegion", place);
    as_json_open(out, "insertedContent", '{');
    as_json_str(out, "text", fix->insert);
    as_json_close(out, '}');
    as_json_close(out, '}');
}

/* One fix of SARIF: those of ours that are made together. What lies in one file is one change of
 * it. Returns how many were taken. */
static size_t write_joined(as_json_out *out, const as_report *report, const as_fix *fixes, size_t n)
{
    size_t taken = 1;

    while (taken < n && fixes[taken].joined)
        taken++;
    write_message(out, "description", fixes[0].title);
    as_json_open(out, "artifactChanges", '[');
    for (size_t i = 0; i < taken;) {
        uint32_t file = fixes[i].span.file;
        as_json_open(out, NULL, '{');
        write_artifact(out, as_place_of(report, fixes[i].span).path);
        as_json_open(out, "replacements", '[');
        for (; i < taken && fixes[i].span.file == file; i++)
            write_replacement(out, &fixes[i], as_place_of(report, fixes[i].span));
        as_json_close(out, ']');
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
    return taken;
}

static void write_fixes(as_json_out *out, const as_report *report, const as_finding *finding)
{
    bool open = false;

    for (size_t i = 0; i < finding->n_fixes;) {
        if (as_place_of(report, finding->fixes[i].span).path.n == 0) {
            i++;
            continue;
        }
        if (!open)
            as_json_open(out, "fixes", '[');
        open = true;
        as_json_open(out, NULL, '{');
        i += write_joined(out, report, finding->fixes + i, finding->n_fixes - i);
        as_json_close(out, '}');
    }
    if (open)
        as_json_close(out, ']');
}

static void write_result(as_json_out *out, const as_report *report, const as_finding *finding,
        size_t rule_index, as_str unique)
{
    static const char *const kinds[] = {
            [AS_FAIL] = "fail", [AS_PASS] = "pass", [AS_UNSURE] = "open", [AS_SUPPRESSED] = "fail"};
    bool failed = finding->status == AS_FAIL || finding->status == AS_SUPPRESSED;
    as_place place = as_finding_place(report, finding);
    as_str message = finding->message.n > 0 ? finding->message : finding->rule->title;

    as_json_open(out, NULL, '{');
    as_json_str(out, "ruleId", finding->rule->id);
    as_json_size(out, "ruleIndex", rule_index);
    as_json_cstr(out, "kind", kinds[finding->status]);
    as_json_cstr(out, "level", failed ? levels[finding->severity].level : "none");
    if (report->baseline.n > 0 && (finding->status == AS_FAIL || as_finding_is_known(finding)))
        as_json_cstr(out, "baselineState", as_finding_is_known(finding) ? "unchanged" : "new");
    write_message(out, "message", message);
    as_json_open(out, "locations", '[');
    if (place.path.n > 0 || finding->entity) {
        as_json_open(out, NULL, '{');
        if (place.path.n > 0)
            write_physical(out, place);
        if (finding->entity)
            write_logical(out, finding->entity);
        as_json_close(out, '}');
    }
    as_json_close(out, ']');
    write_related(out, report, finding);
    write_flows(out, report, finding, message);
    as_json_open(out, "partialFingerprints", '{');
    as_json_str(out, "primaryLocationLineHash", unique);
    as_json_cstr(out, "assay/v1", finding->fingerprint);
    as_json_close(out, '}');
    write_suppression(out, report, finding);
    write_fixes(out, report, finding);
    as_json_open(out, "properties", '{');
    as_json_cstr(out, "severity", as_severity_name(finding->severity));
    as_json_strs(out, "aliases", finding->aliases.items, finding->aliases.n);
    if (finding->entity && finding->entity->unit)
        as_json_str_if(out, "unit", finding->entity->unit->name);
    as_json_close(out, '}');
    as_json_close(out, '}');
}

/* --- notifications ------------------------------------------------------------------------------
 */

static void write_notification(
        as_json_out *out, const char *level, const char *code, as_str message, as_place place)
{
    as_json_open(out, NULL, '{');
    as_json_cstr(out, "level", level);
    as_json_open(out, "descriptor", '{');
    as_json_cstr(out, "id", code);
    as_json_close(out, '}');
    write_message(out, "message", message);
    if (place.path.n > 0) {
        as_json_open(out, "locations", '[');
        as_json_open(out, NULL, '{');
        write_physical(out, place);
        as_json_close(out, '}');
        as_json_close(out, ']');
    }
    as_json_close(out, '}');
}

static void write_invocation(as_json_out *out, const as_report *report)
{
    as_arena *arena = out->buf->arena;

    as_json_open(out, NULL, '{');
    as_json_bool(out, "executionSuccessful", report->diags->n_errors == 0);
    as_json_open(out, "toolExecutionNotifications", '[');
    for (size_t i = 0; i < report->diags->list.n; i++) {
        const as_diag *diag = &report->diags->list.items[i];
        as_str text = diag->detail.n == 0
                              ? diag->summary
                              : as_str_fmt(arena, "%.*s: %.*s", AS_STR_ARG(diag->summary),
                                        AS_STR_ARG(diag->detail));
        write_notification(out, as_diag_severity_name(diag->severity), diag->code, text,
                as_diag_place(report, diag));
    }
    for (size_t i = 0; i < report->coverage.n_missing; i++) {
        const as_missing_input *missing = &report->coverage.missing[i];
        write_notification(out, "note", "undecided",
                as_str_fmt(arena, "%zu check%s could not be decided: %.*s", missing->n,
                        missing->n == 1 ? "" : "s", AS_STR_ARG(missing->reason)),
                (as_place){0});
    }
    for (size_t i = 0; i < report->coverage.n_skips; i++) {
        const as_skip *skip = &report->coverage.skips[i];
        write_notification(out, "note", "skipped",
                as_str_fmt(arena, "not examined: %.*s", AS_STR_ARG(skip->why)),
                (as_place){.path = skip->path});
    }
    as_json_close(out, ']');
    as_json_close(out, '}');
}

/* The rules of the results, in the order of the report's rules, which are sorted; the built-in
 * rules about suppressions, which that list may lack, follow. `index` maps an id to 1 + its place.
 */
static void write_rules(
        as_json_out *out, const as_report *report, const run_part *part, as_map *index)
{
    as_arena *arena = out->buf->arena;
    size_t n_findings = part->to - part->from;
    as_map used = {0};
    const as_rule **more = AS_NEW_ARRAY(arena, const as_rule *, n_findings);
    size_t *places = AS_NEW_ARRAY(arena, size_t, n_findings + report->n_rules + 1);
    size_t n = 0, n_more = 0;

    for (size_t i = part->from; i < part->to; i++) {
        const as_rule *rule = report->findings[i].rule;
        if (is_result(report, &report->findings[i]) && !as_map_has(&used, rule->id)) {
            as_map_put(arena, &used, rule->id, places);
            more[n_more++] = rule;
        }
    }
    as_json_open(out, "rules", '[');
    for (size_t i = 0; i < report->n_rules; i++) {
        if (!as_map_has(&used, report->rules[i]->id) || as_map_has(index, report->rules[i]->id))
            continue;
        places[n] = n;
        as_map_put(arena, index, report->rules[i]->id, &places[n++]);
        write_rule(out, report->rules[i]);
    }
    for (size_t i = 0; i < n_more; i++) {
        if (as_map_has(index, more[i]->id))
            continue;
        places[n] = n;
        as_map_put(arena, index, more[i]->id, &places[n++]);
        write_rule(out, more[i]);
    }
    as_json_close(out, ']');
}

/* What tells this analysis from others of the same commit (§3.17.2: a category and, behind the last
 * '/', nothing, so that a later run of it takes its place). */
static as_str category_of(as_arena *arena, const as_report *report, const run_part *part)
{
    as_buf buf;

    as_buf_init(&buf, arena, 0);
    as_buf_cstr(&buf, "assay/");
    if (report->root.n > 0 && !as_str_is(report->root, "."))
        as_buf_fmt(&buf, "%.*s/", AS_STR_ARG(report->root));
    if (part->number > 1)
        as_buf_fmt(&buf, "%zu/", part->number);
    return as_buf_view(&buf);
}

static void write_driver(
        as_json_out *out, const as_report *report, const run_part *part, as_map *index)
{
    as_json_open(out, "tool", '{');
    as_json_open(out, "driver", '{');
    as_json_cstr(out, "name", "assay");
    as_json_cstr(out, "version", AS_VERSION);
    as_json_cstr(out, "semanticVersion", AS_VERSION);
    as_json_cstr(out, "informationUri", AS_INFORMATION_URI);
    write_rules(out, report, part, index);
    as_json_close(out, '}');
    as_json_close(out, '}');
}

static void write_run(as_json_out *out, const as_report *report, const run_part *part, as_map *seen)
{
    as_map index = {0};

    as_json_open(out, NULL, '{');
    write_driver(out, report, part, &index);
    as_json_open(out, "automationDetails", '{');
    as_json_str(out, "id", category_of(out->buf->arena, report, part));
    as_json_close(out, '}');
    as_json_cstr(out, "columnKind", "unicodeCodePoints");
    as_json_open(out, "originalUriBaseIds", '{');
    as_json_open(out, "%SRCROOT%", '{');
    as_json_open(out, "description", '{');
    as_json_cstr(out, "text", "The root of the work tree, else the scanned folder.");
    as_json_close(out, '}');
    as_json_close(out, '}');
    as_json_close(out, '}');
    if (part->number == 1) {
        as_json_open(out, "invocations", '[');
        write_invocation(out, report);
        as_json_close(out, ']');
    }
    as_json_open(out, "results", '[');
    for (size_t i = part->from; i < part->to; i++) {
        const as_finding *finding = &report->findings[i];
        if (!is_result(report, finding))
            continue;
        const size_t *place = as_map_get(&index, finding->rule->id);
        write_result(out, report, finding, place ? *place : 0,
                as_unique_fingerprint(out->buf->arena, seen, finding));
    }
    as_json_close(out, ']');
    as_json_close(out, '}');
}

static size_t results_per_run(const as_report *report)
{
    size_t n = 0;

    for (size_t i = 0; i < report->n_findings; i++)
        n += is_result(report, &report->findings[i]);
    return n <= (size_t)RUN_RESULTS * MAX_RUNS ? RUN_RESULTS : (n + MAX_RUNS - 1) / MAX_RUNS;
}

static void write(const as_report *report, const as_reporter_style *style, as_buf *buf)
{
    as_json_out out = {.buf = buf, .indent = 2};
    size_t most = results_per_run(report);
    run_part part = {0};
    as_map seen = {0};

    (void)style;
    as_json_open(&out, NULL, '{');
    as_json_cstr(&out, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    as_json_cstr(&out, "version", "2.1.0");
    as_json_open(&out, "runs", '[');
    do {
        size_t n = 0;
        part.number++;
        part.from = part.to;
        while (part.to < report->n_findings && n < most)
            n += is_result(report, &report->findings[part.to++]);
        if (part.number == 1 || n > 0)
            write_run(&out, report, &part, &seen);
    } while (part.to < report->n_findings);
    as_json_close(&out, ']');
    as_json_close(&out, '}');
    as_buf_char(buf, '\n');
}

const as_reporter as_reporter_sarif = {
        .name = "sarif",
        .summary = "SARIF 2.1.0, for GitHub code scanning and others",
        .extension = "sarif",
        .write = write,
};
