#include "parsers/helm/capabilities.h"

/* The groups of k8s.io/client-go v0.36 (scheme.PrioritizedVersionsAllGroups) with those of
 * apiextensions: Helm's DefaultVersionSet for Kubernetes 1.36. */
static const char *const API_VERSIONS[] = {
        "v1",
        "admissionregistration.k8s.io/v1",
        "admissionregistration.k8s.io/v1alpha1",
        "admissionregistration.k8s.io/v1beta1",
        "internal.apiserver.k8s.io/v1alpha1",
        "apps/v1",
        "apps/v1beta1",
        "apps/v1beta2",
        "authentication.k8s.io/v1",
        "authentication.k8s.io/v1alpha1",
        "authentication.k8s.io/v1beta1",
        "authorization.k8s.io/v1",
        "authorization.k8s.io/v1beta1",
        "autoscaling/v1",
        "autoscaling/v2",
        "batch/v1",
        "batch/v1beta1",
        "certificates.k8s.io/v1",
        "certificates.k8s.io/v1beta1",
        "certificates.k8s.io/v1alpha1",
        "coordination.k8s.io/v1alpha2",
        "coordination.k8s.io/v1beta1",
        "coordination.k8s.io/v1",
        "discovery.k8s.io/v1",
        "discovery.k8s.io/v1beta1",
        "events.k8s.io/v1",
        "events.k8s.io/v1beta1",
        "extensions/v1beta1",
        "flowcontrol.apiserver.k8s.io/v1",
        "flowcontrol.apiserver.k8s.io/v1beta1",
        "flowcontrol.apiserver.k8s.io/v1beta2",
        "flowcontrol.apiserver.k8s.io/v1beta3",
        "networking.k8s.io/v1",
        "networking.k8s.io/v1beta1",
        "node.k8s.io/v1",
        "node.k8s.io/v1alpha1",
        "node.k8s.io/v1beta1",
        "policy/v1",
        "policy/v1beta1",
        "rbac.authorization.k8s.io/v1",
        "rbac.authorization.k8s.io/v1beta1",
        "rbac.authorization.k8s.io/v1alpha1",
        "resource.k8s.io/v1",
        "resource.k8s.io/v1beta2",
        "resource.k8s.io/v1beta1",
        "resource.k8s.io/v1alpha3",
        "scheduling.k8s.io/v1alpha2",
        "scheduling.k8s.io/v1beta1",
        "scheduling.k8s.io/v1",
        "storage.k8s.io/v1beta1",
        "storage.k8s.io/v1",
        "storage.k8s.io/v1alpha1",
        "storagemigration.k8s.io/v1beta1",
        "apiextensions.k8s.io/v1beta1",
        "apiextensions.k8s.io/v1",
};

/* Kubernetes' version.ParseGeneric: numbers and dots, then anything. */
bool as_helm_kube_version_parse(
        as_arena *arena, as_str text, as_helm_kube_version *out, as_str *error)
{
    as_str rest = as_str_trim(text), parts[2] = {AS_STR_NONE, AS_STR_NONE};
    if (as_str_starts(rest, "v")) {
        rest = as_str_from_index(rest, 1);
    }
    size_t n_parts = 0, at = 0, end = 0;
    while (at < rest.n && rest.p[at] >= '0' && rest.p[at] <= '9') {
        size_t from = at;
        while (at < rest.n && rest.p[at] >= '0' && rest.p[at] <= '9') {
            at++;
        }
        if (n_parts < 2) {
            parts[n_parts] = as_str_slice(rest, from, at);
        }
        n_parts++;
        end = at;
        if (at < rest.n && rest.p[at] == '.') {
            at++;
        }
    }
    if (n_parts < 2) {
        *error = as_str_fmt(arena,
                n_parts ? "illegal version string \"%.*s\"" : "could not parse \"%.*s\" as version",
                AS_STR_ARG(text));
        return false;
    }
    out->text = as_str_starts(text, "v") ? text : as_str_join(arena, AS_STR("v"), text);
    out->normal = as_str_join(arena, AS_STR("v"), as_str_slice(rest, 0, end));
    out->major = parts[0];
    out->minor = parts[1];
    return true;
}

