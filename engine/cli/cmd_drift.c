/* assay drift PATH… --live SNAPSHOT|aws|gcp|k8s */
#include <stdlib.h>

#include "engine/cli/audit_collect.h"
#include "engine/cli/scanning.h"
#include "engine/drift/drift.h"
#include "engine/secrets/scrub.h"
#include "reporters/json_out.h"
#include "reporters/json_parts.h"

enum { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN };
enum { MOST_SHOWN = 3, MOST_SHOWN_CHANGED = 10 };
static const char *const formats[] = {"text", "json", "markdown", NULL};

typedef struct settings {
    as_scanning scanning;
    as_str_list live;
    int format;
    bool all, no_tags;
} settings;

/* A drift with the rules that the live thing breaks and code does not. */
typedef struct entry {
    const as_drift *drift;
    as_severity severity; /* of the worst of: */
    const as_finding **rules;
    size_t n_rules;
} entry;

typedef AS_VEC(const as_finding *) finding_list;

typedef struct listing {
    as_cli *cli;
    const as_report *report;
    as_map findings; /* entity → finding_list */
    as_drifts drifts;
    AS_VEC(entry) entries;
    as_buf out;
} listing;

/* --- gathering -----------------------------------------------------------------------------------
 */

/* Failures and passes, by entity. */
static as_map by_entity(as_arena *arena, const as_report *report)
{
    as_map map = {0};

    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        if ((f->status != AS_FAIL && f->status != AS_PASS) || !f->entity)
            continue;
        as_str key = as_str_fmt(arena, "%u", (unsigned)f->entity->id);
        finding_list *list = as_map_get(&map, key);
        if (!list) {
            list = AS_NEW(arena, finding_list);
            as_map_put(arena, &map, key, list);
        }
        AS_VEC_PUSH(arena, list, f);
    }
    return map;
}

static finding_list of_entity(const listing *l, const as_entity *e)
{
    const finding_list *list =
            e ? as_map_get(&l->findings, as_str_fmt(l->cli->arena, "%u", (unsigned)e->id)) : NULL;

    return list ? *list : (finding_list){0};
}

/* Counts what the rule says of one entity of the code. */
static void judge(const listing *l, const as_entity *e, const as_finding *like, size_t by_status[4])
{
    finding_list list = of_entity(l, e);

    for (size_t i = 0; i < list.n; i++) {
        const as_finding *f = list.items[i];
        bool whole = f->status == AS_PASS && f->fail_case.n == 0; /* passes in all its cases */
        if (f->rule == like->rule && (whole || as_str_eq(f->fail_case, like->fail_case)))
            by_status[f->status]++;
    }
}

/* Whether code keeps the rule: the resource itself or one that configures it passes, and none
 * fails. */
static bool keeps(const listing *l, const as_entity *code, const as_finding *like)
{
    size_t n, by_status[4] = {0};
    const as_edge *const *edges = as_graph_edges_to(l->report->graph, code->id, &n);

    judge(l, code, like, by_status);
    for (size_t i = 0; i < n; i++)
        if (edges[i]->type == AS_EDGE_attached_to)
            judge(l, as_graph_get(l->report->graph, edges[i]->from), like, by_status);
    return by_status[AS_PASS] > 0 && by_status[AS_FAIL] == 0;
}

/* Whether the finding points into what differs. */
static bool is_about_change(const as_drift *d, const as_finding *f)
{
    for (size_t i = 0; i < d->n_changes; i++) {
        as_span span = d->changes[i].live_span;
        bool overlaps = span.file != 0 && span.file == f->span.file && f->span.begin < span.end &&
                        span.begin < f->span.end;
        if (overlaps && f->span.begin != d->live->head.begin) /* not all of the resource */
            return true;
    }
    return false;
}

/* Code that breaks the rule in the same words broke it before anything was changed. */
static bool breaks_as_well(const listing *l, const as_entity *code, const as_finding *f)
{
    finding_list list = of_entity(l, code);

    for (size_t i = 0; i < list.n; i++)
        if (list.items[i]->status == AS_FAIL && list.items[i]->rule == f->rule &&
                as_str_eq(list.items[i]->message, f->message))
            return true;
    return false;
}

