/* A scan in several processes: the part that one of them does, and what becomes of all parts.
 *
 * Parts are whole roots (repositories, accounts' snapshots) where many are scanned. A root that is
 * much on its own is looked through by every shard, and its targets are parts: root modules,
 * charts, kustomizations, manifests, workflows, accounts; those of one unit stay together while
 * they are little. A shard parses, evaluates and renders its targets, looks through its files for
 * secrets, and judges what can be judged without the others. Merging puts the facts together in the
 * order that one process has them in, joins them, and judges the rest. */
#include <stdlib.h>

#include "engine/base/pool.h"
#include "engine/scan/internal.h"
#include "parsers/detect/walk.h"
#include "engine/base/sha256.h"
#include "parsers/live/seal.h"

enum {
    FILE_COST = 512, /* bytes that a file costs beside its own */
    FINE = 4,        /* a unit above this part of a shard's share is taken apart */
};

typedef struct part {
    size_t root;
    const as_unit *unit; /* all its targets; NULL: */
    size_t target;       /* this one; or the root, where it is whole */
} part;

typedef struct sharding {
    as_running *r;
    as_arena *arena;
    as_shard_scan scan;
    bool *whole;     /* by root */
    uint64_t *sizes; /* by root */
    uint64_t total;
    uint32_t n_units;
    AS_VEC(part) parts;
    AS_VEC(as_shard_part) weights;
    as_buf tree; /* what has to be the same for all */
} sharding;

/* --- planning --------------------------------------------------------------------------------- */

static uint64_t size_of_root(sharding *s, as_arena *arena, const as_root *root)
{
    const as_config *config = s->r->options->config;
    as_walk_options options = {0};
    uint64_t size = FILE_COST * root->files.n;
    as_diags ignored;

    as_diags_init(&ignored, arena);
    if (config != NULL) {
        options.exclude = config->ignore;
        options.exclude_dir = as_path_dir(config->prefix);
    }
    for (size_t i = 0; i < root->folders.n; i++) {
        as_walk walk = {0};
        as_walk_run(arena, root->fs, root->folders.items[i], options, &ignored, &walk);
        for (size_t f = 0; f < walk.files.n; f++)
            size += walk.files.items[f].size + FILE_COST;
    }
    return size;
}

static void add_part(sharding *s, part p, uint64_t size)
{
    AS_VEC_PUSH(s->arena, &s->parts, p);
    AS_VEC_PUSH(s->arena, &s->weights, (as_shard_part){.size = size});
    as_buf_fmt(&s->tree, "%zu %zu %llu\n", p.root, p.target, (unsigned long long)size);
}

