/* The functions of text/template itself (funcs.go). */
#include "parsers/gotmpl/internal.h"

#include "engine/base/unicode.h"
#include "engine/base/utf8.h"

/* --- index, len, call ------------------------------------------------------------------------------- */

static bool is_signed(as_go_kind k)
{
    return k >= AS_GO_INT && k <= AS_GO_INT64;
}

static bool is_unsigned(as_go_kind k)
{
    return k >= AS_GO_UINT && k <= AS_GO_UINT64;
}

static bool index_argument(as_gotmpl *t, const as_go *index, size_t n, size_t *out)
{
    as_go_kind kind = as_go_kind_of(index);
    if (kind == AS_GO_INVALID)
        return as_go_fail(t, "cannot index slice/array with nil");
    if (!is_signed(kind) && !is_unsigned(kind))
        return as_go_fail(t, "cannot index slice/array with type %s", index->type->name);
    if (index->as.i < 0 || (uint64_t)index->as.i > n)
        return as_go_fail(t, "index out of range: %lld", (long long)index->as.i);
    *out = (size_t)index->as.i;
    return true;
}

AS_GO_FUNC(f_index)
{
    as_go item = a[0];
    if (!item.type)
        return as_go_fail(t, "index of untyped nil");
    for (size_t i = 1; i < n; i++) {
        as_go_kind kind = as_go_kind_of(&item);
        size_t length = 0, at = 0;
        if (kind == AS_GO_INVALID)
            return as_go_fail(t, "index of nil pointer");
        if (kind == AS_GO_MAP) {
            if (!a[i].type && !(a[i].flags & AS_GO_IN_INTERFACE))
                return as_go_fail(t, "value is nil; should be of type string");
            if (!as_go_is_string(&a[i]))
                return as_go_fail(t, "value has type %s; should be string", as_go_type_text(&a[i]));
            const as_go *member = as_go_map_get(t, item.as.map, as_go_str(&a[i]));
            const as_go_type *elem = item.type->elem;
            item = member ? *member : as_go_zero(elem);
            if (elem == &as_go_any)
                item.flags |= AS_GO_IN_INTERFACE;
        } else if (kind == AS_GO_SLICE || kind == AS_GO_STRING) {
            as_go_length(t, &item, &length);
            if (!index_argument(t, &a[i], length, &at))
                return false;
            if (at >= length)
                return as_go_fail(t, "reflect: %s index out of range",
                        kind == AS_GO_STRING ? "string" : "slice");
            item = as_go_element(t, &item, at);
        } else {
            return as_go_fail(t, "can't index item of type %s", item.type->name);
        }
    }
    *out = item;
    return true;
}

AS_GO_FUNC(f_len)
{
    (void)n;
    size_t length;
    if (!a[0].type)
        return as_go_fail(t, a[0].flags & AS_GO_IN_INTERFACE
                                     ? "len of nil pointer"
                                     : "reflect: call of reflect.Value.Type on zero Value");
    if (!as_go_length(t, &a[0], &length))
        return as_go_fail(t, "len of type %s", a[0].type->name);
    *out = as_go_from_int((int64_t)length);
    return true;
}

/* There are no values of kind func, so nothing can be called. */
AS_GO_FUNC(f_call)
{
    (void)n;
    (void)out;
    if (!a[0].type)
        return as_go_fail(t, "call of nil");
    as_buf name;
    as_buf_init(&name, t->arena, 0);
    const as_node *command = t->exec->node;
    if (command->kind == AS_NODE_COMMAND && command->as.list.n > 1)
        as_node_write(&name, command->as.list.items[1]);
    else
        as_go_write(t, &name, &a[0]);
    return as_go_fail(t, "non-function %s of type %s", as_buf_c(&name), a[0].type->name);
}

/* --- truth ------------------------------------------------------------------------------------------ */

AS_GO_FUNC(f_unreachable)
{
    (void)a;
    (void)n;
    (void)out;
    return as_go_fail(t, "unreachable");
}

