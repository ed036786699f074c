/* The auditor's report on paper: the same data as the HTML page, in the order in which it is read.
 */
#include "engine/cli/version.h"
#include "engine/base/sha256.h"
#include "parsers/live/seal.h"
#include "reporters/audit/excerpt.h"
#include "reporters/audit/formats.h"
#include "reporters/common.h"
#include "reporters/pdf/flow.h"

enum {
    LISTED_BY_CONTROL = 10, /* the rest stands among the findings */
    MAX_MISSING = 200,
    MAX_SKIPS = 500,
};

#define TEXT 9.0
#define SMALL 8.0
#define SOFT ((as_pdf_color){0.31, 0.35, 0.4})

static const as_pdf_color severity_colors[] = {
        [AS_SEVERITY_NONE] = {0.31, 0.35, 0.4},
        [AS_SEVERITY_INFO] = {0.31, 0.35, 0.4},
        [AS_SEVERITY_LOW] = {0.12, 0.37, 0.6},
        [AS_SEVERITY_MEDIUM] = {0.54, 0.32, 0},
        [AS_SEVERITY_HIGH] = {0.7, 0.15, 0.12},
        [AS_SEVERITY_CRITICAL] = {0.56, 0.06, 0.18},
};

static const as_pdf_color state_colors[] = {
        [AS_CONTROL_FAILED] = {0.7, 0.15, 0.12},
        [AS_CONTROL_UNKNOWN] = {0.54, 0.32, 0},
        [AS_CONTROL_ACCEPTED] = {0.12, 0.37, 0.6},
        [AS_CONTROL_PASSED] = {0.11, 0.42, 0.23},
        [AS_CONTROL_MANUAL] = {0.31, 0.35, 0.4},
        [AS_CONTROL_NOTHING] = {0.31, 0.35, 0.4},
};

typedef struct paper {
    const as_audit *audit;
    as_arena *arena;
    as_pdf *pdf;
    as_pdf_flow flow;
    as_map answers;
} paper;

static void say(paper *p, double size, as_pdf_color color, double indent, as_str text)
{
    as_pdf_flow_text(&p->flow, AS_PDF_SANS, size, color, indent, text);
}

static as_pdf_cell cell(as_str text)
{
    return (as_pdf_cell){.text = text};
}

static as_pdf_cell count_cell(paper *p, size_t n)
{
    return cell(as_str_fmt(p->arena, "%zu", n));
}

static as_pdf_cell percent_cell(paper *p, int percent)
{
    return cell(percent < 0 ? AS_STR("-") : as_str_fmt(p->arena, "%d %%", percent));
}

static as_str where(paper *p, const as_finding *f)
{
    as_place place = as_finding_place(p->audit->report, f);

    if (place.path.n == 0)
        return AS_STR("");
    return place.begin.line > 0
                   ? as_str_fmt(p->arena, "%.*s:%u", AS_STR_ARG(place.path), place.begin.line)
                   : place.path;
}

/* --- cover and summary ---------------------------------------------------------------------------
 */

static void write_figures(paper *p)
{
    static const as_pdf_column columns[] = {{"Critical", 1, true}, {"High", 1, true},
            {"Medium", 1, true}, {"Low", 1, true}, {"Info", 1, true}, {"Not decided", 1.3, true},
            {"Excepted", 1.2, true}, {"Passed", 1.2, true}};
    static const as_pdf_table table = {columns, 8, 10};
    const as_summary *summary = &p->audit->report->summary;
    as_pdf_cell cells[8];
    size_t n = 0;

    for (int s = AS_SEVERITY_CRITICAL; s >= AS_SEVERITY_INFO; s--, n++) {
        cells[n] = count_cell(p, summary->failed_by_severity[s]);
        cells[n].color = severity_colors[s];
        cells[n].bold = true;
    }
    cells[n++] = count_cell(p, p->audit->total.n[AS_UNSURE]);
    cells[n++] = count_cell(p, p->audit->total.n[AS_SUPPRESSED]);
    cells[n] = count_cell(p, p->audit->total.n[AS_PASS]);
    as_pdf_flow_head(&p->flow, &table);
    as_pdf_flow_row(&p->flow, &table, cells);
}

