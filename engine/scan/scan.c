#include "engine/base/witness.h"
#include "engine/scan/internal.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/pool.h"
#include "engine/base/radix.h"
#include "engine/fix/locate.h"
#include "engine/rules/evaluate.h"
#include "engine/rules/fingerprint.h"
#include "engine/rules/suppress.h"
#include "engine/scan/coverage.h"
#include "engine/scan/load.h"
#include "engine/scan/secrets.h"
#include "engine/scan/variants.h"
#include "engine/secrets/scrub.h"

typedef as_running running;

/* --- reading -------------------------------------------------------------------------------------
 */

/* Shown as it lies from the root, where it was not given as an absolute path. */
static bool mount(
        as_arena *arena, const as_root *root, const char *disk, as_str given, as_str *path)
{
    char real[PATH_MAX];
    as_witness_way(as_sources_witness(as_fs_sources(root->fs)), disk);
    if (realpath(disk, real) == NULL) {
        return false;
    }
    as_str shown = as_str_join(arena, given, AS_STR("/"));
    if (!as_str_starts(given, "/") && root->dir.n > 0) {
        shown = as_path_relative(arena, root->dir, as_str_from(real));
    }
    return as_fs_mount(root->fs, real, shown, path);
}

/* Each folder by the path at which `fs` reads it; those of the configuration stand by its folder.
 */
static as_strs module_dirs(running *r, const as_root *root)
{
    as_arena *arena = r->scan->arena;
    const as_config *config = r->options->config;
    as_strs given = r->options->parse.module_dirs, set = {0};
    if (config != NULL) {
        set = config->module_dirs;
    }
    as_str *paths = AS_NEW_ARRAY(arena, as_str, given.n + set.n);
    size_t n = 0;
    for (size_t i = 0; i < given.n + set.n; i++) {
        as_str dir = i < given.n ? given.items[i] : set.items[i - given.n], disk = dir;
        bool by_config = i >= given.n && !as_str_starts(dir, "/");
        bool found;
        if (by_config && config->dir.n == 0) { /* of a revision: its own folder */
            found = as_path_join(arena, config->prefix, dir, &paths[n]) &&
                    as_fs_stat(root->fs, paths[n]) == AS_FS_DIR;
        } else {
            if (by_config) {
                disk = as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(config->dir), AS_STR_ARG(dir));
            }
            found = mount(arena, root, as_str_cstr(arena, disk), dir, &paths[n]);
        }
        n += found;
        if (!found) {
            as_diags_add_path(
                    &r->scan->diags, AS_DIAG_WARNING, "module-dir", dir, "there is no such folder");
        }
    }
    return (as_strs){paths, n};
}

static as_variants placed(as_arena *arena, as_variants variants, as_str base)
{
    as_variant *items = AS_NEW_ARRAY(arena, as_variant, variants.n);
    for (size_t i = 0; i < variants.n; i++) {
        items[i] = variants.items[i];
        items[i].base = base;
    }
    return (as_variants){items, variants.n};
}

const as_parse_options *as_running_parse_options(as_running *r, const as_root *root)
{
    const as_scan_options *o = r->options;
    as_parse_options *parse = AS_NEW(r->scan->arena, as_parse_options);
    *parse = o->parse;
    parse->module_dirs = module_dirs(r, root);
    parse->repository = root->is_git ? root->dir : AS_STR("");
    if (o->config != NULL) {
        parse->addresses = o->config->repositories;
        parse->terraform = placed(r->scan->arena, o->config->terraform, o->config->prefix);
        parse->helm = placed(r->scan->arena, o->config->helm, o->config->prefix);
    }
    return parse;
}

/* Parsers go on without a file that they cannot read, and leave it to whoever reads it for its own
 * sake to say why: for want of memory that one may succeed. */
static void tell_starved(running *r)
{
    for (size_t i = 0; i < r->roots.list.n; i++) {
        const as_fs *fs = r->roots.list.items[i].fs; /* none where parts are merged */
        if (fs != NULL && as_fs_starved(fs)) {
            as_diags_add(&r->scan->diags, AS_DIAG_ERROR, "limit", AS_SPAN_NONE,
                    "some files could not be read when they were asked for: %s",
                    as_cause_text(AS_CAUSE_MEMORY));
        }
    }
}

