#include "parsers/live/aws/accounts.h"

#include <stdlib.h>
#include <time.h>

#include "parsers/live/aws/answer.h"
#include "parsers/live/aws/endpoint.h"
#include "parsers/live/aws/session.h"

enum { MAX_PAGES = 10000, MAX_UNIT_DEPTH = 8 };

/* A question outside of the collection: one page after the other, `take` sees each body. */
typedef struct question {
    as_arena *arena;
    const as_aws_tables *tables;
    const as_aws_collect_options *options;
    as_aws_session *session;
    const char *operation;
    const as_value *params;
    void (*take)(void *self, const as_value *body);
    void *self;
    as_str code, message; /* of the error */
} question;

static bool ask_page(question *q, const as_aws_operation *op, const as_aws_page *page,
        as_aws_answer *out, as_str *problem)
{
    as_str home = as_aws_session_region(q->session);
    as_str region = as_aws_home_region(op, home);
    as_str base =
            as_aws_endpoint(q->arena, op, region, q->options->endpoint_url, AS_STR(""), AS_STR(""));
    as_aws_request request = as_aws_request_make(q->arena, op, base, q->params, page);
    int64_t offset = 0;

    for (int i = 0; i < 2; i++) {
        as_aws_keys keys;
        if (!as_aws_session_keys(q->session, &keys, problem))
            return false;
        as_http_request http = as_aws_request_signed(
                q->arena, op, &request, &keys, region, as_aws_date(q->arena, offset));
        as_http_answer got = as_aws_session_ask(q->session, q->arena, &http, 5);
        *out = as_aws_answer_read(q->arena, op, &got);
        bool again = (as_aws_is_expired(out->code) &&
                             as_aws_session_expire(q->session, keys.access_key)) ||
                     as_aws_is_skewed(out->code, &got, (int64_t)time(NULL), &offset);
        if (!again)
            break;
    }
    q->code = out->code;
    q->message = out->message;
    return out->code.n == 0;
}

static bool ask(question *q)
{
    const as_aws_operation *op = as_aws_operation_find(q->tables, as_str_from(q->operation));
    as_aws_page page = {0}, next;
    bool more = true, loop;

    for (int i = 0; more && i < MAX_PAGES; i++) {
        as_aws_answer answer = {0};
        as_str problem = AS_STR("");
        if (!ask_page(q, op, &page, &answer, &problem)) {
            q->message = q->message.n > 0 ? q->message : problem;
            return false;
        }
        q->take(q->self, answer.body);
        more = as_aws_next_page(q->arena, op, answer.body, &page, &next, &loop);
        page = next;
    }
    return true;
}

static as_str text_at(const as_value *v, const char *name)
{
    return as_value_str(as_value_get(v, as_str_from(name)));
}

static const as_value *one_param(as_arena *arena, const char *name, as_str text)
{
    as_object_builder b;

    as_object_begin(&b, arena);
    as_object_add(&b, as_str_from(name), AS_SPAN_NONE, as_value_string(arena, AS_SPAN_NONE, text));
    return as_object_end(&b, AS_SPAN_NONE);
}

/* --- who we are ------------------------------------------------------------------------------- */

static void take_identity(void *self, const as_value *body)
{
    as_str *account = self;

    *account = text_at(body, "Account");
}

static bool whoami(as_arena *arena, const as_aws_tables *tables,
        const as_aws_collect_options *options, as_aws_session *session, as_str *account,
        as_str *problem)
{
    question q = {.arena = arena,
            .tables = tables,
            .options = options,
            .session = session,
            .operation = "sts:GetCallerIdentity",
            .take = take_identity,
            .self = account};

    *account = AS_STR("");
    if (ask(&q) && account->n == 12)
        return true;
    *problem = as_str_fmt(arena, "the keys are not accepted: %.*s%s%.*s", AS_STR_ARG(q.code),
            q.code.n > 0 && q.message.n > 0 ? ": " : "", AS_STR_ARG(q.message));
    return false;
}

/* --- the organisation ------------------------------------------------------------------------- */

typedef AS_VEC(as_str) str_list;

typedef struct listing {
    as_arena *arena;
    str_list ids;
    const char *list, *id;
    bool active_only;
} listing;

static void take_ids(void *self, const as_value *body)
{
    listing *l = self;
    const as_value *items = as_value_get(body, as_str_from(l->list));

    for (size_t i = 0; i < as_value_count(items); i++) {
        const as_value *item = as_value_index(items, i);
        as_str status = text_at(item, "Status");
        if (!l->active_only || status.n == 0 || as_str_is(status, "ACTIVE"))
            AS_VEC_PUSH(l->arena, &l->ids, as_str_dup(l->arena, text_at(item, l->id)));
    }
}

static bool list_ids(question *pattern, const char *operation, const as_value *params, listing *l)
{
    pattern->operation = operation;
    pattern->params = params;
    pattern->take = take_ids;
    pattern->self = l;
    return ask(pattern);
}

/* Accounts in the unit and the units below it. */
static bool accounts_of_unit(question *q, as_str unit, str_list *out, int depth)
{
    listing accounts = {.arena = q->arena, .list = "Accounts", .id = "Id", .active_only = true};
    listing units = {.arena = q->arena, .list = "OrganizationalUnits", .id = "Id"};
    const as_value *params = one_param(q->arena, "ParentId", unit);

    if (depth > MAX_UNIT_DEPTH ||
            !list_ids(q, "organizations:ListAccountsForParent", params, &accounts) ||
            !list_ids(q, "organizations:ListOrganizationalUnitsForParent", params, &units))
        return false;
    for (size_t i = 0; i < accounts.ids.n; i++)
        AS_VEC_PUSH(q->arena, out, accounts.ids.items[i]);
    for (size_t i = 0; i < units.ids.n; i++)
        if (!accounts_of_unit(q, units.ids.items[i], out, depth + 1))
            return false;
    return true;
}

