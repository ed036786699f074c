#include "engine/gcpiam/roles.h"

#include "engine/base/vec.h"
#include "engine/rules/embedded.h"

as_gcp_roles *as_gcp_roles_new(as_arena *arena)
{
    as_gcp_roles *roles = AS_NEW(arena, as_gcp_roles);
    roles->arena = arena;
    return roles;
}

/* The table as it is built in: it is looked up where it stands, since reading it into maps costs
 * more than most scans ask of it. */
static as_str table(const char *name)
{
    return as_embedded_text(as_gcp_files, as_gcp_files_n, name);
}

/* The number of "storage.objects.get", plus one; 0: Google has no such permission. */
static size_t number_of(as_str permission)
{
    size_t dot = as_str_rfind_char(permission, '.');
    as_str line, first, verb;
    int64_t number = 0;
    if (dot == (size_t)-1 ||
            !as_str_bisect(
                    table("/gcp_permissions.tsv"), as_str_slice(permission, 0, dot), &line) ||
            !as_str_split(&line, '\t', &first) || !as_str_to_int(first, &number) || number < 0) {
        return 0;
    }
    permission = as_str_from_index(permission, dot + 1);
    for (size_t n = (size_t)number + 1; as_str_split(&line, ',', &verb); n++) {
        if (as_str_eq(verb, permission)) {
            return n;
        }
    }
    return 0;
}

bool as_gcp_is_permission(as_str name)
{
    return number_of(name) > 0;
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
    as_str line = AS_STR("");
    bool known = as_str_starts(name, "roles/") &&
                 as_str_bisect(table("/gcp_roles.tsv"), as_str_from_index(name, 6), &line);
    role = read_role(roles, name, line);
    if (!known) {
        role->doubt = as_str_fmt(
                roles->arena, "the permissions of %.*s are not known", AS_STR_ARG(role->name));
    }
    as_map_put(roles->arena, &roles->read, role->name, role);
    return role;
}

as_truth as_gcp_role_has(const as_gcp_role *role, as_str permission)
{
    for (size_t i = 0; i < role->others.n; i++) {
        if (as_str_eq(role->others.items[i], permission)) {
            return AS_YES;
        }
    }
    size_t number = number_of(permission);
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
