#define _GNU_SOURCE /* st_mtim */
#include "engine/cli/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/sha256.h"
#include "engine/cli/transcript.h"
#include "engine/cli/version.h"
#include "reporters/terminal.h"

static const char magic[] = "assay result 1\n";

enum { SUM = AS_SHA256_BYTES };

struct as_cache {
    as_cli *cli;
    as_str dir;
    const char *file;
    as_witness *witness;
    as_transcript transcript;
};

/* --- the key ------------------------------------------------------------------------------------
 */

/* Files that count as part of the program: itself, and the time zones that templates may ask for.
 */
static void add_signature(as_buf *key, const char *path)
{
    struct stat info = {0};
    bool is = stat(path, &info) == 0;
    as_buf_fmt(key, "%d %ju %ju %ju %jd.%09ld\n", is, (uintmax_t)info.st_dev,
            (uintmax_t)info.st_ino, (uintmax_t)info.st_size, (intmax_t)info.st_mtim.tv_sec,
            info.st_mtim.tv_nsec);
}

static void add_variable(as_buf *key, const char *name)
{
    const char *value = getenv(name);
    as_buf_fmt(key, "%s%s", name, value ? "=" : "");
    as_buf_add(key, value ? value : "", value ? strlen(value) + 1 : 1);
}

static bool key_of(as_cli *cli, as_str day, as_buf *key)
{
    char here[PATH_MAX];

    if (!getcwd(here, sizeof here))
        return false;
    as_buf_cstr(key, AS_VERSION "\n");
    add_signature(key, "/proc/self/exe");
    add_signature(key, "/usr/share/zoneinfo");
    as_buf_fmt(key, "%.*s %d %d %d %d\n", AS_STR_ARG(day), cli->color_out, cli->color_err,
            as_terminal_width(), isatty(STDERR_FILENO) == 1);
    add_variable(key, "TZ");
    add_variable(key, "HOME");
    as_buf_add(key, here, strlen(here) + 1);
    for (int i = 0; i < cli->argc; i++)
        as_buf_add(key, cli->argv[i], strlen(cli->argv[i]) + 1);
    return true;
}

/* --- the folder ---------------------------------------------------------------------------------
 */

static as_str folder(as_arena *arena)
{
    const char *own = getenv("ASSAY_CACHE_DIR"), *cache = getenv("XDG_CACHE_HOME"),
               *home = getenv("HOME");

    if (own)
        return as_str_from(own); /* empty: no cache */
    if (cache && *cache == '/')
        return as_str_fmt(arena, "%s/assay/results", cache);
    return home && *home == '/' ? as_str_fmt(arena, "%s/.cache/assay/results", home) : AS_STR("");
}

