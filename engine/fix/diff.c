/* The shortest edit script by Myers, "An O(ND) Difference Algorithm and Its Variations" (1986),
 * greedy form, between the lines that remain when what is equal at both ends is taken off. Where
 * the texts have so little in common that the table would grow beyond a bound, all lines between
 * are replaced. */
#include "engine/fix/diff.h"

#include "engine/base/vec.h"

enum { CONTEXT = 3, MAX_DISTANCE = 2000 };

typedef AS_VEC(as_str) lines;

typedef struct step {
    char kind; /* ' ', '-', '+' */
    as_str line;
} step;

typedef AS_VEC(step) steps;

/* With their ends, so that a missing last one shows. */
static void split(as_arena *arena, as_str text, lines *out)
{
    size_t at = 0;
    while (at < text.n) {
        size_t end = at;
        while (end < text.n && text.p[end] != '\n') {
            end++;
        }
        end += end < text.n;
        AS_VEC_PUSH(arena, out, as_str_slice(text, at, end));
        at = end;
    }
}

/* Furthest reaching ends on each diagonal, one row a distance, to walk back through. */
typedef struct trace {
    const as_str *a, *b;
    int n, m;
    int **rows;
    int distance; /* -1: beyond the bound */
} trace;

static void search(as_arena *arena, trace *t)
{
    int max = t->n + t->m < MAX_DISTANCE ? t->n + t->m : MAX_DISTANCE;
    int *v = AS_NEW_ARRAY(arena, int, 2 * (size_t)max + 3);
    t->rows = AS_NEW_ARRAY(arena, int *, (size_t)max + 1);
    t->distance = -1;
    for (int d = 0; d <= max; d++) {
        for (int k = -d; k <= d; k += 2) {
            bool down = k == -d || (k != d && v[max + k - 1] < v[max + k + 1]);
            int x = down ? v[max + k + 1] : v[max + k - 1] + 1;
            while (x < t->n && x - k < t->m && x - k >= 0 && as_str_eq(t->a[x], t->b[x - k])) {
                x++;
            }
            v[max + k] = x;
            if (x >= t->n && x - k >= t->m) {
                t->distance = d;
            }
        }
        t->rows[d] = AS_NEW_ARRAY(arena, int, 2 * (size_t)d + 1);
        memcpy(t->rows[d], v + max - d, (2 * (size_t)d + 1) * sizeof *v);
        if (t->distance >= 0) {
            return;
        }
    }
}

/* The steps from the end to the start, then turned round. */
static void walk_back(as_arena *arena, const trace *t, steps *out)
{
    steps reverse = {0};
    int x = t->n, y = t->m;
    for (int d = t->distance; d > 0; d--) {
        const int *row = t->rows[d - 1];
        int k = x - y, last = d - 1;
        int left = k - 1 >= -last && k - 1 <= last ? row[k - 1 + last] : -1;
        int right = k + 1 >= -last && k + 1 <= last ? row[k + 1 + last] : -1;
        bool down = k == -d || (k != d && left < right);
        int from_x = down ? right : left, from_y = down ? from_x - (k + 1) : from_x - (k - 1);
        while (x > from_x && y > from_y) {
            x--;
            y--;
            AS_VEC_PUSH(arena, &reverse, (step){' ', t->a[x]});
        }
        if (down) {
            y--;
            AS_VEC_PUSH(arena, &reverse, (step){'+', t->b[y]});
        } else {
            x--;
            AS_VEC_PUSH(arena, &reverse, (step){'-', t->a[x]});
        }
    }
    while (x > 0 && y > 0) {
        x--;
        y--;
        AS_VEC_PUSH(arena, &reverse, (step){' ', t->a[x]});
    }
    for (size_t i = reverse.n; i > 0; i--) {
        AS_VEC_PUSH(arena, out, reverse.items[i - 1]);
    }
}

