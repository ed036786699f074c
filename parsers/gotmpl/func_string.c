/* Strings: sprig's strings.go, on Go's strings and Masterminds/goutils. Texts keep the origin of
 * each part where the function leaves parts as they are. */
#include "parsers/gotmpl/internal.h"

#include "engine/base/unicode.h"
#include "engine/base/utf8.h"
#include "parsers/gotmpl/strconv.h"

static bool give(as_text *text, as_go *out)
{
    *out = as_text_end(text);
    as_text_return(text);
    return true;
}

static as_go part_of(as_gotmpl *t, const as_go *s, size_t from, size_t to)
{
    if (from == 0 && to == s->n)
        return *s;
    if (!(s->flags & AS_GO_FROM_TEXT)) {
        as_go part = *s;
        part.as.s += from;
        part.n = (uint32_t)(to - from);
        return part;
    }
    as_text *text = as_text_borrow(t);
    as_text_part(text, s, from, to, AS_SPAN_NONE);
    as_go part;
    give(text, &part);
    return part;
}

static as_buf new_buf(as_gotmpl *t)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, t->options.max_bytes);
    return buf;
}

/* --- case ----------------------------------------------------------------------------------------- */

static bool map_runes(as_gotmpl *t, const as_go *s, uint32_t (*fn)(uint32_t), as_go *out)
{
    as_str text = as_go_str(s);
    as_buf buf = new_buf(t);
    for (size_t i = 0; i < text.n;)
        as_buf_rune(&buf, fn(as_utf8_next(text, &i)));
    *out = as_go_from_str(as_buf_view(&buf));
    if (out->n == s->n) { /* each byte where it was: so is its origin */
        out->flags = s->flags;
        out->origin = s->origin;
    }
    return true;
}

AS_GO_FUNC(f_upper)
{
    (void)n;
    return map_runes(t, &a[0], as_rune_upper, out);
}

AS_GO_FUNC(f_lower)
{
    (void)n;
    return map_runes(t, &a[0], as_rune_lower, out);
}

static bool is_separator(uint32_t rune)
{
    if (rune < 0x80)
        return !((rune >= '0' && rune <= '9') || ((rune | 32) >= 'a' && (rune | 32) <= 'z') ||
                 rune == '_');
    return !as_rune_is_letter(rune) && !as_rune_is_digit(rune) && as_rune_is_space(rune);
}

AS_GO_FUNC(f_title)
{
    (void)n;
    as_str s = as_go_str(&a[0]);
    as_buf buf = new_buf(t);
    uint32_t before = ' ';
    for (size_t i = 0; i < s.n;) {
        uint32_t rune = as_utf8_next(s, &i);
        as_buf_rune(&buf, is_separator(before) ? as_rune_title(rune) : rune);
        before = rune;
    }
    *out = as_go_from_str(as_buf_view(&buf));
    return true;
}

AS_GO_FUNC(f_untitle)
{
    (void)n;
    as_str s = as_go_str(&a[0]);
    as_buf buf = new_buf(t);
    bool first = true;
    for (size_t i = 0; i < s.n;) {
        uint32_t rune = as_utf8_next(s, &i);
        bool space = as_rune_is_space(rune);
        as_buf_rune(&buf, first && !space ? as_rune_lower(rune) : rune);
        first = space;
    }
    *out = as_go_from_str(as_buf_view(&buf));
    return true;
}

AS_GO_FUNC(f_swapcase)
{
    (void)n;
    as_str s = as_go_str(&a[0]);
    as_buf buf = new_buf(t);
    bool space = true;
    for (size_t i = 0; i < s.n;) {
        uint32_t rune = as_utf8_next(s, &i);
        if (as_rune_is_upper(rune)) {
            rune = as_rune_lower(rune);
            space = false;
        } else if (as_rune_is_lower(rune)) {
            rune = space ? as_rune_title(rune) : as_rune_upper(rune);
            space = false;
        } else {
            space = as_rune_is_space(rune);
        }
        as_buf_rune(&buf, rune);
    }
    *out = as_go_from_str(as_buf_view(&buf));
    return true;
}

/* --- parts ------------------------------------------------------------------------------------------ */

