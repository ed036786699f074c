#include "engine/iam/account.h"

#include <stdlib.h>

#include "engine/iam/gather.h"

/* No request is made before this; what a policy allowed until an earlier time is over. */
#define NOT_BEFORE "2026-01-01T00:00:00Z"

typedef AS_VEC(as_iam_key) keys;

/* --- what is known of a principal's requests -------------------------------------------------- */

static void add_key(as_arena *arena, keys *list, const char *name, as_str value)
{
    as_str *values = AS_NEW(arena, as_str);
    *values = value;
    AS_VEC_PUSH(arena, list,
            (as_iam_key){.name = as_str_from(name), .present = AS_YES, .values = {values, 1}});
}

static void add_absent(as_arena *arena, keys *list, const char *name)
{
    AS_VEC_PUSH(arena, list, (as_iam_key){.name = as_str_from(name), .present = AS_NO});
}

static void add_time(as_arena *arena, keys *list, const char *name)
{
    add_key(arena, list, name, AS_STR(NOT_BEFORE));
    list->items[list->n - 1].at_least = true;
}

static void add_tag(as_arena *arena, keys *list, as_str name, const as_value *v)
{
    as_str key = as_str_lower(arena, as_str_fmt(arena, "aws:principaltag/%.*s", AS_STR_ARG(name)));
    if (!as_value_is_unknown(v) && !as_value_is_null(v)) {
        add_key(arena, list, "", as_iam_text(arena, v, NULL));
        list->items[list->n - 1].name = key;
    }
}

static void add_tags(as_arena *arena, keys *list, const as_entity *entity)
{
    const as_value *tags = as_iam_attribute_value(arena, entity, AS_STR("tags_all|tags|Tags"));
    for (size_t i = 0; tags != NULL && tags->kind == AS_OBJECT && i < tags->as.object->n; i++) {
        add_tag(arena, list, tags->as.object->members[i].key, tags->as.object->members[i].value);
    }
    for (size_t i = 0; tags != NULL && tags->kind == AS_LIST && i < tags->as.list.n; i++) {
        const as_value *tag = tags->as.list.items[i]; /* {Key, Value} of the API */
        add_tag(arena, list, as_value_str(as_value_get(tag, AS_STR("Key"))),
                as_value_get(tag, AS_STR("Value")));
    }
}

static void set_context(as_arena *arena, const as_iam_account *account, as_iam_principal *p)
{
    keys list = {0};
    bool user = p->kind != AS_IAM_KIND_ROLE;
    add_key(arena, &list, "aws:principalarn", p->arn);
    add_key(arena, &list, "aws:principalaccount", account->names.account);
    add_key(arena, &list, "aws:principaltype", user ? AS_STR("User") : AS_STR("AssumedRole"));
    add_key(arena, &list, "aws:principalisawsservice", AS_STR("false"));
    add_absent(arena, &list, "aws:principalservicename");
    add_absent(arena, &list, "aws:sourcearn"); /* of calls by services */
    add_absent(arena, &list, "aws:sourceaccount");
    add_key(arena, &list, "aws:securetransport", AS_STR("true"));
    add_time(arena, &list, "aws:currenttime");
    add_time(arena, &list, "aws:epochtime");
    add_time(arena, &list, "aws:tokenissuetime");
    if (user) {
        add_key(arena, &list, "aws:username", p->name);
    } else {
        add_absent(arena, &list, "aws:username");
    }
    add_tags(arena, &list, p->entity);
    p->context = (as_iam_context){list.items, list.n, AS_MAYBE, NULL};
    p->identity = (as_iam_identity){.type = user ? AS_IAM_USER : AS_IAM_ROLE,
            .arn = user ? p->arn : AS_STR(""),
            .role = user ? AS_STR("") : p->arn,
            .account = account->names.account};
}

/* --- sets of policies ----------------------------------------------------------------------------
 */

static int compare_pointers(const void *a, const void *b)
{
    const as_iam_policy *const *x = a, *const *y = b;
    return (*x > *y) - (*x < *y);
}

static bool is_personal_text(as_strs texts)
{
    for (size_t i = 0; i < texts.n; i++) {
        if (as_str_contains(texts.items[i], "${")) {
            return true;
        }
    }
    return false;
}

