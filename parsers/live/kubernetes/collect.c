#include "parsers/live/kubernetes/collect.h"

#include <stdlib.h>

#include "engine/base/map.h"
#include "parsers/json/json.h"
#include "parsers/live/aws/sign.h"

enum { RATE = 50, PER_PAGE = 500 };

static const char aggregated[] =
        "Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"
        "application/json";
static const char metadata_only[] =
        "Accept: application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/* A resource that may be listed. */
typedef struct listing {
    as_str group, version, resource, kind;
} listing;

typedef struct state {
    as_kube_collection *c;
    as_arena *arena;
    as_map listings; /* "group/resource" → listing, of the preferred version that has it */
    AS_VEC(as_str) versions; /* "apps/v1", to be asked one by one: the server aggregates nothing */
    as_str scope;
} state;

/* What one call is about; `self` of its as_paged. */
typedef struct asking {
    state *s;
    as_str path, accept;
    bool paged, token_refused, secret;
    listing what;
} asking;

static as_str text_at(const as_value *v, const char *key)
{
    return as_value_str(as_value_get(v, as_str_from(key)));
}

/* --- requests ------------------------------------------------------------------------------------
 */

static bool make_request(const as_paged *call, as_arena *arena, as_str token, bool whole,
        as_http_request *out, as_str *problem)
{
    const asking *a = call->self;
    as_kube_collection *c = a->s->c;
    as_strs credentials;
    as_buf url;

    if (!as_kube_auth_headers(c->auth, arena, &credentials, problem))
        return false;
    as_str *headers = AS_NEW_ARRAY(arena, as_str, credentials.n + 1);
    for (size_t i = 0; i < credentials.n; i++)
        headers[i] = credentials.items[i];
    headers[credentials.n] = a->accept.n > 0 ? a->accept : AS_STR("Accept: application/json");
    as_buf_init(&url, arena, 0);
    as_buf_str(&url, c->connection->server);
    as_buf_str(&url, a->path);
    if (a->paged && !whole)
        as_buf_fmt(&url, "?limit=%d", PER_PAGE);
    if (token.n > 0) {
        as_buf_cstr(&url, "&continue=");
        as_buf_str(&url, as_aws_encode(arena, token, true));
    }
    *out = (as_http_request){.method = "GET",
            .url = as_buf_view(&url),
            .headers = {headers, credentials.n + 1},
            .proxy = c->connection->proxy,
            .tls = &c->connection->tls};
    return true;
}

/* A token that has run out is renewed once a call. */
static as_http_verdict judge(const as_paged *call, const as_http_answer *answer)
{
    asking *a = call->self;

    if (answer->status != 401 || a->token_refused || !as_kube_auth_reject(a->s->c->auth))
        return as_http_judge(answer);
    a->token_refused = true;
    return AS_HTTP_RETRY;
}

/* https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
static as_page_verdict verdict(const as_paged *call, as_arena *arena, const as_http_answer *answer,
        const as_value *body, as_str *error)
{
    const asking *a = call->self;
    as_str reason = text_at(body, "reason");

    if (answer->status == 200)
        return AS_PAGE_FINE;
    if (answer->status == 410 && a->paged)
        return AS_PAGE_RESTART;
    if (answer->status == 404 || answer->status == 405)
        return AS_PAGE_ABSENT; /* taken away since discovery, or not for listing */
    *error = reason.n > 0 ? reason : as_str_fmt(arena, "HTTP %d", answer->status);
    return AS_PAGE_REFUSED;
}

static void submit(state *s, asking *a, const as_paged *wanted)
{
    as_paged call = *wanted;

    a->s = s;
    call.self = a;
    call.scope = s->scope;
    call.rate = RATE;
    call.request = make_request;
    call.verdict = verdict;
    call.judge = judge;
    as_collect_submit(s->c->collect, &call);
}

static as_str part_of(state *s, as_str name)
{
    return as_str_fmt(s->arena, "k8s/%.*s/%.*s", AS_STR_ARG(s->c->name), AS_STR_ARG(name));
}

/* --- lists ---------------------------------------------------------------------------------------
 */

static as_str next_page(const as_paged *call, const as_value *body)
{
    (void)call;
    return text_at(as_value_get(body, AS_STR("metadata")), "continue");
}

static as_str group_version(as_arena *arena, const listing *l)
{
    return l->group.n > 0
                   ? as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(l->group), AS_STR_ARG(l->version))
                   : l->version;
}

/* Lists of metadata alone are told as lists of what they are about. */
static const as_value *typed(as_arena *arena, const as_value *body, const listing *l)
{
    as_object_builder b;

    as_object_begin(&b, arena);
    as_object_add(&b, AS_STR("kind"), AS_SPAN_NONE,
            as_value_string(
                    arena, AS_SPAN_NONE, as_str_fmt(arena, "%.*sList", AS_STR_ARG(l->kind))));
    as_object_add(&b, AS_STR("apiVersion"), AS_SPAN_NONE,
            as_value_string(arena, AS_SPAN_NONE, group_version(arena, l)));
    as_object_add(&b, AS_STR("items"), AS_SPAN_NONE, as_value_get(body, AS_STR("items")));
    return as_object_end(&b, AS_SPAN_NONE);
}

