#include "parsers/live/snapshot.h"

#include <stdlib.h>

#include "engine/base/limits.h"
#include "parsers/json/json.h"
#include "engine/base/sha256.h"
#include "parsers/live/seal.h"

typedef struct opening {
    as_arena *arena;
    as_fs *fs;
    as_str dir, key_pem;
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

static bool unpack(
        as_arena *arena, as_str key_pem, as_str path, as_str bytes, as_str *text, as_str *problem)
{
    if (as_str_ends(path, ".cms")) {
        if (key_pem.n == 0) {
            *problem = AS_STR("it is sealed; --decrypt-key FILE opens it");
            return false;
        }
        if (!as_cms_open(arena, bytes, key_pem, &bytes, problem))
            return false;
        path = as_str_slice(path, 0, path.n - strlen(".cms"));
    }
    *text = bytes;
    if (as_str_ends(path, ".zst") && !as_zstd_decompress(arena, bytes, AS_MAX_FILE_BYTES, text)) {
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

static bool is_packed(as_str path)
{
    return as_str_ends(path, ".cms") || as_str_ends(path, ".zst");
}

typedef struct unpacking {
    opening *opening;
    as_span span;
    as_str path;
    const as_source *source;
} unpacking;

/* A source of its own, so that findings have lines in the text that people see when they unpack it.
 */
static void add_unpacked(void *self, as_arena *scratch)
{
    const unpacking *u = self;
    opening *o = u->opening;
    as_str text, problem = AS_STR("");

    if (!unpack(scratch, o->key_pem, u->path, u->source->text, &text, &problem)) {
        refuse(o, u->span, u->path, problem);
        return;
    }
    as_str shown = as_str_fmt(o->arena, "%.*s.ndjson", AS_STR_ARG(name_of(u->source->path)));
    const as_source *lines = as_sources_add(as_fs_sources(o->fs), shown, text, true);
    if (lines)
        AS_VEC_PUSH(o->arena, o->out, ((as_snapshot_part){name_of(u->path), lines}));
}

static void open_part(opening *o, const as_value *part)
{
    as_str path = text_at(part, "path"), full;
    const as_source *source;
    as_fs_error error = AS_FS_OUTSIDE;

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
    unpacking u = {o, part->span, path, source};
    if (is_packed(path))
        as_arena_with_scratch(o->arena, add_unpacked, &u);
    else
        AS_VEC_PUSH(o->arena, o->out, ((as_snapshot_part){name_of(path), source}));
}

static int compare_parts(const void *a, const void *b)
{
    return as_str_cmp(((const as_snapshot_part *)a)->name, ((const as_snapshot_part *)b)->name);
}

void as_snapshot_open_parts(as_arena *arena, as_fs *fs, as_str dir, const as_value *const *parts,
        size_t n, as_str key_pem, as_diags *diags, as_snapshot_parts *out)
{
    opening o = {arena, fs, dir, key_pem, diags, out};

    *out = (as_snapshot_parts){0};
    for (size_t i = 0; i < n; i++)
        open_part(&o, parts[i]);
    if (out->n > 1)
        qsort(out->items, out->n, sizeof *out->items, compare_parts);
}

const as_value *as_snapshot_manifest(as_arena *arena, as_fs *fs, as_str dir, as_diags *diags)
{
    const as_source *source;
    as_str path;

    if (!as_path_join(arena, dir, AS_STR(AS_SNAPSHOT_MANIFEST), &path) ||
            as_fs_read(fs, path, &source) != AS_FS_OK) {
        as_diags_add_path(diags, AS_DIAG_ERROR, "snapshot-manifest", dir,
                "there is no " AS_SNAPSHOT_MANIFEST " here");
        return NULL;
    }
    const as_value *manifest = as_json_parse(arena, source, diags);
    if (manifest && as_value_int_or(as_value_get(manifest, AS_STR("version")), 0) != 1) {
        as_diags_add(diags, AS_DIAG_ERROR, "snapshot-version", manifest->span,
                "this snapshot is of a version that is not known");
        return NULL;
    }
    return manifest;
}

void as_snapshot_open_some(as_arena *arena, as_fs *fs, as_str dir, as_str prefix, as_str key_pem,
        as_diags *diags, as_snapshot_parts *out)
{
    const as_value *manifest = as_snapshot_manifest(arena, fs, dir, diags);
    const as_value *parts = as_value_get(manifest, AS_STR("parts"));
    AS_VEC(const as_value *) some = {0};

    for (size_t i = 0; i < as_value_list_count(parts); i++)
        if (as_str_eq(as_str_slice(text_at(as_value_index(parts, i), "path"), 0, prefix.n), prefix))
            AS_VEC_PUSH(arena, &some, as_value_index(parts, i));
    as_snapshot_open_parts(arena, fs, dir, some.items, some.n, key_pem, diags, out);
}

void as_snapshot_open(as_arena *arena, as_fs *fs, as_str dir, as_str key_pem, as_diags *diags,
        as_snapshot_parts *out)
{
    as_snapshot_open_some(arena, fs, dir, AS_STR(""), key_pem, diags, out);
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

/* --- lines ---------------------------------------------------------------------------------------
 *
 * Most answers are small, and what stands around them would take more memory than they do: of a
 * line only params and body become values. */

typedef struct line {
    as_arena *arena;
    as_json_stacks *stacks;
    const as_source *source;
    as_diags *diags;
    size_t at, end;
    bool broken; /* and that was said */
} line;

static void skip_blank(line *l)
{
    const char *p = l->source->text.p;

    while (l->at < l->end && as_char_in(p[l->at], " \t\r"))
        l->at++;
}

static bool take_char(line *l, char c)
{
    skip_blank(l);
    bool there = l->at < l->end && l->source->text.p[l->at] == c;
    l->at += there;
    return there;
}

/* Past a text, a number or word, or all that brackets hold; what is wrong inside is found when it
 * is parsed. */
static bool skip_value(line *l)
{
    const char *p = l->source->text.p;
    size_t depth = 0, begin = l->at;

    for (; l->at < l->end; l->at++) {
        char c = p[l->at];
        if (c == '"') {
            while (++l->at < l->end && p[l->at] != '"')
                l->at += p[l->at] == '\\';
            if (l->at >= l->end)
                return false;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                break;
            depth--;
        } else if (c == ',' && depth == 0) {
            break;
        }
    }
    return depth == 0 && l->at > begin;
}

/* The text of a string without escapes; *plain is false for anything else. */
static as_str plain_text(as_str value, bool *plain)
{
    value = as_str_trim(value);
    *plain = value.n >= 2 && value.p[0] == '"' && as_str_find_char(value, '\\') == (size_t)-1;
    return *plain ? as_str_slice(value, 1, value.n - 1) : AS_STR("");
}

static const as_value *parse_at(line *l, size_t begin, size_t end)
{
    const as_value *v = as_json_parse_line(l->arena, l->stacks, l->source, begin, end, l->diags);

    l->broken = l->broken || !v;
    return v;
}

static as_str text_of(line *l, size_t begin, size_t end)
{
    bool plain;
    as_str text = plain_text(as_str_slice(l->source->text, begin, end), &plain);

    return plain ? text : as_value_str(parse_at(l, begin, end));
}

static void set_member(line *l, as_str key, size_t begin, size_t end, as_snapshot_answer *out)
{
    as_str text = as_str_trim(as_str_slice(l->source->text, begin, end));
    int64_t n = 0;

    if (as_str_is(key, "op"))
        out->op = text_of(l, begin, end);
    else if (as_str_is(key, "params"))
        out->params = parse_at(l, begin, end);
    else if (as_str_is(key, "body"))
        out->body = as_str_is(text, "null") ? NULL : parse_at(l, begin, end);
    else if (as_str_is(key, "time"))
        out->time = text_of(l, begin, end);
    else if (as_str_is(key, "error"))
        out->error = as_str_is(text, "null") ? AS_STR("") : text_of(l, begin, end);
    else if (as_str_is(key, "request_id"))
        out->request_id = text_of(l, begin, end);
    else if (as_str_is(key, "page"))
        out->page = as_str_to_int(text, &n) && n > 0 ? (unsigned)n : 0;
    else if (as_str_is(key, "status"))
        out->status = as_str_to_int(text, &n) ? (int)n : 0;
    else if (as_str_is(key, "last"))
        out->last = as_str_is(text, "true");
    else if (as_str_is(key, "absent"))
        out->absent = as_str_is(text, "true");
}

/* False for what is no object: the whole line is then parsed, which says what is wrong with it. */
static bool read_line(line *l, as_snapshot_answer *out)
{
    *out = (as_snapshot_answer){0};
    if (!take_char(l, '{'))
        return false;
    do {
        bool plain;
        skip_blank(l);
        size_t key_at = l->at;
        while (l->at < l->end && l->source->text.p[l->at] != ':')
            l->at++;
        as_str key = plain_text(as_str_slice(l->source->text, key_at, l->at), &plain);
        if (!plain || !take_char(l, ':'))
            return false;
        skip_blank(l);
        size_t begin = l->at;
        if (!skip_value(l))
            return false;
        set_member(l, key, begin, l->at, out);
    } while (take_char(l, ','));
    bool closed = take_char(l, '}');
    skip_blank(l);
    return closed && l->at == l->end;
}

typedef struct reading {
    as_arena *arena;
    const as_snapshot_part *part;
    as_diags *diags;
    const as_snapshot_answer **out;
    size_t *n;
} reading;

static void read_lines(void *self, as_arena *scratch)
{
    const reading *r = self;
    AS_VEC(as_snapshot_answer) list = {0};
    as_json_stacks stacks = {.arena = scratch};
    const as_source *source = r->part->source;

    for (size_t begin = 0; begin < source->text.n;) {
        size_t end = as_str_find_char(as_str_from_index(source->text, begin), '\n');
        end = end == (size_t)-1 ? source->text.n : begin + end;
        line l = {.arena = r->arena,
                .stacks = &stacks,
                .source = source,
                .diags = r->diags,
                .at = begin,
                .end = end};
        as_snapshot_answer answer;
        bool read = read_line(&l, &answer) && !l.broken;
        if (!read && !l.broken) {
            const as_value *v = parse_at(&l, begin, end);
            read = as_value_is(v, AS_OBJECT);
            if (v && !read)
                as_diags_add(r->diags, AS_DIAG_ERROR, "snapshot-line", v->span,
                        "a line of a snapshot is an object: one answer");
            answer = as_snapshot_answer_of(v);
        }
        if (read)
            AS_VEC_PUSH(scratch, &list, answer);
        begin = end + 1;
    }
    as_snapshot_answer *answers = AS_NEW_ARRAY(r->arena, as_snapshot_answer, list.n);
    if (list.n > 0)
        memcpy(answers, list.items, list.n * sizeof *answers);
    *r->out = answers;
    *r->n = list.n;
}

void as_snapshot_answers(as_arena *arena, const as_snapshot_part *part, as_diags *diags,
        const as_snapshot_answer **out, size_t *n)
{
    reading r = {arena, part, diags, out, n};

    as_arena_with_scratch(arena, read_lines, &r);
}
