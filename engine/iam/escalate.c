#include "engine/iam/escalate_internal.h"

enum { MAX_MATCHES = 2, NOT_REACHED = 0, REACHED_CERTAINLY = 1, REACHED_POSSIBLY = 2 };

/* One step from a principal: with `to` NULL to administrator, or to what is not declared. `hop` is
 * the second step where the first makes another principal administrator. */
typedef struct edge {
    size_t method;
    as_iam_principal *to;
    as_str to_name, resource;
    const as_entity *workload;
    as_iam_answer answer;
    const struct edge *hop;
} edge;

typedef AS_VEC(edge) edges;

/* A set of policies and a method that it grants: which of the targets so far does it lead to? Two
 * are kept, for one may be the asker itself. */
typedef struct pair {
    size_t method;
    as_iam_answer rest;
    size_t cursor; /* of the targets */
    edge certain[MAX_MATCHES], possible[MAX_MATCHES];
    size_t n_certain, n_possible;
} pair;
typedef AS_VEC(pair) pairs;

typedef struct target {
    as_iam_principal *principal;
    bool certain;
} target;

typedef AS_VEC(const as_iam_running *) runnings;

typedef struct search {
    as_iam_search s;
    as_arena *arena;
    const as_iam_account *account;
    size_t n;        /* principals */
    as_truth *admin; /* by principal */
    uint8_t *reached;
    edge *best; /* of those reached */
    pairs *of_set;
    edges *own;               /* by principal: steps that need no target that was reached */
    edges *trusted;           /* by principal: roles among the targets that it may assume */
    as_iam_principals *named; /* by principal: roles whose trust policy names it */
    bool *wide; /* by role: the trust policy names an account, everyone or what is not known */
    as_truth **services; /* by method of a passed role: whether each principal trusts its service */
    AS_VEC(target) targets;
    size_t trust_cursor;
    as_iam_principals *trusts;      /* by role: principals that its trust policy names */
    const as_iam_principal **asked; /* by principal: the role that was asked about last */
    as_map may_assume; /* last name of a role → as_iam_principals whose policies name it */
    as_iam_principals assumes; /* principals whose policies name more than single roles */
    size_t assume;             /* the method sts:AssumeRole */
    runnings *running;         /* by role: what runs as it */
    bool *declared;            /* by workload: whether one that is known has a known role */
} search;

static bool is_member(const as_iam_principal *user, const as_iam_principal *group)
{
    for (size_t i = 0; i < user->groups.n; i++) {
        if (user->groups.items[i] == group) {
            return true;
        }
    }
    return false;
}

static bool fits_kind(as_iam_target wanted, as_iam_kind kind)
{
    return (wanted == AS_IAM_TARGET_USER && kind == AS_IAM_KIND_USER) ||
           (wanted == AS_IAM_TARGET_ROLE && kind == AS_IAM_KIND_ROLE) ||
           (wanted == AS_IAM_TARGET_GROUP && kind == AS_IAM_KIND_GROUP);
}

/* What must be the case besides makes a certain answer possible. */
static void add_assumption(as_arena *arena, as_iam_answer *a, as_str assumption)
{
    if (assumption.n == 0 || a->truth == AS_NO) {
        return;
    }
    a->truth = AS_MAYBE;
    a->caveat = a->caveat.n == 0 ? assumption
                                 : as_str_fmt(arena, "%.*s, and %.*s", AS_STR_ARG(assumption),
                                           AS_STR_ARG(a->caveat));
}

static edge make_edge(
        search *s, size_t method, as_iam_principal *to, as_str resource, as_iam_answer answer)
{
    add_assumption(s->arena, &answer, as_iam_methods[method].assumes);
    return (edge){.method = method,
            .to = to,
            .resource = resource,
            .answer = answer,
            .to_name = to == NULL ? AS_STR("administrator") : as_iam_principal_name(to)};
}

/* --- one method, one target ----------------------------------------------------------------------
 */

static as_truth trusts_service(search *s, size_t method, const as_iam_principal *role)
{
    if (s->services[method] == NULL) {
        s->services[method] = AS_NEW_ARRAY(s->arena, as_truth, s->n);
        for (size_t i = 0; i < s->n; i++) {
            const as_iam_principal *p = s->account->principals.items[i];
            s->services[method][i] =
                    p->kind == AS_IAM_KIND_ROLE && !p->reserved
                            ? as_iam_search_trusts_service(&s->s, p, as_iam_methods[method].service)
                            : AS_NO;
        }
    }
    return s->services[method][role->index];
}

