#include "engine/iam/data.h"

#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WINDOW = 16 + MAX_WBITS };

static as_str unpack(as_arena *arena, const unsigned char *bytes, size_t n_bytes)
{
    /* RFC 1952: the last four bytes are the size before compression. */
    const unsigned char *tail = bytes + n_bytes - 4;
    size_t size =
            (size_t)tail[0] | (size_t)tail[1] << 8 | (size_t)tail[2] << 16 | (size_t)tail[3] << 24;
    char *text = as_arena_alloc(arena, size + 1);
    union {
        const unsigned char *in;
        unsigned char *out;
    } input = {.in = bytes}; /* zlib does not write there */
    z_stream z = {.next_in = input.out,
            .avail_in = (uInt)n_bytes,
            .next_out = (unsigned char *)text,
            .avail_out = (uInt)size};
    if (inflateInit2(&z, GZIP_WINDOW) != Z_OK) {
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    }
    (void)inflate(&z, Z_FINISH);
    size_t n = z.total_out;
    inflateEnd(&z);
    return (as_str){text, n};
}

as_str as_iam_data_text(as_arena *arena, const char *name)
{
    for (size_t i = 0; i < as_iam_n_blobs; i++) {
        if (strcmp(as_iam_blobs[i].name, name) == 0) {
            return unpack(arena, as_iam_blobs[i].bytes, as_iam_blobs[i].n);
        }
    }
    return AS_STR("");
}

static size_t count_lines(as_str text)
{
    size_t n = 0, at;
    while ((at = as_str_find_char(text, '\n')) != (size_t)-1) {
        text = as_str_from_index(text, at + 1);
        n++;
    }
    return n;
}

/* --- actions -------------------------------------------------------------------------------------
 */

static int compare_caseless(as_str a, as_str b)
{
    for (size_t i = 0; i < a.n && i < b.n; i++) {
        int x = (unsigned char)a.p[i], y = (unsigned char)b.p[i];
        x += x >= 'A' && x <= 'Z' ? 32 : 0;
        y += y >= 'A' && y <= 'Z' ? 32 : 0;
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return a.n == b.n ? 0 : a.n < b.n ? -1 : 1;
}

static int compare_actions(const void *a, const void *b)
{
    const as_iam_action *x = a, *y = b;
    int order = compare_caseless(x->service, y->service);
    return order != 0 ? order : compare_caseless(x->name, y->name);
}

as_iam_actions as_iam_actions_load(as_arena *arena)
{
    as_str rest = as_iam_data_text(arena, "aws_iam_actions"), line;
    as_iam_action *items = AS_NEW_ARRAY(arena, as_iam_action, count_lines(rest) + 1);
    size_t n = 0;
    while (as_str_split(&rest, '\n', &line)) {
        as_str level = AS_STR("");
        as_iam_action *a = &items[n];
        if (as_str_split(&line, '\t', &a->service) && as_str_split(&line, '\t', &a->name) &&
                as_str_split(&line, '\t', &level) && level.n == 1) {
            a->level = level.p[0];
            as_str_split(&line, '\t', &a->resources);
            n++;
        }
    }
    if (n > 1) {
        qsort(items, n, sizeof *items, compare_actions);
    }
    return (as_iam_actions){items, n};
}

const char *as_iam_level_name(char level)
{
    switch (level) {
    case 'L':
        return "list";
    case 'R':
        return "read";
    case 'W':
        return "write";
    case 'P':
        return "permissions management";
    case 'T':
        return "tagging";
    default:
        return "unknown";
    }
}

/* --- policies of AWS -----------------------------------------------------------------------------
 */

/* The last page that does not begin behind the name. */
static size_t page_of(as_str name)
{
    size_t low = 0, high = as_iam_n_policy_pages;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (as_str_cmp(as_iam_policy_pages[middle].first, name) <= 0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

as_str as_iam_managed_find(as_iam_managed *managed, as_arena *arena, as_str arn)
{
    size_t at = as_str_find(arn, AS_STR(":iam::aws:policy/"));
    if (at == (size_t)-1 || as_iam_n_policy_pages == 0) {
        return AS_STR("");
    }
    as_str name = as_str_from_index(arn, at + sizeof ":iam::aws:policy/" - 1);
    if (managed->pages == NULL) {
        managed->pages = AS_NEW_ARRAY(arena, as_str, as_iam_n_policy_pages);
    }
    size_t page = page_of(name);
    if (managed->pages[page].n == 0) {
        managed->pages[page] =
                unpack(arena, as_iam_policy_pages[page].bytes, as_iam_policy_pages[page].n);
    }
    as_str document = AS_STR("");
    return as_str_bisect(managed->pages[page], name, &document) ? document : AS_STR("");
}
