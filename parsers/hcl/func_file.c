/* Files and paths: Terraform internal/lang/funcs/filesystem.go. Nothing outside the scanned folder
 * is read: what such a file says is unknown, with a warning. */
#include "engine/base/base64.h"
#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "parsers/hcl/doublestar.h"
#include "parsers/hcl/func_file.h"

static as_str redacted(as_hcl_call *call, as_str text, unsigned marks)
{
    return marks & AS_SENSITIVE ? AS_STR("(sensitive value)")
                                : as_str_fmt(call->arena, "\"%.*s\"", AS_STR_ARG(text));
}

static const as_value *outside(as_hcl_call *call, const as_type *type, as_str path)
{
    as_str shown = redacted(call, path, as_hcl_marks(call->args[0]));
    if (call->ctx && call->ctx->fs) {
        as_diags_add(call->ctx->diags, AS_DIAG_WARNING, "hcl-file-outside", call->span,
                "File outside the scanned folder");
        as_diags_detail(call->ctx->diags,
                "%s() of %.*s is not followed out of the scanned folder; the result is unknown.",
                call->function->name, AS_STR_ARG(shown));
    }
    return as_hcl_unknown(call->arena, call->span, type,
            as_str_fmt(call->arena, "the file %.*s lies outside the scanned folder",
                    AS_STR_ARG(shown)));
}

/* Where a path of the configuration lies in the scanned files; false when it is elsewhere. */
static bool locate(as_hcl_call *call, as_str path, as_str *out)
{
    as_hcl_ctx *ctx = call->ctx;
    if (!ctx || !ctx->fs || as_str_starts(path, "~")) {
        return false;
    }
    const char *root = as_fs_root(ctx->fs);
    if (as_str_starts(path, "/")) { /* made of path.root or path.cwd, perhaps */
        size_t n = strlen(root);
        if (n == 0 || !as_str_starts(path, root) || (path.n > n && path.p[n] != '/')) {
            return false;
        }
        return as_path_join(
                call->arena, AS_STR(""), as_str_from_index(path, path.n > n ? n + 1 : n), out);
    }
    return as_path_join(call->arena, ctx->base_dir, path, out);
}

const as_source *as_fn_file_source(as_hcl_call *call, size_t i, const as_value **unknown)
{
    as_str path = as_fn_arg_str(call, i), where;
    unsigned marks = as_hcl_marks(call->args[i]);
    const as_source *source = NULL;
    *unknown = NULL;
    if (!locate(call, path, &where)) {
        *unknown = outside(call, &as_type_string, path);
        return NULL;
    }
    as_fs_error error = as_fs_read(call->ctx->fs, where, &source);
    if (error == AS_FS_OK) {
        return source;
    }
    if (error == AS_FS_OUTSIDE) {
        *unknown = outside(call, &as_type_string, path);
        return NULL;
    }
    if (error == AS_FS_MISSING) {
        return as_fn_fail_arg(call, i,
                "no file exists at %.*s; this function works only with files that are distributed "
                "as part of the configuration source code, so if this file will be created by a "
                "resource in this configuration you must instead obtain this result from an "
                "attribute of that resource",
                AS_STR_ARG(redacted(call, path, marks)));
    }
    if (error == AS_FS_NOT_FILE) {
        return as_fn_fail_arg(call, i, "failed to read file: %.*s is a directory",
                AS_STR_ARG(redacted(call, path, marks)));
    }
    return as_fn_fail_arg(call, i, "failed to read file %.*s: %s",
            AS_STR_ARG(redacted(call, path, marks)), as_fs_error_text(error));
}

const as_value *as_fn_file_bytes(as_hcl_call *call, size_t i)
{
    const as_value *unknown;
    const as_source *source = as_fn_file_source(call, i, &unknown);
    return source ? as_value_string(call->arena, call->span, source->text) : unknown;
}

static const as_value *marked(as_hcl_call *call, const as_value *v)
{
    unsigned marks = 0;
    for (size_t i = 0; i < call->n; i++) {
        marks |= as_hcl_marks(call->args[i]);
    }
    return v ? as_hcl_with_marks(call->arena, v, marks) : NULL;
}