static edge edge_workload(search *s, const as_iam_principal *p, size_t m, as_iam_principal *role)
{
    edge found = {.answer = {.truth = AS_NO}};
    const runnings *list = &s->running[role->index];
    for (size_t i = 0; i < list->n && found.answer.truth != AS_YES; i++) {
        const as_iam_running *r = list->items[i];
        if (r->workload != as_iam_methods[m].workload) {
            continue;
        }
        as_iam_answer a = as_iam_search_needs(&s->s, p, m, r->arn);
        if (a.truth == AS_YES || (a.truth == AS_MAYBE && found.answer.truth == AS_NO)) {
            found = make_edge(s, m, role, r->arn, a);
            found.workload = r->entity;
        }
    }
    return found;
}

static bool login_fits(const as_iam_method *method, const as_iam_principal *user)
{
    return method->login != AS_IAM_LOGIN_ABSENT || !user->has_login;
}

/* The step by which `p` becomes `t`; not allowed: its answer is no. Trust is apart. */
static edge edge_to(search *s, const as_iam_principal *p, size_t m, as_iam_principal *t)
{
    const as_iam_method *method = &as_iam_methods[m];
    edge none = {.answer = {.truth = AS_NO}};
    if (method->boost || method->trust || (t->kind == AS_IAM_KIND_ROLE && t->reserved)) {
        return none;
    }
    if (method->target == AS_IAM_TARGET_WORKLOAD) {
        return t->kind == AS_IAM_KIND_ROLE ? edge_workload(s, p, m, t) : none;
    }
    if (method->target == AS_IAM_TARGET_PASSED) {
        as_truth trusts = t->kind == AS_IAM_KIND_ROLE ? trusts_service(s, m, t) : AS_NO;
        if (trusts == AS_NO) {
            return none;
        }
        as_iam_answer a = as_iam_search_needs(&s->s, p, m, t->arn);
        add_assumption(s->arena, &a,
                trusts == AS_MAYBE ? AS_STR("the role trusts the service") : AS_STR(""));
        return make_edge(s, m, t, t->arn, a);
    }
    if (!fits_kind(method->target, t->kind) || !login_fits(method, t) ||
            (t->kind == AS_IAM_KIND_GROUP && p->kind != AS_IAM_KIND_USER)) {
        return none;
    }
    as_iam_answer a = as_iam_search_needs(&s->s, p, m, t->arn);
    if (method->login == AS_IAM_LOGIN_PRESENT && !t->has_login) {
        add_assumption(s->arena, &a, AS_STR("the user has a password"));
    }
    return make_edge(s, m, t, t->arn, a);
}

static edge edge_assume(search *s, const as_iam_principal *p, as_iam_principal *role)
{
    if (p->kind == AS_IAM_KIND_GROUP || role->kind != AS_IAM_KIND_ROLE || p == role) {
        return (edge){.answer = {.truth = AS_NO}};
    }
    return make_edge(s, s->assume, role, role->arn, as_iam_search_assumes(&s->s, p, role));
}

/* --- who trusts whom -----------------------------------------------------------------------------
 */

static void read_trust(search *s, as_iam_principal *role)
{
    const as_iam_policy *trust = role->trust;
    bool wide = trust == NULL || trust->problem.n > 0;
    for (size_t i = 0; trust != NULL && i < trust->n_statements; i++) {
        const as_iam_statement *st = &trust->statements[i];
        wide = wide || st->not_principal || st->open_principals || st->problem.n > 0;
        for (size_t k = 0; k < st->n_principals; k++) {
            const as_iam_principal_item *item = &st->principals[k];
            if (item->type == AS_IAM_PRINCIPAL_SERVICE ||
                    item->type == AS_IAM_PRINCIPAL_FEDERATED) {
                continue;
            }
            as_iam_principal *p = as_map_get(&s->account->by_arn, item->text);
            if (p != NULL) {
                AS_VEC_PUSH(s->arena, &s->named[p->index], role);
                AS_VEC_PUSH(s->arena, &s->trusts[role->index], p);
            } else {
                wide = true; /* the account, everyone, a session, another account */
            }
        }
    }
    s->wide[role->index] = wide;
}

/* Whether the role may trust the principal at all: cheap, so that the whole question is seldom
 * asked. */
