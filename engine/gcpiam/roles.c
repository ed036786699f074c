#include "engine/gcpiam/roles.h"

#include "engine/base/vec.h"
#include "engine/iam/data.h"

/* By hand: there are some 14,000 of them. */
static as_str dotted(as_arena *arena, as_str a, as_str b)
{
    char *text = as_arena_alloc(arena, a.n + 1 + b.n);
    memcpy(text, a.p, a.n);
    text[a.n] = '.';
    memcpy(text + a.n + 1, b.p, b.n);
    return (as_str){text, a.n + 1 + b.n};
}

as_gcp_roles *as_gcp_roles_load(as_arena *arena)
{
    as_gcp_roles *roles = AS_NEW(arena, as_gcp_roles);
    AS_VEC(as_str) names = {0};
    as_str rest = as_iam_data_text(arena, "gcp_permissions"), line, resource, verb;
    roles->arena = arena;
    while (as_str_split(&rest, '\n', &line)) {
        if (!as_str_split(&line, '\t', &resource)) {
            continue;
        }
        while (as_str_split(&line, ',', &verb)) {
            as_str name = dotted(arena, resource, verb);
            AS_VEC_PUSH(arena, &names, name);
            as_map_put(arena, &roles->numbers, name, (void *)(uintptr_t)names.n);
        }
    }
    roles->permissions = (as_strs){names.items, names.n};
    rest = as_iam_data_text(arena, "gcp_roles");
    while (as_str_split(&rest, '\n', &line)) {
        as_str name;
        if (as_str_split(&line, '\t', &name)) {
            as_str *ranges = AS_NEW(arena, as_str);
            *ranges = line;
            as_map_put(arena, &roles->lines, name, ranges);
        }
    }
    return roles;
}

bool as_gcp_is_permission(const as_gcp_roles *roles, as_str name)
{
    return as_map_has(&roles->numbers, name);
}

static as_gcp_role *read_role(as_gcp_roles *roles, as_str name, as_str text)
{
    as_gcp_role *role = AS_NEW(roles->arena, as_gcp_role);
    AS_VEC(as_gcp_range) ranges = {0};
    as_str one;
    role->name = as_str_dup(roles->arena, name);
    while (as_str_split(&text, ',', &one)) {
        as_str first;
        int64_t a = 0, b;
        as_str_split(&one, '-', &first);
        if (!as_str_to_int(first, &a) || a < 0) {
            continue;
        }
        if (!as_str_to_int(one, &b)) {
            b = a;
        }
        AS_VEC_PUSH(roles->arena, &ranges, (as_gcp_range){(uint32_t)a, (uint32_t)b});
        role->n_permissions += (size_t)(b - a + 1);
    }
    role->ranges = ranges.items;
    role->n_ranges = ranges.n;
    return role;
}

const as_gcp_role *as_gcp_roles_find(as_gcp_roles *roles, as_str name)
{
    as_gcp_role *role = as_map_get(&roles->read, name);
    if (role != NULL) {
        return role;
    }
    const as_str *line = as_str_starts(name, "roles/")
                                 ? as_map_get(&roles->lines, as_str_from_index(name, 6))
                                 : NULL;
    role = read_role(roles, name, line == NULL ? AS_STR("") : *line);
    if (line == NULL) {
        role->doubt = as_str_fmt(
                roles->arena, "the permissions of %.*s are not known", AS_STR_ARG(role->name));
    }
    as_map_put(roles->arena, &roles->read, role->name, role);
    return role;
}

as_truth as_gcp_role_has(const as_gcp_roles *roles, const as_gcp_role *role, as_str permission)
{
    for (size_t i = 0; i < role->others.n; i++) {
        if (as_str_eq(role->others.items[i], permission)) {
            return AS_YES;
        }
    }
    size_t number = (size_t)(uintptr_t)as_map_get(&roles->numbers, permission);
    size_t low = 0, high = role->n_ranges;
    while (number > 0 && low < high) {
        size_t middle = (low + high) / 2;
        const as_gcp_range *r = &role->ranges[middle];
        if (number - 1 < r->first) {
            high = middle;
        } else if (number - 1 > r->last) {
            low = middle + 1;
        } else {
            return AS_YES;
        }
    }
    return role->doubt.n > 0 ? AS_MAYBE : AS_NO;
}