static void compare(as_arena *arena, const lines *a, const lines *b, steps *out)
{
    size_t head = 0, tail = 0;
    while (head < a->n && head < b->n && as_str_eq(a->items[head], b->items[head])) {
        AS_VEC_PUSH(arena, out, (step){' ', a->items[head]});
        head++;
    }
    while (tail < a->n - head && tail < b->n - head &&
            as_str_eq(a->items[a->n - 1 - tail], b->items[b->n - 1 - tail])) {
        tail++;
    }
    trace t = {a->items + head, b->items + head, (int)(a->n - head - tail),
            (int)(b->n - head - tail), NULL, -1};
    if (a->n == 0 || b->n == 0) {
        t.distance = -1;
    } else {
        search(arena, &t);
    }
    if (t.distance >= 0) {
        walk_back(arena, &t, out);
    } else {
        for (int i = 0; i < t.n; i++) {
            AS_VEC_PUSH(arena, out, (step){'-', t.a[i]});
        }
        for (int i = 0; i < t.m; i++) {
            AS_VEC_PUSH(arena, out, (step){'+', t.b[i]});
        }
    }
    for (size_t i = a->n - tail; i < a->n; i++) {
        AS_VEC_PUSH(arena, out, (step){' ', a->items[i]});
    }
}

static void write_range(as_buf *out, char sign, size_t first, size_t n)
{
    as_buf_fmt(out, "%c%zu", sign, n == 0 ? first : first + 1);
    if (n != 1) {
        as_buf_fmt(out, ",%zu", n);
    }
}

/* steps[from … to) with the lines before them counted in each text. */
static void write_hunk(as_buf *out, const as_diff_shown *shown, const steps *all, size_t from,
        size_t to, size_t a, size_t b)
{
    size_t n_a = 0, n_b = 0;
    for (size_t i = from; i < to; i++) {
        n_a += all->items[i].kind != '+';
        n_b += all->items[i].kind != '-';
    }
    as_buf_cstr(out, "@@ ");
    write_range(out, '-', a, n_a);
    as_buf_char(out, ' ');
    write_range(out, '+', b, n_b);
    as_buf_cstr(out, " @@\n");
    for (size_t i = from; i < to; i++) {
        as_str line = all->items[i].line;
        as_buf_char(out, all->items[i].kind);
        if (shown == NULL) {
            as_buf_str(out, line);
        } else {
            shown->write(shown->self, out, line);
        }
        if (line.n == 0 || line.p[line.n - 1] != '\n') {
            as_buf_cstr(out, "\n\\ No newline at end of file\n");
        }
    }
}

static void write_hunks(as_buf *out, const as_diff_shown *shown, const steps *all)
{
    size_t a = 0, b = 0, i = 0;
    while (i < all->n) {
        if (all->items[i].kind == ' ') {
            a++, b++, i++;
            continue;
        }
        size_t from = i, quiet = 0, end = i;
        for (size_t k = 0; k < CONTEXT && from > 0 && all->items[from - 1].kind == ' '; k++) {
            from--;
        }
        for (size_t k = i; k < all->n && quiet <= 2 * CONTEXT; k++) {
            quiet = all->items[k].kind == ' ' ? quiet + 1 : 0;
            end = quiet == 0 ? k + 1 : end;
        }
        size_t to = end;
        for (size_t k = 0; k < CONTEXT && to < all->n; k++) {
            to++;
        }
        write_hunk(out, shown, all, from, to, a - (i - from), b - (i - from));
        for (; i < to; i++) {
            a += all->items[i].kind != '+';
            b += all->items[i].kind != '-';
        }
    }
}

void as_diff_write(
        as_buf *out, as_str path, as_str before, as_str after, const as_diff_shown *shown)
{
    if (as_str_eq(before, after)) {
        return;
    }
    lines a = {0}, b = {0};
    steps all = {0};
    split(out->arena, before, &a);
    split(out->arena, after, &b);
    compare(out->arena, &a, &b, &all);
    as_buf_fmt(out, "--- a/%.*s\n+++ b/%.*s\n", AS_STR_ARG(path), AS_STR_ARG(path));
    write_hunks(out, shown, &all);
}