/* Whether what the policy says hangs on who asks. */
static bool is_personal(const as_iam_policy *policy)
{
    for (size_t i = 0; policy != NULL && i < policy->n_statements; i++) {
        const as_iam_statement *s = &policy->statements[i];
        if (is_personal_text(s->resources)) {
            return true;
        }
        for (size_t k = 0; k < s->n_conditions; k++) {
            as_str key = s->conditions[k].key;
            if (as_str_starts(key, "aws:principal") || as_str_starts(key, "aws:user") ||
                    is_personal_text(s->conditions[k].values)) {
                return true;
            }
        }
    }
    return false;
}

static void collect_policies(as_arena *arena, as_iam_principal *p)
{
    AS_VEC(const as_iam_policy *) list = {0};
    for (size_t i = 0; i < p->grants.n; i++) {
        AS_VEC_PUSH(arena, &list, p->grants.items[i].policy);
    }
    for (size_t g = 0; p->kind == AS_IAM_KIND_USER && g < p->groups.n; g++) {
        const as_iam_principal *group = p->groups.items[g];
        for (size_t i = 0; i < group->grants.n; i++) {
            AS_VEC_PUSH(arena, &list, group->grants.items[i].policy);
        }
    }
    p->policies = (as_iam_policies){list.items, list.n};
}

static void assign_set(as_arena *arena, as_iam_account *account, as_map *sets, as_iam_principal *p)
{
    bool personal = is_personal(p->boundary);
    const as_iam_policy **sorted = AS_NEW_ARRAY(arena, const as_iam_policy *, p->policies.n + 1);
    for (size_t i = 0; i < p->policies.n; i++) {
        sorted[i] = p->policies.items[i];
        personal = personal || is_personal(sorted[i]);
    }
    qsort(sorted, p->policies.n, sizeof *sorted, compare_pointers);
    sorted[p->policies.n] = p->boundary;
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    as_buf_add(&buf, sorted, (p->policies.n + 1) * sizeof *sorted);
    as_buf_fmt(&buf, "%d:%u", (int)(p->kind == AS_IAM_KIND_ROLE), personal ? p->index + 1 : 0);
    union {
        uintptr_t number;
        void *pointer;
    } set = {.pointer = as_map_get(sets, as_buf_view(&buf))};
    if (set.number == 0) {
        set.number = ++account->n_sets;
        as_map_put(arena, sets, as_buf_view(&buf), set.pointer);
    }
    p->set = (uint32_t)set.number - 1;
}

/* --- accounts ------------------------------------------------------------------------------------
 */

/* The account that the entities name themselves, or a mark of the unit. */
static as_str account_of(
        as_arena *arena, const as_unit *unit, const as_entity *const *entities, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (entities[i]->account.n > 0) {
            return entities[i]->account;
        }
        as_str arn = as_value_str(as_iam_attribute_value(arena, entities[i], AS_STR("Arn|arn")));
        as_str account = as_iam_arn_part(arn, 4);
        if (account.n == 12 && as_str_is(as_iam_arn_part(arn, 2), "iam")) {
            return account;
        }
    }
    return as_str_fmt(arena, AS_IAM_MARK "u%u" AS_IAM_MARK, unit == NULL ? 0 : unit->id);
}

static void build(
        as_iam_accounts *accounts, const as_unit *unit, const as_entity *const *entities, size_t n)
{
    as_arena *arena = accounts->arena;
    as_iam_account *account = AS_NEW(arena, as_iam_account);
    as_iam_gathering g = {.arena = arena, .accounts = accounts, .account = account};
    account->unit = unit;
    account->open = entities[0]->origin != AS_ORIGIN_LIVE;
    as_iam_names_init(
            &account->names, arena, accounts->graph, unit, account_of(arena, unit, entities, n));
    as_iam_gather_principals(&g, entities, n);
    as_iam_gather_grants(&g, entities, n);
    as_iam_gather_resources(&g, entities, n);
    as_iam_gather_scp(&g);
    as_map sets = {0};
    for (size_t i = 0; i < account->principals.n; i++) {
        as_iam_principal *p = account->principals.items[i];
        collect_policies(arena, p);
        set_context(arena, account, p);
        assign_set(arena, account, &sets, p);
    }
    if (account->principals.n > 0 || account->resources.n > 0) {
        AS_VEC_PUSH(arena, &accounts->list, account);
    }
}

