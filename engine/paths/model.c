/* Nodes, links and what they are made of. */
#include "engine/paths/search.h"

#include <stdarg.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/rules/classify.h"
#include "engine/schema/schema.h"

const char *as_hop_name(as_hop hop)
{
    static const char *const names[] = {
#define AS_HOP(name, text) text,
#include "engine/paths/hops.def"
    };
    return names[hop];
}

const char *as_attack_kind_name(as_attack_kind kind)
{
    static const char *const names[] = {"internet", "entry", "pipeline", "workload", "identity",
            "store", "secret", "admin", "transit"};
    return names[kind];
}

/* --- environments --------------------------------------------------------------------------------
 */

as_str attack_environment(as_str word)
{
    static const struct {
        const char *word, *name;
    } words[] = {{"prod", "prod"}, {"production", "prod"}, {"prd", "prod"}, {"live", "prod"},
            {"staging", "staging"}, {"stage", "staging"}, {"stg", "staging"},
            {"preprod", "staging"}, {"uat", "staging"}, {"dev", "dev"}, {"development", "dev"},
            {"develop", "dev"}, {"sandbox", "dev"}, {"test", "test"}, {"testing", "test"},
            {"qa", "test"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (as_str_ieq(word, as_str_from(words[i].word))) {
            return as_str_from(words[i].name);
        }
    }
    return AS_STR("");
}

bool attack_is_production(const as_attack_node *node)
{
    return as_str_is(node->environment, "prod");
}

bool attack_is_lower(const as_attack_node *node)
{
    return node->environment.n > 0 && !attack_is_production(node);
}

/* That of the tags environment, env or stage, else of the configuration. */
static as_str environment_of(as_attack *attack, const as_entity *entity)
{
    static const char *const keys[] = {"environment", "env", "stage"};
    const as_value *tags = as_tags_read(attack->arena, entity).value;
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; as_value_is(tags, AS_OBJECT) && i < tags->as.object->n; i++) {
            const as_member *tag = &tags->as.object->members[i];
            as_str found = as_str_ieq(tag->key, as_str_from(keys[k]))
                                   ? attack_environment(as_value_str(tag->value))
                                   : AS_STR("");
            if (found.n > 0) {
                return found;
            }
        }
    }
    return entity->unit == NULL ? AS_STR("") : attack_environment(entity->unit->environment);
}

/* --- nodes ---------------------------------------------------------------------------------------
 */

attack_vertex *attack_vertex_of(as_attack *attack, uint32_t id)
{
    return id == 0 || id > attack->nodes.n ? NULL : attack->nodes.items[id - 1];
}

static attack_vertex *add(as_attack *attack, as_attack_kind kind, as_str title)
{
    attack_vertex *v = AS_NEW(attack->arena, attack_vertex);
    v->node.id = (uint32_t)attack->nodes.n + 1;
    v->node.kind = kind;
    v->node.title = title;
    AS_VEC_PUSH(attack->arena, &attack->nodes, v);
    return v;
}

attack_vertex *attack_add(as_attack *attack, as_attack_kind kind, const as_entity *entity)
{
    uint32_t *id = &attack->by_entity[entity->id];
    if (*id != 0) {
        return attack_vertex_of(attack, *id);
    }
    attack_vertex *v = add(attack, kind, entity->address);
    *id = v->node.id;
    v->node.entity = entity;
    v->node.environment = environment_of(attack, entity);
    v->node.classification = as_classify(attack->graph, attack->arena, attack->config, entity);
    bool classified = as_str_is(v->node.classification, "regulated") ||
                      as_str_is(v->node.classification, "confidential");
    v->node.goals = (kind == AS_ATTACK_STORE && classified ? AS_GOAL_DATA : 0u) |
                    (kind == AS_ATTACK_SECRET ? AS_GOAL_SECRET : 0u);
    return v;
}

attack_vertex *attack_add_named(
        as_attack *attack, as_attack_kind kind, as_str key, as_str title, as_str environment)
{
    uint32_t *known = as_map_get(&attack->by_key, key);
    if (known != NULL) {
        return attack_vertex_of(attack, *known);
    }
    attack_vertex *v = add(attack, kind, title);
    v->node.environment = environment;
    v->node.goals = kind == AS_ATTACK_ADMIN ? AS_GOAL_ADMIN : 0u;
    uint32_t *id = AS_NEW(attack->arena, uint32_t);
    *id = v->node.id;
    as_map_put(attack->arena, &attack->by_key, key, id);
    return v;
}

as_str attack_title(as_attack *attack, const char *what, as_str name)
{
    return name.n == 0 ? as_str_from(what)
                       : as_str_fmt(attack->arena, "%s (%.*s)", what, AS_STR_ARG(name));
}