AS_GO_FUNC(f_not)
{
    (void)n;
    *out = as_go_from_bool(!as_go_truth(t, &a[0]));
    return true;
}

/* --- comparison -------------------------------------------------------------------------------------- */

typedef enum basic {
    BASIC_NONE,
    BASIC_BOOL,
    BASIC_INT,
    BASIC_FLOAT,
    BASIC_STRING,
    BASIC_UINT
} basic;

static basic basic_kind(const as_go *v)
{
    as_go_kind k = as_go_kind_of(v);
    if (is_signed(k))
        return BASIC_INT;
    if (is_unsigned(k))
        return BASIC_UINT;
    switch (k) {
    case AS_GO_BOOL:
        return BASIC_BOOL;
    case AS_GO_FLOAT32:
    case AS_GO_FLOAT64:
        return BASIC_FLOAT;
    case AS_GO_STRING:
        return BASIC_STRING;
    default:
        return BASIC_NONE;
    }
}

static bool incompatible(as_gotmpl *t, const as_go *a, const as_go *b)
{
    return as_go_fail(
            t, "incompatible types for comparison: %s and %s", a->type->name, b->type->name);
}

static bool is_nil(const as_go *v)
{
    as_go_kind k = as_go_kind_of(v);
    return k == AS_GO_INVALID || ((k == AS_GO_MAP || k == AS_GO_PTR || k == AS_GO_FUNC ||
                                          (k == AS_GO_SLICE && v->type->elem != &as_go_uint8)) &&
                                         !v->as.p);
}

/* Values without a basic kind: nil, and what Go cannot compare. */
static bool equal_others(as_gotmpl *t, const as_go *a, const as_go *b, bool *equal)
{
    if (a->type && b->type && a->type->kind != b->type->kind) {
        as_str first = as_go_text(t, a), second = as_go_text(t, b);
        return as_go_fail(t, "non-comparable types %.*s: %s, %s: %.*s", AS_STR_ARG(first),
                a->type->name, b->type->name, AS_STR_ARG(second));
    }
    if (is_nil(a) || is_nil(b)) {
        *equal = is_nil(a) == is_nil(b);
        return true;
    }
    if (b->type->kind == AS_GO_MAP || b->type->kind == AS_GO_SLICE) {
        as_str text = as_go_text(t, b);
        return as_go_fail(t, "non-comparable type %.*s: %s", AS_STR_ARG(text), b->type->name);
    }
    *equal = a->type == b->type && a->as.p == b->as.p;
    return true;
}

static bool equal_pair(as_gotmpl *t, const as_go *a, const as_go *b, bool *equal)
{
    basic k1 = basic_kind(a), k2 = basic_kind(b);
    *equal = false;
    if (k1 != k2) {
        if (k1 == BASIC_INT && k2 == BASIC_UINT)
            *equal = a->as.i >= 0 && a->as.u == b->as.u;
        else if (k1 == BASIC_UINT && k2 == BASIC_INT)
            *equal = b->as.i >= 0 && a->as.u == b->as.u;
        else if (a->type && b->type)
            return incompatible(t, a, b);
        return true;
    }
    switch (k1) {
    case BASIC_BOOL:
        *equal = a->as.boolean == b->as.boolean;
        return true;
    case BASIC_FLOAT:
        *equal = a->as.f == b->as.f;
        return true;
    case BASIC_INT:
    case BASIC_UINT:
        *equal = a->as.u == b->as.u;
        return true;
    case BASIC_STRING:
        *equal = as_str_eq(as_go_str(a), as_go_str(b));
        return true;
    default:
        return equal_others(t, a, b, equal);
    }
}