static void take_inventories(running *r)
{
    as_arena *arena = r->scan->arena;
    const as_scan_options *o = r->options;
    uint32_t units = 0;
    r->inventories = AS_NEW_ARRAY(arena, as_inventory, r->roots.list.n);
    r->loadings = AS_NEW_ARRAY(arena, as_loading, r->roots.list.n);
    for (size_t i = 0; i < r->roots.list.n; i++) {
        const as_root *root = &r->roots.list.items[i];
        const as_parse_options *parse = as_running_parse_options(r, root);
        as_inventory_take(arena, root, o->config, &r->scan->diags, &r->inventories[i]);
        as_load_discover(arena, root, &r->inventories[i], parse, o->config, units, &r->scan->diags,
                &r->loadings[i]);
        units = r->loadings[i].discovery.n_units;
    }
}

static void begin_secrets(running *r)
{
    as_arena *arena = r->scan->arena;
    r->secrets = (as_secret_scan){.roots = r->roots.list.items,
            .inventories = r->inventories,
            .loadings = r->loadings,
            .n_roots = r->roots.list.n,
            .config = r->options->config,
            .sources = r->scan->sources,
            .today = r->options->today,
            .jobs = r->jobs};
    r->secret_files = r->shards == NULL
                              ? as_secret_files_list(arena, &r->secrets, &r->n_secret_files)
                              : as_running_shard_files(r, &r->n_secret_files);
}

/* Files are looked through for secrets while others are parsed. */
static void load_roots(running *r)
{
    take_inventories(r);
    begin_secrets(r);
    as_secret_search *search =
            as_secret_search_begin(r->scan->arena, &r->secrets, r->secret_files, r->n_secret_files);
    for (size_t i = 0; i < r->roots.list.n; i++) {
        as_load_targets(r->scan->arena, &r->loadings[i], NULL, r->jobs);
        as_load_tell(&r->loadings[i], &r->scan->diags);
    }
    as_secret_search_end(search, &r->scan->diags);
}

static void make_graph(running *r)
{
    r->graph = as_graph_new(r->scan->arena);
    for (size_t i = 0; i < r->roots.list.n; i++) {
        as_load_add(&r->loadings[i], r->graph);
    }
    as_secret_scan_join(r->scan->arena, &r->secrets, r->secret_files, r->n_secret_files, r->graph,
            &r->scan->diags);
    as_graph_link(r->graph);
    if (as_graph_is_cut(r->graph)) {
        as_diags_add(&r->scan->diags, AS_DIAG_WARNING, "graph-selections", AS_SPAN_NONE,
                "label selectors take more than %zu objects; the edges beyond are left out",
                AS_MAX_SELECTIONS);
    }
}

/* --- judging -------------------------------------------------------------------------------------
 */

/* Whether the rules that compare variants are wanted at all: the comparison costs a second
 * evaluation. */
static bool wants_comparison(const as_scan_options *o)
{
    for (size_t i = 0; i < o->only_rules.n; i++) {
        if (as_rule_id_matches(o->only_rules.items[i], AS_STR("HELM-006")) ||
                as_rule_id_matches(o->only_rules.items[i], AS_STR("KUST-003"))) {
            return true;
        }
    }
    return o->only_rules.n == 0;
}

static void compare_variants(
        running *r, const as_ruleset_options *rules, const as_evaluate_options *how)
{
    as_arena *arena = r->scan->arena;
    as_variants_scan variants = {.loadings = r->loadings,
            .n_roots = r->roots.list.n,
            .sources = r->scan->sources,
            .rules = *rules,
            .how = *how,
            .bases = r->shards == NULL ? NULL : &r->shards->bases,
            .first_id = (uint32_t)as_graph_count(r->graph)};
    as_evaluation found;
    variants.rules.dirs = (as_strs){0};
    variants.rules.folders = (as_rule_folders){0};
    as_variants_run(arena, &variants, &r->scan->diags, &found);
    for (size_t i = 0; i < found.findings.n; i++) {
        AS_VEC_PUSH(arena, &r->evaluation.findings, found.findings.items[i]);
    }
    for (size_t i = 0; variants.set != NULL && i < variants.set->rules.n; i++) {
        AS_VEC_PUSH(arena, &r->rules->rules, variants.set->rules.items[i]);
    }
    for (size_t s = 0; s < 4; s++) {
        r->evaluation.by_status[s] += found.by_status[s];
    }
    r->evaluation.n_checks += found.n_checks;
}

