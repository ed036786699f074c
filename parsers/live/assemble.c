#include "parsers/live/assemble.h"

#include "engine/schema/schema.h"
#include "parsers/live/decode.h"

typedef struct taken {
    const as_live_scope *scope;
    bool is_global;
    as_snapshot_answer answer;
} taken;

/* That a question about a resource was asked, and what came of it. */
typedef struct asked {
    const as_live_row *row;
    as_str problem; /* empty: it was answered */
} asked;

/* A member that many answers add to. */
typedef struct growing {
    as_str name;
    as_span span;
    AS_VEC(const as_value *) items;
    size_t expected; /* at least so many */
} growing;

typedef struct resource {
    const as_live_row *row;
    const taken *from;
    as_str id, name;
    const as_value *body;
    AS_VEC(as_member) more;
    AS_VEC(growing) lists;
    AS_VEC(asked) asked;
} resource;

typedef AS_VEC(resource *) resources;

struct as_live_estate {
    as_arena *arena;   /* of what the resources keep */
    as_arena *scratch; /* of keys and maps; dies with the estate */
    const as_live_table *table;
    AS_VEC(taken) answers;
    resources all;
    as_map by_id;           /* account, type and id → resource */
    as_map by_arn;          /* id → resources */
    as_map by_owner;        /* join row's type and template, account and text → resources */
    as_map indexed;         /* type and template */
    as_map tagged;          /* scopes whose tags were asked for in bulk */
    as_map scopes;          /* that have their own resources already */
    as_map refused;         /* operation and code → a taken */
    as_str *not_asked;      /* by row: the reason, once it was needed */
    const taken *around_of; /* the last of which was told what stands around its resources: */
    const as_value *around;
    as_map told; /* account, region ("" of global services) and type: it was asked which there are
                  */
};

as_live_estate *as_live_estate_new(as_arena *arena, as_arena *scratch, const as_live_table *table)
{
    as_live_estate *e = AS_NEW(scratch, as_live_estate);
    *e = (as_live_estate){.arena = arena, .scratch = scratch, .table = table};
    e->not_asked = AS_NEW_ARRAY(scratch, as_str, table->rows.n);
    return e;
}

void as_live_estate_take(as_live_estate *e, const as_live_scope *scope, bool is_global,
        const as_snapshot_answer *answer)
{
    AS_VEC_PUSH(e->scratch, &e->answers, (taken){scope, is_global, *answer});
}

static as_str key2(as_live_estate *e, as_str a, as_str b)
{
    return as_str_fmt(e->scratch, "%.*s\t%.*s", AS_STR_ARG(a), AS_STR_ARG(b));
}

static as_live_context context_of(const resource *r)
{
    return (as_live_context){r->from->scope, r->body, NULL, r->from->answer.params};
}

static void add_member(as_live_estate *e, resource *r, as_str name, const as_value *v)
{
    AS_VEC_PUSH(e->scratch, &r->more, (as_member){name, v->span, v});
}

/* --- resources -----------------------------------------------------------------------------------
 */

typedef struct making {
    as_live_estate *estate;
    const taken *from;
    const as_live_row *row;
} making;

static bool fits(as_arena *arena, const as_live_row *row, const as_live_context *context)
{
    as_str left, right;
    if (!row->has_when) {
        return true;
    }
    (void)as_live_text(arena, row->left, context, &left);
    (void)as_live_text(arena, row->right, context, &right);
    bool begins = left.n >= right.n && as_str_eq(as_str_slice(left, 0, right.n), right);
    switch (row->test) {
    case AS_LIVE_EQ:
        return as_str_eq(left, right);
    case AS_LIVE_NE:
        return !as_str_eq(left, right);
    case AS_LIVE_STARTS:
        return begins;
    case AS_LIVE_STARTS_NOT:
        return !begins;
    }
    return false;
}

/* A second answer about the same resource tells more of it. */
static void merge(as_live_estate *e, resource *r, const as_value *item)
{
    for (size_t i = 0; as_value_is(item, AS_OBJECT) && i < item->as.object->n; i++) {
        const as_member *m = &item->as.object->members[i];
        if (as_value_get(r->body, m->key) == NULL) {
            add_member(e, r, m->key, m->value);
        }
    }
}

static void index_by(as_live_estate *e, as_map *map, as_str key, resource *r)
{
    resources *list = as_map_get(map, key);
    if (list == NULL) {
        list = AS_NEW(e->scratch, resources);
        as_map_put(e->scratch, map, key, list);
    }
    AS_VEC_PUSH(e->scratch, list, r);
}