static bool is_aws(const as_entity *entity)
{
    return as_str_starts(entity->type, "aws_") || as_str_starts(entity->type, "aws:");
}

typedef AS_VEC(const as_entity *) entity_list;

/* A snapshot may hold several accounts: each is one, with the entities that name it. */
static void build_each(as_iam_accounts *accounts, const as_entity *const *entities, size_t n)
{
    as_arena *arena = accounts->arena;
    as_map by_name = {0};
    AS_VEC(entity_list *) all = {0};
    for (size_t i = 0; i < n; i++) {
        entity_list *own = as_map_get(&by_name, entities[i]->account);
        if (own == NULL) {
            own = AS_NEW(arena, entity_list);
            as_map_put(arena, &by_name, entities[i]->account, own);
            AS_VEC_PUSH(arena, &all, own);
        }
        AS_VEC_PUSH(arena, own, entities[i]);
    }
    for (size_t i = 0; i < all.n; i++) {
        build(accounts, entities[0]->unit, all.items[i]->items, all.items[i]->n);
    }
}

const as_iam_accounts *as_iam_accounts_of(as_arena *arena, const as_graph *graph)
{
    as_iam_accounts *accounts = AS_NEW(arena, as_iam_accounts);
    accounts->arena = arena;
    accounts->graph = graph;
    size_t n = as_graph_count(graph), n_unit = 0;
    const as_entity **unit = AS_NEW_ARRAY(arena, const as_entity *, n);
    for (uint32_t id = 1; id <= n; id++) { /* units follow one another in the order of ids */
        const as_entity *e = as_graph_get(graph, id);
        if (n_unit > 0 && unit[0]->unit != e->unit) {
            build_each(accounts, unit, n_unit);
            n_unit = 0;
        }
        if (is_aws(e)) {
            unit[n_unit++] = e;
        }
    }
    if (n_unit > 0) {
        build_each(accounts, unit, n_unit);
    }
    return accounts;
}

static bool is_called(const as_iam_principal *p, as_str text)
{
    static const char *const words[] = {"user/", "role/", "group/"};
    size_t n = strlen(words[p->kind]);
    return as_str_eq(p->entity->address, text) || as_str_eq(p->arn, text) ||
           as_str_eq(p->name, text) ||
           (as_str_starts(text, words[p->kind]) && as_str_eq(as_str_from_index(text, n), p->name));
}

const as_iam_principal *as_iam_principal_find(
        const as_iam_accounts *accounts, as_str text, const as_iam_account **account)
{
    for (size_t a = 0; a < accounts->list.n; a++) {
        const as_iam_account *one = accounts->list.items[a];
        for (size_t i = 0; i < one->principals.n; i++) {
            const as_iam_principal *p = one->principals.items[i];
            /* An ARN with an account finds one whose account is not known as well. */
            if (is_called(p, text) ||
                    (as_iam_is_arn(text) && as_iam_equal(p->arn, text, false) != AS_NO)) {
                if (account != NULL) {
                    *account = one;
                }
                return p;
            }
        }
    }
    return NULL;
}

const as_iam_principal *as_iam_principal_of(
        const as_iam_accounts *accounts, const as_entity *entity, const as_iam_account **account)
{
    for (size_t a = 0; a < accounts->list.n; a++) {
        const as_iam_account *one = accounts->list.items[a];
        for (size_t i = 0; one->unit == entity->unit && i < one->principals.n; i++) {
            if (one->principals.items[i]->entity == entity) {
                *account = one;
                return one->principals.items[i];
            }
        }
    }
    return NULL;
}

as_str as_iam_principal_name(const as_iam_principal *p)
{
    return p->entity->address.n > 0 ? p->entity->address : p->arn;
}

const as_iam_resource *as_iam_resource_find(const as_iam_account *account, as_str text)
{
    for (size_t i = 0; i < account->resources.n; i++) {
        const as_iam_resource *r = &account->resources.items[i];
        if (as_str_eq(r->entity->address, text) || as_str_eq(r->arn, text)) {
            return r;
        }
    }
    return NULL;
}

