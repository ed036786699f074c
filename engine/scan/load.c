#include "engine/scan/load.h"

#include "engine/base/limits.h"
#include "engine/base/pool.h"
#include "parsers/detect/ignore.h"

#define AS_PARSER(name) extern const as_parser as_parser_##name;
#include "parsers/parsers.def"

#define AS_PARSER(name) &as_parser_##name,
const as_parser *const as_parsers[] = {
#include "parsers/parsers.def"
        NULL};

bool as_variant_covers(const as_variant *variant, as_str folder)
{
    as_str pattern = variant->folder, base = variant->base; /* "shop/" */
    if (base.n > 0 && as_str_eq(folder, as_str_slice(base, 0, base.n - 1))) {
        folder = AS_STR("");
    } else if (as_str_eq(as_str_slice(folder, 0, base.n), base)) {
        folder = as_str_from_index(folder, base.n);
    } else {
        return false;
    }
    while (as_str_ends(pattern, "/")) {
        pattern.n--;
    }
    return as_str_eq(pattern, folder) || (as_str_is(pattern, ".") && folder.n == 0) ||
           as_ignore_glob(pattern, folder);
}

as_strs as_variant_files(const as_discovery *d, const as_variant *variant, as_str dir)
{
    as_str *paths = AS_NEW_ARRAY(d->arena, as_str, variant->files.n);
    for (size_t i = 0; i < variant->files.n; i++) {
        as_str file = variant->files.items[i];
        if (!as_path_join(d->arena, dir, file, &paths[i]) ||
                as_fs_stat(d->fs, paths[i]) != AS_FS_FILE) {
            paths[i] = as_str_join(d->arena, variant->base, file);
        }
    }
    return (as_strs){paths, variant->files.n};
}

as_input *as_discovery_input(const as_discovery *d, as_str path)
{
    size_t low = 0, high = d->n_inputs;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = as_str_cmp(d->inputs[middle].path, path);
        if (order == 0) {
            return &d->inputs[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

as_unit *as_discovery_unit(as_discovery *d, as_str name, as_str variant, as_origin origin)
{
    as_unit *unit = AS_NEW(d->arena, as_unit);
    *unit = (as_unit){.name = name, .variant = variant, .origin = origin, .id = ++d->n_units};
    return unit;
}

as_target *as_discovery_add(as_discovery *d, const as_parser *parser, as_str path, as_str variant,
        as_origin origin, as_unit *unit)
{
    AS_VEC_PUSH(d->arena, &d->targets,
            (as_target){.parser = parser,
                    .path = path,
                    .variant = variant,
                    .unit = unit != NULL ? unit : as_discovery_unit(d, path, variant, origin)});
    return &d->targets.items[d->targets.n - 1];
}

/* The environment that a word of the path or variant names; configuration comes first. */
static as_str guess_environment(as_str text)
{
    static const struct {
        const char *word, *name;
    } words[] = {{"prod", "prod"}, {"production", "prod"}, {"prd", "prod"}, {"live", "prod"},
            {"staging", "staging"}, {"stage", "staging"}, {"stg", "staging"},
            {"preprod", "staging"}, {"uat", "staging"}, {"dev", "dev"}, {"development", "dev"},
            {"sandbox", "dev"}, {"test", "test"}, {"testing", "test"}, {"qa", "test"}};
    for (size_t at = 0; at < text.n;) {
        size_t end = at;
        while (end < text.n && !as_char_in(text.p[end], "/-_. []")) {
            end++;
        }
        as_str word = as_str_slice(text, at, end);
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (as_str_ieq(word, as_str_from(words[i].word))) {
                return as_str_from(words[i].name);
            }
        }
        at = end + 1;
    }
    return AS_STR("");
}

as_str as_environment_of(const as_config *config, as_str path, as_str variant)
{
    as_str name = config == NULL ? AS_STR("") : as_config_environment(config, path);
    if (name.n == 0) {
        name = guess_environment(variant);
    }
    return name.n > 0 ? name : guess_environment(path);
}

static void name_environments(as_discovery *d, const as_config *config)
{
    for (size_t i = 0; i < d->targets.n; i++) {
        as_target *target = &d->targets.items[i];
        as_unit *unit = target->unit;
        if (unit->environment.n == 0 && config != NULL) {
            unit->environment = as_config_environment(config, target->path);
        }
        if (unit->environment.n == 0) {
            unit->environment = guess_environment(unit->variant);
        }
        if (unit->environment.n == 0) {
            unit->environment = guess_environment(unit->name);
        }
    }
}

static void load_one(as_load *load)
{
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, load->arena)) {
        load->target->parser->load(load);
        as_guard_leave(&guard);
        as_progress_step(load->options->progress);
        return;
    }
    as_progress_step(load->options->progress);
    /* What was read before the limit counts; the diagnostic needs a little room of its own. */
    if (AS_GUARD_ENTER(&guard, load->diags->arena)) {
        as_diags_add_path(load->diags, AS_DIAG_ERROR, "limit", load->target->path,
                "this could not be evaluated to the end: %s", as_cause_text(guard.cause));
        as_guard_leave(&guard);
    }
}