static bool may_trust(search *s, const as_iam_principal *p, const as_iam_principal *role)
{
    if (role->kind != AS_IAM_KIND_ROLE || p->kind == AS_IAM_KIND_GROUP) {
        return false;
    }
    for (size_t i = 0; i < s->named[p->index].n; i++) {
        if (s->named[p->index].items[i] == role) {
            return true;
        }
    }
    return s->wide[role->index] &&
           as_iam_search_grants(&s->s, p, as_iam_search_action(&s->s, s->assume, 0));
}

/* What stands behind the last slash, where nothing in it stands for something else; else empty. */
static as_str last_name(as_str arn)
{
    as_str name = as_str_from_index(arn, as_str_rfind_char(arn, '/') + 1);
    for (size_t i = 0; i < name.n; i++) {
        if (as_char_in(name.p[i], "*?$") || (unsigned char)name.p[i] >= 0x80) {
            return AS_STR("");
        }
    }
    return name;
}

static void index_name(search *s, as_str name, as_iam_principal *p)
{
    as_iam_principals *list = as_map_get(&s->may_assume, name);
    if (list == NULL) {
        list = AS_NEW(s->arena, as_iam_principals);
        as_map_put(s->arena, &s->may_assume, name, list);
    }
    if (list->n == 0 || list->items[list->n - 1] != p) {
        AS_VEC_PUSH(s->arena, list, p);
    }
}

/* Of thousands of principals few speak of a role: those are found by its name. */
static void index_assumers(search *s)
{
    uint32_t action = as_iam_search_action(&s->s, s->assume, 0);
    for (size_t i = 0; i < s->n; i++) {
        as_iam_principal *p = s->account->principals.items[i];
        size_t n = 0;
        const as_iam_statement *const *allow = as_iam_search_allowing(&s->s, p, action, &n);
        bool plain = true;
        for (size_t k = 0; k < n; k++) {
            plain = plain && !allow[k]->not_resource && !allow[k]->open_resources &&
                    allow[k]->has_resource;
            for (size_t r = 0; r < allow[k]->resources.n; r++) {
                plain = plain && last_name(allow[k]->resources.items[r]).n > 0;
            }
        }
        for (size_t k = 0; plain && k < n; k++) {
            for (size_t r = 0; r < allow[k]->resources.n; r++) {
                index_name(s, last_name(allow[k]->resources.items[r]), p);
            }
        }
        if (!plain) {
            AS_VEC_PUSH(s->arena, &s->assumes, p);
        }
    }
}

static void follow_one(search *s, as_iam_principal *p, as_iam_principal *role)
{
    if (s->admin[p->index] != AS_NO || p == role || s->asked[p->index] == role ||
            !may_trust(s, p, role)) {
        return;
    }
    s->asked[p->index] = role;
    edge e = edge_assume(s, p, role);
    if (e.answer.truth != AS_NO) {
        AS_VEC_PUSH(s->arena, &s->trusted[p->index], e);
    }
}

static void follow_all(search *s, const as_iam_principals *list, as_iam_principal *role)
{
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        follow_one(s, list->items[i], role);
    }
}

/* Roles among the new targets that principals may assume. */
static void follow_trust(search *s)
{
    for (; s->trust_cursor < s->targets.n; s->trust_cursor++) {
        as_iam_principal *role = s->targets.items[s->trust_cursor].principal;
        if (role->kind != AS_IAM_KIND_ROLE) {
            continue;
        }
        as_str name = last_name(role->arn);
        follow_all(s, &s->trusts[role->index], role);
        if (s->wide[role->index]) {
            follow_all(s, &s->assumes, role);
            follow_all(s, name.n > 0 ? as_map_get(&s->may_assume, name) : &s->account->principals,
                    role);
        }
    }
}

/* --- steps that need no target -------------------------------------------------------------------
 */

static void add_own(search *s, const as_iam_principal *p, edge e)
{
    if (e.answer.truth != AS_NO) {
        AS_VEC_PUSH(s->arena, &s->own[p->index], e);
    }
}

/* Makes `t` administrator with the boosting method m; for a policy the first of t's that can be
 * changed. */