static void trim_bounds(as_str s, size_t *from, size_t *to)
{
    *from = 0;
    *to = s.n;
    for (size_t i = 0; i < s.n && as_rune_is_space(as_utf8_next(s, &i));)
        *from = i;
    while (*to > *from) {
        size_t k = *to - 1;
        while (k > *from && ((unsigned char)s.p[k] & 0xc0) == 0x80)
            k--;
        size_t next = k;
        if (!as_rune_is_space(as_utf8_next(s, &next)))
            break;
        *to = k;
    }
}

AS_GO_FUNC(f_trim)
{
    (void)n;
    size_t from, to;
    trim_bounds(as_go_str(&a[0]), &from, &to);
    *out = part_of(t, &a[0], from, to);
    return true;
}

static bool in_set(as_str set, uint32_t rune)
{
    for (size_t i = 0; i < set.n;)
        if (as_utf8_next(set, &i) == rune)
            return true;
    return false;
}

AS_GO_FUNC(f_trim_all)
{
    (void)n;
    as_str set = as_go_str(&a[0]), s = as_go_str(&a[1]);
    size_t from = 0, to = s.n;
    for (size_t i = 0; i < s.n && in_set(set, as_utf8_next(s, &i));)
        from = i;
    while (to > from) {
        size_t k = to - 1;
        while (k > from && ((unsigned char)s.p[k] & 0xc0) == 0x80)
            k--;
        size_t next = k;
        if (!in_set(set, as_utf8_next(s, &next)))
            break;
        to = k;
    }
    *out = part_of(t, &a[1], from, to);
    return true;
}

static bool has_prefix(as_str s, as_str prefix)
{
    return s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0;
}

static bool has_suffix(as_str s, as_str suffix)
{
    return s.n >= suffix.n && memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0;
}

AS_GO_FUNC(f_trim_prefix)
{
    (void)n;
    *out = part_of(t, &a[1], has_prefix(as_go_str(&a[1]), as_go_str(&a[0])) ? a[0].n : 0, a[1].n);
    return true;
}

AS_GO_FUNC(f_trim_suffix)
{
    (void)n;
    bool has = has_suffix(as_go_str(&a[1]), as_go_str(&a[0]));
    *out = part_of(t, &a[1], 0, a[1].n - (has ? a[0].n : 0));
    return true;
}

AS_GO_FUNC(f_trunc)
{
    (void)n;
    int64_t c = a[0].as.i, length = a[1].n;
    size_t from = 0, to = a[1].n;
    if (c < 0 && c > -length)
        from = (size_t)(length + c);
    else if (c >= 0 && length > c)
        to = (size_t)c;
    *out = part_of(t, &a[1], from, to);
    return true;
}

AS_GO_FUNC(f_substr)
{
    (void)n;
    int64_t start = a[0].as.i, end = a[1].as.i, length = a[2].n;
    if (start < 0) {
        if (end < 0)
            return as_go_fail(
                    t, "runtime error: slice bounds out of range [:%lld]", (long long)end);
        if (end > length)
            return as_go_fail(t,
                    "runtime error: slice bounds out of range [:%lld] with length %lld",
                    (long long)end, (long long)length);
        start = 0;
    } else if (end < 0 || end > length) {
        end = length;
    }
    if (start > end)
        return as_go_fail(t, "runtime error: slice bounds out of range [%lld:%lld]",
                (long long)start, (long long)end);
    *out = part_of(t, &a[2], (size_t)start, (size_t)end);
    return true;
}

/* --- abbreviation (goutils.AbbreviateFull) ------------------------------------------------------------ */

static bool abbreviate(as_gotmpl *t, const as_go *s, int64_t offset, int64_t width, as_go *out)
{
    int64_t length = s->n;
    if (length <= width) {
        *out = *s;
        return true;
    }
    if (offset > length)
        offset = length;
    if (length - offset < width - 3)
        offset = length - (width - 3);
    as_text *text = as_text_borrow(t);
    if (offset <= 4) {
        as_text_part(text, s, 0, (size_t)(width - 3), AS_SPAN_NONE);
        as_text_cstr(text, "...");
    } else if (width >= 7) {
        as_text_cstr(text, "...");
        if (offset + width - 3 < length) {
            if (width - 3 >= 4) {
                as_text_part(text, s, (size_t)offset, (size_t)(offset + width - 6), AS_SPAN_NONE);
                as_text_cstr(text, "...");
            }
        } else {
            as_text_part(text, s, (size_t)(length - (width - 3)), s->n, AS_SPAN_NONE);
        }
    }
    return give(text, out);
}