static bool all_known(const as_hcl_call *call)
{
    for (size_t i = 0; i < call->n; i++) {
        if (!as_hcl_is_known(call->args[i])) {
            return false;
        }
    }
    return true;
}

static const as_value *fn_file(as_hcl_call *call)
{
    if (!all_known(call)) {
        return marked(call, as_fn_unknown(call, &as_type_string));
    }
    const as_value *bytes = as_fn_file_bytes(call, 0);
    if (!bytes || !as_hcl_is_known(bytes)) {
        return marked(call, bytes);
    }
    if (!as_utf8_valid(as_value_str(bytes))) {
        return as_fn_fail(call,
                "contents of %.*s are not valid UTF-8; use the filebase64 function to obtain the "
                "Base64 encoded contents or the other file functions (e.g. filemd5, filesha256) to "
                "obtain file hashing results instead",
                AS_STR_ARG(redacted(call, as_fn_arg_str(call, 0), as_hcl_marks(call->args[0]))));
    }
    return marked(call, as_fn_string(call, as_value_str(bytes)));
}

static const as_value *fn_filebase64(as_hcl_call *call)
{
    if (!all_known(call)) {
        return marked(call, as_fn_unknown(call, &as_type_string));
    }
    const as_value *bytes = as_fn_file_bytes(call, 0);
    if (!bytes || !as_hcl_is_known(bytes)) {
        return marked(call, bytes);
    }
    return marked(call, as_fn_string(call, as_base64_encode(call->arena, as_value_str(bytes))));
}

static const as_value *fn_fileexists(as_hcl_call *call)
{
    if (!all_known(call)) {
        return marked(call, as_fn_unknown(call, &as_type_bool));
    }
    as_str path = as_fn_arg_str(call, 0), where;
    if (!locate(call, path, &where)) {
        return marked(call, outside(call, &as_type_bool, path));
    }
    as_fs_kind kind = as_fs_stat(call->ctx->fs, where);
    if (kind == AS_FS_DIR || kind == AS_FS_OTHER) {
        return as_fn_fail(call,
                kind == AS_FS_DIR ? "%.*s is a directory, not a file"
                                  : "%.*s is not a regular file",
                AS_STR_ARG(redacted(call, path, as_hcl_marks(call->args[0]))));
    }
    return marked(call, as_fn_bool(call, kind == AS_FS_FILE));
}

/* --- fileset -------------------------------------------------------------------------------------- */

static const as_value *fn_fileset(as_hcl_call *call)
{
    if (!all_known(call)) {
        return marked(call, as_fn_unknown(call, &as_type_set_string));
    }
    as_str dir, pattern = as_fn_arg_str(call, 1);
    as_doublestar_matches found = {0};
    const char *error = NULL;
    if (!locate(call, as_fn_arg_str(call, 0), &dir)) {
        return marked(call, outside(call, &as_type_set_string, as_fn_arg_str(call, 0)));
    }
    if (!as_doublestar_glob(call->arena, call->ctx->fs, dir, pattern, &found, &error)) {
        return as_fn_fail(call, "failed to glob pattern %.*s: %s",
                AS_STR_ARG(redacted(call, pattern, as_hcl_marks(call->args[1]))), error);
    }
    const as_value **items = AS_NEW_ARRAY(call->arena, const as_value *, found.n);
    for (size_t i = 0; i < found.n; i++) {
        items[i] = as_fn_string(call, found.items[i]);
    }
    return marked(call, as_hcl_set(call->arena, call->span, &as_type_string, items, found.n));
}

/* --- paths ---------------------------------------------------------------------------------------- */

/* filepath.Clean */
static as_str clean(as_arena *arena, as_str path)
{
    bool rooted = as_str_starts(path, "/");
    AS_VEC(as_str) parts = {0};
    as_str part;
    while (as_str_split(&path, '/', &part)) {
        bool up = as_str_is(part, "..");
        if (part.n == 0 || as_str_is(part, ".")) {
            continue;
        }
        if (up && parts.n > 0 && !as_str_is(parts.items[parts.n - 1], "..")) {
            parts.n--;
        } else if (!up || !rooted) {
            AS_VEC_PUSH(arena, &parts, part);
        }
    }
    as_buf out;
    as_buf_init(&out, arena, 0);
    as_buf_cstr(&out, rooted ? "/" : "");
    for (size_t i = 0; i < parts.n; i++) {
        as_buf_cstr(&out, i > 0 ? "/" : "");
        as_buf_str(&out, parts.items[i]);
    }
    return out.n > 0 ? as_buf_view(&out) : AS_STR(".");
}

