#include "engine/base/witness.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "engine/base/disk.h"
#include "engine/base/file.h"
#include "engine/base/map.h"
#include "engine/base/sha256.h"
#include "engine/base/vec.h"

enum { SUM = AS_SHA256_BYTES };

/* What was asked. Notes of folders come with a root. */
typedef enum sight { READ, LIST, STAT, FILE_READ, EXISTS, WAY, N_SIGHTS } sight;

typedef struct note {
    as_str question; /* the sight, the root and the path, each but the first with a NUL behind it */
    unsigned char answer[SUM];
} note;

struct as_witness {
    as_arena *arena;
    pthread_mutex_t lock;
    as_map by_question;
    AS_VEC(note *) notes;
    bool spoilt;
};

static void destroy(void *object)
{
    as_witness *w = object;
    pthread_mutex_destroy(&w->lock);
}

as_witness *as_witness_new(as_arena *arena)
{
    as_witness *w = AS_NEW(arena, as_witness);
    w->arena = arena;
    pthread_mutex_init(&w->lock, NULL);
    as_arena_defer(arena, destroy, w);
    return w;
}

/* --- answers ------------------------------------------------------------------------------------
 */

/* Of a kind or error and of bytes, so that an empty file and none differ. */
static void sum_of(int head, as_str bytes, unsigned char out[SUM])
{
    const unsigned char first = (unsigned char)head;
    as_sha256 sum;
    as_sha256_begin(&sum);
    as_sha256_add(&sum, &first, 1);
    as_sha256_add(&sum, bytes.p, bytes.n);
    as_sha256_end(&sum, out);
}

static void sum_of_entries(as_fs_error error, const as_fs_entries *entries, unsigned char out[SUM])
{
    const unsigned char head = (unsigned char)error;
    as_sha256 sum;
    as_sha256_begin(&sum);
    as_sha256_add(&sum, &head, 1);
    for (size_t i = 0; error == AS_FS_OK && i < entries->n; i++) {
        const as_fs_entry *e = &entries->items[i];
        const unsigned char marks[2] = {(unsigned char)e->kind, e->is_link};
        as_sha256_add(&sum, e->name.p, e->name.n);
        as_sha256_add(&sum, "", 1);
        as_sha256_add(&sum, marks, sizeof marks);
        as_sha256_add(&sum, &e->size, sizeof e->size);
    }
    as_sha256_end(&sum, out);
}

/* --- notes --------------------------------------------------------------------------------------
 */

static as_str question_of(as_arena *arena, sight what, const char *root, as_str path)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    as_buf_char(&buf, (char)what);
    as_buf_add(&buf, root, strlen(root) + 1);
    as_buf_str(&buf, path);
    as_buf_char(&buf, '\0');
    return as_buf_view(&buf);
}

static void keep(
        as_witness *w, sight what, const char *root, as_str path, const unsigned char *answer)
{
    as_str question = question_of(w->arena, what, root, path);
    note *before = as_map_get(&w->by_question, question);
    if (before != NULL) {
        w->spoilt |= memcmp(before->answer, answer, SUM) != 0;
        return;
    }
    note *n = AS_NEW(w->arena, note);
    n->question = question;
    memcpy(n->answer, answer, SUM);
    AS_VEC_PUSH(w->arena, &w->notes, n);
    as_map_put(w->arena, &w->by_question, question, n);
}

static void take(
        as_witness *w, sight what, const char *root, as_str path, const unsigned char *answer)
{
    as_guard guard;
    pthread_mutex_lock(&w->lock);
    if (AS_GUARD_ENTER(&guard, w->arena)) {
        keep(w, what, root, path, answer);
        as_guard_leave(&guard);
    } else {
        w->spoilt = true;
    }
    pthread_mutex_unlock(&w->lock);
}

void as_witness_spoil(as_witness *w)
{
    if (w != NULL) {
        pthread_mutex_lock(&w->lock);
        w->spoilt = true;
        pthread_mutex_unlock(&w->lock);
    }
}

static void take_or_spoil(
        as_witness *w, sight what, const char *root, as_str path, const unsigned char *answer)
{
    if (memchr(path.p == NULL ? "" : path.p, '\0', path.n) == NULL) {
        take(w, what, root, path, answer);
    } else {
        as_witness_spoil(w);
    }
}

void as_witness_read(as_witness *w, const char *root, as_str path, as_fs_error error, as_str text)
{
    unsigned char sum[SUM];
    if (w != NULL) {
        sum_of((int)error, error == AS_FS_OK ? text : AS_STR(""), sum);
        take_or_spoil(w, READ, root, path, sum);
    }
}

void as_witness_list(as_witness *w, const char *root, as_str path, as_fs_error error,
        const as_fs_entries *entries)
{
    unsigned char sum[SUM];
    if (w != NULL) {
        sum_of_entries(error, entries, sum);
        take_or_spoil(w, LIST, root, path, sum);
    }
}

void as_witness_stat(as_witness *w, const char *root, as_str path, as_fs_kind kind)
{
    unsigned char sum[SUM];
    if (w != NULL) {
        sum_of((int)kind, AS_STR(""), sum);
        take_or_spoil(w, STAT, root, path, sum);
    }
}

