#include "engine/rules/config_file.h"
#include "engine/rules/config_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/fs.h"
#include "engine/base/glob.h"
#include "engine/base/witness.h"
#include "parsers/yaml/yaml.h"

typedef as_config_reader reader;

/* A key of a mapping, and who reads its value into the thing that the mapping describes. */
typedef struct key {
    const char *name;
    void (*read)(reader *r, const as_value *value, void *out);
} key;

static void wrong(reader *r, const as_value *value, const char *expected)
{
    as_diags_add(r->diags, AS_DIAG_ERROR, "config-type", value->span, "expected %s, found %s",
            expected, as_kind_name((as_kind)value->kind));
}

static void unknown_key(reader *r, const as_member *member, const key *keys)
{
    size_t best = 4;
    const char *near = NULL;

    as_diags_add(r->diags, AS_DIAG_ERROR, "config-unknown-key", member->key_span,
            "there is no setting '%.*s' here", AS_STR_ARG(member->key));
    for (const key *k = keys; k->name; k++) {
        size_t distance = as_str_distance(member->key, as_str_from(k->name), best - 1);
        if (distance < best) {
            best = distance;
            near = k->name;
        }
    }
    if (near)
        as_diags_detail(r->diags, "did you mean '%s'?", near);
}

static void read_mapping(reader *r, const as_value *value, const key *keys, void *out)
{
    if (as_value_is_null(value))
        return;
    if (!as_value_is(value, AS_OBJECT)) {
        wrong(r, value, "a mapping");
        return;
    }
    for (size_t i = 0; i < value->as.object->n; i++) {
        const as_member *member = &value->as.object->members[i];
        const key *k = keys;
        while (k->name && !as_str_is(member->key, k->name))
            k++;
        if (!k->name)
            unknown_key(r, member, keys);
        else if (!as_value_is_null(member->value))
            k->read(r, member->value, out);
    }
}

/* --- texts and lists ----------------------------------------------------------------------------
 */

/* Numbers and booleans are taken as they are written: `until: 2027-01-31`, `vars: {n: 3}`. */
static as_str text_of(reader *r, const as_value *value)
{
    as_buf buf;

    if (as_value_is(value, AS_STRING))
        return value->as.str;
    if (as_value_is(value, AS_OBJECT) || as_value_is(value, AS_LIST)) {
        wrong(r, value, "a text");
        return AS_STR("");
    }
    as_buf_init(&buf, r->arena, 0);
    as_value_write_json(&buf, value, (as_json_style){0});
    return as_buf_view(&buf);
}

/* A list of texts; one text stands for a list of one. */
static as_strs texts_of(reader *r, const as_value *value)
{
    size_t n = as_value_is(value, AS_LIST) ? as_value_count(value) : 1;
    as_str *items = AS_NEW_ARRAY(r->arena, as_str, n);

    for (size_t i = 0; i < n; i++)
        items[i] = text_of(r, as_value_is(value, AS_LIST) ? as_value_index(value, i) : value);
    return (as_strs){items, n};
}

static as_ignore paths_of(reader *r, const as_value *value)
{
    as_strs texts = texts_of(r, value);
    as_ignore paths = {.arena = r->arena};

    for (size_t i = 0; i < texts.n; i++)
        as_ignore_add(&paths, AS_STR(""), texts.items[i]);
    return paths;
}

static bool severity_of(reader *r, const as_value *value, as_severity *out)
{
    as_str text = text_of(r, value);

    if (as_severity_parse(text, out))
        return true;
    as_diags_add(r->diags, AS_DIAG_ERROR, "config-severity", value->span,
            "'%.*s' is no severity: critical, high, medium, low, info or none", AS_STR_ARG(text));
    return false;
}

static as_overrides overrides_of(reader *r, const as_value *value)
{
    AS_VEC(as_severity_override) list = {0};

    if (!as_value_is(value, AS_OBJECT)) {
        wrong(r, value, "a mapping of rules to severities");
        return (as_overrides){0};
    }
    for (size_t i = 0; i < value->as.object->n; i++) {
        const as_member *member = &value->as.object->members[i];
        as_severity_override override = {.rule = member->key};
        if (severity_of(r, member->value, &override.severity))
            AS_VEC_PUSH(r->arena, &list, override);
    }
    return (as_overrides){list.items, list.n};
}