static edge boost_of(search *s, const as_iam_principal *p, size_t m, as_iam_principal *t)
{
    const as_iam_method *method = &as_iam_methods[m];
    edge found = {.answer = {.truth = AS_NO}};
    if (method->target != AS_IAM_TARGET_POLICY) {
        if (fits_kind(method->target, t->kind) && !t->reserved) {
            found = make_edge(s, m, NULL, t->arn, as_iam_search_needs(&s->s, p, m, t->arn));
        }
        return found;
    }
    for (size_t i = 0; i < t->grants.n && found.answer.truth != AS_YES; i++) {
        if (!t->grants.items[i].customer || t->grants.items[i].arn.n == 0) {
            continue;
        }
        as_str arn = t->grants.items[i].arn;
        edge e = make_edge(s, m, NULL, arn, as_iam_search_needs(&s->s, p, m, arn));
        const as_iam_policies *others =
                method->versions ? as_map_get(&s->account->versions, arn) : NULL;
        if (others != NULL) { /* nothing has to be assumed */
            bool unknown = false;
            if (!as_iam_allows_all(*others, &unknown) && !unknown) {
                continue;
            }
            e.answer = unknown ? e.answer : as_iam_search_needs(&s->s, p, m, arn);
        }
        if (e.answer.truth == AS_YES ||
                (e.answer.truth == AS_MAYBE && found.answer.truth == AS_NO)) {
            found = e;
        }
    }
    return found;
}

static void find_own_boosts(search *s, as_iam_principal *p, size_t m)
{
    edge e = boost_of(s, p, m, p);
    for (size_t g = 0; p->kind == AS_IAM_KIND_USER && g < p->groups.n && e.answer.truth != AS_YES;
            g++) {
        edge by_group = boost_of(s, p, m, p->groups.items[g]);
        e = by_group.answer.truth != AS_NO ? by_group : e;
    }
    add_own(s, p, e);
}

/* Whether there is any method by which the principal could become one of the kind. */
static bool may_hop(search *s, const as_iam_principal *p, as_iam_kind kind)
{
    for (size_t i = 0; i < s->of_set[p->set].n; i++) {
        as_iam_target wanted = as_iam_methods[s->of_set[p->set].items[i].method].target;
        if (fits_kind(wanted, kind) ||
                (kind == AS_IAM_KIND_ROLE &&
                        (wanted == AS_IAM_TARGET_PASSED || wanted == AS_IAM_TARGET_WORKLOAD))) {
            return true;
        }
    }
    return false;
}

/* The best way in which `p` becomes `t` at once. */
static edge hop_to(search *s, as_iam_principal *p, as_iam_principal *t)
{
    edge found = {.answer = {.truth = AS_NO}};
    if (may_trust(s, p, t)) {
        found = edge_assume(s, p, t);
    }
    for (size_t i = 0; i < s->of_set[p->set].n && found.answer.truth != AS_YES; i++) {
        const pair *pr = &s->of_set[p->set].items[i];
        edge e = edge_to(s, p, pr->method, t);
        e.answer = e.answer.truth == AS_NO ? e.answer : as_iam_answer_and(e.answer, pr->rest);
        if (e.answer.truth == AS_YES ||
                (e.answer.truth == AS_MAYBE && found.answer.truth == AS_NO)) {
            found = e;
        }
    }
    return found;
}

/* Makes another principal administrator, then becomes it. */
static void find_other_boost(search *s, as_iam_principal *p, size_t m)
{
    const bool by_kind[] = {may_hop(s, p, AS_IAM_KIND_USER), may_hop(s, p, AS_IAM_KIND_ROLE),
            may_hop(s, p, AS_IAM_KIND_GROUP)};
    edge best = {.answer = {.truth = AS_NO}};
    for (size_t i = 0; i < s->n && best.answer.truth != AS_YES; i++) {
        as_iam_principal *t = s->account->principals.items[i];
        if (t == p || s->admin[i] != AS_NO || is_member(p, t) ||
                (!by_kind[t->kind] && !may_trust(s, p, t))) {
            continue;
        }
        edge boost = boost_of(s, p, m, t);
        edge hop = boost.answer.truth == AS_NO ? boost : hop_to(s, p, t);
        if (hop.answer.truth == AS_NO) {
            continue;
        }
        as_iam_answer both = as_iam_answer_and(boost.answer, hop.answer);
        if (both.truth == AS_YES || best.answer.truth == AS_NO) {
            edge *second = AS_NEW(s->arena, edge);
            *second = hop;
            boost.to_name = as_iam_principal_name(t);
            boost.answer.truth = both.truth;
            boost.hop = second;
            best = boost;
        }
    }
    add_own(s, p, best);
}

