#include "engine/scan/inventory.h"

#include <stdlib.h>

#include "engine/base/map.h"
#include "parsers/detect/walk.h"

typedef struct taking {
    as_arena *arena;
    const as_root *root;
    as_diags *diags;
    as_map chart_of; /* folder → innermost folder at or above it with a Chart.yaml, or NONE */
    as_inventory *out;
} taking;

static const as_str NONE = AS_STR_INIT("");

/* Points at NONE when no chart is around. */
static const as_str *chart_of(taking *t, as_str dir)
{
    const as_str *known = as_map_get(&t->chart_of, dir);
    if (known != NULL) {
        return known;
    }
    as_str file;
    as_str *chart = AS_NEW(t->arena, as_str);
    union {
        const as_str *in;
        void *out;
    } found = {.in = &NONE};
    if (as_path_join(t->arena, dir, AS_STR("Chart.yaml"), &file) &&
            as_fs_stat(t->root->fs, file) == AS_FS_FILE) {
        *chart = dir;
        found.in = chart;
    } else if (dir.n > 0) {
        found.in = chart_of(t, as_path_dir(dir));
    }
    as_map_put(t->arena, &t->chart_of, dir, found.out);
    return found.in;
}

/* A text format whose content is no text at all: nobody can have meant that. */
static bool check_text(taking *t, const as_source *source)
{
    enum { GLANCE = 8192 };
    as_str text = as_str_slice(source->text, 0, GLANCE);
    if (as_str_starts(text, "\xff\xfe") || as_str_starts(text, "\xfe\xff")) {
        return true; /* UTF-16, which YAML allows */
    }
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c < 0x20 && !as_char_in((char)c, "\t\n\v\f\r\033")) {
            as_diags_add(t->diags, AS_DIAG_ERROR, "file-binary",
                    (as_span){source->id, (uint32_t)i, (uint32_t)i + 1},
                    "this is no text: byte 0x%02x", c);
            return false;
        }
    }
    return true;
}

static void take(taking *t, as_str path, uint64_t size)
{
    t->out->n_files++;
    AS_VEC_PUSH(t->arena, &t->out->files, path);
    AS_VEC_PUSH(t->arena, &t->out->sizes, size);
    as_file_kind kind;
    const as_str *chart = chart_of(t, as_path_dir(path));
    if (!as_detect_name(path, *chart, chart != &NONE, &kind)) {
        const as_source *source;
        as_fs_error error = as_fs_read(t->root->fs, path, &source);
        if (error != AS_FS_OK) {
            as_diags_add_path(t->diags, AS_DIAG_ERROR, "file-read", path, "cannot be read: %s",
                    as_fs_error_text(error));
            return;
        }
        if (!check_text(t, source)) {
            return;
        }
        kind = as_detect(path, *chart, chart != &NONE, source->text);
    }
    if (kind != AS_FILE_OTHER) {
        AS_VEC_PUSH(
                t->arena, &t->out->inputs, (as_input){.path = path, .kind = kind, .size = size});
    }
}

/* A packed chart is looked into when it is asked for by name; those in charts/ belong to their
 * chart. */
static void take_named(taking *t, as_str path)
{
    if (!as_str_ends(path, ".tgz") && !as_str_ends(path, ".tar.gz")) {
        take(t, path, 0);
        return;
    }
    t->out->n_files++;
    AS_VEC_PUSH(t->arena, &t->out->files, path);
    AS_VEC_PUSH(t->arena, &t->out->sizes, 0);
    AS_VEC_PUSH(t->arena, &t->out->inputs, (as_input){.path = path, .kind = AS_FILE_CHART_ARCHIVE});
}

static int compare_inputs(const void *a, const void *b)
{
    return as_str_cmp(((const as_input *)a)->path, ((const as_input *)b)->path);
}

void as_inventory_take(as_arena *arena, const as_root *root, const as_config *config,
        as_diags *diags, as_inventory *out)
{
    taking t = {.arena = arena, .root = root, .diags = diags, .out = out};
    *out = (as_inventory){0};
    as_walk_options options = {0};
    if (config != NULL) {
        options.exclude = config->ignore;
        options.exclude_dir = as_path_dir(config->prefix); /* without the slash at its end */
    }
    for (size_t i = 0; i < root->folders.n; i++) {
        as_walk walk = {0};
        as_walk_run(arena, root->fs, root->folders.items[i], options, diags, &walk);
        for (size_t f = 0; f < walk.files.n; f++) {
            take(&t, walk.files.items[f].path, walk.files.items[f].size);
        }
        for (size_t s = 0; s < walk.skips.n; s++) {
            AS_VEC_PUSH(arena, &out->skips,
                    (as_skip){walk.skips.items[s].path, as_str_from(walk.skips.items[s].why)});
        }
    }
    for (size_t i = 0; i < root->files.n; i++) {
        take_named(&t, root->files.items[i]);
    }
    size_t n = out->inputs.n, kept = 0;
    if (n > 1) {
        qsort(out->inputs.items, n, sizeof *out->inputs.items, compare_inputs);
    }
    for (size_t i = 0; i < n; i++) { /* a path may have been named twice */
        if (kept == 0 || !as_str_eq(out->inputs.items[kept - 1].path, out->inputs.items[i].path)) {
            out->inputs.items[kept++] = out->inputs.items[i];
        }
    }
    out->inputs.n = kept;
}