void attack_expand_with(as_attack *attack, attack_vertex *vertex, attack_expand expand)
{
    for (size_t i = 0; i < vertex->pending.n; i++) {
        if (vertex->pending.items[i] == expand) {
            return;
        }
    }
    AS_VEC_PUSH(attack->arena, &vertex->pending, expand);
}

void attack_open(as_attack *attack, attack_vertex *vertex)
{
    while (vertex->pending.n > 0) {
        attack_expand expand = vertex->pending.items[--vertex->pending.n];
        expand(attack, vertex);
    }
}

/* --- links ---------------------------------------------------------------------------------------
 */

static int compare_places(const void *a, const void *b)
{
    const as_span x = (*(const as_entity *const *)a)->span,
                  y = (*(const as_entity *const *)b)->span;
    if (x.file != y.file) {
        return x.file < y.file ? -1 : 1;
    }
    if (x.begin != y.begin) {
        return x.begin < y.begin ? -1 : 1;
    }
    return 0;
}

static void index_places(as_attack *attack)
{
    size_t n = as_graph_count(attack->graph);
    attack->by_place = AS_NEW_ARRAY(attack->arena, const as_entity *, n + 1);
    for (uint32_t id = 1; id <= n; id++) {
        const as_entity *entity = as_graph_get(attack->graph, id);
        if (entity != NULL && entity->span.file != 0) {
            attack->by_place[attack->n_by_place++] = entity;
        }
    }
    if (attack->n_by_place > 0) {
        qsort(attack->by_place, attack->n_by_place, sizeof *attack->by_place, compare_places);
    }
}

/* The innermost block around a place. */
static const as_entity *entity_around(const as_attack *attack, as_span span)
{
    enum { MAX_BACK = 256 }; /* blocks of one file that begin before the place and end before it */
    size_t low = 0, high = attack->n_by_place;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        as_span at = attack->by_place[middle]->span;
        bool before = at.file < span.file || (at.file == span.file && at.begin <= span.begin);
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    const as_entity *found = NULL;
    for (size_t i = low, back = 0; i > 0 && back < MAX_BACK; i--, back++) {
        const as_entity *entity = attack->by_place[i - 1];
        if (entity->span.file != span.file) {
            break;
        }
        if (entity->span.end >= span.end) { /* of instances of one block the first */
            if (found != NULL && entity->span.begin != found->span.begin) {
                break;
            }
            found = found == NULL || entity->id < found->id ? entity : found;
        }
    }
    return found;
}

static const as_attack_change *change_at(as_attack *attack, as_span span, as_str otherwise)
{
    if (span.file == 0) {
        return NULL;
    }
    as_str key = as_str_fmt(attack->arena, "%u:%u", span.file, span.begin);
    as_attack_change *change = as_map_get(&attack->changes, key);
    if (change == NULL) {
        change = AS_NEW(attack->arena, as_attack_change);
        *change = (as_attack_change){
                .id = ++attack->n_changes, .entity = entity_around(attack, span), .span = span};
        change->what = change->entity != NULL ? change->entity->address : otherwise;
        as_map_put(attack->arena, &attack->changes, key, change);
    }
    return change;
}

void attack_link(as_attack *attack, as_attack_link link, bool fixed)
{
    attack_vertex *from = attack_vertex_of(attack, link.from);
    if (from == NULL || link.from == link.to) {
        return;
    }
    link.change = fixed ? NULL : change_at(attack, link.span, from->node.title);
    as_attack_link *copy = AS_NEW(attack->arena, as_attack_link);
    *copy = link;
    AS_VEC_PUSH(attack->arena, &from->out, copy);
}

void attack_doubt(as_attack *attack, const char *fmt, ...)
{
    as_buf buf;
    va_list args;
    as_buf_init(&buf, attack->arena, 0);
    va_start(args, fmt);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    as_str text = as_buf_view(&buf);
    for (size_t i = 0; i < attack->doubts.n; i++) {
        if (as_str_eq(attack->doubts.items[i], text)) {
            return;
        }
    }
    if (attack->doubts.n < AS_MAX_DIAGS) {
        AS_VEC_PUSH(attack->arena, &attack->doubts, text);
    }
}

bool attack_may_ask(as_attack *attack, const char *what)
{
    if (attack->n_pairs < MAX_PAIRS) {
        attack->n_pairs++;
        return true;
    }
    attack->cut_short = true;
    attack_doubt(attack, "there are too many %s: not all of them were examined", what);
    return false;
}

/* --- the object ----------------------------------------------------------------------------------
 */

as_attack *as_attack_new(const as_graph *graph, const as_config *config)
{
    as_attack *attack = calloc(1, sizeof *attack);
    if (attack == NULL) {
        return NULL;
    }
    attack->arena = as_arena_new(AS_MAX_UNIT_BYTES);
    if (attack->arena == NULL || pthread_mutex_init(&attack->lock, NULL) != 0) {
        as_arena_free(attack->arena);
        free(attack);
        return NULL;
    }
    attack->graph = graph;
    attack->config = config;
    return attack;
}