static const as_value *object_of(reader *r, const as_value *value)
{
    if (as_value_is(value, AS_OBJECT))
        return value;
    wrong(r, value, "a mapping");
    return NULL;
}

/* Readers of one member: READ(type, name, member, function) makes read_type_name. */
#define READ(T, name, member, of)                                                                  \
    static void read_##T##_##name(reader *r, const as_value *value, void *out)                     \
    {                                                                                              \
        ((as_##T *)out)->member = of(r, value);                                                    \
    }

/* --- profiles -----------------------------------------------------------------------------------
 */

READ(profile, paths, paths, paths_of)
READ(profile, environments, environments, texts_of)
READ(profile, classifications, classifications, texts_of)
READ(profile, only, only, texts_of)
READ(profile, exclude, exclude, texts_of)
READ(profile, severity, severity, overrides_of)
READ(profile, parameters, parameters, object_of)

static const key profile_keys[] = {{"paths", read_profile_paths},
        {"environments", read_profile_environments},
        {"classifications", read_profile_classifications}, {"only", read_profile_only},
        {"exclude", read_profile_exclude}, {"severity", read_profile_severity},
        {"parameters", read_profile_parameters}, {NULL, NULL}};

static void read_profiles(reader *r, const as_value *value, void *out)
{
    size_t n = as_value_count(value);
    as_profile *profiles = AS_NEW_ARRAY(r->arena, as_profile, n);

    (void)out;
    if (!as_value_is(value, AS_LIST)) {
        wrong(r, value, "a list of profiles");
        return;
    }
    for (size_t i = 0; i < n; i++)
        read_mapping(r, as_value_index(value, i), profile_keys, &profiles[i]);
    r->config->profiles = profiles;
    r->config->n_profiles = n;
}

/* --- suppressions -------------------------------------------------------------------------------
 */

READ(config_suppression, rules, rules, texts_of)
READ(config_suppression, addresses, addresses, texts_of)
READ(config_suppression, environments, environments, texts_of)
READ(config_suppression, paths, paths, paths_of)
READ(config_suppression, reason, what.reason, text_of)
READ(config_suppression, owner, what.owner, text_of)

static void read_config_suppression_until(reader *r, const as_value *value, void *out)
{
    as_config_suppression *suppression = out;

    suppression->what.until = text_of(r, value);
    if (!as_date_valid(suppression->what.until))
        as_diags_add(r->diags, AS_DIAG_ERROR, "config-date", value->span,
                "'%.*s' is no date of the form YYYY-MM-DD", AS_STR_ARG(suppression->what.until));
}

static const key suppression_keys[] = {{"rule", read_config_suppression_rules},
        {"rules", read_config_suppression_rules}, {"path", read_config_suppression_paths},
        {"paths", read_config_suppression_paths}, {"address", read_config_suppression_addresses},
        {"addresses", read_config_suppression_addresses},
        {"environments", read_config_suppression_environments},
        {"reason", read_config_suppression_reason}, {"owner", read_config_suppression_owner},
        {"until", read_config_suppression_until}, {NULL, NULL}};

static void read_suppressions(reader *r, const as_value *value, void *out)
{
    size_t n = as_value_count(value);
    as_config_suppression *list = AS_NEW_ARRAY(r->arena, as_config_suppression, n);

    (void)out;
    if (!as_value_is(value, AS_LIST)) {
        wrong(r, value, "a list of suppressions");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const as_value *item = as_value_index(value, i);
        list[i].what.source = AS_STR("config");
        list[i].what.span = item->span;
        read_mapping(r, item, suppression_keys, &list[i]);
        if (list[i].rules.n == 0)
            as_diags_add(r->diags, AS_DIAG_ERROR, "config-suppression", item->span,
                    "a suppression names its rules (rules: [\"*\"] for all)");
    }
    r->config->suppressions = list;
    r->config->n_suppressions = n;
}

/* --- environments and variants ------------------------------------------------------------------
 */

static void read_environments(reader *r, const as_value *value, void *out)
{
    size_t n = as_value_count(value);
    as_environment *list = AS_NEW_ARRAY(r->arena, as_environment, n);

    (void)out;
    if (!as_value_is(value, AS_OBJECT)) {
        wrong(r, value, "a mapping of environments to paths");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const as_member *member = &value->as.object->members[i];
        list[i] = (as_environment){member->key, paths_of(r, member->value)};
    }
    r->config->environments = list;
    r->config->n_environments = n;
}

READ(variant, files, files, texts_of)
READ(variant, set, set, texts_of)
READ(variant, release, release, text_of)
READ(variant, namespace, namespace, text_of)

/* vars: {region: eu-west-1} as "region=eu-west-1"; what is no text as JSON, which HCL reads too. */
static void read_variant_vars(reader *r, const as_value *value, void *out)
{
    as_variant *variant = out;
    size_t n = as_value_count(value);
    as_str *set = AS_NEW_ARRAY(r->arena, as_str, n);

    if (!object_of(r, value))
        return;
    for (size_t i = 0; i < n; i++) {
        const as_member *member = &value->as.object->members[i];
        as_buf buf;
        as_buf_init(&buf, r->arena, 0);
        as_buf_fmt(&buf, "%.*s=", AS_STR_ARG(member->key));
        if (as_value_is(member->value, AS_STRING))
            as_buf_str(&buf, member->value->as.str);
        else
            as_value_write_json(&buf, member->value, (as_json_style){0});
        set[i] = as_buf_view(&buf);
    }
    variant->set = (as_strs){set, n};
}

static const key terraform_keys[] = {
        {"var_files", read_variant_files}, {"vars", read_variant_vars}, {NULL, NULL}};
static const key helm_keys[] = {{"values", read_variant_files}, {"set", read_variant_set},
        {"release", read_variant_release}, {"namespace", read_variant_namespace}, {NULL, NULL}};

/* {folder: {variant: {…}}} */
static as_variants variants_of(reader *r, const as_value *value, const key *keys)
{
    AS_VEC(as_variant) list = {0};

    if (!object_of(r, value))
        return (as_variants){0};
    for (size_t i = 0; i < value->as.object->n; i++) {
        const as_member *folder = &value->as.object->members[i];
        if (!object_of(r, folder->value))
            continue;
        for (size_t k = 0; k < folder->value->as.object->n; k++) {
            const as_member *member = &folder->value->as.object->members[k];
            as_variant variant = {
                    .folder = folder->key, .name = member->key, .span = member->key_span};
            read_mapping(r, member->value, keys, &variant);
            AS_VEC_PUSH(r->arena, &list, variant);
        }
    }
    return (as_variants){list.items, list.n};
}

static void read_terraform(reader *r, const as_value *value, void *out)
{
    (void)out;
    r->config->terraform = variants_of(r, value, terraform_keys);
}

static void read_helm(reader *r, const as_value *value, void *out)
{
    (void)out;
    r->config->helm = variants_of(r, value, helm_keys);
}

/* --- the whole file -----------------------------------------------------------------------------
 */

/* "rules.dirs" are found from the file's folder, wherever the program stands. */
static void read_config_rule_dirs(reader *r, const as_value *value, void *out)
{
    as_config *config = out;
    as_strs dirs = texts_of(r, value);
    as_str *paths = AS_NEW_ARRAY(r->arena, as_str, dirs.n);
    size_t n = 0;

    for (size_t i = 0; i < dirs.n; i++) {
        const as_value *dir = as_value_is(value, AS_LIST) ? as_value_index(value, i) : value;
        n += as_config_reach(r, dirs.items[i], dir->span, &paths[n]);
    }
    config->rule_dirs = r->fs ? dirs : (as_strs){paths, n};
}

READ(config, only, only, texts_of)
READ(config, exclude, exclude, texts_of)
READ(config, frameworks, frameworks, texts_of)
READ(config, module_dirs, module_dirs, texts_of)
READ(config, severity, severity, overrides_of)
READ(config, parameters, parameters, object_of)

static void read_ignore(reader *r, const as_value *value, void *out)
{
    as_strs patterns = texts_of(r, value);
    as_buf buf;

    (void)out;
    as_buf_init(&buf, r->arena, 0);
    for (size_t i = 0; i < patterns.n; i++) {
        as_buf_str(&buf, patterns.items[i]);
        as_buf_char(&buf, '\n');
    }
    r->config->ignore = as_buf_view(&buf);
}

static void read_fail_on(reader *r, const as_value *value, void *out)
{
    (void)out;
    r->config->has_fail_on = severity_of(r, value, &r->config->fail_on);
}

static void read_gate_fail_on(reader *r, const as_value *value, void *out)
{
    as_gate *gate = out;

    gate->has_fail_on = severity_of(r, value, &gate->fail_on);
}

static void read_gate_unknown(reader *r, const as_value *value, void *out)
{
    if (!as_value_is(value, AS_BOOL))
        wrong(r, value, "true or false");
    ((as_gate *)out)->fail_on_unknown = as_value_bool_or(value, false);
}

READ(gate, categories, categories, overrides_of)

static void read_gate_baseline(reader *r, const as_value *value, void *out)
{
    as_gate *gate = out;

    gate->baseline = text_of(r, value);
    gate->baseline_source = as_config_source(r, gate->baseline, value->span);
}

static void read_gate_budget(reader *r, const as_value *value, void *out)
{
    as_gate *gate = out;

    gate->budget = text_of(r, value);
    gate->budget_source = as_config_source(r, gate->budget, value->span);
}

static const key gate_keys[] = {{"fail_on", read_gate_fail_on},
        {"categories", read_gate_categories}, {"fail_on_unknown", read_gate_unknown},
        {"baseline", read_gate_baseline}, {"budget", read_gate_budget}, {NULL, NULL}};

static void read_gate(reader *r, const as_value *value, void *out)
{
    (void)out;
    r->config->gate.set = true;
    read_mapping(r, value, gate_keys, &r->config->gate);
}

static const key rules_keys[] = {{"dirs", read_config_rule_dirs}, {"only", read_config_only},
        {"exclude", read_config_exclude}, {"frameworks", read_config_frameworks}, {NULL, NULL}};

static void read_rules(reader *r, const as_value *value, void *out)
{
    read_mapping(r, value, rules_keys, out);
}

READ(config_extend, path, path, text_of)
READ(config_extend, git, git, text_of)
READ(config_extend, commit, commit, text_of)
READ(config_extend, dir, dir, text_of)

static const key extend_keys[] = {{"path", read_config_extend_path},
        {"git", read_config_extend_git}, {"commit", read_config_extend_commit},
        {"dir", read_config_extend_dir}, {NULL, NULL}};

static void read_extends(reader *r, const as_value *value, void *out)
{
    size_t n = as_value_count(value);
    as_config_extend *list = AS_NEW_ARRAY(r->arena, as_config_extend, n);

    (void)out;
    if (!as_value_is(value, AS_LIST)) {
        wrong(r, value, "a list of shared policies");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        list[i].span = as_value_index(value, i)->span;
        read_mapping(r, as_value_index(value, i), extend_keys, &list[i]);
    }
    r->config->extends = list;
    r->config->n_extends = n;
}

static void read_inline_suppressions(reader *r, const as_value *value, void *out)
{
    (void)out;
    if (!as_value_is(value, AS_BOOL))
        wrong(r, value, "true or false");
    r->config->no_inline_suppressions = !as_value_bool_or(value, true);
}

READ(classes, keys, keys, texts_of)
READ(classes, values, values, object_of)

static const key classes_keys[] = {
        {"keys", read_classes_keys}, {"values", read_classes_values}, {NULL, NULL}};

static void read_classification(reader *r, const as_value *value, void *out)
{
    (void)out;
    read_mapping(r, value, classes_keys, &r->config->classes);
}

READ(config, repositories, repositories, texts_of)

static const key argocd_keys[] = {{"repositories", read_config_repositories}, {NULL, NULL}};

static void read_argocd(reader *r, const as_value *value, void *out)
{
    read_mapping(r, value, argocd_keys, out);
}

static const key config_keys[] = {{"extends", read_extends}, {"fail_on", read_fail_on},
        {"gate", read_gate}, {"ignore", read_ignore}, {"rules", read_rules},
        {"severity", read_config_severity}, {"parameters", read_config_parameters},
        {"profiles", read_profiles}, {"suppressions", read_suppressions},
        {"inline_suppressions", read_inline_suppressions}, {"environments", read_environments},
        {"classification", read_classification}, {"module_dirs", read_config_module_dirs},
        {"terraform", read_terraform}, {"helm", read_helm}, {"argocd", read_argocd}, {NULL, NULL}};

/* "rules.dirs" where the file lies in a file system of its own, which they may not leave. */
static void resolve_folders(reader *r, as_fs *fs, as_str dir)
{
    as_strs dirs = r->config->rule_dirs;
    as_rule_folder *folders = AS_NEW_ARRAY(r->arena, as_rule_folder, dirs.n);
    size_t n = 0;

    for (size_t i = 0; i < dirs.n; i++) {
        if (as_path_join(r->arena, dir, dirs.items[i], &folders[n].dir)) {
            folders[n].fs = fs;
            folders[n++].shown = dirs.items[i];
        } else {
            as_diags_add_path(r->diags, AS_DIAG_ERROR, "config-outside", dirs.items[i],
                    "the folder of rules lies outside of what is scanned");
        }
    }
    r->config->rule_folders = (as_rule_folders){folders, n};
    r->config->rule_dirs = (as_strs){0};
}

static void read_listed_files(reader *r)
{
    as_profile *profiles = AS_NEW_ARRAY(r->arena, as_profile, r->config->n_profiles);

    r->config->parameters = as_config_files(r, r->config->parameters);
    for (size_t i = 0; i < r->config->n_profiles; i++) {
        profiles[i] = r->config->profiles[i];
        profiles[i].parameters = as_config_files(r, profiles[i].parameters);
    }
    r->config->profiles = profiles;
}

static void parse(reader *r, const as_source *source)
{
    as_yaml_options options = {.flavour = AS_YAML_CORE, .duplicates = AS_YAML_DUPLICATES_ERROR};
    const as_value *root = as_yaml_parse_one(r->arena, source, options, r->diags);

    if (root)
        read_mapping(r, root, config_keys, r->config);
    read_listed_files(r);
}

/* Whether a file that was found is where it seems to be: no link to what its author may not read.
 */
static bool is_in_place(reader *r, const char *file)
{
    char real[PATH_MAX], folder[PATH_MAX];

    if (!realpath(file, real) ||
            !realpath(as_str_cstr(r->arena, as_path_dir(as_str_from(file))), folder) ||
            as_config_is_below(as_str_from(real), as_str_from(folder)) ||
            as_config_is_below(as_str_from(real), r->within))
        return true;
    as_diags_add_path(r->diags, AS_DIAG_ERROR, "config-outside", as_str_from(file),
            "the configuration is a link out of its folder; name it with --config to trust it");
    return false;
}

static as_config *read_file(reader r, const char *file, as_str shown)
{
    char real[PATH_MAX];

    r.config = AS_NEW(r.arena, as_config);
    r.config->file = as_str_dup(r.arena, as_str_from(file));
    bool given = shown.n == 0 && r.depth == 0; /* with --config */
    r.shown_dir = as_path_dir(given ? as_str_from(file) : shown);
    if (!given && !is_in_place(&r, file))
        return r.config;
    const as_source *source = given ? as_file_read(r.arena, r.sources, file, shown, r.diags)
                                    : as_file_read_found(r.arena, r.sources, file, shown, r.diags);
    if (!source)
        return r.config;
    as_witness_way(as_sources_witness(r.sources), file);
    if (realpath(file, real))
        r.config->dir = as_str_dup(r.arena, as_path_dir(as_str_from(real)));
    if (r.depth > 0 && !as_config_is_below(r.config->dir, r.within))
        r.within = r.config->dir; /* what an organisation shares reads its own */
    parse(&r, source);
    as_config_extend_all(&r);
    return r.config;
}

const as_config *as_config_read(
        as_arena *arena, as_sources *sources, const char *file, as_str shown, as_diags *diags)
{
    return read_file((reader){.arena = arena, .sources = sources, .diags = diags}, file, shown);
}

const as_config *as_config_read_deeper(const as_config_reader *r, const char *file, as_str shown)
{
    reader deeper = *r;

    deeper.depth++;
    if (deeper.within.n == 0)
        deeper.within = r->config->dir;
    return read_file(deeper, file, shown);
}

/* The file in its file system; `file` is its path there. */
static as_config *read_source(reader r, as_fs *fs, const as_source *source, as_str file)
{
    r.config = AS_NEW(r.arena, as_config);
    r.config->file = file;
    r.fs = fs;
    parse(&r, source);
    resolve_folders(&r, fs, as_path_dir(file));
    as_config_extend_all(&r);
    return r.config;
}

const as_config *as_config_read_in(const as_config_reader *r, as_fs *fs, as_str dir, as_span by)
{
    reader deeper = *r;
    const as_source *source;
    as_str file;

    deeper.depth++;
    if (as_path_join(r->arena, AS_STR(""), dir, &dir) &&
            as_path_join(r->arena, dir, AS_STR(AS_CONFIG_NAME), &file) &&
            as_fs_read(fs, file, &source) == AS_FS_OK)
        return read_source(deeper, fs, source, file);
    as_diags_add(r->diags, AS_DIAG_ERROR, "config-policy", by,
            "the shared policy has no " AS_CONFIG_NAME " in its folder '%.*s'", AS_STR_ARG(dir));
    return NULL;
}

const as_config *as_config_find_in(as_arena *arena, as_fs *fs, as_str dir, as_diags *diags)
{
    reader r = {.arena = arena, .sources = as_fs_sources(fs), .diags = diags};
    const as_source *source;
    as_str file;

    for (bool top = false; !top; dir = as_path_dir(dir)) {
        top = dir.n == 0;
        if (!as_path_join(arena, dir, AS_STR(AS_CONFIG_NAME), &file) ||
                as_fs_read(fs, file, &source) != AS_FS_OK)
            continue;
        as_config *config = read_source(r, fs, source, file);
        config->prefix = as_str_slice(file, 0, file.n - strlen(AS_CONFIG_NAME));
        return config;
    }
    return AS_NEW(arena, as_config);
}

const as_config *as_config_find(
        as_arena *arena, as_sources *sources, const char *dir, as_diags *diags)
{
    char real[PATH_MAX];
    as_str found = AS_STR_NONE, root = AS_STR_NONE;

    as_witness_way(as_sources_witness(sources), dir);
    if (!realpath(dir, real))
        return AS_NEW(arena, as_config);
    for (as_str at = as_str_from(real); root.n == 0; at = as_path_dir(at)) {
        as_str file = as_str_fmt(arena, "%.*s/" AS_CONFIG_NAME, AS_STR_ARG(at));
        if (found.n == 0 && as_file_exists(sources, file.p))
            found = file;
        if (as_file_exists(sources, as_str_fmt(arena, "%.*s/.git", AS_STR_ARG(at)).p))
            root = at.n > 0 ? at : AS_STR("/");
        if (at.n == 0)
            break;
    }
    /* Without a work tree only the folder itself has a say: not a file in /tmp or in $HOME. */
    as_str own = as_str_fmt(arena, "%s/" AS_CONFIG_NAME, strcmp(real, "/") == 0 ? "" : real);
    if (found.n == 0 || (root.n == 0 && !as_str_eq(found, own)))
        return AS_NEW(arena, as_config);
    as_str base = root.n > 0 ? root : as_str_from(real);
    as_str shown = as_str_from_index(found, base.n + (as_str_ends(base, "/") ? 0 : 1));
    reader r = {.arena = arena, .sources = sources, .diags = diags, .within = base};
    as_config *placed = read_file(r, found.p, shown);
    placed->prefix = as_str_slice(shown, 0, shown.n - strlen(AS_CONFIG_NAME));
    return placed;
}
