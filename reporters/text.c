/* The report for people: grouped by file, each finding with its lines of source, where the value
 * came from and what to write instead; then what was checked and what was not. */
#include "reporters/reporter.h"

#include "engine/base/utf8.h"
#include "reporters/common.h"
#include "reporters/terminal.h"

enum { SHOWN_TYPES = 8, SHOWN_SKIPS = 5, SHOWN_MISSING = 10 };

typedef struct page {
    const as_report *report;
    const as_reporter_style *style;
    as_terminal terminal;
    as_buf *out;
} page;

static const as_paint severity_paint[] = {
        [AS_SEVERITY_NONE] = AS_PAINT_DIM,
        [AS_SEVERITY_INFO] = AS_PAINT_BLUE,
        [AS_SEVERITY_LOW] = AS_PAINT_CYAN,
        [AS_SEVERITY_MEDIUM] = AS_PAINT_YELLOW,
        [AS_SEVERITY_HIGH] = AS_PAINT_RED,
        [AS_SEVERITY_CRITICAL] = AS_PAINT_BADGE,
};

static void paint(page *p, as_paint how, as_str text)
{
    as_terminal_paint(p->out, &p->terminal, how, text);
}

static as_str fmt_count(page *p, size_t n, const char *word)
{
    return as_str_fmt(p->out->arena, "%zu %s%s", n, word, n == 1 ? "" : "s");
}

/* "     = lead: text", as rustc's notes. */
static void note(page *p, const char *lead, as_str text)
{
    paint(p, AS_PAINT_BLUE, AS_STR("     = "));
    paint(p, AS_PAINT_BOLD, as_str_from(lead));
    as_buf_cstr(p->out, ": ");
    as_terminal_text(p->out, text);
    as_buf_char(p->out, '\n');
}

/* The first sentence, on one line: Markdown may break lines anywhere in a paragraph. */
static as_str first_sentence(as_arena *arena, as_str text)
{
    text = as_str_trim(text);
    size_t end = as_str_find(text, AS_STR("\n\n"));
    text = as_str_slice(text, 0, end);
    text = as_str_replace(arena, text, AS_STR("\n"), AS_STR(" "));
    end = as_str_find(text, AS_STR(". "));
    return end == (size_t)-1 ? text : as_str_slice(text, 0, end + 1);
}

static bool same_span(as_span a, as_span b)
{
    return a.file == b.file && a.begin == b.begin && a.end == b.end;
}

/* The way that the value took: "var.acl ← prod.tfvars:4:9". */
static void write_evidence(page *p, const as_finding *finding)
{
    for (size_t i = 0; i < finding->n_evidence; i++) {
        const as_evidence *evidence = &finding->evidence[i];
        if (evidence->note.n == 0 || same_span(evidence->span, as_finding_span(finding)))
            continue;
        paint(p, AS_PAINT_BLUE, AS_STR("     = "));
        paint(p, AS_PAINT_BOLD, AS_STR("from"));
        as_buf_cstr(p->out, ": ");
        as_terminal_text(p->out, evidence->note);
        if (evidence->span.file != 0) {
            as_buf_cstr(p->out, " ← ");
            as_terminal_place(p->out, &p->terminal, evidence->span);
        }
        as_buf_char(p->out, '\n');
    }
}

static void write_fix(page *p, const as_finding *finding)
{
    as_arena *arena = p->out->arena;

    if (finding->n_fixes > 0) {
        const as_fix *fix = &finding->fixes[0];
        as_str title = fix->title.n > 0 ? fix->title
                                        : as_str_fmt(arena, "set %.*s to %.*s",
                                                  AS_STR_ARG(fix->field), AS_STR_ARG(fix->value));
        as_buf text;
        as_buf_init(&text, arena, 0);
        as_buf_str(&text, title);
        if (fix->span.file != 0 && fix->span.file != as_finding_span(finding).file) {
            as_buf_cstr(&text, " in ");
            as_terminal_place(&text, &p->terminal, fix->span);
        }
        note(p, "fix", as_buf_view(&text));
    } else if (finding->rule->remediation.n > 0) {
        note(p, "help", first_sentence(arena, finding->rule->remediation));
    }
}

