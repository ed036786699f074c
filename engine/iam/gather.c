#include "engine/iam/gather.h"

#include "parsers/json/json.h"

static const char *const kind_words[] = {"user", "role", "group"};

static as_str key_of(as_arena *arena, as_iam_kind kind, as_str name)
{
    return as_str_fmt(arena, "%s/%.*s", kind_words[kind], AS_STR_ARG(name));
}

static as_str entity_key(as_arena *arena, const as_entity *entity)
{
    return as_str_fmt(arena, "%u", entity->id);
}

static const as_value *attribute(
        const as_iam_gathering *g, const as_entity *entity, const char *path)
{
    return as_iam_attribute_value(g->arena, entity, as_str_from(path));
}

static bool is_type(const as_entity *entity, const char *terraform, const char *live)
{
    return as_str_is(entity->type, terraform) || as_str_is(entity->type, live);
}

/* --- principals ----------------------------------------------------------------------------------
 */

static as_iam_principal *add_principal(
        as_iam_gathering *g, const as_entity *entity, as_iam_kind kind)
{
    static const char *const names[] = {"name|UserName", "name|RoleName|Name", "name|GroupName"};
    as_iam_principal *p = AS_NEW(g->arena, as_iam_principal);
    p->kind = kind;
    p->entity = entity;
    p->index = (uint32_t)g->account->principals.n;
    p->name = as_iam_attribute(&g->account->names, entity, as_str_from(names[kind]));
    p->arn = as_iam_arn_of(&g->account->names, entity);
    if (p->arn.n == 0) { /* live entities that lack their ARN */
        p->arn = as_str_fmt(g->arena, "arn:aws:iam::%.*s:%s/%.*s",
                AS_STR_ARG(g->account->names.account), kind_words[kind], AS_STR_ARG(p->name));
    }
    p->reserved = as_str_contains(p->arn, ":role/aws-service-role/");
    AS_VEC_PUSH(g->arena, &g->account->principals, p);
    as_map_put(g->arena, &g->account->by_arn, p->arn, p);
    as_map_put(g->arena, &g->by_entity, entity_key(g->arena, entity), p);
    if (p->name.n > 0 && !as_iam_has_hole(p->name)) {
        as_map_put(g->arena, &g->by_name, key_of(g->arena, kind, p->name), p);
    }
    return p;
}

/* IAM Identity Center makes a role of a permission set in each account; nobody else changes or
 * passes it. */
static void add_permission_set(as_iam_gathering *g, const as_entity *entity)
{
    as_iam_principal *p = add_principal(g, entity, AS_IAM_KIND_ROLE);
    p->reserved = true;
}

/* The document of the version in force, among the answers of the API. */
static const as_value *policy_document(const as_iam_gathering *g, const as_entity *entity)
{
    const as_value *direct =
            attribute(g, entity, "policy|Document|PolicyDocument|PolicyVersion.Document");
    const as_value *versions = attribute(g, entity, "PolicyVersionList");
    for (size_t i = 0; direct == NULL && i < as_value_count(versions); i++) {
        const as_value *v = as_value_index(versions, i);
        if (as_value_bool_or(as_value_get(v, AS_STR("IsDefaultVersion")), false)) {
            direct = as_value_get(v, AS_STR("Document"));
        }
    }
    return direct;
}

static const as_iam_policy *parse(
        as_iam_gathering *g, const as_value *document, as_str name, const as_entity *entity)
{
    const as_iam_policy *parsed =
            as_iam_policy_parse(g->arena, document, name, &g->account->names.resolver);
    if (parsed->span.file == 0) { /* nothing better is known */
        as_iam_policy *placed = AS_NEW(g->arena, as_iam_policy);
        *placed = *parsed;
        placed->span = entity->head;
        return placed;
    }
    return parsed;
}

union pointer {
    const void *in;
    void *out;
};

/* The versions that are not in force. */
static void add_versions(as_iam_gathering *g, const as_entity *entity, as_str arn)
{
    const as_value *list = attribute(g, entity, "PolicyVersionList");
    if (list == NULL || list->kind != AS_LIST) {
        return;
    }
    const as_iam_policy **others = AS_NEW_ARRAY(g->arena, const as_iam_policy *, list->as.list.n);
    as_iam_policies *all = AS_NEW(g->arena, as_iam_policies);
    for (size_t i = 0; i < list->as.list.n; i++) {
        const as_value *v = list->as.list.items[i];
        if (!as_value_bool_or(as_value_get(v, AS_STR("IsDefaultVersion")), false)) {
            others[all->n++] = as_iam_policy_parse(
                    g->arena, as_value_get(v, AS_STR("Document")), entity->address, NULL);
        }
    }
    all->items = others;
    as_map_put(g->arena, &g->account->versions, arn, all);
}