/* Of what lies at or below the path; inputs are sorted. */
static uint64_t size_below(const as_inventory *inventory, as_str path)
{
    size_t low = 0, high = inventory->inputs.n;
    uint64_t size = 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (as_str_cmp(inventory->inputs.items[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool folder = path.n == 0 || as_str_ends(path, "/");
    for (; low < inventory->inputs.n; low++) {
        const as_input *input = &inventory->inputs.items[low];
        as_str rest = as_str_from_index(input->path, path.n);
        if (!as_str_eq(as_str_slice(input->path, 0, path.n), path))
            break;
        if (folder || rest.n == 0 || rest.p[0] == '/')
            size += input->size + FILE_COST;
    }
    return size;
}

static void add_units(sharding *s, size_t root)
{
    const as_discovery *d = &s->scan.loadings[root].discovery;
    size_t n = d->targets.n;
    uint64_t *sizes = AS_NEW_ARRAY(s->arena, uint64_t, n),
             *units = AS_NEW_ARRAY(s->arena, uint64_t, d->n_units + 1);
    bool *added = AS_NEW_ARRAY(s->arena, bool, d->n_units + 1);

    for (size_t t = 0; t < n; t++) {
        const as_target *target = &d->targets.items[t];
        as_str extent = target->extent.n > 0 ? target->extent : target->path;
        sizes[t] = size_below(&s->scan.inventories[root], extent) + FILE_COST;
        units[target->unit->id] += sizes[t];
    }
    for (size_t t = 0; t < n; t++) {
        const as_unit *unit = d->targets.items[t].unit;
        if (units[unit->id] > s->total / s->r->options->shard.count / FINE)
            add_part(s, (part){.root = root, .target = t}, sizes[t]);
        else if (!added[unit->id])
            add_part(s, (part){.root = root, .unit = unit, .target = t}, units[unit->id]);
        added[unit->id] = true;
        as_buf_fmt(&s->tree, "%.*s [%.*s]\n", AS_STR_ARG(d->targets.items[t].path),
                AS_STR_ARG(d->targets.items[t].variant));
    }
}

static void look_into(sharding *s, size_t root)
{
    as_running *r = s->r;
    as_shard_scan *scan = &s->scan;

    as_inventory_take(s->arena, &scan->roots[root], r->options->config, &scan->diags[root],
            &scan->inventories[root]);
    scan->first_unit[root] = s->n_units;
    as_load_discover(s->arena, &scan->roots[root], &scan->inventories[root],
            as_running_parse_options(r, &scan->roots[root]), r->options->config, s->n_units,
            &scan->diags[root], &scan->loadings[root]);
    s->n_units = scan->loadings[root].discovery.n_units;
    scan->n_units[root] = s->n_units - scan->first_unit[root];
    scan->known[root] = true;
    scan->has[root] = AS_NEW_ARRAY(s->arena, bool, scan->loadings[root].discovery.targets.n);
}

/* In an arena that goes with the names of the files. */
static uint64_t measure(sharding *s, const as_root *root)
{
    as_arena *scratch = as_arena_new(0);
    volatile uint64_t size = 0;
    as_guard guard;

    if (scratch == NULL)
        as_arena_unwind(s->arena, AS_CAUSE_MEMORY);
    if (AS_GUARD_ENTER(&guard, scratch)) {
        size = size_of_root(s, scratch, root);
        as_guard_leave(&guard);
    }
    as_arena_free(scratch);
    return size;
}

static void plan(sharding *s)
{
    as_shard_scan *scan = &s->scan;
    as_shard shard = s->r->options->shard;

    for (size_t i = 0; i < scan->n_roots; i++)
        s->total += s->sizes[i] = measure(s, &scan->roots[i]);
    for (size_t i = 0; i < scan->n_roots; i++) {
        as_buf_fmt(&s->tree, "root %zu %llu\n", i, (unsigned long long)s->sizes[i]);
        s->whole[i] = scan->n_roots > 1 && s->sizes[i] <= s->total / shard.count / 2;
        if (s->whole[i]) {
            add_part(s, (part){.root = i}, s->sizes[i]);
        } else {
            look_into(s, i);
            add_units(s, i);
        }
    }
    as_shard_plan(s->arena, s->weights.items, s->weights.n, shard.count);
}

/* --- one part --------------------------------------------------------------------------------- */

static void mark_own(sharding *s)
{
    as_shard_scan *scan = &s->scan;

    for (size_t i = 0; i < s->parts.n; i++) {
        const part *p = &s->parts.items[i];
        bool own = s->weights.items[i].shard == s->r->options->shard.index;
        if (own && s->whole[p->root])
            look_into(s, p->root);
        const as_discovery *d = &scan->loadings[p->root].discovery;
        for (size_t t = 0; own && t < d->targets.n; t++)
            if (s->whole[p->root] ||
                    (p->unit != NULL ? d->targets.items[t].unit == p->unit : t == p->target))
                scan->has[p->root][t] = true;
    }
    for (size_t i = 0; i < scan->n_roots; i++) {
        const as_discovery *d = &scan->loadings[i].discovery;
        for (size_t t = 0; t < d->targets.n; t++)
            d->targets.items[t].unit->split = d->targets.items[t].unit->split || !scan->has[i][t];
    }
}

/* Files of a root that every shard knows are shared out in its order, by size. */
static bool *own_files(sharding *s, size_t root)
{
    const as_inventory *inventory = &s->scan.inventories[root];
    as_shard shard = s->r->options->shard;
    size_t n = inventory->files.n;
    bool *own = AS_NEW_ARRAY(s->arena, bool, n);
    uint64_t total = 0, before = 0;

    for (size_t i = 0; i < n; i++)
        total += inventory->sizes.items[i] + FILE_COST;
    for (size_t i = 0; i < n; i++) {
        uint64_t size = inventory->sizes.items[i] + FILE_COST;
        uint64_t middle = before + size / 2;
        uint64_t nth = (uint64_t)((double)middle / (double)total * shard.count);
        own[i] = s->whole[root] || nth == shard.index - 1;
        before += size;
    }
    return own;
}

/* The files of all roots in one list, so that there is one finder; each root then has its stretch
 * of it. */
static void look_for_secrets(sharding *s, bool *const *own)
{
    as_running *r = s->r;
    as_shard_scan *scan = &s->scan;
    as_secret_scan secrets = {.roots = scan->roots,
            .inventories = scan->inventories,
            .loadings = scan->loadings,
            .n_roots = scan->n_roots,
            .config = r->options->config,
            .sources = r->scan->sources,
            .today = r->options->today,
            .jobs = r->jobs};
    size_t n, kept = 0, at = 0;
    as_secret_file *files = as_secret_files_list(s->arena, &secrets, &n);

    for (size_t i = 0; i < scan->n_roots; i++) {
        const as_inventory *inventory = &scan->inventories[i];
        as_map mine = {0};
        for (size_t f = 0; f < inventory->files.n; f++)
            if (own[i][f])
                as_map_put(s->arena, &mine, inventory->files.items[f], s);
        scan->secret_files[i] = &files[kept];
        for (; at < n && files[at].inventory == inventory; at++)
            if (as_map_has(&mine, files[at].path))
                files[kept++] = files[at];
        scan->n_secret_files[i] = (size_t)(&files[kept] - scan->secret_files[i]);
    }
    if (kept > 0)
        as_secret_search_end(
                as_secret_search_begin(s->arena, &secrets, files, kept), &scan->diags[0]);
}

static bool *foreign_sources(sharding *s, bool *const *own)
{
    as_shard_scan *scan = &s->scan;
    bool *skip = AS_NEW_ARRAY(s->arena, bool, scan->last_common + 1);

    for (size_t i = 0; i < scan->n_roots; i++)
        for (size_t f = 0; f < scan->inventories[i].files.n; f++) {
            const as_source *source =
                    own[i][f] ? NULL
                              : as_fs_known(scan->roots[i].fs, scan->inventories[i].files.items[f]);
            if (source != NULL && source->id <= scan->last_common)
                skip[source->id] = true;
        }
    return skip;
}

static void load_own(sharding *s)
{
    as_running *r = s->r;
    as_shard_scan *scan = &s->scan;

    scan->last_common = as_sources_count(r->scan->sources);
    r->graph = as_graph_new(s->arena);
    for (size_t i = 0; i < scan->n_roots; i++) {
        if (!scan->known[i])
            continue;
        as_load_targets(s->arena, &scan->loadings[i], scan->has[i], r->jobs);
        for (size_t t = 0; t < scan->loadings[i].discovery.targets.n; t++)
            if (scan->has[i][t] && scan->loadings[i].discovery.targets.items[t].unit->origin ==
                                           AS_ORIGIN_KUSTOMIZE)
                as_variant_bases_load(s->arena, &scan->loadings[i].loads[t], &scan->bases);
        as_load_add(&scan->loadings[i], r->graph);
    }
    as_graph_link(r->graph);
}

static void judge_own(sharding *s)
{
    as_running *r = s->r;
    as_ruleset_options options = as_running_rules(r);
    as_evaluate_options how = {.config = r->options->config,
            .jobs = r->jobs,
            .progress = r->options->parse.progress,
            .keep_passes = r->options->show_passed || r->narrowed,
            .narrow = true};
    as_diags ignored; /* said where all shards are together */

    as_diags_init(&ignored, s->arena);
    r->rules = as_ruleset_load(s->arena, &options, &ignored);
    as_rules_evaluate(
            r->rules, r->graph, r->scan->sources, &how, s->arena, &ignored, &r->evaluation);
}

static as_strs keys_of(as_arena *arena, const as_map *map)
{
    as_str *items = AS_NEW_ARRAY(arena, as_str, map->n);

    for (size_t i = 0; i < map->n; i++)
        items[i] = map->entries[i].key;
    return (as_strs){items, map->n};
}

static void write_result(sharding *s, bool *const *own)
{
    as_running *r = s->r;
    as_shard_scan *scan = &s->scan;
    as_shard_head head = *r->options->shard_head;

    scan->prefix = r->roots.prefix;
    scan->here = r->roots.here;
    scan->narrowed = r->narrowed;
    scan->wanted = keys_of(s->arena, &r->wanted);
    head.shard = r->options->shard;
    head.digests.tree = as_sha256_hex(s->arena, as_buf_view(&s->tree));
    if (!as_shard_write(scan, &head, foreign_sources(s, own), r->rules, &r->evaluation,
                &r->scan->shard_result))
        as_arena_unwind(s->arena, AS_CAUSE_MEMORY);
}

void as_running_shard(as_running *r)
{
    as_arena *arena = r->scan->arena;
    size_t n = r->roots.list.n;
    sharding s = {.r = r,
            .arena = arena,
            .whole = AS_NEW_ARRAY(arena, bool, n),
            .sizes = AS_NEW_ARRAY(arena, uint64_t, n),
            .scan = {.arena = arena,
                    .sources = r->scan->sources,
                    .first_source = r->first_source,
                    .roots = r->roots.list.items,
                    .n_roots = n,
                    .inventories = AS_NEW_ARRAY(arena, as_inventory, n),
                    .loadings = AS_NEW_ARRAY(arena, as_loading, n),
                    .diags = AS_NEW_ARRAY(arena, as_diags, n),
                    .known = AS_NEW_ARRAY(arena, bool, n),
                    .first_unit = AS_NEW_ARRAY(arena, uint32_t, n),
                    .n_units = AS_NEW_ARRAY(arena, uint32_t, n),
                    .has = AS_NEW_ARRAY(arena, bool *, n),
                    .secret_files = AS_NEW_ARRAY(arena, as_secret_file *, n),
                    .n_secret_files = AS_NEW_ARRAY(arena, size_t, n)}};
    bool **own = AS_NEW_ARRAY(arena, bool *, n);

    as_buf_init(&s.tree, arena, (size_t)1 << 36);
    for (size_t i = 0; i < n; i++)
        as_diags_init(&s.scan.diags[i], arena);
    plan(&s);
    mark_own(&s);
    for (size_t i = 0; i < n; i++)
        own[i] = own_files(&s, i);
    load_own(&s);
    look_for_secrets(&s, own);
    as_running_name_wanted(r);
    judge_own(&s);
    write_result(&s, own);
}

/* --- all parts -------------------------------------------------------------------------------- */

static void take_root(as_running *r, size_t root, uint32_t *units)
{
    as_shard_scan *scan = r->shards;
    as_loading *loading = &scan->loadings[root];
    as_map seen = {0};

    as_diags_append(&r->scan->diags, &scan->diags[root]);
    loading->discovery.inputs = scan->inventories[root].inputs.items;
    loading->discovery.n_inputs = scan->inventories[root].inputs.n;
    for (size_t t = 0; t < loading->discovery.targets.n; t++) {
        as_unit *unit = loading->discovery.targets.items[t].unit;
        as_str key = as_str_fmt(r->scan->arena, "%p", (void *)unit);
        as_diags_append(&r->scan->diags, loading->loads[t].diags);
        unit->split = unit->split || !scan->has[root][t];
        if (as_map_put(r->scan->arena, &seen, key, unit) == NULL)
            unit->id += *units; /* as if one process had found them all */
    }
    *units += scan->n_units[root];
}

bool as_running_take_shards(as_running *r)
{
    as_arena *arena = r->scan->arena;
    const as_scan_options *o = r->options;
    as_shard_scan *scan = AS_NEW(arena, as_shard_scan);
    as_map known = {0};
    uint32_t units = 0;

    *scan = (as_shard_scan){.arena = arena,
            .sources = r->scan->sources,
            .verdicts = AS_NEW_ARRAY(arena, as_shard_verdicts, o->n_shards)};
    for (size_t i = 0; i < o->n_shards; i++)
        if (!as_shard_read(scan, &o->shards[i], &known)) {
            r->scan->bad_shard = i + 1;
            return false;
        }
    r->shards = scan;
    for (size_t i = 0; i < scan->n_roots; i++) {
        AS_VEC_PUSH(arena, &r->roots.list, scan->roots[i]);
        take_root(r, i, &units);
    }
    r->roots.prefix = scan->prefix;
    r->roots.here = scan->here;
    r->inventories = scan->inventories;
    r->loadings = scan->loadings;
    r->narrowed = scan->narrowed;
    for (size_t i = 0; i < scan->wanted.n; i++)
        as_map_put(arena, &r->wanted, scan->wanted.items[i], r);
    if (o->missing.n > 0)
        as_diags_add(&r->scan->diags, AS_DIAG_ERROR, "shard-missing", AS_SPAN_NONE, "%.*s",
                AS_STR_ARG(o->missing));
    return true;
}

as_secret_file *as_running_shard_files(as_running *r, size_t *n)
{
    as_shard_scan *scan = r->shards;
    as_arena *arena = r->scan->arena;
    as_secret_file *files = as_secret_files_list(arena, &r->secrets, n);
    size_t kept = 0, at = 0;

    for (size_t root = 0; root < scan->n_roots; root++) {
        as_map by_path = {0};
        for (size_t i = 0; i < scan->n_secret_files[root]; i++)
            as_map_put(arena, &by_path, scan->secret_files[root][i].path,
                    &scan->secret_files[root][i]);
        for (; at < *n && files[at].inventory == &scan->inventories[root]; at++) {
            const as_secret_file *looked = as_map_get(&by_path, files[at].path);
            if (looked == NULL)
                continue;
            files[kept] = *looked;
            files[kept].inventory = files[at].inventory;
            files[kept++].fs = NULL;
        }
    }
    *n = kept;
    return files;
}

/* The number of the first entity of each target. */
static uint32_t **first_entities(as_running *r)
{
    as_arena *arena = r->scan->arena;
    uint32_t **first = AS_NEW_ARRAY(arena, uint32_t *, r->roots.list.n), next = 1;

    for (size_t i = 0; i < r->roots.list.n; i++) {
        const as_loading *loading = &r->loadings[i];
        first[i] = AS_NEW_ARRAY(arena, uint32_t, loading->discovery.targets.n + 1);
        for (size_t t = 0; t < loading->discovery.targets.n; t++) {
            first[i][t] = next;
            next += (uint32_t)loading->loads[t].resources.n;
        }
    }
    return first;
}

static int compare_keys(const void *a, const void *b)
{
    const as_check_key *x = a, *y = b;

    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    return (x->entity > y->entity) - (x->entity < y->entity);
}

typedef struct settling {
    as_running *r;
    as_settled *out;
    uint32_t **first;
    as_map rules; /* id → place + 1, as a size_t */
    AS_VEC(as_check_key) keys, deferred;
    AS_VEC(as_finding) findings;
} settling;

static as_check_key key_here(settling *s, const as_shard_verdicts *v, as_check_key key)
{
    as_shard_entity at = v->entities[key.entity - 1];
    const size_t *rule = as_map_get(&s->rules, v->rules.items[key.rule]);

    key.rule = rule == NULL ? UINT32_MAX : (uint32_t)*rule;
    key.entity = s->first[at.root][at.target] + at.nth;
    return key;
}

static void settle_shard(settling *s, const as_shard_verdicts *v)
{
    as_arena *arena = s->r->scan->arena;

    for (size_t i = 0; i < v->n; i++) {
        as_check_key key = key_here(s, v, v->keys[i]);
        if (key.rule == UINT32_MAX)
            continue;
        as_finding f = v->findings[i];
        f.rule = &s->r->rules->rules.items[key.rule].rule;
        f.entity = as_graph_get(s->r->graph, key.entity);
        AS_VEC_PUSH(arena, &s->keys, key);
        AS_VEC_PUSH(arena, &s->findings, f);
    }
    for (size_t i = 0; i < v->n_deferred; i++)
        AS_VEC_PUSH(arena, &s->deferred, key_here(s, v, v->deferred[i]));
    s->out->n_checks += v->n_checks;
    for (size_t status = 0; status < 4; status++)
        s->out->by_status[status] += v->by_status[status];
}

const as_settled *as_running_settled(as_running *r)
{
    as_arena *arena = r->scan->arena;
    settling s = {.r = r, .out = AS_NEW(arena, as_settled)};

    /* Where edges were left out, other ones may have been in the shards. */
    if (r->shards == NULL || as_graph_is_cut(r->graph))
        return NULL;
    s.first = first_entities(r);
    for (size_t i = 0; i < r->rules->rules.n; i++) {
        size_t *place = AS_NEW(arena, size_t);
        *place = i;
        as_map_put(arena, &s.rules, r->rules->rules.items[i].rule.id, place);
    }
    for (size_t i = 0; i < r->shards->n_verdicts; i++) {
        settle_shard(&s, &r->shards->verdicts[i]);
        s.out->n_entities += (uint32_t)r->shards->verdicts[i].n_entities;
    }
    if (s.deferred.n > 1)
        qsort(s.deferred.items, s.deferred.n, sizeof *s.deferred.items, compare_keys);
    s.out->keys = s.keys.items;
    s.out->findings = s.findings.items;
    s.out->n = s.findings.n;
    s.out->deferred = s.deferred.items;
    s.out->n_deferred = s.deferred.n;
    return s.out;
}

/* --- what has to be the same ------------------------------------------------------------------ */

as_str as_shard_rules_digest(as_arena *arena, const as_scan_options *o)
{
    as_ruleset_options options = {.builtin = true,
            .dirs = o->rule_dirs,
            .folders = o->rule_folders,
            .only = o->only_rules,
            .exclude = o->exclude_rules,
            .frameworks = o->frameworks};
    as_diags ignored;
    as_buf all;

    as_diags_init(&ignored, arena);
    as_buf_init(&all, arena, (size_t)1 << 32);
    const as_ruleset *set = as_ruleset_load(arena, &options, &ignored);
    for (size_t i = 0; i < set->rules.n; i++) {
        const as_loaded_rule *rule = &set->rules.items[i];
        as_buf_fmt(&all, "%.*s %zu ", AS_STR_ARG(rule->rule.id), rule->chunk.code.n);
        as_buf_str(&all, rule->chunk.code);
    }
    for (size_t i = 0; i < set->libs.n; i++) {
        const as_chunk *lib = set->libs.entries[i].value;
        as_buf_fmt(&all, "lib %.*s %zu ", AS_STR_ARG(lib->name), lib->code.n);
        as_buf_str(&all, lib->code);
    }
    return as_sha256_hex(arena, as_buf_view(&all));
}
