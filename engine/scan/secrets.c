#include "engine/scan/secrets.h"

#include <assert.h>

#include <stdlib.h>

#include "engine/base/map.h"
#include "engine/base/pool.h"
#include "engine/secrets/values.h"

enum {
    MAX_BYTES = 256 << 20, /* of one file */
    GLANCE = 8192,         /* a NUL byte in these: no text */
    FEW_FILES = 64,        /* below this a second thread costs more than it gives */
};

/* A candidate, from text or from a value. */
typedef struct candidate {
    as_secret secret;
    as_str text; /* of the secret */
    as_span span;
    as_str path;           /* display path of the file */
    const as_value *value; /* NULL: found in the text */
    as_str resource;       /* address of what holds the value */
    bool dropped;
} candidate;

typedef AS_VEC(candidate) candidates;

typedef as_secret_file file;

typedef struct worker {
    file *files;
    size_t n_files, number, n_workers;
    as_arena *arena;
    as_cause cause;
} worker;

/* --- files ------------------------------------------------------------------------------------ */

typedef struct glance {
    worker *w;
    as_secret_finder *finder;
    file *file;
} glance;

/* Out of the scratch arena. */
static void keep_found(worker *w, file *f)
{
    as_secret *kept = AS_NEW_ARRAY(w->arena, as_secret, f->found.n);

    for (size_t i = 0; i < f->found.n; i++) {
        kept[i] = f->found.items[i];
        kept[i].key = as_str_dup(w->arena, kept[i].key);
        kept[i].expires = as_str_dup(w->arena, kept[i].expires);
    }
    f->found.items = kept;
}

static void look(void *self, as_arena *scratch)
{
    const glance *g = self;
    file *f = g->file;
    as_str text = AS_STR_NONE;
    as_fs_error error = as_fs_peek(f->fs, scratch, f->path, &text);
    bool binary =
            memchr(text.p == NULL ? "" : text.p, 0, text.n < GLANCE ? text.n : GLANCE) != NULL;

    f->fate = error == AS_FS_TOO_BIG || text.n > MAX_BYTES ? AS_SECRETS_TOO_LARGE
              : error != AS_FS_OK                          ? AS_SECRETS_UNREADABLE
              : binary                                     ? AS_SECRETS_BINARY
                                                           : AS_SECRETS_SCANNED;
    if (f->fate == AS_SECRETS_SCANNED)
        as_secret_find(g->finder, scratch, text, as_secret_syntax_of(f->path), &f->found, &f->full);
    if (f->found.n > 0) {
        keep_found(g->w, f);
        error = as_fs_read(f->fs, f->path, &f->source);
        if (error != AS_FS_OK) {
            f->fate = AS_SECRETS_UNREADABLE;
            f->found.n = 0;
        }
    }
    if (error == AS_FS_MEMORY)
        as_arena_unwind(scratch, AS_CAUSE_MEMORY);
}

static void work(void *self, size_t i)
{
    worker *w = (worker *)self + i;
    as_guard guard;

    if (AS_GUARD_ENTER(&guard, w->arena)) {
        as_secret_finder *finder = as_secret_finder_new(w->arena);
        for (size_t f = w->number; f < w->n_files; f += w->n_workers)
            if (w->files[f].fs != NULL) {
                glance g = {w, finder, &w->files[f]};
                as_arena_with_scratch(w->arena, look, &g);
            }
        as_guard_leave(&guard);
    } else {
        w->cause = guard.cause;
    }
}

/* Parts of snapshots are answers of an API: who collected them has taken secrets out, and what the
 * account itself holds is judged as resources. */
static as_map parts_of(as_arena *arena, const as_inventory *inventory)
{
    as_map parts = {0};

    for (size_t i = 0; i < inventory->inputs.n; i++) {
        as_input *input = &inventory->inputs.items[i];
        if (input->kind == AS_FILE_SNAPSHOT_PART && input->taken)
            as_map_put(arena, &parts, input->path, input);
    }
    return parts;
}