static void find_own(search *s, as_iam_principal *p)
{
    for (size_t m = 0; m < as_iam_n_methods; m++) {
        const as_iam_method *method = &as_iam_methods[m];
        bool self = method->boost || method->target == AS_IAM_TARGET_NONE ||
                    method->target == AS_IAM_TARGET_BOUNDARY;
        if (!self || as_iam_search_rest(&s->s, p, m).truth == AS_NO) {
            continue;
        }
        if (method->boost) {
            size_t before = s->own[p->index].n;
            find_own_boosts(s, p, m);
            bool certain = s->own[p->index].n > before &&
                           s->own[p->index].items[before].answer.truth == AS_YES;
            if (!certain) {
                find_other_boost(s, p, m);
            }
        } else if (method->target == AS_IAM_TARGET_NONE) {
            add_own(s, p, make_edge(s, m, NULL, AS_STR("*"), as_iam_search_rest(&s->s, p, m)));
        } else if (p->boundary != NULL && method->of_role == (p->kind == AS_IAM_KIND_ROLE)) {
            as_iam_answer a = as_iam_search_needs(&s->s, p, m, p->arn);
            a.truth = as_truth_and(a.truth, as_iam_search_is_admin(&s->s, p, true));
            add_own(s, p, make_edge(s, m, NULL, p->arn, a));
        }
    }
}

/* --- the search ----------------------------------------------------------------------------------
 */

static void keep(pair *pr, edge e, bool target_certain)
{
    bool certain = e.answer.truth == AS_YES && target_certain;
    if (certain && pr->n_certain < MAX_MATCHES) {
        pr->certain[pr->n_certain++] = e;
    } else if (!certain && pr->n_possible < MAX_MATCHES) {
        pr->possible[pr->n_possible++] = e;
    }
}

static void advance(search *s, size_t set, pair *pr)
{
    for (; pr->cursor < s->targets.n && pr->n_certain < MAX_MATCHES; pr->cursor++) {
        target t = s->targets.items[pr->cursor];
        edge e = edge_to(s, s->s.of_set[set], pr->method, t.principal);
        if (e.answer.truth != AS_NO) {
            e.answer = as_iam_answer_and(e.answer, pr->rest);
            keep(pr, e, t.certain);
        }
    }
}

static bool usable(const as_iam_principal *p, const edge *e)
{
    return e->to != p &&
           !(e->to != NULL && e->to->kind == AS_IAM_KIND_GROUP && is_member(p, e->to));
}

static const edge *match_of(const as_iam_principal *p, const pair *pr, bool certain)
{
    const edge *list = certain ? pr->certain : pr->possible;
    size_t n = certain ? pr->n_certain : pr->n_possible;
    for (size_t i = 0; i < n; i++) {
        if (usable(p, &list[i])) {
            return &list[i];
        }
    }
    return NULL;
}

static bool is_certain(const search *s, const edge *e)
{
    return e->answer.truth == AS_YES && (e->to == NULL || s->admin[e->to->index] == AS_YES ||
                                                s->reached[e->to->index] == REACHED_CERTAINLY);
}

/* A step of the principal towards administrator, of the wanted certainty. */
static const edge *find_step(const search *s, const as_iam_principal *p, bool certain)
{
    const edges *lists[] = {&s->own[p->index], &s->trusted[p->index]};
    for (size_t l = 0; l < 2; l++) {
        for (size_t i = 0; i < lists[l]->n; i++) {
            if (is_certain(s, &lists[l]->items[i]) || !certain) {
                return &lists[l]->items[i];
            }
        }
    }
    for (size_t i = 0; i < s->of_set[p->set].n; i++) {
        const edge *e = match_of(p, &s->of_set[p->set].items[i], true);
        e = e == NULL && !certain ? match_of(p, &s->of_set[p->set].items[i], false) : e;
        if (e != NULL) {
            return e;
        }
    }
    return NULL;
}

static void spread(search *s, bool certain)
{
    size_t before;
    do {
        before = s->targets.n;
        follow_trust(s);
        for (uint32_t set = 0; set < s->account->n_sets; set++) {
            for (size_t i = 0; i < s->of_set[set].n; i++) {
                advance(s, set, &s->of_set[set].items[i]);
            }
        }
        for (size_t i = 0; i < s->n; i++) {
            if (s->admin[i] != AS_NO || s->reached[i] != NOT_REACHED) {
                continue;
            }
            const edge *e = find_step(s, s->account->principals.items[i], certain);
            if (e != NULL) {
                s->best[i] = *e;
                AS_VEC_PUSH(
                        s->arena, &s->targets, (target){s->account->principals.items[i], certain});
            }
        }
        for (size_t t = before; t < s->targets.n;
                t++) { /* at once, so that the order does not count */
            s->reached[s->targets.items[t].principal->index] =
                    certain ? REACHED_CERTAINLY : REACHED_POSSIBLY;
        }
    } while (s->targets.n > before);
}