static bool is_broken(const listing *l, const as_drift *d, const as_finding *f)
{
    /* GRAPH-027 says that there is drift, which is known here. */
    if (f->status != AS_FAIL || as_str_is(f->rule->id, "GRAPH-027"))
        return false;
    if (d->kind == AS_DRIFT_UNMANAGED)
        return true;
    return (is_about_change(d, f) && !breaks_as_well(l, d->code, f)) || keeps(l, d->code, f);
}

static int compare_findings(const void *a, const void *b)
{
    const as_finding *x = *(const as_finding *const *)a, *y = *(const as_finding *const *)b;

    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    int order = as_str_cmp(x->rule->id, y->rule->id);
    return order != 0 ? order : as_str_cmp(x->message, y->message);
}

static void add(listing *l, const as_drift *drift)
{
    as_arena *arena = l->cli->arena;
    entry e = {.drift = drift};
    finding_list broken = {0}, list = of_entity(l, drift->live);

    for (size_t i = 0; i < list.n; i++) {
        const as_finding *f = list.items[i];
        if (!is_broken(l, drift, f))
            continue;
        AS_VEC_PUSH(arena, &broken, f);
        e.severity = f->severity > e.severity ? f->severity : e.severity;
    }
    if (broken.n > 1)
        qsort(broken.items, broken.n, sizeof *broken.items, compare_findings);
    e.rules = broken.items;
    e.n_rules = broken.n;
    AS_VEC_PUSH(arena, &l->entries, e);
}

static bool only_tags(const as_drift *drift)
{
    for (size_t i = 0; i < drift->n_changes; i++)
        if (!drift->changes[i].is_tag)
            return false;
    return drift->kind == AS_DRIFT_CHANGED;
}

static as_str address_of(const as_drift *d)
{
    return d->code ? d->code->address : d->live->address;
}

/* What breaks a rule first, the worst of it first. */
static int compare_entries(const void *a, const void *b)
{
    const entry *x = a, *y = b;

    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    if (x->drift->kind != y->drift->kind)
        return x->drift->kind < y->drift->kind ? -1 : 1;
    if (only_tags(x->drift) != only_tags(y->drift))
        return only_tags(x->drift) ? 1 : -1;
    int order = as_str_cmp(address_of(x->drift), address_of(y->drift));
    return order != 0 ? order : (x->drift > y->drift) - (x->drift < y->drift);
}

static size_t count(const listing *l, as_drift_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < l->entries.n; i++)
        n += l->entries.items[i].drift->kind == kind;
    return n;
}

/* --- texts ---------------------------------------------------------------------------------------
 */

/* Without the secrets that the scan has found. */
static as_str scrubbed(const listing *l, as_str text)
{
    return l->report->scrubber ? as_scrubber_run(l->report->scrubber, text) : text;
}

static as_str shown(const listing *l, as_str text)
{
    return text.n > 0 ? scrubbed(l, text) : AS_STR("nothing");
}

static as_str place(const listing *l, as_span span)
{
    const as_source *source = as_sources_get(l->report->sources, span.file);

    if (!source)
        return AS_STR("");
    as_position at = as_sources_position(l->report->sources, span.file, span.begin);
    return as_str_fmt(l->cli->arena, "%.*s:%u",
            AS_STR_ARG(as_path_prefixed(l->cli->arena, l->report->path_prefix, source->path)),
            (unsigned)at.line);
}