static as_str kube_version_string(as_gotmpl *t, const as_go *v)
{
    const as_go *text = as_go_map_get(t, v->as.map, AS_STR("Version"));
    as_helm_kube_version parsed;
    as_str error;
    if (!text) {
        return AS_STR("");
    }
    return as_helm_kube_version_parse(as_gotmpl_arena(t), as_go_str(text), &parsed, &error)
                   ? parsed.normal
                   : as_go_str(text);
}

static bool git_version(as_gotmpl *t, const as_go *args, size_t n, as_go *out)
{
    (void)n;
    const as_go *text = as_go_map_get(t, args[0].as.map, AS_STR("Version"));
    *out = text ? *text : as_go_from_str(AS_STR(""));
    return true;
}

static bool string_method(as_gotmpl *t, const as_go *args, size_t n, as_go *out)
{
    (void)n;
    *out = as_go_from_str(kube_version_string(t, &args[0]));
    return true;
}

static bool has_version(as_gotmpl *t, const as_go *args, size_t n, as_go *out)
{
    bool found = false;
    if (n < 2) {
        return as_go_fail(t, "wrong number of args for Has: want 1 got 0");
    }
    size_t count = as_go_list_count(t, args[0].as.list);
    for (size_t i = 0; i < count && !found; i++) {
        const as_go *item = as_go_list_at(t, args[0].as.list, i);
        found = as_str_eq(as_go_str(item), as_go_str(&args[1]));
    }
    *out = as_go_from_bool(found);
    return true;
}

static const as_go_func KUBE_VERSION_METHODS[] = {
        {.name = "GitVersion", .params = "", .call = git_version},
        {.name = "String", .params = "", .call = string_method},
        {.name = NULL},
};
static const as_go_func VERSION_SET_METHODS[] = {
        {.name = "Has", .params = "s", .call = has_version},
        {.name = NULL},
};
static const as_go_type KUBE_VERSION = {.kind = AS_GO_STRUCT,
        .has_members = true,
        .name = "common.KubeVersion",
        .methods = KUBE_VERSION_METHODS,
        .string = kube_version_string};
static const as_go_type VERSION_SET = {.kind = AS_GO_SLICE,
        .name = "common.VersionSet",
        .elem = &as_go_string,
        .methods = VERSION_SET_METHODS};
static const as_go_type BUILD_INFO = {
        .kind = AS_GO_STRUCT, .has_members = true, .name = "version.BuildInfo"};
static const as_go_type CAPABILITIES = {
        .kind = AS_GO_PTR, .has_members = true, .name = "*common.Capabilities"};

static void set_text(as_gotmpl *t, as_go_map *map, const char *name, as_str s)
{
    as_go_map_set(t, map, as_str_from(name), as_go_from_str(s));
}

as_go as_helm_capabilities(
        as_gotmpl *t, const as_helm_kube_version *version, const as_helm_strs *extra_apis)
{
    as_go_map *kube = as_go_map_new(t, 3);
    set_text(t, kube, "Version", version->text);
    set_text(t, kube, "Major", version->major);
    set_text(t, kube, "Minor", version->minor);

    as_go_list *apis = as_go_list_new(t, sizeof API_VERSIONS / sizeof *API_VERSIONS);
    for (size_t i = 0; i < sizeof API_VERSIONS / sizeof *API_VERSIONS; i++) {
        as_go_list_add(t, apis, as_go_from_str(as_str_from(API_VERSIONS[i])));
    }
    for (size_t i = 0; i < extra_apis->n; i++) {
        as_go_list_add(t, apis, as_go_from_str(extra_apis->items[i]));
    }

    /* The Helm whose behaviour this is; charts compare the version. */
    as_go_map *helm = as_go_map_new(t, 5);
    set_text(t, helm, "Version", AS_STR("v4.2"));
    set_text(t, helm, "GitCommit", AS_STR(""));
    set_text(t, helm, "GitTreeState", AS_STR(""));
    set_text(t, helm, "GoVersion", AS_STR("go1.26.8"));
    set_text(t, helm, "KubeClientVersion", AS_STR("v1.36"));

    as_go_map *all = as_go_map_new(t, 3);
    as_go_map_set(t, all, AS_STR("KubeVersion"), as_go_map_value(&KUBE_VERSION, kube));
    as_go_map_set(t, all, AS_STR("APIVersions"), as_go_list_value(&VERSION_SET, apis));
    as_go_map_set(t, all, AS_STR("HelmVersion"), as_go_map_value(&BUILD_INFO, helm));
    return as_go_map_value(&CAPABILITIES, all);
}