AS_GO_FUNC(f_abbrev)
{
    (void)n;
    if (a[0].as.i >= 4)
        return abbreviate(t, &a[1], 0, a[0].as.i, out);
    *out = a[1];
    return true;
}

AS_GO_FUNC(f_abbrevboth)
{
    (void)n;
    int64_t left = a[0].as.i, right = a[1].as.i;
    if (right >= 4 && !(left > 0 && right < 7) && a[2].n > 0)
        return abbreviate(t, &a[2], left, right, out);
    *out = a[2];
    return true;
}

/* goutils works byte by byte, each byte a code point: so do these two. */
AS_GO_FUNC(f_initials)
{
    (void)n;
    as_buf buf = new_buf(t);
    bool gap = true;
    for (size_t i = 0; i < a[0].n; i++) {
        unsigned char c = (unsigned char)a[0].as.s[i];
        bool space = as_rune_is_space(c);
        if (!space && gap)
            as_buf_rune(&buf, c);
        gap = space;
    }
    *out = as_go_from_str(as_buf_view(&buf));
    return true;
}

AS_GO_FUNC(f_nospace)
{
    (void)n;
    as_buf buf = new_buf(t);
    size_t kept = 0;
    for (size_t i = 0; i < a[0].n; i++) {
        unsigned char c = (unsigned char)a[0].as.s[i];
        if (as_rune_is_space(c))
            continue;
        as_buf_rune(&buf, c);
        kept++;
    }
    *out = kept == a[0].n ? a[0] : as_go_from_str(as_buf_view(&buf));
    return true;
}

/* --- wrapping (goutils.WrapCustom) ---------------------------------------------------------------------- */

static bool wrap(as_gotmpl *t, const as_go *s, int64_t width, as_str line, bool cut, as_go *out)
{
    as_text *text = as_text_borrow(t);
    size_t w = width < 1 ? 1 : (size_t)width, offset = 0;
    as_str whole = as_go_str(s);
    while (whole.n - offset > w) {
        if (whole.p[offset] == ' ') {
            offset++;
            continue;
        }
        size_t space = as_str_rfind_char(as_str_slice(whole, offset, offset + w + 1), ' ');
        size_t end = offset + w, skip = 0;
        if (space != (size_t)-1) {
            end = offset + space;
            skip = 1;
        } else if (!cut) {
            size_t next = as_str_find_char(as_str_from_index(whole, end), ' ');
            if (next == (size_t)-1)
                break;
            end += next;
            skip = 1;
        }
        as_text_part(text, s, offset, end, AS_SPAN_NONE);
        as_text_add(text, line.n ? line : AS_STR("\n"));
        offset = end + skip;
    }
    as_text_part(text, s, offset, whole.n, AS_SPAN_NONE);
    return give(text, out);
}

AS_GO_FUNC(f_wrap)
{
    (void)n;
    return wrap(t, &a[1], a[0].as.i, AS_STR("\n"), false, out);
}

AS_GO_FUNC(f_wrap_with)
{
    (void)n;
    return wrap(t, &a[2], a[0].as.i, as_go_str(&a[1]), true, out);
}

/* --- making longer ---------------------------------------------------------------------------------------- */

static bool repeat_fits(as_gotmpl *t, int64_t count, size_t length)
{
    if (count < 0)
        return as_go_fail(t, "strings: negative Repeat count");
    if (length > 0 && (uint64_t)count > t->options.max_bytes / length)
        return as_go_limit(t, "the text would grow past %zu bytes", t->options.max_bytes);
    return true;
}