static void text_entry(listing *l, const entry *e)
{
    const as_drift *d = e->drift;
    as_buf *out = &l->out;

    as_buf_fmt(out, "%s %.*s", as_drift_kind_name(d->kind), AS_STR_ARG(address_of(d)));
    if (d->code && d->live && !as_str_eq(d->code->address, d->live->address))
        as_buf_fmt(out, " (%.*s)", AS_STR_ARG(d->live->address));
    else if (d->live && d->live->account.n > 0)
        as_buf_fmt(out, " (%.*s)", AS_STR_ARG(d->live->account));
    if (d->code)
        as_buf_fmt(out, "  %.*s", AS_STR_ARG(place(l, d->code->head)));
    as_buf_char(out, '\n');
    for (size_t i = 0; i < d->n_changes; i++)
        as_buf_fmt(out, "    %.*s: code %.*s, live %.*s\n", AS_STR_ARG(d->changes[i].field),
                AS_STR_ARG(shown(l, d->changes[i].code)), AS_STR_ARG(shown(l, d->changes[i].live)));
    /* Of what nobody manages all is new: the worst is enough. */
    size_t most = d->kind == AS_DRIFT_UNMANAGED ? MOST_SHOWN : MOST_SHOWN_CHANGED;
    size_t n = e->n_rules > most ? most : e->n_rules;
    for (size_t i = 0; i < n; i++)
        as_buf_fmt(out, "    breaks %.*s (%s): %.*s\n", AS_STR_ARG(e->rules[i]->rule->id),
                as_severity_name(e->rules[i]->severity), AS_STR_ARG(e->rules[i]->message));
    if (n < e->n_rules)
        as_buf_fmt(out, "    and %zu rules more\n", e->n_rules - n);
}

static void write_text(listing *l)
{
    for (size_t i = 0; i < l->entries.n; i++)
        text_entry(l, &l->entries.items[i]);
    as_buf_fmt(&l->out,
            "%zu changed, %zu unmanaged, %zu gone; %zu live resources are in code, of %zu "
            "resources in "
            "code it is not known what they are called\n",
            count(l, AS_DRIFT_CHANGED), count(l, AS_DRIFT_UNMANAGED), count(l, AS_DRIFT_GONE),
            l->drifts.n_joined, l->drifts.n_undecided);
}

/* Nothing of a value may end the cell or begin markup. */
static as_str cell(listing *l, as_str text)
{
    as_buf buf;

    as_buf_init(&buf, l->cli->arena, 0);
    for (size_t i = 0; i < text.n; i++) {
        if (as_char_in(text.p[i], "|`<>[]*_\\"))
            as_buf_char(&buf, '\\');
        as_buf_char(&buf, text.p[i] == '\n' || text.p[i] == '\r' ? ' ' : text.p[i]);
    }
    return as_buf_view(&buf);
}

static void markdown_entry(listing *l, const entry *e)
{
    const as_drift *d = e->drift;
    as_buf *out = &l->out;

    as_buf_fmt(out, "| %s | %s | %.*s | ",
            e->severity > AS_SEVERITY_NONE ? as_severity_name(e->severity) : "",
            as_drift_kind_name(d->kind), AS_STR_ARG(cell(l, address_of(d))));
    for (size_t i = 0; i < d->n_changes; i++)
        as_buf_fmt(out, "%s%.*s: %.*s → %.*s", i > 0 ? "<br>" : "",
                AS_STR_ARG(cell(l, d->changes[i].field)),
                AS_STR_ARG(cell(l, shown(l, d->changes[i].code))),
                AS_STR_ARG(cell(l, shown(l, d->changes[i].live))));
    as_buf_cstr(out, " | ");
    for (size_t i = 0; i < e->n_rules; i++)
        as_buf_fmt(out, "%s%.*s", i > 0 ? ", " : "", AS_STR_ARG(e->rules[i]->rule->id));
    as_buf_cstr(out, " |\n");
}

static void write_markdown(listing *l)
{
    as_buf_fmt(&l->out, "**%zu changed, %zu unmanaged, %zu gone**\n", count(l, AS_DRIFT_CHANGED),
            count(l, AS_DRIFT_UNMANAGED), count(l, AS_DRIFT_GONE));
    if (l->entries.n > 0)
        as_buf_cstr(&l->out, "\n| Severity | Drift | Resource | Code → live | Breaks |\n"
                             "|---|---|---|---|---|\n");
    for (size_t i = 0; i < l->entries.n; i++)
        markdown_entry(l, &l->entries.items[i]);
}

/* --- JSON ----------------------------------------------------------------------------------------
 */

static void json_place(as_json_out *json, const listing *l, as_span span)
{
    const as_source *source = as_sources_get(l->report->sources, span.file);

    if (!source)
        return;
    as_json_str(json, "path", source->path);
    as_json_size(json, "line", as_sources_position(l->report->sources, span.file, span.begin).line);
}