static void add_managed(as_iam_gathering *g, const as_entity *entity)
{
    as_str arn = as_iam_arn_of(&g->account->names, entity);
    add_versions(g, entity, arn);
    union pointer p = {.in = parse(g, policy_document(g, entity), entity->address, entity)};
    as_map_put(g->arena, &g->account->policies, arn, p.out);
    as_map_put(g->arena, &g->account->policies, entity_key(g->arena, entity), p.out);
}

void as_iam_gather_principals(as_iam_gathering *g, const as_entity *const *entities, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const as_entity *e = entities[i];
        if (is_type(e, "aws_iam_user", "aws:iam:user")) {
            add_principal(g, e, AS_IAM_KIND_USER);
        } else if (is_type(e, "aws_iam_role", "aws:iam:role")) {
            add_principal(g, e, AS_IAM_KIND_ROLE);
        } else if (is_type(e, "aws_ssoadmin_permission_set", "aws:sso:permissionSet")) {
            add_permission_set(g, e);
        } else if (is_type(e, "aws_iam_group", "aws:iam:group")) {
            add_principal(g, e, AS_IAM_KIND_GROUP);
        } else if (is_type(e, "aws_iam_policy", "aws:iam:policy")) {
            add_managed(g, e);
        }
    }
}

/* --- finding what values mean --------------------------------------------------------------------
 */

/* Last part of an ARN's path, or the text itself. */
static as_str last_name(as_str text)
{
    if (as_iam_is_arn(text)) {
        size_t slash = as_str_rfind_char(text, '/');
        return slash == (size_t)-1 ? text : as_str_from_index(text, slash + 1);
    }
    return text;
}

as_iam_principal *as_iam_gather_find(
        as_iam_gathering *g, const as_entity *from, const as_value *v, as_iam_kind kind)
{
    size_t n;
    const as_entity *const *targets = as_graph_targets(g->accounts->graph, g->arena, from, v, &n);
    for (size_t i = 0; i < n; i++) {
        as_iam_principal *p = as_map_get(&g->by_entity, entity_key(g->arena, targets[i]));
        if (p != NULL && p->kind == kind) {
            return p;
        }
        if (kind == AS_IAM_KIND_ROLE &&
                is_type(targets[i], "aws_iam_instance_profile", "aws:iam:instance-profile")) {
            return as_iam_gather_find(
                    g, targets[i], attribute(g, targets[i], "role|RoleName"), kind);
        }
    }
    as_str text = last_name(as_iam_text(g->arena, v, &g->account->names.resolver));
    return as_map_get(&g->by_name, key_of(g->arena, kind, text));
}

const as_iam_policy *as_iam_gather_policy(as_iam_gathering *g, as_str arn, as_span span)
{
    const as_iam_policy *known = as_map_get(&g->account->policies, arn);
    if (known != NULL) {
        return known;
    }
    as_iam_accounts *all = g->accounts;
    as_str document = as_iam_managed_find(&all->managed, g->arena, arn);
    if (document.n == 0) {
        as_str shown = as_iam_shown(g->arena, arn);
        known = as_iam_policy_unknown(g->arena, shown, span,
                as_str_fmt(g->arena, "the policy %.*s is not known", AS_STR_ARG(shown)));
    } else {
        known = as_iam_policy_parse(g->arena, as_value_string(g->arena, span, document), arn, NULL);
    }
    union pointer p = {.in = known};
    as_map_put(g->arena, &g->account->policies, as_str_dup(g->arena, arn), p.out);
    return known;
}

/* A managed policy that a value refers to or names by ARN. */
static as_iam_grant managed_grant(as_iam_gathering *g, const as_entity *from, const as_value *v)
{
    as_iam_grant grant = {.span = v == NULL ? from->head : v->span};
    size_t n;
    const as_entity *const *targets = as_graph_targets(g->accounts->graph, g->arena, from, v, &n);
    for (size_t i = 0; i < n && grant.policy == NULL; i++) {
        if (is_type(targets[i], "aws_iam_policy", "aws:iam:policy")) {
            grant.policy = as_map_get(&g->account->policies, entity_key(g->arena, targets[i]));
            grant.arn = as_iam_arn_of(&g->account->names, targets[i]);
        }
    }
    if (grant.policy == NULL) {
        grant.arn = as_iam_text(g->arena, v, &g->account->names.resolver);
        grant.policy = as_iam_gather_policy(g, grant.arn, grant.span);
    }
    grant.customer = !as_str_contains(grant.arn, ":iam::aws:policy/");
    return grant;
}

/* Calls `add` for a value, or for each of a list of them. */
typedef void (*each_fn)(as_iam_gathering *g, const as_entity *from, const as_value *v, void *self);

