/* Which groups and resources are collected. */
#include <ctype.h>
#include <stdlib.h>

#include "engine/base/map.h"
#include "engine/schema/schema.h"
#include "parsers/kubernetes/kubernetes.h"
#include "parsers/live/kubernetes/collect.h"

/* Of no schema, but kinds of them change what the network lets through. */
static const struct {
    const char *group, *resources; /* by blanks */
} further[] = {
        {"crd.antrea.io", "clustergroups clusternetworkpolicies groups networkpolicies tiers"},
        {"k8s.cni.cncf.io", "multi-networkpolicies network-attachment-definitions"},
        {"k8s.ovn.org", "clusteruserdefinednetworks egressfirewalls userdefinednetworks"},
};

static const struct {
    const char *group, *resource; /* NULL: all of them */
} skipped[] = {
        {"", "bindings"},
        {"", "componentstatuses"},
        {"", "endpoints"},
        {"", "events"},
        {"", "podtemplates"},
        {"apps", "controllerrevisions"},
        {"authentication.k8s.io", NULL},
        {"authorization.k8s.io", NULL},
        {"coordination.k8s.io", NULL},
        {"discovery.k8s.io", NULL},
        {"events.k8s.io", NULL},
        {"extensions", NULL}, /* the former home of what other groups serve */
        {"internal.apiserver.k8s.io", NULL},
        {"metrics.k8s.io", NULL},
        {"autoscaling", "scales"},
        {"certificates.k8s.io", "podcertificaterequests"},
        {"policy", "evictions"},
};

bool as_kube_is_skipped(as_str group, as_str resource)
{
    for (size_t i = 0; i < sizeof skipped / sizeof *skipped; i++)
        if (as_str_is(group, skipped[i].group) &&
                (!skipped[i].resource || as_str_is(resource, skipped[i].resource)))
            return true;
    return as_str_ends(group, ".metrics.k8s.io"); /* custom and external metrics */
}

/* "apps" of "apps/Deployment", "" of "Pod"; false for types of other sources. */
static bool group_of_type(as_str type, as_str *group)
{
    size_t slash = as_str_rfind_char(type, '/');
    size_t kind = slash == (size_t)-1 ? 0 : slash + 1;

    if (as_str_find_char(type, ':') != (size_t)-1 || kind >= type.n ||
            !isupper((unsigned char)type.p[kind]))
        return false;
    *group = as_str_slice(type, 0, slash == (size_t)-1 ? 0 : slash);
    return true;
}

/* Files that components read themselves have groups too, which no cluster serves. */
static bool is_served(as_str group)
{
    return !as_str_ends(group, "config.k8s.io") && !as_str_is(group, "kubeadm.k8s.io") &&
           !as_str_is(group, "audit.k8s.io") && !as_str_is(group, "apiserver.k8s.io") &&
           (group.n == 0 || !isupper((unsigned char)group.p[0]));
}

static void add(as_arena *arena, as_map *seen, as_str group)
{
    if (is_served(group) && !as_kube_is_skipped(group, AS_STR("")) && !as_map_has(seen, group))
        as_map_put(arena, seen, group, seen);
}

as_strs as_kube_groups(as_arena *arena)
{
    size_t n_schemas, n_kinds;
    const as_entity_schema *schemas = as_schema_all(&n_schemas);
    const as_k8s_kind *kinds = as_k8s_kinds(&n_kinds);
    as_map seen = {0};
    as_str group;

    for (size_t i = 0; i < n_schemas; i++)
        for (size_t k = 0; k < schemas[i].types.n; k++)
            if (group_of_type(schemas[i].types.items[k], &group))
                add(arena, &seen, group);
    for (size_t i = 0; i < n_kinds; i++)
        add(arena, &seen, kinds[i].group);
    for (size_t i = 0; i < sizeof further / sizeof *further; i++)
        add(arena, &seen, as_str_from(further[i].group));
    as_str *all = AS_NEW_ARRAY(arena, as_str, seen.n);
    for (size_t i = 0; i < seen.n; i++)
        all[i] = seen.entries[i].key;
    if (seen.n > 1)
        qsort(all, seen.n, sizeof *all, as_str_compare_qsort);
    return (as_strs){all, seen.n};
}

/* --- the role ------------------------------------------------------------------------------------
 */