static bool less(as_gotmpl *t, const as_go *a, const as_go *b, bool *result)
{
    basic k1 = basic_kind(a), k2 = basic_kind(b);
    if (k1 == BASIC_NONE || k2 == BASIC_NONE)
        return as_go_fail(t, "invalid type for comparison");
    if (k1 != k2) {
        if (k1 == BASIC_INT && k2 == BASIC_UINT)
            *result = a->as.i < 0 || a->as.u < b->as.u;
        else if (k1 == BASIC_UINT && k2 == BASIC_INT)
            *result = b->as.i >= 0 && a->as.u < b->as.u;
        else
            return incompatible(t, a, b);
        return true;
    }
    switch (k1) {
    case BASIC_FLOAT:
        *result = a->as.f < b->as.f;
        return true;
    case BASIC_INT:
        *result = a->as.i < b->as.i;
        return true;
    case BASIC_UINT:
        *result = a->as.u < b->as.u;
        return true;
    case BASIC_STRING:
        *result = as_str_cmp(as_go_str(a), as_go_str(b)) < 0;
        return true;
    default:
        return as_go_fail(t, "invalid type for comparison");
    }
}

AS_GO_FUNC(f_eq)
{
    bool equal = false;
    if (n < 2)
        return as_go_fail(t, "missing argument for comparison");
    for (size_t i = 1; i < n && !equal; i++)
        if (!equal_pair(t, &a[0], &a[i], &equal))
            return false;
    *out = as_go_from_bool(equal);
    return true;
}

AS_GO_FUNC(f_ne)
{
    (void)n;
    bool equal;
    if (!equal_pair(t, &a[0], &a[1], &equal))
        return false;
    *out = as_go_from_bool(!equal);
    return true;
}

AS_GO_FUNC(f_lt)
{
    (void)n;
    bool result;
    if (!less(t, &a[0], &a[1], &result))
        return false;
    *out = as_go_from_bool(result);
    return true;
}

static bool less_or_equal(as_gotmpl *t, const as_go *a, bool *result)
{
    return less(t, &a[0], &a[1], result) && (*result || equal_pair(t, &a[0], &a[1], result));
}

AS_GO_FUNC(f_le)
{
    (void)n;
    bool result;
    if (!less_or_equal(t, a, &result))
        return false;
    *out = as_go_from_bool(result);
    return true;
}

AS_GO_FUNC(f_gt)
{
    (void)n;
    bool result;
    if (!less_or_equal(t, a, &result))
        return false;
    *out = as_go_from_bool(!result);
    return true;
}

AS_GO_FUNC(f_ge)
{
    (void)n;
    bool result;
    if (!less(t, &a[0], &a[1], &result))
        return false;
    *out = as_go_from_bool(!result);
    return true;
}

/* --- printing ------------------------------------------------------------------------------------------ */

AS_GO_FUNC(f_print)
{
    as_text *text = as_text_borrow(t);
    as_go_print(t, text, a, n);
    *out = as_text_end(text);
    as_text_return(text);
    return true;
}

AS_GO_FUNC(f_println)
{
    as_text *text = as_text_borrow(t);
    as_go_println(t, text, a, n);
    *out = as_text_end(text);
    as_text_return(text);
    return true;
}

AS_GO_FUNC(f_printf)
{
    as_text *text = as_text_borrow(t);
    as_go_printf(t, text, as_go_str(&a[0]), a + 1, n - 1);
    *out = as_text_end(text);
    as_text_return(text);
    return true;
}

/* --- escaping ------------------------------------------------------------------------------------------- */

/* evalArgs: one string as it is, else Sprint with "<no value>" for nil. */
static as_str joined(as_gotmpl *t, const as_go *a, size_t n)
{
    if (n == 1 && a[0].type == &as_go_string)
        return as_go_str(&a[0]);
    as_go *shown = AS_NEW_ARRAY(t->arena, as_go, n);
    for (size_t i = 0; i < n; i++)
        shown[i] = a[i].type ? a[i] : as_go_from_str(AS_STR("<no value>"));
    as_text *text = as_text_borrow(t);
    as_go_print(t, text, shown, n);
    as_go s = as_text_end(text);
    as_text_return(text);
    return as_go_str(&s);
}