static void each(
        as_iam_gathering *g, const as_entity *from, const as_value *v, each_fn add, void *self)
{
    if (v != NULL && v->kind == AS_LIST) {
        for (size_t i = 0; i < v->as.list.n; i++) {
            each(g, from, v->as.list.items[i], add, self);
        }
    } else if (!as_value_is_null(v)) {
        add(g, from, v, self);
    }
}

static bool has_grant(const as_iam_principal *p, const as_iam_policy *policy)
{
    for (size_t i = 0; i < p->grants.n; i++) {
        if (p->grants.items[i].policy == policy) {
            return true;
        }
    }
    return false;
}

static void give(as_iam_gathering *g, as_iam_principal *p, as_iam_grant grant)
{
    if (p != NULL && grant.policy != NULL && !has_grant(p, grant.policy)) {
        AS_VEC_PUSH(g->arena, &p->grants, grant);
    }
}

static void attach(as_iam_gathering *g, const as_entity *from, const as_value *v, void *self)
{
    /* The API lists {PolicyName, PolicyArn}. */
    const as_value *arn = v->kind == AS_OBJECT ? as_value_get(v, AS_STR("PolicyArn")) : v;
    give(g, self, managed_grant(g, from, arn));
}

/* --- what belongs to a principal -----------------------------------------------------------------
 */

static void inline_policy(as_iam_gathering *g, const as_entity *from, const as_value *v, void *self)
{
    if (v->kind != AS_OBJECT) {
        give(g, self,
                (as_iam_grant){.span = v->span,
                        .policy = as_iam_policy_unknown(g->arena, AS_STR("an inline policy"),
                                v->span, as_value_reason(v))});
        return;
    }
    const as_value *document = as_value_get(v, AS_STR("policy"));
    document = document != NULL ? document : as_value_get(v, AS_STR("PolicyDocument"));
    if (as_value_is_null(document)) {
        return; /* an empty block says that there are none */
    }
    give(g, self,
            (as_iam_grant){.policy = parse(g, document, from->address, from), .span = v->span});
}

static void join_group(as_iam_gathering *g, as_iam_principal *user, as_iam_principal *group)
{
    if (user == NULL || group == NULL) {
        return;
    }
    for (size_t i = 0; i < user->groups.n; i++) {
        if (user->groups.items[i] == group) {
            return;
        }
    }
    AS_VEC_PUSH(g->arena, &user->groups, group);
    AS_VEC_PUSH(g->arena, &group->groups, user);
}

static void add_member(as_iam_gathering *g, const as_entity *from, const as_value *v, void *self)
{
    join_group(g, as_iam_gather_find(g, from, v, AS_IAM_KIND_USER), self);
}

static void add_membership(
        as_iam_gathering *g, const as_entity *from, const as_value *v, void *self)
{
    join_group(g, self, as_iam_gather_find(g, from, v, AS_IAM_KIND_GROUP));
}

static void of_principal(as_iam_gathering *g, as_iam_principal *p)
{
    const as_entity *e = p->entity;
    each(g, e, attribute(g, e, "inline_policy|RolePolicyList|UserPolicyList|GroupPolicyList"),
            inline_policy, p);
    each(g, e, attribute(g, e, "managed_policy_arns|AttachedManagedPolicies"), attach, p);
    const as_value *boundary =
            attribute(g, e, "permissions_boundary|PermissionsBoundary.PermissionsBoundaryArn");
    if (boundary != NULL && !(boundary->kind == AS_STRING && boundary->as.str.n == 0)) {
        p->boundary = managed_grant(g, e, boundary).policy;
    }
    if (p->kind == AS_IAM_KIND_ROLE &&
            !is_type(e, "aws_ssoadmin_permission_set", "aws:sso:permissionSet")) {
        const as_value *trust = attribute(g, e, "assume_role_policy|AssumeRolePolicyDocument");
        p->trust = parse(g, trust, e->address, e);
    }
    if (p->kind == AS_IAM_KIND_USER) {
        each(g, e, attribute(g, e, "GroupList"), add_membership, p);
        p->has_login = attribute(g, e, "LoginProfile") != NULL;
    }
}

/* --- resources that join -------------------------------------------------------------------------
 */

typedef struct attachment {
    const as_value *policy;
    as_iam_kind kind;
} attachment;

static void attach_to(as_iam_gathering *g, const as_entity *from, const as_value *v, void *self)
{
    const attachment *a = self;
    as_iam_principal *p = as_iam_gather_find(g, from, v, a->kind);
    if (p != NULL) {
        give(g, p, managed_grant(g, from, a->policy));
    }
}