as_secret_file *as_secret_files_list(as_arena *arena, const as_secret_scan *scan, size_t *n)
{
    size_t total = 0, at = 0;

    for (size_t r = 0; r < scan->n_roots; r++)
        total += scan->inventories[r].files.n;
    file *files = AS_NEW_ARRAY(arena, file, total);
    for (size_t r = 0; r < scan->n_roots; r++) {
        as_inventory *inventory = &scan->inventories[r];
        as_map parts = parts_of(arena, inventory);
        for (size_t i = 0; i < inventory->files.n; i++)
            if (!as_map_has(&parts, inventory->files.items[i]))
                files[at++] = (file){.fs = scan->roots[r].fs,
                        .path = inventory->files.items[i],
                        .inventory = inventory};
    }
    *n = at;
    return files;
}

struct as_secret_search {
    worker *workers;
    size_t n;
    as_task task;
};

static void search(void *self)
{
    as_secret_search *s = self;

    as_pool_run((int)s->n, s->n, work, s->workers);
}

static void end_task(void *self)
{
    as_task_end(self);
}

as_secret_search *as_secret_search_begin(
        as_arena *arena, const as_secret_scan *scan, as_secret_file *files, size_t n)
{
    as_secret_search *s = AS_NEW(arena, as_secret_search);

    s->n = n < FEW_FILES || scan->jobs < 2 ? 1 : (size_t)scan->jobs;
    s->workers = AS_NEW_ARRAY(arena, worker, s->n);
    for (size_t i = 0; i < s->n; i++)
        s->workers[i] = (worker){.files = files,
                .n_files = n,
                .number = i,
                .n_workers = s->n,
                .arena = as_arena_own(arena, 0)};
    if (scan->jobs < 2) {
        search(s);
        s->task.ended = true;
        return s;
    }
    as_arena_defer(arena, end_task, &s->task);
    as_task_begin(&s->task, search, s);
    return s;
}

void as_secret_search_end(as_secret_search *s, as_diags *diags)
{
    as_task_end(&s->task);
    for (size_t i = 0; i < s->n; i++)
        if (s->workers[i].cause != AS_CAUSE_NONE)
            as_diags_add(diags, AS_DIAG_ERROR, "secrets-stopped", AS_SPAN_NONE,
                    "some files were not looked through for secrets: %s",
                    as_cause_text(s->workers[i].cause));
}

/* Files in the ledger, candidates in the list. */
static void take_files(as_arena *arena, as_secret_scan *scan, file *files, size_t n,
        as_diags *diags, candidates *out)
{
    scan->coverage = (as_coverage_row){.parser = AS_STR("secrets"), .found = n};
    for (size_t i = 0; i < n; i++) {
        file *f = &files[i];
        scan->coverage.parsed += f->fate == AS_SECRETS_SCANNED;
        scan->coverage.skipped += f->fate != AS_SECRETS_SCANNED;
        if (f->fate == AS_SECRETS_TOO_LARGE)
            AS_VEC_PUSH(arena, &f->inventory->skips,
                    (as_skip){f->path, AS_STR("too large to be looked through for secrets")});
        if (f->fate == AS_SECRETS_UNREADABLE)
            AS_VEC_PUSH(
                    arena, &f->inventory->skips, (as_skip){f->path, AS_STR("it cannot be read")});
        if (f->full)
            as_diags_add_path(diags, AS_DIAG_WARNING, "secrets-many", f->path,
                    "only the first %d candidates for secrets of this file are judged",
                    AS_MAX_SECRETS);
        for (size_t k = 0; k < f->found.n; k++) {
            const as_secret *s = &f->found.items[k];
            AS_VEC_PUSH(arena, out,
                    (candidate){.secret = *s,
                            .text = as_str_slice(f->source->text, s->begin, s->end),
                            .span = {f->source->id, (uint32_t)s->begin, (uint32_t)s->end},
                            .path = f->source->path});
        }
    }
}

/* --- values ----------------------------------------------------------------------------------- */

/* Candidates of a file, by place in the list. */
typedef AS_VEC(size_t) indices;

static indices *of_file(as_arena *arena, as_map *by_file, as_str path)
{
    indices *list = as_map_get(by_file, path);

    if (list == NULL) {
        list = AS_NEW(arena, indices);
        as_map_put(arena, by_file, path, list);
    }
    return list;
}