/* The resource that an ARN lies in: a bucket, of an object. */
static const as_iam_resource *resource_around(const as_iam_account *account, as_str arn)
{
    for (size_t i = 0; i < account->resources.n; i++) {
        const as_iam_resource *r = &account->resources.items[i];
        if (as_str_eq(r->arn, arn) ||
                (r->policy != NULL && arn.n > r->arn.n && arn.p[r->arn.n] == '/' &&
                        as_str_eq(as_str_slice(arn, 0, r->arn.n), r->arn))) {
            return r;
        }
    }
    return NULL;
}

bool as_iam_can_everywhere(as_arena *arena, const as_iam_principal *p, as_str action)
{
    as_iam_request request = {.who = p->identity,
            .action = action,
            .resource = AS_STR(AS_HOLE),
            .caller_chooses = true,
            .context = p->context};
    as_iam_policies boundary = {&p->boundary, p->boundary != NULL};
    as_iam_outcome o = as_iam_outcome_of(arena, &request, p->policies);
    bool all = o.allow == AS_YES && o.deny == AS_NO;
    if (all && boundary.n > 0) {
        o = as_iam_outcome_of(arena, &request, boundary);
        all = o.allow == AS_YES && o.deny == AS_NO;
    }
    return all;
}

/* Service control policies do not bind service-linked roles. */
static bool is_service_linked(const as_iam_principal *p)
{
    return as_str_contains(p->arn, ":role/aws-service-role/");
}

as_iam_target_policy as_iam_target_of(
        as_arena *arena, const as_iam_account *account, as_str action, as_str resource)
{
    const as_iam_resource *declared = as_iam_resource_find(account, resource);
    as_iam_target_policy t = {.resource = declared != NULL ? declared->arn : resource};
    if (resource.n == 0) {
        t.resource = AS_STR(AS_HOLE);
        t.choose = true;
    } else if (declared == NULL) {
        declared = resource_around(account, resource);
    }
    if (declared != NULL) {
        t.policy = declared->policy;
        t.kind = declared->kind;
        if (t.resource.n == declared->arn.n && as_str_starts(declared->arn, "arn:aws:s3:::") &&
                as_str_contains(action, "Object")) {
            /* Of a bucket: any object in it. */
            t.resource = as_str_fmt(arena, "%.*s/" AS_HOLE, AS_STR_ARG(declared->arn));
            t.choose = true;
        }
    }
    const as_iam_principal *role = as_map_get(&account->by_arn, t.resource);
    if (role != NULL && role->trust != NULL &&
            as_str_starts(as_str_lower(arena, action), "sts:assumerole")) {
        t.policy = role->trust;
        t.kind = AS_IAM_RESOURCE_TRUST;
    }
    return t;
}

as_iam_verdict as_iam_can(as_arena *arena, const as_iam_account *account, const as_iam_principal *p,
        as_str action, as_str resource)
{
    as_iam_target_policy target = as_iam_target_of(arena, account, action, resource);
    as_iam_request request = {.who = p->identity,
            .action = action,
            .resource = target.resource,
            .choose = target.choose,
            .caller_chooses = true};
    as_str owner = as_iam_arn_part(request.resource, 4);
    request.resource_account =
            owner.n > 0 && !as_str_is(owner, "aws") ? owner : account->names.account;
    as_iam_inputs in = {.identity = p->policies,
            .boundary = p->boundary,
            .resource = target.policy,
            .resource_kind = target.kind,
            .scp = account->scp,
            .n_scp = is_service_linked(p) ? 0 : account->n_scp,
            .rcp = &account->rcp,
            .n_rcp = !is_service_linked(p) && account->rcp.n > 0 &&
                     as_str_eq(request.resource_account, account->names.account)};
    as_iam_key keys_of_resource[] = {{.name = AS_STR("aws:resourceaccount"),
            .present = AS_YES,
            .values = {&request.resource_account, 1}}};
    request.context = (as_iam_context){keys_of_resource, 1, AS_MAYBE, &p->context};
    return as_iam_evaluate(arena, &request, &in);
}
