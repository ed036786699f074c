#include "parsers/live/gcp/collect.h"

#include "engine/base/map.h"
#include "parsers/live/aws/sign.h"
#include "parsers/live/gcp/assets.h"
#include "parsers/live/redact.h"

/* Lists of the inventory are counted: about 100 a minute and project
 * (https://cloud.google.com/asset-inventory/quotas). */
static const double inventory_rate = 1.5;

enum { INVENTORY_PAGE = 1000 };

typedef struct state {
    as_gcp_collection *c;
    as_arena *arena;
    as_map projects; /* asked already, by id */
    as_redactor *redactor;
    as_str last_error;
} state;

/* What one call is about; `self` of its as_paged. */
typedef struct asking {
    state *s;
    const as_gcp_list *list; /* NULL: the inventory */
    as_str scope, project, url;
    bool post, policy, all_types;
    bool fresh_token, answered;
    const char *content; /* of the inventory: "RESOURCE" */
} asking;

static as_str text_at(const as_value *v, const char *key)
{
    return as_value_str(as_value_get(v, as_str_from(key)));
}

/* --- requests ------------------------------------------------------------------------------------
 */

/* "https://HOST/PATH" → "ENDPOINT/HOST/PATH" */
static as_str at_endpoint(const state *s, as_arena *arena, as_str url)
{
    as_str endpoint = s->c->endpoint;

    while (as_str_ends(endpoint, "/"))
        endpoint.n--;
    return endpoint.n == 0 ? url
                           : as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(endpoint),
                                     AS_STR_ARG(as_str_from_index(url, strlen("https://"))));
}

static bool make_request(const as_paged *call, as_arena *arena, as_str token, bool whole,
        as_http_request *out, as_str *problem)
{
    const asking *a = call->self;
    as_gcp_collection *c = a->s->c;
    as_str quota = as_gcp_credentials_quota_project(c->credentials), bearer;
    as_str *headers = AS_NEW_ARRAY(arena, as_str, 3);
    size_t n = 0;

    (void)whole;
    if (!as_gcp_credentials_token(c->credentials, arena, &bearer, problem))
        return false;
    headers[n++] = as_str_fmt(arena, "Authorization: Bearer %.*s", AS_STR_ARG(bearer));
    if (quota.n > 0)
        headers[n++] = as_str_fmt(arena, "x-goog-user-project: %.*s", AS_STR_ARG(quota));
    if (a->post)
        headers[n++] = AS_STR("Content-Type: application/json");
    as_str url = at_endpoint(a->s, arena, a->url);
    if (token.n > 0)
        url = as_str_fmt(arena, "%.*s%cpageToken=%.*s", AS_STR_ARG(url),
                as_str_find_char(url, '?') == (size_t)-1 ? '?' : '&',
                AS_STR_ARG(as_aws_encode(arena, token, true)));
    *out = (as_http_request){.method = a->post ? "POST" : "GET",
            .url = url,
            .headers = {headers, n},
            .body = a->post ? AS_STR("{\"options\":{\"requestedPolicyVersion\":3}}") : AS_STR(""),
            .tls = c->tls};
    return true;
}

/* Quotas are told by 429, and by older services by 403 with a reason. */
static as_http_verdict judge(const as_paged *call, const as_http_answer *answer)
{
    asking *a = call->self;

    if (answer->status == 401 && !a->fresh_token &&
            as_gcp_credentials_reject(a->s->c->credentials)) {
        a->fresh_token = true;
        return AS_HTTP_RETRY;
    }
    if (answer->status == 403 && (as_str_contains(answer->body, "ateLimitExceeded") ||
                                         as_str_contains(answer->body, "RATE_LIMIT_EXCEEDED")))
        return AS_HTTP_THROTTLED;
    return as_http_judge(answer);
}

/* The reason in the details of an error (google.rpc.ErrorInfo), or of older services. */
static as_str reason_of(const as_value *error)
{
    const as_value *details = as_value_get(error, AS_STR("details"));

    for (size_t i = 0; i < as_value_count(details); i++) {
        as_str reason = text_at(as_value_index(details, i), "reason");
        if (reason.n > 0)
            return reason;
    }
    return text_at(as_value_index(as_value_get(error, AS_STR("errors")), 0), "reason");
}