/* The candidate with which the span shares bytes or, at the same line, the very text; NULL: none.
 */
static candidate *same_place(const candidates *all, const indices *list, as_span span, as_str text)
{
    for (size_t i = 0; i < list->n; i++) {
        assert(list->items[i] < all->n);
        candidate *c = &all->items[list->items[i]];
        if (!c->dropped && ((c->span.begin < span.end && span.begin < c->span.end) ||
                                   as_str_eq(c->text, text)))
            return c;
    }
    return NULL;
}

static void take_values(as_arena *arena, const as_secret_scan *scan, candidates *all)
{
    as_value_search *search = as_value_search_new(arena, scan->sources);
    as_value_secrets found = {0};
    as_map by_file = {0};

    for (size_t r = 0; r < scan->n_roots; r++)
        for (size_t t = 0; t < scan->loadings[r].discovery.targets.n; t++) {
            const as_load *load = &scan->loadings[r].loads[t];
            for (size_t i = 0; i < load->resources.n; i++)
                as_value_search_run(search, &load->resources.items[i], &found);
        }
    for (size_t i = 0; found.n > 0 && i < all->n; i++)
        AS_VEC_PUSH(arena, of_file(arena, &by_file, all->items[i].path), i);
    for (size_t i = 0; i < found.n; i++) {
        as_value_secret *v = &found.items[i];
        const as_source *source = as_sources_get(scan->sources, v->span.file);
        if (source == NULL)
            continue;
        as_str text = as_str_slice(v->text, v->secret.begin, v->secret.end);
        indices *list = of_file(arena, &by_file, source->path);
        candidate *other = same_place(all, list, v->span, text);
        candidate c = {.secret = v->secret,
                .text = text,
                .span = v->span,
                .path = source->path,
                .value = v->value,
                .resource = v->resource->address};
        if (other != NULL && other->secret.group <= c.secret.group)
            continue;
        if (other != NULL) { /* evaluation tells more of it than its text does */
            *other = c;
            continue;
        }
        AS_VEC_PUSH(arena, list, all->n);
        AS_VEC_PUSH(arena, all, c);
    }
}

/* --- entities --------------------------------------------------------------------------------- */

static void put(as_object_builder *b, const char *name, const as_value *v)
{
    as_object_add(b, as_str_from(name), AS_SPAN_NONE, v);
}

static void put_text(
        as_arena *arena, as_object_builder *b, const char *name, as_span span, as_str text)
{
    if (text.n > 0)
        put(b, name, as_value_string(arena, span, text));
}

/* What is shown of it carries the value's way, so that a finding has it as evidence. */
static const as_value *shown_value(as_arena *arena, const candidate *c)
{
    as_value *v =
            as_value_copy(arena, as_value_string(arena, c->span, as_secret_shown(arena, c->text)));

    if (c->value != NULL && as_value_trail(c->value) != NULL) {
        as_meta *meta = AS_NEW(arena, as_meta);
        meta->trail = as_value_trail(c->value);
        v->meta = meta;
    }
    return v;
}

static const as_value *facts(as_arena *arena, const as_secret_scan *scan, const candidate *c)
{
    const as_secret *s = &c->secret;
    as_span at = c->span;
    as_object_builder b;

    as_object_begin(&b, arena);
    put_text(arena, &b, "detector", at, as_str_from(s->detector));
    put_text(arena, &b, "what", at, as_str_from(s->what));
    put_text(arena, &b, "key", at, s->key);
    put_text(arena, &b, "path", at, c->path);
    put_text(arena, &b, "resource", at, c->resource);
    put_text(arena, &b, "expires", at, s->expires);
    put(&b, "expired",
            as_value_bool(arena, at,
                    s->expires.n > 0 && scan->today.n > 0 &&
                            as_str_cmp(s->expires, scan->today) < 0));
    put(&b, "length", as_value_int(arena, at, (int64_t)c->text.n));
    put(&b, "entropy", as_value_float(arena, at, s->entropy));
    put(&b, "hex", as_value_bool(arena, at, s->hex));
    put(&b, "encrypted", as_value_bool(arena, at, s->encrypted));
    put(&b, "publishable", as_value_bool(arena, at, s->publishable));
    put(&b, "evaluated", as_value_bool(arena, at, c->value != NULL));
    put(&b, "shown", shown_value(arena, c));
    return as_object_end(&b, at);
}