/* "A.B": the value becomes the member B of a new A. */
static void lift(as_live_estate *e, resource *r, const as_value *item, const as_live_made *made)
{
    const as_value *v = as_live_walk(item, made->from);
    as_str inner = made->member, outer;
    if (v == NULL || !as_str_split(&inner, '.', &outer)) {
        return;
    }
    if (inner.n > 0) {
        as_object_builder b;
        as_object_begin(&b, e->arena);
        as_object_add(&b, inner, v->span, v);
        v = as_object_end(&b, v->span);
    }
    add_member(e, r, outer, v);
}

static void make(void *self, const as_value *item, const as_value *parent)
{
    const making *m = self;
    as_live_estate *e = m->estate;
    const as_live_row *row = m->row;
    as_live_context c = {m->from->scope, item, parent, m->from->answer.params};
    as_str id, text;
    if (!as_value_is(item, AS_OBJECT) || !fits(e->scratch, row, &c) ||
            !as_live_text(e->arena, row->id, &c, &id)) {
        return;
    }
    as_str key = key2(e, key2(e, c.scope->account, row->type), id);
    resource *r = as_map_get(&e->by_id, key);
    if (r != NULL) {
        merge(e, r, item);
        return;
    }
    r = AS_NEW(e->scratch, resource);
    *r = (resource){.row = row, .from = m->from, .id = id, .body = item};
    (void)as_live_text(e->arena, row->name, &c, &r->name);
    for (size_t i = 0; i < row->sets.n; i++) {
        if (as_live_text(e->arena, row->sets.items[i].from, &c, &text)) {
            add_member(
                    e, r, row->sets.items[i].member, as_value_string(e->arena, item->span, text));
        }
    }
    for (size_t i = 0; i < row->lifts.n; i++) {
        lift(e, r, item, &row->lifts.items[i]);
    }
    AS_VEC_PUSH(e->scratch, &e->all, r);
    as_map_put(e->scratch, &e->by_id, key, r);
    index_by(e, &e->by_arn, id, r);
}

/* Account and region as resources, whose facts are joined to them. */
static void make_scope(
        as_live_estate *e, const taken *t, const char *op, as_str member, as_str text)
{
    as_str key = key2(e, as_str_from(op), key2(e, t->scope->account, text));
    if (as_map_has(&e->scopes, key)) {
        return;
    }
    union {
        const taken *in;
        void *out;
    } mark = {.in = t};
    as_map_put(e->scratch, &e->scopes, key, mark.out);
    as_live_rows rows = as_live_rows_of(&e->table->by_op, as_str_from(op));
    for (size_t i = 0; i < rows.n; i++) {
        as_object_builder b;
        as_span span = t->answer.body != NULL ? t->answer.body->span : AS_SPAN_NONE;
        span.end = span.begin;
        as_object_begin(&b, e->arena);
        as_object_add(&b, member, span, as_value_string(e->arena, span, text));
        making m = {e, t, rows.items[i]};
        make(&m, as_object_end(&b, span), NULL);
    }
}

/* Nothing is set: the row knows the code, or who asked said so. */
static bool says_absent(const as_live_row *row, const as_snapshot_answer *answer)
{
    as_str code = answer->error;
    if (answer->absent) {
        return true;
    }
    for (size_t i = 0; i < row->absent.n; i++) {
        if (as_str_eq(row->absent.items[i], code)) {
            return true;
        }
    }
    return false;
}

static void make_of_answer(as_live_estate *e, const taken *t, const as_live_row *row)
{
    making m = {e, t, row};
    const as_value *body = t->answer.body;
    as_str rest;
    if (t->answer.error.n > 0) {
        if (!says_absent(row, &t->answer)) {
            return;
        }
        /* What is not set is at its defaults. */
        as_object_builder b;
        as_object_begin(&b, e->arena);
        make(&m, as_object_end(&b, body != NULL ? body->span : AS_SPAN_NONE), NULL);
        return;
    }
    if (row->csv) {
        const as_value *table = as_live_csv(e->arena, as_live_walk(body, row->path));
        for (size_t i = 0; i < as_value_count(table); i++) {
            make(&m, as_value_index(table, i), NULL);
        }
        return;
    }
    if (as_str_contains(row->path, "[]")) {
        as_live_each(body, row->path, make, &m, &rest);
    } else {
        make(&m, as_live_walk(body, row->path), body);
    }
}