static as_page_verdict verdict(const as_paged *call, as_arena *arena, const as_http_answer *answer,
        const as_value *body, as_str *error)
{
    const asking *a = call->self;
    const as_value *what = as_value_get(body, AS_STR("error"));
    as_str reason = reason_of(what), status = text_at(what, "status");
    bool off = as_str_is(reason, "SERVICE_DISABLED") || as_str_is(reason, "accessNotConfigured");

    if (answer->status == 200)
        return AS_PAGE_FINE;
    *error = status.n > 0 ? status : as_str_fmt(arena, "HTTP %d", answer->status);
    a->s->last_error = as_str_dup(a->s->arena, *error);
    if (!a->list && (answer->status == 403 || answer->status == 400))
        return AS_PAGE_ABSENT; /* then the services are asked; they are what is missing or not */
    /* A service that is off has nothing; what is gone since it was listed is gone. */
    return a->list && (off || answer->status == 404) ? AS_PAGE_ABSENT : AS_PAGE_REFUSED;
}

static as_str next_page(const as_paged *call, const as_value *body)
{
    (void)call;
    return text_at(body, "nextPageToken");
}

static const as_value *clean(const as_paged *call, as_arena *arena, const as_value *body)
{
    const asking *a = call->self;

    return as_redactor_clean(a->s->redactor, arena, body);
}

static void submit(asking *a, const as_paged *wanted)
{
    as_paged call = *wanted;

    call.self = a;
    call.request = make_request;
    call.judge = judge;
    call.verdict = verdict;
    call.clean = clean;
    as_collect_submit(a->s->c->collect, &call);
}

/* --- the services --------------------------------------------------------------------------------
 */

static void ask_project(state *s, as_str project);
static void ask_scope(state *s, as_str scope);
static void ask_list(
        state *s, const as_gcp_list *list, as_str scope, as_str project, const as_value *parent);

static as_str part_of(state *s, as_str scope, as_str project, as_str operation)
{
    as_str owner = project.n > 0 ? project : scope;

    return as_str_fmt(s->arena, "gcp/%.*s/%.*s", AS_STR_ARG(as_collect_step(s->arena, owner)),
            AS_STR_ARG(as_str_slice(operation, 0, as_str_find_char(operation, '.'))));
}

static const as_value *policy_params(state *s, as_str asset, as_str name)
{
    as_object_builder b;

    as_object_begin(&b, s->arena);
    as_object_add(
            &b, AS_STR("asset"), AS_SPAN_NONE, as_value_string(s->arena, AS_SPAN_NONE, asset));
    as_object_add(&b, AS_STR("name"), AS_SPAN_NONE,
            as_value_string(s->arena, AS_SPAN_NONE, as_str_dup(s->arena, name)));
    return as_object_end(&b, AS_SPAN_NONE);
}

static void ask_policy(
        state *s, const as_gcp_list *list, as_str scope, as_str project, const as_value *item)
{
    asking *a = AS_NEW(s->arena, asking);
    bool post = as_str_starts(list->policy, "POST ");
    as_str address = as_str_from_index(list->policy, as_str_find_char(list->policy, ' ') + 1);

    *a = (asking){
            .s = s, .list = list, .scope = scope, .project = project, .post = post, .policy = true};
    a->url = as_str_dup(s->arena, as_gcp_fill(s->arena, address, project, item));
    as_paged call = {.part = part_of(s, scope, project, list->operation),
            .op = as_str_fmt(s->arena, "gcp:%.*s:policy", AS_STR_ARG(list->operation)),
            .params = policy_params(
                    s, as_gcp_full_name(s->arena, list, project, item), text_at(item, "name")),
            .scope = as_gcp_host_of(list->type)};
    submit(a, &call);
}