static bool list_organization(question *q, str_list *out, as_str *problem)
{
    const as_strs units = q->options->units;
    bool fine = true;

    if (units.n > 0) {
        for (size_t i = 0; fine && i < units.n; i++)
            fine = accounts_of_unit(q, units.items[i], out, 0);
    } else {
        listing all = {.arena = q->arena, .list = "Accounts", .id = "Id", .active_only = true};
        fine = list_ids(q, "organizations:ListAccounts", NULL, &all);
        for (size_t i = 0; i < all.ids.n; i++)
            AS_VEC_PUSH(q->arena, out, all.ids.items[i]);
    }
    if (!fine)
        *problem = as_str_fmt(q->arena,
                "the accounts of the organisation cannot be listed: %.*s%s%.*s (its management "
                "account or a delegated administrator may)",
                AS_STR_ARG(q->code), q->message.n > 0 ? ": " : "", AS_STR_ARG(q->message));
    return fine;
}

/* --- accounts --------------------------------------------------------------------------------- */

static bool among(as_strs list, as_str text)
{
    for (size_t i = 0; i < list.n; i++)
        if (as_str_eq(list.items[i], text))
            return true;
    return false;
}

typedef struct finding {
    as_arena *arena;
    const as_aws_tables *tables;
    const as_aws_collect_options *options;
    as_aws_session *base;
    as_str own;
    AS_VEC(as_aws_account) accounts;
    AS_VEC(as_str) refused;
} finding;

/* The account by its role, or by the keys that we have when they are its own. */
static void add_account(finding *f, as_str id)
{
    as_aws_account account = {.id = id, .session = f->base};
    as_str partition = as_aws_partition(as_aws_session_region(f->base)), who;
    as_str problem = AS_STR("");

    if (among(f->options->excluded, id))
        return;
    if (!as_str_eq(id, f->own)) {
        as_str role = as_str_fmt(f->arena, "arn:%.*s:iam::%.*s:role/%.*s", AS_STR_ARG(partition),
                AS_STR_ARG(id), AS_STR_ARG(f->options->role_name));
        account.session = as_aws_session_assume(f->arena, f->base, role, f->options->external_id);
        if (!whoami(f->arena, f->tables, f->options, account.session, &who, &problem)) {
            AS_VEC_PUSH(f->arena, &f->refused,
                    as_str_fmt(f->arena, "account %.*s is left out: %.*s", AS_STR_ARG(id),
                            AS_STR_ARG(problem)));
            return;
        }
    }
    AS_VEC_PUSH(f->arena, &f->accounts, account);
}

bool as_aws_accounts_find(as_arena *arena, const as_aws_tables *tables,
        const as_aws_collect_options *options, as_aws_session *base, as_aws_accounts *out,
        as_str *problem)
{
    finding f = {.arena = arena, .tables = tables, .options = options, .base = base};
    question q = {.arena = arena, .tables = tables, .options = options, .session = base};
    str_list ids = {0};

    if (!whoami(arena, tables, options, base, &f.own, problem))
        return false;
    bool listed = options->organization || options->units.n > 0;
    if (listed && !list_organization(&q, &ids, problem))
        return false;
    for (size_t i = 0; i < options->accounts.n; i++)
        AS_VEC_PUSH(arena, &ids, options->accounts.items[i]);
    if (!listed && options->accounts.n == 0)
        AS_VEC_PUSH(arena, &ids, f.own);
    if (ids.n > 1)
        qsort(ids.items, ids.n, sizeof *ids.items, as_str_compare_qsort);
    for (size_t i = 0; i < ids.n; i++)
        if (i == 0 || !as_str_eq(ids.items[i], ids.items[i - 1]))
            add_account(&f, ids.items[i]);
    *out = (as_aws_accounts){f.accounts.items, f.accounts.n, f.refused.items, f.refused.n};
    if (out->n == 0)
        *problem = f.refused.n > 0 ? f.refused.items[0] : AS_STR("there is no account to ask");
    return out->n > 0;
}

/* --- regions ---------------------------------------------------------------------------------- */

typedef struct regions {
    as_arena *arena;
    str_list names;
} regions;

static void take_regions(void *self, const as_value *body)
{
    regions *r = self;
    const as_value *list = as_value_get(body, AS_STR("Regions"));

    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *region = as_value_index(list, i);
        as_str status = text_at(region, "OptInStatus"), name = text_at(region, "RegionName");
        if (name.n > 0 && !as_str_is(status, "not-opted-in"))
            AS_VEC_PUSH(r->arena, &r->names, as_str_dup(r->arena, name));
    }
}

void as_aws_find_regions(as_aws_account *account, as_arena *arena, const as_aws_tables *tables,
        const as_aws_collect_options *options, as_aws_session *base)
{
    regions found = {.arena = arena};
    question q = {.arena = arena,
            .tables = tables,
            .options = options,
            .session = account->session,
            .operation = "ec2:DescribeRegions",
            .take = take_regions,
            .self = &found};

    account->home = as_aws_session_region(base);
    account->regions = options->regions;
    if (options->regions.n > 0)
        return;
    if (!ask(&q) || found.names.n == 0) {
        AS_VEC_PUSH(arena, &found.names, account->home);
        account->warning = as_str_fmt(arena,
                "account %.*s: its regions cannot be listed (%.*s), %.*s alone is asked",
                AS_STR_ARG(account->id), AS_STR_ARG(q.code), AS_STR_ARG(account->home));
    }
    qsort(found.names.items, found.names.n, sizeof *found.names.items, as_str_compare_qsort);
    account->regions = (as_strs){found.names.items, found.names.n};
}
