/* Which directories of a repository are root modules: those that no other one calls. */
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
    if (end == (size_t)-1 || end > 4096)
        return false;
    *out = as_str_slice(rest, 0, end);
    return true;
}

static void note_calls(as_arena *arena, as_str dir, as_str text, as_map *called)
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
            as_map_put(arena, called, path, called);
    }
}

void as_tf_find_roots(as_arena *arena, as_fs *fs, const as_str *dirs, size_t n, as_tf_dirs *roots)
{
    as_map called = {0};
    for (size_t i = 0; i < n; i++) {
        as_fs_entries entries = {0};
        if (as_fs_list(fs, arena, dirs[i], &entries) != AS_FS_OK)
            continue;
        for (size_t k = 0; k < entries.n; k++) {
            const as_source *source;
            as_str path;
            if (entries.items[k].kind != AS_FS_DIR && as_tf_is_module_file(entries.items[k].name) &&
                    as_path_join(arena, dirs[i], entries.items[k].name, &path) &&
                    as_fs_read(fs, path, &source) == AS_FS_OK)
                note_calls(arena, dirs[i], source->text, &called);
        }
    }
    for (size_t i = 0; i < n; i++)
        if (!as_map_has(&called, dirs[i]))
            AS_VEC_PUSH(arena, roots, dirs[i]);
}
