/* Where modules and providers come from: addresses, the manifest of `terraform init`, other
 * folders. */
#include "engine/base/semver.h"
#include "parsers/json/json.h"
#include "parsers/terraform/loader.h"
#include "parsers/terraform/version.h"

/* --- providers -------------------------------------------------------------------------------- */

as_str as_tf_provider_source(as_arena *arena, const as_tf_module *module, as_str local_name)
{
    const as_tf_required_provider *r = as_map_get(&module->required_providers, local_name);
    as_str source = r && r->source.n ? r->source : local_name;
    size_t slashes = 0;
    for (size_t i = 0; i < source.n; i++)
        slashes += source.p[i] == '/';
    if (as_str_is(source, "terraform") || as_str_is(source, "terraform.io/builtin/terraform"))
        return AS_STR("terraform.io/builtin/terraform");
    source = as_str_lower(arena, source);
    return slashes >= 2 ? source
                        : as_str_fmt(arena, "registry.terraform.io/%s%.*s",
                                  slashes ? "" : "hashicorp/", AS_STR_ARG(source));
}

/* --- modules ---------------------------------------------------------------------------------- */

bool as_tf_source_is_local(as_str source)
{
    return as_str_starts(source, "./") || as_str_starts(source, "../") || as_str_is(source, ".") ||
           as_str_is(source, "..") || as_str_starts(source, ".\\") || as_str_starts(source, "..\\");
}

/* .terraform/modules/modules.json: {"Modules": [{"Key": "a.b", "Dir": ".terraform/modules/a.b"}]}
 */
static as_map *manifest(as_tf_loader *loader, as_str root_dir)
{
    as_map *found = as_map_get(&loader->manifests, root_dir);
    if (found)
        return found;
    found = AS_NEW(loader->arena, as_map);
    as_map_put(loader->arena, &loader->manifests, root_dir, found);
    as_str path;
    const as_source *source;
    if (!as_path_join(loader->arena, root_dir, AS_STR(".terraform/modules/modules.json"), &path) ||
            as_fs_stat(loader->fs, path) != AS_FS_FILE ||
            as_fs_read(loader->fs, path, &source) != AS_FS_OK)
        return found;
    const as_value *json = as_json_parse(loader->arena, source, loader->diags);
    const as_value *list = as_value_get(json, AS_STR("Modules"));
    for (size_t i = 0; i < as_value_count(list); i++) {
        const as_value *m = as_value_index(list, i);
        as_str *dir = AS_NEW(loader->arena, as_str);
        as_str where = as_value_str(as_value_get(m, AS_STR("Dir")));
        if (as_path_join(loader->arena, root_dir, where, dir))
            as_map_put(loader->arena, found, as_value_str(as_value_get(m, AS_STR("Key"))), dir);
    }
    return found;
}

typedef struct remote {
    as_str path;   /* "terraform-aws-modules/vpc/aws", "github.com/org/repo" */
    as_str last;   /* last part, without ".git" */
    as_str subdir; /* after "//" */
    bool registry;
} remote;

static as_str until(as_str s, size_t index)
{
    return index == (size_t)-1 ? s : as_str_slice(s, 0, index);
}

/* NAMESPACE/NAME/SYSTEM, a host before it or not. The hosts of repositories are none of a registry:
 * internal/getmodules, ParseModuleRegistrySource. */
static bool is_registry(as_str path)
{
    static const char *const repositories[] = {"github.com", "bitbucket.org", "gitlab.com"};
    as_str parts[5], part, rest = path;
    size_t n = 0;
    while (n < 5 && as_str_split(&rest, '/', &part))
        parts[n++] = part;
    if (n < 4)
        return !as_str_contains(as_path_dir(path), ".");
    bool host = n == 4 && as_str_contains(parts[0], ".") && !as_str_contains(parts[0], "@");
    for (size_t i = 0; i < sizeof repositories / sizeof *repositories; i++)
        host = host && !as_str_is(parts[0], repositories[i]);
    return host && !as_str_contains(parts[1], ".") && !as_str_contains(parts[2], ".");
}