void as_attack_free(as_attack *attack)
{
    if (attack != NULL) {
        (void)pthread_mutex_destroy(&attack->lock);
        as_arena_free(attack->arena);
        free(attack);
    }
}

/* Under the lock and a guard, once. */
static void make(as_attack *attack)
{
    if (attack->made) {
        return;
    }
    attack->made = true; /* also when it fails: it would fail again */
    as_diags_init(&attack->diags, attack->arena);
    attack->by_entity = AS_NEW_ARRAY(attack->arena, uint32_t, as_graph_count(attack->graph) + 1);
    index_places(attack);
    attack->internet = attack_add_named(
            attack, AS_ATTACK_INTERNET, AS_STR("internet"), AS_STR("the internet"), AS_STR(""))
                               ->node.id;
    attack_read_aws(attack);
    attack_read_gcp(attack);
    attack_read_clusters(attack);
    attack_read_pods(attack);
    attack_read_clouds(attack);
    attack_read_entries(attack);
    attack_read_pipelines(attack);
    attack->ready = true;
}

bool attack_run(as_attack *attack, as_arena *arena,
        void (*work)(as_attack *attack, as_arena *arena, void *self), void *self)
{
    bool volatile done = false;
    volatile as_cause cause = AS_CAUSE_NONE;
    as_guard asker;
    (void)pthread_mutex_lock(&attack->lock);
    if (!AS_GUARD_ENTER(&asker, arena)) {
        cause = asker.cause;
        as_guard_leave(&attack->guard);
    } else {
        if (AS_GUARD_ENTER(&attack->guard, attack->arena)) {
            make(attack);
            if (attack->ready) {
                work(attack, arena, self);
                done = true;
            }
            as_guard_leave(&attack->guard);
        }
        as_guard_leave(&asker);
    }
    (void)pthread_mutex_unlock(&attack->lock);
    if (cause != AS_CAUSE_NONE) {
        as_arena_unwind(arena, cause);
    }
    return done;
}

/* --- names ---------------------------------------------------------------------------------------
 */

typedef struct wanted {
    as_str text;
    const as_entity *entity;
    const uint32_t *ids;
    size_t n;
} wanted;

static bool is_called(const as_attack_node *node, as_str text)
{
    if (node->kind == AS_ATTACK_TRANSIT) {
        return false;
    }
    if (as_str_starts(text, "environment:")) {
        as_str word = as_str_from_index(text, sizeof "environment:" - 1);
        bool acts = node->kind == AS_ATTACK_WORKLOAD || node->kind == AS_ATTACK_IDENTITY ||
                    node->kind == AS_ATTACK_PIPELINE || node->kind == AS_ATTACK_ENTRY;
        as_str normal = attack_environment(word);
        return acts && as_str_eq(node->environment, normal.n > 0 ? normal : word);
    }
    const as_entity *e = node->entity;
    return as_str_eq(node->title, text) ||
           (node->kind == AS_ATTACK_INTERNET && as_str_is(text, "internet")) ||
           (e != NULL && (as_str_eq(e->address, text) || as_str_eq(e->name, text)));
}

/* Every workload asks for the internet: each node is looked at once for a text. */
static void find(as_attack *attack, as_arena *arena, void *self)
{
    wanted *w = self;
    attack_named *named = as_map_get(&attack->by_text, w->text);
    if (named == NULL) {
        named = AS_NEW(attack->arena, attack_named);
        as_map_put(attack->arena, &attack->by_text, as_str_dup(attack->arena, w->text), named);
    }
    for (; named->n_seen < attack->nodes.n; named->n_seen++) {
        const as_attack_node *node = &attack->nodes.items[named->n_seen]->node;
        if (is_called(node, w->text)) {
            AS_VEC_PUSH(attack->arena, &named->ids, node->id);
        }
    }
    uint32_t *ids = AS_NEW_ARRAY(arena, uint32_t, named->ids.n);
    for (size_t i = 0; i < named->ids.n; i++) {
        ids[i] = named->ids.items[i];
    }
    w->ids = ids;
    w->n = named->ids.n;
}

const uint32_t *as_attack_find(as_attack *attack, as_arena *arena, as_str text, size_t *n)
{
    wanted w = {.text = text};
    *n = 0;
    if (!attack_run(attack, arena, find, &w)) {
        return NULL;
    }
    *n = w.n;
    return w.ids;
}

static void find_entity(as_attack *attack, as_arena *arena, void *self)
{
    wanted *w = self;
    (void)arena;
    w->n = w->entity->id <= as_graph_count(attack->graph) ? attack->by_entity[w->entity->id] : 0;
}

uint32_t as_attack_node_of(as_attack *attack, as_arena *arena, const as_entity *entity)
{
    wanted w = {.entity = entity};
    return attack_run(attack, arena, find_entity, &w) ? (uint32_t)w.n : 0;
}