/* Items say their own kind where the answer is one of metadata: it would be that of the metadata.
 */
static const as_value *bare_items(as_arena *arena, const as_value *list)
{
    const as_value *items = as_value_get(list, AS_STR("items"));
    as_list_builder all;

    as_list_begin(&all, arena);
    for (size_t i = 0; i < as_value_count(items); i++) {
        as_object_builder b;
        const as_value *metadata = as_value_get(as_value_index(items, i), AS_STR("metadata"));
        as_object_begin(&b, arena);
        if (metadata)
            as_object_add(&b, AS_STR("metadata"), AS_SPAN_NONE, metadata);
        as_list_add(&all, as_object_end(&b, AS_SPAN_NONE));
    }
    as_object_builder b;
    as_object_begin(&b, arena);
    as_object_add(&b, AS_STR("items"), AS_SPAN_NONE, as_list_end(&all, AS_SPAN_NONE));
    return as_object_end(&b, AS_SPAN_NONE);
}

static const as_value *clean_list(const as_paged *call, as_arena *arena, const as_value *body)
{
    const asking *a = call->self;

    if (!as_value_is(as_value_get(body, AS_STR("items")), AS_LIST))
        return body;
    if (a->secret)
        body = bare_items(arena, body);
    return as_kube_clean(arena, typed(arena, body, &a->what));
}

static void ask_list(state *s, const listing *l)
{
    asking *a = AS_NEW(s->arena, asking);
    as_str gv = group_version(s->arena, l);

    *a = (asking){.paged = true, .what = *l};
    a->secret = l->group.n == 0 && as_str_is(l->resource, "secrets");
    if (a->secret)
        a->accept = as_str_from(metadata_only);
    a->path = as_str_fmt(s->arena, "/%s/%.*s/%.*s", l->group.n > 0 ? "apis" : "api", AS_STR_ARG(gv),
            AS_STR_ARG(l->resource));
    as_paged call = {
            .part = part_of(s, as_collect_step(s->arena,
                                       as_str_replace(s->arena, gv, AS_STR("/"), AS_STR("_")))),
            .op = as_str_fmt(
                    s->arena, "k8s:list %.*s/%.*s", AS_STR_ARG(gv), AS_STR_ARG(l->resource)),
            .next = next_page,
            .clean = clean_list};
    submit(s, a, &call);
}

/* --- discovery -----------------------------------------------------------------------------------
 */

static bool can_list(const as_value *verbs)
{
    for (size_t i = 0; i < as_value_count(verbs); i++)
        if (as_str_is(as_value_str(as_value_index(verbs, i)), "list"))
            return true;
    return false;
}

/* The first version that has a resource is the one that the server prefers. */
static void add_listing(state *s, as_str group, as_str version, as_str resource, as_str kind)
{
    as_str key = as_str_fmt(s->arena, "%.*s/%.*s", AS_STR_ARG(group), AS_STR_ARG(resource));

    if (resource.n == 0 || as_str_find_char(resource, '/') != (size_t)-1 ||
            as_kube_is_skipped(group, resource) || as_map_has(&s->listings, key) ||
            (!s->c->secrets && group.n == 0 && as_str_is(resource, "secrets")))
        return;
    listing *l = AS_NEW(s->arena, listing);
    *l = (listing){as_str_dup(s->arena, group), as_str_dup(s->arena, version),
            as_str_dup(s->arena, resource), as_str_dup(s->arena, kind)};
    as_map_put(s->arena, &s->listings, key, l);
}

/* https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery */
static void take_aggregated(state *s, const as_value *body)
{
    const as_value *groups = as_value_get(body, AS_STR("items"));

    for (size_t i = 0; i < as_value_count(groups); i++) {
        const as_value *group = as_value_index(groups, i);
        as_str name = text_at(as_value_get(group, AS_STR("metadata")), "name");
        const as_value *versions = as_value_get(group, AS_STR("versions"));
        for (size_t v = 0; v < as_value_count(versions); v++) {
            const as_value *version = as_value_index(versions, v);
            const as_value *resources = as_value_get(version, AS_STR("resources"));
            for (size_t k = 0; k < as_value_count(resources); k++) {
                const as_value *r = as_value_index(resources, k);
                if (can_list(as_value_get(r, AS_STR("verbs"))))
                    add_listing(s, name, text_at(version, "version"), text_at(r, "resource"),
                            text_at(as_value_get(r, AS_STR("responseKind")), "kind"));
            }
        }
    }
}

static void add_version(state *s, as_str group_version)
{
    if (group_version.n > 0)
        AS_VEC_PUSH(s->arena, &s->versions, as_str_dup(s->arena, group_version));
}