as_ruleset_options as_running_rules(const as_running *r)
{
    const as_scan_options *o = r->options;
    return (as_ruleset_options){.builtin = true,
            .graph = r->graph,
            .dirs = o->rule_dirs,
            .folders = o->rule_folders,
            .only = o->only_rules,
            .exclude = o->exclude_rules,
            .frameworks = o->frameworks};
}

static void evaluate(running *r)
{
    as_arena *arena = r->scan->arena;
    const as_scan_options *o = r->options;
    as_ruleset_options options = as_running_rules(r);
    r->rules = as_ruleset_load(arena, &options, &r->scan->diags);
    as_evaluate_options how = {.config = o->config,
            .jobs = r->jobs,
            .progress = o->parse.progress,
            /* Where single files are wanted, only passes with a place can be told apart. */
            .keep_passes = o->show_passed || r->narrowed};
    as_evaluate_options all = how;
    all.settled = as_running_settled(r);
    all.narrow = o->missing.n > 0;
    all.missing = o->missing;
    as_rules_evaluate(
            r->rules, r->graph, r->scan->sources, &all, arena, &r->scan->diags, &r->evaluation);
    if (wants_comparison(o)) {
        compare_variants(r, &options, &how);
    }
    r->n_passed = r->evaluation.by_status[AS_PASS];
}

/* Nothing that goes into a report repeats a secret. */
static void scrub(running *r)
{
    as_arena *arena = r->scan->arena;
    as_scrubber *scrubber = r->scan->report.scrubber;
    if (scrubber == NULL) {
        return;
    }
    for (size_t i = 0; i < r->evaluation.findings.n; i++) {
        as_finding *f = &r->evaluation.findings.items[i];
        f->message = as_scrubber_run(scrubber, f->message);
        as_evidence *evidence = AS_NEW_ARRAY(arena, as_evidence, f->n_evidence);
        for (size_t k = 0; k < f->n_evidence; k++) {
            evidence[k] = f->evidence[k];
            evidence[k].note = as_scrubber_run(scrubber, evidence[k].note);
        }
        f->evidence = evidence;
    }
    for (size_t i = 0; i < r->scan->diags.list.n; i++) {
        as_diag *diag = &r->scan->diags.list.items[i];
        diag->summary = as_scrubber_run(scrubber, diag->summary);
        diag->detail = as_scrubber_run(scrubber, diag->detail);
    }
}

void as_running_name_wanted(as_running *r)
{
    assert(r->roots.list.n == 0 || r->roots.list.items != NULL);
    for (size_t i = 0; i < r->roots.list.n; i++) {
        const as_root *root = &r->roots.list.items[i];
        if (root->folders.n > 0) {
            return; /* a folder was named too: all counts */
        }
    }
    r->narrowed = r->roots.list.n > 0;
    for (size_t i = 0; i < r->roots.list.n; i++) {
        const as_root *root = &r->roots.list.items[i];
        for (size_t f = 0; f < root->files.n; f++) {
            const as_source *source;
            if (as_fs_read(root->fs, root->files.items[f], &source) == AS_FS_OK) {
                as_map_put(r->scan->arena, &r->wanted, source->path, r);
            }
        }
    }
}

static as_str path_of(const running *r, const as_finding *f)
{
    const as_source *source = as_sources_get(r->scan->sources, f->span.file);
    return source == NULL ? AS_STR("") : source->path;
}

/* A member of a packed chart ("web-1.tgz!templates/x.yaml") is wanted with it. */
static bool is_wanted(const running *r, as_str path)
{
    return as_map_has(&r->wanted, as_str_slice(path, 0, as_str_find_char(path, '!'))) ||
           as_map_has(&r->wanted, path);
}

/* Whether all that the configuration speaks of is scanned: else what it suppresses may be
 * elsewhere. */
static bool scans_all(const running *r)
{
    as_str own = r->options->config == NULL ? AS_STR("") : r->options->config->prefix;
    for (size_t i = 0; i < r->roots.list.n; i++) {
        const as_root *root = &r->roots.list.items[i];
        for (size_t f = 0; f < root->folders.n; f++) {
            as_str folder = root->folders.items[f];
            if (folder.n == 0 || (own.n > folder.n && own.p[folder.n] == '/' &&
                                         as_str_eq(as_str_slice(own, 0, folder.n), folder))) {
                return true;
            }
        }
    }
    return false;
}

