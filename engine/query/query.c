#include "engine/query/query.h"

#include "engine/base/glob.h"
#include "engine/lua/lua.h"
#include "engine/rules/ruleset.h"

typedef struct step {
    as_str kind;      /* with wildcards */
    as_str condition; /* Lua; empty: none */
    /* To the step before: */
    bool backwards; /* the edge comes from this step */
    bool any_edge;
    as_edge_type edge;
} step;

struct as_query {
    as_arena *arena;
    step steps[AS_QUERY_MAX_STEPS];
    size_t n;
};

/* --- parsing ---------------------------------------------------------------------------------- */

typedef struct parsing {
    as_arena *arena;
    as_str text;
    size_t at;
    as_str *problem;
} parsing;

static bool fail(parsing *p, const char *what)
{
    *p->problem = as_str_fmt(p->arena, "at character %zu: %s", p->at + 1, what);
    return false;
}

static void skip_blanks(parsing *p)
{
    while (p->at < p->text.n && as_char_in(p->text.p[p->at], " \t\n"))
        p->at++;
}

static as_str take_word(parsing *p, const char *more)
{
    size_t from = p->at;

    while (p->at < p->text.n) {
        char c = p->text.p[p->at];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '_' && !as_char_in(c, more))
            break;
        p->at++;
    }
    return as_str_slice(p->text, from, p->at);
}

/* Up to the bracket that closes it; brackets in it are counted, quoted texts are passed over. */
static bool take_condition(parsing *p, as_str *out)
{
    size_t from = ++p->at;
    int depth = 1;
    char quote = '\0';

    for (; p->at < p->text.n; p->at++) {
        char c = p->text.p[p->at];
        if (quote) {
            if (c == '\\')
                p->at++;
            else if (c == quote)
                quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '[') {
            depth++;
        } else if (c == ']' && --depth == 0) {
            *out = as_str_slice(p->text, from, p->at++);
            return true;
        }
    }
    p->at = from - 1;
    return fail(p, "this bracket is not closed");
}

static bool take_step(parsing *p, step *out)
{
    skip_blanks(p);
    out->kind = take_word(p, ".*?-:");
    /* "k8s.service-selects->": the edge begins at the last dash before a word and an arrow. */
    if (as_str_contains(out->kind, "-") && p->at < p->text.n && p->text.p[p->at] == '>') {
        size_t dash = as_str_rfind_char(as_str_slice(out->kind, 0, out->kind.n - 1), '-');
        if (dash != (size_t)-1) {
            p->at -= out->kind.n - dash;
            out->kind = as_str_slice(out->kind, 0, dash);
        }
    }
    if (out->kind.n == 0)
        return fail(p, "a kind is expected (aws.s3.bucket, k8s.*)");
    return p->at >= p->text.n || p->text.p[p->at] != '[' || take_condition(p, &out->condition);
}

static bool take_text(parsing *p, const char *text)
{
    if (!as_str_starts(as_str_from_index(p->text, p->at), text))
        return false;
    p->at += strlen(text);
    return true;
}

static bool take_edge(parsing *p, step *out)
{
    out->backwards = take_text(p, "<-");
    if (!out->backwards && !take_text(p, "-"))
        return fail(p, "an edge is expected (-selects-> or <-selects-)");
    as_str name = take_word(p, "*");
    out->any_edge = as_str_is(name, "*");
    bool known = out->any_edge;
    for (int type = 0; type < AS_N_EDGE_TYPES && !known; type++) {
        known = as_str_is(name, as_edge_name((as_edge_type)type));
        out->edge = (as_edge_type)type;
    }
    if (!known)
        return fail(p, "there is no such edge");
    return take_text(p, out->backwards ? "-" : "->") || fail(p, "the arrow is not complete");
}

as_query *as_query_parse(as_arena *arena, as_str text, as_str *problem)
{
    as_query *query = AS_NEW(arena, as_query);
    parsing p = {arena, text, 0, problem};

    query->arena = arena;
    while (query->n < AS_QUERY_MAX_STEPS) {
        step *next = &query->steps[query->n];
        if ((query->n > 0 && !take_edge(&p, next)) || !take_step(&p, next))
            return NULL;
        query->n++;
        skip_blanks(&p);
        if (p.at == text.n)
            return query;
    }
    fail(&p, "there are too many steps");
    return NULL;
}

size_t as_query_steps(const as_query *query)
{
    return query->n;
}

/* --- running ---------------------------------------------------------------------------------- */

typedef enum answer { NOT_ASKED, NO, YES } answer;

typedef struct running {
    const as_query *query;
    const as_graph *graph;
    as_arena *arena;
    as_diags *diags;
    as_query_result *out;
    as_lua *lua;
    as_ruleset *set;
    int rules[AS_QUERY_MAX_STEPS]; /* number in lua; -1: no condition */
    bool erred[AS_QUERY_MAX_STEPS];
    unsigned char *asked[AS_QUERY_MAX_STEPS]; /* by entity id */
    const as_entity *chain[AS_QUERY_MAX_STEPS];
} running;

