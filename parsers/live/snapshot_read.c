#include "parsers/live/snapshot.h"

#include <stdlib.h>

#include "engine/base/limits.h"
#include "parsers/json/json.h"
#include "parsers/live/seal.h"

typedef struct opening {
    as_arena *arena;
    as_fs *fs;
    as_str dir, prefix, key_pem;
    as_diags *diags;
    as_snapshot_parts *out;
} opening;

static as_str text_at(const as_value *v, const char *key)
{
    return as_value_str(as_value_get(v, as_str_from(key)));
}

static void refuse(opening *o, as_span span, as_str path, as_str why)
{
    as_diags_add(o->diags, AS_DIAG_ERROR, "snapshot-part", span,
            "the part %.*s of the snapshot is not read: %.*s", AS_STR_ARG(path), AS_STR_ARG(why));
}

static bool unpack(opening *o, as_str path, as_str bytes, as_str *text, as_str *problem)
{
    if (as_str_ends(path, ".cms")) {
        if (o->key_pem.n == 0) {
            *problem = AS_STR("it is sealed; --decrypt-key FILE opens it");
            return false;
        }
        if (!as_cms_open(o->arena, bytes, o->key_pem, &bytes, problem))
            return false;
        path = as_str_slice(path, 0, path.n - strlen(".cms"));
    }
    *text = bytes;
    if (as_str_ends(path, ".zst") &&
            !as_zstd_decompress(o->arena, bytes, AS_MAX_FILE_BYTES, text)) {
        *problem = AS_STR("it is damaged, or larger than the limit");
        return false;
    }
    return true;
}

/* "aws/…/ec2" of "aws/…/ec2.ndjson.zst" */
static as_str name_of(as_str path)
{
    size_t slash = as_str_rfind_char(path, '/');
    size_t from = slash == (size_t)-1 ? 0 : slash;
    size_t dot = as_str_find(as_str_from_index(path, from), AS_STR(".ndjson"));

    return dot == (size_t)-1 ? path : as_str_slice(path, 0, from + dot);
}

static void open_part(opening *o, const as_value *part)
{
    as_str path = text_at(part, "path"), full, text, problem = AS_STR("");
    const as_source *source;
    as_fs_error error = AS_FS_OUTSIDE;

    if (!as_str_eq(as_str_slice(path, 0, o->prefix.n), o->prefix))
        return;
    if (as_path_join(o->arena, o->dir, path, &full))
        error = as_fs_read(o->fs, full, &source);
    if (error != AS_FS_OK) {
        refuse(o, part->span, path, as_str_from(as_fs_error_text(error)));
        return;
    }
    if (!as_str_eq(as_sha256_hex(o->arena, source->text), text_at(part, "sha256"))) {
        refuse(o, part->span, path, AS_STR("its SHA-256 is not that of the manifest"));
        return;
    }
    if (!unpack(o, path, source->text, &text, &problem)) {
        refuse(o, part->span, path, problem);
        return;
    }
    /* A source of its own, so that findings have lines in the text that people see when they unpack
     * it. */
    as_str shown = as_str_fmt(o->arena, "%.*s.ndjson", AS_STR_ARG(name_of(source->path)));
    const as_source *lines = as_sources_add(as_fs_sources(o->fs), shown, text, true);
    if (lines)
        AS_VEC_PUSH(o->arena, o->out, ((as_snapshot_part){name_of(path), lines}));
}

static int compare_parts(const void *a, const void *b)
{
    return as_str_cmp(((const as_snapshot_part *)a)->name, ((const as_snapshot_part *)b)->name);
}

void as_snapshot_open(as_arena *arena, as_fs *fs, as_str dir, as_str key_pem, as_diags *diags,
        as_snapshot_parts *out)
{
    as_snapshot_open_some(arena, fs, dir, AS_STR(""), key_pem, diags, out);
}

void as_snapshot_open_some(as_arena *arena, as_fs *fs, as_str dir, as_str prefix, as_str key_pem,
        as_diags *diags, as_snapshot_parts *out)
{
    opening o = {arena, fs, dir, prefix, key_pem, diags, out};
    const as_source *source;
    as_str path;

    *out = (as_snapshot_parts){0};
    if (!as_path_join(arena, dir, AS_STR(AS_SNAPSHOT_MANIFEST), &path) ||
            as_fs_read(fs, path, &source) != AS_FS_OK) {
        as_diags_add_path(diags, AS_DIAG_ERROR, "snapshot-manifest", dir,
                "there is no " AS_SNAPSHOT_MANIFEST " here");
        return;
    }
    const as_value *manifest = as_json_parse(arena, source, diags);
    if (!manifest)
        return;
    if (as_value_int_or(as_value_get(manifest, AS_STR("version")), 0) != 1) {
        as_diags_add(diags, AS_DIAG_ERROR, "snapshot-version", manifest->span,
                "this snapshot is of a version that is not known");
        return;
    }
    const as_value *parts = as_value_get(manifest, AS_STR("parts"));
    for (size_t i = 0; i < as_value_count(parts); i++)
        open_part(&o, as_value_index(parts, i));
    if (out->n > 1)
        qsort(out->items, out->n, sizeof *out->items, compare_parts);
}

as_snapshot_answer as_snapshot_answer_of(const as_value *v)
{
    return (as_snapshot_answer){
            .op = text_at(v, "op"),
            .params = as_value_get(v, AS_STR("params")),
            .page = (unsigned)as_value_int_or(as_value_get(v, AS_STR("page")), 0),
            .time = text_at(v, "time"),
            .status = (int)as_value_int_or(as_value_get(v, AS_STR("status")), 0),
            .request_id = text_at(v, "request_id"),
            .error = text_at(v, "error"),
            .body = as_value_get(v, AS_STR("body")),
            .last = as_value_bool_or(as_value_get(v, AS_STR("last")), false),
            .absent = as_value_bool_or(as_value_get(v, AS_STR("absent")), false),
    };
}

void as_snapshot_answers(as_arena *arena, const as_snapshot_part *part, as_diags *diags,
        const as_snapshot_answer **out, size_t *n)
{
    AS_VEC(as_snapshot_answer) list = {0};
    as_str text = part->source->text;

    for (size_t begin = 0; begin < text.n;) {
        size_t end = as_str_find_char(as_str_from_index(text, begin), '\n');
        end = end == (size_t)-1 ? text.n : begin + end;
        const as_value *v = as_json_parse_range(arena, part->source, begin, end, diags);
        if (as_value_is(v, AS_OBJECT)) {
            as_snapshot_answer answer = as_snapshot_answer_of(v);
            AS_VEC_PUSH(arena, &list, answer);
        }
        begin = end + 1;
    }
    *out = list.items;
    *n = list.n;
}
