/* What is scanned for a document, and what the editor is told about it. */
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/lsp/internal.h"

as_lsp_doc *as_lsp_doc_of(as_lsp *lsp, as_str uri)
{
    for (size_t i = 0; i < lsp->n_docs; i++) {
        if (as_str_eq(lsp->docs[i].uri, uri)) {
            return &lsp->docs[i];
        }
    }
    return NULL;
}

/* --- folders ---------------------------------------------------------------------------------- */

static bool has_file(as_arena *arena, as_str dir, const char *name)
{
    struct stat info;
    as_str path = as_str_fmt(arena, "%.*s/%s", AS_STR_ARG(dir), name);
    return stat(path.p, &info) == 0;
}

/* A module is its own files: what lies in folders below it is of no interest to it. */
#define MODULE "/*.tf"

static bool is_module_file(as_str path)
{
    return as_str_ends(path, ".tf") || as_str_ends(path, ".tofu") || as_str_ends(path, ".tfvars") ||
           as_str_ends(path, ".tf.json");
}

/* The files of a module on disk; what is open in the editor stands in place of them. */
static as_strs module_files(as_arena *arena, as_str dir)
{
    AS_VEC(as_str) files = {0};
    DIR *listing = opendir(as_str_cstr(arena, dir));
    for (const struct dirent *entry; listing != NULL && (entry = readdir(listing)) != NULL;) {
        as_str path = as_str_fmt(arena, "%.*s/%s", AS_STR_ARG(dir), entry->d_name);
        if (is_module_file(path) && access(path.p, R_OK) == 0) {
            AS_VEC_PUSH(arena, &files, path);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
    if (files.n > 1) {
        qsort(files.items, files.n, sizeof *files.items, as_str_compare_qsort);
    }
    return (as_strs){files.items, files.n};
}

/* The chart or overlay that the document is part of, else its own folder. A rule of the user's is
 * none of these. */
static as_str folder_of(as_arena *arena, as_str path)
{
    as_str own = as_path_dir(path);
    if (is_module_file(path)) {
        bool saved = access(as_str_cstr(arena, path), R_OK) == 0;
        return saved ? as_str_join(arena, own, AS_STR(MODULE)) : own;
    }
    for (as_str dir = own; dir.n > 1; dir = as_path_dir(dir)) {
        if (has_file(arena, dir, "Chart.yaml") || has_file(arena, dir, "kustomization.yaml") ||
                as_str_ends(dir, "/.github")) {
            return as_str_ends(dir, "/.github") ? as_path_dir(dir) : dir;
        }
        if (has_file(arena, dir, ".git")) {
            break;
        }
    }
    return own.n == 0 ? AS_STR("/") : own;
}

static bool is_scanned(as_str path)
{
    static const char *const ends[] = {
            ".tf", ".tfvars", ".tf.json", ".yaml", ".yml", ".json", ".tpl", ".tofu", NULL};
    for (size_t i = 0; ends[i] != NULL; i++) {
        if (as_str_ends(path, ends[i])) {
            return true;
        }
    }
    return false;
}

static void free_folder(as_lsp_folder *folder)
{
    as_scan_free(folder->scan);
    as_arena_free(folder->arena);
    *folder = (as_lsp_folder){0};
}

static as_lsp_folder *folder_at(as_lsp *lsp, as_str path)
{
    as_lsp_folder *oldest = NULL;
    for (size_t i = 0; i < lsp->n_folders; i++) {
        as_lsp_folder *folder = &lsp->folders[i];
        if (as_str_eq(folder->path, path)) {
            return folder;
        }
        oldest = oldest == NULL || folder->used < oldest->used ? folder : oldest;
    }
    if (lsp->n_folders < AS_LSP_FOLDERS) {
        oldest = &lsp->folders[lsp->n_folders++];
    } else {
        free_folder(oldest);
    }
    return oldest;
}

static void free_sources(void *object)
{
    as_sources_free(object);
}

/* The options of the scan in the folder's own arena: overlay, configuration, rules. */
static const as_scan_options *options_for(const as_lsp *lsp, as_arena *arena, as_str path)
{
    as_scan_options *o = AS_NEW(arena, as_scan_options);
    bool module = as_str_ends(path, MODULE);
    as_str *dir = AS_NEW(arena, as_str);
    as_memory_file *overlay = AS_NEW_ARRAY(arena, as_memory_file, lsp->n_docs);
    as_diags diags;
    as_diags_init(&diags, arena);
    *dir = module ? as_str_slice(path, 0, path.n - sizeof MODULE + 1) : path;
    for (size_t i = 0; i < lsp->n_docs; i++) {
        overlay[i] = (as_memory_file){
                as_str_dup(arena, lsp->docs[i].path), as_str_dup(arena, lsp->docs[i].text)};
    }
    as_sources *sources = as_sources_new();
    if (sources == NULL) {
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    }
    as_arena_defer(arena, free_sources, sources);
    const as_config *config = as_config_find(arena, sources, as_str_cstr(arena, *dir), &diags);
    *o = (as_scan_options){.paths = module ? module_files(arena, *dir) : (as_strs){dir, 1},
            .sources = sources,
            .config = config,
            .rule_dirs = config->rule_dirs,
            .rule_folders = config->rule_folders,
            .frameworks = config->frameworks,
            .overlay = overlay,
            .n_overlay = lsp->n_docs,
            .no_inline_suppressions = config->no_inline_suppressions,
            .today = as_clock_day(arena, as_clock_now())};
    return o;
}

/* Scans anew; the scan before is kept until then, so that its diagnostics can be taken back. */
static void scan_folder(as_lsp *lsp, as_lsp_folder *folder, as_str path)
{
    as_arena *arena = as_arena_new(0);
    as_guard guard;
    if (arena == NULL) {
        return;
    }
    if (!AS_GUARD_ENTER(&guard, arena)) {
        as_arena_free(arena);
        return;
    }
    as_lsp_folder made = {.arena = arena, .path = as_str_dup(arena, path), .used = ++lsp->clock};
    for (size_t i = 0; i < folder->published.n; i++) {
        AS_VEC_PUSH(arena, &made.published, as_str_dup(arena, folder->published.items[i]));
    }
    made.options = options_for(lsp, arena, made.path);
    made.scan = as_scan_run(made.options);
    as_guard_leave(&guard);
    free_folder(folder);
    *folder = made;
}

/* --- from sources to files -------------------------------------------------------------------- */

as_str as_lsp_path_of_source(as_arena *arena, const as_report *report, const as_source *source)
{
    char real[PATH_MAX];
    if (source == NULL || as_str_find_char(source->path, '!') != (size_t)-1) {
        return AS_STR("");
    }
    as_str path = as_str_join(arena, report->path_prefix, source->path), dir = as_path_dir(path);
    if (realpath(
                dir.n == 0 ? (path.n > 0 && path.p[0] == '/' ? "/" : ".") : as_str_cstr(arena, dir),
                real) == NULL) {
        return AS_STR("");
    }
    return as_str_fmt(
            arena, "%s/%.*s", real[1] == '\0' ? "" : real, AS_STR_ARG(as_path_base(path)));
}

const as_source *as_lsp_source_of(as_arena *arena, const as_lsp_folder *folder, as_str path)
{
    const as_report *report = as_scan_report(folder->scan);
    const as_source *source;
    for (uint32_t id = 1; (source = as_sources_get(report->sources, id)) != NULL; id++) {
        if (as_str_eq(as_path_base(source->path), as_path_base(path)) &&
                as_str_eq(as_lsp_path_of_source(arena, report, source), path)) {
            return source;
        }
    }
    return NULL;
}

static size_t extent(const as_entity *e)
{
    return e->span.end - e->span.begin;
}

void as_lsp_entities_at(as_arena *arena, const as_report *report, const as_source *source,
        size_t offset, as_lsp_entities *out)
{
    *out = (as_lsp_entities){0};
    for (size_t i = 1; source != NULL && i <= as_graph_count(report->graph); i++) {
        const as_entity *e = as_graph_get(report->graph, (uint32_t)i);
        if (e->span.file != source->id || offset < e->span.begin || offset > e->span.end) {
            continue;
        }
        AS_VEC_PUSH(arena, out, e);
        for (size_t k = out->n - 1; k > 0 && extent(out->items[k]) < extent(out->items[k - 1]);
                k--) {
            const as_entity *swap = out->items[k];
            out->items[k] = out->items[k - 1];
            out->items[k - 1] = swap;
        }
    }
}

/* --- diagnostics ------------------------------------------------------------------------------ */

static size_t severity_of(as_severity severity)
{
    return severity >= AS_SEVERITY_HIGH     ? 1
           : severity == AS_SEVERITY_MEDIUM ? 2
           : severity == AS_SEVERITY_LOW    ? 3
                                            : 4;
}

size_t as_lsp_shown_end(as_str text, as_span span)
{
    size_t end = span.begin;
    while (end < span.end && end < text.n && text.p[end] != '\n') {
        end++;
    }
    return end;
}

static void write_related(as_lsp *lsp, as_arena *arena, as_json_out *out, const as_report *report,
        const as_finding *f)
{
    bool open = false;
    for (size_t i = 0; i < f->n_evidence && i < 16; i++) {
        const as_source *source = as_sources_get(report->sources, f->evidence[i].span.file);
        as_str path = as_lsp_path_of_source(arena, report, source);
        if (path.n == 0) {
            continue;
        }
        if (!open) {
            as_json_open(out, "relatedInformation", '[');
        }
        open = true;
        as_json_open(out, NULL, '{');
        as_json_open(out, "location", '{');
        as_json_str(out, "uri", as_lsp_uri_of_path(arena, path));
        as_lsp_write_range(lsp, out, "range", source->text, f->evidence[i].span.begin,
                as_lsp_shown_end(source->text, f->evidence[i].span));
        as_json_close(out, '}');
        as_json_str(out, "message", f->evidence[i].note);
        as_json_close(out, '}');
    }
    if (open) {
        as_json_close(out, ']');
    }
}

static void write_finding(as_lsp *lsp, as_arena *arena, as_json_out *out, const as_report *report,
        const as_source *source, const as_finding *f)
{
    as_json_open(out, NULL, '{');
    as_lsp_write_range(lsp, out, "range", source->text, f->span.begin,
            as_lsp_shown_end(source->text, f->span));
    as_json_size(out, "severity", severity_of(f->severity));
    as_json_str(out, "code", f->rule->id);
    if (f->rule->references.n > 0) {
        as_json_open(out, "codeDescription", '{');
        as_json_str(out, "href", f->rule->references.items[0]);
        as_json_close(out, '}');
    }
    as_json_cstr(out, "source", "assay");
    as_json_str(out, "message", f->message);
    write_related(lsp, arena, out, report, f);
    as_json_open(out, "data", '{');
    as_json_cstr(out, "fingerprint", f->fingerprint);
    as_json_close(out, '}');
    as_json_close(out, '}');
}

static void write_diag(
        const as_lsp *lsp, as_json_out *out, const as_source *source, const as_diag *d)
{
    as_json_open(out, NULL, '{');
    as_lsp_write_range(lsp, out, "range", source->text, d->span.begin,
            as_lsp_shown_end(source->text, d->span));
    as_json_size(out, "severity",
            d->severity == AS_DIAG_ERROR     ? 1
            : d->severity == AS_DIAG_WARNING ? 2
                                             : 3);
    as_json_cstr(out, "code", d->code);
    as_json_cstr(out, "source", "assay");
    as_json_str(out, "message", d->summary);
    as_json_close(out, '}');
}

/* All of one file. */
static void publish(as_lsp *lsp, as_arena *arena, const as_report *report, const as_source *source,
        as_str uri, const as_lsp_doc *doc)
{
    as_rpc_reply reply;
    as_rpc_begin_notification(&reply, arena, "textDocument/publishDiagnostics");
    as_json_open(&reply.json, "params", '{');
    as_json_str(&reply.json, "uri", uri);
    if (doc != NULL) {
        as_json_size(&reply.json, "version", doc->version < 0 ? 0 : (size_t)doc->version);
    }
    as_json_open(&reply.json, "diagnostics", '[');
    for (size_t i = 0; source != NULL && i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        if (f->status == AS_FAIL && f->span.file == source->id) {
            write_finding(lsp, arena, &reply.json, report, source, f);
        }
    }
    for (size_t i = 0; source != NULL && i < report->diags->list.n; i++) {
        const as_diag *d = &report->diags->list.items[i];
        if (d->span.file == source->id) {
            write_diag(lsp, &reply.json, source, d);
        }
    }
    as_json_close(&reply.json, ']');
    as_json_close(&reply.json, '}');
    as_rpc_send(lsp->rpc, &reply);
}

static bool speaks_of(const as_report *report, uint32_t file)
{
    for (size_t i = 0; i < report->n_findings; i++) {
        if (report->findings[i].status == AS_FAIL && report->findings[i].span.file == file) {
            return true;
        }
    }
    for (size_t i = 0; i < report->diags->list.n; i++) {
        if (report->diags->list.items[i].span.file == file) {
            return true;
        }
    }
    return false;
}

static bool in_list(const as_str *items, size_t n, as_str s)
{
    for (size_t i = 0; i < n; i++) {
        if (as_str_eq(items[i], s)) {
            return true;
        }
    }
    return false;
}

/* Files with something to say, files that are open, and those that had something before. */
static void publish_folder(as_lsp *lsp, as_lsp_folder *folder)
{
    as_arena *arena = as_arena_new(0);
    as_guard guard;
    if (arena == NULL || folder->scan == NULL) {
        as_arena_free(arena);
        return;
    }
    if (!AS_GUARD_ENTER(&guard, arena)) {
        as_arena_free(arena);
        return;
    }
    const as_report *report = as_scan_report(folder->scan);
    AS_VEC(as_str) now = {0};
    const as_source *source;
    for (uint32_t id = 1; (source = as_sources_get(report->sources, id)) != NULL; id++) {
        as_str path = as_lsp_path_of_source(arena, report, source);
        as_str uri = as_lsp_uri_of_path(arena, path);
        const as_lsp_doc *doc = NULL;
        for (size_t i = 0; i < lsp->n_docs; i++) {
            doc = as_str_eq(lsp->docs[i].path, path) ? &lsp->docs[i] : doc;
        }
        bool says = speaks_of(report, id);
        if (path.n == 0 || (doc == NULL && !says) ||
                in_list(now.items, now.n, doc == NULL ? uri : doc->uri)) {
            continue;
        }
        AS_VEC_PUSH(arena, &now, doc == NULL ? uri : doc->uri);
        publish(lsp, arena, report, source, doc == NULL ? uri : doc->uri, doc);
    }
    for (size_t i = 0; i < folder->published.n; i++) {
        if (!in_list(now.items, now.n, folder->published.items[i])) {
            publish(lsp, arena, report, NULL, folder->published.items[i], NULL);
        }
    }
    as_guard_leave(&guard);
    folder->published.n = 0;
    if (AS_GUARD_ENTER(&guard, folder->arena)) {
        for (size_t i = 0; i < now.n; i++) {
            AS_VEC_PUSH(folder->arena, &folder->published, as_str_dup(folder->arena, now.items[i]));
        }
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
}

static void analyse(as_lsp *lsp, as_arena *arena, as_lsp_doc *doc)
{
    if (as_lsp_is_rule(doc)) {
        as_lsp_check_rule(lsp, arena, doc);
        return;
    }
    if (!is_scanned(doc->path)) {
        return;
    }
    as_str path = folder_of(arena, doc->path);
    for (size_t i = 0; i < lsp->n_docs; i++) { /* one scan for all that changed there */
        if (as_str_eq(folder_of(arena, lsp->docs[i].path), path)) {
            lsp->docs[i].dirty = lsp->docs[i].dirty && as_lsp_is_rule(&lsp->docs[i]);
        }
    }
    as_lsp_folder *folder = folder_at(lsp, path);
    scan_folder(lsp, folder, path);
    publish_folder(lsp, folder);
}

static void refresh_one(as_lsp *lsp, as_lsp_doc *doc)
{
    as_arena *arena = as_arena_new(0);
    as_guard guard;
    doc->dirty = false;
    if (arena != NULL && AS_GUARD_ENTER(&guard, arena)) {
        analyse(lsp, arena, doc);
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
}

void as_lsp_refresh(as_lsp *lsp)
{
    for (size_t i = 0; i < lsp->n_docs; i++) {
        if (lsp->docs[i].dirty) {
            refresh_one(lsp, &lsp->docs[i]);
        }
    }
}

as_lsp_folder *as_lsp_analysed(as_lsp *lsp, as_arena *arena, const as_lsp_doc *doc)
{
    if (as_lsp_is_rule(doc) || !is_scanned(doc->path)) {
        return NULL;
    }
    as_lsp_refresh(lsp);
    as_str path = folder_of(arena, doc->path);
    as_lsp_folder *folder = folder_at(lsp, path);
    if (folder->scan == NULL) {
        scan_folder(lsp, folder, path);
    }
    folder->used = ++lsp->clock;
    return folder->scan == NULL ? NULL : folder;
}

/* The document is closed: its file counts again, and others may look different for it. */
void as_lsp_forget(as_lsp *lsp, as_lsp_doc *doc)
{
    as_arena *arena = doc->arena;
    as_str dir = as_path_dir(doc->path);
    *doc = lsp->docs[--lsp->n_docs];
    for (size_t i = 0; i < lsp->n_docs; i++) {
        lsp->docs[i].dirty = lsp->docs[i].dirty || as_str_eq(as_path_dir(lsp->docs[i].path), dir);
    }
    as_arena_free(arena);
}

void as_lsp_release(as_lsp *lsp)
{
    while (lsp->n_docs > 0) {
        as_arena_free(lsp->docs[--lsp->n_docs].arena);
    }
    while (lsp->n_folders > 0) {
        free_folder(&lsp->folders[--lsp->n_folders]);
    }
}