static void suppress(running *r)
{
    as_arena *arena = r->scan->arena;
    as_finding *findings = r->evaluation.findings.items;
    size_t n = r->evaluation.findings.n, kept = 0, n_elsewhere = 0;
    for (size_t i = 0; i < n; i++) {
        bool wanted = !r->narrowed || is_wanted(r, path_of(r, &findings[i]));
        bool passed = findings[i].status == AS_PASS;
        n_elsewhere += passed && !wanted;
        if (wanted && (!passed || r->options->show_passed)) {
            if (kept < i) {
                findings[kept] = findings[i];
            }
            if (findings[kept].fingerprint[0] == '\0') { /* of a shard: of the others there is one */
                as_finding_set_fingerprint(&findings[kept]);
            }
            kept++;
        }
    }
    r->n_passed -= n_elsewhere;
    r->evaluation.findings.n = kept;
    const as_rule **rules = AS_NEW_ARRAY(arena, const as_rule *, r->rules->rules.n + 2);
    size_t n_rules = 0;
    for (size_t i = 0; i < r->rules->rules.n; i++) {
        rules[n_rules++] = &r->rules->rules.items[i].rule;
    }
    as_suppress_options options = {.today = r->options->today,
            .config = r->options->config,
            .baseline = r->options->baseline,
            .no_inline = r->options->no_inline_suppressions,
            .whole = scans_all(r),
            .rules = rules,
            .n_rules = n_rules};
    as_suppressions *all = as_suppressions_collect(arena, r->scan->sources, r->graph, &options);
    as_suppressions_apply(all, findings, kept);
    size_t n_extra;
    const as_finding *extra = as_suppressions_findings(all, &n_extra);
    for (size_t i = 0; i < n_extra; i++) {
        if (!r->narrowed || is_wanted(r, path_of(r, &extra[i]))) {
            AS_VEC_PUSH(arena, &r->evaluation.findings, extra[i]);
        }
    }
    rules[n_rules++] = &as_rule_suppression_expired;
    rules[n_rules++] = &as_rule_suppression_unused;
    r->scan->report.rules = rules;
    r->scan->report.n_rules = n_rules;
}

/* --- the report ----------------------------------------------------------------------------------
 */

/* A finding with what it is sorted by. */
typedef struct ranked {
    const as_finding *finding;
    as_str path;
    as_position at;
} ranked;

static as_str address_of(const as_finding *f)
{
    return f->entity == NULL ? AS_STR("") : f->entity->address;
}

static as_str unit_of(const as_finding *f)
{
    return f->entity == NULL || f->entity->unit == NULL ? AS_STR("") : f->entity->unit->name;
}

static int compare_ranked(const void *a, const void *b)
{
    const ranked *x = *(const ranked *const *)a, *y = *(const ranked *const *)b;
    int order = as_str_cmp(x->path, y->path);
    if (order != 0) {
        return order;
    }
    if (x->at.line != y->at.line) {
        return x->at.line < y->at.line ? -1 : 1;
    }
    if ((x->finding->rule != y->finding->rule &&
                (order = as_str_cmp(x->finding->rule->id, y->finding->rule->id)) != 0) ||
            (order = as_str_cmp(address_of(x->finding), address_of(y->finding))) != 0) {
        return order;
    }
    if (x->at.column != y->at.column) {
        return x->at.column < y->at.column ? -1 : 1;
    }
    if ((order = as_str_cmp(x->finding->message, y->finding->message)) != 0) {
        return order;
    }
    if (x->finding->status != y->finding->status) {
        return x->finding->status < y->finding->status ? -1 : 1;
    }
    return as_str_cmp(unit_of(x->finding), unit_of(y->finding));
}

/* Variants of one root or chart say many things twice: the same verdict on the same resource at the
 * same place is one finding. */
static bool same(const ranked *x, const ranked *y)
{
    return x->finding->rule == y->finding->rule && x->finding->status == y->finding->status &&
           x->finding->span.file == y->finding->span.file &&
           x->finding->span.begin == y->finding->span.begin &&
           as_str_eq(address_of(x->finding), address_of(y->finding)) &&
           as_str_eq(x->finding->message, y->finding->message);
}

/* Findings of one line that are compared with each other: on the one line of a minified file
 * nothing yields. */