/* --- joining -------------------------------------------------------------------------------------
 */

static void index_owners(as_live_estate *e, const as_live_row *row, as_str head)
{
    union {
        const as_live_row *in;
        void *out;
    } mark = {.in = row};
    as_map_put(e->scratch, &e->indexed, head, mark.out);
    for (size_t i = 0; i < e->all.n; i++) {
        resource *r = e->all.items[i];
        as_live_context c = context_of(r);
        as_str text;
        if (as_str_eq(r->row->type, row->type) && as_live_text(e->scratch, row->owner, &c, &text)) {
            index_by(e, &e->by_owner, key2(e, head, key2(e, c.scope->account, text)), r);
        }
    }
}

/* Those that the text names, of the type of the row. */
static resources owners_of(as_live_estate *e, const as_live_row *row, const as_live_context *c)
{
    as_str text;
    if (!as_live_text(e->scratch, row->key, c, &text)) {
        return (resources){0};
    }
    const resources *found;
    if (as_str_is(row->type, "*")) {
        found = as_map_get(&e->by_arn, text);
    } else {
        as_str head = key2(e, row->type, row->owner);
        if (!as_map_has(&e->indexed, head)) {
            index_owners(e, row, head);
        }
        found = as_map_get(&e->by_owner, key2(e, head, key2(e, c->scope->account, text)));
    }
    return found != NULL ? *found : (resources){0};
}

static bool same_place(const taken *a, const taken *b)
{
    return a->is_global || b->is_global || as_str_eq(a->scope->region, b->scope->region);
}

/* The list under that name, which is there from now on. */
static growing *list_of(as_live_estate *e, resource *r, as_str name, as_span span)
{
    for (size_t i = 0; i < r->lists.n; i++) {
        if (as_str_eq(r->lists.items[i].name, name)) {
            return &r->lists.items[i];
        }
    }
    AS_VEC_PUSH(e->scratch, &r->lists, (growing){.name = name, .span = span});
    return &r->lists.items[r->lists.n - 1];
}

/* The lists are whole: they become members. */
static void finish_lists(as_live_estate *e, resource *r)
{
    for (size_t i = 0; i < r->lists.n; i++) {
        const growing *list = &r->lists.items[i];
        if (list->items.n < list->expected) {
            continue; /* some did not come: what there is says nothing */
        }
        const as_value **items = AS_NEW_ARRAY(e->arena, const as_value *, list->items.n);
        for (size_t k = 0; k < list->items.n; k++) {
            items[k] = list->items.items[k];
        }
        add_member(e, r, list->name, as_value_list(e->arena, list->span, items, list->items.n));
    }
}

/* [{Key, Value}] as an object; anything else as it is. */
static const as_value *as_pairs(as_arena *arena, const as_value *v)
{
    if (!as_value_is(v, AS_LIST)) {
        return v;
    }
    as_object_builder b;
    as_object_begin(&b, arena);
    for (size_t i = 0; i < as_value_count(v); i++) {
        const as_value *pair = as_value_index(v, i);
        const as_value *key = as_value_get(pair, AS_STR("Key"));
        const as_value *value = as_value_get(pair, AS_STR("Value"));
        if (as_value_is(key, AS_STRING) && value != NULL) {
            as_object_add(&b, key->as.str, key->span, value);
        }
    }
    return as_object_end(&b, v->span);
}

static void give(as_live_estate *e, resource *r, const as_live_row *row, const as_value *v)
{
    as_str into = row->into, name;
    if (as_str_starts(into, "*")) {
        into = as_str_from_index(into, 1);
        while (as_str_split(&into, ',', &name)) {
            const as_value *member = as_value_get(v, name);
            if (!as_value_is_null(member)) {
                add_member(e, r, name, member);
            }
        }
    } else if (as_str_starts(into, "+")) {
        growing *list =
                list_of(e, r, as_str_from_index(into, 1), v != NULL ? v->span : r->body->span);
        if (row->expect) {
            list->expected++;
        } else if (v != NULL) {
            AS_VEC_PUSH(e->scratch, &list->items, v);
        }
    } else if (v != NULL) {
        add_member(e, r, into, row->as_map ? as_pairs(e->arena, v) : v);
    }
}

typedef struct joining {
    as_live_estate *estate;
    const taken *from;
    const as_live_row *row;
    as_str rest;
} joining;