AS_GO_FUNC(f_html)
{
    as_str s = joined(t, a, n);
    as_buf buf;
    as_buf_init(&buf, t->arena, t->options.max_bytes);
    for (size_t i = 0; i < s.n; i++) {
        const char *entity = s.p[i] == '\0'   ? "\xef\xbf\xbd"
                             : s.p[i] == '"'  ? "&#34;"
                             : s.p[i] == '\'' ? "&#39;"
                             : s.p[i] == '&'  ? "&amp;"
                             : s.p[i] == '<'  ? "&lt;"
                             : s.p[i] == '>'  ? "&gt;"
                                              : NULL;
        if (entity)
            as_buf_cstr(&buf, entity);
        else
            as_buf_char(&buf, s.p[i]);
    }
    *out = as_go_from_str(as_buf_view(&buf));
    return true;
}

AS_GO_FUNC(f_js)
{
    as_str s = joined(t, a, n);
    as_buf buf;
    as_buf_init(&buf, t->arena, t->options.max_bytes);
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x80) {
            uint32_t rune = as_utf8_next(s, &i);
            if (as_rune_is_print(rune) || rune == 0xfffd)
                as_buf_rune(&buf, rune);
            else
                as_buf_fmt(&buf, "\\u%04X", rune);
            continue;
        }
        i++;
        if (c == '\\' || c == '\'' || c == '"') {
            as_buf_char(&buf, '\\');
            as_buf_char(&buf, (char)c);
        } else if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == '=') {
            as_buf_fmt(&buf, "\\u%04X", c);
        } else {
            as_buf_char(&buf, (char)c);
        }
    }
    *out = as_go_from_str(as_buf_view(&buf));
    return true;
}

AS_GO_FUNC(f_urlquery)
{
    as_str s = joined(t, a, n);
    as_buf buf;
    as_buf_init(&buf, t->arena, t->options.max_bytes);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool plain = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' ||
                     c == '_' || c == '.' || c == '~';
        if (c == ' ')
            as_buf_char(&buf, '+');
        else if (plain && c < 0x80)
            as_buf_char(&buf, (char)c);
        else
            as_buf_fmt(&buf, "%%%02X", c);
    }
    *out = as_go_from_str(as_buf_view(&buf));
    return true;
}

const as_go_func as_funcs_core[] = {
        {"and", "v*v", f_unreachable, AS_FUNC_BUILTIN | AS_FUNC_AND},
        {"or", "v*v", f_unreachable, AS_FUNC_BUILTIN | AS_FUNC_OR},
        {"not", "v", f_not, AS_FUNC_BUILTIN},
        {"call", "v*v", f_call, AS_FUNC_BUILTIN | AS_FUNC_CALL},
        {"index", "v*v", f_index, AS_FUNC_BUILTIN | AS_FUNC_NEW},
        {"len", "v", f_len, AS_FUNC_BUILTIN},
        {"html", "*a", f_html, AS_FUNC_BUILTIN},
        {"js", "*a", f_js, AS_FUNC_BUILTIN},
        {"urlquery", "*a", f_urlquery, AS_FUNC_BUILTIN},
        {"print", "*a", f_print, AS_FUNC_BUILTIN},
        {"println", "*a", f_println, AS_FUNC_BUILTIN},
        {"printf", "s*a", f_printf, AS_FUNC_BUILTIN},
        {"eq", "v*v", f_eq, AS_FUNC_BUILTIN},
        {"ne", "vv", f_ne, AS_FUNC_BUILTIN},
        {"lt", "vv", f_lt, AS_FUNC_BUILTIN},
        {"le", "vv", f_le, AS_FUNC_BUILTIN},
        {"gt", "vv", f_gt, AS_FUNC_BUILTIN},
        {"ge", "vv", f_ge, AS_FUNC_BUILTIN},
        {0},
};