static void write_cover(paper *p)
{
    const as_audit *audit = p->audit;
    const as_coverage *coverage = &audit->report->coverage;

    as_pdf_flow_space(&p->flow, 120);
    as_pdf_flow_text(&p->flow, AS_PDF_BOLD, 26, AS_PDF_BLACK, 0, AS_STR("Compliance report"));
    as_pdf_flow_space(&p->flow, 8);
    as_pdf_flow_text(&p->flow, AS_PDF_SANS, 16, AS_PDF_BLACK, 0, audit->title);
    as_pdf_flow_space(&p->flow, 12);
    say(p, 10, SOFT, 0,
            as_str_fmt(p->arena, "assay " AS_VERSION "%s%.*s", audit->generated.n > 0 ? ", " : "",
                    AS_STR_ARG(audit->generated)));
    say(p, 10, SOFT, 0,
            as_str_fmt(p->arena, "%zu resources in %zu files, %zu checks by %zu rules",
                    coverage->n_entities, coverage->n_files, coverage->n_checks,
                    coverage->n_rules_loaded));
    as_pdf_flow_space(&p->flow, 30);
    write_figures(p);
}

static void write_scores(paper *p)
{
    static const as_pdf_column columns[] = {{"Framework", 5, false}, {"Controls met", 1.4, true},
            {"Met", 0.8, true}, {"Failed", 0.9, true}, {"Unknown", 1.1, true}, {"By hand", 1, true},
            {"Nothing", 1, true}};
    static const as_pdf_table table = {columns, 7, TEXT};

    if (p->audit->n_frameworks == 0) {
        say(p, TEXT, SOFT, 0, AS_STR("No control of a framework was checked."));
        return;
    }
    as_pdf_flow_head(&p->flow, &table);
    for (size_t i = 0; i < p->audit->n_frameworks; i++) {
        const as_audit_framework *f = &p->audit->frameworks[i];
        as_pdf_cell cells[] = {
                cell(as_str_fmt(p->arena, "%.*s %.*s", AS_STR_ARG(f->framework->name),
                        AS_STR_ARG(f->framework->version))),
                percent_cell(p, as_audit_control_score(f)),
                count_cell(p, f->by_state[AS_CONTROL_PASSED] + f->by_state[AS_CONTROL_ACCEPTED]),
                count_cell(p, f->by_state[AS_CONTROL_FAILED]),
                count_cell(p, f->by_state[AS_CONTROL_UNKNOWN]),
                count_cell(p, f->by_state[AS_CONTROL_MANUAL]),
                count_cell(p, f->by_state[AS_CONTROL_NOTHING])};
        as_pdf_flow_row(&p->flow, &table, cells);
    }
    as_pdf_flow_space(&p->flow, 6);
    say(p, SMALL, SOFT, 0,
            AS_STR("Controls met: of those for which something was checked, the share where every "
                   "check passes or has "
                   "an accepted exception. What could not be decided counts as not met. Nothing: "
                   "nothing in scope."));
}

static void write_environments(paper *p)
{
    static const as_pdf_column columns[] = {{"Environment", 5, false}, {"Checks met", 1.4, true},
            {"Failed", 1, true}, {"Unknown", 1.1, true}, {"Excepted", 1.1, true},
            {"Passed", 1, true}};
    static const as_pdf_table table = {columns, 6, TEXT};

    as_pdf_flow_heading(&p->flow, 1, AS_STR("By environment"));
    as_pdf_flow_head(&p->flow, &table);
    for (size_t i = 0; i < p->audit->environments.n; i++) {
        const as_audit_counts *counts = &p->audit->by_environment[i];
        as_str name = p->audit->environments.items[i];
        as_pdf_cell cells[] = {cell(name.n > 0 ? name : AS_STR("(none)")),
                percent_cell(p, as_audit_score(counts)), count_cell(p, counts->n[AS_FAIL]),
                count_cell(p, counts->n[AS_UNSURE]), count_cell(p, counts->n[AS_SUPPRESSED]),
                count_cell(p, counts->n[AS_PASS])};
        as_pdf_flow_row(&p->flow, &table, cells);
    }
}