static void join(void *self, const as_value *item, const as_value *parent)
{
    const joining *j = self;
    as_live_estate *e = j->estate;
    as_live_context c = {j->from->scope, item, parent, j->from->answer.params};
    resources owners = owners_of(e, j->row, &c);
    for (size_t i = 0; i < owners.n; i++) {
        resource *r = owners.items[i];
        if (!same_place(r->from, j->from) && !as_str_is(j->row->type, "*")) {
            continue;
        }
        bool refused = j->from->answer.error.n > 0 && !says_absent(j->row, &j->from->answer);
        if (j->from->answer.error.n == 0) {
            give(e, r, j->row, as_live_walk(item, j->rest));
        }
        AS_VEC_PUSH(e->scratch, &r->asked,
                (asked){j->row, refused ? j->from->answer.error : AS_STR("")});
    }
}

/* The list is empty but it was asked for: whose it is, is told by the question. */
static void join_nothing(as_live_estate *e, const taken *t, const as_live_row *row)
{
    as_live_context c = {t->scope, NULL, NULL, t->answer.params};
    resources owners = owners_of(e, row, &c);
    for (size_t i = 0; i < owners.n; i++) {
        resource *r = owners.items[i];
        if (same_place(r->from, t)) {
            if (as_str_starts(row->into, "+")) {
                (void)list_of(e, r, as_str_from_index(row->into, 1), r->body->span);
            }
            AS_VEC_PUSH(e->scratch, &r->asked, (asked){row, AS_STR("")});
        }
    }
}

static void join_answer(as_live_estate *e, const taken *t, const as_live_row *row)
{
    joining j = {e, t, row, row->path};
    const as_value *body = t->answer.body;
    if (t->answer.error.n > 0) {
        j.rest = AS_STR(".");
        join(&j, body, NULL);
    } else if (as_str_contains(row->path, "[]")) {
        size_t at = as_str_find(row->path, AS_STR("[]"));
        const as_value *list = as_live_walk(body, as_str_slice(row->path, 0, at));
        /* What follows is walked from each item, so it has to be known before. */
        as_str rest = as_str_from_index(row->path, at + 2), ignored;
        j.rest = as_str_starts(rest, ".") ? as_str_from_index(rest, 1) : AS_STR(".");
        join_nothing(e, t, row);
        if (as_value_count(list) > 0) {
            as_live_each(body, as_str_slice(row->path, 0, at + 2), join, &j, &ignored);
        }
    } else if (as_str_is(row->path, "-")) {
        join_nothing(e, t, row);
    } else {
        join(&j, body, NULL);
    }
}

/* --- what is not known ---------------------------------------------------------------------------
 */

static bool names_member(as_str into, as_str name)
{
    as_str part;
    if (!as_str_starts(into, "*")) {
        return as_str_eq(as_str_starts(into, "+") ? as_str_from_index(into, 1) : into, name);
    }
    into = as_str_from_index(into, 1);
    while (as_str_split(&into, ',', &part)) {
        if (as_str_eq(part, name)) {
            return true;
        }
    }
    return false;
}

/* Whether a question that gives this member was answered; of a list each that was asked. */
static bool is_told(const resource *r, as_str member)
{
    bool told = false;
    for (size_t i = 0; i < r->asked.n; i++) {
        const asked *a = &r->asked.items[i];
        if (!names_member(a->row->into, member)) {
            continue;
        }
        if (a->problem.n > 0 && as_str_starts(a->row->into, "+")) {
            return false;
        }
        told = told || a->problem.n == 0;
    }
    for (size_t i = 0; i < r->lists.n; i++) {
        const growing *list = &r->lists.items[i];
        told = told && !(as_str_eq(list->name, member) && list->items.n < list->expected);
    }
    return told;
}

typedef AS_VEC(as_member) members;

static void doubt(as_live_estate *e, const resource *r, as_str member, as_str why, members *out)
{
    bool refused = false;
    for (size_t i = 0; i < r->asked.n; i++) {
        refused = refused || (r->asked.items[i].problem.n > 0 &&
                                     as_str_starts(r->asked.items[i].row->into, "+") &&
                                     names_member(r->asked.items[i].row->into, member));
    }
    bool there = !as_value_is_null(as_value_get(r->body, member));
    for (size_t i = 0; i < r->more.n && !there; i++) {
        there = as_str_eq(r->more.items[i].key, member);
    }
    there = there && !refused;
    if (!there && !is_told(r, member)) {
        AS_VEC_PUSH(e->scratch, out,
                (as_member){
                        member, r->body->span, as_value_string(e->scratch, r->body->span, why)});
    }
}

