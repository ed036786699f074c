/* `extends`: what an organisation shares among its projects. A configuration stands on others, each
 * in a folder or in a git repository at a fixed commit; what it says itself goes before. */
#include "engine/base/witness.h"
#include "engine/rules/config_internal.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "engine/git/git.h"

enum { MAX_CHAIN = 8, FULL_ID = 40 };

/* --- putting one under the other -------------------------------------------------------------- */

static as_strs append(as_arena *arena, as_strs a, as_strs b)
{
    as_str *items = AS_NEW_ARRAY(arena, as_str, a.n + b.n);

    for (size_t i = 0; i < a.n + b.n; i++)
        items[i] = i < a.n ? a.items[i] : b.items[i - a.n];
    return (as_strs){items, a.n + b.n};
}

/* Two arrays one behind the other, of elements of `size` bytes. */
static void *concat(
        as_arena *arena, const void *a, size_t n_a, const void *b, size_t n_b, size_t size)
{
    char *out = as_arena_array(arena, n_a + n_b, size);

    if (n_a > 0)
        memcpy(out, a, n_a * size);
    if (n_b > 0)
        memcpy(out + n_a * size, b, n_b * size);
    return out;
}

/* Parameters by name; of equal ones the own. */
static const as_value *merge_parameters(as_arena *arena, const as_value *base, const as_value *own)
{
    as_object_builder merged;

    if (!base || !own)
        return own ? own : base;
    as_object_begin(&merged, arena);
    for (size_t i = 0; i < base->as.object->n; i++)
        as_object_add(&merged, base->as.object->members[i].key,
                base->as.object->members[i].key_span, base->as.object->members[i].value);
    for (size_t i = 0; i < own->as.object->n; i++)
        as_object_add(&merged, own->as.object->members[i].key, own->as.object->members[i].key_span,
                own->as.object->members[i].value);
    return as_object_end(&merged, own->span);
}

/* A member `items` with its count `n`, of two configurations: the macro's arguments are names of
 * members. */
#define CONCAT(first, second, items, n)                                                            \
    concat(arena, (first)->items, (first)->n, (second)->items, (second)->n,                        \
            sizeof *(first)->items) /* NOLINT */

/* Lists in the order in which they are asked: profiles and severities by which comes last,
 * environments by which comes first. */
static void put_under(as_arena *arena, as_config *own, const as_config *base)
{
    if (!own->has_fail_on) {
        own->has_fail_on = base->has_fail_on;
        own->fail_on = base->fail_on;
    }
    if (!own->gate.set)
        own->gate = base->gate;
    own->no_inline_suppressions |= base->no_inline_suppressions;
    own->ignore = as_str_join(arena, base->ignore, own->ignore);
    own->rule_dirs = append(arena, base->rule_dirs, own->rule_dirs);
    own->exclude = append(arena, base->exclude, own->exclude);
    own->only = own->only.n > 0 ? own->only : base->only;
    own->frameworks = own->frameworks.n > 0 ? own->frameworks : base->frameworks;
    own->severity.items = CONCAT((&base->severity), (&own->severity), items, n);
    own->severity.n += base->severity.n;
    own->parameters = merge_parameters(arena, base->parameters, own->parameters);
    own->rule_folders.items = CONCAT((&base->rule_folders), (&own->rule_folders), items, n);
    own->rule_folders.n += base->rule_folders.n;
    own->classes.keys = append(arena, own->classes.keys, base->classes.keys);
    own->classes.values = merge_parameters(arena, base->classes.values, own->classes.values);
    own->profiles = CONCAT(base, own, profiles, n_profiles);
    own->n_profiles += base->n_profiles;
    as_config_suppression *suppressions = CONCAT(own, base, suppressions, n_suppressions);
    for (size_t i = 0; i < base->n_suppressions; i++)
        suppressions[own->n_suppressions + i].shared = true;
    own->suppressions = suppressions;
    own->n_suppressions += base->n_suppressions;
    own->environments = CONCAT(own, base, environments, n_environments);
    own->n_environments += base->n_environments;
}

/* --- finding them ----------------------------------------------------------------------------- */

static void fail(
        const as_config_reader *r, const as_config_extend *e, const char *code, as_str what)
{
    as_diags_add(r->diags, AS_DIAG_ERROR, code, e->span, "%.*s", AS_STR_ARG(what));
}