static void write_trend(paper *p)
{
    static const double height = 110, left = 80, right = AS_PDF_PAGE_WIDTH - 60;
    const as_audit *audit = p->audit;
    int64_t top = 1;

    if (audit->n_runs < 2)
        return;
    as_pdf_flow_heading(&p->flow, 1, as_str_fmt(p->arena, "Over %zu runs", audit->n_runs));
    as_pdf_flow_room(&p->flow, height + 30);
    for (size_t i = 0; i < audit->n_runs; i++)
        top = audit->runs[i].by_status[AS_FAIL] > top ? audit->runs[i].by_status[AS_FAIL] : top;
    double base = p->flow.y - height;
    as_pdf_line(p->pdf, left, base, right, base, 0.6, SOFT);
    for (size_t i = 1; i < audit->n_runs; i++) {
        double step = (right - left) / (double)(audit->n_runs - 1),
               x = left + step * (double)(i - 1);
        for (int worst = 0; worst < 2; worst++) {
            const as_history_run *a = &audit->runs[i - 1], *b = &audit->runs[i];
            int64_t from =
                    worst ? a->by_severity[AS_SEVERITY_CRITICAL] + a->by_severity[AS_SEVERITY_HIGH]
                          : a->by_status[AS_FAIL];
            int64_t to =
                    worst ? b->by_severity[AS_SEVERITY_CRITICAL] + b->by_severity[AS_SEVERITY_HIGH]
                          : b->by_status[AS_FAIL];
            as_pdf_line(p->pdf, x, base + (double)from / (double)top * (height - 10), x + step,
                    base + (double)to / (double)top * (height - 10), 1.4,
                    severity_colors[worst ? AS_SEVERITY_CRITICAL : AS_SEVERITY_LOW]);
        }
    }
    as_pdf_text(p->pdf, 50, base + height - 14, AS_PDF_SANS, SMALL, SOFT,
            as_str_fmt(p->arena, "%lld", (long long)top));
    p->flow.y = base - 4;
    say(p, SMALL, SOFT, 30,
            as_str_fmt(p->arena, "%.10s to %.10s. Blue: all that fails; red: critical and high.",
                    as_str_cstr(p->arena, audit->runs[0].started),
                    as_str_cstr(p->arena, audit->runs[audit->n_runs - 1].started)));
}

static void write_summary(paper *p)
{
    const as_summary *summary = &p->audit->report->summary;
    size_t failed = p->audit->total.n[AS_FAIL], unknown = p->audit->total.n[AS_UNSURE];
    int worst = AS_SEVERITY_CRITICAL;

    as_pdf_flow_heading(&p->flow, 0, AS_STR("Summary"));
    while (worst > AS_SEVERITY_NONE && summary->failed_by_severity[worst] == 0)
        worst--;
    as_str verdict = failed == 0 ? AS_STR("Nothing fails.")
                                 : as_str_fmt(p->arena, "%zu check%s; the worst is %s.", failed,
                                           failed == 1 ? " fails" : "s fail",
                                           as_severity_name((as_severity)worst));
    say(p, 10, AS_PDF_BLACK, 0,
            as_str_fmt(p->arena, "%.*s %zu check%s could not be decided.", AS_STR_ARG(verdict),
                    unknown, unknown == 1 ? "" : "s"));
    as_pdf_flow_space(&p->flow, 8);
    write_figures(p);
    write_trend(p);
    as_pdf_flow_heading(&p->flow, 1, AS_STR("By framework"));
    write_scores(p);
    write_environments(p);
}

/* --- controls ------------------------------------------------------------------------------------
 */