#define MAX_ON_LINE 64

static bool meet(as_span a, as_span b)
{
    return a.file == b.file && a.begin <= b.end && b.begin <= a.end;
}

/* Whether one of the findings of the line, at the same place, is of a rule that the finding's rule
 * yields to. */
static bool yields(const as_finding *f, const ranked *const *line, size_t n)
{
    if (f->status != AS_FAIL || f->rule->yields_to.n == 0 || n > MAX_ON_LINE)
        return false;
    for (size_t i = 0; i < n; i++) {
        const as_finding *other = line[i]->finding;
        bool said = other->status == AS_FAIL || other->status == AS_SUPPRESSED;
        for (size_t k = 0; said && k < f->rule->yields_to.n; k++)
            if (as_str_eq(other->rule->id, f->rule->yields_to.items[k]) &&
                    meet(f->span, other->span))
                return true;
    }
    return false;
}

static bool on_one_line(const ranked *x, const ranked *y)
{
    return x->at.line == y->at.line && as_str_eq(x->path, y->path);
}

/* Moves items[from[i]] to items[i] for each i, along the cycles of the permutation. */
static void arrange(as_finding *items, uint32_t *from, size_t n)
{
    for (size_t start = 0; start < n; start++) {
        if (from[start] == start) {
            continue;
        }
        as_finding first = items[start];
        size_t at = start;
        while (from[at] != start) {
            size_t next = from[at];
            items[at] = items[next];
            from[at] = (uint32_t)at;
            at = next;
        }
        items[at] = first;
        from[at] = (uint32_t)at;
    }
}

typedef struct named_file {
    as_str path;
    uint32_t file;
} named_file;

static int compare_named(const void *a, const void *b)
{
    return as_str_cmp(((const named_file *)a)->path, ((const named_file *)b)->path);
}

/* The place of each file's path among the paths of all, by number of the file. */
static uint32_t *rank_files(as_arena *arena, const ranked *const *all, size_t n)
{
    uint32_t last = 0;
    for (size_t i = 0; i < n; i++) {
        last = all[i]->finding->span.file > last ? all[i]->finding->span.file : last;
    }
    uint32_t *ranks = AS_NEW_ARRAY(arena, uint32_t, (size_t)last + 1);
    AS_VEC(named_file) files = {0};
    for (size_t i = 0; i < n; i++) {
        uint32_t file = all[i]->finding->span.file;
        if (ranks[file] == 0) {
            ranks[file] = 1;
            AS_VEC_PUSH(arena, &files, (named_file){all[i]->path, file});
        }
    }
    if (files.n > 1) {
        qsort(files.items, files.n, sizeof *files.items, compare_named);
    }
    for (size_t i = 0, rank = 0; i < files.n; i++) {
        rank += i > 0 && !as_str_eq(files.items[i - 1].path, files.items[i].path);
        ranks[files.items[i].file] = (uint32_t)rank;
    }
    return ranks;
}

/* By path and line first, which are numbers; then those of one line among each other, which mostly
 * are in order. */
static void sort_ranked(as_arena *arena, const ranked **all, size_t n)
{
    const uint32_t *ranks = rank_files(arena, all, n);
    as_keyed *keys = AS_NEW_ARRAY(arena, as_keyed, n), *scratch = AS_NEW_ARRAY(arena, as_keyed, n);
    const ranked *first = n > 0 ? all[0] : NULL; /* of an array */
    for (size_t i = 0; i < n; i++) {
        keys[i] = (as_keyed){
                (uint64_t)ranks[all[i]->finding->span.file] << 32 | all[i]->at.line, (uint32_t)i};
    }
    as_radix_sort(keys, scratch, n);
    for (size_t i = 0; i < n; i++) {
        all[i] = &first[keys[i].item];
    }
    for (size_t begin = 0, end = 0; begin < n; begin = end) {
        bool sorted = true;
        for (end = begin + 1; end < n && keys[end].key == keys[begin].key; end++) {
            sorted = sorted && compare_ranked(&all[end - 1], &all[end]) <= 0;
        }
        if (!sorted) {
            qsort(all + begin, end - begin, sizeof *all, compare_ranked);
        }
    }
}