static void json_entity(as_json_out *json, const listing *l, const char *key, const as_entity *e)
{
    if (!e)
        return;
    as_json_open(json, key, '{');
    as_json_str(json, "address", e->address);
    as_json_str(json, "kind", e->kind);
    as_json_cstr(json, "origin", as_origin_name(e->origin));
    as_json_str_if(json, "account", e->account);
    as_json_str_if(json, "region", e->region);
    json_place(json, l, e->head);
    as_json_close(json, '}');
}

static void json_changes(as_json_out *json, const listing *l, const as_drift *d)
{
    as_json_open(json, "changes", '[');
    for (size_t i = 0; i < d->n_changes; i++) {
        as_json_open(json, NULL, '{');
        as_json_str(json, "field", d->changes[i].field);
        as_json_str(json, "code", scrubbed(l, d->changes[i].code));
        as_json_str(json, "live", scrubbed(l, d->changes[i].live));
        json_place(json, l, d->changes[i].code_span);
        as_json_close(json, '}');
    }
    as_json_close(json, ']');
}

static void json_entry(as_json_out *json, const listing *l, const entry *e)
{
    as_json_open(json, NULL, '{');
    as_json_cstr(json, "kind", as_drift_kind_name(e->drift->kind));
    as_json_cstr(json, "severity", as_severity_name(e->severity));
    json_entity(json, l, "code", e->drift->code);
    json_entity(json, l, "live", e->drift->live);
    json_changes(json, l, e->drift);
    as_json_open(json, "breaks", '[');
    for (size_t i = 0; i < e->n_rules; i++) {
        as_json_open(json, NULL, '{');
        as_json_str(json, "rule", e->rules[i]->rule->id);
        as_json_cstr(json, "severity", as_severity_name(e->rules[i]->severity));
        as_json_str(json, "message", e->rules[i]->message);
        as_json_close(json, '}');
    }
    as_json_close(json, ']');
    as_json_close(json, '}');
}

static void write_json(listing *l)
{
    as_json_out json = {.buf = &l->out, .indent = 2};

    as_json_open(&json, NULL, '{');
    as_json_size(&json, "schema_version", 1);
    as_json_open(&json, "summary", '{');
    as_json_size(&json, "changed", count(l, AS_DRIFT_CHANGED));
    as_json_size(&json, "unmanaged", count(l, AS_DRIFT_UNMANAGED));
    as_json_size(&json, "gone", count(l, AS_DRIFT_GONE));
    as_json_size(&json, "joined", l->drifts.n_joined);
    as_json_size(&json, "undecided", l->drifts.n_undecided);
    as_json_close(&json, '}');
    as_json_open(&json, "drift", '[');
    for (size_t i = 0; i < l->entries.n; i++)
        json_entry(&json, l, &l->entries.items[i]);
    as_json_close(&json, ']');
    as_json_open(&json, "diagnostics", '[');
    for (size_t i = 0; i < l->report->diags->list.n; i++)
        as_json_diag(&json, l->report, &l->report->diags->list.items[i]);
    as_json_close(&json, ']');
    as_json_close(&json, '}');
    as_buf_char(&l->out, '\n');
}

/* --- the run -------------------------------------------------------------------------------------
 */

static void gather(listing *l, const settings *s)
{
    l->findings = by_entity(l->cli->arena, l->report);
    l->drifts = as_drift_find(l->report->graph, l->cli->arena, s->all);
    for (size_t i = 0; i < l->drifts.n; i++)
        if (!s->no_tags || !only_tags(&l->drifts.items[i]))
            add(l, &l->drifts.items[i]);
    if (l->entries.n > 1)
        qsort(l->entries.items, l->entries.n, sizeof *l->entries.items, compare_entries);
}

/* "aws", "gcp --project p": what `assay collect` is to ask; anything else is a path. */
static bool is_question(as_str live)
{
    as_str word, rest = live;

    (void)as_str_split(&rest, ' ', &word);
    return as_str_is(word, "aws") || as_str_is(word, "gcp") || as_str_is(word, "k8s");
}