static void write_control_findings(paper *p, const as_audit_control *control)
{
    const as_report *report = p->audit->report;
    size_t listed = 0, all = control->counts.n[AS_FAIL] + control->counts.n[AS_UNSURE] +
                             control->counts.n[AS_SUPPRESSED];
    static const as_status order[] = {AS_FAIL, AS_UNSURE, AS_SUPPRESSED};

    for (size_t s = 0; s < 3; s++) {
        for (size_t i = 0; i < report->n_findings && listed < LISTED_BY_CONTROL &&
                           control->counts.n[order[s]] > 0;
                i++) {
            const as_finding *f = &report->findings[i];
            if (f->status != order[s] || !as_audit_control_has(control, p->audit->rule_of[i]))
                continue;
            listed++;
            say(p, SMALL, f->status == AS_FAIL ? severity_colors[f->severity] : SOFT, 14,
                    as_str_fmt(p->arena, "\xe2\x80\xa2 %s: %.*s %.*s, %.*s",
                            f->status == AS_FAIL ? as_severity_name(f->severity)
                                                 : as_status_name(f->status),
                            AS_STR_ARG(f->rule->id), AS_STR_ARG(f->message),
                            AS_STR_ARG(where(p, f))));
        }
    }
    if (all > listed)
        say(p, SMALL, SOFT, 14,
                as_str_fmt(p->arena, "and %zu more, among the findings", all - listed));
}

static void write_control(paper *p, const as_audit_control *control)
{
    as_pdf_flow *flow = &p->flow;
    const size_t *n = control->counts.n;
    as_str state = as_str_from(as_control_state_name(control->state));

    as_pdf_flow_space(flow, 4);
    as_pdf_flow_room(flow, TEXT * 4);
    double y = flow->y;
    say(p, TEXT, AS_PDF_BLACK, 0,
            as_str_fmt(p->arena, "%.*s  %.*s", AS_STR_ARG(control->control->id),
                    AS_STR_ARG(control->control->title)));
    if (y - flow->y < TEXT * 2) /* the state stands at the end of the line where there is room */
        as_pdf_text(p->pdf, AS_PDF_PAGE_WIDTH - 50 - as_pdf_width(AS_PDF_BOLD, TEXT, state),
                y - TEXT, AS_PDF_BOLD, TEXT, state_colors[control->state], state);
    else
        as_pdf_flow_text(flow, AS_PDF_BOLD, TEXT, state_colors[control->state], 0, state);
    if (n[AS_FAIL] + n[AS_PASS] + n[AS_UNSURE] + n[AS_SUPPRESSED] > 0)
        say(p, SMALL, SOFT, 14,
                as_str_fmt(p->arena, "%zu failed, %zu passed, %zu unknown, %zu excepted",
                        n[AS_FAIL], n[AS_PASS], n[AS_UNSURE], n[AS_SUPPRESSED]));
    write_control_findings(p, control);
    if (control->control->manual.n > 0)
        say(p, SMALL, SOFT, 14,
                as_str_fmt(p->arena, "By hand: %.*s", AS_STR_ARG(control->control->manual)));
}

static void write_framework(paper *p, const as_audit_framework *framework)
{
    as_str section = AS_STR("");

    as_pdf_flow_heading(&p->flow, 1,
            as_str_fmt(p->arena, "%.*s %.*s", AS_STR_ARG(framework->framework->name),
                    AS_STR_ARG(framework->framework->version)));
    say(p, SMALL, SOFT, 0, framework->framework->reference);
    for (size_t i = 0; i < framework->framework->n_controls; i++) {
        const as_audit_control *control = &framework->controls[i];
        if (control->control->section.n > 0 && !as_str_eq(control->control->section, section))
            as_pdf_flow_heading(&p->flow, 2, control->control->section);
        section = control->control->section;
        write_control(p, control);
    }
}

/* --- exceptions, what is unknown, findings -------------------------------------------------------
 */