AS_GO_FUNC(f_repeat)
{
    (void)n;
    if (!repeat_fits(t, a[0].as.i, a[1].n))
        return false;
    as_text *text = as_text_borrow(t);
    for (int64_t i = 0; i < a[0].as.i && a[1].n > 0; i++)
        as_text_whole(text, &a[1]);
    return give(text, out);
}

static bool indent(as_gotmpl *t, const as_go *a, bool newline, as_go *out)
{
    as_str s = as_go_str(&a[1]);
    size_t lines = 1;
    for (size_t i = 0; i < s.n; i++)
        lines += s.p[i] == '\n';
    if (!repeat_fits(t, a[0].as.i, lines))
        return false;
    as_text *text = as_text_borrow(t);
    if (newline)
        as_text_cstr(text, "\n");
    for (size_t from = 0;;) {
        as_buf_repeat(&text->buf, ' ', (size_t)a[0].as.i);
        size_t line = as_str_find_char(as_str_from_index(s, from), '\n');
        size_t to = line == (size_t)-1 ? s.n : from + line + 1;
        as_text_part(text, &a[1], from, to, AS_SPAN_NONE);
        if (line == (size_t)-1)
            break;
        from = to;
    }
    return give(text, out);
}

AS_GO_FUNC(f_indent)
{
    (void)n;
    return indent(t, a, false, out);
}

AS_GO_FUNC(f_nindent)
{
    (void)n;
    return indent(t, a, true, out);
}

AS_GO_FUNC(f_replace)
{
    (void)n;
    as_str old = as_go_str(&a[0]), s = as_go_str(&a[2]);
    as_text *text = as_text_borrow(t);
    size_t from = 0;
    if (old.n == 0) { /* before each rune and at the end */
        while (from < s.n) {
            size_t next = from;
            as_utf8_next(s, &next);
            as_text_whole(text, &a[1]);
            as_text_part(text, &a[2], from, next, AS_SPAN_NONE);
            from = next;
        }
        as_text_whole(text, &a[1]);
        return give(text, out);
    }
    size_t found;
    while ((found = as_str_find(as_str_from_index(s, from), old)) != (size_t)-1) {
        as_text_part(text, &a[2], from, from + found, AS_SPAN_NONE);
        as_text_whole(text, &a[1]);
        from += found + old.n;
    }
    if (from == 0) {
        as_text_return(text);
        *out = a[2];
        return true;
    }
    as_text_part(text, &a[2], from, s.n, AS_SPAN_NONE);
    return give(text, out);
}

/* --- quoting ------------------------------------------------------------------------------------------------- */

/* Written as it is between double quotes. */
static bool is_plain(as_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 0x20 || s.p[i] == 0x7f || s.p[i] == '"' || s.p[i] == '\\')
            return false;
    return true;
}

static void add_quoted(as_text *text, const as_go *s)
{
    if (is_plain(as_go_str(s))) {
        as_text_cstr(text, "\"");
        as_text_whole(text, s);
        as_text_cstr(text, "\"");
        return;
    }
    size_t begin = text->buf.n;
    as_go_quote(&text->buf, as_go_str(s), '"', false);
    as_text_mark(text, begin, s);
}

AS_GO_FUNC(f_quote)
{
    as_text *text = as_text_borrow(t);
    for (size_t i = 0, given = 0; i < n; i++) {
        if (!a[i].type)
            continue;
        if (given++ > 0)
            as_text_cstr(text, " ");
        as_go s = as_go_strval(t, &a[i]);
        add_quoted(text, &s);
    }
    return give(text, out);
}

AS_GO_FUNC(f_squote)
{
    as_text *text = as_text_borrow(t);
    for (size_t i = 0, given = 0; i < n; i++) {
        if (!a[i].type)
            continue;
        as_text_cstr(text, given++ > 0 ? " '" : "'");
        as_go_print(t, text, &a[i], 1);
        as_text_cstr(text, "'");
    }
    return give(text, out);
}

AS_GO_FUNC(f_cat)
{
    as_text *text = as_text_borrow(t);
    for (size_t i = 0, given = 0; i < n; i++) {
        if (!a[i].type)
            continue;
        if (given++ > 0)
            as_text_cstr(text, " ");
        as_go_print(t, text, &a[i], 1);
    }
    return give(text, out);
}