as_str as_policy_cache(as_arena *arena, as_str address)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    as_buf path;

    as_buf_init(&path, arena, 0);
    if (cache && *cache)
        as_buf_cstr(&path, cache);
    else
        as_buf_fmt(&path, "%s/.cache", home ? home : "");
    as_buf_cstr(&path, "/assay/policies/");
    if (EVP_Digest(address.p, address.n, sum, &n, EVP_sha256(), NULL) == 1)
        for (unsigned i = 0; i < 8 && i < n; i++)
            as_buf_fmt(&path, "%02x", sum[i]);
    as_buf_cstr(&path, ".git");
    return as_buf_view(&path);
}

static as_str on_disk(const as_config_reader *r, as_str path)
{
    return as_str_starts(path, "/") || r->config->dir.n == 0
                   ? path
                   : as_str_fmt(
                             r->arena, "%.*s/%.*s", AS_STR_ARG(r->config->dir), AS_STR_ARG(path));
}

static void free_fs(void *object)
{
    as_fs_free(object);
}

static bool is_full_id(as_str commit)
{
    bool hex = commit.n == FULL_ID;

    for (size_t i = 0; i < commit.n && hex; i++)
        hex = as_char_in(commit.p[i], "0123456789abcdef");
    return hex;
}

static const as_config *from_git(const as_config_reader *r, const as_config_extend *e)
{
    as_str problem = AS_STR(""), path = as_git_is_address(e->git)
                                                ? as_policy_cache(r->arena, e->git)
                                                : on_disk(r, e->git);

    if (!is_full_id(e->commit)) {
        fail(r, e, "config-commit",
                AS_STR("a shared policy is pinned: commit: is the full id of a commit, 40 "
                       "characters"));
        return NULL;
    }
    as_witness_spoil(as_sources_witness(r->sources)); /* a repository is no folder of files */
    as_git *git = as_git_open(r->arena, as_str_cstr(r->arena, path), &problem);
    const as_git_snapshot *snapshot = git ? as_git_revision(git, e->commit, &problem) : NULL;
    if (!snapshot) {
        fail(r, e, AS_CONFIG_NO_POLICY,
                as_str_fmt(
                        r->arena, "the shared policy cannot be read: %.*s", AS_STR_ARG(problem)));
        if (as_git_is_address(e->git))
            as_diags_detail(r->diags,
                    "a scan never uses the network; fetch it first with: assay policy fetch");
        return NULL;
    }
    as_fs *fs = as_git_fs(snapshot, r->sources);
    if (!fs)
        as_arena_unwind(r->arena, AS_CAUSE_MEMORY);
    as_arena_defer(r->arena, free_fs, fs);
    as_fs_set_display_prefix(
            fs, as_str_fmt(r->arena, "%.*s@%.*s/", AS_STR_ARG(e->git), 8, e->commit.p));
    return as_config_read_in(r, fs, e->dir, e->span);
}

static const as_config *from_folder(const as_config_reader *r, const as_config_extend *e)
{
    as_str file = as_str_fmt(r->arena, "%.*s/" AS_CONFIG_NAME, AS_STR_ARG(on_disk(r, e->path)));
    bool beside = r->shown_dir.n > 0 && !as_str_starts(e->path, "/");
    as_str shown = as_str_fmt(r->arena, "%.*s%s%.*s/" AS_CONFIG_NAME,
            AS_STR_ARG(beside ? r->shown_dir : AS_STR("")), beside ? "/" : "", AS_STR_ARG(e->path));
    as_str dir;

    if (r->fs) {
        if (as_path_join(r->arena, as_path_dir(r->config->file), e->path, &dir))
            return as_config_read_in(r, r->fs, dir, e->span);
        fail(r, e, "config-outside", AS_STR("the shared policy lies outside of what is scanned"));
        return NULL;
    }
    return as_config_read_deeper(r, file.p, shown);
}

void as_config_extend_all(const as_config_reader *r)
{
    for (size_t i = r->config->n_extends; i > 0; i--) {
        const as_config_extend *e = &r->config->extends[i - 1];
        const as_config *base = NULL;
        if (r->depth >= MAX_CHAIN)
            fail(r, e, "config-chain",
                    AS_STR("this chain of shared policies is too long, or a circle"));
        else if (e->git.n > 0)
            base = from_git(r, e);
        else if (e->path.n > 0)
            base = from_folder(r, e);
        else
            fail(r, e, "config-extends", AS_STR("a shared policy has a path, or git and commit"));
        if (base)
            put_under(r->arena, r->config, base);
    }
}