static void write_exceptions(paper *p)
{
    static const as_pdf_column columns[] = {{"Ends", 1.3, false}, {"Owner", 1.3, false},
            {"Rule", 3, false}, {"Reason", 3, false}, {"Resource", 3, false}};
    static const as_pdf_table table = {columns, 5, SMALL};
    const as_report *report = p->audit->report;

    as_pdf_flow_heading(&p->flow, 0, AS_STR("Exceptions"));
    if (p->audit->total.n[AS_SUPPRESSED] == 0) {
        say(p, TEXT, SOFT, 0, AS_STR("There are no exceptions."));
        return;
    }
    as_pdf_flow_head(&p->flow, &table);
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        const as_suppression *s = f->suppression;
        if (f->status != AS_SUPPRESSED || !s)
            continue;
        as_pdf_cell cells[] = {cell(s->until.n > 0 ? s->until : AS_STR("never")),
                cell(s->owner.n > 0 ? s->owner : AS_STR("nobody")),
                cell(as_str_fmt(p->arena, "%.*s %.*s", AS_STR_ARG(f->rule->id),
                        AS_STR_ARG(f->rule->title))),
                cell(s->reason.n > 0 ? s->reason : AS_STR("none given")),
                cell(as_finding_address(f))};
        as_pdf_flow_row(&p->flow, &table, cells);
    }
}

static void write_unknown(paper *p)
{
    static const as_pdf_column columns[] = {{"What is missing", 8, false}, {"Checks", 1, true}};
    static const as_pdf_table table = {columns, 2, TEXT};
    const as_coverage *coverage = &p->audit->report->coverage;

    as_pdf_flow_heading(&p->flow, 0, AS_STR("What could not be decided"));
    if (p->audit->total.n[AS_UNSURE] == 0) {
        say(p, TEXT, SOFT, 0, AS_STR("Every check was decided."));
        return;
    }
    as_pdf_flow_head(&p->flow, &table);
    for (size_t i = 0; i < coverage->n_missing && i < MAX_MISSING; i++) {
        as_pdf_cell cells[] = {
                cell(coverage->missing[i].reason), count_cell(p, coverage->missing[i].n)};
        as_pdf_flow_row(&p->flow, &table, cells);
    }
    if (coverage->n_missing > MAX_MISSING)
        say(p, SMALL, SOFT, 0,
                as_str_fmt(p->arena, "and %zu other reasons", coverage->n_missing - MAX_MISSING));
}

static void write_evidence(paper *p, const as_finding *f)
{
    const as_source *source = as_sources_get(p->audit->report->sources, as_finding_span(f).file);
    as_live_answer answer;
    as_excerpt excerpt;

    as_excerpt_of(p->arena, p->audit->report, as_finding_span(f),
            as_str_is(f->rule->category, "secrets"), &excerpt);
    for (size_t i = 0; i < excerpt.n; i++)
        as_pdf_flow_code(&p->flow, excerpt.lines[i].marked,
                as_str_fmt(p->arena, "%5u  %.*s", excerpt.lines[i].number,
                        AS_STR_ARG(excerpt.lines[i].text)));
    if (as_excerpt_answer(p->arena, &p->answers, p->audit->report, f, &answer))
        say(p, 7, SOFT, 14,
                as_str_fmt(p->arena, "Answer to %.*s of %.*s, SHA-256 %.*s", AS_STR_ARG(answer.op),
                        AS_STR_ARG(answer.time), AS_STR_ARG(answer.sha256)));
    else if (source && !source->absent)
        say(p, 7, SOFT, 14,
                as_str_fmt(p->arena, "SHA-256 of the file: %.*s",
                        AS_STR_ARG(as_sha256_hex(p->arena, source->text))));
    for (size_t i = 0; i < f->n_evidence; i++) {
        as_place place = as_place_of(p->audit->report, f->evidence[i].span);
        say(p, SMALL, SOFT, 14,
                place.path.n > 0
                        ? as_str_fmt(p->arena, "%s %.*s, %.*s:%u", i < f->n_trail ? "from" : "over",
                                  AS_STR_ARG(f->evidence[i].note), AS_STR_ARG(place.path),
                                  place.begin.line)
                        : f->evidence[i].note);
    }
}