static void write_also(page *p, const as_finding *finding)
{
    if (finding->aliases.n > 0)
        note(p, "also", as_strs_join(p->out->arena, finding->aliases, ", "));
}

static void write_badge(page *p, const as_finding *finding)
{
    as_arena *arena = p->out->arena;

    if (finding->status == AS_FAIL) {
        as_str name = as_str_upper(arena, as_str_from(as_severity_name(finding->severity)));
        paint(p, severity_paint[finding->severity], as_str_fmt(arena, " %.*s ", AS_STR_ARG(name)));
    } else {
        paint(p, AS_PAINT_DIM, as_str_fmt(arena, " %s ", as_status_name(finding->status)));
    }
}

static void write_title(page *p, const as_finding *finding)
{
    write_badge(p, finding);
    paint(p, AS_PAINT_BOLD, finding->rule->id);
    as_buf_cstr(p->out, "  ");
    as_terminal_text(p->out, finding->rule->title);
    as_buf_char(p->out, '\n');
}

static void write_place(page *p, const as_finding *finding)
{
    paint(p, AS_PAINT_BLUE, AS_STR("   --> "));
    as_terminal_place(p->out, &p->terminal, as_finding_span(finding));
    if (finding->entity) {
        as_buf_cstr(p->out, "  ");
        paint(p, AS_PAINT_MAGENTA, finding->entity->address);
        if (finding->entity->unit && finding->entity->unit->variant.n > 0)
            paint(p, AS_PAINT_DIM,
                    as_str_fmt(
                            p->out->arena, " [%.*s]", AS_STR_ARG(finding->entity->unit->variant)));
    }
    as_buf_char(p->out, '\n');
}

static void write_excerpt(page *p, const as_finding *finding, as_str label)
{
    p->terminal.hide_span = as_str_is(finding->rule->category, "secrets");
    as_terminal_excerpt(p->out, &p->terminal, as_finding_span(finding),
            severity_paint[finding->severity], label);
    p->terminal.hide_span = false;
}

/* A message that would run over the edge beside the carets stands below them. */
static bool fits(const page *p, const as_finding *finding)
{
    as_place place = as_finding_place(p->report, finding);
    size_t width = p->style->width > 0 ? (size_t)p->style->width : 120;
    size_t carets = place.end.line == place.begin.line ? place.end.column : 60;

    return place.path.n > 0 && 8 + carets + as_utf8_count(finding->message) <= width;
}

static void write_notes(page *p, const as_finding *finding)
{
    write_evidence(p, finding);
    if (finding->suppression && finding->suppression->reason.n > 0)
        note(p, "reason", finding->suppression->reason);
    if (finding->status == AS_FAIL)
        write_fix(p, finding);
    write_also(p, finding);
    as_buf_char(p->out, '\n');
}

static void write_single(page *p, const as_finding *finding)
{
    bool beside = fits(p, finding);

    write_title(p, finding);
    write_place(p, finding);
    write_excerpt(p, finding, beside ? finding->message : AS_STR_NONE);
    if (!beside && finding->message.n > 0)
        note(p, "here", finding->message);
    write_notes(p, finding);
}

/* Several findings about one place: the place first, then each with its message. */
static void write_group(page *p, const as_finding *const *group, size_t n)
{
    if (n == 1) {
        write_single(p, group[0]);
        return;
    }
    write_place(p, group[0]);
    write_excerpt(p, group[0], as_str_fmt(p->out->arena, "%zu findings", n));
    as_buf_char(p->out, '\n');
    for (size_t i = 0; i < n; i++) {
        write_title(p, group[i]);
        if (group[i]->message.n > 0)
            note(p, "here", group[i]->message);
        write_notes(p, group[i]);
    }
}

