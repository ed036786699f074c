/* Which directories of a repository are root modules: those that no other one calls, and of modules
 * that only call each other the first one. */
#include "parsers/terraform/loader.h"

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/* After `source` at *at: `= "./x"`, or `": "./x"` in JSON syntax; the text between the quotes. */
static bool source_value(as_str text, size_t at, as_str *out)
{
    size_t i = at;
    if (i < text.n && text.p[i] == '"')
        i++;
    while (i < text.n && (text.p[i] == ' ' || text.p[i] == '\t'))
        i++;
    if (i == text.n || (text.p[i] != '=' && text.p[i] != ':'))
        return false;
    i++;
    while (i < text.n && (text.p[i] == ' ' || text.p[i] == '\t'))
        i++;
    if (i == text.n || text.p[i] != '"')
        return false;
    as_str rest = as_str_from_index(text, i + 1);
    size_t end = as_str_find_char(rest, '"');
    if (end > 4096) /* not found is larger, too */
        return false;
    *out = as_str_slice(rest, 0, end);
    return true;
}

/* The directories that the calls in `text`, a file in `dir`, lead to. */
static void note_calls(as_arena *arena, as_str dir, as_str text, as_tf_dirs *calls)
{
    size_t from = 0;
    for (;;) {
        size_t found = as_str_find(as_str_from_index(text, from), AS_STR("source"));
        if (found == (size_t)-1)
            return;
        size_t at = from + found;
        from = at + 6;
        as_str source, path;
        bool whole =
                (at == 0 || !is_word(text.p[at - 1])) && (from == text.n || !is_word(text.p[from]));
        if (whole && source_value(text, from, &source) && as_tf_source_is_local(source) &&
                as_path_join(arena, dir, source, &path) && !as_str_eq(path, dir))
            AS_VEC_PUSH(arena, calls, path);
    }
}

static as_tf_dirs *calls_of(as_arena *arena, as_fs *fs, as_str dir)
{
    as_tf_dirs *calls = AS_NEW(arena, as_tf_dirs);
    as_fs_entries entries = {0};
    as_fs_error error = as_fs_list(fs, arena, dir, &entries);
    for (size_t i = 0; error == AS_FS_OK && i < entries.n; i++) {
        const as_source *source;
        as_str path;
        if (entries.items[i].kind == AS_FS_DIR || !as_tf_is_module_file(entries.items[i].name) ||
                !as_path_join(arena, dir, entries.items[i].name, &path))
            continue;
        as_fs_error unread = as_fs_read(fs, path, &source);
        if (unread == AS_FS_OK)
            note_calls(arena, dir, source->text, calls);
        else if (unread == AS_FS_MEMORY) /* anything else is said when the folder is loaded */
            error = unread;
    }
    if (error == AS_FS_MEMORY)
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    return calls;
}

/* A root, and all that it leads to. */
static void add_root(
        as_arena *arena, const as_map *calls, as_str dir, as_map *reached, as_tf_dirs *roots)
{
    as_tf_dirs open = {0};
    AS_VEC_PUSH(arena, roots, dir);
    AS_VEC_PUSH(arena, &open, dir);
    while (open.n > 0) {
        dir = open.items[--open.n];
        const as_tf_dirs *next = as_map_get(calls, dir);
        if (as_map_put(arena, reached, dir, reached))
            continue;
        for (size_t i = 0; next && i < next->n; i++)
            AS_VEC_PUSH(arena, &open, next->items[i]);
    }
}

void as_tf_find_roots(as_arena *arena, as_fs *fs, const as_str *dirs, size_t n, as_tf_dirs *roots)
{
    as_map calls = {0}, called = {0}, reached = {0};
    for (size_t i = 0; i < n; i++) {
        as_tf_dirs *of = calls_of(arena, fs, dirs[i]);
        as_map_put(arena, &calls, dirs[i], of);
        for (size_t k = 0; k < of->n; k++)
            as_map_put(arena, &called, of->items[k], of);
    }
    for (size_t i = 0; i < n; i++)
        if (!as_map_has(&called, dirs[i]))
            add_root(arena, &calls, dirs[i], &reached, roots);
    for (size_t i = 0; i < n; i++) /* a cycle: its evaluation says so */
        if (!as_map_has(&reached, dirs[i]))
            add_root(arena, &calls, dirs[i], &reached, roots);
}
