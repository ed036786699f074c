#include "engine/rules/config_file.h"

#include <limits.h>
#include <stdlib.h>

#include "engine/base/file.h"
#include "engine/base/fs.h"

enum { MAX_DEPTH = 8 };

bool as_config_is_below(as_str path, as_str folder)
{
    size_t n = as_str_is(folder, "/") ? 0 : folder.n;

    return as_str_eq(path, folder) ||
           (path.n > n && path.p[n] == '/' &&
                   as_str_eq(as_str_slice(path, 0, n), as_str_slice(folder, 0, n)));
}

bool as_config_reach(const as_config_reader *r, as_str name, as_span by, as_str *path)
{
    char real[PATH_MAX];

    *path = as_str_starts(name, "/") || r->config->dir.n == 0
                    ? name
                    : as_str_fmt(
                              r->arena, "%.*s/%.*s", AS_STR_ARG(r->config->dir), AS_STR_ARG(name));
    if (r->within.n == 0 || !realpath(as_str_cstr(r->arena, *path), real) ||
            as_config_is_below(as_str_from(real), r->within))
        return true;
    as_diags_add(r->diags, AS_DIAG_ERROR, "config-outside", by,
            "'%.*s' lies outside of what this configuration may read", AS_STR_ARG(name));
    as_diags_detail(r->diags, r->depth > 0 ? "a shared policy reads below its own folder"
                                           : "a configuration that was found by itself reads below "
                                             "the root of its work tree (outside of one: its "
                                             "own folder); name it with --config to trust it");
    return false;
}

static const as_source *read_listed(const as_config_reader *r, const as_value *name)
{
    const as_source *source = NULL;
    as_str path = as_value_str(name), joined;

    if (r->fs) {
        if (as_path_join(r->arena, as_path_dir(r->config->file), path, &joined) &&
                as_fs_read(r->fs, joined, &source) == AS_FS_OK)
            return source;
        as_diags_add(r->diags, AS_DIAG_ERROR, "config-file", name->span, "'%.*s' cannot be read",
                AS_STR_ARG(path));
        return NULL;
    }
    if (!as_config_reach(r, as_value_str(name), name->span, &path))
        return NULL;
    return as_file_read_found(
            r->arena, r->sources, as_str_cstr(r->arena, path), as_value_str(name), r->diags);
}

const as_source *as_config_source(const as_config_reader *r, as_str name, as_span by)
{
    const as_source *source = NULL;
    as_str path = name;

    if (r->fs)
        return as_path_join(r->arena, as_path_dir(r->config->file), name, &path) &&
                               as_fs_read(r->fs, path, &source) == AS_FS_OK
                       ? source
                       : NULL;
    if (!as_config_reach(r, name, by, &path))
        return NULL;
    const char *file = as_str_cstr(r->arena, path);
    return as_file_exists(r->sources, file)
                   ? as_file_read_found(r->arena, r->sources, file, name, r->diags)
                   : NULL;
}

static const as_value *lines_of(const as_config_reader *r, const as_value *name)
{
    const as_source *source = read_listed(r, name);
    as_list_builder lines;
    as_str rest = source ? source->text : AS_STR(""), line;

    as_list_begin(&lines, r->arena);
    while (rest.n > 0 && as_str_split(&rest, '\n', &line)) {
        line = as_str_trim(line);
        if (line.n > 0 && line.p[0] != '#')
            as_list_add(&lines, as_value_string(r->arena, name->span, line));
    }
    return as_list_end(&lines, name->span);
}

static const as_value *resolve(const as_config_reader *r, const as_value *v, int depth)
{
    const as_value *file = as_value_get(v, AS_STR("file"));
    as_object_builder object;

    if (!as_value_is(v, AS_OBJECT) || depth > MAX_DEPTH)
        return v;
    if (v->as.object->n == 1 && as_value_is(file, AS_STRING))
        return lines_of(r, file);
    as_object_begin(&object, r->arena);
    for (size_t i = 0; i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        as_object_add(&object, m->key, m->key_span, resolve(r, m->value, depth + 1));
    }
    return as_object_end(&object, v->span);
}

const as_value *as_config_files(const as_config_reader *r, const as_value *parameters)
{
    return parameters ? resolve(r, parameters, 0) : NULL;
}
