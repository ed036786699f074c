/* Targets of patches: anchored patterns of kind, name, …, and label selectors. */
#include "engine/base/regex.h"
#include "parsers/kubernetes/selector.h"
#include "parsers/kustomize/build.h"

typedef struct pattern {
    bool any;
    const as_regex *re;
} pattern;

static as_str text_of(const as_value *v, const char *key)
{
    return as_value_str(as_value_get(v, as_str_from(key)));
}

static bool compile(as_kust *k, const as_value *target, const char *key, pattern *out)
{
    as_str text = text_of(target, key);
    as_regex_error error;

    out->any = !text.n;
    if (out->any)
        return true;
    out->re = as_regex_compile(
            k->arena, as_str_fmt(k->arena, "^(?:%.*s)$", AS_STR_ARG(text)), &error);
    return out->re || as_kust_fail(k, "kustomize-selector", target->span, "%.*s",
                              AS_STR_ARG(as_regex_error_text(k->arena, &error)));
}

static bool fits(const pattern *p, as_str text)
{
    return p->any || as_regex_test(p->re, text) == AS_REGEX_MATCH;
}

as_res_id as_res_id_of_selector(const as_value *selector)
{
    as_str api_version = text_of(selector, "apiVersion");
    size_t slash = as_str_find_char(api_version, '/');
    as_res_id id = {
            .gvk = {text_of(selector, "group"), text_of(selector, "version"),
                    text_of(selector, "kind")},
            .name = text_of(selector, "name"),
            .namespace = text_of(selector, "namespace"),
    };

    if (api_version.n && slash == (size_t)-1)
        id.gvk.version = api_version;
    if (slash != (size_t)-1) {
        id.gvk.group = as_str_slice(api_version, 0, slash);
        id.gvk.version = as_str_from_index(api_version, slash + 1);
    }
    return id;
}

static bool matches_one(
        as_kust *k, const as_ktree *labels, const as_value *target, const char *key, bool *out)
{
    as_str text = text_of(target, key);
    as_selector selector;

    if (!as_selector_from_text(k->arena, text, &selector))
        return as_kust_fail(k, "kustomize-selector", target->span, "unable to parse %s '%.*s'", key,
                AS_STR_ARG(text));
    *out = as_selector_match(&selector, labels ? as_ktree_to_value(k->arena, labels) : NULL) ==
           AS_YES;
    return true;
}

bool as_res_matches_labels(as_kust *k, const as_res *r, const as_value *target, bool *out)
{
    return matches_one(k, as_res_labels(r), target, "labelSelector", out) &&
           (!*out || matches_one(k, as_res_annotations(r), target, "annotationSelector", out));
}

bool as_res_select(as_kust *k, const as_res_list *list, const as_value *target, as_res_list *out)
{
    pattern group, version, kind, name, namespace;

    if (!compile(k, target, "group", &group) || !compile(k, target, "version", &version) ||
            !compile(k, target, "kind", &kind) || !compile(k, target, "name", &name) ||
            !compile(k, target, "namespace", &namespace))
        return false;
    for (size_t i = 0; i < list->list.n; i++) {
        as_res *r = list->list.items[i];
        as_res_id current = as_res_current(r), original = as_res_original(r);
        bool matches = (fits(&namespace, as_res_id_effective_namespace(original)) ||
                               fits(&namespace, as_res_id_effective_namespace(current))) &&
                       (fits(&name, original.name) || fits(&name, current.name)) &&
                       fits(&group, current.gvk.group) && fits(&version, current.gvk.version) &&
                       fits(&kind, current.gvk.kind);
        if (matches && !as_res_matches_labels(k, r, target, &matches))
            return false;
        if (matches)
            AS_VEC_PUSH(k->arena, &out->list, r);
    }
    return true;
}