/* --- questions ------------------------------------------------------------------------------------------------- */

AS_GO_FUNC(f_contains)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(as_str_find(as_go_str(&a[1]), as_go_str(&a[0])) != (size_t)-1);
    return true;
}

AS_GO_FUNC(f_has_prefix)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(has_prefix(as_go_str(&a[1]), as_go_str(&a[0])));
    return true;
}

AS_GO_FUNC(f_has_suffix)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(has_suffix(as_go_str(&a[1]), as_go_str(&a[0])));
    return true;
}

AS_GO_FUNC(f_plural)
{
    (void)t;
    (void)n;
    *out = a[a[2].as.i == 1 ? 0 : 1];
    return true;
}

AS_GO_FUNC(f_hello)
{
    (void)t;
    (void)a;
    (void)n;
    *out = as_go_from_str(AS_STR("Hello!"));
    return true;
}

/* --- splitting and joining ---------------------------------------------------------------------------------------- */

typedef AS_VEC(as_go) go_parts;

/* strings.SplitN; n_max < 0: all. */
static void split(as_gotmpl *t, const as_go *s, as_str sep, int64_t n_max, go_parts *parts)
{
    as_str whole = as_go_str(s);
    size_t from = 0;
    if (n_max == 0)
        return;
    while (n_max < 0 || (int64_t)parts->n < n_max - 1) {
        size_t end = from, next;
        if (sep.n == 0) {
            if (from >= whole.n)
                return;
            as_utf8_next(whole, &end);
            if (end >= whole.n)
                break;
            next = end;
        } else {
            size_t found = as_str_find(as_str_from_index(whole, from), sep);
            if (found == (size_t)-1)
                break;
            end = from + found;
            next = end + sep.n;
        }
        AS_VEC_PUSH(t->arena, parts, part_of(t, s, from, end));
        from = next;
    }
    if (sep.n > 0 || from < whole.n)
        AS_VEC_PUSH(t->arena, parts, part_of(t, s, from, whole.n));
}

static bool split_to_map(as_gotmpl *t, const as_go *s, as_str sep, int64_t n_max, as_go *out)
{
    go_parts parts = {0};
    split(t, s, sep, n_max, &parts);
    as_go_map *map = as_go_map_new(t, parts.n);
    for (size_t i = 0; i < parts.n; i++)
        as_go_map_set(t, map, as_str_fmt(t->arena, "_%zu", i), parts.items[i]);
    *out = as_go_map_value(&as_go_string_map, map);
    return true;
}

AS_GO_FUNC(f_split_list)
{
    (void)n;
    go_parts parts = {0};
    split(t, &a[1], as_go_str(&a[0]), -1, &parts);
    as_go_list *list = as_go_list_new(t, parts.n);
    for (size_t i = 0; i < parts.n; i++)
        as_go_list_add(t, list, parts.items[i]);
    *out = as_go_list_value(&as_go_strings, list);
    return true;
}

AS_GO_FUNC(f_split)
{
    (void)n;
    return split_to_map(t, &a[1], as_go_str(&a[0]), -1, out);
}

AS_GO_FUNC(f_splitn)
{
    (void)n;
    return split_to_map(t, &a[2], as_go_str(&a[0]), a[1].as.i, out);
}

/* sprig's strslice. */
static as_go_list *string_list(as_gotmpl *t, const as_go *v)
{
    as_go_list *list = as_go_list_new(t, 0);
    if (!as_go_is_list(v)) {
        if (v->type)
            as_go_list_add(t, list, as_go_strval(t, v));
        return list;
    }
    size_t n;
    as_go_length(t, v, &n);
    for (size_t i = 0; i < n; i++) {
        as_go item = as_go_element(t, v, i);
        if (item.type)
            as_go_list_add(t, list, as_go_strval(t, &item));
    }
    return list;
}

AS_GO_FUNC(f_to_strings)
{
    (void)n;
    *out = as_go_list_value(&as_go_strings, string_list(t, &a[0]));
    return true;
}