/* Accounts and clusters are asked into a folder that goes with the run. */
static bool add_live(as_cli *cli, const settings *s)
{
    as_str_list questions = {0};
    as_str dir;

    for (size_t i = 0; i < s->live.n; i++) {
        if (is_question(s->live.items[i]))
            AS_VEC_PUSH(cli->arena, &questions, s->live.items[i]);
        else
            AS_VEC_PUSH(cli->arena, &cli->args, s->live.items[i]);
    }
    if (questions.n == 0)
        return true;
    if (!as_audit_collect(cli, questions, AS_STR(""), s->scanning.quiet, &dir))
        return false;
    AS_VEC_PUSH(cli->arena, &cli->args, dir);
    return true;
}

static as_exit run(as_cli *cli)
{
    settings *s = cli->settings;
    const as_config *config = NULL;
    listing l = {.cli = cli};
    as_exit result;

    if (s->live.n == 0)
        return as_cli_usage_error(
                cli, "--live SNAPSHOT|aws|gcp|k8s says what the code is compared with");
    if (cli->args.n == 0)
        AS_VEC_PUSH(cli->arena, &cli->args, AS_STR("."));
    if (!add_live(cli, s))
        return AS_EXIT_ERROR;
    s->scanning.show_passed = true; /* to tell which rules the code keeps */
    l.report = as_scanning_run(cli, &s->scanning, &config);
    if (!l.report)
        return AS_EXIT_ERROR;
    if (!s->scanning.quiet)
        as_cli_print_diags(cli, l.report->sources, l.report->diags);
    gather(&l, s);
    as_buf_init(&l.out, cli->arena, 0);
    if (s->format == FORMAT_JSON)
        write_json(&l);
    else if (s->format == FORMAT_MARKDOWN)
        write_markdown(&l);
    else
        write_text(&l);
    result = as_cli_print(cli, as_buf_view(&l.out));
    if (result != AS_EXIT_OK)
        return result;
    return l.entries.n > 0                 ? AS_EXIT_FINDINGS
           : l.report->diags->n_errors > 0 ? AS_EXIT_PARTIAL
                                           : AS_EXIT_OK;
}

static const as_option options[] = {
        AS_OPTION_LIST(settings, live, 0, "live", "PATH|'aws|gcp|k8s …'",
                "what accounts hold: a snapshot, a file of live resources, or what 'assay collect' "
                "with "
                "these arguments collects now"),
        AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats, "form (default: text)"),
        AS_OPTION_FLAG(settings, all, 0, "all",
                "what is unmanaged: also of kinds that the code does not make"),
        AS_OPTION_FLAG(settings, no_tags, 0, "no-tags", "differences of tags alone do not count"),
        AS_OPTION_FLAG(settings, scanning.quiet, 'q', "quiet", "no diagnostics on stderr"),
        AS_SCANNING_RULE_OPTIONS(settings),
        AS_SCANNING_INPUT_OPTIONS(settings),
        AS_OPTION_TEXT(settings, scanning.release, 0, "release-name", "NAME",
                "what the release of a chart is called in the cluster"),
        AS_OPTION_TEXT(settings, scanning.namespace, 'n', "namespace", "NAME",
                "the namespace of the release"),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay drift infra/ --live snap/", "what somebody changed beside the code"},
        {"assay drift terraform.tfstate --live snap/ --format markdown", "for an issue"},
        {"assay drift charts/api --live 'k8s --context prod' --release-name api -n trading",
                "a chart and the cluster where it is installed, asked now"},
        {NULL, NULL}};

const as_command as_command_drift = {
        .name = "drift",
        .summary = "compare code with what is live",
        .usage = "[OPTION…] --live SNAPSHOT|aws|gcp|k8s [PATH…]",
        .description =
                "Configuration, plans and states are joined with what accounts hold by ARN, "
                "id or name, manifests and charts with what clusters hold by kind, namespace and "
                "name. What "
                "breaks a rule that the code keeps comes first. Exit code 1 when anything "
                "differs, 3 when "
                "nothing does but some input could not be read.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
