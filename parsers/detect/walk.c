/* The repository walker. */
#include "parsers/detect/walk.h"

#include "engine/base/limits.h"
#include "parsers/detect/ignore.h"

typedef struct walker {
    as_arena *arena;
    as_fs *fs;
    as_walk_options options;
    as_diags *diags;
    as_walk *out;
    as_ignore ignore, exclude;
    bool full; /* AS_MAX_FILES was reached */
} walker;

/* Folders that hold no source of their own. */
static const struct {
    const char *name, *why;
} never_entered[] = {
        {".git", "the repository's own data"},
        {".hg", "the repository's own data"},
        {".svn", "the repository's own data"},
        {".terraform", "downloaded providers and modules"},
        {".terragrunt-cache", "downloaded modules"},
        {"node_modules", "downloaded packages"},
        {".venv", "downloaded packages"},
        {"__pycache__", "a cache"},
        {".tox", "a cache"},
        {".cache", "a cache"},
};

static const char *const ignore_files[] = {".gitignore", ".assayignore"};

static as_str join(walker *w, as_str dir, as_str name)
{
    return dir.n ? as_str_fmt(w->arena, "%.*s/%.*s", AS_STR_ARG(dir), AS_STR_ARG(name)) : name;
}

static void skip(walker *w, as_str path, bool is_dir, const char *why)
{
    as_walk_skip s = {is_dir ? as_str_join(w->arena, path, AS_STR("/")) : path, why};

    AS_VEC_PUSH(w->arena, &w->out->skips, s);
}

static const char *reason_not_to_enter(walker *w, as_str path, as_str name)
{
    for (size_t i = 0; i < sizeof never_entered / sizeof never_entered[0]; i++)
        if (as_str_is(name, never_entered[i].name))
            return never_entered[i].why;
    if (as_str_is(name, "vendor") &&
            as_fs_stat(w->fs, join(w, path, AS_STR("modules.txt"))) == AS_FS_FILE)
        return "vendored Go packages";
    return NULL;
}

static void add_ignore_file(walker *w, as_str dir, const char *name)
{
    const as_source *source;

    if (!w->options.no_ignores &&
            as_fs_read(w->fs, join(w, dir, as_str_from(name)), &source) == AS_FS_OK)
        as_ignore_add(&w->ignore, dir, source->text);
}

static void add_ignore_files(walker *w, as_str dir, const as_fs_entries *entries)
{
    for (size_t i = 0; i < entries->n; i++)
        for (size_t k = 0; k < 2; k++)
            if (as_str_is(entries->items[i].name, ignore_files[k]))
                add_ignore_file(w, dir, ignore_files[k]);
}

static void add_file(walker *w, as_str path, uint64_t size)
{
    as_walk_file file = {path, size};

    if (w->out->files.n == AS_MAX_FILES) {
        if (!w->full)
            as_diags_add_path(w->diags, AS_DIAG_ERROR, "walk-limit", path,
                    "more than %d files: this one and those after it are not read", AS_MAX_FILES);
        w->full = true;
        return;
    }
    AS_VEC_PUSH(w->arena, &w->out->files, file);
}

static void walk_dir(walker *w, as_str dir, unsigned depth);

static void visit(walker *w, as_str dir, const as_fs_entry *entry, unsigned depth)
{
    as_str path = join(w, dir, entry->name);
    bool is_dir = entry->kind == AS_FS_DIR;
    const char *why = is_dir ? reason_not_to_enter(w, path, entry->name) : NULL;

    if (entry->is_link)
        why = entry->kind == AS_FS_OTHER
                      ? "a symbolic link out of the scanned folder, or to nothing"
                      : "a symbolic link";
    else if (entry->kind == AS_FS_OTHER)
        why = "not a regular file";
    else if (!why && as_ignore_match(&w->ignore, path, is_dir))
        why = "named by an ignore file";
    else if (!why && as_ignore_match(&w->exclude, path, is_dir))
        why = "excluded by the configuration";
    if (why)
        skip(w, path, is_dir, why);
    else if (is_dir)
        walk_dir(w, path, depth + 1);
    else
        add_file(w, path, entry->size);
}

static void walk_dir(walker *w, as_str dir, unsigned depth)
{
    as_fs_entries entries = {0};
    size_t mark = w->ignore.rules.n;
    as_fs_error error;

    if (w->full)
        return;
    if (depth > AS_MAX_DEPTH) {
        as_diags_add_path(w->diags, AS_DIAG_ERROR, "walk-depth", dir,
                "folders are nested more than %d deep", AS_MAX_DEPTH);
        return;
    }
    error = as_fs_list(w->fs, w->arena, dir, &entries);
    if (error != AS_FS_OK) {
        as_diags_add_path(w->diags, AS_DIAG_ERROR, "walk-read", dir, "cannot list the folder: %s",
                as_fs_error_text(error));
        return;
    }
    add_ignore_files(w, dir, &entries);
    for (size_t i = 0; i < entries.n; i++)
        visit(w, dir, &entries.items[i], depth);
    w->ignore.rules.n = mark;
}

/* Ignore files of the folders from the root down to above `dir`. */
static void add_outer_ignore_files(walker *w, as_str dir)
{
    for (size_t i = 0; i < dir.n; i++)
        for (size_t k = 0; k < 2 && (i == 0 || dir.p[i] == '/'); k++)
            add_ignore_file(w, as_str_slice(dir, 0, i), ignore_files[k]);
}

void as_walk_run(as_arena *arena, as_fs *fs, as_str dir, as_walk_options options, as_diags *diags,
        as_walk *out)
{
    walker w = {.arena = arena, .fs = fs, .options = options, .diags = diags, .out = out};

    w.ignore.arena = w.exclude.arena = arena;
    as_ignore_add(&w.exclude, options.exclude_dir, options.exclude);
    add_outer_ignore_files(&w, dir);
    walk_dir(&w, dir, 1);
}
