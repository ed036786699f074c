/* Quick fixes: what the rules propose, proven as `assay fix` does, and the comment that accepts a
 * finding. */
#include "engine/fix/fix.h"
#include "engine/lsp/internal.h"

enum { MAX_ACTIONS = 16 };

static void write_edit(as_lsp *lsp, as_json_out *out, as_str text, as_span span, as_str insert)
{
    as_json_open(out, NULL, '{');
    as_lsp_write_range(lsp, out, "range", text, span.begin, span.end);
    as_json_str(out, "newText", insert);
    as_json_close(out, '}');
}

/* Each file once, with its edits. */
static void write_edits(as_lsp *lsp, as_arena *arena, as_json_out *out, const as_report *report,
        const as_edits *edits)
{
    as_json_open(out, "edit", '{');
    as_json_open(out, "changes", '{');
    for (size_t i = 0; i < edits->n; i++) {
        uint32_t file = edits->items[i].span.file;
        bool seen = false;
        for (size_t k = 0; k < i; k++) {
            seen = seen || edits->items[k].span.file == file;
        }
        if (seen) {
            continue;
        }
        const as_source *source = as_sources_get(report->sources, file);
        as_json_open(out,
                as_str_cstr(arena,
                        as_lsp_uri_of_path(arena, as_lsp_path_of_source(arena, report, source))),
                '[');
        for (size_t k = i; k < edits->n; k++) {
            if (edits->items[k].span.file == file) {
                write_edit(lsp, out, source->text, edits->items[k].span, edits->items[k].text);
            }
        }
        as_json_close(out, ']');
    }
    as_json_close(out, '}');
    as_json_close(out, '}');
}

static void begin_action(as_json_out *out, as_str title, bool preferred)
{
    as_json_open(out, NULL, '{');
    as_json_str(out, "title", title);
    as_json_cstr(out, "kind", "quickfix");
    if (preferred) {
        as_json_bool(out, "isPreferred", true);
    }
}

/* Scans once more with the edits made. */
static bool proven(
        as_arena *arena, const as_lsp_folder *folder, const as_report *report, const as_plan *plan)
{
    as_scan_options o = *folder->options;
    as_memory_file *overlay = AS_NEW_ARRAY(arena, as_memory_file, o.n_overlay + plan->edits.n);
    size_t n = 0;
    for (size_t i = 0; i < plan->edits.n; i++) {
        const as_source *source = as_sources_get(report->sources, plan->edits.items[i].span.file);
        as_str path = as_lsp_path_of_source(arena, report, source);
        if (path.n == 0) {
            return false;
        }
        overlay[n++] = (as_memory_file){
                path, as_edits_apply(arena, source, plan->edits.items, plan->edits.n)};
    }
    size_t n_edited = n;
    for (size_t i = 0; i < o.n_overlay; i++) {
        bool edited = false;
        for (size_t k = 0; k < n_edited; k++) {
            edited = edited || as_str_eq(overlay[k].path, o.overlay[i].path);
        }
        if (!edited) {
            overlay[n++] = o.overlay[i];
        }
    }
    o.overlay = overlay;
    o.n_overlay = n;
    o.sources = NULL;
    as_scan *scan = as_scan_run(&o);
    as_str objection = AS_STR("out of memory");
    if (scan != NULL) {
        objection = as_fix_objection(arena, report, as_scan_report(scan), &plan, 1);
    }
    as_scan_free(scan);
    return objection.n == 0;
}

/* "# assay:ignore RULE" on a line above, with its indentation. */
static void write_ignore(as_lsp *lsp, as_arena *arena, as_json_out *out, const as_report *report,
        const as_source *source, const as_finding *f)
{
    size_t at = f->span.begin;
    while (at > 0 && source->text.p[at - 1] != '\n') {
        at--;
    }
    size_t indent = at;
    while (indent < source->text.n && source->text.p[indent] == ' ') {
        indent++;
    }
    as_str blanks = as_str_slice(source->text, at, indent);
    as_edits edits = {0};
    AS_VEC_PUSH(arena, &edits,
            (as_edit){{source->id, (uint32_t)at, (uint32_t)at},
                    as_str_fmt(arena, "%.*s# assay:ignore %.*s reason=\"\"\n", AS_STR_ARG(blanks),
                            AS_STR_ARG(f->rule->id))});
    begin_action(
            out, as_str_fmt(arena, "accept it: ignore %.*s here", AS_STR_ARG(f->rule->id)), false);
    write_edits(lsp, arena, out, report, &edits);
    as_json_close(out, '}');
}

void as_lsp_actions(as_lsp *lsp, const as_rpc_message *message, as_json_out *out, as_lsp_doc *doc,
        size_t begin, size_t end)
{
    as_arena *arena = message->arena;
    const as_lsp_folder *folder = as_lsp_analysed(lsp, arena, doc);
    const as_source *source = folder == NULL ? NULL : as_lsp_source_of(arena, folder, doc->path);
    as_json_open(out, "result", '[');
    if (source != NULL) {
        const as_report *report = as_scan_report(folder->scan);
        as_planner planner = {.arena = arena, .sources = report->sources, .graph = report->graph};
        size_t n = 0;
        for (size_t i = 0; i < report->n_findings && n < MAX_ACTIONS; i++) {
            const as_finding *f = &report->findings[i];
            if (f->status != AS_FAIL || f->span.file != source->id ||
                    as_lsp_shown_end(source->text, f->span) < begin || f->span.begin > end) {
                continue;
            }
            as_plan plan;
            as_plan_make(&planner, f, &plan);
            n++;
            if (plan.edits.n > 0 && proven(arena, folder, report, &plan)) {
                begin_action(out,
                        as_str_fmt(arena, "%.*s: %.*s", AS_STR_ARG(f->rule->id),
                                AS_STR_ARG(f->fixes[0].title)),
                        true);
                write_edits(lsp, arena, out, report, &plan.edits);
                as_json_close(out, '}');
            }
            if (!as_str_ends(source->path, ".json")) {
                write_ignore(lsp, arena, out, report, source, f);
            }
        }
    }
    as_json_close(out, ']');
}