AS_GO_FUNC(f_join)
{
    (void)n;
    as_go_list *list = string_list(t, &a[1]);
    as_text *text = as_text_borrow(t);
    for (size_t i = 0; i < as_go_list_count(t, list); i++) {
        if (i > 0)
            as_text_whole(text, &a[0]);
        as_text_whole(text, as_go_list_at(t, list, i));
    }
    return give(text, out);
}

AS_GO_FUNC(f_sort_alpha)
{
    (void)n;
    as_go_list *list = string_list(t, &a[0]);
    if (as_go_is_list(&a[0])) {
        size_t count = as_go_list_count(t, list);
        as_go *items = AS_NEW_ARRAY(t->arena, as_go, 2 * count), *to = items + count;
        for (size_t i = 0; i < count; i++)
            items[i] = *as_go_list_at(t, list, i);
        for (size_t width = 1; width < count; width *= 2) {
            for (size_t lo = 0; lo < count; lo += 2 * width) {
                size_t mid = lo + width < count ? lo + width : count;
                size_t hi = lo + 2 * width < count ? lo + 2 * width : count;
                for (size_t x = lo, y = mid, k = lo; k < hi; k++) {
                    bool left = x < mid && (y >= hi || as_str_cmp(as_go_str(&items[x]),
                                                               as_go_str(&items[y])) <= 0);
                    to[k] = items[left ? x++ : y++];
                }
            }
            as_go *swap = items;
            items = to;
            to = swap;
        }
        list = as_go_list_new(t, count);
        for (size_t i = 0; i < count; i++)
            as_go_list_add(t, list, items[i]);
    }
    *out = as_go_list_value(&as_go_strings, list);
    return true;
}

AS_GO_FUNC(f_to_string)
{
    (void)n;
    *out = as_go_strval(t, &a[0]);
    return true;
}

bool as_go_snake_case(as_gotmpl *t, const as_go *a, size_t n, as_go *out);
bool as_go_kebab_case(as_gotmpl *t, const as_go *a, size_t n, as_go *out);
bool as_go_camel_case(as_gotmpl *t, const as_go *a, size_t n, as_go *out);

const as_go_func as_funcs_string[] = {
        {"hello", "", f_hello, 0},
        {"upper", "s", f_upper, 0},
        {"lower", "s", f_lower, 0},
        {"title", "s", f_title, 0},
        {"untitle", "s", f_untitle, 0},
        {"swapcase", "s", f_swapcase, 0},
        {"snakecase", "s", as_go_snake_case, 0},
        {"kebabcase", "s", as_go_kebab_case, 0},
        {"camelcase", "s", as_go_camel_case, 0},
        {"trim", "s", f_trim, 0},
        {"trimAll", "ss", f_trim_all, 0},
        {"trimall", "ss", f_trim_all, 0},
        {"trimPrefix", "ss", f_trim_prefix, 0},
        {"trimSuffix", "ss", f_trim_suffix, 0},
        {"trunc", "is", f_trunc, 0},
        {"substr", "iis", f_substr, 0},
        {"abbrev", "is", f_abbrev, 0},
        {"abbrevboth", "iis", f_abbrevboth, 0},
        {"initials", "s", f_initials, 0},
        {"nospace", "s", f_nospace, 0},
        {"wrap", "is", f_wrap, 0},
        {"wrapWith", "iss", f_wrap_with, 0},
        {"repeat", "is", f_repeat, 0},
        {"indent", "is", f_indent, 0},
        {"nindent", "is", f_nindent, 0},
        {"replace", "sss", f_replace, 0},
        {"quote", "*a", f_quote, 0},
        {"squote", "*a", f_squote, 0},
        {"cat", "*a", f_cat, 0},
        {"contains", "ss", f_contains, 0},
        {"hasPrefix", "ss", f_has_prefix, 0},
        {"hasSuffix", "ss", f_has_suffix, 0},
        {"plural", "ssi", f_plural, 0},
        {"splitList", "ss", f_split_list, 0},
        {"split", "ss", f_split, 0},
        {"splitn", "sis", f_splitn, 0},
        {"toStrings", "a", f_to_strings, 0},
        {"join", "sa", f_join, 0},
        {"sortAlpha", "a", f_sort_alpha, 0},
        {"toString", "a", f_to_string, 0},
        {0},
};