static void write_finding(paper *p, const as_finding *f)
{
    as_pdf_flow_space(&p->flow, 6);
    as_pdf_flow_room(&p->flow, TEXT * 6);
    as_pdf_flow_text(&p->flow, AS_PDF_BOLD, TEXT, severity_colors[f->severity], 0,
            as_str_fmt(
                    p->arena, "%.*s  %.*s", AS_STR_ARG(f->rule->id), AS_STR_ARG(f->rule->title)));
    say(p, TEXT, AS_PDF_BLACK, 14, f->message);
    say(p, SMALL, SOFT, 14,
            as_str_fmt(p->arena, "%.*s  %.*s  %.12s", AS_STR_ARG(as_finding_address(f)),
                    AS_STR_ARG(where(p, f)), f->fingerprint));
    /* Of what weighs less the place is enough. */
    if (f->severity >= AS_SEVERITY_HIGH)
        write_evidence(p, f);
}

static void write_findings(paper *p)
{
    const as_report *report = p->audit->report;

    as_pdf_flow_heading(&p->flow, 0, AS_STR("Findings"));
    if (p->audit->total.n[AS_FAIL] == 0)
        say(p, TEXT, SOFT, 0, AS_STR("Nothing fails."));
    for (int severity = AS_SEVERITY_CRITICAL; severity >= AS_SEVERITY_INFO; severity--) {
        if (report->summary.failed_by_severity[severity] == 0)
            continue;
        as_pdf_flow_heading(&p->flow, 1,
                as_str_fmt(p->arena, "%s: %zu", as_severity_name((as_severity)severity),
                        report->summary.failed_by_severity[severity]));
        for (size_t i = 0; i < report->n_findings; i++)
            if (report->findings[i].status == AS_FAIL &&
                    (int)report->findings[i].severity == severity)
                write_finding(p, &report->findings[i]);
    }
}

/* --- attack paths --------------------------------------------------------------------------------
 */

static void write_attack_path(paper *p, const as_attack_path *path, size_t number)
{
    as_pdf_flow_space(&p->flow, 4);
    as_pdf_flow_room(&p->flow, TEXT * 5);
    as_pdf_flow_text(&p->flow, AS_PDF_BOLD, TEXT,
            path->certain ? severity_colors[AS_SEVERITY_HIGH] : SOFT, 0,
            as_str_fmt(p->arena, "%zu  %.*s to %.*s", number, AS_STR_ARG(path->start->title),
                    AS_STR_ARG(path->target->title)));
    if (!path->certain)
        say(p, SMALL, SOFT, 14, as_str_fmt(p->arena, "possible: %.*s", AS_STR_ARG(path->reason)));
    for (size_t i = 0; i < path->n_steps; i++) {
        const as_attack_step *step = &path->steps[i];
        as_place place = as_place_of(p->audit->report, step->link->span);
        as_str line = as_str_fmt(p->arena, "%s: %.*s \xe2\x86\x92 %.*s %.*s",
                as_hop_name(step->link->hop), AS_STR_ARG(step->from->title),
                AS_STR_ARG(step->to->title), AS_STR_ARG(step->link->note));
        if (place.path.n > 0)
            line = as_str_fmt(p->arena, "%.*s, %.*s:%u", AS_STR_ARG(line), AS_STR_ARG(place.path),
                    place.begin.line);
        say(p, SMALL, AS_PDF_BLACK, 14, line);
    }
}

static void write_attack_paths(paper *p)
{
    const as_attack_paths *paths = p->audit->attack_paths;

    if (!paths)
        return;
    as_pdf_flow_heading(&p->flow, 0, AS_STR("Attack paths"));
    if (paths->n == 0)
        say(p, TEXT, SOFT, 0,
                AS_STR("Nothing of value was found to be reached from the internet."));
    for (size_t i = 0; i < paths->n; i++)
        write_attack_path(p, &paths->items[i], i + 1);
    for (size_t i = 0; i < paths->doubts.n; i++)
        say(p, SMALL, SOFT, 0,
                as_str_fmt(p->arena, "Not examined: %.*s", AS_STR_ARG(paths->doubts.items[i])));
}

/* --- coverage ------------------------------------------------------------------------------------
 */