/* A person wants to see what fails; the rest on demand. */
static bool is_shown(const page *p, const as_finding *finding)
{
    switch (finding->status) {
    case AS_FAIL:
        return true;
    case AS_PASS:
        return p->report->show_passed;
    case AS_UNSURE:
    case AS_SUPPRESSED:
        return p->style->verbose || p->report->show_passed;
    }
    return false;
}

static bool same_place(const as_finding *a, const as_finding *b)
{
    as_span x = as_finding_span(a), y = as_finding_span(b);

    return a->entity == b->entity && x.file == y.file && x.begin == y.begin;
}

static void write_findings(page *p)
{
    const as_finding **shown =
            AS_NEW_ARRAY(p->out->arena, const as_finding *, p->report->n_findings);
    as_str path = AS_STR_NONE;
    size_t n = 0, size;

    for (size_t i = 0; i < p->report->n_findings; i++)
        if (is_shown(p, &p->report->findings[i]))
            shown[n++] = &p->report->findings[i];
    for (size_t i = 0; i < n; i += size) {
        as_str here = as_finding_place(p->report, shown[i]).path;
        if (!path.p || !as_str_eq(here, path)) {
            path = here.n > 0 ? here : AS_STR("(no file)");
            if (here.n > 0)
                as_terminal_path(p->out, &p->terminal, AS_PAINT_BOLD, here);
            else
                paint(p, AS_PAINT_BOLD, path);
            as_buf_cstr(p->out, "\n\n");
        }
        for (size = 1; i + size < n && same_place(shown[i], shown[i + size]);)
            size++;
        write_group(p, &shown[i], size);
    }
}

static void write_diags(page *p)
{
    for (size_t i = 0; i < p->report->diags->list.n; i++) {
        const as_diag *diag = &p->report->diags->list.items[i];
        if ((diag->severity == AS_DIAG_NOTE && !p->style->verbose) ||
                (diag->severity != AS_DIAG_ERROR && p->style->quiet))
            continue;
        as_terminal_diag(p->out, &p->terminal, diag);
        as_buf_char(p->out, '\n');
    }
}

/* "3 failed (1 critical, 2 high), 1 suppressed, 4 unknown, 20 passed" */
static void write_summary(page *p)
{
    const as_summary *summary = &p->report->summary;
    size_t failed = summary->by_status[AS_FAIL];
    const char *lead = " (";

    paint(p, failed > 0 ? AS_PAINT_RED : AS_PAINT_GREEN,
            failed > 0 ? as_str_fmt(p->out->arena, "%zu failed", failed)
                       : AS_STR("Nothing failed"));
    for (int s = AS_SEVERITY_CRITICAL; s >= AS_SEVERITY_INFO; s--) {
        if (summary->failed_by_severity[s] == 0)
            continue;
        as_buf_cstr(p->out, lead);
        paint(p, severity_paint[s],
                as_str_fmt(p->out->arena, "%zu %s", summary->failed_by_severity[s],
                        as_severity_name((as_severity)s)));
        lead = ", ";
    }
    as_buf_cstr(p->out, *lead == ',' ? ")" : "");
    as_buf_fmt(p->out, ", %zu suppressed, %zu unknown, %zu passed\n",
            summary->by_status[AS_SUPPRESSED], summary->by_status[AS_UNSURE],
            summary->by_status[AS_PASS]);
}

