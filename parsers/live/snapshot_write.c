#include "parsers/live/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/limits.h"
#include "engine/base/map.h"
#include "engine/cli/version.h"
#include "parsers/json/json.h"
#include "engine/base/sha256.h"
#include "parsers/live/seal.h"

static const char journal_suffix[] = ".ndjson", finished_suffix[] = ".ndjson.zst";

/* The lines of one call, as they stand in the journal. */
typedef struct call {
    AS_VEC(as_str) lines; /* of the latest asking */
    bool complete;
} call;

typedef struct part {
    as_str name;
    int fd;
    bool failed;  /* after a short write: the journal ends in half a line */
    as_map calls; /* op and parameters → call, of an earlier run */
} part;

struct as_snapshot {
    as_arena *arena;
    as_str dir;
    as_str seal_to_pem;
    as_map parts;
    AS_VEC(part *) list; /* in the order of their first answer */
    size_t n_missing;
    as_buf missing; /* JSON objects, for the manifest */
};

static as_str call_key(as_arena *arena, as_str op, const as_value *params)
{
    as_buf key;

    as_buf_init(&key, arena, 0);
    as_buf_fmt(&key, "%.*s ", AS_STR_ARG(op));
    if (params && as_value_count(params) > 0)
        as_value_write_json(
                &key, params, (as_json_style){.sort_keys = true, .show_sensitive = true});
    return as_buf_view(&key);
}

/* --- folders and journals --------------------------------------------------------------------- */

static as_str words(as_arena *arena, as_str path)
{
    return as_str_fmt(arena, "%.*s: %s", AS_STR_ARG(path), strerror(errno));
}

static bool make_folders(as_arena *arena, as_str path, as_str *problem)
{
    for (size_t i = 1; i <= path.n; i++) {
        if (i < path.n && path.p[i] != '/')
            continue;
        if (mkdir(as_str_cstr(arena, as_str_slice(path, 0, i)), 0700) != 0 && errno != EEXIST) {
            *problem = words(arena, path);
            return false;
        }
    }
    return true;
}

static as_str journal_path(const as_snapshot *s, as_str name)
{
    return as_str_fmt(
            s->arena, "%.*s/%.*s%s", AS_STR_ARG(s->dir), AS_STR_ARG(name), journal_suffix);
}

static part *part_of(as_snapshot *s, as_str name)
{
    part *found = as_map_get(&s->parts, name);

    if (!found) {
        found = AS_NEW(s->arena, part);
        found->name = as_str_dup(s->arena, name);
        found->fd = -1;
        as_map_put(s->arena, &s->parts, found->name, found);
        AS_VEC_PUSH(s->arena, &s->list, found);
    }
    return found;
}