/* APIVersions of /api, APIGroupList of /apis: the preferred version first. */
static void take_plain(state *s, const as_value *body)
{
    const as_value *core = as_value_get(body, AS_STR("versions"));
    const as_value *groups = as_value_get(body, AS_STR("groups"));

    for (size_t i = 0; i < as_value_count(core); i++)
        add_version(s, as_value_str(as_value_index(core, i)));
    for (size_t i = 0; i < as_value_count(groups); i++) {
        const as_value *group = as_value_index(groups, i);
        as_str preferred = text_at(as_value_get(group, AS_STR("preferredVersion")), "groupVersion");
        const as_value *versions = as_value_get(group, AS_STR("versions"));
        add_version(s, preferred);
        for (size_t k = 0; k < as_value_count(versions); k++) {
            as_str other = text_at(as_value_index(versions, k), "groupVersion");
            if (!as_str_eq(other, preferred))
                add_version(s, other);
        }
    }
}

static void take_groups(const as_paged *call, const as_value *body)
{
    const asking *a = call->self;

    if (as_str_is(text_at(body, "kind"), "APIGroupDiscoveryList"))
        take_aggregated(a->s, body);
    else
        take_plain(a->s, body);
}

static void take_resources(const as_paged *call, const as_value *body)
{
    const asking *a = call->self;
    const as_value *resources = as_value_get(body, AS_STR("resources"));

    for (size_t k = 0; k < as_value_count(resources); k++) {
        const as_value *r = as_value_index(resources, k);
        if (can_list(as_value_get(r, AS_STR("verbs"))))
            add_listing(
                    a->s, a->what.group, a->what.version, text_at(r, "name"), text_at(r, "kind"));
    }
}

static void refused(const as_paged *call, as_str error)
{
    const asking *a = call->self;

    if (error.n > 0)
        a->s->c->problem =
                as_str_fmt(a->s->arena, "%.*s: %.*s", AS_STR_ARG(a->path), AS_STR_ARG(error));
}

static void ask_discovery(state *s, const char *path)
{
    asking *a = AS_NEW(s->arena, asking);

    *a = (asking){.path = as_str_from(path), .accept = as_str_from(aggregated)};
    as_paged call = {.part = part_of(s, AS_STR("discovery")),
            .op = as_str_fmt(s->arena, "k8s:get %s", path),
            .page = take_groups,
            .done = refused};
    submit(s, a, &call);
}

static void ask_resources(state *s, as_str gv)
{
    asking *a = AS_NEW(s->arena, asking);
    size_t slash = as_str_find_char(gv, '/');
    bool core = slash == (size_t)-1;

    *a = (asking){.path = as_str_fmt(s->arena, "/%s/%.*s", core ? "api" : "apis", AS_STR_ARG(gv))};
    a->what.group = core ? AS_STR("") : as_str_slice(gv, 0, slash);
    a->what.version = core ? gv : as_str_from_index(gv, slash + 1);
    as_paged call = {.part = part_of(s, AS_STR("discovery")),
            .op = as_str_fmt(s->arena, "k8s:get %.*s", AS_STR_ARG(a->path)),
            .page = take_resources};
    submit(s, a, &call);
}

static void ask_version(state *s)
{
    asking *a = AS_NEW(s->arena, asking);

    *a = (asking){.path = AS_STR("/version")};
    as_paged call = {.part = part_of(s, AS_STR("discovery")), .op = AS_STR("k8s:get /version")};
    submit(s, a, &call);
}

static bool wanted(const state *s, const as_strs *groups, as_str group)
{
    if (s->c->all_groups)
        return true;
    for (size_t i = 0; i < groups->n; i++)
        if (as_str_eq(groups->items[i], group))
            return true;
    return false;
}

void as_kube_collect(as_kube_collection *c)
{
    as_arena *arena = c->collect->arena;
    state *s = AS_NEW(arena, state);
    as_strs groups = as_kube_groups(arena);

    *s = (state){.c = c, .arena = arena};
    s->scope = as_str_fmt(arena, "k8s/%.*s", AS_STR_ARG(c->name));
    c->problem = AS_STR("");
    ask_version(s);
    ask_discovery(s, "/api");
    ask_discovery(s, "/apis");
    if (!as_http_run(c->collect->http))
        return;
    /* One after the other in the order of preference: which version counts must not depend on who
     * answers first. */
    for (size_t i = 0; i < s->versions.n; i++) {
        size_t slash = as_str_find_char(s->versions.items[i], '/');
        as_str group =
                slash == (size_t)-1 ? AS_STR("") : as_str_slice(s->versions.items[i], 0, slash);
        if (!wanted(s, &groups, group))
            continue;
        ask_resources(s, s->versions.items[i]);
        if (!as_http_run(c->collect->http))
            return;
    }
    for (size_t i = 0; i < s->listings.n; i++) {
        const listing *l = s->listings.entries[i].value;
        if (wanted(s, &groups, l->group))
            ask_list(s, l);
    }
    (void)as_http_run(c->collect->http);
    if (s->listings.n > 0)
        c->problem = AS_STR("");
}