/* "networkpolicies" of "NetworkPolicy", as who writes CRDs makes plurals. */
static as_str plural_of(as_arena *arena, as_str kind)
{
    as_str low = as_str_lower(arena, kind);
    char last = low.n > 0 ? low.p[low.n - 1] : 0, before = low.n > 1 ? low.p[low.n - 2] : 0;

    if (last == 'y' && !as_char_in(before, "aeiou"))
        return as_str_fmt(arena, "%.*sies", (int)low.n - 1, low.p);
    if (last == 's' || last == 'x' || (last == 'h' && as_char_in(before, "cs")))
        return as_str_fmt(arena, "%.*ses", AS_STR_ARG(low));
    return as_str_fmt(arena, "%.*ss", AS_STR_ARG(low));
}

as_str as_kube_kind_of(as_arena *arena, as_str group, as_str resource)
{
    size_t n;
    const as_entity_schema *schemas = as_schema_all(&n);
    const as_k8s_kind *builtin = as_k8s_kind_by_plural(group, resource);
    as_str of;

    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < schemas[i].types.n; k++) {
            as_str type = schemas[i].types.items[k];
            as_str kind = as_str_from_index(type, as_str_rfind_char(type, '/') + 1);
            if (group_of_type(type, &of) && as_str_eq(of, group) &&
                    (builtin ? as_str_eq(kind, builtin->kind)
                             : as_str_eq(plural_of(arena, kind), resource)))
                return schemas[i].kind;
        }
    }
    return AS_STR("");
}

typedef struct role {
    as_arena *arena;
    bool secrets;
    AS_VEC(as_str) resources; /* of the group at hand */
} role;

static void allow(role *r, as_str group, as_str resource)
{
    if (!as_kube_is_skipped(group, resource) &&
            (r->secrets || group.n > 0 || !as_str_is(resource, "secrets")))
        AS_VEC_PUSH(r->arena, &r->resources, resource);
}

/* Each resource by name: what nobody asked for stays out. */
static void gather(role *r, as_str group)
{
    size_t n_schemas, n_kinds;
    const as_entity_schema *schemas = as_schema_all(&n_schemas);
    const as_k8s_kind *kinds = as_k8s_kinds(&n_kinds);
    as_str of, word;

    r->resources.n = 0;
    for (size_t i = 0; i < n_kinds; i++)
        if (as_str_eq(kinds[i].group, group))
            allow(r, group, kinds[i].plural);
    bool builtin = r->resources.n > 0;
    for (size_t i = 0; !builtin && i < n_schemas; i++) {
        for (size_t k = 0; k < schemas[i].types.n; k++) {
            as_str type = schemas[i].types.items[k];
            size_t slash = as_str_rfind_char(type, '/');
            if (group_of_type(type, &of) && as_str_eq(of, group))
                allow(r, group, plural_of(r->arena, as_str_from_index(type, slash + 1)));
        }
    }
    for (size_t i = 0; i < sizeof further / sizeof *further; i++) {
        as_str list = as_str_from(further[i].resources);
        while (as_str_is(group, further[i].group) && as_str_split(&list, ' ', &word))
            allow(r, group, word);
    }
    if (r->resources.n > 1)
        qsort(r->resources.items, r->resources.n, sizeof *r->resources.items, as_str_compare_qsort);
}

as_str as_kube_role(as_arena *arena, bool secrets)
{
    as_strs groups = as_kube_groups(arena);
    role r = {.arena = arena, .secrets = secrets};
    as_buf out;

    as_buf_init(&out, arena, 0);
    as_buf_cstr(&out, "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n"
                      "  name: assay-read\nrules:\n");
    for (size_t i = 0; i < groups.n; i++) {
        gather(&r, groups.items[i]);
        if (r.resources.n == 0)
            continue;
        as_buf_fmt(&out, "  - apiGroups:\n      - \"%.*s\"\n    resources:\n",
                AS_STR_ARG(groups.items[i]));
        for (size_t k = 0; k < r.resources.n; k++)
            if (k == 0 || !as_str_eq(r.resources.items[k], r.resources.items[k - 1]))
                as_buf_fmt(&out, "      - %.*s\n", AS_STR_ARG(r.resources.items[k]));
        as_buf_cstr(&out, "    verbs:\n      - get\n      - list\n");
    }
    as_buf_cstr(&out,
            "  - nonResourceURLs:\n      - /api\n      - /api/*\n      - /apis\n      - /apis/*\n"
            "      - /version\n    verbs:\n      - get\n");
    return as_buf_view(&out);
}