static void write_checked(page *p)
{
    const as_coverage *coverage = &p->report->coverage;

    as_buf_cstr(p->out, "Checked: ");
    as_buf_count(p->out, coverage->n_files, "file");
    as_buf_cstr(p->out, ", ");
    as_buf_count(p->out, coverage->n_entities, "resource");
    as_buf_cstr(p->out, ", ");
    as_buf_count(p->out, coverage->n_rules_loaded, "rule");
    for (size_t i = 0; i < coverage->n_rows; i++) {
        const as_coverage_row *row = &coverage->rows[i];
        if (row->found == 0 && row->entities == 0)
            continue;
        as_buf_cstr(p->out, "\n  ");
        as_terminal_text(p->out, row->parser);
        as_buf_repeat(p->out, ' ', row->parser.n < 14 ? 14 - row->parser.n : 1);
        as_buf_fmt(p->out, "%zu of %s", row->parsed, fmt_count(p, row->found, "file").p);
        if (row->units > 0)
            as_buf_fmt(p->out, ", %s", fmt_count(p, row->units, "unit").p);
        as_buf_fmt(p->out, ", %s", fmt_count(p, row->entities, "resource").p);
    }
    as_buf_char(p->out, '\n');
}

static void write_missing(page *p)
{
    const as_coverage *coverage = &p->report->coverage;
    size_t shown = p->style->verbose || coverage->n_missing < SHOWN_MISSING ? coverage->n_missing
                                                                            : SHOWN_MISSING;
    if (shown == 0)
        return;
    as_buf_cstr(p->out, "Undecided for want of:\n");
    for (size_t i = 0; i < shown; i++) {
        as_buf_fmt(p->out, "  %6zu × ", coverage->missing[i].n);
        as_terminal_text(p->out, coverage->missing[i].reason);
        as_buf_char(p->out, '\n');
    }
    if (shown < coverage->n_missing)
        as_buf_fmt(p->out, "         and %zu more (--verbose)\n", coverage->n_missing - shown);
}

static void write_skipped(page *p)
{
    const as_coverage *coverage = &p->report->coverage;
    size_t shown =
            p->style->verbose || coverage->n_skips < SHOWN_SKIPS ? coverage->n_skips : SHOWN_SKIPS;
    if (coverage->n_skips > 0) {
        as_buf_fmt(p->out, "Skipped: %s\n", fmt_count(p, coverage->n_skips, "path").p);
        for (size_t i = 0; i < shown; i++) {
            as_buf_cstr(p->out, "  ");
            as_terminal_text(p->out, coverage->skips[i].path);
            as_buf_cstr(p->out, ": ");
            as_terminal_text(p->out, coverage->skips[i].why);
            as_buf_char(p->out, '\n');
        }
        if (shown < coverage->n_skips)
            as_buf_fmt(p->out, "  and %zu more (--verbose)\n", coverage->n_skips - shown);
    }

    as_strs types = coverage->types_without_rules;
    if (types.n == 0)
        return;
    as_buf_cstr(p->out, "No rule knows: ");
    for (size_t i = 0; i < types.n && (i < SHOWN_TYPES || p->style->verbose); i++) {
        as_buf_cstr(p->out, i > 0 ? ", " : "");
        as_terminal_text(p->out, types.items[i]);
    }
    if (types.n > SHOWN_TYPES && !p->style->verbose)
        as_buf_fmt(p->out, " and %zu more (--verbose)", types.n - SHOWN_TYPES);
    as_buf_char(p->out, '\n');
}

static void write(const as_report *report, const as_reporter_style *style, as_buf *out)
{
    page p = {
            .report = report,
            .style = style,
            .terminal = {.color = style->color,
                    .width = style->width,
                    .sources = report->sources,
                    .path_prefix = report->path_prefix,
                    .here = report->here},
            .out = out,
    };

    write_findings(&p);
    write_diags(&p);
    if (style->quiet)
        return;
    write_summary(&p);
    write_checked(&p);
    write_missing(&p);
    write_skipped(&p);
    if (report->diags->n_errors + report->diags->n_warnings > 0)
        as_buf_fmt(out, "Diagnostics: %s, %s\n", fmt_count(&p, report->diags->n_errors, "error").p,
                fmt_count(&p, report->diags->n_warnings, "warning").p);
}

const as_reporter as_reporter_text = {
        .name = "text",
        .summary = "for people",
        .extension = "txt",
        .write = write,
};
