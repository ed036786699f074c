#include "reporters/audit/bundle.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/map.h"
#include "engine/cli/version.h"
#include "parsers/json/json.h"
#include "engine/base/sha256.h"
#include "parsers/live/seal.h"
#include "reporters/audit/tar.h"
#include "reporters/json_out.h"

static void write_named(as_json_out *out, as_str path, as_str text)
{
    as_json_open(out, NULL, '{');
    as_json_str(out, "path", path);
    as_json_size(out, "bytes", text.n);
    as_json_str(out, "sha256", as_sha256_hex(out->buf->arena, text));
    as_json_close(out, '}');
}

static int by_path(const void *a, const void *b)
{
    const as_source *const *x = a, *const *y = b;

    return as_str_cmp((*x)->path, (*y)->path);
}

/* What was read: the sources but for those that are built in or made up while scanning. */
static void write_inputs(as_json_out *out, const as_report *report)
{
    as_arena *arena = out->buf->arena;
    AS_VEC(const as_source *) list = {0};
    const as_source *source;

    for (uint32_t id = 1; (source = as_sources_get(report->sources, id)) != NULL; id++)
        if (source->path.n > 0 && !source->absent &&
                !as_str_starts(source->path, "rules/frameworks/"))
            AS_VEC_PUSH(arena, &list, source);
    if (list.n > 1)
        qsort(list.items, list.n, sizeof *list.items, by_path);
    as_json_open(out, "inputs", '[');
    for (size_t i = 0; i < list.n; i++)
        if (i == 0 || !as_str_eq(list.items[i]->path, list.items[i - 1]->path) ||
                !as_str_eq(list.items[i]->text, list.items[i - 1]->text))
            write_named(out, list.items[i]->path, list.items[i]->text);
    as_json_close(out, ']');
}

as_str as_bundle_manifest(as_arena *arena, const as_audit *audit, const as_bundle_files *files)
{
    as_buf buf;
    as_json_out out = {.buf = &buf, .indent = 2};

    as_buf_init(&buf, arena, 0);
    as_json_open(&out, NULL, '{');
    as_json_size(&out, "schema_version", 1);
    as_json_open(&out, "tool", '{');
    as_json_cstr(&out, "name", "assay");
    as_json_cstr(&out, "version", AS_VERSION);
    as_json_close(&out, '}');
    as_json_str(&out, "title", audit->title);
    as_json_str(&out, "generated", audit->generated);
    as_json_open(&out, "files", '[');
    for (size_t i = 0; i < files->n; i++)
        write_named(&out, files->items[i].name, files->items[i].text);
    as_json_close(&out, ']');
    write_inputs(&out, audit->report);
    as_json_close(&out, '}');
    as_buf_char(&buf, '\n');
    return as_buf_view(&buf);
}

/* --- files ---------------------------------------------------------------------------------------
 */

static bool is_tar(as_str where)
{
    return as_str_ends(where, ".tar");
}

static as_str join(as_arena *arena, as_str dir, as_str name)
{
    return as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(dir), AS_STR_ARG(name));
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void close_dir(void *object)
{
    DIR **dir = object;

    if (*dir)
        closedir(*dir);
    *dir = NULL;
}

static DIR *open_dir(as_arena *arena, as_str where)
{
    DIR **dir = AS_NEW(arena, DIR *);

    *dir = opendir(as_str_cstr(arena, where));
    as_arena_defer(arena, close_dir, dir);
    return *dir;
}

as_str as_bundle_write(as_arena *arena, as_str where, const as_bundle_files *files, int64_t when)
{
    if (is_tar(where))
        return as_file_write(arena, where, as_tar_write(arena, files, when));
    if (mkdir(as_str_cstr(arena, where), 0755) != 0) {
        DIR *dir = errno == EEXIST ? open_dir(arena, where) : NULL;
        if (!dir)
            return as_str_fmt(arena, "%.*s: %s", AS_STR_ARG(where), strerror(errno));
        for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
            if (!is_dots(entry->d_name))
                return as_str_fmt(
                        arena, "%.*s: there is something in it already", AS_STR_ARG(where));
    }
    for (size_t i = 0; i < files->n; i++) {
        as_str problem = as_file_write(
                arena, join(arena, where, files->items[i].name), files->items[i].text);
        if (problem.n > 0)
            return problem;
    }
    return AS_STR("");
}

static as_str read_one(as_arena *arena, as_sources *sources, as_str path, as_str *text)
{
    as_diags diags;

    as_diags_init(&diags, arena);
    const as_source *source =
            as_file_read(arena, sources, as_str_cstr(arena, path), AS_STR(""), &diags);
    if (!source)
        return diags.list.n > 0 ? as_str_fmt(arena, "%.*s: %.*s", AS_STR_ARG(path),
                                          AS_STR_ARG(diags.list.items[0].summary))
                                : as_str_fmt(arena, "%.*s cannot be read", AS_STR_ARG(path));
    *text = source->text;
    return AS_STR("");
}

static void free_sources(void *object)
{
    as_sources_free(object);
}

enum { MAX_FILES = 1000 };

