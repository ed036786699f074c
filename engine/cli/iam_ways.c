/* assay iam escalate: ways of identities of Kubernetes and Google Cloud, and across worlds. */
#include "engine/cli/iam_asking.h"

static const char *const worlds[AS_N_WORLDS] = {"aws", "gcp", "kubernetes"};

static void json_step(as_iam_asking *a, const as_way_step *step)
{
    as_json_open(&a->json, NULL, '{');
    as_json_str(&a->json, "from", step->from->name);
    as_json_str(&a->json, "to", step->to->name);
    as_json_str(&a->json, "action", step->action);
    as_json_str(&a->json, "method", step->method);
    as_json_str(&a->json, "resource", step->resource);
    if (step->workload)
        as_json_str(&a->json, "workload", step->workload->address);
    as_json_bool(&a->json, "certain", step->certain);
    as_json_str_if(&a->json, "provided_that", step->caveat);
    as_iam_asking_json_place(a, "evidence", step->span);
    as_json_close(&a->json, '}');
}

static void json_way(as_iam_asking *a, const as_way *way)
{
    as_json_open(&a->json, NULL, '{');
    as_json_str(&a->json, "principal", way->who->name);
    as_json_str(&a->json, "id", way->who->id);
    as_json_cstr(&a->json, "world", worlds[way->who->world]);
    as_json_str(&a->json, "method", way->method);
    as_json_bool(&a->json, "certain", way->certain);
    as_json_open(&a->json, "steps", '[');
    for (size_t i = 0; i < way->n_steps; i++)
        json_step(a, &way->steps[i]);
    as_json_close(&a->json, ']');
    as_json_close(&a->json, '}');
}

static void write_way(as_iam_asking *a, const as_way *way)
{
    as_buf_fmt(&a->out, "%.*s  %.*s%s\n", AS_STR_ARG(way->who->name), AS_STR_ARG(way->method),
            way->certain ? "" : "  (possible)");
    for (size_t i = 0; i < way->n_steps; i++) {
        const as_way_step *step = &way->steps[i];
        as_buf_fmt(&a->out, "  %.*s → %.*s: %.*s on %.*s", AS_STR_ARG(step->from->name),
                AS_STR_ARG(step->to->name), AS_STR_ARG(step->method), AS_STR_ARG(step->resource));
        as_iam_asking_place(a, step->span);
        if (step->caveat.n > 0)
            as_buf_fmt(&a->out, ", provided that %.*s", AS_STR_ARG(step->caveat));
        as_buf_char(&a->out, '\n');
    }
}

/* Ways within AWS are told by its own engine. */
static bool is_told_elsewhere(const as_way *way)
{
    bool inside = true;
    for (size_t i = 0; i < way->n_steps; i++)
        inside = inside && way->steps[i].from->world == AS_WORLD_AWS &&
                 way->steps[i].to->world == AS_WORLD_AWS;
    return inside;
}

static bool ends_in_cloud(const as_way *way)
{
    return way->steps[way->n_steps - 1].to->world != AS_WORLD_KUBERNETES;
}

/* Whether one of the ways begins so and ends in a cloud, too. */
static bool is_told(const as_way *way, const as_way *told, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (as_str_eq(told[i].method, way->method) && ends_in_cloud(&told[i]))
            return true;
    return false;
}

static size_t write_ways(
        as_iam_asking *a, const as_way *of, size_t n, const as_way *told, size_t n_told)
{
    bool only_certain = ((const as_iam_settings *)a->cli->settings)->certain;
    size_t written = 0;
    for (size_t k = 0; k < n; k++) {
        if ((only_certain && !of[k].certain) || is_told_elsewhere(&of[k]) ||
                is_told(&of[k], told, n_told))
            continue;
        written++;
        if (as_iam_asking_is_json(a))
            json_way(a, &of[k]);
        else
            write_way(a, &of[k]);
    }
    return written;
}

size_t as_iam_ways_write(as_iam_asking *a)
{
    const as_ways *ways = as_iam_asking_ways(a);
    size_t n = 0;
    for (uint32_t i = 1; i <= as_ways_count(ways); i++) {
        bool certain;
        size_t n_ways, n_on;
        if (as_ways_node(ways, i)->kind != AS_WAY_IDENTITY || !as_ways_leads(ways, i, &certain))
            continue;
        const as_way *of = as_ways_of(ways, a->cli->arena, i, &n_ways);
        const as_way *on = as_ways_to_clouds(ways, a->cli->arena, i, &n_on);
        n += write_ways(a, of, n_ways, NULL, 0);
        n += write_ways(a, on, n_on, of, n_ways);
    }
    return n;
}

size_t as_iam_ways_write_doubts(as_iam_asking *a)
{
    const as_ways *ways = as_iam_asking_ways(a);
    size_t n;
    const as_way_doubt *doubts = as_ways_doubts(ways, &n);
    for (size_t i = 0; i < n; i++) {
        const as_way_doubt *d = &doubts[i];
        const as_way_node *node = as_ways_node(ways, d->node);
        as_str name = node == NULL ? AS_STR("somebody") : node->name;
        if (as_iam_asking_is_json(a)) {
            as_json_open(&a->json, NULL, '{');
            as_json_str(&a->json, "principal", name);
            as_json_str(&a->json, "policy", d->what);
            as_json_str(&a->json, "reason", d->reason);
            as_iam_asking_json_place(a, "evidence", d->span);
            as_json_close(&a->json, '}');
        } else {
            as_buf_fmt(&a->out, "%.*s  unknown\n  %.*s: %.*s", AS_STR_ARG(name),
                    AS_STR_ARG(d->what), AS_STR_ARG(d->reason));
            as_iam_asking_place(a, d->span);
            as_buf_char(&a->out, '\n');
        }
    }
    return n;
}