static void find_pairs(search *s)
{
    for (uint32_t set = 0; set < s->account->n_sets; set++) {
        const as_iam_principal *p = s->s.of_set[set];
        for (size_t m = 0; s->admin[p->index] == AS_NO && m < as_iam_n_methods; m++) {
            const as_iam_method *method = &as_iam_methods[m];
            if (method->boost || method->trust || method->target == AS_IAM_TARGET_NONE ||
                    method->target == AS_IAM_TARGET_BOUNDARY) {
                continue;
            }
            as_iam_answer rest = as_iam_search_rest(&s->s, p, m);
            if (rest.truth != AS_NO) {
                AS_VEC_PUSH(s->arena, &s->of_set[set], (pair){.method = m, .rest = rest});
            }
        }
    }
}

static void index_running(search *s)
{
    const as_iam_account *account = s->account;
    s->running = AS_NEW_ARRAY(s->arena, runnings, s->n);
    s->declared = AS_NEW_ARRAY(s->arena, bool, as_iam_n_workloads);
    for (size_t i = 0; i < account->running.n; i++) {
        const as_iam_running *r = &account->running.items[i];
        if (r->role == NULL) {
            continue;
        }
        s->declared[r->workload] = true;
        if (r->role->index < s->n && account->principals.items[r->role->index] == r->role) {
            AS_VEC_PUSH(s->arena, &s->running[r->role->index], r);
        }
    }
}

static void start(search *s, as_arena *arena, const as_iam_account *account, const bool *also)
{
    size_t n = account->principals.n;
    *s = (search){.arena = arena, .account = account, .n = n};
    as_iam_search_init(&s->s, arena, account);
    s->admin = AS_NEW_ARRAY(arena, as_truth, n);
    s->reached = AS_NEW_ARRAY(arena, uint8_t, n);
    s->best = AS_NEW_ARRAY(arena, edge, n);
    s->of_set = AS_NEW_ARRAY(arena, pairs, account->n_sets);
    s->own = AS_NEW_ARRAY(arena, edges, n);
    s->trusted = AS_NEW_ARRAY(arena, edges, n);
    s->named = AS_NEW_ARRAY(arena, as_iam_principals, n);
    s->wide = AS_NEW_ARRAY(arena, bool, n);
    s->trusts = AS_NEW_ARRAY(arena, as_iam_principals, n);
    s->asked = AS_NEW_ARRAY(arena, const as_iam_principal *, n);
    s->services = AS_NEW_ARRAY(arena, as_truth *, as_iam_n_methods);
    for (size_t m = 0; m < as_iam_n_methods; m++) {
        s->assume = as_iam_methods[m].trust ? m : s->assume;
    }
    for (size_t i = 0; i < n; i++) {
        as_iam_principal *p = account->principals.items[i];
        bool goal = also != NULL && also[i];
        s->admin[i] = goal ? AS_YES : as_iam_search_is_admin(&s->s, p, false);
        if (p->kind == AS_IAM_KIND_ROLE) {
            read_trust(s, p);
        }
    }
    index_assumers(s);
    index_running(s);
}

static void seed(search *s, as_truth admin)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->admin[i] == admin) {
            AS_VEC_PUSH(s->arena, &s->targets,
                    (target){s->account->principals.items[i], admin == AS_YES});
        }
    }
}

/* --- what is not declared ------------------------------------------------------------------------
 */

/* The ARN of whatever of its kind is not declared, and what to call it. */
static as_str undeclared(search *s, size_t m, as_str *called)
{
    static const char *const arns[] = {[AS_IAM_KIND_USER] = "user", [AS_IAM_KIND_ROLE] = "role"};
    const as_iam_method *method = &as_iam_methods[m];
    as_iam_kind kind = method->target == AS_IAM_TARGET_USER ? AS_IAM_KIND_USER : AS_IAM_KIND_ROLE;
    if (method->target == AS_IAM_TARGET_WORKLOAD) {
        const as_iam_workload *w = &as_iam_workloads[method->workload];
        *called = as_str_fmt(s->arena, "the role of any %.*s", AS_STR_ARG(w->name));
        as_str service = as_iam_arn_part(w->arn, 2);
        return as_str_fmt(s->arena, "arn:aws:%.*s:" AS_HOLE ":%.*s:" AS_HOLE, AS_STR_ARG(service),
                AS_STR_ARG(s->account->names.account));
    }
    *called =
            method->target == AS_IAM_TARGET_PASSED
                    ? as_str_fmt(s->arena, "any role that trusts %.*s", AS_STR_ARG(method->service))
            : method->target == AS_IAM_TARGET_USER ? AS_STR("any user with more rights")
            : method->boost                        ? AS_STR("any role that trusts the caller")
                                                   : AS_STR("any role with more rights");
    return as_str_fmt(s->arena, "arn:aws:iam::%.*s:%s/" AS_HOLE,
            AS_STR_ARG(s->account->names.account), arns[kind]);
}