static bool find_lib(void *self, as_str name, as_chunk *out)
{
    return as_ruleset_find_lib(((running *)self)->set, name, out);
}

/* A condition is judged as a rule's check: with the same sandbox, and unknown where it cannot be
 * known. */
static bool compile(running *r, size_t i)
{
    const step *s = &r->query->steps[i];

    r->rules[i] = -1;
    r->asked[i] = as_arena_alloc(r->arena, as_graph_count(r->graph) + 1);
    if (s->condition.n == 0)
        return true;
    as_str code = as_str_fmt(r->arena,
            "return rule { id = \"QUERY\", title = \"query\", severity = \"info\", category = "
            "\"hygiene\", for_each = \"*\", check = function(e) if (%.*s\n) then return "
            "fail(\"yes\") end "
            "end }",
            AS_STR_ARG(s->condition));
    as_chunk chunk = {.name = AS_STR("query"), .code = code};
    r->rules[i] = as_lua_load(r->lua, &chunk, r->arena, r->diags, NULL, NULL, NULL);
    return r->rules[i] >= 0;
}

static bool condition_holds(running *r, size_t i, const as_entity *e)
{
    if (r->rules[i] < 0)
        return true;
    if (r->asked[i][e->id] != NOT_ASKED)
        return r->asked[i][e->id] == YES;
    as_verdict verdict = as_lua_check(r->lua, r->rules[i], e, r->arena);
    if (verdict.kind == AS_VERDICT_UNKNOWN)
        AS_VEC_PUSH(r->arena, &r->out->undecided, ((as_query_undecided){e, verdict.reason}));
    if (verdict.kind == AS_VERDICT_ERROR && !r->erred[i]) {
        r->erred[i] = true;
        as_diags_add(r->diags, AS_DIAG_ERROR, "query", e->span, "the condition of step %zu: %.*s",
                i + 1, AS_STR_ARG(verdict.reason));
    }
    r->asked[i][e->id] = verdict.kind == AS_VERDICT_FAIL ? YES : NO;
    return verdict.kind == AS_VERDICT_FAIL;
}

static bool fits(running *r, size_t i, const as_entity *e)
{
    return as_glob_match(r->query->steps[i].kind, e->kind) && !as_lua_broken(r->lua) &&
           condition_holds(r, i, e);
}

static void add_match(running *r)
{
    const as_entity **chain;

    if (r->out->matches.n >= AS_QUERY_MAX_MATCHES) {
        r->out->cut = true;
        return;
    }
    chain = AS_NEW_ARRAY(r->arena, const as_entity *, r->query->n);
    memcpy(chain, r->chain, r->query->n * sizeof *chain);
    AS_VEC_PUSH(r->arena, &r->out->matches, (as_query_match){chain});
}

/* The chain up to step i - 1 is there; its next step lies along the edges of its last entity. */
static void extend(running *r, size_t i)
{
    size_t n;

    if (i == r->query->n) {
        add_match(r);
        return;
    }
    const step *s = &r->query->steps[i];
    uint32_t here = r->chain[i - 1]->id;
    const as_edge *const *edges = s->backwards ? as_graph_edges_to(r->graph, here, &n)
                                               : as_graph_edges_from(r->graph, here, &n);
    for (size_t k = 0; k < n && !r->out->cut; k++) {
        const as_entity *next =
                as_graph_get(r->graph, s->backwards ? edges[k]->from : edges[k]->to);
        bool again = k > 0 && edges[k]->type == edges[k - 1]->type &&
                     edges[k]->from == edges[k - 1]->from && edges[k]->to == edges[k - 1]->to;
        if (again || (!s->any_edge && edges[k]->type != s->edge) || !fits(r, i, next))
            continue;
        r->chain[i] = next;
        extend(r, i + 1);
    }
}

void as_query_run(const as_query *query, const as_graph *graph, as_sources *sources,
        as_arena *arena, as_diags *diags, as_query_result *out)
{
    running r = {.query = query, .graph = graph, .arena = arena, .diags = diags, .out = out};
    as_ruleset_options none = {0};
    as_lua_host host = {.graph = graph, .sources = sources, .find_lib = find_lib, .self = &r};
    bool fine = true;

    *out = (as_query_result){0};
    r.set = as_ruleset_load(arena, &none, diags);
    r.lua = as_lua_new(&host);
    if (!r.lua)
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    for (size_t i = 0; i < query->n && fine; i++)
        fine = compile(&r, i);
    for (uint32_t id = 1; fine && id <= as_graph_count(graph) && !out->cut; id++) {
        r.chain[0] = as_graph_get(graph, id);
        if (fits(&r, 0, r.chain[0]))
            extend(&r, 1);
    }
    as_lua_free(r.lua);
}