void as_load_discover(as_arena *arena, const as_root *root, as_inventory *inventory,
        const as_parse_options *options, const as_config *config, uint32_t first_unit,
        as_diags *diags, as_loading *out)
{
    *out = (as_loading){.discovery = {.arena = arena,
                                .fs = root->fs,
                                .diags = diags,
                                .inputs = inventory->inputs.items,
                                .n_inputs = inventory->inputs.n,
                                .options = options,
                                .n_units = first_unit}};
    as_discovery *d = &out->discovery;
    for (size_t i = 0; as_parsers[i] != NULL; i++) {
        as_parsers[i]->discover(d);
    }
    name_environments(d, config);
}

typedef struct job {
    as_load **loads;
} job;

static void load_nth(void *self, size_t i)
{
    load_one(((job *)self)->loads[i]);
}

void as_load_targets(as_arena *arena, as_loading *loading, const bool *wanted, int jobs)
{
    as_discovery *d = &loading->discovery;
    job j = {.loads = AS_NEW_ARRAY(arena, as_load *, d->targets.n)};
    size_t n = 0;
    loading->loads = AS_NEW_ARRAY(arena, as_load, d->targets.n);
    for (size_t i = 0; i < d->targets.n; i++) {
        bool own = wanted == NULL || wanted[i];
        as_diags *diags = AS_NEW(arena, as_diags);
        as_diags_init(diags, own ? as_arena_own(arena, 0) : arena);
        loading->loads[i] = (as_load){.arena = own ? as_arena_own(arena, AS_MAX_UNIT_BYTES) : NULL,
                .fs = d->fs,
                .diags = diags,
                .target = &d->targets.items[i],
                .options = d->options};
        if (own) {
            j.loads[n++] = &loading->loads[i];
        }
    }
    as_progress_begin(d->options->progress, AS_PHASE_READING, n);
    as_pool_run(jobs, n, load_nth, &j);
}

void as_load_tell(const as_loading *loading, as_diags *diags)
{
    for (size_t i = 0; i < loading->discovery.targets.n; i++) {
        as_diags_append(diags, loading->loads[i].diags);
    }
}

void as_load_run(as_arena *arena, const as_root *root, as_inventory *inventory,
        const as_parse_options *options, const as_config *config, uint32_t first_unit, int jobs,
        as_diags *diags, as_loading *out)
{
    as_load_discover(arena, root, inventory, options, config, first_unit, diags, out);
    as_load_targets(arena, out, NULL, jobs);
    as_load_tell(out, diags);
}

void as_load_add(const as_loading *loading, as_graph *graph)
{
    for (size_t i = 0; i < loading->discovery.targets.n; i++) {
        as_load *load = &loading->loads[i];
        for (size_t r = 0; r < load->resources.n; r++) {
            load->resources.items[r].unit = load->target->unit;
            as_graph_add(graph, &load->resources.items[r]);
        }
        for (size_t g = 0; g < load->gaps.n; g++) {
            as_graph_add_gap(graph, load->target->unit, load->gaps.items[g].kind,
                    load->gaps.items[g].reason);
        }
    }
}