static void take_step(state *s, const as_gcp_list *list, const as_value *item)
{
    as_str name = text_at(item, "name");

    if (as_str_is(list->operation, "cloudresourcemanager.projects") &&
            !as_str_is(text_at(item, "state"), "DELETE_REQUESTED"))
        ask_project(s, as_str_dup(s->arena, text_at(item, "projectId")));
    else if (as_str_is(list->operation, "cloudresourcemanager.folders"))
        ask_scope(s, as_str_dup(s->arena, name));
}

static void take_items(const as_paged *call, const as_value *body)
{
    asking *a = call->self;
    state *s = a->s;
    as_arena *scratch = as_arena_new(0);
    as_guard guard;
    size_t n_lists;
    const as_gcp_list *all = as_gcp_lists(&n_lists);

    a->answered = true;
    if (scratch && AS_GUARD_ENTER(&guard, scratch)) {
        const as_value *items = as_gcp_items(scratch, body, a->list->items);
        for (size_t i = 0; i < as_value_count(items); i++) {
            const as_value *item = as_value_index(items, i);
            take_step(s, a->list, item);
            if (a->list->policy.n > 0)
                ask_policy(s, a->list, a->scope, a->project, item);
            for (size_t k = 0; k < n_lists; k++)
                if (as_str_eq(all[k].parent, a->list->operation))
                    ask_list(s, &all[k], a->scope, a->project, item);
        }
        as_guard_leave(&guard);
    }
    as_arena_free(scratch);
}

static void ask_list(
        state *s, const as_gcp_list *list, as_str scope, as_str project, const as_value *parent)
{
    asking *a = AS_NEW(s->arena, asking);
    as_str name = text_at(parent, "name");

    *a = (asking){.s = s, .list = list, .scope = scope, .project = project};
    a->url = as_str_dup(s->arena, as_gcp_fill(s->arena, list->url, project, parent));
    as_paged call = {.part = part_of(s, scope, project, list->operation),
            .op = as_str_fmt(s->arena, "gcp:%.*s", AS_STR_ARG(list->operation)),
            .params = name.n > 0 ? as_collect_param(s->arena, "parent", name) : NULL,
            .scope = as_str_slice(list->operation, 0, as_str_find_char(list->operation, '.')),
            .next = next_page,
            .page = take_items};
    submit(a, &call);
}

static void ask_project(state *s, as_str project)
{
    size_t n;
    const as_gcp_list *all = as_gcp_lists(&n);

    if (project.n == 0 || as_map_has(&s->projects, project))
        return;
    as_map_put(s->arena, &s->projects, project, s);
    for (size_t i = 0; i < n; i++)
        if (all[i].parent.n == 0)
            ask_list(s, &all[i], AS_STR(""), project, NULL);
}

/* A folder or an organisation: what lies in it. */
static void ask_scope(state *s, as_str scope)
{
    const as_value *named = as_collect_param(s->arena, "name", scope);
    size_t n;
    const as_gcp_list *all = as_gcp_lists(&n);

    for (size_t i = 0; i < n; i++)
        if (as_str_is(all[i].parent, "scope") &&
                (as_str_starts(scope, "organizations/") || all[i].items.n > 0))
            ask_list(s, &all[i], scope, AS_STR(""), named);
}

/* What hangs on an organisation and no inventory tells. */
static void ask_organization(state *s, as_str scope)
{
    size_t n;
    const as_gcp_list *all = as_gcp_lists(&n);

    for (size_t i = 0; as_str_starts(scope, "organizations/") && i < n; i++)
        if (as_str_is(all[i].parent, "organization"))
            ask_list(s, &all[i], scope, AS_STR(""), as_collect_param(s->arena, "name", scope));
}

static void ask_services(state *s, as_str scope)
{
    if (as_str_starts(scope, "projects/"))
        ask_project(s, as_str_from_index(scope, strlen("projects/")));
    else
        ask_scope(s, scope);
}

/* --- the inventory -------------------------------------------------------------------------------
 */

static void ask_inventory(state *s, as_str scope, const char *content, bool all_types);