/* A folder is a unit, so that its environment holds for what lies in it. */
static const as_unit *unit_of(
        as_arena *arena, const as_secret_scan *scan, as_map *units, as_str path)
{
    as_str dir = as_path_dir(path);
    as_unit *unit = as_map_get(units, dir);

    if (unit == NULL) {
        unit = AS_NEW(arena, as_unit);
        *unit = (as_unit){.name = dir,
                .origin = AS_ORIGIN_FILE,
                .id = UINT32_MAX - (uint32_t)units->n,
                .environment = as_environment_of(scan->config, dir, AS_STR(""))};
        as_map_put(arena, units, dir, unit);
    }
    return unit;
}

static void add_entities(
        as_arena *arena, as_secret_scan *scan, const candidates *all, as_graph *graph)
{
    as_map units = {0};
    AS_VEC(as_str) texts = {0};

    for (size_t i = 0; i < all->n; i++) {
        const candidate *c = &all->items[i];
        as_str name = c->secret.key.n > 0 ? c->secret.key : as_str_from(c->secret.detector);
        const char *group = as_secret_group_name(c->secret.group);
        as_resource r = {.origin = AS_ORIGIN_FILE,
                .unit = unit_of(arena, scan, &units, c->path),
                .type = as_str_fmt(arena, "secret:%s", group),
                .kind = as_str_fmt(arena, "secret.%s", group),
                .address = as_str_fmt(arena, "%.*s#%.*s", AS_STR_ARG(c->path), AS_STR_ARG(name)),
                .name = name,
                .span = c->span,
                .head = c->span,
                .raw = facts(arena, scan, c)};
        (void)as_graph_add(graph, &r);
        as_sources_hide(scan->sources, c->span);
        AS_VEC_PUSH(arena, &texts, c->text);
    }
    scan->texts = (as_strs){texts.items, texts.n};
    scan->coverage.entities = all->n;
}

void as_secret_scan_join(as_arena *arena, as_secret_scan *scan, as_secret_file *files, size_t n,
        as_graph *graph, as_diags *diags)
{
    candidates all = {0};

    take_files(arena, scan, files, n, diags, &all);
    take_values(arena, scan, &all);
    add_entities(arena, scan, &all, graph);
}

/* Adds the words of a name: "shop" and "cassandra" of "shop-cassandra". */
static void add_words(as_arena *arena, as_map *words, as_str name)
{
    for (size_t at = 0, begin = 0; at <= name.n; at++) {
        bool inside = at < name.n && name.p[at] >= 'a' && name.p[at] <= 'z';
        if (!inside && at > begin)
            as_map_put(arena, words, as_str_slice(name, begin, at), words);
        begin = inside ? begin : at + 1;
    }
}

static bool is_word(as_str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < 'a' || text.p[i] > 'z')
            return false;
    return text.n > 0;
}

as_strs as_secrets_to_hide(as_arena *arena, const as_graph *graph, as_strs texts)
{
    AS_VEC(as_str) kept = {0};
    as_map words = {0};

    for (size_t i = 0; i < as_graph_count(graph); i++)
        add_words(arena, &words, as_graph_get(graph, (uint32_t)(i + 1))->name);
    for (size_t i = 0; i < texts.n; i++)
        if (!is_word(texts.items[i]) || !as_map_has(&words, texts.items[i]))
            AS_VEC_PUSH(arena, &kept, texts.items[i]);
    return (as_strs){kept.items, kept.n};
}

void as_secret_scan_run(as_arena *arena, as_secret_scan *scan, as_graph *graph, as_diags *diags)
{
    size_t n;
    as_secret_file *files = as_secret_files_list(arena, scan, &n);

    as_secret_search_end(as_secret_search_begin(arena, scan, files, n), diags);
    as_secret_scan_join(arena, scan, files, n, graph, diags);
}