void as_witness_file(as_witness *w, const char *path, const as_str *text)
{
    unsigned char sum[SUM];
    if (w != NULL) {
        sum_of(text != NULL, text == NULL ? AS_STR("") : *text, sum);
        take_or_spoil(w, FILE_READ, "", as_str_from(path), sum);
    }
}

static void sum_of_existence(const char *path, unsigned char out[SUM])
{
    struct stat info;
    bool is = stat(path, &info) == 0;
    sum_of(!is ? 0 : S_ISDIR(info.st_mode) ? 2 : 1, AS_STR(""), out);
}

static void sum_of_way(const char *path, unsigned char out[SUM])
{
    char real[PATH_MAX];
    bool is = realpath(path, real) != NULL;
    sum_of(is, is ? as_str_from(real) : AS_STR(""), out);
}

void as_witness_exists(as_witness *w, const char *path)
{
    unsigned char sum[SUM];
    if (w != NULL) {
        sum_of_existence(path, sum);
        take_or_spoil(w, EXISTS, "", as_str_from(path), sum);
    }
}

void as_witness_way(as_witness *w, const char *path)
{
    unsigned char sum[SUM];
    if (w != NULL) {
        sum_of_way(path, sum);
        take_or_spoil(w, WAY, "", as_str_from(path), sum);
    }
}

/* --- as a text ----------------------------------------------------------------------------------
 */

bool as_witness_write(as_witness *w, as_buf *out)
{
    for (size_t i = 0; i < w->notes.n; i++) {
        const note *n = w->notes.items[i];
        as_buf_str(out, n->question);
        as_buf_add(out, n->answer, SUM);
    }
    as_buf_char(out, (char)N_SIGHTS);
    return !w->spoilt;
}

/* The text up to the next NUL. */
static bool next_string(as_str *text, const char **out)
{
    size_t end = as_str_find_char(*text, '\0');
    if (end == (size_t)-1) {
        return false;
    }
    *out = text->p;
    *text = as_str_from_index(*text, end + 1);
    return true;
}

typedef struct asked {
    as_disk *disk; /* of the root that was asked last */
} asked;

static bool turn_to(asked *a, const char *root)
{
    if (a->disk != NULL && strcmp(as_disk_root(a->disk), root) == 0) {
        return true;
    }
    if (a->disk != NULL) {
        as_disk_ops.free(a->disk);
    }
    a->disk = as_disk_open(root);
    return a->disk != NULL && strcmp(as_disk_root(a->disk), root) == 0;
}

static void ask_file(as_arena *arena, const char *path, unsigned char out[SUM])
{
    as_str text;
    bool is = as_file_peek(arena, path, &text);
    sum_of(is, is ? text : AS_STR(""), out);
}

static bool ask_in(as_arena *arena, asked *a, sight what, const char *root, const char *path,
        unsigned char out[SUM])
{
    as_str text = AS_STR(""), relative = as_str_from(path);
    as_fs_entries entries = {0};
    as_fs_error error;
    uint64_t size;

    if (what <= STAT && !turn_to(a, root)) {
        return false;
    }
    switch (what) {
    case READ:
        error = as_disk_ops.read(a->disk, arena, relative, &text);
        sum_of((int)error, error == AS_FS_OK ? text : AS_STR(""), out);
        return true;
    case LIST:
        error = as_disk_ops.list(a->disk, arena, relative, &entries);
        sum_of_entries(error, &entries, out);
        return true;
    case STAT:
        sum_of((int)as_disk_ops.stat(a->disk, relative, &size), AS_STR(""), out);
        return true;
    case FILE_READ:
        ask_file(arena, path, out);
        return true;
    case EXISTS:
        sum_of_existence(path, out);
        return true;
    case WAY:
        sum_of_way(path, out);
        return true;
    case N_SIGHTS:
        break;
    }
    return false;
}

/* What is read for an answer is needed no longer than that. */
static bool ask(asked *a, sight what, const char *root, const char *path, unsigned char out[SUM])
{
    as_arena *arena = as_arena_new(0);
    as_guard guard;
    volatile bool good = false;
    if (arena == NULL) {
        return false;
    }
    if (AS_GUARD_ENTER(&guard, arena)) {
        good = ask_in(arena, a, what, root, path, out);
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
    return good;
}

static bool holds(asked *a, as_str *text)
{
    unsigned char sum[SUM];
    while (text->n > 0 && text->p[0] != (char)N_SIGHTS) {
        unsigned char what = (unsigned char)text->p[0];
        const char *root, *path;
        *text = as_str_from_index(*text, 1);
        if (what > N_SIGHTS || !next_string(text, &root) || !next_string(text, &path) ||
                text->n < SUM || !ask(a, (sight)what, root, path, sum) ||
                memcmp(sum, text->p, SUM) != 0) {
            return false;
        }
        *text = as_str_from_index(*text, SUM);
    }
    if (text->n == 0) {
        return false;
    }
    *text = as_str_from_index(*text, 1);
    return true;
}

bool as_witness_holds(as_str *text)
{
    asked a = {0};
    bool good = holds(&a, text);
    if (a.disk != NULL) {
        as_disk_ops.free(a.disk);
    }
    return good;
}
