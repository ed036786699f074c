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