static void write_coverage(paper *p)
{
    static const as_pdf_column columns[] = {{"Input", 4, false}, {"Found", 1, true},
            {"Read", 1, true}, {"Skipped", 1, true}, {"Resources", 1.2, true}};
    static const as_pdf_table table = {columns, 5, TEXT};
    const as_report *report = p->audit->report;

    as_pdf_flow_heading(&p->flow, 0, AS_STR("Coverage"));
    as_pdf_flow_head(&p->flow, &table);
    for (size_t i = 0; i < report->coverage.n_rows; i++) {
        const as_coverage_row *row = &report->coverage.rows[i];
        as_pdf_cell cells[] = {cell(row->parser), count_cell(p, row->found),
                count_cell(p, row->parsed), count_cell(p, row->skipped),
                count_cell(p, row->entities)};
        as_pdf_flow_row(&p->flow, &table, cells);
    }
    as_pdf_flow_heading(&p->flow, 1, AS_STR("Diagnostics"));
    if (report->diags->list.n == 0)
        say(p, TEXT, SOFT, 0, AS_STR("Everything could be read."));
    for (size_t i = 0; i < report->diags->list.n; i++) {
        const as_diag *diag = &report->diags->list.items[i];
        as_place place = as_diag_place(report, diag);
        say(p, SMALL, AS_PDF_BLACK, 0,
                as_str_fmt(p->arena, "%s: %.*s:%u: %.*s", as_diag_severity_name(diag->severity),
                        AS_STR_ARG(place.path), place.begin.line, AS_STR_ARG(diag->summary)));
    }
    if (report->coverage.n_skips == 0)
        return;
    as_pdf_flow_heading(&p->flow, 1, AS_STR("Skipped files"));
    for (size_t i = 0; i < report->coverage.n_skips && i < MAX_SKIPS; i++)
        say(p, SMALL, AS_PDF_BLACK, 0,
                as_str_fmt(p->arena, "%.*s: %.*s", AS_STR_ARG(report->coverage.skips[i].path),
                        AS_STR_ARG(report->coverage.skips[i].why)));
    if (report->coverage.n_skips > MAX_SKIPS)
        say(p, SMALL, SOFT, 0,
                as_str_fmt(p->arena, "and %zu more", report->coverage.n_skips - MAX_SKIPS));
}

/* Pages are drawn in another order than they are read: `contents` is the first of those that come
 * after the cover. */
static void write_footers(paper *p, size_t contents)
{
    size_t n = as_pdf_n_pages(p->pdf), n_contents = n - contents;
    as_str title = as_pdf_encode(p->arena, p->audit->title);

    for (size_t i = 1; i < n; i++) {
        size_t number = i >= contents ? i - contents + 2 : i + n_contents + 1;
        as_str shown = as_str_fmt(p->arena, "%zu / %zu", number, n);
        as_pdf_turn_to(p->pdf, i);
        as_pdf_text(p->pdf, 50, 36, AS_PDF_SANS, 7.5, SOFT, as_str_slice(title, 0, 90));
        as_pdf_text(p->pdf, AS_PDF_PAGE_WIDTH - 50 - as_pdf_width(AS_PDF_SANS, 7.5, shown), 36,
                AS_PDF_SANS, 7.5, SOFT, shown);
    }
}

void as_pdf_write(as_buf *buf, const as_audit *audit)
{
    paper p = {.audit = audit, .arena = buf->arena};
    as_pdf_info info = {
            .title = as_str_fmt(p.arena, "Compliance report: %.*s", AS_STR_ARG(audit->title)),
            .producer = AS_STR("assay " AS_VERSION),
            .created = audit->generated};

    p.pdf = as_pdf_new(p.arena, &info);
    as_pdf_flow_init(&p.flow, p.arena, p.pdf);
    write_cover(&p);
    write_summary(&p);
    as_pdf_flow_heading(&p.flow, 0, AS_STR("Control by control"));
    for (size_t i = 0; i < audit->n_frameworks; i++)
        write_framework(&p, &audit->frameworks[i]);
    write_exceptions(&p);
    write_unknown(&p);
    write_attack_paths(&p);
    write_findings(&p);
    write_coverage(&p);
    size_t contents = as_pdf_flow_contents(&p.flow, AS_STR("Contents"));
    write_footers(&p, contents);
    as_pdf_finish(p.pdf, contents, buf);
}