/* Said of many resources, so made once. */
static as_str why_not_asked(as_live_estate *e, const as_live_row *row)
{
    as_str *why = &e->not_asked[row->index];
    if (why->n == 0) {
        *why = as_str_fmt(e->arena, "%.*s was not asked", AS_STR_ARG(row->op));
    }
    return *why;
}

static void doubt_row(as_live_estate *e, const resource *r, const as_live_row *row, members *out)
{
    as_str why = AS_STR(""), into = row->into, part;
    for (size_t i = 0; i < r->asked.n; i++) {
        if (r->asked.items[i].row == row) {
            why = as_str_fmt(e->arena, "%.*s: %.*s", AS_STR_ARG(row->op),
                    AS_STR_ARG(r->asked.items[i].problem));
        }
    }
    if (why.n == 0) {
        why = why_not_asked(e, row);
    }
    if (!as_str_starts(into, "*")) {
        doubt(e, r, as_str_starts(into, "+") ? as_str_from_index(into, 1) : into, why, out);
        return;
    }
    into = as_str_from_index(into, 1);
    while (as_str_split(&into, ',', &part)) {
        doubt(e, r, part, why, out);
    }
}

static void find_unknown(as_live_estate *e, const resource *r, members *out)
{
    as_live_rows rows = as_live_rows_of(&e->table->by_type, r->row->type);
    for (size_t i = 0; i < rows.n; i++) {
        bool tried = false;
        for (size_t k = 0; k < r->asked.n && !tried; k++) {
            tried = r->asked.items[k].row == rows.items[i];
        }
        if (tried || !rows.items[i]->optional) {
            doubt_row(e, r, rows.items[i], out);
        }
    }
    as_str scope = key2(e, r->from->scope->account, r->from->scope->region);
    if (r->row->tags && !is_told(r, AS_STR("Tags")) && !as_map_has(&e->tagged, scope)) {
        doubt(e, r, AS_STR("Tags"), AS_STR("tags were not asked"), out);
        doubt(e, r, AS_STR("tags"), AS_STR("tags were not asked"), out);
    }
}

/* --- the whole -----------------------------------------------------------------------------------
 */

/* One for all resources of an answer. */
static const as_value *around_of(as_live_estate *e, const taken *t, as_span span)
{
    if (e->around == NULL || e->around_of != t) {
        const as_value *time =
                t->answer.time.n > 0 ? as_value_string(e->arena, span, t->answer.time) : NULL;
        e->around_of = t;
        e->around = as_live_around(e->arena, time, span);
    }
    return e->around;
}

static void hand_over(as_live_estate *e, as_load *load, resource *r)
{
    members unknown = {0};
    finish_lists(e, r);
    find_unknown(e, r, &unknown);
    const taken *t = r->from;
    as_live_facts facts = {.type = r->row->type,
            .id = r->id,
            .name = r->name,
            .account = t->scope->account,
            .region = t->is_global ? AS_STR("") : t->scope->region,
            .body = r->body,
            .more = r->more.items,
            .n_more = r->more.n,
            .unknown = unknown.items,
            .n_unknown = unknown.n,
            .around = around_of(e, t, r->body->span),
            .span = r->body->span,
            .head = r->body->span};
    if (r->row->region.n > 0) {
        as_str first;
        as_str path = r->row->region;
        if (as_str_split(&path, '.', &first)) {
            for (size_t i = 0; i < r->more.n; i++) {
                if (as_str_eq(r->more.items[i].key, first)) {
                    facts.region = as_value_str(as_live_walk(r->more.items[i].value, path));
                }
            }
        }
    }
    as_live_add(load, &facts);
}

/* Which types were asked for: only then something that is missing is gone. */
static void note_told(as_live_estate *e, const taken *t, const as_live_row *row)
{
    as_str region = t->is_global ? AS_STR("") : t->scope->region;
    as_str key = key2(e, key2(e, t->scope->account, region), row->type);
    union {
        const as_live_row *in;
        void *out;
    } mark = {.in = row};
    if (t->answer.error.n == 0 && !as_map_has(&e->told, key)) {
        as_map_put(e->scratch, &e->told, key, mark.out);
    }
}