/* Types by service, as regular expressions: objects of clusters are left out. */
static void add_types(as_arena *arena, as_buf *url)
{
    size_t n;
    const as_gcp_list *all = as_gcp_lists(&n);
    as_map seen = {0};

    for (size_t i = 0; i < n; i++) {
        as_str host = as_gcp_host_of(all[i].type);
        if (host.n == 0 || as_map_has(&seen, host) || as_str_starts(host, "securitycenter") ||
                as_str_starts(host, "cloudidentity"))
            continue;
        as_map_put(arena, &seen, host, &seen);
        as_buf_fmt(url, "&assetTypes=%.*s.*", AS_STR_ARG(host));
    }
}

static void take_assets(const as_paged *call, const as_value *body)
{
    asking *a = call->self;

    (void)body;
    a->answered = true;
}

/* Refused, or switched off: then the services tell. A filter that is not understood is left away.
 */
static void inventory_done(const as_paged *call, as_str error)
{
    asking *a = call->self;

    if (a->answered || error.n > 0)
        return;
    if (!a->all_types && as_str_is(a->s->last_error, "INVALID_ARGUMENT"))
        ask_inventory(a->s, a->scope, a->content, true);
    else if (strcmp(a->content, "RESOURCE") == 0)
        ask_services(a->s, a->scope);
}

static void ask_inventory(state *s, as_str scope, const char *content, bool all_types)
{
    asking *a = AS_NEW(s->arena, asking);
    as_object_builder b;
    as_buf url;

    *a = (asking){.s = s, .scope = scope, .content = content, .all_types = all_types};
    as_buf_init(&url, s->arena, 0);
    as_buf_fmt(&url, "https://cloudasset.googleapis.com/v1/%.*s/assets?contentType=%s&pageSize=%d",
            AS_STR_ARG(scope), content, INVENTORY_PAGE);
    if (!all_types)
        add_types(s->arena, &url);
    a->url = as_buf_view(&url);
    as_object_begin(&b, s->arena);
    as_object_add(
            &b, AS_STR("parent"), AS_SPAN_NONE, as_value_string(s->arena, AS_SPAN_NONE, scope));
    as_object_add(&b, AS_STR("contentType"), AS_SPAN_NONE,
            as_value_string(s->arena, AS_SPAN_NONE, as_str_from(content)));
    if (all_types)
        as_object_add(&b, AS_STR("assetTypes"), AS_SPAN_NONE,
                as_value_string(s->arena, AS_SPAN_NONE, AS_STR("all")));
    as_paged call = {.part = as_str_fmt(s->arena, "gcp/%.*s/cloudasset",
                             AS_STR_ARG(as_collect_step(s->arena,
                                     as_str_starts(scope, "projects/")
                                             ? as_str_from_index(scope, strlen("projects/"))
                                             : scope))),
            .op = AS_STR("cloudasset:assets"),
            .params = as_object_end(&b, AS_SPAN_NONE),
            .scope = AS_STR("cloudasset"),
            .rate = inventory_rate,
            .next = next_page,
            .page = take_assets,
            .done = inventory_done};
    submit(a, &call);
}

void as_gcp_collect(as_gcp_collection *c)
{
    as_arena *arena = c->collect->arena;
    state *s = AS_NEW(arena, state);
    as_str token;

    *s = (state){.c = c, .arena = arena, .redactor = as_redactor_new(arena)};
    c->problem = AS_STR("");
    if (!as_gcp_credentials_token(c->credentials, arena, &token, &c->problem))
        return;
    for (size_t i = 0; i < c->scopes.n; i++) {
        ask_organization(s, c->scopes.items[i]);
        if (c->no_inventory) {
            ask_services(s, c->scopes.items[i]);
        } else {
            ask_inventory(s, c->scopes.items[i], "RESOURCE", false);
            ask_inventory(s, c->scopes.items[i], "IAM_POLICY", false);
        }
    }
    (void)as_http_run(c->collect->http);
    if (c->collect->n_missing > 0 && c->collect->n_missing >= c->collect->n_calls &&
            c->collect->n_recalled == 0)
        c->problem = as_str_fmt(arena, "everything was refused: %.*s", AS_STR_ARG(s->last_error));
}