static as_str read_dir(as_arena *arena, as_sources *sources, as_str where, as_bundle_files *files)
{
    DIR *dir = open_dir(arena, where);

    if (!dir)
        return as_str_fmt(arena, "%.*s: %s", AS_STR_ARG(where), strerror(errno));
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        as_bundle_file file = {.name = as_str_dup(arena, as_str_from(entry->d_name))};
        if (is_dots(entry->d_name))
            continue;
        if (files->n >= MAX_FILES)
            return as_str_fmt(arena, "%.*s: too many files for a bundle", AS_STR_ARG(where));
        as_str problem = read_one(arena, sources, join(arena, where, file.name), &file.text);
        if (problem.n > 0)
            return problem;
        AS_VEC_PUSH(arena, files, file);
    }
    return AS_STR("");
}

as_str as_bundle_read(as_arena *arena, as_str where, as_bundle_files *files)
{
    as_sources *sources = as_sources_new();
    struct stat info;
    as_str text = AS_STR("");

    if (!sources)
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    as_arena_defer(arena, free_sources, sources);
    if (stat(as_str_cstr(arena, where), &info) == 0 && S_ISDIR(info.st_mode))
        return read_dir(arena, sources, where, files);
    as_str problem = read_one(arena, sources, where, &text);
    if (problem.n == 0 && !as_tar_read(arena, text, files))
        problem = as_str_fmt(arena, "%.*s: this is no bundle, or it is cut off", AS_STR_ARG(where));
    return problem;
}

/* --- verifying -----------------------------------------------------------------------------------
 */

static void complain(as_arena *arena, as_bundle_check *check, as_str name, const char *what)
{
    AS_VEC_PUSH(arena, &check->problems, as_str_fmt(arena, "%.*s %s", AS_STR_ARG(name), what));
}

static const as_bundle_file *find(const as_bundle_files *files, as_str name)
{
    for (size_t i = 0; i < files->n; i++)
        if (as_str_eq(files->items[i].name, name))
            return &files->items[i];
    return NULL;
}

static void check_named(as_arena *arena, as_bundle_check *check, const as_bundle_files *files,
        const as_value *named, as_map *seen)
{
    as_str name = as_value_str(as_value_get(named, AS_STR("path")));
    const as_bundle_file *file = find(files, name);

    if (as_map_has(seen, name))
        complain(arena, check, name, "is named twice");
    as_map_put(arena, seen, name, check);
    if (!file)
        complain(arena, check, name, "is missing");
    else if (!as_str_eq(as_sha256_hex(arena, file->text),
                     as_value_str(as_value_get(named, AS_STR("sha256")))))
        complain(arena, check, name, "is not what it was");
}

static void check_files(as_arena *arena, as_bundle_check *check, const as_bundle_files *files,
        const as_value *manifest)
{
    const as_value *named = as_value_get(manifest, AS_STR("files"));
    as_map seen = {0};

    check->n_files = as_value_list_count(named);
    check->n_inputs = as_value_list_count(as_value_get(manifest, AS_STR("inputs")));
    check->title = as_value_str(as_value_get(manifest, AS_STR("title")));
    check->generated = as_value_str(as_value_get(manifest, AS_STR("generated")));
    for (size_t i = 0; i < check->n_files; i++)
        check_named(arena, check, files, as_value_index(named, i), &seen);
    for (size_t i = 0; i < files->n; i++) {
        as_str name = files->items[i].name;
        if (!as_map_has(&seen, name) && !as_str_is(name, AS_BUNDLE_MANIFEST) &&
                !as_str_is(name, AS_BUNDLE_SIGNATURE))
            complain(arena, check, name, "is not named by the manifest");
        for (size_t k = i + 1; k < files->n; k++)
            if (as_str_eq(name, files->items[k].name))
                complain(arena, check, name, "is there twice");
    }
}

as_bundle_check as_bundle_verify(as_arena *arena, const as_bundle_files *files, as_str trust_pem)
{
    const as_bundle_file *manifest = find(files, AS_STR(AS_BUNDLE_MANIFEST));
    const as_bundle_file *signature = find(files, AS_STR(AS_BUNDLE_SIGNATURE));
    as_bundle_check check = {0};
    as_str problem = AS_STR("");
    as_diags diags;

    if (!manifest) {
        complain(arena, &check, AS_STR(AS_BUNDLE_MANIFEST), "is missing");
        return check;
    }
    as_diags_init(&diags, arena);
    const as_source source = {.path = manifest->name, .text = manifest->text};
    const as_value *value = as_json_parse(arena, &source, &diags);
    if (as_value_list_count(as_value_get(value, AS_STR("files"))) == 0)
        complain(arena, &check, manifest->name, "is no manifest");
    else
        check_files(arena, &check, files, value);
    check.is_signed = signature != NULL;
    if (signature && !as_cms_verify(arena, manifest->text, signature->text, trust_pem,
                             &check.signer, &problem))
        complain(arena, &check, signature->name,
                as_str_cstr(arena, as_str_fmt(arena, "does not hold: %.*s", AS_STR_ARG(problem))));
    if (!signature && trust_pem.n > 0)
        complain(arena, &check, AS_STR(AS_BUNDLE_SIGNATURE), "is missing");
    return check;
}
