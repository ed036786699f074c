/* Whole inputs, from the bytes of files to the linked graph and what is concluded from it; to
 * findings; to fixes. */
#include <stdio.h>
#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

#include "engine/base/fs_memory.h"
#include "engine/fix/fix.h"
#include "engine/graph/export.h"
#include "engine/iam/account.h"
#include "engine/paths/attack.h"
#include "engine/rbac/cluster.h"
#include "engine/reach/cluster.h"
#include "engine/scan/load.h"
#include "engine/ways/worlds.h"
#include "tests/fuzz/fuzz.h"

/* --- to the graph ----------------------------------------------------------------------------- */

static void conclude(as_arena *arena, const as_graph *graph)
{
    as_diags diags;
    as_attack_question question = {.goals = ~0u, .limit = 100};

    as_diags_init(&diags, arena);
    (void)as_iam_accounts_of(arena, graph);
    (void)as_rbac_clusters_of(arena, graph);
    (void)as_clusters_read(arena, graph, &diags);
    (void)as_worlds_shared(graph);
    as_attack *attack = as_attack_new(graph, NULL);
    if (attack)
        (void)as_attack_search(attack, arena, &question);
    as_attack_free(attack);
}

static void load(as_arena *arena, as_fs *fs)
{
    as_root root = {.fs = fs};
    as_parse_options options = {0};
    as_inventory inventory = {0};
    as_loading loading;
    as_diags diags;

    as_diags_init(&diags, arena);
    AS_VEC_PUSH(arena, &root.folders, AS_STR(""));
    as_inventory_take(arena, &root, NULL, &diags, &inventory);
    as_load_run(arena, &root, &inventory, &options, NULL, 0, 1, &diags, &loading);
    as_graph *graph = as_graph_new(arena);
    as_load_add(&loading, graph);
    as_graph_link(graph);
    conclude(arena, graph);
}

static void free_fs(void *fs)
{
    as_fs_free(fs);
}

static void load_files(as_arena *arena, as_sources *sources, const as_memory_file *files, size_t n)
{
    as_fs *fs = as_fs_open_memory(files, n, sources);
    if (!fs)
        return;
    as_arena_defer(arena, free_fs, fs);
    load(arena, fs);
}

/* One file; its name is the detail. */
void fuzz_load(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_memory_file file = {as_str_from(detail), text};
    load_files(arena, sources, &file, 1);
}

/* "-- name --" and the file's lines, as often as there are files. */
void fuzz_load_tree(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    AS_VEC(as_memory_file) files = {0};
    size_t begin = 0;

    (void)detail;
    for (size_t at = 0; at < text.n;) {
        as_str rest = as_str_from_index(text, at);
        size_t n = as_str_find_char(rest, '\n');
        as_str line = as_str_slice(rest, 0, n), name;
        at += line.n + 1;
        if (line.n < 7 || !as_str_starts(line, "-- ") || !as_str_ends(line, " --") ||
                !as_path_join(arena, AS_STR(""), as_str_slice(line, 3, line.n - 3), &name))
            continue;
        if (files.n > 0)
            files.items[files.n - 1].text = as_str_slice(text, begin, at - line.n - 1);
        begin = at < text.n ? at : text.n;
        AS_VEC_PUSH(arena, &files, (as_memory_file){name, as_str_from_index(text, begin)});
    }
    load_files(arena, sources, files.items, files.n);
}

/* A tar archive, compressed here: the checksums of gzip would keep every mutant out. */
void fuzz_load_tar(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    z_stream z = {0};
    size_t room = text.n + text.n / 8 + 256;
    Bytef *packed = as_arena_alloc(arena, room);

    if (deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    z.next_in = (const Bytef *)text.p;
    z.avail_in = (uInt)text.n;
    z.next_out = packed;
    z.avail_out = (uInt)room;
    int done = deflate(&z, Z_FINISH);
    size_t n = room - z.avail_out;
    deflateEnd(&z);
    if (done == Z_STREAM_END)
        fuzz_load(arena, sources, detail, (as_str){(const char *)packed, n});
}

/* --- to findings and fixes ---------------------------------------------------------------------- */

void fuzz_judge(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_memory_file file = {as_str_from(detail), text};
    as_scan_options options = {.document = &file,
            .jobs = 1,
            .show_passed = true,
            .locate_fixes = true,
            .today = AS_STR("2026-01-31")};
    as_scan *scan = as_scan_run(&options);

    (void)arena;
    (void)sources;
    if (!scan)
        abort();
    const as_report *report = as_scan_report(scan);
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        const as_source *source = as_sources_get(report->sources, f->span.file);
        if (f->span.begin > f->span.end || (source && f->span.end > source->text.n))
            abort();
    }
    as_scan_free(scan);
}

/* What is fixed stays fixed: a second run makes nothing more of it. */
void fuzz_fix(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_memory_file file = {as_str_from(detail), text};
    as_scan_options options = {.document = &file, .jobs = 1, .today = AS_STR("2026-01-31")};
    as_fix_result result = {0};

    (void)sources;
    as_fix_run(arena, &options, AS_STR(""), &result);
}
