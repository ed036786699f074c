/* Attack paths: from where an attacker stands (the internet, a leaked identity, a workload that is
 * taken over) to what matters (classified data, secrets, administration, another environment), over
 * everything that the engines of networks and identities know.
 *
 * Nodes are what an attacker may hold, links are the ways from one to the next. A link is certain
 * when the platform allows it whatever is not known, else it has the reason why not; a path is
 * certain when all its links are. Links of a node are worked out when a search first comes to it,
 * so that what nobody can reach costs nothing. A search visits each link once or twice; nothing
 * here enumerates paths.
 *
 * One object answers for a graph, on any thread: questions are asked one after the other, answers
 * live in the asker's arena and borrow from the object. */
#ifndef AS_PATHS_ATTACK_H
#define AS_PATHS_ATTACK_H

#include "engine/base/vec.h"
#include "engine/rules/config.h"

typedef enum as_hop {
#define AS_HOP(name, text) AS_HOP_##name,
#include "engine/paths/hops.def"
    AS_N_HOPS
} as_hop;

const char *as_hop_name(as_hop hop);

typedef enum as_attack_kind {
    AS_ATTACK_INTERNET,
    AS_ATTACK_ENTRY,    /* a load balancer */
    AS_ATTACK_PIPELINE, /* a job of a workflow */
    AS_ATTACK_WORKLOAD,
    AS_ATTACK_IDENTITY, /* user, role, service account */
    AS_ATTACK_STORE,
    AS_ATTACK_SECRET,
    AS_ATTACK_ADMIN,   /* of an account, project or cluster */
    AS_ATTACK_TRANSIT, /* what workloads have in common before the network; never part of a path */
} as_attack_kind;

const char *as_attack_kind_name(as_attack_kind kind);

/* What makes a node worth reaching; bits. */
enum {
    AS_GOAL_DATA = 1, /* confidential or regulated */
    AS_GOAL_SECRET = 2,
    AS_GOAL_ADMIN = 4,
    AS_GOAL_ENVIRONMENT = 8, /* production, from elsewhere: of a path, not of a node */
    AS_GOAL_ANY = 15,
};

typedef struct as_attack_node {
    uint32_t id;
    as_attack_kind kind;
    const as_entity *entity; /* NULL of the internet, and of what is not declared */
    as_str title;            /* "aws_s3_bucket.trades", "the internet" */
    as_str environment;      /* "prod", "dev", "staging", "test", as it is written, or empty */
    as_str classification;   /* as as_classify says */
    unsigned goals;
} as_attack_node;

/* What could be edited so that links vanish: one statement, block or object. */
typedef struct as_attack_change {
    uint32_t id;             /* from 1 */
    const as_entity *entity; /* in whose block it lies; may be NULL */
    as_span span;
    as_str what; /* "the statement", "Ingress trading/web" */
} as_attack_change;

typedef struct as_attack_link {
    uint32_t from, to;
    as_hop hop;
    bool lateral; /* from one workload to another one inside the network */
    bool free;    /* does not count as a step */
    bool certain;
    as_str note;                    /* "s3:GetObject", "through Ingress/trading/web" */
    as_str reason;                  /* why it is not certain */
    as_span span;                   /* what says so */
    const as_attack_change *change; /* NULL: no single change breaks it */
} as_attack_link;

typedef struct as_attack_step {
    const as_attack_node *from, *to;
    const as_attack_link *link;
} as_attack_step;

/* The shortest path to a goal, certain where there is such a path. */
typedef struct as_attack_path {
    const as_attack_node *start, *target;
    unsigned goal; /* one of AS_GOAL_… */
    int weight;    /* of the goal: 1 … 4 */
    bool certain;
    as_str reason; /* why it is not certain */
    const as_attack_step *steps;
    size_t n_steps;
    size_t ways_in; /* first steps from which the goal is reached */
} as_attack_path;

typedef struct as_attack_paths {
    const as_attack_path *items; /* certain ones first, then by weight, length and node */
    size_t n;
    size_t n_dropped; /* beyond the limit */
    bool incomplete;  /* a limit was reached, or memory ran out: no path proves nothing */
    as_strs doubts;   /* what was not examined, and why */
} as_attack_paths;

typedef struct as_attack_question {
    const uint32_t *starts; /* node ids; none: the internet */
    size_t n_starts;
    unsigned goals;  /* bits; 0: a node */
    uint32_t target; /* a node id, when goals is 0 */
    bool direct;     /* without links that are lateral */
    size_t limit;    /* of paths; 0: AS_ATTACK_MAX_PATHS */
} as_attack_question;

enum { AS_ATTACK_MAX_PATHS = 10000 };

typedef struct as_attack as_attack;

/* NULL when memory is gone. The graph and the configuration (may be NULL) must outlive it. */
as_attack *as_attack_new(const as_graph *graph, const as_config *config);
void as_attack_free(as_attack *attack);

/* A node by what it stands for; 0: none. */
uint32_t as_attack_node_of(as_attack *attack, as_arena *arena, const as_entity *entity);
/* By address, name or title, "internet", or "environment:dev" for everything that runs or acts
 * there; in order of ids. */
const uint32_t *as_attack_find(as_attack *attack, as_arena *arena, as_str text, size_t *n);
as_attack_paths as_attack_search(
        as_attack *attack, as_arena *arena, const as_attack_question *question);

/* What one change does to the paths of a question. */
typedef struct as_attack_cut {
    const as_attack_change *change;
    size_t closes; /* goals that can no longer be reached, not even perhaps */
    size_t uses;   /* paths of the list that lead over it */
} as_attack_cut;

typedef struct as_attack_cuts {
    const as_attack_cut *items; /* the change that closes most first */
    size_t n;
    bool complete; /* false: the search was ended by its limit */
} as_attack_cuts;

/* Every change that lies on a path of the answer. A goal counts once, however many starts reach it.
 */
as_attack_cuts as_attack_cut_of(as_attack *attack, as_arena *arena,
        const as_attack_question *question, const as_attack_paths *paths);

#endif
