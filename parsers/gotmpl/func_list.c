/* Lists: sprig's list.go. */
#include "parsers/gotmpl/internal.h"

#define NIL_TYPE "runtime error: invalid memory address or nil pointer dereference"

/* What reflect.TypeOf(v).Kind() allows; the message names the verb ("Cannot push on type int"). */
static bool need_list(as_gotmpl *t, const as_go *v, const char *what, size_t *n)
{
    if (!v->type)
        return as_go_fail(t, NIL_TYPE);
    if (!as_go_is_list(v))
        return as_go_fail(t, "Cannot %s type %s", what, as_go_kind_text(v->type->kind));
    as_go_length(t, v, n);
    return as_gotmpl_step(t, *n);
}

static void append_all(as_gotmpl *t, as_go_list *list, const as_go *v, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        as_go_list_add(t, list, as_go_element(t, v, i));
}

static bool give(as_go_list *list, as_go *out)
{
    *out = as_go_list_value(&as_go_slice, list);
    return true;
}

AS_GO_FUNC(f_list)
{
    as_go_list *list = as_go_list_new(t, n);
    for (size_t i = 0; i < n; i++)
        as_go_list_add(t, list, a[i]);
    return give(list, out);
}

AS_GO_FUNC(f_push)
{
    if (!need_list(t, &a[0], "push on", &n))
        return false;
    as_go_list *list = as_go_list_new(t, n + 1);
    append_all(t, list, &a[0], 0, n);
    as_go_list_add(t, list, a[1]);
    return give(list, out);
}

AS_GO_FUNC(f_prepend)
{
    if (!need_list(t, &a[0], "prepend on", &n))
        return false;
    as_go_list *list = as_go_list_new(t, n + 1);
    as_go_list_add(t, list, a[1]);
    append_all(t, list, &a[0], 0, n);
    return give(list, out);
}

AS_GO_FUNC(f_first)
{
    if (!need_list(t, &a[0], "find first on", &n))
        return false;
    *out = n > 0 ? as_go_element(t, &a[0], 0) : AS_GO_NIL;
    return true;
}

AS_GO_FUNC(f_last)
{
    if (!need_list(t, &a[0], "find last on", &n))
        return false;
    *out = n > 0 ? as_go_element(t, &a[0], n - 1) : AS_GO_NIL;
    return true;
}

AS_GO_FUNC(f_rest)
{
    if (!need_list(t, &a[0], "find rest on", &n))
        return false;
    if (n == 0)
        return give(NULL, out);
    as_go_list *list = as_go_list_new(t, n);
    append_all(t, list, &a[0], 1, n);
    return give(list, out);
}

AS_GO_FUNC(f_initial)
{
    if (!need_list(t, &a[0], "find initial on", &n))
        return false;
    if (n == 0)
        return give(NULL, out);
    as_go_list *list = as_go_list_new(t, n);
    append_all(t, list, &a[0], 0, n - 1);
    return give(list, out);
}

AS_GO_FUNC(f_reverse)
{
    if (!need_list(t, &a[0], "find reverse on", &n))
        return false;
    as_go_list *list = as_go_list_new(t, n);
    for (size_t i = n; i > 0; i--)
        as_go_list_add(t, list, as_go_element(t, &a[0], i - 1));
    return give(list, out);
}

AS_GO_FUNC(f_compact)
{
    if (!need_list(t, &a[0], "compact on", &n))
        return false;
    as_go_list *list = as_go_list_new(t, n);
    for (size_t i = 0; i < n; i++) {
        as_go item = as_go_element(t, &a[0], i);
        if (!as_go_empty(t, &item))
            as_go_list_add(t, list, item);
    }
    return give(list, out);
}

static bool contains(as_gotmpl *t, const as_go *items, size_t n, const as_go *needle)
{
    for (size_t i = 0; i < n; i++)
        if (as_go_deep_equal(t, &items[i], needle, 0))
            return true;
    return false;
}

AS_GO_FUNC(f_uniq)
{
    if (!need_list(t, &a[0], "find uniq on", &n))
        return false;
    as_go_list *list = as_go_list_new(t, n);
    for (size_t i = 0; i < n; i++) {
        as_go item = as_go_element(t, &a[0], i);
        size_t kept = as_go_list_count(t, list);
        if (!as_gotmpl_step(t, kept))
            return false;
        if (!contains(t, kept ? as_go_list_at(t, list, 0) : NULL, kept, &item))
            as_go_list_add(t, list, item);
    }
    return give(list, out);
}

AS_GO_FUNC(f_without)
{
    size_t n_omit = n - 1;
    if (!need_list(t, &a[0], "find without on", &n) || !as_gotmpl_step(t, n * n_omit))
        return false;
    as_go_list *list = as_go_list_new(t, n);
    for (size_t i = 0; i < n; i++) {
        as_go item = as_go_element(t, &a[0], i);
        if (!contains(t, a + 1, n_omit, &item))
            as_go_list_add(t, list, item);
    }
    return give(list, out);
}

