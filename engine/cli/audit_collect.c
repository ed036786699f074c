#include "engine/cli/audit_collect.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"

enum { MAX_WORDS = 256 };

/* --- the folder ----------------------------------------------------------------------------------
 */

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    (void)remove(path); /* what stays has nothing but answers in it, and is 0600 */
    return 0;
}

static void remove_tree(void *object)
{
    (void)nftw(object, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool make_temporary(as_cli *cli, as_str *dir)
{
    const char *base = getenv("TMPDIR");
    char *path = as_str_cstr(cli->arena,
            as_str_fmt(cli->arena, "%s/assay-audit-XXXXXX", base && *base ? base : "/tmp"));

    if (!mkdtemp(path)) {
        as_cli_error(cli, "%s: %s", path, strerror(errno));
        return false;
    }
    as_arena_defer(cli->arena, remove_tree, path);
    *dir = as_str_from(path);
    return true;
}

/* "DIR/20260131T020000Z" */
static bool make_kept(as_cli *cli, as_str keep, as_str *dir)
{
    as_str time = as_clock_time(cli->arena, as_clock_now());

    time = as_str_replace(cli->arena, time, AS_STR("-"), AS_STR(""));
    time = as_str_replace(cli->arena, time, AS_STR(":"), AS_STR(""));
    *dir = as_str_fmt(cli->arena, "%.*s/%.*s", AS_STR_ARG(keep), AS_STR_ARG(time));
    as_file_make_parents(cli->arena, *dir);
    if (mkdir(dir->p, 0700) == 0)
        return true;
    as_cli_error(cli, "%.*s: %s", AS_STR_ARG(*dir), strerror(errno));
    return false;
}

/* --- the words -----------------------------------------------------------------------------------
 */

typedef struct words {
    char *argv[MAX_WORDS];
    int argc;
} words;

static bool add_word(words *w, char *text)
{
    if (w->argc + 1 >= MAX_WORDS)
        return false;
    w->argv[w->argc++] = text;
    return true;
}

/* Words stand between blanks; what is quoted holds together, without escapes. False: a quote is
 * open. */
static bool split(as_cli *cli, as_str text, words *w)
{
    char *out = as_str_cstr(cli->arena, text), quote = 0;
    size_t n = 0;
    bool inside = false;

    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!quote && (c == ' ' || c == '\t' || c == '\n')) {
            if (inside)
                out[n++] = 0;
            inside = false;
            continue;
        }
        if (!inside && !add_word(w, out + n))
            return false;
        inside = true;
        if (quote ? c == quote : c == '\'' || c == '"')
            quote = quote ? 0 : c;
        else
            out[n++] = c;
    }
    out[n] = 0;
    return quote == 0;
}

static bool collect_one(as_cli *cli, as_str text, size_t number, as_str dir, bool quiet)
{
    words *w = AS_NEW(cli->arena, words);
    static char program[] = "assay", command[] = "collect", out[] = "--out", hush[] = "--quiet";

    add_word(w, program);
    add_word(w, command);
    if (!split(cli, text, w) || w->argc < 3 || w->argc + 4 >= MAX_WORDS) {
        as_cli_usage_error(cli, "--collect '%.*s': arguments of 'assay collect' are expected",
                AS_STR_ARG(text));
        return false;
    }
    as_str name = as_str_fmt(cli->arena, "%.*s/%s", AS_STR_ARG(dir), w->argv[2]);
    if (number > 0)
        name = as_str_fmt(cli->arena, "%.*s-%zu", AS_STR_ARG(name), number + 1);
    add_word(w, out);
    add_word(w, as_str_cstr(cli->arena, name));
    if (quiet)
        add_word(w, hush);
    as_exit result = as_cli_main(cli->arena, w->argc, w->argv);
    return result == AS_EXIT_OK || result == AS_EXIT_PARTIAL;
}

bool as_audit_collect(as_cli *cli, as_str_list what, as_str keep, bool quiet, as_str *dir)
{
    if (!(keep.n > 0 ? make_kept(cli, keep, dir) : make_temporary(cli, dir)))
        return false;
    for (size_t i = 0; i < what.n; i++)
        if (!collect_one(cli, what.items[i], i, *dir, quiet))
            return false;
    return true;
}
