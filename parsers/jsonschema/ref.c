/* References between schemas: URIs, JSON pointers and anchors (Core §8, §9). */
#include "parsers/jsonschema/internal.h"

static bool has_scheme(as_str uri)
{
    size_t colon = as_str_find_char(uri, ':'), slash = as_str_find_char(uri, '/');
    return colon != (size_t)-1 && colon > 0 && (slash == (size_t)-1 || colon < slash);
}

static as_str without_fragment(as_str uri)
{
    return as_str_slice(uri, 0, as_str_find_char(uri, '#'));
}

as_str as_schema_uri(as_arena *arena, as_str base, as_str ref)
{
    ref = without_fragment(ref);
    base = without_fragment(base);
    if (ref.n == 0) {
        return base;
    }
    if (has_scheme(ref) || base.n == 0) {
        return ref;
    }
    size_t authority = as_str_find(base, AS_STR("://"));
    size_t root = 0;
    if (authority != (size_t)-1) {
        size_t slash = as_str_find_char(as_str_from_index(base, authority + 3), '/');
        root = slash == (size_t)-1 ? base.n : authority + 3 + slash;
    }
    if (as_str_starts(ref, "/")) {
        return as_str_join(arena, as_str_slice(base, 0, root), ref);
    }
    size_t last = as_str_rfind_char(base, '/');
    as_str folder = last == (size_t)-1 || last < root ? as_str_slice(base, 0, root)
                                                      : as_str_slice(base, 0, last + 1);
    return as_str_fmt(arena, "%.*s%s%.*s", AS_STR_ARG(folder),
            folder.n && folder.p[folder.n - 1] != '/' ? "/" : "", AS_STR_ARG(ref));
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %41 and, in pointers, ~0 and ~1. */
static as_str unescape(as_arena *arena, as_str s)
{
    as_buf out;
    as_buf_init(&out, arena, 0);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0) {
            as_buf_char(&out, (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2])));
            i += 2;
        } else if (c == '~' && i + 1 < s.n) {
            as_buf_char(&out, s.p[++i] == '1' ? '/' : '~');
        } else {
            as_buf_char(&out, c);
        }
    }
    return as_buf_view(&out);
}

static const as_value *follow_pointer(as_arena *arena, const as_value *v, as_str pointer)
{
    as_str part, rest = as_str_from_index(pointer, 1);
    while (v && as_str_split(&rest, '/', &part)) {
        int64_t index;
        as_str name = unescape(arena, part);
        if (as_value_is(v, AS_LIST)) {
            v = as_str_to_int(name, &index) && index >= 0 ? as_value_index(v, (size_t)index) : NULL;
        } else {
            v = as_value_get(v, name);
        }
    }
    return v;
}

const as_value *as_schema_resolve(as_validator *v, const as_resource *base, as_str ref,
        const as_resource **resource, bool *elsewhere)
{
    as_str uri = as_schema_uri(v->arena, base->uri, ref);
    size_t hash = as_str_find_char(ref, '#');
    as_str fragment = hash == (size_t)-1 ? AS_STR("") : as_str_from_index(ref, hash + 1);
    *resource = ref.n == 0 || hash == 0 ? base : as_map_get(&v->resources, uri);
    *elsewhere = false;
    if (!*resource) {
        if (has_scheme(uri) && !as_str_starts(uri, "file:")) {
            *elsewhere = true;
        } else {
            as_schema_problem(
                    v, "failing loading \"%.*s\": it is no part of this schema", AS_STR_ARG(ref));
        }
        return NULL;
    }
    const as_value *found = (*resource)->root;
    if (as_str_starts(fragment, "/")) {
        found = follow_pointer(v->arena, found, fragment);
    } else if (fragment.n) {
        found = as_map_get(
                &v->anchors, as_str_fmt(v->arena, "%.*s#%.*s", AS_STR_ARG((*resource)->uri),
                                     AS_STR_ARG(fragment)));
    }
    if (!found) {
        as_schema_problem(v, "the schema has no '%.*s'", AS_STR_ARG(ref));
    }
    return found;
}
