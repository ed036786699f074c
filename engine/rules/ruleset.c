#include "engine/rules/ruleset.h"

#include <stdlib.h>

#include "engine/base/fs.h"
#include "engine/rules/config.h"
#include "engine/rules/kinds.h"
#include "engine/rules/pack.h"

static bool wanted(
        const as_rule *rule, const as_ruleset_options *options, const as_frameworks *frameworks)
{
    return (options->only.n == 0 || as_rule_matches(rule, options->only)) &&
           !as_rule_matches(rule, options->exclude) &&
           as_frameworks_want(frameworks, options->frameworks, rule);
}

static void load_chunk(as_ruleset *set, as_lua *lua, const as_chunk *chunk,
        const as_ruleset_options *options, as_diags *diags)
{
    as_loaded_rule loaded = {.chunk = *chunk};
    int number = as_lua_load(lua, chunk, set->arena, diags, &loaded.rule,
            options->examples ? &loaded.examples : NULL, &loaded.n_examples);
    loaded.kinds = as_kinds_expand(set->arena, loaded.rule.targets);
    if (number >= 0 && wanted(&loaded.rule, options, &set->frameworks)) {
        AS_VEC_PUSH(set->arena, &set->rules, loaded);
    }
}

static bool occurs(const as_graph *graph, as_strs kinds)
{
    for (size_t i = 0; i < kinds.n; i++) {
        size_t n;
        (void)as_graph_of_kind(graph, kinds.items[i], &n);
        if (n > 0) {
            return true;
        }
    }
    return graph == NULL;
}

/* Where the user has helper modules, ours may call them. */
static as_chunk pack_chunk(const as_ruleset *set, const as_pack_entry *entry, as_pack_piece piece)
{
    bool watched = entry->watched || set->libs.n > 0;
    return (as_chunk){entry->file, as_pack_text(piece), true, true, watched};
}

/* Their metadata stands in the index; only examples take running the file. */
static void load_builtin(
        as_ruleset *set, as_lua *lua, const as_ruleset_options *options, as_diags *diags)
{
    for (size_t i = 0; i < as_pack_rules_n; i++) {
        const as_pack_entry *entry = &as_pack_rules[i];
        as_strs kinds = as_kinds_expand(set->arena, entry->kinds);
        if (options->graph != NULL && !occurs(options->graph, kinds)) {
            continue;
        }
        if (options->examples) {
            as_chunk chunk = pack_chunk(set, entry, entry->whole);
            load_chunk(set, lua, &chunk, options, diags);
            continue;
        }
        as_loaded_rule loaded = {.chunk = pack_chunk(set, entry, entry->code),
                .rule = as_pack_rule(set->arena, entry),
                .kinds = kinds};
        if (wanted(&loaded.rule, options, &set->frameworks)) {
            AS_VEC_PUSH(set->arena, &set->rules, loaded);
        }
    }
}

/* --- folders of rules ---------------------------------------------------------------------------- */

typedef AS_VEC(as_chunk) chunk_list;

/* A folder of rules: `base` in `fs`, called `shown`. */
typedef struct reading {
    as_ruleset *set;
    as_fs *fs;
    as_str base, shown;
    chunk_list *chunks;
    as_diags *diags;
} reading;

static void read_rule(reading *r, as_str path)
{
    as_arena *arena = r->set->arena;
    as_str inside = as_str_from_index(path, r->base.n > 0 ? r->base.n + 1 : 0);
    as_str shown = as_str_fmt(arena, "%.*s/%.*s", AS_STR_ARG(r->shown), AS_STR_ARG(inside));
    const as_source *source;
    as_fs_error error = as_fs_read(r->fs, path, &source);
    if (error != AS_FS_OK) {
        as_diags_add_path(r->diags, AS_DIAG_ERROR, "rules-read", shown, "cannot read the rule: %s",
                as_fs_error_text(error));
        return;
    }
    as_chunk chunk = {shown, as_str_dup(arena, source->text), false, false, true};
    if (as_str_starts(inside, "lib/")) {
        as_chunk *lib = AS_NEW(arena, as_chunk);
        *lib = chunk;
        as_map_put(arena, &r->set->libs, as_str_slice(inside, 4, inside.n - 4), lib);
    } else {
        AS_VEC_PUSH(arena, r->chunks, chunk);
    }
}

static void read_dir(reading *r, as_str dir, int depth)
{
    as_arena *arena = r->set->arena;
    as_fs_entries entries;
    as_fs_error error = as_fs_list(r->fs, arena, dir, &entries);
    if (error != AS_FS_OK || depth > 16) {
        as_diags_add_path(r->diags, AS_DIAG_ERROR, "rules-read",
                depth == 0 ? r->shown
                           : as_str_fmt(arena, "%.*s: %.*s", AS_STR_ARG(r->shown), AS_STR_ARG(dir)),
                "cannot read the rules: %s", as_fs_error_text(error));
        return;
    }
    for (size_t i = 0; i < entries.n; i++) {
        as_str path;
        if (!as_path_join(arena, dir, entries.items[i].name, &path)) {
            continue;
        }
        /* rules/data is what the engine reads, not rules. */
        if (entries.items[i].kind == AS_FS_DIR && !as_str_is(entries.items[i].name, "schema") &&
                !as_str_is(path, "data")) {
            read_dir(r, path, depth + 1);
        }
        if (entries.items[i].kind == AS_FS_FILE && as_str_ends(path, ".lua")) {
            read_rule(r, path);
        }
    }
}