static const as_value *fn_basename(as_hcl_call *call)
{
    as_str path = as_fn_arg_str(call, 0);
    if (path.n == 0) {
        return as_fn_string(call, AS_STR("."));
    }
    while (path.n > 0 && path.p[path.n - 1] == '/') {
        path.n--;
    }
    size_t slash = as_str_rfind_char(path, '/');
    path = slash == (size_t)-1 ? path : as_str_from_index(path, slash + 1);
    return as_fn_string(call, path.n > 0 ? path : AS_STR("/"));
}

static const as_value *fn_dirname(as_hcl_call *call)
{
    as_str path = as_fn_arg_str(call, 0);
    size_t slash = as_str_rfind_char(path, '/');
    path = slash == (size_t)-1 ? AS_STR("") : as_str_slice(path, 0, slash + 1);
    return as_fn_string(call, clean(call->arena, path));
}

/* The working folder is taken to be the root of the scan. */
static const as_value *fn_abspath(as_hcl_call *call)
{
    as_str path = as_fn_arg_str(call, 0);
    const char *root = call->ctx && call->ctx->fs ? as_fs_root(call->ctx->fs) : "";
    if (as_str_starts(path, "/")) {
        return as_fn_string(call, clean(call->arena, path));
    }
    if (!*root) {
        return as_hcl_unknown(call->arena, call->span, &as_type_string,
                AS_STR("the working folder is not known"));
    }
    as_str base = call->ctx->base_dir;
    path = as_str_fmt(call->arena, "%s/%.*s/%.*s", root, AS_STR_ARG(base), AS_STR_ARG(path));
    return as_fn_string(call, clean(call->arena, path));
}

static const as_value *fn_pathexpand(as_hcl_call *call)
{
    as_str path = as_fn_arg_str(call, 0);
    if (!as_str_starts(path, "~")) {
        return as_fn_string(call, path);
    }
    if (path.n > 1 && path.p[1] != '/') {
        return as_fn_fail(call, "cannot expand user-specific home dir");
    }
    return as_hcl_unknown(call->arena, call->span, &as_type_string,
            AS_STR("the home folder of the run is not known"));
}

#define STRING &as_type_string
#define PATH STRING, AS_PARAM_MARKED | AS_PARAM_UNKNOWN

static const as_hcl_function functions[] = {
        {.name = "abspath",
                .impl = fn_abspath,
                .result = STRING,
                .not_null = true,
                .params = {{"path", STRING, 0}}},
        {.name = "basename",
                .impl = fn_basename,
                .result = STRING,
                .not_null = true,
                .params = {{"path", STRING, 0}}},
        {.name = "dirname",
                .impl = fn_dirname,
                .result = STRING,
                .not_null = true,
                .params = {{"path", STRING, 0}}},
        {.name = "file",
                .impl = fn_file,
                .result = STRING,
                .not_null = true,
                .params = {{"path", PATH}}},
        {.name = "filebase64",
                .impl = fn_filebase64,
                .result = STRING,
                .not_null = true,
                .params = {{"path", PATH}}},
        {.name = "fileexists",
                .impl = fn_fileexists,
                .result = &as_type_bool,
                .not_null = true,
                .params = {{"path", PATH}}},
        {.name = "fileset",
                .impl = fn_fileset,
                .result = &as_type_set_string,
                .not_null = true,
                .params = {{"path", PATH}, {"pattern", PATH}}},
        {.name = "pathexpand",
                .impl = fn_pathexpand,
                .result = STRING,
                .not_null = true,
                .params = {{"path", STRING, 0}}},
        {0},
};
const as_hcl_family as_hcl_family_file = {"file", functions};
