#include "engine/rbac/rule.h"

#include "engine/base/vec.h"
#include "engine/rbac/tables.h"

static bool holds(as_strs list, as_str text)
{
    for (size_t i = 0; i < list.n; i++) {
        if (as_str_is(list.items[i], "*") || as_str_eq(list.items[i], text)) {
            return true;
        }
    }
    return false;
}

/* "*" is everything, "pods/exec" itself, "*" before a subresource that of every resource. */
static bool takes_resource(as_strs list, as_str resource, as_str sub)
{
    for (size_t i = 0; i < list.n; i++) {
        as_str rest = list.items[i], name;
        if (as_str_is(rest, "*")) {
            return true;
        }
        if (!as_str_split(&rest, '/', &name)) {
            continue;
        }
        bool same = as_str_eq(name, resource) || (sub.n > 0 && as_str_is(name, "*"));
        if (same && as_str_eq(rest, sub)) {
            return true;
        }
    }
    return false;
}

/* A star counts at the end only. */
static bool takes_url(as_strs list, as_str url)
{
    for (size_t i = 0; i < list.n; i++) {
        as_str item = list.items[i];
        if (as_str_is(item, "*") || as_str_eq(item, url)) {
            return true;
        }
        if (item.n > 0 && item.p[item.n - 1] == '*' && url.n >= item.n - 1 &&
                memcmp(url.p, item.p, item.n - 1) == 0) {
            return true;
        }
    }
    return false;
}

/* A rule for named objects says nothing of requests that name none: of new objects, and of all at
 * once. "list" and "watch" may name one by a field selector. */
static bool takes_name(as_strs names, const as_rbac_request *r)
{
    if (names.n == 0) {
        return true;
    }
    if (r->subresource.n == 0 &&
            (as_str_is(r->verb, "create") || as_str_is(r->verb, "deletecollection"))) {
        return false;
    }
    if (r->name.n == 0) {
        return r->any_name;
    }
    for (size_t i = 0; i < names.n; i++) {
        if (as_str_eq(names.items[i], r->name)) {
            return true;
        }
    }
    return false;
}

static as_truth known_or(bool yes, bool open)
{
    return yes ? AS_YES : open ? AS_MAYBE : AS_NO;
}

as_truth as_rbac_rule_allows(const as_rbac_rule *rule, const as_rbac_request *r)
{
    as_truth t = known_or(holds(rule->verbs, r->verb), rule->open_verbs);
    if (t == AS_NO) {
        return t;
    }
    if (r->url.n > 0) {
        return as_truth_and(t, known_or(takes_url(rule->urls, r->url), rule->open_urls));
    }
    t = as_truth_and(t, known_or(holds(rule->groups, r->group), rule->open_groups));
    t = as_truth_and(t, known_or(takes_resource(rule->resources, r->resource, r->subresource),
                                rule->open_resources));
    /* Names that are not known limit the rule to we do not know what. */
    bool named = rule->open_names && rule->names.n == 0;
    as_truth name = named ? AS_MAYBE : known_or(takes_name(rule->names, r), rule->open_names);
    return as_truth_and(t, name);
}

/* --- reading -------------------------------------------------------------------------------------
 */

static as_strs read_list(as_arena *arena, const as_value *list, bool *open, as_str *doubt)
{
    AS_VEC(as_str) words = {0};
    if (as_value_is_unknown(list)) {
        *open = true;
        *doubt = as_value_reason(list);
    }
    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *item = as_value_index(list, i);
        if (item != NULL && item->kind == AS_STRING) {
            AS_VEC_PUSH(arena, &words, item->as.str);
        } else if (as_value_is_unknown(item)) {
            *open = true;
            *doubt = as_value_reason(item);
        }
    }
    return (as_strs){words.items, words.n};
}

static const as_value *either(const as_value *v, const char *a, const char *b)
{
    const as_value *found = as_value_get(v, as_str_from(a));
    return as_value_is_null(found) ? as_value_get(v, as_str_from(b)) : found;
}

as_rbac_rule as_rbac_rule_read(as_arena *arena, const as_value *v)
{
    as_rbac_rule rule = {.span = v->span};
    if (as_value_is_unknown(v)) {
        as_str reason = as_value_reason(v);
        rule.doubt = reason.n > 0 ? reason : AS_STR("the rule is not known");
        rule.open_groups = rule.open_resources = rule.open_verbs = true;
        rule.open_names = rule.open_urls = true;
        return rule;
    }
    rule.groups =
            read_list(arena, either(v, "apiGroups", "api_groups"), &rule.open_groups, &rule.doubt);
    rule.resources = read_list(
            arena, as_value_get(v, AS_STR("resources")), &rule.open_resources, &rule.doubt);
    rule.verbs = read_list(arena, as_value_get(v, AS_STR("verbs")), &rule.open_verbs, &rule.doubt);
    rule.names = read_list(
            arena, either(v, "resourceNames", "resource_names"), &rule.open_names, &rule.doubt);
    rule.urls = read_list(
            arena, either(v, "nonResourceURLs", "non_resource_urls"), &rule.open_urls, &rule.doubt);
    return rule;
}

/* --- actions -------------------------------------------------------------------------------------
 */

static const as_rbac_resource *find_resource(as_str name)
{
    size_t low = 0, high = as_rbac_n_resources;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = as_str_cmp(name, as_rbac_resources[middle].name);
        if (order == 0) {
            return &as_rbac_resources[middle];
        }
        *(order < 0 ? &high : &low) = order < 0 ? middle : middle + 1;
    }
    return NULL;
}

bool as_rbac_is_action(as_str action)
{
    static const char *const verbs[] = {"get", "list", "watch", "create", "update", "patch",
            "delete", "deletecollection", "impersonate", "bind", "escalate", "approve", "sign",
            "use", "proxy", "attest", "post", "put", "head", "options", "*", NULL};
    as_str verb;
    if (as_str_find_char(action, ':') == (size_t)-1 || !as_str_split(&action, ':', &verb)) {
        return false;
    }
    for (size_t i = 0; verbs[i] != NULL; i++) {
        if (as_str_is(verb, verbs[i])) {
            return true;
        }
    }
    return false;
}

bool as_rbac_request_parse(as_str action, as_rbac_request *r, bool *unsure)
{
    *r = (as_rbac_request){.any_name = true};
    *unsure = false;
    if (!as_rbac_is_action(action) || !as_str_split(&action, ':', &r->verb) || action.n == 0) {
        return false;
    }
    if (action.p[0] == '/') {
        r->url = action;
        return true;
    }
    as_str name;
    if (!as_str_split(&action, '/', &name)) {
        return false;
    }
    r->subresource = action;
    size_t dot = as_str_find_char(name, '.');
    r->resource = as_str_slice(name, 0, dot);
    if (dot != (size_t)-1) {
        r->group = as_str_from_index(name, dot + 1);
    } else {
        const as_rbac_resource *known = find_resource(name);
        *unsure = known == NULL && !as_str_is(name, "*");
        r->group = known != NULL ? known->group : name;
    }
    return r->resource.n > 0;
}