static void inline_of(as_iam_gathering *g, const as_entity *e, const char *owner, as_iam_kind kind)
{
    as_iam_principal *p = as_iam_gather_find(g, e, attribute(g, e, owner), kind);
    const as_value *document = attribute(g, e, "policy|PolicyDocument|inline_policy");
    if (p != NULL) {
        give(g, p,
                (as_iam_grant){.policy = parse(g, document, e->address, e),
                        .span = document == NULL ? e->head : document->span});
    }
}

static const struct {
    const char *type;
    enum { JOIN_INLINE, JOIN_ATTACH, JOIN_ATTACH_ALL, JOIN_MEMBERS, JOIN_GROUPS, JOIN_LOGIN } how;
    const char *owner;
    as_iam_kind kind;
} joins[] = {
        {"aws_iam_role_policy", JOIN_INLINE, "role", AS_IAM_KIND_ROLE},
        {"aws_iam_user_policy", JOIN_INLINE, "user", AS_IAM_KIND_USER},
        {"aws_iam_group_policy", JOIN_INLINE, "group", AS_IAM_KIND_GROUP},
        {"aws_iam_role_policy_attachment", JOIN_ATTACH, "role", AS_IAM_KIND_ROLE},
        {"aws_iam_user_policy_attachment", JOIN_ATTACH, "user", AS_IAM_KIND_USER},
        {"aws_iam_group_policy_attachment", JOIN_ATTACH, "group", AS_IAM_KIND_GROUP},
        {"aws_iam_role_policy_attachments_exclusive", JOIN_ATTACH, "role_name", AS_IAM_KIND_ROLE},
        {"aws_iam_user_policy_attachments_exclusive", JOIN_ATTACH, "user_name", AS_IAM_KIND_USER},
        {"aws_iam_group_policy_attachments_exclusive", JOIN_ATTACH, "group_name",
                AS_IAM_KIND_GROUP},
        {"aws_ssoadmin_permission_set_inline_policy", JOIN_INLINE, "permission_set_arn",
                AS_IAM_KIND_ROLE},
        {"aws_ssoadmin_managed_policy_attachment", JOIN_ATTACH, "permission_set_arn",
                AS_IAM_KIND_ROLE},
        {"aws_iam_policy_attachment", JOIN_ATTACH_ALL, "", AS_IAM_KIND_USER},
        {"aws_iam_group_membership", JOIN_MEMBERS, "group", AS_IAM_KIND_GROUP},
        {"aws_iam_user_group_membership", JOIN_GROUPS, "user", AS_IAM_KIND_USER},
        {"aws_iam_user_login_profile", JOIN_LOGIN, "user", AS_IAM_KIND_USER},
};

static void join_one(as_iam_gathering *g, const as_entity *e, size_t j)
{
    const as_value *owner = attribute(g, e, joins[j].owner);
    as_iam_principal *p;
    attachment a = {attribute(g, e, "policy_arn|policy_arns|managed_policy_arn"), joins[j].kind};
    switch (joins[j].how) {
    case JOIN_INLINE:
        inline_of(g, e, joins[j].owner, joins[j].kind);
        break;
    case JOIN_ATTACH:
        p = as_iam_gather_find(g, e, owner, joins[j].kind);
        if (p != NULL) {
            each(g, e, a.policy, attach, p);
        }
        break;
    case JOIN_ATTACH_ALL:
        each(g, e, attribute(g, e, "users"), attach_to, &(attachment){a.policy, AS_IAM_KIND_USER});
        each(g, e, attribute(g, e, "roles"), attach_to, &(attachment){a.policy, AS_IAM_KIND_ROLE});
        each(g, e, attribute(g, e, "groups"), attach_to,
                &(attachment){a.policy, AS_IAM_KIND_GROUP});
        break;
    case JOIN_MEMBERS:
        each(g, e, attribute(g, e, "users"), add_member,
                as_iam_gather_find(g, e, owner, AS_IAM_KIND_GROUP));
        break;
    case JOIN_GROUPS:
        each(g, e, attribute(g, e, "groups"), add_membership,
                as_iam_gather_find(g, e, owner, AS_IAM_KIND_USER));
        break;
    case JOIN_LOGIN:
        p = as_iam_gather_find(g, e, owner, AS_IAM_KIND_USER);
        if (p != NULL) {
            p->has_login = true;
        }
        break;
    }
}

void as_iam_gather_grants(as_iam_gathering *g, const as_entity *const *entities, size_t n)
{
    for (size_t i = 0; i < g->account->principals.n; i++) {
        of_principal(g, g->account->principals.items[i]);
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < sizeof joins / sizeof *joins; j++) {
            if (as_str_is(entities[i]->type, joins[j].type)) {
                join_one(g, entities[i], j);
            }
        }
    }
}