AS_GO_FUNC(f_has)
{
    *out = as_go_from_bool(false);
    if (!a[1].type)
        return true;
    if (!need_list(t, &a[1], "find has on", &n))
        return false;
    for (size_t i = 0; i < n && !out->as.boolean; i++) {
        as_go item = as_go_element(t, &a[1], i);
        out->as.boolean = as_go_deep_equal(t, &a[0], &item, 0);
    }
    return true;
}

AS_GO_FUNC(f_slice)
{
    size_t length, n_indexes = n - 1;
    if (!a[0].type)
        return as_go_fail(t, NIL_TYPE);
    if (!as_go_is_list(&a[0]))
        return as_go_fail(t, "list should be type of slice or array but %s",
                as_go_kind_text(a[0].type->kind));
    as_go_length(t, &a[0], &length);
    if (length == 0)
        return true;
    int64_t from = n_indexes > 0 ? as_go_cast_int(t, &a[1]) : 0;
    int64_t to = n_indexes > 1 ? as_go_cast_int(t, &a[2]) : (int64_t)length;
    if (from < 0 || from > to || (uint64_t)to > length)
        return as_go_fail(t, "reflect.Value.Slice: slice index out of bounds");
    if (a[0].type->elem == &as_go_uint8) {
        *out = a[0];
        out->as.s += from;
        out->n = (uint32_t)(to - from);
        return true;
    }
    as_go_list *list = as_go_list_new(t, (size_t)(to - from));
    append_all(t, list, &a[0], (size_t)from, (size_t)to);
    *out = as_go_list_value(a[0].type, list);
    return true;
}

AS_GO_FUNC(f_concat)
{
    as_go_list *list = NULL;
    for (size_t i = 0; i < n; i++) {
        size_t length;
        if (!a[i].type)
            return as_go_fail(t, NIL_TYPE);
        if (!as_go_is_list(&a[i]))
            return as_go_fail(t, "Cannot concat type %s as list", as_go_kind_text(a[i].type->kind));
        as_go_length(t, &a[i], &length);
        if (!as_gotmpl_step(t, length))
            return false;
        if (!list && length > 0)
            list = as_go_list_new(t, length);
        append_all(t, list, &a[i], 0, length);
    }
    return give(list, out);
}

static const as_go_type lists = {
        .kind = AS_GO_SLICE, .name = "[][]interface {}", .elem = &as_go_slice};

AS_GO_FUNC(f_chunk)
{
    if (!need_list(t, &a[1], "chunk", &n))
        return false;
    int64_t size = a[0].as.i;
    if (size <= 0)
        return as_go_fail(t, "runtime error: makeslice: len out of range");
    as_go_list *chunks = as_go_list_new(t, 0);
    for (size_t from = 0; from < n; from += (size_t)size) {
        size_t to = n - from > (size_t)size ? from + (size_t)size : n;
        as_go_list *chunk = as_go_list_new(t, to - from);
        append_all(t, chunk, &a[1], from, to);
        as_go_list_add(t, chunks, as_go_list_value(&as_go_slice, chunk));
    }
    *out = as_go_list_value(&lists, chunks);
    return true;
}

const as_go_func as_funcs_list[] = {
        {"list", "*a", f_list, 0},
        {"tuple", "*a", f_list, 0},
        {"push", "aa", f_push, 0},
        {"mustPush", "aa", f_push, 0},
        {"append", "aa", f_push, 0},
        {"mustAppend", "aa", f_push, 0},
        {"prepend", "aa", f_prepend, 0},
        {"mustPrepend", "aa", f_prepend, 0},
        {"first", "a", f_first, AS_FUNC_NEW},
        {"mustFirst", "a", f_first, AS_FUNC_NEW},
        {"last", "a", f_last, AS_FUNC_NEW},
        {"mustLast", "a", f_last, AS_FUNC_NEW},
        {"rest", "a", f_rest, 0},
        {"mustRest", "a", f_rest, 0},
        {"initial", "a", f_initial, 0},
        {"mustInitial", "a", f_initial, 0},
        {"reverse", "a", f_reverse, 0},
        {"mustReverse", "a", f_reverse, 0},
        {"compact", "a", f_compact, 0},
        {"mustCompact", "a", f_compact, 0},
        {"uniq", "a", f_uniq, 0},
        {"mustUniq", "a", f_uniq, 0},
        {"without", "a*a", f_without, 0},
        {"mustWithout", "a*a", f_without, 0},
        {"has", "aa", f_has, 0},
        {"mustHas", "aa", f_has, 0},
        {"slice", "a*a", f_slice, 0},
        {"mustSlice", "a*a", f_slice, 0},
        {"concat", "*a", f_concat, 0},
        {"chunk", "ia", f_chunk, 0},
        {"mustChunk", "ia", f_chunk, 0},
        {0},
};