static void free_fs(void *object)
{
    as_fs_free(object);
}

static void free_sources(void *object)
{
    as_sources_free(object);
}

static void find_dir(as_ruleset *set, as_str dir, chunk_list *chunks, as_diags *diags)
{
    as_sources *sources = as_sources_new();
    as_fs *fs = sources == NULL ? NULL : as_fs_open_dir(as_str_cstr(set->arena, dir), sources);
    if (sources != NULL) {
        as_arena_defer(set->arena, free_sources, sources);
    }
    if (fs == NULL) {
        as_diags_add_path(
                diags, AS_DIAG_ERROR, "rules-read", dir, "there is no such folder of rules");
        return;
    }
    as_arena_defer(set->arena, free_fs, fs);
    while (as_str_ends(dir, "/") && dir.n > 1) {
        dir.n--;
    }
    reading r = {set, fs, AS_STR(""), dir, chunks, diags};
    read_dir(&r, AS_STR(""), 0);
}

/* Read only when somebody asks for a framework: a scan of all rules has no use for them. */
static void load_frameworks(as_ruleset *set, as_strs asked, as_diags *diags)
{
    if (asked.n == 0) {
        return;
    }
    as_sources *sources = as_sources_new();
    if (sources == NULL) {
        as_arena_unwind(set->arena, AS_CAUSE_MEMORY);
    }
    as_arena_defer(set->arena, free_sources, sources);
    set->frameworks = as_frameworks_load(set->arena, sources, diags);
}

static int compare_rules(const void *a, const void *b)
{
    return as_str_cmp(((const as_loaded_rule *)a)->rule.id, ((const as_loaded_rule *)b)->rule.id);
}

/* Sorted, and of equal ids only the user's. */
static void settle(as_ruleset *set)
{
    size_t n = set->rules.n, kept = 0;
    if (n == 0) {
        return;
    }
    as_loaded_rule *items = set->rules.items;
    qsort(items, n, sizeof *items, compare_rules);
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && as_str_eq(items[kept - 1].rule.id, items[i].rule.id)) {
            if (items[kept - 1].rule.builtin) {
                items[kept - 1] = items[i];
            }
        } else {
            items[kept++] = items[i];
        }
    }
    set->rules.n = kept;
}

static bool find_lib(void *self, as_str name, as_chunk *out)
{
    return as_ruleset_find_lib(self, name, out);
}

static void load_by_running(
        as_ruleset *set, const chunk_list *own, const as_ruleset_options *options, as_diags *diags)
{
    as_lua_host host = {.find_lib = find_lib, .self = set};
    as_lua *lua = as_lua_new(&host);
    if (lua == NULL) {
        as_arena_unwind(set->arena, AS_CAUSE_MEMORY);
    }
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, set->arena)) {
        if (options->builtin) {
            load_builtin(set, lua, options, diags);
        }
        for (size_t i = 0; i < own->n; i++) {
            load_chunk(set, lua, &own->items[i], options, diags);
        }
        as_guard_leave(&guard);
    } else {
        as_lua_free(lua);
        as_arena_unwind(set->arena, guard.cause);
    }
    as_lua_free(lua);
}

as_ruleset *as_ruleset_load(as_arena *arena, const as_ruleset_options *options, as_diags *diags)
{
    as_ruleset *set = AS_NEW(arena, as_ruleset);
    set->arena = arena;
    chunk_list own = {0};
    load_frameworks(set, options->frameworks, diags);
    for (size_t i = 0; i < options->dirs.n; i++) {
        find_dir(set, options->dirs.items[i], &own, diags);
    }
    for (size_t i = 0; i < options->folders.n; i++) {
        const as_rule_folder *folder = &options->folders.items[i];
        reading r = {set, folder->fs, folder->dir, folder->shown, &own, diags};
        read_dir(&r, folder->dir, 0);
    }
    if (own.n > 0 || options->examples) {
        load_by_running(set, &own, options, diags);
    } else if (options->builtin) {
        load_builtin(set, NULL, options, diags);
    }
    settle(set);
    return set;
}

bool as_ruleset_find_lib(const as_ruleset *set, as_str name, as_chunk *out)
{
    const as_chunk *own = as_map_get(&set->libs, name);
    if (own != NULL) {
        *out = *own;
        return true;
    }
    for (size_t i = 0; i < as_pack_libs_n; i++) {
        if (as_str_eq(as_pack_libs[i].id, name)) {
            *out = pack_chunk(set, &as_pack_libs[i], as_pack_libs[i].code);
            return true;
        }
    }
    return false;
}

const as_loaded_rule *as_ruleset_find(const as_ruleset *set, as_str name)
{
    for (size_t i = 0; i < set->rules.n; i++) {
        if (as_rule_matches(&set->rules.items[i].rule, (as_strs){&name, 1})) {
            return &set->rules.items[i];
        }
    }
    return NULL;
}