static void add_told(as_live_estate *e, resource *r)
{
    bool is_region = as_str_ends(r->row->type, ":region");
    as_str region = is_region ? r->from->scope->region : AS_STR("");
    as_str prefix = key2(e, key2(e, r->from->scope->account, region), AS_STR(""));
    as_list_builder types;
    as_list_begin(&types, e->arena);
    for (size_t i = 0; i < e->told.n; i++) {
        const as_map_entry *entry = &e->told.entries[i];
        const as_live_row *row = entry->value;
        if (as_str_eq(as_str_slice(entry->key, 0, prefix.n), prefix)) {
            as_list_add(&types, as_value_string(e->arena, r->body->span, row->type));
        }
    }
    add_member(e, r, AS_STR("Collected"), as_list_end(&types, r->body->span));
}

static void note_refused(as_live_estate *e, const taken *t)
{
    as_live_rows rows = as_live_rows_of(&e->table->by_op, t->answer.op);
    if (t->answer.error.n == 0 || rows.n == 0) {
        return;
    }
    for (size_t i = 0; i < rows.n; i++) {
        if (says_absent(rows.items[i], &t->answer)) {
            return;
        }
    }
    as_str key = key2(e, t->answer.op, t->answer.error);
    union {
        const taken *in;
        void *out;
    } mark = {.in = t};
    if (!as_map_has(&e->refused, key)) {
        as_map_put(e->scratch, &e->refused, key, mark.out);
    }
}

/* Whoever asks what an organisation forbids hears that it is not known. */
static void add_gap(as_load *load, const as_live_estate *e, const taken *t)
{
    as_live_rows rows = as_live_rows_of(&e->table->by_op, t->answer.op);
    for (size_t i = 0; i < rows.n && as_str_starts(t->answer.op, "organizations:"); i++) {
        const as_entity_schema *schema =
                rows.items[i]->is_join ? NULL : as_schema_of_type(rows.items[i]->type);
        if (schema != NULL) {
            as_str reason = as_str_fmt(load->arena, "%.*s was answered with %.*s",
                    AS_STR_ARG(t->answer.op), AS_STR_ARG(t->answer.error));
            AS_VEC_PUSH(load->arena, &load->gaps, ((as_load_gap){schema->kind, reason}));
        }
    }
}

void as_live_estate_finish(as_live_estate *e, as_load *load)
{
    for (size_t i = 0; i < e->answers.n; i++) {
        taken *t = &e->answers.items[i];
        if (as_str_starts(t->answer.op, "iam:") ||
                as_str_starts(t->answer.op, "config:AWS::IAM:")) {
            t->answer.body = as_live_documents(e->arena, t->answer.body);
        }
        if (t->scope->account.n > 0) {
            make_scope(e, t, "@account", AS_STR("AccountId"), t->scope->account);
        }
        if (t->scope->account.n > 0 && !t->is_global && t->scope->region.n > 0) {
            make_scope(e, t, "@region", AS_STR("Region"), t->scope->region);
        }
        if (as_str_is(t->answer.op, "resourcegroupstaggingapi:GetResources") &&
                t->answer.error.n == 0) {
            as_map_put(e->scratch, &e->tagged, key2(e, t->scope->account, t->scope->region), t);
        }
        note_refused(e, t);
        as_live_rows rows = as_live_rows_of(&e->table->by_op, t->answer.op);
        for (size_t k = 0; k < rows.n; k++) {
            if (!rows.items[k]->is_join) {
                make_of_answer(e, t, rows.items[k]);
                note_told(e, t, rows.items[k]);
            }
        }
    }
    for (size_t i = 0; i < e->answers.n; i++) {
        const taken *t = &e->answers.items[i];
        as_live_rows rows = as_live_rows_of(&e->table->by_op, t->answer.op);
        for (size_t k = 0; k < rows.n; k++) {
            if (rows.items[k]->is_join) {
                join_answer(e, t, rows.items[k]);
            }
        }
    }
    if (load->resources.n == 0) { /* grown, it would leave as much behind */
        load->resources.items = AS_NEW_ARRAY(load->arena, as_resource, e->all.n);
        load->resources.cap = e->all.n;
    }
    for (size_t i = 0; i < e->all.n; i++) {
        if (as_str_starts(e->all.items[i]->row->op, "@")) {
            add_told(e, e->all.items[i]);
        }
        hand_over(e, load, e->all.items[i]);
    }
    for (size_t i = 0; i < e->refused.n; i++) {
        const taken *t = e->refused.entries[i].value;
        as_diags_add_path(load->diags, AS_DIAG_WARNING, "live-missing", load->target->path,
                "%.*s was answered with %.*s: what it would tell is unknown",
                AS_STR_ARG(t->answer.op), AS_STR_ARG(t->answer.error));
        add_gap(load, e, t);
    }
}