static bool open_journal(as_snapshot *s, part *p, as_str *problem)
{
    as_str path = journal_path(s, p->name);

    if (p->fd >= 0)
        return true;
    if (!make_folders(s->arena, as_path_dir(path), problem))
        return false;
    p->fd = open(path.p, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (p->fd < 0)
        *problem = words(s->arena, path);
    return p->fd >= 0;
}

static void close_all(void *object)
{
    as_snapshot *s = object;

    for (size_t i = 0; i < s->list.n; i++)
        if (s->list.items[i]->fd >= 0)
            close(s->list.items[i]->fd);
}

/* --- going on after an interruption ----------------------------------------------------------- */

static void remember(as_snapshot *s, part *p, as_str line, const as_value *value)
{
    as_str key = call_key(s->arena, as_value_str(as_value_get(value, AS_STR("op"))),
            as_value_get(value, AS_STR("params")));
    call *c = as_map_get(&p->calls, key);

    if (!c) {
        c = AS_NEW(s->arena, call);
        as_map_put(s->arena, &p->calls, key, c);
    }
    if (as_value_int_or(as_value_get(value, AS_STR("page")), 0) == 0)
        *c = (call){0}; /* asked anew */
    AS_VEC_PUSH(s->arena, &c->lines, line);
    c->complete |= as_value_bool_or(as_value_get(value, AS_STR("last")), false);
}

/* Lines that were cut off by the interruption are left out. */
static void remember_lines(as_snapshot *s, as_str name, as_str rest)
{
    as_diags ignored;

    as_diags_init(&ignored, s->arena);
    for (size_t end; (end = as_str_find_char(rest, '\n')) != (size_t)-1;
            rest = as_str_from_index(rest, end + 1)) {
        as_str text = as_str_slice(rest, 0, end);
        as_arena *scratch = as_arena_new(AS_MAX_UNIT_BYTES);
        as_guard guard;
        if (scratch && AS_GUARD_ENTER(&guard, scratch)) {
            const as_value *value = as_json_parse_text(scratch, text, AS_SPAN_NONE, &ignored);
            if (value)
                remember(s, part_of(s, name), as_str_dup(s->arena, text), value);
            as_guard_leave(&guard);
        }
        as_arena_free(scratch);
    }
}

static as_str file_text(as_snapshot *s, as_sources *sources, as_str path)
{
    as_diags ignored;

    as_diags_init(&ignored, s->arena);
    const as_source *source = as_file_read(s->arena, sources, path.p, AS_STR(""), &ignored);
    return source ? source->text : AS_STR("");
}

static void read_journal(as_snapshot *s, as_sources *sources, as_str name)
{
    remember_lines(s, name, file_text(s, sources, journal_path(s, name)));
}

/* What a finished run has answered, unless a journal of a later run says more. Sealed parts cannot
 * be read without the key. */
static void read_finished(as_snapshot *s, as_sources *sources, as_str name)
{
    as_str path = as_str_fmt(
            s->arena, "%.*s/%.*s%s", AS_STR_ARG(s->dir), AS_STR_ARG(name), finished_suffix);
    as_str text, bytes = file_text(s, sources, path);

    if (!as_map_has(&s->parts, name) && bytes.n > 0 &&
            as_zstd_decompress(s->arena, bytes, AS_MAX_FILE_BYTES, &text))
        remember_lines(s, name, text);
}

/* Only what is complete stays in the journals. */
static bool rewrite_journal(as_snapshot *s, const part *p, as_str *problem)
{
    as_buf text;

    as_buf_init(&text, s->arena, AS_MAX_FILE_BYTES);
    for (size_t i = 0; i < p->calls.n; i++) {
        const call *c = p->calls.entries[i].value;
        for (size_t k = 0; c->complete && k < c->lines.n; k++) {
            as_buf_str(&text, c->lines.items[k]);
            as_buf_char(&text, '\n');
        }
    }
    *problem = as_file_write(s->arena, journal_path(s, p->name), as_buf_view(&text));
    return problem->n == 0;
}

typedef void part_reader(as_snapshot *s, as_sources *sources, as_str name);

static void find_parts(as_snapshot *s, as_fs *fs, as_sources *sources, as_str dir, int depth,
        const char *suffix, part_reader *read)
{
    as_fs_entries entries;

    if (depth > 8 || as_fs_list(fs, s->arena, dir, &entries) != AS_FS_OK)
        return;
    for (size_t i = 0; i < entries.n; i++) {
        as_str path;
        if (entries.items[i].is_link || !as_path_join(s->arena, dir, entries.items[i].name, &path))
            continue;
        if (entries.items[i].kind == AS_FS_DIR)
            find_parts(s, fs, sources, path, depth + 1, suffix, read);
        else if (as_str_ends(path, suffix))
            read(s, sources, as_str_slice(path, 0, path.n - strlen(suffix)));
    }
}

static bool has_journal(as_arena *arena, as_fs *fs, as_str dir, int depth)
{
    as_fs_entries entries;
    bool found = false;

    if (depth > 8 || as_fs_list(fs, arena, dir, &entries) != AS_FS_OK)
        return false;
    for (size_t i = 0; i < entries.n && !found; i++) {
        as_str path;
        if (entries.items[i].is_link || !as_path_join(arena, dir, entries.items[i].name, &path))
            continue;
        found = entries.items[i].kind == AS_FS_DIR ? has_journal(arena, fs, path, depth + 1)
                                                   : as_str_ends(path, journal_suffix);
    }
    return found;
}

/* Whether the manifest says that every call was answered. */
static bool is_whole(as_arena *arena, as_fs *fs)
{
    as_diags ignored;
    const as_source *source;

    as_diags_init(&ignored, arena);
    if (as_fs_read(fs, AS_STR(AS_SNAPSHOT_MANIFEST), &source) != AS_FS_OK)
        return false;
    const as_value *manifest = as_json_parse(arena, source, &ignored);
    return as_value_is(manifest, AS_OBJECT) &&
           as_value_count(as_value_get(manifest, AS_STR("missing"))) == 0;
}

bool as_snapshot_is_complete(as_arena *arena, as_str dir)
{
    as_str manifest = as_str_fmt(arena, "%.*s/" AS_SNAPSHOT_MANIFEST, AS_STR_ARG(dir));
    as_sources *sources = access(manifest.p, R_OK) == 0 ? as_sources_new() : NULL;
    as_fs *fs = sources ? as_fs_open_dir(as_str_cstr(arena, dir), sources) : NULL;
    bool complete = fs && !has_journal(arena, fs, AS_STR(""), 0) && is_whole(arena, fs);

    as_fs_free(fs);
    as_sources_free(sources);
    return complete;
}

static bool resume(as_snapshot *s, as_str *problem)
{
    as_sources *sources = as_sources_new();
    as_fs *fs = sources ? as_fs_open_dir(s->dir.p, sources) : NULL;
    bool fine = true;

    if (fs) {
        find_parts(s, fs, sources, AS_STR(""), 0, journal_suffix, read_journal);
        find_parts(s, fs, sources, AS_STR(""), 0, finished_suffix, read_finished);
    }
    as_fs_free(fs);
    as_sources_free(sources);
    for (size_t i = 0; i < s->list.n && fine; i++)
        fine = rewrite_journal(s, s->list.items[i], problem);
    return fine;
}

as_snapshot *as_snapshot_create(
        as_arena *arena, as_str dir, const as_snapshot_options *options, as_str *problem)
{
    as_snapshot *s = AS_NEW(arena, as_snapshot);

    *s = (as_snapshot){.arena = arena,
            .dir = as_str_from(as_str_cstr(arena, dir)),
            .seal_to_pem = options->seal_to_pem};
    as_buf_init(&s->missing, arena, 0);
    if (!make_folders(arena, s->dir, problem))
        return NULL;
    bool used = rmdir(s->dir.p) != 0; /* only an empty folder can be removed */
    if (!used && mkdir(s->dir.p, 0700) != 0) {
        *problem = words(arena, s->dir);
        return NULL;
    }
    if (used && !options->resume) {
        *problem = as_str_fmt(arena, "%.*s is not empty (--resume goes on with what is there)",
                AS_STR_ARG(s->dir));
        return NULL;
    }
    as_arena_defer(arena, close_all, s);
    return !options->resume || resume(s, problem) ? s : NULL;
}

/* --- lines ------------------------------------------------------------------------------------ */

size_t as_snapshot_recall(const as_snapshot *s, as_arena *arena, as_str part_name, as_str op,
        const as_value *params, const as_snapshot_answer **pages)
{
    const part *p = as_map_get(&s->parts, part_name);
    const call *c = p ? as_map_get(&p->calls, call_key(arena, op, params)) : NULL;
    as_diags ignored;

    if (!c || !c->complete)
        return 0;
    as_diags_init(&ignored, arena);
    as_snapshot_answer *list = AS_NEW_ARRAY(arena, as_snapshot_answer, c->lines.n);
    for (size_t i = 0; i < c->lines.n; i++)
        list[i] = as_snapshot_answer_of(
                as_json_parse_text(arena, c->lines.items[i], AS_SPAN_NONE, &ignored));
    *pages = list;
    return c->lines.n;
}

static void write_text(as_buf *out, const char *key, as_str text)
{
    as_buf_fmt(out, ",\"%s\":", key);
    if (text.n > 0)
        as_buf_json_string(out, text);
    else
        as_buf_cstr(out, "null");
}

static void write_line(as_buf *out, const as_snapshot_answer *a)
{
    static const as_json_style style = {.show_sensitive = true};

    as_buf_cstr(out, "{\"v\":1,\"op\":");
    as_buf_json_string(out, a->op);
    as_buf_cstr(out, ",\"params\":");
    if (a->params)
        as_value_write_json(
                out, a->params, (as_json_style){.sort_keys = true, .show_sensitive = true});
    else
        as_buf_cstr(out, "{}");
    as_buf_fmt(out, ",\"page\":%u", a->page);
    write_text(out, "time", a->time);
    as_buf_fmt(out, ",\"status\":%d", a->status);
    write_text(out, "request_id", a->request_id);
    write_text(out, "error", a->error);
    as_buf_cstr(out, ",\"body\":");
    if (a->body)
        as_value_write_json(out, a->body, style);
    else
        as_buf_cstr(out, "null");
    as_buf_fmt(out, ",\"last\":%s%s}\n", a->last ? "true" : "false",
            a->absent ? ",\"absent\":true" : "");
}

static void note_missing(as_snapshot *s, as_str part_name, const as_snapshot_answer *a)
{
    as_buf_cstr(&s->missing, s->n_missing++ > 0 ? ",\n    {\"part\":" : "\n    {\"part\":");
    as_buf_json_string(&s->missing, part_name);
    write_text(&s->missing, "op", a->op);
    as_buf_cstr(&s->missing, ",\"params\":");
    if (a->params)
        as_value_write_json(&s->missing, a->params, (as_json_style){.sort_keys = true});
    else
        as_buf_cstr(&s->missing, "{}");
    write_text(&s->missing, "error", a->error);
    as_buf_char(&s->missing, '}');
}

bool as_snapshot_add(
        as_snapshot *s, as_str part_name, const as_snapshot_answer *answer, as_str *problem)
{
    part *p = part_of(s, part_name);
    as_arena *scratch = as_arena_new(0);
    bool fine = scratch && !p->failed && open_journal(s, p, problem);
    as_guard guard;
    as_buf line;

    if (fine && AS_GUARD_ENTER(&guard, scratch)) {
        as_buf_init(&line, scratch, AS_MAX_UNIT_BYTES);
        write_line(&line, answer);
        as_guard_leave(&guard);
        fine = as_fd_write(p->fd, as_buf_view(&line));
        if (!fine) {
            *problem = words(s->arena, journal_path(s, part_name));
            p->failed = true;
        }
    } else if (fine) {
        *problem = AS_STR("an answer is too large");
        fine = false;
    }
    as_arena_free(scratch);
    return fine;
}

/* --- the end ---------------------------------------------------------------------------------- */

typedef struct line {
    as_str key, text; /* of the call; borrowed from the journal */
    int64_t page;
    size_t index; /* in the journal */
    bool failed;  /* nothing came in place of the last page */
    bool old;     /* the call was asked again later */
} line;

typedef AS_VEC(line) lines;

/* By call, then in the order of the journal. */
static int compare_lines(const void *a, const void *b)
{
    const line *x = a, *y = b;
    int order = as_str_cmp(x->key, y->key);

    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

/* A line's call and page, in `out`; or, when it is NULL, a missing answer for the manifest. Values
 * do not stay. False when the line was cut off. */
static bool read_line(as_snapshot *s, as_arena *arena, const part *p, as_str text, line *out)
{
    as_arena *scratch = as_arena_new(0);
    volatile bool fine = false;
    as_guard guard;
    as_diags ignored;

    if (scratch && AS_GUARD_ENTER(&guard, scratch)) {
        as_diags_init(&ignored, scratch);
        const as_value *value = as_json_parse_text(scratch, text, AS_SPAN_NONE, &ignored);
        as_snapshot_answer a = as_snapshot_answer_of(value);
        fine = value != NULL;
        if (fine && out)
            *out = (line){.key = as_str_dup(arena, call_key(scratch, a.op, a.params)),
                    .text = text,
                    .page = a.page,
                    .failed = a.error.n > 0 && a.last && !a.absent};
        else if (fine)
            note_missing(s, p->name, &a);
        as_guard_leave(&guard);
    }
    as_arena_free(scratch);
    return fine;
}

/* Of each call only the latest asking stays: what comes before its last first page is old. */
static void drop_old(lines *all)
{
    for (size_t i = all->n; i > 1; i--) {
        const line *later = &all->items[i - 1];
        line *earlier = &all->items[i - 2];
        earlier->old = as_str_eq(earlier->key, later->key) && (later->old || later->page == 0);
    }
}

/* Two snapshots of the same state differ in their times alone. */
static as_str sorted(as_snapshot *s, as_arena *arena, const part *p, size_t *n_lines)
{
    as_sources *sources = as_sources_new();
    as_str path = journal_path(s, p->name), text;
    lines all = {0};
    as_diags ignored;
    as_buf out;

    as_diags_init(&ignored, arena);
    const as_source *source =
            sources ? as_file_read(arena, sources, path.p, AS_STR(""), &ignored) : NULL;
    as_str rest = source ? source->text : AS_STR("");
    while (rest.n > 0 && as_str_split(&rest, '\n', &text)) {
        line found;
        if (!read_line(s, arena, p, text, &found))
            continue;
        found.index = all.n;
        AS_VEC_PUSH(arena, &all, found);
    }
    if (all.n > 1)
        qsort(all.items, all.n, sizeof *all.items, compare_lines);
    drop_old(&all);
    as_buf_init(&out, arena, AS_MAX_FILE_BYTES);
    *n_lines = 0;
    for (size_t i = 0; i < all.n; i++) {
        if (all.items[i].old)
            continue;
        as_buf_str(&out, all.items[i].text);
        as_buf_char(&out, '\n');
        ++*n_lines;
        if (all.items[i].failed)
            (void)read_line(s, arena, p, all.items[i].text, NULL);
    }
    as_sources_free(sources);
    return as_buf_view(&out);
}

static bool finish_part(as_snapshot *s, as_arena *arena, part *p, as_buf *manifest, as_str *problem)
{
    size_t n_lines;
    as_str text = sorted(s, arena, p, &n_lines), bytes;
    const char *suffix = s->seal_to_pem.n > 0 ? ".ndjson.zst.cms" : ".ndjson.zst";
    as_str name = as_str_fmt(s->arena, "%.*s%s", AS_STR_ARG(p->name), suffix);

    if (!as_zstd_compress(arena, text, &bytes)) {
        *problem = AS_STR("there is no memory to compress the snapshot");
        return false;
    }
    if (s->seal_to_pem.n > 0 && !as_cms_seal(arena, bytes, s->seal_to_pem, &bytes, problem))
        return false;
    as_str path = as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(s->dir), AS_STR_ARG(name));
    *problem = as_file_write(arena, path, bytes);
    if (problem->n > 0) {
        *problem = as_str_dup(s->arena, *problem);
        return false;
    }
    (void)chmod(as_str_cstr(arena, path), 0600);
    as_str sum = as_sha256_hex(arena, bytes);
    as_buf_cstr(manifest, manifest->n > 0 ? ",\n    {\"path\":" : "\n    {\"path\":");
    as_buf_json_string(manifest, name);
    as_buf_fmt(manifest, ",\"answers\":%zu,\"bytes\":%zu,\"sha256\":\"%.*s\"}", n_lines, bytes.n,
            AS_STR_ARG(sum));
    return true;
}

/* In an arena of its own: the parts of a large account together would not fit. */
static bool finish_apart(as_snapshot *s, part *p, as_buf *manifest, as_str *problem)
{
    as_arena *scratch = as_arena_new(0);
    volatile bool fine = false;
    as_guard guard;

    if (scratch && AS_GUARD_ENTER(&guard, scratch)) {
        fine = finish_part(s, scratch, p, manifest, problem);
        as_guard_leave(&guard);
    } else {
        *problem = AS_STR("there is no memory to finish the snapshot");
    }
    as_arena_free(scratch);
    return fine;
}

static int compare_parts(const void *a, const void *b)
{
    return as_str_cmp((*(part *const *)a)->name, (*(part *const *)b)->name);
}

bool as_snapshot_finish(as_snapshot *s, const as_value *about, as_str *problem)
{
    as_buf parts, out;

    if (s->list.n > 1)
        qsort(s->list.items, s->list.n, sizeof *s->list.items, compare_parts);
    as_buf_init(&parts, s->arena, 0);
    for (size_t i = 0; i < s->list.n; i++)
        if (!finish_apart(s, s->list.items[i], &parts, problem))
            return false;
    as_buf_init(&out, s->arena, 0);
    as_buf_cstr(&out,
            "{\n  \"format\":\"assay-snapshot\",\"version\":1,\"tool\":\"assay " AS_VERSION "\"");
    for (size_t i = 0; i < as_value_count(about); i++) {
        as_buf_cstr(&out, ",\n  ");
        as_buf_json_string(&out, about->as.object->members[i].key);
        as_buf_char(&out, ':');
        as_value_write_json(&out, about->as.object->members[i].value, (as_json_style){0});
    }
    as_buf_cstr(&out, ",\n  \"parts\":[");
    as_buf_str(&out, as_buf_view(&parts));
    as_buf_cstr(&out, "],\n  \"missing\":[");
    as_buf_str(&out, as_buf_view(&s->missing));
    as_buf_cstr(&out, "]\n}\n");
    *problem = as_file_write(s->arena,
            as_str_fmt(s->arena, "%.*s/" AS_SNAPSHOT_MANIFEST, AS_STR_ARG(s->dir)),
            as_buf_view(&out));
    /* The journals only now: until the manifest is there they are the snapshot. */
    for (size_t i = 0; i < s->list.n && problem->n == 0; i++)
        (void)unlink(journal_path(s, s->list.items[i]->name).p);
    return problem->n == 0;
}