/* Nobody else may have a say in what was found. */
static bool is_private(const char *dir)
{
    struct stat info;
    return lstat(dir, &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == geteuid() &&
           (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

as_cache *as_cache_open(as_cli *cli, as_str day)
{
    as_cache *cache = AS_NEW(cli->arena, as_cache);
    as_buf key;

    cache->cli = cli;
    cache->dir = folder(cli->arena);
    as_buf_init(&key, cli->arena, 0);
    if (cache->dir.n == 0 || !key_of(cli, day, &key))
        return NULL;
    const char *dir = as_str_cstr(cli->arena, cache->dir);
    if (!is_private(dir)) {
        as_file_make_parents(cli->arena, cache->dir);
        if (mkdir(dir, 0700) != 0 || !is_private(dir))
            return NULL;
    }
    cache->file =
            as_str_fmt(cli->arena, "%s/%s", dir, as_sha256_hex(cli->arena, as_buf_view(&key)).p).p;
    return cache;
}

typedef struct kept {
    char name[2 * SUM + 1];
    uintmax_t size;
    struct timespec used;
} kept;

static int newest_first(const void *a, const void *b)
{
    const struct timespec *x = &((const kept *)a)->used, *y = &((const kept *)b)->used;
    if (x->tv_sec != y->tv_sec)
        return x->tv_sec > y->tv_sec ? -1 : 1;
    return (x->tv_nsec < y->tv_nsec) - (x->tv_nsec > y->tv_nsec);
}

/* Other runs may add and remove at the same time: what is gone already is as well. */
static void make_room(as_cache *cache)
{
    AS_VEC(kept) all = {0};
    DIR *dir = opendir(as_str_cstr(cache->cli->arena, cache->dir));
    const struct dirent *entry;
    struct stat info;
    uintmax_t total = 0;

    while (dir && (entry = readdir(dir)) != NULL) {
        kept one = {.size = 0};
        if (strlen(entry->d_name) != 2 * SUM ||
                fstatat(dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        memcpy(one.name, entry->d_name, 2 * SUM);
        one.size = (uintmax_t)info.st_size;
        one.used = info.st_mtim;
        total += one.size;
        AS_VEC_PUSH(cache->cli->arena, &all, one);
    }
    if (total > AS_CACHE_BYTES) {
        qsort(all.items, all.n, sizeof *all.items, newest_first);
        total = 0;
        for (size_t i = 0; i < all.n; i++) {
            total += all.items[i].size;
            if (total > AS_CACHE_BYTES / 2)
                (void)unlinkat(dirfd(dir), all.items[i].name, 0);
        }
    }
    if (dir)
        closedir(dir);
}

/* --- entries ------------------------------------------------------------------------------------
 */

static void put_text(as_buf *buf, as_str text)
{
    uint64_t n = text.n;
    as_buf_add(buf, &n, sizeof n);
    as_buf_str(buf, text);
}

static bool take_text(as_str *from, as_str *text)
{
    uint64_t n;

    if (from->n < sizeof n)
        return false;
    memcpy(&n, from->p, sizeof n);
    *from = as_str_from_index(*from, sizeof n);
    if (n > from->n)
        return false;
    *text = as_str_slice(*from, 0, (size_t)n);
    *from = as_str_from_index(*from, (size_t)n);
    return true;
}

/* What lies between the magic line and the hash at the end. */
static bool read_entry(as_cache *cache, as_str *body)
{
    unsigned char sum[SUM];
    struct stat info;
    as_str text;

    if (lstat(cache->file, &info) != 0 || !S_ISREG(info.st_mode) || info.st_uid != geteuid() ||
            info.st_size > 2 * (off_t)AS_CACHE_ENTRY_BYTES ||
            !as_file_peek(cache->cli->arena, cache->file, &text) || !as_str_starts(text, magic) ||
            text.n < sizeof magic - 1 + SUM)
        return false;
    *body = as_str_slice(text, 0, text.n - SUM);
    as_sha256_of(*body, sum);
    if (memcmp(sum, text.p + body->n, SUM) != 0)
        return false;
    *body = as_str_from_index(*body, sizeof magic - 1);
    return true;
}

static bool write_again(as_cache *cache, as_str body)
{
    as_str out, err, path, text;

    if (!take_text(&body, &err) || !take_text(&body, &out))
        return false;
    for (as_str rest = body; rest.n > 0;) /* whole, or not at all */
        if (!take_text(&rest, &path) || !take_text(&rest, &text))
            return false;
    while (take_text(&body, &path) && take_text(&body, &text))
        if (as_file_write(cache->cli->arena, path, text).n > 0)
            return false; /* the scan will say it */
    (void)as_fd_write(STDERR_FILENO, err);
    return as_cli_print(cache->cli, out) == AS_EXIT_OK;
}

bool as_cache_replay(as_cache *cache, as_exit *code)
{
    as_str body;

    if (!read_entry(cache, &body) || body.n < 1)
        return false;
    *code = (as_exit)(unsigned char)body.p[0];
    body = as_str_from_index(body, 1);
    if (!as_witness_holds(&body) || !write_again(cache, body))
        return false;
    (void)utimensat(AT_FDCWD, cache->file, NULL, 0); /* used now */
    return true;
}

as_witness *as_cache_watch(as_cache *cache)
{
    cache->witness = as_witness_new(cache->cli->arena);
    as_transcript_init(&cache->transcript, cache->cli->arena, AS_CACHE_ENTRY_BYTES);
    cache->cli->transcript = &cache->transcript;
    return cache->witness;
}

static bool write_entry(as_cache *cache, as_str text)
{
    char *temporary =
            as_str_cstr(cache->cli->arena, as_str_fmt(cache->cli->arena, "%s.XXXXXX", cache->file));
    int fd = mkstemp(temporary);

    if (fd < 0)
        return false;
    bool good = as_fd_write(fd, text);
    good = close(fd) == 0 && good && rename(temporary, cache->file) == 0;
    if (!good)
        unlink(temporary);
    return good;
}

void as_cache_store(as_cache *cache, as_exit code)
{
    as_transcript *t = &cache->transcript;
    unsigned char sum[SUM];
    as_buf buf;

    cache->cli->transcript = NULL;
    if (code == AS_EXIT_ERROR || t->full)
        return;
    as_buf_init(&buf, cache->cli->arena, 0);
    as_buf_cstr(&buf, magic);
    as_buf_char(&buf, (char)code);
    if (!as_witness_write(cache->witness, &buf))
        return;
    put_text(&buf, as_buf_view(&t->err));
    put_text(&buf, as_buf_view(&t->out));
    for (size_t i = 0; i < t->files.n; i++) {
        put_text(&buf, t->files.items[i].path);
        put_text(&buf, t->files.items[i].text);
    }
    if (buf.n > 2 * AS_CACHE_ENTRY_BYTES - SUM)
        return;
    as_sha256_of(as_buf_view(&buf), sum);
    as_buf_add(&buf, sum, SUM);
    if (write_entry(cache, as_buf_view(&buf)))
        make_room(cache);
}
