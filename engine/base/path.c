#include "engine/base/buf.h"
#include "engine/base/fs.h"

as_str as_path_base(as_str path)
{
    size_t slash = as_str_rfind_char(path, '/');
    return slash == (size_t)-1 ? path : as_str_from_index(path, slash + 1);
}

as_str as_path_dir(as_str path)
{
    size_t slash = as_str_rfind_char(path, '/');
    return slash == (size_t)-1 ? AS_STR("") : as_str_slice(path, 0, slash);
}

as_str as_path_ext(as_str path)
{
    as_str base = as_path_base(path);
    size_t dot = as_str_rfind_char(base, '.');
    return dot == (size_t)-1 || dot == 0 ? AS_STR("") : as_str_from_index(base, dot);
}

bool as_path_join(as_arena *arena, as_str dir, as_str rel, as_str *out)
{
    if (as_str_starts(rel, "/")) {
        return false;
    }
    char *p = as_arena_alloc(arena, dir.n + rel.n + 2);
    size_t n = 0;
    as_str halves[2] = {dir, rel};
    for (size_t i = 0; i < 2; i++) {
        as_str part, rest = halves[i];
        while (as_str_split(&rest, '/', &part)) {
            if (part.n == 0 || as_str_is(part, ".")) {
                continue;
            }
            if (as_str_is(part, "..")) {
                if (n == 0) {
                    return false;
                }
                n = as_path_dir((as_str){p, n}).n;
                continue;
            }
            if (n > 0) {
                p[n++] = '/';
            }
            memcpy(p + n, part.p, part.n);
            n += part.n;
        }
    }
    *out = (as_str){p, n};
    p[n] = '\0';
    return true;
}

as_str as_path_relative(as_arena *arena, as_str from, as_str to)
{
    size_t common = 0;
    for (size_t i = 0; i <= from.n && i <= to.n; i++) {
        bool from_end = i == from.n || from.p[i] == '/';
        bool to_end = i == to.n || to.p[i] == '/';
        if (from_end && to_end) {
            common = i;
        }
        if (i == from.n || i == to.n || from.p[i] != to.p[i]) {
            break;
        }
    }
    as_buf out;
    as_buf_init(&out, arena, 0);
    for (size_t i = common; i < from.n; i++) {
        if (from.p[i] == '/') {
            as_buf_cstr(&out, "../");
        }
    }
    if (to.n > common) {
        as_buf_str(&out, as_str_from_index(to, common + 1));
        as_buf_char(&out, '/');
    }
    return as_buf_view(&out);
}

as_str as_path_prefixed(as_arena *arena, as_str prefix, as_str path)
{
    if (as_str_starts(path, "/")) {
        return path;
    }
    while (as_str_starts(path, "../") && prefix.n > 0 && !as_str_ends(prefix, "../")) {
        as_str above = as_path_dir(as_str_slice(prefix, 0, prefix.n - 1));
        prefix = as_str_slice(prefix, 0, above.n + (above.n > 0));
        path = as_str_from_index(path, 3);
    }
    return as_str_join(arena, prefix, path);
}