/* In configuration there may be a target that is not declared, when the policy allows them all. */
static edge edge_undeclared(search *s, const as_iam_principal *p, size_t m)
{
    const as_iam_method *method = &as_iam_methods[m];
    edge none = {.answer = {.truth = AS_NO}};
    bool role_boost =
            method->boost && method->target == AS_IAM_TARGET_ROLE && p->kind == AS_IAM_KIND_USER;
    if (!s->account->open || method->trust || (method->boost && !role_boost) ||
            (method->target != AS_IAM_TARGET_USER && method->target != AS_IAM_TARGET_ROLE &&
                    method->target != AS_IAM_TARGET_PASSED &&
                    method->target != AS_IAM_TARGET_WORKLOAD)) {
        return none;
    }
    if (method->target == AS_IAM_TARGET_WORKLOAD && s->declared[method->workload]) {
        return none;
    }
    as_iam_answer rest = as_iam_search_rest(&s->s, p, m);
    if (rest.truth == AS_NO) {
        return none;
    }
    as_str called;
    as_str arn = undeclared(s, m, &called);
    as_iam_answer a = as_iam_search_needs(&s->s, p, m, arn);
    if (a.truth != AS_YES) {
        return none;
    }
    a = as_iam_answer_and(a, rest);
    edge e = make_edge(s, m, NULL, arn, a);
    add_assumption(s->arena, &e.answer, AS_STR("there is one outside of this configuration"));
    e.to_name = called;
    return e;
}

/* --- paths ---------------------------------------------------------------------------------------
 */

typedef AS_VEC(as_iam_path) path_list;

/* A way from a principal, walked but not written down: chains are long where many are tried. */
typedef struct walked {
    const edge *first;
    size_t n; /* steps */
    bool certain;
} walked;

static size_t n_hops(const edge *e, bool *certain)
{
    size_t n = 0;
    for (; e != NULL; e = e->hop) {
        *certain = *certain && e->answer.truth == AS_YES;
        n++;
    }
    return n;
}

/* The way from `p` that begins with `first`; false when it would come by `p` again. */
static bool walk(const search *s, const as_iam_principal *p, const edge *first, walked *out)
{
    *out = (walked){.first = first, .certain = true};
    out->n = n_hops(first, &out->certain);
    const as_iam_principal *at = first->to;
    while (at != NULL && s->admin[at->index] == AS_NO) {
        if (at == p || out->n > 2 * s->n) {
            return false;
        }
        out->n += n_hops(&s->best[at->index], &out->certain);
        at = s->best[at->index].to;
    }
    out->certain = out->certain && (at == NULL || s->admin[at->index] == AS_YES);
    return true;
}

static void add_steps(
        as_iam_path *path, as_iam_step *steps, const as_iam_principal *from, const edge *e)
{
    for (; e != NULL; e = e->hop) {
        steps[path->n_steps++] = (as_iam_step){.from = from,
                .to = e->to,
                .to_name = e->to_name,
                .method = &as_iam_methods[e->method],
                .resource = e->resource,
                .workload = e->workload,
                .by = e->answer.by,
                .certain = e->answer.truth == AS_YES,
                .caveat = e->answer.truth == AS_YES ? AS_STR("") : e->answer.caveat};
    }
}

static as_iam_path write_path(search *s, const as_iam_principal *p, const walked *way)
{
    as_iam_step *steps = AS_NEW_ARRAY(s->arena, as_iam_step, way->n);
    as_iam_path path = {.account = s->account,
            .principal = p,
            .method = &as_iam_methods[way->first->method],
            .certain = way->certain,
            .steps = steps};
    add_steps(&path, steps, p, way->first);
    for (const as_iam_principal *at = way->first->to;
            at != NULL && s->admin[at->index] == AS_NO && path.n_steps < way->n;) {
        const edge *e = &s->best[at->index];
        add_steps(&path, steps, at, e);
        at = e->to;
    }
    return path;
}