static void sort_findings(void *self, as_arena *arena)
{
    running *r = self;
    size_t n = r->evaluation.findings.n, kept = 0;
    ranked *keys = AS_NEW_ARRAY(arena, ranked, n);
    const ranked **all = AS_NEW_ARRAY(arena, const ranked *, n);
    for (size_t i = 0; i < n; i++) {
        const as_finding *f = &r->evaluation.findings.items[i];
        keys[i] = (ranked){f, path_of(r, f),
                as_sources_position(r->scan->sources, f->span.file, f->span.begin)};
        all[i] = &keys[i];
    }
    sort_ranked(arena, all, n);
    as_finding *items = r->evaluation.findings.items;
    uint32_t *from = AS_NEW_ARRAY(arena, uint32_t, n);
    bool *repeats = AS_NEW_ARRAY(arena, bool, n);
    for (size_t i = 0; i < n; i++) {
        from[i] = (uint32_t)(all[i]->finding - items);
        repeats[i] = i > 0 && same(all[i - 1], all[i]);
    }
    for (size_t begin = 0, end = 0; begin < n; begin = end) {
        for (end = begin + 1; end < n && on_one_line(all[begin], all[end]);)
            end++;
        for (size_t i = begin; i < end; i++)
            repeats[i] = repeats[i] || yields(all[i]->finding, all + begin, end - begin);
    }
    arrange(items, from, n);
    for (size_t i = 0; i < n; i++) {
        if (!repeats[i]) {
            items[kept++] = items[i];
        }
    }
    r->evaluation.findings.n = kept;
}

static int compare_diags(const void *a, const void *b)
{
    const as_diag *x = a, *y = b;
    if (x->span.file != y->span.file) {
        return x->span.file < y->span.file ? -1 : 1;
    }
    if (x->span.begin != y->span.begin) {
        return x->span.begin < y->span.begin ? -1 : 1;
    }
    int order = as_str_cmp(x->path, y->path);
    order = order != 0 ? order : strcmp(x->code, y->code);
    return order != 0 ? order : as_str_cmp(x->summary, y->summary);
}

/* Sources are numbered as threads come to them, so their paths decide. */
typedef struct placed_diag {
    as_diag diag;
    as_str path;
} placed_diag;

static int compare_placed(const void *a, const void *b)
{
    const placed_diag *x = a, *y = b;
    int order = as_str_cmp(x->path, y->path);
    if (order != 0) {
        return order;
    }
    as_diag left = x->diag, right = y->diag;
    left.span.file = right.span.file = 0;
    return compare_diags(&left, &right);
}

static void sort_diags(as_scan *scan)
{
    size_t n = scan->diags.list.n, kept = 0;
    placed_diag *all = AS_NEW_ARRAY(scan->arena, placed_diag, n);
    for (size_t i = 0; i < n; i++) {
        as_diag *diag = &scan->diags.list.items[i];
        const as_source *source = as_sources_get(scan->sources, diag->span.file);
        all[i] = (placed_diag){*diag, source == NULL ? diag->path : source->path};
    }
    if (n > 1) {
        qsort(all, n, sizeof *all, compare_placed);
    }
    for (size_t i = 0; i < n; i++) { /* a module that several roots share says it in each */
        if (i == 0 || compare_placed(&all[i - 1], &all[i]) != 0) {
            scan->diags.list.items[kept++] = all[i].diag;
        }
    }
    scan->diags.list.n = kept;
    scan->diags.n_errors = scan->diags.n_warnings = 0;
    for (size_t i = 0; i < kept; i++) {
        as_diag_severity severity = scan->diags.list.items[i].severity;
        scan->diags.n_errors += severity == AS_DIAG_ERROR;
        scan->diags.n_warnings += severity == AS_DIAG_WARNING;
    }
}

static void summarise(running *r)
{
    as_report *report = &r->scan->report;
    report->findings = r->evaluation.findings.items;
    report->n_findings = r->evaluation.findings.n;
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        report->summary.by_status[f->status]++;
        if (f->status == AS_FAIL) {
            report->summary.failed_by_severity[f->severity]++;
        }
    }
    if (!r->options->show_passed) {
        report->summary.by_status[AS_PASS] = r->n_passed;
    }
    as_coverage_take(r->scan->arena, r->inventories, r->loadings, r->roots.list.n,
            &r->secrets.coverage, report);
    report->coverage.n_rules_loaded = r->rules->rules.n;
    report->coverage.n_checks = r->evaluation.n_checks;
}