static remote parse_remote(as_str source)
{
    remote r = {.path = until(source, as_str_find_char(source, '?'))};
    size_t forced = as_str_find(r.path, AS_STR("::"));
    if (forced != (size_t)-1)
        r.path = as_str_from_index(r.path, forced + 2);
    size_t scheme = as_str_find(r.path, AS_STR("://"));
    size_t start = scheme == (size_t)-1 ? 0 : scheme + 3;
    size_t sub = as_str_find(as_str_from_index(r.path, start), AS_STR("//"));
    if (sub != (size_t)-1) {
        r.subdir = as_str_from_index(r.path, start + sub + 2);
        r.path = as_str_slice(r.path, 0, start + sub);
    }
    r.registry = scheme == (size_t)-1 && forced == (size_t)-1 && is_registry(r.path);
    size_t slash = as_str_rfind_char(r.path, '/');
    r.last = slash == (size_t)-1 ? r.path : as_str_from_index(r.path, slash + 1);
    if (as_str_ends(r.last, ".git"))
        r.last = as_str_slice(r.last, 0, r.last.n - 4);
    return r;
}

static bool has_configuration(as_tf_loader *loader, as_str dir)
{
    return as_fs_stat(loader->fs, dir) == AS_FS_DIR && as_tf_load(loader, dir)->exists;
}

static bool try_dir(as_tf_loader *loader, as_str base, as_str name, as_str subdir, as_str *dir)
{
    as_str joined;
    return name.n && as_path_join(loader->arena, base, name, &joined) &&
           as_path_join(loader->arena, joined, subdir, dir) && has_configuration(loader, *dir);
}

/* The highest version below `base` that the constraint allows. */
static bool try_versions(
        as_tf_loader *loader, as_str base, as_str constraint, as_str subdir, as_str *dir)
{
    as_tf_constraints constraints = {0};
    if (constraint.n && !as_tf_constraints_parse(loader->arena, constraint, &constraints))
        return false;
    as_fs_entries entries = {0};
    if (as_fs_stat(loader->fs, base) != AS_FS_DIR ||
            as_fs_list(loader->fs, loader->arena, base, &entries) != AS_FS_OK)
        return false;
    as_str best = AS_STR_NONE;
    as_semver best_version = {0};
    for (size_t i = 0; i < entries.n; i++) {
        as_semver v;
        as_str name = entries.items[i].name;
        if (as_semver_parse(name, &v) == NULL && (constraint.n || !v.pre.n) &&
                as_tf_constraints_allow(&constraints, name) &&
                (!best.n || as_semver_compare(&v, &best_version) > 0)) {
            best = name;
            best_version = v;
        }
    }
    return try_dir(loader, base, best, subdir, dir);
}

static bool find_cached(as_tf_loader *loader, const as_tf_options *options, as_str source,
        as_str version, as_str *dir)
{
    remote r = parse_remote(source);
    for (size_t i = 0; i < options->n_module_dirs; i++) {
        as_str base = options->module_dirs[i], joined;
        if (r.registry) {
            as_str parts[4] = {{0}}, part, rest = r.path;
            size_t n = 0;
            while (n < 4 && as_str_split(&rest, '/', &part))
                parts[n++] = part;
            as_str name = n >= 3 ? parts[n - 2] : r.last, system = n >= 3 ? parts[n - 1] : r.last;
            if (as_path_join(loader->arena, base, r.path, &joined) &&
                    (try_versions(loader, joined, version, r.subdir, dir) ||
                            try_dir(loader, base, r.path, r.subdir, dir)))
                return true;
            as_str repository = as_str_fmt(
                    loader->arena, "terraform-%.*s-%.*s", AS_STR_ARG(system), AS_STR_ARG(name));
            if (try_dir(loader, base, repository, r.subdir, dir) ||
                    try_dir(loader, base, name, r.subdir, dir))
                return true;
        } else if (try_dir(loader, base, r.path, r.subdir, dir) ||
                   try_dir(loader, base, r.last, r.subdir, dir) ||
                   try_dir(loader, base, as_str_fmt(loader->arena, "%.*s.git", AS_STR_ARG(r.last)),
                           r.subdir, dir)) {
            return true;
        }
    }
    return false;
}

bool as_tf_find_module(as_tf_loader *loader, const as_tf_options *options, as_str root_dir,
        as_str from_dir, as_str key, as_str source, as_str version, as_str *dir)
{
    if (as_tf_source_is_local(source))
        return as_path_join(loader->arena, from_dir, source, dir) &&
               has_configuration(loader, *dir);
    const as_str *installed = as_map_get(manifest(loader, root_dir), key);
    if (installed && has_configuration(loader, *installed)) {
        *dir = *installed;
        return true;
    }
    return find_cached(loader, options, source, version, dir);
}