static void consider(
        const search *s, const as_iam_principal *p, const edge *e, walked *best, bool *found)
{
    walked way;
    if (e == NULL || !usable(p, e) || !walk(s, p, e, &way)) {
        return;
    }
    if (!*found || (way.certain && !best->certain) ||
            (way.certain == best->certain && way.n < best->n)) {
        *best = way;
        *found = true;
    }
}

static void paths_of(search *s, const as_iam_principal *p, path_list *out)
{
    for (size_t m = 0; m < as_iam_n_methods; m++) {
        walked best = {0};
        bool found = false;
        const edges *lists[] = {&s->own[p->index], &s->trusted[p->index]};
        for (size_t l = 0; l < 2; l++) {
            for (size_t i = 0; i < lists[l]->n; i++) {
                if (lists[l]->items[i].method == m) {
                    consider(s, p, &lists[l]->items[i], &best, &found);
                }
            }
        }
        for (size_t i = 0; i < s->of_set[p->set].n; i++) {
            const pair *pr = &s->of_set[p->set].items[i];
            if (pr->method == m) {
                consider(s, p, match_of(p, pr, true), &best, &found);
                consider(s, p, match_of(p, pr, false), &best, &found);
            }
        }
        edge e = {.answer = {.truth = AS_NO}};
        if (!found) {
            e = edge_undeclared(s, p, m);
            consider(s, p, e.answer.truth == AS_NO ? NULL : &e, &best, &found);
        }
        if (found) {
            AS_VEC_PUSH(s->arena, out, write_path(s, p, &best));
        }
    }
}

typedef AS_VEC(as_iam_doubt) doubts;

static void doubt_policy(
        as_arena *arena, const as_iam_principal *p, const as_iam_policy *policy, doubts *out)
{
    if (policy->problem.n > 0) {
        AS_VEC_PUSH(arena, out, (as_iam_doubt){p, policy->name, policy->problem, policy->span});
    }
    for (size_t i = 0; i < policy->n_statements; i++) {
        const as_iam_statement *st = &policy->statements[i];
        bool open = st->open_actions;
        for (size_t k = 0; k < st->actions.n && !open; k++) {
            open = as_iam_has_hole(st->actions.items[k]);
        }
        as_str why = st->problem.n > 0 ? st->problem
                     : open            ? AS_STR("the actions are not known")
                                       : AS_STR("");
        if (why.n > 0) {
            AS_VEC_PUSH(arena, out, (as_iam_doubt){p, policy->name, why, st->span});
        }
    }
}

static void doubt_principal(as_arena *arena, const as_iam_principal *p, doubts *out)
{
    for (size_t i = 0; i < p->policies.n; i++) {
        doubt_policy(arena, p, p->policies.items[i], out);
    }
    if (p->boundary != NULL) {
        doubt_policy(arena, p, p->boundary, out);
    }
    if (p->trust != NULL && p->trust->problem.n > 0) {
        AS_VEC_PUSH(
                arena, out, (as_iam_doubt){p, p->trust->name, p->trust->problem, p->trust->span});
    }
}

as_iam_paths as_iam_escalations(as_arena *arena, const as_iam_account *account)
{
    return as_iam_escalations_to(arena, account, NULL);
}

as_iam_paths as_iam_escalations_to(as_arena *arena, const as_iam_account *account, const bool *also)
{
    search s;
    start(&s, arena, account, also);
    find_pairs(&s);
    for (size_t i = 0; i < s.n; i++) {
        if (s.admin[i] == AS_NO) {
            find_own(&s, account->principals.items[i]);
        }
    }
    seed(&s, AS_YES);
    spread(&s, true);
    seed(&s, AS_MAYBE);
    spread(&s, false);

    path_list out = {0};
    doubts unknown = {0};
    bool *admins = AS_NEW_ARRAY(arena, bool, s.n);
    for (size_t i = 0; i < s.n; i++) {
        admins[i] = s.admin[i] == AS_YES;
        doubt_principal(arena, account->principals.items[i], &unknown);
        if (s.admin[i] == AS_NO && account->principals.items[i]->kind != AS_IAM_KIND_GROUP) {
            paths_of(&s, account->principals.items[i], &out);
        }
    }
    return (as_iam_paths){out.items, out.n, unknown.items, unknown.n, admins};
}