static void run(as_scan *scan, const as_scan_options *options)
{
    running r = {.scan = scan, .options = options};
    r.jobs = options->jobs > 0 ? options->jobs : as_pool_processors();
    as_report *report = &scan->report;
    r.first_source = as_sources_count(scan->sources);
    if (options->shards != NULL) {
        /* The roots are those of the shards. */
    } else if (options->document != NULL) {
        as_roots_open_document(scan->arena, options->document, scan->sources, &r.roots);
    } else if (options->snapshot != NULL) {
        as_roots_open_snapshot(scan->arena, options->snapshot, options->paths,
                options->only_changed ? &options->changed : NULL, scan->sources, &scan->diags,
                &r.roots);
    } else {
        as_roots_open(scan->arena, options->paths, scan->sources, &scan->diags, &r.roots);
        as_roots_cover(&r.roots, options->overlay, options->n_overlay);
    }
    if (options->shard.count > 0) {
        as_running_shard(&r);
        return;
    }
    if (options->shards == NULL) {
        load_roots(&r);
    } else if (as_running_take_shards(&r)) {
        begin_secrets(&r);
    } else {
        return;
    }
    make_graph(&r);
    tell_starved(&r);
    report->graph = r.graph;
    if (r.secrets.texts.n > 0) {
        report->scrubber = as_scrubber_new(
                scan->arena, as_secrets_to_hide(scan->arena, r.graph, r.secrets.texts));
    }
    const as_root *only = r.roots.list.n == 1 ? &r.roots.list.items[0] : NULL;
    /* Relative: a report must not depend on where the tree lies. */
    report->root = only != NULL && only->folders.n == 1 && only->files.n == 0
                           ? only->folders.items[0]
                           : AS_STR("");
    report->path_prefix = r.roots.prefix;
    report->here = r.roots.here;
    if (options->graph_only) {
        sort_diags(scan);
        return;
    }
    if (r.shards == NULL) {
        as_running_name_wanted(&r);
    }
    evaluate(&r);
    scrub(&r);
    suppress(&r);
    as_arena_with_scratch(r.scan->arena, sort_findings, &r);
    if (options->locate_fixes) {
        as_fix_locate(
                scan->arena, report, r.evaluation.findings.items, r.evaluation.findings.n, r.jobs);
    }
    sort_diags(scan);
    summarise(&r);
}

as_scan *as_scan_run(const as_scan_options *options)
{
    as_arena *arena = as_arena_new(0);
    if (arena == NULL) {
        return NULL;
    }
    as_guard guard;
    as_scan *volatile scan = NULL;
    if (AS_GUARD_ENTER(&guard, arena)) {
        as_scan *made = AS_NEW(arena, as_scan);
        made->arena = arena;
        made->owns_sources = options->sources == NULL;
        made->sources = made->owns_sources ? as_sources_new() : options->sources;
        if (made->sources == NULL) {
            as_arena_unwind(arena, AS_CAUSE_MEMORY);
        }
        scan = made;
        as_diags_init(&made->diags, arena);
        made->report = (as_report){.sources = made->sources,
                .diags = &made->diags,
                .baseline = options->baseline ? options->baseline->file : AS_STR(""),
                .show_passed = options->show_passed,
                .graph = as_graph_new(arena)};
        run(made, options);
        as_guard_leave(&guard);
        return made;
    }
    if (scan == NULL) {
        as_arena_free(arena);
        return NULL;
    }
    if (AS_GUARD_ENTER(&guard, arena)) {
        as_diags_add(&scan->diags, AS_DIAG_ERROR, "limit", AS_SPAN_NONE,
                "the scan could not be finished: %s", as_cause_text(guard.cause));
        as_guard_leave(&guard);
    }
    return scan;
}

const as_report *as_scan_report(const as_scan *scan)
{
    return &scan->report;
}

as_str as_scan_shard_result(const as_scan *scan)
{
    return scan->shard_result;
}

size_t as_scan_bad_shard(const as_scan *scan)
{
    return scan->bad_shard;
}

void as_scan_free(as_scan *scan)
{
    if (scan != NULL) {
        as_sources *sources = scan->sources;
        bool owned = scan->owns_sources;
        as_arena_free(scan->arena); /* file systems in it refer to the sources */
        if (owned) {
            as_sources_free(sources);
        }
    }
}
