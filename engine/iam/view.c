#include "engine/iam/view.h"

#include "engine/graph/derived.h"

typedef struct view {
    size_t n;
    as_iam_entry *by_id; /* by the id of the entity, less one; without a principal: no entry */
} view;

static const void *make_accounts(as_arena *arena, const as_graph *graph)
{
    return as_iam_accounts_of(arena, graph);
}

const as_iam_accounts *as_iam_accounts_shared(const as_graph *graph)
{
    return as_graph_derived(graph, make_accounts);
}

static void add_account(as_arena *arena, view *v, const as_iam_account *account)
{
    as_iam_paths paths = as_iam_escalations(arena, account);
    for (size_t i = 0; i < account->principals.n; i++) {
        const as_iam_principal *p = account->principals.items[i];
        v->by_id[p->entity->id - 1] =
                (as_iam_entry){.account = account, .principal = p, .admin = paths.admins[i]};
    }
    for (size_t i = 0; i < paths.n; i++) { /* those of a principal follow one another */
        as_iam_entry *e = &v->by_id[paths.items[i].principal->entity->id - 1];
        e->paths = e->n_paths == 0 ? &paths.items[i] : e->paths;
        e->n_paths++;
    }
    for (size_t i = 0; i < paths.n_doubts; i++) {
        as_iam_entry *e = &v->by_id[paths.doubts[i].principal->entity->id - 1];
        e->doubt = e->doubt.n > 0 ? e->doubt : as_iam_shown(arena, paths.doubts[i].reason);
    }
}

static const void *make_view(as_arena *arena, const as_graph *graph)
{
    const as_iam_accounts *accounts = as_iam_accounts_shared(graph);
    view *v = AS_NEW(arena, view);
    v->n = as_graph_count(graph);
    v->by_id = AS_NEW_ARRAY(arena, as_iam_entry, v->n);
    for (size_t i = 0; accounts != NULL && i < accounts->list.n; i++) {
        add_account(arena, v, accounts->list.items[i]);
    }
    return v;
}

const as_iam_entry *as_iam_entry_of(const as_graph *graph, const as_entity *entity)
{
    const view *v = as_graph_derived(graph, make_view);
    if (v == NULL || entity->id == 0 || entity->id > v->n ||
            v->by_id[entity->id - 1].principal == NULL) {
        return NULL;
    }
    return &v->by_id[entity->id - 1];
}
